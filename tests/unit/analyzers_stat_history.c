/* SPDX-License-Identifier: MIT */
/* analyzers_stat_history: trends, change points and anomalies of series. */
#include "tests/unit/stat_check.h"

#include "analyzers/stat/anomaly.h"
#include "analyzers/stat/autocorrelation.h"
#include "analyzers/stat/changepoint.h"
#include "analyzers/stat/growth.h"
#include "analyzers/stat/partition.h"
#include "analyzers/stat/random.h"
#include "analyzers/stat/rolling.h"
#include "analyzers/stat/trend.h"

#include <string.h>

/* Annual flow of the Nile at Aswan from 1871 on (Cobb 1978); it fell for good in 1899. */
static const double nile[] = { 1120, 1160, 963,  1210, 1160, 1160, 813,  1230, 1370, 1140, 995,  935,  1110,
			       994,  1020, 960,  1180, 799,  958,  1140, 1100, 1210, 1150, 1250, 1260, 1220,
			       1030, 1100, 774,  840,  874,  694,  940,  833,  701,  916,  692,  1020, 1050,
			       969,  831,  726,  456,  824,  702,  1120, 1100, 832,  764,  821,  768,  845,
			       864,  862,  698,  845,  744,  796,  1040, 759,  781,  865,  845,  944,  984,
			       897,  822,  1010, 771,  676,  649,  846,  812,  742,  801,  1040, 860,  874,
			       848,  890,  744,  749,  838,  1050, 918,  986,  797,  923,  975,  815,  1020,
			       906,  901,  1170, 912,  746,  919,  718,  714,  740 };

static double *noise(size_t n, uint64_t seed)
{
	double *x = g_new(double, n);
	struct cf_random random;

	cf_random_init(&random, seed);
	for (size_t i = 0; i < n; i++)
		x[i] = cf_random_normal(&random);
	return x;
}

/* --- trends ----------------------------------------------------------------------------------- */

START_TEST(trend_of_the_nile)
{
	struct cf_mann_kendall test = cf_mann_kendall(nile, COUNT(nile));
	struct cf_theil_sen fit = cf_theil_sen(NULL, nile, COUNT(nile), 0.95);

	ck_assert_double_eq(test.s, -1387);
	SAME(test.variance, 112728.33333333333);
	SAME(test.z, -4.128066522844);
	SAME(test.p, 3.658262921664e-05);
	SAME(test.tau, -0.2807413347246);
	SAME(fit.slope.estimate, -2.6);
	SAME(fit.slope.lo, -3.628571428571);
	SAME(fit.slope.hi, -1.424242424242);
}
END_TEST

START_TEST(autocorrelations)
{
	static const double want[] = { 1, -0.14743092942657873, -0.38745170810056417, -0.11110586987794002,
				       0.33553835478123917 };
	double rho[COUNT(nile)], mean = cf_mean(nile, COUNT(nile)), all = 0;

	cf_autocorrelation(nile, 10, rho);
	for (size_t i = 0; i < COUNT(want); i++)
		SAME(rho[i], want[i]); /* R's acf */
	cf_autocorrelation(nile, COUNT(nile), rho);
	for (size_t i = 0; i < COUNT(nile); i++)
		all += (nile[i] - mean) * (nile[i] - mean);
	for (size_t k = 0; k < COUNT(nile); k++) {
		double sum = 0;

		for (size_t i = 0; i + k < COUNT(nile); i++)
			sum += (nile[i] - mean) * (nile[i + k] - mean);
		ck_assert_double_eq_tol(rho[k], sum / all, 1e-13);
	}
	cf_autocorrelation((const double[]){ 5, 5, 5 }, 3, rho);
	ck_assert(rho[0] == 1 && rho[1] == 0 && rho[2] == 0);
	cf_autocorrelation(NULL, 0, rho);
}
END_TEST

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median_slope(const double *time, const double *y, size_t n)
{
	g_autofree double *slopes = g_new(double, n *(n - 1) / 2);
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			if (time[j] > time[i])
				slopes[at++] = (y[j] - y[i]) / (time[j] - time[i]);
	qsort(slopes, at, sizeof(double), ascending);
	return slopes[(at - 1) / 2];
}

/* Beyond a thousand points the slopes are no longer listed. */
START_TEST(slopes_of_long_series)
{
	size_t n = 1301;
	g_autofree double *x = noise(n, 3);
	g_autofree double *y = g_new(double, n);
	g_autofree double *time = g_new(double, n);

	for (int kind = 0; kind < 6; kind++) {
		double got;

		for (size_t i = 0; i < n; i++) {
			time[i] = kind == 4 ? (double)(i / 3) : (double)i * 0.25;
			y[i] = x[i];
			if (kind == 1)
				y[i] = nearbyint(x[i]); /* mostly level */
			if (kind == 2)
				y[i] = 1e9 - 5 * time[i] + x[i];
			if (kind == 3)
				y[i] = 7;
			if (kind == 5)
				y[i] = nearbyint(x[i] * 3) * 64 + 32 * time[i];
		}
		got = cf_theil_sen(time, y, n, 0.95).slope.estimate;
		ck_assert_double_eq_tol(got, median_slope(time, y, n), 1e-9 * fabs(got) + 1e-15);
	}
}
END_TEST

START_TEST(trend_extremes)
{
	static const double same[] = { 4, 4, 4, 4 }, up[] = { 1, 2, 3, 4 };
	static const double at_once[] = { 5, 5, 5, 5 };

	ck_assert_double_eq(cf_mann_kendall(same, 4).p, 1);
	ck_assert_double_eq(cf_mann_kendall(NULL, 0).p_corrected, 1);
	ck_assert_double_eq(cf_mann_kendall(up, 1).p, 1);
	ck_assert_double_eq(cf_mann_kendall(up, 4).s, 6);
	SAME(cf_mann_kendall(up, 4).tau, 1);
	ck_assert_double_eq(cf_theil_sen(NULL, up, 4, 0.95).slope.estimate, 1);
	ck_assert_double_eq(cf_theil_sen(NULL, up, 4, 0.95).intercept, 1);
	ck_assert_double_eq(cf_theil_sen(NULL, same, 4, 0.95).slope.estimate, 0);
	ck_assert(isnan(cf_theil_sen(at_once, up, 4, 0.95).slope.estimate));
	ck_assert(isnan(cf_theil_sen(NULL, up, 1, 0.95).slope.estimate));
	ck_assert(isnan(cf_theil_sen(NULL, up, 2, 0.95).slope.lo));
}
END_TEST

/* Noise that wanders looks like a trend to the plain test, and less so to the corrected one. */
START_TEST(serial_correlation)
{
	enum { ROUNDS = 200, N = 150 };
	int plain = 0, corrected = 0;

	for (int round = 0; round < ROUNDS; round++) {
		g_autofree double *x = noise(N, 100 + (uint64_t)round);
		struct cf_mann_kendall test;

		for (int i = 1; i < N; i++)
			x[i] += 0.7 * x[i - 1];
		test = cf_mann_kendall(x, N);
		plain += test.p <= 0.01;
		corrected += test.p_corrected <= 0.01;
	}
	ck_assert_int_ge(plain, ROUNDS / 5);
	ck_assert_int_le(corrected, plain / 2);
}
END_TEST

START_TEST(growing)
{
	const struct cf_growth_options options = CF_GROWTH_OPTIONS;
	enum { N = 160 };
	g_autofree double *x = noise(N, 17);
	double y[N];
	static const enum cf_growth_verdict want[] = { CF_GROWTH_STEADY,   CF_GROWTH_NO_TREND,
						       CF_GROWTH_UNSTEADY, CF_GROWTH_SMALL,
						       CF_GROWTH_NO_TREND, CF_GROWTH_STEADY };

	for (int kind = 0; kind < 6; kind++) {
		struct cf_growth growth;

		for (int i = 0; i < N; i++) {
			double leak = 1000 + i, warm_up = 1000 + 2 * MIN(i, 100);

			y[i] = kind == 0   ? leak
			       : kind == 2 ? warm_up
			       : kind == 3 ? 1e5 + i
			       : kind == 4 ? 2000 - i
					   : 1000;
			y[i] += 2 * x[i];
			if (kind == 5) /* a saw-tooth on a leak */
				y[i] = leak + i % 16 * 20;
		}
		growth = cf_growth(NULL, y, N, &options);
		ck_assert_int_eq(growth.verdict, want[kind]);
		if (kind == 0) {
			ck_assert_double_eq_tol(growth.fit.slope.estimate, 1, 0.02);
			ck_assert_double_eq_tol(growth.rise, 119, 2);
			ck_assert_uint_eq(growth.from, 40);
		}
	}
	for (size_t n = 0; n < 13; n++)
		ck_assert_int_eq(cf_growth(NULL, y, n, &options).verdict, CF_GROWTH_TOO_SHORT);
}
END_TEST

/* --- change points ---------------------------------------------------------------------------- */

/* The cost of the best partition, by trying every last segment (n^2). */
static double best_cost(const double *x, size_t n, double penalty, size_t least)
{
	g_autofree double *best = g_new(double, n + 1);

	best[0] = 0;
	for (size_t t = 1; t <= n; t++) {
		double mean = 0, squares = 0;

		best[t] = INFINITY;
		for (size_t s = t; s-- > 0;) {
			double off = x[s] - mean;

			mean += off / (double)(t - s);
			squares += off * (x[s] - mean);
			if (t - s >= least)
				best[t] = fmin(best[t], best[s] + squares + penalty);
		}
	}
	return best[n];
}

static double cost_of(const double *x, size_t n, double penalty, size_t least, const GArray *starts)
{
	double cost = 0;
	size_t from = 0;

	for (guint i = 0; i <= starts->len; i++) {
		size_t to = i < starts->len ? g_array_index(starts, size_t, i) : n;

		ck_assert(to >= from + least);
		for (size_t j = from; j < to; j++)
			cost += pow(x[j] - cf_mean(x + from, to - from), 2);
		cost += penalty;
		from = to;
	}
	return cost;
}

START_TEST(best_partitions)
{
	struct cf_random random;

	cf_random_init(&random, 2);
	for (int round = 0; round < 150; round++) {
		size_t least = 1 + cf_random_below(&random, 4), n = 2 * least + cf_random_below(&random, 120);
		g_autofree double *x = noise(n, 1000 + (uint64_t)round);
		double penalty = exp(8 * cf_random_unit(&random) - 3), got, want;
		g_autoptr(GArray) starts = NULL;

		for (size_t i = 0; i < n; i++) {
			if (round % 4 == 1)
				x[i] += 4 * (double)(i / 11 % 3);
			if (round % 4 == 2)
				x[i] = nearbyint(x[i]); /* with ties */
			if (round % 4 == 3)
				x[i] += i > n / 2 ? 1e9 : (double)i * 0.3; /* far apart; a ramp */
		}
		starts = cf_partition(x, n, penalty, least);
		got = cost_of(x, n, penalty, least, starts);
		want = best_cost(x, n, penalty, least);
		NEAR(got, want, round % 4 == 3 ? 1e-6 : 1e-9);
	}
}
END_TEST

START_TEST(partition_extremes)
{
	static const double step[] = { 1, 1, 1, 1, 5, 5, 5, 5 };
	g_autoptr(GArray) one = cf_partition(step, 8, 1, 2);
	g_autoptr(GArray) none = cf_partition(step, 8, 1, 5);
	g_autoptr(GArray) empty = cf_partition(NULL, 0, 1, 1);

	ck_assert_uint_eq(one->len, 1);
	ck_assert_uint_eq(g_array_index(one, size_t, 0), 4);
	ck_assert_uint_eq(none->len, 0);
	ck_assert_uint_eq(empty->len, 0);
}
END_TEST

static struct cf_changes changes_of(const double *x, size_t n)
{
	const struct cf_change_options options = CF_CHANGE_OPTIONS;
	struct cf_changes changes;

	cf_changes_find(&changes, x, n, &options);
	return changes;
}

START_TEST(change_of_the_nile)
{
	struct cf_changes changes = changes_of(nile, COUNT(nile));
	const struct cf_level_change *change = &g_array_index(changes.changes, struct cf_level_change, 0);

	ck_assert_uint_eq(changes.changes->len, 1);
	ck_assert_uint_eq(change->index, 28);
	ck_assert_uint_eq(change->from, 0);
	ck_assert_uint_eq(change->to, 100);
	ck_assert_double_eq(change->before, cf_median(nile, 28));
	ck_assert_double_eq(change->after, cf_median(nile + 28, 72));
	ck_assert(change->p < 1e-10 && change->ratio < 0.8);
	cf_changes_clear(&changes);
}
END_TEST

/* Measurements of a commit series: a shift of 5 %, one odd run that is no shift. */
START_TEST(shift_and_spike)
{
	enum { N = 60 };
	g_autofree double *x = noise(N, 5);
	struct cf_changes changes;
	g_autoptr(GArray) odd = NULL;

	for (int i = 0; i < N; i++)
		x[i] = (i < 35 ? 200 : 210) + x[i];
	x[17] = 320;
	changes = changes_of(x, N);
	ck_assert_uint_eq(changes.changes->len, 1);
	ck_assert_uint_eq(g_array_index(changes.changes, struct cf_level_change, 0).index, 35);
	ck_assert_uint_ge(changes.spikes->len, 1);
	ck_assert_double_eq_tol(changes.noise, 1, 0.3);
	odd = cf_odd_runs(x, N, &changes, 0.05, 0.02);
	ck_assert_uint_eq(odd->len, 1);
	ck_assert_uint_eq(g_array_index(odd, struct cf_odd_run, 0).index, 17);
	ck_assert_double_eq_tol(g_array_index(odd, struct cf_odd_run, 0).ratio, 1.6, 0.02);
	cf_changes_clear(&changes);
}
END_TEST

/* Backwards the changes are at the mirrored places; in other units at the same. */
START_TEST(change_symmetry)
{
	for (uint64_t seed = 0; seed < 20; seed++) {
		enum { N = 90 };
		g_autofree double *x = noise(N, 50 + seed);
		double mirrored[N], scaled[N];
		struct cf_changes there, back, other;

		for (int i = 0; i < N; i++)
			x[i] += 100 + (i >= 30 ? 12 : 0) - (i >= 62 ? 7 : 0);
		for (int i = 0; i < N; i++) {
			mirrored[i] = x[N - 1 - i];
			scaled[i] = x[i] * 1e9;
		}
		there = changes_of(x, N);
		back = changes_of(mirrored, N);
		other = changes_of(scaled, N);
		ck_assert_uint_eq(there.changes->len, 2);
		ck_assert_uint_eq(back.changes->len, 2);
		ck_assert_uint_eq(other.changes->len, 2);
		for (guint i = 0; i < 2; i++) {
			size_t at = g_array_index(there.changes, struct cf_level_change, i).index;

			ck_assert_uint_eq(at, i ? 62 : 30);
			ck_assert_uint_eq(g_array_index(back.changes, struct cf_level_change, 1 - i).index,
					  N - at);
			ck_assert_uint_eq(g_array_index(other.changes, struct cf_level_change, i).index, at);
		}
		cf_changes_clear(&there);
		cf_changes_clear(&back);
		cf_changes_clear(&other);
	}
}
END_TEST

START_TEST(no_change)
{
	static const double same[] = { 3, 3, 3, 3, 3, 3, 3, 3 };
	int named = 0;
	struct cf_changes changes;

	for (uint64_t seed = 0; seed < 300; seed++) {
		g_autofree double *x = noise(80, 2000 + seed);
		g_autoptr(GArray) odd = NULL;

		for (int i = 0; i < 80; i++) /* every other series wanders */
			x[i] = 50 + x[i] + (i && seed % 2 ? 0.5 * (x[i - 1] - 50) : 0);
		changes = changes_of(x, 80);
		named += changes.changes->len > 0;
		cf_changes_clear(&changes);
	}
	ck_assert_int_le(named, 3);
	for (size_t n = 0; n <= 8; n++) {
		changes = changes_of(same, n);
		ck_assert_uint_eq(changes.changes->len + changes.spikes->len, 0);
		cf_changes_clear(&changes);
	}
}
END_TEST

/* Exact counts, such as instructions, that hardly ever vary: no noise by MAD, and a shift all the same. */
START_TEST(quiet_counter)
{
	enum { N = 40 };
	double x[N];
	struct cf_changes changes;

	for (int i = 0; i < N; i++)
		x[i] = (i < 25 ? 1e9 : 1.1e9) + (i % 13 == 0);
	changes = changes_of(x, N);
	ck_assert_uint_eq(changes.changes->len, 1);
	ck_assert_uint_eq(g_array_index(changes.changes, struct cf_level_change, 0).index, 25);
	cf_changes_clear(&changes);
}
END_TEST

START_TEST(hundred_thousand_values)
{
	size_t n = 100000;
	g_autofree double *x = noise(n, 8);
	struct cf_changes changes;

	for (size_t i = 0; i < n; i++)
		x[i] += 100 + (i >= 70000 ? 3 : 0);
	changes = changes_of(x, n);
	ck_assert_uint_eq(changes.changes->len, 1);
	ck_assert_double_eq_tol((double)g_array_index(changes.changes, struct cf_level_change, 0).index,
				70000, 5);
	cf_changes_clear(&changes);
}
END_TEST

/* --- anomalies -------------------------------------------------------------------------------- */

START_TEST(rolling_quantiles)
{
	enum { N = 200, WINDOW = 17 };
	g_autofree double *x = noise(N, 4);
	double got[N];

	for (int i = 0; i < N; i += 3)
		x[i] = nearbyint(x[i]);
	cf_rolling_quantile(x, N, WINDOW, 5, 0.3, got);
	for (int i = 0; i < N; i++) {
		int from = MAX(0, i - WINDOW);
		g_autofree double *sorted = cf_sorted(x + from, (size_t)(i - from));

		if (i < 5)
			ck_assert(isnan(got[i]));
		else
			SAME(got[i], cf_quantile(sorted, (size_t)(i - from), 0.3, CF_QUANTILE_LINEAR));
	}
	cf_rolling_quantile(NULL, 0, 3, 1, 0.5, got);
}
END_TEST

START_TEST(anomalies_of_a_metric)
{
	const struct cf_anomaly_options options = CF_ANOMALY_OPTIONS;
	enum { N = 4000 };
	g_autofree double *x = noise(N, 6);
	g_autofree double *score = g_new(double, N);
	g_autoptr(GArray) positions = NULL;
	gboolean shift = FALSE;

	for (int i = 0; i < N; i++)
		x[i] = 40 + x[i] + (i >= 3000 ? 2.5 : 0); /* no single value is far out there */
	x[1500] = 55;
	cf_anomaly_scores(x, N, &options, score);
	positions = cf_anomaly_positions(score, N, &options);
	ck_assert(score[1500] > 3);
	for (int i = 3000; i < 3030; i++)
		shift |= score[i] >= options.alarm;
	ck_assert(shift);
	ck_assert(positions->len >= 1 && positions->len < 10); /* about one in 1000 by chance */
	for (guint i = 0; i < positions->len; i++) {
		size_t at = g_array_index(positions, size_t, i);

		ck_assert(score[at] >= options.alarm);
		ck_assert(!i || at > g_array_index(positions, size_t, i - 1) + 120);
	}
	/* nothing after it changes what is said of a value */
	{
		g_autofree double *part = g_new(double, 2000);

		cf_anomaly_scores(x, 2000, &options, part);
		for (int i = 0; i < 2000; i++)
			ck_assert_double_eq(part[i], score[i]);
	}
	cf_anomaly_scores(x, 0, &options, score);
	cf_anomaly_scores(x, 100, &options, score);
	for (int i = 0; i < 100; i++)
		ck_assert_double_eq(score[i], 0);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/stat/history");
	TCase *t = tcase_create("history");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, trend_of_the_nile);
	tcase_add_test(t, autocorrelations);
	tcase_add_test(t, slopes_of_long_series);
	tcase_add_test(t, trend_extremes);
	tcase_add_test(t, serial_correlation);
	tcase_add_test(t, growing);
	tcase_add_test(t, best_partitions);
	tcase_add_test(t, partition_extremes);
	tcase_add_test(t, change_of_the_nile);
	tcase_add_test(t, shift_and_spike);
	tcase_add_test(t, change_symmetry);
	tcase_add_test(t, no_change);
	tcase_add_test(t, quiet_counter);
	tcase_add_test(t, hundred_thousand_values);
	tcase_add_test(t, rolling_quantiles);
	tcase_add_test(t, anomalies_of_a_metric);
	suite_add_tcase(s, t);
	return s;
}
