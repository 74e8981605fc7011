/* SPDX-License-Identifier: MIT */
/* coupling: how the parts of an architecture depend on each other. */
#include "analyzers/architecture/builder.h"

#include "core/components.h"

/* Reaching every part from every other takes parts x edges steps: beyond this many the share isn't computed. */
#define REACH_MAX (64 * 1000 * 1000)

double cf_arch_instability(const struct cf_arch_part *part)
{
	uint32_t all = part->afferent + part->efferent;

	return all ? (double)part->efferent / all : 0;
}

static void adjacency_init(struct cf_adjacency *graph, const struct cf_architecture *arch)
{
	uint32_t n = arch->parts->len;
	uint32_t *first = g_new0(uint32_t, (size_t)n + 2), *ends = g_new(uint32_t, arch->edges->len + 1);
	g_autofree uint32_t *next = NULL;

	for (guint i = 0; i < arch->edges->len; i++)
		first[cf_arch_edge_at(arch, i)->from + 1]++;
	for (uint32_t i = 1; i <= n; i++)
		first[i] += first[i - 1];
	next = g_memdup2(first, ((size_t)n + 1) * sizeof(*next));
	for (guint i = 0; i < arch->edges->len; i++)
		ends[next[cf_arch_edge_at(arch, i)->from]++] = cf_arch_edge_at(arch, i)->to;
	*graph = (struct cf_adjacency){ n, first, ends };
}

/* Components come callees first, so that the levels of what a part depends on are known. */
static void find_levels(struct cf_architecture *arch, const struct cf_adjacency *graph,
			const uint32_t *component, uint32_t count)
{
	g_autofree uint32_t *level = g_new0(uint32_t, (size_t)count + 1),
			    *order = g_new(uint32_t, graph->n + 1);
	g_autofree uint32_t *first = g_new0(uint32_t, (size_t)count + 2);

	for (uint32_t i = 0; i < graph->n; i++)
		first[component[i] + 1]++;
	for (uint32_t c = 1; c <= count; c++)
		first[c] += first[c - 1];
	for (uint32_t i = 0; i < graph->n; i++)
		order[first[component[i]]++] = i;
	for (uint32_t k = 0; k < graph->n; k++) {
		uint32_t i = order[k], c = component[i];

		for (uint32_t e = graph->first[i]; e < graph->first[i + 1]; e++)
			if (component[graph->ends[e]] != c)
				level[c] = MAX(level[c], level[component[graph->ends[e]]] + 1);
	}
	for (uint32_t i = 0; i < graph->n; i++)
		cf_arch_part_at(arch, i)->level = level[component[i]];
}

static void number_cycles(struct cf_architecture *arch, const uint32_t *component, uint32_t count)
{
	g_autofree uint32_t *members = g_new0(uint32_t, (size_t)count + 1);
	g_autofree uint32_t *number = g_new0(uint32_t, (size_t)count + 1);

	for (guint i = 0; i < arch->parts->len; i++)
		members[component[i]]++;
	for (guint i = 0; i < arch->parts->len; i++) {
		uint32_t c = component[i];

		if (members[c] < 2)
			continue;
		if (!number[c])
			number[c] = ++arch->cycles;
		cf_arch_part_at(arch, i)->cycle = number[c];
	}
}

/* A. MacCormack, J. Rusnak, C. Baldwin, "Exploring the Structure of Complex Software Designs", 2006. */
static double propagation(const struct cf_adjacency *graph)
{
	g_autofree uint32_t *seen = g_new0(uint32_t, (size_t)graph->n + 1);
	g_autofree uint32_t *queue = g_new(uint32_t, (size_t)graph->n + 1);
	double reached = 0;

	if (!graph->n || (double)graph->n * (graph->first[graph->n] + 1.0) > REACH_MAX)
		return -1;
	for (uint32_t start = 0; start < graph->n; start++) {
		uint32_t head = 0, tail = 0;

		queue[tail++] = start;
		seen[start] = start + 1;
		while (head < tail) {
			uint32_t i = queue[head++];

			for (uint32_t e = graph->first[i]; e < graph->first[i + 1]; e++)
				if (seen[graph->ends[e]] != start + 1) {
					seen[graph->ends[e]] = start + 1;
					queue[tail++] = graph->ends[e];
				}
		}
		reached += tail;
	}
	return reached / graph->n / graph->n;
}

/* Does the call go against the stable dependencies principle: to a part that is less stable than the caller? */
static gboolean is_against(const struct cf_architecture *arch, const struct cf_arch_call *edge)
{
	return cf_arch_instability(cf_arch_part_at(arch, edge->from)) <
	       cf_arch_instability(cf_arch_part_at(arch, edge->to));
}

void cf_arch_couple(struct cf_architecture *arch)
{
	struct cf_adjacency graph;
	uint32_t count, *component;

	for (guint i = 0; i < arch->edges->len; i++) {
		cf_arch_part_at(arch, cf_arch_edge_at(arch, i)->from)->efferent++;
		cf_arch_part_at(arch, cf_arch_edge_at(arch, i)->to)->afferent++;
	}
	adjacency_init(&graph, arch);
	component = cf_components(&graph, &count);
	find_levels(arch, &graph, component, count);
	number_cycles(arch, component, count);
	arch->propagation = propagation(&graph);
	for (guint i = 0; i < arch->edges->len; i++) {
		struct cf_arch_call *edge = cf_arch_edge_at(arch, i);
		uint32_t cycle = cf_arch_part_at(arch, edge->from)->cycle;

		arch->edges_against += is_against(arch, edge);
		if (cycle && cycle == cf_arch_part_at(arch, edge->to)->cycle)
			edge->marks |= CF_MARK_HIGHLIGHT;
	}
	g_free(component);
	g_free((uint32_t *)graph.first);
	g_free((uint32_t *)graph.ends);
}
