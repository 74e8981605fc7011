/* SPDX-License-Identifier: MIT */
/* render_escape: names that try to be more than names, in every context. */
#include "render/escape.h"

#include <string.h>

#include "tests/unit/suite.h"

typedef void escape_fn(struct cf_out *out, const char *text);

static void markdown_code(struct cf_out *out, const char *text)
{
	cf_escape_markdown_code(out, text, FALSE);
}

static void markdown_code_in_table(struct cf_out *out, const char *text)
{
	cf_escape_markdown_code(out, text, TRUE);
}

static void check(escape_fn *escape, const char *text, const char *want)
{
	struct cf_out *out = cf_out_memory();

	escape(out, text);
	ck_assert_str_eq(cf_out_text(out, NULL), want);
	cf_out_abort(out);
}

START_TEST(test_html)
{
	check(cf_escape_html, "", "");
	check(cf_escape_html, "operator<", "operator&lt;");
	check(cf_escape_html, "</script><script>alert(1)</script>",
	      "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
	check(cf_escape_html, "\" onclick='x' &amp;", "&quot; onclick=&#39;x&#39; &amp;amp;");
	check(cf_escape_html, "<!-- ]]>", "&lt;!-- ]]&gt;");
	check(cf_escape_html, "\x1b[31m\n\t\x7f", "\\x1b[31m\\x0a\\x09\\x7f");
	check(cf_escape_html,
	      "a\xe2\x80\xae"
	      "b\xc2\x85"
	      "c\xe2\x80\xa8",
	      "a\\u202eb\\x85c\\u2028");
	check(cf_escape_html,
	      "\xff"
	      "a\xc3"
	      "b\xed\xa0\x80",
	      "\xef\xbf\xbd"
	      "a\xef\xbf\xbd"
	      "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	check(cf_escape_html, "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f");
	check(cf_escape_html, "a\xe2\x80\x8bz\xf3\xa0\x80\xa1", "a\\u200bz\\U000e0021");
}
END_TEST

START_TEST(test_markdown)
{
	check(cf_escape_markdown, "a|b", "a\\|b");
	check(cf_escape_markdown, "std::map<a, b>&", "std::map&lt;a, b&gt;&amp;");
	check(cf_escape_markdown, "*x* _y_ `z` [l](u) ~s~", "\\*x\\* \\_y\\_ \\`z\\` \\[l\\](u) \\~s\\~");
	check(cf_escape_markdown, "$(x) c:\\d", "\\$(x) c:\\\\d");
	check(cf_escape_markdown, "- item", "\\- item");
	check(cf_escape_markdown, "# head", "\\# head");
	check(cf_escape_markdown, "12. item", "12\\. item");
	check(cf_escape_markdown, "24.26 s", "24.26 s");
	check(cf_escape_markdown, "=cmd()", "\\=cmd()");
	check(cf_escape_markdown, "    code", "&#32;   code");
	check(cf_escape_markdown, "@team fixes #12", "@<!-- -->team fixes #<!-- -->12");
	check(cf_escape_markdown, "http://x www.y.z", "http&#58;//x www&#46;y.z");
	check(cf_escape_markdown, "<!-- x", "&lt;!-- x");
	check(cf_escape_markdown, "a\nb\x1b", "a\\\\x0ab\\\\x1b");
}
END_TEST

START_TEST(test_markdown_code)
{
	check(markdown_code, "", "");
	check(markdown_code, "a|b", "`a|b`");
	check(markdown_code_in_table, "a|b", "`a\\|b`");
	check(markdown_code_in_table, "a\\|b", "<code>a&#92;&#124;b</code>");
	check(markdown_code_in_table, "a\\|<b>", "<code>a&#92;&#124;&#60;b&#62;</code>");
	check(markdown_code_in_table, "\\|a@b.c", "<code>&#92;&#124;a@<!-- -->b&#46;c</code>");
	check(markdown_code, "a`b", "``a`b``");
	check(markdown_code, "`x``", "``` `x`` ```");
	check(markdown_code, "```", "```` ``` ````");
	check(markdown_code, " a ", "`  a  `");
	check(markdown_code, "  ", "`  `");
	check(markdown_code, "a\nb\xff", "`a\\x0ab\xef\xbf\xbd`");
	check(markdown_code, "</script>", "`</script>`");
}
END_TEST

START_TEST(test_csv)
{
	check(cf_escape_csv, "plain name", "plain name");
	check(cf_escape_csv, "a,b", "\"a,b\"");
	check(cf_escape_csv, "say \"x\"", "\"say \"\"x\"\"\"");
	check(cf_escape_csv, " a", "\" a\"");
	check(cf_escape_csv, "a\nb", "a\\x0ab");
	check(cf_escape_csv, "=cmd()", "'=cmd()");
	check(cf_escape_csv, "=a,b", "\"'=a,b\"");
	check(cf_escape_csv, "+1", "'+1");
	check(cf_escape_csv, "-1", "'-1");
	check(cf_escape_csv, "@x", "'@x");
	check(cf_escape_csv, "\tx", "'\\x09x");
	check(cf_escape_csv,
	      "\xef\xbc\x9d"
	      "cmd",
	      "'\xef\xbc\x9d"
	      "cmd");
}
END_TEST

START_TEST(test_terminal)
{
	check(cf_escape_terminal, "a\x1b[31mb\r\n", "a\\x1b[31mb\\x0d\\x0a");
	check(cf_escape_terminal, "x\xe2\x80\xaey", "x\\u202ey");
	check(cf_escape_terminal, "a\xff", "a\\xff");
}
END_TEST

START_TEST(test_xml)
{
	static const char *const pairs[][2] = {
		{ "a<b>&", "a<b>&" },
		{ "\x01x\x1b", "\\x01x\\x1b" },
		{ "a\xff"
		  "b",
		  "a\xef\xbf\xbd"
		  "b" },
		{ "\xef\xbf\xbe", "\xef\xbf\xbd" },
		{ "]]>", "]]>" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_autofree char *have = cf_escape_xml_text(pairs[i][0]);

		ck_assert_str_eq(have, pairs[i][1]);
	}
}
END_TEST

/* Any bytes give valid UTF-8 without controls, however long. */
START_TEST(test_any_bytes)
{
	static escape_fn *const escapes[] = {
		cf_escape_html,         cf_escape_markdown, markdown_code,
		markdown_code_in_table, cf_escape_csv,      cf_escape_terminal
	};
	g_autofree char *text = g_malloc(10241);
	guint32 state = 1;

	for (size_t i = 0; i < 10240; i++) {
		state = state * 1664525u + 1013904223u;
		text[i] = (char)(state >> 24 ? state >> 24 : 1);
	}
	text[10240] = '\0';
	for (size_t e = 0; e < G_N_ELEMENTS(escapes); e++) {
		struct cf_out *out = cf_out_memory();
		const char *have;
		size_t len;

		escapes[e](out, text);
		have = cf_out_text(out, &len);
		ck_assert(g_utf8_validate(have, (gssize)len, NULL));
		ck_assert_uint_ge(len, 10240);
		for (size_t i = 0; i < len; i++)
			ck_assert((unsigned char)have[i] >= 0x20 && have[i] != 0x7f);
		ck_assert_ptr_null(strstr(have, "\xe2\x80\xae"));
		cf_out_abort(out);
	}
}
END_TEST

START_TEST(test_width)
{
	ck_assert_int_eq(cf_display_width(""), 0);
	ck_assert_int_eq(cf_display_width("abc"), 3);
	ck_assert_int_eq(cf_display_width("gr\xc3\xbc"), 3);
	ck_assert_int_eq(cf_display_width("\xe6\xbc\xa2\xe5\xad\x97"), 4); /* two Han characters */
	ck_assert_int_eq(cf_display_width("e\xcc\x81"), 1);                /* e and a combining acute */
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_escape");
	TCase *t = tcase_create("escape");

	tcase_add_test(t, test_html);
	tcase_add_test(t, test_markdown);
	tcase_add_test(t, test_markdown_code);
	tcase_add_test(t, test_csv);
	tcase_add_test(t, test_terminal);
	tcase_add_test(t, test_xml);
	tcase_add_test(t, test_any_bytes);
	tcase_add_test(t, test_width);
	suite_add_tcase(s, t);
	return s;
}
