/* SPDX-License-Identifier: MIT */
/* dispersion: how much more the counts of runs vary than the binomial distribution has it. */
#include "analyzers/stat/dispersion.h"

#include "analyzers/stat/order.h"

#include <math.h>

/*
 * What a function needs to have a say: samples per run (Cochran's rule for chi-squared), and in a pair in
 * all.
 */
#define EXPECTED 5.0
#define SUPPORT 20

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

/*
 * The extra for which 1 + extra m fits phi: each function says which one would make its phi the median of
 * chi-squared over df (Wilson & Hilferty 1931), and the weighted median of those is taken, so that one
 * erratic function doesn't make all others doubtful. The weights are 1 / deviation of what a function says.
 */
static double trend(const double *phi, const double *m, size_t functions, double df)
{
	g_autofree double *said = g_new(double, functions + 1);
	g_autofree double *weight = g_new(double, functions + 1);
	double median = pow(1 - 2 / (9 * df), 3), extra = 0;

	for (int pass = 0; pass < 5; pass++) {
		size_t used = 0;

		for (size_t f = 0; f < functions; f++) {
			if (m[f] < EXPECTED)
				continue;
			said[used] = (phi[f] / median - 1) / m[f];
			weight[used++] = m[f] / (1 + extra * m[f]);
		}
		extra = used ? fmax(0, cf_weighted_median(said, weight, used)) : 0;
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
		m[f] /= (double)MAX(runs_before + runs_after, 1);
		phi[f] = out.df > 0 ? phi[f] / out.df : 1;
		sum += m[f] < EXPECTED ? 0 : phi[f];
		judged += m[f] < EXPECTED ? 0 : 1;
	}
	if (out.df > 0 && judged > 0)
		out.phi = sum / judged;
	out.extra = out.df > 0 ? trend(phi, m, functions, out.df) : 0;
	for (size_t f = 0; f < functions; f++) {
		double expected = 1 + out.extra * m[f];
		gboolean own =
			out.df >= 4 && m[f] >= EXPECTED && phi[f] > expected * (1 + 2 * sqrt(2 / out.df));

		factor[f] = own ? phi[f] : expected;
	}
	return out;
}

/*
 * With a relative variance of extra in either run, the squared logarithm of the ratio over its binomial
 * variance 1/x + 1/y is (1 + extra m) chi-squared with one degree of freedom, m the harmonic mean of x and
 * y. Each function says for which extra it would be the median of that; the weighted median of those is
 * robust against every function that changed.
 */
struct cf_dispersion cf_dispersion_of_pair(const struct cf_count_pair *k, size_t n, double scale,
					   double *factor)
{
	const double median = 0.454936423119572; /* of chi-squared with one degree of freedom */
	g_autofree double *extra = g_new(double, n + 1);
	g_autofree double *weight = g_new(double, n + 1);
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
		extra[used] = (z2 / median - 1) / m;
		weight[used] = sqrt(m);
		above += extra[used] > 0 ? weight[used] : 0;
		all += weight[used];
		squares += m;
		used++;
	}
	/* the sign test, weighted, at 5 % */
	if (!used || above - all / 2 <= 1.645 / 2 * sqrt(squares))
		return out;
	out.extra = cf_weighted_median(extra, weight, used);
	for (size_t i = 0; i < n; i++) {
		double x = (double)k[i].before + 0.5, y = (double)k[i].after + 0.5;

		factor[i] = 1 + out.extra * 2 / (1 / x + 1 / y);
	}
	return out;
}
