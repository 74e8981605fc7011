/* SPDX-License-Identifier: MIT */
/* trace_span_stacks: what spans took themselves, as the cost of stacks of operations. */
#include "core/span_forest.h"

/* Calls nested deeper than this are counted to the frame at this depth. */
#define DEPTH_MAX 2048

struct nesting {
	struct cf_trace *trace;
	struct cf_span_forest forest;
	struct cf_stack *stack; /* by number */
	uint16_t *depth;
	struct cf_metric metric;
};

static void remark(struct nesting *nesting, uint32_t count, const char *key, const char *text)
{
	if (count)
		cf_trace_quality(nesting->trace, key, NULL, count, 0, NULL, "%s", text);
}

static void remark_on_parents(struct nesting *nesting)
{
	remark(nesting, nesting->forest.missing, "span-parents-missing",
	       "spans whose parent isn't there were taken as roots");
	remark(nesting, nesting->forest.elsewhere, "span-parents-elsewhere",
	       "spans whose parent lies in another trace were taken as roots");
	remark(nesting, nesting->forest.circular, "span-cycles",
	       "spans that are their own ancestors were taken as roots");
}

static struct cf_stack push(struct nesting *nesting, uint32_t number)
{
	struct cf_dict *dict = nesting->trace->dict;
	const struct cf_span *span = cf_span_at(&nesting->forest, number);
	uint32_t parent = nesting->forest.parent[number];
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
	const struct cf_span *span = cf_span_at(&nesting->forest, number);
	struct cf_sample sample = { .stack = nesting->stack[number],
				    .metric = nesting->metric,
				    .weight = cf_span_self(&nesting->forest, number) };

	sample.thread = span->thread == CF_NO_THREAD ? cf_trace_thread(nesting->trace, 0, 0, "")
						     : (struct cf_thread){ span->thread };
	cf_trace_sample(nesting->trace, &sample);
}

/* Down from the roots, level by level through one queue, so that callers are there before callees. */
static void walk(struct nesting *nesting)
{
	const struct cf_span_forest *forest = &nesting->forest;
	g_autofree uint32_t *queue = g_new(uint32_t, (size_t)forest->n + 1);
	uint32_t head = 0, tail = 0;

	queue[tail++] = 0;
	while (head < tail) {
		uint32_t number = queue[head++];

		if (number) {
			nesting->stack[number] = push(nesting, number);
			add_cost(nesting, number);
		}
		for (uint32_t i = forest->first[number]; i < forest->first[number + 1]; i++)
			queue[tail++] = forest->children[i];
	}
}

void cf_trace_span_stacks(struct cf_trace *trace)
{
	size_t n = trace->spans->len;
	struct nesting nesting = { .trace = trace };

	if (!n)
		return;
	nesting.metric = cf_trace_metric(trace, "span time", CF_UNIT_NS);
	nesting.stack = g_new0(struct cf_stack, n + 1);
	nesting.depth = g_new0(uint16_t, n + 1);
	cf_span_forest_init(&nesting.forest, trace);
	remark_on_parents(&nesting);
	walk(&nesting);
	cf_span_forest_clear(&nesting.forest);
	g_free(nesting.stack);
	g_free(nesting.depth);
}
