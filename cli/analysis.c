/* SPDX-License-Identifier: MIT */
/* analysis: runs an analysis as a command. */
#include "cli/command.h"

#include <string.h>

#include "cli/operand.h"
#include "cli/output.h"

static enum cf_reader reader_of(const struct cf_renderer *renderer)
{
	if (strcmp(renderer->name, "text") == 0)
		return CF_READER_TERMINAL;
	return renderer->data ? CF_READER_PROGRAM : CF_READER_PAGE;
}

/* What lists the store has a table of its own name. */
static const char *section_id(const struct cf_analyzer *analyzer)
{
	return analyzer->needs == CF_NEEDS_STORE ? "store" : analyzer->name;
}

/* What an analysis works on. */
struct subject {
	struct cf_store *store;
	struct cf_run_set current, base;
	struct cf_no_base no_base;
};

static int compute(struct cf_cli *cli, const struct cf_analyzer *analyzer, const char *argument,
		   const struct cf_renderer *renderer, const struct subject *subject, struct cf_doc *doc)
{
	struct cf_analysis analysis = {
		.store = subject->store,
		.current = subject->current.runs ? &subject->current : NULL,
		.base = subject->base.runs ? &subject->base : NULL,
		.no_base = subject->no_base.why ? &subject->no_base : NULL,
		.in = cli->in,
		.argument = argument,
		.reader = reader_of(renderer),
		.params = cli->params,
		.doc = doc,
		.section = cf_doc_section(doc, doc->root, section_id(analyzer), NULL),
		.diag = &cli->diag,
	};

	if (analyzer->needs == CF_NEEDS_RUN && !analyzer->history)
		cf_runs_as_inputs(doc, analysis.base, analysis.current);
	if (cf_analyzer_run(analyzer, &analysis) < 0)
		return -1;
	cf_doc_judge(doc, analysis.verdict, analysis.section);
	return 0;
}

static const char *operand(const struct cf_cli *cli, guint i)
{
	return i < cli->operands->len ? g_ptr_array_index(cli->operands, i) : NULL;
}

/* own: operands before the runs. "compare A B" is B with base A, "compare A" the latest run with base A. */
static int open_runs(struct cf_cli *cli, const struct cf_analyzer *analyzer, guint own,
		     struct subject *subject)
{
	const char *base = cf_params_has(cli->params, "base") ? cf_params_string(cli->params, "base") : NULL;
	gboolean first_is_base = analyzer->pair && !base;

	if (analyzer->needs != CF_NEEDS_RUN) {
		subject->store = cf_operand_store(cli, CF_STORE_READ);
		return subject->store ? 0 : -1;
	}
	if (!base && !analyzer->pair)
		return cf_operand_open(cli, operand(cli, own), analyzer->facts, &subject->store,
				       &subject->current);
	return cf_operand_open_pair(cli, analyzer->facts, first_is_base ? operand(cli, own) : base,
				    operand(cli, own + (first_is_base ? 1 : 0)), &subject->store,
				    &subject->base, &subject->current, &subject->no_base);
}

/* Runs that analysis takes as operands; those of a pair may be given by --base. */
static guint most_runs(const struct cf_cli *cli, const struct cf_analyzer *analyzer)
{
	if (analyzer->needs != CF_NEEDS_RUN)
		return 0;
	return analyzer->pair && !cf_params_string(cli->params, "base") ? 2 : 1;
}

static int accepts(struct cf_cli *cli, const struct cf_analyzer *analyzer, const struct subject *subject)
{
	if (analyzer->needs != CF_NEEDS_RUN)
		return 0;
	if (subject->base.runs && cf_analyzer_accepts(analyzer, &subject->base, &cli->diag))
		return -1;
	return cf_analyzer_accepts(analyzer, &subject->current, &cli->diag);
}

int cf_cli_analysis(struct cf_cli *cli, const struct cf_analyzer *analyzer)
{
	g_autofree char *synopsis = g_strdup_printf("%s %s", analyzer->name, analyzer->synopsis);
	guint own = analyzer->argument_name ? 1 : 0, least = analyzer->needs == CF_NEEDS_REPO ? 0 : own;
	guint most = own + most_runs(cli, analyzer);
	const struct cf_renderer *renderer;
	struct subject subject = { 0 };
	struct cf_doc *doc;
	int result;

	if (cli->operands->len < least)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "%s needs a %s; usage: callflow %s",
				   analyzer->name, analyzer->argument_name, synopsis);
	if (cf_cli_operands_at_most(cli, most, synopsis) < 0)
		return -1;
	renderer = cf_output_renderer(cli, analyzer->format);
	if (!renderer)
		return -1;
	if (open_runs(cli, analyzer, own, &subject) < 0)
		return -1;
	doc = cf_doc_new(NULL);
	result = accepts(cli, analyzer, &subject);
	if (result == 0)
		result = compute(cli, analyzer, own ? operand(cli, 0) : NULL, renderer, &subject, doc);
	if (result == 0)
		result = cf_output_doc(cli, renderer, doc);
	cf_doc_free(doc);
	cf_run_set_clear(&subject.current);
	cf_run_set_clear(&subject.base);
	cf_no_base_clear(&subject.no_base);
	if (cf_store_close(subject.store, &cli->diag) < 0)
		result = -1;
	return result;
}
