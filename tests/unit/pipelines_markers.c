/* SPDX-License-Identifier: MIT */
/* pipelines_markers: sections are found where they are, and what is wrong with markers is said with its line. */
#include "pipelines/markers.h"

#include "tests/unit/suite.h"

#include <string.h>

static void consume(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s: %s\n", where, text);
}

/* "map[top=3]2-4:x": name, settings, lines of the markers, content; or the messages. Caller frees. */
static char *found(const char *text)
{
	GString *out = g_string_new(NULL);
	struct cf_diag diag = { .consume = consume, .ctx = out };
	g_autoptr(GArray) sections =
		cf_markers_find("a.md", (struct cf_slice){ (const uint8_t *)text, strlen(text) }, &diag);

	for (guint i = 0; sections && i < sections->len; i++) {
		const struct cf_marked *m = &g_array_index(sections, struct cf_marked, i);

		g_string_append_printf(out, "%s[%s]%u-%u%s:%.*s;", m->name, m->settings, m->line, m->end_line,
				       m->crlf ? "r" : "", (int)(m->end - m->begin), text + m->begin);
	}
	return g_string_free(out, FALSE);
}

static const struct {
	const char *text, *found;
} cases[] = {
	{ "", "" },
	{ "# a\n<!-- a comment -->\n", "" },
	{ "<!-- callflow:begin map -->\nx\n<!-- callflow:end map -->", "map[]1-3:x\n;" },
	{ "a\n  <!--callflow:begin  map  n=3 by=\"file\"-->\n\t<!-- callflow:end map-->\nb\n",
	  "map[n=3 by=\"file\"]2-3:;" },
	{ "<!-- callflow:begin map -->\r\nx\r\n<!-- callflow:end map -->\r\n", "map[]1-3r:x\r\n;" },
	{ "<!-- callflow:begin map:1 -->\n<!-- callflow:end map:1 -->\n<!-- callflow:begin map -->\n<!-- "
	  "callflow:end map -->\n",
	  "map:1[]1-2:;map[]3-4:;" },
	/* In fences they are examples; fences within sections are content. */
	{ "```\n<!-- callflow:begin map -->\n```\n", "" },
	{ "~~~~ md\n~~~\n<!-- callflow:begin map -->\n~~~~\n<!-- callflow:begin top -->\n```\n<!-- "
	  "callflow:end top -->\n",
	  "top[]5-7:```\n;" },
	{ "``` a`b\n<!-- callflow:begin map -->\n<!-- callflow:end map -->\n", "map[]2-3:;" },
	{ "<!-- callflow:begin map -->\n", "a.md:1: section 'map' has no <!-- callflow:end map -->\n" },
	{ "x\n<!-- callflow:end map -->\n",
	  "a.md:2: 'callflow:end map' without a 'callflow:begin map' before it\n" },
	{ "<!-- callflow:begin a -->\n<!-- callflow:begin b -->\n<!-- callflow:end b -->\n<!-- callflow:end "
	  "a -->\n",
	  "a.md:2: 'callflow:begin b' within a section that began in line 1 and has no end yet\n"
	  "a.md:4: 'callflow:end a' without a 'callflow:begin a' before it\n" },
	{ "<!-- callflow:begin a -->\n<!-- callflow:end b -->\n",
	  "a.md:2: found 'callflow:end b', but the section that began in line 1 has another name\n" },
	{ "<!-- callflow:begin a -->\n<!-- callflow:end a -->\n<!-- callflow:begin a -->\n<!-- callflow:end "
	  "a -->\n",
	  "a.md:3: a second section 'a'; the first begins in line 1; another name can be made with a colon, "
	  "as in "
	  "map:two\n" },
	{ "<!-- callflow:begin -->\n",
	  "a.md:1: expected <!-- callflow:begin NAME --> or <!-- callflow:end NAME -->\n" },
	{ "<!-- callflow:start map -->\n",
	  "a.md:1: expected <!-- callflow:begin NAME --> or <!-- callflow:end NAME -->\n" },
	{ "<!-- callflow:begin map\n",
	  "a.md:1: expected <!-- callflow:begin NAME --> or <!-- callflow:end NAME -->\n" },
	{ "<!-- callflow:begin m*p -->\n",
	  "a.md:1: expected <!-- callflow:begin NAME --> or <!-- callflow:end NAME -->\n" },
	{ "<!-- callflow:begin map -->\n<!-- callflow:end map n=3 -->\n",
	  "a.md:2: expected <!-- callflow:begin NAME --> or <!-- callflow:end NAME -->\n" },
	{ "<!-- callflow:-->\n",
	  "a.md:1: expected <!-- callflow:begin NAME --> or <!-- callflow:end NAME -->\n" },
};

START_TEST(sections_and_mistakes)
{
	g_autofree char *text = found(cases[_i].text);

	ck_assert_str_eq(text, cases[_i].found);
}
END_TEST

/* Any bytes: sections lie within the text, in order, or there is a message. */
START_TEST(anything)
{
	static const char *const pieces[] = { "<!-- callflow:begin a -->",
					      "<!-- callflow:end a -->",
					      "\n",
					      "```",
					      "x",
					      "<!-- callflow:begin b n=1 -->",
					      "<!-- callflow:end b -->",
					      "\r\n",
					      "-->",
					      "<!--",
					      "\xff",
					      "callflow:" };
	g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
	g_autoptr(GString) text = g_string_new(NULL), messages = g_string_new(NULL);
	struct cf_diag diag = { .consume = consume, .ctx = messages };
	g_autoptr(GArray) sections = NULL;
	size_t at = 0;

	for (int n = g_rand_int_range(random, 0, 30); n > 0; n--)
		g_string_append(text, pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
	sections = cf_markers_find("a.md", (struct cf_slice){ (const uint8_t *)text->str, text->len }, &diag);
	ck_assert_int_eq(sections == NULL, messages->len > 0);
	for (guint i = 0; sections && i < sections->len; i++) {
		const struct cf_marked *m = &g_array_index(sections, struct cf_marked, i);

		ck_assert_uint_ge(m->begin, at);
		ck_assert_uint_ge(m->end, m->begin);
		ck_assert_uint_le(m->end, text->len);
		at = m->end;
	}
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("pipelines_markers");
	TCase *t = tcase_create("markers");

	tcase_add_loop_test(t, sections_and_mistakes, 0, G_N_ELEMENTS(cases));
	tcase_add_loop_test(t, anything, 0, 500);
	suite_add_tcase(s, t);
	return s;
}
