/* SPDX-License-Identifier: MIT */
/* xml_writer: libxml2's writer, loaded when XML is written. */
#ifndef CF_RENDER_XML_WRITER_H
#define CF_RENDER_XML_WRITER_H

#include <libxml/xmlwriter.h>

#include "core/files.h"

/* Its functions, by their own names. */
struct cf_xml_writer {
#define CF_FUNCTION(name) __typeof__(name) *name;
#include "render/xml_writer.def"
#undef CF_FUNCTION
};

int cf_xml_writer_load(struct cf_xml_writer *writer, struct cf_diag *diag);

/* One that writes to an output; the first failure sticks. Texts are valid UTF-8: cf_escape_xml_text. */
struct cf_markup {
	struct cf_xml_writer lib;
	xmlTextWriter *writer;
	gboolean failed;
};

int cf_markup_open(struct cf_markup *xml, struct cf_out *out, struct cf_diag *diag); /* -1 with a message */
void cf_markup_document(struct cf_markup *xml); /* <?xml version="1.0" encoding="UTF-8"?> */
void cf_markup_start(struct cf_markup *xml, const char *element);
void cf_markup_end(struct cf_markup *xml);
void cf_markup_attribute(struct cf_markup *xml, const char *name, const char *value);
void cf_markup_text(struct cf_markup *xml, const char *content);
void cf_markup_newline(struct cf_markup *xml);
void cf_markup_raw(struct cf_markup *xml, const char *data,
		   size_t len); /* as it is: has no markup of its own */
void cf_markup_cdata(struct cf_markup *xml, const char *content);
/* -1 with a message when anything failed, that names what it was. */
int cf_markup_close(struct cf_markup *xml, const char *what, struct cf_diag *diag);

#endif
