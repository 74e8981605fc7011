/* SPDX-License-Identifier: MIT */
/* moved: cost that is in another function than before, and no more of it. Pure. */
#include "analyzers/compare/carried.h"

#include <math.h>

#define PART 0.1     /* of a function's cost: callers from here on may have given it, or got it */
#define OPPOSITE 0.5 /* of what appeared, that has to be missing elsewhere */
#define HINT 0.2     /* p below which a change the other way speaks for that */

/* Rows that belong together: union by the smaller number, with halved paths. */
static uint32_t root_of(uint32_t *parent, uint32_t row)
{
	while (parent[row] != row)
		row = parent[row] = parent[parent[row]];
	return row;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = root_of(parent, a);
	b = root_of(parent, b);
	parent[MAX(a, b)] = MIN(a, b);
}

static gboolean is_seed(const struct cf_compared *function)
{
	return function->found == CF_FOUND_NEW || function->found == CF_FOUND_GONE;
}

static double change_of(const struct cf_comparison *comparison, const struct cf_compared *function)
{
	return cf_compared_change(comparison, function, FALSE);
}

/* Did it change, or does it look like it? */
static gboolean is_moving(const struct cf_compared *function)
{
	return cf_found_is_change(function->found) || function->self.p <= HINT;
}

/* What appeared or vanished, with those of its callers that changed the other way. */
static void join_callers(const struct cf_comparison *comparison, const struct cf_flow *flow, guint cause,
			 uint32_t *parent)
{
	const struct cf_compared *function = cf_compared_at(comparison, flow->cause[cause]);
	int side = function->found == CF_FOUND_NEW ? CF_AFTER : CF_BEFORE;

	for (uint32_t row = 0; row < flow->rows; row++) {
		const struct cf_compared *caller = cf_compared_at(comparison, row);

		if (flow->direct[side][(size_t)cause * flow->rows + row] > PART * flow->own[side][cause] &&
		    is_moving(caller) && change_of(comparison, caller) * change_of(comparison, function) < 0)
			join(parent, flow->cause[cause], row);
	}
}

/* The row that calls it most directly on a side, CF_NO_ROW: none. */
static uint32_t caller_of(const struct cf_flow *flow, guint cause, int side)
{
	const double *direct = flow->direct[side] + (size_t)cause * flow->rows;
	uint32_t most = CF_NO_ROW;

	for (uint32_t row = 0; row < flow->rows; row++)
		if (direct[row] > 0 && (most == CF_NO_ROW || direct[row] > direct[most]))
			most = row;
	return most;
}

/*
 * Stacks often lack the caller of a function that calls nothing, since such a function needs no frame pointer. So what
 * appeared may have come from one beside it, that lost about as much. That one may be such a leaf itself, on the side where
 * it calls nothing, and show its caller on the other.
 */
static void join_sibling(const struct cf_comparison *comparison, const struct cf_flow *flow, guint cause,
			 uint32_t *parent)
{
	const struct cf_compared *function = cf_compared_at(comparison, flow->cause[cause]);
	int side = function->found == CF_FOUND_NEW ? CF_AFTER : CF_BEFORE, other = !side;
	uint32_t caller = caller_of(flow, cause, side), best = CF_NO_ROW;
	double change = change_of(comparison, function), nearest = OPPOSITE;

	for (guint i = 0; i < flow->causes && caller != CF_NO_ROW; i++) {
		double own = change_of(comparison, cf_compared_at(comparison, flow->cause[i])), ratio;

		if (i == cause || own * change >= 0 ||
		    (caller_of(flow, i, other) != caller && caller_of(flow, i, side) != caller))
			continue;
		ratio = fmin(fabs(own / change), fabs(change / own));
		if (ratio >= nearest) {
			nearest = ratio;
			best = flow->cause[i];
		}
	}
	if (best != CF_NO_ROW)
		join(parent, flow->cause[cause], best);
}

/* The rows of one group. */
static GArray *members_of(uint32_t *parent, uint32_t rows, uint32_t root)
{
	GArray *members = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	for (uint32_t row = 0; row < rows; row++)
		if (root_of(parent, row) == root)
			g_array_append_val(members, row);
	return members;
}

/* Is about as much missing as appeared, and not by chance? */
static gboolean balances(const struct cf_comparison *comparison, const GArray *members)
{
	double more = 0, less = 0;

	for (guint i = 0; i < members->len; i++) {
		const struct cf_compared *function =
			cf_compared_at(comparison, g_array_index(members, uint32_t, i));
		double change = change_of(comparison, function);

		if (!is_moving(function))
			continue;
		more += fmax(change, 0);
		less += fmax(-change, 0);
	}
	return more > 0 && less > 0 && fmin(more, less) / fmax(more, less) >= OPPOSITE;
}

/* The one that stays and costs most: the others are parts of it; its caller, where none stays. */
static uint32_t head_of(const struct cf_comparison *comparison, const GArray *members)
{
	uint32_t head = g_array_index(members, uint32_t, 0);
	double most = -1;

	for (guint i = 0; i < members->len; i++) {
		uint32_t row = g_array_index(members, uint32_t, i);
		const struct cf_compared *function = cf_compared_at(comparison, row);
		double cost = (double)function->row->cost[CF_BEFORE].self +
			      (double)function->row->cost[CF_AFTER].self;

		if (!is_seed(function) && cost > most) {
			most = cost;
			head = row;
		}
	}
	return head;
}

static void settle(struct cf_comparison *comparison, const GArray *members)
{
	struct cf_judged together;
	uint32_t head;

	if (members->len < 2 || !balances(comparison, members))
		return;
	together = cf_judge_together(comparison, (const uint32_t *)(const void *)members->data, members->len);
	if (cf_outcome_changed(together.outcome))
		return;
	head = head_of(comparison, members);
	for (guint i = 0; i < members->len; i++) {
		struct cf_compared *function =
			cf_compared_at(comparison, g_array_index(members, uint32_t, i));

		if (!cf_found_is_change(function->found))
			continue;
		function->found = CF_FOUND_MOVED;
		function->group = head;
	}
}

void cf_compare_find_moved(struct cf_comparison *comparison, const struct cf_flow *flow)
{
	g_autofree uint32_t *parent = g_new(uint32_t, (size_t)comparison->functions->len + 1);
	g_autofree gboolean *done = g_new0(gboolean, (size_t)comparison->functions->len + 1);

	for (uint32_t row = 0; row < flow->rows; row++)
		parent[row] = row;
	for (guint cause = 0; cause < flow->causes; cause++)
		if (is_seed(cf_compared_at(comparison, flow->cause[cause]))) {
			join_callers(comparison, flow, cause, parent);
			join_sibling(comparison, flow, cause, parent);
		}
	for (guint cause = 0; cause < flow->causes; cause++) {
		uint32_t root = root_of(parent, flow->cause[cause]);
		g_autoptr(GArray) members = NULL;

		if (done[root])
			continue;
		done[root] = TRUE;
		members = members_of(parent, flow->rows, root);
		settle(comparison, members);
	}
	cf_comparison_count(comparison);
}
