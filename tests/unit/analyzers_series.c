/* SPDX-License-Identifier: MIT */
/* analyzers_series: which charts the measurements of a run become, and churn per month. */
#include "tests/unit/suite.h"

#include <math.h>
#include <string.h>

#include "analyzers/churn/days.h"
#include "analyzers/churn/months.h"
#include "analyzers/series_chart.h"
#include "core/chart.h"
#include "tests/unit/churn_fixture.h"

static void measure(struct cf_trace *trace, const char *name, const char *unit, const char *x, double at,
		    double value)
{
	cf_trace_point(trace, cf_trace_series(trace, name, unit, "lower", x), at, value);
}

static struct cf_doc *charts_of(struct cf_trace *trace)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < trace->series->len; i++)
		g_array_append_val(order, i);
	cf_series_charts(doc, doc->root, trace, order);
	cf_trace_free(trace);
	return doc;
}

static const char *series_name(const struct cf_node *node, uint32_t i)
{
	return cf_chart_series_at(node->chart, i)->name;
}

/* The curve bends back where the system is full, and is in the order of the load. */
START_TEST(a_load_test_in_steps)
{
	static const double load[] = { 10, 20, 40 }, rate[] = { 99, 180, 170 }, ms[] = { 5e6, 8e6, 40e6 };
	struct cf_trace *trace = cf_trace_new();
	const struct cf_node *curve, *by_load;
	struct cf_doc *doc;

	for (int i = 0; i < 3; i++) {
		measure(trace, "throughput", "1/s", "users", load[i], rate[i]);
		measure(trace, "latency p99", "ns", "users", load[i], ms[i]);
		measure(trace, "latency p50", "ns", "users", load[i], ms[i] / 2);
		measure(trace, "latency p99 GET /", "ns", "users", load[i], ms[i]);
		measure(trace, "errors", "ratio", "users", load[i], i * 0.01);
	}
	doc = charts_of(trace);
	curve = doc->root->first;
	ck_assert_str_eq(curve->id, "latency-by-throughput");
	ck_assert_uint_eq(curve->chart->series->len, 2);
	ck_assert_str_eq(series_name(curve, 0), "latency p99");
	ck_assert_str_eq(curve->chart->x.words, "1/s");
	for (guint i = 0; i < 3; i++) {
		ck_assert_double_eq(cf_chart_point_at(cf_chart_series_at(curve->chart, 0), i)->x, rate[i]);
		ck_assert_double_eq(cf_chart_point_at(cf_chart_series_at(curve->chart, 0), i)->y, ms[i]);
	}
	by_load = curve->next;
	ck_assert_str_eq(by_load->id, "series-by-users");
	/* A panel per unit; what an endpoint did is left to the table, and that is said. */
	ck_assert_uint_eq(by_load->chart->panels->len, 3);
	ck_assert_uint_eq(by_load->chart->series->len, 4);
	ck_assert_str_eq(cf_chart_panel_at(by_load->chart, 1)->axis.title, "latency");
	ck_assert_str_eq(by_load->chart->note, "1 more series aren't shown");
	ck_assert_ptr_null(by_load->next);
	cf_doc_free(doc);
}
END_TEST

START_TEST(samples_over_time_and_repetitions)
{
	struct cf_trace *trace = cf_trace_new();
	const struct cf_node *node;
	struct cf_doc *doc;

	for (int i = 0; i < 5; i++) {
		measure(trace, "heap", "bytes", "ns", i * 1e9, i * 1024.0);
		measure(trace, "heap extra", "bytes", "ns", i * 1e9, i);
		measure(trace, "BM_sort", "ns", NULL, NAN, 100 + i);
		measure(trace, "ops", "1/s", NULL, NAN, 7);
		if (i < 2)
			measure(trace, "twice", "ns", NULL, NAN, i);
		/* All at one place: nothing to draw along. */
		measure(trace, "flat", "ns", "users", 8, i);
	}
	doc = charts_of(trace);
	node = doc->root->first;
	ck_assert_str_eq(node->id, "series-by-time");
	ck_assert_int_eq(node->chart->x.unit, CF_UNIT_NS);
	ck_assert_uint_eq(node->chart->panels->len, 1);
	ck_assert_str_eq(cf_chart_panel_at(node->chart, 0)->axis.title, "heap");
	ck_assert_uint_eq(node->chart->series->len, 2);
	node = node->next;
	ck_assert_str_eq(node->id, "repetitions");
	ck_assert_uint_eq(node->chart->series->len, 3);
	ck_assert_str_eq(series_name(node, 0), "BM_sort");
	ck_assert_str_eq(cf_chart_panel_at(node->chart, 1)->axis.words, "1/s");
	ck_assert_str_eq(series_name(node, 2), "flat");
	ck_assert_double_eq(cf_chart_point_at(cf_chart_series_at(node->chart, 0), 4)->x, 5);
	ck_assert_double_eq(cf_chart_point_at(cf_chart_series_at(node->chart, 0), 4)->y, 104);
	ck_assert_uint_eq(node->chart->marks->len, 3);
	ck_assert_double_eq(cf_chart_mark_at(node->chart, 0)->at, 102);
	ck_assert_str_eq(cf_chart_mark_at(node->chart, 0)->label, "median");
	ck_assert_ptr_null(node->next);
	cf_doc_free(doc);
}
END_TEST

START_TEST(nothing_to_draw)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_doc *doc;

	measure(trace, "once", "ns", NULL, NAN, 1);
	measure(trace, "throughput", "1/s", "users", 1, 2);
	measure(trace, "throughput", "1/s", "users", 2, 3);
	doc = charts_of(trace);
	ck_assert_str_eq(doc->root->first->id, "series-by-users");
	ck_assert_ptr_null(doc->root->first->next);
	cf_doc_free(doc);
}
END_TEST

/* Of each file, the revisions of twelve months up to the last commit's; what is older isn't counted. */
START_TEST(trends_of_files)
{
	struct cf_history *h = cf_history_new();
	const struct cf_churn_options options = { 0 };
	struct cf_churn *churn;
	uint32_t entities[2];
	g_autofree double *trends = NULL;
	double sums[2] = { 0, 0 };

	commit(h, "2023-03-31 Ann: a.c +1", 0);
	commit(h, "2023-04-01 Ann: a.c +1, b.c +2", 0);
	commit(h, "2024-02-01 Ann: b.c +2", 0);
	commit(h, "2024-03-01 Ann: b.c +2", 0);
	commit(h, "2024-03-09 Bob: b.c +2", 0);
	cf_history_settle(h, NULL, NULL);
	churn = cf_churn_new(h, &options);
	for (guint e = 0; e < churn->entities->len; e++)
		entities[strcmp(cf_churn_entity(churn, e)->name, "a.c") == 0 ? 0 : 1] = e;
	trends = cf_churn_trends(churn, entities, 2);
	for (int i = 0; i < 2 * CF_MONTHS_TREND; i++)
		sums[i / CF_MONTHS_TREND] += trends[i];
	ck_assert_double_eq(sums[0], 1);
	ck_assert_double_eq(sums[1], 4);
	ck_assert_double_eq(trends[0], 1);
	ck_assert_double_eq(trends[CF_MONTHS_TREND], 1);
	ck_assert_double_eq(trends[2 * CF_MONTHS_TREND - 2], 1);
	ck_assert_double_eq(trends[2 * CF_MONTHS_TREND - 1], 2);
	cf_churn_free(churn);
	cf_history_free(h);
}
END_TEST

START_TEST(months_as_bars)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_analysis analysis = { .doc = doc };
	struct cf_churn_answers answers = { .analysis = &analysis };
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_month));
	const int32_t newest = 2026 * 12 + 2;
	const struct cf_chart *chart;
	g_autofree char *last = NULL;

	for (int32_t back = 150; back >= 0; back -= 3) {
		const struct cf_churn_month row = { newest - back, 5, 100 + back, back };

		g_array_append_val(rows, row);
	}
	cf_churn_months_chart(&answers, doc->root, "c", NULL, "commits", rows);
	chart = doc->root->first->chart;
	/* Ten years of every third month. */
	ck_assert_uint_eq(cf_chart_series_at(chart, 0)->points->len, 40);
	ck_assert_str_eq(chart->note, "the last 120 months");
	last = cf_axis_text(&chart->x, cf_chart_point_at(cf_chart_series_at(chart, 1), 39)->x);
	ck_assert_str_eq(last, "2026-03-01");
	ck_assert_double_eq(cf_chart_point_at(cf_chart_series_at(chart, 1), 39)->y, 100);
	g_array_set_size(rows, 1);
	cf_churn_months_chart(&answers, doc->root, "c", NULL, "commits", rows);
	ck_assert_ptr_null(doc->root->first->next);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers_series");
	TCase *t = tcase_create("series");

	tcase_add_test(t, a_load_test_in_steps);
	tcase_add_test(t, samples_over_time_and_repetitions);
	tcase_add_test(t, nothing_to_draw);
	tcase_add_test(t, trends_of_files);
	tcase_add_test(t, months_as_bars);
	suite_add_tcase(s, t);
	return s;
}
