/* SPDX-License-Identifier: MIT */
/* ingest_func_names: functions of one name, told apart as far as that is needed. */
#include "tests/unit/suite.h"

#include <string.h>

#include "ingest/perf/func_names.h"

static struct cf_dict *dict;
static struct cf_func_names *names;

static void setup(void)
{
	dict = cf_dict_new();
	names = cf_func_names_new(dict);
}

static void teardown(void)
{
	cf_func_names_free(names);
	cf_dict_free(dict);
}

static struct cf_module module(const char *path)
{
	const char *base = strrchr(path, '/');

	return cf_dict_module(dict, (struct cf_module_info){ .name = cf_dict_str(dict, base + 1, -1),
							     .path = cf_dict_str(dict, path, -1) });
}

static struct cf_func add(const char *path, const char *symbol, uint32_t twin, const char *file,
			  uint64_t address)
{
	struct cf_func func = cf_func_names_intern(names, module(path), symbol, twin);

	cf_func_names_describe(names, func, file, address);
	return func;
}

static void expect(struct cf_func func, const char *name)
{
	ck_assert_str_eq(cf_dict_func_name(dict, func), name);
}

START_TEST(overloads)
{
	struct cf_func run_int = add("/bin/app", "_ZN1A3runEi", 0, "/src/a.cc", 0x20);
	struct cf_func run_double = add("/bin/app", "_ZN1A3runEd", 0, "/src/a.cc", 0x10);
	struct cf_func only = add("/bin/app", "_ZN1A4onlyEi", 0, "/src/a.cc", 0x30);
	struct cf_func get = add("/bin/app", "_ZN1A3getEv", 0, "", 0x40);
	struct cf_func get_const = add("/bin/app", "_ZNK1A3getEv", 0, "", 0x50);
	struct cf_func convert = add("/bin/app", "_Z7convertIiEiT_", 0, "", 0x60);
	struct cf_func elsewhere = add("/lib/libx.so", "_ZN1A3runEi", 0, "", 0x20);

	/* Nobody knows yet. */
	expect(run_int, "A::run");
	expect(run_double, "A::run(double)");
	cf_func_names_settle(names);
	expect(run_int, "A::run(int)");
	expect(run_double, "A::run(double)");
	expect(only, "A::only");
	expect(get, "A::get()");
	expect(get_const, "A::get() const");
	expect(convert, "convert<int>");
	expect(elsewhere, "A::run");
}
END_TEST

START_TEST(static_functions)
{
	struct cf_func two = add("/bin/app", "work", 0, "/src/two.c", 0x20);
	struct cf_func one = add("/bin/app", "work", 1, "/src/one.c", 0x10);
	struct cf_func late = add("/bin/app", "init", 0, "", 0x90);
	struct cf_func early = add("/bin/app", "init", 1, "", 0x80);
	struct cf_func same_a = add("/bin/app", "help", 0, "/src/x/util.c", 0x10);
	struct cf_func same_b = add("/bin/app", "help", 1, "/src/y/util.c", 0x11);
	struct cf_func cpp_a = add("/bin/app", "_ZL4stepi", 0, "/src/a.cc", 0x70);
	struct cf_func cpp_b = add("/bin/app", "_ZL4stepi", 1, "/src/b.cc", 0x71);
	struct cf_func cpp_c = add("/bin/app", "_ZL4stepd", 0, "/src/b.cc", 0x72);
	struct cf_func alone = add("/bin/app", "main", 0, "/src/one.c", 0x99);

	cf_func_names_settle(names);
	expect(one, "work (one.c)");
	expect(two, "work (two.c)");
	/* Without files, or with equal ones, by address. */
	expect(early, "init");
	expect(late, "init (2)");
	expect(same_a, "help");
	expect(same_b, "help (2)");
	expect(cpp_a, "step(int) (a.cc)");
	expect(cpp_b, "step(int) (b.cc)");
	expect(cpp_c, "step(double)");
	expect(alone, "main");
}
END_TEST

/* What a compiler made several of: variants of a constructor, instances of a Rust function. */
START_TEST(copies_are_one)
{
	struct cf_func complete = add("/bin/app", "_ZN1AC1Ei", 0, "", 0x10);
	struct cf_func base = add("/bin/app", "_ZN1AC2Ei", 0, "", 0x20);
	struct cf_func other = add("/bin/app", "_ZN1AC1Ed", 0, "", 0x30);
	struct cf_func rust = add("/bin/app", "_ZN4core3ptr4drop17h0123456789abcdefE", 0, "", 0x40);
	struct cf_func rust_too = add("/bin/app", "_ZN4core3ptr4drop17hfedcba9876543210E", 0, "", 0x50);

	ck_assert_uint_eq(complete.id, base.id);
	ck_assert_uint_eq(rust.id, rust_too.id);
	cf_func_names_settle(names);
	expect(complete, "A::A(int)");
	expect(other, "A::A(double)");
	expect(rust, "core::ptr::drop");
}
END_TEST

/* Two builds of a module share their functions, whichever was asked for first. */
START_TEST(builds_share)
{
	struct cf_func run_int = add("/old/app", "_ZN1A3runEi", 0, "", 1), run_double;

	run_double = add("/new/app", "_ZN1A3runEd", 0, "", 2);
	ck_assert_uint_eq(add("/old/app", "_ZN1A3runEd", 0, "", 3).id, run_double.id);
	ck_assert_uint_eq(add("/new/app", "_ZN1A3runEi", 0, "", 4).id, run_int.id);
	ck_assert_uint_ne(run_int.id, run_double.id);
	cf_func_names_settle(names);
	expect(run_int, "A::run(int)");
	expect(run_double, "A::run(double)");
}
END_TEST

/* Whatever symbols are called, no two functions of a module end with one name. */
START_TEST(names_stay_unique)
{
	static const char *const symbols[] = { "work",     "work",     "work (2)", "work (2)", "work (one.c)",
					       "_Z4workv", "_Z4workv", "work()",   "_Z4worki", "work(int)" };
	static const uint32_t twins[] = { 0, 1, 0, 1, 0, 0, 1, 0, 0, 0 };
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < G_N_ELEMENTS(symbols); i++)
		add("/bin/app", symbols[i], twins[i], i % 2 ? "/src/one.c" : "/src/two.c", 100 - i);
	cf_func_names_settle(names);
	/* Two are written as others are demangled, so they are the same. */
	ck_assert_uint_eq(cf_dict_funcs(dict), G_N_ELEMENTS(symbols) - 2 + 1);
	for (uint32_t id = 1; id < cf_dict_funcs(dict); id++)
		ck_assert(g_hash_table_add(seen, (gpointer)cf_dict_func_name(dict, (struct cf_func){ id })));
}
END_TEST

START_TEST(many_twins)
{
	for (uint32_t i = 0; i < 50000; i++)
		add("/bin/app", "work", i, "", 50000 - i);
	cf_func_names_settle(names);
	expect((struct cf_func){ 1 }, "work (50000)");
	expect((struct cf_func){ 50000 }, "work");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_func_names");
	TCase *t = tcase_create("names");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, overloads);
	tcase_add_test(t, static_functions);
	tcase_add_test(t, copies_are_one);
	tcase_add_test(t, builds_share);
	tcase_add_test(t, names_stay_unique);
	tcase_add_test(t, many_twins);
	suite_add_tcase(s, t);
	return s;
}
