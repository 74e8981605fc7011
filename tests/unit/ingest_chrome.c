/* SPDX-License-Identifier: MIT */
/* ingest_chrome: Chrome traces: calls that nest badly, asynchronous ones, counters, samples; sound and cut. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_chrome_trace;

static const struct cf_format *const format = &cf_format_chrome_trace;

#define X(name, ts, dur) "{'ph':'X','name':'" name "','pid':1,'tid':2,'ts':" ts ",'dur':" dur "}"
#define BE(ph, name, ts) "{'ph':'" ph "','name':'" name "','pid':1,'tid':2,'ts':" ts "}"
#define NAMES                                                              \
	"{'ph':'M','name':'process_name','pid':1,'args':{'name':'prog'}}," \
	"{'ph':'M','name':'thread_name','pid':1,'tid':2,'args':{'name':'main'}}"

/* Sorted by time whatever the order; what a call took itself is the cost of its stack. */
START_TEST(calls)
{
	const char *want = "duration 10000\n"
			   "1<2 prog/b internal 2000+3500\n"
			   "2<0 prog/a internal 0+10000\n"
			   "a[prog]/service;b[prog]/service | span time 3500 1\n"
			   "a[prog]/service | span time 6500 1\n";
	g_autofree char *cut = g_strconcat(want, "! cut - 0\n", NULL);

	reads_json(format, "[" X("b", "2", "3.5") "," X("a", "0", "10") "," NAMES "]", want);
	reads_json(format,
		   "{'displayTimeUnit':'ms','traceEvents':[" NAMES "," BE("B", "a", "0") "," BE(
			   "B", "b", "2") ","
					  "{'ph':'E','pid':1,'tid':2,'ts':5.5}," BE("E", "a", "10") "]}",
		   want);
	/* The array's end may be missing, and a comma may be there. */
	reads_json(format, "[" NAMES "," X("a", "0", "10") "," X("b", "2", "3.5") ",\n", cut);
}
END_TEST

START_TEST(bad_nesting)
{
	reads_json(format, "[" BE("E", "a", "1") "," BE("B", "b", "2") "," X("c", "3", "1") "]",
		   "duration 3000\n1<0 /c internal 3000+1000\n"
		   "b/service;c/service | span time 1000 1\nb/service | span time 1000 1\n"
		   "! unfinished-calls - 1\n! unmatched-ends - 1\n");
}
END_TEST

START_TEST(asynchronous)
{
	reads_json(format,
		   "[{'ph':'b','cat':'net','id':'0x1','name':'load','pid':1,'tid':2,'ts':1},"
		   "{'ph':'b','cat':'net','id':'0x2','name':'load','pid':1,'tid':2,'ts':2},"
		   "{'ph':'e','cat':'net','id':'0x1','name':'load','pid':1,'tid':3,'ts':5},"
		   "{'ph':'S','cat':'old','id':7,'name':'s','pid':1,'tid':2,'ts':3},"
		   "{'ph':'F','cat':'old','id':7,'name':'s','pid':1,'tid':2,'ts':4}]",
		   "duration 4000\n1<0 /load async 1000+4000\n2<0 /s async 3000+1000\n"
		   "! unfinished-async - 1\n");
}
END_TEST

START_TEST(counters_and_samples)
{
	reads_json(
		format,
		"{'traceEvents':[{'ph':'C','name':'mem','pid':1,'ts':1,'args':{'heap':3,'value':4}},"
		"{'ph':'C','name':'mem','pid':1,'ts':2,'args':{'heap':'5','x':NaN}},"
		"{'ph':'P','name':'s','pid':1,'tid':2,'ts':2,'sf':'2'},"
		"{'ph':'i','name':'tick','pid':1,'tid':2,'ts':3},{'ph':'X','name':'untimed','pid':1,'tid':"
		"2}],"
		"'stackFrames':{'1':{'name':'main'},'2':{'name':'work','parent':'1'}}}",
		"duration 2000\nmain;work | samples 1 1\nmem.heap (, , ns): 0=3 1000=5\nmem (, , ns): 0=4\n"
		"! events-left-out instants 1\n! events-without-time - 1\n");
}
END_TEST

START_TEST(refused)
{
	reads_json(format, "[]", "f: no events\n");
	reads_json(format, "[7]", "f:1:2: found a number, expected an object\n");
	reads_json(format, "{'traceEvents':{}}", "f:1:16: found an object, expected an array\n");
	reads_json(format, "[{'ph':'X','ts':1,'name':'x", "f: no events\n");
	reads_json(format, "[{'ph':'X' 'ts'", "f:1:12: found '\"', expected ',' or '}'\n");
}
END_TEST

START_TEST(probes)
{
	g_autoptr(GString) packets = g_string_new(NULL);

	ck_assert_int_eq(bid_json(format, "[{'ph':'X','ts':1}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(format, "{'traceEvents':[{'ph':'X'}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(format, "{'traceEvents':[]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(format, "[{'a':1}]"), CF_BID_NO);
	for (size_t i = 0; i < 40; i++)
		g_string_append(packets, "\n\x02"
					 "zz");
	ck_assert_int_eq(bid(format, packets->str), CF_BID_NEAR);
	g_string_truncate(packets, 20);
	ck_assert_int_eq(bid(format, packets->str), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/chrome");
	TCase *t = tcase_create("traces");

	tcase_add_test(t, calls);
	tcase_add_test(t, bad_nesting);
	tcase_add_test(t, asynchronous);
	tcase_add_test(t, counters_and_samples);
	tcase_add_test(t, refused);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
