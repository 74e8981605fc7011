/* SPDX-License-Identifier: MIT */
/* months: churn per month as charts and trends. */
#include "analyzers/churn/months.h"

#include "analyzers/churn/days.h"
#include "core/chart.h"

/* ns of the first of the month, as a number; FALSE when that is no moment that ns can tell. */
static gboolean month_begin(int32_t at, double *ns)
{
	char text[32];
	int64_t moment;

	g_snprintf(text, sizeof(text), "%04d-%02d-01", at / 12 % 10000, at % 12 + 1);
	if (!cf_time_parse(text, &moment))
		return FALSE;
	*ns = (double)moment;
	return TRUE;
}

void cf_churn_months_chart(struct cf_churn_answers *a, struct cf_node *section, const char *id,
			   const char *caption, const char *what, const GArray *rows)
{
	struct cf_chart *chart;
	uint32_t changes, lines, series[3];
	int32_t newest;

	if (rows->len < 2)
		return;
	newest = g_array_index(rows, struct cf_churn_month, rows->len - 1).at;
	chart = cf_chart_new("month", CF_UNIT_TIME, NULL);
	changes = cf_chart_panel(chart, NULL, what, CF_UNIT_COUNT, NULL);
	lines = cf_chart_panel(chart, NULL, "lines", CF_UNIT_COUNT, NULL);
	series[0] = cf_chart_series(chart, changes, what, CF_CHART_BARS);
	series[1] = cf_chart_series(chart, lines, "added", CF_CHART_BARS);
	series[2] = cf_chart_series(chart, lines, "deleted", CF_CHART_BARS);
	for (guint i = 0; i < rows->len; i++) {
		const struct cf_churn_month *row = &g_array_index(rows, struct cf_churn_month, i);
		double x;

		if (row->at <= newest - CF_MONTHS_CHARTED) {
			if (!chart->note)
				chart->note = g_strdup_printf("the last %d months", CF_MONTHS_CHARTED);
			continue;
		}
		if (!month_begin(row->at, &x))
			continue;
		cf_chart_point(chart, series[0], x, (double)row->changes);
		cf_chart_point(chart, series[1], x, (double)row->added);
		cf_chart_point(chart, series[2], x, (double)row->deleted);
	}
	cf_chart_finish(chart);
	cf_doc_chart(a->analysis->doc, section, id, caption, chart);
}

double *cf_churn_trends(const struct cf_churn *churn, const uint32_t *entities, guint n)
{
	const int32_t end = cf_month_of(churn->as_of);
	g_autofree guint *row = g_new0(guint, churn->entities->len + 1);
	double *trends = g_new0(double, (gsize)n *CF_MONTHS_TREND + 1);

	for (guint i = 0; i < n; i++)
		row[entities[i]] = i + 1;
	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);
		const int32_t back = end - cf_month_of(commit->day);

		if (back < 0 || back >= CF_MONTHS_TREND)
			continue;
		for (uint32_t i = 0; i < commit->changes; i++)
			if (row[changes[i].entity])
				trends[(gsize)(row[changes[i].entity] - 1) * CF_MONTHS_TREND +
				       (CF_MONTHS_TREND - 1 - back)]++;
	}
	return trends;
}
