/* SPDX-License-Identifier: MIT */
/* points: benchmarks and other measurements before and after. */
#ifndef CF_ANALYZERS_COMPARE_POINTS_H
#define CF_ANALYZERS_COMPARE_POINTS_H

#include "analyzers/compare/values.h"
#include "analyzers/stat/order.h"

/* One series; of one that is measured at several loads, one for each of these ("rps @ users=10"). */
struct cf_point_row {
	char *name, *unit; /* unit: as the input says; "ns", "bytes" are ours */
	enum cf_direction direction;
	gboolean of_runs;                          /* a value is the median of a run */
	GArray *values[CF_SIDES], *runs[CF_SIDES]; /* double; uint32_t: the run that each value is of */
	struct cf_quantile_interval median[CF_SIDES];
	double cliff;
	struct cf_tested tested;
};

struct cf_points {
	GPtrArray *rows; /* struct cf_point_row *, owned, by name, then unit */
	size_t runs[CF_SIDES];
	double geomean; /* of the ratios of medians that are above 0; NAN: none, or of different units */
	guint in_geomean;
	GHashTable *index; /* private: name and unit -> row */
};

/* -1 with a message; then cleared. */
int cf_points_load(struct cf_points *points, const struct cf_analysis *analysis);
/*
 * Medians with their intervals, and the rank test (analyzers/stat/repeats.h), as benchstat has them. From four runs a side
 * on, a run counts as one value: what is repeated within a run has more in common than runs have. So does a series over time
 * always.
 */
void cf_points_compute(struct cf_points *points, const struct cf_compare_options *options);
void cf_points_clear(struct cf_points *points);

/* For tests: an empty one, and a value of a side's run. x: NAN none. */
void cf_points_init(struct cf_points *points);
void cf_points_add(struct cf_points *points, int side, uint32_t run, const char *name, const char *unit,
		   const char *better, const char *x_name, double x, double value);

/* The table `series`, and how it was computed. */
void cf_points_present(struct cf_analysis *analysis, const struct cf_points *points,
		       const struct cf_compare_options *options);

#endif
