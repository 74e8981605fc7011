/* SPDX-License-Identifier: MIT */
/* analyzers_churn_cost: hotspots, risk, and the cost of runs in files and functions of a repository. */
#include "analyzers/churn/cost.h"
#include "analyzers/churn/functions.h"
#include "analyzers/churn/hotspots.h"

#include "tests/unit/churn_fixture.h"

struct all {
	struct cf_history *history;
	struct cf_churn *churn;
	struct cf_churn_sums *sums;
};

static struct all all_of(struct cf_history *history)
{
	struct all all = { .history = history, .churn = churn_of(history, NULL) };

	all.sums = cf_churn_sums_new(all.churn);
	return all;
}

static void all_clear(struct all *all)
{
	cf_churn_sums_free(all->sums);
	cf_churn_free(all->churn);
	cf_history_free(all->history);
}

/* big.c: 1 revision, 100 lines; hot.c: 4 and 50; cold.c: none; README changes most, but is no program text. */
static struct cf_history *four_files(void)
{
	struct cf_history *h = cf_history_new();

	commit(h, "2024-01-01 Ann: big.c +100, hot.c +30", 0);
	commit(h, "2024-01-02 Ann: hot.c +10 -5", 0);
	commit(h, "2024-01-03 Bob: hot.c +10", 0);
	commit(h, "2024-01-04 Ann: hot.c +5", 0);
	for (int i = 0; i < 9; i++)
		commit(h, "2024-01-05 Ann: README", 0);
	head(h, "big.c", 100, 0);
	func(h, "f", 90, 2);
	head(h, "cold.c", 10, 0);
	head(h, "hot.c", 50, 0);
	func(h, "g", 20, 8);
	head(h, "README", 900, 0);
	return h;
}

static double score_of(const struct all *all, const GArray *spots, const char *name)
{
	for (guint i = 0; i < spots->len; i++)
		if (g_array_index(spots, struct cf_hotspot, i).entity == entity(all->churn, name))
			return g_array_index(spots, struct cf_hotspot, i).score;
	return -1;
}

START_TEST(hotspots)
{
	struct all all = all_of(four_files());
	GArray *spots = cf_hotspots(all.sums, CF_SIZE_LINES);

	ck_assert_uint_eq(spots->len, 2);
	ck_assert_double_eq(g_array_index(spots, struct cf_hotspot, 0).score, 0.5);
	ck_assert_double_eq(score_of(&all, spots, "hot.c"), 0.5);
	ck_assert_double_eq(score_of(&all, spots, "big.c"), 0.25);
	g_array_unref(spots);
	spots = cf_hotspots(all.sums, CF_SIZE_COMPLEXITY);
	ck_assert_double_eq(score_of(&all, spots, "hot.c"), 1);
	ck_assert_double_eq(score_of(&all, spots, "big.c"), 0.0625);
	g_array_unref(spots);
	all_clear(&all);
}
END_TEST

/* Where there is no program text at all, everything counts; without a head, nothing. */
START_TEST(hotspots_of_documents)
{
	struct cf_history *h = cf_history_new();
	struct all all;
	GArray *spots;

	commit(h, "2024-01-01 Ann: a.md, b.md", 0);
	head(h, "a.md", 10, 0);
	all = all_of(h);
	spots = cf_hotspots(all.sums, CF_SIZE_LINES);
	ck_assert_uint_eq(spots->len, 1);
	ck_assert_double_eq(g_array_index(spots, struct cf_hotspot, 0).score, 1);
	g_array_unref(spots);
	all_clear(&all);
	h = cf_history_new();
	commit(h, "2024-01-01 Ann: a.c", 0);
	all = all_of(h);
	spots = cf_hotspots(all.sums, CF_SIZE_LINES);
	ck_assert_uint_eq(spots->len, 0);
	g_array_unref(spots);
	all_clear(&all);
}
END_TEST

/* Ranks among big.c, cold.c and hot.c; churn per line 1, 0 and 1.2; nobody is minor, which ranks all in the middle. */
START_TEST(risk)
{
	struct all all = all_of(four_files());
	GArray *risks = cf_risks(all.sums, FALSE);
	const struct cf_risk *first = &g_array_index(risks, struct cf_risk, 0);

	ck_assert_uint_eq(risks->len, 2);
	ck_assert_uint_eq(first->entity, entity(all.churn, "hot.c"));
	ck_assert_double_eq(first->revisions, 1);
	ck_assert_double_eq(first->relative, 1);
	ck_assert_double_eq(first->minor, 0.5);
	ck_assert_double_eq(first->lines, 0.5);
	ck_assert_double_eq_tol(first->churned, 1.2, 1e-12);
	ck_assert_double_eq(first->risk, 0.75);
	ck_assert_double_eq(first[1].risk, (0.5 + 0.5 + 0.5 + 1) / 4);
	g_array_unref(risks);
	all_clear(&all);
}
END_TEST

START_TEST(what_costs_pays)
{
	struct all all = all_of(four_files());
	GArray *spots = cf_hotspots(all.sums, CF_SIZE_LINES), *rows;
	g_autofree double *cost = g_new0(double, all.churn->entities->len);

	rows = cf_refactorings(all.sums, spots, NULL);
	ck_assert_double_eq(g_array_index(rows, struct cf_refactoring, 0).priority, 0.5);
	g_array_unref(rows);
	cost[entity(all.churn, "big.c")] = 0.4;
	cost[entity(all.churn, "hot.c")] = 0.1;
	cost[entity(all.churn, "cold.c")] = 0.2;
	rows = cf_refactorings(all.sums, spots, cost);
	ck_assert_double_eq_tol(g_array_index(rows, struct cf_refactoring, 0).priority, 0.5 * 1.25, 1e-12);
	ck_assert_double_eq_tol(g_array_index(rows, struct cf_refactoring, 1).priority, 0.25 * 2, 1e-12);
	g_array_unref(rows);
	/* hot.c: 4 of 4 revisions, a quarter of the largest cost; big.c the other way round. */
	rows = cf_hot_costs(all.sums, cost);
	ck_assert_uint_eq(rows->len, 2);
	ck_assert_uint_eq(g_array_index(rows, struct cf_hot_cost, 0).entity, entity(all.churn, "big.c"));
	ck_assert_double_eq_tol(g_array_index(rows, struct cf_hot_cost, 0).score, 0.25, 1e-12);
	ck_assert_double_eq_tol(g_array_index(rows, struct cf_hot_cost, 1).score, 0.25, 1e-12);
	g_array_unref(rows);
	g_array_unref(spots);
	all_clear(&all);
}
END_TEST

START_TEST(bare_names)
{
	static const struct {
		const char *name, *bare;
	} cases[] = {
		{ "main", "main" },
		{ "dictFind.cold", "dictFind" },
		{ "pricing::round_cents<48>", "pricing::round_cents" },
		{ "std::vector<int> ns::A<int>::f(int) const [clone .cold]", "ns::A::f" },
		{ "void ns::go<std::pair<a, b> >(int (*)(char))", "ns::go" },
		{ "(anonymous namespace)::f(int)", "f" },
		{ "ns::A::operator()(int) const", "ns::A::operator()" },
		{ "ns::A::operator<<(int)", "ns::A::operator<<" },
		{ "bool operator< <int>(A, B)", "operator<" },
		{ "main.(*Server).Serve", "main.Server.Serve" },
		{ "my_operator(int)", "my_operator" },
		{ "f<", "f" },
		{ "", "" },
		{ "(*", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *bare = cf_cost_bare_name(cases[i].name);

		ck_assert_str_eq(bare, cases[i].bare);
	}
	ck_assert(cf_cost_same_name("ns::A::f", "A::f"));
	ck_assert(cf_cost_same_name("f", "f"));
	ck_assert(!cf_cost_same_name("ns::xA::f", "A::f"));
	ck_assert(!cf_cost_same_name("A::f", "A::g"));
	ck_assert_str_eq(cf_cost_last_part("ns::A::f"), "f");
	ck_assert_str_eq(cf_cost_last_part("main.Server.Serve"), "Serve");
}
END_TEST

/* The file that a row of cost is in, with or without a path of debug information. */
static char *joined(struct cf_history *h, const char *function, const char *file)
{
	const struct cf_cost_row row = { function, file, CF_FRAME_NATIVE, 10 };
	struct cf_cost_join *join = cf_cost_join_new(h, &row, 1, 100);
	char *found;

	ck_assert_int_eq(join->whole, 100);
	if (join->funcs->len)
		found = g_strdup(
			cf_history_path_text(h, g_array_index(join->funcs, struct cf_cost_func, 0).path));
	else if (join->ambiguous)
		found = g_strdup(join->doubts->len ? g_ptr_array_index(join->doubts, 0) : "ambiguous");
	else
		found = g_strdup("nowhere");
	ck_assert_int_eq(join->joined + join->ambiguous, strcmp(found, "nowhere") == 0 ? 0 : 10);
	ck_assert_int_eq(join->by_name, join->joined && !*file ? 10 : 0);
	cf_cost_join_free(join);
	return found;
}

START_TEST(files_by_their_ends)
{
	static const struct {
		const char *function, *file, *expected;
	} cases[] = {
		{ "f", "/build/redis-7.0/src/server.c", "src/server.c" },
		{ "f", "src/server.c", "src/server.c" },
		{ "f", "../src/./x/../server.c", "src/server.c" },
		{ "f", "server.c", "src/server.c" },
		/* A file of the root is all there is of its path. */
		{ "f", "/opt/demo/main.c", "main.c" },
		/* One component isn't enough where both have more. */
		{ "f", "/usr/src/glibc/stdlib/server.c", "nowhere" },
		{ "f", "/elsewhere/lua/src/lvm.c", "deps/lua/src/lvm.c" },
		{ "f", "util.c", "util.c: deps/util.c or src/util.c" },
		{ "f", "/b/src/util.c", "src/util.c" },
		{ "f", "old.c", "nowhere" }, /* not at the head */
		{ "f", "", "nowhere" },
		{ "start", "", "src/server.c" },
		{ "start(int)", "", "src/server.c" },
		{ "twice", "", "twice(): several files have one" },
		{ "start", "other.c", "nowhere" },
		{ "f", "/", "nowhere" },
		{ "f", "..", "nowhere" },
	};
	struct cf_history *h = cf_history_new();

	commit(h, "2024-01-01 Ann: old.c", 0);
	head(h, "deps/lua/src/lvm.c", 1, 0);
	func(h, "twice", 1, 1);
	head(h, "deps/util.c", 1, 0);
	head(h, "main.c", 1, 0);
	func(h, "twice", 1, 1);
	head(h, "src/server.c", 1, 0);
	func(h, "start", 1, 1);
	head(h, "src/util.c", 1, 0);
	cf_history_settle(h, NULL, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *found = joined(h, cases[i].function, cases[i].file);

		ck_assert_msg(strcmp(found, cases[i].expected) == 0, "%s in %s: %s, expected %s",
			      cases[i].function, cases[i].file, found, cases[i].expected);
	}
	cf_history_free(h);
}
END_TEST

START_TEST(kernel_functions_are_nowhere)
{
	struct cf_history *h = cf_history_new();
	const struct cf_cost_row rows[] = { { "start", "", CF_FRAME_KERNEL, 10 },
					    { "[unresolved]", "", CF_FRAME_UNRESOLVED, 10 } };
	struct cf_cost_join *join;

	head(h, "a.c", 1, 0);
	func(h, "start", 1, 1);
	join = cf_cost_join_new(h, rows, 2, 20);
	ck_assert_int_eq(join->joined, 0);
	cf_cost_join_free(join);
	cf_history_free(h);
}
END_TEST

/* hot changes twice, cold once; gone isn't at the head; what commits without functions did isn't counted. */
START_TEST(functions)
{
	const struct cf_cost_row rows[] = { { "ns::hot(int)", "a.cc", CF_FRAME_NATIVE, 30 },
					    { "cold", "a.cc", CF_FRAME_NATIVE, 60 },
					    { "cold", "b.cc", CF_FRAME_NATIVE, 10 } };
	struct cf_history *h = cf_history_new();
	struct cf_cost_join *join;
	struct cf_churn_funcs funcs;
	const struct cf_churn_func *row;
	struct all all;

	commit(h, "2024-01-01 Ann: a.cc +9", 0);
	commit(h, "2024-01-02 Ann: a.cc +2", 0);
	func_change(h, "a.cc", "hot", 1);
	func_change(h, "a.cc", "gone", 1);
	commit(h, "2024-01-03 Ann: a.cc +4", 0);
	func_change(h, "a.cc", "hot", 3);
	func_change(h, "a.cc", "cold", 1);
	head(h, "a.cc", 30, 0);
	func(h, "cold", 20, 8);
	func(h, "hot", 10, 4);
	head(h, "b.cc", 30, 0);
	func(h, "cold", 20, 8);
	all = all_of(h);
	join = cf_cost_join_new(h, rows, G_N_ELEMENTS(rows), 200);
	funcs = cf_churn_funcs(all.churn, join);
	ck_assert_uint_eq(funcs.commits, 2);
	ck_assert_int_eq(funcs.first_day, day("2024-01-02"));
	ck_assert_uint_eq(funcs.rows->len, 3);
	row = &g_array_index(funcs.rows, struct cf_churn_func, 0);
	/* Equal scores: by name. cold: half of the revisions, the greatest complexity. */
	ck_assert_str_eq(cf_history_text(h, row[0].name), "cold");
	ck_assert_double_eq(row[0].score, 0.5);
	ck_assert_int_eq(row[0].self, 60);
	ck_assert_double_eq(row[0].hot, 0.5);
	ck_assert_str_eq(cf_history_text(h, row[1].name), "hot");
	ck_assert_uint_eq(row[1].revs, 2);
	ck_assert_int_eq(row[1].added, 4);
	ck_assert_uint_eq(row[1].lines, 10);
	ck_assert_double_eq(row[1].score, 0.5);
	ck_assert_double_eq(row[1].hot, 0.5);
	ck_assert_str_eq(cf_history_text(h, row[2].name), "gone");
	ck_assert(!row[2].at_head);
	ck_assert_double_eq(row[2].score, 0);
	cf_churn_funcs_clear(&funcs);
	cf_cost_join_free(join);
	all_clear(&all);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/churn_cost");
	TCase *c = tcase_create("cost");

	tcase_add_test(c, hotspots);
	tcase_add_test(c, hotspots_of_documents);
	tcase_add_test(c, risk);
	tcase_add_test(c, what_costs_pays);
	tcase_add_test(c, bare_names);
	tcase_add_test(c, files_by_their_ends);
	tcase_add_test(c, kernel_functions_are_nowhere);
	tcase_add_test(c, functions);
	suite_add_tcase(s, c);
	return s;
}
