/* SPDX-License-Identifier: MIT */
/* csv_reader: tables as text (RFC 4180), separated by commas, semicolons or tabs. */
#include "ingest/csv_reader.h"

char cf_csv_separator(struct cf_slice text)
{
	static const char separators[] = ",;\t|";
	unsigned counts[sizeof(separators) - 1] = { 0 };
	bool quoted = false;
	size_t best = 0;

	for (uint64_t i = 0; i < text.len && (quoted || text.data[i] != '\n'); i++) {
		const char *at = text.data[i] ? strchr(separators, text.data[i]) : NULL;

		if (text.data[i] == '"')
			quoted = !quoted;
		else if (at && !quoted)
			counts[at - separators]++;
	}
	for (size_t i = 1; i < G_N_ELEMENTS(counts); i++)
		if (counts[i] > counts[best])
			best = i;
	return separators[best];
}

void cf_csv_init(struct cf_csv *csv, const char *path, struct cf_slice text, char separator)
{
	/* Not the fields: there are many. */
	csv->text = text;
	csv->pos = 0;
	csv->separator = separator;
	csv->n = 0;
	csv->loc = (struct cf_loc){ .path = path };
	csv->unclosed = false;
	csv->next_line = 1;
	csv->unquoted = NULL;
	csv->size = 0;
}

void cf_csv_release(struct cf_csv *csv)
{
	g_free(csv->unquoted);
	csv->unquoted = NULL;
}

static void add_field(struct cf_csv *csv, const uint8_t *data, uint64_t len)
{
	if (csv->n < CF_CSV_FIELDS_MAX)
		csv->fields[csv->n++] = (struct cf_slice){ data, len };
}

/* The end of the quoted field that begins before pos: the place of the closing quote, or the end of the text. */
static uint64_t quoted_end(const struct cf_csv *csv, uint64_t pos)
{
	struct cf_slice text = csv->text;

	while (pos < text.len) {
		const uint8_t *quote = memchr(text.data + pos, '"', text.len - pos);

		if (!quote)
			return text.len;
		pos = (uint64_t)(quote - text.data);
		if (pos + 1 == text.len || text.data[pos + 1] != '"')
			return pos;
		pos += 2;
	}
	return text.len;
}

/* Appends text[from, to) with doubled quotes made single to the unquoted ones. */
static void unquote(struct cf_csv *csv, uint64_t from, uint64_t to, uint8_t **out)
{
	for (uint64_t i = from; i < to; i++) {
		uint8_t c = csv->text.data[i];

		*(*out)++ = c;
		if (c == '"' && i + 1 < to && csv->text.data[i + 1] == '"')
			i++;
		csv->next_line += c == '\n';
	}
}

/* Room for what is unquoted: never more than the rest of the record, whose end is looked for first. */
static uint8_t *reserve(struct cf_csv *csv, uint64_t len)
{
	if (len > csv->size) {
		csv->size = MAX(len, 2 * csv->size);
		/* Fields of this record may lie in the old one: it is only called before the first field. */
		g_free(csv->unquoted);
		csv->unquoted = g_malloc(csv->size);
	}
	return csv->unquoted;
}

/* The position of the line end that ends the record, or the end of the text; whether any field is quoted. */
static uint64_t record_end(const struct cf_csv *csv, bool *quoted)
{
	bool begins = true;

	*quoted = false;
	for (uint64_t i = csv->pos; i < csv->text.len; i++) {
		uint8_t c = csv->text.data[i];

		if (c == '"' && begins) {
			*quoted = true;
			i = quoted_end(csv, i + 1);
		} else if (c == '\n') {
			return i;
		}
		begins = c == (uint8_t)csv->separator;
	}
	return csv->text.len;
}

/* One field from *pos on, which then is at the separator or at the record's end. */
static void read_field(struct cf_csv *csv, uint64_t *pos, uint64_t end, uint8_t **out)
{
	const uint8_t *data = csv->text.data, *separator;
	uint64_t from = *pos, close;
	uint8_t *start;

	if (from < end && data[from] == '"') {
		start = *out;
		close = quoted_end(csv, from + 1);
		csv->unclosed |= close == csv->text.len;
		unquote(csv, from + 1, MIN(close, end), out);
		/* What follows the closing quote isn't well-formed; it belongs to the field. */
		for (*pos = MIN(close + 1, end); *pos < end && data[*pos] != (uint8_t)csv->separator; ++*pos)
			*(*out)++ = data[*pos];
		add_field(csv, start, (uint64_t)(*out - start));
		return;
	}
	separator = end > from ? memchr(data + from, csv->separator, end - from) : NULL;
	*pos = separator ? (uint64_t)(separator - data) : end;
	add_field(csv, data + from, *pos - from);
}

bool cf_csv_next(struct cf_csv *csv)
{
	uint64_t end, pos;
	uint8_t *out;
	bool quoted;

	while (csv->pos < csv->text.len &&
	       (csv->text.data[csv->pos] == '\n' || csv->text.data[csv->pos] == '\r')) {
		csv->next_line += csv->text.data[csv->pos] == '\n';
		csv->pos++;
	}
	if (csv->pos >= csv->text.len)
		return false;
	end = record_end(csv, &quoted);
	csv->loc.line = csv->next_line;
	csv->loc.offset = pos = csv->pos;
	csv->n = 0;
	csv->unclosed = false;
	csv->pos = MIN(end + 1, csv->text.len);
	if (end < csv->text.len && end > pos && csv->text.data[end - 1] == '\r')
		end--;
	out = quoted ? reserve(csv, end - pos) : NULL;
	for (;; pos++) {
		read_field(csv, &pos, end, &out);
		if (pos >= end)
			break;
	}
	csv->next_line++;
	return true;
}

int cf_csv_find(const struct cf_csv *csv, const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = 0; i < csv->n; i++)
		if (csv->fields[i].len == len &&
		    !g_ascii_strncasecmp((const char *)csv->fields[i].data, name, len))
			return (int)i;
	return -1;
}
