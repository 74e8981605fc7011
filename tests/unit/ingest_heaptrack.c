/* SPDX-License-Identifier: MIT */
/* ingest_heaptrack: allocations and frees, stacks with inlined frames, what is refused and what is kept. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_heaptrack;

#define HEAD "v 10400 3\nX /bin/prog -a\nI 1000 ffff\n"
/* main calls work, into which leaf was inlined; operator new is called from main. */
#define TABLES                                                                      \
	"s 9 /bin/prog\n"                                                           \
	"s 4 main\ns 3 a.c\ns 4 work\ns 4 leaf\ns 1b operator new(unsigned long)\n" \
	"i 10 1 2 3 7\ni 20 1 5 3 9 4 3 a\ni 30 1 6\ni 40 0\n"                      \
	"t 1 0\nt 2 1\nt 3 1\nt 4 0\n"
#define TAIL "# strings: 6\n# ips: 4\n"

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_heaptrack, text, want);
}

/*
 * 16 bytes twice and 256 in main are the peak, 288; one of 16 is freed at once, which is temporary, the other later,
 * which isn't. 256 leak.
 */
START_TEST(allocations)
{
	reads(HEAD TABLES "a 10 2\na 100 3\na 8 4\n"
			  "+ 0\nc a\nR 2\n+ 1\n+ 0\n- 0\nc 14\n- 0\n+ 2\nc 1e\nR 3\n" TAIL,
	      "name prog\n"
	      "command /bin/prog -a\n"
	      "duration 30000000\n"
	      "main[prog];work[prog];leaf[prog]/inlined | heap at peak 32 2\n"
	      "main[prog];work[prog];leaf[prog]/inlined | allocated 32 2\n"
	      "main[prog];work[prog];leaf[prog]/inlined | temporary 1 1\n"
	      "main[prog] | heap at peak 256 1\n"
	      "main[prog] | leaked 256 1\n"
	      "main[prog] | allocated 256 1\n"
	      "[unresolved]/unresolved | leaked 8 1\n"
	      "[unresolved]/unresolved | allocated 8 1\n"
	      "leaf a.c:9 | heap at peak 32 2\n"
	      "leaf a.c:9 | allocated 32 2\n"
	      "leaf a.c:9 | temporary 1 1\n"
	      "main a.c:7 | heap at peak 256 1\n"
	      "main a.c:7 | leaked 256 1\n"
	      "main a.c:7 | allocated 256 1\n"
	      "heap (bytes, lower, ns): 10000000=16 10000000=288 20000000=272 30000000=264 30000000=264\n"
	      "resident (bytes, lower, ns): 10000000=8192 30000000=12288\n");
}
END_TEST

/* Before format 3 a string is the rest of its line. */
START_TEST(formats)
{
	reads("v 10200\nX p\ns a b c\ni 1 0 1\nt 1 0\na 5 1\n+ 0\nc 1\n" TAIL,
	      "name p\ncommand p\nduration 1000000\n"
	      "a b c | heap at peak 5 1\na b c | leaked 5 1\na b c | allocated 5 1\n"
	      "heap (bytes, lower, ns): 0=5 1000000=5 1000000=5\n");
	reads("v 10200 2\nX p\nA\na 5 0\n+ 0\n- 0\n- 0\nQ 1\n" TAIL,
	      "name p\ncommand p\n"
	      "(no stack) | heap at peak 5 1\n(no stack) | allocated 5 1\n(no stack) | temporary 1 1\n"
	      "heap (bytes, lower, ns): 0=5 0=0\n"
	      "! attached - 0\n! unmatched-frees - 1\n! unknown-lines - 1\n");
	reads("v 10000\nX p\n", "f:1: the file format of heaptrack before 1.0, expected 1 to 3\n");
	reads("v 10800 4\nX p\n", "f:1: heaptrack file format 4, expected 1 to 3\n");
	reads("X p\n", "f:1: damaged line, expected the version first, \"v 10400 3\"\n");
	reads("\n", "f: no version, expected \"v 10400 3\" first\n");
	reads(HEAD "x 1 /bin/prog\n", "f:4: a raw recording, which has no symbols yet: zstd -dc FILE | "
				      "/usr/lib/heaptrack/libexec/heaptrack_interpret >heaptrack.txt\n");
}
END_TEST

START_TEST(damaged)
{
	static const struct {
		const char *line, *expected;
	} cases[] = {
		{ "s 5 abcd", "the length of a string, and it" },
		{ "s abcd", "the length of a string, and it" },
		{ "i 1", "an address and its module" },
		{ "i 1 2 3 4", "function, file and line of each frame" },
		{ "t 9 0", "an address and a caller that are known" },
		{ "t 1 9", "an address and a caller that are known" },
		{ "a 5 9", "a size and a stack that is known" },
		{ "a ffffffffffffffff 1", "a size and a stack that is known" },
		{ "a 11111111111111111 1", "a size and a stack that is known" },
		{ "+ 0", "a kind of allocation that is known" },
		{ "- 7", "a kind of allocation that is known" },
		{ "+ -1", "a kind of allocation that is known" },
		{ "+", "a kind of allocation that is known" },
		{ "c -", "a time in milliseconds" },
		{ "c 4\nc 3", "a time that doesn't go back" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf(HEAD TABLES "%s\n", cases[i].line);
		g_autofree char *want =
			g_strdup_printf("f:%d: damaged line, expected %s\n",
					strchr(cases[i].line, '\n') ? 19 : 18, cases[i].expected);

		reads(text, want);
	}
	reads_as_set(&cf_format_heaptrack, "partial=true", HEAD "a 5 0\n+ 0\n+ 9\n+ 0\n",
		     "f:6: warning: damaged line, what follows isn't read; expected a kind of allocation "
		     "that is known\n"
		     "name prog\ncommand /bin/prog -a\n"
		     "(no stack) | heap at peak 5 1\n(no stack) | leaked 5 1\n(no stack) | allocated 5 1\n"
		     "heap (bytes, lower, ns): 0=5 0=5\n"
		     "! partial - 0\n");
}
END_TEST

/* The last line isn't whole: half of a number is another number. */
START_TEST(cut)
{
	reads(HEAD "a 5 0\na 9 0\n+ 0\n+ 1",
	      "f: warning: the recording breaks off; what came is kept\n"
	      "name prog\ncommand /bin/prog -a\n"
	      "(no stack) | heap at peak 5 1\n(no stack) | leaked 5 1\n(no stack) | allocated 5 1\n"
	      "heap (bytes, lower, ns): 0=5 0=5\n"
	      "! unfinished - 1\n");
}
END_TEST

START_TEST(many)
{
	g_autoptr(GString) text = g_string_new(HEAD "s 1 f\ni 1 0 1\n");
	g_autofree char *got = NULL;

	for (int i = 0; i < 3000; i++)
		g_string_append_printf(text, "t 1 %x\n", i);
	g_string_append(text, "a 7fffffffffffffff bb8\n+ 0\n+ 0\n- 0\n");
	for (int i = 0; i < 10000; i++)
		g_string_append_printf(text, "c %x\n", i);
	g_string_append(text, TAIL);
	got = read_bytes(&cf_format_heaptrack, text->str, text->len, NULL);
	ck_assert_msg(strstr(got, "f;f | heap at peak 9223372036854775807 1\n") != NULL, "%.300s", got);
	ck_assert_msg(g_str_has_suffix(got, "! thinned heap 10000\n! cut-stacks - 952\n"), "%s",
		      got + strlen(got) - 100);
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_heaptrack, HEAD), CF_BID_MAGIC);
	ck_assert_int_eq(bid(&cf_format_heaptrack, "v 10200\nX p\n"), CF_BID_MAGIC);
	ck_assert_int_eq(bid(&cf_format_heaptrack, "v 10400 3\nx 1 p\n"), CF_BID_MAGIC);
	ck_assert_int_eq(bid(&cf_format_heaptrack, "v 10400 3\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_heaptrack, "v 1 3\nX p\n"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_heaptrack, "main;f 3\n"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/heaptrack");
	TCase *t = tcase_create("heaptrack");

	tcase_set_timeout(t, 60);

	tcase_add_test(t, allocations);
	tcase_add_test(t, formats);
	tcase_add_test(t, damaged);
	tcase_add_test(t, cut);
	tcase_add_test(t, many);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
