/* SPDX-License-Identifier: MIT */
/* facts_spans: spans and their operations, into the store and back. */
#include "store/facts.h"

#include <stdlib.h>
#include <string.h>

int cf_store_put_spans(const struct cf_fact_writer *w)
{
	const GArray *spans = w->trace->spans;
	const uint32_t *strs = w->ids->strs;
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_SPAN, w->diag);

	for (guint i = 0; result == 0 && i < spans->len; i++) {
		const struct cf_span *s = &g_array_index(spans, struct cf_span, i);
		int64_t thread = s->thread == CF_NO_THREAD ? CF_BULK_NULL : s->thread;

		result = cf_bulk_add(&bulk, (int64_t[]){ w->run, (int64_t)i + 1, s->parent, strs[s->trace.id],
							 strs[s->service.id], strs[s->name.id],
							 strs[s->peer.id], thread, s->kind, s->status,
							 MAX(s->start_ns, -INT64_MAX), s->duration_ns });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

static gint by_sum(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_operation *x = a, *y = b;
	const struct cf_dict *dict = data;
	int order;

	if (x->sum_ns != y->sum_ns)
		return x->sum_ns > y->sum_ns ? -1 : 1;
	order = strcmp(cf_dict_text(dict, x->service), cf_dict_text(dict, y->service));
	return order ? order : strcmp(cf_dict_text(dict, x->name), cf_dict_text(dict, y->name));
}

int cf_store_put_operations(const struct cf_fact_writer *w)
{
	g_autoptr(GArray) operations = cf_trace_operations(w->trace);
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_OPERATION, w->diag);

	g_array_sort_with_data(operations, by_sum, w->trace->dict);
	for (guint i = 0; result == 0 && i < operations->len; i++) {
		const struct cf_operation *o = &g_array_index(operations, struct cf_operation, i);

		result = cf_bulk_add(&bulk,
				     (int64_t[]){ w->run, i, w->ids->strs[o->service.id],
						  w->ids->strs[o->name.id], o->count, o->errors, o->sum_ns,
						  o->min_ns, o->max_ns, o->p50_ns, o->p95_ns, o->p99_ns });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

/* A number out of range is that of a damaged store. */
static int take_span(struct cf_fact_loader *l, struct cf_stmt *stmt, struct cf_span *span)
{
	gboolean threaded;
	uint32_t thread;
	int64_t kind, status;

	if (cf_stmt_int(stmt) != (int64_t)l->trace->spans->len + 1)
		return cf_store_damaged(l->store, "spans aren't numbered in order", l->diag);
	span->parent = cf_stmt_id(stmt);
	if (cf_fact_str(l, cf_stmt_id(stmt), &span->trace) != 0 ||
	    cf_fact_str(l, cf_stmt_id(stmt), &span->service) != 0 ||
	    cf_fact_str(l, cf_stmt_id(stmt), &span->name) != 0 ||
	    cf_fact_str(l, cf_stmt_id(stmt), &span->peer) != 0)
		return -1;
	threaded = cf_stmt_int(stmt) != 0;
	thread = cf_stmt_id(stmt);
	kind = cf_stmt_int(stmt);
	status = cf_stmt_int(stmt);
	span->start_ns = cf_stmt_int(stmt);
	span->duration_ns = cf_stmt_int(stmt);
	if ((threaded && thread >= l->threads->len) || kind < 0 || kind >= CF_SPAN_KINDS || status < 0 ||
	    status >= CF_SPAN_STATUSES || span->duration_ns < 0)
		return cf_store_damaged(l->store, "a span is out of range", l->diag);
	span->thread = threaded ? g_array_index(l->threads, struct cf_thread, thread).id : CF_NO_THREAD;
	span->kind = (uint8_t)kind;
	span->status = (uint8_t)status;
	return 0;
}

int cf_store_load_spans(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	/* Numbers of spans are those of one run. */
	g_assert(!l->trace->spans->len);
	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_SPANS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_span span;

			if (take_span(l, &stmt, &span) != 0) {
				step = -1;
				break;
			}
			cf_trace_span(l->trace, &span);
		}
	cf_stmt_close(&stmt);
	return step;
}

int cf_store_operations(struct cf_store *store, int64_t run, int64_t limit,
			int (*row)(void *ctx, const struct cf_operation_row *row), void *ctx,
			struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_OPERATIONS, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_int(&stmt, limit > 0 ? limit : INT64_MAX);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_operation_row r;

			r.service = cf_stmt_text(&stmt);
			r.name = cf_stmt_text(&stmt);
			r.count = cf_stmt_int(&stmt);
			r.errors = cf_stmt_int(&stmt);
			r.sum_ns = cf_stmt_int(&stmt);
			r.min_ns = cf_stmt_int(&stmt);
			r.max_ns = cf_stmt_int(&stmt);
			r.p50_ns = cf_stmt_int(&stmt);
			r.p95_ns = cf_stmt_int(&stmt);
			r.p99_ns = cf_stmt_int(&stmt);
			if (row(ctx, &r) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}
