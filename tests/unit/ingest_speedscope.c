/* SPDX-License-Identifier: MIT */
/* ingest_speedscope: profiles in speedscope's format, sampled and evented, sound and damaged. */
#include "tests/unit/format_fixture.h"

extern const struct cf_format cf_format_speedscope;

static const struct cf_format *const format = &cf_format_speedscope;

#define SHARED "'shared':{'frames':[{'name':'a','file':'a.c','line':3},{'name':'b'}]}"
#define SAMPLED(unit, samples, weights)                                                                 \
	"{'type':'sampled','name':'t','unit':'" unit "','startValue':0,'endValue':9,'samples':" samples \
	",'weights':" weights "}"
#define EVENTED(events) \
	"{'type':'evented','name':'t','unit':'none','startValue':0,'endValue':9,'events':[" events "]}"

START_TEST(sampled)
{
	reads_json(format,
		   "{" SHARED ",'profiles':[" SAMPLED("microseconds", "[[0,1],[0],[0,1],[]]",
						      "[1,2.5,3,4]") "],'name':'n'}",
		   "name n\na;b | time 4000 2\na | time 2500 1\n | time 4000 1\n");
	/* Profiles may stand before the frames. */
	reads_json(format, "{'profiles':[" SAMPLED("bytes", "[[1]]", "[7.5]") "]," SHARED "}",
		   "b | size 8 1\n! rounded - 1\n");
}
END_TEST

/* Our own exports say which metric and thread a profile is of: costs of one unit aren't added up. */
START_TEST(of_several_metrics)
{
	reads_json(format,
		   "{" SHARED ",'profiles':["
		   "{'type':'sampled','name':'t, "
		   "Ir','unit':'none','metric':'Ir','thread':'t','samples':[[0]],'weights':[5]},"
		   "{'type':'sampled','name':'t, "
		   "Dr','unit':'none','metric':'Dr','thread':'t','samples':[[0]],'weights':[3]},"
		   "{'type':'sampled','name':'t, "
		   "Ir','unit':'bytes','metric':'Ir','thread':'t','samples':[[1]],'weights':[2]},"
		   "{'type':'sampled','name':'u','unit':'none','metric':{},'thread':[],'samples':[[1]],'"
		   "weights':[1]}"
		   "]}",
		   "a | Ir 5 1\na | Dr 3 1\nb | size 2 1\nb | weight 1 1\n");
}
END_TEST

/* What passes between two events is the cost of what is open. */
START_TEST(evented)
{
	reads_json(format,
		   "{" SHARED ",'profiles':[" EVENTED(
			   "{'type':'O','frame':0,'at':1},{'type':'O','frame':1,'at':3},"
			   "{'type':'C','frame':1,'at':7},{'type':'C','frame':0,'at':8}") "]}",
		   "a | weight 3 1\na;b | weight 4 1\n");
	reads_json(format,
		   "{" SHARED ",'profiles':[" EVENTED(
			   "{'type':'O','frame':0,'at':1},{'type':'O','frame':1,'at':3}") "]}",
		   "a | weight 2 0\n! unclosed - 2\n");
}
END_TEST

static void bad_profile(const char *profile, const char *want)
{
	g_autofree char *text = g_strdup_printf("{" SHARED ",\n'profiles':[%s]}", profile);

	reads_json(format, text, want);
}

START_TEST(bad_profiles)
{
	bad_profile("", "f: no profiles\n");
	bad_profile(SAMPLED("none", "[[2]]", "[1]"), "f:2:96: frame 2, but there are only 2\n");
	bad_profile(SAMPLED("none", "[[0],[1]]", "[1]"), "f:2:101: more samples than weights\n");
	bad_profile(SAMPLED("none", "[[0]]", "[1,2]"), "f:2:113: more weights than samples\n");
	bad_profile(SAMPLED("none", "[[0]]", "[-1]"), "f:2:111: a negative weight\n");
	bad_profile(SAMPLED("parsec", "[]", "[]"),
		    "f:2:49: unknown unit 'parsec', expected none, bytes or a unit of time\n");
	bad_profile("{'name':'t','samples':[],'weights':[]}", "f:2:50: a profile without a unit\n");
	bad_profile(EVENTED("{'type':'C','frame':0,'at':1}"),
		    "f:2:122: 'a' is closed, but nothing is open innermost\n");
	bad_profile(EVENTED("{'type':'O','frame':1,'at':1},{'type':'C','frame':0,'at':1}"),
		    "f:2:152: 'a' is closed, but 'b' is open innermost\n");
	bad_profile(EVENTED("{'type':'O','frame':1,'at':2},{'type':'O','frame':0,'at':1}"),
		    "f:2:152: events aren't in the order of time\n");
	bad_profile(EVENTED("{'type':'O','frame':1}"),
		    "f:2:115: expected an event with type O or C, a frame and a time\n");
}
END_TEST

START_TEST(probes)
{
	ck_assert_int_eq(bid_json(format, "{'$schema':'https://www.speedscope.app/file-format-schema.json'}"),
			 CF_BID_MAGIC);
	ck_assert_int_eq(bid_json(format, "{'shared':{'frames':[]},'profiles':[]}"), CF_BID_SHAPE);
	ck_assert_int_eq(bid_json(format, "{'shared':{'frames':[]}}"), CF_BID_NEAR);
	ck_assert_int_eq(bid_json(format, "{'profiles':[]}"), CF_BID_NO);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/speedscope");
	TCase *t = tcase_create("profiles");

	tcase_add_test(t, sampled);
	tcase_add_test(t, of_several_metrics);
	tcase_add_test(t, evented);
	tcase_add_test(t, bad_profiles);
	tcase_add_test(t, probes);
	suite_add_tcase(s, t);
	return s;
}
