/* SPDX-License-Identifier: MIT */
/* heapprofile: sampled heap profiles of V8: node --heap-prof, HeapProfiler.SamplingHeapProfile of DevTools. */
/*
 * What is alive at the end, by the stack that allocated it: the metric "heap size" in bytes. Samples are counted where the
 * file lists them; else each node with a size counts as one.
 */
#include "ingest/format.h"
#include "ingest/v8/nodes.h"

/* Nested nodes are two levels of JSON each. */
#define JSON_DEPTH 20000

/* One uint64_t per sample: the id of its node. */
static void read_samples(struct cf_json_reader *json, GArray *samples)
{
	for (unsigned list = cf_json_array(json); cf_json_item(json, list);) {
		uint64_t id;

		for (unsigned in = cf_json_object(json); cf_json_member(json, in);)
			if (cf_json_key_is(json, "nodeId") && cf_json_try_uint(json, &id))
				g_array_append_val(samples, id);
	}
}

static int fill(struct cf_v8_nodes *nodes, const GArray *samples, const struct cf_input *input,
		struct cf_diag *diag)
{
	struct cf_trace *trace = nodes->trace;
	struct cf_metric metric = cf_trace_metric(trace, "heap size", CF_UNIT_BYTES);
	struct cf_thread thread = cf_trace_thread(trace, 0, 0, "");
	g_autofree int64_t *counts = g_new0(int64_t, (size_t)nodes->nodes->len + 1);

	if (!nodes->nodes->len)
		return cf_error(diag, &(struct cf_loc){ .path = input->path },
				"no nodes, expected a V8 heap profile");
	cf_v8_nodes_push(nodes);
	for (guint i = 0; i < samples->len; i++)
		counts[cf_v8_nodes_find(nodes, g_array_index(samples, uint64_t, i))]++;
	for (uint32_t n = 1; n <= nodes->nodes->len; n++) {
		int64_t size = g_array_index(nodes->nodes, struct cf_v8_node, n - 1).size;
		int64_t count = samples->len ? counts[n] : 1;

		if (size <= 0)
			continue;
		cf_trace_cost(trace, &(struct cf_stack_cost){ cf_trace_group(trace, ""), metric,
							      nodes->stacks[n], size, count });
		cf_trace_thread_cost(trace, &(struct cf_thread_cost){ thread, metric, size, count });
	}
	return 0;
}

static int read_heapprofile(const struct cf_input *input, const struct cf_params *params,
			    struct cf_trace *trace, struct cf_diag *diag)
{
	g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	struct cf_v8_nodes nodes;
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	json.max_depth = JSON_DEPTH;
	cf_v8_nodes_init(&nodes, &json, trace);
	for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);) {
		if (cf_json_key_is(&json, "head"))
			cf_v8_nodes_read_tree(&nodes);
		else if (cf_json_key_is(&json, "samples"))
			read_samples(&json, samples);
	}
	status = cf_json_finish(&json);
	if (status == 0)
		status = fill(&nodes, samples, input, diag);
	cf_v8_nodes_release(&nodes);
	cf_json_reader_release(&json);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	*why = "no head with selfSize";
	if (cf_json_shape_has(input->json, "head.selfSize"))
		return CF_BID_SHAPE;
	return cf_json_shape_has(input->json, "head.callFrame") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_heapprofile = {
	.name = "heapprofile",
	.summary = "V8 sampled heap profiles (node --heap-prof)",
	.json = TRUE,
	.version = 2,
	.probe = probe,
	.read = read_heapprofile,
};
