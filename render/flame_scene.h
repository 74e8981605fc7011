/* SPDX-License-Identifier: MIT */
/* flame_scene: what every picture of a flame graph shows: boxes in pixels, words, colours, legend. */
#ifndef CF_RENDER_FLAME_SCENE_H
#define CF_RENDER_FLAME_SCENE_H

#include "render/flame_layout.h"
#include "render/renderer.h"

/* Pixels. Labels are monospaced, so that what fits is known without font metrics. */
#define CF_FLAME_MARGIN 10
#define CF_FLAME_ROW 18        /* from one level to the next */
#define CF_FLAME_BOX_HEIGHT 17 /* the rest is a gap */
#define CF_FLAME_FONT_SIZE 11
#define CF_FLAME_CHAR 6.63 /* advance of a monospaced character of that size */
#define CF_FLAME_MIN_PX 0.1
#define CF_FLAME_MAX_LEVELS 500 /* keeps pictures below what cairo and readers can take */
/* Unless it is told how deep, a picture grows beyond these levels only where a level has that share of the whole. */
#define CF_FLAME_FREE_LEVELS 32
#define CF_FLAME_LEVEL_SHARE 0.01

/* Colours are numbered; flame.css has .cf-cN for each in light and dark. */
#define CF_FLAME_DIFF_COLOR 51 /* the first of those of a comparison, render/flame_difference.h */
#define CF_FLAME_COLORS 60
#define CF_FLAME_TEXT_COLOR 0x161a1f
#define CF_FLAME_HATCH_COLOR 0x6b7480

struct cf_flame_legend {
	char *label;     /* "redis-server 61.2 %"; any bytes made printable */
	char *module;    /* what the entry stands for, to look it up; NULL for kinds and the rest */
	unsigned color;  /* number of a colour */
	double x, y;     /* of the swatch, pixels */
	gboolean swatch; /* FALSE: words only ("4 more modules ...") */
};

struct cf_flame_scene {
	const struct cf_tree *tree;
	struct cf_flame_layout layout;
	char *title;
	GPtrArray *runs;    /* char *: a line for each run that the picture is of */
	GPtrArray *notes;   /* char *: sentences of the caption, each starting with its own fact */
	GPtrArray *caption; /* char *: runs, then notes, wrapped to the width */
	GArray *legend;     /* struct cf_flame_legend */
	uint8_t *colors;    /* per box */
	uint8_t *hatched;   /* per box, of a comparison: on one side only; else NULL */
	int width, height;  /* of the whole picture, pixels */
	double plot;        /* width of the root box, pixels */
	double title_y, caption_y, top;
	gboolean icicle;
};

/* title may be NULL. inputs: struct cf_doc_input, the runs to name, or NULL. The scene borrows tree. */
void cf_flame_scene_init(struct cf_flame_scene *scene, const struct cf_tree *tree, const char *title,
			 const GArray *inputs, const struct cf_render_opts *opts);
void cf_flame_scene_clear(struct cf_flame_scene *scene);

/* Left edge, top and width of a box in pixels. */
struct cf_flame_rect {
	double x, y, width;
};
struct cf_flame_rect cf_flame_scene_rect(const struct cf_flame_scene *scene, const struct cf_flame_box *box);

/* The words of a box: its name, and "name (module): 1.21 s, 5.03 %, 1210 samples". Caller frees. */
char *cf_flame_box_name(const struct cf_flame_scene *scene, const struct cf_flame_box *box);
char *cf_flame_box_title(const struct cf_flame_scene *scene, const struct cf_flame_box *box);
/* name cut to what fits into width pixels, or NULL when that says nothing. Caller frees. */
char *cf_flame_label(const char *name, double width);

/* 0xRRGGBB of a colour number, light theme. */
uint32_t cf_flame_rgb(unsigned color);

#endif
