/* SPDX-License-Identifier: MIT */
/* graphtree: weighted trees of a run's calls: from the roots down, from a function down, or up to the callers. */
#include "analyzers/graphtree.h"

#include <stdlib.h>

#include "core/split.h"
#include "core/sum.h"
#include "core/unfold.h"

#define NODES_MAX (1000 * 1000)
#define DEPTH_MAX 2048

/* What a node of the tree stands for. Of a place of one kind all calls are the same, whatever led to it. */
enum place_kind { PLACE_FUNCTION, PLACE_CYCLE, PLACE_TARGETS, PLACE_ROOT };
struct place {
	enum place_kind kind;
	uint32_t id; /* function or cycle */
};

/* A node whose parts are to be found. */
struct step {
	struct place place;
	uint32_t node, depth;
	int64_t weight;
};

/* A part of a node: below it, or its own. */
struct branch {
	struct place place;
	int64_t weight;
	gboolean own;
};

struct growth {
	const struct cf_profile *profile;
	const struct cf_call_graph *graph;
	const gboolean *target; /* or NULL */
	gboolean up;
	double least;
	struct cf_tree *tree;
	GArray *steps;                    /* struct step, as a queue */
	GArray *branches;                 /* struct branch: scratch */
	uint32_t *members, *first_member; /* those of cycle c: members[first_member[c]] to ...[c + 1] - 1 */
};

static const struct cf_call_node *node_of(const struct growth *g, uint32_t func)
{
	return &g->graph->nodes[func];
}

static void branch(struct growth *g, enum place_kind kind, uint32_t id, int64_t weight)
{
	const struct branch one = { { kind, id }, weight, FALSE };

	if (weight > 0)
		g_array_append_val(g->branches, one);
}

static void own(struct growth *g, int64_t weight)
{
	const struct branch one = { .weight = weight, .own = TRUE };

	if (weight > 0)
		g_array_append_val(g->branches, one);
}

/* What a function or cycle costs beyond the calls to it. */
static int64_t beyond(int64_t cost, int64_t calls)
{
	return MAX(cf_add_sat(cost, -MAX(calls, 0)), 0);
}

static int64_t root_of_function(const struct cf_call_node *node)
{
	return beyond(cf_add_sat(node->self, node->out), node->in);
}

static int64_t root_of_cycle(const struct cf_call_cycle *cycle)
{
	return beyond(cycle->total, cycle->entering);
}

/* --- parts ---------------------------------------------------------------------------------------------- */

static gboolean is_target(const struct growth *g, uint32_t func)
{
	return g->target && g->target[func];
}

/* Down: a call to a member of a cycle, from outside, is a call to the cycle. */
static void branch_to(struct growth *g, const struct cf_call_edge *edge)
{
	uint32_t cycle = node_of(g, edge->callee)->cycle;

	if (cycle)
		branch(g, PLACE_CYCLE, cycle, edge->weight);
	else
		branch(g, PLACE_FUNCTION, edge->callee, edge->weight);
}

/* Calls that neither stay in the cycle of the function nor lead to itself. */
static gboolean leaves(const struct growth *g, const struct cf_call_edge *edge)
{
	uint32_t cycle = node_of(g, edge->caller)->cycle;

	return edge->caller != edge->callee && (!cycle || cycle != node_of(g, edge->callee)->cycle);
}

static void calls_of(struct growth *g, uint32_t func)
{
	own(g, node_of(g, func)->self);
	for (uint32_t i = g->graph->first[func]; i < g->graph->first[func + 1]; i++)
		if (leaves(g, &g->graph->edges[i]))
			branch_to(g, &g->graph->edges[i]);
}

static void callers_of(struct growth *g, uint32_t func)
{
	for (uint32_t i = g->graph->first_to[func]; i < g->graph->first_to[func + 1]; i++) {
		const struct cf_call_edge *edge = &g->graph->edges[g->graph->to[i]];

		if (leaves(g, edge))
			branch(g, PLACE_FUNCTION, edge->caller, edge->weight);
	}
}

/* Up: what calls a member of a cycle calls the cycle. */
static void up_from_function(struct growth *g, uint32_t func)
{
	const struct cf_call_node *node = node_of(g, func);

	if (node->cycle) {
		branch(g, PLACE_CYCLE, node->cycle, 1);
		return;
	}
	/* The total of a function that is called has nothing but its calls. */
	if (!is_target(g, func) || !node->called)
		own(g, root_of_function(node));
	callers_of(g, func);
}

static void parts_of_cycle(struct growth *g, uint32_t cycle)
{
	if (g->up)
		own(g, root_of_cycle(&g->graph->of_cycle[cycle]));
	for (uint32_t i = g->first_member[cycle]; i < g->first_member[cycle + 1]; i++) {
		uint32_t func = g->members[i];

		if (g->up)
			callers_of(g, func);
		else
			branch(g, PLACE_FUNCTION, func, node_of(g, func)->total);
	}
}

static void parts_of_targets(struct growth *g)
{
	for (uint32_t f = 1; f < g->graph->funcs; f++) {
		if (!g->target[f] || !node_of(g, f)->occurs)
			continue;
		if (!g->up)
			calls_of(g, f);
		else if (node_of(g, f)->cycle)
			branch(g, PLACE_CYCLE, node_of(g, f)->cycle, node_of(g, f)->total);
		else
			up_from_function(g, f);
	}
}

static void parts_of_root(struct growth *g)
{
	for (uint32_t c = 1; c <= g->graph->cycles; c++)
		branch(g, PLACE_CYCLE, c, root_of_cycle(&g->graph->of_cycle[c]));
	for (uint32_t f = 1; f < g->graph->funcs; f++)
		if (node_of(g, f)->occurs && !node_of(g, f)->cycle)
			branch(g, PLACE_FUNCTION, f, root_of_function(node_of(g, f)));
}

static void find_parts(struct growth *g, const struct place *place)
{
	g_array_set_size(g->branches, 0);
	switch (place->kind) {
	case PLACE_FUNCTION:
		if (g->up)
			up_from_function(g, place->id);
		else
			calls_of(g, place->id);
		return;
	case PLACE_CYCLE:
		parts_of_cycle(g, place->id);
		return;
	case PLACE_TARGETS:
		parts_of_targets(g);
		return;
	case PLACE_ROOT:
		parts_of_root(g);
		return;
	}
}

static uint32_t order_of(const struct growth *g, const struct branch *branch)
{
	return branch->place.kind == PLACE_FUNCTION ? g->graph->rank[branch->place.id] : branch->place.id;
}

static gint by_place(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct branch *x = a, *y = b;
	uint32_t first, second;

	if (x->own != y->own)
		return x->own ? -1 : 1;
	if (x->place.kind != y->place.kind)
		return x->place.kind < y->place.kind ? -1 : 1;
	first = order_of(data, x);
	second = order_of(data, y);
	return first < second ? -1 : first > second;
}

/* Parts of the same place become one, in an order that no ids show in. */
static void merge_parts(struct growth *g)
{
	guint n = 0;

	g_array_sort_with_data(g->branches, by_place, g);
	for (guint i = 0; i < g->branches->len; i++) {
		const struct branch one = g_array_index(g->branches, struct branch, i);
		struct branch *last = n ? &g_array_index(g->branches, struct branch, n - 1) : NULL;

		if (last && last->own == one.own &&
		    (one.own || (last->place.kind == one.place.kind && last->place.id == one.place.id)))
			last->weight = cf_add_sat(last->weight, one.weight);
		else
			g_array_index(g->branches, struct branch, n++) = one;
	}
	g_array_set_size(g->branches, n);
}

/* --- the tree ------------------------------------------------------------------------------------------- */

static uint32_t add_node(struct growth *g, uint32_t parent, const struct place *place)
{
	const struct cf_dict *dict = g->profile->trace->dict;
	struct cf_tree_node node = { .parent = parent };

	if (!place) {
		node.name = cf_tree_name(g->tree, "[pruned]");
	} else if (place->kind == PLACE_CYCLE) {
		g_autofree char *name = g_strdup_printf("<cycle %u>", place->id);

		node.name = cf_tree_name(g->tree, name);
	} else {
		node.name = cf_tree_name(g->tree, cf_dict_func_name(dict, (struct cf_func){ place->id }));
		node.module = cf_tree_name(g->tree, cf_dict_func_module(dict, (struct cf_func){ place->id }));
		node.kind = cf_dict_func_info(dict, (struct cf_func){ place->id }).kind;
	}
	g_array_append_val(g->tree->nodes, node);
	return g->tree->nodes->len - 1;
}

static void add_self(struct growth *g, uint32_t node, int64_t weight)
{
	cf_sum(&g_array_index(g->tree->nodes, struct cf_tree_node, node).self, weight);
}

/* Divides what the node has over its parts. */
static void grow(struct growth *g, const struct step *step)
{
	g_autofree struct cf_part *parts = NULL;
	int64_t pruned = 0;

	find_parts(g, &step->place);
	merge_parts(g);
	if (!g->branches->len) {
		add_self(g, step->node, step->weight);
		return;
	}
	parts = g_new(struct cf_part, g->branches->len);
	for (guint i = 0; i < g->branches->len; i++)
		parts[i] = (struct cf_part){
			.weight = (uint64_t)g_array_index(g->branches, struct branch, i).weight, .number = i
		};
	cf_split((uint64_t)step->weight, parts, g->branches->len);
	for (guint i = 0; i < g->branches->len; i++) {
		const struct branch *branch = &g_array_index(g->branches, struct branch, parts[i].number);
		struct step next = { .place = branch->place,
				     .depth = step->depth + 1,
				     .weight = (int64_t)parts[i].got };

		if (branch->own) {
			add_self(g, step->node, next.weight);
		} else if ((double)next.weight < g->least || next.depth > DEPTH_MAX ||
			   g->tree->nodes->len >= NODES_MAX) {
			cf_sum(&pruned, next.weight);
		} else if (next.weight) {
			next.node = add_node(g, step->node, &branch->place);
			g_array_append_val(g->steps, next);
		}
	}
	if (pruned)
		add_self(g, add_node(g, step->node, NULL), pruned);
}

/* Sorts the functions by cycle. */
static void find_members(struct growth *g)
{
	uint32_t n = 0;

	g->first_member = g_new0(uint32_t, (size_t)g->graph->cycles + 3);
	for (uint32_t f = 1; f < g->graph->funcs; f++)
		n += node_of(g, f)->cycle > 0;
	g->members = g_new(uint32_t, MAX(n, 1));
	for (uint32_t f = 1; f < g->graph->funcs; f++)
		if (node_of(g, f)->cycle)
			g->first_member[node_of(g, f)->cycle + 2]++;
	for (uint32_t c = 2; c < g->graph->cycles + 3; c++)
		g->first_member[c] += g->first_member[c - 1];
	for (uint32_t f = 1; f < g->graph->funcs; f++)
		if (node_of(g, f)->cycle)
			g->members[g->first_member[node_of(g, f)->cycle + 1]++] = f;
}

static struct cf_tree *grow_from(struct growth *g, enum place_kind kind, int64_t weight, const char *root)
{
	const struct step first = { .place = { kind, 0 }, .weight = MAX(weight, 0) };

	g->graph = g->profile->graph;
	g->tree = cf_tree_new(g->profile->unit, g->profile->metric_name, root);
	g->tree->inverted = g->up;
	g->steps = g_array_new(FALSE, FALSE, sizeof(struct step));
	g->branches = g_array_new(FALSE, FALSE, sizeof(struct branch));
	g->least = CF_UNFOLD_LEAST * (double)first.weight;
	find_members(g);
	g_array_append_val(g->steps, first);
	/* Level by level, so that where there are too many nodes the deepest are missing. */
	for (guint i = 0; i < g->steps->len; i++) {
		const struct step step = g_array_index(g->steps, struct step, i);

		grow(g, &step);
	}
	g_array_unref(g->steps);
	g_array_unref(g->branches);
	g_free(g->members);
	g_free(g->first_member);
	cf_tree_finish(g->tree);
	return g->tree;
}

struct cf_tree *cf_graphtree_down(const struct cf_profile *profile)
{
	struct growth g = { .profile = profile };

	return grow_from(&g, PLACE_ROOT, profile->weight, "all");
}

struct cf_tree *cf_graphtree_calls(const struct cf_profile *profile, const gboolean *target, int64_t total,
				   const char *root)
{
	struct growth g = { .profile = profile, .target = target };

	return grow_from(&g, PLACE_TARGETS, total, root);
}

struct cf_tree *cf_graphtree_callers(const struct cf_profile *profile, const gboolean *target, int64_t total,
				     const char *root)
{
	struct growth g = { .profile = profile, .target = target, .up = TRUE };

	return grow_from(&g, PLACE_TARGETS, total, root);
}

gboolean cf_graphtree_is_split(const struct cf_call_graph *graph)
{
	g_autofree uint32_t *entries = g_new0(uint32_t, (size_t)graph->cycles + 1);

	for (uint32_t f = 1; f < graph->funcs; f++) {
		const struct cf_call_node *node = &graph->nodes[f];
		uint32_t callers = 0;

		for (uint32_t i = graph->first_to[f]; i < graph->first_to[f + 1]; i++) {
			const struct cf_call_edge *edge = &graph->edges[graph->to[i]];

			callers += edge->caller != f &&
				   (!node->cycle || graph->nodes[edge->caller].cycle != node->cycle);
		}
		if (node->cycle)
			callers = entries[node->cycle] += callers;
		if (callers > 1 && (node->cycle || node->out > 0))
			return TRUE;
	}
	return FALSE;
}
