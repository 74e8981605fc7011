/* SPDX-License-Identifier: MIT */
/* tree: the call tree of a run, from the thread groups down. */
#include "analyzers/analyzer.h"

#include "analyzers/calltree.h"

static void present(struct cf_analysis *analysis, const struct cf_profile *profile, struct cf_tree *tree)
{
	g_autofree char *caption =
		g_strdup_printf("%s by call path, shares of the whole", profile->metric_name);

	tree->depth = (int)cf_params_int(analysis->params, "depth");
	tree->min_share = cf_params_number(analysis->params, "min-share") / 100;
	cf_doc_tree(analysis->doc, analysis->section, CF_TREE, "call-tree", caption, tree);
	cf_profile_notes(profile, analysis->doc, analysis->section);
}

static int run(struct cf_analysis *analysis)
{
	struct cf_profile profile;

	if (cf_profile_load(&profile, analysis, 0))
		return -1;
	present(analysis, &profile, cf_calltree_down(&profile));
	cf_profile_clear(&profile);
	return 0;
}

static const struct cf_param *const params[] = { cf_calltree_params, cf_filter_params, NULL };
static const char *const examples[] = { "callflow tree --depth 4",
					"callflow tree --min-share 5 --thread worker",
					"callflow tree -f json @~1", NULL };

const struct cf_analyzer cf_analyzer_tree = {
	.name = "tree",
	.group = "Look at a run",
	.summary = "print the call tree, from the roots down",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_PROFILE,
	.params = params,
	.format = "text",
	.run = run,
};
