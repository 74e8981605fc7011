/* SPDX-License-Identifier: MIT */
/* ingest_elf_images: what one ELF image says of its functions and of itself, damaged ones included. */
#include "tests/unit/suite.h"

#include "ingest/perf/elf_symbols.h"
#include "tests/unit/elf_fixture.h"

static void expect(const struct cf_symbol_table *table, uint64_t offset, const char *name)
{
	const struct cf_symbol_entry *entry = cf_symbol_table_find(table, offset);
	g_autofree char *found = entry ? cf_symbol_entry_name(entry) : NULL;

	if (name)
		ck_assert_str_eq(found, name);
	else
		ck_assert_ptr_null(found);
}

START_TEST(functions_by_offset)
{
	g_autofree struct image *image = make_image(TRUE);
	struct cf_elf *elf = cf_elf_new((struct cf_slice){ image->bytes, IMAGE_SIZE });
	GStringChunk *names = g_string_chunk_new(64);
	struct cf_symbol_table table;

	ck_assert_ptr_nonnull(elf);
	ck_assert(cf_elf_has_symtab(elf));
	cf_symbol_table_init(&table);
	cf_elf_symbols(elf, elf, &table, names);
	expect(&table, 0xfff, NULL);
	expect(&table, 0x1000, "start");
	expect(&table, 0x1020, "label");
	expect(&table, 0x103f, "label"); /* without a size: to the next, past a hidden label */
	expect(&table, 0x1040, "_ZN4shop3BoxIlEclEi");
	expect(&table, 0x1050, NULL);
	expect(&table, 0x1060, NULL);
	expect(&table, 0x1080, "pick@@V2");
	expect(&table, 0x2010, "variable");
	expect(&table, PLT_AT, NULL);
	expect(&table, PLT_AT + 0x10, "@plt"); /* chosen at run time */
	expect(&table, PLT_AT + 0x2f, "malloc@plt");
	expect(&table, PLT_AT + 0x30, "free@plt");
	expect(&table, PLT_AT + 0x40, NULL);
	ck_assert_uint_eq(cf_elf_address(elf, 0x1040), 0x401040);
	ck_assert_uint_eq(cf_elf_address(elf, 0x2010), 0x403010);
	ck_assert_uint_eq(cf_elf_address(elf, 0x10), 0x10);
	cf_symbol_table_clear(&table);
	g_string_chunk_free(names);
	cf_elf_free(elf);
}
END_TEST

START_TEST(identity)
{
	static const uint8_t padded[24] = { 1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
					    11, 12, 13, 14, 15, 16, 17, 18, 19, 20 };
	static const uint8_t other[20] = { 1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
					   11, 12, 13, 14, 15, 16, 17, 18, 19, 21 };
	g_autofree struct image *image = make_image(FALSE);
	struct cf_elf *elf = cf_elf_new((struct cf_slice){ image->bytes, IMAGE_SIZE });
	const uint8_t *found;
	uint32_t crc;

	ck_assert(!cf_elf_has_symtab(elf));
	ck_assert(cf_elf_has_dynsym(elf));
	ck_assert_uint_eq(cf_elf_build_id(elf, &found), sizeof(id));
	ck_assert_mem_eq(found, id, sizeof(id));
	ck_assert(cf_elf_has_build_id(elf, id, sizeof(id)));
	ck_assert(cf_elf_has_build_id(elf, padded, sizeof(padded)));
	ck_assert(!cf_elf_has_build_id(elf, other, sizeof(other)));
	ck_assert(!cf_elf_has_build_id(elf, id, 8));
	ck_assert_str_eq(cf_elf_debug_link(elf, &crc), "prog.debug");
	ck_assert_uint_eq(crc, 0x12345678);
	cf_elf_free(elf);
	ck_assert_ptr_null(cf_elf_new((struct cf_slice){ (const uint8_t *)"not an ELF file", 15 }));
	ck_assert_ptr_null(cf_elf_new((struct cf_slice){ (const uint8_t *)"", 0 }));
}
END_TEST

static void read_all(const uint8_t *bytes, size_t len)
{
	struct cf_elf *elf = cf_elf_new((struct cf_slice){ bytes, len });
	GStringChunk *names = g_string_chunk_new(64);
	struct cf_symbol_table table;
	uint32_t crc;

	cf_symbol_table_init(&table);
	if (elf) {
		cf_elf_debug_link(elf, &crc);
		cf_elf_symbols(elf, elf, &table, names);
		cf_symbol_table_find(&table, 0x1040);
		cf_elf_free(elf);
	}
	cf_symbol_table_clear(&table);
	g_string_chunk_free(names);
}

/* Nothing outside the image is read: each cut has a heap block of its own, so that sanitizers see it. */
START_TEST(damaged_images)
{
	g_autofree struct image *image = make_image(TRUE);

	for (size_t len = 0; len < IMAGE_SIZE; len += len < 0x500 ? 1 : 61) {
		g_autofree uint8_t *copy = g_memdup2(image->bytes, len ? len : 1);

		read_all(copy, len);
	}
	for (size_t at = 0; at < SECTIONS_AT + SECTIONS * sizeof(Elf64_Shdr); at++) {
		static const uint8_t values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

		for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
			g_autofree uint8_t *copy = g_memdup2(image->bytes, IMAGE_SIZE);

			copy[at] = values[i];
			read_all(copy, IMAGE_SIZE);
		}
	}
}
END_TEST

/* Sections of one area of notes are read for as long as an honest file could take. */
START_TEST(overlapping_notes)
{
	enum { COUNT = 20000, AREA = 1200000 };
	size_t size = sizeof(Elf64_Ehdr) + AREA + (COUNT + 1) * sizeof(Elf64_Shdr);
	g_autofree uint8_t *bytes = g_malloc0(size);
	Elf64_Shdr *sections = (void *)(bytes + sizeof(Elf64_Ehdr) + AREA);
	struct cf_elf *elf;
	const uint8_t *found;

	*(Elf64_Ehdr *)(void *)bytes = (Elf64_Ehdr){
		.e_type = ET_DYN,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_shoff = sizeof(Elf64_Ehdr) + AREA,
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = COUNT + 1,
	};
	memcpy(bytes, (const uint8_t[]){ 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT }, 7);
	for (size_t i = 1; i <= COUNT; i++)
		sections[i] = (Elf64_Shdr){ .sh_type = SHT_NOTE,
					    .sh_offset = sizeof(Elf64_Ehdr),
					    .sh_size = AREA,
					    .sh_addralign = 4 };
	elf = cf_elf_new((struct cf_slice){ bytes, size });
	ck_assert_ptr_nonnull(elf);
	ck_assert_uint_eq(cf_elf_build_id(elf, &found), 0);
	cf_elf_free(elf);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_elf_images");
	TCase *images = tcase_create("images"), *hostile = tcase_create("hostile");

	tcase_set_timeout(images, 60);
	tcase_add_test(images, functions_by_offset);
	tcase_add_test(images, identity);
	tcase_add_test(images, damaged_images);
	suite_add_tcase(s, images);
	tcase_add_test(hostile, overlapping_notes);
	suite_add_tcase(s, hostile);
	return s;
}
