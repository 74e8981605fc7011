/* SPDX-License-Identifier: MIT */
/* core_json_get: members, items and typed values off the JSON reader, and its numbers. */
#include "tests/unit/json_fixture.h"

#include <float.h>
#include <locale.h>
#include <math.h>

/* Reads what comes next as each type, both ways: what a strict getter said, or nothing. */
static void check_int(const char *text, bool get, bool try, int64_t want, const char *said)
{
	struct fixture f;
	int64_t value = -77;

	fixture_open(&f, text, 0);
	ck_assert_int_eq(cf_json_get_int(&f.json, &value), get);
	ck_assert_int_eq(value, get ? want : -77);
	fixture_close(&f, said);
	value = -77;
	fixture_open(&f, text, 0);
	ck_assert_int_eq(cf_json_try_int(&f.json, &value), try);
	ck_assert_int_eq(value, try ? want : -77);
	ck_assert_int_eq(cf_json_finish(&f.json), 0); /* taken all the same */
	fixture_close(&f, "");
}

START_TEST(integers)
{
	check_int("0", true, true, 0, "");
	check_int("-0", true, true, 0, "");
	check_int("17", true, true, 17, "");
	check_int("9223372036854775807", true, true, INT64_MAX, "");
	check_int("-9223372036854775808", true, true, INT64_MIN, "");
	check_int("1.0", true, true, 1, "");
	check_int("-250e-1", true, true, -25, "");
	check_int("1e18", true, true, 1000000000000000000, "");
	check_int("9.223372036854775807e18", true, true, INT64_MAX, "");
	check_int("0.000e-999999", true, true, 0, "");
	check_int("9223372036854775808", false, false, 0,
		  "f:1:1: found 9223372036854775808, expected an integer of 64 bits\n");
	check_int("-9223372036854775809", false, false, 0,
		  "f:1:1: found -9223372036854775809, expected an integer of 64 bits\n");
	check_int("1e19", false, false, 0, "f:1:1: found 1e19, expected an integer of 64 bits\n");
	check_int("1.5", false, false, 0, "f:1:1: found 1.5, expected an integer of 64 bits\n");
	check_int("1e-30", false, false, 0, "f:1:1: found 1e-30, expected an integer of 64 bits\n");
	check_int("\"17\"", false, true, 17, "f:1:1: found a string, expected a number\n");
	check_int("\"-9223372036854775808\"", false, true, INT64_MIN,
		  "f:1:1: found a string, expected a number\n");
	check_int("\"9223372036854775808\"", false, false, 0, "f:1:1: found a string, expected a number\n");
	check_int("\"0x11\"", false, false, 0, "f:1:1: found a string, expected a number\n");
	check_int("\"17 \"", false, false, 0, "f:1:1: found a string, expected a number\n");
	check_int("\"\"", false, false, 0, "f:1:1: found a string, expected a number\n");
	check_int("null", false, false, 0, "f:1:1: found null, expected a number\n");
	check_int("true", false, false, 0, "f:1:1: found a boolean, expected a number\n");
	check_int("{\"a\":[1]}", false, false, 0, "f:1:1: found an object, expected a number\n");
	check_int("[[],2]", false, false, 0, "f:1:1: found an array, expected a number\n");
}
END_TEST

START_TEST(naturals)
{
	struct fixture f;
	uint64_t value = 7;

	fixture_open(&f, "[18446744073709551615,\"18446744073709551615\",-0,18446744073709551616,-1]", 0);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(cf_json_get_uint(&f.json, &value) && value == UINT64_MAX);
	value = 7;
	ck_assert(cf_json_try_uint(&f.json, &value) && value == UINT64_MAX);
	ck_assert(cf_json_get_uint(&f.json, &value) && value == 0);
	ck_assert(!cf_json_try_uint(&f.json, &value) && value == 0);
	ck_assert(!cf_json_get_uint(&f.json, &value) && value == 0);
	fixture_close(&f, "f:1:70: found -1, expected an integer from 0 to 2^64-1\n");
}
END_TEST

static void check_scaled(const char *text, unsigned decimals, int64_t want)
{
	g_autofree char *negative = g_strdup_printf("-%s", text), *quoted = g_strdup_printf("\"%s\"", text);
	struct fixture f;
	int64_t value = -77;

	fixture_open(&f, text, 0);
	ck_assert_msg(cf_json_get_scaled(&f.json, decimals, &value), "%s", text);
	ck_assert_int_eq(value, want);
	fixture_close(&f, "");
	fixture_open(&f, negative, 0);
	ck_assert(cf_json_get_scaled(&f.json, decimals, &value));
	ck_assert_int_eq(value, -want);
	fixture_close(&f, "");
	fixture_open(&f, quoted, 0);
	ck_assert(cf_json_try_scaled(&f.json, decimals, &value));
	ck_assert_int_eq(value, want);
	fixture_close(&f, "");
}

static void refuse_scaled(const char *text, unsigned decimals)
{
	struct fixture f;
	int64_t value = -77;

	fixture_open(&f, text, 0);
	ck_assert(!cf_json_try_scaled(&f.json, decimals, &value));
	ck_assert_int_eq(value, -77);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
}

START_TEST(scaled)
{
	check_scaled("0", 3, 0);
	check_scaled("1.5", 3, 1500);
	check_scaled("1700000000000000.123", 3, 1700000000000000123);
	check_scaled("1.7000000000000001e15", 3, 1700000000000000100);
	check_scaled("0.0015", 3, 2); /* halves away from zero */
	check_scaled("0.0014999999999999999999999999", 3, 1);
	check_scaled("0.0005", 3, 1);
	check_scaled("0.00049999", 3, 0);
	check_scaled("1e-400", 18, 0);
	check_scaled("2.5", 0, 3);
	check_scaled("2.49999999999999999999", 0, 2);
	check_scaled("1234567890123456789.5", 0, 1234567890123456790);
	check_scaled("1234567890123456789.4999", 0, 1234567890123456789);
	check_scaled("9223372036854775807", 0, INT64_MAX);
	check_scaled("9223372036854775.807", 3, INT64_MAX);
	check_scaled("9.223372036854775807", 18, INT64_MAX);
	check_scaled("9223372036854775807.4", 0, INT64_MAX);
	check_scaled("0.000000000000000000001e21", 3, 1000);
	check_scaled("12e3", 3, 12000000);
	check_scaled("100000000000000000000000e-20", 3, 1000000);
	refuse_scaled("9223372036854775807.5", 0);
	refuse_scaled("9223372036854775.8075", 3);
	refuse_scaled("-9223372036854775809", 0);
	refuse_scaled("12345678901234567890123", 0);
	refuse_scaled("1e30", 0);
	refuse_scaled("10", 18);
	refuse_scaled("\"1,5\"", 3);
	refuse_scaled("null", 3);
}
END_TEST

/* The C library is the judge. */
static void check_double(const char *text)
{
	g_autofree char *array =
		g_strdup_printf("[%s, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]", text);
	double want = g_ascii_strtod(text, NULL), value = 0;
	struct fixture f;

	/* Alone, at the end of the text; and with text behind, where the fast way is taken. */
	for (int padded = 0; padded < 2; padded++) {
		fixture_open(&f, padded ? array : text, 0);
		if (padded)
			ck_assert_uint_eq(cf_json_array(&f.json), 1);
		ck_assert_msg(cf_json_get_double(&f.json, &value), "%s", text);
		ck_assert_msg(!memcmp(&value, &want, sizeof(value)), "%s: %a, not %a", text, value, want);
		ck_assert_int_eq(cf_json_finish(&f.json), 0);
		fixture_close(&f, "");
	}
}

START_TEST(doubles_of_every_kind)
{
	static const char *const texts[] = {
		"0.0",
		"-0.0",
		"-0",
		"0e5",
		"1",
		"-1.5",
		"0.1",
		"0.2",
		"0.3",
		"123456789012345",
		"1e22",
		"1e23",
		"-1e-22",
		"9007199254740991",
		"9007199254740992",
		"9007199254740993",
		"9007199254740993.0",
		"9007199254740995",
		"9007199254740992.5",
		"9007199254740993.00000000000000000000000000000000001",
		"18446744073709551615",
		"18446744073709551616",
		"1e19",
		"9999999999999999999",
		"99999999999999999999",
		"1234567890123456.789",
		"1700000000000000.123",
		"0.1234567890123456789",
		"1234567890123456789e-19",
		"1234567890123456789e19",
		"9223372036854775807e3",
		"9223372036854775808.5",
		"1.7976931348623157e308",
		"1.7976931348623158e308",
		"2.2250738585072014e-308",
		"2.2250738585072011e-308",
		"4.9406564584124654e-324",
		"2.4703282292062328e-324",
		"2.4703282292062327e-324",
		"1e-323",
		"1e-400",
		"0.000001e-318",
		"100000000000000000000000e-23",
		"1.00000000000000011102230246251565404236316680908203125", /* halfway: 1 */
		"1.00000000000000011102230246251565404236316680908203124",
		"1.00000000000000011102230246251565404236316680908203126",
		"1.00000000000000033306690738754696212708950042724609375", /* halfway: the even one is above */
		"6.02214076e23",
		"1.616255e-35",
		"8.41e+21",
		"7.8459735791271921e65",
		"3.518437208883201171875e13",
		"62.5364939768271845828",
		"8.10109172351e-10",
		"1.50000000000000011102230246251565",
	};

	setlocale(LC_ALL, "de_DE.UTF-8");
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		check_double(texts[i]);
}
END_TEST

/* 800 digits and more: one far behind the point decides on which side of a half the number is. */
START_TEST(doubles_of_many_digits)
{
	/* Three times the smallest number, to its last digit. */
	g_autofree char *exact = g_strdup_printf("%.1100f", 3 * ldexp(1, -1074));
	g_autofree char *zeros = g_strnfill(2000, '0'), *nines = g_strnfill(2000, '9');
	g_autofree char *above = NULL, *below = NULL, *small = NULL, *large = NULL;

	check_double(exact);
	above = g_strdup_printf("1.00000000000000011102230246251565404236316680908203125%s1", zeros);
	below = g_strdup_printf("1.00000000000000011102230246251565404236316680908203124%s", nines);
	small = g_strdup_printf("0.%s123e2000", zeros);
	large = g_strdup_printf("%s%se-2000", "12345", zeros);
	check_double(above);
	check_double(below);
	check_double(small);
	check_double(large);
	for (unsigned n = 750; n < 850; n++) {
		g_autofree char *text = g_strdup_printf("%.*s1", (int)n, exact);

		check_double(text);
	}
}
END_TEST

START_TEST(random_doubles)
{
	GRand *random = g_rand_new_with_seed(20200229);

	for (int i = 0; i < 20000; i++) {
		char text[64];
		uint64_t bits = (uint64_t)g_rand_int(random) << 32 | g_rand_int(random);
		double value;

		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value))
			continue;
		switch (i % 4) {
		case 0:
			g_snprintf(text, sizeof(text), "%.*e", (int)(bits % 20), value);
			break;
		case 1: /* most of what traces have */
			g_snprintf(text, sizeof(text), "%" G_GUINT64_FORMAT ".%03u", bits >> (bits % 50),
				   (unsigned)(bits % 1000));
			break;
		case 2:
			g_snprintf(text, sizeof(text), "%" G_GUINT64_FORMAT "e%d", bits >> (bits % 60),
				   (int)(bits % 61) - 30);
			break;
		default:
			g_snprintf(text, sizeof(text), "0.%0*" G_GUINT64_FORMAT, (int)(bits % 20) + 1,
				   bits >> (bits % 60));
		}
		if (isfinite(g_ascii_strtod(text, NULL)))
			check_double(text);
	}
	g_rand_free(random);
}
END_TEST

START_TEST(other_types)
{
	struct cf_slice text = { 0 };
	struct fixture f;
	bool flag = false;
	double number = 7;

	fixture_open(&f, "[true,\"a\\u00e9\",\"1.5\",2.5,7,12.50,\"x\",null,false,\"0\",{}]", 0);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(cf_json_get_bool(&f.json, &flag) && flag);
	ck_assert(cf_json_get_text(&f.json, &text) && cf_slice_is(text, "a\xc3\xa9"));
	ck_assert(cf_json_try_double(&f.json, &number) && number == 1.5);
	ck_assert(cf_json_get_double(&f.json, &number) && number == 2.5);
	ck_assert(cf_json_get_double(&f.json, &number) && number == 7);
	ck_assert(cf_json_try_text(&f.json, &text) && cf_slice_is(text, "12.50"));
	ck_assert(!cf_json_try_double(&f.json, &number) && number == 7);
	ck_assert(!cf_json_try_text(&f.json, &text) && cf_slice_is(text, "12.50"));
	ck_assert(cf_json_try_bool(&f.json, &flag) && !flag);
	ck_assert(!cf_json_try_bool(&f.json, &flag));
	ck_assert(!cf_json_get_text(&f.json, &text));
	fixture_close(&f, "f:1:54: found an object, expected a string\n");

	fixture_open(&f, "[1]", 0);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(cf_json_get_double(&f.json, &number) && number == 1);
	ck_assert(!cf_json_try_double(&f.json, &number)); /* none is left: the array goes on to end */
	ck_assert(!cf_json_skip(&f.json));
	ck_assert(!cf_json_item(&f.json, 1));
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");

	fixture_open(&f, "[1]", 0);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(cf_json_get_double(&f.json, &number));
	ck_assert(!cf_json_get_double(&f.json, &number));
	fixture_close(&f, "f:1:3: found the end of the array, expected a number\n");
}
END_TEST

START_TEST(getters_want_finite_numbers)
{
	struct fixture f;
	double number = 7;
	int64_t value = 7;

	fixture_open(&f, "[NaN,1e999,-Infinity,Infinity,NaN]", CF_JSON_NOT_FINITE);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(!cf_json_try_double(&f.json, &number));
	ck_assert(!cf_json_try_double(&f.json, &number));
	ck_assert(!cf_json_try_int(&f.json, &value));
	ck_assert(!cf_json_try_scaled(&f.json, 3, &value));
	ck_assert(!cf_json_get_double(&f.json, &number));
	ck_assert(number == 7 && value == 7);
	fixture_close(&f, "f:1:31: found NaN, expected a finite number\n");
	fixture_open(&f, "[\"1e999\",\"NaN\"]", CF_JSON_NOT_FINITE);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(!cf_json_try_double(&f.json, &number));
	ck_assert(!cf_json_try_double(&f.json, &number));
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
}
END_TEST

START_TEST(interns_text)
{
	struct cf_dict *dict = cf_dict_new();
	struct cf_str a = { 0 }, b = { 0 }, c = { 0 };
	struct fixture f;

	fixture_open(&f, "[\"na\\u006de\",\"name\",12]", 0);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	ck_assert(cf_json_get_str(&f.json, dict, &a));
	ck_assert(cf_json_get_str(&f.json, dict, &b));
	ck_assert(cf_json_try_str(&f.json, dict, &c));
	ck_assert_str_eq(cf_dict_text(dict, a), "name");
	ck_assert_uint_eq(a.id, b.id);
	ck_assert_str_eq(cf_dict_text(dict, c), "12");
	fixture_close(&f, "");
	cf_dict_free(dict);
}
END_TEST

/* Every way to leave an object early; the loop around goes on with its own next member. */
START_TEST(loops_may_be_left)
{
	static const char text[] =
		"{\"a\":{\"x\":[1,{\"y\":2},3],\"z\":{}},\"b\":[[1,2],[3]],\"c\":\"s\",\"d\":5}";
	g_autoptr(GString) seen = g_string_new(NULL);
	struct fixture f;
	int64_t value = 0;

	for (int way = 0; way < 6; way++) {
		g_string_truncate(seen, 0);
		fixture_open(&f, text, 0);
		for (unsigned in = cf_json_object(&f.json); cf_json_member(&f.json, in);) {
			g_string_append_len(seen, (const char *)f.json.key.data, (gssize)f.json.key.len);
			if (cf_json_key_is(&f.json, "d")) {
				ck_assert(cf_json_get_int(&f.json, &value));
			} else if (cf_json_key_is(&f.json, "a") && way > 0) {
				unsigned inner = cf_json_object(&f.json);

				if (way > 1)
					ck_assert(cf_json_member(&f.json, inner));
				if (way > 2)
					ck_assert_uint_eq(cf_json_array(&f.json), 3);
				if (way > 3)
					ck_assert(cf_json_item(&f.json, 3) && cf_json_item(&f.json, 3));
				if (way > 4)
					ck_assert_uint_eq(cf_json_object(&f.json), 4);
			} else if (cf_json_key_is(&f.json, "b") && way > 0) {
				unsigned outer = cf_json_array(&f.json), rows = 0;

				while (cf_json_item(&f.json, outer)) {
					unsigned row = cf_json_array(&f.json);

					if (way & 1)
						ck_assert(cf_json_item(&f.json, row));
					rows++;
				}
				ck_assert_uint_eq(rows, 2);
				ck_assert(!cf_json_item(&f.json, outer)); /* again: still at its end */
			}
		}
		ck_assert_str_eq(seen->str, "abcd");
		ck_assert_int_eq(value, 5);
		ck_assert_int_eq(cf_json_finish(&f.json), 0);
		fixture_close(&f, "");
	}
}
END_TEST

START_TEST(unread_items_are_skipped)
{
	struct fixture f;
	unsigned n = 0;
	int64_t value, sum = 0;

	fixture_open(&f, "[1,[2,[3]],{\"a\":4},\"5\",6,true,7]", 0);
	for (unsigned in = cf_json_array(&f.json); cf_json_item(&f.json, in); n++)
		if (n % 2 == 0 && cf_json_try_int(&f.json, &value))
			sum += value;
	ck_assert_uint_eq(n, 7);
	ck_assert_int_eq(sum, 1 + 6 + 7);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
}
END_TEST

/* A look ahead changes nothing. */
START_TEST(peeks)
{
	static const enum cf_json_token want[] = { CF_JSON_OBJECT, CF_JSON_KEY,        CF_JSON_ARRAY,
						   CF_JSON_NUMBER, CF_JSON_NULL,       CF_JSON_STRING,
						   CF_JSON_BOOL,   CF_JSON_ARRAY_END,  CF_JSON_KEY,
						   CF_JSON_NUMBER, CF_JSON_OBJECT_END, CF_JSON_END };
	struct fixture f;

	fixture_open(&f, "{\"a\":[1,null,\"x\",false],\"b\":-2}", 0);
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
		for (int again = 0; again < 3; again++)
			ck_assert_int_eq(cf_json_peek(&f.json), want[i]);
		ck_assert_int_eq(cf_json_next(&f.json), want[i]);
	}
	fixture_close(&f, "");

	fixture_open(&f, "[1,2]", 0);
	ck_assert_uint_eq(cf_json_array(&f.json), 1);
	for (int64_t i = 1, value; i < 3; i++) {
		ck_assert_int_eq(cf_json_peek(&f.json), CF_JSON_NUMBER);
		ck_assert(cf_json_item(&f.json, 1)); /* the one that was seen, not the next */
		ck_assert_int_eq(cf_json_peek(&f.json), CF_JSON_NUMBER);
		ck_assert(cf_json_get_int(&f.json, &value) && value == i);
	}
	ck_assert(!cf_json_item(&f.json, 1));
	fixture_close(&f, "");
}
END_TEST

START_TEST(equal_keys_come_twice)
{
	struct fixture f;
	int64_t value, all = 0;

	fixture_open(&f, "{\"a\":1,\"b\":9,\"a\":2,\"\\u0061\":3}", 0);
	for (unsigned in = cf_json_object(&f.json); cf_json_find(&f.json, in, "a");) {
		ck_assert(cf_json_get_int(&f.json, &value));
		all = all * 10 + value;
	}
	ck_assert_int_eq(all, 123);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
}
END_TEST

START_TEST(wrong_containers)
{
	struct fixture f;

	fixture_open(&f, "{\"a\":\n[]}", 0);
	ck_assert(cf_json_find(&f.json, cf_json_object(&f.json), "a"));
	ck_assert(!cf_json_member(&f.json, cf_json_object(&f.json)));
	fixture_close(&f, "f:2:1: found an array, expected an object\n");

	fixture_open(&f, "[{\"a\":[{}]},[7]]", 0);
	for (unsigned in = cf_json_array(&f.json), n = 0; cf_json_item(&f.json, in); n++) {
		unsigned inner = cf_json_try_array(&f.json);

		ck_assert_uint_eq(inner, n == 0 ? 0 : 2);
		ck_assert_int_eq(cf_json_item(&f.json, inner), n == 1);
	}
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
}
END_TEST

/* Values that stand before what is needed to understand them. */
START_TEST(raw_values)
{
	struct fixture f;
	struct cf_json_reader inner;
	struct cf_slice raw = { 0 };
	int64_t value, sum = 0;

	fixture_open(&f, "{\"samples\" : [1,2,\n 3] ,\n\"names\":[\"a\"],\"bad\":[4,\n\"x\"]}", 0);
	for (unsigned in = cf_json_object(&f.json); cf_json_member(&f.json, in);)
		if (cf_json_key_is(&f.json, "samples"))
			ck_assert(cf_json_get_raw(&f.json, &raw));
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	ck_assert(cf_slice_is(raw, "[1,2,\n 3]"));
	cf_json_reader_within(&inner, &f.json, raw);
	for (unsigned in = cf_json_array(&inner); cf_json_item(&inner, in);)
		sum += cf_json_get_int(&inner, &value) ? value : 0;
	ck_assert_int_eq(sum, 6);
	ck_assert_int_eq(cf_json_finish(&inner), 0);
	cf_json_reader_release(&inner);
	fixture_close(&f, "");

	fixture_open(&f, "{\"names\":[\"a\"],\"bad\":[4,\n \"x\"]}", 0);
	ck_assert(cf_json_find(&f.json, cf_json_object(&f.json), "bad") && cf_json_get_raw(&f.json, &raw));
	cf_json_reader_within(&inner, &f.json, raw);
	for (unsigned in = cf_json_array(&inner);
	     cf_json_item(&inner, in) && cf_json_get_int(&inner, &value);)
		continue;
	ck_assert_int_eq(cf_json_finish(&inner), -1);
	cf_json_reader_release(&inner);
	fixture_close(&f, "f:2:2: found a string, expected a number\n");
}
END_TEST

/* A tree as deep as you like with a stack of the importer's own: sums "v" over all nodes. */
START_TEST(trees_without_recursion)
{
	unsigned levels = 50000;
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(unsigned));
	struct fixture f;
	int64_t value, sum = 0;
	unsigned in;

	for (unsigned i = 0; i < levels; i++)
		g_string_append(text, "{\"v\":1,\"children\":[{\"v\":2,\"children\":[]},");
	g_string_append(text, "{}");
	for (unsigned i = 0; i < levels; i++)
		g_string_append(text, "],\"w\":3}");
	fixture_open(&f, text->str, 0);
	f.json.max_depth = 2 * levels + 2;
	in = cf_json_object(&f.json);
	g_array_append_val(open, in);
	while (open->len) {
		in = g_array_index(open, unsigned, open->len - 1);
		if (open->len % 2 == 0) { /* the children of a node */
			if (cf_json_item(&f.json, in)) {
				in = cf_json_object(&f.json);
				g_array_append_val(open, in);
			} else {
				g_array_set_size(open, open->len - 1);
			}
		} else if (!cf_json_member(&f.json, in)) {
			g_array_set_size(open, open->len - 1);
		} else if (cf_json_key_is(&f.json, "v")) {
			sum += cf_json_get_int(&f.json, &value) ? value : 0;
		} else if (cf_json_key_is(&f.json, "children")) {
			in = cf_json_array(&f.json);
			g_array_append_val(open, in);
		}
	}
	ck_assert_int_eq(sum, 3 * (int64_t)levels);
	ck_assert_int_eq(cf_json_finish(&f.json), 0);
	fixture_close(&f, "");
}
END_TEST

/* Without a consumer, as a probe reads. */
START_TEST(probes_are_silent)
{
	static const char head[] = "{\"meta\":{\"a\":[1,2]},\"traceEvents\":[{\"ph\":";
	struct cf_json_reader json;
	struct cf_slice text = { (const uint8_t *)head, sizeof(head) - 1 };

	cf_json_reader_init(&json, "f", text, CF_JSON_MAY_BE_CUT, NULL);
	ck_assert(cf_json_find(&json, cf_json_try_object(&json), "traceEvents"));
	ck_assert_int_eq(cf_json_peek(&json), CF_JSON_ARRAY);
	ck_assert_int_eq(cf_json_finish(&json), 0);
	cf_json_reader_release(&json);
	cf_json_reader_init(&json, "f", (struct cf_slice){ 0 }, 0, NULL);
	ck_assert(!cf_json_find(&json, cf_json_try_object(&json), "traceEvents"));
	cf_json_warn(&json, "nothing");
	ck_assert_int_eq(cf_json_error(&json, "nothing"), -1);
	ck_assert_int_eq(cf_json_finish(&json), -1);
	cf_json_reader_release(&json);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/json_get");
	TCase *t = tcase_create("json_get");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, integers);
	tcase_add_test(t, naturals);
	tcase_add_test(t, scaled);
	tcase_add_test(t, doubles_of_every_kind);
	tcase_add_test(t, doubles_of_many_digits);
	tcase_add_test(t, random_doubles);
	tcase_add_test(t, other_types);
	tcase_add_test(t, getters_want_finite_numbers);
	tcase_add_test(t, interns_text);
	tcase_add_test(t, loops_may_be_left);
	tcase_add_test(t, unread_items_are_skipped);
	tcase_add_test(t, peeks);
	tcase_add_test(t, equal_keys_come_twice);
	tcase_add_test(t, wrong_containers);
	tcase_add_test(t, raw_values);
	tcase_add_test(t, trees_without_recursion);
	tcase_add_test(t, probes_are_silent);
	suite_add_tcase(s, t);
	return s;
}
