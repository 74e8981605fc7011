/* SPDX-License-Identifier: MIT */
/* functions: which functions commits changed, by the ranges at both ends of each hunk; runs in the child. */
#ifndef CF_INGEST_GIT_FUNCTIONS_H
#define CF_INGEST_GIT_FUNCTIONS_H

#include "ingest/git/changes.h"
#include "ingest/git/ctags.h"
#include "ingest/git/wire.h"

struct cf_git_functions;

/* c_headers: as for cf_language_of. */
struct cf_git_functions *cf_git_functions_new(struct cf_git_objects *objects, struct cf_wire_out *out,
					      gboolean c_headers);
void cf_git_functions_free(struct cf_git_functions *functions);

/* A commit and what it changed; its frame is sent now or with a later one. */
enum cf_git_read cf_git_functions_add(struct cf_git_functions *functions, const struct cf_oid *commit,
				      const struct cf_git_changes *changes);
/* Sends what waits. */
enum cf_git_read cf_git_functions_flush(struct cf_git_functions *functions);

const struct cf_ctags *cf_git_functions_ctags(const struct cf_git_functions *functions);

#endif
