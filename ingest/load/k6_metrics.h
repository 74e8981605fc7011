/* SPDX-License-Identifier: MIT */
/* k6_metrics: what k6 knows at the end of a test, as series. */
#ifndef CF_INGEST_K6_METRICS_H
#define CF_INGEST_K6_METRICS_H

#include "ingest/load/load_series.h"

#include <stdbool.h>

enum cf_k6_type { CF_K6_UNKNOWN, CF_K6_COUNTER, CF_K6_GAUGE, CF_K6_RATE, CF_K6_TREND };
enum cf_k6_contents { CF_K6_PLAIN, CF_K6_TIME, CF_K6_DATA }; /* TIME: milliseconds */

struct cf_k6_stat {
	char name[32]; /* "avg", "p(95)", "rate" */
	double value;
};

struct cf_k6_metric {
	char *name; /* with the tags of a submetric, "http_req_duration{scenario:a}" */
	enum cf_k6_type type;
	enum cf_k6_contents contents;
	bool described; /* the file says type and contents */
	GArray *stats;  /* struct cf_k6_stat */
};

struct cf_k6_metric *cf_k6_metric_new(const char *name);
void cf_k6_metric_free(void *metric);
/* By the words of k6; unknown ones change nothing. */
void cf_k6_metric_describe(struct cf_k6_metric *metric, const char *type, const char *contents);
void cf_k6_metric_add(struct cf_k6_metric *metric, const char *stat, double value);

/*
 * Adds the series of all metrics (struct cf_k6_metric): by their own names, and the common ones of load tests at the most
 * virtual users. What isn't described is told by its stats and its name.
 */
void cf_k6_metrics_fill(struct cf_trace *trace, const GPtrArray *metrics);
/* The most virtual users at once; NAN unknown. */
double cf_k6_users(const GPtrArray *metrics);

#endif
