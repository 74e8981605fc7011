/* SPDX-License-Identifier: MIT */
/* languages: which files are source code, told by their names. */
#include "ingest/git/languages.h"

#include <glib.h>
#include <string.h>

/* Those of which ctags says where functions end. */
static const struct cf_language languages[] = {
	{ "c", "C", CF_SYNTAX_C, "::" },
	{ "h", "C++", CF_SYNTAX_C, "::" },
	{ "cc", "C++", CF_SYNTAX_C, "::" },
	{ "cpp", "C++", CF_SYNTAX_C, "::" },
	{ "cxx", "C++", CF_SYNTAX_C, "::" },
	{ "c++", "C++", CF_SYNTAX_C, "::" },
	{ "hh", "C++", CF_SYNTAX_C, "::" },
	{ "hpp", "C++", CF_SYNTAX_C, "::" },
	{ "hxx", "C++", CF_SYNTAX_C, "::" },
	{ "inl", "C++", CF_SYNTAX_C, "::" },
	{ "cu", "CUDA", CF_SYNTAX_C, "::" },
	{ "m", "ObjectiveC", CF_SYNTAX_C, "::" },
	{ "java", "Java", CF_SYNTAX_C, "." },
	{ "cs", "C#", CF_SYNTAX_C, "." },
	{ "js", "JavaScript", CF_SYNTAX_JAVASCRIPT, "." },
	{ "mjs", "JavaScript", CF_SYNTAX_JAVASCRIPT, "." },
	{ "cjs", "JavaScript", CF_SYNTAX_JAVASCRIPT, "." },
	{ "jsx", "JavaScript", CF_SYNTAX_JAVASCRIPT, "." },
	{ "ts", "TypeScript", CF_SYNTAX_JAVASCRIPT, "." },
	{ "tsx", "TypeScript", CF_SYNTAX_JAVASCRIPT, "." },
	{ "go", "Go", CF_SYNTAX_GO, "." },
	{ "php", "PHP", CF_SYNTAX_PHP, "::" },
	{ "py", "Python", CF_SYNTAX_NONE, "." },
	{ "rb", "Ruby", CF_SYNTAX_NONE, "." },
	{ "rs", "Rust", CF_SYNTAX_NONE, "::" },
	{ "lua", "Lua", CF_SYNTAX_NONE, "." },
	{ "kt", "Kotlin", CF_SYNTAX_NONE, "." },
	{ "pl", "Perl", CF_SYNTAX_NONE, "::" },
	{ "pm", "Perl", CF_SYNTAX_NONE, "::" },
	{ "sh", "Sh", CF_SYNTAX_NONE, "." },
	{ "bash", "Sh", CF_SYNTAX_NONE, "." },
	{ "f90", "Fortran", CF_SYNTAX_NONE, "." },
	{ "tcl", "Tcl", CF_SYNTAX_NONE, "::" },
};

static const struct cf_language *find(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');

	for (size_t i = 0; dot && i < G_N_ELEMENTS(languages); i++)
		if (g_ascii_strcasecmp(dot + 1, languages[i].extension) == 0)
			return &languages[i];
	return NULL;
}

const struct cf_language *cf_language_of(const char *path, bool c_headers)
{
	const struct cf_language *language = find(path);

	/* The first one is C. */
	return language && c_headers && strcmp(language->extension, "h") == 0 ? &languages[0] : language;
}

bool cf_language_is_cplusplus(const char *path)
{
	const struct cf_language *language = find(path);

	return language && strcmp(language->name, "C++") == 0 && strcmp(language->extension, "h") != 0;
}
