/* SPDX-License-Identifier: MIT */
/* middle: how many lines differ between the parts of two contents that their equal ends leave. */
#ifndef CF_INGEST_GIT_MIDDLE_H
#define CF_INGEST_GIT_MIDDLE_H

#include "core/reader.h"

/*
 * Lines that git's default algorithm would say were deleted and added, where that can be told without running all of it.
 * whole: the contents; part: what their equal ends leave, neither of them empty. false: it can't be told; run it.
 */
bool cf_git_middle(const struct cf_slice whole[2], const struct cf_slice part[2], uint32_t changed[2]);

#endif
