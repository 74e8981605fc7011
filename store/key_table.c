/* SPDX-License-Identifier: MIT */
/* key_table: the rows of a table by a key of three numbers. */
#include "store/key_table.h"

int cf_key_compare(const void *a, const void *b)
{
	const struct cf_key_entry *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static size_t place_of(const struct cf_key_table *table, uint64_t key)
{
	size_t place = (size_t)((key * 0x9e3779b97f4a7c15) >> 20) & table->mask;

	while (table->ids[place] && table->keys[place] != key)
		place = (place + 1) & table->mask;
	return place;
}

int cf_key_load(struct cf_key_table *table, struct cf_store *store, enum cf_sql sql, uint32_t rows,
		struct cf_diag *diag)
{
	struct cf_stmt stmt = { 0 };
	size_t size = 64, seen = 0;
	int step = -1;

	while (size < (size_t)rows * 2)
		size *= 2;
	table->mask = size - 1;
	table->keys = g_try_new(uint64_t, size);
	table->ids = g_try_new0(uint32_t, size);
	if (!table->keys || !table->ids)
		return cf_store_fail(store, SQLITE_NOMEM, diag);
	if (cf_stmt_open(&stmt, store, sql, diag) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0 && seen++ < rows) {
			uint32_t id = cf_stmt_id(&stmt), first = cf_stmt_id(&stmt),
				 second = cf_stmt_id(&stmt);
			uint64_t key = cf_key_pack(first, second & CF_KEY_SECOND_MAX, cf_stmt_id(&stmt) & 7);
			size_t place = place_of(table, key);

			table->keys[place] = key;
			table->ids[place] = id;
		}
	cf_stmt_close(&stmt);
	return step < 0 ? -1 : 0;
}

void cf_key_table_clear(struct cf_key_table *table)
{
	g_free(table->keys);
	g_free(table->ids);
	*table = (struct cf_key_table){ 0 };
}

int cf_key_find(struct cf_stmt *find, const struct cf_key_table *table, uint64_t key, uint32_t *id)
{
	int found;

	if (table->ids) {
		*id = table->ids[place_of(table, key)];
		return *id != 0;
	}
	cf_stmt_bind_int(find, cf_key_first(key));
	cf_stmt_bind_int(find, cf_key_second(key));
	cf_stmt_bind_int(find, cf_key_kind(key));
	found = cf_stmt_step(find);
	if (found > 0) {
		*id = cf_stmt_id(find);
		cf_stmt_reset(find);
	}
	return found;
}
