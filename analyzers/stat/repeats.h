/* SPDX-License-Identifier: MIT */
/* repeats: comparison of two sets of repeated measurements, such as benchmark runs. */
#ifndef CF_ANALYZERS_STAT_REPEATS_H
#define CF_ANALYZERS_STAT_REPEATS_H

#include "analyzers/stat/mann_whitney.h"
#include "analyzers/stat/outcome.h"

struct cf_repeats_options {
	struct cf_outcome_rule rule;
	double level;   /* of the intervals: 0.95 */
	double power;   /* that needed refers to: 0.8 */
	gboolean means; /* compare means by Welch's test instead of medians by ranks */
};
#define CF_REPEATS_OPTIONS ((struct cf_repeats_options){ CF_OUTCOME_RULE, 0.95, 0.8, FALSE })

struct cf_repeats {
	size_t n, m;
	struct cf_quantile_interval before,
		after;            /* medians with their intervals; in the unit of the values */
	struct cf_interval shift; /* after - before: Hodges & Lehmann, or the difference of the means */
	/*
	 * after : before. By ranks 1 + shift / median before; of means by Fieller. NAN for a base below 0;
	 * from a base of 0 infinite, or 1 without a shift
	 */
	struct cf_interval ratio;
	double cliff; /* P(after > before) - P(after < before) */
	double p;
	double q;                /* p, until corrected */
	gboolean exact;          /* p by the exact distribution */
	gboolean all_equal;      /* every value of both sides is the same */
	enum cf_outcome outcome; /* by q */
	/*
	 * Values a side that it takes: to reach significance at all, to show the estimated change where it
	 * matters, else to show that none matters. Infinite when no number would do.
	 */
	double needed;
};

/* Before (n values) against after (m), for one subject alone. */
struct cf_repeats cf_repeats_compare(const double *before, size_t n, const double *after, size_t m,
				     const struct cf_repeats_options *options);

/*
 * For several subjects: q of those that have enough values by Benjamini & Hochberg, and the outcomes by
 * them.
 */
void cf_repeats_adjust(struct cf_repeats *results, size_t n, const struct cf_repeats_options *options);

#endif
