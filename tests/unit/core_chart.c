/* SPDX-License-Identifier: MIT */
/* core_chart: charts: points that make sense, tables that say the same, few enough points, round moments. */
#include "tests/unit/suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/chart.h"
#include "core/time_ticks.h"

#define DAY G_GINT64_CONSTANT(86400000000000)

static const struct cf_table *data_of(struct cf_doc *doc, struct cf_chart *chart)
{
	cf_chart_finish(chart);
	return cf_doc_chart(doc, doc->root, "c", NULL, chart)->first->table;
}

static const char *column_id(const struct cf_table *table, guint c)
{
	return g_array_index(table->columns, struct cf_column, c).id;
}

/* "1 2 - / 3 - 4 /": numbers of a table, row by row. */
static char *cells_of(const struct cf_table *table)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < table->cells->len; i++) {
		const struct cf_cell *cell = &g_array_index(table->cells, struct cf_cell, i);

		if (cell->type == CF_CELL_INT)
			g_string_append_printf(text, "%d ", (int)cell->i);
		else if (cell->type == CF_CELL_DOUBLE)
			g_string_append_printf(text, "%g ", cell->d);
		else
			g_string_append(text, "- ");
		if ((i + 1) % table->columns->len == 0)
			g_string_append(text, "/ ");
	}
	return g_string_free(text, FALSE);
}

START_TEST(joins_series_by_x)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_chart *chart = cf_chart_new("Load, req/s", CF_UNIT_NONE, "1/s");
	uint32_t panel = cf_chart_panel(chart, NULL, "latency", CF_UNIT_NS, NULL);
	uint32_t a = cf_chart_series(chart, panel, "p99", CF_CHART_LINE);
	uint32_t b = cf_chart_series(chart, panel, "P99!", CF_CHART_POINTS);
	uint32_t c = cf_chart_series(chart, panel, "\xe2\x82\xac", CF_CHART_POINTS);
	const struct cf_table *table;
	g_autofree char *cells = NULL;

	cf_chart_point(chart, a, 30, 3);
	cf_chart_point(chart, a, 10, 1);
	cf_chart_interval(chart, b, 10, 5, 4, 6.5);
	cf_chart_point(chart, b, 10, 7);
	cf_chart_interval(chart, b, 20, 8, 9, 7);
	cf_chart_point(chart, c, 20, NAN);
	cf_chart_point(chart, c, INFINITY, 1);
	cf_chart_point(chart, c, 30, 0.5);
	table = data_of(doc, chart);
	ck_assert_str_eq(column_id(table, 0), "load_req_s");
	ck_assert_str_eq(column_id(table, 1), "p99");
	ck_assert_str_eq(column_id(table, 2), "p99_2");
	ck_assert_str_eq(column_id(table, 3), "p99_low");
	ck_assert_str_eq(column_id(table, 4), "p99_high");
	ck_assert_str_eq(column_id(table, 5), "value");
	cells = cells_of(table);
	/* Two points at one x are two rows; an interval whose ends are swapped is none. */
	ck_assert_str_eq(cells, "10 1 5 4 6.5 - / 10 - 7 - - - / 20 - 8 - - - / 30 3 - - - 0.5 / ");
	cf_doc_free(doc);
}
END_TEST

START_TEST(keeps_the_order_of_a_curve)
{
	static const double xs[] = { 1, 5, 4, 4 };
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_chart *chart = cf_chart_new("throughput", CF_UNIT_COUNT, NULL);
	uint32_t panel = cf_chart_panel(chart, NULL, "latency", CF_UNIT_NS, NULL);
	uint32_t a = cf_chart_series(chart, panel, "a", CF_CHART_LINE);
	uint32_t b = cf_chart_series(chart, panel, "b", CF_CHART_LINE);
	g_autofree char *cells = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(xs); i++) {
		cf_chart_point(chart, a, xs[i], (double)i);
		cf_chart_point(chart, b, xs[i], (double)i * 10);
	}
	cells = cells_of(data_of(doc, chart));
	ck_assert_str_eq(cells, "1 0 0 / 5 1 10 / 4 2 20 / 4 3 30 / ");
	cf_doc_free(doc);
}
END_TEST

START_TEST(is_empty_without_points)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_chart *chart = cf_chart_new(NULL, CF_UNIT_TIME, NULL);
	uint32_t panel = cf_chart_panel(chart, "p", "y", CF_UNIT_COUNT, NULL);
	uint32_t series = cf_chart_series(chart, panel, NULL, CF_CHART_BARS);
	double least, most;

	/* No moment that ns can tell. */
	cf_chart_point(chart, series, 1e19, 1);
	ck_assert_uint_eq(data_of(doc, chart)->cells->len, 0);
	ck_assert(!cf_chart_x_range(chart, &least, &most));
	ck_assert(!cf_chart_y_range(chart, panel, &least, &most));
	cf_doc_free(doc);
	cf_chart_free(NULL);
}
END_TEST

START_TEST(thins_to_the_outline)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_chart *chart = cf_chart_new("x", CF_UNIT_NONE, NULL);
	uint32_t panel = cf_chart_panel(chart, NULL, "y", CF_UNIT_NONE, NULL);
	uint32_t series = cf_chart_series(chart, panel, "s", CF_CHART_LINE);
	const struct cf_chart_series *kept;
	double least, most;

	for (int i = 0; i < 100000; i++)
		cf_chart_point(chart, series, i, i == 54321 ? -7 : i == 77777 ? 1e6 : i % 1000);
	data_of(doc, chart);
	kept = cf_chart_series_at(chart, series);
	ck_assert_uint_eq(kept->added, 100000);
	ck_assert_uint_le(kept->points->len, CF_CHART_POINTS_MAX);
	ck_assert_uint_ge(kept->points->len, CF_CHART_POINTS_MAX / 2);
	ck_assert(cf_chart_y_range(chart, panel, &least, &most));
	ck_assert_double_eq(least, -7);
	ck_assert_double_eq(most, 1e6);
	ck_assert(cf_chart_x_range(chart, &least, &most));
	ck_assert_double_eq(least, 0);
	ck_assert_double_eq(most, 99999);
	ck_assert_ptr_nonnull(strstr(chart->note, "of 100000 points are shown"));
	for (guint i = 1; i < kept->points->len; i++)
		ck_assert_double_lt(cf_chart_point_at(kept, i - 1)->x, cf_chart_point_at(kept, i)->x);
	cf_doc_free(doc);
}
END_TEST

START_TEST(counts_what_is_too_much)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_chart *chart = cf_chart_new("x", CF_UNIT_NONE, NULL);
	struct cf_chart_mark mark = { .panel = CF_CHART_ALL, .at = 3, .label = "here" };

	for (int i = 0; i < CF_CHART_PANELS_MAX + 3; i++) {
		uint32_t panel = cf_chart_panel(chart, NULL, "y", CF_UNIT_NONE, NULL);

		for (int s = 0; s < 3; s++) {
			uint32_t series = cf_chart_series(chart, panel, "s", CF_CHART_LINE);

			cf_chart_point(chart, series, s, i);
		}
		cf_chart_mark(chart, &mark);
		cf_chart_mark(chart, &mark);
	}
	data_of(doc, chart);
	ck_assert_uint_eq(chart->panels->len, CF_CHART_PANELS_MAX);
	ck_assert_uint_eq(chart->series->len, CF_CHART_SERIES_MAX);
	ck_assert_str_eq(chart->note, "21 more series aren't shown; 10 more marks aren't shown");
	cf_doc_free(doc);
}
END_TEST

START_TEST(tells_marks_in_a_table)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_chart *chart = cf_chart_new("month", CF_UNIT_TIME, NULL);
	uint32_t panel = cf_chart_panel(chart, NULL, "latency", CF_UNIT_NS, NULL);
	uint32_t series = cf_chart_series(chart, panel, "s", CF_CHART_LINE);
	struct cf_chart_mark mark = { .panel = panel, .across = TRUE, .at = 5e6, .label = "budget" };
	const struct cf_node *node;

	cf_chart_point(chart, series, 0, 1e6);
	cf_chart_mark(chart, &mark);
	mark = (struct cf_chart_mark){ .panel = CF_CHART_ALL, .at = 2e9 * DAY / 2e9, .label = "change" };
	cf_chart_mark(chart, &mark);
	cf_chart_finish(chart);
	node = cf_doc_chart(doc, doc->root, "c", NULL, chart)->last;
	ck_assert_str_eq(node->id, "c-marks");
	ck_assert_str_eq(cf_table_cell(node, 0, 1)->text, "latency");
	ck_assert_str_eq(cf_table_cell(node, 0, 2)->text, "5.00 ms");
	ck_assert_str_eq(cf_table_cell(node, 1, 1)->text, "month");
	ck_assert_str_eq(cf_table_cell(node, 1, 2)->text, "1970-01-02");
	cf_doc_free(doc);
}
END_TEST

START_TEST(ticks_are_round)
{
	static const struct {
		const char *from, *to, *labels;
	} cases[] = {
		{ "2026-11-23T06:02:11", "2026-11-23T06:02:13.5", "06:02:11 06:02:12 06:02:13 " },
		{ "2026-11-23T22:10", "2026-11-24T02:00", "23:00 11-24 01:00 02:00 " },
		{ "2026-11-23", "2026-11-26", "11-23 11-24 11-25 11-26 " },
		/* Weeks begin on Mondays. */
		{ "2026-11-01", "2026-11-30", "11-02 11-09 11-16 11-23 11-30 " },
		{ "2025-11-15", "2026-03-02", "2025-12 2026-01 2026-02 2026-03 " },
		{ "2024-02-29", "2026-01-01", "2024-07 2025-01 2025-07 2026-01 " },
		{ "2019-06-01", "2025-06-01", "2020 2022 2024 " },
		{ "1965-01-01", "1971-06-01", "1966 1968 1970 " },
		{ "1700-01-01", "2200-01-01", "1700 1800 1900 2000 2100 2200 " },
	};
	g_autoptr(GString) labels = g_string_new(NULL);
	GArray *ticks;
	int64_t from, to;

	ck_assert(cf_time_parse(cases[_i].from, &from) && cf_time_parse(cases[_i].to, &to));
	ticks = cf_time_ticks(from, to, 5);
	for (guint i = 0; i < ticks->len; i++) {
		const struct cf_time_tick *tick = &g_array_index(ticks, struct cf_time_tick, i);

		g_string_append_printf(labels, "%s ", tick->label);
		ck_assert(tick->at >= from && tick->at <= to);
	}
	ck_assert_str_eq(labels->str, cases[_i].labels);
	g_array_unref(ticks);
}
END_TEST

/* Ends of the range neither overflow nor take long. */
START_TEST(ticks_end)
{
	GArray *ticks = cf_time_ticks(INT64_MIN, INT64_MAX, 10);

	ck_assert_uint_lt(ticks->len, 20);
	g_array_unref(ticks);
	ticks = cf_time_ticks(INT64_MAX - 5, INT64_MAX, 10);
	ck_assert_uint_lt(ticks->len, 20);
	g_array_unref(ticks);
	ticks = cf_time_ticks(5, 1, 10);
	ck_assert_uint_eq(ticks->len, 0);
	g_array_unref(ticks);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_chart");
	TCase *t = tcase_create("chart");

	tcase_add_test(t, joins_series_by_x);
	tcase_add_test(t, keeps_the_order_of_a_curve);
	tcase_add_test(t, is_empty_without_points);
	tcase_add_test(t, thins_to_the_outline);
	tcase_add_test(t, counts_what_is_too_much);
	tcase_add_test(t, tells_marks_in_a_table);
	tcase_add_loop_test(t, ticks_are_round, 0, 9);
	tcase_add_test(t, ticks_end);
	suite_add_tcase(s, t);
	return s;
}
