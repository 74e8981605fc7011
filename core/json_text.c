/* SPDX-License-Identifier: MIT */
/* json_text: what stands between the quotes of a JSON string -> UTF-8. */
#include "core/json_scan.h"

/* What the letter after a backslash stands for; 0: not allowed. 'u' stands for itself. */
static const uint8_t escapes[256] = { ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b', ['f'] = '\f',
				      ['n'] = '\n', ['r'] = '\r',  ['t'] = '\t', ['u'] = 'u' };

const uint8_t *cf_json_scan_escape(const uint8_t *p, const uint8_t *end, const uint8_t **bad)
{
	const uint8_t *digits = p + 2;

	*bad = ++p;
	if (p == end || !escapes[*p])
		return NULL;
	if (*p++ != 'u')
		return p;
	for (; p < digits + 4; p++)
		if (p == end || !g_ascii_isxdigit((gchar)*p)) {
			*bad = p;
			return NULL;
		}
	return p;
}

static gunichar hex4(const uint8_t *p)
{
	gunichar c = 0;

	for (int i = 0; i < 4; i++)
		c = c << 4 | (gunichar)g_ascii_xdigit_value((gchar)p[i]);
	return c;
}

/* One \uXXXX, or two of them that are a surrogate pair; *p moves on. U+FFFD and false for half a pair. */
static bool unescape_unicode(const uint8_t **p, const uint8_t *end, gunichar *c)
{
	const uint8_t *next = *p + 6;

	*c = hex4(*p + 2);
	*p = next;
	if (*c < 0xd800 || *c >= 0xe000)
		return true;
	if (*c < 0xdc00 && end - next >= 6 && next[0] == '\\' && next[1] == 'u') {
		gunichar low = hex4(next + 2);

		if (low >= 0xdc00 && low < 0xe000) {
			*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
			*p = next + 6;
			return true;
		}
	}
	*c = 0xfffd;
	return false;
}

/* Where decoded text goes; data NULL: nowhere. */
struct target {
	uint8_t *data;
	size_t len;
	uint64_t bad;
	const uint8_t *first_bad;
};

static void put(struct target *target, const uint8_t *bytes, size_t n)
{
	if (target->data)
		memcpy(target->data + target->len, bytes, n);
	target->len += n;
}

static void put_bad(struct target *target, const uint8_t *at)
{
	if (!target->bad++)
		target->first_bad = at;
	put(target, (const uint8_t *)"\xef\xbf\xbd", 3);
}

/* Text without escapes. */
static void put_plain(struct target *target, const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		const gchar *valid;

		if (g_utf8_validate_len((const gchar *)p, (gsize)(end - p), &valid)) {
			put(target, p, (size_t)(end - p));
			return;
		}
		put(target, p, (size_t)((const uint8_t *)valid - p));
		p = (const uint8_t *)valid;
		put_bad(target, p++);
	}
}

uint64_t cf_json_decode(struct cf_slice raw, uint8_t *out, size_t *len, const uint8_t **bad)
{
	const uint8_t *p = raw.data, *end = raw.data + raw.len;
	struct target target = { .data = out };

	while (p < end) {
		const uint8_t *at = memchr(p, '\\', (size_t)(end - p));
		uint8_t bytes[6];
		gunichar c;

		put_plain(&target, p, at ? at : end);
		if (!at)
			break;
		p = at;
		if (p[1] != 'u') {
			put(&target, &escapes[p[1]], 1);
			p += 2;
		} else if (unescape_unicode(&p, end, &c)) {
			put(&target, bytes, (size_t)g_unichar_to_utf8(c, (gchar *)bytes));
		} else {
			put_bad(&target, at);
		}
	}
	if (len)
		*len = target.len;
	if (target.bad)
		*bad = target.first_bad;
	return target.bad;
}
