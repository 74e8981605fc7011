/* SPDX-License-Identifier: MIT */
/* core_unfold: stacks made of calls keep what the calls and lines say. */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "core/unfold.h"

static struct cf_trace *trace;

static void setup(void)
{
	trace = cf_trace_new();
	cf_trace_metric(trace, "Ir", CF_UNIT_COUNT);
}

static void teardown(void)
{
	cf_trace_free(trace);
}

static struct cf_func func_of(struct cf_trace *t, const char *name)
{
	return cf_dict_func(t->dict,
			    (struct cf_func_info){ { 0 }, cf_dict_str(t->dict, name, -1), CF_FRAME_NATIVE });
}

static void self(const char *name, int64_t weight)
{
	const struct cf_line_cost line = { .func = func_of(trace, name), .weight = weight };

	cf_trace_line(trace, &line);
}

static void call(const char *caller, const char *callee, int64_t weight)
{
	const struct cf_call_cost cost = { func_of(trace, caller), func_of(trace, callee), { 0 }, weight, 1 };

	cf_trace_call(trace, &cost);
}

static void append_stack(GString *out, struct cf_stack stack)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (; stack.id; stack = cf_dict_stack_info(trace->dict, stack).caller)
		g_ptr_array_add(names, (gpointer)cf_dict_func_name(
					       trace->dict, cf_dict_stack_info(trace->dict, stack).func));
	for (guint i = names->len; i-- > 0;)
		g_string_append_printf(out, "%s%s", (const char *)g_ptr_array_index(names, i), i ? ";" : "");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All stacks as sorted lines "a;b;c 12". */
static char *stacks(void)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		GString *line = g_string_new(NULL);

		append_stack(line, cost->stack);
		g_string_append_printf(line, " %" G_GINT64_FORMAT "\n", cost->weight);
		g_ptr_array_add(lines, g_string_free(line, FALSE));
	}
	qsort(lines->pdata, lines->len, sizeof(gpointer), by_text);
	for (guint i = 0; i < lines->len; i++)
		g_string_append(out, g_ptr_array_index(lines, i));
	return g_string_free(out, FALSE);
}

static void expect(double least, int64_t pruned, const char *want)
{
	g_autofree char *have = NULL;

	ck_assert_int_eq(cf_unfold(trace, (struct cf_metric){ 0 }, least), pruned);
	have = stacks();
	ck_assert_str_eq(have, want);
	ck_assert(!cf_trace_is_call_graph(trace));
}

/* The example of the format's specification: func2 costs 400 from main and 300 through func1. */
START_TEST(proportional)
{
	self("main", 20);
	call("main", "func1", 400);
	call("main", "func2", 400);
	self("func1", 100);
	call("func1", "func2", 300);
	self("func2", 700);
	expect(0, 0, "main 20\nmain;func1 100\nmain;func1;func2 300\nmain;func2 400\n");
}
END_TEST

/* What no stack begins with and nothing leads to can't be lost. */
START_TEST(several_roots)
{
	self("main", 10);
	call("main", "work", 30);
	self("handler", 5);
	call("handler", "work", 10);
	self("work", 40);
	self("alone", 3);
	expect(0, 0, "alone 3\nhandler 5\nhandler;work 10\nmain 10\nmain;work 30\n");
}
END_TEST

/* Cost that no call accounts for begins a stack of its own. */
START_TEST(beyond_the_calls)
{
	self("main", 1);
	call("main", "handler", 10);
	self("handler", 30);
	expect(0, 0, "handler 20\nmain 1\nmain;handler 10\n");
}
END_TEST

START_TEST(recursion)
{
	self("main", 5);
	call("main", "fib", 100);
	self("fib", 100);
	call("fib", "fib", 640);
	expect(0, 0, "main 5\nmain;fib 100\n");
}
END_TEST

/* main -> a -> b -> leaf; b -> a leads back and is left out. */
START_TEST(cycle)
{
	self("main", 1);
	call("main", "a", 100);
	self("a", 30);
	call("a", "b", 90);
	self("b", 50);
	call("b", "a", 60);
	call("b", "leaf", 20);
	self("leaf", 20);
	expect(0, 0, "main 1\nmain;a 30\nmain;a;b 50\nmain;a;b;leaf 20\n");
}
END_TEST

/* Nothing leads to the cycle: it begins with the member that costs most. */
START_TEST(rootless_cycle)
{
	call("a", "b", 90);
	self("a", 3);
	call("b", "a", 80);
	self("b", 9);
	expect(0, 0, "a 3\na;b 9\n");
}
END_TEST

/* 3 + 3 over three equal paths, 7 over two: by largest remainder, no unit lost. */
START_TEST(rounding)
{
	self("main", 0);
	call("main", "a", 1);
	call("main", "b", 1);
	call("main", "c", 1);
	call("a", "leaf", 1);
	call("b", "leaf", 1);
	call("c", "leaf", 1);
	self("leaf", 5);
	ck_assert_int_eq(cf_unfold(trace, (struct cf_metric){ 0 }, 0), 0);
	int64_t sum = 0;

	for (guint i = 0; i < trace->stack_costs->len; i++)
		sum += g_array_index(trace->stack_costs, struct cf_stack_cost, i).weight;
	ck_assert_int_eq(sum, 5);
}
END_TEST

START_TEST(pruned)
{
	self("main", 1000);
	call("main", "big", 500);
	call("main", "small", 9);
	self("big", 495);
	call("big", "small", 5);
	self("small", 14);
	expect(0.01, 14, "main 1000\nmain;[pruned] 9\nmain;big 495\nmain;big;[pruned] 5\n");
}
END_TEST

/* 2^60 paths: only the heavy ones are walked. */
START_TEST(exponential)
{
	int64_t sum = 0;

	for (int i = 0; i < 60; i++) {
		g_autofree char *from = g_strdup_printf("f%d", i), *left = g_strdup_printf("l%d", i),
				*right = g_strdup_printf("r%d", i), *to = g_strdup_printf("f%d", i + 1);

		call(from, left, 1000000);
		call(from, right, 1000000);
		call(left, to, 1000000);
		call(right, to, 1000000);
		self(left, 1);
		self(right, 2);
	}
	self("f60", 2000000);
	ck_assert_int_gt(cf_unfold(trace, (struct cf_metric){ 0 }, 1e-3), 0);
	ck_assert_uint_lt(trace->stack_costs->len, 20000);
	for (guint i = 0; i < trace->stack_costs->len; i++)
		sum += g_array_index(trace->stack_costs, struct cf_stack_cost, i).weight;
	ck_assert_int_eq(sum, 2000000 + 60 * 3);
}
END_TEST

/* Zero costs, and nothing at all. */
START_TEST(nothing)
{
	ck_assert_int_eq(cf_unfold(trace, (struct cf_metric){ 0 }, 0), 0);
	self("main", 0);
	call("main", "a", 0);
	ck_assert_int_eq(cf_unfold(trace, (struct cf_metric){ 0 }, 0), 0);
	ck_assert_uint_eq(trace->stack_costs->len, 0);
}
END_TEST

/* Sums near the end of the range. */
START_TEST(huge)
{
	self("main", INT64_MAX / 4);
	call("main", "a", INT64_MAX / 4);
	call("main", "b", INT64_MAX / 4);
	self("a", INT64_MAX / 4 - 3);
	call("a", "c", 3);
	self("b", INT64_MAX / 4);
	self("c", 3);
	expect(0, 0,
	       "main 2305843009213693951\nmain;a 2305843009213693948\nmain;a;c 3\n"
	       "main;b 2305843009213693951\n");
}
END_TEST

/*
 * Random stacks without recursion are summed to calls and lines, as a profiler of calls would see them. Unfolded again,
 * self must be what it was, and totals up to rounding; the whole to the unit.
 */
struct sums {
	int64_t self[30], total[30], paths[30];
};

static void sum_up(struct cf_trace *t, struct sums *sums)
{
	g_autoptr(GArray) costs = cf_trace_func_costs(t);

	for (guint i = 0; i < costs->len; i++) {
		const struct cf_func_cost *cost = &g_array_index(costs, struct cf_func_cost, i);
		int number = atoi(cf_dict_func_name(t->dict, cost->func) + 1);

		sums->self[number] = cost->self;
		sums->total[number] = cost->total;
	}
	for (guint i = 0; i < t->stack_costs->len; i++)
		for (struct cf_stack s = g_array_index(t->stack_costs, struct cf_stack_cost, i).stack; s.id;
		     s = cf_dict_stack_info(t->dict, s).caller)
			sums->paths[atoi(cf_dict_func_name(t->dict, cf_dict_stack_info(t->dict, s).func) +
					 1)]++;
}

static void fold(struct cf_trace *from)
{
	g_autoptr(GArray) edges = cf_trace_edge_costs(from), costs = cf_trace_func_costs(from);

	for (guint i = 0; i < costs->len; i++)
		self(cf_dict_func_name(from->dict, g_array_index(costs, struct cf_func_cost, i).func),
		     g_array_index(costs, struct cf_func_cost, i).self);
	for (guint i = 0; i < edges->len; i++) {
		const struct cf_edge_cost *edge = &g_array_index(edges, struct cf_edge_cost, i);

		if (edge->caller.id)
			call(cf_dict_func_name(from->dict, edge->caller),
			     cf_dict_func_name(from->dict, edge->callee), edge->weight);
	}
}

START_TEST(keeps_sums)
{
	GRand *rand = g_rand_new_with_seed((guint32)_i + 1);
	struct cf_trace *truth = cf_trace_new();
	struct sums before = { 0 }, after = { 0 };
	int64_t all = 0, sum = 0;

	cf_trace_metric(truth, "Ir", CF_UNIT_COUNT);
	for (int n = 0; n < 200; n++) {
		struct cf_stack_cost cost = {
			cf_trace_group(truth, ""), { 0 }, { 0 }, g_rand_int_range(rand, 1, 1000000), 0
		};

		/* Numbers ascend, so that no function is called by one that it calls. */
		for (int f = g_rand_int_range(rand, 0, 4); f < 16; f += g_rand_int_range(rand, 1, 6)) {
			g_autofree char *name = g_strdup_printf("f%d", f);

			cost.stack =
				cf_dict_push(truth->dict, cost.stack, func_of(truth, name), CF_FRAME_NATIVE);
		}
		all += cost.weight;
		cf_trace_cost(truth, &cost);
	}
	sum_up(truth, &before);
	fold(truth);
	ck_assert_int_eq(cf_unfold(trace, (struct cf_metric){ 0 }, 0), 0);
	sum_up(trace, &after);
	for (int f = 0; f < 30; f++) {
		ck_assert_int_eq(after.self[f], before.self[f]);
		/* Each path is rounded once, by less than a unit. */
		ck_assert_int_le(llabs(after.total[f] - before.total[f]), after.paths[f]);
	}
	for (guint i = 0; i < trace->stack_costs->len; i++)
		sum += g_array_index(trace->stack_costs, struct cf_stack_cost, i).weight;
	ck_assert_int_eq(sum, all);
	cf_trace_free(truth);
	g_rand_free(rand);
}
END_TEST

/* Random graphs with cycles and costs that don't fit together: still no unit is lost, and self is what it was. */
START_TEST(keeps_self_of_nonsense)
{
	GRand *rand = g_rand_new_with_seed((guint32)_i + 100);
	struct sums after = { 0 };
	int64_t want[30], all = 0, sum = 0;

	for (int f = 0; f < 30; f++) {
		g_autofree char *name = g_strdup_printf("f%d", f);

		want[f] = g_rand_int_range(rand, 0, 1000);
		all += want[f];
		self(name, want[f]);
		for (int n = 0; n < 2; n++) {
			g_autofree char *to = g_strdup_printf("f%d", g_rand_int_range(rand, 0, 30));

			call(name, to, g_rand_int_range(rand, 0, 5000));
		}
	}
	cf_unfold(trace, (struct cf_metric){ 0 }, 0);
	for (guint i = 0; i < trace->stack_costs->len; i++)
		sum += g_array_index(trace->stack_costs, struct cf_stack_cost, i).weight;
	ck_assert_int_eq(sum, all);
	sum_up(trace, &after);
	for (int f = 0; f < 30; f++)
		ck_assert_int_eq(after.self[f], want[f]);
	g_rand_free(rand);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_unfold");
	TCase *t = tcase_create("unfold");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, proportional);
	tcase_add_test(t, several_roots);
	tcase_add_test(t, beyond_the_calls);
	tcase_add_test(t, recursion);
	tcase_add_test(t, cycle);
	tcase_add_test(t, rootless_cycle);
	tcase_add_test(t, rounding);
	tcase_add_test(t, pruned);
	tcase_add_test(t, exponential);
	tcase_add_test(t, nothing);
	tcase_add_test(t, huge);
	tcase_add_loop_test(t, keeps_sums, 0, 20);
	tcase_add_loop_test(t, keeps_self_of_nonsense, 0, 50);
	suite_add_tcase(s, t);
	return s;
}
