/* SPDX-License-Identifier: MIT */
/* core_json_random: random documents, what the writer writes and the reader reads being the same. */
#include "tests/unit/json_fixture.h"

#include <math.h>

#include "core/json.h"

/* A document as it goes to the writer, and as dump_tokens should give it back. */
struct document {
	GRand *random;
	struct cf_out *out;
	struct cf_json json;
	GString *want;
};

static char *random_text(GRand *random)
{
	GString *text = g_string_new(NULL);

	for (int n = g_rand_int_range(random, 0, 40); n > 0; n--) {
		switch (g_rand_int_range(random, 0, 12)) {
		case 0:
			g_string_append_unichar(text, (gunichar)g_rand_int_range(random, 1, 0x20));
			break;
		case 1:
			g_string_append_c(text, "\"\\/<>&'{}[],:"[g_rand_int_range(random, 0, 13)]);
			break;
		case 2:
			g_string_append_unichar(text, (gunichar)g_rand_int_range(random, 0x80, 0xd800));
			break;
		case 3:
			g_string_append_unichar(text, (gunichar)g_rand_int_range(random, 0xe000, 0x110000));
			break;
		default:
			g_string_append_c(text, (char)g_rand_int_range(random, 'a', 'z'));
		}
	}
	return g_string_free(text, FALSE);
}

static void want(struct document *doc, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
static void want(struct document *doc, const char *fmt, ...)
{
	va_list args;

	if (doc->want->len)
		g_string_append_c(doc->want, ' ');
	va_start(args, fmt);
	g_string_append_vprintf(doc->want, fmt, args);
	va_end(args);
}

/* An integer comes back as one; so does a double that is written without a point. */
static void put_number(struct document *doc)
{
	uint64_t bits = (uint64_t)g_rand_int(doc->random) << 32 | g_rand_int(doc->random);
	int64_t integer = (int64_t)bits >> (bits & 63);
	double real;

	memcpy(&real, &bits, sizeof(real));
	if (g_rand_boolean(doc->random) || !isfinite(real)) {
		cf_json_int(&doc->json, integer);
		want(doc, "i%" G_GINT64_FORMAT, integer);
	} else {
		if (fabs(real) > 1e14 && fabs(real) < 1e18)
			real = 0.25; /* either form may be shorter */
		cf_json_double(&doc->json, real);
		if (real == floor(real) && fabs(real) < 1e14)
			want(doc, "i%" G_GINT64_FORMAT, (int64_t)real);
		else
			want(doc, "d%.17g", real);
	}
}

static void put_scalar(struct document *doc)
{
	g_autofree char *text = NULL;
	gboolean flag;

	switch (g_rand_int_range(doc->random, 0, 4)) {
	case 0:
		text = random_text(doc->random);
		cf_json_string(&doc->json, text);
		want(doc, "'%s'", text);
		break;
	case 1:
		flag = g_rand_boolean(doc->random);
		cf_json_bool(&doc->json, flag);
		want(doc, flag ? "true" : "false");
		break;
	case 2:
		cf_json_null(&doc->json);
		want(doc, "null");
		break;
	default:
		put_number(doc);
	}
}

static void put_key(struct document *doc)
{
	g_autofree char *key = random_text(doc->random);

	cf_json_key(&doc->json, key);
	want(doc, "%s=", key);
}

static void begin(struct document *doc, bool object)
{
	if (object)
		cf_json_begin_object(&doc->json);
	else
		cf_json_begin_array(&doc->json);
	want(doc, object ? "{" : "[");
}

static void end(struct document *doc, bool object)
{
	if (object)
		cf_json_end_object(&doc->json);
	else
		cf_json_end_array(&doc->json);
	want(doc, object ? "}" : "]");
}

/* Walks up and down for a while and then closes what is open. */
static void put_document(struct document *doc)
{
	bool object[60] = { 0 };
	unsigned depth = 1;

	begin(doc, object[0]);
	for (int n = g_rand_int_range(doc->random, 0, 300); n > 0; n--) {
		int step = g_rand_int_range(doc->random, 0, 10);

		if (step == 0 && depth > 1) {
			end(doc, object[--depth]);
			continue;
		}
		if (object[depth - 1])
			put_key(doc);
		if (step < 3 && depth < G_N_ELEMENTS(object)) {
			object[depth] = g_rand_boolean(doc->random);
			begin(doc, object[depth++]);
		} else {
			put_scalar(doc);
		}
	}
	while (depth)
		end(doc, object[--depth]);
}

static void document_open(struct document *doc, GRand *random)
{
	*doc = (struct document){ .random = random, .out = cf_out_memory(), .want = g_string_new(NULL) };
	cf_json_init(&doc->json, doc->out);
	put_document(doc);
}

static void document_close(struct document *doc)
{
	cf_out_abort(doc->out);
	g_string_free(doc->want, TRUE);
}

/* Blanks wherever they may be: every byte outside of strings may have some before it, but for words. */
static GString *spread(GRand *random, const char *text, size_t len)
{
	GString *out = g_string_new(NULL);
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (!quoted && strchr("[]{},:\"", text[i]))
			for (int n = g_rand_int_range(random, -6, 4); n > 0; n--)
				g_string_append_c(out, " \n\t\r"[n]);
		if (quoted && text[i] == '\\')
			g_string_append_c(out, text[i++]);
		else if (text[i] == '"')
			quoted = !quoted;
		g_string_append_c(out, text[i]);
		if (!quoted && strchr("[]{},:\"", text[i]))
			for (int n = g_rand_int_range(random, -6, 4); n > 0; n--)
				g_string_append_c(out, " \n\t\r"[n]);
	}
	return out;
}

START_TEST(reads_what_is_written)
{
	GRand *random = g_rand_new_with_seed(3);

	for (int i = 0; i < 150; i++) {
		g_autofree char *got = NULL, *again = NULL;
		struct document doc;
		GString *wide;
		const char *text;
		struct fixture f;
		size_t len;

		document_open(&doc, random);
		text = cf_out_text(doc.out, &len);
		fixture_open_bytes(&f, text, len, CF_JSON_STRICT_TEXT);
		got = dump_tokens(&f.json);
		ck_assert_str_eq(got, doc.want->str);
		ck_assert_int_eq(cf_json_finish(&f.json), 0);
		fixture_close(&f, "");

		wide = spread(random, text, len);
		fixture_open_bytes(&f, wide->str, wide->len, CF_JSON_STRICT_TEXT);
		again = dump_tokens(&f.json);
		ck_assert_str_eq(again, doc.want->str);
		ck_assert_int_eq(cf_json_finish(&f.json), 0);
		fixture_close(&f, "");
		check_verdict(wide->str, wide->len, 0, 0);
		g_string_free(wide, TRUE);
		document_close(&doc);
	}
	g_rand_free(random);
}
END_TEST

/* What members and items see, one level at a time by raw values, is what the tokens are. */
static void dump_raw(struct cf_json_reader *json, GString *out)
{
	GQueue todo = G_QUEUE_INIT; /* of raw values, in the order of the text */
	struct cf_slice *raw = g_new(struct cf_slice, 1);

	ck_assert(cf_json_get_raw(json, raw));
	g_queue_push_tail(&todo, raw);
	while ((raw = g_queue_pop_head(&todo))) {
		struct cf_json_reader one;
		unsigned n = 0, in;

		cf_json_reader_within(&one, json, *raw);
		g_free(raw);
		if (cf_json_peek(&one) == CF_JSON_OBJECT) {
			for (in = cf_json_object(&one); cf_json_member(&one, in);) {
				raw = g_new(struct cf_slice, 1);
				ck_assert(cf_json_get_raw(&one, raw));
				g_queue_push_nth(&todo, raw, (gint)n++);
			}
		} else if (cf_json_peek(&one) == CF_JSON_ARRAY) {
			for (in = cf_json_array(&one); cf_json_item(&one, in);) {
				raw = g_new(struct cf_slice, 1);
				ck_assert(cf_json_get_raw(&one, raw));
				g_queue_push_nth(&todo, raw, (gint)n++);
			}
		} else {
			g_autofree char *text = dump_tokens(&one);

			g_string_append_printf(out, "%s\n", text);
		}
		ck_assert_int_eq(cf_json_finish(&one), 0);
		cf_json_reader_release(&one);
	}
}

/* Scalars in the order of the text, by tokens. */
static void dump_flat(struct cf_json_reader *json, GString *out)
{
	enum cf_json_token token;

	while ((token = cf_json_peek(json)) > CF_JSON_END) {
		struct cf_json_reader one;
		struct cf_slice raw;

		if (token < CF_JSON_STRING) {
			cf_json_next(json);
			continue;
		}
		ck_assert(cf_json_get_raw(json, &raw));
		cf_json_reader_within(&one, json, raw);
		g_autofree char *text = dump_tokens(&one);
		g_string_append_printf(out, "%s\n", text);
		cf_json_reader_release(&one);
	}
}

START_TEST(raw_values_and_tokens_agree)
{
	GRand *random = g_rand_new_with_seed(4);

	for (int i = 0; i < 150; i++) {
		g_autoptr(GString) tokens = g_string_new(NULL), raw = g_string_new(NULL);
		struct document doc;
		struct fixture f;
		const char *text;
		size_t len;

		document_open(&doc, random);
		text = cf_out_text(doc.out, &len);
		fixture_open_bytes(&f, text, len, 0);
		dump_flat(&f.json, tokens);
		fixture_close(&f, "");
		fixture_open_bytes(&f, text, len, 0);
		dump_raw(&f.json, raw);
		fixture_close(&f, "");
		ck_assert_str_eq(raw->str, tokens->str);
		document_close(&doc);
	}
	g_rand_free(random);
}
END_TEST

/* A damaged text has one verdict, whichever way it is read. */
START_TEST(damaged_texts_have_one_verdict)
{
	static const char bytes[] = "[]{}:,\"\\/0123456789.eE+-truefalsn \n\x01\x7f\xc3\xff";
	GRand *random = g_rand_new_with_seed(5);
	unsigned refused = 0, rounds = 0;

	for (int i = 0; i < 40; i++) {
		struct document doc;
		const char *text;
		size_t len;

		document_open(&doc, random);
		text = cf_out_text(doc.out, &len);
		for (int j = 0; j < 20; j++, rounds++) {
			g_autofree char *damaged = g_memdup2(text, len);
			struct fixture f;
			int verdict;

			for (int n = g_rand_int_range(random, 1, 4); n > 0; n--)
				damaged[g_rand_int_range(random, 0, (gint32)len)] =
					bytes[g_rand_int_range(random, 0, sizeof(bytes) - 1)];
			fixture_open_bytes(&f, damaged, len, CF_JSON_NOT_FINITE);
			verdict = cf_json_finish(&f.json);
			refused += verdict < 0;
			fixture_close(&f, f.said->str);
			check_verdict(damaged, len, CF_JSON_NOT_FINITE, verdict);
		}
		document_close(&doc);
	}
	ck_assert_uint_gt(refused, rounds / 2);
	ck_assert_uint_lt(refused, rounds);
	g_rand_free(random);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core/json_random");
	TCase *t = tcase_create("json_random");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, reads_what_is_written);
	tcase_add_test(t, raw_values_and_tokens_agree);
	tcase_add_test(t, damaged_texts_have_one_verdict);
	suite_add_tcase(s, t);
	return s;
}
