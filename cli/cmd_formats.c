/* SPDX-License-Identifier: MIT */
/* cmd_formats: what can be read and written. */
#include "cli/command.h"

#include "cli/output.h"
#include "ingest/format.h"
#include "pipelines/export.h"

static const struct cf_column columns[] = {
	{ "direction", "", CF_UNIT_NONE, 0 },
	{ "name", "format", CF_UNIT_NONE, 0 },
	{ "extensions", "extensions", CF_UNIT_NONE, 0 },
	{ "summary", "what it is", CF_UNIT_NONE, CF_COLUMN_NAME },
};

static void add_row(struct cf_doc *doc, struct cf_node *table, const char *direction, const char *name,
		    const char *extensions, const char *summary)
{
	cf_table_text(doc, table, direction);
	cf_table_text(doc, table, name);
	cf_table_text(doc, table, extensions);
	cf_table_text(doc, table, summary);
}

static int run(struct cf_cli *cli)
{
	const struct cf_renderer *renderer;
	struct cf_doc *doc;
	struct cf_node *table;
	int result;

	if (cf_cli_operands_at_most(cli, 0, "formats") < 0)
		return -1;
	renderer = cf_output_renderer(cli, "text");
	if (!renderer)
		return -1;
	doc = cf_doc_new(NULL);
	table = cf_doc_table(doc, cf_doc_section(doc, doc->root, "supported", NULL), "formats", NULL, columns,
			     G_N_ELEMENTS(columns));
	for (size_t i = 0; cf_formats[i]; i++)
		add_row(doc, table, "reads", cf_formats[i]->name, "by content", cf_formats[i]->summary);
	for (size_t i = 0; cf_exporters[i]; i++)
		add_row(doc, table, "exports", cf_exporters[i]->name, cf_exporters[i]->extensions,
			cf_exporters[i]->summary);
	for (size_t i = 0; cf_renderers[i]; i++)
		add_row(doc, table, "writes", cf_renderers[i]->name, cf_renderers[i]->extensions,
			cf_renderers[i]->summary);
	result = cf_output_doc(cli, renderer, doc);
	cf_doc_free(doc);
	return result;
}

static const char *const examples[] = { "callflow formats", "callflow formats -f json", NULL };

const struct cf_command cf_command_formats = {
	.name = "formats",
	.group = "Help",
	.summary = "list what can be read and written",
	.synopsis = "",
	.examples = examples,
	.flags = CF_COMMAND_OUTPUT,
	.run = run,
};
