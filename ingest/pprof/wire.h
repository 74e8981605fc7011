/* SPDX-License-Identifier: MIT */
/* wire: fields of protocol buffer messages, read in place. */
#ifndef CF_INGEST_PPROF_WIRE_H
#define CF_INGEST_PPROF_WIRE_H

#include "core/reader.h"

/*
 * The wire format (protobuf.dev/programming-guides/encoding): a message is a row of fields, each a number with a value,
 * in any order, as often as they like. A generated parser would build the whole profile in memory; this looks at one
 * field at a time.
 */
enum cf_wire { CF_WIRE_VARINT = 0, CF_WIRE_64 = 1, CF_WIRE_BYTES = 2, CF_WIRE_32 = 5 };

struct cf_field {
	uint32_t number;
	enum cf_wire type;
	uint64_t value;        /* VARINT, 64, 32 */
	struct cf_slice bytes; /* BYTES: a text, a message or packed numbers */
};

/* The next field of message, which is shortened by it. 1; 0 at the end; -1 where it is no message. */
int cf_wire_next(struct cf_slice *message, struct cf_field *field);

/* The next of the numbers of a repeated field, packed or not: packed ones come one by one. 1, 0 at the end, -1. */
int cf_wire_number(struct cf_slice *packed, uint64_t *value);

#endif
