/* SPDX-License-Identifier: MIT */
/* call_graph: cycles of a run's calls, and what functions cost with all that they call. */
#ifndef CF_CORE_CALL_GRAPH_H
#define CF_CORE_CALL_GRAPH_H

#include "core/trace.h"

/*
 * Functions that can reach each other by calls form a cycle, in which no cost can be told to be inclusive of another:
 * what the input states for calls inside counts their own callers again. So, as KCachegrind does, calls within a cycle
 * are left out of sums, and the cycle as a whole costs what its members cost themselves and the calls that leave it.
 */

/* By function id: number of its cycle from 1, 0 for those in none (also when they call themselves). Caller frees. */
uint32_t *cf_call_cycles(const struct cf_trace *trace, uint32_t *cycles);

/* cf_trace_func_costs of a run with calls. Caller frees with g_array_unref. */
GArray *cf_call_graph_func_costs(const struct cf_trace *trace); /* struct cf_func_cost */

#endif
