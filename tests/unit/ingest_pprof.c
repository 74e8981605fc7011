/* SPDX-License-Identifier: MIT */
/* ingest_pprof: profiles written field by field, sound and damaged. */
#include "tests/unit/suite.h"

#include <string.h>

#include "ingest/format.h"

extern const struct cf_format cf_format_pprof;

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_string_append(ctx, text);
}

/* --- writing: numbers below 128 only */

static void number(GByteArray *bytes, guint8 field, guint8 value)
{
	const guint8 two[] = { (guint8)(field << 3), value };

	g_byte_array_append(bytes, two, 2);
}

static void message(GByteArray *bytes, guint8 field, const char *data, guint len)
{
	const guint8 head[] = { (guint8)(field << 3 | 2), (guint8)len };

	g_byte_array_append(bytes, head, 2);
	g_byte_array_append(bytes, (const guint8 *)data, len);
}

#define MESSAGE(bytes, field, text) message(bytes, field, text, sizeof(text) - 1)

/* main calls work, into which leaf was inlined: "samples" 3 and "cpu" 30 ms, twice. */
static GByteArray *profile(void)
{
	static const char *const strings[] = { "",     "samples", "count", "cpu", "milliseconds",
					       "main", "work",    "leaf",  "a.c", "/bin/prog" };
	GByteArray *b = g_byte_array_new();

	MESSAGE(b, 1, "\x08\x01\x10\x02");
	MESSAGE(b, 1, "\x08\x03\x10\x04");
	/* Packed, then one by one. */
	MESSAGE(b, 2, "\x0a\x02\x02\x01\x12\x02\x03\x1e");
	MESSAGE(b, 2, "\x08\x02\x08\x01\x10\x03\x10\x1e");
	MESSAGE(b, 3, "\x08\x01\x28\x09");
	MESSAGE(b, 4, "\x08\x01\x10\x01\x22\x04\x08\x01\x10\x05");
	MESSAGE(b, 4, "\x08\x02\x10\x01\x22\x04\x08\x03\x10\x07\x22\x04\x08\x02\x10\x09");
	MESSAGE(b, 5, "\x08\x01\x10\x05\x20\x08\x28\x02");
	MESSAGE(b, 5, "\x08\x02\x10\x06\x20\x08");
	MESSAGE(b, 5, "\x08\x03\x10\x07\x20\x08");
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		message(b, 6, strings[i], (guint)strlen(strings[i]));
	number(b, 10, 100);
	return b;
}

/* The trace's costs, lines and name as text, or the message. */
static char *read_text(const GByteArray *bytes)
{
	struct cf_input input = { .path = "f", .bytes = { bytes->data, bytes->len } };
	g_autoptr(GString) said = g_string_new(NULL), text = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	struct cf_trace *t = cf_trace_new();

	if (cf_format_pprof.read(&input, NULL, t, &diag) != 0) {
		ck_assert_uint_eq(diag.errors, 1);
		cf_trace_free(t);
		return g_strdup(said->str);
	}
	for (guint i = 0; i < t->stack_costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(t->stack_costs, struct cf_stack_cost, i);

		for (struct cf_stack s = cost->stack; s.id; s = cf_dict_stack_info(t->dict, s).caller) {
			struct cf_stack_info info = cf_dict_stack_info(t->dict, s);

			g_string_append_printf(text, "%s/%s/%s<", cf_dict_func_module(t->dict, info.func),
					       cf_dict_func_name(t->dict, info.func),
					       cf_frame_kind_name(info.kind));
		}
		g_string_append_printf(
			text, " %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
			cf_dict_text(t->dict,
				     g_array_index(t->metrics, struct cf_metric_info, cost->metric.id).name),
			cost->weight, cost->count);
	}
	for (guint i = 0; i < t->lines->len; i++) {
		const struct cf_line_cost *line = &g_array_index(t->lines, struct cf_line_cost, i);

		g_string_append_printf(text, "%s:%u %" G_GINT64_FORMAT "\n",
				       cf_dict_text(t->dict, line->file), line->line, line->weight);
	}
	for (guint i = 0; i < t->quality->len; i++)
		g_string_append_printf(text, "%s\n", g_array_index(t->quality, struct cf_quality, i).key);
	cf_trace_free(t);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

START_TEST(sound)
{
	g_autoptr(GByteArray) b = profile();
	struct cf_input input = { .path = "f", .bytes = { b->data, b->len } };
	g_autofree char *text = read_text(b);
	const char *why = NULL;

	ck_assert_int_eq(cf_format_pprof.probe(&input, &why), CF_BID_SHAPE);
	/* cpu, the last type, is the first metric; both samples have one stack. */
	ck_assert_str_eq(text, "prog/leaf/inlined<prog/work/native<prog/main/native< samples 6 6\n"
			       "prog/leaf/inlined<prog/work/native<prog/main/native< cpu 60000000 6\n"
			       "a.c:7 6\na.c:7 60000000\n");
}
END_TEST

static void refused(const char *sample, guint len, const char *want)
{
	g_autoptr(GByteArray) b = profile();
	g_autofree char *text = NULL;

	message(b, 2, sample, len);
	text = read_text(b);
	ck_assert_msg(g_str_has_prefix(text, want), "%s", text);
}

START_TEST(damaged)
{
	g_autoptr(GByteArray) b = profile(), none = g_byte_array_new();
	g_autofree char *cut = NULL, *untyped = NULL;

	refused("\x0a\x01\x01\x12\x01\x03", 6, "a sample has not as many values");
	refused("\x12\x03\x03\x01\x02", 5, "a sample has not as many values");
	refused("\x12\x0b\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13, "negative values");
	refused("\x12\x02\x03\x80", 4, "damaged profile");
	g_byte_array_set_size(b, b->len - 1);
	cut = read_text(b);
	ck_assert_msg(g_str_has_prefix(cut, "damaged profile"), "%s", cut);
	MESSAGE(none, 6, "");
	untyped = read_text(none);
	ck_assert_str_eq(untyped, "no sample types");
}
END_TEST

START_TEST(missing_location)
{
	g_autoptr(GByteArray) b = profile();
	g_autofree char *text = NULL;

	MESSAGE(b, 2, "\x0a\x01\x63\x12\x02\x01\x01\x1a\x00");
	text = read_text(b);
	ck_assert_msg(strstr(text, "\n samples 1 1\n") &&
			      g_str_has_suffix(text, "labels\nmissing-locations\n"),
		      "%s", text);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/pprof");
	TCase *t = tcase_create("pprof");

	tcase_add_test(t, sound);
	tcase_add_test(t, damaged);
	tcase_add_test(t, missing_location);
	suite_add_tcase(s, t);
	return s;
}
