/* SPDX-License-Identifier: MIT */
/* edit: changes and removes stored runs. */
#include "store/statement.h"

#include <string.h>

static int set_label(struct cf_store *store, const struct cf_run *run, const char *key, const char *value,
		     gboolean *changed, struct cf_diag *diag)
{
	const char *old = g_hash_table_lookup(run->labels, key);
	struct cf_stmt stmt;
	int result = -1;

	if (g_strcmp0(old, value) == 0)
		return 0;
	if (cf_stmt_open(&stmt, store, value ? CF_SQL_SET_LABEL : CF_SQL_REMOVE_LABEL, diag) == 0) {
		cf_stmt_bind_int(&stmt, run->id);
		cf_stmt_bind_text(&stmt, key, -1);
		if (value)
			cf_stmt_bind_text(&stmt, value, -1);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	*changed = TRUE;
	return result;
}

static int edit_labels(struct cf_store *store, const struct cf_run *run, const struct cf_run_flags *flags,
		       const char *const *remove_labels, gboolean *changed, struct cf_diag *diag)
{
	GHashTableIter iter;
	gpointer key, value;

	for (size_t i = 0; remove_labels && remove_labels[i]; i++)
		if (set_label(store, run, remove_labels[i], NULL, changed, diag) != 0)
			return -1;
	if (!flags || !flags->labels)
		return 0;
	g_hash_table_iter_init(&iter, flags->labels);
	while (g_hash_table_iter_next(&iter, &key, &value))
		if (set_label(store, run, key, value, changed, diag) != 0)
			return -1;
	return 0;
}

static int edit_run(struct cf_store *store, const struct cf_run *run, const struct cf_run_flags *flags,
		    const gboolean *pin, gboolean *changed, struct cf_diag *diag)
{
	const char *name = flags && flags->name ? flags->name : run->name;
	const char *commit = flags && flags->commit ? flags->commit : run->commit;
	gboolean timed = flags && flags->start_source != CF_START_NONE;
	int64_t start = timed ? flags->start_ns : run->start_ns;
	enum cf_start_source start_source = timed ? flags->start_source : run->start_source;
	gboolean pinned = pin ? *pin != FALSE : run->pinned;
	struct cf_stmt stmt;
	int result = -1;

	if (g_strcmp0(name, run->name) == 0 && g_strcmp0(commit, run->commit) == 0 &&
	    start == run->start_ns && start_source == run->start_source && pinned == run->pinned)
		return 0;
	*changed = TRUE;
	if (cf_stmt_open(&stmt, store, CF_SQL_EDIT_RUN, diag) == 0) {
		cf_stmt_bind_text(&stmt, name, -1);
		cf_stmt_bind_int(&stmt, start);
		cf_stmt_bind_int(&stmt, start_source);
		cf_stmt_bind_text(&stmt, commit, -1);
		cf_stmt_bind_int(&stmt, pinned);
		cf_stmt_bind_int(&stmt, run->id);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	/* Who knows when it was needn't be told how it was guessed. */
	if (result == 0 && timed)
		result = cf_store_run_sql(store, CF_SQL_CLEAR_START_REMARKS, run->id, diag);
	return result;
}

int cf_store_edit(struct cf_store *store, int64_t id, const struct cf_run_flags *flags, const gboolean *pin,
		  const char *const *remove_labels, gboolean *changed, struct cf_diag *diag)
{
	struct cf_run *run;
	int result = -1;

	*changed = FALSE;
	if (cf_store_begin(store, diag) != 0)
		return -1;
	run = cf_store_run_by_id(store, id, diag);
	if (run && edit_run(store, run, flags, pin, changed, diag) == 0 &&
	    edit_labels(store, run, flags, remove_labels, changed, diag) == 0)
		result = cf_store_commit(store, diag);
	else
		cf_store_rollback(store);
	cf_run_free(run);
	return result;
}

static int run_all(struct cf_store *store, const enum cf_sql *sql, size_t n, int64_t run,
		   struct cf_diag *diag)
{
	for (size_t i = 0; i < n; i++)
		if (cf_store_run_sql(store, sql[i], run, diag) != 0)
			return -1;
	return 0;
}

int cf_store_clear_run(struct cf_store *store, int64_t run, struct cf_diag *diag)
{
	static const enum cf_sql facts[] = {
		CF_SQL_CLEAR_METRICS,      CF_SQL_CLEAR_MODULES,    CF_SQL_CLEAR_THREADS,
		CF_SQL_CLEAR_THREAD_COSTS, CF_SQL_CLEAR_STACKS,     CF_SQL_CLEAR_FUNCS,
		CF_SQL_CLEAR_SYMBOLS,      CF_SQL_CLEAR_QUALITY,    CF_SQL_CLEAR_LINES,
		CF_SQL_CLEAR_SAMPLES,      CF_SQL_CLEAR_SPANS,      CF_SQL_CLEAR_POINTS,
		CF_SQL_CLEAR_CALLS,        CF_SQL_CLEAR_OPERATIONS,
	};

	return run_all(store, facts, G_N_ELEMENTS(facts), run, diag);
}

int cf_store_delete(struct cf_store *store, int64_t id, struct cf_diag *diag)
{
	static const enum cf_sql rest[] = { CF_SQL_DELETE_FINDINGS, CF_SQL_DELETE_LABELS,
					    CF_SQL_DELETE_RUN_SOURCES, CF_SQL_DELETE_RUN,
					    CF_SQL_DELETE_SOURCES };
	struct cf_run *run;
	int result = -1;

	if (cf_store_begin(store, diag) != 0)
		return -1;
	run = cf_store_run_by_id(store, id, diag);
	if (run && cf_store_clear_run(store, id, diag) == 0 &&
	    run_all(store, rest, G_N_ELEMENTS(rest), id, diag) == 0 && cf_store_sweep(store, diag) == 0)
		result = cf_store_commit(store, diag);
	else
		cf_store_rollback(store);
	cf_run_free(run);
	return result;
}
