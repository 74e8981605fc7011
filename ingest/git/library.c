/* SPDX-License-Identifier: MIT */
/* library: libgit2, loaded by the process that reads a repository only. */
#include "ingest/git/library.h"

#include <dlfcn.h>

int cf_git2_load(struct cf_git2 *lib)
{
	void *handle = dlopen(CF_GIT2_FILE, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return -1;
#define CF_GIT2_LOOK_UP(name)                                \
	lib->name = (__typeof__(&name))dlsym(handle, #name); \
	if (!lib->name)                                      \
		return -1;
	CF_GIT2_FUNCTIONS(CF_GIT2_LOOK_UP)
#undef CF_GIT2_LOOK_UP
	return lib->git_libgit2_init() < 0 ? -1 : 0;
}
