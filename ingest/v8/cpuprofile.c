/* SPDX-License-Identifier: MIT */
/* cpuprofile: CPU profiles of V8: node --cpu-prof, Chrome's performance panel, the Profiler domain of DevTools. */
/*
 * Two forms: a list of nodes with samples and the time between them (chromedevtools.github.io/devtools-protocol, type
 * Profiler.Profile), and before 2016 nested nodes below "head" with time stamps.
 *
 * - The metrics are "time" in ns and "samples": a sample lasts until the next one, the last until the profile ends. Deltas that go back
 *   in time count as none. Without times there is only "samples", by hitCount where there is no list of samples either.
 * - Time in the node "(idle)" is no work; it is a function of that name.
 * - hits of lines (positionTicks) are costs per line, of the metric "samples".
 */
#include "ingest/format.h"
#include "ingest/v8/nodes.h"

#define SAMPLES_MAX (1 << 28)
/* Nested nodes are two levels of JSON each. */
#define JSON_DEPTH 20000

struct reading {
	struct cf_v8_nodes nodes;
	GArray *samples, *times; /* uint64_t ids; int64_t ns: deltas, or time stamps */
	bool deltas;
	int64_t start, end; /* ns, where the file has microseconds */
};

static void read_ids(struct cf_json_reader *json, GArray *ids)
{
	for (unsigned list = cf_json_array(json); cf_json_item(json, list);) {
		uint64_t id;

		if (cf_json_get_uint(json, &id) && ids->len < SAMPLES_MAX)
			g_array_append_val(ids, id);
	}
}

static void read_times(struct cf_json_reader *json, GArray *times)
{
	for (unsigned list = cf_json_array(json); cf_json_item(json, list);) {
		int64_t ns;

		if (cf_json_get_scaled(json, 3, &ns) && times->len < SAMPLES_MAX)
			g_array_append_val(times, ns);
	}
}

static void read_member(struct cf_json_reader *json, struct reading *r)
{
	if (cf_json_key_is(json, "nodes")) {
		cf_v8_nodes_read_list(&r->nodes);
	} else if (cf_json_key_is(json, "head")) {
		cf_v8_nodes_read_tree(&r->nodes);
	} else if (cf_json_key_is(json, "samples")) {
		read_ids(json, r->samples);
	} else if (cf_json_key_is(json, "timeDeltas")) {
		r->deltas = true;
		read_times(json, r->times);
	} else if (cf_json_key_is(json, "timestamps")) {
		read_times(json, r->times);
	} else if (cf_json_key_is(json, "startTime")) {
		cf_json_try_scaled(json, 3, &r->start);
	} else if (cf_json_key_is(json, "endTime")) {
		cf_json_try_scaled(json, 3, &r->end);
	}
}

/* The time of sample i, on the profile's clock. */
static void to_time_stamps(struct reading *r)
{
	int64_t now = r->start;

	for (guint i = 0; r->deltas && i < r->times->len; i++) {
		int64_t *time = &g_array_index(r->times, int64_t, i);

		if (__builtin_add_overflow(now, *time, &now))
			now = INT64_MAX;
		*time = now;
	}
}

static int64_t duration_of(const struct reading *r, guint i)
{
	int64_t from = g_array_index(r->times, int64_t, i), length;
	int64_t to = i + 1 < r->times->len ? g_array_index(r->times, int64_t, i + 1) : r->end;

	if (__builtin_sub_overflow(to, from, &length) || length < 0)
		return 0;
	return length;
}

static void add(struct reading *r, struct cf_metric metric, uint32_t node, int64_t weight, int64_t count)
{
	struct cf_trace *trace = r->nodes.trace;
	struct cf_thread thread = cf_trace_thread(trace, 0, 0, "");

	cf_trace_cost(trace, &(struct cf_stack_cost){ cf_trace_group(trace, ""), metric,
						      r->nodes.stacks[node], weight, count });
	cf_trace_thread_cost(trace, &(struct cf_thread_cost){ thread, metric, weight, count });
}

static void add_samples(struct reading *r, bool timed)
{
	struct cf_trace *trace = r->nodes.trace;
	/* The first metric is the one to look at first. */
	struct cf_metric time = timed ? cf_trace_metric(trace, "time", CF_UNIT_NS) : (struct cf_metric){ 0 };
	struct cf_metric samples = cf_trace_metric(trace, "samples", CF_UNIT_COUNT);
	int64_t missing = 0, backwards = 0;

	for (guint i = 0; i < r->samples->len; i++) {
		uint32_t node = cf_v8_nodes_find(&r->nodes, g_array_index(r->samples, uint64_t, i));

		missing += !node;
		if (timed && i + 1 < r->times->len)
			backwards +=
				g_array_index(r->times, int64_t, i + 1) < g_array_index(r->times, int64_t, i);
		add(r, samples, node, 1, 1);
		if (timed)
			add(r, time, node, duration_of(r, i), 1);
	}
	if (missing)
		cf_trace_quality(trace, "missing-nodes", NULL, missing, 0, NULL,
				 "samples of nodes that aren't in the profile have no stack");
	if (backwards)
		cf_trace_quality(trace, "time-backwards", NULL, backwards, 0, NULL,
				 "samples whose clock went back last no time");
}

static void add_hits(struct reading *r)
{
	struct cf_metric metric = cf_trace_metric(r->nodes.trace, "samples", CF_UNIT_COUNT);

	for (guint i = 0; i < r->nodes.nodes->len; i++) {
		int64_t hits = g_array_index(r->nodes.nodes, struct cf_v8_node, i).hits;

		if (hits > 0)
			add(r, metric, i + 1, hits, hits);
	}
}

static int fill(struct reading *r, const struct cf_input *input, struct cf_diag *diag)
{
	struct cf_trace *trace = r->nodes.trace;
	struct cf_loc loc = { .path = input->path };
	/* One more time than samples is when the last one ended. */
	bool ended = r->samples->len && r->times->len == r->samples->len + 1;
	bool timed = r->times->len && (ended || r->times->len == r->samples->len);

	if (!r->nodes.nodes->len)
		return cf_error(diag, &loc, "no nodes, expected a V8 profile");
	if (r->times->len && !timed)
		return cf_error(diag, &loc, "%u samples, but %u times", r->samples->len, r->times->len);
	cf_v8_nodes_push(&r->nodes);
	to_time_stamps(r);
	/* With time stamps the profile's own times are seconds. */
	if (timed && !r->deltas)
		r->start = g_array_index(r->times, int64_t, 0);
	if (timed && (ended || !r->deltas))
		r->end = g_array_index(r->times, int64_t, r->times->len - 1);
	if (ended)
		g_array_set_size(r->times, r->samples->len);
	if (r->samples->len)
		add_samples(r, timed);
	else
		add_hits(r);
	if (r->nodes.ticks->len)
		cf_v8_nodes_add_lines(&r->nodes, cf_trace_metric(trace, "samples", CF_UNIT_COUNT));
	if (timed && r->end > r->start)
		trace->meta.duration_ns = r->end - r->start;
	return 0;
}

static int read_cpuprofile(const struct cf_input *input, const struct cf_params *params,
			   struct cf_trace *trace, struct cf_diag *diag)
{
	struct reading r = { .samples = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
			     .times = g_array_new(FALSE, FALSE, sizeof(int64_t)) };
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	json.max_depth = JSON_DEPTH;
	cf_v8_nodes_init(&r.nodes, &json, trace);
	for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);)
		read_member(&json, &r);
	status = cf_json_finish(&json);
	if (status == 0)
		status = fill(&r, input, diag);
	cf_v8_nodes_release(&r.nodes);
	cf_json_reader_release(&json);
	g_array_unref(r.samples);
	g_array_unref(r.times);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	*why = "no nodes with callFrame, no head with hitCount";
	if (cf_json_shape_has(json, "nodes[].callFrame") ||
	    (cf_json_shape_has(json, "head.functionName") && cf_json_shape_has(json, "head.hitCount")))
		return CF_BID_SHAPE;
	return cf_json_shape_has(json, "timeDeltas") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_cpuprofile = {
	.name = "cpuprofile",
	.summary = "V8 CPU profiles (node --cpu-prof, Chrome)",
	.json = TRUE,
	.version = 2,
	.probe = probe,
	.read = read_cpuprofile,
};
