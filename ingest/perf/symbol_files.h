/* SPDX-License-Identifier: MIT */
/* symbol_files: finds the ELF files that a recorded module's symbols can be trusted to come from. */
#ifndef CF_INGEST_PERF_SYMBOL_FILES_H
#define CF_INGEST_PERF_SYMBOL_FILES_H

#include "ingest/perf/elf_files.h"

/* Why a module has no symbols, or not all of them. */
enum cf_lack {
	CF_LACK_NOTHING,
	CF_LACK_FILE,      /* no such file */
	CF_LACK_DELETED,   /* had gone while it was mapped, or never was a file (memfd) */
	CF_LACK_ACCESS,    /* not readable */
	CF_LACK_SAME,      /* a file, but with another build id */
	CF_LACK_ELF,       /* a file, but not (or no longer) an ELF file */
	CF_LACK_SYMBOLS,   /* stripped to nothing */
	CF_LACK_SYMTAB,    /* stripped: only exported functions are known */
	CF_LACK_PERF_MAP,  /* no /tmp/perf-PID.map */
	CF_LACK_OWNER,     /* a /tmp/perf-PID.map of another user */
	CF_LACK_HIDDEN,    /* kallsyms shows zeros */
	CF_LACK_KALLSYMS,  /* no kallsyms of the recording's kernel */
	CF_LACK_KERNEL_ID, /* which kernel was recorded isn't known */
	CF_LACK_BUDGET,    /* the modules before it took all the room that symbols may take */
	CF_LACK_MAP        /* no mapping at all */
};

/* Wanted: a mapped file. Borrowed strings. */
struct cf_symbol_wish {
	const char *path;        /* as recorded */
	const uint8_t *build_id; /* NULL unknown */
	unsigned build_id_len;
	const char *symfs; /* look nowhere else; NULL: the usual places */
	gboolean vdso;
	struct cf_elf_files *open;
};

struct cf_symbol_files {
	const struct cf_elf *image; /* what was mapped, or NULL; owned by the wish's open, like debug */
	const struct cf_elf *debug; /* its separate debug file, or NULL */
	enum cf_lack lack;
};

/* Never fails: what wasn't found is NULL, and lack says why. */
void cf_symbol_files_find(struct cf_symbol_files *files, const struct cf_symbol_wish *wish);

/* The file name of kind ("elf", "kallsyms", ...) in the user's build-id cache; caller frees. NULL: no home.
 */
char *cf_build_id_cache(const uint8_t *id, unsigned len, const char *kind);
/* The running kernel's build id; 0: unknown. */
unsigned cf_running_kernel_id(uint8_t id[CF_BUILD_ID_MAX]);

#endif
