/* SPDX-License-Identifier: MIT */
/* gate: when findings make a command fail, the same for all analyses that judge. */
#include "analyzers/gate.h"

#include <string.h>

#define NAMED 3 /* findings that a reason names */

static const char *const missing_choices[] = { "error", "fail", "pass", NULL };

const struct cf_param cf_gate_params[] = {
	{ .name = "fail-on",
	  .type = CF_PARAM_STRING,
	  .arg = "WHAT",
	  .help = "exit 1 on regression[:SEVERITY], unsure, anomaly, known" },
	{ .name = "missing-base",
	  .type = CF_PARAM_CHOICE,
	  .arg = "HOW",
	  .help = "nothing to compare with: error (exit 3), fail, pass",
	  .fallback = "error",
	  .choices = missing_choices },
	{ .name = "budget",
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "limits that must be kept: NAME, METRIC, MAX, MAX-INCREASE" },
	{ .name = "min-effect",
	  .type = CF_PARAM_NUMBER,
	  .arg = "PERCENT",
	  .help = "smaller changes don't matter",
	  .fallback = "2" },
	{ .name = "alpha",
	  .type = CF_PARAM_NUMBER,
	  .arg = "Q",
	  .help = "false discoveries that are put up with",
	  .fallback = "0.05" },
	{ 0 }
};

/* --- settings --------------------------------------------------------------------------------- */

static int bad_word(const char *word, struct cf_diag *diag)
{
	g_autofree char *shown = cf_visible(word, -1, 80);

	return cf_error_as(diag, CF_STATUS_USAGE, NULL,
			   "--fail-on '%s': expected regression, regression:minor, regression:major, "
			   "regression:critical, unsure, anomaly or known",
			   shown);
}

static int read_severity(struct cf_gate *gate, const char *word, const char *severity, struct cf_diag *diag)
{
	for (int s = 0; s < CF_FINDING_SEVERITIES; s++)
		if (!strcmp(severity, cf_finding_severity_name((enum cf_finding_severity)s))) {
			gate->least = (enum cf_finding_severity)s;
			return 0;
		}
	return bad_word(word, diag);
}

static int read_word(struct cf_gate *gate, const char *word, struct cf_diag *diag)
{
	if (!strcmp(word, "unsure")) {
		gate->kinds |= 1u << CF_FINDING_UNSURE;
	} else if (!strcmp(word, "anomaly")) {
		gate->kinds |= 1u << CF_FINDING_ANOMALY;
	} else if (!strcmp(word, "known")) {
		gate->kinds |= 1u << CF_FINDING_REGRESSION;
		gate->known = TRUE;
	} else if (!strcmp(word, "regression") || g_str_has_prefix(word, "regression:")) {
		gate->kinds |= 1u << CF_FINDING_REGRESSION;
		if (word[strlen("regression")])
			return read_severity(gate, word, word + strlen("regression:"), diag);
	} else {
		return bad_word(word, diag);
	}
	return 0;
}

static int read_words(struct cf_gate *gate, struct cf_diag *diag)
{
	g_auto(GStrv) words = g_strsplit(gate->fail_on, ",", -1);

	if (!*words)
		return bad_word("", diag);
	for (char **word = words; *word; word++)
		if (read_word(gate, g_strstrip(*word), diag) != 0)
			return -1;
	return 0;
}

int cf_gate_read(struct cf_gate *gate, const char *analysis, const struct cf_params *params,
		 struct cf_diag *diag)
{
	const char *missing = cf_params_string(params, "missing-base");
	const char *budget = cf_params_string(params, "budget");

	*gate = (struct cf_gate){ .analysis = analysis,
				  .fail_on = cf_params_string(params, "fail-on"),
				  .min_effect = cf_params_number(params, "min-effect") / 100,
				  .alpha = cf_params_number(params, "alpha") };
	while (strcmp(missing_choices[gate->missing], missing) != 0)
		gate->missing++;
	if (!(gate->min_effect >= 0 && gate->min_effect <= 100))
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "--min-effect: expected a percentage from 0 to 10000");
	if (!(gate->alpha > 0 && gate->alpha < 1))
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "--alpha: expected a number between 0 and 1");
	if (gate->fail_on && read_words(gate, diag) != 0)
		return -1;
	if (budget) {
		gate->budget = cf_budget_read(budget, diag);
		if (!gate->budget)
			return -1;
	}
	return 0;
}

void cf_gate_clear(struct cf_gate *gate)
{
	g_clear_pointer(&gate->budget, cf_budget_free);
}

struct cf_outcome_rule cf_gate_rule(const struct cf_gate *gate)
{
	struct cf_outcome_rule rule = CF_OUTCOME_RULE;

	rule.alpha = gate->alpha;
	rule.min_effect = gate->min_effect;
	return rule;
}

/* --- judging ---------------------------------------------------------------------------------- */

static gboolean fails(const struct cf_gate *gate, const struct cf_finding *finding)
{
	if (!cf_finding_is_bad(finding))
		return FALSE;
	if (finding->kind == CF_FINDING_BUDGET)
		return gate->budget != NULL;
	if (!(gate->kinds & 1u << finding->kind))
		return FALSE;
	if (finding->kind == CF_FINDING_UNSURE)
		return TRUE;
	/* Those were reported when they were new: a gate that fails for ever is turned off. */
	if (finding->state == CF_FINDING_KNOWN && !gate->known)
		return FALSE;
	return finding->kind != CF_FINDING_REGRESSION || finding->severity >= gate->least;
}

static guint count(const struct cf_node *findings, enum cf_finding_kind kind, gboolean failing)
{
	guint n = 0;

	for (size_t i = 0; i < cf_findings_count(findings); i++) {
		const struct cf_finding *finding = cf_finding_at(findings, i);

		n += finding->kind == kind && finding->failing == failing && cf_finding_is_bad(finding);
	}
	return n;
}

static void append_count(GString *text, guint n, const char *one, const char *many)
{
	if (n)
		g_string_append_printf(text, "%s%u %s", text->len ? ", " : "", n, n == 1 ? one : many);
}

/* What a failing finding is about: the value that a maximum is exceeded by, else the change. */
static void append_amount(GString *text, const struct cf_finding *finding)
{
	g_autofree char *value = NULL, *change = NULL;

	if (finding->kind == CF_FINDING_BUDGET && !g_strcmp0(finding->place, "max")) {
		value = cf_finding_value_text(finding, finding->after);
		g_string_append_printf(text, " at %s", value);
	} else if (finding->ratio > 0 && finding->ratio < 1e6) {
		change = cf_percent_text(finding->ratio);
		g_string_append_printf(text, " %s %%", change);
	}
}

/* "2 regressions, 1 over budget: dictFind (redis-server) +37.2 %, ..." */
static char *make_reason(const struct cf_gate *gate, const struct cf_node *findings)
{
	GString *text = g_string_new(NULL);
	guint named = 0, failing = 0;

	append_count(text, count(findings, CF_FINDING_REGRESSION, TRUE), "regression", "regressions");
	append_count(text, count(findings, CF_FINDING_BUDGET, TRUE), "over budget", "over budget");
	append_count(text, count(findings, CF_FINDING_ANOMALY, TRUE), "anomaly", "anomalies");
	append_count(text, count(findings, CF_FINDING_UNSURE, TRUE), "can't be told", "can't be told");
	for (size_t i = 0; i < cf_findings_count(findings); i++) {
		const struct cf_finding *finding = cf_finding_at(findings, i);
		g_autofree char *subject = cf_finding_subject_text(finding);
		g_autofree char *shown = cf_visible(subject, -1, 60);

		if (!finding->failing)
			continue;
		failing++;
		if (named == NAMED)
			continue;
		g_string_append_printf(text, "%s%s", named++ ? ", " : ": ", shown);
		append_amount(text, finding);
	}
	if (failing > named)
		g_string_append_printf(text, " and %u more", failing - named);
	g_string_prepend(text, "failed: ");
	g_string_prepend(text, " ");
	g_string_prepend(text, gate->analysis);
	if (gate->fail_on)
		g_string_append_printf(text, " (--fail-on %s)", gate->fail_on);
	return g_string_free(text, FALSE);
}

static void say(struct cf_analysis *analysis, enum cf_level level, const char *text)
{
	cf_doc_para(analysis->doc, cf_doc_callout(analysis->doc, analysis->section, level), "%s", text);
}

static gboolean is_of_budget(const struct cf_finding *finding)
{
	static const char *const places[] = { "max", "max-increase", "budget", NULL };

	return finding->place && g_strv_contains(places, finding->place);
}

/* Lines of a budget that couldn't be checked, with why: the analysis' own tables don't have them. */
static char *unchecked(const struct cf_node *findings)
{
	GString *text = g_string_new(NULL);
	guint named = 0;

	for (size_t i = 0; i < cf_findings_count(findings) && named < NAMED; i++) {
		const struct cf_finding *finding = cf_finding_at(findings, i);

		if (finding->kind == CF_FINDING_UNSURE && !finding->failing && is_of_budget(finding))
			g_string_append_printf(text, "%s%s: %s", named++ ? "; " : " (", finding->name,
					       finding->reason);
	}
	if (named)
		g_string_append_c(text, ')');
	return g_string_free(text, FALSE);
}

/* A pass that rests on what isn't known isn't one in silence. */
static void say_unsure(const struct cf_gate *gate, struct cf_analysis *analysis,
		       const struct cf_node *findings)
{
	guint unsure = count(findings, CF_FINDING_UNSURE, FALSE);
	g_autofree char *lines = NULL, *text = NULL;

	if (!unsure || (!gate->fail_on && !gate->budget))
		return;
	lines = unchecked(findings);
	text = g_strdup_printf("%u can't be told and %s not fail: --fail-on unsure would%s", unsure,
			       unsure == 1 ? "does" : "do", lines);
	say(analysis, CF_LEVEL_ATTENTION, text);
	cf_note(analysis->diag, NULL, "%s: %s", gate->analysis, text);
}

static gboolean is_alarming(const struct cf_finding *finding)
{
	if (!cf_finding_is_bad(finding) || finding->state == CF_FINDING_KNOWN)
		return FALSE;
	return finding->kind == CF_FINDING_REGRESSION || finding->kind == CF_FINDING_BUDGET;
}

static void fail(struct cf_analysis *analysis, const char *reason)
{
	cf_doc_fail(analysis->doc, reason);
	analysis->verdict = CF_VERDICT_FAIL;
	say(analysis, CF_LEVEL_FAIL, reason);
}

void cf_gate_apply(const struct cf_gate *gate, struct cf_analysis *analysis, struct cf_node *findings,
		   const struct cf_measured *measured, size_t n)
{
	gboolean any = FALSE;

	analysis->doc->gated = analysis->doc->gated || gate->fail_on || gate->budget;
	if (gate->budget)
		cf_budget_check(gate->budget, measured, n, gate->analysis, analysis->doc, findings);
	for (size_t i = 0; i < cf_findings_count(findings); i++) {
		struct cf_finding *finding = cf_finding_at(findings, i);

		finding->failing = fails(gate, finding);
		any = any || finding->failing;
		if (is_alarming(finding))
			analysis->verdict = MAX(analysis->verdict, CF_VERDICT_ATTENTION);
	}
	cf_findings_sort(findings);
	if (any) {
		g_autofree char *reason = make_reason(gate, findings);

		fail(analysis, reason);
	}
	say_unsure(gate, analysis, findings);
}

int cf_gate_missing_base(const struct cf_gate *gate, struct cf_analysis *analysis, const char *why,
			 const char *ingest)
{
	g_autofree char *text = NULL;

	if (gate->missing == CF_MISSING_BASE_ERROR) {
		cf_error(analysis->diag, NULL, "%s; this brings one in: %s", why, ingest);
		cf_note(analysis->diag, NULL, "--missing-base pass lets a first run pass");
		return -1;
	}
	analysis->doc->gated = TRUE;
	if (gate->missing == CF_MISSING_BASE_FAIL) {
		text = g_strdup_printf("%s failed: %s (--missing-base fail)", gate->analysis, why);
		fail(analysis, text);
		return 0;
	}
	text = g_strdup_printf("nothing to compare with: %s; passed (--missing-base pass)", why);
	analysis->verdict = MAX(analysis->verdict, CF_VERDICT_ATTENTION);
	say(analysis, CF_LEVEL_ATTENTION, text);
	cf_note(analysis->diag, NULL, "%s: %s", gate->analysis, text);
	return 0;
}
