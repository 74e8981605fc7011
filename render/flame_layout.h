/* SPDX-License-Identifier: MIT */
/* flame_layout: weighted tree -> rectangles. Pure: no drawing library, no text. */
#ifndef CF_RENDER_FLAME_LAYOUT_H
#define CF_RENDER_FLAME_LAYOUT_H

#include "core/doc.h"

/* A box. x and width are fractions of the root's width; level 0 is the root. */
struct cf_flame_box {
	double x, width;
	uint32_t level;
	uint32_t node;        /* index into tree->nodes; for an "other" box the parent's */
	uint32_t pruned;      /* 0, or the number of tree nodes that this "other" box stands for */
	int64_t total, count; /* of the node, or the sum over the pruned siblings */
};

struct cf_flame_layout {
	GArray *boxes;         /* struct cf_flame_box, parents before children, left to right per parent */
	uint32_t levels;       /* number of levels */
	uint32_t pruned_nodes; /* sum of pruned over all boxes */
};

/*
 * Lays tree out so that no box is narrower than min_width (fraction of the root; 0.1 px / picture width):
 * narrower siblings are summed into one "other" box per parent, at the end of their row, counted with their
 * whole subtrees. Children fill their parent from the left in tree order; the rest is the parent's self.
 * O(nodes), no recursion.
 */
void cf_flame_layout(const struct cf_tree *tree, double min_width, struct cf_flame_layout *out);
void cf_flame_layout_clear(struct cf_flame_layout *layout);

/* Colour of a box: by module, deterministic, the same in every renderer and on every machine. 0xRRGGBB, light
 * theme. */
uint32_t cf_flame_color(const struct cf_tree *tree, uint32_t node);

#endif
