/* SPDX-License-Identifier: MIT */
/* ingest_massif: snapshots, trees whose stacks sum to the root, frames as text, damaged files. */
#include "ingest/memory/frame_text.h"
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_massif;

#define HEAD(unit) "desc: --time-unit=x\ncmd: ./bin/prog -a b\ntime_unit: " unit "\n"
#define SNAPSHOT(n, time, heap, extra, stacks, tree)                                  \
	"#-----------\nsnapshot=" n "\n#-----------\ntime=" time "\nmem_heap_B=" heap \
	"\nmem_heap_extra_B=" extra "\nmem_stacks_B=" stacks "\nheap_tree=" tree "\n"
#define ROOT(heap) "n2: " heap " (heap allocation functions) malloc/new/new[], --alloc-fns, etc.\n"

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_massif, text, want);
}

START_TEST(series)
{
	reads(HEAD("ms") SNAPSHOT("0", "0", "0", "0", "0", "empty")
		      SNAPSHOT("1", "12", "1000", "8", "96", "empty"),
	      "name prog\n"
	      "command ./bin/prog -a b\n"
	      "duration 12000000\n"
	      "total (bytes, lower, ns): 0=0 12000000=1104\n"
	      "heap (bytes, lower, ns): 0=0 12000000=1000\n"
	      "heap extra (bytes, lower, ns): 0=0 12000000=8\n"
	      "stacks (bytes, lower, ns): 0=0 12000000=96\n");
	reads(HEAD("B") SNAPSHOT("0", "5", "3", "0", "0", "empty"),
	      "name prog\n"
	      "command ./bin/prog -a b\n"
	      "total (bytes, lower, allocated bytes): 5=3\n"
	      "heap (bytes, lower, allocated bytes): 5=3\n"
	      "heap extra (bytes, lower, allocated bytes): 5=0\n");
}
END_TEST

#define TREE                                                            \
	ROOT("1000")                                                    \
	" n3: 700 0x10: grow(int) (grow.c:5)\n"                         \
	"  n0: 400 0x20: main (grow.c:8)\n"                             \
	"  n1: 250 0x11: fill (grow.c:6)\n"                             \
	"   n0: 240 0x21: main (grow.c:9)\n"                            \
	"  n0: 50 in 2 places, all below massif's threshold (01.00%)\n" \
	" n0: 200 0x30: ??? (in /usr/lib/liba.so.1)\n"                  \
	" n0: 60 in 1 place, below massif's threshold (01.00%)\n"

/* From callers to the allocation: 400 + 240 + 10 + 50 + 200 + 60 and 40 of the root's own. */
START_TEST(trees)
{
	reads(HEAD("i") SNAPSHOT(
		      "3", "9", "5", "0", "0",
		      "detailed") "n0: 5 (heap allocation functions) malloc\n" SNAPSHOT("4", "9", "1000", "0",
											"0", "peak")
		      TREE SNAPSHOT("5", "9", "5", "0", "0", "detailed") "n0: 5 (heap\n",
	      "name prog\n"
	      "command ./bin/prog -a b\n"
	      "main;grow(int) | heap at peak 400 1\n"
	      "main;fill;grow(int) | heap at peak 240 1\n"
	      "fill;grow(int) | heap at peak 10 1\n"
	      "[below threshold];grow(int) | heap at peak 50 1\n"
	      "[unresolved][liba.so.1]/unresolved | heap at peak 200 1\n"
	      "[below threshold] | heap at peak 60 1\n"
	      "[no callers] | heap at peak 40 1\n"
	      "[no callers] | heap at 9 instructions 5 1\n"
	      "[no callers] | heap at 9 instructions (snapshot 5) 5 1\n"
	      "grow(int) grow.c:5 | heap at peak 700 4\n"
	      "total (bytes, lower, instructions): 9=5 9=1000 9=5\n"
	      "heap (bytes, lower, instructions): 9=5 9=1000 9=5\n"
	      "heap extra (bytes, lower, instructions): 9=0 9=0 9=0\n"
	      "! unresolved liba.so.1 1\n");
}
END_TEST

/* Without a peak, the largest tree comes first. Frames of one address were inlined into the next. */
START_TEST(no_peak)
{
	reads(HEAD("ms") SNAPSHOT("1", "1", "7", "0", "0",
				  "detailed") "n1: 7 (h)\n n0: 7 0x1: a "
					      "(a.c:1)\n" SNAPSHOT("2", "2", "9", "0", "0",
								   "detailed") "n1: 9 (h)\n n1: 9 "
									       "0x1: in (a.c:2)\n  "
									       "n0: 9 0x1: out "
									       "(a.c:3)\n",
	      "name prog\n"
	      "command ./bin/prog -a b\n"
	      "duration 2000000\n"
	      "out;in/inlined | heap at 2.00 ms 9 1\n"
	      "a | heap at 1.00 ms 7 1\n"
	      "in a.c:2 | heap at 2.00 ms 9 1\n"
	      "a a.c:1 | heap at 1.00 ms 7 1\n"
	      "total (bytes, lower, ns): 1000000=7 2000000=9\n"
	      "heap (bytes, lower, ns): 1000000=7 2000000=9\n"
	      "heap extra (bytes, lower, ns): 1000000=0 2000000=0\n");
}
END_TEST

/* massif's peak of heap and stacks may have no heap: that of the heap is the largest detailed tree. */
START_TEST(peak_of_stacks)
{
	reads(HEAD("ms") SNAPSHOT("1", "1", "0", "0", "500", "peak") "n0: 0 (h)\n" SNAPSHOT(
		      "2", "2", "9", "0", "8",
		      "detailed") "n1: 9 (h)\n n0: 9 0x1: b (a.c:2)\n" SNAPSHOT("3", "3", "7", "0", "0",
										"detailed") "n1: 7 (h)\n n0: "
											    "7 0x1: a "
											    "(a.c:1)\n",
	      "name prog\n"
	      "command ./bin/prog -a b\n"
	      "duration 3000000\n"
	      "b | heap at peak 9 1\n"
	      "a | heap at 3.00 ms 7 1\n"
	      "b a.c:2 | heap at peak 9 1\n"
	      "a a.c:1 | heap at 3.00 ms 7 1\n"
	      "total (bytes, lower, ns): 1000000=500 2000000=17 3000000=7\n"
	      "heap (bytes, lower, ns): 1000000=0 2000000=9 3000000=7\n"
	      "heap extra (bytes, lower, ns): 1000000=0 2000000=0 3000000=0\n"
	      "stacks (bytes, lower, ns): 1000000=500 2000000=8 3000000=0\n"
	      "! peak-with-stacks - 0\n");
}
END_TEST

START_TEST(many_trees)
{
	g_autoptr(GString) text = g_string_new(HEAD("i"));
	g_autofree char *got = NULL;
	unsigned metrics = 0;

	for (int i = 0; i < 200; i++)
		g_string_append_printf(
			text, "snapshot=%d\ntime=%d\nmem_heap_B=8\nheap_tree=%s\nn0: 8 (heap\n#-----------\n",
			i, i, i == 150 ? "peak" : "detailed");
	got = read_bytes(&cf_format_massif, text->str, text->len, NULL);
	for (const char *p = got; (p = strstr(p, "[no callers] | heap at ")) != NULL; p++)
		metrics++;
	ck_assert_uint_eq(metrics, 64);
	ck_assert_msg(strstr(got, "heap at 199 instructions") != NULL, "%s", got);
	ck_assert_msg(g_str_has_suffix(got, "! left-out-trees - 136\n"), "%s", got);
}
END_TEST

START_TEST(bad_input)
{
	reads(HEAD("i"), "f: no snapshots, expected \"snapshot=0\"\n");
	reads("desc: x\ncmd: y\nsnapshot=0\n", "f: time_unit is '', expected i, ms or B\n");
	reads(HEAD("h") "snapshot=0\n", "f: time_unit is 'h', expected i, ms or B\n");
	reads(HEAD("i") "snapshot=0\ntime=x\n", "f:5: expected a number after 'time='\n");
	reads(HEAD("i") "snapshot=0\nmem_heap_B=-5\n", "f:5: expected a number after 'mem_heap_B='\n");
	reads(HEAD("i") "snapshot=0\ntime=99999999999999999999\n", "f:5: expected a number after 'time='\n");
	reads(HEAD("i") "snapshot=0\nheap_tree=half\n",
	      "f:5: heap_tree is 'half', expected empty, detailed or peak\n");
	reads(HEAD("i") "snapshot=0\nheap_tree=peak\nn0: 5 (heap)\n m1: 5 0x1: a\n",
	      "f:7: expected a node of the tree, \"n2: 1024 0x1234: name (place)\"\n");
	reads(HEAD("i") "snapshot=0\nheap_tree=peak\nn0: 5 (heap)\n  n1: 5 0x1: a\n",
	      "f:7: a node of depth 2 below one of depth 0\n");
	reads(HEAD("i") "snapshot=0\nheap_tree=peak\nn0: 5 (heap)\nn1: 5 (heap)\n",
	      "f:7: a node of depth 0 below one of depth 0\n");
}
END_TEST

START_TEST(inconsistent_trees)
{
	reads(HEAD("i") "snapshot=0\nmem_heap_B=5\nheap_tree=peak\nn1: 6 (heap)\n n0: 9 0x1: a\n",
	      "name prog\n"
	      "command ./bin/prog -a b\n"
	      "a | heap at peak 9 1\n"
	      "[no callers] | heap at peak -3 1\n"
	      "total (bytes, lower, instructions): 0=5\n"
	      "heap (bytes, lower, instructions): 0=5\n"
	      "heap extra (bytes, lower, instructions): 0=0\n"
	      "! inconsistent-tree - 1\n"
	      "! tree-differs - 1\n");
}
END_TEST

/* A second tree of one snapshot replaces the first; lines between them are none of it. */
START_TEST(second_tree)
{
	reads(HEAD("i") "snapshot=0\nmem_heap_B=3\nheap_tree=peak\nn0: 9 "
			"(heap)\n#\ntime=4\nheap_tree=peak\nn0: 3 (heap)",
	      "name prog\n"
	      "command ./bin/prog -a b\n"
	      "[no callers] | heap at peak 3 1\n"
	      "total (bytes, lower, instructions): 4=3\n"
	      "heap (bytes, lower, instructions): 4=3\n"
	      "heap extra (bytes, lower, instructions): 4=0\n");
}
END_TEST

/* One line per depth, each longer than the one before. */
START_TEST(deep_tree)
{
	g_autoptr(GString) text =
		g_string_new(HEAD("i") "snapshot=0\nmem_heap_B=1\nheap_tree=peak\nn1: 1 (heap)\n");
	g_autofree char *got = NULL;

	for (int i = 1; i < 4000; i++)
		g_string_append_printf(text, "%*sn1: 1 0x%x: f\n", i, "", i);
	got = read_bytes(&cf_format_massif, text->str, text->len, NULL);
	ck_assert_msg(strstr(got, "f;f | heap at peak 1 1\n") != NULL, "%.200s", got);
	ck_assert_msg(g_str_has_suffix(got, "! cut-stacks - 1\n"), "%s", got + strlen(got) - 100);
}
END_TEST

START_TEST(frames)
{
	static const struct {
		const char *text, *name, *object, *file;
		unsigned line, address;
	} cases[] = {
		{ "0x10: main (a.c:7)", "main", "", "a.c", 7, 0x10 },
		{ "0xAb: f(int) (in /usr/lib/x.so.1)", "f(int)", "/usr/lib/x.so.1", "", 0, 0xab },
		{ "0x1: operator()(int) const", "operator()(int) const", "", "", 0, 1 },
		{ "0x1: f (int)", "f (int)", "", "", 0, 1 },
		{ "0x1: ??? (in /opt/my (x)/l.so)", "???", "/opt/my (x)/l.so", "", 0, 1 },
		{ "0x1: alloc::vec (src/vec.rs:12:34)", "alloc::vec", "", "src/vec.rs", 12, 1 },
		{ "0x1: f (C:\\a.c:3)", "f", "", "C:\\a.c", 3, 1 },
		{ "0x1: f (a.c:99999999999)", "f", "", "a.c", 0, 1 },
		{ "[root]", "[root]", "", "", 0, 0 },
		{ "a::b: c", "a::b: c", "", "", 0, 0 },
		{ "0xZZ: f", "0xZZ: f", "", "", 0, 0 },
		{ "0x1: ", "", "", "", 0, 1 },
		{ "0x1:", "0x1:", "", "", 0, 0 },
		{ "0x1: (a.c:1)", "(a.c:1)", "", "", 0, 1 },
		{ "", "", "", "", 0, 0 },
		{ ")", ")", "", "", 0, 0 },
	};
	struct cf_dict *dict = cf_dict_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const struct cf_slice text = { (const uint8_t *)cases[i].text, strlen(cases[i].text) };
		struct cf_site_frame frame;
		uint64_t address = cf_frame_from_text(dict, text, &frame);

		ck_assert_str_eq(cf_dict_text(dict, frame.name), cases[i].name);
		ck_assert_str_eq(cf_dict_text(dict, frame.object), cases[i].object);
		ck_assert_str_eq(cf_dict_text(dict, frame.file), cases[i].file);
		ck_assert_uint_eq(frame.line, cases[i].line);
		ck_assert_uint_eq(address, cases[i].address);
	}
	cf_dict_free(dict);
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_massif, HEAD("i")), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_massif, "desc: x\ncmd: y\n#---\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_massif, "version: 1\ncmd: y\nevents: Ir\n"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_massif, ""), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/massif");
	TCase *t = tcase_create("massif");

	tcase_set_timeout(t, 60);

	tcase_add_test(t, series);
	tcase_add_test(t, trees);
	tcase_add_test(t, no_peak);
	tcase_add_test(t, peak_of_stacks);
	tcase_add_test(t, many_trees);
	tcase_add_test(t, bad_input);
	tcase_add_test(t, inconsistent_trees);
	tcase_add_test(t, second_tree);
	tcase_add_test(t, deep_tree);
	tcase_add_test(t, frames);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
