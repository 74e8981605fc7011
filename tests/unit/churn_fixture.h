/* SPDX-License-Identifier: MIT */
/* churn_fixture: histories written as text, for the tests of churn. */
#ifndef CF_TESTS_CHURN_FIXTURE_H
#define CF_TESTS_CHURN_FIXTURE_H

#include "analyzers/churn/facts.h"
#include "core/unit.h"
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

/* "+10" or "-3", each at most once. */
static inline void take_lines(char **words, uint32_t *added, uint32_t *deleted)
{
	for (; *words; words++) {
		ck_assert(**words == '+' || **words == '-');
		*(**words == '+' ? added : deleted) = (uint32_t)strtoul(*words + 1, NULL, 10);
	}
}

static inline uint32_t path_of(struct cf_history *history, const char *path)
{
	return cf_history_path(history, path, -1);
}

/* "a.c +10 -3", or a renaming, with the lines of both whole files: "old.c:20 > new.c:21 +2 -1". */
static inline void add_change(struct cf_history *history, struct cf_commit *commit, const char *text)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));
	g_auto(GStrv) words = g_strsplit(trimmed, " ", -1);
	struct cf_change change = { .commit = history->commits->len - 1,
				    .old_path = CF_NONE,
				    .status = CF_CHANGE_MODIFIED };

	if (words[1] && strcmp(words[1], ">") == 0) {
		char *old = strchr(words[0], ':'), *new = strchr(words[2], ':');

		*old = *new = '\0';
		change.status = CF_CHANGE_RENAMED;
		change.old_path = path_of(history, words[0]);
		change.path = path_of(history, words[2]);
		change.old_lines = (uint32_t)strtoul(old + 1, NULL, 10);
		change.new_lines = (uint32_t)strtoul(new + 1, NULL, 10);
		take_lines(words + 3, &change.added, &change.deleted);
	} else {
		change.path = path_of(history, words[0]);
		take_lines(words + 1, &change.added, &change.deleted);
	}
	g_array_append_val(history->changes, change);
	commit->changes++;
}

/*
 * One commit, the later the newer: "2024-01-05 Ann: a.c +10 -3, b.c +1". A name that ends in [bot] is a bot's; flags of
 * enum cf_commit_flags.
 */
static inline struct cf_commit *commit(struct cf_history *history, const char *text, unsigned flags)
{
	struct cf_oid oid = { { 0 } };
	struct cf_commit *row;
	g_autofree char *day = g_strndup(text, 10);
	const char *colon = strchr(text, ':');
	g_autofree char *name = g_strndup(text + 11, (gsize)(colon - text - 11));
	g_auto(GStrv) changes = g_strsplit(colon + 1, ",", -1);
	uint32_t person = cf_history_person(history, name, -1, name, -1);
	int64_t ns;

	oid.bytes[CF_OID_SIZE - 1] = (uint8_t)history->commits->len;
	oid.bytes[CF_OID_SIZE - 2] = (uint8_t)(history->commits->len >> 8);
	row = cf_history_add_commit(history, &oid);
	ck_assert(cf_time_parse(day, &ns));
	row->author_time = row->commit_time = ns / 1000000000 + 43200;
	row->author = row->committer = person;
	row->flags = (uint16_t)(CF_COMMIT_DIFFED | flags);
	g_array_index(history->persons, struct cf_person, person).bot = g_str_has_suffix(name, "[bot]");
	for (char **change = changes; *change; change++)
		add_change(history, row, *change);
	return row;
}

/* A function that the last commit changed. */
static inline void func_change(struct cf_history *history, const char *path, const char *name, uint32_t added)
{
	struct cf_commit *row = &g_array_index(history->commits, struct cf_commit, history->commits->len - 1);
	struct cf_func_change change = { .commit = history->commits->len - 1,
					 .path = path_of(history, path),
					 .name = cf_dict_str(history->dict, name, -1),
					 .added = added };

	g_array_append_val(history->func_changes, change);
	row->flags |= CF_COMMIT_FUNCTIONS;
	row->funcs++;
}

/* A file at the head: lines and non-blank ones. */
static inline void head(struct cf_history *history, const char *path, uint32_t lines, unsigned flags)
{
	struct cf_code_file file = { .path = path_of(history, path),
				     .lines = lines,
				     .nonblank = lines,
				     .indent = lines / 2,
				     .first_func = history->code_funcs->len,
				     .language = cf_dict_str(history->dict, "", -1) };

	g_array_append_val(history->code_files, file);
	g_array_index(history->paths, struct cf_history_path, file.path).flags =
		(uint8_t)(CF_PATH_AT_HEAD | flags);
}

/* A function of the file that head added last. */
static inline void func(struct cf_history *history, const char *name, uint32_t lines, uint32_t complexity)
{
	struct cf_code_file *file =
		&g_array_index(history->code_files, struct cf_code_file, history->code_files->len - 1);
	struct cf_code_func row = { .path = file->path,
				    .name = cf_dict_str(history->dict, name, -1),
				    .first_line = 1,
				    .last_line = lines,
				    .complexity = complexity };

	g_array_append_val(history->code_funcs, row);
	file->funcs++;
	file->complexity += complexity;
}

/* Once all is there. */
static inline struct cf_churn *churn_of(struct cf_history *history, const struct cf_churn_options *options)
{
	static const struct cf_churn_options all = { 0 };

	cf_history_settle(history, NULL, NULL);
	return cf_churn_new(history, options ? options : &all);
}

static inline int32_t day(const char *text)
{
	int64_t ns;

	ck_assert(cf_time_parse(text, &ns));
	return (int32_t)(ns / 1000000000 / 86400);
}

/* The index of an entity or author by its name. */
static inline uint32_t entity(const struct cf_churn *churn, const char *name)
{
	for (guint i = 0; i < churn->entities->len; i++)
		if (strcmp(cf_churn_entity(churn, i)->name, name) == 0)
			return i;
	ck_abort_msg("no entity %s", name);
	return 0;
}

static inline uint32_t author(const struct cf_churn *churn, const char *name)
{
	for (guint i = 0; i < churn->authors->len; i++)
		if (strcmp(cf_churn_author(churn, i)->name, name) == 0)
			return i;
	ck_abort_msg("no author %s", name);
	return 0;
}

/* "Ann: a.c +10 -3, b.c +1 -0\n" of each commit that counts. */
static inline char *churn_text(const struct cf_churn *churn)
{
	GString *text = g_string_new(NULL);

	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *row = cf_churn_commit(churn, c);

		g_string_append_printf(text, "%s:", cf_churn_author(churn, row->author)->name);
		for (uint32_t i = 0; i < row->changes; i++) {
			const struct cf_churn_change *change = &cf_churn_changes(churn, row)[i];

			g_string_append_printf(text, "%s %s +%u -%u", i ? "," : "",
					       cf_churn_entity(churn, change->entity)->name, change->added,
					       change->deleted);
		}
		g_string_append_c(text, '\n');
	}
	return g_string_free(text, FALSE);
}

#endif
