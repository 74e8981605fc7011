/* SPDX-License-Identifier: MIT */
/* context: functions of another name that stand where those of the other build stood. */
#include "analyzers/compare/match.h"

#include "analyzers/stat/counts.h"

#include <math.h>
#include <string.h>

#define LEAST_COUNT 10 /* samples, or calls, below which nothing is said about where a function stands */
#define CANDIDATES 200 /* of a side, the heaviest */
#define PASSES 3       /* a match may be what another one needs */
#define ALIKE 0.5      /* of callers, and of callees */
#define MARGIN 0.1     /* to the second best */
#define SAME_NAME 0.5
#define SAME_COST 0.05 /* p from which on costs don't speak against it */

/* Where the cost of one function comes from and goes to: shares by row, and what it spends itself. */
struct place {
	uint32_t row;
	double whole, own;
	GHashTable *callers, *callees; /* row + 1 (0: none, outermost) -> double * */
};

static void place_clear(gpointer data)
{
	struct place *place = data;

	g_hash_table_unref(place->callers);
	g_hash_table_unref(place->callees);
}

static void add(GHashTable *table, uint32_t row, double amount)
{
	gpointer key = GUINT_TO_POINTER(row == CF_NO_ROW ? 0 : row + 1);
	double *sum = g_hash_table_lookup(table, key);

	if (!sum) {
		sum = g_new0(double, 1);
		g_hash_table_insert(table, key, sum);
	}
	*sum += amount;
}

static double cost_of(const struct cf_side_row *row, int side)
{
	return (double)row->cost[side].self + (double)row->cost[side].total;
}

static gboolean is_candidate(const struct cf_side_row *row, int side)
{
	return row->join == CF_JOIN_NONE && row->kind != CF_FRAME_UNRESOLVED &&
	       row->cost[side].total_count >= LEAST_COUNT;
}

struct order {
	const struct cf_sides *sides;
	int side;
};

static gint by_cost(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct order *order = data;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	double cost_x = cost_of(cf_side_row(order->sides, x), order->side);
	double cost_y = cost_of(cf_side_row(order->sides, y), order->side);

	return cost_x != cost_y ? (cost_x > cost_y ? -1 : 1) : (x > y) - (x < y);
}

/* The heaviest open rows of a side. */
static GArray *candidates_of(const struct cf_sides *sides, int side)
{
	struct order order = { sides, side };
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	GArray *places = g_array_new(FALSE, TRUE, sizeof(struct place));

	g_array_set_clear_func(places, place_clear);
	for (uint32_t i = 0; i < sides->rows->len; i++)
		if (is_candidate(cf_side_row(sides, i), side))
			g_array_append_val(rows, i);
	g_array_sort_with_data(rows, by_cost, &order);
	for (guint i = 0; i < MIN(rows->len, CANDIDATES); i++) {
		const struct place place = { .row = g_array_index(rows, uint32_t, i),
					     .callers = g_hash_table_new_full(NULL, NULL, NULL, g_free),
					     .callees = g_hash_table_new_full(NULL, NULL, NULL, g_free) };

		g_array_append_val(places, place);
	}
	return places;
}

/* Neighbours by what passes between them; a function's own frames next to each other are one. */
static void find_places(GArray *places, const struct cf_sides *sides, const struct cf_paths *paths)
{
	g_autofree double *amount = g_new0(double, (size_t)paths->nodes + 1);
	g_autofree uint32_t *number = g_new0(uint32_t, (size_t)sides->rows->len + 1);

	for (guint i = 0; i < places->len; i++)
		number[g_array_index(places, struct place, i).row] = i + 1;
	for (guint i = 0; i < paths->costs->len; i++) {
		const struct cf_path_cost *cost = &g_array_index(paths->costs, struct cf_path_cost, i);
		uint32_t row = paths->row[cost->node];

		amount[cost->node] += (double)cost->weight;
		if (row != CF_NO_ROW && number[row])
			g_array_index(places, struct place, number[row] - 1).own += (double)cost->weight;
	}
	for (uint32_t node = paths->nodes; node-- > 1;) {
		uint32_t parent = paths->parent[node], row = paths->row[node], above = paths->row[parent];

		amount[parent] += amount[node];
		if (row == above || amount[node] <= 0)
			continue;
		if (row != CF_NO_ROW && number[row]) {
			struct place *place = &g_array_index(places, struct place, number[row] - 1);

			place->whole += amount[node];
			add(place->callers, above, amount[node]);
		}
		if (above != CF_NO_ROW && number[above])
			add(g_array_index(places, struct place, number[above] - 1).callees, row,
			    amount[node]);
	}
}

/* Sum of what shares have in common; the remainder of either is its own. */
static double overlap(GHashTable *a, double whole_a, GHashTable *b, double whole_b)
{
	GHashTableIter iter;
	gpointer key, value;
	double common = 0;

	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const double *other = g_hash_table_lookup(b, key);

		if (other && whole_a > 0 && whole_b > 0)
			common += fmin(*(const double *)value / whole_a, *other / whole_b);
	}
	return common;
}

/* Of the letters of the longer name, those that both have in order: the longest common subsequence. */
static double name_likeness(const char *a, const char *b)
{
	size_t n = MIN(strlen(a), 200), m = MIN(strlen(b), 200);
	g_autofree unsigned *row = g_new0(unsigned, m + 1);

	for (size_t i = 0; i < n; i++) {
		unsigned corner = 0;

		for (size_t k = 1; k <= m; k++) {
			unsigned above = row[k];

			row[k] = a[i] == b[k - 1] ? corner + 1 : MAX(row[k], row[k - 1]);
			corner = above;
		}
	}
	return n && m ? (double)row[m] / (double)MAX(n, m) : 0;
}

/* Costs are shares of their sides, so that the length of a recording has no say. */
static gboolean same_cost(const struct cf_sides *sides, const struct cf_side_row *before,
			  const struct cf_side_row *after)
{
	const struct cf_count_pair pair = { before->cost[CF_BEFORE].self_count,
					    after->cost[CF_AFTER].self_count };
	double scale = (double)MAX(sides->count[CF_AFTER], 1) / (double)MAX(sides->count[CF_BEFORE], 1);

	return sides->metric.method == CF_COMPARE_SAMPLED
		       ? cf_count_midp(pair, scale) > SAME_COST
		       : before->cost[CF_BEFORE].self == after->cost[CF_AFTER].self;
}

/* 0: not the same function. */
static double likeness(const struct cf_sides *sides, const struct place *before, const struct place *after,
		       gboolean alone)
{
	const struct cf_side_row *x = cf_side_row(sides, before->row), *y = cf_side_row(sides, after->row);
	double callers, callees, name;

	if (strcmp(x->module, y->module) != 0)
		return 0;
	callers = overlap(before->callers, before->whole, after->callers, after->whole);
	callees = overlap(before->callees, before->whole, after->callees, after->whole);
	if (before->whole > 0 && after->whole > 0)
		callees += fmin(before->own / before->whole, after->own / after->whole);
	name = name_likeness(x->canonical, y->canonical);
	if (callers < ALIKE || callees < ALIKE)
		return 0;
	/* All leaves of one caller are alike: then it takes a name, or that there is no other. */
	if (!g_hash_table_size(before->callees) && name < SAME_NAME && !(alone && same_cost(sides, x, y)))
		return 0;
	return (callers + callees + name) / 3;
}

/* The best of row i of a matrix, and whether it stands out. */
static gboolean best_of(const double *score, guint n, size_t step, guint *best)
{
	double first = 0, second = 0;

	for (guint i = 0; i < n; i++) {
		double own = score[i * step];

		if (own > first) {
			second = first;
			first = own;
			*best = i;
		} else {
			second = fmax(second, own);
		}
	}
	return first > 0 && first - second >= MARGIN;
}

static GArray *find_pairs(const struct cf_sides *sides, const GArray *before, const GArray *after)
{
	g_autofree double *score = g_new0(double, (size_t)before->len * after->len + 1);
	GArray *pairs = g_array_new(FALSE, FALSE, sizeof(struct cf_side_pair));

	for (guint i = 0; i < before->len; i++)
		for (guint k = 0; k < after->len; k++)
			score[(size_t)i * after->len + k] = likeness(
				sides, &g_array_index(before, struct place, i),
				&g_array_index(after, struct place, k), before->len == 1 && after->len == 1);
	for (guint i = 0; i < before->len; i++) {
		guint there = 0, back = 0;
		struct cf_side_pair pair;

		if (!best_of(score + (size_t)i * after->len, after->len, 1, &there) ||
		    !best_of(score + there, before->len, after->len, &back) || back != i)
			continue;
		pair = (struct cf_side_pair){ g_array_index(before, struct place, i).row,
					      g_array_index(after, struct place, there).row,
					      CF_JOIN_CONTEXT };
		g_array_append_val(pairs, pair);
	}
	return pairs;
}

static gboolean match_once(struct cf_sides *sides, struct cf_paths paths[CF_SIDES])
{
	g_autoptr(GArray) before = candidates_of(sides, CF_BEFORE), after = candidates_of(sides, CF_AFTER);
	g_autoptr(GArray) pairs = NULL;
	g_autofree uint32_t *moved = NULL;

	find_places(before, sides, &paths[CF_BEFORE]);
	find_places(after, sides, &paths[CF_AFTER]);
	pairs = find_pairs(sides, before, after);
	if (!pairs->len)
		return FALSE;
	moved = cf_sides_join(sides, pairs);
	for (int side = 0; side < CF_SIDES; side++)
		for (uint32_t i = 0; i < paths[side].nodes; i++)
			if (paths[side].row[i] != CF_NO_ROW)
				paths[side].row[i] = moved[paths[side].row[i]];
	return TRUE;
}

void cf_match_context(struct cf_sides *sides, struct cf_paths paths[CF_SIDES])
{
	for (int pass = 0; pass < PASSES && match_once(sides, paths);)
		pass++;
}

gboolean cf_match_wanted(const struct cf_sides *sides)
{
	gboolean wanted[CF_SIDES] = { FALSE, FALSE };

	for (uint32_t i = 0; i < sides->rows->len; i++)
		for (int side = 0; side < CF_SIDES; side++)
			wanted[side] = wanted[side] || is_candidate(cf_side_row(sides, i), side);
	return wanted[CF_BEFORE] && wanted[CF_AFTER];
}
