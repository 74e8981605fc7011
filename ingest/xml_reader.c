/* SPDX-License-Identifier: MIT */
/* xml_reader: XML read as a stream, for importers. */
#include "ingest/xml_reader.h"

#include <libxml/parser.h>

#include "core/library.h"

#define PROBE_BYTES (64 * 1024)
#define CHUNK_BYTES (16 * 1024)
#define DEPTH_MAX 256

/*
 * libxml2's push parser calls back for what is in a chunk; its calls are kept as events until they are asked for. Its text
 * reader isn't used: it withholds what stands shortly before an error.
 */
enum event_type { EVENT_NONE, EVENT_START, EVENT_END, EVENT_TEXT };

struct event {
	enum event_type type;
	unsigned depth; /* of the element, from 0; of a text, that of its element */
	int line;
	size_t at, len;    /* in the pool: the name, NUL-terminated, or the text */
	size_t attributes; /* after the name: so many names and values, NUL-terminated */
};

/* libxml2's functions, loaded when there is XML to be read. */
struct xml_parser {
#define CF_FUNCTION(name) __typeof__(name) *name;
#include "ingest/xml_parser.def"
#undef CF_FUNCTION
};

static const struct cf_library_function functions[] = {
#define CF_FUNCTION(name) CF_LIBRARY_FUNCTION(xml_parser, name),
#include "ingest/xml_parser.def"
#undef CF_FUNCTION
	{ NULL, 0 }
};

struct cf_xml_reader {
	struct xml_parser lib;
	const char *path;
	struct cf_diag *diag;
	unsigned flags;
	xmlParserCtxtPtr parser; /* NULL: the text isn't to be read at all */
	struct cf_slice text;    /* UTF-8 */
	uint64_t pos;            /* bytes given to libxml2 */
	char *owned, *made_valid;
	GArray *events; /* struct event: of the last chunk */
	guint next;     /* event */
	GByteArray *pool;
	unsigned depth; /* of elements, as parsed */
	struct event event;
	size_t attribute; /* position in the pool of the next one */
	size_t attributes_left;
	bool bad_text;     /* not UTF-8 */
	bool failed, said; /* an error ended the document; its message was said or isn't to be */
	bool at_end;       /* the text was given to libxml2 as a whole */
	bool cut, damaged; /* after finish */
	char *error;       /* libxml2's message; NULL: none so far */
	int error_line, error_col;
	bool error_at_end; /* found when there was no more text */
	bool rooted;       /* the root was found */
};

/* --- before libxml2: where the root begins */

static bool at(struct cf_slice text, uint64_t pos, const char *word)
{
	size_t n = strlen(word);

	return text.len - pos >= n && !memcmp(text.data + pos, word, n);
}

/* The end of what begins at pos and ends with word; the end of the text when it doesn't. */
static uint64_t after(struct cf_slice text, uint64_t pos, const char *word)
{
	const uint8_t *end = memmem(text.data + pos, text.len - pos, word, strlen(word));

	return end ? (uint64_t)(end - text.data) + strlen(word) : text.len;
}

/* Position of what follows blanks, comments and processing instructions: the root or a document type. */
static uint64_t skip_prolog(struct cf_slice text)
{
	uint64_t pos = 0;

	if (at(text, 0, "\xef\xbb\xbf"))
		pos = 3;
	for (;;) {
		while (pos < text.len && g_ascii_isspace((char)text.data[pos]))
			pos++;
		if (at(text, pos, "<?"))
			pos = after(text, pos, "?>");
		else if (at(text, pos, "<!--"))
			pos = after(text, pos + 4, "-->");
		else
			return pos;
	}
}

char *cf_xml_root_name(struct cf_slice text)
{
	static const char doctype[] = "<!DOCTYPE ";
	struct cf_slice start = { text.data, MIN(text.len, PROBE_BYTES) };
	uint64_t pos = skip_prolog(start), from;

	if (!at(start, pos, "<"))
		return g_strdup("");
	pos += at(start, pos, doctype) ? strlen(doctype) : 1;
	for (from = pos; pos < start.len; pos++) {
		uint8_t c = start.data[pos];

		if (!g_ascii_isalnum((char)c) && (!c || !strchr("_-.:", c)))
			break;
	}
	return g_strndup((const char *)start.data + from, pos - from);
}

/* --- libxml2's calls */

static struct event *add_event(struct cf_xml_reader *xml, enum event_type type)
{
	struct event event = { .type = type,
			       .depth = xml->depth,
			       .line = xml->parser->input ? xml->parser->input->line : 0,
			       .at = xml->pool->len };

	g_array_append_val(xml->events, event);
	return &g_array_index(xml->events, struct event, xml->events->len - 1);
}

static void add_text(struct cf_xml_reader *xml, const xmlChar *text, size_t len)
{
	static const guint8 nul = 0;

	g_byte_array_append(xml->pool, text, (guint)len);
	g_byte_array_append(xml->pool, &nul, 1);
}

/* A value's "&", however it was written, is still "&#38;" as long as entities aren't to be replaced. */
static void add_value(struct cf_xml_reader *xml, const xmlChar *text, size_t len)
{
	static const char ampersand[] = "&#38;";
	const size_t n = strlen(ampersand);
	guint begin = xml->pool->len;
	guint8 *to;

	add_text(xml, text, len);
	to = xml->pool->data + begin;
	for (const guint8 *from = to, *end = to + len; from < end; to++) {
		bool found = (size_t)(end - from) >= n && !memcmp(from, ampersand, n);

		*to = *from;
		from += found ? n : 1;
	}
	*to++ = '\0';
	g_byte_array_set_size(xml->pool, (guint)(to - xml->pool->data));
}

static void set_error(struct cf_xml_reader *xml, const char *message, int line, int col)
{
	if (xml->error)
		return;
	xml->error = g_strchomp(g_strdup(message));
	/* In the middle of a sentence of ours. */
	if (xml->error[0] && !g_ascii_isupper(xml->error[1]))
		xml->error[0] = g_ascii_tolower(xml->error[0]);
	xml->error_line = line;
	xml->error_col = col;
	xml->error_at_end = xml->at_end;
}

static void on_error(void *context, xmlErrorPtr error)
{
	/* Errors of namespaces aren't fatal, and none to us. */
	if (error->level >= XML_ERR_FATAL)
		set_error(((xmlParserCtxtPtr)context)->_private,
			  error->message ? error->message : "unknown error", error->line, error->int2);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int namespaces, const xmlChar **declared, int attributes, int defaulted,
		     const xmlChar **values)
{
	struct cf_xml_reader *xml = ((xmlParserCtxtPtr)context)->_private;
	struct event *event = add_event(xml, EVENT_START);

	event->attributes = (size_t)MAX(attributes, 0);
	event->len = strlen((const char *)name);
	add_text(xml, name, event->len);
	/* Five pointers each: name, prefix, URI, begin and end of the value. */
	for (int i = 0; i < attributes; i++, values += 5) {
		add_text(xml, values[0], strlen((const char *)values[0]));
		add_value(xml, values[3], (size_t)(values[4] - values[3]));
	}
	if (++xml->depth > DEPTH_MAX) {
		set_error(xml, "elements are nested deeper than 256", xml->parser->input->line, 0);
		xml->lib.xmlStopParser(xml->parser);
	}
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct cf_xml_reader *xml = ((xmlParserCtxtPtr)context)->_private;

	xml->depth--;
	add_event(xml, EVENT_END);
}

static void on_text(void *context, const xmlChar *text, int len)
{
	struct cf_xml_reader *xml = ((xmlParserCtxtPtr)context)->_private;
	struct event *event;

	if (!xml->depth)
		return;
	event = add_event(xml, EVENT_TEXT);
	event->depth--;
	event->len = (size_t)MAX(len, 0);
	add_text(xml, text, event->len);
}

/* skip_prolog sees it first; this is for a prolog that libxml2 reads otherwise. */
static void on_document_type(void *context, const xmlChar *name, const xmlChar *external,
			     const xmlChar *system)
{
	struct cf_xml_reader *xml = ((xmlParserCtxtPtr)context)->_private;

	set_error(xml, "a document type", xml->parser->input->line, 0);
	xml->lib.xmlStopParser(xml->parser);
}

/* --- opening */

static uint32_t line_of(struct cf_slice text, uint64_t pos)
{
	uint32_t line = 1;

	for (uint64_t i = 0; i < pos; i++)
		line += text.data[i] == '\n';
	return line;
}

/* UTF-8, with what isn't replaced. false: said. */
static bool take_text(struct cf_xml_reader *xml, struct cf_slice text)
{
	struct cf_slice rest = text;

	/* UTF-16 has NUL bytes, which are refused in other texts. */
	if ((at(text, 0, "\xff\xfe") || at(text, 0, "\xfe\xff")) &&
	    cf_text_utf8(xml->path, text, &rest, &xml->owned, xml->diag) < 0)
		return false;
	if (!g_utf8_validate_len((const char *)rest.data, rest.len, NULL)) {
		xml->bad_text = true;
		xml->made_valid = g_utf8_make_valid((const char *)rest.data, (gssize)rest.len);
		rest = (struct cf_slice){ (const uint8_t *)xml->made_valid, strlen(xml->made_valid) };
	}
	xml->text = rest;
	return true;
}

static xmlParserCtxtPtr new_parser(struct cf_xml_reader *xml)
{
	xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC,
				  .internalSubset = on_document_type,
				  .startElementNs = on_start,
				  .endElementNs = on_end,
				  .characters = on_text,
				  .cdataBlock = on_text,
				  .serror = on_error };
	xmlParserCtxtPtr parser = xml->lib.xmlCreatePushParserCtxt(&handler, NULL, NULL, 0, NULL);

	if (!parser)
		return NULL;
	/* The callbacks get the parser as their context. */
	parser->_private = xml;
	xml->lib.xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
	return parser;
}

struct cf_xml_reader *cf_xml_reader_new(const char *path, struct cf_slice text, unsigned flags,
					struct cf_diag *diag)
{
	struct cf_xml_reader *xml = g_new0(struct cf_xml_reader, 1);
	uint64_t root;

	xml->path = path;
	xml->flags = flags;
	xml->diag = diag;
	xml->events = g_array_new(FALSE, FALSE, sizeof(struct event));
	xml->pool = g_byte_array_new();
	xml->failed = xml->said = true;
	if (!take_text(xml, text))
		return xml;
	root = skip_prolog(xml->text);
	if (at(xml->text, root, "<!")) {
		struct cf_loc loc = { .path = path, .line = line_of(xml->text, root) };

		cf_error(diag, &loc, "has a document type, which is refused; expected the root element");
		return xml;
	}
	if (cf_library_load("libxml2.so.2", "libxml2", functions, &xml->lib, diag) < 0)
		return xml;
	xml->parser = new_parser(xml);
	if (!xml->parser)
		cf_error_as(diag, CF_STATUS_SYSTEM, &(struct cf_loc){ .path = path }, "no XML parser");
	else
		xml->failed = xml->said = false;
	return xml;
}

void cf_xml_reader_free(struct cf_xml_reader *xml)
{
	if (!xml)
		return;
	if (xml->parser)
		xml->lib.xmlFreeParserCtxt(xml->parser);
	g_array_unref(xml->events);
	g_byte_array_unref(xml->pool);
	g_free(xml->owned);
	g_free(xml->made_valid);
	g_free(xml->error);
	g_free(xml);
}

/* --- steps */

/* Gives libxml2 the next chunk, or tells it that there is none. */
static void feed(struct cf_xml_reader *xml)
{
	uint64_t n = MIN(xml->text.len - xml->pos, CHUNK_BYTES);

	g_array_set_size(xml->events, 0);
	g_byte_array_set_size(xml->pool, 0);
	xml->next = 0;
	if (n) {
		xml->lib.xmlParseChunk(xml->parser, (const char *)xml->text.data + xml->pos, (int)n, 0);
		xml->pos += n;
	} else {
		xml->at_end = true;
		xml->lib.xmlParseChunk(xml->parser, NULL, 0, 1);
	}
}

/* On to the next event; false at the end and after an error. */
static bool step(struct cf_xml_reader *xml)
{
	if (xml->failed)
		return false;
	while (xml->next == xml->events->len) {
		if (xml->error || xml->at_end) {
			xml->failed = xml->error || !xml->rooted || xml->depth;
			xml->event.type = EVENT_NONE;
			return false;
		}
		feed(xml);
	}
	xml->event = g_array_index(xml->events, struct event, xml->next++);
	xml->attribute = xml->event.at + xml->event.len + 1;
	xml->attributes_left = xml->event.attributes;
	return true;
}

unsigned cf_xml_root(struct cf_xml_reader *xml, const char *name)
{
	if (!step(xml))
		return 0;
	xml->rooted = true;
	if (!cf_xml_is(xml, name)) {
		cf_xml_error(xml, "the root is <%.100s>, expected <%s>", cf_xml_name(xml), name);
		return 0;
	}
	return cf_xml_enter(xml);
}

unsigned cf_xml_enter(struct cf_xml_reader *xml)
{
	return xml->failed || xml->event.type != EVENT_START ? 0 : xml->event.depth + 1;
}

bool cf_xml_child(struct cf_xml_reader *xml, unsigned in)
{
	/* The end of the parent was passed already. */
	if (!in || (xml->event.type == EVENT_END && xml->event.depth < in))
		return false;
	while (step(xml)) {
		if (xml->event.type == EVENT_START && xml->event.depth == in)
			return true;
		if (xml->event.type == EVENT_END && xml->event.depth < in)
			return false;
	}
	return false;
}

const char *cf_xml_name(const struct cf_xml_reader *xml)
{
	return xml->event.type == EVENT_START ? (const char *)xml->pool->data + xml->event.at : "";
}

bool cf_xml_is(const struct cf_xml_reader *xml, const char *name)
{
	return !strcmp(cf_xml_name(xml), name);
}

bool cf_xml_attribute(struct cf_xml_reader *xml, const char **name, const char **value)
{
	if (xml->failed || !xml->attributes_left)
		return false;
	xml->attributes_left--;
	*name = (const char *)xml->pool->data + xml->attribute;
	*value = *name + strlen(*name) + 1;
	xml->attribute += strlen(*name) + strlen(*value) + 2;
	return true;
}

void cf_xml_text(struct cf_xml_reader *xml, GString *text)
{
	unsigned in = cf_xml_enter(xml);

	g_string_truncate(text, 0);
	while (in && step(xml)) {
		if (xml->event.type == EVENT_END && xml->event.depth < in)
			return;
		if (xml->event.type == EVENT_TEXT && xml->event.depth + 1 == in)
			g_string_append_len(text, (const char *)xml->pool->data + xml->event.at,
					    (gssize)xml->event.len);
	}
}

bool cf_xml_int(struct cf_xml_reader *xml, int64_t *value)
{
	g_autoptr(GString) text = g_string_new(NULL);

	cf_xml_text(xml, text);
	g_strstrip(text->str);
	return cf_parse_i64((struct cf_slice){ (const uint8_t *)text->str, strlen(text->str) }, value);
}

bool cf_xml_ok(const struct cf_xml_reader *xml)
{
	return !xml->failed;
}

int cf_xml_finish(struct cf_xml_reader *xml)
{
	struct cf_loc loc = { .path = xml->path };

	while (step(xml))
		;
	if (!xml->failed || xml->cut || xml->damaged)
		return 0;
	if (xml->said)
		return -1;
	xml->said = true;
	loc.line = (uint32_t)MAX(xml->error_line, 0);
	loc.col = loc.line ? (uint32_t)MAX(xml->error_col, 0) : 0;
	if (!xml->rooted)
		return cf_error(xml->diag, &loc, "no XML document: %.300s",
				xml->error ? xml->error : "no root element");
	if ((!xml->error || xml->error_at_end) && (xml->flags & (CF_XML_MAY_BE_CUT | CF_XML_KEEP_DAMAGED))) {
		xml->cut = true;
		return 0;
	}
	if (xml->flags & CF_XML_KEEP_DAMAGED) {
		xml->damaged = true;
		cf_warn(xml->diag, &loc, "damaged XML, what follows isn't read: %.300s", xml->error);
		return 0;
	}
	return cf_error(xml->diag, &loc, "damaged XML: %.300s", xml->error ? xml->error : "ends too early");
}

bool cf_xml_cut(const struct cf_xml_reader *xml)
{
	return xml->cut;
}

bool cf_xml_damaged(const struct cf_xml_reader *xml)
{
	return xml->damaged;
}

bool cf_xml_bad_text(const struct cf_xml_reader *xml)
{
	return xml->bad_text;
}

struct cf_loc cf_xml_loc(const struct cf_xml_reader *xml)
{
	return (struct cf_loc){ .path = xml->path, .line = (uint32_t)MAX(xml->event.line, 0) };
}

int cf_xml_error(struct cf_xml_reader *xml, const char *fmt, ...)
{
	struct cf_loc loc = cf_xml_loc(xml);
	g_autofree char *text = NULL;
	va_list ap;

	if (xml->failed)
		return -1;
	va_start(ap, fmt);
	text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	xml->failed = xml->said = true;
	return cf_error(xml->diag, &loc, "%s", text);
}
