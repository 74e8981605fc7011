/* SPDX-License-Identifier: MIT */
/* compare: what got slower between two sets of runs, by how much, and how sure that is. */
#include "analyzers/compare/compare.h"

#include "analyzers/compare/present.h"
#include "analyzers/filter.h"

#include <string.h>

static const char *const normalise_choices[] = { "median", "total", "none", NULL };

const struct cf_param cf_compare_params[] = {
	{ .name = "alpha",
	  .type = CF_PARAM_NUMBER,
	  .arg = "Q",
	  .help = "share of false findings that is accepted",
	  .fallback = "0.05" },
	{ .name = "min-effect",
	  .type = CF_PARAM_NUMBER,
	  .arg = "PERCENT",
	  .help = "changes below it don't matter",
	  .fallback = "2" },
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

static int out_of_range(struct cf_diag *diag, const char *name, double value, const char *expected)
{
	return cf_error_as(diag, CF_STATUS_USAGE, NULL, "--%s: found %g, expected %s", name, value, expected);
}

int cf_compare_options(struct cf_compare_options *options, const struct cf_params *params, struct cf_diag *diag)
{
	double alpha = cf_params_number(params, "alpha"), effect = cf_params_number(params, "min-effect");
	gboolean has_share = cf_params_is_set(params, "min-share");
	double share = has_share ? cf_params_number(params, "min-share") : 0;
	const char *normalise = cf_params_string(params, "normalise");

	*options = CF_COMPARE_OPTIONS;
	if (!(alpha > 0 && alpha < 0.5))
		return out_of_range(diag, "alpha", alpha, "a share above 0 and below 0.5");
	if (!(effect >= 0 && effect <= 1000))
		return out_of_range(diag, "min-effect", effect, "0 to 1000 percent");
	if (!(share >= 0 && share <= 100))
		return out_of_range(diag, "min-share", share, "0 to 100 percent");
	options->rule.alpha = alpha;
	options->rule.hint = MAX(2 * alpha, options->rule.hint);
	options->rule.min_effect = effect / 100;
	options->min_share = has_share ? share / 100 : -1;
	options->normalise = !strcmp(normalise, "median")  ? CF_NORMALISE_MEDIAN
			     : !strcmp(normalise, "total") ? CF_NORMALISE_TOTAL
							   : CF_NORMALISE_NONE;
	return 0;
}

/* Counted exactly, the loader's work alone differs by a few instructions from build to build. */
#define EXACT_SHARE 0.001

int cf_compare_load(struct cf_comparison *comparison, struct cf_sides *sides, const struct cf_analysis *analysis)
{
	struct cf_compare_options options;

	if (cf_compare_options(&options, analysis->params, analysis->diag) || cf_sides_load(sides, analysis))
		return -1;
	if (options.min_share < 0)
		options.min_share = sides->metric.method == CF_COMPARE_EXACT ? EXACT_SHARE : 0;
	cf_compare_functions(comparison, sides, &options);
	return 0;
}

static void no_base(struct cf_analysis *analysis)
{
	struct cf_node *box = cf_doc_callout(analysis->doc, analysis->section, CF_LEVEL_ATTENTION);

	cf_doc_para(analysis->doc, box, "Nothing was compared: %s.",
		    analysis->base_missing ? analysis->base_missing : "no base");
}

static int run(struct cf_analysis *analysis)
{
	struct cf_comparison comparison;
	struct cf_sides sides;

	if (!analysis->base) {
		no_base(analysis);
		return 0;
	}
	if (cf_compare_load(&comparison, &sides, analysis))
		return -1;
	cf_compare_present(analysis, &comparison);
	cf_comparison_clear(&comparison);
	cf_sides_clear(&sides);
	return 0;
}

static const struct cf_param own[] = { { .name = "top",
					 .letter = 'n',
					 .type = CF_PARAM_INT,
					 .arg = "N",
					 .help = "rows to show, 0: all that changed",
					 .fallback = "20",
					 .min = 0,
					 .max = INT64_MAX },
				       { .name = "all",
					 .letter = 'a',
					 .type = CF_PARAM_BOOL,
					 .help = "show what didn't change as well" },
				       { 0 } };
static const struct cf_param *const params[] = {
	own, cf_compare_params, cf_base_params, cf_missing_base_params, cf_filter_params, NULL
};
static const char *const examples[] = { "callflow compare main @", "callflow compare main:4 nightly:4",
					"callflow compare --metric Ir before.callgrind after.callgrind", NULL };

const struct cf_analyzer cf_analyzer_compare = {
	.name = "compare",
	.group = "Compare",
	.summary = "what got slower, by how much, and how sure that is",
	.synopsis = "[BASE] [RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.pair = TRUE,
	.facts = CF_FACTS_PROFILE,
	.params = params,
	.format = "text",
	.run = run,
};
