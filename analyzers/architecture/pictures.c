/* SPDX-License-Identifier: MIT */
/* pictures: an architecture as graphs: the parts, and what calls what inside them. */
#include "analyzers/architecture/view.h"

#include <string.h>

#include "core/graph.h"

/* What a reader takes in: the others are summed up. */
#define PARTS 30
#define PART_EDGES 80
#define MEMBERS 60
#define MEMBER_EDGES 120

static struct cf_graph *new_graph(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	struct cf_graph *graph = cf_graph_new(arch->unit, arch->metric, arch->counted);

	graph->down = TRUE;
	g_free(graph->highlight);
	graph->highlight = g_strdup("cycle");
	return graph;
}

static void add_edge(const struct cf_arch_view *view, struct cf_graph *graph, uint32_t from, uint32_t to,
		     const struct cf_arch_call *call)
{
	g_autofree char *failed = call->errors && !view->structure
					  ? g_strdup_printf("%" G_GINT64_FORMAT " failed", call->errors)
					  : NULL;
	const struct cf_graph_edge edge = { .from = from,
					    .to = to,
					    .label = failed,
					    .marks = call->marks,
					    .weight = view->structure ? 0 : call->weight,
					    .count = view->structure ? 0 : call->count };

	cf_graph_edge(graph, &edge);
}

/* Edges of the base that are gone, with their ends. */
static void add_gone(const struct cf_arch_view *view, struct cf_graph *graph)
{
	for (guint i = 0; view->changes && i < view->changes->rows->len; i++) {
		const struct cf_arch_change *change =
			&g_array_index(view->changes->rows, struct cf_arch_change, i);
		const struct cf_arch_call call = { .marks = CF_MARK_GONE };

		if (!change->gone)
			continue;
		if (change->kind == CF_ARCH_CHANGE_PART)
			cf_graph_at(graph, cf_graph_node(graph, change->from, NULL, 0))->marks |=
				CF_MARK_GONE;
		if (change->kind == CF_ARCH_CHANGE_EDGE) {
			uint32_t from = cf_graph_node(graph, change->from, NULL, 0);
			uint32_t to = cf_graph_node(graph, change->to, NULL, 0);

			add_edge(view, graph, from, to, &call);
		}
	}
}

static struct cf_graph *reduce(struct cf_graph *graph, uint32_t nodes, uint32_t edges)
{
	struct cf_graph *reduced;

	cf_graph_finish(graph);
	reduced = cf_graph_reduce(graph, nodes, edges);
	cf_graph_free(graph);
	return reduced;
}

void cf_arch_present_map(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	struct cf_graph *graph = new_graph(view);
	g_autofree char *caption = g_strdup_printf("%s and what they call", cf_arch_by_name(arch->by, TRUE));

	*caption = g_ascii_toupper(*caption);
	for (guint i = 0; i < arch->parts->len; i++) {
		const struct cf_arch_part *part = cf_arch_part_at(arch, i);
		struct cf_graph_node *node = cf_graph_at(
			graph, cf_graph_node(graph, part->name, NULL, cf_graph_group(graph, part->group)));

		node->kind = part->kind;
		node->marks = part->marks;
		node->weight = view->structure ? 0 : arch->sampled ? part->total : part->self;
		node->count = view->structure ? 0 : part->count;
	}
	/* Numbers of nodes are those of parts as long as the graph isn't finished. */
	for (guint i = 0; i < arch->edges->len; i++)
		add_edge(view, graph, cf_arch_edge_at(arch, i)->from, cf_arch_edge_at(arch, i)->to,
			 cf_arch_edge_at(arch, i));
	add_gone(view, graph);
	cf_doc_graph(view->analysis->doc, view->at, "map", caption,
		     reduce(graph, view->limit ? (uint32_t)CLAMP(view->limit, 2, 200) : PARTS, PART_EDGES));
}

/* Names of members are unique only within their parts. */
static uint32_t member_node(struct cf_graph *graph, const struct cf_architecture *arch, guint i)
{
	const struct cf_arch_member *member = cf_arch_member_at(arch, i);
	const struct cf_arch_part *part = cf_arch_part_at(arch, member->part);
	g_autofree char *id = g_strdup_printf("%s!%s", part->name, member->name);

	return cf_graph_node(graph, id, member->name, cf_graph_group(graph, part->name));
}

void cf_arch_present_calls(const struct cf_arch_view *view)
{
	const struct cf_architecture *arch = view->arch;
	struct cf_graph *graph = new_graph(view);
	g_autofree uint32_t *node = g_new(uint32_t, arch->members->len + 1);
	g_autofree char *caption = g_strdup_printf("%s by %s", view->spans ? "Operations" : "Functions",
						   cf_arch_by_name(arch->by, FALSE));

	for (guint i = 0; i < arch->members->len; i++) {
		const struct cf_arch_member *member = cf_arch_member_at(arch, i);
		struct cf_graph_node *n;

		node[i] = member_node(graph, arch, i);
		n = cf_graph_at(graph, node[i]);
		n->kind = view->spans ? cf_arch_part_at(arch, member->part)->kind : CF_PARTY_PLAIN;
		n->weight = view->structure ? 0 : member->total;
		n->count = view->structure ? 0 : member->count;
	}
	for (guint i = 0; i < arch->calls->len; i++)
		add_edge(view, graph, node[cf_arch_call_at(arch, i)->from],
			 node[cf_arch_call_at(arch, i)->to], cf_arch_call_at(arch, i));
	cf_doc_graph(view->analysis->doc, view->at, "calls", caption, reduce(graph, MEMBERS, MEMBER_EDGES));
}
