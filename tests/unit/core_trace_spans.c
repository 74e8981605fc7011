/* SPDX-License-Identifier: MIT */
/* core_trace_spans: percentiles of operations against a sort, and stacks of spans that are nested badly. */
#include "tests/unit/suite.h"

#include <stdlib.h>
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

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Beyond two million durations: buckets. Powers of two up to 2^62 and all that lies between. */
START_TEST(percentiles)
{
	const uint32_t counts[] = { 1, 2, 100, 65536, 1500000, 900000, 3 };
	struct cf_str service = cf_dict_str(trace->dict, "s", -1);

	for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
		uint32_t n = counts[c];
		g_autofree int64_t *all = g_new(int64_t, n);
		g_autofree char *text = g_strdup_printf("op%u", n);
		struct cf_str name = cf_dict_str(trace->dict, text, -1);
		uint64_t state = 88172645463325252u + n;
		/* The two million end within the one before the last. */
		double allowed = n == 900000 ? 0.002 : 0;

		for (uint32_t i = 0; i < n; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			all[i] = (int64_t)(state >> (1 + state % 60));
			cf_trace_operation(trace, service, name, all[i], i % 10 == 0);
		}
		qsort(all, n, sizeof(*all), compare);
		{
			g_autoptr(GArray) operations = cf_trace_operations(trace);

			for (guint i = 0; i < operations->len; i++) {
				const struct cf_operation *o =
					&g_array_index(operations, struct cf_operation, i);
				const int64_t got[] = { o->p50_ns, o->p95_ns, o->p99_ns };
				const double wanted[] = { 0.50, 0.95, 0.99 };

				if (o->name.id != name.id)
					continue;
				ck_assert_int_eq(o->count, n);
				ck_assert_int_eq(o->errors, (n + 9) / 10);
				ck_assert_int_eq(o->min_ns, all[0]);
				ck_assert_int_eq(o->max_ns, all[n - 1]);
				for (int p = 0; p < 3; p++) {
					/* Nearest rank: ceil(p n). */
					uint32_t rank = (uint32_t)(wanted[p] * n + 0.999999);
					int64_t exact = all[rank - 1], error = llabs(got[p] - exact);

					ck_assert_msg((double)error <= allowed * (double)exact,
						      "n %u p%g: %" G_GINT64_FORMAT " for %" G_GINT64_FORMAT,
						      n, wanted[p], got[p], exact);
				}
			}
		}
	}
}
END_TEST

static uint32_t span(const char *name, uint32_t parent, int64_t start, int64_t duration)
{
	struct cf_span s = { .parent = parent,
			     .service = cf_dict_str(trace->dict, "svc", -1),
			     .name = cf_dict_str(trace->dict, name, -1),
			     .thread = CF_NO_THREAD,
			     .start_ns = start,
			     .duration_ns = duration };

	return cf_trace_span(trace, &s);
}

static int64_t quality(const char *key)
{
	for (guint i = 0; i < trace->quality->len; i++)
		if (strcmp(g_array_index(trace->quality, struct cf_quality, i).key, key) == 0)
			return g_array_index(trace->quality, struct cf_quality, i).count;
	return 0;
}

/* "a;b 3" lines of what the stacks cost, in the order of the spans. */
static char *stacks(void)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		GString *line = g_string_new(NULL);

		for (struct cf_stack s = cost->stack; s.id; s = cf_dict_stack_info(trace->dict, s).caller) {
			if (line->len)
				g_string_prepend_c(line, ';');
			g_string_prepend(line, cf_dict_func_name(trace->dict,
								 cf_dict_stack_info(trace->dict, s).func));
		}
		g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", line->str, cost->weight);
		g_string_free(line, TRUE);
	}
	return g_string_free(text, FALSE);
}

START_TEST(nested)
{
	g_autofree char *text = NULL;

	/* A child before its parent, touching siblings, one that begins before its parent. */
	span("child", 2, 10, 5);
	span("root", 0, 10, 100);
	span("child", 2, 15, 5);
	span("early", 2, 0, 20);
	span("grandchild", 3, 16, 1);
	cf_trace_span_stacks(trace);
	text = stacks();
	/* early covers 10 to 20, as both children do. */
	ck_assert_str_eq(text, "root 90\nroot;early 20\nroot;child 9\nroot;child;grandchild 1\n");
	ck_assert_uint_eq(trace->quality->len, 0);
}
END_TEST

START_TEST(circles)
{
	g_autofree char *text = NULL;

	span("self", 1, 0, 10);
	span("a", 3, 0, 10);
	span("b", 2, 0, 10);
	span("below", 3, 0, 4);
	span("orphan", 77, 0, 1);
	cf_trace_span_stacks(trace);
	text = stacks();
	ck_assert_str_eq(text, "self 10\na 0\norphan 1\na;b 6\na;b;below 4\n");
	ck_assert_int_eq(quality("span-cycles"), 2);
	ck_assert_int_eq(quality("span-parents-missing"), 1);
}
END_TEST

START_TEST(deep)
{
	for (uint32_t i = 0; i < 100000; i++)
		span("f", i, i, 200000 - 2 * (int64_t)i);
	cf_trace_span_stacks(trace);
	ck_assert_uint_eq(cf_dict_stacks(trace->dict), 2048 + 1);
	ck_assert_int_eq(quality("cut-stacks"), 100000 - 2048);
}
END_TEST

/* At the ends of time nothing overflows. */
START_TEST(extremes)
{
	span("root", 0, INT64_MAX - 5, INT64_MAX);
	span("early", 1, INT64_MIN, INT64_MAX);
	span("late", 1, INT64_MAX - 1, INT64_MAX);
	cf_trace_span_stacks(trace);
	ck_assert_uint_eq(trace->stack_costs->len, 3);
	for (guint i = 0; i < 3; i++)
		ck_assert_int_ge(g_array_index(trace->stack_costs, struct cf_stack_cost, i).weight, 0);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_trace_spans");
	TCase *t = tcase_create("spans");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, percentiles);
	tcase_add_test(t, nested);
	tcase_add_test(t, circles);
	tcase_add_test(t, deep);
	tcase_add_test(t, extremes);
	suite_add_tcase(s, t);
	return s;
}
