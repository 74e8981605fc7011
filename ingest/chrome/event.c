/* SPDX-License-Identifier: MIT */
/* event: one event of a Chrome trace. */
#include "ingest/chrome/event.h"

static void take_id(struct cf_json_reader *json, struct cf_event_id *id)
{
	struct cf_slice text;
	size_t len;

	if (!cf_json_try_text(json, &text))
		return;
	len = MIN(text.len, sizeof(id->text) - 1);
	memcpy(id->text, text.data, len);
	id->text[len] = '\0';
}

/* Of asynchronous events it is part of the id. */
static void take_category(struct cf_json_reader *json, struct cf_event *event)
{
	struct cf_slice text;
	size_t len;

	if (!cf_json_try_text(json, &text))
		return;
	len = MIN(text.len, sizeof(event->category) - 1);
	memcpy(event->category, text.data, len);
	event->category[len] = '\0';
}

/* {"local": "0x1"} or {"global": "0x1"} */
static void take_id2(struct cf_json_reader *json, struct cf_event_id *id)
{
	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		id->local |= cf_json_key_is(json, "local");
		take_id(json, id);
	}
}

/* A number, or a text that is one; another text is kept as it is. */
static void take_number(struct cf_json_reader *json, struct cf_dict *dict, int64_t *number,
			struct cf_str *text)
{
	struct cf_slice slice;

	if (cf_json_peek(json) != CF_JSON_STRING) {
		cf_json_try_int(json, number);
		return;
	}
	if (cf_json_try_text(json, &slice) && !cf_parse_i64(slice, number))
		*text = cf_dict_str(dict, (const char *)slice.data, (gssize)slice.len);
}

void cf_event_read(struct cf_json_reader *json, struct cf_dict *dict, struct cf_event *event)
{
	struct cf_slice text;

	event->phase = event->category[0] = event->id.text[0] = event->scope.text[0] = '\0';
	event->name = event->pid_text = event->tid_text = event->stack_frame = (struct cf_str){ 0 };
	event->ts_ns = event->duration_ns = event->pid = event->tid = 0;
	event->timed = event->lasts = event->id.local = false;
	event->args = (struct cf_slice){ 0 };
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		/* Keys are few and short: their length and first letter tell most apart. */
		switch (json->key.len) {
		case 2:
			if (cf_json_key_is(json, "ph") && cf_json_try_text(json, &text))
				event->phase = text.len == 1 ? (char)*text.data : '\0';
			else if (cf_json_key_is(json, "ts"))
				event->timed = cf_json_try_scaled(json, 3, &event->ts_ns);
			else if (cf_json_key_is(json, "id"))
				take_id(json, &event->id);
			else if (cf_json_key_is(json, "sf"))
				cf_json_try_str(json, dict, &event->stack_frame);
			break;
		case 3:
			if (cf_json_key_is(json, "pid"))
				take_number(json, dict, &event->pid, &event->pid_text);
			else if (cf_json_key_is(json, "tid"))
				take_number(json, dict, &event->tid, &event->tid_text);
			else if (cf_json_key_is(json, "dur"))
				event->lasts = cf_json_try_scaled(json, 3, &event->duration_ns);
			else if (cf_json_key_is(json, "cat"))
				take_category(json, event);
			else if (cf_json_key_is(json, "id2"))
				take_id2(json, &event->id);
			break;
		case 4:
			if (cf_json_key_is(json, "name"))
				cf_json_try_str(json, dict, &event->name);
			else if (cf_json_key_is(json, "args"))
				cf_json_get_raw(json, &event->args);
			break;
		case 5:
			if (cf_json_key_is(json, "scope"))
				take_id(json, &event->scope);
			break;
		default:
			break;
		}
	}
}
