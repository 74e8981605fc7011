/* SPDX-License-Identifier: MIT */
/* paths: the call paths of one side, by the rows of a comparison. */
#ifndef CF_ANALYZERS_COMPARE_PATHS_H
#define CF_ANALYZERS_COMPARE_PATHS_H

#include "analyzers/compare/sides.h"

#define CF_NO_ROW UINT32_MAX

/* What ends at a path. */
struct cf_path_cost {
	uint32_t node;
	int64_t weight, count;
};

/* A trie: node 0 is the empty path, parents stand before children. */
struct cf_paths {
	uint32_t nodes;
	uint32_t *parent;
	uint32_t *row; /* of the innermost frame; CF_NO_ROW: of none, as filters have it */
	GArray *costs; /* struct cf_path_cost */
	size_t runs;   /* that they are of */
};

/* Of a side with more runs, the latest so many: paths say where cost is, the rows how much there is. */
#define CF_PATH_RUNS 4

/* -1 with a message; then cleared. */
int cf_paths_load(struct cf_paths *paths, const struct cf_sides *sides, const struct cf_analysis *analysis,
		  int side);
void cf_paths_clear(struct cf_paths *paths);

#endif
