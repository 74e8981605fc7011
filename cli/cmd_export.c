/* SPDX-License-Identifier: MIT */
/* cmd_export: gets the stacks of a run, or the whole store, out again. */
#include "cli/command.h"

#include <string.h>

#include "analyzers/profile.h"
#include "cli/operand.h"
#include "cli/output.h"
#include "pipelines/export.h"

static const struct cf_param export_params[] = {
	{ .name = "to",
	  .type = CF_PARAM_STRING,
	  .arg = "FORMAT",
	  .help = "collapsed, json or csv (default: what -o's extension says, else collapsed)" },
	{ .name = "logical",
	  .type = CF_PARAM_BOOL,
	  .help = "the store's whole content, without ids, sorted" },
	{ .name = "output", .letter = 'o', .type = CF_PARAM_STRING, .arg = "FILE", .help = "write to FILE" },
	{ .name = NULL },
};

static const struct cf_param *const params[] = { export_params, cf_filter_params, NULL };

/* The format asked for; NULL with a message that has the command when another one makes it. */
static const char *choose_format(struct cf_cli *cli)
{
	static const char *const own[] = { "collapsed", "json", "csv" };
	const char *to = cf_params_string(cli->params, "to");
	const char *path = cf_params_string(cli->params, "output");
	const struct cf_renderer *renderer = !to && path ? cf_renderer_by_path(path) : NULL;
	const char *nearest;

	if (renderer && !renderer->picture)
		to = strcmp(renderer->name, "text") == 0 ? "collapsed" : renderer->name;
	else if (renderer)
		to = renderer->name;
	if (!to)
		return "collapsed";
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
		if (strcmp(to, own[i]) == 0)
			return own[i];
	renderer = cf_renderer_by_name(to);
	if (renderer && strcmp(renderer->name, "text") != 0) {
		cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
			    "%s is drawn, not exported: callflow %s -o FILE.%.*s", renderer->name,
			    renderer->picture ? "flamegraph" : "report",
			    (int)strcspn(renderer->extensions, " "), renderer->extensions);
		return NULL;
	}
	nearest = cf_nearest(to, own, G_N_ELEMENTS(own));
	cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
		    "can't export to '%s'; known: collapsed, json, csv%s%s", to,
		    nearest ? "; did you mean " : "", nearest ? nearest : "");
	return NULL;
}

static int write_collapsed(struct cf_cli *cli, const struct cf_profile *profile)
{
	struct cf_out *out = cf_output_open(cli);

	if (!out)
		return -1;
	cf_export_collapsed(profile->trace, profile->costs, out);
	return cf_output_close(cli, out);
}

static int write_table(struct cf_cli *cli, const struct cf_profile *profile, const struct cf_run_set *set,
		       const char *format)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	int result;

	for (guint i = 0; i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);
		g_autofree char *line = cf_run_line(run);

		cf_doc_add_input(doc, run->id, run->name, run->hash, line);
	}
	cf_export_table(profile->trace, profile->costs, profile->unit, doc,
			cf_doc_section(doc, doc->root, "export", NULL));
	result = cf_output_doc(cli, cf_renderer_by_name(format), doc);
	cf_doc_free(doc);
	return result;
}

static int export_runs(struct cf_cli *cli, struct cf_store *store, const struct cf_run_set *set,
		       const char *format)
{
	struct cf_analysis analysis = {
		.store = store, .current = set, .params = cli->params, .diag = &cli->diag
	};
	struct cf_profile profile;
	g_autofree char *hidden = NULL;
	int result;

	if (cf_profile_load(&profile, &analysis) < 0)
		return -1;
	hidden = cf_profile_hidden_text(&profile);
	if (hidden)
		cf_note(&cli->diag, NULL, "%s", hidden);
	if (strcmp(format, "collapsed") == 0)
		result = write_collapsed(cli, &profile);
	else
		result = write_table(cli, &profile, set, format);
	cf_profile_clear(&profile);
	return result;
}

static int export_logical(struct cf_cli *cli)
{
	struct cf_store *store;
	struct cf_out *out;
	int result;

	if (cf_cli_operands_at_most(cli, 0, "export --logical") < 0)
		return -1;
	store = cf_operand_store(cli, CF_STORE_READ);
	if (!store)
		return -1;
	out = cf_output_open(cli);
	result = out ? cf_store_dump_logical(store, out, &cli->diag) : -1;
	if (out && result == 0)
		result = cf_output_close(cli, out);
	else if (out)
		cf_out_abort(out);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

static int run(struct cf_cli *cli)
{
	struct cf_run_set set = { 0 };
	struct cf_store *store;
	const char *format;
	int result;

	if (cf_params_bool(cli->params, "logical"))
		return export_logical(cli);
	if (cf_cli_operands_at_most(cli, 1, "export [RUN] --to FORMAT") < 0)
		return -1;
	format = choose_format(cli);
	if (!format)
		return -1;
	if (cf_operand_open(cli, cli->operands->len ? g_ptr_array_index(cli->operands, 0) : NULL,
			    CF_FACTS_PROFILE, &store, &set) < 0)
		return -1;
	result = export_runs(cli, store, &set, format);
	cf_run_set_clear(&set);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

static const char *const examples[] = {
	"callflow export -o stacks.folded",
	"callflow export nightly~1 --to json --focus malloc",
	"callflow export --logical",
	NULL,
};

const struct cf_command cf_command_export = {
	.name = "export",
	.group = "Share",
	.summary = "write the stacks of a run for other tools",
	.synopsis = "[RUN]",
	.examples = examples,
	.params = params,
	.run = run,
};
