/* SPDX-License-Identifier: MIT */
/* jaeger: traces of Jaeger's user interface and query API (jaeger-ui, TraceData). */
/*
 * {"data": [trace, ...]} or one trace: spans with references to others, and processes that name services. The parent of a
 * span is its first CHILD_OF reference within the trace; what only FOLLOWS_FROM another is its asynchronous child. Times
 * are microseconds. Processes stand behind the spans: spans are read when those are known.
 */
#include "core/hash.h"
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/spans/span_ids.h"

struct reading {
	struct cf_json_reader *json;
	struct cf_trace *trace;
	struct cf_span_ids ids;
	GHashTable *processes; /* char * -> service: cf_str id */
	struct cf_str trace_id;
};

static void take_trace_id(struct reading *r, struct cf_str *id)
{
	struct cf_slice text;

	if (cf_json_try_text(r->json, &text))
		*id = cf_span_trace_id(r->trace->dict, text);
}

static void take_key(struct reading *r, struct cf_span_key *key)
{
	struct cf_slice text;

	if (cf_json_try_text(r->json, &text))
		*key = cf_span_key(text);
}

static void read_process(struct reading *r, struct cf_str *service)
{
	for (unsigned in = cf_json_try_object(r->json); cf_json_member(r->json, in);)
		if (cf_json_key_is(r->json, "serviceName"))
			cf_json_try_str(r->json, r->trace->dict, service);
}

static void read_processes(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		g_autofree char *key = g_strndup((const char *)json->key.data, json->key.len);
		struct cf_str service = { 0 };

		read_process(r, &service);
		g_hash_table_replace(r->processes, g_steal_pointer(&key), GUINT_TO_POINTER(service.id));
	}
}

static void read_reference(struct reading *r, struct cf_span_draft *draft, bool *follows)
{
	struct cf_span_key id = { 0 };
	struct cf_str trace = draft->trace;
	struct cf_slice type;
	bool child = false;

	for (unsigned in = cf_json_try_object(r->json); cf_json_member(r->json, in);) {
		if (cf_json_key_is(r->json, "refType") && cf_json_try_text(r->json, &type))
			child = cf_slice_is(type, "CHILD_OF");
		else if (cf_json_key_is(r->json, "spanID"))
			take_key(r, &id);
		else if (cf_json_key_is(r->json, "traceID"))
			take_trace_id(r, &trace);
	}
	if (draft->trace.id && trace.id != draft->trace.id)
		return;
	if (!cf_span_key_is_set(draft->parent) || (child && *follows)) {
		draft->parent = id;
		*follows = !child;
	}
}

/* {"key": "error", "type": "bool", "value": true} */
static void read_tag(struct reading *r, struct cf_span_draft *draft)
{
	struct cf_json_reader *json = r->json;
	g_autoptr(GString) key = g_string_new(NULL), value = g_string_new(NULL);
	struct cf_slice text;
	bool truth;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "key") && cf_json_try_text(json, &text)) {
			g_string_append_len(key, (const char *)text.data, (gssize)text.len);
		} else if (cf_json_key_is(json, "value")) {
			if (cf_json_peek(json) == CF_JSON_BOOL)
				g_string_assign(value,
						cf_json_try_bool(json, &truth) && truth ? "true" : "false");
			else if (cf_json_try_text(json, &text))
				g_string_append_len(value, (const char *)text.data, (gssize)text.len);
		}
	}
	if (!strcmp(key->str, "error") && (!strcmp(value->str, "true") || !strcmp(value->str, "1")))
		draft->span.status = CF_SPAN_ERROR;
	else if (!strcmp(key->str, "otel.status_code") && !strcmp(value->str, "ERROR"))
		draft->span.status = CF_SPAN_ERROR;
	else if (!strcmp(key->str, "span.kind"))
		draft->span.kind = (uint8_t)cf_span_kind_of(
			(struct cf_slice){ (const uint8_t *)value->str, value->len });
	cf_span_peer(draft, r->trace->dict,
		     cf_span_peer_rank((struct cf_slice){ (const uint8_t *)key->str, key->len }),
		     (struct cf_slice){ (const uint8_t *)value->str, value->len });
}

static void read_span(struct reading *r)
{
	struct cf_span_draft draft = { .span = { .thread = CF_NO_THREAD }, .trace = r->trace_id };
	struct cf_json_reader *json = r->json;
	bool follows = false;
	struct cf_slice text;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "traceID")) {
			take_trace_id(r, &draft.trace);
		} else if (cf_json_key_is(json, "spanID")) {
			take_key(r, &draft.id);
		} else if (cf_json_key_is(json, "parentSpanID")) {
			take_key(r, &draft.parent);
		} else if (cf_json_key_is(json, "operationName")) {
			cf_json_try_str(json, r->trace->dict, &draft.span.name);
		} else if (cf_json_key_is(json, "references")) {
			for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);)
				read_reference(r, &draft, &follows);
		} else if (cf_json_key_is(json, "startTime")) {
			draft.has_start = cf_json_try_scaled(json, 3, &draft.span.start_ns);
		} else if (cf_json_key_is(json, "duration")) {
			cf_json_try_scaled(json, 3, &draft.span.duration_ns);
		} else if (cf_json_key_is(json, "tags")) {
			for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);)
				read_tag(r, &draft);
		} else if (cf_json_key_is(json, "processID") && cf_json_try_text(json, &text)) {
			g_autofree char *process = g_strndup((const char *)text.data, text.len);

			draft.span.service.id = GPOINTER_TO_UINT(g_hash_table_lookup(r->processes, process));
		} else if (cf_json_key_is(json, "process")) {
			read_process(r, &draft.span.service);
		}
	}
	if (!cf_json_ok(json))
		return;
	if (follows)
		draft.span.kind = CF_SPAN_ASYNC;
	cf_span_ids_add(&r->ids, &draft);
}

static void read_spans(struct reading *r, struct cf_slice raw)
{
	struct cf_json_reader within, *json = r->json;

	cf_json_reader_within(&within, json, raw);
	r->json = &within;
	for (unsigned list = cf_json_array(&within); cf_json_item(&within, list);)
		read_span(r);
	r->json = json;
	cf_json_reader_join(&within, json);
}

/* A member of a trace; its spans are left for later. */
static void read_trace_member(struct reading *r, struct cf_slice *spans)
{
	if (cf_json_key_is(r->json, "traceID"))
		take_trace_id(r, &r->trace_id);
	else if (cf_json_key_is(r->json, "processes"))
		read_processes(r);
	else if (cf_json_key_is(r->json, "spans"))
		cf_json_get_raw(r->json, spans);
}

static void begin_trace(struct reading *r, struct cf_slice *spans)
{
	g_hash_table_remove_all(r->processes);
	r->trace_id = (struct cf_str){ 0 };
	*spans = (struct cf_slice){ 0 };
}

static void read_document(struct reading *r)
{
	struct cf_slice own = { 0 }, spans;

	begin_trace(r, &own);
	for (unsigned in = cf_json_object(r->json); cf_json_member(r->json, in);) {
		if (!cf_json_key_is(r->json, "data")) {
			read_trace_member(r, &own);
			continue;
		}
		for (unsigned list = cf_json_array(r->json); cf_json_item(r->json, list);) {
			begin_trace(r, &spans);
			for (unsigned trace = cf_json_object(r->json); cf_json_member(r->json, trace);)
				read_trace_member(r, &spans);
			if (spans.len && cf_json_ok(r->json))
				read_spans(r, spans);
		}
	}
	if (own.len && cf_json_ok(r->json))
		read_spans(r, own);
}

static int read_jaeger(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		       struct cf_diag *diag)
{
	struct cf_json_reader json;
	struct reading r = { .json = &json,
			     .trace = trace,
			     .processes = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL) };
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	cf_span_ids_init(&r.ids, trace);
	while (cf_json_document(&json))
		read_document(&r);
	status = cf_json_finish(&json);
	if (status == 0 && !trace->spans->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path }, "no spans");
	if (status == 0)
		cf_span_ids_finish(&r.ids);
	cf_span_ids_release(&r.ids);
	cf_json_reader_release(&json);
	g_hash_table_unref(r.processes);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	*why = "no traces with spans that have an operationName";
	if (cf_json_shape_has(json, "data[].spans[].operationName") ||
	    cf_json_shape_has(json, "spans[].operationName"))
		return CF_BID_SHAPE;
	return cf_json_shape_has(json, "data[].traceID") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_jaeger_json = {
	.name = "jaeger-json",
	.summary = "Jaeger traces, as its interface and API write them",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_jaeger,
};
