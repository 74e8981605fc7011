/* SPDX-License-Identifier: MIT */
/* frames: the stacks of a Firefox profile, of its tables of strings, functions, frames and stacks. */
#include "ingest/firefox/frames.h"

#include "ingest/firefox/location.h"
#include "ingest/firefox/table.h"
#include "ingest/script_name.h"

#include <string.h>

#define DEPTH_MAX 2048

enum { SOURCE_FILE, SOURCE_COLUMNS };
enum { RESOURCE_LIB, RESOURCE_NAME, RESOURCE_TYPE, RESOURCE_COLUMNS };
enum { FUNC_NAME, FUNC_RESOURCE, FUNC_JS, FUNC_FILE, FUNC_SOURCE, FUNC_LINE, FUNC_COLUMNS };
enum { FRAME_FUNC, FRAME_LIB, FRAME_INLINE, FRAME_LINE, FRAME_LOCATION, FRAME_COLUMNS };
enum { STACK_FRAME, STACK_PREFIX, STACK_OFFSET, STACK_COLUMNS };
#define RESOURCE_IS_LIB 1

struct frame {
	struct cf_func func;
	enum cf_frame_kind kind;
	struct cf_str file;
	uint32_t line;
};

struct lib {
	struct cf_str name, path;
};

struct reading {
	struct cf_json_reader *json;
	struct cf_trace *trace;
	const GArray *strings; /* struct cf_str */
	GArray *libs;          /* struct lib */
	GArray *frames;        /* struct frame */
	struct cf_firefox_column sources[SOURCE_COLUMNS], resources[RESOURCE_COLUMNS], funcs[FUNC_COLUMNS],
		frame_table[FRAME_COLUMNS];
};

bool cf_firefox_parts_take(struct cf_firefox_parts *parts, struct cf_json_reader *json)
{
	const struct {
		const char *key;
		struct cf_slice *part;
	} known[] = {
		{ "stringArray", &parts->strings }, { "stringTable", &parts->strings },
		{ "libs", &parts->libs },           { "sources", &parts->sources },
		{ "funcTable", &parts->funcs },     { "resourceTable", &parts->resources },
		{ "frameTable", &parts->frames },   { "stackTable", &parts->stacks },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (cf_json_key_is(json, known[i].key)) {
			cf_json_get_raw(json, known[i].part);
			return true;
		}
	return false;
}

GArray *cf_firefox_strings_read(struct cf_json_reader *json, const struct cf_firefox_parts *parts,
				struct cf_trace *trace)
{
	GArray *strings = g_array_new(FALSE, FALSE, sizeof(struct cf_str));
	struct cf_json_reader within;

	if (!parts->strings.len)
		return strings;
	cf_json_reader_within(&within, json, parts->strings);
	for (unsigned list = cf_json_array(&within); cf_json_item(&within, list);) {
		struct cf_str str = { 0 };

		cf_json_try_str(&within, trace->dict, &str);
		g_array_append_val(strings, str);
	}
	cf_json_reader_join(&within, json);
	return strings;
}

/* "[kernel]" for what perf and its kin call the kernel's symbols. */
static struct cf_module module_of(const struct reading *r, struct cf_str name, struct cf_str path)
{
	const char *text = cf_dict_text(r->trace->dict, name);
	struct cf_module_info info = { .name = name, .path = path };

	if (!*text)
		return (struct cf_module){ 0 };
	if (g_str_has_prefix(text, "[kernel.kallsyms]") || !strcmp(text, "[kernel]"))
		info = (struct cf_module_info){ .name = cf_dict_str(r->trace->dict, "[kernel]", -1) };
	else if (strrchr(text, '/') && strrchr(text, '/')[1])
		info = (struct cf_module_info){
			.name = cf_dict_str(r->trace->dict, strrchr(text, '/') + 1, -1), .path = name
		};
	return cf_dict_module(r->trace->dict, info);
}

/* What was loaded and isn't in any stack makes no module. */
static struct cf_module lib_at(const struct reading *r, int64_t number)
{
	struct lib lib = { 0 };

	if (number >= 0 && number < r->libs->len)
		lib = g_array_index(r->libs, struct lib, number);
	return module_of(r, lib.name, lib.path);
}

static struct cf_str string_at(const struct reading *r, int64_t number)
{
	return number >= 0 && number < r->strings->len ? g_array_index(r->strings, struct cf_str, number)
						       : (struct cf_str){ 0 };
}

static void read_libs(struct reading *r, struct cf_slice part)
{
	struct cf_json_reader json;

	if (!part.len)
		return;
	cf_json_reader_within(&json, r->json, part);
	/* In the oldest profiles they are a text. */
	for (unsigned list = cf_json_try_array(&json); cf_json_item(&json, list);) {
		struct lib lib = { 0 };

		for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);) {
			if (cf_json_key_is(&json, "name"))
				cf_json_try_str(&json, r->trace->dict, &lib.name);
			else if (cf_json_key_is(&json, "path"))
				cf_json_try_str(&json, r->trace->dict, &lib.path);
		}
		g_array_append_val(r->libs, lib);
	}
	cf_json_reader_join(&json, r->json);
}

static void read_table(struct reading *r, struct cf_slice part, struct cf_firefox_column *columns, size_t n)
{
	struct cf_json_reader json;

	if (!part.len || !cf_json_ok(r->json))
		return;
	cf_json_reader_within(&json, r->json, part);
	cf_firefox_table_read(&json, columns, n);
	cf_json_reader_join(&json, r->json);
}

static uint32_t line_of(int64_t value)
{
	return value > 0 && value < UINT32_MAX ? (uint32_t)value : 0;
}

/* What is known of a frame, whichever table says it. */
struct known {
	struct cf_str name, file;
	struct cf_module module;
	uint32_t declared, line;
	bool script, inlined;
};

static void look_at_func(const struct reading *r, int64_t func, struct known *known)
{
	int64_t source = cf_firefox_at(&r->funcs[FUNC_SOURCE], func);
	int64_t resource = cf_firefox_at(&r->funcs[FUNC_RESOURCE], func);

	known->name = string_at(r, cf_firefox_at(&r->funcs[FUNC_NAME], func));
	known->file =
		string_at(r, source == CF_FIREFOX_NONE ? cf_firefox_at(&r->funcs[FUNC_FILE], func)
						       : cf_firefox_at(&r->sources[SOURCE_FILE], source));
	known->declared = line_of(cf_firefox_at(&r->funcs[FUNC_LINE], func));
	known->script = cf_firefox_at(&r->funcs[FUNC_JS], func) == 1;
	if (cf_firefox_at(&r->resources[RESOURCE_TYPE], resource) != RESOURCE_IS_LIB)
		return;
	known->module = lib_at(r, cf_firefox_at(&r->resources[RESOURCE_LIB], resource));
	if (!known->module.id && !r->frame_table[FRAME_LIB].values)
		known->module =
			module_of(r, string_at(r, cf_firefox_at(&r->resources[RESOURCE_NAME], resource)),
				  (struct cf_str){ 0 });
}

/* A name that says a place as well. */
static void take_apart(struct reading *r, struct known *known)
{
	struct cf_dict *dict = r->trace->dict;
	const char *text = cf_dict_text(dict, known->name);
	struct cf_firefox_location location;

	if (known->module.id || known->file.id || !strpbrk(text, "(:"))
		return;
	location = cf_firefox_location((struct cf_slice){ (const uint8_t *)text, strlen(text) });
	if (location.module.len)
		known->module = module_of(
			r, cf_dict_str(dict, (const char *)location.module.data, (gssize)location.module.len),
			(struct cf_str){ 0 });
	if (location.file.len) {
		known->file = cf_dict_str(dict, (const char *)location.file.data, (gssize)location.file.len);
		known->declared = location.line;
		known->script = true;
	}
	known->name = cf_dict_str(dict, (const char *)location.name.data, (gssize)location.name.len);
}

static bool is_address(const char *name)
{
	return g_str_has_prefix(name, "0x") && name[2] &&
	       strspn(name + 2, "0123456789abcdefABCDEF") == strlen(name + 2);
}

static void add_frame(struct reading *r, struct known *known)
{
	struct cf_dict *dict = r->trace->dict;
	struct frame frame = { .kind = CF_FRAME_NATIVE, .file = known->file, .line = known->line };
	struct cf_func_info info = { .module = known->module, .kind = CF_FRAME_NATIVE };
	struct cf_symbol symbol = { .file = known->file, .line = known->declared };

	if (known->script && !known->module.id && known->file.id) {
		const char *name = cf_script_name(cf_dict_text(dict, known->file));

		info.kind = CF_FRAME_JIT;
		info.module =
			cf_dict_module(dict, (struct cf_module_info){ .name = cf_dict_str(dict, name, -1),
								      .path = known->file });
	} else if (known->module.id &&
		   !strcmp(cf_dict_text(dict, cf_dict_module_info(dict, known->module).name), "[kernel]")) {
		info.kind = CF_FRAME_KERNEL;
	}
	info.name = known->name;
	if (!*cf_dict_text(dict, info.name)) {
		g_autofree char *anonymous = g_strdup_printf("(anonymous):%u", known->declared);

		info.name = cf_dict_str(dict, anonymous, -1);
	}
	/* Nobody has looked up the name: the address stays. */
	if (info.kind != CF_FRAME_JIT && is_address(cf_dict_text(dict, info.name)))
		info.kind = CF_FRAME_UNRESOLVED;
	frame.func = symbol.func = cf_dict_func(dict, info);
	frame.kind = known->inlined ? CF_FRAME_INLINED : info.kind;
	if (known->file.id && known->declared)
		cf_trace_symbol(r->trace, &symbol);
	g_array_append_val(r->frames, frame);
}

static void make_frames(struct reading *r)
{
	const struct cf_firefox_column *table = r->frame_table;
	guint n = MAX(cf_firefox_length(&table[FRAME_FUNC]), cf_firefox_length(&table[FRAME_LOCATION]));

	for (guint i = 0; i < n; i++) {
		struct known known = { .line = line_of(cf_firefox_at(&table[FRAME_LINE], i)),
				       .inlined = cf_firefox_at(&table[FRAME_INLINE], i) > 0 };
		int64_t lib = cf_firefox_at(&table[FRAME_LIB], i);

		if (table[FRAME_FUNC].values)
			look_at_func(r, cf_firefox_at(&table[FRAME_FUNC], i), &known);
		else
			known.name = string_at(r, cf_firefox_at(&table[FRAME_LOCATION], i));
		if (lib >= 0)
			known.module = lib_at(r, lib);
		take_apart(r, &known);
		add_frame(r, &known);
	}
}

/* The number of the stack that stack i continues, CF_FIREFOX_NONE for none; -1: it has none that comes before it. */
static int64_t prefix_of(const struct cf_firefox_column *table, guint i)
{
	int64_t prefix = cf_firefox_at(&table[STACK_PREFIX], i),
		offset = cf_firefox_at(&table[STACK_OFFSET], i);

	if (table[STACK_OFFSET].values && offset != CF_FIREFOX_NONE && offset != 0)
		return offset > 0 && offset <= i ? (int64_t)i - offset : -1;
	if (prefix == CF_FIREFOX_NONE)
		return prefix;
	return prefix < i ? MAX(prefix, -1) : -1;
}

static void make_stacks(struct cf_firefox_stacks *stacks, struct reading *r, struct cf_slice part)
{
	struct cf_firefox_column table[STACK_COLUMNS] = { { .name = "frame" },
							  { .name = "prefix" },
							  { .name = "prefixOffset" } };
	g_autoptr(GArray) depths = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	struct cf_json_reader json;

	if (!part.len || !cf_json_ok(r->json))
		return;
	cf_json_reader_within(&json, r->json, part);
	cf_firefox_table_read(&json, table, STACK_COLUMNS);
	for (guint i = 0; cf_json_ok(&json) && i < cf_firefox_length(&table[STACK_FRAME]); i++) {
		int64_t prefix = prefix_of(table, i), number = cf_firefox_at(&table[STACK_FRAME], i);
		struct cf_firefox_stack stack = { 0 };
		struct frame frame = { 0 };
		uint16_t depth = 0;

		if (prefix == -1) {
			cf_json_error(&json, "stack %u doesn't come after the one that it continues", i);
			break;
		}
		if (prefix >= 0) {
			stack.stack = g_array_index(stacks->stacks, struct cf_firefox_stack, prefix).stack;
			depth = g_array_index(depths, uint16_t, prefix);
		}
		if (number >= 0 && number < r->frames->len)
			frame = g_array_index(r->frames, struct frame, number);
		else
			stacks->missing++;
		if (frame.func.id && depth == DEPTH_MAX) {
			stacks->cut++;
		} else if (frame.func.id) {
			stack.stack = cf_dict_push(r->trace->dict, stack.stack, frame.func, frame.kind);
			stack.file = frame.file;
			stack.line = frame.line;
			depth++;
		}
		g_array_append_val(stacks->stacks, stack);
		g_array_append_val(depths, depth);
	}
	cf_json_reader_join(&json, r->json);
	cf_firefox_table_release(table, STACK_COLUMNS);
}

void cf_firefox_stacks_read(struct cf_firefox_stacks *stacks, struct cf_json_reader *json,
			    const struct cf_firefox_parts *parts, struct cf_trace *trace)
{
	g_autoptr(GArray) strings = parts->strings.len || !parts->read_strings
					    ? cf_firefox_strings_read(json, parts, trace)
					    : NULL;
	struct reading r = {
		.json = json,
		.trace = trace,
		.strings = strings ? strings : parts->read_strings,
		.libs = g_array_new(FALSE, FALSE, sizeof(struct lib)),
		.frames = g_array_new(FALSE, FALSE, sizeof(struct frame)),
		.sources = { { .name = "filename" } },
		.resources = { { .name = "lib" }, { .name = "name" }, { .name = "type" } },
		.funcs = { { .name = "name" },
			   { .name = "resource" },
			   { .name = "isJS" },
			   { .name = "fileName" },
			   { .name = "source" },
			   { .name = "lineNumber" } },
		.frame_table = { { .name = "func" },
				 { .name = "lib" },
				 { .name = "inlineDepth" },
				 { .name = "line" },
				 { .name = "location" } },
	};

	*stacks = (struct cf_firefox_stacks){ .stacks = g_array_new(FALSE, FALSE,
								    sizeof(struct cf_firefox_stack)) };
	read_libs(&r, parts->libs);
	read_table(&r, parts->sources, r.sources, SOURCE_COLUMNS);
	read_table(&r, parts->resources, r.resources, RESOURCE_COLUMNS);
	read_table(&r, parts->funcs, r.funcs, FUNC_COLUMNS);
	read_table(&r, parts->frames, r.frame_table, FRAME_COLUMNS);
	if (cf_json_ok(json))
		make_frames(&r);
	make_stacks(stacks, &r, parts->stacks);
	cf_firefox_table_release(r.sources, SOURCE_COLUMNS);
	cf_firefox_table_release(r.resources, RESOURCE_COLUMNS);
	cf_firefox_table_release(r.funcs, FUNC_COLUMNS);
	cf_firefox_table_release(r.frame_table, FRAME_COLUMNS);
	g_array_unref(r.libs);
	g_array_unref(r.frames);
}

void cf_firefox_stacks_release(struct cf_firefox_stacks *stacks)
{
	g_clear_pointer(&stacks->stacks, g_array_unref);
}
