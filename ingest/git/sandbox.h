/* SPDX-License-Identifier: MIT */
/* sandbox: runs a reader in a child process with limits, and takes what it sends. */
#ifndef CF_INGEST_GIT_SANDBOX_H
#define CF_INGEST_GIT_SANDBOX_H

#include "ingest/git/wire.h"

struct cf_sandbox {
	unsigned seconds;                  /* of wall and processor time */
	uint64_t memory;                   /* bytes of data */
	uint64_t file_size;                /* bytes of a file that it may write; 0: none may be written */
	const char *folder;                /* the only folder beneath which it may write, or NULL */
	void (*clean)(const char *folder); /* called there when the parent is gone; system calls only */
};

/*
 * Forks; the child runs body(job, fd) and exits. Frames are given to frame as they come. 0: the child ended well and
 * frame never said -1. Else -1, and *why is set (caller frees) unless frame stopped.
 */
int cf_sandbox_run(const struct cf_sandbox *limits, void (*body)(const void *job, int fd), const void *job,
		   int (*frame)(void *ctx, enum cf_wire_type type, struct cf_wire_in *in), void *ctx,
		   char **why);

#endif
