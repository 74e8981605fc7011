/* SPDX-License-Identifier: MIT */
/* ingest_json_shape: what probes see of JSON texts, whole, cut and broken. */
#include "tests/unit/suite.h"

#include <string.h>

#include "ingest/json_shape.h"

static struct cf_json_shape *shape_of(const char *text)
{
	return cf_json_shape_new((struct cf_slice){ (const uint8_t *)text, strlen(text) });
}

static void has(const char *text, const char *path, bool want)
{
	struct cf_json_shape *shape = shape_of(text);

	ck_assert_msg(cf_json_shape_has(shape, path) == want, "%s in %s", path, text);
	cf_json_shape_free(shape);
}

START_TEST(members)
{
	const char *text = "{\"meta\": {\"version\": 3}, \"list\": [1, {\"a\": [[{\"b\": 1}]]}, {\"c\": 2}], "
			   "\"last\": null}";

	has(text, "meta", true);
	has(text, "meta.version", true);
	has(text, "list", true);
	has(text, "list[]", true);
	has(text, "list[].a", true);
	has(text, "list[].a[][].b", true);
	has(text, "list[].c", true);
	has(text, "last", true);
	has(text, "version", false);
	has(text, "a", false);
	has("[{\"ph\": \"X\"}, {\"ts\": 1}]", "[].ts", true);
	has("[]", "[]", false);
	/* Lines of documents, a cut one and one with an error count as far as they go. */
	has("{\"a\": 1}\n{\"b\": 1}\n", "b", true);
	has("{\"a\": [{\"b\": 1}, {\"c\"", "a[].b", true);
	has("{\"a\": [{\"b\": 1} x", "a[].b", true);
}
END_TEST

START_TEST(texts)
{
	struct cf_json_shape *shape = shape_of("{\"a\": 1, \"s\": \"one\", \"l\": [3, \"two\", \"three\"]}");

	ck_assert_str_eq(cf_json_shape_text(shape, "s"), "one");
	ck_assert_str_eq(cf_json_shape_text(shape, "l[]"), "two");
	ck_assert_ptr_null(cf_json_shape_text(shape, "a"));
	ck_assert_ptr_null(cf_json_shape_text(shape, "none"));
	cf_json_shape_free(shape);
}
END_TEST

START_TEST(no_json)
{
	ck_assert_ptr_null(shape_of(""));
	ck_assert_ptr_null(shape_of("hello"));
	ck_assert_ptr_null(shape_of("\"text\""));
	ck_assert(!cf_json_shape_has(NULL, "a"));
	ck_assert_ptr_null(cf_json_shape_text(NULL, "a"));
}
END_TEST

START_TEST(hostile)
{
	g_autoptr(GString) deep = g_string_new(NULL), wide = g_string_new("{");
	struct cf_json_shape *shape;

	for (int i = 0; i < 100000; i++)
		g_string_append(deep, i % 2 ? "[" : "{\"a\":");
	shape = shape_of(deep->str);
	ck_assert(cf_json_shape_has(shape, "a[].a[].a[].a"));
	cf_json_shape_free(shape);
	for (int i = 0; i < 100000; i++)
		g_string_append_printf(wide, "\"k%d\": 1,", i);
	shape = shape_of(wide->str);
	ck_assert(cf_json_shape_has(shape, "k4094") && !cf_json_shape_has(shape, "k4095"));
	cf_json_shape_free(shape);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/json_shape");
	TCase *t = tcase_create("json_shape");

	tcase_add_test(t, members);
	tcase_add_test(t, texts);
	tcase_add_test(t, no_json);
	tcase_add_test(t, hostile);
	suite_add_tcase(s, t);
	return s;
}
