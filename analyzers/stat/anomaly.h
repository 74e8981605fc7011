/* SPDX-License-Identifier: MIT */
/* anomaly: single values, or the beginnings of odd stretches, that don't fit what came before. */
#ifndef CF_ANALYZERS_STAT_ANOMALY_H
#define CF_ANALYZERS_STAT_ANOMALY_H

#include "analyzers/stat/changepoint.h"

/* --- long series of measurements -------------------------------------------------------------- */

struct cf_anomaly_options {
	size_t level_window; /* values before, whose median is what is expected: 1000 */
	size_t scale_window; /* values before, by whose deviations one is judged: 10000 */
	size_t least;        /* deviations needed to judge by; the start of a series is never odd: 250 */
	double quantile;     /* of the absolute deviations, that scores are multiples of: 0.998 */
	size_t sustained;    /* values whose mean deviation is judged as well: 30 */
	double alarm;        /* score from which a value is an anomaly: 7/6 */
	double refractory;   /* after an anomaly none is named for this share of the series: 0.03 */
};
#define CF_ANOMALY_OPTIONS ((struct cf_anomaly_options){ 1000, 10000, 250, 0.998, 30, 7. / 6, 0.03 })

/*
 * score[i], 0 or more: how many times the quantile of earlier deviations from the rolling median the
 * deviation of value i, or the mean of the latest deviations, is. Every value is judged by earlier ones
 * only. Equally spaced in time or not; at least `least` values. n log n.
 */
void cf_anomaly_scores(const double *x, size_t n, const struct cf_anomaly_options *options, double *score);

/*
 * The positions (size_t, ascending) of the anomalies in scores; caller unrefs. Of a thousand values of
 * normal noise about one is named in short series, one in 10000 in long ones.
 */
GArray *cf_anomaly_positions(const double *score, size_t n, const struct cf_anomaly_options *options);

/* --- short histories of runs ------------------------------------------------------------------ */

struct cf_odd_run {
	size_t index;
	double level; /* the median of the runs between the changes around it */
	double ratio; /* value : level; infinite from 0, NAN when they differ in sign */
	double p, q;  /* q corrected for all runs */
};

/*
 * Runs that are far from the level they lie in, given the changes of the level: |x - median| over 1.4826
 * MAD against Student's t, with the 0.37 (n - 1) degrees of freedom that the MAD of n values is worth;
 * Benjamini & Hochberg over all runs; q <= alpha and a relative deviation of min_effect. Levels of fewer
 * than 6 runs have no odd ones. An array of struct cf_odd_run by index; caller unrefs.
 */
GArray *cf_odd_runs(const double *x, size_t n, const struct cf_changes *changes, double alpha,
		    double min_effect);

#endif
