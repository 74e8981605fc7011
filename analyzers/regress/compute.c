/* SPDX-License-Identifier: MIT */
/* compute: the changes of level and the odd runs of all series of a history. */
#include "analyzers/regress/compute.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzers/stat/anomaly.h"
#include "analyzers/stat/changepoint.h"
#include "analyzers/stat/repeats.h"

#define SELECTION 50.0   /* what a change takes of alpha: at 0.05 the 0.001 that the method was tuned with */
#define SAME_PLACE 3     /* runs by which more data may move a change */
#define EARLIER_MOST 400 /* histories that are looked at again */
#define MAD_EFFICIENCY 0.37 /* Rousseeuw & Croux, JASA 88 (1993) */
#define CHI2_95 \
	3.841459 /* of one degree of freedom: twice the fall of the log likelihood at the end of an interval */

/* The values that a series has, and of which runs they are. */
struct values {
	double *x;
	size_t *run;
	size_t n;
};

static void values_init(struct values *v, const struct cf_regress_series *series, size_t runs)
{
	v->x = g_new(double, runs + 1);
	v->run = g_new(size_t, runs + 1);
	v->n = 0;
	for (size_t r = 0; r < runs; r++)
		if (cf_value_usable(series->value[r])) {
			v->x[v->n] = series->value[r];
			v->run[v->n++] = r;
		}
}

static void values_clear(struct values *v)
{
	g_free(v->x);
	g_free(v->run);
}

static struct cf_level_change *change_at(const struct cf_changes *changes, size_t i)
{
	return &g_array_index(changes->changes, struct cf_level_change, i);
}

static gboolean is_worse(const struct cf_regress_series *series, double before, double after)
{
	return series->more_is_better ? after < before : after > before;
}

/* --- where exactly ---------------------------------------------------------------------------- */

/* Sum of squares about the means of x[from..at) and x[at..to). */
static double squares(const double *x, size_t from, size_t at, size_t to)
{
	return cf_variance(x + from, at - from) * (double)(at - from - 1) +
	       cf_variance(x + at, to - at) * (double)(to - at - 1);
}

/* Spikes replaced by the median of five around them, as when the change was looked for. Caller frees. */
static double *without_spikes(const struct values *v, const struct cf_changes *changes)
{
	double *x = g_memdup2(v->x, v->n * sizeof(double));

	for (guint i = 0; i < changes->spikes->len && v->n >= 5; i++) {
		size_t at = g_array_index(changes->spikes, size_t, i);

		x[at] = cf_median(v->x + MIN(MAX(at, 2), v->n - 3) - 2, 5);
	}
	return x;
}

/*
 * The places whose likelihood isn't significantly less than that of the best, for normal noise (a profile likelihood
 * interval). A level has two values at least.
 */
static void locate(const struct values *v, const struct cf_changes *changes, const struct cf_level_change *c,
		   struct cf_regress_change *out)
{
	g_autofree double *x = without_spikes(v, changes);
	double best = squares(x, c->from, c->index, c->to),
	       margin = CHI2_95 * changes->noise * changes->noise;
	size_t lo = c->index, hi = lo;

	while (lo > c->from + 2 && squares(x, c->from, lo - 1, c->to) - best < margin)
		lo--;
	while (hi + 2 < c->to && squares(x, c->from, hi + 1, c->to) - best < margin)
		hi++;
	out->lo = v->run[lo];
	out->hi = v->run[hi];
}

/* --- one series ------------------------------------------------------------------------------- */

struct work {
	const struct cf_regress_history *history;
	const struct cf_regress_options *options;
	struct cf_regress_result *result;
	GArray *candidates; /* struct cf_regress_odd, q still p */
	size_t tests;
};

/*
 * The more series, the more evidence each needs, for the same chance of a false change among them all. The fall of the sum of
 * squares that pure noise allows has the tail of a t distribution, since what it is measured in is itself estimated, by a
 * MAD of the few differences: (1 + x / df)^(-df / 2). A chance of 1/m of that is where 1 + x / df is m^(2 / df) times as
 * large; of long series that is 2 ln m more. The penalty is counted in ln n.
 */
static struct cf_change_options change_options(const struct work *w, size_t n)
{
	struct cf_change_options out = CF_CHANGE_OPTIONS;
	double m = fmax(1, w->history->series->len), df = fmax(1, MAD_EFFICIENCY * ((double)n - 1));
	double unit = log(fmax(2, (double)n)), price = w->options->penalty * unit;

	out.penalty = df * ((1 + price / df) * pow(m, 2 / df) - 1) / unit;
	out.min_effect = w->options->min_effect;
	out.alpha = w->options->alpha / SELECTION;
	return out;
}

/* The median of the whole runs of a level. */
static double whole_of(const struct work *w, const struct cf_regress_series *series, const struct values *v,
		       size_t from, size_t to)
{
	g_autofree double *whole = g_new(double, to - from + 1);
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		double value = cf_regress_metric(w->history, series->of)->whole[v->run[i]];

		if (cf_value_usable(value))
			whole[n++] = value;
	}
	return cf_median(whole, n);
}

static struct cf_regress_change measure(const struct work *w, guint s, const struct values *v,
					const struct cf_changes *changes, const struct cf_level_change *c)
{
	const struct cf_regress_series *series = cf_regress_series(w->history, s);
	const struct cf_repeats_options options = CF_REPEATS_OPTIONS;
	struct cf_repeats repeats = cf_repeats_compare(v->x + c->from, c->index - c->from, v->x + c->index,
						       c->to - c->index, &options);
	struct cf_regress_change out = { .series = s,
					 .at = v->run[c->index],
					 .prior = v->run[c->index - 1],
					 .before = c->before,
					 .after = c->after,
					 .share = NAN,
					 .p = c->p,
					 .runs_before = c->index - c->from,
					 .runs_after = c->to - c->index,
					 .worse = is_worse(series, c->before, c->after),
					 .back = SIZE_MAX };

	out.ratio = (struct cf_interval){ c->ratio, fmin(repeats.ratio.lo, c->ratio),
					  fmax(repeats.ratio.hi, c->ratio) };
	if (isnan(repeats.ratio.lo) || isinf(repeats.ratio.lo) || isinf(repeats.ratio.hi))
		out.ratio.lo = out.ratio.hi = NAN;
	if (series->part)
		out.share = (c->after - c->before) / whole_of(w, series, v, c->from, c->index);
	out.severity = cf_finding_grade(out.ratio.estimate, out.share);
	locate(v, changes, c, &out);
	return out;
}

/* How many of the values are of runs that aren't news. */
static size_t known_values(const struct work *w, const struct values *v)
{
	size_t n = v->n, runs = w->history->runs->len;

	while (n && v->run[n - 1] + w->options->newest >= runs)
		n--;
	return n;
}

/* The same shift, seen with fewer runs. */
static const struct cf_level_change *counterpart(const struct cf_changes *changes,
						 const struct cf_level_change *c)
{
	for (guint i = 0; i < changes->changes->len; i++) {
		const struct cf_level_change *other = change_at(changes, i);
		size_t apart = MAX(other->index, c->index) - MIN(other->index, c->index);

		if (apart <= SAME_PLACE && (other->after > other->before) == (c->after > c->before))
			return other;
	}
	return NULL;
}

/*
 * Was it told by any earlier history? Near the limit of what can be told a change comes and goes as runs are added: only the
 * first time is news. The first such history has three runs after it.
 */
static gboolean told_before(const struct work *w, const struct values *v, const struct cf_level_change *c,
			    size_t known)
{
	size_t least = c->index + CF_REGRESS_LEAST / 2, tried = 0;

	for (size_t n = known; n-- > least && tried < EARLIER_MOST; tried++) {
		const struct cf_change_options options = change_options(w, n);
		struct cf_changes changes;
		gboolean told;

		cf_changes_find(&changes, v->x, n, &options);
		told = counterpart(&changes, c) != NULL;
		cf_changes_clear(&changes);
		if (told)
			return TRUE;
	}
	return FALSE;
}

/* The change after i with which the level is as good again as it was before i; or the end. */
static guint recovery(const struct work *w, const struct cf_regress_series *series,
		      const struct cf_changes *changes, guint i)
{
	double before = change_at(changes, i)->before, margin = fabs(before) * w->options->min_effect;
	guint k = i + 1;

	for (; k < changes->changes->len; k++) {
		double after = change_at(changes, k)->after;

		if (series->more_is_better ? after >= before - margin : after <= before + margin)
			break;
	}
	return k;
}

static void add_changes(struct work *w, guint s, const struct values *v, const struct cf_changes *changes,
			const struct cf_changes *earlier)
{
	const struct cf_regress_series *series = cf_regress_series(w->history, s);
	g_autofree gboolean *recovers = g_new0(gboolean, changes->changes->len + 1);

	for (guint i = 0; i < changes->changes->len; i++) {
		const struct cf_level_change *c = change_at(changes, i);
		struct cf_regress_change out = measure(w, s, v, changes, c);
		gboolean known = counterpart(earlier, c) || told_before(w, v, c, known_values(w, v));

		out.state = known ? CF_FINDING_KNOWN : CF_FINDING_NEW;
		if (out.worse) {
			guint k = recovery(w, series, changes, i);

			if (k < changes->changes->len) {
				out.state = CF_FINDING_RECOVERED;
				out.back = v->run[change_at(changes, k)->index];
				out.past = counterpart(earlier, change_at(changes, k)) != NULL;
				/* only back, or better than ever? */
				recovers[k] = recovers[k] || fabs(change_at(changes, k)->after - c->before) <=
								     fabs(c->before) * w->options->min_effect;
			}
		} else {
			out.past = recovers[i];
		}
		g_array_append_val(w->result->changes, out);
	}
}

/* What was told without the newest runs, and isn't with them. */
static void add_withdrawn(struct work *w, guint s, const struct values *v, const struct cf_changes *changes,
			  const struct cf_changes *earlier)
{
	for (guint i = 0; i < earlier->changes->len; i++) {
		const struct cf_level_change *c = change_at(earlier, i);
		struct cf_regress_change out;

		if (counterpart(changes, c))
			continue;
		out = measure(w, s, v, earlier, c);
		if (!out.worse)
			continue;
		out.state = CF_FINDING_RECOVERED;
		out.withdrawn = TRUE;
		out.back = v->run[v->n - 1];
		g_array_append_val(w->result->changes, out);
	}
}

static void add_odd(struct work *w, guint s, const struct values *v, const struct cf_changes *changes)
{
	const struct cf_regress_series *series = cf_regress_series(w->history, s);
	g_autoptr(GArray) odd = cf_odd_runs(v->x, v->n, changes, w->options->alpha, w->options->min_effect);
	size_t runs = w->history->runs->len;
	for (guint i = 0; i < odd->len; i++) {
		const struct cf_odd_run *o = &g_array_index(odd, struct cf_odd_run, i);
		const struct cf_regress_odd out = {
			.series = s,
			.run = v->run[o->index],
			.to = v->run[o->index],
			.runs = 1,
			.level = o->level,
			.value = v->x[o->index],
			.ratio = o->ratio,
			.q = o->p,
			.worse = is_worse(series, o->level, v->x[o->index]),
			.fresh = v->run[o->index] + w->options->newest >= runs,
			.last = o->index + 1 == v->n,
			.place = o->index,
		};

		g_array_append_val(w->candidates, out);
	}
	w->tests += v->n;
}

static gint by_place(gconstpointer a, gconstpointer b)
{
	const struct cf_regress_change *x = a, *y = b;

	if (x->series != y->series)
		return x->series < y->series ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static void do_series(struct work *w, guint s)
{
	struct cf_change_options options;
	struct cf_changes changes, earlier;
	struct values v;

	values_init(&v, cf_regress_series(w->history, s), w->history->runs->len);
	if (v.n < CF_REGRESS_LEAST) {
		w->result->shorts++;
		values_clear(&v);
		return;
	}
	w->result->looked++;
	options = change_options(w, v.n);
	cf_changes_find(&changes, v.x, v.n, &options);
	cf_changes_find(&earlier, v.x, known_values(w, &v), &options);
	add_changes(w, s, &v, &changes, &earlier);
	add_withdrawn(w, s, &v, &changes, &earlier);
	add_odd(w, s, &v, &changes);
	cf_changes_clear(&changes);
	cf_changes_clear(&earlier);
	values_clear(&v);
}

/* --- odd runs of all series ------------------------------------------------------------------- */

static gint by_p(gconstpointer a, gconstpointer b)
{
	double x = ((const struct cf_regress_odd *)a)->q, y = ((const struct cf_regress_odd *)b)->q;

	return (x > y) - (x < y);
}

static gint by_run(gconstpointer a, gconstpointer b)
{
	const struct cf_regress_odd *x = a, *y = b;

	if (x->series != y->series)
		return x->series < y->series ? -1 : 1;
	return (x->run > y->run) - (x->run < y->run);
}

/* Neighbours that are off in one direction are one: something was wrong for a while. */
static void join_odd(GArray *odd)
{
	guint kept = 0;

	for (guint i = 0; i < odd->len; i++) {
		struct cf_regress_odd *into =
			kept ? &g_array_index(odd, struct cf_regress_odd, kept - 1) : NULL;
		const struct cf_regress_odd next = g_array_index(odd, struct cf_regress_odd, i);

		if (!into || into->series != next.series || into->place + 1 != next.place ||
		    into->worse != next.worse) {
			g_array_index(odd, struct cf_regress_odd, kept++) = next;
			continue;
		}
		into->to = next.to;
		into->place = next.place;
		into->last = next.last;
		into->runs++;
		into->q = fmin(into->q, next.q);
		into->fresh = into->fresh || next.fresh;
		if (fabs(next.value - next.level) > fabs(into->value - into->level)) {
			into->value = next.value;
			into->ratio = next.ratio;
		}
	}
	g_array_set_size(odd, kept);
}

/*
 * Benjamini & Hochberg over every run of every series: what isn't a candidate by its own series has a greater p. A series
 * with thousands beside it needs stronger evidence than one alone.
 */
static void keep_odd(struct work *w)
{
	double least = 1;

	g_array_sort(w->candidates, by_p);
	for (guint i = w->candidates->len; i-- > 0;) {
		struct cf_regress_odd *odd = &g_array_index(w->candidates, struct cf_regress_odd, i);

		least = fmin(least, odd->q * (double)w->tests / (i + 1.0));
		odd->q = least;
	}
	for (guint i = 0; i < w->candidates->len; i++) {
		const struct cf_regress_odd *odd = &g_array_index(w->candidates, struct cf_regress_odd, i);

		if (odd->q <= w->options->alpha)
			g_array_append_val(w->result->odd, *odd);
	}
	g_array_sort(w->result->odd, by_run);
	join_odd(w->result->odd);
}

void cf_regress_compute(struct cf_regress_result *result, const struct cf_regress_history *history,
			const struct cf_regress_options *options)
{
	/* cppcheck-suppress ctuuninitvar; it is what is filled in here */
	struct work w = { history, options, result, g_array_new(FALSE, FALSE, sizeof(struct cf_regress_odd)),
			  0 };

	*result =
		(struct cf_regress_result){ .changes = g_array_new(FALSE, FALSE,
								   sizeof(struct cf_regress_change)),
					    .odd = g_array_new(FALSE, FALSE, sizeof(struct cf_regress_odd)) };
	for (guint s = 0; s < history->series->len; s++)
		do_series(&w, s);
	g_array_sort(result->changes, by_place);
	keep_odd(&w);
	g_array_unref(w.candidates);
}

void cf_regress_result_clear(struct cf_regress_result *result)
{
	g_clear_pointer(&result->changes, g_array_unref);
	g_clear_pointer(&result->odd, g_array_unref);
}
