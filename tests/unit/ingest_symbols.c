/* SPDX-License-Identifier: MIT */
/* ingest_symbols: symbol tables, demangling, kallsyms and perf maps. */
#include "tests/unit/suite.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ingest/perf/demangle.h"
#include "ingest/perf/kallsyms.h"
#include "ingest/perf/perf_map.h"

static struct cf_symbol_table table;

static void setup(void)
{
	cf_symbol_table_init(&table);
}

static void teardown(void)
{
	cf_symbol_table_clear(&table);
}

static void add(uint64_t start, uint64_t size, enum cf_binding binding, const char *name)
{
	cf_symbol_table_add(&table, start, size, binding, name, 0);
}

static void expect(uint64_t address, const char *name)
{
	const struct cf_symbol_entry *entry = cf_symbol_table_find(&table, address);
	g_autofree char *found = entry ? cf_symbol_entry_name(entry) : NULL;

	if (name)
		ck_assert_str_eq(found, name);
	else
		ck_assert_ptr_null(found);
}

START_TEST(gaps_and_ends)
{
	add(0x300, 0, CF_BINDING_GLOBAL, "last");
	add(0x100, 0x10, CF_BINDING_GLOBAL, "sized");
	add(0x200, 0, CF_BINDING_GLOBAL, "open");
	cf_symbol_table_settle(&table, FALSE);
	cf_symbol_table_seal(&table);
	expect(0xff, NULL);
	expect(0x100, "sized");
	expect(0x10f, "sized");
	expect(0x110, NULL);
	expect(0x2ff, "open");
	expect(0x300, "last");
	expect(0x1fff, "last");
	expect(0x2000, NULL);
}
END_TEST

START_TEST(one_name_per_address)
{
	/* a size, then not weak, then global, then fewer underscores, then longer, then the first */
	add(0x10, 0, CF_BINDING_GLOBAL, "no_size_but_longer");
	add(0x10, 8, CF_BINDING_WEAK, "weak");
	add(0x20, 8, CF_BINDING_WEAK, "weak_and_longer");
	add(0x20, 8, CF_BINDING_LOCAL, "local");
	add(0x30, 8, CF_BINDING_LOCAL, "local_and_longer");
	add(0x30, 8, CF_BINDING_GLOBAL, "global");
	add(0x40, 8, CF_BINDING_GLOBAL, "__longer_name");
	add(0x40, 8, CF_BINDING_GLOBAL, "name");
	add(0x50, 8, CF_BINDING_GLOBAL, "short");
	add(0x50, 8, CF_BINDING_GLOBAL, "longer");
	add(0x60, 8, CF_BINDING_GLOBAL, "first");
	add(0x60, 8, CF_BINDING_GLOBAL, "other");
	/* by their demangled names, which are equal here: the first */
	add(0x70, 8, CF_BINDING_WEAK, "_ZN3BoxC2Ev");
	add(0x70, 8, CF_BINDING_WEAK, "_ZN3BoxC1Ev");
	add(0x80, 8, CF_BINDING_GLOBAL, "_Z1fv");
	add(0x80, 8, CF_BINDING_GLOBAL, "fg");
	cf_symbol_table_settle(&table, FALSE);
	cf_symbol_table_seal(&table);
	expect(0x10, "weak");
	expect(0x20, "local");
	expect(0x30, "global");
	expect(0x40, "name");
	expect(0x50, "longer");
	expect(0x60, "first");
	expect(0x70, "_ZN3BoxC2Ev");
	expect(0x80, "fg");
}
END_TEST

START_TEST(nested_symbols)
{
	add(0x100, 0x100, CF_BINDING_GLOBAL, "outer");
	add(0x120, 0x40, CF_BINDING_GLOBAL, "middle");
	add(0x130, 0x10, CF_BINDING_GLOBAL, "inner");
	add(0x1f0, 0x20, CF_BINDING_GLOBAL, "across");
	add(UINT64_MAX - 1, 100, CF_BINDING_GLOBAL, "wraps");
	cf_symbol_table_seal(&table);
	expect(0x11f, "outer");
	expect(0x12f, "middle");
	expect(0x13f, "inner");
	expect(0x140, "middle");
	expect(0x160, "outer");
	expect(0x1f0, "across");
	expect(0x20f, "across");
	expect(0x210, NULL);
	expect(UINT64_MAX - 1, "wraps");
}
END_TEST

START_TEST(guessed_ends_give_way)
{
	add(0x100, 0, CF_BINDING_GLOBAL, "_init");
	add(0x200, 0x10, CF_BINDING_GLOBAL, "start");
	cf_symbol_table_settle(&table, FALSE);
	add(0x140, 0x10, CF_BINDING_GLOBAL, "free@plt");
	cf_symbol_table_seal(&table);
	expect(0x13f, "_init");
	expect(0x140, "free@plt");
	expect(0x150, NULL);
	expect(0x200, "start");
}
END_TEST

START_TEST(an_empty_table)
{
	cf_symbol_table_settle(&table, TRUE);
	cf_symbol_table_seal(&table);
	expect(0, NULL);
	expect(UINT64_MAX, NULL);
}
END_TEST

/* The right column is what c++filt -p prints for the left, less the hashes of Rust. */
START_TEST(demangled_names)
{
	static const char *const names[][2] = {
		{ "_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<int, std::allocator<int> >::push_back" },
		{ "_ZN4shop3BoxIlEclEi", "shop::Box<long>::operator()" },
		{ "_ZNK4shop3Box3getERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
		  "shop::Box::get" },
		{ "_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write" },
		{ "_ZN60_$LT$alloc..string..String$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE",
		  "<alloc::string::String as core::fmt::Display>::fmt" },
		{ "_RNvCs1234_7mycrate3foo", "mycrate::foo" },
		{ "_RNvMs_NtCs1234_7mycrate3barNtB4_3Box3get", "<mycrate::bar::Box>::get" },
		{ "camlStdlib__List__map_123", "Stdlib.List.map_123" },
		{ "camlFoo__$2b_1", "Foo.+_1" },
		{ "_RNvC03foo", "::foo" }, /* an empty identifier is NULL */
		{ "main", NULL },
		{ "", NULL },
		{ "_", NULL },
		{ "_Z", NULL },
		{ "_R", NULL },
		{ "_ZN", NULL },
		{ "camlp4", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *text = cf_demangle(names[i][0], -1);

		if (names[i][1])
			ck_assert_str_eq(text, names[i][1]);
		else
			ck_assert_ptr_null(text);
	}
	{
		g_autofree char *text = cf_demangle("_Z1fvXXXX", 5);

		ck_assert_str_eq(text, "f");
	}
}
END_TEST

/* Back-references double the text with every few bytes; a name of 600 bytes would be 2^60 long. */
START_TEST(hostile_names)
{
	g_autoptr(GString) twice = g_string_new("_Z1fI");
	g_autofree char *deep = g_malloc(30001), *text = NULL;

	g_string_append(twice, "1AIiiE");
	for (int i = 0; i < 60; i++)
		g_string_append_printf(twice, "1AIS%c_S%c_E", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 36],
				       "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 36]);
	g_string_append(twice, "EvT_");
	text = cf_demangle(twice->str, -1);
	ck_assert(!text || strlen(text) <= 64 * 1024);
	memset(deep, 'P', 30000);
	memcpy(deep, "_Z1fIP", 6);
	deep[30000] = '\0';
	g_free(text);
	text = cf_demangle(deep, -1);
	ck_assert_ptr_null(text);
	memcpy(deep, "_RNvC", 5);
	memset(deep + 5, 'N', 29995);
	ck_assert_ptr_null(cf_demangle(deep, -1));
	deep = g_realloc(deep, 40001);
	memset(deep, 'a', 40000);
	deep[40000] = '\0';
	memcpy(deep, "_Z39990", 7);
	ck_assert_ptr_null(cf_demangle(deep, -1));
}
END_TEST

/* Each lookup looks at a bounded number of the symbols around an address. */
START_TEST(deep_nesting)
{
	enum { DEEP = 200000 };

	for (uint64_t i = 0; i < DEEP; i++)
		add(i, 3 * (uint64_t)DEEP - 2 * i, CF_BINDING_LOCAL, "nested");
	add(4 * DEEP, 100, CF_BINDING_LOCAL, "outer");
	add(4 * DEEP + 10, 20, CF_BINDING_LOCAL, "middle");
	add(4 * DEEP + 20, 50, CF_BINDING_LOCAL, "later");
	add(4 * DEEP + 22, 2, CF_BINDING_LOCAL, "inner");
	cf_symbol_table_seal(&table);
	for (uint64_t i = 0; i < DEEP; i++)
		cf_symbol_table_find(&table, 3 * (uint64_t)DEEP - 1 - i % 1000);
	expect(DEEP, "nested");
	expect(4 * DEEP + 15, "middle");
	expect(4 * DEEP + 23, "inner");
	expect(4 * DEEP + 25, "later");
	expect(4 * DEEP + 80, "outer");
	expect(4 * DEEP + 100, NULL);
}
END_TEST

static char *write_temp(const char *content)
{
	char *path = NULL;
	int fd = g_file_open_tmp("callflow-test-XXXXXX", &path, NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
	ck_assert(g_file_set_contents(path, content, -1, NULL));
	return path;
}

static void expect_kernel(const struct cf_kallsyms *kallsyms, uint64_t address, const char *module,
			  const char *name)
{
	const struct cf_symbol_entry *entry = cf_kallsyms_find(kallsyms, address, module);
	g_autofree char *found = entry ? cf_kallsyms_name(entry) : NULL;

	if (name)
		ck_assert_str_eq(found, name);
	else
		ck_assert_ptr_null(found);
}

START_TEST(kernel_symbols)
{
	static const char content[] = "0000000000000000 A fixed_percpu_data\n"
				      "ffffffff81000000 T _text\n"
				      "ffffffff81000000 T startup_64\r\n"
				      "ffffffff81000040 t secondary\n"
				      "ffffffff81000080 r not_code\n"
				      "nonsense\n"
				      "ffffffff81000100 W weak\n"
				      "ffffffff81000100 t local\n"
				      "ffffffffc0201000 t init\t[ext4]\n"
				      "ffffffffc0201010 T read\t[ext4]";
	g_autofree char *path = write_temp(content);
	struct cf_kallsyms kallsyms;

	ck_assert_int_eq(cf_kallsyms_load(&kallsyms, path, NULL, 0), 0);
	ck_assert(!kallsyms.hidden);
	expect_kernel(&kallsyms, 0xffffffff80ffffff, NULL, NULL);
	expect_kernel(&kallsyms, 0xffffffff81000000, NULL, "startup_64"); /* of aliases, the last */
	expect_kernel(&kallsyms, 0xffffffff810000ff, NULL, "secondary");
	expect_kernel(&kallsyms, 0xffffffff81000100, NULL, "local");
	expect_kernel(&kallsyms, 0xffffffff81001fff, NULL, "local"); /* a page and more, not to the module */
	expect_kernel(&kallsyms, 0xffffffff81002000, NULL, NULL);
	expect_kernel(&kallsyms, 0xffffffffc0201000, NULL, NULL);
	expect_kernel(&kallsyms, 0xffffffffc0201000, "ext4", "init");
	expect_kernel(&kallsyms, 0xffffffffc0201fff, "ext4", "read");
	expect_kernel(&kallsyms, 0xffffffffc0201000, "ext", NULL);
	cf_kallsyms_release(&kallsyms);
	/* The recording's kernel was loaded 0x1000000 higher. */
	ck_assert_int_eq(cf_kallsyms_load(&kallsyms, path, "_text", 0xffffffff82000000), 0);
	expect_kernel(&kallsyms, 0xffffffff82000041, NULL, "secondary");
	expect_kernel(&kallsyms, 0xffffffff81000041, NULL, NULL);
	cf_kallsyms_release(&kallsyms);
	remove(path);
}
END_TEST

START_TEST(kernel_symbols_that_say_nothing)
{
	g_autofree char *hidden = write_temp("0000000000000000 T _text\n0000000000000000 t secondary\n");
	g_autofree char *empty = write_temp("");
	struct cf_kallsyms kallsyms;

	ck_assert_int_eq(cf_kallsyms_load(&kallsyms, hidden, NULL, 0), 0);
	ck_assert(kallsyms.hidden);
	expect_kernel(&kallsyms, 0, NULL, NULL);
	cf_kallsyms_release(&kallsyms);
	ck_assert_int_eq(cf_kallsyms_load(&kallsyms, empty, NULL, 0), -1);
	remove(hidden);
	ck_assert_int_eq(cf_kallsyms_load(&kallsyms, hidden, NULL, 0), -1);
	remove(empty);
}
END_TEST

START_TEST(perf_maps)
{
	static const char text[] = "7f00 10 LazyCompile:~fib /x.js:1:13\n"
				   "0x8000 0x20 hexed\r\n"
				   "9000 0 empty\n"
				   "zz 10 no address\n"
				   "a000 zz no size\n"
				   "b000 10\n"
				   "b000 10 \n"
				   "\n"
				   "7f00 8 replaced\n"
				   "c000 10 no newline";

	cf_perf_map_symbols((struct cf_slice){ (const uint8_t *)text, strlen(text) }, &table);
	expect(0x7f00, "replaced");
	expect(0x7f08, "LazyCompile:~fib /x.js:1:13");
	expect(0x7f10, NULL);
	expect(0x801f, "hexed");
	expect(0x9000, NULL);
	expect(0xa000, NULL);
	expect(0xb000, NULL);
	expect(0xc00f, "no newline");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_symbols");
	TCase *tables = tcase_create("tables"), *names = tcase_create("names");

	tcase_add_checked_fixture(tables, setup, teardown);
	tcase_add_test(tables, deep_nesting);
	tcase_add_test(tables, gaps_and_ends);
	tcase_add_test(tables, one_name_per_address);
	tcase_add_test(tables, nested_symbols);
	tcase_add_test(tables, guessed_ends_give_way);
	tcase_add_test(tables, an_empty_table);
	tcase_add_test(tables, perf_maps);
	suite_add_tcase(s, tables);
	tcase_add_test(names, demangled_names);
	tcase_add_test(names, hostile_names);
	tcase_add_test(names, kernel_symbols);
	tcase_add_test(names, kernel_symbols_that_say_nothing);
	suite_add_tcase(s, names);
	return s;
}
