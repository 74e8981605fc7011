/* SPDX-License-Identifier: MIT */
/* json_lex: strings, numbers and words off the JSON reader's text. */
#include "core/json_scan.h"
#include "core/json_state.h"

#include <math.h>

/* The text is over within a token that began at `first`, or the token is too long. */
static void fail_token(struct cf_json_reader *json, const uint8_t *first, const char *what,
		       const char *expected)
{
	if ((uint64_t)(json->end - first) > json->max_text)
		cf_json_fail(json, first, "found a %s of more than %" G_GUINT64_FORMAT " bytes", what,
			     json->max_text);
	else
		cf_json_fail_end(json, false, expected);
}

static const uint8_t *token_limit(const struct cf_json_reader *json, const uint8_t *first)
{
	return (uint64_t)(json->end - first) > json->max_text ? first + json->max_text + 1 : json->end;
}

static void fail_escape(struct cf_json_reader *json, const uint8_t *bad)
{
	if (bad[-1] == '\\')
		cf_json_fail_found(json, bad, "one of \"\\/bfnrtu after '\\'");
	else
		cf_json_fail_found(json, bad, "four hex digits after '\\u'");
}

/* The closing quote of the string that begins at first, or NULL when it fails. *escapes, *high: there are escapes,
 * bytes that aren't ASCII. */
static const uint8_t *string_end(struct cf_json_reader *json, const uint8_t *first, bool *escapes,
				 unsigned *high)
{
	const uint8_t *p = first, *end = token_limit(json, first), *bad;

	while ((p = cf_json_scan_plain(p, end, high)) < end) {
		if (*p == '"')
			return p;
		if (*p != '\\') {
			cf_json_fail(json, p,
				     "found the control character 0x%02x in a string, expected an escape",
				     *p);
			return NULL;
		}
		*escapes = true;
		p = cf_json_scan_escape(p, end, &bad);
		if (!p && bad < end) {
			fail_escape(json, bad);
			return NULL;
		}
		if (!p)
			break;
	}
	fail_token(json, first, "string", "'\"' at the end of the string");
	return NULL;
}

/* Text that isn't UTF-8: refused, or warned about once. */
static bool accept_bad(struct cf_json_reader *json, uint64_t count, const uint8_t *bad)
{
	struct cf_loc loc;

	if (json->flags & CF_JSON_STRICT_TEXT) {
		if (*bad == '\\')
			cf_json_fail(json, bad, "found half of a surrogate pair, expected a character");
		else
			cf_json_fail(json, bad, "found byte 0x%02x in a string, expected UTF-8", *bad);
		return false;
	}
	if (json->diag && !json->bad_text_said) {
		json->bad_text_said = true;
		loc = cf_json_locate(json, bad);
		cf_warn(json->diag, &loc, "text that isn't UTF-8 is read as U+FFFD, here and from here on");
	}
	json->bad_text += count;
	return true;
}

/* Decodes raw into the scratch buffer, unless it is valid as it stands. */
static bool decode(struct cf_json_reader *json, struct cf_slice raw, bool high,
		   struct cf_json_scratch *scratch, struct cf_slice *out)
{
	size_t room = (size_t)raw.len * (high ? 3 : 1), len = 0;
	const uint8_t *bad = NULL;
	uint64_t count;

	if (room > scratch->size) {
		uint8_t *data;

		room = MAX(room, MIN(scratch->size * 2, json->max_text));
		data = g_try_realloc(scratch->data, room);
		if (!data) {
			cf_json_fail(json, raw.data,
				     "found a string of %" G_GUINT64_FORMAT " bytes: out of memory", raw.len);
			return false;
		}
		scratch->data = data;
		scratch->size = room;
	}
	count = cf_json_decode(raw, scratch->data, &len, &bad);
	*out = (struct cf_slice){ scratch->data, len };
	return !count || accept_bad(json, count, bad);
}

const uint8_t *cf_json_read_string(struct cf_json_reader *json, const uint8_t *first,
				   struct cf_json_scratch *scratch, struct cf_slice *out)
{
	bool escapes = false;
	unsigned high = 0;
	const uint8_t *quote = string_end(json, first, &escapes, &high);

	if (!quote)
		return NULL;
	*out = (struct cf_slice){ first, (uint64_t)(quote - first) };
	if (!escapes && (!high || g_utf8_validate_len((const char *)first, out->len, NULL)))
		return quote + 1;
	return decode(json, *out, high != 0, scratch, out) ? quote + 1 : NULL;
}

const uint8_t *cf_json_pass_string(struct cf_json_reader *json, const uint8_t *first)
{
	bool escapes = false;
	unsigned high = 0;
	const uint8_t *quote = string_end(json, first, &escapes, &high), *bad = NULL;

	if (!quote)
		return NULL;
	if ((json->flags & CF_JSON_STRICT_TEXT) && (escapes || high)) {
		struct cf_slice raw = { first, (uint64_t)(quote - first) };

		if (cf_json_decode(raw, NULL, NULL, &bad) && !accept_bad(json, 1, bad))
			return NULL;
	}
	return quote + 1;
}

/* NaN, nan, Infinity, inf at p: their length, or 0. */
static unsigned not_finite_word(const uint8_t *p, const uint8_t *end)
{
	static const char *const words[] = { "NaN", "Infinity", "nan", "infinity", "inf", "Inf" };

	if (p == end || !strchr("NnIi", *p))
		return 0;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(end - p) >= len && !memcmp(p, words[i], len))
			return (unsigned)len;
	}
	return 0;
}

bool cf_json_is_not_finite(const struct cf_json_reader *json, const uint8_t *p)
{
	return (json->flags & CF_JSON_NOT_FINITE) && not_finite_word(p, json->end) != 0;
}

/* What a number or a word may not go on with: two values need something in between. */
static const bool word_bytes[256] = {
	['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['_'] = true,
	['.'] = true,         ['-'] = true,         ['+'] = true,
};

static void fail_word(struct cf_json_reader *json, const uint8_t *p, const char *what)
{
	g_autofree char *found = cf_json_shown(json, p);

	cf_json_fail(json, p, "found %s after %s", found, what);
}

/* p ends a number ("1" but not "1x") or a word. At the end of a text that may be cut nobody knows. */
static inline bool ends_token(struct cf_json_reader *json, const uint8_t *p, const char *what)
{
	if (p < json->end && !word_bytes[*p])
		return true;
	if (p < json->end)
		fail_word(json, p, what);
	else if (!json->depth || !(json->flags & (CF_JSON_MAY_BE_CUT | CF_JSON_KEEP_DAMAGED)))
		return true;
	else
		cf_json_fail_end(json, false, "");
	return false;
}

static const uint8_t *pass_number(struct cf_json_reader *json)
{
	const uint8_t *first = json->p, *end = token_limit(json, first), *bad, *p;

	p = cf_json_scan_number(first, end, &json->decimal, &bad);
	if (p && (p < end || end == json->end))
		return ends_token(json, p, "a number") ? p : NULL;
	if (p || bad == end)
		fail_token(json, first, "number", "a digit");
	else if (*bad >= '0' && *bad <= '9')
		cf_json_fail(json, bad, "found a digit after a leading 0");
	else
		cf_json_fail_found(json, bad, "a digit");
	return NULL;
}

/* NaN, -Infinity where a number is due. */
static inline bool begins_word(const struct cf_json_reader *json)
{
	if (*json->p >= '0' && *json->p <= '9')
		return false;
	return cf_json_is_not_finite(json, json->p + (*json->p == '-'));
}

const uint8_t *cf_json_pass_number(struct cf_json_reader *json)
{
	const uint8_t *word = json->p;

	if (!begins_word(json))
		return pass_number(json);
	word += *word == '-';
	word += not_finite_word(word, json->end);
	return ends_token(json, word, "a number") ? word : NULL;
}

static const uint8_t *read_not_finite(struct cf_json_reader *json)
{
	const uint8_t *p = json->p;
	bool negative = *p == '-';

	p += negative;
	json->number = (*p | 0x20) == 'n' ? NAN : negative ? -INFINITY : INFINITY;
	json->form = CF_JSON_DOUBLE;
	return p + not_finite_word(p, json->end);
}

/* The exact forms of an integer. */
static void fill_integer(struct cf_json_reader *json)
{
	const struct cf_json_decimal *decimal = &json->decimal;
	uint64_t limit = (uint64_t)INT64_MAX + (decimal->negative ? 1 : 0);

	if (!cf_json_decimal_natural(decimal, json->text, &json->natural))
		return;
	if (json->natural <= limit)
		json->form = CF_JSON_INT;
	else if (!decimal->negative)
		json->form = CF_JSON_UINT;
	json->integer = (int64_t)(decimal->negative ? 0 - json->natural : json->natural);
}

const uint8_t *cf_json_read_number(struct cf_json_reader *json)
{
	const uint8_t *end;

	if (begins_word(json)) {
		end = read_not_finite(json);
		json->text = (struct cf_slice){ json->p, (uint64_t)(end - json->p) };
		return ends_token(json, end, "a number") ? end : NULL;
	}
	end = pass_number(json);
	if (!end)
		return NULL;
	json->text = (struct cf_slice){ json->p, (uint64_t)(end - json->p) };
	json->number = cf_json_decimal_double(&json->decimal, json->text);
	json->form = CF_JSON_DOUBLE;
	if (json->decimal.whole)
		fill_integer(json);
	if (!isfinite(json->number) && !(json->flags & CF_JSON_NOT_FINITE)) {
		cf_json_fail(json, json->p,
			     "found a number that is too large for a double, expected at most 1.8e308");
		return NULL;
	}
	return end;
}

const uint8_t *cf_json_pass_word(struct cf_json_reader *json)
{
	const char *word = *json->p == 't' ? "true" : *json->p == 'f' ? "false" : "null";
	const uint8_t *p = json->p;

	for (const char *w = word; *w; w++, p++) {
		if (p == json->end) {
			cf_json_fail_end(json, false, word);
			return NULL;
		}
		if (*p != (uint8_t)*w) {
			cf_json_fail_found(json, p, word);
			return NULL;
		}
	}
	return ends_token(json, p, word) ? p : NULL;
}
