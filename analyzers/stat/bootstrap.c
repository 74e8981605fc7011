/* SPDX-License-Identifier: MIT */
/* bootstrap: intervals by resampling, the same on every call. */
#include "analyzers/stat/bootstrap.h"

#include "analyzers/stat/random.h"

#include <math.h>

#define DRAWS 200000000.0

double cf_bootstrap_relative_median(const double *x, size_t n, const double *y, size_t m, const void *ctx)
{
	double base = cf_median_sorted(x, n);

	return base == 0 ? NAN : cf_median_sorted(y, m) / base - 1;
}

double cf_bootstrap_relative_quantile(const double *x, size_t n, const double *y, size_t m, const void *ctx)
{
	double p = *(const double *)ctx, base = cf_quantile(x, n, p, CF_QUANTILE_LINEAR);

	return base == 0 ? NAN : cf_quantile(y, m, p, CF_QUANTILE_LINEAR) / base - 1;
}

/* n draws from a sorted sample, sorted without comparing: by how often each value was drawn. */
static void resample(const double *sorted, size_t n, struct cf_random *random, uint32_t *times, double *out)
{
	size_t at = 0;

	for (size_t i = 0; i < n; i++)
		times[i] = 0;
	for (size_t i = 0; i < n; i++)
		times[cf_random_below(random, n)]++;
	for (size_t i = 0; i < n; i++)
		for (uint32_t t = times[i]; t > 0; t--)
			out[at++] = sorted[i];
}

struct cf_interval cf_bootstrap_interval(const double *x, size_t n, const double *y, size_t m,
					 double (*statistic)(const double *x, size_t n, const double *y,
							     size_t m, const void *ctx),
					 const void *ctx, const struct cf_bootstrap *how)
{
	g_autofree double *xs = cf_sorted(x, n);
	g_autofree double *ys = cf_sorted(y, m);
	g_autofree double *xr = g_new(double, n + 1);
	g_autofree double *yr = g_new(double, m + 1);
	g_autofree uint32_t *times = g_new(uint32_t, MAX(n, m) + 1);
	g_autofree double *values = g_new(double, how->rounds);
	struct cf_interval out = { NAN, NAN, NAN };
	struct cf_random random;
	size_t rounds, found = 0;

	cf_assert_usable(x, n);
	cf_assert_usable(y, m);
	g_assert(how->rounds >= 100 && how->level > 0 && how->level < 1);
	if (!n || !m)
		return out;
	rounds = (size_t)fmax(100, fmin(how->rounds, DRAWS / (double)(n + m)));
	cf_random_init(&random, how->seed);
	for (size_t i = 0; i < rounds; i++) {
		resample(xs, n, &random, times, xr);
		resample(ys, m, &random, times, yr);
		values[found] = statistic(xr, n, yr, m, ctx);
		found += isfinite(values[found]);
	}
	out.estimate = statistic(xs, n, ys, m, ctx);
	cf_sort(values, found);
	out.lo = cf_quantile(values, found, (1 - how->level) / 2, CF_QUANTILE_LINEAR);
	out.hi = cf_quantile(values, found, (1 + how->level) / 2, CF_QUANTILE_LINEAR);
	return out;
}
