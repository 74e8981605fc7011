/* SPDX-License-Identifier: MIT */
/* flame_svg: the interactive picture: boxes that any viewer draws, and data for the script that takes over.
 */
#include "render/flame.h"

#include <math.h>
#include <string.h>

#include "render/escape.h"
#include "render/flame_cairo.h"
#include "render/flame_data.h"
#include "render/flame_scene.h"
#include "render/html.h"
#include "render/xml_writer.h"

#define NAMED_PX 12 /* boxes from this width on have a tooltip in the markup; the script has all of them */

const char cf_flame_css[] = {
#include "gen/templates/html/flame.css.inc"
};

const char cf_flame_js[] = "(function () {\n'use strict';\n"
#include "gen/templates/html/copy.js.inc"
#include "gen/templates/html/flame_text.js.inc"
#include "gen/templates/html/flame_model.js.inc"
#include "gen/templates/html/flame_difference.js.inc"
#include "gen/templates/html/flame_map.js.inc"
#include "gen/templates/html/flame.js.inc"
			   "})();\n";

/* Tenths of a pixel, without a locale and without ".0". By hand: boxes are mostly numbers. */
static void append_px(GString *s, double value)
{
	char digits[24], *at = digits + sizeof(digits);
	long tenths = lround(value * 10);
	unsigned long rest = tenths < 0 ? -(unsigned long)tenths : (unsigned long)tenths;

	if (rest % 10) {
		*--at = (char)('0' + rest % 10);
		*--at = '.';
	}
	do
		*--at = (char)('0' + (rest /= 10) % 10);
	while (rest >= 10);
	if (tenths < 0)
		*--at = '-';
	g_string_append_len(s, at, digits + sizeof(digits) - at);
}

static void attr_px(struct cf_markup *m, const char *name, double value)
{
	g_autoptr(GString) s = g_string_new(NULL);

	append_px(s, value);
	cf_markup_attribute(m, name, s->str);
}

/* A box as a path: half as long as a rect, and boxes without words share one element. */
static void append_box(GString *d, const struct cf_flame_rect *rect)
{
	double gap = rect->width > 3 ? 0.7 : 0, width = MAX(rect->width - gap, 0.1);

	g_string_append_c(d, 'M');
	append_px(d, rect->x);
	g_string_append_c(d, ' ');
	append_px(d, rect->y);
	g_string_append_c(d, 'h');
	append_px(d, width);
	g_string_append_printf(d, "v%dh-", CF_FLAME_BOX_HEIGHT);
	append_px(d, width);
	g_string_append_c(d, 'z');
}

static void text_at(struct cf_markup *m, const char *class, double x, double y, const char *content)
{
	cf_markup_start(m, "text");
	if (class)
		cf_markup_attribute(m, "class", class);
	attr_px(m, "x", x);
	attr_px(m, "y", y);
	cf_markup_text(m, content);
	cf_markup_end(m);
}

static void write_head(struct cf_markup *m, const struct cf_flame_scene *scene)
{
	cf_markup_start(m, "g");
	cf_markup_attribute(m, "class", "cf-head");
	if (*scene->title)
		text_at(m, "cf-title", CF_FLAME_MARGIN, scene->title_y, scene->title);
	for (guint i = 0; i < scene->caption->len; i++)
		text_at(m, NULL, CF_FLAME_MARGIN, scene->caption_y + 17.0 * i,
			g_ptr_array_index(scene->caption, i));
	for (guint i = 0; i < scene->legend->len; i++) {
		const struct cf_flame_legend *entry =
			&g_array_index(scene->legend, struct cf_flame_legend, i);
		g_autofree char *class = g_strdup_printf("cf-c%u", entry->color);

		if (entry->swatch) {
			cf_markup_start(m, "rect");
			cf_markup_attribute(m, "class", class);
			attr_px(m, "x", entry->x);
			attr_px(m, "y", entry->y);
			cf_markup_attribute(m, "width", "12");
			cf_markup_attribute(m, "height", "12");
			cf_markup_end(m);
		}
		text_at(m, NULL, entry->x + (entry->swatch ? 17 : 0), entry->y + 10.5, entry->label);
	}
	cf_markup_end(m);
	cf_markup_newline(m);
}

/* Slanted lines over a box, so that what is on one side only isn't told by colour alone. */
static void write_hatch(struct cf_markup *m, const struct cf_flame_rect *rect)
{
	g_autoptr(GString) d = g_string_new(NULL);
	double right = rect->x + rect->width - 1;

	for (double x = rect->x - CF_FLAME_BOX_HEIGHT; x < right; x += 6) {
		double from = MAX(x, rect->x), to = MIN(x + CF_FLAME_BOX_HEIGHT, right);

		if (to <= from)
			continue;
		g_string_append_c(d, 'M');
		append_px(d, from);
		g_string_append_c(d, ' ');
		append_px(d, rect->y + CF_FLAME_BOX_HEIGHT - (from - x));
		g_string_append_c(d, 'L');
		append_px(d, to);
		g_string_append_c(d, ' ');
		append_px(d, rect->y + CF_FLAME_BOX_HEIGHT - (to - x));
	}
	cf_markup_start(m, "path");
	cf_markup_attribute(m, "class", "cf-hatch");
	cf_markup_attribute(m, "d", d->str);
	cf_markup_end(m);
}

/* A box of some width: tooltip, shape, label. */
static void write_named(struct cf_markup *m, const struct cf_flame_scene *scene,
			const struct cf_flame_box *box)
{
	struct cf_flame_rect rect = cf_flame_scene_rect(scene, box);
	g_autofree char *title = cf_flame_box_title(scene, box);
	g_autofree char *name = cf_flame_box_name(scene, box);
	g_autofree char *label = cf_flame_label(name, rect.width);
	g_autoptr(GString) d = g_string_new(NULL);

	cf_markup_start(m, "g");
	cf_markup_start(m, "title");
	cf_markup_text(m, title);
	cf_markup_end(m);
	append_box(d, &rect);
	cf_markup_start(m, "path");
	cf_markup_attribute(m, "d", d->str);
	cf_markup_end(m);
	if (scene->hatched &&
	    scene->hatched[box - &g_array_index(scene->layout.boxes, struct cf_flame_box, 0)])
		write_hatch(m, &rect);
	if (label)
		text_at(m, NULL, rect.x + 3, rect.y + 12.5, label);
	cf_markup_end(m);
}

/* Boxes by colour, so that the colour is named once. */
static void write_boxes(struct cf_markup *m, const struct cf_flame_scene *scene)
{
	const GArray *boxes = scene->layout.boxes;
	guint starts[CF_FLAME_COLORS + 1] = { 0 };
	g_autofree guint *order = g_new(guint, boxes->len);

	for (guint i = 0; i < boxes->len; i++)
		starts[scene->colors[i] + 1]++;
	for (guint c = 0; c < CF_FLAME_COLORS; c++)
		starts[c + 1] += starts[c];
	for (guint i = 0; i < boxes->len; i++)
		order[starts[scene->colors[i]]++] = i; /* starts[c] becomes the end of c */

	cf_markup_start(m, "g");
	cf_markup_attribute(m, "class", "cf-boxes");
	for (guint c = 0, i = 0; c < CF_FLAME_COLORS; i = starts[c++]) {
		g_autofree char *class = g_strdup_printf("cf-c%u", c);
		g_autoptr(GString) thin = g_string_new(NULL);

		if (i == starts[c])
			continue;
		cf_markup_start(m, "g");
		cf_markup_attribute(m, "class", class);
		for (guint k = i; k < starts[c]; k++) {
			const struct cf_flame_box *box = &g_array_index(boxes, struct cf_flame_box, order[k]);
			struct cf_flame_rect rect = cf_flame_scene_rect(scene, box);

			/* of a comparison, what isn't on the side that widths are of */
			if (rect.width <= 0)
				continue;
			if (rect.width >= NAMED_PX)
				write_named(m, scene, box);
			else
				append_box(thin, &rect);
		}
		if (thin->len) {
			cf_markup_start(m, "path");
			cf_markup_attribute(m, "d", thin->str);
			cf_markup_end(m);
		}
		cf_markup_end(m);
		cf_markup_newline(m);
	}
	cf_markup_end(m);
	cf_markup_newline(m);
}

static void write_data(struct cf_markup *m, const struct cf_flame_scene *scene,
		       const struct cf_render_opts *opts)
{
	struct cf_out *memory = cf_out_memory();
	const char *data;
	size_t len;

	cf_flame_data_write(scene, opts, memory);
	data = cf_out_text(memory, &len);
	cf_markup_start(m, "metadata");
	if (len > G_MAXINT)
		m->failed = TRUE;
	else /* the JSON writer leaves no markup characters in it */
		cf_markup_raw(m, data, len);
	cf_markup_end(m);
	cf_markup_newline(m);
	cf_out_abort(memory);
}

static void write_root(struct cf_markup *m, const struct cf_flame_scene *scene, const char *id,
		       gboolean standalone)
{
	g_autofree char *title_id = g_strdup_printf("%s-title", id);
	g_autofree char *desc_id = g_strdup_printf("%s-desc", id);
	g_autofree char *labels = g_strdup_printf("%s %s", title_id, desc_id);
	g_autofree char *box = g_strdup_printf("0 0 %d %d", scene->width, scene->height);
	g_autoptr(GString) words = g_string_new("Flame graph. ");

	cf_markup_start(m, "svg");
	cf_markup_attribute(m, "xmlns", "http://www.w3.org/2000/svg");
	cf_markup_attribute(m, "id", id);
	cf_markup_attribute(m, "class", standalone ? "cf-flame cf-alone" : "cf-flame");
	attr_px(m, "width", scene->width);
	attr_px(m, "height", scene->height);
	cf_markup_attribute(m, "viewBox", box);
	cf_markup_attribute(m, "role", "img");
	cf_markup_attribute(m, "aria-labelledby", labels);
	cf_markup_newline(m);
	cf_markup_start(m, "title");
	cf_markup_attribute(m, "id", title_id);
	cf_markup_text(m, *scene->title ? scene->title : "Flame graph");
	cf_markup_end(m);
	cf_markup_start(m, "desc");
	cf_markup_attribute(m, "id", desc_id);
	for (guint i = 0; i < scene->runs->len; i++)
		g_string_append_printf(words, "%s. ", (const char *)g_ptr_array_index(scene->runs, i));
	for (guint i = 0; i < scene->notes->len; i++)
		g_string_append_printf(words, "%s. ", (const char *)g_ptr_array_index(scene->notes, i));
	cf_markup_text(m, words->str);
	cf_markup_end(m);
	cf_markup_newline(m);
}

static void write_cdata_element(struct cf_markup *m, const char *element, const char *content)
{
	cf_markup_start(m, element);
	cf_markup_cdata(m, content);
	cf_markup_end(m);
	cf_markup_newline(m);
}

static void write_svg(struct cf_markup *m, const struct cf_flame_scene *scene,
		      const struct cf_render_opts *opts, const char *id, gboolean standalone)
{
	if (standalone)
		cf_markup_document(m);
	write_root(m, scene, id, standalone);
	if (standalone) {
		write_cdata_element(m, "style", cf_flame_css);
		cf_markup_start(m, "rect");
		cf_markup_attribute(m, "class", "cf-ground");
		cf_markup_attribute(m, "width", "100%");
		cf_markup_attribute(m, "height", "100%");
		cf_markup_end(m);
		cf_markup_newline(m);
	}
	write_head(m, scene);
	write_boxes(m, scene);
	write_data(m, scene, opts);
	if (standalone)
		write_cdata_element(m, "script", cf_flame_js);
	cf_markup_end(m);
	cf_markup_newline(m);
}

/* Ids are the document's own, never names; all the same, only plain ones get into the markup. */
static char *plain_id(const char *id)
{
	char *plain = g_strdup(id && *id ? id : "flame");

	return g_strcanon(plain, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '-');
}

int cf_flame_svg_write(const struct cf_tree *tree, const char *id, const char *title, const GArray *inputs,
		       gboolean standalone, const struct cf_render_opts *opts, struct cf_out *out,
		       struct cf_diag *diag)
{
	g_autofree char *own_id = plain_id(id);
	struct cf_flame_scene scene;
	struct cf_markup markup;

	if (cf_markup_open(&markup, out, diag) < 0)
		return -1;
	cf_flame_scene_init(&scene, tree, title, inputs, opts);
	write_svg(&markup, &scene, opts, own_id, standalone);
	cf_flame_scene_clear(&scene);
	return cf_markup_close(&markup, "flame graph", diag);
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	const struct cf_node *node = cf_doc_find(doc, CF_FLAME);
	const char *title;

	if (!node && cf_figure_find(doc))
		return cf_figure_write_svg(cf_figure_find(doc), opts, out, diag);
	if (opts->static_svg)
		return cf_flame_static_svg(doc, opts, out, diag);
	if (!node)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no flame graph to draw in this document");
	title = node->text ? node->text : doc->title;
	return cf_flame_svg_write(node->tree, node->id, title, doc->inputs, TRUE, opts, out, diag);
}

const struct cf_renderer cf_renderer_svg = {
	.name = "svg",
	.extensions = "svg",
	.summary = "a picture: an interactive flame graph, or a graph, sequence or timeline",
	.picture = TRUE,
	.render = render,
};
