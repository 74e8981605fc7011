/* SPDX-License-Identifier: MIT */
/* headline: what to say first about a run, and where to look first: the judgement of the summary. */
#ifndef CF_ANALYZERS_HEADLINE_H
#define CF_ANALYZERS_HEADLINE_H

#include "analyzers/quality.h"
#include "analyzers/ranking.h"

/* A function with at least this share of its own carries the headline. */
#define CF_HEADLINE_DOMINATES 0.20
/* From this share on a function's own cost is worth a look. */
#define CF_HEADLINE_HOT 0.03
#define CF_HEADLINE_HOTTEST 5
/* Modules without names that are listed: their cures are much alike. */
#define CF_HEADLINE_NAMELESS 3
/* From this part without names on, nothing can be said of the rest. */
#define CF_HEADLINE_BLIND 0.50

enum cf_look_kind { CF_LOOK_FUNCTION, CF_LOOK_SPINLOCK, CF_LOOK_UNRESOLVED, CF_LOOK_LOST, CF_LOOK_PARTIAL };

/* One thing to look at. Strings borrowed from the ranking and the remarks. */
struct cf_look {
	enum cf_look_kind kind;
	const char *name, *module; /* function; of UNRESOLVED only the module */
	const char *cure;          /* or NULL */
	double share;
	int64_t weight;
};

struct cf_headline {
	int64_t weight, count, threads;   /* threads: 0 unknown */
	const struct cf_ranking_row *top; /* heaviest resolved function, or NULL */
	double top_share, unresolved;     /* shares of the whole */
	gboolean dominates;               /* top does */
	const struct cf_ranking_row
		*nameless; /* module whose functions without names carry the headline, or NULL */
	double nameless_share;
	GArray *looks; /* struct cf_look, in the order to look */
};

/*
 * functions: ranked by self, all rows. remarks: struct cf_remark of all runs. The unresolved part is counted
 * in the ranking, so that it is of the metric that the summary is about.
 */
void cf_headline_compute(struct cf_headline *headline, const struct cf_ranking *functions,
			 const struct cf_run_set *runs, int64_t threads, const GPtrArray *remarks);
void cf_headline_clear(struct cf_headline *headline);

/* "redis-server used 24.26 s of CPU on 5 threads; no single function dominates". Caller frees. */
char *cf_headline_text(const struct cf_headline *headline, const char *name,
		       const struct cf_ranking *functions);

/* Functions where the kernel turns interrupts on again. */
gboolean cf_is_irq_release(const char *function);

#endif
