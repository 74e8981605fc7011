/* SPDX-License-Identifier: MIT */
/* pipelines_template: Markdown becomes the words of a document, values never become markup. */
#include "pipelines/template.h"

#include "tests/unit/suite.h"

#include <string.h>

/* What one expansion gave. */
struct built {
	struct cf_doc *doc;
	GPtrArray *lines;
	GString *messages;
	int result;
};

static void consume(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	GString *messages = ctx;
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(messages, "%s: %s\n", where, text);
}

static struct built build(const char *text)
{
	struct built b = { .doc = cf_doc_new(NULL), .messages = g_string_new(NULL) };
	struct cf_diag diag = { .consume = consume, .ctx = b.messages };
	GHashTable *variables = g_hash_table_new(g_str_hash, g_str_equal);

	b.lines = g_ptr_array_new_with_free_func((GDestroyNotify)cf_template_line_free);
	g_hash_table_insert(variables, (char *)"name", (char *)"a|b <script> *x* {{name}}");
	g_hash_table_insert(variables, (char *)"run.name", (char *)"redis");
	b.result = cf_template_build("t.md", (struct cf_slice){ (const uint8_t *)text, strlen(text) },
				     variables, b.doc, b.lines, &diag);
	g_hash_table_unref(variables);
	return b;
}

static void built_clear(struct built *b)
{
	g_ptr_array_unref(b->lines);
	cf_doc_free(b->doc);
	g_string_free(b->messages, TRUE);
}

/* The tree as text: kind, id and text of each node, indented. */
static char *dump(const struct cf_doc *doc)
{
	static const char *const kinds[] = { "doc",      "section",  "para",  "text",     "emph",
					     "strong",   "code",     "link",  "list",     "item",
					     "note",     "table",    "tree",  "flame",    "graph",
					     "sequence", "timeline", "chart", "findings", "rule" };
	GString *out = g_string_new(NULL);

	for (struct cf_node *n = doc->root; n; n = cf_node_walk(doc->root, n)) {
		for (struct cf_node *p = n->parent; p; p = p->parent)
			g_string_append_c(out, ' ');
		g_string_append(out, kinds[n->kind]);
		if (n->id)
			g_string_append_printf(out, " #%s", n->id);
		if (n->text)
			g_string_append_printf(out, " '%s'", n->text);
		g_string_append_c(out, '\n');
	}
	return g_string_free(out, FALSE);
}

#define assert_dump(doc, expected)                    \
	do {                                          \
		g_autofree char *dumped_ = dump(doc); \
		ck_assert_str_eq(dumped_, expected);  \
	} while (0)

START_TEST(words_and_sections)
{
	struct built b =
		build("# Report of {{run.name}}\n\nHello *there*, **you** and `{{run.name}}`.\n\n"
		      "## What we saw, {{run.name}}\n\n1. one\n2. two\n\n### Deeper\n\n---\n\n## Last\n\n"
		      "> quoted [link](https://example.org/)\n");

	ck_assert_int_eq(b.result, 0);
	ck_assert_str_eq(b.doc->title, "Report of redis");
	assert_dump(b.doc, "doc\n"
			   " para\n"
			   "  text 'Hello '\n"
			   "  emph\n"
			   "   text 'there'\n"
			   "  text ', '\n"
			   "  strong\n"
			   "   text 'you'\n"
			   "  text ' and '\n"
			   "  code '{{run.name}}'\n"
			   "  text '.'\n"
			   " section #part-what-we-saw 'What we saw, redis'\n"
			   "  list\n"
			   "   item\n"
			   "    text 'one'\n"
			   "   item\n"
			   "    text 'two'\n"
			   "  section #part-deeper 'Deeper'\n"
			   "   rule\n"
			   " section #part-last 'Last'\n"
			   "  note\n"
			   "   para\n"
			   "    text 'quoted '\n"
			   "    link 'https://example.org/'\n"
			   "     text 'link'\n");
	built_clear(&b);
}
END_TEST

START_TEST(values_are_text)
{
	struct built b = build("{{name}}\n");

	ck_assert_int_eq(b.result, 0);
	assert_dump(b.doc, "doc\n para\n  text 'a|b <script> *x* {{name}}'\n");
	built_clear(&b);
}
END_TEST

START_TEST(html_is_text)
{
	struct built b =
		build("<script>alert(1)</script>\n\n<!-- a remark -->\n\nwords <b>bold</b> ![cat](x.png)\n");

	ck_assert_int_eq(b.result, 0);
	assert_dump(b.doc, "doc\n"
			   " para\n"
			   "  text '<script>alert(1)</script>'\n"
			   " para\n"
			   "  text 'words '\n"
			   "  text '<b>'\n"
			   "  text 'bold'\n"
			   "  text '</b>'\n"
			   "  text ' '\n"
			   "  text 'cat'\n");
	built_clear(&b);
}
END_TEST

START_TEST(tables)
{
	struct built b = build("| what | how much |\n|---|---|\n| `x` {{run.name}} | 2 |\n| short |\n");
	const struct cf_node *table = b.doc->root->first;

	ck_assert_int_eq(b.result, 0);
	ck_assert_int_eq(table->kind, CF_TABLE);
	ck_assert_uint_eq(cf_table_rows(table), 2);
	ck_assert_str_eq(g_array_index(table->table->columns, struct cf_column, 1).title, "how much");
	ck_assert_str_eq(cf_table_cell(table, 0, 0)->text, "x redis");
	ck_assert_str_eq(cf_table_cell(table, 0, 1)->text, "2");
	ck_assert_str_eq(cf_table_cell(table, 1, 0)->text, "short");
	built_clear(&b);
}
END_TEST

START_TEST(analysis_lines)
{
	struct built b =
		build("## Top\n\n```callflow\ntop n=20 by=module title=\"The {{run.name}} \\\"top\\\"\"\n\n"
		      "# not this\ncallers 'operator new' id=new optional --user\n```\n\n```sh\ncallflow "
		      "top\n```\n");
	const struct cf_template_line *first = g_ptr_array_index(b.lines, 0),
				      *second = g_ptr_array_index(b.lines, 1);
	const struct cf_template_setting *s;

	ck_assert_int_eq(b.result, 0);
	ck_assert_uint_eq(b.lines->len, 2);
	ck_assert_str_eq(first->analysis, "top");
	ck_assert_uint_eq(first->loc.line, 4);
	ck_assert_str_eq(first->title, "The redis \"top\"");
	ck_assert_uint_eq(first->settings->len, 2);
	s = g_ptr_array_index(first->settings, 1);
	ck_assert_str_eq(s->key, "by");
	ck_assert_str_eq(s->value, "module");
	ck_assert_str_eq(first->section->id, "top");
	ck_assert(!first->optional && second->optional);
	ck_assert_uint_eq(second->loc.line, 7);
	ck_assert_str_eq(second->section->id, "new");
	s = g_ptr_array_index(second->settings, 0);
	ck_assert_str_eq(s->key, "operator new");
	ck_assert_ptr_null(s->value);
	assert_dump(b.doc, "doc\n"
			   " section #part-top 'Top'\n"
			   "  section #top 'The redis \"top\"'\n"
			   "  section #new\n"
			   "  code 'callflow top\n'\n");
	built_clear(&b);
}
END_TEST

START_TEST(errors_name_the_line)
{
	struct built b =
		build("# {{run.nam}}\n\nfine\nthen {{ nothing-like-it }}\n\n```callflow\ntop title=\"open\n"
		      "top by={{unknown-thing}}\n```\n");

	ck_assert_int_eq(b.result, -1);
	ck_assert_str_eq(
		b.messages->str,
		"t.md:1: unknown variable 'run.nam'; did you mean 'run.name'?\n"
		"t.md:4: unknown variable 'nothing-like-it'; --set nothing-like-it=... gives it a value\n"
		"t.md:7: a quote isn't closed\n"
		"t.md:8: unknown variable 'unknown-thing'; --set unknown-thing=... gives it a value\n");
	built_clear(&b);
	b = build("> ## quoted\n");
	ck_assert_int_eq(b.result, -1);
	ck_assert_str_eq(b.messages->str,
			 "t.md:1: headings and callflow blocks can't stand in quotes or lists\n");
	built_clear(&b);
}
END_TEST

/* Deep nesting is refused before it becomes a tree that something would have to walk. */
START_TEST(deep_nesting)
{
	GString *text = g_string_new(NULL);
	struct built b;

	for (int i = 0; i < 20000; i++)
		g_string_append_c(text, '>');
	g_string_append(text, " x\n");
	b = build(text->str);
	ck_assert_int_eq(b.result, -1);
	ck_assert_str_eq(b.messages->str, "t.md:1: nested more than 64 deep\n");
	built_clear(&b);
	g_string_free(text, TRUE);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("pipelines_template");
	TCase *c = tcase_create("template");

	tcase_add_test(c, words_and_sections);
	tcase_add_test(c, values_are_text);
	tcase_add_test(c, html_is_text);
	tcase_add_test(c, tables);
	tcase_add_test(c, analysis_lines);
	tcase_add_test(c, errors_name_the_line);
	tcase_add_test(c, deep_nesting);
	suite_add_tcase(s, c);
	return s;
}
