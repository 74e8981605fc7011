/* SPDX-License-Identifier: MIT */
/* profile: the samples of one metric of the selected runs, filtered, with sums by function, module or file.
 */
#include "analyzers/profile.h"

#include "core/sum.h"
#include "core/unfold.h"

#include <string.h>

double cf_share(int64_t part, int64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

void cf_sum(int64_t *sum, int64_t value)
{
	*sum = cf_add_sat(*sum, value);
}

int64_t cf_difference(int64_t a, int64_t b)
{
	int64_t result;

	if (__builtin_sub_overflow(a, b, &result))
		return b > 0 ? INT64_MIN : INT64_MAX;
	return result;
}

int cf_metric_pick(const char *wanted, const char *const *names, size_t n, struct cf_diag *diag)
{
	g_autoptr(GString) list = NULL;
	g_autofree char *shown = NULL;

	if (!n)
		return cf_error(diag, NULL, "the run has no samples");
	if (!wanted)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], wanted))
			return (int)i;
	list = g_string_new(NULL);
	for (size_t i = 0; i < n; i++)
		g_string_append_printf(list, "%s%s", i ? ", " : "", names[i]);
	shown = cf_visible(wanted, -1, 200);
	return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no metric '%s' in the run; it has %s", shown,
			   list->str);
}

struct search {
	const char *name;
	int at, found;
};

static int match_metric(void *ctx, const struct cf_metric_row *row)
{
	struct search *search = ctx;

	if (!strcmp(row->name, search->name))
		search->found = search->at;
	search->at++;
	return 0;
}

int cf_metric_index(struct cf_store *store, int64_t run, const char *name, struct cf_diag *diag)
{
	struct search search = { .name = name, .found = -1 };

	return cf_store_metrics(store, run, match_metric, &search, diag) ? -2 : search.found;
}

/* A run alone has what was picked among its own. */
static int find_lacking(struct cf_profile *profile, const struct cf_analysis *analysis)
{
	const GPtrArray *runs = analysis->current->runs;

	for (guint i = 0; runs->len > 1 && i < runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(runs, i);
		int index = cf_metric_index(analysis->store, run->id, profile->metric_name, analysis->diag);

		if (index == -2)
			return -1;
		if (index == -1)
			g_array_append_val(profile->lacking, run->id);
	}
	return 0;
}

static const char *metric_name(const struct cf_trace *trace, uint32_t i)
{
	return cf_dict_text(trace->dict, g_array_index(trace->metrics, struct cf_metric_info, i).name);
}

static void set_metric(struct cf_profile *profile, struct cf_metric metric)
{
	const struct cf_trace *trace = profile->trace;

	profile->metric = metric;
	profile->metric_name = metric_name(trace, metric.id);
	profile->unit = g_array_index(trace->metrics, struct cf_metric_info, metric.id).unit;
	g_ptr_array_set_size(profile->other_metrics, 0);
	for (uint32_t i = 0; i < trace->metrics->len; i++)
		if (i != metric.id)
			g_ptr_array_add(profile->other_metrics, (gpointer)metric_name(trace, i));
}

static int choose_metric(struct cf_profile *profile, const struct cf_params *params, struct cf_diag *diag)
{
	const struct cf_trace *trace = profile->trace;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	int chosen;

	for (uint32_t i = 0; i < trace->metrics->len; i++)
		g_ptr_array_add(names, (gpointer)metric_name(trace, i));
	chosen = cf_metric_pick(cf_params_has(params, "metric") ? cf_params_string(params, "metric") : NULL,
				(const char *const *)names->pdata, names->len, diag);
	if (chosen < 0)
		return -1;
	set_metric(profile, (struct cf_metric){ (uint32_t)chosen });
	return 0;
}

/* Of sums that saturated no difference is left. */
static void count_hidden(struct cf_profile *profile)
{
	int64_t weight = 0, count = 0;

	for (uint32_t i = 0; i < profile->costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(profile->costs, struct cf_stack_cost, i);

		cf_sum(&weight, cost->weight);
		cf_sum(&count, cost->count);
	}
	profile->hidden = cf_difference(profile->weight, weight);
	profile->hidden_count = cf_difference(profile->count, count);
}

static void take_samples(struct cf_profile *profile)
{
	struct cf_trace *trace = profile->trace;

	profile->weight = profile->count = 0;
	profile->costs = cf_filter_costs(&profile->filter, trace, profile->metric);
	for (uint32_t i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);

		if (cost->metric.id != profile->metric.id)
			continue;
		cf_sum(&profile->weight, cost->weight);
		cf_sum(&profile->count, cost->count);
	}
	if (cf_filter_active(&profile->filter))
		count_hidden(profile);
}

static void take_graph(struct cf_profile *profile)
{
	g_autofree gboolean *kept = cf_filter_funcs(&profile->filter, profile->trace->dict);

	profile->costs = g_array_new(FALSE, FALSE, sizeof(struct cf_stack_cost));
	profile->graph = g_new0(struct cf_call_graph, 1);
	cf_call_graph_init(profile->graph, profile->trace, profile->metric);
	profile->weight = profile->graph->self;
	for (uint32_t i = 1; i < profile->graph->funcs; i++)
		if (!kept[i])
			cf_sum(&profile->hidden, profile->graph->nodes[i].self);
}

static void init(struct cf_profile *profile, struct cf_trace *trace)
{
	*profile = (struct cf_profile){ .trace = trace,
					.other_metrics = g_ptr_array_new(),
					.lacking = g_array_new(FALSE, FALSE, sizeof(int64_t)) };
}

static int take_calls(struct cf_profile *profile, const struct cf_params *params, struct cf_diag *diag)
{
	gboolean calls = cf_trace_is_call_graph(profile->trace);

	if (cf_filter_init(&profile->filter, params, diag) || choose_metric(profile, params, diag) ||
	    (calls && cf_filter_suits_calls(&profile->filter, diag)))
		return -1;
	if (calls)
		take_graph(profile);
	else
		take_samples(profile);
	return 0;
}

int cf_profile_take_calls(struct cf_profile *profile, struct cf_trace *trace, const struct cf_params *params,
			  struct cf_diag *diag)
{
	init(profile, trace);
	if (take_calls(profile, params, diag) == 0)
		return 0;
	cf_profile_clear(profile);
	return -1;
}

static void clear_graph(struct cf_profile *profile)
{
	if (profile->graph)
		cf_call_graph_clear(profile->graph);
	g_clear_pointer(&profile->graph, g_free);
}

void cf_profile_unfold(struct cf_profile *profile, gboolean all)
{
	if (!profile->graph)
		return;
	clear_graph(profile);
	profile->unfolded = TRUE;
	for (uint32_t m = 0; m < profile->trace->metrics->len; m++) {
		int64_t pruned = all || m == profile->metric.id
					 ? cf_unfold(profile->trace, (struct cf_metric){ m }, CF_UNFOLD_LEAST)
					 : 0;

		if (m == profile->metric.id)
			profile->pruned = pruned;
	}
	g_clear_pointer(&profile->costs, g_array_unref);
	profile->hidden = 0;
	take_samples(profile);
}

int cf_profile_take(struct cf_profile *profile, struct cf_trace *trace, const struct cf_params *params,
		    struct cf_diag *diag)
{
	if (cf_profile_take_calls(profile, trace, params, diag))
		return -1;
	cf_profile_unfold(profile, FALSE);
	return 0;
}

/* Samples and calls don't add up: a run of the one kind would vanish in those of the other. */
static int check_kinds(const struct cf_run_set *set, struct cf_diag *diag)
{
	const struct cf_run *first = g_ptr_array_index(set->runs, 0);

	for (guint i = 1; i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);

		if ((run->facts & CF_FACTS_PROFILE) && (first->facts & CF_FACTS_PROFILE) &&
		    (run->facts & CF_FACTS_SAMPLES) != (first->facts & CF_FACTS_SAMPLES))
			return cf_error_as(diag, CF_STATUS_USAGE, NULL,
					   "runs %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
					   " can't be summed: one has samples, the other calls",
					   first->id, run->id);
	}
	return 0;
}

int cf_profile_load_calls(struct cf_profile *profile, const struct cf_analysis *analysis, unsigned facts)
{
	struct cf_loaded_trace taken;

	*profile = (struct cf_profile){ 0 };
	if (check_kinds(analysis->current, analysis->diag) ||
	    cf_loaded_take(analysis->loaded, &taken, analysis->store, analysis->current, facts,
			   analysis->diag))
		return -1;
	init(profile, taken.trace);
	profile->loaded = analysis->loaded;
	profile->taken = taken;
	if (take_calls(profile, analysis->params, analysis->diag) == 0 &&
	    find_lacking(profile, analysis) == 0)
		return 0;
	cf_profile_clear(profile);
	return -1;
}

int cf_profile_load(struct cf_profile *profile, const struct cf_analysis *analysis, unsigned facts)
{
	if (cf_profile_load_calls(profile, analysis, facts))
		return -1;
	cf_profile_unfold(profile, FALSE);
	return 0;
}

void cf_profile_turn(struct cf_profile *profile, struct cf_metric metric)
{
	g_assert(!profile->graph && !profile->unfolded);
	set_metric(profile, metric);
	g_clear_pointer(&profile->costs, g_array_unref);
	profile->hidden = profile->hidden_count = 0;
	take_samples(profile);
}

void cf_profile_clear(struct cf_profile *profile)
{
	cf_filter_clear(&profile->filter);
	clear_graph(profile);
	g_clear_pointer(&profile->costs, g_array_unref);
	g_clear_pointer(&profile->other_metrics, g_ptr_array_unref);
	g_clear_pointer(&profile->lacking, g_array_unref);
	if (profile->taken.trace)
		cf_loaded_give(profile->loaded, &profile->taken);
	else
		cf_trace_free(profile->trace);
	*profile = (struct cf_profile){ 0 };
}

static uint32_t key_of_stack(const struct cf_stack_info *info, const uint32_t *key_of)
{
	return key_of ? key_of[info->func.id] : info->func.id;
}

/* The same of calls: total stays 0 for keys that stand for several functions. */
static GArray *graph_costs(const struct cf_profile *profile, const uint32_t *key_of, uint32_t keys)
{
	const struct cf_call_graph *graph = profile->graph;
	g_autofree gboolean *kept = cf_filter_funcs(&profile->filter, profile->trace->dict);
	uint32_t n = key_of ? keys : graph->funcs;
	g_autofree struct cf_key_cost *sums = g_new0(struct cf_key_cost, (size_t)n + 1);
	g_autofree uint8_t *seen = g_new0(uint8_t, (size_t)n + 1);
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_key_cost));

	for (uint32_t i = 1; i < graph->funcs; i++) {
		const struct cf_call_node *node = &graph->nodes[i];
		struct cf_key_cost *sum = &sums[key_of ? key_of[i] : i];

		if (!node->occurs || !kept[i])
			continue;
		seen[sum - sums] = 1;
		cf_sum(&sum->self, node->self);
		cf_sum(&sum->self_count, node->calls);
		cf_sum(&sum->total_count, node->calls);
		if (!key_of)
			sum->total = node->total;
	}
	for (uint32_t key = 0; key < n; key++) {
		sums[key].key = key;
		if (seen[key])
			g_array_append_val(rows, sums[key]);
	}
	return rows;
}

static GArray *sample_costs(const struct cf_profile *profile, const uint32_t *key_of, uint32_t keys)
{
	const struct cf_dict *dict = profile->trace->dict;
	uint32_t n = key_of ? keys : cf_dict_funcs(dict);
	g_autofree struct cf_key_cost *sums = g_new0(struct cf_key_cost, n + 1);
	/* Number, from 1, of the cost that counted the key last: a key counts once per sample. */
	g_autofree uint32_t *last = g_new0(uint32_t, n + 1);
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_key_cost));

	for (uint32_t i = 0; i < profile->costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(profile->costs, struct cf_stack_cost, i);
		gboolean leaf = TRUE;

		for (struct cf_stack stack = cost->stack; stack.id; leaf = FALSE) {
			struct cf_stack_info info = cf_dict_stack_info(dict, stack);
			uint32_t key = key_of_stack(&info, key_of);

			if (leaf) {
				cf_sum(&sums[key].self, cost->weight);
				cf_sum(&sums[key].self_count, cost->count);
			}
			if (last[key] != i + 1) {
				last[key] = i + 1;
				cf_sum(&sums[key].total, cost->weight);
				cf_sum(&sums[key].total_count, cost->count);
			}
			stack = info.caller;
		}
	}
	for (uint32_t key = 0; key < n; key++) {
		sums[key].key = key;
		if (last[key])
			g_array_append_val(rows, sums[key]);
	}
	return rows;
}

GArray *cf_profile_costs(const struct cf_profile *profile, const uint32_t *key_of, uint32_t keys)
{
	return profile->graph ? graph_costs(profile, key_of, keys) : sample_costs(profile, key_of, keys);
}

char *cf_profile_hidden_text(const struct cf_profile *profile)
{
	g_autofree char *share = NULL, *weight = NULL;

	if (!cf_filter_active(&profile->filter))
		return NULL;
	share = cf_unit_text(CF_UNIT_RATIO, cf_share(profile->hidden, profile->weight));
	weight = cf_cost_text(profile->unit, profile->hidden);
	/* Calls aren't sampled. */
	if (!profile->count)
		return g_strdup_printf("%s (%s) hidden by %s", share, weight, profile->filter.text);
	return g_strdup_printf("%s (%s, %" G_GINT64_FORMAT " samples) hidden by %s", share, weight,
			       profile->hidden_count, profile->filter.text);
}

char *cf_profile_picture_note(const struct cf_profile *profile)
{
	g_autofree char *hidden = cf_profile_hidden_text(profile);
	GString *note;

	if (!profile->unfolded)
		return g_steal_pointer(&hidden);
	note = g_string_new("reconstructed, proportional split");
	if (profile->pruned) {
		g_autofree char *share =
			cf_unit_text(CF_UNIT_RATIO, cf_share(profile->pruned, profile->weight));

		g_string_append_printf(note, "; %s in paths below %g %%", share, CF_UNFOLD_LEAST * 100);
	}
	if (hidden)
		g_string_append_printf(note, "; %s", hidden);
	return g_string_free(note, FALSE);
}

#define METRICS_NAMED 8
void cf_metric_note(struct cf_doc *doc, struct cf_node *section, const GPtrArray *others)
{
	g_autoptr(GString) list = g_string_new(NULL);

	if (!others->len)
		return;
	/* A heap profile may have one for each of many moments. */
	for (guint i = 0; i < MIN(others->len, METRICS_NAMED); i++)
		g_string_append_printf(list, "%s%s", i ? ", " : "",
				       (const char *)g_ptr_array_index(others, i));
	if (others->len > METRICS_NAMED)
		g_string_append_printf(list, " and %u more, see callflow show", others->len - METRICS_NAMED);
	cf_doc_para(doc, section, "other metrics: %s  (--metric NAME)", list->str);
}

#define LACKING_NAMED 5

char *cf_lacking_text(const GArray *lacking, const char *metric)
{
	g_autoptr(GString) list = g_string_new(NULL);

	if (!lacking->len)
		return NULL;
	for (guint i = 0; i < lacking->len && i < LACKING_NAMED; i++)
		g_string_append_printf(list, "%s%" G_GINT64_FORMAT, i ? ", " : "",
				       g_array_index(lacking, int64_t, i));
	if (lacking->len > LACKING_NAMED)
		g_string_append_printf(list, " and %u more", lacking->len - LACKING_NAMED);
	if (lacking->len == 1)
		return g_strdup_printf("run %s has no %s and adds nothing here", list->str, metric);
	return g_strdup_printf("runs %s have no %s and add nothing here", list->str, metric);
}

void cf_lacking_note(struct cf_doc *doc, struct cf_node *section, const GArray *lacking, const char *metric)
{
	g_autofree char *text = cf_lacking_text(lacking, metric);

	if (text)
		cf_doc_para(doc, section, "%s", text);
}

void cf_profile_notes(const struct cf_profile *profile, struct cf_doc *doc, struct cf_node *section)
{
	g_autofree char *hidden = cf_profile_hidden_text(profile);

	if (hidden && profile->hidden == profile->weight && !profile->costs->len)
		cf_doc_para(doc, section, "nothing is left: %s", hidden);
	else if (hidden)
		cf_doc_para(doc, section, "%s; shares are of the whole", hidden);
	if (profile->unfolded)
		cf_doc_para(doc, section,
			    "The run has calls, not stacks: these are reconstructed by proportional split.");
	cf_lacking_note(doc, section, profile->lacking, profile->metric_name);
	cf_metric_note(doc, section, profile->other_metrics);
}
