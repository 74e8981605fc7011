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

/* Keys are looked at more than anything else: those of up to four bytes as one number. */
#define KEY(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

static uint32_t short_key(const struct cf_json_reader *json)
{
	const uint8_t *key = json->key.data;

	switch (json->key.len) {
	case 2:
		return KEY(key[0], key[1], 0, 0);
	case 3:
		return KEY(key[0], key[1], key[2], 0);
	case 4:
		return KEY(key[0], key[1], key[2], key[3]);
	default:
		return 0;
	}
}

static void take_member(struct cf_json_reader *json, struct cf_dict *dict, struct cf_event *event)
{
	struct cf_slice text;

	switch (short_key(json)) {
	case KEY('p', 'h', 0, 0):
		if (cf_json_try_text(json, &text))
			event->phase = text.len == 1 ? (char)*text.data : '\0';
		break;
	case KEY('t', 's', 0, 0):
		event->timed = cf_json_try_scaled(json, 3, &event->ts_ns);
		break;
	case KEY('d', 'u', 'r', 0):
		event->lasts = cf_json_try_scaled(json, 3, &event->duration_ns);
		break;
	case KEY('p', 'i', 'd', 0):
		take_number(json, dict, &event->pid, &event->pid_text);
		break;
	case KEY('t', 'i', 'd', 0):
		take_number(json, dict, &event->tid, &event->tid_text);
		break;
	case KEY('n', 'a', 'm', 'e'):
		cf_json_try_str(json, dict, &event->name);
		break;
	case KEY('a', 'r', 'g', 's'):
		cf_json_get_raw(json, &event->args);
		break;
	case KEY('c', 'a', 't', 0):
		take_category(json, event);
		break;
	case KEY('i', 'd', 0, 0):
		take_id(json, &event->id);
		break;
	case KEY('i', 'd', '2', 0):
		take_id2(json, &event->id);
		break;
	case KEY('s', 'f', 0, 0):
		cf_json_try_str(json, dict, &event->stack_frame);
		break;
	default:
		if (cf_json_key_is(json, "scope"))
			take_id(json, &event->scope);
	}
}

void cf_event_read(struct cf_json_reader *json, struct cf_dict *dict, struct cf_event *event)
{
	event->phase = event->category[0] = event->id.text[0] = event->scope.text[0] = '\0';
	event->name = event->pid_text = event->tid_text = event->stack_frame = (struct cf_str){ 0 };
	event->ts_ns = event->duration_ns = event->pid = event->tid = 0;
	event->timed = event->lasts = event->id.local = false;
	event->args = (struct cf_slice){ 0 };
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);)
		take_member(json, dict, event);
}
