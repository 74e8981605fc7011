/* SPDX-License-Identifier: MIT */
/* render_flame_layout: boxes fill their parents, and nothing is left out uncounted. */
#include "tests/unit/suite.h"

#include <math.h>

#include "render/flame_layout.h"

#define EPSILON 1e-12

static uint32_t add(struct cf_tree *tree, uint32_t parent, const char *name, int64_t self)
{
	struct cf_tree_node node = {
		.parent = parent, .name = cf_tree_name(tree, name), .self = self, .count = 1
	};

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

static const struct cf_flame_box *box_at(const struct cf_flame_layout *layout, guint i)
{
	ck_assert_uint_lt(i, layout->boxes->len);
	return &g_array_index(layout->boxes, struct cf_flame_box, i);
}

static void expect_box(const struct cf_flame_layout *layout, guint i, double x, double width, uint32_t level,
		       uint32_t parent, uint32_t pruned, int64_t total)
{
	const struct cf_flame_box *box = box_at(layout, i);

	ck_assert_double_eq_tol(box->x, x, EPSILON);
	ck_assert_double_eq_tol(box->width, width, EPSILON);
	ck_assert_uint_eq(box->level, level);
	ck_assert_uint_eq(box->parent, parent);
	ck_assert_uint_eq(box->pruned, pruned);
	ck_assert_int_eq(box->total, total);
}

START_TEST(places_children_from_the_left)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	struct cf_flame_layout layout;
	uint32_t a = add(tree, 0, "a", 10);

	add(tree, a, "c", 30);
	add(tree, a, "d", 20);
	add(tree, 0, "b", 25);
	g_array_index(tree->nodes, struct cf_tree_node, 0).self = 15;
	cf_tree_finish(tree);
	cf_flame_layout(tree, 0, 0, &layout);

	ck_assert_uint_eq(layout.boxes->len, 5);
	ck_assert_uint_eq(layout.levels, 3);
	expect_box(&layout, 0, 0, 1, 0, 0, 0, 100);
	expect_box(&layout, 1, 0, 0.60, 1, 0, 0, 60);
	expect_box(&layout, 2, 0, 0.30, 2, 1, 0, 30);
	expect_box(&layout, 3, 0.30, 0.20, 2, 1, 0, 20);
	expect_box(&layout, 4, 0.60, 0.25, 1, 0, 0, 25);
	ck_assert_uint_eq(layout.narrow_boxes + layout.deep_boxes, 0);
	cf_flame_layout_clear(&layout);
	cf_tree_free(tree);
}
END_TEST

START_TEST(sums_what_is_too_narrow)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	struct cf_flame_layout layout;
	uint32_t wide = add(tree, 0, "a", 900), thin;

	add(tree, wide, "tip", 9); /* 0.9 %: its own "other" box */
	add(tree, 0, "b", 9);
	thin = add(tree, 0, "c", 2);
	add(tree, add(tree, thin, "d", 3), "e", 4); /* c, d and e: 9 together */
	add(tree, 0, "f", 73);
	cf_tree_finish(tree);
	cf_flame_layout(tree, 0.01, 0, &layout);

	ck_assert_uint_eq(layout.boxes->len, 5);
	expect_box(&layout, 1, 0, 0.909, 1, 0, 0, 909);
	expect_box(&layout, 2, 0.909, 0.073, 1, 0, 0, 73);
	expect_box(&layout, 3, 0.982, 0.018, 1, 0, 4, 18);
	ck_assert_int_eq(box_at(&layout, 3)->count, 4);
	expect_box(&layout, 4, 0, 0.009, 2, 1, 1, 9);
	ck_assert_uint_eq(layout.narrow_boxes, 2);
	ck_assert_uint_eq(layout.narrow_nodes, 5);
	ck_assert_uint_eq(layout.deep_nodes, 0);
	cf_flame_layout_clear(&layout);
	cf_tree_free(tree);
}
END_TEST

START_TEST(cuts_deep_stacks)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	struct cf_flame_layout layout;
	uint32_t at = 0;

	for (int i = 0; i < 100000; i++)
		at = add(tree, at, "f", i == 99999 ? 7 : 0);
	cf_tree_finish(tree);
	cf_flame_layout(tree, 0.0001, 500, &layout);

	ck_assert_uint_eq(layout.boxes->len, 501);
	ck_assert_uint_eq(layout.levels, 501);
	expect_box(&layout, 500, 0, 1, 500, 499, 100001 - 500, 7);
	ck_assert_uint_eq(layout.deep_boxes, 1);
	ck_assert_uint_eq(layout.deep_nodes, 100001 - 500);
	ck_assert_uint_eq(layout.narrow_boxes, 0);
	cf_flame_layout_clear(&layout);
	cf_tree_free(tree);
}
END_TEST

START_TEST(survives_trees_without_weight)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	struct cf_flame_layout layout;

	cf_tree_finish(tree);
	cf_flame_layout(tree, 0.001, 0, &layout);
	ck_assert_uint_eq(layout.boxes->len, 1);
	expect_box(&layout, 0, 0, 1, 0, 0, 0, 0);
	cf_flame_layout_clear(&layout);

	add(tree, 0, "a", 0);
	add(tree, 0, "b", 0);
	cf_tree_finish(tree);
	cf_flame_layout(tree, 0.001, 0, &layout);
	ck_assert_uint_eq(layout.boxes->len, 2);
	expect_box(&layout, 1, 0, 0, 1, 0, 2, 0);
	cf_flame_layout_clear(&layout);
	cf_tree_free(tree);
}
END_TEST

/* -30 has no width: the root is as wide as 40 + 60, and the box still says -30. */
START_TEST(gives_negative_weights_no_width)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	struct cf_flame_layout layout;

	add(tree, 0, "a", 40);
	add(tree, 0, "b", -30);
	add(tree, 0, "c", 60);
	cf_tree_finish(tree);
	cf_flame_layout(tree, 0.001, 0, &layout);
	ck_assert_uint_eq(layout.boxes->len, 4);
	expect_box(&layout, 0, 0, 1, 0, 0, 0, 70);
	expect_box(&layout, 1, 0, 0.4, 1, 0, 0, 40);
	expect_box(&layout, 2, 0.4, 0.6, 1, 0, 0, 60);
	expect_box(&layout, 3, 1, 0, 1, 0, 1, -30);
	ck_assert_uint_eq(layout.negative_nodes, 1);
	cf_flame_layout_clear(&layout);
	cf_tree_free(tree);
}
END_TEST

START_TEST(takes_the_largest_weights)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, "time", "all");
	struct cf_flame_layout layout;

	for (int i = 0; i < 4; i++) {
		char name[2] = { (char)('a' + i), 0 };

		add(tree, 0, name, G_MAXINT64);
	}
	cf_tree_finish(tree);
	cf_flame_layout(tree, 0.001, 0, &layout);
	ck_assert_uint_eq(layout.boxes->len, 5);
	for (guint i = 1; i < 5; i++)
		expect_box(&layout, i, 0.25 * (i - 1), 0.25, 1, 0, 0, G_MAXINT64);
	cf_flame_layout_clear(&layout);
	cf_tree_free(tree);
}
END_TEST

static struct cf_tree *random_tree(GRand *rand, guint nodes, gboolean deep)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");

	for (guint i = 1; i < nodes; i++) {
		uint32_t near = i > 20 ? i - 20 : 0;
		uint32_t parent = g_rand_int_range(rand, deep ? (gint)near : 0, (gint)i);
		int64_t self = g_rand_int_range(rand, 0, 3) ? g_rand_int_range(rand, 0, 10)
							    : g_rand_int_range(rand, 0, 5000);
		char name[16];

		g_snprintf(name, sizeof(name), "f%d", g_rand_int_range(rand, 0, 40));
		add(tree, parent, name, self);
	}
	cf_tree_finish(tree);
	return tree;
}

/* What must hold of any layout, found from the boxes alone. */
static void expect_whole(const struct cf_tree *tree, const struct cf_flame_layout *layout, double min_width)
{
	guint n = layout->boxes->len;
	double *cursor = g_new0(double, n), whole = (double)box_at(layout, 0)->total;
	int64_t *left = g_new0(int64_t, n);
	guint64 pruned = 0, drawn = 0;

	for (guint i = 0; i < n; i++) {
		const struct cf_flame_box *box = box_at(layout, i);
		const struct cf_flame_box *parent = box_at(layout, box->parent);

		cursor[i] = box->x;
		left[i] = box->total;
		drawn += box->pruned == 0;
		pruned += box->pruned;
		ck_assert_uint_lt(box->level, layout->levels);
		if (whole > 0)
			ck_assert_double_eq_tol(box->width, (double)box->total / whole, EPSILON);
		if (i == 0)
			continue;
		ck_assert_uint_lt(box->parent, i);
		ck_assert_uint_eq(parent->pruned, 0);
		ck_assert_uint_eq(box->level, parent->level + 1);
		ck_assert_double_eq_tol(box->x, cursor[box->parent], EPSILON); /* no gap, no overlap */
		ck_assert_double_le(box->x + box->width, parent->x + parent->width + EPSILON);
		cursor[box->parent] = box->x + box->width;
		left[box->parent] -= box->total;
		if (!box->pruned)
			ck_assert_double_ge(box->width, min_width);
	}
	for (guint i = 0; i < n; i++) {
		const struct cf_flame_box *box = box_at(layout, i);
		int64_t self = g_array_index(tree->nodes, struct cf_tree_node, box->node).self;

		ck_assert_int_eq(left[i], box->pruned ? box->total : self); /* total = self + children */
	}
	ck_assert_uint_eq(drawn + pruned, tree->nodes->len);
	ck_assert_uint_eq(pruned, (guint64)layout->narrow_nodes + layout->deep_nodes);
	g_free(cursor);
	g_free(left);
}

START_TEST(holds_for_any_tree)
{
	GRand *rand = g_rand_new_with_seed(20261123);

	for (int round = 0; round < 150; round++) {
		double min_width = round % 3 ? g_rand_double_range(rand, 0, 0.05) : 1.0 / 12000;
		uint32_t levels = round % 2 ? 0 : (uint32_t)g_rand_int_range(rand, 1, 12);
		struct cf_tree *tree =
			random_tree(rand, (guint)g_rand_int_range(rand, 1, 800), round % 5 == 0);
		struct cf_flame_layout layout;

		cf_flame_layout(tree, min_width, levels, &layout);
		expect_whole(tree, &layout, min_width);
		if (levels)
			ck_assert_uint_le(layout.levels, levels + 1);
		cf_flame_layout_clear(&layout);
		cf_tree_free(tree);
	}
	g_rand_free(rand);
}
END_TEST

Suite *suite(void)
{
	Suite *suite = suite_create("render/flame_layout");
	TCase *cases = tcase_create("layout");

	tcase_add_test(cases, places_children_from_the_left);
	tcase_add_test(cases, sums_what_is_too_narrow);
	tcase_add_test(cases, cuts_deep_stacks);
	tcase_add_test(cases, survives_trees_without_weight);
	tcase_add_test(cases, gives_negative_weights_no_width);
	tcase_add_test(cases, takes_the_largest_weights);
	tcase_add_test(cases, holds_for_any_tree);
	tcase_set_timeout(cases, 60);
	suite_add_tcase(suite, cases);
	return suite;
}
