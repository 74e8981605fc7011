/* SPDX-License-Identifier: MIT */
/* maps: who is in which team, and which paths make one part of the architecture. */
#ifndef CF_ANALYZERS_CHURN_MAPS_H
#define CF_ANALYZERS_CHURN_MAPS_H

#include "core/diag.h"
#include "core/reader.h"

/*
 * Groups of paths: lines `GLOB => NAME`, '#' starts a comment. Globs are those of .gitignore; one that matches a folder
 * takes all beneath it. The first line that matches a path gives its group.
 */
struct cf_path_group {
	char *glob, *name;
};
/* GArray of struct cf_path_group, or NULL with a message that has the line. path: for messages. */
GArray *cf_groups_parse(const char *path, struct cf_slice text, struct cf_diag *diag);
/* The group of a path, or NULL. Borrowed. */
const char *cf_groups_find(const GArray *groups, const char *path);

/*
 * Teams: lines `author,team` as code-maat reads them, with or without that line as a head. The last comma counts, so a
 * name may have one; text in double quotes may as well.
 * Returns author -> team (owned), or NULL with a message that has the line.
 */
GHashTable *cf_teams_parse(const char *path, struct cf_slice text, struct cf_diag *diag);

#endif
