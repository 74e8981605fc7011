/* SPDX-License-Identifier: MIT */
/* ingest_k6: both shapes of summaries, points as lines, what is refused. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_k6;

static void reads(const char *text, const char *want)
{
	reads_as(&cf_format_k6, text, want);
}

START_TEST(summary)
{
	reads("{\"state\":{\"testRunDurationMs\":24425.289882},\"metrics\":{"
	      "\"vus_max\":{\"type\":\"gauge\",\"contains\":\"default\",\"values\":{\"value\":20,\"max\":50}}"
	      ","
	      "\"http_reqs\":{\"type\":\"counter\",\"contains\":\"default\",\"values\":{\"count\":878,"
	      "\"rate\":35.5}},"
	      "\"http_req_duration\":{\"values\":{\"avg\":21.5,\"p(95)\":30,\"p(99.9)\":31,\"med\":20},"
	      "\"type\":\"trend\","
	      "\"contains\":\"time\",\"thresholds\":{\"p(95)<10\":{\"ok\":false},\"max<99\":{\"ok\":true}}},"
	      "\"http_req_duration{a:b}\":{\"type\":\"trend\",\"contains\":\"time\",\"values\":{\"max\":2}},"
	      "\"http_req_failed\":{\"type\":\"rate\",\"contains\":\"default\",\"values\":{\"rate\":0.25,"
	      "\"passes\":1,\"fails\":3}},"
	      "\"data_sent\":{\"type\":\"counter\",\"contains\":\"data\",\"values\":{\"count\":9,\"rate\":3}}"
	      ","
	      "\"vus\":{\"type\":\"gauge\",\"contains\":\"default\",\"values\":{\"value\":3,\"max\":20}},"
	      "\"mine\":{\"type\":\"trend\",\"contains\":\"default\",\"values\":{\"avg\":2.5}}},"
	      "\"root_group\":{\"name\":\"\",\"path\":\"\",\"groups\":[{\"name\":\"g\",\"path\":\"::g\","
	      "\"groups\":[],\"checks\":["
	      "{\"name\":\"ok\",\"path\":\"::g::ok\",\"passes\":1,\"fails\":3}]}],\"checks\":["
	      "{\"passes\":4,\"fails\":0,\"path\":\"::top\"},{\"path\":\"::none\",\"passes\":0,\"fails\":0}]}"
	      "}",
	      "duration 24425289882\n"
	      "check g::ok (ratio, higher, ): 0.25\n"
	      "check top (ratio, higher, ): 1\n"
	      "throughput (1/s, higher, users): 20=35.5\n"
	      "requests (count, , users): 20=878\n"
	      "latency mean (ns, lower, users): 20=21500000\n"
	      "latency p95 (ns, lower, users): 20=30000000\n"
	      "latency p99.9 (ns, lower, users): 20=31000000\n"
	      "latency p50 (ns, lower, users): 20=20000000\n"
	      "errors (ratio, lower, users): 20=0.25\n"
	      "vus_max value (count, , users): 20=20\n"
	      "vus_max max (count, , users): 20=50\n"
	      "http_reqs count (count, , users): 20=878\n"
	      "http_reqs rate (1/s, higher, users): 20=35.5\n"
	      "http_req_duration avg (ns, lower, users): 20=21500000\n"
	      "http_req_duration p(95) (ns, lower, users): 20=30000000\n"
	      "http_req_duration p(99.9) (ns, lower, users): 20=31000000\n"
	      "http_req_duration med (ns, lower, users): 20=20000000\n"
	      "http_req_duration{a:b} max (ns, lower, users): 20=2000000\n"
	      "http_req_failed rate (ratio, lower, users): 20=0.25\n"
	      "http_req_failed passes (count, , users): 20=1\n"
	      "http_req_failed fails (count, , users): 20=3\n"
	      "data_sent count (bytes, , users): 20=9\n"
	      "data_sent rate (bytes/s, , users): 20=3\n"
	      "vus value (count, , users): 20=3\n"
	      "vus max (count, , users): 20=20\n"
	      "mine avg (, , users): 20=2.5\n"
	      "! threshold-crossed http_req_duration p(95)<10 1\n");
}
END_TEST

/* --summary-export: no types, rates are called "value", a threshold that is true was crossed, groups go by name. */
START_TEST(flat_summary)
{
	reads("{\"metrics\":{"
	      "\"http_req_waiting\":{\"avg\":1.5,\"max\":2,\"thresholds\":{\"max<1\":true,\"max<9\":false}},"
	      "\"http_req_failed\":{\"passes\":0,\"fails\":6,\"value\":0},"
	      "\"checks\":{\"passes\":3,\"fails\":1,\"value\":0.75},"
	      "\"data_received\":{\"count\":100,\"rate\":10},"
	      "\"iterations\":{\"count\":5,\"rate\":2.5},"
	      "\"my_trend\":{\"avg\":7,\"med\":6},"
	      "\"vus\":{\"value\":4,\"min\":4}},"
	      "\"root_group\":{\"path\":\"\",\"groups\":{\"g\":{\"path\":\"::g\",\"checks\":{\"c\":{\"name\":"
	      "\"c\",\"path\":\"::g::c\","
	      "\"passes\":1,\"fails\":1}}}},\"checks\":{}}}",
	      "check g::c (ratio, higher, ): 0.5\n"
	      "errors (ratio, lower, users): 4=0\n"
	      "http_req_waiting avg (ns, lower, users): 4=1500000\n"
	      "http_req_waiting max (ns, lower, users): 4=2000000\n"
	      "http_req_failed passes (count, , users): 4=0\n"
	      "http_req_failed fails (count, , users): 4=6\n"
	      "http_req_failed rate (ratio, lower, users): 4=0\n"
	      "checks passes (count, , users): 4=3\n"
	      "checks fails (count, , users): 4=1\n"
	      "checks rate (ratio, higher, users): 4=0.75\n"
	      "data_received count (bytes, , users): 4=100\n"
	      "data_received rate (bytes/s, , users): 4=10\n"
	      "iterations count (count, , users): 4=5\n"
	      "iterations rate (1/s, higher, users): 4=2.5\n"
	      "my_trend avg (, , users): 4=7\n"
	      "my_trend med (, , users): 4=6\n"
	      "vus value (count, , users): 4=4\n"
	      "vus min (count, , users): 4=4\n"
	      "! threshold-crossed http_req_waiting max<1 1\n");
}
END_TEST

#define POINT(metric, time, value, tags)                                                         \
	"{\"type\":\"Point\",\"data\":{\"time\":\"" time "\",\"value\":" value ",\"tags\":" tags \
	"},\"metric\":\"" metric "\"}\n"
#define DECLARE(metric, type, contains)                                                 \
	"{\"type\":\"Metric\",\"data\":{\"type\":\"" type "\",\"contains\":\"" contains \
	"\"},\"metric\":\"" metric "\"}\n"
#define A "{\"name\":\"/a\"}"
#define B "{\"name\":\"/b\"}"

#define LINES                                                         \
	DECLARE("http_reqs", "counter", "default")                    \
	DECLARE("http_req_duration", "trend", "time")                 \
	DECLARE("http_req_failed", "rate", "default")                 \
	DECLARE("vus", "gauge", "default")                            \
	POINT("vus", "2026-11-24T10:00:02+02:00", "3", "null")        \
	POINT("http_reqs", "2026-11-24T08:00:00.5Z", "1", A)          \
	POINT("http_req_duration", "2026-11-24T08:00:00.5Z", "10", A) \
	POINT("http_req_failed", "2026-11-24T08:00:00.5Z", "0", A)    \
	POINT("http_reqs", "2026-11-24T08:00:02Z", "1", B)            \
	POINT("http_req_duration", "2026-11-24T08:00:02Z", "20.5", B) \
	POINT("http_req_failed", "2026-11-24T08:00:02Z", "1", B)      \
	POINT("vus", "2026-11-24T08:00:02.5Z", "2", "null")

START_TEST(points)
{
	const char *facts = "start 1795507200500000000\n"
			    "duration 2000000000\n"
			    "throughput (1/s, higher, users): 3=1\n"
			    "requests (count, , users): 3=2\n"
			    "latency mean (ns, lower, users): 3=15250000\n"
			    "latency min (ns, lower, users): 3=10000000\n"
			    "latency p50 (ns, lower, users): 3=15250000\n"
			    "latency max (ns, lower, users): 3=20500000\n"
			    "latency p90 (ns, lower, users): 3=19450000\n"
			    "latency p95 (ns, lower, users): 3=19975000\n"
			    "latency p99 (ns, lower, users): 3=20395000\n"
			    "errors (ratio, lower, users): 3=0.5\n"
			    "http_reqs count (count, , users): 3=2\n"
			    "http_reqs rate (1/s, higher, users): 3=1\n"
			    "http_req_duration avg (ns, lower, users): 3=15250000\n";
	const char *endpoint = "throughput /b (1/s, higher, users): 3=0.5\n"
			       "requests /b (count, , users): 3=1\n"
			       "errors /b (ratio, lower, users): 3=1\n"
			       "latency mean /b (ns, lower, users): 3=20500000\n";
	g_autofree char *got = read_bytes(&cf_format_k6, LINES, strlen(LINES), NULL);

	ck_assert_msg(g_str_has_prefix(got, facts), "%s", got);
	ck_assert_msg(strstr(got, endpoint) != NULL, "%s", got);
	ck_assert_msg(strchr(got, '!') == NULL, "%s", got);
}
END_TEST

/* Points further apart than can be counted: no duration, rather than a wrong one. */
START_TEST(far_apart)
{
	g_autofree char *got = NULL;
	const char *text = POINT("http_reqs", "1700-01-01T00:00:00Z", "1", "null")
		POINT("http_reqs", "2200-01-01T00:00:00Z", "1", "null");

	got = read_bytes(&cf_format_k6, text, strlen(text), NULL);
	ck_assert_msg(strstr(got, "duration") == NULL, "%s", got);
	ck_assert_msg(strstr(got, "requests (count, , ): 2\n") != NULL, "%s", got);
}
END_TEST

/* A test that was stopped leaves a line unfinished; a summary has to be whole. */
START_TEST(cut)
{
	g_autofree char *got = read_bytes(&cf_format_k6, LINES, strlen(LINES) - 30, NULL);
	const char *damaged = POINT("http_reqs", "", "1", A) "{\"type\" nonsense}\n";

	ck_assert_msg(g_str_has_suffix(got, "! unfinished - 1\n"), "%s", got);
	ck_assert_msg(strstr(got, "vus max (count, , users): 3=3\n") != NULL, "%s", got);
	reads("{\"metrics\":{\"http_reqs\":{\"count\":5", "f: the summary is cut off\n");
	reads(damaged, "f:2:9: found 'n', expected ':' after the key\n");
	reads_as_set(&cf_format_k6, "partial=true", damaged,
		     "f:2:9: warning: found 'n', expected ':' after the key; what comes before it is kept\n"
		     "requests (count, , ): 1\n"
		     "http_reqs count (count, , ): 1\n"
		     "requests /a (count, , ): 1\n"
		     "! times-unknown - 1\n"
		     "! partial - 0\n");
}
END_TEST

START_TEST(bad_input)
{
	g_autoptr(GString) deep = g_string_new("{\"metrics\":{\"vus\":{\"value\":1}},\"root_group\":");

	reads("{\"metrics\":{}}", "f: no metric has values, expected a summary or points of k6\n");
	reads("{\"metrics\":[1]}", "f:1:12: found an array, expected an object\n");
	reads("{\"metrics\":{\"vus\":3,\"x\":{\"value\":\"y\"}},\"root_group\":[],\"state\":1}",
	      "f: no metric has values, expected a summary or points of k6\n");
	for (int i = 0; i < 200; i++)
		g_string_append(deep, "{\"groups\":[");
	for (int i = 0; i < 200; i++)
		g_string_append(deep, "]}");
	g_string_append(deep, "}");
	reads(deep->str, "f:1:748: found more than 127 objects and arrays in one another\n");
}
END_TEST

/* Addresses with an id in them. */
START_TEST(many_endpoints)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *got = NULL;

	for (int i = 0; i < 300; i++)
		g_string_append_printf(text,
				       "{\"type\":\"Point\",\"metric\":\"http_reqs\",\"data\":{\"time\":"
				       "\"2026-11-24T08:00:00Z\","
				       "\"value\":1,\"tags\":{\"name\":\"/item/%d\"}}}\n",
				       i);
	got = read_bytes(&cf_format_k6, text->str, text->len, NULL);
	ck_assert_msg(strstr(got, "requests (count, , ): 300\n") != NULL, "%s", got);
	ck_assert_msg(strstr(got, "requests /item/199 (count, , ): 1\n") != NULL, "%s", got);
	ck_assert_msg(g_str_has_suffix(got, "! many-endpoints - 100\n"), "%s", got);
}
END_TEST

START_TEST(probing)
{
	ck_assert_int_eq(bid(&cf_format_k6, "{\"metrics\":{\"http_reqs\":{}}}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_k6, LINES), CF_BID_SHAPE);
	ck_assert_int_eq(bid(&cf_format_k6, "{\"root_group\":{}}"), CF_BID_NEAR);
	ck_assert_int_eq(bid(&cf_format_k6, "{\"metrics\":{\"other\":1}}"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/k6");
	TCase *t = tcase_create("k6");

	tcase_set_timeout(t, 60);

	tcase_add_test(t, summary);
	tcase_add_test(t, flat_summary);
	tcase_add_test(t, points);
	tcase_add_test(t, far_apart);
	tcase_add_test(t, cut);
	tcase_add_test(t, bad_input);
	tcase_add_test(t, many_endpoints);
	tcase_add_test(t, probing);
	suite_add_tcase(s, t);
	return s;
}
