/* SPDX-License-Identifier: MIT */
/* core_reader: slices, lines, encodings and number parsers at their borders. */
#include "tests/unit/suite.h"

#include <float.h>
#include <locale.h>
#include <stdlib.h>

#include "core/reader.h"

static struct cf_slice slice(const char *text)
{
	return (struct cf_slice){ (const uint8_t *)text, strlen(text) };
}

START_TEST(slices_are_bounded)
{
	struct cf_slice whole = slice("0123456789"), sub = { 0 };

	ck_assert(cf_slice_sub(whole, 3, 4, &sub));
	ck_assert(!memcmp(sub.data, "3456", 4) && sub.len == 4);
	ck_assert(cf_slice_sub(whole, 10, 0, &sub));
	ck_assert(!cf_slice_sub(whole, 10, 1, &sub));
	ck_assert(!cf_slice_sub(whole, 11, 0, &sub));
	ck_assert(!cf_slice_sub(whole, 5, UINT64_MAX - 2, &sub));
	ck_assert(!cf_slice_sub(whole, UINT64_MAX, 2, &sub));
	ck_assert_uint_eq(sub.len, 0);
}
END_TEST

START_TEST(loads_either_order)
{
	static const uint8_t bytes[] = { 0xff, 1, 2, 3, 4, 5, 6, 7, 8 };

	ck_assert_uint_eq(cf_le16(bytes + 1), 0x0201);
	ck_assert_uint_eq(cf_be16(bytes + 1), 0x0102);
	ck_assert_uint_eq(cf_le32(bytes + 1), 0x04030201);
	ck_assert_uint_eq(cf_be32(bytes + 1), 0x01020304);
	ck_assert(cf_le64(bytes + 1) == UINT64_C(0x0807060504030201));
	ck_assert(cf_be64(bytes + 1) == UINT64_C(0x0102030405060708));
}
END_TEST

/* Lines as "line@offset:text|". */
static void check_lines(const char *text, const char *want)
{
	g_autoptr(GString) got = g_string_new(NULL);
	struct cf_lines lines;
	struct cf_slice line;

	cf_lines_init(&lines, "f", slice(text));
	while (cf_lines_next(&lines, &line)) {
		g_string_append_printf(got, "%u@%u:", lines.loc.line, (unsigned)lines.loc.offset);
		g_string_append_len(got, (const char *)line.data, (gssize)line.len);
		g_string_append_c(got, '|');
	}
	ck_assert_str_eq(got->str, want);
	ck_assert_str_eq(lines.loc.path, "f");
	ck_assert(!cf_lines_next(&lines, &line));
}

START_TEST(splits_lines)
{
	check_lines("", "");
	check_lines("a", "1@0:a|");
	check_lines("a\n", "1@0:a|");
	check_lines("a\n\nb\r\nc\rd\r\n\r\n", "1@0:a|2@2:|3@3:b|4@6:c\rd|5@11:|");
	check_lines("\n", "1@0:|");
	check_lines("a\r", "1@0:a|");
}
END_TEST

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s: %s\n", where, text);
}

static void check_text(const char *bytes, size_t len, int rc, const char *want, const char *messages)
{
	/* An exact heap copy, so that a sanitizer sees any step outside. */
	g_autofree uint8_t *copy = g_memdup2(bytes, len ? len : 1);
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	g_autofree char *owned = NULL;
	struct cf_slice out;

	ck_assert_int_eq(cf_text_utf8("f", (struct cf_slice){ copy, len }, &out, &owned, &diag), rc);
	ck_assert_str_eq(said->str, messages);
	if (rc == 0) {
		ck_assert_uint_eq(out.len, strlen(want));
		ck_assert_mem_eq(out.data, want, strlen(want));
	}
}

#define TEXT(bytes, rc, want, messages) check_text(bytes, sizeof(bytes) - 1, rc, want, messages)

START_TEST(decodes_text)
{
	TEXT("abc", 0, "abc", "");
	TEXT("", 0, "", "");
	TEXT("\xef\xbb\xbf", 0, "", "");
	TEXT("\xef\xbb\xbf"
	     "abc",
	     0, "abc", "");
	TEXT("\xff\xfe", 0, "", "");
	TEXT("\xff\xfe"
	     "a\0\xac\x20\x3d\xd8\0\xde",
	     0, "a\xe2\x82\xac\xf0\x9f\x98\x80", "");
	TEXT("\xfe\xff\0a\x20\xac\xd8\x3d\xde\0", 0, "a\xe2\x82\xac\xf0\x9f\x98\x80", "");
	TEXT("\xff\xfe"
	     "a\0\x3d\xd8"
	     "b\0\0\xdc\x3d\xd8"
	     "c",
	     0,
	     "a\xef\xbf\xbd"
	     "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
	     "f: 4 invalid UTF-16 units replaced by U+FFFD\n");
	TEXT("ab\0c", -1, "", "f@0x2: binary data: found a NUL byte, expected text\n");
	TEXT("\xff\xfe"
	     "a\0\0\0",
	     -1, "", "f: binary data: found a NUL byte, expected text\n");
	/* Bytes that aren't UTF-8 stay: names are data. */
	TEXT("a\xff", 0, "a\xff", "");
}
END_TEST

START_TEST(parses_integers)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t want;
	} cases[] = { { "0", true, 0 },
		      { "-0", true, 0 },
		      { "+7", true, 7 },
		      { "007", true, 7 },
		      { "9223372036854775807", true, INT64_MAX },
		      { "-9223372036854775808", true, INT64_MIN },
		      { "9223372036854775808", false, 0 },
		      { "-9223372036854775809", false, 0 },
		      { "18446744073709551616", false, 0 },
		      { "9999999999999999999999999999999999999999", false, 0 },
		      { "", false, 0 },
		      { "-", false, 0 },
		      { "--1", false, 0 },
		      { "+-1", false, 0 },
		      { " 1", false, 0 },
		      { "1 ", false, 0 },
		      { "1.0", false, 0 },
		      { "0x1", false, 0 },
		      { "1e3", false, 0 },
		      { "\xd9\xa1", false, 0 } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		int64_t got = 0;

		ck_assert_msg(cf_parse_i64(slice(cases[i].text), &got) == cases[i].ok, "'%s'", cases[i].text);
		ck_assert_msg(got == cases[i].want, "'%s'", cases[i].text);
	}
}
END_TEST

START_TEST(parses_unsigned)
{
	uint64_t v = 0;

	ck_assert(cf_parse_u64(slice("18446744073709551615"), 10, &v) && v == UINT64_MAX);
	ck_assert(!cf_parse_u64(slice("18446744073709551616"), 10, &v));
	ck_assert(cf_parse_u64(slice("ffffffffffffffff"), 16, &v) && v == UINT64_MAX);
	ck_assert(cf_parse_u64(slice("0xFf"), 16, &v) && v == 255);
	ck_assert(!cf_parse_u64(slice("10000000000000000"), 16, &v));
	ck_assert(!cf_parse_u64(slice("0x"), 16, &v));
	ck_assert(!cf_parse_u64(slice("g"), 16, &v));
	ck_assert(!cf_parse_u64(slice("a"), 10, &v));
	ck_assert(!cf_parse_u64(slice("-1"), 10, &v));
	ck_assert(!cf_parse_u64(slice(""), 10, &v));
}
END_TEST

START_TEST(parses_decimals)
{
	static const char *const bad[] = { "",   ".",   "-",   "e1",  "1e",    "1e+",    "1,5",   " 1",
					   "1 ", "0x1", "inf", "nan", "1e999", "-1e999", "1.5.2", "1_000" };
	g_autofree char *digits = g_strnfill(5000, '1');
	double v = 0;

	ck_assert(cf_parse_double(slice("1"), &v) && v == 1);
	ck_assert(cf_parse_double(slice("-1.5"), &v) && v == -1.5);
	ck_assert(cf_parse_double(slice("1e3"), &v) && v == 1000);
	ck_assert(cf_parse_double(slice("+.5E-1"), &v) && v == 0.05);
	ck_assert(cf_parse_double(slice("5."), &v) && v == 5);
	ck_assert(cf_parse_double(slice("1.7976931348623157e308"), &v) && v == DBL_MAX);
	ck_assert(cf_parse_double(
		slice("0.00000000000000000000000000000000000000000000000000000000000000000001"), &v));
	ck_assert(v == 1e-68);
	ck_assert(!cf_parse_double(slice(digits), &v));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		ck_assert_msg(!cf_parse_double(slice(bad[i]), &v), "'%s'", bad[i]);
	/* Where the machine has such a locale, its comma changes nothing. */
	setlocale(LC_ALL, "de_DE.UTF-8");
	ck_assert(cf_parse_double(slice("2.5"), &v) && v == 2.5);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/reader");
	TCase *t = tcase_create("reader");

	tcase_add_test(t, slices_are_bounded);
	tcase_add_test(t, loads_either_order);
	tcase_add_test(t, splits_lines);
	tcase_add_test(t, decodes_text);
	tcase_add_test(t, parses_integers);
	tcase_add_test(t, parses_unsigned);
	tcase_add_test(t, parses_decimals);
	suite_add_tcase(s, t);
	return s;
}
