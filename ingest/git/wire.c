/* SPDX-License-Identifier: MIT */
/* wire: the frames in which a reading child hands facts to its parent, which trusts none of them. */
#include "ingest/git/wire.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#define FLUSH_AT (256 * 1024)
#define READ_SIZE (256 * 1024)

/* ---- the child's side ---- */

void cf_wire_out_init(struct cf_wire_out *out, int fd)
{
	*out = (struct cf_wire_out){ .fd = fd, .buffer = g_byte_array_sized_new(2 * FLUSH_AT) };
}

void cf_wire_out_clear(struct cf_wire_out *out)
{
	g_byte_array_unref(out->buffer);
}

void cf_wire_begin(struct cf_wire_out *out, enum cf_wire_type type)
{
	uint8_t header[CF_WIRE_HEADER] = { (uint8_t)type };

	out->frame = out->buffer->len;
	g_byte_array_append(out->buffer, header, sizeof(header));
}

void cf_wire_end(struct cf_wire_out *out)
{
	uint32_t len = out->buffer->len - out->frame - CF_WIRE_HEADER;
	uint32_t le = GUINT32_TO_LE(len);

	if (len > CF_WIRE_MAX)
		out->failed = TRUE;
	memcpy(out->buffer->data + out->frame + 1, &le, sizeof(le));
	if (out->buffer->len >= FLUSH_AT)
		cf_wire_flush(out);
}

int cf_wire_flush(struct cf_wire_out *out)
{
	size_t done = 0;

	while (!out->failed && done < out->buffer->len) {
		ssize_t n = write(out->fd, out->buffer->data + done, out->buffer->len - done);

		if (n < 0 && errno != EINTR)
			out->failed = TRUE;
		if (n > 0)
			done += (size_t)n;
	}
	g_byte_array_set_size(out->buffer, 0);
	return out->failed ? -1 : 0;
}

void cf_wire_u64(struct cf_wire_out *out, uint64_t value)
{
	uint8_t bytes[10];
	guint n = 0;

	do {
		bytes[n] = value & 0x7f;
		value >>= 7;
		if (value)
			bytes[n] |= 0x80;
		n++;
	} while (value);
	g_byte_array_append(out->buffer, bytes, n);
}

void cf_wire_i64(struct cf_wire_out *out, int64_t value)
{
	cf_wire_u64(out, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

void cf_wire_raw(struct cf_wire_out *out, const void *data, size_t len)
{
	if (len)
		g_byte_array_append(out->buffer, data, (guint)MIN(len, CF_WIRE_MAX));
}

void cf_wire_text(struct cf_wire_out *out, const char *text, size_t len)
{
	cf_wire_u64(out, len);
	cf_wire_raw(out, text, len);
}

/* ---- the parent's side ---- */

uint64_t cf_wire_get_u64(struct cf_wire_in *in, uint64_t max)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t byte;

		if (!in->rest.len)
			break;
		byte = *in->rest.data++;
		in->rest.len--;
		if (shift == 63 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		if (value > max)
			break;
		return value;
	}
	in->bad = true;
	in->rest.len = 0;
	return 0;
}

int64_t cf_wire_get_i64(struct cf_wire_in *in)
{
	uint64_t value = cf_wire_get_u64(in, UINT64_MAX);

	return (int64_t)(value >> 1 ^ -(value & 1));
}

struct cf_slice cf_wire_get_raw(struct cf_wire_in *in, size_t len)
{
	struct cf_slice slice = { NULL, 0 };

	if (!cf_slice_sub(in->rest, 0, len, &slice)) {
		in->bad = true;
		in->rest.len = 0;
		return slice;
	}
	in->rest.data += len;
	in->rest.len -= len;
	return slice;
}

struct cf_slice cf_wire_get_text(struct cf_wire_in *in)
{
	return cf_wire_get_raw(in, cf_wire_get_u64(in, CF_WIRE_MAX));
}

int64_t cf_wire_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Bytes that are there, at most room; 0: the end, -1: an error, -2: too late. */
static ssize_t take(int fd, int64_t deadline_ms, uint8_t *into, size_t room)
{
	for (;;) {
		struct pollfd polled = { .fd = fd, .events = POLLIN };
		int64_t left = deadline_ms - cf_wire_now_ms();
		ssize_t n;

		if (left <= 0)
			return -2;
		if (poll(&polled, 1, (int)MIN(left, 60000)) <= 0)
			continue;
		n = read(fd, into, room);
		if (n >= 0 || errno != EINTR)
			return n;
	}
}

/* Hands over the whole frames of buffer and keeps the rest. 0, or -1: stop; *broken: an impossible length. */
static int hand_over(GByteArray *buffer,
		     int (*frame)(void *ctx, enum cf_wire_type type, struct cf_wire_in *in), void *ctx,
		     bool *broken)
{
	guint at = 0;
	int result = 0;

	while (result == 0 && buffer->len - at >= CF_WIRE_HEADER) {
		uint32_t len = cf_le32(buffer->data + at + 1);
		struct cf_wire_in in = { .rest = { buffer->data + at + CF_WIRE_HEADER, len } };

		if (len > CF_WIRE_MAX) {
			*broken = true;
			return -1;
		}
		if (buffer->len - at - CF_WIRE_HEADER < len)
			break;
		result = frame(ctx, (enum cf_wire_type)buffer->data[at], &in);
		if (in.bad)
			*broken = true;
		if (in.bad)
			result = -1;
		at += CF_WIRE_HEADER + len;
	}
	g_byte_array_remove_range(buffer, 0, at);
	return result;
}

enum cf_wire_ending cf_wire_read(int fd, int64_t deadline_ms,
				 int (*frame)(void *ctx, enum cf_wire_type type, struct cf_wire_in *in),
				 void *ctx)
{
	g_autoptr(GByteArray) buffer = g_byte_array_new();
	bool broken = false;

	for (;;) {
		guint had = buffer->len;
		ssize_t n;

		g_byte_array_set_size(buffer, had + READ_SIZE);
		n = take(fd, deadline_ms, buffer->data + had, READ_SIZE);
		g_byte_array_set_size(buffer, had + (n > 0 ? (guint)n : 0));
		if (n == -2)
			return CF_WIRE_LATE;
		if (n <= 0)
			return n == 0 && buffer->len == 0 ? CF_WIRE_DONE : CF_WIRE_CUT;
		if (hand_over(buffer, frame, ctx, &broken) != 0)
			return broken ? CF_WIRE_BROKEN : CF_WIRE_STOPPED;
	}
}
