/* SPDX-License-Identifier: MIT */
/* xml_writer: libxml2's writer, loaded when XML is written. */
#ifndef CF_RENDER_XML_WRITER_H
#define CF_RENDER_XML_WRITER_H

#include <libxml/xmlwriter.h>

#include "core/diag.h"

/* Its functions, by their own names. */
struct cf_xml_writer {
#define CF_FUNCTION(name) __typeof__(name) *name;
#include "render/xml_writer.def"
#undef CF_FUNCTION
};

int cf_xml_writer_load(struct cf_xml_writer *writer, struct cf_diag *diag);

#endif
