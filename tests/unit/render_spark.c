/* SPDX-License-Identifier: MIT */
/* render_spark: trends of cells as characters, words and data. */
#include "tests/unit/suite.h"

#include <math.h>
#include <string.h>

#include "render/html.h"
#include "render/spark.h"

static struct cf_node *table_of(struct cf_doc *doc, const double *values, size_t n)
{
	static const struct cf_column columns[] = { { "trend", "trend", CF_UNIT_BYTES, 0 } };
	struct cf_node *table = cf_doc_table(doc, doc->root, "t", NULL, columns, 1);

	cf_table_trend(table, values, n);
	return table;
}

START_TEST(as_characters)
{
	static const struct {
		double values[8];
		size_t n;
		const char *blocks, *marks, *data;
	} cases[] = {
		{ { 0, 1, 2, 3, 4, 5, 6, 7 }, 8, "▁▂▃▄▅▆▇█", "__.--=##", "0 1 2 3 4 5 6 7" },
		{ { -5, NAN, 5 }, 3, "▁ █", "_ #", "-5 - 5" },
		{ { 0, 0, 0 }, 3, "▁▁▁", "___", "0 0 0" },
		{ { 7, 7 }, 2, "▅▅", "--", "7 7" },
		{ { 1e308, -1e308 }, 2, "█▁", "#_", "1e+308 -1e+308" },
		{ { 0.25 }, 1, "▅", "-", "0.25" },
		{ { NAN }, 1, " ", " ", "-" },
	};
	struct cf_doc *doc = cf_doc_new(NULL);
	const struct cf_cell *cell = cf_table_cell(table_of(doc, cases[_i].values, cases[_i].n), 0, 0);
	g_autofree char *blocks = cf_spark_text(cell->trend, TRUE);
	g_autofree char *marks = cf_spark_text(cell->trend, FALSE);
	g_autofree char *data = cf_spark_values(cell->trend);

	ck_assert_int_eq(cell->type, CF_CELL_TREND);
	ck_assert_str_eq(blocks, cases[_i].blocks);
	ck_assert_str_eq(marks, cases[_i].marks);
	ck_assert_str_eq(data, cases[_i].data);
	cf_doc_free(doc);
}
END_TEST

/* Means of stretches, so that the mean of all stays; and no more columns than sixteen. */
START_TEST(of_many_values)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	double values[6400], sum = 0;
	const struct cf_trend *trend;
	g_autofree char *blocks = NULL;

	for (int i = 0; i < 6400; i++)
		values[i] = i % 977;
	trend = cf_table_cell(table_of(doc, values, 6400), 0, 0)->trend;
	ck_assert_uint_eq(trend->n, CF_TREND_MAX);
	for (guint i = 0; i < trend->n; i++)
		sum += trend->values[i] * 100;
	for (int i = 0; i < 6400; i++)
		sum -= values[i];
	ck_assert_double_eq_tol(sum, 0, 1e-6);
	blocks = cf_spark_text(trend, TRUE);
	ck_assert_int_eq(g_utf8_strlen(blocks, -1), 16);
	ck_assert_int_eq(cf_table_cell(table_of(doc, NULL, 0), 0, 0)->type, CF_CELL_EMPTY);
	cf_doc_free(doc);
}
END_TEST

START_TEST(as_a_picture)
{
	static const double values[] = { NAN, 1048576, 3145728, NAN, 2097152 };
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_html html = { .out = cf_out_memory(), .open = g_ptr_array_new() };

	cf_spark_html(&html, cf_table_cell(table_of(doc, values, 5), 0, 0)->trend, CF_UNIT_BYTES);
	ck_assert_str_eq(
		cf_out_text(html.out, NULL),
		"<svg class=\"spark\" role=\"img\" viewBox=\"0 0 88 20\" width=\"88\" height=\"20\">"
		"<title>3 values: first 1.0 MiB, last 2.0 MiB, least 1.0 MiB, greatest 3.0 MiB</title>"
		"<path d=\"M 23.5 17h0L 44 3M 85 10h0\"/><path class=\"end\" d=\"M 85 10h0\"/></svg>");
	ck_assert_uint_eq(html.open->len, 0);
	cf_out_abort(html.out);
	g_ptr_array_unref(html.open);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_spark");
	TCase *t = tcase_create("spark");

	tcase_add_loop_test(t, as_characters, 0, 7);
	tcase_add_test(t, of_many_values);
	tcase_add_test(t, as_a_picture);
	suite_add_tcase(s, t);
	return s;
}
