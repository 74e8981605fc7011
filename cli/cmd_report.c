/* SPDX-License-Identifier: MIT */
/* cmd_report: a template and a run -> a report. */
#include "cli/command.h"

#include <string.h>

#include "cli/operand.h"
#include "cli/output.h"
#include "pipelines/report.h"
#include "store/history.h"

static const struct cf_param report_params[] = {
	{ .name = "set", .type = CF_PARAM_LIST, .arg = "K=V", .help = "give {{K}} of the template a value" },
	{ .name = NULL },
};

static const struct cf_param *const params[] = { report_params, cf_base_params, NULL };

/* NULL with a message. */
static GHashTable *read_variables(struct cf_cli *cli)
{
	GHashTable *variables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	for (const char *const *s = cf_params_list(cli->params, "set"); *s; s++) {
		const char *equals = strchr(*s, '=');
		g_autofree char *shown = cf_visible(*s, -1, 80);

		if (!equals || equals == *s) {
			cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "--set %s: expected KEY=VALUE", shown);
			g_hash_table_unref(variables);
			return NULL;
		}
		g_hash_table_replace(variables, g_strndup(*s, (gsize)(equals - *s)), g_strdup(equals + 1));
	}
	return variables;
}

static const char *operand(const struct cf_cli *cli, guint i)
{
	return i < cli->operands->len ? g_ptr_array_index(cli->operands, i) : NULL;
}

static int open_pair(struct cf_cli *cli, const char *base_expr, struct cf_store **store,
		     struct cf_run_set *base, struct cf_run_set *set)
{
	struct cf_no_base missing;
	int result = cf_operand_open_pair(cli, 0, base_expr, operand(cli, 1), store, base, set, &missing);

	if (result == 0 && !base->runs) {
		result = cf_no_base_error(&missing, &cli->diag);
		cf_run_set_clear(set);
		cf_store_close(*store, &cli->diag);
	}
	cf_no_base_clear(&missing);
	return result;
}

/* Without a RUN, a store that has repositories needs no runs: a report may be about those. */
static int open_store(struct cf_cli *cli, struct cf_store **store, struct cf_run_set *base,
		      struct cf_run_set *set)
{
	const char *base_expr = cf_params_string(cli->params, "base");
	struct cf_diag silent = { 0 };
	g_autoptr(GPtrArray) repos = NULL;

	if (base_expr)
		return open_pair(cli, base_expr, store, base, set);
	if (operand(cli, 1))
		return cf_operand_open(cli, operand(cli, 1), 0, store, set);
	*store = cf_operand_store(cli, CF_STORE_READ);
	if (!*store)
		return -1;
	if (cf_store_select(*store, "@", cli->in, 0, set, &silent) == 0)
		return 0;
	repos = cf_store_repos(*store, &cli->diag);
	if (repos && repos->len && !cli->in) {
		set->runs = g_ptr_array_new();
		return 0;
	}
	if (repos)
		cf_store_select(*store, "@", cli->in, 0, set, &cli->diag);
	cf_store_close(*store, &cli->diag);
	return -1;
}

static int run(struct cf_cli *cli)
{
	struct cf_report report = { .template_name = operand(cli, 0) ? operand(cli, 0) : "summary",
				    .in = cli->in };
	const struct cf_renderer *renderer;
	struct cf_run_set set = { 0 }, base = { 0 };
	struct cf_doc *doc = NULL;
	int result = -1;

	if (cf_cli_operands_at_most(cli, 2, "report [TEMPLATE [RUN]]") < 0)
		return -1;
	renderer = cf_output_renderer(cli, "text");
	/* Harmless for one that comes with callflow: a file of that name isn't read, nor replaced by anybody. */
	cf_output_keep(cli, report.template_name);
	report.variables = renderer ? read_variables(cli) : NULL;
	if (report.variables && open_store(cli, &report.store, &base, &set) == 0) {
		report.current = &set;
		report.base = base.runs ? &base : NULL;
		doc = cf_doc_new(NULL);
		result = cf_report_expand(&report, doc, &cli->diag);
		if (result == 0)
			result = cf_output_doc(cli, renderer, doc);
		cf_doc_free(doc);
		cf_run_set_clear(&set);
		cf_run_set_clear(&base);
		if (cf_store_close(report.store, &cli->diag) < 0)
			result = -1;
	}
	g_clear_pointer(&report.variables, g_hash_table_unref);
	return result;
}

static const char *const examples[] = {
	"callflow report -o report.html",
	"callflow report summary nightly~1 -o last.md",
	"callflow report release --base main -o release.html",
	"callflow report churn -o churn.html",
	"callflow report ./weekly.md --set team=storage -o weekly.html",
	NULL,
};

const struct cf_command cf_command_report = {
	.name = "report",
	.group = "Share",
	.summary = "write a report that people read",
	.synopsis = "[TEMPLATE [RUN]]",
	.examples = examples,
	.params = params,
	.flags = CF_COMMAND_OUTPUT,
	.run = run,
};
