/* SPDX-License-Identifier: MIT */
/* dict: interned strings, modules, functions and stacks. */
#include "core/dict.h"

#include <string.h>

#include "core/table.h"

struct text {
	const char *bytes; /* NUL-terminated, in the arena */
	uint32_t len;
};

struct cf_dict {
	GStringChunk *arena;
	GArray *strs;    /* struct text */
	GArray *modules; /* struct cf_module_info */
	GArray *funcs;   /* struct cf_func_info */
	/* Stacks are by far the most; grown by hand to keep push inline. */
	struct cf_stack_info *stacks;
	uint32_t n_stacks, stacks_room;
	uint32_t stacks_indexed; /* those below are in the index */
	struct cf_table str_index, module_index, func_index, stack_index;
};

static const char *const kind_names[CF_FRAME_KINDS] = { "native",  "kernel",  "jit",
							"inlined", "service", "unresolved" };

const char *cf_frame_kind_name(enum cf_frame_kind kind)
{
	return kind_names[kind];
}

struct cf_dict *cf_dict_new(void)
{
	struct cf_dict *dict = g_new0(struct cf_dict, 1);
	struct text empty = { "", 0 };
	struct cf_module_info no_module = { { 0 }, { 0 }, { 0 } };
	struct cf_func_info no_func = { { 0 }, { 0 }, CF_FRAME_NATIVE };

	dict->arena = g_string_chunk_new(64 * 1024);
	dict->strs = g_array_new(FALSE, FALSE, sizeof(struct text));
	dict->modules = g_array_new(FALSE, FALSE, sizeof(struct cf_module_info));
	dict->funcs = g_array_new(FALSE, FALSE, sizeof(struct cf_func_info));
	g_array_append_val(dict->strs, empty);
	g_array_append_val(dict->modules, no_module);
	g_array_append_val(dict->funcs, no_func);
	dict->stacks_room = 1024;
	dict->stacks = g_new(struct cf_stack_info, dict->stacks_room);
	dict->stacks[0] = (struct cf_stack_info){ { 0 }, { 0 }, CF_FRAME_NATIVE };
	dict->n_stacks = dict->stacks_indexed = 1;
	return dict;
}

void cf_dict_free(struct cf_dict *dict)
{
	if (!dict)
		return;
	g_string_chunk_free(dict->arena);
	g_array_unref(dict->strs);
	g_array_unref(dict->modules);
	g_array_unref(dict->funcs);
	g_free(dict->stacks);
	cf_table_release(&dict->str_index);
	cf_table_release(&dict->module_index);
	cf_table_release(&dict->func_index);
	cf_table_release(&dict->stack_index);
	g_free(dict);
}

struct cf_str cf_dict_str(struct cf_dict *dict, const char *text, gssize len)
{
	size_t n = len < 0 ? strlen(text) : (size_t)len;
	struct text row;
	uint64_t wide;
	uint32_t hash, pos, id;

	if (n == 0)
		return (struct cf_str){ 0 };
	g_assert(n < G_MAXINT32 && dict->strs->len < G_MAXUINT32);
	wide = cf_hash_bytes(text, n, cf_hash_seed);
	hash = (uint32_t)wide ^ (uint32_t)(wide >> 32);
	for (pos = hash; (id = cf_table_next(&dict->str_index, hash, &pos)) != 0;) {
		const struct text *t = &g_array_index(dict->strs, struct text, id);

		if (t->len == n && memcmp(t->bytes, text, n) == 0)
			return (struct cf_str){ id };
	}
	row.bytes = g_string_chunk_insert_len(dict->arena, text, (gssize)n);
	row.len = (uint32_t)n;
	id = dict->strs->len;
	g_array_append_val(dict->strs, row);
	cf_table_add(&dict->str_index, hash, id);
	return (struct cf_str){ id };
}

const char *cf_dict_text(const struct cf_dict *dict, struct cf_str str)
{
	g_assert(str.id < dict->strs->len);
	return g_array_index(dict->strs, struct text, str.id).bytes;
}

struct cf_module cf_dict_module(struct cf_dict *dict, struct cf_module_info info)
{
	uint32_t key = info.path.id ? info.path.id : info.name.id;
	uint32_t hash, pos, id;

	if (key == 0 && info.build_id.id == 0)
		return (struct cf_module){ 0 };
	hash = cf_hash(key, info.build_id.id);
	for (pos = hash; (id = cf_table_next(&dict->module_index, hash, &pos)) != 0;) {
		const struct cf_module_info *m = &g_array_index(dict->modules, struct cf_module_info, id);

		if ((m->path.id ? m->path.id : m->name.id) == key && m->build_id.id == info.build_id.id)
			return (struct cf_module){ id };
	}
	id = dict->modules->len;
	g_array_append_val(dict->modules, info);
	cf_table_add(&dict->module_index, hash, id);
	return (struct cf_module){ id };
}

static uint32_t func_hash(const struct cf_dict *dict, struct cf_func_info info)
{
	uint32_t module_name = cf_dict_module_info(dict, info.module).name.id;

	return cf_hash(((uint64_t)module_name << 32) | info.name.id, info.kind);
}

struct cf_func cf_dict_func(struct cf_dict *dict, struct cf_func_info info)
{
	uint32_t module_name = cf_dict_module_info(dict, info.module).name.id;
	uint32_t hash = func_hash(dict, info), pos, id;

	for (pos = hash; (id = cf_table_next(&dict->func_index, hash, &pos)) != 0;) {
		const struct cf_func_info *f = &g_array_index(dict->funcs, struct cf_func_info, id);

		if (f->name.id == info.name.id && f->kind == info.kind &&
		    cf_dict_module_info(dict, f->module).name.id == module_name)
			return (struct cf_func){ id };
	}
	id = dict->funcs->len;
	g_array_append_val(dict->funcs, info);
	cf_table_add(&dict->func_index, hash, id);
	return (struct cf_func){ id };
}

void cf_dict_rename(struct cf_dict *dict, struct cf_func func, struct cf_str name)
{
	struct cf_func_info *info;

	g_assert(func.id > 0 && func.id < dict->funcs->len && name.id < dict->strs->len);
	info = &g_array_index(dict->funcs, struct cf_func_info, func.id);
	if (info->name.id == name.id)
		return;
	/* What the index has under the old name isn't equal to anything any more. */
	info->name = name;
	cf_table_add(&dict->func_index, func_hash(dict, *info), func.id);
}

static uint32_t stack_hash(struct cf_stack caller, struct cf_func callee, enum cf_frame_kind kind)
{
	return cf_hash(((uint64_t)caller.id << 32) | callee.id, kind);
}

/* What was appended. */
static void index_stacks(struct cf_dict *dict)
{
	cf_table_reserve(&dict->stack_index, dict->n_stacks);
	for (; dict->stacks_indexed < dict->n_stacks; dict->stacks_indexed++) {
		const struct cf_stack_info *s = &dict->stacks[dict->stacks_indexed];

		cf_table_add(&dict->stack_index, stack_hash(s->caller, s->func, s->kind),
			     dict->stacks_indexed);
	}
}

struct cf_stack cf_dict_append(struct cf_dict *dict, struct cf_stack caller, struct cf_func callee,
			       enum cf_frame_kind kind)
{
	g_assert(caller.id < dict->n_stacks && callee.id < dict->funcs->len);
	if (dict->n_stacks == dict->stacks_room) {
		g_assert(dict->stacks_room < G_MAXUINT32 / 2);
		dict->stacks_room += dict->stacks_room / 2;
		dict->stacks = g_renew(struct cf_stack_info, dict->stacks, dict->stacks_room);
	}
	dict->stacks[dict->n_stacks] = (struct cf_stack_info){ caller, callee, kind };
	return (struct cf_stack){ dict->n_stacks++ };
}

struct cf_stack cf_dict_push(struct cf_dict *dict, struct cf_stack caller, struct cf_func callee,
			     enum cf_frame_kind kind)
{
	uint32_t hash = stack_hash(caller, callee, kind), pos, id;

	g_assert(caller.id < dict->n_stacks && callee.id < dict->funcs->len);
	if (G_UNLIKELY(dict->stacks_indexed < dict->n_stacks))
		index_stacks(dict);
	for (pos = hash; (id = cf_table_next(&dict->stack_index, hash, &pos)) != 0;) {
		const struct cf_stack_info *s = &dict->stacks[id];

		if (s->caller.id == caller.id && s->func.id == callee.id && s->kind == kind)
			return (struct cf_stack){ id };
	}
	id = cf_dict_append(dict, caller, callee, kind).id;
	cf_table_add(&dict->stack_index, hash, id);
	dict->stacks_indexed = dict->n_stacks;
	return (struct cf_stack){ id };
}

uint32_t cf_dict_strs(const struct cf_dict *dict)
{
	return dict->strs->len;
}

uint32_t cf_dict_modules(const struct cf_dict *dict)
{
	return dict->modules->len;
}

uint32_t cf_dict_funcs(const struct cf_dict *dict)
{
	return dict->funcs->len;
}

uint32_t cf_dict_stacks(const struct cf_dict *dict)
{
	return dict->n_stacks;
}

struct cf_module_info cf_dict_module_info(const struct cf_dict *dict, struct cf_module module)
{
	g_assert(module.id < dict->modules->len);
	return g_array_index(dict->modules, struct cf_module_info, module.id);
}

struct cf_func_info cf_dict_func_info(const struct cf_dict *dict, struct cf_func func)
{
	g_assert(func.id < dict->funcs->len);
	return g_array_index(dict->funcs, struct cf_func_info, func.id);
}

struct cf_stack_info cf_dict_stack_info(const struct cf_dict *dict, struct cf_stack stack)
{
	g_assert(stack.id < dict->n_stacks);
	return dict->stacks[stack.id];
}

const char *cf_dict_func_name(const struct cf_dict *dict, struct cf_func func)
{
	return cf_dict_text(dict, cf_dict_func_info(dict, func).name);
}

const char *cf_dict_func_module(const struct cf_dict *dict, struct cf_func func)
{
	struct cf_module module = cf_dict_func_info(dict, func).module;

	return cf_dict_text(dict, cf_dict_module_info(dict, module).name);
}

/* Suffixes that compilers give to clones of a function; numbered ones end in ".N", cold ones may. */
static const struct {
	const char *text;
	gboolean number;
} clones[] = {
	{ ".cold", FALSE },     { ".cold", TRUE },     { ".part", TRUE }, { ".isra", TRUE },
	{ ".constprop", TRUE }, { ".lto_priv", TRUE }, { ".llvm", TRUE },
};

/* Length of name[0..len) without a clone suffix; len when it has none. */
static size_t without_clone(const char *name, size_t len)
{
	size_t digits = 0, stem;

	while (digits < len && g_ascii_isdigit(name[len - 1 - digits]))
		digits++;
	stem = digits > 0 && digits < len && name[len - 1 - digits] == '.' ? len - 1 - digits : 0;
	for (size_t i = 0; i < G_N_ELEMENTS(clones); i++) {
		size_t end = clones[i].number ? stem : len, n = strlen(clones[i].text);

		if (end > n && memcmp(name + end - n, clones[i].text, n) == 0)
			return end - n;
	}
	return len;
}

/* " [clone .cold]" is what the demangler makes of a clone suffix. */
static size_t without_clone_note(const char *name, size_t len)
{
	static const char note[] = " [clone .";
	size_t n = sizeof(note) - 1;

	if (len == 0 || name[len - 1] != ']')
		return len;
	for (size_t at = len; at-- > 1;)
		if (len - at > n && memcmp(name + at, note, n) == 0)
			return at;
		else if (at < len - 1 && name[at] == ']')
			break;
	return len;
}

/* "::h" and 16 hexadecimal digits, as legacy Rust symbols end. */
static size_t without_rust_hash(const char *name, size_t len)
{
	if (len <= 19 || memcmp(name + len - 19, "::h", 3) != 0)
		return len;
	for (size_t i = len - 16; i < len; i++)
		if (!g_ascii_isxdigit(name[i]) || g_ascii_isupper(name[i]))
			return len;
	return len - 19;
}

/* "'2", as callgrind numbers the levels of a recursion. */
static size_t without_recursion(const char *name, size_t len)
{
	size_t digits = 0;

	while (digits < len && g_ascii_isdigit(name[len - 1 - digits]))
		digits++;
	if (digits > 0 && digits + 1 < len && name[len - 1 - digits] == '\'')
		return len - 1 - digits;
	return len;
}

static gboolean is_source(const char *file, size_t len)
{
	static const char *const endings[] = { ".c",   ".cc",  ".cpp", ".cxx", ".C",   ".h", ".hh",
					       ".hpp", ".hxx", ".ipp", ".tcc", ".inc", ".m", ".mm" };

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		size_t n = strlen(endings[i]);

		if (len > n && memcmp(file + len - n, endings[i], n) == 0)
			return TRUE;
	}
	return FALSE;
}

/* " (one.c)" and " (2)": which of the static functions of a name it is. */
static size_t without_place(const char *name, size_t len)
{
	size_t open = len, inside;

	if (len == 0 || name[len - 1] != ')')
		return len;
	while (open > 0 && name[open - 1] != '(')
		open--;
	if (open < 3 || name[open - 2] != ' ')
		return len;
	inside = len - 1 - open;
	if (inside > 0 && (strspn(name + open, "0123456789") == inside || is_source(name + open, inside)))
		return open - 2;
	return len;
}

static gboolean ends_with(const char *name, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len >= n && memcmp(name + len - n, end, n) == 0;
}

/* "(int) const": parameters are shown of overloads only, and which have cost differs from run to run. */
static size_t without_parameters(const char *name, size_t len)
{
	static const char *const qualifiers[] = { " const", " volatile", " &", " &&" };
	size_t end = len;
	int depth = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(qualifiers); i++)
		if (ends_with(name, end, qualifiers[i])) {
			end -= strlen(qualifiers[i]);
			i = (size_t)-1;
		}
	if (end == 0 || name[end - 1] != ')')
		return len;
	do {
		end--;
		depth += (name[end] == ')') - (name[end] == '(');
	} while (end > 0 && depth > 0);
	/* "operator()" is a name; what has no name before it, no parameters. */
	if (depth || end == 0 || strchr(" (,<:", name[end - 1]) || ends_with(name, end, "operator"))
		return len;
	return end;
}

char *cf_canonical_name(const char *name)
{
	size_t len = strlen(name), before;

	do {
		before = len;
		len = without_clone(name, len);
		len = without_clone_note(name, len);
		len = without_rust_hash(name, len);
		len = without_recursion(name, len);
		len = without_place(name, len);
		len = without_parameters(name, len);
	} while (len != before);
	return g_strndup(name, len);
}
