/* SPDX-License-Identifier: MIT */
/* present_method: how a comparison was computed, and what it can't tell. */
#include "analyzers/compare/present.h"

#include "analyzers/profile.h"
#include "analyzers/stat/mann_whitney.h"

#include <math.h>
#include <string.h>

/* What the scale was taken from. */
static char *source_of_scale(const struct cf_comparison *comparison)
{
	if (comparison->absolute)
		return g_strdup("too few functions for a median: taken as the same work");
	if (comparison->options.normalise == CF_NORMALISE_MEDIAN)
		return g_strdup_printf("median ratio of %zu functions", comparison->support);
	return g_strdup(comparison->options.normalise == CF_NORMALISE_TOTAL ? "ratio of the totals"
									    : "the same work");
}

/* Of samples; and of cost, where the columns have been scaled by it. */
static void append_scale(GString *text, const struct cf_comparison *comparison)
{
	g_autofree char *source = source_of_scale(comparison);

	if (cf_compared_is_scaled(comparison))
		g_string_append_printf(
			text,
			"%.3g times the work of before was recorded (%s), so before is shown times "
			"that; samples scale by %.3f",
			cf_compared_scale(comparison), source, comparison->scale);
	else
		g_string_append_printf(text, "scale %.3f (%s)", comparison->scale, source);
}

/* Where much hangs on the scale, and the user may know better. */
static void present_few(struct cf_analysis *analysis, const struct cf_comparison *comparison)
{
	if (comparison->sides->metric.method == CF_COMPARE_SAMPLED && comparison->found[CF_FOUND_UNSURE] &&
	    comparison->most > comparison->least)
		cf_doc_para(
			analysis->doc, analysis->section,
			"of only %zu functions one that changed can look like a longer recording, so what "
			"counts is a change whichever is left out; --normalise none tells more, if both did "
			"the same work",
			comparison->support);
}

static void present_method(struct cf_analysis *analysis, const struct cf_comparison *comparison)
{
	const struct cf_sides *sides = comparison->sides;
	GString *text = g_string_new(NULL);
	const struct cf_outcome_rule *rule = &comparison->options.rule;

	if (sides->metric.by_samples)
		g_string_append_printf(text, "%s against %s, in samples; ", sides->metric.before,
				       sides->metric.after);
	if (sides->metric.method == CF_COMPARE_SAMPLED) {
		append_scale(text, comparison);
		if (comparison->dispersion.extra > 0)
			g_string_append_printf(text, "; runs vary by %.1f %% beyond sampling",
					       sqrt(comparison->dispersion.extra) * 100);
		g_string_append_printf(text, "; BH, q <= %g and effect >= %g %%", rule->alpha,
				       rule->min_effect * 100);
	} else if (comparison->by_ranks) {
		g_string_append_printf(text, "by ranks of %zu and %zu runs; BH, q <= %g and effect >= %g %%",
				       sides->runs[CF_BEFORE], sides->runs[CF_AFTER], rule->alpha,
				       rule->min_effect * 100);
	} else {
		g_string_append_printf(text, "counted exactly; effect >= %g %%", rule->min_effect * 100);
	}
	if (comparison->options.min_share > 0)
		g_string_append_printf(text, ", at least %g %% of the whole",
				       comparison->options.min_share * 100);
	cf_doc_para(analysis->doc, analysis->section, "%s", text->str);
	g_string_free(text, TRUE);
}

static const struct cf_compared *heaviest(const struct cf_comparison *comparison)
{
	const struct cf_compared *most = NULL;

	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct cf_compared *function = cf_compared_at(comparison, i);

		if (function->row->kind != CF_FRAME_UNRESOLVED &&
		    (!most ||
		     function->row->cost[CF_BEFORE].self_count > most->row->cost[CF_BEFORE].self_count))
			most = function;
	}
	return most;
}

/*
 * ": callflow compare 3:4 7:4", with as many runs a side; NULL where both are of one name, since a set of runs is of a name
 * and would have those of the other side.
 */
static char *command_of_sets(const struct cf_analysis *analysis, size_t runs)
{
	const struct cf_run *base = g_ptr_array_index(analysis->base->runs, analysis->base->runs->len - 1);
	const struct cf_run *run =
		g_ptr_array_index(analysis->current->runs, analysis->current->runs->len - 1);

	if (!strcmp(base->name, run->name))
		return NULL;
	return g_strdup_printf(": callflow compare %" G_GINT64_FORMAT ":%zu %" G_GINT64_FORMAT ":%zu",
			       base->id, runs, run->id, runs);
}

/* The least ratio that would show in a function of a tenth of the samples. */
static double visible_in_a_tenth(double visible)
{
	return pow(1 + (sqrt(visible) - 1) * sqrt(10), 2);
}

/* What so little can show, and how to get more. */
static void present_power(struct cf_analysis *analysis, const struct cf_comparison *comparison)
{
	const struct cf_sides *sides = comparison->sides;
	const struct cf_compared *most = heaviest(comparison);
	size_t least = MIN(sides->runs[CF_BEFORE], sides->runs[CF_AFTER]);
	size_t enough = cf_mann_whitney_least(comparison->options.rule.alpha);
	g_autofree char *command = NULL;

	if (least >= enough)
		return;
	if (sides->metric.method == CF_COMPARE_MEASURED) {
		command = command_of_sets(analysis, enough);
		cf_doc_para(analysis->doc, analysis->section,
			    "times of single runs show no change: record %zu a side%s", enough,
			    command ? command : "");
	} else if (sides->metric.method == CF_COMPARE_SAMPLED && most && isfinite(most->self.visible)) {
		command = command_of_sets(analysis, enough * least);
		cf_doc_para(analysis->doc, analysis->section,
			    "%s a side show%s changes above %.0f %% in %s, above %.0f %% in a function of a "
			    "tenth "
			    "of that; %zu a side show half of that%s",
			    least == 1 ? "one run" : "these runs", least == 1 ? "s" : "",
			    (most->self.visible - 1) * 100, most->row->name,
			    (visible_in_a_tenth(most->self.visible) - 1) * 100, enough * least,
			    command ? command : "");
	}
}

static void present_notes(struct cf_analysis *analysis, const struct cf_sides *sides)
{
	if (sides->hidden_text[CF_BEFORE])
		cf_doc_para(analysis->doc, analysis->section, "%s before, %s after; the whole is of all",
			    sides->hidden_text[CF_BEFORE],
			    sides->hidden_text[CF_AFTER] ? sides->hidden_text[CF_AFTER] : "nothing");
	cf_lacking_note(analysis->doc, analysis->section, sides->lacking, sides->metric.after);
	if (!analysis->in_report)
		cf_metric_note(analysis->doc, analysis->section, sides->other_metrics);
}

void cf_compare_present_method(struct cf_analysis *analysis, const struct cf_comparison *comparison)
{
	present_method(analysis, comparison);
	present_few(analysis, comparison);
	present_power(analysis, comparison);
	present_notes(analysis, comparison->sides);
}
