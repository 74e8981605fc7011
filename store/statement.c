/* SPDX-License-Identifier: MIT */
/* statement: typed statements over SQLite; every failure becomes one located message. */
#include "store/statement.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char *const sql_texts[] = {
#define CF_SQL(name, text) [CF_SQL_##name] = text,
#include "store/sql.def"
#undef CF_SQL
};

const char *cf_sql_text(enum cf_sql sql)
{
	return sql_texts[sql];
}

int cf_store_fail(struct cf_store *store, int code, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = store->path };
	int err = store->db ? sqlite3_system_errno(store->db) : 0;

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return cf_error_as(diag, CF_STATUS_BUSY, &loc,
				   "store is busy (locked by another process): try again");
	case SQLITE_FULL:
		return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "cannot write the store: %s",
				   strerror(ENOSPC));
	case SQLITE_NOMEM:
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "out of memory");
	case SQLITE_IOERR:
		if (code == SQLITE_IOERR_NOMEM)
			return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "out of memory");
		return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "cannot read or write the store: %s",
				   err ? strerror(err) : sqlite3_errstr(code));
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "cannot open the store or its journal: %s",
				   err ? strerror(err) : sqlite3_errstr(code));
	case SQLITE_READONLY:
		return cf_error_as(diag, CF_STATUS_SYSTEM, &loc,
				   "the store or its folder can't be written: %s",
				   err ? strerror(err) : sqlite3_errstr(code));
	case SQLITE_INTERRUPT:
		return cf_error_as(diag, CF_STATUS_INTERRUPTED, &loc, "interrupted");
	case SQLITE_NOTADB:
		return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "not a callflow store (no SQLite file)");
	case SQLITE_CORRUPT:
		return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "damaged store: %s",
				   store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
	default:
		return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "store: %s",
				   store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(code));
	}
}

int cf_store_damaged(struct cf_store *store, const char *what, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = store->path };

	return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "damaged store: %s", what);
}

int cf_stmt_open_text(struct cf_stmt *stmt, struct cf_store *store, const char *text, struct cf_diag *diag)
{
	int code;

	*stmt = (struct cf_stmt){ .store = store, .diag = diag };
	if (cf_store_ready(store, diag) != 0)
		return -1;
	code = sqlite3_prepare_v2(store->db, text, -1, &stmt->raw, NULL);
	return code == SQLITE_OK ? 0 : cf_store_fail(store, sqlite3_extended_errcode(store->db), diag);
}

int cf_stmt_open(struct cf_stmt *stmt, struct cf_store *store, enum cf_sql sql, struct cf_diag *diag)
{
	return cf_stmt_open_text(stmt, store, sql_texts[sql], diag);
}

void cf_stmt_close(struct cf_stmt *stmt)
{
	sqlite3_finalize(stmt->raw);
	stmt->raw = NULL;
}

void cf_stmt_bind_text(struct cf_stmt *stmt, const char *text, gssize len)
{
	stmt->parameter++;
	if (text)
		sqlite3_bind_text64(stmt->raw, stmt->parameter, text, len < 0 ? strlen(text) : (size_t)len,
				    SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_null(stmt->raw, stmt->parameter);
}

void cf_stmt_bind_blob(struct cf_stmt *stmt, const void *data, size_t len)
{
	sqlite3_bind_blob64(stmt->raw, ++stmt->parameter, len ? data : "", len, SQLITE_STATIC);
}

void cf_stmt_reset(struct cf_stmt *stmt)
{
	sqlite3_reset(stmt->raw);
	stmt->parameter = 0;
}

int cf_stmt_step(struct cf_stmt *stmt)
{
	int code;

	stmt->column = 0;
	/* SQLite forgets an interruption that comes between two statements. */
	if (stmt->store->interrupted) {
		cf_store_fail(stmt->store, SQLITE_INTERRUPT, stmt->diag);
		cf_stmt_reset(stmt);
		return -1;
	}
	code = sqlite3_step(stmt->raw);
	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE) {
		cf_stmt_reset(stmt);
		return 0;
	}
	code = sqlite3_extended_errcode(stmt->store->db);
	cf_store_fail(stmt->store, code, stmt->diag);
	cf_stmt_reset(stmt);
	return -1;
}

int cf_stmt_run(struct cf_stmt *stmt)
{
	int step = cf_stmt_step(stmt);

	if (step > 0)
		cf_stmt_reset(stmt);
	return step < 0 ? -1 : 0;
}

uint32_t cf_stmt_id(struct cf_stmt *stmt)
{
	int64_t value = cf_stmt_int(stmt);

	return value > 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

enum cf_frame_kind cf_stmt_kind(struct cf_stmt *stmt)
{
	int64_t kind = cf_stmt_int(stmt);

	return kind >= 0 && kind < CF_FRAME_KINDS ? (enum cf_frame_kind)kind : CF_FRAME_UNRESOLVED;
}

double cf_stmt_double(struct cf_stmt *stmt)
{
	int column = stmt->column++;

	return sqlite3_column_type(stmt->raw, column) == SQLITE_NULL
		       ? NAN
		       : sqlite3_column_double(stmt->raw, column);
}

int64_t cf_stmt_weight(struct cf_stmt *stmt, int64_t count, int64_t period)
{
	int64_t weight;

	if (sqlite3_column_type(stmt->raw, stmt->column) != SQLITE_NULL)
		return cf_stmt_int(stmt);
	stmt->column++;
	return __builtin_mul_overflow(count, period, &weight) ? 0 : weight;
}

const void *cf_stmt_blob(struct cf_stmt *stmt, size_t *len)
{
	const void *data = NULL;

	*len = 0;
	if (sqlite3_column_type(stmt->raw, stmt->column) == SQLITE_BLOB) {
		data = sqlite3_column_blob(stmt->raw, stmt->column);
		*len = data ? (size_t)sqlite3_column_bytes(stmt->raw, stmt->column) : 0;
	}
	stmt->column++;
	return data;
}

const char *cf_stmt_text_or_null(struct cf_stmt *stmt)
{
	return (const char *)sqlite3_column_text(stmt->raw, stmt->column++);
}

const char *cf_stmt_text(struct cf_stmt *stmt)
{
	const char *text = cf_stmt_text_or_null(stmt);

	return text ? text : "";
}

char *cf_stmt_dup_or_null(struct cf_stmt *stmt)
{
	return g_strdup(cf_stmt_text_or_null(stmt));
}

char *cf_stmt_dup(struct cf_stmt *stmt)
{
	return g_strdup(cf_stmt_text(stmt));
}

int cf_bulk_open(struct cf_bulk *bulk, struct cf_store *store, enum cf_sql sql, struct cf_diag *diag)
{
	g_autoptr(GString) text = g_string_new(sql_texts[sql]);
	const char *row = strrchr(sql_texts[sql], '(');

	bulk->many = bulk->one = (struct cf_stmt){ 0 };
	bulk->rows = 0;
	for (int i = 1; i < CF_BULK_ROWS; i++)
		g_string_append_printf(text, ", %s", row);
	if (cf_stmt_open(&bulk->one, store, sql, diag) != 0 ||
	    cf_stmt_open_text(&bulk->many, store, text->str, diag) != 0)
		return -1;
	bulk->columns = sqlite3_bind_parameter_count(bulk->one.raw);
	g_assert(bulk->columns <= CF_BULK_COLUMNS);
	return 0;
}

static inline void bind_value(struct cf_stmt *stmt, int64_t value)
{
	if (value != CF_BULK_NULL)
		cf_stmt_bind_int(stmt, value);
	else
		sqlite3_bind_null(stmt->raw, ++stmt->parameter);
}

int cf_bulk_add(struct cf_bulk *bulk, const int64_t *row)
{
	memcpy(bulk->values + (size_t)bulk->rows * bulk->columns, row, (size_t)bulk->columns * sizeof(*row));
	if (++bulk->rows < CF_BULK_ROWS)
		return 0;
	bulk->rows = 0;
	for (int i = 0; i < CF_BULK_ROWS * bulk->columns; i++)
		bind_value(&bulk->many, bulk->values[i]);
	return cf_stmt_run(&bulk->many);
}

int cf_bulk_flush(struct cf_bulk *bulk)
{
	int result = 0;

	for (int r = 0; result == 0 && r < bulk->rows; r++) {
		for (int i = 0; i < bulk->columns; i++)
			bind_value(&bulk->one, bulk->values[r * bulk->columns + i]);
		result = cf_stmt_run(&bulk->one);
	}
	bulk->rows = 0;
	return result;
}

void cf_bulk_close(struct cf_bulk *bulk)
{
	cf_stmt_close(&bulk->many);
	cf_stmt_close(&bulk->one);
}

int cf_store_get_int(struct cf_store *store, enum cf_sql sql, const int64_t *parameter, int64_t *value,
		     struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, sql, diag) == 0) {
		if (parameter)
			cf_stmt_bind_int(&stmt, *parameter);
		step = cf_stmt_step(&stmt);
		if (step > 0)
			*value = cf_stmt_int(&stmt);
	}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : 0;
}

int cf_store_run_sql(struct cf_store *store, enum cf_sql sql, int64_t parameter, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int result = -1;

	if (cf_stmt_open(&stmt, store, sql, diag) == 0) {
		if (sqlite3_bind_parameter_count(stmt.raw) > 0)
			cf_stmt_bind_int(&stmt, parameter);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

int cf_store_exec(struct cf_store *store, const char *text, struct cf_diag *diag)
{
	int code = sqlite3_exec(store->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : cf_store_fail(store, sqlite3_extended_errcode(store->db), diag);
}
