/* SPDX-License-Identifier: MIT */
/* csv_reader: tables as text (RFC 4180), separated by commas, semicolons or tabs. */
#ifndef CF_INGEST_CSV_READER_H
#define CF_INGEST_CSV_READER_H

#include "core/reader.h"

/* Fields of a record that are kept; further ones are dropped. */
#define CF_CSV_FIELDS_MAX 1024

/*
 *	cf_csv_init(&csv, input->path, text, cf_csv_separator(text));
 *	while (cf_csv_next(&csv))
 *		... csv.fields[0 .. csv.n) ...
 *	cf_csv_release(&csv);
 *
 * Fields may be quoted, then hold separators, line ends and doubled quotes. Empty lines are no records.
 */
struct cf_csv {
	struct cf_slice text;
	uint64_t pos;
	char separator;
	struct cf_slice fields[CF_CSV_FIELDS_MAX]; /* of the last record, unquoted; until the next */
	unsigned n;
	struct cf_loc loc; /* of the first line of the last record */
	bool unclosed;     /* a quoted field of the last record isn't closed before the end */
	/* private */
	uint32_t next_line;
	uint8_t *unquoted; /* as long as the text of the record at least */
	uint64_t size;
};

/* The one of , ; tab and | that the first line has most of, outside quotes; ',' when it has none. */
char cf_csv_separator(struct cf_slice text);
void cf_csv_init(struct cf_csv *csv, const char *path, struct cf_slice text, char separator);
void cf_csv_release(struct cf_csv *csv);
bool cf_csv_next(struct cf_csv *csv); /* false at the end */

/* The position of the column called name in the last record, letters of either case; -1 when there is none. */
int cf_csv_find(const struct cf_csv *csv, const char *name);

#endif
