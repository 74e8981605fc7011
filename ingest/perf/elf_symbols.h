/* SPDX-License-Identifier: MIT */
/* elf_symbols: an ELF image's identity and its functions by file offset. */
#ifndef CF_INGEST_PERF_ELF_SYMBOLS_H
#define CF_INGEST_PERF_ELF_SYMBOLS_H

#include "core/reader.h"
#include "ingest/perf/symbol_table.h"

#define CF_BUILD_ID_MAX 64

struct cf_elf;

/* image is borrowed until cf_elf_free. NULL when it isn't an ELF file, or a damaged one. */
struct cf_elf *cf_elf_new(struct cf_slice image);
void cf_elf_free(struct cf_elf *elf);

/* Length of the build id, 0: none. */
unsigned cf_elf_build_id(const struct cf_elf *elf, const uint8_t **id);
/* The recorded build id is this image's; recorders pad with zeros. */
gboolean cf_elf_has_build_id(const struct cf_elf *elf, const uint8_t *id, unsigned len);
/* Base name of the separate debug file and the CRC-32 of its bytes, or NULL. Borrowed. */
const char *cf_elf_debug_link(const struct cf_elf *elf, uint32_t *crc);

gboolean cf_elf_has_symtab(const struct cf_elf *elf);
gboolean cf_elf_has_dynsym(const struct cf_elf *elf);

/*
 * Adds the functions of image to table, by file offset, and seals it: .symtab and .dynsym of symbols, and a
 * name@plt for each entry of the procedure linkage tables of runtime. symbols is runtime itself, or its
 * separate debug file, in which sections have no place in the file. Names are borrowed from the images, those
 * of PLT entries from names.
 */
void cf_elf_symbols(const struct cf_elf *symbols, const struct cf_elf *runtime, struct cf_symbol_table *table,
		    GStringChunk *names);

/* The address that the image is linked at for a file offset; the offset itself when no segment has it. */
uint64_t cf_elf_address(const struct cf_elf *elf, uint64_t offset);

#endif
