/* SPDX-License-Identifier: MIT */
/* markers: the sections of a Markdown file that callflow writes. */
#include "pipelines/markers.h"

#include <string.h>

#define MARK "callflow:"
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:"

enum line_kind { LINE_TEXT, LINE_BEGIN, LINE_END, LINE_BAD };

struct search {
	const char *path;
	struct cf_diag *diag;
	GArray *sections;
	gboolean open; /* the last section has no end yet */
	char fence;    /* outside of sections: the character of an open fence, or 0 */
	size_t fence_length;
	unsigned errors;
};

static void section_clear(gpointer data)
{
	struct cf_marked *section = data;

	g_free(section->name);
	g_free(section->settings);
}

static struct cf_marked *last(struct search *s)
{
	return &g_array_index(s->sections, struct cf_marked, s->sections->len - 1);
}

/* A fence opens with at least three of its characters, and closes with as many and nothing behind. */
static void follow_fence(struct search *s, const char *line, size_t len)
{
	size_t indent = 0, n = 0;

	while (indent < len && indent < 3 && line[indent] == ' ')
		indent++;
	line += indent;
	len -= indent;
	if (!len || (*line != '`' && *line != '~'))
		return;
	while (n < len && line[n] == *line)
		n++;
	if (n < 3)
		return;
	if (!s->fence) {
		if (*line == '`' && memchr(line + n, '`', len - n))
			return;
		s->fence = *line;
		s->fence_length = n;
	} else if (*line == s->fence && n >= s->fence_length) {
		while (n < len && strchr(" \t\r", line[n]))
			n++;
		if (n == len)
			s->fence = 0;
	}
}

/* What a line is; of a marker *name and *settings, which the caller frees. */
static enum line_kind read_line(const char *line, size_t len, char **name, char **settings)
{
	g_autofree char *text = g_strstrip(g_strndup(line, len));
	size_t n = strlen(text);
	enum line_kind kind;
	char *at;

	if (!g_str_has_prefix(text, "<!--"))
		return LINE_TEXT;
	at = text + 4 + strspn(text + 4, " \t");
	if (!g_str_has_prefix(at, MARK))
		return LINE_TEXT;
	at += strlen(MARK);
	if (n < 7 || !g_str_has_suffix(text, "-->"))
		return LINE_BAD;
	text[n - 3] = '\0';
	kind = g_str_has_prefix(at, "begin") ? LINE_BEGIN : g_str_has_prefix(at, "end") ? LINE_END : LINE_BAD;
	if (kind == LINE_BAD)
		return LINE_BAD;
	at += kind == LINE_BEGIN ? 5 : 3;
	if (*at != ' ' && *at != '\t')
		return LINE_BAD;
	at = g_strstrip(at);
	n = strspn(at, NAME_CHARS);
	if (!n || (at[n] && at[n] != ' ' && at[n] != '\t') || (kind == LINE_END && at[n]))
		return LINE_BAD;
	*name = g_strndup(at, n);
	*settings = g_strstrip(g_strdup(at + n));
	return kind;
}

static void mistake(struct search *s, uint32_t line, const char *fmt, const char *name, uint32_t other)
{
	const struct cf_loc loc = { .path = s->path, .line = line };
	g_autofree char *shown = cf_visible(name, -1, 80);
	g_autofree char *text = g_strdup_printf("%u", other);
	g_auto(GStrv) parts = g_strsplit(fmt, "%", -1);
	GString *message = g_string_new(parts[0]);

	/* %n is the name, %l the other line. */
	for (size_t i = 1; parts[i]; i++) {
		g_string_append(message, *parts[i] == 'n' ? shown : text);
		g_string_append(message, parts[i] + 1);
	}
	cf_error_as(s->diag, CF_STATUS_INPUT, &loc, "%s", message->str);
	g_string_free(message, TRUE);
	s->errors++;
}

static void begin(struct search *s, char *name, char *settings, uint32_t line, size_t after, gboolean crlf)
{
	const struct cf_marked section = { name, settings, line, 0, after, after, crlf };

	if (s->open)
		mistake(s, line,
			"'callflow:begin %n' within a section that began in line %l and has no end yet", name,
			last(s)->line);
	for (guint i = 0; i < s->sections->len; i++)
		if (!strcmp(g_array_index(s->sections, struct cf_marked, i).name, name))
			mistake(s, line,
				"a second section '%n'; the first begins in line %l; another name can be "
				"made with a colon, as in map:two",
				name, g_array_index(s->sections, struct cf_marked, i).line);
	g_array_append_val(s->sections, section);
	s->open = TRUE;
}

static void end(struct search *s, const char *name, uint32_t line, size_t before)
{
	if (!s->open) {
		mistake(s, line, "'callflow:end %n' without a 'callflow:begin %n' before it", name, 0);
		return;
	}
	if (strcmp(last(s)->name, name) != 0)
		mistake(s, line,
			"found 'callflow:end %n', but the section that began in line %l has another name",
			name, last(s)->line);
	last(s)->end = before;
	last(s)->end_line = line;
	s->open = FALSE;
}

GArray *cf_markers_find(const char *path, struct cf_slice text, struct cf_diag *diag)
{
	struct search s = { .path = path,
			    .diag = diag,
			    .sections = g_array_new(FALSE, FALSE, sizeof(struct cf_marked)) };
	const char *data = (const char *)text.data;
	uint32_t line = 0;

	g_array_set_clear_func(s.sections, section_clear);
	for (size_t at = 0; at < text.len && s.errors < 20;) {
		const char *newline = memchr(data + at, '\n', text.len - at);
		size_t len = newline ? (size_t)(newline - data) - at : text.len - at;
		size_t next = at + len + (newline != NULL);
		char *name = NULL, *settings = NULL;
		enum line_kind kind;

		line++;
		if (!s.open)
			follow_fence(&s, data + at, len);
		kind = s.fence && !s.open ? LINE_TEXT : read_line(data + at, len, &name, &settings);
		if (kind == LINE_BEGIN)
			begin(&s, g_steal_pointer(&name), g_steal_pointer(&settings), line, next,
			      len && data[at + len - 1] == '\r');
		else if (kind == LINE_END)
			end(&s, name, line, at);
		else if (kind == LINE_BAD)
			mistake(&s, line,
				"expected <!-- callflow:begin NAME --> or <!-- callflow:end NAME -->", "", 0);
		g_free(name);
		g_free(settings);
		at = next;
	}
	if (s.open && !s.errors)
		mistake(&s, last(&s)->line, "section '%n' has no <!-- callflow:end %n -->", last(&s)->name,
			0);
	if (!s.errors)
		return s.sections;
	g_array_unref(s.sections);
	return NULL;
}
