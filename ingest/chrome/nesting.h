/* SPDX-License-Identifier: MIT */
/* nesting: calls of a thread in the order of time -> spans with parents, and what each took itself. */
#ifndef CF_INGEST_CHROME_NESTING_H
#define CF_INGEST_CHROME_NESTING_H

#include "core/trace.h"
#include "ingest/chrome/sorter.h"

/* A thread of the input, as it is called in the end. */
struct cf_chrome_thread {
	struct cf_thread thread;
	struct cf_str service; /* of its process */
};

struct cf_nesting {
	struct cf_trace *trace;
	const GArray *threads; /* struct cf_chrome_thread, by the number in calls */
	struct cf_metric metric;
	int64_t shortest_ns; /* what lasts less is only counted in its operation */
	GArray *open;        /* private: from the outermost call */
	uint32_t thread;
	int64_t now;
	int64_t unfinished, unmatched, overlapping, cut, shorter;
};

/*
 * A call is open until its duration is over, or until the end that closes it: an end closes the innermost call that was
 * begun, whatever its name. Where whole calls overlap without one containing the other, the second is nested in the first
 * and counts there as long as that lasts. Spans and operations have the durations of the input; what calls took
 * themselves becomes the cost of stacks, metric "span time".
 */
void cf_nesting_init(struct cf_nesting *nesting, struct cf_trace *trace, const GArray *threads);
void cf_nesting_take(void *nesting, const struct cf_call *call); /* for cf_sorter_each */
/* Closes what is open, says what was odd, releases. Calls that never end keep what they took up to the thread's last event,
 * but are no spans. */
void cf_nesting_finish(struct cf_nesting *nesting);

#endif
