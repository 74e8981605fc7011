/* SPDX-License-Identifier: MIT */
/* render_svg: graphs, sequences, timelines and charts as SVG: well-formed, described, and names are only text. */
#include "tests/unit/suite.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/svg.h"
#include "tests/unit/render_figures.h"

static void reject_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_abort_msg("unexpected message: %s", text);
}

static const struct cf_render_opts recorded = { .dot = "tests/unit/dot_recorded.sh",
						.gnuplot = "tests/unit/gnuplot_recorded.sh" };

/* A document with one figure of each kind; the caller frees it. */
static struct cf_doc *make_doc(void)
{
	struct cf_doc *doc = cf_doc_new("figures");

	cf_doc_graph(doc, doc->root, "services", "Services & their calls", figure_graph());
	cf_doc_sequence(doc, doc->root, "get-orders", "GET /orders", figure_sequence());
	cf_doc_timeline(doc, doc->root, "trace", "Trace <4bf92f35>", figure_waterfall());
	cf_doc_timeline(doc, doc->root, "threads", NULL, figure_tracks());
	cf_doc_chart(doc, doc->root, "load", "Latency & load", figure_load_chart());
	cf_doc_chart(doc, doc->root, "commits", NULL, figure_time_chart());
	return doc;
}

static const struct cf_node *nth(const struct cf_doc *doc, int n)
{
	const struct cf_node *node = doc->root->first;

	while (n--)
		node = node->next;
	return node;
}

/* NULL when it can't be drawn. Caller frees. */
static char *draw(const struct cf_node *node, const struct cf_render_opts *opts, gboolean standalone,
		  char **note)
{
	struct cf_diag diag = { .consume = reject_message };
	struct cf_html html = {
		.out = cf_out_memory(), .opts = opts, .diag = &diag, .open = g_ptr_array_new()
	};
	char *text = NULL;

	if (cf_html_picture(&html, node, standalone, note) == 0)
		text = g_strdup(cf_out_text(html.out, NULL));
	ck_assert_uint_eq(html.open->len, 0);
	cf_out_abort(html.out);
	g_ptr_array_unref(html.open);
	return text;
}

static const char *const files[] = { "graph.svg",  "sequence.svg", "waterfall.svg",
				     "tracks.svg", "load.svg",     "commits.svg" };

START_TEST(equals_golden)
{
	struct cf_doc *doc = make_doc();
	g_autofree char *path = g_strdup_printf("tests/golden/render/%s", files[_i]);
	g_autofree char *note = NULL, *want = NULL;
	g_autofree char *have = draw(nth(doc, _i), &recorded, TRUE, &note);

	ck_assert_ptr_nonnull(have);
	if (g_getenv("CF_GOLDEN_UPDATE"))
		ck_assert(g_file_set_contents(path, have, -1, NULL));
	ck_assert_msg(g_file_get_contents(path, &want, NULL, NULL),
		      "no %s: set CF_GOLDEN_UPDATE=1 to make it", path);
	ck_assert_msg(!strcmp(have, want),
		      "%s differs: CF_GOLDEN_UPDATE=1 writes it anew, then look at git diff", path);
	cf_doc_free(doc);
}
END_TEST

/* Only what drawings are made of, and no attribute that could do anything. */
static void assert_inert(xmlNode *node, GString *words)
{
	static const char *const elements[] = { "svg",  "title", "desc", "style", "g",
						"rect", "line",  "path", "text" };
	static const char *const attributes[] = { "class",
						  "role",
						  "id",
						  "x",
						  "y",
						  "x1",
						  "y1",
						  "x2",
						  "y2",
						  "width",
						  "height",
						  "rx",
						  "d",
						  "transform",
						  "viewBox",
						  "stroke-width",
						  "aria-labelledby",
						  "style" };

	for (; node; node = node->next) {
		gboolean known = FALSE;

		if (node->type == XML_TEXT_NODE && strcmp((const char *)node->parent->name, "style"))
			g_string_append_printf(words, "%s\n", (const char *)node->content);
		if (node->type != XML_ELEMENT_NODE)
			continue;
		for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
			known |= !strcmp((const char *)node->name, elements[i]);
		ck_assert_msg(known, "element %s", (const char *)node->name);
		for (xmlAttr *a = node->properties; a; a = a->next) {
			known = FALSE;
			for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++)
				known |= !strcmp((const char *)a->name, attributes[i]);
			ck_assert_msg(known, "attribute %s", (const char *)a->name);
			ck_assert_ptr_null(strstr((const char *)a->children->content, "alert"));
		}
		assert_inert(node->children, words);
	}
}

START_TEST(names_are_text)
{
	struct cf_doc *doc = make_doc();
	g_autofree char *note = NULL;
	g_autofree char *svg = draw(nth(doc, _i), &recorded, TRUE, &note);
	g_autoptr(GString) words = g_string_new(NULL);
	xmlDoc *xml = xmlReadMemory(svg, (int)strlen(svg), NULL, NULL, XML_PARSE_NONET);

	ck_assert_ptr_nonnull(xml);
	assert_inert(xmlDocGetRootElement(xml), words);
	if (_i < 3) {
		ck_assert_ptr_nonnull(strstr(words->str, "</svg><script>alert(1)</script>"));
		ck_assert_ptr_nonnull(strstr(words->str, "a\"]; click n1 \"javascript:alert(1)\"; n2[\"b"));
		ck_assert_ptr_nonnull(strstr(words->str, "#quot; #35; &lt; \\x1b[31m \\xff \\u202e =cmd()"));
	}
	xmlFreeDoc(xml);
	cf_doc_free(doc);
}
END_TEST

/* In a page it has a role, a title and a description, and is as wide as it has to be to be read. */
START_TEST(is_described)
{
	struct cf_doc *doc = make_doc();
	const struct cf_node *node = nth(doc, _i);
	g_autofree char *note = NULL;
	g_autofree char *svg = draw(node, &recorded, FALSE, &note);
	g_autofree char *labelled =
		g_strdup_printf("role=\"img\" aria-labelledby=\"%s-title %s-desc\"", node->id, node->id);
	g_autofree char *title = g_strdup_printf("<title id=\"%s-title\">", node->id);
	g_autofree char *desc = g_strdup_printf("<desc id=\"%s-desc\">", node->id);

	ck_assert_ptr_nonnull(strstr(svg, labelled));
	ck_assert_ptr_nonnull(strstr(svg, title));
	ck_assert_ptr_nonnull(strstr(svg, desc));
	ck_assert_ptr_nonnull(strstr(svg, "style=\"--w:"));
	ck_assert_ptr_null(strstr(svg, "<style>"));
	cf_doc_free(doc);
}
END_TEST

/* Graphs need dot and charts gnuplot; a chart says so. */
START_TEST(needs_programs_for_some_only)
{
	static const struct cf_render_opts none = { .dot = "", .gnuplot = "" };
	struct cf_doc *doc = make_doc();
	g_autofree char *note = NULL;
	g_autofree char *svg = draw(nth(doc, _i), &none, FALSE, &note);

	ck_assert_int_eq(svg != NULL, _i > 0 && _i < 4);
	if (_i >= 4)
		ck_assert_ptr_nonnull(strstr(note, "gnuplot isn't installed"));
	cf_doc_free(doc);
}
END_TEST

static void count_warning(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_assert_int_eq(severity, CF_WARNING);
	ck_assert_ptr_nonnull(strstr(text, "shown as a table only"));
	++*(int *)ctx;
}

/* The report is written all the same. */
START_TEST(a_program_that_fails_costs_the_picture)
{
	static const struct cf_render_opts broken = { .dot = "false", .gnuplot = "false" };
	int warnings = 0;
	struct cf_diag diag = { .consume = count_warning, .ctx = &warnings };
	struct cf_doc *doc = make_doc();
	struct cf_out *out = cf_out_memory();

	ck_assert_int_eq(cf_renderer_by_name("html")->render(doc, &broken, out, &diag), 0);
	ck_assert_int_eq(warnings, 3);
	ck_assert_uint_eq(diag.errors, 0);
	ck_assert_ptr_null(strstr(cf_out_text(out, NULL), "cf-graph"));
	ck_assert_ptr_null(strstr(cf_out_text(out, NULL), "cf-chart"));
	ck_assert_ptr_nonnull(strstr(cf_out_text(out, NULL), "<figure id=\"services-edges\">"));
	ck_assert_ptr_nonnull(strstr(cf_out_text(out, NULL), "not drawn, since gnuplot failed"));
	ck_assert_ptr_nonnull(strstr(cf_out_text(out, NULL), "<figure id=\"load-data\">"));
	cf_out_abort(out);
	cf_doc_free(doc);
}
END_TEST

/* Nothing grows without bound, and what isn't drawn is counted. */
START_TEST(large_ones_are_cut)
{
	static const struct cf_render_opts opts = { .dot = "" };
	struct cf_doc *doc = cf_doc_new("large");
	struct cf_sequence *sequence = cf_sequence_new(CF_UNIT_NS);
	struct cf_timeline *waterfall = cf_timeline_new(CF_TIMELINE_WATERFALL, 0);
	struct cf_timeline *tracks = cf_timeline_new(CF_TIMELINE_TRACKS, 0);

	for (int i = 0; i < 20000; i++) {
		g_autofree char *name = g_strdup_printf("service-%d", i);
		uint32_t from = cf_sequence_participant(sequence, name, NULL, CF_PARTY_SERVICE);

		figure_step(sequence, CF_STEP_CALL, from, from / 2, name, i, 0);
		figure_span(waterfall, name, name, i, i % 977, (uint32_t)i % 50, NULL, 0);
		figure_span(tracks, i % 2 ? "a" : "b", name, i, i % 977, (uint32_t)i % 50, NULL, 0);
	}
	for (int i = 0; i < 30; i++)
		cf_sequence_begin(sequence, "loop", 2);
	for (int i = 0; i < 30; i++)
		cf_sequence_end(sequence);
	cf_timeline_finish(waterfall);
	cf_timeline_finish(tracks);
	cf_doc_sequence(doc, doc->root, "s", NULL, sequence);
	cf_doc_timeline(doc, doc->root, "w", NULL, waterfall);
	cf_doc_timeline(doc, doc->root, "t", NULL, tracks);
	for (int i = 0; i < 3; i++) {
		g_autofree char *note = NULL;
		g_autofree char *svg = draw(nth(doc, i), &opts, FALSE, &note);

		ck_assert_ptr_nonnull(svg);
		ck_assert_uint_lt(strlen(svg), 600000);
		ck_assert_ptr_nonnull(note);
		ck_assert_ptr_nonnull(strstr(note, i ? "of 20000" : "of 20030"));
	}
	cf_doc_free(doc);
}
END_TEST

/* GitHub shows pictures from files only; a name of a file can't end the reference. */
START_TEST(markdown_refers_to_files)
{
	g_autoptr(GPtrArray) pictures = cf_picture_files_new();
	const struct cf_render_opts opts = { .gnuplot = "tests/unit/gnuplot_recorded.sh",
					     .pictures = pictures,
					     .beside = "week) [47]-" };
	struct cf_diag diag = { .consume = reject_message };
	struct cf_doc *doc = make_doc();
	struct cf_out *out = cf_out_memory();
	const struct cf_picture_file *file;

	ck_assert_int_eq(cf_renderer_by_name("markdown")->render(doc, &opts, out, &diag), 0);
	ck_assert_ptr_nonnull(strstr(cf_out_text(out, NULL), "](week%29%20%5B47%5D-load.svg)\n"));
	ck_assert_ptr_nonnull(strstr(cf_out_text(out, NULL), "\n![chart](week%29%20%5B47%5D-commits.svg)\n"));
	ck_assert_uint_eq(pictures->len, 2);
	file = g_ptr_array_index(pictures, 0);
	ck_assert_str_eq(file->name, "week) [47]-load.svg");
	ck_assert(g_str_has_prefix(file->content, "<svg xmlns=\"http://www.w3.org/2000/svg\""));
	cf_out_abort(out);
	cf_doc_free(doc);
}
END_TEST

/* A page for the browser test, where one asks for it. */
START_TEST(writes_a_page)
{
	const char *path = g_getenv("CF_PAGE");
	struct cf_diag diag = { .consume = reject_message };
	struct cf_doc *doc = make_doc();
	struct cf_out *out = path ? cf_out_file(path, &diag) : cf_out_memory();
	const struct cf_renderer *html = cf_renderer_by_name("html");

	ck_assert_int_eq(html->render(doc, &recorded, out, &diag), 0);
	if (path)
		ck_assert_int_eq(cf_out_close(out, &diag), 0);
	else
		cf_out_abort(out);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_svg");
	TCase *t = tcase_create("svg");

	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, equals_golden, 0, G_N_ELEMENTS(files));
	tcase_add_loop_test(t, names_are_text, 0, G_N_ELEMENTS(files));
	tcase_add_loop_test(t, is_described, 0, G_N_ELEMENTS(files));
	tcase_add_loop_test(t, needs_programs_for_some_only, 0, G_N_ELEMENTS(files));
	tcase_add_test(t, a_program_that_fails_costs_the_picture);
	tcase_add_test(t, large_ones_are_cut);
	tcase_add_test(t, markdown_refers_to_files);
	tcase_add_test(t, writes_a_page);
	suite_add_tcase(s, t);
	return s;
}
