/* SPDX-License-Identifier: MIT */
/* cmd_edit: changes what a stored run is called. */
#include "cli/command.h"

#include <string.h>

#include "analyzers/runs.h"
#include "cli/operand.h"
#include "cli/output.h"
#include "cli/settings.h"

static const struct cf_param edit_params[] = {
	{ .name = "remove-label",
	  .type = CF_PARAM_LIST,
	  .arg = "K",
	  .help = "take a label away; may be given several times" },
	{ .name = "pin", .type = CF_PARAM_BOOL, .help = "protect the run from being deleted" },
	{ .name = "unpin", .type = CF_PARAM_BOOL, .help = "take the pin away" },
	{ .name = NULL },
};

static const struct cf_param *const params[] = { cf_settings_params, edit_params, NULL };

/* Prints the runs as they are now. */
static int print(struct cf_cli *cli, const struct cf_run_set *set)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *section = cf_doc_section(doc, doc->root, "edited", NULL);
	int result;

	cf_runs_table(doc, section, set);
	result = cf_output_doc(cli, cf_renderer_by_name("text"), doc);
	cf_doc_free(doc);
	return result;
}

static int edit(struct cf_cli *cli, struct cf_store *store, const char *expr,
		const struct cf_run_flags *flags)
{
	gboolean pin = cf_params_bool(cli->params, "pin");
	gboolean give_pin = pin || cf_params_bool(cli->params, "unpin");
	struct cf_run_set set = { 0 };
	int result = cf_store_select(store, expr, cli->in, 0, &set, &cli->diag);

	for (guint i = 0; result == 0 && i < set.runs->len; i++) {
		struct cf_run *run = g_ptr_array_index(set.runs, i);
		struct cf_run_set now = { 0 };
		gboolean changed = FALSE;

		result = cf_store_edit(store, run->id, flags, give_pin ? &pin : NULL,
				       cf_params_list(cli->params, "remove-label"), &changed, &cli->diag);
		if (result == 0 && !changed)
			cf_note(&cli->diag, NULL, "run %" G_GINT64_FORMAT " is like that already", run->id);
		if (result == 0)
			result = cf_operand_run(cli, store, run->id, &now);
		if (result == 0) {
			cf_run_free(run);
			set.runs->pdata[i] = g_ptr_array_steal_index(now.runs, 0);
			cf_run_set_clear(&now);
		}
	}
	if (result == 0)
		result = print(cli, &set);
	cf_run_set_clear(&set);
	return result;
}

static int run_edit(struct cf_cli *cli, const struct cf_run_flags *flags)
{
	gboolean asked = flags->name || flags->commit || flags->start_source != CF_START_NONE ||
			 g_hash_table_size(flags->labels) || cf_params_is_set(cli->params, "remove-label") ||
			 cf_params_bool(cli->params, "pin") || cf_params_bool(cli->params, "unpin");
	struct cf_store *store;
	int result;

	if (!asked)
		return cf_error_as(
			&cli->diag, CF_STATUS_USAGE, NULL,
			"nothing to change; say --name, --label, --remove-label, --time, --commit, --pin "
			"or --unpin");
	if (cf_params_bool(cli->params, "pin") && cf_params_bool(cli->params, "unpin"))
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "--pin and --unpin exclude each other");
	store = cf_operand_store(cli, CF_STORE_WRITE);
	if (!store)
		return -1;
	result = edit(cli, store, g_ptr_array_index(cli->operands, 0), flags);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

static int run(struct cf_cli *cli)
{
	struct cf_run_flags flags = { 0 };
	int result;

	if (cli->operands->len == 0)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "edit needs a RUN; usage: callflow edit RUN");
	if (cf_cli_operands_at_most(cli, 1, "edit RUN") < 0)
		return -1;
	result = cf_settings_flags(cli, &flags);
	if (result == 0)
		result = run_edit(cli, &flags);
	cf_settings_clear(&flags);
	return result;
}

static const char *const examples[] = {
	"callflow edit 7 --name nightly",
	"callflow edit @ --time 2026-11-23T06:02Z --label host=web1",
	"callflow edit nightly --pin",
	NULL,
};

const struct cf_command cf_command_edit = {
	.name = "edit",
	.group = "Keep house",
	.summary = "change name, labels, time, commit or pin of a run",
	.synopsis = "RUN",
	.examples = examples,
	.params = params,
	.run = run,
};
