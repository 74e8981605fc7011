/* SPDX-License-Identifier: MIT */
/* load_stacks: the costs of stacks, back from the store. */
#include "store/facts.h"
#include "store/trie.h"

#include <string.h>

/*
 * A run that uses much of a range of the stored stacks, as those do that were ingested first, has the whole range read,
 * which store->trie keeps; what isn't there is looked up one by one.
 */
struct loader {
	struct cf_fact_loader *facts;
	struct cf_stmt load_stack;
};

/* 0: not loaded, or the empty stack. */
static uint32_t known_stack(const struct cf_loaded_stacks *stacks, uint32_t id)
{
	if (id >= stacks->from && id - stacks->from < stacks->len && stacks->range[id - stacks->from])
		return stacks->range[id - stacks->from];
	return GPOINTER_TO_UINT(g_hash_table_lookup(stacks->others, GUINT_TO_POINTER(id)));
}

/* A stack as it is stored; func 0: there is none. */
struct node {
	uint32_t id, parent, func;
	enum cf_frame_kind kind;
};

/* 0, or -1: said. */
static int read_node(struct loader *l, uint32_t id, struct node *node)
{
	struct cf_store *store = l->facts->store;

	*node = (struct node){ .id = id };
	if (cf_trie_covers(store, id, id)) {
		const struct cf_trie_row *row = &store->trie->rows[id - store->trie->from];

		node->parent = row->parent;
		node->func = row->func_kind >> 3;
		node->kind = (enum cf_frame_kind)(row->func_kind & 7);
	} else {
		int step;

		cf_stmt_bind_int(&l->load_stack, id);
		step = cf_stmt_step(&l->load_stack);
		if (step < 0)
			return -1;
		if (step) {
			node->parent = cf_stmt_id(&l->load_stack);
			node->func = cf_stmt_id(&l->load_stack);
			node->kind = cf_stmt_kind(&l->load_stack);
			cf_stmt_reset(&l->load_stack);
		}
	}
	if (!node->func || node->parent >= id)
		return cf_store_damaged(store, "a stack is missing or its own caller", l->facts->diag);
	return 0;
}

/* Puts a stack into the trace, which has its caller, and remembers where. */
static int take_node(struct cf_fact_loader *facts, const struct node *node, struct cf_stack caller,
		     struct cf_stack *out)
{
	struct cf_loaded_stacks *stacks = &facts->stacks;
	struct cf_dict *dict = facts->trace->dict;
	struct cf_func func;

	if (cf_fact_func(facts, node->func, &func) != 0)
		return -1;
	/* The store has a stack once: where all that the trace has comes from there, this one is new. */
	if (cf_dict_stacks(dict) == stacks->seen) {
		*out = cf_dict_append(dict, caller, func, node->kind);
		stacks->seen = cf_dict_stacks(dict);
	} else {
		*out = cf_dict_push(dict, caller, func, node->kind);
	}
	if (node->id >= stacks->from && node->id - stacks->from < stacks->len)
		stacks->range[node->id - stacks->from] = out->id;
	else
		g_hash_table_insert(stacks->others, GUINT_TO_POINTER(node->id), GUINT_TO_POINTER(out->id));
	return 0;
}

/* Up to the first known caller or the root, then down again. Ids fall on the way up, so it ends. */
static int load_stack(struct loader *l, GArray *path, uint32_t id, struct cf_stack *out)
{
	g_array_set_size(path, 0);
	out->id = 0;
	while (id && (out->id = known_stack(&l->facts->stacks, id)) == 0) {
		struct node node;

		if (read_node(l, id, &node) != 0)
			return -1;
		g_array_append_val(path, node);
		id = node.parent;
	}
	for (guint i = path->len; i-- > 0;)
		if (take_node(l->facts, &g_array_index(path, struct node, i), *out, out) != 0)
			return -1;
	return 0;
}

struct cost_row {
	uint32_t metric, group, stack;
	int64_t weight, count;
};

/* least, most: the range of their stacks; most 0: none. */
static int read_costs(struct loader *l, GArray *rows, uint32_t *least, uint32_t *most)
{
	uint32_t from = UINT32_MAX, to = 0;
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l->facts, &stmt, CF_SQL_LOAD_STACK_COSTS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cost_row row;

			row.metric = cf_stmt_id(&stmt);
			row.group = cf_stmt_id(&stmt);
			row.stack = cf_stmt_id(&stmt);
			if (row.metric >= l->facts->metrics->len) {
				step = cf_store_damaged(l->facts->store, "a stack's cost has no metric",
							l->facts->diag);
				break;
			}
			row.count = cf_stmt_int(&stmt);
			row.weight = cf_stmt_weight(&stmt, row.count,
						    g_array_index(l->facts->periods, int64_t, row.metric));
			/* INT64_MIN times -1 would also be no number. */
			if (MIN(row.count, row.weight) < 0) {
				step = cf_store_damaged(l->facts->store, "a stack's cost is negative",
							l->facts->diag);
				break;
			}
			row.count *= l->facts->sign;
			row.weight *= l->facts->sign;
			if (row.stack) {
				from = MIN(from, row.stack);
				to = MAX(to, row.stack);
			}
			g_array_append_val(rows, row);
		}
	cf_stmt_close(&stmt);
	*least = from;
	*most = to;
	return step;
}

/* So that the stacks from..to have a place in facts->stacks.range. */
static int widen(struct cf_fact_loader *facts, uint32_t from, uint32_t to)
{
	struct cf_loaded_stacks *stacks = &facts->stacks;
	uint32_t *range;

	if (stacks->len) {
		from = MIN(from, stacks->from);
		to = MAX(to, stacks->from + (stacks->len - 1));
		if (to - from == stacks->len - 1)
			return 0;
	}
	range = g_try_new0(uint32_t, (gsize)(to - from) + 1);
	if (!range)
		return cf_store_fail(facts->store, SQLITE_NOMEM, facts->diag);
	if (stacks->len)
		memcpy(range + (stacks->from - from), stacks->range, stacks->len * sizeof(*range));
	g_free(stacks->range);
	stacks->range = range;
	stacks->from = from;
	stacks->len = to - from + 1;
	return 0;
}

/* The functions of the used stacks in one scan, where they are most of a range: a look-up costs as much as three rows. */
static int load_funcs(struct cf_fact_loader *facts, const struct cf_trie *trie, const uint8_t *used)
{
	uint32_t from = UINT32_MAX, to = 0, nodes = 0, funcs = 0;
	g_autofree uint8_t *wanted = NULL;

	for (uint32_t i = 0; i < trie->len; i++)
		if (used[i]) {
			from = MIN(from, trie->rows[i].func_kind >> 3);
			to = MAX(to, trie->rows[i].func_kind >> 3);
			nodes++;
		}
	if (!nodes || (to - from) / 3 > nodes)
		return 0;
	wanted = g_try_malloc0((gsize)(to - from) + 1);
	if (!wanted)
		return cf_store_fail(facts->store, SQLITE_NOMEM, facts->diag);
	for (uint32_t i = 0; i < trie->len; i++)
		if (used[i]) {
			uint8_t *seen = &wanted[(trie->rows[i].func_kind >> 3) - from];

			funcs += !*seen;
			*seen = 1;
		}
	return (to - from) / 3 <= funcs ? cf_fact_funcs(facts, from, to, wanted) : 0;
}

/* All stacks of the range that the rows need, callers first, in the order in which they are stored. */
static int load_range(struct loader *l, const GArray *rows)
{
	const struct cf_trie *trie = l->facts->store->trie;
	const struct cf_loaded_stacks *stacks = &l->facts->stacks;
	g_autofree uint8_t *used = g_try_malloc0(trie->len);
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(struct node));

	if (!used)
		return cf_store_fail(l->facts->store, SQLITE_NOMEM, l->facts->diag);
	for (guint i = 0; i < rows->len; i++) {
		uint32_t id = g_array_index(rows, struct cost_row, i).stack;

		/* Ends in a damaged store as well: none is marked twice. */
		while (id >= trie->from && id - trie->from < trie->len && !used[id - trie->from]) {
			used[id - trie->from] = 1;
			id = trie->rows[id - trie->from].parent;
		}
	}
	if (load_funcs(l->facts, trie, used) != 0)
		return -1;
	for (uint32_t i = 0; i < trie->len; i++) {
		struct cf_stack caller;
		struct node node;

		if (!used[i] || known_stack(stacks, trie->from + i))
			continue;
		if (read_node(l, trie->from + i, &node) != 0 ||
		    load_stack(l, path, node.parent, &caller) != 0 ||
		    take_node(l->facts, &node, caller, &(struct cf_stack){ 0 }) != 0)
			return -1;
	}
	return 0;
}

/* Measured: looking a stack up costs as much as reading some twenty in a scan. */
#define SCAN 20

static int prepare_range(struct loader *l, const GArray *rows, uint32_t from, uint32_t to)
{
	if (from > to)
		return 0;
	/* Callers stand before what they call, the outermost first. */
	if (to / SCAN <= rows->len)
		from = 1;
	if ((to - from) / SCAN > rows->len && !cf_trie_covers(l->facts->store, from, to))
		return 0;
	if (cf_trie_cover(l->facts->store, from, to, l->facts->diag) != 0 || widen(l->facts, from, to) != 0)
		return -1;
	return load_range(l, rows);
}

static int load_group(struct cf_fact_loader *facts, uint32_t id, struct cf_group *out)
{
	gpointer known = g_hash_table_lookup(facts->groups, GUINT_TO_POINTER(id));
	struct cf_str name;

	if (known) {
		out->id = GPOINTER_TO_UINT(known) - 1;
		return 0;
	}
	if (cf_fact_str(facts, id, &name) != 0)
		return -1;
	/* Folded already: stays as it is. */
	*out = cf_trace_group(facts->trace, cf_dict_text(facts->trace->dict, name));
	g_hash_table_insert(facts->groups, GUINT_TO_POINTER(id), GUINT_TO_POINTER(out->id + 1));
	return 0;
}

/* Of a sample, which are far fewer than costs. */
static int stack_of_moment(void *ctx, uint32_t id, struct cf_stack *out)
{
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(struct node));

	return load_stack(ctx, path, id, out);
}

static int load_stacks(struct loader *l)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct cost_row));
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(struct node));
	uint32_t from, to;

	if (cf_stmt_open(&l->load_stack, l->facts->store, CF_SQL_LOAD_STACK, l->facts->diag) != 0 ||
	    read_costs(l, rows, &from, &to) != 0 || prepare_range(l, rows, from, to) != 0)
		return -1;
	for (guint i = 0; i < rows->len; i++) {
		const struct cost_row *row = &g_array_index(rows, struct cost_row, i);
		struct cf_stack_cost cost = { .metric = g_array_index(l->facts->metrics, struct cf_metric,
								      row->metric),
					      .weight = row->weight,
					      .count = row->count };

		if (load_group(l->facts, row->group, &cost.group) != 0 ||
		    load_stack(l, path, row->stack, &cost.stack) != 0)
			return -1;
		cf_trace_cost(l->facts->trace, &cost);
	}
	return l->facts->moments ? cf_store_load_moments(l->facts, stack_of_moment, l) : 0;
}

int cf_store_load_stacks(struct cf_fact_loader *facts)
{
	struct loader l = { .facts = facts };
	int result = load_stacks(&l);

	cf_stmt_close(&l.load_stack);
	return result;
}
