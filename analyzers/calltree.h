/* SPDX-License-Identifier: MIT */
/* calltree: weighted trees of a profile: from the roots down, from a function down, or up to the callers. */
#ifndef CF_ANALYZERS_CALLTREE_H
#define CF_ANALYZERS_CALLTREE_H

#include "analyzers/profile.h"

/* --depth and --min-share, for what prints a tree. */
extern const struct cf_param cf_calltree_params[];

/*
 * Root "all", then thread groups (those that have a name), then frames from the outermost. The root's total
 * is the whole: what the filters hide is one child of the root.
 */
struct cf_tree *cf_calltree_down(const struct cf_profile *profile);

/*
 * Root "all", then the innermost frames, then their callers. A node's self is what ends there: samples whose
 * outermost frame it is, and all of a node whose share is too small to be followed (below CF_CALLTREE_LEAST).
 * Thread groups are summed.
 */
struct cf_tree *cf_calltree_up(const struct cf_profile *profile);
#define CF_CALLTREE_LEAST 1e-5

/*
 * Trees of one function (target: a flag per function id; several when a name is in several modules), rooted
 * at its outermost occurrence in each sample, so that the root's total is the function's, however it
 * recurses. Inner occurrences are ordinary frames below (calls) or aren't seen (callers).
 */
struct cf_tree *cf_calltree_calls(const struct cf_profile *profile, const gboolean *target, const char *root);
struct cf_tree *cf_calltree_callers(const struct cf_profile *profile, const gboolean *target,
				    const char *root);

#endif
