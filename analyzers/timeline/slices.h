/* SPDX-License-Identifier: MIT */
/* slices: what ran when, in words: equal slices of the time, each with what took most of it. */
#ifndef CF_ANALYZERS_TIMELINE_SLICES_H
#define CF_ANALYZERS_TIMELINE_SLICES_H

#include "analyzers/timeline/flamechart.h"

#include "analyzers/analyzer.h"

/* The table `slices`: n rows with the cost of all threads in that time, and the functions that cost most themselves. */
void cf_slices_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
		       struct cf_window window, guint n);
/* The table `hotspots`: functions by their own cost in the window, at most limit (0: all). */
void cf_hotspots_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
			 struct cf_window window, size_t limit);

#endif
