/* SPDX-License-Identifier: MIT */
/* query: the user's own SQL, which can read and nothing else. */
#include "store/statement.h"

#include <string.h>

/* Denied: everything that writes, attaches or changes settings. Pragmas that only describe the schema are
 * fine. */
static int authorize(void *ctx, int action, const char *first, const char *second, const char *database,
		     const char *trigger)
{
	static const char *const pragmas[] = { "table_info",        "table_xinfo", "table_list",
					       "index_list",        "index_info",  "index_xinfo",
					       "page_count",        "page_size",   "user_version",
					       "application_id",    "encoding",    "compile_options",
					       "function_list",     "quick_check", "integrity_check",
					       "foreign_key_check", NULL };

	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return g_strcmp0(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
		if (second && (g_ascii_strcasecmp(first, "user_version") == 0 ||
			       g_ascii_strcasecmp(first, "application_id") == 0))
			return SQLITE_DENY;
		for (size_t i = 0; pragmas[i]; i++)
			if (g_ascii_strcasecmp(first, pragmas[i]) == 0)
				return SQLITE_OK;
		return SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

/* The message with the line and column in the user's text that SQLite points at. */
static int refuse(struct cf_store *store, const char *sql, int code, struct cf_diag *diag)
{
	int offset = sqlite3_error_offset(store->db);
	struct cf_loc loc = { .path = "query" };

	if ((code & 0xff) == SQLITE_AUTH)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "query: only statements that read are allowed");
	if ((code & 0xff) != SQLITE_ERROR)
		return cf_store_fail(store, code, diag);
	if (offset < 0 || (size_t)offset > strlen(sql))
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "query: %s", sqlite3_errmsg(store->db));
	loc.line = loc.col = 1;
	for (int i = 0; i < offset; i++) {
		loc.col++;
		if (sql[i] == '\n') {
			loc.line++;
			loc.col = 1;
		}
	}
	return cf_error_as(diag, CF_STATUS_USAGE, &loc, "%s%s", sqlite3_errmsg(store->db),
			   strstr(sqlite3_errmsg(store->db), "near \"commit\"")
				   ? "; the column is written \"commit\", in double quotes"
				   : "");
}

/* x'00ff', as SQL spells it; other values as text. blob keeps what isn't SQLite's. */
static const char *value_text(sqlite3_stmt *stmt, int column, char **blob)
{
	const uint8_t *bytes;
	GString *hex;
	int n;

	g_clear_pointer(blob, g_free);
	if (sqlite3_column_type(stmt, column) != SQLITE_BLOB)
		return (const char *)sqlite3_column_text(stmt, column);
	bytes = sqlite3_column_blob(stmt, column);
	n = sqlite3_column_bytes(stmt, column);
	hex = g_string_sized_new(2 * (gsize)n + 4);
	g_string_append(hex, "x'");
	for (int i = 0; i < n; i++)
		g_string_append_printf(hex, "%02x", bytes[i]);
	g_string_append_c(hex, '\'');
	return *blob = g_string_free(hex, FALSE);
}

static int run_query(sqlite3_stmt *stmt, struct cf_store *store, const char *sql,
		     int (*row)(void *ctx, int columns, const char *const *names, const char *const *values,
				const int *types),
		     void *ctx, struct cf_diag *diag)
{
	int columns = sqlite3_column_count(stmt), code;
	g_autofree const char **names = g_new0(const char *, (gsize)columns + 1);
	g_autofree const char **values = g_new0(const char *, (gsize)columns + 1);
	g_auto(GStrv) blobs = g_new0(char *, (gsize)columns + 1);
	g_autofree int *types = g_new0(int, (gsize)columns + 1);

	for (int i = 0; i < columns; i++)
		names[i] = sqlite3_column_name(stmt, i);
	if (row(ctx, columns, names, NULL, NULL) != 0)
		return -1;
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (int i = 0; i < columns; i++) {
			types[i] = sqlite3_column_type(stmt, i);
			values[i] = value_text(stmt, i, &blobs[i]);
		}
		if (row(ctx, columns, names, values, types) != 0)
			return -1;
	}
	return code == SQLITE_DONE ? 0 : refuse(store, sql, sqlite3_extended_errcode(store->db), diag);
}

int cf_store_query(struct cf_store *store, const char *sql,
		   int (*row)(void *ctx, int columns, const char *const *names, const char *const *values,
			      const int *types),
		   void *ctx, struct cf_diag *diag)
{
	sqlite3_stmt *stmt = NULL, *more = NULL;
	const char *rest = NULL;
	int result = -1, code;

	if (cf_store_ready(store, diag) != 0)
		return -1;
	sqlite3_set_authorizer(store->db, authorize, NULL);
	code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, &rest);
	if (code != SQLITE_OK)
		refuse(store, sql, sqlite3_extended_errcode(store->db), diag);
	else if (!stmt)
		cf_error_as(diag, CF_STATUS_USAGE, NULL, "query: no statement");
	else if (sqlite3_prepare_v2(store->db, rest, -1, &more, NULL) != SQLITE_OK || more)
		cf_error_as(diag, CF_STATUS_USAGE, NULL, "query: one statement at a time");
	else if (!sqlite3_stmt_readonly(stmt))
		cf_error_as(diag, CF_STATUS_USAGE, NULL, "query: only statements that read are allowed");
	else
		result = run_query(stmt, store, sql, row, ctx, diag);
	sqlite3_finalize(more);
	sqlite3_finalize(stmt);
	sqlite3_set_authorizer(store->db, NULL, NULL);
	return result;
}
