/* SPDX-License-Identifier: MIT */
/* svg_chart: a chart as SVG, drawn where gnuplot says. */
#include "render/svg.h"

#include <math.h>
#include <string.h>

#include "core/chart.h"
#include "core/time_ticks.h"
#include "render/chart_plot.h"
#include "render/escape.h"

#define WIDE 760
#define NARROW 344 /* what a page of 375 px has room for */
#define MARGIN 10
#define LINE 17
#define SWATCH 22
#define COLORS 8
#define DASHES 4
#define MARKS 2       /* rows of words above a panel for its marks */
#define TITLED 300    /* points of a chart that say their values */
#define SHOWN_DOTS 40 /* points of a line that are drawn as well */
#define NAME_COLUMNS 36

struct drawing {
	const struct cf_svg *svg;
	const struct cf_chart *chart;
	struct cf_chart_plot *plot;
	gboolean titled;
};

/* What a series looks like: colour, and a dash that tells it apart without one. */
static char *look(const char *class_name, guint series)
{
	guint dash = (series + series / COLORS) % DASHES;

	return strcmp(class_name, "cf-line") || !dash
		       ? g_strdup_printf("%s cf-s%u", class_name, series % COLORS)
		       : g_strdup_printf("%s cf-s%u cf-d%u", class_name, series % COLORS, dash);
}

static void put_path(const struct drawing *d, const char *class_name, const struct cf_plot_shape *shape,
		     gboolean closed)
{
	cf_out_printf(d->svg->html->out, "<path class=\"%s\" d=\"", class_name);
	for (uint32_t i = 0; i < shape->n; i++) {
		const struct cf_plot_place *place =
			&g_array_index(d->plot->plot.places, struct cf_plot_place, shape->first + i);

		cf_out_puts(d->svg->html->out, i == 0 ? "M" : i == 1 ? "L" : "");
		cf_svg_value(d->svg, place->x);
		cf_svg_value(d->svg, place->y);
	}
	cf_out_puts(d->svg->html->out, closed ? "Z\"" : "\"");
}

/* The number of the series among those of its panel. */
static guint rank_of(const struct cf_chart *chart, guint series)
{
	guint rank = 0;

	for (guint s = 0; s < series; s++)
		rank += cf_chart_series_at(chart, s)->panel == cf_chart_series_at(chart, series)->panel;
	return rank;
}

/* "p99: 12.5 ms [11.9 ms to 13.0 ms] at 190 1/s". Caller frees. */
static char *point_title(const struct cf_chart *chart, const struct cf_chart_series *series, guint i)
{
	const struct cf_chart_point *point = cf_chart_point_at(series, i);
	const struct cf_chart_axis *axis = &cf_chart_panel_at(chart, series->panel)->axis;
	g_autofree char *x = cf_axis_text(&chart->x, point->x);
	g_autofree char *y = cf_axis_text(axis, point->y);
	g_autofree char *low = isnan(point->low) ? NULL : cf_axis_text(axis, point->low);
	g_autofree char *high = low ? cf_axis_text(axis, point->high) : NULL;
	const char *name = *series->name ? series->name : axis->title;

	return g_strdup_printf("%s: %s%s%s%s%s%s at %s", name, y, low ? " [" : "", low ? low : "",
			       low ? " to " : "", low ? high : "", low ? "]" : "", x);
}

static void end_point(const struct drawing *d, const char *title)
{
	if (!d->titled) {
		cf_out_puts(d->svg->html->out, "/>\n");
		return;
	}
	cf_out_puts(d->svg->html->out, ">");
	cf_html_element(d->svg->html, "title", NULL, title);
	cf_out_puts(d->svg->html->out, "</path>\n");
}

/* A dot is a line of no length with round ends; other marks have corners, so that colour isn't all. */
static void draw_dot(const struct drawing *d, const struct cf_plot_shape *shape, guint point)
{
	static const char *const forms[] = { "h0", "m-3 3h6v-6h-6Z", "m0-4.4l4.4 4.4-4.4 4.4-4.4-4.4Z",
					     "m0-4l4.2 7.2h-8.4Z" };
	const struct cf_chart_series *series = cf_chart_series_at(d->chart, shape->index);
	const struct cf_plot_place *place =
		&g_array_index(d->plot->plot.places, struct cf_plot_place, shape->first);
	gboolean line = series->style == CF_CHART_LINE;
	gboolean shown = !line || series->points->len <= SHOWN_DOTS;
	guint rank = rank_of(d->chart, shape->index);
	guint form = line ? 0 : rank % G_N_ELEMENTS(forms);
	g_autofree char *title = d->titled ? point_title(d->chart, series, point) : NULL;
	g_autofree char *class_name = look(!shown ? "cf-hit" : form ? "cf-shape" : "cf-dot", rank);

	if (!shown && !d->titled)
		return;
	cf_out_printf(d->svg->html->out, "<path class=\"%s\" d=\"M", class_name);
	cf_svg_value(d->svg, place->x);
	cf_svg_value(d->svg, place->y);
	cf_out_printf(d->svg->html->out, "%s\"", shown ? forms[form] : "h0");
	end_point(d, title);
}

static gboolean is_of_series(enum cf_plot_kind kind)
{
	return kind >= CF_PLOT_LINE && kind <= CF_PLOT_SPAN;
}

static void draw_grid(const struct drawing *d)
{
	const struct cf_plot *plot = &d->plot->plot;

	for (guint i = 0; i < plot->ticks->len; i++) {
		const struct cf_plot_tick *tick = &g_array_index(plot->ticks, struct cf_plot_tick, i);

		for (guint p = 0; p < plot->panels->len; p++) {
			const struct cf_plot_panel *panel =
				&g_array_index(plot->panels, struct cf_plot_panel, p);

			if (!tick->y)
				cf_svg_line(d->svg, "cf-grid", tick->place, panel->top, tick->place,
					    panel->bottom);
			else if (tick->panel == p)
				cf_svg_line(d->svg, "cf-grid", panel->left, tick->place, panel->right,
					    tick->place);
		}
	}
}

/* The point of the chart's series that is the nth of the plot's. */
static guint point_of(const struct drawing *d, guint series, guint nth)
{
	const struct cf_plot_series *plotted =
		series < d->plot->plot.series->len
			? &g_array_index(d->plot->plot.series, struct cf_plot_series, series)
			: NULL;

	return plotted && nth < plotted->n ? g_array_index(d->plot->sources, guint, plotted->first + nth) : 0;
}

static void draw_shapes(const struct drawing *d, enum cf_plot_kind kind)
{
	const GArray *shapes = d->plot->plot.shapes;
	guint point = 0, of = G_MAXUINT, source;

	for (guint i = 0; i < shapes->len; i++) {
		const struct cf_plot_shape *shape = &g_array_index(shapes, struct cf_plot_shape, i);
		static const char *const classes[CF_PLOT_KINDS] = { [CF_PLOT_LINE] = "cf-line",
								    [CF_PLOT_BAR] = "cf-block",
								    [CF_PLOT_BAND] = "cf-band",
								    [CF_PLOT_SPAN] = "cf-span",
								    [CF_PLOT_RULE] = "cf-rule" };
		g_autofree char *class_name = NULL;

		if (shape->kind != kind)
			continue;
		point = shape->index == of ? point + 1 : 0;
		of = shape->index;
		source = point_of(d, shape->index, point);
		if (kind == CF_PLOT_DOT) {
			draw_dot(d, shape, source);
			continue;
		}
		class_name = is_of_series(kind) ? look(classes[kind], rank_of(d->chart, shape->index))
						: g_strdup(classes[kind]);
		put_path(d, class_name, shape, kind == CF_PLOT_BAR || kind == CF_PLOT_BAND);
		if (kind == CF_PLOT_BAR) {
			g_autofree char *title =
				d->titled ? point_title(d->chart, cf_chart_series_at(d->chart, shape->index),
							source)
					  : NULL;

			end_point(d, title);
		} else {
			cf_out_puts(d->svg->html->out, "/>\n");
		}
	}
}

/* Whole words only: what would run into the one before it is left to its grid line. */
static void draw_ticks(const struct drawing *d)
{
	const struct cf_plot *plot = &d->plot->plot;
	const struct cf_plot_panel *last =
		&g_array_index(plot->panels, struct cf_plot_panel, plot->panels->len - 1);
	double free_from = 0;

	for (guint i = 0; i < plot->ticks->len; i++) {
		const struct cf_plot_tick *tick = &g_array_index(plot->ticks, struct cf_plot_tick, i);
		g_autofree char *text = cf_chart_plot_label(d->plot, tick);
		double width = cf_svg_columns(text, 0) * CF_SVG_SMALL;
		double x = CLAMP(tick->place, MARGIN / 2.0 + width / 2, plot->width - 2 - width / 2);

		if (tick->y) {
			const struct cf_plot_panel *panel =
				&g_array_index(plot->panels, struct cf_plot_panel, tick->panel);

			cf_svg_text(d->svg, "cf-small cf-soft cf-end", panel->left - 6, tick->place + 3.5,
				    text, 0);
		} else if (x - width / 2 >= free_from) {
			cf_svg_text(d->svg, "cf-small cf-soft cf-mid", x, last->bottom + 15, text, 0);
			free_from = x + width / 2 + CF_SVG_SMALL;
		}
	}
}

/* Above a panel: what it is, what its axis shows, whose lines are whose. */
static void draw_head(const struct drawing *d, guint p)
{
	const struct cf_plot_panel *panel = &g_array_index(d->plot->plot.panels, struct cf_plot_panel, p);
	const struct cf_chart_head *head = &g_array_index(d->plot->heads, struct cf_chart_head, p);
	const int columns = (int)((d->plot->plot.width - 2 * MARGIN) / CF_SVG_CHAR);
	g_autofree char *axis = cf_chart_plot_axis(d->plot, p);
	double y = panel->top - head->height + 12;

	if (head->title) {
		cf_svg_text(d->svg, "cf-strong", MARGIN, y, cf_chart_panel_at(d->chart, p)->title, columns);
		y += LINE;
	}
	if (head->axis) {
		cf_svg_text(d->svg, "cf-small cf-soft", MARGIN, y, axis, columns);
		y += LINE;
	}
	for (guint i = 0; head->legend && i < d->plot->legend->len; i++) {
		const struct cf_chart_key *key = &g_array_index(d->plot->legend, struct cf_chart_key, i);
		const struct cf_chart_series *series = cf_chart_series_at(d->chart, key->series);
		guint rank = rank_of(d->chart, key->series);
		double at = y + key->row * LINE;
		g_autofree char *class_name = look(series->style == CF_CHART_BARS     ? "cf-block"
						   : series->style == CF_CHART_POINTS ? "cf-dot"
										      : "cf-line",
						   rank);

		if (series->panel != p)
			continue;
		if (series->style == CF_CHART_BARS)
			cf_svg_rect(d->svg, class_name, key->x, at - 9, 10, 10, 0);
		else
			cf_svg_line(
				d->svg, class_name,
				key->x + (series->style == CF_CHART_POINTS ? SWATCH / 2.0 - 4 : 0), at - 4,
				key->x + (series->style == CF_CHART_POINTS ? SWATCH / 2.0 - 4 : SWATCH - 4.0),
				at - 4);
		cf_svg_text(d->svg, "cf-small", key->x + SWATCH, at, series->name, key->columns);
	}
}

/* The words of marks, where there is room for them: right of the line, else left of it. */
static void draw_marks(const struct drawing *d)
{
	const struct cf_plot *plot = &d->plot->plot;
	double free_from[CF_CHART_PANELS_MAX][MARKS] = { { 0 } };

	for (guint i = 0; i < plot->shapes->len; i++) {
		const struct cf_plot_shape *shape = &g_array_index(plot->shapes, struct cf_plot_shape, i);
		const struct cf_plot_place *place;
		const struct cf_chart_mark *mark;
		double width, x;

		if (shape->kind != CF_PLOT_RULE)
			continue;
		place = &g_array_index(plot->places, struct cf_plot_place, shape->first);
		mark = cf_chart_mark_at(d->chart, g_array_index(d->plot->marks, guint, shape->index));
		if (!*mark->label || (mark->panel == CF_CHART_ALL && shape->panel))
			continue;
		width = cf_svg_columns(mark->label, NAME_COLUMNS) * CF_SVG_SMALL;
		if (mark->across) {
			cf_svg_text(d->svg, "cf-small cf-halo cf-word",
				    g_array_index(plot->panels, struct cf_plot_panel, shape->panel).left + 4,
				    place->y - 4, mark->label, NAME_COLUMNS);
			continue;
		}
		x = place->x + 4 + width < plot->width ? place->x + 4 : place->x - 4 - width;
		for (int row = 0; row < MARKS; row++)
			if (x >= free_from[shape->panel][row]) {
				const struct cf_plot_panel *panel =
					&g_array_index(plot->panels, struct cf_plot_panel, shape->panel);

				cf_svg_text(d->svg, "cf-small cf-halo cf-word", x, panel->top + 11 + row * 13,
					    mark->label, NAME_COLUMNS);
				free_from[shape->panel][row] = x + width + CF_SVG_SMALL;
				break;
			}
	}
}

static char *describe(const struct cf_chart *chart)
{
	g_autofree char *from = NULL, *to = NULL;
	double least, most;

	if (!cf_chart_x_range(chart, &least, &most))
		return g_strdup("Chart.");
	from = cf_axis_text(&chart->x, least);
	to = cf_axis_text(&chart->x, most);
	return g_strdup_printf("Chart: %u series in %u panel%s, %s from %s to %s.", chart->series->len,
			       chart->panels->len, chart->panels->len == 1 ? "" : "s",
			       *chart->x.title ? chart->x.title : "x", from, to);
}

static void draw(const struct drawing *d, const char *kind)
{
	const struct cf_plot *plot = &d->plot->plot;
	const struct cf_plot_panel *last =
		&g_array_index(plot->panels, struct cf_plot_panel, plot->panels->len - 1);
	g_autofree char *desc = describe(d->chart);
	g_autofree char *x_axis = cf_chart_plot_axis(d->plot, CF_CHART_ALL);

	cf_svg_begin(d->svg, kind, desc, plot->width, plot->height);
	draw_grid(d);
	draw_shapes(d, CF_PLOT_BAND);
	draw_shapes(d, CF_PLOT_BAR);
	draw_shapes(d, CF_PLOT_SPAN);
	draw_shapes(d, CF_PLOT_LINE);
	draw_shapes(d, CF_PLOT_RULE);
	draw_shapes(d, CF_PLOT_DOT);
	draw_ticks(d);
	for (guint p = 0; p < plot->panels->len; p++)
		draw_head(d, p);
	draw_marks(d);
	cf_svg_text(d->svg, "cf-small cf-soft cf-end", last->right, last->bottom + 31, x_axis, 60);
	cf_svg_end(d->svg);
}

static gboolean draw_wide(const struct cf_svg *svg, const struct cf_chart *chart, double width,
			  const char *kind, struct cf_diag *diag)
{
	struct drawing d = { .svg = svg, .chart = chart };
	guint points = 0;

	for (guint s = 0; s < chart->series->len; s++)
		points += cf_chart_series_at(chart, s)->points->len;
	d.titled = points <= TITLED;
	d.plot = cf_chart_plot(chart, width, svg->html->opts->gnuplot, diag);
	if (!d.plot)
		return FALSE;
	draw(&d, kind);
	cf_chart_plot_free(d.plot);
	return TRUE;
}

/* What gnuplot complains of costs the picture, not the report: the table is there. */
static void soften(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	cf_warn(ctx, loc, "a chart is shown as a table only: %s", text);
}

static char *join(const char *first, const char *second)
{
	return first && second ? g_strdup_printf("%s; %s", first, second) : g_strdup(first ? first : second);
}

int cf_svg_chart(const struct cf_svg *svg, const struct cf_chart *chart, char **note)
{
	struct cf_diag soft = { .consume = soften, .ctx = svg->html->diag };
	g_autofree char *narrow_id = g_strdup_printf("%s-narrow", svg->id);
	struct cf_svg narrow = *svg;
	double least, most;

	*note = NULL;
	if (!cf_chart_x_range(chart, &least, &most))
		return -1;
	if (!cf_gnuplot_is_there(svg->html->opts->gnuplot)) {
		*note = join(chart->note, "not drawn, since gnuplot isn't installed");
		return -1;
	}
	if (!draw_wide(svg, chart, WIDE, svg->standalone ? "chart" : "chart cf-wide", &soft)) {
		*note = join(chart->note, "not drawn, since gnuplot failed");
		return -1;
	}
	narrow.id = narrow_id;
	if (!svg->standalone)
		draw_wide(&narrow, chart, NARROW, "chart cf-slim", &soft);
	*note = g_strdup(chart->note);
	return 0;
}
