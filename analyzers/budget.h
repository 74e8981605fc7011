/* SPDX-License-Identifier: MIT */
/* budget: limits that a user sets for functions and benchmarks, and whether they are kept. */
#ifndef CF_ANALYZERS_BUDGET_H
#define CF_ANALYZERS_BUDGET_H

#include "analyzers/stat/order.h"
#include "core/finding.h"
#include "core/reader.h"

/*
 * A file of lines `NAME, METRIC, MAX, MAX-INCREASE`; # begins a comment line, a limit that is left out is empty or "-".
 *
 * NAME is a function, benchmark or operation, exactly; else a glob over names (* matches anything but '/'). It may have
 * commas: the last three fields count from the end. Double quotes around it are taken off. METRIC is as the finding says,
 * "cpu-clock", "cpu-clock total", "p95", "*" for any. MAX is a value with its unit: "1.5 s", "64 MiB", "2 M", "12", or
 * "5 %" of the whole run. MAX-INCREASE is "10 %" of what it was, or a value. Where more is better, MAX is the least that
 * it may be and MAX-INCREASE the most that it may fall.
 */
enum cf_limit_kind { CF_LIMIT_NONE, CF_LIMIT_VALUE, CF_LIMIT_PERCENT };
struct cf_limit {
	enum cf_limit_kind kind;
	enum cf_unit
		unit; /* of VALUE: NS, BYTES; NONE for a bare number, which is in the unit of the metric */
	double value; /* ns, bytes, plain; of PERCENT a ratio */
	char *text;   /* as written */
};
struct cf_budget_line {
	char *name, *metric;
	struct cf_limit max, increase;
	uint32_t line;
};
struct cf_budget {
	char *path;
	GArray *lines; /* struct cf_budget_line */
};

/* What an analysis measured of one subject, changed or not. Borrowed. */
struct cf_measured {
	enum cf_finding_subject subject;
	const char *name, *module, *metric, *file;
	uint32_t line;
	enum cf_unit unit;
	const char *unit_text;
	gboolean more_is_better;
	double before, after; /* before NAN: there is no base */
	double comparable; /* after, freed of what only more or less recording makes: what an increase is of */
	double whole;      /* the run's, of which it is a part; NAN: it isn't */
	struct cf_interval ratio;
	gboolean changed; /* by the analysis' own test: it isn't noise */
};

/* NULL with a message at the line and what was expected there. Caller frees with cf_budget_free. */
struct cf_budget *cf_budget_parse(const char *path, struct cf_slice text, struct cf_diag *diag);
struct cf_budget *cf_budget_read(const char *path, struct cf_diag *diag);
void cf_budget_free(struct cf_budget *budget);

/*
 * Adds a finding of CF_FINDING_BUDGET for each limit that is exceeded; of CF_FINDING_UNSURE for an increase that is beyond
 * the limit but may be noise, for a line that nothing measured matches, and for a limit in another unit than the metric's.
 */
void cf_budget_check(const struct cf_budget *budget, const struct cf_measured *measured, size_t n,
		     const char *analysis, struct cf_doc *doc, struct cf_node *findings);

#endif
