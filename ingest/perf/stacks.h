/* SPDX-License-Identifier: MIT */
/* stacks: call chains of addresses -> stacks of functions, with a cache so that a repeated chain costs one
 * comparison. */
#ifndef CF_INGEST_PERF_STACKS_H
#define CF_INGEST_PERF_STACKS_H

#include "ingest/perf/maps.h"
#include "ingest/perf/records.h"

struct cf_perf_stacks;

struct cf_perf_stacks *cf_perf_stacks_new(struct cf_perf_machine *machine);
void cf_perf_stacks_free(struct cf_perf_stacks *stacks);

/*
 * The stack of a sample of a thread whose address space is space; cpumode as in linux/perf_event.h. The
 * chain's bytes must stay valid as long as stacks. *row: where the trace keeps the cost of such a sample, as of
 * cf_trace_sample_at; valid until the next call.
 */
struct cf_stack cf_perf_stacks_find(struct cf_perf_stacks *stacks, struct cf_perf_space *space,
				    unsigned cpumode, const struct cf_perf_sample *sample, uint32_t **row);

/* Samples with call chain entries under context markers that aren't known; those are left out. */
uint64_t cf_perf_stacks_cut(const struct cf_perf_stacks *stacks);

#endif
