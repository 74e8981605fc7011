/* SPDX-License-Identifier: MIT */
/* core_json_reader: tokens, places, limits, cut and damaged texts, documents of the JSON reader. */
#include "tests/unit/json_fixture.h"

#include "core/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void check_tokens(const char *text, unsigned flags, const char *want, const char *said)
{
	struct fixture f;
	g_autofree char *got = NULL;

	fixture_open(&f, text, flags);
	got = dump_tokens(&f.json);
	ck_assert_str_eq(got, want);
	fixture_close(&f, said);
}

START_TEST(tokens)
{
	check_tokens("{\"a\":1,\"b\":[true,false,null,\"x\"],\"c\":{}}", 0,
		     "{ a= i1 b= [ true false null 'x' ] c= { } }", "");
	check_tokens(" [ 1.5 , -2 , 1e3 ] ", 0, "[ d1.5 i-2 d1000 ]", "");
	check_tokens("\"\\u0041\\n\\/\\\\\\\"\\ud83d\\ude00\\u20ac\\u00e9\"", 0,
		     "'A\n/\\\"\xf0\x9f\x98\x80\xe2\x82\xac\xc3\xa9'", "");
	check_tokens("{\"a\\tb\":\"c\\td\",\"e\":\"f\"}", 0, "{ a\tb= 'c\td' e= 'f' }", "");
	check_tokens("[9223372036854775807,-9223372036854775808,9223372036854775808,18446744073709551615]", 0,
		     "[ i9223372036854775807 i-9223372036854775808 u9223372036854775808 "
		     "u18446744073709551615 ]",
		     "");
	check_tokens("[18446744073709551616,-9223372036854775809,10000000000000000000000]", 0,
		     "[ d1.8446744073709552e+19 d-9.2233720368547758e+18 d1e+22 ]", "");
	check_tokens("[1.0,1E0,-0,0.0,-0.0]", 0, "[ d1 d1 i0 d0 d-0 ]", "");
}
END_TEST

START_TEST(nul_in_text)
{
	struct fixture f;

	fixture_open(&f, "{\"a\\u0000b\":\"\\u0000\"}", 0);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_OBJECT);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_KEY);
	ck_assert_uint_eq(f.json.key.len, 3);
	ck_assert_mem_eq(f.json.key.data, "a\0b", 3);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_STRING);
	ck_assert_uint_eq(f.json.text.len, 1);
	ck_assert_uint_eq(f.json.text.data[0], 0);
	ck_assert_uint_eq(f.json.key.len, 3); /* the key stays beside its value */
	ck_assert_mem_eq(f.json.key.data, "a\0b", 3);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
}
END_TEST

/* What is plain isn't copied. */
START_TEST(borrows_text)
{
	struct fixture f;

	fixture_open(&f, "[\"plain\",\"\xc3\xa9\",\"\\n\"]", 0);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_ARRAY);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_STRING);
	ck_assert_ptr_eq(f.json.text.data, f.copy + 2);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_STRING);
	ck_assert_ptr_eq(f.json.text.data, f.copy + 10);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_STRING);
	ck_assert_uint_eq(f.json.text.len, 1);
	fixture_close(&f, "");
}
END_TEST

START_TEST(replaces_bad_text)
{
	struct fixture f;
	g_autofree char *got = NULL;

	fixture_open(&f, "[\"ok\",\n \"a\xff\\ud800z\",\"\xc3\"]", 0);
	got = dump_tokens(&f.json);
	ck_assert_str_eq(got, "[ 'ok' 'a\xef\xbf\xbd\xef\xbf\xbdz' '\xef\xbf\xbd' ]");
	ck_assert_uint_eq(f.json.bad_text, 3);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "f:2:4: warning: text that isn't UTF-8 is read as U+FFFD, here and from here on\n");
	check_tokens("[\"\\ud800\"]", CF_JSON_STRICT_TEXT, "[",
		     "f:1:3: found half of a surrogate pair, expected a character\n");
	check_tokens("[\"\xed\xa0\x80\"]", CF_JSON_STRICT_TEXT, "[",
		     "f:1:3: found byte 0xed in a string, expected UTF-8\n");
}
END_TEST

START_TEST(not_finite)
{
	check_tokens("[NaN,-Infinity,Infinity,nan,inf,-inf,-NaN,null,1e999,-1e999]", CF_JSON_NOT_FINITE,
		     "[ dnan d-inf dinf dnan dinf d-inf dnan null dinf d-inf ]", "");
	check_tokens("[1e999]", 0, "[",
		     "f:1:2: found a number that is too large for a double, expected at most 1.8e308\n");
	check_tokens("[NaN]", 0, "[", "f:1:2: found 'N', expected a value or ']'\n");
	check_tokens("[-Infinity]", 0, "[", "f:1:3: found 'I', expected a digit\n");
	check_tokens("[NaNs]", CF_JSON_NOT_FINITE, "[", "f:1:5: found 's' after a number\n");
	check_tokens("[nul]", CF_JSON_NOT_FINITE, "[", "f:1:5: found ']', expected null\n");
	check_verdict("{\"a\":NaN,\"b\":[-Infinity,nan,1e999]}", 35, CF_JSON_NOT_FINITE, 0);
}
END_TEST

START_TEST(trailing_commas)
{
	check_tokens("[1,]", CF_JSON_TRAILING_COMMA, "[ i1 ]", "");
	check_tokens("{\"a\":[1,2 , ] , }", CF_JSON_TRAILING_COMMA, "{ a= [ i1 i2 ] }", "");
	check_tokens("[,]", CF_JSON_TRAILING_COMMA, "[", "f:1:2: found ',', expected a value or ']'\n");
	check_tokens("[1,,]", CF_JSON_TRAILING_COMMA, "[ i1", "f:1:4: found ',', expected a value\n");
	check_verdict("{\"a\":[1,{\"b\":2,},],}", 20, CF_JSON_TRAILING_COMMA, 0);
}
END_TEST

/* Where things are, with lines and columns of bytes from 1. */
START_TEST(places)
{
	check_tokens("", 0, "", "f:1:1: found the end of the input, expected a value\n");
	check_tokens("\n\n  ", 0, "", "f:3:3: found the end of the input, expected a value\n");
	check_tokens("{\n\t\"a\": 1,\n\t\"b\" 2\n}", 0, "{ a= i1",
		     "f:3:6: found '2', expected ':' after the key\n");
	check_tokens("[1,\r\n\r\n 2 x]", 0, "[ i1 i2", "f:3:4: found 'x', expected ',' or ']'\n");
	check_tokens("[\"a\xc3\xa9\", x]", 0, "[ 'a\xc3\xa9'", "f:1:9: found 'x', expected a value\n");
	check_tokens("[\"a\nb\"]", 0, "[",
		     "f:1:4: found the control character 0x0a in a string, expected an escape\n");
	check_tokens("{\"a\":1,\n\"b\":2", 0, "{ a= i1 b= i2",
		     "f:2:6: found the end of the input, expected ',' or '}'\n");
	check_tokens("[\"abc", 0, "[",
		     "f:1:6: found the end of the input, expected '\"' at the end of the string\n");
	check_tokens("[\"\\q\"]", 0, "[", "f:1:4: found 'q', expected one of \"\\/bfnrtu after '\\'\n");
	check_tokens("[\"\\u12g4\"]", 0, "[", "f:1:7: found 'g', expected four hex digits after '\\u'\n");
	check_tokens("[01]", 0, "[", "f:1:3: found a digit after a leading 0\n");
	check_tokens("[\x80]", 0, "[", "f:1:2: found byte 0x80, expected a value or ']'\n");
	check_tokens("[\x1b]", 0, "[", "f:1:2: found '\\x1b', expected a value or ']'\n");
	check_tokens("{1}", 0, "{", "f:1:2: found '1', expected a key in quotes or '}'\n");
	check_tokens("{\"a\":1,2}", 0, "{ a= i1", "f:1:8: found '2', expected a key in quotes\n");
	check_tokens("[tru]", 0, "[", "f:1:5: found ']', expected true\n");
	check_tokens("[1", 0, "[ i1", "f:1:3: found the end of the input, expected ',' or ']'\n");
	check_tokens("[-", 0, "[", "f:1:3: found the end of the input, expected a digit\n");
	check_tokens("[1.", 0, "[", "f:1:4: found the end of the input, expected a digit\n");
	check_tokens("[fal", 0, "[", "f:1:5: found the end of the input, expected false\n");
}
END_TEST

START_TEST(offsets)
{
	struct fixture f;
	struct cf_loc loc;

	fixture_open(&f, "{\"a\":\n[1,\n \"x\"]}", 0);
	ck_assert(cf_json_object(&f.json) && cf_json_find(&f.json, 1, "a"));
	loc = cf_json_loc(&f.json);
	ck_assert_uint_eq(loc.offset, 1);
	ck_assert(cf_json_array(&f.json) == 2 && cf_json_item(&f.json, 2) && cf_json_item(&f.json, 2));
	loc = cf_json_loc(&f.json);
	ck_assert_uint_eq(loc.offset, 11);
	ck_assert_uint_eq(loc.line, 3);
	ck_assert_uint_eq(loc.col, 2);
	cf_json_warn(&f.json, "an x of %d", 7);
	ck_assert_int_eq(cf_json_error(&f.json, "no %s", "good"), -1);
	ck_assert_int_eq(cf_json_error(&f.json, "again"), -1);
	ck_assert_int_eq(cf_json_finish(&f.json), -1);
	fixture_close(&f, "f:3:2: warning: an x of 7\nf:3:2: no good\n");
}
END_TEST

/* After an error nothing more is read, and nothing more is said. */
START_TEST(errors_stick)
{
	struct cf_slice text = { 0 };
	struct fixture f;
	int64_t value = 7;

	fixture_open(&f, "[1,x,2]", 0);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(cf_json_item(&f.json, 1) && cf_json_get_int(&f.json, &value));
	ck_assert(!cf_json_item(&f.json, 1));
	ck_assert(!cf_json_ok(&f.json));
	ck_assert(!cf_json_item(&f.json, 1));
	ck_assert(!cf_json_get_int(&f.json, &value));
	ck_assert(!cf_json_try_int(&f.json, &value));
	ck_assert(!cf_json_get_text(&f.json, &text));
	ck_assert(!cf_json_skip(&f.json));
	ck_assert(!cf_json_document(&f.json));
	ck_assert_uint_eq(cf_json_object(&f.json), 0);
	ck_assert_uint_eq(cf_json_try_array(&f.json), 0);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_ERROR);
	ck_assert_int_eq(cf_json_peek(&f.json), CF_JSON_ERROR);
	ck_assert_int_eq(cf_json_finish(&f.json), -1);
	ck_assert_int_eq(value, 1);
	fixture_close(&f, "f:1:4: found 'x', expected a value\n");
}
END_TEST

static char *nested(const char *open, const char *close, unsigned n)
{
	GString *text = g_string_new(NULL);

	for (unsigned i = 0; i < n; i++)
		g_string_append(text, open);
	for (unsigned i = 0; i < n; i++)
		g_string_append(text, close);
	return g_string_free(text, FALSE);
}

START_TEST(depth)
{
	g_autofree char *most = nested("[", "]", 512), *more = nested("[", "]", 513);
	g_autofree char *million = nested("[", "", 1000000);
	g_autofree char *mixed = nested("[{\"\":", "}]", 50000);
	struct fixture f;

	check_verdict(most, strlen(most), 0, 0);
	check_verdict(more, strlen(more), 0, -1);
	check_verdict(million, strlen(million), 0, -1);

	fixture_open(&f, million, 0);
	ck_assert(!cf_json_skip(&f.json));
	fixture_close(&f, "f:1:513: found more than 512 objects and arrays in one another\n");

	fixture_open(&f, million, CF_JSON_MAY_BE_CUT);
	f.json.max_depth = 2000000;
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	ck_assert_uint_eq(f.json.cut_depth, 1000000);
	fixture_close(&f, "");

	/* The innermost "": is followed by '}' where a value is due. */
	fixture_open(&f, mixed, 0);
	f.json.max_depth = 100000;
	ck_assert_int_eq(cf_json_finish(&f.json), -1);
	fixture_close(&f, "f:1:250001: found '}', expected a value\n");
}
END_TEST

/* A million brackets in an order that isn't regular, so that every bit of the nesting counts. */
START_TEST(nesting_is_remembered)
{
	GString *text = g_string_new(NULL);
	unsigned levels = 100000, state = 1;
	g_autofree bool *object = g_new(bool, levels);
	struct fixture f;

	for (unsigned i = 0; i < levels; i++) {
		state = state * 1103515245 + 12345;
		object[i] = state >> 16 & 1;
		g_string_append(text, object[i] ? "{\"k\":" : "[");
	}
	g_string_append_c(text, '1');
	for (unsigned i = levels; i--;)
		g_string_append_c(text, object[i] ? '}' : ']');
	fixture_open(&f, text->str, 0);
	f.json.max_depth = levels;
	ck_assert(cf_json_skip(&f.json));
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
	text->str[text->len - 60000] ^= ']' ^ '}';
	fixture_open(&f, text->str, 0);
	f.json.max_depth = levels;
	ck_assert(!cf_json_skip(&f.json));
	ck_assert_uint_eq(cf_json_loc(&f.json).line, 1);
	ck_assert_ptr_nonnull(strstr(f.said->str, "expected ','"));
	fixture_close(&f, f.said->str);
	g_string_free(text, TRUE);
}
END_TEST

START_TEST(length_limits)
{
	struct fixture f;

	for (int longer = 0; longer < 2; longer++) {
		fixture_open(&f, longer ? "[\"0123456789x\"]" : "[\"0123456789\"]", 0);
		f.json.max_text = 10;
		ck_assert_int_eq(cf_json_finish(&f.json), -longer);
		fixture_close(&f, longer ? "f:1:3: found a string of more than 10 bytes\n" : "");

		fixture_open(&f, longer ? "{\"0123456789x\":1}" : "{\"0123456789\":1}", 0);
		f.json.max_text = 10;
		ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_OBJECT);
		ck_assert_int_eq(cf_json_next(&f.json), longer ? CF_JSON_ERROR : CF_JSON_KEY);
		fixture_close(&f, longer ? "f:1:3: found a string of more than 10 bytes\n" : "");

		fixture_open(&f, longer ? "[12345678901]" : "[1234567890]", 0);
		f.json.max_text = 10;
		ck_assert_int_eq(cf_json_finish(&f.json), -longer);
		fixture_close(&f, longer ? "f:1:2: found a number of more than 10 bytes\n" : "");
	}
	/* An escape that reaches over the limit is no bad escape. */
	fixture_open(&f, "[\"01234567\\u0041\"]", 0);
	f.json.max_text = 10;
	ck_assert_int_eq(cf_json_finish(&f.json), -1);
	fixture_close(&f, "f:1:3: found a string of more than 10 bytes\n");
}
END_TEST

/* The default limit: 64 MiB of text and one byte more. */
START_TEST(huge_string)
{
	size_t limit = 64 << 20;
	char *text = g_malloc(limit + 4);
	struct fixture f;

	memset(text, 'a', limit + 4);
	text[0] = text[limit + 1] = '"';
	fixture_open_bytes(&f, text, limit + 2, 0);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_STRING);
	ck_assert_uint_eq(f.json.text.len, limit);
	fixture_close(&f, "");
	text[limit + 1] = 'a';
	text[limit + 2] = '"';
	fixture_open_bytes(&f, text, limit + 3, 0);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_ERROR);
	fixture_close(&f, "f:1:2: found a string of more than 67108864 bytes\n");
	/* All of it escapes and bytes that aren't UTF-8. */
	for (size_t i = 1; i + 1 < limit; i += 3)
		memcpy(text + i, "\\n\xff", 3);
	text[limit - 1] = '"';
	fixture_open_bytes(&f, text, limit, 0);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_STRING);
	ck_assert_uint_eq(f.json.text.len, (limit - 2) / 3 * 4 + (limit - 2) % 3 / 2);
	fixture_close(&f, f.said->str);
	g_free(text);
}
END_TEST

/* Every length around the width of a vector, with something special at every place. */
START_TEST(string_borders)
{
	static const char *const specials[] = { "\"", "\\n", "\x01", "\xc3\xa9", "\xff", "\\u00e9" };
	static const char *const decoded[] = { NULL, "\n", NULL, "\xc3\xa9", "\xef\xbf\xbd", "\xc3\xa9" };

	for (unsigned len = 0; len < 40; len++) {
		for (unsigned at = 0; at <= len; at++) {
			for (size_t i = 0; i < G_N_ELEMENTS(specials); i++) {
				g_autofree char *before = g_strnfill(at, 'a'),
						*after = g_strnfill(len - at, 'b');
				g_autofree char *text =
					g_strdup_printf("[\"%s%s%s\"]", before, specials[i], after);
				g_autofree char *want = decoded[i] ? g_strdup_printf("[ '%s%s%s' ]", before,
										     decoded[i], after)
								   : NULL;
				g_autofree char *got = NULL;
				struct fixture f;

				fixture_open(&f, text, 0);
				got = dump_tokens(&f.json);
				ck_assert_int_eq(cf_json_finish(&f.json), want ? 0 : -1);
				if (want)
					ck_assert_str_eq(got, want);
				fixture_close(&f, f.said->str);
			}
		}
	}
}
END_TEST

/* Every beginning of a document is cut, however it is read, and refused where that isn't allowed. */
START_TEST(every_cut)
{
	static const char text[] = "[{\"a\\n\" : [1, -2.5e3,true ,null],\"b\":{\"c\":\"d\\u00e9\"}} , false]";

	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		struct fixture f;
		check_verdict(text, n, 0, -1);
		for (int way = 0; way < 4; way++) {
			fixture_open_bytes(&f, text, n, way & 1 ? CF_JSON_MAY_BE_CUT : CF_JSON_KEEP_DAMAGED);
			while (way & 2 && cf_json_next(&f.json) > CF_JSON_END)
				continue;
			ck_assert_int_eq(cf_json_finish(&f.json), 0);
			ck_assert_msg(f.json.cut == CF_JSON_CUT, "%zu %d", n, way);
			ck_assert(!cf_json_ok(&f.json));
			fixture_close(&f, "");
		}
	}
}
END_TEST

static void check_cut(const char *text, unsigned levels, bool between)
{
	struct fixture f;

	fixture_open(&f, text, CF_JSON_MAY_BE_CUT);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	ck_assert_int_eq(f.json.cut, CF_JSON_CUT);
	ck_assert_uint_eq(f.json.cut_depth, levels);
	ck_assert_msg(f.json.cut_between == between, "%s", text);
	ck_assert_int_eq(cf_json_next(&f.json), CF_JSON_END);
	fixture_close(&f, "");
}

START_TEST(cuts)
{
	check_cut("[", 1, true);
	check_cut("[{\"a\":1},\n{\"a\":2}", 1, true);
	check_cut("[{\"a\":1},\n{\"a\":2},\n", 1, true);
	check_cut("[{\"a\":1},\n{\"a\":2", 2, false);
	check_cut("[{\"a\":1},\n{\"a\":", 2, false);
	check_cut("[{\"a\":1},\n{\"a\"", 2, false);
	check_cut("[{\"a\":1},\n{\"a", 2, false);
	check_cut("[{\"a\":1},\n{", 2, true);
	check_cut("[{\"a\":1},\n{\"a\":\"\\u0", 2, false);
	check_cut("[{\"a\":1},\n{\"a\":1,", 2, true);
	check_cut("[tru", 1, false);
	check_cut("[1, -", 1, false);
	check_cut("{\"traceEvents\":[{},", 2, true);
	/* What is broken isn't cut. */
	check_tokens("[1,]", CF_JSON_MAY_BE_CUT, "[ i1", "f:1:4: found ']', expected a value\n");
	check_tokens("[1,x", CF_JSON_MAY_BE_CUT, "[ i1", "f:1:4: found 'x', expected a value\n");
	/* At the top nothing is open: a number is whole, what follows it is too much. */
	check_tokens("12", CF_JSON_MAY_BE_CUT, "i12", "");
}
END_TEST

START_TEST(keeps_damaged)
{
	struct fixture f;
	int64_t sum = 0;

	fixture_open(&f, "[1,2,{\"a\":x},4]", CF_JSON_KEEP_DAMAGED);
	for (unsigned in = cf_json_array(&f.json); cf_json_item(&f.json, in);) {
		int64_t value = 0;

		if (cf_json_try_int(&f.json, &value))
			sum += value;
	}
	ck_assert_int_eq(sum, 3);
	ck_assert(!cf_json_ok(&f.json));
	ck_assert_int_eq(f.json.cut, CF_JSON_DAMAGED);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	ck_assert_uint_eq(f.diag.errors, 0);
	/* The importer's own error is one all the same. */
	ck_assert_int_eq(cf_json_error(&f.json, "no use"), -1);
	ck_assert_int_eq(cf_json_finish(&f.json), -1);
	fixture_close(&f, "f:1:11: warning: found 'x', expected a value; what comes before it is kept\n"
			  "f:1:6: no use\n");
}
END_TEST

START_TEST(documents)
{
	static const char *const texts[] = { "{\"n\":1}\n{\"n\":2}\n\n{\"n\":3}\n",
					     "{\"n\":1}{\"n\":2} {\"n\":3}",
					     "\n \n{\"n\":1,\"m\":[{}]}\r\n{\"n\":2}\r\n{\"n\":3}" };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		int64_t want = 0, value;
		struct fixture f;

		fixture_open(&f, texts[i], 0);
		while (cf_json_document(&f.json)) {
			unsigned in = cf_json_object(&f.json);

			ck_assert(cf_json_find(&f.json, in, "n"));
			ck_assert(cf_json_get_int(&f.json, &value)); /* the rest is skipped */
			ck_assert_int_eq(value, ++want);
		}
		ck_assert_int_eq(want, 3);
		ck_assert_int_eq(cf_json_finish(&f.json), 0);
		fixture_close(&f, "");
	}
}
END_TEST

START_TEST(documents_in_all_shapes)
{
	struct fixture f;
	unsigned n = 0;

	fixture_open(&f, "1 \"a\"\"b\"[]{} true null\t-5", 0);
	while (cf_json_document(&f.json))
		n++; /* none of them is read */
	ck_assert_uint_eq(n, 8);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");

	fixture_open(&f, " \n", 0);
	ck_assert(!cf_json_document(&f.json));
	ck_assert_int_eq(cf_json_finish(&f.json), 0); /* no documents at all */
	fixture_close(&f, "");

	fixture_open(&f, "{}\n{\"a\":}\n{}", 0);
	ck_assert(cf_json_document(&f.json));
	ck_assert(cf_json_document(&f.json));
	ck_assert(!cf_json_document(&f.json));
	ck_assert_int_eq(cf_json_finish(&f.json), -1);
	fixture_close(&f, "f:2:6: found '}', expected a value\n");

	fixture_open(&f, "{}\n{\"a\":[1,", CF_JSON_MAY_BE_CUT);
	ck_assert(cf_json_document(&f.json));
	ck_assert(cf_json_document(&f.json));
	ck_assert(!cf_json_document(&f.json));
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	ck_assert_int_eq(f.json.cut, CF_JSON_CUT);
	fixture_close(&f, "");
}
END_TEST

/* "RssFile:   1234 kB" of this process. */
static long resident_file_kib(void)
{
	g_autofree char *status = NULL;
	char *line;

	ck_assert(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
	line = strstr(status, "RssFile:");
	ck_assert_ptr_nonnull(line);
	return strtol(line + strlen("RssFile:"), NULL, 10);
}

/* An array of strings, each with its comma a line of 4 KiB; an error at the very end. */
static void write_lines(const char *path, unsigned lines)
{
	char line[4096];
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	memset(line, 'a', sizeof(line));
	line[0] = line[sizeof(line) - 3] = '"';
	memcpy(line + sizeof(line) - 2, ",\n", 2);
	fputs("[\n", file);
	for (unsigned i = 0; i < lines; i++)
		ck_assert_uint_eq(fwrite(line, 1, sizeof(line), file), sizeof(line));
	fputs("x", file);
	ck_assert_int_eq(fclose(file), 0);
}

/* Neither reading nor skipping nor counting the lines of an error keeps a mapped file in memory. */
START_TEST(forgets_mapped_files)
{
	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "cf-json-XXXXXX", NULL);
	unsigned lines = 96 << 8, n = 0;
	int fd = mkstemp(path);
	struct cf_json_reader json;
	struct cf_slice text;
	struct fixture f;
	struct cf_file file;
	long before, most = 0;

	ck_assert_int_ge(fd, 0);
	close(fd);
	write_lines(path, lines);
	fixture_open(&f, "", 0);
	ck_assert_int_eq(cf_file_open(&file, path, UINT64_MAX, &f.diag), 0);
	ck_assert(file.mapped);
	before = resident_file_kib();

	cf_json_reader_init(&json, "f", file.bytes, CF_JSON_MAPPED, &f.diag);
	for (unsigned in = cf_json_array(&json); cf_json_item(&json, in) && cf_json_get_text(&json, &text);) {
		ck_assert(text.len == 4092 && text.data[0] == 'a' && text.data[4091] == 'a');
		if (n++ % 1024 == 0)
			most = MAX(most, resident_file_kib() - before);
	}
	ck_assert_uint_eq(n, lines);
	ck_assert_int_eq(cf_json_finish(&json), -1);
	most = MAX(most, resident_file_kib() - before);
	cf_json_reader_release(&json);

	cf_json_reader_init(&json, "f", file.bytes, CF_JSON_MAPPED, NULL);
	ck_assert_int_eq(cf_json_finish(&json), -1);
	most = MAX(most, resident_file_kib() - before);
	ck_assert_msg(most < 24 * 1024, "%ld KiB were resident", most);
	cf_json_reader_release(&json);
	cf_file_release(&file);
	unlink(path);
	fixture_close(&f, "f:24578:1: found 'x', expected a value\n");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/json_reader");
	TCase *t = tcase_create("json_reader");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, tokens);
	tcase_add_test(t, nul_in_text);
	tcase_add_test(t, borrows_text);
	tcase_add_test(t, replaces_bad_text);
	tcase_add_test(t, not_finite);
	tcase_add_test(t, trailing_commas);
	tcase_add_test(t, places);
	tcase_add_test(t, offsets);
	tcase_add_test(t, errors_stick);
	tcase_add_test(t, depth);
	tcase_add_test(t, nesting_is_remembered);
	tcase_add_test(t, length_limits);
	tcase_add_test(t, huge_string);
	tcase_add_test(t, string_borders);
	tcase_add_test(t, every_cut);
	tcase_add_test(t, cuts);
	tcase_add_test(t, keeps_damaged);
	tcase_add_test(t, documents);
	tcase_add_test(t, documents_in_all_shapes);
	tcase_add_test(t, forgets_mapped_files);
	suite_add_tcase(s, t);
	return s;
}
