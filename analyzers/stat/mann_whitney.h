/* SPDX-License-Identifier: MIT */
/* mann_whitney: the rank test of two samples and the shift between them. */
#ifndef CF_ANALYZERS_STAT_MANN_WHITNEY_H
#define CF_ANALYZERS_STAT_MANN_WHITNEY_H

#include "analyzers/stat/order.h"

struct cf_mann_whitney {
	double u;     /* pairs with y > x, a tie half */
	double p;     /* two-sided; 1 when either sample is empty or all values are equal */
	double cliff; /* Cliff's delta P(y > x) - P(y < x), 0 without values; (cliff + 1) / 2 is A12 */
	gboolean exact, ties;
};

/*
 * Mann & Whitney (1947), x against y. Exact, also with ties, up to 50 values a side without ties and 25
 * with, the limits of benchstat; p = min(1, 2 min(P(U <= u), P(U >= u))). Beyond that the normal
 * approximation with tie and continuity corrections, as R's wilcox.test. Time n log n, exact at most n^4.
 */
struct cf_mann_whitney cf_mann_whitney(const double *x, size_t n, const double *y, size_t m);

/* The normal approximation for any size. */
double cf_mann_whitney_p_normal(double u, double n, double m, double ties);

/* The least n per side with which n against n can reach p <= alpha: 4 at 0.05. */
size_t cf_mann_whitney_least(double alpha);

struct cf_shift {
	struct cf_interval value; /* y - x, in their unit; NAN without values */
	double coverage; /* of the interval; under the level when the samples are too small to reach it */
};

/*
 * Hodges & Lehmann (1963): the median of all n m differences y - x, and the distribution-free interval for
 * a pure shift (Hollander & Wolfe, 4.3): order statistics of the differences, chosen by the exact
 * distribution of U up to 50 values a side, else by the normal approximation. Time (n + m) log(n + m) and
 * no space for the differences.
 */
struct cf_shift cf_hodges_lehmann(const double *x, size_t n, const double *y, size_t m, double level);

#endif
