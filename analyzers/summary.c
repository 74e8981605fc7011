/* SPDX-License-Identifier: MIT */
/* summary: what a reader should know of a run first: the headline, the main figures, where to look first. */
#include "analyzers/analyzer.h"

#include "analyzers/headline.h"
#include "analyzers/series.h"
#include "core/hash.h"

struct facts {
	struct cf_ranking functions;
	GPtrArray *remarks; /* struct cf_remark *, borrowed from lists */
	GPtrArray *lists;   /* GPtrArray * of each run */
	int64_t threads;    /* that have a name */
};

static void facts_clear(struct facts *facts)
{
	cf_ranking_clear(&facts->functions);
	g_clear_pointer(&facts->remarks, g_ptr_array_unref);
	g_clear_pointer(&facts->lists, g_ptr_array_unref);
}

static guint thread_hash(gconstpointer key)
{
	return cf_hash(*(const uint64_t *)key, 0);
}

static gboolean thread_equal(gconstpointer a, gconstpointer b)
{
	return *(const uint64_t *)a == *(const uint64_t *)b;
}

/* A thread that was renamed has a row per name. */
static int take_thread(void *ctx, const struct cf_thread_row *row)
{
	uint64_t number = (uint64_t)(uint32_t)row->pid << 32 | (uint32_t)row->tid;

	if (*row->comm)
		g_hash_table_add(ctx, g_memdup2(&number, sizeof(number)));
	return 0;
}

/* Adds the threads of a run that have the metric. */
static int count_threads(const struct cf_analysis *analysis, int64_t run, unsigned metric, int64_t *threads)
{
	g_autoptr(GHashTable) numbers = g_hash_table_new_full(thread_hash, thread_equal, g_free, NULL);

	if (cf_store_threads(analysis->store, run, metric, take_thread, numbers, analysis->diag))
		return -1;
	*threads += g_hash_table_size(numbers);
	return 0;
}

/* What is to be said of a run, unless it has nothing of the metric. */
static int load_run(const struct cf_analysis *analysis, struct facts *facts, int64_t run)
{
	int metric = cf_metric_index(analysis->store, run, facts->functions.metric, analysis->diag);
	GPtrArray *list;

	if (metric < 0)
		return metric == -1 ? 0 : -1;
	list = cf_quality_load(analysis->store, run, analysis->diag);
	if (!list)
		return -1;
	g_ptr_array_add(facts->lists, list);
	for (guint k = 0; k < list->len; k++)
		g_ptr_array_add(facts->remarks, g_ptr_array_index(list, k));
	return count_threads(analysis, run, (unsigned)metric, &facts->threads);
}

static int load(const struct cf_analysis *analysis, struct facts *facts)
{
	const GPtrArray *runs = analysis->current->runs;

	*facts = (struct facts){ 0 };
	if (cf_ranking_load(&facts->functions, analysis, CF_BY_FUNCTION, FALSE, 0))
		return -1;
	facts->remarks = g_ptr_array_new();
	facts->lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < runs->len; i++) {
		if (load_run(analysis, facts, ((const struct cf_run *)g_ptr_array_index(runs, i))->id)) {
			facts_clear(facts);
			return -1;
		}
	}
	return 0;
}

static void tile(struct cf_doc *doc, struct cf_node *table, const char *label, const char *value,
		 const char *note, gboolean attention)
{
	cf_table_text(doc, table, label);
	cf_table_text(doc, table, value);
	cf_table_text(doc, table, note);
	cf_table_text(doc, table, attention ? "attention" : "info");
}

static const char *first_cure(const struct cf_headline *headline, enum cf_look_kind kind)
{
	for (guint i = 0; i < headline->looks->len; i++) {
		const struct cf_look *one = &g_array_index(headline->looks, struct cf_look, i);

		if (one->kind == kind && one->cure)
			return one->cure;
	}
	return NULL;
}

static void present_tiles(struct cf_analysis *analysis, const struct cf_headline *headline,
			  const struct cf_ranking *functions)
{
	static const struct cf_column columns[] = { { "label", "label", CF_UNIT_NONE, 0 },
						    { "value", "value", CF_UNIT_NONE, 0 },
						    { "note", "note", CF_UNIT_NONE, CF_COLUMN_NAME },
						    { "level", "level", CF_UNIT_NONE, CF_COLUMN_DATA } };
	const struct cf_quality_sum sum = cf_quality_of(analysis->current, functions->lacking);
	const char *cpu = cf_metric_cpu(functions->metric);
	struct cf_doc *doc = analysis->doc;
	struct cf_node *table =
		cf_doc_table(doc, analysis->section, "figures", NULL, columns, G_N_ELEMENTS(columns));
	g_autofree char *weight = cf_cost_text(functions->unit, headline->weight);
	const struct cf_run *first = g_ptr_array_index(analysis->current->runs, 0);
	g_autofree char *samples = g_strdup_printf("%" G_GINT64_FORMAT " %s", headline->count,
						   first->facts & CF_FACTS_SPANS ? "spans" : "samples");
	/* Of calls nothing was sampled. */
	const gboolean plain =
		functions->calls || (functions->unit == CF_UNIT_COUNT && headline->weight == headline->count);
	g_autofree char *top = cf_unit_text(CF_UNIT_RATIO, headline->top_share);
	g_autofree char *unresolved = cf_unit_text(CF_UNIT_RATIO, headline->unresolved);
	g_autofree char *lost = cf_unit_text(CF_UNIT_RATIO, cf_quality_lost_share(&sum));
	g_autofree char *lost_note = g_strdup_printf("%" G_GINT64_FORMAT " lost", sum.lost);

	table->table->style = CF_TABLE_TILES;
	tile(doc, table, cpu ? cpu : functions->metric, weight, plain ? NULL : samples, FALSE);
	if (headline->top)
		tile(doc, table, "top self", top, headline->top->name, FALSE);
	tile(doc, table, "unresolved", unresolved, first_cure(headline, CF_LOOK_UNRESOLVED),
	     headline->unresolved >= CF_QUALITY_MEND);
	if (sum.lost)
		tile(doc, table, "lost samples", lost, lost_note,
		     cf_quality_lost_share(&sum) > CF_QUALITY_LOST);
}

/* "dictFind  4.98 % of its own, in redis-server: callflow callers dictFind" */
static void present_function(struct cf_analysis *analysis, struct cf_node *item, const struct cf_look *one,
			     const char *share)
{
	struct cf_doc *doc = analysis->doc;
	g_autofree char *command = NULL;

	cf_doc_add(doc, item, CF_CODE, one->name);
	if (*one->module) {
		cf_doc_add(doc, item, CF_TEXT, " in ");
		cf_doc_add(doc, item, CF_CODE, one->module);
	}
	cf_doc_add(doc, item, CF_TEXT, " takes ");
	cf_doc_add(doc, cf_doc_add(doc, item, CF_STRONG, NULL), CF_TEXT, share);
	if (one->kind == CF_LOOK_SPINLOCK) {
		cf_doc_add(doc, item, CF_TEXT,
			   ": here the kernel turns interrupts on again. On a virtual machine the timer that "
			   "takes "
			   "samples waits for that, so this may be the time of whatever ran with interrupts "
			   "off.");
		return;
	}
	command = cf_command_with_argument("callers", one->name, analysis->current);
	cf_doc_add(doc, item, CF_TEXT, " itself. Who calls it: ");
	cf_doc_add(doc, item, CF_CODE, command);
}

static void present_unresolved(struct cf_doc *doc, struct cf_node *item, const struct cf_look *one,
			       const char *share)
{
	cf_doc_add(doc, cf_doc_add(doc, item, CF_STRONG, NULL), CF_TEXT, share);
	cf_doc_add(doc, item, CF_TEXT, " is spent in ");
	if (*one->module)
		cf_doc_add(doc, item, CF_CODE, one->module);
	else
		cf_doc_add(doc, item, CF_TEXT, "code that belongs to no known module");
	cf_doc_add(doc, item, CF_TEXT, ", in functions without names");
	if (one->cure) {
		cf_doc_add(doc, item, CF_TEXT, ": ");
		cf_doc_add(doc, item, CF_TEXT, one->cure);
	} else {
		cf_doc_add(doc, item, CF_TEXT, ".");
	}
}

static void present_lost(struct cf_doc *doc, struct cf_node *item, const struct cf_look *one,
			 const char *share)
{
	g_autofree char *text =
		g_strdup_printf("%" G_GINT64_FORMAT " samples (%s) were lost while recording%s%s",
				one->weight, share, one->cure ? ": " : ".", one->cure ? one->cure : "");

	cf_doc_add(doc, item, CF_TEXT, text);
}

static void present_looks(struct cf_analysis *analysis, const struct cf_headline *headline)
{
	struct cf_doc *doc = analysis->doc;
	struct cf_node *list, *para = cf_doc_add(doc, analysis->section, CF_PARA, NULL);

	cf_doc_add(doc, cf_doc_add(doc, para, CF_STRONG, NULL), CF_TEXT, "Look first");
	if (!headline->looks->len) {
		cf_doc_add(doc, para, CF_TEXT,
			   " at the flame graph: no function takes 3 % or more itself, so what is wide and "
			   "high up "
			   "counts, by its total.");
		return;
	}
	cf_doc_add(doc, para, CF_TEXT, " at:");
	list = cf_doc_add(doc, analysis->section, CF_LIST, NULL);
	for (guint i = 0; i < headline->looks->len; i++) {
		const struct cf_look *one = &g_array_index(headline->looks, struct cf_look, i);
		struct cf_node *item = cf_doc_add(doc, list, CF_ITEM, NULL);
		g_autofree char *share = cf_unit_text(CF_UNIT_RATIO, one->share);

		switch (one->kind) {
		case CF_LOOK_FUNCTION:
		case CF_LOOK_SPINLOCK:
			present_function(analysis, item, one, share);
			break;
		case CF_LOOK_UNRESOLVED:
			present_unresolved(doc, item, one, share);
			break;
		case CF_LOOK_LOST:
			present_lost(doc, item, one, share);
			break;
		case CF_LOOK_PARTIAL:
			cf_doc_add(
				doc, item, CF_TEXT,
				"the end of the recording could not be read: what it held is missing here.");
			break;
		}
	}
}

/* One run has its name; a set of runs of one name has it too. less: runs that add nothing. */
static char *subject(const struct cf_run_set *set, guint less)
{
	const struct cf_run *first = g_ptr_array_index(set->runs, 0);
	guint n = set->runs->len - less;

	for (guint i = 1; i < set->runs->len; i++)
		if (g_strcmp0(((const struct cf_run *)g_ptr_array_index(set->runs, i))->name, first->name) !=
		    0)
			return g_strdup_printf("%u run%s", n, n == 1 ? "" : "s");
	return n == 1 ? g_strdup(first->name) : g_strdup_printf("%s in %u runs", first->name, n);
}

static void present(struct cf_analysis *analysis, const struct cf_headline *headline,
		    const struct cf_ranking *functions)
{
	g_autofree char *name = subject(analysis->current, functions->lacking->len);
	g_autofree char *text = cf_headline_text(headline, name, functions);
	struct cf_node *para = cf_doc_add(analysis->doc, analysis->section, CF_PARA, NULL);

	cf_doc_add(analysis->doc, cf_doc_add(analysis->doc, para, CF_STRONG, NULL), CF_TEXT, text);
	present_tiles(analysis, headline, functions);
	if (functions->hidden_text)
		cf_doc_para(analysis->doc, analysis->section, "%s; shares are of the whole",
			    functions->hidden_text);
	cf_lacking_note(analysis->doc, analysis->section, functions->lacking, functions->metric);
	present_looks(analysis, headline);
	cf_metric_note(analysis->doc, analysis->section, functions->other_metrics);
}

/* One run that has measurements, and nothing to rank functions by. */
static const struct cf_run *only_measured(const struct cf_run_set *set)
{
	const struct cf_run *run = g_ptr_array_index(set->runs, 0);

	return set->runs->len == 1 && run->facts == CF_FACTS_POINTS ? run : NULL;
}

static int run(struct cf_analysis *analysis)
{
	const struct cf_run *measured = only_measured(analysis->current);
	struct cf_quality_sum sum;
	struct cf_headline headline;
	struct facts facts;

	if (measured && !cf_filter_given(analysis->params)) {
		sum = cf_quality_of(analysis->current, NULL);
		analysis->verdict = cf_quality_verdict(&sum);
		return cf_series_brief(analysis, analysis->section, measured);
	}
	if (load(analysis, &facts))
		return -1;
	sum = cf_quality_of(analysis->current, facts.functions.lacking);
	cf_headline_compute(&headline, &facts.functions, analysis->current, facts.threads, facts.remarks);
	present(analysis, &headline, &facts.functions);
	analysis->verdict = cf_quality_verdict(&sum);
	cf_headline_clear(&headline);
	facts_clear(&facts);
	return 0;
}

static const struct cf_param *const params[] = { cf_filter_params, NULL };
static const char *const examples[] = { "callflow summary", "callflow summary -f markdown @~1",
					"callflow report -o summary.html", NULL };

const struct cf_analyzer cf_analyzer_summary = {
	.name = "summary",
	.group = "Look at a run",
	.summary = "what a reader should know of a run first",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.params = params,
	.format = "text",
	.run = run,
};
