/* SPDX-License-Identifier: MIT */
/* json_state: what the files of the JSON reader share. */
#ifndef CF_CORE_JSON_STATE_H
#define CF_CORE_JSON_STATE_H

#include "core/json_reader.h"

#define CF_JSON_FORGET_BYTES (16 * 1024 * 1024)
#define CF_JSON_NESTING_WORDS 8

/* What may come at p. From FAILED to DONE: nothing. */
enum cf_json_state {
	AT_FAILED,
	AT_STOPPED,    /* cut or damaged */
	AT_DONE,       /* after a document */
	AT_START,      /* the first document, nothing of it was asked for */
	AT_DOCUMENT,   /* a document that cf_json_document found */
	AT_VALUE,      /* the value of a member, or the item that cf_json_item found */
	AT_FIRST_ITEM, /* after '[' */
	AT_NEXT_ITEM,  /* after ',' */
	AT_FIRST_KEY,
	AT_NEXT_KEY,
	AT_AFTER /* a value in an array or object: ',' or the end */
};

/*
 * Says the first error of the text (a warning with CF_JSON_KEEP_DAMAGED) at a place of it: the reader stops.
 * `found`: what stands there, "expected ..." follows. `end`: the text is over where more of it is needed, which
 * may be allowed; between is for cut_between.
 */
void cf_json_fail(struct cf_json_reader *json, const uint8_t *at, const char *fmt, ...) G_GNUC_PRINTF(3, 4);
void cf_json_fail_found(struct cf_json_reader *json, const uint8_t *at, const char *expected);
void cf_json_fail_end(struct cf_json_reader *json, bool between, const char *expected);
/* What stands at p, for a message: "'x'", "byte 0xff", "the end of the input". Caller frees. */
char *cf_json_shown(const struct cf_json_reader *json, const uint8_t *p);
struct cf_loc cf_json_locate(struct cf_json_reader *json, const uint8_t *at);

/* Gives the pages between two places of a mapped text back. */
void cf_json_forget(const struct cf_json_reader *json, const uint8_t *from, const uint8_t *to);

/* Reads the next value when it is `wanted` or `other`; json->token says which. Else the document fails (strict),
 * or the value is skipped. */
bool cf_json_take(struct cf_json_reader *json, enum cf_json_token wanted, enum cf_json_token other,
		  bool strict);

/*
 * Tokens of the text. Each returns the byte after the token, or NULL with the message said. Strings begin after
 * their quote, numbers and words at json->p. `read` fills json->number and its like; `pass` checks the syntax.
 */
const uint8_t *cf_json_read_string(struct cf_json_reader *json, const uint8_t *first,
				   struct cf_json_scratch *scratch, struct cf_slice *out);
const uint8_t *cf_json_pass_string(struct cf_json_reader *json, const uint8_t *first);
const uint8_t *cf_json_read_number(struct cf_json_reader *json);
const uint8_t *cf_json_pass_number(struct cf_json_reader *json);
const uint8_t *cf_json_pass_word(struct cf_json_reader *json); /* true, false, null */
/* NaN or Infinity at p, and that is allowed. */
bool cf_json_is_not_finite(const struct cf_json_reader *json, const uint8_t *p);

static inline bool cf_json_in_object(const struct cf_json_reader *json, unsigned depth)
{
	unsigned bit = depth - 1, word = bit / 64;
	const uint64_t *words = json->nesting;

	if (word >= CF_JSON_NESTING_WORDS) {
		words = json->deep;
		word -= CF_JSON_NESTING_WORDS;
	}
	return (words[word] >> (bit % 64)) & 1;
}

#endif
