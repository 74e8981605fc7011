/* SPDX-License-Identifier: MIT */
/* location: what Firefox and its kin write of a frame in one string. */
#include "ingest/firefox/location.h"

#include <string.h>

static struct cf_slice part(struct cf_slice text, size_t from, size_t to)
{
	return (struct cf_slice){ text.data + from, to - from };
}

/* Where in text the last `word` is; its length when there is none. */
static size_t find_last(struct cf_slice text, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = text.len < len ? 0 : text.len - len + 1; i-- > 0;)
		if (memcmp(text.data + i, word, len) == 0)
			return i;
	return text.len;
}

/* Takes ":12" off the end of text; false when it isn't there. */
static bool take_number(struct cf_slice *text, uint32_t *number)
{
	size_t from = text->len;
	uint64_t value = 0;

	while (from > 0 && g_ascii_isdigit(text->data[from - 1]))
		from--;
	if (from == text->len || from < 2 || text->len - from > 9 || text->data[from - 1] != ':')
		return false;
	for (size_t i = from; i < text->len; i++)
		value = 10 * value + (text->data[i] - '0');
	*number = (uint32_t)value;
	text->len = from - 1;
	return true;
}

/* "file:line" or "file:line:column" */
static bool take_place(struct cf_slice text, struct cf_firefox_location *location)
{
	uint32_t last, line;

	if (!take_number(&text, &last))
		return false;
	location->line = take_number(&text, &line) ? line : last;
	location->file = text;
	return true;
}

/* What follows the ')' of "(in lib)": nothing, " + 1234" or " (1234:1234)". */
static bool is_offset(struct cf_slice text)
{
	return text.len == 0 || (text.len > 3 && memcmp(text.data, " + ", 3) == 0) ||
	       (text.len > 3 && memcmp(text.data, " (", 2) == 0 && text.data[text.len - 1] == ')');
}

struct cf_firefox_location cf_firefox_location(struct cf_slice text)
{
	struct cf_firefox_location location = { .name = text };
	size_t open = find_last(text, " (in ");

	if (open > 0 && open < text.len) {
		struct cf_slice rest = part(text, open + strlen(" (in "), text.len);
		const uint8_t *close = memchr(rest.data, ')', rest.len);

		if (close && close > rest.data &&
		    is_offset(part(rest, (size_t)(close - rest.data) + 1, rest.len))) {
			location.name = part(text, 0, open);
			location.module = part(rest, 0, (size_t)(close - rest.data));
			return location;
		}
	}
	open = find_last(text, " (");
	if (open > 0 && open < text.len && text.data[text.len - 1] == ')' &&
	    take_place(part(text, open + 2, text.len - 1), &location)) {
		location.name = part(text, 0, open);
		return location;
	}
	/* A script's top level has no name: it is called by where it is. */
	if (find_last(text, "://") < text.len)
		take_place(text, &location);
	return location;
}
