/* SPDX-License-Identifier: MIT */
/* annotate: the source lines of a function with what each costs. */
#include "analyzers/analyzer.h"

#include "analyzers/calls.h"
#include "analyzers/source.h"

#include <stdlib.h>
#include <string.h>

/* Besides the metric that was chosen, so many are shown; the others are in json and csv. */
#define METRICS_SHOWN 3
/* A checkout or copy writes recording and sources in any order. */
#define WRITTEN_TOGETHER_NS INT64_C(5000000000)

struct row {
	struct cf_str file;
	uint32_t line;  /* 0 unknown */
	int64_t *costs; /* by metric of the answer; owned by costs below */
};

struct file {
	struct cf_str name;
	guint first, end; /* rows[first] to rows[end - 1] */
	int64_t cost;     /* of the chosen metric */
};

struct answer {
	GArray *metrics; /* struct cf_metric: the chosen one, then those in which the function costs anything */
	GArray *rows;    /* struct row by file, then line */
	GArray *files;   /* struct file, costliest first */
	int64_t *costs;
	int64_t self; /* of the chosen metric */
};

static void answer_clear(struct answer *answer)
{
	g_array_unref(answer->metrics);
	g_array_unref(answer->rows);
	g_array_unref(answer->files);
	g_free(answer->costs);
}

/* --- computing ------------------------------------------------------------------------------------------ */

static void find_metrics(struct answer *answer, const struct cf_profile *profile, const gboolean *target)
{
	const struct cf_trace *trace = profile->trace;
	g_autofree gboolean *used = g_new0(gboolean, MAX(trace->metrics->len, 1));

	for (guint i = 0; i < trace->lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(trace->lines, struct cf_line_cost, i);

		if (target[line->func.id] && line->weight)
			used[line->metric.id] = TRUE;
	}
	g_array_append_val(answer->metrics, profile->metric);
	for (uint32_t m = 0; m < trace->metrics->len; m++) {
		const struct cf_metric metric = { m };

		if (used[m] && m != profile->metric.id)
			g_array_append_val(answer->metrics, metric);
	}
}

/* By text, since ids aren't the same in two stores. */
static gint by_place(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_line_cost *x = *(const struct cf_line_cost *const *)a,
				  *y = *(const struct cf_line_cost *const *)b;
	int order = x->file.id == y->file.id
			    ? 0
			    : strcmp(cf_dict_text(data, x->file), cf_dict_text(data, y->file));

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static GPtrArray *lines_of(const struct cf_profile *profile, const gboolean *target)
{
	GPtrArray *lines = g_ptr_array_new();

	for (guint i = 0; i < profile->trace->lines->len; i++) {
		const struct cf_line_cost *line =
			&g_array_index(profile->trace->lines, struct cf_line_cost, i);

		if (target[line->func.id])
			g_ptr_array_add(lines, (gpointer)line);
	}
	g_ptr_array_sort_with_data(lines, by_place, profile->trace->dict);
	return lines;
}

static void sum_lines(struct answer *answer, const struct cf_profile *profile, const gboolean *target)
{
	g_autoptr(GPtrArray) lines = lines_of(profile, target);
	g_autofree uint32_t *column = g_new0(uint32_t, MAX(profile->trace->metrics->len, 1));
	guint n = answer->metrics->len;

	for (guint m = 0; m < n; m++)
		column[g_array_index(answer->metrics, struct cf_metric, m).id] = m + 1;
	answer->costs = g_new0(int64_t, (size_t)n * MAX(lines->len, 1));
	for (guint i = 0; i < lines->len; i++) {
		const struct cf_line_cost *line = g_ptr_array_index(lines, i);
		struct row *last = answer->rows->len
					   ? &g_array_index(answer->rows, struct row, answer->rows->len - 1)
					   : NULL;

		if (!column[line->metric.id])
			continue;
		if (!last || last->file.id != line->file.id || last->line != line->line) {
			const struct row row = { line->file, line->line,
						 answer->costs + (size_t)n * answer->rows->len };

			g_array_append_val(answer->rows, row);
			last = &g_array_index(answer->rows, struct row, answer->rows->len - 1);
		}
		cf_sum(&last->costs[column[line->metric.id] - 1], line->weight);
	}
}

static gint by_cost(gconstpointer a, gconstpointer b)
{
	const struct file *x = a, *y = b;

	/* Files stand in the order of their names before. */
	return x->cost != y->cost ? (x->cost > y->cost ? -1 : 1)
				  : (x->first > y->first) - (x->first < y->first);
}

static void group_files(struct answer *answer)
{
	for (guint i = 0; i < answer->rows->len; i++) {
		const struct row *row = &g_array_index(answer->rows, struct row, i);
		struct file *last = answer->files->len ? &g_array_index(answer->files, struct file,
									answer->files->len - 1)
						       : NULL;

		if (!last || last->name.id != row->file.id) {
			const struct file file = { row->file, i, i, 0 };

			g_array_append_val(answer->files, file);
			last = &g_array_index(answer->files, struct file, answer->files->len - 1);
		}
		last->end = i + 1;
		cf_sum(&last->cost, row->costs[0]);
		cf_sum(&answer->self, row->costs[0]);
	}
	g_array_sort(answer->files, by_cost);
}

static void compute(struct answer *answer, const struct cf_profile *profile, const gboolean *target)
{
	*answer = (struct answer){ .metrics = g_array_new(FALSE, FALSE, sizeof(struct cf_metric)),
				   .rows = g_array_new(FALSE, FALSE, sizeof(struct row)),
				   .files = g_array_new(FALSE, FALSE, sizeof(struct file)) };
	find_metrics(answer, profile, target);
	sum_lines(answer, profile, target);
	group_files(answer);
}

/* --- the document --------------------------------------------------------------------------------------- */

struct presentation {
	struct cf_analysis *analysis;
	const struct cf_profile *profile;
	const struct answer *answer;
	GArray *columns; /* struct cf_column */
	GPtrArray *ids;  /* owned texts of columns */
};

static const struct cf_metric_info *metric_info(const struct presentation *p, guint m)
{
	return &g_array_index(p->profile->trace->metrics, struct cf_metric_info,
			      g_array_index(p->answer->metrics, struct cf_metric, m).id);
}

/* "D1mr" -> "d1mr", "cycles:u" -> "cycles_u"; a second one of that id gets a number. */
static char *column_id(const struct presentation *p, const char *metric)
{
	g_autofree char *plain = g_ascii_strdown(metric, -1);
	g_autofree char *id = NULL;

	for (char *c = plain; *c; c++)
		if (!g_ascii_isalnum(*c))
			*c = '_';
	id = g_strconcat("cost_", plain, NULL);
	for (guint n = 2; g_ptr_array_find_with_equal_func(p->ids, id, g_str_equal, NULL); n++) {
		g_free(id);
		id = g_strdup_printf("cost_%s_%u", plain, n);
	}
	return g_steal_pointer(&id);
}

static void add_column(struct presentation *p, const char *id, const char *title, enum cf_unit unit,
		       unsigned flags)
{
	const struct cf_column column = { id, title, unit, flags };

	g_array_append_val(p->columns, column);
}

static void make_columns(struct presentation *p)
{
	p->columns = g_array_new(FALSE, FALSE, sizeof(struct cf_column));
	p->ids = g_ptr_array_new_with_free_func(g_free);
	add_column(p, "line", "line", CF_UNIT_ID, 0);
	add_column(p, "share", "of it %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR);
	for (guint m = 0; m < p->answer->metrics->len; m++) {
		const struct cf_metric_info *info = metric_info(p, m);
		const char *name = cf_dict_text(p->profile->trace->dict, info->name);

		g_ptr_array_add(p->ids, column_id(p, name));
		add_column(p, g_ptr_array_index(p->ids, m), name, info->unit,
			   m > METRICS_SHOWN ? CF_COLUMN_DATA : 0);
	}
	add_column(p, "source", "source", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_SOURCE);
	add_column(p, "file", "file", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE);
}

/* row NULL: a line without cost, for what is around it. */
static void add_row(const struct presentation *p, struct cf_node *table, const struct row *row, uint32_t line,
		    const char *text, const char *file)
{
	if (line)
		cf_table_int(table, line);
	else
		cf_table_empty(table);
	if (row)
		cf_table_double(table, cf_share(row->costs[0], p->answer->self));
	else
		cf_table_empty(table);
	for (guint m = 0; m < p->answer->metrics->len; m++) {
		if (row && row->costs[m])
			cf_table_int(table, row->costs[m]);
		else
			cf_table_empty(table);
	}
	cf_table_text(p->analysis->doc, table, text ? text : line ? NULL : "(no line known)");
	cf_table_text(p->analysis->doc, table, file);
}

/* The lines from one up to, without, another that lie within context of either. */
static void add_context(const struct presentation *p, struct cf_node *table,
			const struct cf_source_text *source, uint32_t from, uint32_t to, uint32_t context,
			const char *file)
{
	for (uint32_t line = from + 1; line < to; line++) {
		g_autofree char *text = NULL;

		if (from && line > from && line - from > context && to - line > context) {
			line = to - context - 1;
			continue;
		}
		if (!from && to - line > context) {
			line = to - context - 1;
			continue;
		}
		text = cf_source_line(source, line);
		if (!text)
			return;
		add_row(p, table, NULL, line, text, file);
	}
}

static void add_lines(const struct presentation *p, struct cf_node *table, const struct file *file,
		      const struct cf_source_text *source, const char *name)
{
	uint32_t context = (uint32_t)cf_params_int(p->analysis->params, "context"), last = 0;

	for (guint i = file->first; i < file->end; i++) {
		const struct row *row = &g_array_index(p->answer->rows, struct row, i);
		g_autofree char *text = source ? cf_source_line(source, row->line) : NULL;

		if (source && row->line)
			add_context(p, table, source, last, row->line, context, name);
		add_row(p, table, row, row->line, text, name);
		last = row->line;
	}
	if (source && last)
		add_context(p, table, source, last, MIN(last, UINT32_MAX - context - 1) + context + 1,
			    context, name);
}

/* The end of the run, as far as is known: of callgrind, when the file was written. */
static gboolean is_newer(const struct cf_source_text *source, const struct cf_run_set *set)
{
	for (guint i = 0; i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);

		int64_t slack = run->start_source == CF_START_MTIME ? WRITTEN_TOGETHER_NS : 0;

		if (run->start_source != CF_START_NONE && source->file.mtime_ns > run->start_ns + slack)
			return TRUE;
	}
	return FALSE;
}

static void present_file(const struct presentation *p, const struct file *file, const char *const *roots)
{
	struct cf_doc *doc = p->analysis->doc;
	const char *name = cf_dict_text(p->profile->trace->dict, file->name);
	g_autofree char *caption = NULL, *path = NULL;
	struct cf_source_text source;
	gboolean found = *name && cf_source_find(&source, roots, name);
	struct cf_node *table;

	path = found ? g_build_filename(source.root, source.file.path, NULL) : NULL;
	caption = found ? g_strdup_printf("%s, as it is in %s", name, path)
			: g_strdup(*name ? name : "[no source known]");
	if (found && is_newer(&source, p->analysis->current))
		cf_doc_para(doc, cf_doc_callout(doc, p->analysis->section, CF_LEVEL_ATTENTION),
			    "%s was changed after the run began: its lines may be others by now", path);
	g_array_index(p->columns, struct cf_column, p->columns->len - 2).flags =
		CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_SOURCE | (found ? 0 : CF_COLUMN_DATA);
	table = cf_doc_table(doc, p->analysis->section, "lines", caption,
			     (const struct cf_column *)(const void *)p->columns->data, p->columns->len);
	add_lines(p, table, file, found ? &source : NULL, name);
	if (found)
		cf_source_clear(&source);
}

static void present_sentence(const struct presentation *p, const struct cf_calls *calls)
{
	struct cf_doc *doc = p->analysis->doc;
	struct cf_node *para = cf_doc_add(doc, p->analysis->section, CF_PARA, NULL);
	g_autofree char *self = cf_cost_text(p->profile->unit, p->answer->self), *modules = NULL,
			*text = NULL;
	g_autofree char *share = cf_unit_text(CF_UNIT_RATIO, cf_share(p->answer->self, p->profile->weight));

	g_ptr_array_add(calls->modules, NULL);
	modules = g_strjoinv(", ", (char **)calls->modules->pdata);
	g_ptr_array_set_size(calls->modules, (gint)calls->modules->len - 1);
	cf_doc_add(doc, para, CF_CODE, calls->name);
	if (*modules) {
		cf_doc_add(doc, para, CF_TEXT, " in ");
		cf_doc_add(doc, para, CF_CODE, modules);
	}
	text = g_strdup_printf(": its lines cost %s (%s) of %s", self, share, p->profile->metric_name);
	cf_doc_add(doc, para, CF_TEXT, text);
}

static void present_notes(const struct presentation *p, const char *const *roots)
{
	g_autoptr(GPtrArray) others = g_ptr_array_new();

	if (!*roots)
		cf_doc_para(p->analysis->doc, p->analysis->section,
			    "The text of the lines: --source-root DIR, with the folder of the source files");
	for (guint m = METRICS_SHOWN + 1; m < p->answer->metrics->len; m++)
		g_ptr_array_add(others,
				(gpointer)cf_dict_text(p->profile->trace->dict, metric_info(p, m)->name));
	cf_metric_note(p->analysis->doc, p->analysis->section, others);
}

static void present(struct cf_analysis *analysis, const struct cf_profile *profile,
		    const struct cf_calls *calls, const struct answer *answer)
{
	struct presentation p = { .analysis = analysis, .profile = profile, .answer = answer };
	const char *const *roots = cf_params_list(analysis->params, "source-root");

	make_columns(&p);
	present_sentence(&p, calls);
	for (guint i = 0; i < answer->files->len; i++)
		present_file(&p, &g_array_index(answer->files, struct file, i), roots);
	present_notes(&p, roots);
	g_array_unref(p.columns);
	g_ptr_array_unref(p.ids);
}

static int run(struct cf_analysis *analysis)
{
	struct cf_profile profile;
	struct cf_calls calls;
	struct answer answer;
	int result = 0;

	if (cf_profile_load_calls(&profile, analysis, CF_FACTS_LINES))
		return -1;
	if (cf_calls_find(&calls, &profile, analysis->argument, analysis->diag)) {
		cf_profile_clear(&profile);
		return -1;
	}
	compute(&answer, &profile, calls.target);
	if (answer.rows->len) {
		present(analysis, &profile, &calls, &answer);
	} else {
		g_autofree char *name = cf_visible(calls.name, -1, 200);

		result = cf_error(analysis->diag, NULL, "no line of '%s' has a cost of its own", name);
	}
	answer_clear(&answer);
	cf_calls_clear(&calls);
	cf_profile_clear(&profile);
	return result;
}

static const struct cf_param own[] = { { .name = "source-root",
					 .type = CF_PARAM_LIST,
					 .arg = "DIR",
					 .help = "take the text of lines from source files below DIR" },
				       { .name = "context",
					 .type = CF_PARAM_INT,
					 .arg = "LINES",
					 .help = "lines to show around those that cost",
					 .fallback = "2",
					 .min = 0,
					 .max = 1000 },
				       { .name = "metric",
					 .type = CF_PARAM_STRING,
					 .arg = "NAME",
					 .help = "event that shares are of (default: the run's first)" },
				       { 0 } };
static const struct cf_param *const params[] = { own, NULL };
static const char *const examples[] = { "callflow annotate dictFind --source-root ~/redis",
					"callflow annotate main --metric D1mr 7",
					"callflow annotate main --source-root . -o main.html", NULL };

const struct cf_analyzer cf_analyzer_annotate = {
	.name = "annotate",
	.group = "Look at a run",
	.summary = "the source lines of a function with what they cost",
	.synopsis = "FUNC [RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_LINES,
	.argument_name = "FUNC",
	.params = params,
	.format = "text",
	.run = run,
};
