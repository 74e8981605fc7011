/* SPDX-License-Identifier: MIT */
/* complexity: the cyclomatic complexity of a function's text. */
#ifndef CF_INGEST_GIT_COMPLEXITY_H
#define CF_INGEST_GIT_COMPLEXITY_H

#include "core/reader.h"
#include "ingest/git/languages.h"

/*
 * One more than the decisions in each line range of content; result[i] belongs to first[i]..last[i], lines from 1. A decision
 * counts for every range that it is in. 0 where the language's aren't counted.
 */
void cf_complexity(struct cf_slice content, enum cf_syntax syntax, const uint32_t *first,
		   const uint32_t *last, size_t n, uint32_t *result);

#endif
