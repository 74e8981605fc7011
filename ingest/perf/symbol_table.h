/* SPDX-License-Identifier: MIT */
/* symbol_table: sorted symbols of one module, with the rules of perf report for sizes, aliases and gaps. */
#ifndef CF_INGEST_PERF_SYMBOL_TABLE_H
#define CF_INGEST_PERF_SYMBOL_TABLE_H

#include <glib.h>
#include <stdint.h>

enum cf_binding { CF_BINDING_LOCAL, CF_BINDING_GLOBAL, CF_BINDING_WEAK };

/* One symbol, [start, end). The name is borrowed from the file that it came from and still mangled. */
struct cf_symbol_entry {
	uint64_t start, end;
	const char *name;
	uint32_t enclosing; /* index of the last earlier symbol that ends after this one; G_MAXUINT32 none */
	uint32_t len : 29;  /* of name; 0: NUL-terminated */
	uint32_t binding : 2;
	uint32_t guessed : 1; /* the end is: reaches to the next symbol */
};

struct cf_symbol_table {
	GArray *entries; /* struct cf_symbol_entry; by start once settled */
};

void cf_symbol_table_init(struct cf_symbol_table *table);
void cf_symbol_table_clear(struct cf_symbol_table *table);

/* size 0: unknown, ends where the next symbol starts. */
void cf_symbol_table_add(struct cf_symbol_table *table, uint64_t start, uint64_t size,
			 enum cf_binding binding, const char *name, uint32_t len);

/*
 * Sorts what was added, gives symbols without a size one, and leaves one symbol per start address. May be
 * followed by further additions and another call. modules: names carry a "[module]", whose border a symbol
 * doesn't reach across (kallsyms).
 */
void cf_symbol_table_settle(struct cf_symbol_table *table, gboolean modules);

/* Sorts additions without settling (they may overlap), then makes the table ready for cf_symbol_table_find.
 */
void cf_symbol_table_seal(struct cf_symbol_table *table);

/* The innermost symbol around address, or NULL: addresses between symbols belong to none of them. */
const struct cf_symbol_entry *cf_symbol_table_find(const struct cf_symbol_table *table, uint64_t address);

/* The name as recorded; caller frees. */
char *cf_symbol_entry_name(const struct cf_symbol_entry *entry);

#endif
