/* SPDX-License-Identifier: MIT */
/* counts: comparison of two profiles by the number of samples in each function. */
#include "analyzers/stat/counts.h"

#include "analyzers/stat/adjust.h"
#include "analyzers/stat/distributions.h"
#include "analyzers/stat/power.h"

#include <math.h>

/* Both together; beyond the range of int64 only their proportion would matter, so it is kept within. */
static int64_t together(struct cf_count_pair *k)
{
	g_assert(k->before >= 0 && k->after >= 0);
	if (k->before > INT64_MAX / 4 || k->after > INT64_MAX / 4) {
		k->before /= 4;
		k->after /= 4;
	}
	return k->before + k->after;
}

struct cf_interval cf_count_ratio(struct cf_count_pair k, double scale, double level)
{
	double tail = (1 - level) / 2, before, after;
	int64_t c = together(&k);
	struct cf_interval out = { NAN, 0, INFINITY };

	g_assert(scale > 0 && level > 0 && level < 1);
	before = (double)k.before;
	after = (double)k.after;
	if (!c)
		return out;
	out.estimate = after / before / scale;
	if (k.after)
		out.lo = cf_beta_quantile_odds(tail, after, before + 1) / scale;
	if (k.before)
		out.hi = cf_beta_quantile_odds(1 - tail, after + 1, before) / scale;
	return out;
}

/* P(K < after), P(K = after), P(K > after). */
struct parts {
	double below, at, above;
};

static struct parts parts(struct cf_count_pair k, double odds)
{
	int64_t c = together(&k);
	struct parts out = { .at = cf_binomial_probability(k.after, c, odds) };

	out.above = cf_binomial_tails(k.after, c, odds).upper;
	if (k.after)
		out.below = cf_binomial_tails(k.after - 1, c, odds).lower;
	return out;
}

double cf_count_p(struct cf_count_pair k, double scale)
{
	struct parts at = parts(k, scale);

	g_assert(scale > 0);
	return fmin(1, 2 * (fmin(at.below, at.above) + at.at));
}

double cf_count_midp(struct cf_count_pair k, double scale)
{
	struct parts at = parts(k, scale);

	g_assert(scale > 0);
	return fmin(1, 2 * fmin(at.below, at.above) + at.at);
}

double cf_count_midp_beyond(struct cf_count_pair k, double scale, double effect)
{
	struct parts more, less;

	g_assert(scale > 0 && effect >= 0);
	if (effect == 0)
		return cf_count_midp(k, scale);
	more = parts(k, scale * (1 + effect));
	less = parts(k, scale / (1 + effect));
	return fmin(1, 2 * fmin(more.above + more.at / 2, less.below + less.at / 2));
}

/* Mid-p with the scale of least to most that speaks most against a change. */
static double midp_within(struct cf_count_pair k, const struct cf_size_factor *factor, double beyond)
{
	double ratio = (double)k.after / (double)k.before;

	if (ratio > factor->most)
		return cf_count_midp_beyond(k, factor->most, beyond);
	return ratio < factor->least ? cf_count_midp_beyond(k, factor->least, beyond) : 1;
}

/* --- many functions --------------------------------------------------------------------------- */

/* A p-value of counts that vary more than binomially: its z divided by the root of the dispersion. */
static double disperse(double p, double dispersion)
{
	return dispersion > 1 && p > 0 ? cf_normal_two_sided(cf_normal_z(p) / sqrt(dispersion)) : p;
}

/* The interval, as much wider on the logarithmic scale. */
static void widen(struct cf_interval *ratio, double dispersion)
{
	double root = sqrt(dispersion);

	if (dispersion <= 1 || !(ratio->estimate > 0) || isinf(ratio->estimate))
		return;
	ratio->lo = ratio->estimate * pow(ratio->lo / ratio->estimate, root);
	ratio->hi = ratio->estimate * pow(ratio->hi / ratio->estimate, root);
}

/*
 * The samples on both sides that show the ratio, by what there is: the same whichever side is called
 * before.
 */
static double needed(struct cf_count_pair k, double ratio, double scale,
		     const struct cf_count_options *options, double dispersion)
{
	const struct cf_power power = { options->rule.alpha, options->power };
	double c = (double)k.before + (double)k.after, least = 1 + fmax(options->rule.min_effect, 1e-6);

	if (c == 0)
		return NAN;
	ratio = fmin(fmax(ratio, 1e-9), 1e9); /* new and gone: what is needed no longer changes there */
	if (ratio > 1 / least && ratio < least)
		ratio = ratio < 1 ? 1 / least : least;
	return cf_power_samples(ratio, scale, &power) * (1 + ratio * scale) / c * dispersion;
}

static void judge(struct cf_count_pair k, double scale, const struct cf_count_options *options,
		  double dispersion, struct cf_count_result *result)
{
	/* What is a change by the likeliest scale and not by all speaks for one, and doesn't show it. */
	const double hint = disperse(cf_count_midp_beyond(k, scale, options->beyond), dispersion);
	const struct cf_evidence evidence = { result->ratio, fmin(hint, result->p), result->q, TRUE };
	const struct cf_power power = { options->rule.alpha, options->power };

	result->outcome = result->tested ? cf_outcome(&evidence, &options->rule) : CF_OUTCOME_NOISE;
	result->needed = needed(k, result->ratio.estimate, scale, options, dispersion);
	/* doubt about the scale isn't cured by more samples alone */
	if (hint <= options->rule.hint && result->p > options->rule.hint)
		result->needed = NAN;
	result->visible = cf_power_ratio((double)k.before / dispersion, scale, &power);
}

struct cf_size_factor cf_counts_compare(const struct cf_count_pair *k, size_t n,
					const struct cf_count_options *options,
					struct cf_count_result *results)
{
	g_autofree double *p = g_new(double, n + 1);
	g_autofree double *q = g_new(double, n + 1);
	struct cf_size_factor factor = cf_size_factor(k, n);
	size_t tests = 0, at = 0;

	if (options->scale > 0)
		factor =
			(struct cf_size_factor){ .scale = options->scale,
						 .least =
							 options->least > 0 ? options->least : options->scale,
						 .most = options->most > 0 ? options->most : options->scale };
	for (size_t i = 0; i < n; i++) {
		struct cf_count_result *result = &results[i];
		double dispersion = options->dispersion ? options->dispersion[i] : 1;

		*result = (struct cf_count_result){ .p = 1, .q = 1 };
		result->ratio = cf_count_ratio(k[i], factor.scale, options->level);
		widen(&result->ratio, dispersion);
		result->ratio.lo *= factor.scale / factor.most;
		result->ratio.hi *= factor.scale / factor.least;
		/* before the correction, so that those that can't reach it don't weaken the others */
		result->tested = (double)k[i].before + (double)k[i].after >= (double)options->min_count;
		if (!result->tested)
			continue;
		result->p = disperse(midp_within(k[i], &factor, options->beyond), dispersion);
		p[tests++] = result->p;
	}
	cf_adjust(p, tests, CF_ADJUST_BH, q);
	for (size_t i = 0; i < n; i++) {
		if (results[i].tested)
			results[i].q = q[at++];
		judge(k[i], factor.scale, options, options->dispersion ? options->dispersion[i] : 1,
		      &results[i]);
	}
	return factor;
}
