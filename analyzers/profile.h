/* SPDX-License-Identifier: MIT */
/* profile: the samples of one metric of the selected runs, filtered, with sums by function, module or file.
 */
#ifndef CF_ANALYZERS_PROFILE_H
#define CF_ANALYZERS_PROFILE_H

#include "analyzers/analyzer.h"
#include "analyzers/filter.h"
#include "core/call_graph.h"

struct cf_profile {
	struct cf_trace *trace;       /* owned: all runs of the set, summed */
	struct cf_loaded *loaded;     /* to which the trace goes back; or NULL */
	struct cf_loaded_trace taken; /* the trace, when it is from the store */
	struct cf_filter filter;
	struct cf_metric metric;
	const char *metric_name; /* borrowed from trace */
	enum cf_unit unit;
	int64_t weight, count;        /* of the metric, before the filters: what shares refer to */
	int64_t hidden, hidden_count; /* what the filters hide */
	GArray *costs;                /* struct cf_stack_cost: what they keep */
	GPtrArray *other_metrics;     /* const char *, borrowed */
	struct cf_call_graph
		*graph;    /* of a run that has calls instead of samples, while costs is empty; else NULL */
	gboolean unfolded; /* costs are made of such calls */
	int64_t pruned;    /* of them what is in "[pruned]" */
	GArray *lacking;   /* int64_t: ids of the runs that don't have the metric */
};

/*
 * Loads the current runs from the store (of other facts than samples and calls: those in facts) and applies --metric and
 * the filters. Of runs that have calls instead of samples, stacks are made (core/unfold.h). -1 with a message; then
 * cleared.
 */
int cf_profile_load(struct cf_profile *profile, const struct cf_analysis *analysis, unsigned facts);
/* The same for a trace in memory, which it takes, also on -1. */
int cf_profile_take(struct cf_profile *profile, struct cf_trace *trace, const struct cf_params *params,
		    struct cf_diag *diag);
/*
 * For those that can do with calls: of such runs graph is set, costs is empty and hidden is what filters hide of
 * functions by their own name and module. cf_profile_unfold then makes stacks of them, of all metrics when all.
 */
int cf_profile_load_calls(struct cf_profile *profile, const struct cf_analysis *analysis, unsigned facts);
int cf_profile_take_calls(struct cf_profile *profile, struct cf_trace *trace, const struct cf_params *params,
			  struct cf_diag *diag);
void cf_profile_unfold(struct cf_profile *profile, gboolean all);
/* To another metric of the same runs, with the same filters. Not of calls: their stacks are made for one metric. */
void cf_profile_turn(struct cf_profile *profile, struct cf_metric metric);
void cf_profile_clear(struct cf_profile *profile);

/*
 * Sums over samples that share a key; a key counts once per sample in total, however often it is in a stack. Of a graph:
 * the functions that filters keep; counts are numbers of calls, and only functions themselves have a total.
 */
struct cf_key_cost {
	uint32_t key;
	int64_t self, total, self_count, total_count;
};
/*
 * One row per key that occurs, by key. key_of: key of each function id (at least cf_dict_funcs), below keys;
 * NULL: the function id itself. Samples without frames belong to no key. Caller frees with g_array_unref.
 */
GArray *cf_profile_costs(const struct cf_profile *profile, const uint32_t *key_of, uint32_t keys);

/* Index of the metric to look at among names[0..n): wanted, or the first when NULL. -1 with a message. */
int cf_metric_pick(const char *wanted, const char *const *names, size_t n, struct cf_diag *diag);

/* Index of the metric of that name in a run; -1: it has none, -2 with a message. */
int cf_metric_index(struct cf_store *store, int64_t run, const char *name, struct cf_diag *diag);
/* Which runs of a set (int64_t) don't have the metric, so that they add nothing: "run 3 has no cycles and adds nothing
 * here", or NULL when all have it; caller frees. And the paragraph of it. */
char *cf_lacking_text(const GArray *lacking, const char *metric);
void cf_lacking_note(struct cf_doc *doc, struct cf_node *section, const GArray *lacking, const char *metric);

/* Paragraphs that state the other metrics, and what the filters hide. */
void cf_profile_notes(const struct cf_profile *profile, struct cf_doc *doc, struct cf_node *section);
void cf_metric_note(struct cf_doc *doc, struct cf_node *section, const GPtrArray *others);
/* "12.30 % (2.98 s, 2978 samples) hidden by --focus foo", or NULL when nothing is. Caller frees. */
char *cf_profile_hidden_text(const struct cf_profile *profile);
/* What must stand in a picture: that, and that its stacks are made of calls. NULL: nothing. Caller frees. */
char *cf_profile_picture_note(const struct cf_profile *profile);

double cf_share(int64_t part, int64_t whole); /* 0 of nothing */
/* *sum += value, saturating. */
void cf_sum(int64_t *sum, int64_t value);
int64_t cf_difference(int64_t a, int64_t b); /* a - b, saturating */

#endif
