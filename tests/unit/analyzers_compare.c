/* SPDX-License-Identifier: MIT */
/* analyzers_compare: what comparisons find in made-up runs, and what holds for all of them. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/compare/functions.h"
#include "analyzers/compare/present.h"
#include "analyzers/stat/random.h"

#include <math.h>

static void sides_of(struct cf_sides *sides, enum cf_compare_method method, enum cf_unit unit)
{
	cf_sides_init(sides);
	sides->metric = (struct cf_metric_pair){
		.before = g_strdup("m"), .after = g_strdup("m"), .unit = unit, .method = method
	};
}

/* A leaf, or with total more than self a function that calls. */
static void put(struct cf_sides *sides, int side, uint32_t run, const char *name, int64_t self, int64_t total)
{
	const struct cf_side_cost cost = { self, total, self, total };

	cf_sides_add(sides, side, run, name, "app", CF_FRAME_NATIVE, "", 0, &cost);
	sides->runs[side] = MAX(sides->runs[side], run + 1);
	sides->weight[side] += self;
	sides->count[side] += self;
}

static const struct cf_compared *find(const struct cf_comparison *comparison, const char *name)
{
	for (guint i = 0; i < comparison->functions->len; i++)
		if (!strcmp(cf_compared_at(comparison, i)->row->name, name))
			return cf_compared_at(comparison, i);
	ck_abort_msg("no function %s", name);
	return NULL;
}

static const char *found(const struct cf_comparison *comparison, const char *name)
{
	return cf_found_name(find(comparison, name)->found);
}

static void compare(struct cf_comparison *comparison, struct cf_sides *sides)
{
	const struct cf_compare_options options = CF_COMPARE_OPTIONS;

	cf_sides_settle(sides);
	cf_compare_functions(comparison, sides, &options);
}

static void done(struct cf_comparison *comparison, struct cf_sides *sides)
{
	cf_comparison_clear(comparison);
	cf_sides_clear(sides);
}

/* Ten functions of 1000 samples that don't change, and what is put besides. */
static void background(struct cf_sides *sides)
{
	for (int i = 0; i < 10; i++) {
		g_autofree char *name = g_strdup_printf("steady%d", i);

		put(sides, CF_BEFORE, 0, name, 1000 + 7 * i, 1000 + 7 * i);
		put(sides, CF_AFTER, 0, name, 1000 + 5 * i, 1000 + 5 * i);
	}
}

START_TEST(says_what_changed)
{
	struct cf_comparison comparison;
	struct cf_sides sides;

	sides_of(&sides, CF_COMPARE_SAMPLED, CF_UNIT_COUNT);
	background(&sides);
	put(&sides, CF_BEFORE, 0, "hot", 1000, 1000);
	put(&sides, CF_AFTER, 0, "hot", 1500, 1500);
	put(&sides, CF_BEFORE, 0, "cool", 1000, 1000);
	put(&sides, CF_AFTER, 0, "cool", 700, 700);
	put(&sides, CF_AFTER, 0, "fresh", 300, 300);
	put(&sides, CF_BEFORE, 0, "past", 200, 200);
	put(&sides, CF_BEFORE, 0, "rare", 9, 9);
	put(&sides, CF_AFTER, 0, "rare", 19, 19);
	put(&sides, CF_BEFORE, 0, "rarest", 1, 1);
	put(&sides, CF_AFTER, 0, "rarest", 3, 3);
	compare(&comparison, &sides);
	ck_assert_str_eq(found(&comparison, "hot"), "regressed");
	ck_assert_str_eq(found(&comparison, "cool"), "improved");
	ck_assert_str_eq(found(&comparison, "fresh"), "new");
	ck_assert_str_eq(found(&comparison, "past"), "gone");
	ck_assert_str_eq(found(&comparison, "rare"), "unsure");
	ck_assert_str_eq(found(&comparison, "rarest"), "noise");
	ck_assert_str_eq(found(&comparison, "steady3"), "noise");
	ck_assert_double_gt(find(&comparison, "rare")->self.needed, 1);
	ck_assert_double_lt(find(&comparison, "hot")->self.needed, 1);
	ck_assert(fabs(comparison.scale - 1) < 0.02);
	{
		g_autofree char *text = cf_compare_headline(&comparison);

		ck_assert_str_eq(text, "1 function more, 1 new, 1 less, 1 gone, 1 unsure; 11 within noise");
	}
	done(&comparison, &sides);
}
END_TEST

/* A recording of twice the length isn't a slowdown, unless it is said that both did the same work. */
START_TEST(takes_length_out)
{
	for (int how = 0; how < 3; how++) {
		struct cf_compare_options options = CF_COMPARE_OPTIONS;
		struct cf_comparison comparison;
		struct cf_sides sides;

		sides_of(&sides, CF_COMPARE_SAMPLED, CF_UNIT_COUNT);
		for (int i = 0; i < 10; i++) {
			g_autofree char *name = g_strdup_printf("f%d", i);

			put(&sides, CF_BEFORE, 0, name, 1000, 1000);
			put(&sides, CF_AFTER, 0, name, i == 3 ? 4000 : 2000, 2000);
		}
		cf_sides_settle(&sides);
		options.normalise = (enum cf_normalise)how;
		cf_compare_functions(&comparison, &sides, &options);
		ck_assert_str_eq(found(&comparison, "f3"), "regressed");
		ck_assert_str_eq(found(&comparison, "f4"), how == CF_NORMALISE_MEDIAN  ? "noise"
							   : how == CF_NORMALISE_TOTAL ? "improved"
										       : "regressed");
		ck_assert_double_eq_tol(comparison.scale,
					how == CF_NORMALISE_MEDIAN  ? 2
					: how == CF_NORMALISE_TOTAL ? 2.2
								    : 1,
					1e-3);
		done(&comparison, &sides);
	}
}
END_TEST

/* Of five functions the one that got slower is the median, and the others only seem faster. */
START_TEST(few_functions_cannot_outvote_one)
{
	static const struct {
		const char *name;
		int64_t before, after;
	} few[] = { { "parse", 50, 35 },
		    { "price", 59, 87 },
		    { "render", 43, 42 },
		    { "hash", 21, 31 },
		    { "spin", 10, 14 } };
	struct cf_comparison comparison;
	struct cf_sides sides;

	sides_of(&sides, CF_COMPARE_SAMPLED, CF_UNIT_COUNT);
	for (size_t i = 0; i < G_N_ELEMENTS(few); i++) {
		put(&sides, CF_BEFORE, 0, few[i].name, few[i].before, few[i].before);
		put(&sides, CF_AFTER, 0, few[i].name, few[i].after, few[i].after);
	}
	compare(&comparison, &sides);
	ck_assert_double_gt(comparison.scale, 1.3);
	ck_assert_double_lt(comparison.least, 1.1);
	ck_assert_str_eq(found(&comparison, "parse"), "unsure");
	ck_assert(isnan(find(&comparison, "parse")->self.needed));
	ck_assert_double_gt(find(&comparison, "parse")->self.ratio.hi, 1);
	ck_assert_double_lt(find(&comparison, "parse")->self.ratio.lo, 0.5);
	done(&comparison, &sides);
}
END_TEST

/* What is measured of a function doesn't depend on how long and how often was sampled. */
START_TEST(costs_are_freed_of_length_and_rate)
{
	struct cf_comparison comparison;
	struct cf_sides sides;

	sides_of(&sides, CF_COMPARE_SAMPLED, CF_UNIT_NS);
	for (int i = 0; i < 20; i++) {
		g_autofree char *name = g_strdup_printf("f%d", i);
		/* thrice the work, seen half as often; one function got 1.4 times slower */
		const struct cf_side_cost before = { 400, 400, 400, 400 };
		const int64_t samples = i == 7 ? 840 : 600;
		const struct cf_side_cost after = { samples * 2, samples * 2, samples, samples };

		cf_sides_add(&sides, CF_BEFORE, 0, name, "app", CF_FRAME_NATIVE, "", 0, &before);
		cf_sides_add(&sides, CF_AFTER, 0, name, "app", CF_FRAME_NATIVE, "", 0, &after);
		for (int side = 0; side < CF_SIDES; side++) {
			sides.runs[side] = 1;
			sides.weight[side] += side == CF_BEFORE ? before.self : after.self;
			sides.count[side] += side == CF_BEFORE ? before.self_count : after.self_count;
		}
	}
	compare(&comparison, &sides);
	ck_assert_double_eq_tol(comparison.scale, 1.5, 0.01);
	ck_assert_double_eq_tol(cf_compared_scale(&comparison), 3, 0.02);
	ck_assert(cf_compared_is_scaled(&comparison));
	ck_assert_str_eq(found(&comparison, "f7"), "regressed");
	ck_assert_double_eq_tol(cf_compared_change(&comparison, find(&comparison, "f7"), FALSE), 160, 2);
	ck_assert_double_eq_tol(cf_compared_change(&comparison, find(&comparison, "f3"), FALSE), 0, 2);
	ck_assert_double_eq_tol(cf_compared_expected(&comparison, 400), 1200, 8);
	done(&comparison, &sides);
}
END_TEST

/* Random functions on either side, one of which is what the other is with sides swapped. */
static void random_sides(struct cf_sides *sides, enum cf_compare_method method, uint64_t seed,
			 gboolean swapped, uint32_t runs)
{
	struct cf_random random;

	cf_random_init(&random, seed);
	sides_of(sides, method, CF_UNIT_COUNT);
	for (uint32_t run = 0; run < runs; run++)
		for (int i = 0; i < 60; i++) {
			g_autofree char *name = g_strdup_printf("f%02d", i);

			for (int side = 0; side < CF_SIDES; side++) {
				int64_t self = (int64_t)(cf_random_unit(&random) * (i % 7 ? 40 : 900));

				if (i % 5 == 0 && side == 1)
					self *= 2;
				put(sides, swapped ? !side : side, run, name, self, self + i % 3);
			}
		}
}

static void expect_mirrored(const struct cf_judged *a, const struct cf_judged *b)
{
	static const enum cf_outcome mirror[] = {
		[CF_OUTCOME_MORE] = CF_OUTCOME_LESS,   [CF_OUTCOME_LESS] = CF_OUTCOME_MORE,
		[CF_OUTCOME_NEW] = CF_OUTCOME_GONE,    [CF_OUTCOME_GONE] = CF_OUTCOME_NEW,
		[CF_OUTCOME_SMALL] = CF_OUTCOME_SMALL, [CF_OUTCOME_SAME] = CF_OUTCOME_SAME,
		[CF_OUTCOME_NOISE] = CF_OUTCOME_NOISE, [CF_OUTCOME_UNSURE] = CF_OUTCOME_UNSURE
	};

	ck_assert_int_eq(a->outcome, mirror[b->outcome]);
	if (!isnan(a->p))
		ck_assert_double_eq_tol(a->p, b->p, 1e-9);
	if (a->ratio.estimate > 0 && isfinite(a->ratio.estimate))
		ck_assert_double_eq_tol(a->ratio.estimate * b->ratio.estimate, 1, 1e-9);
}

START_TEST(swapped_sides_flip_signs)
{
	static const enum cf_compare_method methods[] = { CF_COMPARE_SAMPLED, CF_COMPARE_EXACT };

	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct cf_comparison there, back;
		struct cf_sides sides, swapped;
		enum cf_compare_method method = methods[seed % 2];
		uint32_t runs = 1 + (uint32_t)(seed / 2) % 3;

		random_sides(&sides, method, seed, FALSE, runs);
		random_sides(&swapped, method, seed, TRUE, runs);
		compare(&there, &sides);
		compare(&back, &swapped);
		ck_assert_double_eq_tol(there.scale * back.scale, 1, 1e-12);
		for (guint i = 0; i < there.functions->len; i++) {
			const struct cf_compared *a = cf_compared_at(&there, i),
						 *b = cf_compared_at(&back, i);

			ck_assert_str_eq(a->row->name, b->row->name);
			expect_mirrored(&a->self, &b->self);
			if (a->has_total)
				expect_mirrored(&a->total, &b->total);
			/* each in what its own base recorded */
			ck_assert_double_eq_tol(cf_compared_change(&there, a, FALSE) *
							cf_compared_scale(&there),
						-cf_compared_change(&back, b, FALSE), 1e-6);
		}
		done(&there, &sides);
		done(&back, &swapped);
	}
}
END_TEST

START_TEST(changes_add_up)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct cf_comparison comparison;
		struct cf_sides sides;
		double sum = 0;

		random_sides(&sides, CF_COMPARE_SAMPLED, seed, FALSE, (uint32_t)seed);
		compare(&comparison, &sides);
		for (guint i = 0; i < comparison.functions->len; i++)
			sum += cf_compared_change(&comparison, cf_compared_at(&comparison, i), FALSE);
		ck_assert_double_eq_tol(
			sum,
			cf_compared_cost(&comparison, sides.weight[CF_AFTER], CF_AFTER) /
					cf_compared_scale(&comparison) -
				cf_compared_cost(&comparison, sides.weight[CF_BEFORE], CF_BEFORE),
			1e-6);
		done(&comparison, &sides);
	}
}
END_TEST

START_TEST(finds_nothing_in_equal_sides)
{
	static const enum cf_compare_method methods[] = { CF_COMPARE_SAMPLED, CF_COMPARE_EXACT,
							  CF_COMPARE_MEASURED };

	for (size_t m = 0; m < G_N_ELEMENTS(methods); m++) {
		struct cf_comparison comparison;
		struct cf_random random;
		struct cf_sides sides;

		cf_random_init(&random, m);
		sides_of(&sides, methods[m], CF_UNIT_COUNT);
		for (int i = 0; i < 100; i++) {
			g_autofree char *name = g_strdup_printf("f%02d", i);
			int64_t self = (int64_t)(cf_random_unit(&random) * 1000);

			for (uint32_t run = 0; run < 5; run++)
				for (int side = 0; side < CF_SIDES; side++)
					put(&sides, side, run, name, self + run, self + run + 1);
		}
		compare(&comparison, &sides);
		for (guint i = 0; i < comparison.functions->len; i++)
			ck_assert(!cf_found_is_change(cf_compared_at(&comparison, i)->found));
		ck_assert_int_eq(comparison.found[CF_FOUND_UNSURE], 0);
		done(&comparison, &sides);
	}
}
END_TEST

/* 15 % from run to run beyond sampling: a profile tells its own noise. */
START_TEST(isnt_fooled_by_noisy_runs)
{
	guint flagged = 0, all = 0;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct cf_comparison comparison;
		struct cf_random random;
		struct cf_sides sides;

		cf_random_init(&random, seed);
		sides_of(&sides, CF_COMPARE_SAMPLED, CF_UNIT_COUNT);
		for (int i = 0; i < 1000; i++) {
			g_autofree char *name = g_strdup_printf("f%03d", i);

			for (int side = 0; side < CF_SIDES; side++) {
				int64_t self = (int64_t)(400 * exp(0.15 * cf_random_normal(&random)));

				put(&sides, side, 0, name, self, self);
			}
		}
		compare(&comparison, &sides);
		for (guint i = 0; i < comparison.functions->len; i++)
			flagged += cf_found_is_change(cf_compared_at(&comparison, i)->found);
		all += comparison.functions->len;
		done(&comparison, &sides);
	}
	ck_assert_uint_le(flagged, all / 100);
}
END_TEST

START_TEST(counts_exactly)
{
	struct cf_compare_options options = CF_COMPARE_OPTIONS;
	struct cf_comparison comparison;
	struct cf_sides sides;

	sides_of(&sides, CF_COMPARE_EXACT, CF_UNIT_COUNT);
	put(&sides, CF_BEFORE, 0, "loop", 100000, 100000);
	put(&sides, CF_AFTER, 0, "loop", 103000, 103000);
	put(&sides, CF_BEFORE, 0, "start", 200, 200);
	put(&sides, CF_AFTER, 0, "start", 260, 260);
	put(&sides, CF_BEFORE, 0, "other", 5000, 5000);
	put(&sides, CF_AFTER, 0, "other", 5000, 5000);
	put(&sides, CF_BEFORE, 0, "tuned", 50000, 50000);
	put(&sides, CF_AFTER, 0, "tuned", 49500, 49500);
	cf_sides_settle(&sides);
	options.min_share = 0.001;
	cf_compare_functions(&comparison, &sides, &options);
	ck_assert_str_eq(found(&comparison, "loop"), "regressed");
	ck_assert_str_eq(found(&comparison, "start"), "small");
	ck_assert_str_eq(found(&comparison, "other"), "same");
	ck_assert_str_eq(found(&comparison, "tuned"), "small");
	ck_assert(isnan(find(&comparison, "loop")->self.p));
	ck_assert(find(&comparison, "loop")->self.ratio.lo == 1.03 &&
		  find(&comparison, "loop")->self.ratio.hi == 1.03);
	done(&comparison, &sides);
}
END_TEST

/* What runs of one side differ by isn't a change. */
START_TEST(counts_with_a_range)
{
	static const int64_t before[] = { 1000, 1100 }, inside[] = { 1050, 1120 }, above[] = { 1200, 1210 };
	struct cf_comparison comparison;
	struct cf_sides sides;

	sides_of(&sides, CF_COMPARE_EXACT, CF_UNIT_COUNT);
	for (uint32_t run = 0; run < 2; run++) {
		put(&sides, CF_BEFORE, run, "inside", before[run], before[run]);
		put(&sides, CF_AFTER, run, "inside", inside[run], inside[run]);
		put(&sides, CF_BEFORE, run, "above", before[run], before[run]);
		put(&sides, CF_AFTER, run, "above", above[run], above[run]);
	}
	compare(&comparison, &sides);
	ck_assert_str_eq(found(&comparison, "inside"), "noise");
	ck_assert_str_eq(found(&comparison, "above"), "regressed");
	done(&comparison, &sides);
}
END_TEST

START_TEST(measures_by_ranks)
{
	struct cf_comparison comparison;
	struct cf_sides sides;

	for (uint32_t runs = 1; runs <= 6; runs += 5) {
		sides_of(&sides, CF_COMPARE_MEASURED, CF_UNIT_NS);
		for (uint32_t run = 0; run < runs; run++) {
			put(&sides, CF_BEFORE, run, "slower", 1000 + run, 2000);
			put(&sides, CF_AFTER, run, "slower", 1200 + run, 2000);
			put(&sides, CF_BEFORE, run, "steady", 1000 + run, 2000);
			put(&sides, CF_AFTER, run, "steady", 1003 - run, 2000);
		}
		compare(&comparison, &sides);
		ck_assert_str_eq(found(&comparison, "slower"), runs == 1 ? "unsure" : "regressed");
		ck_assert_str_eq(found(&comparison, "steady"), runs == 1 ? "unsure" : "same");
		if (runs == 1)
			ck_assert(find(&comparison, "slower")->self.needed >= 4);
		done(&comparison, &sides);
	}
}
END_TEST

/* Another build has other clones, overloads and hashes of the same functions. */
START_TEST(joins_by_canonical_name)
{
	struct cf_comparison comparison;
	struct cf_sides sides;

	sides_of(&sides, CF_COMPARE_SAMPLED, CF_UNIT_COUNT);
	put(&sides, CF_BEFORE, 0, "parse(int)", 50, 50);
	put(&sides, CF_BEFORE, 0, "parse(char)", 30, 30);
	put(&sides, CF_AFTER, 0, "parse.isra.0", 90, 90);
	put(&sides, CF_BEFORE, 0, "same", 90, 90);
	put(&sides, CF_AFTER, 0, "same", 90, 90);
	compare(&comparison, &sides);
	ck_assert_uint_eq(sides.rows->len, 2);
	ck_assert_int_eq(find(&comparison, "parse")->row->cost[CF_BEFORE].self, 80);
	ck_assert_int_eq(find(&comparison, "parse")->row->cost[CF_AFTER].self, 90);
	ck_assert(find(&comparison, "parse")->row->merged);
	ck_assert(!find(&comparison, "parse")->has_total);
	done(&comparison, &sides);
}
END_TEST

START_TEST(pairs_metrics)
{
	ck_assert(cf_metric_same("cycles:P", "cycles"));
	ck_assert(cf_metric_same("cycles:uP", "cycles:u"));
	ck_assert(!cf_metric_same("cycles:u", "cycles"));
	ck_assert(!cf_metric_same("sched:sched_switch", "sched"));
	ck_assert(cf_metric_same_kind("cpu-clock", "cpu"));
	ck_assert(cf_metric_same_kind("samples", "cpu-clock/freq=99/"));
	ck_assert(!cf_metric_same_kind("cycles:u", "cpu"));
	ck_assert(!cf_metric_same_kind("inuse_space", "cpu"));
	ck_assert(cf_metric_same_kind("inuse_space", "inuse_space"));
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/compare");
	TCase *c = tcase_create("compare");

	tcase_add_test(c, says_what_changed);
	tcase_add_test(c, takes_length_out);
	tcase_add_test(c, few_functions_cannot_outvote_one);
	tcase_add_test(c, costs_are_freed_of_length_and_rate);
	tcase_add_test(c, swapped_sides_flip_signs);
	tcase_add_test(c, changes_add_up);
	tcase_add_test(c, finds_nothing_in_equal_sides);
	tcase_add_test(c, isnt_fooled_by_noisy_runs);
	tcase_add_test(c, counts_exactly);
	tcase_add_test(c, counts_with_a_range);
	tcase_add_test(c, measures_by_ranks);
	tcase_add_test(c, joins_by_canonical_name);
	tcase_add_test(c, pairs_metrics);
	suite_add_tcase(s, c);
	return s;
}
