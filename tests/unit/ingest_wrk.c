/* SPDX-License-Identifier: MIT */
/* ingest_wrk: runs of wrk and wrk2 among other text, units, what is missing. */
#include "ingest/load/load_series.h"
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_wrk;

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_wrk, text, want);
}

#define RUN(url, connections, rate)                             \
	"Running 30s test @ " url "\n"                          \
	"  10 threads and " connections " connections\n"        \
	"  Thread Stats   Avg      Stdev     Max   +/- Stdev\n" \
	"    Latency     9.97ms   24.26us   1.50m    89.89%\n"  \
	"    Req/Sec     8.79k     5.82k   29.98k    71.87%\n"  \
	"  1000 requests in 30.08s, 324.09MB read\n"            \
	"Requests/sec:  " rate "\n"                             \
	"Transfer/sec:     1.50KB\n"

/* 1.50m is a minute and a half, 1.50KB are 1536 bytes. */
START_TEST(one_run)
{
	reads("pc$ wrk -t4 -c16 http://h:1\n" RUN("http://h:1", "16", "33.25"),
	      "command wrk -t4 -c16 http://h:1\n"
	      "duration 30080000000\n"
	      "throughput (1/s, higher, connections): 16=33.25\n"
	      "requests (count, , connections): 16=1000\n"
	      "errors (ratio, lower, connections): 16=0\n"
	      "latency mean (ns, lower, connections): 16=9970000\n"
	      "latency stdev (ns, lower, connections): 16=24260\n"
	      "latency max (ns, lower, connections): 16=9e+10\n"
	      "transfer (bytes/s, , connections): 16=1536\n");
}
END_TEST

/* Errors: 8 sockets and 12 bad answers of 1000 answers and 8 sockets. */
START_TEST(errors)
{
	g_autofree char *got = read_bytes(&cf_format_wrk,
					  "Running 1m test @ http://h\n"
					  "  1000 requests in 1.00m, 3.00GB read\n"
					  "  Socket errors: connect 1, read 2, write 0, timeout 5\n"
					  "  Non-2xx or 3xx responses: 12\n"
					  "Requests/sec:  16.6\n",
					  170, NULL);

	ck_assert_str_eq(got, "duration 60000000000\n"
			      "throughput (1/s, higher, ): 16.6\n"
			      "requests (count, , ): 1000\n"
			      "errors (ratio, lower, ): 0.01984126984\n");
}
END_TEST

START_TEST(several_runs)
{
	reads(RUN("http://h/a", "2", "10") "Running 1s test @ http://h/a\n" RUN("http://h/b", "4", "20"),
	      "duration 60160000000\n"
	      "throughput http://h/a (1/s, higher, connections): 2=10\n"
	      "requests http://h/a (count, , connections): 2=1000\n"
	      "errors http://h/a (ratio, lower, connections): 2=0\n"
	      "latency mean http://h/a (ns, lower, connections): 2=9970000\n"
	      "latency stdev http://h/a (ns, lower, connections): 2=24260\n"
	      "latency max http://h/a (ns, lower, connections): 2=9e+10\n"
	      "transfer http://h/a (bytes/s, , connections): 2=1536\n"
	      "throughput http://h/b (1/s, higher, connections): 4=20\n"
	      "requests http://h/b (count, , connections): 4=1000\n"
	      "errors http://h/b (ratio, lower, connections): 4=0\n"
	      "latency mean http://h/b (ns, lower, connections): 4=9970000\n"
	      "latency stdev http://h/b (ns, lower, connections): 4=24260\n"
	      "latency max http://h/b (ns, lower, connections): 4=9e+10\n"
	      "transfer http://h/b (bytes/s, , connections): 4=1536\n"
	      "! unfinished-runs - 1\n");
}
END_TEST

START_TEST(distributions)
{
	reads("Running 25s test @ http://h\n  1 threads and 65 connections\n"
	      "  Latency Distribution (HdrHistogram - Recorded Latency)\n"
	      " 50.000%    2.36ms \n 99.900%  369.92us\n100.000%  1.00s\n\n"
	      "  Detailed Percentile spectrum:\n"
	      "       Value   Percentile   TotalCount 1/(1-Percentile)\n\n"
	      "       0.069     0.000000            1         1.00\n"
	      "     445.695     1.000000        88075          inf\n"
	      "#[Mean    =       12.487, StdDeviation   =       33.054]\n"
	      "  Latency Distribution (HdrHistogram - Uncorrected Latency (measured without ...))\n"
	      " 50.000%    1.28ms\n100.000%   56.00ms\n"
	      "       0.068     0.000000            1         1.00\n"
	      "Requests/sec:   5962.54\n 10% 1ms\n",
	      "throughput (1/s, higher, connections): 65=5962.54\n"
	      "latency p50 (ns, lower, connections): 65=2360000\n"
	      "latency p99.9 (ns, lower, connections): 65=369920\n"
	      "latency max (ns, lower, connections): 65=1000000000\n"
	      "latency by percentile (ns, lower, percentile): 0=69000 100=445695000\n"
	      "latency p50 (uncorrected) (ns, lower, connections): 65=1280000\n"
	      "latency max (uncorrected) (ns, lower, connections): 65=56000000\n"
	      "latency by percentile (uncorrected) (ns, lower, percentile): 0=68000\n");
}
END_TEST

START_TEST(bad_input)
{
	reads("Running 30s test @ http://h\n",
	      "f: no finished run, expected \"Running 30s test @ ...\" to \"Requests/sec:\"\n");
	reads("", "f: no finished run, expected \"Running 30s test @ ...\" to \"Requests/sec:\"\n");
	reads("Running 1s test @\nLatency x y z\n a requests in , read\nTransfer/sec:\nSocket errors:\n"
	      "Latency Distribution\n%\n 50%\n 999% 1ms\n-1% 1ms\n 5% -3ms\n 7 8 9 10\nRequests/sec: 1e999\n",
	      "f: no finished run, expected \"Running 30s test @ ...\" to \"Requests/sec:\"\n");
	reads("Running 1s test @ x\nRequests/sec: -5\nTransfer/sec: 1ZB\n",
	      "f: no finished run, expected \"Running 30s test @ ...\" to \"Requests/sec:\"\n");
}
END_TEST

/* Of 1 to 20, shuffled, by hand. */
START_TEST(percentiles)
{
	struct cf_latencies l;

	cf_latencies_init(&l);
	ck_assert(isnan(cf_latencies_percentile(&l, 0.5, CF_NEAREST_RANK)));
	for (int i = 0; i < 20; i++)
		cf_latencies_add(&l, (i * 7) % 20 + 1);
	cf_latencies_sort(&l);
	ck_assert_double_eq(cf_latencies_percentile(&l, 0.5, CF_NEAREST_RANK), 10.5);
	ck_assert_double_eq(cf_latencies_percentile(&l, 0.9, CF_NEAREST_RANK), 18);
	ck_assert_double_eq(cf_latencies_percentile(&l, 0.95, CF_NEAREST_RANK), 19);
	ck_assert_double_eq(cf_latencies_percentile(&l, 0.99, CF_NEAREST_RANK), 20);
	ck_assert_double_eq(cf_latencies_percentile(&l, 0, CF_NEAREST_RANK), 1);
	ck_assert_double_eq(cf_latencies_percentile(&l, 1, CF_NEAREST_RANK), 20);
	ck_assert_double_eq(cf_latencies_percentile(&l, 0.5, CF_INTERPOLATED), 10.5);
	ck_assert_double_eq_tol(cf_latencies_percentile(&l, 0.9, CF_INTERPOLATED), 18.1, 1e-9);
	ck_assert_double_eq_tol(cf_latencies_percentile(&l, 0.95, CF_INTERPOLATED), 19.05, 1e-9);
	ck_assert_double_eq(cf_latencies_percentile(&l, 1, CF_INTERPOLATED), 20);
	ck_assert_double_eq(l.sum, 210);
	cf_latencies_release(&l);
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_wrk, "x\n  Running 30s test @ http://h\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_wrk, "Requests/sec: 5\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_wrk, "Running tests @ noon\n"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_wrk, "[\"Running 30s test @ http://h\"]"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/wrk");
	TCase *t = tcase_create("wrk");

	tcase_add_test(t, one_run);
	tcase_add_test(t, errors);
	tcase_add_test(t, several_runs);
	tcase_add_test(t, distributions);
	tcase_add_test(t, bad_input);
	tcase_add_test(t, percentiles);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
