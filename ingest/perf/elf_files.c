/* SPDX-License-Identifier: MIT */
/* elf_files: the ELF files that a recording's modules lead to, each opened once whatever path leads there. */
#include "ingest/perf/elf_files.h"

#include <elf.h>
#include <errno.h>
#include <sys/auxv.h>

#include "core/hash.h"

#define ELF_FILE_MAX ((uint64_t)16 << 30) /* mapped, not read */

struct cf_elf_file {
	uint64_t device, inode;
	struct cf_file file; /* path NULL: not a file, or one that is no ELF file and was closed */
	struct cf_elf *elf;  /* NULL: it isn't one */
	uint32_t crc;
	gboolean has_crc;
};

struct cf_elf_files {
	GHashTable *by_inode; /* struct cf_elf_file, owned, its own key */
	struct cf_elf_file *vdso;
};

static guint file_hash(gconstpointer key)
{
	const struct cf_elf_file *file = key;

	return cf_hash(file->device, file->inode);
}

static gboolean file_equal(gconstpointer a, gconstpointer b)
{
	const struct cf_elf_file *x = a, *y = b;

	return x->device == y->device && x->inode == y->inode;
}

static void file_free(gpointer data)
{
	struct cf_elf_file *file = data;

	if (!file)
		return;
	if (file->elf)
		cf_elf_free(file->elf);
	if (file->file.path)
		cf_file_release(&file->file);
	g_free(file);
}

struct cf_elf_files *cf_elf_files_new(void)
{
	struct cf_elf_files *files = g_new0(struct cf_elf_files, 1);

	files->by_inode = g_hash_table_new_full(file_hash, file_equal, file_free, NULL);
	return files;
}

void cf_elf_files_free(struct cf_elf_files *files)
{
	if (!files)
		return;
	g_hash_table_unref(files->by_inode);
	file_free(files->vdso);
	g_free(files);
}

static struct cf_elf_file *usable(struct cf_elf_file *file)
{
	if (file->elf)
		return file;
	errno = ENOEXEC;
	return NULL;
}

struct cf_elf_file *cf_elf_files_open(struct cf_elf_files *files, const char *root, const char *path)
{
	struct cf_elf_file probe = { 0 }, *file;

	if (cf_file_open_beneath(&probe.file, root, path, ELF_FILE_MAX, FALSE) != 0)
		return NULL;
	probe.device = probe.file.device;
	probe.inode = probe.file.inode;
	file = g_hash_table_lookup(files->by_inode, &probe);
	if (file) {
		cf_file_release(&probe.file);
		return usable(file);
	}
	file = g_memdup2(&probe, sizeof(probe));
	file->elf = cf_elf_new(file->file.bytes);
	if (!file->elf) {
		cf_file_release(&file->file);
		file->file.path = NULL;
	}
	g_hash_table_add(files->by_inode, file);
	return usable(file);
}

struct cf_elf_file *cf_elf_files_own_vdso(struct cf_elf_files *files)
{
	const uint8_t *base = (const uint8_t *)getauxval(AT_SYSINFO_EHDR);
	struct cf_slice image = { base, 0 };
	const Elf64_Ehdr *header = (const void *)base;

	if (!base || sizeof(void *) != 8)
		return NULL;
	if (!files->vdso) {
		image.len = header->e_shoff + (uint64_t)header->e_shnum * header->e_shentsize;
		files->vdso = g_new0(struct cf_elf_file, 1);
		files->vdso->elf = cf_elf_new(image);
	}
	return usable(files->vdso);
}

const struct cf_elf *cf_elf_file_image(const struct cf_elf_file *file)
{
	return file->elf;
}

/* ISO 3309. */
static uint32_t crc32_of(struct cf_slice bytes)
{
	uint32_t table[256], crc = 0xffffffff;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	}
	for (uint64_t i = 0; i < bytes.len; i++)
		crc = crc >> 8 ^ table[(crc ^ bytes.data[i]) & 0xff];
	return ~crc;
}

uint32_t cf_elf_file_crc(struct cf_elf_file *file)
{
	if (!file->has_crc) {
		file->crc = crc32_of(file->file.bytes);
		file->has_crc = TRUE;
	}
	return file->crc;
}
