/* SPDX-License-Identifier: MIT */
/* totals: self and total of functions and call edges, from the costs of stacks. */
#include <stdlib.h>
#include <string.h>

#include "core/call_graph.h"
#include "core/table.h"

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
	uint8_t seen;
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

struct sums {
	const struct cf_trace *trace;
	const uint32_t *keys;
	uint32_t n_keys;
	uint8_t *outermost;
	uint32_t *by_metric;    /* indices of stack costs, by metric */
	uint32_t *metric_end;   /* where those of a metric end in by_metric */
	struct tally *below;    /* by node: what was sampled there or below; all 0 between metrics */
	uint8_t *seen;          /* by node; likewise */
	uint32_t *nodes;        /* those seen */
	struct key_cost *costs; /* by key; likewise */
	uint32_t *seen_keys;    /* ascending */
	uint32_t n_nodes, n_seen_keys;
};

static void sort_by_metric(struct sums *sums)
{
	const struct cf_trace *trace = sums->trace;
	uint32_t n = trace->stack_costs->len, end = 0;

	sums->by_metric = g_new(uint32_t, (size_t)n + 1);
	sums->metric_end = g_new0(uint32_t, (size_t)trace->metrics->len + 1);
	for (uint32_t i = 0; i < n; i++)
		sums->metric_end[g_array_index(trace->stack_costs, struct cf_stack_cost, i).metric.id]++;
	for (uint32_t m = 0; m < trace->metrics->len; m++) {
		uint32_t count = sums->metric_end[m];

		sums->metric_end[m] = end;
		end += count;
	}
	/* Each starts where it begins and moves on to its end. */
	for (uint32_t i = 0; i < n; i++) {
		uint32_t m = g_array_index(trace->stack_costs, struct cf_stack_cost, i).metric.id;

		sums->by_metric[sums->metric_end[m]++] = i;
	}
}

static void sums_init(struct sums *sums, const struct cf_trace *trace, const uint32_t *keys, uint32_t n_keys)
{
	uint32_t n = cf_dict_stacks(trace->dict);

	*sums = (struct sums){ .trace = trace, .keys = keys, .n_keys = n_keys };
	sums->outermost = find_outermost(trace->dict, keys, n_keys);
	sort_by_metric(sums);
	sums->below = g_new0(struct tally, n);
	sums->seen = g_new0(uint8_t, n);
	sums->nodes = g_new(uint32_t, n);
	sums->costs = g_new0(struct key_cost, (size_t)n_keys + 1);
	sums->seen_keys = g_new(uint32_t, (size_t)n_keys + 1);
}

static void sums_release(struct sums *sums)
{
	g_free(sums->outermost);
	g_free(sums->by_metric);
	g_free(sums->metric_end);
	g_free(sums->below);
	g_free(sums->seen);
	g_free(sums->nodes);
	g_free(sums->costs);
	g_free(sums->seen_keys);
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorts those numbers below limit whose flag is set. When they are many, looking at all flags is faster. */
static void sort_numbers(uint32_t *numbers, uint32_t n, const uint8_t *flags, size_t stride, uint32_t limit)
{
	if (n < limit / 32) {
		qsort(numbers, n, sizeof(*numbers), ascending);
		return;
	}
	n = 0;
	for (uint32_t i = 0; i < limit; i++)
		if (flags[i * stride])
			numbers[n++] = i;
}

static uint32_t caller_of(const struct sums *sums, uint32_t node)
{
	return cf_dict_stack_info(sums->trace->dict, (struct cf_stack){ node }).caller.id;
}

/*
 * Fills costs and seen_keys for one metric; clear_metric empties them again. Both look at the nodes that the metric
 * occurs at only, for a recording can have thousands of events.
 */
static void sum_metric(struct sums *sums, uint32_t metric)
{
	const struct cf_trace *trace = sums->trace;

	sums->n_nodes = sums->n_seen_keys = 0;
	for (uint32_t i = metric ? sums->metric_end[metric - 1] : 0; i < sums->metric_end[metric]; i++) {
		const struct cf_stack_cost *c =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, sums->by_metric[i]);
		struct tally self = { c->weight, c->count };

		if (c->stack.id == 0)
			continue;
		add_tally(&sums->below[c->stack.id], &self);
		add_tally(&sums->costs[sums->keys[c->stack.id]].self, &self);
		for (uint32_t node = c->stack.id; node && !sums->seen[node]; node = caller_of(sums, node)) {
			sums->seen[node] = 1;
			sums->nodes[sums->n_nodes++] = node;
		}
	}
	sort_numbers(sums->nodes, sums->n_nodes, sums->seen, 1, cf_dict_stacks(trace->dict));
	for (uint32_t i = sums->n_nodes; i-- > 0;) {
		uint32_t node = sums->nodes[i], key = sums->keys[node];
		struct key_cost *cost = &sums->costs[key];

		if (!cost->seen)
			sums->seen_keys[sums->n_seen_keys++] = key;
		cost->seen = 1;
		if (sums->outermost[node])
			add_tally(&cost->total, &sums->below[node]);
		add_tally(&sums->below[caller_of(sums, node)], &sums->below[node]);
	}
	sort_numbers(sums->seen_keys, sums->n_seen_keys, &sums->costs[0].seen, sizeof(*sums->costs),
		     sums->n_keys);
}

static void clear_metric(struct sums *sums)
{
	for (uint32_t i = 0; i < sums->n_nodes; i++) {
		sums->seen[sums->nodes[i]] = 0;
		sums->below[sums->nodes[i]] = (struct tally){ 0 };
	}
	for (uint32_t i = 0; i < sums->n_seen_keys; i++)
		sums->costs[sums->seen_keys[i]] = (struct key_cost){ 0 };
	sums->below[0] = (struct tally){ 0 };
}

GArray *cf_trace_func_costs(const struct cf_trace *trace)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_func_cost));
	uint32_t n = cf_dict_stacks(trace->dict);
	g_autofree uint32_t *keys = g_new0(uint32_t, n);
	struct sums sums;

	if (cf_trace_is_call_graph(trace)) {
		g_array_unref(rows);
		return cf_call_graph_func_costs(trace);
	}
	for (uint32_t id = 1; id < n; id++)
		keys[id] = cf_dict_stack_info(trace->dict, (struct cf_stack){ id }).func.id;
	sums_init(&sums, trace, keys, cf_dict_funcs(trace->dict));
	for (uint32_t metric = 0; metric < trace->metrics->len; metric++) {
		sum_metric(&sums, metric);
		for (uint32_t i = 0; i < sums.n_seen_keys; i++) {
			const struct key_cost *c = &sums.costs[sums.seen_keys[i]];
			struct cf_func_cost row = { { sums.seen_keys[i] }, { metric },    c->self.weight,
						    c->total.weight,       c->self.count, c->total.count };

			g_array_append_val(rows, row);
		}
		clear_metric(&sums);
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
	uint32_t n = cf_dict_stacks(trace->dict);
	g_autofree uint32_t *keys = g_new0(uint32_t, n);
	g_autoptr(GArray) edges = find_edges(trace->dict, keys);
	g_autofree uint32_t *rank = g_new(uint32_t, (size_t)edges->len + 1);
	struct sums sums;

	/* Rows come in the order of keys, so let keys have the order of caller and callee. */
	if (edges->len > 0)
		qsort(edges->data, edges->len, sizeof(struct edge), by_caller_and_callee);
	for (uint32_t i = 0; i < edges->len; i++)
		rank[g_array_index(edges, struct edge, i).key] = i;
	for (uint32_t id = 1; id < n; id++)
		keys[id] = rank[keys[id]];
	sums_init(&sums, trace, keys, edges->len);
	for (uint32_t metric = 0; metric < trace->metrics->len; metric++) {
		sum_metric(&sums, metric);
		for (uint32_t i = 0; i < sums.n_seen_keys; i++) {
			const struct edge *e = &g_array_index(edges, struct edge, sums.seen_keys[i]);
			const struct key_cost *c = &sums.costs[sums.seen_keys[i]];
			struct cf_edge_cost row = {
				{ e->caller }, { e->callee }, { metric }, c->total.weight, c->total.count
			};

			g_array_append_val(rows, row);
		}
		clear_metric(&sums);
	}
	sums_release(&sums);
	return rows;
}
