/* SPDX-License-Identifier: MIT */
/* table: the tables of numbers that Firefox profiles are made of. */
#ifndef CF_INGEST_FIREFOX_TABLE_H
#define CF_INGEST_FIREFOX_TABLE_H

#include "core/json_reader.h"

/* In place of null, text and what isn't there. */
#define CF_FIREFOX_NONE INT64_MIN

struct cf_firefox_column {
	const char *name;  /* as in the file */
	unsigned decimals; /* numbers are kept times 10^decimals */
	GArray *values;    /* int64_t, truth as 1; NULL: the table has no such column */
};

/*
 * The next value of the reader: {"name": [1, 2], ...}, or rows, {"schema": {"name": 0}, "data": [[1], [2]]}. Columns that
 * aren't asked for are skipped; columns may be of different lengths.
 */
void cf_firefox_table_read(struct cf_json_reader *json, struct cf_firefox_column *columns, size_t n);
void cf_firefox_table_release(struct cf_firefox_column *columns, size_t n);

static inline guint cf_firefox_length(const struct cf_firefox_column *column)
{
	return column->values ? column->values->len : 0;
}

static inline int64_t cf_firefox_at(const struct cf_firefox_column *column, int64_t row)
{
	return row >= 0 && row < cf_firefox_length(column) ? g_array_index(column->values, int64_t, row)
							   : CF_FIREFOX_NONE;
}

#endif
