/* SPDX-License-Identifier: MIT */
/* load_series: the series that all load tests have, whatever the tool. */
/*
 *	throughput     1/s, higher is better
 *	latency p99    ns, lower: also mean, min, p50, p90, p95, p99.9, max, stdev
 *	errors         ratio, lower: of all requests
 *	requests       count
 *
 * and the same for each endpoint, "latency p99 GET /cart". x is the load: users, connections.
 */
#ifndef CF_INGEST_LOAD_SERIES_H
#define CF_INGEST_LOAD_SERIES_H

#include "core/trace.h"

struct cf_load {
	struct cf_trace *trace;
	const char *x; /* what load is: "users", "connections" */
	double load;   /* NAN unknown: then there is no x */
};

/* The first 1024 bytes of an endpoint's name, to the end of a character; NULL when it isn't longer. Caller frees. */
char *cf_load_cut_name(const char *name);

/* endpoint: NULL for all together. */
void cf_load_throughput(const struct cf_load *load, const char *endpoint, double per_second);
void cf_load_latency(const struct cf_load *load, const char *endpoint, const char *what, double ns);
void cf_load_errors(const struct cf_load *load, const char *endpoint, double ratio);
void cf_load_requests(const struct cf_load *load, const char *endpoint, double count);

/* Latencies of single requests, in ns. */
struct cf_latencies {
	GArray *ns; /* double */
	double sum;
};

/* How a percentile is taken from n sorted values. */
enum cf_percentile {
	CF_NEAREST_RANK, /* the value of rank ceil(p n); the median is the mean of both in the middle */
	CF_INTERPOLATED  /* between the values of ranks 1 + p (n - 1), as k6 and numpy do */
};

void cf_latencies_init(struct cf_latencies *latencies);
void cf_latencies_release(struct cf_latencies *latencies);
void cf_latencies_add(struct cf_latencies *latencies, double ns);
/* 0 <= p <= 1. Sort first. NAN when there are none. */
void cf_latencies_sort(struct cf_latencies *latencies);
double cf_latencies_percentile(const struct cf_latencies *latencies, double p, enum cf_percentile how);
/* Sorts, and adds mean, min, p50, p90, p95, p99 and max, when there are any. */
void cf_load_latencies(const struct cf_load *load, const char *endpoint, struct cf_latencies *latencies,
		       enum cf_percentile how);

#endif
