/* SPDX-License-Identifier: MIT */
/* ingest_v8: CPU and heap profiles of V8 in their two forms, sound and damaged. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_cpuprofile, cf_format_heapprofile;

static const struct cf_format *const cpu = &cf_format_cpuprofile, *const heap = &cf_format_heapprofile;

#define NODES                                                                                              \
	"'nodes':[{'id':1,'callFrame':{'functionName':'(root)','url':''},'hitCount':0,'children':[2,4]},"  \
	"{'id':2,'callFrame':{'functionName':'','url':'file:///a/b.js','lineNumber':4},'hitCount':1,"      \
	"'children':[3],'positionTicks':[{'line':7,'ticks':1}]},"                                          \
	"{'id':3,'callFrame':{'functionName':'work','url':'file:///a/b.js','lineNumber':9},'hitCount':2}," \
	"{'id':4,'callFrame':{'functionName':'(idle)','url':''},'hitCount':1}]"

/* A sample lasts until the next one, the last until the end. */
START_TEST(samples_with_times)
{
	reads_json(cpu,
		   "{" NODES ",'startTime':1000,'endTime':2000,'samples':[2,3,3,4],"
		   "'timeDeltas':[100,200,300,50]}",
		   "duration 1000000\n"
		   "(anonymous):5[a/b.js]/jit | samples 1 1\n"
		   "(anonymous):5[a/b.js]/jit | time 200000 1\n"
		   "(anonymous):5[a/b.js]/jit;work[a/b.js]/jit | samples 2 2\n"
		   "(anonymous):5[a/b.js]/jit;work[a/b.js]/jit | time 350000 2\n"
		   "(idle) | samples 1 1\n"
		   "(idle) | time 350000 1\n"
		   "(anonymous):5 file:///a/b.js:7 | samples 1 1\n");
}
END_TEST

START_TEST(hits_without_samples)
{
	reads_json(cpu, "{" NODES "}",
		   "(anonymous):5[a/b.js]/jit | samples 1 1\n"
		   "(anonymous):5[a/b.js]/jit;work[a/b.js]/jit | samples 2 2\n"
		   "(idle) | samples 1 1\n"
		   "(anonymous):5 file:///a/b.js:7 | samples 1 1\n");
}
END_TEST

/* Before 2016. Clocks that go back, and samples of nodes that aren't there, are counted. */
START_TEST(nested_nodes)
{
	reads_json(cpu,
		   "{'head':{'functionName':'(root)','id':1,'url':'','hitCount':0,'children':[{'functionName'"
		   ":'f',"
		   "'id':2,'url':'x.js','lineNumber':0,'hitCount':1,'children':[]}]},'samples':[2,9,2],"
		   "'timestamps':[5,4,6],'startTime':0,'endTime':7}",
		   "duration 1000\n"
		   "f[x.js]/jit | samples 2 2\n"
		   "f[x.js]/jit | time 0 2\n"
		   " | samples 1 1\n"
		   " | time 2000 1\n"
		   "! missing-nodes - 1\n! time-backwards - 1\n");
}
END_TEST

/* One more time than samples: when the last one ended. */
START_TEST(ended)
{
	const char *want = "duration 5000\n(idle) | samples 2 2\n(idle) | time 5000 2\n";

	reads_json(cpu,
		   "{'head':{'functionName':'(idle)','id':1,'url':'','hitCount':0},'samples':[1,1],"
		   "'timestamps':[70000001,70000003,70000006],'startTime':70,'endTime':70}",
		   want);
	reads_json(cpu,
		   "{'nodes':[{'id':1,'callFrame':{'functionName':'(idle)'}}],'samples':[1,1],'startTime':1,"
		   "'endTime':3,'timeDeltas':[0,2,3]}",
		   want);
}
END_TEST

START_TEST(parents_in_a_circle)
{
	reads_json(cpu,
		   "{'nodes':[{'id':1,'callFrame':{'functionName':'a'},'children':[2],'hitCount':1},"
		   "{'id':2,'callFrame':{'functionName':'b'},'children':[1],'hitCount':1}]}",
		   "b;a | samples 1 1\nb | samples 1 1\n");
}
END_TEST

START_TEST(bad_cpu_profiles)
{
	reads_json(cpu, "{'nodes':[]}", "f: no nodes, expected a V8 profile\n");
	reads_json(cpu, "{" NODES ",'samples':[1,2],'timeDeltas':[1]}", "f: 2 samples, but 1 times\n");
	reads_json(cpu, "{'nodes':[7]}", "f:1:11: found a number, expected an object\n");
	reads_json(cpu, "{'nodes':[{'id':1},\n", "f:2:1: found the end of the input, expected a value\n");
	reads_json(cpu, "{'nodes':[{'id':1}],'samples':[1.5]}",
		   "f:1:32: found 1.5, expected an integer from 0 to 2^64-1\n");
}
END_TEST

START_TEST(heap_profile)
{
	reads_json(heap,
		   "{'head':{'callFrame':{'functionName':'(root)','url':''},'selfSize':0,'id':1,'children':["
		   "{'callFrame':{'functionName':'f','url':'x.js','lineNumber':0},'selfSize':100,'id':2,'"
		   "children':[]},"
		   "{'callFrame':{'functionName':'g','url':'x.js','lineNumber':1},'selfSize':0,'id':3,'"
		   "children':[]}]},"
		   "'samples':[{'size':60,'nodeId':2,'ordinal':1},{'size':40,'nodeId':2,'ordinal':2}]}",
		   "f[x.js]/jit | heap size 100 2\n");
	reads_json(heap, "{'samples':[]}", "f: no nodes, expected a V8 heap profile\n");
	reads_json(heap, "{'head':[]}", "f:1:9: found an array, expected an object\n");
}
END_TEST

START_TEST(probes)
{
	ck_assert_int_eq(bid_json(cpu, "{'nodes':[{'callFrame':{}}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(cpu, "{'head':{'functionName':'','hitCount':0}}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(cpu, "{'timeDeltas':[]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(cpu, "{}"), CF_BID_NO);
	ck_assert_int_eq(bid_json(heap, "{'head':{'selfSize':0}}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(heap, "{'head':{'callFrame':{}}}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(heap, "[]"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/v8");
	TCase *t = tcase_create("profiles");

	tcase_add_test(t, samples_with_times);
	tcase_add_test(t, hits_without_samples);
	tcase_add_test(t, nested_nodes);
	tcase_add_test(t, ended);
	tcase_add_test(t, parents_in_a_circle);
	tcase_add_test(t, bad_cpu_profiles);
	tcase_add_test(t, heap_profile);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
