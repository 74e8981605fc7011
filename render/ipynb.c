/* SPDX-License-Identifier: MIT */
/* ipynb: a document as a Jupyter notebook. */
#include "core/json.h"

#include <string.h>

#include "core/hash.h"
#include "render/cells.h"
#include "render/escape.h"
#include "render/flame_cairo.h"
#include "render/html.h"
#include "render/markdown.h"
#include "render/renderer.h"
#include "render/walk.h"

/*
 * nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html: prose and tables are markdown
 * cells, pictures SVG outputs of cells that nothing runs, and below each table that can be computed again stands a
 * code cell that does. Cells are called after what they have in them, so that a notebook of next week's run has the
 * same ids.
 */
#define MOST_ID 60 /* of the 64 characters that an id may have; the rest is for a number */

static const char setup_py[] =
#include "gen/templates/notebook/setup.py.inc"
	;

struct notebook {
	struct cf_json json;
	const struct cf_render_opts *opts;
	struct cf_diag *diag;
	GHashTable *ids;    /* of cells; owned */
	GString *text;      /* Markdown of the cell that is being filled */
	char *name;         /* what that cell is called after */
	gboolean can_query; /* there is a store to ask */
};

/* A text as a list of lines, each with its end: as Jupyter writes it itself. */
static void put_lines(struct cf_json *json, const char *text)
{
	cf_json_begin_array(json);
	while (*text) {
		const char *end = strchr(text, '\n');
		g_autofree char *line = g_strndup(text, end ? (gsize)(end + 1 - text) : strlen(text));

		cf_json_string(json, line);
		text += strlen(line);
	}
	cf_json_end_array(json);
}

static void put_id(struct notebook *notebook, const char *prefix, const char *name)
{
	g_autofree char *safe = cf_html_id(name);
	g_autofree char *first = safe ? g_strdup_printf("%s-%s", prefix, safe) : g_strdup(prefix);
	char *id;

	if (strlen(first) > MOST_ID)
		first[MOST_ID] = '\0';
	id = g_strdup(first);
	for (unsigned n = 2; g_hash_table_contains(notebook->ids, id); n++) {
		g_free(id);
		id = g_strdup_printf("%.*s-%u", MOST_ID - 8, first, n);
	}
	g_hash_table_add(notebook->ids, id);
	cf_json_key(&notebook->json, "id");
	cf_json_string(&notebook->json, id);
}

static void begin_cell(struct notebook *notebook, const char *type, const char *prefix, const char *name)
{
	cf_json_begin_object(&notebook->json);
	cf_json_key(&notebook->json, "cell_type");
	cf_json_string(&notebook->json, type);
	put_id(notebook, prefix, name);
}

static void put_source(struct notebook *notebook, const char *source)
{
	cf_json_key(&notebook->json, "source");
	put_lines(&notebook->json, source);
	cf_json_end_object(&notebook->json);
}

/* Ends the cell that is being filled. */
static void flush(struct notebook *notebook)
{
	while (notebook->text->len && notebook->text->str[notebook->text->len - 1] == '\n')
		g_string_truncate(notebook->text, notebook->text->len - 1);
	if (notebook->text->len) {
		begin_cell(notebook, "markdown", "text", notebook->name);
		cf_json_key(&notebook->json, "metadata");
		cf_json_begin_object(&notebook->json);
		cf_json_end_object(&notebook->json);
		put_source(notebook, notebook->text->str);
	}
	g_string_truncate(notebook->text, 0);
	g_clear_pointer(&notebook->name, g_free);
}

/* Adds Markdown to the cell that is being filled, which takes its name from the first part that has one. */
static void add_text(struct notebook *notebook, struct cf_out *part, const char *name)
{
	const char *text = cf_out_text(part, NULL);

	if (*text && notebook->text->len)
		g_string_append_c(notebook->text, '\n');
	if (*text && !notebook->name)
		notebook->name = g_strdup(name);
	g_string_append(notebook->text, text);
	cf_out_abort(part);
}

static void add_block(struct notebook *notebook, const struct cf_node *node)
{
	struct cf_out *part = cf_out_memory();

	cf_markdown_block(node, notebook->opts, part);
	add_text(notebook, part, node->id);
}

static void add_heading(struct notebook *notebook, const struct cf_node *section)
{
	struct cf_out *part = cf_out_memory();

	flush(notebook);
	cf_markdown_heading(section, notebook->opts, part);
	add_text(notebook, part, section->id);
}

static void add_caption(struct notebook *notebook, const char *caption, const char *name)
{
	struct cf_out *part = cf_out_memory();

	cf_markdown_caption(caption, notebook->opts, part);
	add_text(notebook, part, name);
}

static void add_note(struct notebook *notebook, const char *note, const char *name)
{
	struct cf_out *part = cf_out_memory();

	if (note) {
		cf_escape_markdown(part, note);
		cf_out_puts(part, "\n");
	}
	add_text(notebook, part, name);
}

static void put_code(struct notebook *notebook, const char *prefix, const char *name, const char *source)
{
	begin_cell(notebook, "code", prefix, name);
	cf_json_key(&notebook->json, "execution_count");
	cf_json_null(&notebook->json);
	cf_json_key(&notebook->json, "metadata");
	cf_json_begin_object(&notebook->json);
	cf_json_end_object(&notebook->json);
	cf_json_key(&notebook->json, "outputs");
	cf_json_begin_array(&notebook->json);
	cf_json_end_array(&notebook->json);
	put_source(notebook, source);
}

/* A Python literal: JSON's escapes are all Python's as well. */
static void append_literal(GString *to, const char *text)
{
	struct cf_out *out = cf_out_memory();
	struct cf_json json;

	cf_json_init(&json, out);
	cf_json_string(&json, text);
	g_string_append(to, cf_out_text(out, NULL));
	cf_out_abort(out);
}

/* query("SELECT ..."), a line of SQL a line. */
static char *query_source(const char *sql)
{
	g_auto(GStrv) lines = g_strsplit(sql, "\n", -1);
	GString *source = g_string_new("query(");

	if (!lines[0] || !lines[1]) {
		append_literal(source, sql);
	} else {
		for (guint i = 0; lines[i]; i++) {
			g_autofree char *line = g_strconcat(lines[i], lines[i + 1] ? "\n" : NULL, NULL);

			g_string_append(source, "\n    ");
			append_literal(source, line);
		}
		g_string_append_c(source, '\n');
	}
	g_string_append_c(source, ')');
	return g_string_free(source, FALSE);
}

/* callflow("top", "-n", "7"): words, so that no shell reads them. NULL for what is no command of ours. */
static char *command_source(const char *command)
{
	g_auto(GStrv) words = NULL;
	GString *source;

	if (!g_shell_parse_argv(command, NULL, &words, NULL) || strcmp(words[0], "callflow") || !words[1])
		return NULL;
	if (!strcmp(words[1], "query") && words[2] && !words[3])
		return query_source(words[2]);
	source = g_string_new("callflow(");
	for (guint i = 1; words[i]; i++) {
		g_string_append(source, i > 1 ? ", " : "");
		append_literal(source, words[i]);
	}
	g_string_append_c(source, ')');
	return g_string_free(source, FALSE);
}

static void add_table(struct notebook *notebook, const struct cf_node *node)
{
	const struct cf_table *table = node->table;
	g_autofree char *source = NULL;

	add_block(notebook, node);
	if (!notebook->can_query)
		return;
	if (table->sql)
		source = query_source(table->sql);
	else if (table->recompute)
		source = command_source(table->recompute);
	if (!source)
		return;
	flush(notebook);
	put_code(notebook, "compute", node->id, source);
}

/* A cell that has run already. Tools that run notebooks leave it as it is; who runs it by hand loses the picture. */
static void put_picture(struct notebook *notebook, const char *name, const char *caption, const char *svg)
{
	struct cf_json *json = &notebook->json;

	flush(notebook);
	begin_cell(notebook, "code", "picture", name);
	cf_json_key(json, "execution_count");
	cf_json_null(json);
	cf_json_key(json, "metadata");
	cf_json_begin_object(json);
	cf_json_key(json, "jupyter");
	cf_json_begin_object(json);
	cf_json_key(json, "source_hidden");
	cf_json_bool(json, TRUE);
	cf_json_end_object(json);
	cf_json_key(json, "tags");
	cf_json_begin_array(json);
	cf_json_string(json, "skip-execution");
	cf_json_end_array(json);
	cf_json_end_object(json);
	cf_json_key(json, "outputs");
	cf_json_begin_array(json);
	cf_json_begin_object(json);
	cf_json_key(json, "data");
	cf_json_begin_object(json);
	cf_json_key(json, "image/svg+xml");
	put_lines(json, svg);
	cf_json_key(json, "text/plain");
	put_lines(json, caption && *caption ? caption : "picture");
	cf_json_end_object(json);
	cf_json_key(json, "metadata");
	cf_json_begin_object(json);
	cf_json_end_object(json);
	cf_json_key(json, "output_type");
	cf_json_string(json, "display_data");
	cf_json_end_object(json);
	cf_json_end_array(json);
	put_source(notebook, "# This picture was drawn by callflow; to run the cell takes it away.");
}

static void add_figure(struct notebook *notebook, const struct cf_node *node)
{
	struct cf_out *out = cf_out_memory();
	struct cf_html html = {
		.out = out, .opts = notebook->opts, .diag = notebook->diag, .open = g_ptr_array_new()
	};
	g_autofree char *note = NULL;

	if (cf_html_picture(&html, node, TRUE, &note) < 0) {
		add_block(notebook, node);
	} else {
		add_caption(notebook, node->text, node->id);
		put_picture(notebook, node->id, node->text, cf_out_text(out, NULL));
		add_note(notebook, note, node->id);
		for (const struct cf_node *table = node->first; table; table = table->next)
			add_table(notebook, table);
	}
	g_ptr_array_unref(html.open);
	cf_out_abort(out);
}

/* The renderer of still pictures takes a document: one that only has this tree, and borrows it. */
static int add_flame(struct notebook *notebook, const struct cf_node *node)
{
	struct cf_doc *doc = cf_doc_new(node->text);
	struct cf_node *flame = cf_doc_tree(doc, doc->root, CF_FLAME, "flame", node->text, node->tree);
	struct cf_out *out = cf_out_memory();
	int result = cf_flame_static_svg(doc, notebook->opts, out, notebook->diag);

	if (result == 0) {
		put_picture(notebook, node->id, node->text, cf_out_text(out, NULL));
		add_block(notebook, node);
	}
	flame->tree = NULL;
	cf_out_abort(out);
	cf_doc_free(doc);
	return result;
}

static int add_node(struct notebook *notebook, const struct cf_node *node)
{
	switch (node->kind) {
	case CF_SECTION:
		add_heading(notebook, node);
		return 0;
	case CF_TABLE:
		add_table(notebook, node);
		return 0;
	case CF_GRAPH:
	case CF_SEQUENCE:
	case CF_TIMELINE:
	case CF_CHART:
		add_figure(notebook, node);
		return 0;
	case CF_FLAME:
		return add_flame(notebook, node);
	default:
		add_block(notebook, node);
		return 0;
	}
}

static const struct cf_node *after(const struct cf_node *root, const struct cf_node *node)
{
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}

static int add_content(struct notebook *notebook, const struct cf_doc *doc)
{
	const struct cf_node *node = doc->root->first;

	while (node) {
		if (!cf_node_has_content(node)) {
			node = after(doc->root, node);
			continue;
		}
		if (add_node(notebook, node) < 0)
			return -1;
		node = node->kind == CF_SECTION && node->first ? node->first : after(doc->root, node);
	}
	return 0;
}

/* The title, then what the code cells stand on. */
static void add_head(struct notebook *notebook, const struct cf_doc *doc)
{
	struct cf_out *part = cf_out_memory();
	/* Without its first line, the licence of the file. */
	g_autoptr(GString) source = g_string_new(strchr(setup_py, '\n') + 1);
	g_autoptr(GString) path = g_string_new(NULL);
	g_autoptr(GString) runs = g_string_new("runs(");

	cf_markdown_head(doc, notebook->opts, part);
	add_text(notebook, part, "title");
	if (!notebook->can_query)
		return;
	flush(notebook);
	append_literal(path, notebook->opts->store);
	g_string_replace(source, "REPORTED_STORE", path->str, 1);
	g_string_truncate(source, source->len - 1);
	put_code(notebook, "setup", "store", source->str);
	for (guint i = 0; i < doc->inputs->len; i++)
		g_string_append_printf(runs, "%s%" G_GINT64_FORMAT, i ? ", " : "",
				       (gint64)g_array_index(doc->inputs, struct cf_doc_input, i).run);
	g_string_append_c(runs, ')');
	if (doc->inputs->len)
		put_code(notebook, "compute", "runs", runs->str);
}

static void add_tail(struct notebook *notebook, const struct cf_doc *doc)
{
	struct cf_out *part = cf_out_memory();

	if (cf_doc_has_headings(doc))
		cf_markdown_inputs(doc, notebook->opts, part);
	if (*cf_out_text(part, NULL))
		flush(notebook);
	add_text(notebook, part, "inputs");
	flush(notebook);
}

static void put_metadata(struct cf_json *json)
{
	cf_json_key(json, "metadata");
	cf_json_begin_object(json);
	cf_json_key(json, "kernelspec");
	cf_json_begin_object(json);
	cf_json_key(json, "display_name");
	cf_json_string(json, "Python 3");
	cf_json_key(json, "language");
	cf_json_string(json, "python");
	cf_json_key(json, "name");
	cf_json_string(json, "python3");
	cf_json_end_object(json);
	cf_json_key(json, "language_info");
	cf_json_begin_object(json);
	cf_json_key(json, "name");
	cf_json_string(json, "python");
	cf_json_end_object(json);
	cf_json_end_object(json);
	cf_json_key(json, "nbformat");
	cf_json_int(json, 4);
	cf_json_key(json, "nbformat_minor");
	cf_json_int(json, 5);
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	struct notebook notebook = { .opts = opts, .diag = diag, .can_query = opts->store && *opts->store };
	int result;

	notebook.ids = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL);
	notebook.text = g_string_new(NULL);
	cf_json_init(&notebook.json, out);
	cf_json_begin_object(&notebook.json);
	cf_json_key(&notebook.json, "cells");
	cf_json_begin_array(&notebook.json);
	add_head(&notebook, doc);
	result = add_content(&notebook, doc);
	add_tail(&notebook, doc);
	cf_json_end_array(&notebook.json);
	put_metadata(&notebook.json);
	cf_json_end_object(&notebook.json);
	cf_out_puts(out, "\n");
	g_hash_table_destroy(notebook.ids);
	g_string_free(notebook.text, TRUE);
	g_free(notebook.name);
	return result;
}

const struct cf_renderer cf_renderer_ipynb = {
	.name = "ipynb",
	.extensions = "ipynb",
	.summary = "a Jupyter notebook that can compute its tables again",
	.render = render,
};
