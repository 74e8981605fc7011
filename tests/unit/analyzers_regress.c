/* SPDX-License-Identifier: MIT */
/* analyzers_regress: histories with known changes: where, how sure, new or known or recovered; and noise without any. */
#include "analyzers/regress/compute.h"

#include <math.h>
#include <string.h>

#include "analyzers/stat/random.h"
#include "tests/unit/suite.h"

static void init(struct cf_regress_history *history, size_t runs)
{
	cf_regress_history_init(history);
	for (size_t i = 0; i < runs; i++) {
		const struct cf_regress_run run = { .commit = CF_NONE };

		g_array_append_val(history->runs, run);
	}
}

/* "10x100 8x150": ten values around 100, eight around 150; an alternating noise of 1 %. */
static size_t values_of(const char *text, double *x)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	size_t n = 0;

	for (char **word = words; *word; word++) {
		char *end;
		size_t count = (size_t)g_ascii_strtoull(*word, &end, 10);
		double level = g_ascii_strtod(end + 1, NULL);

		ck_assert(*end == 'x');
		for (size_t i = 0; i < count; i++, n++)
			x[n] = level * (1 + 0.01 * ((double)(n * 7919 % 13) / 6 - 1));
	}
	return n;
}

static void compute(const char *text, gboolean more_is_better, size_t newest,
		    struct cf_regress_history *history, struct cf_regress_result *result)
{
	struct cf_regress_options options = CF_REGRESS_OPTIONS;
	double x[1000];
	size_t n = values_of(text, x);

	options.newest = newest;
	init(history, n);
	cf_regress_add(history, CF_SUBJECT_BENCHMARK, "b", x, n)->more_is_better = more_is_better;
	cf_regress_compute(result, history, &options);
}

static void clear(struct cf_regress_history *history, struct cf_regress_result *result)
{
	cf_regress_result_clear(result);
	cf_regress_history_clear(history);
}

/* "worse new 10 [10-10] 20/20" per change */
static char *dump(const struct cf_regress_result *result)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < result->changes->len; i++) {
		const struct cf_regress_change *c =
			&g_array_index(result->changes, struct cf_regress_change, i);

		g_string_append_printf(text, "%s%s %s%s%s at %zu", i ? ", " : "",
				       c->worse ? "worse" : "better", cf_finding_state_name(c->state),
				       c->past ? " past" : "", c->withdrawn ? " withdrawn" : "", c->at);
		if (c->state == CF_FINDING_RECOVERED && !c->withdrawn)
			g_string_append_printf(text, " back %zu", c->back);
	}
	return g_string_free(text, FALSE);
}

START_TEST(test_states)
{
	static const struct {
		const char *values;
		gboolean more;
		size_t newest;
		const char *want;
	} cases[] = {
		{ "20x100", FALSE, 1, "" },
		{ "20x100 20x150", FALSE, 1, "worse known at 20" },
		{ "20x100 20x150", FALSE, 20, "worse new at 20" },
		/* seen from the seventh run on: the evidence needs as many as the test has power for */
		{ "20x100 4x150", FALSE, 4, "worse new at 20" },
		{ "20x100 20x150", TRUE, 1, "better known at 20" },
		{ "20x150 20x100", TRUE, 20, "worse new at 20" },
		/* and back again: long since, or just now */
		{ "20x100 20x150 20x100", FALSE, 1,
		  "worse recovered past at 20 back 40, better known past at 40" },
		{ "20x100 20x150 20x100", FALSE, 20, "worse recovered at 20 back 40, better new past at 40" },
		/* less bad isn't recovered, better than ever is an improvement as well */
		{ "20x100 20x150 20x120", FALSE, 1, "worse known at 20, better known at 40" },
		{ "20x100 20x150 20x80", FALSE, 1, "worse recovered past at 20 back 40, better known at 40" },
		{ "20x100 20x150 20x200 20x99", FALSE, 20,
		  "worse recovered at 20 back 60, worse recovered at 40 back 60, better new past at 60" },
		/* below the effect that matters */
		{ "20x100 20x101", FALSE, 1, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_regress_history history;
		struct cf_regress_result result;
		g_autofree char *have = NULL;

		compute(cases[i].values, cases[i].more, cases[i].newest, &history, &result);
		have = dump(&result);
		ck_assert_msg(!strcmp(have, cases[i].want), "%s: have %s", cases[i].values, have);
		clear(&history, &result);
	}
}
END_TEST

START_TEST(test_numbers)
{
	struct cf_regress_history history;
	struct cf_regress_result result;
	const struct cf_regress_change *c;

	compute("20x100 20x150", FALSE, 1, &history, &result);
	c = &g_array_index(result.changes, struct cf_regress_change, 0);
	ck_assert_uint_eq(c->prior, 19);
	ck_assert_uint_eq(c->lo, 20);
	ck_assert_uint_eq(c->hi, 20);
	ck_assert_double_eq_tol(c->ratio.estimate, 1.5, 0.01);
	ck_assert(c->ratio.lo <= 1.5 && c->ratio.hi >= 1.5 && c->ratio.hi - c->ratio.lo < 0.03);
	ck_assert(c->p < 1e-6);
	ck_assert(isnan(c->share));
	ck_assert_int_eq(c->severity, CF_FINDING_CRITICAL);
	clear(&history, &result);
}
END_TEST

/* Of a part, what it costs of the whole says how bad it is: +50 % of 1 % isn't much. */
START_TEST(test_severity_of_parts)
{
	struct cf_regress_options options = CF_REGRESS_OPTIONS;
	struct cf_regress_history history;
	struct cf_regress_result result;
	struct cf_regress_series *series;
	double x[1000];
	size_t n = values_of("20x10 20x15", x);

	init(&history, n);
	cf_regress_add_metric(&history, "cpu");
	for (size_t i = 0; i < n; i++)
		cf_regress_metric(&history, 0)->whole[i] = 1000;
	series = cf_regress_add(&history, CF_SUBJECT_FUNCTION, "f", x, n);
	series->of = 0;
	series->part = TRUE;
	cf_regress_compute(&result, &history, &options);
	ck_assert_uint_eq(result.changes->len, 1);
	ck_assert_double_eq_tol(g_array_index(result.changes, struct cf_regress_change, 0).share, 0.005,
				1e-4);
	ck_assert_int_eq(g_array_index(result.changes, struct cf_regress_change, 0).severity,
			 CF_FINDING_MINOR);
	clear(&history, &result);
}
END_TEST

/* Runs without a value are skipped, and the change is that of the run it is in. */
START_TEST(test_gaps)
{
	struct cf_regress_options options = CF_REGRESS_OPTIONS;
	struct cf_regress_history history;
	struct cf_regress_result result;
	double x[1000], sparse[1000];
	size_t n = values_of("20x100 20x150", x);

	for (size_t i = 0; i < 2 * n; i++)
		sparse[i] = i % 2 ? x[i / 2] : NAN;
	init(&history, 2 * n);
	cf_regress_add(&history, CF_SUBJECT_BENCHMARK, "sparse", sparse, 2 * n);
	for (size_t i = 0; i < 2 * n; i++)
		sparse[i] = i < 5 ? 1 : NAN;
	cf_regress_add(&history, CF_SUBJECT_BENCHMARK, "short", sparse, 2 * n);
	cf_regress_compute(&result, &history, &options);
	ck_assert_uint_eq(result.looked, 1);
	ck_assert_uint_eq(result.shorts, 1);
	ck_assert_uint_eq(result.changes->len, 1);
	ck_assert_uint_eq(g_array_index(result.changes, struct cf_regress_change, 0).at, 41);
	ck_assert_uint_eq(g_array_index(result.changes, struct cf_regress_change, 0).prior, 39);
	clear(&history, &result);
}
END_TEST

/* One run that is off is no shift; two at the end may be one, and are said to be neither. */
START_TEST(test_odd)
{
	struct cf_regress_history history;
	struct cf_regress_result result;
	const struct cf_regress_odd *odd;

	compute("20x100 1x150 19x100", FALSE, 1, &history, &result);
	ck_assert_uint_eq(result.changes->len, 0);
	ck_assert_uint_eq(result.odd->len, 1);
	odd = &g_array_index(result.odd, struct cf_regress_odd, 0);
	ck_assert_uint_eq(odd->run, 20);
	ck_assert(odd->worse && !odd->fresh && odd->runs == 1 && odd->q < 0.01);
	clear(&history, &result);
	compute("39x100 1x150", FALSE, 1, &history, &result);
	ck_assert_uint_eq(result.odd->len, 1);
	ck_assert(g_array_index(result.odd, struct cf_regress_odd, 0).fresh);
	clear(&history, &result);
	compute("38x100 2x150", FALSE, 1, &history, &result);
	ck_assert_uint_eq(result.changes->len, 0);
	ck_assert_uint_eq(result.odd->len, 1);
	odd = &g_array_index(result.odd, struct cf_regress_odd, 0);
	ck_assert_uint_eq(odd->run, 38);
	ck_assert_uint_eq(odd->to, 39);
	ck_assert(odd->runs == 2 && odd->last && odd->fresh);
	clear(&history, &result);
	/* too few for a shift and back, and one thing all the same */
	compute("20x100 2x150 18x100", FALSE, 1, &history, &result);
	ck_assert_uint_eq(result.odd->len, 1);
	odd = &g_array_index(result.odd, struct cf_regress_odd, 0);
	ck_assert(odd->run == 20 && odd->to == 21 && odd->runs == 2 && !odd->last && !odd->fresh);
	clear(&history, &result);
}
END_TEST

/* A thousand functions with noise of 15 % and no change: at most 1 % may be said to have one. */
START_TEST(test_noise)
{
	struct cf_regress_options options = CF_REGRESS_OPTIONS;
	struct cf_regress_history history;
	struct cf_regress_result result;
	struct cf_random random;
	enum { RUNS = 52, FUNCTIONS = 1000 };
	double x[RUNS];

	cf_random_init(&random, 7);
	init(&history, RUNS);
	for (int f = 0; f < FUNCTIONS; f++) {
		g_autofree char *name = g_strdup_printf("f%d", f);

		for (int r = 0; r < RUNS; r++)
			x[r] = 100 * (1 + 0.15 * cf_random_normal(&random));
		cf_regress_add(&history, CF_SUBJECT_FUNCTION, name, x, RUNS);
	}
	cf_regress_compute(&result, &history, &options);
	/* The mark is 1 %; as many series as one may have one false change or odd run among them all. */
	ck_assert_uint_le(result.changes->len, 1);
	ck_assert_uint_le(result.odd->len, 1);
	clear(&history, &result);
}
END_TEST

/* Short histories of many: 100 series of 12 runs had a false change in 17 of 100 histories by a penalty that doesn't know that. */
START_TEST(test_short_noise)
{
	struct cf_regress_options options = CF_REGRESS_OPTIONS;
	struct cf_random random;
	guint false_changes = 0;

	cf_random_init(&random, 13);
	for (int round = 0; round < 50; round++) {
		struct cf_regress_history history;
		struct cf_regress_result result;
		double x[12];

		init(&history, 12);
		for (int s = 0; s < 100; s++) {
			g_autofree char *name = g_strdup_printf("b%d", s);

			for (int r = 0; r < 12; r++)
				x[r] = 100 * (1 + 0.1 * cf_random_normal(&random));
			cf_regress_add(&history, CF_SUBJECT_BENCHMARK, name, x, 12);
		}
		cf_regress_compute(&result, &history, &options);
		false_changes += result.changes->len;
		clear(&history, &result);
	}
	ck_assert_uint_le(false_changes, 1);
}
END_TEST

/* Runs come one by one: a shift is new once, however close to the limit of what can be told it is. */
START_TEST(test_news_once)
{
	struct cf_regress_options options = CF_REGRESS_OPTIONS;
	struct cf_random random;
	guint found = 0, news = 0;

	cf_random_init(&random, 5);
	for (int series = 0; series < 40; series++) {
		double x[60];
		guint mine = 0;

		for (int i = 0; i < 60; i++)
			x[i] = 100 * (i >= 30 ? 1.1 : 1) * (1 + 0.05 * cf_random_normal(&random));
		for (size_t n = 31; n <= 60; n++) {
			struct cf_regress_history history;
			struct cf_regress_result result;

			init(&history, n);
			cf_regress_add(&history, CF_SUBJECT_BENCHMARK, "b", x, n);
			cf_regress_compute(&result, &history, &options);
			for (guint i = 0; i < result.changes->len; i++) {
				const struct cf_regress_change *c =
					&g_array_index(result.changes, struct cf_regress_change, i);

				mine += c->worse && c->state == CF_FINDING_NEW && c->at >= 27 && c->at <= 33;
			}
			clear(&history, &result);
		}
		found += mine > 0;
		news += mine;
	}
	ck_assert_uint_ge(found, 30);
	ck_assert_uint_le(news, found + 1);
}
END_TEST

/* All series turned upside down: the same places, worse for better. */
START_TEST(test_mirror)
{
	struct cf_regress_options options = CF_REGRESS_OPTIONS;
	struct cf_random random;
	double x[60], y[60];

	cf_random_init(&random, 11);
	for (int round = 0; round < 50; round++) {
		struct cf_regress_history a, b;
		struct cf_regress_result ra, rb;

		for (int i = 0; i < 60; i++)
			x[i] = 100 + 2 * cf_random_normal(&random) + (i >= 25 ? 15 : 0) - (i >= 45 ? 10 : 0);
		for (int i = 0; i < 60; i++)
			y[i] = x[59 - i];
		init(&a, 60);
		init(&b, 60);
		cf_regress_add(&a, CF_SUBJECT_BENCHMARK, "x", x, 60);
		cf_regress_add(&b, CF_SUBJECT_BENCHMARK, "x", y, 60);
		options.newest = 1;
		cf_regress_compute(&ra, &a, &options);
		cf_regress_compute(&rb, &b, &options);
		ck_assert_uint_eq(ra.changes->len, 2);
		ck_assert_uint_eq(rb.changes->len, 2);
		for (guint i = 0; i < 2; i++) {
			const struct cf_regress_change *c =
				&g_array_index(ra.changes, struct cf_regress_change, i);
			const struct cf_regress_change *d =
				&g_array_index(rb.changes, struct cf_regress_change, 1 - i);

			ck_assert_uint_eq(c->at, 60 - d->at);
			ck_assert_uint_eq(c->runs_before, d->runs_after);
			ck_assert_int_eq(c->worse, !d->worse);
			ck_assert_double_eq_tol(c->ratio.estimate * d->ratio.estimate, 1, 1e-12);
			ck_assert(c->lo <= c->at && c->at <= c->hi);
		}
		clear(&a, &ra);
		clear(&b, &rb);
	}
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers_regress");
	TCase *t = tcase_create("regress");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_states);
	tcase_add_test(t, test_numbers);
	tcase_add_test(t, test_severity_of_parts);
	tcase_add_test(t, test_gaps);
	tcase_add_test(t, test_odd);
	tcase_add_test(t, test_noise);
	tcase_add_test(t, test_short_noise);
	tcase_add_test(t, test_news_once);
	tcase_add_test(t, test_mirror);
	suite_add_tcase(s, t);
	return s;
}
