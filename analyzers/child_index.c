/* SPDX-License-Identifier: MIT */
/* child_index: from a tree node and a frame to the child that stands for it. */
#include "analyzers/child_index.h"

#include "core/table.h"

struct child {
	uint32_t parent, func, kind, node;
};

struct cf_child_index {
	struct cf_table table;
	GArray *children; /* struct child, from 1 */
};

struct cf_child_index *cf_child_index_new(void)
{
	struct cf_child_index *index = g_new0(struct cf_child_index, 1);

	index->children = g_array_new(FALSE, TRUE, sizeof(struct child));
	g_array_set_size(index->children, 1);
	return index;
}

void cf_child_index_free(struct cf_child_index *index)
{
	if (!index)
		return;
	cf_table_release(&index->table);
	g_array_unref(index->children);
	g_free(index);
}

uint32_t cf_child_index_get(struct cf_child_index *index, uint32_t parent, struct cf_func func,
			    enum cf_frame_kind kind, uint32_t next)
{
	const uint32_t hash = cf_hash((uint64_t)parent << 32 | func.id, kind);
	const struct child added = { parent, func.id, kind, next };
	uint32_t pos = hash, id;

	while ((id = cf_table_next(&index->table, hash, &pos)) != 0) {
		const struct child *known = &g_array_index(index->children, struct child, id);

		if (known->parent == parent && known->func == func.id && known->kind == kind)
			return known->node;
	}
	cf_table_add(&index->table, hash, index->children->len);
	g_array_append_val(index->children, added);
	return 0;
}
