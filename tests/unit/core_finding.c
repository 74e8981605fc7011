/* SPDX-License-Identifier: MIT */
/* core_finding: ids that stay, grades, order, words. */
#include "core/finding.h"

#include <math.h>
#include <string.h>

#include "tests/unit/findings_fixture.h"
#include "tests/unit/suite.h"

/* By hand: sha256 of the fields, each with a NUL at its end. Another id would make all known findings new ones. */
START_TEST(test_id)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *node = cf_doc_findings(doc, doc->root, "a"), *other;
	struct cf_finding f = finding_slower();
	static const char text[] = "compare\0regression\0function\0dictFind\0redis-server\0cpu-clock\0";
	g_autofree char *want =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, sizeof(text));
	char first[CF_FINDING_ID + 1];

	g_strlcpy(first, cf_doc_finding(doc, node, &f)->id, sizeof(first));
	ck_assert_int_eq(strncmp(first, want, CF_FINDING_ID), 0);
	/* the same subject in one list: still told apart */
	ck_assert_str_ne(cf_doc_finding(doc, node, &f)->id, first);
	/* in another list, with other values: the same */
	other = cf_doc_findings(doc, doc->root, "b");
	f.after = 2e9;
	f.severity = CF_FINDING_CRITICAL;
	f.line = 1;
	f.reason = "another";
	ck_assert_str_eq(cf_doc_finding(doc, other, &f)->id, first);
	/* what is shown may change from build to build, the key doesn't */
	other = cf_doc_findings(doc, doc->root, "c");
	f.name = "dictFind.isra.0";
	f.key = "dictFind";
	ck_assert_str_eq(cf_doc_finding(doc, other, &f)->id, first);
	f.place = "1a2b3c4";
	ck_assert_str_ne(cf_doc_finding(doc, other, &f)->id, first);
	f.place = NULL;
	f.kind = CF_FINDING_IMPROVEMENT;
	ck_assert_str_ne(cf_doc_finding(doc, other, &f)->id, first);
	cf_doc_free(doc);
}
END_TEST

START_TEST(test_grade)
{
	static const struct {
		double ratio, share;
		enum cf_finding_severity want;
	} cases[] = {
		{ 1.05, NAN, CF_FINDING_MINOR },        { 1.10, NAN, CF_FINDING_MAJOR },
		{ 1.25, NAN, CF_FINDING_CRITICAL },     { 1 / 1.26, NAN, CF_FINDING_CRITICAL },
		{ 0.95, NAN, CF_FINDING_MINOR },        { 0, NAN, CF_FINDING_CRITICAL },
		{ INFINITY, NAN, CF_FINDING_CRITICAL }, { NAN, NAN, CF_FINDING_MINOR },
		{ 3, 0.002, CF_FINDING_MINOR },         { 1.05, 0.01, CF_FINDING_MAJOR },
		{ 0.5, -0.06, CF_FINDING_CRITICAL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		ck_assert_int_eq(cf_finding_grade(cases[i].ratio, cases[i].share), cases[i].want);
}
END_TEST

START_TEST(test_order)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *node = cf_doc_findings(doc, doc->root, "a");
	static const struct {
		const char *name;
		enum cf_finding_kind kind;
		enum cf_finding_severity severity;
		double ratio;
		gboolean failing;
	} rows[] = {
		{ "better", CF_FINDING_IMPROVEMENT, CF_FINDING_CRITICAL, 0.1, FALSE },
		{ "unsure", CF_FINDING_UNSURE, CF_FINDING_MINOR, 1.1, TRUE },
		{ "b-same", CF_FINDING_REGRESSION, CF_FINDING_MINOR, 1.02, FALSE },
		{ "a-same", CF_FINDING_REGRESSION, CF_FINDING_MINOR, 1.02, FALSE },
		{ "halved", CF_FINDING_REGRESSION, CF_FINDING_MINOR, 0.5, FALSE },
		{ "worst", CF_FINDING_REGRESSION, CF_FINDING_MAJOR, 1.01, FALSE },
	};
	static const char *const want[] = { "unsure", "worst", "halved", "a-same", "b-same", "better" };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct cf_finding f = cf_finding_init(rows[i].kind, CF_SUBJECT_FUNCTION, "x", rows[i].name);

		f.severity = rows[i].severity;
		f.ratio = rows[i].ratio;
		cf_doc_finding(doc, node, &f)->failing = rows[i].failing;
	}
	cf_findings_sort(node);
	for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
		ck_assert_str_eq(cf_finding_at(node, i)->name, want[i]);
	cf_doc_free(doc);
}
END_TEST

START_TEST(test_words)
{
	struct cf_finding f = finding_slower();
	g_autofree char *all = cf_finding_text(&f), *open = NULL, *bare = NULL;

	ck_assert_str_eq(all,
			 "major regression: dictFind (redis-server), cpu-clock 1.21 s -> 1.66 s, +37.2 % "
			 "(95 % CI +27.1 to +47.0 %)");
	f = cf_finding_init(CF_FINDING_UNSURE, CF_SUBJECT_BENCHMARK, "compare", "Put");
	bare = cf_finding_text(&f);
	ck_assert_str_eq(bare, "cannot tell: Put");
	f.kind = CF_FINDING_REGRESSION;
	f.state = CF_FINDING_NEW;
	f.unit_text = "req/s";
	f.before = 0;
	f.after = 12.5;
	f.ratio = INFINITY;
	open = cf_finding_text(&f);
	ck_assert_str_eq(open, "minor regression, new: Put 0 req/s -> 12.5 req/s");
	ck_assert(cf_finding_is_bad(&f));
	f.state = CF_FINDING_RECOVERED;
	ck_assert(!cf_finding_is_bad(&f));
}
END_TEST

START_TEST(test_doc)
{
	struct cf_doc *doc = findings_doc(TRUE);
	g_autoptr(GPtrArray) all = cf_doc_all_findings(doc);

	ck_assert_uint_eq(all->len, 10);
	ck_assert_int_eq(doc->verdict, CF_VERDICT_FAIL);
	cf_doc_fail(doc, "and more");
	ck_assert(g_str_has_suffix(doc->reason, "regression); and more"));
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_finding");
	TCase *t = tcase_create("finding");

	tcase_add_test(t, test_id);
	tcase_add_test(t, test_grade);
	tcase_add_test(t, test_order);
	tcase_add_test(t, test_words);
	tcase_add_test(t, test_doc);
	suite_add_tcase(s, t);
	return s;
}
