/* SPDX-License-Identifier: MIT */
/* flame_cairo: flame graphs as pictures without script. */
#ifndef CF_RENDER_FLAME_CAIRO_H
#define CF_RENDER_FLAME_CAIRO_H

#include "render/renderer.h"

/* The document's first flame graph as an SVG for print, with text as outlines. */
int cf_flame_static_svg(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
			struct cf_diag *diag);

#endif
