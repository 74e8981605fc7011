/* SPDX-License-Identifier: MIT */
/* loaded: traces of runs, kept from one analysis of a document to the next. */
#ifndef CF_ANALYZERS_LOADED_H
#define CF_ANALYZERS_LOADED_H

#include "store/store.h"

/* A trace of runs, and what it was loaded for. */
struct cf_loaded_trace {
	struct cf_trace *trace; /* owned; NULL: there is none */
	GArray *runs;           /* int64_t: their ids, in order */
	unsigned facts;
	uint32_t size[5]; /* as it was loaded */
};

/* As many as a comparison has sides. */
#define CF_LOADED_TRACES 2

/* Those that nobody uses at the moment, the latest first. Zero-initialised: none. */
struct cf_loaded {
	struct cf_loaded_trace traces[CF_LOADED_TRACES];
};

/*
 * A trace with what cf_store_load_set loads: the caller's own until it is given back. loaded: NULL when nothing is kept. -1
 * with a message.
 */
int cf_loaded_take(struct cf_loaded *loaded, struct cf_loaded_trace *trace, struct cf_store *store,
		   const struct cf_run_set *set, unsigned facts, struct cf_diag *diag);
/*
 * Kept for the next one who wants the same, unless something was added to it, as filters that fold frames and stacks made
 * of calls do; then, and with loaded NULL, it is freed.
 */
void cf_loaded_give(struct cf_loaded *loaded, struct cf_loaded_trace *trace);
void cf_loaded_clear(struct cf_loaded *loaded);

#endif
