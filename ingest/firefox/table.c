/* SPDX-License-Identifier: MIT */
/* table: the tables of numbers that Firefox profiles are made of. */
#include "ingest/firefox/table.h"

/* Of the members of a row only the first so many can be asked for. */
#define FIELDS_MAX 64

static void clear(struct cf_firefox_column *column)
{
	if (column->values)
		g_array_set_size(column->values, 0);
	else
		column->values = g_array_new(FALSE, FALSE, sizeof(int64_t));
}

static int64_t take_value(struct cf_json_reader *json, unsigned decimals)
{
	int64_t value = CF_FIREFOX_NONE;
	bool truth;

	if (cf_json_peek(json) == CF_JSON_BOOL)
		return cf_json_try_bool(json, &truth) && truth;
	return cf_json_try_scaled(json, decimals, &value) ? value : CF_FIREFOX_NONE;
}

static void read_column(struct cf_json_reader *json, struct cf_firefox_column *column)
{
	clear(column);
	for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);) {
		int64_t value = take_value(json, column->decimals);

		if (cf_json_ok(json))
			g_array_append_val(column->values, value);
	}
}

static struct cf_firefox_column *find(struct cf_json_reader *json, struct cf_firefox_column *columns,
				      size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cf_json_key_is(json, columns[i].name))
			return &columns[i];
	return NULL;
}

static void read_schema(struct cf_json_reader *json, struct cf_firefox_column *columns, size_t n,
			struct cf_firefox_column **fields)
{
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		struct cf_firefox_column *column = find(json, columns, n);
		uint64_t place;

		if (column && cf_json_try_uint(json, &place) && place < FIELDS_MAX) {
			fields[place] = column;
			clear(column);
		}
	}
}

static void read_rows(struct cf_json_reader *json, struct cf_firefox_column *const *fields)
{
	for (unsigned rows = cf_json_array(json); cf_json_item(json, rows);) {
		size_t place = 0;

		for (unsigned row = cf_json_array(json); cf_json_item(json, row); place++) {
			int64_t value;

			if (place >= FIELDS_MAX || !fields[place])
				continue;
			value = take_value(json, fields[place]->decimals);
			g_array_append_val(fields[place]->values, value);
		}
		/* Rows end where the rest of their fields are null. */
		for (; cf_json_ok(json) && place < FIELDS_MAX; place++)
			if (fields[place])
				g_array_append_val(fields[place]->values, (int64_t){ CF_FIREFOX_NONE });
	}
}

void cf_firefox_table_read(struct cf_json_reader *json, struct cf_firefox_column *columns, size_t n)
{
	struct cf_firefox_column *fields[FIELDS_MAX] = { NULL }, *column;
	struct cf_slice data = { 0 };
	bool rows = false;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "schema")) {
			read_schema(json, columns, n, fields);
			rows = true;
		} else if (cf_json_key_is(json, "data")) {
			cf_json_get_raw(json, &data);
		} else if ((column = find(json, columns, n)) != NULL) {
			read_column(json, column);
		}
	}
	if (rows && data.len && cf_json_ok(json)) {
		struct cf_json_reader within;

		cf_json_reader_within(&within, json, data);
		read_rows(&within, fields);
		cf_json_reader_join(&within, json);
	}
}

void cf_firefox_table_release(struct cf_firefox_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		g_clear_pointer(&columns[i].values, g_array_unref);
}
