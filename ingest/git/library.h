/* SPDX-License-Identifier: MIT */
/* library: libgit2, loaded by the process that reads a repository only. */
#ifndef CF_INGEST_GIT_LIBRARY_H
#define CF_INGEST_GIT_LIBRARY_H

#include <git2.h>
#include <git2/sys/odb_backend.h>

/*
 * libgit2 brings twelve libraries for transports and encryption with it. Linked, they would take longer to load than most
 * commands take to answer; and so, nothing of it ever runs outside of the sandbox.
 */
#define CF_GIT2_FUNCTIONS(f)                                                                            \
	f(git_libgit2_init) f(git_libgit2_opts) f(git_error_last) f(git_odb_new) f(git_odb_free)        \
		f(git_odb_add_backend) f(git_odb_backend_pack) f(git_odb_backend_loose) f(git_odb_read) \
			f(git_odb_object_free) f(git_odb_object_dup) f(git_odb_object_type)             \
				f(git_odb_object_data) f(git_odb_object_size) f(git_diff_options_init)  \
					f(git_diff_buffers) f(git_indexer_new) f(git_indexer_append)    \
						f(git_indexer_commit) f(git_indexer_free)               \
							f(git_indexer_options_init)

/* libgit2's own names, so that a call reads lib->git_odb_read(...). */
struct cf_git2 {
#define CF_GIT2_MEMBER(name) __typeof__(&name) name;
	CF_GIT2_FUNCTIONS(CF_GIT2_MEMBER)
#undef CF_GIT2_MEMBER
};

/* The version that it was compiled for, as a shared library's name. */
#define CF_GIT2_FILE "libgit2.so." LIBGIT2_SOVERSION

/* Loads and initialises it; stays until the process ends. -1: it isn't there, or lacks a function. */
int cf_git2_load(struct cf_git2 *lib);

#endif
