/* SPDX-License-Identifier: MIT */
/* git_refs: what the refs of a repository name, as its files have it. */
#ifndef CF_CORE_GIT_REFS_H
#define CF_CORE_GIT_REFS_H

#include "core/files.h"

/* Far more than any HEAD or gitdir file. */
#define CF_GIT_SMALL_CAP 4096

/* The text of a file beneath dir, without the final white space; NULL when it can't be read. Caller frees. */
char *cf_git_text(const char *dir, const char *path, uint64_t cap);
/* The directory that has the objects and branches of git_dir, which a linked work tree shares; unresolved. Caller frees. */
char *cf_git_common_dir(const char *git_dir);
/*
 * Follows ref ("HEAD", "refs/heads/main") to what should be a hash, or NULL. *unborn (may be NULL): it leads to a branch that
 * has no commits. Caller frees.
 */
char *cf_git_ref(const char *git_dir, const char *common_dir, const char *ref, gboolean *unborn);

#endif
