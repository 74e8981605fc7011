/* SPDX-License-Identifier: MIT */
/* runs: reads runs with their labels. */
#include "store/statement.h"

void cf_run_free(struct cf_run *run)
{
	if (!run)
		return;
	g_free(run->uid);
	g_free(run->hash);
	g_free(run->name);
	g_free(run->format);
	g_free(run->source_path);
	g_free(run->command);
	g_free(run->host);
	g_free(run->os);
	g_free(run->cpu);
	g_free(run->commit);
	g_free(run->metric);
	g_free(run->operand);
	if (run->labels)
		g_hash_table_unref(run->labels);
	g_free(run);
}

void cf_run_set_clear(struct cf_run_set *set)
{
	g_clear_pointer(&set->runs, g_ptr_array_unref);
}

/* The columns of RUN_COLUMNS, in their order. */
static struct cf_run *take_run(struct cf_stmt *stmt)
{
	struct cf_run *run = g_new0(struct cf_run, 1);
	int64_t source;

	run->id = cf_stmt_int(stmt);
	run->uid = cf_stmt_dup(stmt);
	run->hash = cf_stmt_dup(stmt);
	run->name = cf_stmt_dup(stmt);
	run->format = cf_stmt_dup(stmt);
	run->source_path = cf_stmt_dup(stmt);
	run->command = cf_stmt_dup_or_null(stmt);
	run->host = cf_stmt_dup_or_null(stmt);
	run->os = cf_stmt_dup_or_null(stmt);
	run->cpu = cf_stmt_dup_or_null(stmt);
	run->commit = cf_stmt_dup_or_null(stmt);
	run->start_ns = cf_stmt_int(stmt);
	run->duration_ns = cf_stmt_int(stmt);
	source = cf_stmt_int(stmt);
	run->start_source = source >= CF_START_NONE && source <= CF_START_MTIME ? (enum cf_start_source)source
										: CF_START_NONE;
	run->samples = cf_stmt_int(stmt);
	run->weight = cf_stmt_int(stmt);
	run->metric = cf_stmt_dup_or_null(stmt);
	run->unit = cf_unit_from_name(cf_stmt_text(stmt));
	run->threads = cf_stmt_int(stmt);
	run->lost = cf_stmt_int(stmt);
	run->unresolved = cf_stmt_int(stmt);
	run->pinned = cf_stmt_int(stmt) != 0;
	run->partial = cf_stmt_int(stmt) != 0;
	run->facts = cf_stmt_id(stmt);
	run->labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return run;
}

static int take_labels(struct cf_store *store, struct cf_run *run, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_LABELS, diag) == 0) {
		cf_stmt_bind_int(&stmt, run->id);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			char *key = cf_stmt_dup(&stmt);

			g_hash_table_insert(run->labels, key, cf_stmt_dup(&stmt));
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

struct cf_run *cf_store_run_by_id(struct cf_store *store, int64_t id, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	struct cf_run *run = NULL;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_RUN_BY_ID, diag) == 0) {
		cf_stmt_bind_int(&stmt, id);
		step = cf_stmt_step(&stmt);
		if (step > 0)
			run = take_run(&stmt);
	}
	cf_stmt_close(&stmt);
	if (step == 0)
		cf_error(diag, NULL, "no run %" G_GINT64_FORMAT, id);
	if (run &&
	    (MIN(run->samples, run->weight) < 0 || MIN(MIN(run->threads, run->lost), run->unresolved) < 0)) {
		cf_store_damaged(store, "a run's sum is negative", diag);
		g_clear_pointer(&run, cf_run_free);
	}
	if (run && take_labels(store, run, diag) != 0)
		g_clear_pointer(&run, cf_run_free);
	return run;
}
