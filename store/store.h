/* SPDX-License-Identifier: MIT */
/* store: the SQLite file of runs: opening, finding, selecting runs, reading them back, editing. */
#ifndef CF_STORE_STORE_H
#define CF_STORE_STORE_H

#include "core/diag.h"
#include "core/files.h"
#include "core/trace.h"

struct cf_store;

enum cf_store_mode {
	CF_STORE_READ,  /* changes nothing; but undoes what a killed writer left, as any SQLite reader must */
	CF_STORE_WRITE, /* must exist; migrated when older */
	CF_STORE_CREATE, /* made when missing (0600, O_NOFOLLOW), said as a note */
	CF_STORE_MEMORY  /* path NULL */
};

/*
 * NULL with a message: missing, not a callflow store (application_id, before any write), newer than this
 * program, damaged (quick_check), symlink, busy (CF_STATUS_BUSY). A READ open of an older schema is refused
 * with the cure.
 */
struct cf_store *cf_store_open(const char *path, enum cf_store_mode mode, struct cf_diag *diag);
int cf_store_close(struct cf_store *store, struct cf_diag *diag);
gboolean cf_store_is_in_memory(const struct cf_store *store); /* and gone with the process */
const char *cf_store_path(const struct cf_store *store);      /* ":memory:" or as opened */
/* From a signal handler or another thread: what store is doing fails with CF_STATUS_INTERRUPTED, rolled back.
 */
void cf_store_interrupt(struct cf_store *store);

/*
 * Which store: option (may be NULL), $CALLFLOW_STORE, else the nearest callflow.db in the working directory
 * or a parent up to $HOME that belongs to the user. *found: it exists. create: fall back to ./callflow.db.
 * NULL only when not found and not create: looked (appended) lists the places. Caller frees.
 */
char *cf_store_locate(const char *option, gboolean create, gboolean *found, GString *looked);

/* --- runs
 * ------------------------------------------------------------------------------------------------------ */

struct cf_run {
	int64_t id;
	char *uid;  /* content key, hex */
	char *hash; /* XXH3-128 of the source, hex */
	char *name, *format, *source_path;
	char *command, *host, *os, *cpu, *commit;
	int64_t start_ns, duration_ns;
	enum cf_start_source start_source;
	int64_t samples; /* of the first metric */
	int64_t weight;  /* of the first metric */
	char *metric;    /* its name, or NULL for a run without samples */
	enum cf_unit unit;
	int64_t threads, lost, unresolved; /* unresolved: weight of the first metric */
	gboolean pinned, partial;
	unsigned facts; /* enum cf_facts */
	GHashTable *labels;
	char *operand; /* what commands call it by, the file of a run that no store keeps; NULL: its id */
};
void cf_run_free(struct cf_run *run);

/* The runs that one RUN operand names, in order of start then id; at least one. */
struct cf_run_set {
	GPtrArray *runs; /* struct cf_run *, owned */
};
void cf_run_set_clear(struct cf_run_set *set);

/*
 * The grammar of design: 7, 7,9 (ids), name, k=v[,k=v], c:COMMIT, X~2, X@7d, X@2026-11-16, X:4, X:all, A..B, @, @~1.
 * in: "k=v" restriction or NULL. Nothing matches: -1 with nearest names. Files are the caller's business.
 * "@" is the run ingested last that has facts of one of these kinds (enum cf_facts; 0: any).
 */
int cf_store_select(struct cf_store *store, const char *expr, const char *in, unsigned facts,
		    struct cf_run_set *set, struct cf_diag *diag);
/* All runs, by start then id. */
int cf_store_runs(struct cf_store *store, const char *in, struct cf_run_set *set, struct cf_diag *diag);

/* --- writing
 * --------------------------------------------------------------------------------------------------- */

/* What is to be stored of one source. Strings borrowed. */
struct cf_source {
	const char *path; /* as the user named it */
	const char *hash; /* XXH3-128 of its bytes, hex */
	uint64_t size;
	const char *format;  /* importer */
	int version;         /* importer's */
	const char *options; /* canonical text of the reading options, "" none */
	gboolean partial;
};

/* Flags that the user gave and that replace what the input says; NULL / CF_START_NONE: not given. */
struct cf_run_flags {
	const char *name, *commit;
	int64_t start_ns;
	enum cf_start_source start_source;
	GHashTable *labels; /* added to the run's; NULL none */
};

enum cf_known {
	CF_KNOWN_NO,
	CF_KNOWN_SAME,
	CF_KNOWN_OTHER_READING /* same bytes, other importer, version or options */
};
/* -1 on error. *run is the id of the run that holds this source. */
int cf_store_known(struct cf_store *store, const struct cf_source *source, enum cf_known *known, int64_t *run,
		   struct cf_diag *diag);

/*
 * Stores trace as the run of source in one BEGIN IMMEDIATE transaction: new, or replaced in place (id, name,
 * labels, pin kept) when the bytes are known. *run: its id. On -1 nothing has changed.
 */
int cf_store_put(struct cf_store *store, const struct cf_source *source, const struct cf_run_flags *flags,
		 const struct cf_trace *trace, int64_t *run, struct cf_diag *diag);
/* Applies flags to a stored run. *changed says whether anything was different. */
int cf_store_edit(struct cf_store *store, int64_t run, const struct cf_run_flags *flags, const gboolean *pin,
		  const char *const *remove_labels, gboolean *changed, struct cf_diag *diag);
/* Removes the run, its facts and what only it used. */
int cf_store_delete(struct cf_store *store, int64_t run, struct cf_diag *diag);

/* --- reading
 * --------------------------------------------------------------------------------------------------- */

/*
 * Adds the run's facts to trace (meta is filled by the first): threads, symbols, quality, samples or calls, and of the
 * kinds in facts (enum cf_facts) lines, spans and points. Lines always come with calls. sign: 1, or -1 to take the run
 * away: a comparison is a trace with the base at -1. What is stored is never negative. Spans have no sign and are of
 * one run.
 */
#define CF_LOAD_MOMENTS 0x10000u /* in facts: also when samples were taken, where that is known */
int cf_store_load(struct cf_store *store, int64_t run, int sign, unsigned facts, struct cf_trace *trace,
		  struct cf_diag *diag);
/* The same of all runs of a set, in its order; what they have in common is looked at once. */
int cf_store_load_set(struct cf_store *store, const struct cf_run_set *set, unsigned facts,
		      struct cf_trace *trace, struct cf_diag *diag);

/* One row of the precomputed per-function totals. Strings borrowed until the next row. */
struct cf_func_row {
	const char *function, *module, *file; /* file: of the declaration or "" */
	enum cf_frame_kind kind;
	uint32_t line;
	int64_t self, total, self_count, total_count;
};
/* Calls row for each function of the run and metric (index from 0 in run order), by descending self (or
 * total), then module, function. */
int cf_store_functions(struct cf_store *store, int64_t run, unsigned metric, gboolean by_total, int64_t limit,
		       int (*row)(void *ctx, const struct cf_func_row *row), void *ctx, struct cf_diag *diag);
/*
 * The same without names, for many runs: func is the store's own id of a function, the same in all runs. Appended to
 * totals (struct cf_func_total) in the order of self.
 */
struct cf_func_total {
	uint32_t func;
	int64_t self, total, self_count, total_count;
};
int cf_store_func_totals(struct cf_store *store, int64_t run, unsigned metric, GArray *totals,
			 struct cf_diag *diag);
/* All functions of the store, by id. Strings borrowed until the next row. */
struct cf_func_name {
	uint32_t func;
	const char *name, *canonical, *module; /* canonical: what joins builds */
	enum cf_frame_kind kind;
};
int cf_store_func_names(struct cf_store *store, int (*row)(void *ctx, const struct cf_func_name *row),
			void *ctx, struct cf_diag *diag);
struct cf_metric_row {
	const char *name;
	enum cf_unit unit;
	int64_t weight, count; /* sums over the run */
	int64_t functions;     /* rows that cf_store_functions would give without a limit */
};
int cf_store_metrics(struct cf_store *store, int64_t run,
		     int (*row)(void *ctx, const struct cf_metric_row *row), void *ctx, struct cf_diag *diag);
struct cf_thread_row {
	const char *comm;
	int32_t pid, tid;
	int64_t weight, count;
};
int cf_store_threads(struct cf_store *store, int64_t run, unsigned metric,
		     int (*row)(void *ctx, const struct cf_thread_row *row), void *ctx, struct cf_diag *diag);
/* Sums over the spans of an operation, in the order of descending sum, then service and name. */
struct cf_operation_row {
	const char *service, *name;
	int64_t count, errors, sum_ns, min_ns, max_ns, p50_ns, p95_ns, p99_ns;
};
int cf_store_operations(struct cf_store *store, int64_t run, int64_t limit,
			int (*row)(void *ctx, const struct cf_operation_row *row), void *ctx,
			struct cf_diag *diag);
struct cf_quality_row {
	const char *key, *subject, *text, *cure; /* subject, cure may be NULL */
	int64_t count, weight;
};
int cf_store_quality(struct cf_store *store, int64_t run,
		     int (*row)(void *ctx, const struct cf_quality_row *row), void *ctx,
		     struct cf_diag *diag);
struct cf_module_row {
	const char *name, *path, *build_id;
};
int cf_store_modules(struct cf_store *store, int64_t run,
		     int (*row)(void *ctx, const struct cf_module_row *row), void *ctx, struct cf_diag *diag);

/* The type of a value, numbered as SQLite does. */
enum cf_sql_type {
	CF_SQL_TYPE_INTEGER = 1,
	CF_SQL_TYPE_FLOAT = 2,
	CF_SQL_TYPE_TEXT = 3,
	CF_SQL_TYPE_BLOB = 4,
	CF_SQL_TYPE_NULL = 5
};
/* The user's own SQL, read-only: one statement. Columns as text, NULL for null, blobs as x'00ff'; types: enum cf_sql_type. The
 * first call has the column names, and values and types NULL. */
int cf_store_query(struct cf_store *store, const char *sql,
		   int (*row)(void *ctx, int columns, const char *const *names, const char *const *values,
			      const int *types),
		   void *ctx, struct cf_diag *diag);
/* The views that SQL users may rely on, as rows of cf_store_query: view, columns (separated by blanks). */
int cf_store_views(struct cf_store *store,
		   int (*row)(void *ctx, int columns, const char *const *names, const char *const *values,
			      const int *types),
		   void *ctx, struct cf_diag *diag);
/*
 * Queries on the views that give the rows of cf_store_functions and cf_store_threads, for readers of a report. The
 * caller frees the text.
 */
char *cf_store_functions_sql(int64_t run, const char *metric, gboolean by_total, int64_t limit);
char *cf_store_threads_sql(int64_t run, const char *metric, int64_t limit);

/* The content without ids, one line per fact, sorted: equal for equal content. */
int cf_store_dump_logical(struct cf_store *store, struct cf_out *out, struct cf_diag *diag);

const char *cf_store_library_version(void);

#endif
