/* SPDX-License-Identifier: MIT */
/* version: the libraries that renderers run with. */
#include "render/drawing.h"
#include "render/renderer.h"
#include "render/xml_writer.h"

char *cf_render_library_versions(void)
{
	struct cf_diag quiet = { 0 };
	struct cf_drawing drawing;
	struct cf_xml_writer writer;
	GString *versions = g_string_new(NULL);

	if (cf_drawing_load(&drawing, &quiet) == 0)
		g_string_printf(versions, "cairo %s, Pango %s", drawing.cairo_version_string(),
				drawing.pango_version_string());
	else
		g_string_assign(versions, "no cairo and Pango");
	if (cf_xml_writer_load(&writer, &quiet) == 0) {
		/* libxml2 says 20914 for 2.9.14, perhaps with a suffix. */
		gint64 xml = g_ascii_strtoll(*writer.__xmlParserVersion(), NULL, 10);

		g_string_append_printf(versions, ", libxml2 %d.%d.%d", (int)(xml / 10000),
				       (int)(xml / 100 % 100), (int)(xml % 100));
	} else {
		g_string_append(versions, ", no libxml2");
	}
	return g_string_free(versions, FALSE);
}
