/* SPDX-License-Identifier: MIT */
/* time_units: units of time as tools write them, and local times. */
#ifndef CF_INGEST_TIME_UNITS_H
#define CF_INGEST_TIME_UNITS_H

#include "core/reader.h"
#include "core/trace.h"

/* Nanoseconds in "ns", "us", "\u00b5s", "ms", "s", "sec", "seconds", "m", "min", "h"...; false for other words. */
bool cf_time_unit_ns(struct cf_slice unit, double *ns);

/*
 * The start of the run from an input's own text: RFC 3339, also with a blank for the 'T' and with an offset without a
 * colon. Without an offset it is taken as UTC, which a quality row says. false: no time, nothing was changed.
 */
bool cf_start_from_text(struct cf_trace *trace, const char *text);

#endif
