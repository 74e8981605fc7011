/* SPDX-License-Identifier: MIT */
/* flame_cairo: flame graphs as pictures without script: PNG, PDF, and SVG for print. */
#include "render/flame_cairo.h"

#include <string.h>

#include "render/drawing.h"
#include "render/escape.h"
#include "render/flame_scene.h"

#define CAIRO_MAX_PX 32767

/* What draws, and where. */
struct pen {
	const struct cf_drawing *lib;
	cairo_t *cr;
	PangoContext *context;
};

static cairo_status_t write_out(void *closure, const unsigned char *data, unsigned int len)
{
	cf_out_write(closure, data, len); /* errors stick to the output and are reported when it is closed */
	return CAIRO_STATUS_SUCCESS;
}

static void set_rgb(const struct pen *pen, uint32_t rgb)
{
	pen->lib->cairo_set_source_rgb(pen->cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0,
				       (rgb & 255) / 255.0);
}

/*
 * A font map of its own: the shared one would live as long as the process. Metrics aren't hinted, so that
 * text has the same width in all media.
 */
static PangoContext *new_context(const struct pen *pen)
{
	PangoFontMap *map = pen->lib->pango_cairo_font_map_new();
	PangoContext *context = pen->lib->pango_font_map_create_context(map);
	cairo_font_options_t *options = pen->lib->cairo_font_options_create();

	pen->lib->cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pen->lib->cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_SLIGHT);
	pen->lib->cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pen->lib->pango_cairo_context_set_font_options(context, options);
	pen->lib->pango_cairo_update_context(pen->cr, context);
	pen->lib->cairo_font_options_destroy(options);
	pen->lib->g_object_unref(map); /* the context keeps it */
	return context;
}

/* A text layout of absolute size, so that the picture doesn't depend on the screen's resolution. */
static PangoLayout *new_text(const struct pen *pen, const char *family, int px, gboolean bold)
{
	PangoLayout *layout = pen->lib->pango_layout_new(pen->context);
	PangoFontDescription *font = pen->lib->pango_font_description_new();

	pen->lib->pango_font_description_set_family(font, family);
	pen->lib->pango_font_description_set_absolute_size(font, px * (double)PANGO_SCALE);
	if (bold)
		pen->lib->pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pen->lib->pango_layout_set_font_description(layout, font);
	pen->lib->pango_font_description_free(font);
	pen->lib->pango_layout_set_single_paragraph_mode(layout, TRUE);
	pen->lib->pango_layout_set_auto_dir(layout, FALSE);
	return layout;
}

/* text is valid UTF-8; y is the baseline; longer text than width is elided. */
static void show_text(const struct pen *pen, PangoLayout *layout, const char *text, double x, double y,
		      double width)
{
	pen->lib->pango_layout_set_text(layout, text, -1);
	pen->lib->pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pen->lib->pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pen->lib->cairo_move_to(pen->cr, x,
				y - pen->lib->pango_layout_get_baseline(layout) / (double)PANGO_SCALE);
	pen->lib->pango_cairo_show_layout(pen->cr, layout);
}

static void draw_head(const struct pen *pen, const struct cf_flame_scene *scene)
{
	PangoLayout *bold = new_text(pen, "DejaVu Sans, sans-serif", 15, TRUE);
	PangoLayout *sans = new_text(pen, "DejaVu Sans, sans-serif", 11, FALSE);

	set_rgb(pen, CF_FLAME_TEXT_COLOR);
	if (*scene->title)
		show_text(pen, bold, scene->title, CF_FLAME_MARGIN, scene->title_y, scene->plot);
	for (guint i = 0; i < scene->caption->len; i++)
		show_text(pen, sans, g_ptr_array_index(scene->caption, i), CF_FLAME_MARGIN,
			  scene->caption_y + 17.0 * i, scene->plot);
	for (guint i = 0; i < scene->legend->len; i++) {
		const struct cf_flame_legend *entry =
			&g_array_index(scene->legend, struct cf_flame_legend, i);
		double indent = entry->swatch ? 17 : 0;

		if (entry->swatch) {
			set_rgb(pen, cf_flame_rgb(entry->color));
			pen->lib->cairo_rectangle(pen->cr, entry->x, entry->y, 12, 12);
			pen->lib->cairo_fill(pen->cr);
		}
		set_rgb(pen, CF_FLAME_TEXT_COLOR);
		show_text(pen, sans, entry->label, entry->x + indent, entry->y + 10.5,
			  scene->width - entry->x - indent);
	}
	pen->lib->g_object_unref(sans);
	pen->lib->g_object_unref(bold);
}

/* All boxes of a colour are one fill. */
static void draw_boxes(const struct pen *pen, const struct cf_flame_scene *scene)
{
	const GArray *boxes = scene->layout.boxes;
	GArray *by_color[CF_FLAME_COLORS];

	for (unsigned c = 0; c < CF_FLAME_COLORS; c++)
		by_color[c] = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = 0; i < boxes->len; i++)
		g_array_append_val(by_color[scene->colors[i]], i);
	for (unsigned c = 0; c < CF_FLAME_COLORS; c++) {
		for (guint k = 0; k < by_color[c]->len; k++) {
			guint i = g_array_index(by_color[c], guint, k);
			struct cf_flame_rect rect =
				cf_flame_scene_rect(scene, &g_array_index(boxes, struct cf_flame_box, i));

			pen->lib->cairo_rectangle(pen->cr, rect.x, rect.y,
						  rect.width > 3 ? rect.width - 0.7 : rect.width,
						  CF_FLAME_BOX_HEIGHT);
			/* cairo's rasteriser slows down with very long paths */
			if (k % 512 == 511) {
				set_rgb(pen, cf_flame_rgb(c));
				pen->lib->cairo_fill(pen->cr);
			}
		}
		set_rgb(pen, cf_flame_rgb(c));
		pen->lib->cairo_fill(pen->cr);
		g_array_free(by_color[c], TRUE);
	}
}

/* Slanted lines over what is on one side only. */
static void draw_hatches(const struct pen *pen, const struct cf_flame_scene *scene)
{
	const struct cf_drawing *lib = pen->lib;

	if (!scene->hatched)
		return;
	for (guint i = 0; i < scene->layout.boxes->len; i++) {
		struct cf_flame_rect rect = cf_flame_scene_rect(
			scene, &g_array_index(scene->layout.boxes, struct cf_flame_box, i));
		double right = rect.x + rect.width - 1, bottom = rect.y + CF_FLAME_BOX_HEIGHT;

		if (!scene->hatched[i] || rect.width < 4)
			continue;
		for (double x = rect.x - CF_FLAME_BOX_HEIGHT; x < right; x += 6) {
			double from = MAX(x, rect.x), to = MIN(x + CF_FLAME_BOX_HEIGHT, right);

			if (to <= from)
				continue;
			lib->cairo_move_to(pen->cr, from, bottom - (from - x));
			lib->cairo_line_to(pen->cr, to, bottom - (to - x));
		}
	}
	set_rgb(pen, CF_FLAME_HATCH_COLOR);
	lib->cairo_set_line_width(pen->cr, 0.7);
	lib->cairo_stroke(pen->cr);
}

static void draw_labels(const struct pen *pen, const struct cf_flame_scene *scene)
{
	const GArray *boxes = scene->layout.boxes;
	PangoLayout *mono = new_text(pen, "DejaVu Sans Mono, monospace", CF_FLAME_FONT_SIZE, FALSE);

	set_rgb(pen, CF_FLAME_TEXT_COLOR);
	for (guint i = 0; i < boxes->len; i++) {
		const struct cf_flame_box *box = &g_array_index(boxes, struct cf_flame_box, i);
		struct cf_flame_rect rect = cf_flame_scene_rect(scene, box);
		g_autofree char *name = NULL, *label = NULL;

		if (rect.width < 2 * CF_FLAME_CHAR + 6)
			continue;
		name = cf_flame_box_name(scene, box);
		label = cf_flame_label(name, rect.width);
		if (label)
			show_text(pen, mono, label, rect.x + 3, rect.y + 12.5, rect.width - 3);
	}
	pen->lib->g_object_unref(mono);
}

static void draw(const struct pen *pen, const struct cf_flame_scene *scene)
{
	set_rgb(pen, 0xffffff);
	pen->lib->cairo_paint(pen->cr);
	draw_head(pen, scene);
	draw_boxes(pen, scene);
	draw_hatches(pen, scene);
	draw_labels(pen, scene);
}

/* What a kind of picture does differently. */
struct medium {
	const char *name;
	cairo_surface_t *(*open)(const struct cf_drawing *lib, struct cf_out *out,
				 const struct cf_flame_scene *scene);
	cairo_status_t (*finish)(const struct cf_drawing *lib, cairo_surface_t *surface, struct cf_out *out);
};

static cairo_surface_t *open_png(const struct cf_drawing *lib, struct cf_out *out,
				 const struct cf_flame_scene *scene)
{
	return lib->cairo_image_surface_create(CAIRO_FORMAT_RGB24, scene->width, scene->height);
}

static cairo_status_t finish_png(const struct cf_drawing *lib, cairo_surface_t *surface, struct cf_out *out)
{
	return lib->cairo_surface_write_to_png_stream(surface, write_out, out);
}

/* Dates come from SOURCE_DATE_EPOCH or stand still, so that the same graph gives the same bytes. */
static cairo_surface_t *open_pdf(const struct cf_drawing *lib, struct cf_out *out,
				 const struct cf_flame_scene *scene)
{
	cairo_surface_t *surface =
		lib->cairo_pdf_surface_create_for_stream(write_out, out, scene->width, scene->height);
	const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
	gint64 seconds = epoch ? g_ascii_strtoll(epoch, NULL, 10) : 0;
	g_autofree char *date = cf_time_text(CLAMP(seconds, 0, G_MAXINT64 / 1000000000) * 1000000000);

	lib->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	lib->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "callflow");
	if (*scene->title)
		lib->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, scene->title);
	return surface;
}

static cairo_surface_t *open_svg(const struct cf_drawing *lib, struct cf_out *out,
				 const struct cf_flame_scene *scene)
{
	cairo_surface_t *surface =
		lib->cairo_svg_surface_create_for_stream(write_out, out, scene->width, scene->height);

	lib->cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
	return surface;
}

static cairo_status_t finish_stream(const struct cf_drawing *lib, cairo_surface_t *surface,
				    struct cf_out *out)
{
	lib->cairo_surface_finish(surface);
	return lib->cairo_surface_status(surface);
}

static cairo_status_t draw_surface(const struct cf_drawing *lib, const struct medium *medium,
				   const struct cf_flame_scene *scene, struct cf_out *out)
{
	cairo_surface_t *surface = medium->open(lib, out, scene);
	struct pen pen = { .lib = lib, .cr = lib->cairo_create(surface) };
	cairo_status_t status;

	pen.context = new_context(&pen);
	draw(&pen, scene);
	lib->g_object_unref(pen.context);
	status = lib->cairo_status(pen.cr);
	lib->cairo_destroy(pen.cr);
	if (status == CAIRO_STATUS_SUCCESS)
		status = medium->finish(lib, surface, out);
	lib->cairo_surface_destroy(surface);
	return status;
}

static int draw_medium(const struct medium *medium, const struct cf_doc *doc,
		       const struct cf_render_opts *opts, struct cf_out *out, struct cf_diag *diag)
{
	const struct cf_node *node = cf_doc_find(doc, CF_FLAME);
	struct cf_flame_scene scene;
	struct cf_drawing lib;
	cairo_status_t status;

	if (!node)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no flame graph to draw in this document");
	if (cf_drawing_load(&lib, diag) < 0)
		return -1;
	cf_flame_scene_init(&scene, node->tree, node->text ? node->text : doc->title, doc->inputs, opts);
	scene.height = MIN(scene.height, CAIRO_MAX_PX);
	status = draw_surface(&lib, medium, &scene, out);
	cf_flame_scene_clear(&scene);
	if (status != CAIRO_STATUS_SUCCESS)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "the flame graph can't be drawn as %s: %s",
				   medium->name, lib.cairo_status_to_string(status));
	return 0;
}

static const struct medium png = { "png", open_png, finish_png };
static const struct medium pdf = { "pdf", open_pdf, finish_stream };
static const struct medium svg = { "svg", open_svg, finish_stream };

static int render_png(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		      struct cf_diag *diag)
{
	return draw_medium(&png, doc, opts, out, diag);
}

static int render_pdf(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		      struct cf_diag *diag)
{
	return draw_medium(&pdf, doc, opts, out, diag);
}

/* cairo numbers surfaces through the life of the process; text is outlines, so this can't be part of a name.
 */
static void copy_with_fixed_ids(const char *text, struct cf_out *out)
{
	static const char id[] = "id=\"surface";
	const char *at;

	for (; (at = strstr(text, id)); text = at + strspn(at, G_CSET_DIGITS)) {
		at += strlen(id);
		cf_out_write(out, text, (size_t)(at - text));
	}
	cf_out_puts(out, text);
}

int cf_flame_static_svg(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
			struct cf_diag *diag)
{
	struct cf_out *memory = cf_out_memory();
	int result = draw_medium(&svg, doc, opts, memory, diag);

	if (result == 0)
		copy_with_fixed_ids(cf_out_text(memory, NULL), out);
	cf_out_abort(memory);
	return result;
}

const struct cf_renderer cf_renderer_png = {
	.name = "png",
	.extensions = "png",
	.summary = "flame graph as a bitmap, for mail and chat",
	.binary = TRUE,
	.picture = TRUE,
	.render = render_png,
};

const struct cf_renderer cf_renderer_pdf = {
	.name = "pdf",
	.extensions = "pdf",
	.summary = "flame graph for print",
	.binary = TRUE,
	.picture = TRUE,
	.render = render_pdf,
};
