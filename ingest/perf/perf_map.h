/* SPDX-License-Identifier: MIT */
/* perf_map: functions that a just-in-time compiler wrote down in /tmp/perf-PID.map. */
#ifndef CF_INGEST_PERF_PERF_MAP_H
#define CF_INGEST_PERF_PERF_MAP_H

#include "core/reader.h"
#include "ingest/perf/symbol_table.h"

/* Adds "START SIZE name" lines (hexadecimal) to table and seals it; names are borrowed from text. */
void cf_perf_map_symbols(struct cf_slice text, struct cf_symbol_table *table);

#endif
