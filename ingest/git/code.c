/* SPDX-License-Identifier: MIT */
/* code: the files and functions at the head; runs in the child. */
#include "ingest/git/code.h"

#include "core/hash.h"
#include "ingest/git/complexity.h"
#include "ingest/git/lines.h"
#include "ingest/git/measure.h"

/* Larger sources are tables, or were put together by a program. */
#define SOURCE_MAX ((uint64_t)2 << 20)
/* Given to ctags at once. */
#define BATCH_BYTES ((uint64_t)4 << 20)
#define BATCH_FILES 256
#define TEXT_MAX ((uint64_t)1 << 20)
#define TEXTS_MAX 1000

/* A file whose functions are waited for. */
struct waiting {
	const struct cf_git_delta *delta;
	struct cf_git_data data;
	const struct cf_language *language;
};

struct sender {
	struct cf_git_code *code;
	struct cf_git_deltas deltas;
	GHashTable *known; /* path -> struct cf_code_file of code->stored */
	GArray *batch;     /* struct waiting */
	uint64_t batch_bytes;
	guint texts;
	gboolean c_headers;
};

static const char *path_of(const struct sender *s, const struct cf_git_delta *delta)
{
	return cf_git_delta_path(&s->deltas, delta);
}

static void begin_file(struct sender *s, const struct cf_git_delta *delta, gboolean same)
{
	struct cf_wire_out *out = s->code->out;

	cf_wire_begin(out, CF_WIRE_FILE);
	cf_wire_text(out, path_of(s, delta), delta->path_len);
	cf_wire_raw(out, delta->new_oid.bytes, CF_OID_SIZE);
	cf_wire_u64(out, delta->new_mode);
	cf_wire_u64(out, same);
}

/* text NULL: no text, or it isn't looked at. */
static void send_measures(struct sender *s, uint64_t bytes, gboolean binary, gboolean unparsed,
			  const struct cf_slice *text, const struct cf_language *language)
{
	struct cf_wire_out *out = s->code->out;
	struct cf_measure m = { 0 };

	if (text)
		m = cf_measure_text(*text);
	cf_wire_u64(out, bytes);
	cf_wire_u64(out, binary);
	cf_wire_u64(out, unparsed);
	cf_wire_u64(out, m.lines);
	cf_wire_u64(out, m.nonblank);
	cf_wire_u64(out, m.indent);
	cf_wire_u64(out, m.generated && language);
	cf_wire_text(out, language ? language->name : "", language ? strlen(language->name) : 0);
}

static void send_plain(struct sender *s, const struct cf_git_delta *delta, uint64_t bytes, gboolean binary,
		       const struct cf_slice *text, const struct cf_language *language)
{
	begin_file(s, delta, FALSE);
	send_measures(s, bytes, binary, language != NULL, text, language);
	cf_wire_u64(s->code->out, 0);
	cf_wire_end(s->code->out);
}

static void send_functions(struct sender *s, const struct waiting *file, const GArray *funcs)
{
	struct cf_wire_out *out = s->code->out;
	g_autofree uint32_t *first = g_new(uint32_t, funcs->len + 1), *last = g_new(uint32_t, funcs->len + 1);
	g_autofree uint32_t *complexity = g_new(uint32_t, funcs->len + 1);

	for (guint i = 0; i < funcs->len; i++) {
		first[i] = g_array_index(funcs, struct cf_ctags_func, i).first;
		last[i] = g_array_index(funcs, struct cf_ctags_func, i).last;
	}
	cf_complexity(file->data.bytes, file->language->syntax, first, last, funcs->len, complexity);
	cf_wire_u64(out, funcs->len);
	for (guint i = 0; i < funcs->len; i++) {
		const char *name = g_array_index(funcs, struct cf_ctags_func, i).name;

		cf_wire_text(out, name, strlen(name));
		cf_wire_u64(out, first[i]);
		cf_wire_u64(out, last[i]);
		cf_wire_u64(out, complexity[i]);
	}
}

static void flush(struct sender *s)
{
	g_autofree struct cf_ctags_file *files = g_new0(struct cf_ctags_file, s->batch->len + 1);

	for (guint i = 0; i < s->batch->len; i++) {
		const struct waiting *w = &g_array_index(s->batch, struct waiting, i);

		files[i] = (struct cf_ctags_file){ w->language, w->data.bytes, cf_ctags_funcs_new(), FALSE };
	}
	cf_ctags_look(&s->code->ctags, files, s->batch->len);
	for (guint i = 0; i < s->batch->len; i++) {
		struct waiting *w = &g_array_index(s->batch, struct waiting, i);

		begin_file(s, w->delta, FALSE);
		send_measures(s, w->data.bytes.len, FALSE, files[i].failed, &w->data.bytes, w->language);
		send_functions(s, w, files[i].funcs);
		cf_wire_end(s->code->out);
		g_array_unref(files[i].funcs);
		cf_git_data_release(s->code->objects, &w->data);
	}
	g_array_set_size(s->batch, 0);
	s->batch_bytes = 0;
}

static enum cf_git_read send_regular(struct sender *s, const struct cf_git_delta *delta)
{
	struct waiting w = { .delta = delta, .language = cf_language_of(path_of(s, delta), s->c_headers) };
	enum cf_git_read result =
		cf_git_objects_read(s->code->objects, &delta->new_oid, GIT_OBJECT_BLOB, &w.data);

	if (result == CF_GIT_CORRUPT)
		return result;
	if (result != CF_GIT_OK) {
		send_plain(s, delta, 0, TRUE, NULL, NULL);
		return CF_GIT_OK;
	}
	if (cf_git_is_binary(w.data.bytes)) {
		send_plain(s, delta, w.data.bytes.len, TRUE, NULL, NULL);
	} else if (!w.language || w.data.bytes.len > SOURCE_MAX) {
		send_plain(s, delta, w.data.bytes.len, FALSE, &w.data.bytes, w.language);
	} else {
		g_array_append_val(s->batch, w);
		s->batch_bytes += w.data.bytes.len;
		if (s->batch_bytes >= BATCH_BYTES || s->batch->len >= BATCH_FILES)
			flush(s);
		return CF_GIT_OK;
	}
	cf_git_data_release(s->code->objects, &w.data);
	return CF_GIT_OK;
}

/* What the history is read by; *is_text: the file is one of them. */
static gboolean is_text(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(path, ".mailmap") == 0 || strcmp(path, ".git-blame-ignore-revs") == 0 ||
	       strcmp(slash ? slash + 1 : path, ".gitattributes") == 0;
}

static enum cf_git_read send_text(struct sender *s, const struct cf_git_delta *delta)
{
	struct cf_wire_out *out = s->code->out;
	struct cf_git_data data;
	enum cf_git_read result;

	if (s->texts++ >= TEXTS_MAX || !CF_GIT_MODE_IS(delta->new_mode, CF_GIT_MODE_FILE))
		return CF_GIT_OK;
	result = cf_git_objects_read(s->code->objects, &delta->new_oid, GIT_OBJECT_BLOB, &data);
	if (result == CF_GIT_OK) {
		cf_wire_begin(out, CF_WIRE_TEXT);
		cf_wire_text(out, path_of(s, delta), delta->path_len);
		cf_wire_text(out, (const char *)data.bytes.data, MIN(data.bytes.len, TEXT_MAX));
		cf_wire_end(out);
	}
	cf_git_data_release(s->code->objects, &data);
	return result == CF_GIT_CORRUPT ? result : CF_GIT_OK;
}

static gboolean is_known(const struct sender *s, const struct cf_git_delta *delta)
{
	const char *path = path_of(s, delta);
	const struct cf_code_file *file = s->known ? g_hash_table_lookup(s->known, path) : NULL;
	const struct cf_language *language = cf_language_of(path, s->c_headers);
	const char *stored;

	/* One that couldn't be told may be now: ctags was installed meanwhile. */
	if (!file || file->unparsed || file->mode != delta->new_mode ||
	    !cf_oid_equal(&file->blob, &delta->new_oid))
		return FALSE;
	stored = cf_history_text(s->code->stored, file->language);
	return !*stored || (language && strcmp(stored, language->name) == 0);
}

static enum cf_git_read send_file(struct sender *s, const struct cf_git_delta *delta)
{
	if (is_known(s, delta)) {
		begin_file(s, delta, TRUE);
		cf_wire_end(s->code->out);
		return CF_GIT_OK;
	}
	if (CF_GIT_MODE_IS(delta->new_mode, CF_GIT_MODE_FILE))
		return send_regular(s, delta);
	send_plain(s, delta, 0, FALSE, NULL, NULL);
	return CF_GIT_OK;
}

static void index_known(struct sender *s)
{
	const struct cf_history *stored = s->code->stored;

	if (!stored)
		return;
	s->known = g_hash_table_new(cf_str_hash, g_str_equal);
	for (guint i = 0; i < stored->code_files->len; i++) {
		struct cf_code_file *file = &g_array_index(stored->code_files, struct cf_code_file, i);

		g_hash_table_insert(s->known, (gpointer)cf_history_path_text(stored, file->path), file);
	}
}

static gboolean has_no_cplusplus(const struct cf_git_deltas *deltas)
{
	for (guint i = 0; i < deltas->rows->len; i++) {
		const struct cf_git_delta *delta = &g_array_index(deltas->rows, struct cf_git_delta, i);

		if (cf_language_is_cplusplus(cf_git_delta_path(deltas, delta)))
			return FALSE;
	}
	return TRUE;
}

enum cf_git_read cf_git_code_c_headers(struct cf_git_objects *objects, const struct cf_oid *tree,
				       guint files_max, gboolean *c_headers)
{
	struct cf_git_deltas deltas;
	enum cf_git_read result;

	cf_git_deltas_init(&deltas);
	result = cf_git_trees_diff(objects, NULL, tree, files_max, NULL, NULL, &deltas);
	*c_headers = has_no_cplusplus(&deltas);
	cf_git_deltas_clear(&deltas);
	return result;
}

static enum cf_git_read send_all(struct sender *s)
{
	enum cf_git_read result = CF_GIT_OK;

	s->c_headers = has_no_cplusplus(&s->deltas);
	for (guint i = 0; result == CF_GIT_OK && i < s->deltas.rows->len; i++) {
		const struct cf_git_delta *delta = &g_array_index(s->deltas.rows, struct cf_git_delta, i);
		const char *path = path_of(s, delta);

		if (is_text(path))
			result = send_text(s, delta);
		if (result == CF_GIT_OK &&
		    (!s->code->wanted || s->code->wanted(s->code->ctx, path, delta->path_len)))
			result = send_file(s, delta);
	}
	return result;
}

enum cf_git_read cf_git_code_send(struct cf_git_code *code, const struct cf_oid *tree)
{
	struct sender s = { .code = code };
	enum cf_git_read result;

	cf_git_deltas_init(&s.deltas);
	s.batch = g_array_new(FALSE, FALSE, sizeof(struct waiting));
	index_known(&s);
	result = cf_git_trees_diff(code->objects, NULL, tree, code->files_max, NULL, NULL, &s.deltas);
	code->cut = s.deltas.cut;
	if (result == CF_GIT_OK)
		result = send_all(&s);
	flush(&s);
	if (s.known)
		g_hash_table_unref(s.known);
	g_array_unref(s.batch);
	cf_git_deltas_clear(&s.deltas);
	return result;
}
