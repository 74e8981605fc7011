/* SPDX-License-Identifier: MIT */
/* ingest_spans: spans of OpenTelemetry, Jaeger and Zipkin, sound and damaged. */
#include "tests/unit/format_fixture.h"

#include "ingest/spans/span_ids.h"

extern const struct cf_format cf_format_otlp_json, cf_format_jaeger_json, cf_format_zipkin_v2;

static const struct cf_format *const otlp = &cf_format_otlp_json, *const jaeger = &cf_format_jaeger_json,
				     *const zipkin = &cf_format_zipkin_v2;

static struct cf_span_key key(const char *text)
{
	return cf_span_key((struct cf_slice){ (const uint8_t *)text, strlen(text) });
}

START_TEST(ids)
{
	static const struct {
		const char *text;
		uint64_t high, low;
	} sound[] = { { "", 0, 0 },
		      { "0", 0, 0 },
		      { "00000000000000000000000000000000", 0, 0 },
		      { "a", 0, 0xa },
		      { "abc", 0, 0xabc },
		      { "0123456789abcDEF", 0, 0x0123456789abcdef },
		      { "fedcba98765432100123456789abcdef", 0xfedcba9876543210, 0x0123456789abcdef },
		      { "AQIDBAUGBwg=", 0, 0x0102030405060708 },
		      { "ASNFZ4mrze8BI0VniavN7w==", 0x0123456789abcdef, 0x0123456789abcdef } };
	static const char *const texts[] = { "x", "y", "a b", "fedcba98765432100123456789abcdef0",
					     "AQIDBAUGBw==" };

	for (size_t i = 0; i < G_N_ELEMENTS(sound); i++) {
		ck_assert_uint_eq(key(sound[i].text).high, sound[i].high);
		ck_assert_uint_eq(key(sound[i].text).low, sound[i].low);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		ck_assert(cf_span_key_is_set(key(texts[i])));
		for (size_t j = 0; j < i; j++)
			ck_assert_uint_ne(key(texts[i]).low, key(texts[j]).low);
	}
}
END_TEST

#define RESOURCE "'resource':{'attributes':[{'key':'service.name','value':{'stringValue':'shop'}}]}"

/* Ids in hex or base64, numbers as texts or not, snake case; the service may stand behind its spans. */
START_TEST(otlp_spans)
{
	const char *want = "start 1000\nduration 500\n"
			   "1<0 shop/GET / server ok 1000+500\n"
			   "2<1 shop/query client error 1100+200 -> postgresql\n"
			   "GET /[shop]/service | span time 300 1\n"
			   "GET /[shop]/service;query[shop]/service | span time 200 1\n";

	reads_json(
		otlp,
		"{'resourceSpans':[{" RESOURCE ",'scopeSpans':[{'spans':[{'traceId':"
		"'0123456789ABCDEF0123456789abcdef','spanId':'0102030405060708','parentSpanId':'','name':'"
		"GET /',"
		"'kind':2,'startTimeUnixNano':'1000','endTimeUnixNano':'1500','status':{'code':1}},"
		"{'traceId':'0123456789abcdef0123456789abcdef','spanId':'1112131415161718','name':'query',"
		"'parentSpanId':'0102030405060708','kind':3,'startTimeUnixNano':1100,'endTimeUnixNano':1300,"
		"'status':{'code':2},'attributes':[{'key':'db.system','value':{'stringValue':'postgresql'}}]}"
		"]}]}]}",
		want);
	reads_json(otlp,
		   "{'resource_spans':[{'scope_spans':[{'spans':[{'trace_id':'ASNFZ4mrze8BI0VniavN7w==',"
		   "'span_id':'AQIDBAUGBwg=','name':'GET "
		   "/','kind':'SPAN_KIND_SERVER','start_time_unix_nano':1000,"
		   "'end_time_unix_nano':1500,'status':{'code':'STATUS_CODE_OK'}}]}]," RESOURCE "}]}\n"
		   "{'resource_spans':[{" RESOURCE ",'instrumentationLibrarySpans':[{'spans':[{"
		   "'trace_id':'ASNFZ4mrze8BI0VniavN7w==','span_id':'ERITFBUWFxg=','parent_span_id':'"
		   "AQIDBAUGBwg=',"
		   "'name':'query','kind':'SPAN_KIND_CLIENT','start_time_unix_nano':'1100','end_time_unix_"
		   "nano':1300,"
		   "'status':{'code':2},'attributes':[{'key':'net.peer.name','value':{'stringValue':'db1'}},"
		   "{'key':'db.system','value':{'stringValue':'postgresql'}}]}]}]}]}",
		   want);
}
END_TEST

/* An exporter that tries again sends spans twice, which is counted. Two sides of a call may share an id. */
START_TEST(otlp_repeated)
{
#define REPEATED(kind, start)                                                                 \
	"{'traceId':'1','spanId':'a','name':'get','kind':" kind ",'startTimeUnixNano':" start \
	",'endTimeUnixNano':20}"
#define BATCH(spans) "{'resourceSpans':[{'scopeSpans':[{'spans':[" spans "]}]," RESOURCE "}]}\n"
	reads_json(otlp,
		   BATCH(REPEATED("2", "10"))
			   BATCH(REPEATED("2", "10") "," REPEATED("3", "10") "," REPEATED("2", "11")),
		   "start 10\nduration 10\n"
		   "1<0 shop/get server 10+10\n2<0 shop/get server 10+10\n3<0 shop/get client 10+10\n"
		   "4<0 shop/get server 11+9\n"
		   "get[shop]/service | span time 39 4\n"
		   "! span-repeated - 1\n");
}
END_TEST

/* Spans that are wrong are kept and counted. */
START_TEST(otlp_oddities)
{
	reads_json(otlp,
		   "{'resourceSpans':[{" RESOURCE
		   ",'scopeSpans':[{'spans':[{'traceId':'1','spanId':'a','parentSpanId':'a',"
		   "'name':'own','startTimeUnixNano':10,'endTimeUnixNano':20},"
		   "{'traceId':'1','spanId':'b','parentSpanId':'zz','name':'orphan','startTimeUnixNano':10,'"
		   "endTimeUnixNano':5},"
		   "{'traceId':'1','spanId':'c','name':'open'}]}]}]}",
		   "start 10\nduration 10\n"
		   "1<1 shop/own internal 10+10\n2<0 shop/orphan internal 10+0\n3<0 shop/open internal 0+0\n"
		   "own[shop]/service | span time 10 1\n"
		   "orphan[shop]/service | span time 0 1\nopen[shop]/service | span time 0 1\n"
		   "! span-without-end - 1\n! span-parents-missing - 1\n! span-ends-before-start - 1\n"
		   "! span-without-start - 1\n! span-cycles - 1\n");
}
END_TEST

START_TEST(otlp_refused)
{
	reads_json(otlp, "{'resourceSpans':[]}", "f: no spans\n");
	reads_json(otlp, "{'resourceSpans':[{'scopeSpans':7}]}",
		   "f:1:33: found a number, expected an array\n");
	reads_json(otlp, "{'resourceSpans':[]}\n[1]", "f:2:1: found an array, expected an object\n");
	reads_json(otlp, "{'resourceSpans':[{'scopeSpans':[{'spans':[{'name':'x'",
		   "f:1:55: found the end of the input, expected ',' or '}'\n");
}
END_TEST

START_TEST(jaeger_spans)
{
	reads_json(
		jaeger,
		"{'data':[{'traceID':'1','spans':[{'traceID':'1','spanID':'a','operationName':'GET','"
		"references':[],"
		"'startTime':5,'duration':10,'processID':'p1','tags':[{'key':'error','value':true},"
		"{'key':'span.kind','value':'server'}]},"
		"{'traceID':'1','spanID':'b','operationName':'call','references':[{'refType':'FOLLOWS_FROM',"
		"'traceID':'1','spanID':'zz'},{'refType':'CHILD_OF','traceID':'1','spanID':'a'}],'startTime':"
		"6,"
		"'duration':2,'processID':'p2','tags':[{'key':'span.kind','value':'client'},"
		"{'key':'peer.service','value':'http://user:pw@db:80/x'}]},"
		"{'traceID':'1','spanID':'c','operationName':'later','references':[{'refType':'FOLLOWS_FROM',"
		"'traceID':'1','spanID':'a'}],'startTime':7,'duration':4,'processID':'p2'}],"
		"'processes':{'p1':{'serviceName':'web'},'p2':{'serviceName':'db'}}}]}",
		"start 5000\nduration 10000\n"
		"1<0 web/GET server error 5000+10000\n"
		"2<1 db/call client 6000+2000 -> db\n"
		"3<1 db/later async 7000+4000\n"
		"GET[web]/service | span time 8000 1\n"
		"GET[web]/service;call[db]/service | span time 2000 1\n"
		"GET[web]/service;later[db]/service | span time 4000 1\n");
	reads_json(jaeger, "{'data':[{'traceID':'1'}]}", "f: no spans\n");
	reads_json(jaeger, "{'data':[[]]}", "f:1:10: found an array, expected an object\n");
	reads_json(jaeger, "{'data':[{'spans':[{'spanID':'a'}",
		   "f:1:34: found the end of the input, expected ',' or ']'\n");
}
END_TEST

/* One id of client and server: what the server calls is the server's. */
START_TEST(zipkin_spans)
{
	reads_json(zipkin,
		   "[{'traceId':'1','id':'a','kind':'CLIENT','name':'get','timestamp':1,'duration':9,"
		   "'localEndpoint':{'serviceName':'web'},'remoteEndpoint':{'serviceName':'api'}},"
		   "{'traceId':'1','id':'a','kind':'SERVER','shared':true,'name':'get','timestamp':2,'"
		   "duration':6,"
		   "'localEndpoint':{'serviceName':'api'},'tags':{'error':'500'}},"
		   "{'traceId':'1','id':'b','parentId':'a','name':'query','timestamp':3,'duration':1,"
		   "'localEndpoint':{'serviceName':'api'}},"
		   "{'traceId':'1','id':'c','parentId':'b','name':'open','timestamp':3,'localEndpoint':{'"
		   "serviceName':'api'}}]",
		   "start 1000\nduration 9000\n"
		   "1<0 web/get client 1000+9000 -> api\n"
		   "2<1 api/get server error 2000+6000\n"
		   "3<2 api/query internal 3000+1000\n"
		   "4<3 api/open internal 3000+0\n"
		   "get[web]/service | span time 3000 1\n"
		   "get[web]/service;get[api]/service | span time 5000 1\n"
		   "get[web]/service;get[api]/service;query[api]/service | span time 1000 1\n"
		   "get[web]/service;get[api]/service;query[api]/service;open[api]/service | span time 0 1\n"
		   "! span-without-end - 1\n");
	reads_json(zipkin, "[]", "f: no spans\n");
	reads_json(zipkin, "[[],7]", "f:1:5: found a number, expected an object\n");
	reads_json(zipkin, "[{'traceId':'1','id':'a'",
		   "f:1:25: found the end of the input, expected ',' or '}'\n");
}
END_TEST

START_TEST(probes)
{
	ck_assert_int_eq(bid_json(otlp, "{'resourceSpans':[]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(otlp, "{'resource_profiles':[]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(otlp, "{'spans':[]}"), CF_BID_NO);
	ck_assert_int_eq(bid_json(jaeger, "{'data':[{'spans':[{'operationName':''}]}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(jaeger, "{'data':[{'traceID':'1'}]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(jaeger, "{'data':[]}"), CF_BID_NO);
	ck_assert_int_eq(bid_json(zipkin, "[{'traceId':'1','id':'2'}]"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(zipkin, "[[{'traceId':'1','id':'2'}]]"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(zipkin, "[{'traceId':'1'}]"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(zipkin, "{}"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/spans");
	TCase *t = tcase_create("spans");

	tcase_add_test(t, ids);
	tcase_add_test(t, otlp_spans);
	tcase_add_test(t, otlp_repeated);
	tcase_add_test(t, otlp_oddities);
	tcase_add_test(t, otlp_refused);
	tcase_add_test(t, jaeger_spans);
	tcase_add_test(t, zipkin_spans);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
