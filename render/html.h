/* SPDX-License-Identifier: MIT */
/* html: the HTML writer, and what the parts of the page share. */
#ifndef CF_RENDER_HTML_H
#define CF_RENDER_HTML_H

#include "render/renderer.h"

struct cf_html {
	struct cf_out *out;
	const struct cf_render_opts *opts;
	struct cf_diag *diag;
	GPtrArray *open;                /* names of the elements that are open, innermost last */
	const struct cf_node *headline; /* the paragraph set large below the title, or NULL */
	gboolean in_main;               /* the head of the page is written */
	gboolean folded;                /* in the tables below a picture */
	int failed;                     /* -1 when a picture could not be drawn; said already */
};

/*
 * Opens an element. Then come pairs of attribute name and value up to NULL; a pair whose value is NULL is
 * left out, an empty value writes the bare name. Values are escaped. Void elements are complete at once.
 */
void cf_html_open(struct cf_html *html, const char *element, ...) G_GNUC_NULL_TERMINATED;
void cf_html_close(struct cf_html *html, const char *element); /* asserts that it is the innermost */
/* An element with text in it and nothing else but a class, which may be NULL. */
void cf_html_element(struct cf_html *html, const char *element, const char *class_name, const char *raw);
void cf_html_text(struct cf_html *html, const char *raw); /* line ends become spaces */
void cf_html_newline(struct cf_html *html);
/* An id that is safe in markup and in a fragment: letters, digits, _ and -. NULL for NULL. Caller frees. */
char *cf_html_id(const char *id);

void cf_html_table(struct cf_html *html, const struct cf_node *node);
void cf_html_tree(struct cf_html *html, const struct cf_node *node);
void cf_html_flame(struct cf_html *html, const struct cf_node *node);
/* A graph, sequence or timeline; between the two come its tables. */
void cf_html_figure_open(struct cf_html *html, const struct cf_node *node);
void cf_html_figure_close(struct cf_html *html);
/*
 * Its <svg> alone; standalone: as a file of its own. -1 where it can't be drawn. *note: what isn't drawn, or NULL;
 * caller frees.
 */
int cf_html_picture(struct cf_html *html, const struct cf_node *node, gboolean standalone, char **note);
/* <p>recompute <code>command</code></p>, nothing for NULL. */
void cf_html_recompute(struct cf_html *html, const char *command);
/* The box that scrolls when its table is too wide or, with tall, too long for the window. */
void cf_html_scroller(struct cf_html *html, const char *label, gboolean tall);

/* The first graph, sequence or timeline of the document, or NULL; and its picture as a file. -1 with a message. */
const struct cf_node *cf_figure_find(const struct cf_doc *doc);
int cf_figure_write_svg(const struct cf_node *node, const struct cf_render_opts *opts, struct cf_out *out,
			struct cf_diag *diag);

#endif
