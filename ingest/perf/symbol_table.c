/* SPDX-License-Identifier: MIT */
/* symbol_table: sorted symbols of one module, with the rules of perf report for sizes, aliases and gaps. */
#include "ingest/perf/symbol_table.h"

#include <string.h>

#include "ingest/perf/demangle.h"

#define PAGE 4096u
#define NONE G_MAXUINT32
/* Symbols around one address that are looked at; those of real programs stand two or three deep. */
#define NESTED_MAX 64

void cf_symbol_table_init(struct cf_symbol_table *table)
{
	table->entries = g_array_new(FALSE, FALSE, sizeof(struct cf_symbol_entry));
}

void cf_symbol_table_clear(struct cf_symbol_table *table)
{
	g_clear_pointer(&table->entries, g_array_unref);
}

void cf_symbol_table_add(struct cf_symbol_table *table, uint64_t start, uint64_t size,
			 enum cf_binding binding, const char *name, uint32_t len)
{
	struct cf_symbol_entry entry = {
		.start = start,
		.end = size > UINT64_MAX - start ? UINT64_MAX : start + size,
		.name = name,
		.enclosing = NONE,
		.len = len,
		.binding = binding,
	};

	g_array_append_val(table->entries, entry);
}

static size_t name_len(const struct cf_symbol_entry *entry)
{
	return entry->len ? entry->len : strlen(entry->name);
}

char *cf_symbol_entry_name(const struct cf_symbol_entry *entry)
{
	return g_strndup(entry->name, name_len(entry));
}

static int by_start(const void *a, const void *b)
{
	const struct cf_symbol_entry *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Stable (g_array_sort has been a merge sort since GLib 2.32): of one start, the first added stays first. */
static void sort(struct cf_symbol_table *table)
{
	const struct cf_symbol_entry *e = (const struct cf_symbol_entry *)(void *)table->entries->data;

	for (guint i = 1; i < table->entries->len; i++) {
		if (e[i - 1].start > e[i].start) {
			g_array_sort(table->entries, by_start);
			return;
		}
	}
}

static gboolean in_module(const struct cf_symbol_entry *entry)
{
	return memchr(entry->name, '[', name_len(entry)) != NULL;
}

static uint64_t page_up(uint64_t address)
{
	return address > UINT64_MAX - PAGE ? UINT64_MAX : (address + PAGE - 1) / PAGE * PAGE;
}

static void give_ends(struct cf_symbol_table *table, gboolean modules)
{
	struct cf_symbol_entry *e = (struct cf_symbol_entry *)(void *)table->entries->data;
	guint n = table->entries->len;

	for (guint i = 0; i + 1 < n; i++) {
		if (e[i].end != e[i].start)
			continue;
		e[i].guessed = TRUE;
		if (modules && in_module(&e[i]) != in_module(&e[i + 1]))
			e[i].end = page_up(e[i].end > UINT64_MAX - PAGE ? UINT64_MAX : e[i].end + PAGE);
		else
			e[i].end = e[i + 1].start;
	}
	if (n && e[n - 1].end == e[n - 1].start) {
		uint64_t page = page_up(e[n - 1].start);

		e[n - 1].guessed = TRUE;
		e[n - 1].end = page > UINT64_MAX - PAGE ? UINT64_MAX : page + PAGE;
	}
}

/* Constructor and destructor variants (C1/C2, D1/D2) have one demangled name: no need to demangle them. */
static gboolean same_but_variant(const struct cf_symbol_entry *a, const struct cf_symbol_entry *b)
{
	size_t len = name_len(a), i = 0;

	if (len != name_len(b) || len < 4 || a->name[0] != '_' || a->name[1] != 'Z')
		return FALSE;
	while (i < len && a->name[i] == b->name[i])
		i++;
	if (i == len)
		return TRUE;
	return i > 2 && (a->name[i - 1] == 'C' || a->name[i - 1] == 'D') && g_ascii_isdigit(a->name[i]) &&
	       g_ascii_isdigit(b->name[i]) && !memcmp(a->name + i + 1, b->name + i + 1, len - i - 1);
}

static char *shown_name(const struct cf_symbol_entry *entry)
{
	char *demangled = cf_demangle(entry->name, (gssize)name_len(entry));

	return demangled ? demangled : cf_symbol_entry_name(entry);
}

/*
 * > 0: a's name is the better one of an address: fewer leading underscores, then the longer one. shown: of a and b,
 * each filled in when it is needed.
 */
static int compare_names(const struct cf_symbol_entry *a, const struct cf_symbol_entry *b, char *shown[2])
{
	const char *x, *y;
	size_t ux, uy, lx, ly;

	if (same_but_variant(a, b))
		return 0;
	x = shown[0] = shown[0] ? shown[0] : shown_name(a);
	y = shown[1] = shown[1] ? shown[1] : shown_name(b);
	ux = strspn(x, "_");
	uy = strspn(y, "_");
	if (ux != uy)
		return ux < uy ? 1 : -1;
	lx = strlen(x);
	ly = strlen(y);
	if (lx != ly)
		return lx > ly ? 1 : -1;
	return g_str_has_prefix(x, "SyS") || g_str_has_prefix(x, "compat_SyS") ? -1 : 0;
}

static int prefer(gboolean a, gboolean b)
{
	return (int)a - (int)b;
}

/*
 * Which of two symbols of one start is the function's name: one that has a size, then not weak, then global,
 * then by name; else the first. This is what perf report shows, so that both speak of the same function.
 */
static gboolean is_better(const struct cf_symbol_entry *a, const struct cf_symbol_entry *b, char *shown[2])
{
	int order = prefer(a->end > a->start, b->end > b->start);

	if (!order)
		order = prefer(a->binding != CF_BINDING_WEAK, b->binding != CF_BINDING_WEAK);
	if (!order)
		order = prefer(a->binding == CF_BINDING_GLOBAL, b->binding == CF_BINDING_GLOBAL);
	if (!order)
		order = compare_names(a, b, shown);
	return order >= 0;
}

static void drop_aliases(struct cf_symbol_table *table)
{
	struct cf_symbol_entry *e = (struct cf_symbol_entry *)(void *)table->entries->data;
	char *shown[2] = { NULL,
			   NULL }; /* of the best so far, which thousands of aliases may go against; of one */
	guint n = 0;

	for (guint i = 0; i < table->entries->len; i++) {
		if (n && e[n - 1].start == e[i].start) {
			if (!is_better(&e[n - 1], &e[i], shown)) {
				e[n - 1] = e[i];
				g_free(shown[0]);
				shown[0] = g_steal_pointer(&shown[1]);
			}
		} else {
			e[n++] = e[i];
			g_clear_pointer(&shown[0], g_free);
		}
		g_clear_pointer(&shown[1], g_free);
	}
	g_free(shown[0]);
	g_array_set_size(table->entries, n);
}

void cf_symbol_table_settle(struct cf_symbol_table *table, gboolean modules)
{
	sort(table);
	give_ends(table, modules);
	drop_aliases(table);
}

void cf_symbol_table_seal(struct cf_symbol_table *table)
{
	struct cf_symbol_entry *e;
	uint32_t around = NONE;

	sort(table);
	e = (struct cf_symbol_entry *)(void *)table->entries->data;
	for (guint i = 0; i < table->entries->len; i++) {
		/* Symbols added since may be the next one: _init doesn't reach over the linkage table. */
		if (e[i].guessed && i + 1 < table->entries->len && e[i + 1].start > e[i].start)
			e[i].end = MIN(e[i].end, e[i + 1].start);
		/* Those that end no later than this one have nothing to say behind it, as they haven't inside it. */
		while (around != NONE && e[around].end <= e[i].end)
			around = e[around].enclosing;
		e[i].enclosing = around;
		around = i;
	}
}

const struct cf_symbol_entry *cf_symbol_table_find(const struct cf_symbol_table *table, uint64_t address)
{
	const struct cf_symbol_entry *e = (const struct cf_symbol_entry *)(void *)table->entries->data;
	guint low = 0, high = table->entries->len, nested = 0;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (e[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (uint32_t i = low ? low - 1 : NONE; i != NONE && nested < NESTED_MAX;
	     i = e[i].enclosing, nested++)
		if (address < e[i].end)
			return &e[i];
	return NULL;
}
