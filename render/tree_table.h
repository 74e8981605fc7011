/* SPDX-License-Identifier: MIT */
/* tree_table: what json and csv write of a tree: one row per node, root first. */
#ifndef CF_RENDER_TREE_TABLE_H
#define CF_RENDER_TREE_TABLE_H

#include "core/doc.h"

enum cf_tree_field {
	CF_TREE_NODE,     /* index of the node, from 0 */
	CF_TREE_PARENT,   /* index of the caller (of the callee when inverted); the root has none */
	CF_TREE_DEPTH,    /* the root is 0 */
	CF_TREE_FUNCTION, /* name of the frame */
	CF_TREE_MODULE,
	CF_TREE_KIND,
	CF_TREE_SELF,
	CF_TREE_TOTAL,
	CF_TREE_COUNT
};
#define CF_TREE_FIELDS (CF_TREE_COUNT + 1)

/* id, title and unit of the field's column; self and total are in the tree's unit. */
struct cf_column cf_tree_column(const struct cf_tree *tree, enum cf_tree_field field);

/* The node's value; text is borrowed from the tree. depths: from cf_tree_depths. */
struct cf_cell cf_tree_cell(const struct cf_tree *tree, const uint32_t *depths, uint32_t node,
			    enum cf_tree_field field);

/* Depth of each node; caller frees. */
uint32_t *cf_tree_depths(const struct cf_tree *tree);

/* The node's id, or what stands for one when it has none: "tree", "flame", "table". Borrowed. */
const char *cf_node_table_id(const struct cf_node *node);

#endif
