/* SPDX-License-Identifier: MIT */
/* trace_span_stacks: what spans took themselves, as the cost of stacks of operations. */
#include <stdlib.h>

#include "core/sum.h"
#include "core/trace.h"

/* Calls nested deeper than this are counted to the frame at this depth. */
#define DEPTH_MAX 2048

struct nesting {
	struct cf_trace *trace;
	const struct cf_span *spans; /* by number - 1 */
	uint32_t n;
	uint32_t *parent;   /* by number: number, 0 for roots; only what is sound */
	uint32_t *children; /* numbers, grouped by parent, by start within a parent */
	uint32_t *first;    /* by number: where its children begin in children; first[n + 1]: the end */
	struct cf_stack *stack;
	uint16_t *depth;
	struct cf_metric metric;
};

static const struct cf_span *span_at(const struct nesting *nesting, uint32_t number)
{
	return &nesting->spans[number - 1];
}

static void refuse_parent(struct nesting *nesting, uint32_t number, const char *key, const char *text)
{
	nesting->parent[number] = 0;
	cf_trace_quality(nesting->trace, key, NULL, 1, 0, NULL, "%s", text);
}

/* Colours by walking up: 0 not seen, 1 on the way that is walked now, 2 known to end at a root. */
static void break_cycles(struct nesting *nesting)
{
	g_autofree uint8_t *colour = g_new0(uint8_t, (size_t)nesting->n + 1);

	for (uint32_t start = 1; start <= nesting->n; start++) {
		uint32_t number = start, closing;

		for (; number && !colour[number]; number = nesting->parent[number])
			colour[number] = 1;
		closing = number && colour[number] == 1 ? number : 0;
		for (number = start; number && colour[number] == 1; number = nesting->parent[number])
			colour[number] = 2;
		if (closing)
			refuse_parent(nesting, closing, "span-cycles",
				      "spans that are their own ancestors were taken as roots");
	}
}

static void find_parents(struct nesting *nesting)
{
	for (uint32_t number = 1; number <= nesting->n; number++) {
		const struct cf_span *span = span_at(nesting, number);

		nesting->parent[number] = span->parent;
		if (span->parent > nesting->n)
			refuse_parent(nesting, number, "span-parents-missing",
				      "spans whose parent isn't there were taken as roots");
		else if (span->parent && span_at(nesting, span->parent)->trace.id != span->trace.id)
			refuse_parent(nesting, number, "span-parents-elsewhere",
				      "spans whose parent lies in another trace were taken as roots");
	}
	break_cycles(nesting);
}

static gint by_start(gconstpointer a, gconstpointer b, gpointer data)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct nesting *nesting = data;
	int64_t x_start = span_at(nesting, x)->start_ns, y_start = span_at(nesting, y)->start_ns;

	if (x_start != y_start)
		return x_start < y_start ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void group_children(struct nesting *nesting)
{
	g_autofree uint32_t *next = NULL;

	for (uint32_t number = 1; number <= nesting->n; number++)
		nesting->first[nesting->parent[number] + 1]++;
	for (uint32_t number = 1; number <= nesting->n + 1; number++)
		nesting->first[number] += nesting->first[number - 1];
	next = g_memdup2(nesting->first, ((size_t)nesting->n + 1) * sizeof(*next));
	for (uint32_t number = 1; number <= nesting->n; number++)
		nesting->children[next[nesting->parent[number]]++] = number;
	for (uint32_t number = 1; number <= nesting->n; number++) {
		uint32_t from = nesting->first[number], count = nesting->first[number + 1] - from;

		if (count > 1)
			g_qsort_with_data(&nesting->children[from], (gint)count, sizeof(uint32_t), by_start,
					  nesting);
	}
}

static gboolean is_synchronous(const struct cf_span *span)
{
	return span->kind != CF_SPAN_ASYNC && span->kind != CF_SPAN_CONSUMER;
}

static int64_t end_of(const struct cf_span *span)
{
	return cf_add_sat(span->start_ns, span->duration_ns);
}

/* The span's duration less the union of its synchronous children, as far as they lie within it. */
static int64_t self_of(const struct nesting *nesting, uint32_t number)
{
	const struct cf_span *span = span_at(nesting, number);
	int64_t covered_to = span->start_ns, end = end_of(span), self = span->duration_ns;

	for (uint32_t i = nesting->first[number]; i < nesting->first[number + 1]; i++) {
		const struct cf_span *child = span_at(nesting, nesting->children[i]);
		int64_t from = MAX(child->start_ns, covered_to), to = MIN(end_of(child), end);

		if (!is_synchronous(child) || to <= from)
			continue;
		self -= to - from;
		covered_to = to;
	}
	return self;
}

static struct cf_stack push(struct nesting *nesting, uint32_t number)
{
	struct cf_dict *dict = nesting->trace->dict;
	const struct cf_span *span = span_at(nesting, number);
	uint32_t parent = nesting->parent[number];
	struct cf_module_info module = { .name = span->service };
	struct cf_func_info func = { .name = span->name, .kind = CF_FRAME_SERVICE };

	if (parent && nesting->depth[parent] == DEPTH_MAX) {
		nesting->depth[number] = DEPTH_MAX;
		cf_trace_quality(nesting->trace, "cut-stacks", NULL, 1, 0, NULL,
				 "spans nested deeper than %d were counted to the one at that depth",
				 DEPTH_MAX);
		return nesting->stack[parent];
	}
	nesting->depth[number] = parent ? nesting->depth[parent] + 1 : 1;
	if (span->service.id)
		func.module = cf_dict_module(dict, module);
	return cf_dict_push(dict, nesting->stack[parent], cf_dict_func(dict, func), CF_FRAME_SERVICE);
}

static void add_cost(struct nesting *nesting, uint32_t number)
{
	const struct cf_span *span = span_at(nesting, number);
	struct cf_sample sample = { .stack = nesting->stack[number],
				    .metric = nesting->metric,
				    .time = span->start_ns,
				    .weight = self_of(nesting, number) };

	sample.thread = span->thread == CF_NO_THREAD ? cf_trace_thread(nesting->trace, 0, 0, "")
						     : (struct cf_thread){ span->thread };
	cf_trace_sample(nesting->trace, &sample);
}

/* Down from the roots, level by level through one queue, so that callers are there before callees. */
static void walk(struct nesting *nesting)
{
	g_autofree uint32_t *queue = g_new(uint32_t, (size_t)nesting->n + 1);
	uint32_t head = 0, tail = 0;

	queue[tail++] = 0;
	while (head < tail) {
		uint32_t number = queue[head++];

		if (number) {
			nesting->stack[number] = push(nesting, number);
			add_cost(nesting, number);
		}
		for (uint32_t i = nesting->first[number]; i < nesting->first[number + 1]; i++)
			queue[tail++] = nesting->children[i];
	}
}

void cf_trace_span_stacks(struct cf_trace *trace)
{
	uint32_t n = trace->spans->len;
	struct nesting nesting = { .trace = trace,
				   .spans = (const struct cf_span *)trace->spans->data,
				   .n = n };

	if (!n)
		return;
	nesting.metric = cf_trace_metric(trace, "span time", CF_UNIT_NS);
	nesting.parent = g_new0(uint32_t, (size_t)n + 1);
	nesting.children = g_new(uint32_t, n);
	nesting.first = g_new0(uint32_t, (size_t)n + 2);
	nesting.stack = g_new0(struct cf_stack, (size_t)n + 1);
	nesting.depth = g_new0(uint16_t, (size_t)n + 1);
	find_parents(&nesting);
	group_children(&nesting);
	walk(&nesting);
	g_free(nesting.parent);
	g_free(nesting.children);
	g_free(nesting.first);
	g_free(nesting.stack);
	g_free(nesting.depth);
}
