/* SPDX-License-Identifier: MIT */
/* ingest_callflow_tracer: call graphs of the Python package callflow-tracer in the shapes that it has. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_callflow_tracer;

static const struct cf_format *const format = &cf_format_callflow_tracer;

#define GRAPH                                                                                             \
	"'nodes':[{'full_name':'__main__.main','name':'main','module':'__main__','call_count':1,'total_"  \
	"time':1.5,"                                                                                      \
	"'arguments':[['x'],['y']]},{'full_name':'lib.work','name':'work','module':'lib','call_count':3," \
	"'total_time':1.25,'arguments':[]}],"                                                             \
	"'edges':[{'caller':'__main__.main','callee':'lib.work','call_count':3,'total_time':1.25}]"
#define READ                                                                                          \
	"main :0 | time 250000000 0\nwork :0 | time 1250000000 0\nmain -> work | time 1250000000 3\n" \
	"! arguments - 2\n"

START_TEST(shapes)
{
	reads_json(format, "{" GRAPH ",'metadata':{'duration':2}}", "duration 2000000000\n" READ);
	reads_json(format, "{'data':{" GRAPH "}}", READ);
	reads_json(format, "{'graph':{" GRAPH "}}", READ);
	/* Several are summed. */
	reads_json(format, "[{" GRAPH "},{'data':{" GRAPH "}}]",
		   "main :0 | time 500000000 0\nwork :0 | time 2500000000 0\n"
		   "main -> work | time 2500000000 6\n! arguments - 4\n");
}
END_TEST

/* Never called themselves: they took what they called. Ends of edges go by other names, and need no node. */
START_TEST(roots)
{
	reads_json(format,
		   "{'nodes':[{'id':'a.f','call_count':0,'total_time':0},{'id':'g','call_count':1,'total_"
		   "time':2}],"
		   "'edges':[{'from':'a.f','to':'g','call_count':1,'total_time':2},"
		   "{'source':'g','target':'x.h','call_count':1,'total_time':0.5}]}",
		   "f :0 | time 0 0\ng :0 | time 1500000000 0\nh :0 | time 0 0\n"
		   "f -> g | time 2000000000 1\ng -> h | time 500000000 1\n");
}
END_TEST

START_TEST(arguments)
{
	g_autofree char *graph = quoted(
		"{'nodes':[{'id':'f','call_count':2,'total_time':1,'arguments':[{'args':'(1, "
		"\\'a\\')','kwargs':null},"
		"{'args':null,'kwargs':'{x: 2}','timestamp':5},7]},{'id':'g','call_count':1,'total_time':1,"
		"'arguments':[]}]}");
	struct cf_quality *row;
	struct cf_trace *t = cf_trace_new();
	struct cf_input input = { .path = "f", .bytes = { (const uint8_t *)graph, strlen(graph) } };
	g_autoptr(GString) said = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = said };
	const struct cf_param *tables[] = { format->params, NULL };
	struct cf_params *params = cf_params_new(tables);

	ck_assert_int_eq(cf_params_set(params, "keep-arguments", "true", NULL, &diag), 0);
	ck_assert_int_eq(format->read(&input, params, t, &diag), 0);
	ck_assert_uint_eq(t->quality->len, 1);
	row = &g_array_index(t->quality, struct cf_quality, 0);
	ck_assert_str_eq(row->subject, "f");
	ck_assert_int_eq(row->count, 3);
	ck_assert_str_eq(row->text, "called with (1, \"a\"); {x: 2}; 7");
	cf_trace_free(t);
	cf_params_free(params);
}
END_TEST

START_TEST(bad_graphs)
{
	reads_json(format, "{'nodes':[]}", "f: no nodes, expected a call graph\n");
	reads_json(format, "{'nodes':{}}", "f:1:10: found an object, expected an array\n");
	reads_json(
		format,
		"{'nodes':[{'id':'a','call_count':1,'total_time':1}],'edges':[{'from':'a','to':'b',"
		"'total_time':3,'call_count':-4}]}",
		"a :0 | time 0 0\nb :0 | time 0 0\na -> b | time 3000000000 0\n! inconsistent-times - 1\n");
	reads_json(format, "{'nodes':[{'id':'a','call_count':1",
		   "f:1:35: found the end of the input, expected ',' or '}'\n");
}
END_TEST

START_TEST(probes)
{
	ck_assert_int_eq(bid_json(format, "{'nodes':[{'call_count':1,'total_time':1}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(format, "[{'graph':{'nodes':[{'call_count':1,'total_time':1}]}}]"),
			 CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(format, "{'edges':[]}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(format, "{'nodes':[]}"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/callflow_tracer");
	TCase *t = tcase_create("graphs");

	tcase_add_test(t, shapes);
	tcase_add_test(t, roots);
	tcase_add_test(t, arguments);
	tcase_add_test(t, bad_graphs);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
