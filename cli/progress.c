/* SPDX-License-Identifier: MIT */
/* progress: a line on the terminal about work that takes more than a second. */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "core/diag.h"
#include "core/unit.h"

#define BAR_WIDTH 20
#define TICK_US (G_TIME_SPAN_SECOND / 5)
#define QUIET_US G_TIME_SPAN_SECOND

/*
 * Neither the importers nor SQLite say how far they are, so the bar is a runner that shows life, with the
 * stage and the time. A thread draws it: the work itself knows nothing of terminals.
 */
struct cf_progress {
	GThread *thread;
	GMutex mutex;
	GCond changed;
	gboolean ending, drawn;
	const char *verb, *subject;
	uint64_t bytes;
	gint64 start;
};

static void draw(struct cf_progress *p, gint64 now, unsigned tick)
{
	g_autofree char *subject = cf_visible(p->subject, -1, 40);
	g_autofree char *size = p->bytes ? cf_unit_text(CF_UNIT_BYTES, (double)p->bytes) : g_strdup("");
	unsigned place = tick % (2 * BAR_WIDTH - 2);
	char bar[BAR_WIDTH + 1];

	if (place >= BAR_WIDTH)
		place = 2 * BAR_WIDTH - 2 - place;
	for (unsigned i = 0; i < BAR_WIDTH; i++)
		bar[i] = i == place ? '=' : ' ';
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r\033[K[%s] %s %s %s, %d s", bar, p->verb, subject, size,
		(int)((now - p->start) / G_TIME_SPAN_SECOND));
	fflush(stderr);
	p->drawn = TRUE;
}

static void erase(struct cf_progress *p)
{
	if (p->drawn)
		fputs("\r\033[K", stderr);
	p->drawn = FALSE;
}

static gpointer run(gpointer data)
{
	struct cf_progress *p = data;
	unsigned tick = 0;

	g_mutex_lock(&p->mutex);
	while (!p->ending) {
		gint64 now = g_get_monotonic_time();

		if (p->verb && now - p->start >= QUIET_US)
			draw(p, now, tick++);
		g_cond_wait_until(&p->changed, &p->mutex, g_get_monotonic_time() + TICK_US);
	}
	erase(p);
	g_mutex_unlock(&p->mutex);
	return NULL;
}

struct cf_progress *cf_progress_new(gboolean quiet)
{
	struct cf_progress *p;

	if (quiet || cf_terminal_width(STDERR_FILENO) == 0)
		return NULL;
	p = g_new0(struct cf_progress, 1);
	g_mutex_init(&p->mutex);
	g_cond_init(&p->changed);
	p->start = g_get_monotonic_time();
	p->thread = g_thread_new("progress", run, p);
	return p;
}

void cf_progress_set(struct cf_progress *p, const char *verb, const char *subject, uint64_t bytes)
{
	if (!p)
		return;
	g_mutex_lock(&p->mutex);
	p->verb = verb;
	p->subject = subject;
	p->bytes = bytes;
	g_mutex_unlock(&p->mutex);
}

void cf_progress_free(struct cf_progress *p)
{
	if (!p)
		return;
	g_mutex_lock(&p->mutex);
	p->ending = TRUE;
	g_cond_signal(&p->changed);
	g_mutex_unlock(&p->mutex);
	g_thread_join(p->thread);
	g_mutex_clear(&p->mutex);
	g_cond_clear(&p->changed);
	g_free(p);
}
