/* SPDX-License-Identifier: MIT */
/* write: stores a trace as a run, wholly or not at all. */
#include "store/intern.h"

#include <stdlib.h>
#include <string.h>

/* ---- known sources ---- */

/* The run that holds these bytes: *run 0 when there is none. *source: id of the source row. */
static int find_source(struct cf_store *store, const struct cf_source *source, int64_t *id, int64_t *run,
		       gboolean *same, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	*run = *id = 0;
	*same = FALSE;
	if (cf_stmt_open(&stmt, store, CF_SQL_FIND_SOURCE, diag) == 0) {
		cf_stmt_bind_text(&stmt, source->hash, -1);
		step = cf_stmt_step(&stmt);
		if (step > 0) {
			*id = cf_stmt_int(&stmt);
			*same = g_strcmp0(cf_stmt_text(&stmt), source->format) == 0;
			*same = cf_stmt_int(&stmt) == source->version && *same;
			*same = g_strcmp0(cf_stmt_text(&stmt), source->options ? source->options : "") == 0 &&
				*same;
			*run = cf_stmt_int(&stmt);
		}
	}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : 0;
}

int cf_store_known(struct cf_store *store, const struct cf_source *source, enum cf_known *known, int64_t *run,
		   struct cf_diag *diag)
{
	int64_t id;
	gboolean same;

	*known = CF_KNOWN_NO;
	if (store->pending) {
		*run = 0;
		return 0;
	}
	if (find_source(store, source, &id, run, &same, diag) != 0)
		return -1;
	if (*run)
		*known = same ? CF_KNOWN_SAME : CF_KNOWN_OTHER_READING;
	return 0;
}

static int put_source(struct cf_store *store, const struct cf_source *source, int64_t id,
		      struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int result = -1;

	if (cf_stmt_open(&stmt, store, id ? CF_SQL_UPDATE_SOURCE : CF_SQL_ADD_SOURCE, diag) == 0) {
		if (!id)
			cf_stmt_bind_text(&stmt, source->hash, -1);
		cf_stmt_bind_int(&stmt, (int64_t)source->size);
		cf_stmt_bind_text(&stmt, source->path, -1);
		cf_stmt_bind_text(&stmt, source->format, -1);
		cf_stmt_bind_int(&stmt, source->version);
		cf_stmt_bind_text(&stmt, source->options ? source->options : "", -1);
		cf_stmt_bind_int(&stmt, source->partial);
		if (id)
			cf_stmt_bind_int(&stmt, id);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* ---- the run itself ---- */

static int64_t count_lost(const struct cf_trace *trace)
{
	int64_t lost = 0;

	for (guint i = 0; i < trace->quality->len; i++) {
		const struct cf_quality *row = &g_array_index(trace->quality, struct cf_quality, i);

		if (strcmp(row->key, "lost") == 0 && __builtin_add_overflow(lost, row->count, &lost))
			lost = INT64_MAX;
	}
	return lost;
}

/*
 * What the user said now wins, then what was stored (an edit outlives --again), then what the input says. A
 * start that came from the input or the file's time is read again with the input.
 */
static int put_run(struct cf_store *store, const struct cf_source *source, const struct cf_run_flags *flags,
		   const struct cf_trace *trace, const struct cf_run *old, struct cf_diag *diag)
{
	const struct cf_run_meta *meta = &trace->meta;
	const char *name = flags && flags->name ? flags->name : old ? old->name : meta->name;
	const char *commit = flags && flags->commit ? flags->commit
			     : old && old->commit   ? old->commit
						    : meta->commit;
	int64_t start = meta->start_ns;
	enum cf_start_source start_source = meta->start_source;
	struct cf_stmt stmt;
	int result = -1;

	if (old && old->start_source == CF_START_USER) {
		start = old->start_ns;
		start_source = CF_START_USER;
	}
	if (flags && flags->start_source != CF_START_NONE) {
		start = flags->start_ns;
		start_source = flags->start_source;
	}
	if (cf_stmt_open(&stmt, store, old ? CF_SQL_UPDATE_RUN : CF_SQL_ADD_RUN, diag) == 0) {
		if (!old)
			cf_stmt_bind_text(&stmt, source->hash, -1);
		cf_stmt_bind_text(&stmt, name ? name : "", -1);
		cf_stmt_bind_int(&stmt, start);
		cf_stmt_bind_int(&stmt, start_source);
		cf_stmt_bind_int(&stmt, meta->duration_ns);
		cf_stmt_bind_int(&stmt, source->partial);
		cf_stmt_bind_int(&stmt, count_lost(trace));
		cf_stmt_bind_int(&stmt, trace->threads->len);
		cf_stmt_bind_text(&stmt, commit, -1);
		cf_stmt_bind_text(&stmt, meta->command, -1);
		cf_stmt_bind_text(&stmt, meta->host, -1);
		cf_stmt_bind_text(&stmt, meta->os, -1);
		cf_stmt_bind_text(&stmt, meta->cpu, -1);
		if (old)
			cf_stmt_bind_int(&stmt, old->id);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put_labels(struct cf_store *store, int64_t run, GHashTable *labels, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	GHashTableIter iter;
	gpointer key, value;
	int result;

	if (!labels || !g_hash_table_size(labels))
		return 0;
	result = cf_stmt_open(&stmt, store, CF_SQL_SET_LABEL, diag);
	g_hash_table_iter_init(&iter, labels);
	while (result == 0 && g_hash_table_iter_next(&iter, &key, &value)) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_text(&stmt, key, -1);
		cf_stmt_bind_text(&stmt, value, -1);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* ---- facts: each table in the order of its key ---- */

struct writer {
	struct cf_store *store;
	struct cf_diag *diag;
	const struct cf_trace *trace;
	const struct cf_intern *ids;
	int64_t run;
};

static int put_modules(const struct writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	struct cf_stmt stmt;
	int result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_RUN_MODULE, w->diag);

	for (uint32_t i = 1; result == 0 && i < cf_dict_modules(dict); i++) {
		struct cf_module_info info = cf_dict_module_info(dict, (struct cf_module){ i });

		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, i);
		cf_stmt_bind_int(&stmt, w->ids->modules[i]);
		cf_stmt_bind_int(&stmt, w->ids->strs[info.path.id]);
		cf_stmt_bind_int(&stmt, w->ids->strs[info.build_id.id]);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int compare_thread_costs(const void *a, const void *b)
{
	const struct cf_thread_cost *x = a, *y = b;

	if (x->metric.id != y->metric.id)
		return x->metric.id < y->metric.id ? -1 : 1;
	return (x->thread.id > y->thread.id) - (x->thread.id < y->thread.id);
}

static int put_threads(const struct writer *w)
{
	GArray *threads = w->trace->threads;
	g_autoptr(GArray) costs = g_array_copy(w->trace->thread_costs);
	struct cf_stmt stmt;
	int result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_THREAD, w->diag);

	for (guint i = 0; result == 0 && i < threads->len; i++) {
		const struct cf_thread_info *info = &g_array_index(threads, struct cf_thread_info, i);
		struct cf_str group = g_array_index(w->trace->groups, struct cf_str, info->group.id);

		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, i);
		cf_stmt_bind_int(&stmt, info->pid);
		cf_stmt_bind_int(&stmt, info->tid);
		cf_stmt_bind_int(&stmt, w->ids->strs[info->comm.id]);
		cf_stmt_bind_int(&stmt, w->ids->strs[group.id]);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	if (result != 0 || cf_stmt_open(&stmt, w->store, CF_SQL_ADD_THREAD_COST, w->diag) != 0)
		return -1;
	qsort(costs->data, costs->len, sizeof(struct cf_thread_cost), compare_thread_costs);
	for (guint i = 0; result == 0 && i < costs->len; i++) {
		const struct cf_thread_cost *cost = &g_array_index(costs, struct cf_thread_cost, i);

		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, cost->metric.id);
		cf_stmt_bind_int(&stmt, cost->thread.id);
		cf_stmt_bind_int(&stmt, cost->weight);
		cf_stmt_bind_int(&stmt, cost->count);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

struct stack_row {
	uint32_t metric, group, stack;
	int64_t weight, count;
};

static int compare_stack_rows(const void *a, const void *b)
{
	const struct stack_row *x = a, *y = b;

	if (x->metric != y->metric)
		return x->metric < y->metric ? -1 : 1;
	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->stack > y->stack) - (x->stack < y->stack);
}

static int put_stacks(const struct writer *w)
{
	GArray *costs = w->trace->stack_costs;
	g_autofree struct stack_row *rows = g_try_new(struct stack_row, MAX(costs->len, 1));
	struct cf_stmt stmt;
	int result;

	if (!rows)
		return cf_store_fail(w->store, SQLITE_NOMEM, w->diag);
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);
		struct cf_str group = g_array_index(w->trace->groups, struct cf_str, cost->group.id);

		rows[i] = (struct stack_row){ cost->metric.id, w->ids->strs[group.id],
					      w->ids->stacks[cost->stack.id], cost->weight, cost->count };
	}
	qsort(rows, costs->len, sizeof(*rows), compare_stack_rows);
	result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_STACK_COST, w->diag);
	for (guint i = 0; result == 0 && i < costs->len; i++) {
		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, rows[i].metric);
		cf_stmt_bind_int(&stmt, rows[i].group);
		cf_stmt_bind_int(&stmt, rows[i].stack);
		cf_stmt_bind_int(&stmt, rows[i].weight);
		cf_stmt_bind_int(&stmt, rows[i].count);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* A function's place in the order of top; ties are resolved by what the reader sees, then by kind. */
struct func_place {
	const struct cf_func_cost *cost;
	const char *module, *name;
	enum cf_frame_kind kind;
	uint32_t total_rank;
};

static int compare_names(const struct func_place *x, const struct func_place *y)
{
	int order = strcmp(x->module, y->module);

	if (order == 0)
		order = strcmp(x->name, y->name);
	return order ? order : (x->kind > y->kind) - (x->kind < y->kind);
}

static int compare_self(const void *a, const void *b)
{
	const struct func_place *x = a, *y = b;

	if (x->cost->self != y->cost->self)
		return x->cost->self > y->cost->self ? -1 : 1;
	return compare_names(x, y);
}

static int compare_total(const void *a, const void *b)
{
	const struct func_place *x = *(struct func_place *const *)a, *y = *(struct func_place *const *)b;

	if (x->cost->total != y->cost->total)
		return x->cost->total > y->cost->total ? -1 : 1;
	return compare_names(x, y);
}

static void rank_functions(const struct cf_dict *dict, const struct cf_func_cost *costs,
			   struct func_place *places, guint n)
{
	g_autofree struct func_place **by_total = g_new(struct func_place *, MAX(n, 1));

	for (guint i = 0; i < n; i++)
		places[i] = (struct func_place){ .cost = &costs[i],
						 .module = cf_dict_func_module(dict, costs[i].func),
						 .name = cf_dict_func_name(dict, costs[i].func),
						 .kind = cf_dict_func_info(dict, costs[i].func).kind };
	qsort(places, n, sizeof(*places), compare_self);
	for (guint i = 0; i < n; i++)
		by_total[i] = &places[i];
	qsort(by_total, n, sizeof(struct func_place *), compare_total);
	for (guint i = 0; i < n; i++)
		by_total[i]->total_rank = i;
}

/* The functions of one metric, and the sum of those that are unresolved. */
static int put_metric_functions(const struct writer *w, struct cf_stmt *stmt,
				const struct cf_func_cost *costs, guint n, int64_t *unresolved)
{
	g_autofree struct func_place *places = g_new(struct func_place, MAX(n, 1));

	rank_functions(w->trace->dict, costs, places, n);
	for (guint i = 0; i < n; i++) {
		const struct cf_func_cost *cost = places[i].cost;

		if (places[i].kind == CF_FRAME_UNRESOLVED &&
		    __builtin_add_overflow(*unresolved, cost->self, unresolved))
			*unresolved = INT64_MAX;
		cf_stmt_bind_int(stmt, w->run);
		cf_stmt_bind_int(stmt, cost->metric.id);
		cf_stmt_bind_int(stmt, i);
		cf_stmt_bind_int(stmt, places[i].total_rank);
		cf_stmt_bind_int(stmt, w->ids->funcs[cost->func.id]);
		cf_stmt_bind_int(stmt, cost->self);
		cf_stmt_bind_int(stmt, cost->total);
		cf_stmt_bind_int(stmt, cost->self_count);
		cf_stmt_bind_int(stmt, cost->total_count);
		if (cf_stmt_run(stmt) != 0)
			return -1;
	}
	return 0;
}

static void sum_metric(const struct cf_trace *trace, guint metric, int64_t *weight, int64_t *count)
{
	*weight = *count = 0;
	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);

		if (cost->metric.id != metric)
			continue;
		if (__builtin_add_overflow(*weight, cost->weight, weight))
			*weight = cost->weight < 0 ? INT64_MIN : INT64_MAX;
		if (__builtin_add_overflow(*count, cost->count, count))
			*count = cost->count < 0 ? INT64_MIN : INT64_MAX;
	}
}

static int put_functions(const struct writer *w)
{
	g_autoptr(GArray) costs = cf_trace_func_costs(w->trace);
	struct cf_stmt add_func = { 0 }, add_metric = { 0 };
	guint from = 0;
	int result = -1;

	if (cf_stmt_open(&add_func, w->store, CF_SQL_ADD_FUNC_COST, w->diag) != 0 ||
	    cf_stmt_open(&add_metric, w->store, CF_SQL_ADD_METRIC, w->diag) != 0)
		goto out;
	for (guint m = 0; m < w->trace->metrics->len; m++) {
		const struct cf_metric_info *info =
			&g_array_index(w->trace->metrics, struct cf_metric_info, m);
		int64_t unresolved = 0, weight, count;
		guint to = from;

		while (to < costs->len && g_array_index(costs, struct cf_func_cost, to).metric.id == m)
			to++;
		if (put_metric_functions(w, &add_func, &g_array_index(costs, struct cf_func_cost, from),
					 to - from, &unresolved) != 0)
			goto out;
		sum_metric(w->trace, m, &weight, &count);
		cf_stmt_bind_int(&add_metric, w->run);
		cf_stmt_bind_int(&add_metric, m);
		cf_stmt_bind_int(&add_metric, w->ids->strs[info->name.id]);
		cf_stmt_bind_text(&add_metric, cf_unit_name(info->unit), -1);
		cf_stmt_bind_int(&add_metric, weight);
		cf_stmt_bind_int(&add_metric, count);
		cf_stmt_bind_int(&add_metric, to - from);
		cf_stmt_bind_int(&add_metric, unresolved);
		if (cf_stmt_run(&add_metric) != 0)
			goto out;
		from = to;
	}
	result = 0;
out:
	cf_stmt_close(&add_func);
	cf_stmt_close(&add_metric);
	return result;
}

static int compare_edges(const void *a, const void *b)
{
	const struct cf_edge_cost *x = a, *y = b;

	if (x->metric.id != y->metric.id)
		return x->metric.id < y->metric.id ? -1 : 1;
	if (x->caller.id != y->caller.id)
		return x->caller.id < y->caller.id ? -1 : 1;
	return (x->callee.id > y->callee.id) - (x->callee.id < y->callee.id);
}

static int put_edges(const struct writer *w)
{
	g_autoptr(GArray) edges = cf_trace_edge_costs(w->trace);
	struct cf_stmt stmt;
	int result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_EDGE, w->diag);

	for (guint i = 0; i < edges->len; i++) {
		struct cf_edge_cost *edge = &g_array_index(edges, struct cf_edge_cost, i);

		edge->caller.id = w->ids->funcs[edge->caller.id];
		edge->callee.id = w->ids->funcs[edge->callee.id];
	}
	qsort(edges->data, edges->len, sizeof(struct cf_edge_cost), compare_edges);
	for (guint i = 0; result == 0 && i < edges->len; i++) {
		const struct cf_edge_cost *edge = &g_array_index(edges, struct cf_edge_cost, i);

		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, edge->metric.id);
		cf_stmt_bind_int(&stmt, edge->caller.id);
		cf_stmt_bind_int(&stmt, edge->callee.id);
		cf_stmt_bind_int(&stmt, edge->weight);
		cf_stmt_bind_int(&stmt, edge->count);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

struct symbol_row {
	uint32_t func; /* of the store */
	guint index;
};

static int compare_symbols(const void *a, const void *b)
{
	const struct symbol_row *x = a, *y = b;

	return (x->func > y->func) - (x->func < y->func);
}

static int put_symbols(const struct writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	GArray *symbols = w->trace->symbols;
	g_autofree struct symbol_row *rows = g_new(struct symbol_row, MAX(symbols->len, 1));
	struct cf_stmt stmt;
	int result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_SYMBOL, w->diag);

	for (guint i = 0; i < symbols->len; i++)
		rows[i] = (struct symbol_row){
			w->ids->funcs[g_array_index(symbols, struct cf_symbol, i).func.id], i
		};
	qsort(rows, symbols->len, sizeof(*rows), compare_symbols);
	for (guint i = 0; result == 0 && i < symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(symbols, struct cf_symbol, rows[i].index);
		struct cf_func_info func = cf_dict_func_info(dict, symbol->func);
		struct cf_module_info module = cf_dict_module_info(dict, func.module);

		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, rows[i].func);
		cf_stmt_bind_int(&stmt, (int64_t)symbol->address);
		cf_stmt_bind_int(&stmt, (int64_t)symbol->size);
		cf_stmt_bind_int(&stmt, w->ids->strs[symbol->file.id]);
		cf_stmt_bind_int(&stmt, symbol->line);
		cf_stmt_bind_int(&stmt, w->ids->strs[module.build_id.id]);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put_quality(const struct writer *w)
{
	struct cf_stmt stmt;
	int result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_QUALITY, w->diag);

	for (guint i = 0; result == 0 && i < w->trace->quality->len; i++) {
		const struct cf_quality *row = &g_array_index(w->trace->quality, struct cf_quality, i);

		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, i);
		cf_stmt_bind_text(&stmt, row->key, -1);
		cf_stmt_bind_text(&stmt, row->subject, -1);
		cf_stmt_bind_int(&stmt, row->count);
		cf_stmt_bind_int(&stmt, row->weight);
		cf_stmt_bind_text(&stmt, row->text ? row->text : "", -1);
		cf_stmt_bind_text(&stmt, row->cure, -1);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put_facts(struct writer *w)
{
	struct cf_intern ids;
	int result;

	if (cf_intern_trace(&ids, w->store, w->trace, w->diag) != 0)
		return -1;
	w->ids = &ids;
	result = put_modules(w) == 0 && put_threads(w) == 0 && put_stacks(w) == 0 && put_functions(w) == 0 &&
				 put_edges(w) == 0 && put_symbols(w) == 0 && put_quality(w) == 0
			 ? 0
			 : -1;
	cf_intern_clear(&ids);
	return result;
}

static int link_source(struct cf_store *store, int64_t run, int64_t source, struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int result = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_ADD_RUN_SOURCE, diag) == 0) {
		cf_stmt_bind_int(&stmt, run);
		cf_stmt_bind_int(&stmt, source);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put(struct cf_store *store, const struct cf_source *source, const struct cf_run_flags *flags,
	       const struct cf_trace *trace, int64_t *run, struct cf_diag *diag)
{
	struct writer writer = { .store = store, .diag = diag, .trace = trace };
	struct cf_run *old = NULL;
	int64_t id;
	gboolean same;
	int result = -1;

	if (find_source(store, source, &id, run, &same, diag) != 0)
		return -1;
	if (*run) {
		old = cf_store_run_by_id(store, *run, diag);
		if (!old || cf_store_clear_run(store, *run, diag) != 0)
			goto out;
	}
	if (put_source(store, source, id, diag) != 0)
		goto out;
	if (!id)
		id = sqlite3_last_insert_rowid(store->db);
	if (put_run(store, source, flags, trace, old, diag) != 0)
		goto out;
	if (!old) {
		*run = sqlite3_last_insert_rowid(store->db);
		if (link_source(store, *run, id, diag) != 0)
			goto out;
	}
	writer.run = *run;
	/* A label that the user took away doesn't come back with the input. */
	if ((!old && put_labels(store, *run, trace->meta.labels, diag) != 0) ||
	    (flags && put_labels(store, *run, flags->labels, diag) != 0) || put_facts(&writer) != 0)
		goto out;
	/* Symbols that were found only now leave the names of before unused. */
	result = old ? cf_store_sweep(store, diag) : 0;
out:
	cf_run_free(old);
	return result;
}

int cf_store_put(struct cf_store *store, const struct cf_source *source, const struct cf_run_flags *flags,
		 const struct cf_trace *trace, int64_t *run, struct cf_diag *diag)
{
	*run = 0;
	if (cf_store_begin(store, diag) != 0)
		return -1;
	if (put(store, source, flags, trace, run, diag) != 0) {
		cf_store_rollback(store);
		*run = 0;
		return -1;
	}
	return cf_store_commit(store, diag);
}
