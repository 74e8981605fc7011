/* SPDX-License-Identifier: MIT */
/* ownership: who knows an entity: main developers, fragmentation, authorship, the truck factor, who shares work. */
#ifndef CF_ANALYZERS_CHURN_OWNERSHIP_H
#define CF_ANALYZERS_CHURN_OWNERSHIP_H

#include "analyzers/churn/sums.h"

/* The author with the most lines added, or revisions; the first by name among equals. Of an entity with revisions. */
enum cf_churn_measure { CF_CHURN_ADDED, CF_CHURN_REVISIONS };
struct cf_churn_main {
	uint32_t author;
	int64_t own, total;
	double ownership; /* own of total; 0 of nothing */
};
struct cf_churn_main cf_churn_main(const struct cf_churn_sums *sums, uint32_t entity,
				   enum cf_churn_measure measure);

/*
 * Fractal value: 1 - sum of (revisions of the author / revisions)^2. 0: one author; near 1: many with little each
 * (D'Ambros, Lanza, Gall: Fractal Figures, VISSOFT 2005).
 */
double cf_churn_fragmentation(const struct cf_churn_sums *sums, uint32_t entity);

/*
 * Authors with less than this part of an entity's revisions are minor contributors (Bird and others: Don't Touch My Code!,
 * FSE 2011).
 */
#define CF_CHURN_MINOR 0.05
uint32_t cf_churn_minor(const struct cf_churn_sums *sums, uint32_t entity, gboolean bots);

/*
 * The truck factor: how few people have to leave until more than half of the files at the head have no author left
 * (Avelino, Passos, Hora, Valente: A Novel Approach for Estimating Truck Factors, ICPC 2016). An author of a file is who
 * has a degree of authorship of at least 3.293 and more than 0.75 of the file's highest:
 *	DOA = 3.293 + 1.098 FA + 0.164 DL - 0.321 ln(1 + AC)
 * FA: made the file, DL: own revisions, AC: those of others. Whoever is author of the most files goes first, the first by
 * name among equals.
 */
struct cf_churn_gone {
	uint32_t author;
	uint32_t files;    /* that the author was an author of */
	uint32_t orphaned; /* files without an author once this one has gone too */
};
struct cf_churn_truck {
	GArray *gone;   /* struct cf_churn_gone, in that order; as many as the truck factor */
	uint32_t files; /* at the head, with revisions that count */
};
/* bots: FALSE leaves their revisions out, and files that have no others. */
struct cf_churn_truck cf_churn_truck(const struct cf_churn_sums *sums, gboolean bots);
void cf_churn_truck_clear(struct cf_churn_truck *truck);

/*
 * Who works on the same entities (code-maat's communication, after Conway's law): shared, how many both have changed;
 * average, the mean of how many either has changed, rounded up; strength, shared of average in whole percent.
 */
struct cf_churn_pair {
	uint32_t author, peer;
	uint32_t shared, average, strength;
};
/*
 * BOTH_WAYS: by (strength descending, author, peer), as code-maat lists them. ONCE: each pair once, author before peer, by
 * (shared, strength descending, author, peer): pairs of people with one file each, which all have a strength of 100, tell
 * little. At most limit, 0: all. *all: how many there are.
 */
enum cf_churn_pairs { CF_PAIRS_BOTH_WAYS, CF_PAIRS_ONCE };
GArray *cf_churn_communication(const struct cf_churn_sums *sums, enum cf_churn_pairs which, size_t limit,
			       int64_t *all);

#endif
