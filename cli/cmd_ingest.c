/* SPDX-License-Identifier: MIT */
/* cmd_ingest: brings files into the warehouse. */
#include "cli/ingest.h"

#include <stdio.h>
#include <string.h>

#include "analyzers/runs.h"
#include "cli/interrupt.h"
#include "cli/operand.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "core/json.h"

static const char *const formats[] = { "text", "json", NULL };

static const struct cf_param ingest_params[] = {
	{ .name = "format",
	  .type = CF_PARAM_STRING,
	  .arg = "NAME",
	  .help = "read as this format, whatever the content looks like" },
	{ .name = "again", .type = CF_PARAM_BOOL, .help = "re-read a known file with today's symbols" },
	{ .name = "print",
	  .letter = 'f',
	  .type = CF_PARAM_CHOICE,
	  .arg = "FORMAT",
	  .help = "how to print the runs",
	  .fallback = "text",
	  .choices = formats },
	{ .name = NULL },
};

/* One operand and what became of it. run 0: it failed. */
struct ingested {
	const char *path;
	int64_t run; /* or */
	int64_t repo;
	enum cf_imported how;
};

struct progress_context {
	struct cf_progress *progress;
	struct cf_store *store;
};

static void on_progress(void *ctx, const char *path, uint64_t bytes, enum cf_import_stage stage)
{
	struct progress_context *context = ctx;

	/* While a file is read there is nothing to undo; the transaction is. */
	if (stage == CF_IMPORT_STORING)
		cf_interrupt_hold(context->store);
	cf_progress_set(context->progress, stage == CF_IMPORT_READING ? "reading" : "storing", path, bytes);
}

int cf_cli_import(struct cf_cli *cli, struct cf_store *store, const char *path, struct cf_import *import,
		  enum cf_imported *how, int64_t *run)
{
	struct progress_context context = { cf_progress_new(cli->quiet), store };
	int result;

	import->progress = on_progress;
	import->progress_ctx = &context;
	result = cf_import_file(store, path, import, how, run, &cli->diag);
	cf_progress_free(context.progress);
	cf_interrupt_release();
	return result;
}

static void say_known(struct cf_cli *cli, const struct ingested *one)
{
	struct cf_loc loc = { .path = one->path };

	if (one->how == CF_IMPORTED_KNOWN)
		cf_note(&cli->diag, &loc,
			"known as run %" G_GINT64_FORMAT ", nothing to do (--again re-reads it)", one->run);
	else if (one->how == CF_IMPORTED_FLAGS)
		cf_note(&cli->diag, &loc, "known as run %" G_GINT64_FORMAT ", its settings were updated",
			one->run);
	else if (one->how == CF_IMPORTED_REPLACED)
		cf_note(&cli->diag, &loc, "re-read in place as run %" G_GINT64_FORMAT, one->run);
}

/* The runs of all that went in, each once, in the order of the command line. */
static int select_runs(struct cf_cli *cli, struct cf_store *store, const GArray *all, struct cf_run_set *set)
{
	set->runs = g_ptr_array_new_with_free_func((GDestroyNotify)cf_run_free);
	for (guint i = 0; i < all->len; i++) {
		const struct ingested *one = &g_array_index(all, struct ingested, i);
		struct cf_run_set single = { 0 };
		gboolean seen = one->run == 0;

		for (guint r = 0; r < set->runs->len && !seen; r++)
			seen = ((struct cf_run *)g_ptr_array_index(set->runs, r))->id == one->run;
		if (seen)
			continue;
		if (cf_operand_run(cli, store, one->run, &single) < 0)
			return -1;
		g_ptr_array_add(set->runs, g_ptr_array_steal_index(single.runs, 0));
		cf_run_set_clear(&single);
	}
	return 0;
}

static int print_text(struct cf_cli *cli, const struct cf_run_set *set)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *section = cf_doc_section(doc, doc->root, "ingested", NULL);
	int result;

	cf_runs_table(doc, section, set);
	result = cf_output_doc(cli, cf_renderer_by_name("text"), doc);
	cf_doc_free(doc);
	return result;
}

static int print_json(struct cf_cli *cli, struct cf_store *store, const struct cf_run_set *set)
{
	struct cf_out *out = cf_output_open(cli);
	struct cf_json json;

	if (!out)
		return -1;
	cf_json_init(&json, out);
	cf_json_begin_array(&json);
	for (guint i = 0; i < set->runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set->runs, i);

		cf_json_begin_object(&json);
		cf_json_key(&json, "run");
		cf_json_int(&json, run->id);
		cf_json_key(&json, "name");
		cf_json_string(&json, run->name);
		cf_json_key(&json, "format");
		cf_json_string(&json, run->format);
		cf_json_key(&json, "samples");
		cf_json_int(&json, run->samples);
		cf_json_key(&json, "lost");
		cf_json_int(&json, run->lost);
		cf_json_key(&json, "warnings");
		cf_json_int(&json, MAX(0, cf_import_warnings(store, run->id, run->source_path, NULL)));
		cf_json_end_object(&json);
	}
	cf_json_end_array(&json);
	cf_out_puts(out, "\n");
	return cf_output_close(cli, out);
}

static int present(struct cf_cli *cli, struct cf_store *store, const GArray *all, gboolean as_json)
{
	struct cf_run_set set = { 0 };
	int result = select_runs(cli, store, all, &set);

	if (result == 0 && as_json)
		result = print_json(cli, store, &set);
	else if (result == 0 && set.runs->len)
		result = print_text(cli, &set);
	cf_run_set_clear(&set);
	fflush(stdout);
	for (guint i = 0; i < all->len && result == 0; i++) {
		const struct ingested *one = &g_array_index(all, struct ingested, i);

		if (!one->run)
			continue;
		say_known(cli, one);
		if (one->how == CF_IMPORTED_NEW || one->how == CF_IMPORTED_REPLACED)
			cf_import_warnings(store, one->run, one->path, &cli->diag);
	}
	return result;
}

/* The last line: the counts of several files, else what to do next. */
static void conclude(struct cf_cli *cli, const GArray *all)
{
	guint done = 0, known = 0, failed = 0;

	for (guint i = 0; i < all->len; i++) {
		const struct ingested *one = &g_array_index(all, struct ingested, i);

		if (!one->run && !one->repo)
			failed++;
		else if (one->how == CF_IMPORTED_NEW || one->how == CF_IMPORTED_REPLACED)
			done++;
		else
			known++;
	}
	if (cli->quiet)
		return;
	if (done)
		fputs("next: callflow top    callflow flamegraph -o f.svg    callflow report -o r.html\n",
		      stderr);
	if (all->len > 1)
		fprintf(stderr, "%u ingested, %u known, %u failed\n", done, known, failed);
}

static void import_all(struct cf_cli *cli, struct cf_store *store, struct cf_import *import, GArray *all)
{
	for (guint i = 0; i < cli->operands->len && !cf_interrupt_pending(); i++) {
		struct ingested one = { .path = g_ptr_array_index(cli->operands, i) };

		import->repo = &one.repo;
		if (cf_cli_import(cli, store, one.path, import, &one.how, &one.run) < 0)
			one.run = one.repo = 0;
		g_array_append_val(all, one);
	}
}

static int run_with_flags(struct cf_cli *cli, struct cf_import *import)
{
	gboolean as_json = strcmp(cf_params_string(cli->params, "print"), "json") == 0;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct ingested));
	gboolean found;
	g_autofree char *path = cf_store_locate(cli->store_option, TRUE, &found, NULL);
	struct cf_store *store = cf_store_open(path, CF_STORE_CREATE, &cli->diag);
	unsigned errors;
	int result;

	if (!store)
		return -1;
	import_all(cli, store, import, all);
	errors = cli->diag.errors;
	result = present(cli, store, all, as_json);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	if (!as_json)
		conclude(cli, all);
	return errors ? -1 : result;
}

static int run(struct cf_cli *cli)
{
	struct cf_import import = {
		.format = cf_params_string(cli->params, "format"),
		.params = cli->params,
		.again = cf_params_bool(cli->params, "again"),
	};
	int result;

	if (cli->operands->len == 0)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "nothing to ingest; usage: callflow ingest FILE...");
	result = cf_settings_flags(cli, &import.flags);
	if (result == 0)
		result = run_with_flags(cli, &import);
	cf_settings_clear(&import.flags);
	return result;
}

static const struct cf_param *const params[] = { cf_settings_params, ingest_params, NULL };

static const char *const examples[] = {
	"callflow ingest perf.data",
	"callflow ingest --name nightly --label host=web1 --commit auto perf.data",
	"callflow ingest recordings/*.data",
	"perf script | stackcollapse-perf.pl | callflow ingest --name web -",
	NULL,
};

const struct cf_command cf_command_ingest = {
	.name = "ingest",
	.group = "Bring data in",
	.summary = "read recordings into the warehouse",
	.synopsis = "FILE...",
	.examples = examples,
	.params = params,
	.flags = CF_COMMAND_READS,
	.run = run,
};
