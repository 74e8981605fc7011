/* SPDX-License-Identifier: MIT */
/* carried: causes and consequences: which functions changed only because of what they call. Pure. */
#include "analyzers/compare/carried.h"

#include <math.h>

#define MOST 0.5  /* of a change, that is most of it */
#define PART 0.01 /* of a change, that is worth naming */
#define NAMED 12  /* callers and causes that are kept */
#define SPREAD 64 /* totals without a cause that are told apart */

/* Is part, of the same sign as whole, at least that share of it? */
static gboolean accounts(double part, double whole, double share)
{
	return whole != 0 && part / whole >= share;
}

struct ranked {
	uint32_t row;
	double key;
};

static int by_key(gconstpointer a, gconstpointer b)
{
	const struct ranked *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

/* The rows of a list in the order of their keys. */
static GArray *rows_in_order(GArray *list)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(uint32_t));

	g_array_sort(list, by_key);
	for (guint i = 0; i < MIN(list->len, NAMED); i++)
		g_array_append_val(rows, g_array_index(list, struct ranked, i).row);
	return rows;
}

static void find_callers(struct cf_comparison *comparison, const struct cf_flow *flow, guint cause)
{
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(struct ranked));
	double own = cf_flow_own(flow, cause);

	for (uint32_t row = 0; row < flow->rows; row++) {
		const struct ranked one = { row, cf_flow_distance(flow, cause, row) };

		if (accounts(cf_flow_change(flow, cause, row), own, MOST))
			g_array_append_val(list, one);
	}
	cf_compared_at(comparison, flow->cause[cause])->callers = rows_in_order(list);
}

/* What changed below a function, weightiest first; NULL when that isn't most of its change. */
static GArray *causes_of(const struct cf_flow *flow, uint32_t row, double change)
{
	g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(struct ranked));
	double sum = 0;

	for (guint cause = 0; cause < flow->causes; cause++) {
		double part = cf_flow_change(flow, cause, row);
		const struct ranked one = { flow->cause[cause], -part / change };

		sum += part;
		if (flow->cause[cause] != row && accounts(part, change, PART))
			g_array_append_val(list, one);
	}
	return accounts(sum, change, MOST) && list->len ? rows_in_order(list) : NULL;
}

static gboolean total_changed(const struct cf_compared *function)
{
	return function->has_total && !cf_found_is_change(function->found) &&
	       (function->total.outcome == CF_OUTCOME_MORE || function->total.outcome == CF_OUTCOME_LESS);
}

/* A function that is called from elsewhere now has another total, and its caller hasn't. */
static gboolean only_moved(const struct cf_flow *flow, const struct cf_nested *nested, guint one)
{
	uint32_t caller = cf_nested_caller(nested, one);

	return caller != CF_NO_ROW &&
	       !accounts(cf_flow_total(flow, caller), cf_flow_total(flow, nested->row[one]), MOST);
}

/* The innermost are what was found; those above that have most of their change from one of them carry it. */
static void find_spread(struct cf_comparison *comparison, const struct cf_flow *flow,
			const struct cf_paths *paths, GArray *spread)
{
	struct cf_nested nested;

	g_array_sort(spread, by_key);
	if (spread->len > SPREAD)
		g_array_remove_range(spread, 0, spread->len - SPREAD);
	cf_nested_init(&nested, flow, paths, spread->len);
	for (guint i = 0; i < spread->len; i++)
		cf_nested_add(&nested, g_array_index(spread, struct ranked, i).row);
	cf_nested_walk(&nested);
	for (guint i = 0; i < spread->len; i++) {
		struct cf_compared *function = cf_compared_at(comparison, nested.row[i]);
		double change = cf_flow_total(flow, nested.row[i]);
		g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(struct ranked));

		for (guint k = 0; k < i; k++) {
			double part = cf_nested_change(&nested, k, nested.row[i]);
			const struct ranked one = { nested.row[k], -part / change };

			if (cf_compared_at(comparison, nested.row[k])->by_total &&
			    accounts(part, change, MOST))
				g_array_append_val(list, one);
		}
		if (list->len) {
			function->found = CF_FOUND_CARRIED;
			function->causes = rows_in_order(list);
		} else if (!only_moved(flow, &nested, i)) {
			function->by_total = TRUE;
			function->found = function->total.outcome == CF_OUTCOME_MORE ? CF_FOUND_REGRESSED
										     : CF_FOUND_IMPROVED;
		}
	}
	cf_nested_clear(&nested);
}

void cf_compare_carry(struct cf_comparison *comparison, const struct cf_flow *flow,
		      const struct cf_paths paths[CF_SIDES])
{
	g_autoptr(GArray) spread = g_array_new(FALSE, FALSE, sizeof(struct ranked));

	for (guint cause = 0; cause < flow->causes; cause++)
		if (cf_found_is_change(cf_compared_at(comparison, flow->cause[cause])->found))
			find_callers(comparison, flow, cause);
	for (uint32_t row = 0; row < flow->rows; row++) {
		struct cf_compared *function = cf_compared_at(comparison, row);
		double change = cf_flow_total(flow, row);
		const struct ranked one = { row, flow->total[CF_BEFORE][row] + flow->total[CF_AFTER][row] };

		if (!total_changed(function))
			continue;
		function->causes = causes_of(flow, row, change);
		if (function->causes)
			function->found = CF_FOUND_CARRIED;
		else if ((change > 0) == (function->total.outcome == CF_OUTCOME_MORE))
			g_array_append_val(spread, one);
	}
	find_spread(comparison, flow, paths, spread);
	cf_comparison_count(comparison);
}
