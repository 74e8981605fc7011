/* SPDX-License-Identifier: MIT */
/* async: asynchronous calls, begun and ended by events with one id. */
#ifndef CF_INGEST_CHROME_ASYNC_H
#define CF_INGEST_CHROME_ASYNC_H

#include "core/trace.h"
#include "ingest/chrome/event.h"

struct cf_async {
	struct cf_trace *trace;
	GHashTable *open; /* private: category, id and scope -> calls that are open */
	int64_t unmatched, pending;
};

void cf_async_init(struct cf_async *async, struct cf_trace *trace);

/*
 * Phases b and e, or S and F of old traces. What is begun while another one of the same id is open is nested in it; an end
 * closes the innermost one. The spans are of kind async, of no thread, and have no part in stacks.
 */
void cf_async_begin(struct cf_async *async, const struct cf_event *event);
void cf_async_end(struct cf_async *async, const struct cf_event *event, struct cf_str service);
void cf_async_finish(struct cf_async *async); /* says what was odd, releases */

#endif
