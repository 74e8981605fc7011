/* SPDX-License-Identifier: MIT */
/* pipelines_path_pattern: what paths say of runs. */
#include "tests/unit/suite.h"

#include <string.h>

#include "pipelines/path_pattern.h"

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_string_append(ctx, text);
}

/* "name|commit|seconds|host", or the message. */
static char *match(const char *pattern, const char *path, const struct cf_run_flags *given)
{
	static const struct cf_run_flags none;
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	struct cf_run_flags out;
	const char *host;
	char *text;

	if (cf_path_pattern_flags(pattern, path, given ? given : &none, &out, &diag) != 0)
		return g_strdup(said->str);
	host = g_hash_table_lookup(out.labels, "host");
	text = g_strdup_printf(
		"%s|%s|%" G_GINT64_FORMAT "|%s", out.name ? out.name : "-", out.commit ? out.commit : "-",
		out.start_source == CF_START_USER ? out.start_ns / 1000000000 : -1, host ? host : "-");
	cf_path_pattern_clear(&out);
	return text;
}

START_TEST(matches)
{
	static const struct {
		const char *pattern, *path, *want;
	} cases[] = {
		{ NULL, "x", "-|-|-1|-" },
		{ "bench/{time}-{commit}-{label.host}.json", "old/bench/2026-11-23-1a2B3c4-web-1.json",
		  "-|1a2b3c4|1795392000|web-1" },
		{ "{time}.json", "20261123T060211Z.json", "-|-|1795413731|-" },
		{ "{time}.json", "a/20261123-0602.json", "-|-|1795413720|-" },
		{ "{time}.json", "2026-11-23T06:02:11+01:00.json", "-|-|1795410131|-" },
		{ "{time}.json", "1795413731.json", "-|-|1795413731|-" },
		{ "{name}_{commit}.txt", "sort_bench_deadbeef.txt", "sort_bench|deadbeef|-1|-" },
		{ "{name}/{}.txt", "a/b/c.txt", "b|-|-1|-" },
		{ "x+{name}", "x+(y)", "(y)|-|-1|-" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = match(cases[i].pattern, cases[i].path, NULL);

		ck_assert_msg(!strcmp(got, cases[i].want), "%s: %s", cases[i].path, got);
	}
}
END_TEST

START_TEST(refused)
{
	g_autofree char *field = match("{tim}", "x", NULL), *open = match("a{time", "x", NULL);
	g_autofree char *path = match("{commit}.json", "run.json", NULL);

	ck_assert_str_eq(
		field,
		"--path-pattern: '{tim' is no field; expected {time}, {commit}, {name}, {label.KEY} or {}");
	ck_assert_str_eq(
		open,
		"--path-pattern: '{time' is no field; expected {time}, {commit}, {name}, {label.KEY} or {}");
	ck_assert_str_eq(path, "doesn't match --path-pattern '{commit}.json'");
}
END_TEST

START_TEST(flags_win)
{
	struct cf_run_flags given = { .name = "mine", .start_ns = 5000000000, .start_source = CF_START_USER };
	g_autofree char *got = match("{name}-{time}-{commit}", "other-2026-11-23-abcd", &given);

	ck_assert_str_eq(got, "mine|abcd|5|-");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("pipelines/path_pattern");
	TCase *t = tcase_create("path_pattern");

	tcase_add_test(t, matches);
	tcase_add_test(t, refused);
	tcase_add_test(t, flags_win);
	suite_add_tcase(s, t);
	return s;
}
