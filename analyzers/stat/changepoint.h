/* SPDX-License-Identifier: MIT */
/* changepoint: where the level of a history shifted for good. */
#ifndef CF_ANALYZERS_STAT_CHANGEPOINT_H
#define CF_ANALYZERS_STAT_CHANGEPOINT_H

#include <glib.h>

struct cf_change_options {
	double penalty; /* times ln n, per change, in units of the noise variance: 6 (4 finds more) */
	double spike;   /* deviations off the running median of 5 from which a value is none of a level: 3 */
	double min_effect;  /* relative difference of the medians: 0.02 */
	double alpha;       /* of the rank test of the two levels: 0.001 */
	size_t min_segment; /* values: 3 */
};
#define CF_CHANGE_OPTIONS ((struct cf_change_options){ 6, 3, 0.02, 0.001, 3 })

struct cf_level_change {
	size_t index;         /* the first value after it */
	size_t from, to;      /* the values of the levels on its two sides: [from, index) and [index, to) */
	double before, after; /* their medians */
	double ratio;         /* after : before; infinite from 0, NAN between levels of different sign */
	double p; /* Welch's test on their ranks; not corrected for where the change was looked for */
};

struct cf_changes {
	GArray *changes; /* struct cf_level_change, by index */
	GArray *spikes;  /* size_t: values that don't belong to the level around them, ascending */
	double noise;    /* standard deviation of single values about their level; 0 for a constant series */
};

/*
 * Robust optimal partitioning, deterministic. (1) The noise is 1.4826 MAD of the differences over sqrt 2,
 * so that shifts don't count as noise. (2) Spikes are replaced by the running median. (3) cf_partition at
 * penalty ln n. (4) What is left has lag-1 correlation phi and variance s2 about the levels: beyond phi 0.1
 * or s2 1.3 once more with the penalty times max(s2, 1)(1 + phi) / (1 - phi), since wandering noise looks
 * like shifts (Romano, Rigaill, Runge & Fearnhead, JASA 117, 2022, for the problem). (5) The change with
 * the smallest relative effect is dropped until all reach min_effect, (6) the one with the largest p until
 * all are below alpha.
 *
 * x: in order of the runs, n of any size; time near n log n, and n for each change that is dropped.
 */
void cf_changes_find(struct cf_changes *changes, const double *x, size_t n,
		     const struct cf_change_options *options);
void cf_changes_clear(struct cf_changes *changes);

#endif
