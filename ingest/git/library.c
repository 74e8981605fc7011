/* SPDX-License-Identifier: MIT */
/* library: libgit2, loaded by the process that reads a repository only. */
#include "ingest/git/library.h"

#include "core/library.h"

/* The version that it was compiled for, as a shared library and as a package of Debian. */
#define SONAME "libgit2.so." LIBGIT2_SOVERSION
#define PACKAGE "libgit2-" LIBGIT2_SOVERSION

int cf_git2_load(struct cf_git2 *lib, struct cf_diag *diag)
{
	static const struct cf_library_function functions[] = {
#define CF_FUNCTION(name) CF_LIBRARY_FUNCTION(cf_git2, name),
#include "ingest/git/git2.def"
#undef CF_FUNCTION
		{ NULL, 0 }
	};

	if (cf_library_load(SONAME, PACKAGE, functions, lib, diag) != 0)
		return -1;
	if (lib->git_libgit2_init() < 0)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s can't be initialised", SONAME);
	return 0;
}
