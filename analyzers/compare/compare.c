/* SPDX-License-Identifier: MIT */
/* compare: what got slower between two sets of runs, by how much, and how sure that is. */
#include "analyzers/compare/compare.h"

#include "analyzers/compare/carried.h"
#include "analyzers/compare/latency.h"
#include "analyzers/compare/match.h"
#include "analyzers/compare/points.h"
#include "analyzers/compare/present.h"
#include "analyzers/filter.h"

#include <string.h>

static const char *const normalise_choices[] = { "median", "total", "none", NULL };

const struct cf_param cf_compare_params[] = {
	{ .name = "min-share",
	  .type = CF_PARAM_NUMBER,
	  .arg = "PERCENT",
	  .help = "nor do those below this part of the whole (0; of exact counts 0.1)" },
	{ .name = "normalise",
	  .type = CF_PARAM_CHOICE,
	  .arg = "HOW",
	  .help = "make profiles comparable: median, total or none",
	  .fallback = "median",
	  .choices = normalise_choices },
	{ 0 }
};

int cf_compare_options(struct cf_compare_options *options, const struct cf_params *params,
		       struct cf_diag *diag)
{
	double share;
	const char *normalise;
	struct cf_gate gate;

	*options = CF_COMPARE_OPTIONS;
	options->min_share = -1;
	if (!cf_params_has(params, "normalise"))
		return 0;
	share = cf_params_is_set(params, "min-share") ? cf_params_number(params, "min-share") : -1;
	normalise = cf_params_string(params, "normalise");
	if (cf_gate_read(&gate, "compare", params, diag))
		return -1;
	options->rule = cf_gate_rule(&gate);
	options->rule.hint = MAX(2 * options->rule.alpha, options->rule.hint);
	cf_gate_clear(&gate);
	if (share > 100 || (share < 0 && cf_params_is_set(params, "min-share")))
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "--min-share: expected a percentage from 0 to 100");
	options->min_share = share < 0 ? -1 : share / 100;
	options->normalise = !strcmp(normalise, "median")  ? CF_NORMALISE_MEDIAN
			     : !strcmp(normalise, "total") ? CF_NORMALISE_TOTAL
							   : CF_NORMALISE_NONE;
	return 0;
}

/* Counted exactly, the loader's work alone differs by a few instructions from build to build. */
#define EXACT_SHARE 0.001

/* Paths are read only where they can tell something: most comparisons find nothing, or have no unknown function. */
static int load_paths(struct cf_paths paths[CF_SIDES], const struct cf_sides *sides,
		      const struct cf_analysis *analysis)
{
	for (int side = 0; side < CF_SIDES; side++)
		if (!paths[side].costs && cf_paths_load(&paths[side], sides, analysis, side))
			return -1;
	return 0;
}

static int join(struct cf_sides *sides, struct cf_paths paths[CF_SIDES], const struct cf_analysis *analysis)
{
	cf_match_modules(sides);
	if (cf_match_renames(sides, analysis))
		return -1;
	if (!cf_match_wanted(sides))
		return 0;
	if (load_paths(paths, sides, analysis))
		return -1;
	cf_match_context(sides, paths);
	return 0;
}

static gboolean any_change(const struct cf_comparison *comparison)
{
	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct cf_compared *function = cf_compared_at(comparison, i);

		if (cf_found_is_change(function->found) ||
		    (function->has_total && cf_outcome_changed(function->total.outcome)))
			return TRUE;
	}
	return FALSE;
}

/* What the functions' own numbers don't say: what is cause, what consequence, what only moved. */
static int explain(struct cf_comparison *comparison, struct cf_paths paths[CF_SIDES],
		   const struct cf_analysis *analysis)
{
	struct cf_flow flow;

	if (!any_change(comparison))
		return 0;
	if (load_paths(paths, comparison->sides, analysis))
		return -1;
	cf_flow_init(&flow, comparison, paths);
	cf_compare_find_moved(comparison, &flow);
	cf_compare_carry(comparison, &flow, paths);
	cf_flow_clear(&flow);
	return 0;
}

int cf_compare_load(struct cf_comparison *comparison, struct cf_sides *sides,
		    const struct cf_analysis *analysis)
{
	struct cf_paths paths[CF_SIDES] = { 0 };
	struct cf_compare_options options;
	int result;

	*comparison = (struct cf_comparison){ 0 };
	if (cf_compare_options(&options, analysis->params, analysis->diag) || cf_sides_load(sides, analysis))
		return -1;
	result = join(sides, paths, analysis);
	if (result == 0) {
		if (options.min_share < 0)
			options.min_share = sides->metric.method == CF_COMPARE_EXACT ? EXACT_SHARE : 0;
		cf_compare_functions(comparison, sides, &options);
		result = explain(comparison, paths, analysis);
	}
	for (int side = 0; side < CF_SIDES; side++)
		cf_paths_clear(&paths[side]);
	if (result) {
		cf_comparison_clear(comparison);
		cf_sides_clear(sides);
	}
	return result;
}

/* --- all that two sides have in common ---------------------------------------------------------------------- */

struct parts {
	gboolean functions, points, latencies; /* loaded */
	struct cf_sides sides;
	struct cf_comparison comparison;
	struct cf_points series;
	struct cf_op_latencies operations;
};

static unsigned facts_of(const struct cf_run_set *set)
{
	unsigned facts = 0;

	for (guint i = 0; i < set->runs->len; i++)
		facts |= ((const struct cf_run *)g_ptr_array_index(set->runs, i))->facts;
	return facts;
}

static int nothing_in_common(const struct cf_analysis *analysis)
{
	g_autofree char *before = cf_facts_text(facts_of(analysis->base));
	g_autofree char *after = cf_facts_text(facts_of(analysis->current));

	return cf_error(analysis->diag, NULL, "nothing to compare: the base has %s, the other side %s",
			before, after);
}

/* What both have: functions of profiles, series of measurements, operations of traces. */
static int choose(struct parts *parts, const struct cf_analysis *analysis)
{
	unsigned before = facts_of(analysis->base), after = facts_of(analysis->current),
		 both = before & after;
	gboolean profiles = (before & CF_FACTS_PROFILE) && (after & CF_FACTS_PROFILE);
	const char *by = cf_params_string(analysis->params, "by");

	if (!by) {
		/* what operations took themselves has no test of its own */
		parts->functions = profiles && !(both & CF_FACTS_SPANS);
		parts->points = (both & CF_FACTS_POINTS) != 0;
		parts->latencies = (both & CF_FACTS_SPANS) != 0;
	} else {
		parts->functions = profiles && !strcmp(by, "function");
		parts->points = (both & CF_FACTS_POINTS) && !strcmp(by, "series");
		parts->latencies = (both & CF_FACTS_SPANS) && !strcmp(by, "operation");
	}
	return parts->functions || parts->points || parts->latencies ? 0 : nothing_in_common(analysis);
}

/* Of what can be compared otherwise: have their profiles a metric in common as well? */
static gboolean has_metric(const struct cf_analysis *analysis)
{
	const GPtrArray *before = analysis->base->runs, *after = analysis->current->runs;
	struct cf_metric_pair pair;
	struct cf_diag silent = { 0 };
	gboolean found = cf_metric_pair(&pair, analysis->store, g_ptr_array_index(before, before->len - 1),
					g_ptr_array_index(after, after->len - 1),
					cf_params_string(analysis->params, "metric"), &silent) == 0;

	cf_metric_pair_clear(&pair);
	return found;
}

static void parts_clear(struct parts *parts)
{
	if (parts->functions) {
		cf_comparison_clear(&parts->comparison);
		cf_sides_clear(&parts->sides);
	}
	if (parts->points)
		cf_points_clear(&parts->series);
	if (parts->latencies)
		cf_op_latencies_clear(&parts->operations);
}

static int load(struct parts *parts, const struct cf_analysis *analysis,
		const struct cf_compare_options *options)
{
	struct parts wanted = { 0 };

	*parts = (struct parts){ 0 };
	if (choose(&wanted, analysis))
		return -1;
	if (wanted.functions && (wanted.points || wanted.latencies))
		wanted.functions = has_metric(analysis);
	if (wanted.functions && cf_compare_load(&parts->comparison, &parts->sides, analysis))
		return -1;
	parts->functions = wanted.functions;
	if (parts->functions && cf_compare_find_suspects(&parts->comparison, analysis))
		goto fail;
	if (wanted.points && cf_points_load(&parts->series, analysis))
		goto fail;
	parts->points = wanted.points;
	if (wanted.latencies && cf_op_latencies_load(&parts->operations, analysis))
		goto fail;
	parts->latencies = wanted.latencies;
	if (parts->points)
		cf_points_compute(&parts->series, options);
	if (parts->latencies)
		cf_op_latencies_compute(&parts->operations, options);
	return 0;
fail:
	parts_clear(parts);
	return -1;
}

static int compare(struct cf_analysis *analysis, const struct cf_gate *gate)
{
	g_autoptr(GArray) measured = g_array_new(FALSE, FALSE, sizeof(struct cf_measured));
	struct cf_compare_options options;
	struct cf_node *findings;
	struct parts parts;
	int result = 0;

	if (cf_compare_options(&options, analysis->params, analysis->diag) ||
	    load(&parts, analysis, &options))
		return -1;
	if (analysis->reader == CF_READER_PAGE && !analysis->in_report) {
		g_autofree char *title = cf_compare_title(analysis);

		cf_doc_set_title(analysis->doc, title);
	}
	findings = cf_doc_findings(analysis->doc, analysis->section, "findings");
	if (parts.latencies) {
		cf_op_latencies_present(analysis, &parts.operations, &options);
		cf_op_latencies_findings(analysis, &parts.operations, findings, measured);
	}
	if (parts.points) {
		cf_points_present(analysis, &parts.series, &options);
		cf_points_findings(analysis, &parts.series, findings, measured);
	}
	if (parts.functions) {
		cf_compare_present(analysis, &parts.comparison);
		cf_compare_findings(analysis, &parts.comparison, findings, measured);
		/* a template places it where it wants */
		if (analysis->reader == CF_READER_PAGE && !analysis->in_report)
			result = cf_compare_flame(analysis, &parts.comparison, FALSE, -1);
	}
	cf_gate_apply(gate, analysis, findings, (const struct cf_measured *)(const void *)measured->data,
		      measured->len);
	parts_clear(&parts);
	return result;
}

static int run(struct cf_analysis *analysis)
{
	struct cf_gate gate;
	int result;

	if (cf_gate_read(&gate, "compare", analysis->params, analysis->diag))
		return -1;
	if (analysis->base)
		result = compare(analysis, &gate);
	else
		result = cf_gate_missing_base(&gate, analysis, analysis->no_base->why,
					      analysis->no_base->ingest);
	cf_gate_clear(&gate);
	return result;
}

static const char *const by_choices[] = { "function", "series", "operation", NULL };
static const struct cf_param own[] = {
	{ .name = "by",
	  .type = CF_PARAM_CHOICE,
	  .arg = "WHAT",
	  .help = "compare only functions, series or operations",
	  .choices = by_choices },
	{ .name = "top",
	  .letter = 'n',
	  .type = CF_PARAM_INT,
	  .arg = "N",
	  .help = "rows to show, 0: all that changed",
	  .fallback = "20",
	  .min = 0,
	  .max = INT64_MAX },
	{ .name = "all", .letter = 'a', .type = CF_PARAM_BOOL, .help = "show what didn't change as well" },
	{ 0 }
};
static const struct cf_param *const params[] = {
	own, cf_compare_params, cf_base_params, cf_gate_params, cf_filter_params, NULL
};
static const char *const examples[] = { "callflow compare main @", "callflow compare main:4 nightly:4",
					"callflow compare --metric Ir before.callgrind after.callgrind",
					NULL };

const struct cf_analyzer cf_analyzer_compare = {
	.name = "compare",
	.group = "Compare",
	.summary = "what got slower, by how much, and how sure that is",
	.synopsis = "[BASE] [RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.pair = TRUE,
	.facts = CF_FACTS_PROFILE | CF_FACTS_POINTS | CF_FACTS_SPANS,
	.params = params,
	.format = "text",
	.run = run,
};
