/* SPDX-License-Identifier: MIT */
/* mann_whitney: the rank test of two samples and the shift between them. */
#include "analyzers/stat/mann_whitney.h"

#include "analyzers/stat/distributions.h"

#include <math.h>
#include <string.h>

#define EXACT_LIMIT 50
#define EXACT_LIMIT_TIES 25

/* --- the exact distribution ------------------------------------------------------------------- */

/*
 * ways[u] = number of arrangements of n and m distinct values with that U, 0 <= u <= n m. With j values of
 * the second sample W(i, j, u) = W(i - 1, j, u - j) + W(i, j - 1, u): the largest of i + j belongs to the
 * first sample or to the second (Mann & Whitney 1947). Counts beyond 2^53 are rounded, each sum of positive
 * terms to an ulp.
 */
static double *ways_distinct(size_t n, size_t m)
{
	size_t width = n * m + 1;
	g_autofree double *table = g_new0(double, (n + 1) * width);
	double *ways = g_new(double, width);

	for (size_t i = 0; i <= n; i++)
		table[i * width] = 1;
	for (size_t j = 1; j <= m; j++)
		for (size_t i = 1; i <= n; i++) {
			double *row = table + i * width;
			const double *less = row - width;

			for (size_t u = j; u <= i * j; u++)
				row[u] += less[u - j];
		}
	memcpy(ways, table + n * width, width * sizeof(double));
	return ways;
}

/* ways[s] = number of choices of m of the doubled mid-ranks with that sum, up to *top. */
static double *ways_tied(const double *rank, size_t all, size_t m, size_t *top)
{
	size_t width = all * (all + 1) + 1; /* the sum of all doubled ranks, and 0 */
	g_autofree double *table = g_new0(double, (m + 1) * width);
	double *ways = g_new(double, width);

	table[0] = 1;
	for (size_t i = 0; i < all; i++) {
		size_t twice = (size_t)(2 * rank[i]);

		for (size_t j = MIN(i + 1, m); j > 0; j--) {
			double *row = table + j * width;
			const double *less = row - width;

			for (size_t s = twice; s < width; s++)
				row[s] += less[s - twice];
		}
	}
	memcpy(ways, table + m * width, width * sizeof(double));
	*top = width - 1;
	return ways;
}

/* 2 min(P(S <= at), P(S >= at)), at most 1. */
static double two_sided(const double *ways, size_t top, size_t at)
{
	double below = 0, above = 0, all = 0;

	for (size_t s = 0; s <= top; s++) {
		all += ways[s];
		below += s <= at ? ways[s] : 0;
		above += s >= at ? ways[s] : 0;
	}
	return fmin(1, 2 * fmin(below, above) / all);
}

static double p_exact(const double *rank, size_t n, size_t m, double u, gboolean ties)
{
	g_autofree double *ways = NULL;
	size_t top = n * m;

	if (!ties) {
		ways = ways_distinct(n, m);
		return two_sided(ways, top, (size_t)u);
	}
	/* U of y = rank sum of y - m (m + 1) / 2 */
	ways = ways_tied(rank, n + m, m, &top);
	return two_sided(ways, top, (size_t)(2 * u) + m * (m + 1));
}

/* --- the test --------------------------------------------------------------------------------- */

/* Lehmann, Nonparametrics (1975), 1.4: variance n m / 12 (N + 1 - ties / (N (N - 1))). */
static double u_deviation(double n, double m, double ties)
{
	double all = n + m;

	if (all < 2)
		return 0;
	return sqrt(fmax(0, n * m / 12 * (all + 1 - ties / all / (all - 1))));
}

double cf_mann_whitney_p_normal(double u, double n, double m, double ties)
{
	double off = fmax(0, fabs(u - n * m / 2) - 0.5), deviation = u_deviation(n, m, ties);

	return deviation > 0 ? cf_normal_two_sided(off / deviation) : 1;
}

struct cf_mann_whitney cf_mann_whitney(const double *x, size_t n, const double *y, size_t m)
{
	g_autofree double *all = g_new(double, n + m + 1);
	g_autofree double *rank = g_new(double, n + m + 1);
	struct cf_mann_whitney out = { .p = 1 };
	double ties, sum = 0;
	size_t limit;

	cf_assert_usable(x, n);
	cf_assert_usable(y, m);
	if (!n || !m)
		return out;
	memcpy(all, x, n * sizeof(*x));
	memcpy(all + n, y, m * sizeof(*y));
	ties = cf_midranks(all, n + m, rank);
	for (size_t i = n; i < n + m; i++)
		sum += rank[i];
	out.ties = ties > 0;
	out.u = sum - (double)m * ((double)m + 1) / 2;
	out.cliff = 2 * out.u / ((double)n * (double)m) - 1;
	limit = out.ties ? EXACT_LIMIT_TIES : EXACT_LIMIT;
	out.exact = n <= limit && m <= limit;
	out.p = out.exact ? p_exact(rank, n, m, out.u, out.ties)
			  : cf_mann_whitney_p_normal(out.u, (double)n, (double)m, ties);
	return out;
}

size_t cf_mann_whitney_least(double alpha)
{
	double choices = 1;

	g_assert(alpha > 0 && alpha < 1);
	for (size_t n = 1;; n++) {
		choices *= 2 * (2 * (double)n - 1) / (double)n; /* of n in 2 n */
		if (2 / choices <= alpha)
			return n;
	}
}

/* --- the shift -------------------------------------------------------------------------------- */

/*
 * How many differences y - x are at most v: rounding is monotonous, so the count is a staircase in both
 * arrays.
 */
static guint64 differences_up_to(const double *x, size_t n, const double *y, size_t m, double v)
{
	guint64 count = 0;
	size_t j = 0;

	for (size_t i = 0; i < n; i++) {
		while (j < m && y[j] - x[i] <= v)
			j++;
		count += j;
	}
	return count;
}

/* Doubles in their order as whole numbers, so that a search by halves ends at one of them. */
static gint64 ordinal(double v)
{
	gint64 bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits < 0 ? G_MININT64 - bits : bits;
}

static double from_ordinal(gint64 place)
{
	gint64 bits = place < 0 ? G_MININT64 - place : place;
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

/* The k-th smallest difference, k from 1, of sorted x and y. */
static double difference(const double *x, size_t n, const double *y, size_t m, guint64 k)
{
	gint64 low = ordinal(y[0] - x[n - 1]), high = ordinal(y[m - 1] - x[0]);

	while (low < high) {
		gint64 mid = (low >> 1) + (high >> 1) + (low & high & 1);

		if (differences_up_to(x, n, y, m, from_ordinal(mid)) >= k)
			high = mid;
		else
			low = mid + 1;
	}
	return from_ordinal(low);
}

/* The rank from 1 of the lower end and the coverage: P(U < rank) is at most half of what may be missed. */
static guint64 exact_rank(size_t n, size_t m, double level, double *coverage)
{
	g_autofree double *ways = ways_distinct(n, m);
	double all = 0, below = 0, tail = (1 - level) / 2;
	guint64 rank = 0;

	for (size_t u = 0; u <= n * m; u++)
		all += ways[u];
	while ((below + ways[rank]) / all <= tail)
		below += ways[rank++];
	if (!rank) /* even all differences together don't cover as much */
		below = ways[rank++];
	*coverage = 1 - 2 * below / all;
	return rank;
}

static guint64 normal_rank(double n, double m, double level, double ties, double *coverage)
{
	double off = cf_normal_quantile((1 + level) / 2) * u_deviation(n, m, ties);

	*coverage = level;
	return (guint64)fmax(1, round(n * m / 2 - off));
}

static double tie_sum(const double *x, size_t n, const double *y, size_t m)
{
	g_autofree double *all = g_new(double, n + m + 1);
	g_autofree double *rank = g_new(double, n + m + 1);

	memcpy(all, x, n * sizeof(*x));
	memcpy(all + n, y, m * sizeof(*y));
	return cf_midranks(all, n + m, rank);
}

struct cf_shift cf_hodges_lehmann(const double *x, size_t n, const double *y, size_t m, double level)
{
	g_autofree double *xs = cf_sorted(x, n);
	g_autofree double *ys = cf_sorted(y, m);
	struct cf_shift out = { { NAN, NAN, NAN }, 0 };
	guint64 pairs, rank;
	double low, high;

	g_assert(level > 0 && level < 1);
	cf_assert_usable(x, n);
	cf_assert_usable(y, m);
	if (!n || !m)
		return out;
	pairs = (guint64)n * m;
	low = difference(xs, n, ys, m, (pairs + 1) / 2);
	high = pairs % 2 ? low : difference(xs, n, ys, m, pairs / 2 + 1);
	out.value.estimate = low == high ? low : low / 2 + high / 2;
	rank = n <= EXACT_LIMIT && m <= EXACT_LIMIT
		       ? exact_rank(n, m, level, &out.coverage)
		       : normal_rank((double)n, (double)m, level, tie_sum(x, n, y, m), &out.coverage);
	out.value.lo = difference(xs, n, ys, m, rank);
	out.value.hi = difference(xs, n, ys, m, pairs + 1 - rank);
	return out;
}
