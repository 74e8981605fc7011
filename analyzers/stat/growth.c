/* SPDX-License-Identifier: MIT */
/* growth: does a series of sizes keep growing, as the heap of a program that leaks does. */
#include "analyzers/stat/growth.h"

#include "analyzers/stat/distributions.h"

#include <math.h>

#define LEAST_POINTS 10

static double slope_of(const double *time, const double *y, size_t n)
{
	return cf_theil_sen(time, y, n, 0.95).slope.estimate;
}

static enum cf_growth_verdict judge(const struct cf_growth *growth, const struct cf_growth_options *options)
{
	double least = options->steady * growth->fit.slope.estimate;

	if (growth->p > options->alpha || growth->test.s <= 0 || !(growth->fit.slope.estimate > 0))
		return CF_GROWTH_NO_TREND;
	if (!(growth->relative_rise >= options->min_rise))
		return CF_GROWTH_SMALL;
	if (!(growth->first_slope >= least) || !(growth->second_slope >= least))
		return CF_GROWTH_UNSTEADY;
	return CF_GROWTH_STEADY;
}

struct cf_growth cf_growth(const double *time, const double *y, size_t n,
			   const struct cf_growth_options *options)
{
	struct cf_growth out = { .verdict = CF_GROWTH_TOO_SHORT, .p = 1, .relative_rise = NAN };
	size_t left, half;
	double median;

	g_assert(options->skip >= 0 && options->skip < 1);
	out.from = (size_t)((double)n * options->skip);
	left = n - out.from;
	half = left / 2;
	y += out.from;
	time = time ? time + out.from : NULL;
	if (left < LEAST_POINTS || (time && time[left - 1] <= time[0]))
		return out;
	out.test = cf_mann_kendall(y, left);
	out.p = cf_normal_two_sided(out.test.z / sqrt(fmax(1, out.test.factor)));
	out.fit = cf_theil_sen(time, y, left, 0.95);
	out.rise = out.fit.slope.estimate * (time ? time[left - 1] - time[0] : (double)(left - 1));
	median = cf_median(y, left);
	if (median > 0)
		out.relative_rise = out.rise / median;
	out.first_slope = slope_of(time, y, half);
	out.second_slope = slope_of(time ? time + half : NULL, y + half, left - half);
	out.verdict = judge(&out, options);
	return out;
}
