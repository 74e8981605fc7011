/* SPDX-License-Identifier: MIT */
/* components: strongly connected components of a directed graph. */
#include "core/components.h"

/* R. Tarjan, "Depth-first search and linear graph algorithms", 1972; with a stack of its own instead of recursion. */
struct search {
	const struct cf_adjacency *graph;
	uint32_t *number, *low; /* by node; number 0: not visited */
	uint32_t *next;         /* by node: the edge to look at next */
	uint32_t *path, depth;  /* nodes being visited */
	uint32_t *open, n_open; /* visited, and not yet known to which component they belong */
	guint8 *is_open;
	uint32_t count, components, *component_of;
};

static void enter(struct search *s, uint32_t node)
{
	s->number[node] = s->low[node] = ++s->count;
	s->next[node] = s->graph->first[node];
	s->path[s->depth++] = node;
	s->open[s->n_open++] = node;
	s->is_open[node] = 1;
}

static void leave(struct search *s, uint32_t node)
{
	uint32_t member;

	s->depth--;
	if (s->depth)
		s->low[s->path[s->depth - 1]] = MIN(s->low[s->path[s->depth - 1]], s->low[node]);
	if (s->low[node] != s->number[node])
		return;
	do {
		member = s->open[--s->n_open];
		s->is_open[member] = 0;
		s->component_of[member] = s->components;
	} while (member != node);
	s->components++;
}

static void visit(struct search *s, uint32_t root)
{
	enter(s, root);
	while (s->depth) {
		uint32_t node = s->path[s->depth - 1], end;

		if (s->next[node] == s->graph->first[node + 1]) {
			leave(s, node);
			continue;
		}
		end = s->graph->ends[s->next[node]++];
		if (!s->number[end])
			enter(s, end);
		else if (s->is_open[end])
			s->low[node] = MIN(s->low[node], s->number[end]);
	}
}

uint32_t *cf_components(const struct cf_adjacency *graph, uint32_t *count)
{
	size_t n = (size_t)graph->n + 1;
	struct search s = { .graph = graph };

	s.number = g_new0(uint32_t, n);
	s.low = g_new0(uint32_t, n);
	s.next = g_new0(uint32_t, n);
	s.path = g_new(uint32_t, n);
	s.open = g_new(uint32_t, n);
	s.is_open = g_new0(guint8, n);
	s.component_of = g_new0(uint32_t, n);
	for (uint32_t node = 0; node < graph->n; node++)
		if (!s.number[node])
			visit(&s, node);
	g_free(s.number);
	g_free(s.low);
	g_free(s.next);
	g_free(s.path);
	g_free(s.open);
	g_free(s.is_open);
	*count = s.components;
	return s.component_of;
}
