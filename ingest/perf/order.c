/* SPDX-License-Identifier: MIT */
/* order: sorts rounds of records by merging the runs that the per-processor buffers left. */
#include "ingest/perf/order.h"

#include <glib.h>
#include <string.h>

static void add_run(struct cf_perf_order *order, size_t begin)
{
	if (order->n_runs == order->runs_room) {
		order->runs_room = order->runs_room ? 2 * order->runs_room : 64;
		order->runs = g_renew(size_t, order->runs, order->runs_room);
	}
	order->runs[order->n_runs++] = begin;
}

void cf_perf_order_add(struct cf_perf_order *order, uint64_t time, uint64_t offset)
{
	if (order->n == order->room) {
		order->room = order->room ? order->room + order->room / 2 : 4096;
		order->items = g_renew(struct cf_perf_order_item, order->items, order->room);
	}
	if (order->n == 0 || time < order->items[order->n - 1].time)
		add_run(order, order->n);
	order->items[order->n++] = (struct cf_perf_order_item){ time, offset };
	if (time > order->newest)
		order->newest = time;
}

/* Stable: of equal times that of the left run, which came first, goes first. */
static void merge(const struct cf_perf_order_item *from, size_t left, size_t middle, size_t right,
		  struct cf_perf_order_item *to)
{
	size_t a = left, b = middle, out = left;

	while (a < middle && b < right)
		to[out++] = from[b].time < from[a].time ? from[b++] : from[a++];
	if (a < middle)
		memcpy(to + out, from + a, (middle - a) * sizeof(*to));
	else if (b < right)
		memcpy(to + out, from + b, (right - b) * sizeof(*to));
}

/* One pass over all runs merges them in pairs. */
static void merge_pairs(struct cf_perf_order *order)
{
	struct cf_perf_order_item *items;
	size_t runs = 0, room;

	for (size_t i = 0; i < order->n_runs; i += 2) {
		size_t left = order->runs[i];
		size_t middle = i + 1 < order->n_runs ? order->runs[i + 1] : order->n;
		size_t right = i + 2 < order->n_runs ? order->runs[i + 2] : order->n;

		merge(order->items, left, middle, right, order->spare);
		order->runs[runs++] = left;
	}
	order->n_runs = runs;
	items = order->items;
	order->items = order->spare;
	order->spare = items;
	room = order->room;
	order->room = order->spare_room;
	order->spare_room = room;
}

size_t cf_perf_order_round(struct cf_perf_order *order, bool last)
{
	size_t ready = 0, high;

	if (order->n_runs > 1 && order->spare_room < order->n) {
		g_free(order->spare);
		order->spare_room = order->room;
		order->spare = g_new(struct cf_perf_order_item, order->spare_room);
	}
	while (order->n_runs > 1)
		merge_pairs(order);
	if (last) {
		ready = order->n;
	} else if (order->any_round) {
		high = order->n;
		while (ready < high) {
			size_t middle = ready + (high - ready) / 2;

			if (order->items[middle].time <= order->limit)
				ready = middle + 1;
			else
				high = middle;
		}
	}
	order->limit = order->newest;
	order->any_round = true;
	return ready;
}

void cf_perf_order_drop(struct cf_perf_order *order, size_t n)
{
	if (n < order->n)
		memmove(order->items, order->items + n, (order->n - n) * sizeof(*order->items));
	order->n -= n;
	order->n_runs = 0;
	if (order->n > 0)
		add_run(order, 0);
}

void cf_perf_order_release(struct cf_perf_order *order)
{
	g_free(order->items);
	g_free(order->spare);
	g_free(order->runs);
	*order = (struct cf_perf_order){ 0 };
}
