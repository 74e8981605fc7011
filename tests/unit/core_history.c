/* SPDX-License-Identifier: MIT */
/* core_history: a history is in one order, whatever came first and whatever the clocks said. */
#include "tests/unit/suite.h"

#include "core/history.h"

static struct cf_history *history;

static void setup(void)
{
	history = cf_history_new();
}

static void teardown(void)
{
	cf_history_free(history);
}

static struct cf_oid oid(unsigned n)
{
	struct cf_oid o = { { 0 } };

	o.bytes[0] = (uint8_t)n;
	o.bytes[19] = (uint8_t)(n >> 8);
	return o;
}

/* A commit with up to two parents (0: none). */
static struct cf_commit *commit(unsigned n, int64_t time, unsigned first, unsigned second)
{
	struct cf_oid name = oid(n);
	struct cf_commit *c = cf_history_add_commit(history, &name);
	unsigned parents[] = { first, second };

	c->commit_time = c->author_time = time;
	c->author = c->committer = cf_history_person(history, "A", -1, "a@x", -1);
	for (int i = 0; i < 2; i++) {
		struct cf_parent p = { oid(parents[i]), CF_NONE };

		if (!parents[i])
			continue;
		g_array_append_val(history->parents, p);
		c->parents++;
	}
	return c;
}

static void change(struct cf_commit *c, const char *path, uint32_t added)
{
	struct cf_change row = { .path = cf_history_path(history, path, -1),
				 .old_path = CF_NONE,
				 .added = added,
				 .status = CF_CHANGE_MODIFIED };

	g_array_append_val(history->changes, row);
	c->changes++;
}

static unsigned name_at(guint i)
{
	return g_array_index(history->commits, struct cf_commit, i).oid.bytes[0];
}

START_TEST(names)
{
	struct cf_oid a = oid(0xab), b;
	char hex[CF_OID_HEX + 1];

	cf_oid_hex(&a, hex);
	ck_assert_str_eq(hex, "ab00000000000000000000000000000000000000");
	ck_assert(cf_oid_parse(&b, hex, CF_OID_HEX));
	ck_assert(cf_oid_equal(&a, &b));
	ck_assert(!cf_oid_parse(&b, hex, 39));
	hex[3] = 'g';
	ck_assert(!cf_oid_parse(&b, hex, CF_OID_HEX));
	ck_assert_uint_eq(cf_history_path(history, "a/b", -1), 0);
	ck_assert_uint_eq(cf_history_path(history, "a/bc", 3), 0);
	ck_assert_uint_eq(cf_history_path(history, "c", -1), 1);
	ck_assert_uint_eq(cf_history_person(history, "A", -1, "a@x", -1), 0);
	ck_assert_uint_eq(cf_history_person(history, "A", -1, "a@y", -1), 1);
	ck_assert_uint_eq(cf_history_person(history, "A", -1, "a@x", -1), 0);
	ck_assert_str_eq(cf_history_path_text(history, 1), "c");
}
END_TEST

/* Children came first and their clocks were behind: parents go first all the same. */
START_TEST(order)
{
	change(commit(5, 50, 4, 2), "z", 1);
	change(&g_array_index(history->commits, struct cf_commit, 0), "a", 2);
	commit(4, 10, 3, 0);
	commit(3, 60, 1, 0);
	commit(2, 60, 1, 0)->subject = cf_dict_str(history->dict, "two", -1);
	commit(1, 40, 0, 0);
	cf_history_settle(history, NULL, NULL);
	/* 1 at 40; 2 and 3 at 60 by name; 4 is one later than its parent; 5 one later than that. */
	ck_assert_uint_eq(name_at(0), 1);
	for (guint i = 0; i < 5; i++) {
		const struct cf_commit *c = &g_array_index(history->commits, struct cf_commit, i);
		struct cf_oid name = c->oid;

		ck_assert_uint_eq(cf_history_find(history, &name), i);
		for (uint32_t p = 0; p < c->parents; p++)
			ck_assert_uint_lt(
				g_array_index(history->parents, struct cf_parent, c->first_parent + p).commit,
				i);
	}
	ck_assert_uint_eq(name_at(1), 2);
	ck_assert_uint_eq(name_at(2), 3);
	ck_assert_uint_eq(name_at(3), 4);
	ck_assert_uint_eq(name_at(4), 5);
	ck_assert_int_eq(g_array_index(history->commits, struct cf_commit, 3).order, 61);
	ck_assert_int_eq(g_array_index(history->commits, struct cf_commit, 4).order, 62);
	/* The changes went with their commit, in the order of paths. */
	ck_assert_uint_eq(history->changes->len, 2);
	ck_assert_uint_eq(g_array_index(history->changes, struct cf_change, 0).added, 2);
	ck_assert_uint_eq(g_array_index(history->changes, struct cf_change, 0).commit, 4);
}
END_TEST

static gboolean known(void *ctx, const struct cf_oid *o, int64_t *at)
{
	*at = 100;
	return o->bytes[0] == 9;
}

START_TEST(outside)
{
	commit(2, 10, 9, 0);
	commit(3, 10, 8, 0);
	cf_history_settle(history, known, NULL);
	ck_assert_uint_eq(name_at(0), 3);
	ck_assert_int_eq(g_array_index(history->commits, struct cf_commit, 0).order, 10);
	ck_assert_int_eq(g_array_index(history->commits, struct cf_commit, 1).order, 101);
}
END_TEST

/* No real names can be on a cycle; an untrusted reader can say so. Absurd clocks don't overflow. */
START_TEST(absurd)
{
	commit(1, INT64_MAX, 2, 0);
	commit(2, INT64_MIN, 1, 0);
	commit(3, INT64_MAX, 3, 0);
	commit(4, INT64_MAX, 5, 0);
	commit(5, INT64_MAX, 0, 0);
	cf_history_settle(history, NULL, NULL);
	ck_assert_uint_eq(history->commits->len, 5);
	ck_assert_uint_eq(name_at(0), 2);
	ck_assert_uint_eq(name_at(4), 4);
}
END_TEST

/* The same path twice in a commit is from a damaged folder; functions of one name are one. */
START_TEST(twice)
{
	struct cf_commit *c = commit(1, 1, 0, 0);
	struct cf_func_change f = { .path = cf_history_path(history, "a", -1),
				    .added = 1,
				    .deleted = UINT32_MAX };

	change(c, "a", 1);
	change(c, "b", 2);
	change(c, "a", 3);
	f.name = cf_dict_str(history->dict, "f", -1);
	g_array_append_val(history->func_changes, f);
	g_array_append_val(history->func_changes, f);
	c->funcs = 2;
	cf_history_settle(history, NULL, NULL);
	c = &g_array_index(history->commits, struct cf_commit, 0);
	ck_assert_uint_eq(c->changes, 2);
	ck_assert_uint_eq(g_array_index(history->changes, struct cf_change, 0).added, 1);
	ck_assert_uint_eq(g_array_index(history->changes, struct cf_change, 1).added, 2);
	ck_assert_uint_eq(c->funcs, 1);
	ck_assert_uint_eq(g_array_index(history->func_changes, struct cf_func_change, 0).added, 2);
	ck_assert_uint_eq(g_array_index(history->func_changes, struct cf_func_change, 0).deleted, UINT32_MAX);
}
END_TEST

START_TEST(ignored)
{
	struct cf_oid name = oid(2), other = oid(77);

	commit(1, 1, 0, 0);
	commit(2, 2, 1, 0);
	g_array_append_val(history->ignored, name);
	g_array_append_val(history->ignored, other);
	cf_history_settle(history, NULL, NULL);
	ck_assert_uint_eq(g_array_index(history->commits, struct cf_commit, 0).flags, 0);
	ck_assert_uint_eq(g_array_index(history->commits, struct cf_commit, 1).flags, CF_COMMIT_IGNORED);
}
END_TEST

START_TEST(quality)
{
	cf_history_quality(history, "k", NULL, 2, "cure", "n %d", 1);
	cf_history_quality(history, "k", NULL, INT64_MAX, NULL, "n %d", 2);
	ck_assert_uint_eq(history->quality->len, 1);
	ck_assert_int_eq(g_array_index(history->quality, struct cf_quality, 0).count, INT64_MAX);
	ck_assert_str_eq(g_array_index(history->quality, struct cf_quality, 0).text, "n 1");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_history");
	TCase *t = tcase_create("history");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, names);
	tcase_add_test(t, order);
	tcase_add_test(t, outside);
	tcase_add_test(t, absurd);
	tcase_add_test(t, twice);
	tcase_add_test(t, ignored);
	tcase_add_test(t, quality);
	suite_add_tcase(s, t);
	return s;
}
