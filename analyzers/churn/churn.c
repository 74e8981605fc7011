/* SPDX-License-Identifier: MIT */
/* churn: where change concentrates, who knows it, what changes together, and what of it costs. */
#include "analyzers/analyzer.h"

#include "analyzers/churn/brief.h"
#include "analyzers/churn/tables.h"

/* Unless -n says how many: enough to see on a screen, and for programs all but what grows with the square of people. */
#define BRIEF_ROWS 10
#define DATA_ROWS 10000

static void set_limit(struct cf_churn_answers *a)
{
	const struct cf_analysis *analysis = a->analysis;

	if (cf_params_is_set(analysis->params, "top"))
		return;
	if (analysis->reader == CF_READER_PROGRAM)
		a->limit = DATA_ROWS;
	else if (!*cf_params_list(analysis->params, "by") && a->file == CF_NONE)
		a->limit = BRIEF_ROWS;
}

/* The run whose cost was joined is an input like any other. */
static void name_runs(struct cf_churn_answers *a)
{
	for (guint i = 0; a->profile && i < a->profile->set.runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(a->profile->set.runs, i);
		g_autofree char *line = cf_run_line(run);

		cf_doc_add_input(a->analysis->doc, run->id, run->name, run->hash, line);
	}
}

static void present_asked(struct cf_churn_answers *a, const char *const *words)
{
	if (!a->analysis->in_report)
		cf_churn_present_header(a, a->analysis->section);
	for (gboolean missed = FALSE; *words; words++) {
		const struct cf_churn_question *question = cf_churn_question(*words);

		/* That there is no profile is said once. */
		if (question->topic == CF_TOPIC_COST && !a->profile && missed)
			continue;
		missed = missed || question->topic == CF_TOPIC_COST;
		question->present(a, a->analysis->section);
	}
}

static void present_topic(struct cf_churn_answers *a, enum cf_churn_topic topic, struct cf_node *section)
{
	gboolean costless = topic == CF_TOPIC_COST && !a->profile;

	for (const struct cf_churn_question *q = cf_churn_questions; q->id; q++)
		if (q->topic == topic) {
			q->present(a, section);
			if (costless)
				return;
		}
}

/* "redis: src/server.c" */
static void name_page(struct cf_churn_answers *a)
{
	g_autofree char *title = NULL;

	if (a->analysis->in_report || a->analysis->reader != CF_READER_PAGE)
		return;
	title = g_strdup_printf("%s: %s", a->history->name, a->path ? a->path : "where change concentrates");
	cf_doc_set_title(a->analysis->doc, title);
}

/* Everything, in sections with headings. */
static void present_page(struct cf_churn_answers *a)
{
	struct cf_analysis *analysis = a->analysis;

	cf_churn_present_lead(a, analysis->section);
	a->limit = cf_params_is_set(analysis->params, "top") ? a->limit
							     : (size_t)cf_params_int(analysis->params, "top");
	for (int topic = 0; topic < CF_TOPICS; topic++) {
		const char *words = cf_churn_topic_title((enum cf_churn_topic)topic);
		g_autofree char *id = g_strdup_printf("churn-topic-%d", topic + 1);

		present_topic(a, (enum cf_churn_topic)topic,
			      cf_doc_section(analysis->doc, analysis->section, id, words));
	}
}

/* Everything, in one section. */
static void present_data(struct cf_churn_answers *a)
{
	cf_churn_present_header(a, a->analysis->section);
	for (const struct cf_churn_question *q = cf_churn_questions; q->id; q++)
		q->present(a, a->analysis->section);
}

static void present(struct cf_churn_answers *a)
{
	const char *const *asked = cf_params_list(a->analysis->params, "by");

	name_runs(a);
	name_page(a);
	if (*asked)
		present_asked(a, asked);
	else if (a->file != CF_NONE)
		cf_churn_present_file(a, a->analysis->section);
	else if (a->analysis->in_report || a->analysis->reader == CF_READER_TERMINAL)
		cf_churn_present_brief(a, a->analysis->section);
	else if (a->analysis->reader == CF_READER_PROGRAM)
		present_data(a);
	else
		present_page(a);
}

static int run(struct cf_analysis *analysis)
{
	struct cf_churn_answers answers;

	if (cf_churn_check_questions(cf_params_list(analysis->params, "by"), analysis->diag) != 0 ||
	    cf_churn_answers_load(&answers, analysis) != 0)
		return -1;
	set_limit(&answers);
	present(&answers);
	cf_churn_answers_clear(&answers);
	return 0;
}

static const struct cf_param *const params[] = { cf_churn_params, NULL };
static const char *const examples[] = { "callflow churn", "callflow churn --by coupling --since 2025-01-01",
					"callflow churn src/server.c", "callflow churn -o churn.html", NULL };

const struct cf_analyzer cf_analyzer_churn = {
	.name = "churn",
	.group = "Look at a repository",
	.summary = "where change concentrates, who knows it, what changes together",
	.synopsis = "[PATH]",
	.examples = examples,
	.needs = CF_NEEDS_REPO,
	.argument_name = "PATH",
	.params = params,
	.format = "text",
	.run = run,
};
