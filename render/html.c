/* SPDX-License-Identifier: MIT */
/* html: a document as one self-contained page. */
#include "render/html.h"

#include <string.h>

#include "render/cells.h"
#include "render/escape.h"
#include "render/flame.h"
#include "render/html_timeline.h"
#include "render/svg.h"
#include "render/walk.h"

#define CONTENTS_FROM 3 /* sections; fewer need no list of contents */

static const char style_css[] =
#include "gen/templates/html/style.css.inc"
	;

static const char timeline_css[] =
#include "gen/templates/html/timeline.css.inc"
	;

static const char report_js[] = "(function () {\n'use strict';\n"
#include "gen/templates/html/copy.js.inc"
#include "gen/templates/html/report.js.inc"
				"})();\n";

/* Nothing is loaded from anywhere, whatever a name may say. */
static const char policy[] = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
			     "img-src data:; base-uri 'none'; form-action 'none'";

/* Before anything is painted: the theme that was chosen last. */
static const char theme_js[] =
	"document.documentElement.classList.add('js');"
	"try{var t=localStorage.getItem('callflow-theme');"
	"if(t==='light'||t==='dark')document.documentElement.setAttribute('data-theme',t)}catch(e){}";

static gboolean enter_section(void *ctx, const struct cf_node *node)
{
	static const char *const headings[] = { "h2", "h3", "h4", "h5", "h6" };
	struct cf_html *html = ctx;
	const char *heading = headings[CLAMP(cf_section_depth(node) - 1, 0, 4)];
	g_autofree char *id = cf_html_id(node->id);

	if (!cf_node_has_content(node))
		return TRUE;
	cf_html_open(html, "section", "id", id, NULL);
	if (node->text && *node->text)
		cf_html_element(html, heading, NULL, node->text);
	cf_html_newline(html);
	return FALSE;
}

static void leave_section(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return;
	cf_html_close(ctx, "section");
	cf_html_newline(ctx);
}

static const char *element_of(const struct cf_node *node)
{
	switch (node->kind) {
	case CF_EMPH:
		return "em";
	case CF_STRONG:
		return "strong";
	case CF_LIST:
		return node->ordered ? "ol" : "ul";
	default:
		return "li";
	}
}

static gboolean enter_simple(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return TRUE;
	cf_html_open(ctx, element_of(node), NULL);
	return FALSE;
}

/* The headline stands in the head of the page, not again in its text. */
static gboolean enter_para(void *ctx, const struct cf_node *node)
{
	struct cf_html *html = ctx;

	if (!cf_node_has_content(node) || (node == html->headline && html->in_main))
		return TRUE;
	cf_html_open(html, "p", "class", node == html->headline ? "headline" : NULL, NULL);
	return FALSE;
}

static void leave_para(void *ctx, const struct cf_node *node)
{
	struct cf_html *html = ctx;

	if (!cf_node_has_content(node) || (node == html->headline && html->in_main))
		return;
	cf_html_close(html, "p");
	cf_html_newline(html);
}

static void leave_simple(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return;
	cf_html_close(ctx, element_of(node));
	if (!cf_node_is_inline(node))
		cf_html_newline(ctx);
}

static gboolean enter_text(void *ctx, const struct cf_node *node)
{
	cf_html_text(ctx, node->text);
	return TRUE;
}

static gboolean enter_code(void *ctx, const struct cf_node *node)
{
	struct cf_html *html = ctx;
	g_auto(GStrv) lines = NULL;

	if (!node->text || !*node->text)
		return TRUE;
	if (cf_node_is_inline(node)) {
		cf_html_element(html, "code", NULL, node->text);
		return TRUE;
	}
	lines = g_strsplit(node->text, "\n", -1);
	cf_html_open(html, "pre", "tabindex", "0", NULL);
	cf_html_open(html, "code", NULL);
	for (size_t i = 0; lines[i]; i++) {
		g_auto(GStrv) stops = g_strsplit(lines[i], "\t", -1);

		if (i && (lines[i + 1] || *lines[i]))
			cf_html_newline(html);
		for (size_t j = 0; stops[j]; j++) {
			cf_out_puts(html->out, j ? "\t" : "");
			cf_escape_html(html->out, stops[j]);
		}
	}
	cf_html_close(html, "code");
	cf_html_close(html, "pre");
	cf_html_newline(html);
	return TRUE;
}

static gboolean enter_link(void *ctx, const struct cf_node *node)
{
	const char *target = cf_link_target(node);

	if (target)
		cf_html_open(ctx, "a", "href", target, "rel", *target == '#' ? NULL : "noopener noreferrer",
			     NULL);
	return FALSE;
}

static void leave_link(void *ctx, const struct cf_node *node)
{
	if (cf_link_target(node))
		cf_html_close(ctx, "a");
}

static gboolean enter_callout(void *ctx, const struct cf_node *node)
{
	static const char *const classes[] = { "callout", "callout attention", "callout fail" };
	static const char *const words[] = { "Note", "Attention", "Failed" };
	struct cf_html *html = ctx;

	if (!cf_node_has_content(node))
		return TRUE;
	cf_html_open(html, "div", "class", classes[node->level], "role", "note", NULL);
	cf_html_element(html, "p", "level", words[node->level]);
	cf_html_newline(html);
	return FALSE;
}

static void leave_callout(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return;
	cf_html_close(ctx, "div");
	cf_html_newline(ctx);
}

static gboolean enter_table(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return TRUE;
	if (node->kind == CF_TABLE)
		cf_html_table(ctx, node);
	else if (node->kind == CF_TREE)
		cf_html_tree(ctx, node);
	else
		cf_html_flame(ctx, node);
	return TRUE;
}

static gboolean enter_figure(void *ctx, const struct cf_node *node)
{
	if (!cf_node_has_content(node))
		return TRUE;
	cf_html_figure_open(ctx, node);
	return FALSE;
}

static void leave_figure(void *ctx, const struct cf_node *node)
{
	if (cf_node_has_content(node))
		cf_html_figure_close(ctx);
}

static gboolean enter_rule(void *ctx, const struct cf_node *node)
{
	cf_html_open(ctx, "hr", NULL);
	cf_html_newline(ctx);
	return TRUE;
}

static const struct cf_handler handlers[CF_KINDS] = {
	[CF_SECTION] = { enter_section, leave_section },
	[CF_PARA] = { enter_para, leave_para },
	[CF_TEXT] = { enter_text, NULL },
	[CF_EMPH] = { enter_simple, leave_simple },
	[CF_STRONG] = { enter_simple, leave_simple },
	[CF_CODE] = { enter_code, NULL },
	[CF_LINK] = { enter_link, leave_link },
	[CF_LIST] = { enter_simple, leave_simple },
	[CF_ITEM] = { enter_simple, leave_simple },
	[CF_CALLOUT] = { enter_callout, leave_callout },
	[CF_TABLE] = { enter_table, NULL },
	[CF_TREE] = { enter_table, NULL },
	[CF_FLAME] = { enter_table, NULL },
	[CF_GRAPH] = { enter_figure, leave_figure },
	[CF_SEQUENCE] = { enter_figure, leave_figure },
	[CF_TIMELINE] = { enter_figure, leave_figure },
	[CF_CHART] = { enter_figure, leave_figure },
	[CF_RULE] = { enter_rule, NULL },
};

static const char *page_title(const struct cf_doc *doc)
{
	return doc->title && *doc->title ? doc->title : "callflow";
}

static const char *version(const struct cf_html *html)
{
	return html->opts->version ? html->opts->version : CF_VERSION;
}

static void put_head(struct cf_html *html, const struct cf_doc *doc)
{
	g_autofree char *generator = g_strdup_printf("callflow %s", version(html));

	cf_html_open(html, "head", NULL);
	cf_html_newline(html);
	cf_html_open(html, "meta", "charset", "utf-8", NULL);
	cf_html_newline(html);
	cf_html_open(html, "meta", "http-equiv", "Content-Security-Policy", "content", policy, NULL);
	cf_html_newline(html);
	cf_html_open(html, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1",
		     NULL);
	cf_html_newline(html);
	cf_html_open(html, "meta", "name", "color-scheme", "content", "light dark", NULL);
	cf_html_newline(html);
	cf_html_open(html, "meta", "name", "generator", "content", generator, NULL);
	cf_html_newline(html);
	cf_html_element(html, "title", NULL, page_title(doc));
	cf_html_newline(html);
	cf_html_open(html, "style", NULL);
	cf_html_newline(html);
	cf_out_puts(html->out, style_css);
	if (cf_doc_find(doc, CF_FLAME))
		cf_out_puts(html->out, cf_flame_css);
	if (cf_doc_find(doc, CF_GRAPH) || cf_doc_find(doc, CF_SEQUENCE) || cf_doc_find(doc, CF_TIMELINE) ||
	    cf_doc_find(doc, CF_CHART))
		cf_out_puts(html->out, cf_figure_css);
	if (cf_doc_find(doc, CF_TIMELINE))
		cf_out_puts(html->out, timeline_css);
	cf_html_close(html, "style");
	cf_html_newline(html);
	cf_html_open(html, "script", NULL);
	cf_out_puts(html->out, theme_js);
	cf_html_close(html, "script");
	cf_html_newline(html);
	cf_html_close(html, "head");
	cf_html_newline(html);
}

/* A pass is only worth a word when something was judged, which a document doesn't say: silence is a pass. */
static void put_verdict(struct cf_html *html, const struct cf_doc *doc)
{
	const gboolean failed = doc->verdict == CF_VERDICT_FAIL;

	if (doc->verdict == CF_VERDICT_PASS)
		return;
	cf_html_open(html, "p", "class", failed ? "verdict fail" : "verdict attention", NULL);
	cf_html_text(html, failed ? "Failed" : "Needs attention");
	if (doc->judged) {
		g_autofree char *id = cf_html_id(doc->judged->id);
		g_autofree char *href = g_strconcat("#", id, NULL);

		cf_html_text(html, ": ");
		cf_html_open(html, "a", "href", href, NULL);
		cf_html_text(html, doc->judged->text);
		cf_html_close(html, "a");
	}
	cf_html_close(html, "p");
}

static void put_page_head(struct cf_html *html, const struct cf_doc *doc)
{
	cf_html_open(html, "header", NULL);
	cf_html_newline(html);
	put_verdict(html, doc);
	cf_html_element(html, "h1", NULL, page_title(doc));
	cf_html_newline(html);
	if (html->headline)
		cf_walk(html->headline, handlers, html);
	if (doc->inputs->len) {
		cf_html_open(html, "ul", "class", "runs", "aria-label", "Recordings", NULL);
		for (guint i = 0; i < doc->inputs->len; i++)
			if (g_array_index(doc->inputs, struct cf_doc_input, i).text)
				cf_html_element(html, "li", NULL,
						g_array_index(doc->inputs, struct cf_doc_input, i).text);
		cf_html_close(html, "ul");
		cf_html_newline(html);
	}
	cf_html_close(html, "header");
	cf_html_newline(html);
}

static void put_contents(struct cf_html *html, const struct cf_doc *doc)
{
	unsigned sections = 0;

	for (const struct cf_node *node = doc->root->first; node; node = node->next)
		sections += node->kind == CF_SECTION && node->text && cf_node_has_content(node);
	if (sections < CONTENTS_FROM)
		return;
	cf_html_open(html, "nav", "aria-label", "Contents", NULL);
	cf_html_open(html, "ul", NULL);
	for (const struct cf_node *node = doc->root->first; node; node = node->next) {
		g_autofree char *id = cf_html_id(node->id), *href = NULL;

		if (node->kind != CF_SECTION || !node->text || !id || !cf_node_has_content(node))
			continue;
		href = g_strdup_printf("#%s", id);
		cf_html_open(html, "li", NULL);
		cf_html_open(html, "a", "href", href, NULL);
		cf_html_text(html, node->text);
		cf_html_close(html, "a");
		cf_html_close(html, "li");
	}
	cf_html_close(html, "ul");
	cf_html_close(html, "nav");
	cf_html_newline(html);
}

static void put_provenance(struct cf_html *html, const struct cf_doc *doc)
{
	if (!doc->inputs->len)
		return;
	cf_html_open(html, "section", "id", "cf-inputs", NULL);
	cf_html_element(html, "h2", NULL, "Where these numbers come from");
	cf_html_newline(html);
	cf_html_scroller(html, "inputs", FALSE);
	cf_html_open(html, "table", "class", "inputs", NULL);
	cf_html_open(html, "thead", NULL);
	cf_html_open(html, "tr", NULL);
	cf_html_open(html, "th", "scope", "col", "class", "num", NULL);
	cf_html_text(html, "run");
	cf_html_close(html, "th");
	cf_html_open(html, "th", "scope", "col", NULL);
	cf_html_text(html, "name");
	cf_html_close(html, "th");
	cf_html_open(html, "th", "scope", "col", NULL);
	cf_html_text(html, "content hash");
	cf_html_close(html, "th");
	cf_html_close(html, "tr");
	cf_html_close(html, "thead");
	cf_html_open(html, "tbody", NULL);
	for (guint i = 0; i < doc->inputs->len; i++) {
		const struct cf_doc_input *input = &g_array_index(doc->inputs, struct cf_doc_input, i);
		g_autofree char *run = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)input->run);

		cf_html_open(html, "tr", NULL);
		cf_html_element(html, "td", "num", run);
		cf_html_open(html, "td", NULL);
		cf_html_element(html, "code", NULL, input->name ? input->name : "");
		cf_html_close(html, "td");
		cf_html_open(html, "td", NULL);
		cf_html_element(html, "code", NULL, input->hash ? input->hash : "");
		cf_html_close(html, "td");
		cf_html_close(html, "tr");
	}
	cf_html_close(html, "tbody");
	cf_html_close(html, "table");
	cf_html_close(html, "div");
	cf_html_newline(html);
	cf_html_close(html, "section");
	cf_html_newline(html);
}

static void put_scripts(struct cf_html *html, const struct cf_doc *doc)
{
	cf_html_open(html, "script", NULL);
	cf_html_newline(html);
	cf_out_puts(html->out, report_js);
	if (cf_doc_find(doc, CF_FLAME))
		cf_out_puts(html->out, cf_flame_js);
	if (cf_doc_find(doc, CF_TIMELINE))
		cf_out_puts(html->out, cf_timeline_js);
	cf_html_close(html, "script");
	cf_html_newline(html);
}

/* node or the next beside it that says something. */
static const struct cf_node *first_seen(const struct cf_node *node)
{
	while (node && !cf_node_has_content(node))
		node = node->next;
	return node;
}

/* In a report, the first words before any heading are its message. */
static const struct cf_node *find_headline(const struct cf_doc *doc)
{
	const struct cf_node *first = first_seen(doc->root->first);

	while (first && first->kind == CF_SECTION && !(first->text && *first->text))
		first = first_seen(first->first);
	return cf_doc_has_headings(doc) && first && first->kind == CF_PARA ? first : NULL;
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	struct cf_html html = { .out = out,
				.opts = opts,
				.diag = diag,
				.open = g_ptr_array_new(),
				.headline = find_headline(doc) };
	g_autofree char *footer = g_strdup_printf("Written by callflow %s.", version(&html));

	cf_out_puts(out, "<!doctype html>\n");
	cf_html_open(&html, "html", "lang", "en", NULL);
	cf_html_newline(&html);
	put_head(&html, doc);
	cf_html_open(&html, "body", NULL);
	cf_html_newline(&html);
	cf_html_open(&html, "a", "class", "skip", "href", "#cf-main", NULL);
	cf_html_text(&html, "Skip to the content");
	cf_html_close(&html, "a");
	cf_html_newline(&html);
	put_page_head(&html, doc);
	put_contents(&html, doc);
	cf_html_open(&html, "main", "id", "cf-main", NULL);
	cf_html_newline(&html);
	html.in_main = TRUE;
	cf_walk(doc->root, handlers, &html);
	put_provenance(&html, doc);
	cf_html_close(&html, "main");
	cf_html_newline(&html);
	cf_html_element(&html, "footer", NULL, footer);
	cf_html_newline(&html);
	put_scripts(&html, doc);
	cf_html_close(&html, "body");
	cf_html_newline(&html);
	cf_html_close(&html, "html");
	cf_html_newline(&html);
	g_assert(html.open->len == 0);
	g_ptr_array_unref(html.open);
	return html.failed;
}

const struct cf_renderer cf_renderer_html = {
	.name = "html",
	.extensions = "html htm",
	.summary = "one self-contained page",
	.render = render,
};
