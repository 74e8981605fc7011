/* SPDX-License-Identifier: MIT */
/* callers: who calls a function, up to the roots. */
#include "analyzers/calls.h"

static int run(struct cf_analysis *analysis)
{
	return cf_calls_run(analysis, &cf_analyzer_callers, CF_CALLERS);
}

static const char *const examples[] = { "callflow callers dictFind", "callflow callers libc.so.6!malloc @~1",
					"callflow callers dictFind --depth 3 -f json", NULL };

const struct cf_analyzer cf_analyzer_callers = {
	.name = "callers",
	.group = "Look at a run",
	.summary = "who calls a function, up to the roots",
	.synopsis = "FUNC [RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_PROFILE,
	.argument_name = "FUNC",
	.params = cf_calls_params,
	.format = "text",
	.run = run,
};
