/* SPDX-License-Identifier: MIT */
/* sorter: calls of threads in the order of threads and time, however many there are. */
#include "ingest/chrome/sorter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"

#define RUN_CALLS (256 * 1024)
#define BUFFER_CALLS 2048 /* of a run, while runs are merged */

struct run {
	uint64_t next, end; /* calls in the file that aren't read yet */
	struct cf_call *buffer;
	guint at, len; /* of buffer */
};

struct cf_sorter {
	struct cf_diag *diag;
	GArray *calls; /* struct cf_call, not in the file yet */
	GArray *runs;  /* struct run */
	uint64_t written;
	uint32_t seq;
	int fd;           /* -1: none */
	uint32_t threads; /* the highest number of one, + 1 */
	bool ordered;     /* calls were added in order */
};

struct cf_sorter *cf_sorter_new(struct cf_diag *diag)
{
	struct cf_sorter *sorter = g_new0(struct cf_sorter, 1);

	sorter->diag = diag;
	sorter->calls = g_array_new(FALSE, FALSE, sizeof(struct cf_call));
	sorter->runs = g_array_new(FALSE, FALSE, sizeof(struct run));
	sorter->fd = -1;
	sorter->ordered = true;
	return sorter;
}

void cf_sorter_free(struct cf_sorter *sorter)
{
	for (guint i = 0; i < sorter->runs->len; i++)
		g_free(g_array_index(sorter->runs, struct run, i).buffer);
	g_array_unref(sorter->runs);
	g_array_unref(sorter->calls);
	if (sorter->fd >= 0)
		close(sorter->fd);
	g_free(sorter);
}

static int compare(const void *a, const void *b)
{
	const struct cf_call *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	if (x->type == CF_CALL_WHOLE && y->type == CF_CALL_WHOLE && x->duration_ns != y->duration_ns)
		return x->duration_ns > y->duration_ns ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/*
 * Calls of one thread are nearly in order: those that are written when they end stand behind what they called. So each is
 * moved to its place; where that gets dear, they are sorted like anything else.
 */
static void sort_thread(struct cf_call *calls, guint n)
{
	uint64_t moves = 0, most = (uint64_t)n * 16;

	for (guint i = 1; i < n; i++) {
		struct cf_call call = calls[i];
		guint to = i;

		while (to > 0 && compare(&call, &calls[to - 1]) < 0 && moves <= most) {
			to--;
			moves++;
			calls[to + 1] = calls[to];
		}
		calls[to] = call;
		if (moves > most) {
			qsort(calls, n, sizeof(*calls), compare);
			return;
		}
	}
}

/* Distributes calls to their threads, which are numbered from 0. */
static void sort_calls(struct cf_sorter *sorter)
{
	guint n = sorter->calls->len, threads = sorter->threads;
	const struct cf_call *from = (const struct cf_call *)(const void *)sorter->calls->data;
	g_autofree guint *begin = NULL;
	struct cf_call *to;
	GArray *sorted;

	if (sorter->ordered || !n)
		return;
	begin = g_new0(guint, (gsize)threads + 2);
	sorted = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_call), n);
	g_array_set_size(sorted, n);
	to = (struct cf_call *)(void *)sorted->data;
	for (guint i = 0; i < n; i++)
		begin[from[i].thread + 2]++;
	for (guint t = 2; t < threads + 2; t++)
		begin[t] += begin[t - 1];
	/* begin[t + 1] is where the next call of thread t goes, and ends up as where it ends. */
	for (guint i = 0; i < n; i++)
		to[begin[from[i].thread + 1]++] = from[i];
	for (guint t = 0; t < threads; t++)
		sort_thread(to + begin[t], begin[t + 1] - begin[t]);
	g_array_unref(sorter->calls);
	sorter->calls = sorted;
	sorter->ordered = true;
}

static int write_all(struct cf_sorter *sorter, const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(sorter->fd, data, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cf_error_as(sorter->diag, CF_STATUS_SYSTEM, NULL,
					   "cannot write a temporary file: %s", g_strerror(errno));
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

static int write_run(struct cf_sorter *sorter)
{
	struct run run = { .next = sorter->written, .end = sorter->written + sorter->calls->len };

	if (sorter->fd < 0)
		sorter->fd = cf_file_unnamed(sorter->diag);
	if (sorter->fd < 0)
		return -1;
	sort_calls(sorter);
	if (write_all(sorter, sorter->calls->data, sorter->calls->len * sizeof(struct cf_call)) != 0)
		return -1;
	sorter->written = run.end;
	g_array_append_val(sorter->runs, run);
	g_array_set_size(sorter->calls, 0);
	sorter->ordered = true;
	return 0;
}

int cf_sorter_add(struct cf_sorter *sorter, const struct cf_call *call)
{
	struct cf_call added = *call;

	added.seq = sorter->seq++;
	sorter->threads = MAX(sorter->threads, call->thread + 1);
	if (sorter->calls->len && sorter->ordered)
		sorter->ordered =
			compare(&g_array_index(sorter->calls, struct cf_call, sorter->calls->len - 1),
				&added) < 0;
	g_array_append_val(sorter->calls, added);
	return sorter->calls->len == RUN_CALLS ? write_run(sorter) : 0;
}

/* The run's next call, or NULL at its end. failed: set with a message. */
static const struct cf_call *peek(struct cf_sorter *sorter, struct run *run, bool *failed)
{
	size_t want, got = 0;

	if (run->at < run->len)
		return &run->buffer[run->at];
	if (run->next == run->end)
		return NULL;
	if (!run->buffer)
		run->buffer = g_new(struct cf_call, BUFFER_CALLS);
	run->at = 0;
	run->len = (guint)MIN(run->end - run->next, BUFFER_CALLS);
	want = run->len * sizeof(struct cf_call);
	while (got < want) {
		ssize_t done = pread(sorter->fd, (char *)run->buffer + got, want - got,
				     (off_t)(run->next * sizeof(struct cf_call) + got));

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			*failed = true;
			cf_error_as(sorter->diag, CF_STATUS_SYSTEM, NULL, "cannot read a temporary file: %s",
				    done < 0 ? g_strerror(errno) : "it was cut");
			return NULL;
		}
		got += (size_t)done;
	}
	run->next += run->len;
	return run->buffer;
}

/* A heap of runs by their heads, the least at the top. */
struct heap {
	struct run **runs;
	guint n;
};

static const struct cf_call *head(const struct run *run)
{
	return &run->buffer[run->at];
}

static void sink(struct heap *heap, guint at)
{
	for (;;) {
		guint least = at, child = 2 * at + 1;

		for (guint c = child; c < child + 2 && c < heap->n; c++)
			if (compare(head(heap->runs[c]), head(heap->runs[least])) < 0)
				least = c;
		if (least == at)
			return;
		{
			struct run *run = heap->runs[at];

			heap->runs[at] = heap->runs[least];
			heap->runs[least] = run;
		}
		at = least;
	}
}

static int merge(struct cf_sorter *sorter, void (*take)(void *ctx, const struct cf_call *call), void *ctx)
{
	g_autofree struct run **runs = g_new(struct run *, sorter->runs->len);
	struct heap heap = { runs, 0 };
	bool failed = false;

	for (guint i = 0; i < sorter->runs->len; i++) {
		struct run *run = &g_array_index(sorter->runs, struct run, i);

		if (peek(sorter, run, &failed))
			heap.runs[heap.n++] = run;
	}
	for (guint i = heap.n / 2; i-- > 0;)
		sink(&heap, i);
	while (heap.n && !failed) {
		struct run *run = heap.runs[0];

		take(ctx, head(run));
		run->at++;
		if (!peek(sorter, run, &failed))
			heap.runs[0] = heap.runs[--heap.n];
		sink(&heap, 0);
	}
	return failed ? -1 : 0;
}

int cf_sorter_each(struct cf_sorter *sorter, void (*take)(void *ctx, const struct cf_call *call), void *ctx)
{
	if (sorter->runs->len)
		return sorter->calls->len && write_run(sorter) != 0 ? -1 : merge(sorter, take, ctx);
	sort_calls(sorter);
	for (guint i = 0; i < sorter->calls->len; i++)
		take(ctx, &g_array_index(sorter->calls, struct cf_call, i));
	return 0;
}
