/* SPDX-License-Identifier: MIT */
/* trees: which paths differ between two trees. */
#ifndef CF_INGEST_GIT_TREES_H
#define CF_INGEST_GIT_TREES_H

#include "ingest/git/objects.h"

#define CF_GIT_MODE_TREE 0040000
#define CF_GIT_MODE_FILE 0100644
#define CF_GIT_MODE_PROGRAM 0100755
#define CF_GIT_MODE_LINK 0120000
#define CF_GIT_MODE_MODULE 0160000
#define CF_GIT_MODE_IS(mode, type) (((mode)&0170000) == ((type)&0170000))

/* One path that differs. A mode of 0: absent on that side. */
struct cf_git_delta {
	uint32_t path, path_len; /* into the paths of the set; NUL-terminated there */
	struct cf_oid old_oid, new_oid;
	uint16_t old_mode, new_mode;
};

struct cf_git_deltas {
	GArray *rows;      /* struct cf_git_delta, in the order of git's trees */
	GByteArray *paths; /* their bytes */
	gboolean cut;      /* there were more than the limit */
	guint strange;     /* entries left out: no name, a slash in it, a path too long */
	guint missing;     /* folders that aren't in this clone */
};
void cf_git_deltas_init(struct cf_git_deltas *deltas);
void cf_git_deltas_clear(struct cf_git_deltas *deltas);
static inline const char *cf_git_delta_path(const struct cf_git_deltas *deltas,
					    const struct cf_git_delta *delta)
{
	return (const char *)deltas->paths->data + delta->path;
}

/*
 * Replaces what deltas has. old or new NULL: the empty tree. wanted: whether a path (a folder's ends in '/', and is asked
 * about before it is entered) is of interest; NULL: all are. Submodules are entries like files.
 */
enum cf_git_read cf_git_trees_diff(struct cf_git_objects *objects, const struct cf_oid *old_tree,
				   const struct cf_oid *new_tree, guint limit,
				   gboolean (*wanted)(void *ctx, const char *path, size_t len), void *ctx,
				   struct cf_git_deltas *deltas);

#endif
