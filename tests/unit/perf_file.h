/* SPDX-License-Identifier: MIT */
/* perf_file: builds small perf.data files for tests. */
#ifndef CF_TESTS_PERF_FILE_H
#define CF_TESTS_PERF_FILE_H

#include <glib.h>
#include <linux/perf_event.h>
#include <string.h>

#include "ingest/format.h"

extern const struct cf_format cf_format_perf;

/* A file in the making: attributes, then records, then feature sections. */
struct builder {
	GByteArray *attrs, *ids, *records;
	GByteArray *features[64];
	uint32_t attr_size; /* bytes of an attribute in this file, without its section of ids */
	guint n_events;
};

static inline void put_u16(GByteArray *out, uint16_t v)
{
	g_byte_array_append(out, (const guint8 *)&v, 2);
}
static inline void put_u32(GByteArray *out, uint32_t v)
{
	g_byte_array_append(out, (const guint8 *)&v, 4);
}
static inline void put_u64(GByteArray *out, uint64_t v)
{
	g_byte_array_append(out, (const guint8 *)&v, 8);
}
/* A string and zeros to a multiple of 8. */
static inline void put_padded(GByteArray *out, const char *text)
{
	static const guint8 zeros[8];
	size_t n = strlen(text) + 1;

	g_byte_array_append(out, (const guint8 *)text, (guint)n);
	g_byte_array_append(out, zeros, (guint)(-n & 7));
}

static inline void builder_init(struct builder *b)
{
	*b = (struct builder){ .attr_size = sizeof(struct perf_event_attr) };
	b->attrs = g_byte_array_new();
	b->ids = g_byte_array_new();
	b->records = g_byte_array_new();
}

static inline void builder_release(struct builder *b)
{
	g_byte_array_unref(b->attrs);
	g_byte_array_unref(b->ids);
	g_byte_array_unref(b->records);
	for (size_t i = 0; i < G_N_ELEMENTS(b->features); i++)
		if (b->features[i])
			g_byte_array_unref(b->features[i]);
}

/* Positions of ids are set when the file is put together; until then offset holds the position in ids. */
static inline void add_event(struct builder *b, struct perf_event_attr attr, uint64_t id)
{
	guint before = b->attrs->len;

	attr.size = b->attr_size;
	g_byte_array_append(b->attrs, (const guint8 *)&attr, MIN(b->attr_size, (guint)sizeof(attr)));
	/* What a newer kernel adds must not matter, so it isn't zero. */
	while (b->attrs->len < before + b->attr_size)
		g_byte_array_append(b->attrs, (const guint8 *)"\xee", 1);
	put_u64(b->attrs, b->ids->len);
	put_u64(b->attrs, id ? 8 : 0);
	if (id)
		put_u64(b->ids, id);
	b->n_events++;
}

/* Begins a record; end_record sets its size. */
static inline guint begin_record(struct builder *b, uint32_t type, uint16_t misc)
{
	guint at = b->records->len;

	put_u32(b->records, type);
	put_u16(b->records, misc);
	put_u16(b->records, 0);
	return at;
}

static inline void end_record(struct builder *b, guint at)
{
	uint16_t size = (uint16_t)(b->records->len - at);

	memcpy(b->records->data + at + 6, &size, 2);
}

static inline GByteArray *feature(struct builder *b, unsigned bit)
{
	if (!b->features[bit])
		b->features[bit] = g_byte_array_new();
	return b->features[bit];
}

static inline GByteArray *build(struct builder *b)
{
	GByteArray *out = g_byte_array_new();
	uint64_t attrs_at = 104, ids_at = attrs_at + b->attrs->len, data_at = ids_at + b->ids->len, bits = 0,
		 at;
	guint entry = b->attr_size + 16;

	for (guint i = 0; i < b->n_events; i++) {
		uint64_t position;

		memcpy(&position, b->attrs->data + i * entry + b->attr_size, 8);
		position += ids_at;
		memcpy(b->attrs->data + i * entry + b->attr_size, &position, 8);
	}
	g_byte_array_append(out, (const guint8 *)"PERFILE2", 8);
	put_u64(out, 104);
	put_u64(out, entry);
	put_u64(out, attrs_at);
	put_u64(out, b->attrs->len);
	put_u64(out, data_at);
	put_u64(out, b->records->len);
	put_u64(out, 0);
	put_u64(out, 0);
	for (unsigned i = 0; i < 64; i++)
		bits |= (uint64_t)(b->features[i] != NULL) << i;
	put_u64(out, bits);
	put_u64(out, 0);
	put_u64(out, 0);
	put_u64(out, 0);
	g_byte_array_append(out, b->attrs->data, b->attrs->len);
	g_byte_array_append(out, b->ids->data, b->ids->len);
	g_byte_array_append(out, b->records->data, b->records->len);
	at = out->len + 16 * (uint64_t)__builtin_popcountll(bits);
	for (unsigned i = 0; i < 64; i++)
		if (b->features[i]) {
			put_u64(out, at);
			put_u64(out, b->features[i]->len);
			at += b->features[i]->len;
		}
	for (unsigned i = 0; i < 64; i++)
		if (b->features[i])
			g_byte_array_append(out, b->features[i]->data, b->features[i]->len);
	return out;
}

/* Reading, with messages as "severity path@offset: text" lines. */
struct result {
	struct cf_trace *trace;
	GString *messages;
	struct cf_diag diag;
	int rc;
};

static inline void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	static const char *const words[] = { "note", "warning", "error" };
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s %s: %s\n", words[severity], where, text);
}

static inline struct result read_file(const uint8_t *bytes, size_t len, gboolean partial)
{
	/* Where no program is. */
	static const char *const arguments[] = { "test", "--symfs=/proc/sys", "--partial" };
	const struct cf_param *tables[] = { cf_format_perf.params, cf_format_common_params, NULL };
	struct cf_input input = { .path = "p", .bytes = { bytes, len }, .mtime_ns = 1000 };
	struct result r = { .trace = cf_trace_new(), .messages = g_string_new(NULL) };
	struct cf_params *params = cf_params_new(tables);
	g_autoptr(GPtrArray) operands = g_ptr_array_new();

	r.diag = (struct cf_diag){ .consume = collect, .ctx = r.messages };
	g_assert(cf_params_parse(params, partial ? 3 : 2, (char **)arguments, operands, &r.diag) == 0);
	r.rc = cf_format_perf.read(&input, params, r.trace, &r.diag);
	cf_params_free(params);
	return r;
}

static inline struct result read_built(struct builder *b)
{
	g_autoptr(GByteArray) file = build(b);

	/* Stacks point into the bytes only while they are read. */
	return read_file(file->data, file->len, FALSE);
}

static inline void result_clear(struct result *r)
{
	cf_trace_free(r->trace);
	g_string_free(r->messages, TRUE);
}

#endif
