/* SPDX-License-Identifier: MIT */
/* facts_calls: call edges and source lines, into the store and back. */
#include "store/facts.h"

#include <stdlib.h>

struct row {
	uint32_t metric, a, b, c; /* what the key is made of, by store ids */
	int64_t weight, count;
};

static int compare_rows(const void *left, const void *right)
{
	const struct row *x = left, *y = right;

	if (x->metric != y->metric)
		return x->metric < y->metric ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	if (x->b != y->b)
		return x->b < y->b ? -1 : 1;
	return x->c < y->c ? -1 : x->c > y->c;
}

/* Sorted by their key, which is the table's. columns: of the key without run and metric. */
static int put_rows(const struct cf_fact_writer *w, enum cf_sql sql, struct row *rows, guint n, int columns)
{
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, sql, w->diag);

	qsort(rows, n, sizeof(*rows), compare_rows);
	for (guint i = 0; result == 0 && i < n; i++) {
		const struct row *r = &rows[i];

		if (columns == 2)
			result = cf_bulk_add(
				&bulk, (int64_t[]){ w->run, r->metric, r->a, r->b, r->weight, r->count });
		else
			result = cf_bulk_add(&bulk, (int64_t[]){ w->run, r->metric, r->a, r->b, r->c,
								 r->weight, r->count });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

/* INT64_MIN stands for NULL in bulks. */
static int64_t storable(int64_t value)
{
	return MAX(value, -INT64_MAX);
}

int cf_store_put_calls(const struct cf_fact_writer *w)
{
	const GArray *calls = w->trace->calls;
	g_autofree struct row *rows = g_try_new(struct row, MAX(calls->len, 1));

	if (!rows)
		return cf_store_fail(w->store, SQLITE_NOMEM, w->diag);
	for (guint i = 0; i < calls->len; i++) {
		const struct cf_call_cost *call = &g_array_index(calls, struct cf_call_cost, i);

		rows[i] = (struct row){ call->metric.id,
					w->ids->funcs[call->caller.id],
					w->ids->funcs[call->callee.id],
					0,
					storable(call->weight),
					storable(call->calls) };
	}
	return put_rows(w, CF_SQL_ADD_CALL, rows, calls->len, 2);
}

int cf_store_put_lines(const struct cf_fact_writer *w)
{
	const GArray *lines = w->trace->lines;
	g_autofree struct row *rows = g_try_new(struct row, MAX(lines->len, 1));

	if (!rows)
		return cf_store_fail(w->store, SQLITE_NOMEM, w->diag);
	for (guint i = 0; i < lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(lines, struct cf_line_cost, i);

		rows[i] = (struct row){ line->metric.id,
					w->ids->strs[line->file.id],
					line->line,
					w->ids->funcs[line->func.id],
					storable(line->weight),
					storable(line->count) };
	}
	return put_rows(w, CF_SQL_ADD_LINE, rows, lines->len, 3);
}

/* The metric of a row. -1: said. */
static int take_metric(struct cf_fact_loader *l, struct cf_stmt *stmt, struct cf_metric *metric)
{
	uint32_t number = cf_stmt_id(stmt);

	if (number >= l->metrics->len)
		return cf_store_damaged(l->store, "a cost has no metric", l->diag);
	*metric = g_array_index(l->metrics, struct cf_metric, number);
	return 0;
}

static int take_cost(struct cf_fact_loader *l, struct cf_stmt *stmt, int64_t *weight, int64_t *count)
{
	*weight = cf_stmt_int(stmt);
	*count = cf_stmt_int(stmt);
	if (MIN(*weight, *count) < 0)
		return cf_store_damaged(l->store, "a cost is negative", l->diag);
	*weight *= l->sign;
	*count *= l->sign;
	return 0;
}

int cf_store_load_calls(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_CALLS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_call_cost call;

			if (take_metric(l, &stmt, &call.metric) != 0 ||
			    cf_fact_func(l, cf_stmt_id(&stmt), &call.caller) != 0 ||
			    cf_fact_func(l, cf_stmt_id(&stmt), &call.callee) != 0 ||
			    take_cost(l, &stmt, &call.weight, &call.calls) != 0) {
				step = -1;
				break;
			}
			cf_trace_call(l->trace, &call);
		}
	cf_stmt_close(&stmt);
	return step;
}

int cf_store_load_lines(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_LINES) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_line_cost line;

			if (take_metric(l, &stmt, &line.metric) != 0 ||
			    cf_fact_str(l, cf_stmt_id(&stmt), &line.file) != 0) {
				step = -1;
				break;
			}
			line.line = cf_stmt_id(&stmt);
			if (cf_fact_func(l, cf_stmt_id(&stmt), &line.func) != 0 ||
			    take_cost(l, &stmt, &line.weight, &line.count) != 0) {
				step = -1;
				break;
			}
			cf_trace_line(l->trace, &line);
		}
	cf_stmt_close(&stmt);
	return step;
}
