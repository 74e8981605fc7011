/* SPDX-License-Identifier: MIT */
/* judge: what a history's changes and odd runs are as findings, and who is suspected. */
#ifndef CF_ANALYZERS_REGRESS_JUDGE_H
#define CF_ANALYZERS_REGRESS_JUDGE_H

#include "analyzers/gate.h"
#include "analyzers/regress/compute.h"

/* What a finding was made of, by its id: what the table says beyond it. */
struct cf_regress_row {
	const struct cf_regress_change *change; /* or NULL */
	const struct cf_regress_odd *odd;       /* or NULL */
	GPtrArray *suspects;                    /* char *: all that there are, likeliest first; or NULL */
};

struct cf_regress_judged {
	struct cf_node *findings;
	GHashTable *rows; /* id of a finding -> struct cf_regress_row * */
	GArray *measured; /* struct cf_measured: first and last level of each series */
	GArray *consequences; /* struct cf_regress_change of whole runs that their functions explain: no findings */
	guint withdrawn;     /* regressions that fewer runs told; no findings */
	guint past, old_odd; /* not findings: recovered long since, odd runs that aren't news */
};

/*
 * Adds a findings node to the section. all: those that are past as well. Profiles of the runs in which the worst begin are
 * loaded for their callees. -1 with a message; then cleared.
 */
int cf_regress_judge(struct cf_regress_judged *judged, struct cf_analysis *analysis,
		     const struct cf_regress_history *history, const struct cf_regress_result *result,
		     gboolean all);
void cf_regress_judged_clear(struct cf_regress_judged *judged);

#endif
