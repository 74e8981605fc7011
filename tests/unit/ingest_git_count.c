/* SPDX-License-Identifier: MIT */
/* ingest_git_count: lines are counted as git's diff counts them, also where it isn't run. */
#include "tests/unit/suite.h"

#include "ingest/git/lines.h"

static struct cf_git2 lib;
static gboolean loaded;
static struct cf_git_middle middle;

static void setup(void)
{
	struct cf_diag silent = { 0 };

	loaded = cf_git2_load(&lib, &silent) == 0;
}

static struct cf_slice slice(const char *text)
{
	return (struct cf_slice){ (const uint8_t *)text, strlen(text) };
}

/* hunks NULL: the short way where it is known to be right; else git's own diff. */
static void count(struct cf_slice old, struct cf_slice new, uint32_t result[2], GArray *hunks)
{
	struct cf_git_text texts[2] = { { old, cf_git_hashes_new() }, { new, cf_git_hashes_new() } };

	ck_assert_int_eq(cf_git_count(&lib, &middle, &texts[0], &texts[1], &result[0], &result[1], hunks), 0);
	cf_git_hashes_unref(texts[0].hashes);
	cf_git_hashes_unref(texts[1].hashes);
}

static void counts(const char *old, const char *new, uint32_t added, uint32_t deleted)
{
	uint32_t result[2];

	count(slice(old), slice(new), result, NULL);
	ck_assert_msg(result[0] == added && result[1] == deleted, "%s -> %s: +%u -%u", old, new, result[0],
		      result[1]);
}

START_TEST(by_hand)
{
	counts("", "", 0, 0);
	counts("", "a\n", 1, 0);
	counts("a\n", "", 0, 1);
	counts("a\nb\nc\n", "a\nb\nc\n", 0, 0);
	counts("a\nb\nc\n", "a\nx\nc\n", 1, 1);
	counts("a\nb\nc\n", "a\nc\n", 0, 1);
	counts("a\nb", "a\nb\n", 1, 1);
	counts("a\nb\n", "a\nb\nb", 1, 0);
	counts("a\na\na\n", "a\na\n", 0, 1);
	counts("x", "y", 1, 1);
	counts("a\r\nb\n", "a\nb\n", 1, 1);
	counts("a\nb\nc\nd\ne\n", "e\nb\nc\nd\na\n", 2, 2);
}
END_TEST

START_TEST(hunks)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct cf_git_hunk));
	const struct cf_git_hunk *row;
	uint32_t result[2];

	count(slice(""), slice("x\ny\n"), result, rows);
	ck_assert_uint_eq(rows->len, 1);
	row = &g_array_index(rows, struct cf_git_hunk, 0);
	ck_assert_uint_eq(row->old_start, 0);
	ck_assert_uint_eq(row->old_lines, 0);
	ck_assert_uint_eq(row->new_start, 1);
	ck_assert_uint_eq(row->new_lines, 2);
	if (!loaded)
		return;
	g_array_set_size(rows, 0);
	count(slice("a\nb\nc\n"), slice("a\nb\nx\ny\nc\n"), result, rows);
	row = &g_array_index(rows, struct cf_git_hunk, 0);
	ck_assert_uint_eq(row->old_start, 2);
	ck_assert_uint_eq(row->new_start, 3);
	g_array_set_size(rows, 0);
	count(slice("a\nb\nc\nd\ne\nf\n"), slice("a\nB\nc\nd\ne\nF\n"), result, rows);
	ck_assert_uint_eq(rows->len, 2);
	row = &g_array_index(rows, struct cf_git_hunk, 1);
	ck_assert_uint_eq(row->old_start, 6);
	ck_assert_uint_eq(row->new_start, 6);
	ck_assert_uint_eq(row->new_lines, 1);
}
END_TEST

static uint64_t random_state;

static uint32_t next_random(uint32_t below)
{
	random_state = random_state * G_GUINT64_CONSTANT(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(random_state >> 33) % below;
}

/* Some lines are rare and some, as braces in programs, are everywhere. */
static void add_line(GString *text, uint32_t variety)
{
	static const char *const common[] = { "}\n", "\n", "\treturn 0;\n", "{\n" };

	if (next_random(3) == 0)
		g_string_append(text, common[next_random(4)]);
	else
		g_string_append_printf(text, "line %u\n", next_random(variety));
}

/* A copy with some lines taken out, put in or moved; sometimes without its last newline. */
static GString *edited(const GString *old, uint32_t edits, uint32_t variety)
{
	g_auto(GStrv) lines = g_strsplit(old->str, "\n", -1);
	guint n = g_strv_length(lines);
	GString *text = g_string_new(NULL);

	n -= n > 0;
	for (guint i = 0; i < n; i++) {
		uint32_t fate = next_random(MAX(n / MAX(edits, 1), 1) + 1) == 0 ? next_random(4) : 9;

		if (fate == 0)
			continue;
		if (fate == 1)
			add_line(text, variety);
		if (fate == 2)
			for (int k = 0; k < 5; k++)
				add_line(text, variety);
		g_string_append_printf(text, "%s\n", lines[fate == 3 ? next_random(n) : i]);
	}
	if (text->len && next_random(10) == 0)
		g_string_truncate(text, text->len - 1);
	return text;
}

/* Every way of editing files of every length: the short way says what git's diff says, or runs it. */
START_TEST(as_git)
{
	static const uint32_t lengths[] = { 1, 5, 20, 60, 200, 700, 3000 };

	if (!loaded)
		return;
	for (uint32_t i = 0; i < 1400; i++) {
		uint32_t n = lengths[i % G_N_ELEMENTS(lengths)], variety = 1 + next_random(2 * n), ways[2][2];
		g_autoptr(GString) old = g_string_new(NULL), new = NULL;
		g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct cf_git_hunk));

		random_state = i;
		for (uint32_t k = 0; k < n; k++)
			add_line(old, variety);
		new = edited(old, 1 + next_random(n), variety);
		count((struct cf_slice){ (uint8_t *)old->str, old->len },
		      (struct cf_slice){ (uint8_t *)new->str, new->len }, ways[0], NULL);
		count((struct cf_slice){ (uint8_t *)old->str, old->len },
		      (struct cf_slice){ (uint8_t *)new->str, new->len }, ways[1], rows);
		ck_assert_msg(ways[0][0] == ways[1][0] && ways[0][1] == ways[1][1],
			      "seed %u: +%u -%u, git's diff says +%u -%u", i, ways[0][0], ways[0][1],
			      ways[1][0], ways[1][1]);
	}
}
END_TEST

START_TEST(binary)
{
	uint8_t late[9000];

	memset(late, 'a', sizeof(late));
	late[8000] = 0;
	ck_assert(!cf_git_is_binary((struct cf_slice){ late, sizeof(late) }));
	late[7999] = 0;
	ck_assert(cf_git_is_binary((struct cf_slice){ late, sizeof(late) }));
	ck_assert(!cf_git_is_binary(slice("")));
	ck_assert_uint_eq(cf_git_lines(slice("")), 0);
	ck_assert_uint_eq(cf_git_lines(slice("a")), 1);
	ck_assert_uint_eq(cf_git_lines(slice("a\n")), 1);
	ck_assert_uint_eq(cf_git_lines(slice("\n\nb")), 3);
}
END_TEST

static void teardown(void)
{
	cf_git_middle_clear(&middle);
}

Suite *suite(void)
{
	Suite *s = suite_create("ingest_git_count");
	TCase *t = tcase_create("count");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_test(t, by_hand);
	tcase_add_test(t, hunks);
	tcase_add_test(t, as_git);
	tcase_add_test(t, binary);
	suite_add_tcase(s, t);
	return s;
}
