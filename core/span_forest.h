/* SPDX-License-Identifier: MIT */
/* span_forest: which spans a span caused, as far as its parents are sound. */
#ifndef CF_CORE_SPAN_FOREST_H
#define CF_CORE_SPAN_FOREST_H

#include "core/trace.h"

/* Spans are named by their numbers, from 1; 0 stands above all roots. */
struct cf_span_forest {
	const struct cf_span *spans; /* by number - 1; borrowed from the trace */
	uint32_t n;
	uint32_t *parent; /* by number: number, 0 for roots */
	uint32_t *
		children; /* numbers, grouped by parent, by start and number within a parent; roots by number */
	uint32_t *first; /* children of i: children[first[i]] up to children[first[i + 1] - 1] */
	uint32_t missing, elsewhere,
		circular; /* roots whose stated parent isn't there, lies in another trace, or
						  is below them */
};

void cf_span_forest_init(struct cf_span_forest *forest, const struct cf_trace *trace);
void cf_span_forest_clear(struct cf_span_forest *forest);

static inline const struct cf_span *cf_span_at(const struct cf_span_forest *forest, uint32_t number)
{
	return &forest->spans[number - 1];
}

/* Does its parent wait for it? */
static inline gboolean cf_span_is_synchronous(const struct cf_span *span)
{
	return span->kind != CF_SPAN_ASYNC && span->kind != CF_SPAN_CONSUMER;
}
int64_t cf_span_end(const struct cf_span *span); /* saturates */
/* Its duration less the union of its synchronous children, as far as they lie within it. */
int64_t cf_span_self(const struct cf_span_forest *forest, uint32_t number);

#endif
