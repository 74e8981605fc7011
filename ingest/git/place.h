/* SPDX-License-Identifier: MIT */
/* place: where a repository's files are, and which commit is its head; reads no configuration. */
#ifndef CF_INGEST_GIT_PLACE_H
#define CF_INGEST_GIT_PLACE_H

#include "core/files.h"
#include "core/history.h"

struct cf_git_place {
	char *root;         /* what the user named, absolute and without links */
	char *name;         /* of the repository */
	char *git_dir;      /* has HEAD */
	char *common_dir;   /* has refs and objects; git_dir unless it is a linked work tree */
	GPtrArray *folders; /* char *: of objects; NULL-terminated */
	struct cf_oid head; /* a commit or tag */
	GArray *shallow;    /* struct cf_oid, sorted */
	gboolean partial;   /* a clone without some of its objects */
	uint64_t bytes;     /* of its objects, about */
	guint outside;      /* alternates that aren't followed */
};

struct cf_git_place_options {
	const char *revision; /* full hash, branch, tag or ref; NULL: HEAD */
	gboolean any_owner;   /* read what belongs to others */
	gboolean alternates;  /* follow those outside of the root */
};

/* Whether a directory looks like a repository: a work tree, or a bare one. */
gboolean cf_git_place_is(const char *path);
/* 0, or -1 with a located message. */
int cf_git_place_find(struct cf_git_place *place, const char *path,
		      const struct cf_git_place_options *options, struct cf_diag *diag);
void cf_git_place_clear(struct cf_git_place *place);

#endif
