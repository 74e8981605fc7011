/* SPDX-License-Identifier: MIT */
/* culprit_source: what a profile knows of a function's source: where it is, what it calls, what is inlined into it. */
#ifndef CF_ANALYZERS_CULPRIT_SOURCE_H
#define CF_ANALYZERS_CULPRIT_SOURCE_H

#include "analyzers/culprits.h"
#include "core/trace.h"

struct cf_culprit_source {
	struct cf_culprit_subject subject; /* texts are borrowed from the trace */
	GArray *callees;                   /* struct cf_culprit_callee by share, then name */
};

/*
 * Of the functions with this canonical name in the module (NULL: any), all copies together; sums of all metrics' stacks
 * or calls decide only the order of callees. function stays in use. Callees that carry less than a hundredth of its cost,
 * and all but the first 50, are left out.
 */
void cf_culprit_source_find(struct cf_culprit_source *source, const struct cf_trace *trace,
			    const char *function, const char *module);
void cf_culprit_source_clear(struct cf_culprit_source *source);

#endif
