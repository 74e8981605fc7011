/* SPDX-License-Identifier: MIT */
/* core_split: parts add up to the whole. */
#include "tests/unit/suite.h"

#include <glib.h>

#include "core/split.h"

static uint64_t part(const struct cf_part *parts, size_t n, uint32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (parts[i].number == number)
			return parts[i].got;
	ck_abort_msg("no part %u", number);
	return 0;
}

/* Hamilton's method for eight states of the census of 1790 and 52 seats, whose quotas stand below. */
START_TEST(by_largest_remainder)
{
	static const struct {
		uint64_t people, seats;
	} states[] = { { 236841, 7 },  { 55540, 2 },  { 70835, 2 },  { 278514, 8 },
		       { 475327, 14 }, { 141822, 4 }, { 179570, 5 }, { 331589, 10 } };
	struct cf_part parts[8];

	for (uint32_t i = 0; i < 8; i++)
		parts[i] = (struct cf_part){ .weight = states[i].people, .number = i };
	/* 6.958, 1.632, 2.081, 8.182, 13.964, 4.166, 5.275, 9.741 */
	cf_split(52, parts, 8);
	for (uint32_t i = 0; i < 8; i++)
		ck_assert_uint_eq(part(parts, 8, i), states[i].seats);
}
END_TEST

START_TEST(exact_where_it_divides)
{
	struct cf_part parts[] = { { .weight = 30, .number = 0 },
				   { .weight = 70, .number = 1 },
				   { .number = 2 } };

	cf_split(1000, parts, 3);
	ck_assert_uint_eq(part(parts, 3, 0), 300);
	ck_assert_uint_eq(part(parts, 3, 1), 700);
	ck_assert_uint_eq(part(parts, 3, 2), 0);
}
END_TEST

START_TEST(equal_remainders_by_number)
{
	struct cf_part parts[] = { { .weight = 1, .number = 7 },
				   { .weight = 1, .number = 3 },
				   { .weight = 1, .number = 5 } };

	cf_split(2, parts, 3);
	ck_assert_uint_eq(part(parts, 3, 3), 1);
	ck_assert_uint_eq(part(parts, 3, 5), 1);
	ck_assert_uint_eq(part(parts, 3, 7), 0);
}
END_TEST

START_TEST(nothing_to_divide_by)
{
	struct cf_part parts[] = { { .number = 1, .got = 9 } };

	cf_split(5, parts, 1);
	ck_assert_uint_eq(parts[0].got, 0);
	cf_split(5, NULL, 0);
}
END_TEST

/* Sums and weights up to the ends of their range. */
START_TEST(adds_up)
{
	GRand *rand = g_rand_new_with_seed(11);

	for (unsigned round = 0; round < 2000; round++) {
		size_t n = (size_t)g_rand_int_range(rand, 1, 40);
		g_autofree struct cf_part *parts = g_new0(struct cf_part, n);
		uint64_t sum = ((uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand)) >>
			       (1 + g_rand_int(rand) % 60),
			 got = 0;

		for (uint32_t i = 0; i < n; i++)
			parts[i] = (struct cf_part){ .weight = ((uint64_t)g_rand_int(rand) << 32 |
								g_rand_int(rand)) >>
							       g_rand_int(rand) % 60,
						     .number = i };
		parts[0].weight |= 1;
		cf_split(sum, parts, n);
		for (size_t i = 0; i < n; i++)
			got += parts[i].got;
		ck_assert_uint_eq(got, sum);
	}
	g_rand_free(rand);
}
END_TEST

START_TEST(portions)
{
	ck_assert_uint_eq(cf_portion(INT64_MAX, INT64_MAX, INT64_MAX), INT64_MAX);
	ck_assert_uint_eq(cf_portion(UINT64_C(1) << 62, 1, 3), (UINT64_C(1) << 62) / 3);
	ck_assert_uint_eq(cf_portion(10, 0, 7), 0);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_split");
	TCase *t = tcase_create("split");

	tcase_add_test(t, by_largest_remainder);
	tcase_add_test(t, exact_where_it_divides);
	tcase_add_test(t, equal_remainders_by_number);
	tcase_add_test(t, nothing_to_divide_by);
	tcase_add_test(t, adds_up);
	tcase_add_test(t, portions);
	suite_add_tcase(s, t);
	return s;
}
