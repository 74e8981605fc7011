/* SPDX-License-Identifier: MIT */
/* ingest_format: the registry, and how bids choose an importer. */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/format.h"

static enum cf_bid no(const struct cf_input *input, const char **why)
{
	*why = "no magic";
	return CF_BID_NO;
}

static enum cf_bid shape(const struct cf_input *input, const char **why)
{
	return CF_BID_SHAPE;
}

static enum cf_bid magic(const struct cf_input *input, const char **why)
{
	return CF_BID_MAGIC;
}

static const struct cf_format no_a = { .name = "na", .probe = no }, no_b = { .name = "nb", .probe = no },
			      shape_a = { .name = "sa", .probe = shape },
			      shape_b = { .name = "sb", .probe = shape },
			      magic_a = { .name = "ma", .probe = magic },
			      magic_b = { .name = "mb", .probe = magic };

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s%s%s", where, *where ? ": " : "", text);
}

/* The chosen format's name, or the message. */
static char *choose(const struct cf_format *const *formats, const char *bytes)
{
	struct cf_input input = { .path = "f", .bytes = { (const uint8_t *)bytes, strlen(bytes) } };
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	const struct cf_format *format = cf_format_choose(formats, &input, &diag);

	ck_assert_uint_eq(diag.errors, format ? 0 : 1);
	return g_strdup(format ? format->name : said->str);
}

#define FORMATS(...) ((const struct cf_format *const[]){ __VA_ARGS__, NULL })

static void chooses(const struct cf_format *const *formats, const char *bytes, const char *want)
{
	g_autofree char *got = choose(formats, bytes);

	ck_assert_str_eq(got, want);
}

START_TEST(takes_the_highest_bid)
{
	chooses(FORMATS(&no_a, &shape_a, &no_b), "x", "sa");
	chooses(FORMATS(&shape_a, &magic_a), "x", "ma");
	chooses(FORMATS(&magic_a, &shape_a), "x", "ma");
	chooses(FORMATS(&shape_a, &shape_b, &magic_a), "x", "ma");
	chooses(FORMATS(&shape_a, &shape_b), "x", "f: could be sa or sb; choose with --format");
	chooses(FORMATS(&shape_a, &magic_a, &magic_b), "x", "f: could be ma or mb; choose with --format");
}
END_TEST

START_TEST(says_why_none_fits)
{
	chooses(FORMATS(&no_a, &no_b),
		"\x7f"
		"ELF and some more bytes",
		"f: unknown format, begins with '\\x7fELF and some mo...'; nearest: na (no magic), nb (no "
		"magic)");
	chooses(FORMATS(&no_a), "", "f: empty file");
}
END_TEST

START_TEST(is_a_registry)
{
	size_t n = 0;

	for (; cf_formats[n]; n++) {
		const struct cf_format *f = cf_formats[n];

		ck_assert_ptr_eq(cf_format_by_name(f->name), f);
		ck_assert(f->summary && f->version > 0 && f->probe);
		ck_assert(f->history ? f->history->look && f->history->read : f->read != NULL);
		if (n)
			ck_assert_int_lt(strcmp(cf_formats[n - 1]->name, f->name), 0);
	}
	ck_assert_uint_ge(n, 2);
	ck_assert_ptr_null(cf_format_by_name("none"));
	/* No setting of a format is called like a common one, and all tables parse. */
	for (n = 0; cf_formats[n]; n++) {
		const struct cf_param *const tables[] = { cf_format_common_params, cf_formats[n]->params,
							  NULL };
		struct cf_params *params = cf_params_new(tables);

		ck_assert(cf_params_has(params, "partial"));
		cf_params_free(params);
	}
}
END_TEST

static void probes(const char *bytes, size_t len, const char *name, const char *want)
{
	struct cf_input input = { .path = "f", .bytes = { (const uint8_t *)bytes, len } };
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	const struct cf_format *format = cf_format_probe(&input, name, &diag);

	if (format)
		ck_assert_str_eq(format->name, want);
	else
		ck_assert_msg(strstr(said->str, want), "%s", said->str);
}

START_TEST(probes_real_bytes)
{
	probes("a;b 1\n", 6, NULL, "collapsed");
	probes("PERFILE2h\0\0\0\0\0\0\0", 16, NULL, "perf");
	probes("hello", 5, NULL,
	       "unknown format, begins with 'hello'; nearest: collapsed (no line \"root;caller;leaf 12\")");
	/* By name, whatever the content is. */
	probes("hello", 5, "collapsed", "collapsed");
	probes("hello", 5, "colapsed", "unknown format 'colapsed'; did you mean 'collapsed'?");
	probes("hello", 5, "zip\x1b", "unknown format 'zip\\x1b'");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/format");
	TCase *t = tcase_create("format");

	tcase_add_test(t, takes_the_highest_bid);
	tcase_add_test(t, says_why_none_fits);
	tcase_add_test(t, is_a_registry);
	tcase_add_test(t, probes_real_bytes);
	suite_add_tcase(s, t);
	return s;
}
