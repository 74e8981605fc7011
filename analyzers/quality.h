/* SPDX-License-Identifier: MIT */
/* quality: what a reader must know before trusting the numbers of a run, and what would mend it. */
#ifndef CF_ANALYZERS_QUALITY_H
#define CF_ANALYZERS_QUALITY_H

#include "analyzers/analyzer.h"

/* Above these shares the data can mislead: the verdict is attention. */
#define CF_QUALITY_LOST 0.01
#define CF_QUALITY_UNRESOLVED 0.10
/* From here on a part without names is worth mending. */
#define CF_QUALITY_MEND 0.01

/* Sums over a set of runs. */
struct cf_quality_sum {
	int64_t lost, samples, unresolved, weight;
	gboolean sampled, resolved; /* of any: can samples be lost, can names of functions be missing? */
	gboolean mtime, partial;    /* of any */
	const struct cf_run *worst; /* the run to look at first, of the set */
};
/* without: int64_t, ids of runs that don't count, or NULL. */
struct cf_quality_sum cf_quality_of(const struct cf_run_set *set, const GArray *without);
double cf_quality_lost_share(const struct cf_quality_sum *sum); /* of all that should have been recorded */
double cf_quality_unresolved_share(const struct cf_quality_sum *sum);

/* CF_VERDICT_ATTENTION when more is lost or unresolved than the limits, or a run is partial. */
enum cf_verdict cf_quality_verdict(const struct cf_quality_sum *sum);

/* "quality: 0 lost, 3.10 % unresolved, start from file time  (callflow show 1)". Caller frees. */
char *cf_quality_line(const struct cf_quality_sum *sum);

/* A stored remark on a run, and a run's list of them. Strings owned. */
struct cf_remark {
	char *key, *subject, *text, *cure; /* subject, cure may be NULL */
	int64_t count, weight;
};
GPtrArray *cf_quality_load(struct cf_store *store, int64_t run,
			   struct cf_diag *diag); /* struct cf_remark *; NULL: -1 */

/*
 * The box: a callout with the sum in words, and the table `quality` of the remarks with their cures, heaviest
 * first, at most limit (0: all).
 */
void cf_quality_box(struct cf_doc *doc, struct cf_node *section, const struct cf_run *run,
		    const GPtrArray *remarks, guint limit);

#endif
