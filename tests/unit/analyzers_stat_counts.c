/* SPDX-License-Identifier: MIT */
/* analyzers_stat_counts: comparison of profiles by their sample counts. */
#include "tests/unit/stat_check.h"

#include "analyzers/stat/adjust.h"
#include "analyzers/stat/counts.h"
#include "analyzers/stat/distributions.h"
#include "analyzers/stat/power.h"
#include "analyzers/stat/random.h"

#define PAIR(before, after) ((struct cf_count_pair){ before, after })

/* By inversion, from the mean outwards it would be quicker; for means up to some thousands. */
static int64_t poisson(double mean, struct cf_random *random)
{
	double u = cf_random_unit(random), sum;
	int64_t k = (int64_t)fmax(0, mean - 8 * sqrt(mean) - 8);

	sum = k ? cf_poisson_tails(k - 1, mean).lower : 0;
	for (; (sum += cf_poisson_probability(k, mean)) < u && k < mean + 50 * sqrt(mean) + 50; k++)
		;
	return k;
}

/* --- one function ----------------------------------------------------------------------------- */

START_TEST(known_pairs)
{
	/* R's poisson.test(c(11, 6 + 8 + 7), c(800, 1083 + 1050 + 878)), and SciPy for the mid-p */
	struct cf_interval ratio = cf_count_ratio(PAIR(21, 11), 800. / 3011, 0.95);

	SAME(ratio.estimate, 1.9714880952380953);
	SAME(ratio.lo, 0.85842640339163923);
	SAME(ratio.hi, 4.2772659436540712);
	SAME(cf_count_p(PAIR(100, 130), 1), 0.05561357778139239);
	SAME(cf_count_midp(PAIR(100, 130), 1), 0.04816305344074458);
	ratio = cf_count_ratio(PAIR(100, 130), 1, 0.95);
	SAME(ratio.lo, 0.9939622683564091);
	SAME(ratio.hi, 1.7044993024473367);
	SAME(cf_count_midp(PAIR(50, 90), 1.2), 0.020144887131948782);
	/* six of six: 2 / 2^6, and half of it as mid-p */
	SAME(cf_count_p(PAIR(0, 6), 1), 0.03125);
	SAME(cf_count_midp(PAIR(0, 6), 1), 0.015625);
	ck_assert(isinf(cf_count_ratio(PAIR(0, 6), 1, 0.95).estimate));
	ck_assert(isinf(cf_count_ratio(PAIR(0, 6), 1, 0.95).hi));
	ck_assert_double_eq(cf_count_ratio(PAIR(6, 0), 1, 0.95).lo, 0);
	ck_assert(isnan(cf_count_ratio(PAIR(0, 0), 1, 0.95).estimate));
	ck_assert_double_eq(cf_count_midp(PAIR(0, 0), 1), 1);
}
END_TEST

START_TEST(pair_properties)
{
	for (int64_t k = 1; k < 3000000000000; k = k * 7 + 1) {
		double last = 1;

		/* equal counts: nothing; swapped: the same p, the inverse ratio */
		NEAR(cf_count_midp(PAIR(k, k), 1), 1, 1e-10);
		for (int step = 1; step < 6; step++) {
			struct cf_count_pair pair = PAIR(k, k + step * (1 + (int64_t)sqrt((double)k)));
			struct cf_count_pair swapped = PAIR(pair.after, pair.before);
			struct cf_interval there = cf_count_ratio(pair, 1.5, 0.95),
					   back = cf_count_ratio(swapped, 1 / 1.5, 0.95);
			double p = cf_count_midp(pair, 1);

			NEAR(cf_count_midp(swapped, 1), p, 1e-9);
			NEAR(cf_count_midp(swapped, 1 / 1.5), cf_count_midp(pair, 1.5), 1e-6);
			NEAR(back.lo, 1 / there.hi, 1e-9);
			NEAR(back.hi, 1 / there.lo, 1e-9);
			ck_assert(there.lo < there.estimate && there.estimate < there.hi);
			/* the further apart the smaller, and less sure of more than 10 % */
			ck_assert_msg(p < last, "%g after %g", p, last);
			ck_assert(cf_count_midp_beyond(pair, 1, 0.1) >= p);
			last = p;
		}
	}
}
END_TEST

START_TEST(huge_counts)
{
	struct cf_count_pair pair = PAIR(1000000000000, 1000004000000);

	/* z = 4e6 / sqrt(2e12) */
	NEAR(cf_count_midp(pair, 1), cf_normal_two_sided(2.8284271), 1e-4);
	ck_assert(cf_count_midp(PAIR(INT64_MAX, INT64_MAX), 1) > 0.99);
	ck_assert_double_eq(cf_count_midp(PAIR(INT64_MAX, INT64_MAX / 2), 1), 0);
	NEAR(cf_count_ratio(PAIR(INT64_MAX, INT64_MAX), 1, 0.95).hi, 1, 1e-8);
}
END_TEST

/* Mid-p of pairs without a change: near uniform on average over counts. */
START_TEST(null_distribution)
{
	enum { ROUNDS = 4000 };
	int below[3] = { 0 };
	static const double level[] = { 0.01, 0.05, 0.5 };
	struct cf_random random;

	cf_random_init(&random, 21);
	for (int i = 0; i < ROUNDS; i++) {
		double mean = 5 + 200 * cf_random_unit(&random);
		double p = cf_count_midp(PAIR(poisson(mean, &random), poisson(mean, &random)), 1);

		for (int j = 0; j < 3; j++)
			below[j] += p <= level[j];
	}
	for (int j = 0; j < 3; j++) /* four standard errors */
		ck_assert_double_eq_tol((double)below[j] / ROUNDS, level[j],
					4 * sqrt(level[j] * (1 - level[j]) / ROUNDS));
}
END_TEST

START_TEST(power)
{
	static const struct {
		double ratio, samples;
	} table[] = { { 1.02, 39635.871239 }, { 1.05, 6435.124059 }, { 1.1, 1647.329823 },
		      { 1.2, 430.794617 },    { 1.5, 77.695899 },    { 2, 22.873312 } };
	const struct cf_power usual = { 0.05, 0.8 };
	struct cf_random random;
	int seen = 0;

	for (size_t i = 0; i < COUNT(table); i++) {
		NEAR(cf_power_samples(table[i].ratio, 1, &usual), table[i].samples, 1e-8);
		NEAR(cf_power_ratio(table[i].samples, 1, &usual), table[i].ratio, 1e-8);
	}
	ck_assert(isinf(cf_power_ratio(0, 1, &usual)));
	/* what is promised is kept: 431 samples show 20 % four times in five */
	cf_random_init(&random, 23);
	for (int i = 0; i < 1000; i++)
		seen += cf_count_midp(PAIR(poisson(431, &random), poisson(431 * 1.2, &random)), 1) <= 0.05;
	ck_assert_double_eq_tol(seen / 1000., 0.8, 0.05);
	/* Noether (1987): N = (1.645 + 1.282)^2 / (3 * 0.2^2) = 71.4 in all, one-sided 0.05, power 0.9 */
	ck_assert_double_eq(cf_power_repeats(0.7, &(struct cf_power){ 0.1, 0.9 }), ceil(71.36 / 2));
	ck_assert(isinf(cf_power_repeats(0.5, &usual)));
	ck_assert_double_eq(cf_power_repeats(1, &(struct cf_power){ 0.2, 0.5 }), 3);
}
END_TEST

/* --- many tests ------------------------------------------------------------------------------- */

/* The fifteen p-values of Benjamini & Hochberg (1995), section 3; q by R's p.adjust. */
START_TEST(adjusted)
{
	static const double p[] = { .0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344,
				    .0459, .3240, .4262, .5719, .6528, .7590, 1 };
	static const double bh[] = { .0015, .003, .0095, .035625, .0603, .063857142857142862 };
	static const double by[] = { 0.0049773434898434899, 0.0099546869796869799, 0.031523175435675434 };
	static const double holm[] = { .0015, .0056, .0247, .114, .2211, .278, .278, .278, .3213, 1 };
	double q[COUNT(p)];
	int rejected = 0;

	cf_adjust(p, COUNT(p), CF_ADJUST_BH, q);
	for (size_t i = 0; i < COUNT(p); i++)
		rejected += q[i] <= 0.05;
	ck_assert_int_eq(rejected, 4); /* as the paper has it */
	for (size_t i = 0; i < COUNT(bh); i++)
		SAME(q[i], bh[i]);
	cf_adjust(p, COUNT(p), CF_ADJUST_BY, q);
	for (size_t i = 0; i < COUNT(by); i++)
		SAME(q[i], by[i]);
	cf_adjust(p, COUNT(p), CF_ADJUST_HOLM, q);
	for (size_t i = 0; i < COUNT(holm); i++)
		SAME(q[i], holm[i]);
	cf_adjust(p, COUNT(p), CF_ADJUST_BONFERRONI, q);
	SAME(q[3], 0.1425);
	ck_assert_double_eq(q[14], 1);
	cf_adjust(NULL, 0, CF_ADJUST_BH, NULL);
}
END_TEST

/* --- profiles --------------------------------------------------------------------------------- */

struct profile_options {
	size_t functions, runs;
	double noise;  /* relative deviation of a function's cost from run to run */
	double factor; /* of the first function, on the second side */
	double length; /* of the second side's recordings */
	gboolean pair_noise;
};

struct profile_outcome {
	size_t flagged;
	struct cf_count_result first;
	struct cf_size_factor size;
	struct cf_dispersion dispersion;
};

static int64_t *side(const struct profile_options *options, double factor, double length,
		     struct cf_random *random)
{
	int64_t *counts = g_new(int64_t, options->runs * options->functions);

	for (size_t r = 0; r < options->runs; r++)
		for (size_t f = 0; f < options->functions; f++) {
			double mean = 4000. / (double)(f + 1) + 20;

			mean *= length * (f ? 1 : factor) * exp(options->noise * cf_random_normal(random));
			counts[r * options->functions + f] = poisson(mean, random);
		}
	return counts;
}

static struct profile_outcome compare(const struct profile_options *options, struct cf_random *random)
{
	size_t n = options->functions;
	g_autofree int64_t *before = side(options, 1, 1, random);
	g_autofree int64_t *after = side(options, options->factor, options->length, random);
	g_autofree struct cf_count_pair *k = g_new0(struct cf_count_pair, n);
	g_autofree struct cf_count_result *results = g_new(struct cf_count_result, n);
	g_autofree double *factor = g_new(double, n);
	struct cf_count_options count_options = CF_COUNT_OPTIONS;
	struct profile_outcome out = { 0 };

	for (size_t i = 0; i < n * options->runs; i++) {
		k[i % n].before += before[i];
		k[i % n].after += after[i];
	}
	out.dispersion = cf_dispersion(before, options->runs, after, options->runs, n, factor);
	if (options->pair_noise)
		out.dispersion = cf_dispersion_of_pair(k, n, cf_size_factor(k, n).scale, factor);
	count_options.dispersion = factor;
	out.size = cf_counts_compare(k, n, &count_options, results);
	out.first = results[0];
	for (size_t i = 1; i < n; i++)
		out.flagged += cf_outcome_changed(results[i].outcome);
	return out;
}

/*
 * With the totals as measure, a function of a third of the time that doubles would make all others faster.
 */
START_TEST(one_hot_function)
{
	const struct profile_options options = { .functions = 60, .runs = 1, .factor = 3, .length = 0.7 };
	struct cf_random random;
	struct profile_outcome out;

	cf_random_init(&random, 31);
	out = compare(&options, &random);
	ck_assert_int_eq(out.first.outcome, CF_OUTCOME_MORE);
	ck_assert(out.first.ratio.lo < 3 && out.first.ratio.hi > 3);
	ck_assert_double_eq_tol(out.size.scale, 0.7, 0.03);
	ck_assert(!out.size.totals && out.size.support == 60);
	ck_assert_uint_eq(out.flagged, 0);
}
END_TEST

/*
 * A thousand functions, 15 % noise from run to run and no change: at most 1 % flagged, by either way to
 * learn it.
 */
START_TEST(thousand_noisy_functions)
{
	struct profile_options options = {
		.functions = 1000, .runs = 1, .noise = 0.15, .factor = 1, .length = 1
	};
	struct cf_random random;

	cf_random_init(&random, 37);
	options.pair_noise = TRUE;
	for (options.runs = 1; options.runs <= 4; options.runs++) {
		struct profile_outcome out = compare(&options, &random);

		ck_assert_uint_le(out.flagged, 10);
		ck_assert_double_eq_tol(sqrt(out.dispersion.extra),
					0.15 / sqrt(options.pair_noise ? (double)options.runs : 1), 0.03);
		options.pair_noise = FALSE;
	}
	/* and none invented where there is none */
	options.noise = 0;
	options.runs = 3;
	ck_assert(compare(&options, &random).dispersion.extra < 0.001);
}
END_TEST

START_TEST(a_change_among_noise)
{
	struct profile_options options = {
		.functions = 300, .runs = 4, .noise = 0.05, .factor = 1.5, .length = 1
	};
	struct cf_random random;
	struct profile_outcome out;

	cf_random_init(&random, 41);
	out = compare(&options, &random);
	ck_assert_int_eq(out.first.outcome, CF_OUTCOME_MORE);
	ck_assert_uint_le(out.flagged, 3);
	ck_assert(out.first.needed < 1 && out.first.visible < 1.5);
}
END_TEST

START_TEST(new_gone_and_rare)
{
	static const struct cf_count_pair k[] = { PAIR(1000, 1000), PAIR(900, 900), PAIR(0, 50), PAIR(60, 0),
						  PAIR(2, 1),       PAIR(0, 0),     PAIR(40, 60) };
	const struct cf_count_options options = CF_COUNT_OPTIONS;
	struct cf_count_result results[COUNT(k)], itself[COUNT(k)];
	struct cf_count_pair same[COUNT(k)];

	ck_assert_double_eq(cf_counts_compare(k, COUNT(k), &options, results).scale, 1);
	ck_assert_int_eq(results[2].outcome, CF_OUTCOME_NEW);
	ck_assert_int_eq(results[3].outcome, CF_OUTCOME_GONE);
	ck_assert(!results[4].tested && results[4].p == 1 && results[4].outcome == CF_OUTCOME_NOISE);
	ck_assert(!results[5].tested && isnan(results[5].needed));
	/* 40 and 60: worth another look, and half as much again would tell */
	ck_assert_int_eq(results[6].outcome, CF_OUTCOME_UNSURE);
	ck_assert(results[6].needed > 1 && results[6].needed < 3);
	/* a thousand samples each can't show that nothing changed by 2 % */
	ck_assert_int_eq(results[0].outcome, CF_OUTCOME_NOISE);
	/* a run against itself */
	for (size_t i = 0; i < COUNT(k); i++)
		same[i] = PAIR(k[i].before, k[i].before);
	cf_counts_compare(same, COUNT(same), &options, itself);
	for (size_t i = 0; i < COUNT(k); i++)
		ck_assert(itself[i].p > 1 - 1e-10 && !cf_outcome_changed(itself[i].outcome));
}
END_TEST

START_TEST(few_samples)
{
	static const struct cf_count_pair k[] = { PAIR(3, 6), PAIR(2, 4) };
	const struct cf_count_options options = CF_COUNT_OPTIONS;
	struct cf_count_result results[2];
	struct cf_size_factor size = cf_counts_compare(k, 2, &options, results);

	ck_assert(size.totals && size.scale == 2);
	ck_assert_double_eq(cf_size_factor(NULL, 0).scale, 1);
	ck_assert_double_eq(cf_counts_compare(NULL, 0, &options, NULL).scale, 1);
}
END_TEST

START_TEST(outcome_words)
{
	const struct cf_outcome_rule rule = CF_OUTCOME_RULE;
	static const struct {
		struct cf_evidence evidence;
		enum cf_outcome want;
	} table[] = {
		{ { { 1.10, 1.05, 1.15 }, 0.001, 0.01, TRUE }, CF_OUTCOME_MORE },
		{ { { 0.90, 0.85, 0.95 }, 0.001, 0.01, TRUE }, CF_OUTCOME_LESS },
		{ { { 1.01, 1.005, 1.015 }, 0.001, 0.01, TRUE }, CF_OUTCOME_SMALL },
		{ { { 1.005, 0.99, 1.015 }, 0.3, 0.5, TRUE }, CF_OUTCOME_SAME },
		{ { { 1.005, 0.97, 1.04 }, 0.3, 0.5, TRUE }, CF_OUTCOME_NOISE },
		{ { { 1.30, 0.97, 1.80 }, 0.06, 0.3, TRUE }, CF_OUTCOME_UNSURE },
		{ { { 1.30, 0.97, 1.80 }, 0.3, 0.6, TRUE }, CF_OUTCOME_NOISE },
		{ { { 1.00, 1.00, 1.00 }, 1, 1, FALSE }, CF_OUTCOME_UNSURE },
		{ { { INFINITY, 3, INFINITY }, 0.001, 0.01, TRUE }, CF_OUTCOME_NEW },
		{ { { 0, 0, 0.3 }, 0.001, 0.01, TRUE }, CF_OUTCOME_GONE },
		{ { { NAN, NAN, NAN }, 1, 1, TRUE }, CF_OUTCOME_NOISE },
	};

	for (size_t i = 0; i < COUNT(table); i++)
		ck_assert_int_eq(cf_outcome(&table[i].evidence, &rule), table[i].want);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/stat/counts");
	TCase *t = tcase_create("counts");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, known_pairs);
	tcase_add_test(t, pair_properties);
	tcase_add_test(t, huge_counts);
	tcase_add_test(t, null_distribution);
	tcase_add_test(t, power);
	tcase_add_test(t, adjusted);
	tcase_add_test(t, one_hot_function);
	tcase_add_test(t, thousand_noisy_functions);
	tcase_add_test(t, a_change_among_noise);
	tcase_add_test(t, new_gone_and_rare);
	tcase_add_test(t, few_samples);
	tcase_add_test(t, outcome_words);
	suite_add_tcase(s, t);
	return s;
}
