/* SPDX-License-Identifier: MIT */
/* reader: bounded access to bytes and lines; nothing outside a slice is ever touched. */
#include "core/reader.h"

#include <math.h>

void cf_lines_init(struct cf_lines *lines, const char *path, struct cf_slice text)
{
	*lines = (struct cf_lines){ .text = text, .loc = { .path = path } };
}

bool cf_lines_next(struct cf_lines *lines, struct cf_slice *line)
{
	uint64_t left = lines->text.len - lines->pos;
	const uint8_t *start, *end;

	if (!left)
		return false;
	start = lines->text.data + lines->pos;
	end = memchr(start, '\n', left);
	line->data = start;
	line->len = end ? (uint64_t)(end - start) : left;
	lines->loc.offset = lines->pos;
	if (lines->loc.line < UINT32_MAX)
		lines->loc.line++;
	lines->pos += line->len + (end ? 1 : 0);
	if (line->len && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
}

char *cf_lines_next_setting(struct cf_lines *lines)
{
	struct cf_slice line;

	while (cf_lines_next(lines, &line)) {
		char *text = g_strstrip(g_strndup((const char *)line.data, line.len));

		if (*text && *text != '#')
			return text;
		g_free(text);
	}
	return NULL;
}

/* Converts UTF-16 without its byte order mark; *bad counts units that aren't text. */
static char *utf16_to_utf8(struct cf_slice in, bool big, uint64_t *out_len, uint64_t *bad)
{
	/* A unit of two bytes becomes at most three; a pair of units becomes four. */
	uint64_t units = in.len / 2, i = 0, n = 0;
	char *out = g_try_malloc(units * 3 + 4);

	if (!out)
		return NULL;
	*bad = in.len % 2;
	while (i < units) {
		const uint8_t *p = in.data + 2 * i++;
		gunichar c = big ? cf_be16(p) : cf_le16(p);

		if (c >= 0xd800 && c < 0xdc00 && i < units) {
			uint16_t low = big ? cf_be16(p + 2) : cf_le16(p + 2);

			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00u);
				i++;
			}
		}
		if (c >= 0xd800 && c < 0xe000) {
			c = 0xfffd;
			(*bad)++;
		}
		n += (uint64_t)g_unichar_to_utf8(c, out + n);
	}
	if (in.len % 2)
		n += (uint64_t)g_unichar_to_utf8(0xfffd, out + n);
	*out_len = n;
	return out;
}

int cf_text_utf8(const char *path, struct cf_slice in, struct cf_slice *out, char **owned,
		 struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path };
	const uint8_t *nul;

	*owned = NULL;
	*out = in;
	if (in.len >= 2 &&
	    ((in.data[0] == 0xff && in.data[1] == 0xfe) || (in.data[0] == 0xfe && in.data[1] == 0xff))) {
		struct cf_slice units = { in.data + 2, in.len - 2 };
		uint64_t len = 0, bad = 0;
		char *text = utf16_to_utf8(units, in.data[0] == 0xfe, &len, &bad);

		if (!text)
			return cf_error_as(diag, CF_STATUS_SYSTEM, &loc, "out of memory for UTF-16 text");
		if (bad)
			cf_warn(diag, &loc, "%" G_GUINT64_FORMAT " invalid UTF-16 units replaced by U+FFFD",
				bad);
		*owned = text;
		out->data = (const uint8_t *)text;
		out->len = len;
	} else if (in.len >= 3 && !memcmp(in.data, "\xef\xbb\xbf", 3)) {
		out->data = in.data + 3;
		out->len = in.len - 3;
	}
	nul = out->len ? memchr(out->data, '\0', out->len) : NULL;
	if (!nul)
		return 0;
	if (!*owned)
		loc.offset = (uint64_t)(nul - in.data);
	g_clear_pointer(owned, g_free);
	*out = (struct cf_slice){ 0 };
	return cf_error(diag, &loc, "binary data: found a NUL byte, expected text");
}

bool cf_parse_u64(struct cf_slice s, int base, uint64_t *out)
{
	uint64_t i = 0, value = 0;

	if (base == 16 && s.len > 2 && s.data[0] == '0' && (s.data[1] | 0x20) == 'x')
		i = 2;
	if (i >= s.len)
		return false;
	for (; i < s.len; i++) {
		int digit = g_ascii_xdigit_value((gchar)s.data[i]);

		if (digit < 0 || digit >= base || __builtin_mul_overflow(value, (uint64_t)base, &value) ||
		    __builtin_add_overflow(value, (uint64_t)digit, &value))
			return false;
	}
	*out = value;
	return true;
}

bool cf_parse_i64(struct cf_slice s, int64_t *out)
{
	bool negative = s.len && s.data[0] == '-';
	uint64_t value;

	if (s.len && (s.data[0] == '-' || s.data[0] == '+')) {
		s.data++;
		s.len--;
	}
	if (!cf_parse_u64(s, 10, &value) || value > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*out = negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

static uint64_t skip_digits(struct cf_slice s, uint64_t i)
{
	while (i < s.len && g_ascii_isdigit((gchar)s.data[i]))
		i++;
	return i;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before or after the point. */
static bool is_decimal(struct cf_slice s)
{
	uint64_t i = 0, start, digits;

	if (i < s.len && (s.data[i] == '-' || s.data[i] == '+'))
		i++;
	start = i;
	i = skip_digits(s, i);
	digits = i - start;
	if (i < s.len && s.data[i] == '.') {
		start = ++i;
		i = skip_digits(s, i);
		digits += i - start;
	}
	if (!digits)
		return false;
	if (i < s.len && (s.data[i] | 0x20) == 'e') {
		i++;
		if (i < s.len && (s.data[i] == '-' || s.data[i] == '+'))
			i++;
		start = i;
		i = skip_digits(s, i);
		if (i == start)
			return false;
	}
	return i == s.len;
}

bool cf_parse_double(struct cf_slice s, double *out)
{
	char small[64];
	g_autofree char *large = NULL;
	char *text = small;
	double value;

	if (!is_decimal(s))
		return false;
	if (s.len >= sizeof(small)) {
		text = large = g_try_malloc(s.len + 1);
		if (!text)
			return false;
	}
	memcpy(text, s.data, s.len);
	text[s.len] = '\0';
	value = g_ascii_strtod(text, NULL);
	if (!isfinite(value))
		return false;
	*out = value;
	return true;
}
