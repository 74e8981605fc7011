/* SPDX-License-Identifier: MIT */
/* present_latency: operations before and after as nodes of a document. */
#include "analyzers/compare/latency.h"

#include "analyzers/compare/compare.h"
#include "analyzers/compare/present.h"

#include <math.h>
#include <string.h>

static const struct cf_column columns[] = {
	{ "operation", "operation", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "service", "service", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "verdict_text", "verdict", CF_UNIT_NONE, CF_COLUMN_LEAD },
	{ "p50_before", "p50 before", CF_UNIT_NS, CF_COLUMN_OWN_SCALE },
	{ "p50_after", "p50 after", CF_UNIT_NS, CF_COLUMN_OWN_SCALE | CF_COLUMN_WITH },
	{ "p50_change", "change", CF_UNIT_NONE, 0 },
	{ "p95_before", "p95 before", CF_UNIT_NS, CF_COLUMN_OWN_SCALE },
	{ "p95_after", "p95 after", CF_UNIT_NS, CF_COLUMN_OWN_SCALE | CF_COLUMN_WITH },
	{ "p95_change", "change", CF_UNIT_NONE, 0 },
	{ "errors_text", "errors", CF_UNIT_NONE, 0 },
	{ "count_text", "count", CF_UNIT_NONE, 0 },
	{ "note", "remarks", CF_UNIT_NONE, CF_COLUMN_NAME },
	{ "verdict", "verdict", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "what", "verdict is of", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "p99_before", "p99 before", CF_UNIT_NS, CF_COLUMN_DATA },
	{ "p99_after", "p99 after", CF_UNIT_NS, CF_COLUMN_DATA },
	{ "count_before", "count before", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "count_after", "count after", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "errors_before", "errors before", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "errors_after", "errors after", CF_UNIT_COUNT, CF_COLUMN_DATA },
	{ "p50_q", "q of p50", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "p95_q", "q of p95", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "errors_q", "q of errors", CF_UNIT_NONE, CF_COLUMN_DATA },
};

static void ns_cell(struct cf_node *table, double value)
{
	if (isnan(value))
		cf_table_empty(table);
	else
		cf_table_int(table, (int64_t)value);
}

static void q_cell(struct cf_node *table, const struct cf_tested *tested)
{
	if (tested->enough)
		cf_table_double(table, tested->q);
	else
		cf_table_empty(table);
}

/* "3", or where they differ "3 → 17". */
static char *both_text(int64_t before, int64_t after)
{
	return before == after ? g_strdup_printf("%" G_GINT64_FORMAT, before)
			       : g_strdup_printf("%" G_GINT64_FORMAT " → %" G_GINT64_FORMAT, before, after);
}

static const char *verdict_text(const struct cf_op_latency *row)
{
	const struct cf_tested *tested = &row->test[row->worst];

	if (row->worst == CF_LATENCY_ERRORS && tested->found == CF_FOUND_REGRESSED)
		return "▲ fails more";
	if (row->worst == CF_LATENCY_ERRORS && tested->found == CF_FOUND_IMPROVED)
		return "▼ fails less";
	return cf_tested_verdict(tested, TRUE);
}

static char *p_text(double q)
{
	return q < 0.001 ? g_strdup("q <0.001") : g_strdup_printf("q %.3f", q);
}

/* Which number the verdict is about, and how sure it is. */
static char *note_of(const struct cf_op_latency *row, gboolean of_runs)
{
	const struct cf_tested *tested = &row->test[row->worst];
	g_autofree char *q = p_text(tested->q);

	if (tested->found == CF_FOUND_REGRESSED || tested->found == CF_FOUND_IMPROVED) {
		if (isfinite(tested->ratio.lo) && isfinite(tested->ratio.hi) &&
		    row->worst != CF_LATENCY_ERRORS)
			return g_strdup_printf("%s %.2f times, 95 %% CI %.2f-%.2f, %s", tested->metric,
					       tested->ratio.estimate, tested->ratio.lo, tested->ratio.hi, q);
		return g_strdup_printf("%s, %s", tested->metric, q);
	}
	if (tested->found == CF_FOUND_UNSURE && isfinite(tested->needed))
		return g_strdup_printf("%.0f %s a side would tell", tested->needed,
				       of_runs ? "runs" : "spans");
	return NULL;
}

static void add_row(struct cf_doc *doc, struct cf_node *table, const struct cf_op_latency *row,
		    gboolean of_runs)
{
	const struct cf_op_side *before = &row->side[CF_BEFORE], *after = &row->side[CF_AFTER];
	g_autofree char *p50 = cf_tested_change(&row->test[CF_LATENCY_P50]);
	g_autofree char *p95 = cf_tested_change(&row->test[CF_LATENCY_P95]);
	g_autofree char *errors = both_text(before->errors, after->errors);
	g_autofree char *count = both_text(before->durations->len, after->durations->len);
	g_autofree char *note = note_of(row, of_runs);

	cf_table_text(doc, table, row->name);
	cf_table_text(doc, table, row->service);
	cf_table_text(doc, table, verdict_text(row));
	ns_cell(table, before->p50);
	ns_cell(table, after->p50);
	cf_table_text(doc, table, p50);
	ns_cell(table, before->p95);
	ns_cell(table, after->p95);
	cf_table_text(doc, table, p95);
	cf_table_text(doc, table, errors);
	cf_table_text(doc, table, count);
	cf_table_text(doc, table, note);
	cf_table_text(doc, table, cf_found_name(row->test[row->worst].found));
	cf_table_text(doc, table, row->test[row->worst].metric);
	ns_cell(table, before->p99);
	ns_cell(table, after->p99);
	cf_table_int(table, before->durations->len);
	cf_table_int(table, after->durations->len);
	cf_table_int(table, before->errors);
	cf_table_int(table, after->errors);
	for (int test = 0; test < CF_LATENCY_TESTS; test++)
		q_cell(table, &row->test[test]);
}

static char *headline(const struct cf_op_latencies *latencies)
{
	static const struct {
		enum cf_found found;
		const char *word;
	} parts[] = { { CF_FOUND_REGRESSED, "worse" },
		      { CF_FOUND_IMPROVED, "better" },
		      { CF_FOUND_NEW, "new" },
		      { CF_FOUND_GONE, "gone" },
		      { CF_FOUND_UNSURE, "unsure" } };
	guint n[CF_FOUNDS] = { 0 }, all = latencies->rows->len, said = 0;
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < all; i++) {
		const struct cf_op_latency *row = g_ptr_array_index(latencies->rows, i);

		n[row->test[row->worst].found]++;
	}
	g_string_printf(text, "%u operation%s: ", all, all == 1 ? "" : "s");
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!n[parts[i].found])
			continue;
		g_string_append_printf(text, "%s%u %s", said ? ", " : "", n[parts[i].found], parts[i].word);
		said++;
	}
	g_string_append_printf(text, "%s%u within noise.", said ? "; " : "",
			       n[CF_FOUND_NOISE] + n[CF_FOUND_SAME] + n[CF_FOUND_SMALL]);
	return g_string_free(text, FALSE);
}

static gboolean any_service(const struct cf_op_latencies *latencies)
{
	for (guint i = 0; i < latencies->rows->len; i++)
		if (*((const struct cf_op_latency *)g_ptr_array_index(latencies->rows, i))->service)
			return TRUE;
	return FALSE;
}

/* Found first; the array is in the order of time, which a stable sort keeps. */
static gint by_found(gconstpointer a, gconstpointer b)
{
	const struct cf_op_latency *x = *(const struct cf_op_latency *const *)a;
	const struct cf_op_latency *y = *(const struct cf_op_latency *const *)b;

	return (int)x->test[x->worst].found - (int)y->test[y->worst].found;
}

void cf_op_latencies_present(struct cf_analysis *analysis, const struct cf_op_latencies *latencies,
			     const struct cf_compare_options *options)
{
	g_autofree char *sentence = headline(latencies);
	struct cf_column shown[G_N_ELEMENTS(columns)];
	g_autoptr(GPtrArray) order = g_ptr_array_copy(latencies->rows, NULL, NULL);
	struct cf_node *para = cf_doc_add(analysis->doc, analysis->section, CF_PARA, NULL), *table;
	int64_t limit = cf_compare_limit(analysis);

	g_ptr_array_set_free_func(order, NULL);
	memcpy(shown, columns, sizeof(columns));
	if (!any_service(latencies))
		shown[1].flags |= CF_COLUMN_DATA;
	cf_doc_add(analysis->doc, cf_doc_add(analysis->doc, para, CF_STRONG, NULL), CF_TEXT, sentence);
	g_ptr_array_sort(order, by_found);
	table = cf_doc_table(analysis->doc, analysis->section, "operations", "latency of operations", shown,
			     G_N_ELEMENTS(columns));
	table->table->recompute = cf_analysis_command(analysis, &cf_analyzer_compare);
	for (guint i = 0; i < order->len && (!limit || i < limit); i++)
		add_row(analysis->doc, table, g_ptr_array_index(order, i), latencies->of_runs);
	if (limit && order->len > limit)
		cf_doc_para(analysis->doc, analysis->section, "%u more operations (-n 0 shows all)",
			    order->len - (guint)limit);
	cf_doc_para(analysis->doc, analysis->section,
		    "p50 by ranks (Mann & Whitney), p95 and errors by binomial tests%s; BH, q <= %g and "
		    "effect >= %g %%",
		    latencies->of_runs ? ", p50 and p95 of each run being one value" : "",
		    options->rule.alpha, options->rule.min_effect * 100);
	if (!latencies->of_runs)
		cf_doc_para(analysis->doc, analysis->section,
			    "spans of one run have its circumstances in common: a slow day looks like a slow "
			    "build; record 4 "
			    "runs a side to tell them apart");
}
