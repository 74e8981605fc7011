/* SPDX-License-Identifier: MIT */
/* markdown: a document as GitHub-flavoured Markdown. */
#include "render/markdown.h"

#include "render/cells.h"
#include "render/escape.h"
#include "render/flame.h"
#include "render/html.h"
#include "render/mermaid.h"
#include "render/text.h"
#include "render/tree_rows.h"
#include "render/walk.h"

#include <string.h>

#define VISIBLE_ROWS 20 /* of a table; the rest is folded */
#define FLAME_ROWS 15

struct markdown {
	struct cf_out *out;
	const struct cf_render_opts *opts;
	GString *prefix;      /* before each line: quotes and list indents */
	gboolean open;        /* a line is being written */
	gboolean cell;        /* in a notebook, which doesn't know GitHub's alerts */
	struct cf_diag *diag; /* of pictures; may be NULL where there are none */
	gboolean tight;       /* the next block follows without a blank line */
};

static void end_line(struct markdown *md)
{
	if (md->open)
		cf_out_puts(md->out, "\n");
	md->open = FALSE;
}

/* Begins a line; one that stays empty has no spaces at its end. */
static void line(struct markdown *md)
{
	end_line(md);
	cf_out_puts(md->out, md->prefix->str);
	md->open = TRUE;
}

static void blank_line(struct markdown *md)
{
	g_autofree char *prefix = g_strchomp(g_strdup(md->prefix->str));

	end_line(md);
	cf_out_printf(md->out, "%s\n", prefix);
}

/* Room for a block. */
static void block(struct markdown *md)
{
	if (!md->tight)
		blank_line(md);
	else
		end_line(md);
	md->tight = FALSE;
}

/* Prose: line ends of the source are spaces. */
static void put_text(struct markdown *md, const char *raw)
{
	g_autofree char *text = g_strdup(raw ? raw : "");

	cf_escape_markdown(md->out, g_strdelimit(text, "\n", ' '));
}

static void put_fence(struct markdown *md, const char *content, const char *language)
{
	g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
	size_t run = 0, longest = 2;

	for (const char *p = content; *p; p++) {
		run = *p == '`' ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	block(md);
	line(md);
	for (size_t i = 0; i <= longest; i++)
		cf_out_puts(md->out, "`");
	for (; language && (g_ascii_isalnum(*language) || *language == '-'); language++)
		cf_out_printf(md->out, "%c", *language);
	for (size_t i = 0; lines[i]; i++) {
		g_auto(GStrv) stops = NULL;

		if (!lines[i + 1] && !*lines[i])
			break;
		if (!*lines[i]) {
			blank_line(md);
			continue;
		}
		line(md);
		stops = g_strsplit(lines[i], "\t", -1);
		for (size_t j = 0; stops[j]; j++) {
			cf_out_puts(md->out, j ? "\t" : "");
			cf_escape_terminal(md->out, stops[j]);
		}
	}
	line(md);
	for (size_t i = 0; i <= longest; i++)
		cf_out_puts(md->out, "`");
	end_line(md);
}

static void put_caption(struct markdown *md, const char *caption)
{
	if (!caption || !*caption)
		return;
	block(md);
	line(md);
	cf_out_puts(md->out, "**");
	put_text(md, caption);
	cf_out_puts(md->out, "**");
	end_line(md);
}

static void put_cell(struct markdown *md, const struct cf_cell_format *format, const struct cf_cell *cell,
		     gboolean rest)
{
	g_autofree char *text = cf_cell_text(format, cell);

	g_strdelimit(text, "\n", ' ');
	if (!*text)
		cf_out_puts(md->out, format->number && !rest ? "-" : "");
	else if (format->column->flags & CF_COLUMN_CODE && cell->type == CF_CELL_TEXT && !rest)
		cf_escape_markdown_code(md->out, text, TRUE);
	else if (cell->type == CF_CELL_TEXT)
		cf_escape_markdown(md->out, text);
	else
		cf_out_puts(md->out, text);
}

static gboolean is_shown(const struct cf_table *table, size_t c)
{
	if (cf_table_column(table, c)->flags & CF_COLUMN_DATA)
		return FALSE;
	return table->style != CF_TABLE_TILES || c < 3;
}

static void put_head(struct markdown *md, const struct cf_table *table, const GArray *formats)
{
	line(md);
	for (size_t c = 0; c < table->columns->len; c++)
		if (is_shown(table, c)) {
			cf_out_puts(md->out, "| ");
			put_text(md, cf_table_column(table, c)->title);
			cf_out_puts(md->out, " ");
		}
	cf_out_puts(md->out, "|");
	line(md);
	for (size_t c = 0; c < table->columns->len; c++)
		if (is_shown(table, c))
			cf_out_puts(md->out, g_array_index(formats, struct cf_cell_format, c).number
						     ? "|---:"
						     : "|---");
	cf_out_puts(md->out, "|");
}

static void put_row(struct markdown *md, const struct cf_table *table, const GArray *formats,
		    const struct cf_cell *cells, gboolean rest)
{
	gboolean tile = table->style == CF_TABLE_TILES && table->columns->len > 3 && !rest;

	line(md);
	for (size_t c = 0; c < table->columns->len; c++) {
		if (!is_shown(table, c))
			continue;
		cf_out_puts(md->out, "| ");
		put_cell(md, &g_array_index(formats, struct cf_cell_format, c), &cells[c], rest);
		if (tile && c == 1 && cf_tile_level(&cells[3]) != CF_LEVEL_INFO)
			cf_out_puts(md->out, cf_tile_level(&cells[3]) == CF_LEVEL_FAIL ? " **(fail)**"
										       : " **(attention)**");
		cf_out_puts(md->out, " ");
	}
	cf_out_puts(md->out, "|");
}

static gboolean enter_table(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;
	const struct cf_table *table = node->table;
	g_autoptr(GArray) formats = cf_cell_formats(table);
	size_t rows = cf_table_height(table);

	if (!cf_node_has_content(node))
		return TRUE;
	put_caption(md, node->text);
	block(md);
	put_head(md, table, formats);
	for (size_t r = 0; r < rows; r++) {
		/* Folding one row would take more room than it saves. */
		if (r == VISIBLE_ROWS && rows > VISIBLE_ROWS + 1) {
			blank_line(md);
			line(md);
			cf_out_printf(md->out, "<details><summary>%" G_GSIZE_FORMAT " more rows</summary>",
				      rows - r);
			blank_line(md);
			put_head(md, table, formats);
		}
		put_row(md, table, formats, cf_table_row(table, r), FALSE);
	}
	if (table->rest)
		put_row(md, table, formats, &g_array_index(table->rest, struct cf_cell, 0), TRUE);
	end_line(md);
	if (rows > VISIBLE_ROWS + 1) {
		blank_line(md);
		line(md);
		cf_out_puts(md->out, "</details>");
		end_line(md);
	}
	if (cf_node_recompute(node)) {
		block(md);
		line(md);
		cf_out_puts(md->out, "<sub>recompute: ");
		cf_escape_markdown_code(md->out, cf_node_recompute(node), FALSE);
		cf_out_puts(md->out, "</sub>");
		end_line(md);
	}
	return TRUE;
}

/* The terminal's drawing, in a fence. */
static gboolean enter_tree(void *ctx, const struct cf_node *node)
{
	static const struct cf_render_opts opts = { .utf8 = TRUE };
	struct markdown *md = ctx;
	struct cf_text text = { .out = cf_out_memory(), .opts = &opts, .prefix = g_string_new(NULL) };

	put_caption(md, node->text);
	cf_text_tree(&text, node);
	put_fence(md, cf_out_text(text.out, NULL), "text");
	g_string_free(text.prefix, TRUE);
	cf_out_abort(text.out);
	return TRUE;
}

static int draw(struct markdown *md, const struct cf_node *node, const char *id, struct cf_out *out,
		char **note)
{
	struct cf_html html = { .out = out, .opts = md->opts, .diag = md->diag };
	int result;

	if (node->kind == CF_FLAME)
		return cf_flame_svg_write(node->tree, id, node->text, NULL, TRUE, md->opts, out, md->diag);
	html.open = g_ptr_array_new();
	result = cf_html_picture(&html, node, TRUE, note);
	g_ptr_array_unref(html.open);
	return result;
}

/* GitHub shows SVG from files only. FALSE where there can't be any, or nothing can draw it. */
static gboolean put_picture(struct markdown *md, const struct cf_node *node)
{
	const char *kind = node->kind == CF_FLAME ? "flame graph" : "chart";
	g_autofree char *id = cf_html_id(node->id ? node->id : "flame"), *note = NULL, *href = NULL;
	struct cf_out *out;

	if (!md->opts->pictures)
		return FALSE;
	out = cf_out_memory();
	if (draw(md, node, id, out, &note) == 0) {
		struct cf_picture_file *file = g_new0(struct cf_picture_file, 1);

		file->name = g_strdup_printf("%s%s.svg", md->opts->beside ? md->opts->beside : "", id);
		file->content = g_strdup(cf_out_text(out, NULL));
		g_ptr_array_add(md->opts->pictures, file);
		href = g_uri_escape_string(file->name, NULL, FALSE);
		block(md);
		line(md);
		cf_out_puts(md->out, "![");
		put_text(md, node->text && *node->text ? node->text : kind);
		cf_out_printf(md->out, "](%s)", href);
		end_line(md);
	}
	if (href && note) {
		block(md);
		line(md);
		put_text(md, note);
		end_line(md);
	}
	cf_out_abort(out);
	return href != NULL;
}

/* The heaviest functions say what the picture beside the file shows, or stand for it where there is no file. */
static gboolean enter_flame(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;
	const struct cf_tree *tree = node->tree;
	g_autoptr(GArray) funcs = cf_tree_funcs(tree);
	struct cf_scale scale;

	while (funcs->len && !g_array_index(funcs, struct cf_tree_func, funcs->len - 1).self)
		g_array_set_size(funcs, funcs->len - 1);
	if (!funcs->len)
		return TRUE;
	scale = cf_unit_scale(tree->unit, (double)g_array_index(funcs, struct cf_tree_func, 0).self);
	put_caption(md, node->text);
	put_picture(md, node);
	block(md);
	line(md);
	cf_out_puts(md->out, "| self % | total % | self | function | module |");
	line(md);
	cf_out_puts(md->out, "|---:|---:|---:|---|---|");
	for (guint i = 0; i < funcs->len && i < FLAME_ROWS; i++) {
		const struct cf_tree_func *func = &g_array_index(funcs, struct cf_tree_func, i);
		g_autofree char *self = cf_share_text(cf_tree_share(tree, func->self));
		g_autofree char *total = cf_share_text(cf_tree_share(tree, func->total));
		g_autofree char *weight = cf_scale_text(&scale, (double)func->self);

		line(md);
		cf_out_printf(md->out, "| %s | %s | %s | ", self, total, weight);
		cf_escape_markdown_code(md->out, cf_tree_text(tree, func->name), TRUE);
		cf_out_puts(md->out, " | ");
		cf_escape_markdown_code(md->out, cf_tree_text(tree, func->module), TRUE);
		cf_out_puts(md->out, " |");
	}
	end_line(md);
	if (funcs->len > FLAME_ROWS) {
		block(md);
		line(md);
		cf_out_printf(md->out, "The %d heaviest of %u functions with cost of their own.", FLAME_ROWS,
			      funcs->len);
		end_line(md);
	}
	return TRUE;
}

/* A picture, else the terminal's drawing in a fence. */
static void put_chart(struct markdown *md, const struct cf_node *node)
{
	static const struct cf_render_opts opts = { .utf8 = TRUE };
	struct cf_text text = { .out = cf_out_memory(), .opts = &opts, .prefix = g_string_new(NULL) };

	if (!put_picture(md, node)) {
		cf_text_chart(&text, node);
		put_fence(md, cf_out_text(text.out, NULL), "text");
	}
	g_string_free(text.prefix, TRUE);
	cf_out_abort(text.out);
}

/* GitHub draws Mermaid; the tables below it are for everybody else. */
static gboolean enter_figure(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;
	g_autofree char *note = NULL;
	g_autofree char *diagram = NULL;

	if (!cf_node_has_content(node))
		return TRUE;
	put_caption(md, node->text);
	diagram = node->kind == CF_CHART ? NULL : cf_mermaid_node(node, md->opts, &note);
	if (node->kind == CF_CHART)
		put_chart(md, node);
	if (diagram)
		put_fence(md, diagram, "mermaid");
	if (note) {
		block(md);
		line(md);
		put_text(md, note);
		end_line(md);
	}
	block(md);
	line(md);
	cf_out_puts(md->out, "<details><summary>The same in words</summary>");
	end_line(md);
	return FALSE;
}

static void leave_figure(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	if (!cf_node_has_content(node))
		return;
	block(md);
	line(md);
	cf_out_puts(md->out, "</details>");
	end_line(md);
}

static gboolean enter_section(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;
	int depth = MIN(cf_section_depth(node) + 1, 6);

	if (!cf_node_has_content(node))
		return TRUE;
	if (!node->text || !*node->text)
		return FALSE;
	block(md);
	line(md);
	cf_out_printf(md->out, "%.*s ", depth, "######");
	put_text(md, node->text);
	end_line(md);
	return FALSE;
}

static gboolean enter_para(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	if (!cf_node_has_content(node))
		return TRUE;
	/* The first paragraph of an item goes on after its bullet. */
	if (!(node->parent && node->parent->kind == CF_ITEM && node->parent->first == node)) {
		block(md);
		line(md);
	}
	return FALSE;
}

static void leave_line(void *ctx, const struct cf_node *node)
{
	end_line(ctx);
}

static gboolean enter_text(void *ctx, const struct cf_node *node)
{
	const char *text = node->text ? node->text : "";

	/* Spaces mean nothing but a space when something stands before them on the line. */
	if (node->parent && node != node->parent->first)
		for (; *text == ' '; text++)
			cf_out_puts(((struct markdown *)ctx)->out, " ");
	put_text(ctx, text);
	return FALSE;
}

static gboolean enter_emph(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return TRUE;
	cf_out_puts(((struct markdown *)ctx)->out, node->kind == CF_STRONG ? "**" : "*");
	return FALSE;
}

static void leave_emph(void *ctx, const struct cf_node *node)
{
	if (cf_node_has_content(node))
		cf_out_puts(((struct markdown *)ctx)->out, node->kind == CF_STRONG ? "**" : "*");
}

static gboolean enter_link(void *ctx, const struct cf_node *node)
{
	if (cf_link_target(node))
		cf_out_puts(((struct markdown *)ctx)->out, "[");
	return FALSE;
}

static void leave_link(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;
	const char *target = cf_link_target(node);
	g_autofree char *safe = NULL;

	if (!target)
		return;
	/* Percent escapes that are there stay; anything that could end the target becomes one. */
	safe = g_uri_escape_string(target, "!#$&'*+,/:;=?@%~", FALSE);
	cf_out_printf(md->out, "](%s)", safe);
}

static gboolean enter_code(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	if (!node->text || !*node->text)
		return TRUE;
	if (cf_node_is_inline(node)) {
		g_autofree char *text = g_strdelimit(g_strdup(node->text), "\n", ' ');

		cf_escape_markdown_code(md->out, text, FALSE);
	} else {
		put_fence(md, node->text, node->language);
	}
	return TRUE;
}

static gboolean enter_list(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	if (node->parent && node->parent->kind == CF_ITEM)
		end_line(md);
	else
		block(md);
	return FALSE;
}

static gboolean enter_item(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	/* All ordered items may be called "1.": readers count. */
	line(md);
	cf_out_puts(md->out, node->parent->ordered ? "1. " : "- ");
	g_string_append(md->prefix, node->parent->ordered ? "   " : "  ");
	return FALSE;
}

static void leave_item(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	end_line(md);
	g_string_truncate(md->prefix, md->prefix->len - (node->parent->ordered ? 3 : 2));
}

static gboolean enter_callout(void *ctx, const struct cf_node *node)
{
	static const char *const alerts[] = { "NOTE", "WARNING", "CAUTION" };
	static const char *const words[] = { "Note", "Attention", "Failed" };
	struct markdown *md = ctx;

	if (!cf_node_has_content(node))
		return TRUE;
	block(md);
	g_string_append(md->prefix, "> ");
	line(md);
	if (md->cell)
		cf_out_printf(md->out, "**%s**", words[node->level]);
	else
		cf_out_printf(md->out, "[!%s]", alerts[node->level]);
	md->tight = !md->cell;
	return FALSE;
}

static void leave_callout(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	if (!cf_node_has_content(node))
		return;
	end_line(md);
	g_string_truncate(md->prefix, md->prefix->len - 2);
}

static gboolean enter_rule(void *ctx, const struct cf_node *node)
{
	struct markdown *md = ctx;

	block(md);
	line(md);
	cf_out_puts(md->out, "---");
	end_line(md);
	return TRUE;
}

static const struct cf_handler handlers[CF_KINDS] = {
	[CF_SECTION] = { enter_section, NULL },
	[CF_PARA] = { enter_para, leave_line },
	[CF_TEXT] = { enter_text, NULL },
	[CF_EMPH] = { enter_emph, leave_emph },
	[CF_STRONG] = { enter_emph, leave_emph },
	[CF_CODE] = { enter_code, NULL },
	[CF_LINK] = { enter_link, leave_link },
	[CF_LIST] = { enter_list, NULL },
	[CF_ITEM] = { enter_item, leave_item },
	[CF_CALLOUT] = { enter_callout, leave_callout },
	[CF_TABLE] = { enter_table, NULL },
	[CF_TREE] = { enter_tree, NULL },
	[CF_FLAME] = { enter_flame, NULL },
	[CF_GRAPH] = { enter_figure, leave_figure },
	[CF_SEQUENCE] = { enter_figure, leave_figure },
	[CF_TIMELINE] = { enter_figure, leave_figure },
	[CF_CHART] = { enter_figure, leave_figure },
	[CF_RULE] = { enter_rule, NULL },
};

static void put_inputs(struct markdown *md, const struct cf_doc *doc)
{
	for (guint i = 0; i < doc->inputs->len; i++) {
		const struct cf_doc_input *input = &g_array_index(doc->inputs, struct cf_doc_input, i);

		if (!input->text)
			continue;
		if (i)
			cf_out_puts(md->out, "\\");
		else
			block(md);
		line(md);
		put_text(md, input->text);
	}
	end_line(md);
}

static void put_provenance(struct markdown *md, const struct cf_doc *doc, const struct cf_render_opts *opts)
{
	gboolean any = FALSE;

	for (guint i = 0; i < doc->inputs->len; i++)
		any |= g_array_index(doc->inputs, struct cf_doc_input, i).hash != NULL;
	if (!any)
		return;
	block(md);
	line(md);
	cf_out_puts(md->out, "## Inputs");
	blank_line(md);
	line(md);
	cf_out_puts(md->out, "| run | name | content hash |");
	line(md);
	cf_out_puts(md->out, "|---:|---|---|");
	for (guint i = 0; i < doc->inputs->len; i++) {
		const struct cf_doc_input *input = &g_array_index(doc->inputs, struct cf_doc_input, i);

		line(md);
		cf_out_printf(md->out, "| %" G_GINT64_FORMAT " | ", (gint64)input->run);
		cf_escape_markdown_code(md->out, input->name ? input->name : "", TRUE);
		cf_out_puts(md->out, " | ");
		cf_escape_markdown_code(md->out, input->hash ? input->hash : "", TRUE);
		cf_out_puts(md->out, " |");
	}
	end_line(md);
	if (opts->version) {
		block(md);
		line(md);
		cf_out_puts(md->out, "Written by callflow ");
		put_text(md, opts->version);
		end_line(md);
	}
}

static void put_title(struct markdown *md, const struct cf_doc *doc)
{
	if (!doc->title || !*doc->title)
		return;
	line(md);
	cf_out_puts(md->out, "# ");
	put_text(md, doc->title);
	end_line(md);
	md->tight = FALSE;
}

static struct markdown begin(const struct cf_render_opts *opts, struct cf_out *out, gboolean cell)
{
	return (struct markdown){
		.out = out, .opts = opts, .prefix = g_string_new(NULL), .cell = cell, .tight = TRUE
	};
}

static void end(struct markdown *md)
{
	end_line(md);
	g_string_free(md->prefix, TRUE);
}

void cf_markdown_head(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out)
{
	struct markdown md = begin(opts, out, TRUE);

	put_title(&md, doc);
	put_inputs(&md, doc);
	end(&md);
}

void cf_markdown_heading(const struct cf_node *section, const struct cf_render_opts *opts, struct cf_out *out)
{
	struct markdown md = begin(opts, out, TRUE);

	enter_section(&md, section);
	end(&md);
}

void cf_markdown_caption(const char *caption, const struct cf_render_opts *opts, struct cf_out *out)
{
	struct markdown md = begin(opts, out, TRUE);

	put_caption(&md, caption);
	end(&md);
}

void cf_markdown_block(const struct cf_node *node, const struct cf_render_opts *opts, struct cf_out *out)
{
	struct markdown md = begin(opts, out, TRUE);

	cf_walk(node, handlers, &md);
	end(&md);
}

void cf_markdown_inputs(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out)
{
	struct markdown md = begin(opts, out, TRUE);

	put_provenance(&md, doc, opts);
	end(&md);
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	struct markdown md = begin(opts, out, FALSE);
	gboolean headings = cf_doc_has_headings(doc);

	md.diag = diag;
	if (headings)
		put_title(&md, doc);
	put_inputs(&md, doc);
	cf_walk(doc->root, handlers, &md);
	if (headings)
		put_provenance(&md, doc, opts);
	end(&md);
	return 0;
}

const struct cf_renderer cf_renderer_markdown = {
	.name = "markdown",
	.extensions = "md markdown",
	.files = TRUE,
	.summary = "GitHub-flavoured Markdown, pictures as Mermaid or beside it",
	.render = render,
};
