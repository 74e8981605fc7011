/* SPDX-License-Identifier: MIT */
/* order: order statistics: median, quantiles with their intervals, MAD, trimmed mean, ranks. */
#ifndef CF_ANALYZERS_STAT_ORDER_H
#define CF_ANALYZERS_STAT_ORDER_H

#include <glib.h>

/* An estimate with its confidence interval; in the unit of what is estimated. */
struct cf_interval {
	double estimate, lo, hi;
};

/*
 * Everywhere in this folder: arrays are borrowed and not changed unless said otherwise; n = 0 is allowed
 * where nothing else is said, and gives NAN. Values are numbers of a size up to CF_VALUE_LIMIT, so that
 * sums of their squares are numbers as well; others are programming errors, so who reads values leaves them
 * out.
 */
#define CF_VALUE_LIMIT 1e140
static inline gboolean cf_value_usable(double x)
{
	return x >= -CF_VALUE_LIMIT && x <= CF_VALUE_LIMIT;
}
void cf_assert_usable(const double *x, size_t n);

/* Ascending, in place. */
void cf_sort(double *x, size_t n);
/* A sorted copy; caller frees with g_free. */
double *cf_sorted(const double *x, size_t n);

/*
 * How to read a quantile between two values; Hyndman & Fan, Sample Quantiles in Statistical Packages
 * (1996).
 */
enum cf_quantile_type {
	CF_QUANTILE_NEAREST = 1, /* type 1, nearest rank: always one of the values */
	CF_QUANTILE_LINEAR = 7,  /* type 7, what R, NumPy and spreadsheets do */
	CF_QUANTILE_UNBIASED = 8 /* type 8, median-unbiased whatever the distribution */
};

/* Of sorted values; 0 <= p <= 1. */
double cf_quantile(const double *sorted, size_t n, double p, enum cf_quantile_type type);
double cf_median_sorted(const double *sorted, size_t n);
double cf_median(const double *x, size_t n);

/*
 * The interval between two order statistics that covers the p-quantile of whatever distribution the values
 * come from, with at least the given probability (Hahn & Meeker, Statistical Intervals, 5.2; for the median
 * what benchstat prints). lo and hi are ranks from 0. Too few values for it (median at 95 %: fewer than 6):
 * lo = -inf, hi = inf, needed says how many it takes.
 */
struct cf_quantile_interval {
	struct cf_interval value;
	size_t lo_rank, hi_rank; /* from 0; only when lo and hi are finite */
	double coverage;         /* reached; 0 when there is no interval */
	size_t needed;           /* the least n that has an interval at this level */
};
struct cf_quantile_interval cf_quantile_interval(const double *sorted, size_t n, double p, double level);

/*
 * Where half of the weight (above 0 each) is reached; the middle of two values when half lies exactly
 * between them.
 */
double cf_weighted_median(const double *x, const double *weight, size_t n);

double cf_mean(const double *x, size_t n);
/* With n - 1 below, by differences from the mean; NAN for n < 2. */
double cf_variance(const double *x, size_t n);
/* 1.4826 times the median of |x - median|: the standard deviation of normal values, unmoved by outliers. */
double cf_mad(const double *x, size_t n);
double cf_iqr(const double *x, size_t n); /* type 7 */
/* The mean without the lowest and highest floor(n * share) values, 0 <= share < 0.5. */
double cf_trimmed_mean(const double *x, size_t n, double share);

/* Values with where they came from, ascending, equal ones by index. n of them; caller frees with g_free. */
struct cf_place {
	double value;
	size_t index;
};
struct cf_place *cf_places(const double *x, size_t n);

/*
 * rank[i] = place of x[i] from 1; equal values share the mean of their places. Returns the sum of t^3 - t
 * over all groups of t equal values: what ties take from the variance of rank statistics.
 */
double cf_midranks(const double *x, size_t n, double *rank);

#endif
