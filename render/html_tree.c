/* SPDX-License-Identifier: MIT */
/* html_tree: call trees of the page, and flame graphs with the same data as a table. */
#include "render/html.h"

#include <math.h>

#include "render/cells.h"
#include "render/escape.h"
#include "render/flame.h"
#include "render/tree_rows.h"

#define FLAME_ROWS 100 /* of the table below a picture */
#define FLAME_MIN_SHARE 0.005
#define MOST_INDENT 40 /* levels; what is deeper stands below each other */

/* Indents as the terminal does: the only callee of a caller stands right below it. */
static guint *indents(const GArray *rows)
{
	guint *indent = g_new0(guint, rows->len);

	for (guint i = 1; i < rows->len; i++) {
		const struct cf_tree_row *row = &g_array_index(rows, struct cf_tree_row, i);

		indent[i] = MIN(indent[row->parent] + !row->only, MOST_INDENT);
	}
	return indent;
}

static void put_number(struct cf_html *html, const char *text, double bar)
{
	g_autofree char *style = NULL;

	if (bar > 0) {
		char width[16];

		g_ascii_formatd(width, sizeof(width), "%.3f", MIN(bar, 1));
		style = g_strdup_printf("--w:%s", width);
	}
	cf_html_open(html, "td", "class", bar > 0 ? "num bar" : "num", "style", style, NULL);
	cf_html_text(html, text);
	cf_html_close(html, "td");
}

static void put_frame(struct cf_html *html, const struct cf_tree *tree, const struct cf_tree_row *row,
		      guint indent)
{
	const struct cf_tree_node *node = cf_tree_at(tree, row->node);
	g_autofree char *style = g_strdup_printf("--d:%u", indent);

	cf_html_open(html, "th", "scope", "row", "class", "name frame", "style", style, NULL);
	if (row->hidden) {
		g_autofree char *more = g_strdup_printf("%u more", row->hidden);

		cf_html_element(html, "span", "more", more);
	} else {
		const char *module = cf_tree_text(tree, node->module);

		cf_html_element(html, "code", NULL, cf_tree_text(tree, node->name));
		if (*module) {
			cf_html_text(html, " ");
			cf_html_element(html, "span", "module", module);
		}
	}
	cf_html_close(html, "th");
}

static void put_tree(struct cf_html *html, const struct cf_tree *tree, const GArray *rows, const char *label)
{
	static const char *const heads[] = { "total %", "self %", "total", "samples" };
	g_autofree guint *indent = indents(rows);
	struct cf_scale scale = cf_unit_scale(tree->unit, fabs((double)cf_tree_at(tree, 0)->total));

	cf_html_scroller(html, label, rows->len > 25);
	cf_html_open(html, "table", "class", "tree", NULL);
	cf_html_open(html, "thead", NULL);
	cf_html_open(html, "tr", NULL);
	cf_html_open(html, "th", "scope", "col", NULL);
	cf_html_text(html,
		     tree->inverted ? "function, below it its callers" : "function, below it what it calls");
	cf_html_close(html, "th");
	for (guint c = 0; c < G_N_ELEMENTS(heads); c++) {
		if (tree->inverted && c == 1)
			continue;
		cf_html_open(html, "th", "scope", "col", "class", "num", NULL);
		cf_html_text(html, heads[c]);
		cf_html_close(html, "th");
	}
	cf_html_close(html, "tr");
	cf_html_close(html, "thead");
	cf_html_open(html, "tbody", NULL);
	cf_html_newline(html);
	for (guint i = 0; i < rows->len; i++) {
		const struct cf_tree_row *row = &g_array_index(rows, struct cf_tree_row, i);
		double share = cf_tree_share(tree, row->total);
		g_autofree char *level = g_strdup_printf("%u", row->depth + 1);
		g_autofree char *total = cf_share_text(share);
		g_autofree char *self = cf_share_text(cf_tree_share(tree, row->self));
		g_autofree char *weight = cf_scale_text(&scale, (double)row->total);
		g_autofree char *count = cf_unit_text_i64(CF_UNIT_COUNT, row->count);

		cf_html_open(html, "tr", "aria-level", level, NULL);
		put_frame(html, tree, row, indent[i]);
		put_number(html, total, share);
		if (!tree->inverted)
			put_number(html, row->hidden ? "" : self, 0);
		put_number(html, weight, 0);
		put_number(html, count, 0);
		cf_html_close(html, "tr");
		cf_html_newline(html);
	}
	cf_html_close(html, "tbody");
	cf_html_close(html, "table");
	cf_html_close(html, "div");
	cf_html_newline(html);
}

void cf_html_tree(struct cf_html *html, const struct cf_node *node)
{
	const struct cf_tree *tree = node->tree;
	g_autoptr(GArray) rows = cf_tree_rows(tree, (uint32_t)MAX(tree->depth, 0), tree->min_share, 0);
	g_autofree char *id = cf_html_id(node->id);

	cf_html_open(html, "figure", "id", id, NULL);
	if (node->text && *node->text)
		cf_html_element(html, "figcaption", NULL, node->text);
	put_tree(html, tree, rows, node->text ? node->text : "call tree");
	if (tree->note)
		cf_html_element(html, "p", "remark", tree->note);
	cf_html_recompute(html, tree->recompute);
	cf_html_close(html, "figure");
	cf_html_newline(html);
}

void cf_html_flame(struct cf_html *html, const struct cf_node *node)
{
	const struct cf_tree *tree = node->tree;
	g_autoptr(GArray) rows = cf_tree_rows(tree, 0, FLAME_MIN_SHARE, FLAME_ROWS);
	g_autofree char *id = cf_html_id(node->id ? node->id : "flame");

	cf_html_open(html, "figure", "class", "flame", NULL);
	cf_html_newline(html);
	if (cf_flame_svg_write(tree, id, node->text, NULL, FALSE, html->opts, html->out, html->diag) < 0)
		html->failed = -1;
	cf_html_newline(html);
	cf_html_open(html, "details", NULL);
	cf_html_element(html, "summary", NULL, "The same as a table");
	cf_html_newline(html);
	put_tree(html, tree, rows, "frames of the flame graph");
	cf_html_close(html, "details");
	cf_html_recompute(html, tree->recompute);
	cf_html_close(html, "figure");
	cf_html_newline(html);
}
