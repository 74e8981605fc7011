/* SPDX-License-Identifier: MIT */
/* chart: series of points over a shared x axis. */
#include "core/chart.h"

#include <math.h>
#include <string.h>

#define MOST_VALUE 1e300 /* differences are finite */
#define MOST_TIME 9.2e18 /* ns that fit an integer */

static const char *keep(struct cf_chart *chart, const char *text)
{
	return text && *text ? g_string_chunk_insert(chart->text, text) : "";
}

static void series_clear(gpointer data)
{
	g_array_unref(((struct cf_chart_series *)data)->points);
}

struct cf_chart *cf_chart_new(const char *x_title, enum cf_unit x_unit, const char *x_words)
{
	struct cf_chart *chart = g_new0(struct cf_chart, 1);

	chart->text = g_string_chunk_new(1024);
	chart->panels = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_panel));
	chart->series = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_series));
	chart->marks = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_mark));
	g_array_set_clear_func(chart->series, series_clear);
	chart->x = (struct cf_chart_axis){ keep(chart, x_title), x_unit, keep(chart, x_words) };
	return chart;
}

void cf_chart_free(struct cf_chart *chart)
{
	if (!chart)
		return;
	g_array_unref(chart->panels);
	g_array_unref(chart->series);
	g_array_unref(chart->marks);
	g_free(chart->note);
	g_string_chunk_free(chart->text);
	g_free(chart);
}

uint32_t cf_chart_panel(struct cf_chart *chart, const char *title, const char *y_title, enum cf_unit unit,
			const char *words)
{
	const struct cf_chart_panel panel = { keep(chart, title),
					      { keep(chart, y_title), unit, keep(chart, words) } };

	if (chart->panels->len >= CF_CHART_PANELS_MAX)
		return CF_CHART_ALL;
	g_array_append_val(chart->panels, panel);
	return chart->panels->len - 1;
}

uint32_t cf_chart_series(struct cf_chart *chart, uint32_t panel, const char *name, enum cf_chart_style style)
{
	struct cf_chart_series series = { .panel = panel, .name = keep(chart, name), .style = style };

	if (panel == CF_CHART_ALL || chart->series->len >= CF_CHART_SERIES_MAX) {
		chart->left_out++;
		return CF_CHART_ALL;
	}
	g_assert(panel < chart->panels->len);
	series.points = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_point));
	g_array_append_val(chart->series, series);
	return chart->series->len - 1;
}

void cf_chart_interval(struct cf_chart *chart, uint32_t series, double x, double y, double low, double high)
{
	struct cf_chart_point point = { x, y, low, high };

	g_assert(!chart->finished);
	if (series == CF_CHART_ALL || !(fabs(x) <= MOST_VALUE) || !(fabs(y) <= MOST_VALUE) ||
	    (chart->x.unit == CF_UNIT_TIME && fabs(x) >= MOST_TIME))
		return;
	if (!(fabs(low) <= MOST_VALUE) || !(fabs(high) <= MOST_VALUE) || low > high)
		point.low = point.high = NAN;
	g_array_append_val(g_array_index(chart->series, struct cf_chart_series, series).points, point);
}

void cf_chart_point(struct cf_chart *chart, uint32_t series, double x, double y)
{
	cf_chart_interval(chart, series, x, y, NAN, NAN);
}

void cf_chart_mark(struct cf_chart *chart, const struct cf_chart_mark *mark)
{
	struct cf_chart_mark kept = *mark;

	if (!(fabs(mark->at) <= MOST_VALUE) ||
	    (chart->x.unit == CF_UNIT_TIME && !mark->across && fabs(mark->at) >= MOST_TIME))
		return;
	g_assert(mark->panel == CF_CHART_ALL || mark->panel < chart->panels->len);
	if (chart->marks->len >= CF_CHART_MARKS_MAX) {
		chart->marks_left_out++;
		return;
	}
	kept.label = keep(chart, mark->label);
	g_array_append_val(chart->marks, kept);
}

/* Of n points from the first on: the first, the last, the least, the greatest, in their order. */
static void keep_outline(GArray *kept, const struct cf_chart_point *points, guint n)
{
	guint least = 0, most = 0;

	for (guint i = 1; i < n; i++) {
		if (points[i].y < points[least].y)
			least = i;
		if (points[i].y > points[most].y)
			most = i;
	}
	for (guint i = 0; i < n; i++)
		if (i == 0 || i == n - 1 || i == least || i == most)
			g_array_append_val(kept, points[i]);
}

static void thin(struct cf_chart_series *series)
{
	const struct cf_chart_point *points = (const struct cf_chart_point *)(gpointer)series->points->data;
	const guint n = series->points->len, stretches = CF_CHART_POINTS_MAX / 4;
	GArray *kept;

	series->added = n;
	if (n <= CF_CHART_POINTS_MAX)
		return;
	kept = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_point));
	for (guint s = 0; s < stretches; s++) {
		guint from = (guint)((guint64)n * s / stretches);
		guint to = (guint)((guint64)n * (s + 1) / stretches);

		keep_outline(kept, points + from, to - from);
	}
	g_array_unref(series->points);
	series->points = kept;
}

static void add_note(struct cf_chart *chart, char *words)
{
	char *all = chart->note ? g_strdup_printf("%s; %s", chart->note, words) : g_strdup(words);

	g_free(chart->note);
	chart->note = all;
	g_free(words);
}

void cf_chart_finish(struct cf_chart *chart)
{
	guint thinned = 0, added = 0, left = 0;

	g_assert(!chart->finished);
	chart->finished = TRUE;
	for (guint i = 0; i < chart->series->len; i++) {
		struct cf_chart_series *series = &g_array_index(chart->series, struct cf_chart_series, i);

		thin(series);
		if (series->points->len < series->added) {
			thinned++;
			added += series->added;
			left += series->points->len;
		}
	}
	if (thinned)
		add_note(chart, g_strdup_printf("%u of %u points are shown: the first, least, greatest "
						"and last of each stretch",
						left, added));
	if (chart->left_out)
		add_note(chart, g_strdup_printf("%u more series aren't shown", chart->left_out));
	if (chart->marks_left_out)
		add_note(chart, g_strdup_printf("%u more marks aren't shown", chart->marks_left_out));
}

static void widen(double value, gboolean *any, double *least, double *most)
{
	if (!isfinite(value))
		return;
	*least = *any ? MIN(*least, value) : value;
	*most = *any ? MAX(*most, value) : value;
	*any = TRUE;
}

gboolean cf_chart_x_range(const struct cf_chart *chart, double *least, double *most)
{
	gboolean any = FALSE;

	for (guint i = 0; i < chart->series->len; i++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, i);

		for (guint p = 0; p < series->points->len; p++)
			widen(cf_chart_point_at(series, p)->x, &any, least, most);
	}
	for (guint i = 0; any && i < chart->marks->len; i++)
		if (!cf_chart_mark_at(chart, i)->across)
			widen(cf_chart_mark_at(chart, i)->at, &any, least, most);
	return any;
}

gboolean cf_chart_y_range(const struct cf_chart *chart, uint32_t panel, double *least, double *most)
{
	gboolean any = FALSE;

	for (guint i = 0; i < chart->series->len; i++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, i);

		for (guint p = 0; series->panel == panel && p < series->points->len; p++) {
			widen(cf_chart_point_at(series, p)->y, &any, least, most);
			widen(cf_chart_point_at(series, p)->low, &any, least, most);
			widen(cf_chart_point_at(series, p)->high, &any, least, most);
		}
	}
	for (guint i = 0; any && i < chart->marks->len; i++) {
		const struct cf_chart_mark *mark = cf_chart_mark_at(chart, i);

		if (mark->across && (mark->panel == panel || mark->panel == CF_CHART_ALL))
			widen(mark->at, &any, least, most);
	}
	return any;
}

gboolean cf_chart_from_zero(const struct cf_chart *chart, uint32_t panel, double least, double most)
{
	for (guint i = 0; i < chart->series->len; i++)
		if (cf_chart_series_at(chart, i)->panel == panel &&
		    cf_chart_series_at(chart, i)->style == CF_CHART_BARS)
			return TRUE;
	return least >= 0 && least <= 0.6 * most;
}

char *cf_axis_text(const struct cf_chart_axis *axis, double value)
{
	/* Nothing is nothing in any unit. */
	g_autofree char *text = value == 0 && axis->unit != CF_UNIT_TIME && !*axis->words
					? g_strdup("0")
					: cf_unit_text(axis->unit, value);

	if (axis->unit == CF_UNIT_TIME && g_str_has_suffix(text, " 00:00Z"))
		text[strlen(text) - strlen(" 00:00Z")] = '\0';
	return *axis->words ? g_strdup_printf("%s %s", text, axis->words) : g_steal_pointer(&text);
}
