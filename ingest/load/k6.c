/* SPDX-License-Identifier: MIT */
/* k6: end-of-test summaries of k6, and its points as JSON lines (--out json). */
/*
 * A summary is what handleSummary gets, {"metrics": {"http_reqs": {"type": "counter", "contains": "default", "values":
 * {...}}}}, or what --summary-export writes, where the values stand in the metric itself.
 *
 * Every metric is a series by its own name, "http_req_duration p(95)", times in ns. The three that all load tests have are
 * there by their common names as well: throughput, latency and errors, at the most virtual users. Checks are "check NAME",
 * the share that passed; thresholds that weren't held are remarked.
 *
 * Lines {"type": "Point", "metric": ..., "data": {"time", "value", "tags"}} are summed up over all points as k6 does at the
 * end of a test, with its interpolated percentiles, and by endpoint, the tag "name". They know when the test was.
 */
#include "core/hash.h"
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/load/k6_metrics.h"

#include <math.h>

#define METRICS_MAX 1000
#define ENDPOINTS_MAX 200
#define CHECK_DEPTH 128
#define NS_PER_S 1e9
#define NS_PER_MS 1e6

/* The points of a metric. */
struct points {
	char *name;
	char type[16], contents[16];
	struct cf_latencies values; /* of trends, in the file's unit */
	double sum, last, min, max;
	int64_t n, nonzero;
};

/* Requests of one name. */
struct endpoint {
	char *name;
	struct cf_latencies durations; /* ns */
	int64_t requests, failed, asked;
};

struct reading {
	struct cf_trace *trace;
	struct cf_json_reader *json;
	GPtrArray *metrics;   /* struct cf_k6_metric, of summaries */
	GPtrArray *points;    /* struct points */
	GHashTable *by_name;  /* of points */
	GPtrArray *endpoints; /* struct endpoint */
	GHashTable *by_endpoint;
	int64_t first_ns, last_ns; /* of points; 0 none */
	int64_t bad_times, other_endpoints;
};

static char *text_of(struct cf_slice slice)
{
	return g_strndup((const char *)slice.data, slice.len);
}

/* --- summaries */

/* {"p(95)<1000": {"ok": false}}, or of --summary-export {"p(95)<1000": true}, where true is a threshold that broke. */
static void read_thresholds(struct reading *r, const char *metric)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		g_autofree char *rule = text_of(json->key);
		g_autofree char *subject = g_strdup_printf("%s %s", metric, rule);
		bool broken = false, ok;

		if (cf_json_peek(json) == CF_JSON_BOOL) {
			cf_json_try_bool(json, &broken);
		} else {
			for (unsigned one = cf_json_try_object(json); cf_json_member(json, one);)
				if (cf_json_key_is(json, "ok") && cf_json_try_bool(json, &ok))
					broken = !ok;
		}
		if (broken)
			cf_trace_quality(r->trace, "threshold-crossed", subject, 1, 0, NULL,
					 "a threshold of the test itself wasn't held");
	}
}

static void take_stat(struct cf_json_reader *json, struct cf_k6_metric *metric)
{
	g_autofree char *name = text_of(json->key);
	double value;

	if (cf_json_peek(json) == CF_JSON_NUMBER && cf_json_try_double(json, &value) &&
	    metric->stats->len < 64)
		cf_k6_metric_add(metric, name, value);
}

static void read_metric(struct reading *r, struct cf_k6_metric *metric)
{
	struct cf_json_reader *json = r->json;
	g_autofree char *type = NULL, *contents = NULL;
	struct cf_slice text;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "type") && cf_json_try_text(json, &text)) {
			g_free(type);
			type = text_of(text);
		} else if (cf_json_key_is(json, "contains") && cf_json_try_text(json, &text)) {
			g_free(contents);
			contents = text_of(text);
		} else if (cf_json_key_is(json, "values")) {
			for (unsigned values = cf_json_try_object(json); cf_json_member(json, values);)
				take_stat(json, metric);
		} else if (cf_json_key_is(json, "thresholds")) {
			read_thresholds(r, metric->name);
		} else {
			take_stat(json, metric);
		}
	}
	cf_k6_metric_describe(metric, type, contents);
}

static void read_metrics(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		g_autofree char *name = text_of(json->key);

		if (r->metrics->len == METRICS_MAX) {
			cf_trace_quality(r->trace, "many-metrics", NULL, 1, 0, NULL,
					 "metrics beyond the first %d were left out", METRICS_MAX);
			continue;
		}
		g_ptr_array_add(r->metrics, cf_k6_metric_new(name));
		read_metric(r, r->metrics->pdata[r->metrics->len - 1]);
	}
}

struct check {
	char *path;
	int64_t passes, fails; /* -1 unknown */
};

static void add_check(struct reading *r, const struct check *check)
{
	g_autofree char *name = NULL;

	if (!check->path || check->passes < 0 || check->fails < 0 || !(check->passes + check->fails))
		return;
	name = g_strdup_printf("check %s", check->path + (g_str_has_prefix(check->path, "::") ? 2 : 0));
	cf_trace_point(r->trace, cf_trace_series(r->trace, name, "ratio", "higher", NULL), NAN,
		       (double)check->passes / ((double)check->passes + (double)check->fails));
}

/* Groups hold groups and checks, as lists or by name: whatever has a path, passes and fails is a check. */
static void read_checks(struct reading *r)
{
	struct check open[CHECK_DEPTH] = { 0 };
	struct cf_json_reader json;
	struct cf_slice raw, key = { 0 };
	enum cf_json_token token;
	g_autofree char *last = NULL;

	if (cf_json_peek(r->json) != CF_JSON_OBJECT || !cf_json_get_raw(r->json, &raw))
		return;
	cf_json_reader_within(&json, r->json, raw);
	json.max_depth = CHECK_DEPTH - 1;
	while ((token = cf_json_next(&json)) != CF_JSON_ERROR && token != CF_JSON_END) {
		struct check *check = &open[json.depth];

		if (token == CF_JSON_OBJECT) {
			*check = (struct check){ NULL, -1, -1 };
		} else if (token == CF_JSON_OBJECT_END) {
			check = &open[json.depth + 1];
			add_check(r, check);
			g_clear_pointer(&check->path, g_free);
		} else if (token == CF_JSON_KEY) {
			g_free(last);
			last = text_of(json.key);
			key = (struct cf_slice){ (const uint8_t *)last, strlen(last) };
		} else if (token == CF_JSON_STRING && cf_slice_is(key, "path") && !check->path) {
			check->path = text_of(json.text);
		} else if (token == CF_JSON_NUMBER && json.form == CF_JSON_INT && json.integer >= 0 &&
			   json.integer < INT64_MAX / 2) {
			if (cf_slice_is(key, "passes"))
				check->passes = json.integer;
			else if (cf_slice_is(key, "fails"))
				check->fails = json.integer;
		}
	}
	for (unsigned i = 0; i < CHECK_DEPTH; i++)
		g_free(open[i].path);
	cf_json_reader_join(&json, r->json);
}

static void read_state(struct reading *r)
{
	for (unsigned in = cf_json_try_object(r->json); cf_json_member(r->json, in);)
		if (cf_json_key_is(r->json, "testRunDurationMs"))
			cf_json_try_scaled(r->json, 6, &r->trace->meta.duration_ns);
}

/* --- points */

static void points_free(gpointer data)
{
	struct points *points = data;

	g_free(points->name);
	cf_latencies_release(&points->values);
	g_free(points);
}

static void endpoint_free(gpointer data)
{
	struct endpoint *endpoint = data;

	g_free(endpoint->name);
	cf_latencies_release(&endpoint->durations);
	g_free(endpoint);
}

/* NULL: there are too many. */
static struct points *points_of(struct reading *r, const char *name)
{
	struct points *points = g_hash_table_lookup(r->by_name, name);

	if (points || r->points->len == METRICS_MAX)
		return points;
	points = g_new0(struct points, 1);
	points->name = g_strdup(name);
	points->min = points->max = points->last = NAN;
	cf_latencies_init(&points->values);
	g_ptr_array_add(r->points, points);
	g_hash_table_insert(r->by_name, points->name, points);
	return points;
}

static struct endpoint *endpoint_of(struct reading *r, const char *name)
{
	struct endpoint *endpoint = g_hash_table_lookup(r->by_endpoint, name);

	if (endpoint || r->endpoints->len == ENDPOINTS_MAX)
		return endpoint;
	endpoint = g_new0(struct endpoint, 1);
	endpoint->name = g_strdup(name);
	cf_latencies_init(&endpoint->durations);
	g_ptr_array_add(r->endpoints, endpoint);
	g_hash_table_insert(r->by_endpoint, endpoint->name, endpoint);
	return endpoint;
}

/* One line: a declaration of a metric, or a point. */
struct line {
	char *type, *metric;   /* "Metric", "Point" */
	char *kind, *contents; /* of data, of a metric */
	char *time, *name;     /* of data, of a point; name: the tag */
	double value;
};

static void take(struct cf_json_reader *json, char **text)
{
	struct cf_slice slice;

	if (!cf_json_try_text(json, &slice))
		return;
	g_free(*text);
	*text = text_of(slice);
}

static void read_data(struct cf_json_reader *json, struct line *line)
{
	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "time"))
			take(json, &line->time);
		else if (cf_json_key_is(json, "value"))
			cf_json_try_double(json, &line->value);
		else if (cf_json_key_is(json, "type"))
			take(json, &line->kind);
		else if (cf_json_key_is(json, "contains"))
			take(json, &line->contents);
		else if (cf_json_key_is(json, "tags"))
			for (unsigned tags = cf_json_try_object(json); cf_json_member(json, tags);)
				if (cf_json_key_is(json, "name"))
					take(json, &line->name);
	}
}

static void note_time(struct reading *r, const char *text)
{
	int64_t ns;

	if (!text || !cf_time_parse(text, &ns)) {
		r->bad_times++;
		return;
	}
	if (!r->first_ns || ns < r->first_ns)
		r->first_ns = ns;
	if (ns > r->last_ns)
		r->last_ns = ns;
}

static void add_to_endpoint(struct reading *r, const struct line *line)
{
	bool duration = !strcmp(line->metric, "http_req_duration"),
	     request = !strcmp(line->metric, "http_reqs");
	bool failed = !strcmp(line->metric, "http_req_failed");
	g_autofree char *cut = NULL;
	struct endpoint *endpoint;

	if (!line->name || !(duration || request || failed))
		return;
	cut = cf_load_cut_name(line->name);
	endpoint = endpoint_of(r, cut ? cut : line->name);
	if (!endpoint) {
		r->other_endpoints += request;
	} else if (duration) {
		cf_latencies_add(&endpoint->durations, line->value * NS_PER_MS);
	} else if (request) {
		endpoint->requests++;
	} else {
		endpoint->asked++;
		endpoint->failed += line->value != 0;
	}
}

static void add_line(struct reading *r, const struct line *line)
{
	struct points *points;

	if (!line->type || !line->metric || !(points = points_of(r, line->metric)))
		return;
	if (!strcmp(line->type, "Metric")) {
		g_strlcpy(points->type, line->kind ? line->kind : "", sizeof(points->type));
		g_strlcpy(points->contents, line->contents ? line->contents : "", sizeof(points->contents));
	} else if (!strcmp(line->type, "Point") && !isnan(line->value)) {
		note_time(r, line->time);
		points->n++;
		points->nonzero += line->value != 0;
		points->sum += line->value;
		points->last = line->value;
		points->min = points->n == 1 ? line->value : MIN(points->min, line->value);
		points->max = points->n == 1 ? line->value : MAX(points->max, line->value);
		/* What isn't declared may be a trend. */
		if (!*points->type || !strcmp(points->type, "trend"))
			cf_latencies_add(&points->values, line->value);
		add_to_endpoint(r, line);
	}
}

static void read_document(struct reading *r)
{
	struct cf_json_reader *json = r->json;
	struct line line = { .value = NAN };

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "metrics"))
			read_metrics(r);
		else if (cf_json_key_is(json, "root_group"))
			read_checks(r);
		else if (cf_json_key_is(json, "state"))
			read_state(r);
		else if (cf_json_key_is(json, "type"))
			take(json, &line.type);
		else if (cf_json_key_is(json, "metric"))
			take(json, &line.metric);
		else if (cf_json_key_is(json, "data"))
			read_data(json, &line);
	}
	if (cf_json_ok(json))
		add_line(r, &line);
	g_free(line.type);
	g_free(line.metric);
	g_free(line.kind);
	g_free(line.contents);
	g_free(line.time);
	g_free(line.name);
}

/* --- facts */

/* The metric as a summary would have it. */
static struct cf_k6_metric *sum_up(struct points *points, double seconds)
{
	static const struct {
		const char *name;
		double p;
	} percentiles[] = { { "min", 0 },     { "med", 0.5 },    { "max", 1 },
			    { "p(90)", 0.9 }, { "p(95)", 0.95 }, { "p(99)", 0.99 } };
	struct cf_k6_metric *metric = cf_k6_metric_new(points->name);
	const char *type = *points->type ? points->type : strstr(points->name, "_req_") ? "trend" : "counter";

	cf_k6_metric_describe(metric, type, points->contents);
	if (!*points->type && metric->type == CF_K6_TREND)
		metric->contents = CF_K6_TIME;
	switch (metric->type) {
	case CF_K6_TREND:
		cf_latencies_sort(&points->values);
		cf_k6_metric_add(metric, "avg", points->values.sum / (double)points->n);
		for (size_t i = 0; i < G_N_ELEMENTS(percentiles); i++)
			cf_k6_metric_add(
				metric, percentiles[i].name,
				cf_latencies_percentile(&points->values, percentiles[i].p, CF_INTERPOLATED));
		cf_k6_metric_add(metric, "count", (double)points->n);
		break;
	case CF_K6_RATE:
		cf_k6_metric_add(metric, "rate", (double)points->nonzero / (double)points->n);
		cf_k6_metric_add(metric, "passes", (double)points->nonzero);
		cf_k6_metric_add(metric, "fails", (double)(points->n - points->nonzero));
		break;
	case CF_K6_GAUGE:
		cf_k6_metric_add(metric, "value", points->last);
		cf_k6_metric_add(metric, "min", points->min);
		cf_k6_metric_add(metric, "max", points->max);
		break;
	default:
		cf_k6_metric_add(metric, "count", points->sum);
		if (seconds > 0)
			cf_k6_metric_add(metric, "rate", points->sum / seconds);
	}
	return metric;
}

static void add_endpoints(struct reading *r, double seconds)
{
	const struct cf_load load = { r->trace, "users", cf_k6_users(r->metrics) };

	for (guint i = 0; i < r->endpoints->len; i++) {
		struct endpoint *e = r->endpoints->pdata[i];

		if (e->requests && seconds > 0)
			cf_load_throughput(&load, e->name, (double)e->requests / seconds);
		if (e->requests)
			cf_load_requests(&load, e->name, (double)e->requests);
		if (e->asked)
			cf_load_errors(&load, e->name, (double)e->failed / (double)e->asked);
		cf_load_latencies(&load, e->name, &e->durations, CF_INTERPOLATED);
	}
	if (r->other_endpoints)
		cf_trace_quality(r->trace, "many-endpoints", NULL, r->other_endpoints, 0,
				 "group addresses that differ by an id with the tag name",
				 "requests of more than %d names count in the totals only", ENDPOINTS_MAX);
}

static void fill(struct reading *r)
{
	struct cf_run_meta *meta = &r->trace->meta;
	double seconds;

	if (r->first_ns) {
		meta->start_ns = r->first_ns;
		meta->start_source = CF_START_INPUT;
		if (__builtin_sub_overflow(r->last_ns, r->first_ns, &meta->duration_ns))
			meta->duration_ns = 0;
	}
	seconds = (double)meta->duration_ns / NS_PER_S;
	for (guint i = 0; i < r->points->len; i++) {
		struct points *points = r->points->pdata[i];

		if (points->n)
			g_ptr_array_add(r->metrics, sum_up(points, seconds));
	}
	cf_k6_metrics_fill(r->trace, r->metrics);
	add_endpoints(r, seconds);
	if (r->bad_times)
		cf_trace_quality(r->trace, "times-unknown", NULL, r->bad_times, 0, NULL,
				 "points without a time in RFC 3339 don't count for the duration");
}

static int read_k6(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		   struct cf_diag *diag)
{
	struct cf_json_reader json;
	struct reading r = { .trace = trace,
			     .json = &json,
			     .metrics = g_ptr_array_new_with_free_func(cf_k6_metric_free),
			     .points = g_ptr_array_new_with_free_func(points_free),
			     .by_name = g_hash_table_new(cf_str_hash, g_str_equal),
			     .endpoints = g_ptr_array_new_with_free_func(endpoint_free),
			     .by_endpoint = g_hash_table_new(cf_str_hash, g_str_equal) };
	unsigned flags = CF_JSON_MAY_BE_CUT | (input->mapped ? CF_JSON_MAPPED : 0) |
			 (cf_params_bool(params, "partial") ? CF_JSON_KEEP_DAMAGED : 0);
	struct cf_loc loc = { .path = input->path };
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, flags, diag);
	while (cf_json_document(&json))
		read_document(&r);
	status = cf_json_finish(&json);
	/* Only lines may end where they like. */
	if (status == 0 && json.cut == CF_JSON_CUT && !r.points->len)
		status = cf_error(diag, &loc, "the summary is cut off");
	if (status == 0)
		fill(&r);
	if (status == 0 && !trace->points->len)
		status = cf_error(diag, &loc, "no metric has values, expected a summary or points of k6");
	if (status == 0 && json.cut == CF_JSON_DAMAGED)
		cf_trace_quality(trace, "partial", NULL, 0, 0, NULL,
				 "the file is damaged; what stands before the damage was kept");
	else if (status == 0 && json.cut)
		cf_trace_quality(trace, "unfinished", NULL, 1, 0, NULL,
				 "the last line isn't whole and was left out");
	cf_json_reader_release(&json);
	g_hash_table_unref(r.by_name);
	g_hash_table_unref(r.by_endpoint);
	g_ptr_array_unref(r.metrics);
	g_ptr_array_unref(r.points);
	g_ptr_array_unref(r.endpoints);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	static const char *const metrics[] = { "metrics.http_reqs", "metrics.iterations", "metrics.vus",
					       "metrics.iteration_duration", "metrics.data_sent" };
	const struct cf_json_shape *json = input->json;

	*why = "no metrics of k6, no points";
	for (size_t i = 0; i < G_N_ELEMENTS(metrics); i++)
		if (cf_json_shape_has(json, metrics[i]))
			return CF_BID_SHAPE;
	if (cf_json_shape_has(json, "metric") && cf_json_shape_has(json, "type") &&
	    (cf_json_shape_has(json, "data.contains") || cf_json_shape_has(json, "data.value")))
		return CF_BID_SHAPE;
	return cf_json_shape_has(json, "root_group") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_k6 = {
	.name = "k6",
	.summary = "k6 load tests: summaries and points (--out json)",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_k6,
};
