/* SPDX-License-Identifier: MIT */
/* home: the bare program: where one is, and what could be done next. */
#include "cli/command.h"

#include "cli/interrupt.h"
#include "cli/output.h"
#include "store/history.h"

const char *cf_cli_next(unsigned facts)
{
	if (facts & CF_FACTS_PROFILE)
		return "callflow top    callflow flamegraph -o f.svg    callflow report -o r.html";
	return "callflow show    callflow runs";
}

/* Names the run that commands without a RUN work on. */
static int put_latest(struct cf_cli *cli, struct cf_store *store, guint runs, struct cf_out *out)
{
	struct cf_run_set latest = { 0 };
	unsigned facts = 0;

	if (cf_store_select(store, "@", cli->in, 0, &latest, &cli->diag) < 0)
		return -1;
	cf_out_printf(out, "%u run%s; the last one ingested:\n", runs, runs == 1 ? "" : "s");
	for (guint i = 0; i < latest.runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(latest.runs, i);
		g_autofree char *line = cf_run_line(run), *shown = cf_visible(line, -1, 0);

		facts |= run->facts;
		cf_out_printf(out, "%s\n", shown);
	}
	cf_out_printf(out, "next: %s\n", cf_cli_next(facts));
	cf_run_set_clear(&latest);
	return 0;
}

static void put_repos(const GPtrArray *repos, struct cf_out *out)
{
	if (!repos->len)
		return;
	cf_out_printf(out, "%u repositor%s:", repos->len, repos->len == 1 ? "y" : "ies");
	for (guint i = 0; i < repos->len; i++) {
		g_autofree char *name =
			cf_visible(((const struct cf_repo *)g_ptr_array_index(repos, i))->name, -1, 200);

		cf_out_printf(out, "%s %s", i ? "," : "", name);
	}
	cf_out_puts(out, "\nnext: callflow churn    callflow report churn -o churn.html\n");
}

static int put_content(struct cf_cli *cli, struct cf_store *store, const struct cf_run_set *all,
		       struct cf_out *out)
{
	g_autoptr(GPtrArray) repos = cf_store_repos(store, &cli->diag);

	if (!repos)
		return -1;
	put_repos(repos, out);
	if (all->runs->len)
		return put_latest(cli, store, all->runs->len, out);
	if (!repos->len)
		cf_out_puts(out, "no runs yet\nstart with: callflow ingest perf.data\n");
	return 0;
}

static int put_store(struct cf_cli *cli, const char *path, struct cf_out *out)
{
	struct cf_store *store = cf_store_open(path, CF_STORE_READ, &cli->diag);
	struct cf_run_set all = { 0 };
	g_autofree char *shown = cf_visible(path, -1, 0);
	int result;

	if (!store)
		return -1;
	result = cf_store_runs(store, cli->in, &all, &cli->diag);
	if (result == 0) {
		cf_out_printf(out, "store %s\n", shown);
		result = put_content(cli, store, &all, out);
	}
	cf_run_set_clear(&all);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	return result;
}

int cf_cli_home(struct cf_cli *cli)
{
	gboolean found = FALSE;
	g_autoptr(GString) looked = g_string_new(NULL);
	g_autofree char *path = cf_store_locate(cli->store_option, FALSE, &found, looked);
	g_autofree char *places = cf_visible(looked->str, -1, 0);
	struct cf_out *out = cf_output_open_stdout(cli);

	if (!out)
		return -1;
	if (path && put_store(cli, path, out) < 0) {
		cf_out_abort(out);
		cf_interrupt_release();
		return -1;
	}
	if (!path)
		cf_out_printf(out, "no store yet; looked at %s\nstart with: callflow ingest perf.data\n",
			      places);
	cf_out_puts(out, "callflow help lists the commands\n");
	return cf_output_close(cli, out);
}
