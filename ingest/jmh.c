/* SPDX-License-Identifier: MIT */
/* jmh: the results of the Java Microbenchmark Harness (-rf json). */
/*
 * A series per benchmark with its parameters, of which each iteration of each fork is a point (rawData). Times per
 * operation (mode avgt, sample, ss) are ns; throughput (thrpt) is operations per second. A benchmark without raw data
 * gives its score. Histograms (rawDataHistogram of mode sample) are read as their values, each once with its count left
 * aside, since a point has no weight: said. Secondary metrics (@AuxCounters, profilers) are series "NAME metric".
 */
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/time_units.h"

#include <math.h>

struct metric {
	double score;
	GString *unit;
	GArray *values; /* double */
	bool histogram;
};

static void metric_reset(struct metric *metric)
{
	metric->score = NAN;
	metric->histogram = false;
	g_string_truncate(metric->unit, 0);
	g_array_set_size(metric->values, 0);
}

/* Forks, then iterations; in a histogram a third level of [value, count]. */
static void read_raw(struct cf_json_reader *json, struct metric *metric)
{
	for (unsigned forks = cf_json_try_array(json); cf_json_item(json, forks);)
		for (unsigned in = cf_json_try_array(json); cf_json_item(json, in);) {
			double value;

			if (cf_json_peek(json) != CF_JSON_ARRAY) {
				if (cf_json_try_double(json, &value))
					g_array_append_val(metric->values, value);
				continue;
			}
			metric->histogram = true;
			for (unsigned pairs = cf_json_array(json); cf_json_item(json, pairs);) {
				unsigned pair = cf_json_try_array(json);

				if (cf_json_item(json, pair) && cf_json_try_double(json, &value))
					g_array_append_val(metric->values, value);
			}
		}
}

static void read_metric(struct cf_json_reader *json, struct metric *metric)
{
	struct cf_slice text;

	metric_reset(metric);
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "score"))
			cf_json_try_double(json, &metric->score);
		else if (cf_json_key_is(json, "scoreUnit") && cf_json_try_text(json, &text))
			g_string_append_len(metric->unit, (const char *)text.data, (gssize)text.len);
		else if (cf_json_key_is(json, "rawData") || cf_json_key_is(json, "rawDataHistogram"))
			read_raw(json, metric);
	}
}

/* "ns/op" and "us/op" are ns, lower is better; "ops/s" and "ops/ms" are 1/s, higher is; others keep their word. */
static void add_metric(struct cf_trace *trace, const char *name, const struct metric *metric)
{
	const char *unit = metric->unit->str, *slash = strchr(unit, '/'), *better = "";
	double factor = 1, ns;

	if (slash && !strcmp(slash, "/op") &&
	    cf_time_unit_ns((struct cf_slice){ (const uint8_t *)unit, (uint64_t)(slash - unit) }, &ns)) {
		unit = "ns";
		better = "lower";
		factor = ns;
	} else if (g_str_has_prefix(unit, "ops/") &&
		   cf_time_unit_ns((struct cf_slice){ (const uint8_t *)slash + 1, strlen(slash + 1) }, &ns)) {
		unit = "1/s";
		better = "higher";
		factor = 1e9 / ns;
	}
	for (guint i = 0; i < metric->values->len; i++)
		cf_trace_point(trace, cf_trace_series(trace, name, unit, better, NULL), NAN,
			       g_array_index(metric->values, double, i) * factor);
	if (!metric->values->len && !isnan(metric->score))
		cf_trace_point(trace, cf_trace_series(trace, name, unit, better, NULL), NAN,
			       metric->score * factor);
	if (metric->histogram)
		cf_trace_quality(trace, "histogram", name, (int64_t)metric->values->len, 0, NULL,
				 "each value of the histogram is one point, however often it was measured");
}

struct named {
	char *name;
	struct metric metric;
};

static void named_clear(gpointer data)
{
	struct named *named = data;

	g_free(named->name);
	g_string_free(named->metric.unit, TRUE);
	g_array_unref(named->metric.values);
}

static void take_metric(struct cf_json_reader *json, const char *name, GArray *metrics)
{
	struct named named = {
		g_strdup(name), { NAN, g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(double)), false }
	};

	read_metric(json, &named.metric);
	g_array_append_val(metrics, named);
}

/* Parameters stand behind the metrics, or before them: metrics wait until the name is known. */
static void read_benchmark(struct cf_json_reader *json, struct cf_trace *trace)
{
	g_autoptr(GString) name = g_string_new(NULL), parameters = g_string_new(NULL);
	g_autoptr(GArray) metrics = g_array_new(FALSE, FALSE, sizeof(struct named));
	struct cf_slice text;

	g_array_set_clear_func(metrics, named_clear);
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "benchmark") && cf_json_get_text(json, &text)) {
			g_string_append_len(name, (const char *)text.data, (gssize)text.len);
		} else if (cf_json_key_is(json, "params")) {
			for (unsigned list = cf_json_try_object(json); cf_json_member(json, list);) {
				g_string_append_printf(parameters, " %.*s=", (int)MIN(json->key.len, 1024),
						       json->key.data);
				if (cf_json_try_text(json, &text))
					g_string_append_len(parameters, (const char *)text.data,
							    (gssize)text.len);
			}
		} else if (cf_json_key_is(json, "primaryMetric")) {
			take_metric(json, "", metrics);
		} else if (cf_json_key_is(json, "secondaryMetrics")) {
			for (unsigned list = cf_json_try_object(json); cf_json_member(json, list);) {
				g_autofree char *key = g_strndup((const char *)json->key.data, json->key.len);

				take_metric(json, key, metrics);
			}
		}
	}
	for (guint i = 0; cf_json_ok(json) && i < metrics->len; i++) {
		const struct named *named = &g_array_index(metrics, struct named, i);
		g_autofree char *series =
			g_strconcat(name->str, parameters->str, *named->name ? " " : "", named->name, NULL);

		add_metric(trace, series, &named->metric);
	}
}

static int read_jmh(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		    struct cf_diag *diag)
{
	struct cf_json_reader json;
	int status;

	/* NaN stands for the error of a score of one iteration. */
	cf_json_reader_init(&json, input->path, input->bytes,
			    CF_JSON_NOT_FINITE | (input->mapped ? CF_JSON_MAPPED : 0), diag);
	for (unsigned in = cf_json_array(&json); cf_json_item(&json, in);)
		read_benchmark(&json, trace);
	status = cf_json_finish(&json);
	cf_json_reader_release(&json);
	if (status == 0 && !trace->points->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path }, "no benchmark has a score");
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	*why = "no list of benchmarks with primaryMetric";
	if (cf_json_shape_has(input->json, "[].primaryMetric") &&
	    cf_json_shape_has(input->json, "[].benchmark"))
		return CF_BID_SHAPE;
	return cf_json_shape_has(input->json, "[].jmhVersion") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_jmh = {
	.name = "jmh",
	.summary = "JMH benchmark results (-rf json)",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_jmh,
};
