/* SPDX-License-Identifier: MIT */
/* profiles: the architecture that stacks of samples, or counted calls, show. */
#include "analyzers/architecture/builder.h"

/* By node of the stack trie: the calls that lead from its caller to it, as numbers + 1; 0 for none. */
struct steps {
	uint32_t *edge, *call;
};

/* What one sample has counted already: numbers of samples, from 1. */
struct seen {
	uint32_t *part, *member, *edge, *call;
};

static gboolean *all_functions(const struct cf_dict *dict, const GArray *costs)
{
	gboolean *kept = g_new0(gboolean, (size_t)cf_dict_funcs(dict) + 1);
	g_autofree gboolean *done = g_new0(gboolean, (size_t)cf_dict_stacks(dict) + 1);

	for (guint i = 0; i < costs->len; i++) {
		struct cf_stack stack = g_array_index(costs, struct cf_stack_cost, i).stack;

		while (stack.id && !done[stack.id]) {
			const struct cf_stack_info info = cf_dict_stack_info(dict, stack);

			done[stack.id] = TRUE;
			kept[info.func.id] = TRUE;
			stack = info.caller;
		}
	}
	return kept;
}

static struct steps find_steps(struct cf_arch_builder *builder, const struct cf_dict *dict,
			       const uint32_t *place)
{
	const struct cf_architecture *arch = builder->arch;
	uint32_t stacks = cf_dict_stacks(dict);
	struct steps steps = { g_new0(uint32_t, (size_t)stacks + 1), g_new0(uint32_t, (size_t)stacks + 1) };

	for (uint32_t s = 1; s < stacks; s++) {
		const struct cf_stack_info info = cf_dict_stack_info(dict, (struct cf_stack){ s });
		uint32_t to = place[info.func.id], from, a, b;

		if (!info.caller.id || to == UINT32_MAX)
			continue;
		from = place[cf_dict_stack_info(dict, info.caller).func.id];
		if (from == UINT32_MAX || from == to)
			continue;
		a = cf_arch_member_at(arch, from)->part;
		b = cf_arch_member_at(arch, to)->part;
		steps.call[s] = cf_arch_builder_call(builder, from, to) + 1;
		if (a != b)
			steps.edge[s] = cf_arch_builder_edge(builder, a, b) + 1;
	}
	return steps;
}

static gboolean is_first(uint32_t *seen, uint32_t sample)
{
	gboolean first = *seen != sample;

	*seen = sample;
	return first;
}

static void add_to_call(GArray *calls, uint32_t number, const struct cf_stack_cost *cost)
{
	struct cf_arch_call *call = &g_array_index(calls, struct cf_arch_call, number - 1);

	cf_sum(&call->weight, cost->weight);
	cf_sum(&call->count, cost->count);
}

static void add_stack(struct cf_architecture *arch, const struct cf_dict *dict, const uint32_t *place,
		      const struct steps *steps, const struct seen *seen, const struct cf_stack_cost *cost,
		      uint32_t sample)
{
	struct cf_stack stack = cost->stack;
	gboolean innermost = TRUE;

	while (stack.id) {
		const struct cf_stack_info info = cf_dict_stack_info(dict, stack);
		uint32_t m = place[info.func.id];
		struct cf_arch_member *member = cf_arch_member_at(arch, m);
		struct cf_arch_part *part = cf_arch_part_at(arch, member->part);

		if (is_first(&seen->member[m], sample)) {
			cf_sum(&member->total, cost->weight);
			cf_sum(&member->count, cost->count);
		}
		if (is_first(&seen->part[member->part], sample)) {
			cf_sum(&part->total, cost->weight);
			cf_sum(&part->count, cost->count);
		}
		if (innermost) {
			cf_sum(&member->self, cost->weight);
			cf_sum(&part->self, cost->weight);
		}
		innermost = FALSE;
		if (!info.caller.id) {
			member->entry = TRUE;
			cf_sum(&member->entry_weight, cost->weight);
			cf_sum(&member->entry_count, cost->count);
		}
		if (steps->call[stack.id] && is_first(&seen->call[steps->call[stack.id] - 1], sample))
			add_to_call(arch->calls, steps->call[stack.id], cost);
		if (steps->edge[stack.id] && is_first(&seen->edge[steps->edge[stack.id] - 1], sample))
			add_to_call(arch->edges, steps->edge[stack.id], cost);
		stack = info.caller;
	}
}

/* Calls that no sample has: the trie may have stacks that filters took away. What costs nothing was called, though. */
static void drop_unseen(GArray *calls, const uint32_t *seen)
{
	guint kept = 0;

	for (guint i = 0; i < calls->len; i++)
		if (seen[i])
			g_array_index(calls, struct cf_arch_call, kept++) =
				g_array_index(calls, struct cf_arch_call, i);
	g_array_set_size(calls, kept);
}

void cf_arch_from_samples(struct cf_arch_builder *builder, const struct cf_profile *profile)
{
	struct cf_architecture *arch = builder->arch;
	const struct cf_dict *dict = profile->trace->dict;
	g_autofree gboolean *kept = all_functions(dict, profile->costs);
	g_autofree uint32_t *place = cf_arch_place(builder, profile->trace, kept);
	struct steps steps = find_steps(builder, dict, place);
	const struct seen seen = { g_new0(uint32_t, arch->parts->len + 1),
				   g_new0(uint32_t, arch->members->len + 1),
				   g_new0(uint32_t, arch->edges->len + 1),
				   g_new0(uint32_t, arch->calls->len + 1) };

	arch->counted = "samples";
	arch->sampled = TRUE;
	arch->weight = profile->weight;
	arch->count = profile->count;
	for (guint i = 0; i < profile->costs->len; i++)
		add_stack(arch, dict, place, &steps, &seen,
			  &g_array_index(profile->costs, struct cf_stack_cost, i), i + 1);
	drop_unseen(arch->calls, seen.call);
	drop_unseen(arch->edges, seen.edge);
	g_free(steps.edge);
	g_free(steps.call);
	g_free(seen.part);
	g_free(seen.member);
	g_free(seen.edge);
	g_free(seen.call);
}

/* --- counted calls -------------------------------------------------------------------------------------- */

static void add_calls(struct cf_arch_builder *builder, const struct cf_call_graph *graph,
		      const uint32_t *place)
{
	struct cf_architecture *arch = builder->arch;

	for (uint32_t i = 0; i < graph->n_edges; i++) {
		const struct cf_call_edge *edge = &graph->edges[i];
		const struct cf_stack_cost cost = { .weight = edge->weight, .count = edge->calls };
		uint32_t from = place[edge->caller], to = place[edge->callee], a, b;

		if (from == UINT32_MAX || to == UINT32_MAX || from == to)
			continue;
		a = cf_arch_member_at(arch, from)->part;
		b = cf_arch_member_at(arch, to)->part;
		add_to_call(arch->calls, cf_arch_builder_call(builder, from, to) + 1, &cost);
		if (a != b)
			add_to_call(arch->edges, cf_arch_builder_edge(builder, a, b) + 1, &cost);
	}
}

void cf_arch_from_calls(struct cf_arch_builder *builder, const struct cf_profile *profile)
{
	struct cf_architecture *arch = builder->arch;
	const struct cf_call_graph *graph = profile->graph;
	g_autofree gboolean *kept = cf_filter_funcs(&profile->filter, profile->trace->dict);
	g_autofree uint32_t *place = NULL;

	for (uint32_t f = 1; f < graph->funcs; f++)
		kept[f] = kept[f] && graph->nodes[f].occurs;
	place = cf_arch_place(builder, profile->trace, kept);
	arch->counted = "calls";
	arch->weight = profile->weight;
	for (uint32_t f = 1; f < graph->funcs; f++) {
		const struct cf_call_node *node = &graph->nodes[f];
		struct cf_arch_member *member;
		struct cf_arch_part *part;

		if (!kept[f])
			continue;
		member = cf_arch_member_at(arch, place[f]);
		part = cf_arch_part_at(arch, member->part);
		cf_sum(&member->self, node->self);
		cf_sum(&member->total, node->total);
		cf_sum(&member->count, node->calls);
		cf_sum(&part->self, node->self);
		/* Costs of calls contain each other: of a part only its own cost is known. */
		cf_sum(&part->total, node->self);
		cf_sum(&part->count, node->calls);
		cf_sum(&arch->count, node->calls);
		if (!node->called && !node->cycle) {
			member->entry = TRUE;
			cf_sum(&member->entry_weight, node->total);
			cf_sum(&member->entry_count, node->calls);
		}
	}
	add_calls(builder, graph, place);
}
