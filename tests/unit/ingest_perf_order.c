/* SPDX-License-Identifier: MIT */
/* ingest_perf_order: rounds of records against perf's rule, done the slow way. */
#include "tests/unit/suite.h"

#include <glib.h>
#include <stdlib.h>

#include "ingest/perf/order.h"

static struct cf_perf_order order;
static GArray *delivered; /* uint64_t offsets */

static void setup(void)
{
	order = (struct cf_perf_order){ 0 };
	delivered = g_array_new(FALSE, FALSE, sizeof(uint64_t));
}

static void teardown(void)
{
	cf_perf_order_release(&order);
	g_array_unref(delivered);
}

static void end_round(bool last)
{
	size_t ready = cf_perf_order_round(&order, last);

	for (size_t i = 0; i < ready; i++)
		g_array_append_val(delivered, order.items[i].offset);
	cf_perf_order_drop(&order, ready);
}

static void expect(const uint64_t *offsets, guint n)
{
	ck_assert_uint_eq(delivered->len, n);
	for (guint i = 0; i < n; i++)
		ck_assert_uint_eq(g_array_index(delivered, uint64_t, i), offsets[i]);
}

START_TEST(one_round_lag)
{
	/* Processor 1 has 10, 30, then processor 2 has 20: the second buffer was read late. */
	cf_perf_order_add(&order, 10, 1);
	cf_perf_order_add(&order, 30, 2);
	cf_perf_order_add(&order, 20, 3);
	end_round(false);
	expect(NULL, 0); /* nothing is known to be complete after one round */
	cf_perf_order_add(&order, 40, 4);
	cf_perf_order_add(&order, 25, 5);
	end_round(false);
	expect((const uint64_t[]){ 1, 3, 5, 2 }, 4); /* up to 30, the newest of the first round */
	cf_perf_order_add(&order, 35, 6);
	end_round(true);
	expect((const uint64_t[]){ 1, 3, 5, 2, 6, 4 }, 6);
}
END_TEST

START_TEST(ties_by_offset)
{
	cf_perf_order_add(&order, 7, 1);
	cf_perf_order_add(&order, 9, 2);
	cf_perf_order_add(&order, 7, 3);
	cf_perf_order_add(&order, 9, 4);
	cf_perf_order_add(&order, 7, 5);
	end_round(true);
	expect((const uint64_t[]){ 1, 3, 5, 2, 4 }, 5);
}
END_TEST

START_TEST(empty_rounds)
{
	end_round(false);
	end_round(false);
	cf_perf_order_add(&order, 5, 1);
	end_round(false);
	expect(NULL, 0);
	end_round(false);
	expect((const uint64_t[]){ 1 }, 1);
	end_round(true);
	expect((const uint64_t[]){ 1 }, 1);
}
END_TEST

static int by_time_and_offset(const void *a, const void *b)
{
	const struct cf_perf_order_item *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* The rule by definition: all that was seen, sorted, is delivered as far as the limit. */
START_TEST(random_rounds)
{
	GArray *waiting = g_array_new(FALSE, FALSE, sizeof(struct cf_perf_order_item));
	GArray *want = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	uint64_t random = ((uint64_t)_i + 3) * 0x9e3779b97f4a7c15u, newest = 0, limit = 0, offset = 0;

	for (unsigned round = 0; round < 60; round++) {
		unsigned buffers = 1 + (unsigned)(_i % 9);

		for (unsigned b = 0; b < buffers; b++) {
			uint64_t time = 1 + round * 100;
			unsigned n = 1 + (unsigned)(random >> 40) % 40;

			for (unsigned i = 0; i < n; i++) {
				struct cf_perf_order_item item;

				random = random * 6364136223846793005u + 1442695040888963407u;
				/* Mostly ascending; now and then a step back, as damaged or old files have. */
				time += (random >> 33) % 20;
				if ((random >> 50) % 50 == 0)
					time -= time > 90 ? 90 : 0;
				item = (struct cf_perf_order_item){ time, ++offset };
				cf_perf_order_add(&order, item.time, item.offset);
				g_array_append_val(waiting, item);
				newest = MAX(newest, time);
			}
		}
		if (waiting->len > 0)
			qsort(waiting->data, waiting->len, sizeof(struct cf_perf_order_item),
			      by_time_and_offset);
		while (waiting->len > 0) {
			struct cf_perf_order_item first =
				g_array_index(waiting, struct cf_perf_order_item, 0);

			if (round < 59 && first.time > limit)
				break;
			g_array_append_val(want, first.offset);
			g_array_remove_index(waiting, 0);
		}
		limit = newest;
		end_round(round == 59);
	}
	ck_assert_uint_gt(want->len, 100);
	expect((const uint64_t *)(void *)want->data, want->len);
	g_array_unref(waiting);
	g_array_unref(want);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_perf_order");
	TCase *t = tcase_create("order");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, one_round_lag);
	tcase_add_test(t, ties_by_offset);
	tcase_add_test(t, empty_rounds);
	tcase_add_loop_test(t, random_rounds, 0, 30);
	suite_add_tcase(s, t);
	return s;
}
