/* SPDX-License-Identifier: MIT */
/* json: the one JSON writer. */
#include "core/json.h"

#include "core/digits.h"

#include <math.h>
#include <stdlib.h>

void cf_json_init(struct cf_json *json, struct cf_out *out)
{
	*json = (struct cf_json){ .out = out };
}

/* Before a value or key: the comma that separates it from what stands before it. */
static void separate(struct cf_json *json)
{
	uint64_t bit = UINT64_C(1) << json->depth;

	if (json->after_key) {
		json->after_key = FALSE;
		return;
	}
	if (json->depth && (json->has_items & bit))
		cf_out_write(json->out, ",", 1);
	json->has_items |= bit;
}

static void begin(struct cf_json *json, const char *bracket)
{
	separate(json);
	g_assert(json->depth < 63);
	json->depth++;
	json->has_items &= ~(UINT64_C(1) << json->depth);
	cf_out_write(json->out, bracket, 1);
}

static void end(struct cf_json *json, const char *bracket)
{
	g_assert(json->depth > 0 && !json->after_key);
	json->depth--;
	cf_out_write(json->out, bracket, 1);
}

void cf_json_begin_object(struct cf_json *json)
{
	begin(json, "{");
}

void cf_json_end_object(struct cf_json *json)
{
	end(json, "}");
}

void cf_json_begin_array(struct cf_json *json)
{
	begin(json, "[");
}

void cf_json_end_array(struct cf_json *json)
{
	end(json, "]");
}

static void write_char(struct cf_json *json, gunichar c)
{
	char text[16];

	switch (c) {
	case '"':
		cf_out_puts(json->out, "\\\"");
		return;
	case '\\':
		cf_out_puts(json->out, "\\\\");
		return;
	case '\n':
		cf_out_puts(json->out, "\\n");
		return;
	case '\t':
		cf_out_puts(json->out, "\\t");
		return;
	case '\r':
		cf_out_puts(json->out, "\\r");
		return;
	default:
		g_snprintf(text, sizeof(text), "\\u%04x", (unsigned)c);
		cf_out_puts(json->out, text);
	}
}

static gboolean is_plain(gunichar c)
{
	return c >= 0x20 && c != 0x7f && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&' &&
	       c != 0x2028 && c != 0x2029;
}

static void write_quoted(struct cf_json *json, const char *text)
{
	const char *plain = text, *p = text;

	cf_out_write(json->out, "\"", 1);
	while (*p) {
		gunichar c = g_utf8_get_char_validated(p, -1);
		gboolean bad = c == (gunichar)-1 || c == (gunichar)-2;
		size_t n = bad ? 1 : (size_t)g_unichar_to_utf8(c, NULL);

		if (bad || !is_plain(c)) {
			cf_out_write(json->out, plain, (size_t)(p - plain));
			if (bad)
				cf_out_puts(json->out, "\xef\xbf\xbd");
			else
				write_char(json, c);
			plain = p + n;
		}
		p += n;
	}
	cf_out_write(json->out, plain, (size_t)(p - plain));
	cf_out_write(json->out, "\"", 1);
}

void cf_json_key(struct cf_json *json, const char *key)
{
	g_assert(json->depth && !json->after_key);
	separate(json);
	write_quoted(json, key);
	cf_out_write(json->out, ":", 1);
	json->after_key = TRUE;
}

void cf_json_string(struct cf_json *json, const char *text)
{
	separate(json);
	if (text)
		write_quoted(json, text);
	else
		cf_out_puts(json->out, "null");
}

void cf_json_raw(struct cf_json *json, const char *value)
{
	separate(json);
	cf_out_puts(json->out, value);
}

void cf_json_int(struct cf_json *json, int64_t value)
{
	char text[CF_DIGITS_MAX], *end = text + sizeof(text), *at = cf_digits(end, value);

	separate(json);
	cf_out_write(json->out, at, (size_t)(end - at));
}

void cf_json_scaled(struct cf_json *json, int64_t value, unsigned decimals)
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value, divisor = 1;

	g_assert(decimals <= 18);
	for (unsigned i = 0; i < decimals; i++)
		divisor *= 10;
	separate(json);
	cf_out_printf(json->out, "%s%" G_GUINT64_FORMAT, value < 0 ? "-" : "", magnitude / divisor);
	if (magnitude % divisor)
		cf_out_printf(json->out, ".%0*" G_GUINT64_FORMAT, (int)decimals, magnitude % divisor);
}

void cf_json_double(struct cf_json *json, double value)
{
	static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
	char text[64];

	separate(json);
	if (!isfinite(value)) {
		cf_out_puts(json->out, "null");
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_ascii_formatd(text, sizeof(text), formats[i], value);
		if (g_ascii_strtod(text, NULL) == value)
			break;
	}
	cf_out_puts(json->out, text);
}

void cf_json_bool(struct cf_json *json, gboolean value)
{
	separate(json);
	cf_out_puts(json->out, value ? "true" : "false");
}

void cf_json_null(struct cf_json *json)
{
	separate(json);
	cf_out_puts(json->out, "null");
}
