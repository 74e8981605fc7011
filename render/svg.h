/* SPDX-License-Identifier: MIT */
/* svg: the SVG writer of graphs, sequences, timelines and charts, inside a page or alone. */
#ifndef CF_RENDER_SVG_H
#define CF_RENDER_SVG_H

#include "core/chart.h"
#include "core/graph.h"
#include "core/sequence.h"
#include "core/timeline.h"
#include "render/html.h"

/* Pixels. Words are monospaced, so that what they need is known without font metrics. */
#define CF_SVG_CHAR 7.25 /* advance of a character of the normal size, 12 px */
#define CF_SVG_SMALL 6.4 /* of the small size, 10.5 px */

/* The look of all of them: by the page's CSS variables, light where there are none. */
extern const char cf_figure_css[];

/* What a drawing needs besides its content. Zero-initialised but for html and id. */
struct cf_svg {
	struct cf_html *html;
	const char *id;      /* unique in the page */
	const char *title;   /* NULL: what kind of picture it is */
	gboolean standalone; /* a file of its own: namespace, style and ground in it */
};

/* <svg> with role, title and description; content is in pixels, 0 0 width height. */
void cf_svg_begin(const struct cf_svg *svg, const char *kind, const char *desc, double width, double height);
void cf_svg_end(const struct cf_svg *svg);
void cf_svg_rect(const struct cf_svg *svg, const char *class_name, double x, double y, double width,
		 double height, double radius);
void cf_svg_line(const struct cf_svg *svg, const char *class_name, double x1, double y1, double x2,
		 double y2);
/* The head of an arrow that comes to (x, y) in the direction (dx, dy). */
void cf_svg_arrow(const struct cf_svg *svg, const char *class_name, double x, double y, double dx, double dy);
/* Text is made printable; cut to columns (0: not at all), with the whole of it as a tooltip then. */
void cf_svg_text(const struct cf_svg *svg, const char *class_name, double x, double y, const char *text,
		 int columns);
/* Columns that text takes when it is cut to most. */
int cf_svg_columns(const char *text, int most);
/* " x=\"12.5\"": a number with at most one decimal, in any locale. */
void cf_svg_number(const struct cf_svg *svg, const char *attribute, double value);
/* The same in the middle of an attribute, after a space. */
void cf_svg_value(const struct cf_svg *svg, double value);

/*
 * Draw what a node has. -1 without a message when there is no way to: a graph without dot, a chart without gnuplot. A
 * message, as a warning, when those fail. What isn't drawn is said in *note, which the caller frees; it is NULL when all
 * is there. In a page a chart is drawn twice, for wide and for narrow windows.
 */
int cf_svg_graph(const struct cf_svg *svg, const struct cf_graph *graph, char **note);
int cf_svg_sequence(const struct cf_svg *svg, const struct cf_sequence *sequence, char **note);
int cf_svg_timeline(const struct cf_svg *svg, const struct cf_timeline *timeline, char **note);
int cf_svg_chart(const struct cf_svg *svg, const struct cf_chart *chart, char **note);

#endif
