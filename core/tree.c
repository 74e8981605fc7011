/* SPDX-License-Identifier: MIT */
/* tree: the weighted call tree of a document. */
#include "core/doc.h"

#include <string.h>

#include "core/hash.h"
#include "core/sum.h"

struct cf_tree *cf_tree_new(enum cf_unit unit, const char *metric, const char *root_name)
{
	struct cf_tree *tree = g_new0(struct cf_tree, 1);
	struct cf_tree_node root = { 0 };

	tree->unit = unit;
	tree->metric = g_strdup(metric);
	tree->nodes = g_array_new(FALSE, TRUE, sizeof(struct cf_tree_node));
	tree->names = g_ptr_array_new_with_free_func(g_free);
	tree->index = g_hash_table_new(cf_str_hash, g_str_equal);
	cf_tree_name(tree, "");
	root.name = cf_tree_name(tree, root_name);
	g_array_append_val(tree->nodes, root);
	return tree;
}

void cf_tree_free(struct cf_tree *tree)
{
	while (tree) {
		struct cf_tree *next = tree->next;

		g_free(tree->metric);
		g_free(tree->recompute);
		g_free(tree->note);
		g_array_unref(tree->nodes);
		g_clear_pointer(&tree->diffs, g_array_unref);
		g_hash_table_destroy(tree->index);
		g_ptr_array_unref(tree->names);
		g_free(tree);
		tree = next;
	}
}

uint32_t cf_tree_name(struct cf_tree *tree, const char *name)
{
	gpointer id;
	char *copy;

	if (g_hash_table_lookup_extended(tree->index, name, NULL, &id))
		return GPOINTER_TO_UINT(id);
	copy = g_strdup(name);
	g_hash_table_insert(tree->index, copy, GUINT_TO_POINTER(tree->names->len));
	g_ptr_array_add(tree->names, copy);
	return tree->names->len - 1;
}

static gint by_text(gconstpointer a, gconstpointer b, gpointer data)
{
	const GPtrArray *names = data;

	return strcmp(g_ptr_array_index(names, *(const guint32 *)a),
		      g_ptr_array_index(names, *(const guint32 *)b));
}

/* rank[name id] = place in byte order, so that nodes are compared by number. */
static guint32 *rank_names(const struct cf_tree *tree)
{
	guint n = tree->names->len;
	g_autofree guint32 *order = g_new(guint32, n);
	guint32 *rank = g_new(guint32, n);

	for (guint i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), by_text, tree->names);
	for (guint i = 0; i < n; i++)
		rank[order[i]] = i;
	return rank;
}

/* A node as it is sorted; id last, so that equal siblings keep the order in which they were added. */
struct key {
	guint32 parent, name, module, kind, id;
};

static int compare(guint32 a, guint32 b)
{
	return (a > b) - (a < b);
}

static gint by_key(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct key *x = a, *y = b;
	int order = compare(x->parent, y->parent);

	if (!order)
		order = compare(x->name, y->name);
	if (!order)
		order = compare(x->module, y->module);
	if (!order)
		order = compare(x->kind, y->kind);
	return order ? order : compare(x->id, y->id);
}

/* Children stand after their parents, so one pass from the end sums whole subtrees. */
static void sum(GArray *nodes)
{
	struct cf_tree_node *node = (struct cf_tree_node *)(void *)nodes->data;

	for (guint i = 0; i < nodes->len; i++)
		node[i].total = node[i].self;
	for (guint i = nodes->len; i-- > 1;) {
		struct cf_tree_node *parent = &node[node[i].parent];

		parent->total = cf_add_sat(parent->total, node[i].total);
		parent->count = cf_add_sat(parent->count, node[i].count);
	}
}

static void sum_diffs(const GArray *nodes, GArray *diffs)
{
	struct cf_tree_diff *diff = (struct cf_tree_diff *)(void *)diffs->data;

	g_assert(diffs->len == nodes->len);
	for (guint i = 0; i < nodes->len; i++)
		diff[i].both = MAX(diff[i].before, diff[i].after);
	for (guint i = nodes->len; i-- > 1;) {
		struct cf_tree_diff *parent = &diff[g_array_index(nodes, struct cf_tree_node, i).parent];

		parent->before = cf_add_sat(parent->before, diff[i].before);
		parent->after = cf_add_sat(parent->after, diff[i].after);
		parent->both = cf_add_sat(parent->both, diff[i].both);
	}
}

/* Sorts nodes[1..] into keys by (parent, name, module, kind). */
static struct key *sort_nodes(const struct cf_tree *tree)
{
	g_autofree guint32 *rank = rank_names(tree);
	guint n = tree->nodes->len;
	struct key *keys = g_new(struct key, n);

	for (guint i = 1; i < n; i++) {
		const struct cf_tree_node *node = &g_array_index(tree->nodes, struct cf_tree_node, i);

		g_assert(node->parent < i);
		keys[i - 1] = (struct key){ .parent = node->parent,
					    .name = rank[node->name],
					    .module = rank[node->module],
					    .kind = node->kind,
					    .id = i };
	}
	g_qsort_with_data(keys, (gint)(n - 1), sizeof(*keys), by_key, NULL);
	return keys;
}

/* Writes the nodes in pre-order: a node, then the subtrees of its children in the order of keys. */
static GArray *lay_out(const struct cf_tree *tree, const struct key *keys, GArray *diffs)
{
	guint n = tree->nodes->len;
	g_autofree guint32 *first = g_new0(guint32, n); /* first child, 0 none */
	g_autofree guint32 *next = g_new0(guint32, n);  /* next sibling, 0 none */
	g_autofree guint32 *place = g_new(guint32, n);  /* old id -> new id */
	GArray *out = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_tree_node), n);
	guint32 at = 0;

	for (guint i = n - 1; i-- > 0;) {
		next[keys[i].id] = first[keys[i].parent];
		first[keys[i].parent] = keys[i].id;
	}
	for (;;) {
		struct cf_tree_node node = g_array_index(tree->nodes, struct cf_tree_node, at);
		guint32 old_parent;

		place[at] = out->len;
		node.parent = at ? place[node.parent] : 0;
		g_array_append_val(out, node);
		if (diffs)
			g_array_append_val(diffs, g_array_index(tree->diffs, struct cf_tree_diff, at));
		if (first[at]) {
			at = first[at];
			continue;
		}
		while (at && !next[at]) {
			old_parent = g_array_index(tree->nodes, struct cf_tree_node, at).parent;
			at = old_parent;
		}
		if (!at)
			break;
		at = next[at];
	}
	return out;
}

void cf_tree_finish(struct cf_tree *tree)
{
	g_autofree struct key *keys = sort_nodes(tree);
	GArray *diffs = tree->diffs ? g_array_new(FALSE, FALSE, sizeof(struct cf_tree_diff)) : NULL;
	GArray *nodes = lay_out(tree, keys, diffs);

	g_array_unref(tree->nodes);
	tree->nodes = nodes;
	sum(nodes);
	if (!diffs)
		return;
	g_array_unref(tree->diffs);
	tree->diffs = diffs;
	sum_diffs(nodes, diffs);
}
