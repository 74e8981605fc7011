/* SPDX-License-Identifier: MIT */
/* load: the values of a history from the store, by what is measured. */
#ifndef CF_ANALYZERS_REGRESS_LOAD_H
#define CF_ANALYZERS_REGRESS_LOAD_H

#include "analyzers/regress/series.h"

/*
 * Each adds series for all runs of the history, in an order that depends on names only. -1 with a message.
 *
 * Functions: joined by module and canonical name; one that a run of the metric doesn't have costs 0 there. Functions that
 * have five samples in fewer than three runs have no level and are counted as few. And the run as a whole, unscaled.
 */
int cf_regress_load_functions(struct cf_regress_history *history, const struct cf_analysis *analysis);
/* Benchmarks: the median of the repetitions of each run. */
int cf_regress_load_points(struct cf_regress_history *history, const struct cf_analysis *analysis);
/* Operations of services: p50, p95 and p99 of their durations. */
int cf_regress_load_operations(struct cf_regress_history *history, const struct cf_analysis *analysis);

#endif
