/* SPDX-License-Identifier: MIT */
/* html_figure: graphs, sequences, timelines and charts of the page, each with its tables folded below it. */
#include "render/html.h"

#include "render/cells.h"
#include "render/html_timeline.h"
#include "render/svg.h"

static const char *kind_name(const struct cf_node *node)
{
	return node->kind == CF_GRAPH      ? "graph"
	       : node->kind == CF_SEQUENCE ? "sequence diagram"
	       : node->kind == CF_CHART    ? "chart"
					   : "timeline";
}

int cf_html_picture(struct cf_html *html, const struct cf_node *node, gboolean standalone, char **note)
{
	g_autofree char *id = cf_html_id(node->id);
	const struct cf_svg svg = { .html = html, .id = id, .title = node->text, .standalone = standalone };

	switch (node->kind) {
	case CF_GRAPH:
		return cf_svg_graph(&svg, node->graph, note);
	case CF_SEQUENCE:
		return cf_svg_sequence(&svg, node->sequence, note);
	case CF_CHART:
		return cf_svg_chart(&svg, node->chart, note);
	default:
		return cf_svg_timeline(&svg, node->timeline, note);
	}
}

const struct cf_node *cf_figure_find(const struct cf_doc *doc)
{
	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node))
		if (node->kind == CF_GRAPH || node->kind == CF_SEQUENCE || node->kind == CF_TIMELINE)
			return node;
	return NULL;
}

int cf_figure_write_svg(const struct cf_node *node, const struct cf_render_opts *opts, struct cf_out *out,
			struct cf_diag *diag)
{
	struct cf_html html = { .out = out, .opts = opts, .diag = diag, .open = g_ptr_array_new() };
	g_autofree char *note = NULL;
	int result = cf_html_picture(&html, node, TRUE, &note);

	g_ptr_array_unref(html.open);
	if (result < 0)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL,
				   node->kind == CF_GRAPH
					   ? "graphs are drawn by Graphviz; install it, or write another "
					     "format"
					   : "there is nothing to draw in this document");
	return 0;
}

/* Draws into memory first: whether there is a picture decides what stands around it. */
static char *draw(struct cf_html *html, const struct cf_node *node, char **note)
{
	struct cf_html inner = *html;
	char *picture = NULL;

	inner.out = cf_out_memory();
	if (cf_html_picture(&inner, node, FALSE, note) == 0)
		picture = g_strdup(cf_out_text(inner.out, NULL));
	cf_out_abort(inner.out);
	return picture;
}

void cf_html_figure_open(struct cf_html *html, const struct cf_node *node)
{
	g_autofree char *id = cf_html_id(node->id);
	g_autofree char *note = NULL;
	g_autofree char *picture = draw(html, node, &note);
	const char *remark = picture || note ? note : cf_node_remark(node);

	cf_html_open(html, "figure", "class", "picture", "id", id, NULL);
	if (node->text && *node->text)
		cf_html_element(html, "figcaption", NULL, node->text);
	cf_html_newline(html);
	if (picture) {
		cf_html_open(html, "div", "class", "scroll", "role", "region", "aria-label",
			     node->text && *node->text ? node->text : kind_name(node), "tabindex", "0", NULL);
		cf_html_newline(html);
		cf_out_puts(html->out, picture);
		cf_html_close(html, "div");
		cf_html_newline(html);
		if (node->kind == CF_TIMELINE)
			cf_html_timeline_data(html, node->timeline);
	}
	if (remark)
		cf_html_element(html, "p", "remark", remark);
	html->folded = picture != NULL;
	if (html->folded) {
		cf_html_open(html, "details", NULL);
		cf_html_element(html, "summary", NULL, "The same in words");
	}
	cf_html_newline(html);
}

void cf_html_figure_close(struct cf_html *html)
{
	if (html->folded)
		cf_html_close(html, "details");
	html->folded = FALSE;
	cf_html_close(html, "figure");
	cf_html_newline(html);
}
