/* SPDX-License-Identifier: MIT */
/* core_components: strongly connected components against reachability by brute force. */
#include "core/components.h"

#include "tests/unit/suite.h"

#include <string.h>

#define N 12

/* reach[a][b]: is there a way from a to b? */
static void close_over(gboolean reach[N][N])
{
	for (int k = 0; k < N; k++)
		for (int i = 0; i < N; i++)
			for (int j = 0; j < N; j++)
				reach[i][j] |= reach[i][k] && reach[k][j];
}

START_TEST(components_are_what_can_reach_each_other)
{
	g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
	gboolean edge[N][N] = { { 0 } }, reach[N][N];
	uint32_t first[N + 1] = { 0 }, ends[N * N], count, n = 0;
	g_autofree uint32_t *component = NULL;

	for (uint32_t i = 0; i < N; i++) {
		first[i] = n;
		for (uint32_t j = 0; j < N; j++)
			if (g_rand_int_range(random, 0, 100) < 12) {
				edge[i][j] = TRUE;
				ends[n++] = j;
			}
	}
	first[N] = n;
	memcpy(reach, edge, sizeof(reach));
	close_over(reach);
	component = cf_components(&(struct cf_adjacency){ N, first, ends }, &count);
	for (int i = 0; i < N; i++) {
		ck_assert_uint_lt(component[i], count);
		for (int j = 0; j < N; j++) {
			gboolean same = i == j || (reach[i][j] && reach[j][i]);

			ck_assert_int_eq(component[i] == component[j], same);
			if (edge[i][j])
				ck_assert_uint_ge(component[i], component[j]);
		}
	}
}
END_TEST

START_TEST(a_long_chain_needs_no_stack)
{
	uint32_t n = 300000, count;
	g_autofree uint32_t *first = g_new(uint32_t, n + 1), *ends = g_new(uint32_t, n), *component = NULL;

	for (uint32_t i = 0; i < n; i++) {
		first[i] = i;
		ends[i] = (i + 1) % n;
	}
	first[n] = n;
	component = cf_components(&(struct cf_adjacency){ n, first, ends }, &count);
	ck_assert_uint_eq(count, 1);
	first[n] = first[n - 1];
	g_free(component);
	component = cf_components(&(struct cf_adjacency){ n, first, ends }, &count);
	ck_assert_uint_eq(count, n);
	ck_assert_uint_eq(component[0], n - 1);
	g_free(g_steal_pointer(&component));
	component = cf_components(&(struct cf_adjacency){ 0, first, ends }, &count);
	ck_assert_uint_eq(count, 0);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_components");
	TCase *t = tcase_create("components");

	tcase_add_loop_test(t, components_are_what_can_reach_each_other, 0, 200);
	tcase_add_test(t, a_long_chain_needs_no_stack);
	suite_add_tcase(s, t);
	return s;
}
