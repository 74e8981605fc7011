/* SPDX-License-Identifier: MIT */
/* ingest_jmeter: sample logs as CSV, with and without a header, and as XML. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_jmeter_jtl;

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_jmeter_jtl, text, want);
}

/* Only these series, in the order of the whole. */
static void has(const char *text, const char *const *wanted, size_t n)
{
	g_autofree char *got = read_bytes(&cf_format_jmeter_jtl, text, strlen(text), NULL);

	for (size_t i = 0; i < n; i++)
		ck_assert_msg(strstr(got, wanted[i]) != NULL, "%s isn't in\n%.3000s", wanted[i], got);
}
#define HAS(text, ...)                                  \
	has(text, (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

#define HEADER "timeStamp,elapsed,label,responseMessage,success,allThreads\n"

START_TEST(table)
{
	reads(HEADER "1393227741000,1500,a,OK,true,2\n1393227742000,500,a,FAIL,false,3\n",
	      "start 1393227741000000000\n"
	      "duration 1500000000\n"
	      "throughput (1/s, higher, users): 3=1.333333333\n"
	      "requests (count, , users): 3=2\n"
	      "errors (ratio, lower, users): 3=0.5\n"
	      "latency mean (ns, lower, users): 3=1000000000\n"
	      "latency min (ns, lower, users): 3=500000000\n"
	      "latency p50 (ns, lower, users): 3=1000000000\n"
	      "latency p90 (ns, lower, users): 3=1500000000\n"
	      "latency p95 (ns, lower, users): 3=1500000000\n"
	      "latency p99 (ns, lower, users): 3=1500000000\n"
	      "latency max (ns, lower, users): 3=1500000000\n"
	      "latency a (ns, lower, ns): 0=1500000000 1000000000=500000000\n"
	      "throughput a (1/s, higher, users): 3=1.333333333\n"
	      "requests a (count, , users): 3=2\n"
	      "errors a (ratio, lower, users): 3=0.5\n"
	      "latency mean a (ns, lower, users): 3=1000000000\n"
	      "latency min a (ns, lower, users): 3=500000000\n"
	      "latency p50 a (ns, lower, users): 3=1000000000\n"
	      "latency p90 a (ns, lower, users): 3=1500000000\n"
	      "latency p95 a (ns, lower, users): 3=1500000000\n"
	      "latency p99 a (ns, lower, users): 3=1500000000\n"
	      "latency max a (ns, lower, users): 3=1500000000\n");
}
END_TEST

START_TEST(forms)
{
	/* Without a header; the time goes back. */
	HAS("1393227741256;1425;GET /login;200;OK;Group 1-1;text;true;3478;1016\n"
	    "1393227741000;59;GET /b;500;no;Group 1-1;text;FALSE;3100;38\n",
	    "start 1393227741000000000\n", "duration 1681000000\n", "errors (ratio, lower, ): 0.5\n",
	    "latency GET /login (ns, lower, ns): 256000000=1425000000\n",
	    "latency GET /b (ns, lower, ns): 0=59000000\n");
	/* Dates, a quoted label with a separator and lines in it. */
	HAS("timeStamp\telapsed\tlabel\tsuccess\n2014/02/24 07:42:21.256\t5\t\"a\tb\nc\"\ttrue\n",
	    "start 1393227741256000000\n", "requests a\tb\nc (count, , ): 1\n", "! start-without-zone - 0\n");
	/* Times that are none: no throughput. */
	HAS("timeStamp,elapsed,label,success\n2001/20/20 12:05:05.123,5,a,true\n",
	    "requests (count, , ): 1\n", "! times-unknown - 1\n");
}
END_TEST

START_TEST(xml)
{
	HAS("<?xml version='1.0'?>\n<testResults version='1.2'>\n"
	    "<httpSample t='14720' ts='1296846793179' s='true' lb='Home &amp; go' na='7'>\n"
	    "  <httpSample t='1' ts='1' s='false' lb='inner'/><responseData>x</responseData></httpSample>\n"
	    "<sample t='280' ts='1296846793179' s='false' lb='Job'/>\n"
	    "<sampleResult time='5' timeStamp='1296846793180' success='true' label='old'/>\n</testResults>\n",
	    "start 1296846793179000000\n", "requests (count, , users): 7=3\n",
	    "latency Home & go (ns, lower, ns): 0=1.472e+10\n", "errors Job (ratio, lower, users): 7=1\n",
	    "latency old (ns, lower, ns): 1000000=5000000\n", "! nested-samples - 1\n");
}
END_TEST

/* They hold the others. */
START_TEST(transactions)
{
	HAS(HEADER "1393227741000,10,a,OK,true,1\n1393227741010,20,b,OK,true,1\n"
		   "1393227741000,30,both,\"Number of samples in transaction : 2, number of failing samples "
		   ": 0\",true,1\n",
	    "requests (count, , users): 1=2\n", "latency max (ns, lower, users): 1=20000000\n",
	    "requests both (count, , users): 1=1\n", "latency max both (ns, lower, users): 1=30000000\n",
	    "! transactions - 1\n");
}
END_TEST

START_TEST(bad_input)
{
	reads("a,b,c\n1,2,3\n", "f:1: no header of JMeter, expected timeStamp, elapsed, label, ...\n");
	reads("", "f:1: no header of JMeter, expected timeStamp, elapsed, label, ...\n");
	reads(HEADER, "f: no samples, expected requests with their duration\n");
	reads("<testResults/>", "f: no samples, expected requests with their duration\n");
	reads("<other/>", "f:1: the root is <other>, expected <testResults>\n");
	reads("<!DOCTYPE a><testResults/>",
	      "f:1: has a document type, which is refused; expected the root element\n");
	reads("<testResults>\n<sample t='1' lb='a'></b></testResults>",
	      "f:2:26: damaged XML: opening and ending tag mismatch: sample line 2 and b\n");
	/* Rows that aren't samples, and a quote that isn't closed. */
	HAS(HEADER "1,5,a,OK,true,1\nx\n1,-5,a,OK,true,1\n1,nan,a,OK,true,1\n99999999999999999999,6,a,OK,"
		   "true,x\n1,7,\"a,OK",
	    "requests (count, , users): 1=2\n", "! times-unknown - 1\n", "! invalid-samples - 4\n");
	HAS("<testResults><sample t='5' lb='a'/><sample t='6' lb='b'/><sample t=",
	    "f: warning: the file isn't closed; what came is kept\n", "requests (count, , ): 2\n",
	    "! unfinished - 1\n");
}
END_TEST

/* Names are cut at the end of a character, and are one name then. */
START_TEST(long_names)
{
	g_autofree char *name = g_strnfill(5000, 'x'), *text = NULL, *got = NULL;

	memcpy(name + 1023, "\xc3\xa9", 2);
	text = g_strdup_printf(HEADER "1,5,%s1,OK,true,1\n1,7,%s2,OK,true,1\n", name, name);
	got = read_bytes(&cf_format_jmeter_jtl, text, strlen(text), NULL);
	ck_assert_msg(strstr(got, "xx (count, , users): 1=2\n") != NULL, "%.200s", got);
}
END_TEST

/* The latencies of a large log aren't kept; what comes after a thousand labels is one. */
START_TEST(large)
{
	g_autoptr(GString) text = g_string_new(HEADER);
	g_autofree char *got = NULL;
	static const char *const wanted[] = { "requests (count, , users): 1=20100\n",
					      "latency p99 (ns, lower, users): 1=98000000\n",
					      "requests label 999 (count, , users): 1=13\n",
					      "requests (others) (count, , users): 1=6500\n",
					      "! samples-summarised - 20100\n",
					      "! many-endpoints - 6500\n" };

	for (int i = 0; i < 20100; i++)
		g_string_append_printf(text, "%d,%d,label %d,OK,true,1\n", i, i % 100, i % 1500);
	got = read_bytes(&cf_format_jmeter_jtl, text->str, text->len, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
		ck_assert_msg(strstr(got, wanted[i]) != NULL, "%s", wanted[i]);
	ck_assert(strstr(got, "latency label 1 (") == NULL);
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, HEADER), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, "\xef\xbb\xbf" HEADER), CF_BID_SHAPE);
	ck_assert_int_eq(
		bid(&cf_format_jmeter_jtl, "1393227741256,1425,a,200,OK,G 1-1,text,true,3478,1016\n"),
		CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, "<testResults/>"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, "<valgrindoutput/>"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, "elapsed,b\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, "a,b,c\n"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, ""), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_jmeter_jtl, "{\"timeStamp\":1}"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/jmeter");
	TCase *t = tcase_create("jmeter");

	tcase_set_timeout(t, 60);

	tcase_add_test(t, table);
	tcase_add_test(t, forms);
	tcase_add_test(t, xml);
	tcase_add_test(t, transactions);
	tcase_add_test(t, bad_input);
	tcase_add_test(t, long_names);
	tcase_add_test(t, large);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
