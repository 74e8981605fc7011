/* SPDX-License-Identifier: MIT */
/* anomaly: single values, or the beginnings of odd stretches, that don't fit what came before. */
#include "analyzers/stat/anomaly.h"

#include "analyzers/stat/adjust.h"
#include "analyzers/stat/distributions.h"
#include "analyzers/stat/order.h"
#include "analyzers/stat/rolling.h"

#include <math.h>

#define LEAST_RUNS 6        /* of a level, to say that one is odd */
#define MAD_EFFICIENCY 0.37 /* Rousseeuw & Croux, JASA 88 (1993) */

/* off[i] in multiples of the quantile of the absolute values before it; 0 where there are too few. */
static void scale(double *off, size_t n, const struct cf_anomaly_options *options)
{
	/* earlier values never moved, and this one does: as far as anything can be */
	const double unheard_of = 10;
	g_autofree double *size = g_new(double, n + 1);
	g_autofree double *unit = g_new(double, n + 1);

	for (size_t i = 0; i < n; i++)
		size[i] = fabs(off[i]);
	cf_rolling_quantile(size, n, options->scale_window, options->least, options->quantile, unit);
	for (size_t i = 0; i < n; i++) {
		if (isnan(unit[i]) || off[i] == 0)
			off[i] = 0;
		else
			off[i] = unit[i] > 0 ? off[i] / unit[i] : copysign(unheard_of, off[i]);
	}
}

/*
 * mean[i] of the latest `window` values up to i; 0 where there are fewer. Summed anew, so that nothing
 * builds up.
 */
static void latest_means(const double *x, size_t n, size_t window, double *mean)
{
	for (size_t i = 0; i < n; i++) {
		double sum = 0;

		for (size_t k = 0; k < window && i + 1 >= window; k++)
			sum += x[i - k];
		mean[i] = sum / (double)window;
	}
}

void cf_anomaly_scores(const double *x, size_t n, const struct cf_anomaly_options *options, double *score)
{
	g_autofree double *off = g_new(double, n + 1);
	g_autofree double *mean = g_new(double, n + 1);

	cf_assert_usable(x, n);
	g_assert(options->level_window && options->scale_window && options->least && options->sustained);
	cf_rolling_quantile(x, n, options->level_window, 1, 0.5, off);
	for (size_t i = 0; i < n; i++)
		off[i] = isnan(off[i]) ? 0 : x[i] - off[i];
	scale(off, n, options);
	latest_means(off, n, options->sustained, mean);
	scale(mean, n, options);
	for (size_t i = 0; i < n; i++)
		score[i] = fmax(fabs(off[i]), fabs(mean[i]));
}

GArray *cf_anomaly_positions(const double *score, size_t n, const struct cf_anomaly_options *options)
{
	GArray *positions = g_array_new(FALSE, FALSE, sizeof(size_t));
	size_t pause = (size_t)(options->refractory * (double)n), next = 0;

	for (size_t i = 0; i < n; i++)
		if (score[i] >= options->alarm && i >= next) {
			g_array_append_val(positions, i);
			next = i + pause + 1;
		}
	return positions;
}

/* --- runs ------------------------------------------------------------------------------------- */

static double ratio_of(double value, double level)
{
	if (value == level)
		return 1;
	return value * level < 0 ? NAN : value / level;
}

/* One level: how likely each of its values is, were it no different from the others. */
static void judge_level(const double *x, size_t n, struct cf_odd_run *runs, double *p)
{
	double median = cf_median(x, n), mad = cf_mad(x, n), df = MAD_EFFICIENCY * (double)(n - 1);

	for (size_t i = 0; i < n; i++) {
		double off = fabs(x[i] - median) / (mad * sqrt(1 + 1 / (double)n));

		p[i] = 1;
		if (n >= LEAST_RUNS && x[i] != median)
			p[i] = mad > 0 ? cf_t_two_sided(off, df) : 0;
		runs[i].level = median;
		runs[i].ratio = ratio_of(x[i], median);
	}
}

GArray *cf_odd_runs(const double *x, size_t n, const struct cf_changes *changes, double alpha,
		    double min_effect)
{
	GArray *odd = g_array_new(FALSE, FALSE, sizeof(struct cf_odd_run));
	g_autofree struct cf_odd_run *runs = g_new0(struct cf_odd_run, n + 1);
	g_autofree double *p = g_new(double, n + 1);
	g_autofree double *q = g_new(double, n + 1);
	size_t from = 0;

	cf_assert_usable(x, n);
	for (guint i = 0; i <= changes->changes->len && from < n; i++) {
		size_t to = i < changes->changes->len
				    ? g_array_index(changes->changes, struct cf_level_change, i).index
				    : n;

		judge_level(x + from, to - from, runs + from, p + from);
		from = to;
	}
	cf_adjust(p, n, CF_ADJUST_BH, q);
	for (size_t i = 0; i < n; i++) {
		double ratio = runs[i].ratio;

		runs[i].index = i;
		runs[i].p = p[i];
		runs[i].q = q[i];
		if (q[i] <= alpha && !(ratio > 0 && fabs(log(ratio)) < log1p(min_effect)))
			g_array_append_val(odd, runs[i]);
	}
	return odd;
}
