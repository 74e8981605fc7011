/* SPDX-License-Identifier: MIT */
/* wire: the frames in which a reading child hands facts to its parent, which trusts none of them. */
#ifndef CF_INGEST_GIT_WIRE_H
#define CF_INGEST_GIT_WIRE_H

#include "core/reader.h"

/*
 * A frame is a type byte, the length of its payload in 4 bytes (little-endian) and the payload: numbers as LEB128,
 * signed ones zigzag, texts as length and bytes, object names as 20 bytes.
 */
enum cf_wire_type {
	CF_WIRE_HEAD = 'H', /* the commit that the walk starts at */
	CF_WIRE_COMMIT = 'C',
	CF_WIRE_FILE = 'F',      /* at the head */
	CF_WIRE_FUNCTIONS = 'X', /* that a commit changed */
	CF_WIRE_TEXT = 'T',      /* .mailmap, .gitattributes, .git-blame-ignore-revs of the head */
	CF_WIRE_QUALITY = 'Q',
	CF_WIRE_ERROR = 'E', /* the reason why reading ended */
	CF_WIRE_END = 'Z'    /* all was sent */
};
#define CF_WIRE_HEADER 5
/* The largest payload that a parent takes. */
#define CF_WIRE_MAX (64u << 20)

/* --- the child's side ------------------------------------------------------------------------------------------- */

struct cf_wire_out {
	int fd;
	GByteArray *buffer;
	guint frame; /* where the current one starts */
	gboolean failed;
};
void cf_wire_out_init(struct cf_wire_out *out, int fd);
void cf_wire_out_clear(struct cf_wire_out *out);
void cf_wire_begin(struct cf_wire_out *out, enum cf_wire_type type);
/* Written out when there is enough. An overlong frame or a write error makes the rest fail. */
void cf_wire_end(struct cf_wire_out *out);
int cf_wire_flush(struct cf_wire_out *out);
void cf_wire_u64(struct cf_wire_out *out, uint64_t value);
void cf_wire_i64(struct cf_wire_out *out, int64_t value);
void cf_wire_raw(struct cf_wire_out *out, const void *data, size_t len);
void cf_wire_text(struct cf_wire_out *out, const char *text, size_t len);

/* --- the parent's side ------------------------------------------------------------------------------------------ */

/* The payload of a frame. What is missing or out of range reads as 0, and makes it bad. */
struct cf_wire_in {
	struct cf_slice rest;
	bool bad;
};
uint64_t cf_wire_get_u64(struct cf_wire_in *in, uint64_t max);
int64_t cf_wire_get_i64(struct cf_wire_in *in);
struct cf_slice cf_wire_get_raw(struct cf_wire_in *in,
				size_t len); /* zeros are never given: data NULL when bad */
struct cf_slice cf_wire_get_text(struct cf_wire_in *in);

/*
 * Reads frames from fd until its end. frame is called for each; it returns -1 to stop. deadline_ms: on the monotonic
 * clock. 0: the end, after a whole frame.
 */
enum cf_wire_ending { CF_WIRE_DONE, CF_WIRE_CUT, CF_WIRE_STOPPED, CF_WIRE_LATE, CF_WIRE_BROKEN };
enum cf_wire_ending cf_wire_read(int fd, int64_t deadline_ms,
				 int (*frame)(void *ctx, enum cf_wire_type type, struct cf_wire_in *in),
				 void *ctx);
int64_t cf_wire_now_ms(void);

#endif
