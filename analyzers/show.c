/* SPDX-License-Identifier: MIT */
/* show: what is known about a run: where it came from, its events, its modules, the quality of its data. */
#include "analyzers/analyzer.h"

#include "analyzers/profile.h"
#include "analyzers/operations.h"
#include "analyzers/quality.h"
#include "analyzers/runs.h"
#include "analyzers/series.h"
#include "core/hash.h"

#include <string.h>

#define MODULES_SHOWN 20
#define OPERATIONS_SHOWN 20
#define REMARKS_IN_REPORT 8

struct metric {
	char *name;
	enum cf_unit unit;
	int64_t weight, count, functions;
};

struct module {
	char *name, *path, *build_id;
	int64_t self; /* of the first metric */
};

struct facts {
	const struct cf_run *run;
	GArray *metrics; /* struct metric */
	GArray *modules; /* struct module, heaviest first */
	GPtrArray *remarks;
};

static void metric_clear(gpointer data)
{
	g_free(((struct metric *)data)->name);
}

static void module_clear(gpointer data)
{
	struct module *module = data;

	g_free(module->name);
	g_free(module->path);
	g_free(module->build_id);
}

static void facts_clear(struct facts *facts)
{
	g_array_unref(facts->metrics);
	g_array_unref(facts->modules);
	g_clear_pointer(&facts->remarks, g_ptr_array_unref);
}

static int take_metric(void *ctx, const struct cf_metric_row *row)
{
	const struct metric metric = { g_strdup(row->name), row->unit, row->weight, row->count,
				       row->functions };

	g_array_append_val((GArray *)ctx, metric);
	return 0;
}

static int take_module(void *ctx, const struct cf_module_row *row)
{
	const struct module module = { g_strdup(row->name), g_strdup(row->path), g_strdup(row->build_id), 0 };

	g_array_append_val((GArray *)ctx, module);
	return 0;
}

static int take_self(void *ctx, const struct cf_func_row *row)
{
	int64_t *sum = g_hash_table_lookup(ctx, row->module);

	if (!sum) {
		sum = g_new0(int64_t, 1);
		g_hash_table_insert(ctx, g_strdup(row->module), sum);
	}
	cf_sum(sum, row->self);
	return 0;
}

static int by_self(gconstpointer a, gconstpointer b)
{
	const struct module *x = a, *y = b;
	int order;

	if (x->self != y->self)
		return x->self > y->self ? -1 : 1;
	order = g_strcmp0(x->name, y->name);
	if (!order)
		order = g_strcmp0(x->path, y->path);
	return order ? order : g_strcmp0(x->build_id, y->build_id);
}

/*
 * Costs are kept by module name; two files of one name (a replaced library) share the sum, shown at the
 * first. A module of which nothing but the name is known, and no cost, isn't worth a row.
 */
static void weigh(GArray *modules, GHashTable *self)
{
	g_array_sort(modules, by_self);
	for (guint i = 0; i < modules->len; i++) {
		struct module *module = &g_array_index(modules, struct module, i);
		const int64_t *sum = g_hash_table_lookup(self, module->name);

		module->self = sum ? *sum : 0;
		if (sum)
			g_hash_table_remove(self, module->name);
	}
	for (guint i = modules->len; i-- > 0;) {
		const struct module *module = &g_array_index(modules, struct module, i);

		if (!module->self && !*module->path && !*module->build_id)
			g_array_remove_index(modules, i);
	}
	g_array_sort(modules, by_self);
}

static int load(const struct cf_analysis *analysis, const struct cf_run *run, struct facts *facts)
{
	g_autoptr(GHashTable) self = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, g_free);

	*facts = (struct facts){ .run = run,
				 .metrics = g_array_new(FALSE, FALSE, sizeof(struct metric)),
				 .modules = g_array_new(FALSE, FALSE, sizeof(struct module)) };
	g_array_set_clear_func(facts->metrics, metric_clear);
	g_array_set_clear_func(facts->modules, module_clear);
	if (cf_store_metrics(analysis->store, run->id, take_metric, facts->metrics, analysis->diag) ||
	    cf_store_modules(analysis->store, run->id, take_module, facts->modules, analysis->diag) ||
	    (facts->metrics->len && cf_store_functions(analysis->store, run->id, 0, FALSE, INT64_MAX,
						       take_self, self, analysis->diag)))
		return -1;
	facts->remarks = cf_quality_load(analysis->store, run->id, analysis->diag);
	if (!facts->remarks)
		return -1;
	weigh(facts->modules, self);
	return 0;
}

static void fact(struct cf_doc *doc, struct cf_node *table, const char *label, const char *value)
{
	if (!value || !*value)
		return;
	cf_table_text(doc, table, label);
	cf_table_text(doc, table, value);
}

static const char *start_source(const struct cf_run *run)
{
	switch (run->start_source) {
	case CF_START_INPUT:
		return "as recorded";
	case CF_START_USER:
		return "as given with --time";
	case CF_START_MTIME:
		return "taken from the file's time";
	case CF_START_NONE:
		break;
	}
	return "unknown";
}

static void present_facts(struct cf_doc *doc, struct cf_node *section, const struct cf_run *run)
{
	static const struct cf_column columns[] = { { "fact", "fact", CF_UNIT_NONE, 0 },
						    { "value", "value", CF_UNIT_NONE, CF_COLUMN_NAME } };
	struct cf_node *table = cf_doc_table(doc, section, "run", NULL, columns, G_N_ELEMENTS(columns));
	g_autofree char *start = run->start_source == CF_START_NONE ? NULL : cf_time_text(run->start_ns);
	g_autofree char *start_text =
		g_strdup_printf("%s%s(%s)", start ? start : "", start ? " " : "", start_source(run));
	g_autofree char *duration = run->duration_ns ? cf_unit_text_i64(CF_UNIT_NS, run->duration_ns) : NULL;
	g_autofree char *labels = cf_labels_text(run->labels);
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, run->id);
	g_autofree char *threads = g_strdup_printf("%" G_GINT64_FORMAT, run->threads);

	fact(doc, table, "run", id);
	fact(doc, table, "name", run->name);
	fact(doc, table, "start", start_text);
	fact(doc, table, "duration", duration);
	fact(doc, table, "command", run->command);
	fact(doc, table, "host", run->host);
	fact(doc, table, "system", run->os);
	fact(doc, table, "processor", run->cpu);
	fact(doc, table, "commit", run->commit);
	fact(doc, table, "labels", labels);
	fact(doc, table, "threads", run->threads ? threads : NULL);
	fact(doc, table, "source", run->source_path);
	fact(doc, table, "format", run->format);
	fact(doc, table, "content hash", run->hash);
	fact(doc, table, "pinned", run->pinned ? "yes" : NULL);
	fact(doc, table, "partial", run->partial ? "yes: the end of the source could not be read" : NULL);
}

static void present_metrics(struct cf_doc *doc, struct cf_node *section, const struct cf_run *run,
			    const GArray *metrics)
{
	const struct cf_column columns[] = {
		{ "metric", "metric", CF_UNIT_NONE, CF_COLUMN_CODE },
		{ "cost", "cost", CF_UNIT_NONE, 0 },
		{ "samples", run->facts & CF_FACTS_SPANS ? "spans" : "samples", CF_UNIT_COUNT,
		  run->facts & CF_FACTS_SAMPLES ? 0 : CF_COLUMN_DATA },
		{ "functions", "functions", CF_UNIT_COUNT, 0 },
		{ "weight", "weight", CF_UNIT_NONE, CF_COLUMN_DATA },
		{ "unit", "unit", CF_UNIT_NONE, CF_COLUMN_DATA },
	};
	struct cf_node *table;

	if (!metrics->len)
		return;
	table = cf_doc_table(doc, section, "metrics", NULL, columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < metrics->len; i++) {
		const struct metric *metric = &g_array_index(metrics, struct metric, i);
		g_autofree char *cost = cf_cost_text(metric->unit, metric->weight);

		cf_table_text(doc, table, metric->name);
		cf_table_text(doc, table, cost);
		cf_table_int(table, metric->count);
		cf_table_int(table, metric->functions);
		cf_table_int(table, metric->weight);
		cf_table_text(doc, table, cf_unit_name(metric->unit));
	}
}

/* The heaviest, and none of the many that are only mapped. */
static guint modules_shown(const GArray *modules)
{
	guint n = 0;

	while (n < modules->len && n < MODULES_SHOWN && g_array_index(modules, struct module, n).self)
		n++;
	return n;
}

static void present_modules(struct cf_doc *doc, struct cf_node *section, const struct facts *facts)
{
	const struct cf_column columns[] = {
		{ "self_share", "self %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
		{ "self", "self", facts->run->unit, 0 },
		{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "build_id", "build id", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "path", "path", CF_UNIT_NONE, CF_COLUMN_DATA | CF_COLUMN_CODE },
	};
	guint n = modules_shown(facts->modules);
	g_autofree char *text = g_strdup_printf("%u more module%s", facts->modules->len - n,
						facts->modules->len - n == 1 ? "" : "s");
	struct cf_node *table;
	int64_t rest = 0;

	if (!n)
		return;
	table = cf_doc_table(doc, section, "modules", NULL, columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < facts->modules->len; i++) {
		const struct module *module = &g_array_index(facts->modules, struct module, i);

		if (i >= n) {
			cf_sum(&rest, module->self);
			continue;
		}
		cf_table_double(table, cf_share(module->self, facts->run->weight));
		cf_table_int(table, module->self);
		cf_table_text(doc, table, *module->name ? module->name : "[unknown module]");
		cf_table_text(doc, table, module->build_id);
		cf_table_text(doc, table, module->path);
	}
	if (facts->modules->len == n)
		return;
	cf_table_rest(table);
	cf_table_double(table, cf_share(rest, facts->run->weight));
	cf_table_int(table, rest);
	cf_table_text(doc, table, text);
	cf_table_empty(table);
	cf_table_empty(table);
}

/* What --part asks for. */
static gboolean wants(const struct cf_analysis *analysis, const char *part)
{
	const char *asked = cf_params_string(analysis->params, "part");

	return !strcmp(asked, "all") || !strcmp(asked, part);
}

/* Operations and series: what was measured, rather than what is known of it. */
static int present_measurements(struct cf_analysis *analysis, struct cf_node *section,
				const struct cf_run *run)
{
	int64_t errors;

	if (!wants(analysis, "measurements"))
		return 0;
	if ((run->facts & CF_FACTS_SPANS) &&
	    cf_operations_table(analysis, section, run, OPERATIONS_SHOWN, &errors))
		return -1;
	if ((run->facts & CF_FACTS_POINTS) && cf_series_table(analysis, section, run))
		return -1;
	if (run->facts & (CF_FACTS_SPANS | CF_FACTS_POINTS) || wants(analysis, "provenance"))
		return 0;
	return cf_error(analysis->diag, NULL, "run %" G_GINT64_FORMAT " has no operations or series",
			run->id);
}

static int present(struct cf_analysis *analysis, struct cf_node *section, const struct facts *facts)
{
	const gboolean provenance = wants(analysis, "provenance");

	if (provenance) {
		present_facts(analysis->doc, section, facts->run);
		present_metrics(analysis->doc, section, facts->run, facts->metrics);
		present_modules(analysis->doc, section, facts);
	}
	if (present_measurements(analysis, section, facts->run))
		return -1;
	if (!provenance)
		return 0;
	if (!facts->run->facts)
		cf_doc_para(analysis->doc, section, "Nothing was recorded in the run.");
	cf_quality_box(analysis->doc, section, facts->run, facts->remarks,
		       analysis->in_report ? REMARKS_IN_REPORT : 0);
	return 0;
}

static int run(struct cf_analysis *analysis)
{
	const GPtrArray *runs = analysis->current->runs;
	struct cf_quality_sum sum = cf_quality_of(analysis->current, NULL);

	for (guint i = 0; i < runs->len; i++) {
		const struct cf_run *one = g_ptr_array_index(runs, i);
		g_autofree char *title = g_strdup_printf("run %" G_GINT64_FORMAT, one->id);
		struct cf_node *section = analysis->section;
		struct facts facts;
		int result;

		result = load(analysis, one, &facts);
		if (!result) {
			if (runs->len > 1)
				section = cf_doc_section(analysis->doc, section, NULL, title);
			result = present(analysis, section, &facts);
		}
		facts_clear(&facts);
		if (result)
			return -1;
	}
	analysis->verdict = cf_quality_verdict(&sum);
	return 0;
}

static const char *const part_choices[] = { "all", "provenance", "measurements", NULL };
static const struct cf_param own[] = { { .name = "part",
					 .type = CF_PARAM_CHOICE,
					 .arg = "PART",
					 .help = "all, provenance, or measurements: operations and series",
					 .fallback = "all",
					 .choices = part_choices },
				       { .name = NULL } };
static const struct cf_param *const params[] = { own, NULL };
static const char *const examples[] = { "callflow show", "callflow show 7", "callflow show -f json nightly",
					NULL };

const struct cf_analyzer cf_analyzer_show = {
	.name = "show",
	.group = "Look at a run",
	.summary = "facts, events and modules of a run, and the quality of its data",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.params = params,
	.format = "text",
	.run = run,
};
