/* SPDX-License-Identifier: MIT */
/* welch: difference and ratio of two means with unequal variances. */
#include "analyzers/stat/welch.h"

#include "analyzers/stat/distributions.h"

#include <math.h>

/*
 * The r for which (y - r x)^2 <= t^2 (vy + r^2 vx): a quadratic in r that opens upwards unless x is near 0.
 */
static struct cf_interval fieller(double x, double y, double vx, double vy, double t)
{
	double a = x * x - t * t * vx, b = x * y, c = y * y - t * t * vy, root;

	if (a <= 0)
		return (struct cf_interval){ y / x, -INFINITY, INFINITY };
	root = sqrt(fmax(0, b * b - a * c));
	return (struct cf_interval){ y / x, (b - root) / a, (b + root) / a };
}

struct cf_welch cf_welch(const double *x, size_t n, const double *y, size_t m, double level)
{
	double mx = cf_mean(x, n), my = cf_mean(y, m), vx, vy, error, t;
	struct cf_welch out = { NAN, NAN, 1, { my - mx, NAN, NAN }, { my / mx, NAN, NAN } };

	g_assert(level > 0 && level < 1);
	cf_assert_usable(x, n);
	cf_assert_usable(y, m);
	if (n < 2 || m < 2)
		return out;
	vx = cf_variance(x, n) / (double)n;
	vy = cf_variance(y, m) / (double)m;
	error = sqrt(vx + vy);
	if (!(error > 0)) {
		out.p = mx == my;
		return out;
	}
	out.t = (my - mx) / error;
	/* Satterthwaite (1946), as shares so that squares of tiny variances can't vanish */
	vx /= error * error;
	vy /= error * error;
	out.df = 1 / (vx * vx / (double)(n - 1) + vy * vy / (double)(m - 1));
	out.p = cf_t_two_sided(out.t, out.df);
	t = cf_t_quantile((1 + level) / 2, out.df);
	out.difference.lo = my - mx - t * error;
	out.difference.hi = my - mx + t * error;
	out.ratio = fieller(mx, my, vx * error * error, vy * error * error, t);
	return out;
}
