/* SPDX-License-Identifier: MIT */
/* render_flame_difference: flame graphs of two sides: widths, colours, words. */
#include "render/flame_difference.h"

#include "core/files.h"
#include "render/flame.h"
#include "tests/unit/suite.h"

#include <string.h>

static void add(struct cf_tree *tree, uint32_t parent, const char *name, int64_t before, int64_t after,
		enum cf_tree_mark mark)
{
	const struct cf_tree_node node = { .parent = parent,
					   .name = cf_tree_name(tree, name),
					   .self = after };
	const struct cf_tree_diff diff = { .before = before, .after = after, .mark = mark };

	g_array_append_val(tree->nodes, node);
	g_array_append_val(tree->diffs, diff);
}

/* before 1000, after 1000, both 1500 */
static struct cf_tree *tree_of(enum cf_tree_widths widths, gboolean absolute)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	const struct cf_tree_diff root = { .mark = CF_TREE_CARRIES };

	tree->widths = widths;
	tree->absolute = absolute;
	tree->diffs = g_array_new(FALSE, TRUE, sizeof(struct cf_tree_diff));
	g_array_append_val(tree->diffs, root);
	add(tree, 0, "a", 0, 0, CF_TREE_CARRIES);
	add(tree, 1, "gone", 300, 0, CF_TREE_CHANGED);
	add(tree, 1, "new", 0, 100, CF_TREE_CHANGED);
	add(tree, 0, "quiet", 100, 150, CF_TREE_QUIET);
	add(tree, 0, "slower", 200, 450, CF_TREE_CHANGED);
	add(tree, 0, "faster", 400, 300, CF_TREE_CHANGED);
	cf_tree_finish(tree);
	return tree;
}

struct bench {
	struct cf_tree *tree;
	struct cf_flame_scene scene;
};

static void bench_init(struct bench *b, enum cf_tree_widths widths, gboolean absolute)
{
	const struct cf_render_opts opts = { .image_width = 1020 };

	b->tree = tree_of(widths, absolute);
	cf_flame_scene_init(&b->scene, b->tree, "t", NULL, &opts);
}

static void bench_clear(struct bench *b)
{
	cf_flame_scene_clear(&b->scene);
	cf_tree_free(b->tree);
}

static guint box_of(const struct bench *b, const char *name)
{
	for (guint i = 0; i < b->scene.layout.boxes->len; i++) {
		const struct cf_flame_box *box =
			&g_array_index(b->scene.layout.boxes, struct cf_flame_box, i);
		g_autofree char *own = cf_flame_box_name(&b->scene, box);

		if (!strcmp(own, name))
			return i;
	}
	ck_abort_msg("no box %s", name);
	return 0;
}

static double width_of(const struct bench *b, const char *name)
{
	return cf_flame_scene_rect(
		       &b->scene, &g_array_index(b->scene.layout.boxes, struct cf_flame_box, box_of(b, name)))
		.width;
}

static unsigned color_of(const struct bench *b, const char *name)
{
	return b->scene.colors[box_of(b, name)] - CF_FLAME_DIFF_COLOR;
}

START_TEST(sums_both_sides)
{
	struct cf_tree *tree = tree_of(CF_TREE_AFTER, FALSE);
	const struct cf_tree_diff *root = &g_array_index(tree->diffs, struct cf_tree_diff, 0);

	ck_assert_int_eq(root->before, 1000);
	ck_assert_int_eq(root->after, 1000);
	ck_assert_int_eq(root->both, 1400);
	for (guint i = 0; i < tree->nodes->len; i++)
		ck_assert_int_eq(g_array_index(tree->nodes, struct cf_tree_node, i).total,
				 g_array_index(tree->diffs, struct cf_tree_diff, i).after);
	cf_tree_free(tree);
}
END_TEST

START_TEST(has_the_widths_of_a_side)
{
	static const struct {
		const char *name;
		double after, before, both;
	} boxes[] = { { "all", 1000, 1000, 1000 },       { "gone", 0, 300, 300 / 1.4 },
		      { "new", 100, 0, 100 / 1.4 },      { "a", 100, 300, 400 / 1.4 },
		      { "slower", 450, 200, 450 / 1.4 }, { "quiet", 150, 100, 150 / 1.4 } };

	for (int widths = CF_TREE_AFTER; widths <= CF_TREE_BOTH; widths++) {
		struct bench b;

		bench_init(&b, (enum cf_tree_widths)widths, FALSE);
		for (size_t i = 0; i < G_N_ELEMENTS(boxes); i++)
			ck_assert_double_eq_tol(width_of(&b, boxes[i].name),
						widths == CF_TREE_AFTER    ? boxes[i].after
						: widths == CF_TREE_BEFORE ? boxes[i].before
									   : boxes[i].both,
						1e-6);
		bench_clear(&b);
	}
}
END_TEST

START_TEST(colours_what_changed)
{
	struct bench b;

	bench_init(&b, CF_TREE_BOTH, FALSE);
	ck_assert_uint_eq(color_of(&b, "quiet"), CF_FLAME_QUIET);
	ck_assert_uint_eq(color_of(&b, "slower"), CF_FLAME_MORE + 3);
	ck_assert_uint_eq(color_of(&b, "faster"), CF_FLAME_LESS + 2);
	ck_assert_uint_eq(color_of(&b, "new"), CF_FLAME_MORE + 3);
	ck_assert_uint_eq(color_of(&b, "gone"), CF_FLAME_LESS + 3);
	ck_assert_uint_eq(color_of(&b, "a"), CF_FLAME_LESS);
	ck_assert(b.scene.hatched[box_of(&b, "new")] && b.scene.hatched[box_of(&b, "gone")]);
	ck_assert(!b.scene.hatched[box_of(&b, "slower")]);
	bench_clear(&b);
	bench_init(&b, CF_TREE_BOTH, TRUE);
	ck_assert_uint_eq(color_of(&b, "slower"), CF_FLAME_MORE + 3);
	ck_assert_uint_eq(color_of(&b, "faster"), CF_FLAME_LESS + 3);
	ck_assert_uint_eq(color_of(&b, "new"), CF_FLAME_MORE + 3);
	bench_clear(&b);
}
END_TEST

START_TEST(says_it_in_words)
{
	static const char *const titles[][2] = { { "slower", "slower: 450, was 200: +250, ×2.25" },
						 { "faster", "faster: 300, was 400: -100, ×0.75" },
						 { "quiet", "quiet: 150, was 100: +50, ×1.50, within noise" },
						 { "new", "new: 100, new" },
						 { "gone", "gone: gone, was 300" } };
	struct bench b;

	bench_init(&b, CF_TREE_AFTER, FALSE);
	for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) {
		g_autofree char *title =
			cf_flame_box_title(&b.scene, &g_array_index(b.scene.layout.boxes, struct cf_flame_box,
								    box_of(&b, titles[i][0])));

		ck_assert_str_eq(title, titles[i][1]);
	}
	ck_assert_uint_eq(b.scene.legend->len, CF_FLAME_STEPS + 1);
	bench_clear(&b);
}
END_TEST

/* In the picture what has gone is only data, for the button that shows it. */
START_TEST(writes_what_scripts_need)
{
	struct cf_tree *tree = tree_of(CF_TREE_AFTER, FALSE);
	const struct cf_render_opts opts = { .image_width = 1020 };
	struct cf_out *out = cf_out_memory();
	struct cf_diag diag = { 0 };
	const char *svg;

	ck_assert_int_eq(cf_flame_svg_write(tree, "f", "t", NULL, TRUE, &opts, out, &diag), 0);
	svg = cf_out_text(out, NULL);
	ck_assert_ptr_nonnull(strstr(svg, "\"widths\":\"after\",\"absolute\":false,\"colors\":51,"));
	ck_assert_ptr_nonnull(strstr(svg, "\"diffs\":[1000,1000,1400,2,"));
	ck_assert_ptr_nonnull(strstr(svg, "class=\"cf-hatch\""));
	ck_assert_ptr_null(strstr(svg, "<title>gone: "));
	ck_assert_ptr_nonnull(strstr(svg, "<title>new: "));
	cf_out_abort(out);
	cf_tree_free(tree);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render/flame_difference");
	TCase *c = tcase_create("flame_difference");

	tcase_add_test(c, sums_both_sides);
	tcase_add_test(c, has_the_widths_of_a_side);
	tcase_add_test(c, colours_what_changed);
	tcase_add_test(c, says_it_in_words);
	tcase_add_test(c, writes_what_scripts_need);
	suite_add_tcase(s, c);
	return s;
}
