/* SPDX-License-Identifier: MIT */
/* export_chrome: spans or stacks as Chrome trace events, for Perfetto and other viewers. */
/*
 * A run with spans: each is a complete event at its time, of the thread that it ran on; asynchronous ones and those of no
 * thread are pairs b and e. A run without: its stacks as a flame graph laid out along the time axis, where a nanosecond, or
 * whatever the metric counts a thousand of, is as wide as one of time; a thread per thread group. They are pairs B and E:
 * readers that add a duration to a start in floating point find that calls end after those that they are in.
 */
#include <stdlib.h>

#include "core/json.h"
#include "core/sum.h"
#include "pipelines/export.h"

struct writer {
	const struct cf_trace *trace;
	struct cf_json json;
};

static void put_text(struct writer *w, const char *key, const char *text)
{
	cf_json_key(&w->json, key);
	cf_json_string(&w->json, text);
}

static void put_int(struct writer *w, const char *key, int64_t value)
{
	cf_json_key(&w->json, key);
	cf_json_int(&w->json, value);
}

/* Microseconds. */
static void put_time(struct writer *w, const char *key, int64_t ns)
{
	cf_json_key(&w->json, key);
	cf_json_scaled(&w->json, ns, 3);
}

static void begin_event(struct writer *w, const char *phase, const char *name, int64_t pid, int64_t tid)
{
	cf_json_begin_object(&w->json);
	put_text(w, "ph", phase);
	put_text(w, "name", name);
	put_int(w, "pid", pid);
	put_int(w, "tid", tid);
}

/* process_name or thread_name */
static void put_name(struct writer *w, const char *what, int64_t pid, int64_t tid, const char *name)
{
	if (!*name)
		return;
	begin_event(w, "M", what, pid, tid);
	cf_json_key(&w->json, "args");
	cf_json_begin_object(&w->json);
	put_text(w, "name", name);
	cf_json_end_object(&w->json);
	cf_json_end_object(&w->json);
}

/* --- spans */

static const struct cf_span *span_at(const struct writer *w, guint i)
{
	return &g_array_index(w->trace->spans, struct cf_span, i);
}

static gboolean of_thread(const struct cf_span *span)
{
	return span->thread != CF_NO_THREAD && span->kind != CF_SPAN_ASYNC;
}

static void put_args(struct writer *w, const struct cf_span *span)
{
	const char *status = cf_span_status_name((enum cf_span_status)span->status);
	const char *peer = cf_dict_text(w->trace->dict, span->peer);

	if (!*status && !*peer)
		return;
	cf_json_key(&w->json, "args");
	cf_json_begin_object(&w->json);
	if (*status)
		put_text(w, "status", status);
	if (*peer)
		put_text(w, "peer", peer);
	cf_json_end_object(&w->json);
}

/* The process of a span without one is numbered by its service. */
static int64_t pid_of(const struct writer *w, const struct cf_span *span)
{
	if (span->thread == CF_NO_THREAD)
		return span->service.id;
	return g_array_index(w->trace->threads, struct cf_thread_info, span->thread).pid;
}

static void put_async(struct writer *w, guint i)
{
	const struct cf_span *span = span_at(w, i);
	const char *name = cf_dict_text(w->trace->dict, span->name);
	int64_t pid = pid_of(w, span), end;

	if (__builtin_add_overflow(span->start_ns, span->duration_ns, &end))
		end = INT64_MAX;
	for (int closing = 0; closing < 2; closing++) {
		begin_event(w, closing ? "e" : "b", name, pid, 0);
		put_text(w, "cat", cf_span_kind_name((enum cf_span_kind)span->kind));
		put_int(w, "id", (int64_t)i + 1);
		put_time(w, "ts", closing ? end : span->start_ns);
		if (!closing)
			put_args(w, span);
		cf_json_end_object(&w->json);
	}
}

static void put_complete(struct writer *w, const struct cf_span *span)
{
	const struct cf_thread_info *thread =
		&g_array_index(w->trace->threads, struct cf_thread_info, span->thread);

	begin_event(w, "X", cf_dict_text(w->trace->dict, span->name), thread->pid, thread->tid);
	put_time(w, "ts", span->start_ns);
	put_time(w, "dur", span->duration_ns);
	put_args(w, span);
	cf_json_end_object(&w->json);
}

/* Names of processes: the service of the first span of each. */
static void put_processes(struct writer *w)
{
	g_autoptr(GHashTable) named = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	for (guint i = 0; i < w->trace->spans->len; i++) {
		const struct cf_span *span = span_at(w, i);
		int64_t pid = pid_of(w, span);

		if (!span->service.id || g_hash_table_contains(named, &pid))
			continue;
		g_hash_table_add(named, g_memdup2(&pid, sizeof(pid)));
		put_name(w, "process_name", pid, 0, cf_dict_text(w->trace->dict, span->service));
	}
}

static void put_spans(struct writer *w)
{
	put_processes(w);
	for (guint i = 0; i < w->trace->threads->len; i++) {
		const struct cf_thread_info *thread =
			&g_array_index(w->trace->threads, struct cf_thread_info, i);

		put_name(w, "thread_name", thread->pid, thread->tid,
			 cf_dict_text(w->trace->dict, thread->comm));
	}
	for (guint i = 0; i < w->trace->spans->len; i++)
		if (of_thread(span_at(w, i)))
			put_complete(w, span_at(w, i));
		else
			put_async(w, i);
}

/* --- stacks */

struct layout {
	int64_t *total, *cursor; /* by stack: what is below; where the next child begins */
	uint32_t *depth;         /* by stack, of those in nodes */
	uint32_t *nodes, n;      /* stacks that have a cost or a child that has, callers first */
	struct edge *edges;      /* two of each of nodes */
};

/* A call of the layout begins or ends. */
struct edge {
	int64_t at;
	uint32_t node, depth;
	gboolean ends;
};

/* What ends before what begins, the innermost first; what begins with the outermost first. */
static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->ends != y->ends)
		return x->ends ? -1 : 1;
	return x->depth == y->depth ? 0 : (x->depth < y->depth) != x->ends ? -1 : 1;
}

static int compare_ids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static uint32_t caller_of(const struct writer *w, uint32_t node)
{
	return cf_dict_stack_info(w->trace->dict, (struct cf_stack){ node }).caller.id;
}

static void gather(const struct writer *w, struct layout *layout, const GArray *costs, struct cf_group group)
{
	layout->n = 0;
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);

		if (cost->group.id != group.id || cost->weight <= 0)
			continue;
		for (uint32_t node = cost->stack.id; node; node = caller_of(w, node)) {
			if (!layout->total[node])
				layout->nodes[layout->n++] = node;
			layout->total[node] = cf_add_sat(layout->total[node], cost->weight);
		}
	}
	qsort(layout->nodes, layout->n, sizeof(uint32_t), compare_ids);
}

static void put_group(struct writer *w, struct layout *layout, const GArray *costs, struct cf_group group,
		      int64_t factor)
{
	gather(w, layout, costs, group);
	if (layout->n)
		put_name(w, "thread_name", 1, (int64_t)group.id + 1,
			 cf_dict_text(w->trace->dict,
				      g_array_index(w->trace->groups, struct cf_str, group.id)));
	layout->cursor[0] = 0;
	for (uint32_t i = 0; i < layout->n; i++) {
		uint32_t node = layout->nodes[i], caller = caller_of(w, node);
		int64_t begin = layout->cursor[caller], end = cf_add_sat(begin, layout->total[node]);

		layout->cursor[node] = begin;
		layout->cursor[caller] = end;
		layout->depth[node] = layout->depth[caller] + 1;
		layout->edges[2 * i] = (struct edge){ begin, node, layout->depth[node], FALSE };
		layout->edges[2 * i + 1] = (struct edge){ end, node, layout->depth[node], TRUE };
	}
	qsort(layout->edges, 2 * (size_t)layout->n, sizeof(struct edge), compare_edges);
	for (uint32_t i = 0; i < 2 * layout->n; i++) {
		const struct edge *edge = &layout->edges[i];
		struct cf_func func =
			cf_dict_stack_info(w->trace->dict, (struct cf_stack){ edge->node }).func;

		begin_event(w, edge->ends ? "E" : "B", cf_dict_func_name(w->trace->dict, func), 1,
			    (int64_t)group.id + 1);
		put_time(w, "ts", cf_mul_sat(edge->at, factor));
		cf_json_end_object(&w->json);
	}
	for (uint32_t i = 0; i < layout->n; i++)
		layout->total[layout->nodes[i]] = 0;
}

static void put_stacks(struct writer *w, const struct cf_export *export)
{
	uint32_t n = cf_dict_stacks(w->trace->dict);
	struct layout layout = { .total = g_new0(int64_t, n),
				 .cursor = g_new0(int64_t, n),
				 .depth = g_new0(uint32_t, n),
				 .nodes = g_new0(uint32_t, n),
				 .edges = g_new(struct edge, 2 * (size_t)n) };
	enum cf_unit unit = g_array_index(w->trace->metrics, struct cf_metric_info, export->metric.id).unit;
	const char *name = w->trace->meta.name;

	put_name(w, "process_name", 1, 0, name ? name : "");
	for (uint32_t g = 0; g < w->trace->groups->len; g++)
		put_group(w, &layout, export->costs, (struct cf_group){ g }, unit == CF_UNIT_NS ? 1 : 1000);
	g_free(layout.total);
	g_free(layout.cursor);
	g_free(layout.depth);
	g_free(layout.nodes);
	g_free(layout.edges);
}

static int write_chrome(const struct cf_export *export, struct cf_out *out, struct cf_diag *diag)
{
	struct writer w = { .trace = export->trace };

	cf_json_init(&w.json, out);
	cf_json_begin_object(&w.json);
	put_text(&w, "displayTimeUnit", "ns");
	cf_json_key(&w.json, "traceEvents");
	cf_json_begin_array(&w.json);
	if (export->trace->spans->len)
		put_spans(&w);
	else
		put_stacks(&w, export);
	cf_json_end_array(&w.json);
	cf_json_end_object(&w.json);
	cf_out_puts(out, "\n");
	return 0;
}

const struct cf_exporter cf_exporter_chrome = {
	.name = "chrome",
	.extensions = "trace.json",
	.summary = "Chrome trace events for Perfetto, chrome://tracing",
	.facts = CF_FACTS_SPANS,
	.write = write_chrome,
};
