/* SPDX-License-Identifier: MIT */
/* async: asynchronous calls, begun and ended by events with one id. */
#include "ingest/chrome/async.h"

#include "core/hash.h"

/* Calls that are open at one time. */
#define OPEN_MAX 1000000

struct pending {
	struct cf_str name;
	int64_t start_ns;
	uint32_t children; /* number of the last span that waits for this one's, chained by parent */
};

static void free_calls(gpointer calls)
{
	g_array_unref(calls);
}

void cf_async_init(struct cf_async *async, struct cf_trace *trace)
{
	*async = (struct cf_async){ .trace = trace };
	async->open = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, free_calls);
}

/* Caller frees. */
static char *key_of(const struct cf_event *event)
{
	return g_strdup_printf("%s/%s/%s/%" G_GINT64_FORMAT, event->category, event->scope.text,
			       event->id.text, event->id.local ? event->pid : 0);
}

void cf_async_begin(struct cf_async *async, const struct cf_event *event)
{
	g_autofree char *key = key_of(event);
	GArray *calls = g_hash_table_lookup(async->open, key);
	const struct pending pending = { event->name, event->ts_ns, 0 };

	if (async->pending == OPEN_MAX) {
		async->unmatched++;
		return;
	}
	if (!calls) {
		calls = g_array_new(FALSE, FALSE, sizeof(struct pending));
		g_hash_table_insert(async->open, g_steal_pointer(&key), calls);
	}
	g_array_append_val(calls, pending);
	async->pending++;
}

void cf_async_end(struct cf_async *async, const struct cf_event *event, struct cf_str service)
{
	g_autofree char *key = key_of(event);
	GArray *calls = g_hash_table_lookup(async->open, key);
	struct cf_span span = { .service = service, .thread = CF_NO_THREAD, .kind = CF_SPAN_ASYNC };
	struct pending closed;
	uint32_t number, child;

	if (!calls) {
		async->unmatched++;
		return;
	}
	closed = g_array_index(calls, struct pending, calls->len - 1);
	g_array_set_size(calls, calls->len - 1);
	async->pending--;
	span.name = closed.name;
	span.start_ns = closed.start_ns;
	if (event->ts_ns > closed.start_ns &&
	    __builtin_sub_overflow(event->ts_ns, closed.start_ns, &span.duration_ns))
		span.duration_ns = INT64_MAX;
	number = cf_trace_span(async->trace, &span);
	for (uint32_t at = closed.children; at; at = child) {
		struct cf_span *s = &g_array_index(async->trace->spans, struct cf_span, at - 1);

		child = s->parent;
		s->parent = number;
	}
	if (!calls->len) {
		g_hash_table_remove(async->open, key);
	} else if (number) {
		struct pending *parent = &g_array_index(calls, struct pending, calls->len - 1);

		g_array_index(async->trace->spans, struct cf_span, number - 1).parent = parent->children;
		parent->children = number;
	}
}

/* Spans whose parent never ended are roots. */
static void release_children(struct cf_async *async, const GArray *calls)
{
	for (guint i = 0; i < calls->len; i++)
		for (uint32_t at = g_array_index(calls, struct pending, i).children; at;) {
			struct cf_span *span = &g_array_index(async->trace->spans, struct cf_span, at - 1);

			at = span->parent;
			span->parent = 0;
		}
}

void cf_async_finish(struct cf_async *async)
{
	GHashTableIter iter;
	gpointer calls;

	g_hash_table_iter_init(&iter, async->open);
	while (g_hash_table_iter_next(&iter, NULL, &calls))
		release_children(async, calls);
	g_hash_table_unref(async->open);
	if (async->unmatched)
		cf_trace_quality(async->trace, "unmatched-async", NULL, async->unmatched, 0, NULL,
				 "asynchronous ends without a beginning were left out");
	if (async->pending)
		cf_trace_quality(async->trace, "unfinished-async", NULL, async->pending, 0, NULL,
				 "asynchronous calls that never end were left out");
}
