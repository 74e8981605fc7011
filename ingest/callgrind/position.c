/* SPDX-License-Identifier: MIT */
/* position: the numbers of a cost line: where it is, and what it costs. */
#include "ingest/callgrind/position.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(uint8_t c)
{
	return (unsigned)(c - '0') < 10;
}

static void skip(struct cf_slice *text, uint64_t n)
{
	text->data += n;
	text->len -= n;
}

static void skip_blanks(struct cf_slice *text)
{
	while (text->len && is_blank(text->data[0]))
		skip(text, 1);
}

static int64_t add_digit(int64_t number, int base, int digit)
{
	if (number > (INT64_MAX - digit) / base)
		return INT64_MAX;
	return number * base + digit;
}

bool cf_callgrind_take_number(struct cf_slice *text, int64_t *number)
{
	const uint8_t *p = text->data, *end = p + text->len;
	int64_t value = 0;

	if (p == end || !is_digit(*p))
		return false;
	if (end - p > 2 && p[0] == '0' && p[1] == 'x' && g_ascii_isxdigit((gchar)p[2])) {
		for (p += 2; p < end && g_ascii_isxdigit((gchar)*p); p++)
			value = add_digit(value, 16, g_ascii_xdigit_value((gchar)*p));
	} else {
		const uint8_t *safe = end - p > 18 ? p + 18 : end;

		/* Eighteen digits always fit. */
		for (; p < safe && is_digit(*p); p++)
			value = value * 10 + (*p - '0');
		for (; p < end && is_digit(*p); p++)
			value = add_digit(value, 10, *p - '0');
	}
	skip(text, (uint64_t)(p - text->data));
	*number = value;
	return true;
}

const char *cf_callgrind_positions(struct cf_callgrind_position *position, struct cf_slice text)
{
	static const char *const names[] = { "instr", "bb", "line" };
	size_t next = 0;

	*position = (struct cf_callgrind_position){ .line_at = -1 };
	for (skip_blanks(&text); text.len; skip_blanks(&text)) {
		uint64_t len = 0;

		while (len < text.len && !is_blank(text.data[len]))
			len++;
		while (next < G_N_ELEMENTS(names) &&
		       (strlen(names[next]) != len || memcmp(names[next], text.data, len) != 0))
			next++;
		if (next == G_N_ELEMENTS(names))
			return "expected a list of \"instr\", \"bb\" and \"line\", in this order, after "
			       "positions:";
		if (next == 2)
			position->line_at = (int)position->n;
		position->n++;
		next++;
		skip(&text, len);
	}
	return position->n ? NULL : "positions: names no position";
}

/* "+3", "-3" or "*" relative to base, or a number; a range after it ("0x10:0x20", "5+3") is skipped. */
static const char *take_one(struct cf_slice *text, int64_t base, int64_t *place)
{
	static const char expected[] = "expected a position: a number, +N, -N or *";
	uint8_t sign = text->len ? text->data[0] : 0;
	int64_t number = 0;

	if (sign == '*') {
		skip(text, 1);
		*place = base;
	} else {
		if (sign == '+' || sign == '-')
			skip(text, 1);
		if (!cf_callgrind_take_number(text, &number))
			return expected;
		*place = sign == '-'                       ? base - number
			 : sign != '+'                     ? number
			 : number > INT64_MAX - UINT32_MAX ? INT64_MAX
							   : base + number;
	}
	if (text->len && !is_blank(text->data[0])) {
		if (text->data[0] != '+' && text->data[0] != '-' && text->data[0] != ':')
			return expected;
		skip(text, 1);
		if (!cf_callgrind_take_number(text, &number) || (text->len && !is_blank(text->data[0])))
			return expected;
	}
	skip_blanks(text);
	return NULL;
}

const char *cf_callgrind_take_position(const struct cf_callgrind_position *position, struct cf_slice *text,
				       uint32_t *line)
{
	*line = 0;
	for (unsigned i = 0; i < position->n; i++) {
		bool is_line = (int)i == position->line_at;
		int64_t place;
		const char *why = take_one(text, is_line ? position->line : 0, &place);

		if (why)
			return why;
		if (!is_line)
			continue;
		if (place < 0 || place > UINT32_MAX)
			return "the line number is negative or too large";
		*line = (uint32_t)place;
	}
	return NULL;
}

const char *cf_callgrind_take_costs(struct cf_slice text, int64_t *costs, unsigned n, uint64_t *capped)
{
	unsigned i = 0;

	for (skip_blanks(&text); text.len; skip_blanks(&text)) {
		if (i == n)
			return "more costs than events";
		if (text.data[0] == '.') {
			costs[i] = 0;
			skip(&text, 1);
		} else if (!cf_callgrind_take_number(&text, &costs[i])) {
			return "expected a cost: a whole number";
		}
		if (text.len && !is_blank(text.data[0]))
			return "expected a cost: a whole number";
		*capped += costs[i] == INT64_MAX;
		i++;
	}
	while (i < n)
		costs[i++] = 0;
	return NULL;
}

/* Up to 18 digits, which always fit. NULL: something else. */
static inline const uint8_t *plain_number(const uint8_t *at, const uint8_t *end, int64_t *number)
{
	const uint8_t *most = end - at > 18 ? at + 18 : end, *p = at;
	int64_t value = 0;

	while (p < most && is_digit(*p))
		value = value * 10 + (*p++ - '0');
	*number = value;
	return p > at && p < most ? p : NULL;
}

const uint8_t *cf_callgrind_plain_line(const struct cf_callgrind_position *position, const uint8_t *at,
				       const uint8_t *end, int64_t *costs, unsigned n, uint32_t *line)
{
	unsigned got = 0;

	*line = 0;
	for (unsigned i = 0; i < position->n; i++) {
		uint8_t sign = at < end ? *at : 0;
		int64_t place = 0;

		if (sign == '*' || sign == '+' || sign == '-')
			at++;
		if (sign != '*')
			at = plain_number(at, end, &place);
		if (!at || at == end || *at != ' ')
			return NULL;
		at++;
		if ((int)i != position->line_at)
			continue;
		place = sign == '*'   ? position->line
			: sign == '+' ? position->line + place
			: sign == '-' ? position->line - place
				      : place;
		if (place < 0 || place > UINT32_MAX)
			return NULL;
		*line = (uint32_t)place;
	}
	while (at < end && *at != '\n') {
		if (got == n)
			return NULL;
		at = plain_number(at, end, &costs[got++]);
		if (!at)
			return NULL;
		if (*at == ' ')
			at++;
		else if (*at != '\n')
			return NULL;
	}
	while (got < n)
		costs[got++] = 0;
	return at < end ? at + 1 : NULL;
}
