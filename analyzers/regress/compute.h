/* SPDX-License-Identifier: MIT */
/* compute: the changes of level and the odd runs of all series of a history. */
#ifndef CF_ANALYZERS_REGRESS_COMPUTE_H
#define CF_ANALYZERS_REGRESS_COMPUTE_H

#include "analyzers/regress/series.h"
#include "analyzers/stat/order.h"

struct cf_regress_options {
	double min_effect, alpha; /* of cf_gate; a change takes alpha / 50, since its place was looked for */
	double penalty; /* of cf_change_options for one series; many need more, so that the chance of a false change
			   stays that of one */
	size_t newest; /* so many runs at the end are news: what could be told without them is known */
};
#define CF_REGRESS_OPTIONS ((struct cf_regress_options){ 0.02, 0.05, 6, 1 })

/* Runs are counted in the order of the history, whichever of them have a value. */
struct cf_regress_change {
	guint series;
	size_t at;     /* the first run after it */
	size_t prior;  /* the last run before it that has a value */
	size_t lo, hi; /* it came with one of the runs lo to hi, with 95 % confidence; at is among them */
	double before, after; /* medians of the levels */
	struct cf_interval ratio;
	double share; /* after - before as a share of the whole before; NAN of what isn't a part */
	double p;     /* of the rank test; not corrected */
	size_t runs_before, runs_after; /* of the two levels */
	gboolean worse;
	enum cf_finding_state
		state;      /* RECOVERED: of one that is worse, when a later level is as good again */
	gboolean past;      /* recovered, and that was known already; or an improvement that only did that */
	gboolean withdrawn; /* was told before the newest runs, and with them it can't be told any more */
	size_t back;        /* of one that recovered: the first run after it did */
	enum cf_finding_severity severity;
};

/* One run, or several that follow each other, off in one direction. */
struct cf_regress_odd {
	guint series;
	size_t run, to;             /* the first and the last */
	guint runs;                 /* how many */
	double level, value, ratio; /* value: of the run that is off most; ratio: value : level */
	double q;                   /* the least of the runs, over all runs of all series */
	gboolean worse;
	gboolean fresh; /* has one of the newest runs */
	gboolean last;  /* has the last value of the series: with 2 runs or more it may be a shift */
	size_t place;   /* of the last, among the values of the series */
};

struct cf_regress_result {
	GArray *changes; /* struct cf_regress_change by series, then at */
	GArray *odd;     /* struct cf_regress_odd by series, then run */
	guint looked;    /* series that are long enough */
	guint shorts;    /* series with values in fewer than CF_REGRESS_LEAST runs */
};

/* Pure: the same history gives the same result. */
void cf_regress_compute(struct cf_regress_result *result, const struct cf_regress_history *history,
			const struct cf_regress_options *options);
void cf_regress_result_clear(struct cf_regress_result *result);

#endif
