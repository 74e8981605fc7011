/* SPDX-License-Identifier: MIT */
/* json_place: where the JSON reader is, and what it has to say there. */
#include "core/json_state.h"

#include "core/files.h"

static const char *const token_names[] = {
	[CF_JSON_ERROR] = "an error",   [CF_JSON_END] = "the end of the document",
	[CF_JSON_OBJECT] = "an object", [CF_JSON_OBJECT_END] = "the end of the object",
	[CF_JSON_ARRAY] = "an array",   [CF_JSON_ARRAY_END] = "the end of the array",
	[CF_JSON_KEY] = "a key",        [CF_JSON_STRING] = "a string",
	[CF_JSON_NUMBER] = "a number",  [CF_JSON_BOOL] = "a boolean",
	[CF_JSON_NULL] = "null",
};

const char *cf_json_token_name(enum cf_json_token token)
{
	return token_names[token];
}

void cf_json_forget(const struct cf_json_reader *json, const uint8_t *from, const uint8_t *to)
{
	if (json->flags & CF_JSON_MAPPED)
		cf_file_forget((struct cf_slice){ from, (uint64_t)(to - from) });
}

/* Lines are counted from where the last count ended, unless the place lies before it. */
struct cf_loc cf_json_locate(struct cf_json_reader *json, const uint8_t *at)
{
	uint64_t offset = (uint64_t)(at - json->begin);
	struct cf_loc loc;

	if (offset < json->counted.offset) {
		json->counted = (struct cf_loc){ .path = json->path, .line = 1 };
		json->line_start = 0;
	}
	while (json->counted.offset < offset) {
		const uint8_t *from = json->begin + json->counted.offset;
		uint64_t n = MIN(offset - json->counted.offset, CF_JSON_FORGET_BYTES);
		const uint8_t *p = from, *end = from + n;

		while ((p = memchr(p, '\n', (size_t)(end - p)))) {
			if (json->counted.line < UINT32_MAX)
				json->counted.line++;
			json->line_start = (uint64_t)(++p - json->begin);
		}
		json->counted.offset += n;
		if (n == CF_JSON_FORGET_BYTES)
			cf_json_forget(json, from, end);
	}
	loc = json->counted;
	loc.col = (uint32_t)MIN(offset - json->line_start + 1, UINT32_MAX);
	return loc;
}

struct cf_loc cf_json_loc(struct cf_json_reader *json)
{
	return cf_json_locate(json, json->at);
}

static void stop(struct cf_json_reader *json, enum cf_json_cut cut, bool between)
{
	json->state = AT_STOPPED;
	json->cut = cut;
	json->cut_depth = json->depth;
	json->cut_between = between;
	json->token = CF_JSON_END;
}

void cf_json_fail(struct cf_json_reader *json, const uint8_t *at, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	bool keep = (json->flags & CF_JSON_KEEP_DAMAGED) != 0;
	va_list args;

	if (json->state <= AT_STOPPED)
		return;
	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	if (json->diag) {
		struct cf_loc loc = cf_json_locate(json, at);

		if (keep)
			cf_warn(json->diag, &loc, "%s; what comes before it is kept", text);
		else
			cf_error(json->diag, &loc, "%s", text);
	}
	if (keep) {
		stop(json, CF_JSON_DAMAGED, false);
		return;
	}
	json->state = AT_FAILED;
	json->token = CF_JSON_ERROR;
}

void cf_json_fail_end(struct cf_json_reader *json, bool between, const char *expected)
{
	if (json->flags & (CF_JSON_MAY_BE_CUT | CF_JSON_KEEP_DAMAGED))
		stop(json, CF_JSON_CUT, between);
	else
		cf_json_fail(json, json->end, "found the end of the input, expected %s", expected);
}

char *cf_json_shown(const struct cf_json_reader *json, const uint8_t *p)
{
	g_autofree char *text = NULL;
	gsize len = (gsize)MIN(json->end - p, 6);
	gunichar c;

	if (p >= json->end)
		return g_strdup("the end of the input");
	c = *p ? g_utf8_get_char_validated((const char *)p, (gssize)len) : (gunichar)-1;
	if (c == (gunichar)-1 || c == (gunichar)-2)
		return g_strdup_printf("byte 0x%02x", *p);
	text = cf_visible((const char *)p, g_unichar_to_utf8(c, NULL), 0);
	return g_strdup_printf("'%s'", text);
}

void cf_json_fail_found(struct cf_json_reader *json, const uint8_t *at, const char *expected)
{
	g_autofree char *found = cf_json_shown(json, at);

	cf_json_fail(json, at, "found %s, expected %s", found, expected);
}

int cf_json_error(struct cf_json_reader *json, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	if (json->state == AT_FAILED)
		return -1;
	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	if (json->diag) {
		struct cf_loc loc = cf_json_loc(json);

		cf_error(json->diag, &loc, "%s", text);
	}
	json->state = AT_FAILED;
	json->token = CF_JSON_ERROR;
	return -1;
}

void cf_json_warn(struct cf_json_reader *json, const char *fmt, ...)
{
	g_autofree char *text = NULL;
	struct cf_loc loc;
	va_list args;

	if (!json->diag)
		return;
	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	loc = cf_json_loc(json);
	cf_warn(json->diag, &loc, "%s", text);
}
