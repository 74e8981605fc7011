/* SPDX-License-Identifier: MIT */
/* facts: a history as analyses count it: who changed which file, or part, in which commit on which day. */
#ifndef CF_ANALYZERS_CHURN_FACTS_H
#define CF_ANALYZERS_CHURN_FACTS_H

#include "core/history.h"

/*
 * Definitions, as code-maat has them (Tornhill, Your Code as a Crime Scene, 2015): an entity is a path, or what --group
 * puts together; a revision of it is a commit that changes it; authors are told apart by name after .mailmap; a commit is
 * on the day that its author's clock showed. Merges have no changes of their own unless the ingest took them. Binary
 * files have revisions, but no lines.
 */

/* What is counted. Everything is borrowed. */
struct cf_churn_options {
	gboolean has_since, has_as_of;
	int32_t since, as_of;                        /* days, both inclusive */
	const char *path;                            /* a file, or a folder and all beneath it; NULL: all */
	const char *const *include, *const *exclude; /* globs, NULL-terminated; NULL: none */
	const GArray *groups;                        /* maps.h; NULL: a path each */
	GHashTable *teams;                           /* maps.h; NULL: an author each */
	gboolean follow;                             /* a renamed file's history goes on under its new name */
	gboolean ignored;                            /* count commits of .git-blame-ignore-revs */
	gboolean no_generated;                       /* leave generated and vendored files out */
};

struct cf_churn_change {
	uint32_t entity, added, deleted;
};

struct cf_churn_commit {
	int32_t day;
	uint32_t author;
	uint32_t first, changes; /* range of changes; one row per entity */
	uint32_t source;         /* index into the commits of the history */
};

struct cf_churn_entity {
	const char *name;
	uint32_t lines, nonblank, indent, complexity; /* at the head; of a part: sums over its files */
	uint8_t flags; /* enum cf_path_flags; of a part: what all its files have */
	gboolean at_head;
	gboolean source; /* program text at the head */
};

struct cf_churn_author {
	const char *name;
	gboolean bot; /* of a team: all who committed are */
};

struct cf_churn {
	const struct cf_history *history; /* borrowed: texts live there */
	GArray *entities;    /* struct cf_churn_entity by name: those with changes, and those at the head */
	GArray *authors;     /* struct cf_churn_author by name */
	GArray *commits;     /* struct cf_churn_commit, parents first; each has a change */
	GArray *changes;     /* struct cf_churn_change */
	uint32_t *entity_of; /* of each path of the history at the head, CF_NONE: not counted */
	gboolean grouped, has_head, has_code;
	gboolean has_since, has_as_of;         /* asked for */
	int32_t since, as_of;                  /* as_of: unless asked for, the newest day of all commits */
	uint32_t ignored, excluded, ungrouped; /* left out: commits, paths with changes, paths with changes */
};

/* Never fails; texts are borrowed from history, which must live as long. */
struct cf_churn *cf_churn_new(struct cf_history *history, const struct cf_churn_options *options);
void cf_churn_free(struct cf_churn *churn);

static inline const struct cf_churn_entity *cf_churn_entity(const struct cf_churn *churn, uint32_t entity)
{
	return &g_array_index(churn->entities, struct cf_churn_entity, entity);
}
static inline const struct cf_churn_author *cf_churn_author(const struct cf_churn *churn, uint32_t author)
{
	return &g_array_index(churn->authors, struct cf_churn_author, author);
}
static inline const struct cf_churn_commit *cf_churn_commit(const struct cf_churn *churn, guint commit)
{
	return &g_array_index(churn->commits, struct cf_churn_commit, commit);
}
/* The changes of a commit. */
static inline const struct cf_churn_change *cf_churn_changes(const struct cf_churn *churn,
							     const struct cf_churn_commit *commit)
{
	return (const struct cf_churn_change *)(const void *)churn->changes->data + commit->first;
}

/* Is it program text, by the extension of its name? */
gboolean cf_churn_is_source(const char *path);

#endif
