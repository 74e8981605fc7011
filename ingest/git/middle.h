/* SPDX-License-Identifier: MIT */
/* middle: how many lines differ between two contents, where that can be told without a whole diff. */
#ifndef CF_INGEST_GIT_MIDDLE_H
#define CF_INGEST_GIT_MIDDLE_H

#include "core/reader.h"

/* The lines of a content, each with its end, as seeded hashes; computed when somebody needs them. */
struct cf_git_hashes {
	uint64_t *lines; /* NULL: not yet */
	uint32_t n;
	guint refs;
};
struct cf_git_hashes *cf_git_hashes_new(void);
void cf_git_hashes_fill(struct cf_git_hashes *hashes, struct cf_slice content);
struct cf_git_hashes *cf_git_hashes_ref(struct cf_git_hashes *hashes);
void cf_git_hashes_unref(struct cf_git_hashes *hashes);

/* Room that is used again from one comparison to the next. Zero-initialised is empty. */
struct cf_git_middle {
	GArray *classes;  /* struct class */
	GArray *lines[2]; /* uint32_t: classes of the lines of each middle */
	uint32_t *slots;  /* class + 1 by hash */
	uint32_t mask;
	uint64_t filter[64]; /* bits of the hashes of all classes */
};
void cf_git_middle_clear(struct cf_git_middle *middle);

/*
 * Lines that git's default algorithm would say were deleted and added. false: it can't be told without running it.
 */
bool cf_git_middle_count(struct cf_git_middle *middle, const struct cf_git_hashes *old_lines,
			 const struct cf_git_hashes *new_lines, uint32_t *deleted, uint32_t *added);

#endif
