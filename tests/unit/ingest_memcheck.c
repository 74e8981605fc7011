/* SPDX-License-Identifier: MIT */
/* ingest_memcheck: leaks, errors and their counts, unfinished and damaged files. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_memcheck_xml;

#define HEAD "<?xml version=\"1.0\"?>\n<valgrindoutput>\n<protocolversion>4</protocolversion>\n"
#define TAIL "</valgrindoutput>\n"
#define FRAME(ip, fn, line)                                                                                \
	"<frame><ip>" ip "</ip><obj>/opt/p</obj><fn>" fn "</fn><dir>/src</dir><file>p.c</file><line>" line \
	"</line></frame>"
#define STACK "<stack>" FRAME("0x1", "alloc", "7") FRAME("0x2", "main", "9") "</stack>\n"
#define LEAK(kind, text, bytes, blocks)                                                                    \
	"<error><unique>0x9</unique><tid>1</tid><kind>Leak_" kind "</kind><xwhat><text>" text              \
	"</text><leakedbytes>" bytes "</leakedbytes><leakedblocks>" blocks "</leakedblocks></xwhat>" STACK \
	"</error>\n"
#define ERROR(unique, kind, stack)                                                                     \
	"<error><unique>" unique "</unique><tid>2</tid><kind>" kind "</kind><what>w</what>" stack "</" \
	"error>\n"
#define DEFINITE                                                                                             \
	LEAK("DefinitelyLost",                                                                               \
	     "1,960 (1,064 direct, 896 indirect) bytes in 1 blocks are definitely lost in loss record 2 of " \
	     "2",                                                                                            \
	     "1960", "1")

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_memcheck_xml, text, want);
}

/* The record of a definite leak holds the indirect bytes, too: they count once. */
START_TEST(indirect_bytes)
{
	reads(HEAD DEFINITE TAIL, "main[p];alloc[p] | definitely lost 1064 1\n"
				  "main[p];alloc[p] | indirectly lost 896 0\n"
				  "alloc /src/p.c:7 | definitely lost 1064 1\n"
				  "alloc /src/p.c:7 | indirectly lost 896 0\n"
				  "errors (count, lower, ): 0\n");
	reads(HEAD LEAK("IndirectlyLost", "896 bytes in 14 blocks are indirectly lost in loss record 1 of 2",
			"896", "14") DEFINITE TAIL,
	      "main[p];alloc[p] | indirectly lost 896 14\n"
	      "main[p];alloc[p] | definitely lost 1064 1\n"
	      "alloc /src/p.c:7 | indirectly lost 896 14\n"
	      "alloc /src/p.c:7 | definitely lost 1064 1\n"
	      "errors (count, lower, ): 0\n");
	/* As a leak check writes that compares with an earlier one. */
	reads(HEAD LEAK("PossiblyLost",
			"30 (+30) (10 (+10) direct, 20 (+20) indirect) bytes in 2 (+2) blocks are possibly "
			"lost",
			"30", "2") TAIL,
	      "main[p];alloc[p] | possibly lost 10 2\n"
	      "main[p];alloc[p] | indirectly lost 20 0\n"
	      "alloc /src/p.c:7 | possibly lost 10 2\n"
	      "alloc /src/p.c:7 | indirectly lost 20 0\n"
	      "errors (count, lower, ): 0\n");
}
END_TEST

/* A leak belongs to who called malloc, an error is where it is. */
START_TEST(allocators)
{
#define NEW                                                                                      \
	"<frame><ip>0x1</ip><obj>/usr/libexec/valgrind/vgpreload_memcheck.so</obj><fn>operator " \
	"new(unsigned long)</fn></frame>"
#define FREE "<frame><ip>0x1</ip><obj>/usr/libexec/valgrind/vgpreload_memcheck.so</obj><fn>free</fn></frame>"
	reads(HEAD
	      "<error><unique>0x1</unique><kind>Leak_DefinitelyLost</kind><xwhat><leakedbytes>5</"
	      "leakedbytes></xwhat><stack>" NEW "<frame><ip>0x2</ip><fn>malloc</fn></frame>" FRAME(
		      "0x3", "work",
		      "7") "</stack></error>"
			   "<error><unique>0x1</unique><kind>Leak_DefinitelyLost</"
			   "kind><xwhat><leakedbytes>6</leakedbytes></xwhat><stack>" NEW
			   "</stack></error>" ERROR(
				   "0x2", "InvalidFree",
				   "<stack>" FREE FRAME(
					   "0x3", "work",
					   "8") "</stack>") "<errorcounts><pair><count>1</count><unique>0x2</"
							    "unique></pair></errorcounts>" TAIL,
	      "work[p] | definitely lost 5 0\n"
	      "operator new(unsigned long)[vgpreload_memcheck.so] | definitely lost 6 0\n"
	      "work[p];free[vgpreload_memcheck.so] | InvalidFree 1 1\n"
	      "work /src/p.c:7 | definitely lost 5 0\n"
	      "work /src/p.c:8 | InvalidFree 1 1\n"
	      "errors (count, lower, ): 1\n");
}
END_TEST

/* Each leak check lists everything anew. */
START_TEST(last_leak_check)
{
	reads(HEAD LEAK("DefinitelyLost", "8 bytes in 1 blocks are definitely lost in loss record 1 of 2",
			"8", "1") LEAK("StillReachable",
				       "9 bytes in 1 blocks are still reachable in loss record 2 of 2", "9",
				       "1")
		      LEAK("DefinitelyLost", "8 bytes in 1 blocks are definitely lost in loss record 1 of 2",
			   "8", "1") TAIL,
	      "main[p];alloc[p] | definitely lost 8 1\n"
	      "alloc /src/p.c:7 | definitely lost 8 1\n"
	      "errors (count, lower, ): 0\n"
	      "! earlier-leak-checks - 1\n");
}
END_TEST

START_TEST(errors_and_counts)
{
	reads(HEAD
	      "<pid>77</pid>"
	      "<args><vargv><exe>valgrind</exe></vargv><argv><exe>./bin/p</exe><arg>-x</arg></argv></args>"
	      "<status><state>RUNNING</state><time>00:00:00:00.050 </time></status>"
	      "<announcethread><hthreadid>1</hthreadid>" STACK "</announcethread>"
	      "<error><unique>0x0</unique><tid>1</tid><threadname>worker</threadname><kind>Race</"
	      "kind><xwhat><text>t"
	      "</text><hthreadid>1</hthreadid></xwhat>" STACK "<auxwhat>w</auxwhat><stack>" FRAME(
		      "0x8", "other", "1") "</stack></error>\n" ERROR("0x1", "InvalidRead", "")
		      ERROR("0x2", "Race",
			    "<stack><frame><ip>0x5</ip><obj>/lib/l.so</obj></frame></"
			    "stack>") "<errorcounts><pair><count>1</count><unique>0x0</"
				      "unique></pair></errorcounts>"
				      "<status><state>FINISHED</"
				      "state><time>01:00:00:02.007 </time></status>"
				      "<errorcounts><pair><count>12</count><unique>0x0</"
				      "unique></pair>"
				      "<pair><count>3</count><unique>0x1</unique></pair>"
				      "<pair><count>5</count><unique>0x7</unique></pair></"
				      "errorcounts>" TAIL,
	      "name p\n"
	      "command ./bin/p -x\n"
	      "duration 86402007000000\n"
	      "main[p];alloc[p] | Race 12 1\n"
	      "(no stack) | InvalidRead 3 1\n"
	      "[unresolved][l.so]/unresolved | Race 1 1\n"
	      "alloc /src/p.c:7 | Race 12 1\n"
	      "errors (count, lower, ): 3\n"
	      "! unresolved l.so 1\n"
	      "! uncounted-errors - 1\n"
	      "! unlisted-errors - 5\n");
}
END_TEST

/* Frames of one address and other functions are inlined; of the same function they are a recursion. */
START_TEST(inlined_frames)
{
	reads(HEAD ERROR(
		      "0x0", "UninitValue",
		      "<stack>" FRAME("0x1", "in", "3") FRAME("0x1", "mid", "5") FRAME("0x2", "rec", "8")
			      FRAME("0x2", "rec",
				    "8") "<frame><ip>0x3</ip></frame></stack>") "<errorcounts><pair><count>1<"
										"/count><unique>0x0</"
										"unique></pair></"
										"errorcounts>" TAIL,
	      "[unresolved]/unresolved;rec[p];rec[p];mid[p];in[p]/inlined | UninitValue 1 1\n"
	      "in /src/p.c:3 | UninitValue 1 1\n"
	      "errors (count, lower, ): 1\n");
}
END_TEST

START_TEST(summary)
{
	reads("<valgrindoutput><protocolversion>6</protocolversion>" DEFINITE
	      "<heap_summary><memory_in_use_at_exit><bytes>720</bytes><blocks>5</blocks></"
	      "memory_in_use_at_exit>"
	      "<total_heap_usage><allocs>6</allocs><frees>1</frees><bytes_allocated>800</bytes_allocated></"
	      "total_heap_usage>"
	      "</heap_summary>"
	      "<leak_summary><definitely_lost><bytes>1064</bytes><in_blocks>1</in_blocks></definitely_lost>"
	      "<indirectly_lost><bytes>890</bytes><in_blocks>14</in_blocks></indirectly_lost>"
	      "<still_reachable><bytes>120</bytes><in_blocks>3</in_blocks></still_reachable></"
	      "leak_summary>" TAIL,
	      "main[p];alloc[p] | definitely lost 1064 1\n"
	      "main[p];alloc[p] | indirectly lost 896 0\n"
	      "alloc /src/p.c:7 | definitely lost 1064 1\n"
	      "alloc /src/p.c:7 | indirectly lost 896 0\n"
	      "heap in use at exit (bytes, lower, ): 720\n"
	      "allocations (count, lower, ): 6\n"
	      "heap allocated (bytes, lower, ): 800\n"
	      "errors (count, lower, ): 0\n"
	      "! summary-differs indirectly lost 0\n"
	      "! unlisted-leaks still reachable 3\n");
}
END_TEST

/* Killed programs leave the end off; wherever it ends, what was whole is kept. */
START_TEST(unfinished)
{
	static const char text[] =
		HEAD ERROR("0x0", "InvalidRead", STACK) "\n\n" ERROR("0x1", "InvalidWrite", STACK);
	const char *second = strstr(text, "\n\n");

	for (size_t len = (size_t)(second - text); len < sizeof(text) - 20; len++) {
		g_autofree char *got = read_bytes(&cf_format_memcheck_xml, text, len, NULL);

		ck_assert_str_eq(got, "f: warning: the file isn't closed; what came is kept\n"
				      "main[p];alloc[p] | InvalidRead 1 1\n"
				      "alloc /src/p.c:7 | InvalidRead 1 1\n"
				      "errors (count, lower, ): 1\n"
				      "! uncounted-errors - 1\n"
				      "! unfinished - 1\n");
	}
}
END_TEST

START_TEST(damaged)
{
	const char *text = HEAD ERROR("0x0", "InvalidRead", STACK) "<a>\n</b>" TAIL;

	reads(text, "f:7:5: damaged XML: opening and ending tag mismatch: a line 6 and b\n");
	reads_as_set(&cf_format_memcheck_xml, "partial=true", text,
		     "f:7:5: warning: damaged XML, what follows isn't read: opening and ending tag mismatch: "
		     "a line 6 and b\n"
		     "main[p];alloc[p] | InvalidRead 1 1\n"
		     "alloc /src/p.c:7 | InvalidRead 1 1\n"
		     "errors (count, lower, ): 1\n"
		     "! uncounted-errors - 1\n"
		     "! partial - 0\n");
	reads("<valgrindoutput>\n<protocolversion>3</protocolversion></valgrindoutput>",
	      "f:2: protocol 3 of valgrind before 3.5, expected 4 to 6\n");
	reads("<!DOCTYPE valgrindoutput [<!ENTITY a 'b'>]><valgrindoutput/>",
	      "f:1: has a document type, which is refused; expected the root element\n");
	reads("<x/>", "f:1: the root is <x>, expected <valgrindoutput>\n");
}
END_TEST

/* Numbers that can't be, and names that are data. */
START_TEST(hostile)
{
	reads(HEAD LEAK("DefinitelyLost", "9 (1 direct, 99999 indirect) bytes", "9", "-4")
		      LEAK("DefinitelyLost", "", "9223372036854775807", "9223372036854775807")
			      LEAK("DefinitelyLost", "loss record", "1", "1")
				      ERROR("0xzz", "&lt;script&gt;", "<stack></stack>") TAIL,
	      "main[p];alloc[p] | indirectly lost 9 0\n"
	      "main[p];alloc[p] | definitely lost 9223372036854775807 9223372036854775807\n"
	      "(no stack) | <script> 1 1\n"
	      "alloc /src/p.c:7 | indirectly lost 9 0\n"
	      "alloc /src/p.c:7 | definitely lost 9223372036854775807 9223372036854775807\n"
	      "errors (count, lower, ): 1\n"
	      "! saturated - 6\n"
	      "! uncounted-errors - 1\n");
}
END_TEST

START_TEST(many)
{
	g_autoptr(GString) text = g_string_new(HEAD "<error><unique>0x0</unique><kind>Deep</kind><stack>");
	g_autofree char *got = NULL;

	for (int i = 0; i < 3000; i++)
		g_string_append(text, FRAME("0x1", "f", "1"));
	g_string_append(text, "</stack></error>");
	for (int i = 0; i < 100; i++)
		g_string_append_printf(text, "<error><unique>0x%x</unique><kind>K%d</kind></error>", i + 1,
				       i);
	g_string_append(text, TAIL);
	got = read_bytes(&cf_format_memcheck_xml, text->str, text->len, NULL);
	ck_assert_msg(strstr(got, "(no stack) | K46 54 54\n") != NULL, "%s", got);
	ck_assert_msg(
		g_str_has_suffix(got, "! many-kinds - 53\n! uncounted-errors - 101\n! cut-stacks - 1\n"),
		"%s", got);
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_memcheck_xml, HEAD), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_memcheck_xml, "<testResults/>"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_memcheck_xml, "==1== Memcheck"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/memcheck");
	TCase *t = tcase_create("memcheck");

	tcase_set_timeout(t, 60);

	tcase_add_test(t, indirect_bytes);
	tcase_add_test(t, allocators);
	tcase_add_test(t, last_leak_check);
	tcase_add_test(t, errors_and_counts);
	tcase_add_test(t, inlined_frames);
	tcase_add_test(t, summary);
	tcase_add_test(t, unfinished);
	tcase_add_test(t, damaged);
	tcase_add_test(t, hostile);
	tcase_add_test(t, many);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
