/* SPDX-License-Identifier: MIT */
/* facts: writes the facts of a trace, each table in the order of its key. */
#include "store/facts.h"

#include <stdlib.h>
#include <string.h>

/* Weight of one sample of each metric where all stacks agree on it, else 0. */
static int64_t *find_periods(const struct cf_trace *trace)
{
	guint n = trace->metrics->len;
	int64_t *periods = g_new0(int64_t, MAX(n, 1));
	g_autofree gboolean *seen = g_new0(gboolean, MAX(n, 1));

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		int64_t *period = &periods[cost->metric.id];

		if (!seen[cost->metric.id] && cost->count > 0 && cost->weight > 0)
			*period = cost->weight / cost->count;
		seen[cost->metric.id] = TRUE;
		if (*period && (cost->weight % *period != 0 || cost->weight / *period != cost->count))
			*period = 0;
	}
	return periods;
}

/* What is stored of a weight. */
static int64_t weight_or_null(const struct cf_fact_writer *w, struct cf_metric metric, int64_t weight,
			      int64_t count)
{
	int64_t product;

	if (!__builtin_mul_overflow(count, w->periods[metric.id], &product) && weight == product)
		return CF_BULK_NULL;
	return MAX(weight, -INT64_MAX);
}

static int put_modules(const struct cf_fact_writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_RUN_MODULE, w->diag);

	for (uint32_t i = 1; result == 0 && i < cf_dict_modules(dict); i++) {
		struct cf_module_info info = cf_dict_module_info(dict, (struct cf_module){ i });

		result = cf_bulk_add(&bulk,
				     (int64_t[]){ w->run, i, w->ids->modules[i], w->ids->strs[info.path.id],
						  w->ids->strs[info.build_id.id] });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

static int compare_thread_costs(const void *a, const void *b)
{
	const struct cf_thread_cost *x = a, *y = b;

	if (x->metric.id != y->metric.id)
		return x->metric.id < y->metric.id ? -1 : 1;
	return (x->thread.id > y->thread.id) - (x->thread.id < y->thread.id);
}

static int put_threads(const struct cf_fact_writer *w)
{
	GArray *threads = w->trace->threads;
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_THREAD, w->diag);

	for (guint i = 0; result == 0 && i < threads->len; i++) {
		const struct cf_thread_info *info = &g_array_index(threads, struct cf_thread_info, i);
		struct cf_str group = g_array_index(w->trace->groups, struct cf_str, info->group.id);

		result = cf_bulk_add(&bulk,
				     (int64_t[]){ w->run, i, info->pid, info->tid,
						  w->ids->strs[info->comm.id], w->ids->strs[group.id] });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

static int put_thread_costs(const struct cf_fact_writer *w)
{
	g_autoptr(GArray) costs = g_array_copy(w->trace->thread_costs);
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_THREAD_COST, w->diag);

	if (costs->len)
		qsort(costs->data, costs->len, sizeof(struct cf_thread_cost), compare_thread_costs);
	for (guint i = 0; result == 0 && i < costs->len; i++) {
		const struct cf_thread_cost *cost = &g_array_index(costs, struct cf_thread_cost, i);

		result = cf_bulk_add(&bulk,
				     (int64_t[]){ w->run, cost->metric.id, cost->thread.id,
						  weight_or_null(w, cost->metric, cost->weight, cost->count),
						  cost->count });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
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

static int put_stacks(const struct cf_fact_writer *w)
{
	GArray *costs = w->trace->stack_costs;
	g_autofree struct stack_row *rows = g_try_new(struct stack_row, MAX(costs->len, 1));
	struct cf_bulk bulk = { 0 };
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
	result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_STACK_COST, w->diag);
	for (guint i = 0; result == 0 && i < costs->len; i++) {
		int64_t weight = weight_or_null(w, (struct cf_metric){ rows[i].metric }, rows[i].weight,
						rows[i].count);

		result = cf_bulk_add(&bulk, (int64_t[]){ w->run, rows[i].metric, rows[i].group, rows[i].stack,
							 weight, rows[i].count });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
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
	/* Interned: the same text is at the same place. */
	int order = x->module == y->module ? 0 : strcmp(x->module, y->module);

	if (order == 0 && x->name != y->name)
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
static int put_metric_functions(const struct cf_fact_writer *w, struct cf_bulk *bulk,
				const struct cf_func_cost *costs, guint n, int64_t *unresolved)
{
	g_autofree struct func_place *places = g_new(struct func_place, MAX(n, 1));

	rank_functions(w->trace->dict, costs, places, n);
	for (guint i = 0; i < n; i++) {
		const struct cf_func_cost *cost = places[i].cost;

		if (places[i].kind == CF_FRAME_UNRESOLVED &&
		    __builtin_add_overflow(*unresolved, cost->self, unresolved))
			*unresolved = INT64_MAX;
		if (cf_bulk_add(bulk,
				(int64_t[]){ w->run, cost->metric.id, i, places[i].total_rank,
					     w->ids->funcs[cost->func.id],
					     weight_or_null(w, cost->metric, cost->self, cost->self_count),
					     weight_or_null(w, cost->metric, cost->total, cost->total_count),
					     cost->self_count, cost->total_count }) != 0)
			return -1;
	}
	return 0;
}

struct sum {
	int64_t weight, count;
};

static void add(int64_t *sum, int64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = value < 0 ? INT64_MIN : INT64_MAX;
}

/* By metric, all in one pass: a recording can have thousands of events. */
static struct sum *sum_metrics(const struct cf_trace *trace)
{
	struct sum *sums = g_new0(struct sum, MAX(trace->metrics->len, 1));

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);

		add(&sums[cost->metric.id].weight, cost->weight);
		add(&sums[cost->metric.id].count, cost->count);
	}
	for (guint i = 0; cf_trace_is_call_graph(trace) && i < trace->lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(trace->lines, struct cf_line_cost, i);

		add(&sums[line->metric.id].weight, line->weight);
	}
	return sums;
}

static int put_functions(const struct cf_fact_writer *w)
{
	g_autoptr(GArray) costs = cf_trace_func_costs(w->trace);
	g_autofree struct sum *sums = sum_metrics(w->trace);
	struct cf_stmt add_metric = { 0 };
	struct cf_bulk bulk = { 0 };
	guint from = 0;
	int result = -1;

	if (cf_bulk_open(&bulk, w->store, CF_SQL_ADD_FUNC_COST, w->diag) != 0 ||
	    cf_stmt_open(&add_metric, w->store, CF_SQL_ADD_METRIC, w->diag) != 0)
		goto out;
	for (guint m = 0; m < w->trace->metrics->len; m++) {
		const struct cf_metric_info *info =
			&g_array_index(w->trace->metrics, struct cf_metric_info, m);
		int64_t unresolved = 0;
		guint to = from;

		while (to < costs->len && g_array_index(costs, struct cf_func_cost, to).metric.id == m)
			to++;
		if (put_metric_functions(w, &bulk, &g_array_index(costs, struct cf_func_cost, from),
					 to - from, &unresolved) != 0)
			goto out;
		cf_stmt_bind_int(&add_metric, w->run);
		cf_stmt_bind_int(&add_metric, m);
		cf_stmt_bind_int(&add_metric, w->ids->strs[info->name.id]);
		cf_stmt_bind_text(&add_metric, cf_unit_name(info->unit), -1);
		cf_stmt_bind_int(&add_metric, sums[m].weight);
		cf_stmt_bind_int(&add_metric, sums[m].count);
		cf_stmt_bind_int(&add_metric, to - from);
		cf_stmt_bind_int(&add_metric, unresolved);
		cf_stmt_bind_int(&add_metric, w->periods[m]);
		if (cf_stmt_run(&add_metric) != 0)
			goto out;
		from = to;
	}
	result = cf_bulk_flush(&bulk);
out:
	cf_bulk_close(&bulk);
	cf_stmt_close(&add_metric);
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

static int put_symbols(const struct cf_fact_writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	GArray *symbols = w->trace->symbols;
	g_autofree struct symbol_row *rows = g_new(struct symbol_row, MAX(symbols->len, 1));
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_SYMBOL, w->diag);

	for (guint i = 0; i < symbols->len; i++)
		rows[i] = (struct symbol_row){
			w->ids->funcs[g_array_index(symbols, struct cf_symbol, i).func.id], i
		};
	qsort(rows, symbols->len, sizeof(*rows), compare_symbols);
	for (guint i = 0; result == 0 && i < symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(symbols, struct cf_symbol, rows[i].index);
		gboolean known = *cf_dict_text(dict, symbol->file) != '\0';
		int64_t file = known ? w->ids->strs[symbol->file.id] : CF_BULK_NULL;

		result = cf_bulk_add(&bulk, (int64_t[]){ w->run, rows[i].func, (int64_t)symbol->address,
							 (int64_t)symbol->size, file, symbol->line });
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

static int put_quality(const struct cf_fact_writer *w)
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

int cf_store_put_facts(struct cf_store *store, int64_t run, const struct cf_trace *trace,
		       struct cf_diag *diag)
{
	struct cf_intern ids;
	g_autofree int64_t *periods = find_periods(trace);
	struct cf_fact_writer writer = {
		.store = store, .diag = diag, .trace = trace, .ids = &ids, .run = run, .periods = periods
	};
	const struct cf_fact_writer *w = &writer;
	int result = -1;

	if (cf_intern_trace(&ids, store, trace, diag) != 0)
		return -1;
	if (put_modules(w) == 0 && put_threads(w) == 0 && put_thread_costs(w) == 0 && put_stacks(w) == 0 &&
	    put_functions(w) == 0 && put_symbols(w) == 0 && put_quality(w) == 0 &&
	    cf_store_put_moments(w) == 0 && cf_store_put_calls(w) == 0 && cf_store_put_lines(w) == 0 &&
	    cf_store_put_spans(w) == 0 && cf_store_put_operations(w) == 0 && cf_store_put_points(w) == 0)
		result = 0;
	cf_intern_clear(&ids);
	return result;
}
