/* SPDX-License-Identifier: MIT */
/* load_stacks: the costs of stacks, back from the store. */
#include "store/facts.h"

/* A row of the trie; func_kind: func << 3 | kind, as functions have less than 2^29 ids; func 0: no such row. */
#define FUNC_MAX (((uint32_t)1 << 29) - 1)
struct stored {
	uint32_t parent, func_kind;
};

/*
 * Stacks are a plain array from the smallest stored id that the run uses, as a run's stacks are mostly neighbours.
 */
struct loader {
	struct cf_fact_loader *facts;
	GHashTable *stacks;    /* store stack -> cf_stack id, of those outside range */
	uint32_t *range;       /* store stack - range_from -> cf_stack id, 0 not loaded */
	struct stored *stored; /* store stack - range_from -> its row */
	uint32_t range_from, range_len;
	struct cf_stmt load_stack;
};

static uint32_t known_stack(const struct loader *l, uint32_t id)
{
	if (id >= l->range_from && id - l->range_from < l->range_len)
		return l->range[id - l->range_from];
	return GPOINTER_TO_UINT(g_hash_table_lookup(l->stacks, GUINT_TO_POINTER(id)));
}

static void remember_stack(struct loader *l, uint32_t id, struct cf_stack stack)
{
	if (id >= l->range_from && id - l->range_from < l->range_len)
		l->range[id - l->range_from] = stack.id;
	else
		g_hash_table_insert(l->stacks, GUINT_TO_POINTER(id), GUINT_TO_POINTER(stack.id));
}

/* A stack as it is stored; func 0: there is none. */
struct node {
	uint32_t id, parent, func;
	enum cf_frame_kind kind;
};

/* 0, or -1: said. */
static int read_node(struct loader *l, uint32_t id, struct node *node)
{
	int step = 1;

	*node = (struct node){ .id = id };
	if (id >= l->range_from && id - l->range_from < l->range_len) {
		const struct stored *stored = &l->stored[id - l->range_from];

		node->parent = stored->parent;
		node->func = stored->func_kind >> 3;
		node->kind = (enum cf_frame_kind)(stored->func_kind & 7);
	} else {
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
		return cf_store_damaged(l->facts->store, "a stack is missing or its own caller",
					l->facts->diag);
	return 0;
}

/* Up to the first known caller or the root, then down again. Ids fall on the way up, so it ends. */
static int load_stack(struct loader *l, GArray *path, uint32_t id, struct cf_stack *out)
{
	g_array_set_size(path, 0);
	out->id = 0;
	while (id && (out->id = known_stack(l, id)) == 0) {
		struct node node;

		if (read_node(l, id, &node) != 0)
			return -1;
		g_array_append_val(path, node);
		id = node.parent;
	}
	for (guint i = path->len; i-- > 0;) {
		const struct node *node = &g_array_index(path, struct node, i);
		struct cf_func func;

		if (cf_fact_func(l->facts, node->func, &func) != 0)
			return -1;
		*out = cf_dict_push(l->facts->trace->dict, *out, func, node->kind);
		remember_stack(l, node->id, *out);
	}
	return 0;
}

/* When a run uses much of a range of the trie (as those do that were ingested first), one scan is cheaper. */
static int load_range(struct loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, l->facts->store, CF_SQL_LOAD_STACK_RANGE, l->facts->diag) == 0) {
		cf_stmt_bind_int(&stmt, l->range_from);
		cf_stmt_bind_int(&stmt, (int64_t)l->range_from + l->range_len - 1);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t offset = cf_stmt_id(&stmt) - l->range_from;
			struct stored *stored = &l->stored[MIN(offset, l->range_len - 1)];
			uint32_t func;

			/* In a damaged tree even the bounds of a search may not hold. */
			if (offset >= l->range_len)
				continue;
			stored->parent = cf_stmt_id(&stmt);
			func = cf_stmt_id(&stmt);
			stored->func_kind = func <= FUNC_MAX ? func << 3 : 0;
			stored->func_kind |= cf_stmt_kind(&stmt);
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

struct cost_row {
	uint32_t metric, group, stack;
	int64_t weight, count;
};

static int read_costs(struct loader *l, GArray *rows)
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
	/* Measured: looking a stack up costs as much as reading some twenty in a scan. */
	if (step == 0 && to >= from && (to - from) / 20 <= rows->len) {
		l->range_from = from;
		l->range_len = to - from + 1;
		l->range = g_try_new0(uint32_t, l->range_len);
		l->stored = g_try_new0(struct stored, l->range_len);
		if (!l->range || !l->stored)
			return cf_store_fail(l->facts->store, SQLITE_NOMEM, l->facts->diag);
		return load_range(l);
	}
	return step;
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

	if (cf_stmt_open(&l->load_stack, l->facts->store, CF_SQL_LOAD_STACK, l->facts->diag) != 0 ||
	    read_costs(l, rows) != 0)
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
	struct loader l = { .facts = facts, .stacks = g_hash_table_new(NULL, NULL) };
	int result = load_stacks(&l);

	cf_stmt_close(&l.load_stack);
	g_free(l.range);
	g_free(l.stored);
	g_hash_table_unref(l.stacks);
	return result;
}
