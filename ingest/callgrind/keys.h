/* SPDX-License-Identifier: MIT */
/* keys: what the lines of a callgrind file that aren't costs begin with. */
#ifndef CF_INGEST_CALLGRIND_KEYS_H
#define CF_INGEST_CALLGRIND_KEYS_H

#include "core/reader.h"

/* Those of a body, the commonest first, then those of a header. */
enum cf_callgrind_key {
	CF_CALLGRIND_KEY_FI,
	CF_CALLGRIND_KEY_FE,
	CF_CALLGRIND_KEY_JCND,
	CF_CALLGRIND_KEY_JUMP,
	CF_CALLGRIND_KEY_CALLS,
	CF_CALLGRIND_KEY_CFN,
	CF_CALLGRIND_KEY_CFI,
	CF_CALLGRIND_KEY_CFL,
	CF_CALLGRIND_KEY_COB,
	CF_CALLGRIND_KEY_FN,
	CF_CALLGRIND_KEY_FL,
	CF_CALLGRIND_KEY_OB,
	CF_CALLGRIND_KEY_JFI,
	CF_CALLGRIND_KEY_JFN,
	CF_CALLGRIND_KEY_RCALLS,
	CF_CALLGRIND_KEY_EVENTS,
	CF_CALLGRIND_KEY_EVENT,
	CF_CALLGRIND_KEY_POSITIONS,
	CF_CALLGRIND_KEY_SUMMARY,
	CF_CALLGRIND_KEY_TOTALS,
	CF_CALLGRIND_KEY_PART,
	CF_CALLGRIND_KEY_THREAD,
	CF_CALLGRIND_KEY_PID,
	CF_CALLGRIND_KEY_CMD,
	CF_CALLGRIND_KEY_VERSION,
	CF_CALLGRIND_KEY_CREATOR,
	CF_CALLGRIND_KEY_DESC,
	CF_CALLGRIND_KEY_NONE
};

/* The key at the start of a line, CF_CALLGRIND_KEY_NONE for none that is known; its length with = or : behind it. */
enum cf_callgrind_key cf_callgrind_key(struct cf_slice line);
uint64_t cf_callgrind_key_len(enum cf_callgrind_key key);

/* "# callgrind format" */
bool cf_callgrind_is_mark(struct cf_slice line);

/* "word: text" or "word=text", for keys that later versions may bring. */
bool cf_callgrind_looks_like_key(struct cf_slice line);

#endif
