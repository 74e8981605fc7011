/* SPDX-License-Identifier: MIT */
/* flamechart: samples with times -> what was on the stack from when to when. */
#ifndef CF_ANALYZERS_TIMELINE_FLAMECHART_H
#define CF_ANALYZERS_TIMELINE_FLAMECHART_H

#include "core/timeline.h"
#include "core/trace.h"

/* A part of the recording's clock, in ns; a sample lies in it when from <= time < to. */
struct cf_window {
	int64_t from, to;
};

/* A thread with samples in the window. */
struct cf_chart_thread {
	uint32_t thread;         /* of the trace */
	int64_t weight, samples; /* those in the window */
	int64_t period;          /* median time between two of its samples, 1 or more */
};

/*
 * The threads of the trace's moments, heaviest first, then by their numbers and names. GArray of
 * struct cf_chart_thread; caller frees.
 */
GArray *cf_chart_threads(const struct cf_trace *trace, struct cf_window window);

/*
 * Adds a track with what was on the thread's stack: a sample holds until the next one, or, where that is more than
 * three periods away, for one period. Equal frames of neighbours are one interval. Times are those after window.from. The
 * own cost of an interval is that of the samples with it innermost, times every: the samples that each moment stands for.
 */
void cf_chart_add(struct cf_timeline *timeline, const struct cf_trace *trace,
		  const struct cf_chart_thread *thread, struct cf_window window, int64_t every);

/* The moments in order of thread, time, stack. Caller frees with g_array_unref. */
GArray *cf_chart_moments(const struct cf_trace *trace, struct cf_window window);

#endif
