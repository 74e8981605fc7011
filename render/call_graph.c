/* SPDX-License-Identifier: MIT */
/* call_graph: who calls whom in a weighted call tree. */
#include "render/call_graph.h"

#include "core/hash.h"
#include "core/sum.h"
#include "render/tree_rows.h"

/* Open edges on the way to a node: (caller, callee) -> how often. */
static guint pair_hash(gconstpointer key)
{
	return cf_hash(*(const guint64 *)key, 0);
}

static uint32_t function_node(struct cf_graph *graph, const struct cf_tree *tree,
			      const struct cf_tree_node *node)
{
	const char *name = cf_tree_text(tree, node->name), *module = cf_tree_text(tree, node->module);
	g_autofree char *id = *module ? g_strdup_printf("%s!%s", module, name) : g_strdup(name);

	return cf_graph_node(graph, id, name, cf_graph_group(graph, module));
}

/* A walk that enters and leaves nodes in pre-order; nodes of a finished tree stand in that order. */
struct walk {
	const struct cf_tree *tree;
	struct cf_graph *graph;
	uint32_t *function; /* tree node -> graph node */
	uint32_t *open;     /* graph node -> occurrences on the way */
	GHashTable *edges;  /* guint64 * -> occurrences on the way */
};

static void enter(struct walk *walk, uint32_t i)
{
	const struct cf_tree_node *node = cf_tree_at(walk->tree, i);
	uint32_t callee = walk->function[i], caller = walk->function[node->parent];
	struct cf_graph_node *function = cf_graph_at(walk->graph, callee);
	guint64 key;
	gpointer known;
	guint times;

	if (!walk->open[callee]++) {
		function->weight = cf_add_sat(function->weight, node->total);
		function->count = cf_add_sat(function->count, node->count);
	}
	if (!i)
		return;
	if (walk->tree->inverted) {
		uint32_t swap = caller;

		caller = callee;
		callee = swap;
	}
	key = (guint64)caller << 32 | callee;
	known = g_hash_table_lookup(walk->edges, &key);
	times = GPOINTER_TO_UINT(known);
	if (!times) {
		const struct cf_graph_edge edge = {
			.from = caller, .to = callee, .weight = node->total, .count = node->count
		};

		cf_graph_edge(walk->graph, &edge);
	}
	g_hash_table_insert(walk->edges, g_memdup2(&key, sizeof(key)), GUINT_TO_POINTER(times + 1));
}

static void leave(struct walk *walk, uint32_t i)
{
	uint32_t callee = walk->function[i], caller = walk->function[cf_tree_at(walk->tree, i)->parent];
	guint64 key = walk->tree->inverted ? (guint64)callee << 32 | caller : (guint64)caller << 32 | callee;
	guint times;

	walk->open[callee]--;
	if (!i)
		return;
	times = GPOINTER_TO_UINT(g_hash_table_lookup(walk->edges, &key));
	if (times > 1)
		g_hash_table_insert(walk->edges, g_memdup2(&key, sizeof(key)), GUINT_TO_POINTER(times - 1));
	else
		g_hash_table_remove(walk->edges, &key);
}

struct cf_graph *cf_call_graph(const struct cf_tree *tree)
{
	guint n = tree->nodes->len;
	struct cf_graph *graph = cf_graph_new(tree->unit, tree->metric, "samples");
	struct walk walk = { .tree = tree, .graph = graph, .function = g_new0(uint32_t, n + 1) };
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (guint i = 0; i < n; i++)
		walk.function[i] = function_node(graph, tree, cf_tree_at(tree, i));
	walk.open = g_new0(uint32_t, graph->nodes->len + 1);
	walk.edges = g_hash_table_new_full(pair_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < n; i++) {
		while (path->len &&
		       g_array_index(path, uint32_t, path->len - 1) != cf_tree_at(tree, i)->parent) {
			leave(&walk, g_array_index(path, uint32_t, path->len - 1));
			g_array_set_size(path, path->len - 1);
		}
		enter(&walk, i);
		g_array_append_val(path, i);
	}
	g_hash_table_destroy(walk.edges);
	g_free(walk.function);
	g_free(walk.open);
	graph->note = g_strdup(tree->note);
	cf_graph_finish(graph);
	return graph;
}
