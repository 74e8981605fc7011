/* SPDX-License-Identifier: MIT */
/* renames: which deleted files of a commit came back under another path. */
#ifndef CF_INGEST_GIT_RENAMES_H
#define CF_INGEST_GIT_RENAMES_H

#include "ingest/git/trees.h"

/* By index of a delta: the delta of its old path, and how alike they are in percent. */
struct cf_git_rename {
	uint32_t from; /* CF_NONE: not a rename */
	uint8_t similarity;
	gboolean used; /* is the old path of another one */
};

struct cf_git_renames {
	struct cf_git_objects *objects;
	uint64_t budget; /* comparisons of contents that are left for all commits */
	gboolean cut;    /* the last commit has more candidates than are compared */
	GArray *rows;    /* struct cf_git_rename, by delta of the last commit */
};

/*
 * Finds the renames of a commit the way `git log -M` does: the same content first, then unique base names that are 75 %
 * alike, then the best of all pairs that are at least half alike, of at most 1000 x 1000 candidates.
 */
enum cf_git_read cf_git_renames_find(struct cf_git_renames *renames, const struct cf_git_deltas *deltas);

#endif
