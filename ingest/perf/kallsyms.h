/* SPDX-License-Identifier: MIT */
/* kallsyms: the kernel's and its modules' functions by address. */
#ifndef CF_INGEST_PERF_KALLSYMS_H
#define CF_INGEST_PERF_KALLSYMS_H

#include "core/files.h"
#include "ingest/perf/symbol_table.h"

struct cf_kallsyms {
	struct cf_file file;
	struct cf_symbol_table table; /* names may have "\t[module]" behind them */
	gboolean hidden;              /* all addresses are zero (kptr_restrict) */
	uint64_t shift;               /* to be added to a recorded address before looking it up */
};

/*
 * Reads a file of the form of /proc/kallsyms. -1: it can't be read, or has no symbol. ref_symbol (or NULL)
 * was at ref_address in the recording: the difference is the shift; without that symbol in the file it is 0.
 */
int cf_kallsyms_load(struct cf_kallsyms *kallsyms, const char *path, const char *ref_symbol,
		     uint64_t ref_address);
/* -1, said: the file can't be read, or has no line with a symbol. */
int cf_kallsyms_check(const char *path, struct cf_diag *diag);
void cf_kallsyms_release(struct cf_kallsyms *kallsyms);

/* The symbol at a recorded address, or NULL. module: name without brackets; NULL: the kernel proper only. */
const struct cf_symbol_entry *cf_kallsyms_find(const struct cf_kallsyms *kallsyms, uint64_t address,
					       const char *module);
/* The name without its module; caller frees. */
char *cf_kallsyms_name(const struct cf_symbol_entry *entry);

#endif
