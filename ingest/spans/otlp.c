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
};

static bool key_is(const struct cf_json_reader *json, const char *camel, const char *snake)
{
	return cf_json_key_is(json, camel) || cf_json_key_is(json, snake);
}

/* {"stringValue": "x"}, and numbers as text. Borrowed until the next value. */
static bool take_value(struct cf_json_reader *json, struct cf_slice *text, GString *buffer)
{
	bool found = false;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);)
		if (!found && cf_json_try_text(json, text)) {
			g_string_append_len(g_string_truncate(buffer, 0), (const char *)text->data,
					    (gssize)text->len);
			found = true;
		}
	*text = (struct cf_slice){ (const uint8_t *)buffer->str, buffer->len };
	return found;
}

/* One of "attributes". */
static bool take_attribute(struct cf_json_reader *json, GString *key, GString *value)
{
	struct cf_slice text;
	bool found = false;

	g_string_truncate(key, 0);
	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "key") && cf_json_try_text(json, &text))
			g_string_append_len(key, (const char *)text.data, (gssize)text.len);
		else if (cf_json_key_is(json, "value"))
			found = take_value(json, &text, value);
	}
	return found;
}

static void read_resource(struct reading *r)
{
	g_autoptr(GString) key = g_string_new(NULL), value = g_string_new(NULL);
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		if (!cf_json_key_is(json, "attributes"))
			continue;
		for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);)
			if (take_attribute(json, key, value) && !strcmp(key->str, "service.name"))
				r->service = cf_dict_str(r->trace->dict, value->str, (gssize)value->len);
	}
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

static void read_attributes(struct reading *r, struct cf_span_draft *draft)
{
	g_autoptr(GString) key = g_string_new(NULL), value = g_string_new(NULL);

	for (unsigned list = cf_json_try_array(r->json); cf_json_item(r->json, list);)
		if (take_attribute(r->json, key, value))
			cf_span_peer(draft, r->trace->dict,
				     (struct cf_slice){ (const uint8_t *)key->str, key->len },
				     (struct cf_slice){ (const uint8_t *)value->str, value->len });
}

static void take_id(struct reading *r, struct cf_str *id)
{
	struct cf_slice text;

	if (cf_json_try_text(r->json, &text))
		*id = cf_span_id(r->trace->dict, text);
}

static void read_span(struct reading *r)
{
	struct cf_span_draft draft = { .span = { .service = r->service, .thread = CF_NO_THREAD } };
	struct cf_json_reader *json = r->json;
	int64_t end = 0;
	bool ended = false;
	struct cf_slice text;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (key_is(json, "traceId", "trace_id"))
			take_id(r, &draft.trace);
		else if (key_is(json, "spanId", "span_id"))
			take_id(r, &draft.id);
		else if (key_is(json, "parentSpanId", "parent_span_id"))
			take_id(r, &draft.parent);
		else if (cf_json_key_is(json, "name"))
			cf_json_try_str(json, r->trace->dict, &draft.span.name);
		else if (cf_json_key_is(json, "kind") && cf_json_try_text(json, &text))
			draft.span.kind = (uint8_t)cf_span_kind_of(text);
		else if (key_is(json, "startTimeUnixNano", "start_time_unix_nano"))
			draft.has_start = cf_json_try_int(json, &draft.span.start_ns);
		else if (key_is(json, "endTimeUnixNano", "end_time_unix_nano"))
			ended = cf_json_try_int(json, &end);
		else if (cf_json_key_is(json, "status"))
			read_status(json, &draft.span);
		else if (cf_json_key_is(json, "attributes"))
			read_attributes(r, &draft);
	}
	if (!cf_json_ok(json))
		return;
	if (ended && draft.has_start &&
	    __builtin_sub_overflow(end, draft.span.start_ns, &draft.span.duration_ns))
		draft.span.duration_ns = end < 0 ? -1 : INT64_MAX;
	if (!ended)
		cf_trace_quality(r->trace, "span-without-end", NULL, 1, 0, NULL,
				 "spans without an end last no time");
	cf_span_ids_add(&r->ids, &draft);
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
