/* SPDX-License-Identifier: MIT */
/* graphtree: weighted trees of a run's calls: from the roots down, from a function down, or up to the callers. */
#ifndef CF_ANALYZERS_GRAPHTREE_H
#define CF_ANALYZERS_GRAPHTREE_H

#include "analyzers/profile.h"

/*
 * The same trees as in calltree.h, for a profile with a graph. Below a function its calls cost what the input states, as
 * long as there is one way to it; where there are several, each has the share that it has in the calls to the function,
 * as the maps of KCachegrind show it. A cycle of functions is one node "<cycle 1>" with its members below, and each of
 * them has what it costs itself and the calls that leave the cycle; of members upwards, the callers of the cycle. Calls
 * of a function to itself are left out. Calls below a share of the whole (CF_UNFOLD_LEAST) are summed in "[pruned]".
 *
 * Whole numbers are divided by largest remainder: a node's total is its self and its children's totals, exactly.
 */
struct cf_tree *cf_graphtree_down(const struct cf_profile *profile);

/* Of the functions that target flags, which are taken for one; total: theirs. */
struct cf_tree *cf_graphtree_calls(const struct cf_profile *profile, const gboolean *target, int64_t total,
				   const char *root);
struct cf_tree *cf_graphtree_callers(const struct cf_profile *profile, const gboolean *target, int64_t total,
				     const char *root);

/* Does any function with callees have several callers, so that costs below it are shares? */
gboolean cf_graphtree_is_split(const struct cf_call_graph *graph);

#endif
