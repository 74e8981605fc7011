/* SPDX-License-Identifier: MIT */
/* names: what "(12) name" and "(12)" stand for in a callgrind file. */
#include "ingest/callgrind/names.h"

struct row {
	uint64_t number;
	enum cf_callgrind_space space;
	struct cf_callgrind_name name;
};

void cf_callgrind_names_reset(struct cf_callgrind_names *names)
{
	cf_table_release(&names->index);
	if (!names->rows)
		names->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	g_array_set_size(names->rows, 0);
}

void cf_callgrind_names_release(struct cf_callgrind_names *names)
{
	cf_table_release(&names->index);
	g_clear_pointer(&names->rows, g_array_unref);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static struct cf_slice skip(struct cf_slice s, uint64_t n)
{
	return (struct cf_slice){ s.data + n, s.len - n };
}

static struct cf_slice trim(struct cf_slice s)
{
	while (s.len && is_blank(s.data[0]))
		s = skip(s, 1);
	while (s.len && is_blank(s.data[s.len - 1]))
		s.len--;
	return s;
}

/* "(12)" at the start of text, taken off it. 0: there is none, as in "(below main)"; -1: broken. */
static int take_number(struct cf_slice *text, uint64_t *number)
{
	const uint8_t *close;
	struct cf_slice digits;

	if (text->len < 2 || text->data[0] != '(' || !g_ascii_isdigit((gchar)text->data[1]))
		return 0;
	close = memchr(text->data, ')', MIN(text->len, 24));
	if (!close)
		return -1;
	digits = (struct cf_slice){ text->data + 1, (uint64_t)(close - text->data) - 1 };
	if (!cf_parse_u64(digits, 10, number))
		return -1;
	*text = trim(skip(*text, digits.len + 2));
	return 1;
}

static bool is_unknown(struct cf_slice text)
{
	return !text.len || (text.len == 3 && !memcmp(text.data, "???", 3));
}

/* What valgrind calls code without a symbol: "0x0000000000009970", with a suffix for recursion or callers. */
static bool is_address(struct cf_slice text)
{
	uint64_t i = 2;

	if (text.len < 3 || text.data[0] != '0' || text.data[1] != 'x')
		return false;
	while (i < text.len && g_ascii_isxdigit((gchar)text.data[i]))
		i++;
	return i > 2 && (i == text.len || text.data[i] == '\'');
}

static struct cf_module module_of(struct cf_dict *dict, struct cf_slice path)
{
	const uint8_t *slash = memrchr(path.data, '/', path.len);
	struct cf_slice base = slash ? skip(path, (uint64_t)(slash - path.data) + 1) : path;

	if (!base.len)
		base = path;
	return cf_dict_module(dict,
			      (struct cf_module_info){
				      .name = cf_dict_str(dict, (const char *)base.data, (gssize)base.len),
				      .path = cf_dict_str(dict, (const char *)path.data, (gssize)path.len) });
}

static struct cf_callgrind_name make(struct cf_callgrind_names *names, enum cf_callgrind_space space,
				     struct cf_slice text)
{
	struct cf_callgrind_name name = { .kind = CF_FRAME_NATIVE };

	if (text.len > CF_CALLGRIND_NAME_MAX) {
		text.len = CF_CALLGRIND_NAME_MAX;
		names->cut++;
	}
	if (is_unknown(text)) {
		if (space == CF_CALLGRIND_FUNCTION) {
			name.text = cf_dict_str(names->dict, "[unresolved]", -1);
			name.kind = CF_FRAME_UNRESOLVED;
		}
	} else if (space == CF_CALLGRIND_OBJECT) {
		name.module = module_of(names->dict, text);
	} else {
		name.text = cf_dict_str(names->dict, (const char *)text.data, (gssize)text.len);
		if (space == CF_CALLGRIND_FUNCTION && is_address(text))
			name.kind = CF_FRAME_UNRESOLVED;
	}
	return name;
}

static struct cf_callgrind_name undefined(struct cf_callgrind_names *names, enum cf_callgrind_space space,
					  struct cf_slice number)
{
	struct cf_callgrind_name name = { .kind = CF_FRAME_UNRESOLVED };

	if (space == CF_CALLGRIND_FUNCTION)
		name.text = cf_dict_str(names->dict, (const char *)number.data, (gssize)number.len);
	return name;
}

static struct row *find(const struct cf_callgrind_names *names, enum cf_callgrind_space space,
			uint64_t number, uint32_t hash)
{
	uint32_t pos = hash, id;

	while ((id = cf_table_next(&names->index, hash, &pos)) != 0) {
		struct row *row = &g_array_index(names->rows, struct row, id - 1);

		if (row->number == number && row->space == space)
			return row;
	}
	return NULL;
}

const char *cf_callgrind_name(struct cf_callgrind_names *names, enum cf_callgrind_space space,
			      struct cf_slice text, struct cf_callgrind_name *name)
{
	const struct cf_slice whole = text = trim(text);
	uint64_t number;
	uint32_t hash;
	struct row *known;
	int numbered = take_number(&text, &number);

	if (numbered < 0)
		return "the number in front of a name isn't closed: expected \"(12) name\"";
	if (!numbered) {
		*name = make(names, space, text);
		return NULL;
	}
	hash = cf_hash(number, space);
	known = find(names, space, number, hash);
	if (!text.len && known) {
		*name = known->name;
		return NULL;
	}
	if (!text.len) {
		names->undefined++;
		*name = undefined(names, space, whole);
		return NULL;
	}
	*name = make(names, space, text);
	if (known) {
		known->name = *name;
	} else {
		const struct row row = { number, space, *name };

		g_array_append_val(names->rows, row);
		cf_table_add(&names->index, hash, names->rows->len);
	}
	return NULL;
}
