/* SPDX-License-Identifier: MIT */
/* ctags: where functions begin and end, as universal-ctags sees it. */
#ifndef CF_INGEST_GIT_CTAGS_H
#define CF_INGEST_GIT_CTAGS_H

#include "core/reader.h"
#include "ingest/git/languages.h"

struct cf_ctags_func {
	char *name; /* with its scope */
	uint32_t first, last;
};

/* One content to look at; funcs is filled. */
struct cf_ctags_file {
	const struct cf_language *language;
	struct cf_slice content;
	GArray *funcs; /* struct cf_ctags_func, by (first, descending last): an outer one before those within */
	gboolean failed;
};
GArray *cf_ctags_funcs_new(void);

struct cf_ctags {
	gboolean absent; /* not installed, or another ctags */
	guint failures;  /* runs */
	int64_t lost_us; /* time that failed runs took */
};

/* Fills funcs of all files (made by cf_ctags_funcs_new). What ctags can't read has none, and failed set. */
void cf_ctags_look(struct cf_ctags *ctags, struct cf_ctags_file *files, guint n);

#endif
