/* SPDX-License-Identifier: MIT */
/* functions: which functions changed between two sides, by how much, and how sure that is. Pure. */
#include "analyzers/compare/functions.h"

#include "analyzers/profile.h"
#include "analyzers/stat/adjust.h"
#include "analyzers/stat/counts.h"
#include "analyzers/stat/repeats.h"

#include <math.h>

const char *cf_found_name(enum cf_found found)
{
	static const char *const names[CF_FOUNDS] = {
		[CF_FOUND_REGRESSED] = "regressed", [CF_FOUND_NEW] = "new",
		[CF_FOUND_IMPROVED] = "improved",   [CF_FOUND_GONE] = "gone",
		[CF_FOUND_MOVED] = "moved",         [CF_FOUND_CARRIED] = "carried",
		[CF_FOUND_UNSURE] = "unsure",       [CF_FOUND_SMALL] = "small",
		[CF_FOUND_SAME] = "same",           [CF_FOUND_NOISE] = "noise",
	};

	return names[found];
}

double cf_compared_cost(const struct cf_comparison *comparison, int64_t weight, int side)
{
	return (double)weight / (double)MAX(comparison->sides->runs[side], 1);
}

static double runs_ratio(const struct cf_sides *sides)
{
	return (double)MAX(sides->runs[CF_AFTER], 1) / (double)MAX(sides->runs[CF_BEFORE], 1);
}

/* Samples of a unit of cost, after : before; 1 where a side has none. */
static double rate_ratio(const struct cf_sides *sides)
{
	double density[CF_SIDES];

	for (int side = 0; side < CF_SIDES; side++)
		density[side] = cf_share(sides->count[side], sides->weight[side]);
	return density[CF_BEFORE] > 0 && density[CF_AFTER] > 0 ? density[CF_AFTER] / density[CF_BEFORE] : 1;
}

double cf_compared_scale(const struct cf_comparison *comparison)
{
	const struct cf_sides *sides = comparison->sides;

	if (sides->metric.method != CF_COMPARE_SAMPLED)
		return 1;
	return comparison->scale / rate_ratio(sides) / runs_ratio(sides);
}

double cf_compared_scale_of_sides(const struct cf_comparison *comparison)
{
	return cf_compared_scale(comparison) * runs_ratio(comparison->sides);
}

#define AS_RECORDED 0.05 /* that much more or less recorded is no trouble to a reader */

gboolean cf_compared_is_scaled(const struct cf_comparison *comparison)
{
	return fabs(log(cf_compared_scale(comparison))) > log1p(AS_RECORDED);
}

double cf_compared_expected(const struct cf_comparison *comparison, int64_t weight)
{
	return cf_compared_cost(comparison, weight, CF_BEFORE) * cf_compared_scale(comparison);
}

double cf_compared_change(const struct cf_comparison *comparison, const struct cf_compared *function,
			  gboolean total)
{
	const struct cf_side_cost *cost = function->row->cost;

	return cf_compared_cost(comparison, total ? cost[CF_AFTER].total : cost[CF_AFTER].self, CF_AFTER) /
		       cf_compared_scale(comparison) -
	       cf_compared_cost(comparison, total ? cost[CF_BEFORE].total : cost[CF_BEFORE].self, CF_BEFORE);
}

static double whole(const struct cf_comparison *comparison, int side)
{
	return cf_compared_cost(comparison, comparison->sides->weight[side], side);
}

/* A change that is too small a part of everything to matter. */
static void apply_min_share(const struct cf_comparison *comparison, struct cf_judged *judged, double change)
{
	double all = fmax(whole(comparison, CF_BEFORE),
			  whole(comparison, CF_AFTER) / cf_compared_scale(comparison));

	if (cf_outcome_changed(judged->outcome) && fabs(change) < comparison->options.min_share * all)
		judged->outcome = CF_OUTCOME_SMALL;
}

/* The numbers of one kind that are judged together: which rows, and where results go. */
struct family {
	gboolean total;
	guint n;
	uint32_t *rows;
};

static int64_t count_of(const struct cf_side_cost *cost, gboolean total)
{
	return total ? cost->total_count : cost->self_count;
}

static int64_t weight_of(const struct cf_side_cost *cost, gboolean total)
{
	return total ? cost->total : cost->self;
}

static struct cf_judged *judged_at(const struct cf_comparison *comparison, const struct family *family,
				   guint i)
{
	struct cf_compared *function = cf_compared_at(comparison, family->rows[i]);

	return family->total ? &function->total : &function->self;
}

/* --- sampled ----------------------------------------------------------------------------------------------- */

/* counts[run * rows + row] of a side. */
static int64_t *counts_by_run(const struct cf_sides *sides, int side, gboolean total)
{
	size_t n = sides->rows->len;
	int64_t *counts = g_new0(int64_t, sides->runs[side] * n + 1);

	for (guint i = 0; i < sides->cells[side]->len; i++) {
		const struct cf_side_cell *cell = &g_array_index(sides->cells[side], struct cf_side_cell, i);

		counts[cell->run * n + cell->row] = count_of(&cell->cost, total);
	}
	return counts;
}

/* Samples per unit of work: where weights say how long was recorded, a change of frequency isn't one of cost. */
static double absolute_scale(const struct cf_sides *sides)
{
	return runs_ratio(sides) * (sides->metric.unit != CF_UNIT_COUNT ? rate_ratio(sides) : 1);
}

/* Of fewer functions no majority says what didn't change. */
#define MAJORITY 3

static void find_scale(struct cf_comparison *comparison, const struct cf_count_pair *pairs)
{
	const struct cf_sides *sides = comparison->sides;
	struct cf_size_factor factor = cf_size_factor(pairs, sides->rows->len);

	comparison->support = factor.support;
	comparison->scale = factor.scale;
	comparison->least = factor.least;
	comparison->most = factor.most;
	comparison->absolute =
		comparison->options.normalise == CF_NORMALISE_MEDIAN && factor.support < MAJORITY;
	if (comparison->options.normalise == CF_NORMALISE_NONE || comparison->absolute)
		comparison->scale = absolute_scale(sides);
	if (comparison->options.normalise == CF_NORMALISE_TOTAL && sides->count[CF_BEFORE] > 0 &&
	    sides->count[CF_AFTER] > 0)
		comparison->scale = (double)sides->count[CF_AFTER] / (double)sides->count[CF_BEFORE];
	if (comparison->options.normalise != CF_NORMALISE_MEDIAN || comparison->absolute)
		comparison->least = comparison->most = comparison->scale;
}

/* How much each function varies beyond chance: told by the runs of a side, or by all functions of a single pair. */
static double *find_dispersion(struct cf_comparison *comparison, const struct cf_count_pair *pairs)
{
	const struct cf_sides *sides = comparison->sides;
	double *factor = g_new(double, sides->rows->len + 1);
	g_autofree int64_t *before = NULL, *after = NULL;

	if (sides->runs[CF_BEFORE] + sides->runs[CF_AFTER] <= 2) {
		/* About the median, whatever ratios are freed of: that all got slower isn't noise. */
		comparison->dispersion = cf_dispersion_of_pair(
			pairs, sides->rows->len, cf_size_factor(pairs, sides->rows->len).scale, factor);
		return factor;
	}
	before = counts_by_run(sides, CF_BEFORE, FALSE);
	after = counts_by_run(sides, CF_AFTER, FALSE);
	comparison->dispersion = cf_dispersion(before, sides->runs[CF_BEFORE], after, sides->runs[CF_AFTER],
					       sides->rows->len, factor);
	return factor;
}

static struct cf_judged judged_of(const struct cf_count_result *result)
{
	return (struct cf_judged){
		.ratio = result->ratio,
		.p = result->p,
		.q = result->q,
		.tested = result->tested,
		.outcome = result->outcome,
		.needed = result->needed,
		.visible = result->visible,
	};
}

static struct cf_count_options count_options(const struct cf_comparison *comparison, const double *dispersion)
{
	struct cf_count_options options = CF_COUNT_OPTIONS;

	options.rule = comparison->options.rule;
	options.level = comparison->options.level;
	options.power = comparison->options.power;
	options.scale = comparison->scale;
	options.least = comparison->least;
	options.most = comparison->most;
	options.dispersion = dispersion;
	return options;
}

static void judge_samples(struct cf_comparison *comparison, const struct family *family, const double *factor)
{
	g_autofree struct cf_count_pair *pairs = g_new(struct cf_count_pair, family->n + 1);
	g_autofree struct cf_count_result *results = g_new(struct cf_count_result, family->n + 1);
	g_autofree double *own = g_new(double, family->n + 1);
	const struct cf_count_options options = count_options(comparison, own);

	for (guint i = 0; i < family->n; i++) {
		const struct cf_side_row *row = cf_side_row(comparison->sides, family->rows[i]);

		pairs[i] = (struct cf_count_pair){ count_of(&row->cost[CF_BEFORE], family->total),
						   count_of(&row->cost[CF_AFTER], family->total) };
		own[i] = factor[family->rows[i]];
	}
	cf_counts_compare(pairs, family->n, &options, results);
	for (guint i = 0; i < family->n; i++)
		*judged_at(comparison, family, i) = judged_of(&results[i]);
}

/* --- counted, measured ------------------------------------------------------------------------------------- */

/* values[row * runs + run]: what a run doesn't have costs nothing in it. */
static double *values_by_row(const struct cf_sides *sides, int side, gboolean total)
{
	size_t runs = sides->runs[side];
	double *values = g_new0(double, runs * sides->rows->len + 1);

	for (guint i = 0; i < sides->cells[side]->len; i++) {
		const struct cf_side_cell *cell = &g_array_index(sides->cells[side], struct cf_side_cell, i);

		values[cell->row * runs + cell->run] = (double)weight_of(&cell->cost, total);
	}
	return values;
}

static void judge_ranks(struct cf_comparison *comparison, const struct family *family)
{
	const struct cf_sides *sides = comparison->sides;
	g_autofree double *before = values_by_row(sides, CF_BEFORE, family->total);
	g_autofree double *after = values_by_row(sides, CF_AFTER, family->total);
	g_autofree struct cf_repeats *results = g_new(struct cf_repeats, family->n + 1);
	struct cf_repeats_options options = CF_REPEATS_OPTIONS;
	size_t n = sides->runs[CF_BEFORE], m = sides->runs[CF_AFTER];

	options.rule = comparison->options.rule;
	options.level = comparison->options.level;
	options.power = comparison->options.power;
	for (guint i = 0; i < family->n; i++)
		results[i] = cf_repeats_compare(before + family->rows[i] * n, n, after + family->rows[i] * m,
						m, &options);
	cf_repeats_adjust(results, family->n, &options);
	for (guint i = 0; i < family->n; i++) {
		const struct cf_side_row *row = cf_side_row(sides, family->rows[i]);
		gboolean nothing = !weight_of(&row->cost[CF_BEFORE], family->total) &&
				   !weight_of(&row->cost[CF_AFTER], family->total);

		*judged_at(comparison, family, i) = (struct cf_judged){
			.ratio = results[i].ratio,
			.p = results[i].p,
			.q = results[i].q,
			.tested = TRUE,
			.outcome = nothing ? CF_OUTCOME_SAME : results[i].outcome,
			.needed = results[i].needed,
			.visible = NAN,
		};
	}
	comparison->by_ranks = TRUE;
}

struct range {
	double least, most, sum;
};

static struct range range_of(const double *values, size_t n)
{
	struct range range = { n ? values[0] : 0, n ? values[0] : 0, 0 };

	for (size_t i = 0; i < n; i++) {
		range.least = fmin(range.least, values[i]);
		range.most = fmax(range.most, values[i]);
		range.sum += values[i] / (double)n;
	}
	return range;
}

static double ratio_of(double after, double before)
{
	return before > 0 ? after / before : after > 0 ? INFINITY : 1;
}

/*
 * Nothing is random in what is counted, but input and addresses may differ from run to run. So a difference is a change
 * where the runs of one side are all above those of the other; the interval is what the runs span.
 */
static struct cf_judged judge_exactly(struct range before, struct range after,
				      const struct cf_outcome_rule *rule)
{
	gboolean apart = after.least > before.most || after.most < before.least;
	struct cf_judged judged = { .ratio = { ratio_of(after.sum, before.sum),
					       ratio_of(after.least, before.most),
					       ratio_of(after.most, before.least) },
				    .p = NAN,
				    .q = NAN,
				    .tested = TRUE,
				    .needed = NAN,
				    .visible = NAN };
	const struct cf_evidence evidence = { judged.ratio, apart ? 0 : 1, apart ? 0 : 1, TRUE };

	judged.outcome = cf_outcome(&evidence, rule);
	if (before.sum == after.sum && before.least == after.least && before.most == after.most)
		judged.outcome = CF_OUTCOME_SAME;
	return judged;
}

static void judge_counts(struct cf_comparison *comparison, const struct family *family)
{
	const struct cf_sides *sides = comparison->sides;
	g_autofree double *before = values_by_row(sides, CF_BEFORE, family->total);
	g_autofree double *after = values_by_row(sides, CF_AFTER, family->total);
	size_t n = sides->runs[CF_BEFORE], m = sides->runs[CF_AFTER];

	for (guint i = 0; i < family->n; i++)
		*judged_at(comparison, family, i) =
			judge_exactly(range_of(before + family->rows[i] * n, n),
				      range_of(after + family->rows[i] * m, m), &comparison->options.rule);
}

/* --- all --------------------------------------------------------------------------------------------------- */

/* Totals of what stands for several functions aren't known: those may call each other. */
static gboolean total_matters(const struct cf_side_row *row)
{
	for (int side = 0; side < CF_SIDES; side++)
		if (!row->merged && (row->cost[side].total != row->cost[side].self ||
				     row->cost[side].total_count != row->cost[side].self_count))
			return TRUE;
	return FALSE;
}

static struct family family_of(const struct cf_comparison *comparison, gboolean total)
{
	struct family family = { .total = total, .rows = g_new(uint32_t, comparison->functions->len + 1) };

	for (guint i = 0; i < comparison->functions->len; i++)
		if (!total || cf_compared_at(comparison, i)->has_total)
			family.rows[family.n++] = i;
	return family;
}

enum cf_found cf_found_of(enum cf_outcome outcome)
{
	switch (outcome) {
	case CF_OUTCOME_MORE:
		return CF_FOUND_REGRESSED;
	case CF_OUTCOME_LESS:
		return CF_FOUND_IMPROVED;
	case CF_OUTCOME_NEW:
		return CF_FOUND_NEW;
	case CF_OUTCOME_GONE:
		return CF_FOUND_GONE;
	case CF_OUTCOME_SMALL:
		return CF_FOUND_SMALL;
	case CF_OUTCOME_SAME:
		return CF_FOUND_SAME;
	case CF_OUTCOME_UNSURE:
		return CF_FOUND_UNSURE;
	case CF_OUTCOME_NOISE:
		break;
	}
	return CF_FOUND_NOISE;
}

/*
 * Totals are tested besides the functions' own costs, and few things have a total of their own: corrected by themselves they
 * would add as many false alarms again. So they are corrected as part of all tests, and own costs among themselves.
 */
static void correct_totals(struct cf_comparison *comparison)
{
	guint n = comparison->functions->len, tests = 0;
	g_autofree double *p = g_new(double, 2 * (size_t)n + 1);
	g_autofree double *q = g_new(double, 2 * (size_t)n + 1);
	g_autofree struct cf_judged **totals = g_new(struct cf_judged *, (size_t)n + 1);
	guint family = 0;

	for (guint i = 0; i < n; i++) {
		struct cf_compared *function = cf_compared_at(comparison, i);

		if (!function->has_total || !function->total.tested || isnan(function->total.p))
			continue;
		totals[family] = &function->total;
		p[family++] = function->total.p;
	}
	tests = family;
	for (guint i = 0; i < n; i++) {
		const struct cf_judged *self = &cf_compared_at(comparison, i)->self;

		if (self->tested && !isnan(self->p))
			p[tests++] = self->p;
	}
	cf_adjust(p, tests, CF_ADJUST_BH, q);
	for (guint i = 0; i < family; i++) {
		const struct cf_evidence evidence = { totals[i]->ratio, totals[i]->p, q[i], TRUE };

		totals[i]->q = q[i];
		totals[i]->outcome = cf_outcome(&evidence, &comparison->options.rule);
	}
}

static void judge_all(struct cf_comparison *comparison)
{
	const struct cf_sides *sides = comparison->sides;
	size_t least = MIN(sides->runs[CF_BEFORE], sides->runs[CF_AFTER]);
	gboolean ranks = sides->metric.method == CF_COMPARE_MEASURED ||
			 least >= cf_mann_whitney_least(comparison->options.rule.alpha);
	g_autofree struct cf_count_pair *pairs = g_new(struct cf_count_pair, sides->rows->len + 1);

	if (sides->metric.method == CF_COMPARE_SAMPLED) {
		for (guint i = 0; i < sides->rows->len; i++)
			pairs[i] = (struct cf_count_pair){ cf_side_row(sides, i)->cost[CF_BEFORE].self_count,
							   cf_side_row(sides, i)->cost[CF_AFTER].self_count };
		find_scale(comparison, pairs);
		comparison->factor = find_dispersion(comparison, pairs);
	}
	for (int total = 0; total <= 1; total++) {
		struct family family = family_of(comparison, total);

		if (sides->metric.method == CF_COMPARE_SAMPLED)
			judge_samples(comparison, &family, comparison->factor);
		else if (ranks)
			judge_ranks(comparison, &family);
		else
			judge_counts(comparison, &family);
		g_free(family.rows);
	}
	if (sides->metric.method == CF_COMPARE_SAMPLED ||
	    (ranks && least >= cf_mann_whitney_least(comparison->options.rule.alpha)))
		correct_totals(comparison);
}

/* The spread of a sum is at most what the one that varies most has. */
static struct cf_judged judge_samples_together(const struct cf_comparison *comparison, const uint32_t *rows,
					       guint n)
{
	struct cf_count_pair pair = { 0 };
	struct cf_count_result result;
	struct cf_count_options options;
	double factor = 1;

	for (guint i = 0; i < n; i++) {
		const struct cf_side_row *row = cf_side_row(comparison->sides, rows[i]);

		pair.before += row->cost[CF_BEFORE].self_count;
		pair.after += row->cost[CF_AFTER].self_count;
		factor = fmax(factor, comparison->factor[rows[i]]);
	}
	options = count_options(comparison, &factor);
	cf_counts_compare(&pair, 1, &options, &result);
	return judged_of(&result);
}

struct cf_judged cf_judge_together(const struct cf_comparison *comparison, const uint32_t *rows, guint n)
{
	const struct cf_sides *sides = comparison->sides;
	double *sums[CF_SIDES];
	struct cf_judged judged;

	if (sides->metric.method == CF_COMPARE_SAMPLED)
		return judge_samples_together(comparison, rows, n);
	for (int side = 0; side < CF_SIDES; side++) {
		g_autofree double *values = values_by_row(sides, side, FALSE);
		size_t runs = sides->runs[side];

		sums[side] = g_new0(double, runs + 1);
		for (guint i = 0; i < n; i++)
			for (size_t run = 0; run < runs; run++)
				sums[side][run] += values[rows[i] * runs + run];
	}
	judged = judge_exactly(range_of(sums[CF_BEFORE], sides->runs[CF_BEFORE]),
			       range_of(sums[CF_AFTER], sides->runs[CF_AFTER]), &comparison->options.rule);
	g_free(sums[CF_BEFORE]);
	g_free(sums[CF_AFTER]);
	return judged;
}

void cf_compare_functions(struct cf_comparison *comparison, const struct cf_sides *sides,
			  const struct cf_compare_options *options)
{
	*comparison =
		(struct cf_comparison){ .sides = sides,
					.options = *options,
					.scale = 1,
					.least = 1,
					.most = 1,
					.dispersion = { .phi = 1 },
					.functions = g_array_new(FALSE, TRUE, sizeof(struct cf_compared)) };
	for (guint i = 0; i < sides->rows->len; i++) {
		const struct cf_side_row *row = cf_side_row(sides, i);
		const struct cf_compared function = { .row = row,
						      .has_total = total_matters(row),
						      .group = i };

		g_array_append_val(comparison->functions, function);
	}
	judge_all(comparison);
	for (guint i = 0; i < sides->rows->len; i++) {
		struct cf_compared *function = cf_compared_at(comparison, i);

		apply_min_share(comparison, &function->self, cf_compared_change(comparison, function, FALSE));
		if (function->has_total)
			apply_min_share(comparison, &function->total,
					cf_compared_change(comparison, function, TRUE));
		function->found = cf_found_of(function->self.outcome);
	}
	cf_comparison_count(comparison);
}

void cf_comparison_count(struct cf_comparison *comparison)
{
	memset(comparison->found, 0, sizeof(comparison->found));
	for (guint i = 0; i < comparison->functions->len; i++) {
		const struct cf_compared *function = cf_compared_at(comparison, i);
		const struct cf_side_cost *cost = function->row->cost;

		/* Of what costs nothing itself nothing is to be said. */
		if (cost[CF_BEFORE].self || cost[CF_AFTER].self || cf_found_is_change(function->found))
			comparison->found[function->found]++;
	}
}

void cf_comparison_clear(struct cf_comparison *comparison)
{
	for (guint i = 0; comparison->functions && i < comparison->functions->len; i++) {
		struct cf_compared *function = cf_compared_at(comparison, i);

		g_clear_pointer(&function->callers, g_array_unref);
		g_clear_pointer(&function->suspect, g_free);
		g_clear_pointer(&function->causes, g_array_unref);
	}
	g_clear_pointer(&comparison->functions, g_array_unref);
	g_clear_pointer(&comparison->factor, g_free);
}
