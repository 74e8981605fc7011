/* SPDX-License-Identifier: MIT */
/* ingest_dhat: program points in each mode, frames, damaged profiles. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_dhat;

#define HEAD "{\"dhatFileVersion\":2,\"cmd\":\"/bin/p -x\",\"pid\":7,"
#define FRAMES                                                                       \
	"\"ftbl\":[\"[root]\",\"0x1: malloc (in "                                    \
	"/usr/libexec/valgrind/vgpreload_dhat-amd64-linux.so)\",\"0x2: a (a.c:1)\"," \
	"\"0x2: b (b.rs:2:9)\",\"0x3: b (b.rs:4:9)\"]}"

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_dhat, text, want);
}

/* What is allocated belongs to malloc's caller, which is inlined into b. */
START_TEST(heap)
{
	reads(HEAD "\"mode\":\"heap\",\"verb\":\"Allocated\",\"bklt\":true,\"bkacc\":true,\"tu\":\"instrs\","
		   "\"te\":99,"
		   "\"pps\":[{\"tb\":100,\"tbk\":4,\"gb\":50,\"gbk\":2,\"eb\":0,\"ebk\":0,\"rb\":7,\"wb\":0,"
		   "\"acc\":[-1,0],"
		   "\"fs\":[1,2,3,4]},{\"tb\":9,\"tbk\":1,\"gb\":0,\"gbk\":0,\"eb\":9,\"ebk\":1,\"rb\":0,"
		   "\"wb\":3,\"fs\":[]}]," FRAMES,
	      "name p\n"
	      "command /bin/p -x\n"
	      "b;b;a/inlined | allocated 100 4\n"
	      "b;b;a/inlined | heap at peak 50 2\n"
	      "b;b;a/inlined | bytes read 7 4\n"
	      "(no stack) | allocated 9 1\n"
	      "(no stack) | heap at end 9 1\n"
	      "(no stack) | bytes written 3 1\n"
	      "a a.c:1 | allocated 100 4\n"
	      "a a.c:1 | heap at peak 50 2\n"
	      "a a.c:1 | bytes read 7 4\n");
}
END_TEST

/* Without lifetimes and accesses there is one metric, whatever else the points have. */
START_TEST(other_modes)
{
	reads(HEAD "\"verb\":\"Copied\",\"bklt\":false,\"bkacc\":false,\"tu\":\"\\u00b5s\",\"te\":1500,"
		   "\"pps\":[{\"tb\":64,\"tbk\":1,\"eb\":5,\"rb\":5,\"fs\":[2]}]," FRAMES,
	      "name p\ncommand /bin/p -x\nduration 1500000\na | copied 64 1\na a.c:1 | copied 64 1\n");
	reads("{\"dhatFileVersion\":2,\"cmd\":\"C:\\\\dir\\\\prog.exe\",\"bu\":\"unit\",\"ftbl\":[],"
	      "\"pps\":[{\"tb\":3,\"tbk\":2,\"fs\":[]}]}",
	      "name prog.exe\ncommand C:\\dir\\prog.exe\n(no stack) | allocated 3 2\n");
}
END_TEST

START_TEST(bad_input)
{
	reads("{\"dhatFileVersion\":1,\"pps\":[]}", "f: dhatFileVersion is 1, expected 2\n");
	reads(HEAD "\"pps\":[]}", "f: no program points, expected \"pps\" of allocations\n");
	reads(HEAD "\"pps\":[{\"tb\":-3}]}", "f:1:61: 'tb' is negative\n");
	reads(HEAD "\"pps\":[{\"tb\":1.5}]}", "f:1:61: found 1.5, expected an integer of 64 bits\n");
	reads(HEAD "\"pps\":[{\"tb\":1}", "f:1:63: found the end of the input, expected ',' or ']'\n");
	reads(HEAD "\"pps\":[{\"fs\":[-1]}]}", "f:1:62: found -1, expected an integer from 0 to 2^64-1\n");
}
END_TEST

START_TEST(missing_frames)
{
	reads(HEAD "\"pps\":[{\"tb\":5,\"fs\":[9999999999,2]},{\"tb\":9223372036854775807,\"fs\":[2]},{"
		   "\"tb\":5,\"fs\":[2]}]," FRAMES,
	      "name p\n"
	      "command /bin/p -x\n"
	      "a;[unresolved]/unresolved | allocated 5 0\n"
	      "a | allocated 9223372036854775807 0\n"
	      "a a.c:1 | allocated 9223372036854775807 0\n"
	      "! unresolved - 0\n"
	      "! saturated - 4\n"
	      "! missing-frames - 1\n");
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_dhat, "{\"dhatFileVersion\":2}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_dhat, "{\"pps\":[{\"fs\":[]}]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_dhat, "{\"a\":1}"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/dhat");
	TCase *t = tcase_create("dhat");

	tcase_add_test(t, heap);
	tcase_add_test(t, other_modes);
	tcase_add_test(t, bad_input);
	tcase_add_test(t, missing_frames);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
