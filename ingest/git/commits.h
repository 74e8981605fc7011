/* SPDX-License-Identifier: MIT */
/* commits: what a commit object says. */
#ifndef CF_INGEST_GIT_COMMITS_H
#define CF_INGEST_GIT_COMMITS_H

#include "core/history.h"
#include "core/reader.h"

/* Pointers into the object, or into owned where it isn't UTF-8. */
struct cf_git_signature {
	struct cf_slice name, email;
	int64_t time; /* s since the epoch */
	int16_t zone; /* minutes east */
};

struct cf_git_commit {
	struct cf_oid tree;
	GArray *parents; /* struct cf_oid */
	struct cf_git_signature author, committer;
	struct cf_slice subject, message;
	GArray *coauthors; /* struct cf_git_signature, without times */
	char *owned[6];    /* texts that were converted or put together */
};

/*
 * Parses the object. FALSE: it has no tree, author or committer. Texts in another encoding, as the commit's header says,
 * become UTF-8 where the system knows it.
 */
gboolean cf_git_commit_parse(struct cf_git_commit *commit, struct cf_slice object);
void cf_git_commit_clear(struct cf_git_commit *commit);

#endif
