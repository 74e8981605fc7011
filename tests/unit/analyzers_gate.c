/* SPDX-License-Identifier: MIT */
/* analyzers_gate: which findings fail, what a gate says, and budgets with their bad lines. */
#include "analyzers/gate.h"

#include <math.h>
#include <string.h>

#include "tests/unit/analyzers_fixture.h"

static const struct cf_param *const tables[] = { cf_gate_params, NULL };

/* A gate with these settings, applied to findings of all kinds. */
struct bench {
	struct messages messages;
	struct cf_params *params;
	struct cf_gate gate;
	struct cf_doc *doc;
	struct cf_analysis analysis;
	struct cf_node *findings;
};

static void bench_init(struct bench *b, const char *const *pairs)
{
	*b = (struct bench){ 0 };
	messages_init(&b->messages);
	b->params = settings(tables, pairs);
	ck_assert_msg(cf_gate_read(&b->gate, "compare", b->params, &b->messages.diag) == 0, "%s",
		      b->messages.text->str);
	b->doc = cf_doc_new(NULL);
	b->analysis = (struct cf_analysis){ .params = b->params,
					    .doc = b->doc,
					    .section = cf_doc_section(b->doc, b->doc->root, "compare", NULL),
					    .diag = &b->messages.diag };
	b->findings = cf_doc_findings(b->doc, b->analysis.section, "findings");
}

static void bench_clear(struct bench *b)
{
	cf_gate_clear(&b->gate);
	cf_params_free(b->params);
	cf_doc_free(b->doc);
	messages_clear(&b->messages);
}

static struct cf_finding *add(struct bench *b, enum cf_finding_kind kind, const char *name,
			      enum cf_finding_severity severity, enum cf_finding_state state)
{
	struct cf_finding f = cf_finding_init(kind, CF_SUBJECT_FUNCTION, "compare", name);

	f.severity = severity;
	f.state = state;
	f.ratio = 1.372;
	return cf_doc_finding(b->doc, b->findings, &f);
}

static void add_all(struct bench *b)
{
	add(b, CF_FINDING_REGRESSION, "minor", CF_FINDING_MINOR, CF_FINDING_NO_STATE);
	add(b, CF_FINDING_REGRESSION, "critical", CF_FINDING_CRITICAL, CF_FINDING_NEW);
	add(b, CF_FINDING_REGRESSION, "known", CF_FINDING_CRITICAL, CF_FINDING_KNOWN);
	add(b, CF_FINDING_REGRESSION, "recovered", CF_FINDING_CRITICAL, CF_FINDING_RECOVERED);
	add(b, CF_FINDING_ANOMALY, "odd", CF_FINDING_MAJOR, CF_FINDING_NEW);
	add(b, CF_FINDING_UNSURE, "unsure", CF_FINDING_MINOR, CF_FINDING_NO_STATE);
	add(b, CF_FINDING_IMPROVEMENT, "better", CF_FINDING_CRITICAL, CF_FINDING_NO_STATE);
}

/* Names of the failing ones, in order. */
static char *failing(const struct bench *b)
{
	GString *names = g_string_new(NULL);

	for (size_t i = 0; i < cf_findings_count(b->findings); i++)
		if (cf_finding_at(b->findings, i)->failing)
			g_string_append_printf(names, "%s%s", names->len ? " " : "",
					       cf_finding_at(b->findings, i)->name);
	return g_string_free(names, FALSE);
}

START_TEST(test_fail_on)
{
	static const struct {
		const char *words, *failing;
	} cases[] = {
		{ NULL, "" },
		{ "fail-on=regression", "critical minor" },
		{ "fail-on=regression:major", "critical" },
		{ "fail-on=regression,known", "critical known minor" },
		{ "fail-on=unsure", "unsure" },
		{ "fail-on= regression:critical , unsure,anomaly", "critical odd unsure" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const pairs[] = { cases[i].words, NULL };
		g_autofree char *names = NULL;
		struct bench b;

		bench_init(&b, pairs);
		add_all(&b);
		cf_gate_apply(&b.gate, &b.analysis, b.findings, NULL, 0);
		names = failing(&b);
		ck_assert_str_eq(names, cases[i].failing);
		ck_assert_int_eq(b.analysis.verdict, *names ? CF_VERDICT_FAIL : CF_VERDICT_ATTENTION);
		ck_assert_int_eq(b.doc->reason != NULL, *names != '\0');
		/* never silent about what it doesn't know */
		ck_assert_int_eq(strstr(b.messages.text->str, "1 can't be told and does not fail") != NULL,
				 cases[i].words && !strstr(cases[i].words, "unsure"));
		bench_clear(&b);
	}
}
END_TEST

START_TEST(test_reason)
{
	static const char *const pairs[] = { "fail-on=regression,unsure", NULL };
	struct bench b;

	bench_init(&b, pairs);
	add_all(&b);
	add(&b, CF_FINDING_REGRESSION, "a\nb", CF_FINDING_MAJOR, CF_FINDING_NEW)->ratio = INFINITY;
	cf_gate_apply(&b.gate, &b.analysis, b.findings, NULL, 0);
	ck_assert_str_eq(b.doc->reason,
			 "compare failed: 3 regressions, 1 can't be told: critical +37.2 %, a\\x0ab, "
			 "minor +37.2 % and 1 more (--fail-on regression,unsure)");
	bench_clear(&b);
	bench_init(&b, pairs);
	cf_gate_apply(&b.gate, &b.analysis, b.findings, NULL, 0);
	ck_assert_int_eq(b.analysis.verdict, CF_VERDICT_PASS);
	ck_assert(b.doc->gated);
	ck_assert_str_eq(b.messages.text->str, "");
	bench_clear(&b);
}
END_TEST

START_TEST(test_bad_settings)
{
	static const struct {
		const char *pair, *message;
	} cases[] = {
		{ "fail-on=", "--fail-on ''" },
		{ "fail-on=regresion", "--fail-on 'regresion'" },
		{ "fail-on=regression:huge", "--fail-on 'regression:huge'" },
		{ "fail-on=regressions", "--fail-on 'regressions'" },
		{ "fail-on=unsure,,anomaly", "--fail-on ''" },
		{ "min-effect=-1", "--min-effect" },
		{ "alpha=0", "--alpha" },
		{ "alpha=1", "--alpha" },
		{ "budget=/nowhere/at/all", "/nowhere/at/all" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *const pairs[] = { cases[i].pair, NULL };
		struct cf_params *params = settings(tables, pairs);
		struct messages messages;
		struct cf_gate gate;

		messages_init(&messages);
		ck_assert_int_eq(cf_gate_read(&gate, "compare", params, &messages.diag), -1);
		ck_assert_uint_eq(messages.diag.errors, 1);
		ck_assert(i == G_N_ELEMENTS(cases) - 1 || strstr(messages.text->str, cases[i].message));
		cf_gate_clear(&gate);
		messages_clear(&messages);
		cf_params_free(params);
	}
}
END_TEST

START_TEST(test_missing_base)
{
	static const char *const error[] = { NULL }, *const fail[] = { "missing-base=fail", NULL },
				 *const pass[] = { "missing-base=pass", NULL };
	struct bench b;

	bench_init(&b, error);
	ck_assert_int_eq(cf_gate_missing_base(&b.gate, &b.analysis, "no run 'main'", "callflow ingest x"),
			 -1);
	ck_assert_int_eq(b.messages.diag.status, CF_STATUS_INPUT);
	ck_assert(g_str_has_prefix(b.messages.text->str,
				   "error: no run 'main'; this brings one in: callflow ingest x\n"));
	bench_clear(&b);
	bench_init(&b, fail);
	ck_assert_int_eq(cf_gate_missing_base(&b.gate, &b.analysis, "no run 'main'", "callflow ingest x"), 0);
	ck_assert_int_eq(b.analysis.verdict, CF_VERDICT_FAIL);
	ck_assert_str_eq(b.doc->reason, "compare failed: no run 'main' (--missing-base fail)");
	bench_clear(&b);
	bench_init(&b, pass);
	ck_assert_int_eq(cf_gate_missing_base(&b.gate, &b.analysis, "no run 'main'", "callflow ingest x"), 0);
	ck_assert_int_eq(b.analysis.verdict, CF_VERDICT_ATTENTION);
	ck_assert(strstr(b.messages.text->str, "nothing to compare with: no run 'main'; passed"));
	bench_clear(&b);
}
END_TEST

/* --- budgets ---------------------------------------------------------------------------------- */

static struct cf_budget *parse(const char *text, struct cf_diag *diag)
{
	return cf_budget_parse("budget", (struct cf_slice){ (const uint8_t *)text, strlen(text) }, diag);
}

START_TEST(test_budget_parse)
{
	static const char text[] = "# limits\n\nstd::map<int, x>::find, cpu-clock total, 1.5 s, 10 %\n"
				   "\"a, b\" ,p95,-, 20ms\n*, *, 64 MiB,\n";
	struct cf_diag diag = { 0 };
	struct cf_budget *budget = parse(text, &diag);
	const struct cf_budget_line *line;

	ck_assert_ptr_nonnull(budget);
	ck_assert_uint_eq(budget->lines->len, 3);
	line = &g_array_index(budget->lines, struct cf_budget_line, 0);
	ck_assert_str_eq(line->name, "std::map<int, x>::find");
	ck_assert_str_eq(line->metric, "cpu-clock total");
	ck_assert_uint_eq(line->line, 3);
	ck_assert_double_eq(line->max.value, 1.5e9);
	ck_assert_int_eq(line->increase.kind, CF_LIMIT_PERCENT);
	ck_assert_double_eq(line->increase.value, 0.1);
	line = &g_array_index(budget->lines, struct cf_budget_line, 1);
	ck_assert_str_eq(line->name, "a, b");
	ck_assert_int_eq(line->max.kind, CF_LIMIT_NONE);
	ck_assert_double_eq(line->increase.value, 2e7);
	line = &g_array_index(budget->lines, struct cf_budget_line, 2);
	ck_assert_int_eq(line->max.unit, CF_UNIT_BYTES);
	ck_assert_double_eq(line->max.value, 67108864);
	cf_budget_free(budget);
}
END_TEST

START_TEST(test_budget_bad)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "", "error: no limits" },
		{ "# only words\n", "error: no limits" },
		{ "a\n", "error: 'a': expected NAME, METRIC" },
		{ "a, b, 1\n", "expected NAME, METRIC" },
		{ ", m, 1, 1\n", "expected NAME, METRIC" },
		{ "a, , 1, 1\n", "expected NAME, METRIC" },
		{ "a, m, , -\n", "expected at least one of MAX" },
		{ "a, m, 12 parsecs, \n", "'12 parsecs': expected a limit such as" },
		{ "a, m, -5, \n", "'-5': expected a limit" },
		{ "a, m, 0x10, \n", "'0x10': expected a limit" },
		{ "a, m, nan, \n", "'nan': expected a limit" },
		{ "a, m, 1e400, \n", "'1e400': expected a limit" },
		{ "a, m, 1, inf\n", "'inf': expected a limit" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct messages messages;

		messages_init(&messages);
		ck_assert_ptr_null(parse(cases[i].text, &messages.diag));
		ck_assert_uint_eq(messages.diag.errors, 1);
		ck_assert_int_eq(messages.diag.status, CF_STATUS_USAGE);
		ck_assert_msg(strstr(messages.text->str, cases[i].message) != NULL, "%s", messages.text->str);
		messages_clear(&messages);
	}
}
END_TEST

static const struct cf_measured measured[] = {
	{ CF_SUBJECT_FUNCTION,
	  "parse",
	  "app",
	  "cpu-clock",
	  NULL,
	  0,
	  CF_UNIT_NS,
	  NULL,
	  FALSE,
	  1e9,
	  1.3e9,
	  1.3e9,
	  10e9,
	  { 1.3, 1.2, 1.4 },
	  TRUE },
	{ CF_SUBJECT_FUNCTION,
	  "parse_all",
	  "app",
	  "cpu-clock",
	  NULL,
	  0,
	  CF_UNIT_NS,
	  NULL,
	  FALSE,
	  1e9,
	  1.3e9,
	  1.3e9,
	  10e9,
	  { 1.3, 0.8, 1.9 },
	  FALSE },
	/* thrice the recording of less cost */
	{ CF_SUBJECT_FUNCTION,
	  "longer",
	  "app",
	  "cpu-clock",
	  NULL,
	  0,
	  CF_UNIT_NS,
	  NULL,
	  FALSE,
	  1e9,
	  2.4e9,
	  0.8e9,
	  10e9,
	  { 0.8, 0.7, 0.9 },
	  TRUE },
	{ CF_SUBJECT_BENCHMARK,
	  "rate",
	  NULL,
	  "throughput",
	  NULL,
	  0,
	  CF_UNIT_NONE,
	  "req/s",
	  TRUE,
	  200,
	  150,
	  150,
	  NAN,
	  { .75, .7, .8 },
	  TRUE },
	{ CF_SUBJECT_BENCHMARK,
	  "fresh",
	  NULL,
	  "time",
	  NULL,
	  0,
	  CF_UNIT_NS,
	  NULL,
	  FALSE,
	  NAN,
	  5,
	  5,
	  NAN,
	  { NAN, NAN, NAN },
	  FALSE },
};

START_TEST(test_budget_check)
{
	static const struct {
		const char *line, *want; /* "budget:name", "unsure:name" in order */
	} cases[] = {
		{ "parse, cpu-clock, 1.3 s,", "" },
		{ "parse, cpu-clock, 1.2 s,", "budget:parse" },
		{ "parse, cpu-clock, 10 %,", "budget:parse" },
		{ "parse, cpu-clock, 13 %,", "" },
		{ "parse, cpu-clock, , 20 %", "budget:parse" },
		{ "parse, cpu-clock, , 200 ms", "budget:parse" },
		{ "parse, *, , 31 %", "" },
		{ "longer, *, , 5 %", "" },
		{ "longer, *, 2 s, 5 %", "budget:longer" },
		/* an exact name isn't a glob as well */
		{ "parse*, cpu-clock, 1 s,", "budget:parse budget:parse_all" },
		/* beyond the limit, but it may be noise */
		{ "parse_all, cpu-clock, , 20 %", "unsure:parse_all" },
		{ "parse_all, cpu-clock, 1 s, 20 %", "budget:parse_all unsure:parse_all" },
		/* more is better: the least, and the fall */
		{ "rate, throughput, 150,", "" },
		{ "rate, throughput, 151, 24 %", "budget:rate budget:rate" },
		{ "rate, throughput, , 26 %", "" },
		/* what can't be checked is said */
		{ "rate, throughput, 1 s,", "unsure:rate" },
		{ "rate, throughput, 5 %,", "unsure:rate" },
		{ "fresh, time, , 5 %", "unsure:fresh" },
		{ "parze, cpu-clock, 1 s,", "unsure:parze" },
		{ "parse, cycles, 1 s,", "unsure:parse" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_diag diag = { 0 };
		struct cf_budget *budget = parse(cases[i].line, &diag);
		struct cf_doc *doc = cf_doc_new(NULL);
		struct cf_node *node = cf_doc_findings(doc, doc->root, "findings");
		g_autoptr(GString) have = g_string_new(NULL);

		ck_assert_ptr_nonnull(budget);
		cf_budget_check(budget, measured, G_N_ELEMENTS(measured), "compare", doc, node);
		for (size_t f = 0; f < cf_findings_count(node); f++)
			g_string_append_printf(have, "%s%s:%s", f ? " " : "",
					       cf_finding_kind_name(cf_finding_at(node, f)->kind),
					       cf_finding_at(node, f)->name);
		ck_assert_msg(!strcmp(have->str, cases[i].want), "%s: have %s", cases[i].line, have->str);
		cf_doc_free(doc);
		cf_budget_free(budget);
	}
}
END_TEST

/* A budget fails by itself, without --fail-on; what can't be checked only with it. */
START_TEST(test_budget_gate)
{
	static const char *const none[] = { NULL }, *const unsure[] = { "fail-on=unsure", NULL };
	struct cf_diag diag = { 0 };
	struct bench b;

	bench_init(&b, none);
	b.gate.budget = parse("parse, cpu-clock, 1 s, -\nnothing, *, 1 s, -\n", &diag);
	cf_gate_apply(&b.gate, &b.analysis, b.findings, measured, G_N_ELEMENTS(measured));
	ck_assert_str_eq(b.doc->reason, "compare failed: 1 over budget: parse (app) at 1.30 s");
	ck_assert_str_eq(cf_finding_at(b.findings, 0)->reason, "more than 1 s (budget:1)");
	ck_assert(strstr(b.messages.text->str, "1 can't be told") != NULL);
	bench_clear(&b);
	bench_init(&b, unsure);
	b.gate.budget = parse("nothing, *, 1 s, -\n", &diag);
	cf_gate_apply(&b.gate, &b.analysis, b.findings, measured, G_N_ELEMENTS(measured));
	ck_assert_int_eq(b.analysis.verdict, CF_VERDICT_FAIL);
	bench_clear(&b);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers_gate");
	TCase *t = tcase_create("gate");

	tcase_add_test(t, test_fail_on);
	tcase_add_test(t, test_reason);
	tcase_add_test(t, test_bad_settings);
	tcase_add_test(t, test_missing_base);
	tcase_add_test(t, test_budget_parse);
	tcase_add_test(t, test_budget_bad);
	tcase_add_test(t, test_budget_check);
	tcase_add_test(t, test_budget_gate);
	suite_add_tcase(s, t);
	return s;
}
