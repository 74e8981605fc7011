/* SPDX-License-Identifier: MIT */
/* json_reader: the one streaming JSON reader. */
#include "core/json_reader.h"

#include "core/json_scan.h"
#include "core/json_state.h"

#define MAX_DEPTH 512
#define MAX_TEXT (64 * 1024 * 1024)
#define MAX_UTF16 (256 * 1024 * 1024)

/* What a value is by its first byte; 0: no value. */
static const uint8_t value_bytes[256] = {
	['{'] = CF_JSON_OBJECT, ['['] = CF_JSON_ARRAY,  ['"'] = CF_JSON_STRING, ['-'] = CF_JSON_NUMBER,
	['0'] = CF_JSON_NUMBER, ['1'] = CF_JSON_NUMBER, ['2'] = CF_JSON_NUMBER, ['3'] = CF_JSON_NUMBER,
	['4'] = CF_JSON_NUMBER, ['5'] = CF_JSON_NUMBER, ['6'] = CF_JSON_NUMBER, ['7'] = CF_JSON_NUMBER,
	['8'] = CF_JSON_NUMBER, ['9'] = CF_JSON_NUMBER, ['t'] = CF_JSON_BOOL,   ['f'] = CF_JSON_BOOL,
	['n'] = CF_JSON_NULL,
};

static void start(struct cf_json_reader *json, const uint8_t *begin, const uint8_t *from, const uint8_t *end)
{
	json->begin = begin;
	json->p = json->at = json->kept = from;
	json->end = end;
	json->counted = (struct cf_loc){ .path = json->path, .line = 1 };
	json->state = AT_START;
	json->token = CF_JSON_END;
}

static bool is_utf16(struct cf_slice text)
{
	return text.len >= 2 && ((text.data[0] == 0xff && text.data[1] == 0xfe) ||
				 (text.data[0] == 0xfe && text.data[1] == 0xff));
}

static void convert_utf16(struct cf_json_reader *json, struct cf_slice text)
{
	struct cf_diag quiet = { 0 };

	if (text.len > MAX_UTF16) {
		cf_json_fail(json, text.data, "found UTF-16 text of more than %d bytes, expected UTF-8",
			     MAX_UTF16);
		return;
	}
	if (cf_text_utf8(json->path, text, &text, &json->owned, json->diag ? json->diag : &quiet) < 0) {
		json->state = AT_FAILED;
		json->token = CF_JSON_ERROR;
		return;
	}
	json->flags &= ~(unsigned)CF_JSON_MAPPED;
	start(json, text.data, text.data, text.data + text.len);
}

void cf_json_reader_init(struct cf_json_reader *json, const char *path, struct cf_slice text, unsigned flags,
			 struct cf_diag *diag)
{
	static const uint8_t nothing[1];
	uint64_t mark = text.len >= 3 && !memcmp(text.data, "\xef\xbb\xbf", 3) ? 3 : 0;

	*json = (struct cf_json_reader){
		.path = path, .flags = flags, .diag = diag, .max_depth = MAX_DEPTH, .max_text = MAX_TEXT
	};
	if (!text.data)
		text = (struct cf_slice){ nothing, 0 };
	start(json, text.data, text.data + mark, text.data + text.len);
	if (is_utf16(text))
		convert_utf16(json, text);
}

void cf_json_reader_within(struct cf_json_reader *json, const struct cf_json_reader *from,
			   struct cf_slice raw)
{
	*json = (struct cf_json_reader){ .path = from->path,
					 .flags = from->flags,
					 .diag = from->diag,
					 .max_depth = from->max_depth,
					 .max_text = from->max_text,
					 .bad_text_said = from->bad_text_said };
	start(json, from->begin, raw.data, raw.data + raw.len);
	json->counted = from->counted;
	json->line_start = from->line_start;
}

void cf_json_reader_release(struct cf_json_reader *json)
{
	g_free(json->deep);
	g_free(json->key_scratch.data);
	g_free(json->text_scratch.data);
	g_free(json->owned);
	*json = (struct cf_json_reader){ .state = AT_FAILED };
}

static void push(struct cf_json_reader *json, bool object)
{
	unsigned bit = json->depth, word = bit / 64;
	uint64_t *words = json->nesting;

	if (bit >= json->max_depth) {
		cf_json_fail(json, json->p, "found more than %u objects and arrays in one another",
			     json->max_depth);
		return;
	}
	if (word >= CF_JSON_NESTING_WORDS) {
		word -= CF_JSON_NESTING_WORDS;
		if (word >= json->deep_words) {
			json->deep_words = json->deep_words ? json->deep_words * 2 : 64;
			json->deep = g_renew(uint64_t, json->deep, json->deep_words);
		}
		words = json->deep;
	}
	words[word] = (words[word] & ~(UINT64_C(1) << (bit % 64))) | ((uint64_t)object << (bit % 64));
	json->depth++;
	json->p++;
	json->state = object ? AT_FIRST_KEY : AT_FIRST_ITEM;
}

static inline void after_value(struct cf_json_reader *json, const uint8_t *p)
{
	json->p = p;
	json->state = json->depth ? AT_AFTER : AT_DONE;
}

static inline void pop(struct cf_json_reader *json)
{
	json->depth--;
	after_value(json, json->p + 1);
}

static const uint8_t *skip_spaces(const uint8_t *p, const uint8_t *end)
{
	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	return p;
}

static inline const uint8_t *skip_space(const uint8_t *p, const uint8_t *end)
{
	return p<end && * p> ' ' ? p : skip_spaces(p, end);
}

static inline void forget_behind(struct cf_json_reader *json, const uint8_t *p)
{
	if (p - json->kept < CF_JSON_FORGET_BYTES)
		return;
	cf_json_forget(json, json->kept, p);
	json->kept = p;
}

static const char *expected_here(const struct cf_json_reader *json)
{
	bool object = json->depth && cf_json_in_object(json, json->depth);

	switch (json->state) {
	case AT_AFTER:
		return object ? "',' or '}'" : "',' or ']'";
	case AT_FIRST_ITEM:
		return "a value or ']'";
	case AT_FIRST_KEY:
		return "a key in quotes or '}'";
	case AT_NEXT_KEY:
		return "a key in quotes";
	default:
		return "a value";
	}
}

/* CF_JSON_END (cut) or CF_JSON_ERROR when the text is over. */
static enum cf_json_token text_over(struct cf_json_reader *json)
{
	cf_json_fail_end(json, json->state != AT_VALUE, expected_here(json));
	return json->token;
}

static enum cf_json_token key_here(struct cf_json_reader *json)
{
	uint8_t c = *json->p;

	if (c == '"')
		return CF_JSON_KEY;
	if (c == '}' && (json->state == AT_FIRST_KEY || (json->flags & CF_JSON_TRAILING_COMMA)))
		return CF_JSON_OBJECT_END;
	cf_json_fail_found(json, json->p, expected_here(json));
	return json->token;
}

static enum cf_json_token value_here(struct cf_json_reader *json)
{
	enum cf_json_token token = value_bytes[*json->p];

	if ((!token || token == CF_JSON_NULL) && cf_json_is_not_finite(json, json->p))
		return CF_JSON_NUMBER;
	if (token)
		return token;
	if (*json->p == ']' && (json->state == AT_FIRST_ITEM ||
				(json->state == AT_NEXT_ITEM && (json->flags & CF_JSON_TRAILING_COMMA))))
		return CF_JSON_ARRAY_END;
	cf_json_fail_found(json, json->p, expected_here(json));
	return json->token;
}

/* Moves p to the first byte of the next token, past commas, and says what it is. Calling it again changes
 * nothing. */
static enum cf_json_token arrive_anywhere(struct cf_json_reader *json)
{
	if (json->state <= AT_DONE)
		return json->state == AT_FAILED ? CF_JSON_ERROR : CF_JSON_END;
	json->p = skip_space(json->p, json->end);
	if (json->p == json->end)
		return text_over(json);
	if (json->state == AT_AFTER) {
		bool object = cf_json_in_object(json, json->depth);

		if (*json->p == (object ? '}' : ']'))
			return object ? CF_JSON_OBJECT_END : CF_JSON_ARRAY_END;
		if (*json->p != ',') {
			cf_json_fail_found(json, json->p, expected_here(json));
			return json->token;
		}
		json->state = object ? AT_NEXT_KEY : AT_NEXT_ITEM;
		json->p = skip_space(json->p + 1, json->end);
		if (json->p == json->end)
			return text_over(json);
	}
	forget_behind(json, json->p);
	return json->state == AT_FIRST_KEY || json->state == AT_NEXT_KEY ? key_here(json) : value_here(json);
}

/* The same, without a call for what comes most: a value that is due, a comma and what follows it. */
static inline enum cf_json_token arrive(struct cf_json_reader *json)
{
	const uint8_t *p = json->p;

	if (p == json->end)
		return arrive_anywhere(json);
	if (json->state == AT_VALUE) {
		enum cf_json_token token = value_bytes[*p];

		if (token && token != CF_JSON_NULL)
			return token;
	} else if (json->state == AT_AFTER && *p == ',') {
		bool object = cf_json_in_object(json, json->depth);

		json->p = p = skip_space(p + 1, json->end);
		json->state = object ? AT_NEXT_KEY : AT_NEXT_ITEM;
		forget_behind(json, p);
		if (object && p < json->end && *p == '"')
			return CF_JSON_KEY;
	}
	return arrive_anywhere(json);
}

/* A string that is plain ASCII needs no second look. The byte after it, or NULL. */
static inline const uint8_t *read_string(struct cf_json_reader *json, const uint8_t *first,
					 struct cf_json_scratch *scratch, struct cf_slice *out)
{
	unsigned high = 0;
	const uint8_t *p = cf_json_scan_plain(first, json->end, &high);

	if (p == json->end || *p != '"' || high || (uint64_t)(p - first) > json->max_text)
		return cf_json_read_string(json, first, scratch, out);
	*out = (struct cf_slice){ first, (uint64_t)(p - first) };
	return p + 1;
}

static inline const uint8_t *pass_string(struct cf_json_reader *json, const uint8_t *first)
{
	unsigned high = 0;
	const uint8_t *p = cf_json_scan_plain(first, json->end, &high);

	if (p == json->end || *p != '"' || (uint64_t)(p - first) > json->max_text ||
	    (high && (json->flags & CF_JSON_STRICT_TEXT)))
		return cf_json_pass_string(json, first);
	return p + 1;
}

/* On to the value of a key that ended at p. */
static inline bool pass_colon(struct cf_json_reader *json, const uint8_t *p)
{
	json->p = p = skip_space(p, json->end);
	if (p == json->end || *p != ':') {
		if (p == json->end)
			cf_json_fail_end(json, false, "':' after the key");
		else
			cf_json_fail_found(json, p, "':' after the key");
		return false;
	}
	json->p = skip_space(p + 1, json->end);
	json->state = AT_VALUE;
	return true;
}

static inline bool read_key(struct cf_json_reader *json)
{
	const uint8_t *p = read_string(json, json->p + 1, &json->key_scratch, &json->key);

	return p && pass_colon(json, p);
}

/* Reads the scalar at p. */
static inline bool read_scalar(struct cf_json_reader *json, enum cf_json_token token)
{
	const uint8_t *p;

	if (token == CF_JSON_STRING) {
		p = read_string(json, json->p + 1, &json->text_scratch, &json->text);
	} else if (token == CF_JSON_NUMBER) {
		p = cf_json_read_number(json);
	} else {
		json->boolean = *json->p == 't';
		p = cf_json_pass_word(json);
	}
	if (p)
		after_value(json, p);
	return p != NULL;
}

/* Reads the token that arrive found. */
static inline enum cf_json_token read_token(struct cf_json_reader *json, enum cf_json_token token)
{
	json->at = json->p;
	if (token >= CF_JSON_STRING)
		read_scalar(json, token);
	else if (token == CF_JSON_KEY)
		read_key(json);
	else if (token == CF_JSON_OBJECT || token == CF_JSON_ARRAY)
		push(json, token == CF_JSON_OBJECT);
	else if (token == CF_JSON_OBJECT_END || token == CF_JSON_ARRAY_END)
		pop(json);
	if (json->state > AT_STOPPED)
		json->token = token;
	return json->token;
}

enum cf_json_token cf_json_next(struct cf_json_reader *json)
{
	return read_token(json, arrive(json));
}

enum cf_json_token cf_json_peek(struct cf_json_reader *json)
{
	return arrive(json);
}

bool cf_json_take(struct cf_json_reader *json, enum cf_json_token wanted, enum cf_json_token other,
		  bool strict)
{
	enum cf_json_token token = arrive(json);

	if (token == wanted || token == other)
		return read_token(json, token) == token && json->state > AT_STOPPED;
	if (token == CF_JSON_ERROR || token == CF_JSON_END)
		return false;
	if (strict)
		cf_json_fail(json, json->p, "found %s, expected %s", cf_json_token_name(token),
			     cf_json_token_name(wanted));
	else
		cf_json_skip(json);
	return false;
}

/* Passes the scalar at p: the byte after it, or NULL. */
static inline const uint8_t *pass_scalar(struct cf_json_reader *json, enum cf_json_token token)
{
	if (token == CF_JSON_STRING)
		return pass_string(json, json->p + 1);
	if (token == CF_JSON_NUMBER || (token == CF_JSON_NULL && cf_json_is_not_finite(json, json->p)))
		return cf_json_pass_number(json);
	return cf_json_pass_word(json);
}

/* Passes the next token without decoding it. */
static void pass(struct cf_json_reader *json)
{
	enum cf_json_token token = arrive(json);
	const uint8_t *p;

	if (token == CF_JSON_OBJECT || token == CF_JSON_ARRAY) {
		push(json, token == CF_JSON_OBJECT);
	} else if (token == CF_JSON_OBJECT_END || token == CF_JSON_ARRAY_END) {
		pop(json);
	} else if (token == CF_JSON_KEY) {
		p = pass_string(json, json->p + 1);
		if (p)
			pass_colon(json, p);
	} else if (token >= CF_JSON_STRING) {
		p = pass_scalar(json, token);
		if (p)
			after_value(json, p);
	}
}

/* With p at a key or value of the container that is open: the kind of the value, p at its first byte; or 0 when
 * something else is there. */
static inline enum cf_json_token pass_to_value(struct cf_json_reader *json, bool object)
{
	if (object) {
		const uint8_t *p;

		if (json->p == json->end || *json->p != '"')
			return 0;
		p = pass_string(json, json->p + 1);
		if (!p || !pass_colon(json, p))
			return 0;
	}
	return json->p < json->end ? value_bytes[*json->p] : 0;
}

/*
 * Goes on from after a value, as long as the text is as it should be, until `depth` containers are open. What
 * is amiss, and the end of the text, is left to pass: the reader's state is whole at every return.
 */
static void pass_plain(struct cf_json_reader *json, unsigned depth)
{
	const uint8_t *end = json->end;

	while (json->state == AT_AFTER && json->depth > depth) {
		bool object = cf_json_in_object(json, json->depth);
		enum cf_json_token token;

		json->p = skip_space(json->p, end);
		if (json->p == end)
			return;
		if (*json->p == (object ? '}' : ']')) {
			pop(json);
			continue;
		}
		if (*json->p != ',')
			return;
		json->p = skip_space(json->p + 1, end);
		json->state = object ? AT_NEXT_KEY : AT_NEXT_ITEM;
		forget_behind(json, json->p);
		token = pass_to_value(json, object);
		while (token == CF_JSON_OBJECT || token == CF_JSON_ARRAY) {
			object = token == CF_JSON_OBJECT;
			push(json, object);
			if (json->state <= AT_DONE)
				return;
			json->p = skip_space(json->p, end);
			if (json->p < end && *json->p == (object ? '}' : ']')) {
				pop(json);
				break;
			}
			token = pass_to_value(json, object);
		}
		if (token >= CF_JSON_STRING) {
			const uint8_t *p = pass_scalar(json, token);

			if (!p)
				return;
			after_value(json, p);
		}
	}
}

/* Goes on until `depth` containers are open and no value is half read. */
static void pass_until(struct cf_json_reader *json, unsigned depth)
{
	do {
		pass(json);
		pass_plain(json, depth);
	} while (json->state > AT_DONE && json->depth > depth);
}

/* Whether the container entered as `in` is still open; what is unread within it is skipped then. */
static inline bool resume(struct cf_json_reader *json, unsigned in)
{
	if (!in || json->state <= AT_DONE || json->depth < in)
		return false;
	if (json->depth > in || json->state == AT_VALUE)
		pass_until(json, in);
	return json->state > AT_DONE;
}

bool cf_json_member(struct cf_json_reader *json, unsigned in)
{
	enum cf_json_token token;

	if (!resume(json, in))
		return false;
	g_assert(cf_json_in_object(json, in));
	token = arrive(json);
	json->at = json->p;
	if (token == CF_JSON_OBJECT_END)
		pop(json);
	return token == CF_JSON_KEY && read_key(json);
}

static bool is_value(enum cf_json_token token)
{
	return token == CF_JSON_OBJECT || token == CF_JSON_ARRAY || token >= CF_JSON_STRING;
}

bool cf_json_item(struct cf_json_reader *json, unsigned in)
{
	enum cf_json_token token;

	if (!resume(json, in))
		return false;
	g_assert(!cf_json_in_object(json, in));
	token = arrive(json);
	json->at = json->p;
	if (token == CF_JSON_ARRAY_END)
		pop(json);
	if (!is_value(token))
		return false;
	json->state = AT_VALUE;
	return true;
}

bool cf_json_find(struct cf_json_reader *json, unsigned in, const char *key)
{
	while (cf_json_member(json, in))
		if (cf_json_key_is(json, key))
			return true;
	return false;
}

bool cf_json_skip(struct cf_json_reader *json)
{
	struct cf_slice raw;

	return cf_json_get_raw(json, &raw);
}

bool cf_json_get_raw(struct cf_json_reader *json, struct cf_slice *raw)
{
	enum cf_json_token token = arrive(json);
	const uint8_t *first = json->p;

	if (!is_value(token))
		return false;
	json->at = first;
	pass_until(json, json->depth);
	if (json->state <= AT_STOPPED)
		return false;
	json->token = token;
	*raw = (struct cf_slice){ first, (uint64_t)(json->p - first) };
	return true;
}

bool cf_json_document(struct cf_json_reader *json)
{
	if (json->state > AT_START)
		pass_until(json, 0);
	if (json->state < AT_DONE)
		return false;
	json->p = skip_space(json->p, json->end);
	json->state = json->p < json->end ? AT_DOCUMENT : AT_DONE;
	json->at = json->p;
	return json->state == AT_DOCUMENT;
}

void cf_json_reader_join(struct cf_json_reader *within, struct cf_json_reader *from)
{
	if (within->state == AT_FAILED) {
		from->state = AT_FAILED;
		from->token = CF_JSON_ERROR;
	}
	cf_json_reader_release(within);
}

int cf_json_finish(struct cf_json_reader *json)
{
	if (json->state > AT_DONE)
		pass_until(json, 0);
	if (json->state == AT_DONE) {
		json->p = skip_space(json->p, json->end);
		if (json->p < json->end)
			cf_json_fail_found(json, json->p, "the end of the input after the document");
	}
	return json->state == AT_FAILED ? -1 : 0;
}
