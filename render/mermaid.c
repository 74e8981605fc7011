/* SPDX-License-Identifier: MIT */
/* mermaid: a document's graphs, sequences and timelines as Mermaid text. */
#include "render/mermaid.h"

#include <string.h>

#include "render/call_graph.h"
#include "render/escape.h"

/* What GitHub takes, and what Mermaid draws by default (maxTextSize, maxEdges). */
#define MOST_CHARS 50000
#define MOST_EDGES 500
#define MOST_NODES 100 /* more can't be taken in at a look */

char *cf_mermaid_take(struct cf_out *out)
{
	char *text = g_strdup(cf_out_text(out, NULL));

	cf_out_abort(out);
	return text;
}

void cf_mermaid_head(struct cf_out *out, const char *title, const char *description)
{
	if (title && *title) {
		cf_out_puts(out, "accTitle: ");
		cf_escape_mermaid(out, title, CF_MERMAID_COLUMNS);
		cf_out_puts(out, "\n");
	}
	if (description && *description) {
		cf_out_puts(out, "accDescr: ");
		cf_escape_mermaid(out, description, 2 * CF_MERMAID_COLUMNS);
		cf_out_puts(out, "\n");
	}
}

/* The brackets that give a node its shape. */
static const char *const shapes[CF_PARTIES][2] = {
	[CF_PARTY_PLAIN] = { "[", "]" },      [CF_PARTY_SERVICE] = { "([", "])" },
	[CF_PARTY_DATABASE] = { "[(", ")]" }, [CF_PARTY_QUEUE] = { "[[", "]]" },
	[CF_PARTY_EXTERNAL] = { "{{", "}}" }, [CF_PARTY_OTHERS] = { "[", "]" },
};

/* "api", below it "new, 912 ms". */
static void put_node(struct cf_out *out, const struct cf_graph *graph, uint32_t i, const char *indent)
{
	const struct cf_graph_node *node = cf_graph_at(graph, i);
	const char *mark = cf_mark_word(node->marks, graph->highlight);

	cf_out_printf(out, "%sn%u%s\"", indent, i + 1, shapes[node->kind][0]);
	cf_escape_mermaid(out, node->label, CF_MERMAID_COLUMNS);
	if (*mark || node->weight)
		cf_out_puts(out, "<br/>");
	if (*mark)
		cf_escape_mermaid(out, mark, CF_MERMAID_COLUMNS);
	if (node->weight) {
		g_autofree char *weight = cf_unit_text_i64(graph->unit, node->weight);

		cf_out_puts(out, *mark ? ", " : "");
		cf_escape_mermaid(out, weight, 0);
	}
	cf_out_printf(out, "\"%s\n", shapes[node->kind][1]);
}

/* Groups of one are frames as well here: there is no second line for their name. */
static void put_nodes(struct cf_out *out, const struct cf_graph *graph)
{
	g_autofree gboolean *done = g_new0(gboolean, graph->groups->len);

	for (guint i = 0; i < graph->nodes->len; i++) {
		uint32_t group = cf_graph_at(graph, i)->group;

		if (!group) {
			put_node(out, graph, i, "  ");
			continue;
		}
		if (done[group])
			continue;
		done[group] = TRUE;
		cf_out_printf(out, "  subgraph g%u[\"", group);
		cf_escape_mermaid(out, g_ptr_array_index(graph->groups, group), CF_MERMAID_COLUMNS);
		cf_out_puts(out, "\"]\n");
		for (guint k = i; k < graph->nodes->len; k++)
			if (cf_graph_at(graph, k)->group == group)
				put_node(out, graph, k, "    ");
		cf_out_puts(out, "  end\n");
	}
}

static void put_edge(struct cf_out *out, const struct cf_graph *graph, const struct cf_graph_edge *edge)
{
	const char *arrow = edge->marks & CF_MARK_GONE ? "-.->" : edge->marks & CF_MARK_NEW ? "==>" : "-->";
	const char *mark = cf_mark_word(edge->marks, graph->highlight);
	g_autoptr(GString) words = g_string_new(edge->label);

	if (*mark)
		g_string_append_printf(words, "%s%s", words->len ? ", " : "", mark);
	if (edge->weight || edge->count) {
		g_autofree char *number = edge->weight ? cf_unit_text_i64(graph->unit, edge->weight)
						       : cf_unit_text_i64(CF_UNIT_COUNT, edge->count);

		g_string_append_printf(words, "%s%s%s%s", words->len ? ", " : "", number,
				       edge->weight ? "" : " ", edge->weight ? "" : graph->counted);
	}
	cf_out_printf(out, "  n%u %s", edge->from + 1, arrow);
	if (words->len) {
		cf_out_puts(out, "|\"");
		cf_escape_mermaid(out, words->str, CF_MERMAID_COLUMNS);
		cf_out_puts(out, "\"|");
	}
	cf_out_printf(out, " n%u\n", edge->to + 1);
}

/* Only outlines: the reader's theme has the colours of ground and words. */
static const struct {
	unsigned mark;
	const char *name, *style;
} classes[] = {
	{ CF_MARK_NEW, "new", "stroke:#1a7f37,stroke-width:3px" },
	{ CF_MARK_GONE, "gone", "stroke-dasharray:3 3" },
	{ CF_MARK_FAILED, "failed", "stroke:#c9473f,stroke-width:3px" },
	{ CF_MARK_HIGHLIGHT, "high", "stroke:#1463c4,stroke-width:3px" },
};

static void put_class(struct cf_out *out, const struct cf_graph *graph, size_t class)
{
	const char *separator = "";

	for (guint i = 0; i < graph->nodes->len; i++)
		if (cf_graph_at(graph, i)->marks & classes[class].mark) {
			cf_out_printf(out, *separator ? "%sn%u" : "  class %sn%u", separator, i + 1);
			separator = ",";
		}
	if (*separator)
		cf_out_printf(out, " %s\n  classDef %s %s\n", classes[class].name, classes[class].name,
			      classes[class].style);
	separator = "";
	for (guint i = 0; i < graph->edges->len; i++)
		if (cf_graph_edge_at(graph, i)->marks & classes[class].mark) {
			cf_out_printf(out, *separator ? "%s%u" : "  linkStyle %s%u", separator, i);
			separator = ",";
		}
	if (*separator)
		cf_out_printf(out, " %s\n", classes[class].style);
}

static char *graph_text(const struct cf_graph *graph, const char *caption)
{
	struct cf_out *out = cf_out_memory();

	cf_out_printf(out, "flowchart %s\n", graph->down ? "TB" : "LR");
	cf_mermaid_head(out, caption, graph->note);
	put_nodes(out, graph);
	for (guint i = 0; i < graph->edges->len; i++)
		put_edge(out, graph, cf_graph_edge_at(graph, i));
	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
		put_class(out, graph, i);
	return cf_mermaid_take(out);
}

char *cf_mermaid_graph(const struct cf_graph *graph, const char *caption, struct cf_mermaid_limits limits,
		       char **note)
{
	*note = NULL;
	if (!graph->nodes->len)
		return NULL;
	for (uint32_t nodes = MOST_NODES, edges = limits.edges;;
	     nodes = nodes * 2 / 3, edges = edges * 2 / 3) {
		struct cf_graph *reduced = cf_graph_reduce(graph, MAX(nodes, 2), edges);
		char *text = graph_text(reduced, caption);

		if (strlen(text) <= limits.chars) {
			*note = g_strdup(reduced->note);
			cf_graph_free(reduced);
			return text;
		}
		cf_graph_free(reduced);
		g_free(text);
		if (nodes < 2)
			return NULL;
	}
}

static gboolean is_figure(const struct cf_node *node)
{
	return node->kind == CF_GRAPH || node->kind == CF_SEQUENCE || node->kind == CF_TIMELINE;
}

char *cf_mermaid_node(const struct cf_node *node, const struct cf_render_opts *opts, char **note)
{
	const struct cf_mermaid_limits limits = {
		.chars = opts->mermaid_chars ? opts->mermaid_chars : MOST_CHARS,
		.edges = opts->mermaid_edges ? opts->mermaid_edges : MOST_EDGES
	};
	struct cf_graph *graph;
	char *text;

	switch (node->kind) {
	case CF_GRAPH:
		return cf_mermaid_graph(node->graph, node->text, limits, note);
	case CF_SEQUENCE:
		return cf_mermaid_sequence(node->sequence, node->text, limits, note);
	case CF_TIMELINE:
		return cf_mermaid_timeline(node->timeline, node->text, limits, note);
	case CF_TREE:
	case CF_FLAME:
		graph = cf_call_graph(node->tree);
		text = cf_mermaid_graph(graph, node->text, limits, note);
		cf_graph_free(graph);
		return text;
	default:
		*note = NULL;
		return NULL;
	}
}

static gboolean is_tree(const struct cf_node *node)
{
	return node->kind == CF_TREE || node->kind == CF_FLAME;
}

/*
 * One diagram stands alone. Mermaid has no files of several: those are fenced, as in Markdown, which Mermaid's own
 * command line reads as well. Call trees are drawn as call graphs where the document has nothing else.
 */
static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	g_autoptr(GPtrArray) diagrams = g_ptr_array_new_with_free_func(g_free);

	for (int trees = 0; trees < 2 && !diagrams->len; trees++)
		for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node)) {
			g_autofree char *note = NULL;
			char *text = NULL;

			if (trees ? is_tree(node) : is_figure(node))
				text = cf_mermaid_node(node, opts, &note);
			if (text)
				g_ptr_array_add(diagrams, text);
		}
	if (!diagrams->len)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "no graph, sequence, timeline or call tree to draw "
				   "in this document");
	for (guint i = 0; i < diagrams->len; i++) {
		if (diagrams->len > 1)
			cf_out_puts(out, i ? "\n```mermaid\n" : "```mermaid\n");
		cf_out_puts(out, g_ptr_array_index(diagrams, i));
		if (diagrams->len > 1)
			cf_out_puts(out, "```\n");
	}
	return 0;
}

const struct cf_renderer cf_renderer_mermaid = {
	.name = "mermaid",
	.extensions = "mmd mermaid",
	.summary = "graphs, sequences and timelines for Mermaid; call trees as call graphs",
	.render = render,
};
