/* SPDX-License-Identifier: MIT */
/* bootstrap: intervals by resampling, the same on every call. */
#ifndef CF_ANALYZERS_STAT_BOOTSTRAP_H
#define CF_ANALYZERS_STAT_BOOTSTRAP_H

#include "analyzers/stat/order.h"
#include <stdint.h>

/* median y / median x - 1 of sorted samples, NAN when median x is 0. ctx is unused. */
double cf_bootstrap_relative_median(const double *x, size_t n, const double *y, size_t m, const void *ctx);
/* Relative change of a type 7 quantile; ctx points to the double p. */
double cf_bootstrap_relative_quantile(const double *x, size_t n, const double *y, size_t m, const void *ctx);

struct cf_bootstrap {
	uint64_t seed;
	uint32_t rounds; /* resamples, at least 100; 10000 settles the ends to about 1 % of the width */
	double level;
};

/*
 * The percentile interval (Efron & Tibshirani, An Introduction to the Bootstrap, 13.3): both samples are
 * drawn again with replacement; the statistic gets them sorted, and resamples for which it is NAN are left
 * out. Rounds are cut to what 2e8 draws allow, but not under 100. n, m = 0, or no resample with a value:
 * NAN.
 */
struct cf_interval cf_bootstrap_interval(const double *x, size_t n, const double *y, size_t m,
					 double (*statistic)(const double *x, size_t n, const double *y,
							     size_t m, const void *ctx),
					 const void *ctx, const struct cf_bootstrap *how);

#endif
