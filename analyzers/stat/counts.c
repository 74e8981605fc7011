/* SPDX-License-Identifier: MIT */
/* counts: comparison of two profiles by the number of samples in each function. */
#include "analyzers/stat/counts.h"

#include "analyzers/stat/adjust.h"
#include "analyzers/stat/distributions.h"
#include "analyzers/stat/power.h"

#include <math.h>
#include <stdlib.h>

#define SUPPORT 20 /* samples that a function needs to have a say in the size factor */
#define EXPECTED \
	5. /* samples per run that a function needs to have a say in the dispersion (Cochran's rule) */

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

/* --- size factor and dispersion ---------------------------------------------------------------------------- */

struct weighted {
	double value, weight;
};

static int by_weighted_value(const void *a, const void *b)
{
	const struct weighted *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->weight > y->weight) - (x->weight < y->weight);
}

/* Where half of the weight is reached; the mean of two values when half lies exactly between them. */
static double weighted_median(struct weighted *values, size_t n, gboolean geometric)
{
	double all = 0, sum = 0, low;
	size_t i = 0;

	qsort(values, n, sizeof(*values), by_weighted_value);
	for (size_t j = 0; j < n; j++)
		all += values[j].weight;
	for (sum = values[0].weight; sum < all / 2 * (1 - 1e-12) && i + 1 < n; sum += values[++i].weight)
		;
	low = values[i].value;
	if (sum <= all / 2 * (1 + 1e-12) && i + 1 < n)
		return geometric ? sqrt(low * values[i + 1].value) : (low + values[i + 1].value) / 2;
	return low;
}

struct cf_size_factor cf_size_factor(const struct cf_count_pair *k, size_t n)
{
	g_autofree struct weighted *values = g_new(struct weighted, n + 1);
	struct cf_size_factor out = { .scale = 1 };
	double before = 0, after = 0;

	for (size_t i = 0; i < n; i++) {
		double x = (double)k[i].before + 0.5, y = (double)k[i].after + 0.5;

		g_assert(k[i].before >= 0 && k[i].after >= 0);
		before += (double)k[i].before;
		after += (double)k[i].after;
		if (x + y >= SUPPORT + 1)
			values[out.support++] = (struct weighted){ y / x, 1 / (1 / x + 1 / y) };
	}
	out.totals = !out.support;
	if (out.support)
		out.scale = weighted_median(values, out.support, TRUE);
	else if (before > 0 && after > 0)
		out.scale = after / before;
	return out;
}

/* Chi-squared of one side's runs, added to chi2[function], and samples to sum[function]. */
static void add_side(const int64_t *counts, size_t runs, size_t functions, double *chi2, double *sum)
{
	g_autofree double *total = g_new0(double, runs + 1);
	double all = 0;

	for (size_t i = 0; i < runs * functions; i++) {
		g_assert(counts[i] >= 0);
		total[i / functions] += (double)counts[i];
		all += (double)counts[i];
	}
	for (size_t f = 0; f < functions; f++) {
		double own = 0, part = 0;

		for (size_t r = 0; r < runs; r++)
			own += (double)counts[r * functions + f];
		for (size_t r = 0; r < runs && own > 0; r++) {
			double expected = own * total[r] / all,
			       off = (double)counts[r * functions + f] - expected;

			part += expected > 0 ? off * off / expected : 0;
		}
		sum[f] += own;
		/* a share of the total takes as much from the variance; a function alone leaves none */
		chi2[f] += own > 0 && own < all ? part / (1 - own / all) : 0;
	}
}

/* The slope of phi - 1 over m, weighted by 1 / phi^2 as the trend has it: the variance of phi is 2 phi^2 / df. */
static double trend(const double *phi, const double *m, size_t functions)
{
	double extra = 0;

	for (int pass = 0; pass < 20; pass++) {
		double above = 0, below = 0;

		for (size_t f = 0; f < functions; f++) {
			double w = m[f] < EXPECTED ? 0 : pow(1 + extra * m[f], -2);

			above += w * m[f] * (phi[f] - 1);
			below += w * m[f] * m[f];
		}
		extra = below > 0 ? fmax(0, above / below) : 0;
	}
	return extra;
}

struct cf_dispersion cf_dispersion(const int64_t *before, size_t runs_before, const int64_t *after,
				   size_t runs_after, size_t functions, double *factor)
{
	g_autofree double *phi = g_new0(double, functions + 1);
	g_autofree double *m = g_new0(double, functions + 1);
	struct cf_dispersion out = { .phi = 1 };
	double sum = 0, judged = 0;

	if (runs_before && runs_after)
		out.df = (double)(runs_before + runs_after - 2);
	add_side(before, runs_before, functions, phi, m);
	add_side(after, runs_after, functions, phi, m);
	for (size_t f = 0; f < functions; f++) {
		m[f] /= (double)(runs_before + runs_after);
		phi[f] = out.df > 0 ? phi[f] / out.df : 1;
		sum += m[f] < EXPECTED ? 0 : phi[f];
		judged += m[f] < EXPECTED ? 0 : 1;
	}
	if (out.df > 0 && judged > 0)
		out.phi = sum / judged;
	out.extra = out.df > 0 ? trend(phi, m, functions) : 0;
	for (size_t f = 0; f < functions; f++) {
		double expected = 1 + out.extra * m[f];
		gboolean own =
			out.df >= 4 && m[f] >= EXPECTED && phi[f] > expected * (1 + 2 * sqrt(2 / out.df));

		factor[f] = own ? phi[f] : expected;
	}
	return out;
}

/*
 * With a relative variance of extra in either run, the squared logarithm of the ratio over its binomial variance
 * 1/x + 1/y is (1 + extra m) chi-squared with one degree of freedom, m the harmonic mean of x and y. Each function
 * says for which extra it would be the median of that; the weighted median of those is robust against every function
 * that changed.
 */
struct cf_dispersion cf_dispersion_of_pair(const struct cf_count_pair *k, size_t n, double scale,
					   double *factor)
{
	const double median = 0.454936423119572; /* of chi-squared with one degree of freedom */
	g_autofree struct weighted *values = g_new(struct weighted, n + 1);
	struct cf_dispersion out = { .phi = 1 };
	double above = 0, all = 0, squares = 0;
	size_t used = 0;

	g_assert(scale > 0);
	for (size_t i = 0; i < n; i++) {
		double x = (double)k[i].before + 0.5, y = (double)k[i].after + 0.5, m = 2 / (1 / x + 1 / y),
		       z2;

		factor[i] = 1;
		if (x + y < SUPPORT + 1)
			continue;
		z2 = pow(log(y / x / scale), 2) * m / 2;
		values[used] = (struct weighted){ (z2 / median - 1) / m, sqrt(m) };
		above += values[used].value > 0 ? values[used].weight : 0;
		all += values[used].weight;
		squares += values[used].weight * values[used].weight;
		used++;
	}
	/* the sign test, weighted, at 5 % */
	if (!used || above - all / 2 <= 1.645 / 2 * sqrt(squares))
		return out;
	out.extra = weighted_median(values, used, FALSE);
	for (size_t i = 0; i < n; i++) {
		double x = (double)k[i].before + 0.5, y = (double)k[i].after + 0.5;

		factor[i] = 1 + out.extra * 2 / (1 / x + 1 / y);
	}
	return out;
}

/* --- many functions ---------------------------------------------------------------------------------------- */

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

/* The samples on both sides that show the ratio, by what there is: the same whichever side is called before. */
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
	const struct cf_evidence evidence = { result->ratio, result->p, result->q, TRUE };
	const struct cf_power power = { options->rule.alpha, options->power };

	result->outcome = result->tested ? cf_outcome(&evidence, &options->rule) : CF_OUTCOME_NOISE;
	result->needed = needed(k, result->ratio.estimate, scale, options, dispersion);
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
		factor = (struct cf_size_factor){ .scale = options->scale };
	for (size_t i = 0; i < n; i++) {
		struct cf_count_result *result = &results[i];
		double dispersion = options->dispersion ? options->dispersion[i] : 1;

		*result = (struct cf_count_result){ .p = 1, .q = 1 };
		result->ratio = cf_count_ratio(k[i], factor.scale, options->level);
		widen(&result->ratio, dispersion);
		/* before the correction, so that those that can't reach it don't weaken the others */
		result->tested = (double)k[i].before + (double)k[i].after >= (double)options->min_count;
		if (!result->tested)
			continue;
		result->p = disperse(cf_count_midp_beyond(k[i], factor.scale, options->beyond), dispersion);
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
