/* SPDX-License-Identifier: MIT */
/* text_figure: sequences as indented lists, timelines as bars of characters. */
#include "render/text.h"

#include "core/sequence.h"
#include "core/sum.h"
#include "core/timeline.h"
#include "render/escape.h"

#include <math.h>
#include <string.h>

#define INDENT 1
#define GAP 2
#define STEP 2        /* columns that a loop or a depth is indented by */
#define MOST_DEPTH 12 /* levels; what is deeper stands below each other */
#define MOST_WHO 44   /* columns of "from -> to" */
#define COLUMNS 100   /* where the width isn't known */
#define MOST_NAME 44  /* columns of names beside bars */
#define LEAST_BARS 20
#define MOST_ROWS 100 /* of a waterfall */

static const char *arrow(enum cf_step_kind kind)
{
	return kind == CF_STEP_RETURN ? "-->" : kind == CF_STEP_ASYNC ? "->>" : "->";
}

/* "api -> orders", safe for the terminal. Caller frees. */
static char *who(const struct cf_text *text, const struct cf_sequence *sequence, const struct cf_step *step)
{
	g_autofree char *from = cf_text_safe(text, cf_participant_at(sequence, step->from)->label);
	g_autofree char *to = cf_text_safe(text, cf_participant_at(sequence, step->to)->label);

	if (step->kind == CF_STEP_NOTE)
		return step->from == step->to ? g_strdup_printf("(%s)", from)
					      : g_strdup_printf("(%s, %s)", from, to);
	return g_strdup_printf("%s %s %s", from, arrow(step->kind), to);
}

/* "List  3 x 38.0 ms  [failed]". Caller frees. */
static char *what(const struct cf_text *text, const struct cf_sequence *sequence, const struct cf_step *step)
{
	g_autofree char *words = cf_text_safe(text, step->text);
	const char *mark = cf_mark_word(step->marks, sequence->highlight);
	GString *line = g_string_new(words);

	if (step->count > 1)
		g_string_append_printf(line, "%s%" G_GINT64_FORMAT " x", line->len ? "  " : "",
				       (gint64)step->count);
	if (step->duration >= 0) {
		g_autofree char *raw = cf_unit_text_i64(sequence->unit, step->duration);
		g_autofree char *duration = cf_text_safe(text, raw);

		g_string_append_printf(line, "%s%s",
				       !line->len        ? ""
				       : step->count > 1 ? " "
							 : "  ",
				       duration);
	}
	if (*mark) {
		g_autofree char *safe = cf_text_safe(text, mark);

		g_string_append_printf(line, "%s[%s]", line->len ? "  " : "", safe);
	}
	return g_string_free(line, FALSE);
}

static int indent_of(uint32_t depth)
{
	return INDENT + (int)MIN(depth, MOST_DEPTH) * STEP;
}

static void put_loop(const struct cf_text *text, const struct cf_step *step, int indent)
{
	g_autofree char *words = cf_text_safe(text, step->text);

	cf_text_begin(text);
	cf_text_spaces(text, indent);
	cf_out_printf(text->out, "%" G_GINT64_FORMAT " x%s%s\n", (gint64)step->count, *words ? "  " : "",
		      words);
}

static void put_step(const struct cf_text *text, const struct cf_sequence *sequence,
		     const struct cf_step *step, int indent, int width)
{
	int limit = cf_text_columns(text), room;
	g_autofree char *names = who(text, sequence, step);
	g_autofree char *words = what(text, sequence, step);
	g_autofree char *cut = limit ? cf_text_elide(text, names, width, FALSE) : g_strdup(names);
	gboolean high = (step->marks & CF_MARK_HIGHLIGHT) != 0;

	cf_text_begin(text);
	cf_text_spaces(text, indent);
	if (step->kind == CF_STEP_NOTE)
		cf_text_color(text, "2");
	else if (step->marks & CF_MARK_FAILED)
		cf_text_color(text, "31");
	else if (high)
		cf_text_color(text, "1");
	cf_out_puts(text->out, cut);
	if (*words) {
		cf_text_spaces(text, MAX(width - cf_display_width(cut), 0) + GAP);
		room = limit - indent - width - GAP;
		if (limit) {
			cf_text_wrap(text, words, room, limit - room);
		} else {
			cf_out_printf(text->out, "%s\n", words);
		}
	} else {
		cf_out_puts(text->out, "\n");
	}
	cf_text_plain(text);
}

static void put_note(const struct cf_text *text, const char *note)
{
	g_autofree char *safe = note ? cf_text_safe(text, note) : NULL;

	if (!safe)
		return;
	cf_text_begin(text);
	cf_text_spaces(text, INDENT);
	cf_text_color(text, "2");
	cf_out_puts(text->out, safe);
	cf_text_plain(text);
	cf_out_puts(text->out, "\n");
}

void cf_text_sequence(struct cf_text *text, const struct cf_node *node)
{
	const struct cf_sequence *sequence = node->sequence;
	g_autofree uint32_t *depths = cf_sequence_depths(sequence);
	int limit = cf_text_columns(text), width = 0;

	for (guint i = 1; i < sequence->steps->len; i++) {
		const struct cf_step *step = cf_step_at(sequence, i);
		g_autofree char *names = step->kind == CF_STEP_LOOP ? NULL : who(text, sequence, step);

		if (names)
			width = MAX(width, indent_of(depths[i]) + cf_display_width(names));
	}
	width = MIN(width, limit ? MIN(MOST_WHO, limit / 2) : MOST_WHO);
	for (guint i = 1; i < sequence->steps->len; i++) {
		const struct cf_step *step = cf_step_at(sequence, i);
		int indent = indent_of(depths[i]);

		if (step->kind == CF_STEP_LOOP)
			put_loop(text, step, indent);
		else
			put_step(text, sequence, step, indent, MAX(width - indent, 8));
	}
	put_note(text, sequence->note);
}

/* Columns of the bars and how they are counted. */
struct axis {
	int columns;
	double begin, length;
};

static double column(const struct axis *axis, int64_t at)
{
	return ((double)at - axis->begin) / axis->length * axis->columns;
}

static void put_repeated(const struct cf_text *text, const char *mark, int n)
{
	while (n-- > 0)
		cf_out_puts(text->out, mark);
}

static char *row_name(const struct cf_text *text, const struct cf_timeline *timeline,
		      const struct cf_interval *interval)
{
	g_autofree char *track = cf_text_safe(text, cf_track_at(timeline, interval->track)->label);
	g_autofree char *name = cf_text_safe(text, interval->name);

	return g_strdup_printf("%*s%s  %s", (int)MIN(interval->depth, MOST_DEPTH) * STEP, "", track, name);
}

static char *row_words(const struct cf_text *text, const struct cf_timeline *timeline,
		       const struct cf_interval *interval)
{
	g_autofree char *raw = cf_unit_text_i64(CF_UNIT_NS, interval->duration);
	const char *mark = cf_mark_word(interval->marks & ~(unsigned)CF_MARK_HIGHLIGHT, timeline->highlight);
	g_autofree char *line = g_strdup_printf("%s%s%s%s%s", raw, *mark ? "  " : "", mark,
						*interval->status ? "  " : "", interval->status);

	return cf_text_safe(text, line);
}

static void put_bar(const struct cf_text *text, const struct axis *axis, const struct cf_interval *interval)
{
	static const char *const marks[2][2] = { { "=", "#" }, { "━", "█" } };
	gboolean high = (interval->marks & CF_MARK_HIGHLIGHT) != 0;
	int from = CLAMP((int)floor(column(axis, interval->start)), 0, axis->columns - 1);
	int to = CLAMP((int)lround(column(axis, cf_interval_end(interval))), from + 1, axis->columns);

	cf_text_spaces(text, from);
	cf_text_color(text, interval->marks & CF_MARK_FAILED ? "31" : high ? "33" : "36");
	put_repeated(text, marks[text->opts->utf8 != 0][high], to - from);
	cf_text_plain(text);
	cf_text_spaces(text, axis->columns - to);
}

/* Columns of one row: the name, the bar, then words. */
struct row {
	int name, words;
	struct axis axis;
};

static void put_row(const struct cf_text *text, const struct cf_timeline *timeline,
		    const struct cf_interval *interval, const struct row *row)
{
	int before = INDENT + row->name + GAP, bars = row->axis.columns + GAP;
	g_autofree char *name = row_name(text, timeline, interval);
	g_autofree char *cut = cf_text_elide(text, name, row->name, FALSE);
	g_autofree char *words = row_words(text, timeline, interval);
	g_autofree char *raw = cf_unit_text_i64(CF_UNIT_NS, interval->duration);
	g_autofree char *duration = cf_text_safe(text, raw);
	gboolean fits = !text->opts->width || cf_display_width(words) <= row->words;

	cf_text_begin(text);
	cf_text_spaces(text, INDENT);
	cf_out_puts(text->out, cut);
	cf_text_spaces(text, row->name - cf_display_width(cut) + GAP);
	put_bar(text, &row->axis, interval);
	cf_text_spaces(text, GAP);
	cf_out_printf(text->out, "%s\n", fits ? words : duration);
	if (!fits) {
		/* What doesn't fit beside the bar stands below it. */
		g_autofree char *below =
			cf_text_elide(text, words + strlen(duration) + 2, bars + row->words, FALSE);

		cf_text_begin(text);
		cf_text_spaces(text, before);
		cf_out_printf(text->out, "%s\n", below);
	}
}

static void put_waterfall(struct cf_text *text, const struct cf_timeline *timeline, struct axis axis,
			  int total)
{
	g_autofree gboolean *keep = cf_timeline_keep(timeline, MOST_ROWS);
	struct row row = { .axis = axis };
	guint shown = 0;

	for (guint i = 0; i < timeline->intervals->len; i++) {
		const struct cf_interval *interval = cf_interval_at(timeline, i);
		g_autofree char *name = keep[i] ? row_name(text, timeline, interval) : NULL;
		g_autofree char *duration = cf_unit_text_i64(CF_UNIT_NS, interval->duration);

		row.name = MAX(row.name, name ? cf_display_width(name) : 0);
		row.words = MAX(row.words, cf_display_width(duration));
	}
	row.name = MIN(row.name, MIN(MOST_NAME, total * 2 / 5));
	row.axis.columns = MAX(total - INDENT - row.name - 2 * GAP - row.words, LEAST_BARS);
	for (guint i = 0; i < timeline->intervals->len; i++)
		if (keep[i]) {
			put_row(text, timeline, cf_interval_at(timeline, i), &row);
			shown++;
		}
	if (shown < timeline->intervals->len) {
		g_autofree char *more =
			g_strdup_printf("%u of %u intervals are shown: marked ones, then the longest", shown,
					timeline->intervals->len);

		put_note(text, more);
	}
}

/*
 * How much of each column something is under way on the track. Intervals come by track and in order of start; *at
 * goes on from the first one of the track. Returns ns.
 */
static int64_t fill_busy(const struct cf_timeline *timeline, guint track, const struct axis *axis, guint *at,
			 double *busy)
{
	int64_t done = INT64_MIN, sum = 0;

	for (; *at < timeline->intervals->len && cf_interval_at(timeline, *at)->track == track; ++*at) {
		const struct cf_interval *interval = cf_interval_at(timeline, *at);
		int64_t from = MAX(interval->start, done), to = cf_interval_end(interval);
		double left = column(axis, from), right = column(axis, to);

		if (to <= from)
			continue;
		done = to;
		sum = cf_add_sat(sum, to - from);
		for (int c = MAX((int)left, 0); c < axis->columns && c < right; c++)
			busy[c] += MIN(right, c + 1) - MAX(left, c);
	}
	return sum;
}

/* What ran on the track, where that is known better than from how long things were under way; else -1. */
static double own_share(const struct cf_timeline *timeline, guint track, const struct axis *axis)
{
	int64_t own = 0;

	for (guint i = 0; timeline->unit == CF_UNIT_NS && i < timeline->intervals->len; i++)
		if (cf_interval_at(timeline, i)->track == track)
			own = cf_add_sat(own, cf_interval_at(timeline, i)->own);
	return own ? (double)own / axis->length : -1;
}

static void put_tracks(struct cf_text *text, const struct cf_timeline *timeline, struct axis axis, int total)
{
	static const char *const shades[2][5] = { { " ", ".", "-", "=", "#" }, { " ", "░", "▒", "▓", "█" } };
	int width = 0;
	guint at = 0;

	for (guint t = 0; t < timeline->tracks->len; t++) {
		g_autofree char *name = cf_text_safe(text, cf_track_at(timeline, t)->label);

		width = MAX(width, cf_display_width(name));
	}
	width = MIN(width, MIN(MOST_NAME, total * 2 / 5));
	axis.columns = MAX(total - INDENT - width - 2 * GAP - 13, LEAST_BARS);
	for (guint t = 0; t < timeline->tracks->len; t++) {
		g_autofree char *name = cf_text_safe(text, cf_track_at(timeline, t)->label);
		g_autofree char *cut = cf_text_elide(text, name, width, FALSE);
		g_autofree double *busy = g_new0(double, axis.columns);
		double share = (double)fill_busy(timeline, t, &axis, &at, busy) / axis.length;
		double ran = own_share(timeline, t, &axis);
		g_autofree char *percent = cf_unit_text(CF_UNIT_RATIO, MIN(ran < 0 ? share : ran, 1));

		cf_text_begin(text);
		cf_text_spaces(text, INDENT);
		cf_out_puts(text->out, cut);
		cf_text_spaces(text, width - cf_display_width(cut) + GAP);
		for (int c = 0; c < axis.columns; c++)
			put_repeated(text,
				     shades[text->opts->utf8 != 0]
					   [busy[c] <= 0 ? 0 : CLAMP((int)ceil(busy[c] * 4), 1, 4)],
				     1);
		cf_out_printf(text->out, "  %s busy\n", percent);
	}
}

void cf_text_timeline(struct cf_text *text, const struct cf_node *node)
{
	const struct cf_timeline *timeline = node->timeline;
	int total = cf_text_columns(text) ? cf_text_columns(text) : COLUMNS;
	struct axis axis = { .begin = (double)timeline->begin,
			     .length = (double)timeline->end - (double)timeline->begin };
	unsigned marks = 0;

	for (guint i = 0; i < timeline->intervals->len; i++)
		marks |= cf_interval_at(timeline, i)->marks;
	if (timeline->style == CF_TIMELINE_WATERFALL)
		put_waterfall(text, timeline, axis, total);
	else
		put_tracks(text, timeline, axis, total);
	if (timeline->style == CF_TIMELINE_WATERFALL && marks & CF_MARK_HIGHLIGHT) {
		g_autofree char *legend =
			g_strdup_printf("%s %s", text->opts->utf8 ? "█" : "#", timeline->highlight);

		put_note(text, legend);
	}
	put_note(text, timeline->note);
}
