/* SPDX-License-Identifier: MIT */
/* ingest_git_log: what git log --numstat printed, in three forms. */
#include "tests/unit/suite.h"

#include "ingest/format.h"

extern const struct cf_format cf_format_git_log;

static struct cf_history *history;
static GString *said;

static void consume(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_string_append_printf(said, "%s:%u: %s\n", loc ? loc->path : "", loc ? loc->line : 0, text);
}

static void setup(void)
{
	history = cf_history_new();
	said = g_string_new(NULL);
}

static void teardown(void)
{
	cf_history_free(history);
	g_string_free(said, TRUE);
}

/* Into a new history. */
static int read_text(const char *text)
{
	struct cf_input input = { .path = "redis.log", .bytes = { (const uint8_t *)text, strlen(text) } };
	struct cf_diag diag = { .consume = consume };

	cf_history_free(history);
	history = cf_history_new();
	return cf_format_git_log.history->read(&input, NULL, NULL, history, &diag);
}

static enum cf_bid probe_text(const char *text)
{
	struct cf_input input = { .path = "x", .bytes = { (const uint8_t *)text, strlen(text) } };
	const char *why;

	return cf_format_git_log.probe(&input, &why);
}

static const struct cf_commit *commit_at(guint i)
{
	return &g_array_index(history->commits, struct cf_commit, i);
}

static const struct cf_change *change_at(guint i)
{
	return &g_array_index(history->changes, struct cf_change, i);
}

/* The paths of all changes, oldest commit first. Caller frees. */
static char *paths(void)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < history->changes->len; i++) {
		const struct cf_change *c = change_at(i);

		if (c->old_path != CF_NONE)
			g_string_append_printf(text, "%s>", cf_history_path_text(history, c->old_path));
		g_string_append_printf(text, "%s +%u -%u%s;", cf_history_path_text(history, c->path),
				       c->added, c->deleted, c->flags & CF_CHANGE_BINARY ? " b" : "");
	}
	return g_string_free(text, FALSE);
}

START_TEST(dashes)
{
	g_autofree char *all = NULL;

	ck_assert_int_eq(read_text("--c3--2013-08-30--Zoë "
				   "Z\n1\t2\ta.c\n-\t-\tb.png\n\n--b2--2013-08-29--Ann\n0\t7\ta.c\n"),
			 0);
	all = paths();
	ck_assert_str_eq(all, "a.c +0 -7;a.c +1 -2;b.png +0 -0 b;");
	ck_assert_str_eq(cf_history_author(history, commit_at(0)), "Ann");
	ck_assert_str_eq(cf_history_author(history, commit_at(1)), "Zoë Z");
	ck_assert_int_eq(commit_at(0)->author_time, 1377734400);
	ck_assert(!history->has_oids);
	ck_assert_uint_eq(commit_at(1)->oid.bytes[0], 0xc3);
	ck_assert_str_eq(history->name, "redis");
}
END_TEST

START_TEST(brackets)
{
	g_autofree char *all = NULL;

	/* Two commits of one name, as logs that were put together have. */
	ck_assert_int_eq(read_text("[2] A P T 2013-02-08 see 2012-01-01 too\n1\t2\t/x y/z.cs\n\n[2] XYZ "
				   "2013-02-07 Report\n18\t2\t"
				   "q\n"),
			 0);
	all = paths();
	ck_assert_str_eq(all, "q +18 -2;/x y/z.cs +1 -2;");
	ck_assert_uint_eq(history->commits->len, 2);
	ck_assert_str_eq(cf_history_author(history, commit_at(1)), "A P T");
	ck_assert_str_eq(cf_history_text(history, commit_at(1)->subject), "see 2012-01-01 too");
}
END_TEST

#define NAME "0123456789abcdef0123456789abcdef0123456"

START_TEST(plain)
{
	g_autofree char *all = NULL;

	ck_assert_int_eq(
		read_text("commit " NAME
			  "2 (HEAD -> main, tag: v1)\nMerge: 1a2b3c4 5d6e7f8\nAuthor: M <m@x>\n"
			  "Date:   Thu Aug 29 12:00:00 2013 +0200\n\n    Merge it\n\n"
			  "commit " NAME
			  "1\nAuthor: Ann <B> <a@x>\nDate:   Sat Mar 2 01:00:00 2013 -0130\n\n    one\n    "
			  "1\t2\tno change\n    \n\n"
			  "3\t4\tsrc/{old => new}/f.c\n5\t6\ta => b\n7\t8\tx/{ => y}/z\n9\t0\tx/{y => }/z\n"
			  "1\t1\t\"t\\303\\244\\tb\\\"\"\n"),
		0);
	all = paths();
	ck_assert_str_eq(all, "a>b +5 -6;src/old/f.c>src/new/f.c +3 -4;t\303\244\tb\" +1 -1;x/z>x/y/z +7 -8;"
			      "x/y/z>x/z +9 -0;");
	ck_assert(history->has_oids);
	ck_assert_uint_eq(commit_at(1)->parents, 2);
	ck_assert_str_eq(cf_history_author(history, commit_at(0)), "Ann <B>");
	ck_assert_str_eq(cf_history_text(history, commit_at(0)->subject), "one");
	ck_assert_int_eq(commit_at(0)->author_time, 1362191400);
	ck_assert_int_eq(commit_at(0)->author_zone, -90);
	ck_assert_int_eq(commit_at(1)->author_time, 1377770400);
	ck_assert_int_eq(commit_at(1)->author_zone, 120);
}
END_TEST

/* The same moment in each form that git log --date= has. */
START_TEST(dates)
{
	static const char *const forms[] = { "Thu Aug 29 12:00:00 2013 +0200", "2013-08-29 12:00:00 +0200",
					     "2013-08-29T12:00:00+02:00", "1377770400", "1377770400 +0200" };

	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *text = g_strdup_printf(
			"commit " NAME "%zu\nAuthor: A <a@x>\nDate:   %s\n\n1\t1\tf\n", i, forms[i]);

		ck_assert_msg(read_text(text) == 0, "%s: %s", forms[i], said->str);
		ck_assert_int_eq(commit_at(0)->author_time, 1377770400);
	}
}
END_TEST

START_TEST(refused)
{
	ck_assert_int_eq(read_text("commit " NAME "1\nAuthor: A <a@x>\nDate:   yesterday\n"), -1);
	ck_assert_str_eq(
		said->str,
		"redis.log:3: a date that isn't known; expected git's default, iso, short, unix or raw "
		"form\n");
	g_string_truncate(said, 0);
	ck_assert_int_eq(read_text("--c3--2013-13-30--A\n1\t1\tf\n"), -1);
	ck_assert_str_eq(said->str, "redis.log:1: a date that no calendar has\n");
	g_string_truncate(said, 0);
	ck_assert_int_eq(read_text("hello\n"), -1);
	ck_assert_str_eq(said->str, "redis.log:1: no commit of git log --numstat\n");
}
END_TEST

/* Lines of no kind are counted; numbers that are none make a line of no kind. */
START_TEST(strange_lines)
{
	const struct cf_quality *row = NULL;

	ck_assert_int_eq(
		read_text("--c3--2013-08-30--A\n1\t1\tf\nwhat\n99999999999\t1\tg\n-\t1\th\n1\t1\t\n"), 0);
	ck_assert_uint_eq(history->changes->len, 1);
	for (guint i = 0; i < history->quality->len; i++)
		if (strcmp(g_array_index(history->quality, struct cf_quality, i).key, "unknown-lines") == 0)
			row = &g_array_index(history->quality, struct cf_quality, i);
	ck_assert_ptr_nonnull(row);
	ck_assert_int_eq(row->count, 4);
}
END_TEST

START_TEST(probes)
{
	ck_assert_int_eq(probe_text("--c3--2013-08-30--A\n1\t1\tf\n"), CF_BID_SHAPE);
	ck_assert_int_eq(probe_text("\n\n[c3] A 2013-08-30 s\n\n1\t1\tf\n"), CF_BID_SHAPE);
	ck_assert_int_eq(probe_text("commit " NAME "1\nAuthor: x\n\n    m\n\n1\t1\tf\n"), CF_BID_SHAPE);
	ck_assert_int_eq(probe_text("commit " NAME "1\nAuthor: x\n\n    m\n"), CF_BID_NEAR);
	ck_assert_int_eq(probe_text("a;b 1\n"), CF_BID_NO);
	ck_assert_int_eq(probe_text("--help\n"), CF_BID_NO);
	ck_assert_int_eq(probe_text("[x] A 2013-08-30 s\n1\t1\tf\n"), CF_BID_NO);
	ck_assert_int_eq(probe_text(""), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_git_log");
	TCase *t = tcase_create("log");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, dashes);
	tcase_add_test(t, brackets);
	tcase_add_test(t, plain);
	tcase_add_test(t, dates);
	tcase_add_test(t, refused);
	tcase_add_test(t, strange_lines);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
