/* SPDX-License-Identifier: MIT */
/* decl_lines: where functions are declared, from DWARF. */
#ifndef CF_INGEST_PERF_DECL_LINES_H
#define CF_INGEST_PERF_DECL_LINES_H

#include "ingest/perf/elf_symbols.h"

struct cf_decl {
	uint64_t address; /* as linked */
	const char *file; /* set if found, else left alone */
	uint32_t line;
};

/* What may still be spent; taken from as it is, so that a bound holds over several modules. */
struct cf_decl_budget {
	unsigned entries; /* of DWARF, about 0.1 us each */
	uint64_t packed;  /* bytes of compressed DWARF, about 30 ms a MiB */
};

/*
 * Looks up the functions that start at the addresses of decls (in any order). Only compilation units that
 * cover one of the addresses are read. Compressed DWARF over the budget is left alone. Files are put into
 * strings.
 */
void cf_decl_lines(const struct cf_elf *elf, struct cf_decl *decls, size_t n, GStringChunk *strings,
		   struct cf_decl_budget *budget);

#endif
