/* SPDX-License-Identifier: MIT */
/* tables: the questions that a history answers, each with a table of its own. */
#include "analyzers/churn/tables.h"

#include <string.h>

#include "core/params.h"

static const char *const topics[CF_TOPICS] = {
	[CF_TOPIC_OVERVIEW] = "Overview",           [CF_TOPIC_WHERE] = "Where change concentrates",
	[CF_TOPIC_WHO] = "Who knows the code",      [CF_TOPIC_TOGETHER] = "What changes together",
	[CF_TOPIC_COST] = "What changes and costs", [CF_TOPIC_WHEN] = "When",
};

const char *cf_churn_topic_title(enum cf_churn_topic topic)
{
	return topics[topic];
}

const struct cf_churn_question cf_churn_questions[] = {
	{ "summary", CF_TOPIC_OVERVIEW, cf_churn_present_summary },
	{ "quality", CF_TOPIC_OVERVIEW, cf_churn_present_quality },
	{ "hotspots", CF_TOPIC_WHERE, cf_churn_present_hotspots },
	{ "functions", CF_TOPIC_WHERE, cf_churn_present_functions },
	{ "refactoring", CF_TOPIC_WHERE, cf_churn_present_refactoring },
	{ "risk", CF_TOPIC_WHERE, cf_churn_present_risk },
	{ "nagappan-ball", CF_TOPIC_WHERE, cf_churn_present_relative },
	{ "revisions", CF_TOPIC_WHERE, cf_churn_present_revisions },
	{ "entity-churn", CF_TOPIC_WHERE, cf_churn_present_entity_churn },
	{ "age", CF_TOPIC_WHERE, cf_churn_present_age },
	{ "truck-factor", CF_TOPIC_WHO, cf_churn_present_truck_factor },
	{ "authors", CF_TOPIC_WHO, cf_churn_present_authors },
	{ "author-churn", CF_TOPIC_WHO, cf_churn_present_author_churn },
	{ "main-dev", CF_TOPIC_WHO, cf_churn_present_main_dev },
	{ "main-dev-by-revs", CF_TOPIC_WHO, cf_churn_present_main_dev_by_revs },
	{ "entity-ownership", CF_TOPIC_WHO, cf_churn_present_entity_ownership },
	{ "fragmentation", CF_TOPIC_WHO, cf_churn_present_fragmentation },
	{ "communication", CF_TOPIC_WHO, cf_churn_present_communication },
	{ "coupling", CF_TOPIC_TOGETHER, cf_churn_present_coupling },
	{ "soc", CF_TOPIC_TOGETHER, cf_churn_present_soc },
	{ "cost", CF_TOPIC_COST, cf_churn_present_cost },
	{ "cost-functions", CF_TOPIC_COST, cf_churn_present_cost_functions },
	{ "trend", CF_TOPIC_WHEN, cf_churn_present_trend },
	{ "abs-churn", CF_TOPIC_WHEN, cf_churn_present_abs_churn },
	{ NULL, CF_TOPIC_OVERVIEW, NULL },
};

const struct cf_churn_question *cf_churn_question(const char *id)
{
	for (const struct cf_churn_question *q = cf_churn_questions; q->id; q++)
		if (strcmp(q->id, id) == 0)
			return q;
	return NULL;
}

int cf_churn_check_questions(const char *const *words, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	for (const struct cf_churn_question *q = cf_churn_questions; q->id; q++)
		g_ptr_array_add(ids, (gpointer)q->id);
	for (; *words; words++) {
		g_autofree char *shown = NULL, *all = NULL;
		const char *near;

		if (cf_churn_question(*words))
			continue;
		shown = cf_visible(*words, -1, 80);
		near = cf_nearest(*words, (const char *const *)ids->pdata, ids->len);
		if (near)
			return cf_error_as(diag, CF_STATUS_USAGE, NULL,
					   "--by: no question '%s'; did you mean '%s'?", shown, near);
		g_ptr_array_add(ids, NULL);
		all = g_strjoinv(", ", (char **)ids->pdata);
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "--by: no question '%s'; expected one of %s",
				   shown, all);
	}
	return 0;
}

/* ---- for the files that present ---- */

const char *cf_churn_entity_word(const struct cf_churn_answers *answers, gboolean many)
{
	if (answers->groups)
		return many ? "parts" : "part";
	return many ? "files" : "file";
}

const char *cf_churn_author_word(const struct cf_churn_answers *answers, gboolean many)
{
	if (answers->teams)
		return many ? "teams" : "team";
	return many ? "authors" : "author";
}

const char *cf_churn_cost_title(const struct cf_churn_answers *answers)
{
	return !answers->profile || answers->profile->cpu ? "cpu %" : "cost %";
}

struct cf_node *cf_churn_table(struct cf_churn_answers *answers, struct cf_node *section, const char *id,
			       const char *caption, const struct cf_column *columns, size_t n)
{
	struct cf_column own[CF_CHURN_COLUMNS_MAX];
	struct cf_node *table;

	g_assert(n <= CF_CHURN_COLUMNS_MAX);
	memcpy(own, columns, n * sizeof(*own));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(own[i].id, "entity") == 0)
			own[i].title = cf_churn_entity_word(answers, FALSE);
		if (strcmp(own[i].id, "author") == 0)
			own[i].title = cf_churn_author_word(answers, FALSE);
	}
	table = cf_doc_table(answers->analysis->doc, section, id, caption, own, n);
	if (cf_churn_question(id))
		table->table->recompute =
			cf_analysis_command_with(answers->analysis, &cf_analyzer_churn, "by", id);
	return table;
}

guint cf_churn_rows(const struct cf_churn_answers *answers, size_t all)
{
	return (guint)(answers->limit ? MIN(answers->limit, all) : all);
}

void cf_churn_rest(struct cf_churn_answers *answers, struct cf_node *table, size_t shown, size_t all,
		   const char *one, const char *many)
{
	size_t more = all - shown;
	g_autofree char *text = NULL;

	if (!more)
		return;
	text = g_strdup_printf("%" G_GSIZE_FORMAT " more %s (-n 0 shows all)", more, more == 1 ? one : many);
	cf_table_rest(table);
	cf_table_text(answers->analysis->doc, table, text);
	for (guint i = 1; i < table->table->columns->len; i++)
		cf_table_empty(table);
}

void cf_churn_entity_cell(struct cf_churn_answers *answers, struct cf_node *table, uint32_t entity)
{
	cf_table_text(answers->analysis->doc, table, cf_churn_entity(answers->churn, entity)->name);
}

void cf_churn_author_cell(struct cf_churn_answers *answers, struct cf_node *table, uint32_t author)
{
	cf_table_text(answers->analysis->doc, table, cf_churn_author(answers->churn, author)->name);
}

struct ordering {
	const struct cf_churn_answers *answers;
	int (*compare)(const struct cf_churn_answers *answers, uint32_t a, uint32_t b);
};

static int compare_entities(const void *a, const void *b, void *data)
{
	const struct ordering *ordering = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = ordering->compare ? ordering->compare(ordering->answers, x, y) : 0;

	return order ? order : (x > y) - (x < y);
}

uint32_t *cf_churn_order(const struct cf_churn_answers *answers,
			 int (*compare)(const struct cf_churn_answers *answers, uint32_t a, uint32_t b))
{
	uint32_t *order = g_new(uint32_t, answers->sums->changed + 1);
	struct ordering ordering = { answers, compare };
	guint n = 0;

	for (guint e = 0; e < answers->churn->entities->len; e++)
		if (cf_churn_sum(answers->sums, e)->revs)
			order[n++] = e;
	order[n] = CF_NONE;
	if (n > 1)
		g_qsort_with_data(order, (gint)n, sizeof(*order), compare_entities, &ordering);
	return order;
}
