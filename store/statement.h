/* SPDX-License-Identifier: MIT */
/* statement: the open store as the layer sees it, and typed statements; private to store/. */
#ifndef CF_STORE_STATEMENT_H
#define CF_STORE_STATEMENT_H

#include "store/store.h"

#include <signal.h>
#include <sqlite3.h>

#define CF_STORE_APPLICATION_ID 0x63666c77 /* "cflw" */

struct cf_trie;

struct cf_store {
	sqlite3 *db; /* NULL while pending and nothing was asked yet */
	char *path;
	enum cf_store_mode mode;
	gboolean pending; /* CREATE of a file that isn't there: made by the first transaction */
	gboolean created; /* by this process, not yet said */
	volatile sig_atomic_t interrupted; /* by cf_store_interrupt: nothing more is done */
	struct cf_trie *trie;              /* trie.c: stacks that were read, or NULL */
};

/* The statements with a fixed text; sql.def holds them. Settings and the user's SQL go by cf_stmt_open_text. */
enum cf_sql {
#define CF_SQL(name, text) CF_SQL_##name,
#include "store/sql.def"
#undef CF_SQL
	CF_SQL_COUNT
};
const char *cf_sql_text(enum cf_sql sql);

/*
 * A prepared statement. Parameters are bound in order by cf_stmt_bind_*, results are taken in order by
 * cf_stmt_*; stepping starts both again. Binding errors surface in the next step.
 */
struct cf_stmt {
	struct cf_store *store;
	struct cf_diag *diag;
	sqlite3_stmt *raw;
	int parameter, column;
};

int cf_stmt_open(struct cf_stmt *stmt, struct cf_store *store, enum cf_sql sql, struct cf_diag *diag);
int cf_stmt_open_text(struct cf_stmt *stmt, struct cf_store *store, const char *text, struct cf_diag *diag);
void cf_stmt_close(struct cf_stmt *stmt); /* harmless when zeroed or closed */

/* A text is borrowed until the statement is reset. NULL binds NULL, NAN too. */
static inline void cf_stmt_bind_double(struct cf_stmt *stmt, double value)
{
	sqlite3_bind_double(stmt->raw, ++stmt->parameter, value);
}
static inline void cf_stmt_bind_int(struct cf_stmt *stmt, int64_t value)
{
	sqlite3_bind_int64(stmt->raw, ++stmt->parameter, value);
}
void cf_stmt_bind_text(struct cf_stmt *stmt, const char *text, gssize len);
void cf_stmt_bind_blob(struct cf_stmt *stmt, const void *data, size_t len); /* borrowed like a text */

/* 1: a row, 0: the end (the statement is reset), -1: said. */
int cf_stmt_step(struct cf_stmt *stmt);
/* For statements without rows: executes and resets. */
int cf_stmt_run(struct cf_stmt *stmt);
void cf_stmt_reset(struct cf_stmt *stmt);

static inline int64_t cf_stmt_int(struct cf_stmt *stmt)
{
	return sqlite3_column_int64(stmt->raw, stmt->column++);
}
double cf_stmt_double(struct cf_stmt *stmt); /* NAN for null */
/* An id of a dictionary: damaged stores can hold anything, so what doesn't fit is 0. */
uint32_t cf_stmt_id(struct cf_stmt *stmt);
/* A frame kind; one that there isn't is unresolved. */
enum cf_frame_kind cf_stmt_kind(struct cf_stmt *stmt);
/* A weight that is NULL is count * period (schema, run_metric). */
int64_t cf_stmt_weight(struct cf_stmt *stmt, int64_t count, int64_t period);
/*
 * Borrowed until the next step. "" for null, which a damaged store can have anywhere; _or_null is for the columns
 * that may be null.
 */
const char *cf_stmt_text(struct cf_stmt *stmt);
const char *cf_stmt_text_or_null(struct cf_stmt *stmt);
const void *cf_stmt_blob(struct cf_stmt *stmt, size_t *len); /* NULL and 0 for what is none */
char *cf_stmt_dup(struct cf_stmt *stmt);                     /* the caller frees */
char *cf_stmt_dup_or_null(struct cf_stmt *stmt);

/*
 * Inserts many rows of integers, some at a time: the cost of a statement that inserts one row is mostly the
 * statement. sql: an INSERT whose text ends in VALUES (?, ...).
 */
#define CF_BULK_ROWS 32
#define CF_BULK_COLUMNS 13
#define CF_BULK_NULL INT64_MIN
struct cf_bulk {
	struct cf_stmt many, one;
	int columns, rows;
	int64_t values[CF_BULK_ROWS * CF_BULK_COLUMNS];
};
int cf_bulk_open(struct cf_bulk *bulk, struct cf_store *store, enum cf_sql sql, struct cf_diag *diag);
int cf_bulk_add(struct cf_bulk *bulk, const int64_t *row);
int cf_bulk_flush(struct cf_bulk *bulk); /* what is left; before the rows are read or counted on */
void cf_bulk_close(struct cf_bulk *bulk);

/* Opens, binds one integer, reads one integer: *value stays when there is no row. */
int cf_store_get_int(struct cf_store *store, enum cf_sql sql, const int64_t *parameter, int64_t *value,
		     struct cf_diag *diag);
/* Opens, binds parameter when the statement has one, executes. */
int cf_store_run_sql(struct cf_store *store, enum cf_sql sql, int64_t parameter, struct cf_diag *diag);
int cf_store_exec(struct cf_store *store, const char *text, struct cf_diag *diag);

/*
 * What SQLite says about the last failure, as one located message with the right exit status: a damaged store is
 * CF_STATUS_SYSTEM, as only what is missing in a sound one is an answer. Returns -1.
 */
int cf_store_fail(struct cf_store *store, int code, struct cf_diag *diag);
/* The store contradicts itself. Returns -1. */
int cf_store_damaged(struct cf_store *store, const char *what, struct cf_diag *diag);

/* open.c: makes sure that there is a connection to read from (a pending store answers as an empty one). */
int cf_store_ready(struct cf_store *store, struct cf_diag *diag);
/* BEGIN IMMEDIATE; creates a pending file, migrates an older or empty one. */
int cf_store_begin(struct cf_store *store, struct cf_diag *diag);
int cf_store_commit(struct cf_store *store, struct cf_diag *diag);
void cf_store_rollback(struct cf_store *store);

/* facts.c: inside a transaction, adds the facts of trace to a run that has none. */
int cf_store_put_facts(struct cf_store *store, int64_t run, const struct cf_trace *trace,
		       struct cf_diag *diag);
/* sweep.c: inside a transaction, removes what no run uses any more from the dictionaries. */
int cf_store_sweep(struct cf_store *store, struct cf_diag *diag);
/* history_drop.c: inside a transaction, removes the stored commits that history's head can't reach. */
struct cf_history;
int cf_store_drop_unreachable(struct cf_store *store, int64_t repo, const struct cf_history *history,
			      struct cf_diag *diag);
/* edit.c: inside a transaction, removes the facts of a run, not the run. */
int cf_store_clear_run(struct cf_store *store, int64_t run, struct cf_diag *diag);
/* runs.c: the run with this id, labels and all, or NULL (said). */
struct cf_run *cf_store_run_by_id(struct cf_store *store, int64_t run, struct cf_diag *diag);

#endif
