/* SPDX-License-Identifier: MIT */
/* critical_path: which spans a trace waited for. */
#ifndef CF_ANALYZERS_CRITICAL_PATH_H
#define CF_ANALYZERS_CRITICAL_PATH_H

#include "core/span_forest.h"

/* A piece of a span that nothing but itself could have shortened. */
struct cf_path_piece {
	uint32_t span; /* number */
	int64_t start, end;
};

/*
 * The critical path of root: walked backwards from its end, always on to the synchronous child that ends last and not
 * after what was reached (of several the one that starts first), as far as it lies within its parent. A child that
 * overlaps one on the path isn't on it. struct cf_path_piece in order of time; they add up to the root's duration.
 * Caller frees with g_array_unref.
 */
GArray *cf_critical_path(const struct cf_span_forest *forest, uint32_t root);

#endif
