/* SPDX-License-Identifier: MIT */
/* load: rebuilds a trace from the facts of stored runs, so that questions with filters can be answered. */
#include "store/facts.h"

#include <string.h>

int cf_fact_begin(struct cf_fact_loader *l, struct cf_stmt *stmt, enum cf_sql sql)
{
	if (cf_stmt_open(stmt, l->store, sql, l->diag) != 0)
		return -1;
	cf_stmt_bind_int(stmt, l->run);
	return 0;
}

static int load_metrics(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_METRICS) == 0)
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

static int load_modules(struct cf_fact_loader *l)
{
	struct cf_dict *dict = l->trace->dict;
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_MODULES) == 0)
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

static int load_threads(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_THREADS) == 0)
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
	if (step != 0 || cf_fact_begin(l, &stmt, CF_SQL_LOAD_THREAD_COSTS) != 0)
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

/* The function whose module, name and kind are in the row; remembered. */
static struct cf_func take_func(struct cf_fact_loader *l, uint32_t id, struct cf_stmt *row)
{
	struct cf_dict *dict = l->trace->dict;
	uint32_t module = cf_stmt_id(row);
	const char *module_name = cf_stmt_text(row);
	gpointer known = g_hash_table_lookup(l->modules, GUINT_TO_POINTER(module));
	struct cf_func_info info = { 0 };
	struct cf_func func;

	if (known) {
		info.module.id = GPOINTER_TO_UINT(known) - 1;
	} else if (*module_name) {
		struct cf_module_info plain = { .name = cf_dict_str(dict, module_name, -1) };

		plain.path = plain.build_id = cf_dict_str(dict, "", 0);
		info.module = cf_dict_module(dict, plain);
		g_hash_table_insert(l->modules, GUINT_TO_POINTER(module),
				    GUINT_TO_POINTER(info.module.id + 1));
	}
	info.name = cf_dict_str(dict, cf_stmt_text(row), -1);
	info.kind = cf_stmt_kind(row);
	func = cf_dict_func(dict, info);
	g_hash_table_insert(l->funcs, GUINT_TO_POINTER(id), GUINT_TO_POINTER(func.id));
	return func;
}

int cf_fact_func(struct cf_fact_loader *l, uint32_t id, struct cf_func *out)
{
	gpointer known = g_hash_table_lookup(l->funcs, GUINT_TO_POINTER(id));
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
	*out = take_func(l, id, &l->load_func);
	cf_stmt_reset(&l->load_func);
	return 0;
}

int cf_fact_funcs(struct cf_fact_loader *l, uint32_t from, uint32_t to, const uint8_t *wanted)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, l->store, CF_SQL_LOAD_FUNC_RANGE, l->diag) == 0) {
		cf_stmt_bind_int(&stmt, from);
		cf_stmt_bind_int(&stmt, to);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t id = cf_stmt_id(&stmt);

			if (id >= from && id <= to && wanted[id - from] &&
			    !g_hash_table_contains(l->funcs, GUINT_TO_POINTER(id)))
				take_func(l, id, &stmt);
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

int cf_fact_str(struct cf_fact_loader *l, uint32_t id, struct cf_str *str)
{
	gpointer known = g_hash_table_lookup(l->strs, GUINT_TO_POINTER(id));
	int step;

	if (known) {
		str->id = GPOINTER_TO_UINT(known) - 1;
		return 0;
	}
	cf_stmt_bind_int(&l->load_str, id);
	step = cf_stmt_step(&l->load_str);
	if (step <= 0)
		return step < 0 ? -1 : cf_store_damaged(l->store, "a fact names an unknown text", l->diag);
	*str = cf_dict_str(l->trace->dict, cf_stmt_text(&l->load_str), -1);
	cf_stmt_reset(&l->load_str);
	g_hash_table_insert(l->strs, GUINT_TO_POINTER(id), GUINT_TO_POINTER(str->id + 1));
	return 0;
}

static int load_symbols(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_SYMBOLS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_symbol symbol = { 0 };

			if (cf_fact_func(l, cf_stmt_id(&stmt), &symbol.func) != 0) {
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

static int load_quality(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_QUALITY) == 0)
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

/* What the run has of what is asked for. */
static int load_facts(struct cf_fact_loader *l, unsigned facts)
{
	if (load_metrics(l) != 0 || load_modules(l) != 0 || load_threads(l) != 0 ||
	    cf_stmt_open(&l->load_func, l->store, CF_SQL_LOAD_FUNC, l->diag) != 0 ||
	    cf_stmt_open(&l->load_str, l->store, CF_SQL_LOAD_STR, l->diag) != 0 ||
	    cf_store_load_stacks(l) != 0 || cf_store_load_calls(l) != 0 || load_symbols(l) != 0 ||
	    load_quality(l) != 0)
		return -1;
	if (((facts & CF_FACTS_LINES) || !l->trace->stack_costs->len) && cf_store_load_lines(l) != 0)
		return -1;
	if ((facts & CF_FACTS_SPANS) && cf_store_load_spans(l) != 0)
		return -1;
	return (facts & CF_FACTS_POINTS) ? cf_store_load_points(l) : 0;
}

static int load_run(struct cf_fact_loader *l, int64_t id, unsigned facts)
{
	struct cf_run *run = cf_store_run_by_id(l->store, id, l->diag);
	int result;

	if (!run)
		return -1;
	fill_meta(&l->trace->meta, run);
	cf_run_free(run);
	l->run = id;
	result = load_facts(l, facts);
	cf_stmt_close(&l->load_func);
	cf_stmt_close(&l->load_str);
	/* What is numbered within a run. */
	g_array_set_size(l->periods, 0);
	g_array_set_size(l->metrics, 0);
	g_array_set_size(l->threads, 0);
	g_hash_table_remove_all(l->modules);
	return result;
}

static int load_runs(struct cf_store *store, const int64_t *ids, guint n, int sign, unsigned facts,
		     struct cf_trace *trace, struct cf_diag *diag)
{
	struct cf_fact_loader l = { .store = store,
				    .diag = diag,
				    .trace = trace,
				    .sign = sign,
				    .moments = (facts & CF_LOAD_MOMENTS) && sign > 0 };
	gboolean alone;
	int result = 0;

	if (cf_store_ready(store, diag) != 0)
		return -1;
	/* One look at the store: else each of many small statements locks the file anew. */
	alone = sqlite3_get_autocommit(store->db) != 0;
	if (alone && cf_store_exec(store, "BEGIN", diag) != 0)
		return -1;
	l.periods = g_array_new(FALSE, FALSE, sizeof(int64_t));
	l.metrics = g_array_new(FALSE, FALSE, sizeof(struct cf_metric));
	l.threads = g_array_new(FALSE, FALSE, sizeof(struct cf_thread));
	l.strs = g_hash_table_new(NULL, NULL);
	l.groups = g_hash_table_new(NULL, NULL);
	l.modules = g_hash_table_new(NULL, NULL);
	l.funcs = g_hash_table_new(NULL, NULL);
	l.stacks.others = g_hash_table_new(NULL, NULL);
	l.stacks.seen = 1;
	for (guint i = 0; result == 0 && i < n; i++)
		result = load_run(&l, ids[i], facts);
	if (alone)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	g_free(l.stacks.range);
	g_hash_table_unref(l.stacks.others);
	g_hash_table_unref(l.funcs);
	g_hash_table_unref(l.modules);
	g_hash_table_unref(l.groups);
	g_hash_table_unref(l.strs);
	g_array_unref(l.threads);
	g_array_unref(l.metrics);
	g_array_unref(l.periods);
	return result;
}

int cf_store_load(struct cf_store *store, int64_t run, int sign, unsigned facts, struct cf_trace *trace,
		  struct cf_diag *diag)
{
	return load_runs(store, &run, 1, sign, facts, trace, diag);
}

int cf_store_load_set(struct cf_store *store, const struct cf_run_set *set, unsigned facts,
		      struct cf_trace *trace, struct cf_diag *diag)
{
	g_autofree int64_t *ids = g_new(int64_t, set->runs->len + 1);

	for (guint i = 0; i < set->runs->len; i++)
		ids[i] = ((const struct cf_run *)g_ptr_array_index(set->runs, i))->id;
	return load_runs(store, ids, set->runs->len, 1, facts, trace, diag);
}
