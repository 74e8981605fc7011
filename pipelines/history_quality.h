/* SPDX-License-Identifier: MIT */
/* history_quality: what a reader of a history's numbers must know, from the flags of its commits and files. */
#ifndef CF_PIPELINES_HISTORY_QUALITY_H
#define CF_PIPELINES_HISTORY_QUALITY_H

#include "core/history.h"

/*
 * Adds rows to history. commits: GArray of struct cf_known_commit, all that there will be, so that it is the same however
 * often one looked; functions: of so many of them function changes are told.
 */
void cf_history_add_quality(struct cf_history *history, const GArray *commits, int64_t functions);

#endif
