/* SPDX-License-Identifier: MIT */
/* core_graph: graphs: equal edges are one, order by weight, and fewer nodes with nothing lost uncounted. */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "core/graph.h"

static void edge(struct cf_graph *graph, uint32_t from, uint32_t to, const char *label, int64_t weight,
		 int64_t count, unsigned marks)
{
	const struct cf_graph_edge e = {
		.from = from, .to = to, .label = label, .weight = weight, .count = count, .marks = marks
	};

	cf_graph_edge(graph, &e);
}

START_TEST(finds_nodes_and_groups)
{
	struct cf_graph *graph = cf_graph_new(CF_UNIT_NS, "cpu-clock", "samples");
	uint32_t group = cf_graph_group(graph, "libc.so.6"), malloc_node;

	ck_assert_uint_eq(cf_graph_group(graph, NULL), 0);
	ck_assert_uint_eq(cf_graph_group(graph, ""), 0);
	ck_assert_uint_eq(cf_graph_group(graph, "libc.so.6"), group);
	malloc_node = cf_graph_node(graph, "libc!malloc", "malloc", group);
	ck_assert_uint_eq(cf_graph_node(graph, "libc!malloc", "another label", 0), malloc_node);
	ck_assert_uint_eq(graph->nodes->len, 1);
	ck_assert_str_eq(cf_graph_at(graph, malloc_node)->label, "malloc");
	ck_assert_str_eq(cf_graph_at(graph, cf_graph_node(graph, "x", NULL, 0))->label, "x");
	cf_graph_free(graph);
	cf_graph_free(NULL);
}
END_TEST

START_TEST(merges_and_sorts)
{
	struct cf_graph *graph = cf_graph_new(CF_UNIT_COUNT, NULL, NULL);
	uint32_t a = cf_graph_node(graph, "a", NULL, 0), b = cf_graph_node(graph, "b", NULL, 0);
	uint32_t c = cf_graph_node(graph, "c", NULL, 0), d = cf_graph_node(graph, "d", NULL, 0);
	static const char *const ids[] = { "c", "b", "a", "d" };

	cf_graph_at(graph, c)->weight = INT64_MIN;
	cf_graph_at(graph, a)->weight = 5;
	cf_graph_at(graph, b)->weight = -7;
	edge(graph, a, b, NULL, 3, 1, CF_MARK_NEW);
	edge(graph, c, c, NULL, INT64_MAX, 1, 0);
	edge(graph, c, c, NULL, INT64_MAX, 1, CF_MARK_HIGHLIGHT);
	edge(graph, a, b, "other", 3, 1, CF_MARK_NEW);
	edge(graph, a, b, NULL, 4, 2, 0);
	edge(graph, b, a, NULL, 7, 3, CF_MARK_GONE);
	edge(graph, b, a, NULL, 0, 0, CF_MARK_GONE);
	edge(graph, d, a, NULL, 7, 9, 0);
	cf_graph_finish(graph);
	for (guint i = 0; i < G_N_ELEMENTS(ids); i++) {
		ck_assert_str_eq(cf_graph_at(graph, i)->id, ids[i]);
		ck_assert_uint_eq(cf_graph_node(graph, ids[i], NULL, 0), i);
	}
	ck_assert_uint_eq(graph->edges->len, 5);
	/* Sums stop at the end of the range; a highlight stays, new and gone only where all are. */
	ck_assert(cf_graph_edge_at(graph, 0)->weight == INT64_MAX);
	ck_assert_uint_eq(cf_graph_edge_at(graph, 0)->marks, CF_MARK_HIGHLIGHT);
	ck_assert_int_eq(cf_graph_edge_at(graph, 1)->count, 9);
	ck_assert_int_eq(cf_graph_edge_at(graph, 2)->weight, 7);
	ck_assert_uint_eq(cf_graph_edge_at(graph, 2)->from, 1);
	ck_assert_uint_eq(cf_graph_edge_at(graph, 2)->marks, CF_MARK_GONE);
	ck_assert_int_eq(cf_graph_edge_at(graph, 3)->weight, 7);
	ck_assert_uint_eq(cf_graph_edge_at(graph, 3)->from, 2);
	ck_assert_uint_eq(cf_graph_edge_at(graph, 3)->marks, 0);
	ck_assert_str_eq(cf_graph_edge_at(graph, 4)->label, "other");
	cf_graph_free(graph);
}
END_TEST

/* A graph of n nodes in g groups whose edges lead to half, third, ... of a node's number. */
static struct cf_graph *make(uint32_t n, uint32_t groups, gboolean backwards)
{
	struct cf_graph *graph = cf_graph_new(CF_UNIT_NS, "cpu", "calls");
	g_autofree uint32_t *at = g_new(uint32_t, n);

	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = backwards ? n - 1 - k : k;
		g_autofree char *id = g_strdup_printf("f%05u", i),
				*group = g_strdup_printf("m%03u", i % groups);

		at[i] = cf_graph_node(graph, id, NULL, cf_graph_group(graph, group));
		cf_graph_at(graph, at[i])->weight = (int64_t)i * 7919 % 10007;
	}
	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = backwards ? n - 1 - k : k;

		for (uint32_t j = 2; j < 6; j++)
			edge(graph, at[i / j], at[i], NULL, i + j, 1, 0);
	}
	cf_graph_finish(graph);
	return graph;
}

static int64_t edge_weights(const struct cf_graph *graph)
{
	int64_t sum = 0;

	for (guint i = 0; i < graph->edges->len; i++)
		sum += cf_graph_edge_at(graph, i)->weight;
	return sum;
}

START_TEST(reduces_without_losing_count)
{
	static const uint32_t sizes[][3] = { { 10, 3, 10 },    { 11, 3, 10 },     { 500, 7, 60 },
					     { 500, 500, 60 }, { 5000, 40, 100 }, { 500, 1, 2 } };
	struct cf_graph *graph = make(sizes[_i][0], sizes[_i][1], FALSE);
	uint32_t most = sizes[_i][2], stands_for = 0, own = 0, others = 0;
	struct cf_graph *small = cf_graph_reduce(graph, most, G_MAXUINT32);
	int64_t inner = 0;

	ck_assert_uint_le(small->nodes->len, most);
	for (guint i = 0; i < small->nodes->len; i++) {
		const struct cf_graph_node *node = cf_graph_at(small, i);

		stands_for += node->stands_for;
		own += node->kind != CF_PARTY_OTHERS;
		others += node->kind == CF_PARTY_OTHERS;
	}
	ck_assert_uint_eq(own + stands_for, sizes[_i][0]);
	ck_assert_int_eq(others > 0, sizes[_i][0] > most);
	/* The heaviest are the ones that are left. */
	for (guint i = 0; i < own; i++)
		ck_assert(g_hash_table_contains(small->ids, cf_graph_at(graph, i)->id));
	/* What the edges weigh is there still, but for what lies within one node. */
	for (guint i = 0; i < graph->edges->len; i++) {
		const struct cf_graph_edge *e = cf_graph_edge_at(graph, i);
		const char *from = cf_graph_at(graph, e->from)->id, *to = cf_graph_at(graph, e->to)->id;

		if (!g_hash_table_contains(small->ids, from) && !g_hash_table_contains(small->ids, to))
			inner += e->weight;
	}
	ck_assert_int_le(edge_weights(small), edge_weights(graph));
	ck_assert_int_ge(edge_weights(small), edge_weights(graph) - inner);
	ck_assert_int_eq(small->note != NULL, sizes[_i][0] > most);
	cf_graph_free(small);
	cf_graph_free(graph);
}
END_TEST

START_TEST(keeps_what_is_marked)
{
	struct cf_graph *graph = make(300, 5, FALSE), *small;
	gboolean node_kept = FALSE, edge_kept = FALSE;

	/* The lightest of all. */
	cf_graph_at(graph, 299)->marks = CF_MARK_NEW;
	g_array_index(graph->edges, struct cf_graph_edge, graph->edges->len - 1).marks = CF_MARK_GONE;
	small = cf_graph_reduce(graph, 300, 40);
	ck_assert_uint_eq(small->edges->len, 40);
	for (guint i = 0; i < small->edges->len; i++)
		edge_kept |= cf_graph_edge_at(small, i)->marks == CF_MARK_GONE;
	ck_assert(edge_kept);
	ck_assert_ptr_nonnull(strstr(small->note, "lightest edges left out"));
	cf_graph_free(small);
	small = cf_graph_reduce(graph, 20, 1000);
	for (guint i = 0; i < small->nodes->len; i++)
		node_kept |= cf_graph_at(small, i)->marks == CF_MARK_NEW;
	ck_assert(node_kept);
	cf_graph_free(small);
	cf_graph_free(graph);
}
END_TEST

/* An input that names a node as the reduction would. */
START_TEST(others_have_a_name_of_their_own)
{
	struct cf_graph *graph = cf_graph_new(CF_UNIT_NONE, NULL, NULL), *small;

	for (int i = 0; i < 9; i++) {
		g_autofree char *id = g_strdup_printf("n%d", i);

		cf_graph_node(graph, id, NULL, 0);
	}
	cf_graph_at(graph, cf_graph_node(graph, "others", NULL, 0))->weight = 3;
	cf_graph_finish(graph);
	small = cf_graph_reduce(graph, 4, 10);
	ck_assert_uint_eq(small->nodes->len, 4);
	ck_assert_int_eq(cf_graph_at(small, 0)->kind, CF_PARTY_PLAIN);
	ck_assert_str_eq(cf_graph_at(small, 0)->id, "others");
	cf_graph_free(small);
	cf_graph_free(graph);
}
END_TEST

static void assert_same(const struct cf_graph *a, const struct cf_graph *b)
{
	ck_assert_uint_eq(a->nodes->len, b->nodes->len);
	ck_assert_uint_eq(a->edges->len, b->edges->len);
	for (guint i = 0; i < a->nodes->len; i++)
		ck_assert_str_eq(cf_graph_at(a, i)->id, cf_graph_at(b, i)->id);
	for (guint i = 0; i < a->edges->len; i++) {
		ck_assert_uint_eq(cf_graph_edge_at(a, i)->from, cf_graph_edge_at(b, i)->from);
		ck_assert_uint_eq(cf_graph_edge_at(a, i)->to, cf_graph_edge_at(b, i)->to);
		ck_assert_int_eq(cf_graph_edge_at(a, i)->weight, cf_graph_edge_at(b, i)->weight);
	}
}

START_TEST(order_of_adding_does_not_show)
{
	struct cf_graph *a = make(400, 9, FALSE), *b = make(400, 9, TRUE);
	struct cf_graph *small_a = cf_graph_reduce(a, 50, 70), *small_b = cf_graph_reduce(b, 50, 70);

	assert_same(a, b);
	assert_same(small_a, small_b);
	ck_assert_str_eq(small_a->note, small_b->note);
	cf_graph_free(small_a);
	cf_graph_free(small_b);
	cf_graph_free(a);
	cf_graph_free(b);
}
END_TEST

START_TEST(becomes_tables)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_graph *graph = make(12, 3, FALSE);
	struct cf_node *node, *edges, *nodes;

	cf_doc_section(doc, doc->root, "calls", NULL);
	node = cf_doc_graph(doc, doc->root, "calls", "Calls", graph);
	ck_assert_int_eq(node->kind, CF_GRAPH);
	ck_assert_str_eq(node->id, "calls-2");
	edges = node->first;
	nodes = edges->next;
	ck_assert_str_eq(edges->id, "calls-2-edges");
	ck_assert_str_eq(nodes->id, "calls-2-nodes");
	ck_assert_ptr_null(nodes->next);
	ck_assert_uint_eq(cf_table_rows(edges), graph->edges->len);
	ck_assert_uint_eq(cf_table_rows(nodes), graph->nodes->len);
	for (guint i = 0; i < graph->edges->len; i++) {
		const struct cf_graph_edge *e = cf_graph_edge_at(graph, i);

		ck_assert_str_eq(cf_table_cell(edges, i, 6)->text, cf_graph_at(graph, e->from)->id);
		ck_assert_str_eq(cf_table_cell(edges, i, 7)->text, cf_graph_at(graph, e->to)->id);
		ck_assert(cf_table_cell(edges, i, 3)->i == e->weight);
	}
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_graph");
	TCase *t = tcase_create("graph");

	tcase_add_test(t, finds_nodes_and_groups);
	tcase_add_test(t, merges_and_sorts);
	tcase_add_loop_test(t, reduces_without_losing_count, 0, 6);
	tcase_add_test(t, keeps_what_is_marked);
	tcase_add_test(t, others_have_a_name_of_their_own);
	tcase_add_test(t, order_of_adding_does_not_show);
	tcase_add_test(t, becomes_tables);
	suite_add_tcase(s, t);
	return s;
}
