/* SPDX-License-Identifier: MIT */
/* otlp: spans of OpenTelemetry in OTLP's JSON encoding, one document or one per line. */
/*
 * opentelemetry-proto, trace.proto and its JSON mapping: names in lowerCamelCase, ids in hexadecimal, 64-bit integers as
 * texts. What naive exporters write is read as well: snake_case, base64 ids, numbers, enumerations by name. The service is
 * the resource's service.name.
 */
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/spans/span_ids.h"

struct reading {
	struct cf_json_reader *json;
	struct cf_trace *trace;
	struct cf_span_ids ids;
	struct cf_str service; /* of the resource */
	struct cf_span_draft draft;
};

G_ALWAYS_INLINE static inline bool key_is(const struct cf_json_reader *json, const char *camel,
					  const char *snake)
{
	return cf_json_key_is(json, camel) || cf_json_key_is(json, snake);
}

/* {"stringValue": "x"}, and numbers as text. Borrowed until the next value. */
static bool take_value(struct cf_json_reader *json, struct cf_slice *text)
{
	unsigned in = cf_json_try_object(json);

	return cf_json_member(json, in) && cf_json_try_text(json, text);
}

/*
 * Reads a list of attributes and hands on the values of those whose key `wants` has a number for. A value that stands
 * before its key, which no exporter writes, is passed over.
 */
static void read_attributes(struct reading *r, int (*wants)(struct cf_slice key),
			    void (*take)(struct reading *r, int number, struct cf_slice value))
{
	struct cf_json_reader *json = r->json;

	for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);) {
		int number = 0;

		for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
			struct cf_slice text;

			if (cf_json_key_is(json, "key") && cf_json_try_text(json, &text))
				number = wants(text);
			else if (number && cf_json_key_is(json, "value") && take_value(json, &text))
				take(r, number, text);
		}
	}
}

static int is_service_name(struct cf_slice key)
{
	return cf_slice_is(key, "service.name");
}

static void take_service(struct reading *r, int number, struct cf_slice value)
{
	r->service = cf_dict_str(r->trace->dict, (const char *)value.data, (gssize)value.len);
}

static void read_resource(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);)
		if (cf_json_key_is(json, "attributes"))
			read_attributes(r, is_service_name, take_service);
}

static void read_status(struct cf_json_reader *json, struct cf_span *span)
{
	struct cf_slice code;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		if (!cf_json_key_is(json, "code") || !cf_json_try_text(json, &code))
			continue;
		if (cf_slice_is(code, "2") || cf_slice_is(code, "STATUS_CODE_ERROR"))
			span->status = CF_SPAN_ERROR;
		else if (cf_slice_is(code, "1") || cf_slice_is(code, "STATUS_CODE_OK"))
			span->status = CF_SPAN_OK;
	}
}

static void take_peer(struct reading *r, int rank, struct cf_slice value)
{
	cf_span_peer(&r->draft, r->trace->dict, rank, value);
}

static void read_span(struct reading *r)
{
	struct cf_span_draft *draft = &r->draft;
	struct cf_json_reader *json = r->json;
	int64_t end = 0;
	bool ended = false;
	struct cf_slice text;

	*draft = (struct cf_span_draft){ .span = { .service = r->service, .thread = CF_NO_THREAD } };
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (key_is(json, "traceId", "trace_id") && cf_json_try_text(json, &text))
			draft->trace = cf_span_trace_id(r->trace->dict, text);
		else if (key_is(json, "spanId", "span_id") && cf_json_try_text(json, &text))
			draft->id = cf_span_key(text);
		else if (key_is(json, "parentSpanId", "parent_span_id") && cf_json_try_text(json, &text))
			draft->parent = cf_span_key(text);
		else if (cf_json_key_is(json, "name"))
			cf_json_try_str(json, r->trace->dict, &draft->span.name);
		else if (cf_json_key_is(json, "kind") && cf_json_try_text(json, &text))
			draft->span.kind = (uint8_t)cf_span_kind_of(text);
		else if (key_is(json, "startTimeUnixNano", "start_time_unix_nano"))
			draft->has_start = cf_json_try_int(json, &draft->span.start_ns);
		else if (key_is(json, "endTimeUnixNano", "end_time_unix_nano"))
			ended = cf_json_try_int(json, &end);
		else if (cf_json_key_is(json, "status"))
			read_status(json, &draft->span);
		else if (cf_json_key_is(json, "attributes"))
			read_attributes(r, cf_span_peer_rank, take_peer);
	}
	if (!cf_json_ok(json))
		return;
	if (ended && draft->has_start &&
	    __builtin_sub_overflow(end, draft->span.start_ns, &draft->span.duration_ns))
		draft->span.duration_ns = end < 0 ? -1 : INT64_MAX;
	if (!ended)
		cf_trace_quality(r->trace, "span-without-end", NULL, 1, 0, NULL,
				 "spans without an end last no time");
	cf_span_ids_add(&r->ids, draft);
}

static void read_scopes(struct reading *r)
{
	for (unsigned list = cf_json_array(r->json); cf_json_item(r->json, list);)
		for (unsigned in = cf_json_object(r->json); cf_json_member(r->json, in);) {
			if (!cf_json_key_is(r->json, "spans"))
				continue;
			for (unsigned spans = cf_json_array(r->json); cf_json_item(r->json, spans);)
				read_span(r);
		}
}

/* The scopes may stand before the resource that they belong to. */
static void read_resource_spans(struct reading *r)
{
	struct cf_json_reader *json = r->json;
	struct cf_slice early = { 0 };
	bool known = false;

	r->service = (struct cf_str){ 0 };
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		bool scopes = key_is(json, "scopeSpans", "scope_spans") ||
			      key_is(json, "instrumentationLibrarySpans", "instrumentation_library_spans");

		if (cf_json_key_is(json, "resource")) {
			read_resource(r);
			known = true;
		} else if (scopes && known) {
			read_scopes(r);
		} else if (scopes) {
			cf_json_get_raw(json, &early);
		}
	}
	if (early.len && cf_json_ok(json)) {
		struct cf_json_reader within;

		cf_json_reader_within(&within, json, early);
		r->json = &within;
		read_scopes(r);
		r->json = json;
		cf_json_reader_join(&within, json);
	}
}

static int read_otlp(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		     struct cf_diag *diag)
{
	struct cf_json_reader json;
	struct reading r = { .json = &json, .trace = trace };
	int status;

	cf_json_reader_init(&json, input->path, input->bytes,
			    CF_JSON_NOT_FINITE | (input->mapped ? CF_JSON_MAPPED : 0), diag);
	cf_span_ids_init(&r.ids, trace);
	while (cf_json_document(&json))
		for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);) {
			if (!key_is(&json, "resourceSpans", "resource_spans"))
				continue;
			for (unsigned list = cf_json_array(&json); cf_json_item(&json, list);)
				read_resource_spans(&r);
		}
	status = cf_json_finish(&json);
	if (status == 0 && !trace->spans->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path }, "no spans");
	if (status == 0)
		cf_span_ids_finish(&r.ids);
	cf_span_ids_release(&r.ids);
	cf_json_reader_release(&json);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	static const char *const profiles[] = { "resourceProfiles", "resource_profiles", "resourceMetrics",
						"resourceLogs" };

	*why = "no resourceSpans";
	if (cf_json_shape_has(input->json, "resourceSpans") ||
	    cf_json_shape_has(input->json, "resource_spans"))
		return CF_BID_SHAPE;
	for (size_t i = 0; i < G_N_ELEMENTS(profiles); i++)
		if (cf_json_shape_has(input->json, profiles[i])) {
			*why = "metrics, logs or profiles of OTLP; only spans are read";
			return CF_BID_NEAR;
		}
	return CF_BID_NO;
}

const struct cf_format cf_format_otlp_json = {
	.name = "otlp-json",
	.summary = "OpenTelemetry spans, OTLP JSON or one document per line",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_otlp,
};
