/* SPDX-License-Identifier: MIT */
/* core_doc: the document tree, its tables, and call trees with exact totals. */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "core/doc.h"

static const struct cf_column columns[] = { { "function", "function", CF_UNIT_NONE, CF_COLUMN_NAME },
					    { "self", "self", CF_UNIT_NS, 0 } };

START_TEST(builds_and_walks)
{
	struct cf_doc *doc = cf_doc_new("T");
	struct cf_node *a = cf_doc_section(doc, doc->root, "a", "First");
	struct cf_node *para = cf_doc_para(doc, a, "%d rows", 5);
	struct cf_node *b = cf_doc_section(doc, doc->root, "b", "Second");
	struct cf_node *callout = cf_doc_callout(doc, b, CF_LEVEL_FAIL);
	struct cf_node *want[] = { a, para, para->first, b, callout };
	const struct cf_node *node = doc->root;

	for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
		node = cf_node_walk(doc->root, node);
		ck_assert_ptr_eq(node, want[i]);
	}
	ck_assert_ptr_null(cf_node_walk(doc->root, node));
	ck_assert_ptr_null(cf_node_walk(callout, callout));
	ck_assert_ptr_eq(cf_node_walk(a, a), para);
	ck_assert_ptr_null(cf_node_walk(a, para->first));
	ck_assert_str_eq(para->first->text, "5 rows");
	ck_assert_int_eq(callout->level, CF_LEVEL_FAIL);
	ck_assert_ptr_eq(doc->root->last, b);
	ck_assert_str_eq(doc->title, "T");
	cf_doc_set_title(doc, doc->title);
	ck_assert_str_eq(doc->title, "T");
	cf_doc_free(doc);
	cf_doc_free(NULL);
}
END_TEST

START_TEST(keeps_ids_unique)
{
	struct cf_doc *doc = cf_doc_new(NULL);

	ck_assert_str_eq(cf_doc_section(doc, doc->root, "compare", "x")->id, "compare");
	ck_assert_str_eq(cf_doc_table(doc, doc->root, "compare", NULL, columns, 2)->id, "compare-2");
	ck_assert_str_eq(cf_doc_table(doc, doc->root, "compare", NULL, columns, 2)->id, "compare-3");
	ck_assert_str_eq(cf_doc_section(doc, doc->root, "compare-2", "x")->id, "compare-2-2");
	ck_assert_str_eq(cf_doc_section(doc, doc->root, "compare-4", "x")->id, "compare-4");
	ck_assert_str_eq(cf_doc_section(doc, doc->root, "compare", "x")->id, "compare-5");
	ck_assert_str_eq(cf_doc_section(doc, doc->root, NULL, "What we couldn't see!")->id,
			 "what-we-couldn-t-see");
	ck_assert_str_eq(cf_doc_section(doc, doc->root, NULL, "\xe6\xbc\xa2")->id, "section");
	cf_doc_free(doc);
}
END_TEST

/* Each of them looking at all before it would take minutes. */
START_TEST(numbers_many_equal_ids)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	const struct cf_node *last = NULL;

	for (int i = 0; i < 100000; i++)
		last = cf_doc_section(doc, doc->root, "same", NULL);
	ck_assert_str_eq(last->id, "same-100000");
	for (int i = 0; i < 100000; i++)
		cf_doc_add_input(doc, i, "n", "h", NULL);
	ck_assert_uint_eq(doc->inputs->len, 100000);
	cf_doc_free(doc);
}
END_TEST

START_TEST(fills_tables)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	char name[] = "siphash";
	struct cf_node *table = cf_doc_table(doc, doc->root, "functions", "by function", columns, 2);

	ck_assert_uint_eq(cf_table_rows(table), 0);
	cf_table_text(doc, table, name);
	name[0] = 'X';
	cf_table_int(table, INT64_MAX);
	cf_table_text(doc, table, NULL);
	cf_table_double(table, 0.5);
	cf_table_rest(table);
	cf_table_text(doc, table, "3 more");
	cf_table_empty(table);
	ck_assert_uint_eq(cf_table_rows(table), 2);
	ck_assert_str_eq(cf_table_cell(table, 0, 0)->text, "siphash");
	ck_assert(cf_table_cell(table, 0, 1)->i == INT64_MAX);
	ck_assert_int_eq(cf_table_cell(table, 1, 0)->type, CF_CELL_EMPTY);
	ck_assert(cf_table_cell(table, 1, 1)->d == 0.5);
	ck_assert_uint_eq(table->table->rest->len, 2);
	ck_assert_str_eq(g_array_index(table->table->columns, struct cf_column, 1).id, "self");
	table->table->recompute = g_strdup("callflow top");
	cf_doc_free(doc);
}
END_TEST

START_TEST(adds_inputs_once)
{
	struct cf_doc *doc = cf_doc_new(NULL);

	cf_doc_add_input(doc, 7, "nightly", "00ff", "run 7");
	cf_doc_add_input(doc, 8, "nightly", NULL, "run 8");
	cf_doc_add_input(doc, 7, "nightly", "00ff", "run 7");
	ck_assert_uint_eq(doc->inputs->len, 2);
	ck_assert_str_eq(g_array_index(doc->inputs, struct cf_doc_input, 0).hash, "00ff");
	ck_assert_str_eq(cf_verdict_name(CF_VERDICT_ATTENTION), "attention");
	cf_doc_free(doc);
}
END_TEST

/* Freed without recursion: nesting comes from templates. */
START_TEST(frees_deep_nesting)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *node = doc->root;

	for (int i = 0; i < 1000000; i++)
		node = cf_doc_add(doc, node, CF_LIST, NULL);
	cf_doc_free(doc);
}
END_TEST

static uint32_t add(struct cf_tree *tree, uint32_t parent, const char *name, const char *module, int64_t self)
{
	struct cf_tree_node node = { .parent = parent,
				     .name = cf_tree_name(tree, name),
				     .module = cf_tree_name(tree, module),
				     .self = self,
				     .count = self ? 1 : 0 };

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

START_TEST(sorts_and_sums_trees)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, "cpu-clock", "all");
	static const char *const names[] = { "all", "a", "z", "b", "b", "y", "c" };
	static const uint32_t parents[] = { 0, 0, 1, 0, 0, 4, 0 };
	static const int64_t totals[] = { 127, 5, 4, 16, 98, 32, 8 }, counts[] = { 6, 2, 1, 1, 2, 1, 1 };
	uint32_t c, b, a;

	ck_assert_uint_eq(cf_tree_name(tree, ""), 0);
	c = add(tree, 0, "c", "", 8);
	b = add(tree, 0, "b", "m2", 66);
	a = add(tree, 0, "a", "", 1);
	add(tree, 0, "b", "m1", 16);
	add(tree, b, "y", "", 32);
	add(tree, a, "z", "", 4);
	ck_assert_uint_eq(c, 1);
	cf_tree_finish(tree);
	ck_assert_uint_eq(tree->nodes->len, 7);
	for (guint i = 0; i < 7; i++) {
		struct cf_tree_node node = g_array_index(tree->nodes, struct cf_tree_node, i);

		ck_assert_str_eq(g_ptr_array_index(tree->names, node.name), names[i]);
		ck_assert_uint_eq(node.parent, parents[i]);
		ck_assert_int_eq(node.total, totals[i]);
		ck_assert_int_eq(node.count, counts[i]);
	}
	cf_tree_free(tree);
}
END_TEST

/* On random trees: every total is self plus the totals of the children, parents first, siblings sorted. */
START_TEST(keeps_identities)
{
	GRand *rand = g_rand_new_with_seed(42);
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "m", "all");
	int64_t *sums, selfs = 0;
	uint32_t *last;
	guint n = 20000;

	for (guint i = 1; i < n; i++) {
		char name[16];
		int64_t self = g_rand_int_range(rand, -5, 100);

		g_snprintf(name, sizeof(name), "f%d", g_rand_int_range(rand, 0, 300));
		add(tree, (uint32_t)g_rand_int_range(rand, 0, (gint32)i), name, "", self);
		selfs += self;
	}
	cf_tree_finish(tree);
	sums = g_new0(int64_t, n);
	last = g_new0(uint32_t, n);
	ck_assert_uint_eq(tree->nodes->len, n);
	ck_assert(g_array_index(tree->nodes, struct cf_tree_node, 0).total == selfs);
	for (guint i = 1; i < n; i++) {
		struct cf_tree_node node = g_array_index(tree->nodes, struct cf_tree_node, i);
		uint32_t sibling = last[node.parent];

		ck_assert_uint_lt(node.parent, i);
		sums[node.parent] += node.total;
		if (sibling) {
			uint32_t other = g_array_index(tree->nodes, struct cf_tree_node, sibling).name;

			ck_assert_int_le(strcmp(g_ptr_array_index(tree->names, other),
						g_ptr_array_index(tree->names, node.name)),
					 0);
		}
		last[node.parent] = i;
	}
	for (guint i = 0; i < n; i++) {
		struct cf_tree_node node = g_array_index(tree->nodes, struct cf_tree_node, i);

		ck_assert(node.total == node.self + sums[i]);
	}
	g_free(sums);
	g_free(last);
	g_rand_free(rand);
	cf_tree_free(tree);
}
END_TEST

START_TEST(finishes_deep_and_large_trees)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "m", "all");

	for (uint32_t i = 0; i < 300000; i++)
		add(tree, i, "f", "", 1);
	cf_tree_finish(tree);
	ck_assert_int_eq(g_array_index(tree->nodes, struct cf_tree_node, 0).total, 300000);
	cf_tree_free(tree);

	tree = cf_tree_new(CF_UNIT_COUNT, "m", "all");
	cf_tree_finish(tree);
	ck_assert_uint_eq(tree->nodes->len, 1);
	cf_tree_free(tree);

	tree = cf_tree_new(CF_UNIT_COUNT, "m", "all");
	add(tree, 0, "a", "", INT64_MAX);
	add(tree, 0, "b", "", INT64_MAX);
	cf_tree_finish(tree);
	ck_assert(g_array_index(tree->nodes, struct cf_tree_node, 0).total == INT64_MAX);
	cf_tree_free(tree);
}
END_TEST

/* With a node goes what it was alone in, up to the root. */
START_TEST(removes_nodes)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *one = cf_doc_section(doc, doc->root, "one", "one"),
		       *inner = cf_doc_section(doc, one, "inner", NULL),
		       *two = cf_doc_section(doc, doc->root, "two", "two"),
		       *first = cf_doc_para(doc, two, "first"), *middle = cf_doc_para(doc, two, "middle"),
		       *last = cf_doc_para(doc, two, "last");

	cf_doc_remove(inner);
	ck_assert_ptr_eq(doc->root->first, two);
	cf_doc_remove(middle);
	ck_assert_ptr_eq(first->next, last);
	cf_doc_remove(last);
	ck_assert_ptr_eq(two->last, first);
	last = cf_doc_para(doc, two, "again");
	ck_assert_ptr_eq(first->next, last);
	cf_doc_remove(first);
	ck_assert_ptr_eq(two->first, last);
	cf_doc_remove(last);
	ck_assert_ptr_null(doc->root->first);
	ck_assert_ptr_null(doc->root->last);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/doc");
	TCase *t = tcase_create("doc");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, builds_and_walks);
	tcase_add_test(t, keeps_ids_unique);
	tcase_add_test(t, numbers_many_equal_ids);
	tcase_add_test(t, fills_tables);
	tcase_add_test(t, adds_inputs_once);
	tcase_add_test(t, frees_deep_nesting);
	tcase_add_test(t, removes_nodes);
	tcase_add_test(t, sorts_and_sums_trees);
	tcase_add_test(t, keeps_identities);
	tcase_add_test(t, finishes_deep_and_large_trees);
	suite_add_tcase(s, t);
	return s;
}
