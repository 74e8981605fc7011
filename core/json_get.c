/* SPDX-License-Identifier: MIT */
/* json_get: typed values off the JSON reader. */
#include "core/json_reader.h"

#include <math.h>

#include "core/json_scan.h"
#include "core/json_state.h"

#define SHOWN_MAX 40 /* bytes of a number in a message */

unsigned cf_json_object(struct cf_json_reader *json)
{
	return cf_json_take(json, CF_JSON_OBJECT, CF_JSON_OBJECT, true) ? json->depth : 0;
}

unsigned cf_json_array(struct cf_json_reader *json)
{
	return cf_json_take(json, CF_JSON_ARRAY, CF_JSON_ARRAY, true) ? json->depth : 0;
}

unsigned cf_json_try_object(struct cf_json_reader *json)
{
	return cf_json_take(json, CF_JSON_OBJECT, CF_JSON_OBJECT, false) ? json->depth : 0;
}

unsigned cf_json_try_array(struct cf_json_reader *json)
{
	return cf_json_take(json, CF_JSON_ARRAY, CF_JSON_ARRAY, false) ? json->depth : 0;
}

/* A number that is wanted in another way than it is written. Fails or not as take does. */
static bool refuse_number(struct cf_json_reader *json, bool strict, const char *expected)
{
	if (strict) {
		g_autofree char *found =
			cf_visible((const char *)json->text.data, (gssize)json->text.len, SHOWN_MAX);

		cf_json_fail(json, json->at, "found %s, expected %s", found, expected);
	}
	return false;
}

/* The next value as a number, in json->decimal and json->text; or a string that holds one where that is
 * allowed. */
static bool take_decimal(struct cf_json_reader *json, bool strict)
{
	const uint8_t *end, *bad;

	if (!cf_json_take(json, CF_JSON_NUMBER, strict ? CF_JSON_NUMBER : CF_JSON_STRING, strict))
		return false;
	if (json->token == CF_JSON_NUMBER)
		return isfinite(json->number) || refuse_number(json, strict, "a finite number");
	end = json->text.data + json->text.len;
	return json->text.len && cf_json_scan_number(json->text.data, end, &json->decimal, &bad) == end;
}

static bool take_int(struct cf_json_reader *json, bool strict, int64_t *value)
{
	uint64_t magnitude;

	if (!take_decimal(json, strict))
		return false;
	if (json->token == CF_JSON_NUMBER && json->form == CF_JSON_INT) {
		*value = json->integer;
		return true;
	}
	if (!cf_json_decimal_natural(&json->decimal, json->text, &magnitude) ||
	    magnitude > (uint64_t)INT64_MAX + (json->decimal.negative ? 1 : 0))
		return refuse_number(json, strict, "an integer of 64 bits");
	*value = (int64_t)(json->decimal.negative ? 0 - magnitude : magnitude);
	return true;
}

static bool take_uint(struct cf_json_reader *json, bool strict, uint64_t *value)
{
	uint64_t magnitude;

	if (!take_decimal(json, strict))
		return false;
	if (!cf_json_decimal_natural(&json->decimal, json->text, &magnitude) ||
	    (json->decimal.negative && magnitude))
		return refuse_number(json, strict, "an integer from 0 to 2^64-1");
	*value = magnitude;
	return true;
}

static bool take_double(struct cf_json_reader *json, bool strict, double *value)
{
	double number;

	if (!take_decimal(json, strict))
		return false;
	number = json->token == CF_JSON_NUMBER ? json->number
					       : cf_json_decimal_double(&json->decimal, json->text);
	if (!isfinite(number))
		return false;
	*value = number;
	return true;
}

static bool take_scaled(struct cf_json_reader *json, bool strict, unsigned decimals, int64_t *value)
{

	if (!take_decimal(json, strict))
		return false;
	if (!cf_json_decimal_scaled(&json->decimal, decimals, value))
		return refuse_number(json, strict, "a smaller number");
	return true;
}

static bool take_bool(struct cf_json_reader *json, bool strict, bool *value)
{
	if (!cf_json_take(json, CF_JSON_BOOL, CF_JSON_BOOL, strict))
		return false;
	*value = json->boolean;
	return true;
}

static bool take_text(struct cf_json_reader *json, bool strict, struct cf_slice *text)
{
	if (!cf_json_take(json, CF_JSON_STRING, strict ? CF_JSON_STRING : CF_JSON_NUMBER, strict))
		return false;
	*text = json->text;
	return true;
}

static bool take_str(struct cf_json_reader *json, bool strict, struct cf_dict *dict, struct cf_str *str)
{
	struct cf_slice text;

	if (!take_text(json, strict, &text))
		return false;
	*str = cf_dict_str(dict, (const char *)text.data, (gssize)text.len);
	return true;
}

bool cf_json_get_int(struct cf_json_reader *json, int64_t *value)
{
	return take_int(json, true, value);
}

bool cf_json_get_uint(struct cf_json_reader *json, uint64_t *value)
{
	return take_uint(json, true, value);
}

bool cf_json_get_double(struct cf_json_reader *json, double *value)
{
	return take_double(json, true, value);
}

bool cf_json_get_scaled(struct cf_json_reader *json, unsigned decimals, int64_t *value)
{
	return take_scaled(json, true, decimals, value);
}

bool cf_json_get_bool(struct cf_json_reader *json, bool *value)
{
	return take_bool(json, true, value);
}

bool cf_json_get_text(struct cf_json_reader *json, struct cf_slice *text)
{
	return take_text(json, true, text);
}

bool cf_json_get_str(struct cf_json_reader *json, struct cf_dict *dict, struct cf_str *str)
{
	return take_str(json, true, dict, str);
}

bool cf_json_try_int(struct cf_json_reader *json, int64_t *value)
{
	return take_int(json, false, value);
}

bool cf_json_try_uint(struct cf_json_reader *json, uint64_t *value)
{
	return take_uint(json, false, value);
}

bool cf_json_try_double(struct cf_json_reader *json, double *value)
{
	return take_double(json, false, value);
}

bool cf_json_try_scaled(struct cf_json_reader *json, unsigned decimals, int64_t *value)
{
	return take_scaled(json, false, decimals, value);
}

bool cf_json_try_bool(struct cf_json_reader *json, bool *value)
{
	return take_bool(json, false, value);
}

bool cf_json_try_text(struct cf_json_reader *json, struct cf_slice *text)
{
	return take_text(json, false, text);
}

bool cf_json_try_str(struct cf_json_reader *json, struct cf_dict *dict, struct cf_str *str)
{
	return take_str(json, false, dict, str);
}
