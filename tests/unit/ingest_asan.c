/* SPDX-License-Identifier: MIT */
/* ingest_asan: reports among other output, frames in each sanitizer's form, damaged text. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_asan;

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_asan, text, want);
}

START_TEST(leaks)
{
	reads("hello\n"
	      "==7==ERROR: LeakSanitizer: detected memory leaks\n\n"
	      "Indirect leak of 64 byte(s) in 2 object(s) allocated from:\n"
	      "    #0 0x1 in __interceptor_calloc ../../src/libsanitizer/asan/asan_malloc_linux.cpp:77\n"
	      "    #1 0x2 in make(int, char) /src/a b/tree.cpp:12:3\n"
	      "    #2 0x3 in main (/bin/prog+0x12) (BuildId: abc)\n\n"
	      "Direct leak of 500 byte(s) in 5 object(s) allocated from:\n"
	      "    #0 0x1 in malloc (/bin/prog+0xff)\n"
	      "    #1 0x2 (/lib/libx.so.1+0x1)\n"
	      "    #2 0x3 in main tree.cpp:20\n\n"
	      "SUMMARY: AddressSanitizer: 600 byte(s) leaked in 7 allocation(s).\n",
	      "main;[unresolved][libx.so.1]/unresolved | definitely lost 500 5\n"
	      "main[prog];make(int, char) | indirectly lost 64 2\n"
	      "make(int, char) /src/a b/tree.cpp:12 | indirectly lost 64 2\n"
	      "errors (count, lower, ): 0\n"
	      "! unresolved libx.so.1 5\n"
	      "! summary-differs leaks 0\n");
}
END_TEST

/* The first stack is where it happened; those that follow tell of the block. */
START_TEST(errors)
{
	reads("app | ==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020 at pc 0x1\n"
	      "READ of size 1 at 0x6020 thread T0\n"
	      "    #0 0x1 in read_page /src/l.c:109:10\n"
	      "    #1 0x2 in main /src/l.c:9\n\n"
	      "freed by thread T0 here:\n"
	      "    #0 0x1 in free m.c:1\n\n"
	      "==12==ABORTING\n"
	      "\x1b[1m\x1b[31m==13==ERROR: AddressSanitizer: attempting double-free on 0x603 in thread "
	      "T0:\x1b[0m\n"
	      "    \x1b[1m#0 0x1 in free m.c:1\x1b[0m\n"
	      "    #0 0x1 in other m.c:1\n"
	      "==13==ERROR: AddressSanitizer: SEGV on unknown address 0x0\n"
	      "==13==ERROR: AddressSanitizer: requested allocation size 0xff exceeds maximum\n",
	      "main;read_page | heap-use-after-free 1 1\n"
	      "free | double-free 1 1\n"
	      "(no stack) | SEGV 1 1\n"
	      "(no stack) | allocation-size-too-big 1 1\n"
	      "read_page /src/l.c:109 | heap-use-after-free 1 1\n"
	      "errors (count, lower, ): 4\n");
}
END_TEST

START_TEST(races)
{
	reads("==================\n"
	      "WARNING: ThreadSanitizer: data race (pid=77)\n"
	      "  Read of size 4 at 0x55 by thread T2:\n"
	      "    #0 sell /opt/shop.c:12 (shop+0x11d7)\n"
	      "    #1 <null> <null> (libc.so.6+0x1)\n\n"
	      "  Previous write of size 4 at 0x55 by thread T1:\n"
	      "    #0 other /opt/shop.c:13 (shop+0x11e8)\n",
	      "[unresolved][libc.so.6]/unresolved;sell[shop] | data race 1 1\n"
	      "sell /opt/shop.c:12 | data race 1 1\n"
	      "errors (count, lower, ): 1\n");
}
END_TEST

START_TEST(runtime_errors)
{
	reads("s.c:24:15: runtime error: signed integer overflow: 1 * 4 cannot be represented in type 'int'\n"
	      "s.c:31:9: runtime error: index 4 out of bounds for type 'const int[4]'\n"
	      "s.c:31:9: runtime error: load of address 0x5 with insufficient space for an object of type "
	      "'const int'\n"
	      "0x5: note: pointer points here\n"
	      "    #0 0x56 in price_of /opt/s.c:31\n"
	      "s.c:8: runtime error: 5 '6' 7\n"
	      "s.c:24:15: runtime error: signed integer overflow: 2 * 4 cannot be represented in type "
	      "'int'\n",
	      "price_of | load of address with insufficient space for an object of type 1 1\n"
	      "(no stack) | signed integer overflow 2 2\n"
	      "(no stack) | index out of bounds for type 1 1\n"
	      "(no stack) | runtime error 1 1\n"
	      "price_of /opt/s.c:31 | load of address with insufficient space for an object of type 1 1\n"
	      "(no stack) s.c:24 | signed integer overflow 2 2\n"
	      "(no stack) s.c:31 | index out of bounds for type 1 1\n"
	      "(no stack) s.c:8 | runtime error 1 1\n"
	      "errors (count, lower, ): 5\n");
}
END_TEST

START_TEST(hostile)
{
	g_autoptr(GString) text = g_string_new("==99999999999999999999==ERROR: AddressSanitizer: deep\n");
	g_autofree char *got = NULL, *nul = NULL;

	reads("==1==WARNING: MemorySanitizer:\n",
	      "f: no report, expected \"ERROR: AddressSanitizer\", \"Direct leak of\" "
	      "or the like\n");
	reads("Direct leak of -5 byte(s) in x object(s) allocated from:\n"
	      "    #0\n    #1 \n    #2 0x\n    #3 (\n    #4 )\n    #5 (+0x)\n    #6 :1\n    #7 a :1:2\n    "
	      "#\n",
	      "a;:1;[unresolved]/unresolved;);(;[unresolved]/unresolved;[unresolved]/unresolved | definitely "
	      "lost 0 0\n"
	      "errors (count, lower, ): 0\n"
	      "! unresolved - 0\n");
	for (int i = 0; i < 3000; i++)
		g_string_append_printf(text, "    #%d 0x1 in f a.c:1\n", i);
	for (int i = 0; i < 60; i++)
		g_string_append_printf(text, "==1==ERROR: AddressSanitizer: kind-%d on\n", i);
	got = read_bytes(&cf_format_asan, text->str, text->len, NULL);
	ck_assert_msg(strstr(got, "(no stack) | kind-46 14 14\n") != NULL, "%.500s", got);
	ck_assert_msg(g_str_has_suffix(got, "! many-kinds - 13\n! cut-stacks - 1\n"), "%s",
		      got + strlen(got) - 100);
	nul = read_bytes(&cf_format_asan, "==1==ERROR: Address\0Sanitizer: x\n\x1b[", 35, NULL);
	ck_assert_str_eq(nul, "(no stack) | x 1 1\nerrors (count, lower, ): 1\n");
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_asan, "x\n==1==ERROR: LeakSanitizer: detected memory leaks\n"),
			 CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_asan, "a.c:1:2: runtime error: x\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_asan, "AddressSanitizer:DEADLYSIGNAL\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_asan, "{\"a\":\": runtime error: \"}"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_asan, ""), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/asan");
	TCase *t = tcase_create("asan");

	tcase_set_timeout(t, 60);

	tcase_add_test(t, leaks);
	tcase_add_test(t, errors);
	tcase_add_test(t, races);
	tcase_add_test(t, runtime_errors);
	tcase_add_test(t, hostile);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
