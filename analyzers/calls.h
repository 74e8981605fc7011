/* SPDX-License-Identifier: MIT */
/* calls: one function seen from its callers or its callees. */
#ifndef CF_ANALYZERS_CALLS_H
#define CF_ANALYZERS_CALLS_H

#include "analyzers/calltree.h"

/* Caller and callee are one idea seen from two sides. */
enum cf_calls_side { CF_CALLERS, CF_CALLEES };

struct cf_call {
	struct cf_func
		func; /* id 0: of callers, samples that begin with the function; of callees, its self */
	int64_t weight, count;
};

/*
 * A call f -> g counts once per sample, however often the sample's stack has it. So the rows of a function
 * that doesn't recurse add up to its total; of one that does they may add up to more, by what `recursive`
 * bounds.
 */
struct cf_calls {
	char *name;         /* of the function */
	gboolean *target;   /* per function id: several when the name is in several modules */
	GPtrArray *modules; /* const char *, borrowed: the modules that have it, in order */
	int64_t self, total, self_count, total_count;
	int64_t recursive;    /* weight of samples with more than one frame of the function */
	GArray *rows;         /* struct cf_call by falling weight, then module, name */
	int64_t distinct;     /* rows without the limit */
	struct cf_tree *tree; /* rooted at the outermost frame of the function; owned until taken */
};

/*
 * The function that text names: exactly, or as a terminal or a page shows it; MODULE!NAME; or the only name that text is part of. Among functions
 * with cost in the profile. -1 with a message that lists five of several, or the nearest name; then cleared.
 */
int cf_calls_find(struct cf_calls *calls, const struct cf_profile *profile, const char *text,
		  struct cf_diag *diag);
/* Fills all but name, target and modules. limit 0: all rows. */
void cf_calls_compute(struct cf_calls *calls, const struct cf_profile *profile, enum cf_calls_side side,
		      int64_t limit);
void cf_calls_clear(struct cf_calls *calls);

/* The whole analysis of callers and callees. */
int cf_calls_run(struct cf_analysis *analysis, const struct cf_analyzer *analyzer, enum cf_calls_side side);
extern const struct cf_param *const cf_calls_params[];

#endif
