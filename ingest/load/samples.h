/* SPDX-License-Identifier: MIT */
/* samples: single requests of a load test, summed up over all and by endpoint. */
#ifndef CF_INGEST_LOAD_SAMPLES_H
#define CF_INGEST_LOAD_SAMPLES_H

#include "ingest/load/load_series.h"

#include <stdbool.h>

#define CF_LOAD_UNTIMED INT64_MIN

struct cf_load_sample {
	const char *endpoint; /* borrowed */
	int64_t start_ns;     /* since the epoch; CF_LOAD_UNTIMED unknown */
	double duration_ns;
	double users; /* active then; NAN unknown */
	bool failed;
	bool part; /* is the sum of other samples: counts for its endpoint, not for the whole */
};

struct cf_load_samples;

struct cf_load_samples *cf_load_samples_new(struct cf_trace *trace);
void cf_load_samples_free(struct cf_load_samples *samples);
void cf_load_samples_add(struct cf_load_samples *samples, const struct cf_load_sample *sample);
int64_t cf_load_samples_count(const struct cf_load_samples *samples);

/*
 * Once: adds the series of the whole and of each endpoint, at the most users, and the run's start and duration. Of up to
 * 20,000 samples the latencies themselves are kept too: "latency ENDPOINT", x in ns since the start.
 */
void cf_load_samples_fill(struct cf_load_samples *samples);

#endif
