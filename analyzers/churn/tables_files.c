/* SPDX-License-Identifier: MIT */
/* tables_files: what changes how often, how much, when, and with what. */
#include "analyzers/churn/tables.h"

#include <math.h>
#include <string.h>

#include "analyzers/churn/days.h"
#include "analyzers/churn/months.h"

/* Negative when a comes first: the greater. */
static int descending(int64_t a, int64_t b)
{
	return (a < b) - (a > b);
}

/* ---- overview ---- */

void cf_churn_present_summary(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { { "statistic", "statistic", CF_UNIT_NONE, 0 },
						    { "value", "value", CF_UNIT_COUNT, 0 } };
	struct cf_node *table =
		cf_churn_table(a, section, "summary", "what was counted", columns, G_N_ELEMENTS(columns));
	/* The names are code-maat's: programs go by them. */
	const struct {
		const char *name, *words;
		int64_t value;
	} rows[] = {
		{ "number-of-commits", "commits", a->churn->commits->len },
		{ "number-of-entities", cf_churn_entity_word(a, TRUE), a->sums->changed },
		{ "number-of-entities-changed", "revisions of them", a->churn->changes->len },
		{ "number-of-authors", cf_churn_author_word(a, TRUE), a->churn->authors->len },
	};
	gboolean program = a->analysis->reader == CF_READER_PROGRAM;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		cf_table_text(a->analysis->doc, table, program ? rows[i].name : rows[i].words);
		cf_table_int(table, rows[i].value);
	}
}

void cf_churn_present_quality(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		{ "remark", "remark", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "count", "count", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "cure", "what mends it", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "key", "key", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "subject", "subject", CF_UNIT_NONE, CF_COLUMN_DATA },
	};
	struct cf_node *table = cf_churn_table(a, section, "quality", "what to know of the data", columns,
					       G_N_ELEMENTS(columns));

	for (guint i = 0; i < a->history->quality->len; i++) {
		const struct cf_quality *row = &g_array_index(a->history->quality, struct cf_quality, i);

		cf_table_text(a->analysis->doc, table, row->text);
		cf_table_int(table, row->count);
		cf_table_text(a->analysis->doc, table, row->cure);
		cf_table_text(a->analysis->doc, table, row->key);
		cf_table_text(a->analysis->doc, table, row->subject);
	}
	if (!a->history->quality->len)
		cf_doc_para(a->analysis->doc, section, "Data quality: nothing to remark.");
}

/* ---- files ---- */

static int by_revisions(const struct cf_churn_answers *a, uint32_t x, uint32_t y)
{
	return descending(cf_churn_sum(a->sums, x)->revs, cf_churn_sum(a->sums, y)->revs);
}

void cf_churn_present_revisions(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { CF_CHURN_ENTITY,
						    { "n_revs", "revs", CF_UNIT_COUNT, CF_COLUMN_LEAD } };
	g_autofree uint32_t *order = cf_churn_order(a, by_revisions);
	guint n = cf_churn_rows(a, a->sums->changed);
	struct cf_node *table = cf_churn_table(a, section, "revisions", "revisions: commits that change it",
					       columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		cf_churn_entity_cell(a, table, order[i]);
		cf_table_int(table, cf_churn_sum(a->sums, order[i])->revs);
	}
	cf_churn_rest(a, table, n, a->sums->changed, cf_churn_entity_word(a, FALSE),
		      cf_churn_entity_word(a, TRUE));
}

static int by_added(const struct cf_churn_answers *a, uint32_t x, uint32_t y)
{
	return descending(cf_churn_sum(a->sums, x)->added, cf_churn_sum(a->sums, y)->added);
}

void cf_churn_present_entity_churn(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { CF_CHURN_ENTITY,
						    { "added", "added", CF_UNIT_COUNT, CF_COLUMN_LEAD },
						    { "deleted", "deleted", CF_UNIT_COUNT, CF_COLUMN_LEAD },
						    { "commits", "commits", CF_UNIT_COUNT, CF_COLUMN_LEAD } };
	g_autofree uint32_t *order = cf_churn_order(a, by_added);
	guint n = cf_churn_rows(a, a->sums->changed);
	struct cf_node *table =
		cf_churn_table(a, section, "entity-churn", "absolute churn: lines added and deleted", columns,
			       G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		const struct cf_churn_sum *sum = cf_churn_sum(a->sums, order[i]);

		cf_churn_entity_cell(a, table, order[i]);
		cf_table_int(table, sum->added);
		cf_table_int(table, sum->deleted);
		cf_table_int(table, sum->revs);
	}
	cf_churn_rest(a, table, n, a->sums->changed, cf_churn_entity_word(a, FALSE),
		      cf_churn_entity_word(a, TRUE));
}

static int32_t age_of(const struct cf_churn_answers *a, uint32_t entity)
{
	return cf_full_months(cf_churn_sum(a->sums, entity)->last_day, a->churn->as_of);
}

static int by_age(const struct cf_churn_answers *a, uint32_t x, uint32_t y)
{
	return descending(age_of(a, y), age_of(a, x));
}

void cf_churn_present_age(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		CF_CHURN_ENTITY, { "age_months", "months", CF_UNIT_COUNT, CF_COLUMN_LEAD }
	};
	g_autofree uint32_t *order = cf_churn_order(a, by_age);
	guint n = cf_churn_rows(a, a->sums->changed);
	char day[CF_DAY_TEXT];
	g_autofree char *caption = NULL;
	struct cf_node *table;

	cf_day_text(a->churn->as_of, day);
	caption = g_strdup_printf("age: full months from the last change to %s", day);
	table = cf_churn_table(a, section, "age", caption, columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < n; i++) {
		cf_churn_entity_cell(a, table, order[i]);
		cf_table_int(table, age_of(a, order[i]));
	}
	cf_churn_rest(a, table, n, a->sums->changed, cf_churn_entity_word(a, FALSE),
		      cf_churn_entity_word(a, TRUE));
}

/* ---- relative churn ---- */

static void relative_row(struct cf_churn_answers *a, struct cf_node *table, const char *id, double value,
			 const char *meaning)
{
	cf_table_text(a->analysis->doc, table, id);
	if (isfinite(value) && value == floor(value))
		cf_table_int(table, (int64_t)value);
	else
		cf_table_double(table, value);
	cf_table_text(a->analysis->doc, table, meaning);
}

void cf_churn_present_relative(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		{ "measure", "measure", CF_UNIT_NONE, 0 },
		{ "value", "value", CF_UNIT_NONE, CF_COLUMN_OWN_SCALE },
		{ "meaning", "meaning", CF_UNIT_NONE, CF_COLUMN_NAME },
	};
	static const struct {
		const char *id, *meaning;
	} measures[] = {
		{ "M1_churned_over_total", "churned (added) lines / total lines" },
		{ "M2_deleted_over_total", "deleted lines / total lines" },
		{ "M3_files_churned_over_count", "files churned / files" },
		{ "M4_churncount_over_files", "revisions / files churned" },
		{ "M5_weeks_over_filecount", "weeks of churn / files" },
		{ "M6_linesworked_over_weeks", "churned and deleted lines / weeks of churn" },
		{ "M7_churned_over_deleted", "churned lines / deleted lines" },
		{ "M8_linesworked_over_churncount", "churned and deleted lines / revisions" },
	};
	const struct cf_churn_relative r = cf_churn_relative(a->sums);
	struct cf_node *table = cf_churn_table(a, section, "nagappan-ball",
					       "relative churn of program text (Nagappan, Ball 2005)",
					       columns, G_N_ELEMENTS(columns));

	for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
		relative_row(a, table, measures[i].id, r.m[i], measures[i].meaning);
	relative_row(a, table, "total_loc", (double)r.total_loc, "lines of program text at the head");
	relative_row(a, table, "churned_loc_added", (double)r.churned_loc, "lines added to it");
	relative_row(a, table, "deleted_loc", (double)r.deleted_loc, "lines deleted from it");
	relative_row(a, table, "files_churned", (double)r.files_churned,
		     "of its files, those with revisions");
	relative_row(a, table, "file_count", (double)r.file_count, "its files");
	relative_row(a, table, "churn_count", (double)r.churn_count, "revisions of them");
	relative_row(a, table, "weeks_of_churn", (double)r.weeks,
		     "weeks with a revision, summed over the files");
	cf_doc_para(a->analysis->doc, section, "sizes are those of the head, whatever the period");
}

/* ---- together ---- */

void cf_churn_present_coupling(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		CF_CHURN_ENTITY,
		{ "coupled", "changes with", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "degree", "degree %", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "average_revs", "mean revs", CF_UNIT_COUNT, CF_COLUMN_LEAD },
		{ "first_entity_revisions", "revs of the first", CF_UNIT_COUNT, CF_COLUMN_DATA },
		{ "second_entity_revisions", "revs of the second", CF_UNIT_COUNT, CF_COLUMN_DATA },
		{ "shared_revisions", "together", CF_UNIT_COUNT, CF_COLUMN_LEAD },
	};
	const struct cf_coupling *coupling = cf_churn_answer_coupling(a);
	guint n = cf_churn_rows(a, coupling->pairs->len);
	struct cf_node *table =
		cf_churn_table(a, section, "coupling", "temporal coupling: what changes in the same commits",
			       columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		const struct cf_coupled *row = &g_array_index(coupling->pairs, struct cf_coupled, i);

		cf_churn_entity_cell(a, table, row->entity);
		cf_churn_entity_cell(a, table, row->coupled);
		cf_table_int(table, row->degree);
		cf_table_int(table, row->average);
		cf_table_int(table, row->first_revs);
		cf_table_int(table, row->second_revs);
		cf_table_int(table, row->shared);
	}
	cf_churn_rest(a, table, n, coupling->pairs->len, "pair", "pairs");
	if (!coupling->pairs->len)
		cf_doc_para(a->analysis->doc, section, "no two %s change together that often",
			    cf_churn_entity_word(a, TRUE));
	cf_doc_para(a->analysis->doc, section,
		    "degree: commits that change both, of the mean of the revisions of either; shown from %d "
		    "commits and "
		    "%d %% on; %u bulk commit%s (> %d %s) left out",
		    CF_COUPLING_SHARED, CF_COUPLING_DEGREE, coupling->bulk, coupling->bulk == 1 ? "" : "s",
		    CF_COUPLING_BULK, cf_churn_entity_word(a, TRUE));
}

struct soc {
	uint32_t entity;
	int64_t sum;
};

static int compare_socs(const void *a, const void *b)
{
	const struct soc *x = a, *y = b;
	int order = descending(x->sum, y->sum);

	return order ? order : (x->entity > y->entity) - (x->entity < y->entity);
}

void cf_churn_present_soc(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { CF_CHURN_ENTITY,
						    { "soc", "sum", CF_UNIT_COUNT, CF_COLUMN_LEAD } };
	g_autofree int64_t *sums = cf_coupling_sums(a->churn);
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct soc));
	struct cf_node *table = cf_churn_table(
		a, section, "soc", "sum of coupling: changes of others in the same commits, bulk or not",
		columns, G_N_ELEMENTS(columns));
	guint n;

	for (guint e = 0; e < a->churn->entities->len; e++) {
		struct soc row = { e, sums[e] };

		if (row.sum >= CF_SOC_LEAST)
			g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_socs);
	n = cf_churn_rows(a, rows->len);
	for (guint i = 0; i < n; i++) {
		cf_churn_entity_cell(a, table, g_array_index(rows, struct soc, i).entity);
		cf_table_int(table, g_array_index(rows, struct soc, i).sum);
	}
	cf_churn_rest(a, table, n, rows->len, cf_churn_entity_word(a, FALSE), cf_churn_entity_word(a, TRUE));
}

/* ---- time ---- */

/* "2026-08" or "2026-08-01". */
static void span_cell(struct cf_churn_answers *a, struct cf_node *table, int32_t at, gboolean month)
{
	char text[CF_DAY_TEXT];

	if (month)
		g_snprintf(text, sizeof(text), "%04d-%02d", at / 12 % 10000, at % 12 + 1);
	else
		cf_day_text(at, text);
	cf_table_text(a->analysis->doc, table, text);
}

/* The newest spans, in the order of time: of a long history the last ones are of interest. */
static char *span_caption(const char *what, guint shown, guint all, const char *spans)
{
	if (shown == all)
		return g_strdup(what);
	return g_strdup_printf("%s; the last %u of %u %s (-n 0 shows all)", what, shown, all, spans);
}

static void add_trend_chart(struct cf_churn_answers *a, struct cf_node *section)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_month));

	for (guint i = 0; i < a->sums->months->len; i++) {
		const struct cf_churn_span *span = &g_array_index(a->sums->months, struct cf_churn_span, i);
		const struct cf_churn_month row = { span->at, span->commits, span->added, span->deleted };

		g_array_append_val(rows, row);
	}
	cf_churn_months_chart(a, section, "churn-by-month", "churn per month", "commits", rows);
}

void cf_churn_present_trend(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = {
		{ "month", "month", CF_UNIT_NONE, 0 },      { "commits", "commits", CF_UNIT_COUNT, 0 },
		{ "authors", "authors", CF_UNIT_COUNT, 0 }, { "entities", "files", CF_UNIT_COUNT, 0 },
		{ "n_revs", "revs", CF_UNIT_COUNT, 0 },     { "added", "added", CF_UNIT_COUNT, 0 },
		{ "deleted", "deleted", CF_UNIT_COUNT, 0 }
	};
	guint all = a->sums->months->len, n = cf_churn_rows(a, all);
	g_autofree char *caption = span_caption("churn per month", n, all, "months with commits");
	struct cf_node *table;

	add_trend_chart(a, section);
	table = cf_churn_table(a, section, "trend", caption, columns, G_N_ELEMENTS(columns));

	for (guint i = all - n; i < all; i++) {
		const struct cf_churn_span *span = &g_array_index(a->sums->months, struct cf_churn_span, i);

		span_cell(a, table, span->at, TRUE);
		cf_table_int(table, span->commits);
		cf_table_int(table, span->authors);
		cf_table_int(table, span->entities);
		cf_table_int(table, span->revs);
		cf_table_int(table, span->added);
		cf_table_int(table, span->deleted);
	}
}

void cf_churn_present_abs_churn(struct cf_churn_answers *a, struct cf_node *section)
{
	static const struct cf_column columns[] = { { "date", "day", CF_UNIT_NONE, 0 },
						    { "added", "added", CF_UNIT_COUNT, 0 },
						    { "deleted", "deleted", CF_UNIT_COUNT, 0 },
						    { "commits", "commits", CF_UNIT_COUNT, 0 } };
	guint all = a->sums->days->len, n = cf_churn_rows(a, all);
	g_autofree char *caption = span_caption("churn per day", n, all, "days with commits");
	struct cf_node *table =
		cf_churn_table(a, section, "abs-churn", caption, columns, G_N_ELEMENTS(columns));

	for (guint i = all - n; i < all; i++) {
		const struct cf_churn_span *span = &g_array_index(a->sums->days, struct cf_churn_span, i);

		span_cell(a, table, span->at, FALSE);
		cf_table_int(table, span->added);
		cf_table_int(table, span->deleted);
		cf_table_int(table, span->commits);
	}
}
