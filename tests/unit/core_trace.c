/* SPDX-License-Identifier: MIT */
/* core_trace: sums of samples, and self and total of functions and edges against a computation by definition. */
#include "tests/unit/suite.h"

#include <stdbool.h>
#include <string.h>

#include "core/trace.h"

static struct cf_trace *trace;

static void setup(void)
{
	trace = cf_trace_new();
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

/* "a;b;c", root first; one letter a function. */
static struct cf_stack stack(const char *letters)
{
	struct cf_stack s = { 0 };

	for (; *letters; letters++) {
		char name[2] = { *letters, '\0' };

		s = cf_dict_push(trace->dict, s, func(name), CF_FRAME_NATIVE);
	}
	return s;
}

static void sample(const char *letters, uint32_t metric, const char *comm, int32_t tid, int64_t weight)
{
	struct cf_sample s = { stack(letters), { metric }, cf_trace_thread(trace, 1, tid, comm), 5, weight };

	cf_trace_sample(trace, &s);
}

START_TEST(interning)
{
	ck_assert_uint_eq(cf_trace_metric(trace, "cycles", CF_UNIT_COUNT).id, 0);
	ck_assert_uint_eq(cf_trace_metric(trace, "cpu-clock", CF_UNIT_NS).id, 1);
	ck_assert_uint_eq(cf_trace_metric(trace, "cycles", CF_UNIT_COUNT).id, 0);
	ck_assert_uint_eq(cf_trace_thread(trace, 1, 2, "a").id, 0);
	ck_assert_uint_eq(cf_trace_thread(trace, 1, 2, "b").id, 1);
	ck_assert_uint_eq(cf_trace_thread(trace, 1, 3, "a").id, 2);
	ck_assert_uint_eq(cf_trace_thread(trace, -1, 2, "a").id, 3);
	ck_assert_uint_eq(cf_trace_thread(trace, 1, 2, "b").id, 1);
	ck_assert_uint_eq(trace->threads->len, 4);
}
END_TEST

START_TEST(groups_fold_digits)
{
	static const struct {
		const char *comm, *folded;
		uint32_t id;
	} cases[] = {
		{ "worker-12", "worker-#", 0 },
		{ "worker-3", "worker-#", 0 },
		{ "worker-#", "worker-#", 0 },
		{ "kworker/1:2", "kworker/#:#", 1 },
		{ "main", "main", 2 },
		{ "", "", 3 },
		{ "42", "#", 4 },
		{ "#", "#", 4 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_group group = cf_trace_group(trace, cases[i].comm);

		ck_assert_uint_eq(group.id, cases[i].id);
		ck_assert_str_eq(
			cf_dict_text(trace->dict, g_array_index(trace->groups, struct cf_str, group.id)),
			cases[i].folded);
	}
}
END_TEST

START_TEST(samples_sum)
{
	const struct cf_stack_cost *c;
	const struct cf_thread_cost *t;

	cf_trace_metric(trace, "cycles", CF_UNIT_COUNT);
	cf_trace_metric(trace, "misses", CF_UNIT_COUNT);
	sample("ab", 0, "w1", 1, 10);
	sample("ab", 0, "w2", 2, 5);
	sample("ab", 1, "w1", 1, 1);
	sample("ac", 0, "x", 3, -7);
	sample("ab", 0, "w1", 1, 10);
	ck_assert_uint_eq(trace->stack_costs->len, 3);
	c = &g_array_index(trace->stack_costs, struct cf_stack_cost, 0);
	ck_assert_int_eq(c[0].weight, 25);
	ck_assert_int_eq(c[0].count, 3);
	ck_assert_int_eq(c[1].weight, 1);
	ck_assert_uint_eq(c[1].metric.id, 1);
	ck_assert_int_eq(c[2].weight, -7);
	ck_assert_uint_eq(trace->thread_costs->len, 4);
	t = &g_array_index(trace->thread_costs, struct cf_thread_cost, 0);
	ck_assert_int_eq(t[0].weight, 20);
	ck_assert_int_eq(t[0].count, 2);
	ck_assert_int_eq(t[1].weight, 5);
	ck_assert_int_eq(t[2].weight, 1);
	ck_assert_int_eq(t[3].weight, -7);
	ck_assert_uint_eq(trace->quality->len, 0);
}
END_TEST

START_TEST(sums_saturate)
{
	cf_trace_metric(trace, "cycles", CF_UNIT_COUNT);
	sample("a", 0, "w", 1, INT64_MAX - 1);
	sample("a", 0, "w", 1, 5);
	sample("b", 0, "w", 1, INT64_MIN);
	sample("b", 0, "w", 1, -1);
	ck_assert_int_eq(g_array_index(trace->stack_costs, struct cf_stack_cost, 0).weight, INT64_MAX);
	ck_assert_int_eq(g_array_index(trace->stack_costs, struct cf_stack_cost, 1).weight, INT64_MIN);
	ck_assert_uint_eq(trace->quality->len, 1);
	ck_assert_str_eq(g_array_index(trace->quality, struct cf_quality, 0).key, "saturated");
}
END_TEST

START_TEST(quality_adds_up)
{
	const struct cf_quality *q;

	cf_trace_quality(trace, "lost", NULL, 3, 0, "do this", "first %d", 1);
	cf_trace_quality(trace, "lost", "cpu 1", 1, 2, NULL, "other");
	cf_trace_quality(trace, "lost", NULL, 4, 9, "do that", "second");
	ck_assert_uint_eq(trace->quality->len, 2);
	q = &g_array_index(trace->quality, struct cf_quality, 0);
	ck_assert_int_eq(q[0].count, 7);
	ck_assert_int_eq(q[0].weight, 9);
	ck_assert_str_eq(q[0].text, "first 1");
	ck_assert_str_eq(q[0].cure, "do this");
	ck_assert_ptr_null(q[0].subject);
	ck_assert_str_eq(q[1].subject, "cpu 1");
	ck_assert_ptr_null(q[1].cure);
}
END_TEST

START_TEST(first_symbol_stays)
{
	struct cf_symbol first = { func("a"), 16, 8, cf_dict_str(trace->dict, "a.c", -1), 3 };
	struct cf_symbol second = { func("a"), 99, 8, cf_dict_str(trace->dict, "b.c", -1), 4 };
	struct cf_symbol other = { func("b"), 32, 8, { 0 }, 0 };

	cf_trace_symbol(trace, &other);
	cf_trace_symbol(trace, &first);
	cf_trace_symbol(trace, &second);
	ck_assert_uint_eq(trace->symbols->len, 2);
	ck_assert_uint_eq(g_array_index(trace->symbols, struct cf_symbol, 1).address, 16);
}
END_TEST

/* By hand: a recursion counts once, a second metric stays apart, an inner frame has a total only. */
START_TEST(recursion_counts_once)
{
	g_autoptr(GArray) costs = NULL;
	g_autoptr(GArray) edges = NULL;
	/* func, metric, self, total, self_count, total_count */
	static const struct cf_func_cost want[] = {
		{ { 1 }, { 0 }, 30, 115, 1, 4 }, /* a: in all, and aba ends in it */
		{ { 2 }, { 0 }, 80, 110, 2, 3 }, /* b: ab and abab end in it */
		{ { 3 }, { 0 }, 5, 5, 1, 1 },    /* c */
		{ { 1 }, { 1 }, 2, 2, 1, 1 },    { { 2 }, { 1 }, 0, 2, 0, 1 },
	};
	/* caller, callee, metric, weight, count */
	static const struct cf_edge_cost want_edges[] = {
		{ { 0 }, { 1 }, { 0 }, 115, 4 }, { { 1 }, { 2 }, { 0 }, 110, 3 },
		{ { 1 }, { 3 }, { 0 }, 5, 1 },   { { 2 }, { 1 }, { 0 }, 100, 2 },
		{ { 0 }, { 1 }, { 1 }, 2, 1 },   { { 1 }, { 2 }, { 1 }, 2, 1 },
		{ { 2 }, { 1 }, { 1 }, 2, 1 },
	};

	cf_trace_metric(trace, "cycles", CF_UNIT_COUNT);
	cf_trace_metric(trace, "misses", CF_UNIT_COUNT);
	sample("ab", 0, "w", 1, 10);
	sample("aba", 0, "w", 1, 30);
	sample("abab", 0, "w", 1, 70);
	sample("ac", 0, "w", 1, 5);
	sample("aba", 1, "w", 1, 2);
	costs = cf_trace_func_costs(trace);
	ck_assert_uint_eq(costs->len, G_N_ELEMENTS(want));
	ck_assert_mem_eq(costs->data, want, sizeof(want));
	edges = cf_trace_edge_costs(trace);
	ck_assert_uint_eq(edges->len, G_N_ELEMENTS(want_edges));
	for (guint i = 0; i < edges->len; i++) {
		const struct cf_edge_cost *e = &g_array_index(edges, struct cf_edge_cost, i);

		ck_assert_uint_eq(e->caller.id, want_edges[i].caller.id);
		ck_assert_uint_eq(e->callee.id, want_edges[i].callee.id);
		ck_assert_uint_eq(e->metric.id, want_edges[i].metric.id);
		ck_assert_int_eq(e->weight, want_edges[i].weight);
		ck_assert_int_eq(e->count, want_edges[i].count);
	}
}
END_TEST

START_TEST(empty_trace)
{
	g_autoptr(GArray) costs = cf_trace_func_costs(trace);
	g_autoptr(GArray) edges = cf_trace_edge_costs(trace);

	ck_assert_uint_eq(costs->len, 0);
	ck_assert_uint_eq(edges->len, 0);
}
END_TEST

#define FUNCS 9
#define METRICS 3

/* By definition: walk each stack to its root and count each function and each edge once. */
START_TEST(totals_by_definition)
{
	int64_t self[METRICS][FUNCS + 1] = { 0 }, total[METRICS][FUNCS + 1] = { 0 };
	int64_t counts[METRICS][FUNCS + 1] = { 0 };
	int64_t edge[METRICS][FUNCS + 1][FUNCS + 1] = { 0 };
	bool seen[METRICS][FUNCS + 1] = { 0 }, seen_edge[METRICS][FUNCS + 1][FUNCS + 1] = { 0 };
	g_autoptr(GArray) costs = NULL;
	g_autoptr(GArray) edges = NULL;
	uint64_t random = (uint64_t)_i * 77 + 5;
	size_t at = 0;

	for (unsigned m = 0; m < METRICS; m++)
		cf_trace_metric(trace, m == 0 ? "x" : m == 1 ? "y" : "z", CF_UNIT_COUNT);
	for (unsigned f = 0; f < FUNCS; f++) {
		char name[2] = { (char)('a' + f), '\0' };

		ck_assert_uint_eq(func(name).id, f + 1);
	}
	for (unsigned n = 0; n < 400; n++) {
		char letters[24];
		unsigned depth, metric;
		int64_t weight;
		bool in[FUNCS + 1] = { 0 }, in_edge[FUNCS + 1][FUNCS + 1] = { 0 };

		random = random * 6364136223846793005u + 1442695040888963407u;
		/* The last metric is at few of the nodes. */
		metric = n % 150 == 149 ? METRICS - 1 : (unsigned)(random >> 60) % (METRICS - 1);
		depth = 1 + (unsigned)(random >> 40) % 20;
		weight = (int64_t)(random >> 50) % 1000 - 100;
		for (unsigned i = 0; i < depth; i++) {
			random = random * 6364136223846793005u + 1442695040888963407u;
			letters[i] = (char)('a' + (random >> 35) % (n % 2 ? 2 : FUNCS));
		}
		letters[depth] = '\0';
		sample(letters, metric, "w", 1, weight);
		self[metric][letters[depth - 1] - 'a' + 1] += weight;
		for (unsigned i = 0; i < depth; i++) {
			unsigned f = (unsigned)(letters[i] - 'a' + 1),
				 g = i ? (unsigned)(letters[i - 1] - 'a' + 1) : 0;

			if (!in[f]) {
				total[metric][f] += weight;
				counts[metric][f]++;
			}
			if (!in_edge[g][f])
				edge[metric][g][f] += weight;
			in[f] = in_edge[g][f] = seen[metric][f] = seen_edge[metric][g][f] = true;
		}
	}
	costs = cf_trace_func_costs(trace);
	for (uint32_t m = 0; m < METRICS; m++)
		for (uint32_t f = 1; f <= FUNCS; f++) {
			const struct cf_func_cost *c = &g_array_index(costs, struct cf_func_cost, at);

			if (!seen[m][f])
				continue;
			ck_assert_uint_lt(at++, costs->len);
			ck_assert_uint_eq(c->metric.id, m);
			ck_assert_uint_eq(c->func.id, f);
			ck_assert_int_eq(c->self, self[m][f]);
			ck_assert_int_eq(c->total, total[m][f]);
			ck_assert_int_eq(c->total_count, counts[m][f]);
		}
	ck_assert_uint_eq(at, costs->len);
	edges = cf_trace_edge_costs(trace);
	at = 0;
	for (uint32_t m = 0; m < METRICS; m++)
		for (uint32_t g = 0; g <= FUNCS; g++)
			for (uint32_t f = 1; f <= FUNCS; f++) {
				const struct cf_edge_cost *c = &g_array_index(edges, struct cf_edge_cost, at);

				if (!seen_edge[m][g][f])
					continue;
				ck_assert_uint_lt(at++, edges->len);
				ck_assert_uint_eq(c->metric.id, m);
				ck_assert_uint_eq(c->caller.id, g);
				ck_assert_uint_eq(c->callee.id, f);
				ck_assert_int_eq(c->weight, edge[m][g][f]);
			}
	ck_assert_uint_eq(at, edges->len);
}
END_TEST

/* A stack deeper than any processor stack would bear if it were walked by recursion. */
START_TEST(very_deep)
{
	struct cf_func f = func("f"), g = func("g");
	struct cf_stack s = { 0 };
	g_autoptr(GArray) costs = NULL;
	struct cf_sample one = { .weight = 3 };

	for (unsigned i = 0; i < 3000000; i++)
		s = cf_dict_push(trace->dict, s, i % 2 ? g : f, CF_FRAME_NATIVE);
	cf_trace_metric(trace, "x", CF_UNIT_COUNT);
	one.stack = s;
	one.thread = cf_trace_thread(trace, 1, 1, "w");
	cf_trace_sample(trace, &one);
	costs = cf_trace_func_costs(trace);
	ck_assert_uint_eq(costs->len, 2);
	ck_assert_int_eq(g_array_index(costs, struct cf_func_cost, 0).total, 3);
	ck_assert_int_eq(g_array_index(costs, struct cf_func_cost, 0).self, 0);
	ck_assert_int_eq(g_array_index(costs, struct cf_func_cost, 1).self, 3);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_trace");
	TCase *t = tcase_create("trace");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, interning);
	tcase_add_test(t, groups_fold_digits);
	tcase_add_test(t, samples_sum);
	tcase_add_test(t, sums_saturate);
	tcase_add_test(t, quality_adds_up);
	tcase_add_test(t, first_symbol_stays);
	tcase_add_test(t, recursion_counts_once);
	tcase_add_test(t, empty_trace);
	tcase_add_loop_test(t, totals_by_definition, 0, 8);
	tcase_add_test(t, very_deep);
	suite_add_tcase(s, t);
	return s;
}
