/* SPDX-License-Identifier: MIT */
/* code: the files and functions at the head; runs in the child. */
#ifndef CF_INGEST_GIT_CODE_H
#define CF_INGEST_GIT_CODE_H

#include "ingest/git/ctags.h"
#include "ingest/git/trees.h"
#include "ingest/git/wire.h"

struct cf_git_code {
	struct cf_git_objects *objects;
	struct cf_wire_out *out;
	const struct cf_history *stored; /* has files that needn't be looked at again; or NULL */
	gboolean (*wanted)(void *ctx, const char *path, size_t len);
	void *ctx;
	guint files_max;
	struct cf_ctags ctags;
	gboolean cut; /* more files than are looked at */
};

/* Sends a frame for each file of the tree, and the texts that say how to read the history. */
enum cf_git_read cf_git_code_send(struct cf_git_code *code, const struct cf_oid *tree);

/* Whether files.h of the tree are C: there is no C++ in it. */
enum cf_git_read cf_git_code_c_headers(struct cf_git_objects *objects, const struct cf_oid *tree,
				       guint files_max, gboolean *c_headers);

#endif
