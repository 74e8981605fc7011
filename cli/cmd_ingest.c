/* SPDX-License-Identifier: MIT */
/* cmd_ingest: brings files into the store. */
#include "cli/ingest.h"

#include <stdio.h>
#include <string.h>

#include "analyzers/repos.h"
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
	{ .name = "force",
	  .type = CF_PARAM_BOOL,
	  .help = "replace a run even where fewer of its functions have names now" },
	{ .name = "together",
	  .type = CF_PARAM_BOOL,
	  .help = "the files are one run: parts and threads of a callgrind profile" },
	{ .name = "path-pattern",
	  .type = CF_PARAM_STRING,
	  .arg = "PATTERN",
	  .help = "take time, commit, name and labels from paths: "
		  "'bench/{time}-{commit}-{label.host}.json'" },
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

int cf_cli_import(struct cf_cli *cli, struct cf_store *store, const char *const *paths, guint n,
		  struct cf_import *import, enum cf_imported *how, int64_t *run)
{
	struct progress_context context = { cf_progress_new(cli->quiet), store };
	int result;

	import->progress = on_progress;
	/* cppcheck-suppress autoVariables; taken back below */
	import->progress_ctx = &context;
	result = cf_import_files(store, paths, n, import, how, run, &cli->diag);
	import->progress = NULL;
	import->progress_ctx = NULL;
	cf_progress_free(context.progress);
	cf_interrupt_release();
	return result;
}

static void say_known_repo(struct cf_cli *cli, const struct ingested *one, const char *name)
{
	struct cf_loc loc = { .path = one->path };

	if (one->how == CF_IMPORTED_KNOWN)
		cf_note(&cli->diag, &loc, "repository %s: nothing new (--again reads all of it)", name);
	else if (one->how == CF_IMPORTED_REPLACED)
		cf_note(&cli->diag, &loc, "repository %s: brought up to date", name);
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

static struct cf_repo *find_repo(const GPtrArray *repos, int64_t id)
{
	for (guint i = 0; i < repos->len; i++)
		if (((struct cf_repo *)g_ptr_array_index(repos, i))->id == id)
			return g_ptr_array_index(repos, i);
	return NULL;
}

/* The repositories that went in, each once, by name. NULL: an error. */
static GPtrArray *select_repos(struct cf_cli *cli, struct cf_store *store, const GArray *all)
{
	GPtrArray *repos = g_ptr_array_new_with_free_func((GDestroyNotify)cf_repo_free);
	g_autoptr(GPtrArray) stored = NULL;
	gboolean any = FALSE;

	for (guint i = 0; i < all->len; i++)
		any = any || g_array_index(all, struct ingested, i).repo;
	if (!any)
		return repos;
	stored = cf_store_repos(store, &cli->diag);
	for (guint i = 0; stored && i < stored->len;) {
		const struct cf_repo *repo = g_ptr_array_index(stored, i);
		gboolean ours = FALSE;

		for (guint n = 0; n < all->len; n++)
			ours = ours || g_array_index(all, struct ingested, n).repo == repo->id;
		if (ours)
			g_ptr_array_add(repos, g_ptr_array_steal_index(stored, i));
		else
			i++;
	}
	if (!stored)
		g_clear_pointer(&repos, g_ptr_array_unref);
	return repos;
}

static int print_text(struct cf_cli *cli, const struct cf_run_set *set, const GPtrArray *repos)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *section = cf_doc_section(doc, doc->root, "ingested", NULL);
	int result;

	if (set->runs->len)
		cf_runs_table(doc, section, set);
	if (repos->len)
		cf_repos_table(doc, section, repos);
	result = cf_output_doc(cli, cf_renderer_by_name("text"), doc);
	cf_doc_free(doc);
	return result;
}

static void json_text(struct cf_json *json, const char *key, const char *text)
{
	cf_json_key(json, key);
	cf_json_string(json, text);
}

static void json_count(struct cf_json *json, const char *key, int64_t count)
{
	cf_json_key(json, key);
	cf_json_int(json, count);
}

static void print_json_run(struct cf_json *json, struct cf_store *store, const struct cf_run *run)
{
	cf_json_begin_object(json);
	json_count(json, "run", run->id);
	json_text(json, "name", run->name);
	json_text(json, "format", run->format);
	json_count(json, "samples", run->samples);
	json_count(json, "lost", run->lost);
	json_count(json, "warnings", MAX(0, cf_import_warnings(store, run->id, run->source_path, NULL)));
	cf_json_end_object(json);
}

static void print_json_repo(struct cf_json *json, struct cf_store *store, const struct cf_repo *repo)
{
	char hex[CF_OID_HEX + 1];
	int warnings = cf_import_repo_warnings(store, repo->id, repo->path, NULL);

	cf_oid_hex(&repo->head, hex);
	cf_json_begin_object(json);
	json_text(json, "repository", repo->name);
	json_text(json, "format", repo->format);
	json_count(json, "commits", repo->commits);
	json_count(json, "merges", repo->merges);
	json_count(json, "files", repo->paths);
	json_count(json, "authors", repo->authors);
	json_text(json, "head", hex);
	json_count(json, "warnings", MAX(0, warnings));
	cf_json_end_object(json);
}

static int print_json(struct cf_cli *cli, struct cf_store *store, const struct cf_run_set *set,
		      const GPtrArray *repos)
{
	struct cf_out *out = cf_output_open(cli);
	struct cf_json json;

	if (!out)
		return -1;
	cf_json_init(&json, out);
	cf_json_begin_array(&json);
	for (guint i = 0; i < set->runs->len; i++)
		print_json_run(&json, store, g_ptr_array_index(set->runs, i));
	for (guint i = 0; i < repos->len; i++)
		print_json_repo(&json, store, g_ptr_array_index(repos, i));
	cf_json_end_array(&json);
	cf_out_puts(out, "\n");
	return cf_output_close(cli, out);
}

/* What the user must know of each: that it was there, and what mends its numbers. */
static void remark(struct cf_cli *cli, struct cf_store *store, const struct ingested *one,
		   const GPtrArray *repos)
{
	const struct cf_repo *repo = one->repo ? find_repo(repos, one->repo) : NULL;
	gboolean fresh = one->how == CF_IMPORTED_NEW || one->how == CF_IMPORTED_REPLACED;

	if (one->run)
		say_known(cli, one);
	if (one->run && fresh)
		cf_import_warnings(store, one->run, one->path, &cli->diag);
	if (repo)
		say_known_repo(cli, one, repo->name);
	if (repo && fresh)
		cf_import_repo_warnings(store, one->repo, one->path, &cli->diag);
}

/* *facts: what the runs have. */
static int present(struct cf_cli *cli, struct cf_store *store, const GArray *all, gboolean as_json,
		   unsigned *facts)
{
	struct cf_run_set set = { 0 };
	g_autoptr(GPtrArray) repos = select_repos(cli, store, all);
	int result = repos ? select_runs(cli, store, all, &set) : -1;

	if (result == 0 && as_json)
		result = print_json(cli, store, &set, repos);
	else if (result == 0 && (set.runs->len || repos->len))
		result = print_text(cli, &set, repos);
	for (guint i = 0; set.runs && i < set.runs->len; i++)
		*facts |= ((const struct cf_run *)g_ptr_array_index(set.runs, i))->facts;
	cf_run_set_clear(&set);
	fflush(stdout);
	for (guint i = 0; i < all->len && result == 0; i++)
		remark(cli, store, &g_array_index(all, struct ingested, i), repos);
	return result;
}

/* The last line: the counts of several files, else what to do next. */
static void conclude(struct cf_cli *cli, const GArray *all, unsigned facts)
{
	guint done = 0, known = 0, failed = 0, runs = 0;

	for (guint i = 0; i < all->len; i++) {
		const struct ingested *one = &g_array_index(all, struct ingested, i);

		if (!one->run && !one->repo)
			failed++;
		else if (one->how == CF_IMPORTED_NEW || one->how == CF_IMPORTED_REPLACED)
			done++;
		else
			known++;
		runs += one->run != 0;
	}
	if (cli->quiet)
		return;
	if (done && !runs)
		fputs("next: callflow churn    callflow query \"select * from v_change limit 9\"\n", stderr);
	else if (done)
		fprintf(stderr, "next: %s\n", cf_cli_next(facts));
	if (all->len > 1)
		fprintf(stderr, "%u ingested, %u known, %u failed\n", done, known, failed);
}

static void import_all(struct cf_cli *cli, struct cf_store *store, struct cf_import *import, GArray *all)
{
	const char *const *paths = (const char *const *)cli->operands->pdata;
	guint n = cf_params_bool(cli->params, "together") ? cli->operands->len : 1;

	for (guint i = 0; i < cli->operands->len && !cf_interrupt_pending(); i += n) {
		struct ingested one = { .path = paths[i] };

		/* cppcheck-suppress autoVariables; set anew for each file, and taken back after the last */
		import->repo = &one.repo;
		if (cf_cli_import(cli, store, paths + i, n, import, &one.how, &one.run) < 0)
			one.run = one.repo = 0;
		g_array_append_val(all, one);
	}
	import->repo = NULL;
}

static int run_with_flags(struct cf_cli *cli, struct cf_import *import)
{
	gboolean as_json = strcmp(cf_params_string(cli->params, "print"), "json") == 0;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct ingested));
	gboolean found;
	g_autofree char *path = cf_store_locate(cli->store_option, TRUE, &found, NULL);
	struct cf_store *store = cf_store_open(path, CF_STORE_CREATE, &cli->diag);
	unsigned errors, facts = 0;
	int result;

	if (!store)
		return -1;
	import_all(cli, store, import, all);
	errors = cli->diag.errors;
	result = present(cli, store, all, as_json, &facts);
	if (cf_store_close(store, &cli->diag) < 0)
		result = -1;
	if (!as_json)
		conclude(cli, all, facts);
	return errors ? -1 : result;
}

static int run(struct cf_cli *cli)
{
	struct cf_import import = {
		.format = cf_params_string(cli->params, "format"),
		.params = cli->params,
		.path_pattern = cf_params_string(cli->params, "path-pattern"),
		.again = cf_params_bool(cli->params, "again"),
		.force = cf_params_bool(cli->params, "force"),
	};
	int result;

	if (cli->operands->len == 0)
		return cf_error_as(&cli->diag, CF_STATUS_USAGE, NULL,
				   "nothing to ingest; usage: callflow ingest FILE|DIRECTORY...");
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
	"callflow ingest --since 2025-01-01 ~/src/redis",
	NULL,
};

const struct cf_command cf_command_ingest = {
	.name = "ingest",
	.group = "Bring data in",
	.summary = "read recordings and repositories into the store",
	.synopsis = "FILE|DIRECTORY...",
	.examples = examples,
	.params = params,
	.flags = CF_COMMAND_READS,
	.run = run,
};
