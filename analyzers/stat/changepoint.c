/* SPDX-License-Identifier: MIT */
/* changepoint: where the level of a history shifted for good. */
#include "analyzers/stat/changepoint.h"

#include "analyzers/stat/order.h"
#include "analyzers/stat/partition.h"
#include "analyzers/stat/welch.h"

#include <math.h>
#include <string.h>

#define FARTHEST 1e100 /* in units of the noise: where that is next to nothing */

/* --- noise and spikes ------------------------------------------------------------------------- */

/*
 * Of differences between neighbours. Where more than half of them are equal (counts that rarely change) MAD
 * is 0.
 */
static double noise_of(const double *x, size_t n)
{
	g_autofree double *step = g_new(double, n + 1);
	double noise, sum = 0, mean;

	if (n < 2)
		return 0;
	for (size_t i = 0; i + 1 < n; i++)
		step[i] = x[i + 1] - x[i];
	noise = cf_mad(step, n - 1);
	if (noise > 0)
		return noise * M_SQRT1_2;
	mean = cf_mean(step, n - 1);
	for (size_t i = 0; i + 1 < n; i++)
		sum += (step[i] - mean) * (step[i] - mean) / (double)(n - 1);
	return sqrt(sum) * M_SQRT1_2;
}

static double median_of_5(const double *x)
{
	double v[5];

	memcpy(v, x, sizeof(v));
	for (int i = 1; i < 5; i++)
		for (int j = i; j > 0 && v[j] < v[j - 1]; j--) {
			double t = v[j];

			v[j] = v[j - 1];
			v[j - 1] = t;
		}
	return v[2];
}

/*
 * The running median at i; the first and last two values have that of the third (R's runmed, endrule
 * "constant").
 */
static double running_median(const double *x, size_t n, size_t i)
{
	if (n < 5)
		return cf_median(x, n);
	return median_of_5(x + MIN(MAX(i, 2), n - 3) - 2);
}

/* z[i]: x about its median in units of the noise, spikes replaced and listed. */
static void standardise(const double *x, size_t n, double noise, double limit, double *z, GArray *spikes)
{
	g_autofree double *raw = g_new(double, n + 1);
	double median = cf_median(x, n);

	for (size_t i = 0; i < n; i++)
		raw[i] = fmin(fmax((x[i] - median) / noise, -FARTHEST), FARTHEST);
	for (size_t i = 0; i < n; i++) {
		double level = running_median(raw, n, i);

		z[i] = raw[i];
		if (fabs(raw[i] - level) > limit) {
			z[i] = level;
			g_array_append_val(spikes, i);
		}
	}
}

/* --- partition -------------------------------------------------------------------------------- */

static size_t start_at(const GArray *starts, size_t i, size_t n)
{
	if (i == 0)
		return 0;
	return i > starts->len ? n : g_array_index(starts, size_t, i - 1);
}

/* By how much the price of a change has to rise for noise that isn't independent with variance 1. */
static double price_factor(const double *z, size_t n, const GArray *starts)
{
	g_autofree double *rest = g_new(double, n + 1);
	double squares = 0, products = 0, variance, phi;

	for (size_t s = 0; s <= starts->len; s++) {
		size_t from = start_at(starts, s, n), to = start_at(starts, s + 1, n);
		double mean = cf_mean(z + from, to - from);

		for (size_t i = from; i < to; i++)
			rest[i] = z[i] - mean;
	}
	for (size_t i = 0; i < n; i++) {
		squares += rest[i] * rest[i];
		products += i ? rest[i] * rest[i - 1] : 0;
	}
	variance = squares / fmax(1, (double)n - starts->len - 1);
	phi = squares > 0 ? fmin(fmax(products / squares, 0), 0.9) : 0;
	if (phi <= 0.1 && variance <= 1.3)
		return 1;
	return fmax(variance, 1) * (1 + phi) / (1 - phi);
}

static GArray *partition(const double *z, size_t n, const struct cf_change_options *options)
{
	double price = options->penalty * log((double)n), factor;
	GArray *starts = cf_partition(z, n, price, options->min_segment);

	factor = price_factor(z, n, starts);
	if (factor > 1) {
		g_array_unref(starts);
		starts = cf_partition(z, n, price * factor, options->min_segment);
	}
	return starts;
}

/* --- which changes stay ----------------------------------------------------------------------- */

static struct cf_level_change *change_at(GArray *changes, size_t i)
{
	return &g_array_index(changes, struct cf_level_change, i);
}

static void measure_levels(struct cf_level_change *change, const double *x)
{
	change->before = cf_median(x + change->from, change->index - change->from);
	change->after = cf_median(x + change->index, change->to - change->index);
	change->ratio = change->after / change->before;
	if (change->before == change->after)
		change->ratio = 1;
	else if (change->before * change->after < 0)
		change->ratio = NAN;
}

static double effect(const struct cf_level_change *change)
{
	if (change->before == change->after)
		return 0;
	return change->before == 0 ? INFINITY : fabs(change->after / change->before - 1);
}

static void test_levels(struct cf_level_change *change, const double *x)
{
	size_t n = change->to - change->from, left = change->index - change->from;
	g_autofree double *rank = g_new(double, n);

	cf_midranks(x + change->from, n, rank);
	change->p = cf_welch(rank, left, rank + left, n - left, 0.95).p;
}

/* Drops one change: its levels become one, and its neighbours are measured anew. */
static void drop(GArray *changes, size_t i, const double *x,
		 void (*measure)(struct cf_level_change *, const double *))
{
	const struct cf_level_change gone = *change_at(changes, i);

	g_array_remove_index(changes, (guint)i);
	if (i > 0) {
		change_at(changes, i - 1)->to = gone.to;
		measure(change_at(changes, i - 1), x);
	}
	if (i < changes->len) {
		change_at(changes, i)->from = gone.from;
		measure(change_at(changes, i), x);
	}
}

static void drop_small(GArray *changes, const double *x, double min_effect)
{
	for (;;) {
		size_t least = 0;

		for (size_t i = 1; i < changes->len; i++)
			if (effect(change_at(changes, i)) < effect(change_at(changes, least)))
				least = i;
		if (!changes->len || effect(change_at(changes, least)) >= min_effect)
			return;
		drop(changes, least, x, measure_levels);
	}
}

static void drop_doubtful(GArray *changes, const double *x, double alpha)
{
	for (size_t i = 0; i < changes->len; i++)
		test_levels(change_at(changes, i), x);
	for (;;) {
		size_t most = 0;

		for (size_t i = 1; i < changes->len; i++)
			if (change_at(changes, i)->p > change_at(changes, most)->p)
				most = i;
		if (!changes->len || change_at(changes, most)->p < alpha)
			return;
		drop(changes, most, x, test_levels);
	}
}

void cf_changes_find(struct cf_changes *out, const double *x, size_t n,
		     const struct cf_change_options *options)
{
	g_autofree double *z = g_new(double, n + 1);
	g_autoptr(GArray) starts = NULL;

	g_assert(options->min_segment >= 1 && options->penalty > 0);
	cf_assert_usable(x, n);
	*out = (struct cf_changes){ g_array_new(FALSE, FALSE, sizeof(struct cf_level_change)),
				    g_array_new(FALSE, FALSE, sizeof(size_t)), noise_of(x, n) };
	if (!(out->noise > 0) || n < 2 * options->min_segment)
		return;
	standardise(x, n, out->noise, options->spike, z, out->spikes);
	starts = partition(z, n, options);
	for (size_t i = 1; i <= starts->len; i++) {
		struct cf_level_change change = { .index = start_at(starts, i, n),
						  .from = start_at(starts, i - 1, n),
						  .to = start_at(starts, i + 1, n) };

		measure_levels(&change, x);
		g_array_append_val(out->changes, change);
	}
	drop_small(out->changes, x, options->min_effect);
	drop_doubtful(out->changes, x, options->alpha);
	for (size_t i = 0; i < out->changes->len; i++)
		measure_levels(change_at(out->changes, i), x);
}

void cf_changes_clear(struct cf_changes *changes)
{
	g_clear_pointer(&changes->changes, g_array_unref);
	g_clear_pointer(&changes->spikes, g_array_unref);
}
