/* SPDX-License-Identifier: MIT */
/* outcome: from an estimate, its interval and its q-value to one word. */
#include "analyzers/stat/outcome.h"

#include <math.h>

/* A ratio outside the band of what doesn't matter; as much up as down. */
static gboolean matters(double ratio, double min_effect)
{
	return ratio > 0 ? fabs(log(ratio)) >= log1p(min_effect) : !isnan(ratio);
}

static gboolean inside(const struct cf_interval *ratio, double min_effect)
{
	return ratio->lo > 0 && !matters(ratio->lo, min_effect) && !matters(ratio->hi, min_effect);
}

static enum cf_outcome direction(double ratio)
{
	if (isinf(ratio))
		return CF_OUTCOME_NEW;
	if (ratio == 0)
		return CF_OUTCOME_GONE;
	return ratio > 1 ? CF_OUTCOME_MORE : CF_OUTCOME_LESS;
}

enum cf_outcome cf_outcome(const struct cf_evidence *evidence, const struct cf_outcome_rule *rule)
{
	gboolean matter = matters(evidence->ratio.estimate, rule->min_effect);

	if (!evidence->enough)
		return CF_OUTCOME_UNSURE;
	if (evidence->q <= rule->alpha)
		return matter ? direction(evidence->ratio.estimate) : CF_OUTCOME_SMALL;
	if (inside(&evidence->ratio, rule->min_effect))
		return CF_OUTCOME_SAME;
	return matter && evidence->p <= rule->hint ? CF_OUTCOME_UNSURE : CF_OUTCOME_NOISE;
}

gboolean cf_outcome_changed(enum cf_outcome outcome)
{
	return outcome == CF_OUTCOME_MORE || outcome == CF_OUTCOME_LESS || outcome == CF_OUTCOME_NEW ||
	       outcome == CF_OUTCOME_GONE;
}
