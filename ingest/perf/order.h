/* SPDX-License-Identifier: MIT */
/* order: puts records into the order of their times, round by round, as perf does. */
#ifndef CF_INGEST_PERF_ORDER_H
#define CF_INGEST_PERF_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cf_perf_order_item {
	uint64_t time, offset; /* of a record */
};

/*
 * The recorder drains one buffer per processor after the other and ends each round with a FINISHED_ROUND
 * record. A buffer that was read early in a round may still receive events older than some read late in it,
 * but not older than the newest of the round before: so at the end of a round all that isn't newer than the
 * newest event seen before the previous end is ready, in order of (time, offset). Zero-initialised is empty.
 */
struct cf_perf_order {
	struct cf_perf_order_item *items, *spare;
	size_t n, room, spare_room;
	size_t *runs; /* where ascending runs of items begin */
	size_t n_runs, runs_room;
	uint64_t newest, limit;
	bool any_round;
};

/* Offsets must ascend from call to call. */
void cf_perf_order_add(struct cf_perf_order *order, uint64_t time, uint64_t offset);
/* A round ended (last: the file did): how many of items, from the first, are ready now. */
size_t cf_perf_order_round(struct cf_perf_order *order, bool last);
/* Forgets the first n items, after they were used. */
void cf_perf_order_drop(struct cf_perf_order *order, size_t n);
void cf_perf_order_release(struct cf_perf_order *order);

#endif
