/* SPDX-License-Identifier: MIT */
/* trend: does a series rise or fall, and how fast, whatever its distribution. */
#include "analyzers/stat/trend.h"

#include "analyzers/stat/autocorrelation.h"
#include "analyzers/stat/distributions.h"
#include "analyzers/stat/slopes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- Theil-Sen -------------------------------------------------------------------------------- */

/* Kendall's: (n (n - 1)(2 n + 5) - the same of each group of ties) / 18. */
static double kendall_variance(const double *sorted, size_t n)
{
	double all = (double)n, sum = all * (all - 1) * (2 * all + 5);

	for (size_t from = 0, to; from < n; from = to) {
		double t;

		for (to = from + 1; to < n && sorted[to] == sorted[from];)
			to++;
		t = (double)(to - from);
		sum -= t * (t - 1) * (2 * t + 5);
	}
	return sum / 18;
}

struct cf_theil_sen cf_theil_sen(const double *time, const double *y, size_t n, double level)
{
	struct cf_theil_sen out = { { NAN, NAN, NAN }, NAN };
	g_autofree double *sorted = cf_sorted(y, n);
	double middle = cf_median_sorted(sorted, n), off, low, high;
	struct cf_slopes s;

	g_assert(level > 0 && level < 1);
	cf_assert_usable(y, n);
	if (time)
		cf_assert_usable(time, n);
	if (n < 2 || (time && !(time[n - 1] > time[0])))
		return out;
	cf_slopes_init(&s, time, y, n, middle);
	low = cf_slopes_at(&s, (s.count + 1) / 2);
	high = s.count % 2 || !s.all ? low : cf_slopes_at(&s, s.count / 2 + 1);
	out.slope.estimate = low == high ? low : low / 2 + high / 2;
	out.intercept = middle - out.slope.estimate * (time ? cf_median(time, n) : ((double)n - 1) / 2);
	off = cf_normal_quantile((1 + level) / 2) * sqrt(kendall_variance(sorted, n));
	low = floor(((double)s.count - off) / 2);
	high = ceil(((double)s.count + off) / 2) + 1;
	if (low >= 1 && high <= (double)s.count) {
		out.slope.lo = cf_slopes_at(&s, (guint64)low);
		out.slope.hi = cf_slopes_at(&s, (guint64)high);
	}
	cf_slopes_clear(&s);
	return out;
}

/* --- Mann-Kendall ----------------------------------------------------------------------------- */

static guint64 tied_pairs(const double *sorted, size_t n)
{
	guint64 pairs = 0;

	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && sorted[to] == sorted[from];)
			to++;
		pairs += (guint64)(to - from) * (to - from - 1) / 2;
	}
	return pairs;
}

/* Hamed & Rao, equation 11. */
static double serial_factor(const double *y, size_t n)
{
	g_autofree double *rest = g_new(double, n + 1);
	g_autofree double *rank = g_new(double, n + 1);
	g_autofree double *rho = g_new(double, n + 1);
	double slope = cf_theil_sen(NULL, y, n, 0.95).slope.estimate, all = (double)n, sum = 0;

	if (n < 3)
		return 1;
	for (size_t i = 0; i < n; i++)
		rest[i] = y[i] - slope * (double)i;
	cf_midranks(rest, n, rank);
	cf_autocorrelation(rank, n, rho);
	for (size_t k = 1; k < n; k++) {
		double left = (double)(n - k);

		if (fabs(rho[k]) > 1.96 / sqrt(all))
			sum += left * (left - 1) * (left - 2) * rho[k];
	}
	return fmax(0.01, 1 + 2 / (all * (all - 1) * (all - 2)) * sum);
}

struct cf_mann_kendall cf_mann_kendall(const double *y, size_t n)
{
	struct cf_mann_kendall out = { .p = 1, .factor = 1, .p_corrected = 1 };
	g_autofree double *sorted = g_new(double, n + 1);
	g_autofree double *spare = g_new(double, n + 1);
	double pairs = (double)n * ((double)n - 1) / 2, distinct;
	guint64 falling;

	cf_assert_usable(y, n);
	if (n < 2)
		return out;
	memcpy(sorted, y, n * sizeof(*y));
	falling = cf_disorder(sorted, spare, n, FALSE);
	distinct = pairs - (double)tied_pairs(sorted, n);
	out.s = distinct - 2 * (double)falling;
	out.variance = kendall_variance(sorted, n);
	if (distinct == 0 || out.variance <= 0)
		return out;
	out.tau = out.s / sqrt(pairs) / sqrt(distinct);
	out.z = copysign(fmax(0, fabs(out.s) - 1), out.s) / sqrt(out.variance);
	out.factor = serial_factor(y, n);
	out.z_corrected = out.z / sqrt(out.factor);
	out.p = cf_normal_two_sided(out.z);
	out.p_corrected = cf_normal_two_sided(out.z_corrected);
	return out;
}
