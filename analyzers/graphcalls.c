/* SPDX-License-Identifier: MIT */
/* graphcalls: callers and callees of a function, as a run with calls states them. */
#include "analyzers/calls.h"

#include "core/sum.h"

/* By function id: the calls with the target at the other end. */
struct sums {
	int64_t *weight, *count;
	uint32_t *cycle;
	uint8_t *seen;
};

static void add(struct cf_calls *calls, const struct cf_call_graph *graph, struct sums *sums,
		const struct cf_call_edge *edge, uint32_t other)
{
	uint32_t cycle = graph->nodes[edge->caller].cycle;

	if (edge->caller == edge->callee) {
		cf_sum(&calls->itself, edge->calls);
		return;
	}
	sums->seen[other] = 1;
	cf_sum(&sums->weight[other], edge->weight);
	cf_sum(&sums->count[other], edge->calls);
	if (cycle && cycle == graph->nodes[edge->callee].cycle)
		sums->cycle[other] = cycle;
}

static void add_callers(struct cf_calls *calls, const struct cf_call_graph *graph, struct sums *sums,
			uint32_t func)
{
	const struct cf_call_node *node = &graph->nodes[func];
	int64_t rest = cf_difference(node->total, node->in);

	for (uint32_t i = graph->first_to[func]; i < graph->first_to[func + 1]; i++) {
		const struct cf_call_edge *edge = &graph->edges[graph->to[i]];

		add(calls, graph, sums, edge, edge->caller);
	}
	/* A function that nobody calls, or whose calls aren't counted and don't account for its cost. */
	if (!node->called && !node->cycle && (rest > 0 || !node->in)) {
		sums->seen[0] = 1;
		cf_sum(&sums->weight[0], rest);
	}
}

static void add_callees(struct cf_calls *calls, const struct cf_call_graph *graph, struct sums *sums,
			uint32_t func)
{
	for (uint32_t i = graph->first[func]; i < graph->first[func + 1]; i++)
		add(calls, graph, sums, &graph->edges[i], graph->edges[i].callee);
	sums->seen[0] = 1;
	cf_sum(&sums->weight[0], graph->nodes[func].self);
}

void cf_graphcalls_compute(struct cf_calls *calls, const struct cf_profile *profile, enum cf_calls_side side)
{
	const struct cf_call_graph *graph = profile->graph;
	g_autofree int64_t *weight = g_new0(int64_t, graph->funcs), *count = g_new0(int64_t, graph->funcs);
	g_autofree uint32_t *cycle = g_new0(uint32_t, graph->funcs);
	g_autofree uint8_t *seen = g_new0(uint8_t, graph->funcs);
	struct sums sums = { weight, count, cycle, seen };

	calls->exact = TRUE;
	for (uint32_t f = 1; f < graph->funcs; f++) {
		const struct cf_call_node *node = &graph->nodes[f];

		if (!calls->target[f] || !node->occurs)
			continue;
		cf_sum(&calls->self, node->self);
		cf_sum(&calls->total, node->total);
		cf_sum(&calls->total_count, node->called);
		if (node->cycle) {
			calls->cycle = node->cycle;
			calls->members = graph->of_cycle[node->cycle].members;
		}
		if (side == CF_CALLERS)
			add_callers(calls, graph, &sums, f);
		else
			add_callees(calls, graph, &sums, f);
	}
	for (uint32_t f = 0; f < graph->funcs; f++) {
		const struct cf_call call = { { f }, weight[f], count[f], cycle[f] };

		if (seen[f])
			g_array_append_val(calls->rows, call);
	}
}
