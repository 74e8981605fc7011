/* SPDX-License-Identifier: MIT */
/* json_reader: the one streaming JSON reader. */
#include "core/json_reader.h"

#include "core/files.h"
#include "core/json_scan.h"

#include <math.h>

#define MAX_DEPTH 512
#define MAX_TEXT (64 * 1024 * 1024)
#define MAX_UTF16 (256 * 1024 * 1024)
#define FORGET_BYTES (16 * 1024 * 1024)
#define NESTING_WORDS 8

/* What may come at p. Those up to DONE have an end. */
enum state {
	FAILED,
	STOPPED,    /* cut or damaged */
	DONE,       /* after a document */
	START,      /* the first document, nothing of it was asked for */
	DOCUMENT,   /* a document that cf_json_document found */
	VALUE,      /* the value of a member, or the item that cf_json_item found */
	FIRST_ITEM, /* after '[' */
	NEXT_ITEM,  /* after ',' */
	FIRST_KEY,
	NEXT_KEY,
	AFTER /* a value in an array or object: ',' or the end */
};

static const bool is_space[256] = { [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true };

static const uint8_t first_bytes[256] = {
	['{'] = CF_JSON_OBJECT, ['}'] = CF_JSON_OBJECT_END, ['['] = CF_JSON_ARRAY,  [']'] = CF_JSON_ARRAY_END,
	['"'] = CF_JSON_STRING, ['-'] = CF_JSON_NUMBER,     ['0'] = CF_JSON_NUMBER, ['1'] = CF_JSON_NUMBER,
	['2'] = CF_JSON_NUMBER, ['3'] = CF_JSON_NUMBER,     ['4'] = CF_JSON_NUMBER, ['5'] = CF_JSON_NUMBER,
	['6'] = CF_JSON_NUMBER, ['7'] = CF_JSON_NUMBER,     ['8'] = CF_JSON_NUMBER, ['9'] = CF_JSON_NUMBER,
	['t'] = CF_JSON_BOOL,   ['f'] = CF_JSON_BOOL,       ['n'] = CF_JSON_NULL,
};

static const char *const token_names[] = {
	[CF_JSON_ERROR] = "an error",   [CF_JSON_END] = "the end of the document",
	[CF_JSON_OBJECT] = "an object", [CF_JSON_OBJECT_END] = "the end of the object",
	[CF_JSON_ARRAY] = "an array",   [CF_JSON_ARRAY_END] = "the end of the array",
	[CF_JSON_KEY] = "a key",        [CF_JSON_STRING] = "a string",
	[CF_JSON_NUMBER] = "a number",  [CF_JSON_BOOL] = "a boolean",
	[CF_JSON_NULL] = "null",
};

const char *cf_json_token_name(enum cf_json_token token)
{
	return token_names[token];
}

/* --- places and messages ---------------------------------------------------------------------------------- */

/* Gives the pages between two places of a mapped text back. */
static void forget(const struct cf_json_reader *json, const uint8_t *from, const uint8_t *to)
{
	if (json->flags & CF_JSON_MAPPED)
		cf_file_forget((struct cf_slice){ from, (uint64_t)(to - from) });
}

/* Lines are counted from where the last count ended, unless the place lies before it. */
static struct cf_loc locate(struct cf_json_reader *json, const uint8_t *at)
{
	uint64_t offset = (uint64_t)(at - json->begin);
	struct cf_loc loc;

	if (offset < json->counted.offset) {
		json->counted = (struct cf_loc){ .path = json->path, .line = 1 };
		json->line_start = 0;
	}
	while (json->counted.offset < offset) {
		const uint8_t *from = json->begin + json->counted.offset;
		uint64_t n = MIN(offset - json->counted.offset, FORGET_BYTES);
		const uint8_t *p = from, *end = from + n;

		while ((p = memchr(p, '\n', (size_t)(end - p)))) {
			if (json->counted.line < UINT32_MAX)
				json->counted.line++;
			json->line_start = (uint64_t)(++p - json->begin);
		}
		json->counted.offset += n;
		if (n == FORGET_BYTES)
			forget(json, from, end);
	}
	loc = json->counted;
	loc.col = (uint32_t)MIN(offset - json->line_start + 1, UINT32_MAX);
	return loc;
}

struct cf_loc cf_json_loc(struct cf_json_reader *json)
{
	return locate(json, json->at);
}

static void stop(struct cf_json_reader *json, enum cf_json_cut cut, bool between)
{
	json->state = STOPPED;
	json->cut = cut;
	json->cut_depth = json->depth;
	json->cut_between = between;
	json->token = CF_JSON_END;
}

void cf_json_fail(struct cf_json_reader *json, const uint8_t *at, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	bool keep = (json->flags & CF_JSON_KEEP_DAMAGED) != 0;
	va_list args;

	if (json->state <= STOPPED)
		return;
	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	if (json->diag) {
		struct cf_loc loc = locate(json, at);

		if (keep)
			cf_warn(json->diag, &loc, "%s; what comes before it is kept", text);
		else
			cf_error(json->diag, &loc, "%s", text);
	}
	if (keep) {
		stop(json, CF_JSON_DAMAGED, false);
		return;
	}
	json->state = FAILED;
	json->token = CF_JSON_ERROR;
}

/* The text stops at `at` where more of it is needed. */
static void fail_end(struct cf_json_reader *json, bool between, const char *expected)
{
	if (json->flags & (CF_JSON_MAY_BE_CUT | CF_JSON_KEEP_DAMAGED))
		stop(json, CF_JSON_CUT, between);
	else
		cf_json_fail(json, json->end, "found the end of the input, expected %s", expected);
}

/* What stands at p, for a message: a character, or a byte that is none. */
static char *shown(const struct cf_json_reader *json, const uint8_t *p)
{
	g_autofree char *text = NULL;
	gsize len = (gsize)MIN(json->end - p, 6);
	gunichar c;

	if (p >= json->end)
		return g_strdup("the end of the input");
	c = *p ? g_utf8_get_char_validated((const char *)p, (gssize)len) : (gunichar)-1;
	if (c == (gunichar)-1 || c == (gunichar)-2)
		return g_strdup_printf("byte 0x%02x", *p);
	text = cf_visible((const char *)p, g_unichar_to_utf8(c, NULL), 0);
	return g_strdup_printf("'%s'", text);
}

static void fail_found(struct cf_json_reader *json, const uint8_t *at, const char *expected)
{
	g_autofree char *found = shown(json, at);

	cf_json_fail(json, at, "found %s, expected %s", found, expected);
}

int cf_json_error(struct cf_json_reader *json, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	if (json->state == FAILED)
		return -1;
	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	if (json->diag) {
		struct cf_loc loc = cf_json_loc(json);

		cf_error(json->diag, &loc, "%s", text);
	}
	json->state = FAILED;
	json->token = CF_JSON_ERROR;
	return -1;
}

void cf_json_warn(struct cf_json_reader *json, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	struct cf_loc loc;
	va_list args;

	if (!json->diag)
		return;
	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	loc = cf_json_loc(json);
	cf_warn(json->diag, &loc, "%s", text);
}

/* --- beginning and end ------------------------------------------------------------------------------------ */

static void start(struct cf_json_reader *json, struct cf_slice whole, const uint8_t *from, const uint8_t *end)
{
	json->begin = whole.data;
	json->p = json->at = from;
	json->end = end;
	json->kept = from;
	json->counted = (struct cf_loc){ .path = json->path, .line = 1 };
	json->state = START;
	json->token = CF_JSON_END;
}

static bool is_utf16(struct cf_slice text)
{
	return text.len >= 2 && ((text.data[0] == 0xff && text.data[1] == 0xfe) ||
				 (text.data[0] == 0xfe && text.data[1] == 0xff));
}

void cf_json_reader_init(struct cf_json_reader *json, const char *path, struct cf_slice text, unsigned flags,
			 struct cf_diag *diag)
{
	static const uint8_t nothing[1];
	struct cf_diag quiet = { 0 };
	uint64_t mark = text.len >= 3 && !memcmp(text.data, "\xef\xbb\xbf", 3) ? 3 : 0;

	*json = (struct cf_json_reader){
		.path = path, .flags = flags, .diag = diag, .max_depth = MAX_DEPTH, .max_text = MAX_TEXT
	};
	if (!text.data)
		text = (struct cf_slice){ nothing, 0 };
	start(json, text, text.data + mark, text.data + text.len);
	if (!is_utf16(text))
		return;
	if (text.len > MAX_UTF16) {
		cf_json_fail(json, text.data, "found UTF-16 text of more than %d bytes, expected UTF-8",
			     MAX_UTF16);
		return;
	}
	if (cf_text_utf8(path, text, &text, &json->owned, diag ? diag : &quiet) < 0) {
		json->state = FAILED;
		json->token = CF_JSON_ERROR;
		return;
	}
	json->flags &= ~(unsigned)CF_JSON_MAPPED;
	start(json, text, text.data, text.data + text.len);
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
	start(json, (struct cf_slice){ from->begin, 0 }, raw.data, raw.data + raw.len);
}

void cf_json_reader_release(struct cf_json_reader *json)
{
	g_free(json->deep);
	g_free(json->key_scratch.data);
	g_free(json->text_scratch.data);
	g_free(json->owned);
	*json = (struct cf_json_reader){ .state = FAILED };
}

/* --- nesting ---------------------------------------------------------------------------------------------- */

static inline bool in_object(const struct cf_json_reader *json, unsigned depth)
{
	unsigned bit = depth - 1, word = bit / 64;

	return ((word < NESTING_WORDS ? json->nesting[word] : json->deep[word - NESTING_WORDS]) >>
		(bit % 64)) &
	       1;
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
	if (word >= NESTING_WORDS) {
		word -= NESTING_WORDS;
		if (word >= json->deep_words) {
			json->deep_words = json->deep_words ? json->deep_words * 2 : 64;
			json->deep = g_renew(uint64_t, json->deep, json->deep_words);
		}
		words = json->deep;
	}
	words[word] = (words[word] & ~(UINT64_C(1) << (bit % 64))) | ((uint64_t)object << (bit % 64));
	json->depth++;
	json->p++;
	json->state = object ? FIRST_KEY : FIRST_ITEM;
}

static inline void pop(struct cf_json_reader *json)
{
	json->p++;
	json->depth--;
	json->state = json->depth ? AFTER : DONE;
}

static inline void after_value(struct cf_json_reader *json, const uint8_t *p)
{
	json->p = p;
	json->state = json->depth ? AFTER : DONE;
}

/* --- the next token, by its first byte -------------------------------------------------------------------- */

static inline const uint8_t *skip_space(const uint8_t *p, const uint8_t *end)
{
	while (p < end && is_space[*p])
		p++;
	return p;
}

static inline void forget_behind(struct cf_json_reader *json)
{
	if (json->p - json->kept < FORGET_BYTES)
		return;
	forget(json, json->kept, json->p);
	json->kept = json->p;
}

static const char *expected_here(const struct cf_json_reader *json)
{
	bool object = json->depth && in_object(json, json->depth);

	switch (json->state) {
	case AFTER:
		return object ? "',' or '}'" : "',' or ']'";
	case FIRST_ITEM:
		return "a value or ']'";
	case FIRST_KEY:
		return "a key in quotes or '}'";
	case NEXT_KEY:
		return "a key in quotes";
	default:
		return "a value";
	}
}

/* NaN, nan, Infinity, inf at p: their length, or 0. */
static unsigned not_finite_word(const uint8_t *p, const uint8_t *end)
{
	static const char *const words[] = { "NaN", "Infinity", "nan", "infinity", "inf", "Inf" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		size_t len = strlen(words[i]);

		if ((size_t)(end - p) >= len && !memcmp(p, words[i], len))
			return (unsigned)len;
	}
	return 0;
}

static bool is_not_finite(const struct cf_json_reader *json, const uint8_t *p)
{
	return (json->flags & CF_JSON_NOT_FINITE) && not_finite_word(p, json->end) != 0;
}

/* CF_JSON_END after the message (or the cut) when the text is over. */
static enum cf_json_token text_over(struct cf_json_reader *json)
{
	fail_end(json, json->state != VALUE, expected_here(json));
	return json->token;
}

static enum cf_json_token key_here(struct cf_json_reader *json)
{
	uint8_t c = *json->p;

	if (c == '"')
		return CF_JSON_KEY;
	if (c == '}' && (json->state == FIRST_KEY || (json->flags & CF_JSON_TRAILING_COMMA)))
		return CF_JSON_OBJECT_END;
	fail_found(json, json->p, expected_here(json));
	return json->token;
}

static enum cf_json_token value_here(struct cf_json_reader *json)
{
	enum cf_json_token token = first_bytes[*json->p];

	switch (token) {
	case CF_JSON_OBJECT:
	case CF_JSON_ARRAY:
	case CF_JSON_STRING:
	case CF_JSON_NUMBER:
	case CF_JSON_BOOL:
		return token;
	case CF_JSON_NULL:
		return is_not_finite(json, json->p) ? CF_JSON_NUMBER : CF_JSON_NULL;
	case CF_JSON_ARRAY_END:
		if (json->state == FIRST_ITEM ||
		    (json->state == NEXT_ITEM && (json->flags & CF_JSON_TRAILING_COMMA)))
			return token;
		break;
	default:
		if (is_not_finite(json, json->p))
			return CF_JSON_NUMBER;
	}
	fail_found(json, json->p, expected_here(json));
	return json->token;
}

/* Moves p to the first byte of the next token, past commas, and says what it is. Calling it again changes
 * nothing. */
static enum cf_json_token arrive(struct cf_json_reader *json)
{
	if (json->state <= DONE)
		return json->state == FAILED ? CF_JSON_ERROR : CF_JSON_END;
	json->p = skip_space(json->p, json->end);
	if (json->p == json->end)
		return text_over(json);
	if (json->state == AFTER) {
		bool object = in_object(json, json->depth);

		if (*json->p == (object ? '}' : ']'))
			return object ? CF_JSON_OBJECT_END : CF_JSON_ARRAY_END;
		if (*json->p != ',') {
			fail_found(json, json->p, expected_here(json));
			return json->token;
		}
		json->state = object ? NEXT_KEY : NEXT_ITEM;
		json->p = skip_space(json->p + 1, json->end);
		if (json->p == json->end)
			return text_over(json);
	}
	forget_behind(json);
	return json->state == FIRST_KEY || json->state == NEXT_KEY ? key_here(json) : value_here(json);
}

/* --- strings, numbers, words ------------------------------------------------------------------------------ */

/* The text is over within a token that began at `first`, or the token is too long. */
static void fail_token(struct cf_json_reader *json, const uint8_t *first, const char *what,
		       const char *expected)
{
	if ((uint64_t)(json->end - first) > json->max_text)
		cf_json_fail(json, first, "found a %s of more than %" G_GUINT64_FORMAT " bytes", what,
			     json->max_text);
	else
		fail_end(json, false, expected);
}

static const uint8_t *token_limit(const struct cf_json_reader *json, const uint8_t *first)
{
	return (uint64_t)(json->end - first) > json->max_text ? first + json->max_text + 1 : json->end;
}

/* What isn't plain ASCII up to the quote. The closing quote of the string that begins at first, or NULL when it
 * fails. */
static const uint8_t *string_end(struct cf_json_reader *json, const uint8_t *first, bool *escapes,
				 unsigned *high)
{
	const uint8_t *p = first, *end = token_limit(json, first), *bad = end;

	for (;;) {
		p = cf_json_scan_plain(p, end, high);
		if (p < end && *p == '"')
			return p;
		if (p < end && *p != '\\') {
			cf_json_fail(json, p,
				     "found the control character 0x%02x in a string, expected an escape",
				     *p);
			return NULL;
		}
		p = p < end ? cf_json_scan_escape(p, end, &bad) : NULL;
		if (!p)
			break;
		*escapes = true;
	}
	if (bad < end)
		fail_found(json, bad,
			   bad[-1] == '\\' ? "one of \"\\/bfnrtu after '\\'" : "four hex digits after '\\u'");
	else
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
		loc = locate(json, bad);
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

static const uint8_t *read_string(struct cf_json_reader *json, const uint8_t *first,
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

/* As read_string, but nobody wants to know what it says. */
static const uint8_t *pass_string(struct cf_json_reader *json, const uint8_t *first)
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

/* ':' and what is around it. */
static bool pass_colon(struct cf_json_reader *json, const uint8_t *p)
{
	if (p < json->end && *p != ':')
		p = skip_space(p, json->end);
	json->p = p;
	if (p == json->end) {
		fail_end(json, false, "':' after the key");
		return false;
	}
	if (*p != ':') {
		fail_found(json, p, "':' after the key");
		return false;
	}
	json->p++;
	json->state = VALUE;
	return true;
}

/* A number may not go on as a word ("1x"), nor may a word ("nulls"): two values need something in between. */
static bool ends_token(struct cf_json_reader *json, const uint8_t *p, const char *what)
{
	if (p < json->end && (g_ascii_isalnum(*p) || *p == '_' || *p == '.' || *p == '-' || *p == '+')) {
		g_autofree char *found = shown(json, p);

		cf_json_fail(json, p, "found %s after %s", found, what);
		return false;
	}
	if (p == json->end && json->depth && (json->flags & (CF_JSON_MAY_BE_CUT | CF_JSON_KEEP_DAMAGED))) {
		fail_end(json, false, "");
		return false;
	}
	return true;
}

static const uint8_t *pass_number(struct cf_json_reader *json, struct cf_json_decimal *decimal)
{
	const uint8_t *first = json->p, *end = token_limit(json, first), *bad, *p;

	p = cf_json_scan_number(first, end, decimal, &bad);
	if (p && p < end)
		return ends_token(json, p, "a number") ? p : NULL;
	if (p && end == json->end)
		return ends_token(json, p, "a number") ? p : NULL;
	if (p || bad == end)
		fail_token(json, first, "number", "a digit");
	else if (*bad >= '0' && *bad <= '9')
		cf_json_fail(json, bad, "found a digit after a leading 0");
	else
		fail_found(json, bad, "a digit");
	return NULL;
}

/* Also in a text that is only passed over. */
static const uint8_t *pass_any_number(struct cf_json_reader *json)
{
	const uint8_t *word = json->p + (*json->p == '-');
	struct cf_json_decimal decimal;

	if (!is_not_finite(json, word))
		return pass_number(json, &decimal);
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

static const uint8_t *read_number(struct cf_json_reader *json)
{
	struct cf_json_decimal decimal;
	const uint8_t *end;
	uint64_t limit;

	if (is_not_finite(json, json->p + (*json->p == '-'))) {
		end = read_not_finite(json);
		json->text = (struct cf_slice){ json->p, (uint64_t)(end - json->p) };
		return ends_token(json, end, "a number") ? end : NULL;
	}
	end = pass_number(json, &decimal);
	if (!end)
		return NULL;
	json->text = (struct cf_slice){ json->p, (uint64_t)(end - json->p) };
	limit = (uint64_t)INT64_MAX + (decimal.negative ? 1 : 0);
	json->number = cf_json_decimal_double(&decimal, json->text);
	json->form = CF_JSON_DOUBLE;
	if (decimal.whole && cf_json_decimal_natural(&decimal, json->text, &json->natural)) {
		json->integer = (int64_t)(decimal.negative ? 0 - json->natural : json->natural);
		if (json->natural <= limit)
			json->form = CF_JSON_INT;
		else if (!decimal.negative)
			json->form = CF_JSON_UINT;
	}
	if (!isfinite(json->number) && !(json->flags & CF_JSON_NOT_FINITE)) {
		cf_json_fail(json, json->p,
			     "found a number that is too large for a double, expected at most 1.8e308");
		return NULL;
	}
	return end;
}

/* true, false, null: the rest of the word after its first letter. */
static const uint8_t *pass_word(struct cf_json_reader *json)
{
	const char *word = *json->p == 't' ? "true" : *json->p == 'f' ? "false" : "null";
	const uint8_t *p = json->p;

	for (const char *w = word; *w; w++, p++) {
		if (p == json->end) {
			fail_end(json, false, word);
			return NULL;
		}
		if (*p != (uint8_t)*w) {
			fail_found(json, p, word);
			return NULL;
		}
	}
	return ends_token(json, p, word) ? p : NULL;
}

/* --- tokens ----------------------------------------------------------------------------------------------- */

static bool read_key(struct cf_json_reader *json)
{
	const uint8_t *p = read_string(json, json->p + 1, &json->key_scratch, &json->key);

	return p && pass_colon(json, p);
}

/* Reads the scalar at p. */
static bool read_scalar(struct cf_json_reader *json, enum cf_json_token token)
{
	const uint8_t *p;

	if (token == CF_JSON_STRING)
		p = read_string(json, json->p + 1, &json->text_scratch, &json->text);
	else if (token == CF_JSON_NUMBER)
		p = read_number(json);
	else
		p = pass_word(json);
	if (!p)
		return false;
	json->boolean = token == CF_JSON_BOOL && *json->p == 't';
	after_value(json, p);
	return true;
}

enum cf_json_token cf_json_next(struct cf_json_reader *json)
{
	enum cf_json_token token = arrive(json);

	json->at = json->p;
	switch (token) {
	case CF_JSON_OBJECT:
	case CF_JSON_ARRAY:
		push(json, token == CF_JSON_OBJECT);
		break;
	case CF_JSON_OBJECT_END:
	case CF_JSON_ARRAY_END:
		pop(json);
		break;
	case CF_JSON_KEY:
		read_key(json);
		break;
	case CF_JSON_ERROR:
	case CF_JSON_END:
		break;
	default:
		read_scalar(json, token);
	}
	if (json->state > STOPPED)
		json->token = token;
	return json->token;
}

enum cf_json_token cf_json_peek(struct cf_json_reader *json)
{
	return arrive(json);
}

/* Passes the next token without decoding it. */
static void pass(struct cf_json_reader *json)
{
	enum cf_json_token token = arrive(json);
	const uint8_t *p;

	switch (token) {
	case CF_JSON_OBJECT:
	case CF_JSON_ARRAY:
		push(json, token == CF_JSON_OBJECT);
		return;
	case CF_JSON_OBJECT_END:
	case CF_JSON_ARRAY_END:
		pop(json);
		return;
	case CF_JSON_KEY:
		p = pass_string(json, json->p + 1);
		if (p)
			pass_colon(json, p);
		return;
	case CF_JSON_STRING:
		p = pass_string(json, json->p + 1);
		break;
	case CF_JSON_NUMBER:
		p = pass_any_number(json);
		break;
	case CF_JSON_BOOL:
	case CF_JSON_NULL:
		p = pass_word(json);
		break;
	default:
		return;
	}
	if (p)
		after_value(json, p);
}

/* Goes on until depth containers are open and no value is half read. */
static void pass_until(struct cf_json_reader *json, unsigned depth)
{
	do
		pass(json);
	while (json->state > DONE && json->depth > depth);
}

/* Whether the container entered as `in` is still open; what is unread within it is skipped then. */
static bool resume(struct cf_json_reader *json, unsigned in)
{
	if (!in || json->state <= DONE || json->depth < in)
		return false;
	if (json->depth > in || json->state == VALUE)
		pass_until(json, in);
	return json->state > DONE;
}

bool cf_json_member(struct cf_json_reader *json, unsigned in)
{
	enum cf_json_token token;

	if (!resume(json, in))
		return false;
	g_assert(in_object(json, in));
	token = arrive(json);
	json->at = json->p;
	if (token == CF_JSON_OBJECT_END)
		pop(json);
	return token == CF_JSON_KEY && read_key(json);
}

bool cf_json_item(struct cf_json_reader *json, unsigned in)
{
	enum cf_json_token token;

	if (!resume(json, in))
		return false;
	g_assert(!in_object(json, in));
	token = arrive(json);
	json->at = json->p;
	if (token == CF_JSON_ARRAY_END)
		pop(json);
	if (token == CF_JSON_ARRAY_END || token == CF_JSON_END || token == CF_JSON_ERROR)
		return false;
	json->state = VALUE;
	return true;
}

bool cf_json_find(struct cf_json_reader *json, unsigned in, const char *key)
{
	while (cf_json_member(json, in))
		if (cf_json_key_is(json, key))
			return true;
	return false;
}

static bool is_value(enum cf_json_token token)
{
	return token == CF_JSON_OBJECT || token == CF_JSON_ARRAY || token >= CF_JSON_STRING;
}

bool cf_json_skip(struct cf_json_reader *json)
{
	struct cf_slice raw;

	return cf_json_get_raw(json, &raw);
}

bool cf_json_get_raw(struct cf_json_reader *json, struct cf_slice *raw)
{
	enum cf_json_token token = arrive(json);
	unsigned depth = json->depth;
	const uint8_t *first = json->p;

	if (!is_value(token))
		return false;
	json->at = first;
	pass_until(json, depth);
	if (json->state <= STOPPED)
		return false;
	json->token = token;
	*raw = (struct cf_slice){ first, (uint64_t)(json->p - first) };
	return true;
}

bool cf_json_document(struct cf_json_reader *json)
{
	if (json->state > START)
		pass_until(json, 0);
	if (json->state < DONE)
		return false;
	json->p = skip_space(json->p, json->end);
	json->state = json->p < json->end ? DOCUMENT : DONE;
	if (json->state == DONE)
		return false;
	json->at = json->p;
	return true;
}

int cf_json_finish(struct cf_json_reader *json)
{
	if (json->state > DONE)
		pass_until(json, 0);
	if (json->state == DONE) {
		json->p = skip_space(json->p, json->end);
		if (json->p < json->end)
			fail_found(json, json->p, "the end of the input after the document");
	}
	return json->state == FAILED ? -1 : 0;
}
