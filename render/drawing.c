/* SPDX-License-Identifier: MIT */
/* drawing: cairo and Pango, loaded when a picture is drawn. */
#include "render/drawing.h"

#include "core/library.h"

static const struct cf_library_function functions[] = {
#define CF_FUNCTION(name) CF_LIBRARY_FUNCTION(cf_drawing, name),
#include "render/drawing.def"
#undef CF_FUNCTION
	{ NULL, 0 }
};

int cf_drawing_load(struct cf_drawing *drawing, struct cf_diag *diag)
{
	return cf_library_load("libpangocairo-1.0.so.0", "libpangocairo-1.0-0", functions, drawing, diag);
}
