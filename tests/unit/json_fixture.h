/* SPDX-License-Identifier: MIT */
/* json_fixture: a JSON reader over an exact copy of a text, with its messages collected. */
#ifndef CF_TESTS_JSON_FIXTURE_H
#define CF_TESTS_JSON_FIXTURE_H

#include "core/json_reader.h"
#include "tests/unit/suite.h"

struct fixture {
	struct cf_json_reader json;
	struct cf_diag diag;
	GString *said; /* "f:1:2: error text\n", warnings with "warning: " before the text */
	uint8_t *
		copy; /* on the heap and no longer than the text, so that a sanitizer sees any step outside */
};

static inline void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s: %s%s\n", where, severity == CF_WARNING ? "warning: " : "", text);
}

static inline void fixture_open_bytes(struct fixture *f, const void *text, size_t len, unsigned flags)
{
	f->said = g_string_new(NULL);
	f->copy = g_malloc(MAX(len, 1));
	memcpy(f->copy, text, len);
	f->diag = (struct cf_diag){ .consume = collect, .ctx = f->said };
	cf_json_reader_init(&f->json, "f", (struct cf_slice){ f->copy, len }, flags, &f->diag);
}

static inline void fixture_open(struct fixture *f, const char *text, unsigned flags)
{
	fixture_open_bytes(f, text, strlen(text), flags);
}

/* Frees everything; what was said must be as expected. */
static inline void fixture_close(struct fixture *f, const char *said)
{
	ck_assert_str_eq(f->said->str, said);
	cf_json_reader_release(&f->json);
	g_string_free(f->said, TRUE);
	g_free(f->copy);
}

/* The tokens up to the end of the document, as "{ k=a 1 ] }". */
static inline char *dump_tokens(struct cf_json_reader *json)
{
	static const char *const words[] = { [CF_JSON_OBJECT] = "{",
					     [CF_JSON_OBJECT_END] = "}",
					     [CF_JSON_ARRAY] = "[",
					     [CF_JSON_ARRAY_END] = "]",
					     [CF_JSON_NULL] = "null" };
	GString *out = g_string_new(NULL);
	enum cf_json_token token;

	while ((token = cf_json_next(json)) > CF_JSON_END) {
		if (out->len)
			g_string_append_c(out, ' ');
		if (token == CF_JSON_KEY) {
			g_string_append_len(out, (const char *)json->key.data, (gssize)json->key.len);
			g_string_append_c(out, '=');
		} else if (token == CF_JSON_STRING) {
			g_string_append_c(out, '\'');
			g_string_append_len(out, (const char *)json->text.data, (gssize)json->text.len);
			g_string_append_c(out, '\'');
		} else if (token == CF_JSON_BOOL) {
			g_string_append(out, json->boolean ? "true" : "false");
		} else if (token != CF_JSON_NUMBER) {
			g_string_append(out, words[token]);
		} else if (json->form == CF_JSON_INT) {
			g_string_append_printf(out, "i%" G_GINT64_FORMAT, json->integer);
		} else if (json->form == CF_JSON_UINT) {
			g_string_append_printf(out, "u%" G_GUINT64_FORMAT, json->natural);
		} else {
			g_string_append_printf(out, "d%.17g", json->number);
		}
	}
	return g_string_free(out, FALSE);
}

/* Enters every array and object that is at the top and leaves its values to the reader. */
static inline void walk(struct cf_json_reader *json)
{
	if (cf_json_peek(json) == CF_JSON_OBJECT) {
		for (unsigned in = cf_json_object(json); cf_json_member(json, in);)
			continue;
	} else if (cf_json_peek(json) == CF_JSON_ARRAY) {
		for (unsigned in = cf_json_array(json); cf_json_item(json, in);)
			continue;
	}
}

/* One verdict, however the text is read. */
static inline void check_verdict(const char *text, size_t len, unsigned flags, int want)
{
	for (int way = 0; way < 4; way++) {
		struct fixture f;
		g_autofree char *tokens = NULL;
		int got;

		fixture_open_bytes(&f, text, len, flags);
		if (way == 0)
			tokens = dump_tokens(&f.json);
		else if (way == 1)
			cf_json_skip(&f.json);
		else if (way == 2)
			walk(&f.json);
		got = cf_json_finish(&f.json);
		ck_assert_msg(got == want, "way %d: got %d for %s: %s", way, got, text, f.said->str);
		ck_assert_uint_eq(f.diag.errors, want ? 1 : 0);
		ck_assert_int_eq(cf_json_ok(&f.json), !want);
		fixture_close(&f, f.said->str);
	}
}

#endif
