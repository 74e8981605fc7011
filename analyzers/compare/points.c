/* SPDX-License-Identifier: MIT */
/* points: benchmarks and other measurements before and after. */
#include "analyzers/compare/points.h"

#include "analyzers/stat/repeats.h"
#include "core/hash.h"

#include <math.h>
#include <string.h>

static void row_free(gpointer data)
{
	struct cf_point_row *row = data;

	g_free(row->name);
	g_free(row->unit);
	for (int side = 0; side < CF_SIDES; side++) {
		g_array_unref(row->values[side]);
		g_array_unref(row->runs[side]);
	}
	g_free(row);
}

void cf_points_init(struct cf_points *points)
{
	*points = (struct cf_points){ .rows = g_ptr_array_new_with_free_func(row_free),
				      .index = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL),
				      .geomean = NAN };
}

void cf_points_clear(struct cf_points *points)
{
	g_clear_pointer(&points->index, g_hash_table_unref);
	g_clear_pointer(&points->rows, g_ptr_array_unref);
}

/* What a series is over: loads are settings, each a subject; how far a program had come isn't. */
static gboolean is_time(const char *x_name)
{
	static const char *const progress[] = { "ns", "instructions", "allocated bytes" };

	for (size_t i = 0; i < G_N_ELEMENTS(progress); i++)
		if (!strcmp(x_name, progress[i]))
			return TRUE;
	return FALSE;
}

static enum cf_direction direction_of(const char *better, const char *unit)
{
	if (!strcmp(better, "lower"))
		return CF_LOWER_IS_BETTER;
	if (!strcmp(better, "higher"))
		return CF_HIGHER_IS_BETTER;
	return !strcmp(unit, "ns") ? CF_LOWER_IS_BETTER : CF_NEITHER_IS_BETTER;
}

static struct cf_point_row *row_of(struct cf_points *points, const char *name, const char *unit)
{
	g_autofree char *key = g_strdup_printf("%s\n%s", unit, name);
	struct cf_point_row *row = g_hash_table_lookup(points->index, key);

	if (row)
		return row;
	row = g_new0(struct cf_point_row, 1);
	row->name = g_strdup(name);
	row->unit = g_strdup(unit);
	for (int side = 0; side < CF_SIDES; side++) {
		row->values[side] = g_array_new(FALSE, FALSE, sizeof(double));
		row->runs[side] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	}
	g_hash_table_insert(points->index, g_steal_pointer(&key), row);
	g_ptr_array_add(points->rows, row);
	return row;
}

void cf_points_add(struct cf_points *points, int side, uint32_t run, const char *name, const char *unit,
		   const char *better, const char *x_name, double x, double value)
{
	gboolean load = *x_name && !is_time(x_name) && isfinite(x);
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	g_autofree char *at = load ? g_strdup_printf("%s @ %s=%s", name, x_name,
						     g_ascii_formatd(number, sizeof(number), "%g", x))
				   : g_strdup(name);
	struct cf_point_row *row;

	if (!cf_value_usable(value))
		return;
	row = row_of(points, at, unit);
	row->direction = direction_of(better, unit);
	row->of_runs = row->of_runs || is_time(x_name);
	g_array_append_val(row->values[side], value);
	g_array_append_val(row->runs[side], run);
	points->runs[side] = MAX(points->runs[side], (size_t)run + 1);
}

static int load_run(struct cf_points *points, const struct cf_analysis *analysis, int side, uint32_t number,
		    const struct cf_run *run)
{
	struct cf_trace *trace = cf_trace_new();
	int result = cf_store_load(analysis->store, run->id, 1, CF_FACTS_POINTS, trace, analysis->diag);

	for (guint i = 0; result == 0 && i < trace->points->len; i++) {
		const struct cf_point *point = &g_array_index(trace->points, struct cf_point, i);
		const struct cf_series_info *info =
			&g_array_index(trace->series, struct cf_series_info, point->series.id);

		cf_points_add(points, side, number, cf_dict_text(trace->dict, info->name),
			      cf_dict_text(trace->dict, info->unit), cf_dict_text(trace->dict, info->better),
			      cf_dict_text(trace->dict, info->x), point->x, point->value);
	}
	cf_trace_free(trace);
	return result;
}

int cf_points_load(struct cf_points *points, const struct cf_analysis *analysis)
{
	cf_points_init(points);
	for (int side = 0; side < CF_SIDES; side++) {
		const GPtrArray *runs = (side == CF_BEFORE ? analysis->base : analysis->current)->runs;

		for (guint i = 0; i < runs->len; i++)
			if (load_run(points, analysis, side, i, g_ptr_array_index(runs, i))) {
				cf_points_clear(points);
				return -1;
			}
		points->runs[side] = runs->len;
	}
	return 0;
}

/* --- computing --------------------------------------------------------------------------------------------- */

static guint distinct_runs(const GArray *runs)
{
	guint n = 0;

	for (guint i = 0; i < runs->len; i++)
		n += i == 0 || g_array_index(runs, uint32_t, i) != g_array_index(runs, uint32_t, i - 1);
	return n;
}

/* The median of each run in place of its values. Values of a run follow each other. */
static void to_medians(struct cf_point_row *row, int side)
{
	GArray *values = g_array_new(FALSE, FALSE, sizeof(double));
	const double *all = (const double *)(const void *)row->values[side]->data;
	const GArray *runs = row->runs[side];

	for (guint from = 0, to; from < runs->len; from = to) {
		double median;

		for (to = from + 1; to < runs->len &&
				    g_array_index(runs, uint32_t, to) == g_array_index(runs, uint32_t, from);)
			to++;
		median = cf_median(all + from, to - from);
		g_array_append_val(values, median);
	}
	g_array_unref(row->values[side]);
	row->values[side] = values;
}

static gboolean repeats_within_runs(const struct cf_point_row *row)
{
	return row->values[CF_BEFORE]->len > distinct_runs(row->runs[CF_BEFORE]) ||
	       row->values[CF_AFTER]->len > distinct_runs(row->runs[CF_AFTER]);
}

static void compute_row(struct cf_point_row *row, const struct cf_compare_options *options)
{
	struct cf_repeats_options how = CF_REPEATS_OPTIONS;
	size_t least = cf_mann_whitney_least(options->rule.alpha);
	const GArray *before, *after;
	struct cf_repeats result;

	how.rule = options->rule;
	how.level = options->level;
	how.power = options->power;
	row->of_runs = row->of_runs || (MIN(distinct_runs(row->runs[CF_BEFORE]),
					    distinct_runs(row->runs[CF_AFTER])) >= least &&
					repeats_within_runs(row));
	for (int side = 0; side < CF_SIDES && row->of_runs; side++)
		to_medians(row, side);
	before = row->values[CF_BEFORE];
	after = row->values[CF_AFTER];
	result = cf_repeats_compare((const double *)(const void *)before->data, before->len,
				    (const double *)(const void *)after->data, after->len, &how);
	row->median[CF_BEFORE] = result.before;
	row->median[CF_AFTER] = result.after;
	row->cliff = result.cliff;
	row->tested = (struct cf_tested){ .metric = row->unit,
					  .direction = row->direction,
					  .before = result.before.value.estimate,
					  .after = result.after.value.estimate,
					  .ratio = result.ratio,
					  .p = result.p,
					  .enough = MIN(before->len, after->len) >= least,
					  .equal = result.all_equal,
					  .needed = result.needed };
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	const struct cf_point_row *x = *(const struct cf_point_row *const *)a;
	const struct cf_point_row *y = *(const struct cf_point_row *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->unit, y->unit);
}

void cf_points_compute(struct cf_points *points, const struct cf_compare_options *options)
{
	g_autoptr(GPtrArray) tested = g_ptr_array_new();
	const char *unit = NULL;
	gboolean one_unit = TRUE;
	double sum = 0;

	g_ptr_array_sort(points->rows, by_name);
	for (guint i = 0; i < points->rows->len; i++) {
		struct cf_point_row *row = g_ptr_array_index(points->rows, i);
		double ratio;

		compute_row(row, options);
		g_ptr_array_add(tested, &row->tested);
		ratio = row->tested.after / row->tested.before;
		if (row->tested.before > 0 && row->tested.after > 0 && isfinite(ratio)) {
			sum += log(ratio);
			points->in_geomean++;
			one_unit = one_unit && (!unit || !strcmp(unit, row->unit));
			unit = row->unit;
		}
	}
	cf_tested_adjust(tested, &options->rule);
	if (points->in_geomean && one_unit)
		points->geomean = exp(sum / points->in_geomean);
}
