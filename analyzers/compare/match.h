/* SPDX-License-Identifier: MIT */
/* match: functions that are called otherwise in the other build. */
#ifndef CF_ANALYZERS_COMPARE_MATCH_H
#define CF_ANALYZERS_COMPARE_MATCH_H

#include "analyzers/compare/paths.h"

/* What is on one side only, joined where its name is unique there: "libc-2.31.so" and "libc.so.6", or no module. Pure. */
void cf_match_modules(struct cf_sides *sides);

/*
 * The same where git says that the file was renamed that the module or name of a function has in it ("parse (reader.py)"),
 * in any repository of the store. -1 with a message.
 */
int cf_match_renames(struct cf_sides *sides, const struct cf_analysis *analysis);

/*
 * Of what then is left, functions of one module whose cost comes from the same callers and goes to the same callees, when no
 * other is as much alike; where they call nothing, their names or costs have to agree as well. The rows of paths follow.
 * Pure.
 */
void cf_match_context(struct cf_sides *sides, struct cf_paths paths[CF_SIDES]);

/* Is there anything that cf_match_context could join? */
gboolean cf_match_wanted(const struct cf_sides *sides);

#endif
