/* SPDX-License-Identifier: MIT */
/* cmd_delete: takes a run or a repository out of the store. */
#include "cli/command.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/operand.h"
#include "store/history.h"

static const struct cf_param delete_params[] = {
	{ .name = "repo",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "this repository instead of a run" },
	{ .name = "yes", .letter = 'y', .type = CF_PARAM_BOOL, .help = "don't ask" },
	{ .name = NULL },
};

static const struct cf_param *const params[] = { delete_params, NULL };

static gboolean answered_yes(void)
{
	char answer[8];

	fputs("delete? [y/N] ", stderr);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* Whether it may go. */
static int ask(struct cf_cli *cli)
{
	if (cf_params_bool(cli->params, "yes"))
		return 0;
	if (!isatty(STDIN_FILENO))
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "not deleted: nobody to ask here; say --yes to delete");
	if (!answered_yes())
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL, "not deleted");
	return 0;
}

/* Says what goes; whether it may. */
static int confirm(struct cf_cli *cli, const struct cf_run_set *set)
{
	for (guint i = 0; i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);
		g_autofree char *line = cf_run_line(run);
		g_autofree char *shown = cf_visible(line, -1, 0);

		if (run->pinned)
			return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
					   "run %" G_GINT64_FORMAT
					   " is pinned; callflow edit %" G_GINT64_FORMAT
					   " --unpin lets it go",
					   run->id, run->id);
		if (!cli->quiet)
			fprintf(stderr, "%s\n", shown);
	}
	return ask(cli);
}

static int delete_repo(struct cf_cli *cli, struct cf_store *store, const char *name)
{
	struct cf_repo *repo = cf_store_repo(store, name, &cli->diag);
	g_autofree char *shown = repo ? cf_visible(repo->name, -1, 0) : NULL;
	int result = -1;

	if (!repo)
		return -1;
	if (!cli->quiet)
		fprintf(stderr, "repository %s  %" G_GINT64_FORMAT " commits\n", shown, repo->commits);
	if (ask(cli) == 0)
		result = cf_store_delete_repo(store, repo->id, &cli->diag);
	if (result == 0)
		cf_note(&cli->diag, NULL, "deleted repository %s; callflow ingest brings it back", shown);
	cf_repo_free(repo);
	return result;
}

static int delete_runs(struct cf_cli *cli, struct cf_store *store)
{
	struct cf_run_set set = { 0 };
	int result =
		cf_store_select(store, g_ptr_array_index(cli->operands, 0), cli->in, 0, &set, &cli->diag);

	if (result == 0)
		result = confirm(cli, &set);
	for (guint i = 0; result == 0 && i < set.runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set.runs, i);

		result = cf_store_delete(store, run->id, &cli->diag);
		if (result == 0)
			cf_note(&cli->diag, NULL,
				"deleted run %" G_GINT64_FORMAT "; callflow ingest brings its file back",
				run->id);
	}
	cf_run_set_clear(&set);
	return result;
}

static int run(struct cf_cli *cli)
{
	struct cf_store *store;
	const char *repo = cf_params_string(cli->params, "repo");
	int result;

	if (cli->operands->len == 0 && !repo)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "delete needs a RUN; usage: callflow delete RUN | --repo NAME");
	if (cf_cli_operands_at_most(cli, repo ? 0 : 1, "delete RUN | --repo NAME") < 0)
		return -1;
	store = cf_operand_store(cli, CF_STORE_WRITE);
	if (!store)
		return -1;
	result = repo ? delete_repo(cli, store, repo) : delete_runs(cli, store);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

static const char *const examples[] = {
	"callflow delete 7",
	"callflow delete nightly~3 --yes",
	"callflow delete --repo redis",
	NULL,
};

const struct cf_command cf_command_delete = {
	.name = "delete",
	.group = "Keep house",
	.summary = "take a run or a repository out of the store",
	.synopsis = "RUN",
	.examples = examples,
	.params = params,
	.run = run,
};
