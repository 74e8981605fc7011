/* SPDX-License-Identifier: MIT */
/* dispersion: how much more the counts of runs vary than the binomial distribution has it. */
#ifndef CF_ANALYZERS_STAT_DISPERSION_H
#define CF_ANALYZERS_STAT_DISPERSION_H

#include "analyzers/stat/size_factor.h"

/* How much more counts vary between the runs of one side than the binomial has it. */
struct cf_dispersion {
	double phi;   /* chi-squared over degrees of freedom, of all functions; near 1 for sampled CPU time */
	double extra; /* relative variance on top: m samples a run have 1 + extra m; at least 0 */
	double df;    /* degrees of freedom per function: runs - 1 of each side; 0: nothing known */
};

/*
 * From the shares of each run, each side about its own mean; functions with 5 samples a run and more.
 * before[run * functions + function], likewise after. factor[function] is what the variance is to be
 * multiplied by, at least 1: by the trend 1 + extra m, which all functions together settle, or the
 * function's own where that is more than two deviations above (the shrinkage of Love, Huber & Anders,
 * Genome Biology 15:550, 2014). One run a side: all 1.
 */
struct cf_dispersion cf_dispersion(const int64_t *before, size_t runs_before, const int64_t *after,
				   size_t runs_after, size_t functions, double *factor);

/*
 * The same from one run a side: most functions don't change, so how far all of them are apart tells how
 * much runs vary (Efron, Large-Scale Simultaneous Hypothesis Testing: The Choice of a Null Hypothesis,
 * 2004). The median over functions with 20 samples and more; only where more than chance, else all 1. df is
 * 0. Where most functions did change, only those are found that changed more than most.
 */
struct cf_dispersion cf_dispersion_of_pair(const struct cf_count_pair *k, size_t n, double scale,
					   double *factor);

#endif
