/* SPDX-License-Identifier: MIT */
/* html_writer: elements that nest and text that is escaped, by construction. */
#include "render/html.h"

#include <stdarg.h>
#include <string.h>

#include "render/escape.h"

static gboolean is_void(const char *element)
{
	static const char *const names[] = { "br", "col", "hr", "img", "input", "link", "meta", "wbr" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(names[i], element))
			return TRUE;
	return FALSE;
}

void cf_html_open(struct cf_html *html, const char *element, ...)
{
	const char *name;
	va_list args;

	cf_out_printf(html->out, "<%s", element);
	va_start(args, element);
	while ((name = va_arg(args, const char *))) {
		const char *value = va_arg(args, const char *);

		if (!value)
			continue;
		cf_out_printf(html->out, " %s", name);
		if (!*value)
			continue;
		cf_out_puts(html->out, "=\"");
		cf_escape_html(html->out, value);
		cf_out_puts(html->out, "\"");
	}
	va_end(args);
	cf_out_puts(html->out, ">");
	if (!is_void(element))
		g_ptr_array_add(html->open, (gpointer)element);
}

void cf_html_close(struct cf_html *html, const char *element)
{
	g_assert(html->open->len > 0);
	g_assert(!strcmp(g_ptr_array_index(html->open, html->open->len - 1), element));
	g_ptr_array_set_size(html->open, (gint)html->open->len - 1);
	cf_out_printf(html->out, "</%s>", element);
}

void cf_html_text(struct cf_html *html, const char *raw)
{
	g_autofree char *text = NULL;

	if (!raw)
		return;
	if (!strchr(raw, '\n')) {
		cf_escape_html(html->out, raw);
		return;
	}
	text = g_strdelimit(g_strdup(raw), "\n", ' ');
	cf_escape_html(html->out, text);
}

void cf_html_element(struct cf_html *html, const char *element, const char *class_name, const char *raw)
{
	/* cppcheck-suppress varFuncNullUB; NULL is a pointer wherever this is built */
	cf_html_open(html, element, "class", class_name, NULL);
	cf_html_text(html, raw);
	cf_html_close(html, element);
}

void cf_html_newline(struct cf_html *html)
{
	cf_out_puts(html->out, "\n");
}

char *cf_html_id(const char *id)
{
	char *safe = g_strdup(id && *id ? id : NULL);

	for (char *p = safe; p && *p; p++)
		if (!g_ascii_isalnum(*p) && *p != '_' && *p != '-')
			*p = '-';
	return safe;
}
