/* SPDX-License-Identifier: MIT */
/* history: the runs of a history, their order, and what is measured in them. */
#include "analyzers/regress/series.h"

#include <math.h>
#include <regex.h>
#include <string.h>

#include "analyzers/regress/load.h"
#include "core/hash.h"

static const char *const cost_choices[] = { "self", "total", NULL };
static const char *const scale_choices[] = { "auto", "median", "none", NULL };

const struct cf_param cf_regress_load_params[] = {
	{ .name = "metric",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "metric of functions, or all (default: the first)" },
	{ .name = "cost",
	  .type = CF_PARAM_CHOICE,
	  .arg = "WHICH",
	  .help = "of functions: self, or total with what they call",
	  .fallback = "self",
	  .choices = cost_choices },
	{ .name = "scale",
	  .type = CF_PARAM_CHOICE,
	  .arg = "HOW",
	  .help = "make runs of functions comparable: median of ratios, none",
	  .fallback = "auto",
	  .choices = scale_choices },
	{ .name = "focus", .type = CF_PARAM_REGEX, .arg = "RE", .help = "only what has such a name" },
	{ .name = "repo",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "repository of the commits (default: the one that has them)" },
	{ 0 }
};

static void clear_metric(gpointer data)
{
	struct cf_regress_metric *metric = data;

	g_free(metric->scale);
	g_free(metric->whole);
}

static void clear_series(gpointer data)
{
	g_free(((struct cf_regress_series *)data)->value);
}

void cf_regress_history_init(struct cf_regress_history *history)
{
	*history = (struct cf_regress_history){
		.set.runs = g_ptr_array_new_with_free_func((GDestroyNotify)cf_run_free),
		.runs = g_array_new(FALSE, TRUE, sizeof(struct cf_regress_run)),
		.series = g_array_new(FALSE, TRUE, sizeof(struct cf_regress_series)),
		.texts = g_string_chunk_new(4096),
	};
	history->metrics = g_array_new(FALSE, TRUE, sizeof(struct cf_regress_metric));
	g_array_set_clear_func(history->metrics, clear_metric);
	g_array_set_clear_func(history->series, clear_series);
}

void cf_regress_history_clear(struct cf_regress_history *history)
{
	cf_run_set_clear(&history->set);
	g_array_unref(history->runs);
	g_array_unref(history->series);
	g_array_unref(history->metrics);
	g_string_chunk_free(history->texts);
	cf_culprits_free(history->culprits);
}

struct cf_regress_series *cf_regress_add(struct cf_regress_history *history, enum cf_finding_subject subject,
					 const char *name, const double *value, size_t n)
{
	struct cf_regress_series *series;

	g_array_set_size(history->series, history->series->len + 1);
	series = cf_regress_series(history, history->series->len - 1);
	series->subject = subject;
	series->of = CF_NONE;
	series->name = g_string_chunk_insert_const(history->texts, name);
	series->value = g_memdup2(value, n * sizeof(*value));
	return series;
}

guint cf_regress_add_metric(struct cf_regress_history *history, const char *name)
{
	struct cf_regress_metric metric = { .name = g_string_chunk_insert_const(history->texts, name),
					    .scale = g_new(double, history->runs->len + 1),
					    .whole = g_new(double, history->runs->len + 1) };

	for (guint r = 0; r < history->runs->len; r++) {
		metric.scale[r] = 1;
		metric.whole[r] = NAN;
	}
	g_array_append_val(history->metrics, metric);
	return history->metrics->len - 1;
}

char *cf_regress_place(const struct cf_run *run)
{
	g_autofree char *start = cf_run_start_text(run);

	if (!run->commit || !*run->commit)
		return start ? g_steal_pointer(&start) : g_strdup_printf("run %" G_GINT64_FORMAT, run->id);
	if (strspn(run->commit, "0123456789abcdef") == 40)
		return g_strndup(run->commit, 7);
	return cf_visible(run->commit, -1, 40);
}

/* --- which runs, in which order --------------------------------------------------------------- */

static gboolean is_later(const struct cf_run *a, const struct cf_run *b)
{
	return a->start_ns != b->start_ns ? a->start_ns > b->start_ns : a->id > b->id;
}

/* One run: all of its name, without those that came after it. */
static int expand(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	const struct cf_run *run = g_ptr_array_index(analysis->current->runs, 0);
	g_autofree char *expr = g_strdup_printf("%" G_GINT64_FORMAT ":all", run->id);
	GPtrArray *runs;

	cf_run_set_clear(&history->set);
	if (cf_store_select(analysis->store, expr, analysis->in, 0, &history->set, analysis->diag) != 0)
		return -1;
	runs = history->set.runs;
	while (runs->len && is_later(g_ptr_array_index(runs, runs->len - 1), run))
		g_ptr_array_set_size(runs, (gint)runs->len - 1);
	return 0;
}

/* The runs of a set are borrowed: they are selected anew, so that both cases own theirs. */
static int copy(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	g_autoptr(GString) expr = g_string_new(NULL);
	const GPtrArray *runs = analysis->current->runs;

	for (guint i = 0; i < runs->len; i++)
		g_string_append_printf(expr, "%s%" G_GINT64_FORMAT, i ? "," : "",
				       ((const struct cf_run *)g_ptr_array_index((GPtrArray *)runs, i))->id);
	cf_run_set_clear(&history->set);
	return cf_store_select(analysis->store, expr->str, NULL, 0, &history->set, analysis->diag);
}

static int load_culprits(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	g_autoptr(GPtrArray) commits = g_ptr_array_new();

	for (guint i = 0; i < history->set.runs->len; i++)
		g_ptr_array_add(commits,
				((const struct cf_run *)g_ptr_array_index(history->set.runs, i))->commit);
	history->culprits =
		cf_culprits_load(analysis->store, cf_params_string(analysis->params, "repo"),
				 (const char *const *)commits->pdata, commits->len, analysis->diag);
	return history->culprits ? 0 : -1;
}

static gint by_commit(gconstpointer a, gconstpointer b)
{
	const struct cf_regress_run *x = a, *y = b;

	/* Commits of a history stand parents first. */
	if (x->commit != y->commit)
		return x->commit < y->commit ? -1 : 1;
	return is_later(x->run, y->run) ? 1 : -1;
}

static void order_runs(struct cf_regress_history *history)
{
	gboolean all = history->set.runs->len > 0, file_times = FALSE;

	for (guint i = 0; i < history->set.runs->len; i++) {
		struct cf_regress_run run = { .run = g_ptr_array_index(history->set.runs, i),
					      .commit = CF_NONE };

		run.commit = cf_culprits_commit(history->culprits, run.run->commit);
		all = all && run.commit != CF_NONE;
		file_times = file_times || run.run->start_source == CF_START_MTIME;
		g_array_append_val(history->runs, run);
	}
	history->order = all          ? CF_REGRESS_BY_COMMIT
			 : file_times ? CF_REGRESS_BY_FILE_TIME
				      : CF_REGRESS_BY_START;
	if (all)
		g_array_sort(history->runs, by_commit);
}

/* --- what is measured ------------------------------------------------------------------------- */

static unsigned facts_of(const struct cf_regress_history *history)
{
	unsigned facts = 0;

	for (guint i = 0; i < history->set.runs->len; i++)
		facts |= ((const struct cf_run *)g_ptr_array_index(history->set.runs, i))->facts;
	return facts;
}

static void drop_series(struct cf_regress_history *history, const char *focus)
{
	regex_t regex;

	/* Checked when it was set. */
	if (!focus || regcomp(&regex, focus, REG_EXTENDED | REG_NOSUB) != 0)
		return;
	for (guint i = history->series->len; i-- > 0;)
		if (regexec(&regex, cf_regress_series(history, i)->name, 0, NULL, 0) != 0)
			g_array_remove_index(history->series, i);
	regfree(&regex);
}

/* A run with no value in any series, of which the reader should know. */
static void count_lacking(struct cf_regress_history *history)
{
	for (guint r = 0; r < history->runs->len; r++) {
		gboolean any = FALSE;

		for (guint i = 0; !any && i < history->series->len; i++)
			any = !isnan(cf_regress_series(history, i)->value[r]);
		history->lacking += !any;
	}
}

/* Functions of samples or calls; benchmarks; of traces their operations, which say more than self times. */
static int load_all(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	unsigned facts = facts_of(history);

	if (facts & CF_FACTS_PROFILE && !(facts & CF_FACTS_SPANS) &&
	    cf_regress_load_functions(history, analysis) != 0)
		return -1;
	if (facts & CF_FACTS_POINTS && cf_regress_load_points(history, analysis) != 0)
		return -1;
	if (facts & CF_FACTS_SPANS && cf_regress_load_operations(history, analysis) != 0)
		return -1;
	return 0;
}

int cf_regress_load(struct cf_regress_history *history, const struct cf_analysis *analysis)
{
	int result;

	cf_regress_history_init(history);
	result = analysis->current->runs->len == 1 ? expand(history, analysis) : copy(history, analysis);
	if (result == 0)
		result = load_culprits(history, analysis);
	if (result == 0) {
		order_runs(history);
		result = load_all(history, analysis);
	}
	if (result != 0) {
		if (!history->set.runs)
			history->set.runs = g_ptr_array_new();
		cf_regress_history_clear(history);
		return -1;
	}
	drop_series(history, cf_params_string(analysis->params, "focus"));
	count_lacking(history);
	return 0;
}
