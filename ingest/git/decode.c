/* SPDX-License-Identifier: MIT */
/* decode: turns the frames of a reader into a history; checks all of them. */
#include "ingest/git/decode.h"

#include "core/hash.h"

/* No more than a reader sends. */
#define PARENTS_MAX 4096
#define COAUTHORS_MAX 256
#define CHANGES_MAX 1000000
#define TEXTS_MAX 1000
#define FUNCS_MAX 1000000

void cf_git_decoder_init(struct cf_git_decoder *decoder, struct cf_history *history,
			 const struct cf_history *stored)
{
	*decoder = (struct cf_git_decoder){ .history = history,
					    .stored = stored,
					    .texts = g_ptr_array_new_with_free_func(g_free),
					    .known = g_hash_table_new(cf_str_hash, g_str_equal) };
	for (guint i = 0; stored && i < stored->code_files->len; i++) {
		struct cf_code_file *file = &g_array_index(stored->code_files, struct cf_code_file, i);

		g_hash_table_insert(decoder->known, (gpointer)cf_history_path_text(stored, file->path), file);
	}
}

void cf_git_decoder_clear(struct cf_git_decoder *decoder)
{
	g_ptr_array_unref(decoder->texts);
	g_hash_table_unref(decoder->known);
	g_free(decoder->error);
}

static gboolean take_oid(struct cf_wire_in *in, struct cf_oid *oid)
{
	struct cf_slice bytes = cf_wire_get_raw(in, CF_OID_SIZE);

	if (in->bad)
		return FALSE;
	memcpy(oid->bytes, bytes.data, CF_OID_SIZE);
	return TRUE;
}

static uint32_t take_person(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	struct cf_slice name = cf_wire_get_text(in), email = cf_wire_get_text(in);

	if (in->bad)
		return CF_NONE;
	return cf_history_person(d->history, (const char *)name.data, (gssize)name.len,
				 (const char *)email.data, (gssize)email.len);
}

/* CF_NONE: bad. */
static uint32_t take_path(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	struct cf_slice path = cf_wire_get_text(in);

	if (in->bad || !path.len || memchr(path.data, '\0', path.len)) {
		in->bad = true;
		return CF_NONE;
	}
	return cf_history_path(d->history, (const char *)path.data, (gssize)path.len);
}

static gboolean is_status(uint64_t status)
{
	return status == CF_CHANGE_ADDED || status == CF_CHANGE_MODIFIED || status == CF_CHANGE_DELETED ||
	       status == CF_CHANGE_RENAMED || status == CF_CHANGE_TYPE;
}

static void take_change(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	struct cf_change row = { .path = take_path(d, in), .old_path = CF_NONE };

	row.status = (uint8_t)cf_wire_get_u64(in, 'Z');
	row.flags = (uint8_t)cf_wire_get_u64(in, 7);
	row.old_mode = (uint16_t)cf_wire_get_u64(in, UINT16_MAX);
	row.new_mode = (uint16_t)cf_wire_get_u64(in, UINT16_MAX);
	row.added = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	row.deleted = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	if (!is_status(row.status))
		in->bad = true;
	if (row.status == CF_CHANGE_RENAMED) {
		row.old_path = take_path(d, in);
		row.similarity = (uint8_t)cf_wire_get_u64(in, 100);
		row.old_binary = (uint8_t)cf_wire_get_u64(in, 1);
		row.old_lines = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
		row.new_lines = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	}
	if (!in->bad)
		g_array_append_val(d->history->changes, row);
}

static int16_t take_zone(struct cf_wire_in *in)
{
	int64_t zone = cf_wire_get_i64(in);

	return (int16_t)CLAMP(zone, -6000, 6000);
}

/* Order as in reader.c: send_commit. */
static void take_commit(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	struct cf_history *h = d->history;
	struct cf_commit row = { 0 }, *commit;
	struct cf_parent parent = { .commit = CF_NONE };
	struct cf_slice subject;
	struct cf_oid oid;

	if (!take_oid(in, &oid) || cf_history_find(h, &oid) != CF_NONE) {
		in->bad = true;
		return;
	}
	row.flags = (uint16_t)cf_wire_get_u64(in, UINT16_MAX);
	row.parents = (uint32_t)cf_wire_get_u64(in, PARENTS_MAX);
	commit = cf_history_add_commit(h, &oid);
	row.oid = oid;
	row.first_parent = commit->first_parent;
	row.first_coauthor = commit->first_coauthor;
	row.first_change = commit->first_change;
	row.first_func = commit->first_func;
	for (uint32_t i = 0; i < row.parents && take_oid(in, &parent.oid); i++)
		g_array_append_val(h->parents, parent);
	row.author = take_person(d, in);
	row.author_time = cf_wire_get_i64(in);
	row.author_zone = take_zone(in);
	row.committer = take_person(d, in);
	row.commit_time = cf_wire_get_i64(in);
	row.commit_zone = take_zone(in);
	subject = cf_wire_get_text(in);
	row.subject = cf_dict_str(h->dict, (const char *)subject.data, (gssize)subject.len);
	row.coauthors = (uint32_t)cf_wire_get_u64(in, COAUTHORS_MAX);
	for (uint32_t i = 0; i < row.coauthors && !in->bad; i++) {
		uint32_t person = take_person(d, in);

		g_array_append_val(h->coauthors, person);
	}
	row.changes = (uint32_t)cf_wire_get_u64(in, CHANGES_MAX);
	for (uint32_t i = 0; i < row.changes && !in->bad; i++)
		take_change(d, in);
	/* cf_history_add_commit's row hasn't moved: nothing was added meanwhile. */
	*commit = row;
}

/* Appends the functions of a commit to rows; returns how many. */
static uint32_t take_func_changes(struct cf_git_decoder *d, struct cf_wire_in *in, GArray *rows)
{
	uint64_t files = cf_wire_get_u64(in, CHANGES_MAX);
	guint before = rows->len;

	for (uint64_t i = 0; i < files && !in->bad; i++) {
		struct cf_func_change row = { .commit = CF_NONE, .path = take_path(d, in) };
		uint64_t funcs = cf_wire_get_u64(in, FUNCS_MAX);

		for (uint64_t n = 0; n < funcs && !in->bad; n++) {
			struct cf_slice name = cf_wire_get_text(in);

			row.added = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
			row.deleted = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
			if (in->bad)
				break;
			row.name = cf_dict_str(d->history->dict, (const char *)name.data, (gssize)name.len);
			g_array_append_val(rows, row);
		}
	}
	return rows->len - before;
}

/* Of one of the commits that was read before, or that is stored. */
static void take_functions(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	struct cf_history *h = d->history;
	struct cf_oid oid;
	uint32_t at;

	if (!take_oid(in, &oid))
		return;
	at = cf_history_find(h, &oid);
	if (at != CF_NONE) {
		struct cf_commit *commit = &g_array_index(h->commits, struct cf_commit, at);

		in->bad = in->bad || commit->flags & CF_COMMIT_FUNCTIONS;
		commit->first_func = h->func_changes->len;
		commit->funcs = take_func_changes(d, in, h->func_changes);
		commit->flags |= CF_COMMIT_FUNCTIONS;
	} else {
		struct cf_late_commit late = { .oid = oid, .first_func = h->late_funcs->len };

		late.funcs = take_func_changes(d, in, h->late_funcs);
		g_array_append_val(h->late_commits, late);
	}
}

static void take_text(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	struct cf_slice path = cf_wire_get_text(in), text = cf_wire_get_text(in);

	if (in->bad || d->texts->len >= 2 * TEXTS_MAX) {
		in->bad = true;
		return;
	}
	g_ptr_array_add(d->texts, g_strndup((const char *)path.data, path.len));
	g_ptr_array_add(d->texts, g_strndup((const char *)text.data, text.len));
}

/* ---- files at the head ---- */

static void take_func(struct cf_git_decoder *d, struct cf_wire_in *in, struct cf_code_file *file)
{
	struct cf_slice name = cf_wire_get_text(in);
	struct cf_code_func func = { .path = file->path };

	func.first_line = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	func.last_line = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	func.complexity = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	if (in->bad)
		return;
	func.name = cf_dict_str(d->history->dict, (const char *)name.data, (gssize)name.len);
	file->complexity = (uint32_t)MIN((uint64_t)file->complexity + func.complexity, UINT32_MAX);
	file->funcs++;
	g_array_append_val(d->history->code_funcs, func);
}

static void take_measures(struct cf_git_decoder *d, struct cf_wire_in *in, struct cf_code_file *file)
{
	struct cf_slice language;
	uint32_t funcs;

	file->bytes = cf_wire_get_u64(in, UINT64_MAX);
	file->binary = cf_wire_get_u64(in, 1) != 0;
	file->unparsed = cf_wire_get_u64(in, 1) != 0;
	file->lines = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	file->nonblank = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	file->indent = (uint32_t)cf_wire_get_u64(in, UINT32_MAX);
	if (cf_wire_get_u64(in, 1) && !in->bad)
		g_array_index(d->history->paths, struct cf_history_path, file->path).flags |=
			CF_PATH_LOOKS_GENERATED;
	language = cf_wire_get_text(in);
	file->language = cf_dict_str(d->history->dict, (const char *)language.data, (gssize)language.len);
	funcs = (uint32_t)cf_wire_get_u64(in, FUNCS_MAX);
	for (uint32_t i = 0; i < funcs && !in->bad; i++)
		take_func(d, in, file);
}

/* The file as it is stored, with its functions. */
static gboolean copy_stored(struct cf_git_decoder *d, struct cf_code_file *file)
{
	struct cf_history *h = d->history;
	const struct cf_code_file *old = g_hash_table_lookup(d->known, cf_history_path_text(h, file->path));
	uint8_t flags;

	if (!old)
		return FALSE;
	flags = g_array_index(d->stored->paths, struct cf_history_path, old->path).flags &
		CF_PATH_LOOKS_GENERATED;
	g_array_index(h->paths, struct cf_history_path, file->path).flags |= flags;
	file->bytes = old->bytes;
	file->binary = old->binary;
	file->unparsed = old->unparsed;
	file->lines = old->lines;
	file->nonblank = old->nonblank;
	file->indent = old->indent;
	file->complexity = old->complexity;
	file->language = cf_dict_str(h->dict, cf_history_text(d->stored, old->language), -1);
	file->funcs = old->funcs;
	for (uint32_t i = 0; i < old->funcs; i++) {
		struct cf_code_func func =
			g_array_index(d->stored->code_funcs, struct cf_code_func, old->first_func + i);

		func.path = file->path;
		func.name = cf_dict_str(h->dict, cf_history_text(d->stored, func.name), -1);
		g_array_append_val(h->code_funcs, func);
	}
	return TRUE;
}

static void take_file(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	struct cf_code_file file = { .path = take_path(d, in), .first_func = d->history->code_funcs->len };
	struct cf_history_path *path;

	if (!take_oid(in, &file.blob))
		return;
	path = &g_array_index(d->history->paths, struct cf_history_path, file.path);
	/* One row each. */
	if (path->flags & CF_PATH_AT_HEAD)
		in->bad = true;
	path->flags |= CF_PATH_AT_HEAD;
	file.mode = (uint16_t)cf_wire_get_u64(in, UINT16_MAX);
	if (cf_wire_get_u64(in, 1))
		in->bad = in->bad || !copy_stored(d, &file);
	else
		take_measures(d, in, &file);
	if (!in->bad)
		g_array_append_val(d->history->code_files, file);
}

/* A text that a frame has, visible and of bounded length. Caller frees. */
static char *take_message(struct cf_wire_in *in)
{
	struct cf_slice text = cf_wire_get_text(in);

	return cf_visible(in->bad ? "" : (const char *)text.data, in->bad ? 0 : (gssize)text.len, 500);
}

static void take_quality(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	g_autofree char *key = take_message(in), *text = NULL, *cure = NULL;

	text = take_message(in);
	cure = take_message(in);
	if (!in->bad)
		cf_history_quality(d->history, key, NULL, 0, *cure ? cure : NULL, "%s", text);
}

int cf_git_decode(void *ctx, enum cf_wire_type type, struct cf_wire_in *in)
{
	struct cf_git_decoder *d = ctx;

	if (d->ended) {
		in->bad = true;
		return -1;
	}
	switch (type) {
	case CF_WIRE_COMMIT:
		take_commit(d, in);
		break;
	case CF_WIRE_FILE:
		take_file(d, in);
		break;
	case CF_WIRE_FUNCTIONS:
		take_functions(d, in);
		break;
	case CF_WIRE_TEXT:
		take_text(d, in);
		break;
	case CF_WIRE_QUALITY:
		take_quality(d, in);
		break;
	case CF_WIRE_HEAD:
		take_oid(in, &d->history->head);
		break;
	case CF_WIRE_ERROR:
		d->error = take_message(in);
		return -1;
	case CF_WIRE_END:
		d->ended = TRUE;
		break;
	default:
		in->bad = true;
	}
	return in->bad ? -1 : 0;
}
