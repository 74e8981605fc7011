/* SPDX-License-Identifier: MIT */
/* escape: names as data, one escaper per output context. */
#include "render/escape.h"

#include <glib.h>
#include <string.h>

#define REPLACEMENT 0xfffdu

/* The character at *p, which is moved on; 0 at the end, U+FFFD for each byte that starts none. */
static gunichar next_char(const char **p)
{
	gunichar c = g_utf8_get_char_validated(*p, -1);

	if (c == (gunichar)-1 || c == (gunichar)-2) {
		(*p)++;
		return REPLACEMENT;
	}
	if (c)
		*p = g_utf8_next_char(*p);
	return c;
}

static void put_char(struct cf_out *out, gunichar c)
{
	char utf8[6];

	if (c == 0xfffe || c == 0xffff)
		c = REPLACEMENT;
	cf_out_write(out, utf8, (size_t)g_unichar_to_utf8(c, utf8));
}

/* "\x1b" or "\u202e", with the backslash as the context wants it. */
static void put_visible(struct cf_out *out, const char *backslash, gunichar c)
{
	cf_out_puts(out, backslash);
	cf_out_printf(out, c < 0x100 ? "x%02x" : c < 0x10000 ? "u%04x" : "U%08x", c);
}

void cf_escape_html(struct cf_out *out, const char *text)
{
	gunichar c;

	while ((c = next_char(&text))) {
		switch (c) {
		case '<':
			cf_out_puts(out, "&lt;");
			break;
		case '>':
			cf_out_puts(out, "&gt;");
			break;
		case '&':
			cf_out_puts(out, "&amp;");
			break;
		case '"':
			cf_out_puts(out, "&quot;");
			break;
		case '\'':
			cf_out_puts(out, "&#39;");
			break;
		default:
			if (cf_is_unseen(c))
				put_visible(out, "\\", c);
			else
				put_char(out, c);
		}
	}
}

static gboolean is_www(const char *p)
{
	return g_ascii_strncasecmp(p, "www.", 4) == 0;
}

/*
 * GitHub links @names, #numbers and addresses in the rendered text, where a backslash is gone already: an
 * empty comment keeps the two halves in separate text nodes.
 */
void cf_escape_markdown(struct cf_out *out, const char *text)
{
	const char *start = text;
	gboolean digits = TRUE; /* only digits so far: "1." would start a list */
	gunichar c;

	for (const char *here = text; (c = next_char(&text)); here = text) {
		gboolean first = here == start;

		if (cf_is_unseen(c)) {
			put_visible(out, "\\\\", c);
		} else if (c == '<') {
			cf_out_puts(out, "&lt;");
		} else if (c == '>') {
			cf_out_puts(out, "&gt;");
		} else if (c == '&') {
			cf_out_puts(out, "&amp;");
		} else if (c == '@') {
			cf_out_puts(out, "@<!-- -->");
		} else if (c == '#' && g_ascii_isdigit(*text)) {
			cf_out_puts(out, "#<!-- -->");
		} else if (c == ':' && text[0] == '/' && text[1] == '/') {
			cf_out_puts(out, "&#58;");
		} else if (is_www(here)) {
			cf_out_write(out, here, 3);
			cf_out_puts(out, "&#46;");
			text = here + 4;
		} else if (first && c == ' ') {
			cf_out_puts(out, "&#32;");
		} else if (strchr("\\`*_[]|~$", (int)c) && c < 0x80) {
			cf_out_puts(out, "\\");
			put_char(out, c);
		} else if ((first && strchr("-+=#", (int)c) && c < 0x80) ||
			   (!first && digits && (c == '.' || c == ')') && (!*text || *text == ' '))) {
			cf_out_puts(out, "\\");
			put_char(out, c);
		} else {
			put_char(out, c);
		}
		digits = digits && c < 0x80 && g_ascii_isdigit((char)c);
	}
}

static size_t longest_run(const char *text, char of)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == of ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	return longest;
}

static void put_repeated(struct cf_out *out, char c, size_t n)
{
	while (n--)
		cf_out_write(out, &c, 1);
}

void cf_escape_markdown_code(struct cf_out *out, const char *text, gboolean in_table)
{
	size_t len = strlen(text), fence = longest_run(text, '`') + 1;
	gboolean pad;
	gunichar c;

	if (!len)
		return;
	/* A table takes \| for a pipe before it looks for code: what stands before a pipe must be no
	 * backslash. */
	if (in_table && strstr(text, "\\|")) {
		g_auto(GStrv) parts = g_strsplit(text, "|", -1);

		cf_out_puts(out, "<code>");
		for (size_t i = 0; parts[i]; i++) {
			const char *p = parts[i];

			cf_out_puts(out, i ? "&#124;" : "");
			/* Inside raw tags Markdown is still read: everything but words goes as entities. */
			while ((c = next_char(&p))) {
				if (cf_is_unseen(c))
					put_visible(out, "&#92;", c);
				else if (c == '@')
					cf_out_puts(out, "@<!-- -->");
				else if (c < 0x80 && !g_ascii_isalnum((char)c) && c != ' ')
					cf_out_printf(out, "&#%u;", c);
				else
					put_char(out, c);
			}
		}
		cf_out_puts(out, "</code>");
		return;
	}
	/* One space on each side is taken off again, unless the text is blank. */
	pad = text[0] == '`' || text[len - 1] == '`' ||
	      (text[0] == ' ' && text[len - 1] == ' ' && strspn(text, " ") < len);
	put_repeated(out, '`', fence);
	cf_out_puts(out, pad ? " " : "");
	while ((c = next_char(&text))) {
		if (cf_is_unseen(c))
			put_visible(out, "\\", c);
		else if (c == '|' && in_table)
			cf_out_puts(out, "\\|");
		else
			put_char(out, c);
	}
	cf_out_puts(out, pad ? " " : "");
	put_repeated(out, '`', fence);
}

/* Spreadsheets take a cell that starts so for a formula; the last four are full-width = + - @. */
static gboolean is_formula_start(gunichar c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r' || c == 0xff1d ||
	       c == 0xff0b || c == 0xff0d || c == 0xff20;
}

void cf_escape_csv(struct cf_out *out, const char *text)
{
	const char *p = text;
	gboolean formula = is_formula_start(next_char(&p));
	gboolean quote = strpbrk(text, ",\";") || *text == ' ' || (*text && g_str_has_suffix(text, " "));
	gunichar c;

	cf_out_puts(out, quote ? "\"" : "");
	cf_out_puts(out, formula ? "'" : "");
	while ((c = next_char(&text))) {
		if (cf_is_unseen(c))
			put_visible(out, "\\", c);
		else if (c == '"')
			cf_out_puts(out, "\"\"");
		else
			put_char(out, c);
	}
	cf_out_puts(out, quote ? "\"" : "");
}

static void put_mermaid(struct cf_out *out, gunichar c)
{
	/* Wide spaces are skipped as others are; the last two stand for # and ; between Mermaid's passes. */
	if ((c < 0x80 && !g_ascii_isalnum((char)c) && !strchr(" _./-,", (int)c)) ||
	    (c >= 0x80 && g_unichar_isspace(c)) || c == 0xfb02 || c == 0xb6)
		cf_out_printf(out, "#%u;", c);
	else
		put_char(out, c);
}

void cf_escape_mermaid(struct cf_out *out, const char *text, int columns)
{
	g_autofree char *visible = cf_visible(text, -1, 0);
	gboolean cut = columns > 0 && cf_display_width(visible) > columns;
	int used = cut ? 1 : 0;

	for (const char *p = *visible ? visible : "(no name)"; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		used += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
		if (cut && used > columns)
			break;
		put_mermaid(out, c);
	}
	if (cut)
		put_char(out, 0x2026);
}

void cf_escape_terminal(struct cf_out *out, const char *text)
{
	g_autofree char *visible = cf_visible(text, -1, 0);

	cf_out_puts(out, visible);
}

char *cf_escape_xml_text(const char *text)
{
	GString *valid = g_string_new(NULL);
	gunichar c;

	while ((c = next_char(&text))) {
		if (cf_is_unseen(c))
			g_string_append_printf(valid,
					       c < 0x100     ? "\\x%02x"
					       : c < 0x10000 ? "\\u%04x"
							     : "\\U%08x",
					       c);
		else
			g_string_append_unichar(valid, c == 0xfffe || c == 0xffff ? REPLACEMENT : c);
	}
	return g_string_free(valid, FALSE);
}

int cf_display_width(const char *text)
{
	int width = 0;
	gunichar c;

	while ((c = next_char(&text)))
		width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	return width;
}
