/* SPDX-License-Identifier: MIT */
/* store_select: the run grammar, on nine runs whose places are written beside them. */
#include "tests/unit/store_fixture.h"

#include <string.h>

#define DAY G_GINT64_CONSTANT(86400000000000)

/* id 1..9; start in days since 2026-11-01T06:00Z. Run 4 was ingested late: it starts before run 3. */
static const struct {
	const char *name, *commit, *channel, *host;
	int day;
} runs[] = {
	{ "main", "1a2b3c4d5e6f", "stable", "web1", 0 },
	{ "nightly", "aaaa1111", "beta", "web1", 1 },
	{ "nightly", "bbbb2222", "beta", "web2", 8 },
	{ "nightly", "cccc3333", "beta", "web1", 4 },
	{ "main", "1a2b77777777", "stable", "web1", 9 },
	{ "nightly", "dddd4444", "beta", "web1:8080", 15 },
	{ "a..b", NULL, NULL, NULL, 16 },
	{ "host:2", NULL, NULL, NULL, 17 },
	{ "git", NULL, NULL, NULL, 30 }, /* no samples */
};

static struct cf_store *open_nine(struct fixture *f)
{
	struct cf_store *store = fixture_open_memory(f);

	for (size_t i = 0; i < G_N_ELEMENTS(runs); i++) {
		g_autofree char *hash = g_strdup_printf("%04zx", i);
		struct cf_trace *trace =
			i + 1 < G_N_ELEMENTS(runs) ? fixture_trace(runs[i].name, 1, 0) : cf_trace_new();

		g_free(trace->meta.name);
		g_hash_table_remove_all(trace->meta.labels);
		trace->meta.name = g_strdup(runs[i].name);
		trace->meta.commit = g_strdup(runs[i].commit);
		trace->meta.start_ns = G_GINT64_CONSTANT(1793512800000000000) + runs[i].day * DAY;
		if (runs[i].channel)
			g_hash_table_insert(trace->meta.labels, g_strdup("channel"),
					    g_strdup(runs[i].channel));
		if (runs[i].host)
			g_hash_table_insert(trace->meta.labels, g_strdup("host"), g_strdup(runs[i].host));
		fixture_put(f, store, hash, trace);
	}
	return store;
}

/* "2,4,3" or "-" for an error */
static char *ids(struct fixture *f, struct cf_store *store, const char *expr, const char *in)
{
	GString *text = g_string_new(NULL);
	struct cf_run_set set;

	if (cf_store_select(store, expr, in, CF_FACTS_SAMPLES, &set, &f->diag) != 0) {
		g_string_append(text, "-");
	} else {
		for (guint i = 0; i < set.runs->len; i++)
			g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i ? "," : "",
					       ((struct cf_run *)g_ptr_array_index(set.runs, i))->id);
		cf_run_set_clear(&set);
	}
	return g_string_free(text, FALSE);
}

START_TEST(test_found)
{
	static const struct {
		const char *expr, *in, *ids;
	} cases[] = {
		{ "7", NULL, "7" },
		{ "nightly", NULL, "6" },
		{ "main", NULL, "5" },
		{ "channel=beta", NULL, "6" },
		{ "channel=beta,host=web1", NULL, "4" },
		{ "host=web1:8080", NULL, "6" },
		{ "name=main,channel=stable", NULL, "5" },
		{ "c:1a2b3c", NULL, "1" },
		{ "c:1A2B", NULL, "5" },
		{ "nightly~0", NULL, "6" },
		{ "nightly~1", NULL, "3" },
		{ "nightly~2", NULL, "4" },
		{ "nightly~3", NULL, "2" },
		{ "nightly~1~1", NULL, "4" },
		{ "6~1", NULL, "3" },
		{ "nightly@7d", NULL, "3" },
		{ "nightly@1w", NULL, "3" },
		{ "nightly@8d", NULL, "4" },
		{ "nightly@168h", NULL, "3" },
		{ "nightly@2026-11-09", NULL, "3" },
		{ "nightly@2026-11-08", NULL, "4" },
		{ "nightly@2026-11-09T05:59", NULL, "4" },
		{ "nightly@2026-11-09T06:00", NULL, "3" },
		{ "nightly@2026-11-09~1", NULL, "4" },
		{ "nightly:1", NULL, "6" },
		{ "nightly:2", NULL, "3,6" },
		{ "nightly:4", NULL, "2,4,3,6" },
		{ "nightly:all", NULL, "2,4,3,6" },
		{ "nightly~1:2", NULL, "4,3" },
		{ "nightly~1:all", NULL, "2,4,3" },
		{ "c:1a2b:2", NULL, "1,5" },
		{ "host=web1:2", NULL, "4,5" },
		{ "@", NULL, "8" },
		{ "@", "channel=beta", "6" },
		{ "@~1", "channel=beta", "3" },
		{ "@:2", "channel=beta", "3,6" },
		{ "@@7d", "channel=beta", "3" },
		{ "nightly", "host=web1", "4" },
		{ "nightly~1", "host=web1", "2" },
		{ "2..5", NULL, "2,4,3,5" },
		{ "main~1..main", NULL, "1,5" },
		{ "nightly~2..nightly", NULL, "4,3,6" },
		{ "nightly~3..main", NULL, "2,4,3,5" },
		{ "1..@", NULL, "1,2,4,3,5,6,7,8" },
		{ "a..b", NULL, "7" },
		{ "host:2", NULL, "8" },
		{ "git", NULL, "9" },
		{ "5,3,4", NULL, "4,3,5" },
		{ "6,6,2", NULL, "2,6" },
	};
	struct fixture f;
	struct cf_store *store = open_nine(&f);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = ids(&f, store, cases[i].expr, cases[i].in);

		ck_assert_msg(strcmp(got, cases[i].ids) == 0, "%s (in %s): %s, not %s; %s", cases[i].expr,
			      cases[i].in ? cases[i].in : "-", got, cases[i].ids, f.said);
	}
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_refused)
{
	static const struct {
		const char *expr, *in, *said;
		enum cf_status status;
	} cases[] = {
		{ "nigthly", NULL, "error: no run 'nigthly'; did you mean 'nightly' (4 runs)?",
		  CF_STATUS_INPUT },
		{ "git2", NULL, "error: no run 'git2'; did you mean 'git' (1 run)?", CF_STATUS_INPUT },
		{ "something", NULL, "error: no run 'something'; callflow runs lists what there is",
		  CF_STATUS_INPUT },
		{ "chanel=beta", NULL, "error: no run with 'chanel=beta'; did you mean 'channel=beta'?",
		  CF_STATUS_INPUT },
		{ "99", NULL, "error: no run '99'; callflow runs lists what there is", CF_STATUS_INPUT },
		{ "c:ffff", NULL, "error: no run 'c:ffff'; callflow runs lists what there is",
		  CF_STATUS_INPUT },
		{ "nightly~4", NULL, "error: 'nightly~4': only 3 runs before run 6 'nightly'",
		  CF_STATUS_INPUT },
		{ "nightly~x", NULL, "error: 'nightly~x': expected a number after '~'", CF_STATUS_USAGE },
		{ "nightly@soon", NULL,
		  "error: 'nightly@soon': expected a length (7d) or a date (2026-11-16) after '@', found "
		  "'soon'",
		  CF_STATUS_USAGE },
		{ "nightly@99999w", NULL,
		  "error: 'nightly@99999w': expected a length (7d) or a date (2026-11-16) after '@', found "
		  "'99999w'",
		  CF_STATUS_USAGE },
		{ "nightly@2020-01-01", NULL,
		  "error: 'nightly@2020-01-01': no run at or before 2020-01-01T23:59:59Z; the first is of "
		  "2026-11-02T06:00:00Z",
		  CF_STATUS_INPUT },
		{ "nightly:0", NULL, "error: 'nightly:0': the last 0 runs are none", CF_STATUS_USAGE },
		{ "5..2", NULL,
		  "error: '5..2': run 5 started 2026-11-10T06:00:00Z, after run 2 at 2026-11-02T06:00:00Z; a "
		  "range "
		  "goes by start: '2..5'",
		  CF_STATUS_INPUT },
		{ "5,,2", NULL, "error: '5,,2': expected a run's id on both sides of a comma",
		  CF_STATUS_USAGE },
		{ "5,99", NULL, "error: no run '99'; callflow runs lists what there is", CF_STATUS_INPUT },
		{ "..2", NULL, "error: '..2': a range needs both ends", CF_STATUS_USAGE },
		{ "", NULL, "error: an empty text names no run", CF_STATUS_USAGE },
		{ "@", "web1", "error: --in web1: expected KEY=VALUE", CF_STATUS_USAGE },
		{ "nightly", "host=web9",
		  "error: :memory:: no runs to choose 'nightly' from; start with: callflow ingest "
		  "perf.data",
		  CF_STATUS_INPUT },
		{ "@", "name=git",
		  "error: :memory:: no run has samples; start with: callflow ingest perf.data",
		  CF_STATUS_INPUT },
	};
	struct fixture f;
	struct cf_store *store = open_nine(&f);

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = NULL;

		f.diag.errors = 0;
		got = ids(&f, store, cases[i].expr, cases[i].in);
		ck_assert_str_eq(got, "-");
		fixture_said(&f, cases[i].said);
		ck_assert_int_eq(f.diag.status, cases[i].status);
	}
	fixture_close(&f, store);
}
END_TEST

/* Fewer than asked for is said, not padded. */
START_TEST(test_few)
{
	struct fixture f;
	struct cf_store *store = open_nine(&f);
	g_autofree char *got = ids(&f, store, "main:5", NULL);

	ck_assert_str_eq(got, "1,5");
	fixture_said(&f, "warning: 'main:5': there are only 2");
	fixture_close(&f, store);
}
END_TEST

/* "@" follows what was ingested last, also when that replaced an old run. */
START_TEST(test_replaced_is_last)
{
	struct fixture f;
	struct cf_store *store = open_nine(&f);
	struct cf_trace *trace = fixture_trace("nightly", 1, 0);
	g_autofree char *got = NULL;

	trace->meta.start_ns = G_GINT64_CONSTANT(1793512800000000000) + DAY;
	fixture_put(&f, store, "0001", trace);
	got = ids(&f, store, "@", NULL);
	ck_assert_str_eq(got, "2");
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_runs)
{
	struct fixture f;
	struct cf_store *store = open_nine(&f);
	struct cf_run_set set;

	ck_assert_int_eq(cf_store_runs(store, NULL, &set, &f.diag), 0);
	ck_assert_uint_eq(set.runs->len, 9);
	ck_assert_int_eq(((struct cf_run *)g_ptr_array_index(set.runs, 2))->id, 4);
	cf_run_set_clear(&set);
	ck_assert_int_eq(cf_store_runs(store, "channel=stable", &set, &f.diag), 0);
	ck_assert_uint_eq(set.runs->len, 2);
	cf_run_set_clear(&set);
	fixture_close(&f, store);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("store_select");
	TCase *t = tcase_create("select");

	tcase_add_test(t, test_found);
	tcase_add_test(t, test_refused);
	tcase_add_test(t, test_few);
	tcase_add_test(t, test_replaced_is_last);
	tcase_add_test(t, test_runs);
	suite_add_tcase(s, t);
	return s;
}
