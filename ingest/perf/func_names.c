/* SPDX-License-Identifier: MIT */
/* func_names: tells functions of one name in one module apart. */
#include "ingest/perf/func_names.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "ingest/perf/demangle.h"

/* A function in use. Texts are in the chunk. */
struct named {
	struct cf_func func;
	uint32_t module; /* id of the module's name: builds of one module share functions of equal names */
	uint32_t twin;
	const char *symbol, *whole, *brief; /* whole: with parameters */
	const char *file;                   /* base name; NULL not said yet, "" unknown */
	uint64_t address;
};

struct cf_func_names {
	struct cf_dict *dict;
	GStringChunk *texts;
	GPtrArray *all;       /* struct named */
	GHashTable *by_whole; /* struct named by module, whole and twin */
	GHashTable *by_brief; /* the first struct named of a module and brief */
	GHashTable *by_func;  /* func id -> struct named */
};

static guint whole_hash(gconstpointer key)
{
	const struct named *x = key;

	return cf_hash(cf_str_hash(x->whole), (uint64_t)x->module << 32 | x->twin);
}

static gboolean whole_equal(gconstpointer a, gconstpointer b)
{
	const struct named *x = a, *y = b;

	return x->module == y->module && x->twin == y->twin && !strcmp(x->whole, y->whole);
}

static guint brief_hash(gconstpointer key)
{
	const struct named *x = key;

	return cf_hash(cf_str_hash(x->brief), x->module);
}

static gboolean brief_equal(gconstpointer a, gconstpointer b)
{
	const struct named *x = a, *y = b;

	return x->module == y->module && !strcmp(x->brief, y->brief);
}

struct cf_func_names *cf_func_names_new(struct cf_dict *dict)
{
	struct cf_func_names *names = g_new0(struct cf_func_names, 1);

	names->dict = dict;
	names->texts = g_string_chunk_new(4096);
	names->all = g_ptr_array_new_with_free_func(g_free);
	names->by_whole = g_hash_table_new(whole_hash, whole_equal);
	names->by_brief = g_hash_table_new(brief_hash, brief_equal);
	names->by_func = g_hash_table_new(NULL, NULL);
	return names;
}

void cf_func_names_free(struct cf_func_names *names)
{
	if (!names)
		return;
	g_hash_table_unref(names->by_whole);
	g_hash_table_unref(names->by_brief);
	g_hash_table_unref(names->by_func);
	g_ptr_array_unref(names->all);
	g_string_chunk_free(names->texts);
	g_free(names);
}

/* TRUE: name was free in the module, and is the function's now. */
static gboolean claim(struct cf_func_names *names, struct cf_module module, const char *name,
		      struct cf_func *func)
{
	uint32_t before = cf_dict_funcs(names->dict);
	struct cf_func_info info = { module, cf_dict_str(names->dict, name, -1), CF_FRAME_NATIVE };

	*func = cf_dict_func(names->dict, info);
	return func->id >= before;
}

/* A name for now; the brief one if nobody has it yet, which is the last one of nearly all functions. */
static void name_first(struct cf_func_names *names, struct named *named, struct cf_module module)
{
	gboolean taken = g_hash_table_contains(names->by_brief, named);

	if (!taken)
		g_hash_table_add(names->by_brief, named);
	if (!taken && claim(names, module, named->brief, &named->func))
		return;
	if (!named->twin && claim(names, module, named->whole, &named->func))
		return;
	for (uint32_t number = named->twin + 1;; number++) {
		g_autofree char *name = g_strdup_printf("%s (%u)", named->brief, number);

		if (number > 1 && claim(names, module, name, &named->func))
			return;
	}
}

struct cf_func cf_func_names_intern(struct cf_func_names *names, struct cf_module module, const char *symbol,
				    uint32_t twin)
{
	g_autofree char *whole = cf_demangle_with_parameters(symbol, -1);
	struct named probe = { .module = cf_dict_module_info(names->dict, module).name.id,
			       .twin = twin,
			       .whole = whole ? whole : symbol };
	struct named *named = g_hash_table_lookup(names->by_whole, &probe);
	g_autofree char *brief = NULL;

	if (named)
		return named->func;
	brief = cf_demangle(symbol, -1);
	named = g_memdup2(&probe, sizeof(probe));
	named->symbol = g_string_chunk_insert(names->texts, symbol);
	named->whole = whole ? g_string_chunk_insert(names->texts, whole) : named->symbol;
	named->brief = brief ? g_string_chunk_insert(names->texts, brief) : named->symbol;
	g_ptr_array_add(names->all, named);
	g_hash_table_add(names->by_whole, named);
	name_first(names, named, module);
	g_hash_table_insert(names->by_func, GUINT_TO_POINTER(named->func.id), named);
	return named->func;
}

void cf_func_names_describe(struct cf_func_names *names, struct cf_func func, const char *file,
			    uint64_t address)
{
	struct named *named = g_hash_table_lookup(names->by_func, GUINT_TO_POINTER(func.id));
	const char *slash = strrchr(file, '/');

	if (!named || named->file)
		return;
	named->file = g_string_chunk_insert(names->texts, slash ? slash + 1 : file);
	named->address = address;
}

/* --- last names ----------------------------------------------------------------------------------------- */

/* Those of one brief name stand together, within it those of one symbol, by address. */
static int by_names(const void *a, const void *b)
{
	const struct named *x = *(struct named *const *)a, *y = *(struct named *const *)b;
	int order = (x->module > y->module) - (x->module < y->module);

	if (!order)
		order = strcmp(x->brief, y->brief);
	if (!order)
		order = strcmp(x->whole, y->whole);
	if (!order)
		order = (x->address > y->address) - (x->address < y->address);
	return order ? order : (x->func.id > y->func.id) - (x->func.id < y->func.id);
}

static gboolean files_differ(struct named *const *twins, size_t n)
{
	g_autoptr(GHashTable) files = g_hash_table_new(cf_str_hash, g_str_equal);

	for (size_t i = 0; i < n; i++)
		if (!twins[i]->file || !*twins[i]->file || !g_hash_table_add(files, (gpointer)twins[i]->file))
			return FALSE;
	return TRUE;
}

/* What the functions of a module are called: texts that are taken. */
struct name_key {
	uint32_t module, text;
};

static guint name_hash(gconstpointer key)
{
	const struct name_key *x = key;

	return cf_hash(x->module, x->text);
}

static gboolean name_equal(gconstpointer a, gconstpointer b)
{
	const struct name_key *x = a, *y = b;

	return x->module == y->module && x->text == y->text;
}

static gboolean take(GHashTable *taken, uint32_t module, struct cf_str text)
{
	const struct name_key key = { module, text.id };

	return g_hash_table_add(taken, g_memdup2(&key, sizeof(key)));
}

/* Names of functions that keep theirs: all but those of brief names that several have. */
static GHashTable *names_taken(const struct cf_func_names *names, GHashTable *renamed)
{
	GHashTable *taken = g_hash_table_new_full(name_hash, name_equal, g_free, NULL);

	for (uint32_t id = 1; id < cf_dict_funcs(names->dict); id++) {
		struct cf_func_info info = cf_dict_func_info(names->dict, (struct cf_func){ id });

		if (info.kind == CF_FRAME_NATIVE && !g_hash_table_contains(renamed, GUINT_TO_POINTER(id)))
			take(taken, cf_dict_module_info(names->dict, info.module).name.id, info.name);
	}
	return taken;
}

/* base, or if that is taken base with a number. */
static void rename(struct cf_func_names *names, GHashTable *taken, const struct named *named,
		   const char *base, uint32_t number)
{
	for (;; number++) {
		g_autofree char *numbered = g_strdup_printf("%s (%u)", base, number);
		struct cf_str text = cf_dict_str(names->dict, number > 1 ? numbered : base, -1);

		if (take(taken, named->module, text)) {
			cf_dict_rename(names->dict, named->func, text);
			return;
		}
	}
}

/* n functions of one symbol; base: their name. */
static void rename_twins(struct cf_func_names *names, GHashTable *taken, struct named *const *twins, size_t n,
			 const char *base)
{
	gboolean by_file = n > 1 && files_differ(twins, n);

	for (size_t i = 0; i < n; i++) {
		g_autofree char *with_file =
			by_file ? g_strdup_printf("%s (%s)", base, twins[i]->file) : NULL;

		rename(names, taken, twins[i], by_file ? with_file : base, by_file ? 1 : (uint32_t)i + 1);
	}
}

/* The end of those in rows that are equal to the one at i by the given key. */
static size_t end_of(struct named *const *rows, size_t n, size_t i,
		     gboolean (*equal)(gconstpointer, gconstpointer))
{
	size_t end = i + 1;

	while (end < n && equal(rows[i], rows[end]))
		end++;
	return end;
}

static gboolean same_whole(gconstpointer a, gconstpointer b)
{
	const struct named *x = a, *y = b;

	return x->module == y->module && !strcmp(x->whole, y->whole);
}

void cf_func_names_settle(struct cf_func_names *names)
{
	struct named **rows = (struct named **)names->all->pdata;
	size_t n = names->all->len;
	g_autoptr(GHashTable) renamed = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) taken = NULL;

	/* Nearly always every name is the only one. */
	if (g_hash_table_size(names->by_brief) == n)
		return;
	qsort(rows, n, sizeof(*rows), by_names);
	for (size_t i = 0, end; i < n; i = end) {
		end = end_of(rows, n, i, brief_equal);
		for (size_t k = i; end - i > 1 && k < end; k++)
			g_hash_table_add(renamed, GUINT_TO_POINTER(rows[k]->func.id));
	}
	taken = names_taken(names, renamed);
	for (size_t i = 0, end; i < n; i = end) {
		end = end_of(rows, n, i, brief_equal);
		for (size_t k = i, twins; end - i > 1 && k < end; k = twins) {
			twins = end_of(rows, end, k, same_whole);
			rename_twins(names, taken, rows + k, twins - k,
				     twins - k == end - i ? rows[k]->brief : rows[k]->whole);
		}
	}
}
