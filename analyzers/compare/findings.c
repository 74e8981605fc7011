/* SPDX-License-Identifier: MIT */
/* findings: what a comparison found, for gates and continuous integration. */
#include "analyzers/compare/compare.h"

#include "analyzers/compare/present.h"
#include "analyzers/profile.h"

#include <math.h>

static gboolean kind_of(enum cf_found found, enum cf_finding_kind *kind)
{
	switch (found) {
	case CF_FOUND_REGRESSED:
	case CF_FOUND_NEW:
		*kind = CF_FINDING_REGRESSION;
		return TRUE;
	case CF_FOUND_IMPROVED:
	case CF_FOUND_GONE:
		*kind = CF_FINDING_IMPROVEMENT;
		return TRUE;
	case CF_FOUND_UNSURE:
		*kind = CF_FINDING_UNSURE;
		return TRUE;
	default:
		return FALSE;
	}
}

static double whole(const struct cf_comparison *comparison, int side)
{
	return cf_compared_cost(comparison, comparison->sides->weight[side], side);
}

/* Against the whole before; a recording that has nothing is no measure. */
static double share_of(const struct cf_comparison *comparison, double change)
{
	double all = fmax(whole(comparison, CF_BEFORE), 1);

	return change / all;
}

static int64_t count_of(const struct cf_compared *function, int side)
{
	const struct cf_side_cost *cost = &function->row->cost[side];

	return function->by_total ? cost->total_count : cost->self_count;
}

static char *reason_of(const struct cf_comparison *comparison, const struct cf_compared *function)
{
	const struct cf_judged *judged = function->by_total ? &function->total : &function->self;
	GString *reason = g_string_new(NULL);

	if (comparison->sides->metric.method == CF_COMPARE_SAMPLED)
		g_string_append_printf(
			reason, "%" G_GINT64_FORMAT " and %" G_GINT64_FORMAT " samples, q %.2g",
			count_of(function, CF_BEFORE), count_of(function, CF_AFTER), judged->q);
	else if (comparison->by_ranks)
		g_string_append_printf(reason, "by ranks of %zu and %zu runs, q %.2g",
				       comparison->sides->runs[CF_BEFORE], comparison->sides->runs[CF_AFTER],
				       judged->q);
	else
		g_string_append(reason, "counted exactly");
	if (function->found == CF_FOUND_UNSURE && isfinite(judged->needed))
		g_string_append_printf(reason,
				       comparison->by_ranks ? "; %.0f runs a side would tell"
							    : "; %.1f times as much recorded would tell",
				       judged->needed);
	if (cf_compared_is_scaled(comparison))
		g_string_append_printf(reason, "; before is multiplied by %.3f, for what was recorded",
				       cf_compared_scale(comparison));
	if (function->row->old_name)
		g_string_append_printf(reason, "; was %s", function->row->old_name);
	return g_string_free(reason, FALSE);
}

static int64_t weight_of(const struct cf_compared *function, int side)
{
	return function->by_total ? function->row->cost[side].total : function->row->cost[side].self;
}

static void add(struct cf_analysis *analysis, struct cf_node *node, const struct cf_comparison *comparison,
		const struct cf_compared *function, enum cf_finding_kind kind)
{
	const struct cf_judged *judged = function->by_total ? &function->total : &function->self;
	struct cf_finding finding =
		cf_finding_init(kind, CF_SUBJECT_FUNCTION, "compare", function->row->name);
	g_autofree char *metric =
		g_strconcat(comparison->sides->metric.after, function->by_total ? " total" : "", NULL);
	g_autofree char *reason = reason_of(comparison, function);
	g_autofree char *next = cf_command_with_argument("callers", function->row->name, analysis->current);

	finding.key = function->row->canonical;
	finding.module = function->row->module;
	finding.metric = metric;
	finding.file = *function->row->file ? function->row->file : NULL;
	finding.line = function->row->line;
	finding.unit = comparison->sides->metric.unit;
	finding.before = cf_compared_is_scaled(comparison)
				 ? cf_compared_expected(comparison, weight_of(function, CF_BEFORE))
				 : cf_compared_cost(comparison, weight_of(function, CF_BEFORE), CF_BEFORE);
	finding.after = cf_compared_cost(comparison, weight_of(function, CF_AFTER), CF_AFTER);
	finding.ratio = judged->ratio.estimate;
	finding.ratio_lo = judged->ratio.lo;
	finding.ratio_hi = judged->ratio.hi;
	finding.p = judged->p;
	finding.q = judged->q;
	finding.severity = cf_finding_grade(
		judged->ratio.estimate,
		share_of(comparison, cf_compared_change(comparison, function, function->by_total)));
	finding.reason = reason;
	finding.suspect = function->suspect;
	finding.next = kind == CF_FINDING_UNSURE ? NULL : next;
	cf_doc_finding(analysis->doc, node, &finding);
}

static struct cf_measured measured_of(const struct cf_comparison *comparison,
				      const struct cf_compared *function, gboolean total, const char *metric)
{
	const struct cf_side_row *row = function->row;
	const struct cf_judged *judged = total ? &function->total : &function->self;
	int64_t before = total ? row->cost[CF_BEFORE].total : row->cost[CF_BEFORE].self;
	int64_t after = total ? row->cost[CF_AFTER].total : row->cost[CF_AFTER].self;

	return (struct cf_measured){
		.subject = CF_SUBJECT_FUNCTION,
		.name = row->name,
		.module = row->module,
		.metric = metric,
		.file = *row->file ? row->file : NULL,
		.line = row->line,
		.unit = comparison->sides->metric.unit,
		.before = cf_compared_cost(comparison, before, CF_BEFORE),
		.after = cf_compared_cost(comparison, after, CF_AFTER),
		.comparable = cf_compared_cost(comparison, after, CF_AFTER) / cf_compared_scale(comparison),
		.whole = whole(comparison, CF_AFTER),
		.ratio = judged->ratio,
		.changed = cf_outcome_changed(judged->outcome),
	};
}

/* A budget names the metric as the finding does; the total's text has to live as long as measured does. */
void cf_compare_findings(struct cf_analysis *analysis, const struct cf_comparison *comparison,
			 struct cf_node *findings, GArray *measured)
{
	g_autofree char *text = g_strconcat(comparison->sides->metric.after, " total", NULL);
	const char *total = cf_doc_str(analysis->doc, text);

	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct cf_compared *function = cf_compared_at(comparison, i);
		struct cf_measured own =
			measured_of(comparison, function, FALSE, comparison->sides->metric.after);
		enum cf_finding_kind kind;

		g_array_append_val(measured, own);
		if (function->has_total) {
			own = measured_of(comparison, function, TRUE, total);
			g_array_append_val(measured, own);
		}
		if (kind_of(function->found, &kind))
			add(analysis, findings, comparison, function, kind);
	}
}

/* --- series, operations ------------------------------------------------------------------------------------- */

/* What is new or gone there is no worse for that. */
static gboolean kind_of_tested(const struct cf_tested *tested, enum cf_finding_kind *kind)
{
	return tested->found != CF_FOUND_NEW && tested->found != CF_FOUND_GONE &&
	       kind_of(tested->found, kind);
}

static void add_tested(struct cf_doc *doc, struct cf_node *findings, struct cf_finding *finding,
		       const struct cf_tested *tested, const char *reason)
{
	finding->before = tested->before;
	finding->after = tested->after;
	finding->ratio = tested->ratio.estimate;
	finding->ratio_lo = tested->ratio.lo;
	finding->ratio_hi = tested->ratio.hi;
	finding->p = tested->p;
	finding->q = tested->q;
	finding->severity = cf_finding_grade(tested->ratio.estimate, NAN);
	finding->reason = reason;
	cf_doc_finding(doc, findings, finding);
}

void cf_points_findings(struct cf_analysis *analysis, const struct cf_points *points,
			struct cf_node *findings, GArray *measured)
{
	for (guint i = 0; i < points->rows->len; i++) {
		const struct cf_point_row *row = g_ptr_array_index(points->rows, i);
		const enum cf_unit unit = cf_unit_from_name(row->unit);
		const struct cf_measured own = { .subject = CF_SUBJECT_BENCHMARK,
						 .name = row->name,
						 .metric = row->unit,
						 .unit = unit,
						 .unit_text = row->unit,
						 .more_is_better = row->direction == CF_HIGHER_IS_BETTER,
						 .before = row->tested.before,
						 .after = row->tested.after,
						 .comparable = row->tested.after,
						 .whole = NAN,
						 .ratio = row->tested.ratio,
						 .changed = cf_outcome_changed(row->tested.outcome) };
		g_autofree char *reason = NULL;
		struct cf_finding finding;
		enum cf_finding_kind kind;

		g_array_append_val(measured, own);
		if (!kind_of_tested(&row->tested, &kind))
			continue;
		finding = cf_finding_init(kind, CF_SUBJECT_BENCHMARK, "compare", row->name);
		finding.metric = row->unit;
		finding.unit = unit;
		finding.unit_text = unit == CF_UNIT_NONE ? row->unit : NULL;
		reason = g_strdup_printf("by ranks of %u and %u %s, q %.2g", row->values[CF_BEFORE]->len,
					 row->values[CF_AFTER]->len, row->of_runs ? "runs" : "values",
					 row->tested.q);
		add_tested(analysis->doc, findings, &finding, &row->tested, reason);
	}
}

static void add_latency(struct cf_analysis *analysis, struct cf_node *findings,
			const struct cf_op_latency *row, int test)
{
	const struct cf_tested *tested = &row->test[test];
	struct cf_finding finding;
	enum cf_finding_kind kind;
	g_autofree char *reason = NULL;

	/* What can't be told of one operation is one thing. */
	if (!kind_of_tested(tested, &kind) || (kind == CF_FINDING_UNSURE && test != row->worst))
		return;
	finding = cf_finding_init(kind, CF_SUBJECT_OPERATION, "compare", row->name);
	finding.module = row->service;
	finding.metric = tested->metric;
	finding.unit = test == CF_LATENCY_ERRORS ? CF_UNIT_RATIO : CF_UNIT_NS;
	reason = g_strdup_printf("%u and %u spans, q %.2g", row->side[CF_BEFORE].durations->len,
				 row->side[CF_AFTER].durations->len, tested->q);
	add_tested(analysis->doc, findings, &finding, tested, reason);
}

void cf_op_latencies_findings(struct cf_analysis *analysis, const struct cf_op_latencies *latencies,
			      struct cf_node *findings, GArray *measured)
{
	for (guint i = 0; i < latencies->rows->len; i++) {
		const struct cf_op_latency *row = g_ptr_array_index(latencies->rows, i);

		for (int test = 0; test < CF_LATENCY_TESTS; test++) {
			const struct cf_tested *tested = &row->test[test];
			const struct cf_measured own = { .subject = CF_SUBJECT_OPERATION,
							 .name = row->name,
							 .module = row->service,
							 .metric = tested->metric,
							 .unit = test == CF_LATENCY_ERRORS ? CF_UNIT_RATIO
											   : CF_UNIT_NS,
							 .before = tested->before,
							 .after = tested->after,
							 .comparable = tested->after,
							 .whole = NAN,
							 .ratio = tested->ratio,
							 .changed = cf_outcome_changed(tested->outcome) };

			g_array_append_val(measured, own);
			add_latency(analysis, findings, row, test);
		}
	}
}
