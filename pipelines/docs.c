/* SPDX-License-Identifier: MIT */
/* docs: fills the marked sections of a Markdown file. */
#include "pipelines/docs.h"

#include <string.h>

#include "analyzers/architecture/view.h"
#include "render/renderer.h"

static const char skeleton[] =
#include "gen/templates/docs/architecture.md.inc"
	;

static gboolean suits(const char *text, gboolean spans)
{
	for (const struct cf_arch_chapter *c = cf_arch_chapters; c->name; c++) {
		g_autofree char *marker = g_strdup_printf("callflow:begin %s ", c->name);

		if (strstr(text, marker) && !spans && c->only_spans)
			return FALSE;
	}
	return TRUE;
}

char *cf_docs_skeleton(gboolean spans, const char *extra)
{
	g_auto(GStrv) chapters = g_strsplit(skeleton, "\n## ", -1);
	g_autoptr(GString) text = g_string_new(chapters[0]);
	g_autofree char *marker = *extra ? g_strdup_printf(" %s -->", extra) : g_strdup(" -->");

	for (size_t i = 1; chapters[i]; i++)
		if (suits(chapters[i], spans))
			g_string_append_printf(text, "\n## %s", chapters[i]);
	g_string_replace(text, " SETTINGS -->", marker, 0);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void section_clear(gpointer data)
{
	g_free(((struct cf_docs_section *)data)->name);
}

/* "map" of "map:files". Caller frees. */
static char *what_of(const struct cf_marked *marked)
{
	return g_strndup(marked->name, strcspn(marked->name, ":"));
}

/* "architecture part=map n=10": the line of a report that makes the section. Caller frees. */
static char *line_of(const struct cf_docs *docs, const struct cf_marked *marked)
{
	g_autofree char *what = what_of(marked);
	GString *line = g_string_new(NULL);

	for (const struct cf_arch_chapter *c = cf_arch_chapters; c->name && !line->len; c++)
		if (!strcmp(c->name, what))
			g_string_printf(line, "architecture part=%s", what);
	if (!line->len)
		g_string_append(line, what);
	else if (docs->base && !strstr(marked->settings, "base=")) {
		/* In single quotes nothing has a meaning but a quote, which no RUN has. */
		g_string_append_printf(line, " base='%s'", docs->base);
	}
	if (*marked->settings)
		g_string_append_printf(line, " %s", marked->settings);
	return g_string_free(line, FALSE);
}

static char *with_crlf(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	return g_strjoinv("\r\n", lines);
}

/* The Markdown of one section, with a blank line before and after it. NULL with a message. Caller frees. */
static char *render(const struct cf_docs *docs, const struct cf_marked *marked, struct cf_diag *diag)
{
	const struct cf_renderer *markdown = cf_renderer_by_name("markdown");
	const struct cf_render_opts opts = { .utf8 = TRUE, .version = CF_VERSION };
	const struct cf_loc loc = { .path = docs->path, .line = marked->line };
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_out *out = cf_out_memory();
	g_autofree char *line = line_of(docs, marked), *text = NULL;

	if (cf_report_line(&docs->report, &loc, line, doc, diag) == 0 &&
	    markdown->render(doc, &opts, out, diag) == 0)
		text = g_strdup_printf("\n%s\n", cf_out_text(out, NULL));
	cf_out_abort(out);
	cf_doc_free(doc);
	return text && marked->crlf ? with_crlf(text) : g_steal_pointer(&text);
}

/* The first line of the file that isn't as it should be. */
static uint32_t first_difference(const struct cf_marked *marked, struct cf_slice old, const char *new_text)
{
	uint32_t line = marked->line + 1;
	size_t n = strlen(new_text);

	for (size_t i = 0; i < old.len && i < n && old.data[i] == (uint8_t)new_text[i]; i++)
		line += new_text[i] == '\n';
	return line;
}

static int fill_section(const struct cf_docs *docs, struct cf_slice text, const struct cf_marked *marked,
			GString *out, GArray *sections, struct cf_diag *diag)
{
	const struct cf_slice old = { .data = text.data + marked->begin, .len = marked->end - marked->begin };
	struct cf_docs_section section = { .line = marked->line };
	g_autofree char *fresh = render(docs, marked, diag);

	if (!fresh)
		return -1;
	section.name = g_strdup(marked->name);
	section.changed = old.len != strlen(fresh) || memcmp(old.data, fresh, old.len) != 0;
	section.changed_line = section.changed ? first_difference(marked, old, fresh) : 0;
	g_array_append_val(sections, section);
	g_string_append(out, fresh);
	return 0;
}

/* A section is a part of the architecture or another analysis. */
static int check_name(const struct cf_marked *marked, const struct cf_loc *loc, struct cf_diag *diag)
{
	g_autofree char *what = what_of(marked);
	g_autofree char *shown = cf_visible(what, -1, 80);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	const char *nearest;

	for (const struct cf_arch_chapter *c = cf_arch_chapters; c->name; c++)
		g_ptr_array_add(names, (gpointer)c->name);
	for (size_t i = 0; cf_analyzers[i]; i++)
		g_ptr_array_add(names, (gpointer)cf_analyzers[i]->name);
	for (guint i = 0; i < names->len; i++)
		if (!strcmp(g_ptr_array_index(names, i), what))
			return 0;
	nearest = cf_nearest(what, (const char *const *)names->pdata, names->len);
	return cf_error_as(diag, CF_STATUS_USAGE, loc, "no section '%s'%s%s%s", shown,
			   nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static int check(const struct cf_docs *docs, const struct cf_marked *marked, struct cf_diag *diag)
{
	const struct cf_loc loc = { .path = docs->path, .line = marked->line };
	g_autofree char *line = line_of(docs, marked);

	if (check_name(marked, &loc, diag) < 0)
		return -1;
	return cf_report_line(&docs->report, &loc, line, NULL, diag);
}

int cf_docs_fill(const struct cf_docs *docs, struct cf_slice text, GString *out, GArray **sections,
		 struct cf_diag *diag)
{
	struct cf_loaded loaded = { 0 };
	struct cf_docs own = *docs;
	g_autoptr(GArray) marked = cf_markers_find(docs->path, text, diag);
	size_t at = 0;
	int result = marked ? 0 : -1;

	own.report.loaded = &loaded;
	*sections = g_array_new(FALSE, FALSE, sizeof(struct cf_docs_section));
	g_array_set_clear_func(*sections, section_clear);
	for (guint i = 0; marked && i < marked->len; i++)
		if (check(docs, &g_array_index(marked, struct cf_marked, i), diag) < 0)
			result = -1;
	for (guint i = 0; result == 0 && i < marked->len; i++) {
		const struct cf_marked *m = &g_array_index(marked, struct cf_marked, i);

		g_string_append_len(out, (const char *)text.data + at, (gssize)(m->begin - at));
		at = m->end;
		result = fill_section(&own, text, m, out, *sections, diag);
	}
	if (result == 0)
		g_string_append_len(out, (const char *)text.data + at, (gssize)(text.len - at));
	cf_loaded_clear(&loaded);
	return result;
}
