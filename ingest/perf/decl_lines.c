/* SPDX-License-Identifier: MIT */
/* decl_lines: where functions are declared, from DWARF. */
#include "ingest/perf/decl_lines.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>

#include "ingest/perf/elf_image.h"

#define UNITS_MAX 1000000u
#define DEPTH_MAX 32

struct search {
	struct cf_decl **decls; /* by address */
	size_t n;
	GStringChunk *strings;
	unsigned *budget;
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

	/* The bound keeps a damaged range list from going on for ever. */
	for (unsigned i = 0; i < 1u << 20; i++) {
		size_t found;

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
	while (depth >= 0 && *search->budget) {
		int tag = dwarf_tag(&path[depth]);

		--*search->budget;
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

void cf_decl_lines(const struct cf_elf *elf, struct cf_decl *decls, size_t n, GStringChunk *strings,
		   unsigned *budget)
{
	g_autofree struct cf_decl **sorted = NULL;
	struct search search = { .n = n, .strings = strings, .budget = budget };
	Dwarf_CU *cu = NULL;
	Dwarf *dwarf;

	if (!n || !*budget || !cf_elf_section(elf, ".debug_info", SHT_NULL))
		return;
	dwarf = dwarf_begin_elf(elf->elf, DWARF_C_READ, NULL);
	if (!dwarf)
		return;
	sorted = g_new(struct cf_decl *, n);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &decls[i];
	qsort(sorted, n, sizeof(*sorted), by_address);
	search.decls = sorted;
	for (unsigned i = 0; i < UNITS_MAX && *budget; i++) {
		Dwarf_Half version;
		uint8_t type;
		Dwarf_Die unit;

		if (dwarf_get_units(dwarf, cu, &cu, &version, &type, &unit, NULL) != 0)
			break;
		--*budget;
		if (type == DW_UT_compile && covers(&search, &unit))
			read_unit(&search, &unit);
	}
	dwarf_end(dwarf);
}
