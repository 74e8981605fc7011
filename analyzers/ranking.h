/* SPDX-License-Identifier: MIT */
/* ranking: functions, modules, threads or files of the selected runs by their cost. */
#ifndef CF_ANALYZERS_RANKING_H
#define CF_ANALYZERS_RANKING_H

#include "analyzers/profile.h"

enum cf_ranking_by { CF_BY_FUNCTION, CF_BY_MODULE, CF_BY_THREAD, CF_BY_FILE };

struct cf_ranking_row {
	const char *name;   /* function, module, thread or file; owned by the ranking */
	const char *module; /* of a function, else "" */
	const char *file;   /* that declares the function, "" unknown */
	enum cf_frame_kind kind;
	uint32_t line;
	int32_t pid, tid; /* of a thread; -1: a thread group, threads of several runs, or unknown */
	const char
		*also; /* of a thread: names that it had besides, which cost less; "" none, NULL otherwise */
	guint others;  /* how many; also has the first CF_RANKING_ALSO of them */
	int64_t self, total, self_count, total_count;
};

#define CF_RANKING_ALSO 3

struct cf_ranking {
	enum cf_ranking_by by;
	char *metric;
	enum cf_unit unit;
	int64_t weight, count;    /* the whole: what shares refer to */
	int64_t hidden;           /* by filters */
	char *hidden_text;        /* "12.30 % (...) hidden by --focus foo", or NULL */
	GPtrArray *other_metrics; /* char *, owned */
	GArray *lacking;          /* int64_t: ids of the runs that don't have the metric */
	GArray *rows;             /* struct cf_ranking_row, sorted; at most the limit */
	int64_t distinct;         /* rows without the limit */
	GStringChunk *names;
};

/*
 * Ranks by self or total (threads: self), at most limit rows (0: all); ties by module, then name. A thread that was
 * renamed is one row, under the name that cost most; of several runs, whose threads have nothing in common but names,
 * threads are summed by name. Unfiltered functions and threads come from the sums that the store keeps, without reading stacks. -1 with a message;
 * then cleared.
 */
int cf_ranking_load(struct cf_ranking *ranking, const struct cf_analysis *analysis, enum cf_ranking_by by,
		    gboolean by_total, int64_t limit);
/* The same from a profile in memory; threads are groups. */
void cf_ranking_of_profile(struct cf_ranking *ranking, const struct cf_profile *profile,
			   enum cf_ranking_by by, gboolean by_total, int64_t limit);
void cf_ranking_clear(struct cf_ranking *ranking);

/* What is neither in rows nor hidden, so that all three add up to weight. */
int64_t cf_ranking_rest(const struct cf_ranking *ranking);

static inline const struct cf_ranking_row *cf_ranking_row(const struct cf_ranking *ranking, guint i)
{
	return &g_array_index(ranking->rows, struct cf_ranking_row, i);
}

#endif
