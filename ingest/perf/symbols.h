/* SPDX-License-Identifier: MIT */
/* symbols: address in a mapped module -> function. Modules are loaded only when one of their addresses is
 * asked for. */
#ifndef CF_INGEST_PERF_SYMBOLS_H
#define CF_INGEST_PERF_SYMBOLS_H

#include "core/diag.h"
#include "core/trace.h"

enum cf_map_kind {
	CF_MAP_FILE,          /* an ELF file, mapped at a file offset */
	CF_MAP_KERNEL,        /* the kernel proper */
	CF_MAP_KERNEL_MODULE, /* [name] or /lib/modules/.../name.ko */
	CF_MAP_VDSO,
	CF_MAP_ANON /* //anon, [heap], memfd, JIT: /tmp/perf-PID.map */
};

/* What is known of a module when it is mapped. Borrowed strings. */
struct cf_map_key {
	enum cf_map_kind kind;
	const char *path;            /* as recorded */
	const uint8_t *build_id;     /* NULL unknown */
	unsigned build_id_len;       /* bytes */
	int32_t pid;                 /* CF_MAP_ANON: whose perf-PID.map */
	uint64_t start, size, pgoff; /* of the first mapping; for the kernel: pgoff is the address of its
					reference symbol */
};

/* Where to look. Borrowed strings, NULL: the default places. */
struct cf_symbols_options {
	const char *symfs;           /* nothing outside it is read */
	const char *kallsyms;        /* this file instead of the running kernel's */
	const char *kernel_build_id; /* hex, of the recording's kernel, or NULL */
	const char *ref_symbol; /* "_text" or "_stext": name of the kernel map's reference symbol, or NULL */
	uint64_t ref_address;   /* its address in the recording; with KASLR it tells the shift */
};

struct cf_symbols;
struct cf_dso; /* one module */

/* -1, said: symfs isn't a folder, or kallsyms can't be read or has no symbol. */
int cf_symbols_check_options(const struct cf_symbols_options *options, struct cf_diag *diag);

struct cf_symbols *cf_symbols_new(struct cf_trace *trace, const struct cf_symbols_options *options);
void cf_symbols_free(struct cf_symbols *symbols);

/* Interned by (kind, path, build id; pid for CF_MAP_ANON). */
struct cf_dso *cf_symbols_dso(struct cf_symbols *symbols, const struct cf_map_key *key);

/*
 * The function at address: a file offset for CF_MAP_FILE and CF_MAP_VDSO (ip - start + pgoff), the recorded
 * address itself otherwise. Never fails: unresolved addresses give the dso's "[unresolved]" function of kind
 * unresolved. Not cached per address: the caller asks once per distinct address.
 */
struct cf_func cf_symbols_function(struct cf_dso *dso, uint64_t address);
/* The function for addresses outside every mapping: module "[unknown]". */
struct cf_func cf_symbols_unmapped(struct cf_symbols *symbols, gboolean kernel);

/*
 * To be called once at the end: adds symbols (address, declaration file:line from DWARF) of the functions in
 * use to the trace, and one quality row "unresolved" per module with its samples, the reason (stripped,
 * missing, build id differs, no perf map, kallsyms hidden or absent) and the cure; and a row "unchecked" per module
 * whose file was used without a recorded build id to compare.
 */
void cf_symbols_finish(struct cf_symbols *symbols);

#endif
