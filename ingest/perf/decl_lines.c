/* SPDX-License-Identifier: MIT */
/* decl_lines: where functions are declared, from DWARF. */
#include "ingest/perf/decl_lines.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/perf/elf_image.h"

#define UNITS_MAX 1000000u
#define DEPTH_MAX 32
#define COPY_MAX ((uint64_t)256 << 20)

struct search {
	struct cf_decl **decls; /* by address */
	size_t n;
	GStringChunk *strings;
	struct cf_decl_budget *budget;
};

static int by_address(const void *a, const void *b)
{
	const struct cf_decl *x = *(struct cf_decl *const *)a, *y = *(struct cf_decl *const *)b;

	return (x->address > y->address) - (x->address < y->address);
}

/* The first declaration at or after address. */
static size_t lower(const struct search *search, uint64_t address)
{
	size_t low = 0, high = search->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (search->decls[middle]->address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static gboolean covers(const struct search *search, Dwarf_Die *unit)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t offset = 0;

	while (search->budget->entries) {
		size_t found;

		search->budget->entries--;
		offset = dwarf_ranges(unit, offset, &base, &start, &end);
		if (offset <= 0)
			return FALSE;
		found = lower(search, start);
		if (found < search->n && search->decls[found]->address < end)
			return TRUE;
	}
	return FALSE;
}

/* The attribute of the function itself, or of what it is an instance or the definition of. */
static gboolean number(Dwarf_Die *function, unsigned name, Dwarf_Word *out)
{
	Dwarf_Attribute attribute;

	return dwarf_attr_integrate(function, name, &attribute) && dwarf_formudata(&attribute, out) == 0;
}

static void take(const struct search *search, Dwarf_Die *function)
{
	Dwarf_Word line = 0;
	const char *file;
	Dwarf_Addr low;
	size_t i;

	if (dwarf_entrypc(function, &low) != 0)
		return;
	i = lower(search, low);
	if (i >= search->n || search->decls[i]->address != low || search->decls[i]->file ||
	    !number(function, DW_AT_decl_line, &line) || line > UINT32_MAX)
		return;
	file = dwarf_decl_file(function);
	if (!file)
		return;
	file = g_string_chunk_insert_const(search->strings, file);
	for (; i < search->n && search->decls[i]->address == low; i++) {
		search->decls[i]->file = file;
		search->decls[i]->line = (uint32_t)line;
	}
}

/* Functions stand in the unit, in namespaces, in classes and in functions of modules; never deep. */
static gboolean may_hold_functions(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
	       tag == DW_TAG_union_type || tag == DW_TAG_module || tag == DW_TAG_enumeration_type;
}

static void read_unit(const struct search *search, Dwarf_Die *unit)
{
	Dwarf_Die path[DEPTH_MAX];
	int depth = 0;

	if (dwarf_child(unit, &path[0]) != 0)
		return;
	while (depth >= 0 && search->budget->entries) {
		int tag = dwarf_tag(&path[depth]);

		search->budget->entries--;
		if (tag == DW_TAG_subprogram)
			take(search, &path[depth]);
		if (may_hold_functions(tag) && depth + 1 < DEPTH_MAX &&
		    dwarf_child(&path[depth], &path[depth + 1]) == 0) {
			depth++;
			continue;
		}
		while (depth >= 0) {
			Dwarf_Die next;

			if (dwarf_siblingof(&path[depth], &next) == 0) {
				path[depth] = next;
				break;
			}
			depth--;
		}
	}
}

/* size: bytes of DWARF as they are in the file, which is what unpacking costs go by. */
static gboolean is_packed(const struct cf_elf *elf, uint64_t *size)
{
	gboolean packed = FALSE;

	*size = 0;
	for (guint i = 1; i < elf->sections->len; i++) {
		const struct cf_elf_section *section =
			&g_array_index(elf->sections, struct cf_elf_section, i);

		if (section->header.sh_flags & SHF_COMPRESSED || strstr(section->name, "zdebug"))
			packed = TRUE;
		if (strstr(section->name, "debug"))
			*size += MIN(section->header.sh_size, elf->image.len);
	}
	return packed;
}

static void read_units(const struct search *search, Dwarf *dwarf)
{
	Dwarf_CU *cu = NULL;

	for (unsigned i = 0; i < UNITS_MAX && search->budget->entries; i++) {
		Dwarf_Half version;
		uint8_t type;
		Dwarf_Die unit;

		if (dwarf_get_units(dwarf, cu, &cu, &version, &type, &unit, NULL) != 0)
			return;
		search->budget->entries--;
		if (type == DW_UT_compile && covers(search, &unit))
			read_unit(search, &unit);
	}
}

void cf_decl_lines(const struct cf_elf *elf, struct cf_decl *decls, size_t n, GStringChunk *strings,
		   struct cf_decl_budget *budget)
{
	g_autofree struct cf_decl **sorted = NULL;
	g_autofree char *copy = NULL;
	struct search search = { .n = n, .strings = strings, .budget = budget };
	Elf *own = NULL;
	Dwarf *dwarf;
	uint64_t size;

	if (!n || !budget->entries ||
	    (!cf_elf_section(elf, ".debug_info", SHT_NULL) && !cf_elf_section(elf, ".zdebug_info", SHT_NULL)))
		return;
	if (is_packed(elf, &size)) {
		/* libelf unpacks sections in place, their headers included: not in a mapped file. */
		if (size > budget->packed || elf->image.len > COPY_MAX)
			return;
		budget->packed -= size;
		copy = g_try_malloc((gsize)elf->image.len);
		if (!copy)
			return;
		memcpy(copy, elf->image.data, (size_t)elf->image.len);
		own = elf_memory(copy, (size_t)elf->image.len);
	}
	dwarf = dwarf_begin_elf(own ? own : elf->elf, DWARF_C_READ, NULL);
	if (dwarf) {
		sorted = g_new(struct cf_decl *, n);
		for (size_t i = 0; i < n; i++)
			sorted[i] = &decls[i];
		qsort(sorted, n, sizeof(*sorted), by_address);
		search.decls = sorted;
		read_units(&search, dwarf);
		dwarf_end(dwarf);
	}
	if (own)
		elf_end(own);
}
