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
	uint32_t commit;          /* of the history of the culprits' source, or CF_NONE */
};

/* A metric of functions. */
struct cf_regress_metric {
	const char *name;
	double *scale; /* per run: what functions' costs are divided by; 1 is the run in the middle; owned */
	double *whole; /* per run: all of the metric, divided by scale; NAN: it has none; owned */
	gboolean scaled;
};

struct cf_regress_series {
	enum cf_finding_subject subject;
	const char *name, *key, *module, *metric; /* key: NULL, name; all owned by the history's texts */
	enum cf_unit unit;
	const char *unit_text;   /* of CF_UNIT_NONE: the input's word, or NULL */
	gboolean more_is_better; /* else less is, also where the input doesn't say */
	guint of;                /* of history's metrics, or CF_NONE */
	gboolean part;           /* of the whole of that metric */
	double *value;           /* one per run, NAN where it wasn't measured; owned */
};

struct cf_regress_history {
	struct cf_run_set set; /* owned; the runs in order of start */
	GArray *runs;          /* struct cf_regress_run, in the order that changes are looked for in */
	GArray *series;        /* struct cf_regress_series */
	GStringChunk *texts;
	enum cf_regress_order order;
	GArray *metrics; /* struct cf_regress_metric: of functions, those that were looked at */
	guint few;       /* functions left out: with too few samples to have a level */
	guint lacking;   /* runs that have none of what is looked at */
	guint stepped;   /* series left out: by load or time, not repetitions */
	struct cf_culprits *culprits;
};

static inline struct cf_regress_run *cf_regress_run(const struct cf_regress_history *history, size_t i)
{
	return &g_array_index(history->runs, struct cf_regress_run, i);
}
static inline struct cf_regress_metric *cf_regress_metric(const struct cf_regress_history *history, size_t i)
{
	return &g_array_index(history->metrics, struct cf_regress_metric, i);
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

/* A metric of which all scales are 1 and no whole is known; its number. For load and tests, as what follows. */
guint cf_regress_add_metric(struct cf_regress_history *history, const char *name);
/* An empty history, and a series whose n values are copied. Texts are copied. */
void cf_regress_history_init(struct cf_regress_history *history);
struct cf_regress_series *cf_regress_add(struct cf_regress_history *history, enum cf_finding_subject subject,
					 const char *name, const double *value, size_t n);

/* "9f8e7d6", where the commit isn't known "2026-11-23 06:02Z", where that isn't either "run 7". Caller frees. */
char *cf_regress_place(const struct cf_run *run);

#endif
