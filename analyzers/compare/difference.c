/* SPDX-License-Identifier: MIT */
/* difference: one call tree of two sides, with what each node costs on both. Pure. */
#include "analyzers/compare/difference.h"

#include "analyzers/profile.h"
#include "core/hash.h"

#include <math.h>
#include <string.h>

#define NONE UINT32_MAX

/* A side's tree, with what the merge needs of each node. */
struct input {
	const struct cf_tree *tree;
	const struct cf_tree_node *nodes;
	uint32_t n;
	uint32_t *key;          /* nodes with the same key under the same path are one */
	uint32_t *first, *next; /* children */
	uint32_t *peer;         /* the next one that became the same node of the result */
	int64_t *self;
};

struct merge {
	const struct cf_comparison *comparison;
	struct input side[CF_SIDES];
	struct cf_tree *tree;
	GArray *members
		[CF_SIDES];   /* uint32_t per node of the result: the first of those that it is made of */
	GHashTable *keys;     /* text -> number, from 1 */
	GArray *rows;         /* uint32_t: of each key, NONE: of none */
	GHashTable *children; /* key -> node, of the node that is being made */
};

static const char *name_at(const struct cf_tree *tree, uint32_t index)
{
	return g_ptr_array_index(tree->names, index);
}

static uint32_t key_of(struct merge *merge, const struct cf_tree *tree, const struct cf_tree_node *node)
{
	const char *name = name_at(tree, node->name), *module = name_at(tree, node->module);
	uint32_t row = cf_sides_find(merge->comparison->sides, name, module, node->kind);
	char *text = row == NONE ? g_strdup_printf("%s\n%s", name, module) : g_strdup_printf("#%u", row);
	gpointer known = g_hash_table_lookup(merge->keys, text);

	if (known) {
		g_free(text);
		return GPOINTER_TO_UINT(known);
	}
	g_hash_table_insert(merge->keys, text, GUINT_TO_POINTER(g_hash_table_size(merge->keys) + 1));
	g_array_append_val(merge->rows, row);
	return g_hash_table_size(merge->keys);
}

/* Nearly every name is in one module: the key that it had last is kept. */
static void find_keys(struct merge *merge, struct input *input)
{
	guint names = input->tree->names->len;
	g_autofree uint32_t *module = g_new0(uint32_t, names + 1);
	g_autofree uint32_t *key = g_new0(uint32_t, names + 1);

	for (uint32_t i = 1; i < input->n; i++) {
		const struct cf_tree_node *node = &input->nodes[i];

		if (!key[node->name] || module[node->name] != node->module) {
			key[node->name] = key_of(merge, input->tree, node);
			module[node->name] = node->module;
		}
		input->key[i] = key[node->name];
	}
}

/* Own costs; where samples are what is compared, those. */
static void find_selfs(struct input *input, gboolean samples)
{
	for (uint32_t i = 0; i < input->n; i++)
		input->self[i] = samples ? input->nodes[i].count : input->nodes[i].self;
	for (uint32_t i = 1; samples && i < input->n; i++)
		input->self[input->nodes[i].parent] -= input->nodes[i].count;
}

static void input_init(struct merge *merge, int side, const struct cf_tree *tree)
{
	struct input *input = &merge->side[side];

	input->tree = tree;
	input->nodes = (const struct cf_tree_node *)(void *)tree->nodes->data;
	input->n = tree->nodes->len;
	input->key = g_new0(uint32_t, (size_t)input->n + 1);
	input->first = g_new(uint32_t, (size_t)input->n + 1);
	input->next = g_new(uint32_t, (size_t)input->n + 1);
	input->peer = g_new(uint32_t, (size_t)input->n + 1);
	input->self = g_new(int64_t, (size_t)input->n + 1);
	for (uint32_t i = 0; i < input->n; i++)
		input->first[i] = input->next[i] = input->peer[i] = NONE;
	for (uint32_t i = input->n; i-- > 1;) {
		uint32_t parent = input->nodes[i].parent;

		input->next[i] = input->first[parent];
		input->first[parent] = i;
	}
	find_keys(merge, input);
	find_selfs(input, merge->comparison->sides->metric.by_samples);
}

static void input_clear(struct input *input)
{
	g_free(input->key);
	g_free(input->first);
	g_free(input->next);
	g_free(input->peer);
	g_free(input->self);
}

/* A program that was renamed has another thread name, which is where its paths begin. */
static void join_only_threads(struct merge *merge)
{
	const struct input *before = &merge->side[CF_BEFORE], *after = &merge->side[CF_AFTER];
	uint32_t x = before->first[0], y = after->first[0];

	if (x != NONE && y != NONE && before->next[x] == NONE && after->next[y] == NONE &&
	    !before->nodes[x].module && !after->nodes[y].module && !before->self[x] && !after->self[y])
		before->key[x] = after->key[y];
}

/* By the row that a key stands for. */
static enum cf_tree_mark mark_of(const struct merge *merge, uint32_t key)
{
	uint32_t row = g_array_index(merge->rows, uint32_t, key - 1);

	return row != NONE && cf_found_is_change(cf_compared_at(merge->comparison, row)->found)
		       ? CF_TREE_CHANGED
		       : CF_TREE_QUIET;
}

/* The node of the result for a child of one side. */
static uint32_t child_of(struct merge *merge, uint32_t parent, int side, uint32_t child)
{
	const struct input *input = &merge->side[side];
	const struct cf_tree_node *node = &input->nodes[child];
	gpointer key = GUINT_TO_POINTER(input->key[child]), known = g_hash_table_lookup(merge->children, key);
	const char *name = name_at(input->tree, node->name), *module = name_at(input->tree, node->module);
	struct cf_tree_node made = { .parent = parent, .kind = node->kind };
	struct cf_tree_diff diff = { 0 };
	uint32_t at = merge->tree->nodes->len, none = NONE;

	if (known)
		return GPOINTER_TO_UINT(known);
	made.name = cf_tree_name(merge->tree, name);
	made.module = cf_tree_name(merge->tree, module);
	diff.mark = mark_of(merge, input->key[child]);
	g_array_append_val(merge->tree->nodes, made);
	g_array_append_val(merge->tree->diffs, diff);
	for (int i = 0; i < CF_SIDES; i++)
		g_array_append_val(merge->members[i], none);
	g_hash_table_insert(merge->children, key, GUINT_TO_POINTER(at));
	return at;
}

/* After goes first, so that a function has the name that it has now. */
static void make_children(struct merge *merge, uint32_t at)
{
	g_hash_table_remove_all(merge->children);
	for (int side = CF_SIDES; side-- > 0;) {
		struct input *input = &merge->side[side];

		for (uint32_t m = g_array_index(merge->members[side], uint32_t, at); m != NONE;
		     m = input->peer[m])
			for (uint32_t c = input->first[m]; c != NONE; c = input->next[c]) {
				uint32_t node = child_of(merge, at, side, c);
				uint32_t *head = &g_array_index(merge->members[side], uint32_t, node);

				input->peer[c] = *head;
				*head = c;
			}
	}
}

static void weigh(struct merge *merge, uint32_t at, enum cf_tree_widths widths, double factor)
{
	struct cf_tree_node *node = &g_array_index(merge->tree->nodes, struct cf_tree_node, at);
	struct cf_tree_diff *diff = &g_array_index(merge->tree->diffs, struct cf_tree_diff, at);
	double before = 0;

	for (uint32_t m = g_array_index(merge->members[CF_BEFORE], uint32_t, at); m != NONE;
	     m = merge->side[CF_BEFORE].peer[m])
		before += (double)merge->side[CF_BEFORE].self[m];
	for (uint32_t m = g_array_index(merge->members[CF_AFTER], uint32_t, at); m != NONE;
	     m = merge->side[CF_AFTER].peer[m])
		cf_sum(&diff->after, merge->side[CF_AFTER].self[m]);
	diff->before = (int64_t)fmin(round(before * factor), 9e18);
	node->self = widths == CF_TREE_AFTER    ? diff->after
		     : widths == CF_TREE_BEFORE ? diff->before
						: MAX(diff->after, diff->before);
}

/* Children stand after their parents. */
static void mark_carriers(struct cf_tree *tree)
{
	for (uint32_t i = tree->nodes->len; i-- > 1;) {
		struct cf_tree_diff *parent =
			&g_array_index(tree->diffs, struct cf_tree_diff,
				       g_array_index(tree->nodes, struct cf_tree_node, i).parent);

		if (g_array_index(tree->diffs, struct cf_tree_diff, i).mark != CF_TREE_QUIET &&
		    parent->mark == CF_TREE_QUIET)
			parent->mark = CF_TREE_CARRIES;
	}
}

struct cf_tree *cf_difference_tree(const struct cf_comparison *comparison, const struct cf_tree *before,
				   const struct cf_tree *after, enum cf_tree_widths widths)
{
	const struct cf_sides *sides = comparison->sides;
	struct merge merge = { .comparison = comparison,
			       .keys = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL),
			       .rows = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
			       .children = g_hash_table_new(NULL, NULL) };
	const struct cf_tree_diff root = { 0 };
	const uint32_t top = 0;
	double factor = cf_compared_scale_of_sides(comparison);

	merge.tree = cf_tree_new(sides->metric.unit, after->metric,
				 name_at(after, g_array_index(after->nodes, struct cf_tree_node, 0).name));
	merge.tree->inverted = after->inverted;
	merge.tree->widths = widths;
	merge.tree->diffs = g_array_new(FALSE, TRUE, sizeof(struct cf_tree_diff));
	g_array_append_val(merge.tree->diffs, root);
	for (int side = 0; side < CF_SIDES; side++) {
		merge.members[side] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
		g_array_append_val(merge.members[side], top);
		input_init(&merge, side, side == CF_BEFORE ? before : after);
	}
	join_only_threads(&merge);
	for (uint32_t i = 0; i < merge.tree->nodes->len; i++) {
		make_children(&merge, i);
		weigh(&merge, i, widths, factor);
	}
	mark_carriers(merge.tree);
	for (int side = 0; side < CF_SIDES; side++) {
		g_array_unref(merge.members[side]);
		input_clear(&merge.side[side]);
	}
	g_hash_table_unref(merge.keys);
	g_array_unref(merge.rows);
	g_hash_table_unref(merge.children);
	cf_tree_finish(merge.tree);
	return merge.tree;
}

static gint by_before(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_tree *tree = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int64_t cost_x = g_array_index(tree->diffs, struct cf_tree_diff, x).before;
	int64_t cost_y = g_array_index(tree->diffs, struct cf_tree_diff, y).before;

	return cost_x != cost_y ? (cost_x > cost_y ? -1 : 1) : (x > y) - (x < y);
}

GArray *cf_difference_vanished(const struct cf_tree *tree)
{
	GArray *vanished = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (uint32_t i = 1; i < tree->nodes->len; i++) {
		const struct cf_tree_diff *diff = &g_array_index(tree->diffs, struct cf_tree_diff, i);
		uint32_t parent = g_array_index(tree->nodes, struct cf_tree_node, i).parent;

		if (!diff->after && diff->before &&
		    (!parent || g_array_index(tree->diffs, struct cf_tree_diff, parent).after))
			g_array_append_val(vanished, i);
	}
	g_array_sort_with_data(vanished, by_before, (gpointer)tree);
	return vanished;
}
