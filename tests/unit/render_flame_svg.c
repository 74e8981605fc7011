/* SPDX-License-Identifier: MIT */
/* render_flame_svg: the picture is well-formed, names stay data, and its words and colours can be read. */
#include "tests/unit/suite.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/flame.h"
#include "render/flame_scene.h"

static const struct cf_render_opts plain = { 0 };

static void fail_on_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_abort_msg("unexpected message: %s", text);
}

static struct cf_diag quiet = { .consume = fail_on_message };

static uint32_t add(struct cf_tree *tree, uint32_t parent, const char *name, const char *module,
		    enum cf_frame_kind kind, int64_t self, int64_t count)
{
	struct cf_tree_node node = { .parent = parent,
				     .name = cf_tree_name(tree, name),
				     .module = cf_tree_name(tree, module),
				     .kind = kind,
				     .self = self,
				     .count = count };

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

static struct cf_tree *server_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, "cpu-clock", "all");
	uint32_t thread = add(tree, 0, "redis-server", "", CF_FRAME_NATIVE, 0, 0);
	uint32_t main_ = add(tree, thread, "main", "redis-server", CF_FRAME_NATIVE, 1000000, 1);
	const char *find = "std::map<int, ns::key>::find(ns::key const&) const";
	uint32_t call = add(tree, main_, find, "redis-server", CF_FRAME_NATIVE, 550000000, 550);

	add(tree, call, find, "redis-server", CF_FRAME_NATIVE, 50000000,
	    50); /* recursion counts once in a search */
	add(tree, call, "__memcpy_avx_unaligned_erms", "libc.so.6", CF_FRAME_NATIVE, 100000000, 100);
	add(tree, main_, "_raw_spin_unlock_irqrestore", "[kernel]", CF_FRAME_KERNEL, 250000000, 250);
	add(tree, main_, "[unresolved]", "liblua5.1.so.0", CF_FRAME_UNRESOLVED, 48990000, 49);
	add(tree, main_, "tick", "redis-server", CF_FRAME_NATIVE, 4000, 1);
	add(tree, main_, "tock", "redis-server", CF_FRAME_NATIVE, 6000, 1);
	tree->note = g_strdup("12 of 1013 samples hidden by --focus");
	cf_tree_finish(tree);
	return tree;
}

static char *svg_text(const struct cf_tree *tree, const char *id, const char *title, gboolean standalone,
		      const struct cf_render_opts *opts)
{
	struct cf_out *out = cf_out_memory();
	char *text;

	ck_assert_int_eq(cf_flame_svg_write(tree, id, title, NULL, standalone, opts, out, &quiet), 0);
	text = g_strdup(cf_out_text(out, NULL));
	cf_out_abort(out);
	return text;
}

static void expect_golden(const char *path, const char *text)
{
	g_autofree char *expected = NULL;

	if (g_getenv("UPDATE_GOLDEN"))
		ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert_msg(g_file_get_contents(path, &expected, NULL, NULL), "%s can't be read", path);
	ck_assert_msg(strcmp(expected, text) == 0, "differs from %s (UPDATE_GOLDEN=1 rewrites it)", path);
}

START_TEST(equals_the_golden_picture)
{
	struct cf_tree *tree = server_tree();
	g_autofree char *first = svg_text(tree, "flame", "redis-server", FALSE, &plain);
	g_autofree char *second = svg_text(tree, "flame", "redis-server", FALSE, &plain);

	ck_assert_str_eq(first, second);
	expect_golden("tests/golden/flame/server.svg", first);
	cf_tree_free(tree);
}
END_TEST

START_TEST(says_what_the_boxes_are)
{
	struct cf_tree *tree = server_tree();
	g_autofree char *text = svg_text(tree, "flame", NULL, FALSE, &plain);

	/* 1000000000 ns in 1002 samples */
	ck_assert_ptr_nonnull(strstr(text, "cpu-clock: 1.00 s, 1002 samples"));
	ck_assert_ptr_nonnull(strstr(text, "12 of 1013 samples hidden by --focus"));
	ck_assert_ptr_nonnull(strstr(text, "2 frames narrower than 0.1 px summed in 1 box named other"));
	ck_assert_ptr_nonnull(
		strstr(text, "_raw_spin_unlock_irqrestore ([kernel]): 250 ms, 25.00 %, 250 samples"));
	ck_assert_ptr_nonnull(strstr(text, ">redis-server 60.10 %<"));
	ck_assert_ptr_nonnull(strstr(text, ">kernel 25.00 %<"));
	ck_assert_ptr_nonnull(strstr(text, ">unresolved 4.90 %<"));
	cf_tree_free(tree);
}
END_TEST

/* Bottom-up, the legend is of what modules cost themselves, as in the other direction, not of where stacks begin. */
START_TEST(legend_of_a_bottom_up_graph)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, "cpu-clock", "all");
	uint32_t copy = add(tree, 0, "memcpy", "libc.so.6", CF_FRAME_NATIVE, 0, 0), find;
	g_autofree char *text = NULL;

	tree->inverted = TRUE;
	find = add(tree, copy, "find", "app", CF_FRAME_NATIVE, 0, 0);
	add(tree, find, "_start", "ld.so", CF_FRAME_NATIVE, 700, 7);
	add(tree, add(tree, 0, "find", "app", CF_FRAME_NATIVE, 0, 0), "_start", "ld.so", CF_FRAME_NATIVE, 300,
	    3);
	cf_tree_finish(tree);
	text = svg_text(tree, "flame", NULL, FALSE, &plain);
	ck_assert_ptr_nonnull(strstr(text, ">libc.so.6 70.00 %<"));
	ck_assert_ptr_nonnull(strstr(text, ">app 30.00 %<"));
	ck_assert_ptr_null(strstr(text, ">ld.so "));
	cf_tree_free(tree);
}
END_TEST

static guint count_of(const char *text, const char *what)
{
	guint n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

/* Other metrics are data for the script; of large ones only as many as a page can carry. */
START_TEST(carries_other_metrics)
{
	struct cf_tree *tree = server_tree();
	struct cf_tree *second = tree->next = server_tree();
	struct cf_tree *large = second->next = cf_tree_new(CF_UNIT_COUNT, "cycles", "all");
	g_autofree char *alone = NULL, *both = NULL;

	for (int i = 0; i < 9000; i++) {
		g_autofree char *name = g_strdup_printf("a_function_with_a_long_name_%d", i);

		add(large, 0, name, "app", CF_FRAME_NATIVE, 1000 + i, 1);
	}
	cf_tree_finish(large);
	g_free(second->metric);
	second->metric = g_strdup("faults</metadata>");
	both = svg_text(tree, "flame", NULL, FALSE, &plain);
	ck_assert_uint_eq(count_of(both, "\"boxes\":"), 2);
	ck_assert_uint_eq(count_of(both, "\"more\":"), 1);
	ck_assert_uint_eq(count_of(both, "</metadata>"), 1);
	ck_assert_ptr_nonnull(strstr(both, "\"metric\":\"faults\\u003c/metadata\\u003e\""));
	ck_assert_ptr_null(strstr(both, "\"cycles\""));
	tree->next = NULL;
	alone = svg_text(tree, "flame", NULL, FALSE, &plain);
	ck_assert_uint_eq(count_of(alone, "\"boxes\":"), 1);
	ck_assert_ptr_null(strstr(alone, "\"more\":"));
	cf_tree_free(tree);
	cf_tree_free(second);
}
END_TEST

/* A picture that goes around alone says what it is of. */
START_TEST(names_its_runs)
{
	struct cf_tree *tree = server_tree();
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_flame_scene scene;

	for (int i = 1; i <= 5; i++) {
		g_autofree char *line =
			g_strdup_printf("run %d  </script>\x1b  2026-11-23 06:02~ UTC  web1  9 samples", i);

		cf_doc_add_input(doc, i, "srv", "00", line);
	}
	cf_flame_scene_init(&scene, tree, "t", doc->inputs, &plain);
	ck_assert_uint_eq(scene.caption->len, 5);
	ck_assert_str_eq(g_ptr_array_index(scene.caption, 0),
			 "run 1 · </script>\\x1b · 2026-11-23 06:02~ UTC · web1 · 9 samples");
	ck_assert_str_eq(g_ptr_array_index(scene.caption, 3), "and 2 more runs");
	ck_assert(g_str_has_prefix(g_ptr_array_index(scene.caption, 4), "cpu-clock: 1.00 s"));
	cf_flame_scene_clear(&scene);
	cf_doc_free(doc);
	cf_tree_free(tree);
}
END_TEST

static guint levels_drawn(struct cf_tree *tree, int depth)
{
	struct cf_flame_scene scene;
	guint levels;

	tree->depth = depth;
	cf_flame_scene_init(&scene, tree, NULL, NULL, &plain);
	levels = scene.layout.levels;
	ck_assert_int_eq(scene.height, (int)scene.top + (int)levels * CF_FLAME_ROW + CF_FLAME_MARGIN);
	cf_flame_scene_clear(&scene);
	return levels;
}

/* One garbage stack of 0.5 % doesn't make the picture five times as high; one of 1 % is worth its room. */
START_TEST(is_as_deep_as_is_worth_it)
{
	for (int64_t cost = 5; cost <= 10; cost += 5) {
		struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
		uint32_t at = add(tree, 0, "main", "app", CF_FRAME_NATIVE, 1000 - cost, 1000 - cost);
		g_autofree char *text = NULL;

		for (int i = 0; i < 128; i++)
			at = add(tree, at, "[unresolved]", "[unknown]", CF_FRAME_UNRESOLVED,
				 i < 127 ? 0 : cost, i < 127 ? 0 : cost);
		cf_tree_finish(tree);
		ck_assert_uint_eq(levels_drawn(tree, -1), cost == 10 ? 130 : CF_FLAME_FREE_LEVELS + 1);
		ck_assert_uint_eq(levels_drawn(tree, 0), 130);
		ck_assert_uint_eq(levels_drawn(tree, 200), 130);
		ck_assert_uint_eq(levels_drawn(tree, 3),
				  5); /* the root, three, and what is deeper in one box */
		text = svg_text(tree, "flame", NULL, FALSE, &plain);
		ck_assert_ptr_nonnull(strstr(text, "126 frames beyond level 3 summed in 1 box named deeper"));
		cf_tree_free(tree);
	}
}
END_TEST

static gboolean is_known(const char *name, const char *const *known)
{
	for (; *known; known++)
		if (!strcmp(name, *known))
			return TRUE;
	return FALSE;
}

/* Elements and attributes that this writer has; attribute values are plain whatever the names are. */
static void expect_harmless(const xmlNode *root)
{
	static const char *const elements[] = { "svg",  "title", "desc",     "style",  "rect", "g",
						"text", "path",  "metadata", "script", NULL };
	static const char *const attributes[] = { "id",   "class",           "width", "height", "viewBox",
						  "role", "aria-labelledby", "x",     "y",      "d",
						  NULL };
	const xmlNode *node = root;
	unsigned scripts = 0;

	while (node) {
		if (node->type == XML_ELEMENT_NODE) {
			ck_assert_msg(is_known((const char *)node->name, elements), "<%s>", node->name);
			scripts += !strcmp((const char *)node->name, "script");
			for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
				const char *value = (const char *)attr->children->content;

				ck_assert_msg(is_known((const char *)attr->name, attributes),
					      "%s=", attr->name);
				ck_assert_uint_eq(
					strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS " .-%"),
					strlen(value));
			}
		}
		if (node->children && node->type == XML_ELEMENT_NODE) {
			node = node->children;
			continue;
		}
		while (node && node != root && !node->next)
			node = node->parent;
		node = node == root ? NULL : node->next;
	}
	ck_assert_uint_eq(scripts, 1);
}

static const char *const hostile[] = {
	"</script><script>alert(1)</script>",
	"</style><svg onload=alert(1)>",
	"]]><script>alert(1)</script>",
	"<!--<script>",
	"\"><img src=x onerror=alert(1)>",
	"' onmouseover='alert(1)",
	"javascript:alert(1)",
	"&lt;&amp;&#x3c;&bogus;",
	"\x1b[31mred\x07\x01",
	"\xff\xfe broken \xc3",
	"\xe2\x80\xa8 line \xe2\x80\xa9 \xe2\x80\xae"
	"bidi",
	"\xef\xbf\xbe\xef\xbf\xbf",
	"__proto__",
	"constructor",
	"",
};

static struct cf_tree *hostile_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "</title><script>", "</svg>");

	for (guint i = 0; i < G_N_ELEMENTS(hostile); i++)
		add(tree, 0, hostile[i], hostile[G_N_ELEMENTS(hostile) - 1 - i], CF_FRAME_NATIVE, 10 + i,
		    10 + i);
	tree->note = g_strdup("</desc>]]>\x02<script>");
	cf_tree_finish(tree);
	return tree;
}

START_TEST(keeps_hostile_names_as_data)
{
	struct cf_tree *tree = hostile_tree();
	g_autofree char *text = NULL, *embedded = NULL;
	const char *metadata;
	xmlDoc *doc;

	text = svg_text(tree, "a\"><script>", "</text><script>\x1b", TRUE, &plain);
	doc = xmlReadMemory(text, (int)strlen(text), "flame.svg", NULL, XML_PARSE_NONET);
	ck_assert_ptr_nonnull(doc);
	expect_harmless(xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);

	/* The data are safe for an HTML parser, too, which knows neither CDATA nor well-formedness. */
	embedded = svg_text(tree, "hostile", "</svg><img src=x onerror=alert(1)>", FALSE, &plain);
	expect_golden("tests/golden/flame/hostile.svg", embedded);
	metadata = strstr(embedded, "<metadata>");
	ck_assert_ptr_nonnull(metadata);
	ck_assert_str_eq(strpbrk(metadata + strlen("<metadata>"), "<>&"), "</metadata>\n</svg>\n");
	ck_assert_ptr_null(strstr(embedded, "<script"));
	ck_assert_ptr_null(strstr(embedded, "<img"));
	ck_assert_ptr_null(strstr(embedded, "\xe2\x80\xa8"));
	ck_assert_ptr_null(strchr(embedded, 0x1b));
	ck_assert(g_utf8_validate(embedded, -1, NULL));
	cf_tree_free(tree);
}
END_TEST

START_TEST(grows_both_ways)
{
	struct cf_tree *tree = server_tree();
	struct cf_render_opts down = { .icicle = TRUE, .image_width = 640 };
	struct cf_flame_scene flame, icicle;
	const struct cf_flame_box *box;

	cf_flame_scene_init(&flame, tree, NULL, NULL, &plain);
	cf_flame_scene_init(&icicle, tree, NULL, NULL, &down);
	ck_assert_int_eq(flame.width, 1200);
	ck_assert_int_eq(icicle.width, 640);
	ck_assert_uint_eq(icicle.layout.levels, 5);
	box = &g_array_index(icicle.layout.boxes, struct cf_flame_box, 0);
	ck_assert_double_eq_tol(cf_flame_scene_rect(&icicle, box).y, icicle.top, 1e-9);
	ck_assert_double_eq_tol(cf_flame_scene_rect(&icicle, box).width, 620, 1e-9);
	box = &g_array_index(flame.layout.boxes, struct cf_flame_box, 0);
	ck_assert_double_eq_tol(cf_flame_scene_rect(&flame, box).y, flame.top + 4 * CF_FLAME_ROW, 1e-9);
	cf_flame_scene_clear(&flame);
	cf_flame_scene_clear(&icicle);
	cf_tree_free(tree);
}
END_TEST

START_TEST(colors_by_kind_and_module)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	struct cf_flame_scene scene;
	guint families[24] = { 0 };

	/* More big modules than one hash would keep apart: each has a hue of its own. */
	for (int i = 0; i < 12; i++) {
		g_autofree char *module = g_strdup_printf("lib%d.so", i);

		add(tree, 0, module, module, CF_FRAME_NATIVE, 100, 100);
	}
	add(tree, 0, "k", "[kernel]", CF_FRAME_KERNEL, 100, 100);
	add(tree, 0, "l", "[kernel]", CF_FRAME_INLINED, 100, 100);
	add(tree, 0, "m", "ext4", CF_FRAME_KERNEL, 100, 100);
	add(tree, 0, "j", "perf-1.map", CF_FRAME_JIT, 100, 100);
	add(tree, 0, "u", "lib1.so", CF_FRAME_UNRESOLVED, 100, 100);
	cf_tree_finish(tree);
	cf_flame_scene_init(&scene, tree, NULL, NULL, &plain);
	ck_assert_uint_eq(scene.layout.boxes->len, 18);
	for (guint i = 0; i < 18; i++)
		families[scene.colors[i] / 3]++;
	ck_assert_uint_eq(families[0], 1); /* root */
	ck_assert_uint_eq(families[1], 1); /* unresolved */
	ck_assert_uint_eq(families[2], 3); /* kernel, its modules and what is inlined there */
	ck_assert_uint_eq(families[3], 1); /* jit */
	for (guint family = 5; family < 17; family++)
		ck_assert_uint_eq(families[family], 1);
	cf_flame_scene_clear(&scene);
	cf_tree_free(tree);
}
END_TEST

static double luminance(uint32_t rgb)
{
	double sum = 0;
	static const double weights[] = { 0.0722, 0.7152, 0.2126 };

	for (int i = 0; i < 3; i++, rgb >>= 8) {
		double c = (rgb & 255) / 255.0;

		sum += weights[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

/* WCAG 2.1, "contrast ratio" */
static double contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

/* The style sheet repeats the palette: it must be the same, and text must be readable on all of it. */
START_TEST(has_readable_colors)
{
	for (unsigned c = 0; c < CF_FLAME_COLORS; c++) {
		g_autofree char *rule = g_strdup_printf("\n.cf-c%u{fill:#%06x;fill:light-dark(#%06x,#", c,
							cf_flame_rgb(c), cf_flame_rgb(c));
		const char *at = strstr(cf_flame_css, rule);
		unsigned dark;

		ck_assert_msg(at != NULL, "no rule %s", rule);
		ck_assert_int_eq(sscanf(at + strlen(rule), "%6x", &dark), 1);
		ck_assert_double_ge(contrast(cf_flame_rgb(c), CF_FLAME_TEXT_COLOR), 4.5);
		ck_assert_double_ge(contrast(dark, 0xf4f6f8), 4.5);
	}
	ck_assert_ptr_nonnull(strstr(cf_flame_css, "fill:#161a1f;fill:light-dark(#161a1f,#f4f6f8)"));
}
END_TEST

static void expect_label(const char *name, int columns, const char *expected)
{
	g_autofree char *label = cf_flame_label(name, 6 + CF_FLAME_CHAR * columns + 0.1);

	if (expected)
		ck_assert_str_eq(label, expected);
	else
		ck_assert_ptr_null(label);
}

START_TEST(cuts_labels_where_it_hurts_least)
{
	expect_label("main", 4, "main");
	expect_label("main", 3, "ma…");
	expect_label("main", 2, NULL);
	expect_label("", 9, NULL);
	expect_label("a::b::find", 9, "…b::find");
	expect_label("a::b::find", 6, "…find");
	expect_label("a::b::find", 4, "fin…");
	expect_label("org/mozilla/Scriptable:.get", 17, "…Scriptable:.get");
	expect_label("std::map<int, ns::key>::find(ns::key)", 16, "…find(ns::key)");
	expect_label("operator<<::x(a/b)", 5, "oper…");
	expect_label("trailing::", 8, "trailin…");
	expect_label("漢字漢字", 8, "漢字漢字");
	expect_label("漢字漢字", 7, "漢字漢…");
}
END_TEST

Suite *suite(void)
{
	Suite *suite = suite_create("render/flame_svg");
	TCase *cases = tcase_create("svg");

	tcase_add_test(cases, equals_the_golden_picture);
	tcase_add_test(cases, says_what_the_boxes_are);
	tcase_add_test(cases, legend_of_a_bottom_up_graph);
	tcase_add_test(cases, carries_other_metrics);
	tcase_add_test(cases, names_its_runs);
	tcase_add_test(cases, is_as_deep_as_is_worth_it);
	tcase_add_test(cases, keeps_hostile_names_as_data);
	tcase_add_test(cases, grows_both_ways);
	tcase_add_test(cases, colors_by_kind_and_module);
	tcase_add_test(cases, has_readable_colors);
	tcase_add_test(cases, cuts_labels_where_it_hurts_least);
	suite_add_tcase(suite, cases);
	return suite;
}
