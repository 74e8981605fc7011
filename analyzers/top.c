/* SPDX-License-Identifier: MIT */
/* top: where the cost is, by function, module, thread or file. */
#include "analyzers/analyzer.h"

#include "analyzers/operations.h"
#include "analyzers/quality.h"
#include "analyzers/ranking.h"

#include <string.h>

/*
 * self: samples whose innermost frame it is. total: samples that have it in their stack, each once. Of calls: what the
 * lines of a function cost, and what core/call_graph.h says; the format doesn't determine the total of a module or file.
 */

#define COST_COLUMNS                                                                                         \
	{ "self", "self", CF_UNIT_NONE, CF_COLUMN_COST },                                                    \
		{ "total", "total", CF_UNIT_NONE, CF_COLUMN_COST },                                          \
		{ "self_share", "self %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR }, \
		{ "total_share", "total %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },               \
		{ "self_count", "self samples", CF_UNIT_COUNT, CF_COLUMN_DATA },                             \
	{                                                                                                    \
		"total_count", "total samples", CF_UNIT_COUNT, CF_COLUMN_DATA                                \
	}

static const struct cf_column function_columns[] = {
	{ "function", "function", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	COST_COLUMNS,
	{ "file", "file", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
	{ "line", "line", CF_UNIT_ID, CF_COLUMN_DATA },
};
static const struct cf_column module_columns[] = {
	{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	COST_COLUMNS,
};
static const struct cf_column file_columns[] = {
	{ "file", "file", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	COST_COLUMNS,
};
static const struct cf_column thread_columns[] = {
	{ "thread", "thread", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "pid", "pid", CF_UNIT_ID, 0 },
	{ "tid", "tid", CF_UNIT_ID, 0 },
	{ "self", "self", CF_UNIT_NONE, 0 },
	{ "share", "share %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
	{ "count", "samples", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "also", "also named", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
};

static const struct view {
	const char *table, *one, *many;
	const struct cf_column *columns;
	size_t n;
} views[] = {
	[CF_BY_FUNCTION] = { "functions", "function", "functions", function_columns,
			     G_N_ELEMENTS(function_columns) },
	[CF_BY_MODULE] = { "modules", "module", "modules", module_columns, G_N_ELEMENTS(module_columns) },
	[CF_BY_THREAD] = { "threads", "thread", "threads", thread_columns, G_N_ELEMENTS(thread_columns) },
	[CF_BY_FILE] = { "files", "file", "files", file_columns, G_N_ELEMENTS(file_columns) },
};

static int load(const struct cf_analysis *analysis, struct cf_ranking *ranking, gboolean by_total)
{
	const char *by = cf_params_string(analysis->params, "by");
	guint view = 0;

	while (strcmp(views[view].one, by) != 0)
		view++;
	return cf_ranking_load(ranking, analysis, (enum cf_ranking_by)view, by_total,
			       cf_params_int(analysis->params, "top"));
}

static void share_cell(struct cf_node *table, int64_t part, const struct cf_ranking *ranking)
{
	cf_table_double(table, cf_share(part, ranking->weight));
}

static void add_cost(struct cf_node *table, const struct cf_ranking *ranking,
		     const struct cf_ranking_row *row)
{
	cf_table_int(table, row->self);
	if (ranking->no_totals)
		cf_table_empty(table);
	else
		cf_table_int(table, row->total);
	share_cell(table, row->self, ranking);
	if (ranking->no_totals)
		cf_table_empty(table);
	else
		share_cell(table, row->total, ranking);
	cf_table_int(table, row->self_count);
	cf_table_int(table, row->total_count);
}

/* The names that a thread had besides. */
static char *also_text(const struct cf_ranking_row *row)
{
	if (!row->also || !*row->also)
		return NULL;
	if (row->others <= CF_RANKING_ALSO)
		return g_strdup(row->also);
	return g_strdup_printf("%s and %u more", row->also, row->others - CF_RANKING_ALSO);
}

static void add_row(struct cf_doc *doc, struct cf_node *table, const struct cf_ranking *ranking,
		    const struct cf_ranking_row *row)
{
	cf_table_text(doc, table, row->name);
	if (ranking->by == CF_BY_THREAD) {
		g_autofree char *also = also_text(row);

		if (row->tid < 0) {
			cf_table_empty(table);
			cf_table_empty(table);
		} else {
			cf_table_int(table, row->pid);
			cf_table_int(table, row->tid);
		}
		cf_table_int(table, row->self);
		share_cell(table, row->self, ranking);
		cf_table_int(table, row->self_count);
		cf_table_text(doc, table, also);
		return;
	}
	if (ranking->by == CF_BY_FUNCTION)
		cf_table_text(doc, table, row->module);
	add_cost(table, ranking, row);
	if (ranking->by == CF_BY_FUNCTION) {
		cf_table_text(doc, table, row->file);
		cf_table_int(table, row->line);
	}
}

/* The line for all that has no row, so that the column adds up to the whole (less what is hidden). */
static void add_rest(struct cf_doc *doc, struct cf_node *table, const struct cf_ranking *ranking)
{
	const struct view *view = &views[ranking->by];
	int64_t more = ranking->distinct - ranking->rows->len, rest = cf_ranking_rest(ranking);
	g_autofree char *text = NULL;

	if (more > 0)
		text = g_strdup_printf("%" G_GINT64_FORMAT " more %s (-n 0 shows all)", more,
				       more == 1 ? view->one : view->many);
	else if (rest)
		text = g_strdup("samples without any frame");
	else
		return;
	cf_table_rest(table);
	for (size_t i = 0; i < view->n; i++) {
		const char *id = view->columns[i].id;

		if (i == 0)
			cf_table_text(doc, table, text);
		else if (!strcmp(id, "self"))
			cf_table_int(table, rest);
		else if (!strcmp(id, "self_share") || !strcmp(id, "share"))
			share_cell(table, rest, ranking);
		else
			cf_table_empty(table);
	}
}

/* Inputs that know no modules leave the column empty: then only data has it. */
static gboolean any_module(const struct cf_ranking *ranking)
{
	for (guint i = 0; i < ranking->rows->len; i++)
		if (*cf_ranking_row(ranking, i)->module)
			return TRUE;
	return FALSE;
}

static gboolean any_call(const struct cf_ranking *ranking)
{
	for (guint i = 0; i < ranking->rows->len; i++)
		if (cf_ranking_row(ranking, i)->total_count)
			return TRUE;
	return FALSE;
}

/* Most threads keep their name. */
static gboolean any_renamed(const struct cf_ranking *ranking)
{
	for (guint i = 0; i < ranking->rows->len; i++)
		if (cf_ranking_row(ranking, i)->others)
			return TRUE;
	return FALSE;
}

/* Of calls there are no samples, but their number is known. */
static void set_call_columns(struct cf_column *columns, size_t n, const struct cf_ranking *ranking)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(columns[i].id, "self_count") || !strcmp(columns[i].id, "total_count"))
			columns[i].title = "calls";
		if (!strcmp(columns[i].id, "total_count") && ranking->by == CF_BY_FUNCTION &&
		    any_call(ranking))
			columns[i].flags = 0;
		if (ranking->no_totals && g_str_has_prefix(columns[i].id, "total"))
			columns[i].flags |= CF_COLUMN_DATA;
	}
}

static void set_columns(struct cf_column *columns, const struct view *view, const struct cf_ranking *ranking)
{
	memcpy(columns, view->columns, view->n * sizeof(*columns));
	for (size_t i = 0; i < view->n; i++)
		if (!strcmp(columns[i].id, "self") || !strcmp(columns[i].id, "total"))
			columns[i].unit = ranking->unit;
	if (ranking->calls)
		set_call_columns(columns, view->n, ranking);
	if (ranking->by == CF_BY_FUNCTION && !any_module(ranking))
		columns[1].flags |= CF_COLUMN_DATA;
	if (ranking->by == CF_BY_THREAD && !any_renamed(ranking))
		columns[view->n - 1].flags |= CF_COLUMN_DATA;
}

/* What the views can say: one run, all of it. NULL for the rest. */
static char *recipe(const struct cf_analysis *analysis, const struct cf_ranking *ranking, gboolean by_total)
{
	int64_t limit = cf_params_int(analysis->params, "top");
	const struct cf_run *run;

	if (analysis->current->runs->len != 1 || ranking->hidden_text)
		return NULL;
	run = g_ptr_array_index(analysis->current->runs, 0);
	if (ranking->by == CF_BY_FUNCTION)
		return cf_store_functions_sql(run->id, ranking->metric, by_total, limit);
	return ranking->by == CF_BY_THREAD ? cf_store_threads_sql(run->id, ranking->metric, limit) : NULL;
}

static void present(struct cf_analysis *analysis, const struct cf_ranking *ranking, gboolean by_total)
{
	const struct view *view = &views[ranking->by];
	struct cf_column columns[G_N_ELEMENTS(function_columns)];
	g_autofree char *caption = NULL, *quality = NULL;
	struct cf_quality_sum sum = cf_quality_of(analysis->current, ranking->lacking);
	struct cf_node *table;

	set_columns(columns, view, ranking);
	by_total &= ranking->by != CF_BY_THREAD && !ranking->no_totals;
	caption = g_strdup_printf("%s by %s, sorted by %s", ranking->metric, view->one,
				  by_total ? "total" : "self");
	table = cf_doc_table(analysis->doc, analysis->section, view->table, caption, columns, view->n);
	table->table->recompute = cf_analysis_command(analysis, &cf_analyzer_top);
	table->table->sql = recipe(analysis, ranking, by_total);
	for (guint i = 0; i < ranking->rows->len; i++)
		add_row(analysis->doc, table, ranking, cf_ranking_row(ranking, i));
	add_rest(analysis->doc, table, ranking);
	if (ranking->hidden_text && !ranking->rows->len)
		cf_doc_para(analysis->doc, analysis->section, "nothing is left: %s", ranking->hidden_text);
	else if (ranking->hidden_text)
		cf_doc_para(analysis->doc, analysis->section, "%s; shares are of the whole",
			    ranking->hidden_text);
	cf_lacking_note(analysis->doc, analysis->section, ranking->lacking, ranking->metric);
	if (analysis->in_report)
		return;
	cf_metric_note(analysis->doc, analysis->section, ranking->other_metrics);
	quality = cf_quality_line(&sum);
	cf_doc_para(analysis->doc, analysis->section, "%s", quality);
}

/* What --by says; by default, of a run with spans, its operations. */
static gboolean by_operation(const struct cf_analysis *analysis)
{
	const struct cf_run *run = g_ptr_array_index(analysis->current->runs, 0);

	if (cf_params_is_set(analysis->params, "by"))
		return !strcmp(cf_params_string(analysis->params, "by"), "operation");
	return analysis->current->runs->len == 1 && (run->facts & CF_FACTS_SPANS) &&
	       !cf_filter_given(analysis->params);
}

static int run_operations(struct cf_analysis *analysis)
{
	const struct cf_run *run = g_ptr_array_index(analysis->current->runs, 0);
	g_autofree char *operand = NULL;
	int64_t errors;

	if (analysis->current->runs->len > 1)
		return cf_error_as(analysis->diag, CF_STATUS_USAGE, NULL,
				   "--by operation takes one run, not %u", analysis->current->runs->len);
	if (!(run->facts & CF_FACTS_SPANS))
		return cf_error(analysis->diag, NULL, "run %" G_GINT64_FORMAT " has no spans", run->id);
	if (cf_filter_given(analysis->params))
		return cf_error_as(analysis->diag, CF_STATUS_USAGE, NULL,
				   "filters look at stacks: they go with --by function, not operation");
	if (cf_operations_table(analysis, analysis->section, run, cf_params_int(analysis->params, "top"),
				&errors))
		return -1;
	if (analysis->in_report)
		return 0;
	operand = cf_run_operand(run);
	cf_doc_para(analysis->doc, analysis->section,
		    "what operations took themselves: callflow top --by function %s", operand);
	return 0;
}

/* A page has no table of threads that says nothing but the whole. */
static gboolean says_no_threads(const struct cf_ranking *ranking)
{
	return ranking->by == CF_BY_THREAD &&
	       (!ranking->rows->len ||
		(ranking->rows->len == 1 && !strcmp(cf_ranking_row(ranking, 0)->name, "[unknown thread]")));
}

static int run(struct cf_analysis *analysis)
{
	gboolean by_total = !strcmp(cf_params_string(analysis->params, "sort"), "total");
	struct cf_ranking ranking;
	int result = 0;

	if (by_operation(analysis))
		return run_operations(analysis);
	if (load(analysis, &ranking, by_total))
		return -1;
	if (analysis->in_report && says_no_threads(&ranking))
		result = cf_error(analysis->diag, NULL, "no thread is known");
	else
		present(analysis, &ranking, by_total);
	cf_ranking_clear(&ranking);
	return result;
}

static const char *const by_choices[] = { "function", "module", "thread", "file", "operation", NULL };
static const char *const sort_choices[] = { "self", "total", NULL };
static const struct cf_param own[] = { { .name = "by",
					 .type = CF_PARAM_CHOICE,
					 .arg = "WHAT",
					 .help = "what a row stands for",
					 .fallback = "function",
					 .choices = by_choices },
				       { .name = "sort",
					 .type = CF_PARAM_CHOICE,
					 .arg = "COLUMN",
					 .help = "order of the rows",
					 .fallback = "self",
					 .choices = sort_choices },
				       { .name = "top",
					 .letter = 'n',
					 .type = CF_PARAM_INT,
					 .arg = "N",
					 .help = "rows to show, 0: all",
					 .fallback = "20",
					 .min = 0,
					 .max = INT64_MAX },
				       { 0 } };
static const struct cf_param *const params[] = { own, cf_filter_params, NULL };
static const char *const examples[] = { "callflow top -n 7", "callflow top --by module @~1",
					"callflow top --sort total --focus 'dict.*'", NULL };

const struct cf_analyzer cf_analyzer_top = {
	.name = "top",
	.group = "Look at a run",
	.summary = "where the cost is, by function, module, thread or file",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_PROFILE | CF_FACTS_SPANS,
	.params = params,
	.format = "text",
	.run = run,
};
