/* SPDX-License-Identifier: MIT */
/* coupling: which entities change in the same commits. */
#include "analyzers/churn/coupling.h"

#include <stdlib.h>

#include "core/sum.h"
#include "core/table.h"

/* How often two entities are in one commit. */
struct pair {
	uint32_t a, b, shared;
};

/* Counts of pairs, found by both. */
struct pairs {
	GArray *rows; /* struct pair */
	struct cf_table table;
};

static void count_pair(struct pairs *pairs, uint32_t a, uint32_t b)
{
	struct pair row = { MIN(a, b), MAX(a, b), 1 };
	uint32_t hash = cf_hash(row.a, row.b), pos, id;

	for (pos = hash; (id = cf_table_next(&pairs->table, hash, &pos)) != 0;) {
		struct pair *found = &g_array_index(pairs->rows, struct pair, id - 1);

		if (found->a == row.a && found->b == row.b) {
			found->shared++;
			return;
		}
	}
	g_array_append_val(pairs->rows, row);
	cf_table_add(&pairs->table, hash, pairs->rows->len);
}

static gboolean is_bulk(const struct cf_churn_commit *commit)
{
	return commit->changes > CF_COUPLING_BULK;
}

static void count_revisions(struct cf_coupling *coupling, const struct cf_churn *churn)
{
	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);

		if (is_bulk(commit)) {
			coupling->bulk++;
			continue;
		}
		for (uint32_t i = 0; i < commit->changes; i++)
			coupling->revs[changes[i].entity]++;
	}
}

/* Pairs of which neither has too few revisions to share enough: at most 30 x 29 / 2 a commit. */
static void count_pairs(struct pairs *pairs, const struct cf_coupling *coupling, const struct cf_churn *churn)
{
	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);
		uint32_t often[CF_COUPLING_BULK], n = 0;

		if (is_bulk(commit))
			continue;
		for (uint32_t i = 0; i < commit->changes; i++)
			if (coupling->revs[changes[i].entity] >= CF_COUPLING_SHARED)
				often[n++] = changes[i].entity;
		for (uint32_t i = 0; i < n; i++)
			for (uint32_t k = i + 1; k < n; k++)
				count_pair(pairs, often[i], often[k]);
	}
}

static struct cf_coupled coupled(const struct cf_coupling *coupling, uint32_t entity, uint32_t other,
				 uint32_t shared)
{
	struct cf_coupled row = { .entity = entity,
				  .coupled = other,
				  .first_revs = coupling->revs[entity],
				  .second_revs = coupling->revs[other],
				  .shared = shared };
	uint64_t both = (uint64_t)row.first_revs + row.second_revs;

	row.average = (uint32_t)((both + 1) / 2);
	row.degree = both ? (uint32_t)(UINT64_C(200) * shared / both) : 0;
	return row;
}

static int compare_coupled(const void *a, const void *b)
{
	const struct cf_coupled *x = a, *y = b;

	if (x->degree != y->degree)
		return x->degree > y->degree ? -1 : 1;
	if (x->average != y->average)
		return x->average > y->average ? -1 : 1;
	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	return x->coupled < y->coupled ? -1 : x->coupled > y->coupled;
}

struct cf_coupling cf_coupling_new(const struct cf_churn *churn)
{
	struct cf_coupling coupling = { .pairs = g_array_new(FALSE, FALSE, sizeof(struct cf_coupled)),
					.revs = g_new0(uint32_t, churn->entities->len + 1),
					.entities = churn->entities->len };
	struct pairs pairs = { .rows = g_array_new(FALSE, FALSE, sizeof(struct pair)) };

	count_revisions(&coupling, churn);
	count_pairs(&pairs, &coupling, churn);
	for (guint i = 0; i < pairs.rows->len; i++) {
		const struct pair *pair = &g_array_index(pairs.rows, struct pair, i);
		struct cf_coupled row = coupled(&coupling, pair->a, pair->b, pair->shared);

		/* The mean isn't less than what is shared. */
		if (row.shared >= CF_COUPLING_SHARED && row.degree >= CF_COUPLING_DEGREE &&
		    row.first_revs + row.second_revs >= 2 * CF_COUPLING_REVS)
			g_array_append_val(coupling.pairs, row);
	}
	g_array_sort(coupling.pairs, compare_coupled);
	g_array_unref(pairs.rows);
	cf_table_release(&pairs.table);
	return coupling;
}

void cf_coupling_clear(struct cf_coupling *coupling)
{
	g_clear_pointer(&coupling->pairs, g_array_unref);
	g_clear_pointer(&coupling->revs, g_free);
}

static int compare_with(const void *a, const void *b)
{
	const struct cf_coupled *x = a, *y = b;

	if (x->degree != y->degree)
		return x->degree > y->degree ? -1 : 1;
	if (x->shared != y->shared)
		return x->shared > y->shared ? -1 : 1;
	return x->coupled < y->coupled ? -1 : x->coupled > y->coupled;
}

GArray *cf_coupling_of(const struct cf_churn *churn, const struct cf_coupling *coupling, uint32_t entity)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_coupled));
	g_autofree uint32_t *shared = g_new0(uint32_t, churn->entities->len + 1);

	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);
		gboolean here = FALSE;

		for (uint32_t i = 0; i < commit->changes && !is_bulk(commit) && !here; i++)
			here = changes[i].entity == entity;
		for (uint32_t i = 0; i < commit->changes && here; i++)
			shared[changes[i].entity]++;
	}
	for (guint e = 0; e < churn->entities->len; e++) {
		struct cf_coupled row;

		if (e == entity || shared[e] < CF_COUPLING_WITH)
			continue;
		row = coupled(coupling, entity, e, shared[e]);
		g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_with);
	return rows;
}

int64_t *cf_coupling_sums(const struct cf_churn *churn)
{
	int64_t *sums = g_new0(int64_t, churn->entities->len + 1);

	for (guint c = 0; c < churn->commits->len; c++) {
		const struct cf_churn_commit *commit = cf_churn_commit(churn, c);
		const struct cf_churn_change *changes = cf_churn_changes(churn, commit);

		for (uint32_t i = 0; i < commit->changes; i++)
			sums[changes[i].entity] = cf_add_sat(sums[changes[i].entity], commit->changes - 1);
	}
	return sums;
}
