/* SPDX-License-Identifier: MIT */
/* core_dict: interning gives one handle per content, and names are reduced to what joins builds. */
#include "tests/unit/suite.h"

#include <string.h>

#include "core/dict.h"

static struct cf_dict *dict;

static void setup(void)
{
	dict = cf_dict_new();
}

static void teardown(void)
{
	cf_dict_free(dict);
}

static struct cf_str str(const char *text)
{
	return cf_dict_str(dict, text, -1);
}

static struct cf_func func(const char *module, const char *name, enum cf_frame_kind kind)
{
	struct cf_module m = cf_dict_module(dict, (struct cf_module_info){ str(module), str(""), str("") });

	return cf_dict_func(dict, (struct cf_func_info){ m, str(name), kind });
}

START_TEST(strings)
{
	struct cf_str a = str("alpha"), b = str("beta");

	ck_assert_uint_eq(str("").id, 0);
	ck_assert_uint_eq(cf_dict_str(dict, "xyz", 0).id, 0);
	ck_assert_str_eq(cf_dict_text(dict, (struct cf_str){ 0 }), "");
	ck_assert_uint_eq(a.id, 1);
	ck_assert_uint_eq(b.id, 2);
	ck_assert_uint_eq(str("alpha").id, 1);
	ck_assert_uint_eq(cf_dict_str(dict, "alphabet", 5).id, 1);
	ck_assert_str_eq(cf_dict_text(dict, b), "beta");
	/* Bytes are bytes: not text, and NUL counts. */
	ck_assert_uint_eq(cf_dict_str(dict, "a\0b", 3).id, 3);
	ck_assert_uint_eq(cf_dict_str(dict, "a\0c", 3).id, 4);
	ck_assert_uint_eq(str("\xff\xfe").id, 5);
	ck_assert_uint_eq(cf_dict_strs(dict), 6);
}
END_TEST

START_TEST(many_strings)
{
	char text[32];

	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 50000; i++) {
			g_snprintf(text, sizeof(text), "name %u", i);
			ck_assert_uint_eq(str(text).id, i + 1);
		}
	for (unsigned i = 0; i < 50000; i += 777) {
		g_snprintf(text, sizeof(text), "name %u", i);
		ck_assert_str_eq(cf_dict_text(dict, (struct cf_str){ i + 1 }), text);
	}
}
END_TEST

START_TEST(modules)
{
	struct cf_module_info libc = { str("libc.so.6"), str("/lib/libc.so.6"), str("aa") };
	struct cf_module_info other_build = { str("libc.so.6"), str("/lib/libc.so.6"), str("bb") };
	struct cf_module_info other_path = { str("libc.so.6"), str("/opt/libc.so.6"), str("aa") };
	struct cf_module_info kernel = { str("[kernel]"), str(""), str("") };
	struct cf_module none = cf_dict_module(dict, (struct cf_module_info){ str(""), str(""), str("") });

	ck_assert_uint_eq(none.id, 0);
	ck_assert_uint_eq(cf_dict_module(dict, libc).id, 1);
	ck_assert_uint_eq(cf_dict_module(dict, other_build).id, 2);
	ck_assert_uint_eq(cf_dict_module(dict, other_path).id, 3);
	ck_assert_uint_eq(cf_dict_module(dict, kernel).id, 4);
	ck_assert_uint_eq(cf_dict_module(dict, libc).id, 1);
	ck_assert_uint_eq(cf_dict_modules(dict), 5);
	ck_assert_str_eq(cf_dict_text(dict, cf_dict_module_info(dict, (struct cf_module){ 3 }).path),
			 "/opt/libc.so.6");
}
END_TEST

START_TEST(functions)
{
	struct cf_module_info one = { str("libc.so.6"), str("/lib/libc.so.6"), str("aa") };
	struct cf_module_info two = { str("libc.so.6"), str("/lib/libc.so.6"), str("bb") };
	struct cf_func malloc1 = cf_dict_func(
		dict, (struct cf_func_info){ cf_dict_module(dict, one), str("malloc"), CF_FRAME_NATIVE });
	struct cf_func malloc2 = cf_dict_func(
		dict, (struct cf_func_info){ cf_dict_module(dict, two), str("malloc"), CF_FRAME_NATIVE });

	ck_assert_uint_eq(malloc1.id, 1);
	/* Two builds of a module share its functions. */
	ck_assert_uint_eq(malloc2.id, 1);
	ck_assert_uint_eq(func("libc.so.6", "malloc", CF_FRAME_UNRESOLVED).id, 2);
	ck_assert_uint_eq(func("libm.so.6", "malloc", CF_FRAME_NATIVE).id, 3);
	ck_assert_uint_eq(func("libc.so.6", "free", CF_FRAME_NATIVE).id, 4);
	ck_assert_uint_eq(func("libc.so.6", "malloc", CF_FRAME_NATIVE).id, 1);
	ck_assert_uint_eq(cf_dict_funcs(dict), 5);
	ck_assert_str_eq(cf_dict_func_name(dict, malloc1), "malloc");
	ck_assert_str_eq(cf_dict_func_module(dict, malloc1), "libc.so.6");
	ck_assert_str_eq(cf_dict_func_module(dict, func("", "x", CF_FRAME_NATIVE)), "");
}
END_TEST

START_TEST(stacks)
{
	struct cf_func a = func("m", "a", CF_FRAME_NATIVE), b = func("m", "b", CF_FRAME_NATIVE);
	struct cf_stack none = { 0 };
	struct cf_stack root = cf_dict_push(dict, none, a, CF_FRAME_NATIVE);
	struct cf_stack leaf = cf_dict_push(dict, root, b, CF_FRAME_NATIVE);
	struct cf_stack_info info = cf_dict_stack_info(dict, leaf);

	ck_assert_uint_eq(root.id, 1);
	ck_assert_uint_eq(leaf.id, 2);
	ck_assert_uint_eq(cf_dict_push(dict, root, b, CF_FRAME_INLINED).id, 3);
	ck_assert_uint_eq(cf_dict_push(dict, none, b, CF_FRAME_NATIVE).id, 4);
	ck_assert_uint_eq(cf_dict_push(dict, root, b, CF_FRAME_NATIVE).id, 2);
	ck_assert_uint_eq(info.caller.id, 1);
	ck_assert_uint_eq(info.func.id, b.id);
	ck_assert_uint_eq(cf_dict_stacks(dict), 5);
}
END_TEST

START_TEST(many_stacks)
{
	struct cf_func funcs[50];
	uint64_t random = 1;
	char name[16];

	for (unsigned i = 0; i < G_N_ELEMENTS(funcs); i++) {
		g_snprintf(name, sizeof(name), "f%u", i);
		funcs[i] = func("m", name, CF_FRAME_NATIVE);
	}
	/* What was pushed is what is found, and a second push finds the first. */
	for (unsigned i = 1; i < 200000; i++) {
		struct cf_stack caller, stack;
		struct cf_stack_info info;

		random = random * 6364136223846793005u + 1442695040888963407u;
		caller.id = (uint32_t)((random >> 33) % cf_dict_stacks(dict));
		stack = cf_dict_push(dict, caller, funcs[(random >> 20) % 50], CF_FRAME_NATIVE);
		info = cf_dict_stack_info(dict, stack);
		ck_assert_uint_eq(info.caller.id, caller.id);
		ck_assert_uint_eq(info.func.id, funcs[(random >> 20) % 50].id);
		ck_assert_uint_lt(caller.id, stack.id);
		ck_assert_uint_eq(cf_dict_push(dict, caller, info.func, CF_FRAME_NATIVE).id, stack.id);
	}
}
END_TEST

/* What was appended is found by those that look for it. */
START_TEST(appended_stacks)
{
	struct cf_func a = cf_dict_func(dict, (struct cf_func_info){ .name = cf_dict_str(dict, "a", -1) });
	struct cf_func b = cf_dict_func(dict, (struct cf_func_info){ .name = cf_dict_str(dict, "b", -1) });
	struct cf_stack first = cf_dict_push(dict, (struct cf_stack){ 0 }, a, CF_FRAME_NATIVE), at = first;

	for (uint32_t i = 0; i < 2000; i++)
		at = cf_dict_append(dict, at, i % 2 ? a : b, CF_FRAME_NATIVE);
	ck_assert_uint_eq(cf_dict_stacks(dict), 2002);
	at = cf_dict_push(dict, (struct cf_stack){ 0 }, a, CF_FRAME_NATIVE);
	ck_assert_uint_eq(at.id, first.id);
	for (uint32_t i = 0; i < 2000; i++) {
		at = cf_dict_push(dict, at, i % 2 ? a : b, CF_FRAME_NATIVE);
		ck_assert_uint_eq(at.id, first.id + i + 1);
	}
	at = cf_dict_push(dict, first, b, CF_FRAME_KERNEL);
	ck_assert_uint_eq(at.id, 2002);
}
END_TEST

START_TEST(canonical_names)
{
	static const struct {
		const char *name, *canonical;
	} cases[] = {
		{ "main", "main" },
		{ "f.cold", "f" },
		{ "f.cold.3", "f" },
		{ "f.part.0", "f" },
		{ "f.part.0.isra.0", "f" },
		{ "f.isra.1.cold", "f" },
		{ "f.constprop.2", "f" },
		{ "f.lto_priv.3", "f" },
		{ "f.llvm.12345678901234567890", "f" },
		{ "f.part", "f.part" },
		{ "f.other.1", "f.other.1" },
		{ ".cold", ".cold" },
		{ "f()", "f" },
		{ "a::b(int) [clone .cold]", "a::b" },
		{ "a::b(int) [clone .isra.0] [clone .cold]", "a::b" },
		{ "a::b(std::function<void (int)>, x<(a)1>) const &", "a::b" },
		{ "a::operator()", "a::operator()" },
		{ "a::operator()(int) const", "a::operator()" },
		{ "a::operator bool() const", "a::operator bool" },
		{ "a::{lambda(int)#1}::operator()(int) const", "a::{lambda(int)#1}::operator()" },
		{ "(anonymous namespace)::f", "(anonymous namespace)::f" },
		{ "(program)", "(program)" },
		{ "main.(*T).Run", "main.(*T).Run" },
		{ "f)", "f)" },
		{ "f((x)", "f((x)" },
		{ "work (one.c)", "work" },
		{ "work(int) (one.cc)", "work" },
		{ "work (2)", "work" },
		{ "work (2) (3)", "work" },
		{ "work (app.js:12)", "work (app.js:12)" },
		{ "work (app.js)", "work (app.js)" },
		{ "work (.c)", "work (.c)" },
		{ "work ()", "work ()" },
		{ " (2)", " (2)" },
		{ "core::fmt::write::h0123456789abcdef", "core::fmt::write" },
		{ "core::fmt::write::h0123456789abcdeg", "core::fmt::write::h0123456789abcdeg" },
		{ "::h0123456789abcdef", "::h0123456789abcdef" },
		{ "fib'2", "fib" },
		{ "fib'", "fib'" },
		{ "'2", "'2" },
		{ "", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *canonical = cf_canonical_name(cases[i].name);

		ck_assert_str_eq(canonical, cases[i].canonical);
	}
}
END_TEST

/* Under its new name only, and nobody else's. */
START_TEST(renamed)
{
	struct cf_func_info info = { .name = cf_dict_str(dict, "old", -1) };
	struct cf_func func = cf_dict_func(dict, info), other;

	for (int i = 0; i < 1000; i++) {
		g_autofree char *name = g_strdup_printf("n%d", i);

		cf_dict_rename(dict, func, cf_dict_str(dict, name, -1));
	}
	ck_assert_str_eq(cf_dict_func_name(dict, func), "n999");
	other = cf_dict_func(dict, info);
	ck_assert_uint_ne(other.id, func.id);
	info.name = cf_dict_str(dict, "n999", -1);
	ck_assert_uint_eq(cf_dict_func(dict, info).id, func.id);
	cf_dict_rename(dict, other, cf_dict_str(dict, "n0", -1));
	info.name = cf_dict_str(dict, "n0", -1);
	ck_assert_uint_eq(cf_dict_func(dict, info).id, other.id);
}
END_TEST

START_TEST(kind_names)
{
	ck_assert_str_eq(cf_frame_kind_name(CF_FRAME_NATIVE), "native");
	ck_assert_str_eq(cf_frame_kind_name(CF_FRAME_INLINED), "inlined");
	ck_assert_str_eq(cf_frame_kind_name(CF_FRAME_UNRESOLVED), "unresolved");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_dict");
	TCase *t = tcase_create("dict");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, strings);
	tcase_add_test(t, many_strings);
	tcase_add_test(t, modules);
	tcase_add_test(t, functions);
	tcase_add_test(t, stacks);
	tcase_add_test(t, many_stacks);
	tcase_add_test(t, appended_stacks);
	tcase_add_test(t, canonical_names);
	tcase_add_test(t, renamed);
	tcase_add_test(t, kind_names);
	suite_add_tcase(s, t);
	return s;
}
