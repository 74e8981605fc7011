/* SPDX-License-Identifier: MIT */
/* views: what SQL users may rely on. */
#include "store/store.h"

int cf_store_views(struct cf_store *store,
		   int (*row)(void *ctx, int columns, const char *const *names, const char *const *values,
			      const int *types),
		   void *ctx, struct cf_diag *diag)
{
	return cf_store_query(store,
			      "SELECT v.name AS \"view\", (SELECT group_concat(c.name, ' ') FROM"
			      " (SELECT name FROM pragma_table_info(v.name) ORDER BY cid) AS c) AS columns"
			      " FROM sqlite_schema AS v WHERE v.type = 'view' ORDER BY v.name",
			      row, ctx, diag);
}
