/* SPDX-License-Identifier: MIT */
/* source: the text of source files that a run names, from below folders that the user gave. */
#include "analyzers/source.h"

#include <string.h>

#define PARTS_MAX 64     /* of a path, from its end */
#define LINE_MAX_LEN 400 /* bytes of a line that are shown */
#define TAB 8

/* The parts of a path without "." and "..": "./elf/../sysdeps/x.h" is sysdeps, x.h. */
static GPtrArray *split_path(const char *path)
{
	GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);

	while (*path) {
		size_t n = strcspn(path, "/");

		if (n == 2 && !memcmp(path, "..", 2)) {
			if (parts->len)
				g_ptr_array_set_size(parts, (gint)parts->len - 1);
		} else if (n && !(n == 1 && *path == '.')) {
			g_ptr_array_add(parts, g_strndup(path, n));
		}
		path += n + strspn(path + n, "/");
	}
	return parts;
}

static char *join_from(const GPtrArray *parts, guint from)
{
	GString *path = g_string_new(NULL);

	for (guint i = from; i < parts->len; i++)
		g_string_append_printf(path, "%s%s", i > from ? "/" : "",
				       (const char *)g_ptr_array_index(parts, i));
	return g_string_free(path, FALSE);
}

static void find_lines(struct cf_source_text *source)
{
	struct cf_lines lines;
	struct cf_slice line;

	source->ends = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	cf_lines_init(&lines, source->file.path, source->file.bytes);
	while (cf_lines_next(&lines, &line)) {
		uint64_t end = (uint64_t)(line.data - source->file.bytes.data) + line.len;

		g_array_append_val(source->ends, end);
	}
}

gboolean cf_source_find(struct cf_source_text *source, const char *const *roots, const char *path)
{
	g_autoptr(GPtrArray) parts = split_path(path);
	guint from = parts->len > PARTS_MAX ? parts->len - PARTS_MAX : 0;

	*source = (struct cf_source_text){ 0 };
	for (; from < parts->len; from++) {
		g_autofree char *end = join_from(parts, from);

		for (const char *const *root = roots; *root; root++) {
			if (cf_file_open_beneath(&source->file, *root, end, CF_SOURCE_CAP, FALSE))
				continue;
			source->root = *root;
			find_lines(source);
			return TRUE;
		}
	}
	return FALSE;
}

void cf_source_clear(struct cf_source_text *source)
{
	if (source->ends)
		cf_file_release(&source->file);
	g_clear_pointer(&source->ends, g_array_unref);
}

/* Where line begins: behind the terminator of the one before. */
static uint64_t start_of(const struct cf_source_text *source, uint32_t line)
{
	const struct cf_slice *bytes = &source->file.bytes;
	uint64_t at = line > 1 ? g_array_index(source->ends, uint64_t, line - 2) : 0;

	if (line > 1 && at < bytes->len && bytes->data[at] == '\r')
		at++;
	return line > 1 && at < bytes->len && bytes->data[at] == '\n' ? at + 1 : at;
}

char *cf_source_line(const struct cf_source_text *source, uint32_t line)
{
	uint64_t at, end;
	GString *text;
	guint column = 0;

	if (!line || line > source->ends->len)
		return NULL;
	text = g_string_new(NULL);
	end = g_array_index(source->ends, uint64_t, line - 1);
	for (at = start_of(source, line); at < end && text->len < LINE_MAX_LEN; at++) {
		char c = (char)source->file.bytes.data[at];

		if (c == '\t') {
			do
				g_string_append_c(text, ' ');
			while (++column % TAB);
			continue;
		}
		/* Bytes that go on with a character take no room. */
		column += (c & 0xc0) != 0x80;
		g_string_append_c(text, c ? c : ' ');
	}
	if (at < end) {
		/* Not within a character. */
		while (text->len && (text->str[text->len - 1] & 0xc0) == 0x80)
			g_string_truncate(text, text->len - 1);
		g_string_append(text, "...");
	}
	return g_string_free(g_string_truncate(text, strlen(text->str)), FALSE);
}
