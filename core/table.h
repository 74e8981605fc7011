/* SPDX-License-Identifier: MIT */
/* table: an open-addressing index from hashes to ids of rows that the caller keeps in arrays. */
#ifndef CF_CORE_TABLE_H
#define CF_CORE_TABLE_H

#include "core/hash.h"

/*
 * Rows live elsewhere; the table knows their hash and id (from 1) only, so a lookup is
 *
 *	for (pos = hash; (id = cf_table_next(&table, hash, &pos)) != 0;)
 *		if (row id is the one wanted)
 *			return id;
 *	cf_table_add(&table, hash, new id);
 *
 * Zero-initialised is empty. Entries are never removed.
 */
struct cf_table_slot {
	uint32_t hash, id;
};

struct cf_table {
	struct cf_table_slot *slots;
	uint32_t mask; /* slots - 1, a power of two less one; 0 before the first row */
	uint32_t used;
};

/* The id of the next row of this hash, 0 when there is none. *pos starts as the hash. */
static inline uint32_t cf_table_next(const struct cf_table *table, uint32_t hash, uint32_t *pos)
{
	const struct cf_table_slot *slot;

	if (!table->slots)
		return 0;
	for (;;) {
		slot = &table->slots[(*pos)++ & table->mask];
		if (slot->id == 0)
			return 0;
		if (slot->hash == hash)
			return slot->id;
	}
}

static inline void cf_table_put(struct cf_table *table, uint32_t hash, uint32_t id)
{
	uint32_t pos = hash & table->mask;

	while (table->slots[pos].id)
		pos = (pos + 1) & table->mask;
	table->slots[pos] = (struct cf_table_slot){ hash, id };
}

/* Makes room for so many rows in all. Kept at most half full. */
static inline void cf_table_reserve(struct cf_table *table, uint32_t rows)
{
	struct cf_table old = *table;

	if (old.slots && rows <= old.mask / 2)
		return;
	table->mask = old.slots ? old.mask : 63;
	while (rows > table->mask / 2) {
		g_assert(table->mask < G_MAXUINT32 / 2);
		table->mask = 2 * table->mask + 1;
	}
	table->slots = g_new0(struct cf_table_slot, (size_t)table->mask + 1);
	for (uint32_t i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i].id)
			cf_table_put(table, old.slots[i].hash, old.slots[i].id);
	g_free(old.slots);
}

/* Adds a row that isn't there yet. */
static inline void cf_table_add(struct cf_table *table, uint32_t hash, uint32_t id)
{
	if (table->used >= table->mask / 2)
		cf_table_reserve(table, table->used + 1);
	cf_table_put(table, hash, id);
	table->used++;
}

static inline void cf_table_release(struct cf_table *table)
{
	g_free(table->slots);
	*table = (struct cf_table){ 0 };
}

#endif
