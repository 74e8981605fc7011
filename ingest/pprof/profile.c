/* SPDX-License-Identifier: MIT */
/* profile: what samples of a pprof profile refer to. */
#include "ingest/pprof/profile.h"

#include <string.h>

#define STRINGS_MAX (1 << 24)
#define LINES_MAX (1 << 26)

int cf_pprof_fail(const struct cf_pprof *r, const uint8_t *at, const char *what)
{
	struct cf_loc loc = { .path = r->input->path, .offset = (uint64_t)(at - r->input->bytes.data) };

	return cf_error(r->diag, &loc, "%s", what);
}

/* Fields that hold one number, by field number; the last one stays. -1 with a message. */
static int read_numbers(const struct cf_pprof *r, struct cf_slice message, uint64_t *numbers, unsigned n)
{
	const uint8_t *at = message.data;
	struct cf_field field;
	int more;

	while ((more = cf_wire_next(&message, &field)) > 0) {
		if (field.type == CF_WIRE_VARINT && field.number < n)
			numbers[field.number] = field.value;
		at = message.data;
	}
	return more < 0 ? cf_pprof_fail(r, at, CF_PPROF_NO_MESSAGE) : 0;
}

/* Finds an id among rows that begin with it. Rows from 1; 0: not there. */
static uint32_t find(const struct cf_table *index, const GArray *rows, gsize size, uint64_t id)
{
	uint32_t hash = cf_hash(id, 0), pos = hash, row;

	while ((row = cf_table_next(index, hash, &pos)) != 0)
		if (*(const uint64_t *)(const void *)(rows->data + (row - 1) * size) == id)
			return row;
	return 0;
}

#define FIND(index, rows, type, id) find(&(index), rows, sizeof(type), id)

static int add_type(struct cf_pprof *r, struct cf_slice message)
{
	uint64_t numbers[3] = { 0 };

	if (read_numbers(r, message, numbers, G_N_ELEMENTS(numbers)) != 0)
		return -1;
	if (r->n_types == CF_PPROF_TYPES_MAX)
		return cf_pprof_fail(r, message.data, "more than 64 sample types");
	r->types[r->n_types++] = (struct cf_pprof_type){ .type = numbers[1], .unit = numbers[2] };
	return 0;
}

static int add_mapping(struct cf_pprof *r, struct cf_slice message)
{
	uint64_t numbers[7] = { 0 };
	struct cf_pprof_mapping mapping = { 0 };

	if (read_numbers(r, message, numbers, G_N_ELEMENTS(numbers)) != 0)
		return -1;
	mapping = (struct cf_pprof_mapping){ .id = numbers[1], .file = numbers[5], .build_id = numbers[6] };
	if (FIND(r->mapping_ids, r->mappings, struct cf_pprof_mapping, mapping.id))
		return 0;
	g_array_append_val(r->mappings, mapping);
	cf_table_add(&r->mapping_ids, cf_hash(mapping.id, 0), r->mappings->len);
	return 0;
}

static int add_function(struct cf_pprof *r, struct cf_slice message)
{
	uint64_t numbers[6] = { 0 };
	struct cf_pprof_function function;

	if (read_numbers(r, message, numbers, G_N_ELEMENTS(numbers)) != 0)
		return -1;
	function = (struct cf_pprof_function){ numbers[1], numbers[2], numbers[3], numbers[4],
					       (int64_t)numbers[5] };
	if (FIND(r->function_ids, r->functions, struct cf_pprof_function, function.id))
		return 0;
	g_array_append_val(r->functions, function);
	cf_table_add(&r->function_ids, cf_hash(function.id, 0), r->functions->len);
	return 0;
}

static int add_location(struct cf_pprof *r, struct cf_slice message)
{
	struct cf_pprof_location location = { .first = r->lines->len };
	const uint8_t *at = message.data;
	struct cf_field field;
	int more;

	while ((more = cf_wire_next(&message, &field)) > 0) {
		at = message.data;
		if (field.type == CF_WIRE_VARINT && field.number == 1) {
			location.id = field.value;
		} else if (field.type == CF_WIRE_VARINT && field.number == 2) {
			location.mapping = field.value;
		} else if (field.type == CF_WIRE_BYTES && field.number == 4) {
			uint64_t numbers[3] = { 0 };
			struct cf_pprof_line line;

			if (read_numbers(r, field.bytes, numbers, G_N_ELEMENTS(numbers)) != 0)
				return -1;
			if (r->lines->len == LINES_MAX)
				return cf_pprof_fail(r, at, "too many lines");
			line = (struct cf_pprof_line){ numbers[1], (int64_t)numbers[2] };
			g_array_append_val(r->lines, line);
			location.count++;
		}
	}
	if (more < 0)
		return cf_pprof_fail(r, at, CF_PPROF_NO_MESSAGE);
	/* A location that is only an address is one frame as well. */
	if (!location.count) {
		struct cf_pprof_line none = { 0 };

		g_array_append_val(r->lines, none);
		location.count = 1;
	}
	if (FIND(r->location_ids, r->locations, struct cf_pprof_location, location.id))
		return 0;
	g_array_append_val(r->locations, location);
	cf_table_add(&r->location_ids, cf_hash(location.id, 0), r->locations->len);
	return 0;
}

static int add_string(struct cf_pprof *r, struct cf_slice text)
{
	if (r->strings->len == STRINGS_MAX)
		return cf_pprof_fail(r, text.data, "too many strings");
	g_array_append_val(r->strings, text);
	return 0;
}

static int gather_field(struct cf_pprof *r, const struct cf_field *field)
{
	if (field->type == CF_WIRE_VARINT) {
		switch (field->number) {
		case CF_PPROF_DROP_FRAMES:
			r->drop_frames = field->value;
			break;
		case CF_PPROF_TIME:
			r->time = (int64_t)field->value;
			break;
		case CF_PPROF_DURATION:
			r->duration = (int64_t)field->value;
			break;
		case CF_PPROF_DEFAULT_TYPE:
			r->default_type = field->value;
			break;
		default:
			break;
		}
		return 0;
	}
	if (field->type != CF_WIRE_BYTES)
		return 0;
	switch (field->number) {
	case CF_PPROF_SAMPLE_TYPE:
		return add_type(r, field->bytes);
	case CF_PPROF_MAPPING:
		return add_mapping(r, field->bytes);
	case CF_PPROF_LOCATION:
		return add_location(r, field->bytes);
	case CF_PPROF_FUNCTION:
		return add_function(r, field->bytes);
	case CF_PPROF_STRING:
		return add_string(r, field->bytes);
	default:
		return 0;
	}
}

static int gather(struct cf_pprof *r)
{
	struct cf_slice profile = r->input->bytes;
	const uint8_t *at = profile.data;
	struct cf_field field;
	int more;

	while ((more = cf_wire_next(&profile, &field)) > 0) {
		if (gather_field(r, &field) != 0)
			return -1;
		at = profile.data;
	}
	if (more < 0)
		return cf_pprof_fail(r, at, CF_PPROF_NO_MESSAGE);
	if (!r->n_types)
		return cf_pprof_fail(r, r->input->bytes.data, "no sample types");
	if (!r->strings->len || g_array_index(r->strings, struct cf_slice, 0).len)
		return cf_pprof_fail(r, r->input->bytes.data, "the first string isn't empty");
	return 0;
}

int cf_pprof_gather(struct cf_pprof *profile, const struct cf_input *input, struct cf_diag *diag)
{
	*profile = (struct cf_pprof){ .input = input, .diag = diag };
	profile->strings = g_array_new(FALSE, FALSE, sizeof(struct cf_slice));
	profile->functions = g_array_new(FALSE, FALSE, sizeof(struct cf_pprof_function));
	profile->mappings = g_array_new(FALSE, FALSE, sizeof(struct cf_pprof_mapping));
	profile->locations = g_array_new(FALSE, FALSE, sizeof(struct cf_pprof_location));
	profile->lines = g_array_new(FALSE, FALSE, sizeof(struct cf_pprof_line));
	return gather(profile);
}

void cf_pprof_release(struct cf_pprof *profile)
{
	g_array_unref(profile->strings);
	g_array_unref(profile->functions);
	g_array_unref(profile->mappings);
	g_array_unref(profile->locations);
	g_array_unref(profile->lines);
	cf_table_release(&profile->function_ids);
	cf_table_release(&profile->mapping_ids);
	cf_table_release(&profile->location_ids);
}

struct cf_slice cf_pprof_string(const struct cf_pprof *profile, uint64_t index)
{
	return index < profile->strings->len ? g_array_index(profile->strings, struct cf_slice, index)
					     : (struct cf_slice){ 0 };
}

struct cf_pprof_mapping *cf_pprof_mapping(const struct cf_pprof *profile, uint64_t id)
{
	uint32_t row = FIND(profile->mapping_ids, profile->mappings, struct cf_pprof_mapping, id);

	return row ? &g_array_index(profile->mappings, struct cf_pprof_mapping, row - 1) : NULL;
}

const struct cf_pprof_function *cf_pprof_function(const struct cf_pprof *profile, uint64_t id)
{
	uint32_t row = FIND(profile->function_ids, profile->functions, struct cf_pprof_function, id);

	return row ? &g_array_index(profile->functions, struct cf_pprof_function, row - 1) : NULL;
}

const struct cf_pprof_location *cf_pprof_location(const struct cf_pprof *profile, uint64_t id)
{
	uint32_t row = FIND(profile->location_ids, profile->locations, struct cf_pprof_location, id);

	return row ? &g_array_index(profile->locations, struct cf_pprof_location, row - 1) : NULL;
}
