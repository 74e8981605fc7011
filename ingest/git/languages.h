/* SPDX-License-Identifier: MIT */
/* languages: which files are source code, told by their names. */
#ifndef CF_INGEST_GIT_LANGUAGES_H
#define CF_INGEST_GIT_LANGUAGES_H

#include <stdbool.h>

/* How decisions are counted; see complexity.c. */
enum cf_syntax { CF_SYNTAX_NONE, CF_SYNTAX_C, CF_SYNTAX_JAVASCRIPT, CF_SYNTAX_GO, CF_SYNTAX_PHP };

struct cf_language {
	const char *extension;
	const char *name; /* as universal-ctags has it */
	enum cf_syntax syntax;
	const char *separator; /* between a scope and a name */
};

/* The language of a file, or NULL. c_headers: files.h are C, as the repository has no C++. */
const struct cf_language *cf_language_of(const char *path, bool c_headers);
bool cf_language_is_cplusplus(const char *path); /* surely: not because of a header that C has as well */

#endif
