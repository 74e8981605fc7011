/* SPDX-License-Identifier: MIT */
/* reader: walks a repository and writes its facts to a wire; runs in the child. */
#ifndef CF_INGEST_GIT_READER_H
#define CF_INGEST_GIT_READER_H

#include "core/history.h"
#include "core/reader.h"

/* What to read. All borrowed. */
struct cf_git_job {
	const char *path;           /* as the user named it, for messages */
	const char *const *folders; /* of objects */
	const char *unpack_to;      /* the folder among them that pack belongs into, or NULL */
	struct cf_slice pack;
	struct cf_oid head;
	const GArray *shallow; /* struct cf_oid, sorted: commits whose parents aren't in the clone */
	const GArray *known;   /* struct cf_known_commit, by oid: where the walk ends; or NULL */
	const struct cf_history *stored; /* files at the head that needn't be looked at again; or NULL */
	const GArray *commits;           /* struct cf_oid: for cf_git_read_functions */
	guint files_max;                 /* of one commit, and at the head: what is beyond is counted */
	gboolean outside;                /* some of its objects lie where they aren't read */
	gboolean gaps; /* objects may be missing: a partial clone, a bundle of a shallow one */
	gboolean verify;
	gboolean first_parent; /* follow first parents only */
	gboolean diff_merges;  /* against the first parent, instead of not at all */
	gboolean has_since;
	int64_t since;               /* commit time in s: older commits aren't read */
	const char *const *paths;    /* files and folders to read; empty: all */
	const char *const *excludes; /* globs of paths to leave out */
};

/* Writes the functions that the commits of job->commits changed, and an end or error frame, to fd. */
void cf_git_read_functions(const struct cf_git_job *job, int fd);
/* Writes everything, an end frame or an error frame, to fd. */
void cf_git_read_repository(const struct cf_git_job *job, int fd);

#endif
