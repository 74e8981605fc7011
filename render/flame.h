/* SPDX-License-Identifier: MIT */
/* flame: a tree as an interactive SVG, alone or inside a page. */
#ifndef CF_RENDER_FLAME_H
#define CF_RENDER_FLAME_H

#include "render/renderer.h"

/*
 * Writes the <svg> element with its frames. standalone: a whole file with style and script in it; else to be
 * embedded in an HTML page, which has cf_flame_css and cf_flame_js once and tells graphs apart by id. inputs: struct
 * cf_doc_input, the runs to name in the picture, or NULL.
 */
int cf_flame_svg_write(const struct cf_tree *tree, const char *id, const char *title, const GArray *inputs,
		       gboolean standalone, const struct cf_render_opts *opts, struct cf_out *out,
		       struct cf_diag *diag);

extern const char cf_flame_css[]; /* style of the svg, light and dark by CSS variables */
extern const char cf_flame_js[]; /* zoom, search, hover, keyboard, permalink; one instance per svg.cf-flame */

#endif
