/* SPDX-License-Identifier: MIT */
/* facts: what writing and loading the kinds of facts share; private to store/. */
#ifndef CF_STORE_FACTS_H
#define CF_STORE_FACTS_H

#include "store/intern.h"

/* A run being written: inside a transaction, all names of the trace are interned. */
struct cf_fact_writer {
	struct cf_store *store;
	struct cf_diag *diag;
	const struct cf_trace *trace;
	const struct cf_intern *ids;
	int64_t run;
	const int64_t *periods; /* by metric */
};

/* The stacks that were loaded into a trace, by their id in the store: those of a range that is mostly used, and others. */
struct cf_loaded_stacks {
	uint32_t *range; /* store stack - from -> cf_stack id, 0: not loaded */
	uint32_t from, len;
	GHashTable *others; /* store stack -> cf_stack id */
	uint32_t seen;      /* stacks that the trace had as long as it had no others, with the empty one */
};

/* Runs being loaded into a trace, one after the other; its metrics and threads are there already. */
struct cf_fact_loader {
	struct cf_store *store;
	struct cf_diag *diag;
	struct cf_trace *trace;
	int64_t run;
	int sign;
	gboolean moments;    /* the times of samples are wanted */
	GArray *periods;     /* int64_t, by the run's metric number */
	GArray *metrics;     /* struct cf_metric, by the run's metric number */
	GArray *threads;     /* struct cf_thread, by the run's thread number */
	GHashTable *strs;    /* store str -> cf_str id + 1 */
	GHashTable *groups;  /* str -> cf_group id + 1 */
	GHashTable *modules; /* store module -> cf_module id + 1: the run's first of that name */
	GHashTable *funcs;   /* store func -> cf_func id */
	struct cf_loaded_stacks stacks;
	struct cf_stmt load_func, load_str;
};

/* The trace's function or text of a store id. -1: said. */
int cf_fact_func(struct cf_fact_loader *loader, uint32_t id, struct cf_func *func);
/* Those of the ids from..to whose wanted[id - from] isn't 0, all at once. */
int cf_fact_funcs(struct cf_fact_loader *loader, uint32_t from, uint32_t to, const uint8_t *wanted);
int cf_fact_str(struct cf_fact_loader *loader, uint32_t id, struct cf_str *str);
/* Opens a statement whose first parameter is the run. */
int cf_fact_begin(struct cf_fact_loader *loader, struct cf_stmt *stmt, enum cf_sql sql);

int cf_store_put_calls(const struct cf_fact_writer *writer);
int cf_store_put_lines(const struct cf_fact_writer *writer);
int cf_store_put_spans(const struct cf_fact_writer *writer);
int cf_store_put_operations(const struct cf_fact_writer *writer);
int cf_store_put_moments(const struct cf_fact_writer *writer);
int cf_store_put_points(const struct cf_fact_writer *writer);

int cf_store_load_stacks(struct cf_fact_loader *loader);
int cf_store_load_calls(struct cf_fact_loader *loader);
/* stack: the trace's stack of a store id, or -1 with a message. */
int cf_store_load_moments(struct cf_fact_loader *loader,
			  int (*stack)(void *ctx, uint32_t id, struct cf_stack *out), void *ctx);
int cf_store_load_lines(struct cf_fact_loader *loader);
int cf_store_load_spans(struct cf_fact_loader *loader);
int cf_store_load_points(struct cf_fact_loader *loader);

#endif
