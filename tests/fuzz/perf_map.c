/* SPDX-License-Identifier: MIT */
/* perf_map: feeds arbitrary bytes to the reader of /tmp/perf-PID.map, and its names to the demangler. */
#include "ingest/perf/perf_map.h"

#include <string.h>

#include "ingest/perf/demangle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cf_symbol_table table;

	cf_symbol_table_init(&table);
	cf_perf_map_symbols((struct cf_slice){ data, size }, &table);
	for (guint i = 0; i < table.entries->len && i < 100; i++) {
		const struct cf_symbol_entry *entry =
			&g_array_index(table.entries, struct cf_symbol_entry, i);
		const struct cf_symbol_entry *found = cf_symbol_table_find(&table, entry->start);
		g_autofree char *name = cf_symbol_entry_name(entry), *demangled = cf_demangle(name, -1);

		g_assert(entry->name >= (const char *)data &&
			 entry->name + entry->len <= (const char *)data + size);
		g_assert(!demangled || *demangled);
		g_assert(!found || (found->start <= entry->start && entry->start < found->end));
	}
	cf_symbol_table_clear(&table);
	return 0;
}
