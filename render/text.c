/* SPDX-License-Identifier: MIT */
/* text: a document for the terminal. */
#include "render/text.h"

#include "render/cells.h"
#include "render/escape.h"
#include "render/walk.h"

#include <string.h>

#define PROSE_COLUMNS 80

/* What analyzers and templates write, where the terminal can't. */
static const struct {
	gunichar c;
	const char *ascii;
} ascii_marks[] = {
	{ 0x2026, "..." }, { 0x2013, "-" },  { 0x2014, "--" }, { 0x2212, "-" },  { 0x00b1, "+-" },
	{ 0x00d7, "x" },   { 0x00b5, "u" },  { 0x03bc, "u" },  { 0x2192, "->" }, { 0x2190, "<-" },
	{ 0x2264, "<=" },  { 0x2265, ">=" }, { 0x25b2, "^" },  { 0x25bc, "v" },  { 0x2018, "'" },
	{ 0x2019, "'" },   { 0x201c, "\"" }, { 0x201d, "\"" }, { 0x00a0, " " },  { 0x203a, ">" },
	{ 0x2713, "ok" },  { 0x00b7, "-" },
};

static void append_ascii(GString *to, gunichar c)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ascii_marks); i++)
		if (ascii_marks[i].c == c) {
			g_string_append(to, ascii_marks[i].ascii);
			return;
		}
	g_string_append_printf(to, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
}

char *cf_text_safe(const struct cf_text *text, const char *raw)
{
	g_autofree char *visible = cf_visible(raw, -1, 0);
	GString *ascii;

	if (text->opts->utf8)
		return g_steal_pointer(&visible);
	ascii = g_string_new(NULL);
	for (const char *p = visible; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c < 0x80)
			g_string_append_c(ascii, (char)c);
		else
			append_ascii(ascii, c);
	}
	return g_string_free(ascii, FALSE);
}

gboolean cf_text_is_path(const char *name)
{
	return strchr(name, '/') && !strpbrk(name, " (<");
}

static int char_width(gunichar c)
{
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

char *cf_text_elide(const struct cf_text *text, const char *safe, int width, gboolean tail)
{
	const char *mark = text->opts->utf8 ? "…" : "..";
	int room = width - (text->opts->utf8 ? 1 : 2), used = 0;
	const char *p;

	if (cf_display_width(safe) <= width)
		return g_strdup(safe);
	if (room <= 0)
		return g_strdup(text->opts->utf8 ? "…" : ".");
	if (tail) {
		p = safe + strlen(safe);
		while (p > safe) {
			const char *before = g_utf8_prev_char(p);

			used += char_width(g_utf8_get_char(before));
			if (used > room)
				break;
			p = before;
		}
		return g_strconcat(mark, p, NULL);
	}
	for (p = safe; *p; p = g_utf8_next_char(p)) {
		used += char_width(g_utf8_get_char(p));
		if (used > room)
			break;
	}
	return g_strdup_printf("%.*s%s", (int)(p - safe), safe, mark);
}

int cf_text_columns(const struct cf_text *text)
{
	if (!text->opts->width)
		return 0;
	return MAX(text->opts->width - cf_display_width(text->prefix->str), 20);
}

void cf_text_color(const struct cf_text *text, const char *sgr)
{
	if (text->opts->color && *sgr)
		cf_out_printf(text->out, "\x1b[%sm", sgr);
}

void cf_text_plain(const struct cf_text *text)
{
	if (text->opts->color)
		cf_out_puts(text->out, "\x1b[0m");
}

void cf_text_spaces(const struct cf_text *text, int n)
{
	for (; n > 0; n--)
		cf_out_puts(text->out, " ");
}

void cf_text_begin(const struct cf_text *text)
{
	cf_out_puts(text->out, text->prefix->str);
}

void cf_text_caption(const struct cf_text *text, const char *caption)
{
	g_autofree char *safe = NULL;

	if (!caption || !*caption)
		return;
	safe = cf_text_safe(text, caption);
	cf_text_begin(text);
	cf_text_color(text, "1");
	cf_out_puts(text->out, safe);
	cf_text_plain(text);
	cf_out_puts(text->out, "\n");
}

/* The end of the longest piece of p that fits in room columns; *next is where the line after it starts. */
static const char *break_line(const char *p, int room, const char **next)
{
	const char *end = NULL;
	int used = 0;

	for (const char *q = p; *q; q = g_utf8_next_char(q)) {
		if (*q == ' ') {
			if (q > p && q[-1] != ' ')
				end = q;
		} else {
			used += char_width(g_utf8_get_char(q));
			if (used > room && end) {
				*next = end + strspn(end, " ");
				return end;
			}
			continue;
		}
		used++;
	}
	*next = p + strlen(p);
	return *next;
}

void cf_text_wrap(const struct cf_text *text, const char *safe, int width, int hang)
{
	const char *next;
	int indent = 0;

	do {
		const char *end = break_line(safe, MAX(width, 20), &next);

		cf_text_spaces(text, indent);
		cf_out_write(text->out, safe, (size_t)(end - safe));
		cf_out_puts(text->out, "\n");
		if (*next) {
			cf_text_begin(text);
			indent = hang;
		}
		safe = next;
	} while (*safe);
}

static int prose_columns(const struct cf_text *text)
{
	int width = text->opts->width ? MIN(text->opts->width, PROSE_COLUMNS) : PROSE_COLUMNS;

	return MAX(width - cf_display_width(text->prefix->str), 20);
}

/* A blank line keeps the bars of callouts, but no spaces at its end. */
static void blank_line(const struct cf_text *text)
{
	g_autofree char *prefix = g_strchomp(g_strdup(text->prefix->str));

	cf_out_puts(text->out, prefix);
	cf_out_puts(text->out, "\n");
}

static void block(struct cf_text *text, enum cf_text_block what)
{
	gboolean blank = text->last != CF_TEXT_START && text->last != CF_TEXT_HEADING;

	if (what == CF_TEXT_HEADING)
		blank = text->last != CF_TEXT_START;
	else if (text->last == CF_TEXT_ITEM && what == CF_TEXT_ITEM)
		blank = FALSE;
	else if (text->compact && text->last != what)
		blank = FALSE;
	else if (text->compact && what == CF_TEXT_PROSE)
		blank = FALSE;
	if (blank)
		blank_line(text);
	text->last = what;
}

/* The words of inline nodes: children of node up to the first block, or all of a paragraph. */
static char *inline_text(const struct cf_text *text, const struct cf_node *parent)
{
	GString *words = g_string_new(NULL);
	g_autofree char *all = NULL;
	char *safe;

	for (const struct cf_node *child = parent->first; child; child = child->next) {
		if (!cf_node_is_inline(child))
			continue;
		for (const struct cf_node *node = child; node; node = cf_node_walk(child, node)) {
			if ((node->kind == CF_TEXT || node->kind == CF_CODE) && node->text)
				g_string_append(words, node->text);
			if (node->kind == CF_LINK && !node->first && node->text)
				g_string_append(words, node->text);
		}
		if (child->kind == CF_LINK && child->first && cf_link_target(child) &&
		    child->text[0] != '#') {
			g_autofree char *label = cf_node_plain(child);

			if (strcmp(label, child->text))
				g_string_append_printf(words, " (%s)", child->text);
		}
	}
	all = g_string_free(words, FALSE);
	g_strdelimit(all, "\n", ' ');
	safe = cf_text_safe(text, all);
	return g_strchomp(safe);
}

static gboolean enter_doc(void *ctx, const struct cf_node *node)
{
	return FALSE;
}

static void heading(struct cf_text *text, const char *title, int depth)
{
	g_autofree char *safe = cf_text_safe(text, title);
	const char *rule = depth == 0 ? (text->opts->utf8 ? "═" : "=") : (text->opts->utf8 ? "─" : "-");

	block(text, CF_TEXT_HEADING);
	cf_text_begin(text);
	cf_text_color(text, "1");
	cf_out_puts(text->out, safe);
	cf_text_plain(text);
	cf_out_puts(text->out, "\n");
	if (depth > 1)
		return;
	cf_text_begin(text);
	for (int n = MIN(cf_display_width(safe), prose_columns(text)); n > 0; n--)
		cf_out_puts(text->out, rule);
	cf_out_puts(text->out, "\n");
}

static gboolean enter_section(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return TRUE;
	if (node->text && *node->text)
		heading(ctx, node->text, cf_section_depth(node));
	return FALSE;
}

static gboolean enter_para(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;
	g_autofree char *words = inline_text(text, node);

	if (!*words)
		return TRUE;
	block(text, CF_TEXT_PROSE);
	cf_text_begin(text);
	/* In a callout of one command's answer, colour is all that marks it: the words say the rest. */
	if (node->parent && node->parent->kind == CF_CALLOUT && node->parent->level != CF_LEVEL_INFO)
		cf_text_color(text, node->parent->level == CF_LEVEL_FAIL ? "31" : "33");
	else if (node->parent && node->parent->kind == CF_CALLOUT && text->compact)
		cf_text_color(text, "2");
	cf_text_wrap(text, words, prose_columns(text), 0);
	if (node->parent && node->parent->kind == CF_CALLOUT)
		cf_text_plain(text);
	return TRUE;
}

static gboolean enter_inline(void *ctx, const struct cf_node *node)
{
	return TRUE; /* written by the block around it */
}

static gboolean enter_code(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;
	g_auto(GStrv) lines = NULL;

	if (cf_node_is_inline(node) || !node->text || !*node->text)
		return TRUE;
	block(text, text->compact ? CF_TEXT_PROSE : CF_TEXT_TABLE);
	lines = g_strsplit(node->text, "\n", -1);
	for (size_t i = 0; lines[i]; i++) {
		g_auto(GStrv) stops = NULL;

		if (!lines[i + 1] && !*lines[i])
			break;
		if (!*lines[i]) {
			blank_line(text);
			continue;
		}
		stops = g_strsplit(lines[i], "\t", -1);
		cf_text_begin(text);
		cf_out_puts(text->out, "    ");
		for (size_t j = 0; stops[j]; j++) {
			g_autofree char *safe = cf_text_safe(text, stops[j]);

			cf_out_puts(text->out, j ? "        " : "");
			cf_out_puts(text->out, safe);
		}
		cf_out_puts(text->out, "\n");
	}
	return TRUE;
}

/* Of the item that is open, in its list. */
static int *item_number(const struct cf_text *text)
{
	return &g_array_index(text->numbers, int, text->numbers->len - 1);
}

static gboolean enter_list(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;
	int none = 0;

	g_array_append_val(text->numbers, none);
	if (node->parent && node->parent->kind == CF_ITEM)
		text->last = CF_TEXT_ITEM;
	return FALSE;
}

static void leave_list(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;

	g_array_set_size(text->numbers, text->numbers->len - 1);
}

static gboolean enter_item(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;
	g_autofree char *words = inline_text(text, node);
	const char *bullet = text->opts->utf8 ? "• " : "- ";
	g_autofree char *number = NULL;

	/* An item's text may also stand in a paragraph of its own. */
	if (!*words && node->first && node->first->kind == CF_PARA) {
		g_free(words);
		words = inline_text(text, node->first);
	}
	++*item_number(text);
	if (node->parent->ordered)
		bullet = number = g_strdup_printf("%d. ", *item_number(text));
	block(text, CF_TEXT_ITEM);
	cf_text_begin(text);
	cf_out_puts(text->out, bullet);
	for (int n = cf_display_width(bullet); n > 0; n--)
		g_string_append_c(text->prefix, ' ');
	cf_text_wrap(text, words, prose_columns(text), 0);
	return FALSE;
}

static void leave_item(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;
	g_autofree char *number = g_strdup_printf("%d. ", *item_number(text));
	size_t indent = node->parent->ordered ? strlen(number) : 2;

	g_string_truncate(text->prefix, text->prefix->len - indent);
	text->last = CF_TEXT_ITEM;
}

static gboolean is_item_text(const struct cf_node *para)
{
	return para->parent && para->parent->kind == CF_ITEM && para->parent->first == para;
}

static gboolean enter_para_or_item_text(void *ctx, const struct cf_node *node)
{
	return is_item_text(node) ? TRUE : enter_para(ctx, node);
}

static const char *callout_bar(const struct cf_text *text, const struct cf_node *node)
{
	if (text->compact)
		return "";
	if (node->level == CF_LEVEL_INFO)
		return text->opts->utf8 ? "│ " : "| ";
	return node->level == CF_LEVEL_FAIL ? "!! " : "! ";
}

static gboolean enter_callout(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;

	if (!cf_node_has_content(node))
		return TRUE;
	if (!text->compact) {
		block(text, CF_TEXT_TABLE);
		text->last = CF_TEXT_HEADING; /* its first block follows at once */
	}
	g_string_append(text->prefix, callout_bar(text, node));
	return FALSE;
}

static void leave_callout(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;

	if (!cf_node_has_content(node))
		return;
	g_string_truncate(text->prefix, text->prefix->len - strlen(callout_bar(text, node)));
	text->last = CF_TEXT_PROSE;
}

static gboolean enter_table(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;

	if (!cf_node_has_content(node))
		return TRUE;
	block(text, CF_TEXT_TABLE);
	cf_text_caption(text, node->text);
	if (node->kind == CF_TABLE)
		cf_text_table(text, node);
	else if (node->kind == CF_TREE)
		cf_text_tree(text, node);
	else
		cf_text_flame(text, node);
	return TRUE;
}

/* Its tables say it all. */
static gboolean enter_graph(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;
	g_autofree char *note = cf_node_remark(node) ? cf_text_safe(text, cf_node_remark(node)) : NULL;

	if (!cf_node_has_content(node))
		return TRUE;
	if ((!node->text || !*node->text) && !note)
		return FALSE;
	block(text, CF_TEXT_TABLE);
	cf_text_caption(text, node->text);
	if (note) {
		cf_text_begin(text);
		cf_out_printf(text->out, "%s\n", note);
	}
	text->last = CF_TEXT_HEADING;
	return FALSE;
}

static gboolean enter_figure(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;

	if (!cf_node_has_content(node))
		return TRUE;
	block(text, CF_TEXT_TABLE);
	cf_text_caption(text, node->text);
	if (node->kind == CF_SEQUENCE)
		cf_text_sequence(text, node);
	else if (node->kind == CF_CHART)
		cf_text_chart(text, node);
	else
		cf_text_timeline(text, node);
	return TRUE;
}

static gboolean enter_rule(void *ctx, const struct cf_node *node)
{
	struct cf_text *text = ctx;

	block(text, CF_TEXT_TABLE);
	cf_text_begin(text);
	for (int n = prose_columns(text); n > 0; n--)
		cf_out_puts(text->out, text->opts->utf8 ? "─" : "-");
	cf_out_puts(text->out, "\n");
	return TRUE;
}

static const struct cf_handler handlers[CF_KINDS] = {
	[CF_DOC] = { enter_doc, NULL },
	[CF_SECTION] = { enter_section, NULL },
	[CF_PARA] = { enter_para_or_item_text, NULL },
	[CF_TEXT] = { enter_inline, NULL },
	[CF_EMPH] = { enter_inline, NULL },
	[CF_STRONG] = { enter_inline, NULL },
	[CF_LINK] = { enter_inline, NULL },
	[CF_CODE] = { enter_code, NULL },
	[CF_LIST] = { enter_list, leave_list },
	[CF_ITEM] = { enter_item, leave_item },
	[CF_CALLOUT] = { enter_callout, leave_callout },
	[CF_TABLE] = { enter_table, NULL },
	[CF_TREE] = { enter_table, NULL },
	[CF_FLAME] = { enter_table, NULL },
	[CF_GRAPH] = { enter_graph, NULL },
	[CF_SEQUENCE] = { enter_figure, NULL },
	[CF_TIMELINE] = { enter_figure, NULL },
	[CF_CHART] = { enter_figure, NULL },
	[CF_RULE] = { enter_rule, NULL },
};

static void write_title(struct cf_text *text, const struct cf_doc *doc)
{
	g_autofree char *title = NULL;

	if (!doc->title || !*doc->title)
		return;
	if (doc->verdict == CF_VERDICT_PASS)
		title = g_strdup(doc->title);
	else
		title = g_strdup_printf("%s  [%s]", doc->title,
					doc->verdict == CF_VERDICT_FAIL ? "FAILED" : "ATTENTION");
	heading(text, title, 0);
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	struct cf_text text = { .out = out, .opts = opts, .compact = !cf_doc_has_headings(doc) };

	text.prefix = g_string_new(NULL);
	text.numbers = g_array_new(FALSE, FALSE, sizeof(int));
	if (!text.compact)
		write_title(&text, doc);
	for (guint i = 0; i < doc->inputs->len; i++) {
		const struct cf_doc_input *input = &g_array_index(doc->inputs, struct cf_doc_input, i);
		g_autofree char *line = input->text ? cf_text_safe(&text, input->text) : NULL;

		if (!line)
			continue;
		cf_out_puts(out, line);
		cf_out_puts(out, "\n");
		text.last = text.compact ? CF_TEXT_HEADING : CF_TEXT_PROSE;
	}
	cf_walk(doc->root, handlers, &text);
	g_string_free(text.prefix, TRUE);
	g_array_unref(text.numbers);
	return 0;
}

const struct cf_renderer cf_renderer_text = {
	.name = "text",
	.extensions = "txt text",
	.summary = "aligned tables for the terminal",
	.render = render,
};
