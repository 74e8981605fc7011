/* SPDX-License-Identifier: MIT */
/* series_chart: the measurements of a run as charts. */
#ifndef CF_ANALYZERS_SERIES_CHART_H
#define CF_ANALYZERS_SERIES_CHART_H

#include "analyzers/analyzer.h"
#include "core/trace.h"

/*
 * Adds what the series of the trace can be drawn as: `latency-by-throughput` of a load test in steps; `series-by-X` for
 * each X that series are measured along (time, load); `repetitions` of what was measured several times. The order of the
 * series, GArray of guint: numbers of the trace's.
 */
void cf_series_charts(struct cf_doc *doc, struct cf_node *section, const struct cf_trace *trace,
		      const GArray *order);

/* "latency (ms)": what a series' unit is: one of ours, or words. */
enum cf_unit cf_series_unit(const char *unit, const char **words);

#endif
