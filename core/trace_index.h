/* SPDX-License-Identifier: MIT */
/* trace_index: hash tables over the arrays of a trace; private to core/trace*.c. */
#ifndef CF_CORE_TRACE_INDEX_H
#define CF_CORE_TRACE_INDEX_H

#include "core/table.h"
#include "core/trace.h"

struct cf_trace_index {
	struct cf_table threads, stack_costs, thread_costs, calls, lines, series, operations;
	GHashTable *quality;      /* key, \n, subject -> row + 1 */
	GArray *group_of_comm;    /* uint32_t by comm's string id: group + 1 */
	GByteArray *described;    /* by function id: 1 when it has a symbol */
	GArray *tallies;          /* of operations: private to core/trace_spans.c */
	uint64_t exact_durations; /* that tallies hold */
};

/* *sum += value; saturates, which leaves a quality row. */
void cf_trace_add(struct cf_trace *trace, int64_t *sum, int64_t value);
/* The sample has a time and is of the first metric. */
void cf_trace_keep_moment(struct cf_trace *trace, const struct cf_sample *sample);
/* Frees what trace->index->tallies holds. */
void cf_trace_tallies_free(GArray *tallies);

#endif
