/* SPDX-License-Identifier: MIT */
/* trace: MODEL 1a, the facts of one run: who ran, where it was, how much it cost, and what is wrong with the
 * data. */
#ifndef CF_CORE_TRACE_H
#define CF_CORE_TRACE_H

#include "core/dict.h"
#include "core/unit.h"

struct cf_metric {
	uint32_t id;
}; /* from 0 */
struct cf_thread {
	uint32_t id;
}; /* from 0 */
struct cf_group {
	uint32_t id;
}; /* thread group: comm with digit runs folded to '#'; from 0 */

struct cf_metric_info {
	struct cf_str name; /* "cpu-clock", "cycles:u" */
	enum cf_unit unit;  /* of the weight: CF_UNIT_NS for cpu-clock and task-clock, else CF_UNIT_COUNT */
};

struct cf_thread_info {
	int32_t pid, tid;
	struct cf_str comm;
	struct cf_group group;
};

/* Self cost of one stack. Weights are signed: a comparison is a trace with the base at -1. */
struct cf_stack_cost {
	struct cf_group group;
	struct cf_metric metric;
	struct cf_stack stack;
	int64_t weight; /* in the metric's unit */
	int64_t count;  /* samples */
};

/* Totals of one thread, exact per (pid, tid, comm). */
struct cf_thread_cost {
	struct cf_thread thread;
	struct cf_metric metric;
	int64_t weight, count;
};

struct cf_sample {
	struct cf_stack stack;
	struct cf_metric metric;
	struct cf_thread thread;
	int64_t time; /* ns on the recording's clock, 0 unknown */
	int64_t weight;
};

/* Where a function is declared, and where its code is in its module. One per function; the first one stays.
 */
struct cf_symbol {
	struct cf_func func;
	uint64_t address, size; /* relative to the module's file, as in its symbol table; 0 unknown */
	struct cf_str file;     /* declaration, "" unknown */
	uint32_t line;
};

/*
 * Something a reader of the numbers must know: lost samples, a stripped module, a clock taken from the file.
 * One row of the data-quality box. key is stable ("lost", "unresolved", "start-from-mtime", ...); cure is the
 * command or action that would mend it, or NULL.
 */
struct cf_quality {
	char *key, *subject; /* subject: the module, thread, event concerned, or NULL */
	int64_t count;       /* samples, records or frames; 0 when it can't be counted */
	int64_t weight;      /* of the first metric, or 0 */
	char *text, *cure;
};

enum cf_start_source { CF_START_NONE, CF_START_INPUT, CF_START_USER, CF_START_MTIME };

struct cf_run_meta {
	char *name;    /* recorded program, else the file's stem */
	char *command; /* command line of the recorder or program, or NULL */
	char *host, *os, *cpu, *commit;
	int64_t start_ns; /* since the epoch */
	enum cf_start_source start_source;
	int64_t duration_ns; /* 0 unknown */
	GHashTable *labels;  /* char * -> char *, owned; never NULL */
};

struct cf_trace {
	struct cf_dict *dict; /* owned */
	struct cf_run_meta meta;
	GArray *metrics;              /* struct cf_metric_info */
	GArray *threads;              /* struct cf_thread_info */
	GArray *groups;               /* struct cf_str: the folded comm */
	GArray *stack_costs;          /* struct cf_stack_cost, one per (group, metric, stack); order of first
					 appearance */
	GArray *thread_costs;         /* struct cf_thread_cost, one per (thread, metric) */
	GArray *symbols;              /* struct cf_symbol */
	GArray *quality;              /* struct cf_quality, owned strings */
	struct cf_trace_index *index; /* private: hash tables over the arrays */
};

struct cf_trace *cf_trace_new(void);
void cf_trace_free(struct cf_trace *trace);

/* Interning, as in dict. */
struct cf_metric cf_trace_metric(struct cf_trace *trace, const char *name, enum cf_unit unit);
struct cf_thread cf_trace_thread(struct cf_trace *trace, int32_t pid, int32_t tid, const char *comm);
struct cf_group cf_trace_group(struct cf_trace *trace, const char *comm); /* folds digits */

/* Adds one sample to its stack's and thread's cost. Sums saturate at INT64_MAX/MIN and then leave a quality
 * row. */
void cf_trace_sample(struct cf_trace *trace, const struct cf_sample *sample);
/*
 * The same for callers that add to the same rows again and again: the rows where they went the last time, and any
 * number at first. Looked up, and written, only when they turn out to be others.
 */
void cf_trace_sample_at(struct cf_trace *trace, const struct cf_sample *sample, uint32_t *stack_row,
			uint32_t *thread_row);
/* Adds an already aggregated cost (collapsed stacks, runs read back from the store). */
void cf_trace_cost(struct cf_trace *trace, const struct cf_stack_cost *cost);
void cf_trace_thread_cost(struct cf_trace *trace, const struct cf_thread_cost *cost);
void cf_trace_symbol(struct cf_trace *trace, const struct cf_symbol *symbol);

/* Adds to the row of the same key and subject (count and weight sum, the first text and cure stay). fmt: the
 * text. */
void cf_trace_quality(struct cf_trace *trace, const char *key, const char *subject, int64_t count,
		      int64_t weight, const char *cure, const char *fmt, ...) G_GNUC_PRINTF(7, 8);

/* Self and total per function; shares of what is summed. */
struct cf_func_cost {
	struct cf_func func;
	struct cf_metric metric;
	int64_t self, total; /* weight */
	int64_t self_count,
		total_count; /* samples; a function counts once per sample however deep the recursion */
};

/*
 * Sums stack_costs into one row per (metric, function) that occurs, by metric then function id. O(stack
 * nodes), no recursion. Caller frees with g_array_unref.
 */
GArray *cf_trace_func_costs(const struct cf_trace *trace); /* struct cf_func_cost */

/* Cost of a call from caller to callee, counted once per sample. caller.id 0: callee was a root frame. */
struct cf_edge_cost {
	struct cf_func caller, callee;
	struct cf_metric metric;
	int64_t weight, count;
};
GArray *cf_trace_edge_costs(
	const struct cf_trace *trace); /* struct cf_edge_cost, ordered by (metric, caller, callee) */

#endif
