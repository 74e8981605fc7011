/* SPDX-License-Identifier: MIT */
/* present: a comparison of functions as nodes of a document. */
#include "analyzers/compare/present.h"

#include "analyzers/compare/compare.h"
#include "analyzers/profile.h"

#include <math.h>
#include <string.h>

struct cf_compare_words cf_compare_words(const struct cf_metric_pair *metric)
{
	static const struct cf_compare_words time = { "slower", "faster" }, other = { "more", "less" };

	return metric->unit == CF_UNIT_NS || metric->by_samples || cf_metric_same_kind(metric->after, "cpu")
		       ? time
		       : other;
}

/* --- words ------------------------------------------------------------------------------------------------- */

static const char *function_word(guint n)
{
	return n == 1 ? "function" : "functions";
}

char *cf_compare_headline(const struct cf_comparison *comparison)
{
	const struct cf_compare_words words = cf_compare_words(&comparison->sides->metric);
	const guint *found = comparison->found;
	const struct {
		guint n;
		const char *word;
	} parts[] = {
		{ found[CF_FOUND_REGRESSED], words.worse }, { found[CF_FOUND_NEW], "new" },
		{ found[CF_FOUND_IMPROVED], words.better }, { found[CF_FOUND_GONE], "gone" },
		{ found[CF_FOUND_MOVED], "moved" },         { found[CF_FOUND_UNSURE], "unsure" },
	};
	guint rest = found[CF_FOUND_SAME] + found[CF_FOUND_NOISE] + found[CF_FOUND_CARRIED];
	gboolean exact = comparison->sides->metric.method == CF_COMPARE_EXACT;
	GString *text = g_string_new(NULL);
	guint said = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!parts[i].n)
			continue;
		g_string_append_printf(text, "%s%u %s%s%s", said ? ", " : "", parts[i].n,
				       said ? "" : function_word(parts[i].n), said ? "" : " ", parts[i].word);
		said++;
	}
	if (!said)
		g_string_append(text, exact ? "no change that matters" : "no change beyond noise");
	if (said == 1 && found[CF_FOUND_UNSURE])
		g_string_printf(text, "no change shown; %u %s unsure", found[CF_FOUND_UNSURE],
				function_word(found[CF_FOUND_UNSURE]));
	if (rest)
		g_string_append_printf(text, "; %u%s%s %s", rest, said ? "" : " ",
				       said ? "" : function_word(rest), exact ? "as before" : "within noise");
	if (found[CF_FOUND_SMALL])
		g_string_append_printf(text, "%s %u changed too little to matter", rest ? "," : ";",
				       found[CF_FOUND_SMALL]);
	return g_string_free(text, FALSE);
}

char *cf_compared_name(const struct cf_comparison *comparison, uint32_t row)
{
	const struct cf_side_row *own = cf_side_row(comparison->sides, row);

	if (own->kind == CF_FRAME_UNRESOLVED && *own->module)
		return g_strdup_printf("%s in %s", own->name, own->module);
	return g_strdup(own->name);
}

static const char *verdict_text(const struct cf_comparison *comparison, enum cf_found found)
{
	const struct cf_compare_words words = cf_compare_words(&comparison->sides->metric);
	gboolean time = !strcmp(words.worse, "slower");

	switch (found) {
	case CF_FOUND_REGRESSED:
		return time ? "▲ slower" : "▲ more";
	case CF_FOUND_NEW:
		return "▲ new";
	case CF_FOUND_IMPROVED:
		return time ? "▼ faster" : "▼ less";
	case CF_FOUND_GONE:
		return "▼ gone";
	case CF_FOUND_MOVED:
		return "→ moved";
	case CF_FOUND_CARRIED:
		return "  carried";
	case CF_FOUND_UNSURE:
		return "? unsure";
	case CF_FOUND_SMALL:
		return "  small";
	case CF_FOUND_SAME:
		return "= same";
	case CF_FOUND_NOISE:
		break;
	}
	return "  noise";
}

/* "1.27-1.47", "2.10-", "-0.40", and nothing where nothing is known. */
static char *interval_text(const struct cf_interval *ratio)
{
	gboolean lo = ratio->lo > 0, hi = isfinite(ratio->hi);

	if ((!lo && !hi) || isnan(ratio->estimate))
		return NULL;
	if (ratio->lo == ratio->hi)
		return g_strdup("exact");
	if (!hi)
		return g_strdup_printf("> %.2f", ratio->lo);
	return lo ? g_strdup_printf("%.2f-%.2f", ratio->lo, ratio->hi) : g_strdup_printf("< %.2f", ratio->hi);
}

static char *q_text(const struct cf_judged *judged)
{
	if (isnan(judged->q) || !judged->tested)
		return NULL;
	if (judged->q < 0.001)
		return g_strdup("<0.001");
	return judged->q > 0.9995 ? g_strdup("1") : g_strdup_printf("%.3f", judged->q);
}

static void append_names(GString *text, const struct cf_comparison *comparison, const GArray *rows,
			 guint limit)
{
	for (guint i = 0; i < rows->len && i < limit; i++) {
		g_autofree char *name = cf_compared_name(comparison, g_array_index(rows, uint32_t, i));

		g_string_append_printf(text, "%s%s", i ? ", " : "", name);
	}
	if (rows->len > limit)
		g_string_append_printf(text, " and %u more", rows->len - limit);
}

/* What a carried function's row is about is in its callees. */
static const struct cf_judged *shown_judged(const struct cf_compared *function)
{
	return function->by_total || function->found == CF_FOUND_CARRIED ? &function->total : &function->self;
}

static gboolean shows_total(const struct cf_compared *function)
{
	return shown_judged(function) == &function->total;
}

static void note_join(GString *note, const struct cf_side_row *row)
{
	if (!row->old_name)
		return;
	g_string_append_printf(note, "%swas %s", note->len ? "; " : "", row->old_name);
	if (strcmp(row->old_module, row->module) != 0 && *row->old_module)
		g_string_append_printf(note, " in %s", row->old_module);
	if (row->join == CF_JOIN_CONTEXT)
		g_string_append(note, ", told by callers and callees");
	if (row->join == CF_JOIN_RENAME)
		g_string_append(note, ", renamed says git");
}

/* How much more would tell. */
static void note_needed(GString *note, const struct cf_comparison *comparison, const struct cf_judged *judged)
{
	if (!isfinite(judged->needed))
		return;
	if (comparison->by_ranks)
		g_string_append_printf(note, "%srecord %.0f runs a side to tell", note->len ? "; " : "",
				       judged->needed);
	else if (judged->needed > 1)
		g_string_append_printf(note, "%srecord %.1f times as much to tell", note->len ? "; " : "",
				       judged->needed);
}

/* The others of its group. */
static void note_moved(GString *note, const struct cf_comparison *comparison,
		       const struct cf_compared *function)
{
	g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (uint32_t i = 0; i < comparison->functions->len; i++) {
		const struct cf_compared *other = cf_compared_at(comparison, i);

		if (other != function && other->found == CF_FOUND_MOVED && other->group == function->group)
			g_array_append_val(others, i);
	}
	g_string_append(note, note->len ? "; together with " : "together with ");
	append_names(note, comparison, others, 4);
	g_string_append(note, " it costs what it did");
}

static char *note_of(const struct cf_comparison *comparison, const struct cf_compared *function)
{
	GString *note = g_string_new(NULL);

	note_join(note, function->row);
	if (function->by_total)
		g_string_append_printf(note, "%sin what it calls, no single function of it alone",
				       note->len ? "; " : "");
	if (function->causes && function->causes->len) {
		g_string_append(note, note->len ? "; because of " : "because of ");
		append_names(note, comparison, function->causes, 5);
	}
	if (function->callers && function->callers->len && cf_found_is_change(function->found)) {
		g_string_append(note, note->len ? "; carried by callers: " : "carried by callers: ");
		append_names(note, comparison, function->callers, 6);
	}
	if (function->suspect)
		g_string_append_printf(note, "%ssuspect: %s", note->len ? "; " : "", function->suspect);
	if (function->found == CF_FOUND_MOVED)
		note_moved(note, comparison, function);
	if (function->found == CF_FOUND_UNSURE)
		note_needed(note, comparison, shown_judged(function));
	if (function->found == CF_FOUND_NOISE && isfinite(function->self.visible) && !note->len)
		g_string_append_printf(note, "a change of %.0f %% would show",
				       (function->self.visible - 1) * 100);
	if (!note->len) {
		g_string_free(note, TRUE);
		return NULL;
	}
	return g_string_free(note, FALSE);
}

static char *side_text(const struct cf_run_set *set, gboolean with_name)
{
	const struct cf_run *last = g_ptr_array_index(set->runs, set->runs->len - 1);
	g_autofree char *runs = set->runs->len == 1 ? g_strdup_printf("run %" G_GINT64_FORMAT, last->id)
						    : g_strdup_printf("%u runs", set->runs->len);

	return with_name ? g_strdup_printf("%s, %s", last->name, runs) : g_steal_pointer(&runs);
}

char *cf_compare_title(const struct cf_analysis *analysis)
{
	const struct cf_run *base = g_ptr_array_index(analysis->base->runs, analysis->base->runs->len - 1);
	const struct cf_run *run =
		g_ptr_array_index(analysis->current->runs, analysis->current->runs->len - 1);
	g_autofree char *after = side_text(analysis->current, TRUE);
	g_autofree char *before = side_text(analysis->base, strcmp(base->name, run->name) != 0);

	return g_strdup_printf("%s, compared with %s", after, before);
}

/* --- rows -------------------------------------------------------------------------------------------------- */

static const struct cf_column columns[] = {
	{ "function", "function", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "verdict_text", "verdict", CF_UNIT_NONE, CF_COLUMN_LEAD },
	{ "of", "of", CF_UNIT_NONE, 0 },
	{ "before", "before", CF_UNIT_NONE, CF_COLUMN_COST },
	{ "expected", "before", CF_UNIT_NONE, CF_COLUMN_COST }, /* instead of before, where that is scaled */
	{ "after", "after", CF_UNIT_NONE, CF_COLUMN_COST },
	{ "delta", "change", CF_UNIT_NONE, CF_COLUMN_COST | CF_COLUMN_SIGNED },
	{ "expected_delta", "change", CF_UNIT_NONE, CF_COLUMN_COST | CF_COLUMN_SIGNED },
	{ "ratio", "ratio", CF_UNIT_NONE, 0 },
	{ "interval_text", "95 % CI", CF_UNIT_NONE, 0 },
	{ "q_text", "q", CF_UNIT_NONE, 0 },
	{ "note", "remarks", CF_UNIT_NONE, CF_COLUMN_NAME },
	{ "verdict", "verdict", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "ratio_lo", "ratio from", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "ratio_hi", "ratio to", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "p", "p", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "q", "q", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "needed", "times as much needed", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "visible", "least visible ratio", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "count_before", "samples before", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "count_after", "samples after", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "total_before", "total before", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "total_after", "total after", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "total_delta", "total change", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "total_ratio", "total ratio", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "total_q", "total q", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "old_function", "function before", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
	{ "file", "file", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
	{ "line", "line", CF_UNIT_ID, CF_COLUMN_DATA },
};

static gboolean is_of(const char *id, const char *const *ids)
{
	for (; *ids; ids++)
		if (!strcmp(id, *ids))
			return TRUE;
	return FALSE;
}

/* Whole numbers stay what they are; a mean of runs needn't be one. */
static void cost_cell(struct cf_node *table, const struct cf_comparison *comparison, int64_t weight, int side)
{
	if (comparison->sides->runs[side] <= 1)
		cf_table_int(table, weight);
	else
		cf_table_double(table, cf_compared_cost(comparison, weight, side));
}

static void change_cell(struct cf_node *table, const struct cf_comparison *comparison, int64_t before,
			int64_t after)
{
	if (comparison->sides->runs[CF_BEFORE] <= 1 && comparison->sides->runs[CF_AFTER] <= 1)
		cf_table_int(table, cf_difference(after, before));
	else
		cf_table_double(table, cf_compared_cost(comparison, after, CF_AFTER) -
					       cf_compared_cost(comparison, before, CF_BEFORE));
}

/* Both sides as they are and made comparable; which of them is shown is for set_columns to say. */
static void cost_cells(struct cf_node *table, const struct cf_comparison *comparison, int64_t before,
		       int64_t after)
{
	double expected = cf_compared_expected(comparison, before);

	cost_cell(table, comparison, before, CF_BEFORE);
	cf_table_double(table, expected);
	cost_cell(table, comparison, after, CF_AFTER);
	change_cell(table, comparison, before, after);
	cf_table_double(table, cf_compared_cost(comparison, after, CF_AFTER) - expected);
}

static void number_cell(struct cf_node *table, double value)
{
	if (isnan(value))
		cf_table_empty(table);
	else
		cf_table_double(table, value);
}

static void add_total_cells(struct cf_node *table, const struct cf_comparison *comparison,
			    const struct cf_compared *function)
{
	const struct cf_side_cost *cost = function->row->cost;

	if (function->row->merged) {
		for (int i = 0; i < 5; i++)
			cf_table_empty(table);
		return;
	}
	cost_cell(table, comparison, cost[CF_BEFORE].total, CF_BEFORE);
	cost_cell(table, comparison, cost[CF_AFTER].total, CF_AFTER);
	change_cell(table, comparison, cost[CF_BEFORE].total, cost[CF_AFTER].total);
	number_cell(table,
		    function->has_total ? function->total.ratio.estimate : function->self.ratio.estimate);
	number_cell(table, function->has_total ? function->total.q : function->self.q);
}

static void add_row(struct cf_doc *doc, struct cf_node *table, const struct cf_comparison *comparison,
		    const struct cf_compared *function)
{
	const struct cf_side_row *row = function->row;
	const struct cf_judged *judged = shown_judged(function);
	gboolean total = shows_total(function);
	int64_t before = total ? row->cost[CF_BEFORE].total : row->cost[CF_BEFORE].self;
	int64_t after = total ? row->cost[CF_AFTER].total : row->cost[CF_AFTER].self;
	g_autofree char *interval = interval_text(&judged->ratio), *q = q_text(judged);
	g_autofree char *note = note_of(comparison, function);

	cf_table_text(doc, table, row->name);
	cf_table_text(doc, table, row->module);
	cf_table_text(doc, table, verdict_text(comparison, function->found));
	cf_table_text(doc, table, total ? "total" : "self");
	cost_cells(table, comparison, before, after);
	number_cell(table, judged->ratio.estimate);
	cf_table_text(doc, table, interval);
	cf_table_text(doc, table, q);
	cf_table_text(doc, table, note);
	cf_table_text(doc, table, cf_found_name(function->found));
	number_cell(table, judged->ratio.lo);
	number_cell(table, judged->ratio.hi);
	number_cell(table, judged->p);
	number_cell(table, judged->q);
	number_cell(table, judged->needed);
	number_cell(table, judged->visible);
	cf_table_int(table, total ? row->cost[CF_BEFORE].total_count : row->cost[CF_BEFORE].self_count);
	cf_table_int(table, total ? row->cost[CF_AFTER].total_count : row->cost[CF_AFTER].self_count);
	add_total_cells(table, comparison, function);
	cf_table_text(doc, table, row->old_name ? row->old_name : "");
	cf_table_text(doc, table, row->file);
	cf_table_int(table, row->line);
}

struct order {
	const struct cf_comparison *comparison;
};

/* The number that a row is about, after less before. */
static double shown_change(const struct cf_comparison *comparison, const struct cf_compared *function)
{
	return cf_compared_change(comparison, function, shows_total(function));
}

/* What matters first: by what was found, then the largest change; noise by cost. */
static gint by_weight(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_comparison *comparison = data;
	const struct cf_compared *x = cf_compared_at(comparison, *(const uint32_t *)a);
	const struct cf_compared *y = cf_compared_at(comparison, *(const uint32_t *)b);
	int group_x = cf_found_is_worse(x->found) ? 0 : MIN((int)x->found, CF_FOUND_SMALL);
	int group_y = cf_found_is_worse(y->found) ? 0 : MIN((int)y->found, CF_FOUND_SMALL);
	double weight_x, weight_y;

	if (group_x != group_y)
		return group_x - group_y;
	weight_x = fabs(shown_change(comparison, x));
	weight_y = fabs(shown_change(comparison, y));
	if (group_x == CF_FOUND_SMALL) {
		weight_x = (double)x->row->cost[CF_BEFORE].self + (double)x->row->cost[CF_AFTER].self;
		weight_y = (double)y->row->cost[CF_BEFORE].self + (double)y->row->cost[CF_AFTER].self;
	}
	if (weight_x != weight_y)
		return weight_x > weight_y ? -1 : 1;
	return *(const uint32_t *)a > *(const uint32_t *)b ? 1 : -1; /* rows are in the order of names */
}

static uint32_t *sort_rows(const struct cf_comparison *comparison)
{
	guint n = comparison->functions->len;
	uint32_t *order = g_new(uint32_t, n + 1);

	for (guint i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), by_weight, (gpointer)comparison);
	return order;
}

/* A page has room for what didn't change, where the eye can compare; a screen only for what to look at. */
#define PAGE_ROWS 50

static gboolean is_worth_a_row(const struct cf_analysis *analysis, const struct cf_compared *function)
{
	if (analysis->reader == CF_READER_PROGRAM || cf_params_bool(analysis->params, "all"))
		return TRUE;
	return cf_found_is_change(function->found) || function->found == CF_FOUND_MOVED ||
	       function->found == CF_FOUND_UNSURE;
}

/* Where nothing changed, the heaviest say what would have shown. */
#define QUIET_ROWS 5

int64_t cf_compare_limit(const struct cf_analysis *analysis)
{
	if (analysis->reader == CF_READER_PROGRAM && !cf_params_is_set(analysis->params, "top"))
		return 0;
	return cf_params_int(analysis->params, "top");
}

static guint count_rows(const struct cf_analysis *analysis, const struct cf_comparison *comparison,
			const uint32_t *order, gboolean *quiet)
{
	int64_t limit = cf_compare_limit(analysis);
	guint n = 0, at = 0;

	/* Carried ones stand between, so that rows are taken by number. */
	for (guint i = 0; i < comparison->functions->len; i++)
		if (is_worth_a_row(analysis, cf_compared_at(comparison, order[i])) && (!limit || n < limit)) {
			n++;
			at = i + 1;
		}
	*quiet = !n;
	return n ? at : MIN(QUIET_ROWS, comparison->functions->len);
}

static gboolean any_total(const struct cf_comparison *comparison, const struct cf_analysis *analysis)
{
	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct cf_compared *function = cf_compared_at(comparison, i);

		if (shows_total(function) && is_worth_a_row(analysis, function))
			return TRUE;
	}
	return FALSE;
}

/* The module of all rows that are shown, "" when they have none; NULL: several. */
static const char *only_module(const struct cf_analysis *analysis, const struct cf_comparison *comparison)
{
	const char *module = NULL;

	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct cf_compared *function = cf_compared_at(comparison, i);

		if (!is_worth_a_row(analysis, function))
			continue;
		if (module && strcmp(module, function->row->module) != 0)
			return NULL;
		module = function->row->module;
	}
	return module;
}

static void set_columns(struct cf_column *shown, const struct cf_analysis *analysis,
			const struct cf_comparison *comparison)
{
	static const char *const costs[] = { "before",         "expected",     "after",
					     "delta",          "total_before", "total_after",
					     "expected_delta", "total_delta",  NULL };
	static const char *const recorded[] = { "before", "delta", NULL };
	static const char *const scaled[] = { "expected", "expected_delta", NULL };
	static const char *const tests[] = { "q_text", NULL };
	gboolean exact = comparison->sides->metric.method == CF_COMPARE_EXACT && !comparison->by_ranks;

	memcpy(shown, columns, sizeof(columns));
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (is_of(shown[i].id, costs))
			shown[i].unit = comparison->sides->metric.unit;
		if (is_of(shown[i].id, cf_compared_is_scaled(comparison) ? recorded : scaled))
			shown[i].flags |= CF_COLUMN_DATA;
		if (exact && is_of(shown[i].id, tests))
			shown[i].flags |= CF_COLUMN_DATA;
		if (exact && !strcmp(shown[i].id, "interval_text") &&
		    comparison->sides->runs[CF_BEFORE] <= 1 && comparison->sides->runs[CF_AFTER] <= 1)
			shown[i].flags |= CF_COLUMN_DATA;
		if (!strcmp(shown[i].id, "of") && !any_total(comparison, analysis))
			shown[i].flags |= CF_COLUMN_DATA;
		if (!strcmp(shown[i].id, "module") && only_module(analysis, comparison))
			shown[i].flags |= CF_COLUMN_DATA;
	}
}

/* All that has no row, so that each column adds up to the whole. Rows about totals aren't part of the sum. */
static void add_rest(struct cf_doc *doc, struct cf_node *table, const struct cf_comparison *comparison,
		     guint more, const int64_t shown[CF_SIDES])
{
	static const char *const cells[] = { "expected", "after", "delta", "expected_delta", NULL };
	int64_t rest[CF_SIDES];
	g_autofree char *text = NULL;

	for (int side = 0; side < CF_SIDES; side++)
		rest[side] = cf_difference(comparison->sides->weight[side], shown[side]);
	if (!more && !rest[CF_BEFORE] && !rest[CF_AFTER])
		return;
	text = more ? g_strdup_printf("%u more %s (--all shows them)", more, function_word(more))
		    : g_strdup("the rest");
	cf_table_rest(table);
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
		const char *id = columns[i].id;

		if (i == 0)
			cf_table_text(doc, table, text);
		else if (!strcmp(id, "before"))
			cost_cells(table, comparison, rest[CF_BEFORE], rest[CF_AFTER]);
		else if (!is_of(id, cells))
			cf_table_empty(table);
	}
}

static void present_table(struct cf_analysis *analysis, const struct cf_comparison *comparison)
{
	struct cf_column shown[G_N_ELEMENTS(columns)];
	g_autofree uint32_t *order = sort_rows(comparison);
	gboolean quiet;
	guint rows = count_rows(analysis, comparison, order, &quiet), skipped = 0;
	int64_t sums[CF_SIDES] = { 0 };
	g_autofree char *caption = NULL, *title = NULL;
	const char *module;
	struct cf_node *table;
	gboolean means = comparison->sides->runs[CF_BEFORE] > 1 || comparison->sides->runs[CF_AFTER] > 1;

	title = g_strdup_printf("before ×%.3g", cf_compared_scale(comparison));
	set_columns(shown, analysis, comparison);
	for (size_t i = 0; i < G_N_ELEMENTS(columns) && cf_compared_is_scaled(comparison); i++)
		if (!strcmp(shown[i].id, "expected"))
			shown[i].title = title;
	module = only_module(analysis, comparison);
	caption = g_strdup_printf("%s by function%s%s%s", comparison->sides->metric.after,
				  module && *module ? " of " : "", module ? module : "",
				  means ? ", mean of the runs of a side" : "");
	table = cf_doc_table(analysis->doc, analysis->section, "functions", caption, shown,
			     G_N_ELEMENTS(columns));
	table->table->recompute = cf_analysis_command(analysis, &cf_analyzer_compare);
	for (guint i = 0; i < rows; i++) {
		const struct cf_compared *function = cf_compared_at(comparison, order[i]);

		if (!quiet && !is_worth_a_row(analysis, function)) {
			skipped++;
			continue;
		}
		add_row(analysis->doc, table, comparison, function);
		for (int side = 0; side < CF_SIDES && !shows_total(function); side++)
			cf_sum(&sums[side], function->row->cost[side].self);
	}
	add_rest(analysis->doc, table, comparison, comparison->functions->len - rows + skipped, sums);
}

void cf_compare_present(struct cf_analysis *analysis, const struct cf_comparison *comparison)
{
	g_autofree char *headline = cf_compare_headline(comparison);
	struct cf_node *para = cf_doc_add(analysis->doc, analysis->section, CF_PARA, NULL);
	struct cf_node *strong = cf_doc_add(analysis->doc, para, CF_STRONG, NULL);
	g_autofree char *sentence = g_strconcat(headline, ".", NULL);

	cf_doc_add(analysis->doc, strong, CF_TEXT, sentence);
	present_table(analysis, comparison);
	cf_compare_present_method(analysis, comparison);
}
