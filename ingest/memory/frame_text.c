/* SPDX-License-Identifier: MIT */
/* frame_text: frames as valgrind's tools write them: "0x48465EF: calloc (vg_replace_malloc.c:1328)". */
#include "ingest/memory/frame_text.h"

static struct cf_slice part(struct cf_slice text, uint64_t from, uint64_t to)
{
	return (struct cf_slice){ text.data + from, to - from };
}

static bool begins(struct cf_slice text, const char *word)
{
	size_t n = strlen(word);

	return text.len >= n && !memcmp(text.data, word, n);
}

static struct cf_str intern(struct cf_dict *dict, struct cf_slice text)
{
	return cf_dict_str(dict, (const char *)text.data, (gssize)text.len);
}

/* Takes ":12" off the end of text. */
static bool take_number(struct cf_slice *text, uint64_t *number)
{
	const uint8_t *colon = text->len ? memrchr(text->data, ':', text->len) : NULL;
	uint64_t at = colon ? (uint64_t)(colon - text->data) : 0;

	if (!at || at + 1 == text->len || !g_ascii_isdigit((char)colon[1]) ||
	    !cf_parse_u64(part(*text, at + 1, text->len), 10, number))
		return false;
	text->len = at;
	return true;
}

/* What stands in the brackets at the end: false when it is part of the name. */
static bool take_place(struct cf_dict *dict, struct cf_slice place, struct cf_site_frame *frame)
{
	uint64_t line, column;

	if (begins(place, "in ")) {
		frame->object = intern(dict, part(place, 3, place.len));
		return true;
	}
	if (!take_number(&place, &line))
		return false;
	/* With a column, what was taken is that. */
	if (take_number(&place, &column))
		line = column;
	frame->file = intern(dict, place);
	frame->line = line <= UINT32_MAX ? (uint32_t)line : 0;
	return true;
}

/* Names and paths may hold brackets: the last that can be a place is one. */
static struct cf_slice strip_place(struct cf_dict *dict, struct cf_slice text, struct cf_site_frame *frame)
{
	if (!text.len || text.data[text.len - 1] != ')')
		return text;
	for (uint64_t i = text.len - 1; i > 1; i--)
		if (text.data[i - 1] == ' ' && text.data[i] == '(' &&
		    take_place(dict, part(text, i + 1, text.len - 1), frame))
			return part(text, 0, i - 1);
	return text;
}

uint64_t cf_frame_from_text(struct cf_dict *dict, struct cf_slice text, struct cf_site_frame *frame)
{
	const uint8_t *colon = text.len ? memchr(text.data, ':', text.len) : NULL;
	uint64_t address = 0, end = colon ? (uint64_t)(colon - text.data) : 0;

	*frame = (struct cf_site_frame){ 0 };
	if (begins(text, "0x") && end && end + 1 < text.len && text.data[end + 1] == ' ' &&
	    cf_parse_u64(part(text, 0, end), 16, &address))
		text = part(text, end + 2, text.len);
	text = strip_place(dict, text, frame);
	frame->name = intern(dict, text);
	return address;
}
