/* SPDX-License-Identifier: MIT */
/* hotspots: where much is changed that is big: hotspots, risk, what to refactor first. */
#ifndef CF_ANALYZERS_CHURN_HOTSPOTS_H
#define CF_ANALYZERS_CHURN_HOTSPOTS_H

#include "analyzers/churn/sums.h"

/* What stands for how complicated an entity is. */
enum cf_churn_size {
	CF_SIZE_LINES,      /* that aren't blank: known of every text, and as good a predictor as any */
	CF_SIZE_COMPLEXITY, /* cyclomatic, where functions could be told */
	CF_SIZE_INDENT /* steps of indentation (Hindle, Godfrey, Holt: Reading Beside the Lines, ICPC 2008) */
};
uint32_t cf_churn_size(const struct cf_churn_entity *entity, enum cf_churn_size size);

/*
 * What is looked at: program text at the head; where there is none at all, whatever has lines. NULL-terminated by CF_NONE;
 * by name. Caller frees.
 */
uint32_t *cf_churn_living(const struct cf_churn *churn);

/*
 * Hotspots (Tornhill, Your Code as a Crime Scene): revisions / most revisions x size / biggest size, both of the living.
 * Entities without revisions are none. By (score descending, name).
 */
struct cf_hotspot {
	uint32_t entity;
	double revs, size; /* of the most, of the biggest */
	double score;
};
GArray *cf_hotspots(const struct cf_churn_sums *sums, enum cf_churn_size size);

/*
 * How likely the next defect is here, as far as the history tells: the mean of four ranks among the living, each the part
 * of the others that have less (those with as much count half):
 *	revisions            (Graves, Karr, Marron, Siy: Predicting Fault Incidence Using Software Change History, 2000)
 *	churned lines/line   (Nagappan, Ball 2005: M1 and M2 of the file)
 *	minor contributors   (Bird and others 2011)
 *	lines                (El Emam and others: the measure that others have to beat)
 * Equal weights, as there are no defects here to fit others to.
 */
struct cf_risk {
	uint32_t entity;
	double revisions, relative, minor, lines; /* ranks */
	double churned;                           /* lines added and deleted, of a line */
	uint32_t contributors;                    /* minor ones */
	double risk;
};
GArray *cf_risks(const struct cf_churn_sums *sums, gboolean bots); /* by (risk descending, name) */

/*
 * What to refactor first: hotspot score x (1 + CPU share / largest CPU share of the living), so that what is also run much
 * counts up to twice. cost: CPU share of each entity, or NULL. By (priority descending, name).
 */
struct cf_refactoring {
	uint32_t entity;
	double score, cost, priority;
};
GArray *cf_refactorings(const struct cf_churn_sums *sums, const GArray *hotspots, const double *cost);

/*
 * Hotspots x cost: where change and machine time meet: revisions / most revisions x CPU share / largest CPU share, of
 * entities that have both. By (score descending, name).
 */
struct cf_hot_cost {
	uint32_t entity;
	double cost, score;
};
GArray *cf_hot_costs(const struct cf_churn_sums *sums, const double *cost);

#endif
