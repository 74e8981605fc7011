/* SPDX-License-Identifier: MIT */
/* elf_image: checked section and segment tables of an ELF image. */
#include "ingest/perf/elf_image.h"

#include <string.h>

#include "ingest/perf/elf_symbols.h"

/* Neither libelf nor we have a use for images with more; a hostile header may claim any number. */
#define SECTIONS_MAX (1u << 20)
#define SEGMENTS_MAX (1u << 16)
/* Segments that are loaded: they are looked through for each symbol. */
#define LOADS_MAX 128
#define SECTION_NAME_MAX 255

const struct cf_elf_section *cf_elf_section(const struct cf_elf *elf, const char *name, uint32_t type)
{
	for (guint i = 1; i < elf->sections->len; i++) {
		const struct cf_elf_section *section =
			&g_array_index(elf->sections, struct cf_elf_section, i);

		if (!strcmp(section->name, name) && (type == SHT_NULL || section->header.sh_type == type))
			return section;
	}
	return NULL;
}

const struct cf_elf_section *cf_elf_section_at(const struct cf_elf *elf, size_t index)
{
	return index < elf->sections->len ? &g_array_index(elf->sections, struct cf_elf_section, index)
					  : NULL;
}

Elf_Data *cf_elf_data(const struct cf_elf_section *section)
{
	Elf_Data *data;

	if (section->header.sh_type == SHT_NOBITS)
		return NULL;
	data = elf_getdata(section->scn, NULL);
	return data && data->d_buf && data->d_size ? data : NULL;
}

gboolean cf_elf_bytes(const struct cf_elf_section *section, struct cf_slice *bytes)
{
	Elf_Data *data;

	if (section->header.sh_type == SHT_NOBITS)
		return FALSE;
	data = elf_rawdata(section->scn, NULL);
	if (!data || !data->d_buf)
		return FALSE;
	*bytes = (struct cf_slice){ data->d_buf, data->d_size };
	return TRUE;
}

gboolean cf_elf_segment_shift(const struct cf_elf *elf, uint64_t address, uint64_t *shift)
{
	for (guint i = 0; i < elf->segments->len; i++) {
		const GElf_Phdr *segment = &g_array_index(elf->segments, GElf_Phdr, i);

		if (address >= segment->p_vaddr &&
		    address - segment->p_vaddr < MAX(segment->p_memsz, segment->p_filesz)) {
			*shift = segment->p_vaddr - segment->p_offset;
			return TRUE;
		}
	}
	return FALSE;
}

uint64_t cf_elf_address(const struct cf_elf *elf, uint64_t offset)
{
	for (guint i = 0; i < elf->segments->len; i++) {
		const GElf_Phdr *segment = &g_array_index(elf->segments, GElf_Phdr, i);

		if (offset >= segment->p_offset && offset - segment->p_offset < segment->p_memsz)
			return offset - segment->p_offset + segment->p_vaddr;
	}
	return offset;
}

/* Names are looked through for each symbol too, so long ones count as none. */
static void name_sections(struct cf_elf *elf, size_t index)
{
	const struct cf_elf_section *strings = cf_elf_section_at(elf, index);
	struct cf_slice bytes;

	if (!strings || strings->header.sh_type != SHT_STRTAB || !cf_elf_bytes(strings, &bytes))
		return;
	for (guint i = 0; i < elf->sections->len; i++) {
		struct cf_elf_section *section = &g_array_index(elf->sections, struct cf_elf_section, i);
		uint64_t at = section->header.sh_name;

		if (at < bytes.len && memchr(bytes.data + at, 0, MIN(bytes.len - at, SECTION_NAME_MAX + 1)))
			section->name = (const char *)bytes.data + at;
	}
}

static gboolean read_sections(struct cf_elf *elf)
{
	size_t n, names;

	if (elf_getshdrnum(elf->elf, &n) != 0 || n > SECTIONS_MAX || elf_getshdrstrndx(elf->elf, &names) != 0)
		return FALSE;
	for (size_t i = 0; i < n; i++) {
		struct cf_elf_section section = { .name = "", .scn = elf_getscn(elf->elf, i) };

		if (!section.scn || !gelf_getshdr(section.scn, &section.header))
			return FALSE;
		g_array_append_val(elf->sections, section);
	}
	name_sections(elf, names);
	return TRUE;
}

static gboolean read_segments(struct cf_elf *elf)
{
	size_t n;

	if (elf_getphdrnum(elf->elf, &n) != 0)
		return FALSE;
	for (size_t i = 0; i < n && i < SEGMENTS_MAX && elf->segments->len < LOADS_MAX; i++) {
		GElf_Phdr segment;

		if (!gelf_getphdr(elf->elf, (int)i, &segment))
			return FALSE;
		if (segment.p_type == PT_LOAD && (segment.p_memsz || segment.p_filesz))
			g_array_append_val(elf->segments, segment);
	}
	return TRUE;
}

/* Notes are of 4-byte words in all build-id sections that linkers write. */
static gboolean find_build_id(struct cf_elf *elf, struct cf_slice notes, gboolean swapped)
{
	uint64_t pos = 0;

	while (notes.len - pos >= 12) {
		uint32_t words[3];
		struct cf_slice name, desc;

		for (unsigned i = 0; i < 3; i++) {
			words[i] = cf_u32(notes.data + pos + i * 4);
			if (swapped)
				words[i] = GUINT32_SWAP_LE_BE(words[i]);
		}
		pos += 12;
		if (!cf_slice_sub(notes, pos, words[0], &name))
			return FALSE;
		pos += MIN(((uint64_t)words[0] + 3) / 4 * 4, notes.len - pos);
		if (!cf_slice_sub(notes, pos, words[1], &desc))
			return FALSE;
		pos += MIN(((uint64_t)words[1] + 3) / 4 * 4, notes.len - pos);
		if (words[2] == NT_GNU_BUILD_ID && name.len == 4 && !memcmp(name.data, "GNU", 4) &&
		    desc.len && desc.len <= CF_BUILD_ID_MAX) {
			elf->build_id = desc.data;
			elf->build_id_len = (unsigned)desc.len;
			return TRUE;
		}
	}
	return FALSE;
}

static void read_build_id(struct cf_elf *elf)
{
	gboolean swapped =
		elf->header.e_ident[EI_DATA] != (G_BYTE_ORDER == G_LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB);
	uint64_t left = elf->image.len; /* sections that overlap aren't worth reading over and over */

	for (guint i = 1; i < elf->sections->len; i++) {
		const struct cf_elf_section *section =
			&g_array_index(elf->sections, struct cf_elf_section, i);
		struct cf_slice notes;

		if (section->header.sh_type != SHT_NOTE || !cf_elf_bytes(section, &notes))
			continue;
		if (notes.len > left || find_build_id(elf, notes, swapped))
			return;
		left -= notes.len;
	}
}

struct cf_elf *cf_elf_new(struct cf_slice image)
{
	struct cf_elf *elf;

	if (image.len < SELFMAG || memcmp(image.data, ELFMAG, SELFMAG) != 0 || image.len > G_MAXSIZE ||
	    elf_version(EV_CURRENT) == EV_NONE)
		return NULL;
	elf = g_new0(struct cf_elf, 1);
	elf->image = image;
	elf->sections = g_array_new(FALSE, FALSE, sizeof(struct cf_elf_section));
	elf->segments = g_array_new(FALSE, FALSE, sizeof(GElf_Phdr));
	/* Opened for reading only: libelf doesn't write to the image. */
	elf->elf = elf_memory((char *)image.data, (size_t)image.len);
	if (!elf->elf || elf_kind(elf->elf) != ELF_K_ELF || !gelf_getehdr(elf->elf, &elf->header) ||
	    !read_sections(elf) || !read_segments(elf)) {
		cf_elf_free(elf);
		return NULL;
	}
	read_build_id(elf);
	return elf;
}

void cf_elf_free(struct cf_elf *elf)
{
	if (!elf)
		return;
	if (elf->elf)
		elf_end(elf->elf);
	g_array_unref(elf->sections);
	g_array_unref(elf->segments);
	g_free(elf);
}

unsigned cf_elf_build_id(const struct cf_elf *elf, const uint8_t **id)
{
	*id = elf->build_id;
	return elf->build_id_len;
}

gboolean cf_elf_has_build_id(const struct cf_elf *elf, const uint8_t *id, unsigned len)
{
	unsigned common = MIN(len, elf->build_id_len);

	if (!common || memcmp(elf->build_id, id, common) != 0 || elf->build_id_len > len)
		return FALSE;
	for (unsigned i = common; i < len; i++)
		if (id[i])
			return FALSE;
	return TRUE;
}

const char *cf_elf_debug_link(const struct cf_elf *elf, uint32_t *crc)
{
	const struct cf_elf_section *section = cf_elf_section(elf, ".gnu_debuglink", SHT_PROGBITS);
	struct cf_slice bytes;
	size_t len, at;

	if (!section || !cf_elf_bytes(section, &bytes))
		return NULL;
	len = strnlen((const char *)bytes.data, bytes.len);
	at = (len + 4) / 4 * 4; /* the name's NUL, then padding */
	if (!len || len >= bytes.len || at > bytes.len || bytes.len - at < 4 || memchr(bytes.data, '/', len))
		return NULL;
	*crc = elf->header.e_ident[EI_DATA] == ELFDATA2LSB ? cf_le32(bytes.data + at)
							   : cf_be32(bytes.data + at);
	return (const char *)bytes.data;
}

gboolean cf_elf_has_symtab(const struct cf_elf *elf)
{
	return cf_elf_section(elf, ".symtab", SHT_SYMTAB) != NULL;
}

gboolean cf_elf_has_dynsym(const struct cf_elf *elf)
{
	return cf_elf_section(elf, ".dynsym", SHT_DYNSYM) != NULL;
}
