/* SPDX-License-Identifier: MIT */
/* json: the one JSON writer. */
#ifndef CF_CORE_JSON_H
#define CF_CORE_JSON_H

#include "core/files.h"

/*
 * Streams compact UTF-8 JSON. Invalid UTF-8 becomes U+FFFD; < > & and U+2028/9 are written as \u escapes, so
 * that the text may stand inside an HTML script element. Commas are placed by the writer; nesting is
 * asserted.
 */
struct cf_json {
	struct cf_out *out;
	unsigned depth;
	uint64_t has_items; /* bit per depth, at most 63 deep */
	gboolean after_key;
};

void cf_json_init(struct cf_json *json, struct cf_out *out);
void cf_json_begin_object(struct cf_json *json);
void cf_json_end_object(struct cf_json *json);
void cf_json_begin_array(struct cf_json *json);
void cf_json_end_array(struct cf_json *json);
void cf_json_key(struct cf_json *json, const char *key);
void cf_json_string(struct cf_json *json, const char *text); /* NULL writes null */
void cf_json_int(struct cf_json *json, int64_t value);
/* value / 10^decimals, exact; decimals 0 to 18. */
void cf_json_scaled(struct cf_json *json, int64_t value, unsigned decimals);
void cf_json_double(struct cf_json *json,
		    double value); /* shortest text that reads back equal; not finite: null */
void cf_json_bool(struct cf_json *json, gboolean value);
void cf_json_null(struct cf_json *json);
void cf_json_raw(struct cf_json *json, const char *value); /* a whole value, from another such writer */

#endif
