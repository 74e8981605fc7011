/* SPDX-License-Identifier: MIT */
/* changes: what a commit did to files: paths, renames and lines. */
#include "ingest/git/changes.h"

#include "ingest/git/lines.h"

/* Comparisons of contents for renames in a whole history; a real one of 12,000 commits needs 50,000. */
#define RENAME_BUDGET (UINT64_C(50) * 1000 * 1000)

/* One side of a change. */
struct content {
	struct cf_git_data data;
	struct cf_slice bytes;
	struct cf_git_hashes *hashes;
	char module[64]; /* the line that stands for a submodule */
	gboolean absent; /* missing or too big */
};

void cf_git_changes_init(struct cf_git_changes *changes, struct cf_git_objects *objects)
{
	*changes = (struct cf_git_changes){ .objects = objects,
					    .renames = { .objects = objects, .budget = RENAME_BUDGET } };
	cf_git_deltas_init(&changes->deltas);
	changes->rows = g_array_new(FALSE, FALSE, sizeof(struct cf_git_change));
	changes->renames.rows = g_array_new(FALSE, FALSE, sizeof(struct cf_git_rename));
}

void cf_git_changes_clear(struct cf_git_changes *changes)
{
	cf_git_deltas_clear(&changes->deltas);
	g_array_unref(changes->rows);
	g_array_unref(changes->renames.rows);
	cf_git_middle_clear(&changes->middle);
}

/* mode 0: nothing there, no bytes. */
static enum cf_git_read open_content(struct cf_git_changes *changes, const struct cf_oid *oid, uint16_t mode,
				     struct content *content)
{
	enum cf_git_read result;

	content->data = (struct cf_git_data){ .object = NULL };
	content->hashes = NULL;
	content->absent = FALSE;
	content->bytes = (struct cf_slice){ (const uint8_t *)"", 0 };
	if (!mode)
		return CF_GIT_OK;
	if (CF_GIT_MODE_IS(mode, CF_GIT_MODE_MODULE)) {
		char hex[CF_OID_HEX + 1];

		cf_oid_hex(oid, hex);
		g_snprintf(content->module, sizeof(content->module), "Subproject commit %s\n", hex);
		content->bytes =
			(struct cf_slice){ (const uint8_t *)content->module, strlen(content->module) };
		return CF_GIT_OK;
	}
	result = cf_git_objects_read(changes->objects, oid, GIT_OBJECT_BLOB, &content->data);
	if (result == CF_GIT_CORRUPT)
		return result;
	if (result == CF_GIT_OK)
		content->bytes = content->data.bytes;
	content->absent = result != CF_GIT_OK;
	changes->missing_files += result == CF_GIT_MISSING;
	changes->big_files += result == CF_GIT_BIG;
	return CF_GIT_OK;
}

static void close_content(struct cf_git_changes *changes, struct content *content)
{
	cf_git_hashes_unref(content->hashes);
	cf_git_data_release(changes->objects, &content->data);
}

/* A content's lines are kept with it, or here where there is no object. */
static struct cf_git_text text_of(struct content *content)
{
	if (!content->data.hashes && !content->hashes)
		content->hashes = cf_git_hashes_new();
	return (struct cf_git_text){ content->bytes,
				     content->data.hashes ? content->data.hashes : content->hashes };
}

static int count_lines(struct cf_git_changes *changes, struct content *old, struct content *new,
		       struct cf_change *row)
{
	struct cf_git_text texts[2] = { text_of(old), text_of(new) };

	return cf_git_count(cf_git_objects_library(changes->objects), &changes->middle, &texts[0], &texts[1],
			    &row->added, &row->deleted, NULL);
}

static void count(struct cf_git_changes *changes, struct cf_change *row, struct content *old,
		  struct content *new, gboolean same)
{
	gboolean old_binary = cf_git_is_binary(old->bytes), new_binary = cf_git_is_binary(new->bytes);

	if (old->absent || new->absent) {
		row->flags |= CF_CHANGE_UNCOUNTED;
		return;
	}
	if (row->status == CF_CHANGE_RENAMED) {
		row->old_binary = old_binary;
		row->old_lines = old_binary ? 0 : cf_git_lines(old->bytes);
		row->new_lines = new_binary ? 0 : cf_git_lines(new->bytes);
	}
	if (old_binary || new_binary) {
		row->flags |= CF_CHANGE_BINARY;
	} else if (!same && count_lines(changes, old, new, row) != 0) {
		row->flags |= CF_CHANGE_UNCOUNTED;
		changes->big_files++;
	}
}

static uint8_t status_of(uint16_t old_mode, uint16_t new_mode)
{
	if (!old_mode)
		return CF_CHANGE_ADDED;
	if (!new_mode)
		return CF_CHANGE_DELETED;
	return CF_GIT_MODE_IS(old_mode, new_mode) ? CF_CHANGE_MODIFIED : CF_CHANGE_TYPE;
}

static enum cf_git_read add_change(struct cf_git_changes *changes, guint i)
{
	const struct cf_git_delta *delta = &g_array_index(changes->deltas.rows, struct cf_git_delta, i);
	const struct cf_git_rename *rename = &g_array_index(changes->renames.rows, struct cf_git_rename, i);
	const struct cf_git_delta *from = delta;
	struct cf_git_change change = { .delta = i, .old_delta = rename->from };
	struct content old = { .hashes = NULL }, new = { .hashes = NULL };
	enum cf_git_read result;

	if (rename->from != CF_NONE)
		from = &g_array_index(changes->deltas.rows, struct cf_git_delta, rename->from);
	change.row = (struct cf_change){ .old_mode = from->old_mode,
					 .new_mode = delta->new_mode,
					 .similarity = rename->similarity,
					 .status = status_of(from->old_mode, delta->new_mode) };
	if (rename->from != CF_NONE)
		change.row.status = CF_CHANGE_RENAMED;
	if (CF_GIT_MODE_IS(from->old_mode, CF_GIT_MODE_MODULE) ||
	    CF_GIT_MODE_IS(delta->new_mode, CF_GIT_MODE_MODULE))
		change.row.flags |= CF_CHANGE_SUBMODULE;
	result = open_content(changes, &from->old_oid, from->old_mode, &old);
	if (result == CF_GIT_OK)
		result = open_content(changes, &delta->new_oid, delta->new_mode, &new);
	if (result == CF_GIT_OK) {
		count(changes, &change.row, &old, &new, cf_oid_equal(&from->old_oid, &delta->new_oid));
		g_array_append_val(changes->rows, change);
	}
	close_content(changes, &old);
	close_content(changes, &new);
	return result;
}

enum cf_git_read cf_git_changes_find(struct cf_git_changes *changes, const struct cf_oid *old_tree,
				     const struct cf_oid *new_tree, guint limit,
				     gboolean (*wanted)(void *ctx, const char *path, size_t len), void *ctx)
{
	enum cf_git_read result;

	g_array_set_size(changes->rows, 0);
	result =
		cf_git_trees_diff(changes->objects, old_tree, new_tree, limit, wanted, ctx, &changes->deltas);
	if (result == CF_GIT_OK)
		result = cf_git_renames_find(&changes->renames, &changes->deltas);
	for (guint i = 0; result == CF_GIT_OK && i < changes->deltas.rows->len; i++)
		if (!g_array_index(changes->renames.rows, struct cf_git_rename, i).used)
			result = add_change(changes, i);
	return result;
}
