/* SPDX-License-Identifier: MIT */
/* analyzers_stat: computes what it is asked on stdin, for comparison with values from elsewhere.
 *
 * A request is a line "name argument...", an array among the arguments its length and its values. The
 * answer is a line of numbers, with the digits that read back equal.
 */
#include "analyzers/stat/adjust.h"
#include "analyzers/regress/compute.h"
#include "analyzers/stat/anomaly.h"
#include "analyzers/stat/bootstrap.h"
#include "analyzers/stat/changepoint.h"
#include "analyzers/stat/counts.h"
#include "analyzers/stat/distributions.h"
#include "analyzers/stat/growth.h"
#include "analyzers/stat/mann_whitney.h"
#include "analyzers/stat/partition.h"
#include "analyzers/stat/power.h"
#include "analyzers/stat/proportion.h"
#include "analyzers/stat/repeats.h"
#include "analyzers/stat/trend.h"
#include "analyzers/stat/welch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double number(void)
{
	char word[64];

	if (scanf("%63s", word) != 1)
		exit(EXIT_FAILURE);
	return g_ascii_strtod(word, NULL);
}

static int64_t whole(void)
{
	return (int64_t)number();
}

struct array {
	double *x;
	size_t n;
};

static struct array array(void)
{
	struct array out = { .n = (size_t)whole() };

	out.x = g_new(double, out.n + 1);
	for (size_t i = 0; i < out.n; i++)
		out.x[i] = number();
	return out;
}

static void say(double value)
{
	printf("%.17g ", value);
}

static void say_interval(struct cf_interval value)
{
	say(value.estimate);
	say(value.lo);
	say(value.hi);
}

static void say_tails(struct cf_tails tails)
{
	say(tails.lower);
	say(tails.upper);
}

/* --- requests --------------------------------------------------------------------------------- */

static void pnorm(void)
{
	say_tails(cf_normal_tails(number()));
}

static void qnorm(void)
{
	say(cf_normal_quantile(number()));
}

static void pt(void)
{
	double t = number(), df = number();

	say_tails(cf_t_tails(t, df));
}

static void qt(void)
{
	double p = number(), df = number();

	say(cf_t_quantile(p, df));
}

static void pchisq(void)
{
	double x = number(), df = number();

	say_tails(cf_chi2_tails(x, df));
}

static void pbinom(void)
{
	int64_t k = whole(), n = whole();
	double p = number();

	say_tails(cf_binomial_tails(k, n, p / (1 - p)));
}

static void ppois(void)
{
	int64_t k = whole();

	say_tails(cf_poisson_tails(k, number()));
}

static void pbeta(void)
{
	double x = number(), a = number(), b = number();

	say_tails(cf_beta_distribution(x, a, b));
}

static void quantiles(void)
{
	struct array x = array(), p = array();
	int type = (int)number();

	cf_sort(x.x, x.n);
	for (size_t i = 0; i < p.n; i++)
		say(cf_quantile(x.x, x.n, p.x[i], (enum cf_quantile_type)type));
}

static void spread(void)
{
	struct array x = array();

	say(cf_mad(x.x, x.n));
	say(cf_iqr(x.x, x.n));
	say(cf_trimmed_mean(x.x, x.n, 0.2));
}

static void median_interval(void)
{
	struct array x = array();
	struct cf_quantile_interval out;

	cf_sort(x.x, x.n);
	out = cf_quantile_interval(x.x, x.n, 0.5, 0.95);
	say_interval(out.value);
	say((double)out.lo_rank);
	say((double)out.hi_rank);
	say(out.coverage);
	say((double)out.needed);
}

static void mann_whitney(void)
{
	struct array x = array(), y = array();
	struct cf_mann_whitney out = cf_mann_whitney(x.x, x.n, y.x, y.n);
	g_autofree double *all = g_new(double, x.n + y.n);
	g_autofree double *rank = g_new(double, x.n + y.n);

	memcpy(all, x.x, x.n * sizeof(double));
	memcpy(all + x.n, y.x, y.n * sizeof(double));
	say(out.u);
	say(out.p);
	say(out.cliff);
	say(out.exact);
	say(cf_mann_whitney_p_normal(out.u, (double)x.n, (double)y.n, cf_midranks(all, x.n + y.n, rank)));
}

static void hodges_lehmann(void)
{
	struct array x = array(), y = array();

	say_interval(cf_hodges_lehmann(x.x, x.n, y.x, y.n, 0.95).value);
}

static void welch(void)
{
	struct array x = array(), y = array();
	struct cf_welch out = cf_welch(x.x, x.n, y.x, y.n, 0.95);

	say(out.t);
	say(out.df);
	say(out.p);
	say_interval(out.difference);
	say_interval(out.ratio);
}

static void bootstrap(void)
{
	struct array x = array(), y = array();
	const struct cf_bootstrap how = { .seed = 1, .rounds = 200000, .level = 0.95 };

	say_interval(cf_bootstrap_interval(x.x, x.n, y.x, y.n, cf_bootstrap_relative_median, NULL, &how));
}

static void count(void)
{
	int64_t before = whole(), after = whole();
	double scale = number();
	struct cf_count_pair k = { before, after };

	say(cf_count_p(k, scale));
	say(cf_count_midp(k, scale));
	say_interval(cf_count_ratio(k, scale, 0.95));
}

static void shares(void)
{
	int64_t k1 = whole(), n1 = whole(), k2 = whole(), n2 = whole();

	say_interval(cf_wilson(k1, n1, 0.95));
	say_interval(cf_wilson(k2, n2, 0.95));
	say_interval(cf_newcombe(k1, n1, k2, n2, 0.95));
}

static int64_t *counts_of(struct array x)
{
	int64_t *k = g_new(int64_t, x.n + 1);

	for (size_t i = 0; i < x.n; i++)
		k[i] = (int64_t)x.x[i];
	return k;
}

/*
 * The runs of two sides, each a row of counts by function: phi, extra; scale, support; then outcome, p, q,
 * and the factor of the dispersion of each function.
 */
static void counts(void)
{
	struct cf_count_options options = CF_COUNT_OPTIONS;
	size_t functions, rows[2];
	g_autofree int64_t *side[2] = { NULL, NULL };

	options.beyond = number();
	functions = (size_t)whole();
	for (int i = 0; i < 2; i++) {
		struct array x = array();

		rows[i] = x.n / functions;
		side[i] = counts_of(x);
	}
	{
		g_autofree struct cf_count_pair *k = g_new0(struct cf_count_pair, functions);
		g_autofree struct cf_count_result *results = g_new(struct cf_count_result, functions);
		g_autofree double *factor = g_new(double, functions);
		struct cf_dispersion dispersion =
			cf_dispersion(side[0], rows[0], side[1], rows[1], functions, factor);
		struct cf_size_factor size;

		for (size_t i = 0; i < rows[0] * functions; i++)
			k[i % functions].before += side[0][i];
		for (size_t i = 0; i < rows[1] * functions; i++)
			k[i % functions].after += side[1][i];
		if (dispersion.df == 0)
			dispersion = cf_dispersion_of_pair(k, functions, cf_size_factor(k, functions).scale,
							   factor);
		options.dispersion = factor;
		size = cf_counts_compare(k, functions, &options, results);
		say(dispersion.phi);
		say(dispersion.extra);
		say(size.scale);
		say((double)size.support);
		for (size_t i = 0; i < functions; i++) {
			say(results[i].outcome);
			say(results[i].p);
			say(results[i].q);
			say(factor[i]);
		}
	}
}

static void adjust(void)
{
	enum cf_adjust method = (enum cf_adjust)whole();
	struct array p = array();

	cf_adjust(p.x, p.n, method, p.x);
	for (size_t i = 0; i < p.n; i++)
		say(p.x[i]);
}

static void power_samples(void)
{
	const struct cf_power power = { 0.05, 0.8 };

	say(cf_power_samples(number(), 1, &power));
}

static void mann_kendall(void)
{
	struct array y = array();
	struct cf_mann_kendall out = cf_mann_kendall(y.x, y.n);

	say(out.s);
	say(out.variance);
	say(out.tau);
	say(out.z);
	say(out.p);
	say(out.factor);
	say(out.z_corrected);
	say(out.p_corrected);
}

/* An empty array of times: the index. */
static void theil_sen(void)
{
	struct array time = array(), y = array();
	struct cf_theil_sen out = cf_theil_sen(time.n ? time.x : NULL, y.x, y.n, 0.95);

	say_interval(out.slope);
	say(out.intercept);
}

static void growth(void)
{
	const struct cf_growth_options options = CF_GROWTH_OPTIONS;
	struct array y = array();

	say(cf_growth(NULL, y.x, y.n, &options).verdict);
}

static void partition(void)
{
	double penalty = number();
	size_t min_length = (size_t)whole();
	struct array x = array();
	g_autoptr(GArray) starts = cf_partition(x.x, x.n, penalty, min_length);

	for (guint i = 0; i < starts->len; i++)
		say((double)g_array_index(starts, size_t, i));
}

static void changes(void)
{
	const struct cf_change_options options = CF_CHANGE_OPTIONS;
	struct array x = array();
	struct cf_changes out;

	cf_changes_find(&out, x.x, x.n, &options);
	for (guint i = 0; i < out.changes->len; i++)
		say((double)g_array_index(out.changes, struct cf_level_change, i).index);
	cf_changes_clear(&out);
}

/* The same through the whole of regress: a history of one benchmark. */
static void regress(void)
{
	const struct cf_regress_options options = CF_REGRESS_OPTIONS;
	struct array x = array();
	struct cf_regress_history history;
	struct cf_regress_result result;

	cf_regress_history_init(&history);
	for (size_t i = 0; i < x.n; i++) {
		const struct cf_regress_run run = { .commit = CF_NONE };

		g_array_append_val(history.runs, run);
	}
	cf_regress_add(&history, CF_SUBJECT_BENCHMARK, "x", x.x, x.n);
	cf_regress_compute(&result, &history, &options);
	for (guint i = 0; i < result.changes->len; i++)
		if (!g_array_index(result.changes, struct cf_regress_change, i).withdrawn)
			say((double)g_array_index(result.changes, struct cf_regress_change, i).at);
	cf_regress_result_clear(&result);
	cf_regress_history_clear(&history);
}

static void odd_runs(void)
{
	const struct cf_change_options options = CF_CHANGE_OPTIONS;
	struct array x = array();
	struct cf_changes out;
	g_autoptr(GArray) odd = NULL;

	cf_changes_find(&out, x.x, x.n, &options);
	odd = cf_odd_runs(x.x, x.n, &out, 0.05, 0.02);
	for (guint i = 0; i < odd->len; i++)
		say((double)g_array_index(odd, struct cf_odd_run, i).index);
	cf_changes_clear(&out);
}

static void anomaly_scores(void)
{
	const struct cf_anomaly_options options = CF_ANOMALY_OPTIONS;
	struct array x = array();
	g_autofree double *score = g_new(double, x.n + 1);
	g_autoptr(GArray) positions = NULL;

	cf_anomaly_scores(x.x, x.n, &options, score);
	positions = cf_anomaly_positions(score, x.n, &options);
	/* within the pause after an anomaly nothing is an alarm */
	for (size_t i = 0, at = 0; i < x.n; i++) {
		gboolean named = at < positions->len && g_array_index(positions, size_t, at) == i;

		at += named;
		say(score[i] < options.alarm || named ? score[i] : 0);
	}
}

/* p, outcome, needed, ratio; the medians with their intervals */
static void repeats(void)
{
	const struct cf_repeats_options options = CF_REPEATS_OPTIONS;
	struct array x = array(), y = array();
	struct cf_repeats out = cf_repeats_compare(x.x, x.n, y.x, y.n, &options);

	say(out.p);
	say(out.outcome);
	say(out.needed);
	say(out.ratio.estimate);
	say_interval(out.before.value);
	say_interval(out.after.value);
}

#define REQUEST(name)       \
	{                   \
#name, name \
	}
static const struct {
	const char *name;
	void (*answer)(void);
} requests[] = {
	REQUEST(pnorm),
	REQUEST(qnorm),
	REQUEST(pt),
	REQUEST(qt),
	REQUEST(pchisq),
	REQUEST(pbinom),
	REQUEST(ppois),
	REQUEST(pbeta),
	REQUEST(quantiles),
	REQUEST(spread),
	REQUEST(median_interval),
	REQUEST(mann_whitney),
	REQUEST(hodges_lehmann),
	REQUEST(welch),
	REQUEST(bootstrap),
	REQUEST(count),
	REQUEST(shares),
	REQUEST(counts),
	REQUEST(adjust),
	REQUEST(power_samples),
	REQUEST(mann_kendall),
	REQUEST(theil_sen),
	REQUEST(growth),
	REQUEST(partition),
	REQUEST(changes),
	REQUEST(regress),
	REQUEST(odd_runs),
	REQUEST(repeats),
	REQUEST(anomaly_scores),
};

int main(void)
{
	char name[64];

	while (scanf("%63s", name) == 1) {
		size_t i = 0;

		while (i < G_N_ELEMENTS(requests) && strcmp(name, requests[i].name))
			i++;
		if (i == G_N_ELEMENTS(requests)) {
			fprintf(stderr, "analyzers_stat: no request %s\n", name);
			return EXIT_FAILURE;
		}
		requests[i].answer();
		putchar('\n');
		fflush(stdout);
	}
	return EXIT_SUCCESS;
}
