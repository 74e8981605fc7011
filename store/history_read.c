/* SPDX-License-Identifier: MIT */
/* history_read: lists repositories and reads their facts back. */
#include "store/history.h"

#include <string.h>

#include "core/params.h"
#include "store/statement.h"

#define MODE_REGULAR 0100644

void cf_repo_free(struct cf_repo *repo)
{
	if (!repo)
		return;
	g_free(repo->name);
	g_free(repo->path);
	g_free(repo->format);
	g_free(repo->options);
	g_free(repo->state);
	g_free(repo);
}

/* A damaged store can have any bytes where a name of a commit belongs: FALSE then. */
static gboolean take_oid(struct cf_stmt *stmt, struct cf_oid *oid)
{
	size_t len;
	const void *data = cf_stmt_blob(stmt, &len);

	if (len != CF_OID_SIZE)
		return FALSE;
	memcpy(oid->bytes, data, CF_OID_SIZE);
	return TRUE;
}

/* ---- repositories ---- */

static struct cf_repo *take_repo(struct cf_stmt *stmt)
{
	struct cf_repo *repo = g_new0(struct cf_repo, 1);

	repo->id = cf_stmt_int(stmt);
	repo->name = cf_stmt_dup(stmt);
	repo->path = cf_stmt_dup(stmt);
	repo->format = cf_stmt_dup(stmt);
	repo->options = cf_stmt_dup(stmt);
	repo->state = cf_stmt_dup(stmt);
	repo->version = (int)cf_stmt_int(stmt);
	take_oid(stmt, &repo->head);
	repo->shallow = cf_stmt_int(stmt) != 0;
	repo->has_oids = cf_stmt_int(stmt) != 0;
	repo->commits = cf_stmt_int(stmt);
	repo->merges = cf_stmt_int(stmt);
	repo->paths = cf_stmt_int(stmt);
	repo->authors = cf_stmt_int(stmt);
	repo->first_time = cf_stmt_int(stmt);
	repo->last_time = cf_stmt_int(stmt);
	return repo;
}

static void free_repo(gpointer repo)
{
	cf_repo_free(repo);
}

GPtrArray *cf_store_repos(struct cf_store *store, struct cf_diag *diag)
{
	GPtrArray *repos = g_ptr_array_new_with_free_func(free_repo);
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_REPOS, diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0)
			g_ptr_array_add(repos, take_repo(&stmt));
	cf_stmt_close(&stmt);
	if (step < 0)
		g_clear_pointer(&repos, g_ptr_array_unref);
	return repos;
}

static int find_repo(struct cf_stmt *stmt, struct cf_repo **repo)
{
	int step = cf_stmt_step(stmt);

	*repo = step > 0 ? take_repo(stmt) : NULL;
	cf_stmt_close(stmt);
	return step < 0 ? -1 : 0;
}

int cf_store_repo_by_id(struct cf_store *store, int64_t id, struct cf_repo **repo, struct cf_diag *diag)
{
	struct cf_stmt stmt;

	if (cf_stmt_open(&stmt, store, CF_SQL_REPO_BY_ID, diag) != 0)
		return -1;
	cf_stmt_bind_int(&stmt, id);
	return find_repo(&stmt, repo);
}

int cf_store_repo_at(struct cf_store *store, const char *path, struct cf_repo **repo, struct cf_diag *diag)
{
	struct cf_stmt stmt;

	if (cf_stmt_open(&stmt, store, CF_SQL_REPO_AT, diag) != 0)
		return -1;
	cf_stmt_bind_text(&stmt, path, -1);
	return find_repo(&stmt, repo);
}

int cf_store_repo_with(struct cf_store *store, const struct cf_oid *commit, struct cf_repo **repo,
		       struct cf_diag *diag)
{
	struct cf_stmt stmt;

	if (cf_stmt_open(&stmt, store, CF_SQL_REPO_WITH, diag) != 0)
		return -1;
	cf_stmt_bind_blob(&stmt, commit->bytes, CF_OID_SIZE);
	return find_repo(&stmt, repo);
}

static char *names_of(GPtrArray *repos)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < repos->len; i++) {
		g_autofree char *name =
			cf_visible(((struct cf_repo *)g_ptr_array_index(repos, i))->name, -1, 200);

		g_string_append_printf(text, "%s%s", i ? ", " : "", name);
	}
	return g_string_free(text, FALSE);
}

struct cf_repo *cf_store_repo(struct cf_store *store, const char *name, struct cf_diag *diag)
{
	g_autoptr(GPtrArray) repos = cf_store_repos(store, diag);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = NULL, *all = NULL;
	const char *near;

	if (!repos)
		return NULL;
	if (!repos->len) {
		cf_error(diag, NULL, "no repository in the store; bring one in: callflow ingest DIRECTORY");
		return NULL;
	}
	if (!name && repos->len == 1)
		return g_ptr_array_steal_index(repos, 0);
	for (guint i = 0; i < repos->len; i++) {
		struct cf_repo *repo = g_ptr_array_index(repos, i);

		if (name && strcmp(repo->name, name) == 0)
			return g_ptr_array_steal_index(repos, i);
		g_ptr_array_add(names, repo->name);
	}
	all = names_of(repos);
	if (!name) {
		cf_error_as(diag, CF_STATUS_USAGE, NULL,
			    "several repositories in the store; choose with --repo: %s", all);
		return NULL;
	}
	shown = cf_visible(name, -1, 200);
	near = cf_nearest(name, (const char *const *)names->pdata, names->len);
	if (near)
		cf_error(diag, NULL, "no repository '%s'; did you mean '%s'?", shown, near);
	else
		cf_error(diag, NULL, "no repository '%s'; the store has %s", shown, all);
	return NULL;
}

int cf_store_repo_quality(struct cf_store *store, int64_t repo,
			  int (*row)(void *ctx, const struct cf_quality_row *row), void *ctx,
			  struct cf_diag *diag)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_REPO_QUALITY, diag) == 0) {
		cf_stmt_bind_int(&stmt, repo);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_quality_row one = { .key = cf_stmt_text(&stmt) };

			one.subject = cf_stmt_text_or_null(&stmt);
			one.text = cf_stmt_text(&stmt);
			one.cure = cf_stmt_text_or_null(&stmt);
			one.count = cf_stmt_int(&stmt);
			if (row(ctx, &one) != 0) {
				step = -1;
				break;
			}
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

GArray *cf_store_known_commits(struct cf_store *store, int64_t repo, struct cf_diag *diag)
{
	GArray *known = g_array_new(FALSE, FALSE, sizeof(struct cf_known_commit));
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, store, CF_SQL_KNOWN_COMMITS, diag) == 0) {
		cf_stmt_bind_int(&stmt, repo);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			struct cf_known_commit one;

			if (!take_oid(&stmt, &one.oid)) {
				step = cf_store_damaged(store, "a commit has no name", diag);
				break;
			}
			one.order = cf_stmt_int(&stmt);
			one.flags = (uint16_t)cf_stmt_int(&stmt);
			g_array_append_val(known, one);
		}
	}
	cf_stmt_close(&stmt);
	if (step < 0)
		g_clear_pointer(&known, g_array_unref);
	return known;
}

/* ---- facts ---- */

struct loader {
	struct cf_store *store;
	struct cf_diag *diag;
	const struct cf_history_filter *filter;
	struct cf_history *history;
	int64_t repo;
	GHashTable *paths;   /* id of str -> index + 1 */
	GHashTable *persons; /* person -> index + 1 */
	GHashTable *commits; /* id -> index + 1 */
	gboolean raw;        /* names only, as the commits have them */
};

/* Runs a statement of the repository and takes its rows. */
static int each(struct loader *l, enum cf_sql sql, int (*take)(struct loader *l, struct cf_stmt *stmt))
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, l->store, sql, l->diag) == 0) {
		cf_stmt_bind_int(&stmt, l->repo);
		while ((step = cf_stmt_step(&stmt)) > 0)
			if (take(l, &stmt) != 0) {
				step = -1;
				break;
			}
	}
	cf_stmt_close(&stmt);
	return step;
}

/* The index that an id of the store has here; CF_NONE when it has none, or isn't wanted. */
static uint32_t look_up(GHashTable *map, uint32_t id)
{
	guint index = GPOINTER_TO_UINT(g_hash_table_lookup(map, GUINT_TO_POINTER(id)));

	return index ? index - 1 : CF_NONE;
}

static void remember(GHashTable *map, uint32_t id, uint32_t index)
{
	g_hash_table_insert(map, GUINT_TO_POINTER(id), GUINT_TO_POINTER(index + 1));
}

static int take_person(struct loader *l, struct cf_stmt *stmt)
{
	uint32_t id = cf_stmt_id(stmt), index;
	const char *name = cf_stmt_text(stmt), *email = cf_stmt_text(stmt);
	struct cf_person *person;

	index = cf_history_person(l->history, name, -1, email, -1);
	remember(l->persons, id, index);
	if (l->raw)
		return 0;
	person = &g_array_index(l->history->persons, struct cf_person, index);
	person->name = cf_dict_str(l->history->dict, cf_stmt_text(stmt), -1);
	person->email = cf_dict_str(l->history->dict, cf_stmt_text(stmt), -1);
	person->bot = cf_stmt_int(stmt) != 0;
	return 0;
}

static gboolean beneath(const char *path, const char *filter)
{
	size_t len = strlen(filter);

	while (len && filter[len - 1] == '/')
		len--;
	return strncmp(path, filter, len) == 0 && (len == 0 || path[len] == '\0' || path[len] == '/');
}

static int take_path(struct loader *l, struct cf_stmt *stmt)
{
	uint32_t id = cf_stmt_id(stmt), index;
	const char *text = cf_stmt_text(stmt);

	if (l->filter->path && !beneath(text, l->filter->path))
		return 0;
	index = cf_history_path(l->history, text, -1);
	remember(l->paths, id, index);
	if (!l->raw)
		g_array_index(l->history->paths, struct cf_history_path, index).flags =
			(uint8_t)cf_stmt_int(stmt);
	return 0;
}

static int take_commit(struct loader *l, struct cf_stmt *stmt)
{
	const struct cf_history_filter *f = l->filter;
	uint32_t id = cf_stmt_id(stmt);
	struct cf_commit row = { 0 }, *commit;
	struct cf_parent parent = { .commit = CF_NONE };
	const uint8_t *parents;
	size_t bytes;

	if (!take_oid(stmt, &row.oid))
		return cf_store_damaged(l->store, "a commit has no name", l->diag);
	parents = cf_stmt_blob(stmt, &bytes);
	row.author = look_up(l->persons, cf_stmt_id(stmt));
	row.committer = look_up(l->persons, cf_stmt_id(stmt));
	row.author_time = cf_stmt_int(stmt);
	row.author_zone = (int16_t)cf_stmt_int(stmt);
	row.commit_time = cf_stmt_int(stmt);
	row.commit_zone = (int16_t)cf_stmt_int(stmt);
	row.order = cf_stmt_int(stmt);
	row.flags = (uint16_t)cf_stmt_int(stmt);
	if (row.author == CF_NONE || row.committer == CF_NONE)
		return cf_store_damaged(l->store, "a commit has no author", l->diag);
	if ((f->has_since && row.commit_time < f->since) || (f->has_until && row.commit_time > f->until))
		return 0;
	if (cf_history_find(l->history, &row.oid) != CF_NONE)
		return cf_store_damaged(l->store, "a commit is there twice", l->diag);
	commit = cf_history_add_commit(l->history, &row.oid);
	remember(l->commits, id, l->history->commits->len - 1);
	row.subject = cf_dict_str(l->history->dict, cf_stmt_text(stmt), -1);
	row.first_parent = commit->first_parent;
	row.parents = (uint32_t)(bytes / CF_OID_SIZE);
	*commit = row;
	for (uint32_t i = 0; i < row.parents; i++) {
		memcpy(parent.oid.bytes, parents + (size_t)i * CF_OID_SIZE, CF_OID_SIZE);
		g_array_append_val(l->history->parents, parent);
	}
	return 0;
}

/* The commit of the row's first column; NULL: it was filtered out. */
static struct cf_commit *commit_of(struct loader *l, struct cf_stmt *stmt, uint32_t *index)
{
	*index = look_up(l->commits, cf_stmt_id(stmt));
	return *index == CF_NONE ? NULL : &g_array_index(l->history->commits, struct cf_commit, *index);
}

static int take_coauthor(struct loader *l, struct cf_stmt *stmt)
{
	uint32_t index, person;
	struct cf_commit *commit = commit_of(l, stmt, &index);

	if (!commit)
		return 0;
	person = look_up(l->persons, cf_stmt_id(stmt));
	if (person == CF_NONE)
		return cf_store_damaged(l->store, "a co-author is unknown", l->diag);
	if (!commit->coauthors++)
		commit->first_coauthor = l->history->coauthors->len;
	g_array_append_val(l->history->coauthors, person);
	return 0;
}

/* Lines of a file or change; a binary one's are NULL. */
static uint32_t take_count(struct cf_stmt *stmt)
{
	int64_t value = cf_stmt_int(stmt);

	return (uint32_t)CLAMP(value, 0, UINT32_MAX);
}

static uint16_t take_mode(struct cf_stmt *stmt)
{
	if (sqlite3_column_type(stmt->raw, stmt->column) == SQLITE_NULL) {
		stmt->column++;
		return MODE_REGULAR;
	}
	return (uint16_t)cf_stmt_int(stmt);
}

static void add_change(struct loader *l, struct cf_commit *commit, const struct cf_change *change)
{
	if (change->path == CF_NONE)
		return;
	if (!commit->changes++)
		commit->first_change = l->history->changes->len;
	g_array_append_val(l->history->changes, *change);
}

static void add_split(struct loader *l, struct cf_commit *commit, const struct cf_change *rename)
{
	struct cf_change gone = *rename, come = *rename;

	gone.path = rename->old_path;
	gone.status = CF_CHANGE_DELETED;
	gone.deleted = rename->old_lines;
	gone.new_mode = 0;
	gone.flags = rename->old_binary ? gone.flags | CF_CHANGE_BINARY : gone.flags & ~CF_CHANGE_BINARY;
	come.status = CF_CHANGE_ADDED;
	come.added = rename->new_lines;
	come.old_mode = 0;
	gone.old_path = come.old_path = CF_NONE;
	gone.added = come.deleted = 0;
	gone.similarity = come.similarity = gone.old_binary = come.old_binary = 0;
	gone.old_lines = gone.new_lines = come.old_lines = come.new_lines = 0;
	add_change(l, commit, &gone);
	add_change(l, commit, &come);
}

static int take_change(struct loader *l, struct cf_stmt *stmt)
{
	struct cf_change row = { 0 };
	struct cf_commit *commit = commit_of(l, stmt, &row.commit);
	uint32_t old_path;

	if (!commit)
		return 0;
	row.path = look_up(l->paths, cf_stmt_id(stmt));
	old_path = cf_stmt_id(stmt);
	row.old_path = old_path ? look_up(l->paths, old_path) : CF_NONE;
	row.added = take_count(stmt);
	row.deleted = take_count(stmt);
	row.status = (uint8_t)cf_stmt_int(stmt);
	row.flags = (uint8_t)cf_stmt_int(stmt);
	row.old_mode = take_mode(stmt);
	row.new_mode = take_mode(stmt);
	row.similarity = (uint8_t)cf_stmt_int(stmt);
	row.old_binary = row.status == CF_CHANGE_RENAMED &&
			 sqlite3_column_type(stmt->raw, stmt->column) == SQLITE_NULL;
	row.old_lines = take_count(stmt);
	row.new_lines = take_count(stmt);
	if (row.status == CF_CHANGE_RENAMED && l->filter->split_renames)
		add_split(l, commit, &row);
	else
		add_change(l, commit, &row);
	return 0;
}

static int take_func_change(struct loader *l, struct cf_stmt *stmt)
{
	struct cf_func_change row = { 0 };
	struct cf_commit *commit = commit_of(l, stmt, &row.commit);

	if (!commit)
		return 0;
	row.path = look_up(l->paths, cf_stmt_id(stmt));
	if (row.path == CF_NONE)
		return 0;
	row.name = cf_dict_str(l->history->dict, cf_stmt_text(stmt), -1);
	row.added = take_count(stmt);
	row.deleted = take_count(stmt);
	if (!commit->funcs++)
		commit->first_func = l->history->func_changes->len;
	g_array_append_val(l->history->func_changes, row);
	return 0;
}

static int take_file(struct loader *l, struct cf_stmt *stmt)
{
	struct cf_code_file row = { .path = look_up(l->paths, cf_stmt_id(stmt)) };
	int64_t bytes;

	if (row.path == CF_NONE)
		return 0;
	take_oid(stmt, &row.blob);
	row.mode = (uint16_t)cf_stmt_int(stmt);
	row.binary = cf_stmt_int(stmt) != 0;
	row.unparsed = cf_stmt_int(stmt) != 0;
	bytes = cf_stmt_int(stmt);
	row.bytes = (uint64_t)MAX(bytes, 0);
	row.lines = take_count(stmt);
	row.nonblank = take_count(stmt);
	row.indent = take_count(stmt);
	row.complexity = take_count(stmt);
	row.language = cf_dict_str(l->history->dict, cf_stmt_text(stmt), -1);
	g_array_append_val(l->history->code_files, row);
	return 0;
}

/* Files and functions both come in the order of the ids of their paths. */
static int take_func(struct loader *l, struct cf_stmt *stmt)
{
	struct cf_code_func row = { .path = look_up(l->paths, cf_stmt_id(stmt)) };

	if (row.path == CF_NONE)
		return 0;
	row.name = cf_dict_str(l->history->dict, cf_stmt_text(stmt), -1);
	row.first_line = take_count(stmt);
	row.last_line = take_count(stmt);
	row.complexity = take_count(stmt);
	g_array_append_val(l->history->code_funcs, row);
	return 0;
}

/* Gives each file the range of its functions. */
static void join_code(struct cf_history *history)
{
	guint at = 0;

	for (guint i = 0; i < history->code_files->len; i++) {
		struct cf_code_file *file = &g_array_index(history->code_files, struct cf_code_file, i);

		file->first_func = at;
		for (; at < history->code_funcs->len; at++, file->funcs++)
			if (g_array_index(history->code_funcs, struct cf_code_func, at).path != file->path)
				break;
	}
}

static int take_quality(void *ctx, const struct cf_quality_row *row)
{
	cf_history_quality(ctx, row->key, row->subject, row->count, row->cure, "%s", row->text);
	return 0;
}

static void loader_init(struct loader *l)
{
	l->paths = g_hash_table_new(NULL, NULL);
	l->persons = g_hash_table_new(NULL, NULL);
	l->commits = g_hash_table_new(NULL, NULL);
}

static void loader_clear(struct loader *l)
{
	g_hash_table_unref(l->paths);
	g_hash_table_unref(l->persons);
	g_hash_table_unref(l->commits);
}

int cf_store_load_names(struct cf_store *store, int64_t repo, struct cf_history *history,
			struct cf_diag *diag)
{
	static const struct cf_history_filter all = { 0 };
	struct loader l = {
		.store = store, .diag = diag, .filter = &all, .history = history, .repo = repo, .raw = TRUE
	};
	int result;

	loader_init(&l);
	result = each(&l, CF_SQL_HISTORY_PERSONS, take_person) < 0 ||
				 each(&l, CF_SQL_HISTORY_PATHS, take_path) < 0
			 ? -1
			 : 0;
	loader_clear(&l);
	return result;
}

static int load_commits(struct loader *l)
{
	if (each(l, CF_SQL_HISTORY_PERSONS, take_person) < 0 ||
	    each(l, CF_SQL_HISTORY_COMMITS, take_commit) < 0 ||
	    each(l, CF_SQL_HISTORY_COAUTHORS, take_coauthor) < 0 ||
	    each(l, CF_SQL_HISTORY_CHANGES, take_change) < 0)
		return -1;
	if (l->filter->functions && each(l, CF_SQL_HISTORY_FUNC_CHANGES, take_func_change) < 0)
		return -1;
	return cf_store_repo_quality(l->store, l->repo, take_quality, l->history, l->diag);
}

static int load(struct loader *l)
{
	if (each(l, CF_SQL_HISTORY_PATHS, take_path) < 0 || (!l->filter->code_only && load_commits(l) < 0))
		return -1;
	if (!l->filter->no_code &&
	    (each(l, CF_SQL_HISTORY_FILES, take_file) < 0 || each(l, CF_SQL_HISTORY_FUNCS, take_func) < 0))
		return -1;
	join_code(l->history);
	return 0;
}

struct cf_history *cf_store_load_history(struct cf_store *store, const struct cf_repo *repo,
					 const struct cf_history_filter *filter, struct cf_diag *diag)
{
	static const struct cf_history_filter all = { 0 };
	struct cf_history *history = cf_history_new();
	struct loader l = { .store = store,
			    .diag = diag,
			    .filter = filter ? filter : &all,
			    .history = history,
			    .repo = repo->id };

	history->name = g_strdup(repo->name);
	history->path = g_strdup(repo->path);
	history->format = g_strdup(repo->format);
	history->head = repo->head;
	history->shallow = repo->shallow;
	history->has_oids = repo->has_oids;
	loader_init(&l);
	if (load(&l) < 0)
		g_clear_pointer(&history, cf_history_free);
	else
		cf_history_sort(history);
	loader_clear(&l);
	return history;
}
