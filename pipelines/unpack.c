/* SPDX-License-Identifier: MIT */
/* unpack: what lies in gzip and zstd files. */
#include "pipelines/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define MEMORY_MAX (UINT64_C(64) << 20)
#define RATIO_MAX 1000
#define CHUNK (256 * 1024)
/* A zstd frame may ask for a window of this many bytes, as the zstd tool allows with --long. */
#define WINDOW_LOG_MAX 27

struct sink {
	const struct cf_file *packed;
	struct cf_diag *diag;
	uint64_t cap, len, room; /* room: what the file may take of the disk */
	GByteArray *memory;      /* NULL once there is a file */
	int fd;                  /* -1 before */
};

static int write_all(struct sink *sink, const uint8_t *data, size_t len)
{
	struct cf_loc loc = { .path = sink->packed->path };

	while (len) {
		ssize_t done = write(sink->fd, data, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cf_error_as(sink->diag, CF_STATUS_SYSTEM, &loc, "cannot unpack into %s: %s",
					   g_get_tmp_dir(), g_strerror(errno));
		data += done;
		len -= (size_t)done;
	}
	return 0;
}

static uint64_t half_of_free(int fd)
{
	struct statvfs disk;

	if (fd < 0 || fstatvfs(fd, &disk) != 0)
		return UINT64_MAX;
	return (uint64_t)disk.f_bavail * disk.f_frsize / 2;
}

static int sink_add(struct sink *sink, const uint8_t *data, size_t len)
{
	struct cf_loc loc = { .path = sink->packed->path };

	sink->len += len;
	if (sink->len > sink->cap)
		return cf_error(sink->diag, &loc,
				"unpacks to more than %" G_GUINT64_FORMAT
				" bytes; %s -d unpacks it beforehand",
				sink->cap, sink->packed->bytes.data[0] == 0x1f ? "gzip" : "zstd");
	if (sink->fd >= 0 && sink->len > sink->room)
		return cf_error_as(
			sink->diag, CF_STATUS_SYSTEM, &loc,
			"unpacks to more than half of what is free in %s; TMPDIR names another folder",
			g_get_tmp_dir());
	if (sink->len > MEMORY_MAX && sink->len / RATIO_MAX > sink->packed->bytes.len)
		return cf_error(sink->diag, &loc, "unpacks to more than %d times its size", RATIO_MAX);
	if (sink->memory && sink->len <= MEMORY_MAX) {
		g_byte_array_append(sink->memory, data, (guint)len);
		return 0;
	}
	if (sink->memory) {
		sink->fd = cf_file_unnamed(sink->diag);
		sink->room = half_of_free(sink->fd);
		if (sink->fd < 0 || write_all(sink, sink->memory->data, sink->memory->len) != 0)
			return -1;
		g_clear_pointer(&sink->memory, g_byte_array_unref);
	}
	return write_all(sink, data, len);
}

static int damaged(const struct sink *sink, uint64_t offset, const char *what)
{
	struct cf_loc loc = { .path = sink->packed->path, .offset = offset };

	return cf_error(sink->diag, &loc, "damaged %s data: %s", cf_unpack_kind(sink->packed->bytes), what);
}

/* One member of a gzip file. *at moves behind it. */
static int inflate_member(struct sink *sink, z_stream *z, uint64_t *at, uint8_t *chunk)
{
	struct cf_slice in = sink->packed->bytes;
	int code = Z_OK;

	while (code != Z_STREAM_END) {
		uInt given = (uInt)MIN(in.len - *at, UINT64_C(1) << 30);

		z->next_in = (Bytef *)(in.data + *at);
		z->avail_in = given;
		z->next_out = chunk;
		z->avail_out = CHUNK;
		code = inflate(z, Z_NO_FLUSH);
		*at += given - z->avail_in;
		if (code == Z_BUF_ERROR || (code == Z_OK && *at == in.len && z->avail_out == CHUNK))
			return damaged(sink, *at, "it ends too early");
		if (code != Z_OK && code != Z_STREAM_END)
			return damaged(sink, *at, z->msg ? z->msg : "it can't be read");
		if (sink_add(sink, chunk, CHUNK - z->avail_out) != 0)
			return -1;
	}
	return 0;
}

static int unpack_gzip(struct sink *sink, uint8_t *chunk)
{
	struct cf_slice in = sink->packed->bytes;
	z_stream z = { 0 };
	uint64_t at = 0;
	int result;

	if (inflateInit2(&z, 16 + MAX_WBITS) != Z_OK)
		return cf_error_as(sink->diag, CF_STATUS_SYSTEM, NULL, "out of memory");
	result = inflate_member(sink, &z, &at, chunk);
	/* Padding behind the last member is nothing; gzip passes over it as well. */
	while (result == 0 && in.len - at >= 2 && in.data[at] == 0x1f && in.data[at + 1] == 0x8b) {
		inflateReset(&z);
		result = inflate_member(sink, &z, &at, chunk);
	}
	inflateEnd(&z);
	return result;
}

static int unpack_zstd(struct sink *sink, uint8_t *chunk)
{
	ZSTD_DStream *stream = ZSTD_createDStream();
	ZSTD_inBuffer in = { sink->packed->bytes.data, sink->packed->bytes.len, 0 };
	size_t left = 1;
	int result = 0;

	if (!stream)
		return cf_error_as(sink->diag, CF_STATUS_SYSTEM, NULL, "out of memory");
	ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	while (result == 0 && (in.pos < in.size || left)) {
		ZSTD_outBuffer out = { chunk, CHUNK, 0 };
		size_t before = in.pos;

		left = ZSTD_decompressStream(stream, &out, &in);
		if (ZSTD_isError(left))
			result = damaged(sink, in.pos, ZSTD_getErrorName(left));
		else if (left && in.pos == before && !out.pos)
			result = damaged(sink, in.pos, "it ends too early");
		else
			result = sink_add(sink, chunk, out.pos);
	}
	ZSTD_freeDStream(stream);
	return result;
}

/* The unnamed file as a mapping, which outlives the descriptor. */
static int map_file(struct sink *sink, struct cf_file *unpacked)
{
	struct cf_loc loc = { .path = sink->packed->path };
	void *data = mmap(NULL, sink->len, PROT_READ, MAP_PRIVATE, sink->fd, 0);

	if (data == MAP_FAILED)
		return cf_error_errno(sink->diag, &loc, errno, "cannot map what was unpacked");
	unpacked->bytes = (struct cf_slice){ data, sink->len };
	unpacked->mapped = TRUE;
	return 0;
}

const char *cf_unpack_kind(struct cf_slice bytes)
{
	if (bytes.len >= 3 && bytes.data[0] == 0x1f && bytes.data[1] == 0x8b && bytes.data[2] == 8)
		return "gzip";
	return bytes.len >= 4 && cf_le32(bytes.data) == ZSTD_MAGICNUMBER ? "zstd" : NULL;
}

int cf_unpack(const struct cf_file *packed, uint64_t cap, struct cf_file *unpacked, struct cf_diag *diag)
{
	struct sink sink = {
		.packed = packed, .diag = diag, .cap = cap, .memory = g_byte_array_new(), .fd = -1
	};
	g_autofree uint8_t *chunk = g_malloc(CHUNK);
	int result = packed->bytes.data[0] == 0x1f ? unpack_gzip(&sink, chunk) : unpack_zstd(&sink, chunk);

	*unpacked = (struct cf_file){ .mtime_ns = packed->mtime_ns };
	if (result == 0 && sink.fd >= 0) {
		result = map_file(&sink, unpacked);
	} else if (result == 0) {
		unpacked->bytes.len = sink.memory->len;
		unpacked->bytes.data = g_byte_array_free(g_steal_pointer(&sink.memory), FALSE);
	}
	if (result == 0)
		unpacked->path = g_strdup(packed->path);
	if (sink.memory)
		g_byte_array_unref(sink.memory);
	if (sink.fd >= 0)
		close(sink.fd);
	return result;
}

char *cf_unpack_library_versions(void)
{
	return g_strdup_printf("zlib %s, zstd %s", zlibVersion(), ZSTD_versionString());
}
