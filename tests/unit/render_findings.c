/* SPDX-License-Identifier: MIT */
/* render_findings: what continuous integration reads: golden files, and their limits. */
#include "render/renderer.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/findings_fixture.h"
#include "tests/unit/suite.h"

static char *render_doc(const struct cf_doc *doc, const char *renderer, size_t room)
{
	const struct cf_render_opts opts = { .version = "1.2.3", .room = room };
	struct cf_out *out = cf_out_memory();
	struct cf_diag diag = { 0 };
	char *text = NULL;
	size_t len;

	if (cf_renderer_by_name(renderer)->render(doc, &opts, out, &diag) == 0) {
		text = g_strdup(cf_out_text(out, &len));
		ck_assert_uint_eq(strlen(text), len);
		ck_assert(g_utf8_validate(text, -1, NULL));
	}
	cf_out_abort(out);
	return text;
}

static const struct golden {
	const char *file, *renderer;
	gboolean gated;
} goldens[] = {
	{ "findings.xml", "junit", TRUE },          { "findings-open.xml", "junit", FALSE },
	{ "findings.sarif", "sarif", TRUE },        { "findings-open.sarif", "sarif", FALSE },
	{ "findings.gitlab.json", "gitlab", TRUE }, { "findings.github.md", "github", TRUE },
	{ "findings.json", "json", TRUE },          { "findings.txt", "text", TRUE },
};

START_TEST(test_golden)
{
	const struct golden *golden = &goldens[_i];
	g_autofree char *path = g_strdup_printf("tests/golden/render/%s", golden->file);
	struct cf_doc *doc = findings_doc(golden->gated);
	g_autofree char *have = render_doc(doc, golden->renderer, 0);
	g_autofree char *again = render_doc(doc, golden->renderer, 0);
	g_autofree char *want = NULL;

	ck_assert_str_eq(have, again);
	if (g_getenv("CF_GOLDEN_UPDATE"))
		ck_assert(g_file_set_contents(path, have, -1, NULL));
	ck_assert_msg(g_file_get_contents(path, &want, NULL, NULL),
		      "no %s: set CF_GOLDEN_UPDATE=1 to make it", path);
	ck_assert_msg(!strcmp(have, want), "%s differs: CF_GOLDEN_UPDATE=1 writes it anew", path);
	cf_doc_free(doc);
}
END_TEST

/* Nothing that judges: a report for a machine would say "all is well". */
START_TEST(test_nothing_judged)
{
	static const char *const renderers[] = { "junit", "sarif", "gitlab" };
	struct cf_doc *doc = cf_doc_new("top");

	for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++)
		ck_assert_ptr_null(render_doc(doc, renderers[i], 0));
	cf_doc_findings(doc, doc->root, "findings");
	for (size_t i = 0; i < G_N_ELEMENTS(renderers); i++) {
		g_autofree char *text = render_doc(doc, renderers[i], 0);

		ck_assert_ptr_nonnull(text);
		/* An empty suite is an error to some servers. */
		ck_assert(strcmp(renderers[i], "junit") || strstr(text, "<testcase"));
	}
	cf_doc_free(doc);
}
END_TEST

static struct cf_doc *big_doc(size_t findings, size_t words)
{
	struct cf_doc *doc = cf_doc_new("big");
	struct cf_node *node = cf_doc_findings(doc, doc->root, "findings");
	g_autofree char *sentence = g_strnfill(words, 'x');

	for (size_t i = 0; i < findings; i++) {
		g_autofree char *name = g_strdup_printf("function_%zu", i);
		struct cf_finding f = finding_slower();

		f.name = name;
		cf_doc_finding(doc, node, &f);
	}
	cf_doc_para(doc, doc->root, "%s", sentence);
	return doc;
}

/* More than 1 MiB isn't shown at all. */
START_TEST(test_github_limit)
{
	static const struct {
		size_t findings, words, room;
		gboolean report, left;
	} cases[] = {
		{ 3, 100, 0, TRUE, FALSE },       { 3, 2000000, 0, FALSE, FALSE },
		{ 5000, 100, 0, TRUE, TRUE },     { 3, 100000, 50000, FALSE, FALSE },
		{ 5000, 100, 4000, FALSE, TRUE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_doc *doc = big_doc(cases[i].findings, cases[i].words);
		g_autofree char *text = render_doc(doc, "github", cases[i].room);
		size_t limit = cases[i].room ? cases[i].room : 1 << 20;

		ck_assert_ptr_nonnull(text);
		ck_assert_uint_le(strlen(text), limit);
		ck_assert(strstr(text, "function\\_0") || strstr(text, "function_0"));
		ck_assert_int_eq(!strstr(text, "doesn't fit here"), cases[i].report);
		ck_assert_int_eq(strstr(text, "more finding") != NULL, cases[i].left);
		cf_doc_free(doc);
	}
}
END_TEST

START_TEST(test_github_full)
{
	struct cf_doc *doc = big_doc(1, 10);

	ck_assert_ptr_null(render_doc(doc, "github", 1));
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_findings");
	TCase *t = tcase_create("findings");

	tcase_add_loop_test(t, test_golden, 0, G_N_ELEMENTS(goldens));
	tcase_add_test(t, test_nothing_judged);
	tcase_add_test(t, test_github_limit);
	tcase_add_test(t, test_github_full);
	suite_add_tcase(s, t);
	return s;
}
