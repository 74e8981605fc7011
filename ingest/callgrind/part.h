/* SPDX-License-Identifier: MIT */
/* part: what the header of a part of a callgrind profile says, and whether its lines add up to it. */
#ifndef CF_INGEST_CALLGRIND_PART_H
#define CF_INGEST_CALLGRIND_PART_H

#include "core/trace.h"
#include "ingest/callgrind/events.h"

/* Sums that a file states, by column. */
struct cf_callgrind_sums {
	bool given;
	int64_t values[CF_CALLGRIND_EVENTS_MAX];
};

/* A part is what one dump wrote: of one thread when they are kept apart, of a span of time when it is cut. */
struct cf_callgrind_part {
	int32_t pid, thread;                      /* 0 not given */
	unsigned columns;                         /* events of a cost line; 0 before "events:" */
	uint32_t events[CF_CALLGRIND_EVENTS_MAX]; /* their numbers in the run */
	int64_t self[CF_CALLGRIND_EVENTS_MAX];    /* sums of the cost lines, by column */
	struct cf_callgrind_sums summary, totals; /* what the file says that these are */
};

/* A part begins; what it doesn't say anew stays: pid and thread. */
void cf_callgrind_part_begin(struct cf_callgrind_part *part);

/* Adds a cost line. *capped: counts what passed 2^63. */
void cf_callgrind_part_add(struct cf_callgrind_part *part, const int64_t *values, uint64_t *capped);

/*
 * A part ended: its sums go to its thread, and are compared with what the file states. Of a difference the reader of the
 * run learns by a quality row and a warning at loc.
 */
void cf_callgrind_part_end(const struct cf_callgrind_part *part, const struct cf_callgrind_events *events,
			   const char *program, struct cf_trace *trace, const struct cf_loc *loc,
			   struct cf_diag *diag);

/* Does the end seem to be missing: less cost than the summary says, and no totals? */
bool cf_callgrind_part_is_cut(const struct cf_callgrind_part *part);

#endif
