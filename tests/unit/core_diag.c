/* SPDX-License-Identifier: MIT */
/* core_diag: locations, statuses, and names made visible. */
#include "tests/unit/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/diag.h"

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	static const char *const words[] = { "note", "warning", "error" };
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s|%s|%s\n", words[severity], where, text);
}

static void visible(const char *text, gssize len, size_t max, const char *want)
{
	g_autofree char *got = cf_visible(text, len, max);

	ck_assert_str_eq(got, want);
}

START_TEST(shows_any_bytes)
{
	visible("plain \xc3\xa9 \xe6\xbc\xa2", -1, 0, "plain \xc3\xa9 \xe6\xbc\xa2");
	visible("\x1b[31m\a\r\n\t\x7f", -1, 0, "\\x1b[31m\\x07\\x0d\\x0a\\x09\\x7f");
	visible("a\0b", 3, 0, "a\\x00b");
	visible("\xff\xc3", -1, 0, "\\xff\\xc3");
	visible("\xc2\x9b", -1, 0, "\\u009b");
	visible("\xe2\x80\xae"
		"evil\xe2\x81\xa6\xe2\x80\xa8\xd8\x9c",
		-1, 0, "\\u202eevil\\u2066\\u2028\\u061c");
	/* Overlong and surrogate encodings are invalid bytes. */
	visible("\xc0\xaf\xed\xa0\x80", -1, 0, "\\xc0\\xaf\\xed\\xa0\\x80");
	visible("", 0, 0, "");
}
END_TEST

START_TEST(cuts_between_characters)
{
	visible("abcdef", -1, 6, "abcdef");
	visible("abcdef", -1, 5, "abcde...");
	visible("abcd\xc3\xa9", -1, 5, "abcd...");
	visible("abcd\xc3\xa9", -1, 6, "abcd\xc3\xa9");
}
END_TEST

START_TEST(writes_locations)
{
	static const struct {
		struct cf_loc loc;
		const char *want;
	} cases[] = { { { "a.txt", 9, 118, 0 }, "a.txt:118" },
		      { { "a.txt", 9, 118, 7 }, "a.txt:118:7" },
		      { { "perf.data", 0x1f40, 0, 0 }, "perf.data@0x1f40" },
		      { { "perf.data", 0, 0, 0 }, "perf.data" },
		      { { "a\x1b", 0, 3, 0 }, "a\\x1b:3" },
		      { { NULL, 5, 5, 5 }, "" } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = cf_loc_text(&cases[i].loc);

		ck_assert_str_eq(got, cases[i].want);
	}
}
END_TEST

/* What can't be seen makes two names look the same; what is only unusual stays as it is. */
START_TEST(shows_the_unseen)
{
	static const struct {
		const char *text, *want;
	} cases[] = { { "a\xe2\x80\x8b"
			"b",
			"a\\u200bb" },
		      { "a\xe2\x80\x8d"
			"b",
			"a\\u200db" },
		      { "a\xc2\xad"
			"b",
			"a\\u00adb" },
		      { "a\xef\xbb\xbf"
			"b",
			"a\\ufeffb" },
		      { "a\xe2\x81\xa0"
			"b",
			"a\\u2060b" },
		      { "a\xe3\x85\xa4"
			"b",
			"a\\u3164b" },
		      { "a\xf3\xa0\x80\xa1"
			"b",
			"a\\U000e0021b" },
		      { "a\xef\xb8\x8f"
			"b",
			"a\\ufe0fb" },
		      { "stra\xc3\x9f"
			"e \xe6\xbc\xa2 e\xcc\x81",
			"stra\xc3\x9f"
			"e \xe6\xbc\xa2 e\xcc\x81" } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = cf_visible(cases[i].text, -1, 0);

		ck_assert_str_eq(got, cases[i].want);
	}
}
END_TEST

START_TEST(counts_and_keeps_first_status)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = out };
	struct cf_loc loc = { .path = "f", .line = 2 };

	cf_warn(&diag, &loc, "odd %d", 5);
	cf_note(&diag, NULL, "by the way");
	ck_assert_int_eq(diag.status, CF_STATUS_OK);
	ck_assert_int_eq(cf_error(&diag, &loc, "bad '%s'", "\x1b[2J"), -1);
	ck_assert_int_eq(diag.status, CF_STATUS_INPUT);
	ck_assert_int_eq(cf_error_as(&diag, CF_STATUS_USAGE, NULL, "usage"), -1);
	ck_assert_int_eq(diag.status, CF_STATUS_INPUT);
	ck_assert_int_eq(cf_error_errno(&diag, NULL, ENOSPC, "can't write"), -1);
	ck_assert_int_eq(diag.status, CF_STATUS_SYSTEM);
	ck_assert_uint_eq(diag.errors, 3);
	ck_assert_uint_eq(diag.warnings, 1);
	ck_assert_str_eq(out->str, "warning|f:2|odd 5\nnote||by the way\nerror|f:2|bad '\\x1b[2J'\n"
				   "error||usage\nerror||can't write: No space left on device\n");
}
END_TEST

START_TEST(tells_paths_from_the_system)
{
	struct cf_diag missing = { 0 }, disk = { 0 };

	cf_error_errno(&missing, NULL, ENOENT, "can't open");
	ck_assert_int_eq(missing.status, CF_STATUS_INPUT);
	cf_error_errno(&disk, NULL, EIO, "can't read");
	ck_assert_int_eq(disk.status, CF_STATUS_SYSTEM);
}
END_TEST

/* What stderr gets from one run of use. */
static char *capture(void (*use)(struct cf_diag *), gboolean quiet)
{
	struct cf_diag diag;
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	char *text = g_malloc0(1000);

	dup2(fileno(file), STDERR_FILENO);
	cf_diag_init_stderr(&diag, quiet);
	use(&diag);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	ck_assert_int_ge((int)fread(text, 1, 999, file), 0);
	fclose(file);
	return text;
}

static void three(struct cf_diag *diag)
{
	struct cf_loc loc = { .path = "p\n", .offset = 16 };

	cf_note(diag, NULL, "created");
	cf_warn(diag, &loc, "w");
	cf_error(diag, NULL, "e");
}

START_TEST(prints)
{
	g_autofree char *all = capture(three, FALSE), *errors = capture(three, TRUE);

	ck_assert_str_eq(all, "callflow: created\ncallflow: p\\x0a@0x10: warning: w\ncallflow: error: e\n");
	ck_assert_str_eq(errors, "callflow: error: e\n");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/diag");
	TCase *t = tcase_create("diag");

	tcase_add_test(t, shows_any_bytes);
	tcase_add_test(t, cuts_between_characters);
	tcase_add_test(t, writes_locations);
	tcase_add_test(t, shows_the_unseen);
	tcase_add_test(t, counts_and_keeps_first_status);
	tcase_add_test(t, tells_paths_from_the_system);
	tcase_add_test(t, prints);
	suite_add_tcase(s, t);
	return s;
}
