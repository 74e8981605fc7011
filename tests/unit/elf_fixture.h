/* SPDX-License-Identifier: MIT */
/* elf_fixture: an ELF image made by hand, small enough to know every byte of. */
#ifndef CF_TESTS_UNIT_ELF_FIXTURE_H
#define CF_TESTS_UNIT_ELF_FIXTURE_H

#include <elf.h>
#include <glib.h>
#include <string.h>

/*
 * An image made by hand: .text at offset 0x1000 is linked at 0x401000, .data at 0x2000 at 0x403000, .bss
 * behind it. Its linkage table jumps in another order than that of its relocations, as that of libc does.
 */
enum { NONE, TEXT, DATA, BSS, SYMTAB, STRTAB, DYNSYM, PLT, RELA, NOTE, LINK, NAMES, SECTIONS };

#define IMAGE_SIZE 0x3000
#define NAMES_AT 0x2c00
#define STRINGS_AT 0x2800
#define SYMBOLS_AT 0x2400
#define SECTIONS_AT 0x100
#define PLT_AT 0x1800

static const uint8_t id[20] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 };

struct image {
	uint8_t bytes[IMAGE_SIZE];
	size_t strings, names, symbols, dynamic;
};

static uint32_t put_text(struct image *image, size_t base, size_t *used, const char *text)
{
	size_t at = *used;

	memcpy(image->bytes + base + at, text, strlen(text) + 1);
	*used += strlen(text) + 1;
	return (uint32_t)at;
}

static Elf64_Shdr *put_section(struct image *image, unsigned index, const char *name, uint32_t type,
			       uint64_t address, uint64_t offset, uint64_t size)
{
	Elf64_Shdr *section = (void *)(image->bytes + SECTIONS_AT + index * sizeof(*section));

	section->sh_name = put_text(image, NAMES_AT, &image->names, name);
	section->sh_type = type;
	section->sh_addr = address;
	section->sh_offset = offset;
	section->sh_size = size;
	section->sh_addralign = 1;
	section->sh_flags = address ? SHF_ALLOC : 0;
	return section;
}

static void put_symbol(struct image *image, const char *name, unsigned info, unsigned other, unsigned section,
		       uint64_t value, uint64_t size)
{
	Elf64_Sym *symbol = (void *)(image->bytes + SYMBOLS_AT + ++image->symbols * sizeof(*symbol));

	*symbol = (Elf64_Sym){
		.st_name = put_text(image, STRINGS_AT, &image->strings, name),
		.st_info = (unsigned char)info,
		.st_other = (unsigned char)other,
		.st_shndx = (Elf64_Half)section,
		.st_value = value,
		.st_size = size,
	};
}

static void put_plt(struct image *image)
{
	/* push, jump to the linker; then three entries that jump through 0x403110, 0x403100 and 0x403108 */
	static const uint64_t slots[] = { 0x403110, 0x403100, 0x403108 };
	static const char *const names[] = { "malloc", "free" };
	Elf64_Sym *symbols = (void *)(image->bytes + 0x2300);
	Elf64_Rela *relocations = (void *)(image->bytes + 0x2200);

	for (unsigned i = 0; i < 3; i++) {
		uint8_t *entry = image->bytes + PLT_AT + 16 * (i + 1);
		uint32_t distance = (uint32_t)(slots[i] - (0x400000 + PLT_AT + 16 * (i + 1) + 6));

		entry[0] = 0xff;
		entry[1] = 0x25;
		memcpy(entry + 2, &distance, 4);
	}
	for (unsigned i = 0; i < 2; i++) {
		symbols[i + 1] = (Elf64_Sym){
			.st_name = put_text(image, STRINGS_AT, &image->strings, names[i]),
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
		};
		relocations[i] = (Elf64_Rela){
			.r_offset = 0x403100 + 8 * i,
			.r_info = ELF64_R_INFO(i + 1, R_X86_64_JUMP_SLOT),
		};
	}
	relocations[2] = (Elf64_Rela){
		.r_offset = 0x403110,
		.r_info = ELF64_R_INFO(0, R_X86_64_IRELATIVE),
		.r_addend = 0x401080,
	};
}

static struct image *make_image(gboolean symbols)
{
	struct image *image = g_new0(struct image, 1);
	Elf64_Ehdr *header = (void *)image->bytes;
	Elf64_Phdr *segments = (void *)(image->bytes + sizeof(*header));
	unsigned function = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
	unsigned label = ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE);

	image->strings = image->names = 1;
	memcpy(header->e_ident, ELFMAG, SELFMAG);
	header->e_ident[EI_CLASS] = ELFCLASS64;
	header->e_ident[EI_DATA] = ELFDATA2LSB;
	header->e_ident[EI_VERSION] = EV_CURRENT;
	*header = (Elf64_Ehdr){
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(*header),
		.e_shoff = SECTIONS_AT,
		.e_ehsize = sizeof(*header),
		.e_phentsize = sizeof(*segments),
		.e_phnum = 2,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = SECTIONS,
		.e_shstrndx = NAMES,
	};
	memcpy(header->e_ident, (const uint8_t[]){ 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
	       7);
	segments[0] = (Elf64_Phdr){ PT_LOAD, PF_R | PF_X, 0x1000, 0x401000, 0, 0x1000, 0x1000, 0x1000 };
	segments[1] = (Elf64_Phdr){ PT_LOAD, PF_R | PF_W, 0x2000, 0x403000, 0, 0x200, 0x400, 0x1000 };
	put_section(image, TEXT, ".text", SHT_PROGBITS, 0x401000, 0x1000, 0x800);
	put_section(image, DATA, ".data", SHT_PROGBITS, 0x403000, 0x2000, 0x100);
	put_section(image, BSS, ".bss", SHT_NOBITS, 0x403200, 0x2200, 0x200);
	put_section(image, PLT, ".plt", SHT_PROGBITS, 0x400000 + PLT_AT, PLT_AT, 0x40)->sh_entsize = 16;
	if (symbols) {
		put_symbol(image, "start", function, 0, TEXT, 0x401000, 0x20);
		put_symbol(image, "label", label, 0, TEXT, 0x401020, 0);
		put_symbol(image, "hidden_label", label, STV_HIDDEN, TEXT, 0x401028, 0);
		put_symbol(image, "_ZN4shop3BoxIlEclEi", function, 0, TEXT, 0x401040, 0x10);
		put_symbol(image, "pick@@V2", ELF64_ST_INFO(STB_GLOBAL, STT_GNU_IFUNC), 0, TEXT, 0x401080, 4);
		put_symbol(image, "undefined", function, 0, SHN_UNDEF, 0x401060, 0x10);
		put_symbol(image, "absolute", function, 0, SHN_ABS, 0x401060, 0x10);
		put_symbol(image, "beyond", function, 0, 4000, 0x401060, 0x10);
		put_symbol(image, "thread_local", ELF64_ST_INFO(STB_GLOBAL, STT_TLS), 0, DATA, 0x60, 0x10);
		put_symbol(image, "variable", ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, DATA, 0x403010, 8);
	}
	put_plt(image);
	put_section(image, SYMTAB, symbols ? ".symtab" : ".x", SHT_SYMTAB, 0, SYMBOLS_AT,
		    (image->symbols + 1) * sizeof(Elf64_Sym))
		->sh_link = STRTAB;
	put_section(image, STRTAB, ".strtab", SHT_STRTAB, 0, STRINGS_AT, image->strings);
	put_section(image, DYNSYM, ".dynsym", SHT_DYNSYM, 0x402300, 0x2300, 3 * sizeof(Elf64_Sym))->sh_link =
		STRTAB;
	put_section(image, RELA, ".rela.plt", SHT_RELA, 0x402200, 0x2200, 3 * sizeof(Elf64_Rela))->sh_link =
		DYNSYM;
	put_section(image, NOTE, ".note.gnu.build-id", SHT_NOTE, 0x402100, 0x2100, 12 + 4 + sizeof(id));
	put_section(image, LINK, ".gnu_debuglink", SHT_PROGBITS, 0, 0x2180, 16);
	put_section(image, NAMES, ".shstrtab", SHT_STRTAB, 0, NAMES_AT, 0x200);
	for (unsigned i = SYMTAB; i < SECTIONS; i++) {
		Elf64_Shdr *section = (void *)(image->bytes + SECTIONS_AT + i * sizeof(*section));

		section->sh_entsize = i == SYMTAB || i == DYNSYM ? sizeof(Elf64_Sym)
				      : i == RELA                ? sizeof(Elf64_Rela)
								 : section->sh_entsize;
	}
	memcpy(image->bytes + 0x2100, (const uint32_t[]){ 4, sizeof(id), NT_GNU_BUILD_ID }, 12);
	memcpy(image->bytes + 0x210c, "GNU", 4);
	memcpy(image->bytes + 0x2110, id, sizeof(id));
	memcpy(image->bytes + 0x2180, "prog.debug\0\0\x78\x56\x34\x12", 16);
	return image;
}

#endif
