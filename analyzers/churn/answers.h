/* SPDX-License-Identifier: MIT */
/* answers: one repository as the settings want it counted, with what was computed of it, each when it is asked for. */
#ifndef CF_ANALYZERS_CHURN_ANSWERS_H
#define CF_ANALYZERS_CHURN_ANSWERS_H

#include "analyzers/analyzer.h"
#include "analyzers/churn/coupling.h"
#include "analyzers/churn/functions.h"
#include "analyzers/churn/hotspots.h"
#include "analyzers/churn/ownership.h"
#include "analyzers/ranking.h"
#include "store/history.h"

/* The run whose cost was joined. */
struct cf_churn_profile {
	struct cf_run_set set;
	struct cf_ranking ranking;
	struct cf_cost_join *join;
	double *share; /* of each entity: its self cost, of the run's whole */
	gboolean cpu;  /* the metric is time on the CPU, or cycles */
};

struct cf_churn_answers {
	struct cf_analysis *analysis;
	struct cf_repo *repo;
	struct cf_history *history;
	GArray *groups;
	GHashTable *teams;
	char *path;    /* of the operand, as the history has it; NULL: all */
	uint32_t file; /* the path of the history when it is one file, else CF_NONE */
	gboolean bots;
	enum cf_churn_size size;
	size_t limit; /* rows of a table, 0 all */

	struct cf_churn *churn;
	struct cf_churn_sums *sums;
	struct cf_churn_profile *profile; /* NULL: no run that has cost in the repository */
	char *profile_miss;               /* why not, in words; or NULL */

	/* Through the functions below. */
	struct cf_coupling coupling;
	struct cf_churn_funcs funcs;
	struct cf_churn_truck truck;
	GArray *hotspots;
};

/* -1 with a message; cleared then. */
int cf_churn_answers_load(struct cf_churn_answers *answers, struct cf_analysis *analysis);
void cf_churn_answers_clear(struct cf_churn_answers *answers);

const struct cf_coupling *cf_churn_answer_coupling(struct cf_churn_answers *answers);
const struct cf_churn_funcs *cf_churn_answer_funcs(struct cf_churn_answers *answers);
const struct cf_churn_truck *cf_churn_answer_truck(struct cf_churn_answers *answers);
const GArray *cf_churn_answer_hotspots(struct cf_churn_answers *answers);
static inline const double *cf_churn_answer_cost(const struct cf_churn_answers *answers)
{
	return answers->profile ? answers->profile->share : NULL;
}

/* The settings of the analysis. */
extern const struct cf_param cf_churn_params[];

#endif
