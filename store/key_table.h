/* SPDX-License-Identifier: MIT */
/* key_table: the rows of a table by a key of three numbers; private to store/. */
#ifndef CF_STORE_KEY_TABLE_H
#define CF_STORE_KEY_TABLE_H

#include "store/statement.h"

/* Name, module and kind of a function, or parent, function and kind of a stack, in 64 bits that sort in that order. */
#define CF_KEY_KIND_BITS 3
#define CF_KEY_SECOND_MAX (((uint32_t)1 << (32 - CF_KEY_KIND_BITS)) - 1)

static inline uint64_t cf_key_pack(uint32_t first, uint32_t second, uint32_t kind)
{
	return (uint64_t)first << 32 | (uint64_t)second << CF_KEY_KIND_BITS | kind;
}
static inline uint32_t cf_key_first(uint64_t key)
{
	return (uint32_t)(key >> 32);
}
static inline uint32_t cf_key_second(uint64_t key)
{
	return (uint32_t)key >> CF_KEY_KIND_BITS;
}
static inline uint32_t cf_key_kind(uint64_t key)
{
	return (uint32_t)key & ((1 << CF_KEY_KIND_BITS) - 1);
}

/* A key and the id of a trace that it is the key of. */
struct cf_key_entry {
	uint64_t key;
	uint32_t local;
};
int cf_key_compare(const void *a, const void *b);

/* All rows of a table, open addressing; an id of 0 is a free place. Zero-initialised: not loaded. */
struct cf_key_table {
	uint64_t *keys;
	uint32_t *ids;
	size_t mask;
};

/* sql: the id and the three parts of the key of at most so many rows. Cleared by the caller, whatever is returned. */
int cf_key_load(struct cf_key_table *table, struct cf_store *store, enum cf_sql sql, uint32_t rows,
		struct cf_diag *diag);
void cf_key_table_clear(struct cf_key_table *table);

/* 1 and *id, 0: no such row, -1. In the table where it is loaded, else by find, which takes the three parts. */
int cf_key_find(struct cf_stmt *find, const struct cf_key_table *table, uint64_t key, uint32_t *id);

#endif
