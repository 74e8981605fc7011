/* SPDX-License-Identifier: MIT */
/* names: what perf would call an event, and what program a command line recorded. */
#ifndef CF_INGEST_PERF_NAMES_H
#define CF_INGEST_PERF_NAMES_H

#include <glib.h>
#include <linux/perf_event.h>

/* "cycles:u", "cpu-clock", "raw 0x1a8": as perf names an event whose name wasn't recorded. Caller frees. */
char *cf_perf_event_name(const struct perf_event_attr *attr);

/*
 * The program in a recorder's arguments (char *): "redis-server" of "perf record -g -- ./redis-server". NULL
 * when it recorded other processes than one it started. Caller frees.
 */
char *cf_perf_program(const GPtrArray *arguments);

/* Arguments as one line, those with blanks or quotes quoted. Caller frees. NULL when there are none. */
char *cf_perf_command_line(const GPtrArray *arguments);

#endif
