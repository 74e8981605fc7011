/* SPDX-License-Identifier: MIT */
/* present: a judged history as document nodes. */
#ifndef CF_ANALYZERS_REGRESS_PRESENT_H
#define CF_ANALYZERS_REGRESS_PRESENT_H

#include "analyzers/regress/judge.h"

struct cf_regress_page {
	struct cf_analysis *analysis;
	const struct cf_regress_history *history;
	const struct cf_regress_result *result; /* NULL: too few runs */
	const struct cf_regress_judged *judged;
	size_t newest;
	int64_t limit; /* rows; 0 all */
};

/* "history nightly: 52 runs, ..."; and the runs as inputs of the document. */
void cf_regress_present_header(const struct cf_regress_page *page);
/* What there is, in one sentence. */
void cf_regress_present_sentence(const struct cf_regress_page *page);
/* The table `findings`, and for each regression where it began and who is suspected. */
void cf_regress_present_findings(const struct cf_regress_page *page);
/* present_charts.c: on pages and in reports, the histories of the first regressions, levels and all. */
void cf_regress_present_charts(const struct cf_regress_page *page);
/* What was looked at and how, and what wasn't. */
void cf_regress_present_notes(const struct cf_regress_page *page);

#endif
