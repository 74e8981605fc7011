/* SPDX-License-Identifier: MIT */
/* core_library: functions of libraries that the program isn't linked with. */
#include "core/library.h"

#include <math.h>
#include <string.h>

#include "tests/unit/suite.h"

struct maths {
	__typeof__(cbrt) *cbrt;
	__typeof__(hypot) *hypot;
};

static const struct cf_library_function both[] = { CF_LIBRARY_FUNCTION(maths, cbrt),
						   CF_LIBRARY_FUNCTION(maths, hypot),
						   { NULL, 0 } };

static void keep(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_string_append(ctx, text);
}

START_TEST(loads)
{
	struct cf_diag diag = { .consume = NULL };
	struct maths maths = { NULL, NULL };

	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(cf_library_load("libm.so.6", "libc6", both, &maths, &diag), 0);
		ck_assert_double_eq_tol(maths.cbrt(27), 3, 1e-12);
		ck_assert_double_eq_tol(maths.hypot(3, 4), 5, 1e-12);
	}
}
END_TEST

START_TEST(says_what_is_missing)
{
	static const struct cf_library_function strange[] = { { "cf_no_such_function", 0 }, { NULL, 0 } };
	GString *said = g_string_new(NULL);
	struct cf_diag diag = { .consume = keep, .ctx = said };
	struct maths maths;

	ck_assert_int_eq(cf_library_load("libcf-none.so.0", "libcf-none0", both, &maths, &diag), -1);
	ck_assert_msg(g_str_has_prefix(said->str, "can't load libcf-none.so.0 (package libcf-none0): "), "%s",
		      said->str);
	ck_assert_int_eq(diag.status, CF_STATUS_SYSTEM);
	g_string_truncate(said, 0);
	ck_assert_int_eq(cf_library_load("libm.so.6", "libc6", strange, &maths, &diag), -1);
	ck_assert_msg(g_str_has_prefix(said->str, "libm.so.6 (package libc6) is too old: "), "%s", said->str);
	g_string_free(said, TRUE);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_library");
	TCase *t = tcase_create("library");

	tcase_add_test(t, loads);
	tcase_add_test(t, says_what_is_missing);
	suite_add_tcase(s, t);
	return s;
}
