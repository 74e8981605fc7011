/* SPDX-License-Identifier: MIT */
/* probe: is this a profile of callgrind or cachegrind? */
#ifndef CF_INGEST_CALLGRIND_PROBE_H
#define CF_INGEST_CALLGRIND_PROBE_H

#include "ingest/format.h"

/*
 * The mark in the first line, or who wrote it in which version, or costs and names as such files have; by the first
 * 64 KiB. The probe of the format.
 */
enum cf_bid cf_callgrind_probe(const struct cf_input *input, const char **why);

#endif
