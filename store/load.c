/* SPDX-License-Identifier: MIT */
/* load: rebuilds a trace from the facts of stored runs, so that questions with filters can be answered. */
#include "store/statement.h"

#include <string.h>

/* A row of the trie; func_kind: func << 3 | kind, as functions have less than 2^29 ids; func 0: no such row. */
#define FUNC_MAX (((uint32_t)1 << 29) - 1)
struct stored {
	uint32_t parent, func_kind;
};

/*
 * Trace ids by store ids. Stacks are a plain array from the smallest stored id that the run uses: a run's
 * stacks are mostly neighbours; other dictionaries are small.
 */
struct loader {
	struct cf_store *store;
	struct cf_diag *diag;
	struct cf_trace *trace;
	int64_t run;
	int sign;
	GArray *periods;       /* int64_t, by the run's metric number */
	GArray *metrics;       /* struct cf_metric, by the run's metric number */
	GArray *threads;       /* struct cf_thread, by the run's thread number */
	GHashTable *groups;    /* str -> cf_group id + 1 */
	GHashTable *modules;   /* store module -> cf_module id + 1: the run's first of that name */
	GHashTable *funcs;     /* store func -> cf_func id */
	GHashTable *stacks;    /* store stack -> cf_stack id, of those outside range */
	uint32_t *range;       /* store stack - range_from -> cf_stack id, 0 not loaded */
	struct stored *stored; /* store stack - range_from -> its row */
	uint32_t range_from, range_len;
	struct cf_stmt load_stack, load_func, load_str;
};

static int begin(struct loader *l, struct cf_stmt *stmt, enum cf_sql sql)
{
	if (cf_stmt_open(stmt, l->store, sql, l->diag) != 0)
		return -1;
	cf_stmt_bind_int(stmt, l->run);
	return 0;
}

static int load_metrics(struct loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (begin(l, &stmt, CF_SQL_LOAD_METRICS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			int64_t number = cf_stmt_int(&stmt);
			const char *name = cf_stmt_text(&stmt), *unit = cf_stmt_text(&stmt);
			struct cf_metric metric = cf_trace_metric(l->trace, name, cf_unit_from_name(unit));
			int64_t period = cf_stmt_int(&stmt);

			if (number != l->metrics->len) {
				step = cf_store_damaged(l->store, "metrics aren't numbered in order",
							l->diag);
				break;
			}
			g_array_append_val(l->metrics, metric);
			g_array_append_val(l->periods, period);
		}
	cf_stmt_close(&stmt);
	return step;
}

static int load_modules(struct loader *l)
{
	struct cf_dict *dict = l->trace->dict;
	struct cf_stmt stmt;
	int step = -1;

	if (begin(l, &stmt, CF_SQL_LOAD_MODULES) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			gpointer id = GUINT_TO_POINTER(cf_stmt_id(&stmt));
			struct cf_module_info info;
			struct cf_module module;

			info.name = cf_dict_str(dict, cf_stmt_text(&stmt), -1);
			info.path = cf_dict_str(dict, cf_stmt_text(&stmt), -1);
			info.build_id = cf_dict_str(dict, cf_stmt_text(&stmt), -1);
			module = cf_dict_module(dict, info);
			if (!g_hash_table_contains(l->modules, id))
				g_hash_table_insert(l->modules, id, GUINT_TO_POINTER(module.id + 1));
		}
	cf_stmt_close(&stmt);
	return step;
}

static int load_threads(struct loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (begin(l, &stmt, CF_SQL_LOAD_THREADS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			int64_t number = cf_stmt_int(&stmt);
			int32_t pid = (int32_t)cf_stmt_int(&stmt), tid = (int32_t)cf_stmt_int(&stmt);
			struct cf_thread thread = cf_trace_thread(l->trace, pid, tid, cf_stmt_text(&stmt));

			if (number != l->threads->len) {
				step = cf_store_damaged(l->store, "threads aren't numbered in order",
							l->diag);
				break;
			}
			g_array_append_val(l->threads, thread);
		}
	cf_stmt_close(&stmt);
	if (step != 0 || begin(l, &stmt, CF_SQL_LOAD_THREAD_COSTS) != 0)
		return -1;
	while ((step = cf_stmt_step(&stmt)) > 0) {
		struct cf_thread_cost cost;
		uint32_t metric = cf_stmt_id(&stmt), thread = cf_stmt_id(&stmt);

		if (metric >= l->metrics->len || thread >= l->threads->len) {
			step = cf_store_damaged(l->store, "a thread's cost has no thread or metric", l->diag);
			break;
		}
		cost.metric = g_array_index(l->metrics, struct cf_metric, metric);
		cost.thread = g_array_index(l->threads, struct cf_thread, thread);
		cost.count = cf_stmt_int(&stmt);
		cost.weight = cf_stmt_weight(&stmt, cost.count, g_array_index(l->periods, int64_t, metric));
		if (MIN(cost.count, cost.weight) < 0) {
			step = cf_store_damaged(l->store, "a thread's cost is negative", l->diag);
			break;
		}
		cost.count *= l->sign;
		cost.weight *= l->sign;
		cf_trace_thread_cost(l->trace, &cost);
	}
	cf_stmt_close(&stmt);
	return step;
}

/* 0 with *out, or -1. */
static int load_func(struct loader *l, uint32_t id, struct cf_func *out)
{
	struct cf_dict *dict = l->trace->dict;
	gpointer known = g_hash_table_lookup(l->funcs, GUINT_TO_POINTER(id));
	struct cf_func_info info = { 0 };
	const char *module_name;
	uint32_t module;
	int step;

	if (known) {
		out->id = GPOINTER_TO_UINT(known);
		return 0;
	}
	cf_stmt_bind_int(&l->load_func, id);
	step = cf_stmt_step(&l->load_func);
	if (step <= 0)
		return step < 0 ? -1
				: cf_store_damaged(l->store, "a stack names an unknown function", l->diag);
	module = cf_stmt_id(&l->load_func);
	module_name = cf_stmt_text(&l->load_func);
	known = g_hash_table_lookup(l->modules, GUINT_TO_POINTER(module));
	if (known) {
		info.module.id = GPOINTER_TO_UINT(known) - 1;
	} else if (*module_name) {
		struct cf_module_info plain = { .name = cf_dict_str(dict, module_name, -1) };

		plain.path = plain.build_id = cf_dict_str(dict, "", 0);
		info.module = cf_dict_module(dict, plain);
		g_hash_table_insert(l->modules, GUINT_TO_POINTER(module),
				    GUINT_TO_POINTER(info.module.id + 1));
	}
	info.name = cf_dict_str(dict, cf_stmt_text(&l->load_func), -1);
	info.kind = (enum cf_frame_kind)MIN(cf_stmt_id(&l->load_func), CF_FRAME_UNRESOLVED);
	cf_stmt_reset(&l->load_func);
	*out = cf_dict_func(dict, info);
	g_hash_table_insert(l->funcs, GUINT_TO_POINTER(id), GUINT_TO_POINTER(out->id));
	return 0;
}

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
			node->kind = (enum cf_frame_kind)MIN(cf_stmt_id(&l->load_stack), CF_FRAME_UNRESOLVED);
			cf_stmt_reset(&l->load_stack);
		}
	}
	if (!node->func || node->parent >= id)
		return cf_store_damaged(l->store, "a stack is missing or its own caller", l->diag);
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

		if (load_func(l, node->func, &func) != 0)
			return -1;
		*out = cf_dict_push(l->trace->dict, *out, func, node->kind);
		remember_stack(l, node->id, *out);
	}
	return 0;
}

/* When a run uses much of a range of the trie (as those do that were ingested first), one scan is cheaper. */
static int load_range(struct loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, l->store, CF_SQL_LOAD_STACK_RANGE, l->diag) == 0) {
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
			stored->func_kind |= MIN(cf_stmt_id(&stmt), CF_FRAME_UNRESOLVED);
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

	if (begin(l, &stmt, CF_SQL_LOAD_STACK_COSTS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cost_row row;

			row.metric = cf_stmt_id(&stmt);
			row.group = cf_stmt_id(&stmt);
			row.stack = cf_stmt_id(&stmt);
			if (row.metric >= l->metrics->len) {
				step = cf_store_damaged(l->store, "a stack's cost has no metric", l->diag);
				break;
			}
			row.count = cf_stmt_int(&stmt);
			row.weight = cf_stmt_weight(&stmt, row.count,
						    g_array_index(l->periods, int64_t, row.metric));
			/* INT64_MIN times -1 would also be no number. */
			if (MIN(row.count, row.weight) < 0) {
				step = cf_store_damaged(l->store, "a stack's cost is negative", l->diag);
				break;
			}
			row.count *= l->sign;
			row.weight *= l->sign;
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
			return cf_store_fail(l->store, SQLITE_NOMEM, l->diag);
		return load_range(l);
	}
	return step;
}

static int load_group(struct loader *l, uint32_t id, struct cf_group *out)
{
	gpointer known = g_hash_table_lookup(l->groups, GUINT_TO_POINTER(id));
	int step;

	if (known) {
		out->id = GPOINTER_TO_UINT(known) - 1;
		return 0;
	}
	cf_stmt_bind_int(&l->load_str, id);
	step = cf_stmt_step(&l->load_str);
	if (step <= 0)
		return step < 0 ? -1 : cf_store_damaged(l->store, "a thread group has no name", l->diag);
	*out = cf_trace_group(l->trace, cf_stmt_text(&l->load_str)); /* folded already: stays as it is */
	cf_stmt_reset(&l->load_str);
	g_hash_table_insert(l->groups, GUINT_TO_POINTER(id), GUINT_TO_POINTER(out->id + 1));
	return 0;
}

static int load_stacks(struct loader *l)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct cost_row));
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(struct node));

	if (cf_stmt_open(&l->load_stack, l->store, CF_SQL_LOAD_STACK, l->diag) != 0 ||
	    cf_stmt_open(&l->load_func, l->store, CF_SQL_LOAD_FUNC, l->diag) != 0 ||
	    cf_stmt_open(&l->load_str, l->store, CF_SQL_LOAD_STR, l->diag) != 0 || read_costs(l, rows) != 0)
		return -1;
	for (guint i = 0; i < rows->len; i++) {
		const struct cost_row *row = &g_array_index(rows, struct cost_row, i);
		struct cf_stack_cost cost = { .metric = g_array_index(l->metrics, struct cf_metric,
								      row->metric),
					      .weight = row->weight,
					      .count = row->count };

		if (load_group(l, row->group, &cost.group) != 0 ||
		    load_stack(l, path, row->stack, &cost.stack) != 0)
			return -1;
		cf_trace_cost(l->trace, &cost);
	}
	return 0;
}

static int load_symbols(struct loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (begin(l, &stmt, CF_SQL_LOAD_SYMBOLS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_symbol symbol = { 0 };

			if (load_func(l, cf_stmt_id(&stmt), &symbol.func) != 0) {
				step = -1;
				break;
			}
			symbol.address = (uint64_t)cf_stmt_int(&stmt);
			symbol.size = (uint64_t)cf_stmt_int(&stmt);
			symbol.file = cf_dict_str(l->trace->dict, cf_stmt_text(&stmt), -1);
			symbol.line = cf_stmt_id(&stmt);
			cf_trace_symbol(l->trace, &symbol);
		}
	cf_stmt_close(&stmt);
	return step;
}

static int load_quality(struct loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (begin(l, &stmt, CF_SQL_QUALITY) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			const char *key = cf_stmt_text(&stmt), *subject = cf_stmt_text_or_null(&stmt);
			const char *text = cf_stmt_text(&stmt), *cure = cf_stmt_text_or_null(&stmt);
			int64_t count = cf_stmt_int(&stmt), weight = cf_stmt_int(&stmt);

			if (MIN(count, weight) < 0) {
				step = cf_store_damaged(l->store, "a count of lost data is negative",
							l->diag);
				break;
			}
			cf_trace_quality(l->trace, key, subject, count * l->sign, weight * l->sign, cure,
					 "%s", text);
		}
	cf_stmt_close(&stmt);
	return step;
}

static void fill_meta(struct cf_run_meta *meta, const struct cf_run *run)
{
	GHashTableIter iter;
	gpointer key, value;

	if (meta->name)
		return;
	meta->name = g_strdup(run->name);
	meta->command = g_strdup(run->command);
	meta->host = g_strdup(run->host);
	meta->os = g_strdup(run->os);
	meta->cpu = g_strdup(run->cpu);
	meta->commit = g_strdup(run->commit);
	meta->start_ns = run->start_ns;
	meta->start_source = run->start_source;
	meta->duration_ns = run->duration_ns;
	g_hash_table_iter_init(&iter, run->labels);
	while (g_hash_table_iter_next(&iter, &key, &value))
		g_hash_table_insert(meta->labels, g_strdup(key), g_strdup(value));
}

int cf_store_load(struct cf_store *store, int64_t id, int sign, struct cf_trace *trace, struct cf_diag *diag)
{
	struct cf_run *run = cf_store_run_by_id(store, id, diag);
	struct loader l = { .store = store, .diag = diag, .trace = trace, .run = id, .sign = sign };
	gboolean alone;
	int result;

	if (!run)
		return -1;
	fill_meta(&trace->meta, run);
	cf_run_free(run);
	/* One look at the store: else each of many small statements locks the file anew. */
	alone = sqlite3_get_autocommit(store->db) != 0;
	if (alone && cf_store_exec(store, "BEGIN", diag) != 0)
		return -1;
	l.periods = g_array_new(FALSE, FALSE, sizeof(int64_t));
	l.metrics = g_array_new(FALSE, FALSE, sizeof(struct cf_metric));
	l.threads = g_array_new(FALSE, FALSE, sizeof(struct cf_thread));
	l.groups = g_hash_table_new(NULL, NULL);
	l.modules = g_hash_table_new(NULL, NULL);
	l.funcs = g_hash_table_new(NULL, NULL);
	l.stacks = g_hash_table_new(NULL, NULL);
	result = load_metrics(&l) == 0 && load_modules(&l) == 0 && load_threads(&l) == 0 &&
				 load_stacks(&l) == 0 && load_symbols(&l) == 0 && load_quality(&l) == 0
			 ? 0
			 : -1;
	cf_stmt_close(&l.load_stack);
	cf_stmt_close(&l.load_func);
	cf_stmt_close(&l.load_str);
	if (alone)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	g_free(l.range);
	g_free(l.stored);
	g_hash_table_unref(l.stacks);
	g_hash_table_unref(l.funcs);
	g_hash_table_unref(l.modules);
	g_hash_table_unref(l.groups);
	g_array_unref(l.threads);
	g_array_unref(l.metrics);
	g_array_unref(l.periods);
	return result;
}
