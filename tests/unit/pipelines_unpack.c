/* SPDX-License-Identifier: MIT */
/* pipelines_unpack: packed inputs give what was packed, and damaged ones an error. */
#include "tests/unit/suite.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "pipelines/unpack.h"

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s: %s\n", where, text);
}

static GByteArray *gzip(const char *text, size_t len)
{
	GByteArray *out = g_byte_array_new();
	z_stream z = { .next_in = (Bytef *)text, .avail_in = (uInt)len };

	g_byte_array_set_size(out, (guint)len / 4 + 1024);
	ck_assert_int_eq(deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = out->data;
	z.avail_out = out->len;
	ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	g_byte_array_set_size(out, (guint)z.total_out);
	deflateEnd(&z);
	return out;
}

static GByteArray *zstd(const char *text, size_t len)
{
	GByteArray *out = g_byte_array_new();
	size_t n;

	g_byte_array_set_size(out, (guint)ZSTD_compressBound(len));
	n = ZSTD_compress(out->data, out->len, text, len, 3);
	ck_assert(!ZSTD_isError(n));
	g_byte_array_set_size(out, (guint)n);
	return out;
}

/* The content, or the message. */
static char *unpack(const GByteArray *packed, uint64_t cap)
{
	struct cf_file in = { .path = (char *)"f", .bytes = { packed->data, packed->len } }, out;
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	char *text;

	if (cf_unpack(&in, cap, &out, &diag) != 0) {
		ck_assert_uint_eq(diag.errors, 1);
		return g_strdup(said->str);
	}
	ck_assert_uint_eq(diag.errors, 0);
	text = g_strndup((const char *)out.bytes.data, out.bytes.len);
	cf_file_release(&out);
	return text;
}

START_TEST(kinds)
{
	ck_assert_str_eq(cf_unpack_kind((struct cf_slice){ (const uint8_t *)"\x1f\x8b\x08", 3 }), "gzip");
	ck_assert_str_eq(cf_unpack_kind((struct cf_slice){ (const uint8_t *)"\x28\xb5\x2f\xfd", 4 }), "zstd");
	ck_assert_ptr_null(cf_unpack_kind((struct cf_slice){ (const uint8_t *)"\x1f\x8b", 2 }));
	ck_assert_ptr_null(cf_unpack_kind((struct cf_slice){ (const uint8_t *)"", 0 }));
}
END_TEST

START_TEST(round_trip)
{
	g_autoptr(GByteArray) one = gzip("hello, ", 7), two = gzip("world", 5), z = zstd("hello", 5);
	g_autofree char *both = NULL, *same = NULL;

	g_byte_array_append(one, two->data, two->len);
	g_byte_array_append(one, (const guint8 *)"\0\0\0\0", 4);
	both = unpack(one, 100);
	ck_assert_str_eq(both, "hello, world");
	g_byte_array_append(z, z->data, z->len);
	same = unpack(z, 100);
	ck_assert_str_eq(same, "hellohello");
}
END_TEST

/* Beyond 64 MiB the content goes to a file. */
START_TEST(large)
{
	size_t len = (size_t)100 << 20;
	g_autofree char *text = g_malloc(len + 1);
	g_autoptr(GByteArray) packed = NULL;
	g_autofree char *back = NULL;
	uint64_t state = 1;

	for (size_t i = 0; i < len; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		text[i] = (char)('a' + (state >> 62));
	}
	text[len] = '\0';
	packed = zstd(text, len);
	back = unpack(packed, UINT64_MAX);
	ck_assert(strlen(back) == len && !memcmp(back, text, len));
}
END_TEST

START_TEST(refused)
{
	size_t len = (size_t)100 << 20;
	g_autofree char *zeros = g_malloc0(len), *bomb = NULL, *capped = NULL, *cut = NULL, *flipped = NULL,
			*zcut = NULL;
	g_autoptr(GByteArray) packed = gzip(zeros, len), z = zstd(zeros, len), small = gzip("hello", 5);

	capped = unpack(packed, 1000);
	ck_assert_str_eq(capped, "f: unpacks to more than 1000 bytes; gzip -d unpacks it beforehand\n");
	bomb = unpack(z, UINT64_MAX);
	ck_assert_str_eq(bomb, "f: unpacks to more than 1000 times its size\n");
	g_byte_array_set_size(packed, packed->len / 2);
	cut = unpack(packed, UINT64_MAX);
	ck_assert_msg(g_str_has_suffix(cut, "damaged gzip data: it ends too early\n"), "%s", cut);
	g_byte_array_set_size(z, 20);
	zcut = unpack(z, UINT64_MAX);
	ck_assert_msg(g_str_has_suffix(zcut, "damaged zstd data: it ends too early\n"), "%s", zcut);
	small->data[small->len - 7] ^= 0xff;
	flipped = unpack(small, 100);
	ck_assert_msg(strstr(flipped, "damaged gzip data: incorrect data check"), "%s", flipped);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("pipelines/unpack");
	TCase *t = tcase_create("unpack");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, kinds);
	tcase_add_test(t, round_trip);
	tcase_add_test(t, large);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
