/* SPDX-License-Identifier: MIT */
/* difference: one call tree of two sides, with what each node costs on both. Pure. */
#ifndef CF_ANALYZERS_COMPARE_DIFFERENCE_H
#define CF_ANALYZERS_COMPARE_DIFFERENCE_H

#include "analyzers/compare/functions.h"

/*
 * before and after: finished trees of the same direction. Paths are the same when their frames are of the same rows of the
 * comparison, or have no row and the same name. Costs of before are multiplied with the comparison's scale, so that what
 * didn't change is equal; nodes have the cost that widths says. Where the inputs' units differ, samples.
 */
struct cf_tree *cf_difference_tree(const struct cf_comparison *comparison, const struct cf_tree *before,
				   const struct cf_tree *after, enum cf_tree_widths widths);

/* Nodes whose path isn't there any more, though their caller is: heaviest first. Caller unrefs; uint32_t. */
GArray *cf_difference_vanished(const struct cf_tree *tree);

#endif
