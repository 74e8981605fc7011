/* SPDX-License-Identifier: MIT */
/* svg: the SVG writer of graphs, sequences, timelines and charts. */
#include "render/svg.h"

#include <math.h>
#include <string.h>

#include "render/escape.h"
#include "render/text.h"

#define ARROW 8    /* length of an arrow head, pixels */
#define LEAST 0.75 /* of the natural size: smaller words can't be read, so narrow pages scroll */
#define WIDEST 1e6 /* keeps numbers sane whatever the content */

const char cf_figure_css[] =
#include "gen/templates/html/figure.css.inc"
	;

void cf_svg_value(const struct cf_svg *svg, double value)
{
	long tenths = lround(CLAMP(value, -WIDEST, WIDEST) * 10);

	cf_out_printf(svg->html->out, tenths % 10 ? " %s%ld.%ld" : " %s%ld", tenths < 0 ? "-" : "",
		      labs(tenths) / 10, labs(tenths) % 10);
}

void cf_svg_number(const struct cf_svg *svg, const char *attribute, double value)
{
	long tenths = lround(CLAMP(value, -WIDEST, WIDEST) * 10);

	cf_out_printf(svg->html->out, tenths % 10 ? " %s=\"%s%ld.%ld\"" : " %s=\"%s%ld\"", attribute,
		      tenths < 0 ? "-" : "", labs(tenths) / 10, labs(tenths) % 10);
}

void cf_svg_begin(const struct cf_svg *svg, const char *kind, const char *desc, double width, double height)
{
	g_autofree char *class_name =
		g_strdup_printf("cf-fig cf-%s%s", kind, svg->standalone ? " cf-alone" : "");
	g_autofree char *title_id = g_strdup_printf("%s-title", svg->id);
	g_autofree char *desc_id = g_strdup_printf("%s-desc", svg->id);
	g_autofree char *both = g_strdup_printf("%s %s", title_id, desc_id);
	g_autofree char *box = g_strdup_printf("0 0 %ld %ld", lround(width), lround(height));
	g_autofree char *w = g_strdup_printf("%ld", lround(width));
	g_autofree char *h = g_strdup_printf("%ld", lround(height));
	g_autofree char *style = g_strdup_printf("--w:%ld", lround(width * LEAST));

	cf_html_open(svg->html, "svg", "xmlns", svg->standalone ? "http://www.w3.org/2000/svg" : NULL,
		     "class", class_name, "role", "img", "aria-labelledby", both, "viewBox", box, "width", w,
		     "height", h, "style", svg->standalone ? NULL : style, NULL);
	cf_html_newline(svg->html);
	cf_html_open(svg->html, "title", "id", title_id, NULL);
	cf_html_text(svg->html, svg->title && *svg->title ? svg->title : kind);
	cf_html_close(svg->html, "title");
	cf_html_open(svg->html, "desc", "id", desc_id, NULL);
	cf_html_text(svg->html, desc);
	cf_html_close(svg->html, "desc");
	cf_html_newline(svg->html);
	if (svg->standalone) {
		cf_html_open(svg->html, "style", NULL);
		cf_out_puts(svg->html->out, cf_figure_css);
		cf_html_close(svg->html, "style");
		cf_html_newline(svg->html);
		cf_svg_rect(svg, "cf-ground", 0, 0, width, height, 0);
	}
}

void cf_svg_end(const struct cf_svg *svg)
{
	cf_html_close(svg->html, "svg");
	cf_html_newline(svg->html);
}

static void put_class(const struct cf_svg *svg, const char *element, const char *class_name)
{
	cf_out_printf(svg->html->out, "<%s", element);
	if (class_name)
		cf_out_printf(svg->html->out, " class=\"%s\"", class_name);
}

void cf_svg_rect(const struct cf_svg *svg, const char *class_name, double x, double y, double width,
		 double height, double radius)
{
	put_class(svg, "rect", class_name);
	cf_svg_number(svg, "x", x);
	cf_svg_number(svg, "y", y);
	cf_svg_number(svg, "width", width);
	cf_svg_number(svg, "height", height);
	if (radius > 0)
		cf_svg_number(svg, "rx", radius);
	cf_out_puts(svg->html->out, "/>\n");
}

void cf_svg_line(const struct cf_svg *svg, const char *class_name, double x1, double y1, double x2, double y2)
{
	put_class(svg, "line", class_name);
	cf_svg_number(svg, "x1", x1);
	cf_svg_number(svg, "y1", y1);
	cf_svg_number(svg, "x2", x2);
	cf_svg_number(svg, "y2", y2);
	cf_out_puts(svg->html->out, "/>\n");
}

void cf_svg_arrow(const struct cf_svg *svg, const char *class_name, double x, double y, double dx, double dy)
{
	double length = hypot(dx, dy), ux = length > 0 ? dx / length : 1, uy = length > 0 ? dy / length : 0;

	put_class(svg, "path", class_name);
	cf_out_puts(svg->html->out, " d=\"M");
	cf_svg_value(svg, x);
	cf_svg_value(svg, y);
	cf_out_puts(svg->html->out, "L");
	cf_svg_value(svg, x - ARROW * ux + ARROW * uy * 0.42);
	cf_svg_value(svg, y - ARROW * uy - ARROW * ux * 0.42);
	cf_out_puts(svg->html->out, "L");
	cf_svg_value(svg, x - ARROW * ux - ARROW * uy * 0.42);
	cf_svg_value(svg, y - ARROW * uy + ARROW * ux * 0.42);
	cf_out_puts(svg->html->out, "Z\"/>\n");
}

static char *cut(const char *visible, int columns)
{
	static const struct cf_render_opts opts = { .utf8 = TRUE };
	const struct cf_text text = { .opts = &opts };

	return columns ? cf_text_elide(&text, visible, columns, cf_text_is_path(visible)) : g_strdup(visible);
}

int cf_svg_columns(const char *text, int most)
{
	g_autofree char *visible = cf_visible(text, -1, 0);
	int width = cf_display_width(visible);

	return most ? MIN(width, most) : width;
}

void cf_svg_text(const struct cf_svg *svg, const char *class_name, double x, double y, const char *text,
		 int columns)
{
	g_autofree char *visible = cf_visible(text, -1, 0);
	g_autofree char *shown = cut(visible, columns);

	put_class(svg, "text", class_name);
	cf_svg_number(svg, "x", x);
	cf_svg_number(svg, "y", y);
	cf_out_puts(svg->html->out, ">");
	cf_html_text(svg->html, shown);
	if (strcmp(shown, visible))
		cf_html_element(svg->html, "title", NULL, visible);
	cf_out_puts(svg->html->out, "</text>\n");
}
