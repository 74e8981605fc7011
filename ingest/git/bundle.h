/* SPDX-License-Identifier: MIT */
/* bundle: a repository in one file: a list of refs and a pack. */
#ifndef CF_INGEST_GIT_BUNDLE_H
#define CF_INGEST_GIT_BUNDLE_H

#include "core/history.h"
#include "core/reader.h"

struct cf_git_bundle {
	struct cf_oid head;
	struct cf_slice pack; /* of the file's bytes */
};

gboolean cf_git_bundle_is(struct cf_slice bytes);
/* revision: a ref of the bundle, or the end of one; NULL: HEAD, else the first. 0, or -1 with a located message. */
int cf_git_bundle_parse(struct cf_git_bundle *bundle, const char *path, struct cf_slice bytes,
			const char *revision, struct cf_diag *diag);

/* A new folder that only the user can read, for the pack of a bundle and its index. NULL with a message. */
char *cf_git_bundle_folder(const char *path, struct cf_diag *diag);
/* Removes it with what is in it. System calls only, so that a signal handler may do it. */
void cf_git_bundle_remove(const char *folder);

struct cf_git2;
/* In the child: writes pack and index into folder, from where they can be read. NULL, or why not. Caller frees. */
char *cf_git_bundle_unpack(const struct cf_git2 *lib, const char *folder, struct cf_slice pack);

#endif
