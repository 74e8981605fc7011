/* SPDX-License-Identifier: MIT */
/* json_reader: the one streaming JSON reader. */
#ifndef CF_CORE_JSON_READER_H
#define CF_CORE_JSON_READER_H

#include "core/dict.h"
#include "core/reader.h"

/*
 * Reads JSON (RFC 8259) off a slice, value by value, in memory that doesn't grow with the input: no tree, no
 * callbacks, no recursion. A reader lives on the caller's stack. The whole of an importer's reading part:
 *
 *	static void read_event(struct cf_json_reader *json, struct event *event)
 *	{
 *		for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
 *			if (cf_json_key_is(json, "name"))
 *				cf_json_get_str(json, event->dict, &event->name);
 *			else if (cf_json_key_is(json, "ts"))
 *				cf_json_get_scaled(json, 3, &event->time_ns); // microseconds, 1.5 is 1500 ns
 *			else if (cf_json_key_is(json, "pid"))
 *				event->has_pid = cf_json_try_int(json, &event->pid); // 17 or "17"; null: none
 *		}
 *	}
 *
 *	cf_json_reader_init(&json, input->path, input->bytes,
 *			    CF_JSON_NOT_FINITE | CF_JSON_MAY_BE_CUT | (input->mapped ? CF_JSON_MAPPED : 0), diag);
 *	for (unsigned in = cf_json_array(&json); cf_json_item(&json, in);) {
 *		struct event event = { .dict = dict };
 *
 *		read_event(&json, &event);
 *		if (cf_json_ok(&json)) // else the input broke or ended within this event
 *			add(&event);
 *	}
 *	status = cf_json_finish(&json); // 0, or -1 with the message said
 *	cf_json_reader_release(&json);
 *
 * What isn't read is skipped: a member with an unknown key needs no else branch, and a loop or a function may
 * leave an object half-way (break, return); the loop around it goes on with the next member of *its* object.
 * Keys come in any order, and equal ones twice. json->key is that of the member read last, which after a value
 * with members of its own is one of those.
 *
 * Errors stick. The first one is said with its line and column; from then on every loop ends and every getter
 * returns false, so that only cf_json_ok before a record is used and cf_json_finish at the end need a look.
 *
 * An input that ends too early is no error where CF_JSON_MAY_BE_CUT allows it. Whether it is one to the importer
 * is told by where it ends. A Chrome trace may lack its ']', but no part of an event:
 *
 *	if (json.cut && !(json.cut_depth == 1 && json.cut_between))
 *		... // the file was cut short
 *
 * Trees (a node with "children": [node, ...]) are walked with a stack of your own: the `in` of a loop is all
 * there is to keep, and cf_json_member and cf_json_item go on with any container that is still open.
 * Or take the flat tokens of cf_json_next; the two may be mixed.
 *
 * Values that are wanted in another order than they stand in (a table of strings at the end of the file) are
 * noted with cf_json_get_raw and read when their time has come with cf_json_reader_within.
 */

/* What may differ from strict RFC 8259. */
enum cf_json_flags {
	/* NaN, Infinity, nan, inf with an optional '-' are numbers, and 1e999 is infinite. Else: refused. Either
	 * way no getter returns a number that isn't finite. */
	CF_JSON_NOT_FINITE = 1 << 0,
	/* A comma before ']' or '}' is passed over. */
	CF_JSON_TRAILING_COMMA = 1 << 1,
	/* An input that ends too early ends the document without a message; see cf_json_cut. */
	CF_JSON_MAY_BE_CUT = 1 << 2,
	/* Any error in the text is said as a warning and ends the document as if it were cut there: for the setting
	 * `partial`. Implies CF_JSON_MAY_BE_CUT. */
	CF_JSON_KEEP_DAMAGED = 1 << 3,
	/* Text that isn't UTF-8 and escapes of half a surrogate pair are refused. Else they read as U+FFFD with one
	 * warning; see bad_text. */
	CF_JSON_STRICT_TEXT = 1 << 4,
	/* The text lies in a mapped file: what was read is given back to the system every 16 MiB, so that a file of
	 * any size stays out of memory. Never set it for memory that isn't a file's: its content would be lost. */
	CF_JSON_MAPPED = 1 << 5
};

enum cf_json_token {
	CF_JSON_ERROR, /* said already; sticks */
	CF_JSON_END,   /* the document has ended, or the input (cut) */
	CF_JSON_OBJECT,
	CF_JSON_OBJECT_END,
	CF_JSON_ARRAY,
	CF_JSON_ARRAY_END,
	CF_JSON_KEY,
	CF_JSON_STRING,
	CF_JSON_NUMBER,
	CF_JSON_BOOL,
	CF_JSON_NULL
};

/* The exact forms of a number. */
enum cf_json_form {
	CF_JSON_INT,  /* in integer, and in number as near as a double comes */
	CF_JSON_UINT, /* an integer of INT64_MAX+1 to UINT64_MAX: in natural, and in number */
	CF_JSON_DOUBLE /* in number alone: has a point, an exponent or more than 64 bits; text has the digits */
};

enum cf_json_cut {
	CF_JSON_WHOLE,
	CF_JSON_CUT,    /* the input ended before the document */
	CF_JSON_DAMAGED /* CF_JSON_KEEP_DAMAGED: something that isn't JSON followed; said */
};

/* A number as written: (negative ? -1 : 1) * mantissa * 10^exponent, and what didn't fit in the mantissa. */
struct cf_json_decimal {
	bool negative;
	bool whole;        /* written without point and exponent */
	bool lost;         /* nonzero digits follow the mantissa's 19 */
	uint8_t following; /* the first digit that isn't in the mantissa */
	uint64_t mantissa;
	int64_t exponent;
};

struct cf_json_reader {
	/* What was read last. */
	enum cf_json_token token;
	struct cf_slice key;    /* of the member, decoded; until the next key is read */
	struct cf_slice text;   /* STRING: decoded, may hold NUL; NUMBER: as written; until the next value */
	enum cf_json_form form; /* NUMBER */
	int64_t integer;
	uint64_t natural; /* of form INT, too, when it isn't negative */
	double number;    /* of every form; correctly rounded */
	bool boolean;
	unsigned depth; /* objects and arrays that are open */

	/* How it went. */
	enum cf_json_cut cut;
	unsigned cut_depth; /* objects and arrays that were open at the cut */
	bool cut_between;   /* the cut is after a whole value, a comma or an opening bracket */
	uint64_t bad_text;  /* invalid bytes and half surrogate pairs that were read as U+FFFD */

	/* Limits, to be changed after init. Deeper or longer is an error. */
	unsigned max_depth; /* 512 */
	uint64_t max_text;  /* bytes of one string or number as written: 64 MiB */

	/* The rest is the reader's own. */
	const char *path;
	struct cf_diag *diag;
	unsigned flags;
	unsigned state;
	bool bad_text_said;
	const uint8_t *begin, *p, *end; /* of the whole text: locations count from begin */
	const uint8_t *at;              /* first byte of the token that was read last */
	const uint8_t *kept;            /* what lies before was given back */
	struct cf_loc counted;          /* lines are counted up to here, */
	uint64_t line_start;            /* in the line that begins here */
	struct cf_json_decimal decimal; /* NUMBER, unless it isn't finite */
	uint64_t nesting[8];            /* a bit per depth: 1 is an object */
	uint64_t *deep;                 /* the same from depth 512 on */
	unsigned deep_words;
	struct cf_json_scratch {
		uint8_t *data;
		size_t len, size;
	} key_scratch, text_scratch;
	char *owned; /* text that was converted from UTF-16 */
};

/*
 * text is borrowed until release. A UTF-8 byte order mark is skipped; UTF-16 with one is converted (up to
 * 256 MiB). diag NULL: nothing is said, for probes. path is borrowed.
 */
void cf_json_reader_init(struct cf_json_reader *json, const char *path, struct cf_slice text, unsigned flags,
			 struct cf_diag *diag);
void cf_json_reader_release(struct cf_json_reader *json);

/* A second reader for a value of cf_json_get_raw: same path, flags, limits and diag, messages with lines of
 * the whole file. `from` is to be released after it. */
void cf_json_reader_within(struct cf_json_reader *json, const struct cf_json_reader *from,
			   struct cf_slice raw);
/* Releases it, and lets `from` fail where it failed: so that one look at `from` is enough. */
void cf_json_reader_join(struct cf_json_reader *within, struct cf_json_reader *from);

/*
 * Values: each call takes the one that comes next.
 *
 * Enters an object, for cf_json_member (an array, for cf_json_item). 0 when something else comes: `get` says
 * so and fails the document, `try` skips it quietly.
 */
unsigned cf_json_object(struct cf_json_reader *json);
unsigned cf_json_array(struct cf_json_reader *json);
unsigned cf_json_try_object(struct cf_json_reader *json);
unsigned cf_json_try_array(struct cf_json_reader *json);

/* On to the next member of the object entered as `in`: its key is in json->key, its value comes next. false at
 * the object's end. Whatever is unread before it is skipped, at any depth. Equal keys come as often as they
 * are there. in 0: false. */
bool cf_json_member(struct cf_json_reader *json, unsigned in);
/* On to the next item of an array. */
bool cf_json_item(struct cf_json_reader *json, unsigned in);
/* On to the next member that is called key, which is then to be read. false: none before the object's end. */
bool cf_json_find(struct cf_json_reader *json, unsigned in, const char *key);

/* Skips the next value, whatever it is. Its syntax is checked, its text isn't decoded. false: there is none. */
bool cf_json_skip(struct cf_json_reader *json);
/* Skips it and says where it is, for cf_json_reader_within. */
bool cf_json_get_raw(struct cf_json_reader *json, struct cf_slice *raw);

/*
 * Typed values. `get` fails the document with "expected a number, found a string" when it finds another type
 * (or no value). Numbers may be written in any way: 1.0 and 1e3 are integers, 1.5 isn't. text is borrowed: as
 * json->text.
 */
bool cf_json_get_int(struct cf_json_reader *json, int64_t *value);
bool cf_json_get_uint(struct cf_json_reader *json, uint64_t *value);
bool cf_json_get_double(struct cf_json_reader *json, double *value); /* finite */
/* The number times 10^decimals, exact, halves rounded away from zero; decimals 0 to 18. ("ts": 1.5) is 1500
 * nanoseconds with decimals 3. */
bool cf_json_get_scaled(struct cf_json_reader *json, unsigned decimals, int64_t *value);
bool cf_json_get_bool(struct cf_json_reader *json, bool *value);
bool cf_json_get_text(struct cf_json_reader *json, struct cf_slice *text);
bool cf_json_get_str(struct cf_json_reader *json, struct cf_dict *dict, struct cf_str *str);

/*
 * The lenient ones: false leaves *value alone and takes the value all the same, for the importer to go by or to
 * count; nothing is said. A number may stand in a string ("17"), and text may be a number.
 */
bool cf_json_try_int(struct cf_json_reader *json, int64_t *value);
bool cf_json_try_uint(struct cf_json_reader *json, uint64_t *value);
bool cf_json_try_double(struct cf_json_reader *json, double *value); /* finite */
bool cf_json_try_scaled(struct cf_json_reader *json, unsigned decimals, int64_t *value);
bool cf_json_try_bool(struct cf_json_reader *json, bool *value);
bool cf_json_try_text(struct cf_json_reader *json, struct cf_slice *text);
bool cf_json_try_str(struct cf_json_reader *json, struct cf_dict *dict, struct cf_str *str);

G_ALWAYS_INLINE static inline bool cf_json_key_is(const struct cf_json_reader *json, const char *key)
{
	return cf_slice_is(json->key, key);
}

/* Reads the next token. After the document's last: CF_JSON_END, again and again. */
enum cf_json_token cf_json_next(struct cf_json_reader *json);
/* What cf_json_next would read, told by its first byte: a string that isn't closed is CF_JSON_STRING. */
enum cf_json_token cf_json_peek(struct cf_json_reader *json);
/* "a number", "an object", "the end of the array": for messages. */
const char *cf_json_token_name(enum cf_json_token token);

/*
 * Several documents one after another (JSON Lines, concatenated): true when there is one more, which then is to
 * be read; what was left of the one before it is skipped.
 *
 *	while (cf_json_document(&json))
 *		read_record(&json);
 *	status = cf_json_finish(&json);
 */
bool cf_json_document(struct cf_json_reader *json);

/* Skips the rest of the document and checks that nothing follows it. 0 (also when the input was cut and that is
 * allowed), or -1: the message was said, here or before. */
int cf_json_finish(struct cf_json_reader *json);

/* No error so far, and not cut: what was read last is whole. */
static inline bool cf_json_ok(const struct cf_json_reader *json)
{
	return json->token != CF_JSON_ERROR && json->cut == CF_JSON_WHOLE;
}

/* Where the token that was read last begins. Columns count bytes from 1. Lines are counted as they are asked
 * for: cheap when asked in the order of the file. */
struct cf_loc cf_json_loc(struct cf_json_reader *json);

/* The importer's own messages, located there. An error stops the reader as its own do; returns -1. */
int cf_json_error(struct cf_json_reader *json, const char *fmt, ...) G_GNUC_PRINTF(2, 3);
void cf_json_warn(struct cf_json_reader *json, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

#endif
