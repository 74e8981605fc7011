/* SPDX-License-Identifier: MIT */
/* repeats: comparison of two sets of repeated measurements, such as benchmark runs. */
#include "analyzers/stat/repeats.h"

#include "analyzers/stat/adjust.h"
#include "analyzers/stat/power.h"
#include "analyzers/stat/welch.h"

#include <math.h>

static double ratio_to(double base, double shift)
{
	if (base > 0)
		return 1 + shift / base;
	if (base < 0 || isnan(base) || isnan(shift))
		return NAN;
	return shift == 0 ? 1 : shift > 0 ? INFINITY : NAN;
}

static gboolean enough(const struct cf_repeats *result, const struct cf_repeats_options *options)
{
	size_t least = options->means ? 2 : cf_mann_whitney_least(options->rule.alpha);

	return MIN(result->n, result->m) >= least;
}

/*
 * The interval's half width on the logarithmic scale shrinks with the root of n, until it fits into the
 * band.
 */
static double needed_for_same(const struct cf_repeats *result, double min_effect)
{
	double n = 2 / (1 / (double)result->n + 1 / (double)result->m), half;

	if (!(result->ratio.lo > 0) || !isfinite(result->ratio.hi) || min_effect <= 0)
		return INFINITY;
	half = log(result->ratio.hi / result->ratio.lo) / 2;
	return ceil(n * pow(half / log1p(min_effect), 2));
}

static double needed(const struct cf_repeats *result, const struct cf_repeats_options *options)
{
	const struct cf_power power = { options->rule.alpha, options->power };
	double least = (double)cf_mann_whitney_least(power.alpha), band = log1p(options->rule.min_effect);

	if (!result->n || !result->m)
		return least;
	if (!(fabs(log(result->ratio.estimate)) >= band))
		return fmax(least, needed_for_same(result, options->rule.min_effect));
	return cf_power_repeats((result->cliff + 1) / 2, &power);
}

static void judge(struct cf_repeats *result, const struct cf_repeats_options *options)
{
	const struct cf_evidence evidence = { result->ratio, result->p, result->q, enough(result, options) };

	result->outcome = cf_outcome(&evidence, &options->rule);
	/* values without any spread say more than an interval of rank statistics can */
	if (result->all_equal && evidence.enough)
		result->outcome = CF_OUTCOME_SAME;
}

struct cf_repeats cf_repeats_compare(const double *before, size_t n, const double *after, size_t m,
				     const struct cf_repeats_options *options)
{
	g_autofree double *x = cf_sorted(before, n);
	g_autofree double *y = cf_sorted(after, m);
	struct cf_mann_whitney test = cf_mann_whitney(x, n, y, m);
	struct cf_repeats out = { .n = n, .m = m, .p = test.p, .cliff = test.cliff, .exact = test.exact };
	double base;

	out.before = cf_quantile_interval(x, n, 0.5, options->level);
	out.after = cf_quantile_interval(y, m, 0.5, options->level);
	base = out.before.value.estimate;
	out.all_equal = n && m && x[0] == x[n - 1] && y[0] == y[m - 1] && x[0] == y[0];
	if (options->means) {
		struct cf_welch welch = cf_welch(x, n, y, m, options->level);

		out.shift = welch.difference;
		out.ratio = welch.ratio;
		out.p = welch.p;
		out.exact = FALSE;
	} else {
		out.shift = cf_hodges_lehmann(x, n, y, m, options->level).value;
		out.ratio =
			(struct cf_interval){ ratio_to(base, out.shift.estimate),
					      ratio_to(base, out.shift.lo), ratio_to(base, out.shift.hi) };
	}
	out.q = out.p;
	out.needed = needed(&out, options);
	judge(&out, options);
	return out;
}

void cf_repeats_adjust(struct cf_repeats *results, size_t n, const struct cf_repeats_options *options)
{
	g_autofree double *p = g_new(double, n + 1);
	g_autofree double *q = g_new(double, n + 1);
	size_t tests = 0, at = 0;

	for (size_t i = 0; i < n; i++)
		if (enough(&results[i], options))
			p[tests++] = results[i].p;
	cf_adjust(p, tests, CF_ADJUST_BH, q);
	for (size_t i = 0; i < n; i++) {
		if (enough(&results[i], options))
			results[i].q = q[at++];
		judge(&results[i], options);
	}
}
