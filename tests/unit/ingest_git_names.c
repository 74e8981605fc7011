/* SPDX-License-Identifier: MIT */
/* ingest_git_names: who people are, which paths match, and what files are. */
#include "tests/unit/suite.h"

#include "core/history.h"
#include "ingest/git/attributes.h"
#include "ingest/git/complexity.h"
#include "core/glob.h"
#include "ingest/git/measure.h"
#include "core/people.h"

static struct cf_slice slice(const char *text)
{
	return (struct cf_slice){ (const uint8_t *)text, strlen(text) };
}

START_TEST(globs)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} cases[] = {
		{ "a", "a", true },
		{ "a", "ab", false },
		{ "*.c", "a.c", true },
		{ "*.c", "d/a.c", false },
		{ "**/*.c", "d/e/a.c", true },
		{ "**/*.c", "a.c", true },
		{ "d/**", "d/e/f", true },
		{ "d/**", "d", false },
		{ "a/**/b", "a/b", true },
		{ "a/**/b", "a/x/y/b", true },
		{ "a/**/b", "axb", false },
		{ "a?c", "abc", true },
		{ "a?c", "a/c", false },
		{ "[a-c]x", "bx", true },
		{ "[!a-c]x", "bx", false },
		{ "[!a-c]x", "dx", true },
		{ "[]]", "]", true },
		{ "[a", "[a", true },
		{ "\\*", "*", true },
		{ "\\*", "x", false },
		{ "a*b*c", "aXbYc", true },
		{ "a*b*c", "aXbY", false },
		{ "", "", true },
		{ "", "a", false },
		{ "\351*", "\351t\351", true },
	};
	g_autofree char *stars = g_strnfill(4000, '*'), *letters = g_strnfill(4000, 'a');
	g_autofree char *nasty = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		ck_assert_msg(cf_glob_match(cases[i].pattern, cases[i].text) == cases[i].matches, "%s on %s",
			      cases[i].pattern, cases[i].text);
	ck_assert(cf_glob_match(stars, letters));
	/* What makes others try for longer than the universe is old. */
	nasty = g_strjoinv("*a",
			   (char *[]){ "", "", "", "", "", "", "", "", "", "", "", "", "", "", "b", NULL });
	ck_assert(!cf_glob_match(nasty, letters));
}
END_TEST

START_TEST(glob_paths)
{
	ck_assert(cf_glob_path("*.pb.c", "x/y/a.pb.c", false));
	ck_assert(cf_glob_path("/a.c", "a.c", false));
	ck_assert(!cf_glob_path("/a.c", "d/a.c", false));
	ck_assert(!cf_glob_path("d/*.c", "x/d/a.c", false));
	ck_assert(cf_glob_path("vendor/", "vendor/x/y", true));
	ck_assert(cf_glob_path("vendor", "a/vendor/y", true));
	ck_assert(!cf_glob_path("vendor", "a/vendor/y", false));
	ck_assert(!cf_glob_path("src/vendor", "vendor/y", true));
}
END_TEST

static const char *name_of(struct cf_history *h, const char *name, const char *email)
{
	uint32_t i = cf_history_person(h, name, -1, email, -1);

	return cf_history_text(h, g_array_index(h->persons, struct cf_person, i).name);
}

/* The examples of gitmailmap(5), and bots. */
START_TEST(people)
{
	static const char map[] = "# comment\n"
				  "Jane Doe <jane@example.com> Jane <Jane@Laptop.(none)>\n"
				  "<bugs@company.xx> <bugs@company.yy>\n"
				  "Other Author <other@author.xx> nick2 <bugs@company.xx>\n"
				  "Santa Claus <santa.claus@northpole.xx> <me@company.xx>\n"
				  "Joe R. Developer <joe@example.com>\n"
				  "no address here\n"
				  "Broken <\n";
	struct cf_history *h = cf_history_new();
	struct cf_slice texts[2] = { slice(map), slice("Joseph <joe@example.com>\n") };
	static const struct {
		const char *name, *email;
		gboolean bot;
	} bots[] = {
		{ "dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", TRUE },
		{ "Renovate", "bot@renovateapp.com", TRUE },
		{ "Someone", "123+github-actions[bot]@users.noreply.github.com", TRUE },
		{ "GitHub Actions", "github-actions@github.com", TRUE },
		{ "Abbot", "abbot@x", FALSE },
		{ "Jenkins Smith", "smith@x", FALSE },
		{ "", "", FALSE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(bots); i++)
		cf_history_person(h, bots[i].name, -1, bots[i].email, -1);
	cf_history_person(h, "jane", -1, "jane@laptop.(none)", -1);
	cf_history_person(h, "Jane", -1, "JANE@LAPTOP.(NONE)", -1);
	cf_history_person(h, "nick1", -1, "bugs@company.xx", -1);
	cf_history_person(h, "nick2", -1, "bugs@company.xx", -1);
	cf_history_person(h, "anything", -1, "me@company.xx", -1);
	cf_history_person(h, "Joe", -1, "joe@example.com", -1);
	cf_people_map(h, texts, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(bots); i++)
		ck_assert_msg(g_array_index(h->persons, struct cf_person, i).bot == bots[i].bot, "%s",
			      bots[i].name);
	ck_assert_str_eq(name_of(h, "jane", "jane@laptop.(none)"), "Jane Doe");
	ck_assert_str_eq(name_of(h, "nick1", "bugs@company.xx"), "nick1");
	ck_assert_str_eq(name_of(h, "nick2", "bugs@company.xx"), "Other Author");
	ck_assert_str_eq(name_of(h, "anything", "me@company.xx"), "Santa Claus");
	ck_assert_str_eq(name_of(h, "Joe", "joe@example.com"), "Joe R. Developer");
	/* The user's own file comes last and wins. */
	cf_people_map(h, texts, 2);
	ck_assert_str_eq(name_of(h, "Joe", "joe@example.com"), "Joseph");
	cf_people_map(h, texts, 0);
	ck_assert_str_eq(name_of(h, "Joe", "joe@example.com"), "Joe");
	cf_history_free(h);
}
END_TEST

START_TEST(attributes)
{
	struct cf_history *h = cf_history_new();
	struct cf_attributes *a = cf_attributes_new();
	static const struct {
		const char *path;
		uint8_t flags;
	} cases[] = {
		{ "a.c", 0 },
		{ "gen/a.c", CF_PATH_GENERATED },
		{ "gen/keep.c", 0 },
		{ "deps/x/y.c", CF_PATH_VENDORED },
		{ "deps/x/own.c", CF_PATH_VENDORED | CF_PATH_GENERATED },
		{ "x/own.c", 0 },
	};

	cf_attributes_add(a, "deps/x/", "own.c linguist-generated=true\n");
	cf_attributes_add(a, "",
			  "# no\n*.c text\ngen/** linguist-generated\ngen/keep.c -linguist-generated\n"
			  "deps/** linguist-vendored diff\n[attr]x linguist-generated\n");
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		cf_history_path(h, cases[i].path, -1);
	g_array_index(h->paths, struct cf_history_path, 0).flags = CF_PATH_VENDORED | CF_PATH_AT_HEAD;
	cf_attributes_apply(a, h);
	ck_assert_uint_eq(g_array_index(h->paths, struct cf_history_path, 0).flags, CF_PATH_AT_HEAD);
	for (guint i = 1; i < G_N_ELEMENTS(cases); i++)
		ck_assert_msg(g_array_index(h->paths, struct cf_history_path, i).flags == cases[i].flags,
			      "%s", cases[i].path);
	cf_attributes_free(a);
	cf_history_free(h);
}
END_TEST

static uint32_t complexity(enum cf_syntax syntax, const char *text)
{
	uint32_t first = 1, last = UINT32_MAX, result;

	cf_complexity(slice(text), syntax, &first, &last, 1, &result);
	return result;
}

/* Decisions counted by hand; the traditional count of pmccabe(1). */
START_TEST(complexities)
{
	ck_assert_uint_eq(complexity(CF_SYNTAX_NONE, "if (a) b"), 0);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "int f(void) { return 1; }"), 1);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "if (a && b || c) x = d ? e : f; else while (g) ;"), 6);
	ck_assert_uint_eq(
		complexity(CF_SYNTAX_C, "switch (a) { case 1: case 2: break; default: ; } for (;;) ;"), 4);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C,
				     "iffy(); /* if */ // while\n\"for ? \\\" &&\"; '?'; L'\\''; x = 1'000;"),
			  1);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C,
				     "#if A && B || C\nif (a) ;\n#else\nif (b) ;\n#if D\nif (c) ;\n#endif\n"
				     "if (d) ;\n#endif\nif (e) ;\n"),
			  3);
	/* pmccabe also leaves out what is under the #else of an #if 0. */
	ck_assert_uint_eq(
		complexity(CF_SYNTAX_C,
			   "# if 0\nif (a) ;\n#ifdef X\nif (b) ;\n#endif\n#else\nif (c) ;\n#endif\nif (d) ;\n"
			   "#if (0)\nif (e) ;\n#endif\n#if X0\nif (f) ;\n#endif\n#if0\nif (g) ;\n"),
		4);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "#if"), 1);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "#"), 1);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "#define X(a) \\\n  if (a) ? \\\n  b\nif (c) ;"), 2);
	ck_assert_uint_eq(complexity(CF_SYNTAX_JAVASCRIPT,
				     "a?.b ?? c; x = /if (a) \\/ [?/]&&/.test(y) ? 1 : 2; `if ${a}`"),
			  2);
	ck_assert_uint_eq(complexity(CF_SYNTAX_JAVASCRIPT, "a = b / 2; if (c) d = e / f; return /?/.x"), 2);
	ck_assert_uint_eq(complexity(CF_SYNTAX_GO, "if a && b { }\nfor { }\nswitch { case x: }\nwhile `if`"),
			  5);
	ck_assert_uint_eq(
		complexity(CF_SYNTAX_PHP, "if (a) # if\n elseif (b and c) { foreach ($x as $y) ; }"), 5);
	/* What doesn't end. */
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "if /* "), 2);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "if \" "), 2);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "#else\nif"), 1);
	ck_assert_uint_eq(complexity(CF_SYNTAX_C, "if '\\"), 2);
}
END_TEST

START_TEST(ranges)
{
	static const char text[] = "int f() {\n  if (a) ;\n}\nint g() {\n  if (a && b) ;\n  while (c) ;\n}\n";
	uint32_t first[] = { 1, 4, 1 }, last[] = { 3, 7, 7 }, result[3];

	cf_complexity(slice(text), CF_SYNTAX_C, first, last, 3, result);
	ck_assert_uint_eq(result[0], 2);
	ck_assert_uint_eq(result[1], 4);
	ck_assert_uint_eq(result[2], 5);
}
END_TEST

START_TEST(measures)
{
	struct cf_measure m = cf_measure_text(slice("a\n\n    b\n\t\tc\n  \t  \n       d\n \te"));

	ck_assert_uint_eq(m.lines, 7);
	ck_assert_uint_eq(m.nonblank, 5);
	ck_assert_uint_eq(m.indent, 0 + 1 + 2 + 1 + 0);
	ck_assert(!m.generated);
	ck_assert(cf_measure_text(slice("/* A Bison parser, made by GNU Bison 3.8. */")).generated);
	ck_assert(cf_measure_text(slice("// Code generated by protoc. DO NOT EDIT.\n")).generated);
	ck_assert_uint_eq(cf_measure_text(slice("")).lines, 0);
}
END_TEST

START_TEST(languages)
{
	ck_assert_str_eq(cf_language_of("a/b.h", false)->name, "C++");
	ck_assert_str_eq(cf_language_of("a/b.h", true)->name, "C");
	ck_assert_str_eq(cf_language_of("a/b.PY", true)->name, "Python");
	ck_assert_ptr_null(cf_language_of("a.c/b", true));
	ck_assert_ptr_null(cf_language_of("README", true));
	ck_assert(cf_language_is_cplusplus("x.cc"));
	ck_assert(!cf_language_is_cplusplus("x.h"));
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_git_names");
	TCase *t = tcase_create("names");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, globs);
	tcase_add_test(t, glob_paths);
	tcase_add_test(t, people);
	tcase_add_test(t, attributes);
	tcase_add_test(t, complexities);
	tcase_add_test(t, ranges);
	tcase_add_test(t, measures);
	tcase_add_test(t, languages);
	suite_add_tcase(s, t);
	return s;
}
