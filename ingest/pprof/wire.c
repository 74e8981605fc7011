/* SPDX-License-Identifier: MIT */
/* wire: fields of protocol buffer messages, read in place. */
#include "ingest/pprof/wire.h"

int cf_wire_number(struct cf_slice *packed, uint64_t *value)
{
	uint64_t result = 0;

	if (!packed->len)
		return 0;
	for (uint64_t i = 0; i < packed->len && i < 10; i++) {
		uint8_t byte = packed->data[i];

		result |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte & 0x80)
			continue;
		packed->data += i + 1;
		packed->len -= i + 1;
		*value = result;
		return 1;
	}
	return -1;
}

static bool take(struct cf_slice *message, uint64_t len, struct cf_slice *part)
{
	if (!cf_slice_sub(*message, 0, len, part))
		return false;
	message->data += len;
	message->len -= len;
	return true;
}

int cf_wire_next(struct cf_slice *message, struct cf_field *field)
{
	uint64_t key, len;
	struct cf_slice part;
	int more = cf_wire_number(message, &key);

	if (more <= 0)
		return more;
	if (key >> 3 == 0 || key >> 3 > UINT32_MAX)
		return -1;
	field->number = (uint32_t)(key >> 3);
	field->value = 0;
	field->bytes = (struct cf_slice){ 0 };
	switch (key & 7) {
	case CF_WIRE_VARINT:
		field->type = CF_WIRE_VARINT;
		return cf_wire_number(message, &field->value) > 0 ? 1 : -1;
	case CF_WIRE_64:
		field->type = CF_WIRE_64;
		if (!take(message, 8, &part))
			return -1;
		field->value = cf_le64(part.data);
		return 1;
	case CF_WIRE_BYTES:
		field->type = CF_WIRE_BYTES;
		return cf_wire_number(message, &len) > 0 && take(message, len, &field->bytes) ? 1 : -1;
	case CF_WIRE_32:
		field->type = CF_WIRE_32;
		if (!take(message, 4, &part))
			return -1;
		field->value = cf_le32(part.data);
		return 1;
	default:
		return -1;
	}
}
