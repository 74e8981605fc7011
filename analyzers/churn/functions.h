/* SPDX-License-Identifier: MIT */
/* functions: which functions change, as far as the importer could tell them. */
#ifndef CF_ANALYZERS_CHURN_FUNCTIONS_H
#define CF_ANALYZERS_CHURN_FUNCTIONS_H

#include "analyzers/churn/cost.h"
#include "analyzers/churn/facts.h"

struct cf_churn_func {
	uint32_t path; /* of the history */
	struct cf_str name;
	uint32_t revs;
	int64_t added, deleted;
	gboolean at_head;
	uint32_t lines, complexity; /* at the head; complexity 0: not counted */
	int64_t self;               /* cost of the run that was joined; 0 none */
	double score; /* hotspot: revisions / most x complexity / greatest; 0 when it isn't at the head */
	double hot;   /* revisions / most x cost / greatest */
};

struct cf_churn_funcs {
	GArray *rows;      /* struct cf_churn_func by (score descending, path, name) */
	uint32_t commits;  /* that count, whose functions were read */
	int32_t first_day; /* of them */
};

/* Of the commits and paths that count. cost may be NULL. */
struct cf_churn_funcs cf_churn_funcs(const struct cf_churn *churn, const struct cf_cost_join *cost);
void cf_churn_funcs_clear(struct cf_churn_funcs *funcs);

#endif
