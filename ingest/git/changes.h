/* SPDX-License-Identifier: MIT */
/* changes: what a commit did to files: paths, renames and lines. */
#ifndef CF_INGEST_GIT_CHANGES_H
#define CF_INGEST_GIT_CHANGES_H

#include "ingest/git/middle.h"
#include "ingest/git/renames.h"

/* One change, as core/history.h says; path and old_path are unset, as the deltas have them. */
struct cf_git_change {
	uint32_t delta, old_delta; /* old_delta: CF_NONE but for renames */
	struct cf_change row;
};

struct cf_git_changes {
	struct cf_git_objects *objects;
	struct cf_git_deltas deltas;
	struct cf_git_renames renames;
	struct cf_git_middle middle;
	GArray *rows; /* struct cf_git_change of the last commit, in the order of its trees */
	guint missing_files, big_files; /* of the last commit */
};
void cf_git_changes_init(struct cf_git_changes *changes, struct cf_git_objects *objects);
void cf_git_changes_clear(struct cf_git_changes *changes);

/* Replaces rows by what differs between the trees; old_tree NULL: the empty one. */
enum cf_git_read cf_git_changes_find(struct cf_git_changes *changes, const struct cf_oid *old_tree,
				     const struct cf_oid *new_tree, guint limit,
				     gboolean (*wanted)(void *ctx, const char *path, size_t len), void *ctx);

#endif
