/* SPDX-License-Identifier: MIT */
/* elf_symbols: an ELF image's identity and its functions by file offset. */
#include "ingest/perf/elf_symbols.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/perf/demangle.h"
#include "ingest/perf/elf_image.h"

#define SYMBOL_NAME_MAX (16u * 1024)
/* Text that the names of linkage table entries may take: short hostile ones demangle to long ones. */
#define PLT_TEXT_MAX (16u << 20)

/* A string table whose last byte is NUL, so that every offset inside it is a string. */
static gboolean strings_of(const struct cf_elf *elf, uint32_t link, struct cf_slice *strings)
{
	const struct cf_elf_section *section = cf_elf_section_at(elf, link);

	return section && section->header.sh_type == SHT_STRTAB && cf_elf_bytes(section, strings) &&
	       strings->len && !strings->data[strings->len - 1];
}

/* Mapping symbols ($a, $d, $t, $x, also with a suffix) mark code and data, they name no function. */
static gboolean is_mapping_symbol(const struct cf_elf *elf, const char *name)
{
	if (elf->header.e_machine != EM_ARM && elf->header.e_machine != EM_AARCH64)
		return FALSE;
	return name[0] == '$' && name[1] && strchr("adtx", name[1]) && (!name[2] || name[2] == '.');
}

/* A label without a type in assembler code: kept where code or data is. */
static gboolean is_label(const GElf_Sym *symbol)
{
	unsigned visibility = GELF_ST_VISIBILITY(symbol->st_other);

	return GELF_ST_TYPE(symbol->st_info) == STT_NOTYPE && visibility != STV_HIDDEN &&
	       visibility != STV_INTERNAL;
}

/*
 * Objects are kept beside functions: they are where a function without a size ends, and jump tables or
 * assembler code without a type carry their names.
 */
static gboolean is_named_code(const GElf_Sym *symbol)
{
	unsigned type = GELF_ST_TYPE(symbol->st_info);

	return type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_OBJECT;
}

static enum cf_binding binding_of(const GElf_Sym *symbol)
{
	switch (GELF_ST_BIND(symbol->st_info)) {
	case STB_WEAK:
		return CF_BINDING_WEAK;
	case STB_GLOBAL:
		return CF_BINDING_GLOBAL;
	default:
		return CF_BINDING_LOCAL;
	}
}

static void add_symbol(const struct cf_elf *elf, const struct cf_elf *runtime, const GElf_Sym *symbol,
		       struct cf_slice strings, struct cf_symbol_table *table)
{
	const struct cf_elf_section *section;
	uint64_t value = symbol->st_value, shift;
	gboolean label = is_label(symbol);
	const char *name;

	if (!symbol->st_name || symbol->st_name >= strings.len || symbol->st_shndx == SHN_UNDEF ||
	    symbol->st_shndx == SHN_ABS || (!label && !is_named_code(symbol)))
		return;
	name = (const char *)strings.data + symbol->st_name;
	if (is_mapping_symbol(elf, name))
		return;
	section = cf_elf_section_at(elf, symbol->st_shndx);
	if (!section || !(section->header.sh_flags & SHF_ALLOC))
		return;
	if (section->header.sh_type == SHT_NOBITS) {
		section = cf_elf_section_at(runtime, symbol->st_shndx);
		if (!section)
			return;
	}
	if (label && !strstr(section->name, "text") && !strstr(section->name, "data"))
		return;
	if (elf->header.e_machine == EM_ARM && GELF_ST_TYPE(symbol->st_info) == STT_FUNC)
		value &= ~(uint64_t)1; /* set in the address of a Thumb function */
	if (cf_elf_segment_shift(runtime, value, &shift))
		value -= shift;
	else
		value -= section->header.sh_addr - section->header.sh_offset;
	cf_symbol_table_add(table, value, symbol->st_size, binding_of(symbol), name,
			    (uint32_t)strnlen(name, SYMBOL_NAME_MAX));
}

static void add_symbols(const struct cf_elf *elf, const struct cf_elf *runtime,
			const struct cf_elf_section *section, struct cf_symbol_table *table)
{
	struct cf_slice strings;
	Elf_Data *data;
	size_t n;

	data = section ? cf_elf_data(section) : NULL;
	if (!data || !strings_of(elf, section->header.sh_link, &strings))
		return;
	n = data->d_size / gelf_fsize(elf->elf, ELF_T_SYM, 1, EV_CURRENT);
	for (size_t i = 1; i < n; i++) {
		GElf_Sym symbol;

		if (!gelf_getsym(data, (int)MIN(i, G_MAXINT), &symbol))
			break;
		add_symbol(elf, runtime, &symbol, strings, table);
	}
}

/* Where the relocations of a procedure linkage table's slots are, and what they name. */
struct plt {
	const struct cf_elf *elf;
	GStringChunk *names;
	Elf_Data *relocations, *symbols;
	struct cf_slice strings;
	gboolean rela;
	size_t text;     /* of names so far */
	GArray *entries; /* struct entry */
};

/* An entry of a linkage table: where it is in the file, and the address that it jumps through. */
struct entry {
	uint64_t slot, offset, size;
	const char *name;
};

static gboolean relocation(const struct plt *plt, size_t i, GElf_Rela *out)
{
	GElf_Rel rel;

	if (i > G_MAXINT)
		return FALSE;
	if (plt->rela)
		return gelf_getrela(plt->relocations, (int)i, out) != NULL;
	if (!gelf_getrel(plt->relocations, (int)i, &rel))
		return FALSE;
	*out = (GElf_Rela){ .r_offset = rel.r_offset, .r_info = rel.r_info };
	return TRUE;
}

/* The name behind a relocation; "" where code chooses the function at run time (an IFUNC). */
static const char *relocation_name(const struct plt *plt, const GElf_Rela *rela)
{
	uint64_t index = GELF_R_SYM(rela->r_info);
	GElf_Sym symbol;

	if (index && index <= G_MAXINT && gelf_getsym(plt->symbols, (int)index, &symbol) &&
	    symbol.st_name < plt->strings.len)
		return (const char *)plt->strings.data + symbol.st_name;
	return "";
}

static void name_entry(struct plt *plt, struct entry *entry, const GElf_Rela *rela)
{
	const char *mangled = relocation_name(plt, rela);
	g_autofree char *name = g_strndup(mangled, strnlen(mangled, SYMBOL_NAME_MAX));
	g_autofree char *demangled = cf_demangle(name, -1);
	g_autofree char *text = g_strconcat(demangled ? demangled : name, "@plt", NULL);

	if (plt->text > PLT_TEXT_MAX)
		return;
	plt->text += strlen(text) + 1;
	entry->name = g_string_chunk_insert(plt->names, text);
}

/*
 * x86: an entry jumps through its slot, whose relocation has the name. The order of the entries says nothing
 * where IFUNCs are among them (libc), though perf up to 6.2 goes by it. .plt.got is left alone as there: its
 * few entries count as unresolved.
 */
static void find_x86_entries(struct plt *plt, const char *table)
{
	const struct cf_elf_section *section = cf_elf_section(plt->elf, table, SHT_PROGBITS);
	struct cf_slice code;
	uint64_t step;

	if (!section || !cf_elf_bytes(section, &code))
		return;
	step = section->header.sh_entsize == 8 ? 8 : 16;
	for (uint64_t at = 0; at + step <= code.len; at += step) {
		for (uint64_t i = at; i + 6 <= at + step; i++) {
			struct entry entry = { .offset = section->header.sh_offset + at, .size = step };

			if (code.data[i] != 0xff || code.data[i + 1] != 0x25)
				continue;
			entry.slot = section->header.sh_addr + i + 6 +
				     (uint64_t)(int64_t)(int32_t)cf_le32(code.data + i + 2);
			g_array_append_val(plt->entries, entry);
			break;
		}
	}
}

static int by_slot(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return (x->slot > y->slot) - (x->slot < y->slot);
}

static void name_by_slot(struct plt *plt, size_t n)
{
	struct entry *entries = (struct entry *)(void *)plt->entries->data;

	g_array_sort(plt->entries, by_slot);
	for (size_t i = 0; i < n; i++) {
		struct entry *found, key = { 0 };
		GElf_Rela rela;

		if (!relocation(plt, i, &rela))
			return;
		key.slot = rela.r_offset;
		found = bsearch(&key, entries, plt->entries->len, sizeof(key), by_slot);
		if (!found || found->name)
			continue;
		while (found > entries && found[-1].slot == key.slot)
			found--;
		name_entry(plt, found, &rela);
		if (!found->name)
			return; /* too much text */
		for (; found + 1 < entries + plt->entries->len && found[1].slot == key.slot; found++)
			found[1].name = found->name;
	}
}

/* Elsewhere entries stand in the order of their relocations, after a header. */
static void name_in_order(struct plt *plt, size_t n)
{
	const struct cf_elf_section *section = cf_elf_section(plt->elf, ".plt", SHT_PROGBITS);
	uint64_t head, step;

	if (!section)
		return;
	switch (plt->elf->header.e_machine) {
	case EM_ARM:
		head = 20;
		step = 12;
		break;
	case EM_AARCH64:
		head = 32;
		step = 16;
		break;
	default:
		head = step = section->header.sh_entsize;
		break;
	}
	for (uint64_t i = 0, at = head; step && i < n && at <= section->header.sh_size; i++, at += step) {
		struct entry entry = { .offset = section->header.sh_offset + at, .size = step };
		GElf_Rela rela;

		if (!relocation(plt, i, &rela))
			return;
		name_entry(plt, &entry, &rela);
		g_array_append_val(plt->entries, entry);
	}
}

static void name_entries(struct plt *plt, const struct cf_elf_section *relocations)
{
	gboolean x86 = plt->elf->header.e_machine == EM_X86_64;
	size_t n;

	plt->rela = relocations->header.sh_type == SHT_RELA;
	plt->relocations = cf_elf_data(relocations);
	if (!plt->relocations)
		return;
	n = plt->relocations->d_size /
	    gelf_fsize(plt->elf->elf, plt->rela ? ELF_T_RELA : ELF_T_REL, 1, EV_CURRENT);
	if (!x86) {
		name_in_order(plt, n);
		return;
	}
	find_x86_entries(plt, ".plt");
	find_x86_entries(plt, ".plt.sec");
	if (plt->entries->len)
		name_by_slot(plt, n);
}

static void add_plt(const struct cf_elf *elf, struct cf_symbol_table *table, GStringChunk *names)
{
	const struct cf_elf_section *dynsym = cf_elf_section(elf, ".dynsym", SHT_DYNSYM);
	const struct cf_elf_section *relocations = cf_elf_section(elf, ".rela.plt", SHT_RELA);
	struct plt plt = { .elf = elf, .names = names };

	if (!relocations)
		relocations = cf_elf_section(elf, ".rel.plt", SHT_REL);
	plt.symbols = dynsym ? cf_elf_data(dynsym) : NULL;
	if (!relocations || !plt.symbols || !strings_of(elf, dynsym->header.sh_link, &plt.strings))
		return;
	plt.entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
	name_entries(&plt, relocations);
	for (guint i = 0; i < plt.entries->len; i++) {
		const struct entry *entry = &g_array_index(plt.entries, struct entry, i);

		if (entry->name)
			cf_symbol_table_add(table, entry->offset, entry->size, CF_BINDING_GLOBAL, entry->name,
					    0);
	}
	g_array_unref(plt.entries);
}

void cf_elf_symbols(const struct cf_elf *symbols, const struct cf_elf *runtime, struct cf_symbol_table *table,
		    GStringChunk *names)
{
	add_symbols(symbols, runtime, cf_elf_section(symbols, ".symtab", SHT_SYMTAB), table);
	cf_symbol_table_settle(table, FALSE);
	add_symbols(symbols, runtime, cf_elf_section(symbols, ".dynsym", SHT_DYNSYM), table);
	cf_symbol_table_settle(table, FALSE);
	add_plt(runtime, table, names);
	cf_symbol_table_seal(table);
}
