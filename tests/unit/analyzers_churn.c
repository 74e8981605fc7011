/* SPDX-License-Identifier: MIT */
/* analyzers_churn: what of a history counts, and the sums of it. */
#include "analyzers/churn/sums.h"

#include "analyzers/churn/days.h"
#include "analyzers/churn/maps.h"
#include "analyzers/churn/tables.h"
#include "tests/unit/churn_fixture.h"

#define COUNTS(history, options, expected)                                 \
	do {                                                               \
		struct cf_churn *counted = cf_churn_new(history, options); \
		g_autofree char *text = churn_text(counted);               \
		ck_assert_str_eq(text, expected);                          \
		cf_churn_free(counted);                                    \
	} while (0)

static struct cf_history *small(void)
{
	struct cf_history *h = cf_history_new();

	commit(h, "2024-01-05 Ann: old.c +20, a.c +10", 0);
	commit(h, "2024-01-06 Bob: a.c +1 -4", 0);
	commit(h, "2024-02-01 Ann: a.c +50 -50, gen/x.c +7", CF_COMMIT_IGNORED);
	commit(h, "2024-02-29 Ann: old.c:20 > new.c:21 +2 -1, a.c +3", 0);
	commit(h, "2024-03-01 ci[bot]: gen/x.c +9 -7", 0);
	head(h, "a.c", 10, 0);
	head(h, "new.c", 21, 0);
	head(h, "gen/x.c", 9, CF_PATH_GENERATED);
	head(h, "README", 5, 0);
	cf_history_settle(h, NULL, NULL);
	return h;
}

/* A renaming is what `git log --no-renames` prints, and what .git-blame-ignore-revs names is left out. */
START_TEST(what_counts)
{
	struct cf_history *h = small();
	struct cf_churn_options o = { 0 };
	struct cf_churn *churn;

	COUNTS(h, &o,
	       "Ann: a.c +10 -0, old.c +20 -0\nBob: a.c +1 -4\nAnn: a.c +3 -0, old.c +0 -20, new.c +21 -0\n"
	       "ci[bot]: gen/x.c +9 -7\n");
	churn = cf_churn_new(h, &o);
	ck_assert_uint_eq(churn->ignored, 1);
	ck_assert_int_eq(churn->as_of, day("2024-03-01"));
	/* By name, with what is at the head and never changed. */
	ck_assert_uint_eq(churn->entities->len, 5);
	ck_assert_str_eq(cf_churn_entity(churn, 0)->name, "README");
	ck_assert(!cf_churn_entity(churn, 0)->source);
	ck_assert(cf_churn_entity(churn, entity(churn, "a.c"))->source);
	ck_assert(!cf_churn_entity(churn, entity(churn, "old.c"))->at_head);
	ck_assert(cf_churn_author(churn, author(churn, "ci[bot]"))->bot);
	cf_churn_free(churn);
	o.ignored = TRUE;
	COUNTS(h, &o,
	       "Ann: a.c +10 -0, old.c +20 -0\nBob: a.c +1 -4\nAnn: a.c +50 -50, gen/x.c +7 -0\n"
	       "Ann: a.c +3 -0, old.c +0 -20, new.c +21 -0\nci[bot]: gen/x.c +9 -7\n");
	cf_history_free(h);
}
END_TEST

START_TEST(names_are_followed)
{
	struct cf_history *h = cf_history_new();
	struct cf_churn_options o = { .follow = TRUE };

	commit(h, "2024-01-01 Ann: a +1", 0);
	commit(h, "2024-01-02 Ann: a:1 > b:2 +1", 0);
	commit(h, "2024-01-03 Ann: a +5", 0); /* another one, of the same name */
	commit(h, "2024-01-04 Ann: b:2 > c:2, a:5 > b:5", 0);
	commit(h, "2024-01-05 Ann: b +1, c +2", 0);
	cf_history_settle(h, NULL, NULL);
	COUNTS(h, &o,
	       "Ann: c +1 -0\nAnn: c +1 -0\nAnn: b +5 -0\nAnn: b +0 -0, c +0 -0\nAnn: b +1 -0, c +2 -0\n");
	cf_history_free(h);
}
END_TEST

START_TEST(windows_have_both_ends)
{
	struct cf_history *h = small();
	struct cf_churn_options o = { .has_since = TRUE, .has_as_of = TRUE };

	o.since = day("2024-01-06");
	o.as_of = day("2024-02-29");
	COUNTS(h, &o, "Bob: a.c +1 -4\nAnn: a.c +3 -0, old.c +0 -20, new.c +21 -0\n");
	o.since = day("2024-01-07");
	o.as_of = day("2024-02-28");
	COUNTS(h, &o, "");
	cf_history_free(h);
}
END_TEST

START_TEST(paths_and_globs)
{
	static const char *const c_files[] = { "*.c", NULL }, *const gen[] = { "/gen", NULL };
	struct cf_history *h = small();
	struct cf_churn_options o = { .path = "gen/" };
	struct cf_churn *churn;

	COUNTS(h, &o, "ci[bot]: gen/x.c +9 -7\n");
	o = (struct cf_churn_options){ .path = "a" };
	COUNTS(h, &o, "");
	o = (struct cf_churn_options){ .include = c_files, .exclude = gen };
	churn = cf_churn_new(h, &o);
	ck_assert_uint_eq(churn->commits->len, 3);
	ck_assert_uint_eq(churn->excluded, 2); /* README as well */
	cf_churn_free(churn);
	o = (struct cf_churn_options){ .no_generated = TRUE };
	churn = cf_churn_new(h, &o);
	ck_assert_uint_eq(churn->commits->len, 3);
	cf_churn_free(churn);
	cf_history_free(h);
}
END_TEST

static struct cf_slice slice(const char *text)
{
	return (struct cf_slice){ (const uint8_t *)text, strlen(text) };
}

/* A part is changed once by a commit, however many of its files are. */
START_TEST(groups_and_teams)
{
	struct cf_history *h = small();
	struct cf_diag diag = { 0 };
	g_autoptr(GArray) groups =
		cf_groups_parse("groups", slice("# parts\n\n*.c => Code\ngen => Never\n"), &diag);
	g_autoptr(GHashTable) teams = cf_teams_parse(
		"teams", slice("author,team\r\nAnn,Core\n\"Bob\" , Core\nci[bot],Tools\n"), &diag);
	struct cf_churn_options o = { .groups = groups, .teams = teams };
	struct cf_churn *churn;

	COUNTS(h, &o, "Core: Code +30 -0\nCore: Code +1 -4\nCore: Code +24 -20\nTools: Code +9 -7\n");
	churn = cf_churn_new(h, &o);
	ck_assert_uint_eq(churn->ungrouped, 1);
	ck_assert_uint_eq(cf_churn_entity(churn, 0)->lines, 40);
	/* All its files would have to be. */
	ck_assert(!(cf_churn_entity(churn, 0)->flags & CF_PATH_GENERATED));
	ck_assert(!cf_churn_author(churn, author(churn, "Core"))->bot);
	ck_assert(cf_churn_author(churn, author(churn, "Tools"))->bot);
	cf_churn_free(churn);
	cf_history_free(h);
}
END_TEST

START_TEST(sums)
{
	struct cf_history *h = small();
	struct cf_churn *churn = cf_churn_new(h, &(struct cf_churn_options){ 0 });
	struct cf_churn_sums *s = cf_churn_sums_new(churn);
	const struct cf_churn_sum *a = cf_churn_sum(s, entity(churn, "a.c"));
	const struct cf_churn_work *ann = cf_churn_work(s, author(churn, "Ann"));
	const struct cf_churn_span *month;

	ck_assert_uint_eq(s->changed, 4);
	ck_assert_uint_eq(a->revs, 3);
	ck_assert_int_eq(a->added, 14);
	ck_assert_int_eq(a->deleted, 4);
	ck_assert_uint_eq(a->authors, 2);
	ck_assert_uint_eq(a->creator, author(churn, "Ann"));
	ck_assert_int_eq(a->first_day, day("2024-01-05"));
	ck_assert_int_eq(a->last_day, day("2024-02-29"));
	/* The 5th and 6th are Friday and Saturday of one week. */
	ck_assert_uint_eq(a->weeks, 2);
	ck_assert_uint_eq(cf_churn_sum(s, entity(churn, "README"))->creator, CF_NONE);
	ck_assert_uint_eq(ann->commits, 2);
	ck_assert_uint_eq(ann->revs, 5);
	ck_assert_uint_eq(ann->entities, 3);
	ck_assert_int_eq(ann->added, 54);
	ck_assert_int_eq(ann->deleted, 20);
	ck_assert_uint_eq(s->days->len, 4);
	ck_assert_uint_eq(s->months->len, 3);
	month = &g_array_index(s->months, struct cf_churn_span, 0);
	ck_assert_int_eq(month->at, 2024 * 12);
	ck_assert_uint_eq(month->commits, 2);
	ck_assert_uint_eq(month->authors, 2);
	ck_assert_uint_eq(month->entities, 2);
	ck_assert_int_eq(month->added, 31);
	cf_churn_sums_free(s);
	cf_churn_free(churn);
	cf_history_free(h);
}
END_TEST

/* M1 to M8, by hand: 40 lines in three files of program text, all changed. */
START_TEST(relative_churn)
{
	static const double expected[] = { 44.0 / 40, 11.0 / 40, 1, 5.0 / 3, 4.0 / 3, 55.0 / 4, 4, 11 };
	struct cf_history *h = small();
	struct cf_churn *churn = cf_churn_new(h, &(struct cf_churn_options){ 0 });
	struct cf_churn_sums *s = cf_churn_sums_new(churn);
	struct cf_churn_relative r = cf_churn_relative(s);

	/* a.c 14 -4 in 3 revisions and 2 weeks, new.c 21 in 1 and 1, gen/x.c 9 -7 in 1 and 1; old.c is gone. */
	ck_assert_int_eq(r.total_loc, 40);
	ck_assert_int_eq(r.churned_loc, 44);
	ck_assert_int_eq(r.deleted_loc, 11);
	ck_assert_int_eq(r.weeks, 4);
	ck_assert_int_eq(r.churn_count, 5);
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
		ck_assert_double_eq_tol(r.m[i], expected[i], 1e-12);
	cf_churn_sums_free(s);
	cf_churn_free(churn);
	cf_history_free(h);
}
END_TEST

START_TEST(days)
{
	char text[CF_DAY_TEXT];

	ck_assert_int_eq(cf_day_of(0, 0), 0);
	ck_assert_int_eq(cf_day_of(-1, 0), -1);
	/* 23:30 in London is the next day in Paris. */
	ck_assert_int_eq(cf_day_of(86400 - 1800, 60), 1);
	ck_assert_int_eq(cf_day_of(1800, -60), -1);
	cf_day_text(day("2024-02-29"), text);
	ck_assert_str_eq(text, "2024-02-29");
	cf_day_text(cf_day_of(INT64_MAX, 0), text);
	ck_assert_str_eq(text, "9999-12-31");
	cf_day_text(cf_day_of(INT64_MIN, -720), text);
	ck_assert_str_eq(text, "0001-01-01");
	ck_assert_int_eq(cf_week_of(day("2024-01-01")), cf_week_of(day("2024-01-07")));
	ck_assert_int_eq(cf_week_of(day("2024-01-07")) + 1, cf_week_of(day("2024-01-08")));
	ck_assert_int_eq(cf_week_of(day("1969-12-29")), cf_week_of(day("1970-01-04")));
	ck_assert_int_eq(cf_full_months(day("2024-01-31"), day("2024-02-29")), 0);
	ck_assert_int_eq(cf_full_months(day("2024-01-29"), day("2024-02-29")), 1);
	ck_assert_int_eq(cf_full_months(day("2023-08-02"), day("2024-08-01")), 11);
	ck_assert_int_eq(cf_full_months(day("2024-08-02"), day("2024-08-01")), 0);
}
END_TEST

static void consume(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s: %s\n", where, text);
}

START_TEST(maps_name_the_line_that_is_wrong)
{
	static const struct {
		const char *groups, *teams, *message;
	} cases[] = {
		{ "a => A\nb\n", NULL, "map:2: 'b': expected GLOB => NAME\n" },
		{ "# no\n\n => A\n", NULL, "map:3: '': expected GLOB => NAME\n" },
		{ "^src/.* => A", NULL,
		  "map:1: '^src/.*': expected a glob, as in .gitignore, no regular expression\n" },
		{ NULL, "Ann,Core\nBob\n", "map:2: 'Bob': expected AUTHOR,TEAM\n" },
		{ NULL, ",Core\n", "map:1: ',Core': expected AUTHOR,TEAM\n" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) said = g_string_new(NULL);
		struct cf_diag diag = { .consume = consume, .ctx = said };

		if (cases[i].groups)
			ck_assert_ptr_null(cf_groups_parse("map", slice(cases[i].groups), &diag));
		else
			ck_assert_ptr_null(cf_teams_parse("map", slice(cases[i].teams), &diag));
		ck_assert_str_eq(said->str, cases[i].message);
	}
}
END_TEST

START_TEST(the_first_group_that_matches)
{
	struct cf_diag diag = { 0 };
	g_autoptr(GArray) groups = cf_groups_parse(
		"g", slice("src/net => Network\nsrc/**/test_* => Tests\nsrc/ => Core\n*.md=>Docs"), &diag);

	ck_assert_str_eq(cf_groups_find(groups, "src/net/a.c"), "Network");
	ck_assert_str_eq(cf_groups_find(groups, "src/x/test_a.c"), "Tests");
	ck_assert_str_eq(cf_groups_find(groups, "src/a.c"), "Core");
	ck_assert_str_eq(cf_groups_find(groups, "doc/x/README.md"), "Docs");
	ck_assert_ptr_null(cf_groups_find(groups, "srcs/a.c"));
}
END_TEST

START_TEST(program_text)
{
	static const char *const yes[] = { "a.ada", "x/b.C", "b.c++", "b.h++",   "q.zig", "l.l",
					   "y.y",   "p.py",  "s.sh",  "t.proto", "r.R",   "a.b.rs" },
				 *const no[] = { "Makefile",  "a.md", "a.json", "c",
						 ".c/readme", "a.",   "a.cx",   "z.zi" };

	for (size_t i = 0; i < G_N_ELEMENTS(yes); i++)
		ck_assert_msg(cf_churn_is_source(yes[i]), "%s", yes[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
		ck_assert_msg(!cf_churn_is_source(no[i]), "%s", no[i]);
}
END_TEST

/* --help lists the questions. */
START_TEST(questions_are_listed)
{
	g_auto(GStrv) words = g_strsplit_set(cf_churn_params[0].help, " ,:", -1);

	ck_assert_str_eq(cf_churn_params[0].name, "by");
	for (const struct cf_churn_question *q = cf_churn_questions; q->id; q++)
		ck_assert_msg(g_strv_contains((const char *const *)words, q->id), "%s", q->id);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/churn");
	TCase *c = tcase_create("churn");

	tcase_add_test(c, what_counts);
	tcase_add_test(c, names_are_followed);
	tcase_add_test(c, windows_have_both_ends);
	tcase_add_test(c, paths_and_globs);
	tcase_add_test(c, groups_and_teams);
	tcase_add_test(c, sums);
	tcase_add_test(c, relative_churn);
	tcase_add_test(c, days);
	tcase_add_test(c, maps_name_the_line_that_is_wrong);
	tcase_add_test(c, the_first_group_that_matches);
	tcase_add_test(c, program_text);
	tcase_add_test(c, questions_are_listed);
	suite_add_tcase(s, c);
	return s;
}
