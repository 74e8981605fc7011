/* SPDX-License-Identifier: MIT */
/* events: what the costs of a callgrind file count, and those that are computed from others. */
#ifndef CF_INGEST_CALLGRIND_EVENTS_H
#define CF_INGEST_CALLGRIND_EVENTS_H

#include "core/reader.h"

#define CF_CALLGRIND_EVENTS_MAX 64 /* that are counted, and as many that are computed */

/* "event: Sum = Ir + 10 Dr : a long name". */
struct cf_callgrind_derived {
	char *name, *formula;                     /* formula NULL: only a long name was given */
	int64_t factors[CF_CALLGRIND_EVENTS_MAX]; /* of the counted events, once resolved */
	bool resolved;
};

/* Of a whole run: parts may count different events. */
struct cf_callgrind_events {
	GPtrArray *names; /* char *, owned: the counted ones, in order of appearance */
	GArray *derived;  /* struct cf_callgrind_derived */
};

void cf_callgrind_events_init(struct cf_callgrind_events *events);
void cf_callgrind_events_release(struct cf_callgrind_events *events);

/*
 * What stands behind "events:": columns[i] is the number in names of the i-th, *n how many. NULL, or what is wrong.
 */
const char *cf_callgrind_events_columns(struct cf_callgrind_events *events, struct cf_slice text,
					uint32_t *columns, unsigned *n);
/* What stands behind "event:". NULL, or what is wrong. */
const char *cf_callgrind_events_define(struct cf_callgrind_events *events, struct cf_slice text);
/*
 * Once all are known: fills the factors of those that can be computed. Formulas of unknown events, that lead back to
 * themselves or subtract stay unresolved: no cost may be negative.
 */
void cf_callgrind_events_resolve(struct cf_callgrind_events *events);

#endif
