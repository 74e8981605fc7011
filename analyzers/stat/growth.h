/* SPDX-License-Identifier: MIT */
/* growth: does a series of sizes keep growing, as the heap of a program that leaks does. */
#ifndef CF_ANALYZERS_STAT_GROWTH_H
#define CF_ANALYZERS_STAT_GROWTH_H

#include "analyzers/stat/trend.h"

struct cf_growth_options {
	double skip;     /* share of the points at the start that are warm-up: 0.25 */
	double alpha;    /* of the corrected Mann-Kendall test: 0.01 */
	double min_rise; /* over the rest, relative to its median: 0.02 */
	double steady;   /* what share of the slope each half must have: 0.25 */
};
#define CF_GROWTH_OPTIONS ((struct cf_growth_options){ 0.25, 0.01, 0.02, 0.25 })

/* The first reason in this order that speaks against steady growth. */
enum cf_growth_verdict {
	CF_GROWTH_STEADY,
	CF_GROWTH_TOO_SHORT, /* fewer than 10 points after the warm-up, or all at one time */
	CF_GROWTH_NO_TREND,  /* not significant, or falling */
	CF_GROWTH_SMALL,
	CF_GROWTH_UNSTEADY /* one half doesn't rise: a warm-up that goes on, or a single step */
};

struct cf_growth {
	enum cf_growth_verdict verdict;
	size_t from; /* first point after the warm-up */
	struct cf_mann_kendall test;
	double p; /* two-sided; the correction only ever weakens it: saw-teeth aren't evidence */
	struct cf_theil_sen fit; /* per unit of time */
	double rise;             /* slope times the time after the warm-up, in the unit of the sizes */
	double relative_rise;    /* of the median; NAN for a median of 0 or less */
	double first_slope, second_slope; /* of the halves */
};

/* time ascends, NULL: 0, 1, 2 ... n log n (n^2 up to 1000 points). */
struct cf_growth cf_growth(const double *time, const double *y, size_t n,
			   const struct cf_growth_options *options);

#endif
