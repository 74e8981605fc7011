/* SPDX-License-Identifier: MIT */
/* render_cells: numbers of a table as people read them, and tables that don't fit the terminal. */
#include "tests/unit/suite.h"

#include <string.h>

#include "render/cells.h"
#include "render/renderer.h"

static char *cell(const GArray *formats, const struct cf_node *table, size_t row, guint column)
{
	return cf_cell_text(&g_array_index(formats, struct cf_cell_format, column),
			    cf_table_cell(table, row, column));
}

/* One value in two columns of a row reads the same, whatever else is in the columns. */
START_TEST(costs_share_a_scale)
{
	static const struct cf_column columns[] = { { "self", "self", CF_UNIT_NS, CF_COLUMN_COST },
						    { "total", "total", CF_UNIT_NS, CF_COLUMN_COST },
						    { "other", "other", CF_UNIT_NS, 0 } };
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *table = cf_doc_table(doc, doc->root, "t", NULL, columns, 3);
	g_autoptr(GArray) formats = NULL;

	cf_table_int(table, 204610000);
	cf_table_int(table, 204610000);
	cf_table_int(table, 204610000);
	cf_table_int(table, 0);
	cf_table_int(table, 4100000000);
	cf_table_int(table, 1000);
	formats = cf_cell_formats(table->table);
	for (guint c = 0; c < 3; c++) {
		g_autofree char *first = cell(formats, table, 0, c), *second = cell(formats, table, 1, c);

		ck_assert_str_eq(first, c < 2 ? "0.205 s" : "204.61 ms");
		ck_assert_str_eq(second, c == 0 ? "0.000 s" : c == 1 ? "4.100 s" : "0.00 ms");
	}
	cf_doc_free(doc);
}
END_TEST

/* Of one scale anyway: no digit more. */
START_TEST(costs_of_one_scale)
{
	static const struct cf_column columns[] = { { "self", "self", CF_UNIT_NS, CF_COLUMN_COST },
						    { "total", "total", CF_UNIT_NS, CF_COLUMN_COST } };
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *table = cf_doc_table(doc, doc->root, "t", NULL, columns, 2);
	g_autoptr(GArray) formats = NULL;
	g_autofree char *self = NULL, *total = NULL;

	cf_table_int(table, 1210000000);
	cf_table_int(table, 24260000000);
	formats = cf_cell_formats(table->table);
	self = cell(formats, table, 0, 0);
	total = cell(formats, table, 0, 1);
	ck_assert_str_eq(self, "1.21 s");
	ck_assert_str_eq(total, "24.26 s");
	cf_doc_free(doc);
}
END_TEST

static char *query_text(guint columns, int width)
{
	static const struct cf_render_opts plain = { .utf8 = TRUE };
	struct cf_render_opts opts = plain;
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_column described[12];
	struct cf_node *table;
	struct cf_out *out = cf_out_memory();
	char *text;

	for (guint c = 0; c < columns; c++)
		described[c] = (struct cf_column){ "c", c % 2 ? "n" : "text", CF_UNIT_RAW, CF_COLUMN_ELIDE };
	table = cf_doc_table(doc, cf_doc_section(doc, doc->root, "query", NULL), "t", NULL, described,
			     columns);
	for (guint c = 0; c < columns; c++)
		if (c % 2)
			cf_table_int(table, 1234567890123456789);
		else
			cf_table_text(doc, table, "a text that is rather long, as texts of a store are");
	opts.width = width;
	ck_assert_int_eq(cf_renderer_by_name("text")->render(doc, &opts, out, NULL), 0);
	text = g_strdup(cf_out_text(out, NULL));
	cf_out_abort(out);
	cf_doc_free(doc);
	return text;
}

/* A query's texts are cut to fit, never its numbers, and columns keep their order; what can't fit isn't cut at all. */
START_TEST(queries_fit_or_are_whole)
{
	g_autofree char *fits = query_text(4, 80), *whole = query_text(12, 80), *piped = query_text(12, 0);

	/* As in other tables, the first has the most room. */
	ck_assert_str_eq(
		fits, " text                                       n  text                            n\n"
		      " a text that is rather …  1234567890123456789  a text that…  1234567890123456789\n");
	ck_assert_str_eq(whole, piped);
	ck_assert_ptr_null(strstr(whole, "…"));
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_cells");
	TCase *t = tcase_create("cells");

	tcase_add_test(t, costs_share_a_scale);
	tcase_add_test(t, costs_of_one_scale);
	tcase_add_test(t, queries_fit_or_are_whole);
	suite_add_tcase(s, t);
	return s;
}
