/* SPDX-License-Identifier: MIT */
/* call_graph: who calls whom at what cost in a run with calls, its cycles, and what functions cost in all. */
#include "core/call_graph.h"

#include <stdlib.h>
#include <string.h>

#include "core/components.h"
#include "core/sum.h"

/* Who calls whom, whatever the metric. */
static void adjacency_init(struct cf_adjacency *graph, const struct cf_trace *trace)
{
	const GArray *calls = trace->calls;
	uint32_t n = cf_dict_funcs(trace->dict);
	uint32_t *first = g_new0(uint32_t, (size_t)n + 2), *ends = g_new(uint32_t, MAX(calls->len, 1));
	g_autofree uint32_t *next = NULL;

	for (guint i = 0; i < calls->len; i++)
		first[g_array_index(calls, struct cf_call_cost, i).caller.id + 1]++;
	for (uint32_t f = 1; f <= n + 1; f++)
		first[f] += first[f - 1];
	next = g_memdup2(first, ((size_t)n + 1) * sizeof(*next));
	for (guint i = 0; i < calls->len; i++) {
		const struct cf_call_cost *call = &g_array_index(calls, struct cf_call_cost, i);

		ends[next[call->caller.id]++] = call->callee.id;
	}
	*graph = (struct cf_adjacency){ n, first, ends };
}

/* By function id: number of its cycle from 1, whatever the metric; 0 for those in none. Caller frees. */
static uint32_t *find_cycles(const struct cf_trace *trace, uint32_t *cycles)
{
	struct cf_adjacency graph;
	uint32_t count, *component, *cycle_of;
	g_autofree uint32_t *members = NULL;

	adjacency_init(&graph, trace);
	component = cf_components(&graph, &count);
	members = g_new0(uint32_t, (size_t)count + 1);
	cycle_of = g_new0(uint32_t, (size_t)graph.n + 1);
	for (uint32_t func = 1; func < graph.n; func++)
		members[component[func]]++;
	*cycles = 0;
	for (uint32_t c = 0; c < count; c++)
		members[c] = members[c] > 1 ? ++*cycles : 0;
	for (uint32_t func = 1; func < graph.n; func++)
		cycle_of[func] = members[component[func]];
	g_free(component);
	g_free((uint32_t *)graph.first);
	g_free((uint32_t *)graph.ends);
	return cycle_of;
}

/* --- sums of functions ---------------------------------------------------------------------------------- */

static void add(int64_t *sum, int64_t value)
{
	*sum = cf_add_sat(*sum, value);
}

static void add_line(struct cf_call_node *nodes, const struct cf_line_cost *line)
{
	nodes[line->func.id].occurs = TRUE;
	add(&nodes[line->func.id].self, line->weight);
}

static void add_call(struct cf_call_node *nodes, const uint32_t *cycle_of, const struct cf_call_cost *call)
{
	struct cf_call_node *caller = &nodes[call->caller.id], *callee = &nodes[call->callee.id];
	uint32_t cycle = cycle_of[call->caller.id];

	caller->occurs = callee->occurs = TRUE;
	add(&callee->calls, call->calls);
	if (caller == callee)
		return;
	add(&callee->called, call->calls);
	add(&callee->in, call->weight);
	add(&caller->out, call->weight);
	if (cycle && cycle == cycle_of[call->callee.id])
		return;
	add(&callee->entering, call->weight);
	add(&caller->leaving, call->weight);
}

static int64_t total_of(const struct cf_call_node *node, gboolean in_cycle)
{
	if (in_cycle)
		return cf_add_sat(node->self, node->leaving);
	return node->called > 0 ? node->in : cf_add_sat(node->self, node->out);
}

/* Numbers of rows in the order of their metrics: those of m are order[first[m]] to order[first[m + 1] - 1]. */
struct by_metric {
	uint32_t *first, *order;
};

static struct by_metric sort_by_metric(const GArray *rows, size_t metric_at, uint32_t metrics)
{
	struct by_metric sorted = { g_new0(uint32_t, (size_t)metrics + 2),
				    g_new(uint32_t, MAX(rows->len, 1)) };
	size_t size = g_array_get_element_size((GArray *)rows);

	/* Counted two places on, so that placing the rows moves each beginning to where it belongs. */
	for (uint32_t i = 0; i < rows->len; i++)
		sorted.first[((const struct cf_metric *)(const void *)(rows->data + i * size + metric_at))
				     ->id +
			     2]++;
	for (uint32_t m = 2; m < metrics + 2; m++)
		sorted.first[m] += sorted.first[m - 1];
	for (uint32_t i = 0; i < rows->len; i++) {
		uint32_t m =
			((const struct cf_metric *)(const void *)(rows->data + i * size + metric_at))->id;

		sorted.order[sorted.first[m + 1]++] = i;
	}
	return sorted;
}

static void by_metric_clear(struct by_metric *sorted)
{
	g_free(sorted->first);
	g_free(sorted->order);
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void note_func(GArray *seen, const struct cf_call_node *nodes, uint32_t func)
{
	if (!nodes[func].occurs)
		g_array_append_val(seen, func);
}

/* Appends the rows of the functions seen, and forgets them. */
static void end_metric(GArray *rows, struct cf_metric metric, struct cf_call_node *nodes,
		       const uint32_t *cycle_of, GArray *seen)
{
	if (seen->len)
		qsort(seen->data, seen->len, sizeof(uint32_t), ascending);
	for (uint32_t i = 0; i < seen->len; i++) {
		uint32_t func = g_array_index(seen, uint32_t, i);
		struct cf_call_node *node = &nodes[func];
		struct cf_func_cost row = { { func },    metric,
					    node->self,  total_of(node, cycle_of[func] != 0),
					    node->calls, node->calls };

		g_array_append_val(rows, row);
		*node = (struct cf_call_node){ 0 };
	}
	g_array_set_size(seen, 0);
}

GArray *cf_call_graph_func_costs(const struct cf_trace *trace)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_func_cost));
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	uint32_t cycles;
	g_autofree uint32_t *cycle_of = find_cycles(trace, &cycles);
	g_autofree struct cf_call_node *nodes = g_new0(struct cf_call_node, cf_dict_funcs(trace->dict));
	struct by_metric lines =
		sort_by_metric(trace->lines, offsetof(struct cf_line_cost, metric), trace->metrics->len);
	struct by_metric calls =
		sort_by_metric(trace->calls, offsetof(struct cf_call_cost, metric), trace->metrics->len);

	for (uint32_t m = 0; m < trace->metrics->len; m++) {
		for (uint32_t i = lines.first[m]; i < lines.first[m + 1]; i++) {
			const struct cf_line_cost *line =
				&g_array_index(trace->lines, struct cf_line_cost, lines.order[i]);

			note_func(seen, nodes, line->func.id);
			add_line(nodes, line);
		}
		for (uint32_t i = calls.first[m]; i < calls.first[m + 1]; i++) {
			const struct cf_call_cost *call =
				&g_array_index(trace->calls, struct cf_call_cost, calls.order[i]);

			note_func(seen, nodes, call->caller.id);
			if (call->caller.id != call->callee.id)
				note_func(seen, nodes, call->callee.id);
			add_call(nodes, cycle_of, call);
		}
		end_metric(rows, (struct cf_metric){ m }, nodes, cycle_of, seen);
	}
	by_metric_clear(&lines);
	by_metric_clear(&calls);
	return rows;
}

/* --- the graph of one metric ---------------------------------------------------------------------------- */

struct named {
	uint32_t func;
	const char *module, *name;
	enum cf_frame_kind kind;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = strcmp(x->module, y->module);

	if (!order)
		order = strcmp(x->name, y->name);
	if (!order)
		order = (x->kind > y->kind) - (x->kind < y->kind);
	return order ? order : (x->func > y->func) - (x->func < y->func);
}

static uint32_t *rank_functions(const struct cf_dict *dict)
{
	uint32_t n = cf_dict_funcs(dict);
	g_autofree struct named *funcs = g_new(struct named, n);
	uint32_t *rank = g_new(uint32_t, n);

	for (uint32_t f = 0; f < n; f++)
		funcs[f] = (struct named){ f, cf_dict_func_module(dict, (struct cf_func){ f }),
					   cf_dict_func_name(dict, (struct cf_func){ f }),
					   cf_dict_func_info(dict, (struct cf_func){ f }).kind };
	qsort(funcs, n, sizeof(*funcs), by_name);
	for (uint32_t i = 0; i < n; i++)
		rank[funcs[i].func] = i;
	return rank;
}

static gint by_caller(gconstpointer a, gconstpointer b, gpointer ranks)
{
	const struct cf_call_edge *x = a, *y = b;
	const uint32_t *rank = ranks;

	/* Callers by id, for first; callees by rank. */
	if (x->caller != y->caller)
		return x->caller < y->caller ? -1 : 1;
	return rank[x->callee] < rank[y->callee] ? -1 : rank[x->callee] > rank[y->callee];
}

static gint by_callee(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_call_graph *graph = data;
	const struct cf_call_edge *x = &graph->edges[*(const uint32_t *)a];
	const struct cf_call_edge *y = &graph->edges[*(const uint32_t *)b];

	if (x->callee != y->callee)
		return x->callee < y->callee ? -1 : 1;
	return graph->rank[x->caller] < graph->rank[y->caller]
		       ? -1
		       : graph->rank[x->caller] > graph->rank[y->caller];
}

static void fill_edges(struct cf_call_graph *graph, const struct cf_trace *trace, struct cf_metric metric)
{
	graph->edges = g_new(struct cf_call_edge, MAX(trace->calls->len, 1));
	for (uint32_t i = 0; i < trace->calls->len; i++) {
		const struct cf_call_cost *call = &g_array_index(trace->calls, struct cf_call_cost, i);

		if (call->metric.id == metric.id)
			graph->edges[graph->n_edges++] =
				(struct cf_call_edge){ call->caller.id, call->callee.id, call->weight,
						       call->calls };
	}
	g_qsort_with_data(graph->edges, (gint)graph->n_edges, sizeof(*graph->edges), by_caller, graph->rank);
	graph->to = g_new(uint32_t, MAX(graph->n_edges, 1));
	for (uint32_t i = 0; i < graph->n_edges; i++)
		graph->to[i] = i;
	g_qsort_with_data(graph->to, (gint)graph->n_edges, sizeof(*graph->to), by_callee, graph);
	graph->first = g_new0(uint32_t, (size_t)graph->funcs + 2);
	graph->first_to = g_new0(uint32_t, (size_t)graph->funcs + 2);
	for (uint32_t i = 0; i < graph->n_edges; i++) {
		graph->first[graph->edges[i].caller + 1]++;
		graph->first_to[graph->edges[i].callee + 1]++;
	}
	for (uint32_t f = 1; f <= graph->funcs + 1; f++) {
		graph->first[f] += graph->first[f - 1];
		graph->first_to[f] += graph->first_to[f - 1];
	}
}

/* A cycle as it was found: what it costs, and its member that comes first by name. */
struct found {
	uint32_t number, least;
	struct cf_call_cycle cost;
};

static int by_cost(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (!x->cost.members != !y->cost.members)
		return x->cost.members ? -1 : 1;
	if (x->cost.total != y->cost.total)
		return x->cost.total > y->cost.total ? -1 : 1;
	return x->least < y->least ? -1 : x->least > y->least;
}

/* Numbers the cycles by cost, those that don't occur in the metric last, and sums them up. */
static void number_cycles(struct cf_call_graph *graph, const uint32_t *cycle_of, uint32_t cycles)
{
	g_autofree struct found *found = g_new0(struct found, (size_t)cycles + 1);
	g_autofree uint32_t *number = g_new0(uint32_t, (size_t)cycles + 1);

	for (uint32_t c = 1; c <= cycles; c++)
		found[c] = (struct found){ .number = c, .least = UINT32_MAX };
	for (uint32_t f = 1; f < graph->funcs; f++) {
		const struct cf_call_node *node = &graph->nodes[f];
		struct found *cycle = &found[cycle_of[f]];

		if (!cycle_of[f] || !node->occurs)
			continue;
		cycle->least = MIN(cycle->least, graph->rank[f]);
		cycle->cost.members++;
		add(&cycle->cost.self, node->self);
		add(&cycle->cost.total, node->total);
		add(&cycle->cost.entering, node->entering);
	}
	qsort(found + 1, cycles, sizeof(*found), by_cost);
	graph->of_cycle = g_new0(struct cf_call_cycle, (size_t)cycles + 1);
	for (uint32_t c = 1; c <= cycles; c++) {
		number[found[c].number] = c;
		graph->of_cycle[c] = found[c].cost;
		graph->cycles += found[c].cost.members > 0;
	}
	for (uint32_t f = 1; f < graph->funcs; f++)
		graph->nodes[f].cycle = graph->nodes[f].occurs ? number[cycle_of[f]] : 0;
}

void cf_call_graph_init(struct cf_call_graph *graph, const struct cf_trace *trace, struct cf_metric metric)
{
	uint32_t cycles;
	g_autofree uint32_t *cycle_of = find_cycles(trace, &cycles);

	*graph = (struct cf_call_graph){ .funcs = cf_dict_funcs(trace->dict) };
	graph->rank = rank_functions(trace->dict);
	graph->nodes = g_new0(struct cf_call_node, graph->funcs);
	for (uint32_t i = 0; i < trace->lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(trace->lines, struct cf_line_cost, i);

		if (line->metric.id != metric.id)
			continue;
		add_line(graph->nodes, line);
		add(&graph->self, line->weight);
	}
	for (uint32_t i = 0; i < trace->calls->len; i++)
		if (g_array_index(trace->calls, struct cf_call_cost, i).metric.id == metric.id)
			add_call(graph->nodes, cycle_of,
				 &g_array_index(trace->calls, struct cf_call_cost, i));
	for (uint32_t f = 1; f < graph->funcs; f++)
		graph->nodes[f].total = total_of(&graph->nodes[f], cycle_of[f] != 0);
	fill_edges(graph, trace, metric);
	number_cycles(graph, cycle_of, cycles);
}

void cf_call_graph_clear(struct cf_call_graph *graph)
{
	g_free(graph->edges);
	g_free(graph->first);
	g_free(graph->to);
	g_free(graph->first_to);
	g_free(graph->rank);
	g_free(graph->nodes);
	g_free(graph->of_cycle);
	*graph = (struct cf_call_graph){ 0 };
}
