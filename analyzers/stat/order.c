/* SPDX-License-Identifier: MIT */
/* order: order statistics: median, quantiles with their intervals, MAD, trimmed mean, ranks. */
#include "analyzers/stat/order.h"

#include "analyzers/stat/distributions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void cf_assert_usable(const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		g_assert(cf_value_usable(x[i]));
}

/* What is computed on the way may be infinite, but has an order. */
static void assert_ordered(const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		g_assert(!isnan(x[i]));
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void cf_sort(double *x, size_t n)
{
	assert_ordered(x, n);
	if (n > 1)
		qsort(x, n, sizeof(*x), ascending);
}

double *cf_sorted(const double *x, size_t n)
{
	double *copy = g_new(double, n + 1);

	if (n)
		memcpy(copy, x, n * sizeof(*x));
	cf_sort(copy, n);
	return copy;
}

/* --- quantiles -------------------------------------------------------------------------------- */

/* The value at a place counted from 1, between two of them by interpolation. */
static double at_place(const double *sorted, size_t n, double place)
{
	double below = floor(place), part = place - below;
	size_t i;

	if (place <= 1)
		return sorted[0];
	if (place >= (double)n)
		return sorted[n - 1];
	i = (size_t)below - 1;
	/* so written that two equal values give exactly themselves, and the sum can't overflow */
	return part == 0 ? sorted[i] : sorted[i] * (1 - part) + sorted[i + 1] * part;
}

double cf_quantile(const double *sorted, size_t n, double p, enum cf_quantile_type type)
{
	double place;

	g_assert(p >= 0 && p <= 1);
	if (!n)
		return NAN;
	if (type == CF_QUANTILE_NEAREST)
		place = ceil(p * (double)n * (1 - 1e-12)); /* 0.55 * 20 comes out above 11 */
	else if (type == CF_QUANTILE_LINEAR)
		place = 1 + ((double)n - 1) * p;
	else
		place = ((double)n + 1. / 3) * p + 1. / 3;
	return at_place(sorted, n, place);
}

double cf_median_sorted(const double *sorted, size_t n)
{
	double low, high;

	if (!n)
		return NAN;
	low = sorted[(n - 1) / 2];
	high = sorted[n / 2];
	return low == high ? low : low / 2 + high / 2;
}

double cf_median(const double *x, size_t n)
{
	g_autofree double *sorted = cf_sorted(x, n);

	return cf_median_sorted(sorted, n);
}

/* P(K <= k) and P(K > k) for the number of values below the p-quantile. */
static struct cf_tails values_below(int64_t k, size_t n, double p)
{
	if (k < 0)
		return (struct cf_tails){ 0, 1 };
	return cf_binomial_tails(k, (int64_t)n, p / (1 - p));
}

/* The largest rank k from 1 with P(K < k) <= tail, so that the k-th value is a lower limit; 0 none. */
static size_t lower_rank(size_t n, double p, double tail)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low + 1) / 2;

		if (values_below((int64_t)mid - 1, n, p).lower <= tail)
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

/* How many values are needed until both ends have a rank: (1 - p)^n and p^n at most the tail. */
static size_t values_needed(double p, double tail)
{
	return (size_t)ceil(log(tail) / log(fmax(p, 1 - p)) * (1 - 1e-12));
}

struct cf_quantile_interval cf_quantile_interval(const double *sorted, size_t n, double p, double level)
{
	double tail = (1 - level) / 2;
	struct cf_quantile_interval out = { .value = { cf_quantile(sorted, n, p, CF_QUANTILE_LINEAR),
						       -INFINITY, INFINITY } };
	size_t low, high;

	g_assert(p > 0 && p < 1 && level > 0 && level < 1);
	out.needed = values_needed(p, tail);
	if (!n)
		return out;
	low = lower_rank(n, p, tail);
	high = lower_rank(n, 1 - p, tail); /* counted from the top */
	if (!low || !high)
		return out;
	out.lo_rank = low - 1;
	out.hi_rank = n - high;
	out.value.lo = sorted[out.lo_rank];
	out.value.hi = sorted[out.hi_rank];
	out.coverage = 1 - values_below((int64_t)low - 1, n, p).lower -
		       values_below((int64_t)high - 1, n, 1 - p).lower;
	return out;
}

/* --- location and scale ----------------------------------------------------------------------- */

double cf_mean(const double *x, size_t n)
{
	double mean = 0;

	assert_ordered(x, n);
	if (!n)
		return NAN;
	/* parts of the mean instead of a sum, which might overflow; then what rounding took */
	for (size_t i = 0; i < n; i++)
		mean += x[i] / (double)n;
	for (size_t pass = 0; pass < 2; pass++) {
		double rest = 0;

		for (size_t i = 0; i < n; i++)
			rest += (x[i] - mean) / (double)n;
		mean += rest;
	}
	return mean;
}

double cf_variance(const double *x, size_t n)
{
	double mean = cf_mean(x, n), sum = 0;

	if (n < 2)
		return NAN;
	for (size_t i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	return sum / (double)(n - 1);
}

double cf_mad(const double *x, size_t n)
{
	g_autofree double *off = cf_sorted(x, n);
	double median = cf_median_sorted(off, n);

	for (size_t i = 0; i < n; i++)
		off[i] = fabs(off[i] - median);
	return 1.4826 * cf_median(off, n);
}

double cf_iqr(const double *x, size_t n)
{
	g_autofree double *sorted = cf_sorted(x, n);

	return cf_quantile(sorted, n, 0.75, CF_QUANTILE_LINEAR) -
	       cf_quantile(sorted, n, 0.25, CF_QUANTILE_LINEAR);
}

double cf_trimmed_mean(const double *x, size_t n, double share)
{
	g_autofree double *sorted = cf_sorted(x, n);
	size_t cut = (size_t)((double)n * share);

	g_assert(share >= 0 && share < 0.5);
	return cf_mean(sorted + cut, n - 2 * cut);
}

/* --- ranks ------------------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
	const struct cf_place *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->index > y->index) - (x->index < y->index);
}

struct cf_place *cf_places(const double *x, size_t n)
{
	struct cf_place *places = g_new(struct cf_place, n + 1);

	assert_ordered(x, n);
	for (size_t i = 0; i < n; i++)
		places[i] = (struct cf_place){ x[i], i };
	if (n > 1)
		qsort(places, n, sizeof(*places), by_value);
	return places;
}

double cf_midranks(const double *x, size_t n, double *rank)
{
	g_autofree struct cf_place *places = cf_places(x, n);
	double ties = 0;

	for (size_t from = 0, to; from < n; from = to) {
		double t;

		for (to = from + 1; to < n && places[to].value == places[from].value;)
			to++;
		t = (double)(to - from);
		ties += t * (t * t - 1);
		for (size_t i = from; i < to; i++)
			rank[places[i].index] = (double)(from + to + 1) / 2;
	}
	return ties;
}

double cf_weighted_median(const double *x, const double *weight, size_t n)
{
	g_autofree struct cf_place *places = cf_places(x, n);
	double half = 0, sum = 0;
	size_t i = 0;

	if (!n)
		return NAN;
	for (size_t j = 0; j < n; j++) {
		g_assert(weight[j] > 0);
		half += weight[j] / 2;
	}
	for (sum = weight[places[0].index]; sum < half * (1 - 1e-12) && i + 1 < n; i++)
		sum += weight[places[i + 1].index];
	if (sum <= half * (1 + 1e-12) && i + 1 < n)
		return places[i].value / 2 + places[i + 1].value / 2;
	return places[i].value;
}
