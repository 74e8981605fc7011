/* SPDX-License-Identifier: MIT */
/* flame: a flame graph of two sides. */
#include "analyzers/compare/compare.h"

#include "analyzers/calltree.h"
#include "analyzers/compare/difference.h"

#include <string.h>

#define VANISHED 10 /* rows */

static const char *const widths_choices[] = { "after", "before", "both", NULL };
static const char *const colors_choices[] = { "ratio", "difference", NULL };

const struct cf_param cf_difference_params[] = {
	{ .name = "widths",
	  .type = CF_PARAM_CHOICE,
	  .arg = "SIDE",
	  .help = "with --base: widths are the cost after, before, or both",
	  .fallback = "after",
	  .choices = widths_choices },
	{ .name = "colors",
	  .type = CF_PARAM_CHOICE,
	  .arg = "OF",
	  .help = "with --base: colours by ratio or by difference",
	  .fallback = "ratio",
	  .choices = colors_choices },
	{ 0 }
};

/* The tree of one side, of the metric that is compared. */
static struct cf_tree *side_tree(const struct cf_analysis *analysis, const struct cf_comparison *comparison,
				 int side, gboolean inverted)
{
	struct cf_params *params = cf_params_copy(analysis->params);
	struct cf_analysis alone = *analysis;
	const struct cf_metric_pair *metric = &comparison->sides->metric;
	struct cf_tree *tree = NULL;
	struct cf_profile profile;

	alone.current = side == CF_BEFORE ? analysis->base : analysis->current;
	alone.params = params;
	if (cf_params_set(params, "metric", side == CF_BEFORE ? metric->before : metric->after, NULL,
			  analysis->diag) == 0 &&
	    cf_profile_load(&profile, &alone, 0) == 0) {
		tree = inverted ? cf_calltree_up(&profile) : cf_calltree_down(&profile);
		cf_profile_clear(&profile);
	}
	cf_params_free(params);
	return tree;
}

static guint choice(const struct cf_params *params, const char *name, const char *const *choices)
{
	const char *chosen = cf_params_has(params, name) ? cf_params_string(params, name) : choices[0];
	guint i = 0;

	while (strcmp(choices[i], chosen) != 0)
		i++;
	return i;
}

/* "main;serve;find", callers first. */
static char *path_text(const struct cf_tree *tree, uint32_t at)
{
	GString *text = g_string_new(NULL);

	for (; at; at = g_array_index(tree->nodes, struct cf_tree_node, at).parent) {
		const char *name = g_ptr_array_index(
			tree->names, g_array_index(tree->nodes, struct cf_tree_node, at).name);

		g_string_prepend(text, text->len ? ";" : "");
		g_string_prepend(text, name);
	}
	return g_string_free(text, FALSE);
}

static void present_vanished(struct cf_analysis *analysis, const struct cf_tree *tree)
{
	struct cf_column columns[] = {
		{ "path", "path", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "before", "before", tree->unit, CF_COLUMN_COST | CF_COLUMN_LEAD },
		{ "share", "of all %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
	};
	g_autoptr(GArray) vanished = cf_difference_vanished(tree);
	int64_t whole = g_array_index(tree->diffs, struct cf_tree_diff, 0).before, rest = 0;
	struct cf_node *table;

	if (!vanished->len)
		return;
	table = cf_doc_table(analysis->doc, analysis->section, "vanished", "paths that have gone", columns,
			     G_N_ELEMENTS(columns));
	for (guint i = 0; i < vanished->len; i++) {
		uint32_t at = g_array_index(vanished, uint32_t, i);
		int64_t before = g_array_index(tree->diffs, struct cf_tree_diff, at).before;
		g_autofree char *path = path_text(tree, at);

		if (i >= VANISHED && analysis->reader != CF_READER_PROGRAM) {
			cf_sum(&rest, before);
			continue;
		}
		cf_table_text(analysis->doc, table, path);
		cf_table_int(table, before);
		cf_table_double(table, cf_share(before, whole));
	}
	if (rest) {
		g_autofree char *text = g_strdup_printf("%u more", vanished->len - VANISHED);

		cf_table_rest(table);
		cf_table_text(analysis->doc, table, text);
		cf_table_int(table, rest);
		cf_table_double(table, cf_share(rest, whole));
	}
}

int cf_compare_flame(struct cf_analysis *analysis, const struct cf_comparison *comparison, gboolean inverted,
		     int depth)
{
	struct cf_tree *before = side_tree(analysis, comparison, CF_BEFORE, inverted);
	struct cf_tree *after = before ? side_tree(analysis, comparison, CF_AFTER, inverted) : NULL;
	g_autofree char *caption = NULL;
	struct cf_tree *tree;

	if (!before || !after) {
		cf_tree_free(before);
		return -1;
	}
	tree = cf_difference_tree(comparison, before, after,
				  (enum cf_tree_widths)choice(analysis->params, "widths", widths_choices));
	tree->absolute = choice(analysis->params, "colors", colors_choices) == 1;
	tree->depth = depth;
	tree->note = g_strdup_printf("before is multiplied by %.3f, so that what didn't change is equal",
				     cf_compared_scale_of_sides(comparison));
	caption = g_strdup_printf("%s by call path, compared%s", comparison->sides->metric.after,
				  inverted ? ", bottom-up" : "");
	cf_doc_tree(analysis->doc, analysis->section, CF_FLAME, "flame", caption, tree);
	present_vanished(analysis, tree);
	cf_tree_free(before);
	cf_tree_free(after);
	return 0;
}
