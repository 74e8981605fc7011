/* SPDX-License-Identifier: MIT */
/* load_values: benchmarks and operations of each run of a history. */
#include <math.h>
#include <string.h>

#include "analyzers/regress/load.h"
#include "analyzers/stat/order.h"
#include "core/hash.h"

/* A series that is being put together. */
struct found {
	char *name, *module, *metric, *unit;
	gboolean more_is_better;
	double *value; /* one per run */
};

struct loader {
	struct cf_regress_history *history;
	const struct cf_analysis *analysis;
	GHashTable *index; /* all texts joined -> struct found * */
	GPtrArray *found;
	size_t run;
};

static void found_free(gpointer data)
{
	struct found *found = data;

	g_free(found->name);
	g_free(found->module);
	g_free(found->metric);
	g_free(found->unit);
	g_free(found->value);
	g_free(found);
}

static void loader_init(struct loader *l, struct cf_regress_history *history,
			const struct cf_analysis *analysis)
{
	*l = (struct loader){ .history = history,
			      .analysis = analysis,
			      .index = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL),
			      .found = g_ptr_array_new_with_free_func(found_free) };
}

static struct found *find(struct loader *l, const char *name, const char *module, const char *metric,
			  const char *unit)
{
	g_autofree char *key = g_strjoin("\n", name, module, metric, unit, NULL);
	struct found *found = g_hash_table_lookup(l->index, key);

	if (found)
		return found;
	found = g_new0(struct found, 1);
	found->name = g_strdup(name);
	found->module = g_strdup(module);
	found->metric = g_strdup(metric);
	found->unit = g_strdup(unit);
	found->value = g_new(double, l->history->runs->len + 1);
	for (guint r = 0; r < l->history->runs->len; r++)
		found->value[r] = NAN;
	g_ptr_array_add(l->found, found);
	g_hash_table_insert(l->index, g_steal_pointer(&key), found);
	return found;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
	const struct found *x = *(const struct found *const *)a, *y = *(const struct found *const *)b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = strcmp(x->module, y->module);
	if (!order)
		order = strcmp(x->metric, y->metric);
	return order ? order : strcmp(x->unit, y->unit);
}

static const char *keep(struct cf_regress_history *history, const char *text)
{
	return g_string_chunk_insert_const(history->texts, text);
}

static void finish(struct loader *l, enum cf_finding_subject subject)
{
	g_ptr_array_sort(l->found, by_text);
	for (guint i = 0; i < l->found->len; i++) {
		const struct found *found = g_ptr_array_index(l->found, i);
		struct cf_regress_series *series =
			cf_regress_add(l->history, subject, found->name, found->value, l->history->runs->len);

		series->module = *found->module ? keep(l->history, found->module) : NULL;
		series->metric = keep(l->history, found->metric);
		series->unit = cf_unit_from_name(found->unit);
		series->unit_text =
			series->unit == CF_UNIT_NONE && *found->unit ? keep(l->history, found->unit) : NULL;
		series->more_is_better = found->more_is_better;
	}
	g_hash_table_unref(l->index);
	g_ptr_array_unref(l->found);
}

/* --- benchmarks ------------------------------------------------------------------------------- */

static double median_of(const struct cf_trace *trace, uint32_t series)
{
	g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(double));

	for (guint i = 0; i < trace->points->len; i++) {
		const struct cf_point *point = &g_array_index(trace->points, struct cf_point, i);

		if (point->series.id == series && cf_value_usable(point->value))
			g_array_append_val(values, point->value);
	}
	return cf_median((const double *)(const void *)values->data, values->len);
}

static int load_points_of(struct loader *l, const struct cf_run *run)
{
	struct cf_trace *trace = cf_trace_new();
	int result = cf_store_load(l->analysis->store, run->id, 1, CF_FACTS_POINTS, trace, l->analysis->diag);

	for (guint i = 0; result == 0 && i < trace->series->len; i++) {
		const struct cf_series_info *info = &g_array_index(trace->series, struct cf_series_info, i);
		const char *unit = cf_dict_text(trace->dict, info->unit);
		struct found *found;

		if (*cf_dict_text(trace->dict, info->x)) {
			l->history->stepped += l->run + 1 == l->history->runs->len;
			continue;
		}
		found = find(l, cf_dict_text(trace->dict, info->name), "", *unit ? unit : "value", unit);
		found->more_is_better = strcmp(cf_dict_text(trace->dict, info->better), "higher") == 0;
		found->value[l->run] = median_of(trace, i);
	}
	cf_trace_free(trace);
	return result;
}

int cf_regress_load_points(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	struct loader l;
	int result = 0;

	loader_init(&l, history, analysis);
	for (l.run = 0; result == 0 && l.run < history->runs->len; l.run++) {
		const struct cf_run *run = cf_regress_run(history, l.run)->run;

		if (run->facts & CF_FACTS_POINTS)
			result = load_points_of(&l, run);
	}
	finish(&l, CF_SUBJECT_BENCHMARK);
	return result;
}

/* --- operations ------------------------------------------------------------------------------- */

static int add_operation(void *ctx, const struct cf_operation_row *row)
{
	struct loader *l = ctx;

	find(l, row->name, row->service, "p50", "ns")->value[l->run] = (double)row->p50_ns;
	find(l, row->name, row->service, "p95", "ns")->value[l->run] = (double)row->p95_ns;
	find(l, row->name, row->service, "p99", "ns")->value[l->run] = (double)row->p99_ns;
	return 0;
}

int cf_regress_load_operations(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	struct loader l;
	int result = 0;

	loader_init(&l, history, analysis);
	for (l.run = 0; result == 0 && l.run < history->runs->len; l.run++) {
		const struct cf_run *run = cf_regress_run(history, l.run)->run;

		if (run->facts & CF_FACTS_SPANS)
			result = cf_store_operations(analysis->store, run->id, 0, add_operation, &l,
						     analysis->diag);
	}
	finish(&l, CF_SUBJECT_OPERATION);
	return result;
}
