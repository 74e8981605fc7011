/* SPDX-License-Identifier: MIT */
/* tree_table: what json and csv write of a tree. */
#include "render/tree_table.h"

#include "render/tree_rows.h"

struct cf_column cf_tree_column(const struct cf_tree *tree, enum cf_tree_field field)
{
	static const struct cf_column columns[CF_TREE_FIELDS] = {
		[CF_TREE_NODE] = { "node", "node", CF_UNIT_ID, 0 },
		[CF_TREE_PARENT] = { "parent", "parent", CF_UNIT_ID, 0 },
		[CF_TREE_DEPTH] = { "depth", "depth", CF_UNIT_COUNT, 0 },
		[CF_TREE_FUNCTION] = { "function", "function", CF_UNIT_NONE,
				       CF_COLUMN_NAME | CF_COLUMN_CODE },
		[CF_TREE_MODULE] = { "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		[CF_TREE_KIND] = { "kind", "kind", CF_UNIT_NONE, 0 },
		[CF_TREE_SELF] = { "self", "self", CF_UNIT_NONE, 0 },
		[CF_TREE_TOTAL] = { "total", "total", CF_UNIT_NONE, 0 },
		[CF_TREE_COUNT] = { "count", "samples", CF_UNIT_COUNT, 0 },
	};
	struct cf_column column = columns[field];

	if (field == CF_TREE_SELF || field == CF_TREE_TOTAL)
		column.unit = tree->unit;
	return column;
}

struct cf_cell cf_tree_cell(const struct cf_tree *tree, const uint32_t *depths, uint32_t i,
			    enum cf_tree_field field)
{
	const struct cf_tree_node *node = cf_tree_at(tree, i);
	struct cf_cell cell = { .type = CF_CELL_INT };

	switch (field) {
	case CF_TREE_NODE:
		cell.i = i;
		break;
	case CF_TREE_PARENT:
		cell.i = node->parent;
		cell.type = i ? CF_CELL_INT : CF_CELL_EMPTY;
		break;
	case CF_TREE_DEPTH:
		cell.i = depths[i];
		break;
	case CF_TREE_FUNCTION:
		cell = (struct cf_cell){ .type = CF_CELL_TEXT, .text = cf_tree_text(tree, node->name) };
		break;
	case CF_TREE_MODULE:
		cell = (struct cf_cell){ .type = CF_CELL_TEXT, .text = cf_tree_text(tree, node->module) };
		break;
	case CF_TREE_KIND:
		/* The root stands for the whole, it is no frame. */
		cell = (struct cf_cell){ .type = i ? CF_CELL_TEXT : CF_CELL_EMPTY,
					 .text = cf_frame_kind_name(node->kind) };
		break;
	case CF_TREE_SELF:
		cell.i = node->self;
		break;
	case CF_TREE_TOTAL:
		cell.i = node->total;
		break;
	case CF_TREE_COUNT:
		cell.i = node->count;
		break;
	}
	return cell;
}

uint32_t *cf_tree_depths(const struct cf_tree *tree)
{
	uint32_t *depths = g_new0(uint32_t, tree->nodes->len + 1);

	for (uint32_t i = 1; i < tree->nodes->len; i++)
		depths[i] = depths[cf_tree_at(tree, i)->parent] + 1;
	return depths;
}

const char *cf_node_table_id(const struct cf_node *node)
{
	if (node->id && *node->id)
		return node->id;
	return node->kind == CF_FLAME ? "flame" : node->kind == CF_TREE ? "tree" : "table";
}
