/* SPDX-License-Identifier: MIT */
/* analyzers_stat_samples: order statistics and comparison of two samples. */
#include "tests/unit/stat_check.h"

#include <signal.h>

#include "analyzers/stat/bootstrap.h"
#include "analyzers/stat/mann_whitney.h"
#include "analyzers/stat/random.h"
#include "analyzers/stat/repeats.h"
#include "analyzers/stat/welch.h"

static const double ten[] = { 3.1, 2.7, 9.8, 4.4, 4.4, 1, 7.7, 5.5, 6.1, 2.2 };
/* Hollander & Wolfe (1973), 69: the example of R's wilcox.test */
static const double permeable[] = { 0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46 };
static const double later[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };
/* Student (1908): R's sleep */
static const double drug1[] = { 0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2 };
static const double drug2[] = { 1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4 };

static void fill(double *x, size_t n, double mean, double deviation, struct cf_random *random)
{
	for (size_t i = 0; i < n; i++)
		x[i] = mean + deviation * cf_random_normal(random);
}

/* --- order statistics ------------------------------------------------------------------------- */

START_TEST(quantiles)
{
	static const double p[] = { 0.05, 0.25, 0.5, 0.9, 0.95 };
	static const double type1[] = { 1, 2.7, 4.4, 7.7, 9.8 }, type7[] = { 1.54, 2.8, 4.4, 7.91, 8.855 },
			    type8[] = { 1, 2.6583333333333332, 4.4, 9.03, 9.8 };
	g_autofree double *sorted = cf_sorted(ten, COUNT(ten));

	for (size_t i = 0; i < COUNT(p); i++) {
		SAME(cf_quantile(sorted, COUNT(ten), p[i], CF_QUANTILE_NEAREST), type1[i]);
		SAME(cf_quantile(sorted, COUNT(ten), p[i], CF_QUANTILE_LINEAR), type7[i]);
		SAME(cf_quantile(sorted, COUNT(ten), p[i], CF_QUANTILE_UNBIASED), type8[i]);
	}
	/* 0.55 * 20 is a little more than 11 in binary; the value is the 11th all the same */
	{
		double ranks[20];

		for (int i = 0; i < 20; i++)
			ranks[i] = i + 1;
		ck_assert_double_eq(cf_quantile(ranks, 20, 0.55, CF_QUANTILE_NEAREST), 11);
	}
	SAME(cf_mad(ten, COUNT(ten)), 2.52042);
	SAME(cf_iqr(ten, COUNT(ten)), 3.15);
	SAME(cf_trimmed_mean(ten, COUNT(ten), 0.2), 4.3666666666666671);
	SAME(cf_variance(ten, COUNT(ten)), 7.1432222222222226);
}
END_TEST

START_TEST(extreme_values)
{
	static const double huge[] = { 1e140, -1e140, 1e140, -1e140, 1 }, tiny[] = { 5e-324, 5e-324, 5e-324 };
	static const double big[] = { 1e12 + 1, 1e12 + 2, 1e12 + 3 };

	NEAR(cf_mean(huge, 5), 0.2, 1e125);
	ck_assert(isfinite(cf_variance(huge, 5)));
	ck_assert_double_eq(cf_median(huge, 4), 0);
	ck_assert_double_eq(cf_median(tiny, 2), 5e-324);
	ck_assert_double_eq(cf_mad(tiny, 3), 0);
	ck_assert_double_eq(cf_variance(big, 3), 1);
	ck_assert(isnan(cf_median(NULL, 0)) && isnan(cf_mean(NULL, 0)) && isnan(cf_variance(ten, 1)));
	ck_assert(isnan(cf_quantile(NULL, 0, 0.5, CF_QUANTILE_LINEAR)) && isnan(cf_mad(NULL, 0)));
	ck_assert_double_eq(cf_median(ten, 1), 3.1);
}
END_TEST

START_TEST(not_a_number_is_a_bug)
{
	const double x[] = { 1, NAN, 2 };

	cf_median(x, 3);
}
END_TEST

START_TEST(median_intervals)
{
	/* ranks and coverage as binomial tables have them; under 6 values there is none at 95 % */
	static const struct {
		size_t n, lo, hi;
		double coverage;
	} known[] = { { 6, 1, 6, 0.96875 },
		      { 8, 1, 8, 0.9921875 },
		      { 10, 2, 9, 0.978515625 },
		      { 20, 6, 15, 0.9586105346679688 },
		      { 200, 86, 115, 0.9599628083866005 } };
	double x[200];

	for (int i = 0; i < 200; i++)
		x[i] = i + 1;
	for (size_t i = 0; i < COUNT(known); i++) {
		struct cf_quantile_interval got = cf_quantile_interval(x, known[i].n, 0.5, 0.95);

		ck_assert_double_eq(got.value.lo, (double)known[i].lo);
		ck_assert_double_eq(got.value.hi, (double)known[i].hi);
		ck_assert_uint_eq(got.lo_rank + 1, known[i].lo);
		ck_assert_uint_eq(got.hi_rank + 1, known[i].hi);
		SAME(got.coverage, known[i].coverage);
	}
	for (size_t n = 0; n < 6; n++) {
		struct cf_quantile_interval got = cf_quantile_interval(x, n, 0.5, 0.95);

		ck_assert(isinf(got.value.lo) && isinf(got.value.hi));
		ck_assert_uint_eq(got.needed, 6);
		ck_assert_double_eq(got.coverage, 0);
	}
	/* the 99th percentile takes 368 values for both ends: 0.99^n <= 0.025 */
	ck_assert_uint_eq(cf_quantile_interval(x, 200, 0.99, 0.95).needed, 368);
}
END_TEST

START_TEST(ranks)
{
	static const double x[] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5 };
	static const double want[] = { 4.5, 1.5, 6, 1.5, 8, 11, 3, 10, 8, 4.5, 8 };
	double rank[COUNT(x)];

	ck_assert_double_eq(cf_midranks(x, COUNT(x), rank), 6 + 6 + 24);
	for (size_t i = 0; i < COUNT(x); i++)
		ck_assert_double_eq(rank[i], want[i]);
	ck_assert_double_eq(cf_midranks(NULL, 0, rank), 0);
}
END_TEST

/* --- the rank test ---------------------------------------------------------------------------- */

START_TEST(mann_whitney_of_books)
{
	struct cf_mann_whitney test = cf_mann_whitney(later, 5, permeable, 10);
	struct cf_shift shift = cf_hodges_lehmann(later, 5, permeable, 10, 0.95);

	ck_assert_double_eq(test.u, 35);
	ck_assert(test.exact && !test.ties);
	SAME(test.p, 0.2544122544122544);
	SAME(shift.value.estimate, 0.305);
	SAME(shift.value.lo, -0.15);
	SAME(shift.value.hi, 0.76);
	ck_assert(shift.coverage >= 0.95);
}
END_TEST

/* Every way to choose which of the pooled values are the second sample. */
static double p_by_enumeration(const double *all, size_t n, size_t m)
{
	double rank[16], sum = 0;
	size_t below = 0, above = 0, ways = 0;

	cf_midranks(all, n + m, rank);
	for (size_t i = n; i < n + m; i++)
		sum += rank[i];
	for (unsigned set = 0; set < 1u << (n + m); set++) {
		double s = 0;

		if ((size_t)__builtin_popcount(set) != m)
			continue;
		for (size_t i = 0; i < n + m; i++)
			s += set >> i & 1 ? rank[i] : 0;
		ways++;
		below += s <= sum;
		above += s >= sum;
	}
	return fmin(1, 2.0 * (double)MIN(below, above) / (double)ways);
}

START_TEST(mann_whitney_exact)
{
	struct cf_random random;

	cf_random_init(&random, 7);
	for (int round = 0; round < 60; round++) {
		size_t n = 1 + cf_random_below(&random, 6), m = 1 + cf_random_below(&random, 6);
		uint64_t kinds =
			round % 3 ? 1 + cf_random_below(&random, 6) : UINT64_MAX; /* with ties, without */
		double all[16];

		for (size_t i = 0; i < n + m; i++)
			all[i] = (double)cf_random_below(&random, kinds);
		SAME(cf_mann_whitney(all, n, all + n, m).p, p_by_enumeration(all, n, m));
	}
}
END_TEST

START_TEST(mann_whitney_properties)
{
	struct cf_random random;
	double x[60], y[60];

	cf_random_init(&random, 11);
	for (int round = 0; round < 40; round++) {
		size_t n = 1 + cf_random_below(&random, 60), m = 1 + cf_random_below(&random, 60);
		struct cf_mann_whitney there, back;
		struct cf_shift ahead, behind;

		fill(x, n, 100, 5, &random);
		fill(y, m, 102, 5, &random);
		for (size_t i = 0; round % 2 && i < 60; i++) { /* ties */
			x[i] = i < n ? nearbyint(x[i]) : 0;
			y[i] = i < m ? nearbyint(y[i]) : 0;
		}
		there = cf_mann_whitney(x, n, y, m);
		back = cf_mann_whitney(y, m, x, n);
		ahead = cf_hodges_lehmann(x, n, y, m, 0.95);
		behind = cf_hodges_lehmann(y, m, x, n, 0.95);
		NEAR(there.p, back.p, 1e-12);
		ck_assert_double_eq_tol(there.cliff, -back.cliff, 1e-14);
		ck_assert_double_eq(ahead.value.estimate, -behind.value.estimate);
		ck_assert_double_eq(ahead.value.lo, -behind.value.hi);
		ck_assert_double_eq(ahead.value.hi, -behind.value.lo);
		/* a sample against itself */
		ck_assert_double_eq(cf_mann_whitney(x, n, x, n).p, 1);
		ck_assert_double_eq(cf_hodges_lehmann(x, n, x, n, 0.95).value.estimate, 0);
	}
}
END_TEST

START_TEST(mann_whitney_small_and_equal)
{
	static const double same[] = { 7, 7, 7, 7, 7, 7 };

	ck_assert_double_eq(cf_mann_whitney(NULL, 0, ten, 10).p, 1);
	ck_assert_double_eq(cf_mann_whitney(ten, 1, ten + 2, 1).p, 1);
	SAME(cf_mann_whitney(ten, 2, ten + 2, 2).p, 1. / 3);
	ck_assert_double_eq(cf_mann_whitney(same, 6, same, 6).p, 1);
	ck_assert(isnan(cf_hodges_lehmann(NULL, 0, ten, 3, 0.95).value.estimate));
	ck_assert_double_eq(cf_hodges_lehmann(same, 6, same, 6, 0.95).value.hi, 0);
	ck_assert_uint_eq(cf_mann_whitney_least(0.05), 4);
	ck_assert_uint_eq(cf_mann_whitney_least(0.01), 5);
}
END_TEST

/* Distribution of p without a difference: uniform, up to steps of the exact distribution. */
START_TEST(mann_whitney_null)
{
	enum { ROUNDS = 4000 };
	int below[10] = { 0 };
	struct cf_random random;
	double x[30], y[30];

	cf_random_init(&random, 5);
	for (int round = 0; round < ROUNDS; round++) {
		double p;

		fill(x, 30, 0, 1, &random);
		fill(y, 30, 0, 1, &random);
		p = cf_mann_whitney(x, 30, y, 30).p;
		for (int i = 0; i < 10; i++)
			below[i] += p <= (i + 1) * 0.1;
	}
	for (int i = 0; i < 9; i++) /* four standard errors */
		ck_assert_double_eq_tol((double)below[i] / ROUNDS, (i + 1) * 0.1, 0.035);
}
END_TEST

START_TEST(many_values)
{
	size_t n = 200000;
	g_autofree double *x = g_new(double, n);
	g_autofree double *y = g_new(double, n);
	struct cf_random random;
	struct cf_shift shift;

	cf_random_init(&random, 9);
	fill(x, n, 1000, 1, &random);
	fill(y, n, 1001, 1, &random);
	ck_assert_double_eq(cf_mann_whitney(x, n, y, n).p, 0);
	shift = cf_hodges_lehmann(x, n, y, n, 0.95);
	/* the standard error is sqrt(pi / 3 * 2 / n): four of them, and twice 1.96 of them */
	ck_assert_double_eq_tol(shift.value.estimate, 1, 0.013);
	ck_assert_double_eq_tol(shift.value.hi - shift.value.lo, 0.0127, 0.0002);
}
END_TEST

/* --- means ------------------------------------------------------------------------------------ */

START_TEST(welch_of_students_sleep)
{
	struct cf_welch test = cf_welch(drug2, 10, drug1, 10, 0.95);

	SAME(test.t, -1.8608134674868531);
	SAME(test.df, 17.776473516178498);
	SAME(test.p, 0.079394140187358173);
	SAME(test.difference.lo, -3.3654832307117104);
	SAME(test.difference.hi, 0.20548323071171018);
}
END_TEST

START_TEST(welch_extremes)
{
	static const double same[] = { 3, 3, 3 }, other[] = { 4, 4 }, around[] = { -1, 1, 0 };
	struct cf_welch test = cf_welch(same, 3, other, 2, 0.95);

	ck_assert_double_eq(test.p, 0);
	ck_assert_double_eq(cf_welch(same, 3, same, 2, 0.95).p, 1);
	ck_assert_double_eq(cf_welch(same, 1, other, 2, 0.95).p, 1);
	ck_assert(isnan(cf_welch(NULL, 0, other, 2, 0.95).difference.estimate));
	/* a mean that can't be told from 0 has no interval of ratios */
	test = cf_welch(around, 3, ten, 10, 0.95);
	ck_assert(isinf(test.ratio.lo) && isinf(test.ratio.hi));
	/* Fieller: at the ends of the ratio's interval the difference y - r x is just significant */
	{
		double scaled[10];

		test = cf_welch(ten, 10, permeable, 10, 0.95);
		for (int i = 0; i < 10; i++)
			scaled[i] = ten[i] * test.ratio.hi;
		ck_assert(test.ratio.lo < test.ratio.estimate && test.ratio.estimate < test.ratio.hi);
		ck_assert_double_eq_tol(cf_welch(scaled, 10, permeable, 10, 0.95).p, 0.05, 0.02);
	}
}
END_TEST

START_TEST(bootstrap)
{
	const struct cf_bootstrap how = { .seed = 3, .rounds = 2000, .level = 0.95 };
	struct cf_interval one =
		cf_bootstrap_interval(ten, 10, permeable, 10, cf_bootstrap_relative_median, NULL, &how);
	struct cf_interval again =
		cf_bootstrap_interval(ten, 10, permeable, 10, cf_bootstrap_relative_median, NULL, &how);
	static const double same[] = { 4, 4, 4 };
	const double p = 0.5;

	ck_assert_double_eq(one.lo, again.lo);
	ck_assert_double_eq(one.hi, again.hi);
	SAME(one.estimate, cf_median(permeable, 10) / 4.4 - 1);
	ck_assert(one.lo < one.estimate && one.estimate < one.hi);
	ck_assert_double_eq(
		cf_bootstrap_interval(same, 3, same, 3, cf_bootstrap_relative_median, NULL, &how).hi, 0);
	ck_assert_double_eq(
		cf_bootstrap_interval(ten, 10, permeable, 10, cf_bootstrap_relative_quantile, &p, &how).lo,
		one.lo);
	ck_assert(isnan(
		cf_bootstrap_interval(NULL, 0, same, 3, cf_bootstrap_relative_median, NULL, &how).estimate));
}
END_TEST

/* --- repeats ---------------------------------------------------------------------------------- */

static struct cf_repeats repeats(const double *x, size_t n, const double *y, size_t m)
{
	const struct cf_repeats_options options = CF_REPEATS_OPTIONS;

	return cf_repeats_compare(x, n, y, m, &options);
}

START_TEST(outcomes)
{
	static const double x[] = { 100.2, 101.1, 99.8, 100.5, 100.9 },
			    y[] = { 105.3, 106, 104.9, 105.7, 105.1 };
	static const double little[] = { 101.2, 102.1, 101.8, 102.5, 101.9 };
	static const double same[] = { 7, 7, 7, 7, 7, 7 }, none[] = { 0, 0, 0, 0 };
	struct cf_repeats result = repeats(x, 5, y, 5);

	ck_assert_int_eq(result.outcome, CF_OUTCOME_MORE);
	SAME(result.p, 2. / 252);
	SAME(result.ratio.estimate, 1 + 4.9 / 100.5);
	ck_assert(cf_outcome_changed(result.outcome));
	ck_assert_int_eq(repeats(y, 5, x, 5).outcome, CF_OUTCOME_LESS);
	/* significant, but under 2 % */
	ck_assert_int_eq(repeats(x, 5, little, 5).outcome, CF_OUTCOME_SMALL);
	ck_assert_int_eq(repeats(same, 6, same, 6).outcome, CF_OUTCOME_SAME);
	ck_assert_int_eq(repeats(x, 5, x, 5).outcome, CF_OUTCOME_SAME);
	ck_assert_int_eq(repeats(none, 4, y, 4).outcome, CF_OUTCOME_NEW);
	ck_assert_int_eq(repeats(y, 4, none, 4).outcome, CF_OUTCOME_GONE);
	/* three values a side can't reach 0.05, however far apart */
	for (size_t n = 0; n < 4; n++) {
		result = repeats(x, n, y, n);
		ck_assert_int_eq(result.outcome, CF_OUTCOME_UNSURE);
		ck_assert(result.needed >= 4);
	}
	/* widely spread: nothing found, and no claim that nothing is there */
	result = repeats(drug1, 10, drug1, 9);
	ck_assert(result.outcome == CF_OUTCOME_NOISE || result.outcome == CF_OUTCOME_UNSURE);
}
END_TEST

/*
 * A thousand benchmarks of ten runs a side with 15 % noise and no change; then 50 that are slower by half.
 */
START_TEST(thousand_noisy_benchmarks)
{
	enum { N = 1000, RUNS = 10, SLOWER = 50 };
	const struct cf_repeats_options options = CF_REPEATS_OPTIONS;
	g_autofree struct cf_repeats *results = g_new(struct cf_repeats, N);
	struct cf_random random;
	int flagged = 0, found = 0, wrong = 0;
	double x[RUNS], y[RUNS];

	cf_random_init(&random, 13);
	for (int changed = 0; changed < 2; changed++) {
		for (int i = 0; i < N; i++) {
			fill(x, RUNS, 100, 15, &random);
			fill(y, RUNS, changed && i < SLOWER ? 150 : 100, 15, &random);
			results[i] = cf_repeats_compare(x, RUNS, y, RUNS, &options);
		}
		cf_repeats_adjust(results, N, &options);
		for (int i = 0; i < N; i++) {
			gboolean named = cf_outcome_changed(results[i].outcome);

			flagged += !changed && named;
			found += changed && i < SLOWER && results[i].outcome == CF_OUTCOME_MORE;
			wrong += changed && i >= SLOWER && named;
		}
	}
	ck_assert_int_le(flagged, N / 100);
	ck_assert_int_ge(found, SLOWER * 9 / 10);
	ck_assert_int_le(wrong, 8); /* a share of 5 % of what is named, and its chance */
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/stat/samples");
	TCase *t = tcase_create("samples");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, quantiles);
	tcase_add_test(t, extreme_values);
	tcase_add_test_raise_signal(t, not_a_number_is_a_bug, SIGABRT);
	tcase_add_test(t, median_intervals);
	tcase_add_test(t, ranks);
	tcase_add_test(t, mann_whitney_of_books);
	tcase_add_test(t, mann_whitney_exact);
	tcase_add_test(t, mann_whitney_properties);
	tcase_add_test(t, mann_whitney_small_and_equal);
	tcase_add_test(t, mann_whitney_null);
	tcase_add_test(t, many_values);
	tcase_add_test(t, welch_of_students_sleep);
	tcase_add_test(t, welch_extremes);
	tcase_add_test(t, bootstrap);
	tcase_add_test(t, outcomes);
	tcase_add_test(t, thousand_noisy_benchmarks);
	suite_add_tcase(s, t);
	return s;
}
