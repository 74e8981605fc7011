/* SPDX-License-Identifier: MIT */
/* flame_layout: weighted tree -> rectangles. Pure: no drawing library, no text. */
#ifndef CF_RENDER_FLAME_LAYOUT_H
#define CF_RENDER_FLAME_LAYOUT_H

#include "core/doc.h"

/* A box. x and width are fractions of the root's width; level 0 is the root. */
struct cf_flame_box {
	double x, width;
	uint32_t level;
	uint32_t parent;      /* index into boxes; 0 for the root */
	uint32_t node;        /* index into tree->nodes; for an "other" box the parent's */
	uint32_t pruned;      /* 0, or the number of tree nodes that this "other" box stands for */
	int64_t total, count; /* of the node, or the sum over the pruned siblings */
};

/* Of a comparison, what a box stands for: totals of its node, or the sums over the pruned siblings. */
struct cf_flame_diff {
	int64_t before, after, both;
};

struct cf_flame_layout {
	GArray *boxes;         /* struct cf_flame_box, parents before children, left to right per parent */
	GArray *diffs;         /* struct cf_flame_diff, one per box, of a tree with diffs; else NULL */
	uint32_t levels;       /* number of levels, those of "other" boxes included */
	uint32_t max_levels;   /* an "other" box on this level was left out for its depth, not its width */
	uint32_t narrow_boxes; /* "other" boxes of nodes too narrow, and how many nodes they stand for */
	uint32_t narrow_nodes;
	uint32_t deep_boxes; /* "other" boxes of nodes too deep, and how many nodes they stand for */
	uint32_t deep_nodes;
	uint32_t negative_nodes; /* nodes whose negative self is drawn as nothing */
};

/*
 * Lays tree out so that no frame is narrower than min_width (fraction of the root; 0.1 px / picture width) or
 * on a level beyond max_levels (0: no limit). What is left out is summed into one "other" box per parent, at
 * the end of its row, counted with whole subtrees; such a box has the width of what it stands for, however
 * little. Children fill their parent from the left in tree order; the rest is the parent's self. A negative
 * self has no width, so that children never exceed their parent. O(nodes), no recursion.
 *
 * A comparison is laid out by both sides together, so that nothing is missing, and then placed by what tree->widths says:
 * what isn't there has no width.
 */
void cf_flame_layout(const struct cf_tree *tree, double min_width, uint32_t max_levels,
		     struct cf_flame_layout *out);
void cf_flame_layout_clear(struct cf_flame_layout *layout);

#endif
