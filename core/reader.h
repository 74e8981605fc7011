/* SPDX-License-Identifier: MIT */
/* reader: bounded access to bytes and lines; nothing outside a slice is ever touched. */
#ifndef CF_CORE_READER_H
#define CF_CORE_READER_H

#include "core/diag.h"
#include <stdbool.h>
#include <string.h>

/* Borrowed bytes. */
struct cf_slice {
	const uint8_t *data;
	uint64_t len;
};

/* out = whole[off, off+len); false (out untouched) when that isn't inside whole. No overflow for any off,
 * len. */
static inline bool cf_slice_sub(struct cf_slice whole, uint64_t off, uint64_t len, struct cf_slice *out)
{
	if (off > whole.len || len > whole.len - off)
		return false;
	out->data = whole.data + off;
	out->len = len;
	return true;
}

/* Whether the bytes are those of text; of a constant text, so that its length is known beforehand. */
G_ALWAYS_INLINE static inline bool cf_slice_is(struct cf_slice slice, const char *text)
{
	size_t len = strlen(text);

	return slice.len == len && !memcmp(slice.data, text, len);
}

/* Unaligned loads, native order and fixed order. The caller has checked the bounds. */
static inline uint16_t cf_u16(const void *p)
{
	uint16_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}
static inline uint32_t cf_u32(const void *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}
static inline uint64_t cf_u64(const void *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
	return v;
}
static inline uint16_t cf_le16(const void *p)
{
	return GUINT16_FROM_LE(cf_u16(p));
}
static inline uint32_t cf_le32(const void *p)
{
	return GUINT32_FROM_LE(cf_u32(p));
}
static inline uint64_t cf_le64(const void *p)
{
	return GUINT64_FROM_LE(cf_u64(p));
}
static inline uint16_t cf_be16(const void *p)
{
	return GUINT16_FROM_BE(cf_u16(p));
}
static inline uint32_t cf_be32(const void *p)
{
	return GUINT32_FROM_BE(cf_u32(p));
}
static inline uint64_t cf_be64(const void *p)
{
	return GUINT64_FROM_BE(cf_u64(p));
}

/*
 * A line reader over a slice. Lines end at \n, \r\n or the end; the terminator isn't part of the line.
 * loc is that of the line last returned (line from 1, offset of its first byte).
 */
struct cf_lines {
	struct cf_slice text;
	uint64_t pos;
	struct cf_loc loc;
};

void cf_lines_init(struct cf_lines *lines, const char *path, struct cf_slice text);
bool cf_lines_next(struct cf_lines *lines, struct cf_slice *line); /* false at the end */
/*
 * Of a file of settings: the next line that is neither empty nor a comment (#), without the blanks around it. NULL at the
 * end. Caller frees.
 */
char *cf_lines_next_setting(struct cf_lines *lines);

/*
 * Text inputs: skips a UTF-8 BOM, converts UTF-16 LE/BE with a BOM. *out borrows from in, or from *owned
 * (free with g_free) when converted. An odd UTF-16 length or lone surrogates: warned once, U+FFFD.
 * A NUL byte in 8-bit text is an error (-1): binary data.
 */
int cf_text_utf8(const char *path, struct cf_slice in, struct cf_slice *out, char **owned,
		 struct cf_diag *diag);

/* Decimal integer filling the whole slice, optional sign; false on anything else or on overflow. No locale.
 */
bool cf_parse_i64(struct cf_slice s, int64_t *out);
bool cf_parse_u64(struct cf_slice s, int base, uint64_t *out); /* base 10 or 16 (optional 0x) */
/* Finite decimal number (1, -1.5, 1e3) filling the whole slice; false otherwise. No locale. */
bool cf_parse_double(struct cf_slice s, double *out);

#endif
