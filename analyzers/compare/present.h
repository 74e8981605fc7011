/* SPDX-License-Identifier: MIT */
/* present: a comparison of functions as nodes of a document. */
#ifndef CF_ANALYZERS_COMPARE_PRESENT_H
#define CF_ANALYZERS_COMPARE_PRESENT_H

#include "analyzers/compare/functions.h"

/* What comparisons say of a metric: where more of it is time, it is slower. */
struct cf_compare_words {
	const char *worse, *better; /* "slower", "faster"; else "more", "less" */
};
struct cf_compare_words cf_compare_words(const struct cf_metric_pair *metric);

/* "1 function slower, 1 faster, 1 cannot tell; 309 within noise". Caller frees. */
char *cf_compare_headline(const struct cf_comparison *comparison);
/* "dictFind", with the module where another function has that name; never NULL. Caller frees. */
char *cf_compared_name(const struct cf_comparison *comparison, uint32_t row);

/* Rows that --top allows a table; 0: all, as programs get unless they ask for fewer. */
int64_t cf_compare_limit(const struct cf_analysis *analysis);

/* "index, run 2, compared with run 1". Caller frees. */
char *cf_compare_title(const struct cf_analysis *analysis);

/* Paragraphs: how it was made comparable and tested, what so much can show, what was left out. */
void cf_compare_present_method(struct cf_analysis *analysis, const struct cf_comparison *comparison);

/* The headline, the table `functions`, how it was computed, and what it can't tell. */
void cf_compare_present(struct cf_analysis *analysis, const struct cf_comparison *comparison);

#endif
