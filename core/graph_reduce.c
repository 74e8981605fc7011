/* SPDX-License-Identifier: MIT */
/* graph_reduce: a graph as small as a reader can take in. */
#include "core/graph.h"

#include <string.h>

#include "core/sum.h"

#define DROPPED G_MAXUINT32

/* The nodes of a group that aren't kept. */
struct bucket {
	uint32_t group, nodes;
	int64_t weight; /* only to find the heaviest groups: totals overlap, so their sum says nothing */
};

struct reduction {
	const struct cf_graph *from;
	struct cf_graph *to;
	uint32_t *place;      /* node of from -> node of to */
	GArray *buckets;      /* struct bucket, one per group */
	uint32_t others;      /* nodes that stand for several */
	uint32_t left_out;    /* nodes that another one stands for */
	uint32_t inner_edges; /* between nodes that became one */
};

static gint by_marks(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_graph *graph = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	gboolean marked_x = cf_graph_at(graph, x)->marks != 0, marked_y = cf_graph_at(graph, y)->marks != 0;

	if (marked_x != marked_y)
		return marked_x ? -1 : 1;
	return (x > y) - (x < y); /* nodes are in order of weight */
}

static gint by_bucket(gconstpointer a, gconstpointer b)
{
	const struct bucket *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->nodes != y->nodes)
		return x->nodes > y->nodes ? -1 : 1;
	return (x->group > y->group) - (x->group < y->group);
}

static uint32_t copy_node(struct reduction *r, uint32_t i)
{
	const struct cf_graph_node *old = cf_graph_at(r->from, i);
	const char *group = g_ptr_array_index(r->from->groups, old->group);
	uint32_t place = cf_graph_node(r->to, old->id, old->label, cf_graph_group(r->to, group));
	struct cf_graph_node *node = cf_graph_at(r->to, place);

	node->kind = old->kind;
	node->marks = old->marks;
	node->weight = old->weight;
	node->count = old->count;
	node->stands_for = old->stands_for;
	return place;
}

/* The node that stands for several; its id can't be that of one of them. */
static uint32_t others_node(struct reduction *r, const char *group, uint32_t nodes)
{
	g_autofree char *label = g_strdup_printf("%u others", nodes);
	g_autoptr(GString) id = g_string_new("others");
	struct cf_graph_node *node;
	uint32_t place;

	if (*group)
		g_string_append_printf(id, " of %s", group);
	while (g_hash_table_contains(r->from->ids, id->str) || g_hash_table_contains(r->to->ids, id->str))
		g_string_append_c(id, '\'');
	place = cf_graph_node(r->to, id->str, nodes == 1 ? "1 other" : label, cf_graph_group(r->to, group));
	node = cf_graph_at(r->to, place);
	node->kind = CF_PARTY_OTHERS;
	node->stands_for = nodes;
	r->others++;
	return place;
}

static void fill_buckets(struct reduction *r, const uint32_t *order, uint32_t kept)
{
	const struct cf_graph *from = r->from;

	r->buckets = g_array_new(FALSE, TRUE, sizeof(struct bucket));
	g_array_set_size(r->buckets, from->groups->len);
	for (guint g = 0; g < r->buckets->len; g++)
		g_array_index(r->buckets, struct bucket, g).group = g;
	for (guint i = kept; i < from->nodes->len; i++) {
		const struct cf_graph_node *node = cf_graph_at(from, order[i]);
		struct bucket *bucket = &g_array_index(r->buckets, struct bucket, node->group);

		bucket->nodes += MAX(node->stands_for, 1);
		bucket->weight = cf_add_sat(bucket->weight, node->weight < 0 ? 0 : node->weight);
		r->left_out += MAX(node->stands_for, 1);
		r->place[order[i]] = DROPPED;
	}
	g_array_sort(r->buckets, by_bucket);
}

/* One node for each of the heaviest groups, one for all other groups. */
static void add_others(struct reduction *r, uint32_t most)
{
	g_autofree uint32_t *place = g_new0(uint32_t, r->from->groups->len);
	uint32_t own = 0, rest = 0, rest_place = 0;

	for (guint i = 0; i < r->buckets->len; i++) {
		struct bucket *bucket = &g_array_index(r->buckets, struct bucket, i);

		if (!bucket->nodes)
			continue;
		if (own + 1 < most) {
			const char *group = g_ptr_array_index(r->from->groups, bucket->group);

			place[bucket->group] = others_node(r, group, bucket->nodes);
			own++;
			continue;
		}
		rest += bucket->nodes;
		place[bucket->group] = DROPPED;
	}
	if (rest)
		rest_place = others_node(r, "", rest);
	for (guint i = 0; i < r->from->nodes->len; i++)
		if (r->place[i] == DROPPED) {
			uint32_t at = place[cf_graph_at(r->from, i)->group];

			r->place[i] = at == DROPPED ? rest_place : at;
		}
}

static void copy_edges(struct reduction *r)
{
	for (guint i = 0; i < r->from->edges->len; i++) {
		struct cf_graph_edge edge = *cf_graph_edge_at(r->from, i);
		uint32_t from = r->place[edge.from], to = r->place[edge.to];

		if (from == to && cf_graph_at(r->to, from)->kind == CF_PARTY_OTHERS) {
			r->inner_edges++;
			continue;
		}
		/* What single calls are labelled doesn't hold for the sum of several. */
		if (cf_graph_at(r->to, from)->kind == CF_PARTY_OTHERS ||
		    cf_graph_at(r->to, to)->kind == CF_PARTY_OTHERS)
			edge.label = "";
		edge.from = from;
		edge.to = to;
		cf_graph_edge(r->to, &edge);
	}
}

/* Marked edges stay, then the heaviest. Returns how many are left out. */
static uint32_t cut_edges(GArray *edges, uint32_t most)
{
	uint32_t marked = 0, plain, kept = 0, n = edges->len;

	for (guint i = 0; i < n; i++)
		marked += g_array_index(edges, struct cf_graph_edge, i).marks != 0;
	marked = MIN(marked, most);
	plain = most - marked;
	for (guint i = 0; i < n; i++) {
		struct cf_graph_edge edge = g_array_index(edges, struct cf_graph_edge, i);
		uint32_t *room = edge.marks ? &marked : &plain;

		if (!*room)
			continue;
		--*room;
		g_array_index(edges, struct cf_graph_edge, kept++) = edge;
	}
	g_array_set_size(edges, kept);
	return n - kept;
}

static const char *plural(uint32_t n)
{
	return n == 1 ? "" : "s";
}

static char *make_note(const struct reduction *r, uint32_t cut)
{
	g_autoptr(GString) note = g_string_new(r->from->note);
	const char *separator = note->len ? "; " : "";

	if (r->left_out) {
		g_string_append_printf(note, "%s%u lighter node%s drawn as %u", separator, r->left_out,
				       r->left_out == 1 ? " is" : "s are", r->others);
		separator = "; ";
	}
	if (r->inner_edges)
		g_string_append_printf(note, ", without %u edge%s among them", r->inner_edges,
				       plural(r->inner_edges));
	if (cut)
		g_string_append_printf(note, "%s%u of the lightest edges left out", separator, cut);
	return note->len ? g_strdup(note->str) : NULL;
}

struct cf_graph *cf_graph_reduce(const struct cf_graph *graph, uint32_t max_nodes, uint32_t max_edges)
{
	uint32_t n = graph->nodes->len, groups = graph->groups->len, kept = n, most_others = 0, cut = 0;
	g_autofree uint32_t *order = g_new(uint32_t, n + 1);
	struct reduction r = { .from = graph, .place = g_new0(uint32_t, n + 1) };

	g_assert(max_nodes >= 2);
	r.to = cf_graph_new(graph->unit, graph->metric, graph->counted);
	g_free(r.to->highlight);
	r.to->highlight = g_strdup(graph->highlight);
	r.to->down = graph->down;
	if (n > max_nodes) {
		most_others = CLAMP(max_nodes / 4, 1, groups);
		kept = max_nodes - most_others;
	}
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), by_marks, (gpointer)graph);
	for (uint32_t i = 0; i < kept; i++)
		r.place[order[i]] = copy_node(&r, order[i]);
	fill_buckets(&r, order, kept);
	add_others(&r, most_others);
	copy_edges(&r);
	cf_graph_finish(r.to);
	if (r.to->edges->len > max_edges)
		cut = cut_edges(r.to->edges, max_edges);
	r.to->note = make_note(&r, cut);
	g_array_unref(r.buckets);
	g_free(r.place);
	return r.to;
}
