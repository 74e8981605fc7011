/* SPDX-License-Identifier: MIT */
/* xml_reader: XML read as a stream, for importers. */
#ifndef CF_INGEST_XML_READER_H
#define CF_INGEST_XML_READER_H

#include "core/reader.h"

/*
 * Over libxml2: nothing of what was read is kept, so that memory doesn't grow with the text.
 *
 *	xml = cf_xml_reader_new(input->path, input->bytes, CF_XML_MAY_BE_CUT, diag);
 *	for (unsigned in = cf_xml_root(xml, "results"); cf_xml_child(xml, in);) {
 *		if (cf_xml_is(xml, "sample")) {
 *			for (unsigned s = cf_xml_enter(xml); cf_xml_child(xml, s);)
 *				if (cf_xml_is(xml, "name"))
 *					cf_xml_text(xml, name);
 *			if (cf_xml_ok(xml)) // else the text broke or ended within this sample
 *				add(sample);
 *		}
 *	}
 *	status = cf_xml_finish(xml); // 0, or -1 with the message said
 *	cf_xml_reader_free(xml);
 *
 * Elements that aren't entered are skipped, as is the rest of those that are left early. Errors stick: the first one ends
 * every loop, and cf_xml_finish says it.
 *
 * A document type is refused before anything of it is read: no entities but the five of XML itself, nothing loaded from
 * elsewhere. Elements nested deeper than 256 are an error. The text is taken as UTF-8 (UTF-16 with a
 * byte order mark is converted), whatever it declares; what isn't UTF-8 reads as U+FFFD.
 */
enum cf_xml_flags {
	/* An input that ends before its root does is no error; see cf_xml_cut. */
	CF_XML_MAY_BE_CUT = 1 << 0,
	/* Any error is said as a warning and ends the document as if it were cut there: for the setting `partial`. */
	CF_XML_KEEP_DAMAGED = 1 << 1
};

struct cf_xml_reader;

/* text and path are borrowed until free. Never NULL. */
struct cf_xml_reader *cf_xml_reader_new(const char *path, struct cf_slice text, unsigned flags,
					struct cf_diag *diag);
void cf_xml_reader_free(struct cf_xml_reader *xml);

/* Enters the root, which has to be called name; 0 when it isn't. */
unsigned cf_xml_root(struct cf_xml_reader *xml, const char *name);
/* Enters the element that cf_xml_child found. 0 after an error, which ends the loop over its children. */
unsigned cf_xml_enter(struct cf_xml_reader *xml);
/* On to the next child of the element entered as `in`. false at its end. */
bool cf_xml_child(struct cf_xml_reader *xml, unsigned in);

/* The element that was found last; its name without prefix, "" once it was left. */
bool cf_xml_is(const struct cf_xml_reader *xml, const char *name);
const char *cf_xml_name(const struct cf_xml_reader *xml);
/* On to the next attribute of the element that was found last. Borrowed until the reader goes on. */
bool cf_xml_attribute(struct cf_xml_reader *xml, const char **name, const char **value);
/* Replaces text by the element's own text, without that of its children, and leaves the element. */
void cf_xml_text(struct cf_xml_reader *xml, GString *text);
/* The same as a decimal number, blanks around it allowed; false leaves *value alone. */
bool cf_xml_int(struct cf_xml_reader *xml, int64_t *value);

/* No error so far, and not cut: what was read last is whole. */
bool cf_xml_ok(const struct cf_xml_reader *xml);
/* Reads the rest of the document. 0, or -1: the message was said, here or before. */
int cf_xml_finish(struct cf_xml_reader *xml);
/* After finish: the document ended too early, CF_XML_MAY_BE_CUT; or it was damaged, CF_XML_KEEP_DAMAGED. */
bool cf_xml_cut(const struct cf_xml_reader *xml);
bool cf_xml_damaged(const struct cf_xml_reader *xml);
/* Bytes that weren't UTF-8 were replaced. */
bool cf_xml_bad_text(const struct cf_xml_reader *xml);

struct cf_loc cf_xml_loc(const struct cf_xml_reader *xml);
/* The importer's own message, located where the reader is. Ends the document; returns -1. */
int cf_xml_error(struct cf_xml_reader *xml, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/* For probes: the name of the root, also if a document type says it; "" when the text isn't XML. Looks at the first 64 KiB.
 * Caller frees. */
char *cf_xml_root_name(struct cf_slice text);

#endif
