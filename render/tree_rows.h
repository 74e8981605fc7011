/* SPDX-License-Identifier: MIT */
/* tree_rows: a weighted tree as the lines of an indented list, heaviest first. Pure. */
#ifndef CF_RENDER_TREE_ROWS_H
#define CF_RENDER_TREE_ROWS_H

#include "core/doc.h"

/* One line: a node, or (hidden > 0) what was left out below its parent. */
struct cf_tree_row {
	uint32_t node;   /* of a hidden line: its parent's */
	uint32_t depth;  /* of the node in the tree; the root is 0 */
	uint32_t hidden; /* number of siblings that this line stands for */
	uint32_t parent; /* index of the parent's line; the first line's is 0 */
	gboolean last;   /* no further line of the same parent follows */
	gboolean only;   /* the parent's only line */
	int64_t self, total, count;
};

/*
 * Lines in pre-order; siblings by falling |total|, then in tree order. max_depth: deepest level shown (0
 * all); siblings below min_share of the root's |total| are summed into one line. What lies below max_depth
 * has no line. max_rows (0: all): the lines of the heaviest that many nodes. O(n log n), no recursion.
 */
GArray *cf_tree_rows(const struct cf_tree *tree, uint32_t max_depth, double min_share, size_t max_rows);

/* Self and total of one function over the whole tree; recursion counts once. */
struct cf_tree_func {
	uint32_t name, module;
	int64_t self, total, count;
};
/* By falling |self|, then |total|, then name. The root isn't a function. */
GArray *cf_tree_funcs(const struct cf_tree *tree);

static inline const struct cf_tree_node *cf_tree_at(const struct cf_tree *tree, uint32_t i)
{
	return &g_array_index(tree->nodes, struct cf_tree_node, i);
}
static inline const char *cf_tree_text(const struct cf_tree *tree, uint32_t name)
{
	return (const char *)g_ptr_array_index(tree->names, name);
}
/* part of the whole tree; 0 when the whole is 0. */
double cf_tree_share(const struct cf_tree *tree, int64_t part);

#endif
