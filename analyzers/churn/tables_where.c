/* SPDX-License-Identifier: MIT */
/* tables_where: hotspots, risk and cost: where to look first. */
#include "analyzers/churn/tables.h"

#include <string.h>

#include "analyzers/churn/days.h"
#include "analyzers/churn/months.h"

static const char *const sizes[] = {
	[CF_SIZE_LINES] = "non-blank lines",
	[CF_SIZE_COMPLEXITY] = "cyclomatic complexity",
	[CF_SIZE_INDENT] = "steps of indentation",
};

static const char *note_of(const struct cf_churn_entity *entity)
{
	if (entity->flags & CF_PATH_GENERATED)
		return "generated";
	if (entity->flags & CF_PATH_VENDORED)
		return "vendored";
	return entity->flags & CF_PATH_LOOKS_GENERATED ? "generated?" : NULL;
}

/* A column is for programs only when it would say nothing. */
static void hide(struct cf_column *columns, size_t n, const char *id, gboolean hidden)
{
	for (size_t i = 0; hidden && i < n; i++)
		if (strcmp(columns[i].id, id) == 0)
			columns[i].flags |= CF_COLUMN_DATA;
}

static void set_title(struct cf_column *columns, size_t n, const char *id, const char *title)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(columns[i].id, id) == 0)
			columns[i].title = title;
}

static void cost_cell(struct cf_churn_answers *a, struct cf_node *table, uint32_t entity)
{
	if (a->profile)
		cf_table_double(table, a->profile->share[entity]);
	else
		cf_table_empty(table);
}

static void no_code(struct cf_churn_answers *a, struct cf_node *section)
{
	cf_doc_para(a->analysis->doc, section,
		    a->churn->has_code
			    ? "no program text at the head has revisions"
			    : "what is at the head isn't known, so there are no sizes: logs have none; "
			      "callflow ingest DIRECTORY reads them from a repository");
}

/* ---- hotspots ---- */

static void hotspot_columns(struct cf_churn_answers *a, struct cf_column *columns, size_t n,
			    const GArray *spots, guint shown)
{
	gboolean complexity = FALSE, note = FALSE;

	for (guint i = 0; i < shown; i++) {
		const struct cf_churn_entity *entity =
			cf_churn_entity(a->churn, g_array_index(spots, struct cf_hotspot, i).entity);

		complexity = complexity || entity->complexity;
		note = note || note_of(entity);
	}
	set_title(columns, n, "cpu_share", cf_churn_cost_title(a));
	hide(columns, n, "complexity", !complexity && a->size != CF_SIZE_COMPLEXITY);
	hide(columns, n, "indent4_sum", a->size != CF_SIZE_INDENT);
	hide(columns, n, "cpu_share", !a->profile);
	hide(columns, n, "note", !note);
}

static void hotspot_row(struct cf_churn_answers *a, struct cf_node *table, const struct cf_hotspot *spot,
			const double *trend)
{
	const struct cf_churn_entity *entity = cf_churn_entity(a->churn, spot->entity);

	cf_churn_entity_cell(a, table, spot->entity);
	cf_table_double(table, spot->score);
	cf_table_int(table, cf_churn_sum(a->sums, spot->entity)->revs);
	cf_table_trend(table, trend, CF_MONTHS_TREND);
	cf_table_int(table, entity->lines);
	cf_table_int(table, entity->nonblank);
	cf_table_int(table, entity->indent);
	if (entity->complexity)
		cf_table_int(table, entity->complexity);
	else
		cf_table_empty(table);
	cost_cell(a, table, spot->entity);
	cf_table_text(a->analysis->doc, table, note_of(entity));
}

void cf_churn_present_hotspots(struct cf_churn_answers *a, struct cf_node *section)
{
	struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "score", "score", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "months", "12 months", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "lines", "all lines", CF_UNIT_COUNT, CF_COLUMN_DATA },
		{ "nonblank", "lines", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "indent4_sum", "indent", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "complexity", "complexity", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "cpu_share", "cpu %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
		{ "note", "", CF_UNIT_NONE, CF_COLUMN_NAME },
	};
	const GArray *spots = cf_churn_answer_hotspots(a);
	guint n = cf_churn_rows(a, spots->len);
	g_autofree char *caption =
		g_strdup_printf("hotspots: revisions x %s, 1.00 = first in both", sizes[a->size]);
	g_autofree uint32_t *entities = g_new(uint32_t, n + 1);
	g_autofree double *trends = NULL;
	struct cf_node *table;

	for (guint i = 0; i < n; i++)
		entities[i] = g_array_index(spots, struct cf_hotspot, i).entity;
	trends = cf_churn_trends(a->churn, entities, n);
	hotspot_columns(a, columns, G_N_ELEMENTS(columns), spots, n);
	table = cf_churn_table(a, section, "hotspots", caption, columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < n; i++)
		hotspot_row(a, table, &g_array_index(spots, struct cf_hotspot, i),
			    trends + (gsize)i * CF_MONTHS_TREND);
	cf_churn_rest(a, table, n, spots->len, cf_churn_entity_word(a, FALSE), cf_churn_entity_word(a, TRUE));
	if (!spots->len)
		no_code(a, section);
}

/* ---- refactoring ---- */

void cf_churn_present_refactoring(struct cf_churn_answers *a, struct cf_node *section)
{
	struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "priority", "priority", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "score", "hotspot", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "cpu_share", "cpu %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
		{ "main_dev", "main developer", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "ownership", "own %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
	};
	g_autoptr(GArray) rows =
		cf_refactorings(a->sums, cf_churn_answer_hotspots(a), cf_churn_answer_cost(a));
	guint n = cf_churn_rows(a, rows->len);
	struct cf_node *table;

	set_title(columns, G_N_ELEMENTS(columns), "cpu_share", cf_churn_cost_title(a));
	hide(columns, G_N_ELEMENTS(columns), "cpu_share", !a->profile);
	hide(columns, G_N_ELEMENTS(columns), "score", !a->profile);
	table = cf_churn_table(a, section, "refactoring",
			       "what to refactor first, and who has added the most lines to it", columns,
			       G_N_ELEMENTS(columns));
	for (guint i = 0; i < n; i++) {
		const struct cf_refactoring *row = &g_array_index(rows, struct cf_refactoring, i);
		const struct cf_churn_main m = cf_churn_main(a->sums, row->entity, CF_CHURN_ADDED);

		cf_churn_entity_cell(a, table, row->entity);
		cf_table_double(table, row->priority);
		cf_table_double(table, row->score);
		cost_cell(a, table, row->entity);
		cf_churn_author_cell(a, table, m.author);
		cf_table_double(table, m.ownership);
	}
	cf_churn_rest(a, table, n, rows->len, cf_churn_entity_word(a, FALSE), cf_churn_entity_word(a, TRUE));
	if (!rows->len)
		no_code(a, section);
	else
		cf_doc_para(a->analysis->doc, section, "priority = hotspot score x (1 + %s / the largest)%s",
			    cf_churn_cost_title(a),
			    a->profile ? "" : "; without a profile, the hotspot score");
}

/* ---- risk ---- */

void cf_churn_present_risk(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "risk", "risk", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "churned_per_line", "churn/line", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "minor_contributors", "minor", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "lines", "lines", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "rank_revs", "rank by revs", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "rank_churned", "rank by churn/line", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "rank_minor", "rank by minor", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "rank_lines", "rank by lines", CF_UNIT_NONE, CF_COLUMN_DATA },
	};
	g_autoptr(GArray) risks = cf_risks(a->sums, a->bots);
	guint n = cf_churn_rows(a, risks->len);
	struct cf_node *table =
		cf_churn_table(a, section, "risk", "risk: mean of four ranks, each from 0 to 1 for the most",
			       columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		const struct cf_risk *risk = &g_array_index(risks, struct cf_risk, i);

		cf_churn_entity_cell(a, table, risk->entity);
		cf_table_double(table, risk->risk);
		cf_table_int(table, cf_churn_sum(a->sums, risk->entity)->revs);
		cf_table_double(table, risk->churned);
		cf_table_int(table, risk->contributors);
		cf_table_int(table, cf_churn_entity(a->churn, risk->entity)->lines);
		cf_table_double(table, risk->revisions);
		cf_table_double(table, risk->relative);
		cf_table_double(table, risk->minor);
		cf_table_double(table, risk->lines);
	}
	cf_churn_rest(a, table, n, risks->len, cf_churn_entity_word(a, FALSE), cf_churn_entity_word(a, TRUE));
	if (!risks->len)
		no_code(a, section);
	else
		cf_doc_para(a->analysis->doc, section,
			    "ranks: by revisions, by lines added and deleted per line, by contributors with "
			    "under "
			    "5 %% of the revisions (minor), by lines");
}

/* ---- functions ---- */

static void func_cell(struct cf_churn_answers *a, struct cf_node *table, const struct cf_churn_func *row)
{
	cf_table_text(a->analysis->doc, table, cf_history_text(a->history, row->name));
	cf_table_text(a->analysis->doc, table, cf_history_path_text(a->history, row->path));
}

static void func_numbers(struct cf_churn_answers *a, struct cf_node *table, const struct cf_churn_func *row)
{
	cf_table_int(table, row->revs);
	cf_table_int(table, row->added);
	cf_table_int(table, row->deleted);
	if (row->at_head)
		cf_table_int(table, row->lines);
	else
		cf_table_empty(table);
	if (row->complexity)
		cf_table_int(table, row->complexity);
	else
		cf_table_empty(table);
	cf_table_double(table, row->score);
	if (a->profile)
		cf_table_double(table, cf_share(row->self, a->profile->join->whole));
	else
		cf_table_empty(table);
	cf_table_text(a->analysis->doc, table, row->at_head ? NULL : "gone");
}

static void no_functions(struct cf_churn_answers *a, struct cf_node *section)
{
	cf_doc_para(a->analysis->doc, section,
		    a->history->code_funcs->len
			    ? "no function that is known was changed in the commits that count"
			    : "functions aren't known, so churn is per file: callflow ingest asks "
			      "universal-ctags "
			      "for them, where it is installed and knows the language");
}

void cf_churn_functions_table(struct cf_churn_answers *a, struct cf_node *section, const char *caption,
			      const GArray *rows)
{
	struct cf_column columns[] = {
		{ "function", "function", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "entity", "file", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "added", "added", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "deleted", "deleted", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "lines", "lines", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "complexity", "complexity", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "score", "score", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "cpu_share", "cpu %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
		{ "note", "", CF_UNIT_NONE, CF_COLUMN_NAME },
	};
	guint n = cf_churn_rows(a, rows->len);
	gboolean gone = FALSE;
	struct cf_node *table;

	for (guint i = 0; i < n; i++)
		gone = gone || !g_array_index(rows, struct cf_churn_func, i).at_head;
	set_title(columns, G_N_ELEMENTS(columns), "cpu_share", cf_churn_cost_title(a));
	hide(columns, G_N_ELEMENTS(columns), "cpu_share", !a->profile);
	hide(columns, G_N_ELEMENTS(columns), "note", !gone);
	/* Of one file. */
	hide(columns, G_N_ELEMENTS(columns), "entity", a->file != CF_NONE);
	table = cf_churn_table(a, section, "functions", caption, columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < n; i++) {
		const struct cf_churn_func *row = &g_array_index(rows, struct cf_churn_func, i);

		func_cell(a, table, row);
		func_numbers(a, table, row);
	}
	cf_churn_rest(a, table, n, rows->len, "function", "functions");
}

void cf_churn_functions_note(struct cf_churn_answers *a, struct cf_node *section)
{
	const struct cf_churn_funcs *funcs = cf_churn_answer_funcs(a);
	char day[CF_DAY_TEXT];

	cf_day_text(funcs->first_day, day);
	cf_doc_para(a->analysis->doc, section,
		    "functions are those of the %u commit%s since %s that they were read of", funcs->commits,
		    funcs->commits == 1 ? "" : "s", day);
}

void cf_churn_present_functions(struct cf_churn_answers *a, struct cf_node *section)
{
	const struct cf_churn_funcs *funcs = cf_churn_answer_funcs(a);

	cf_churn_functions_table(a, section,
				 "functions: revisions x cyclomatic complexity, 1.00 = first in both",
				 funcs->rows);
	if (funcs->rows->len)
		cf_churn_functions_note(a, section);
	else
		no_functions(a, section);
}

/* ---- cost ---- */

static void no_cost(struct cf_churn_answers *a, struct cf_node *section)
{
	if (a->profile_miss)
		cf_doc_para(a->analysis->doc, section, "%s", a->profile_miss);
	else
		cf_doc_para(a->analysis->doc, section,
			    "what costs isn't known: callflow ingest perf.data brings a profile in");
}

/* How much of the run the table is about, and what couldn't be told. */
static void present_join(struct cf_churn_answers *a, struct cf_node *section)
{
	const struct cf_cost_join *join = a->profile->join;
	g_autofree char *joined = cf_unit_text(CF_UNIT_RATIO, cf_share(join->joined, join->whole));
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, "%s of %s is in files of %s", joined, a->profile->ranking.metric,
			a->history->name);
	if (join->by_name) {
		g_autofree char *share = cf_unit_text(CF_UNIT_RATIO, cf_share(join->by_name, join->whole));

		g_string_append_printf(text, "; %s has no file and was told by the names of functions",
				       share);
	}
	if (join->ambiguous) {
		g_autofree char *share = cf_unit_text(CF_UNIT_RATIO, cf_share(join->ambiguous, join->whole));

		g_string_append_printf(text, "; %s could be in several", share);
		for (guint i = 0; i < join->doubts->len; i++)
			g_string_append_printf(text, "%s%s", i ? "; " : ": ",
					       (const char *)g_ptr_array_index(join->doubts, i));
	}
	cf_doc_para(a->analysis->doc, section, "%s", text->str);
}

void cf_churn_present_cost(struct cf_churn_answers *a, struct cf_node *section)
{
	struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "score", "score", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "cpu_share", "cpu %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
		{ "main_dev", "main developer", CF_UNIT_NONE, CF_COLUMN_NAME },
	};
	g_autoptr(GArray) rows = a->profile ? cf_hot_costs(a->sums, a->profile->share) : NULL;
	guint n = rows ? cf_churn_rows(a, rows->len) : 0;
	struct cf_node *table;

	set_title(columns, G_N_ELEMENTS(columns), "cpu_share", cf_churn_cost_title(a));
	table = cf_churn_table(a, section, "cost",
			       "change x cost: revisions x self cost, 1.00 = first in both", columns,
			       G_N_ELEMENTS(columns));
	for (guint i = 0; i < n; i++) {
		const struct cf_hot_cost *row = &g_array_index(rows, struct cf_hot_cost, i);

		cf_churn_entity_cell(a, table, row->entity);
		cf_table_double(table, row->score);
		cf_table_int(table, cf_churn_sum(a->sums, row->entity)->revs);
		cf_table_double(table, row->cost);
		cf_churn_author_cell(a, table, cf_churn_main(a->sums, row->entity, CF_CHURN_ADDED).author);
	}
	if (!a->profile) {
		no_cost(a, section);
		return;
	}
	cf_churn_rest(a, table, n, rows->len, cf_churn_entity_word(a, FALSE), cf_churn_entity_word(a, TRUE));
	present_join(a, section);
}

static int compare_hot(const void *x, const void *y)
{
	const struct cf_churn_func *const *a = x, *const *b = y;

	if ((*a)->hot != (*b)->hot)
		return (*a)->hot > (*b)->hot ? -1 : 1;
	/* Rows of one array: their order is unique. */
	return *a < *b ? -1 : *a > *b;
}

void cf_churn_present_cost_functions(struct cf_churn_answers *a, struct cf_node *section)
{
	struct cf_column columns[] = {
		{ "function", "function", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "entity", "file", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "score", "score", CF_UNIT_NONE, CF_COLUMN_LEAD },
		{ "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "cpu_share", "cpu %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
	};
	const struct cf_churn_funcs *funcs = cf_churn_answer_funcs(a);
	g_autoptr(GPtrArray) hot = g_ptr_array_new();
	struct cf_node *table;
	guint n;

	for (guint i = 0; i < funcs->rows->len; i++)
		if (g_array_index(funcs->rows, struct cf_churn_func, i).hot > 0)
			g_ptr_array_add(hot, &g_array_index(funcs->rows, struct cf_churn_func, i));
	g_ptr_array_sort(hot, compare_hot);
	n = cf_churn_rows(a, hot->len);
	set_title(columns, G_N_ELEMENTS(columns), "cpu_share", cf_churn_cost_title(a));
	table = cf_churn_table(a, section, "cost-functions",
			       "functions: revisions x self cost, 1.00 = first in both", columns,
			       G_N_ELEMENTS(columns));
	for (guint i = 0; i < n; i++) {
		const struct cf_churn_func *row = g_ptr_array_index(hot, i);

		func_cell(a, table, row);
		cf_table_double(table, row->hot);
		cf_table_int(table, row->revs);
		cf_table_double(table, cf_share(row->self, a->profile->join->whole));
	}
	cf_churn_rest(a, table, n, hot->len, "function", "functions");
	if (!a->profile)
		no_cost(a, section);
	else if (!funcs->rows->len)
		no_functions(a, section);
	else if (!hot->len)
		cf_doc_para(a->analysis->doc, section, "no function that costs was changed");
	if (a->profile && funcs->rows->len)
		cf_churn_functions_note(a, section);
}
