/* SPDX-License-Identifier: MIT */
/* filter: which samples and frames an analysis looks at (--focus, --ignore, --module, --thread, --user, --kernel). */
#ifndef CF_ANALYZERS_FILTER_H
#define CF_ANALYZERS_FILTER_H

#include "core/params.h"
#include "core/trace.h"

#include <regex.h>

/*
 * What each keeps. A sample is shown when all that were given keep it; what they hide stays part of the whole
 * that shares refer to, and is stated.
 *
 * focus   samples with a frame whose function name matches the POSIX extended regular expression
 * ignore  samples without such a frame
 * module  samples spent in the module: its frame is the innermost one. So the modules add up to the whole, and
 *         `top --module X` and `flamegraph --module X` show the same weight. A name, or with * and ? a glob; what
 *         equals no module is taken as part of a name
 * thread  samples of thread groups: a part of the name, or a glob. Digits mean any digits, as stacks are kept by
 *         group ("worker-3" belongs to "worker-#")
 * user    samples taken in user mode (as the event modifier :u)
 * kernel  samples taken in the kernel (as :k), without the user frames that led there: equal kernel paths of
 *         different callers become one
 *
 * user and kernel add up to the whole.
 */
extern const struct cf_param cf_filter_params[]; /* with --metric */
/* Was any of them given, --metric included? */
gboolean cf_filter_given(const struct cf_params *params);

struct cf_filter {
	gboolean has_focus, has_ignore, user, kernel;
	regex_t focus, ignore;
	char *module, *thread; /* NULL: any; thread with its digits folded */
	char *text;            /* "--focus foo --user"; "" when all is shown */
};

/* From settings; those that the tables lack aren't applied. -1 with a message (CF_STATUS_USAGE); then
 * cleared. */
int cf_filter_init(struct cf_filter *filter, const struct cf_params *params, struct cf_diag *diag);
void cf_filter_clear(struct cf_filter *filter);
static inline gboolean cf_filter_active(const struct cf_filter *filter)
{
	return *filter->text != '\0';
}

/*
 * The costs of one metric that the filter keeps, in trace's order. With kernel, shortened stacks are added to
 * the trace's dict, and one stack may occur several times in the result. Caller frees with g_array_unref.
 */
GArray *cf_filter_costs(const struct cf_filter *filter, struct cf_trace *trace,
			struct cf_metric metric); /* struct cf_stack_cost */

/* Does module match, as described above? What cf_filter_costs uses, for rows of functions. */
gboolean *cf_filter_modules(const struct cf_filter *filter,
			    const struct cf_dict *dict); /* one per module id; caller frees */

/* Frames of the kernel proper, of its modules, and unresolved ones there. */
gboolean cf_func_is_kernel(const struct cf_dict *dict, struct cf_func func);

#endif
