/* SPDX-License-Identifier: MIT */
/* series: a history as values: one series per function, benchmark or operation and metric, one value per run. */
#ifndef CF_ANALYZERS_REGRESS_SERIES_H
#define CF_ANALYZERS_REGRESS_SERIES_H

#include "analyzers/analyzer.h"
#include "analyzers/culprits.h"
#include "core/finding.h"

/* Fewer runs with a value have no change points: three on each side. */
#define CF_REGRESS_LEAST 6

enum cf_regress_order {
	CF_REGRESS_BY_START,
	CF_REGRESS_BY_FILE_TIME, /* by start, and some starts are times of files only */
	CF_REGRESS_BY_COMMIT     /* parents first, as the repository says; equal commits by start */
};

struct cf_regress_run {
	const struct cf_run *run; /* borrowed from the set */
	double whole;             /* all of the metric in the run, divided by scale; NAN: it has none */
	double scale;             /* what functions' costs are divided by: 1 is the run in the middle */
	uint32_t commit;          /* of the history of the culprits' source, or CF_NONE */
};

struct cf_regress_series {
	enum cf_finding_subject subject;
	const char *name, *key, *module, *metric; /* key: NULL, name; all owned by the history's texts */
	enum cf_unit unit;
	const char *unit_text;   /* of CF_UNIT_NONE: the input's word, or NULL */
	gboolean more_is_better; /* else less is, also where the input doesn't say */
	gboolean part;           /* of the whole of the run */
	double *value;           /* one per run, NAN where it wasn't measured; owned */
};

struct cf_regress_history {
	struct cf_run_set set; /* owned; the runs in order of start */
	GArray *runs;          /* struct cf_regress_run, in the order that changes are looked for in */
	GArray *series;        /* struct cf_regress_series */
	GStringChunk *texts;
	enum cf_regress_order order;
	const char *metric; /* of functions, or NULL when there are none */
	gboolean scaled;    /* functions' costs are divided by the runs' scales */
	guint few;          /* functions left out: with too few samples to have a level */
	guint lacking;      /* runs that have none of what is looked at */
	guint stepped;      /* series left out: by load or time, not repetitions */
	struct cf_culprits *culprits;
};

static inline struct cf_regress_run *cf_regress_run(const struct cf_regress_history *history, size_t i)
{
	return &g_array_index(history->runs, struct cf_regress_run, i);
}
static inline struct cf_regress_series *cf_regress_series(const struct cf_regress_history *history, size_t i)
{
	return &g_array_index(history->series, struct cf_regress_series, i);
}

extern const struct cf_param cf_regress_load_params[]; /* --metric, --cost, --scale, --focus, --repo */

/*
 * Reads the current runs of the analysis; one run stands for all of its name up to it. -1 with a message; cleared then.
 * A history of fewer than CF_REGRESS_LEAST runs is no error.
 */
int cf_regress_load(struct cf_regress_history *history, const struct cf_analysis *analysis);
void cf_regress_history_clear(struct cf_regress_history *history);

/* For load and tests: an empty one, and a series whose n values are copied. Texts are copied. */
void cf_regress_history_init(struct cf_regress_history *history);
struct cf_regress_series *cf_regress_add(struct cf_regress_history *history, enum cf_finding_subject subject,
					 const char *name, const double *value, size_t n);

/* "9f8e7d6", or "run 7" where the commit isn't known. Caller frees. */
char *cf_regress_place(const struct cf_run *run);

#endif
