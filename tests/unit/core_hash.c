/* SPDX-License-Identifier: MIT */
/* core_hash: names that look alike, and inputs that are made to collide, have hashes of their own. */
#include "core/hash.h"

#include "tests/unit/suite.h"

#define KEYS 100000
#define TOP (UINT64_C(1) << 63)

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Of 100,000 random words of 32 bits, about one pair is equal. */
static void expect_distinct(uint32_t *hashes)
{
	unsigned distinct = 1;

	qsort(hashes, KEYS, sizeof(*hashes), compare);
	for (size_t i = 1; i < KEYS; i++)
		distinct += hashes[i] != hashes[i - 1];
	ck_assert_uint_gt(distinct, KEYS - 50);
}

START_TEST(names_alike)
{
	static const char *const patterns[] = { "f%05u",  "%u", "function%u", "a_rather_long_name_%u",
						"%05u_x", NULL };
	g_autofree uint32_t *hashes = g_new(uint32_t, KEYS), *folded = g_new(uint32_t, KEYS);

	for (size_t p = 0; p < G_N_ELEMENTS(patterns); p++) {
		for (unsigned i = 0; i < KEYS; i++) {
			char name[64];
			uint64_t wide;

			if (p == 5)
				g_snprintf(name, sizeof(name), "f%c%c%05u", 'a' + i % 7, 'b', i);
			else
				g_snprintf(name, sizeof(name), patterns[p], i);
			wide = cf_hash_bytes(name, strlen(name), cf_hash_seed);
			folded[i] = (uint32_t)(wide ^ wide >> 32);
			hashes[i] = cf_str_hash(name);
		}
		expect_distinct(hashes);
		expect_distinct(folded);
	}
}
END_TEST

/* Table places are the low bits. */
START_TEST(low_bits)
{
	g_autofree unsigned *places = g_new0(unsigned, 1024);

	for (unsigned i = 0; i < 102400; i++)
		places[cf_hash((uint64_t)i << 32 | i % 5, 0) & 1023]++;
	for (unsigned i = 0; i < 1024; i++) {
		ck_assert_uint_gt(places[i], 30);
		ck_assert_uint_lt(places[i], 300);
	}
	memset(places, 0, 1024 * sizeof(*places));
	for (unsigned i = 0; i < 102400; i++)
		places[cf_hash(0x7f0000000000 + 4096 * (uint64_t)i, 77) & 1023]++;
	for (unsigned i = 0; i < 1024; i++)
		ck_assert_uint_lt(places[i], 300);
}
END_TEST

/*
 * A product with a constant carries a difference in the top bit to the top bit alone, whatever the seed. What a step
 * makes of it can then be undone by the next word.
 */
START_TEST(differences_of_the_top_bit)
{
	static const int shifts[] = { 28, 29, 30, 31, 32, 33 };
	uint64_t words[2] = { 0x6161616161616161, 0x6262626262626262 };
	uint64_t plain = cf_hash_bytes(words, sizeof(words), cf_hash_seed);

	for (size_t i = 0; i < G_N_ELEMENTS(shifts); i++) {
		uint64_t carried = TOP | TOP >> shifts[i];
		uint64_t other[2] = { words[0] ^ TOP, words[1] ^ carried };

		ck_assert(cf_hash_bytes(other, sizeof(other), cf_hash_seed) != plain);
		ck_assert(cf_hash(words[0], words[1]) != cf_hash(other[0], other[1]));
	}
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_hash");
	TCase *t = tcase_create("hash");

	tcase_add_test(t, names_alike);
	tcase_add_test(t, low_bits);
	tcase_add_test(t, differences_of_the_top_bit);
	suite_add_tcase(s, t);
	return s;
}
