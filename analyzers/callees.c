/* SPDX-License-Identifier: MIT */
/* callees: what a function calls, and what that costs. */
#include "analyzers/calls.h"

static int run(struct cf_analysis *analysis)
{
	return cf_calls_run(analysis, &cf_analyzer_callees, CF_CALLEES);
}

static const char *const examples[] = { "callflow callees dictFind", "callflow callees libc.so.6!malloc @~1",
					"callflow callees dictFind --depth 3 -f json", NULL };

const struct cf_analyzer cf_analyzer_callees = {
	.name = "callees",
	.group = "Look at a run",
	.summary = "what a function calls, and what that costs",
	.synopsis = "FUNC [RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_PROFILE,
	.argument_name = "FUNC",
	.params = cf_calls_params,
	.format = "text",
	.run = run,
};
