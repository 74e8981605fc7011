/* SPDX-License-Identifier: MIT */
/* runs: the table of runs, as runs and ingest show it. */
#ifndef CF_ANALYZERS_RUNS_H
#define CF_ANALYZERS_RUNS_H

#include "analyzers/analyzer.h"

/* Appends the table `run-list` with one row per run, in the order given. Labels are shown when a run has
 * some. */
struct cf_node *cf_runs_table(struct cf_doc *doc, struct cf_node *section, const struct cf_run_set *runs);

/* "channel=nightly, host=web1" in order of key; "" none. Caller frees. */
char *cf_labels_text(GHashTable *labels);

#endif
