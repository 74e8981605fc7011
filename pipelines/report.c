/* SPDX-License-Identifier: MIT */
/* report: a Markdown template with callflow blocks -> a document. */
#include "pipelines/report.h"

#include <string.h>

#include "core/files.h"
#include "pipelines/template.h"
#include "pipelines/template_path.h"

#define TEMPLATE_CAP (UINT64_C(256) << 10)
/* Cells and boxes of a whole report, beyond which a page is of no use; where one analysis has more, that many such. */
#define ENTRIES_MAX 1000000u
#define LARGEST_MAX 10u

struct shipped {
	const char *name, *text;
};

static const struct shipped shipped[] = {
	{
		"summary",
#include "gen/templates/reports/summary.md.inc"
	},
	{
		"architecture",
#include "gen/templates/reports/architecture.md.inc"
	},
	{
		"weekly",
#include "gen/templates/reports/weekly.md.inc"
	},
	{
		"churn",
#include "gen/templates/reports/churn.md.inc"
	},
	{
		"release",
#include "gen/templates/reports/release.md.inc"
	},
};

const char *const cf_report_templates[] = { "summary", "weekly", "release", "architecture", "churn", NULL };

/* What one line of a block asks for, checked. */
struct part {
	struct cf_template_line *line;
	const struct cf_analyzer *analyzer;
	struct cf_params *params;
	const char *argument, *run; /* borrowed from line */
};

static void part_free(gpointer data)
{
	struct part *part = data;

	if (part->params)
		cf_params_free(part->params);
	g_free(part);
}

/* --- checking ----------------------------------------------------------------------------------------- */

/* The long name of a setting that is written by its letter ("n=20"), else name itself. */
static const char *long_name(const struct cf_analyzer *analyzer, const char *name)
{
	for (const struct cf_param *const *t = analyzer->params; name[0] && !name[1] && t && *t; t++)
		for (const struct cf_param *p = *t; p->name; p++)
			if (p->letter == name[0])
				return p->name;
	return name;
}

static int unknown_analysis(const struct cf_template_line *line, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = cf_visible(line->analysis, -1, 80);
	const char *nearest;

	for (size_t i = 0; cf_analyzers[i]; i++)
		g_ptr_array_add(names, (gpointer)cf_analyzers[i]->name);
	nearest = cf_nearest(line->analysis, (const char *const *)names->pdata, names->len);
	if (nearest)
		return cf_error_as(diag, CF_STATUS_USAGE, &line->loc, "no analysis '%s'; did you mean '%s'?",
				   shown, nearest);
	return cf_error_as(diag, CF_STATUS_USAGE, &line->loc, "no analysis '%s'", shown);
}

/* One that isn't about a run reads none, unless its own settings name it. */
static gboolean is_about_runs(const struct part *part)
{
	return part->analyzer->needs != CF_NEEDS_REPO;
}

static int check_setting(struct part *part, const struct cf_template_setting *setting, struct cf_diag *diag)
{
	const struct cf_loc *loc = &part->line->loc;
	const char *name = long_name(part->analyzer, setting->key);

	if (setting->value && is_about_runs(part) &&
	    (strcmp(setting->key, "run") == 0 || strcmp(setting->key, "current") == 0)) {
		part->run = setting->value;
		return 0;
	}
	if (part->analyzer->argument_name && !part->argument) {
		/* `callers malloc`, or func=malloc for a name with an equals sign. */
		if (!setting->value && !cf_params_has(part->params, name)) {
			part->argument = setting->key;
			return 0;
		}
		if (setting->value && g_ascii_strcasecmp(setting->key, part->analyzer->argument_name) == 0) {
			part->argument = setting->value;
			return 0;
		}
	}
	return cf_params_set(part->params, name, setting->value ? setting->value : "true", loc, diag);
}

static int check_line(struct cf_template_line *line, GPtrArray *parts, struct cf_diag *diag)
{
	const struct cf_analyzer *analyzer = cf_analyzer_by_name(line->analysis);
	struct part *part;
	int result = 0;

	if (!analyzer)
		return unknown_analysis(line, diag);
	part = g_new0(struct part, 1);
	part->line = line;
	part->analyzer = analyzer;
	part->params = cf_params_new(analyzer->params);
	g_ptr_array_add(parts, part);
	for (guint i = 0; i < line->settings->len; i++)
		if (check_setting(part, g_ptr_array_index(line->settings, i), diag) < 0)
			result = -1;
	if (analyzer->argument_name && analyzer->needs != CF_NEEDS_REPO && !part->argument)
		return cf_error_as(diag, CF_STATUS_USAGE, &line->loc, "%s needs a %s", analyzer->name,
				   analyzer->argument_name);
	return result;
}

/* --- running ------------------------------------------------------------------------------------------ */

/* The first error of what may fail for want of data. */
static void keep_first(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	char **first = ctx;

	if (severity == CF_ERROR && !*first)
		*first = g_strdup(text);
}

/* The command that supplies the data of part. Caller frees. */
static char *supplying(const struct part *part)
{
	if (part->analyzer->needs == CF_NEEDS_REPO)
		return g_strdup("callflow ingest DIRECTORY");
	if (part->run && strspn(part->run, "0123456789@~:") != strlen(part->run))
		return g_strdup_printf("callflow ingest --name %s perf.data", part->run);
	return g_strdup(part->argument ? "callflow top -n 0" : "callflow ingest perf.data");
}

/* A reason that ends in a command says by itself what to do. */
static void no_data(struct cf_doc *doc, const struct part *part, const char *why)
{
	struct cf_node *note = cf_doc_callout(doc, part->line->section, CF_LEVEL_INFO);
	struct cf_node *para = cf_doc_add(doc, note, CF_PARA, NULL);
	const char *colon = g_strrstr(why, ": callflow ");
	g_autofree char *reason = g_strndup(why, colon ? (gsize)(colon - why) : strlen(why));
	g_autofree char *command = colon ? g_strdup(colon + 2) : supplying(part);
	g_autofree char *sentence = g_strdup_printf("Nothing to show here: %s%s: ", reason,
						    colon            ? ""
						    : part->argument ? ". The names there are"
								     : ". This would supply it");

	cf_doc_add(doc, para, CF_TEXT, sentence);
	cf_doc_add(doc, para, CF_CODE, command);
}

/* With the heading that nothing else stands under. */
static void leave_out(struct cf_template_line *line)
{
	cf_doc_remove(line->section);
	line->section = NULL;
}

/*
 * Of what compares: what its base= says, or the report's, or the run before. A picture is compared only where there is
 * something to compare with that somebody asked for.
 */
static int select_base(const struct cf_report *report, const struct part *part, struct cf_analysis *analysis,
		       struct cf_run_set *base, struct cf_no_base *no_base, struct cf_diag *diag)
{
	gboolean can = cf_params_has(part->params, "base");
	const char *expr = can ? cf_params_string(part->params, "base") : NULL;

	if (!can || (!expr && !report->base && !part->analyzer->pair))
		return 0;
	if (!expr && report->base && analysis->current == report->current) {
		analysis->base = report->base;
		return 0;
	}
	if (cf_base_select(report->store, expr, report->in, part->analyzer->facts, analysis->current, base,
			   no_base, diag))
		return -1;
	if (!base->runs) {
		analysis->no_base = no_base;
		return part->analyzer->pair ? 0 : cf_no_base_error(no_base, diag);
	}
	if (cf_base_differs(base, analysis->current, diag) || cf_analyzer_accepts(part->analyzer, base, diag))
		return -1;
	analysis->base = base;
	cf_runs_as_inputs(analysis->doc, base, analysis->current);
	return 0;
}

static int run_part(const struct cf_report *report, const struct part *part, struct cf_doc *doc,
		    struct cf_diag *diag)
{
	g_autofree char *why = NULL;
	struct cf_diag trial = { .consume = keep_first, .ctx = &why };
	struct cf_run_set other = { 0 }, base = { 0 };
	struct cf_no_base no_base = { 0 };
	struct cf_analysis analysis = {
		.store = report->store,
		.current = report->current,
		.argument = part->argument,
		.params = part->params,
		.in = report->in,
		.loaded = report->loaded,
		.doc = doc,
		.section = part->line->section,
		.in_report = TRUE,
		.diag = &trial,
	};
	int result = 0;

	if (part->run && is_about_runs(part)) {
		result = cf_store_select(report->store, part->run, report->in, part->analyzer->facts, &other,
					 &trial);
		analysis.current = &other;
		/* A history names its runs itself. */
		if (result == 0 && !part->analyzer->history)
			cf_runs_as_inputs(doc, NULL, &other);
	}
	if (result == 0 && part->analyzer->needs == CF_NEEDS_RUN && !analysis.current->runs->len)
		result = cf_error(&trial, NULL, "no run in the store");
	if (result == 0)
		result = cf_analyzer_accepts(part->analyzer, analysis.current, &trial);
	if (result == 0)
		result = select_base(report, part, &analysis, &base, &no_base, &trial);
	if (result == 0)
		result = cf_analyzer_run(part->analyzer, &analysis);
	cf_run_set_clear(&other);
	cf_run_set_clear(&base);
	cf_no_base_clear(&no_base);
	if (result == 0)
		cf_doc_judge(doc, analysis.verdict, part->line->section);
	else if (trial.status != CF_STATUS_INPUT && (trial.status != CF_STATUS_USAGE || !part->argument))
		return cf_error_as(diag, trial.status, &part->line->loc, "%s",
				   why ? why : "the analysis failed");
	else if (part->line->optional)
		leave_out(part->line);
	else
		no_data(doc, part, why ? why : "no data");
	return 0;
}

/* Cells of tables, boxes of trees, words: what a renderer's work goes by. */
static uint64_t count_entries(const struct cf_node *section)
{
	uint64_t entries = 0;

	for (const struct cf_node *node = section; node; node = cf_node_walk(section, node)) {
		entries++;
		if (node->table)
			entries += node->table->cells->len;
		if (node->tree)
			entries += node->tree->nodes->len;
	}
	return entries;
}

static int run_parts(const struct cf_report *report, const GPtrArray *parts, struct cf_doc *doc,
		     struct cf_diag *diag)
{
	uint64_t entries = 0, largest = 0;

	for (guint i = 0; i < parts->len; i++) {
		const struct part *part = g_ptr_array_index(parts, i);
		uint64_t own;

		if (entries > MAX(ENTRIES_MAX, LARGEST_MAX * largest))
			return cf_error_as(diag, CF_STATUS_USAGE, &part->line->loc,
					   "the analyses before this one have %" G_GUINT64_FORMAT
					   " cells and boxes; no more are added beyond %" G_GUINT64_FORMAT,
					   entries, MAX(ENTRIES_MAX, LARGEST_MAX * largest));
		if (run_part(report, part, doc, diag) < 0)
			return -1;
		own = part->line->section ? count_entries(part->line->section) : 0;
		entries += own;
		largest = MAX(largest, own);
	}
	return 0;
}

/* --- variables ---------------------------------------------------------------------------------------- */

static void set(GHashTable *variables, const char *name, const char *value)
{
	g_hash_table_replace(variables, g_strdup(name), g_strdup(value ? value : ""));
}

static void set_date(GHashTable *variables, const char *name, GDateTime *day)
{
	g_autofree char *text = day ? g_date_time_format(day, "%Y-%m-%d") : NULL;

	set(variables, name, text);
}

/* The run's day, its ISO week from Monday to Sunday, and the Sunday before, all in UTC. */
static void add_week_variables(GHashTable *variables, GDateTime *start)
{
	g_autoptr(GDateTime) monday =
		start ? g_date_time_add_days(start, 1 - g_date_time_get_day_of_week(start)) : NULL;
	g_autoptr(GDateTime) sunday = monday ? g_date_time_add_days(monday, 6) : NULL;
	g_autoptr(GDateTime) before = monday ? g_date_time_add_days(monday, -1) : NULL;

	set_date(variables, "run.date", start);
	set_date(variables, "week.from", monday);
	set_date(variables, "week.to", sunday);
	set_date(variables, "week.before", before);
}

/* What is said of the run that the report is about. */
static void add_run_variables(GHashTable *variables, const struct cf_run *run)
{
	g_autoptr(GDateTime) start =
		g_date_time_new_from_unix_utc(run->start_ns / G_GINT64_CONSTANT(1000000000));
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, run->id);
	g_autofree char *when = cf_time_short(run->start_ns, run->start_source == CF_START_MTIME);

	set(variables, "run.id", id);
	set(variables, "run.name", run->name);
	set(variables, "run.start", run->start_source == CF_START_NONE ? "unknown" : when);
	set(variables, "run.host", run->host);
	set(variables, "run.command", run->command);
	set(variables, "run.commit", run->commit);
	add_week_variables(variables, start);
	if (start) {
		g_autofree char *week = g_strdup_printf("%02d", g_date_time_get_week_of_year(start));
		g_autofree char *year = g_strdup_printf("%d", g_date_time_get_week_numbering_year(start));

		set(variables, "week", week);
		set(variables, "year", year);
	}
}

/* The built-in variables; those that were given replace them. */
static GHashTable *make_variables(const struct cf_report *report)
{
	GHashTable *variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GHashTableIter iter;
	gpointer key, value;

	if (report->current->runs->len)
		add_run_variables(variables,
				  g_ptr_array_index(report->current->runs, report->current->runs->len - 1));
	set(variables, "version", CF_VERSION);
	if (report->variables) {
		g_hash_table_iter_init(&iter, report->variables);
		while (g_hash_table_iter_next(&iter, &key, &value))
			set(variables, key, value);
	}
	return variables;
}

/* --- the template ------------------------------------------------------------------------------------- */

static const struct shipped *shipped_by_name(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shipped); i++)
		if (strcmp(shipped[i].name, name) == 0)
			return &shipped[i];
	return NULL;
}

static int no_template(const char *name, struct cf_diag *diag)
{
	const char *nearest = cf_nearest(name, cf_report_templates, G_N_ELEMENTS(shipped));
	g_autofree char *shown = cf_visible(name, -1, 200), *known = NULL;

	if (nearest)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no template '%s'; did you mean '%s'?", shown,
				   nearest);
	known = g_strjoinv(", ", (char **)cf_report_templates);
	return cf_error_as(
		diag, CF_STATUS_USAGE, NULL,
		"no template '%s'; it is neither one that comes with callflow (%s) nor a .md file; a run "
		"stands behind the template: callflow report summary %s",
		shown, known, shown);
}

/* Does a block compare without saying with what? Then all that can compare do so with the same. */
static gboolean wants_base(const struct cf_report *report, const GPtrArray *parts)
{
	for (guint i = 0; i < parts->len && !report->base && report->current->runs->len; i++) {
		const struct part *part = g_ptr_array_index(parts, i);

		if (part->analyzer->pair && !part->run && !cf_params_is_set(part->params, "base"))
			return TRUE;
	}
	return FALSE;
}

static int run_with_base(const struct cf_report *report, const GPtrArray *parts, struct cf_doc *doc,
			 struct cf_diag *diag)
{
	struct cf_report own = *report;
	struct cf_run_set base = { 0 };
	struct cf_no_base no_base = { 0 };
	struct cf_loaded loaded = { 0 };
	gboolean about_runs = parts->len == 0;
	int result = 0;

	if (wants_base(report, parts))
		result = cf_base_select(report->store, NULL, report->in, 0, report->current, &base, &no_base,
					diag);
	own.loaded = &loaded;
	if (base.runs)
		own.base = &base;
	for (guint i = 0; i < parts->len; i++)
		about_runs = about_runs || is_about_runs(g_ptr_array_index(parts, i));
	if (about_runs)
		cf_runs_as_inputs(doc, own.base, own.current);
	if (result == 0)
		result = run_parts(&own, parts, doc, diag);
	cf_loaded_clear(&loaded);
	cf_run_set_clear(&base);
	cf_no_base_clear(&no_base);
	return result;
}

static int expand(const struct cf_report *report, const char *path, struct cf_slice text, struct cf_doc *doc,
		  struct cf_diag *diag)
{
	g_autoptr(GHashTable) variables = make_variables(report);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)cf_template_line_free);
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
	int result;

	result = cf_template_build(path, text, variables, doc, lines, diag);
	for (guint i = 0; i < lines->len; i++)
		if (check_line(g_ptr_array_index(lines, i), parts, diag) < 0)
			result = -1;
	if (result == 0)
		result = run_with_base(report, parts, doc, diag);
	if (!doc->title)
		cf_doc_set_title(doc, g_hash_table_lookup(variables, "run.name"));
	return result;
}

int cf_report_line(const struct cf_report *report, const struct cf_loc *loc, const char *text,
		   struct cf_doc *doc, struct cf_diag *diag)
{
	g_autoptr(GHashTable) variables = make_variables(report);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)cf_template_line_free);
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
	struct cf_doc *scratch = doc ? NULL : cf_doc_new(NULL);
	int result = cf_template_add_line(loc, text, variables, doc ? doc : scratch, lines, diag);

	for (guint i = 0; i < lines->len; i++)
		if (check_line(g_ptr_array_index(lines, i), parts, diag) < 0)
			result = -1;
	if (result == 0 && doc)
		result = run_parts(report, parts, doc, diag);
	cf_doc_free(scratch);
	return result;
}

static int expand_file(const struct cf_report *report, const char *path, struct cf_doc *doc,
		       struct cf_diag *diag)
{
	struct cf_file file;
	struct cf_slice text;
	char *owned = NULL;
	int result;

	if (cf_file_open(&file, path, TEMPLATE_CAP, diag) < 0)
		return -1;
	result = cf_text_utf8(file.path, file.bytes, &text, &owned, diag);
	if (result == 0)
		result = expand(report, file.path, text, doc, diag);
	g_free(owned);
	cf_file_release(&file);
	return result;
}

int cf_report_expand(const struct cf_report *report, struct cf_doc *doc, struct cf_diag *diag)
{
	const char *name = report->template_name;
	const struct shipped *own = shipped_by_name(name);
	g_autofree char *path = cf_template_path_first(name);

	if (path)
		return expand_file(report, path, doc, diag);
	if (own) {
		path = g_strconcat(own->name, ".md", NULL);
		return expand(
			report, path,
			(struct cf_slice){ .data = (const uint8_t *)own->text, .len = strlen(own->text) },
			doc, diag);
	}
	if (strchr(name, '/') || g_str_has_suffix(name, ".md") || strcmp(name, "-") == 0)
		return expand_file(report, name, doc, diag);
	path = cf_template_path_last(name);
	return path ? expand_file(report, path, doc, diag) : no_template(name, diag);
}
