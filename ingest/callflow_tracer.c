/* SPDX-License-Identifier: MIT */
/* callflow_tracer: call graphs that the Python package callflow-tracer writes. */
/*
 * {"nodes": [...], "edges": [...], "metadata": {...}}, perhaps within "data" or "graph", or a list of these, which are summed.
 * Times are seconds, inclusive: what a function took itself is its time less that of the calls it made. Functions that were
 * never called themselves (call_count 0, the callers at the top) take the time of their calls. Edges name their ends
 * caller and callee, from and to, or source and target.
 *
 * Recorded arguments of calls may hold anything, passwords included: they are kept only with --keep-arguments, as remarks on
 * the run, one per function. The package itself has those of the last five calls, each cut after a hundred characters.
 */
#include "core/hash.h"
#include "core/json_reader.h"
#include "core/sum.h"
#include "ingest/format.h"

#define KEPT_FUNCTIONS_MAX 1000
#define KEPT_BYTES_MAX 2000

struct node {
	struct cf_str full_name, name, module;
	int64_t calls, total_ns;
	int64_t called_ns; /* of the calls that it makes */
	struct cf_func func;
};

struct edge {
	struct cf_str caller, callee;
	int64_t calls, total_ns;
};

struct reading {
	struct cf_json_reader *json;
	struct cf_trace *trace;
	struct cf_metric metric;
	GArray *nodes, *edges; /* of the graph that is read: struct node, struct edge */
	GHashTable *by_name;   /* full name -> number of the node */
	int64_t arguments, inconsistent, graphs;
	bool keep_arguments;
	guint kept; /* functions with arguments */
};

static void take_seconds(struct cf_json_reader *json, int64_t *ns)
{
	if (cf_json_try_scaled(json, 9, ns) && *ns < 0)
		*ns = 0;
}

static void take_str(struct reading *r, struct cf_str *str)
{
	cf_json_try_str(r->json, r->trace->dict, str);
}

/* {"args": "(1, 2)", "kwargs": "{'x': 3}"} or a plain text; other items say nothing. */
static void take_arguments(struct reading *r, GString *kept)
{
	struct cf_json_reader *json = r->json;
	struct cf_slice text;

	r->arguments++;
	if (!r->keep_arguments || kept->len >= KEPT_BYTES_MAX)
		return;
	if (kept->len)
		g_string_append(kept, "; ");
	if (cf_json_peek(json) != CF_JSON_OBJECT) {
		if (cf_json_try_text(json, &text))
			g_string_append_len(kept, (const char *)text.data,
					    (gssize)MIN(text.len, KEPT_BYTES_MAX));
		return;
	}
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);)
		if ((cf_json_key_is(json, "args") || cf_json_key_is(json, "kwargs")) &&
		    cf_json_try_text(json, &text)) {
			if (kept->len && kept->str[kept->len - 1] != ' ')
				g_string_append_c(kept, ' ');
			g_string_append_len(kept, (const char *)text.data,
					    (gssize)MIN(text.len, KEPT_BYTES_MAX));
		}
}

static void keep_arguments(struct reading *r, struct cf_str function, int64_t calls, const GString *kept)
{
	const char *name = cf_dict_text(r->trace->dict, function);
	g_autofree char *text = NULL;

	if (!kept->len || r->kept == KEPT_FUNCTIONS_MAX)
		return;
	r->kept++;
	text = g_utf8_make_valid(kept->str, (gssize)MIN(kept->len, KEPT_BYTES_MAX));
	cf_trace_quality(r->trace, "arguments", name, calls, 0, NULL, "called with %s", text);
}

static void read_node(struct reading *r)
{
	struct cf_json_reader *json = r->json;
	g_autoptr(GString) arguments = g_string_new(NULL);
	struct node node = { 0 };
	struct cf_str id = { 0 };
	int64_t before = r->arguments;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "full_name"))
			take_str(r, &node.full_name);
		else if (cf_json_key_is(json, "id"))
			take_str(r, &id);
		else if (cf_json_key_is(json, "name"))
			take_str(r, &node.name);
		else if (cf_json_key_is(json, "module"))
			take_str(r, &node.module);
		else if (cf_json_key_is(json, "call_count"))
			cf_json_try_int(json, &node.calls);
		else if (cf_json_key_is(json, "total_time"))
			take_seconds(json, &node.total_ns);
		else if (cf_json_key_is(json, "arguments"))
			for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);)
				take_arguments(r, arguments);
	}
	if (!node.full_name.id)
		node.full_name = id.id ? id : node.name;
	if (!cf_json_ok(json) || !node.full_name.id)
		return;
	node.calls = MAX(node.calls, 0);
	g_array_append_val(r->nodes, node);
	g_hash_table_insert(r->by_name, GUINT_TO_POINTER(node.full_name.id), GUINT_TO_POINTER(r->nodes->len));
	keep_arguments(r, node.full_name, r->arguments - before, arguments);
}

static bool is_key(const struct cf_json_reader *json, const char *a, const char *b, const char *c)
{
	return cf_json_key_is(json, a) || cf_json_key_is(json, b) || cf_json_key_is(json, c);
}

static void read_edge(struct reading *r)
{
	struct cf_json_reader *json = r->json;
	struct edge edge = { 0 };

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (is_key(json, "caller", "from", "source"))
			take_str(r, &edge.caller);
		else if (is_key(json, "callee", "to", "target"))
			take_str(r, &edge.callee);
		else if (cf_json_key_is(json, "call_count"))
			cf_json_try_int(json, &edge.calls);
		else if (cf_json_key_is(json, "total_time"))
			take_seconds(json, &edge.total_ns);
	}
	edge.calls = MAX(edge.calls, 0);
	if (cf_json_ok(json) && edge.caller.id && edge.callee.id)
		g_array_append_val(r->edges, edge);
}

/* "pkg.mod.f" is f in pkg.mod, where no node says more. */
static struct node *node_of(struct reading *r, struct cf_str full_name)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(r->by_name, GUINT_TO_POINTER(full_name.id)));

	if (!number) {
		struct node node = { .full_name = full_name };

		g_array_append_val(r->nodes, node);
		number = r->nodes->len;
		g_hash_table_insert(r->by_name, GUINT_TO_POINTER(full_name.id), GUINT_TO_POINTER(number));
	}
	return &g_array_index(r->nodes, struct node, number - 1);
}

static void make_func(struct reading *r, struct node *node)
{
	struct cf_dict *dict = r->trace->dict;
	const char *full = cf_dict_text(dict, node->full_name), *dot = strrchr(full, '.');
	struct cf_func_info info = { .name = node->name, .kind = CF_FRAME_NATIVE };

	if (!info.name.id)
		info.name = cf_dict_str(dict, dot && dot[1] ? dot + 1 : full, -1);
	if (!node->module.id && !node->name.id && dot && dot[1])
		node->module = cf_dict_str(dict, full, dot - full);
	if (node->module.id)
		info.module = cf_dict_module(dict, (struct cf_module_info){ .name = node->module });
	node->func = cf_dict_func(dict, info);
}

/* What was gathered of one graph, into the trace. */
static void add_graph(struct reading *r)
{
	for (guint i = 0; i < r->edges->len; i++) {
		const struct edge *edge = &g_array_index(r->edges, struct edge, i);
		struct node *caller;

		node_of(r, edge->callee);
		caller = node_of(r, edge->caller);
		caller->called_ns = cf_add_sat(caller->called_ns, edge->total_ns);
	}
	for (guint i = 0; i < r->nodes->len; i++) {
		struct node *node = &g_array_index(r->nodes, struct node, i);
		int64_t self = node->total_ns - node->called_ns;

		make_func(r, node);
		/* Callers at the top were never called: their time is that of their calls. */
		if (!node->calls)
			self = MAX(self, 0);
		r->inconsistent += self < 0;
		cf_trace_line(r->trace, &(struct cf_line_cost){ .func = node->func,
								.metric = r->metric,
								.weight = MAX(self, 0) });
	}
	for (guint i = 0; i < r->edges->len; i++) {
		const struct edge *edge = &g_array_index(r->edges, struct edge, i);
		struct cf_func caller = node_of(r, edge->caller)->func;

		cf_trace_call(r->trace, &(struct cf_call_cost){ caller, node_of(r, edge->callee)->func,
								r->metric, edge->total_ns, edge->calls });
	}
	r->graphs += r->nodes->len != 0;
	g_array_set_size(r->nodes, 0);
	g_array_set_size(r->edges, 0);
	g_hash_table_remove_all(r->by_name);
}

static void read_metadata(struct reading *r)
{
	int64_t duration = 0;

	for (unsigned in = cf_json_try_object(r->json); cf_json_member(r->json, in);)
		if (cf_json_key_is(r->json, "duration"))
			take_seconds(r->json, &duration);
	r->trace->meta.duration_ns = cf_add_sat(r->trace->meta.duration_ns, duration);
}

/* A member of a graph. */
static void read_member(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	if (cf_json_key_is(json, "nodes"))
		for (unsigned list = cf_json_array(json); cf_json_item(json, list);)
			read_node(r);
	else if (cf_json_key_is(json, "edges"))
		for (unsigned list = cf_json_array(json); cf_json_item(json, list);)
			read_edge(r);
	else if (cf_json_key_is(json, "metadata"))
		read_metadata(r);
}

/* The graph itself, or one level around it. */
static void read_graph(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (!cf_json_key_is(json, "data") && !cf_json_key_is(json, "graph")) {
			read_member(r);
			continue;
		}
		for (unsigned inner = cf_json_try_object(json); cf_json_member(json, inner);)
			read_member(r);
	}
	if (cf_json_ok(json))
		add_graph(r);
}

static int read_callflow_tracer(const struct cf_input *input, const struct cf_params *params,
				struct cf_trace *trace, struct cf_diag *diag)
{
	struct cf_json_reader json;
	struct reading r = { .json = &json,
			     .trace = trace,
			     .metric = cf_trace_metric(trace, "time", CF_UNIT_NS),
			     .nodes = g_array_new(FALSE, FALSE, sizeof(struct node)),
			     .edges = g_array_new(FALSE, FALSE, sizeof(struct edge)),
			     .by_name = g_hash_table_new(NULL, NULL),
			     .keep_arguments = cf_params_bool(params, "keep-arguments") };
	int status;

	cf_json_reader_init(&json, input->path, input->bytes,
			    CF_JSON_NOT_FINITE | (input->mapped ? CF_JSON_MAPPED : 0), diag);
	if (cf_json_peek(&json) == CF_JSON_ARRAY)
		for (unsigned list = cf_json_array(&json); cf_json_item(&json, list);)
			read_graph(&r);
	else
		read_graph(&r);
	status = cf_json_finish(&json);
	if (status == 0 && !r.graphs)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path },
				  "no nodes, expected a call graph");
	if (r.arguments && !r.keep_arguments)
		cf_trace_quality(trace, "arguments", NULL, r.arguments, 0, NULL,
				 "recorded arguments of calls aren't kept, as they may be anything; "
				 "--keep-arguments does");
	if (r.inconsistent)
		cf_trace_quality(
			trace, "inconsistent-times", NULL, r.inconsistent, 0, NULL,
			"functions that took less time than the calls they made took none themselves");
	cf_json_reader_release(&json);
	g_array_unref(r.nodes);
	g_array_unref(r.edges);
	g_hash_table_unref(r.by_name);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	static const char *const around[] = { "", "data.", "graph.", "[].", "[].data.", "[].graph." };
	bool near = false;

	for (size_t i = 0; i < G_N_ELEMENTS(around); i++) {
		g_autofree char *count = g_strconcat(around[i], "nodes[].call_count", NULL);
		g_autofree char *edges = g_strconcat(around[i], "edges", NULL);
		g_autofree char *total = g_strconcat(around[i], "nodes[].total_time", NULL);

		if (cf_json_shape_has(input->json, count) && cf_json_shape_has(input->json, total))
			return CF_BID_SHAPE;
		near |= cf_json_shape_has(input->json, edges);
	}
	*why = "no nodes with call_count and total_time";
	return near ? CF_BID_NEAR : CF_BID_NO;
}

static const struct cf_param tracer_params[] = {
	{ .name = "keep-arguments",
	  .type = CF_PARAM_BOOL,
	  .help = "keep the arguments of calls that callflow-tracer recorded" },
	{ .name = NULL },
};

const struct cf_format cf_format_callflow_tracer = {
	.name = "callflow-tracer",
	.summary = "call graphs of the Python package callflow-tracer",
	.json = TRUE,
	.version = 2,
	.params = tracer_params,
	.probe = probe,
	.read = read_callflow_tracer,
};
