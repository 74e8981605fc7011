/* SPDX-License-Identifier: MIT */
/* operand: a RUN operand -> an open store with the runs that it names. */
#include "cli/operand.h"

#include <errno.h>
#include <string.h>

#include "cli/ingest.h"
#include "cli/output.h"

#define START_RUN "callflow ingest perf.data"

static int missing_store(struct cf_cli *cli, const char *looked, const char *start)
{
	cf_error(&cli->diag, NULL, "no store; looked at %s", looked);
	cf_note(&cli->diag, NULL, "start with: %s", start);
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
		missing_store(cli, looked->str, START_RUN ", or of a repository: callflow ingest DIRECTORY");
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

/* Brings path into store, which is at location (NULL: memory), and selects the run that it became. */
static int import_file(struct cf_cli *cli, const char *path, const char *location, struct cf_store *store,
		       struct cf_run_set *set)
{
	struct cf_import import = { 0 };
	enum cf_imported how;
	int64_t run;

	cf_output_keep(cli, path);
	if (cf_cli_import(cli, store, &path, 1, &import, &how, &run) < 0)
		return -1;
	if (!location)
		cf_note(&cli->diag, NULL, "no store here: %s is read into memory; callflow ingest keeps it",
			strcmp(path, "-") == 0 ? "stdin" : path);
	else if (how == CF_IMPORTED_NEW || how == CF_IMPORTED_REPLACED)
		cf_note(&cli->diag, NULL, "%s: ingested as run %" G_GINT64_FORMAT " of %s", path, run,
			location);
	if (cf_operand_run(cli, store, run, set) < 0)
		return -1;
	if (!location)
		((struct cf_run *)g_ptr_array_index(set->runs, 0))->operand = g_strdup(path);
	return 0;
}

static int open_to_write(struct cf_cli *cli, const char *location, struct cf_store **store)
{
	*store = cf_store_open(location, location ? CF_STORE_WRITE : CF_STORE_MEMORY, &cli->diag);
	return *store ? 0 : -1;
}

static int open_file(struct cf_cli *cli, const char *path, const char *location, struct cf_store **store,
		     struct cf_run_set *set)
{
	if (open_to_write(cli, location, store) < 0)
		return -1;
	if (import_file(cli, path, location, *store, set) == 0)
		return 0;
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

/* A stored run goes before a file of the same name; ./NAME is always the file. */
static gboolean is_new_file(const struct cf_cli *cli, struct cf_store *store, const char *expr,
			    unsigned facts)
{
	struct cf_diag silent = { 0 };
	struct cf_run_set set = { 0 };
	gboolean stored;

	if (!is_file(expr))
		return FALSE;
	if (strchr(expr, '/') || strcmp(expr, "-") == 0)
		return TRUE;
	stored = cf_store_select(store, expr, cli->in, facts, &set, &silent) == 0;
	if (stored)
		cf_run_set_clear(&set);
	return !stored;
}

int cf_operand_open(struct cf_cli *cli, const char *expr, unsigned facts, struct cf_store **store,
		    struct cf_run_set *set)
{
	g_autoptr(GString) looked = g_string_new(NULL);
	g_autofree char *path = locate(cli, looked);

	if (!path && is_file(expr))
		return open_file(cli, expr, NULL, store, set);
	if (!path)
		return expr && strchr(expr, '/') ? no_file(cli, expr)
						 : missing_store(cli, looked->str, START_RUN);
	*store = cf_store_open(path, CF_STORE_READ, &cli->diag);
	if (!*store)
		return -1;
	if (is_new_file(cli, *store, expr, facts)) {
		cf_store_close(*store, &cli->diag);
		return open_file(cli, expr, path, store, set);
	}
	if (select_run(cli, *store, expr ? expr : "@", facts, set) < 0) {
		cf_store_close(*store, &cli->diag);
		return -1;
	}
	return 0;
}

/* Ingests those of the two that are files, the base first, and selects the others. */
static int select_pair(struct cf_cli *cli, unsigned facts, struct cf_store *store, const char *location,
		       const char *const *exprs, const gboolean *files, struct cf_run_set *base,
		       struct cf_run_set *set, struct cf_no_base *missing)
{
	if (files[0] && import_file(cli, exprs[0], location, store, base) < 0)
		return -1;
	if (files[1] && import_file(cli, exprs[1], location, store, set) < 0)
		return -1;
	if (!files[1] && select_run(cli, store, exprs[1] ? exprs[1] : "@", facts, set) < 0)
		return -1;
	if (!files[0] && cf_base_select(store, exprs[0], cli->in, facts, set, base, missing, &cli->diag) < 0)
		return -1;
	return base->runs ? cf_base_differs(base, set, &cli->diag) : 0;
}

int cf_operand_open_pair(struct cf_cli *cli, unsigned facts, const char *base_expr, const char *expr,
			 struct cf_store **store, struct cf_run_set *base, struct cf_run_set *set,
			 struct cf_no_base *missing)
{
	g_autoptr(GString) looked = g_string_new(NULL);
	g_autofree char *path = locate(cli, looked);
	const char *const exprs[] = { base_expr, expr };
	gboolean files[] = { is_file(base_expr), is_file(expr) };

	*base = *set = (struct cf_run_set){ 0 };
	*missing = (struct cf_no_base){ 0 };
	if (!path && !files[0] && !files[1])
		return missing_store(cli, looked->str, START_RUN);
	if (path) {
		*store = cf_store_open(path, CF_STORE_READ, &cli->diag);
		if (!*store)
			return -1;
		for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
			files[i] = is_new_file(cli, *store, exprs[i], facts);
		if (files[0] || files[1])
			cf_store_close(*store, &cli->diag);
	}
	if ((files[0] || files[1]) && open_to_write(cli, path, store) < 0)
		return -1;
	if (select_pair(cli, facts, *store, path, exprs, files, base, set, missing) == 0)
		return 0;
	cf_run_set_clear(base);
	cf_run_set_clear(set);
	cf_no_base_clear(missing);
	cf_store_close(*store, &cli->diag);
	return -1;
}
