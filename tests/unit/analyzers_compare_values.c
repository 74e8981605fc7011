/* SPDX-License-Identifier: MIT */
/* analyzers_compare_values: what comparisons say of benchmarks and of the latency of operations. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/compare/latency.h"
#include "analyzers/compare/points.h"
#include "analyzers/stat/random.h"

#include <math.h>

static const struct cf_compare_options *standard(void)
{
	static struct cf_compare_options options;

	options = CF_COMPARE_OPTIONS;
	return &options;
}

static void put(struct cf_points *points, int side, uint32_t run, const char *name, const char *better,
		const double *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cf_points_add(points, side, run, name, "1/s", better, "", NAN, values[i]);
}

static const struct cf_point_row *series(const struct cf_points *points, const char *name)
{
	for (guint i = 0; i < points->rows->len; i++) {
		const struct cf_point_row *row = g_ptr_array_index(points->rows, i);

		if (!strcmp(row->name, name))
			return row;
	}
	ck_abort_msg("no series %s", name);
	return NULL;
}

static const char *found(const struct cf_points *points, const char *name)
{
	return cf_found_name(series(points, name)->tested.found);
}

START_TEST(knows_what_is_better)
{
	static const double low[] = { 10, 10.1, 10.2, 9.9, 9.8, 10 },
			    high[] = { 12, 12.1, 12.2, 11.9, 11.8, 12 };
	static const double same[] = { 10, 10, 10, 10, 10, 10 };
	struct cf_points points;

	cf_points_init(&points);
	put(&points, CF_BEFORE, 0, "rate", "higher", high, 6);
	put(&points, CF_AFTER, 0, "rate", "higher", low, 6);
	put(&points, CF_BEFORE, 0, "time", "lower", high, 6);
	put(&points, CF_AFTER, 0, "time", "lower", low, 6);
	put(&points, CF_BEFORE, 0, "neither", "", high, 6);
	put(&points, CF_AFTER, 0, "neither", "", low, 6);
	put(&points, CF_BEFORE, 0, "equal", "lower", same, 6);
	put(&points, CF_AFTER, 0, "equal", "lower", same, 6);
	put(&points, CF_BEFORE, 0, "loose", "lower", low, 6);
	put(&points, CF_AFTER, 0, "loose", "lower", low, 6);
	put(&points, CF_BEFORE, 0, "few", "lower", low, 3);
	put(&points, CF_AFTER, 0, "few", "lower", high, 3);
	put(&points, CF_BEFORE, 0, "past", "lower", low, 6);
	cf_points_compute(&points, standard());
	ck_assert_str_eq(found(&points, "rate"), "regressed");
	ck_assert_str_eq(found(&points, "time"), "improved");
	ck_assert_str_eq(found(&points, "neither"), "small");
	ck_assert_str_eq(cf_tested_verdict(&series(&points, "neither")->tested, FALSE), "▼ less");
	ck_assert_str_eq(found(&points, "equal"), "same");
	ck_assert_str_eq(found(&points, "loose"), "noise");
	ck_assert_str_eq(found(&points, "few"), "unsure");
	ck_assert_double_ge(series(&points, "few")->tested.needed, 4);
	ck_assert_str_eq(found(&points, "past"), "gone");
	ck_assert_str_eq(((struct cf_point_row *)g_ptr_array_index(points.rows, 0))->name, "equal");
	cf_points_clear(&points);
}
END_TEST

/* Ten repetitions that are the same within a run, and runs that are apart: four runs are four values. */
START_TEST(counts_runs_not_repetitions)
{
	struct cf_points points;

	for (uint32_t runs = 2; runs <= 4; runs += 2) {
		cf_points_init(&points);
		for (int side = 0; side < CF_SIDES; side++)
			for (uint32_t run = 0; run < runs; run++)
				for (int i = 0; i < 10; i++)
					cf_points_add(&points, side, run, "parse", "ns", "lower", "", NAN,
						      100 + 10 * ((run + (uint32_t)side) % 4) + i * 0.01);
		cf_points_compute(&points, standard());
		ck_assert_int_eq(series(&points, "parse")->of_runs, runs == 4);
		ck_assert_uint_eq(series(&points, "parse")->values[CF_BEFORE]->len, runs == 4 ? 4 : 20);
		ck_assert_str_eq(found(&points, "parse"), runs == 4 ? "noise" : "regressed");
		cf_points_clear(&points);
	}
}
END_TEST

START_TEST(compares_at_each_load)
{
	struct cf_points points;

	cf_points_init(&points);
	for (int side = 0; side < CF_SIDES; side++)
		for (uint32_t run = 0; run < 5; run++)
			for (int users = 1; users <= 100; users *= 10) {
				double slow = users == 100 && side == CF_AFTER ? 1.5 : 1;

				cf_points_add(&points, side, run, "p95", "ns", "lower", "users", users,
					      (users * 100 + run) * slow);
				cf_points_add(&points, side, run, "heap", "bytes", "lower", "ns", users * 1e9,
					      1e6 + run);
			}
	cf_points_compute(&points, standard());
	ck_assert_uint_eq(points.rows->len, 4);
	ck_assert_str_eq(found(&points, "p95 @ users=10"), "same");
	ck_assert_str_eq(found(&points, "p95 @ users=100"), "regressed");
	ck_assert(series(&points, "heap")->of_runs);
	ck_assert_uint_eq(series(&points, "heap")->values[CF_AFTER]->len, 5);
	cf_points_clear(&points);
}
END_TEST

START_TEST(swapped_series_flip)
{
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct cf_points there, back;
		struct cf_random random;

		cf_random_init(&random, seed);
		cf_points_init(&there);
		cf_points_init(&back);
		for (int i = 0; i < 12; i++) {
			g_autofree char *name = g_strdup_printf("s%02d", i);

			for (int side = 0; side < CF_SIDES; side++)
				for (int k = 0; k < 8; k++) {
					double value =
						100 + 10 * cf_random_normal(&random) + (side ? i * 3 : 0);

					cf_points_add(&there, side, 0, name, "ns", "lower", "", NAN, value);
					cf_points_add(&back, !side, 0, name, "ns", "lower", "", NAN, value);
				}
		}
		cf_points_compute(&there, standard());
		cf_points_compute(&back, standard());
		for (guint i = 0; i < there.rows->len; i++) {
			const struct cf_point_row *a = g_ptr_array_index(there.rows, i),
						  *b = g_ptr_array_index(back.rows, i);

			ck_assert_double_eq_tol(a->tested.p, b->tested.p, 1e-12);
			ck_assert_double_eq_tol(a->tested.q, b->tested.q, 1e-12);
			ck_assert(a->tested.before == b->tested.after && a->tested.after == b->tested.before);
			ck_assert_int_eq(a->tested.found == CF_FOUND_REGRESSED,
					 b->tested.found == CF_FOUND_IMPROVED);
		}
		ck_assert_double_eq_tol(there.geomean * back.geomean, 1, 1e-12);
		cf_points_clear(&there);
		cf_points_clear(&back);
	}
}
END_TEST

/* --- operations -------------------------------------------------------------------------------------------- */

static void spans(struct cf_op_latencies *all, int side, uint32_t run, const char *name, int n, double middle,
		  double tail, int failed)
{
	for (int i = 0; i < n; i++) {
		/* evenly spread around the middle; the last tenth is the tail */
		double duration = middle * (0.9 + 0.2 * i / n);

		if (i >= n - n / 10)
			duration = tail * (0.9 + 0.2 * i / n);
		cf_op_latencies_add(all, side, run, "shop", name, (int64_t)duration, i < failed);
	}
}

static const struct cf_op_latency *operation(const struct cf_op_latencies *all, const char *name)
{
	for (guint i = 0; i < all->rows->len; i++) {
		const struct cf_op_latency *row = g_ptr_array_index(all->rows, i);

		if (!strcmp(row->name, name))
			return row;
	}
	ck_abort_msg("no operation %s", name);
	return NULL;
}

static void expect(const struct cf_op_latencies *all, const char *name, const char *verdict,
		   const char *metric)
{
	const struct cf_op_latency *row = operation(all, name);

	ck_assert_str_eq(cf_found_name(row->test[row->worst].found), verdict);
	if (metric)
		ck_assert_str_eq(row->test[row->worst].metric, metric);
}

START_TEST(tells_middle_tail_and_errors)
{
	struct cf_op_latencies all;

	cf_op_latencies_init(&all);
	spans(&all, CF_BEFORE, 0, "middle", 400, 1e6, 3e6, 0);
	spans(&all, CF_AFTER, 0, "middle", 400, 1.2e6, 3e6, 0);
	spans(&all, CF_BEFORE, 0, "tail", 400, 1e6, 1e6, 0);
	spans(&all, CF_AFTER, 0, "tail", 400, 1e6, 9e6, 0);
	spans(&all, CF_BEFORE, 0, "errors", 400, 1e6, 3e6, 2);
	spans(&all, CF_AFTER, 0, "errors", 400, 1e6, 3e6, 40);
	spans(&all, CF_BEFORE, 0, "steady", 400, 1e6, 3e6, 3);
	spans(&all, CF_AFTER, 0, "steady", 400, 1e6, 3e6, 4);
	spans(&all, CF_BEFORE, 0, "rare", 2, 1e6, 1e6, 0);
	spans(&all, CF_AFTER, 0, "rare", 2, 5e6, 5e6, 0);
	spans(&all, CF_AFTER, 0, "fresh", 20, 5e6, 5e6, 0);
	cf_op_latencies_compute(&all, standard());
	expect(&all, "middle", "regressed", "p50");
	expect(&all, "tail", "regressed", "p95");
	expect(&all, "errors", "regressed", "errors");
	ck_assert(operation(&all, "steady")->test[operation(&all, "steady")->worst].found > CF_FOUND_CARRIED);
	expect(&all, "rare", "unsure", NULL);
	expect(&all, "fresh", "new", NULL);
	/* nearest rank: the 200th and the 380th of 400 */
	ck_assert(operation(&all, "middle")->side[CF_BEFORE].p50 ==
		  (double)(int64_t)(1e6 * (0.9 + 0.2 * 199 / 400)));
	ck_assert(operation(&all, "middle")->side[CF_BEFORE].p95 ==
		  (double)(int64_t)(3e6 * (0.9 + 0.2 * 379 / 400)));
	cf_op_latencies_clear(&all);
}
END_TEST

/* Runs that are apart by themselves: many spans don't make a change of what is one slow day. */
START_TEST(takes_runs_as_they_vary)
{
	static const double day[] = { 1.0, 1.3, 0.9, 1.1 };
	struct cf_op_latencies all;

	cf_op_latencies_init(&all);
	for (int side = 0; side < CF_SIDES; side++)
		for (uint32_t run = 0; run < 4; run++)
			spans(&all, side, run, "get", 200, 1e6 * day[(run + (uint32_t)side) % 4], 2e6, 0);
	cf_op_latencies_compute(&all, standard());
	ck_assert(all.of_runs);
	ck_assert(operation(&all, "get")->test[CF_LATENCY_P50].found > CF_FOUND_CARRIED);
	cf_op_latencies_clear(&all);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/compare_values");
	TCase *c = tcase_create("compare_values");

	tcase_add_test(c, knows_what_is_better);
	tcase_add_test(c, counts_runs_not_repetitions);
	tcase_add_test(c, compares_at_each_load);
	tcase_add_test(c, swapped_series_flip);
	tcase_add_test(c, tells_middle_tail_and_errors);
	tcase_add_test(c, takes_runs_as_they_vary);
	suite_add_tcase(s, c);
	return s;
}
