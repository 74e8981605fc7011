/* SPDX-License-Identifier: MIT */
/* export: the stacks of a run as other tools read them. */
#ifndef CF_PIPELINES_EXPORT_H
#define CF_PIPELINES_EXPORT_H

#include "core/doc.h"
#include "core/files.h"
#include "core/trace.h"

/*
 * costs (struct cf_stack_cost of one metric, one per thread group and stack) as collapsed stacks: a line
 * "thread;caller;callee WEIGHT" each, sorted. A semicolon, newline or control character in a name becomes
 * ':',
 * '_' or '?'; kernel, inlined and jit frames get the suffixes _[k], _[i] and _[j]. Lines of equal text are
 * summed, lines without weight left out.
 */
void cf_export_collapsed(const struct cf_trace *trace, const GArray *costs, struct cf_out *out);

/* The same rows as the table `stacks`: stack, thread, weight in unit, samples. */
void cf_export_table(const struct cf_trace *trace, const GArray *costs, enum cf_unit unit, struct cf_doc *doc,
		     struct cf_node *section);

#endif
