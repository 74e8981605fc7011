/* SPDX-License-Identifier: MIT */
/* drawing: cairo and Pango, loaded when a picture is drawn. */
#ifndef CF_RENDER_DRAWING_H
#define CF_RENDER_DRAWING_H

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <pango/pangocairo.h>

#include "core/diag.h"

/* Their functions, by their own names. */
struct cf_drawing {
#define CF_FUNCTION(name) __typeof__(name) *name;
#include "render/drawing.def"
#undef CF_FUNCTION
};

int cf_drawing_load(struct cf_drawing *drawing, struct cf_diag *diag);

#endif
