/* SPDX-License-Identifier: MIT */
/* facts: a history as analyses count it: who changed which file, or part, in which commit on which day. */
#include "analyzers/churn/facts.h"

#include <stdlib.h>
#include <string.h>

#include "analyzers/churn/days.h"
#include "analyzers/churn/maps.h"
#include "core/glob.h"
#include "core/table.h"

#define GENERATED (CF_PATH_GENERATED | CF_PATH_VENDORED | CF_PATH_LOOKS_GENERATED)

/* Program text that ctags has no functions of, and what has them whether it is there or not. */
static const char *const extensions[] = {
	"ada", "adb", "ads",  "asm",    "bash", "c",     "c++", "cc",  "cl",  "clj", "cpp",   "cs",
	"cu",  "cxx", "d",    "dart",   "el",   "erl",   "ex",  "exs", "f",   "f03", "f08",   "f90",
	"f95", "fs",  "go",   "groovy", "h",    "h++",   "hh",  "hpp", "hrl", "hs",  "hxx",   "inc",
	"inl", "ipp", "java", "jl",     "js",   "jsx",   "kt",  "kts", "l",   "ll",  "lisp",  "lua",
	"m",   "mjs", "ml",   "mli",    "mm",   "nim",   "pas", "php", "pl",  "pm",  "proto", "py",
	"pyx", "r",   "rb",   "rs",     "s",    "scala", "scm", "sh",  "sql", "sv",  "swift", "tcl",
	"ts",  "tsx", "v",    "vala",   "vhd",  "vhdl",  "vue", "y",   "yy",  "zig",
};

static int compare_extension(const void *key, const void *element)
{
	return g_ascii_strcasecmp(key, *(const char *const *)element);
}

gboolean cf_churn_is_source(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');

	return dot &&
	       bsearch(dot + 1, extensions, G_N_ELEMENTS(extensions), sizeof(*extensions), compare_extension);
}

/* Names to places in an array, in the order of their first appearance; sorted at the end. */
struct names {
	GArray *texts;         /* const char * */
	struct cf_table table; /* by id of the text in the dictionary: place + 1 */
	GArray *ids;           /* uint32_t: id of each */
};

static void names_init(struct names *names)
{
	*names = (struct names){ .texts = g_array_new(FALSE, FALSE, sizeof(char *)),
				 .ids = g_array_new(FALSE, FALSE, sizeof(uint32_t)) };
}

static void names_clear(struct names *names)
{
	g_array_unref(names->texts);
	g_array_unref(names->ids);
	cf_table_release(&names->table);
}

static uint32_t place_of(struct names *names, const struct cf_history *history, struct cf_str name)
{
	uint32_t hash = cf_hash(name.id, 0), pos, id;
	const char *text;

	for (pos = hash; (id = cf_table_next(&names->table, hash, &pos)) != 0;)
		if (g_array_index(names->ids, uint32_t, id - 1) == name.id)
			return id - 1;
	text = cf_history_text(history, name);
	g_array_append_val(names->texts, text);
	g_array_append_val(names->ids, name.id);
	cf_table_add(&names->table, hash, names->ids->len);
	return names->ids->len - 1;
}

static int compare_texts(const void *a, const void *b, void *texts)
{
	const char *const *all = texts;

	return strcmp(all[*(const uint32_t *)a], all[*(const uint32_t *)b]);
}

/* Where each place goes once they are sorted by text. Caller frees. */
static uint32_t *sorted_places(const struct names *names)
{
	guint n = names->texts->len;
	g_autofree uint32_t *order = g_new(uint32_t, n + 1);
	uint32_t *rank = g_new(uint32_t, n + 1);

	for (guint i = 0; i < n; i++)
		order[i] = i;
	if (n > 1)
		g_qsort_with_data(order, (gint)n, sizeof(*order), compare_texts, names->texts->data);
	for (guint i = 0; i < n; i++)
		rank[order[i]] = i;
	return rank;
}

struct take {
	struct cf_churn *churn;
	struct cf_history *history;
	const struct cf_churn_options *options;
	struct names entities, authors;
	uint32_t *author_of; /* of each person: place */
	GArray *bots;        /* gboolean of each author's place: all persons seen are */
	uint32_t *place; /* of each path: place of its entity; CF_NONE: left out, PENDING: not asked yet */
	uint32_t *final; /* of each change: the path that it counts for, where names are followed */
	uint32_t *row;   /* of each entity's place: row of changes in the commit at hand + 1 */
};
#define PENDING (CF_NONE - 1)

/* ---- paths ---- */

static gboolean beneath(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len && folder[len - 1] == '/')
		len--;
	return strncmp(path, folder, len) == 0 && (len == 0 || path[len] == '\0' || path[len] == '/');
}

static gboolean any_glob(const char *const *globs, const char *path)
{
	for (; *globs; globs++)
		if (cf_glob_path(*globs, path, true))
			return TRUE;
	return FALSE;
}

static gboolean wanted(const struct cf_churn_options *o, const char *path, unsigned flags)
{
	if (o->path && !beneath(path, o->path))
		return FALSE;
	if (o->include && *o->include && !any_glob(o->include, path))
		return FALSE;
	if (o->exclude && any_glob(o->exclude, path))
		return FALSE;
	return !(o->no_generated && flags & GENERATED);
}

/* The place of a path's entity, or CF_NONE. */
static uint32_t entity_of(struct take *t, uint32_t path)
{
	const struct cf_history_path *row = &g_array_index(t->history->paths, struct cf_history_path, path);
	const char *text = cf_history_text(t->history, row->path);
	struct cf_str name = row->path;

	if (t->place[path] != PENDING)
		return t->place[path];
	t->place[path] = CF_NONE;
	if (!wanted(t->options, text, row->flags)) {
		t->churn->excluded += !t->options->path || beneath(text, t->options->path);
		return CF_NONE;
	}
	if (t->options->groups) {
		const char *group = cf_groups_find(t->options->groups, text);

		if (!group) {
			t->churn->ungrouped++;
			return CF_NONE;
		}
		name = cf_dict_str(t->history->dict, group, -1);
	}
	t->place[path] = place_of(&t->entities, t->history, name);
	return t->place[path];
}

/*
 * From the newest commit to the oldest: what a path is called in the end. Where branches rename differently, the newer
 * commit has its way.
 */
static void follow_renames(struct take *t)
{
	const struct cf_history *h = t->history;
	g_autofree uint32_t *name = g_new(uint32_t, h->paths->len + 1);

	t->final = g_new(uint32_t, h->changes->len + 1);
	for (guint i = 0; i < h->paths->len; i++)
		name[i] = i;
	for (guint c = h->commits->len; c-- > 0;) {
		const struct cf_commit *commit = &g_array_index(h->commits, struct cf_commit, c);

		for (uint32_t i = 0; i < commit->changes; i++)
			t->final[commit->first_change + i] =
				name[g_array_index(h->changes, struct cf_change, commit->first_change + i)
					     .path];
		for (uint32_t i = 0; i < commit->changes; i++) {
			const struct cf_change *change =
				&g_array_index(h->changes, struct cf_change, commit->first_change + i);

			if (change->old_path == CF_NONE)
				continue;
			name[change->path] = change->path;
		}
		for (uint32_t i = 0; i < commit->changes; i++) {
			uint32_t at = commit->first_change + i;
			const struct cf_change *change = &g_array_index(h->changes, struct cf_change, at);

			if (change->old_path != CF_NONE)
				name[change->old_path] = t->final[at];
		}
	}
}

/* ---- people ---- */

static void name_authors(struct take *t)
{
	struct cf_history *h = t->history;

	t->author_of = g_new(uint32_t, h->persons->len + 1);
	t->bots = g_array_new(FALSE, FALSE, sizeof(gboolean));
	for (guint i = 0; i < h->persons->len; i++)
		t->author_of[i] = CF_NONE;
}

/* The place of the author, or of the team. */
static uint32_t author_of(struct take *t, uint32_t person)
{
	const struct cf_person *row = &g_array_index(t->history->persons, struct cf_person, person);
	const char *team = t->options->teams ? g_hash_table_lookup(t->options->teams,
								   cf_history_text(t->history, row->name))
					     : NULL;
	struct cf_str name = team ? cf_dict_str(t->history->dict, team, -1) : row->name;
	uint32_t place = t->author_of[person];

	if (place != CF_NONE)
		return place;
	place = t->author_of[person] = place_of(&t->authors, t->history, name);
	if (place == t->bots->len)
		g_array_append_val(t->bots, row->bot);
	else if (!row->bot)
		g_array_index(t->bots, gboolean, place) = FALSE;
	return place;
}

/* ---- commits ---- */

static uint32_t add_lines(uint32_t a, uint32_t b)
{
	return (uint32_t)MIN((uint64_t)a + b, UINT32_MAX);
}

static void add_change(struct take *t, struct cf_churn_commit *commit, uint32_t path, uint32_t added,
		       uint32_t deleted)
{
	struct cf_churn_change change = { entity_of(t, path), added, deleted };

	if (change.entity == CF_NONE)
		return;
	if (t->row[change.entity]) {
		struct cf_churn_change *row =
			&g_array_index(t->churn->changes, struct cf_churn_change, t->row[change.entity] - 1);

		row->added = add_lines(row->added, added);
		row->deleted = add_lines(row->deleted, deleted);
		return;
	}
	g_array_append_val(t->churn->changes, change);
	t->row[change.entity] = t->churn->changes->len;
	commit->changes++;
}

static void take_changes(struct take *t, const struct cf_commit *from, struct cf_churn_commit *commit)
{
	commit->first = t->churn->changes->len;
	for (uint32_t i = 0; i < from->changes; i++) {
		uint32_t at = from->first_change + i;
		const struct cf_change *change = &g_array_index(t->history->changes, struct cf_change, at);

		if (t->options->follow) {
			add_change(t, commit, t->final[at], change->added, change->deleted);
		} else if (change->old_path == CF_NONE) {
			add_change(t, commit, change->path, change->added, change->deleted);
		} else {
			/* As `git log --no-renames` has it: gone here, come there. */
			add_change(t, commit, change->old_path, 0, change->old_lines);
			add_change(t, commit, change->path, change->new_lines, 0);
		}
	}
	for (uint32_t i = 0; i < commit->changes; i++)
		t->row[g_array_index(t->churn->changes, struct cf_churn_change, commit->first + i).entity] =
			0;
}

static void take_commits(struct take *t)
{
	const struct cf_churn_options *o = t->options;

	/* An entity a path at most, and an author for each person. */
	t->row = g_new0(uint32_t, t->history->paths->len + 1);
	for (guint c = 0; c < t->history->commits->len; c++) {
		const struct cf_commit *from = &g_array_index(t->history->commits, struct cf_commit, c);
		struct cf_churn_commit commit = { .day = cf_day_of(from->author_time, from->author_zone),
						  .source = c };

		if (!from->changes || (o->has_since && commit.day < o->since) ||
		    (o->has_as_of && commit.day > o->as_of))
			continue;
		if (from->flags & CF_COMMIT_IGNORED && !o->ignored) {
			t->churn->ignored++;
			continue;
		}
		take_changes(t, from, &commit);
		if (!commit.changes)
			continue;
		commit.author = author_of(t, from->author);
		g_array_append_val(t->churn->commits, commit);
	}
}

static int32_t newest_day(const struct cf_history *history)
{
	int32_t newest = 0;

	for (guint i = 0; i < history->commits->len; i++) {
		const struct cf_commit *commit = &g_array_index(history->commits, struct cf_commit, i);
		int32_t day = cf_day_of(commit->commit_time, commit->commit_zone);

		newest = i ? MAX(newest, day) : day;
	}
	return newest;
}

/* ---- what is at the head ---- */

static void add_code(struct cf_churn_entity *entity, const struct cf_code_file *file, const char *path,
		     gboolean has_language)
{
	if (file->binary)
		return;
	if (!has_language && !cf_churn_is_source(path) && entity->source)
		return;
	/* The size of a part is that of its program text, where it has any. */
	if ((has_language || cf_churn_is_source(path)) && !entity->source) {
		entity->lines = entity->nonblank = entity->indent = entity->complexity = 0;
		entity->source = TRUE;
	}
	entity->lines = add_lines(entity->lines, file->lines);
	entity->nonblank = add_lines(entity->nonblank, file->nonblank);
	entity->indent = add_lines(entity->indent, file->indent);
	entity->complexity = add_lines(entity->complexity, file->complexity);
}

/* Makes the entities of what is at the head, changed or not. */
static void name_head(struct take *t)
{
	for (guint i = 0; i < t->history->paths->len; i++)
		if (g_array_index(t->history->paths, struct cf_history_path, i).flags & CF_PATH_AT_HEAD) {
			t->churn->has_head = TRUE;
			entity_of(t, i);
		}
}

static void measure_head(struct take *t, struct cf_churn_entity *entities, const uint32_t *rank)
{
	const struct cf_history *h = t->history;

	for (guint i = 0; i < h->paths->len; i++) {
		const struct cf_history_path *path = &g_array_index(h->paths, struct cf_history_path, i);
		struct cf_churn_entity *entity;

		t->churn->entity_of[i] = CF_NONE;
		if (t->place[i] == CF_NONE || t->place[i] == PENDING)
			continue;
		t->churn->entity_of[i] = rank[t->place[i]];
		if (!(path->flags & CF_PATH_AT_HEAD))
			continue;
		entity = &entities[rank[t->place[i]]];
		entity->flags = entity->at_head ? entity->flags & path->flags : path->flags;
		entity->at_head = TRUE;
	}
	for (guint i = 0; i < h->code_files->len; i++) {
		const struct cf_code_file *file = &g_array_index(h->code_files, struct cf_code_file, i);

		if (t->place[file->path] == CF_NONE || t->place[file->path] == PENDING)
			continue;
		add_code(&entities[rank[t->place[file->path]]], file, cf_history_path_text(h, file->path),
			 *cf_history_text(h, file->language) != '\0');
	}
	t->churn->has_code = h->code_files->len > 0;
}

/* ---- all of it ---- */

static void sort_entities(struct take *t)
{
	g_autofree uint32_t *rank = sorted_places(&t->entities);
	struct cf_churn_entity *entities;

	g_array_set_size(t->churn->entities, t->entities.texts->len);
	entities = (struct cf_churn_entity *)(void *)t->churn->entities->data;
	for (guint i = 0; i < t->entities.texts->len; i++)
		entities[rank[i]] =
			(struct cf_churn_entity){ .name = g_array_index(t->entities.texts, const char *, i) };
	for (guint i = 0; i < t->churn->changes->len; i++) {
		struct cf_churn_change *change = &g_array_index(t->churn->changes, struct cf_churn_change, i);

		change->entity = rank[change->entity];
	}
	measure_head(t, entities, rank);
}

static void sort_authors(struct take *t)
{
	g_autofree uint32_t *rank = sorted_places(&t->authors);

	g_array_set_size(t->churn->authors, t->authors.texts->len);
	for (guint i = 0; i < t->authors.texts->len; i++)
		g_array_index(t->churn->authors, struct cf_churn_author, rank[i]) = (struct cf_churn_author){
			.name = g_array_index(t->authors.texts, const char *, i),
			.bot = g_array_index(t->bots, gboolean, i),
		};
	for (guint i = 0; i < t->churn->commits->len; i++) {
		struct cf_churn_commit *commit = &g_array_index(t->churn->commits, struct cf_churn_commit, i);

		commit->author = rank[commit->author];
	}
}

struct cf_churn *cf_churn_new(struct cf_history *history, const struct cf_churn_options *options)
{
	struct cf_churn *churn = g_new0(struct cf_churn, 1);
	struct take t = { .churn = churn, .history = history, .options = options };

	churn->history = history;
	churn->entities = g_array_new(FALSE, TRUE, sizeof(struct cf_churn_entity));
	churn->authors = g_array_new(FALSE, TRUE, sizeof(struct cf_churn_author));
	churn->commits = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_commit));
	churn->changes = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_change));
	churn->entity_of = g_new(uint32_t, history->paths->len + 1);
	churn->grouped = options->groups != NULL;
	churn->has_since = options->has_since;
	churn->has_as_of = options->has_as_of;
	churn->since = options->since;
	churn->as_of = options->has_as_of ? options->as_of : newest_day(history);
	names_init(&t.entities);
	names_init(&t.authors);
	t.place = g_new(uint32_t, history->paths->len + 1);
	for (guint i = 0; i < history->paths->len; i++)
		t.place[i] = PENDING;
	if (options->follow)
		follow_renames(&t);
	name_authors(&t);
	take_commits(&t);
	name_head(&t);
	sort_entities(&t);
	sort_authors(&t);
	names_clear(&t.entities);
	names_clear(&t.authors);
	g_array_unref(t.bots);
	g_free(t.author_of);
	g_free(t.place);
	g_free(t.final);
	g_free(t.row);
	return churn;
}

void cf_churn_free(struct cf_churn *churn)
{
	if (!churn)
		return;
	g_array_unref(churn->entities);
	g_array_unref(churn->authors);
	g_array_unref(churn->commits);
	g_array_unref(churn->changes);
	g_free(churn->entity_of);
	g_free(churn);
}
