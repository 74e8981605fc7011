/* SPDX-License-Identifier: MIT */
/* symbol_files: finds the ELF files that a recorded module's symbols can be trusted to come from. */
#include "ingest/perf/symbol_files.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#define DEBUG_DIR "/usr/lib/debug"

static char *hex_of(const uint8_t *id, unsigned len)
{
	GString *hex = g_string_new(NULL);

	/* Recorders pad with zeros to 20 bytes. */
	while (len > 1 && !id[len - 1] && len > 8)
		len--;
	for (unsigned i = 0; i < len; i++)
		g_string_append_printf(hex, "%02x", id[i]);
	return g_string_free(hex, FALSE);
}

char *cf_build_id_cache(const uint8_t *id, unsigned len, const char *kind)
{
	const char *home = g_getenv("HOME");
	g_autofree char *hex = NULL;

	if (!home || home[0] != '/' || len < 2)
		return NULL;
	hex = hex_of(id, len);
	return g_strdup_printf("%s/.debug/.build-id/%.2s/%s/%s", home, hex, hex + 2, kind);
}

unsigned cf_running_kernel_id(uint8_t id[CF_BUILD_ID_MAX])
{
	g_autofree char *notes = NULL;
	gsize size = 0, pos = 0;

	if (!g_file_get_contents("/sys/kernel/notes", &notes, &size, NULL))
		return 0;
	while (size - pos >= 12) {
		uint64_t name = cf_u32(notes + pos), desc = cf_u32(notes + pos + 4);
		uint32_t type = cf_u32(notes + pos + 8);
		uint64_t at = pos + 12 + (name + 3) / 4 * 4;

		if (at > size || desc > size - at)
			return 0;
		if (type == NT_GNU_BUILD_ID && name == 4 && !memcmp(notes + pos + 12, "GNU", 4) &&
		    desc <= CF_BUILD_ID_MAX) {
			memcpy(id, notes + at, desc);
			return (unsigned)desc;
		}
		pos = MIN(at + (desc + 3) / 4 * 4, size);
	}
	return 0;
}

/* What stands in the way weighs more the closer it came: a wrong build id tells more than a missing file. */
static void lacks(struct cf_symbol_files *files, enum cf_lack lack)
{
	if (files->lack == CF_LACK_NOTHING || files->lack == CF_LACK_FILE || lack == CF_LACK_SAME)
		files->lack = lack;
}

static gboolean is_same(const struct cf_elf *elf, const struct cf_symbol_wish *wish)
{
	return !wish->build_id || cf_elf_has_build_id(elf, wish->build_id, wish->build_id_len);
}

static struct cf_elf_file *open_elf(struct cf_symbol_files *files, const struct cf_symbol_wish *wish,
				    const char *path)
{
	struct cf_elf_file *file = cf_elf_files_open(wish->open, wish->symfs ? wish->symfs : "/", path);

	if (file)
		return file;
	if (errno == ENOEXEC)
		lacks(files, CF_LACK_ELF);
	else
		lacks(files, errno == ENOENT || errno == ENOTDIR ? CF_LACK_FILE : CF_LACK_ACCESS);
	return NULL;
}

static gboolean try_image(struct cf_symbol_files *files, const struct cf_symbol_wish *wish,
			  const struct cf_elf_file *file)
{
	if (!file)
		return FALSE;
	if (is_same(cf_elf_file_image(file), wish)) {
		files->image = cf_elf_file_image(file);
		return TRUE;
	}
	lacks(files, CF_LACK_SAME);
	return FALSE;
}

/* The debug file must be that of the image: by build id, or by checksum where neither has one. */
static gboolean belongs(const struct cf_symbol_files *files, const struct cf_symbol_wish *wish,
			struct cf_elf_file *debug, const uint32_t *crc)
{
	const uint8_t *id = wish->build_id;
	unsigned len = wish->build_id_len;

	if (!id && files->image)
		len = cf_elf_build_id(files->image, &id);
	if (id && len)
		return cf_elf_has_build_id(cf_elf_file_image(debug), id, len);
	return crc && cf_elf_file_crc(debug) == *crc;
}

static gboolean try_debug(struct cf_symbol_files *files, const struct cf_symbol_wish *wish, const char *path,
			  const uint32_t *crc)
{
	enum cf_lack lack = files->lack;
	struct cf_elf_file *file = open_elf(files, wish, path);

	files->lack = lack;
	if (!file || !cf_elf_has_symtab(cf_elf_file_image(file)) || !belongs(files, wish, file, crc))
		return FALSE;
	files->debug = cf_elf_file_image(file);
	return TRUE;
}

static gboolean try_debug_link(struct cf_symbol_files *files, const struct cf_symbol_wish *wish)
{
	static const char *const before[] = { "", "", DEBUG_DIR }, *const after[] = { "/", "/.debug/", "/" };
	g_autofree char *folder = g_path_get_dirname(wish->path);
	const char *name;
	uint32_t crc;

	name = files->image ? cf_elf_debug_link(files->image, &crc) : NULL;
	for (unsigned i = 0; name && i < G_N_ELEMENTS(before); i++) {
		g_autofree char *path = g_strconcat(before[i], folder, after[i], name, NULL);

		if (try_debug(files, wish, path, &crc))
			return TRUE;
	}
	return FALSE;
}

static void find_debug(struct cf_symbol_files *files, const struct cf_symbol_wish *wish)
{
	const uint8_t *id = wish->build_id;
	unsigned len = wish->build_id_len;

	if (!id && files->image)
		len = cf_elf_build_id(files->image, &id);
	if (id && len > 1) {
		g_autofree char *hex = hex_of(id, len);
		g_autofree char *cached = wish->symfs ? NULL : cf_build_id_cache(id, len, "debug");
		g_autofree char *system = g_strdup_printf(DEBUG_DIR "/.build-id/%.2s/%s.debug", hex, hex + 2);

		if ((cached && try_debug(files, wish, cached, NULL)) || try_debug(files, wish, system, NULL))
			return;
	}
	if (wish->path[0] == '/' && !try_debug_link(files, wish)) {
		g_autofree char *fedora = g_strconcat(DEBUG_DIR, wish->path, ".debug", NULL);
		g_autofree char *ubuntu = g_strconcat(DEBUG_DIR, wish->path, NULL);

		(void)(try_debug(files, wish, fedora, NULL) || try_debug(files, wish, ubuntu, NULL));
	}
}

/* This process has a vdso too: the recording's, if the kernel is the same. */
static gboolean try_own_vdso(struct cf_symbol_files *files, const struct cf_symbol_wish *wish)
{
	return wish->build_id && try_image(files, wish, cf_elf_files_own_vdso(wish->open));
}

static gboolean find_image(struct cf_symbol_files *files, const struct cf_symbol_wish *wish)
{
	g_autofree char *cached = NULL;

	if (wish->build_id && !wish->symfs)
		cached = cf_build_id_cache(wish->build_id, wish->build_id_len, wish->vdso ? "vdso" : "elf");
	if (cached && try_image(files, wish, open_elf(files, wish, cached)))
		return TRUE;
	if (wish->vdso)
		return !wish->symfs && try_own_vdso(files, wish);
	return wish->path[0] == '/' && try_image(files, wish, open_elf(files, wish, wish->path));
}

void cf_symbol_files_find(struct cf_symbol_files *files, const struct cf_symbol_wish *wish)
{
	*files = (struct cf_symbol_files){ .lack = CF_LACK_NOTHING };
	if (find_image(files, wish) && cf_elf_has_symtab(files->image)) {
		files->lack = CF_LACK_NOTHING;
		return;
	}
	find_debug(files, wish);
	if (files->debug)
		files->lack = CF_LACK_NOTHING;
	else if (files->image)
		files->lack = cf_elf_has_dynsym(files->image) ? CF_LACK_SYMTAB : CF_LACK_SYMBOLS;
	else if (files->lack == CF_LACK_NOTHING || files->lack == CF_LACK_FILE)
		files->lack = g_str_has_suffix(wish->path, " (deleted)") ? CF_LACK_DELETED : CF_LACK_FILE;
}
