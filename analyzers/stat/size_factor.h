/* SPDX-License-Identifier: MIT */
/* size_factor: how much more one profile recorded than another, whatever single functions did. */
#ifndef CF_ANALYZERS_STAT_SIZE_FACTOR_H
#define CF_ANALYZERS_STAT_SIZE_FACTOR_H

#include <glib.h>
#include <stdint.h>

/* Samples that have one function, as their innermost frame or anywhere (once per sample); at least 0. */
struct cf_count_pair {
	int64_t before, after;
};

#define CF_SIZE_FACTOR_MANY 16 /* functions from here on outvote any one */

struct cf_size_factor {
	double scale;    /* recorded after : before; above 0 */
	size_t support;  /* functions that it is taken from */
	gboolean totals; /* too few samples: the ratio of the totals instead */
	double least,
		most; /* what scale would be without one of the functions; scale itself where they are many */
};

/*
 * The weighted median over functions with before + after >= 20 of (after + 1/2) / (before + 1/2), weighted
 * by 1 / (1 / (before + 1/2) + 1 / (after + 1/2)). A median of ratios (Anders & Huber, Genome Biology
 * 11:R106, 2010), since with the ratio of totals one function that gets slower would make all others look
 * faster. Swapping before and after gives 1 / scale.
 * Of few functions one that changed can be the median, and makes others look changed: least and most tell how much hangs
 * on a single one.
 */
struct cf_size_factor cf_size_factor(const struct cf_count_pair *k, size_t n);

#endif
