/* SPDX-License-Identifier: MIT */
/* welch: difference and ratio of two means with unequal variances. */
#ifndef CF_ANALYZERS_STAT_WELCH_H
#define CF_ANALYZERS_STAT_WELCH_H

#include "analyzers/stat/order.h"

struct cf_welch {
	double t, df, p;               /* two-sided; NAN, NAN, 1 where there is no variance to judge by */
	struct cf_interval difference; /* mean y - mean x; ends NAN without variance */
	/* mean y / mean x by Fieller's theorem (1954); infinite ends: mean x can't be told from 0 */
	struct cf_interval ratio;
};

/* Welch (1947), x against y. Fewer than two values on a side: estimates only. */
struct cf_welch cf_welch(const double *x, size_t n, const double *y, size_t m, double level);

#endif
