/* SPDX-License-Identifier: MIT */
/* mermaid_time: sequences and timelines as Mermaid's sequence diagrams and gantt charts. */
#include "render/mermaid.h"

#include <math.h>
#include <string.h>

#include "render/escape.h"

#define MOST_PARTICIPANTS 40
#define MOST_INTERVALS 300
#define FINEST 1000 /* steps that the longest time is resolved to, at least */

/* Words of a message: "List, 3 x 38.0 ms, failed". */
static void put_words(struct cf_out *out, const struct cf_sequence *sequence, const struct cf_step *step)
{
	const char *mark = cf_mark_word(step->marks, sequence->highlight);
	g_autoptr(GString) words = g_string_new(step->text);

	if (step->count > 1 || step->duration >= 0)
		g_string_append(words, words->len ? ", " : "");
	if (step->count > 1)
		g_string_append_printf(words, "%" G_GINT64_FORMAT " x", (gint64)step->count);
	if (step->duration >= 0) {
		g_autofree char *duration = cf_unit_text_i64(sequence->unit, step->duration);

		g_string_append_printf(words, "%s%s", step->count > 1 ? " " : "", duration);
	}
	if (*mark)
		g_string_append_printf(words, "%s%s", words->len ? ", " : "", mark);
	cf_escape_mermaid(out, words->len ? words->str : cf_step_kind_name(step->kind), CF_MERMAID_COLUMNS);
	cf_out_puts(out, "\n");
}

static void put_indent(struct cf_out *out, uint32_t depth)
{
	for (uint32_t i = 0; i <= MIN(depth, 20); i++)
		cf_out_puts(out, "  ");
}

static void put_step(struct cf_out *out, const struct cf_sequence *sequence, const struct cf_step *step,
		     const uint32_t *columns)
{
	static const char *const arrows[CF_STEP_KINDS] = {
		[CF_STEP_CALL] = "->>", [CF_STEP_RETURN] = "-->>", [CF_STEP_ASYNC] = "-)"
	};
	uint32_t from, to;

	if (step->kind == CF_STEP_LOOP) {
		cf_out_printf(out, "loop %" G_GINT64_FORMAT " x", (gint64)step->count);
		if (*step->text) {
			cf_out_puts(out, " ");
			cf_escape_mermaid(out, step->text, CF_MERMAID_COLUMNS);
		}
		cf_out_puts(out, "\n");
		return;
	}
	from = columns[step->from] + 1;
	to = columns[step->to] + 1;
	if (step->kind == CF_STEP_NOTE) {
		cf_out_printf(out, from == to ? "Note over p%u: " : "Note over p%u,p%u: ", MIN(from, to),
			      MAX(from, to));
		cf_escape_mermaid(out, step->text, CF_MERMAID_COLUMNS);
		cf_out_puts(out, "\n");
		return;
	}
	cf_out_printf(out, "p%u%sp%u: ", from, arrows[step->kind], to);
	put_words(out, sequence, step);
}

static char *sequence_text(const struct cf_sequence *sequence, const char *caption, uint32_t most,
			   char **note)
{
	struct cf_out *out = cf_out_memory();
	g_autofree uint32_t *depths = cf_sequence_depths(sequence);
	g_autofree uint32_t *columns = NULL;
	uint32_t width, n = cf_sequence_fit(sequence, most, MOST_PARTICIPANTS, &columns, &width), open = 0;
	guint left = sequence->steps->len - 1 - n;

	*note = g_strdup(sequence->note);
	if (left) {
		g_free(*note);
		*note = g_strdup_printf("%s%sthe last %u of %u steps are left out",
					sequence->note ? sequence->note : "", sequence->note ? "; " : "",
					left, sequence->steps->len - 1);
	}
	cf_out_puts(out, "sequenceDiagram\n");
	cf_mermaid_head(out, caption, *note);
	for (guint i = 0; i < sequence->participants->len; i++)
		if (columns[i] != MOST_PARTICIPANTS) {
			cf_out_printf(out, "  participant p%u as ", columns[i] + 1);
			cf_escape_mermaid(out, cf_participant_at(sequence, i)->label, CF_MERMAID_COLUMNS / 2);
			cf_out_puts(out, "\n");
		}
	for (uint32_t i = 1; i <= n + 1; i++) {
		const struct cf_step *step = i <= n ? cf_step_at(sequence, i) : NULL;

		for (; open && (!step || open != step->parent); open = cf_step_at(sequence, open)->parent) {
			put_indent(out, depths[open]);
			cf_out_puts(out, "end\n");
		}
		if (!step)
			break;
		put_indent(out, depths[i]);
		put_step(out, sequence, step, columns);
		if (step->kind == CF_STEP_LOOP)
			open = i;
	}
	return cf_mermaid_take(out);
}

char *cf_mermaid_sequence(const struct cf_sequence *sequence, const char *caption,
			  struct cf_mermaid_limits limits, char **note)
{
	*note = NULL;
	if (!sequence->participants->len)
		return NULL;
	for (uint32_t most = limits.edges; most; most = most * 2 / 3) {
		char *text = sequence_text(sequence, caption, most, note);

		if (strlen(text) <= limits.chars)
			return text;
		g_free(text);
		g_clear_pointer(note, g_free);
	}
	return NULL;
}

/* Words that a line of a gantt chart may start with, and then isn't a task. */
static gboolean is_keyword(const char *name)
{
	static const char *const words[] = {
		"acc",      "axisformat",   "call",   "click",       "dateformat",
		"excludes", "gantt",        "href",   "includes",    "inclusiveenddates",
		"section",  "tickinterval", "title",  "todaymarker", "topaxis",
		"vert",     "weekday",      "weekend"
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!g_ascii_strncasecmp(name, words[i], strlen(words[i])))
			return TRUE;
	return g_ascii_isdigit(*name);
}

static void put_task_name(struct cf_out *out, const char *name, int columns)
{
	name += strspn(name, " ");
	if (is_keyword(name)) {
		cf_out_printf(out, "#%u;", (unsigned char)*name);
		name++;
		columns--;
		if (!*name)
			return;
	}
	cf_escape_mermaid(out, name, columns);
}

/*
 * Mermaid's clock has milliseconds: they stand for ns, us, ms or s, whichever resolves the whole well. The axis counts
 * in that unit.
 */
static double pick_unit(const struct cf_timeline *timeline, const char **name)
{
	static const struct {
		double ns;
		const char *name;
	} units[] = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 1, "ns" } };
	double length = (double)timeline->end - (double)timeline->begin;
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(units) && length / units[i].ns < FINEST)
		i++;
	*name = units[i].name;
	return units[i].ns;
}

static void put_task(struct cf_out *out, const struct cf_timeline *timeline, guint i, double unit)
{
	const struct cf_interval *interval = cf_interval_at(timeline, i);
	const char *mark = cf_mark_word(interval->marks & ~(unsigned)CF_MARK_HIGHLIGHT, timeline->highlight);
	double start = ((double)interval->start - (double)timeline->begin) / unit;
	g_autofree char *duration = cf_unit_text_i64(CF_UNIT_NS, interval->duration);
	g_autoptr(GString) words = g_string_new(NULL);

	g_string_append_printf(words, ", %s%s%s%s%s", duration, *mark ? ", " : "", mark,
			       *interval->status ? ", " : "", interval->status);
	cf_out_puts(out, "    ");
	put_task_name(out, interval->name, CF_MERMAID_COLUMNS / 2);
	cf_escape_mermaid(out, words->str, CF_MERMAID_COLUMNS / 2);
	/* What takes less than a step is drawn as one, or it couldn't be seen. */
	cf_out_printf(out, " :%st%u, %.0f, %.0fms\n", interval->marks & CF_MARK_HIGHLIGHT ? "crit, " : "",
		      i + 1, floor(start), MAX(round((double)interval->duration / unit), 1));
}

static gint by_track(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_timeline *timeline = data;
	guint x = *(const guint *)a, y = *(const guint *)b;
	uint32_t track_x = cf_interval_at(timeline, x)->track, track_y = cf_interval_at(timeline, y)->track;

	return track_x != track_y ? (track_x > track_y) - (track_x < track_y) : (x > y) - (x < y);
}

/* Sections have to be of one piece: the rows of a waterfall are sorted by track. */
static void put_tasks(struct cf_out *out, const struct cf_timeline *timeline, const gboolean *keep,
		      double unit)
{
	g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));
	uint32_t section = G_MAXUINT32;

	for (guint i = 0; i < timeline->intervals->len; i++)
		if (keep[i])
			g_array_append_val(order, i);
	g_array_sort_with_data(order, by_track, (gpointer)timeline);
	for (guint k = 0; k < order->len; k++) {
		guint i = g_array_index(order, guint, k);
		uint32_t track = cf_interval_at(timeline, i)->track;

		if (track != section) {
			cf_out_puts(out, "  section ");
			cf_escape_mermaid(out, cf_track_at(timeline, track)->label, CF_MERMAID_COLUMNS / 2);
			cf_out_puts(out, "\n");
			section = track;
		}
		put_task(out, timeline, i, unit);
	}
}

static char *timeline_text(const struct cf_timeline *timeline, const char *caption, uint32_t most,
			   char **note)
{
	struct cf_out *out = cf_out_memory();
	g_autofree gboolean *keep = cf_timeline_keep(timeline, most);
	const char *unit_name;
	double unit = pick_unit(timeline, &unit_name);
	guint left = timeline->intervals->len > most ? timeline->intervals->len - most : 0;
	g_autofree char *title = g_strdup_printf("%s, time in %s", caption ? caption : "timeline", unit_name);

	*note = g_strdup(timeline->note);
	if (left) {
		g_free(*note);
		*note = g_strdup_printf("%s%sthe shortest %u of %u intervals are left out",
					timeline->note ? timeline->note : "", timeline->note ? "; " : "",
					left, timeline->intervals->len);
	}
	cf_out_puts(out, "gantt\n  title ");
	cf_escape_mermaid(out, title, CF_MERMAID_COLUMNS);
	cf_out_puts(out, "\n");
	cf_mermaid_head(out, NULL, *note);
	cf_out_puts(out, "  dateFormat x\n  axisFormat %Q\n  todayMarker off\n");
	put_tasks(out, timeline, keep, unit);
	return cf_mermaid_take(out);
}

char *cf_mermaid_timeline(const struct cf_timeline *timeline, const char *caption,
			  struct cf_mermaid_limits limits, char **note)
{
	*note = NULL;
	if (!timeline->intervals->len)
		return NULL;
	for (uint32_t most = MIN(MOST_INTERVALS, limits.edges); most; most = most * 2 / 3) {
		char *text = timeline_text(timeline, caption, most, note);

		if (strlen(text) <= limits.chars)
			return text;
		g_free(text);
		g_clear_pointer(note, g_free);
	}
	return NULL;
}
