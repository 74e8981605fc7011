/* SPDX-License-Identifier: MIT */
/* flamegraph: the call paths of a run as boxes whose width is their cost. */
#include "analyzers/analyzer.h"

#include "analyzers/calltree.h"
#include "analyzers/compare/compare.h"

#define METRICS 6

/*
 * B. Gregg, "The Flame Graph", CACM 59(6), 2016: siblings in order of name, width is the share of samples,
 * the x axis isn't time.
 */
static struct cf_tree *compute(const struct cf_profile *profile, gboolean inverted)
{
	return inverted ? cf_calltree_up(profile) : cf_calltree_down(profile);
}

/* A picture goes its own ways: what it lacks stands in it. */
static void note_lacking(const struct cf_profile *profile, struct cf_tree *tree)
{
	g_autofree char *lacking = cf_lacking_text(profile->lacking, profile->metric_name);
	g_autofree char *hidden = tree->note;

	tree->note = hidden && lacking ? g_strdup_printf("%s · %s", hidden, lacking)
				       : g_strdup(hidden ? hidden : lacking);
}

static int depth_of(const struct cf_analysis *analysis)
{
	return cf_params_is_set(analysis->params, "depth") ? (int)cf_params_int(analysis->params, "depth")
							   : -1;
}

static void present(struct cf_analysis *analysis, const struct cf_profile *profile, struct cf_tree *tree)
{
	g_autofree char *caption = g_strdup_printf("%s by call path%s", profile->metric_name,
						   tree->inverted ? ", bottom-up" : "");

	note_lacking(profile, tree);
	tree->depth = depth_of(analysis);
	cf_doc_tree(analysis->doc, analysis->section, CF_FLAME, "flame", caption, tree);
	if (!analysis->in_report)
		cf_profile_notes(profile, analysis->doc, analysis->section);
}

/* Unless one was asked for, readers can choose among the first metrics that were sampled. */
static void add_metrics(struct cf_profile *profile, struct cf_tree *tree)
{
	const uint32_t chosen = profile->metric.id, n = MIN(profile->trace->metrics->len, METRICS);

	for (uint32_t i = 0; i < n && !profile->unfolded; i++) {
		if (i == chosen)
			continue;
		cf_profile_turn(profile, (struct cf_metric){ i });
		if (!profile->weight)
			continue;
		tree->next = compute(profile, tree->inverted);
		tree->next->depth = tree->depth;
		tree = tree->next;
	}
}

static int run_comparison(struct cf_analysis *analysis)
{
	struct cf_comparison comparison;
	struct cf_sides sides;
	int result;

	if (cf_compare_load(&comparison, &sides, analysis))
		return -1;
	result = cf_compare_flame(analysis, &comparison, cf_params_bool(analysis->params, "inverted"),
				  depth_of(analysis));
	cf_comparison_clear(&comparison);
	cf_sides_clear(&sides);
	return result;
}

static int run(struct cf_analysis *analysis)
{
	struct cf_profile profile;
	struct cf_tree *tree;

	if (analysis->no_base)
		return cf_no_base_error(analysis->no_base, analysis->diag);
	if (analysis->base)
		return run_comparison(analysis);
	if (cf_profile_load(&profile, analysis, 0))
		return -1;
	tree = compute(&profile, cf_params_bool(analysis->params, "inverted"));
	present(analysis, &profile, tree); /* the document has it now */
	if (!cf_params_is_set(analysis->params, "metric"))
		add_metrics(&profile, tree);
	cf_profile_clear(&profile);
	return 0;
}

/* The last three are for the renderer; what draws no picture has no use for them. */
static const struct cf_param own[] = {
	{ .name = "inverted",
	  .type = CF_PARAM_BOOL,
	  .help = "bottom-up: functions at the root, their callers above" },
	{ .name = "depth",
	  .type = CF_PARAM_INT,
	  .arg = "LEVELS",
	  .help = "levels of calls to draw, 0: all (default: 31, and deeper ones that take 1 % or more)",
	  .min = 0,
	  .max = INT32_MAX },
	{ .name = "icicle", .type = CF_PARAM_BOOL, .help = "grow downwards" },
	{ .name = "static", .type = CF_PARAM_BOOL, .help = "svg for print, without script" },
	{ .name = "width",
	  .type = CF_PARAM_INT,
	  .arg = "PIXELS",
	  .help = "width of the picture",
	  .fallback = "1200",
	  .min = 100,
	  .max = 20000 },
	{ 0 }
};
static const struct cf_param *const params[] = { own, cf_base_params, cf_difference_params, cf_filter_params,
						 NULL };
static const char *const examples[] = { "callflow flamegraph -o flame.svg",
					"callflow flamegraph --icicle --thread worker -o flame.png",
					"callflow flamegraph --base main -o difference.svg", NULL };

const struct cf_analyzer cf_analyzer_flamegraph = {
	.name = "flamegraph",
	.group = "Look at a run",
	.summary = "draw the call paths as a flame graph (-o x.svg, x.png, x.pdf)",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_PROFILE,
	.params = params,
	.format = "text",
	.run = run,
};
