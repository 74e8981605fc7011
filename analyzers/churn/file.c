/* SPDX-License-Identifier: MIT */
/* file: one file of a history: when it changed, by whom, with what, and which of its functions. */
#include "analyzers/churn/brief.h"

#include "analyzers/churn/days.h"
#include "analyzers/churn/months.h"
#include "analyzers/churn/tables.h"
#include "core/sum.h"

#include <string.h>

/* ---- history ---- */

struct month {
	int32_t at;
	uint32_t revs, authors;
	int64_t added, deleted;
};

static int compare_months(const void *a, const void *b)
{
	int32_t x = ((const struct month *)a)->at, y = ((const struct month *)b)->at;

	return x < y ? -1 : x > y;
}

/* One row per month with a revision of entity, by month. */
static GArray *months_of(const struct cf_churn *churn, uint32_t entity)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct month));
	/* A row per revision, with its author; then those of a month are one. */
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	guint kept = 0;

	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);

		for (uint32_t i = 0; i < commit->changes; i++) {
			struct month row = { cf_month_of(commit->day), 1, commit->author, changes[i].added,
					     changes[i].deleted };

			if (changes[i].entity == entity)
				g_array_append_val(rows, row);
		}
	}
	g_array_sort(rows, compare_months);
	for (guint i = 0; i < rows->len; i++) {
		const struct month row = g_array_index(rows, struct month, i);
		struct month *last = kept ? &g_array_index(rows, struct month, kept - 1) : NULL;

		if (!last || last->at != row.at) {
			g_hash_table_remove_all(seen);
			last = &g_array_index(rows, struct month, kept++);
			*last = (struct month){ .at = row.at };
		}
		last->revs++;
		last->added = cf_add_sat(last->added, row.added);
		last->deleted = cf_add_sat(last->deleted, row.deleted);
		last->authors += g_hash_table_add(seen, GUINT_TO_POINTER(row.authors + 1));
	}
	g_array_set_size(rows, kept);
	return rows;
}

static void add_chart(struct cf_churn_answers *a, struct cf_node *section, const GArray *months)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_month));

	for (guint i = 0; i < months->len; i++) {
		const struct month *month = &g_array_index(months, struct month, i);
		const struct cf_churn_month row = { month->at, month->revs, month->added, month->deleted };

		g_array_append_val(rows, row);
	}
	cf_churn_months_chart(a, section, "history-by-month", NULL, "revisions", rows);
}

static void present_history(struct cf_churn_answers *a, struct cf_node *section, uint32_t entity)
{
	static const struct cf_column columns[] = { { "month", "month", CF_UNIT_NONE, 0 },
						    { "n_revs", "revs", CF_UNIT_COUNT, 0 },
						    { "authors", "authors", CF_UNIT_COUNT, 0 },
						    { "added", "added", CF_UNIT_COUNT, 0 },
						    { "deleted", "deleted", CF_UNIT_COUNT, 0 } };
	g_autoptr(GArray) months = months_of(a->churn, entity);
	guint n = cf_churn_rows(a, months->len);
	g_autofree char *caption =
		n == months->len
			? g_strdup("history")
			: g_strdup_printf("history: the last %u of %u months with revisions (-n 0 shows all)",
					  n, months->len);
	struct cf_node *table;

	add_chart(a, section, months);
	table = cf_churn_table(a, section, "history", caption, columns, G_N_ELEMENTS(columns));

	for (guint i = months->len - n; i < months->len; i++) {
		const struct month *row = &g_array_index(months, struct month, i);
		char text[CF_DAY_TEXT];

		g_snprintf(text, sizeof(text), "%04d-%02d", row->at / 12 % 10000, row->at % 12 + 1);
		cf_table_text(a->analysis->doc, table, text);
		cf_table_int(table, row->revs);
		cf_table_int(table, row->authors);
		cf_table_int(table, row->added);
		cf_table_int(table, row->deleted);
	}
}

/* ---- people ---- */

static int compare_shares(const void *a, const void *b)
{
	const struct cf_churn_share *x = a, *y = b;

	if (x->revs != y->revs)
		return x->revs > y->revs ? -1 : 1;
	return x->author < y->author ? -1 : x->author > y->author;
}

static void present_people(struct cf_churn_answers *a, struct cf_node *section, uint32_t entity)
{
	static const struct cf_column columns[] = {
		CF_CHURN_AUTHOR,
		{ "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "ownership", "of all %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
		{ "added", "added", CF_UNIT_COUNT, 0 },
		{ "deleted", "deleted", CF_UNIT_COUNT, 0 },
		{ "last", "last", CF_UNIT_NONE, 0 },
	};
	const struct cf_churn_sum *sum = cf_churn_sum(a->sums, entity);
	g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_share));
	guint n = cf_churn_rows(a, sum->authors);
	struct cf_node *table =
		cf_churn_table(a, section, "file-authors", "who changes it", columns, G_N_ELEMENTS(columns));

	if (sum->authors)
		g_array_append_vals(shares, cf_churn_share(a->sums, sum->first), sum->authors);
	g_array_sort(shares, compare_shares);
	for (guint i = 0; i < n; i++) {
		const struct cf_churn_share *share = &g_array_index(shares, struct cf_churn_share, i);
		char day[CF_DAY_TEXT];

		cf_day_text(share->last_day, day);
		cf_churn_author_cell(a, table, share->author);
		cf_table_int(table, share->revs);
		cf_table_double(table, (double)share->revs / sum->revs);
		cf_table_int(table, share->added);
		cf_table_int(table, share->deleted);
		cf_table_text(a->analysis->doc, table, day);
	}
	cf_churn_rest(a, table, n, sum->authors, cf_churn_author_word(a, FALSE),
		      cf_churn_author_word(a, TRUE));
}

/* ---- coupling ---- */

static void present_coupled(struct cf_churn_answers *a, struct cf_node *section, uint32_t entity)
{
	static const struct cf_column columns[] = {
		{ "coupled", "changes with", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "degree", "degree %", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "shared_revisions", "together", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "second_entity_revisions", "its revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
	};
	g_autoptr(GArray) rows = cf_coupling_of(a->churn, cf_churn_answer_coupling(a), entity);
	guint n = cf_churn_rows(a, rows->len);
	g_autofree char *caption = g_strdup_printf("what it changes with, in commits of %d %s at most",
						   CF_COUPLING_BULK, cf_churn_entity_word(a, TRUE));
	struct cf_node *table =
		cf_churn_table(a, section, "coupled", caption, columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		const struct cf_coupled *row = &g_array_index(rows, struct cf_coupled, i);

		cf_churn_entity_cell(a, table, row->coupled);
		cf_table_int(table, row->degree);
		cf_table_int(table, row->shared);
		cf_table_int(table, row->second_revs);
	}
	cf_churn_rest(a, table, n, rows->len, cf_churn_entity_word(a, FALSE), cf_churn_entity_word(a, TRUE));
}

/* ---- functions ---- */

static void present_functions(struct cf_churn_answers *a, struct cf_node *section)
{
	const struct cf_churn_funcs *funcs = cf_churn_answer_funcs(a);
	g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_func));

	for (guint i = 0; i < funcs->rows->len; i++)
		if (g_array_index(funcs->rows, struct cf_churn_func, i).path == a->file)
			g_array_append_vals(own, &g_array_index(funcs->rows, struct cf_churn_func, i), 1);
	if (!own->len)
		return;
	cf_churn_functions_table(a, section, "its functions: revisions x cyclomatic complexity", own);
	cf_churn_functions_note(a, section);
}

/* ---- all of it ---- */

/* The name before the newest renaming of the file, or NULL. */
static const char *former_name(const struct cf_churn_answers *a)
{
	const struct cf_history *h = a->history;

	for (guint i = h->changes->len; i-- > 0;) {
		const struct cf_change *change = &g_array_index(h->changes, struct cf_change, i);

		if (change->path == a->file && change->old_path != CF_NONE)
			return cf_history_path_text(h, change->old_path);
	}
	return NULL;
}

static void present_line(struct cf_churn_answers *a, struct cf_node *section, uint32_t entity)
{
	const struct cf_churn_entity *e = cf_churn_entity(a->churn, entity);
	const struct cf_churn_sum *sum = cf_churn_sum(a->sums, entity);
	const GArray *spots = cf_churn_answer_hotspots(a);
	char first[CF_DAY_TEXT], last[CF_DAY_TEXT];
	g_autoptr(GString) text = g_string_new(NULL);

	cf_day_text(sum->first_day, first);
	cf_day_text(sum->last_day, last);
	g_string_printf(text, "%s  %s  %u revision%s by %u %s, %s to %s", a->history->name, e->name,
			sum->revs, sum->revs == 1 ? "" : "s", sum->authors,
			cf_churn_author_word(a, sum->authors != 1), first, last);
	if (!e->at_head && a->churn->has_head)
		g_string_append(text, "; not at the head");
	else if (e->lines)
		g_string_append_printf(text, "; %u lines", e->lines);
	if (e->complexity)
		g_string_append_printf(text, ", complexity %u", e->complexity);
	for (guint i = 0; i < spots->len; i++)
		if (g_array_index(spots, struct cf_hotspot, i).entity == entity)
			g_string_append_printf(text, "; hotspot %u of %u", i + 1, spots->len);
	if (a->profile && a->profile->share[entity] > 0) {
		g_autofree char *share = cf_unit_text(CF_UNIT_RATIO, a->profile->share[entity]);

		g_string_append_printf(text, "; %s of %s", share, a->profile->ranking.metric);
	}
	cf_doc_para(a->analysis->doc, section, "%s", text->str);
}

void cf_churn_present_file(struct cf_churn_answers *a, struct cf_node *section)
{
	uint32_t entity = a->churn->entity_of[a->file];
	const char *former = cf_params_bool(a->analysis->params, "follow") ? NULL : former_name(a);

	if (entity == CF_NONE || !cf_churn_sum(a->sums, entity)->revs) {
		cf_doc_para(a->analysis->doc, section, "%s  %s has no revisions that these settings count",
			    a->history->name, a->path);
		return;
	}
	present_line(a, section, entity);
	if (former)
		cf_doc_para(a->analysis->doc, section,
			    "was %s before it was renamed: --follow counts that history as its own", former);
	present_history(a, section, entity);
	present_people(a, section, entity);
	present_coupled(a, section, entity);
	present_functions(a, section);
}
