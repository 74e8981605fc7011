/* SPDX-License-Identifier: MIT */
/* adjust: p-values of many tests, corrected for there being many. */
#ifndef CF_ANALYZERS_STAT_ADJUST_H
#define CF_ANALYZERS_STAT_ADJUST_H

#include <stddef.h>

enum cf_adjust {
	CF_ADJUST_NONE,
	CF_ADJUST_BH,        /* Benjamini & Hochberg (1995): false discovery rate of independent tests */
	CF_ADJUST_BY,        /* Benjamini & Yekutieli (2001): the same, whatever the dependence */
	CF_ADJUST_HOLM,      /* Holm (1979): chance of any false alarm */
	CF_ADJUST_BONFERRONI /* the same, weaker */
};

/* q[i] of p[i] in [0, 1], as R's p.adjust; q may be p. */
void cf_adjust(const double *p, size_t n, enum cf_adjust method, double *q);

#endif
