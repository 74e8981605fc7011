/* SPDX-License-Identifier: MIT */
/* unfold: stacks for a run that knows only who called whom. */
#include "core/unfold.h"

#include <stdlib.h>

#include "core/call_graph.h"
#include "core/split.h"
#include "core/sum.h"

#define PATHS_MAX (1000 * 1000)
#define DEPTH_MAX 2048

/* Shares are whole numbers of 2^-62, so that they are the same everywhere. */
#define WHOLE (UINT64_C(1) << 62)
/* What rounding may take from the shares of a function. */
#define TINY (UINT64_C(1) << 22)

struct unfolding {
	struct cf_trace *trace;
	struct cf_metric metric;
	struct cf_call_graph graph;
	uint8_t *kept;         /* by edge: it leads to no function that is on the way */
	int64_t *root;         /* by function: cost beyond that of the calls to it */
	unsigned __int128 *in; /* by function: root and the calls to it that are kept */
	int64_t *below;        /* by function: what it and what it calls cost, by shares */
	double least;          /* cost */
	GArray *paths;         /* struct path, those that are followed, callers first */
	int64_t *pruned;       /* by path: estimate of what isn't followed below; [paths] at the top */
};

/* A function in one context. */
struct path {
	struct cf_stack stack;
	uint32_t func, depth;
	uint64_t share; /* of the function's cost */
};

static int64_t positive(int64_t value)
{
	return MAX(value, 0);
}

/* --- cycles --------------------------------------------------------------------------------------------- */

struct order {
	uint32_t number; /* of an edge, or a function */
	int64_t weight;
	uint32_t rank;
};

static int costliest_first(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* The depth-first walk of the cycles. */
struct walk {
	struct unfolding *u;
	uint32_t *first,
		*next; /* by function: where its calls within the cycle begin in calls; where the walk is */
	struct order *calls;
	uint8_t *state; /* by function: 0 new, 1 on the way, 2 done */
	uint32_t *way;
};

/* Sorts the calls within cycles, by caller and then by cost. */
static void collect_calls(struct walk *w)
{
	const struct cf_call_graph *graph = &w->u->graph;
	uint32_t n = 0;

	w->calls = g_new(struct order, MAX(graph->n_edges, 1));
	w->first = g_new0(uint32_t, (size_t)graph->funcs + 1);
	for (uint32_t f = 0; f < graph->funcs; f++) {
		uint32_t from = n;

		w->first[f] = n;
		for (uint32_t i = graph->first[f]; i < graph->first[f + 1]; i++) {
			const struct cf_call_edge *edge = &graph->edges[i];
			uint32_t cycle = graph->nodes[f].cycle;

			if (cycle && edge->callee != f && graph->nodes[edge->callee].cycle == cycle)
				w->calls[n++] = (struct order){ i, edge->weight, graph->rank[edge->callee] };
		}
		qsort(w->calls + from, n - from, sizeof(*w->calls), costliest_first);
	}
	w->first[graph->funcs] = n;
	w->next = g_memdup2(w->first, ((size_t)graph->funcs + 1) * sizeof(*w->next));
}

static void walk_from(struct walk *w, uint32_t start)
{
	const struct cf_call_graph *graph = &w->u->graph;
	uint32_t depth = 0;

	if (w->state[start])
		return;
	w->state[start] = 1;
	w->way[depth++] = start;
	while (depth) {
		uint32_t func = w->way[depth - 1], edge, callee;

		if (w->next[func] == w->first[func + 1]) {
			w->state[func] = 2;
			depth--;
			continue;
		}
		edge = w->calls[w->next[func]++].number;
		callee = graph->edges[edge].callee;
		if (w->state[callee] == 1)
			continue;
		w->u->kept[edge] = 1;
		if (!w->state[callee]) {
			w->state[callee] = 1;
			w->way[depth++] = callee;
		}
	}
}

/*
 * Members of cycles in the order in which they are entered: from outside by cost, or those that cost most in a cycle that
 * nothing leads to.
 */
static struct order *entries(const struct unfolding *u, uint32_t *n)
{
	const struct cf_call_graph *graph = &u->graph;
	struct order *list = g_new(struct order, graph->funcs);

	*n = 0;
	for (uint32_t f = 0; f < graph->funcs; f++) {
		const struct cf_call_node *node = &graph->nodes[f];

		if (node->cycle)
			list[(*n)++] = (struct order){ f,
						       graph->of_cycle[node->cycle].entering > 0
							       ? node->entering
							       : cf_add_sat(node->self, node->out),
						       graph->rank[f] };
	}
	qsort(list, *n, sizeof(*list), costliest_first);
	return list;
}

static void cut_cycles(struct unfolding *u)
{
	const struct cf_call_graph *graph = &u->graph;
	struct walk w = { .u = u };
	uint32_t n;
	g_autofree struct order *list = entries(u, &n);
	g_autofree uint8_t *rooted = g_new0(uint8_t, (size_t)graph->cycles + 1);

	/* What the cycle costs beyond the calls to it belongs to where it is mostly entered. */
	for (uint32_t i = 0; i < n; i++) {
		const struct cf_call_node *node = &graph->nodes[list[i].number];
		const struct cf_call_cycle *cycle = &graph->of_cycle[node->cycle];

		if (rooted[node->cycle])
			continue;
		rooted[node->cycle] = 1;
		u->root[list[i].number] = positive(cf_add_sat(cycle->total, -cycle->entering));
	}
	collect_calls(&w);
	w.state = g_new0(uint8_t, graph->funcs);
	w.way = g_new(uint32_t, graph->funcs);
	for (uint32_t i = 0; i < n; i++)
		walk_from(&w, list[i].number);
	g_free(w.calls);
	g_free(w.first);
	g_free(w.next);
	g_free(w.state);
	g_free(w.way);
}

/* --- shares --------------------------------------------------------------------------------------------- */

static void keep_edges(struct unfolding *u)
{
	const struct cf_call_graph *graph = &u->graph;

	for (uint32_t i = 0; i < graph->n_edges; i++) {
		const struct cf_call_edge *edge = &graph->edges[i];
		const struct cf_call_node *caller = &graph->nodes[edge->caller];

		u->kept[i] = edge->weight > 0 &&
			     (u->kept[i] ||
			      (edge->caller != edge->callee &&
			       (!caller->cycle || caller->cycle != graph->nodes[edge->callee].cycle)));
	}
}

/* What the calls to a function and its own beginnings are worth together. */
static void weigh_callers(struct unfolding *u)
{
	const struct cf_call_graph *graph = &u->graph;

	for (uint32_t f = 1; f < graph->funcs; f++) {
		const struct cf_call_node *node = &graph->nodes[f];

		if (!node->cycle)
			u->root[f] =
				positive(cf_add_sat(cf_add_sat(positive(node->self), node->out), -node->in));
		u->in[f] = (unsigned __int128)u->root[f];
	}
	for (uint32_t i = 0; i < graph->n_edges; i++)
		if (u->kept[i])
			u->in[graph->edges[i].callee] += (unsigned __int128)graph->edges[i].weight;
	/* Nothing leads to it, but it cost something. */
	for (uint32_t f = 1; f < graph->funcs; f++) {
		if (!u->in[f])
			u->root[f] =
				positive(cf_add_sat(positive(graph->nodes[f].self), graph->nodes[f].out));
		if (!u->in[f])
			u->in[f] = (unsigned __int128)u->root[f];
	}
}

/* Functions, callers before callees, along the calls that are kept. */
static uint32_t *topological(const struct unfolding *u)
{
	const struct cf_call_graph *graph = &u->graph;
	uint32_t *order = g_new(uint32_t, graph->funcs), n = 0;
	g_autofree uint32_t *waiting = g_new0(uint32_t, graph->funcs);

	for (uint32_t i = 0; i < graph->n_edges; i++)
		waiting[graph->edges[i].callee] += u->kept[i];
	for (uint32_t f = 0; f < graph->funcs; f++)
		if (!waiting[f])
			order[n++] = f;
	for (uint32_t at = 0; at < n; at++)
		for (uint32_t i = graph->first[order[at]]; i < graph->first[order[at] + 1]; i++)
			if (u->kept[i] && !--waiting[graph->edges[i].callee])
				order[n++] = graph->edges[i].callee;
	g_assert(n == graph->funcs);
	return order;
}

static void weigh_below(struct unfolding *u)
{
	const struct cf_call_graph *graph = &u->graph;
	g_autofree uint32_t *order = topological(u);

	for (uint32_t at = graph->funcs; at-- > 0;) {
		uint32_t f = order[at];

		u->below[f] = positive(graph->nodes[f].self);
		for (uint32_t i = graph->first[f]; i < graph->first[f + 1]; i++) {
			const struct cf_call_edge *edge = &graph->edges[i];

			if (u->kept[i])
				u->below[f] = cf_add_sat(u->below[f],
							 (int64_t)cf_portion((uint64_t)u->below[edge->callee],
									     (uint64_t)edge->weight,
									     u->in[edge->callee]));
		}
	}
}

/* --- paths ---------------------------------------------------------------------------------------------- */

/* Follows the function below the path number from, or counts what it costs as pruned there. G_MAXUINT32: the top. */
static void follow(struct unfolding *u, uint32_t from, uint32_t func, uint64_t share)
{
	int64_t cost = (int64_t)cf_portion((uint64_t)u->below[func], share, WHOLE);
	const struct path *caller = from == G_MAXUINT32 ? NULL : &g_array_index(u->paths, struct path, from);
	struct path path = { .func = func, .depth = caller ? caller->depth + 1 : 1, .share = share };

	if (!share || (double)cost < u->least || path.depth > DEPTH_MAX || u->paths->len == PATHS_MAX) {
		int64_t *pruned = &u->pruned[from == G_MAXUINT32 ? PATHS_MAX : from];

		*pruned = cf_add_sat(*pruned, cost);
		return;
	}
	path.stack = cf_dict_push(u->trace->dict, caller ? caller->stack : (struct cf_stack){ 0 },
				  (struct cf_func){ func },
				  cf_dict_func_info(u->trace->dict, (struct cf_func){ func }).kind);
	g_array_append_val(u->paths, path);
}

/* Level by level, so that where there are too many paths the deepest are missing. */
static void follow_all(struct unfolding *u)
{
	const struct cf_call_graph *graph = &u->graph;

	for (uint32_t f = 1; f < graph->funcs; f++)
		if (u->root[f])
			follow(u, G_MAXUINT32, f, cf_portion(WHOLE, (uint64_t)u->root[f], u->in[f]));
	for (uint32_t at = 0; at < u->paths->len; at++) {
		const struct path path = g_array_index(u->paths, struct path, at);

		for (uint32_t i = graph->first[path.func]; i < graph->first[path.func + 1]; i++) {
			const struct cf_call_edge *edge = &graph->edges[i];

			if (u->kept[i])
				follow(u, at, edge->callee,
				       cf_portion(path.share, (uint64_t)edge->weight, u->in[edge->callee]));
		}
	}
}

/* --- costs ---------------------------------------------------------------------------------------------- */

static void add_cost(struct unfolding *u, struct cf_stack stack, uint64_t weight)
{
	const struct cf_stack_cost cost = { cf_trace_group(u->trace, ""), u->metric, stack, (int64_t)weight,
					    0 };

	if (weight)
		cf_trace_cost(u->trace, &cost);
}

/* Numbers of paths by function: those of f are order[first[f]] to order[first[f + 1] - 1]. */
static uint32_t *sort_paths(const struct unfolding *u, uint32_t *first)
{
	uint32_t *order = g_new(uint32_t, MAX(u->paths->len, 1));

	/* Counted two places on, so that placing the paths moves each beginning to where it belongs. */
	for (uint32_t i = 0; i < u->paths->len; i++)
		first[g_array_index(u->paths, struct path, i).func + 2]++;
	for (uint32_t f = 2; f < u->graph.funcs + 2; f++)
		first[f] += first[f - 1];
	for (uint32_t i = 0; i < u->paths->len; i++)
		order[first[g_array_index(u->paths, struct path, i).func + 1]++] = i;
	return order;
}

/* Divides what each function costs itself over its paths. Returns what is left for those that aren't followed. */
static uint64_t divide_self(struct unfolding *u)
{
	g_autofree struct cf_part *parts = g_new(struct cf_part, MAX(u->paths->len, 1));
	g_autofree uint32_t *first = g_new0(uint32_t, (size_t)u->graph.funcs + 2);
	g_autofree uint32_t *order = sort_paths(u, first);
	unsigned __int128 left = 0;

	for (uint32_t f = 1; f < u->graph.funcs; f++) {
		uint64_t self = (uint64_t)positive(u->graph.nodes[f].self), share = 0;
		size_t n = 0;

		left += self;
		for (uint32_t i = first[f]; i < first[f + 1]; i++) {
			uint64_t weight = g_array_index(u->paths, struct path, order[i]).share;

			parts[n++] = (struct cf_part){ .weight = weight, .number = order[i] };
			share += weight;
		}
		if (share < WHOLE - TINY)
			self = cf_portion(self, share, WHOLE);
		cf_split(self, parts, n);
		for (size_t i = 0; i < n; i++)
			add_cost(u, g_array_index(u->paths, struct path, parts[i].number).stack,
				 parts[i].got);
		left -= self;
	}
	return (uint64_t)MIN(left, (unsigned __int128)INT64_MAX);
}

static void divide_pruned(struct unfolding *u, uint64_t cost)
{
	size_t n = 0;
	g_autofree struct cf_part *parts = g_new0(struct cf_part, (size_t)u->paths->len + 1);
	const struct cf_func_info info = { .name = cf_dict_str(u->trace->dict, "[pruned]", -1),
					   .kind = CF_FRAME_NATIVE };
	struct cf_func func;

	if (!cost)
		return;
	for (uint32_t i = 0; i < u->paths->len; i++)
		if (u->pruned[i])
			parts[n++] = (struct cf_part){ .weight = (uint64_t)u->pruned[i], .number = i };
	if (u->pruned[PATHS_MAX] || !n)
		parts[n++] = (struct cf_part){ .weight = (uint64_t)MAX(u->pruned[PATHS_MAX], 1),
					       .number = G_MAXUINT32 };
	cf_split(cost, parts, n);
	func = cf_dict_func(u->trace->dict, info);
	for (size_t i = 0; i < n; i++) {
		struct cf_stack caller = { 0 };

		if (!parts[i].got)
			continue;
		if (parts[i].number != G_MAXUINT32)
			caller = g_array_index(u->paths, struct path, parts[i].number).stack;
		add_cost(u, cf_dict_push(u->trace->dict, caller, func, CF_FRAME_NATIVE), parts[i].got);
	}
}

int64_t cf_unfold(struct cf_trace *trace, struct cf_metric metric, double least)
{
	struct unfolding u = { .trace = trace, .metric = metric };
	uint64_t pruned;

	cf_call_graph_init(&u.graph, trace, metric);
	u.kept = g_new0(uint8_t, MAX(u.graph.n_edges, 1));
	u.root = g_new0(int64_t, u.graph.funcs);
	u.in = g_new0(unsigned __int128, u.graph.funcs);
	u.below = g_new0(int64_t, u.graph.funcs);
	u.pruned = g_new0(int64_t, PATHS_MAX + 1);
	u.paths = g_array_new(FALSE, FALSE, sizeof(struct path));
	u.least = least * (double)u.graph.self;
	cut_cycles(&u);
	keep_edges(&u);
	weigh_callers(&u);
	weigh_below(&u);
	follow_all(&u);
	pruned = divide_self(&u);
	divide_pruned(&u, pruned);
	g_free(u.kept);
	g_free(u.root);
	g_free(u.in);
	g_free(u.below);
	g_free(u.pruned);
	g_array_unref(u.paths);
	cf_call_graph_clear(&u.graph);
	return (int64_t)pruned;
}
