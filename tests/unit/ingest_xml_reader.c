/* SPDX-License-Identifier: MIT */
/* ingest_xml_reader: elements, texts and attributes; what is refused, and where. */
#include "ingest/xml_reader.h"

#include "tests/unit/suite.h"

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s: %s%s\n", where, severity == CF_WARNING ? "warning: " : "", text);
}

/* <r><a x="1">text</a><b><c>..</c></b></r>, as "a x=1 'text' b(c '..' )": b's children are entered. */
static void dump(struct cf_xml_reader *xml, GString *out)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (unsigned in = cf_xml_root(xml, "r"); cf_xml_child(xml, in);) {
		const char *name, *value;

		g_string_append_printf(out, "%s", cf_xml_name(xml));
		while (cf_xml_attribute(xml, &name, &value))
			g_string_append_printf(out, " %s=%s", name, value);
		if (cf_xml_is(xml, "a")) {
			cf_xml_text(xml, text);
			g_string_append_printf(out, " '%s'", text->str);
		} else if (cf_xml_is(xml, "b")) {
			g_string_append(out, "(");
			for (unsigned b = cf_xml_enter(xml); cf_xml_child(xml, b);) {
				int64_t number = -1;

				g_string_append(out, cf_xml_name(xml));
				if (cf_xml_int(xml, &number))
					g_string_append_printf(out, ":%d", (int)number);
				g_string_append(out, ",");
			}
			g_string_append(out, ")");
		}
		g_string_append(out, cf_xml_ok(xml) ? ";" : "...");
	}
}

static void check_bytes(const char *bytes, size_t len, unsigned flags, int want_status, const char *want)
{
	g_autofree uint8_t *copy = g_memdup2(bytes, MAX(len, 1));
	g_autoptr(GString) out = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = out };
	struct cf_xml_reader *xml = cf_xml_reader_new("f", (struct cf_slice){ copy, len }, flags, &diag);
	int status;

	dump(xml, out);
	status = cf_xml_finish(xml);
	if (cf_xml_cut(xml))
		g_string_append(out, "cut");
	if (cf_xml_damaged(xml))
		g_string_append(out, "damaged");
	if (cf_xml_bad_text(xml))
		g_string_append(out, "bad text");
	cf_xml_reader_free(xml);
	ck_assert_str_eq(out->str, want);
	ck_assert_int_eq(status, want_status);
	ck_assert_uint_eq(diag.errors, want_status ? 1 : 0);
}

static void check(const char *text, unsigned flags, int want_status, const char *want)
{
	check_bytes(text, strlen(text), flags, want_status, want);
}

START_TEST(elements)
{
	check("<?xml version='1.0'?>\n<!-- <!DOCTYPE no> --><r>\n<a x='1' "
	      "y='&lt;2'>t&amp;<i>not</i>u<![CDATA[<v>]]></a>noise"
	      "<b><c>12</c><d/><e> -3\n</e><f>x</f></b><b/><z><a>skipped</a></z></r>\n<!-- end -->\n",
	      0, 0, "a x=1 y=<2 't&u<v>';b(c:12,d,e:-3,f,);b();z;");
	check("<r><z a='&amp;&#38;&#x26;amp;' b='&amp;#38;&amp;' c='&quot;&apos;&gt;' d='' e='x&amp;'/></r>",
	      0, 0, "z a=&&&amp; b=&#38;& c=\"'> d= e=x&;");
	check("<r/>", 0, 0, "");
	check("\xef\xbb\xbf<r xmlns:p='q'><p:a/></r>", 0, 0, "a '';");
	/* A prefix that isn't declared is no error to us. */
	check("<r><q:a>1</q:a></r>", 0, 0, "a '1';");
}
END_TEST

START_TEST(encodings)
{
	check("<?xml version='1.0' encoding='ISO-8859-1'?><r><a>caf\xe9</a></r>", 0, 0,
	      "a 'caf\xef\xbf\xbd';bad text");
	check_bytes("\xff\xfe<\0r\0>\0<\0a\0>\0x\0<\0/\0a\0>\0<\0/\0r\0>\0", 32, 0, 0, "a 'x';");
	check_bytes("<r>\0</r>", 8, 0, 0, "bad text");
}
END_TEST

/* Refused before anything of it is read, whatever it holds. */
START_TEST(document_types)
{
	check("<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b "
	      "'&a;&a;&a;'>]>\n<r><a>&b;</a></r>",
	      0, -1, "f:3: has a document type, which is refused; expected the root element\n");
	check("<!DOCTYPE r SYSTEM 'http://127.0.0.1/x.dtd'><r/>", CF_XML_KEEP_DAMAGED, -1,
	      "f:1: has a document type, which is refused; expected the root element\n");
	check("<r><a>&file;</a></r>", 0, -1, "a ''...f:1:13: damaged XML: entity 'file' not defined\n");
}
END_TEST

START_TEST(errors)
{
	check("<q/>", 0, -1, "f:1: the root is <q>, expected <r>\n");
	check("", 0, -1, "f:1:1: no XML document: extra content at the end of the document\n");
	check("<r>\n<a>1</a>\n<b></a></b>\n</r>\n", 0, -1,
	      "a '1';b()...f:3:8: damaged XML: opening and ending tag mismatch: b line 3 and a\n");
	check("<r>\n<a>1</a>\n<b></a></b>\n</r>\n", CF_XML_KEEP_DAMAGED, 0,
	      "a '1';b()...f:3:8: warning: damaged XML, what follows isn't read: opening and ending tag "
	      "mismatch: b line 3 "
	      "and a\ndamaged");
	check("<r></r>\n<r></r>\n", 0, -1, "f:2:1: damaged XML: extra content at the end of the document\n");
}
END_TEST

/* Wherever a text ends, it is either whole or cut, and what was whole before is there. */
START_TEST(cuts)
{
	static const char text[] = "<?xml version='1.0'?>\n<r>\n<a>1</a>\n<a x='2'>\n3</a></r>\n";
	const char *second = strstr(text, "<a x");

	for (size_t len = (size_t)(second - text); len < sizeof(text) - 3; len++) {
		g_autoptr(GString) out = g_string_new(NULL);
		struct cf_diag diag = { .consume = collect, .ctx = out };
		struct cf_xml_reader *xml = cf_xml_reader_new(
			"f", (struct cf_slice){ (const uint8_t *)text, len }, CF_XML_MAY_BE_CUT, &diag);

		dump(xml, out);
		ck_assert_msg(cf_xml_finish(xml) == 0, "%zu: %s", len, out->str);
		ck_assert_msg(cf_xml_cut(xml), "%zu: %s", len, out->str);
		ck_assert_msg(g_str_has_prefix(out->str, "a '1';"), "%zu: %s", len, out->str);
		cf_xml_reader_free(xml);
	}
	check("<r>\n<a>1</a>\n<a", 0, -1,
	      "a '1';a ''...f:3:3: damaged XML: couldn't find end of Start Tag a\n");
}
END_TEST

START_TEST(hostile)
{
	g_autoptr(GString) deep = g_string_new("<r>"), wide = g_string_new("<r><a>"),
			   out = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = out };
	struct cf_xml_reader *xml;

	for (int i = 0; i < 100000; i++)
		g_string_append(deep, "<z>");
	xml = cf_xml_reader_new("f", (struct cf_slice){ (const uint8_t *)deep->str, deep->len }, 0, &diag);
	dump(xml, out);
	ck_assert_int_eq(cf_xml_finish(xml), -1);
	ck_assert_msg(strstr(out->str, "f:1: damaged XML: elements are nested deeper than 256") != NULL, "%s",
		      out->str);
	cf_xml_reader_free(xml);
	/* A text is only read when it is asked for. */
	g_string_set_size(wide, 40 * 1024 * 1024);
	memset(wide->str + 6, 'x', wide->len - 6);
	g_string_append(wide, "</a></r>");
	xml = cf_xml_reader_new("f", (struct cf_slice){ (const uint8_t *)wide->str, wide->len }, 0, &diag);
	ck_assert_uint_eq(cf_xml_root(xml, "r"), 1);
	ck_assert_int_eq(cf_xml_finish(xml), 0);
	cf_xml_reader_free(xml);
	/* A tag isn't. */
	memcpy(wide->str, "<r><a ", 6);
	xml = cf_xml_reader_new("f", (struct cf_slice){ (const uint8_t *)wide->str, wide->len }, 0, &diag);
	dump(xml, out);
	ck_assert_int_eq(cf_xml_finish(xml), -1);
	cf_xml_reader_free(xml);
	ck_assert_uint_eq(diag.errors, 2);
}
END_TEST

START_TEST(root_names)
{
	static const struct {
		const char *text, *root;
	} cases[] = { { "<?xml version='1.0'?>\n\n<valgrindoutput>", "valgrindoutput" },
		      { "<!-- a --> <x:y z='1'/>", "x:y" },
		      { "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "a" },
		      { "<!ELEMENT a>", "" },
		      { "{}", "" },
		      { "", "" },
		      { "<", "" },
		      { "<?xml", "" },
		      { "<!-- never ends", "" } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *text = cases[i].text;
		g_autofree char *root =
			cf_xml_root_name((struct cf_slice){ (const uint8_t *)text, strlen(text) });

		ck_assert_str_eq(root, cases[i].root);
	}
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/xml_reader");
	TCase *t = tcase_create("xml");

	tcase_set_timeout(t, 60);

	tcase_add_test(t, elements);
	tcase_add_test(t, encodings);
	tcase_add_test(t, document_types);
	tcase_add_test(t, errors);
	tcase_add_test(t, cuts);
	tcase_add_test(t, hostile);
	tcase_add_test(t, root_names);
	suite_add_tcase(s, t);
	return s;
}
