/* SPDX-License-Identifier: MIT */
/* rolling: order statistics of a window that moves over a series. */
#ifndef CF_ANALYZERS_STAT_ROLLING_H
#define CF_ANALYZERS_STAT_ROLLING_H

#include <glib.h>

/*
 * A set of positions of one series, ordered by value. Each step is logarithmic in the length of the series.
 */
struct cf_rolling {
	double *sorted;  /* the values of the series, ascending */
	size_t *place;   /* of each position in sorted */
	guint32 *counts; /* Fenwick tree over sorted: how many are in the set */
	size_t n, top;   /* length; the largest power of two up to it */
	size_t members;
};

void cf_rolling_init(struct cf_rolling *rolling, const double *x, size_t n);
void cf_rolling_clear(struct cf_rolling *rolling);
void cf_rolling_add(struct cf_rolling *rolling, size_t position);    /* that isn't in the set */
void cf_rolling_remove(struct cf_rolling *rolling, size_t position); /* that is */
/* The k-th smallest member, k from 0 and below members. */
double cf_rolling_at(const struct cf_rolling *rolling, size_t k);

/*
 * out[i] = the p-quantile (type 7) of the up to `window` values before i, NAN where these are fewer than
 * `least` (at least 1).
 */
void cf_rolling_quantile(const double *x, size_t n, size_t window, size_t least, double p, double *out);

#endif
