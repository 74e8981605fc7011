/* SPDX-License-Identifier: MIT */
/* library: libgit2, loaded by the process that reads a repository only. */
#ifndef CF_INGEST_GIT_LIBRARY_H
#define CF_INGEST_GIT_LIBRARY_H

#include <git2.h>
#include <git2/sys/odb_backend.h>

#include "core/diag.h"

/* Its functions, by their own names, so that a call reads lib->git_odb_read(...). */
struct cf_git2 {
#define CF_FUNCTION(name) __typeof__(name) *name;
#include "ingest/git/git2.def"
#undef CF_FUNCTION
};

/* Loads and initialises it; stays until the process ends. -1 with a message: it isn't there. */
int cf_git2_load(struct cf_git2 *lib, struct cf_diag *diag);

#endif
