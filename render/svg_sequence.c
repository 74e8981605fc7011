/* SPDX-License-Identifier: MIT */
/* svg_sequence: participants side by side, their messages from top to bottom. */
#include "render/svg.h"

#include <math.h>
#include <string.h>

#define MOST_STEPS 150
#define MOST_PARTICIPANTS 24
#define NAME_COLUMNS 26
#define TEXT_COLUMNS 40 /* of a loop's head */
#define WORD_COLUMNS 60 /* of messages and notes */
#define MARGIN 14
#define HEAD 34 /* height of a participant's box */
#define ROW 36  /* of a message */
#define SELF 46 /* of one to oneself */
#define LOOP 30 /* head of a loop */
#define LOOP_END 12
#define NOTE 34
#define PAD 26 /* from a participant's line to the frame of a loop */
#define MOST_INSETS 3
#define INSET 9  /* from a loop's frame to that of one within it */
#define ACTIVE 8 /* width of the bar of who is busy */

struct drawing {
	const struct cf_svg *svg;
	const struct cf_sequence *sequence;
	uint32_t n, width;    /* steps[1 .. n] and as many participants are drawn */
	uint32_t *columns;    /* participant -> column */
	uint32_t *who;        /* column -> participant */
	double *x;            /* per column, its middle; x[width] is the right edge */
	double *y;            /* per step: of the line, or the top of a loop's frame */
	double *end;          /* per loop: the bottom of its frame */
	uint32_t *low, *high; /* per loop: columns that it has to do with */
	uint32_t *inner;      /* per loop: the most loops nested in it */
	GArray *active;       /* struct active */
	double bottom;
};

struct active {
	uint32_t column, level; /* level: how many others are under way there */
	double from, to;
};

static const struct cf_step *step_at(const struct drawing *d, uint32_t i)
{
	return cf_step_at(d->sequence, i);
}

/* "GET /orders  3 × 12.4 ms". Caller frees. */
static char *message_text(const struct drawing *d, const struct cf_step *step)
{
	GString *text = g_string_new(step->text);
	const char *mark = cf_mark_word(step->marks, d->sequence->highlight);

	if (step->count > 1)
		g_string_append_printf(text, "%s%" G_GINT64_FORMAT " ×", text->len ? "  " : "",
				       (gint64)step->count);
	if (step->duration >= 0) {
		g_autofree char *duration = cf_unit_text_i64(d->sequence->unit, step->duration);

		g_string_append_printf(text, "%s%s", text->len ? (step->count > 1 ? " " : "  ") : "",
				       duration);
	}
	if (*mark && !(step->marks & CF_MARK_HIGHLIGHT))
		g_string_append_printf(text, "%s[%s]", text->len ? "  " : "", mark);
	return g_string_free(text, FALSE);
}

static char *loop_text(const struct cf_step *step)
{
	return g_strdup_printf("%" G_GINT64_FORMAT " ×%s%s", (gint64)step->count, *step->text ? "  " : "",
			       step->text);
}

/* Makes the columns from low to high wide enough for width, each by the same amount. */
static void widen(double *gaps, uint32_t low, uint32_t high, double width)
{
	double have = 0;

	for (uint32_t c = low; c < high; c++)
		have += gaps[c];
	for (uint32_t c = low; c < high && have < width; c++)
		gaps[c] += (width - have) / (high - low);
}

/* gaps[c]: from the middle of column c to that of the next; the last one to the right edge. */
static void place_columns(struct drawing *d)
{
	g_autofree double *gaps = g_new0(double, d->width + 1);
	g_autofree double *half = g_new0(double, d->width + 1);

	for (uint32_t c = 0; c < d->width; c++)
		half[c] = cf_svg_columns(cf_participant_at(d->sequence, d->who[c])->label, NAME_COLUMNS) *
				  CF_SVG_CHAR / 2 +
			  13;
	for (uint32_t c = 0; c < d->width; c++)
		gaps[c] = half[c] + (c + 1 < d->width ? half[c + 1] + 18 : 4);
	/* Near neighbours first, so that what spans several finds them as wide as they have to be. */
	for (uint32_t span = 0; span < d->width; span++)
		for (uint32_t i = 1; i <= d->n; i++) {
			const struct cf_step *step = step_at(d, i);
			g_autofree char *text = NULL;
			uint32_t from, to;
			double width;

			if (step->kind == CF_STEP_LOOP)
				continue;
			from = d->columns[step->from];
			to = d->columns[step->to];
			if ((from > to ? from - to : to - from) != span)
				continue;
			text = message_text(d, step);
			width = cf_svg_columns(text, WORD_COLUMNS) * CF_SVG_SMALL + 26;
			if (span == 0)
				widen(gaps, from, from + 1,
				      width + (step->kind == CF_STEP_NOTE ? -width / 2 : 26));
			else
				widen(gaps, MIN(from, to), MAX(from, to), width);
		}
	d->x = g_new0(double, d->width + 1);
	d->x[0] = MARGIN + (d->width ? half[0] : 0) + INSET * 2;
	for (uint32_t c = 0; c < d->width; c++)
		d->x[c + 1] = d->x[c] + gaps[c];
}

/* Which columns each loop covers: those of all within it. */
static void span_loops(struct drawing *d)
{
	for (uint32_t i = 0; i <= d->n; i++) {
		d->low[i] = d->width;
		d->high[i] = 0;
	}
	for (uint32_t i = d->n; i > 0; i--) {
		const struct cf_step *step = step_at(d, i);
		uint32_t parent = step->parent, low = d->low[i], high = d->high[i];

		if (step->kind == CF_STEP_LOOP) {
			d->inner[parent] = MAX(d->inner[parent], d->inner[i] + 1);
		} else {
			low = MIN(d->columns[step->from], d->columns[step->to]);
			high = MAX(d->columns[step->from], d->columns[step->to]);
		}
		d->low[parent] = MIN(d->low[parent], low);
		d->high[parent] = MAX(d->high[parent], high);
	}
}

/* Ends the loops that are open around the step before and not around this one. */
static uint32_t close_loops(struct drawing *d, uint32_t open, uint32_t parent, double *y)
{
	while (open && open != parent) {
		d->end[open] = *y;
		*y += LOOP_END;
		open = step_at(d, open)->parent;
	}
	return open;
}

static void place_rows(struct drawing *d)
{
	double y = MARGIN + HEAD + 16;
	uint32_t open = 0;

	for (uint32_t i = 1; i <= d->n; i++) {
		const struct cf_step *step = step_at(d, i);

		open = close_loops(d, open, step->parent, &y);
		switch (step->kind) {
		case CF_STEP_LOOP:
			d->y[i] = y;
			y += LOOP;
			open = i;
			break;
		case CF_STEP_NOTE:
			d->y[i] = y;
			y += NOTE;
			break;
		default:
			d->y[i] = y + ROW - 12;
			y += step->from == step->to ? SELF : ROW;
		}
	}
	close_loops(d, open, 0, &y);
	d->bottom = y + 10;
}

/* Who is busy from when to when: from a call to its answer, which is the last one open between the two. */
static void find_active(struct drawing *d)
{
	g_autoptr(GArray) calls = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	g_autofree uint32_t *level = g_new0(uint32_t, d->width + 1);

	d->active = g_array_new(FALSE, FALSE, sizeof(struct active));
	for (uint32_t i = 1; i <= d->n; i++) {
		const struct cf_step *step = step_at(d, i);

		if (step->kind == CF_STEP_CALL && step->from != step->to)
			g_array_append_val(calls, i);
		if (step->kind != CF_STEP_RETURN)
			continue;
		for (guint c = calls->len; c-- > 0;) {
			uint32_t at = g_array_index(calls, uint32_t, c);
			const struct cf_step *call = step_at(d, at);
			struct active active = { .column = d->columns[call->to],
						 .from = d->y[at],
						 .to = d->y[i] };

			if (call->to != step->from || call->from != step->to)
				continue;
			for (guint k = 0; k < c; k++)
				active.level += step_at(d, g_array_index(calls, uint32_t, k))->to == call->to;
			g_array_append_val(d->active, active);
			g_array_remove_index(calls, c);
			break;
		}
	}
}

static void draw_participants(const struct drawing *d, double top)
{
	for (uint32_t c = 0; c < d->width; c++) {
		const struct cf_participant *who = cf_participant_at(d->sequence, d->who[c]);
		const char *class_name = who->kind == CF_PARTY_EXTERNAL  ? "cf-node cf-external"
					 : who->kind == CF_PARTY_SERVICE ? "cf-node cf-service"
									 : "cf-node";
		double width = cf_svg_columns(who->label, NAME_COLUMNS) * CF_SVG_CHAR + 22,
		       x = d->x[c] - width / 2;

		cf_svg_rect(d->svg, class_name, x, top, width, HEAD - 6,
			    who->kind == CF_PARTY_SERVICE ? 12 : 4);
		if (who->kind == CF_PARTY_DATABASE || who->kind == CF_PARTY_QUEUE) {
			cf_svg_line(d->svg, class_name, x, top + 4, x + width, top + 4);
			cf_svg_line(d->svg, class_name, x, top + HEAD - 10, x + width, top + HEAD - 10);
		}
		cf_svg_text(d->svg, "cf-mid cf-strong", d->x[c], top + HEAD / 2 + 1.5, who->label,
			    NAME_COLUMNS);
	}
}

static void draw_lifelines(const struct drawing *d)
{
	for (uint32_t c = 0; c < d->width; c++)
		cf_svg_line(d->svg, "cf-life", d->x[c], MARGIN + HEAD - 6, d->x[c], d->bottom);
	for (guint i = 0; i < d->active->len; i++) {
		const struct active *active = &g_array_index(d->active, struct active, i);
		double shift = MIN(active->level, 3) * 3.0;

		cf_svg_rect(d->svg, "cf-active", d->x[active->column] - ACTIVE / 2.0 + shift, active->from,
			    ACTIVE, active->to - active->from, 1);
	}
}

/* The frame of a loop, behind everything; its head, before the lifelines. */
static void draw_loop(const struct drawing *d, uint32_t i, gboolean head)
{
	g_autofree char *text = loop_text(step_at(d, i));
	double pad = PAD + INSET * MIN(d->inner[i], MOST_INSETS);
	double left = d->x[d->low[i] < d->width ? d->low[i] : 0] - pad, right = d->x[d->high[i]] + pad;
	double words = cf_svg_columns(text, TEXT_COLUMNS) * CF_SVG_SMALL + 14;

	if (d->high[i] == d->low[i])
		right = MAX(right, MIN(d->x[d->low[i] + 1] + pad - 4, left + words));
	if (!head) {
		cf_svg_rect(d->svg, "cf-loop", left, d->y[i], right - left, d->end[i] - d->y[i], 4);
		return;
	}
	cf_svg_rect(d->svg, "cf-tab", left, d->y[i], words, 18, 4);
	cf_svg_text(d->svg, "cf-small cf-strong", left + 7, d->y[i] + 13, text, TEXT_COLUMNS);
}

static void draw_loops(const struct drawing *d, gboolean heads)
{
	for (uint32_t i = 1; i <= d->n; i++)
		if (step_at(d, i)->kind == CF_STEP_LOOP)
			draw_loop(d, i, heads);
}

static void draw_note(const struct drawing *d, uint32_t i)
{
	const struct cf_step *step = step_at(d, i);
	double from = d->x[d->columns[step->from]], to = d->x[d->columns[step->to]];
	double words = cf_svg_columns(step->text, WORD_COLUMNS) * CF_SVG_SMALL + 16;
	double width = MAX(fabs(to - from) + 30, words), middle = (from + to) / 2;
	double x = MAX(middle - width / 2, 2);

	cf_svg_rect(d->svg, "cf-note", x, d->y[i], width, NOTE - 10, 2);
	cf_svg_text(d->svg, "cf-mid cf-small", x + width / 2, d->y[i] + 16, step->text, WORD_COLUMNS);
}

static const char *mark_class(unsigned marks)
{
	if (marks & CF_MARK_FAILED)
		return " cf-failed";
	if (marks & CF_MARK_GONE)
		return " cf-gone";
	if (marks & CF_MARK_NEW)
		return " cf-new";
	return marks ? " cf-high" : "";
}

/* The open head of a message that nobody waits for. */
static void draw_open_tip(const struct drawing *d, const char *class_name, double x, double y, double side)
{
	cf_out_printf(d->svg->html->out, "<path class=\"%s\" d=\"M", class_name);
	cf_svg_value(d->svg, x - side * 8);
	cf_svg_value(d->svg, y - 4);
	cf_out_puts(d->svg->html->out, "L");
	cf_svg_value(d->svg, x);
	cf_svg_value(d->svg, y);
	cf_out_puts(d->svg->html->out, "L");
	cf_svg_value(d->svg, x - side * 8);
	cf_svg_value(d->svg, y + 4);
	cf_out_puts(d->svg->html->out, "\"/>\n");
}

static void draw_self(const struct drawing *d, double x, double y, const char *class_name, const char *tip)
{
	cf_out_printf(d->svg->html->out, "<path class=\"%s\" d=\"M", class_name);
	cf_svg_value(d->svg, x + 4);
	cf_svg_value(d->svg, y);
	cf_out_puts(d->svg->html->out, "h 24v 14h -20\"/>\n");
	cf_svg_arrow(d->svg, tip, x + 5, y + 14, -1, 0);
}

static void draw_message(const struct drawing *d, uint32_t i)
{
	const struct cf_step *step = step_at(d, i);
	gboolean high = (step->marks & CF_MARK_HIGHLIGHT) != 0, self = step->from == step->to;
	g_autofree char *text = message_text(d, step);
	g_autofree char *class_name = g_strdup_printf(
		"cf-message%s%s", step->kind == CF_STEP_RETURN ? " cf-return" : "", mark_class(step->marks));
	g_autofree char *tip = g_strdup_printf("cf-tip%s", mark_class(step->marks));
	g_autofree char *words =
		g_strdup_printf("cf-small cf-halo%s%s", self ? "" : " cf-mid", high ? " cf-strong" : "");
	double from = d->x[d->columns[step->from]], to = d->x[d->columns[step->to]], y = d->y[i];
	double side = to > from ? 1 : -1;

	if (self) {
		draw_self(d, from, y, class_name, tip);
		cf_svg_text(d->svg, words, from + 34, y + 11, text, WORD_COLUMNS);
		return;
	}
	from += side * 4;
	to -= side * 4;
	cf_svg_line(d->svg, class_name, from, y, to - side * (step->kind == CF_STEP_ASYNC ? 0 : 5), y);
	if (step->kind == CF_STEP_ASYNC)
		draw_open_tip(d, class_name, to, y, side);
	else
		cf_svg_arrow(d->svg, tip, to, y, side, 0);
	cf_svg_text(d->svg, words, (from + to) / 2, y - 6, text, WORD_COLUMNS);
}

/* Loops and notes may be wider than what they stand around. */
static double right_edge(const struct drawing *d)
{
	double right = d->x[d->width];

	for (uint32_t i = 1; i <= d->n; i++) {
		const struct cf_step *step = step_at(d, i);

		if (step->kind == CF_STEP_LOOP && d->low[i] < d->width) {
			g_autofree char *text = loop_text(step);

			right = MAX(right, d->x[d->high[i]] + PAD + INSET * MOST_INSETS);
			right = MAX(right,
				    d->x[d->low[i]] + cf_svg_columns(text, TEXT_COLUMNS) * CF_SVG_SMALL);
		} else if (step->kind == CF_STEP_NOTE) {
			double middle = (d->x[d->columns[step->from]] + d->x[d->columns[step->to]]) / 2;

			right = MAX(right,
				    middle + cf_svg_columns(step->text, WORD_COLUMNS) * CF_SVG_SMALL / 2 +
					    10);
		}
	}
	return right;
}

static void draw(const struct drawing *d)
{
	g_autofree char *desc = g_strdup_printf(
		"Sequence diagram: %u steps between %u participants, from top to bottom.", d->n, d->width);

	cf_svg_begin(d->svg, "sequence", desc, right_edge(d) + MARGIN, d->bottom + HEAD + MARGIN - 6);
	draw_loops(d, FALSE);
	draw_lifelines(d);
	draw_participants(d, MARGIN);
	draw_participants(d, d->bottom);
	draw_loops(d, TRUE);
	for (uint32_t i = 1; i <= d->n; i++) {
		if (step_at(d, i)->kind == CF_STEP_NOTE)
			draw_note(d, i);
		else if (step_at(d, i)->kind != CF_STEP_LOOP)
			draw_message(d, i);
	}
	cf_svg_end(d->svg);
}

static char *make_note(const struct drawing *d)
{
	guint steps = d->sequence->steps->len - 1;

	if (d->n == steps)
		return g_strdup(d->sequence->note);
	return g_strdup_printf("%s%sthe first %u of %u steps are drawn",
			       d->sequence->note ? d->sequence->note : "", d->sequence->note ? "; " : "",
			       d->n, steps);
}

int cf_svg_sequence(const struct cf_svg *svg, const struct cf_sequence *sequence, char **note)
{
	struct drawing d = { .svg = svg, .sequence = sequence };
	guint steps = sequence->steps->len;

	d.n = cf_sequence_fit(sequence, MOST_STEPS, MOST_PARTICIPANTS, &d.columns, &d.width);
	*note = make_note(&d);
	if (!d.width) {
		g_free(d.columns);
		return -1;
	}
	d.who = g_new0(uint32_t, d.width + 1);
	for (guint i = 0; i < sequence->participants->len; i++)
		if (d.columns[i] != MOST_PARTICIPANTS)
			d.who[d.columns[i]] = i;
	d.y = g_new0(double, steps);
	d.end = g_new0(double, steps);
	d.low = g_new0(uint32_t, steps);
	d.high = g_new0(uint32_t, steps);
	d.inner = g_new0(uint32_t, steps);
	place_columns(&d);
	span_loops(&d);
	place_rows(&d);
	find_active(&d);
	draw(&d);
	g_array_unref(d.active);
	g_free(d.columns);
	g_free(d.who);
	g_free(d.x);
	g_free(d.y);
	g_free(d.end);
	g_free(d.low);
	g_free(d.high);
	g_free(d.inner);
	return 0;
}
