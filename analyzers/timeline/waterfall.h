/* SPDX-License-Identifier: MIT */
/* waterfall: one trace, span by span, and which traces there are. */
#ifndef CF_ANALYZERS_TIMELINE_WATERFALL_H
#define CF_ANALYZERS_TIMELINE_WATERFALL_H

#include "analyzers/analyzer.h"
#include "core/span_forest.h"

/* All spans with one trace id that have a common root; of spans without an id each root is a trace. */
struct cf_trace_row {
	uint32_t root; /* the longest root of the id */
	uint32_t spans, errors;
	int64_t start, duration; /* of the root */
};

/* Slowest first, then in order of start and number. GArray of struct cf_trace_row; caller frees. */
GArray *cf_trace_rows(const struct cf_trace *trace, const struct cf_span_forest *forest);

/*
 * Index of the trace that text names: its id, or the only one that begins so; NULL: 0, the slowest. -1 with a message.
 */
int cf_trace_row_find(const struct cf_trace *trace, const struct cf_span_forest *forest, const GArray *rows,
		      const char *text, struct cf_diag *diag);

/* The picture of a trace with its critical path marked. */
void cf_waterfall_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
			  const struct cf_span_forest *forest, const struct cf_trace_row *row);
/* The table `traces`, at most limit rows (0: all). */
void cf_trace_rows_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
			   const struct cf_span_forest *forest, const GArray *rows, size_t limit);

#endif
