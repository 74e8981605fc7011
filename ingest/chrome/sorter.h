/* SPDX-License-Identifier: MIT */
/* sorter: calls of threads in the order of threads and time, however many there are. */
#ifndef CF_INGEST_CHROME_SORTER_H
#define CF_INGEST_CHROME_SORTER_H

#include "core/diag.h"
#include "core/dict.h"
#include <stdbool.h>

enum cf_call_type {
	CF_CALL_END,   /* of the innermost call that was begun; before what begins at that time */
	CF_CALL_WHOLE, /* with a duration */
	CF_CALL_BEGIN
};

struct cf_call {
	int64_t start_ns, duration_ns; /* duration: of WHOLE */
	struct cf_str name;
	uint32_t thread; /* the caller's number of it */
	uint32_t seq;    /* set by the sorter: place in the input, wrapping where that doesn't matter */
	uint8_t type;    /* enum cf_call_type */
	bool failed;
};

/* Holds a quarter of a million calls; more go to a temporary file in sorted runs, which are merged. */
struct cf_sorter;

struct cf_sorter *cf_sorter_new(struct cf_diag *diag);
void cf_sorter_free(struct cf_sorter *sorter);
int cf_sorter_add(struct cf_sorter *sorter, const struct cf_call *call); /* -1 with a message */

/*
 * After the last one was added: calls take for each, by thread, then start; at one time in the order of the input, but of
 * whole calls that start together the longer first. -1 with a message.
 */
int cf_sorter_each(struct cf_sorter *sorter, void (*take)(void *ctx, const struct cf_call *call), void *ctx);

#endif
