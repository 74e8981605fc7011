/* SPDX-License-Identifier: MIT */
/* trees: which paths differ between two trees. */
#include "ingest/git/trees.h"

/* Longer paths than a system can have are nobody's files; it also bounds the depth. */
#define PATH_LIMIT 4096

struct entry {
	const char *name;
	size_t name_len;
	const uint8_t *oid;
	size_t bytes; /* of the whole entry */
	uint16_t mode;
	gboolean folder;
};

/* A folder on both sides, or on one. */
struct level {
	struct cf_git_data old, new;
	struct cf_slice old_rest, new_rest;
	uint32_t prefix; /* length of its path, with the slash */
};

struct walk {
	struct cf_git_objects *objects;
	struct cf_git_deltas *deltas;
	guint limit, folders; /* folders that were entered */
	gboolean (*wanted)(void *ctx, const char *path, size_t len);
	void *ctx;
	GArray *levels; /* struct level */
	GString *path;
};

void cf_git_deltas_init(struct cf_git_deltas *deltas)
{
	*deltas = (struct cf_git_deltas){ .rows = g_array_new(FALSE, FALSE, sizeof(struct cf_git_delta)),
					  .paths = g_byte_array_new() };
}

void cf_git_deltas_clear(struct cf_git_deltas *deltas)
{
	g_array_unref(deltas->rows);
	g_byte_array_unref(deltas->paths);
}

/* As git takes modes: of a file only whether its owner may run it; what is no file, link or folder is a submodule. */
static uint16_t canonical(uint32_t mode)
{
	if (CF_GIT_MODE_IS(mode, CF_GIT_MODE_FILE))
		return mode & 0100 ? CF_GIT_MODE_PROGRAM : CF_GIT_MODE_FILE;
	if (CF_GIT_MODE_IS(mode, CF_GIT_MODE_LINK))
		return CF_GIT_MODE_LINK;
	return CF_GIT_MODE_IS(mode, CF_GIT_MODE_TREE) ? CF_GIT_MODE_TREE : CF_GIT_MODE_MODULE;
}

/* The first entry of rest: "MODE NAME\0" and 20 bytes. 1, 0: the end, -1: no entry. */
static int peek(struct cf_slice rest, struct entry *entry)
{
	const uint8_t *p = rest.data, *end = rest.data + rest.len, *nul;
	uint32_t mode = 0;

	if (p == end)
		return 0;
	for (; p < end && *p >= '0' && *p <= '7'; p++) {
		mode = mode << 3 | (uint32_t)(*p - '0');
		if (mode > 0177777)
			return -1;
	}
	if (p == end || *p++ != ' ')
		return -1;
	nul = memchr(p, '\0', (size_t)(end - p));
	if (!nul || end - nul - 1 < CF_OID_SIZE)
		return -1;
	entry->name = (const char *)p;
	entry->name_len = (size_t)(nul - p);
	entry->oid = nul + 1;
	entry->bytes = (size_t)(nul + 1 + CF_OID_SIZE - rest.data);
	entry->mode = canonical(mode);
	entry->folder = entry->mode == CF_GIT_MODE_TREE;
	return 1;
}

static void skip(struct cf_slice *rest, const struct entry *entry)
{
	rest->data += entry->bytes;
	rest->len -= entry->bytes;
}

/* The order of trees: a folder's name counts as if it had its slash. */
static int compare(const struct entry *a, const struct entry *b)
{
	size_t len = MIN(a->name_len, b->name_len);
	int order = memcmp(a->name, b->name, len);
	uint8_t x, y;

	if (order)
		return order;
	x = a->name_len > len ? (uint8_t)a->name[len] : a->folder ? '/' : 0;
	y = b->name_len > len ? (uint8_t)b->name[len] : b->folder ? '/' : 0;
	if (x != y)
		return x < y ? -1 : 1;
	return (a->name_len > b->name_len) - (a->name_len < b->name_len);
}

/* Both begin with the same entry, the usual case: its length, else 0. */
static size_t same_entry(struct cf_slice a, struct cf_slice b)
{
	struct entry entry;

	if (peek(a, &entry) != 1 || b.len < entry.bytes || memcmp(a.data, b.data, entry.bytes) != 0)
		return 0;
	return entry.bytes;
}

static void add_delta(struct walk *w, const struct entry *old, const struct entry *new)
{
	struct cf_git_delta row = { .path = w->deltas->paths->len, .path_len = (uint32_t)w->path->len };

	if (w->deltas->rows->len >= w->limit) {
		w->deltas->cut = TRUE;
		return;
	}
	if (w->wanted && !w->wanted(w->ctx, w->path->str, w->path->len))
		return;
	if (old) {
		memcpy(row.old_oid.bytes, old->oid, CF_OID_SIZE);
		row.old_mode = old->mode;
	}
	if (new) {
		memcpy(row.new_oid.bytes, new->oid, CF_OID_SIZE);
		row.new_mode = new->mode;
	}
	g_byte_array_append(w->deltas->paths, (const guint8 *)w->path->str, (guint)w->path->len + 1);
	g_array_append_val(w->deltas->rows, row);
}

static enum cf_git_read read_side(struct walk *w, const uint8_t *bytes, struct cf_git_data *data,
				  struct cf_slice *rest)
{
	struct cf_oid oid;
	enum cf_git_read result;

	*data = (struct cf_git_data){ .object = NULL };
	*rest = (struct cf_slice){ NULL, 0 };
	if (!bytes)
		return CF_GIT_OK;
	memcpy(oid.bytes, bytes, CF_OID_SIZE);
	result = cf_git_objects_read(w->objects, &oid, GIT_OBJECT_TREE, data);
	if (result == CF_GIT_OK)
		*rest = data->bytes;
	return result;
}

/* Opens the folder at w->path, which ends in a slash, or the root. What a clone hasn't got is counted. */
static enum cf_git_read enter(struct walk *w, const uint8_t *old, const uint8_t *new)
{
	struct level level = { .prefix = (uint32_t)w->path->len };
	enum cf_git_read result;

	/* Folders that hold each other many times over need no file to never end. */
	if (w->folders++ >= w->limit) {
		w->deltas->cut = TRUE;
		return CF_GIT_OK;
	}
	result = read_side(w, old, &level.old, &level.old_rest);

	if (result == CF_GIT_OK)
		result = read_side(w, new, &level.new, &level.new_rest);
	if (result == CF_GIT_OK) {
		g_array_append_val(w->levels, level);
		return result;
	}
	cf_git_data_release(w->objects, &level.old);
	cf_git_data_release(w->objects, &level.new);
	if (result == CF_GIT_CORRUPT)
		return result;
	w->deltas->missing++;
	return CF_GIT_OK;
}

/* One or both sides have an entry of that name, of the same kind when both. */
static enum cf_git_read visit(struct walk *w, const struct entry *old, const struct entry *new)
{
	const struct entry *any = new ? new : old;

	/* cppcheck-suppress nullPointerRedundantCheck; at least one is there */
	if (any->name_len == 0 || memchr(any->name, '/', any->name_len) ||
	    w->path->len + any->name_len > PATH_LIMIT) {
		w->deltas->strange++;
		return CF_GIT_OK;
	}
	/* They can differ in bits of the mode that don't count. */
	if (old && new && old->mode == new->mode && memcmp(old->oid, new->oid, CF_OID_SIZE) == 0)
		return CF_GIT_OK;
	g_string_append_len(w->path, any->name, (gssize)any->name_len);
	if (!any->folder) {
		add_delta(w, old, new);
		return CF_GIT_OK;
	}
	g_string_append_c(w->path, '/');
	if (w->wanted && !w->wanted(w->ctx, w->path->str, w->path->len))
		return CF_GIT_OK;
	return enter(w, old ? old->oid : NULL, new ? new->oid : NULL);
}

/* The next differing entry of the deepest level; *done: it has none. */
static enum cf_git_read step(struct walk *w, gboolean *done)
{
	struct level *level = &g_array_index(w->levels, struct level, w->levels->len - 1);
	struct entry old, new;
	size_t same;
	int has_old, has_new, order;

	while ((same = same_entry(level->old_rest, level->new_rest)) != 0) {
		level->old_rest.data += same;
		level->old_rest.len -= same;
		level->new_rest.data += same;
		level->new_rest.len -= same;
	}
	has_old = peek(level->old_rest, &old);
	has_new = peek(level->new_rest, &new);
	if (has_old < 0 || has_new < 0)
		return CF_GIT_CORRUPT;
	*done = !has_old && !has_new;
	if (*done)
		return CF_GIT_OK;
	order = !has_old ? 1 : !has_new ? -1 : compare(&old, &new);
	if (order <= 0)
		skip(&level->old_rest, &old);
	if (order >= 0)
		skip(&level->new_rest, &new);
	g_string_truncate(w->path, level->prefix);
	return visit(w, order <= 0 ? &old : NULL, order >= 0 ? &new : NULL);
}

static void leave(struct walk *w)
{
	struct level *level = &g_array_index(w->levels, struct level, w->levels->len - 1);

	cf_git_data_release(w->objects, &level->old);
	cf_git_data_release(w->objects, &level->new);
	g_array_set_size(w->levels, w->levels->len - 1);
}

enum cf_git_read cf_git_trees_diff(struct cf_git_objects *objects, const struct cf_oid *old_tree,
				   const struct cf_oid *new_tree, guint limit,
				   gboolean (*wanted)(void *ctx, const char *path, size_t len), void *ctx,
				   struct cf_git_deltas *deltas)
{
	struct walk w = {
		.objects = objects, .deltas = deltas, .limit = limit, .wanted = wanted, .ctx = ctx
	};
	enum cf_git_read result;

	g_array_set_size(deltas->rows, 0);
	g_byte_array_set_size(deltas->paths, 0);
	deltas->cut = FALSE;
	deltas->strange = deltas->missing = 0;
	if (old_tree && new_tree && cf_oid_equal(old_tree, new_tree))
		return CF_GIT_OK;
	w.levels = g_array_new(FALSE, FALSE, sizeof(struct level));
	w.path = g_string_new(NULL);
	result = enter(&w, old_tree ? old_tree->bytes : NULL, new_tree ? new_tree->bytes : NULL);
	while (result == CF_GIT_OK && w.levels->len && !deltas->cut) {
		gboolean done = FALSE;

		result = step(&w, &done);
		if (done)
			leave(&w);
	}
	while (w.levels->len)
		leave(&w);
	g_array_unref(w.levels);
	g_string_free(w.path, TRUE);
	return result;
}
