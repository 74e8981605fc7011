/* SPDX-License-Identifier: MIT */
/* analyzers_churn_people: who knows what, and what changes together. */
#include "analyzers/churn/coupling.h"
#include "analyzers/churn/ownership.h"

#include "core/people.h"
#include "tests/unit/churn_fixture.h"

#include <math.h>

struct all {
	struct cf_history *history;
	struct cf_churn *churn;
	struct cf_churn_sums *sums;
};

static struct all all_of(struct cf_history *history)
{
	struct all all = { .history = history, .churn = churn_of(history, NULL) };

	all.sums = cf_churn_sums_new(all.churn);
	return all;
}

static void all_clear(struct all *all)
{
	cf_churn_sums_free(all->sums);
	cf_churn_free(all->churn);
	cf_history_free(all->history);
}

static const char *name(const struct all *all, uint32_t author_id)
{
	return cf_churn_author(all->churn, author_id)->name;
}

START_TEST(main_developers)
{
	struct cf_history *h = cf_history_new();
	struct all all;
	struct cf_churn_main m;
	uint32_t a, picture;

	commit(h, "2024-01-01 Zoe: a.c +10, x.png", 0);
	commit(h, "2024-01-02 Ann: a.c +6, x.png", 0);
	commit(h, "2024-01-03 Ann: a.c +4", 0);
	all = all_of(h);
	a = entity(all.churn, "a.c");
	picture = entity(all.churn, "x.png");
	/* Ten lines each: the first by name. */
	m = cf_churn_main(all.sums, a, CF_CHURN_ADDED);
	ck_assert_str_eq(name(&all, m.author), "Ann");
	ck_assert_int_eq(m.own, 10);
	ck_assert_int_eq(m.total, 20);
	ck_assert_double_eq(m.ownership, 0.5);
	m = cf_churn_main(all.sums, a, CF_CHURN_REVISIONS);
	ck_assert_str_eq(name(&all, m.author), "Ann");
	ck_assert_double_eq_tol(m.ownership, 2.0 / 3, 1e-12);
	/* Without lines there is nothing to own. */
	m = cf_churn_main(all.sums, picture, CF_CHURN_ADDED);
	ck_assert_str_eq(name(&all, m.author), "Ann");
	ck_assert_double_eq(m.ownership, 0);
	all_clear(&all);
}
END_TEST

START_TEST(fragmentation_and_minor_contributors)
{
	struct cf_history *h = cf_history_new();
	struct all all;
	uint32_t a, b;

	for (int i = 0; i < 22; i++)
		commit(h, "2024-01-01 Ann: b", 0);
	commit(h, "2024-01-02 Bob: a, b", 0);
	commit(h, "2024-01-03 Eve: a, b", 0);
	commit(h, "2024-01-04 Eve: a", 0);
	commit(h, "2024-01-05 Ann: a", 0);
	commit(h, "2024-01-06 x[bot]: b", 0);
	all = all_of(h);
	a = entity(all.churn, "a");
	b = entity(all.churn, "b");
	/* 1 - (1 + 4 + 1) / 16 */
	ck_assert_double_eq(cf_churn_fragmentation(all.sums, a), 0.625);
	ck_assert_double_eq(cf_churn_fragmentation(all.sums, b), 1 - (22.0 * 22 + 3) / (25 * 25));
	/* One revision of 25 is 4 %, one of 4 isn't little. */
	ck_assert_uint_eq(cf_churn_minor(all.sums, b, FALSE), 2);
	ck_assert_uint_eq(cf_churn_minor(all.sums, b, TRUE), 3);
	ck_assert_uint_eq(cf_churn_minor(all.sums, a, TRUE), 0);
	all_clear(&all);
}
END_TEST

/* Four files at the head: Ann's two, Bob's one, and one that only a bot writes. */
static struct cf_history *town(void)
{
	struct cf_history *h = cf_history_new();

	commit(h, "2024-01-01 Ann: one, two", 0);
	commit(h, "2024-01-02 Bob: three", 0);
	commit(h, "2024-01-03 ci[bot]: four, five, gone", 0);
	commit(h, "2024-01-04 ci[bot]: one", 0);
	head(h, "one", 1, 0);
	head(h, "two", 1, 0);
	head(h, "three", 1, 0);
	head(h, "four", 1, 0);
	head(h, "five", 1, 0);
	return h;
}

START_TEST(truck_factor)
{
	struct all all = all_of(town());
	struct cf_churn_truck truck = cf_churn_truck(all.sums, FALSE);
	struct cf_churn_gone *gone = (struct cf_churn_gone *)(void *)truck.gone->data;

	/* Of three files that people made, Ann's two are more than half. */
	ck_assert_uint_eq(truck.files, 3);
	ck_assert_uint_eq(truck.gone->len, 1);
	ck_assert_str_eq(name(&all, gone[0].author), "Ann");
	ck_assert_uint_eq(gone[0].files, 2);
	ck_assert_uint_eq(gone[0].orphaned, 2);
	cf_churn_truck_clear(&truck);
	/* With the bot: it and Ann have two files each, and Ann comes first; half of five isn't enough. */
	truck = cf_churn_truck(all.sums, TRUE);
	gone = (struct cf_churn_gone *)(void *)truck.gone->data;
	ck_assert_uint_eq(truck.files, 5);
	ck_assert_uint_eq(truck.gone->len, 2);
	ck_assert_str_eq(name(&all, gone[0].author), "Ann");
	ck_assert_str_eq(name(&all, gone[1].author), "ci[bot]");
	ck_assert_uint_eq(gone[1].orphaned, 4);
	cf_churn_truck_clear(&truck);
	all_clear(&all);
}
END_TEST

/*
 * The degree of authorship of who made a file and never came back falls: with 60 revisions by others it is
 * 3.293 + 1.098 + 0.164 - 0.321 ln 61 = 3.235, too little.
 */
START_TEST(authorship_wears_off)
{
	struct cf_history *h = cf_history_new();
	struct cf_churn_truck truck;
	struct all all;

	commit(h, "2024-01-01 Ann: a", 0);
	for (int i = 0; i < 60; i++)
		commit(h, "2024-01-02 Bob: a", 0);
	head(h, "a", 1, 0);
	all = all_of(h);
	truck = cf_churn_truck(all.sums, FALSE);
	ck_assert_uint_eq(truck.gone->len, 1);
	ck_assert_str_eq(name(&all, g_array_index(truck.gone, struct cf_churn_gone, 0).author), "Bob");
	cf_churn_truck_clear(&truck);
	all_clear(&all);
}
END_TEST

/* Ann has 3 files, Bob 2, Eve 1; a is everybody's, b Ann's and Bob's. */
START_TEST(communication)
{
	static const struct {
		const char *author, *peer;
		uint32_t shared, average, strength;
	} expected[] = { { "Ann", "Bob", 2, 3, 66 }, { "Bob", "Ann", 2, 3, 66 }, { "Ann", "Eve", 1, 2, 50 },
			 { "Bob", "Eve", 1, 2, 50 }, { "Eve", "Ann", 1, 2, 50 }, { "Eve", "Bob", 1, 2, 50 } };
	struct cf_history *h = cf_history_new();
	struct all all;
	GArray *pairs;
	int64_t n;

	commit(h, "2024-01-01 Ann: a, b, c", 0);
	commit(h, "2024-01-02 Bob: a, b", 0);
	commit(h, "2024-01-03 Eve: a", 0);
	all = all_of(h);
	pairs = cf_churn_communication(all.sums, CF_PAIRS_BOTH_WAYS, 0, &n);
	ck_assert_int_eq(n, 6);
	ck_assert_uint_eq(pairs->len, 6);
	for (guint i = 0; i < pairs->len; i++) {
		const struct cf_churn_pair *pair = &g_array_index(pairs, struct cf_churn_pair, i);

		ck_assert_str_eq(name(&all, pair->author), expected[i].author);
		ck_assert_str_eq(name(&all, pair->peer), expected[i].peer);
		ck_assert_uint_eq(pair->shared, expected[i].shared);
		ck_assert_uint_eq(pair->average, expected[i].average);
		ck_assert_uint_eq(pair->strength, expected[i].strength);
	}
	g_array_unref(pairs);
	pairs = cf_churn_communication(all.sums, CF_PAIRS_ONCE, 1, &n);
	ck_assert_int_eq(n, 3);
	ck_assert_uint_eq(pairs->len, 1);
	ck_assert_str_eq(name(&all, g_array_index(pairs, struct cf_churn_pair, 0).peer), "Bob");
	g_array_unref(pairs);
	all_clear(&all);
}
END_TEST

static char *many_files(const char *begin, int n)
{
	GString *text = g_string_new(begin);

	for (int i = 0; i < n; i++)
		g_string_append_printf(text, "%s f%02d", i ? "," : "", i);
	return g_string_free(text, FALSE);
}

/* a and b change together six times, in a bulk commit once more, a alone four times. */
START_TEST(files_that_change_together)
{
	struct cf_history *h = cf_history_new();
	g_autofree char *bulk = many_files("2024-02-01 Ann: a, b,", 29);
	g_autofree char *full = many_files("2024-02-02 Ann:", 30);
	struct cf_coupling coupling;
	const struct cf_coupled *row;
	int64_t *sums;
	struct all all;

	for (int i = 0; i < 6; i++)
		commit(h, "2024-01-01 Ann: a, b", 0);
	for (int i = 0; i < 4; i++)
		commit(h, "2024-01-02 Ann: a", 0);
	for (int i = 0; i < 4; i++)
		commit(h, "2024-01-03 Ann: a, c", 0);
	commit(h, bulk, 0);
	for (int i = 0; i < 5; i++)
		commit(h, full, 0);
	all = all_of(h);
	coupling = cf_coupling_new(all.churn);
	ck_assert_uint_eq(coupling.bulk, 1);
	/* 30 files five times: 435 pairs, all of 100 %; then a and b. a and c share four commits only. */
	ck_assert_uint_eq(coupling.pairs->len, 436);
	row = &g_array_index(coupling.pairs, struct cf_coupled, 0);
	ck_assert_str_eq(cf_churn_entity(all.churn, row->entity)->name, "f00");
	ck_assert_str_eq(cf_churn_entity(all.churn, row->coupled)->name, "f01");
	ck_assert_uint_eq(row->degree, 100);
	row = &g_array_index(coupling.pairs, struct cf_coupled, 435);
	ck_assert_str_eq(cf_churn_entity(all.churn, row->entity)->name, "a");
	ck_assert_uint_eq(row->shared, 6);
	ck_assert_uint_eq(row->first_revs, 14);
	ck_assert_uint_eq(row->second_revs, 6);
	ck_assert_uint_eq(row->average, 10);
	ck_assert_uint_eq(row->degree, 60);
	sums = cf_coupling_sums(all.churn);
	/* Six times b, four times c, and 30 others of the bulk commit. */
	ck_assert_int_eq(sums[entity(all.churn, "a")], 40);
	ck_assert_int_eq(sums[entity(all.churn, "f00")], 30 + 5 * 29);
	g_free(sums);
	cf_coupling_clear(&coupling);
	all_clear(&all);
}
END_TEST

START_TEST(coupling_of_one)
{
	struct cf_history *h = cf_history_new();
	struct cf_coupling coupling;
	struct all all;
	GArray *rows;

	commit(h, "2024-01-01 Ann: a, b, d", 0);
	commit(h, "2024-01-02 Ann: a, b, c", 0);
	commit(h, "2024-01-03 Ann: a, c", 0);
	commit(h, "2024-01-04 Ann: c", 0);
	all = all_of(h);
	coupling = cf_coupling_new(all.churn);
	rows = cf_coupling_of(all.churn, &coupling, entity(all.churn, "a"));
	/* d only once. */
	ck_assert_uint_eq(rows->len, 2);
	ck_assert_str_eq(cf_churn_entity(all.churn, g_array_index(rows, struct cf_coupled, 0).coupled)->name,
			 "b");
	ck_assert_uint_eq(g_array_index(rows, struct cf_coupled, 0).degree, 80);
	ck_assert_uint_eq(g_array_index(rows, struct cf_coupled, 1).degree, 66);
	g_array_unref(rows);
	cf_coupling_clear(&coupling);
	all_clear(&all);
}
END_TEST

/* One more .mailmap knows people as commits have them, and as they are called already. */
START_TEST(more_mailmap)
{
	static const char first[] = "Ann <ann@x>\nBot Keeper <keeper@x> <b@x>\n";
	static const char more[] = "Anna Smith <anna@y> <ann@x>\nZoe <zoe@x> Bot Keeper <keeper@x>\n";
	struct cf_history *h = cf_history_new();
	uint32_t ann = cf_history_person(h, "ann", -1, "ann@x", -1);
	uint32_t b = cf_history_person(h, "b", -1, "b@x", -1);
	uint32_t other = cf_history_person(h, "Other", -1, "o@x", -1);
	const struct cf_slice text = { (const uint8_t *)first, strlen(first) };

	cf_people_map(h, &text, 1);
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->persons, struct cf_person, ann).name), "Ann");
	cf_people_map_more(h, (struct cf_slice){ (const uint8_t *)more, strlen(more) });
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->persons, struct cf_person, ann).name),
			 "Anna Smith");
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->persons, struct cf_person, ann).email),
			 "anna@y");
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->persons, struct cf_person, b).name), "Zoe");
	ck_assert_str_eq(cf_history_text(h, g_array_index(h->persons, struct cf_person, other).name),
			 "Other");
	cf_history_free(h);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/churn_people");
	TCase *c = tcase_create("people");

	tcase_add_test(c, main_developers);
	tcase_add_test(c, fragmentation_and_minor_contributors);
	tcase_add_test(c, truck_factor);
	tcase_add_test(c, authorship_wears_off);
	tcase_add_test(c, communication);
	tcase_add_test(c, files_that_change_together);
	tcase_add_test(c, coupling_of_one);
	tcase_add_test(c, more_mailmap);
	suite_add_tcase(s, c);
	return s;
}
