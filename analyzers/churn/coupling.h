/* SPDX-License-Identifier: MIT */
/* coupling: which entities change in the same commits. */
#ifndef CF_ANALYZERS_CHURN_COUPLING_H
#define CF_ANALYZERS_CHURN_COUPLING_H

#include "analyzers/churn/facts.h"

/*
 * Commits that change more entities than this couple nothing: imports, renamings, new licence headers. They are left out
 * before revisions are counted (code-maat's --max-changeset-size).
 */
#define CF_COUPLING_BULK 30
/* What is reported: code-maat's defaults. */
#define CF_COUPLING_REVS 5   /* mean of the revisions of both */
#define CF_COUPLING_SHARED 5 /* commits that change both */
#define CF_COUPLING_DEGREE 30
#define CF_SOC_LEAST 6
/* In the answer about one entity. */
#define CF_COUPLING_WITH 2

/*
 * Temporal coupling (Gall, Hajek, Jazayeri: Detection of Logical Coupling Based on Product Release History, ICSM 1998; the
 * degree is code-maat's): degree, shared revisions of the mean of those of both, in whole percent; average, that mean
 * rounded up.
 */
struct cf_coupled {
	uint32_t entity, coupled; /* entity is first by name */
	uint32_t degree, average, first_revs, second_revs, shared;
};

struct cf_coupling {
	GArray *pairs;     /* struct cf_coupled by (degree, average descending, names) */
	uint32_t bulk;     /* commits left out */
	uint32_t *revs;    /* of each entity in the commits that count */
	uint32_t entities; /* how many */
};
struct cf_coupling cf_coupling_new(const struct cf_churn *churn);
void cf_coupling_clear(struct cf_coupling *coupling);

/*
 * What one entity changes with, in at least CF_COUPLING_WITH commits that aren't bulk: entity is the given one in all rows, and
 * no degree is too low. By (degree, shared descending, name).
 */
GArray *cf_coupling_of(const struct cf_churn *churn, const struct cf_coupling *coupling, uint32_t entity);

/*
 * Sum of coupling: over all commits, bulk or not, the number of other entities that the commit changes (code-maat's soc).
 * One number per entity; caller frees.
 */
int64_t *cf_coupling_sums(const struct cf_churn *churn);

#endif
