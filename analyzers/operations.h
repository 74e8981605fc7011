/* SPDX-License-Identifier: MIT */
/* operations: the operations of a run's spans, with their latencies. */
#ifndef CF_ANALYZERS_OPERATIONS_H
#define CF_ANALYZERS_OPERATIONS_H

#include "analyzers/analyzer.h"

/*
 * Adds the table `operations`: service, operation, count, errors, time of all spans with its share, p50, p95, p99 and
 * max of their duration; at most limit rows (0: all), the longest time first. *errors: of all. -1 with a message.
 */
int cf_operations_table(const struct cf_analysis *analysis, struct cf_node *section, const struct cf_run *run,
			int64_t limit, int64_t *errors);

#endif
