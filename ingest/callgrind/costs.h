/* SPDX-License-Identifier: MIT */
/* costs: sums up cost lines by function and source line, and calls by caller and callee. */
#ifndef CF_INGEST_CALLGRIND_COSTS_H
#define CF_INGEST_CALLGRIND_COSTS_H

#include "core/table.h"
#include "core/trace.h"
#include "ingest/callgrind/events.h"

struct cf_callgrind_line {
	struct cf_func func;
	struct cf_str file;
	uint32_t line;
};

struct cf_callgrind_call {
	struct cf_func caller, callee;
	int64_t calls;
};

/* Where the costs of a row are: as many as the last event that it has a cost of needs. */
struct cf_callgrind_span {
	uint32_t at, width;
};

/* Rows of a key each, with costs by event. */
struct cf_callgrind_rows {
	GArray *keys;  /* struct cf_callgrind_line or struct cf_callgrind_call */
	GArray *spans; /* struct cf_callgrind_span, one per key */
	GArray *costs; /* int64_t */
	uint32_t last; /* row + 1 that was added to the last time */
	struct cf_table index;
};

struct cf_callgrind_costs {
	struct cf_trace *trace; /* borrowed */
	struct cf_callgrind_rows lines, calls;
	uint64_t capped; /* sums that passed 2^63 */
};

void cf_callgrind_costs_init(struct cf_callgrind_costs *costs, struct cf_trace *trace);
void cf_callgrind_costs_release(struct cf_callgrind_costs *costs);

/* values[i] of the event columns[i], n of them. */
void cf_callgrind_add_line(struct cf_callgrind_costs *costs, const struct cf_callgrind_line *line,
			   const int64_t *values, const uint32_t *columns, unsigned n);
void cf_callgrind_add_call(struct cf_callgrind_costs *costs, const struct cf_callgrind_call *call,
			   const int64_t *values, const uint32_t *columns, unsigned n);

/* Puts all into the trace: a metric per event that is counted, then one per event that could be computed. */
void cf_callgrind_costs_pour(struct cf_callgrind_costs *costs, const struct cf_callgrind_events *events);

#endif
