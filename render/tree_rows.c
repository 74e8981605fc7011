/* SPDX-License-Identifier: MIT */
/* tree_rows: a weighted tree as the lines of an indented list, heaviest first. */
#include "render/tree_rows.h"

#include "core/sum.h"

#include <stdlib.h>
#include <string.h>

/* The children of node i are kids[first[i] .. first[i + 1]). */
struct children {
	uint32_t *first, *kids;
};

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static int by_weight(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_tree *tree = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	uint64_t wx = magnitude(cf_tree_at(tree, x)->total), wy = magnitude(cf_tree_at(tree, y)->total);

	if (wx != wy)
		return wx > wy ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void children_init(struct children *c, const struct cf_tree *tree)
{
	uint32_t n = tree->nodes->len;
	uint32_t *fill = g_new0(uint32_t, n + 1);

	c->first = g_new0(uint32_t, n + 1);
	c->kids = g_new0(uint32_t, n + 1);
	for (uint32_t i = 1; i < n; i++)
		c->first[cf_tree_at(tree, i)->parent + 1]++;
	for (uint32_t i = 0; i < n; i++)
		c->first[i + 1] += c->first[i];
	memcpy(fill, c->first, n * sizeof(*fill));
	for (uint32_t i = 1; i < n; i++)
		c->kids[fill[cf_tree_at(tree, i)->parent]++] = i;
	g_free(fill);
}

static void children_clear(struct children *c)
{
	g_free(c->first);
	g_free(c->kids);
}

double cf_tree_share(const struct cf_tree *tree, int64_t part)
{
	int64_t whole = cf_tree_at(tree, 0)->total;

	return whole ? (double)part / (double)whole : 0;
}

static int descending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x > y ? -1 : x < y;
}

/* The least total that still gets a line: from min_share, and from the heaviest max_rows nodes. */
static uint64_t least_total(const struct cf_tree *tree, double min_share, size_t max_rows)
{
	uint32_t n = tree->nodes->len;
	double share = min_share * (double)magnitude(cf_tree_at(tree, 0)->total);
	uint64_t least = share > 0 ? (uint64_t)share : 0;

	if (share > (double)least)
		least++;
	if (max_rows && n > max_rows) {
		g_autofree uint64_t *totals = g_new(uint64_t, n);

		for (uint32_t i = 0; i < n; i++)
			totals[i] = magnitude(cf_tree_at(tree, i)->total);
		qsort(totals, n, sizeof(*totals), descending);
		/* Nodes of equal weight stand or fall together. */
		least = MAX(least, totals[max_rows] + 1);
	}
	return least;
}

/* A line still to be written; the stack holds the lines of one level in reverse. */
struct pending {
	uint32_t node, depth, parent_row, hidden;
	gboolean last, only;
	int64_t self, total, count;
};

static void push_children(GArray *stack, const struct cf_tree *tree, const struct children *c, uint32_t node,
			  uint32_t depth, uint32_t row, uint64_t least)
{
	uint32_t *kids = c->kids + c->first[node], n = c->first[node + 1] - c->first[node], shown = 0;
	struct pending rest = { .node = node, .depth = depth, .parent_row = row, .last = TRUE };

	g_qsort_with_data(kids, (gint)n, sizeof(*kids), by_weight, (gpointer)tree);
	while (shown < n && magnitude(cf_tree_at(tree, kids[shown])->total) >= least)
		shown++;
	for (uint32_t i = shown; i < n; i++) {
		const struct cf_tree_node *kid = cf_tree_at(tree, kids[i]);

		rest.hidden++;
		rest.total = cf_add_sat(rest.total, kid->total);
		rest.count = cf_add_sat(rest.count, kid->count);
	}
	rest.only = !shown;
	if (rest.hidden)
		g_array_append_val(stack, rest);
	for (uint32_t i = shown; i-- > 0;) {
		const struct cf_tree_node *kid = cf_tree_at(tree, kids[i]);
		struct pending line = { .node = kids[i],
					.depth = depth,
					.parent_row = row,
					.last = i + 1 == shown && !rest.hidden,
					.only = shown == 1 && !rest.hidden,
					.self = kid->self,
					.total = kid->total,
					.count = kid->count };

		g_array_append_val(stack, line);
	}
}

GArray *cf_tree_rows(const struct cf_tree *tree, uint32_t max_depth, double min_share, size_t max_rows)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_tree_row));
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(struct pending));
	const struct cf_tree_node *root = cf_tree_at(tree, 0);
	struct pending line = {
		.last = TRUE, .only = TRUE, .self = root->self, .total = root->total, .count = root->count
	};
	uint64_t least = least_total(tree, min_share, max_rows);
	struct children c;

	children_init(&c, tree);
	g_array_append_val(stack, line);
	while (stack->len) {
		struct cf_tree_row row;

		line = g_array_index(stack, struct pending, stack->len - 1);
		g_array_set_size(stack, stack->len - 1);
		row = (struct cf_tree_row){ .node = line.node,
					    .depth = line.depth,
					    .hidden = line.hidden,
					    .parent = line.parent_row,
					    .last = line.last,
					    .only = line.only,
					    .self = line.self,
					    .total = line.total,
					    .count = line.count };
		g_array_append_val(rows, row);
		if (!line.hidden && (!max_depth || line.depth < max_depth))
			push_children(stack, tree, &c, line.node, line.depth + 1, rows->len - 1, least);
	}
	children_clear(&c);
	return rows;
}

static int by_self(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_tree_func *x = a, *y = b;
	const struct cf_tree *tree = data;
	int order;

	if (magnitude(x->self) != magnitude(y->self))
		return magnitude(x->self) > magnitude(y->self) ? -1 : 1;
	if (magnitude(x->total) != magnitude(y->total))
		return magnitude(x->total) > magnitude(y->total) ? -1 : 1;
	order = strcmp(cf_tree_text(tree, x->name), cf_tree_text(tree, y->name));
	return order ? order : strcmp(cf_tree_text(tree, x->module), cf_tree_text(tree, y->module));
}

GArray *cf_tree_funcs(const struct cf_tree *tree)
{
	uint32_t n = tree->nodes->len;
	GArray *funcs = g_array_new(FALSE, FALSE, sizeof(struct cf_tree_func));
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autofree uint32_t *func_of = g_new0(uint32_t, n + 1); /* node -> index into funcs */
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	g_autofree uint32_t *open = NULL; /* occurrences of a function on the way to the node */
	struct children c;

	for (uint32_t i = 1; i < n; i++) {
		const struct cf_tree_node *node = cf_tree_at(tree, i);
		gint64 key = (gint64)((uint64_t)node->name << 32 | node->module);
		struct cf_tree_func *func;
		gpointer at;

		if (!g_hash_table_lookup_extended(known, &key, NULL, &at)) {
			struct cf_tree_func added = { .name = node->name, .module = node->module };

			at = GUINT_TO_POINTER(funcs->len);
			g_hash_table_insert(known, g_memdup2(&key, sizeof(key)), at);
			g_array_append_val(funcs, added);
		}
		func_of[i] = GPOINTER_TO_UINT(at);
		/* Bottom-up, the functions that cost stand right below the root. */
		func = &g_array_index(funcs, struct cf_tree_func, func_of[i]);
		if (!tree->inverted)
			func->self = cf_add_sat(func->self, node->self);
		else if (!node->parent)
			func->self = cf_add_sat(func->self, node->total);
	}
	children_init(&c, tree);
	open = g_new0(uint32_t, funcs->len + 1);
	/* The stack holds nodes to enter and, as node + n, nodes to leave. */
	for (uint32_t i = c.first[0]; i < c.first[1]; i++)
		g_array_append_val(stack, c.kids[i]);
	while (stack->len) {
		uint32_t i = g_array_index(stack, uint32_t, stack->len - 1), leave;
		struct cf_tree_func *func;

		g_array_set_size(stack, stack->len - 1);
		if (i >= n) {
			open[func_of[i - n]]--;
			continue;
		}
		func = &g_array_index(funcs, struct cf_tree_func, func_of[i]);
		if (!open[func_of[i]]++) {
			func->total = cf_add_sat(func->total, cf_tree_at(tree, i)->total);
			func->count = cf_add_sat(func->count, cf_tree_at(tree, i)->count);
		}
		leave = i + n;
		g_array_append_val(stack, leave);
		for (uint32_t k = c.first[i]; k < c.first[i + 1]; k++)
			g_array_append_val(stack, c.kids[k]);
	}
	children_clear(&c);
	g_array_sort_with_data(funcs, by_self, (gpointer)tree);
	return funcs;
}
