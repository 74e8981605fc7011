/* SPDX-License-Identifier: MIT */
/* ingest_benchmarks: results of benchmark tools: every repetition a point, units as one, bad ones refused. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_hyperfine, cf_format_google_benchmark, cf_format_pytest_benchmark,
	cf_format_go_benchmark, cf_format_criterion, cf_format_jmh;

static const struct cf_format *const hyperfine = &cf_format_hyperfine,
				     *const google = &cf_format_google_benchmark,
				     *const pytest = &cf_format_pytest_benchmark,
				     *const go = &cf_format_go_benchmark,
				     *const criterion = &cf_format_criterion, *const jmh = &cf_format_jmh;

START_TEST(hyperfine_results)
{
	reads_json(hyperfine,
		   "{'results':[{'command':'sleep','mean':2,'user':0.25,'system':0.5,'times':[1.5,2.5],"
		   "'exit_codes':[0,1],'parameters':{'n':'4'}},{'command':'old','mean':3,'times':[]}]}",
		   "sleep n=4 (ns, lower, ): 1500000000 2500000000\n"
		   "sleep n=4 (user) (ns, lower, ): 250000000\n"
		   "sleep n=4 (system) (ns, lower, ): 500000000\n"
		   "old (mean) (ns, lower, ): 3000000000\n"
		   "! failed-repetitions sleep n=4 1\n! no-repetitions old 1\n");
	reads_json(hyperfine, "{'results':[]}", "f: no results, expected times of a command\n");
	reads_json(hyperfine, "{'results':[\n{'command':3}]}", "f:2:12: found a number, expected a string\n");
	reads_json(hyperfine, "{'results':[{'times':[1e999]}]}",
		   "f:1:23: found a number that is too large for a double, expected at most 1.8e308\n");
	reads_json(hyperfine, "{'results':[{'times':['1']}]}", "f:1:23: found a string, expected a number\n");
	reads_json(hyperfine, "{'results':[{'times':[1,",
		   "f:1:25: found the end of the input, expected a value\n");
}
END_TEST

START_TEST(google_results)
{
	reads_json(google,
		   "{'context':{'date':'2026-01-02T03:04:05+00:00','host_name':'h','executable':'/x/bm',"
		   "'library_build_type':'debug','cpu_scaling_enabled':true},'benchmarks':["
		   "{'name':'BM','run_name':'BM','run_type':'iteration','iterations':10,'real_time':2,'cpu_"
		   "time':1,"
		   "'time_unit':'us','bytes_per_second':2048,'items_per_second':500,'rows':7},"
		   "{'name':'BM','run_name':'BM','run_type':'iteration','real_time':4,'cpu_time':3,'time_"
		   "unit':'us'},"
		   "{'name':'BM_mean','run_name':'BM','run_type':'aggregate','aggregate_name':'mean','real_"
		   "time':3,"
		   "'cpu_time':2,'time_unit':'us'},"
		   "{'name':'Only_cv','run_name':'Only','aggregate_name':'cv','aggregate_unit':'percentage','"
		   "real_time':0.5,"
		   "'cpu_time':0.25,'time_unit':'ns'},"
		   "{'name':'Bad','error_occurred':true,'error_message':'no'}]}",
		   "name bm\nstart 1767323045000000000\n"
		   "BM (ns, lower, ): 2000 4000\nBM (cpu) (ns, lower, ): 1000 3000\n"
		   "BM bytes_per_second (bytes/s, higher, ): 2048\nBM items_per_second (1/s, higher, ): "
		   "500\nBM rows (, , ): 7\n"
		   "Only (cv) (ratio, , ): 0.5\nOnly (cpu, cv) (ratio, , ): 0.25\n"
		   "! debug-build - 0\n! cpu-scaling - 0\n! failed-benchmarks Bad 1\n");
	reads_json(google, "{'benchmarks':[{'name':'a'}]}",
		   "f: no benchmark has times, expected real_time and cpu_time\n");
	reads_json(google, "{'benchmarks':[{'name':'a','time_unit':'parsec'}]}",
		   "f:1:40: unknown time unit 'parsec', expected ns, us, ms or s\n");
	reads_json(google, "{'benchmarks':[{'real_time':'2'}]}",
		   "f:1:29: found a string, expected a number\n");
}
END_TEST

START_TEST(pytest_results)
{
	reads_json(pytest,
		   "{'machine_info':{'node':'h','system':'Linux','cpu':{'brand_raw':'C'}},'commit_info':{'id'"
		   ":'abc',"
		   "'project':'p','dirty':true},'datetime':'2026-01-02T03:04:05+00:00','benchmarks':["
		   "{'fullname':'t.py::a','name':'a','stats':{'data':[0.5,1.5],'rounds':2,'mean':1}},"
		   "{'name':'b','stats':{'min':1,'max':3,'mean':2,'median':2.5,'stddev':0.5,'rounds':9}},"
		   "{'name':'c','stats':{'data':[0.5,'cut'],'median':1,'rounds':3}}]}",
		   "name p\nstart 1767323045000000000\n"
		   "t.py::a (ns, lower, ): 500000000 1500000000\n"
		   "b (ns, lower, ): 2500000000\nb (mean) (ns, lower, ): 2000000000\nb (min) (ns, lower, ): "
		   "1000000000\n"
		   "b (max) (ns, lower, ): 3000000000\nb (stddev) (ns, lower, ): 500000000\n"
		   "c (ns, lower, ): 1000000000\n"
		   "! uncommitted-changes - 0\n! no-repetitions - 1\n! missing-rounds c 2\n");
	reads_json(pytest, "{'benchmarks':[]}", "f: no benchmark has statistics\n");
	reads_json(pytest, "{'benchmarks':[{'stats':[]}]}", "f:1:25: found an array, expected an object\n");
	reads_json(pytest, "{'benchmarks':[{'stats':{}",
		   "f:1:27: found the end of the input, expected ',' or '}'\n");
}
END_TEST

START_TEST(go_results)
{
	reads_as(go,
		 "goos: linux\ncpu: C\npkg: a/b\nBenchmarkF-8 \t 100\t 2.5 us/op\t 16 B/op\t 3 allocs/op\n"
		 "BenchmarkF-8 100 3500 ns/op 12.5 MB/s\r\nPASS\npkg: c\nBenchmarkG 1 1 "
		 "widgets\nBenchmarkBroken 12\n",
		 "a/b.F-8 (ns, lower, ): 2500 3500\na/b.F-8 (B/op) (bytes, lower, ): 16\n"
		 "a/b.F-8 (allocs/op) (count, lower, ): 3\na/b.F-8 (MB/s) (MB/s, higher, ): 12.5\n"
		 "c.G (widgets) (, , ): 1\n! invalid-lines - 1\n");
	reads_as(go, "Benchmark\nBenchmarkX\n", "f: no result, expected \"BenchmarkName 100 123 ns/op\"\n");
	reads_as(go, "", "f: no result, expected \"BenchmarkName 100 123 ns/op\"\n");
}
END_TEST

START_TEST(criterion_results)
{
	reads_json(criterion,
		   "{'reason':'benchmark-complete','id':'f/"
		   "2','iteration_count':[1,2],'measured_values':[10,30],'unit':'us'}\n"
		   "{'reason':'group-complete','id':'f'}\n"
		   "{'reason':'benchmark-complete','id':'g','iteration_count':[0,5],'measured_values':[1,10],"
		   "'unit':'B'}\n",
		   "f/2 (ns, lower, ): 10000 15000\ng (, , ): 2\n");
	reads_as(criterion, "running 1 test\ntest a b ... bench:   1,234 ns/iter (+/- 56)\ntest c ... ok\n",
		 "a b (ns, lower, ): 1234\na b (+/-) (ns, , ): 56\n");
	reads_as(criterion, "test c ... ok\n",
		 "f: no result, expected benchmark-complete messages or lines \"test NAME ... bench: 329 "
		 "ns/iter\"\n");
	reads_json(criterion,
		   "{'reason':'x'}\n{'reason':", "f:2:11: found the end of the input, expected a value\n");
}
END_TEST

START_TEST(jmh_results)
{
	reads_json(jmh,
		   "[{'benchmark':'a.B.c','params':{'n':'1'},'primaryMetric':{'score':2,'scoreUnit':'us/op',"
		   "'scoreError':'NaN','rawData':[[1,2],[3]]},'secondaryMetrics':{'gc':{'score':5,'scoreUnit'"
		   ":'MB'}}},"
		   "{'benchmark':'t','primaryMetric':{'score':3,'scoreUnit':'ops/ms','rawData':[]}},"
		   "{'benchmark':'h','primaryMetric':{'score':3,'scoreUnit':'ns/"
		   "op','rawDataHistogram':[[[[5,100],[9,1]]]]}}]",
		   "a.B.c n=1 (ns, lower, ): 1000 2000 3000\na.B.c n=1 gc (MB, , ): 5\n"
		   "t (1/s, higher, ): 3000\nh (ns, lower, ): 5 9\n! histogram h 2\n");
	reads_json(jmh, "[]", "f: no benchmark has a score\n");
	reads_json(jmh, "[3]", "f:1:2: found a number, expected an object\n");
	reads_json(jmh, "[{'benchmark':7}]", "f:1:15: found a number, expected a string\n");
}
END_TEST

START_TEST(probes)
{
	ck_assert_int_eq(bid_json(hyperfine, "{'results':[{'command':'a','times':[1]}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(hyperfine, "{'results':[1]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(hyperfine, "{}"), CF_BID_NO);
	ck_assert_int_eq(bid_json(google, "{'benchmarks':[{'name':'a','real_time':1}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(google, "{'benchmarks':[{'run_type':'a'}]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(google, "{'benchmarks':[]}"), CF_BID_NO);
	ck_assert_int_eq(bid_json(pytest, "{'benchmarks':[{'fullname':'a','stats':{}}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(pytest, "{'benchmarks':[{'stats':{}}]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid(go, "goos: a\nBenchmarkA 1 2 ns/op\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(go, "goos: a\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(go, "Benchm 1 2 ns/op\n"), CF_BID_NO);
	ck_assert_int_eq(bid(criterion, "test a ... bench: 1 ns/iter (+/- 2)\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(criterion, "test a ... ok\n"), CF_BID_NO);
	ck_assert_int_eq(bid_json(criterion, "{'reason':'a','measured_values':[1]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(jmh, "[{'benchmark':'a','primaryMetric':{}}]"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(jmh, "[{'jmhVersion':'1'}]"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(jmh, "[]"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/benchmarks");
	TCase *t = tcase_create("benchmarks");

	tcase_add_test(t, hyperfine_results);
	tcase_add_test(t, google_results);
	tcase_add_test(t, pytest_results);
	tcase_add_test(t, go_results);
	tcase_add_test(t, criterion_results);
	tcase_add_test(t, jmh_results);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
