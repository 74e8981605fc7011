/* SPDX-License-Identifier: MIT */
/* render_ipynb: notebooks have the shape that nbformat 4.5 wants, and commands are words in their cells. */
#include "render/renderer.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/render_figures.h"
#include "tests/unit/suite.h"

static void reject_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_abort_msg("unexpected message: %s", text);
}

static char *render(const struct cf_doc *doc, const char *store)
{
	const struct cf_render_opts opts = { .store = store, .dot = "" };
	struct cf_diag diag = { .consume = reject_message };
	struct cf_out *out = cf_out_memory();
	char *text;

	ck_assert_int_eq(cf_renderer_by_path("x.ipynb")->render(doc, &opts, out, &diag), 0);
	text = g_strdup(cf_out_text(out, NULL));
	cf_out_abort(out);
	return text;
}

static guint count(const char *text, const char *what)
{
	guint n = 0;

	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

static struct cf_node *add_table(struct cf_doc *doc, struct cf_node *parent, const char *id,
				 const char *recompute)
{
	static const struct cf_column columns[] = { { "x", "x", CF_UNIT_NONE, 0 } };
	struct cf_node *table = cf_doc_table(doc, parent, id, NULL, columns, 1);

	cf_table_text(doc, table, "y");
	table->table->recompute = g_strdup(recompute);
	return table;
}

/* The source of the cell with that id, as it stands in the JSON. Caller frees. */
static char *source(const char *text, const char *id)
{
	g_autofree char *key = g_strdup_printf("\"id\":\"%s\"", id);
	const char *cell = strstr(text, key), *start = cell ? strstr(cell, "\"source\":[") : NULL;
	const char *end = start ? strstr(start, "]}") : NULL;

	ck_assert_msg(end != NULL, "no cell %s", id);
	return g_strndup(start + strlen("\"source\":["), (gsize)(end - start) - strlen("\"source\":["));
}

static void expect_source(const char *text, const char *id, const char *wanted)
{
	g_autofree char *have = source(text, id);

	ck_assert_str_eq(have, wanted);
}

static void expect_no_cell(const char *text, const char *id)
{
	g_autofree char *key = g_strdup_printf("\"id\":\"%s\"", id);

	ck_assert_ptr_null(strstr(text, key));
}

START_TEST(has_the_shape)
{
	struct cf_doc *doc = cf_doc_new("Title");
	struct cf_node *section = cf_doc_section(doc, doc->root, "s", "Section");
	g_autofree char *text = NULL;

	cf_doc_para(doc, section, "words");
	cf_doc_graph(doc, section, "services", "Services", figure_graph());
	cf_doc_sequence(doc, section, "get", "GET", figure_sequence());
	cf_doc_timeline(doc, section, "trace", NULL, figure_waterfall());
	text = render(doc, NULL);
	ck_assert(g_str_has_prefix(
		text, "{\"cells\":[{\"cell_type\":\"markdown\",\"id\":\"text-title\",\"metadata\":{},"
		      "\"source\":[\"# Title\"]},"));
	ck_assert(g_str_has_suffix(
		text, "],\"metadata\":{\"kernelspec\":{\"display_name\":\"Python 3\",\"language\":"
		      "\"python\",\"name\":\"python3\"},\"language_info\":{\"name\":\"python\"}},"
		      "\"nbformat\":4,\"nbformat_minor\":5}\n"));
	/* Each code cell, and no other, has a count and outputs; each cell has an id, metadata and a source. */
	ck_assert_uint_eq(count(text, "\"cell_type\":\"code\""), 2);
	ck_assert_uint_eq(count(text, "\"execution_count\":null"), 2);
	ck_assert_uint_eq(count(text, "\"outputs\":["), 2);
	ck_assert_uint_eq(count(text, "\"image/svg+xml\":["), 2);
	ck_assert_uint_eq(count(text, "\"cell_type\":"), count(text, "\"source\":["));
	ck_assert_uint_eq(count(text, "\"cell_type\":"), count(text, "\"id\":\""));
	/* Without a store there is nothing to ask, and without dot the graph is Mermaid's. */
	expect_no_cell(text, "setup-store");
	ck_assert_ptr_nonnull(strstr(text, "```mermaid"));
	/* Nothing in it ends a script that the file may be pasted into. */
	ck_assert_ptr_null(strchr(text, '<'));
	cf_doc_free(doc);
}
END_TEST

START_TEST(commands_are_words)
{
	struct cf_doc *doc = cf_doc_new("Title");
	g_autofree char *text = NULL;

	cf_doc_add_input(doc, 7, "nightly", "00ff", "run 7");
	cf_doc_add_input(doc, 9, "nightly", "00fe", "run 9");
	add_table(doc, doc->root, "plain", "callflow top --by module 7");
	add_table(doc, doc->root, "quoted", "callflow top --focus 'a b'\\''c\"\\n' -- '-x;$(rm)' 7");
	add_table(doc, doc->root, "sql", "callflow query 'SELECT 1'");
	add_table(doc, doc->root, "other", "rm -rf /");
	add_table(doc, doc->root, "broken", "callflow top 'unfinished");
	add_table(doc, doc->root, "bare", "callflow");
	add_table(doc, doc->root, "none", NULL);
	add_table(doc, doc->root, "query", "callflow top 7")->table->sql =
		g_strdup("SELECT function\nFROM v_func WHERE metric = 'a\"b'");
	text = render(doc, "/tmp/st\"ore\n.db");
	expect_source(text, "compute-runs", "\"runs(7, 9)\"");
	expect_source(text, "compute-plain",
		      "\"callflow(\\\"top\\\", \\\"--by\\\", \\\"module\\\", \\\"7\\\")\"");
	expect_source(text, "compute-quoted",
		      "\"callflow(\\\"top\\\", \\\"--focus\\\", \\\"a b'c\\\\\\\"\\\\\\\\n\\\", \\\"--\\\", "
		      "\\\"-x;$(rm)\\\", \\\"7\\\")\"");
	expect_source(text, "compute-sql", "\"query(\\\"SELECT 1\\\")\"");
	expect_source(text, "compute-query",
		      "\"query(\\n\",\"    \\\"SELECT function\\\\n\\\"\\n\","
		      "\"    \\\"FROM v_func WHERE metric = 'a\\\\\\\"b'\\\"\\n\",\")\"");
	expect_no_cell(text, "compute-other");
	expect_no_cell(text, "compute-broken");
	expect_no_cell(text, "compute-bare");
	expect_no_cell(text, "compute-none");
	ck_assert_ptr_nonnull(strstr(text, "STORE = os.environ.get(\\\"CALLFLOW_STORE\\\", "
					   "\\\"/tmp/st\\\\\\\"ore\\\\n.db\\\")"));
	ck_assert_ptr_null(strstr(text, "REPORTED_STORE"));
	cf_doc_free(doc);
}
END_TEST

/* Ids are letters, digits, - and _, at most 64 of them, and unique. */
START_TEST(ids_are_ids)
{
	static const char *const ids[] = {
		"a\"b</script>",
		"a_b_/script_",
		"",
		"\xff\xfe",
		"a-name-that-is-longer-than-an-id-may-be-in-a-notebook-of-any-version-"
		"that-there-is",
		"a-name-that-is-longer-than-an-id-may-be-in-a-notebook-of-any-version-"
		"that-there-was"
	};
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct cf_doc *doc = cf_doc_new(NULL);
	g_autofree char *text = NULL;
	guint n = 0;

	for (size_t i = 0; i < 3 * G_N_ELEMENTS(ids); i++)
		add_table(doc, doc->root, ids[i % G_N_ELEMENTS(ids)], "callflow top 7");
	text = render(doc, "x");
	for (const char *p = text; (p = strstr(p, "\"id\":\"")); n++) {
		size_t len;
		char *id;

		p += strlen("\"id\":\"");
		len = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
		ck_assert_int_eq(p[len], '"');
		ck_assert_uint_ge(len, 1);
		ck_assert_uint_le(len, 64);
		id = g_strndup(p, len);
		ck_assert_msg(g_hash_table_add(seen, id), "%s twice", p);
	}
	/* A table and its code, and the setup; without a document's title and runs. */
	ck_assert_uint_eq(n, 2 * 3 * G_N_ELEMENTS(ids) + 1);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_ipynb");
	TCase *t = tcase_create("ipynb");

	tcase_add_test(t, has_the_shape);
	tcase_add_test(t, commands_are_words);
	tcase_add_test(t, ids_are_ids);
	suite_add_tcase(s, t);
	return s;
}
