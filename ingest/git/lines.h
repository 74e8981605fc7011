/* SPDX-License-Identifier: MIT */
/* lines: how many lines differ between two contents, counted as git does. */
#ifndef CF_INGEST_GIT_LINES_H
#define CF_INGEST_GIT_LINES_H

#include <stdint.h>

#include "core/reader.h"
#include "ingest/git/library.h"
#include "ingest/git/middle.h"

/* Has a NUL among its first 8000 bytes, git's test. */
bool cf_git_is_binary(struct cf_slice content);
/* Lines, the last one also when it doesn't end. */
uint32_t cf_git_lines(struct cf_slice content);

/* A hunk without context: lines from 1; a length of 0 stands after that line. */
struct cf_git_hunk {
	uint32_t old_start, old_lines, new_start, new_lines;
};
struct cf_git_text {
	struct cf_slice bytes;
	struct cf_git_hashes *hashes; /* of bytes, filled or not */
};
/*
 * Lines added and deleted by git's default algorithm. hunks: NULL, or where struct cf_git_hunk are appended. -1: out of
 * memory, or too big.
 */
int cf_git_count(const struct cf_git2 *lib, struct cf_git_middle *middle, const struct cf_git_text *old_text,
		 const struct cf_git_text *new_text, uint32_t *added, uint32_t *deleted, GArray *hunks);

#endif
