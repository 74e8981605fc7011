/* SPDX-License-Identifier: MIT */
/* outcome: from an estimate, its interval and its q-value to one word. */
#ifndef CF_ANALYZERS_STAT_OUTCOME_H
#define CF_ANALYZERS_STAT_OUTCOME_H

#include "analyzers/stat/order.h"

enum cf_outcome {
	CF_OUTCOME_MORE,  /* significant, and at least min_effect more */
	CF_OUTCOME_LESS,  /* significant, and at least min_effect less */
	CF_OUTCOME_NEW,   /* significant, and nothing before */
	CF_OUTCOME_GONE,  /* significant, and nothing after */
	CF_OUTCOME_SMALL, /* significant, but smaller than min_effect */
	CF_OUTCOME_SAME,  /* the whole interval is smaller than min_effect: shown to be equal */
	CF_OUTCOME_NOISE, /* nothing speaks for a change, nothing against: never to be called "no change" */
	CF_OUTCOME_UNSURE /* something speaks for a change, or there is too little to tell: record more */
};

/* Of one comparison. Ratios are after : before, 1 for no change. */
struct cf_evidence {
	struct cf_interval ratio;
	double p, q;     /* before and after correction for many tests */
	gboolean enough; /* is there enough to reach significance at all? */
};

struct cf_outcome_rule {
	double alpha;      /* of q: 0.05 */
	double min_effect; /* relative: 0.02 is from 1/1.02 to 1.02 */
	double hint; /* of p, below which a change that is estimated to matter is worth another look: 0.1 */
};
#define CF_OUTCOME_RULE ((struct cf_outcome_rule){ 0.05, 0.02, 0.1 })

/* Before and after swapped, more becomes less and new gone; the rest stays. */
enum cf_outcome cf_outcome(const struct cf_evidence *evidence, const struct cf_outcome_rule *rule);

/* Is it one of more, less, new, gone? */
gboolean cf_outcome_changed(enum cf_outcome outcome);

#endif
