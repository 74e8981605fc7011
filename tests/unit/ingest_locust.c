/* SPDX-License-Identifier: MIT */
/* ingest_locust: statistics and their history, of new and old versions. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_locust;

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_locust, text, want);
}

START_TEST(statistics)
{
	reads("Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response "
	      "Time,Max Response "
	      "Time,Average Content Size,Requests/s,Failures/s,50%,99.9%,100%\n"
	      "GET,/cart,100,25,73,80.5,7,516.5,8.0,10.9,2.5,73,520,520\n"
	      "POST,/none,0,0,0,0,0,0,0,0.0,0.0,N/A,N/A,N/A\n"
	      ",Aggregated,100,25,73,80.5,7,516.5,8.0,10.9,2.5,73,520,520\n"
	      "broken\n",
	      "throughput GET /cart (1/s, higher, ): 10.9\n"
	      "requests GET /cart (count, , ): 100\n"
	      "errors GET /cart (ratio, lower, ): 0.25\n"
	      "latency mean GET /cart (ns, lower, ): 80500000\n"
	      "latency min GET /cart (ns, lower, ): 7000000\n"
	      "latency max GET /cart (ns, lower, ): 516500000\n"
	      "latency p50 GET /cart (ns, lower, ): 73000000\n"
	      "latency p99.9 GET /cart (ns, lower, ): 520000000\n"
	      "throughput (1/s, higher, ): 10.9\n"
	      "requests (count, , ): 100\n"
	      "errors (ratio, lower, ): 0.25\n"
	      "latency mean (ns, lower, ): 80500000\n"
	      "latency min (ns, lower, ): 7000000\n"
	      "latency max (ns, lower, ): 516500000\n"
	      "latency p50 (ns, lower, ): 73000000\n"
	      "latency p99.9 (ns, lower, ): 520000000\n"
	      "! idle-rows - 1\n"
	      "! invalid-lines - 1\n");
	/* Before locust 1. */
	reads("\"Method\",\"Name\",\"# requests\",\"# failures\",\"Average response time\",\"Requests/s\"\n"
	      "\"GET\",\"/\",4,1,5,2.00\n\"None\",\"Total\",8,1,5,2.00\n",
	      "throughput GET / (1/s, higher, ): 2\n"
	      "requests GET / (count, , ): 4\n"
	      "errors GET / (ratio, lower, ): 0.25\n"
	      "latency mean GET / (ns, lower, ): 5000000\n"
	      "throughput (1/s, higher, ): 2\n"
	      "requests (count, , ): 8\n"
	      "errors (ratio, lower, ): 0.125\n"
	      "latency mean (ns, lower, ): 5000000\n");
}
END_TEST

START_TEST(history)
{
	reads("Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,100%,Total Request Count,Total Max "
	      "Response Time\n"
	      "1795747550,0,,Aggregated,0.000000,0.000000,N/A,N/A,0,0\n"
	      "1795747552,2,,Aggregated,20.0,5.0,11,65,20,65\n"
	      "1795747552,2,GET,/a,20.0,5.0,11,65,20,65\n"
	      "1795747553,4,,Aggregated,30.0,0.0,12,66,50,66\n",
	      "start 1795747550000000000\n"
	      "duration 3000000000\n"
	      "throughput (1/s, higher, users): 2=20 4=30\n"
	      "errors (ratio, lower, users): 2=0.25 4=0\n"
	      "latency p50 (ns, lower, users): 2=11000000 4=12000000\n"
	      "latency max (ns, lower, users): 2=65000000 4=66000000\n"
	      "throughput GET /a (1/s, higher, users): 2=20\n"
	      "errors GET /a (ratio, lower, users): 2=0.25\n"
	      "latency p50 GET /a (ns, lower, users): 2=11000000\n"
	      "latency max GET /a (ns, lower, users): 2=65000000\n"
	      "! idle-rows - 1\n");
}
END_TEST

START_TEST(bad_input)
{
	const char *header =
		"f:1: no header of locust, expected Type, Name, Request Count, ..., Requests/s\n";

	reads("", header);
	reads("a,b\n", header);
	reads("Name,Requests/s\n", header);
	reads("Name,Request Count,Requests/s\n", "f: no row has requests, expected statistics of locust\n");
	reads("Name,Request Count,Requests/s,%,x%,0%,101%\nx,1e999,5\nx\n,-1,3\n",
	      "f: no row has requests, expected statistics of locust\n");
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_locust, "Type,Name,Request Count,Requests/s\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_locust, "Timestamp,User Count,Name,Requests/s\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_locust, "Method,Name,Error,Occurrences\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_locust, "Name,Requests/s\n"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_locust, ""), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/locust");
	TCase *t = tcase_create("locust");

	tcase_add_test(t, statistics);
	tcase_add_test(t, history);
	tcase_add_test(t, bad_input);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
