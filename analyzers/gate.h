/* SPDX-License-Identifier: MIT */
/* gate: when findings make a command fail, the same for all analyses that judge. */
#ifndef CF_ANALYZERS_GATE_H
#define CF_ANALYZERS_GATE_H

#include "analyzers/analyzer.h"
#include "analyzers/budget.h"
#include "analyzers/stat/outcome.h"
#include "core/finding.h"

/* --fail-on, --missing-base, --budget, --min-effect, --alpha: a table for the params of an analyzer. */
extern const struct cf_param cf_gate_params[];

enum cf_missing_base { CF_MISSING_BASE_ERROR, CF_MISSING_BASE_FAIL, CF_MISSING_BASE_PASS };

struct cf_gate {
	const char *analysis;           /* whose; borrowed */
	const char *fail_on;            /* as given; NULL: nothing fails but budgets; borrowed */
	unsigned kinds;                 /* bits 1 << enum cf_finding_kind that fail */
	enum cf_finding_severity least; /* of regressions that fail */
	gboolean known;                 /* known regressions fail as well as new ones */
	enum cf_missing_base missing;
	double min_effect, alpha;
	struct cf_budget *budget; /* or NULL; owned */
};

/*
 * What the settings say. --fail-on has words with commas between: regression (with :minor, :major or :critical: from
 * there on), unsure, anomaly, known. Unknown words, an effect or alpha out of range, a budget that can't be read: -1 with
 * one message.
 */
int cf_gate_read(struct cf_gate *gate, const char *analysis, const struct cf_params *params,
		 struct cf_diag *diag);
void cf_gate_clear(struct cf_gate *gate);

/* For cf_outcome, with its usual hint. */
struct cf_outcome_rule cf_gate_rule(const struct cf_gate *gate);

/*
 * Once all findings are added: budgets are checked against what was measured (findings are added for what is exceeded, and
 * for lines that match nothing), failing ones are marked, all are sorted. When one fails, the document fails with a reason of
 * one line, and a callout says so; what can't be told is said whether it fails or not. Sets analysis->verdict, which is
 * at least CF_VERDICT_ATTENTION with a regression that is not known, or a budget.
 */
void cf_gate_apply(const struct cf_gate *gate, struct cf_analysis *analysis, struct cf_node *findings,
		   const struct cf_measured *measured, size_t n);

/*
 * There is nothing to compare with. By --missing-base: an error of bad input that shows the command which would bring a
 * base in (-1), a failure, or a pass that says so (0). why: "no run 'main'"; ingest: "callflow ingest --name main perf.data".
 */
int cf_gate_missing_base(const struct cf_gate *gate, struct cf_analysis *analysis, const char *why,
			 const char *ingest);

#endif
