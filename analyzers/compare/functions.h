/* SPDX-License-Identifier: MIT */
/* functions: which functions changed between two sides, by how much, and how sure that is. Pure. */
#ifndef CF_ANALYZERS_COMPARE_FUNCTIONS_H
#define CF_ANALYZERS_COMPARE_FUNCTIONS_H

#include "analyzers/compare/sides.h"
#include "analyzers/stat/dispersion.h"
#include "analyzers/stat/outcome.h"

/* How profiles of different lengths are made comparable. */
enum cf_normalise {
	CF_NORMALISE_MEDIAN, /* most functions didn't change: the median of their ratios (cf_size_factor) */
	CF_NORMALISE_TOTAL,  /* equal totals: what is compared are shares */
	CF_NORMALISE_NONE    /* the same work was done: a run's cost is compared as it is */
};

struct cf_compare_options {
	struct cf_outcome_rule rule;
	enum cf_normalise normalise;
	double min_share; /* of the whole before: changes below it are small, whatever their ratio */
	double level;     /* of the intervals: 0.95 */
	double power;     /* that needed and visible refer to: 0.8 */
};
#define CF_COMPARE_OPTIONS ((struct cf_compare_options){ CF_OUTCOME_RULE, CF_NORMALISE_MEDIAN, 0, 0.95, 0.8 })

/* What is said of one number of a function. */
struct cf_judged {
	struct cf_interval
		ratio;   /* after : before, normalised; infinite for what is new, 0 for what is gone */
	double p, q;     /* NAN where nothing is random */
	gboolean tested; /* there was enough to test, or nothing random */
	enum cf_outcome outcome;
	double needed; /* times as much must be recorded to show such a ratio; NAN unknown. By ranks: runs a side */
	double visible; /* least ratio above 1 that this much shows; infinite for none, NAN unknown */
};

enum cf_found {
	CF_FOUND_REGRESSED,
	CF_FOUND_NEW, /* costs something, and wasn't there */
	CF_FOUND_IMPROVED,
	CF_FOUND_GONE,
	CF_FOUND_MOVED,   /* changed, but not taken together with functions that it shares its caller with */
	CF_FOUND_CARRIED, /* its total changed because something that it calls did */
	CF_FOUND_UNSURE,  /* cannot tell */
	CF_FOUND_SMALL,   /* changed, but by less than matters */
	CF_FOUND_SAME,    /* shown to be equal within what matters */
	CF_FOUND_NOISE    /* nothing speaks for a change */
};
#define CF_FOUNDS (CF_FOUND_NOISE + 1)
/* Stable words: "regressed", "new", "improved", "gone", "moved", "carried", "unsure", "small", "same", "noise". */
const char *cf_found_name(enum cf_found found);
/* Of a cost, where more is worse. */
enum cf_found cf_found_of(enum cf_outcome outcome);
/* A regression that a gate is about: regressed or new. */
static inline gboolean cf_found_is_worse(enum cf_found found)
{
	return found == CF_FOUND_REGRESSED || found == CF_FOUND_NEW;
}
/* regressed, new, improved, gone. */
static inline gboolean cf_found_is_change(enum cf_found found)
{
	return found <= CF_FOUND_GONE;
}

struct cf_compared {
	const struct cf_side_row *row;
	struct cf_judged self, total;
	gboolean has_total; /* total is another number than self, and is known */
	gboolean by_total;  /* found is about the total: what it costs itself didn't change */
	enum cf_found found;
	uint32_t
		group; /* of moved ones: the row of the function within which they moved; else its own number */
	GArray *callers; /* uint32_t: rows that carry the change of this one, nearest first; or NULL */
	char *suspect;   /* of regressed ones: the likeliest commit, or where else to look; or NULL */
	GArray *causes;  /* uint32_t: of carried ones, the rows that changed, weightiest first; or NULL */
};

struct cf_comparison {
	const struct cf_sides *sides; /* borrowed */
	struct cf_compare_options options;
	double scale;       /* recorded after : before, which ratios are freed of */
	double least, most; /* what scale would be without one of the functions that it is taken from */
	size_t support;     /* functions that scale is taken from */
	gboolean
		absolute; /* too few functions to tell normalisation from change: taken as CF_NORMALISE_NONE */
	struct cf_dispersion dispersion;
	double *factor;    /* of each row, what variances are multiplied by; NULL where nothing is sampled */
	GArray *functions; /* struct cf_compared, by the number of their row */
	guint found[CF_FOUNDS]; /* of functions that have a cost of their own */
	gboolean by_ranks;      /* of exact and measured values: repeated runs were compared */
};

/* Judges each function by itself. */
void cf_compare_functions(struct cf_comparison *comparison, const struct cf_sides *sides,
			  const struct cf_compare_options *options);
void cf_comparison_clear(struct cf_comparison *comparison);

/* Some rows as if they were one function, by their own costs. */
struct cf_judged cf_judge_together(const struct cf_comparison *comparison, const uint32_t *rows, guint n);

/* Counts found anew. */
void cf_comparison_count(struct cf_comparison *comparison);

static inline struct cf_compared *cf_compared_at(const struct cf_comparison *comparison, guint i)
{
	return &g_array_index(comparison->functions, struct cf_compared, i);
}

/* Per run of a side: as far as weights are numbers, before, after and their difference are consistent. */
double cf_compared_cost(const struct cf_comparison *comparison, int64_t weight, int side);
/*
 * How many times as much cost of a run is recorded after as before where nothing changed: scale, which is of samples, in the
 * unit of costs, per run. 1 where nothing is normalised.
 */
double cf_compared_scale(const struct cf_comparison *comparison);
/* The same of all runs of a side together. */
double cf_compared_scale_of_sides(const struct cf_comparison *comparison);
/* Is it so far from 1 that before and after side by side would mislead? Then readers get what was to be expected. */
gboolean cf_compared_is_scaled(const struct cf_comparison *comparison);
/* What a cost before would be after when nothing had changed, per run. */
double cf_compared_expected(const struct cf_comparison *comparison, int64_t weight);
/* after freed of that, less before, per run, of self or total: what recording more or less had no part in. */
double cf_compared_change(const struct cf_comparison *comparison, const struct cf_compared *function,
			  gboolean total);

#endif
