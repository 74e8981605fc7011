/* SPDX-License-Identifier: MIT */
/* core_call_graph: what functions cost in all, with cycles and recursion, by KCachegrind's rules. */
#include "tests/unit/suite.h"

#include <string.h>

#include "core/call_graph.h"

static struct cf_trace *trace;

static void setup(void)
{
	trace = cf_trace_new();
	cf_trace_metric(trace, "Ir", CF_UNIT_COUNT);
	cf_trace_metric(trace, "Dr", CF_UNIT_COUNT);
}

static void teardown(void)
{
	cf_trace_free(trace);
}

static struct cf_func func(const char *name)
{
	return cf_dict_func(
		trace->dict,
		(struct cf_func_info){ { 0 }, cf_dict_str(trace->dict, name, -1), CF_FRAME_NATIVE });
}

static void self(const char *name, int64_t weight)
{
	const struct cf_line_cost line = { .func = func(name), .weight = weight, .line = 1 };

	cf_trace_line(trace, &line);
}

static void call(const char *caller, const char *callee, int64_t calls, int64_t weight)
{
	const struct cf_call_cost cost = { func(caller), func(callee), { 0 }, weight, calls };

	cf_trace_call(trace, &cost);
}

/* The row of a function in the first metric, as cf_trace_func_costs has it. */
static struct cf_func_cost cost(const char *name)
{
	g_autoptr(GArray) rows = cf_trace_func_costs(trace);

	for (guint i = 0; i < rows->len; i++) {
		const struct cf_func_cost *row = &g_array_index(rows, struct cf_func_cost, i);

		if (row->func.id == func(name).id && row->metric.id == 0)
			return *row;
	}
	ck_abort_msg("no cost of %s", name);
	return (struct cf_func_cost){ 0 };
}

static void expect(const char *name, int64_t self_weight, int64_t total, int64_t calls)
{
	struct cf_func_cost row = cost(name);

	ck_assert_msg(row.self == self_weight && row.total == total && row.total_count == calls,
		      "%s: self %" G_GINT64_FORMAT " total %" G_GINT64_FORMAT " calls %" G_GINT64_FORMAT,
		      name, row.self, row.total, row.total_count);
}

/* The example of the format's specification. */
START_TEST(specification)
{
	self("main", 20);
	call("main", "func1", 1, 400);
	call("main", "func2", 3, 400);
	self("func1", 100);
	call("func1", "func2", 2, 300);
	self("func2", 700);
	expect("main", 20, 820, 0);
	expect("func1", 100, 400, 1);
	expect("func2", 700, 700, 5);
}
END_TEST

/* Calls to itself count for nothing, but as calls. */
START_TEST(recursion)
{
	self("main", 5);
	call("main", "fib", 1, 100);
	self("fib", 100);
	call("fib", "fib", 20, 640);
	expect("main", 5, 105, 0);
	expect("fib", 100, 100, 21);
}
END_TEST

/* One that only calls itself is no function that is called. */
START_TEST(recursive_root)
{
	self("fib", 100);
	call("fib", "fib", 20, 640);
	call("fib", "leaf", 1, 7);
	self("leaf", 7);
	expect("fib", 100, 107, 20);
}
END_TEST

/* What callgrind measured at the calls wins over what lines and calls of the function add up to. */
START_TEST(called_by_calls)
{
	self("main", 1);
	call("main", "handler", 1, 10);
	self("handler", 30);
	expect("handler", 30, 10, 1);
}
END_TEST

/* pprof counts no calls, callgrind none of a call that a dump cuts: then its lines and calls are summed. */
START_TEST(calls_that_are_not_counted)
{
	self("main", 1);
	call("main", "work", 0, 10);
	self("work", 30);
	call("work", "leaf", 2, 4);
	self("leaf", 4);
	expect("work", 30, 34, 0);
	expect("leaf", 4, 4, 2);
}
END_TEST

/* main -> a <-> b -> leaf: members cost what they cost themselves and what leaves the cycle. */
START_TEST(cycle)
{
	struct cf_call_graph graph;

	self("main", 1);
	call("main", "a", 1, 100);
	self("a", 30);
	call("a", "b", 5, 90);
	self("b", 50);
	call("b", "a", 4, 60);
	call("b", "leaf", 5, 20);
	self("leaf", 20);
	expect("main", 1, 101, 0);
	expect("a", 30, 30, 5);
	expect("b", 50, 70, 5);
	expect("leaf", 20, 20, 5);
	cf_call_graph_init(&graph, trace, (struct cf_metric){ 0 });
	ck_assert_uint_eq(graph.cycles, 1);
	ck_assert_uint_eq(graph.nodes[func("a").id].cycle, 1);
	ck_assert_uint_eq(graph.nodes[func("b").id].cycle, 1);
	ck_assert_uint_eq(graph.nodes[func("main").id].cycle, 0);
	ck_assert_uint_eq(graph.of_cycle[1].members, 2);
	ck_assert_int_eq(graph.of_cycle[1].self, 80);
	ck_assert_int_eq(graph.of_cycle[1].total, 100);
	ck_assert_int_eq(graph.of_cycle[1].entering, 100);
	ck_assert_int_eq(graph.self, 101);
	cf_call_graph_clear(&graph);
}
END_TEST

/* Numbered by cost, whatever the order of appearance; ties by name. */
START_TEST(cycles_by_cost)
{
	struct cf_call_graph graph;

	for (const char *const *pair = (const char *const[]){ "z", "y", "q", "r", "c", "d", NULL }; *pair;
	     pair += 2) {
		call(pair[0], pair[1], 1, 10);
		call(pair[1], pair[0], 1, 10);
	}
	self("q", 100);
	self("z", 5);
	self("d", 5);
	cf_call_graph_init(&graph, trace, (struct cf_metric){ 0 });
	ck_assert_uint_eq(graph.cycles, 3);
	ck_assert_uint_eq(graph.nodes[func("r").id].cycle, 1);
	ck_assert_uint_eq(graph.nodes[func("c").id].cycle, 2);
	ck_assert_uint_eq(graph.nodes[func("y").id].cycle, 3);
	cf_call_graph_clear(&graph);
}
END_TEST

/* Rows come by metric, then function; a function has one in the metrics only in which it occurs. */
START_TEST(metrics)
{
	const struct cf_line_cost dr = { .func = func("b"), .metric = { 1 }, .weight = 3 };
	const struct cf_call_cost edge = { func("a"), func("b"), { 1 }, 3, 2 };
	g_autoptr(GArray) rows = NULL;
	const struct cf_func_cost *row;

	self("b", 7);
	cf_trace_line(trace, &dr);
	cf_trace_call(trace, &edge);
	rows = cf_trace_func_costs(trace);
	row = (const struct cf_func_cost *)(const void *)rows->data;
	ck_assert_uint_eq(rows->len, 3);
	ck_assert_uint_eq(row[0].func.id, func("b").id);
	ck_assert_int_eq(row[0].total, 7);
	ck_assert_uint_eq(row[1].func.id, func("b").id);
	ck_assert_uint_eq(row[1].metric.id, 1);
	ck_assert_uint_eq(row[2].func.id, func("a").id);
	ck_assert_int_eq(row[2].total, 3);
	ck_assert_int_eq(row[2].self, 0);
}
END_TEST

/* The calls of a function lie together, those to it too, both in the order of names. */
START_TEST(edges)
{
	struct cf_call_graph graph;
	uint32_t main_id = func("main").id, leaf = func("leaf").id;

	call("main", "z", 1, 1);
	call("z", "leaf", 1, 2);
	call("main", "leaf", 1, 3);
	call("main", "b", 1, 4);
	call("b", "leaf", 1, 5);
	cf_call_graph_init(&graph, trace, (struct cf_metric){ 0 });
	ck_assert_uint_eq(graph.n_edges, 5);
	ck_assert_uint_eq(graph.first[main_id + 1] - graph.first[main_id], 3);
	ck_assert_int_eq(graph.edges[graph.first[main_id]].weight, 4);
	ck_assert_int_eq(graph.edges[graph.first[main_id] + 1].weight, 3);
	ck_assert_int_eq(graph.edges[graph.first[main_id] + 2].weight, 1);
	ck_assert_uint_eq(graph.first_to[leaf + 1] - graph.first_to[leaf], 3);
	ck_assert_int_eq(graph.edges[graph.to[graph.first_to[leaf]]].weight, 5);
	ck_assert_int_eq(graph.edges[graph.to[graph.first_to[leaf] + 1]].weight, 3);
	ck_assert_int_eq(graph.edges[graph.to[graph.first_to[leaf] + 2]].weight, 2);
	cf_call_graph_clear(&graph);
}
END_TEST

/* A chain and a cycle longer than a processor stack would bear. */
START_TEST(deep)
{
	enum { N = 300000 };
	struct cf_call_graph graph;
	struct cf_func first = func("f0"), last = first;

	for (unsigned i = 1; i < N; i++) {
		g_autofree char *name = g_strdup_printf("f%u", i);
		const struct cf_call_cost cost = { last, func(name), { 0 }, 5, 1 };

		cf_trace_call(trace, &cost);
		last = cost.callee;
	}
	cf_trace_call(trace, &(struct cf_call_cost){ last, func("f7"), { 0 }, 5, 1 });
	cf_call_graph_init(&graph, trace, (struct cf_metric){ 0 });
	ck_assert_uint_eq(graph.cycles, 1);
	ck_assert_uint_eq(graph.of_cycle[1].members, N - 7);
	cf_call_graph_clear(&graph);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_call_graph");
	TCase *t = tcase_create("call_graph");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, specification);
	tcase_add_test(t, recursion);
	tcase_add_test(t, recursive_root);
	tcase_add_test(t, called_by_calls);
	tcase_add_test(t, calls_that_are_not_counted);
	tcase_add_test(t, cycle);
	tcase_add_test(t, cycles_by_cost);
	tcase_add_test(t, metrics);
	tcase_add_test(t, edges);
	tcase_add_test(t, deep);
	suite_add_tcase(s, t);
	return s;
}
