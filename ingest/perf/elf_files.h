/* SPDX-License-Identifier: MIT */
/* elf_files: the ELF files that a recording's modules lead to, each opened once whatever path leads there. */
#ifndef CF_INGEST_PERF_ELF_FILES_H
#define CF_INGEST_PERF_ELF_FILES_H

#include "core/files.h"
#include "ingest/perf/elf_symbols.h"

struct cf_elf_file;
struct cf_elf_files;

struct cf_elf_files *cf_elf_files_new(void);
void cf_elf_files_free(struct cf_elf_files *files);

/* The regular file beneath root. NULL with errno; ENOEXEC: it isn't an ELF file. Owned by files. */
struct cf_elf_file *cf_elf_files_open(struct cf_elf_files *files, const char *root, const char *path);
/* The vdso of this process, NULL: there is none. */
struct cf_elf_file *cf_elf_files_own_vdso(struct cf_elf_files *files);

const struct cf_elf *cf_elf_file_image(const struct cf_elf_file *file);
/* CRC-32 of the file's bytes, as in .gnu_debuglink. */
uint32_t cf_elf_file_crc(struct cf_elf_file *file);

#endif
