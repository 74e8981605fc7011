/* SPDX-License-Identifier: MIT */
/* decode: turns the frames of a reader into a history; checks all of them. */
#include "ingest/git/decode.h"

/* No more than a reader sends. */
#define PARENTS_MAX 4096
#define COAUTHORS_MAX 256
#define CHANGES_MAX 1000000
#define TEXTS_MAX 10000

void cf_git_decoder_init(struct cf_git_decoder *decoder, struct cf_history *history)
{
	*decoder = (struct cf_git_decoder){ .history = history,
					    .attributes = g_ptr_array_new_with_free_func(g_free) };
}

void cf_git_decoder_clear(struct cf_git_decoder *decoder)
{
	if (decoder->mailmap)
		g_string_free(decoder->mailmap, TRUE);
	if (decoder->ignored)
		g_string_free(decoder->ignored, TRUE);
	g_ptr_array_unref(decoder->attributes);
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

/* A text that a frame has, visible and of bounded length. Caller frees. */
static char *take_message(struct cf_wire_in *in)
{
	struct cf_slice text = cf_wire_get_text(in);

	return cf_visible(in->bad ? "" : (const char *)text.data, in->bad ? 0 : (gssize)text.len, 500);
}

static void take_quality(struct cf_git_decoder *d, struct cf_wire_in *in)
{
	g_autofree char *key = take_message(in), *text = NULL, *cure = NULL;
	int64_t count = (int64_t)cf_wire_get_u64(in, INT64_MAX);

	text = take_message(in);
	cure = take_message(in);
	if (!in->bad)
		cf_history_quality(d->history, key, NULL, count, *cure ? cure : NULL, "%s", text);
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
