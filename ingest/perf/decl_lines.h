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

/*
 * Looks up the functions that start at the addresses of decls (in any order). Only compilation units that
 * cover one of the addresses are read, at most *budget entries of them; what was read is taken from it, so
 * that a bound holds over several modules. Files are put into strings.
 */
void cf_decl_lines(const struct cf_elf *elf, struct cf_decl *decls, size_t n, GStringChunk *strings,
		   unsigned *budget);

#endif
