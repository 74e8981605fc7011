/* SPDX-License-Identifier: MIT */
/* series: the measurements of a run, summed up. */
#include "analyzers/series.h"

#include "analyzers/series_chart.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_TREND 3 /* points that have one */
#define TREND 5       /* its column */
#define TILES 4u

/* The values of one series, sorted. */
struct summary {
	guint number; /* of the series in the trace */
	const struct cf_series_info *info;
	GArray *values; /* double */
	GArray *given;  /* the same in the order of the input */
};

static void summary_clear(gpointer data)
{
	g_array_unref(((struct summary *)data)->values);
	g_array_unref(((struct summary *)data)->given);
}

static int compare_values(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static gint compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_series_info *x = ((const struct summary *)a)->info,
				    *y = ((const struct summary *)b)->info;
	const struct cf_dict *dict = data;
	int order = strcmp(cf_dict_text(dict, x->name), cf_dict_text(dict, y->name));

	if (!order)
		order = strcmp(cf_dict_text(dict, x->unit), cf_dict_text(dict, y->unit));
	return order ? order : strcmp(cf_dict_text(dict, x->x), cf_dict_text(dict, y->x));
}

static double median(const GArray *sorted)
{
	guint n = sorted->len;

	return (g_array_index(sorted, double, (n - 1) / 2) + g_array_index(sorted, double, n / 2)) / 2;
}

char *cf_value_text(const char *unit, double value)
{
	enum cf_unit known = cf_unit_from_name(unit);
	const gboolean rate = !strcmp(unit, "bytes/s");
	g_autofree char *number = cf_unit_text(rate ? CF_UNIT_BYTES : known, value);

	if (rate)
		return g_strconcat(number, "/s", NULL);
	return known == CF_UNIT_NONE && *unit ? g_strdup_printf("%s %s", number, unit)
					      : g_steal_pointer(&number);
}

static GArray *summarise(const struct cf_trace *trace)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct summary));

	g_array_set_clear_func(all, summary_clear);
	for (guint i = 0; i < trace->series->len; i++) {
		const struct summary summary = { i, &g_array_index(trace->series, struct cf_series_info, i),
						 g_array_new(FALSE, FALSE, sizeof(double)),
						 g_array_new(FALSE, FALSE, sizeof(double)) };

		g_array_append_val(all, summary);
	}
	for (guint i = 0; i < trace->points->len; i++) {
		const struct cf_point *point = &g_array_index(trace->points, struct cf_point, i);

		g_array_append_val(g_array_index(all, struct summary, point->series.id).values, point->value);
		g_array_append_val(g_array_index(all, struct summary, point->series.id).given, point->value);
	}
	for (guint i = 0; i < all->len; i++) {
		GArray *values = g_array_index(all, struct summary, i).values;

		if (values->len)
			qsort(values->data, values->len, sizeof(double), compare_values);
	}
	g_array_sort_with_data(all, compare_names, trace->dict);
	return all;
}

static void add_row(struct cf_doc *doc, struct cf_node *table, const struct cf_trace *trace,
		    const struct summary *summary)
{
	const struct cf_series_info *info = summary->info;
	const char *unit = cf_dict_text(trace->dict, info->unit);
	const GArray *values = summary->values;
	const double least = g_array_index(values, double, 0),
		     most = g_array_index(values, double, values->len - 1);
	const double shown[] = { median(values), least, most };

	cf_table_text(doc, table, cf_dict_text(trace->dict, info->name));
	cf_table_int(table, values->len);
	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
		g_autofree char *text = cf_value_text(unit, shown[i]);

		cf_table_text(doc, table, text);
	}
	cf_table_trend(table, (const double *)(gpointer)summary->given->data,
		       values->len >= LEAST_TREND ? values->len : 0);
	cf_table_text(doc, table, cf_dict_text(trace->dict, info->better));
	cf_table_text(doc, table, cf_dict_text(trace->dict, info->x));
	cf_table_text(doc, table, unit);
	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++)
		cf_table_double(table, shown[i]);
}

int cf_series_table(const struct cf_analysis *analysis, struct cf_node *section, const struct cf_run *run)
{
	struct cf_column columns[] = {
		{ "series", "series", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "points", "points", CF_UNIT_COUNT, 0 },
		{ "median_text", "median", CF_UNIT_NONE, 0 },
		{ "min_text", "min", CF_UNIT_NONE, 0 },
		{ "max_text", "max", CF_UNIT_NONE, 0 },
		[TREND] = { "trend", "trend", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "better", "better", CF_UNIT_NONE, 0 },
		{ "x", "by", CF_UNIT_NONE, 0 },
		{ "unit", "unit", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "median", "median", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "min", "min", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "max", "max", CF_UNIT_NONE, CF_COLUMN_DATA },
	};
	struct cf_trace *trace = cf_trace_new();
	g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(guint));
	GArray *all;
	struct cf_node *table;

	if (cf_store_load(analysis->store, run->id, 1, CF_FACTS_POINTS, trace, analysis->diag) != 0) {
		cf_trace_free(trace);
		return -1;
	}
	all = summarise(trace);
	/* A column that says nothing is for programs only. */
	for (guint i = 0; i < all->len; i++)
		if (g_array_index(all, struct summary, i).values->len >= LEAST_TREND)
			columns[TREND].flags = 0;
	table = cf_doc_table(analysis->doc, section, "series", NULL, columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < all->len; i++)
		if (g_array_index(all, struct summary, i).values->len)
			add_row(analysis->doc, table, trace, &g_array_index(all, struct summary, i));
	for (guint i = 0; i < all->len; i++)
		if (g_array_index(all, struct summary, i).values->len)
			g_array_append_val(order, g_array_index(all, struct summary, i).number);
	cf_series_charts(analysis->doc, section, trace, order);
	g_array_unref(all);
	cf_trace_free(trace);
	return 0;
}

/* What a series says for itself: of load tests these first, parts of another series (" (user)") never. */
static guint rank(const char *name)
{
	static const char *const first[] = { "throughput", "latency p95", "latency p99", "latency mean",
					     "errors" };
	guint i = 0;

	while (i < G_N_ELEMENTS(first) && strcmp(name, first[i]) != 0)
		i++;
	return g_str_has_suffix(name, ")") ? G_MAXUINT : i;
}

/* The best ranked that aren't among those before it, in the order of all; NULL: no more. */
static const struct summary *next_tile(const struct cf_trace *trace, const GArray *all,
				       const GPtrArray *before)
{
	const struct summary *best = NULL;
	guint least = G_MAXUINT;

	for (guint i = 0; i < all->len; i++) {
		const struct summary *one = &g_array_index(all, struct summary, i);
		guint place = rank(cf_dict_text(trace->dict, one->info->name));

		if (one->values->len && place < least && !g_ptr_array_find((GPtrArray *)before, one, NULL)) {
			best = one;
			least = place;
		}
	}
	return best;
}

static void add_tile(struct cf_doc *doc, struct cf_node *table, const struct cf_trace *trace,
		     const struct summary *summary)
{
	const char *unit = cf_dict_text(trace->dict, summary->info->unit);
	const GArray *values = summary->values;
	g_autofree char *middle = cf_value_text(unit, median(values));
	g_autofree char *least = cf_value_text(unit, g_array_index(values, double, 0));
	g_autofree char *most = cf_value_text(unit, g_array_index(values, double, values->len - 1));
	g_autofree char *note = g_strdup_printf("median of %u, %s to %s", values->len, least, most);

	cf_table_text(doc, table, cf_dict_text(trace->dict, summary->info->name));
	cf_table_text(doc, table, middle);
	cf_table_text(doc, table, values->len > 1 ? note : NULL);
	cf_table_text(doc, table, "info");
}

static void present_brief(struct cf_doc *doc, struct cf_node *section, const struct cf_run *run,
			  const struct cf_trace *trace, const GArray *all)
{
	static const struct cf_column columns[] = { { "label", "label", CF_UNIT_NONE, 0 },
						    { "value", "value", CF_UNIT_NONE, 0 },
						    { "note", "note", CF_UNIT_NONE, CF_COLUMN_NAME },
						    { "level", "level", CF_UNIT_NONE, CF_COLUMN_DATA } };
	g_autoptr(GPtrArray) shown = g_ptr_array_new();
	const guint n = all->len, points = trace->points->len;
	g_autofree char *text = g_strdup_printf("%s: %u measurement%s in %u series", run->name, points,
						points == 1 ? "" : "s", n);
	struct cf_node *para = cf_doc_add(doc, section, CF_PARA, NULL), *table;
	const struct summary *one;

	cf_doc_add(doc, cf_doc_add(doc, para, CF_STRONG, NULL), CF_TEXT, text);
	table = cf_doc_table(doc, section, "figures", NULL, columns, G_N_ELEMENTS(columns));
	table->table->style = CF_TABLE_TILES;
	while (shown->len < TILES && (one = next_tile(trace, all, shown))) {
		add_tile(doc, table, trace, one);
		g_ptr_array_add(shown, (gpointer)one);
	}
}

int cf_series_brief(const struct cf_analysis *analysis, struct cf_node *section, const struct cf_run *run)
{
	struct cf_trace *trace = cf_trace_new();
	int result = cf_store_load(analysis->store, run->id, 1, CF_FACTS_POINTS, trace, analysis->diag);

	if (result == 0) {
		GArray *all = summarise(trace);

		present_brief(analysis->doc, section, run, trace, all);
		g_array_unref(all);
	}
	cf_trace_free(trace);
	return result ? -1 : 0;
}
