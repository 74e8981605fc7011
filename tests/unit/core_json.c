/* SPDX-License-Identifier: MIT */
/* core_json: commas, escapes and numbers of the JSON writer. */
#include "tests/unit/suite.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "core/json.h"

START_TEST(places_commas)
{
	struct cf_out *out = cf_out_memory();
	struct cf_json json;

	cf_json_init(&json, out);
	cf_json_begin_object(&json);
	cf_json_key(&json, "a");
	cf_json_begin_array(&json);
	cf_json_int(&json, 1);
	cf_json_begin_object(&json);
	cf_json_end_object(&json);
	cf_json_begin_array(&json);
	cf_json_end_array(&json);
	cf_json_bool(&json, TRUE);
	cf_json_bool(&json, FALSE);
	cf_json_null(&json);
	cf_json_end_array(&json);
	cf_json_key(&json, "b");
	cf_json_string(&json, NULL);
	cf_json_key(&json, "c");
	cf_json_begin_object(&json);
	cf_json_key(&json, "d");
	cf_json_int(&json, INT64_MIN);
	cf_json_end_object(&json);
	cf_json_end_object(&json);
	ck_assert_str_eq(cf_out_text(out, NULL),
			 "{\"a\":[1,{},[],true,false,null],\"b\":null,\"c\":{\"d\":-9223372036854775808}}");
	cf_out_abort(out);
}
END_TEST

static void check_string(const char *text, const char *want)
{
	struct cf_out *out = cf_out_memory();
	struct cf_json json;

	cf_json_init(&json, out);
	cf_json_string(&json, text);
	ck_assert_str_eq(cf_out_text(out, NULL), want);
	cf_out_abort(out);
}

START_TEST(escapes)
{
	check_string("", "\"\"");
	check_string("a\"b\\c/d", "\"a\\\"b\\\\c/d\"");
	check_string("\n\r\t\b\x1b\x7f", "\"\\n\\r\\t\\u0008\\u001b\\u007f\"");
	check_string("</script><!--&", "\"\\u003c/script\\u003e\\u003c!--\\u0026\"");
	check_string("\xe2\x80\xa8\xe2\x80\xa9\xc3\xa9\xf0\x9f\x98\x80",
		     "\"\\u2028\\u2029\xc3\xa9\xf0\x9f\x98\x80\"");
	check_string("a\xff\xc3", "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
	check_string("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}
END_TEST

static void check_double(double value, const char *want)
{
	struct cf_out *out = cf_out_memory();
	struct cf_json json;

	cf_json_init(&json, out);
	cf_json_double(&json, value);
	ck_assert_str_eq(cf_out_text(out, NULL), want);
	if (isfinite(value))
		ck_assert(g_ascii_strtod(want, NULL) == value);
	cf_out_abort(out);
}

START_TEST(writes_shortest_doubles)
{
	setlocale(LC_ALL, "de_DE.UTF-8");
	check_double(0, "0");
	check_double(14, "14");
	check_double(0.1, "0.1");
	check_double(-2.5, "-2.5");
	check_double(0.1 + 0.2, "0.30000000000000004");
	check_double(1.0 / 3, "0.3333333333333333");
	check_double(1e300, "1e+300");
	check_double(DBL_MAX, "1.7976931348623157e+308");
	check_double(5e-324, "4.94065645841247e-324");
	check_double(NAN, "null");
	check_double(-INFINITY, "null");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/json");
	TCase *t = tcase_create("json");

	tcase_add_test(t, places_commas);
	tcase_add_test(t, escapes);
	tcase_add_test(t, writes_shortest_doubles);
	suite_add_tcase(s, t);
	return s;
}
