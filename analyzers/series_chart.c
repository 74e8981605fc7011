/* SPDX-License-Identifier: MIT */
/* series_chart: the measurements of a run as charts. */
#include "analyzers/series_chart.h"

#include <math.h>
#include <string.h>

#include "analyzers/stat/order.h"
#include "core/chart.h"

#define LEAST_POINTS 3 /* from which on repetitions are worth a picture */
#define PANEL_SERIES 8 /* in one panel; those that are beyond get the next one */

/* What a load test is about; the rest of what it measured is in the table. */
static const char *const core_names[] = { "throughput",  "errors",      "latency",    "latency p50",
					  "latency p90", "latency p95", "latency p99" };

/* A series with its points, in the order of the input. */
struct line {
	const char *name, *unit, *x;
	GArray *points; /* struct cf_point */
	gboolean done;  /* it is in a chart */
};

static void line_clear(gpointer data)
{
	g_array_unref(((struct line *)data)->points);
}

enum cf_unit cf_series_unit(const char *unit, const char **words)
{
	const enum cf_unit known = cf_unit_from_name(unit);

	*words = known == CF_UNIT_NONE ? unit : "";
	return known;
}

static const struct cf_point *point_at(const struct line *line, guint i)
{
	return &g_array_index(line->points, struct cf_point, i);
}

static GArray *lines_of(const struct cf_trace *trace, const GArray *order)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	g_autofree guint *at = g_new0(guint, trace->series->len + 1);

	g_array_set_clear_func(lines, line_clear);
	for (guint i = 0; i < order->len; i++) {
		const guint number = g_array_index(order, guint, i);
		const struct cf_series_info *info =
			&g_array_index(trace->series, struct cf_series_info, number);
		const struct line line = { cf_dict_text(trace->dict, info->name),
					   cf_dict_text(trace->dict, info->unit),
					   cf_dict_text(trace->dict, info->x),
					   g_array_new(FALSE, FALSE, sizeof(struct cf_point)), FALSE };

		at[number] = i;
		g_array_append_val(lines, line);
	}
	for (guint i = 0; i < trace->points->len; i++) {
		const struct cf_point *point = &g_array_index(trace->points, struct cf_point, i);

		g_array_append_vals(g_array_index(lines, struct line, at[point->series.id]).points, point, 1);
	}
	return lines;
}

static gboolean is_along_x(const struct line *line)
{
	double first = NAN;

	for (guint i = 0; *line->x && i < line->points->len; i++) {
		const double x = point_at(line, i)->x;

		if (isfinite(x) && isfinite(first) && x != first)
			return TRUE;
		first = isfinite(first) ? first : x;
	}
	return FALSE;
}

/* "latency p99 GET /" -> "latency": what an axis of several may be called. Caller frees. */
static char *first_word(const char *name)
{
	return g_strndup(name, strcspn(name, " "));
}

/* What the lines of a panel have in common: a name, the first word, else what the unit tells. Caller frees. */
static char *axis_title(const GArray *lines, const guint *members, guint n)
{
	static const char *const kinds[][2] = {
		{ "ns", "time" }, { "bytes", "memory" }, { "ratio", "share" }, { "count", "number" }
	};
	const struct line *first = &g_array_index(lines, struct line, members[0]);
	g_autofree char *word = n == 1 ? g_strdup(first->name) : first_word(first->name);
	gboolean alike = TRUE;

	for (guint i = 1; i < n; i++) {
		g_autofree char *other = first_word(g_array_index(lines, struct line, members[i]).name);

		alike &= !strcmp(word, other);
	}
	if (alike)
		return g_steal_pointer(&word);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(first->unit, kinds[i][0]))
			return g_strdup(kinds[i][1]);
	return g_strdup(*first->unit ? first->unit : "value");
}

/* Single requests at their moments are points; what is sampled at steps is a line. */
static enum cf_chart_style style_of(const struct line *line)
{
	return !strcmp(line->x, "ns") && !strcmp(line->unit, "ns") ? CF_CHART_POINTS : CF_CHART_LINE;
}

static void add_line(struct cf_chart *chart, uint32_t panel, const struct line *line)
{
	const uint32_t series = cf_chart_series(chart, panel, line->name, style_of(line));

	for (guint i = 0; i < line->points->len; i++)
		cf_chart_point(chart, series, point_at(line, i)->x, point_at(line, i)->value);
}

/* A panel of all lines along x that have the unit of the first that isn't done. */
static void add_panel(struct cf_chart *chart, GArray *lines, const char *x)
{
	guint members[PANEL_SERIES], n = 0;
	const char *unit = NULL, *words;
	g_autofree char *title = NULL;
	enum cf_unit known;
	uint32_t panel;

	for (guint i = 0; i < lines->len && n < PANEL_SERIES; i++) {
		struct line *line = &g_array_index(lines, struct line, i);

		if (line->done || !is_along_x(line) || strcmp(line->x, x) ||
		    (unit && strcmp(unit, line->unit)))
			continue;
		unit = line->unit;
		line->done = TRUE;
		members[n++] = i;
	}
	g_assert(n > 0);
	title = axis_title(lines, members, n);
	known = cf_series_unit(unit, &words);
	panel = cf_chart_panel(chart, NULL, title, known, words);
	for (guint i = 0; i < n; i++)
		add_line(chart, panel, &g_array_index(lines, struct line, members[i]));
}

static gboolean is_core(const struct line *line)
{
	for (size_t i = 0; i < G_N_ELEMENTS(core_names); i++)
		if (!strcmp(line->name, core_names[i]))
			return TRUE;
	return FALSE;
}

/* Of a load test along its steps only the core is drawn: all endpoints' percentiles would be a hundred lines. */
static guint leave_core(GArray *lines, const char *x)
{
	gboolean is_load = FALSE;
	guint left_out = 0;

	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);

		is_load |= !strcmp(line->name, "throughput") && !strcmp(line->x, x);
	}
	for (guint i = 0; is_load && i < lines->len; i++) {
		struct line *line = &g_array_index(lines, struct line, i);

		if (line->done || strcmp(line->x, x) || is_core(line) || !is_along_x(line))
			continue;
		line->done = TRUE;
		left_out++;
	}
	return left_out;
}

static gboolean any_left(const GArray *lines, const char *x)
{
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);

		if (!line->done && is_along_x(line) && !strcmp(line->x, x))
			return TRUE;
	}
	return FALSE;
}

/* "series-by-time"; what isn't a letter or digit is left out. Caller frees. */
static char *chart_id(const char *title)
{
	GString *id = g_string_new("series-by-");

	for (; *title && id->len < 40; title++)
		if (g_ascii_isalnum(*title))
			g_string_append_c(id, g_ascii_tolower(*title));
	return g_string_free(id, FALSE);
}

static void add_by_x(struct cf_doc *doc, struct cf_node *section, GArray *lines, const char *x)
{
	const char *words;
	const enum cf_unit unit = cf_series_unit(x, &words);
	const char *title = unit == CF_UNIT_NS ? "time" : unit == CF_UNIT_BYTES ? "bytes allocated" : x;
	struct cf_chart *chart = cf_chart_new(title, unit, "");
	g_autofree char *id = chart_id(unit == CF_UNIT_BYTES ? "bytes" : title);
	g_autofree char *caption = g_strdup_printf("By %s", title);

	chart->left_out = leave_core(lines, x);
	while (any_left(lines, x))
		add_panel(chart, lines, x);
	cf_chart_finish(chart);
	cf_doc_chart(doc, section, id, caption, chart);
}

/* ---- latency by throughput ---- */

static gboolean same_steps(const struct line *a, const struct line *b)
{
	if (a->points->len != b->points->len || strcmp(a->x, b->x))
		return FALSE;
	for (guint i = 0; i < a->points->len; i++)
		if (point_at(a, i)->x != point_at(b, i)->x)
			return FALSE;
	return TRUE;
}

/* The curve that a load test is made for: it turns up, or back, where the system is full. */
static void add_throughput(struct cf_doc *doc, struct cf_node *section, const GArray *lines)
{
	const struct line *throughput = NULL;
	struct cf_chart *chart;
	uint32_t panel;
	guint n = 0;

	for (guint i = 0; i < lines->len && !throughput; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);

		if (!strcmp(line->name, "throughput") && is_along_x(line) && strcmp(line->x, "ns"))
			throughput = line;
	}
	if (!throughput)
		return;
	chart = cf_chart_new("throughput", CF_UNIT_NONE, throughput->unit);
	panel = cf_chart_panel(chart, NULL, "latency", CF_UNIT_NS, NULL);
	for (guint i = 0; i < lines->len && n < PANEL_SERIES; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);
		uint32_t series;

		if (!is_core(line) || !g_str_has_prefix(line->name, "latency") || strcmp(line->unit, "ns") ||
		    !same_steps(line, throughput))
			continue;
		series = cf_chart_series(chart, panel, line->name, CF_CHART_LINE);
		for (guint p = 0; p < line->points->len; p++)
			cf_chart_point(chart, series, point_at(throughput, p)->value,
				       point_at(line, p)->value);
		n++;
	}
	if (!n) {
		cf_chart_free(chart);
		return;
	}
	cf_chart_finish(chart);
	cf_doc_chart(doc, section, "latency-by-throughput", "Latency by throughput", chart);
}

/* ---- repetitions ---- */

static void add_median(struct cf_chart *chart, uint32_t panel, const struct line *line)
{
	g_autofree double *values = g_new(double, line->points->len + 1);
	struct cf_chart_mark mark = { .panel = panel, .across = TRUE, .label = "median" };
	size_t n = 0;

	for (guint p = 0; p < line->points->len; p++)
		if (cf_value_usable(point_at(line, p)->value))
			values[n++] = point_at(line, p)->value;
	mark.at = cf_median(values, n);
	if (panel != CF_CHART_ALL)
		cf_chart_mark(chart, &mark);
}

static void add_repetitions(struct cf_doc *doc, struct cf_node *section, GArray *lines)
{
	struct cf_chart *chart = cf_chart_new("repetition", CF_UNIT_COUNT, NULL);

	for (guint i = 0; i < lines->len; i++) {
		struct line *line = &g_array_index(lines, struct line, i);
		const char *words;
		const enum cf_unit unit = cf_series_unit(line->unit, &words);
		uint32_t panel, series;

		if (line->done || line->points->len < LEAST_POINTS)
			continue;
		panel = cf_chart_panel(chart, NULL, line->name, unit, words);
		series = cf_chart_series(chart, panel, line->name, CF_CHART_POINTS);
		add_median(chart, panel, line);
		for (guint p = 0; p < line->points->len; p++)
			cf_chart_point(chart, series, p + 1, point_at(line, p)->value);
	}
	if (!chart->series->len) {
		cf_chart_free(chart);
		return;
	}
	cf_chart_finish(chart);
	cf_doc_chart(doc, section, "repetitions", "Each repetition", chart);
}

void cf_series_charts(struct cf_doc *doc, struct cf_node *section, const struct cf_trace *trace,
		      const GArray *order)
{
	g_autoptr(GArray) lines = lines_of(trace, order);

	add_throughput(doc, section, lines);
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);

		if (!line->done && is_along_x(line))
			add_by_x(doc, section, lines, line->x);
	}
	add_repetitions(doc, section, lines);
}
