/* SPDX-License-Identifier: MIT */
/* ingest_csv_reader: records, quoted fields, line ends, separators. */
#include "ingest/csv_reader.h"

#include "tests/unit/suite.h"

/* "1:a|b;3:c|": line and fields of each record. */
static char *read_all(const char *text, size_t len)
{
	g_autofree uint8_t *copy = g_memdup2(text, MAX(len, 1));
	struct cf_slice slice = { copy, len };
	GString *out = g_string_new(NULL);
	static struct cf_csv csv;

	cf_csv_init(&csv, "f", slice, cf_csv_separator(slice));
	while (cf_csv_next(&csv)) {
		g_string_append_printf(out, "%s%u:", out->len ? ";" : "", csv.loc.line);
		for (unsigned i = 0; i < csv.n; i++)
			g_string_append_printf(out, "%.*s|", (int)csv.fields[i].len, csv.fields[i].data);
		if (csv.unclosed)
			g_string_append(out, "!");
	}
	cf_csv_release(&csv);
	return g_string_free(out, FALSE);
}

static void reads(const char *text, const char *want)
{
	g_autofree char *got = read_all(text, strlen(text));

	ck_assert_str_eq(got, want);
}

START_TEST(records)
{
	reads("a,b\nc,d\n", "1:a|b|;2:c|d|");
	reads("a,b\r\n\r\nc,d", "1:a|b|;3:c|d|");
	reads(",\n,,", "1:||;2:|||");
	reads("a", "1:a|");
	reads("", "");
	reads("\n\r\n", "");
	reads("a;b,c;d\n1;2;3", "1:a|b,c|d|;2:1|2|3|");
	reads("a\tb c\n", "1:a|b c|");
	reads("a,b\r", "1:a|b\r|");
}
END_TEST

START_TEST(quotes)
{
	reads("\"a,b\",c\nd,e", "1:a,b|c|;2:d|e|");
	reads("\"a \"\"b\"\"\",\"\"\n", "1:a \"b\"||");
	reads("x,\"two\nlines\",y\nz,1,2\n", "1:x|two\nlines|y|;3:z|1|2|");
	reads("a,5\" disk,b\n", "1:a|5\" disk|b|");
	reads("\"a\"b,c\n", "1:ab|c|");
	reads("a,\"b,c\nd", "1:a|b,c\nd|!");
	reads("\"", "1:|!");
	reads("a,\"\"\"", "1:a|\"|!");
	reads("\"\"\"\"", "1:\"|");
	reads("\"a\";\"b\"\r\n", "1:a|b|");
}
END_TEST

START_TEST(limits)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *got = NULL;

	for (int i = 0; i < 3000; i++)
		g_string_append(text, "a,");
	g_string_append(text, "\nb,c\n");
	got = read_all(text->str, text->len);
	ck_assert_uint_eq(strlen(got), 2 + 2 * CF_CSV_FIELDS_MAX + strlen(";2:b|c|"));
}
END_TEST

START_TEST(columns)
{
	static struct cf_csv csv;
	struct cf_slice text = { (const uint8_t *)"timeStamp,Elapsed,label", 23 };

	cf_csv_init(&csv, "f", text, ',');
	ck_assert(cf_csv_next(&csv));
	ck_assert_int_eq(cf_csv_find(&csv, "elapsed"), 1);
	ck_assert_int_eq(cf_csv_find(&csv, "timestamp"), 0);
	ck_assert_int_eq(cf_csv_find(&csv, "lab"), -1);
	ck_assert(!cf_csv_next(&csv));
	cf_csv_release(&csv);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/csv_reader");
	TCase *t = tcase_create("csv");

	tcase_add_test(t, records);
	tcase_add_test(t, quotes);
	tcase_add_test(t, limits);
	tcase_add_test(t, columns);
	suite_add_tcase(s, t);
	return s;
}
