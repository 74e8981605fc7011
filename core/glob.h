/* SPDX-License-Identifier: MIT */
/* glob: matches paths with patterns as .gitignore and .gitattributes have them. */
#ifndef CF_CORE_GLOB_H
#define CF_CORE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a whole text matches: * and ? don't match '/', ** does, [a-z] and [!a-z] are sets, \ takes the next character as
 * it is. Time is at most pattern x text: no pattern makes it hang.
 */
bool cf_glob_match(const char *pattern, const char *text);

/*
 * Whether a path matches: a pattern without '/' matches the last part of it, others all of it; with folders, a pattern also
 * matches all beneath what it matches (a '/' at its end changes nothing).
 */
bool cf_glob_path(const char *pattern, const char *path, bool folders);

#endif
