/* SPDX-License-Identifier: MIT */
/* elf: feeds arbitrary bytes to the reader of ELF images, their symbols and their DWARF. */
#include "ingest/perf/decl_lines.h"
#include "ingest/perf/demangle.h"

#define DECLS_MAX 64

static void look_up(const struct cf_elf *elf, const struct cf_symbol_table *table, GStringChunk *strings)
{
	struct cf_decl_budget budget = { .entries = 20000, .packed = 1 << 20 };
	struct cf_decl decls[DECLS_MAX];
	size_t n = 0;

	for (guint i = 0; i < table->entries->len; i++) {
		const struct cf_symbol_entry *entry =
			&g_array_index(table->entries, struct cf_symbol_entry, i);
		const struct cf_symbol_entry *found = cf_symbol_table_find(table, entry->start);
		g_autofree char *name = cf_symbol_entry_name(entry), *demangled = cf_demangle(name, -1);

		g_assert(i == 0 || entry[-1].start <= entry->start);
		g_assert(!demangled || *demangled);
		g_assert(!found || (found->start <= entry->start && entry->start < found->end));
		if (n < DECLS_MAX)
			decls[n++] = (struct cf_decl){ .address = cf_elf_address(elf, entry->start) };
		if (n == DECLS_MAX)
			break;
	}
	cf_decl_lines(elf, decls, n, strings, &budget);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_elf *elf = cf_elf_new((struct cf_slice){ data, size });
	GStringChunk *strings;
	struct cf_symbol_table table;
	const uint8_t *id;
	const char *link;
	uint32_t crc;

	if (!elf)
		return 0;
	strings = g_string_chunk_new(4096);
	cf_symbol_table_init(&table);
	g_assert(cf_elf_build_id(elf, &id) <= CF_BUILD_ID_MAX);
	link = cf_elf_debug_link(elf, &crc);
	g_assert(!link || !strchr(link, '/'));
	cf_elf_symbols(elf, elf, &table, strings);
	look_up(elf, &table, strings);
	cf_symbol_table_clear(&table);
	g_string_chunk_free(strings);
	cf_elf_free(elf);
	return 0;
}
