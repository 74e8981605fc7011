/* SPDX-License-Identifier: MIT */
/* source: the text of source files that a run names, from below folders that the user gave. */
#ifndef CF_ANALYZERS_SOURCE_H
#define CF_ANALYZERS_SOURCE_H

#include "core/files.h"

/* Larger files aren't source. */
#define CF_SOURCE_CAP (UINT64_C(16) << 20)

struct cf_source_text {
	struct cf_file file; /* file.path: below root */
	const char *root;    /* of the user's, borrowed */
	GArray *ends;        /* uint64_t: where each line ends in the bytes, without its terminator */
};

/*
 * The file below one of roots (NULL-terminated) whose path is an end of path, as it was recorded: of
 * "/build/shop/src/order.c" and the root "/home/me/shop" that is /home/me/shop/src/order.c. The longest end wins, then the
 * first root. Regular files only, and nothing outside of the root, wherever links lead. FALSE: there is none.
 */
gboolean cf_source_find(struct cf_source_text *source, const char *const *roots, const char *path);
void cf_source_clear(struct cf_source_text *source);

/* A line's text, from 1, tabs expanded and cut where it is too long; NULL when the file is shorter. Caller frees. */
char *cf_source_line(const struct cf_source_text *source, uint32_t line);

#endif
