/* SPDX-License-Identifier: MIT */
/* history: builds, orders and frees the facts of a repository. */
#include "core/history.h"

#include <stdlib.h>

#include "core/sum.h"
#include "core/table.h"

/* Room for a chain of commits beyond any clock, before order could overflow. */
#define TIME_MAX (INT64_C(1) << 53)

struct cf_history_index {
	struct cf_table paths, persons, commits; /* id: index + 1 */
};

static const char hex_digits[] = "0123456789abcdef";

void cf_oid_hex(const struct cf_oid *oid, char hex[CF_OID_HEX + 1])
{
	for (int i = 0; i < CF_OID_SIZE; i++) {
		hex[2 * i] = hex_digits[oid->bytes[i] >> 4];
		hex[2 * i + 1] = hex_digits[oid->bytes[i] & 15];
	}
	hex[CF_OID_HEX] = '\0';
}

gboolean cf_oid_parse(struct cf_oid *oid, const char *hex, size_t len)
{
	if (len != CF_OID_HEX)
		return FALSE;
	for (int i = 0; i < CF_OID_SIZE; i++) {
		int high = g_ascii_xdigit_value(hex[2 * i]), low = g_ascii_xdigit_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return FALSE;
		oid->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return TRUE;
}

static void quality_clear(gpointer data)
{
	struct cf_quality *row = data;

	g_free(row->key);
	g_free(row->subject);
	g_free(row->text);
	g_free(row->cure);
}

struct cf_history *cf_history_new(void)
{
	struct cf_history *history = g_new0(struct cf_history, 1);

	history->dict = cf_dict_new();
	history->has_oids = TRUE;
	history->persons = g_array_new(FALSE, FALSE, sizeof(struct cf_person));
	history->commits = g_array_new(FALSE, FALSE, sizeof(struct cf_commit));
	history->parents = g_array_new(FALSE, FALSE, sizeof(struct cf_parent));
	history->coauthors = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	history->paths = g_array_new(FALSE, FALSE, sizeof(struct cf_history_path));
	history->changes = g_array_new(FALSE, FALSE, sizeof(struct cf_change));
	history->func_changes = g_array_new(FALSE, FALSE, sizeof(struct cf_func_change));
	history->code_files = g_array_new(FALSE, FALSE, sizeof(struct cf_code_file));
	history->code_funcs = g_array_new(FALSE, FALSE, sizeof(struct cf_code_func));
	history->late_commits = g_array_new(FALSE, FALSE, sizeof(struct cf_late_commit));
	history->late_funcs = g_array_new(FALSE, FALSE, sizeof(struct cf_func_change));
	history->ignored = g_array_new(FALSE, FALSE, sizeof(struct cf_oid));
	history->quality = g_array_new(FALSE, FALSE, sizeof(struct cf_quality));
	g_array_set_clear_func(history->quality, quality_clear);
	history->index = g_new0(struct cf_history_index, 1);
	return history;
}

void cf_history_free(struct cf_history *history)
{
	if (!history)
		return;
	cf_dict_free(history->dict);
	g_free(history->name);
	g_free(history->path);
	g_free(history->format);
	g_array_unref(history->persons);
	g_array_unref(history->commits);
	g_array_unref(history->parents);
	g_array_unref(history->coauthors);
	g_array_unref(history->paths);
	g_array_unref(history->changes);
	g_array_unref(history->func_changes);
	g_array_unref(history->code_files);
	g_array_unref(history->code_funcs);
	g_array_unref(history->late_commits);
	g_array_unref(history->late_funcs);
	g_array_unref(history->ignored);
	g_array_unref(history->quality);
	cf_table_release(&history->index->paths);
	cf_table_release(&history->index->persons);
	cf_table_release(&history->index->commits);
	g_free(history->index);
	g_free(history);
}

uint32_t cf_history_path(struct cf_history *history, const char *path, gssize len)
{
	struct cf_history_path row = { .path = cf_dict_str(history->dict, path, len) };
	uint32_t hash = cf_hash(row.path.id, 0), pos, id;

	for (pos = hash; (id = cf_table_next(&history->index->paths, hash, &pos)) != 0;)
		if (g_array_index(history->paths, struct cf_history_path, id - 1).path.id == row.path.id)
			return id - 1;
	g_array_append_val(history->paths, row);
	cf_table_add(&history->index->paths, hash, history->paths->len);
	return history->paths->len - 1;
}

uint32_t cf_history_person(struct cf_history *history, const char *name, gssize name_len, const char *email,
			   gssize email_len)
{
	struct cf_person row = { .raw_name = cf_dict_str(history->dict, name, name_len),
				 .raw_email = cf_dict_str(history->dict, email, email_len) };
	uint32_t hash = cf_hash(row.raw_name.id, row.raw_email.id), pos, id;

	for (pos = hash; (id = cf_table_next(&history->index->persons, hash, &pos)) != 0;) {
		const struct cf_person *p = &g_array_index(history->persons, struct cf_person, id - 1);

		if (p->raw_name.id == row.raw_name.id && p->raw_email.id == row.raw_email.id)
			return id - 1;
	}
	row.name = row.raw_name;
	row.email = row.raw_email;
	g_array_append_val(history->persons, row);
	cf_table_add(&history->index->persons, hash, history->persons->len);
	return history->persons->len - 1;
}

/* Names of commits are chosen by whoever made them, so the seed has a say. */
static uint32_t oid_hash(const struct cf_oid *oid)
{
	uint64_t wide = cf_hash_bytes(oid->bytes, CF_OID_SIZE, cf_hash_seed);

	return (uint32_t)wide ^ (uint32_t)(wide >> 32);
}

uint32_t cf_history_find(const struct cf_history *history, const struct cf_oid *oid)
{
	uint32_t hash = oid_hash(oid), pos, id;

	for (pos = hash; (id = cf_table_next(&history->index->commits, hash, &pos)) != 0;)
		if (cf_oid_equal(&g_array_index(history->commits, struct cf_commit, id - 1).oid, oid))
			return id - 1;
	return CF_NONE;
}

struct cf_commit *cf_history_add_commit(struct cf_history *history, const struct cf_oid *oid)
{
	struct cf_commit row = { .oid = *oid,
				 .author = CF_NONE,
				 .committer = CF_NONE,
				 .first_parent = history->parents->len,
				 .first_coauthor = history->coauthors->len,
				 .first_change = history->changes->len,
				 .first_func = history->func_changes->len };

	g_array_append_val(history->commits, row);
	cf_table_add(&history->index->commits, oid_hash(oid), history->commits->len);
	return &g_array_index(history->commits, struct cf_commit, history->commits->len - 1);
}

const char *cf_history_text(const struct cf_history *history, struct cf_str str)
{
	return cf_dict_text(history->dict, str);
}

const char *cf_history_path_text(const struct cf_history *history, uint32_t path)
{
	return cf_dict_text(history->dict, g_array_index(history->paths, struct cf_history_path, path).path);
}

const char *cf_history_author(const struct cf_history *history, const struct cf_commit *commit)
{
	return cf_dict_text(history->dict,
			    g_array_index(history->persons, struct cf_person, commit->author).name);
}

void cf_history_quality(struct cf_history *history, const char *key, const char *subject, int64_t count,
			const char *cure, const char *fmt, ...)
{
	struct cf_quality row = { .count = count };
	va_list args;

	for (guint i = 0; i < history->quality->len; i++) {
		struct cf_quality *old = &g_array_index(history->quality, struct cf_quality, i);

		if (strcmp(old->key, key) == 0 && g_strcmp0(old->subject, subject) == 0) {
			old->count = cf_add_sat(old->count, count);
			return;
		}
	}
	row.key = g_strdup(key);
	row.subject = g_strdup(subject);
	row.cure = g_strdup(cure);
	va_start(args, fmt);
	row.text = g_strdup_vprintf(fmt, args);
	va_end(args);
	g_array_append_val(history->quality, row);
}

/* ---- order ---- */

static void link_parents(struct cf_history *history)
{
	for (guint i = 0; i < history->parents->len; i++) {
		struct cf_parent *parent = &g_array_index(history->parents, struct cf_parent, i);

		parent->commit = cf_history_find(history, &parent->oid);
	}
}

struct ordering {
	struct cf_history *history;
	uint32_t *waits;       /* by commit: parents whose order isn't known yet */
	uint32_t *child_first; /* by commit: head of its list of children, CF_NONE ends */
	uint32_t *child_next;  /* by parent row: the next child of the same parent */
	uint32_t *child;       /* by parent row: the child */
	uint32_t *queue;
};

static void list_children(struct ordering *o)
{
	struct cf_history *history = o->history;

	for (guint i = 0; i < history->commits->len; i++)
		o->child_first[i] = CF_NONE;
	for (guint i = 0; i < history->commits->len; i++) {
		const struct cf_commit *commit = &g_array_index(history->commits, struct cf_commit, i);

		for (uint32_t p = commit->first_parent; p < commit->first_parent + commit->parents; p++) {
			uint32_t parent = g_array_index(history->parents, struct cf_parent, p).commit;

			if (parent == CF_NONE)
				continue;
			o->waits[i]++;
			o->child[p] = i;
			o->child_next[p] = o->child_first[parent];
			o->child_first[parent] = p;
		}
	}
}

static int64_t own_order(const struct cf_history *history, const struct cf_commit *commit,
			 gboolean (*known)(void *ctx, const struct cf_oid *oid, int64_t *order), void *ctx)
{
	int64_t order = CLAMP(commit->commit_time, -TIME_MAX, TIME_MAX);

	for (uint32_t p = commit->first_parent; p < commit->first_parent + commit->parents; p++) {
		const struct cf_parent *parent = &g_array_index(history->parents, struct cf_parent, p);
		int64_t outside;

		if (parent->commit == CF_NONE && known && known(ctx, &parent->oid, &outside))
			order = MAX(order, cf_add_sat(outside, 1));
	}
	return order;
}

/* Parents before children, each commit when its last parent is done; what is on a cycle keeps its own time. */
static void propagate(struct ordering *o)
{
	struct cf_history *history = o->history;
	uint32_t head = 0, tail = 0;

	for (guint i = 0; i < history->commits->len; i++)
		if (o->waits[i] == 0)
			o->queue[tail++] = i;
	while (head < tail) {
		uint32_t at = o->queue[head++];
		int64_t order = g_array_index(history->commits, struct cf_commit, at).order;

		for (uint32_t p = o->child_first[at]; p != CF_NONE; p = o->child_next[p]) {
			struct cf_commit *child =
				&g_array_index(history->commits, struct cf_commit, o->child[p]);

			child->order = MAX(child->order, cf_add_sat(order, 1));
			if (--o->waits[o->child[p]] == 0)
				o->queue[tail++] = o->child[p];
		}
	}
}

static void compute_order(struct cf_history *history,
			  gboolean (*known)(void *ctx, const struct cf_oid *oid, int64_t *order), void *ctx)
{
	size_t commits = (size_t)history->commits->len + 1, parents = (size_t)history->parents->len + 1;
	struct ordering o = { history,
			      g_new0(uint32_t, commits),
			      g_new(uint32_t, commits),
			      g_new(uint32_t, parents),
			      g_new(uint32_t, parents),
			      g_new(uint32_t, commits) };

	link_parents(history);
	list_children(&o);
	for (guint i = 0; i < history->commits->len; i++) {
		struct cf_commit *commit = &g_array_index(history->commits, struct cf_commit, i);

		commit->order = own_order(history, commit, known, ctx);
	}
	propagate(&o);
	g_free(o.waits);
	g_free(o.child_first);
	g_free(o.child_next);
	g_free(o.child);
	g_free(o.queue);
}

static void flag_ignored(struct cf_history *history)
{
	for (guint i = 0; i < history->ignored->len; i++) {
		uint32_t at = cf_history_find(history, &g_array_index(history->ignored, struct cf_oid, i));

		if (at != CF_NONE)
			g_array_index(history->commits, struct cf_commit, at).flags |= CF_COMMIT_IGNORED;
	}
}

/* ---- sorting ---- */

static gint compare_commits(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_commit *commits = data, *x = &commits[*(const uint32_t *)a],
			       *y = &commits[*(const uint32_t *)b];

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return memcmp(x->oid.bytes, y->oid.bytes, CF_OID_SIZE);
}

static gint compare_changes(gconstpointer a, gconstpointer b, gpointer history)
{
	const struct cf_change *x = a, *y = b;

	return x->path == y->path ? 0
				  : strcmp(cf_history_path_text(history, x->path),
					   cf_history_path_text(history, y->path));
}

static gint compare_func_changes(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_func_change *x = a, *y = b;
	struct cf_history *history = data;
	int order = x->path == y->path ? 0
				       : strcmp(cf_history_path_text(history, x->path),
						cf_history_path_text(history, y->path));

	return order ? order : strcmp(cf_history_text(history, x->name), cf_history_text(history, y->name));
}

static gint compare_code_files(gconstpointer a, gconstpointer b, gpointer history)
{
	return strcmp(cf_history_path_text(history, ((const struct cf_code_file *)a)->path),
		      cf_history_path_text(history, ((const struct cf_code_file *)b)->path));
}

static gint compare_code_funcs(gconstpointer a, gconstpointer b, gpointer history)
{
	const struct cf_code_func *x = a, *y = b;

	if (x->first_line != y->first_line)
		return x->first_line < y->first_line ? -1 : 1;
	if (x->last_line != y->last_line)
		return x->last_line < y->last_line ? -1 : 1;
	return strcmp(cf_history_text(history, x->name), cf_history_text(history, y->name));
}

/* Moves the range [*first, *first + n) of from to the end of to. */
static void move_range(GArray *to, const GArray *from, size_t size, uint32_t *first, uint32_t n)
{
	uint32_t start = to->len;

	if (n)
		g_array_append_vals(to, from->data + (size_t)*first * size, n);
	*first = start;
}

static void sort_commits(struct cf_history *history)
{
	guint n = history->commits->len;
	GArray *old_commits = history->commits, *old_parents = history->parents,
	       *old_coauthors = history->coauthors;
	GArray *old_changes = history->changes, *old_funcs = history->func_changes;
	g_autofree uint32_t *order = g_new(uint32_t, (size_t)n + 1);
	g_autofree uint32_t *place = g_new(uint32_t, (size_t)n + 1);

	for (guint i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), compare_commits, old_commits->data);
	history->commits = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_commit), n);
	history->parents = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_parent), old_parents->len);
	history->coauthors = g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), old_coauthors->len);
	history->changes = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_change), old_changes->len);
	history->func_changes =
		g_array_sized_new(FALSE, FALSE, sizeof(struct cf_func_change), old_funcs->len);
	cf_table_release(&history->index->commits);
	for (guint i = 0; i < n; i++) {
		struct cf_commit commit = g_array_index(old_commits, struct cf_commit, order[i]);

		place[order[i]] = i;
		move_range(history->parents, old_parents, sizeof(struct cf_parent), &commit.first_parent,
			   commit.parents);
		move_range(history->coauthors, old_coauthors, sizeof(uint32_t), &commit.first_coauthor,
			   commit.coauthors);
		move_range(history->changes, old_changes, sizeof(struct cf_change), &commit.first_change,
			   commit.changes);
		move_range(history->func_changes, old_funcs, sizeof(struct cf_func_change),
			   &commit.first_func, commit.funcs);
		g_array_append_val(history->commits, commit);
		cf_table_add(&history->index->commits, oid_hash(&commit.oid), i + 1);
	}
	for (guint i = 0; i < history->parents->len; i++) {
		struct cf_parent *parent = &g_array_index(history->parents, struct cf_parent, i);

		if (parent->commit != CF_NONE)
			parent->commit = place[parent->commit];
	}
	g_array_unref(old_commits);
	g_array_unref(old_parents);
	g_array_unref(old_coauthors);
	g_array_unref(old_changes);
	g_array_unref(old_funcs);
}

/*
 * Of the n changes from first on: a path that is there twice is from a damaged folder, and the first one counts. Returns
 * how many are left.
 */
static uint32_t sort_changes(struct cf_history *history, uint32_t first, uint32_t n, uint32_t commit)
{
	struct cf_change *rows = n ? &g_array_index(history->changes, struct cf_change, first) : NULL;
	uint32_t kept = 0;

	if (n > 1)
		g_qsort_with_data(rows, (gint)n, sizeof(*rows), compare_changes, history);
	for (uint32_t i = 0; i < n; i++) {
		if (kept && rows[kept - 1].path == rows[i].path)
			continue;
		rows[kept] = rows[i];
		rows[kept++].commit = commit;
	}
	return kept;
}

/* Functions of one name in a file are one. */
static uint32_t sort_funcs(struct cf_history *history, GArray *funcs, uint32_t first, uint32_t n,
			   uint32_t commit)
{
	struct cf_func_change *rows = n ? &g_array_index(funcs, struct cf_func_change, first) : NULL;
	uint32_t kept = 0;

	if (n > 1)
		g_qsort_with_data(rows, (gint)n, sizeof(*rows), compare_func_changes, history);
	for (uint32_t i = 0; i < n; i++) {
		struct cf_func_change *last = kept ? &rows[kept - 1] : NULL;

		if (last && last->path == rows[i].path && last->name.id == rows[i].name.id) {
			last->added = (uint32_t)MIN((uint64_t)last->added + rows[i].added, UINT32_MAX);
			last->deleted = (uint32_t)MIN((uint64_t)last->deleted + rows[i].deleted, UINT32_MAX);
			continue;
		}
		rows[kept] = rows[i];
		rows[kept++].commit = commit;
	}
	return kept;
}

static void sort_within_commits(struct cf_history *history)
{
	for (guint i = 0; i < history->commits->len; i++) {
		struct cf_commit *commit = &g_array_index(history->commits, struct cf_commit, i);

		commit->changes = sort_changes(history, commit->first_change, commit->changes, i);
		commit->funcs =
			sort_funcs(history, history->func_changes, commit->first_func, commit->funcs, i);
	}
	for (guint i = 0; i < history->late_commits->len; i++) {
		struct cf_late_commit *commit =
			&g_array_index(history->late_commits, struct cf_late_commit, i);

		commit->funcs =
			sort_funcs(history, history->late_funcs, commit->first_func, commit->funcs, CF_NONE);
	}
}

static void sort_code(struct cf_history *history)
{
	GArray *old = history->code_funcs;

	if (history->code_files->len > 1)
		g_qsort_with_data(history->code_files->data, (gint)history->code_files->len,
				  sizeof(struct cf_code_file), compare_code_files, history);
	history->code_funcs = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_code_func), old->len);
	for (guint i = 0; i < history->code_files->len; i++) {
		struct cf_code_file *file = &g_array_index(history->code_files, struct cf_code_file, i);

		move_range(history->code_funcs, old, sizeof(struct cf_code_func), &file->first_func,
			   file->funcs);
		if (file->funcs > 1)
			g_qsort_with_data((struct cf_code_func *)history->code_funcs->data + file->first_func,
					  (gint)file->funcs, sizeof(struct cf_code_func), compare_code_funcs,
					  history);
	}
	g_array_unref(old);
}

void cf_history_sort(struct cf_history *history)
{
	link_parents(history);
	sort_commits(history);
	sort_within_commits(history);
	sort_code(history);
}

void cf_history_settle(struct cf_history *history,
		       gboolean (*known)(void *ctx, const struct cf_oid *oid, int64_t *order), void *ctx)
{
	flag_ignored(history);
	compute_order(history, known, ctx);
	cf_history_sort(history);
}
