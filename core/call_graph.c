/* SPDX-License-Identifier: MIT */
/* call_graph: cycles of a run's calls, and what functions cost with all that they call. */
#include "core/call_graph.h"

#include "core/sum.h"

/* Who calls whom, whatever the metric: callees[first[f]] to callees[first[f + 1] - 1] are those of f. */
struct adjacency {
	uint32_t n, *first, *callees;
};

static void adjacency_init(struct adjacency *graph, const struct cf_trace *trace)
{
	g_autofree uint32_t *next = NULL;
	const GArray *calls = trace->calls;

	graph->n = cf_dict_funcs(trace->dict);
	graph->first = g_new0(uint32_t, (size_t)graph->n + 2);
	graph->callees = g_new(uint32_t, MAX(calls->len, 1));
	for (guint i = 0; i < calls->len; i++)
		graph->first[g_array_index(calls, struct cf_call_cost, i).caller.id + 1]++;
	for (uint32_t f = 1; f <= graph->n + 1; f++)
		graph->first[f] += graph->first[f - 1];
	next = g_memdup2(graph->first, ((size_t)graph->n + 1) * sizeof(*next));
	for (guint i = 0; i < calls->len; i++) {
		const struct cf_call_cost *call = &g_array_index(calls, struct cf_call_cost, i);

		graph->callees[next[call->caller.id]++] = call->callee.id;
	}
}

/* R. Tarjan, "Depth-first search and linear graph algorithms", 1972; with a stack of its own instead of recursion. */
struct search {
	const struct adjacency *graph;
	uint32_t *number, *low; /* by function; number 0: not visited */
	uint32_t *next;         /* by function: the callee to look at next */
	uint32_t *path, depth;  /* functions being visited */
	uint32_t *open, n_open; /* visited, and not yet known to which component they belong */
	guint8 *is_open;
	uint32_t count, cycles, *cycle_of;
};

static void enter(struct search *s, uint32_t func)
{
	s->number[func] = s->low[func] = ++s->count;
	s->next[func] = s->graph->first[func];
	s->path[s->depth++] = func;
	s->open[s->n_open++] = func;
	s->is_open[func] = 1;
}

static void leave(struct search *s, uint32_t func)
{
	uint32_t from = s->n_open, cycle = 0;

	s->depth--;
	if (s->depth)
		s->low[s->path[s->depth - 1]] = MIN(s->low[s->path[s->depth - 1]], s->low[func]);
	if (s->low[func] != s->number[func])
		return;
	while (s->open[--from] != func)
		;
	if (s->n_open - from > 1)
		cycle = ++s->cycles;
	while (s->n_open > from) {
		s->is_open[s->open[--s->n_open]] = 0;
		s->cycle_of[s->open[s->n_open]] = cycle;
	}
}

static void visit(struct search *s, uint32_t root)
{
	enter(s, root);
	while (s->depth) {
		uint32_t func = s->path[s->depth - 1], callee;

		if (s->next[func] == s->graph->first[func + 1]) {
			leave(s, func);
			continue;
		}
		callee = s->graph->callees[s->next[func]++];
		if (!s->number[callee])
			enter(s, callee);
		else if (s->is_open[callee])
			s->low[func] = MIN(s->low[func], s->number[callee]);
	}
}

uint32_t *cf_call_cycles(const struct cf_trace *trace, uint32_t *cycles)
{
	struct adjacency graph;
	struct search s = { .graph = &graph };
	size_t n;

	adjacency_init(&graph, trace);
	n = (size_t)graph.n + 1;
	s.number = g_new0(uint32_t, n);
	s.low = g_new0(uint32_t, n);
	s.next = g_new0(uint32_t, n);
	s.path = g_new(uint32_t, n);
	s.open = g_new(uint32_t, n);
	s.is_open = g_new0(guint8, n);
	s.cycle_of = g_new0(uint32_t, n);
	for (uint32_t func = 1; func < graph.n; func++)
		if (!s.number[func])
			visit(&s, func);
	g_free(s.number);
	g_free(s.low);
	g_free(s.next);
	g_free(s.path);
	g_free(s.open);
	g_free(s.is_open);
	g_free(graph.first);
	g_free(graph.callees);
	*cycles = s.cycles;
	return s.cycle_of;
}

static struct cf_func_cost *cost_at(struct cf_func_cost *costs, uint32_t funcs, struct cf_metric metric,
				    struct cf_func func)
{
	struct cf_func_cost *cost = &costs[(size_t)metric.id * funcs + func.id];

	cost->func = func;
	cost->metric = metric;
	return cost;
}

static void add_calls(struct cf_func_cost *costs, const struct cf_trace *trace, uint32_t funcs)
{
	uint32_t cycles;
	g_autofree uint32_t *cycle_of = cf_call_cycles(trace, &cycles);

	for (guint i = 0; i < trace->calls->len; i++) {
		const struct cf_call_cost *call = &g_array_index(trace->calls, struct cf_call_cost, i);
		struct cf_func_cost *caller = cost_at(costs, funcs, call->metric, call->caller);
		struct cf_func_cost *callee = cost_at(costs, funcs, call->metric, call->callee);
		uint32_t cycle = cycle_of[call->caller.id];

		callee->self_count = callee->total_count = cf_add_sat(callee->total_count, call->calls);
		if (caller != callee && (!cycle || cycle != cycle_of[call->callee.id]))
			caller->total = cf_add_sat(caller->total, call->weight);
	}
}

GArray *cf_call_graph_func_costs(const struct cf_trace *trace)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_func_cost));
	uint32_t funcs = cf_dict_funcs(trace->dict);
	size_t n = (size_t)trace->metrics->len * funcs;
	g_autofree struct cf_func_cost *costs = g_new0(struct cf_func_cost, MAX(n, 1));

	for (guint i = 0; i < trace->lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(trace->lines, struct cf_line_cost, i);
		struct cf_func_cost *cost = cost_at(costs, funcs, line->metric, line->func);

		cost->self = cf_add_sat(cost->self, line->weight);
		cost->total = cf_add_sat(cost->total, line->weight);
	}
	add_calls(costs, trace, funcs);
	for (size_t i = 0; i < n; i++)
		if (costs[i].func.id)
			g_array_append_val(rows, costs[i]);
	return rows;
}
