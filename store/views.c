/* SPDX-License-Identifier: MIT */
/* views: what SQL users may rely on. */
#include "store/statement.h"

/* Not by cf_store_query: describing a view makes SQLite ask for rights that a user's query hasn't. */
int cf_store_views(struct cf_store *store,
		   int (*row)(void *ctx, int columns, const char *const *names, const char *const *values,
			      const int *types),
		   void *ctx, struct cf_diag *diag)
{
	static const char *const names[] = { "view", "columns" };
	static const int types[] = { SQLITE_TEXT, SQLITE_TEXT };
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open_text(&stmt, store,
			      /* A word of SQL stands in quotes, as it has to in a query. */
			      "SELECT v.name, (SELECT group_concat(iif(c.name = 'commit', '\"commit\"', "
			      "c.name), ' ') FROM"
			      " (SELECT name FROM pragma_table_info(v.name) ORDER BY cid) AS c)"
			      " FROM sqlite_schema AS v WHERE v.type = 'view' ORDER BY v.name",
			      diag) == 0) {
		while ((step = cf_stmt_step(&stmt)) > 0) {
			const char *values[2];

			values[0] = cf_stmt_text(&stmt);
			values[1] = cf_stmt_text(&stmt);
			if (row(ctx, 2, names, values, types) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}
