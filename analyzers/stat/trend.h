/* SPDX-License-Identifier: MIT */
/* trend: does a series rise or fall, and how fast, whatever its distribution. */
#ifndef CF_ANALYZERS_STAT_TREND_H
#define CF_ANALYZERS_STAT_TREND_H

#include "analyzers/stat/order.h"

struct cf_theil_sen {
	struct cf_interval slope; /* per unit of time; ends NAN when the interval needs more points */
	double intercept;         /* median y - slope median time */
};

/*
 * The median of the slopes of all pairs of points at different times, and its interval from the variance of
 * Kendall's S (Sen 1968; Hollander & Wolfe 9.3). time ascends, not strictly; NULL: 0, 1, 2 ... Fewer than
 * two different times: NAN. Up to 1000 points by all pairs, beyond by counting inversions, in n log n (then
 * the lower of two middle slopes).
 */
struct cf_theil_sen cf_theil_sen(const double *time, const double *y, size_t n, double level);

struct cf_mann_kendall {
	double s;        /* later and larger less later and smaller, of all pairs */
	double variance; /* of s without a trend, ties taken into account */
	double tau;      /* Kendall's tau-b */
	double z, p;     /* with continuity correction; two-sided; 0, 1 for a constant series */
	/*
	 * What serial correlation makes of the variance: above 1 a series that wanders looks like a trend,
	 * below 1 one that swings back hides it
	 */
	double factor;
	double z_corrected, p_corrected;
};

/*
 * Mann (1945), Kendall (1975), with the variance correction of Hamed & Rao (J. Hydrology 204, 1998): from
 * the autocorrelations of the ranks of y without its Theil-Sen trend over its index, those beyond 1.96 /
 * sqrt(n) at any lag; the factor is 0.01 at least. n log n.
 */
struct cf_mann_kendall cf_mann_kendall(const double *y, size_t n);

#endif
