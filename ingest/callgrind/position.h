/* SPDX-License-Identifier: MIT */
/* position: the numbers of a cost line: where it is, and what it costs. */
#ifndef CF_INGEST_CALLGRIND_POSITION_H
#define CF_INGEST_CALLGRIND_POSITION_H

#include "core/reader.h"

#define CF_CALLGRIND_SUBPOSITIONS 3 /* instr, bb, line */

/* Of all subpositions only the line counts here: costs are summed by source line. */
struct cf_callgrind_position {
	unsigned n;    /* subpositions of a cost line */
	int line_at;   /* which of them is the line, -1 none */
	uint32_t line; /* of the last cost line, which "+3" and "*" refer to; 0 unknown */
};

/* What stands behind "positions:". NULL, or what is wrong with it. */
const char *cf_callgrind_positions(struct cf_callgrind_position *position, struct cf_slice text);

/*
 * Takes the subpositions off the start of text; *line: where they are. position is left as it is: the target of a call
 * or jump is nothing to be relative to. NULL, or what is wrong.
 */
const char *cf_callgrind_take_position(const struct cf_callgrind_position *position, struct cf_slice *text,
				       uint32_t *line);

/*
 * The rest of a cost line: up to n numbers, those that are missing are 0, "." is. Larger ones than fit are capped and
 * counted. NULL, or what is wrong.
 */
const char *cf_callgrind_take_costs(struct cf_slice text, int64_t *costs, unsigned n, uint64_t *capped);

/*
 * The same for whole lines of the plainest kind, which nearly all lines are: decimal numbers between single blanks up to
 * a newline. The first byte behind the line; NULL: read it the other way, which says what is wrong if anything is.
 */
const uint8_t *cf_callgrind_plain_line(const struct cf_callgrind_position *position, const uint8_t *at,
				       const uint8_t *end, int64_t *costs, unsigned n, uint32_t *line);

/* A number, decimal or hexadecimal after 0x, off the start of text; at most 2^63 - 1. false: there is none. */
bool cf_callgrind_take_number(struct cf_slice *text, int64_t *number);

#endif
