/* SPDX-License-Identifier: MIT */
/* values: one measured number before and after, and what is said of the difference. Pure. */
#include "analyzers/compare/values.h"

#include "analyzers/stat/adjust.h"

#include <math.h>

static enum cf_found found_of(const struct cf_tested *tested)
{
	enum cf_found found = cf_found_of(tested->outcome);

	if (!cf_found_is_change(found))
		return found;
	if (tested->direction == CF_NEITHER_IS_BETTER)
		return CF_FOUND_SMALL;
	return cf_found_is_worse(found) == (tested->direction == CF_LOWER_IS_BETTER) ? CF_FOUND_REGRESSED
										     : CF_FOUND_IMPROVED;
}

static void judge(struct cf_tested *tested, const struct cf_outcome_rule *rule)
{
	const struct cf_evidence evidence = { tested->ratio, tested->p, tested->q, tested->enough };

	if (isnan(tested->before) || isnan(tested->after)) {
		tested->outcome = CF_OUTCOME_NOISE;
		tested->found = isnan(tested->before) ? CF_FOUND_NEW : CF_FOUND_GONE;
		return;
	}
	tested->outcome = cf_outcome(&evidence, rule);
	/* values without any spread say more than an interval of rank statistics can */
	if (tested->equal && tested->enough)
		tested->outcome = CF_OUTCOME_SAME;
	tested->found = found_of(tested);
}

void cf_tested_adjust(const GPtrArray *tested, const struct cf_outcome_rule *rule)
{
	g_autofree double *p = g_new(double, tested->len + 1);
	g_autofree double *q = g_new(double, tested->len + 1);
	guint tests = 0, at = 0;

	for (guint i = 0; i < tested->len; i++) {
		const struct cf_tested *one = g_ptr_array_index(tested, i);

		if (one->enough)
			p[tests++] = one->p;
	}
	cf_adjust(p, tests, CF_ADJUST_BH, q);
	for (guint i = 0; i < tested->len; i++) {
		struct cf_tested *one = g_ptr_array_index(tested, i);

		one->q = one->enough ? q[at++] : one->p;
		judge(one, rule);
	}
}

const char *cf_tested_verdict(const struct cf_tested *tested, gboolean time)
{
	gboolean more = tested->after > tested->before;

	switch (tested->found) {
	case CF_FOUND_REGRESSED:
		return time ? "▲ slower" : more ? "▲ worse" : "▼ worse";
	case CF_FOUND_IMPROVED:
		return time ? "▼ faster" : more ? "▲ better" : "▼ better";
	case CF_FOUND_NEW:
		return "  new";
	case CF_FOUND_GONE:
		return "  gone";
	case CF_FOUND_UNSURE:
		return "? unsure";
	case CF_FOUND_SAME:
		return "= same";
	case CF_FOUND_SMALL:
		if (cf_outcome_changed(tested->outcome))
			return more ? "▲ more" : "▼ less";
		return "  small";
	default:
		return "  noise";
	}
}

char *cf_tested_change(const struct cf_tested *tested)
{
	double ratio = tested->after / tested->before;
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	if (isnan(tested->before) || isnan(tested->after))
		return NULL;
	if (tested->found == CF_FOUND_NOISE || tested->found == CF_FOUND_SAME || !isfinite(ratio) ||
	    ratio < 0)
		return g_strdup("~");
	g_ascii_formatd(number, sizeof(number), "%+.2f", (ratio - 1) * 100);
	return g_strdup_printf("%s %%", number);
}
