/* SPDX-License-Identifier: MIT */
/* series: the measurements of a run, summed up. */
#ifndef CF_ANALYZERS_SERIES_H
#define CF_ANALYZERS_SERIES_H

#include "analyzers/analyzer.h"

/*
 * Adds the table `series`: a row per series with its number of points, median, least and greatest value and better
 * direction, in the order of names; then their charts. -1 with a message.
 */
int cf_series_table(const struct cf_analysis *analysis, struct cf_node *section, const struct cf_run *run);

/*
 * Adds what to say first of a run that has measurements and no profile: a sentence, and as tiles up to four series, of
 * load tests the throughput, latencies and errors. -1 with a message.
 */
int cf_series_brief(const struct cf_analysis *analysis, struct cf_node *section, const struct cf_run *run);

/* "12.5 ms", "190 1/s": units of inputs that aren't ours are their own words. Caller frees. */
char *cf_value_text(const char *unit, double value);

#endif
