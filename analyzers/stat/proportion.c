/* SPDX-License-Identifier: MIT */
/* proportion: intervals of a share and of a difference of shares. */
#include "analyzers/stat/proportion.h"

#include "analyzers/stat/distributions.h"

#include <math.h>

static double share_of_odds(double odds)
{
	return isinf(odds) ? 1 : odds / (1 + odds);
}

struct cf_interval cf_clopper_pearson(int64_t k, int64_t n, double level)
{
	double tail = (1 - level) / 2, a = (double)k, b = (double)(n - k);
	struct cf_interval out = { n ? a / (double)n : NAN, 0, 1 };

	g_assert(k >= 0 && k <= n && level > 0 && level < 1);
	if (k > 0)
		out.lo = share_of_odds(cf_beta_quantile_odds(tail, a, b + 1));
	if (k < n)
		out.hi = share_of_odds(cf_beta_quantile_odds(1 - tail, a + 1, b));
	return out;
}

struct cf_interval cf_wilson(int64_t k, int64_t n, double level)
{
	double z = cf_normal_quantile((1 + level) / 2), all = (double)n, p, mid, half;

	g_assert(k >= 0 && k <= n && level > 0 && level < 1);
	if (!n)
		return (struct cf_interval){ NAN, 0, 1 };
	p = (double)k / all;
	mid = (p + z * z / (2 * all)) / (1 + z * z / all);
	half = z / (1 + z * z / all) * sqrt(p * (1 - p) / all + z * z / (4 * all * all));
	return (struct cf_interval){ p, k ? mid - half : 0, k < n ? mid + half : 1 };
}

struct cf_interval cf_newcombe(int64_t k1, int64_t n1, int64_t k2, int64_t n2, double level)
{
	struct cf_interval x = cf_wilson(k1, n1, level), y = cf_wilson(k2, n2, level);
	double off = y.estimate - x.estimate;

	if (!n1 || !n2)
		return (struct cf_interval){ NAN, -1, 1 };
	return (struct cf_interval){ off, off - hypot(y.estimate - y.lo, x.hi - x.estimate),
				     off + hypot(y.hi - y.estimate, x.estimate - x.lo) };
}
