/* SPDX-License-Identifier: MIT */
/* export: what writes the facts of a run for other tools, and the registry of all of it. */
#ifndef CF_PIPELINES_EXPORT_H
#define CF_PIPELINES_EXPORT_H

#include "core/doc.h"
#include "core/files.h"
#include "core/trace.h"

/* What is to be written: the runs of an operand, summed. */
struct cf_export {
	const struct cf_trace *trace;
	const GArray *
		costs; /* struct cf_stack_cost of metric, one per thread group and stack: what filters keep */
	struct cf_metric metric; /* of costs */
	gboolean
		all_metrics; /* none was asked for: formats with several columns may write all; filters hide nothing */
};

struct cf_exporter {
	const char *name, *extensions, *summary; /* extensions: "folded collapsed" */
	unsigned
		facts; /* enum cf_facts that are looked at besides samples or calls; with spans, one run at a time */
	gboolean binary;
	/* -1 with a message when the trace hasn't what the format is made of. */
	int (*write)(const struct cf_export *export, struct cf_out *out, struct cf_diag *diag);
};

extern const struct cf_exporter *const cf_exporters[];           /* in order of name; NULL-terminated */
const struct cf_exporter *cf_exporter_by_name(const char *name); /* or NULL */
const struct cf_exporter *cf_exporter_by_path(const char *path); /* by extension, or NULL */

/*
 * One row per thread group and text of a stack, "main;parse;read_[k]", callers first, sorted: the same for the same facts,
 * whatever their ids. A semicolon, newline or control character in a name becomes ':', '_' or '?'; kernel, inlined and
 * jit frames get the suffixes _[k], _[i] and _[j]. Caller frees with g_array_unref.
 */
struct cf_folded {
	char *stack, *thread;
	int64_t weight, count;
};
GArray *cf_export_folded(const struct cf_trace *trace, const GArray *costs);

/* The same rows as the table `stacks`: stack, thread, weight in unit, samples. */
void cf_export_table(const struct cf_trace *trace, const GArray *costs, enum cf_unit unit, struct cf_doc *doc,
		     struct cf_node *section);

#endif
