/* SPDX-License-Identifier: MIT */
/* counts: comparison of two profiles by the number of samples in each function. */
#ifndef CF_ANALYZERS_STAT_COUNTS_H
#define CF_ANALYZERS_STAT_COUNTS_H

#include "analyzers/stat/dispersion.h"
#include "analyzers/stat/outcome.h"

/* --- one function ----------------------------------------------------------------------------- */

/*
 * scale: how much more was recorded after than before, above 0 (cf_size_factor). Given before + after = c,
 * after is binomial with the odds scale : 1 when nothing changed (Przyborowski & Wilenski 1940; R's
 * poisson.test).
 */

/*
 * after / before / scale with the interval that Clopper & Pearson's becomes. before = 0: estimate and hi
 * infinite; both 0: NAN, 0, infinite.
 */
struct cf_interval cf_count_ratio(struct cf_count_pair k, double scale, double level);
/* Two-sided: min(1, 2 min(P(K <= after), P(K >= after))). Never below the nominal level; 1 for c = 0. */
double cf_count_p(struct cf_count_pair k, double scale);
/*
 * The same less P(K = after), Lancaster's mid-p (1961): on average at the nominal level, and more powerful.
 */
double cf_count_midp(struct cf_count_pair k, double scale);
/*
 * Mid-p of the hypothesis that the ratio is between 1 / (1 + effect) and 1 + effect: small when it changed
 * by more than that. effect = 0 gives cf_count_midp.
 */
double cf_count_midp_beyond(struct cf_count_pair k, double scale, double effect);

/* --- many functions --------------------------------------------------------------------------- */

struct cf_count_options {
	struct cf_outcome_rule rule;
	double level;       /* of the intervals: 0.95 */
	double power;       /* that needed refers to: 0.8 */
	int64_t min_count;  /* before + after below are never significant and aren't tested: 5 */
	double beyond;      /* interval null hypothesis, 0: any change */
	double scale;       /* 0: cf_size_factor */
	double least, most; /* that scale may be; a change must be one with any of these; 0: scale is known */
	const double *dispersion; /* factor of cf_dispersion or cf_dispersion_of_pair, or NULL */
};
#define CF_COUNT_OPTIONS ((struct cf_count_options){ CF_OUTCOME_RULE, 0.95, 0.8, 5, 0, 0, 0, 0, NULL })

struct cf_count_result {
	struct cf_interval ratio;
	double p, q; /* 1 when not tested */
	gboolean tested;
	enum cf_outcome outcome;
	/*
	 * Recordings of this length, in place of each one, that would show the estimated ratio (min_effect
	 * at least); above 1 for what isn't shown now; NAN without samples, and where it hangs on the scale.
	 */
	double needed;
	double visible; /* the least ratio above 1 that so many samples show; infinite for none */
};

/*
 * All functions of two profiles, or of two sets of runs with their counts added up: mid-p, corrected by
 * Benjamini & Hochberg over those tested. results[n]. Returns the scale used.
 */
struct cf_size_factor cf_counts_compare(const struct cf_count_pair *k, size_t n,
					const struct cf_count_options *options,
					struct cf_count_result *results);

#endif
