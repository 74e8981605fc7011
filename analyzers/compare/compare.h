/* SPDX-License-Identifier: MIT */
/* compare: what got slower between two sets of runs, by how much, and how sure that is. */
#ifndef CF_ANALYZERS_COMPARE_COMPARE_H
#define CF_ANALYZERS_COMPARE_COMPARE_H

#include "analyzers/compare/latency.h"
#include "analyzers/compare/points.h"
#include "analyzers/gate.h"

/* --min-share, --normalise; --alpha and --min-effect are the gate's. */
extern const struct cf_param cf_compare_params[];
/* As they are set; the usual ones of tables that have none of these settings. -1 with a message. */
int cf_compare_options(struct cf_compare_options *options, const struct cf_params *params,
		       struct cf_diag *diag);

/* Loads, joins and judges base and current; comparison borrows sides. -1 with a message; then both are cleared. */
int cf_compare_load(struct cf_comparison *comparison, struct cf_sides *sides,
		    const struct cf_analysis *analysis);

/*
 * Where both sides' last runs have commits that a repository of the store has: suspects of what got slower. -1 with a message.
 */
int cf_compare_find_suspects(struct cf_comparison *comparison, const struct cf_analysis *analysis);

/* --widths and --colors, of a flame graph that compares. */
extern const struct cf_param cf_difference_params[];
/*
 * The flame graph of both sides of an analysis with a base, and the table `vanished` of what isn't in it any more. The
 * settings may lack those of cf_difference_params. -1 with a message.
 */
int cf_compare_flame(struct cf_analysis *analysis, const struct cf_comparison *comparison, gboolean inverted,
		     int depth);

/*
 * What gates and continuous integration are told: findings, and to measured (struct cf_measured) what was measured; its texts
 * are borrowed.
 */
void cf_compare_findings(struct cf_analysis *analysis, const struct cf_comparison *comparison,
			 struct cf_node *findings, GArray *measured);
void cf_points_findings(struct cf_analysis *analysis, const struct cf_points *points,
			struct cf_node *findings, GArray *measured);
void cf_op_latencies_findings(struct cf_analysis *analysis, const struct cf_op_latencies *latencies,
			      struct cf_node *findings, GArray *measured);

#endif
