/* SPDX-License-Identifier: MIT */
/* totals: self and total of functions and call edges, from the costs of stacks. */
#include <stdlib.h>
#include <string.h>

#include "core/table.h"
#include "core/trace.h"

/*
 * Each node of the stack trie stands for one key (its function, or its call edge). A sample of a stack counts
 * for every key on the way to the root, once: so the total of a key is the sum over the nodes that have no
 * ancestor of the same key ("outermost") of what was sampled at or below them. Callers have smaller ids than
 * callees, so that sum needs one pass downwards over the ids.
 */
struct tally {
	int64_t weight, count;
};

struct key_cost {
	struct tally self, total;
	gboolean seen;
};

static void add(int64_t *sum, int64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = value > 0 ? INT64_MAX : INT64_MIN;
}

static void add_tally(struct tally *sum, const struct tally *value)
{
	add(&sum->weight, value->weight);
	add(&sum->count, value->count);
}

/* 1 for each node without an ancestor of the same key; keys[node] is below n_keys. Node 0 isn't looked at. */
static uint8_t *find_outermost(const struct cf_dict *dict, const uint32_t *keys, uint32_t n_keys)
{
	uint32_t n = cf_dict_stacks(dict), node = 0;
	uint32_t *child = g_new0(uint32_t, n), *sibling = g_new0(uint32_t, n);
	uint32_t *on_path = g_new0(uint32_t, (size_t)n_keys + 1); /* how many nodes of the key are open */
	uint8_t *outermost = g_new0(uint8_t, n);

	for (uint32_t id = n - 1; id > 0; id--) {
		uint32_t caller = cf_dict_stack_info(dict, (struct cf_stack){ id }).caller.id;

		sibling[id] = child[caller];
		child[caller] = id;
	}
	for (;;) {
		if (child[node]) {
			node = child[node];
		} else {
			/* Leave nodes until one has a sibling. */
			while (node && !sibling[node]) {
				on_path[keys[node]]--;
				node = cf_dict_stack_info(dict, (struct cf_stack){ node }).caller.id;
			}
			if (!node)
				break;
			on_path[keys[node]]--;
			node = sibling[node];
		}
		outermost[node] = on_path[keys[node]]++ == 0;
	}
	g_free(child);
	g_free(sibling);
	g_free(on_path);
	return outermost;
}

static gboolean *metrics_in_use(const struct cf_trace *trace)
{
	gboolean *used = g_new0(gboolean, trace->metrics->len + 1);

	for (guint i = 0; i < trace->stack_costs->len; i++)
		used[g_array_index(trace->stack_costs, struct cf_stack_cost, i).metric.id] = TRUE;
	return used;
}

struct sums {
	const uint32_t *keys;
	const uint8_t *outermost;
	uint32_t n_keys;
	struct tally *below; /* by node: what was sampled there or below */
	uint8_t *seen;       /* by node */
	struct key_cost *costs;
};

static void sums_init(struct sums *sums, const struct cf_trace *trace, const uint32_t *keys, uint32_t n_keys)
{
	sums->keys = keys;
	sums->n_keys = n_keys;
	sums->outermost = find_outermost(trace->dict, keys, n_keys);
	sums->below = g_new(struct tally, cf_dict_stacks(trace->dict));
	sums->seen = g_new(uint8_t, cf_dict_stacks(trace->dict));
	sums->costs = g_new(struct key_cost, (size_t)n_keys + 1);
}

static void sums_release(struct sums *sums)
{
	g_free((uint8_t *)sums->outermost);
	g_free(sums->below);
	g_free(sums->seen);
	g_free(sums->costs);
}

/* Fills costs for one metric. */
static void sum_metric(struct sums *sums, const struct cf_trace *trace, uint32_t metric)
{
	uint32_t n = cf_dict_stacks(trace->dict);

	memset(sums->below, 0, n * sizeof(*sums->below));
	memset(sums->seen, 0, n);
	memset(sums->costs, 0, sums->n_keys * sizeof(*sums->costs));
	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *c = &g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		struct tally self = { c->weight, c->count };

		if (c->metric.id != metric || c->stack.id == 0)
			continue;
		sums->seen[c->stack.id] = 1;
		add_tally(&sums->below[c->stack.id], &self);
		add_tally(&sums->costs[sums->keys[c->stack.id]].self, &self);
	}
	for (uint32_t id = n - 1; id > 0; id--) {
		struct key_cost *cost = &sums->costs[sums->keys[id]];
		uint32_t caller = cf_dict_stack_info(trace->dict, (struct cf_stack){ id }).caller.id;

		if (!sums->seen[id])
			continue;
		cost->seen = TRUE;
		if (sums->outermost[id])
			add_tally(&cost->total, &sums->below[id]);
		sums->seen[caller] = 1;
		add_tally(&sums->below[caller], &sums->below[id]);
	}
}

GArray *cf_trace_func_costs(const struct cf_trace *trace)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_func_cost));
	uint32_t n = cf_dict_stacks(trace->dict), n_funcs = cf_dict_funcs(trace->dict);
	g_autofree gboolean *used = metrics_in_use(trace);
	g_autofree uint32_t *keys = g_new0(uint32_t, n);
	struct sums sums;

	for (uint32_t id = 1; id < n; id++)
		keys[id] = cf_dict_stack_info(trace->dict, (struct cf_stack){ id }).func.id;
	sums_init(&sums, trace, keys, n_funcs);
	for (uint32_t metric = 0; metric < trace->metrics->len; metric++) {
		if (!used[metric])
			continue;
		sum_metric(&sums, trace, metric);
		for (uint32_t func = 0; func < n_funcs; func++) {
			const struct key_cost *c = &sums.costs[func];
			struct cf_func_cost row = { { func },        { metric },    c->self.weight,
						    c->total.weight, c->self.count, c->total.count };

			if (c->seen)
				g_array_append_val(rows, row);
		}
	}
	sums_release(&sums);
	return rows;
}

struct edge {
	uint32_t caller, callee;
	uint32_t key; /* order of first appearance */
};

static int by_caller_and_callee(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->caller != y->caller)
		return x->caller < y->caller ? -1 : 1;
	return x->callee < y->callee ? -1 : x->callee > y->callee;
}

/* The distinct call edges of the trie; keys[node] is set to the node's edge. */
static GArray *find_edges(const struct cf_dict *dict, uint32_t *keys)
{
	GArray *edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
	struct cf_table index = { 0 };

	for (uint32_t node = 1; node < cf_dict_stacks(dict); node++) {
		struct cf_stack_info info = cf_dict_stack_info(dict, (struct cf_stack){ node });
		struct edge edge = { cf_dict_stack_info(dict, info.caller).func.id, info.func.id,
				     edges->len };
		uint32_t hash = cf_hash(edge.caller, edge.callee), pos, id;

		for (pos = hash; (id = cf_table_next(&index, hash, &pos)) != 0;) {
			const struct edge *e = &g_array_index(edges, struct edge, id - 1);

			if (e->caller == edge.caller && e->callee == edge.callee)
				break;
		}
		if (!id) {
			g_array_append_val(edges, edge);
			id = edges->len;
			cf_table_add(&index, hash, id);
		}
		keys[node] = id - 1;
	}
	cf_table_release(&index);
	return edges;
}

GArray *cf_trace_edge_costs(const struct cf_trace *trace)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_edge_cost));
	g_autofree gboolean *used = metrics_in_use(trace);
	g_autofree uint32_t *keys = g_new0(uint32_t, cf_dict_stacks(trace->dict));
	g_autoptr(GArray) edges = find_edges(trace->dict, keys);
	struct sums sums;

	sums_init(&sums, trace, keys, edges->len);
	if (edges->len > 0)
		qsort(edges->data, edges->len, sizeof(struct edge), by_caller_and_callee);
	for (uint32_t metric = 0; metric < trace->metrics->len; metric++) {
		if (!used[metric])
			continue;
		sum_metric(&sums, trace, metric);
		for (uint32_t i = 0; i < edges->len; i++) {
			const struct edge *e = &g_array_index(edges, struct edge, i);
			const struct key_cost *c = &sums.costs[e->key];
			struct cf_edge_cost row = {
				{ e->caller }, { e->callee }, { metric }, c->total.weight, c->total.count
			};

			if (c->seen)
				g_array_append_val(rows, row);
		}
	}
	sums_release(&sums);
	return rows;
}
