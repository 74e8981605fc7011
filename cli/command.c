/* SPDX-License-Identifier: MIT */
/* command: the registry of commands, and what commands and analyses share. */
#include "cli/command.h"

#include <string.h>

#include "pipelines/import.h"

#define CF_COMMAND(x) extern const struct cf_command cf_command_##x;
#include "cli/commands.def"
#undef CF_COMMAND

const struct cf_command *const cf_commands[] = {
#define CF_COMMAND(x) &cf_command_##x,
#include "cli/commands.def"
#undef CF_COMMAND
	NULL
};

static const char *const when[] = { "auto", "always", "never", NULL };

const struct cf_param cf_cli_global_params[] = {
	{ .name = "store",
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "store to use (else $CALLFLOW_STORE, else the nearest callflow.db)" },
	{ .name = "in",
	  .type = CF_PARAM_STRING,
	  .arg = "K=V",
	  .help = "only runs with this label (else $CALLFLOW_IN)" },
	{ .name = "color",
	  .type = CF_PARAM_CHOICE,
	  .arg = "WHEN",
	  .help = "colours",
	  .fallback = "auto",
	  .choices = when },
	{ .name = "quiet", .letter = 'q', .type = CF_PARAM_BOOL, .help = "errors only" },
	{ .name = "verbose", .letter = 'v', .type = CF_PARAM_BOOL, .help = "say what is being done" },
	{ .name = "help", .letter = 'h', .type = CF_PARAM_BOOL, .help = "show help" },
	{ .name = "version", .letter = 'V', .type = CF_PARAM_BOOL, .help = "show versions" },
	{ .name = NULL },
};

const struct cf_param cf_cli_output_params[] = {
	{ .name = "output",
	  .letter = 'o',
	  .type = CF_PARAM_STRING,
	  .arg = "FILE",
	  .help = "write to FILE, in the format of its extension" },
	{ .name = "format",
	  .letter = 'f',
	  .type = CF_PARAM_STRING,
	  .arg = "FORMAT",
	  .help = "text, markdown, html, json, csv, mermaid, ipynb, svg, png, pdf, junit, sarif, gitlab or "
		  "github" },
	{ .name = NULL },
};

const struct cf_command *cf_command_by_name(const char *name)
{
	for (size_t i = 0; cf_commands[i]; i++)
		if (strcmp(cf_commands[i]->name, name) == 0)
			return cf_commands[i];
	return NULL;
}

gboolean cf_verb_find(const char *name, struct cf_verb *verb)
{
	verb->command = cf_command_by_name(name);
	verb->analyzer = verb->command ? NULL : cf_analyzer_by_name(name);
	return verb->command || verb->analyzer;
}

const struct cf_param **cf_verb_tables(const struct cf_verb *verb)
{
	GPtrArray *tables = g_ptr_array_new();
	const struct cf_param *const *own = verb->command ? verb->command->params : verb->analyzer->params;
	unsigned flags = verb->command ? verb->command->flags : CF_COMMAND_OUTPUT;

	for (; own && *own; own++)
		g_ptr_array_add(tables, (gpointer)*own);
	if (flags & CF_COMMAND_READS) {
		g_autofree const struct cf_param **reading = cf_import_tables();

		for (size_t i = 0; reading[i]; i++)
			g_ptr_array_add(tables, (gpointer)reading[i]);
	}
	if (flags & CF_COMMAND_OUTPUT)
		g_ptr_array_add(tables, (gpointer)cf_cli_output_params);
	g_ptr_array_add(tables, (gpointer)cf_cli_global_params);
	g_ptr_array_add(tables, NULL);
	return (const struct cf_param **)g_ptr_array_free(tables, FALSE);
}

int cf_verb_unknown(const char *name, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = cf_visible(name, -1, 80);
	const char *nearest;

	for (size_t i = 0; cf_commands[i]; i++)
		g_ptr_array_add(names, (gpointer)cf_commands[i]->name);
	for (size_t i = 0; cf_analyzers[i]; i++)
		g_ptr_array_add(names, (gpointer)cf_analyzers[i]->name);
	nearest = cf_nearest(name, (const char *const *)names->pdata, names->len);
	if (nearest)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no command '%s'; did you mean '%s'?", shown,
				   nearest);
	return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no command '%s'; callflow help lists them", shown);
}

int cf_verb_run(const struct cf_verb *verb, struct cf_cli *cli)
{
	return verb->command ? verb->command->run(cli) : cf_cli_analysis(cli, verb->analyzer);
}

int cf_cli_operands_at_most(struct cf_cli *cli, guint most, const char *synopsis)
{
	g_autofree char *shown = NULL;

	if (cli->operands->len <= most)
		return 0;
	shown = cf_visible(g_ptr_array_index(cli->operands, most), -1, 80);
	return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "unexpected operand '%s'; usage: callflow %s",
			   shown, synopsis);
}
