/* SPDX-License-Identifier: MIT */
/* flow: how much of what changed passes through which functions. Pure. */
#include "analyzers/compare/flow.h"

#include <math.h>

#define MATRIX_MAX ((size_t)1 << 20) /* numbers of one */
#define CAUSES_MAX 1024

static double change_of(const struct cf_compared *function)
{
	const struct cf_side_cost *cost = function->row->cost;

	return fabs((double)cost[CF_AFTER].self - (double)cost[CF_BEFORE].self);
}

static gint by_change(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_comparison *comparison = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	double change_x = change_of(cf_compared_at(comparison, x)),
	       change_y = change_of(cf_compared_at(comparison, y));

	if (change_x != change_y)
		return change_x > change_y ? -1 : 1;
	return (x > y) - (x < y);
}

static void find_causes(struct cf_flow *flow, const struct cf_comparison *comparison)
{
	guint most = (guint)MIN(CAUSES_MAX, MATRIX_MAX / MAX(flow->rows, 1) + 1);

	flow->cause = g_new(uint32_t, (size_t)flow->rows + 1);
	flow->cause_of = g_new0(uint32_t, (size_t)flow->rows + 1);
	for (uint32_t row = 0; row < flow->rows; row++) {
		const struct cf_compared *function = cf_compared_at(comparison, row);

		if ((cf_found_is_change(function->found) && !function->by_total) ||
		    function->found == CF_FOUND_MOVED)
			flow->cause[flow->causes++] = row;
	}
	g_qsort_with_data(flow->cause, (gint)flow->causes, sizeof(*flow->cause), by_change,
			  (gpointer)comparison);
	flow->causes = MIN(flow->causes, most);
	for (guint i = 0; i < flow->causes; i++)
		flow->cause_of[flow->cause[i]] = i + 1;
}

/* Runs of which there are no paths are like those of which there are. */
static void find_units(struct cf_flow *flow, const struct cf_comparison *comparison,
		       const struct cf_paths *paths)
{
	const size_t *runs = comparison->sides->runs;
	double per_run = comparison->scale * (double)MAX(runs[CF_BEFORE], 1) / (double)MAX(runs[CF_AFTER], 1);

	flow->counts = comparison->sides->metric.method == CF_COMPARE_SAMPLED;
	for (int side = 0; side < CF_SIDES; side++)
		flow->unit[side] = 1 / (double)MAX(paths[side].runs, 1);
	if (flow->counts)
		flow->unit[CF_AFTER] /= per_run;
}

static double amount_of(const struct cf_flow *flow, const struct cf_path_cost *cost, int side)
{
	return (double)(flow->counts ? cost->count : cost->weight) * flow->unit[side];
}

/* Each function of a path once; seen[row]: number of the path, from 1, that had it last. */
static void walk_path(struct cf_flow *flow, const struct cf_paths *paths, int side, uint32_t number,
		      const struct cf_path_cost *cost, uint32_t *seen)
{
	uint32_t leaf = paths->row[cost->node], steps = 0;
	guint cause = leaf == CF_NO_ROW ? 0 : flow->cause_of[leaf];
	size_t at = cause ? (size_t)(cause - 1) * flow->rows : 0;
	double amount = amount_of(flow, cost, side);
	gboolean direct = TRUE;

	if (cause)
		flow->own[side][cause - 1] += amount;
	for (uint32_t node = cost->node; node; node = paths->parent[node], steps++) {
		uint32_t row = paths->row[node];

		if (row == CF_NO_ROW || seen[row] == number)
			continue;
		seen[row] = number;
		flow->total[side][row] += amount;
		if (!cause || row == leaf)
			continue;
		flow->above[side][at + row] += amount;
		flow->steps[at + row] += amount * steps;
		if (direct)
			flow->direct[side][at + row] += amount;
		direct = FALSE;
	}
}

void cf_flow_init(struct cf_flow *flow, const struct cf_comparison *comparison,
		  const struct cf_paths paths[CF_SIDES])
{
	g_autofree uint32_t *seen = NULL;
	size_t size;

	*flow = (struct cf_flow){ .rows = comparison->functions->len };
	find_causes(flow, comparison);
	find_units(flow, comparison, paths);
	size = (size_t)flow->causes * flow->rows + 1;
	flow->steps = g_new0(double, size);
	for (int side = 0; side < CF_SIDES; side++) {
		flow->own[side] = g_new0(double, flow->causes + 1);
		flow->above[side] = g_new0(double, size);
		flow->direct[side] = g_new0(double, size);
		flow->total[side] = g_new0(double, (size_t)flow->rows + 1);
		g_free(seen);
		seen = g_new0(uint32_t, (size_t)flow->rows + 1);
		for (guint i = 0; i < paths[side].costs->len; i++)
			walk_path(flow, &paths[side], side, i + 1,
				  &g_array_index(paths[side].costs, struct cf_path_cost, i), seen);
	}
}

void cf_flow_clear(struct cf_flow *flow)
{
	g_free(flow->cause);
	g_free(flow->cause_of);
	g_free(flow->steps);
	for (int side = 0; side < CF_SIDES; side++) {
		g_free(flow->own[side]);
		g_free(flow->above[side]);
		g_free(flow->direct[side]);
		g_free(flow->total[side]);
	}
	*flow = (struct cf_flow){ 0 };
}

double cf_flow_own(const struct cf_flow *flow, guint cause)
{
	return flow->own[CF_AFTER][cause] - flow->own[CF_BEFORE][cause];
}

double cf_flow_change(const struct cf_flow *flow, guint cause, uint32_t row)
{
	size_t at = (size_t)cause * flow->rows + row;

	return flow->above[CF_AFTER][at] - flow->above[CF_BEFORE][at];
}

double cf_flow_total(const struct cf_flow *flow, uint32_t row)
{
	return flow->total[CF_AFTER][row] - flow->total[CF_BEFORE][row];
}

double cf_flow_distance(const struct cf_flow *flow, guint cause, uint32_t row)
{
	size_t at = (size_t)cause * flow->rows + row;
	double amount = flow->above[CF_AFTER][at] + flow->above[CF_BEFORE][at];

	return amount > 0 ? flow->steps[at] / amount : INFINITY;
}

/* --- totals ------------------------------------------------------------------------------------------------ */

void cf_nested_init(struct cf_nested *nested, const struct cf_flow *flow,
		    const struct cf_paths paths[CF_SIDES], guint most)
{
	*nested = (struct cf_nested){ .flow = flow,
				      .paths = paths,
				      .row = g_new(uint32_t, most + 1),
				      .number = g_new0(uint32_t, (size_t)flow->rows + 1) };
}

void cf_nested_add(struct cf_nested *nested, uint32_t row)
{
	nested->row[nested->n++] = row;
	nested->number[row] = nested->n;
}

/* open: functions met so far on the way up, innermost occurrence first. */
static void walk_nested(struct cf_nested *nested, int side, const struct cf_path_cost *cost, uint32_t number,
			uint32_t *seen, guint *open)
{
	const struct cf_paths *paths = &nested->paths[side];
	double amount = amount_of(nested->flow, cost, side);
	guint n = 0, waiting = 0; /* waiting: those from here on have no direct caller yet */

	for (uint32_t node = cost->node; node; node = paths->parent[node]) {
		uint32_t row = paths->row[node];

		if (row == CF_NO_ROW || seen[row] == number)
			continue;
		seen[row] = number;
		for (guint i = 0; i < n; i++) {
			size_t at = (size_t)open[i] * nested->flow->rows + row;

			nested->above[side][at] += amount;
			if (i >= waiting)
				nested->direct[side][at] += amount;
		}
		waiting = n;
		if (nested->number[row])
			open[n++] = nested->number[row] - 1;
	}
}

void cf_nested_walk(struct cf_nested *nested)
{
	g_autofree guint *open = g_new(guint, nested->n + 1);
	size_t size = (size_t)nested->n * nested->flow->rows + 1;

	for (int side = 0; side < CF_SIDES; side++) {
		g_autofree uint32_t *seen = g_new0(uint32_t, (size_t)nested->flow->rows + 1);
		const GArray *costs = nested->paths[side].costs;

		nested->above[side] = g_new0(double, size);
		nested->direct[side] = g_new0(double, size);
		for (guint i = 0; nested->n && i < costs->len; i++)
			walk_nested(nested, side, &g_array_index(costs, struct cf_path_cost, i), i + 1, seen,
				    open);
	}
}

double cf_nested_change(const struct cf_nested *nested, guint function, uint32_t row)
{
	size_t at = (size_t)function * nested->flow->rows + row;

	return nested->above[CF_AFTER][at] - nested->above[CF_BEFORE][at];
}

uint32_t cf_nested_caller(const struct cf_nested *nested, guint function)
{
	double change = cf_flow_total(nested->flow, nested->row[function]);

	for (uint32_t row = 0; row < nested->flow->rows; row++) {
		size_t at = (size_t)function * nested->flow->rows + row;
		double part = nested->direct[CF_AFTER][at] - nested->direct[CF_BEFORE][at];

		if (change != 0 && part / change > 0.5)
			return row;
	}
	return CF_NO_ROW;
}

void cf_nested_clear(struct cf_nested *nested)
{
	g_free(nested->row);
	g_free(nested->number);
	for (int side = 0; side < CF_SIDES; side++) {
		g_free(nested->above[side]);
		g_free(nested->direct[side]);
	}
}
