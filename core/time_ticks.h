/* SPDX-License-Identifier: MIT */
/* time_ticks: round moments along an axis of time, in UTC. */
#ifndef CF_CORE_TIME_TICKS_H
#define CF_CORE_TIME_TICKS_H

#include <glib.h>
#include <stdint.h>

struct cf_time_tick {
	int64_t at;     /* ns since the epoch */
	char label[20]; /* "2026", "2026-11", "11-23", "06:00", "06:02:11": as much as the step needs */
};

/*
 * Moments within begin..end that are whole years, months, weeks (Mondays), days, hours, minutes or seconds, at most
 * about most of them and at least one where the axis has a whole second. Caller frees with g_array_unref.
 */
GArray *cf_time_ticks(int64_t begin, int64_t end, guint most);

#endif
