/* SPDX-License-Identifier: MIT */
/* write: stores a trace as a run, wholly or not at all. */
#include "store/statement.h"

#include "core/hash.h"

#include <string.h>

/* ---- known sources ---- */

/* The run that holds these bytes: *run 0 when there is none. *source: id of the source row. */
static int find_source(struct cf_store *store, const struct cf_source *source, int64_t *id, int64_t *run,
		       gboolean *same, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	*run = *id = 0;
	*same = FALSE;
	if (cf_stmt_open(&stmt, store, CF_SQL_FIND_SOURCE, diag) == 0) {
		cf_stmt_bind_text(&stmt, source->hash, -1);
		step = cf_stmt_step(&stmt);
		if (step > 0) {
			*id = cf_stmt_int(&stmt);
			*same = g_strcmp0(cf_stmt_text(&stmt), source->format) == 0;
			*same = cf_stmt_int(&stmt) == source->version && *same;
			*same = g_strcmp0(cf_stmt_text(&stmt), source->options ? source->options : "") == 0 &&
				*same;
			*run = cf_stmt_int(&stmt);
		}
	}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : 0;
}

int cf_store_known(struct cf_store *store, const struct cf_source *source, enum cf_known *known, int64_t *run,
		   struct cf_diag *diag)
{
	int64_t id;
	gboolean same;

	*known = CF_KNOWN_NO;
	if (store->pending) {
		*run = 0;
		return 0;
	}
	if (find_source(store, source, &id, run, &same, diag) != 0)
		return -1;
	if (*run)
		*known = same ? CF_KNOWN_SAME : CF_KNOWN_OTHER_READING;
	return 0;
}

static int put_source(struct cf_store *store, const struct cf_source *source, int64_t id,
		      struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int result = -1;

	if (cf_stmt_open(&stmt, store, id ? CF_SQL_UPDATE_SOURCE : CF_SQL_ADD_SOURCE, diag) == 0) {
		if (!id)
			cf_stmt_bind_text(&stmt, source->hash, -1);
		cf_stmt_bind_int(&stmt, (int64_t)source->size);
		cf_stmt_bind_text(&stmt, source->path, -1);
		cf_stmt_bind_text(&stmt, source->format, -1);
		cf_stmt_bind_int(&stmt, source->version);
		cf_stmt_bind_text(&stmt, source->options ? source->options : "", -1);
		cf_stmt_bind_int(&stmt, source->partial);
		if (id)
			cf_stmt_bind_int(&stmt, id);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* ---- the run itself ---- */

static int64_t count_lost(const struct cf_trace *trace)
{
	int64_t lost = 0;

	for (guint i = 0; i < trace->quality->len; i++) {
		const struct cf_quality *row = &g_array_index(trace->quality, struct cf_quality, i);

		if (strcmp(row->key, "lost") == 0 && __builtin_add_overflow(lost, row->count, &lost))
			lost = INT64_MAX;
	}
	return lost;
}

static guint thread_hash(gconstpointer key)
{
	const struct cf_thread_info *thread = key;

	return cf_hash((uint32_t)thread->pid, (uint32_t)thread->tid);
}

static gboolean thread_equal(gconstpointer a, gconstpointer b)
{
	const struct cf_thread_info *x = a, *y = b;

	return x->pid == y->pid && x->tid == y->tid;
}

/* A thread that was renamed is there once per name; one without a name stands for inputs that know no threads. */
static int64_t count_threads(const struct cf_trace *trace)
{
	g_autoptr(GHashTable) numbers = g_hash_table_new(thread_hash, thread_equal);

	for (guint i = 0; i < trace->threads->len; i++) {
		struct cf_thread_info *thread = &g_array_index(trace->threads, struct cf_thread_info, i);

		if (thread->comm.id)
			g_hash_table_add(numbers, thread);
	}
	return g_hash_table_size(numbers);
}

/*
 * What the user said now wins, then what was stored (an edit outlives --again), then what the input says. A
 * start that came from the input or the file's time is read again with the input.
 */
static int put_run(struct cf_store *store, const struct cf_source *source, const struct cf_run_flags *flags,
		   const struct cf_trace *trace, const struct cf_run *old, struct cf_diag *diag)
{
	const struct cf_run_meta *meta = &trace->meta;
	const char *name = flags && flags->name ? flags->name : old ? old->name : meta->name;
	const char *commit = flags && flags->commit ? flags->commit
			     : old && old->commit   ? old->commit
						    : meta->commit;
	int64_t start = meta->start_ns;
	enum cf_start_source start_source = meta->start_source;
	struct cf_stmt stmt;
	int result = -1;

	if (old && old->start_source == CF_START_USER) {
		start = old->start_ns;
		start_source = CF_START_USER;
	}
	if (flags && flags->start_source != CF_START_NONE) {
		start = flags->start_ns;
		start_source = flags->start_source;
	}
	if (cf_stmt_open(&stmt, store, old ? CF_SQL_UPDATE_RUN : CF_SQL_ADD_RUN, diag) == 0) {
		if (!old)
			cf_stmt_bind_text(&stmt, source->hash, -1);
		cf_stmt_bind_text(&stmt, name ? name : "", -1);
		cf_stmt_bind_int(&stmt, start);
		cf_stmt_bind_int(&stmt, start_source);
		cf_stmt_bind_int(&stmt, meta->duration_ns);
		cf_stmt_bind_int(&stmt, source->partial);
		cf_stmt_bind_int(&stmt, cf_trace_facts(trace));
		cf_stmt_bind_int(&stmt, count_lost(trace));
		cf_stmt_bind_int(&stmt, count_threads(trace));
		cf_stmt_bind_text(&stmt, commit, -1);
		cf_stmt_bind_text(&stmt, meta->command, -1);
		cf_stmt_bind_text(&stmt, meta->host, -1);
		cf_stmt_bind_text(&stmt, meta->os, -1);
		cf_stmt_bind_text(&stmt, meta->cpu, -1);
		if (old)
			cf_stmt_bind_int(&stmt, old->id);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put_labels(struct cf_store *store, int64_t run, GHashTable *labels, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	GHashTableIter iter;
	gpointer key, value;
	int result;

	if (!labels || !g_hash_table_size(labels))
		return 0;
	result = cf_stmt_open(&stmt, store, CF_SQL_SET_LABEL, diag);
	g_hash_table_iter_init(&iter, labels);
	while (result == 0 && g_hash_table_iter_next(&iter, &key, &value)) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_text(&stmt, key, -1);
		cf_stmt_bind_text(&stmt, value, -1);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int link_source(struct cf_store *store, int64_t run, int64_t source, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int result = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_ADD_RUN_SOURCE, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_int(&stmt, source);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put(struct cf_store *store, const struct cf_source *source, const struct cf_run_flags *flags,
	       const struct cf_trace *trace, int64_t *run, struct cf_diag *diag)
{
	struct cf_run *old = NULL;
	int64_t id;
	gboolean same;
	int result = -1;

	if (find_source(store, source, &id, run, &same, diag) != 0)
		return -1;
	if (*run) {
		old = cf_store_run_by_id(store, *run, diag);
		if (!old || cf_store_clear_run(store, *run, diag) != 0)
			goto out;
	}
	if (put_source(store, source, id, diag) != 0)
		goto out;
	if (!id)
		id = sqlite3_last_insert_rowid(store->db);
	if (put_run(store, source, flags, trace, old, diag) != 0)
		goto out;
	if (!old) {
		*run = sqlite3_last_insert_rowid(store->db);
		if (link_source(store, *run, id, diag) != 0)
			goto out;
	}
	/* A label that the user took away doesn't come back with the input. */
	if ((!old && put_labels(store, *run, trace->meta.labels, diag) != 0) ||
	    (flags && put_labels(store, *run, flags->labels, diag) != 0) ||
	    cf_store_put_facts(store, *run, trace, diag) != 0)
		goto out;
	/* Symbols that were found only now leave the names of before unused. */
	result = old ? cf_store_sweep(store, diag) : 0;
out:
	cf_run_free(old);
	return result;
}

int cf_store_put(struct cf_store *store, const struct cf_source *source, const struct cf_run_flags *flags,
		 const struct cf_trace *trace, int64_t *run, struct cf_diag *diag)
{
	*run = 0;
	if (cf_store_begin(store, diag) != 0)
		return -1;
	if (put(store, source, flags, trace, run, diag) != 0) {
		cf_store_rollback(store);
		*run = 0;
		return -1;
	}
	return cf_store_commit(store, diag);
}
