/* SPDX-License-Identifier: MIT */
/* present_points: benchmarks before and after as nodes of a document. */
#include "analyzers/compare/points.h"

#include "analyzers/compare/compare.h"
#include "analyzers/compare/present.h"
#include "analyzers/series.h"

#include <math.h>
#include <string.h>

static const struct cf_column columns[] = {
	{ "series", "series", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "verdict_text", "verdict", CF_UNIT_NONE, CF_COLUMN_LEAD },
	{ "before_text", "before", CF_UNIT_NONE, 0 },
	{ "after_text", "after", CF_UNIT_NONE, 0 },
	{ "change", "change", CF_UNIT_NONE, 0 },
	{ "ratio_text", "ratio, 95 % CI", CF_UNIT_NONE, 0 },
	{ "p_text", "p", CF_UNIT_NONE, 0 },
	{ "q_text", "q", CF_UNIT_NONE, 0 },
	{ "n", "n", CF_UNIT_NONE, 0 },
	{ "note", "remarks", CF_UNIT_NONE, CF_COLUMN_NAME },
	{ "verdict", "verdict", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "unit", "unit", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "better", "better", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "before", "before", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "before_lo", "before from", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "before_hi", "before to", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "after", "after", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "after_lo", "after from", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "after_hi", "after to", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "ratio", "ratio", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "ratio_lo", "ratio from", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "ratio_hi", "ratio to", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "p", "p", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "q", "q", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "n_before", "values before", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "n_after", "values after", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "needed", "values needed a side", CF_UNIT_NONE, CF_COLUMN_DATA },
};

/* "100.5 ns ±1 %": the farther end of the interval, as benchstat has it; "±?" where there are too few values. */
static char *median_text(const struct cf_point_row *row, int side)
{
	const struct cf_interval *value = &row->median[side].value;
	g_autofree char *text = NULL;
	double half;

	if (isnan(value->estimate))
		return NULL;
	text = cf_value_text(row->unit, value->estimate);
	if (!isfinite(value->lo) || !isfinite(value->hi))
		return g_strdup_printf("%s ±?", text);
	half = fmax(value->hi / value->estimate - 1, 1 - value->lo / value->estimate);
	return isfinite(half) ? g_strdup_printf("%s ±%.0f %%", text, fabs(half) * 100)
			      : g_steal_pointer(&text);
}

static char *ratio_text(const struct cf_point_row *row)
{
	const struct cf_interval *ratio = &row->tested.ratio;

	if (!isfinite(ratio->estimate))
		return NULL;
	/* Of so few values the interval is what they span. */
	if (!row->tested.enough || !isfinite(ratio->lo) || !isfinite(ratio->hi))
		return g_strdup_printf("%.2f", ratio->estimate);
	return g_strdup_printf("%.2f  %.2f-%.2f", ratio->estimate, ratio->lo, ratio->hi);
}

static char *p_text(double p)
{
	return p < 0.0005 ? g_strdup("<0.001") : g_strdup_printf("%.3f", p);
}

static char *note_of(const struct cf_point_row *row)
{
	if (row->tested.found != CF_FOUND_UNSURE || !isfinite(row->tested.needed))
		return NULL;
	return g_strdup_printf("%.0f %s a side would tell", row->tested.needed,
			       row->of_runs ? "runs" : "values");
}

static void number_cell(struct cf_node *table, double value)
{
	if (isfinite(value))
		cf_table_double(table, value);
	else
		cf_table_empty(table);
}

static void add_row(struct cf_doc *doc, struct cf_node *table, const struct cf_point_row *row)
{
	static const char *const better[] = { "lower", "higher", "" };
	const struct cf_tested *tested = &row->tested;
	gboolean time = !strcmp(row->unit, "ns");
	g_autofree char *before = median_text(row, CF_BEFORE), *after = median_text(row, CF_AFTER);
	g_autofree char *change = cf_tested_change(tested), *ratio = ratio_text(row);
	g_autofree char *p = p_text(tested->p), *q = tested->enough ? p_text(tested->q) : NULL,
			*note = note_of(row);
	guint n = row->values[CF_BEFORE]->len, m = row->values[CF_AFTER]->len;
	g_autofree char *values = n == m ? g_strdup_printf("%u", n) : g_strdup_printf("%u+%u", n, m);

	cf_table_text(doc, table, row->name);
	cf_table_text(doc, table, cf_tested_verdict(tested, time));
	cf_table_text(doc, table, before);
	cf_table_text(doc, table, after);
	cf_table_text(doc, table, change);
	cf_table_text(doc, table, ratio);
	cf_table_text(doc, table, p);
	cf_table_text(doc, table, q);
	cf_table_text(doc, table, values);
	cf_table_text(doc, table, note);
	cf_table_text(doc, table, cf_found_name(tested->found));
	cf_table_text(doc, table, row->unit);
	cf_table_text(doc, table, better[row->direction]);
	for (int side = 0; side < CF_SIDES; side++) {
		number_cell(table, row->median[side].value.estimate);
		number_cell(table, row->median[side].value.lo);
		number_cell(table, row->median[side].value.hi);
	}
	number_cell(table, tested->ratio.estimate);
	number_cell(table, tested->ratio.lo);
	number_cell(table, tested->ratio.hi);
	number_cell(table, tested->p);
	number_cell(table, tested->q);
	cf_table_int(table, n);
	cf_table_int(table, m);
	number_cell(table, tested->needed);
}

static char *headline(const struct cf_points *points)
{
	static const struct {
		enum cf_found found;
		const char *word;
	} parts[] = { { CF_FOUND_REGRESSED, "worse" },
		      { CF_FOUND_IMPROVED, "better" },
		      { CF_FOUND_NEW, "new" },
		      { CF_FOUND_GONE, "gone" },
		      { CF_FOUND_UNSURE, "unsure" } };
	GString *text = g_string_new(NULL);
	guint n[CF_FOUNDS] = { 0 }, rest;

	for (guint i = 0; i < points->rows->len; i++)
		n[((const struct cf_point_row *)g_ptr_array_index(points->rows, i))->tested.found]++;
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (n[parts[i].found])
			g_string_append_printf(text, "%s%u %s", text->len ? ", " : "", n[parts[i].found],
					       parts[i].word);
	rest = n[CF_FOUND_NOISE] + n[CF_FOUND_SAME];
	g_string_append_printf(text, "%s%u within noise", text->len ? "; " : "", rest);
	if (n[CF_FOUND_SMALL])
		g_string_append_printf(text, ", %u changed without mattering", n[CF_FOUND_SMALL]);
	g_string_prepend(text, points->rows->len == 1 ? "1 series: " : "");
	if (points->rows->len != 1) {
		g_autofree char *count = g_strdup_printf("%u series: ", points->rows->len);

		g_string_prepend(text, count);
	}
	return g_string_free(text, FALSE);
}

/* Found first, and within that by name. */
static gint by_found(gconstpointer a, gconstpointer b)
{
	const struct cf_point_row *x = *(const struct cf_point_row *const *)a;
	const struct cf_point_row *y = *(const struct cf_point_row *const *)b;

	if (x->tested.found != y->tested.found)
		return (int)x->tested.found - (int)y->tested.found;
	return strcmp(x->name, y->name);
}

void cf_points_present(struct cf_analysis *analysis, const struct cf_points *points,
		       const struct cf_compare_options *options)
{
	g_autofree char *sentence = headline(points);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	struct cf_node *para = cf_doc_add(analysis->doc, analysis->section, CF_PARA, NULL), *table;
	int64_t limit = cf_compare_limit(analysis);
	gboolean of_runs = FALSE;

	cf_doc_add(analysis->doc, cf_doc_add(analysis->doc, para, CF_STRONG, NULL), CF_TEXT, sentence);
	for (guint i = 0; i < points->rows->len; i++)
		g_ptr_array_add(order, g_ptr_array_index(points->rows, i));
	if (limit && order->len > limit)
		g_ptr_array_sort(order, by_found);
	table = cf_doc_table(analysis->doc, analysis->section, "series", "medians of the series", columns,
			     G_N_ELEMENTS(columns));
	table->table->recompute = cf_analysis_command(analysis, &cf_analyzer_compare);
	for (guint i = 0; i < order->len && (!limit || i < limit); i++) {
		const struct cf_point_row *row = g_ptr_array_index(order, i);

		of_runs = of_runs || row->of_runs;
		add_row(analysis->doc, table, row);
	}
	if (limit && order->len > limit)
		cf_doc_para(analysis->doc, analysis->section, "%u more series (-n 0 shows all)",
			    order->len - (guint)limit);
	if (isfinite(points->geomean) && points->in_geomean > 1)
		cf_doc_para(analysis->doc, analysis->section,
			    "geometric mean of %u ratios of medians: %+.2f %%", points->in_geomean,
			    (points->geomean - 1) * 100);
	cf_doc_para(
		analysis->doc, analysis->section,
		"by ranks (Mann & Whitney)%s; BH, q <= %g and effect >= %g %%; ± is the 95 %% CI of a median",
		of_runs ? ", a run being one value" : "", options->rule.alpha,
		options->rule.min_effect * 100);
}
