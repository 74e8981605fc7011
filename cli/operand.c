/* SPDX-License-Identifier: MIT */
/* operand: a RUN operand -> an open store with the runs that it names. */
#include "cli/operand.h"

#include <errno.h>
#include <string.h>

#include "cli/ingest.h"
#include "cli/output.h"

static int missing(struct cf_cli *cli, const char *looked)
{
	cf_error(&cli->diag, NULL, "no store; looked at %s", looked);
	cf_note(&cli->diag, NULL, "start with: callflow ingest perf.data");
	return -1;
}

/* The path of an existing store. NULL: *looked has the places. */
static char *locate(struct cf_cli *cli, GString *looked)
{
	gboolean found = FALSE;
	char *path = cf_store_locate(cli->store_option, FALSE, &found, looked);

	if (path && cli->verbose)
		cf_note(&cli->diag, NULL, "store %s", path);
	if (path) {
		cf_output_keep_store(cli, path);
		g_free(cli->store_path);
		cli->store_path = g_canonicalize_filename(path, NULL);
	}
	return path;
}

struct cf_store *cf_operand_store(struct cf_cli *cli, enum cf_store_mode mode)
{
	g_autoptr(GString) looked = g_string_new(NULL);
	g_autofree char *path = locate(cli, looked);

	if (!path) {
		missing(cli, looked->str);
		return NULL;
	}
	return cf_store_open(path, mode, &cli->diag);
}

static gboolean is_file(const char *expr)
{
	return expr && (strcmp(expr, "-") == 0 || g_file_test(expr, G_FILE_TEST_EXISTS));
}

int cf_operand_run(struct cf_cli *cli, struct cf_store *store, int64_t id, struct cf_run_set *set)
{
	g_autofree char *expr = g_strdup_printf("%" G_GINT64_FORMAT, id);

	return cf_store_select(store, expr, NULL, 0, set, &cli->diag);
}

/* Brings path into the store of that location (NULL: memory) and selects the run that it became. */
static int open_file(struct cf_cli *cli, const char *path, const char *location, struct cf_store **store,
		     struct cf_run_set *set)
{
	struct cf_import import = { 0 };
	enum cf_imported how;
	int64_t run;

	cf_output_keep(cli, path);
	*store = cf_store_open(location, location ? CF_STORE_WRITE : CF_STORE_MEMORY, &cli->diag);
	if (!*store)
		return -1;
	if (cf_cli_import(cli, *store, &path, 1, &import, &how, &run) < 0)
		goto fail;
	if (!location)
		cf_note(&cli->diag, NULL, "no store here: %s is read into memory; callflow ingest keeps it",
			strcmp(path, "-") == 0 ? "stdin" : path);
	else if (how == CF_IMPORTED_NEW || how == CF_IMPORTED_REPLACED)
		cf_note(&cli->diag, NULL, "%s: ingested as run %" G_GINT64_FORMAT " of %s", path, run,
			location);
	if (cf_operand_run(cli, *store, run, set) == 0)
		return 0;
fail:
	cf_store_close(*store, &cli->diag);
	return -1;
}

static int no_file(struct cf_cli *cli, const char *path)
{
	return cf_error_errno(&cli->diag, &(struct cf_loc){ .path = path }, ENOENT, "can't open");
}

/* What looks like a path and is no run's name is missed as a file. */
static int select_run(struct cf_cli *cli, struct cf_store *store, const char *expr, unsigned facts,
		      struct cf_run_set *set)
{
	struct cf_diag silent = { 0 };

	if (!strchr(expr, '/'))
		return cf_store_select(store, expr, cli->in, facts, set, &cli->diag);
	return cf_store_select(store, expr, cli->in, facts, set, &silent) < 0 ? no_file(cli, expr) : 0;
}

int cf_operand_open(struct cf_cli *cli, const char *expr, unsigned facts, struct cf_store **store,
		    struct cf_run_set *set)
{
	g_autoptr(GString) looked = g_string_new(NULL);
	g_autofree char *path = locate(cli, looked);
	struct cf_diag silent = { 0 };

	if (!path && is_file(expr))
		return open_file(cli, expr, NULL, store, set);
	if (!path)
		return expr && strchr(expr, '/') ? no_file(cli, expr) : missing(cli, looked->str);
	*store = cf_store_open(path, CF_STORE_READ, &cli->diag);
	if (!*store)
		return -1;
	/* A stored run goes before a file of the same name; ./NAME is always the file. */
	if (is_file(expr) && (strchr(expr, '/') || strcmp(expr, "-") == 0 ||
			      cf_store_select(*store, expr, cli->in, facts, set, &silent) < 0)) {
		cf_store_close(*store, &cli->diag);
		return open_file(cli, expr, path, store, set);
	}
	if (!is_file(expr) && select_run(cli, *store, expr ? expr : "@", facts, set) < 0) {
		cf_store_close(*store, &cli->diag);
		return -1;
	}
	return 0;
}
