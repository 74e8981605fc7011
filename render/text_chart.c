/* SPDX-License-Identifier: MIT */
/* text_chart: a chart as blocks of characters, a strip per series. */
#include "render/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/chart.h"
#include "render/escape.h"

#define INDENT 1
#define COLUMNS 80 /* where the width isn't known, and the most */
#define LEAST_COLUMNS 10
#define EIGHTHS 8

/* One series on its grid of characters. */
struct strip {
	const struct cf_chart *chart;
	const struct cf_chart_series *series;
	int columns, rows;
	double x_least, x_most, y_least, y_most;
};

static int column_of(const struct strip *strip, double x)
{
	double length = strip->x_most - strip->x_least;

	if (!(length > 0))
		return strip->columns / 2;
	return CLAMP((int)((x - strip->x_least) / length * strip->columns), 0, strip->columns - 1);
}

/* Eighths of a row above the axis; 0 only for what isn't above it. */
static int height_of(const struct strip *strip, double y)
{
	double length = strip->y_most - strip->y_least;
	int most = strip->rows * EIGHTHS;

	if (!(length > 0))
		return EIGHTHS;
	return CLAMP((int)lround((y - strip->y_least) / length * most), y > strip->y_least ? 1 : 0, most);
}

static gint by_x(gconstpointer a, gconstpointer b)
{
	double x = ((const struct cf_chart_point *)a)->x, y = ((const struct cf_chart_point *)b)->x;

	return (x > y) - (x < y);
}

/* Of each column the greatest height, -1 for none. */
static void fill_points(const struct strip *strip, const GArray *points, int *heights)
{
	for (guint i = 0; i < points->len; i++) {
		const struct cf_chart_point *point = &g_array_index(points, struct cf_chart_point, i);
		int column = column_of(strip, point->x);

		heights[column] = MAX(heights[column], height_of(strip, point->y));
	}
}

/* Between two points goes a straight line. */
static void fill_line(const struct strip *strip, const GArray *points, int *heights)
{
	fill_points(strip, points, heights);
	for (guint i = 1; i < points->len; i++) {
		const struct cf_chart_point *a = &g_array_index(points, struct cf_chart_point, i - 1),
					    *b = a + 1;
		int from = column_of(strip, a->x), to = column_of(strip, b->x);

		for (int c = from + 1; c < to; c++) {
			double share = (double)(c - from) / (to - from);

			heights[c] = height_of(strip, a->y + (b->y - a->y) * share);
		}
	}
}

/* As wide as there is room for all of them, with a gap from a width of three on. */
static void fill_bars(const struct strip *strip, const GArray *points, int *heights)
{
	int room = strip->columns;

	for (guint i = 1; i < points->len; i++) {
		const struct cf_chart_point *a = &g_array_index(points, struct cf_chart_point, i - 1),
					    *b = a + 1;

		if (b->x > a->x)
			room = MIN(room, MAX(column_of(strip, b->x) - column_of(strip, a->x), 1));
	}
	if (points->len < 2)
		room = 3;
	for (guint i = 0; i < points->len; i++) {
		const struct cf_chart_point *point = &g_array_index(points, struct cf_chart_point, i);
		int width = room >= 3 ? room - 1 : room, from = column_of(strip, point->x) - (width - 1) / 2;

		for (int c = MAX(from, 0); c < MIN(from + width, strip->columns); c++)
			heights[c] = MAX(heights[c], height_of(strip, point->y));
	}
}

static int *heights_of(const struct strip *strip)
{
	g_autoptr(GArray) points = g_array_copy(strip->series->points);
	int *heights = g_new(int, strip->columns);

	for (int c = 0; c < strip->columns; c++)
		heights[c] = -1;
	g_array_sort(points, by_x);
	if (strip->series->style == CF_CHART_LINE)
		fill_line(strip, points, heights);
	else if (strip->series->style == CF_CHART_BARS)
		fill_bars(strip, points, heights);
	else
		fill_points(strip, points, heights);
	return heights;
}

/* The character of a row, from above: 0 is the axis itself. */
static const char *block_of(const struct cf_text *text, const struct strip *strip, int height, int row)
{
	static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	int within = height - row * EIGHTHS;

	if (strip->series->style == CF_CHART_POINTS) {
		if (height < 0 || CLAMP((height - 1) / EIGHTHS, 0, strip->rows - 1) != row)
			return " ";
		return text->opts->utf8 ? "•" : "*";
	}
	if (text->opts->utf8)
		return blocks[CLAMP(within, 0, EIGHTHS)];
	return within >= EIGHTHS / 2 || (row == 0 && height > 0) ? "#" : " ";
}

/* A line with a label before the axis. */
static void begin_row(const struct cf_text *text, const char *label, int width, const char *axis)
{
	cf_text_begin(text);
	cf_text_spaces(text, INDENT + width - cf_display_width(label));
	cf_out_puts(text->out, label);
	cf_out_puts(text->out, " ");
	cf_text_color(text, "2");
	cf_out_puts(text->out, axis);
	cf_text_plain(text);
}

static void put_row(const struct cf_text *text, const struct strip *strip, const int *heights, int row)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (int c = 0; c < strip->columns; c++)
		g_string_append(line, block_of(text, strip, heights[c], row));
	g_strchomp(line->str);
	cf_text_color(text, "36");
	cf_out_puts(text->out, line->str);
	cf_text_plain(text);
	cf_out_puts(text->out, "\n");
}

static void put_strip(const struct cf_text *text, const struct strip *strip, int width)
{
	const struct cf_chart_axis *axis = &cf_chart_panel_at(strip->chart, strip->series->panel)->axis;
	g_autofree int *heights = heights_of(strip);
	g_autofree char *raw_top = cf_axis_text(axis, strip->y_most);
	g_autofree char *raw_bottom = cf_axis_text(axis, strip->y_least);
	g_autofree char *top = cf_text_safe(text, raw_top);
	g_autofree char *bottom = cf_text_safe(text, raw_bottom);

	for (int row = strip->rows - 1; row >= 0; row--) {
		begin_row(text,
			  row == strip->rows - 1 ? top
			  : row == 0             ? bottom
						 : "",
			  width, text->opts->utf8 ? "│" : "|");
		put_row(text, strip, heights, row);
	}
}

/* "p99  latency", and how far it goes. */
static void put_name(const struct cf_text *text, const struct cf_chart *chart,
		     const struct cf_chart_series *series, int total)
{
	const struct cf_chart_panel *panel = cf_chart_panel_at(chart, series->panel);
	const char *words[] = { panel->title, series->name, panel->axis.title };
	g_autoptr(GString) name = g_string_new(NULL);
	g_autofree char *safe = NULL, *cut = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		gboolean said = !*words[i];

		for (size_t j = 0; j < i; j++)
			said |= strcasestr(words[j], words[i]) != NULL;
		if (!said)
			g_string_append_printf(name, "%s%s", name->len ? ", " : "", words[i]);
	}
	safe = cf_text_safe(text, name->str);
	cut = cf_text_elide(text, safe, total - INDENT, FALSE);
	cf_text_begin(text);
	cf_text_spaces(text, INDENT);
	cf_out_printf(text->out, "%s\n", cut);
}

/* The axis, then its ends with what it is between them. */
static void put_foot(const struct cf_text *text, const struct strip *strip, int width)
{
	const struct cf_chart_axis *x = &strip->chart->x;
	g_autofree char *raw_from = cf_axis_text(x, strip->x_least);
	g_autofree char *raw_to = cf_axis_text(x, strip->x_most);
	g_autofree char *from = cf_text_safe(text, raw_from);
	g_autofree char *to = cf_text_safe(text, raw_to);
	g_autofree char *title = cf_text_safe(text, x->title);
	g_autofree char *shown = NULL;
	int room = strip->columns - cf_display_width(from) - cf_display_width(to), left;

	begin_row(text, "", width, text->opts->utf8 ? "└" : "+");
	cf_text_color(text, "2");
	for (int c = 0; c < strip->columns; c++)
		cf_out_puts(text->out, text->opts->utf8 ? "─" : "-");
	cf_text_plain(text);
	cf_out_puts(text->out, "\n");
	cf_text_begin(text);
	cf_text_spaces(text, INDENT + width + 2);
	cf_out_puts(text->out, from);
	if (strip->x_most > strip->x_least) {
		shown = room > 8 ? cf_text_elide(text, title, room - 4, FALSE) : g_strdup("");
		left = MAX((room - cf_display_width(shown)) / 2, 1);
		cf_text_spaces(text, left);
		cf_out_puts(text->out, shown);
		cf_text_spaces(text, MAX(room - left - cf_display_width(shown), 1));
		cf_out_puts(text->out, to);
	}
	cf_out_puts(text->out, "\n");
}

static void put_marks(const struct cf_text *text, const struct cf_chart *chart, int total)
{
	for (guint i = 0; i < chart->marks->len; i++) {
		const struct cf_chart_mark *mark = cf_chart_mark_at(chart, i);
		const uint32_t panel = mark->panel == CF_CHART_ALL ? 0 : mark->panel;
		const struct cf_chart_axis *axis =
			mark->across ? &cf_chart_panel_at(chart, panel)->axis : &chart->x;
		g_autofree char *at = cf_axis_text(axis, mark->at);
		const gboolean named = mark->across && mark->panel != CF_CHART_ALL && chart->panels->len > 1;
		g_autofree char *words = g_strdup_printf("%s%s%s at %s", named ? axis->title : "",
							 named ? ": " : "", mark->label, at);
		g_autofree char *safe = cf_text_safe(text, words);
		g_autofree char *cut = cf_text_elide(text, safe, total - INDENT - 2, FALSE);

		cf_text_begin(text);
		cf_text_spaces(text, INDENT);
		cf_out_printf(text->out, "%s %s\n", text->opts->utf8 ? (mark->across ? "→" : "↑") : "^", cut);
	}
}

/* Columns of the labels of all strips, so that they stand below each other. */
static int labels_width(const struct cf_text *text, const struct cf_chart *chart)
{
	int width = 0;

	for (guint p = 0; p < chart->panels->len; p++) {
		const struct cf_chart_axis *axis = &cf_chart_panel_at(chart, p)->axis;
		double ends[2] = { 0, 0 };

		if (!cf_chart_y_range(chart, p, &ends[0], &ends[1]))
			continue;
		for (int i = 0; i < 2; i++) {
			g_autofree char *raw = cf_axis_text(axis, ends[i]);
			g_autofree char *safe = cf_text_safe(text, raw);

			width = MAX(width, cf_display_width(safe));
		}
	}
	return width;
}

static int rows_for(guint series)
{
	return series == 1 ? 6 : series <= 4 ? 3 : 2;
}

void cf_text_chart(struct cf_text *text, const struct cf_node *node)
{
	const struct cf_chart *chart = node->chart;
	const int limit = cf_text_columns(text), total = limit ? MIN(limit, COLUMNS) : COLUMNS;
	const int width = MIN(labels_width(text, chart), total / 3);
	struct strip strip = { .chart = chart, .rows = rows_for(chart->series->len) };
	gboolean any = FALSE;

	strip.columns = MAX(total - INDENT - width - 2, LEAST_COLUMNS);
	if (!cf_chart_x_range(chart, &strip.x_least, &strip.x_most))
		return;
	for (guint s = 0; s < chart->series->len; s++) {
		strip.series = cf_chart_series_at(chart, s);
		if (!strip.series->points->len ||
		    !cf_chart_y_range(chart, strip.series->panel, &strip.y_least, &strip.y_most))
			continue;
		if (cf_chart_from_zero(chart, strip.series->panel, strip.y_least, strip.y_most))
			strip.y_least = MIN(strip.y_least, 0);
		put_name(text, chart, strip.series, total);
		put_strip(text, &strip, width);
		any = TRUE;
	}
	if (any)
		put_foot(text, &strip, width);
	put_marks(text, chart, total);
	if (chart->note) {
		g_autofree char *note = cf_text_safe(text, chart->note);

		cf_text_begin(text);
		cf_text_spaces(text, INDENT);
		cf_text_wrap(text, note, total - INDENT, INDENT);
	}
}
