/* SPDX-License-Identifier: MIT */
/* render_flame_cairo: pictures have the size they say, equal bytes each time, and large trees fit into them.
 */
#include "tests/unit/suite.h"

#include <cairo.h>
#include <string.h>
#include <time.h>

#include "render/flame.h"
#include "render/flame_scene.h"

extern const struct cf_renderer cf_renderer_svg, cf_renderer_png, cf_renderer_pdf;

static void keep_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_string_append_printf(ctx, "%s\n", text);
}

struct bytes {
	char *data;
	size_t len, read;
};

/* The document has one flame graph, which it owns. */
static struct bytes render(const struct cf_renderer *renderer, struct cf_tree *(*make)(void),
			   const struct cf_render_opts *opts)
{
	g_autoptr(GString) messages = g_string_new(NULL);
	struct cf_diag diag = { .consume = keep_message, .ctx = messages };
	struct cf_doc *doc = cf_doc_new("a title with <&> and \xff");
	struct cf_out *out = cf_out_memory();
	struct bytes bytes = { 0 };
	const char *text;

	cf_doc_tree(doc, doc->root, CF_FLAME, "flame", NULL, make());
	ck_assert_int_eq(renderer->render(doc, opts, out, &diag), 0);
	ck_assert_str_eq(messages->str, "");
	text = cf_out_text(out, &bytes.len);
	bytes.data = g_memdup2(text, bytes.len + 1);
	cf_out_abort(out);
	cf_doc_free(doc);
	return bytes;
}

static uint32_t add(struct cf_tree *tree, uint32_t parent, const char *name, int64_t self)
{
	struct cf_tree_node node = { .parent = parent,
				     .name = cf_tree_name(tree, name),
				     .module = cf_tree_name(tree, parent % 3 ? "libc.so.6" : "server"),
				     .self = self,
				     .count = self };

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

static struct cf_tree *small_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	uint32_t a = add(tree, 0, "main", 10);

	add(tree, a, "bad \xff\xfe name \x1b[31m", 20);
	add(tree, a, "\xe6\xbc\xa2\xe5\xad\x97 \xd7\xa9\xd7\x9c", 30);
	add(tree, 0, "", 40);
	cf_tree_finish(tree);
	return tree;
}

static struct cf_tree *deep_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	uint32_t at = 0;

	for (int i = 0; i < 100000; i++)
		at = add(tree, at, "f", i % 1000 == 999);
	cf_tree_finish(tree);
	return tree;
}

static struct cf_tree *bare_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, NULL, "all");

	cf_tree_finish(tree);
	return tree;
}

/* valgrind preloads itself and takes fifty times as long. */
static uint32_t huge_nodes(void)
{
	const char *preload = g_getenv("LD_PRELOAD");

	return preload && strstr(preload, "vgpreload") ? 20000 : 1000000;
}

/* 20 levels and more, with weights as uneven as in recordings. */
static struct cf_tree *huge_tree(void)
{
	uint32_t n = huge_nodes();
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, "cpu-clock", "all");
	uint32_t names[5000], modules[16];
	uint64_t state = 88172645463325252u;

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *name = g_strdup_printf("ns::function_%u(int, char const*)", i);

		names[i] = cf_tree_name(tree, name);
	}
	for (guint i = 0; i < G_N_ELEMENTS(modules); i++) {
		g_autofree char *name = g_strdup_printf("lib%u.so", i);

		modules[i] = cf_tree_name(tree, name);
	}
	for (uint32_t i = 1; i < n; i++) {
		struct cf_tree_node node = { 0 };

		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		node.parent = (uint32_t)(state >> 33) % i;
		node.name = names[(state >> 20) % G_N_ELEMENTS(names)];
		node.module = modules[node.name % G_N_ELEMENTS(modules)];
		node.self = (int64_t)(state % 97 == 0 ? state % 100000 : state % 100) * 1000;
		node.count = node.self / 1000;
		g_array_append_val(tree->nodes, node);
	}
	cf_tree_finish(tree);
	return tree;
}

static cairo_status_t read_bytes(void *closure, unsigned char *data, unsigned int len)
{
	struct bytes *bytes = closure;

	if (bytes->len - bytes->read < len)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(data, bytes->data + bytes->read, len);
	bytes->read += len;
	return CAIRO_STATUS_SUCCESS;
}

static uint32_t pixel(cairo_surface_t *image, double x, double y)
{
	const unsigned char *row = cairo_image_surface_get_data(image) +
				   (size_t)y * (size_t)cairo_image_surface_get_stride(image);
	uint32_t value;

	memcpy(&value, row + (size_t)x * 4, 4);
	return value & 0xffffff;
}

START_TEST(draws_the_layout)
{
	struct cf_render_opts opts = { .image_width = 800, .icicle = TRUE };
	struct bytes png = render(&cf_renderer_png, small_tree, &opts);
	cairo_surface_t *image = cairo_image_surface_create_from_png_stream(read_bytes, &png);
	struct cf_tree *tree = small_tree();
	struct cf_flame_scene scene;

	cf_flame_scene_init(&scene, tree, "t", NULL, &opts);
	ck_assert_int_eq(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
	ck_assert_int_eq(cairo_image_surface_get_width(image), 800);
	ck_assert_int_eq(cairo_image_surface_get_height(image), scene.height);
	ck_assert_uint_eq(scene.layout.boxes->len, 5);
	for (guint i = 0; i < scene.layout.boxes->len; i++) {
		struct cf_flame_rect rect = cf_flame_scene_rect(
			&scene, &g_array_index(scene.layout.boxes, struct cf_flame_box, i));

		/* near the right end, where no text stands */
		ck_assert_uint_eq(pixel(image, rect.x + rect.width - 3, rect.y + 8),
				  cf_flame_rgb(scene.colors[i]));
	}
	ck_assert_uint_eq(pixel(image, 2, 2), 0xffffff);
	cairo_surface_destroy(image);
	cf_flame_scene_clear(&scene);
	cf_tree_free(tree);
	g_free(png.data);
}
END_TEST

/* Bytes depend on the document only: not on the clock, nor on what was drawn before. */
START_TEST(writes_equal_bytes)
{
	static const struct cf_renderer *const renderers[] = { &cf_renderer_png, &cf_renderer_pdf,
							       &cf_renderer_svg };
	struct cf_render_opts opts = { .static_svg = TRUE };

	for (guint i = 0; i < G_N_ELEMENTS(renderers); i++) {
		struct bytes first = render(renderers[i], small_tree, &opts), second;
		struct bytes between = render(renderers[i], bare_tree, &opts);

		if (i == 1)
			g_usleep(1100000); /* a date would have seconds */
		second = render(renderers[i], small_tree, &opts);
		ck_assert_msg(first.len == second.len && !memcmp(first.data, second.data, first.len),
			      "%s differs", renderers[i]->name);
		g_free(first.data);
		g_free(second.data);
		g_free(between.data);
	}
}
END_TEST

START_TEST(dates_come_from_the_environment)
{
	struct cf_render_opts opts = { 0 };
	struct bytes pdf;

	g_unsetenv("SOURCE_DATE_EPOCH");
	pdf = render(&cf_renderer_pdf, small_tree, &opts);
	ck_assert_int_eq(memcmp(pdf.data, "%PDF-1.", 7), 0);
	g_free(pdf.data);
	g_setenv("SOURCE_DATE_EPOCH", "junk", TRUE);
	pdf = render(&cf_renderer_pdf, small_tree, &opts);
	g_free(pdf.data);
	g_unsetenv("SOURCE_DATE_EPOCH");
}
END_TEST

START_TEST(refuses_documents_without_a_graph)
{
	static const struct cf_renderer *const renderers[] = { &cf_renderer_png, &cf_renderer_pdf,
							       &cf_renderer_svg };
	struct cf_doc *doc = cf_doc_new("empty");

	for (guint i = 0; i < 2 * G_N_ELEMENTS(renderers); i++) {
		struct cf_render_opts opts = { .static_svg = i % 2 };
		g_autoptr(GString) messages = g_string_new(NULL);
		struct cf_diag diag = { .consume = keep_message, .ctx = messages };
		struct cf_out *out = cf_out_memory();

		ck_assert_int_eq(renderers[i / 2]->render(doc, &opts, out, &diag), -1);
		ck_assert_str_eq(messages->str, "no flame graph to draw in this document\n");
		ck_assert_int_eq(diag.status, CF_STATUS_USAGE);
		cf_out_abort(out);
	}
	cf_doc_free(doc);
}
END_TEST

START_TEST(fits_deep_and_bare_trees)
{
	struct cf_render_opts opts = { 0 };
	struct bytes png = render(&cf_renderer_png, deep_tree, &opts);
	cairo_surface_t *image = cairo_image_surface_create_from_png_stream(read_bytes, &png);

	ck_assert_int_gt(cairo_image_surface_get_height(image), 500 * CF_FLAME_ROW);
	ck_assert_int_lt(cairo_image_surface_get_height(image), 600 * CF_FLAME_ROW);
	cairo_surface_destroy(image);
	g_free(png.data);

	png = render(&cf_renderer_png, bare_tree, &opts);
	image = cairo_image_surface_create_from_png_stream(read_bytes, &png);
	ck_assert_int_eq(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
	cairo_surface_destroy(image);
	g_free(png.data);
}
END_TEST

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct cf_tree *huge;

static struct cf_tree *take_huge(void)
{
	return g_steal_pointer(&huge);
}

/* Linear, not merely finishing: drawing is held to a few times what building the tree takes. */
START_TEST(draws_a_million_nodes_in_time)
{
	struct cf_render_opts opts = { 0 };
	double begin = cpu(), limit;
	struct bytes bytes;

	huge = huge_tree();
	limit = 3 * (cpu() - begin);
	begin = cpu();
	bytes = render(&cf_renderer_svg, take_huge, &opts);
	ck_assert_double_lt(cpu() - begin, limit);
	g_free(bytes.data);
	huge = huge_tree();
	begin = cpu();
	bytes = render(&cf_renderer_png, take_huge, &opts);
	ck_assert_double_lt(cpu() - begin, limit);
	g_free(bytes.data);
}
END_TEST

Suite *suite(void)
{
	Suite *suite = suite_create("render/flame_cairo");
	TCase *cases = tcase_create("cairo");

	tcase_add_test(cases, draws_the_layout);
	tcase_add_test(cases, writes_equal_bytes);
	tcase_add_test(cases, dates_come_from_the_environment);
	tcase_add_test(cases, refuses_documents_without_a_graph);
	tcase_add_test(cases, fits_deep_and_bare_trees);
	tcase_add_test(cases, draws_a_million_nodes_in_time);
	tcase_set_timeout(cases, 120);
	suite_add_tcase(suite, cases);
	return suite;
}
