/* SPDX-License-Identifier: MIT */
/* child_index: from a tree node and a frame to the child that stands for it. */
#ifndef CF_ANALYZERS_CHILD_INDEX_H
#define CF_ANALYZERS_CHILD_INDEX_H

#include "core/dict.h"

struct cf_child_index;

struct cf_child_index *cf_child_index_new(void);
void cf_child_index_free(struct cf_child_index *index);
/*
 * The child of parent for the frame, or 0 (the root is nobody's child); then next, the number of the node that the
 * caller is about to make, is remembered as that child.
 */
uint32_t cf_child_index_get(struct cf_child_index *index, uint32_t parent, struct cf_func func,
			    enum cf_frame_kind kind, uint32_t next);

#endif
