/* SPDX-License-Identifier: MIT */
/* runs: the table of runs, as runs and ingest show it. */
#include "analyzers/runs.h"

#include "analyzers/profile.h"

#include <string.h>

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *cf_labels_text(GHashTable *labels)
{
	g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer key, value;

	if (labels) {
		g_hash_table_iter_init(&iter, labels);
		while (g_hash_table_iter_next(&iter, &key, &value))
			g_ptr_array_add(pairs, g_strdup_printf("%s=%s", (char *)key, (char *)value));
	}
	g_ptr_array_sort(pairs, by_text);
	g_ptr_array_add(pairs, NULL);
	return g_strjoinv(", ", (char **)pairs->pdata);
}

static gboolean is_profile(const struct cf_run *run)
{
	return (run->facts & CF_FACTS_PROFILE) && !(run->facts & CF_FACTS_SPANS);
}

/* Of runs that are no recordings, what there is instead. */
static gboolean any_other(const struct cf_run_set *runs)
{
	for (guint i = 0; i < runs->runs->len; i++)
		if (!is_profile(g_ptr_array_index(runs->runs, i)))
			return TRUE;
	return FALSE;
}

/* Is a number about samples something that the run can have? */
static void sample_cell(struct cf_node *table, const struct cf_run *run, int64_t value)
{
	if ((run->facts & CF_FACTS_SAMPLES) && is_profile(run))
		cf_table_int(table, value);
	else
		cf_table_empty(table);
}

static gboolean any_labels(const struct cf_run_set *runs)
{
	for (guint i = 0; i < runs->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(runs->runs, i);

		if (run->labels && g_hash_table_size(run->labels))
			return TRUE;
	}
	return FALSE;
}

struct cf_node *cf_runs_table(struct cf_doc *doc, struct cf_node *section, const struct cf_run_set *runs)
{
	const struct cf_column columns[] = {
		{ "run", "run", CF_UNIT_ID, 0 },
		{ "name", "name", CF_UNIT_NONE, CF_COLUMN_CODE },
		{ "start", "start (UTC)", CF_UNIT_NONE, 0 },
		{ "samples", "samples", CF_UNIT_COUNT, 0 },
		{ "lost", "lost", CF_UNIT_COUNT, 0 },
		{ "threads", "threads", CF_UNIT_COUNT, 0 },
		{ "unresolved", "unresolved", CF_UNIT_RATIO, 0 },
		{ "facts", "holds", CF_UNIT_NONE, any_other(runs) ? 0 : CF_COLUMN_DATA },
		{ "labels", "labels", CF_UNIT_NONE, any_labels(runs) ? CF_COLUMN_NAME : CF_COLUMN_DATA },
		{ "start_time", "start", CF_UNIT_TIME, CF_COLUMN_DATA },
		{ "duration", "duration", CF_UNIT_NS, CF_COLUMN_DATA },
		{ "host", "host", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "commit", "commit", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "metric", "metric", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "weight", "weight", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "weight_unit", "weight unit", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "format", "format", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "source", "source", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "hash", "hash", CF_UNIT_NONE, CF_COLUMN_DATA },
	};
	struct cf_node *table = cf_doc_table(doc, section, "run-list", NULL, columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < runs->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(runs->runs, i);
		g_autofree char *start = cf_run_start_text(run), *labels = cf_labels_text(run->labels);
		g_autofree char *facts =
			cf_facts_text(run->facts & CF_FACTS_SPANS ? CF_FACTS_SPANS : run->facts);

		cf_table_int(table, run->id);
		cf_table_text(doc, table, run->name);
		cf_table_text(doc, table, start);
		sample_cell(table, run, run->samples);
		sample_cell(table, run, run->lost);
		if (run->threads)
			cf_table_int(table, run->threads);
		else
			cf_table_empty(table);
		if (is_profile(run))
			cf_table_double(table, cf_share(run->unresolved, run->weight));
		else
			cf_table_empty(table);
		cf_table_text(doc, table, run->facts ? facts : "nothing");
		cf_table_text(doc, table, labels);
		if (run->start_source == CF_START_NONE)
			cf_table_empty(table);
		else
			cf_table_int(table, run->start_ns);
		cf_table_int(table, run->duration_ns);
		cf_table_text(doc, table, run->host);
		cf_table_text(doc, table, run->commit);
		cf_table_text(doc, table, run->metric);
		cf_table_int(table, run->weight);
		cf_table_text(doc, table, cf_unit_name(run->unit));
		cf_table_text(doc, table, run->format);
		cf_table_text(doc, table, run->source_path);
		cf_table_text(doc, table, run->hash);
	}
	return table;
}

static int run(struct cf_analysis *analysis)
{
	struct cf_run_set all = { 0 };

	if (cf_store_runs(analysis->store, analysis->in, &all, analysis->diag))
		return -1;
	if (all.runs && all.runs->len)
		cf_runs_table(analysis->doc, analysis->section, &all);
	else if (analysis->in)
		cf_doc_para(analysis->doc, analysis->section, "No run has the labels %s.", analysis->in);
	else
		cf_doc_para(analysis->doc, analysis->section,
			    "No runs yet. Start with: callflow ingest perf.data");
	cf_run_set_clear(&all);
	return 0;
}

static const struct cf_param *const params[] = { NULL };
static const char *const examples[] = { "callflow runs", "callflow runs -f json", NULL };

const struct cf_analyzer cf_analyzer_runs = {
	.name = "runs",
	.group = "Keep house",
	.summary = "list the runs in the store",
	.synopsis = "",
	.examples = examples,
	.needs = CF_NEEDS_STORE,
	.params = params,
	.format = "text",
	.run = run,
};
