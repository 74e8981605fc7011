/* SPDX-License-Identifier: MIT */
/* store_facts: calls, lines, spans and points go in, are seen by the views and come back the same. */
#include "tests/unit/store_fixture.h"

#include <math.h>
#include <string.h>

/* main calls work twice and log once; work calls itself and log. */
static struct cf_trace *call_trace(void)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_dict *d = t->dict;
	struct cf_module module =
		cf_dict_module(d, (struct cf_module_info){ .name = cf_dict_str(d, "a.out", -1) });
	struct cf_func main_func = fixture_func(t, module, "main"), work = fixture_func(t, module, "work");
	struct cf_func log = fixture_func(t, module, "log");
	struct cf_metric ir = cf_trace_metric(t, "Ir", CF_UNIT_COUNT);
	struct cf_str file = cf_dict_str(d, "a.c", -1);

	cf_trace_line(t, &(struct cf_line_cost){ main_func, ir, file, 3, 4, 0 });
	cf_trace_line(t, &(struct cf_line_cost){ main_func, ir, file, 4, 6, 0 });
	cf_trace_line(t, &(struct cf_line_cost){ work, ir, file, 9, 50, 0 });
	cf_trace_line(t, &(struct cf_line_cost){ work, ir, file, 9, 20, 0 });
	cf_trace_line(t, &(struct cf_line_cost){ log, ir, file, 12, 20, 0 });
	cf_trace_call(t, &(struct cf_call_cost){ main_func, work, ir, 85, 2 });
	cf_trace_call(t, &(struct cf_call_cost){ work, work, ir, 30, 1 });
	cf_trace_call(t, &(struct cf_call_cost){ work, log, ir, 15, 3 });
	cf_trace_call(t, &(struct cf_call_cost){ main_func, log, ir, 5, 1 });
	t->meta.name = g_strdup("calls");
	return t;
}

static struct cf_trace *span_trace(void)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_dict *d = t->dict;
	struct cf_str api = cf_dict_str(d, "api", -1), get = cf_dict_str(d, "GET /", -1),
		      id = cf_dict_str(d, "t1", -1);
	struct cf_str db = cf_dict_str(d, "db", -1), select = cf_dict_str(d, "SELECT", -1),
		      pg = cf_dict_str(d, "pg", -1);
	uint32_t thread = cf_trace_thread(t, 3, 4, "worker").id;

	cf_trace_span(t, &(struct cf_span){
				 id, 0, api, get, { 0 }, thread, CF_SPAN_SERVER, CF_SPAN_OK, 1000, 100 });
	cf_trace_span(t, &(struct cf_span){ id, 1, db, select, pg, CF_NO_THREAD, CF_SPAN_CLIENT,
					    CF_SPAN_ERROR, 1010, 40 });
	/* Overlaps the one before by 20, and outlasts its parent by 30. */
	cf_trace_span(t, &(struct cf_span){ id, 1, db, select, pg, CF_NO_THREAD, CF_SPAN_CLIENT,
					    CF_SPAN_UNSET, 1030, 100 });
	cf_trace_span(t,
		      &(struct cf_span){
			      id, 1, api, get, { 0 }, CF_NO_THREAD, CF_SPAN_ASYNC, CF_SPAN_UNSET, 1000, 7 });
	cf_trace_span_stacks(t);
	t->meta.name = g_strdup("spans");
	return t;
}

static struct cf_trace *point_trace(void)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_series sort = cf_trace_series(t, "BM_Sort", "ns", "lower", NULL);
	struct cf_series load = cf_trace_series(t, "throughput", "1/s", "higher", "users");

	cf_trace_point(t, sort, NAN, 12.5);
	cf_trace_point(t, load, 1, 100);
	cf_trace_point(t, sort, NAN, 13.25);
	cf_trace_point(t, load, 2, 190.5);
	cf_trace_point(t, load, 3, INFINITY);
	t->meta.name = g_strdup("points");
	return t;
}

/* What is loaded and stored in another store is the same store. */
static void same_again(struct fixture *f, struct cf_store *store, int64_t run, const char *hash)
{
	struct cf_trace *back = cf_trace_new();
	struct fixture other;
	struct cf_store *copy = fixture_open_memory(&other);
	g_autofree char *before = fixture_dump(f, store), *after = NULL;

	ck_assert_int_eq(cf_store_load(store, run, 1, CF_FACTS_LINES | CF_FACTS_SPANS | CF_FACTS_POINTS, back,
				       &f->diag),
			 0);
	fixture_put(&other, copy, hash, back);
	after = fixture_dump(&other, copy);
	ck_assert_str_eq(after, before);
	fixture_close(&other, copy);
}

START_TEST(test_calls)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	int64_t run = fixture_put(&f, store, "00aa", call_trace());
	g_autofree char *funcs = NULL, *edges = NULL, *lines = NULL, *runs = NULL;

	funcs = fixture_query(&f, store,
			      "SELECT function, self, total, total_samples FROM v_func ORDER BY self DESC");
	ck_assert_str_eq(funcs, "work|70|85|3\nlog|20|20|4\nmain|10|100|0\n");
	edges = fixture_query(&f, store,
			      "SELECT caller, callee, weight, samples FROM v_edge ORDER BY weight");
	ck_assert_str_eq(edges, "main|log|5|1\nwork|log|15|3\nwork|work|30|1\nmain|work|85|2\n");
	lines = fixture_query(&f, store, "SELECT file, line, function, self FROM v_line ORDER BY line");
	ck_assert_str_eq(lines, "a.c|3|main|4\na.c|4|main|6\na.c|9|work|70\na.c|12|log|20\n");
	runs = fixture_query(&f, store, "SELECT facts, samples, weight FROM v_run");
	ck_assert_str_eq(runs, "calls,lines|0|100\n");
	same_again(&f, store, run, "00aa");
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_spans)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	int64_t run = fixture_put(&f, store, "00aa", span_trace());
	g_autofree char *spans = NULL, *operations = NULL, *stacks = NULL, *runs = NULL;

	spans = fixture_query(
		&f, store,
		"SELECT trace, span, parent, service, name, kind, status, duration_ns, peer, tid FROM v_span "
		"WHERE span < 3 ORDER BY span");
	ck_assert_str_eq(spans, "t1|1|NULL|api|GET /|server|ok|100|NULL|4\n"
				"t1|2|1|db|SELECT|client|error|40|pg|NULL\n");
	operations = fixture_query(
		&f, store,
		"SELECT service, name, count, errors, sum_ns, min_ns, max_ns, p50_ns, p95_ns, p99_ns "
		"FROM v_operation ORDER BY service");
	ck_assert_str_eq(operations,
			 "api|GET /|2|0|107|7|100|7|100|100\ndb|SELECT|2|1|140|40|100|40|100|100\n");
	/* The children cover 1010 to 1100; the async one is none of the parent's time. */
	stacks = fixture_query(&f, store, "SELECT folded, weight_ns, samples FROM v_stack ORDER BY folded");
	ck_assert_str_eq(stacks, ";GET /;GET /|7|1\n;GET /;SELECT|140|2\nworker;GET /|10|1\n");
	runs = fixture_query(&f, store, "SELECT facts FROM v_run");
	ck_assert_str_eq(runs, "samples,spans\n");
	same_again(&f, store, run, "00aa");
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_points)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	int64_t run = fixture_put(&f, store, "00aa", point_trace());
	g_autofree char *points = NULL, *quality = NULL, *left = NULL;

	points = fixture_query(
		&f, store,
		"SELECT series, unit, better, x_unit, seq, x, value FROM v_series ORDER BY series, seq");
	ck_assert_str_eq(
		points, "BM_Sort|ns|lower||0|NULL|12.5\nBM_Sort|ns|lower||1|NULL|13.25\n"
			"throughput|1/s|higher|users|0|1.0|100.0\nthroughput|1/s|higher|users|1|2.0|190.5\n");
	quality = fixture_query(&f, store, "SELECT key, subject, count FROM run_quality");
	ck_assert_str_eq(quality, "not-finite|throughput|1\n");
	same_again(&f, store, run, "00aa");
	/* Nothing of the run stays behind. */
	ck_assert_int_eq(cf_store_delete(store, run, &f.diag), 0);
	left = fixture_query(&f, store,
			     "SELECT (SELECT count(*) FROM series), (SELECT count(*) FROM str), (SELECT "
			     "count(*) FROM point)");
	ck_assert_str_eq(left, "0|0|0\n");
	fixture_close(&f, store);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("store_facts");
	TCase *t = tcase_create("facts");

	tcase_add_test(t, test_calls);
	tcase_add_test(t, test_spans);
	tcase_add_test(t, test_points);
	suite_add_tcase(s, t);
	return s;
}
