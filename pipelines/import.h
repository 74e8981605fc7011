/* SPDX-License-Identifier: MIT */
/* import: source -> probe -> trace -> store, shared by the command line and the pipeline runner. */
#ifndef CF_PIPELINES_IMPORT_H
#define CF_PIPELINES_IMPORT_H

#include "core/params.h"
#include "ingest/format.h"
#include "store/store.h"

enum cf_import_stage { CF_IMPORT_READING, CF_IMPORT_STORING };

struct cf_import {
	const char *format;             /* forced importer, or NULL */
	const struct cf_params *params; /* has the tables of cf_import_tables; NULL: defaults */
	struct cf_run_flags flags;
	const char *
		path_pattern; /* what paths say of a run ("{time}-{commit}.json"), or NULL; see path_pattern.h */
	gboolean again;       /* re-read a known source with today's symbols */
	gboolean force;       /* and replace its run even by a reading with fewer names */
	int64_t *repo; /* where the id of a repository goes, 0 for a run; NULL: repositories are refused */
	/* Called when a stage of a source of that many bytes begins; or NULL. */
	void (*progress)(void *ctx, const char *path, uint64_t bytes, enum cf_import_stage stage);
	void *progress_ctx;
};

enum cf_imported {
	CF_IMPORTED_NEW,
	CF_IMPORTED_REPLACED,
	CF_IMPORTED_KNOWN,
	CF_IMPORTED_KEPT, /* known, and read again with fewer names than are stored, which was said: left alone */
	CF_IMPORTED_FLAGS /* known, flags updated */
};

/* The reading options of all formats, each table once. NULL-terminated; caller frees the array with g_free.
 */
const struct cf_param **cf_import_tables(void);

/*
 * Brings one source, the n files of one run, into store, wholly or not at all. gzip and zstd are unpacked. -1 with one
 * located message. *run: its id, 0 for a repository.
 */
int cf_import_files(struct cf_store *store, const char *const *paths, guint n, const struct cf_import *import,
		    enum cf_imported *how, int64_t *run, struct cf_diag *diag);
static inline int cf_import_file(struct cf_store *store, const char *path, const struct cf_import *import,
				 enum cf_imported *how, int64_t *run, struct cf_diag *diag)
{
	return cf_import_files(store, &path, 1, import, how, run, diag);
}

/*
 * Says, as warnings at path, what a reader of the run's numbers must know and could mend: the rows of its
 * data quality that have a cure, the costliest first, a handful in all. diag NULL: only counts. The number of
 * such rows, or -1 with a message.
 */
int cf_import_warnings(struct cf_store *store, int64_t run, const char *path, struct cf_diag *diag);

/* The same for the history of a repository. */
int cf_import_repo_warnings(struct cf_store *store, int64_t repo, const char *path, struct cf_diag *diag);

/*
 * The commit that REV names in the repository around the working directory: "auto" is $GITHUB_SHA,
 * $CI_COMMIT_SHA or HEAD; else a hash as it is (lower case), HEAD or a branch. git is never run.
 * NULL with a message when there is none. Caller frees.
 */
char *cf_commit_resolve(const char *rev, struct cf_diag *diag);

char *cf_import_library_version(void); /* caller frees */

#endif
