/* SPDX-License-Identifier: MIT */
/* slopes: order statistics of the slopes between all pairs of points, and pairs in disorder. */
#ifndef CF_ANALYZERS_STAT_SLOPES_H
#define CF_ANALYZERS_STAT_SLOPES_H

#include <glib.h>

/*
 * Sorts x by merging and returns how many pairs i < j have x[j] < x[i], or x[j] <= x[i] if equal. spare[n]
 * is working space.
 */
guint64 cf_disorder(double *x, double *spare, size_t n, gboolean equal);

struct cf_point {
	double time, y;
};

/* The slopes between points at different times, in order. */
struct cf_slopes {
	struct cf_point *points;
	size_t n;
	guint64 count;                      /* pairs at different times */
	guint64 same_time, falling_at_once; /* pairs at one time, and those of them with different values */
	double *all;                        /* sorted, or NULL when there are too many */
	double *rest, *spare;               /* [n], where all is NULL */
};

/*
 * Of n > 0 points, time as in cf_theil_sen. Values are taken less middle and times from the first, so that
 * differences keep their digits.
 */
void cf_slopes_init(struct cf_slopes *s, const double *time, const double *y, size_t n, double middle);
/*
 * The k-th smallest slope, 1 <= k <= count. All are listed up to 1000 points, beyond it is found in n log
 * n.
 */
double cf_slopes_at(struct cf_slopes *s, guint64 k);
void cf_slopes_clear(struct cf_slopes *s);

#endif
