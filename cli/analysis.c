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

static int compute(struct cf_cli *cli, const struct cf_analyzer *analyzer, const char *argument,
		   const struct cf_renderer *renderer, struct cf_store *store, const struct cf_run_set *set,
		   struct cf_doc *doc)
{
	struct cf_analysis analysis = {
		.store = store,
		.current = set->runs ? set : NULL,
		.in = cli->in,
		.argument = argument,
		.reader = reader_of(renderer),
		.params = cli->params,
		.doc = doc,
		.section = cf_doc_section(doc, doc->root, section_id(analyzer), NULL),
		.diag = &cli->diag,
	};

	for (guint i = 0; analyzer->needs == CF_NEEDS_RUN && i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);
		g_autofree char *line = cf_run_line(run);

		cf_doc_add_input(doc, run->id, run->name, run->hash, line);
	}
	if (analyzer->run(&analysis) < 0)
		return -1;
	doc->verdict = MAX(doc->verdict, analysis.verdict);
	return 0;
}

static int open_runs(struct cf_cli *cli, const struct cf_analyzer *analyzer, const char *expr,
		     struct cf_store **store, struct cf_run_set *set)
{
	if (analyzer->needs == CF_NEEDS_RUN)
		return cf_operand_open(cli, expr, analyzer->facts, store, set);
	*store = cf_operand_store(cli, CF_STORE_READ);
	return *store ? 0 : -1;
}

int cf_cli_analysis(struct cf_cli *cli, const struct cf_analyzer *analyzer)
{
	g_autofree char *synopsis = g_strdup_printf("%s %s", analyzer->name, analyzer->synopsis);
	guint own = analyzer->argument_name ? 1 : 0, least = analyzer->needs == CF_NEEDS_REPO ? 0 : own;
	guint most = own + (analyzer->needs == CF_NEEDS_RUN ? 1 : 0);
	const struct cf_renderer *renderer;
	struct cf_run_set set = { 0 };
	struct cf_store *store = NULL;
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
	if (open_runs(cli, analyzer, cli->operands->len > own ? g_ptr_array_index(cli->operands, own) : NULL,
		      &store, &set) < 0)
		return -1;
	doc = cf_doc_new(NULL);
	result = analyzer->needs == CF_NEEDS_RUN ? cf_analyzer_accepts(analyzer, &set, &cli->diag) : 0;
	if (result == 0)
		result = compute(cli, analyzer,
				 own && cli->operands->len ? g_ptr_array_index(cli->operands, 0) : NULL,
				 renderer, store, &set, doc);
	if (result == 0)
		result = cf_output_doc(cli, renderer, doc);
	cf_doc_free(doc);
	cf_run_set_clear(&set);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}
