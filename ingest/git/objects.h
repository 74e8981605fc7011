/* SPDX-License-Identifier: MIT */
/* objects: reads and caches the objects of a repository; nothing else of libgit2 touches its files. */
#ifndef CF_INGEST_GIT_OBJECTS_H
#define CF_INGEST_GIT_OBJECTS_H

#include "core/history.h"
#include "core/reader.h"
#include "ingest/git/library.h"
#include "ingest/git/middle.h"

struct cf_git_objects;

enum cf_git_read {
	CF_GIT_OK,
	CF_GIT_MISSING, /* not in this clone */
	CF_GIT_BIG,     /* more than is read of one object */
	CF_GIT_CORRUPT  /* said by cf_git_objects_reason */
};

/* folders: of objects, NULL-terminated. verify: check each object against its name. NULL: said by git_error_last. */
struct cf_git_objects *cf_git_objects_open(const struct cf_git2 *lib, const char *const *folders,
					   gboolean verify);
const struct cf_git2 *cf_git_objects_library(const struct cf_git_objects *objects);
void cf_git_objects_free(struct cf_git_objects *objects);

/* An object's bytes; they stay until release. */
struct cf_git_data {
	struct cf_slice bytes;
	git_odb_object *object;       /* NULL: none */
	struct cf_git_hashes *hashes; /* of a blob: its lines, kept as long as it is cached */
};
void cf_git_data_release(struct cf_git_objects *objects, struct cf_git_data *data);
/* The object of that name and type. Trees and blobs are cached, commits aren't. *data has no object unless CF_GIT_OK. */
enum cf_git_read cf_git_objects_read(struct cf_git_objects *objects, const struct cf_oid *oid,
				     git_object_t type, struct cf_git_data *data);
/* Why the last read said that an object is corrupt. Borrowed. */
const char *cf_git_objects_reason(const struct cf_git_objects *objects);

#endif
