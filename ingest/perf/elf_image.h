/* SPDX-License-Identifier: MIT */
/* elf_image: checked section and segment tables of an ELF image. */
#ifndef CF_INGEST_PERF_ELF_IMAGE_H
#define CF_INGEST_PERF_ELF_IMAGE_H

#include <gelf.h>

#include "core/reader.h"

struct cf_elf_section {
	const char *name; /* "" when there is none */
	GElf_Shdr header;
	Elf_Scn *scn;
};

struct cf_elf {
	struct cf_slice image; /* borrowed */
	Elf *elf;
	GElf_Ehdr header;
	GArray *sections; /* struct cf_elf_section; by index */
	GArray *segments; /* GElf_Phdr of type PT_LOAD with a size */
	const uint8_t *build_id;
	unsigned build_id_len;
};

/* By name and, unless SHT_NULL, type. NULL: none. */
const struct cf_elf_section *cf_elf_section(const struct cf_elf *elf, const char *name, uint32_t type);
const struct cf_elf_section *cf_elf_section_at(const struct cf_elf *elf, size_t index);
/* The section's bytes in the host's order; NULL when they aren't in the file. */
Elf_Data *cf_elf_data(const struct cf_elf_section *section);
/* The file's bytes of a section as they are, wholly inside the file. */
gboolean cf_elf_bytes(const struct cf_elf_section *section, struct cf_slice *bytes);
/* address minus file offset in the segment that holds address. FALSE: no segment does. */
gboolean cf_elf_segment_shift(const struct cf_elf *elf, uint64_t address, uint64_t *shift);

#endif
