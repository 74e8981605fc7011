/* SPDX-License-Identifier: MIT */
/* present_charts: the history of what changed, with its levels and where they change. */
#include "analyzers/regress/present.h"

#include <math.h>
#include <string.h>

#include "core/chart.h"

#define ON_PAGE 8   /* charts */
#define IN_REPORT 3 /* of a block */

struct drawing {
	const struct cf_regress_page *page;
	struct cf_chart *chart;
	gboolean by_time;
	guint at; /* series of the history */
};

/* Starts are an axis when they are known and go on from run to run. */
static gboolean has_time(const struct cf_regress_history *history)
{
	for (guint i = 0; i < history->runs->len; i++) {
		const struct cf_run *run = cf_regress_run(history, i)->run;

		if (run->start_source == CF_START_NONE || run->start_source == CF_START_MTIME ||
		    (i && run->start_ns <= cf_regress_run(history, i - 1)->run->start_ns))
			return FALSE;
	}
	return TRUE;
}

static double x_of(const struct drawing *d, size_t run)
{
	return d->by_time ? (double)cf_regress_run(d->page->history, run)->run->start_ns : (double)run + 1;
}

static const struct cf_regress_change *change_at(const struct drawing *d, guint i)
{
	return &g_array_index(d->page->result->changes, struct cf_regress_change, i);
}

static void add_values(struct drawing *d, uint32_t panel)
{
	const struct cf_regress_series *series = cf_regress_series(d->page->history, d->at);
	uint32_t values = cf_chart_series(d->chart, panel, series->name, CF_CHART_POINTS);

	for (guint r = 0; r < d->page->history->runs->len; r++)
		cf_chart_point(d->chart, values, x_of(d, r), series->value[r]);
}

/* Steps, each at the first run of a new level; the first level begins with the history, the last ends with it. */
static void add_levels(struct drawing *d, uint32_t panel)
{
	uint32_t levels = cf_chart_series(d->chart, panel, "level", CF_CHART_LINE);
	size_t last = d->page->history->runs->len - 1;
	const struct cf_regress_change *before = NULL;

	for (guint i = 0; i < d->page->result->changes->len; i++) {
		const struct cf_regress_change *c = change_at(d, i);

		if (c->series != d->at || c->withdrawn)
			continue;
		cf_chart_point(d->chart, levels, x_of(d, before ? before->at : 0), c->before);
		cf_chart_point(d->chart, levels, x_of(d, c->at), c->before);
		before = c;
	}
	if (before) {
		cf_chart_point(d->chart, levels, x_of(d, before->at), before->after);
		cf_chart_point(d->chart, levels, x_of(d, last), before->after);
	}
}

static void add_marks(struct drawing *d, uint32_t panel)
{
	for (guint i = 0; i < d->page->result->changes->len; i++) {
		const struct cf_regress_change *c = change_at(d, i);
		g_autofree char *place = cf_regress_place(cf_regress_run(d->page->history, c->at)->run);
		const struct cf_chart_mark mark = { .panel = panel,
						    .at = x_of(d, c->at),
						    .label = place,
						    .marks = c->worse ? CF_MARK_HIGHLIGHT : 0 };

		if (c->series == d->at && !c->withdrawn)
			cf_chart_mark(d->chart, &mark);
	}
}

static void add_chart(const struct cf_regress_page *p, const struct cf_finding *finding, guint series)
{
	const struct cf_regress_series *s = cf_regress_series(p->history, series);
	struct drawing d = { p, NULL, has_time(p->history), series };
	g_autofree char *caption = g_strdup_printf("%s, %s", finding->name, finding->metric);
	const char *order = p->history->order == CF_REGRESS_BY_COMMIT ? "run, in order of commits"
								      : "run, in order of start";
	uint32_t panel;

	d.chart = d.by_time ? cf_chart_new("start", CF_UNIT_TIME, NULL)
			    : cf_chart_new(order, CF_UNIT_NONE, NULL);
	panel = cf_chart_panel(d.chart, NULL, s->metric, s->unit, s->unit_text);
	add_values(&d, panel);
	add_levels(&d, panel);
	add_marks(&d, panel);
	cf_chart_finish(d.chart);
	cf_doc_chart(p->analysis->doc, p->analysis->section, "history", caption, d.chart);
}

void cf_regress_present_charts(const struct cf_regress_page *p)
{
	guint most = p->analysis->in_report ? IN_REPORT : ON_PAGE, drawn = 0;

	if (!p->analysis->in_report && p->analysis->reader != CF_READER_PAGE)
		return;
	for (size_t i = 0; i < cf_findings_count(p->judged->findings) && drawn < most; i++) {
		const struct cf_finding *finding = cf_finding_at(p->judged->findings, i);
		const struct cf_regress_row *row = g_hash_table_lookup(p->judged->rows, finding->id);

		if (finding->kind != CF_FINDING_REGRESSION || !row || !row->change)
			continue;
		add_chart(p, finding, row->change->series);
		drawn++;
	}
}
