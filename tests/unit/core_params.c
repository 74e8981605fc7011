/* SPDX-License-Identifier: MIT */
/* core_params: settings from tables, command lines and files; help and guesses. */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "core/params.h"

static const char *const sorts[] = { "self", "total", NULL };
static const struct cf_param table_a[] = {
	{ .name = "top",
	  .letter = 'n',
	  .type = CF_PARAM_INT,
	  .arg = "N",
	  .help = "rows to show, 0 for all",
	  .fallback = "20",
	  .min = 0,
	  .max = INT64_MAX },
	{ .name = "sort",
	  .type = CF_PARAM_CHOICE,
	  .arg = "KEY",
	  .help = "order of rows",
	  .fallback = "self",
	  .choices = sorts },
	{ .name = "quiet", .letter = 'q', .type = CF_PARAM_BOOL, .help = "say less" },
	{ .name = "verbose", .letter = 'v', .type = CF_PARAM_BOOL, .help = "say more" },
	{ 0 }
};
static const struct cf_param table_b[] = {
	{ .name = "label", .letter = 'l', .type = CF_PARAM_LIST, .arg = "K=V", .help = "a label of the run" },
	{ .name = "focus", .type = CF_PARAM_REGEX, .arg = "RE", .help = "only stacks with a matching frame" },
	{ .name = "time", .type = CF_PARAM_TIME, .arg = "TIME", .help = "start of the run" },
	{ .name = "scale", .type = CF_PARAM_NUMBER, .arg = "X", .help = "a factor", .fallback = "1.5" },
	{ .name = "output", .letter = 'o', .type = CF_PARAM_STRING, .arg = "FILE", .help = "where to write" },
	{ .name = "days", .type = CF_PARAM_INT, .arg = "N", .help = "between", .min = -3, .max = 7 },
	{ 0 }
};
static const struct cf_param *const tables[] = { table_a, table_b, NULL };

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s%s%s\n", where, *where ? ": " : "", text);
}

/* Parses line, split at blanks; operands joined by ',' or, when it fails, the message. */
static char *parse(struct cf_params *params, const char *line)
{
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	g_autoptr(GPtrArray) operands = g_ptr_array_new();
	g_autofree char *full = g_strconcat("prog ", line, NULL);
	g_auto(GStrv) argv = g_strsplit(*line ? full : "prog", " ", -1);

	if (cf_params_parse(params, (int)g_strv_length(argv), argv, operands, &diag) < 0) {
		ck_assert_int_eq(diag.status, CF_STATUS_USAGE);
		ck_assert_uint_eq(diag.errors, 1);
		return g_strdup(said->str);
	}
	ck_assert_str_eq(said->str, "");
	g_ptr_array_add(operands, NULL);
	return g_strjoinv(",", (char **)operands->pdata);
}

static void parses(struct cf_params *params, const char *line, const char *want)
{
	g_autofree char *got = parse(params, line);

	ck_assert_str_eq(got, want);
}

START_TEST(has_defaults)
{
	struct cf_params *p = cf_params_new(tables);

	ck_assert_int_eq(cf_params_int(p, "top"), 20);
	ck_assert_str_eq(cf_params_string(p, "sort"), "self");
	ck_assert(!cf_params_bool(p, "quiet"));
	ck_assert_ptr_null(cf_params_list(p, "label")[0]);
	ck_assert_ptr_null(cf_params_string(p, "focus"));
	ck_assert(cf_params_number(p, "scale") == 1.5);
	ck_assert(!cf_params_is_set(p, "top"));
	ck_assert(cf_params_has(p, "days"));
	ck_assert(!cf_params_has(p, "nights"));
	cf_params_free(p);
	cf_params_free(NULL);
}
END_TEST

START_TEST(parses_command_lines)
{
	struct cf_params *p = cf_params_new(tables);

	parses(p, "", "");
	parses(p, "a --top=5 b -- --quiet -n", "a,b,--quiet,-n");
	ck_assert_int_eq(cf_params_int(p, "top"), 5);
	ck_assert(cf_params_is_set(p, "top"));
	ck_assert(!cf_params_bool(p, "quiet"));
	parses(p, "--top 6 -", "-");
	ck_assert_int_eq(cf_params_int(p, "top"), 6);
	parses(p, "-n 7 -n8 x", "x");
	ck_assert_int_eq(cf_params_int(p, "top"), 8);
	parses(p, "-qvn9", "");
	ck_assert_int_eq(cf_params_int(p, "top"), 9);
	ck_assert(cf_params_bool(p, "quiet") && cf_params_bool(p, "verbose"));
	parses(p, "--quiet=false --out=-x --so total --days -3", "");
	ck_assert(!cf_params_bool(p, "quiet"));
	ck_assert_str_eq(cf_params_string(p, "output"), "-x");
	ck_assert_str_eq(cf_params_string(p, "sort"), "total");
	ck_assert_int_eq(cf_params_int(p, "days"), -3);
	parses(p, "-l a=1 --label b=2 -lc=3", "");
	ck_assert_str_eq(cf_params_list(p, "label")[0], "a=1");
	ck_assert_str_eq(cf_params_list(p, "label")[1], "b=2");
	ck_assert_str_eq(cf_params_list(p, "label")[2], "c=3");
	ck_assert_ptr_null(cf_params_list(p, "label")[3]);
	parses(p, "--time 1970-01-01T00:00:01 --scale=-2e3 --focus ^a+(b|c)$", "");
	ck_assert_int_eq(cf_params_time(p, "time"), 1000000000);
	ck_assert(cf_params_number(p, "scale") == -2000);
	ck_assert_str_eq(cf_params_string(p, "focus"), "^a+(b|c)$");
	cf_params_free(p);
}
END_TEST

START_TEST(refuses_command_lines)
{
	static const char *const cases[][2] = {
		{ "--topp=1", "unknown option '--topp'; did you mean '--top'?\n" },
		{ "--frobnicate", "unknown option '--frobnicate'\n" },
		{ "--\x1b[2J", "unknown option '--\\x1b[2J'\n" },
		{ "-z", "unknown option '-z'\n" },
		{ "-qz", "unknown option in '-qz'\n" },
		{ "--t 1", "option '--t' is ambiguous: '--top' or '--time'\n" },
		{ "--top", "option '--top' needs a value: N\n" },
		{ "-n", "option '-n' needs a value: N\n" },
		{ "-nx", "option '-n': found 'x', expected a whole number from 0\n" },
		{ "--top=-1", "option '--top': found '-1', expected a whole number from 0\n" },
		{ "--days=8", "option '--days': found '8', expected a whole number from -3 to 7\n" },
		{ "--days=99999999999999999999",
		  "option '--days': found '99999999999999999999', expected a whole number from -3 to 7\n" },
		{ "--sort=x", "option '--sort': found 'x', expected one of self, total\n" },
		{ "--quiet=1", "option '--quiet': found '1', expected true or false\n" },
		{ "--scale=1,5", "option '--scale': found '1,5', expected a number\n" },
		{ "--time=today", "option '--time': found 'today', expected a time such as 2026-11-23, "
				  "2026-11-23T06:02Z or @1700000000\n" },
		{ "--focus=(a",
		  "option '--focus': found '(a', expected a regular expression: unmatched ( or \\(\n" },
		{ "--focus=(a)\\1", "option '--focus': found '(a)\\1', expected a regular expression: back "
				    "references are not supported\n" },
		{ "--focus=(a{99}){99}",
		  "option '--focus': found '(a{99}){99}', expected a regular expression: "
		  "repetition counts multiply to more than 1000\n" },
		{ "--focus=a{1,32767}",
		  "option '--focus': found 'a{1,32767}', expected a regular expression: "
		  "repetition counts multiply to more than 1000\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_params *p = cf_params_new(tables);

		parses(p, cases[i][0], cases[i][1]);
		cf_params_free(p);
	}
}
END_TEST

START_TEST(sets_from_files)
{
	struct cf_params *p = cf_params_new(tables);
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	struct cf_loc loc = { .path = "weekly.pipeline", .line = 7 };

	ck_assert_int_eq(cf_params_set(p, "top", "3", &loc, &diag), 0);
	ck_assert_int_eq(cf_params_set(p, "quiet", "true", &loc, &diag), 0);
	ck_assert_int_eq(cf_params_int(p, "top"), 3);
	ck_assert(cf_params_bool(p, "quiet"));
	ck_assert_int_eq(cf_params_set(p, "topp", "3", &loc, &diag), -1);
	/* No prefixes in files: a later setting must not change what an old file means. */
	ck_assert_int_eq(cf_params_set(p, "quie", "true", &loc, &diag), -1);
	ck_assert_int_eq(cf_params_set(p, "top", "many\n", &loc, &diag), -1);
	ck_assert_int_eq(cf_params_int(p, "top"), 3);
	ck_assert_str_eq(
		said->str,
		"weekly.pipeline:7: unknown setting 'topp'; did you mean 'top'?\n"
		"weekly.pipeline:7: unknown setting 'quie'; did you mean 'quiet'?\n"
		"weekly.pipeline:7: setting 'top': found 'many\\x0a', expected a whole number from 0\n");
	ck_assert_int_eq(diag.status, CF_STATUS_USAGE);
	cf_params_free(p);
}
END_TEST

START_TEST(lists_start_anew)
{
	static const struct cf_param table[] = {
		{ .name = "path", .type = CF_PARAM_LIST, .arg = "P", .help = "where", .fallback = "." }, { 0 }
	};
	static const struct cf_param *const one[] = { table, NULL };
	struct cf_params *p = cf_params_new(one);

	ck_assert_str_eq(cf_params_list(p, "path")[0], ".");
	parses(p, "--path a --path b", "");
	ck_assert_str_eq(cf_params_list(p, "path")[0], "a");
	ck_assert_str_eq(cf_params_list(p, "path")[1], "b");
	ck_assert_ptr_null(cf_params_list(p, "path")[2]);
	cf_params_free(p);
}
END_TEST

START_TEST(helps)
{
	static const struct cf_param wordy[] = { { .name = "a-very-long-option-name",
						   .type = CF_PARAM_STRING,
						   .arg = "SOMETHING",
						   .help = "what" },
						 { .name = "x",
						   .type = CF_PARAM_BOOL,
						   .help = "a text that is so long that it has to be "
							   "continued on a line of its own, and then some" },
						 { 0 } };
	static const struct cf_param *const more[] = { table_a, wordy, NULL };
	g_autofree char *help = cf_params_help(more);
	g_auto(GStrv) lines = g_strsplit(help, "\n", -1);

	ck_assert_str_eq(help,
			 "  -n, --top N     rows to show, 0 for all (default 20)\n"
			 "      --sort KEY  order of rows: self, total (default self)\n"
			 "  -q, --quiet     say less\n"
			 "  -v, --verbose   say more\n"
			 "      --a-very-long-option-name SOMETHING\n"
			 "                  what\n"
			 "      --x         a text that is so long that it has to be continued on a line\n"
			 "                  of its own, and then some\n");
	for (char **line = lines; *line; line++)
		ck_assert_uint_lt(strlen(*line), 80);
}
END_TEST

START_TEST(guesses)
{
	static const char *const names[] = { "nightly", "release", "top", "tree", "flamegraph" };
	size_t n = G_N_ELEMENTS(names);

	ck_assert_str_eq(cf_nearest("nigthly", names, n), "nightly");
	ck_assert_str_eq(cf_nearest("flaemgraf", names, n), "flamegraph");
	ck_assert_str_eq(cf_nearest("tre", names, n), "tree");
	ck_assert_str_eq(cf_nearest("top", names, n), "top");
	ck_assert_ptr_null(cf_nearest("xy", names, n));
	ck_assert_ptr_null(cf_nearest("", names, n));
	ck_assert_ptr_null(cf_nearest("callgrind", names, n));
	ck_assert_ptr_null(cf_nearest("top", names, 0));
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/params");
	TCase *t = tcase_create("params");

	tcase_add_test(t, has_defaults);
	tcase_add_test(t, parses_command_lines);
	tcase_add_test(t, refuses_command_lines);
	tcase_add_test(t, sets_from_files);
	tcase_add_test(t, lists_start_anew);
	tcase_add_test(t, helps);
	tcase_add_test(t, guesses);
	suite_add_tcase(s, t);
	return s;
}
