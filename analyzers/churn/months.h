/* SPDX-License-Identifier: MIT */
/* months: churn per month as charts and trends. */
#ifndef CF_ANALYZERS_CHURN_MONTHS_H
#define CF_ANALYZERS_CHURN_MONTHS_H

#include "analyzers/churn/answers.h"

/* Calendar months of a chart, counted back from the newest that has a row. */
#define CF_MONTHS_CHARTED 120
/* Of a trend in a cell, counted back from the day that churn is as of. */
#define CF_MONTHS_TREND 12

/* What happened in a month; at: of days.h. */
struct cf_churn_month {
	int32_t at;
	int64_t changes, added, deleted;
};

/*
 * Adds the chart ID of the rows, GArray of struct cf_churn_month by month: changes, called what ("commits"), and lines
 * added and deleted. Nothing where there are fewer than two rows.
 */
void cf_churn_months_chart(struct cf_churn_answers *answers, struct cf_node *section, const char *id,
			   const char *caption, const char *what, const GArray *rows);

/* Revisions of each of the n entities in each of the last CF_MONTHS_TREND months, row after row. Caller frees. */
double *cf_churn_trends(const struct cf_churn *churn, const uint32_t *entities, guint n);

#endif
