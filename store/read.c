/* SPDX-License-Identifier: MIT */
/* read: row cursors over the precomputed facts of a run. */
#include "store/statement.h"

#include <string.h>

int cf_store_functions(struct cf_store *store, int64_t run, unsigned metric, gboolean by_total, int64_t limit,
		       int (*row)(void *ctx, const struct cf_func_row *row), void *ctx, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, by_total ? CF_SQL_FUNCTIONS_BY_TOTAL : CF_SQL_FUNCTIONS, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_int(&stmt, metric);
		cf_stmt_bind_int(&stmt, limit > 0 ? limit : INT64_MAX);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_func_row r;

			r.function = cf_stmt_text(&stmt);
			r.module = cf_stmt_text(&stmt);
			r.kind = cf_stmt_kind(&stmt);
			r.file = cf_stmt_text(&stmt);
			r.line = cf_stmt_id(&stmt);
			r.self = cf_stmt_int(&stmt);
			r.total = cf_stmt_int(&stmt);
			r.self_count = cf_stmt_int(&stmt);
			r.total_count = cf_stmt_int(&stmt);
			if (MIN(MIN(r.self, r.total), MIN(r.self_count, r.total_count)) < 0) {
				step = cf_store_damaged(store, "a function's cost is negative", diag);
				break;
			}
			if (row(ctx, &r) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

int cf_store_metrics(struct cf_store *store, int64_t run,
		     int (*row)(void *ctx, const struct cf_metric_row *row), void *ctx, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_METRICS, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_metric_row r;

			r.name = cf_stmt_text(&stmt);
			r.unit = cf_unit_from_name(cf_stmt_text(&stmt));
			r.weight = cf_stmt_int(&stmt);
			r.count = cf_stmt_int(&stmt);
			r.functions = cf_stmt_int(&stmt);
			if (MIN(MIN(r.weight, r.count), r.functions) < 0) {
				step = cf_store_damaged(store, "a metric's sum is negative", diag);
				break;
			}
			if (row(ctx, &r) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

int cf_store_threads(struct cf_store *store, int64_t run, unsigned metric,
		     int (*row)(void *ctx, const struct cf_thread_row *row), void *ctx, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_THREADS, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_int(&stmt, metric);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_thread_row r;

			r.comm = cf_stmt_text(&stmt);
			r.pid = (int32_t)cf_stmt_int(&stmt);
			r.tid = (int32_t)cf_stmt_int(&stmt);
			r.weight = cf_stmt_int(&stmt);
			r.count = cf_stmt_int(&stmt);
			if (MIN(r.weight, r.count) < 0) {
				step = cf_store_damaged(store, "a thread's cost is negative", diag);
				break;
			}
			if (row(ctx, &r) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

int cf_store_quality(struct cf_store *store, int64_t run,
		     int (*row)(void *ctx, const struct cf_quality_row *row), void *ctx, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_QUALITY, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_quality_row r;

			r.key = cf_stmt_text(&stmt);
			r.subject = cf_stmt_text_or_null(&stmt);
			r.text = cf_stmt_text(&stmt);
			r.cure = cf_stmt_text_or_null(&stmt);
			r.count = cf_stmt_int(&stmt);
			r.weight = cf_stmt_int(&stmt);
			if (row(ctx, &r) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

int cf_store_modules(struct cf_store *store, int64_t run,
		     int (*row)(void *ctx, const struct cf_module_row *row), void *ctx, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_MODULES, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_module_row r;

			r.name = cf_stmt_text(&stmt);
			r.path = cf_stmt_text(&stmt);
			r.build_id = cf_stmt_text(&stmt);
			if (row(ctx, &r) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}
