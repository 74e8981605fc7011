/* SPDX-License-Identifier: MIT */
/* version: the libraries that renderers run with. */
#include "render/renderer.h"

#include <cairo.h>
#include <libxml/parser.h>
#include <pango/pango.h>

char *cf_render_library_versions(void)
{
	/* libxml2 says 20914 for 2.9.14, perhaps with a suffix. */
	gint64 xml = g_ascii_strtoll(xmlParserVersion, NULL, 10);

	return g_strdup_printf("cairo %s, Pango %s, libxml2 %d.%d.%d", cairo_version_string(),
			       pango_version_string(), (int)(xml / 10000), (int)(xml / 100 % 100),
			       (int)(xml % 100));
}
