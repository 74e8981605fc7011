/* SPDX-License-Identifier: MIT */
/* ingest_firefox: profiles of the Firefox Profiler in the forms that it has had, sound and damaged. */
#include "tests/unit/format_fixture.h"

#include "ingest/firefox/location.h"
#include "ingest/script_name.h"

extern const struct cf_format cf_format_firefox_profile;

static const struct cf_format *const format = &cf_format_firefox_profile;

#define TABLES                                                                                               \
	"'funcTable':{'name':[0,1,2],'resource':[0,-1,1],'isJS':[false,true,false],'fileName':[null,3,null]" \
	","                                                                                                  \
	"'lineNumber':[null,7,null]},'resourceTable':{'lib':[0,null],'name':[4,5],'type':[1,3]},"            \
	"'frameTable':{'func':[0,1,2],'line':[null,9,null],'inlineDepth':[0,0,0]},"                          \
	"'stackTable':{'frame':[0,1,2],'prefix':[null,0,1]}"
#define STRINGS "['main','draw','0xff','http://a/b/c.js','prog','host']"
#define META                                                                         \
	"'meta':{'product':'prog','startTime':1000,'preprocessedProfileVersion':41," \
	"'sampleUnits':{'threadCPUDelta':'ns'}}"
#define LIBS "'libs':[{'name':'prog','path':'/bin/prog'}]"

START_TEST(tables_of_a_thread)
{
	reads_json(format,
		   "{" META "," LIBS
		   ",'threads':[{'name':'GeckoMain','processName':'prog','pid':'3','tid':4," TABLES
		   ",'stringArray':" STRINGS ",'samples':{'stack':[1,2,null,1],'time':[0,1,2,3.5],"
		   "'threadCPUDelta':[9,20,null,30]},'markers':{'data':[null,null],'length':2}}]}",
		   "name prog\nstart 1000000000\nduration 3500000\n"
		   "main[prog];draw[b/c.js]/jit | samples 2 2\n"
		   "main[prog];draw[b/c.js]/jit;0xff/unresolved | samples 1 1\n"
		   "main[prog];draw[b/c.js]/jit;0xff/unresolved | cpu time 20 1\n"
		   " | samples 1 1\n"
		   "main[prog];draw[b/c.js]/jit | cpu time 30 1\n"
		   "draw http://a/b/c.js:9 | samples 2 2\n"
		   "draw http://a/b/c.js:9 | cpu time 30 1\n"
		   "! unresolved - 1\n! markers - 2\n");
}
END_TEST

/* Since version 60, with what came later: prefixOffset and frameTable.lib. Threads may stand before them. */
START_TEST(shared_tables)
{
	reads_json(
		format,
		"{'threads':[{'name':'a','samples':{'stack':[1],'weight':[-3],'weightType':'samples'}},"
		"{'name':'b','samples':{'stack':[0],'weight':[1.5],'weightType':'tracing-ms'}},"
		"{'name':'c','samples':{'stack':[1,7],'weight':[64,0],'weightType':'bytes'}}],'shared':{"
		"'stackTable':{'frame':[0,1],'prefixOffset':[0,1]},'frameTable':{'func':[0,1],'lib':[0,-1]},"
		"'funcTable':{'name':[0,1],'source':[null,0],'isJS':[false,true],'resource':[-1,-1]},"
		"'sources':{'filename':[3]},'resourceTable':{'name':[],'type':[]},'stringArray':" STRINGS
		"}," LIBS ",'meta':{'preprocessedProfileVersion':70}}",
		"main[prog];draw[b/c.js]/jit | samples -3 1\n"
		"main[prog] | time 1500000 1\n"
		"main[prog];draw[b/c.js]/jit | size 64 1\n"
		" | size 0 1\n"
		"! missing-stacks - 1\n");
}
END_TEST

/* Rows with a schema, which may stand behind them; a process within. */
START_TEST(gecko)
{
#define THREAD                                                                                      \
	"{'name':'GeckoMain','samples':{'data':[[1,0],[1,2],[2,5]],'schema':{'stack':0,'time':1}}," \
	"'stackTable':{'schema':{'prefix':0,'frame':1},'data':[[null,0],[0,1],[1,2]]},"             \
	"'frameTable':{'schema':{'location':0,'line':4},'data':[[0],[1,false,0,null,12],[2]]},"     \
	"'stringTable':['(root)','draw (http://a/b/c.js:7:2)','write (in [kernel.kallsyms])'],"     \
	"'markers':{'schema':{'name':0,'time':1,'data':2},'data':[[4,0]]}}"
	reads_json(format,
		   "{'meta':{'processType':0,'interval':1,'product':'Firefox'},'libs':'[]','threads':[" THREAD
		   ",'{}'],"
		   "'processes':[{'meta':{},'threads':[" THREAD "]}]}",
		   "name Firefox\nduration 5000000\n"
		   "(root);draw[b/c.js]/jit | samples 4 4\n"
		   "(root);draw[b/c.js]/jit;write[[kernel]]/kernel | samples 2 2\n"
		   "draw http://a/b/c.js:12 | samples 4 4\n"
		   "! markers - 2\n! text-threads - 1\n");
}
END_TEST

START_TEST(allocations)
{
	reads_json(
		format,
		"{" META "," LIBS ",'threads':[{" TABLES ",'stringArray':" STRINGS ",'samples':{'stack':[]},"
		"'jsAllocations':{'stack':[1],'weight':[16]},'nativeAllocations':{'stack':[0,0],'weight':[10,"
		"-"
		"4]}}],"
		"'counters':[{'name':'malloc','category':'Memory','samples':{'time':[0,1],'count':[5,-2]}},"
		"{'name':'n','category':'Power','sampleGroups':[{'samples':{'time':[0,1],'count':[5,3]}}]}]}",
		"name prog\nstart 1000000000\n"
		"main[prog];draw[b/c.js]/jit | js allocations 16 1\n"
		"main[prog] | native allocations 10 1\n"
		"main[prog] | native frees 4 1\n"
		"draw http://a/b/c.js:9 | js allocations 16 1\n"
		"Memory malloc (bytes, , ns): 0=5 1000000=3\n"
		"Power n (count, , ns): 0=5 1000000=3\n");
}
END_TEST

START_TEST(refused)
{
	reads_json(format, "{'threads':[{'samples':{'stack':[]}}]}",
		   "f:1:36: a thread without a stackTable\n");
	reads_json(format, "{'threads':[{'name':'x'}]}", "f:1:24: a thread without samples\n");
	reads_json(format, "{'threads':[]}", "f: no threads, expected a profile of the Firefox Profiler\n");
	reads_json(format,
		   "{'threads':[{'samples':{'stack':[0]},'stackTable':{'frame':[0,0],'prefix':[1,null]}}]}",
		   "f:1:83: stack 0 doesn't come after the one that it continues\n");
	reads_json(
		format,
		"{'threads':[{'samples':{'stack':[0]},'stackTable':{'frame':[0,0],'prefixOffset':[0,2]}}]}",
		"f:1:86: stack 1 doesn't come after the one that it continues\n");
	reads_json(format,
		   "{'threads':[{'samples':{'stack':[0,0],'weight':[1]},'stackTable':{'frame':[0]}}]}",
		   "f:1:51: 2 samples, but 1 weights\n");
	reads_json(format, "{'threads':[{'samples':{'stack':[0,0]",
		   "f:1:38: found the end of the input, expected ',' or '}'\n");
}
END_TEST

static void parts(const char *text, const char *want)
{
	struct cf_firefox_location l =
		cf_firefox_location((struct cf_slice){ (const uint8_t *)text, strlen(text) });
	g_autofree char *got = g_strdup_printf("%.*s|%.*s|%.*s|%u", (int)l.name.len, l.name.data,
					       (int)l.module.len, (const char *)l.module.data,
					       (int)l.file.len, (const char *)l.file.data, l.line);

	ck_assert_str_eq(got, want);
}

START_TEST(locations)
{
	parts("work", "work|||0");
	parts("", "|||0");
	parts("f(int) (in lib (x).so)", "f(int) (in lib (x).so)|||0");
	parts("f(int) (in libx.so)", "f(int)|libx.so||0");
	parts("f (in libx.so) + 12", "f|libx.so||0");
	parts("f (in libx.so) (12:13)", "f|libx.so||0");
	parts("f (http://a/b.js:3)", "f||http://a/b.js|3");
	parts("f (http://a/b.js:3:17)", "f||http://a/b.js|3");
	parts("http://a/b.js:3", "http://a/b.js:3||http://a/b.js|3");
	parts("f (x)", "f (x)|||0");
	parts(" (in )", " (in )|||0");
	parts("f (:3)", "f (:3)|||0");
	parts("a::b", "a::b|||0");
	ck_assert_str_eq(cf_script_name("chrome://blargh"), "blargh");
	ck_assert_str_eq(cf_script_name("http://a/b/c.js"), "b/c.js");
	ck_assert_str_eq(cf_script_name("/x/node_modules/y/z.js"), "y/z.js");
}
END_TEST

START_TEST(probes)
{
	ck_assert_int_eq(bid_json(format, "{'meta':{'preprocessedProfileVersion':1}}"), CF_BID_MAGIC);
	ck_assert_int_eq(bid_json(format, "{'threads':[{'stackTable':{}}]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(format, "{'meta':{'processType':0,'interval':1},'profileJSON':[]}"),
			 CF_BID_NEAR);
	ck_assert_int_eq(bid_json(format, "{'threads':[1]}"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/firefox");
	TCase *t = tcase_create("profiles");

	tcase_add_test(t, tables_of_a_thread);
	tcase_add_test(t, shared_tables);
	tcase_add_test(t, gecko);
	tcase_add_test(t, allocations);
	tcase_add_test(t, refused);
	tcase_add_test(t, locations);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
