/* SPDX-License-Identifier: MIT */
/* chart_plot: how a chart is laid out for gnuplot. */
#include "render/chart_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/time_ticks.h"
#include "render/svg.h"

#define NS_PER_S 1e9
#define MARGIN 10
#define LEFT 52 /* room for the labels of y */
#define LINE 17
#define HEAD_GAP 6
#define SWATCH 22
#define NAME_COLUMNS 36
#define FOOT 38      /* the labels and the words of the x axis */
#define PANEL_GAP 12 /* below a panel that isn't the last */
#define TICK_COLUMNS 9.0
#define FLAT 0.0005 /* of the axis: what is lower is no bar to be seen, and gnuplot draws none of no height */
#define BAR_SHARE 0.8 /* of the distance of bars */

void cf_chart_plot_free(struct cf_chart_plot *plot)
{
	if (!plot)
		return;
	cf_plot_clear(&plot->plot);
	g_array_unref(plot->y_scales);
	g_array_unref(plot->heads);
	g_array_unref(plot->legend);
	g_array_unref(plot->marks);
	g_array_unref(plot->sources);
	if (plot->time_ticks)
		g_array_unref(plot->time_ticks);
	g_free(plot);
}

/* What values are divided by for gnuplot, so that its ticks are round in the unit that is shown. */
static struct cf_scale scale_of(enum cf_unit unit, double least, double most)
{
	if (unit == CF_UNIT_TIME)
		return (struct cf_scale){ .divisor = NS_PER_S, .suffix = "" };
	return cf_unit_scale(unit, MAX(fabs(least), fabs(most)));
}

static guint series_of_panel(const struct cf_chart *chart, guint panel)
{
	guint n = 0;

	for (guint s = 0; s < chart->series->len; s++)
		n += cf_chart_series_at(chart, s)->panel == panel;
	return n;
}

static guint bars_of_panel(const struct cf_chart *chart, guint panel)
{
	guint n = 0;

	for (guint s = 0; s < chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, s);

		n += series->panel == panel && series->style == CF_CHART_BARS;
	}
	return n;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The least distance of two bars, 0 where there is but one. */
static double bar_distance(const struct cf_chart *chart)
{
	g_autoptr(GArray) xs = g_array_new(FALSE, FALSE, sizeof(double));
	double distance = 0;

	for (guint s = 0; s < chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, s);

		for (guint i = 0; series->style == CF_CHART_BARS && i < series->points->len; i++)
			g_array_append_val(xs, cf_chart_point_at(series, i)->x);
	}
	if (xs->len)
		qsort(xs->data, xs->len, sizeof(double), by_value);
	for (guint i = 1; i < xs->len; i++) {
		double gap = g_array_index(xs, double, i) - g_array_index(xs, double, i - 1);

		if (gap > 0 && (distance == 0 || gap < distance))
			distance = gap;
	}
	return distance;
}

/* Widened by a share; values that are all alike get some room. */
static void pad(double *least, double *most, double share, double room)
{
	double by = *most > *least ? (*most - *least) * share : room;

	*least -= by;
	*most += by;
}

static void place_y(struct cf_chart_plot *cp, guint p, struct cf_plot_panel *panel)
{
	const struct cf_chart *chart = cp->chart;
	double least = 0, most = 1;
	struct cf_scale scale;
	gboolean zero;

	if (!cf_chart_y_range(chart, p, &least, &most))
		least = 0;
	zero = cf_chart_from_zero(chart, p, least, most);
	scale = scale_of(cf_chart_panel_at(chart, p)->axis.unit, least, most);
	least /= scale.divisor;
	most /= scale.divisor;
	if (zero) {
		most = MAX(most, 0);
		least = MIN(least, 0);
		most += most > least ? (most - least) * 0.06 : 1;
		least -= least < 0 ? (most - least) * 0.06 : 0;
	} else {
		pad(&least, &most, 0.08, MAX(fabs(most) * 0.1, 1e-9));
	}
	panel->least = least;
	panel->most = most;
	/* Half a request is no tick. */
	if (cf_chart_panel_at(chart, p)->axis.unit == CF_UNIT_COUNT && scale.divisor == 1 && most - least < 5)
		panel->step = 1;
	g_array_append_val(cp->y_scales, scale);
}

static void place_x(struct cf_chart_plot *cp, double distance)
{
	const struct cf_chart *chart = cp->chart;
	gboolean time = chart->x.unit == CF_UNIT_TIME;
	double least = 0, most = 1;

	cf_chart_x_range(chart, &least, &most);
	cp->x_scale = scale_of(chart->x.unit, least, most);
	least /= cp->x_scale.divisor;
	most /= cp->x_scale.divisor;
	if (distance > 0) {
		least -= distance / cp->x_scale.divisor * 0.55;
		most += distance / cp->x_scale.divisor * 0.55;
	}
	pad(&least, &most, 0.02, time ? 43200 : 0.5);
	cp->plot.least = least;
	cp->plot.most = most;
	if (!time)
		return;
	cp->time_ticks = cf_time_ticks((int64_t)CLAMP(least * NS_PER_S, -9e18, 9e18),
				       (int64_t)CLAMP(most * NS_PER_S, -9e18, 9e18),
				       (guint)(cp->plot.width / (TICK_COLUMNS * CF_SVG_SMALL)));
	for (guint i = 0; i < cp->time_ticks->len; i++) {
		double at = (double)g_array_index(cp->time_ticks, struct cf_time_tick, i).at / NS_PER_S;

		g_array_append_val(cp->plot.x_ticks, at);
	}
}

/* Rows of the legend of a panel. */
static guint place_legend(struct cf_chart_plot *cp, guint p)
{
	double x = MARGIN;
	guint row = 0, n = 0;

	for (guint s = 0; s < cp->chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(cp->chart, s);
		const int most =
			MIN(NAME_COLUMNS, (int)((cp->plot.width - 2 * MARGIN - SWATCH) / CF_SVG_SMALL));
		struct cf_chart_key key = { .series = s };
		double width;

		if (series->panel != p)
			continue;
		key.columns = cf_svg_columns(series->name, most);
		width = SWATCH + key.columns * CF_SVG_SMALL;
		if (n++ && x + width > cp->plot.width - MARGIN) {
			x = MARGIN;
			row++;
		}
		key.x = x;
		key.row = row;
		x += width + 16;
		g_array_append_val(cp->legend, key);
	}
	return n ? row + 1 : 0;
}

/* A legend that only repeats what stands above it says nothing. */
static gboolean needs_legend(const struct cf_chart *chart, guint p)
{
	const struct cf_chart_panel *panel = cf_chart_panel_at(chart, p);

	if (series_of_panel(chart, p) > 1)
		return TRUE;
	for (guint s = 0; s < chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, s);

		if (series->panel == p)
			return *series->name && strcmp(series->name, panel->axis.title) &&
			       strcmp(series->name, panel->title);
	}
	return FALSE;
}

static void place_panels(struct cf_chart_plot *cp)
{
	const struct cf_chart *chart = cp->chart;
	const guint n = chart->panels->len;
	const double tall = n == 1 ? 190 : n <= 3 ? 130 : 90;
	double y = MARGIN;

	for (guint p = 0; p < n; p++) {
		struct cf_plot_panel panel = { .left = LEFT, .right = cp->plot.width - MARGIN };
		struct cf_chart_head head = { .legend = needs_legend(chart, p) };

		place_y(cp, p, &panel);
		head.title = *cf_chart_panel_at(chart, p)->title != '\0';
		head.axis = TRUE;
		head.height = LINE * (head.title + head.axis) + HEAD_GAP;
		if (head.legend)
			head.height += LINE * place_legend(cp, p);
		panel.top = y + head.height;
		panel.bottom = panel.top + tall;
		y = panel.bottom + PANEL_GAP;
		g_array_append_val(cp->plot.panels, panel);
		g_array_append_val(cp->heads, head);
	}
	cp->plot.height = y - PANEL_GAP + FOOT;
}

static void add_series(struct cf_chart_plot *cp, double distance)
{
	g_autofree guint *bars = g_new0(guint, cp->chart->panels->len + 1);

	for (guint s = 0; s < cp->chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(cp->chart, s);
		const double y_divisor = g_array_index(cp->y_scales, struct cf_scale, series->panel).divisor;
		struct cf_plot_series plotted = { .panel = series->panel,
						  .line = series->style == CF_CHART_LINE,
						  .first = cp->plot.points->len };
		const struct cf_plot_panel *panel =
			&g_array_index(cp->plot.panels, struct cf_plot_panel, series->panel);
		const double flat = (panel->most - panel->least) * FLAT;
		double shift = 0;

		if (series->style == CF_CHART_BARS) {
			guint n = bars_of_panel(cp->chart, series->panel);
			double room = distance > 0 ? distance / cp->x_scale.divisor
						   : (cp->plot.most - cp->plot.least) * 0.3;

			plotted.bar = room * BAR_SHARE / n;
			shift = plotted.bar * (bars[series->panel]++ - (n - 1) / 2.0);
		}
		for (guint i = 0; i < series->points->len; i++) {
			const struct cf_chart_point *point = cf_chart_point_at(series, i);
			const struct cf_plot_point at = { point->x / cp->x_scale.divisor + shift,
							  point->y / y_divisor, point->low / y_divisor,
							  point->high / y_divisor };

			if (plotted.bar > 0 && fabs(at.y) < flat)
				continue;
			g_array_append_val(cp->plot.points, at);
			g_array_append_val(cp->sources, i);
			plotted.n++;
		}
		g_array_append_val(cp->plot.series, plotted);
	}
}

G_STATIC_ASSERT(CF_CHART_MARKS_MAX *CF_CHART_PANELS_MAX <= 250);

static void add_rules(struct cf_chart_plot *cp)
{
	for (guint i = 0; i < cp->chart->marks->len; i++) {
		const struct cf_chart_mark *mark = cf_chart_mark_at(cp->chart, i);

		for (guint p = 0; p < cp->chart->panels->len; p++) {
			const struct cf_scale *scale =
				mark->across ? &g_array_index(cp->y_scales, struct cf_scale, p)
					     : &cp->x_scale;
			const struct cf_plot_rule rule = { p, mark->across, mark->at / scale->divisor };

			if ((mark->panel != p && mark->panel != CF_CHART_ALL))
				continue;
			g_array_append_val(cp->plot.rules, rule);
			g_array_append_val(cp->marks, i);
		}
	}
}

/* What the labels of y need, now that they are known. */
static double labels_width(const struct cf_chart_plot *cp)
{
	int columns = 0;

	for (guint i = 0; i < cp->plot.ticks->len; i++) {
		const struct cf_plot_tick *tick = &g_array_index(cp->plot.ticks, struct cf_plot_tick, i);
		g_autofree char *text = tick->y ? cf_chart_plot_label(cp, tick) : NULL;

		columns = text ? MAX(columns, (int)strlen(text)) : columns;
	}
	return columns * CF_SVG_SMALL + 10;
}

struct cf_chart_plot *cf_chart_plot(const struct cf_chart *chart, double width, const char *program,
				    struct cf_diag *diag)
{
	struct cf_chart_plot *cp = g_new0(struct cf_chart_plot, 1);
	const double distance = bar_distance(chart);
	double left;

	cp->chart = chart;
	cf_plot_init(&cp->plot);
	cp->y_scales = g_array_new(FALSE, FALSE, sizeof(struct cf_scale));
	cp->heads = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_head));
	cp->legend = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_key));
	cp->marks = g_array_new(FALSE, FALSE, sizeof(guint));
	cp->sources = g_array_new(FALSE, FALSE, sizeof(guint));
	cp->plot.width = width;
	place_x(cp, distance);
	place_panels(cp);
	add_series(cp, distance);
	add_rules(cp);
	if (cf_gnuplot_layout(&cp->plot, program, diag) < 0) {
		cf_chart_plot_free(cp);
		return NULL;
	}
	left = MIN(labels_width(cp), width / 2);
	if (left <= LEFT)
		return cp;
	for (guint p = 0; p < cp->plot.panels->len; p++)
		g_array_index(cp->plot.panels, struct cf_plot_panel, p).left = left;
	if (cf_gnuplot_layout(&cp->plot, program, diag) == 0)
		return cp;
	cf_chart_plot_free(cp);
	return NULL;
}

char *cf_chart_plot_axis(const struct cf_chart_plot *cp, uint32_t panel)
{
	const struct cf_chart_axis *axis =
		panel == CF_CHART_ALL ? &cp->chart->x : &cf_chart_panel_at(cp->chart, panel)->axis;
	const struct cf_scale *scale =
		panel == CF_CHART_ALL ? &cp->x_scale : &g_array_index(cp->y_scales, struct cf_scale, panel);
	const char *gap = *scale->suffix && *axis->words ? " " : "";

	if (axis->unit == CF_UNIT_TIME)
		return g_strdup_printf("%s (UTC)", axis->title);
	if (!*scale->suffix && !*axis->words)
		return g_strdup(axis->title);
	return g_strdup_printf("%s (%s%s%s)", axis->title, scale->suffix, gap, axis->words);
}

char *cf_chart_plot_label(const struct cf_chart_plot *cp, const struct cf_plot_tick *tick)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	for (guint i = 0; !tick->y && cp->time_ticks && i < cp->time_ticks->len; i++)
		if (g_array_index(cp->plot.x_ticks, double, i) == tick->value)
			return g_strdup(g_array_index(cp->time_ticks, struct cf_time_tick, i).label);
	g_ascii_formatd(text, sizeof(text), "%.12g", tick->value);
	return g_strdup(text);
}
