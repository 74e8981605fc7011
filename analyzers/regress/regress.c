/* SPDX-License-Identifier: MIT */
/* regress: what got slower in a history of runs, since which commit, and whether that is news. */
#include "analyzers/analyzer.h"

#include <string.h>

#include "analyzers/regress/present.h"

#define NS_PER_DAY G_GINT64_CONSTANT(86400000000000)

/* The runs at the end that are news: a number of them, or those of the last days before the newest. */
static size_t count_newest(const struct cf_regress_history *history, const struct cf_params *params)
{
	int64_t days = cf_params_int(params, "new-days"), last;
	size_t n = history->runs->len, newest = 0;

	if (!days)
		return (size_t)cf_params_int(params, "new-runs");
	last = cf_regress_run(history, n - 1)->run->start_ns;
	while (newest < n) {
		int64_t start = cf_regress_run(history, n - 1 - newest)->run->start_ns, age;

		if (__builtin_sub_overflow(last, start, &age) || age / NS_PER_DAY >= days)
			break;
		newest++;
	}
	return newest;
}

static int read_options(struct cf_regress_options *options, const struct cf_gate *gate,
			const struct cf_params *params, struct cf_diag *diag)
{
	*options = CF_REGRESS_OPTIONS;
	options->min_effect = gate->min_effect;
	options->alpha = gate->alpha;
	options->penalty = cf_params_number(params, "penalty");
	if (!(options->penalty > 0 && options->penalty <= 1000))
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   "--penalty: expected a number from 0 to 1000");
	return 0;
}

/* Too short a history is one without a base. */
static int too_short(struct cf_analysis *analysis, const struct cf_gate *gate,
		     const struct cf_regress_history *history)
{
	guint n = history->runs->len;
	const char *name = cf_regress_run(history, n - 1)->run->name;
	g_autofree char *shown = cf_visible(name, -1, 80);
	g_autofree char *why = g_strdup_printf("%s has %u run%s, and a history takes %d", shown, n,
					       n == 1 ? "" : "s", CF_REGRESS_LEAST);
	g_autofree char *named = cf_command_with_argument("ingest --name", shown, NULL);
	g_autofree char *ingest = g_strconcat(named, " FILE", NULL);

	cf_doc_findings(analysis->doc, analysis->section, "regress-findings");
	return cf_gate_missing_base(gate, analysis, why, ingest);
}

static int present(struct cf_analysis *analysis, const struct cf_gate *gate,
		   const struct cf_regress_history *history, const struct cf_regress_options *options,
		   const struct cf_regress_result *result)
{
	struct cf_regress_judged judged;
	struct cf_regress_page page = { analysis, history,         result,
					&judged,  options->newest, cf_params_int(analysis->params, "top") };

	cf_regress_present_header(&page);
	if (cf_regress_judge(&judged, analysis, history, result, cf_params_bool(analysis->params, "all")) !=
	    0)
		return -1;
	cf_regress_present_sentence(&page);
	cf_gate_apply(gate, analysis, judged.findings,
		      (const struct cf_measured *)(const void *)judged.measured->data, judged.measured->len);
	cf_regress_present_findings(&page);
	cf_regress_present_charts(&page);
	cf_regress_present_notes(&page);
	cf_regress_judged_clear(&judged);
	return 0;
}

static int analyse(struct cf_analysis *analysis, const struct cf_gate *gate,
		   struct cf_regress_options *options)
{
	struct cf_regress_history history;
	struct cf_regress_result result;
	int status;

	if (cf_regress_load(&history, analysis) != 0)
		return -1;
	if (history.runs->len < CF_REGRESS_LEAST) {
		status = too_short(analysis, gate, &history);
	} else {
		options->newest = count_newest(&history, analysis->params);
		cf_regress_compute(&result, &history, options);
		status = present(analysis, gate, &history, options, &result);
		cf_regress_result_clear(&result);
	}
	cf_regress_history_clear(&history);
	return status;
}

static int run(struct cf_analysis *analysis)
{
	struct cf_regress_options options;
	struct cf_gate gate;
	int status = cf_gate_read(&gate, "regress", analysis->params, analysis->diag);

	if (status == 0)
		status = read_options(&options, &gate, analysis->params, analysis->diag);
	if (status == 0)
		status = analyse(analysis, &gate, &options);
	cf_gate_clear(&gate);
	return status;
}

static const struct cf_param own[] = { { .name = "top",
					 .letter = 'n',
					 .type = CF_PARAM_INT,
					 .arg = "N",
					 .help = "findings to show, 0: all",
					 .fallback = "20",
					 .min = 0,
					 .max = INT64_MAX },
				       { .name = "all",
					 .type = CF_PARAM_BOOL,
					 .help = "what is past as well: long recovered, odd runs of old" },
				       { .name = "new-runs",
					 .type = CF_PARAM_INT,
					 .arg = "N",
					 .help = "what the last N runs brought is new, the rest known",
					 .fallback = "1",
					 .min = 1,
					 .max = 1000000 },
				       { .name = "new-days",
					 .type = CF_PARAM_INT,
					 .arg = "DAYS",
					 .help = "what the runs of the last days brought is new",
					 .fallback = "0",
					 .min = 0,
					 .max = 100000 },
				       { .name = "penalty",
					 .type = CF_PARAM_NUMBER,
					 .arg = "C",
					 .help = "evidence that a change takes; 4 finds more",
					 .fallback = "6" },
				       { 0 } };
static const struct cf_param *const params[] = { own, cf_regress_load_params, cf_gate_params, NULL };
static const char *const examples[] = {
	"callflow regress nightly", "callflow regress nightly --new-days 7",
	"callflow regress main --fail-on regression:major -f junit -o regress.xml", NULL
};

const struct cf_analyzer cf_analyzer_regress = {
	.name = "regress",
	.group = "Compare",
	.summary = "what got slower in a history of runs, since which commit",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_PROFILE | CF_FACTS_SPANS | CF_FACTS_POINTS,
	.history = TRUE,
	.params = params,
	.format = "text",
	.run = run,
};
