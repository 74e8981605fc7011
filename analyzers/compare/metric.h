/* SPDX-License-Identifier: MIT */
/* metric: which metric of one run says the same as which of another, and how the two can be compared. */
#ifndef CF_ANALYZERS_COMPARE_METRIC_H
#define CF_ANALYZERS_COMPARE_METRIC_H

#include "analyzers/analyzer.h"

enum cf_compare_method {
	CF_COMPARE_SAMPLED, /* numbers of samples are random: the conditional binomial test */
	CF_COMPARE_EXACT,   /* counted wholly, such as instructions and allocations: each difference is one */
	CF_COMPARE_MEASURED /* times of traced calls, heaps: nothing but repetition tells how much they vary */
};

/* Of two runs. Names are owned. */
struct cf_metric_pair {
	char *before, *after;
	enum cf_unit unit; /* of both; CF_UNIT_COUNT with by_samples */
	/* The weights have different units, such as time and samples: only numbers of samples are comparable. */
	gboolean by_samples;
	enum cf_compare_method method;
};

/*
 * wanted: --metric, of both or of one (the other one then has the same kind), or NULL: the first of after that before
 * has as well. The same name first, event modifiers of precision aside, then the same kind: CPU time and cycles,
 * whatever format they come from. -1 with a message that names what both have.
 */
int cf_metric_pair(struct cf_metric_pair *pair, struct cf_store *store, const struct cf_run *before,
		   const struct cf_run *after, const char *wanted, struct cf_diag *diag);
void cf_metric_pair_clear(struct cf_metric_pair *pair);

/* Do both names stand for the same: "cycles:P" and "cycles", "cpu-clock" and pprof's "cpu"? Pure. */
gboolean cf_metric_same(const char *a, const char *b);
gboolean cf_metric_same_kind(const char *a, const char *b);

#endif
