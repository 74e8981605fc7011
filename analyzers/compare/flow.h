/* SPDX-License-Identifier: MIT */
/* flow: how much of what changed passes through which functions. Pure. */
#ifndef CF_ANALYZERS_COMPARE_FLOW_H
#define CF_ANALYZERS_COMPARE_FLOW_H

#include "analyzers/compare/functions.h"
#include "analyzers/compare/paths.h"

/*
 * Amounts are samples, or weights of what isn't sampled, per run and with the comparison's scale taken out of the after
 * side, so that differences are what ratios are of. Matrices have a row of `rows` numbers per cause.
 */
struct cf_flow {
	uint32_t rows;
	double unit[CF_SIDES]; /* what amounts are multiplied with */
	gboolean counts;       /* amounts are samples */
	guint causes;
	uint32_t *cause;          /* rows that changed themselves, weightiest first */
	uint32_t *cause_of;       /* of each row its number among causes + 1, 0: none */
	double *own[CF_SIDES];    /* [cause] what ends in it */
	double *above[CF_SIDES];  /* [cause][row] of that, what has row above it, once however often */
	double *direct[CF_SIDES]; /* [cause][row] of that, what has row as the next other function above it */
	double *steps;            /* [cause][row] of both sides, amount times steps between */
	double *total[CF_SIDES];  /* [row] what has it anywhere */
};

/* Causes are the rows found to have changed by themselves; beyond a bound on memory the lightest are left out. */
void cf_flow_init(struct cf_flow *flow, const struct cf_comparison *comparison,
		  const struct cf_paths paths[CF_SIDES]);
void cf_flow_clear(struct cf_flow *flow);

double cf_flow_own(const struct cf_flow *flow, guint cause); /* after - before */
double cf_flow_change(const struct cf_flow *flow, guint cause, uint32_t row);
double cf_flow_total(const struct cf_flow *flow, uint32_t row);
double cf_flow_distance(const struct cf_flow *flow, guint cause,
			uint32_t row); /* mean steps; INFINITY: never above */

/* The same for totals: how much of the total of some functions passes through each row. */
struct cf_nested {
	const struct cf_flow *flow;
	const struct cf_paths *paths; /* of both sides */
	guint n;
	uint32_t *row;    /* the functions */
	uint32_t *number; /* of each row its place + 1, 0: none */
	double *above[CF_SIDES], *direct[CF_SIDES];
};
void cf_nested_init(struct cf_nested *nested, const struct cf_flow *flow,
		    const struct cf_paths paths[CF_SIDES], guint most);
void cf_nested_add(struct cf_nested *nested, uint32_t row);
void cf_nested_walk(struct cf_nested *nested); /* once all are added */
double cf_nested_change(const struct cf_nested *nested, guint function, uint32_t row);
/* The row through which most of its change comes directly, or CF_NO_ROW. */
uint32_t cf_nested_caller(const struct cf_nested *nested, guint function);
void cf_nested_clear(struct cf_nested *nested);

#endif
