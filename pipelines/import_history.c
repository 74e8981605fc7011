/* SPDX-License-Identifier: MIT */
/* import_history: a repository -> history -> store, for import.c. */
#include "pipelines/import_history.h"

#include <string.h>

#include "pipelines/history_quality.h"
#include "store/history.h"

struct job {
	struct cf_store *store;
	const struct cf_input *input;
	const struct cf_format *format;
	const struct cf_import *import;
	const struct cf_params *params;
	const char *options;
	struct cf_history_look look;
	struct cf_repo *stored; /* what the store has of it, or NULL */
	struct cf_diag *diag;
};

static void report(const struct job *j, enum cf_import_stage stage)
{
	if (j->import->progress)
		j->import->progress(j->import->progress_ctx, j->input->path, j->input->bytes.len, stage);
}

/* The same place goes first, then whatever has its head. */
static int find_stored(struct job *j)
{
	if (cf_store_repo_at(j->store, j->look.path, &j->stored, j->diag) != 0)
		return -1;
	if (!j->stored && j->look.has_head)
		return cf_store_repo_with(j->store, &j->look.head, &j->stored, j->diag);
	return 0;
}

static gboolean same_reading(const struct job *j)
{
	return j->stored && strcmp(j->stored->format, j->format->name) == 0 &&
	       j->stored->version == j->format->version && strcmp(j->stored->options, j->options) == 0;
}

/* A clone that has one of our first commits is the same repository, wherever it lies. */
static int find_by_roots(struct job *j, const struct cf_history *history)
{
	for (guint i = 0; !j->stored && i < history->commits->len; i++) {
		const struct cf_commit *commit = &g_array_index(history->commits, struct cf_commit, i);

		if ((!commit->parents || commit->flags & CF_COMMIT_SHALLOW) &&
		    cf_store_repo_with(j->store, &commit->oid, &j->stored, j->diag) != 0)
			return -1;
	}
	return 0;
}

/* Whether what was read is joined to what is stored. */
static gboolean is_joined(const struct job *j, const struct cf_history *history, const GArray *known)
{
	for (guint i = 0; i < history->parents->len; i++)
		if (g_array_index(history->parents, struct cf_parent, i).commit == CF_NONE)
			return TRUE;
	/* Nothing new at all: the head is among the known ones. */
	return history->commits->len == 0 && known->len > 0;
}

/* ---- functions ---- */

/* The newest first. */
static gint compare_places(gconstpointer a, gconstpointer b)
{
	const struct cf_known_commit *x = a, *y = b;

	if (x->order != y->order)
		return x->order > y->order ? -1 : 1;
	return -memcmp(x->oid.bytes, y->oid.bytes, CF_OID_SIZE);
}

/* All commits that there will be, the newest first. kept: of the store, or NULL. */
static GArray *list_commits(const struct cf_history *history, const GArray *kept)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct cf_known_commit));

	for (guint i = 0; i < history->commits->len; i++) {
		const struct cf_commit *c = &g_array_index(history->commits, struct cf_commit, i);

		struct cf_known_commit one = { c->oid, c->order, c->flags };

		g_array_append_val(all, one);
	}
	if (kept && kept->len)
		g_array_append_vals(all, kept->data, kept->len);
	g_array_sort(all, compare_places);
	return all;
}

/*
 * Reads the function changes of the newest commits, as many as are wanted, of those that haven't got them. *from: the
 * oldest of them, so that the store forgets those of older ones: which commits have functions never depends on how
 * often one looked.
 */
static int read_functions(struct job *j, struct cf_history *history, const GArray *all,
			  struct cf_known_commit *from)
{
	g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(struct cf_oid));
	int64_t left = j->look.functions;

	*from = (struct cf_known_commit){ .order = INT64_MAX };
	for (guint i = 0; i < all->len && left; i++) {
		const struct cf_known_commit *commit = &g_array_index(all, struct cf_known_commit, i);

		if (!(commit->flags & CF_COMMIT_DIFFED))
			continue;
		*from = *commit;
		left--;
		if (!(commit->flags & CF_COMMIT_FUNCTIONS))
			g_array_append_val(wanted, commit->oid);
	}
	if (!wanted->len || !j->format->history->functions)
		return 0;
	return j->format->history->functions(j->input, j->params, wanted, history, j->diag);
}

/* ---- reading and storing ---- */

static int put(struct job *j, struct cf_history *history, gboolean add, int64_t *repo)
{
	g_autoptr(GArray) kept =
		add ? cf_store_kept_commits(j->store, j->stored->id, history, j->diag) : NULL;
	g_autoptr(GArray) all = list_commits(history, kept);
	struct cf_known_commit functions_from;
	struct cf_repo_put put = { .repo = j->stored ? j->stored->id : 0,
				   .add = add,
				   .name = j->import->flags.name,
				   .options = j->options,
				   .state = j->look.state,
				   .version = j->format->version,
				   .seen = j->stored ? j->stored->state : NULL,
				   .functions_from = &functions_from };

	if ((add && !kept) || read_functions(j, history, all, &functions_from) != 0)
		return -1;
	cf_history_add_quality(history, all, j->format->history->functions ? j->look.functions : INT64_MAX);
	report(j, CF_IMPORT_STORING);
	return cf_store_put_history(j->store, &put, history, repo, j->diag);
}

/* Whether a stored repository has one of the commits: it may have been too shallow to have the first ones. */
static int shares_commits(struct job *j, const struct cf_repo *repo, const struct cf_history *history,
			  gboolean *shares)
{
	g_autoptr(GArray) known = cf_store_known_commits(j->store, repo->id, j->diag);

	*shares = FALSE;
	for (guint i = 0; known && !*shares && i < known->len; i++)
		*shares = cf_history_find(history, &g_array_index(known, struct cf_known_commit, i).oid) !=
			  CF_NONE;
	return known ? 0 : -1;
}

/* What is stored under this path may be another repository that was there before. */
static int find_same(struct job *j, const struct cf_history *history)
{
	struct cf_repo *candidate = g_steal_pointer(&j->stored);
	gboolean shares = FALSE;
	int result = find_by_roots(j, history);

	if (result == 0 && !j->stored && candidate) {
		result = shares_commits(j, candidate, history, &shares);
		if (shares)
			j->stored = g_steal_pointer(&candidate);
	}
	cf_repo_free(candidate);
	return result;
}

static int read_whole(struct job *j, int64_t *repo)
{
	struct cf_history *history = cf_history_new();
	int result = j->format->history->read(j->input, j->params, NULL, history, j->diag);

	if (result == 0 && j->look.has_head)
		result = find_same(j, history);
	if (result == 0)
		result = put(j, history, FALSE, repo);
	cf_history_free(history);
	return result;
}

/* *joined FALSE: nothing was stored, as the repository is another one than what is stored. */
static int read_new(struct job *j, gboolean *joined, int64_t *repo)
{
	const struct cf_history_filter code = { .code_only = TRUE };
	struct cf_history *history = cf_history_new();
	struct cf_history *stored = cf_store_load_history(j->store, j->stored, &code, j->diag);
	g_autoptr(GArray) commits = cf_store_known_commits(j->store, j->stored->id, j->diag);
	struct cf_history_known known = { commits, stored };
	int result = -1;

	*joined = TRUE;
	if (stored && commits && cf_store_load_names(j->store, j->stored->id, history, j->diag) == 0)
		result = j->format->history->read(j->input, j->params, &known, history, j->diag);
	if (result == 0)
		*joined = is_joined(j, history, commits);
	if (result == 0 && *joined)
		result = put(j, history, TRUE, repo);
	cf_history_free(history);
	cf_history_free(stored);
	return result;
}

static int bring_in(struct job *j, enum cf_imported *how, int64_t *repo)
{
	gboolean joined = FALSE;
	const char *name = j->import->flags.name;

	if (same_reading(j) && strcmp(j->stored->state, j->look.state) == 0 && !j->import->again &&
	    (!name || strcmp(name, j->stored->name) == 0)) {
		*repo = j->stored->id;
		*how = CF_IMPORTED_KNOWN;
		return 0;
	}
	report(j, CF_IMPORT_READING);
	if (same_reading(j) && j->look.may_add && !j->stored->shallow && !j->import->again &&
	    read_new(j, &joined, repo) != 0)
		return -1;
	if (!joined && read_whole(j, repo) != 0)
		return -1;
	*how = j->stored ? CF_IMPORTED_REPLACED : CF_IMPORTED_NEW;
	return 0;
}

int cf_import_history(struct cf_store *store, const struct cf_input *input, const struct cf_format *format,
		      const char *options, const struct cf_import *import, const struct cf_params *params,
		      enum cf_imported *how, int64_t *repo, struct cf_diag *diag)
{
	struct job j = { .store = store,
			 .input = input,
			 .format = format,
			 .import = import,
			 .params = params,
			 .options = options,
			 .diag = diag };
	int result = -1;

	if (format->history->look(input, params, &j.look, diag) == 0 && find_stored(&j) == 0) {
		if (j.look.options)
			j.options = j.look.options;
		result = bring_in(&j, how, repo);
	}
	cf_history_look_clear(&j.look);
	cf_repo_free(j.stored);
	return result;
}
