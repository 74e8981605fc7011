/* SPDX-License-Identifier: MIT */
/* hotspots: where much is changed that is big: hotspots, risk, what to refactor first. */
#include "analyzers/churn/hotspots.h"

#include "analyzers/churn/ownership.h"
#include "core/sum.h"

#include <stdlib.h>

uint32_t cf_churn_size(const struct cf_churn_entity *entity, enum cf_churn_size size)
{
	switch (size) {
	case CF_SIZE_COMPLEXITY:
		return entity->complexity;
	case CF_SIZE_INDENT:
		return entity->indent;
	case CF_SIZE_LINES:
		break;
	}
	return entity->nonblank;
}

uint32_t *cf_churn_living(const struct cf_churn *churn)
{
	guint n = churn->entities->len, found = 0;
	uint32_t *living = g_new(uint32_t, n + 1);

	for (int any = 0; any < 2 && !found; any++)
		for (guint e = 0; e < n; e++) {
			const struct cf_churn_entity *entity = cf_churn_entity(churn, e);

			if (entity->at_head && (any ? entity->lines > 0 : entity->source))
				living[found++] = e;
		}
	living[found] = CF_NONE;
	return living;
}

/* Descending by a score, then by name. */
static int compare_scores(double a, double b, uint32_t x, uint32_t y)
{
	if (a != b)
		return a > b ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int compare_hotspots(const void *a, const void *b)
{
	const struct cf_hotspot *x = a, *y = b;

	return compare_scores(x->score, y->score, x->entity, y->entity);
}

GArray *cf_hotspots(const struct cf_churn_sums *sums, enum cf_churn_size size)
{
	GArray *hotspots = g_array_new(FALSE, FALSE, sizeof(struct cf_hotspot));
	g_autofree uint32_t *living = cf_churn_living(sums->churn);
	uint32_t most = 0, biggest = 0;

	for (const uint32_t *e = living; *e != CF_NONE; e++) {
		most = MAX(most, cf_churn_sum(sums, *e)->revs);
		biggest = MAX(biggest, cf_churn_size(cf_churn_entity(sums->churn, *e), size));
	}
	for (const uint32_t *e = living; *e != CF_NONE; e++) {
		struct cf_hotspot spot = { .entity = *e };

		if (!cf_churn_sum(sums, *e)->revs)
			continue;
		spot.revs = (double)cf_churn_sum(sums, *e)->revs / most;
		if (biggest)
			spot.size = (double)cf_churn_size(cf_churn_entity(sums->churn, *e), size) / biggest;
		spot.score = spot.revs * spot.size;
		g_array_append_val(hotspots, spot);
	}
	g_array_sort(hotspots, compare_hotspots);
	return hotspots;
}

/* ---- risk ---- */

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* How many of n sorted values are less than value, or, with equal, not more. */
static guint count_below(const double *sorted, guint n, double value, gboolean equal)
{
	guint low = 0, high = n;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (sorted[middle] < value || (equal && sorted[middle] == value))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* ranks[i] of values[i] among the others: 0 the least, 1 the greatest. */
static void rank(const double *values, guint n, double *ranks)
{
	g_autofree double *sorted = g_memdup2(values, n * sizeof(*values));

	qsort(sorted, n, sizeof(*sorted), compare_doubles);
	for (guint i = 0; i < n; i++) {
		guint less = count_below(sorted, n, values[i], FALSE);
		guint equal = count_below(sorted, n, values[i], TRUE) - less - 1;

		ranks[i] = n > 1 ? (less + equal / 2.0) / (n - 1) : 0;
	}
}

static int compare_risks(const void *a, const void *b)
{
	const struct cf_risk *x = a, *y = b;

	return compare_scores(x->risk, y->risk, x->entity, y->entity);
}

enum factor { REVISIONS, RELATIVE, MINOR, LINES, FACTORS };

GArray *cf_risks(const struct cf_churn_sums *sums, gboolean bots)
{
	GArray *risks = g_array_new(FALSE, FALSE, sizeof(struct cf_risk));
	g_autofree uint32_t *living = cf_churn_living(sums->churn);
	g_autofree double *values = NULL, *ranks = NULL;
	guint n = 0;

	while (living[n] != CF_NONE)
		n++;
	values = g_new(double, FACTORS *(size_t)n + 1);
	ranks = g_new(double, FACTORS *(size_t)n + 1);
	for (guint i = 0; i < n; i++) {
		const struct cf_churn_sum *sum = cf_churn_sum(sums, living[i]);
		uint32_t lines = cf_churn_entity(sums->churn, living[i])->lines;

		values[REVISIONS * n + i] = sum->revs;
		values[RELATIVE * n + i] = (double)cf_add_sat(sum->added, sum->deleted) / MAX(lines, 1);
		values[MINOR * n + i] = cf_churn_minor(sums, living[i], bots);
		values[LINES * n + i] = lines;
	}
	for (int f = 0; f < FACTORS; f++)
		rank(values + (size_t)f * n, n, ranks + (size_t)f * n);
	for (guint i = 0; i < n; i++) {
		struct cf_risk risk = { .entity = living[i],
					.revisions = ranks[REVISIONS * n + i],
					.relative = ranks[RELATIVE * n + i],
					.minor = ranks[MINOR * n + i],
					.lines = ranks[LINES * n + i],
					.churned = values[RELATIVE * n + i],
					.contributors = (uint32_t)values[MINOR * n + i] };

		if (!cf_churn_sum(sums, living[i])->revs)
			continue;
		risk.risk = (risk.revisions + risk.relative + risk.minor + risk.lines) / FACTORS;
		g_array_append_val(risks, risk);
	}
	g_array_sort(risks, compare_risks);
	return risks;
}

/* ---- with cost ---- */

static double largest_cost(const struct cf_churn_sums *sums, const double *cost)
{
	double largest = 0;

	for (guint e = 0; cost && e < sums->entities->len; e++)
		largest = MAX(largest, cost[e]);
	return largest;
}

static int compare_refactorings(const void *a, const void *b)
{
	const struct cf_refactoring *x = a, *y = b;

	return compare_scores(x->priority, y->priority, x->entity, y->entity);
}

GArray *cf_refactorings(const struct cf_churn_sums *sums, const GArray *hotspots, const double *cost)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_refactoring));
	double largest = largest_cost(sums, cost);

	for (guint i = 0; i < hotspots->len; i++) {
		const struct cf_hotspot *spot = &g_array_index(hotspots, struct cf_hotspot, i);
		struct cf_refactoring row = { .entity = spot->entity, .score = spot->score };

		row.cost = cost ? cost[spot->entity] : 0;
		row.priority = row.score * (1 + (largest > 0 ? row.cost / largest : 0));
		g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_refactorings);
	return rows;
}

static int compare_hot_costs(const void *a, const void *b)
{
	const struct cf_hot_cost *x = a, *y = b;

	return compare_scores(x->score, y->score, x->entity, y->entity);
}

GArray *cf_hot_costs(const struct cf_churn_sums *sums, const double *cost)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_hot_cost));
	double largest = largest_cost(sums, cost);
	uint32_t most = 0;

	for (guint e = 0; e < sums->entities->len; e++)
		if (cost[e] > 0)
			most = MAX(most, cf_churn_sum(sums, e)->revs);
	for (guint e = 0; e < sums->entities->len; e++) {
		uint32_t revs = cf_churn_sum(sums, e)->revs;
		struct cf_hot_cost row = { e, cost[e], 0 };

		if (!revs || !(cost[e] > 0))
			continue;
		row.score = (double)revs / most * (cost[e] / largest);
		g_array_append_val(rows, row);
	}
	g_array_sort(rows, compare_hot_costs);
	return rows;
}
