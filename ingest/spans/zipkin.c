/* SPDX-License-Identifier: MIT */
/* zipkin: spans of Zipkin's JSON, version 2 (github.com/openzipkin/zipkin-api, zipkin2-api.yaml). */
/*
 * A list of spans, or a list of traces that are lists of spans. Client and server of one call may share an id ("shared"):
 * the server's half is then the child of the client's, and parent of what has that id as parentId. Times are microseconds.
 */
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/spans/span_ids.h"

struct reading {
	struct cf_json_reader *json;
	struct cf_trace *trace;
	struct cf_span_ids ids;
};

static void take_key(struct reading *r, struct cf_span_key *key)
{
	struct cf_slice text;

	if (cf_json_try_text(r->json, &text))
		*key = cf_span_key(text);
}

static void take_service(struct reading *r, struct cf_str *service)
{
	for (unsigned in = cf_json_try_object(r->json); cf_json_member(r->json, in);)
		if (cf_json_key_is(r->json, "serviceName"))
			cf_json_try_str(r->json, r->trace->dict, service);
}

static void read_tags(struct reading *r, struct cf_span_draft *draft)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		bool error = cf_json_key_is(json, "error");
		int rank = cf_span_peer_rank(json->key);
		struct cf_slice value;

		if ((!error && !rank) || !cf_json_try_text(json, &value))
			continue;
		if (error && !cf_slice_is(value, "false"))
			draft->span.status = CF_SPAN_ERROR;
		cf_span_peer(draft, r->trace->dict, rank, value);
	}
}

/* The server's half of a span is known by an id of its own, so that both have one. */
static struct cf_span_key server_half(struct cf_span_key id)
{
	return (struct cf_span_key){ ~id.high, ~id.low };
}

/* Its parent is the client's half where that is there, else that one's parent. */
static void share(struct cf_span_draft *draft)
{
	draft->second_parent = draft->parent;
	draft->parent = draft->id;
	draft->id = server_half(draft->id);
}

static void read_span(struct reading *r)
{
	struct cf_span_draft draft = { .span = { .thread = CF_NO_THREAD } };
	struct cf_json_reader *json = r->json;
	struct cf_str remote = { 0 };
	bool shared = false, lasts = false;
	struct cf_slice text;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "traceId") && cf_json_try_text(json, &text))
			draft.trace = cf_span_trace_id(r->trace->dict, text);
		else if (cf_json_key_is(json, "id"))
			take_key(r, &draft.id);
		else if (cf_json_key_is(json, "parentId"))
			take_key(r, &draft.parent);
		else if (cf_json_key_is(json, "name"))
			cf_json_try_str(json, r->trace->dict, &draft.span.name);
		else if (cf_json_key_is(json, "kind") && cf_json_try_text(json, &text))
			draft.span.kind = (uint8_t)cf_span_kind_of(text);
		else if (cf_json_key_is(json, "timestamp"))
			draft.has_start = cf_json_try_scaled(json, 3, &draft.span.start_ns);
		else if (cf_json_key_is(json, "duration"))
			lasts = cf_json_try_scaled(json, 3, &draft.span.duration_ns);
		else if (cf_json_key_is(json, "localEndpoint"))
			take_service(r, &draft.span.service);
		else if (cf_json_key_is(json, "remoteEndpoint"))
			take_service(r, &remote);
		else if (cf_json_key_is(json, "shared"))
			cf_json_try_bool(json, &shared);
		else if (cf_json_key_is(json, "tags"))
			read_tags(r, &draft);
	}
	if (!cf_json_ok(json))
		return;
	if (!draft.peer_rank)
		draft.span.peer = remote;
	if (shared && cf_span_key_is_set(draft.id))
		share(&draft);
	if (!lasts)
		cf_trace_quality(r->trace, "span-without-end", NULL, 1, 0, NULL,
				 "spans without a duration last no time");
	cf_span_ids_add(&r->ids, &draft);
}

/* Children of a shared span are the server's: it is there that they were called from. */
static void prefer_servers(struct reading *r)
{
	for (guint i = 0; i < r->trace->spans->len; i++) {
		struct cf_span *span = &g_array_index(r->trace->spans, struct cf_span, i);
		struct cf_span_key id, parent, server;
		struct cf_str trace;
		uint32_t number;

		cf_span_ids_of(&r->ids, i + 1, &trace, &id, &parent);
		server = server_half(parent);
		/* A server's half itself is the child of the client's. */
		if (!cf_span_key_is_set(parent) || (id.high == server.high && id.low == server.low))
			continue;
		number = cf_span_ids_find(&r->ids, trace, server);
		if (number && number != i + 1)
			span->parent = number;
	}
}

static void read_list(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_array(json); cf_json_item(json, in);) {
		if (cf_json_peek(json) != CF_JSON_ARRAY) {
			read_span(r);
			continue;
		}
		for (unsigned trace = cf_json_array(json); cf_json_item(json, trace);)
			read_span(r);
	}
}

static int read_zipkin(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		       struct cf_diag *diag)
{
	struct cf_json_reader json;
	struct reading r = { .json = &json, .trace = trace };
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	cf_span_ids_init(&r.ids, trace);
	while (cf_json_document(&json))
		read_list(&r);
	status = cf_json_finish(&json);
	if (status == 0 && !trace->spans->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path }, "no spans");
	if (status == 0) {
		prefer_servers(&r);
		cf_span_ids_finish(&r.ids);
	}
	cf_span_ids_release(&r.ids);
	cf_json_reader_release(&json);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	*why = "no list of spans with traceId and localEndpoint";
	if (cf_json_shape_has(json, "[].traceId") && cf_json_shape_has(json, "[].id"))
		return CF_BID_SHAPE;
	if (cf_json_shape_has(json, "[][].traceId") && cf_json_shape_has(json, "[][].id"))
		return CF_BID_SHAPE;
	return cf_json_shape_has(json, "[].traceId") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_zipkin_v2 = {
	.name = "zipkin-v2",
	.summary = "Zipkin spans, JSON version 2",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_zipkin,
};
