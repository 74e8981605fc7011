/* SPDX-License-Identifier: MIT */
/* trace: MODEL 1a, the facts of one run: who ran, where it was, how much it cost, and what is wrong with the
 * data. */
/*
 * Formats know different things, so a run has facts of one or several kinds:
 *
 *	samples   the cost of stacks: recordings, profiles, heaps
 *	calls     the cost of call edges and lines, without stacks: callgrind
 *	lines     self cost per source line
 *	spans     operations with a start, a duration and a parent: distributed and local traces
 *	points    measurements in named series: benchmarks, load tests, heap size over time
 */
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
 * Cost of all calls from caller to callee as the input states it: inclusive, so that it contains what callee's
 * callees cost. Of runs that know calls instead of stacks.
 */
struct cf_call_cost {
	struct cf_func caller, callee;
	struct cf_metric metric;
	int64_t weight; /* in the metric's unit */
	int64_t calls;
};

/* Self cost of a function at one source line. Where a run has calls, these are what its functions cost themselves. */
struct cf_line_cost {
	struct cf_func func;
	struct cf_metric metric;
	struct cf_str file; /* "" unknown */
	uint32_t line;      /* 0 unknown */
	int64_t weight, count;
};

enum cf_span_kind {
	CF_SPAN_INTERNAL, /* a call within one thread or service, or unknown */
	CF_SPAN_SERVER,
	CF_SPAN_CLIENT,
	CF_SPAN_PRODUCER,
	CF_SPAN_CONSUMER,
	CF_SPAN_ASYNC /* not part of its parent's own time */
};
#define CF_SPAN_KINDS (CF_SPAN_ASYNC + 1)
enum cf_span_status { CF_SPAN_UNSET, CF_SPAN_OK, CF_SPAN_ERROR };
#define CF_SPAN_STATUSES (CF_SPAN_ERROR + 1)

const char *cf_span_kind_name(enum cf_span_kind kind);       /* "internal", "server", ... */
const char *cf_span_status_name(enum cf_span_status status); /* "", "ok", "error" */

#define CF_NO_THREAD UINT32_MAX
struct cf_span {
	struct cf_str trace; /* id of the trace that it belongs to, "" one for all */
	uint32_t parent;     /* number of the span that caused it, 0: a root, or the parent isn't there */
	struct cf_str service, name; /* together: the operation */
	struct cf_str peer;   /* what a client span calls that has no spans of its own ("postgresql"), "" */
	uint32_t thread;      /* cf_thread id, or CF_NO_THREAD */
	uint8_t kind, status; /* enum cf_span_kind, enum cf_span_status */
	int64_t start_ns;     /* on the input's clock */
	int64_t duration_ns;  /* not negative */
};

/* All spans of one service and name, those that aren't kept one by one included. */
struct cf_operation {
	struct cf_str service, name;
	int64_t count, errors;
	int64_t sum_ns, min_ns, max_ns;
	int64_t p50_ns, p95_ns, p99_ns; /* nearest rank; filled by cf_trace_operations */
};

/* What a series of points measures. */
struct cf_series_info {
	struct cf_str name; /* "BM_Sort/1024", "http_req_duration p(95)" */
	struct cf_str
		unit; /* of the values: "ns", "bytes", "count", "ratio", "1/s", or the input's own word */
	struct cf_str better; /* "lower", "higher" or "" */
	struct cf_str x; /* what x is: "users", "ns" since the start, or "" when points are repetitions */
};
struct cf_series {
	uint32_t id;
}; /* from 0 */
struct cf_point {
	struct cf_series series;
	double x; /* NAN when there is none */
	double value;
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
	GArray *metrics;      /* struct cf_metric_info */
	GArray *threads;      /* struct cf_thread_info */
	GArray *groups;       /* struct cf_str: the folded comm */
	GArray *stack_costs;  /* struct cf_stack_cost, one per (group, metric, stack); order of first
					 appearance */
	GArray *thread_costs; /* struct cf_thread_cost, one per (thread, metric) */
	GArray *symbols;      /* struct cf_symbol */
	GArray *calls;        /* struct cf_call_cost, one per (caller, callee, metric) */
	GArray *lines;        /* struct cf_line_cost, one per (func, file, line, metric) */
	GArray *spans;        /* struct cf_span; the number of a span is its index + 1 */
	GArray *series;       /* struct cf_series_info */
	GArray *points;       /* struct cf_point; within a series in the order of the input */
	GArray *quality;      /* struct cf_quality, owned strings */
	GArray *moments;      /* struct cf_sample: when samples of the first metric were taken, all or each
					 moment_step-th; at most CF_MOMENTS_MAX */
	uint64_t timed;       /* samples of the first metric with a time */
	uint32_t moment_step;
	struct cf_trace_index *index; /* private: hash tables over the arrays */
};

struct cf_trace *cf_trace_new(void);
void cf_trace_free(struct cf_trace *trace);

enum cf_facts {
	CF_FACTS_SAMPLES = 1,
	CF_FACTS_CALLS = 2,
	CF_FACTS_LINES = 4,
	CF_FACTS_SPANS = 8,
	CF_FACTS_POINTS = 16
};
/* Which kinds of facts there are: a set of enum cf_facts. */
unsigned cf_trace_facts(const struct cf_trace *trace);
/* "samples", "calls, lines or points": the kinds of a set; "facts" for none. Caller frees. */
char *cf_facts_text(unsigned facts);
/* Does it have calls or lines and no stacks: are its functions' own costs those of the lines? */
gboolean cf_trace_is_call_graph(const struct cf_trace *trace);

/* Interning, as in dict. */
struct cf_metric cf_trace_metric(struct cf_trace *trace, const char *name, enum cf_unit unit);
struct cf_thread cf_trace_thread(struct cf_trace *trace, int32_t pid, int32_t tid, const char *comm);
struct cf_group cf_trace_group(struct cf_trace *trace, const char *comm); /* folds digits */

/*
 * What a timeline is made of is bounded: of more samples every second, fourth, ... is kept, spread evenly over the
 * recording.
 */
#define CF_MOMENTS_MAX 32768

/* Adds one sample to its stack's and thread's cost, and keeps its time if it has one. Sums saturate at INT64_MAX/MIN and then leave a quality
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
/* Adds to the row of the same key; sums saturate. */
void cf_trace_call(struct cf_trace *trace, const struct cf_call_cost *call);
void cf_trace_line(struct cf_trace *trace, const struct cf_line_cost *line);
/* The same for callers that have summed up themselves: no row has this key yet. */
void cf_trace_new_call(struct cf_trace *trace, const struct cf_call_cost *call);
void cf_trace_new_line(struct cf_trace *trace, const struct cf_line_cost *line);

/*
 * Keeps a span and counts it in its operation. A parent may be added after its children: its number is known
 * beforehand then. At most CF_SPANS_MAX are kept; of the others only the operation knows, and a quality row.
 * Returns its number, 0 when it isn't kept.
 */
#define CF_SPANS_MAX (2 * 1000 * 1000)
uint32_t cf_trace_span(struct cf_trace *trace, const struct cf_span *span);
/* Counts a span that isn't to be kept. */
void cf_trace_operation(struct cf_trace *trace, struct cf_str service, struct cf_str name,
			int64_t duration_ns, gboolean failed);
/*
 * struct cf_operation by service, then name; caller frees with g_array_unref. Percentiles are exact up to two million spans;
 * beyond that those of operations with more than 8,192 are within 0.2 %.
 */
GArray *cf_trace_operations(const struct cf_trace *trace);
/*
 * Once, when all spans are there: adds what each span took itself, its duration less the union of its synchronous
 * children, as the cost of the stack of operations that led to it: frames of kind service with the service as module,
 * metric "span time" in ns. Parents that are missing, that come round in a circle or lie in another trace make a span a
 * root, counted as quality.
 */
void cf_trace_span_stacks(struct cf_trace *trace);

/* The series of that name, unit, better and x, made when it is new. NULL is "". */
struct cf_series cf_trace_series(struct cf_trace *trace, const char *name, const char *unit,
				 const char *better, const char *x);
/* x: NAN when there is none. A value that isn't finite is left out, counted as quality. */
void cf_trace_point(struct cf_trace *trace, struct cf_series series, double x, double value);

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
 *
 * Of a run with calls: self is the sum of the function's lines, total is self and the cost of its calls, where calls
 * within a cycle of functions count for nothing (core/call_graph.h); both counts are the number of calls.
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
