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

static int write_out(void *context, const char *data, int len)
{
	cf_out_write(context, data, (size_t)len);
	return len; /* errors stick to the output and are reported when it is closed */
}

static void check(struct cf_markup *xml, int result)
{
	if (result < 0)
		xml->failed = TRUE;
}

int cf_markup_open(struct cf_markup *xml, struct cf_out *out, struct cf_diag *diag)
{
	xmlOutputBuffer *buffer;

	xml->failed = FALSE;
	if (cf_xml_writer_load(&xml->lib, diag) < 0)
		return -1;
	buffer = xml->lib.xmlOutputBufferCreateIO(write_out, NULL, out, NULL);
	xml->writer = buffer ? xml->lib.xmlNewTextWriter(buffer) : NULL;
	if (xml->writer)
		return 0;
	if (buffer)
		xml->lib.xmlOutputBufferClose(buffer);
	return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "no memory for the XML writer");
}

void cf_markup_document(struct cf_markup *xml)
{
	check(xml, xml->lib.xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL));
}

void cf_markup_start(struct cf_markup *xml, const char *element)
{
	check(xml, xml->lib.xmlTextWriterStartElement(xml->writer, BAD_CAST element));
}

void cf_markup_end(struct cf_markup *xml)
{
	check(xml, xml->lib.xmlTextWriterEndElement(xml->writer));
}

void cf_markup_attribute(struct cf_markup *xml, const char *name, const char *value)
{
	check(xml, xml->lib.xmlTextWriterWriteAttribute(xml->writer, BAD_CAST name, BAD_CAST value));
}

void cf_markup_text(struct cf_markup *xml, const char *content)
{
	check(xml, xml->lib.xmlTextWriterWriteString(xml->writer, BAD_CAST content));
}

void cf_markup_newline(struct cf_markup *xml)
{
	check(xml, xml->lib.xmlTextWriterWriteRaw(xml->writer, BAD_CAST "\n"));
}

void cf_markup_raw(struct cf_markup *xml, const char *data, size_t len)
{
	check(xml, xml->lib.xmlTextWriterWriteRawLen(xml->writer, BAD_CAST data, (int)len));
}

void cf_markup_cdata(struct cf_markup *xml, const char *content)
{
	check(xml, xml->lib.xmlTextWriterWriteCDATA(xml->writer, BAD_CAST content));
}

int cf_markup_close(struct cf_markup *xml, const char *what, struct cf_diag *diag)
{
	check(xml, xml->lib.xmlTextWriterFlush(xml->writer));
	xml->lib.xmlFreeTextWriter(xml->writer);
	if (xml->failed)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "the %s can't be written as XML", what);
	return 0;
}
