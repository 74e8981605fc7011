/* SPDX-License-Identifier: MIT */
/* func_totals: costs of functions in many runs, by the store's own ids. */
#include "store/statement.h"

int cf_store_func_totals(struct cf_store *store, int64_t run, unsigned metric, GArray *totals,
			 struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_FUNC_TOTALS, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_int(&stmt, metric);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_func_total row;

			row.func = cf_stmt_id(&stmt);
			row.self = cf_stmt_int(&stmt);
			row.total = cf_stmt_int(&stmt);
			row.self_count = cf_stmt_int(&stmt);
			row.total_count = cf_stmt_int(&stmt);
			if (MIN(MIN(row.self, row.total), MIN(row.self_count, row.total_count)) < 0) {
				step = cf_store_damaged(store, "a function's cost is negative", diag);
				break;
			}
			g_array_append_val(totals, row);
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

int cf_store_func_names(struct cf_store *store, int (*row)(void *ctx, const struct cf_func_name *row),
			void *ctx, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_FUNC_NAMES, diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_func_name r;

			r.func = cf_stmt_id(&stmt);
			r.name = cf_stmt_text(&stmt);
			r.canonical = cf_stmt_text(&stmt);
			r.module = cf_stmt_text(&stmt);
			r.kind = cf_stmt_kind(&stmt);
			if (row(ctx, &r) != 0) {
				step = -1;
				break;
			}
		}
	cf_stmt_close(&stmt);
	return step;
}
