/* SPDX-License-Identifier: MIT */
/* ingest_symbols_elf: the symbols of modules that are found in a folder, and of the kernel. */
#include "tests/unit/suite.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "ingest/perf/symbols.h"
#include "tests/unit/elf_fixture.h"

struct fixture {
	char *root;
	struct cf_trace *trace;
	struct cf_symbols *symbols;
};

static void save(const struct fixture *f, const char *path, const void *bytes, size_t len)
{
	g_autofree char *full = g_strconcat(f->root, path, NULL);
	g_autofree char *folder = g_path_get_dirname(full);

	ck_assert_int_eq(g_mkdir_with_parents(folder, 0700), 0);
	ck_assert(g_file_set_contents(full, bytes, (gssize)len, NULL));
}

static void begin(struct fixture *f)
{
	f->root = g_dir_make_tmp("callflow-test-XXXXXX", NULL);
	f->trace = cf_trace_new();
	ck_assert_ptr_nonnull(f->root);
}

static void start(struct fixture *f, const char *kallsyms)
{
	struct cf_symbols_options options = { .symfs = f->root, .kallsyms = kallsyms };

	f->symbols = cf_symbols_new(f->trace, &options);
}

static void remove_tree(const char *path)
{
	GDir *folder = g_dir_open(path, 0, NULL);
	const char *name;

	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
	}
	if (folder)
		g_dir_close(folder);
	g_remove(path);
}

static void end(struct fixture *f)
{
	cf_symbols_free(f->symbols);
	cf_trace_free(f->trace);
	remove_tree(f->root);
	g_free(f->root);
}

/* Samples address once and compares what it was resolved to. */
static void sample(struct fixture *f, struct cf_dso *dso, uint64_t address, const char *name,
		   enum cf_frame_kind kind)
{
	struct cf_func func = cf_symbols_function(dso, address);
	struct cf_dict *dict = f->trace->dict;
	struct cf_sample one = {
		.stack = cf_dict_push(dict, (struct cf_stack){ 0 }, func, kind),
		.metric = cf_trace_metric(f->trace, "cycles", CF_UNIT_COUNT),
		.thread = cf_trace_thread(f->trace, 1, 1, "test"),
		.weight = 10,
	};

	ck_assert_str_eq(cf_dict_func_name(dict, func), name);
	ck_assert_int_eq(cf_dict_func_info(dict, func).kind, kind);
	cf_trace_sample(f->trace, &one);
}

static void expect_hole(const struct fixture *f, guint index, const char *subject, int64_t count,
			const char *text)
{
	const struct cf_quality *row;

	ck_assert_uint_lt(index, f->trace->quality->len);
	row = &g_array_index(f->trace->quality, struct cf_quality, index);
	ck_assert_str_eq(row->key, "unresolved");
	ck_assert_str_eq(row->subject, subject);
	ck_assert_str_eq(row->text, text);
	ck_assert_int_eq(row->count, count);
	ck_assert_int_eq(row->weight, count * 10);
}

START_TEST(modules_of_a_folder)
{
	g_autofree struct image *whole = make_image(TRUE), *stripped = make_image(FALSE);
	struct cf_map_key key = { .kind = CF_MAP_FILE, .build_id = id, .build_id_len = sizeof(id) };
	static const uint8_t other[20] = { 9 };
	const struct cf_symbol *symbol;
	struct cf_dso *good, *bare, *wrong, *missing, *text;
	struct fixture f;

	begin(&f);
	save(&f, "/opt/whole", whole->bytes, IMAGE_SIZE);
	save(&f, "/opt/stripped", stripped->bytes, IMAGE_SIZE);
	save(&f, "/opt/wrong", whole->bytes, IMAGE_SIZE);
	save(&f, "/opt/text", "#!/bin/sh\n", 10);
	start(&f, NULL);
	key.path = "/opt/whole";
	good = cf_symbols_dso(f.symbols, &key);
	ck_assert_ptr_eq(cf_symbols_dso(f.symbols, &key), good);
	key.path = "/opt/stripped";
	bare = cf_symbols_dso(f.symbols, &key);
	key.path = "/opt/text";
	text = cf_symbols_dso(f.symbols, &key);
	key.path = "/opt/wrong";
	key.build_id = other;
	wrong = cf_symbols_dso(f.symbols, &key);
	key.path = "/opt/missing";
	missing = cf_symbols_dso(f.symbols, &key);
	sample(&f, good, 0x1000, "start", CF_FRAME_NATIVE);
	sample(&f, good, 0x1044, "shop::Box<long>::operator()", CF_FRAME_NATIVE);
	sample(&f, good, 0x1047, "shop::Box<long>::operator()", CF_FRAME_NATIVE);
	sample(&f, good, 0x1070, "[unresolved]", CF_FRAME_UNRESOLVED);
	sample(&f, bare, 0x1000, "[unresolved]", CF_FRAME_UNRESOLVED);
	sample(&f, bare, 0x1004, "[unresolved]", CF_FRAME_UNRESOLVED);
	sample(&f, bare, PLT_AT + 0x20, "malloc@plt", CF_FRAME_NATIVE);
	sample(&f, wrong, 0x1000, "[unresolved]", CF_FRAME_UNRESOLVED);
	sample(&f, missing, 0x1000, "[unresolved]", CF_FRAME_UNRESOLVED);
	sample(&f, text, 0x1000, "[unresolved]", CF_FRAME_UNRESOLVED);
	cf_symbols_finish(f.symbols);
	ck_assert_uint_eq(f.trace->symbols->len, 3);
	symbol = &g_array_index(f.trace->symbols, struct cf_symbol, 1);
	ck_assert_str_eq(cf_dict_func_module(f.trace->dict, symbol->func), "whole");
	ck_assert_uint_eq(symbol->address, 0x401040);
	ck_assert_uint_eq(symbol->size, 0x10);
	ck_assert_uint_eq(f.trace->quality->len, 5);
	expect_hole(&f, 0, "stripped", 2, "stripped is stripped");
	ck_assert_str_eq(
		g_array_index(f.trace->quality, struct cf_quality, 0).cure,
		"put this build with its symbols (before strip) into a folder and name that with --symfs, "
		"then ingest the recording with --again");
	expect_hole(&f, 1, "text", 1, "text isn't a sound ELF file here");
	expect_hole(&f, 2, "wrong", 1, "wrong is another build than the recorded one (build id differs)");
	expect_hole(&f, 3, "missing", 1, "missing isn't on this machine");
	expect_hole(&f, 4, "whole", 1, "whole has code that no symbol covers");
	end(&f);
}
END_TEST

/* A million functions of eight bytes each from 0x1000 on. Caller frees. */
static uint8_t *make_large_image(size_t *len)
{
	enum { FUNCTIONS = 1000000 };
	g_autofree struct image *small = make_image(TRUE);
	Elf64_Phdr *segments = (void *)(small->bytes + sizeof(Elf64_Ehdr));
	Elf64_Shdr *sections = (void *)(small->bytes + SECTIONS_AT);
	uint8_t *bytes;
	Elf64_Sym *symbols;

	*len = IMAGE_SIZE + (FUNCTIONS + 1) * sizeof(*symbols);
	segments[0].p_filesz = segments[0].p_memsz = *len - 0x1000;
	sections[TEXT].sh_size = *len - 0x1000;
	sections[SYMTAB].sh_offset = IMAGE_SIZE;
	sections[SYMTAB].sh_size = *len - IMAGE_SIZE;
	bytes = g_malloc0(*len);
	memcpy(bytes, small->bytes, IMAGE_SIZE);
	symbols = (void *)(bytes + IMAGE_SIZE);
	for (unsigned i = 0; i < FUNCTIONS; i++)
		symbols[i + 1] = (Elf64_Sym){ .st_name = 1, /* start */
					      .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
					      .st_shndx = TEXT,
					      .st_value = 0x401000 + 8 * i,
					      .st_size = 8 };
	return bytes;
}

/* Eleven times a million symbols would be more than one recording may load. */
START_TEST(one_file_by_many_names)
{
	size_t len;
	g_autofree uint8_t *bytes = make_large_image(&len);
	struct cf_map_key key = { .kind = CF_MAP_FILE };
	g_autoptr(GString) path = g_string_new("/opt");
	g_autofree char *link = NULL;
	struct fixture f;

	begin(&f);
	save(&f, "/opt/big", bytes, len);
	link = g_strconcat(f.root, "/opt/link", NULL);
	ck_assert_int_eq(symlink("../opt/big", link), 0);
	start(&f, NULL);
	for (unsigned i = 0; i < 11; i++) {
		g_autofree char *other = i ? g_strconcat(path->str, "/big", NULL) : g_strdup("/opt/link");

		key.path = other;
		sample(&f, cf_symbols_dso(f.symbols, &key), 0x1000 + 8 * 900000, "start", CF_FRAME_NATIVE);
		g_string_append(path, i % 2 ? "/../opt" : "/.");
	}
	cf_symbols_finish(f.symbols);
	ck_assert_uint_eq(f.trace->symbols->len, 2); /* of the modules link and big */
	ck_assert_uint_eq(g_array_index(f.trace->symbols, struct cf_symbol, 1).address,
			  0x401000 + 8 * 900000);
	end(&f);
}
END_TEST

/* A file that has two functions of one symbol, and the kernel's, which nothing tells apart. */
START_TEST(functions_of_one_name)
{
	static const char kernel[] =
		"ffffffff81000000 T _text\nffffffff81000100 t show\nffffffff81000200 t show\n"
		"ffffffff81000300 T end\n";
	g_autofree struct image *image = make_image(TRUE);
	Elf64_Sym *symbols = (void *)(image->bytes + SYMBOLS_AT);
	struct cf_map_key key = { .kind = CF_MAP_FILE, .path = "/opt/app" };
	g_autofree char *path = NULL;
	const struct cf_quality *row;
	struct cf_dso *app, *proper;
	struct fixture f;

	symbols[4].st_name = symbols[1].st_name; /* at 0x401040, as the one at 0x401000 */
	begin(&f);
	save(&f, "/opt/app", image->bytes, IMAGE_SIZE);
	save(&f, "/kallsyms", kernel, sizeof(kernel) - 1);
	path = g_strconcat(f.root, "/kallsyms", NULL);
	start(&f, path);
	app = cf_symbols_dso(f.symbols, &key);
	key = (struct cf_map_key){ .kind = CF_MAP_KERNEL, .path = "[kernel.kallsyms]_text" };
	proper = cf_symbols_dso(f.symbols, &key);
	sample(&f, app, 0x1044, "start", CF_FRAME_NATIVE);
	sample(&f, app, 0x1004, "start (2)", CF_FRAME_NATIVE);
	sample(&f, proper, 0xffffffff81000110, "show", CF_FRAME_KERNEL);
	sample(&f, proper, 0xffffffff81000120, "show", CF_FRAME_KERNEL);
	sample(&f, proper, 0xffffffff81000210, "show", CF_FRAME_KERNEL);
	cf_symbols_finish(f.symbols);
	ck_assert_str_eq(cf_dict_func_name(f.trace->dict, cf_symbols_function(app, 0x1004)), "start");
	ck_assert_str_eq(cf_dict_func_name(f.trace->dict, cf_symbols_function(app, 0x1044)), "start (2)");
	ck_assert_uint_eq(f.trace->quality->len, 2);
	row = &g_array_index(f.trace->quality, struct cf_quality, 0);
	ck_assert_str_eq(row->key, "same-name");
	ck_assert_str_eq(row->subject, "[kernel]");
	ck_assert_str_eq(row->text, "several functions of one name are one row: show");
	ck_assert_int_eq(row->count, 1);
	end(&f);
}
END_TEST

/* Only what a distribution packaged has its symbols in a package. */
START_TEST(cures_by_place)
{
	static const struct {
		const char *path;
		gboolean packaged;
	} cases[] = { { "/usr/lib/x86_64-linux-gnu/libx.so", TRUE },
		      { "/usr/bin/x", TRUE },
		      { "/lib64/x.so", TRUE },
		      { "/usr/local/bin/x", FALSE },
		      { "/home/x/x", FALSE },
		      { "/opt/x", FALSE } };
	g_autofree struct image *stripped = make_image(FALSE);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_map_key key = { .kind = CF_MAP_FILE, .path = cases[i].path };
		struct fixture f;

		begin(&f);
		save(&f, cases[i].path, stripped->bytes, IMAGE_SIZE);
		start(&f, NULL);
		sample(&f, cf_symbols_dso(f.symbols, &key), 0x1000, "[unresolved]", CF_FRAME_UNRESOLVED);
		cf_symbols_finish(f.symbols);
		ck_assert_int_eq(
			strstr(g_array_index(f.trace->quality, struct cf_quality, 0).cure, "-dbgsym") != NULL,
			cases[i].packaged);
		end(&f);
	}
}
END_TEST

START_TEST(separate_debug_files)
{
	g_autofree struct image *whole = make_image(TRUE), *stripped = make_image(FALSE);
	struct cf_map_key key = { .kind = CF_MAP_FILE, .path = "/opt/bin/prog" };
	struct fixture f;

	begin(&f);
	save(&f, "/opt/bin/prog", stripped->bytes, IMAGE_SIZE);
	/* found through .gnu_debuglink; the build id of the image, not the recorded one, decides */
	save(&f, "/usr/lib/debug/opt/bin/prog.debug", whole->bytes, IMAGE_SIZE);
	start(&f, NULL);
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x1000, "start", CF_FRAME_NATIVE);
	end(&f);

	begin(&f);
	save(&f, "/usr/lib/debug/.build-id/01/02030405060708090a0b0c0d0e0f1011121314.debug", whole->bytes,
	     IMAGE_SIZE);
	start(&f, NULL);
	key.build_id = id;
	key.build_id_len = sizeof(id);
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x1000, "start", CF_FRAME_NATIVE);
	end(&f);

	begin(&f);
	whole->bytes[0x2110] = 0xee; /* of another build */
	save(&f, "/opt/bin/prog", stripped->bytes, IMAGE_SIZE);
	save(&f, "/usr/lib/debug/opt/bin/prog.debug", whole->bytes, IMAGE_SIZE);
	start(&f, NULL);
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x1000, "[unresolved]", CF_FRAME_UNRESOLVED);
	end(&f);
}
END_TEST

START_TEST(kernel_and_run_time_code)
{
	static const char kernel[] =
		"ffffffff81000000 T _text\nffffffff81000100 T read\nffffffffc0000000 t get\t[ext4]\n";
	struct cf_map_key key = { .kind = CF_MAP_KERNEL, .path = "[kernel.kallsyms]_text" };
	g_autofree char *path = NULL;
	struct cf_dso *dso;
	struct fixture f;

	begin(&f);
	save(&f, "/kallsyms", kernel, sizeof(kernel) - 1);
	save(&f, "/tmp/perf-7.map", "7f00 10 fib\n", 12);
	path = g_strconcat(f.root, "/kallsyms", NULL);
	start(&f, path);
	dso = cf_symbols_dso(f.symbols, &key);
	sample(&f, dso, 0xffffffff81000110, "read", CF_FRAME_KERNEL);
	ck_assert_str_eq(cf_dict_func_module(f.trace->dict, cf_symbols_function(dso, 0)), "[kernel]");
	key = (struct cf_map_key){ .kind = CF_MAP_KERNEL_MODULE, .path = "/lib/modules/6.1.0/fs/ext4.ko.xz" };
	dso = cf_symbols_dso(f.symbols, &key);
	sample(&f, dso, 0xffffffffc0000010, "get", CF_FRAME_KERNEL);
	ck_assert_str_eq(cf_dict_func_module(f.trace->dict, cf_symbols_function(dso, 0)), "[ext4]");
	key = (struct cf_map_key){ .kind = CF_MAP_ANON, .path = "//anon", .pid = 7 };
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x7f08, "fib", CF_FRAME_JIT);
	key.pid = 8;
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x7f08, "[unresolved]", CF_FRAME_UNRESOLVED);
	cf_symbols_finish(f.symbols);
	ck_assert_uint_eq(f.trace->quality->len, 1);
	expect_hole(&f, 0, "[JIT]", 1, "[JIT] is code made at run time that no map in /tmp names");
	end(&f);
}
END_TEST

START_TEST(kernels_that_cannot_be_known)
{
	struct cf_map_key key = { .kind = CF_MAP_KERNEL, .path = "[kernel.kallsyms]_text" };
	struct cf_symbols_options options = { .kallsyms = "/nonexistent/kallsyms" };
	struct cf_dict *dict;
	struct fixture f;

	begin(&f);
	f.symbols = cf_symbols_new(f.trace, NULL);
	sample(&f, cf_symbols_dso(f.symbols, &key), 0xffffffff81000110, "[unresolved]", CF_FRAME_UNRESOLVED);
	cf_symbols_finish(f.symbols);
	expect_hole(&f, 0, "[kernel]", 1,
		    "[kernel] has no build id in the recording, so no kallsyms can be trusted");
	end(&f);

	begin(&f);
	f.symbols = cf_symbols_new(f.trace, &options);
	sample(&f, cf_symbols_dso(f.symbols, &key), 0xffffffff81000110, "[unresolved]", CF_FRAME_UNRESOLVED);
	cf_symbols_finish(f.symbols);
	expect_hole(&f, 0, "[kernel]", 1, "[kernel] has no kallsyms of the recorded kernel here");
	dict = f.trace->dict;
	ck_assert_str_eq(cf_dict_func_module(dict, cf_symbols_unmapped(f.symbols, FALSE)), "[unknown]");
	ck_assert_str_eq(cf_dict_func_name(dict, cf_symbols_unmapped(f.symbols, FALSE)), "[unresolved]");
	end(&f);
}
END_TEST

START_TEST(files_without_recorded_build_id)
{
	g_autofree struct image *whole = make_image(TRUE);
	struct cf_map_key key = { .kind = CF_MAP_FILE, .path = "/opt/whole" };
	const struct cf_quality *row;
	struct fixture f;

	begin(&f);
	save(&f, "/opt/whole", whole->bytes, IMAGE_SIZE);
	save(&f, "/opt/unused", whole->bytes, IMAGE_SIZE);
	start(&f, NULL);
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x1000, "start", CF_FRAME_NATIVE);
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x1044, "shop::Box<long>::operator()", CF_FRAME_NATIVE);
	key.path = "/opt/missing";
	sample(&f, cf_symbols_dso(f.symbols, &key), 0x1000, "[unresolved]", CF_FRAME_UNRESOLVED);
	key.path = "/opt/unused";
	cf_symbols_dso(f.symbols, &key);
	cf_symbols_finish(f.symbols);
	ck_assert_uint_eq(f.trace->quality->len, 2);
	expect_hole(&f, 0, "missing", 1, "missing isn't on this machine");
	row = &g_array_index(f.trace->quality, struct cf_quality, 1);
	ck_assert_str_eq(row->key, "unchecked");
	ck_assert_str_eq(row->subject, "whole");
	ck_assert_str_eq(row->text,
			 "whole has no build id in the recording; the file that is here now was used");
	ck_assert_int_eq(row->count, 2);
	ck_assert_int_eq(row->weight, 20);
	end(&f);
}
END_TEST

START_TEST(sums_that_do_not_fit)
{
	struct cf_map_key key = { .kind = CF_MAP_FILE, .path = "/opt/missing" };
	const struct cf_quality *row;
	struct fixture f;

	begin(&f);
	start(&f, NULL);
	for (int i = 0; i < 3; i++) {
		struct cf_dict *dict = f.trace->dict;
		struct cf_func func = cf_symbols_function(cf_symbols_dso(f.symbols, &key), 0x1000);
		struct cf_stack stack = { 0 };
		struct cf_sample one = {
			.metric = cf_trace_metric(f.trace, "cycles", CF_UNIT_COUNT),
			.thread = cf_trace_thread(f.trace, 1, 1, "test"),
			.weight = INT64_MAX - 1,
		};

		/* a stack each: their sum is the module's */
		for (int depth = 0; depth <= i; depth++)
			stack = cf_dict_push(dict, stack, func, CF_FRAME_UNRESOLVED);
		one.stack = stack;
		cf_trace_sample(f.trace, &one);
	}
	cf_symbols_finish(f.symbols);
	for (guint i = 0; i < f.trace->quality->len; i++) {
		row = &g_array_index(f.trace->quality, struct cf_quality, i);
		if (!strcmp(row->key, "unresolved"))
			break;
		row = NULL;
	}
	ck_assert_ptr_nonnull(row);
	ck_assert_int_eq(row->count, 3);
	ck_assert_int_eq(row->weight, INT64_MAX);
	end(&f);
}
END_TEST

static void keep(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_printf(ctx, "%d %s: %s", (int)severity, where, text);
}

static void expect_refused(const struct cf_symbols_options *options, const char *path, const char *text)
{
	g_autoptr(GString) said = g_string_new(NULL);
	g_autofree char *expected = g_strdup_printf("%d %s: %s", (int)CF_ERROR, path, text);
	struct cf_diag diag = { .consume = keep, .ctx = said };

	ck_assert_int_eq(cf_symbols_check_options(options, &diag), -1);
	ck_assert_str_eq(said->str, expected);
	ck_assert_uint_eq(diag.errors, 1);
	ck_assert_int_eq(diag.status, CF_STATUS_INPUT);
}

START_TEST(options_that_lead_nowhere)
{
	g_autofree char *text = NULL, *good = NULL, *gone = NULL;
	struct cf_symbols_options options = { 0 };
	struct cf_diag diag = { 0 };
	struct fixture f;

	begin(&f);
	start(&f, NULL);
	text = g_strconcat(f.root, "/text", NULL);
	good = g_strconcat(f.root, "/kallsyms", NULL);
	gone = g_strconcat(f.root, "/gone", NULL);
	save(&f, "/text", "not a list of symbols\n", 22);
	save(&f, "/kallsyms", "ffffffff81000000 T _text\n", 25);
	ck_assert_int_eq(cf_symbols_check_options(&options, &diag), 0);
	options.kallsyms = good;
	options.symfs = f.root;
	ck_assert_int_eq(cf_symbols_check_options(&options, &diag), 0);
	options.kallsyms = text;
	expect_refused(&options, text, "has no symbols as in /proc/kallsyms (--kallsyms)");
	options.kallsyms = gone;
	expect_refused(&options, gone, "can't open: No such file or directory");
	options.symfs = gone;
	expect_refused(&options, gone, "can't look for symbols there (--symfs): No such file or directory");
	options.symfs = text;
	expect_refused(&options, text, "can't look for symbols there (--symfs): Not a directory");
	end(&f);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_symbols_elf");
	TCase *modules = tcase_create("modules");

	tcase_add_test(modules, modules_of_a_folder);
	tcase_set_timeout(modules, 30);
	tcase_add_test(modules, one_file_by_many_names);
	tcase_add_test(modules, functions_of_one_name);
	tcase_add_test(modules, cures_by_place);
	tcase_add_test(modules, separate_debug_files);
	tcase_add_test(modules, kernel_and_run_time_code);
	tcase_add_test(modules, kernels_that_cannot_be_known);
	tcase_add_test(modules, files_without_recorded_build_id);
	tcase_add_test(modules, sums_that_do_not_fit);
	tcase_add_test(modules, options_that_lead_nowhere);
	suite_add_tcase(s, modules);
	return s;
}
