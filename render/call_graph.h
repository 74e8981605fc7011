/* SPDX-License-Identifier: MIT */
/* call_graph: who calls whom in a weighted call tree. */
#ifndef CF_RENDER_CALL_GRAPH_H
#define CF_RENDER_CALL_GRAPH_H

#include "core/graph.h"

/*
 * A node per function (name and module) with its total, an edge per caller and callee with the cost of the calls, each
 * counted once per sample however deep the recursion; groups are modules. O(nodes), no recursion. The caller frees it
 * with cf_graph_free.
 */
struct cf_graph *cf_call_graph(const struct cf_tree *tree);

#endif
