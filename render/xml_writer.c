/* SPDX-License-Identifier: MIT */
/* xml_writer: libxml2's writer, loaded when XML is written. */
#include "render/xml_writer.h"

#include "core/library.h"

static const struct cf_library_function functions[] = {
#define CF_FUNCTION(name) CF_LIBRARY_FUNCTION(cf_xml_writer, name),
#include "render/xml_writer.def"
#undef CF_FUNCTION
	{ NULL, 0 }
};

int cf_xml_writer_load(struct cf_xml_writer *writer, struct cf_diag *diag)
{
	return cf_library_load("libxml2.so.2", "libxml2", functions, writer, diag);
}
