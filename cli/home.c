/* SPDX-License-Identifier: MIT */
/* home: the bare program: where one is, and what could be done next. */
#include "cli/command.h"

#include "cli/output.h"

static void put_runs(struct cf_out *out, const struct cf_run_set *all)
{
	const struct cf_run *latest = NULL;
	g_autofree char *line = NULL, *shown = NULL;

	for (guint i = 0; i < all->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(all->runs, i);

		if (!latest || run->id > latest->id)
			latest = run;
	}
	if (!latest) {
		cf_out_puts(out, "no runs yet\nstart with: callflow ingest perf.data\n");
		return;
	}
	line = cf_run_line(latest);
	shown = cf_visible(line, -1, 0);
	cf_out_printf(out, "%u run%s; the last one ingested:\n%s\n", all->runs->len,
		      all->runs->len == 1 ? "" : "s", shown);
	cf_out_puts(out, "next: callflow top    callflow flamegraph -o f.svg    callflow report -o r.html\n");
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
		cf_out_printf(out, "warehouse %s\n", shown);
		put_runs(out, &all);
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
	struct cf_out *out = cf_output_open_stdout(cli);

	if (!out)
		return -1;
	if (path && put_store(cli, path, out) < 0) {
		cf_out_abort(out);
		return -1;
	}
	if (!path)
		cf_out_printf(out, "no warehouse yet; looked at %s\nstart with: callflow ingest perf.data\n",
			      looked->str);
	cf_out_puts(out, "callflow help lists the commands\n");
	return cf_output_close(cli, out);
}
