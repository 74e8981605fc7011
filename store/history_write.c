/* SPDX-License-Identifier: MIT */
/* history_write: stores the facts of a repository, wholly or not at all. */
#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "store/intern.h"
#include "store/statement.h"

#define MODE_REGULAR 0100644

struct writer {
	struct cf_store *store;
	struct cf_diag *diag;
	const struct cf_history *history;
	int64_t repo;
	int64_t base;      /* id of the first new commit */
	uint32_t *strs;    /* ids by dict id; 0: not used */
	uint32_t *persons; /* ids by person */
};

/* ---- texts ---- */

static void want(guint8 *wanted, struct cf_str str)
{
	wanted[str.id] = 1;
}

static void want_all(const struct cf_history *h, guint8 *wanted)
{
	for (guint i = 0; i < h->persons->len; i++) {
		const struct cf_person *p = &g_array_index(h->persons, struct cf_person, i);

		want(wanted, p->raw_name);
		want(wanted, p->raw_email);
		want(wanted, p->name);
		want(wanted, p->email);
	}
	for (guint i = 0; i < h->paths->len; i++)
		want(wanted, g_array_index(h->paths, struct cf_history_path, i).path);
	for (guint i = 0; i < h->func_changes->len; i++)
		want(wanted, g_array_index(h->func_changes, struct cf_func_change, i).name);
	for (guint i = 0; i < h->late_funcs->len; i++)
		want(wanted, g_array_index(h->late_funcs, struct cf_func_change, i).name);
	for (guint i = 0; i < h->code_funcs->len; i++)
		want(wanted, g_array_index(h->code_funcs, struct cf_code_func, i).name);
}

static int put_texts(struct writer *w)
{
	const struct cf_dict *dict = w->history->dict;
	uint32_t n = cf_dict_strs(dict);
	g_autofree guint8 *wanted = g_malloc0((size_t)n + 1);
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	g_autofree uint32_t *ids = NULL;
	guint at = 0;

	want_all(w->history, wanted);
	for (uint32_t i = 0; i < n; i++)
		if (wanted[i])
			g_ptr_array_add(texts, (gpointer)cf_dict_text(dict, (struct cf_str){ i }));
	ids = g_new0(uint32_t, (size_t)texts->len + 1);
	if (cf_intern_texts(w->store, (const char *const *)texts->pdata, texts->len, ids, w->diag) != 0)
		return -1;
	w->strs = g_new0(uint32_t, (size_t)n + 1);
	for (uint32_t i = 0; i < n; i++)
		if (wanted[i])
			w->strs[i] = ids[at++];
	return 0;
}

static uint32_t path_id(const struct writer *w, uint32_t path)
{
	return w->strs[g_array_index(w->history->paths, struct cf_history_path, path).path.id];
}

/* ---- the repository ---- */

static int name_taken(struct writer *w, const char *name, gboolean *taken)
{
	struct cf_stmt stmt;
	int step = -1;

	*taken = FALSE;
	if (cf_stmt_open(&stmt, w->store, CF_SQL_REPO_NAMED, w->diag) == 0) {
		cf_stmt_bind_text(&stmt, name, -1);
		step = cf_stmt_step(&stmt);
		if (step > 0)
			*taken = cf_stmt_int(&stmt) != w->repo;
	}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : 0;
}

/* "jq", "jq-2", ...: the first that no other repository has. Caller frees; NULL on error. */
static char *unique_name(struct writer *w, const char *wanted)
{
	g_autofree char *name = g_strdup(wanted && *wanted ? wanted : "repository");
	gboolean taken;

	for (unsigned n = 2;; n++) {
		if (name_taken(w, name, &taken) != 0)
			return NULL;
		if (!taken)
			return g_steal_pointer(&name);
		g_free(name);
		name = g_strdup_printf("%s-%u", wanted, n);
	}
}

static char *choose_name(struct writer *w, const struct cf_repo_put *put)
{
	struct cf_repo *old = NULL;
	char *name;

	if (!put->repo || put->name)
		return unique_name(w, put->name ? put->name : w->history->name);
	if (cf_store_repo_by_id(w->store, put->repo, &old, w->diag) != 0)
		return NULL;
	if (!old) {
		cf_store_damaged(w->store, "the repository is gone", w->diag);
		return NULL;
	}
	name = g_steal_pointer(&old->name);
	cf_repo_free(old);
	return name;
}

static int put_repo(struct writer *w, const struct cf_repo_put *put)
{
	const struct cf_history *h = w->history;
	g_autofree char *name = choose_name(w, put);
	struct cf_stmt stmt;
	int result = -1;

	if (!name)
		return -1;
	if (cf_stmt_open(&stmt, w->store, put->repo ? CF_SQL_UPDATE_REPO : CF_SQL_ADD_REPO, w->diag) == 0) {
		cf_stmt_bind_text(&stmt, name, -1);
		cf_stmt_bind_text(&stmt, h->path, -1);
		cf_stmt_bind_text(&stmt, h->format, -1);
		cf_stmt_bind_int(&stmt, put->version);
		cf_stmt_bind_text(&stmt, put->options ? put->options : "", -1);
		cf_stmt_bind_text(&stmt, put->state ? put->state : "", -1);
		cf_stmt_bind_blob(&stmt, h->head.bytes, CF_OID_SIZE);
		cf_stmt_bind_int(&stmt, h->shallow);
		cf_stmt_bind_int(&stmt, h->has_oids);
		if (put->repo)
			cf_stmt_bind_int(&stmt, put->repo);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	if (result == 0 && !put->repo)
		w->repo = sqlite3_last_insert_rowid(w->store->db);
	return result;
}

/* ---- persons and paths ---- */

/* Persons that are stored keep their ids, as stored commits refer to them. */
static int take_person_ids(struct writer *w, GHashTable *ids)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_stmt_open(&stmt, w->store, CF_SQL_STORED_PERSONS, w->diag) == 0) {
		cf_stmt_bind_int(&stmt, w->repo);
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t id = cf_stmt_id(&stmt);
			gint64 *key = g_new(gint64, 1);

			*key = (gint64)((uint64_t)cf_stmt_id(&stmt) << 32);
			*key |= cf_stmt_id(&stmt);
			g_hash_table_insert(ids, key, GUINT_TO_POINTER(id));
		}
	}
	cf_stmt_close(&stmt);
	return step;
}

static int put_persons(struct writer *w)
{
	const struct cf_history *h = w->history;
	g_autoptr(GHashTable) ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct cf_bulk bulk = { 0 };
	int64_t last = 0;
	int result = -1;

	if (cf_store_get_int(w->store, CF_SQL_LAST_PERSON, &w->repo, &last, w->diag) != 0 ||
	    take_person_ids(w, ids) != 0 ||
	    cf_store_run_sql(w->store, CF_SQL_CLEAR_PERSONS, w->repo, w->diag) != 0 ||
	    cf_bulk_open(&bulk, w->store, CF_SQL_ADD_PERSON, w->diag) != 0)
		goto out;
	w->persons = g_new0(uint32_t, (size_t)h->persons->len + 1);
	for (guint i = 0; i < h->persons->len; i++) {
		const struct cf_person *p = &g_array_index(h->persons, struct cf_person, i);
		gint64 key = (gint64)((uint64_t)w->strs[p->raw_name.id] << 32 | w->strs[p->raw_email.id]);
		uint32_t id = GPOINTER_TO_UINT(g_hash_table_lookup(ids, &key));

		w->persons[i] = id ? id : (uint32_t)++last;
		if (cf_bulk_add(&bulk, (int64_t[]){ w->repo, w->persons[i], w->strs[p->raw_name.id],
						    w->strs[p->raw_email.id], w->strs[p->name.id],
						    w->strs[p->email.id], p->bot }) != 0)
			goto out;
	}
	result = cf_bulk_flush(&bulk);
out:
	cf_bulk_close(&bulk);
	return result;
}

struct path_row {
	uint32_t id;
	uint8_t flags;
};

static int compare_path_rows(const void *a, const void *b)
{
	const struct path_row *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static int put_paths(struct writer *w)
{
	const struct cf_history *h = w->history;
	g_autofree struct path_row *rows = g_new(struct path_row, (size_t)h->paths->len + 1);
	struct cf_bulk bulk = { 0 };
	int result = cf_store_run_sql(w->store, CF_SQL_CLEAR_PATHS, w->repo, w->diag);

	if (result == 0)
		result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_PATH, w->diag);
	for (guint i = 0; i < h->paths->len; i++)
		rows[i] = (struct path_row){ path_id(w, i),
					     g_array_index(h->paths, struct cf_history_path, i).flags };
	qsort(rows, h->paths->len, sizeof(*rows), compare_path_rows);
	for (guint i = 0; result == 0 && i < h->paths->len; i++)
		result = cf_bulk_add(&bulk, (int64_t[]){ w->repo, rows[i].id, rows[i].flags });
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

/* ---- commits and changes ---- */

static int put_commits(struct writer *w)
{
	const struct cf_history *h = w->history;
	g_autoptr(GByteArray) parents = g_byte_array_new();
	struct cf_stmt stmt;
	int result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_COMMIT, w->diag);

	for (guint i = 0; result == 0 && i < h->commits->len; i++) {
		const struct cf_commit *c = &g_array_index(h->commits, struct cf_commit, i);

		g_byte_array_set_size(parents, 0);
		for (uint32_t p = c->first_parent; p < c->first_parent + c->parents; p++)
			g_byte_array_append(parents, g_array_index(h->parents, struct cf_parent, p).oid.bytes,
					    CF_OID_SIZE);
		cf_stmt_bind_int(&stmt, w->repo);
		cf_stmt_bind_int(&stmt, w->base + i);
		cf_stmt_bind_blob(&stmt, c->oid.bytes, CF_OID_SIZE);
		cf_stmt_bind_blob(&stmt, parents->data, parents->len);
		cf_stmt_bind_int(&stmt, w->persons[c->author]);
		cf_stmt_bind_int(&stmt, w->persons[c->committer]);
		cf_stmt_bind_int(&stmt, c->author_time);
		cf_stmt_bind_int(&stmt, c->author_zone);
		cf_stmt_bind_int(&stmt, c->commit_time);
		cf_stmt_bind_int(&stmt, c->commit_zone);
		cf_stmt_bind_int(&stmt, c->order);
		cf_stmt_bind_int(&stmt, c->flags);
		cf_stmt_bind_text(&stmt, cf_history_text(h, c->subject), -1);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put_coauthors(struct writer *w)
{
	const struct cf_history *h = w->history;
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_COAUTHOR, w->diag);

	for (guint i = 0; result == 0 && i < h->commits->len; i++) {
		const struct cf_commit *c = &g_array_index(h->commits, struct cf_commit, i);

		for (uint32_t n = 0; result == 0 && n < c->coauthors; n++) {
			uint32_t person = g_array_index(h->coauthors, uint32_t, c->first_coauthor + n);

			result = cf_bulk_add(&bulk,
					     (int64_t[]){ w->repo, w->base + i, n, w->persons[person] });
		}
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

/* A row of a commit, and the key that it is inserted by. */
struct keyed {
	uint64_t key;
	const void *row;
};

static int compare_keyed(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static int64_t null_if(gboolean condition, int64_t value)
{
	return condition ? CF_BULK_NULL : value;
}

static int put_change(struct writer *w, struct cf_bulk *bulk, int64_t id, const struct cf_change *c)
{
	gboolean binary = c->flags & CF_CHANGE_BINARY, rename = c->status == CF_CHANGE_RENAMED;

	return cf_bulk_add(bulk,
			   (int64_t[]){ w->repo, id, path_id(w, c->path),
					rename && c->old_path != CF_NONE ? path_id(w, c->old_path) : 0,
					null_if(binary, c->added), null_if(binary, c->deleted), c->status,
					c->flags, null_if(c->old_mode == MODE_REGULAR, c->old_mode),
					null_if(c->new_mode == MODE_REGULAR, c->new_mode), c->similarity,
					null_if(!rename || c->old_binary, c->old_lines),
					null_if(!rename || binary, c->new_lines) });
}

static int put_changes(struct writer *w)
{
	const struct cf_history *h = w->history;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct keyed));
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_CHANGE, w->diag);

	for (guint i = 0; result == 0 && i < h->commits->len; i++) {
		const struct cf_commit *c = &g_array_index(h->commits, struct cf_commit, i);

		g_array_set_size(rows, 0);
		for (uint32_t n = 0; n < c->changes; n++) {
			const struct cf_change *change =
				&g_array_index(h->changes, struct cf_change, c->first_change + n);
			struct keyed row = { path_id(w, change->path), change };

			g_array_append_val(rows, row);
		}
		if (rows->len > 1)
			qsort(rows->data, rows->len, sizeof(struct keyed), compare_keyed);
		for (guint n = 0; result == 0 && n < rows->len; n++)
			result = put_change(w, &bulk, w->base + i, g_array_index(rows, struct keyed, n).row);
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

/* The function changes of one commit: a range of rows. */
static int put_funcs_of(struct writer *w, struct cf_bulk *bulk, int64_t id, const GArray *funcs,
			uint32_t first, uint32_t n)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct keyed));
	int result = 0;

	for (uint32_t i = first; i < first + n; i++) {
		const struct cf_func_change *f = &g_array_index(funcs, struct cf_func_change, i);
		struct keyed row = { (uint64_t)path_id(w, f->path) << 32 | w->strs[f->name.id], f };

		g_array_append_val(rows, row);
	}
	if (rows->len > 1)
		qsort(rows->data, rows->len, sizeof(struct keyed), compare_keyed);
	for (guint i = 0; result == 0 && i < rows->len; i++) {
		const struct cf_func_change *f = g_array_index(rows, struct keyed, i).row;

		result = cf_bulk_add(bulk, (int64_t[]){ w->repo, id, path_id(w, f->path), w->strs[f->name.id],
							f->added, f->deleted });
	}
	return result;
}

static int put_func_changes(struct writer *w)
{
	const struct cf_history *h = w->history;
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_FUNC_CHANGE, w->diag);

	for (guint i = 0; result == 0 && i < h->commits->len; i++) {
		const struct cf_commit *c = &g_array_index(h->commits, struct cf_commit, i);

		result = put_funcs_of(w, &bulk, w->base + i, h->func_changes, c->first_func, c->funcs);
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

/* The id of a stored commit; 0: it isn't there. */
static int find_commit(struct writer *w, const struct cf_oid *oid, int64_t *id)
{
	struct cf_stmt stmt;
	int step = -1;

	*id = 0;
	if (cf_stmt_open(&stmt, w->store, CF_SQL_COMMIT_ID, w->diag) == 0) {
		cf_stmt_bind_blob(&stmt, oid->bytes, CF_OID_SIZE);
		cf_stmt_bind_int(&stmt, w->repo);
		step = cf_stmt_step(&stmt);
		if (step > 0)
			*id = cf_stmt_int(&stmt);
	}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : 0;
}

static int flag_functions(struct writer *w, int64_t id)
{
	struct cf_stmt stmt;
	int result = -1;

	if (cf_stmt_open(&stmt, w->store, CF_SQL_SET_FUNCTIONS, w->diag) == 0) {
		cf_stmt_bind_int(&stmt, w->repo);
		cf_stmt_bind_int(&stmt, id);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* Function changes of commits that were stored without. */
static int put_late(struct writer *w)
{
	const struct cf_history *h = w->history;
	struct cf_bulk bulk = { 0 };
	int result = cf_bulk_open(&bulk, w->store, CF_SQL_ADD_FUNC_CHANGE, w->diag);

	for (guint i = 0; result == 0 && i < h->late_commits->len; i++) {
		const struct cf_late_commit *late = &g_array_index(h->late_commits, struct cf_late_commit, i);
		int64_t id;

		result = find_commit(w, &late->oid, &id);
		if (result == 0 && id)
			result = flag_functions(w, id);
		if (result == 0 && id)
			result = put_funcs_of(w, &bulk, id, h->late_funcs, late->first_func, late->funcs);
	}
	if (result == 0)
		result = cf_bulk_flush(&bulk);
	cf_bulk_close(&bulk);
	return result;
}

static int expire_functions(struct writer *w, const struct cf_known_commit *from)
{
	static const enum cf_sql expire[] = { CF_SQL_EXPIRE_FUNC_CHANGES, CF_SQL_EXPIRE_FUNCTIONS };
	int result = 0;

	for (size_t i = 0; result == 0 && i < G_N_ELEMENTS(expire); i++) {
		struct cf_stmt stmt;

		result = cf_stmt_open(&stmt, w->store, expire[i], w->diag);
		if (result == 0) {
			cf_stmt_bind_int(&stmt, w->repo);
			cf_stmt_bind_int(&stmt, from->order);
			cf_stmt_bind_blob(&stmt, from->oid.bytes, CF_OID_SIZE);
			result = cf_stmt_run(&stmt);
		}
		cf_stmt_close(&stmt);
	}
	return result;
}

/* ---- the head ---- */

static int put_file(struct writer *w, struct cf_stmt *stmt, const struct cf_code_file *f)
{
	cf_stmt_bind_int(stmt, w->repo);
	cf_stmt_bind_int(stmt, path_id(w, f->path));
	cf_stmt_bind_blob(stmt, f->blob.bytes, CF_OID_SIZE);
	cf_stmt_bind_int(stmt, f->mode);
	cf_stmt_bind_int(stmt, f->binary);
	cf_stmt_bind_int(stmt, f->unparsed);
	cf_stmt_bind_int(stmt, (int64_t)MIN(f->bytes, INT64_MAX));
	cf_stmt_bind_int(stmt, f->lines);
	cf_stmt_bind_int(stmt, f->nonblank);
	cf_stmt_bind_int(stmt, f->indent);
	cf_stmt_bind_int(stmt, f->complexity);
	cf_stmt_bind_text(stmt, cf_history_text(w->history, f->language), -1);
	return cf_stmt_run(stmt);
}

static int put_funcs(struct writer *w, struct cf_bulk *bulk, const struct cf_code_file *file)
{
	int result = 0;

	for (uint32_t n = 0; result == 0 && n < file->funcs; n++) {
		const struct cf_code_func *f =
			&g_array_index(w->history->code_funcs, struct cf_code_func, file->first_func + n);

		result = cf_bulk_add(bulk,
				     (int64_t[]){ w->repo, path_id(w, file->path), n, w->strs[f->name.id],
						  f->first_line, f->last_line, f->complexity });
	}
	return result;
}

static int put_code(struct writer *w)
{
	const struct cf_history *h = w->history;
	g_autofree struct keyed *rows = g_new(struct keyed, (size_t)h->code_files->len + 1);
	struct cf_stmt stmt = { 0 };
	struct cf_bulk bulk = { 0 };
	int result = -1;

	for (guint i = 0; i < h->code_files->len; i++) {
		const struct cf_code_file *file = &g_array_index(h->code_files, struct cf_code_file, i);

		rows[i] = (struct keyed){ path_id(w, file->path), file };
	}
	qsort(rows, h->code_files->len, sizeof(*rows), compare_keyed);
	if (cf_store_run_sql(w->store, CF_SQL_CLEAR_REPO_FILES, w->repo, w->diag) != 0 ||
	    cf_store_run_sql(w->store, CF_SQL_CLEAR_REPO_FUNCS, w->repo, w->diag) != 0 ||
	    cf_stmt_open(&stmt, w->store, CF_SQL_ADD_REPO_FILE, w->diag) != 0 ||
	    cf_bulk_open(&bulk, w->store, CF_SQL_ADD_REPO_FUNC, w->diag) != 0)
		goto out;
	for (guint i = 0; i < h->code_files->len; i++)
		if (put_file(w, &stmt, rows[i].row) != 0 || put_funcs(w, &bulk, rows[i].row) != 0)
			goto out;
	result = cf_bulk_flush(&bulk);
out:
	cf_stmt_close(&stmt);
	cf_bulk_close(&bulk);
	return result;
}

static int put_quality(struct writer *w)
{
	const GArray *quality = w->history->quality;
	struct cf_stmt stmt;
	int result = cf_store_run_sql(w->store, CF_SQL_CLEAR_REPO_QUALITY, w->repo, w->diag);

	if (result == 0)
		result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_REPO_QUALITY, w->diag);
	else
		return result;
	for (guint i = 0; result == 0 && i < quality->len; i++) {
		const struct cf_quality *row = &g_array_index(quality, struct cf_quality, i);

		cf_stmt_bind_int(&stmt, w->repo);
		cf_stmt_bind_int(&stmt, i);
		cf_stmt_bind_text(&stmt, row->key, -1);
		cf_stmt_bind_text(&stmt, row->subject, -1);
		cf_stmt_bind_int(&stmt, row->count);
		cf_stmt_bind_text(&stmt, row->text, -1);
		cf_stmt_bind_text(&stmt, row->cure, -1);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

static int put_ignored(struct writer *w)
{
	const GArray *ignored = w->history->ignored;
	struct cf_stmt stmt;
	int result = cf_store_run_sql(w->store, CF_SQL_CLEAR_IGNORED, w->repo, w->diag);

	if (result != 0 || cf_stmt_open(&stmt, w->store, CF_SQL_SET_IGNORED, w->diag) != 0)
		return -1;
	for (guint i = 0; result == 0 && i < ignored->len; i++) {
		cf_stmt_bind_blob(&stmt, g_array_index(ignored, struct cf_oid, i).bytes, CF_OID_SIZE);
		cf_stmt_bind_int(&stmt, w->repo);
		result = cf_stmt_run(&stmt);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* ---- all of it ---- */

static int clear_facts(struct writer *w)
{
	static const enum cf_sql clear[] = { CF_SQL_CLEAR_COMMITS,      CF_SQL_CLEAR_COAUTHORS,
					     CF_SQL_CLEAR_CHANGES,      CF_SQL_CLEAR_PERSONS,
					     CF_SQL_CLEAR_FUNC_CHANGES, CF_SQL_CLEAR_PATHS };

	for (size_t i = 0; i < G_N_ELEMENTS(clear); i++)
		if (cf_store_run_sql(w->store, clear[i], w->repo, w->diag) != 0)
			return -1;
	return 0;
}

static int put_facts(struct writer *w)
{
	int64_t last = 0;

	if (cf_store_get_int(w->store, CF_SQL_LAST_COMMIT, &w->repo, &last, w->diag) != 0)
		return -1;
	w->base = last + 1;
	if (put_texts(w) != 0 || put_persons(w) != 0 || put_paths(w) != 0 || put_commits(w) != 0 ||
	    put_coauthors(w) != 0 || put_changes(w) != 0 || put_func_changes(w) != 0 || put_late(w) != 0 ||
	    put_code(w) != 0 || put_quality(w) != 0 || put_ignored(w) != 0)
		return -1;
	return 0;
}

/* What the repository doesn't use any more: persons and paths of commits that are gone, and their texts. */
static int prune(struct writer *w, int changes_before)
{
	if (cf_store_run_sql(w->store, CF_SQL_PRUNE_PERSONS, w->repo, w->diag) != 0 ||
	    cf_store_run_sql(w->store, CF_SQL_PRUNE_PATHS, w->repo, w->diag) != 0)
		return -1;
	return sqlite3_total_changes(w->store->db) == changes_before ? 0 : cf_store_sweep(w->store, w->diag);
}

/* Under the lock: another process may have stored the repository since it was looked at. */
static int check_unchanged(struct writer *w, const struct cf_repo_put *put)
{
	struct cf_loc loc = { .path = w->store->path };
	struct cf_repo *now = NULL;
	gboolean same;
	int result = put->repo ? cf_store_repo_by_id(w->store, put->repo, &now, w->diag)
			       : cf_store_repo_at(w->store, w->history->path, &now, w->diag);

	if (result != 0)
		return -1;
	/* A new one may lie where another one was. */
	same = put->repo ? now && put->seen && strcmp(now->state, put->seen) == 0
			 : !now || !put->state || strcmp(now->state, put->state) != 0;
	cf_repo_free(now);
	if (same)
		return 0;
	return cf_error_as(w->diag, CF_STATUS_BUSY, &loc,
			   "the repository was stored by another process meanwhile: try again");
}

static int put_all(struct writer *w, const struct cf_repo_put *put)
{
	gboolean dropped = FALSE;
	int before;

	w->repo = put->repo;
	if (check_unchanged(w, put) != 0 || (put->repo && !put->add && clear_facts(w) != 0))
		return -1;
	/* Before the new head is written: what the old one could reach and this one can't. */
	before = sqlite3_total_changes(w->store->db);
	if (put->add && cf_store_drop_unreachable(w->store, put->repo, w->history, w->diag) != 0)
		return -1;
	dropped = sqlite3_total_changes(w->store->db) != before;
	if (put_repo(w, put) != 0 || put_facts(w) != 0)
		return -1;
	if (put->functions_from && expire_functions(w, put->functions_from) != 0)
		return -1;
	if (put->repo && prune(w, dropped || !put->add ? -1 : sqlite3_total_changes(w->store->db)) != 0)
		return -1;
	return cf_store_run_sql(w->store, CF_SQL_SUM_REPO, w->repo, w->diag);
}

int cf_store_put_history(struct cf_store *store, const struct cf_repo_put *put,
			 const struct cf_history *history, int64_t *repo, struct cf_diag *diag)
{
	struct writer w = { .store = store, .diag = diag, .history = history };
	int result;

	*repo = 0;
	if (cf_store_begin(store, diag) != 0)
		return -1;
	result = put_all(&w, put);
	g_free(w.strs);
	g_free(w.persons);
	if (result != 0) {
		cf_store_rollback(store);
		return -1;
	}
	*repo = w.repo;
	return cf_store_commit(store, diag);
}

int cf_store_delete_repo(struct cf_store *store, int64_t repo, struct cf_diag *diag)
{
	struct writer w = { .store = store, .diag = diag, .repo = repo };

	if (cf_store_begin(store, diag) != 0)
		return -1;
	if (clear_facts(&w) != 0 || cf_store_run_sql(store, CF_SQL_CLEAR_REPO_FILES, repo, diag) != 0 ||
	    cf_store_run_sql(store, CF_SQL_CLEAR_REPO_FUNCS, repo, diag) != 0 ||
	    cf_store_run_sql(store, CF_SQL_CLEAR_REPO_QUALITY, repo, diag) != 0 ||
	    cf_store_run_sql(store, CF_SQL_DROP_REPO, repo, diag) != 0 || cf_store_sweep(store, diag) != 0) {
		cf_store_rollback(store);
		return -1;
	}
	return cf_store_commit(store, diag);
}
