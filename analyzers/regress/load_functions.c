/* SPDX-License-Identifier: MIT */
/* load_functions: what functions cost in each run of a history. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/profile.h"
#include "analyzers/regress/load.h"
#include "analyzers/stat/order.h"
#include "analyzers/stat/size_factor.h"
#include "core/hash.h"

#define LEAST_SAMPLES 5 /* in each of LEAST_RUNS runs: below, no level can be told from nothing */
#define LEAST_RUNS 3
#define SUPPORT 5 /* functions that a scale is taken from, at the least */
#define CELLS_MOST ((size_t)1 << 28)

/* A function by module and canonical name. */
struct function {
	const char *name, *module;
	guint rows; /* runs with LEAST_SAMPLES of it */
};

struct loader {
	struct cf_regress_history *history;
	const struct cf_analysis *analysis;
	GHashTable *index;   /* "canonical\nmodule" -> function + 1 */
	GHashTable *of_func; /* store's id -> function + 1; ids of a damaged store may be anything */
	GArray *functions;   /* struct function */
	double *cost;        /* [function][run] */
	int64_t *count;      /* [function][run]: samples, or calls */
	size_t runs;
	gboolean *has;  /* per run: it has the metric */
	double *period; /* per run: what a sample weighs, 0 without any */
	guint of;       /* which of the history's metrics */
	gboolean calls, by_total;
};

static int add_name(void *ctx, const struct cf_func_name *row)
{
	struct loader *l = ctx;
	g_autofree char *key = g_strdup_printf("%s\n%s", row->canonical, row->module);
	guint known = GPOINTER_TO_UINT(g_hash_table_lookup(l->index, key));

	if (!known) {
		const struct function function = {
			g_string_chunk_insert_const(l->history->texts, row->canonical),
			g_string_chunk_insert_const(l->history->texts, row->module), 0
		};

		g_array_append_val(l->functions, function);
		known = l->functions->len;
		g_hash_table_insert(l->index, g_steal_pointer(&key), GUINT_TO_POINTER(known));
	}
	g_hash_table_insert(l->of_func, GUINT_TO_POINTER(row->func), GUINT_TO_POINTER(known));
	return 0;
}

static int add_metric_name(void *ctx, const struct cf_metric_row *row)
{
	GPtrArray *names = ctx;

	if (!g_ptr_array_find_with_equal_func(names, row->name, g_str_equal, NULL))
		g_ptr_array_add(names, g_strdup(row->name));
	return 0;
}

/* The one that was asked for; all that the runs have; or the first of the first run that has one. */
static int pick_metrics(const struct cf_regress_history *history, const struct cf_analysis *analysis,
			GPtrArray *names)
{
	const char *wanted = cf_params_string(analysis->params, "metric");
	gboolean all = wanted && strcmp(wanted, "all") == 0;

	if (wanted && !all)
		g_ptr_array_add(names, g_strdup(wanted));
	for (guint i = 0; all && i < history->runs->len; i++)
		if (cf_store_metrics(analysis->store, cf_regress_run(history, i)->run->id, add_metric_name,
				     names, analysis->diag) != 0)
			return -1;
	for (guint i = 0; !wanted && !names->len && i < history->runs->len; i++)
		if (cf_regress_run(history, i)->run->metric)
			g_ptr_array_add(names, g_strdup(cf_regress_run(history, i)->run->metric));
	if (!names->len)
		return cf_error(analysis->diag, NULL, "no run of this history has a metric");
	return 0;
}

struct picked {
	const char *metric;
	int at, next;
	struct cf_metric_row row;
};

static int find_metric(void *ctx, const struct cf_metric_row *row)
{
	struct picked *picked = ctx;

	if (strcmp(row->name, picked->metric) == 0 && picked->at < 0) {
		picked->at = picked->next;
		picked->row = *row;
	}
	picked->next++;
	return 0;
}

static void add_totals(struct loader *l, const GArray *totals, size_t run)
{
	for (guint i = 0; i < totals->len; i++) {
		const struct cf_func_total *row = &g_array_index(totals, struct cf_func_total, i);
		guint at = GPOINTER_TO_UINT(g_hash_table_lookup(l->of_func, GUINT_TO_POINTER(row->func)));
		size_t cell = (size_t)(at - 1) * l->runs + run;

		if (!at)
			continue;
		if (l->by_total) {
			/* Copies of one function call each other: their totals aren't added up. */
			l->cost[cell] = MAX(l->cost[cell], (double)row->total);
			l->count[cell] = MAX(l->count[cell], row->total_count);
		} else {
			l->cost[cell] += (double)row->self;
			l->count[cell] += row->self_count;
		}
	}
}

static int load_run(struct loader *l, const char *metric, size_t at, enum cf_unit *unit)
{
	const struct cf_regress_run *run = cf_regress_run(l->history, at);
	struct picked picked = { metric, -1, 0, { 0 } };
	g_autoptr(GArray) totals = NULL;

	if (cf_store_metrics(l->analysis->store, run->run->id, find_metric, &picked, l->analysis->diag) != 0)
		return -1;
	if (picked.at < 0)
		return 0;
	totals = g_array_new(FALSE, FALSE, sizeof(struct cf_func_total));
	if (cf_store_func_totals(l->analysis->store, run->run->id, (unsigned)picked.at, totals,
				 l->analysis->diag) != 0)
		return -1;
	add_totals(l, totals, at);
	l->has[at] = TRUE;
	l->calls = l->calls || !(run->run->facts & CF_FACTS_SAMPLES);
	cf_regress_metric(l->history, l->of)->whole[at] = (double)picked.row.weight;
	l->period[at] = picked.row.count ? (double)picked.row.weight / (double)picked.row.count : 0;
	*unit = picked.row.unit;
	return 0;
}

/* --- scale ------------------------------------------------------------------------------------ */

/* Of the runs that have the metric. */
static double median_count(const struct loader *l, size_t function)
{
	g_autofree double *values = g_new(double, l->runs + 1);
	size_t n = 0;

	for (size_t r = 0; r < l->runs; r++)
		if (l->has[r])
			values[n++] = (double)l->count[function * l->runs + r];
	return cf_median(values, n);
}

/* Weight of a sample in the run in the middle: costs of runs at other rates are brought to its. */
static double median_period(const struct loader *l)
{
	g_autofree double *values = g_new(double, l->runs + 1);
	size_t n = 0;

	for (size_t r = 0; r < l->runs; r++)
		if (l->has[r] && l->period[r] > 0)
			values[n++] = l->period[r];
	return n ? cf_median(values, n) : 1;
}

/*
 * Each run against one that has of every function the median over all runs, as DESeq does (Anders & Huber, Genome Biology
 * 11:R106, 2010): so that one function that gets slower doesn't make all the others look faster, nor a longer recording
 * all of them slower. By counts, which are what varies; what a sample weighs in the run makes costs of that. Where a run has
 * too few functions for it, none is scaled: those that were would look different from those that weren't.
 */
static void scale_runs(struct loader *l)
{
	g_autofree struct cf_count_pair *pairs = g_new(struct cf_count_pair, l->functions->len + 1);
	g_autofree double *middle = g_new(double, l->functions->len + 1);
	g_autofree double *scale = g_new(double, l->runs + 1);
	double period = median_period(l);

	for (guint f = 0; f < l->functions->len; f++)
		middle[f] = round(median_count(l, f));
	for (size_t r = 0; r < l->runs; r++) {
		struct cf_size_factor factor;

		scale[r] = 1;
		if (!l->has[r])
			continue;
		for (guint f = 0; f < l->functions->len; f++)
			pairs[f] = (struct cf_count_pair){ (int64_t)middle[f],
							   l->count[(size_t)f * l->runs + r] };
		factor = cf_size_factor(pairs, l->functions->len);
		if (factor.support < SUPPORT || !(factor.scale > 0) || !(l->period[r] > 0))
			return;
		scale[r] = factor.scale * l->period[r] / period;
	}
	memcpy(cf_regress_metric(l->history, l->of)->scale, scale, l->runs * sizeof(*scale));
	cf_regress_metric(l->history, l->of)->scaled = TRUE;
}

/* Counts of instructions are exact: a difference is one. */
static gboolean wants_scale(const struct loader *l)
{
	const char *how = cf_params_string(l->analysis->params, "scale");

	return strcmp(how, "median") == 0 || (strcmp(how, "auto") == 0 && !l->calls);
}

/* --- series ----------------------------------------------------------------------------------- */

static gboolean has_level(const struct loader *l, size_t function)
{
	guint rows = 0;

	for (size_t r = 0; r < l->runs; r++)
		rows += l->calls ? l->cost[function * l->runs + r] > 0
				 : l->count[function * l->runs + r] >= LEAST_SAMPLES;
	return rows >= LEAST_RUNS;
}

static gboolean is_seen(const struct loader *l, size_t function)
{
	for (size_t r = 0; r < l->runs; r++)
		if (l->cost[function * l->runs + r] > 0)
			return TRUE;
	return FALSE;
}

static int by_name(const void *a, const void *b, void *data)
{
	const struct loader *l = data;
	const struct function *x = &g_array_index(l->functions, struct function, *(const guint *)a),
			      *y = &g_array_index(l->functions, struct function, *(const guint *)b);
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->module, y->module);
}

static void add_function(struct loader *l, guint f, const char *metric, enum cf_unit unit)
{
	const struct function *function = &g_array_index(l->functions, struct function, f);
	double *value = l->cost + (size_t)f * l->runs;
	struct cf_regress_series *series;

	for (size_t r = 0; r < l->runs; r++)
		value[r] = l->has[r] ? value[r] / cf_regress_metric(l->history, l->of)->scale[r] : NAN;
	series = cf_regress_add(l->history, CF_SUBJECT_FUNCTION, function->name, value, l->runs);
	series->module = function->module;
	series->metric = metric;
	series->unit = unit;
	series->of = l->of;
	series->part = TRUE;
}

/* What it costs as it is: a scale would hide that all of it got slower. */
static void add_whole(struct loader *l, const char *metric, enum cf_unit unit)
{
	const struct cf_regress_metric *of = cf_regress_metric(l->history, l->of);
	struct cf_regress_series *series =
		cf_regress_add(l->history, CF_SUBJECT_RUN, "whole run", of->whole, l->runs);

	series->metric = metric;
	series->unit = unit;
	series->of = l->of;
	for (size_t r = 0; r < l->runs; r++)
		of->whole[r] /= of->scale[r];
}

static void add_series(struct loader *l, const char *metric, enum cf_unit unit)
{
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autofree char *whole = l->by_total ? g_strconcat(metric, " total", NULL) : g_strdup(metric);
	const char *shown = g_string_chunk_insert_const(l->history->texts, whole);

	for (guint f = 0; f < l->functions->len; f++) {
		if (has_level(l, f))
			g_array_append_val(kept, f);
		else if (is_seen(l, f))
			l->history->few++;
	}
	g_array_sort_with_data(kept, by_name, l);
	add_whole(l, cf_regress_metric(l->history, l->of)->name, unit);
	for (guint i = 0; i < kept->len; i++)
		add_function(l, g_array_index(kept, guint, i), shown, unit);
}

static int load_metric(struct loader *l, const char *metric)
{
	const size_t cells = (size_t)l->functions->len * l->runs;
	enum cf_unit unit = CF_UNIT_COUNT;
	gboolean any = FALSE;

	if (cells > CELLS_MOST)
		return cf_error_as(l->analysis->diag, CF_STATUS_USAGE, NULL,
				   "%u functions in %zu runs are more than can be looked at; name fewer runs",
				   l->functions->len, l->runs);
	memset(l->cost, 0, cells * sizeof(*l->cost));
	memset(l->count, 0, cells * sizeof(*l->count));
	memset(l->has, 0, l->runs * sizeof(*l->has));
	l->calls = FALSE;
	l->of = cf_regress_add_metric(l->history, metric);
	for (size_t r = 0; r < l->runs; r++) {
		if (load_run(l, metric, r, &unit) != 0)
			return -1;
		any = any || l->has[r];
	}
	if (!any) {
		g_autofree char *name = cf_visible(metric, -1, 80);

		return cf_error(l->analysis->diag, NULL, "no run of this history has the metric '%s'", name);
	}
	if (wants_scale(l))
		scale_runs(l);
	add_series(l, metric, unit);
	return 0;
}

static int load_metrics(struct loader *l, const GPtrArray *metrics)
{
	const size_t cells = (size_t)l->functions->len * l->runs;
	int result = 0;

	if (cells <= CELLS_MOST) {
		l->cost = g_new(double, cells + 1);
		l->count = g_new(int64_t, cells + 1);
	}
	for (guint i = 0; result == 0 && i < metrics->len; i++)
		result = load_metric(l, g_ptr_array_index((GPtrArray *)metrics, i));
	return result;
}

int cf_regress_load_functions(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	struct loader l = { .history = history,
			    .analysis = analysis,
			    .index = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL),
			    .of_func = g_hash_table_new(NULL, NULL),
			    .functions = g_array_new(FALSE, FALSE, sizeof(struct function)),
			    .runs = history->runs->len,
			    .has = g_new0(gboolean, history->runs->len + 1),
			    .period = g_new0(double, history->runs->len + 1),
			    .by_total = strcmp(cf_params_string(analysis->params, "cost"), "total") == 0 };
	g_autoptr(GPtrArray) metrics = g_ptr_array_new_with_free_func(g_free);
	int result = pick_metrics(history, analysis, metrics);

	if (result == 0)
		result = cf_store_func_names(analysis->store, add_name, &l, analysis->diag);
	if (result == 0)
		result = load_metrics(&l, metrics);
	g_hash_table_unref(l.index);
	g_hash_table_unref(l.of_func);
	g_array_unref(l.functions);
	g_free(l.cost);
	g_free(l.count);
	g_free(l.has);
	g_free(l.period);
	return result;
}
