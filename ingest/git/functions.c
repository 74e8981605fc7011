/* SPDX-License-Identifier: MIT */
/* functions: which functions commits changed, by the ranges at both ends of each hunk; runs in the child. */
#include "ingest/git/functions.h"

#include "core/hash.h"
#include "ingest/git/lines.h"

/* Larger sources are tables, or were put together by a program. */
#define SOURCE_MAX ((uint64_t)2 << 20)
/* Given to ctags at once. */
#define BATCH_BYTES ((uint64_t)4 << 20)
/* Versions of files whose functions are remembered: a file's old one is mostly another commit's new one. */
#define REMEMBERED 4000

/* One version of a file. */
struct version {
	struct cf_oid oid;
	const struct cf_language *language;
	GArray *funcs; /* struct cf_ctags_func; NULL: not looked at yet */
};

/* A changed file that waits. */
struct item {
	char *path;
	struct version *old, *new; /* NULL: absent, or not looked at */
	GArray *hunks;             /* struct cf_git_hunk */
};

struct waiting {
	struct cf_oid commit;
	GArray *items; /* struct item */
};

struct cf_git_functions {
	struct cf_git_objects *objects;
	struct cf_wire_out *out;
	gboolean c_headers;
	struct cf_ctags ctags;
	struct cf_git_middle middle;
	GHashTable *versions; /* struct cf_oid in it -> struct version */
	GArray *waiting;      /* struct waiting */
	GPtrArray *unseen;    /* struct version: for ctags */
	uint64_t unseen_bytes;
};

static guint hash_version(gconstpointer key)
{
	return cf_hash(cf_u64(key), cf_u64((const uint8_t *)key + 8));
}

static gboolean equal_versions(gconstpointer a, gconstpointer b)
{
	return cf_oid_equal(a, b);
}

static void version_free(gpointer data)
{
	struct version *version = data;

	if (version->funcs)
		g_array_unref(version->funcs);
	g_free(version);
}

static void item_clear(gpointer data)
{
	struct item *item = data;

	g_free(item->path);
	g_array_unref(item->hunks);
}

static void waiting_clear(gpointer data)
{
	g_array_unref(((struct waiting *)data)->items);
}

struct cf_git_functions *cf_git_functions_new(struct cf_git_objects *objects, struct cf_wire_out *out,
					      gboolean c_headers)
{
	struct cf_git_functions *f = g_new0(struct cf_git_functions, 1);

	f->objects = objects;
	f->out = out;
	f->c_headers = c_headers;
	/* The oid is the first member. */
	f->versions = g_hash_table_new_full(hash_version, equal_versions, NULL, version_free);
	f->waiting = g_array_new(FALSE, FALSE, sizeof(struct waiting));
	g_array_set_clear_func(f->waiting, waiting_clear);
	f->unseen = g_ptr_array_new();
	return f;
}

void cf_git_functions_free(struct cf_git_functions *f)
{
	g_array_unref(f->waiting);
	g_ptr_array_unref(f->unseen);
	g_hash_table_unref(f->versions);
	cf_git_middle_clear(&f->middle);
	g_free(f);
}

const struct cf_ctags *cf_git_functions_ctags(const struct cf_git_functions *f)
{
	return &f->ctags;
}

/* ---- which lines belong to which function ---- */

struct tally {
	uint32_t added, deleted;
};

/* By line from 1: 1 + the innermost function around it, or 0. */
static uint32_t *owners_of(const GArray *funcs, uint32_t lines)
{
	uint32_t *owners = g_new0(uint32_t, (size_t)lines + 2);

	/* An outer function comes before those within. */
	for (guint i = 0; i < funcs->len; i++) {
		const struct cf_ctags_func *func = &g_array_index(funcs, struct cf_ctags_func, i);

		for (uint32_t line = func->first; line <= func->last && line <= lines; line++)
			owners[line] = i + 1;
	}
	return owners;
}

static void tally_line(GHashTable *tallies, const GArray *funcs, uint32_t owner, gboolean added)
{
	const char *name = g_array_index(funcs, struct cf_ctags_func, owner - 1).name;
	struct tally *tally = g_hash_table_lookup(tallies, name);

	if (!tally) {
		tally = g_new0(struct tally, 1);
		g_hash_table_insert(tallies, (gpointer)name, tally);
	}
	if (added)
		tally->added++;
	else
		tally->deleted++;
}

/* Counts the lines of one side of all hunks. */
static void tally_side(GHashTable *tallies, const struct version *version, const GArray *hunks, gboolean new)
{
	uint32_t last = 0;
	g_autofree uint32_t *owners = NULL;

	if (!version || !version->funcs || !version->funcs->len)
		return;
	for (guint i = 0; i < version->funcs->len; i++)
		last = MAX(last, g_array_index(version->funcs, struct cf_ctags_func, i).last);
	last = (uint32_t)MIN(last, SOURCE_MAX);
	owners = owners_of(version->funcs, last);
	for (guint i = 0; i < hunks->len; i++) {
		const struct cf_git_hunk *hunk = &g_array_index(hunks, struct cf_git_hunk, i);
		uint32_t start = new ? hunk->new_start : hunk->old_start,
			 n = new ? hunk->new_lines : hunk->old_lines;

		for (uint32_t line = start; line < start + n && line <= last; line++)
			if (owners[line])
				tally_line(tallies, version->funcs, owners[line], new);
	}
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Writes a file's functions into the open frame. */
static void send_item(struct cf_git_functions *f, const struct item *item)
{
	g_autoptr(GHashTable) tallies = g_hash_table_new_full(cf_str_hash, g_str_equal, NULL, g_free);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	GHashTableIter iter;
	gpointer key;

	tally_side(tallies, item->old, item->hunks, FALSE);
	tally_side(tallies, item->new, item->hunks, TRUE);
	g_hash_table_iter_init(&iter, tallies);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		g_ptr_array_add(names, key);
	g_ptr_array_sort(names, compare_names);
	cf_wire_text(f->out, item->path, strlen(item->path));
	cf_wire_u64(f->out, names->len);
	for (guint i = 0; i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		const struct tally *tally = g_hash_table_lookup(tallies, name);

		cf_wire_text(f->out, name, strlen(name));
		cf_wire_u64(f->out, tally->added);
		cf_wire_u64(f->out, tally->deleted);
	}
}

static void send_waiting(struct cf_git_functions *f)
{
	for (guint i = 0; i < f->waiting->len; i++) {
		const struct waiting *w = &g_array_index(f->waiting, struct waiting, i);

		cf_wire_begin(f->out, CF_WIRE_FUNCTIONS);
		cf_wire_raw(f->out, w->commit.bytes, CF_OID_SIZE);
		cf_wire_u64(f->out, w->items->len);
		for (guint n = 0; n < w->items->len; n++)
			send_item(f, &g_array_index(w->items, struct item, n));
		cf_wire_end(f->out);
	}
}

/* ---- ctags ---- */

static enum cf_git_read look(struct cf_git_functions *f)
{
	guint n = f->unseen->len;
	g_autofree struct cf_ctags_file *files = g_new0(struct cf_ctags_file, (size_t)n + 1);
	g_autofree struct cf_git_data *data = g_new0(struct cf_git_data, (size_t)n + 1);
	enum cf_git_read result = CF_GIT_OK;

	for (guint i = 0; i < n; i++) {
		struct version *version = g_ptr_array_index(f->unseen, i);

		version->funcs = cf_ctags_funcs_new();
		files[i] = (struct cf_ctags_file){
			version->language, { (const uint8_t *)"", 0 }, version->funcs, FALSE
		};
		if (result != CF_GIT_CORRUPT)
			result = cf_git_objects_read(f->objects, &version->oid, GIT_OBJECT_BLOB, &data[i]);
		if (data[i].object)
			files[i].content = data[i].bytes;
	}
	if (result != CF_GIT_CORRUPT)
		cf_ctags_look(&f->ctags, files, n);
	for (guint i = 0; i < n; i++)
		cf_git_data_release(f->objects, &data[i]);
	g_ptr_array_set_size(f->unseen, 0);
	f->unseen_bytes = 0;
	return result == CF_GIT_CORRUPT ? result : CF_GIT_OK;
}

enum cf_git_read cf_git_functions_flush(struct cf_git_functions *f)
{
	enum cf_git_read result = look(f);

	if (result == CF_GIT_OK && !f->ctags.absent)
		send_waiting(f);
	g_array_set_size(f->waiting, 0);
	if (g_hash_table_size(f->versions) > REMEMBERED)
		g_hash_table_remove_all(f->versions);
	return result;
}

/* ---- commits ---- */

/* The version to look at, or NULL for what is no source. */
static struct version *version_of(struct cf_git_functions *f, const struct cf_oid *oid, uint16_t mode,
				  const char *path, uint64_t bytes)
{
	const struct cf_language *language = cf_language_of(path, f->c_headers);
	struct version *version;

	if (!CF_GIT_MODE_IS(mode, CF_GIT_MODE_FILE) || !language || bytes > SOURCE_MAX)
		return NULL;
	version = g_hash_table_lookup(f->versions, oid);
	if (version)
		return version;
	version = g_new0(struct version, 1);
	version->oid = *oid;
	version->language = language;
	g_hash_table_insert(f->versions, &version->oid, version);
	g_ptr_array_add(f->unseen, version);
	f->unseen_bytes += bytes;
	return version;
}

/* The content of one side; an absent one is empty. */
static enum cf_git_read open_side(struct cf_git_functions *f, const struct cf_oid *oid, uint16_t mode,
				  struct cf_git_data *data, struct cf_git_text *text)
{
	enum cf_git_read result = CF_GIT_OK;

	*data = (struct cf_git_data){ .object = NULL };
	if (CF_GIT_MODE_IS(mode, CF_GIT_MODE_FILE))
		result = cf_git_objects_read(f->objects, oid, GIT_OBJECT_BLOB, data);
	*text = (struct cf_git_text){ data->object ? data->bytes
						   : (struct cf_slice){ (const uint8_t *)"", 0 },
				      data->hashes };
	return result == CF_GIT_CORRUPT ? result : CF_GIT_OK;
}

static enum cf_git_read add_item(struct cf_git_functions *f, const struct cf_git_changes *changes,
				 const struct cf_git_change *change, GArray *items)
{
	const struct cf_git_delta *to = &g_array_index(changes->deltas.rows, struct cf_git_delta,
						       change->delta),
				  *from = to;
	const char *path = cf_git_delta_path(&changes->deltas, to);
	struct item item = { .hunks = g_array_new(FALSE, FALSE, sizeof(struct cf_git_hunk)) };
	struct cf_git_data data[2] = { { .object = NULL } };
	struct cf_git_text texts[2];
	uint32_t added, deleted;
	enum cf_git_read result;

	if (change->old_delta != CF_NONE)
		from = &g_array_index(changes->deltas.rows, struct cf_git_delta, change->old_delta);
	result = open_side(f, &from->old_oid, from->old_mode, &data[0], &texts[0]);
	if (result == CF_GIT_OK)
		result = open_side(f, &to->new_oid, to->new_mode, &data[1], &texts[1]);
	if (result == CF_GIT_OK && cf_git_count(cf_git_objects_library(f->objects), &f->middle, &texts[0],
						&texts[1], &added, &deleted, item.hunks) == 0) {
		item.path = g_strdup(path);
		item.old = version_of(f, &from->old_oid, from->old_mode,
				      cf_git_delta_path(&changes->deltas, from), texts[0].bytes.len);
		item.new = version_of(f, &to->new_oid, to->new_mode, path, texts[1].bytes.len);
	}
	cf_git_data_release(f->objects, &data[0]);
	cf_git_data_release(f->objects, &data[1]);
	if (item.old || item.new)
		g_array_append_val(items, item);
	else
		item_clear(&item);
	return result;
}

enum cf_git_read cf_git_functions_add(struct cf_git_functions *f, const struct cf_oid *commit,
				      const struct cf_git_changes *changes)
{
	struct waiting w = { .commit = *commit, .items = g_array_new(FALSE, FALSE, sizeof(struct item)) };
	enum cf_git_read result = CF_GIT_OK;

	g_array_set_clear_func(w.items, item_clear);
	for (guint i = 0; result == CF_GIT_OK && i < changes->rows->len; i++) {
		const struct cf_git_change *change = &g_array_index(changes->rows, struct cf_git_change, i);
		const struct cf_git_delta *delta =
			&g_array_index(changes->deltas.rows, struct cf_git_delta, change->delta);

		if (cf_language_of(cf_git_delta_path(&changes->deltas, delta), f->c_headers) &&
		    !(change->row.flags & (CF_CHANGE_BINARY | CF_CHANGE_UNCOUNTED)) &&
		    change->row.added + change->row.deleted > 0)
			result = add_item(f, changes, change, w.items);
	}
	g_array_append_val(f->waiting, w);
	if (result == CF_GIT_OK && f->unseen_bytes >= BATCH_BYTES)
		result = cf_git_functions_flush(f);
	return result;
}
