/* SPDX-License-Identifier: MIT */
/* values: one measured number before and after, and what is said of the difference. Pure. */
#ifndef CF_ANALYZERS_COMPARE_VALUES_H
#define CF_ANALYZERS_COMPARE_VALUES_H

#include "analyzers/compare/functions.h"

enum cf_direction { CF_LOWER_IS_BETTER, CF_HIGHER_IS_BETTER, CF_NEITHER_IS_BETTER };

/* Of something that is measured several times: a benchmark, a percentile of an operation, a rate of errors. */
struct cf_tested {
	const char *metric; /* "ns", "p95", "errors"; borrowed */
	enum cf_direction direction;
	double before, after; /* NAN: isn't there */
	struct cf_interval ratio;
	double p, q; /* 1 where there isn't enough; q is p until corrected */
	gboolean enough;
	gboolean equal; /* all values are the same */
	double needed;  /* values, or runs, a side that it would take; infinite: no number would do */
	enum cf_outcome outcome;
	enum cf_found found;
};

/*
 * All tests of a comparison: q by Benjamini & Hochberg over those that have enough, outcomes, and found by their direction:
 * a change of what has none is CF_FOUND_SMALL, as nobody says that it is for the worse.
 */
void cf_tested_adjust(const GPtrArray *tested, const struct cf_outcome_rule *rule); /* struct cf_tested * */

/* "▲ slower", "▼ less", "? unsure": arrows point where the value went. time: it is one. Borrowed. */
const char *cf_tested_verdict(const struct cf_tested *tested, gboolean time);

/* The relative difference as text: "+5.40 %", "~" where it is none; NULL unknown. Caller frees. */
char *cf_tested_change(const struct cf_tested *tested);

#endif
