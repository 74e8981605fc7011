/* SPDX-License-Identifier: MIT */
/* ranking: functions, modules, threads or files of the selected runs by their cost. */
#include "analyzers/ranking.h"

#include "core/hash.h"

#include <string.h>

static void ranking_init(struct cf_ranking *ranking, enum cf_ranking_by by)
{
	*ranking = (struct cf_ranking){ .by = by,
					.other_metrics = g_ptr_array_new_with_free_func(g_free),
					.lacking = g_array_new(FALSE, FALSE, sizeof(int64_t)),
					.rows = g_array_new(FALSE, TRUE, sizeof(struct cf_ranking_row)),
					.names = g_string_chunk_new(4096) };
}

void cf_ranking_clear(struct cf_ranking *ranking)
{
	g_free(ranking->metric);
	g_free(ranking->hidden_text);
	g_clear_pointer(&ranking->other_metrics, g_ptr_array_unref);
	g_clear_pointer(&ranking->lacking, g_array_unref);
	g_clear_pointer(&ranking->rows, g_array_unref);
	g_clear_pointer(&ranking->names, g_string_chunk_free);
	*ranking = (struct cf_ranking){ 0 };
}

static const char *keep(struct cf_ranking *ranking, const char *text)
{
	return g_string_chunk_insert_const(ranking->names, text ? text : "");
}

/* Inputs that know no threads have one without a name. */
static const char *keep_thread(struct cf_ranking *ranking, const char *comm)
{
	return keep(ranking, *comm ? comm : "[unknown thread]");
}

/* Order of rows: heaviest first; then as the store orders its rows, ending in what is unique. */
static int by_names(const struct cf_ranking_row *x, const struct cf_ranking_row *y)
{
	int order = strcmp(x->module, y->module);

	if (!order)
		order = strcmp(x->name, y->name);
	if (!order)
		order = (x->kind > y->kind) - (x->kind < y->kind);
	if (!order)
		order = (x->pid > y->pid) - (x->pid < y->pid);
	return order ? order : (x->tid > y->tid) - (x->tid < y->tid);
}

static int by_self(gconstpointer a, gconstpointer b)
{
	const struct cf_ranking_row *x = a, *y = b;

	return x->self != y->self ? (x->self > y->self ? -1 : 1) : by_names(x, y);
}

static int by_total(gconstpointer a, gconstpointer b)
{
	const struct cf_ranking_row *x = a, *y = b;

	return x->total != y->total ? (x->total > y->total ? -1 : 1) : by_names(x, y);
}

static void cut(struct cf_ranking *ranking, gboolean sort_total, int64_t limit)
{
	ranking->distinct = MAX(ranking->distinct, ranking->rows->len);
	g_array_sort(ranking->rows, sort_total ? by_total : by_self);
	if (limit > 0 && ranking->rows->len > limit)
		g_array_set_size(ranking->rows, (guint)limit);
}

int64_t cf_ranking_rest(const struct cf_ranking *ranking)
{
	int64_t shown = ranking->hidden;

	for (guint i = 0; i < ranking->rows->len; i++)
		cf_sum(&shown, cf_ranking_row(ranking, i)->self);
	return cf_difference(ranking->weight, shown);
}

/* --- from a profile
 * ------------------------------------------------------------------------------------------------ */

static void rank_threads(struct cf_ranking *ranking, const struct cf_profile *profile)
{
	const struct cf_trace *trace = profile->trace;
	g_autofree int64_t *weight = g_new0(int64_t, trace->groups->len + 1);
	g_autofree int64_t *count = g_new0(int64_t, trace->groups->len + 1);
	g_autofree gboolean *seen = g_new0(gboolean, trace->groups->len + 1);

	for (guint i = 0; i < profile->costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(profile->costs, struct cf_stack_cost, i);

		seen[cost->group.id] = TRUE;
		cf_sum(&weight[cost->group.id], cost->weight);
		cf_sum(&count[cost->group.id], cost->count);
	}
	for (guint i = 0; i < trace->groups->len; i++) {
		const struct cf_ranking_row row = {
			.name = keep(ranking, cf_dict_text(trace->dict,
							   g_array_index(trace->groups, struct cf_str, i))),
			.module = "",
			.file = "",
			.pid = -1,
			.tid = -1,
			.self = weight[i],
			.total = weight[i],
			.self_count = count[i],
			.total_count = count[i],
		};

		if (seen[i])
			g_array_append_val(ranking->rows, row);
	}
}

/* Symbol of each function id, NULL unknown. */
static const struct cf_symbol **symbols_of(const struct cf_trace *trace)
{
	const struct cf_symbol **symbols = g_new0(const struct cf_symbol *, cf_dict_funcs(trace->dict) + 1);

	for (guint i = 0; i < trace->symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(trace->symbols, struct cf_symbol, i);

		if (!symbols[symbol->func.id])
			symbols[symbol->func.id] = symbol;
	}
	return symbols;
}

static const char *file_of(const struct cf_trace *trace, const struct cf_symbol *symbol)
{
	return symbol ? cf_dict_text(trace->dict, symbol->file) : "";
}

/* The name that a function's cost is summed under. */
static const char *key_text(const struct cf_trace *trace, const struct cf_symbol *const *symbols,
			    enum cf_ranking_by by, struct cf_func func)
{
	const char *name = by == CF_BY_MODULE ? cf_dict_func_module(trace->dict, func)
					      : file_of(trace, symbols[func.id]);

	if (*name)
		return name;
	return by == CF_BY_MODULE ? "[unknown module]" : "[no source known]";
}

static void rank_named(struct cf_ranking *ranking, const struct cf_profile *profile)
{
	const struct cf_trace *trace = profile->trace;
	uint32_t n = cf_dict_funcs(trace->dict);
	g_autofree const struct cf_symbol **symbols = symbols_of(trace);
	g_autofree uint32_t *key_of = g_new0(uint32_t, n + 1);
	g_autoptr(GHashTable) keys = g_hash_table_new(cf_str_hash, g_str_equal);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GArray) costs = NULL;

	for (uint32_t i = 1; i < n; i++) {
		const char *name = key_text(trace, symbols, ranking->by, (struct cf_func){ i });
		gpointer key;

		if (!g_hash_table_lookup_extended(keys, name, NULL, &key)) {
			key = GUINT_TO_POINTER(names->len);
			g_hash_table_insert(keys, (gpointer)name, key);
			g_ptr_array_add(names, (gpointer)name);
		}
		key_of[i] = GPOINTER_TO_UINT(key);
	}
	costs = cf_profile_costs(profile, key_of, names->len);
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_key_cost *cost = &g_array_index(costs, struct cf_key_cost, i);
		const struct cf_ranking_row row = { .name = keep(ranking,
								 g_ptr_array_index(names, cost->key)),
						    .module = "",
						    .file = "",
						    .self = cost->self,
						    .total = cost->total,
						    .self_count = cost->self_count,
						    .total_count = cost->total_count };

		g_array_append_val(ranking->rows, row);
	}
}

/* With --module only functions of the module are rows: their callers elsewhere have no part in the question.
 */
static void rank_functions(struct cf_ranking *ranking, const struct cf_profile *profile)
{
	const struct cf_trace *trace = profile->trace;
	g_autofree const struct cf_symbol **symbols = symbols_of(trace);
	g_autofree gboolean *modules = cf_filter_modules(&profile->filter, trace->dict);
	g_autoptr(GArray) costs = cf_profile_costs(profile, NULL, 0);

	for (guint i = 0; i < costs->len; i++) {
		const struct cf_key_cost *cost = &g_array_index(costs, struct cf_key_cost, i);
		const struct cf_func func = { cost->key };
		struct cf_func_info info = cf_dict_func_info(trace->dict, func);
		const struct cf_ranking_row row = {
			.name = keep(ranking, cf_dict_text(trace->dict, info.name)),
			.module = keep(ranking, cf_dict_func_module(trace->dict, func)),
			.file = keep(ranking, file_of(trace, symbols[func.id])),
			.kind = info.kind,
			.line = symbols[func.id] ? symbols[func.id]->line : 0,
			.self = cost->self,
			.total = cost->total,
			.self_count = cost->self_count,
			.total_count = cost->total_count
		};

		if (modules[info.module.id])
			g_array_append_val(ranking->rows, row);
	}
}

void cf_ranking_of_profile(struct cf_ranking *ranking, const struct cf_profile *profile,
			   enum cf_ranking_by by, gboolean sort_total, int64_t limit)
{
	ranking_init(ranking, by);
	ranking->metric = g_strdup(profile->metric_name);
	ranking->unit = profile->unit;
	ranking->weight = profile->weight;
	ranking->count = profile->count;
	ranking->hidden = profile->hidden;
	ranking->hidden_text = cf_profile_hidden_text(profile);
	for (guint i = 0; i < profile->other_metrics->len; i++)
		g_ptr_array_add(ranking->other_metrics,
				g_strdup(g_ptr_array_index(profile->other_metrics, i)));
	if (profile->lacking->len)
		g_array_append_vals(ranking->lacking, profile->lacking->data, profile->lacking->len);
	if (by == CF_BY_THREAD)
		rank_threads(ranking, profile);
	else if (by == CF_BY_FUNCTION)
		rank_functions(ranking, profile);
	else
		rank_named(ranking, profile);
	cut(ranking, sort_total, limit);
}

/* --- from the sums in the store
 * ------------------------------------------------------------------------------------ */

struct metric {
	char *name;
	enum cf_unit unit;
	int64_t weight, count, functions;
};

static void metric_clear(gpointer data)
{
	g_free(((struct metric *)data)->name);
}

static int take_metric(void *ctx, const struct cf_metric_row *row)
{
	const struct metric metric = { g_strdup(row->name), row->unit, row->weight, row->count,
				       row->functions };

	g_array_append_val((GArray *)ctx, metric);
	return 0;
}

/* Rows of the runs read so far; the same function of another run, and the same thread, adds to its row. */
struct merge {
	struct cf_ranking *ranking;
	GHashTable *known; /* struct identity -> index into rows; NULL: each row is new */
	gboolean several;  /* runs */
};

struct identity {
	const char *name,
		*module; /* interned in names: equal text, equal pointer; name NULL: a thread by number */
	uint32_t kind;
	int32_t pid, tid;
};

static guint identity_hash(gconstpointer p)
{
	const struct identity *x = p;

	return cf_hash((uintptr_t)x->name * 31 + (uintptr_t)x->module,
		       ((uint64_t)(uint32_t)x->pid << 32 | (uint32_t)x->tid) + x->kind);
}

static gboolean identity_equal(gconstpointer a, gconstpointer b)
{
	const struct identity *x = a, *y = b;

	return x->name == y->name && x->module == y->module && x->kind == y->kind && x->pid == y->pid &&
	       x->tid == y->tid;
}

/* Another name of the thread. Only a few are kept: a thread can rename itself at every step. */
static void add_name(struct merge *merge, struct cf_ranking_row *thread, const char *name)
{
	g_autofree char *all = NULL;

	if (thread->others++ >= CF_RANKING_ALSO)
		return;
	all = g_strconcat(thread->also, *thread->also ? ", " : "", name, NULL);
	thread->also = keep(merge->ranking, all);
}

static void merge_row(struct merge *merge, const struct cf_ranking_row *row)
{
	const struct identity id = { row->tid >= 0 ? NULL : row->name, row->module, row->kind, row->pid,
				     row->tid };
	struct cf_ranking_row *sum;
	gpointer at;

	if (merge->known && g_hash_table_lookup_extended(merge->known, &id, NULL, &at)) {
		sum = &g_array_index(merge->ranking->rows, struct cf_ranking_row, GPOINTER_TO_UINT(at));
		cf_sum(&sum->self, row->self);
		cf_sum(&sum->total, row->total);
		cf_sum(&sum->self_count, row->self_count);
		cf_sum(&sum->total_count, row->total_count);
		if (sum->also && sum->name != row->name)
			add_name(merge, sum, row->name);
		return;
	}
	if (merge->known)
		g_hash_table_insert(merge->known, g_memdup2(&id, sizeof(id)),
				    GUINT_TO_POINTER(merge->ranking->rows->len));
	g_array_append_val(merge->ranking->rows, *row);
}

static int take_function(void *ctx, const struct cf_func_row *func)
{
	struct merge *merge = ctx;
	struct cf_ranking *r = merge->ranking;
	const struct cf_ranking_row row = { .name = keep(r, func->function),
					    .module = keep(r, func->module),
					    .file = keep(r, func->file),
					    .kind = func->kind,
					    .line = func->line,
					    .pid = -1,
					    .tid = -1,
					    .self = func->self,
					    .total = func->total,
					    .self_count = func->self_count,
					    .total_count = func->total_count };

	merge_row(merge, &row);
	return 0;
}

/* They come heaviest first, so that the name that cost most is that of the row. */
static int take_thread(void *ctx, const struct cf_thread_row *thread)
{
	struct merge *merge = ctx;
	struct cf_ranking *r = merge->ranking;
	gboolean known = *thread->comm != '\0' && !merge->several;
	const struct cf_ranking_row row = { .name = keep_thread(r, thread->comm),
					    .module = keep(r, ""),
					    .file = "",
					    .also = "",
					    .pid = known ? thread->pid : -1,
					    .tid = known ? thread->tid : -1,
					    .self = thread->weight,
					    .total = thread->weight,
					    .self_count = thread->count,
					    .total_count = thread->count };

	merge_row(merge, &row);
	return 0;
}

static const struct metric *metric_of(const GArray *metrics, const char *name)
{
	for (guint i = 0; i < metrics->len; i++)
		if (!strcmp(g_array_index(metrics, struct metric, i).name, name))
			return &g_array_index(metrics, struct metric, i);
	return NULL;
}

/* --metric, else the first of the first run, among those of all runs. all: GArray of struct metric per run. */
static int pick(struct cf_ranking *ranking, const GPtrArray *all, const char *wanted, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	int chosen;

	for (guint i = 0; i < all->len; i++) {
		const GArray *metrics = g_ptr_array_index(all, i);

		for (guint m = 0; m < metrics->len; m++) {
			const struct metric *metric = &g_array_index(metrics, struct metric, m);

			if (g_ptr_array_find_with_equal_func(names, metric->name, g_str_equal, NULL))
				continue;
			g_ptr_array_add(names, metric->name);
			if (wanted ? !strcmp(wanted, metric->name) : names->len == 1)
				ranking->unit = metric->unit;
		}
	}
	chosen = cf_metric_pick(wanted, (const char *const *)names->pdata, names->len, diag);
	for (guint i = 0; chosen >= 0 && i < names->len; i++)
		if (i != (guint)chosen)
			g_ptr_array_add(ranking->other_metrics, g_strdup(g_ptr_array_index(names, i)));
	if (chosen < 0)
		return -1;
	ranking->metric = g_strdup(g_ptr_array_index(names, chosen));
	return 0;
}

static int add_run(struct merge *merge, const struct cf_analysis *analysis, const struct cf_run *run,
		   const GArray *metrics, gboolean sort_total, int64_t limit)
{
	struct cf_ranking *ranking = merge->ranking;
	const struct metric *metric = metric_of(metrics, ranking->metric);
	unsigned index;

	if (!metric) {
		g_array_append_val(ranking->lacking, run->id);
		return 0;
	}
	index = (unsigned)(metric - &g_array_index(metrics, struct metric, 0));
	cf_sum(&ranking->weight, metric->weight);
	cf_sum(&ranking->count, metric->count);
	if (ranking->by == CF_BY_THREAD)
		return cf_store_threads(analysis->store, run->id, index, take_thread, merge, analysis->diag);
	ranking->distinct = MAX(ranking->distinct, metric->functions);
	return cf_store_functions(analysis->store, run->id, index, sort_total, limit, take_function, merge,
				  analysis->diag);
}

/* GArray of struct metric per run, or NULL with a message. */
static GPtrArray *load_metrics(const struct cf_analysis *analysis)
{
	const GPtrArray *runs = analysis->current->runs;
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);

	for (guint i = 0; i < runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(runs, i);
		GArray *metrics = g_array_new(FALSE, FALSE, sizeof(struct metric));

		g_array_set_clear_func(metrics, metric_clear);
		g_ptr_array_add(all, metrics);
		if (cf_store_metrics(analysis->store, run->id, take_metric, metrics, analysis->diag)) {
			g_ptr_array_unref(all);
			return NULL;
		}
	}
	return all;
}

static int load_sums(struct cf_ranking *ranking, const struct cf_analysis *analysis, enum cf_ranking_by by,
		     gboolean sort_total, int64_t limit)
{
	const GPtrArray *runs = analysis->current->runs;
	struct merge merge = { .ranking = ranking, .several = runs->len > 1 };
	g_autoptr(GPtrArray) all = load_metrics(analysis);
	int result;

	ranking_init(ranking, by);
	if (merge.several || by == CF_BY_THREAD)
		merge.known = g_hash_table_new_full(identity_hash, identity_equal, g_free, NULL);
	result = all ? pick(ranking, all, cf_params_string(analysis->params, "metric"), analysis->diag) : -1;
	for (guint i = 0; !result && i < runs->len; i++)
		result = add_run(&merge, analysis, g_ptr_array_index(runs, i), g_ptr_array_index(all, i),
				 sort_total, runs->len == 1 && limit > 0 ? limit : INT64_MAX);
	g_clear_pointer(&merge.known, g_hash_table_unref);
	if (result) {
		cf_ranking_clear(ranking);
		return -1;
	}
	cut(ranking, sort_total, limit);
	return 0;
}

int cf_ranking_load(struct cf_ranking *ranking, const struct cf_analysis *analysis, enum cf_ranking_by by,
		    gboolean sort_total, int64_t limit)
{
	struct cf_filter filter;
	struct cf_profile profile;
	gboolean active;

	*ranking = (struct cf_ranking){ 0 };
	if (cf_filter_init(&filter, analysis->params, analysis->diag))
		return -1;
	active = cf_filter_active(&filter);
	cf_filter_clear(&filter);
	if (!active && (by == CF_BY_FUNCTION || by == CF_BY_THREAD))
		return load_sums(ranking, analysis, by, sort_total, limit);
	if (cf_profile_load(&profile, analysis, 0))
		return -1;
	cf_ranking_of_profile(ranking, &profile, by, sort_total, limit);
	cf_profile_clear(&profile);
	return 0;
}
