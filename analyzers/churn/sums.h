/* SPDX-License-Identifier: MIT */
/* sums: revisions and lines by entity, author, both, day and month. */
#ifndef CF_ANALYZERS_CHURN_SUMS_H
#define CF_ANALYZERS_CHURN_SUMS_H

#include "analyzers/churn/facts.h"

/* What one author did to one entity. */
struct cf_churn_share {
	uint32_t entity, author;
	uint32_t revs;
	int64_t added, deleted;
	int32_t last_day;
};

/* What was done to one entity. */
struct cf_churn_sum {
	uint32_t revs;
	int64_t added, deleted;
	int32_t first_day, last_day; /* days of its authors' clocks */
	uint32_t weeks;              /* different ones with a revision */
	uint32_t first, authors;     /* range of shares */
	uint32_t creator;            /* author of its first revision, CF_NONE: no revisions */
};

/* What one author did. */
struct cf_churn_work {
	uint32_t commits, revs, entities;
	int64_t added, deleted;
	int32_t first_day, last_day;
};

/* What happened on one day or in one month. */
struct cf_churn_span {
	int32_t at; /* day, or month */
	uint32_t commits, revs, authors, entities;
	int64_t added, deleted;
};

struct cf_churn_sums {
	const struct cf_churn *churn;
	GArray *entities; /* struct cf_churn_sum of each entity */
	GArray *shares;   /* struct cf_churn_share by (entity, author) */
	GArray *authors;  /* struct cf_churn_work of each author */
	GArray *days;     /* struct cf_churn_span by day; those with commits */
	GArray *months;   /* the same by month */
	uint32_t changed; /* entities with revisions */
};

struct cf_churn_sums *cf_churn_sums_new(const struct cf_churn *churn);
void cf_churn_sums_free(struct cf_churn_sums *sums);

static inline const struct cf_churn_sum *cf_churn_sum(const struct cf_churn_sums *sums, uint32_t entity)
{
	return &g_array_index(sums->entities, struct cf_churn_sum, entity);
}
static inline const struct cf_churn_share *cf_churn_share(const struct cf_churn_sums *sums, guint i)
{
	return &g_array_index(sums->shares, struct cf_churn_share, i);
}
static inline const struct cf_churn_work *cf_churn_work(const struct cf_churn_sums *sums, uint32_t author)
{
	return &g_array_index(sums->authors, struct cf_churn_work, author);
}

/*
 * Relative code churn (Nagappan, Ball: Use of Relative Code Churn Measures to Predict System Defect Density, ICSE 2005)
 * of the program text at the head. A file's weeks are those with a revision of it: the paper's weeks of churn are
 * summed over files.
 */
struct cf_churn_relative {
	int64_t total_loc, churned_loc, deleted_loc; /* churned: added lines */
	int64_t files_churned, file_count, churn_count, weeks;
	double m[8]; /* M1 to M8; NAN: nothing to divide by */
};
struct cf_churn_relative cf_churn_relative(const struct cf_churn_sums *sums);

#endif
