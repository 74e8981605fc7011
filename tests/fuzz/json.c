/* SPDX-License-Identifier: MIT */
/* json: feeds arbitrary bytes to the JSON reader, in every way to read them. */
#include <math.h>

#include "core/json.h"
#include "core/json_reader.h"

#define WRITER_DEPTH 60

static void drop(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	/* Text that is converted from UTF-16 has no lines yet. */
	g_assert(loc && !loc->line == !loc->col && g_utf8_validate(text, -1, NULL));
	(void)ctx, (void)severity;
}

static int finish(struct cf_json_reader *json, const struct cf_diag *diag)
{
	int status = cf_json_finish(json);

	g_assert((status == 0) == (diag->errors == 0) && diag->errors <= 1);
	g_assert((json->cut == CF_JSON_WHOLE && status == 0) == cf_json_ok(json));
	return status;
}

/* -0 is an integer, but as such it would lose its sign. */
static bool is_minus_zero(double value)
{
	return value == 0 && signbit(value);
}

/* All tokens; written again as far as the writer can (no NUL in text, 63 levels). */
static int read_tokens(struct cf_slice text, unsigned flags, struct cf_out *out, bool *written)
{
	struct cf_diag diag = { .consume = drop };
	struct cf_json_reader json;
	enum cf_json_token token;
	struct cf_json writer;
	int status;

	cf_json_reader_init(&json, "fuzz", text, flags, &diag);
	cf_json_init(&writer, out);
	*written = true;
	while ((token = cf_json_next(&json)) > CF_JSON_END) {
		struct cf_slice part = token == CF_JSON_KEY ? json.key : json.text;
		g_autofree char *copy = NULL;

		*written = *written && json.depth < WRITER_DEPTH;
		if (token == CF_JSON_KEY || token == CF_JSON_STRING) {
			g_assert(part.len <= 3 * text.len);
			copy = g_strndup((const char *)part.data, part.len);
			*written = *written && strlen(copy) == part.len;
			g_assert(strlen(copy) < part.len || g_utf8_validate(copy, -1, NULL));
		}
		if (!*written)
			continue;
		if (token == CF_JSON_OBJECT)
			cf_json_begin_object(&writer);
		else if (token == CF_JSON_OBJECT_END)
			cf_json_end_object(&writer);
		else if (token == CF_JSON_ARRAY)
			cf_json_begin_array(&writer);
		else if (token == CF_JSON_ARRAY_END)
			cf_json_end_array(&writer);
		else if (token == CF_JSON_KEY)
			cf_json_key(&writer, copy);
		else if (token == CF_JSON_STRING)
			cf_json_string(&writer, copy);
		else if (token == CF_JSON_NUMBER && json.form == CF_JSON_INT && !is_minus_zero(json.number))
			cf_json_int(&writer, json.integer);
		else if (token == CF_JSON_NUMBER)
			cf_json_double(&writer, json.number);
		else if (token == CF_JSON_BOOL)
			cf_json_bool(&writer, json.boolean);
		else
			cf_json_null(&writer);
	}
	status = finish(&json, &diag);
	cf_json_reader_release(&json);
	return status;
}

static int skip(struct cf_slice text, unsigned flags)
{
	struct cf_diag diag = { .consume = drop };
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, "fuzz", text, flags, &diag);
	status = finish(&json, &diag);
	cf_json_reader_release(&json);
	return status;
}

/* Calls of every kind in an order that the seed chooses. */
static void wander(struct cf_slice text, unsigned flags, uint32_t seed)
{
	struct cf_diag diag = { .consume = drop };
	struct cf_json_reader json, inner;
	struct cf_slice slice;
	unsigned in[8] = { 0 };
	int64_t integer;
	uint64_t natural;
	double number;
	bool flag;

	cf_json_reader_init(&json, "fuzz", text, flags, &diag);
	for (int i = 0; i < 400 && json.token != CF_JSON_ERROR; i++) {
		unsigned *level;

		seed = seed * 1103515245 + 12345;
		level = &in[seed >> 8 & 7];
		switch (seed >> 16 & 15) {
		case 0:
			cf_json_next(&json);
			break;
		case 1:
			*level = cf_json_try_object(&json);
			for (unsigned n = 0; n < (seed >> 24 & 3) && cf_json_member(&json, *level); n++)
				cf_json_try_text(&json, &slice);
			*level = 0;
			break;
		case 2:
			*level = cf_json_try_array(&json);
			for (unsigned n = 0; n < (seed >> 24 & 3) && cf_json_item(&json, *level); n++)
				cf_json_try_scaled(&json, seed >> 26 & 15, &integer);
			*level = 0;
			break;
		case 3:
			cf_json_peek(&json);
			break;
		case 4:
			cf_json_skip(&json);
			break;
		case 5:
			if (cf_json_get_raw(&json, &slice)) {
				cf_json_reader_within(&inner, &json, slice);
				inner.diag = NULL; /* its errors aren't the other's */
				while (cf_json_next(&inner) > CF_JSON_END)
					continue;
				cf_json_reader_release(&inner);
			}
			break;
		case 6:
			cf_json_try_int(&json, &integer);
			break;
		case 7:
			cf_json_try_uint(&json, &natural);
			break;
		case 8:
			g_assert(!cf_json_try_double(&json, &number) || number - number == 0);
			break;
		case 9:
			cf_json_try_bool(&json, &flag);
			break;
		case 10:
			if (seed >> 28 == 0)
				cf_json_get_int(&json, &integer);
			break;
		case 11:
			if (seed >> 29 == 0)
				cf_json_document(&json);
			break;
		case 12:
			cf_json_find(&json, cf_json_try_object(&json), "a");
			break;
		default:
			cf_json_next(&json);
		}
	}
	finish(&json, &diag);
	cf_json_reader_release(&json);
}

/* Documents one after another: as many as there are. */
static void read_documents(struct cf_slice text, unsigned flags)
{
	struct cf_diag diag = { .consume = drop };
	struct cf_json_reader json;

	cf_json_reader_init(&json, "fuzz", text, flags, &diag);
	while (cf_json_document(&json))
		if (cf_json_peek(&json) == CF_JSON_OBJECT)
			cf_json_find(&json, cf_json_object(&json), "b");
	finish(&json, &diag);
	cf_json_reader_release(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned flags = size ? data[0] & 0x1f : 0;
	struct cf_slice text = { data + (size > 0), size - (size > 0) }, again = { 0 };
	struct cf_out *out = cf_out_memory(), *twice = cf_out_memory();
	bool written, rewritten;
	int status, skipped;
	size_t len;

	status = read_tokens(text, flags, out, &written);
	skipped = skip(text, flags);
	/* A number may be too large to be read; nothing else tells the two apart. */
	g_assert(status == skipped || (status < 0 && !(flags & CF_JSON_NOT_FINITE)));
	if (status == 0 && written && !(flags & (CF_JSON_MAY_BE_CUT | CF_JSON_KEEP_DAMAGED))) {
		again.data = (const uint8_t *)cf_out_text(out, &len);
		again.len = len;
		g_assert(read_tokens(again, CF_JSON_STRICT_TEXT, twice, &rewritten) == 0 && rewritten);
		g_assert_cmpstr(cf_out_text(twice, NULL), ==, cf_out_text(out, NULL));
	}
	wander(text, flags, size > 4 ? cf_u32(data + 1) : 0);
	read_documents(text, flags);
	cf_out_abort(out);
	cf_out_abort(twice);
	return 0;
}
