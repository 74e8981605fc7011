/* SPDX-License-Identifier: MIT */
/* latency: operations of traces before and after: how long they take, and how often they fail. */
#ifndef CF_ANALYZERS_COMPARE_LATENCY_H
#define CF_ANALYZERS_COMPARE_LATENCY_H

#include "analyzers/compare/values.h"

enum { CF_LATENCY_P50, CF_LATENCY_P95, CF_LATENCY_ERRORS, CF_LATENCY_TESTS };

struct cf_op_side {
	GArray *durations; /* double, ns; sorted by cf_op_latencies_compute */
	GArray *runs;      /* uint32_t: the run of each, as they were added */
	int64_t errors;
	double p50, p95, p99; /* ns, nearest rank; NAN without spans */
};

struct cf_op_latency {
	char *service, *name;
	struct cf_op_side side[CF_SIDES];
	struct cf_tested test[CF_LATENCY_TESTS];
	int worst; /* the test that says most: a regression, else an improvement, else what is unsure */
};

struct cf_op_latencies {
	GPtrArray
		*rows; /* struct cf_op_latency *, owned, by the time that they took, then service and name */
	size_t runs[CF_SIDES];
	gboolean of_runs;  /* a run counts as one value */
	GHashTable *index; /* private */
};

/* -1 with a message; then cleared. */
int cf_op_latencies_load(struct cf_op_latencies *latencies, const struct cf_analysis *analysis);
/*
 * p50: the rank test of all durations. p95: how many are above the 95th percentile of both sides together, by the
 * conditional binomial test. Errors: the same of how many failed. From four runs a side on, p50 and p95 of each run are
 * compared by ranks instead, since spans of one run have its circumstances in common.
 */
void cf_op_latencies_compute(struct cf_op_latencies *latencies, const struct cf_compare_options *options);
void cf_op_latencies_clear(struct cf_op_latencies *latencies);

void cf_op_latencies_init(struct cf_op_latencies *latencies);
void cf_op_latencies_add(struct cf_op_latencies *latencies, int side, uint32_t run, const char *service,
			 const char *name, int64_t duration_ns, gboolean failed);

/* The table `operations`, and how it was computed. */
void cf_op_latencies_present(struct cf_analysis *analysis, const struct cf_op_latencies *latencies,
			     const struct cf_compare_options *options);

#endif
