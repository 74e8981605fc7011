/* SPDX-License-Identifier: MIT */
/* symbols: address in a mapped module -> function. */
#include "ingest/perf/symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/hash.h"
#include "ingest/perf/decl_lines.h"
#include "ingest/perf/demangle.h"
#include "ingest/perf/elf_image.h"
#include "ingest/perf/func_names.h"
#include "ingest/perf/kallsyms.h"
#include "ingest/perf/lacks.h"
#include "ingest/perf/perf_map.h"

#define PERF_MAP_MAX ((uint64_t)1 << 30)

/* A function that was asked for, once per symbol. */
struct used {
	const struct cf_symbol_entry *entry;
	struct cf_func func;
	uint32_t twins; /* other symbols of the very same name */
};

struct cf_dso {
	struct cf_symbols *symbols;
	enum cf_map_kind kind;
	char *path, *module_name; /* module_name: of a kernel module, without brackets */
	uint8_t build_id[CF_BUILD_ID_MAX];
	unsigned build_id_len;
	int32_t pid;
	uint64_t start;
	struct cf_module module;
	struct cf_func unresolved;
	gboolean loaded, from_kallsyms;
	enum cf_lack lack;
	struct cf_symbol_files files;
	struct cf_file perf_map;
	uint64_t text_offset;                /* of a kernel module's file */
	const struct cf_symbol_table *table; /* of its files, or own; NULL: none */
	struct cf_symbol_table own;
	GArray *used;         /* struct used */
	GHashTable *by_entry; /* struct cf_symbol_entry * -> index into used + 1 */
	GHashTable *by_func;  /* func id -> index into used + 1 of its first symbol */
};

/* The symbols of an image with its debug file, which several modules may be: a file has many names. */
struct elf_table {
	const struct cf_elf *image, *debug;
	struct cf_symbol_table table;
};

/* Names of the kernel proper, or of its modules: read from different places, each when first asked for. */
struct kernel_names {
	gboolean tried;
	enum cf_lack lack;
	struct cf_kallsyms kallsyms;
};

struct cf_symbols {
	struct cf_trace *trace;
	char *symfs, *kallsyms_path, *kernel_build_id, *ref_symbol;
	uint64_t ref_address;
	GHashTable *by_key; /* struct cf_dso *, its own key */
	GPtrArray *dsos;    /* struct cf_dso, owned, in order of first use */
	struct kernel_names proper, modules;
	struct cf_elf_files *open;
	GHashTable *tables; /* struct elf_table, owned, its own key */
	struct cf_func_names *func_names;
	size_t loaded; /* symbols of ELF files */
	GStringChunk *strings;
};

static guint dso_hash(gconstpointer key)
{
	const struct cf_dso *dso = key;
	guint hash = cf_str_hash(dso->path) * 31 + (guint)dso->kind * 7 + (guint)dso->pid;

	for (unsigned i = 0; i < dso->build_id_len; i++)
		hash = hash * 33 + dso->build_id[i];
	return hash;
}

static gboolean dso_equal(gconstpointer a, gconstpointer b)
{
	const struct cf_dso *x = a, *y = b;

	return x->kind == y->kind && x->pid == y->pid && x->build_id_len == y->build_id_len &&
	       !memcmp(x->build_id, y->build_id, x->build_id_len) && !strcmp(x->path, y->path);
}

static void dso_free(gpointer data)
{
	struct cf_dso *dso = data;

	if (!dso)
		return;
	cf_symbol_table_clear(&dso->own);
	if (dso->perf_map.path)
		cf_file_release(&dso->perf_map);
	if (dso->used)
		g_array_unref(dso->used);
	if (dso->by_entry)
		g_hash_table_unref(dso->by_entry);
	if (dso->by_func)
		g_hash_table_unref(dso->by_func);
	g_free(dso->path);
	g_free(dso->module_name);
	g_free(dso);
}

static guint table_hash(gconstpointer key)
{
	const struct elf_table *table = key;

	return cf_hash((uintptr_t)table->image, (uintptr_t)table->debug);
}

static gboolean table_equal(gconstpointer a, gconstpointer b)
{
	const struct elf_table *x = a, *y = b;

	return x->image == y->image && x->debug == y->debug;
}

static void table_free(gpointer data)
{
	struct elf_table *table = data;

	cf_symbol_table_clear(&table->table);
	g_free(table);
}

int cf_symbols_check_options(const struct cf_symbols_options *options, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = options->symfs };

	if (options->symfs) {
		int fd = open(options->symfs, O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0)
			return cf_error_errno(diag, &loc, errno, "can't look for symbols there (--symfs)");
		close(fd);
	}
	return options->kallsyms ? cf_kallsyms_check(options->kallsyms, diag) : 0;
}

struct cf_symbols *cf_symbols_new(struct cf_trace *trace, const struct cf_symbols_options *options)
{
	struct cf_symbols *symbols = g_new0(struct cf_symbols, 1);

	symbols->trace = trace;
	if (options) {
		symbols->symfs = g_strdup(options->symfs);
		symbols->kallsyms_path = g_strdup(options->kallsyms);
		symbols->kernel_build_id = g_strdup(options->kernel_build_id);
		symbols->ref_symbol = g_strdup(options->ref_symbol);
		symbols->ref_address = options->ref_address;
	}
	symbols->by_key = g_hash_table_new(dso_hash, dso_equal);
	symbols->dsos = g_ptr_array_new_with_free_func(dso_free);
	symbols->open = cf_elf_files_new();
	symbols->tables = g_hash_table_new_full(table_hash, table_equal, table_free, NULL);
	symbols->strings = g_string_chunk_new(4096);
	symbols->func_names = cf_func_names_new(trace->dict);
	return symbols;
}

void cf_symbols_free(struct cf_symbols *symbols)
{
	if (!symbols)
		return;
	g_hash_table_unref(symbols->by_key);
	g_ptr_array_unref(symbols->dsos);
	g_hash_table_unref(symbols->tables);
	cf_elf_files_free(symbols->open);
	if (symbols->proper.kallsyms.table.entries)
		cf_kallsyms_release(&symbols->proper.kallsyms);
	if (symbols->modules.kallsyms.table.entries)
		cf_kallsyms_release(&symbols->modules.kallsyms);
	cf_func_names_free(symbols->func_names);
	g_string_chunk_free(symbols->strings);
	g_free(symbols->symfs);
	g_free(symbols->kallsyms_path);
	g_free(symbols->kernel_build_id);
	g_free(symbols->ref_symbol);
	g_free(symbols);
}

static struct cf_func unresolved_in(struct cf_dict *dict, struct cf_module module)
{
	struct cf_func_info info = { module, cf_dict_str(dict, "[unresolved]", -1), CF_FRAME_UNRESOLVED };

	return cf_dict_func(dict, info);
}

/* "/lib/modules/6.1.0/kernel/fs/nls/nls-utf8.ko.xz" and "[nls_utf8]" are one module: nls_utf8. */
static char *kernel_module_name(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	const char *name = base[0] == '[' ? base + 1 : base;
	const char *end = base[0] == '[' ? strchr(name, ']') : strstr(name, ".ko");
	char *bare = g_strndup(name, end ? (gsize)(end - name) : strlen(name));

	return g_strdelimit(bare, "-", '_');
}

static char *shown_name(const struct cf_dso *dso)
{
	const char *slash = strrchr(dso->path, '/');

	switch (dso->kind) {
	case CF_MAP_KERNEL:
		return g_strdup("[kernel]");
	case CF_MAP_KERNEL_MODULE:
		return g_strdup_printf("[%s]", dso->module_name);
	case CF_MAP_ANON:
		/* perf says "[JIT] tid N"; without the number two runs of a program share their functions. */
		if (!g_str_has_prefix(dso->path, "/memfd:"))
			return g_strdup("[JIT]");
		return g_strdup(slash + 1);
	default:
		return g_strdup(slash && slash[1] ? slash + 1 : dso->path);
	}
}

static struct cf_module intern_module(const struct cf_dso *dso)
{
	struct cf_dict *dict = dso->symbols->trace->dict;
	g_autofree char *name = shown_name(dso);
	g_autoptr(GString) hex = g_string_new(NULL);
	struct cf_module_info info;

	for (unsigned i = 0; i < dso->build_id_len; i++)
		g_string_append_printf(hex, "%02x", dso->build_id[i]);
	info.name = cf_dict_str(dict, name, -1);
	info.path = cf_dict_str(dict, dso->path, -1);
	info.build_id = cf_dict_str(dict, hex->str, (gssize)hex->len);
	return cf_dict_module(dict, info);
}

struct cf_dso *cf_symbols_dso(struct cf_symbols *symbols, const struct cf_map_key *key)
{
	struct cf_dso probe = { .kind = key->kind, .path = (char *)(key->path ? key->path : "") };
	struct cf_dso *dso;

	if (key->build_id)
		probe.build_id_len = MIN(key->build_id_len, CF_BUILD_ID_MAX);
	if (probe.build_id_len)
		memcpy(probe.build_id, key->build_id, probe.build_id_len);
	probe.pid = key->kind == CF_MAP_ANON ? key->pid : 0;
	dso = g_hash_table_lookup(symbols->by_key, &probe);
	if (dso)
		return dso;
	dso = g_memdup2(&probe, sizeof(probe));
	dso->symbols = symbols;
	dso->path = g_strdup(probe.path);
	dso->start = key->start;
	if (key->kind == CF_MAP_KERNEL_MODULE)
		dso->module_name = kernel_module_name(dso->path);
	dso->module = intern_module(dso);
	dso->unresolved = unresolved_in(symbols->trace->dict, dso->module);
	g_hash_table_add(symbols->by_key, dso);
	g_ptr_array_add(symbols->dsos, dso);
	return dso;
}

struct cf_func cf_symbols_unmapped(struct cf_symbols *symbols, gboolean kernel)
{
	struct cf_dict *dict = symbols->trace->dict;
	struct cf_module_info info = {
		.name = cf_dict_str(dict, kernel ? "[kernel]" : "[unknown]", -1),
		.path = cf_dict_str(dict, "", -1),
		.build_id = cf_dict_str(dict, "", -1),
	};

	return unresolved_in(dict, cf_dict_module(dict, info));
}

/* The kernel's build id of the recording, from the map or the options. */
static unsigned kernel_id(const struct cf_dso *dso, uint8_t id[CF_BUILD_ID_MAX])
{
	const char *hex = dso->symbols->kernel_build_id;
	unsigned len = 0;

	if (dso->kind == CF_MAP_KERNEL && dso->build_id_len) {
		memcpy(id, dso->build_id, dso->build_id_len);
		return dso->build_id_len;
	}
	for (; hex && g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]) && len < CF_BUILD_ID_MAX; hex += 2)
		id[len++] = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
	return len;
}

static gboolean load_kallsyms(struct cf_symbols *symbols, struct kernel_names *names, const char *path)
{
	if (!path || cf_kallsyms_load(&names->kallsyms, path, symbols->ref_symbol, symbols->ref_address) != 0)
		return FALSE;
	if (!names->kallsyms.hidden)
		return TRUE;
	names->lack = CF_LACK_HIDDEN;
	cf_kallsyms_release(&names->kallsyms);
	return FALSE;
}

/*
 * perf's copy of a kernel's names, made when it was first recorded, serves for the kernel proper and costs a tenth of
 * what the kernel takes to write them again. Its modules may be elsewhere by now.
 */
static gboolean find_kallsyms(struct cf_symbols *symbols, struct kernel_names *names,
			      const struct cf_dso *dso)
{
	uint8_t id[CF_BUILD_ID_MAX], running[CF_BUILD_ID_MAX];
	g_autofree char *cached = NULL;
	unsigned len, running_len;

	if (symbols->kallsyms_path)
		return load_kallsyms(symbols, names, symbols->kallsyms_path);
	if (symbols->symfs)
		return FALSE;
	len = kernel_id(dso, id);
	if (!len) {
		names->lack = CF_LACK_KERNEL_ID;
		return FALSE;
	}
	cached = cf_build_id_cache(id, len, "kallsyms");
	if (names == &symbols->proper && load_kallsyms(symbols, names, cached))
		return TRUE;
	running_len = cf_running_kernel_id(running);
	if (running_len && running_len <= len && !memcmp(running, id, running_len) &&
	    load_kallsyms(symbols, names, "/proc/kallsyms"))
		return TRUE;
	return names == &symbols->modules && load_kallsyms(symbols, names, cached);
}

static struct kernel_names *kernel_names(const struct cf_dso *dso)
{
	return dso->kind == CF_MAP_KERNEL ? &dso->symbols->proper : &dso->symbols->modules;
}

/* Read only when an address of the kernel is asked for: the kernel takes its time to write it. */
static gboolean have_kallsyms(struct cf_dso *dso)
{
	struct kernel_names *names = kernel_names(dso);

	if (!names->tried) {
		names->tried = TRUE;
		names->lack = CF_LACK_KALLSYMS;
		if (find_kallsyms(dso->symbols, names, dso))
			names->lack = CF_LACK_NOTHING;
	}
	if (!dso->lack)
		dso->lack = names->lack;
	return names->lack == CF_LACK_NOTHING;
}

/* Symbols of all modules of a recording; a large browser with all its libraries has a quarter of them. */
#define LOADED_MAX (8u << 20)

/* NULL: there is no room for more. */
static const struct cf_symbol_table *table_of(struct cf_symbols *symbols, const struct cf_elf *image,
					      const struct cf_elf *debug)
{
	struct elf_table probe = { .image = image, .debug = debug };
	struct elf_table *table = g_hash_table_lookup(symbols->tables, &probe);

	if (!table && symbols->loaded > LOADED_MAX)
		return NULL;
	if (!table) {
		table = g_memdup2(&probe, sizeof(probe));
		cf_symbol_table_init(&table->table);
		cf_elf_symbols(debug, image, &table->table, symbols->strings);
		symbols->loaded += table->table.entries->len;
		g_hash_table_add(symbols->tables, table);
	}
	return &table->table;
}

static void load_elf(struct cf_dso *dso)
{
	struct cf_symbol_wish wish = {
		.path = dso->path,
		.build_id = dso->build_id_len ? dso->build_id : NULL,
		.build_id_len = dso->build_id_len,
		.symfs = dso->symbols->symfs,
		.vdso = dso->kind == CF_MAP_VDSO,
		.open = dso->symbols->open,
	};
	const struct cf_elf *image;

	cf_symbol_files_find(&dso->files, &wish);
	dso->lack = dso->files.lack;
	image = dso->files.image ? dso->files.image : dso->files.debug;
	if (!image)
		return;
	dso->table = table_of(dso->symbols, image, dso->files.debug ? dso->files.debug : image);
	if (!dso->table) {
		dso->lack = CF_LACK_BUDGET;
		dso->files = (struct cf_symbol_files){ 0 };
		return;
	}
	if (dso->kind == CF_MAP_KERNEL_MODULE) {
		const struct cf_elf_section *text = cf_elf_section(image, ".text", SHT_PROGBITS);

		dso->text_offset = text ? text->header.sh_offset : 0;
	}
}

static void load_perf_map(struct cf_dso *dso)
{
	g_autofree char *path = g_strdup_printf("/tmp/perf-%d.map", dso->pid);
	const char *root = dso->symbols->symfs ? dso->symbols->symfs : "/";

	if (cf_file_open_beneath(&dso->perf_map, root, path, PERF_MAP_MAX, TRUE) == 0) {
		cf_symbol_table_init(&dso->own);
		cf_perf_map_symbols(dso->perf_map.bytes, &dso->own);
		dso->table = &dso->own;
		return;
	}
	dso->lack = errno == EPERM ? CF_LACK_OWNER : CF_LACK_PERF_MAP;
}

static void load(struct cf_dso *dso)
{
	dso->loaded = TRUE;
	dso->used = g_array_new(FALSE, FALSE, sizeof(struct used));
	dso->by_entry = g_hash_table_new(NULL, NULL);
	dso->by_func = g_hash_table_new(NULL, NULL);
	switch (dso->kind) {
	case CF_MAP_KERNEL:
		dso->from_kallsyms = have_kallsyms(dso);
		break;
	case CF_MAP_KERNEL_MODULE:
		/* A file is exact; kallsyms stands in for a path that is only a name, or a packed file. */
		if (dso->path[0] == '/')
			load_elf(dso);
		if (!dso->table || !dso->table->entries->len)
			dso->from_kallsyms = have_kallsyms(dso);
		break;
	case CF_MAP_FILE:
	case CF_MAP_VDSO:
		load_elf(dso);
		break;
	case CF_MAP_ANON:
		load_perf_map(dso);
		break;
	}
}

static const struct cf_symbol_entry *find(const struct cf_dso *dso, uint64_t address)
{
	if (dso->from_kallsyms)
		return cf_kallsyms_find(&kernel_names(dso)->kallsyms, address, dso->module_name);
	if (dso->kind == CF_MAP_KERNEL_MODULE)
		address = address - dso->start + dso->text_offset;
	return dso->table ? cf_symbol_table_find(dso->table, address) : NULL;
}

static enum cf_frame_kind frame_kind(const struct cf_dso *dso)
{
	switch (dso->kind) {
	case CF_MAP_KERNEL:
	case CF_MAP_KERNEL_MODULE:
		return CF_FRAME_KERNEL;
	case CF_MAP_ANON:
		return CF_FRAME_JIT;
	default:
		return CF_FRAME_NATIVE;
	}
}

static char *symbol_name(const struct cf_dso *dso, const struct cf_symbol_entry *entry)
{
	return dso->from_kallsyms ? cf_kallsyms_name(entry) : cf_symbol_entry_name(entry);
}

/* The first symbol of the module that became this function; NULL: there is none yet. */
static struct used *first_of(const struct cf_dso *dso, struct cf_func func)
{
	guint index = GPOINTER_TO_UINT(g_hash_table_lookup(dso->by_func, GUINT_TO_POINTER(func.id)));

	return index ? &g_array_index(dso->used, struct used, index - 1) : NULL;
}

static struct cf_func intern_native(struct cf_dso *dso, const char *symbol)
{
	struct cf_func_names *names = dso->symbols->func_names;
	struct cf_func func = cf_func_names_intern(names, dso->module, symbol, 0);
	struct used *first = first_of(dso, func);
	g_autofree char *other = first ? symbol_name(dso, first->entry) : NULL;

	/* Linkage tables may have two entries of a function. */
	if (!other || strcmp(other, symbol) != 0 || g_str_has_suffix(symbol, "@plt"))
		return func;
	return cf_func_names_intern(names, dso->module, symbol, ++first->twins);
}

/* Names of the kernel, and those that a compiler at run time wrote, are plain. */
static struct cf_func intern_plain(struct cf_dso *dso, const char *name)
{
	struct cf_dict *dict = dso->symbols->trace->dict;
	struct cf_func_info info = { dso->module, cf_dict_str(dict, name, -1), frame_kind(dso) };
	struct cf_func func = cf_dict_func(dict, info);
	struct used *first = first_of(dso, func);

	if (first)
		first->twins++;
	return func;
}

static struct cf_func intern(struct cf_dso *dso, const struct cf_symbol_entry *entry)
{
	g_autofree char *name = symbol_name(dso, entry);
	struct used used = { .entry = entry };

	used.func = frame_kind(dso) == CF_FRAME_NATIVE ? intern_native(dso, name) : intern_plain(dso, name);
	g_array_append_val(dso->used, used);
	g_hash_table_insert(dso->by_entry, (gpointer)entry, GUINT_TO_POINTER(dso->used->len));
	if (!first_of(dso, used.func))
		g_hash_table_insert(dso->by_func, GUINT_TO_POINTER(used.func.id),
				    GUINT_TO_POINTER(dso->used->len));
	return used.func;
}

struct cf_func cf_symbols_function(struct cf_dso *dso, uint64_t address)
{
	const struct cf_symbol_entry *entry;
	guint index;

	if (!dso->loaded)
		load(dso);
	entry = find(dso, address);
	if (!entry)
		return dso->unresolved;
	index = GPOINTER_TO_UINT(g_hash_table_lookup(dso->by_entry, entry));
	if (index)
		return g_array_index(dso->used, struct used, index - 1).func;
	return intern(dso, entry);
}

static void add_symbols(struct cf_dso *dso, struct cf_decl_budget *budget)
{
	const struct cf_elf *image = dso->files.image ? dso->files.image : dso->files.debug;
	const struct cf_elf *debug = dso->files.debug ? dso->files.debug : image;
	guint n = dso->used->len;
	g_autofree struct cf_decl *decls = g_new0(struct cf_decl, n);

	for (guint i = 0; i < n; i++) {
		const struct cf_symbol_entry *entry = g_array_index(dso->used, struct used, i).entry;

		decls[i].address = image ? cf_elf_address(image, entry->start) : entry->start;
	}
	if (debug && dso->kind == CF_MAP_FILE)
		cf_decl_lines(debug, decls, n, dso->symbols->strings, budget);
	for (guint i = 0; i < n; i++) {
		const struct used *used = &g_array_index(dso->used, struct used, i);
		struct cf_symbol symbol = {
			.func = used->func,
			.address = decls[i].address,
			.size = used->entry->end - used->entry->start,
			.file = cf_dict_str(dso->symbols->trace->dict, decls[i].file ? decls[i].file : "",
					    -1),
			.line = decls[i].line,
		};

		cf_trace_symbol(dso->symbols->trace, &symbol);
		cf_func_names_describe(dso->symbols->func_names, used->func,
				       decls[i].file ? decls[i].file : "", symbol.address);
	}
}

/* Unresolved self cost by function: two builds of a module share one. */
struct hole {
	int64_t count, weight;
};

static int64_t add_capped(int64_t a, int64_t b)
{
	int64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return b < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

static void add_cost(struct hole *hole, const struct cf_stack_cost *cost)
{
	hole->count = add_capped(hole->count, cost->count);
	if (cost->metric.id == 0)
		hole->weight = add_capped(hole->weight, cost->weight);
}

static struct hole *find_holes(const struct cf_trace *trace)
{
	uint32_t n = cf_dict_funcs(trace->dict);
	struct hole *holes = g_new0(struct hole, n);

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		struct cf_func func = cf_dict_stack_info(trace->dict, cost->stack).func;

		if (cf_dict_func_info(trace->dict, func).kind == CF_FRAME_UNRESOLVED)
			add_cost(&holes[func.id], cost);
	}
	return holes;
}

static void say_hole(struct cf_trace *trace, struct hole *hole, struct cf_func func, const char *path,
		     enum cf_lack lack)
{
	if (!hole->count)
		return;
	cf_lack_quality(trace, cf_dict_func_module(trace->dict, func), path, lack, hole->count, hole->weight);
	*hole = (struct hole){ 0 };
}

static void say_holes(struct cf_symbols *symbols)
{
	struct cf_trace *trace = symbols->trace;
	g_autofree struct hole *holes = find_holes(trace);
	uint32_t n = cf_dict_funcs(trace->dict);

	for (guint i = 0; i < symbols->dsos->len; i++) {
		const struct cf_dso *dso = g_ptr_array_index(symbols->dsos, i);

		/* A module of several builds is as bad as its worst: the one that lacks something. */
		if (dso->loaded && dso->lack)
			say_hole(trace, &holes[dso->unresolved.id], dso->unresolved, dso->path, dso->lack);
	}
	for (guint i = 0; i < symbols->dsos->len; i++) {
		const struct cf_dso *dso = g_ptr_array_index(symbols->dsos, i);

		say_hole(trace, &holes[dso->unresolved.id], dso->unresolved, dso->path, CF_LACK_NOTHING);
	}
	for (uint32_t id = 1; id < n; id++)
		say_hole(trace, &holes[id], (struct cf_func){ id }, NULL, CF_LACK_MAP);
}

/* Self cost by module. */
static struct hole *sum_modules(const struct cf_trace *trace)
{
	struct hole *sums = g_new0(struct hole, cf_dict_modules(trace->dict));

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		const struct cf_stack_cost *cost =
			&g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		struct cf_func func = cf_dict_stack_info(trace->dict, cost->stack).func;

		add_cost(&sums[cf_dict_func_info(trace->dict, func).module.id], cost);
	}
	return sums;
}

/* Without a recorded build id nothing tells whether the file has been replaced since. */
static void say_unchecked(struct cf_symbols *symbols)
{
	g_autofree struct hole *sums = sum_modules(symbols->trace);

	for (guint i = 0; i < symbols->dsos->len; i++) {
		const struct cf_dso *dso = g_ptr_array_index(symbols->dsos, i);
		struct hole *sum = &sums[dso->module.id];

		if (!dso->loaded || dso->build_id_len || !(dso->files.image || dso->files.debug) ||
		    !sum->count)
			continue;
		cf_unchecked_quality(symbols->trace,
				     cf_dict_func_module(symbols->trace->dict, dso->unresolved), sum->count,
				     sum->weight);
		*sum = (struct hole){ 0 };
	}
}

#define SHARED_NAMED 5

/* Kernel functions of one name are one row: nothing is known that would tell them apart but the address. */
static void say_shared(const struct cf_dso *dso)
{
	g_autoptr(GString) list = g_string_new(NULL);
	guint shared = 0;

	for (guint i = 0; i < dso->used->len; i++) {
		const struct used *used = &g_array_index(dso->used, struct used, i);
		g_autofree char *name = used->twins ? symbol_name(dso, used->entry) : NULL;

		if (name && shared++ < SHARED_NAMED)
			g_string_append_printf(list, "%s%s", shared > 1 ? ", " : "", name);
	}
	if (shared > SHARED_NAMED)
		g_string_append_printf(list, " and %u more", shared - SHARED_NAMED);
	if (shared)
		cf_trace_quality(dso->symbols->trace, "same-name",
				 cf_dict_func_module(dso->symbols->trace->dict, dso->unresolved), shared, 0,
				 NULL, "several functions of one name are one row: %s", list->str);
}

/* Declarations are a help, so they may cost little beside the samples themselves: a small file reads little.
 */
static struct cf_decl_budget decl_budget(const struct cf_trace *trace)
{
	int64_t samples = 0;

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		int64_t count = g_array_index(trace->stack_costs, struct cf_stack_cost, i).count;

		samples = count > 0 && samples < INT32_MAX ? samples + MIN(count, INT32_MAX) : samples;
	}
	return (struct cf_decl_budget){
		.entries = (unsigned)MIN(50000 + samples * 4, 1000000),
		.packed = (uint64_t)MIN(128 * 1024 + samples * 32, 4 * 1024 * 1024),
	};
}

void cf_symbols_finish(struct cf_symbols *symbols)
{
	struct cf_decl_budget budget = decl_budget(symbols->trace);

	for (guint i = 0; i < symbols->dsos->len; i++) {
		struct cf_dso *dso = g_ptr_array_index(symbols->dsos, i);

		if (dso->loaded)
			add_symbols(dso, &budget);
		if (dso->loaded && frame_kind(dso) == CF_FRAME_KERNEL)
			say_shared(dso);
	}
	cf_func_names_settle(symbols->func_names);
	say_holes(symbols);
	say_unchecked(symbols);
}
