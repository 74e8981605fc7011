/* SPDX-License-Identifier: MIT */
/* ingest_csv: tables with a map of their columns, and without one. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_csv;

static void reads(const char *map, const char *text, const char *want)
{
	g_autofree char *setting = g_strconcat("map=", map, NULL);

	reads_as_set(&cf_format_csv, map ? setting : NULL, text, want);
}

START_TEST(mapped)
{
	reads("load=users,throughput=rps,p99=lat_ms,mean=avg (s),errors=err:%,cpu=CPU:%,disk=io:MB",
	      "users,rps,lat_ms,avg "
	      "(s),err,cpu,io,unused\n1,10.5,20,0.01,0,50,3,x\n2,19,25,0.02,1.5,75%,4,y\n",
	      "throughput (1/s, higher, users): 1=10.5 2=19\n"
	      "latency p99 (ns, lower, users): 1=20000000 2=25000000\n"
	      "latency mean (ns, lower, users): 1=10000000 2=20000000\n"
	      "errors (ratio, lower, users): 1=0 2=0.015\n"
	      "cpu (ratio, , users): 1=0.5 2=0.0075\n"
	      "disk (MB, , users): 1=3 2=4\n");
}
END_TEST

START_TEST(units)
{
	reads("p50=a:us,p90=b_us,p95=c,errors=e:count,requests=n,throughput=t:1/min,wait=w:ms",
	      "a,b_us,c,e,n,t,w\n5,6,7,1,4,120,2\n",
	      "latency p50 (ns, lower, ): 5000\n"
	      "latency p90 (ns, lower, ): 6000\n"
	      "latency p95 (ns, lower, ): 7000000\n"
	      "errors (ratio, lower, ): 0.25\n"
	      "requests (count, , ): 4\n"
	      "throughput (1/s, higher, ): 2\n"
	      "wait (ns, , ): 2000000\n"
	      "! assumed-unit c 0\n");
	/* Commas as points where semicolons separate; empty fields and what stands for them. */
	reads("load=n,latency=l:s", "n;l\n1;0,5\n2;\n3;N/A\n4;what\n;0,25\n",
	      "latency (ns, lower, n): 1=500000000\n"
	      "latency (ns, lower, ): 250000000\n"
	      "! invalid-values - 1\n");
}
END_TEST

START_TEST(places)
{
	reads("load=#1,p95=#3:ms", "1,x,20\n2,y,30\n",
	      "latency p95 (ns, lower, load): 1=20000000 2=30000000\n");
	reads("load=#1,p95=#3:ms", "n,x,lat\n2,y,30\n", "latency p95 (ns, lower, load): 2=30000000\n");
	reads("median=#9", "1,2\n", "f: no column has numbers\n");
}
END_TEST

START_TEST(times_and_endpoints)
{
	reads("time=when,endpoint=url,p99=p:ms",
	      "when,url,p\n2026-11-24 "
	      "08:00:02,/b,3\n2026-11-24T08:00:00.5Z,/a,1\n1795507203,/b,4\n1795507204500,,2\nlater,/a,5\n",
	      "start 1795507200500000000\n"
	      "duration 4000000000\n"
	      "latency p99 /b (ns, lower, ): 3000000 4000000\n"
	      "latency p99 /a (ns, lower, ): 1000000 5000000\n"
	      "latency p99 (ns, lower, ): 2000000\n"
	      "! start-without-zone - 0\n");
}
END_TEST

START_TEST(far_times)
{
	reads("load=n,time=time", "n,time\n1,05555555555\n2,055555555556\n3,5555555555555555\n",
	      "f: no column has numbers\n");
	reads(NULL, "n,time\n1,055555555556\n2,9999999999999999\n",
	      "start 55555555556000000\nn (, , ): 1 2\n");
}
END_TEST

START_TEST(short_rows)
{
	reads("load=#1,time=#2,endpoint=#3", "load\ttime\te\n1\t\t\n2\n", "f: no column has numbers\n");
	reads(NULL, "n\ttime\tx\n1\t\t2\n3\n", "n (, , ): 1 3\nx (, , ): 2\n");
}
END_TEST

START_TEST(guessed)
{
	reads(NULL,
	      "users,throughput_rps,avg_latency_s,p95_latency_s,error_rate,think_time_s,requests_s,name\n5,4."
	      "5,0.1,0.25,0.5,1,7,x\n",
	      "throughput (1/s, higher, users): 5=4.5\n"
	      "latency mean (ns, lower, users): 5=100000000\n"
	      "latency p95 (ns, lower, users): 5=250000000\n"
	      "errors (ratio, lower, users): 5=0.5\n"
	      "think_time_s (ns, , users): 5=1000000000\n"
	      "requests_s (, , users): 5=7\n"
	      "! invalid-values - 1\n");
	reads(NULL, "a,b\nx,y\n",
	      "f: no column has numbers; say which are what: --map "
	      "load=users,throughput=rps,p99=latency:ms\n");
}
END_TEST

START_TEST(bad_maps)
{
	const char *text = "users,rps\n1,2\n";

	reads("load=users,throughput=tps", text, "f:1: no column 'tps' as in --map; there are users, rps\n");
	reads("throughput", text,
	      ": --map: 'throughput' isn't KEY=COLUMN, as in load=users,throughput=rps,p99=latency:ms\n");
	reads("=rps", text,
	      ": --map: '=rps' isn't KEY=COLUMN, as in load=users,throughput=rps,p99=latency:ms\n");
	reads("x=", text, ": --map: 'x=' isn't KEY=COLUMN, as in load=users,throughput=rps,p99=latency:ms\n");
	reads(",", text, ": --map is empty, expected KEY=COLUMN,...\n");
	reads("p99=rps:weeks", text, ": --map p99: unknown unit of time 'weeks', expected ns, us, ms or s\n");
	reads("errors=rps:weeks", text, ": --map errors: unknown unit 'weeks', expected ratio, % or count\n");
	reads("throughput=rps:weeks", text,
	      ": --map throughput: unknown unit 'weeks', expected 1/s or 1/min\n");
	reads("errors=rps:count", text,
	      ": --map errors: a count of errors needs requests=COLUMN to be a ratio\n");
	reads("load=users", "", "f: no records\n");
	reads("load=users", "users\n1\n", "f: no column has numbers\n");
}
END_TEST

/* A table could be anything. */
START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_csv, "users,rps\n1,2\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_csv, "users,rps\n1,2,3\n"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_csv, "one line, no more\n"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_csv, "[1,\n2,\n]"), CF_BID_NO);
	ck_assert_int_eq(bid(&cf_format_csv, ""), CF_BID_NO);
	ck_assert_str_eq(cf_format_csv.chosen_by, "map");
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/csv");
	TCase *t = tcase_create("csv");

	tcase_add_test(t, mapped);
	tcase_add_test(t, units);
	tcase_add_test(t, places);
	tcase_add_test(t, times_and_endpoints);
	tcase_add_test(t, far_times);
	tcase_add_test(t, short_rows);
	tcase_add_test(t, guessed);
	tcase_add_test(t, bad_maps);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
