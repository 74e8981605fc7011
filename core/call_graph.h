/* SPDX-License-Identifier: MIT */
/* call_graph: who calls whom at what cost in a run with calls, its cycles, and what functions cost in all. */
#ifndef CF_CORE_CALL_GRAPH_H
#define CF_CORE_CALL_GRAPH_H

#include "core/trace.h"

/*
 * Inclusive costs, by the rules of KCachegrind (libcore/tracedata.cpp, TracePartFunction::update and
 * TraceFunction::update), which callgrind_annotate --inclusive=yes shares for functions that don't recurse:
 *
 *	a function in no cycle that is called: the cost of the calls to it, without those from itself. It may have cost
 *	that no call accounts for (a signal handler that is called as well), and that isn't in its total
 *	one that nobody calls, or of which no call is counted: what it costs itself and its calls, without those to itself
 *	a member of a cycle: what it costs itself and the calls that leave the cycle
 *	a cycle: the sum of its members
 *
 * Functions that can reach each other by calls form a cycle, in which no cost can be told to be inclusive of another:
 * what the input states for calls inside counts their own callers again.
 *
 * KCachegrind applies the first two rules to each part of a profile and adds up. Here the parts are summed before, which
 * gives the same: callgrind writes what a part has of an unfinished call as a call with cost that is counted 0 times.
 */

struct cf_call_edge {
	uint32_t caller, callee;
	int64_t weight, calls;
};

/* Of one function, by its id; all 0 for one that doesn't occur in the metric. */
struct cf_call_node {
	gboolean occurs;
	uint32_t cycle;   /* from 1 by falling cost; 0: in none (also when it calls itself) */
	int64_t self;     /* its lines */
	int64_t total;    /* as above */
	int64_t calls;    /* how often it was called, by itself too */
	int64_t called;   /* by others */
	int64_t in, out;  /* cost of the calls to it and from it, without those from and to itself */
	int64_t leaving;  /* of out, what leaves the cycle: out for one in none */
	int64_t entering; /* of in, what comes from outside of the cycle */
};

struct cf_call_cycle {
	uint32_t members;
	int64_t self, total, entering;
};

/* The calls of one metric. */
struct cf_call_graph {
	uint32_t funcs;             /* ids are below */
	uint32_t n_edges, cycles;   /* cycles: those with members that occur */
	struct cf_call_edge *edges; /* by caller, then callee, in the order of rank */
	uint32_t *first;            /* the calls of f: edges[first[f]] to edges[first[f + 1] - 1] */
	uint32_t *to;               /* numbers of edges by callee, then caller: those to f are */
	uint32_t *first_to;         /* to[first_to[f]] to to[first_to[f + 1] - 1] */
	uint32_t *rank; /* of functions in the order of module, name, kind: no ids show in results */
	struct cf_call_node *nodes;
	struct cf_call_cycle *of_cycle; /* by number; [0] isn't used */
	int64_t self;                   /* of all functions */
};

void cf_call_graph_init(struct cf_call_graph *graph, const struct cf_trace *trace, struct cf_metric metric);
void cf_call_graph_clear(struct cf_call_graph *graph);

/* cf_trace_func_costs of a run with calls. Caller frees with g_array_unref. */
GArray *cf_call_graph_func_costs(const struct cf_trace *trace); /* struct cf_func_cost */

#endif
