/* SPDX-License-Identifier: MIT */
/* event: one event of a Chrome trace. */
#ifndef CF_INGEST_CHROME_EVENT_H
#define CF_INGEST_CHROME_EVENT_H

#include "core/json_reader.h"

/* An id as the event has it, of 64 bytes at most; longer ones are told apart by their beginning. */
struct cf_event_id {
	char text[65];
	bool local; /* within its process */
};

struct cf_event {
	char phase; /* 0: none, or a text of more than one character */
	struct cf_str name;
	char category[64]; /* its beginning */
	int64_t ts_ns, duration_ns;
	bool timed, lasts;
	int64_t pid, tid; /* texts that are no numbers are given negative ones by the caller */
	struct cf_str pid_text, tid_text;
	struct cf_event_id id, scope; /* id.text "": none */
	struct cf_slice args;         /* raw; of zero length: none */
	struct cf_str stack_frame;    /* sf */
};

/* The next value of the reader. Check cf_json_ok before it is used. */
void cf_event_read(struct cf_json_reader *json, struct cf_dict *dict, struct cf_event *event);

#endif
