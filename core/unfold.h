/* SPDX-License-Identifier: MIT */
/* unfold: stacks for a run that knows only who called whom. */
#ifndef CF_CORE_UNFOLD_H
#define CF_CORE_UNFOLD_H

#include "core/trace.h"

/*
 * A call graph says what a function cost its callers in all, not which part of that which path led to: a flame graph of
 * one is a guess. The usual guess is the proportional split (gprof's, KCachegrind's in its maps): of what a function costs
 * itself, and of what it calls, each path to it has the share that the calls on this path have of all calls to the
 * function. Cost that a function has beyond what its calls cost is one more path, of a stack that begins with it.
 *
 *	The costs of all stacks add up to the cost of the run exactly: parts are rounded by largest remainder.
 *	What a function costs itself is preserved exactly. So is, up to rounding, what it costs in all, if the costs that
 *	the input states are consistent and no cycle that is entered at several functions is in it or below it.
 *	Of a cycle the calls are left out that lead back to a function on the way, when it is walked depth first from
 *	where it is entered, the costliest calls first; functions that call themselves, likewise.
 *	Paths with less than a share of the run's cost are not followed: they are summed in a frame "[pruned]" below the
 *	caller.
 */

/* Share of the run's cost below which a path isn't followed. */
#define CF_UNFOLD_LEAST 1e-4

/*
 * Adds the stacks of one metric to the trace's stack costs, in the thread group "" and with a count of 0. Without any
 * before the trace is a call graph, afterwards it isn't. least: as CF_UNFOLD_LEAST; 0 follows all paths. Returns the cost
 * in "[pruned]".
 */
int64_t cf_unfold(struct cf_trace *trace, struct cf_metric metric, double least);

#endif
