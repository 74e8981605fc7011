/* SPDX-License-Identifier: MIT */
/* analyzers_culprits: commits between two runs, ranked by what they touched. */
#include "analyzers/culprits.h"

#include <string.h>

#include "analyzers/culprit_source.h"
#include "tests/unit/analyzers_fixture.h"
#include "tests/unit/churn_fixture.h"

/* Makes each commit the child of the one before, but for those whose parents are given. */
static void join(struct cf_history *history, uint32_t child, uint32_t parent)
{
	struct cf_commit *row = &g_array_index(history->commits, struct cf_commit, child);
	struct cf_parent row_of_parent = { g_array_index(history->commits, struct cf_commit, parent).oid,
					   parent };

	if (!row->parents)
		row->first_parent = history->parents->len;
	row->parents++;
	g_array_append_val(history->parents, row_of_parent);
}

static void chain(struct cf_history *history)
{
	for (uint32_t i = 1; i < history->commits->len; i++)
		join(history, i, i - 1);
	history->has_oids = TRUE;
}

static const struct cf_culprit_callee callees[] = {
	{ "alloc(unsigned long)", "/build/shop/src/alloc.c", FALSE, 0.6 },
	{ "hash", "src/hash.h", TRUE, 0.2 },
	{ "memcpy", "/usr/src/libc/string/memcpy.c", FALSE, 0.1 },
};
static const struct cf_culprit_subject find_subject = { "dictFind", "/build/shop/src/dict.c", 100, callees,
							G_N_ELEMENTS(callees) };

/* 0 base, then one commit for each reason, in the order of likelihood turned round. */
static struct cf_culprits *shop(void)
{
	struct cf_history *h = cf_history_new();

	commit(h, "2024-01-01 Ann: src/dict.c +100, src/alloc.c +50, src/hash.h +10, Makefile +5, README +1",
	       0);
	commit(h, "2024-01-02 Ann: README +1", 0);
	commit(h, "2024-01-03 Ann: Makefile +1 -1", 0);
	commit(h, "2024-01-04 Ann: src/dict.c +3", 0);
	func_change(h, "src/dict.c", "dictAdd", 3);
	commit(h, "2024-01-05 Ann: src/alloc.c +4", 0);
	func_change(h, "src/alloc.c", "alloc", 4);
	commit(h, "2024-01-06 Ann: src/hash.h +2", 0);
	func_change(h, "src/hash.h", "hash", 2);
	commit(h, "2024-01-07 Bob: src/dict.c +9", 0);
	func_change(h, "src/dict.c", "dictFind", 9);
	/* another function of that name */
	commit(h, "2024-01-08 Ann: test/dict.c +9", 0);
	func_change(h, "test/dict.c", "dictFind", 9);
	head(h, "src/dict.c", 100, 0);
	head(h, "src/alloc.c", 50, 0);
	head(h, "src/hash.h", 10, 0);
	head(h, "test/dict.c", 10, 0);
	chain(h);
	return cf_culprits_take(h);
}

static char *dump(const struct cf_culprit_answer *answer)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < answer->culprits->len; i++) {
		const struct cf_culprit *c = &g_array_index(answer->culprits, struct cf_culprit, i);

		g_string_append_printf(text, "%u %s\n", c->commit, c->reason);
	}
	return g_string_free(text, FALSE);
}

START_TEST(test_ranked)
{
	struct cf_culprits *culprits = shop();
	struct cf_culprit_answer answer;
	g_autofree char *have = NULL, *line = NULL;

	cf_culprits_find(culprits, 0, 7, &find_subject, &answer);
	have = dump(&answer);
	ck_assert_str_eq(
		have, "6 changed dictFind in src/dict.c (9 lines)\n"
		      "5 changed hash in src/hash.h (2 lines), which is inlined into dictFind\n"
		      "4 changed alloc(unsigned long) in src/alloc.c (4 lines), which is called by dictFind\n"
		      "3 changed other lines of src/dict.c (3 lines)\n"
		      "2 changed how it is built: Makefile\n");
	ck_assert_int_eq(answer.state, CF_CULPRITS_FOUND);
	ck_assert_uint_eq(answer.between, 7);
	line = cf_culprit_answer_text(culprits, &answer);
	ck_assert_str_eq(line, "0000000 Bob \"\" changed dictFind in src/dict.c (9 lines)");
	cf_culprit_answer_clear(&answer);
	cf_culprits_free(culprits);
}
END_TEST

START_TEST(test_states)
{
	static const struct cf_culprit_subject whole = { 0 }, unknown = { .function = "dictFind" },
					       foreign = { .function = "dictFind", .file = "/usr/src/x/y.c" };
	static const struct {
		uint32_t base, current;
		const struct cf_culprit_subject *subject;
		enum cf_culprit_state state;
		guint between;
		const char *line;
	} cases[] = {
		{ 0, 1, &find_subject, CF_CULPRITS_NONE, 1,
		  "no source change in 1 commit between: look at toolchain, kernel, input" },
		{ 3, 3, &find_subject, CF_CULPRITS_SAME, 0,
		  "no source change, both runs are of one commit: look at toolchain, kernel, input" },
		{ 6, 2, &find_subject, CF_CULPRITS_BACKWARDS, 0,
		  "no source change: the later run's commit is the older one; look at what was taken back" },
		{ CF_NONE, 3, &find_subject, CF_CULPRITS_NO_COMMITS, 0, NULL },
		{ 0, 5, &whole, CF_CULPRITS_MANY, 5, "5 commits between" },
		{ 4, 5, &whole, CF_CULPRITS_FOUND, 1, "0000000 Ann \"\" is the only commit between" },
		/* without a file any function of the name is meant, with one of elsewhere none */
		{ 6, 7, &unknown, CF_CULPRITS_FOUND, 1,
		  "0000000 Ann \"\" changed dictFind in test/dict.c (9 lines)" },
		{ 5, 7, &foreign, CF_CULPRITS_NONE, 2,
		  "no source change in 2 commits between: look at toolchain, kernel, input" },
	};
	struct cf_culprits *culprits = shop();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_culprit_answer answer;
		g_autofree char *line = NULL;

		cf_culprits_find(culprits, cases[i].base, cases[i].current, cases[i].subject, &answer);
		line = cf_culprit_answer_text(culprits, &answer);
		ck_assert_int_eq(answer.state, cases[i].state);
		ck_assert_uint_eq(answer.between, cases[i].between);
		ck_assert_msg(!g_strcmp0(line, cases[i].line), "%zu: %s", i, line);
		cf_culprit_answer_clear(&answer);
	}
	cf_culprits_free(culprits);
}
END_TEST

/* 0 - 1 - 3 (merge) and 0 - 2 - 3: from 1 to 3 came 2 alone, and the merge isn't one that changed anything. */
START_TEST(test_branches)
{
	struct cf_history *h = cf_history_new();
	struct cf_culprits *culprits;
	struct cf_culprit_answer answer;
	g_autofree char *have = NULL;

	for (int i = 0; i < 4; i++) {
		commit(h, "2024-01-01 Ann: src/dict.c +1", 0);
		func_change(h, "src/dict.c", "dictFind", 1);
	}
	head(h, "src/dict.c", 10, 0);
	join(h, 1, 0);
	join(h, 2, 0);
	join(h, 3, 1);
	join(h, 3, 2);
	h->has_oids = TRUE;
	culprits = cf_culprits_take(h);
	cf_culprits_find(culprits, 1, 3, &find_subject, &answer);
	have = dump(&answer);
	ck_assert_str_eq(have, "2 changed dictFind in src/dict.c (1 line)\n");
	cf_culprit_answer_clear(&answer);
	cf_culprits_free(culprits);
}
END_TEST

START_TEST(test_no_history)
{
	struct cf_culprits *culprits = cf_culprits_take(NULL);
	struct cf_culprit_answer answer;

	ck_assert_uint_eq(cf_culprits_commit(culprits, "1234567"), CF_NONE);
	cf_culprits_find(culprits, 0, 1, &find_subject, &answer);
	ck_assert_int_eq(answer.state, CF_CULPRITS_NO_HISTORY);
	ck_assert_ptr_null(cf_culprit_answer_text(culprits, &answer));
	cf_culprit_answer_clear(&answer);
	cf_culprits_free(culprits);
}
END_TEST

START_TEST(test_commit_of)
{
	struct cf_history *h = cf_history_new();
	struct cf_culprits *culprits;
	struct cf_oid oid;

	ck_assert(cf_oid_parse(&oid, "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432", 40));
	cf_history_add_commit(h, &oid);
	ck_assert(cf_oid_parse(&oid, "9f8e7d6c00000000000000000000000000000000", 40));
	cf_history_add_commit(h, &oid);
	culprits = cf_culprits_take(h);
	ck_assert_uint_eq(cf_culprits_commit(culprits, "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432"), 0);
	ck_assert_uint_eq(cf_culprits_commit(culprits, "9F8E7D6C5"), 0);
	ck_assert_uint_eq(cf_culprits_commit(culprits, "9f8e7d6c5b-dirty"), 0);
	ck_assert_uint_eq(cf_culprits_commit(culprits, "9f8e7d6c0"), 1);
	ck_assert_uint_eq(cf_culprits_commit(culprits, "9f8e7d6c"), CF_NONE); /* either */
	ck_assert_uint_eq(cf_culprits_commit(culprits, "9f8"), CF_NONE);
	ck_assert_uint_eq(cf_culprits_commit(culprits, "v1.2"), CF_NONE);
	ck_assert_uint_eq(cf_culprits_commit(culprits, NULL), CF_NONE);
	cf_culprits_free(culprits);
}
END_TEST

/* What a profile knows: copies together, inlined code through to what was called, small callees left out. */
START_TEST(test_source)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_culprit_source source;

	add_cost(trace, "cpu", CF_UNIT_COUNT, "t", "main@app;find@app;hash@app", 30, 30);
	add_cost(trace, "cpu", CF_UNIT_COUNT, "t", "main@app;find.isra.0@app;alloc@app;sbrk@libc", 60, 60);
	add_cost(trace, "cpu", CF_UNIT_COUNT, "t", "main@app;find@app;find@app;tiny@app", 1, 1);
	add_cost(trace, "cpu", CF_UNIT_COUNT, "t", "main@app;find@app", 60, 60);
	add_cost(trace, "cpu", CF_UNIT_COUNT, "t", "main@app;find@other;alien@app", 60, 60);
	cf_culprit_source_find(&source, trace, "find", "app");
	ck_assert_uint_eq(source.subject.n_callees, 2);
	ck_assert_str_eq(source.subject.callees[0].function, "alloc");
	ck_assert_double_eq_tol(source.subject.callees[0].share, 60. / 151, 1e-12);
	ck_assert_str_eq(source.subject.callees[1].function, "hash");
	ck_assert_ptr_null(source.subject.file);
	cf_culprit_source_clear(&source);
	cf_trace_free(trace);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers_culprits");
	TCase *t = tcase_create("culprits");

	tcase_add_test(t, test_ranked);
	tcase_add_test(t, test_states);
	tcase_add_test(t, test_branches);
	tcase_add_test(t, test_no_history);
	tcase_add_test(t, test_commit_of);
	tcase_add_test(t, test_source);
	suite_add_tcase(s, t);
	return s;
}
