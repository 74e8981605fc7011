/* SPDX-License-Identifier: MIT */
/* graph: nodes and directed edges. */
#include "core/graph.h"

#include <string.h>

#include "core/hash.h"
#include "core/sum.h"

struct cf_graph *cf_graph_new(enum cf_unit unit, const char *metric, const char *counted)
{
	struct cf_graph *graph = g_new0(struct cf_graph, 1);

	graph->unit = unit;
	graph->metric = g_strdup(metric ? metric : "weight");
	graph->counted = g_strdup(counted ? counted : "count");
	graph->highlight = g_strdup("highlighted");
	graph->nodes = g_array_new(FALSE, TRUE, sizeof(struct cf_graph_node));
	graph->edges = g_array_new(FALSE, TRUE, sizeof(struct cf_graph_edge));
	graph->groups = g_ptr_array_new();
	graph->text = g_string_chunk_new(4096);
	graph->ids = g_hash_table_new(cf_str_hash, g_str_equal);
	graph->group_ids = g_hash_table_new(cf_str_hash, g_str_equal);
	cf_graph_group(graph, "");
	return graph;
}

void cf_graph_free(struct cf_graph *graph)
{
	if (!graph)
		return;
	g_free(graph->metric);
	g_free(graph->counted);
	g_free(graph->highlight);
	g_free(graph->note);
	g_array_unref(graph->nodes);
	g_array_unref(graph->edges);
	g_ptr_array_unref(graph->groups);
	g_hash_table_destroy(graph->ids);
	g_hash_table_destroy(graph->group_ids);
	g_string_chunk_free(graph->text);
	g_free(graph);
}

uint32_t cf_graph_group(struct cf_graph *graph, const char *name)
{
	gpointer index;
	char *kept;

	if (!name)
		name = "";
	if (g_hash_table_lookup_extended(graph->group_ids, name, NULL, &index))
		return GPOINTER_TO_UINT(index);
	kept = g_string_chunk_insert(graph->text, name);
	g_hash_table_insert(graph->group_ids, kept, GUINT_TO_POINTER(graph->groups->len));
	g_ptr_array_add(graph->groups, kept);
	return graph->groups->len - 1;
}

uint32_t cf_graph_node(struct cf_graph *graph, const char *id, const char *label, uint32_t group)
{
	struct cf_graph_node node = { .group = group };
	gpointer index;

	g_assert(group < graph->groups->len);
	if (g_hash_table_lookup_extended(graph->ids, id, NULL, &index))
		return GPOINTER_TO_UINT(index);
	node.id = g_string_chunk_insert(graph->text, id);
	node.label = label ? g_string_chunk_insert(graph->text, label) : node.id;
	g_hash_table_insert(graph->ids, (gpointer)node.id, GUINT_TO_POINTER(graph->nodes->len));
	g_array_append_val(graph->nodes, node);
	return graph->nodes->len - 1;
}

void cf_graph_edge(struct cf_graph *graph, const struct cf_graph_edge *edge)
{
	struct cf_graph_edge kept = *edge;

	g_assert(edge->from < graph->nodes->len && edge->to < graph->nodes->len);
	kept.label = edge->label ? g_string_chunk_insert(graph->text, edge->label) : "";
	g_array_append_val(graph->edges, kept);
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static int falling(int64_t a, int64_t b)
{
	return (magnitude(a) < magnitude(b)) - (magnitude(a) > magnitude(b));
}

static int rising(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

/* Ids are unique, so this is a total order. */
static gint by_node(gconstpointer a, gconstpointer b, gpointer data)
{
	const GArray *nodes = data;
	const struct cf_graph_node *x = &g_array_index(nodes, struct cf_graph_node, *(const guint32 *)a);
	const struct cf_graph_node *y = &g_array_index(nodes, struct cf_graph_node, *(const guint32 *)b);
	int order = falling(x->weight, y->weight);

	return order ? order : strcmp(x->id, y->id);
}

static gint by_ends(gconstpointer a, gconstpointer b)
{
	const struct cf_graph_edge *x = a, *y = b;
	int order = rising(x->from, y->from);

	if (!order)
		order = rising(x->to, y->to);
	return order ? order : strcmp(x->label, y->label);
}

static gint by_weight(gconstpointer a, gconstpointer b)
{
	const struct cf_graph_edge *x = a, *y = b;
	int order = falling(x->weight, y->weight);

	if (!order)
		order = falling(x->count, y->count);
	return order ? order : by_ends(a, b);
}

static unsigned merge_marks(unsigned a, unsigned b)
{
	const unsigned all = CF_MARK_NEW | CF_MARK_GONE;

	return (a & b & all) | ((a | b) & ~all);
}

static void merge_edges(GArray *edges)
{
	guint kept = 0;

	g_array_sort(edges, by_ends);
	for (guint i = 0; i < edges->len; i++) {
		const struct cf_graph_edge *edge = &g_array_index(edges, struct cf_graph_edge, i);
		struct cf_graph_edge *last = &g_array_index(edges, struct cf_graph_edge, kept ? kept - 1 : 0);

		if (kept && !by_ends(last, edge)) {
			last->weight = cf_add_sat(last->weight, edge->weight);
			last->count = cf_add_sat(last->count, edge->count);
			last->marks = merge_marks(last->marks, edge->marks);
		} else {
			g_array_index(edges, struct cf_graph_edge, kept) = *edge;
			kept++;
		}
	}
	g_array_set_size(edges, kept);
}

static void sort_nodes(struct cf_graph *graph)
{
	guint n = graph->nodes->len;
	g_autofree guint32 *order = g_new(guint32, n + 1);
	g_autofree guint32 *place = g_new(guint32, n + 1);
	GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_graph_node), n);

	for (guint i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), by_node, graph->nodes);
	for (guint i = 0; i < n; i++) {
		struct cf_graph_node *node = cf_graph_at(graph, order[i]);

		place[order[i]] = i;
		g_hash_table_insert(graph->ids, (gpointer)node->id, GUINT_TO_POINTER(i));
		g_array_append_val(sorted, *node);
	}
	for (guint i = 0; i < graph->edges->len; i++) {
		struct cf_graph_edge *edge = &g_array_index(graph->edges, struct cf_graph_edge, i);

		edge->from = place[edge->from];
		edge->to = place[edge->to];
	}
	g_array_unref(graph->nodes);
	graph->nodes = sorted;
}

void cf_graph_finish(struct cf_graph *graph)
{
	sort_nodes(graph);
	merge_edges(graph->edges);
	g_array_sort(graph->edges, by_weight);
}

static gboolean any_weight(const struct cf_graph *graph)
{
	for (guint i = 0; i < graph->edges->len; i++)
		if (cf_graph_edge_at(graph, i)->weight)
			return TRUE;
	return FALSE;
}

static gboolean any_label(const struct cf_graph *graph)
{
	for (guint i = 0; i < graph->edges->len; i++)
		if (*cf_graph_edge_at(graph, i)->label)
			return TRUE;
	return FALSE;
}

/* Which columns say something of the nodes. */
struct known {
	gboolean weight, count, kind;
};

static struct known what_is_known(const struct cf_graph *graph)
{
	struct known known = { FALSE, FALSE, FALSE };

	for (guint i = 0; i < graph->nodes->len; i++) {
		const struct cf_graph_node *node = cf_graph_at(graph, i);

		known.weight |= node->weight != 0;
		known.count |= node->count != 0;
		known.kind |= node->kind != CF_PARTY_PLAIN;
	}
	return known;
}

/* 0 stands for what isn't known. */
static void known_int(struct cf_node *table, int64_t value)
{
	if (value)
		cf_table_int(table, value);
	else
		cf_table_empty(table);
}

static unsigned all_marks(const struct cf_graph *graph)
{
	unsigned marks = 0;

	for (guint i = 0; i < graph->nodes->len; i++)
		marks |= cf_graph_at(graph, i)->marks;
	for (guint i = 0; i < graph->edges->len; i++)
		marks |= cf_graph_edge_at(graph, i)->marks;
	return marks;
}

/* A column that says nothing here is for programs only. */
static unsigned unless(gboolean shown)
{
	return shown ? 0 : CF_COLUMN_DATA;
}

static void add_edges(struct cf_doc *doc, struct cf_node *parent, const char *id,
		      const struct cf_graph *graph)
{
	g_autofree char *table_id = g_strconcat(id, "-edges", NULL);
	unsigned marked = all_marks(graph);
	const struct cf_column columns[] = {
		{ "from", "from", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "to", "to", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "label", "what", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | unless(any_label(graph)) },
		{ "weight", graph->metric, graph->unit, CF_COLUMN_LEAD | unless(any_weight(graph)) },
		{ "count", graph->counted, CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "mark", "mark", CF_UNIT_NONE, unless(marked) },
		{ "from_id", "from id", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
		{ "to_id", "to id", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
	};
	struct cf_node *table = cf_doc_table(doc, parent, table_id, "Edges", columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < graph->edges->len; i++) {
		const struct cf_graph_edge *edge = cf_graph_edge_at(graph, i);
		const struct cf_graph_node *from = cf_graph_at(graph, edge->from);
		const struct cf_graph_node *to = cf_graph_at(graph, edge->to);

		cf_table_text(doc, table, from->label);
		cf_table_text(doc, table, to->label);
		cf_table_text(doc, table, edge->label);
		known_int(table, edge->weight);
		known_int(table, edge->count);
		cf_table_text(doc, table, cf_mark_word(edge->marks, graph->highlight));
		cf_table_text(doc, table, from->id);
		cf_table_text(doc, table, to->id);
	}
}

static void add_nodes(struct cf_doc *doc, struct cf_node *parent, const char *id,
		      const struct cf_graph *graph)
{
	const struct known known = what_is_known(graph);
	g_autofree char *table_id = g_strconcat(id, "-nodes", NULL);
	const struct cf_column columns[] = {
		{ "node", "node", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "group", "group", CF_UNIT_NONE,
		  CF_COLUMN_NAME | CF_COLUMN_CODE | unless(graph->groups->len > 1) },
		{ "kind", "kind", CF_UNIT_NONE, unless(known.kind) },
		{ "weight", graph->metric, graph->unit, CF_COLUMN_LEAD | unless(known.weight) },
		{ "count", graph->counted, CF_UNIT_COUNT, CF_COLUMN_LEAD | unless(known.count) },
		{ "mark", "mark", CF_UNIT_NONE, unless(all_marks(graph)) },
		{ "id", "id", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
	};
	struct cf_node *table = cf_doc_table(doc, parent, table_id, "Nodes", columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < graph->nodes->len; i++) {
		const struct cf_graph_node *node = cf_graph_at(graph, i);

		cf_table_text(doc, table, node->label);
		cf_table_text(doc, table, g_ptr_array_index(graph->groups, node->group));
		cf_table_text(doc, table, cf_party_name(node->kind));
		known_int(table, node->weight);
		known_int(table, node->count);
		cf_table_text(doc, table, cf_mark_word(node->marks, graph->highlight));
		cf_table_text(doc, table, node->id);
	}
}

struct cf_node *cf_doc_graph(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *caption,
			     struct cf_graph *graph)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_GRAPH, caption);

	node->id = cf_doc_id(doc, id);
	node->graph = graph;
	add_edges(doc, node, node->id, graph);
	add_nodes(doc, node, node->id, graph);
	return node;
}
