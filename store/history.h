/* SPDX-License-Identifier: MIT */
/* history: repositories in the store: listing, reading back, adding what is new. */
#ifndef CF_STORE_HISTORY_H
#define CF_STORE_HISTORY_H

#include "core/history.h"
#include "store/store.h"

struct cf_repo {
	int64_t id;
	char *name, *path, *format, *options, *state;
	int version; /* of the importer that read it */
	struct cf_oid head;
	gboolean shallow, has_oids;
	int64_t commits, merges, paths, authors; /* authors: after .mailmap, bots and all */
	int64_t first_time, last_time;           /* of commits, s since the epoch; 0 when there are none */
};
void cf_repo_free(struct cf_repo *repo);

/* --- reading ---------------------------------------------------------------------------------------------------- */

/* All repositories, by name. Caller frees with g_ptr_array_unref; NULL with a message on error. */
GPtrArray *cf_store_repos(struct cf_store *store, struct cf_diag *diag);
/*
 * The repository of that name, or with name NULL the only one. NULL with a message: none at all (and how to get one),
 * several (their names), or none of that name (the nearest).
 */
struct cf_repo *cf_store_repo(struct cf_store *store, const char *name, struct cf_diag *diag);

/* What to read of a history. All zeros: everything, as it is stored, without functions. */
struct cf_history_filter {
	gboolean has_since, has_until;
	int64_t since, until; /* commit time in s, both inclusive */
	const char
		*path; /* a file, or a folder and all beneath it; changes of others are left out. NULL: all */
	gboolean split_renames; /* each as a deletion and an addition, as `git log --no-renames` has them */
	gboolean functions;     /* read func_changes as well */
	gboolean no_code;       /* leave code_files and code_funcs out */
	gboolean code_only;     /* nothing but those, and paths */
};

/*
 * The facts of a repository; ordered as core/history.h says. Commits outside the filter's time are left out, those
 * without a change that it keeps are not. NULL with a message on error. Caller frees with cf_history_free.
 */
struct cf_history *cf_store_load_history(struct cf_store *store, const struct cf_repo *repo,
					 const struct cf_history_filter *filter, struct cf_diag *diag);

/* The repository's data quality rows, as cf_store_quality (weight is 0). */
int cf_store_repo_quality(struct cf_store *store, int64_t repo,
			  int (*row)(void *ctx, const struct cf_quality_row *row), void *ctx,
			  struct cf_diag *diag);

/* --- writing ---------------------------------------------------------------------------------------------------- */

/* The repository with that id, read from that path last, or that has that commit; *repo NULL when there is none. */
int cf_store_repo_by_id(struct cf_store *store, int64_t id, struct cf_repo **repo, struct cf_diag *diag);
int cf_store_repo_at(struct cf_store *store, const char *path, struct cf_repo **repo, struct cf_diag *diag);
int cf_store_repo_with(struct cf_store *store, const struct cf_oid *commit, struct cf_repo **repo,
		       struct cf_diag *diag);

/* All commits of a repository, in order of their oids; GArray of struct cf_known_commit, or NULL with a message. */
GArray *cf_store_known_commits(struct cf_store *store, int64_t repo, struct cf_diag *diag);
/* Those that stay once history, which has what is new, is added: its head can reach them. */
GArray *cf_store_kept_commits(struct cf_store *store, int64_t repo, const struct cf_history *history,
			      struct cf_diag *diag);
/* Adds all persons and paths of a repository to history (raw texts, no flags). */
int cf_store_load_names(struct cf_store *store, int64_t repo, struct cf_history *history,
			struct cf_diag *diag);

/* What to store, and where. Strings borrowed. */
struct cf_repo_put {
	int64_t repo; /* the one to bring up to date, or 0: a new one */
	gboolean
		add; /* history has new commits only; those of the stored ones that its head can't reach go */
	const char *name; /* NULL: keep it, or history's, made unique */
	const char *options, *state;
	int version;
	const char *
		seen; /* the state that was stored when history was read, NULL: the repository wasn't stored */
	/* Function changes of commits before this place are left out, of stored ones removed; NULL: none are. */
	const struct cf_known_commit *functions_from;
};

/*
 * Stores history in one transaction, wholly or not at all. Persons, paths, files, functions and quality of the
 * repository become those of history (with add, it must have all names that are stored: cf_store_load_names).
 * *repo: its id.
 */
int cf_store_put_history(struct cf_store *store, const struct cf_repo_put *put,
			 const struct cf_history *history, int64_t *repo, struct cf_diag *diag);
/* Removes the repository and what only it used. */
int cf_store_delete_repo(struct cf_store *store, int64_t repo, struct cf_diag *diag);

#endif
