/* SPDX-License-Identifier: MIT */
/* present: a judged history as document nodes. */
#include "analyzers/regress/present.h"

#include <math.h>
#include <string.h>

#define NAMES_SHOWN 3
#define DETAILED 5 /* regressions whose story is told on a screen; pages tell all that the table has */

/* --- header ----------------------------------------------------------------------------------- */

static const struct cf_run *run_at(const struct cf_regress_page *p, size_t i)
{
	return cf_regress_run(p->history, i)->run;
}

/* "nightly", "main, nightly" */
static char *names_text(const struct cf_regress_page *p)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < p->history->runs->len; i++)
		if (!g_ptr_array_find_with_equal_func(names, run_at(p, i)->name, g_str_equal, NULL))
			g_ptr_array_add(names, run_at(p, i)->name);
	for (guint i = 0; i < names->len && i < NAMES_SHOWN; i++)
		g_string_append_printf(text, "%s%s", i ? ", " : "", (char *)g_ptr_array_index(names, i));
	if (names->len > NAMES_SHOWN)
		g_string_append(text, " and others");
	return g_string_free(text, FALSE);
}

static const char *order_text(const struct cf_regress_history *history)
{
	static const char *const texts[] = { [CF_REGRESS_BY_START] = "in order of start",
					     [CF_REGRESS_BY_FILE_TIME] = "in order of file times (~)",
					     [CF_REGRESS_BY_COMMIT] = "in order of commits" };

	return texts[history->order];
}

void cf_regress_present_header(const struct cf_regress_page *p)
{
	size_t n = p->history->runs->len;
	g_autofree char *names = names_text(p);
	g_autofree char *first = cf_run_start_text(run_at(p, 0)), *last = cf_run_start_text(run_at(p, n - 1));

	for (size_t i = 0; i < n; i++)
		cf_doc_add_input(p->analysis->doc, run_at(p, i)->id, run_at(p, i)->name, run_at(p, i)->hash,
				 NULL);
	cf_doc_para(p->analysis->doc, p->analysis->section,
		    "history of %s: %zu run%s, %" G_GINT64_FORMAT " (%s) to %" G_GINT64_FORMAT " (%s), %s",
		    names, n, n == 1 ? "" : "s", run_at(p, 0)->id, first ? first : "no time",
		    run_at(p, n - 1)->id, last ? last : "no time", order_text(p->history));
	if (p->history->order == CF_REGRESS_BY_FILE_TIME)
		cf_doc_para(p->analysis->doc,
			    cf_doc_callout(p->analysis->doc, p->analysis->section, CF_LEVEL_ATTENTION),
			    "some starts are times of files, which a copy changes: if the order is wrong, so "
			    "are the "
			    "changes; callflow edit --time sets a start");
}

/* --- sentence --------------------------------------------------------------------------------- */

static guint count(const struct cf_regress_page *p, enum cf_finding_kind kind, enum cf_finding_state state)
{
	guint n = 0;

	for (size_t i = 0; i < cf_findings_count(p->judged->findings); i++) {
		const struct cf_finding *finding = cf_finding_at(p->judged->findings, i);

		n += finding->kind == kind && finding->state == state;
	}
	return n;
}

static void append(GString *text, guint n, const char *one, const char *many)
{
	if (n)
		g_string_append_printf(text, "%s%u %s", text->len ? ", " : "", n, n == 1 ? one : many);
}

static char *sentence_text(const struct cf_regress_page *p)
{
	GString *text = g_string_new(NULL);

	append(text, count(p, CF_FINDING_REGRESSION, CF_FINDING_NEW), "new regression", "new regressions");
	append(text, count(p, CF_FINDING_REGRESSION, CF_FINDING_KNOWN), "known regression",
	       "known regressions");
	append(text, count(p, CF_FINDING_REGRESSION, CF_FINDING_RECOVERED), "recovered", "recovered");
	append(text,
	       count(p, CF_FINDING_IMPROVEMENT, CF_FINDING_NEW) +
		       count(p, CF_FINDING_IMPROVEMENT, CF_FINDING_KNOWN),
	       "improvement", "improvements");
	append(text, count(p, CF_FINDING_ANOMALY, CF_FINDING_NEW), "odd value in the newest runs",
	       "odd values in the newest runs");
	append(text, count(p, CF_FINDING_UNSURE, CF_FINDING_NEW), "cannot be told", "cannot be told");
	if (!text->len)
		g_string_append(text, "no change beyond noise");
	return g_string_free(text, FALSE);
}

void cf_regress_present_sentence(const struct cf_regress_page *p)
{
	g_autofree char *text = sentence_text(p), *names = names_text(p);
	g_autofree char *title = g_strdup_printf("%s: %s", names, text);

	if (p->analysis->reader == CF_READER_PAGE && !p->analysis->in_report)
		cf_doc_set_title(p->analysis->doc, title);
	else
		cf_doc_para(p->analysis->doc, p->analysis->section, "%s.", text);
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct cf_column columns[] = {
	{ "name", "what", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "finding", "finding", CF_UNIT_NONE, 0 },
	{ "state", "state", CF_UNIT_NONE, 0 },
	{ "change_text", "change", CF_UNIT_NONE, 0 },
	{ "before_text", "before", CF_UNIT_NONE, 0 },
	{ "after_text", "after", CF_UNIT_NONE, 0 },
	{ "since", "since", CF_UNIT_NONE, CF_COLUMN_CODE },
	{ "metric", "metric", CF_UNIT_NONE, CF_COLUMN_CODE },
	{ "kind", "kind", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "severity", "severity", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "unit", "unit", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "change", "change", CF_UNIT_RATIO, CF_COLUMN_DATA },
	{ "before", "before", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "after", "after", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "ratio_lo", "ratio, from", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "ratio_hi", "ratio, to", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "p", "p", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "run_before", "run before", CF_UNIT_ID, CF_COLUMN_DATA },
	{ "run", "run", CF_UNIT_ID, CF_COLUMN_DATA },
	{ "run_from", "earliest run", CF_UNIT_ID, CF_COLUMN_DATA },
	{ "run_to", "latest run", CF_UNIT_ID, CF_COLUMN_DATA },
	{ "suspect", "suspect", CF_UNIT_NONE, CF_COLUMN_DATA },
	{ "id", "id", CF_UNIT_NONE, CF_COLUMN_DATA },
};

/* In a word: how bad, or what else it is. */
static const char *word_of(const struct cf_finding *finding)
{
	switch (finding->kind) {
	case CF_FINDING_REGRESSION:
		return cf_finding_severity_name(finding->severity);
	case CF_FINDING_IMPROVEMENT:
		return "better";
	case CF_FINDING_ANOMALY:
		return "odd run";
	case CF_FINDING_BUDGET:
		return "budget";
	case CF_FINDING_UNSURE:
		break;
	}
	return "unsure";
}

static void number(struct cf_node *table, double value)
{
	if (isfinite(value))
		cf_table_double(table, value);
	else
		cf_table_empty(table);
}

static void run_id(const struct cf_regress_page *p, struct cf_node *table, gboolean known, size_t at)
{
	if (known)
		cf_table_int(table, run_at(p, at)->id);
	else
		cf_table_empty(table);
}

static const struct cf_regress_row *row_of(const struct cf_regress_page *p, const struct cf_finding *finding)
{
	static const struct cf_regress_row none;
	const struct cf_regress_row *row = g_hash_table_lookup(p->judged->rows, finding->id);

	return row ? row : &none;
}

static void value_cell(const struct cf_regress_page *p, struct cf_node *table,
		       const struct cf_finding *finding, double value)
{
	g_autofree char *text = isnan(value) ? NULL : cf_finding_value_text(finding, value);

	cf_table_text(p->analysis->doc, table, text);
}

static void change_cell(const struct cf_regress_page *p, struct cf_node *table, double ratio)
{
	g_autofree char *number_text = cf_percent_text(ratio);
	g_autofree char *text = isfinite(ratio) ? g_strdup_printf("%s %%", number_text) : NULL;

	cf_table_text(p->analysis->doc, table, text);
}

static void add_row(const struct cf_regress_page *p, struct cf_node *table, const struct cf_finding *finding)
{
	const struct cf_regress_row *row = row_of(p, finding);
	const struct cf_regress_change *c = row->change;
	struct cf_doc *doc = p->analysis->doc;
	const char *unit = finding->unit_text ? finding->unit_text : cf_unit_name(finding->unit);

	cf_table_text(doc, table, finding->name);
	cf_table_text(doc, table, finding->module);
	cf_table_text(doc, table, word_of(finding));
	cf_table_text(doc, table, cf_finding_state_name(finding->state));
	change_cell(p, table, finding->ratio);
	value_cell(p, table, finding, finding->before);
	value_cell(p, table, finding, finding->after);
	cf_table_text(doc, table, c || row->odd ? finding->place : NULL);
	cf_table_text(doc, table, finding->metric);
	cf_table_text(doc, table, cf_finding_kind_name(finding->kind));
	cf_table_text(doc, table, cf_finding_severity_name(finding->severity));
	cf_table_text(doc, table, unit);
	number(table, finding->ratio - 1);
	number(table, finding->before);
	number(table, finding->after);
	number(table, finding->ratio_lo);
	number(table, finding->ratio_hi);
	number(table, isnan(finding->p) ? finding->q : finding->p);
	run_id(p, table, c != NULL, c ? c->prior : 0);
	run_id(p, table, c || row->odd, c ? c->at : row->odd ? row->odd->run : 0);
	run_id(p, table, c != NULL, c ? c->lo : 0);
	run_id(p, table, c != NULL, c ? c->hi : 0);
	cf_table_text(doc, table, finding->suspect);
	cf_table_text(doc, table, finding->id);
}

static struct cf_column *find_column(struct cf_column *all, const char *id)
{
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
		if (!strcmp(all[i].id, id))
			return &all[i];
	g_assert_not_reached();
}

static gboolean has_metrics(const struct cf_regress_page *p, size_t shown)
{
	for (size_t i = 1; i < shown; i++)
		if (strcmp(cf_finding_at(p->judged->findings, i)->metric,
			   cf_finding_at(p->judged->findings, 0)->metric) != 0)
			return TRUE;
	return FALSE;
}

/* What is the same in all rows is for the caption, and what none has for nobody. */
static void fit_columns(const struct cf_regress_page *p, struct cf_column *all, size_t shown)
{
	gboolean modules = FALSE;

	memcpy(all, columns, sizeof(columns));
	for (size_t i = 0; i < shown; i++) {
		const struct cf_finding *finding = cf_finding_at(p->judged->findings, i);

		modules = modules || (finding->module && *finding->module);
	}
	if (!has_metrics(p, shown))
		find_column(all, "metric")->flags |= CF_COLUMN_DATA;
	if (!modules)
		find_column(all, "module")->flags |= CF_COLUMN_DATA;
}

static struct cf_node *add_table(const struct cf_regress_page *p, size_t shown)
{
	struct cf_column all[G_N_ELEMENTS(columns)];
	g_autofree char *caption = NULL;
	struct cf_node *table;

	fit_columns(p, all, shown);
	if (find_column(all, "metric")->flags & CF_COLUMN_DATA && shown)
		caption = g_strdup_printf("findings, %s", cf_finding_at(p->judged->findings, 0)->metric);
	table = cf_doc_table(p->analysis->doc, p->analysis->section, "findings", caption, all,
			     G_N_ELEMENTS(all));
	for (size_t i = 0; i < shown; i++)
		add_row(p, table, cf_finding_at(p->judged->findings, i));
	return table;
}

static void add_rest(const struct cf_regress_page *p, struct cf_node *table, size_t more)
{
	g_autofree char *text =
		g_strdup_printf("%zu more finding%s (-n 0 shows all)", more, more == 1 ? "" : "s");

	if (!more)
		return;
	cf_table_rest(table);
	for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
		cf_table_text(p->analysis->doc, table, strcmp(columns[i].id, "name") == 0 ? text : NULL);
}

/* --- the stories ------------------------------------------------------------------------------ */

static void add_line(const struct cf_regress_page *p, struct cf_node *item, const char *before,
		     const char *text)
{
	struct cf_node *list = cf_doc_add(p->analysis->doc, item, CF_LIST, NULL);
	struct cf_node *inner = cf_doc_add(p->analysis->doc, list, CF_ITEM, NULL);
	g_autofree char *line = g_strconcat(before, text, NULL);

	cf_doc_add(p->analysis->doc, inner, CF_TEXT, line);
}

static void add_story(const struct cf_regress_page *p, struct cf_node *list, const struct cf_finding *finding,
		      gboolean metrics)
{
	const struct cf_regress_row *row = row_of(p, finding);
	struct cf_doc *doc = p->analysis->doc;
	struct cf_node *item = cf_doc_add(doc, list, CF_ITEM, NULL), *lines;

	cf_doc_add(doc, item, CF_CODE, finding->name);
	if (metrics) {
		cf_doc_add(doc, item, CF_TEXT, ", ");
		cf_doc_add(doc, item, CF_CODE, finding->metric);
	}
	cf_doc_add(doc, item, CF_TEXT, ": ");
	cf_doc_add(doc, item, CF_TEXT, finding->reason);
	if (!row->suspects || !row->suspects->len)
		return;
	if (row->suspects->len == 1) {
		add_line(p, item, "suspect: ", g_ptr_array_index(row->suspects, 0));
		return;
	}
	lines = cf_doc_add(doc, item, CF_LIST, NULL);
	for (guint i = 0; i < row->suspects->len; i++) {
		struct cf_node *inner = cf_doc_add(doc, lines, CF_ITEM, NULL);
		g_autofree char *line = g_strconcat(
			i ? "or: " : "suspect: ", (const char *)g_ptr_array_index(row->suspects, i), NULL);

		cf_doc_add(doc, inner, CF_TEXT, line);
	}
}

static void add_stories(const struct cf_regress_page *p, size_t shown)
{
	size_t most = p->analysis->reader == CF_READER_TERMINAL ? DETAILED : SIZE_MAX, told = 0;
	struct cf_node *list = NULL;

	for (size_t i = 0; i < shown && told < most; i++) {
		const struct cf_finding *finding = cf_finding_at(p->judged->findings, i);

		if (finding->kind == CF_FINDING_IMPROVEMENT || !finding->reason)
			continue;
		if (!list)
			list = cf_doc_add(p->analysis->doc, p->analysis->section, CF_LIST, NULL);
		add_story(p, list, finding, has_metrics(p, shown));
		told++;
	}
}

/* What the changes of functions did to the whole. */
static void add_consequences(const struct cf_regress_page *p)
{
	for (guint i = 0; i < p->judged->consequences->len; i++) {
		const struct cf_regress_change *c =
			&g_array_index(p->judged->consequences, struct cf_regress_change, i);
		const struct cf_regress_series *series = cf_regress_series(p->history, c->series);
		g_autofree char *before = cf_unit_text(series->unit, c->before),
				*after = cf_unit_text(series->unit, c->after);
		g_autofree char *place = cf_regress_place(run_at(p, c->at));
		g_autofree char *percent = cf_percent_text(c->ratio.estimate);

		cf_doc_para(p->analysis->doc, p->analysis->section,
			    "whole run: %s -> %s, %s %% with %s, which these functions explain", before,
			    after, percent, place);
	}
}

void cf_regress_present_findings(const struct cf_regress_page *p)
{
	size_t all = cf_findings_count(p->judged->findings);
	size_t shown = p->limit ? MIN(all, (size_t)p->limit) : all;

	if (!all && p->analysis->reader != CF_READER_PROGRAM)
		return;
	add_rest(p, add_table(p, shown), all - shown);
	add_stories(p, shown);
	add_consequences(p);
}

/* --- notes ------------------------------------------------------------------------------------ */

static char *scale_text(const struct cf_regress_page *p, const struct cf_regress_metric *metric)
{
	double least = INFINITY, most = 0;
	char lo[G_ASCII_DTOSTR_BUF_SIZE], hi[G_ASCII_DTOSTR_BUF_SIZE];

	if (!metric->scaled)
		return g_strdup_printf("%s as it is", metric->name);
	for (guint i = 0; i < p->history->runs->len; i++) {
		least = fmin(least, metric->scale[i]);
		most = fmax(most, metric->scale[i]);
	}
	g_ascii_formatd(lo, sizeof(lo), "%.3f", least);
	g_ascii_formatd(hi, sizeof(hi), "%.3f", most);
	return g_strdup_printf("%s of functions divided by the size of the run, %s to %s (median of ratios)",
			       metric->name, lo, hi);
}

void cf_regress_present_notes(const struct cf_regress_page *p)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(text, "%u series of %u runs", p->result->looked, p->history->runs->len);
	for (guint i = 0; i < p->history->metrics->len; i++) {
		g_autofree char *scale = scale_text(p, cf_regress_metric(p->history, i));

		g_string_append_printf(text, "; %s", scale);
	}
	if (p->history->few)
		g_string_append_printf(text, "; %u functions left out: too few samples", p->history->few);
	if (p->result->shorts)
		g_string_append_printf(text, "; %u series left out: in fewer than %d runs", p->result->shorts,
				       CF_REGRESS_LEAST);
	if (p->history->stepped)
		g_string_append_printf(text, "; %u left out: by load or time, not repetitions",
				       p->history->stepped);
	if (p->history->lacking)
		g_string_append_printf(text, "; %u runs have nothing of it", p->history->lacking);
	cf_doc_para(p->analysis->doc, p->analysis->section, "%s", text->str);
	g_string_truncate(text, 0);
	append(text, p->judged->past, "regression recovered long since", "regressions recovered long since");
	append(text, p->judged->withdrawn, "regression that fewer runs told, and all don't",
	       "regressions that fewer runs told, and all don't");
	append(text, p->judged->old_odd, "odd value in earlier runs", "odd values in earlier runs");
	if (text->len)
		cf_doc_para(p->analysis->doc, p->analysis->section, "not shown: %s (--all)", text->str);
	if (!p->history->culprits->history && !p->analysis->in_report)
		cf_doc_para(p->analysis->doc, p->analysis->section,
			    "suspects aren't known: callflow ingest REPOSITORY, and --commit for runs");
}
