/* SPDX-License-Identifier: MIT */
/* sides: the functions of two sets of runs, each with what it costs on both sides. */
#ifndef CF_ANALYZERS_COMPARE_SIDES_H
#define CF_ANALYZERS_COMPARE_SIDES_H

#include "analyzers/compare/metric.h"

enum { CF_BEFORE, CF_AFTER, CF_SIDES };

/* How a function of one build was found in the other. */
enum cf_join {
	CF_JOIN_NAME, /* the same canonical name and module */
	CF_JOIN_MODULE, /* the same name in a module that is called otherwise, or not known to one of the inputs */
	CF_JOIN_RENAME,  /* its file was renamed, says git */
	CF_JOIN_CONTEXT, /* another name, but the same callers and callees */
	CF_JOIN_NONE     /* on one side only */
};

struct cf_side_cost {
	int64_t self, total;             /* weight */
	int64_t self_count, total_count; /* samples; of calls: calls */
};

/* A function. Strings are owned by the sides. */
struct cf_side_row {
	const char *name;   /* as the inputs have it; canonical where they have several or differ */
	const char *module; /* of the after side, if it is there */
	const char *canonical;
	const char *old_name, *old_module; /* before, where they are others; else NULL */
	const char *file;                  /* that declares it, "" unknown */
	uint32_t line;
	enum cf_frame_kind kind;
	enum cf_join join;
	gboolean merged; /* stands for several functions of a run, which may call each other */
	struct cf_side_cost cost[CF_SIDES]; /* sums over the runs of a side */
};

/* What a run has of a row. */
struct cf_side_cell {
	uint32_t row, run; /* run: from 0 within its side */
	struct cf_side_cost cost;
};

struct cf_sides {
	struct cf_metric_pair metric;
	size_t runs[CF_SIDES];                     /* that have the metric */
	int64_t weight[CF_SIDES], count[CF_SIDES]; /* all of it, before filters: what shares refer to */
	char *hidden_text[CF_SIDES];               /* what filters hide, or NULL */
	GArray *lacking;                           /* int64_t: ids of runs without the metric */
	GPtrArray *other_metrics;                  /* char *: of the after side */
	GArray *rows;                              /* struct cf_side_row, by module, then name */
	GArray *cells[CF_SIDES];                   /* struct cf_side_cell, by run, then row */
	GStringChunk *names;                       /* private, as the next two */
	GHashTable *index; /* module and canonical name -> row + 1; several may lead to one row */
	GArray *last;      /* uint32_t per row and side: cell + 1 added last */
};

/* Loads base and current of the analysis: --metric and filters apply to both. -1 with a message; then cleared. */
int cf_sides_load(struct cf_sides *sides, const struct cf_analysis *analysis);
void cf_sides_clear(struct cf_sides *sides);

/* For tests, and for what isn't stored: rows are added, then settled once, which sorts them. */
void cf_sides_init(struct cf_sides *sides);
void cf_sides_add(struct cf_sides *sides, int side, uint32_t run, const char *name, const char *module,
		  enum cf_frame_kind kind, const char *file, uint32_t line, const struct cf_side_cost *cost);
void cf_sides_settle(struct cf_sides *sides);

/* The row of a function, UINT32_MAX: of none. */
uint32_t cf_sides_find(const struct cf_sides *sides, const char *name, const char *module,
		       enum cf_frame_kind kind);

/* Two rows, of which each is on one side only, that are one function. */
struct cf_side_pair {
	uint32_t before, after;
	enum cf_join join;
};
/*
 * Once settled: after becomes both, under its name, and before goes. No row may be in two pairs. Returns where each row is
 * now; caller frees.
 */
uint32_t *cf_sides_join(struct cf_sides *sides, const GArray *pairs);

static inline struct cf_side_row *cf_side_row(const struct cf_sides *sides, guint i)
{
	return &g_array_index(sides->rows, struct cf_side_row, i);
}

#endif
