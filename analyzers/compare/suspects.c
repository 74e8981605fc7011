/* SPDX-License-Identifier: MIT */
/* suspects: whose commit may have made a function slower. */
#include "analyzers/compare/compare.h"

#include "analyzers/culprit_source.h"

#include <math.h>

#define SUBJECTS 8 /* functions that are asked about, those that cost most more */

static gint by_change(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_comparison *comparison = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	double change_x = fabs(cf_compared_change(comparison, cf_compared_at(comparison, x), FALSE));
	double change_y = fabs(cf_compared_change(comparison, cf_compared_at(comparison, y), FALSE));

	return change_x != change_y ? (change_x > change_y ? -1 : 1) : (x > y) - (x < y);
}

/* What got slower itself, heaviest first. */
static GArray *subjects_of(const struct cf_comparison *comparison)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (uint32_t i = 0; i < comparison->functions->len; i++)
		if (cf_found_is_worse(cf_compared_at(comparison, i)->found))
			g_array_append_val(rows, i);
	g_array_sort_with_data(rows, by_change, (gpointer)comparison);
	g_array_set_size(rows, MIN(rows->len, SUBJECTS));
	return rows;
}

static const struct cf_run *last_run(const struct cf_run_set *set)
{
	return g_ptr_array_index(set->runs, set->runs->len - 1);
}

static void ask(struct cf_comparison *comparison, const struct cf_culprits *culprits,
		const struct cf_trace *trace, const GArray *rows, uint32_t base, uint32_t current)
{
	for (guint i = 0; i < rows->len; i++) {
		struct cf_compared *function = cf_compared_at(comparison, g_array_index(rows, uint32_t, i));
		struct cf_culprit_source source = { 0 };
		struct cf_culprit_answer answer;

		cf_culprit_source_find(&source, trace, function->row->canonical, function->row->module);
		cf_culprits_find(culprits, base, current, &source.subject, &answer);
		function->suspect = cf_culprit_answer_text(culprits, &answer);
		cf_culprit_answer_clear(&answer);
		cf_culprit_source_clear(&source);
	}
}

/* Runs without commits, or no repository of theirs: nothing is said, for most are compared without any. */
int cf_compare_find_suspects(struct cf_comparison *comparison, const struct cf_analysis *analysis)
{
	const struct cf_run *before = last_run(analysis->base), *after = last_run(analysis->current);
	const char *const commits[] = { before->commit, after->commit };
	g_autoptr(GArray) rows = subjects_of(comparison);
	struct cf_culprits *culprits;
	struct cf_trace *trace;
	int result = 0;

	if (!rows->len || !before->commit || !after->commit)
		return 0;
	culprits = cf_culprits_load(analysis->store, NULL, commits, G_N_ELEMENTS(commits), analysis->diag);
	if (!culprits)
		return -1;
	trace = cf_trace_new();
	if (culprits->history) {
		result = cf_store_load(analysis->store, after->id, 1, 0, trace, analysis->diag);
		if (result == 0)
			ask(comparison, culprits, trace, rows, cf_culprits_commit(culprits, before->commit),
			    cf_culprits_commit(culprits, after->commit));
	}
	cf_trace_free(trace);
	cf_culprits_free(culprits);
	return result;
}
