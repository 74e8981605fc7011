/* SPDX-License-Identifier: MIT */
/* render_tree_rows: lines of a tree, and functions summed over it. */
#include "render/tree_rows.h"

#include "tests/unit/suite.h"

static uint32_t add(struct cf_tree *tree, uint32_t parent, const char *name, int64_t self)
{
	struct cf_tree_node node = {
		.parent = parent, .name = cf_tree_name(tree, name), .self = self, .count = 1
	};

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

/* all -> f 10 -> (g 20 -> f 30, h 1, i 2), all -> j 37 */
static struct cf_tree *make_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "cycles", "all");
	uint32_t f = add(tree, 0, "f", 10);
	uint32_t g = add(tree, f, "g", 20);

	add(tree, g, "f", 30);
	add(tree, f, "h", 1);
	add(tree, f, "i", 2);
	add(tree, 0, "j", 37);
	cf_tree_finish(tree);
	return tree;
}

static char *shape(const struct cf_tree *tree, GArray *rows)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < rows->len; i++) {
		const struct cf_tree_row *row = &g_array_index(rows, struct cf_tree_row, i);

		if (row->hidden)
			g_string_append_printf(text, "%u:+%u=%" G_GINT64_FORMAT, row->depth, row->hidden,
					       (gint64)row->total);
		else
			g_string_append_printf(text, "%u:%s=%" G_GINT64_FORMAT, row->depth,
					       cf_tree_text(tree, cf_tree_at(tree, row->node)->name),
					       (gint64)row->total);
		g_string_append_printf(text, "%s%s<%u ", row->last ? "." : "", row->only ? "!" : "",
				       row->parent);
	}
	g_array_unref(rows);
	return g_string_free(text, FALSE);
}

START_TEST(test_rows)
{
	struct cf_tree *tree = make_tree();
	g_autofree char *all = shape(tree, cf_tree_rows(tree, 0, 0, 0));
	g_autofree char *shallow = shape(tree, cf_tree_rows(tree, 1, 0, 0));
	g_autofree char *heavy = shape(tree, cf_tree_rows(tree, 0, 0.03, 0));
	g_autofree char *few = shape(tree, cf_tree_rows(tree, 0, 0, 3));

	ck_assert_str_eq(all, "0:all=100.!<0 1:f=63<0 2:g=50<1 3:f=30.!<2 2:i=2<1 2:h=1.<1 1:j=37.<0 ");
	ck_assert_str_eq(shallow, "0:all=100.!<0 1:f=63<0 1:j=37.<0 ");
	ck_assert_str_eq(heavy, "0:all=100.!<0 1:f=63<0 2:g=50<1 3:f=30.!<2 2:+2=3.<1 1:j=37.<0 ");
	ck_assert_str_eq(few, "0:all=100.!<0 1:f=63<0 2:g=50<1 3:+1=30.!<2 2:+2=3.<1 1:+1=37.<0 ");
	cf_tree_free(tree);
}
END_TEST

START_TEST(test_funcs)
{
	static const struct {
		const char *name;
		int64_t self, total, count;
	} want[] = {
		{ "f", 40, 63, 5 }, { "j", 37, 37, 1 }, { "g", 20, 50, 2 }, { "i", 2, 2, 1 }, { "h", 1, 1, 1 }
	};
	struct cf_tree *tree = make_tree();
	g_autoptr(GArray) funcs = NULL;

	funcs = cf_tree_funcs(tree);
	ck_assert_uint_eq(funcs->len, G_N_ELEMENTS(want));
	for (guint i = 0; i < funcs->len; i++) {
		const struct cf_tree_func *func = &g_array_index(funcs, struct cf_tree_func, i);

		ck_assert_str_eq(cf_tree_text(tree, func->name), want[i].name);
		ck_assert_int_eq(func->self, want[i].self);
		ck_assert_int_eq(func->total, want[i].total);
		ck_assert_int_eq(func->count, want[i].count);
	}
	cf_tree_free(tree);
}
END_TEST

/* 200000 levels: a stack that grew with them would be noticed here. */
START_TEST(test_deep)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "cycles", "all");
	uint32_t parent = 0;
	GArray *rows, *funcs;

	for (int i = 0; i < 200000; i++)
		parent = add(tree, parent, "f", 1);
	cf_tree_finish(tree);
	rows = cf_tree_rows(tree, 0, 0, 0);
	funcs = cf_tree_funcs(tree);
	ck_assert_uint_eq(rows->len, 200001);
	ck_assert_uint_eq(g_array_index(rows, struct cf_tree_row, 200000).depth, 200000);
	ck_assert_uint_eq(funcs->len, 1);
	ck_assert_int_eq(g_array_index(funcs, struct cf_tree_func, 0).self, 200000);
	ck_assert_int_eq(g_array_index(funcs, struct cf_tree_func, 0).total, 200000);
	g_array_unref(rows);
	g_array_unref(funcs);
	cf_tree_free(tree);
}
END_TEST

START_TEST(test_empty_root)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "cycles", "all");
	GArray *rows = cf_tree_rows(tree, 0, 0.5, 10), *funcs = cf_tree_funcs(tree);

	ck_assert_uint_eq(rows->len, 1);
	ck_assert_uint_eq(funcs->len, 0);
	ck_assert_double_eq(cf_tree_share(tree, 5), 0);
	g_array_unref(rows);
	g_array_unref(funcs);
	cf_tree_free(tree);
}
END_TEST

/* Sums stop at the end of the range: of lines that are hidden, and of a function in several places. */
START_TEST(test_saturation)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "cycles", "all");
	g_autoptr(GArray) rows = NULL, funcs = NULL;
	const struct cf_tree_row *rest;
	const struct cf_tree_func *func;

	add(tree, add(tree, 0, "a", 0), "f", INT64_MAX);
	add(tree, add(tree, 0, "b", 0), "f", INT64_MAX);
	cf_tree_finish(tree);
	rows = cf_tree_rows(tree, 0, 1, 0);
	ck_assert_uint_eq(rows->len, 2);
	rest = &g_array_index(rows, struct cf_tree_row, 1);
	ck_assert_uint_eq(rest->hidden, 2);
	ck_assert(rest->total == INT64_MAX);
	funcs = cf_tree_funcs(tree);
	func = &g_array_index(funcs, struct cf_tree_func, 0);
	ck_assert_str_eq(cf_tree_text(tree, func->name), "f");
	ck_assert(func->self == INT64_MAX && func->total == INT64_MAX);
	cf_tree_free(tree);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_tree_rows");
	TCase *t = tcase_create("tree_rows");

	tcase_add_test(t, test_rows);
	tcase_add_test(t, test_funcs);
	tcase_add_test(t, test_deep);
	tcase_add_test(t, test_empty_root);
	tcase_add_test(t, test_saturation);
	suite_add_tcase(s, t);
	return s;
}
