/* SPDX-License-Identifier: MIT */
/* k6_metrics: what k6 knows at the end of a test, as series. */
#include "ingest/load/k6_metrics.h"

#include <math.h>
#include <string.h>

#define NS_PER_MS 1e6

struct cf_k6_metric *cf_k6_metric_new(const char *name)
{
	struct cf_k6_metric *metric = g_new0(struct cf_k6_metric, 1);

	metric->name = g_strdup(name);
	metric->stats = g_array_new(FALSE, FALSE, sizeof(struct cf_k6_stat));
	return metric;
}

void cf_k6_metric_free(void *data)
{
	struct cf_k6_metric *metric = data;

	g_free(metric->name);
	g_array_unref(metric->stats);
	g_free(metric);
}

void cf_k6_metric_describe(struct cf_k6_metric *metric, const char *type, const char *contents)
{
	static const char *const types[] = { [CF_K6_COUNTER] = "counter",
					     [CF_K6_GAUGE] = "gauge",
					     [CF_K6_RATE] = "rate",
					     [CF_K6_TREND] = "trend" };

	for (size_t i = CF_K6_COUNTER; type && i < G_N_ELEMENTS(types); i++)
		if (!strcmp(type, types[i])) {
			metric->type = (enum cf_k6_type)i;
			metric->described = true;
		}
	if (contents && !strcmp(contents, "time"))
		metric->contents = CF_K6_TIME;
	else if (contents && !strcmp(contents, "data"))
		metric->contents = CF_K6_DATA;
}

void cf_k6_metric_add(struct cf_k6_metric *metric, const char *stat, double value)
{
	struct cf_k6_stat row = { .value = value };

	g_strlcpy(row.name, stat, sizeof(row.name));
	g_array_append_val(metric->stats, row);
}

static double stat_of(const struct cf_k6_metric *metric, const char *name)
{
	for (guint i = 0; i < metric->stats->len; i++) {
		const struct cf_k6_stat *stat = &g_array_index(metric->stats, struct cf_k6_stat, i);

		if (!strcmp(stat->name, name))
			return stat->value;
	}
	return NAN;
}

/* k6's own metrics that are times. */
static bool is_time(const char *name)
{
	static const char *const names[] = { "http_req_",        "iteration_duration",  "group_duration",
					     "ws_connecting",    "ws_session_duration", "ws_ping",
					     "grpc_req_duration" };

	if (g_str_has_prefix(name, "http_req_failed"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_has_prefix(name, names[i]))
			return true;
	return false;
}

/* --summary-export says neither type nor contents, and calls a rate "value". */
static void guess(struct cf_k6_metric *metric)
{
	if (metric->described)
		return;
	if (!isnan(stat_of(metric, "avg")) || !isnan(stat_of(metric, "med")))
		metric->type = CF_K6_TREND;
	else if (!isnan(stat_of(metric, "passes")))
		metric->type = CF_K6_RATE;
	else
		metric->type = isnan(stat_of(metric, "count")) ? CF_K6_GAUGE : CF_K6_COUNTER;
	if (metric->type == CF_K6_TREND && is_time(metric->name))
		metric->contents = CF_K6_TIME;
	else if (g_str_has_prefix(metric->name, "data_"))
		metric->contents = CF_K6_DATA;
	for (guint i = 0; metric->type == CF_K6_RATE && i < metric->stats->len; i++) {
		struct cf_k6_stat *stat = &g_array_index(metric->stats, struct cf_k6_stat, i);

		if (!strcmp(stat->name, "value"))
			g_strlcpy(stat->name, "rate", sizeof(stat->name));
	}
}

struct form {
	const char *unit, *better;
	double factor;
};

static struct form form_of(const struct cf_k6_metric *metric, const char *stat)
{
	bool counted = !strcmp(stat, "count") || !strcmp(stat, "passes") || !strcmp(stat, "fails");
	bool data = metric->contents == CF_K6_DATA;

	if (metric->type == CF_K6_RATE && !strcmp(stat, "rate"))
		return (struct form){ "ratio",
				      strstr(metric->name, "failed")             ? "lower"
				      : g_str_has_prefix(metric->name, "checks") ? "higher"
										 : "",
				      1 };
	if (metric->type == CF_K6_COUNTER && !strcmp(stat, "rate"))
		return (struct form){ data ? "bytes/s" : "1/s",
				      g_str_has_prefix(metric->name, "http_reqs") ||
						      g_str_has_prefix(metric->name, "iterations")
					      ? "higher"
					      : "",
				      1 };
	if (metric->contents == CF_K6_TIME && !counted)
		return (struct form){ "ns", "lower", NS_PER_MS };
	if (data)
		return (struct form){ "bytes", "", 1 };
	return (struct form){ counted || metric->type == CF_K6_GAUGE ? "count" : "", "", 1 };
}

static void add_own(struct cf_trace *trace, const struct cf_k6_metric *metric, double users)
{
	for (guint i = 0; i < metric->stats->len; i++) {
		const struct cf_k6_stat *stat = &g_array_index(metric->stats, struct cf_k6_stat, i);
		struct form form = form_of(metric, stat->name);
		g_autofree char *name = g_strdup_printf("%s %s", metric->name, stat->name);

		cf_trace_point(
			trace,
			cf_trace_series(trace, name, form.unit, form.better, isnan(users) ? NULL : "users"),
			users, stat->value * form.factor);
	}
}

/* "p(99.9)" -> "p99.9"; "avg" -> "mean". Caller frees; NULL: has no common name. */
static char *common_stat(const char *stat)
{
	size_t len = strlen(stat);

	if (!strcmp(stat, "avg"))
		return g_strdup("mean");
	if (!strcmp(stat, "med") || !strcmp(stat, "p(50)"))
		return g_strdup("p50");
	if (!strcmp(stat, "min") || !strcmp(stat, "max"))
		return g_strdup(stat);
	return len > 3 && g_str_has_prefix(stat, "p(") && stat[len - 1] == ')'
		       ? g_strdup_printf("p%.*s", (int)len - 3, stat + 2)
		       : NULL;
}

static void add_common(const struct cf_load *load, const struct cf_k6_metric *metric)
{
	if (!strcmp(metric->name, "http_reqs")) {
		cf_load_throughput(load, NULL, stat_of(metric, "rate"));
		cf_load_requests(load, NULL, stat_of(metric, "count"));
	} else if (!strcmp(metric->name, "http_req_failed")) {
		cf_load_errors(load, NULL, stat_of(metric, "rate"));
	} else if (!strcmp(metric->name, "http_req_duration") || !strcmp(metric->name, "grpc_req_duration")) {
		for (guint i = 0; i < metric->stats->len; i++) {
			const struct cf_k6_stat *stat = &g_array_index(metric->stats, struct cf_k6_stat, i);
			g_autofree char *what = common_stat(stat->name);

			if (what)
				cf_load_latency(load, NULL, what, stat->value * NS_PER_MS);
		}
	}
}

double cf_k6_users(const GPtrArray *metrics)
{
	double users = NAN;

	for (guint i = 0; i < metrics->len; i++) {
		const struct cf_k6_metric *metric = metrics->pdata[i];
		bool active = !strcmp(metric->name, "vus");
		double most;

		if (!active && strcmp(metric->name, "vus_max") != 0)
			continue;
		most = stat_of(metric, "max");
		if (isnan(most))
			most = stat_of(metric, "value");
		/* vus_max were ready, vus at work. */
		if (!isnan(most) && (active || isnan(users)))
			users = most;
		if (active && !isnan(most))
			break;
	}
	return users;
}

void cf_k6_metrics_fill(struct cf_trace *trace, const GPtrArray *metrics)
{
	const struct cf_load load = { trace, "users", cf_k6_users(metrics) };

	for (guint i = 0; i < metrics->len; i++) {
		guess(metrics->pdata[i]);
		add_common(&load, metrics->pdata[i]);
	}
	for (guint i = 0; i < metrics->len; i++)
		add_own(trace, metrics->pdata[i], load.load);
}
