/* SPDX-License-Identifier: MIT */
/* carried: causes and consequences: which functions changed only because of what they call. Pure. */
#ifndef CF_ANALYZERS_COMPARE_CARRIED_H
#define CF_ANALYZERS_COMPARE_CARRIED_H

#include "analyzers/compare/functions.h"
#include "analyzers/compare/flow.h"

/*
 * Of each function that changed itself: callers, those above it through which at least half of its change passes, nearest
 * first. Of each whose total changed while its own cost didn't:
 *
 *	carried   what changed below it accounts for at least half; causes says what
 *	by_total  nothing below it stands out, but together it is more (or less): its total is what was found
 *
 * Of several of those in a row the innermost is found and carried by the others. A total that moved to another caller is
 * none: the caller has no more than before. New and gone totals aren't either: a function that only calls costs nothing.
 */
void cf_compare_carry(struct cf_comparison *comparison, const struct cf_flow *flow,
		      const struct cf_paths paths[CF_SIDES]);

/*
 * Functions that appeared or vanished in place of others: extracted, inlined, split, replaced. With those that they
 * share their callers with, and the callers themselves, they are judged together; where that didn't change, what did
 * so alone has moved.
 */
void cf_compare_find_moved(struct cf_comparison *comparison, const struct cf_flow *flow);

#endif
