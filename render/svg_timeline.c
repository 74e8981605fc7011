/* SPDX-License-Identifier: MIT */
/* svg_timeline: intervals as bars along an axis of time. */
#include "render/svg.h"

#include <math.h>
#include <string.h>

#define MOST_ROWS 150 /* of a waterfall */
#define MOST_BARS 700 /* on tracks */
#define MOST_LANES 24 /* of a track: deeper intervals are drawn in the last one */
#define NAME_COLUMNS 40
#define MOST_INDENT 12 /* levels */
#define INDENT 10
#define WIDTH 1120
#define MARGIN 12
#define AXIS 26 /* height of the words of the axis */
#define ROW 22
#define LANE 19
#define COLORS 8

struct drawing {
	const struct cf_svg *svg;
	const struct cf_timeline *timeline;
	gboolean *keep;
	guint kept;
	uint32_t *lane;  /* per interval: its row within the track */
	uint32_t *lanes; /* per track */
	double left;     /* where the axis begins */
	double right;
	double height;
};

static double place(const struct drawing *d, int64_t at)
{
	double length = (double)d->timeline->end - (double)d->timeline->begin;

	return d->left + ((double)at - (double)d->timeline->begin) / length * (d->right - d->left);
}

static double indent(const struct cf_interval *interval)
{
	return MIN(interval->depth, MOST_INDENT) * (double)INDENT;
}

/* Where the names end and the axis begins. */
static double names_width(const struct drawing *d)
{
	const struct cf_timeline *t = d->timeline;
	double width = 60;

	for (guint i = 0; t->style == CF_TIMELINE_WATERFALL && i < t->intervals->len; i++) {
		const struct cf_interval *interval = cf_interval_at(t, i);
		int track = cf_svg_columns(cf_track_at(t, interval->track)->label, NAME_COLUMNS / 2);
		int name = cf_svg_columns(interval->name, NAME_COLUMNS);

		if (d->keep[i])
			width = MAX(width,
				    indent(interval) + (track + 2) * CF_SVG_SMALL + name * CF_SVG_SMALL);
	}
	for (guint i = 0; t->style == CF_TIMELINE_TRACKS && i < t->tracks->len; i++)
		width = MAX(width, cf_svg_columns(cf_track_at(t, i)->label, NAME_COLUMNS / 2) * CF_SVG_CHAR);
	return MIN(width, WIDTH * 0.3);
}

/* What overlaps at one depth goes to the next free row: intervals come in order of start. */
static void place_lanes(struct drawing *d)
{
	const struct cf_timeline *t = d->timeline;
	int64_t end[MOST_LANES];
	uint32_t track = G_MAXUINT32;

	d->lane = g_new0(uint32_t, t->intervals->len + 1);
	d->lanes = g_new0(uint32_t, t->tracks->len + 1);
	for (guint i = 0; i < t->intervals->len; i++) {
		const struct cf_interval *interval = cf_interval_at(t, i);
		uint32_t lane = MIN(interval->depth, MOST_LANES - 1);

		if (!d->keep[i])
			continue;
		if (interval->track != track) {
			track = interval->track;
			for (uint32_t l = 0; l < MOST_LANES; l++)
				end[l] = INT64_MIN;
		}
		while (lane + 1 < MOST_LANES && end[lane] > interval->start)
			lane++;
		end[lane] = MAX(end[lane], cf_interval_end(interval));
		d->lane[i] = lane;
		d->lanes[track] = MAX(d->lanes[track], lane + 1);
	}
}

/* The step of the axis: 1, 2 or 5 times a power of ten, so that there are about that many. */
static double axis_step(double length, double most)
{
	double step = pow(10, floor(log10(length / most)));

	for (int i = 0; length / step > most && i < 3; i++)
		step *= i == 1 ? 2.5 : 2;
	return step;
}

static void draw_axis(const struct drawing *d)
{
	const struct cf_timeline *t = d->timeline;
	double length = (double)t->end - (double)t->begin,
	       step = axis_step(length, (d->right - d->left) / 90);
	struct cf_scale scale = cf_unit_scale(CF_UNIT_NS, length);

	/* Whole steps need as few digits as the step has. */
	scale.decimals = 0;
	for (double s = step / scale.divisor; s < 0.999 && scale.decimals < 3; s *= 10)
		scale.decimals++;
	for (int i = 0; i * step <= length * 1.0001; i++) {
		double x = d->left + i * step / length * (d->right - d->left);
		g_autofree char *text = i ? cf_scale_text(&scale, i * step) : g_strdup("0");

		cf_svg_line(d->svg, "cf-grid", x, MARGIN + AXIS - 6, x, d->height - MARGIN);
		cf_svg_text(d->svg,
			    x > d->right - 30 ? "cf-end cf-small cf-soft"
			    : i               ? "cf-mid cf-small cf-soft"
					      : "cf-small cf-soft",
			    x, MARGIN + AXIS - 12, text, 0);
	}
}

static char *bar_class(const struct cf_interval *interval)
{
	return g_strdup_printf("cf-bar cf-t%u%s%s", interval->track % COLORS,
			       interval->marks & CF_MARK_HIGHLIGHT ? " cf-high" : "",
			       interval->marks & CF_MARK_FAILED ? " cf-failed" : "");
}

/* "12.4 ms, failed: 500". Caller frees. */
static char *bar_words(const struct drawing *d, const struct cf_interval *interval)
{
	GString *words = g_string_new(NULL);
	g_autofree char *duration = cf_unit_text_i64(CF_UNIT_NS, interval->duration);
	const char *mark =
		cf_mark_word(interval->marks & ~(unsigned)CF_MARK_HIGHLIGHT, d->timeline->highlight);

	g_string_append(words, duration);
	if (*mark)
		g_string_append_printf(words, " %s%s", interval->marks & CF_MARK_FAILED ? "✖ " : "", mark);
	if (*interval->status)
		g_string_append_printf(words, "%s%s", *mark ? ": " : " ", interval->status);
	return g_string_free(words, FALSE);
}

static char *bar_title(const struct drawing *d, const struct cf_interval *interval)
{
	g_autofree char *words = bar_words(d, interval);
	g_autofree char *after = cf_unit_text_i64(CF_UNIT_NS, interval->start);

	return g_strdup_printf("%s %s: %s, after %s%s%s", cf_track_at(d->timeline, interval->track)->label,
			       interval->name, words, after,
			       interval->marks & CF_MARK_HIGHLIGHT ? ", on the " : "",
			       interval->marks & CF_MARK_HIGHLIGHT ? d->timeline->highlight : "");
}

static void open_bar(const struct drawing *d, const struct cf_interval *interval)
{
	g_autofree char *title = bar_title(d, interval);

	cf_html_open(d->svg->html, "g", NULL);
	cf_html_element(d->svg->html, "title", NULL, title);
}

static void close_bar(const struct drawing *d)
{
	cf_html_close(d->svg->html, "g");
	cf_html_newline(d->svg->html);
}

static void draw_waterfall_row(const struct drawing *d, const struct cf_interval *interval, double y)
{
	const char *track = cf_track_at(d->timeline, interval->track)->label;
	gboolean high = interval->marks & CF_MARK_HIGHLIGHT;
	double x = place(d, interval->start), width = MAX(place(d, cf_interval_end(interval)) - x, 1.5);
	double at = MARGIN + indent(interval), tall = high ? 16 : 12;
	int track_columns = cf_svg_columns(track, NAME_COLUMNS / 2);
	int room = (int)((d->left - 10 - at) / CF_SVG_SMALL) - track_columns - 1;
	g_autofree char *class_name = bar_class(interval);
	g_autofree char *words = bar_words(d, interval);
	double need = cf_svg_columns(words, NAME_COLUMNS) * CF_SVG_SMALL + 8;

	open_bar(d, interval);
	cf_svg_text(d->svg, "cf-small cf-soft", at, y + 15, track, NAME_COLUMNS / 2);
	if (room > 3)
		cf_svg_text(d->svg, high ? "cf-small cf-strong" : "cf-small",
			    at + (track_columns + 1) * CF_SVG_SMALL, y + 15, interval->name,
			    MIN(room, NAME_COLUMNS));
	cf_svg_rect(d->svg, class_name, x, y + (ROW - tall) / 2, width, tall, 2);
	if (x + width + need <= WIDTH - MARGIN / 2.0)
		cf_svg_text(d->svg, "cf-small cf-halo", x + width + 5, y + 15, words, NAME_COLUMNS);
	else if (need <= width)
		cf_svg_text(d->svg, "cf-small cf-end", x + width - 5, y + 15, words, NAME_COLUMNS);
	else
		cf_svg_text(d->svg, "cf-small cf-end cf-halo", x - 5, y + 15, words, NAME_COLUMNS);
	close_bar(d);
}

static void draw_waterfall(const struct drawing *d)
{
	double y = MARGIN + AXIS;

	for (guint i = 0; i < d->timeline->intervals->len; i++) {
		if (!d->keep[i])
			continue;
		draw_waterfall_row(d, cf_interval_at(d->timeline, i), y);
		y += ROW;
	}
}

/* In the bar, as far as it fits; a failure is more than a colour. */
static void draw_name(const struct drawing *d, const struct cf_interval *interval, double x, double y,
		      int columns)
{
	g_autofree char *name =
		g_strdup_printf("%s%s", interval->marks & CF_MARK_FAILED ? "✖ " : "", interval->name);

	if (columns >= 3)
		cf_svg_text(d->svg, "cf-small", x, y, name, columns);
}

static void draw_tracks(const struct drawing *d)
{
	const struct cf_timeline *t = d->timeline;
	double y = MARGIN + AXIS;
	guint i = 0;

	for (guint track = 0; track < t->tracks->len; track++) {
		if (!d->lanes[track])
			continue;
		cf_svg_line(d->svg, "cf-grid", MARGIN, y - 2, d->right, y - 2);
		cf_svg_text(d->svg, NULL, MARGIN, y + 13, cf_track_at(t, track)->label, NAME_COLUMNS / 2);
		while (i < t->intervals->len && cf_interval_at(t, i)->track < track)
			i++;
		for (; i < t->intervals->len && cf_interval_at(t, i)->track == track; i++) {
			const struct cf_interval *interval = cf_interval_at(t, i);
			double x = place(d, interval->start), top = y + d->lane[i] * (double)LANE;
			double width = MAX(place(d, cf_interval_end(interval)) - x, 1);
			int columns = (int)((width - 6) / CF_SVG_SMALL);
			g_autofree char *class_name = bar_class(interval);

			if (!d->keep[i])
				continue;
			open_bar(d, interval);
			cf_svg_rect(d->svg, class_name, x, top, width, LANE - 2, 2);
			draw_name(d, interval, x + 3, top + 12.5, columns);
			close_bar(d);
		}
		y += d->lanes[track] * (double)LANE + 6;
	}
}

static double content_height(const struct drawing *d)
{
	double height = 0;

	if (d->timeline->style == CF_TIMELINE_WATERFALL)
		return d->kept * (double)ROW;
	for (guint track = 0; track < d->timeline->tracks->len; track++)
		if (d->lanes[track])
			height += d->lanes[track] * (double)LANE + 6;
	return height;
}

static gboolean any_highlight(const struct cf_timeline *timeline)
{
	for (guint i = 0; i < timeline->intervals->len; i++)
		if (cf_interval_at(timeline, i)->marks & CF_MARK_HIGHLIGHT)
			return TRUE;
	return FALSE;
}

static void draw_legend(const struct drawing *d, double y)
{
	cf_svg_rect(d->svg, "cf-bar cf-t0 cf-high", d->left, y - 12, 26, 16, 2);
	cf_svg_text(d->svg, "cf-small cf-soft", d->left + 32, y, d->timeline->highlight, NAME_COLUMNS);
}

static char *make_note(const struct drawing *d)
{
	guint all = d->timeline->intervals->len;
	const char *own = d->timeline->note;

	if (d->kept == all)
		return g_strdup(own);
	return g_strdup_printf("%s%s%u of %u intervals are drawn: marked ones, then the longest",
			       own ? own : "", own ? "; " : "", d->kept, all);
}

static void draw(struct drawing *d)
{
	const struct cf_timeline *t = d->timeline;
	gboolean legend = any_highlight(t);
	g_autofree char *length = cf_unit_text(CF_UNIT_NS, (double)t->end - (double)t->begin);
	g_autofree char *desc = g_strdup_printf("%s: %u intervals on %u tracks within %s.",
						t->style == CF_TIMELINE_WATERFALL ? "Waterfall" : "Timeline",
						d->kept, t->tracks->len, length);

	d->height = 2 * MARGIN + AXIS + content_height(d);
	cf_svg_begin(d->svg, "timeline", desc, WIDTH, d->height + (legend ? 22 : 0));
	draw_axis(d);
	if (t->style == CF_TIMELINE_WATERFALL)
		draw_waterfall(d);
	else
		draw_tracks(d);
	if (legend)
		draw_legend(d, d->height + 8);
	cf_svg_end(d->svg);
}

int cf_svg_timeline(const struct cf_svg *svg, const struct cf_timeline *timeline, char **note)
{
	struct drawing d = { .svg = svg, .timeline = timeline };
	guint most = timeline->style == CF_TIMELINE_WATERFALL ? MOST_ROWS : MOST_BARS;

	*note = NULL;
	if (!timeline->intervals->len)
		return -1;
	d.keep = cf_timeline_keep(timeline, most);
	for (guint i = 0; i < timeline->intervals->len; i++)
		d.kept += d.keep[i];
	place_lanes(&d);
	d.left = MARGIN + names_width(&d) + 14;
	/* Room for what is written behind the last bar. */
	d.right = WIDTH - MARGIN - (timeline->style == CF_TIMELINE_WATERFALL ? 70 : 0);
	*note = make_note(&d);
	draw(&d);
	g_free(d.keep);
	g_free(d.lane);
	g_free(d.lanes);
	return 0;
}
