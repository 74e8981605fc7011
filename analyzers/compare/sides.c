/* SPDX-License-Identifier: MIT */
/* sides: the functions of two sets of runs, each with what it costs on both sides. */
#include "analyzers/compare/sides.h"

#include "analyzers/ranking.h"
#include "core/hash.h"

#include <string.h>

/* Texts are interned: equal text, equal pointer. */
struct key {
	const char *module, *canonical;
};

static guint key_hash(gconstpointer p)
{
	const struct key *key = p;

	return cf_hash((uintptr_t)key->module, (uintptr_t)key->canonical);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const struct key *x = a, *y = b;

	return x->module == y->module && x->canonical == y->canonical;
}

void cf_sides_init(struct cf_sides *sides)
{
	*sides = (struct cf_sides){ .lacking = g_array_new(FALSE, FALSE, sizeof(int64_t)),
				    .other_metrics = g_ptr_array_new_with_free_func(g_free),
				    .rows = g_array_new(FALSE, TRUE, sizeof(struct cf_side_row)),
				    .names = g_string_chunk_new(4096),
				    .index = g_hash_table_new_full(key_hash, key_equal, g_free, NULL),
				    .last = g_array_new(FALSE, TRUE, sizeof(uint32_t)) };
	for (int side = 0; side < CF_SIDES; side++)
		sides->cells[side] = g_array_new(FALSE, TRUE, sizeof(struct cf_side_cell));
}

void cf_sides_clear(struct cf_sides *sides)
{
	cf_metric_pair_clear(&sides->metric);
	g_clear_pointer(&sides->lacking, g_array_unref);
	g_clear_pointer(&sides->other_metrics, g_ptr_array_unref);
	g_clear_pointer(&sides->rows, g_array_unref);
	g_clear_pointer(&sides->index, g_hash_table_unref);
	g_clear_pointer(&sides->last, g_array_unref);
	for (int side = 0; side < CF_SIDES; side++) {
		g_clear_pointer(&sides->cells[side], g_array_unref);
		g_clear_pointer(&sides->hidden_text[side], g_free);
	}
	g_clear_pointer(&sides->names, g_string_chunk_free);
}

static const char *keep(struct cf_sides *sides, const char *text)
{
	return g_string_chunk_insert_const(sides->names, text);
}

static char *canonical_of(const char *name, enum cf_frame_kind kind)
{
	return kind == CF_FRAME_UNRESOLVED ? g_strdup(name) : cf_canonical_name(name);
}

/* Interning doesn't change what the sides say. */
uint32_t cf_sides_find(const struct cf_sides *sides, const char *name, const char *module,
		       enum cf_frame_kind kind)
{
	g_autofree char *canonical = canonical_of(name, kind);
	struct key key = { g_string_chunk_insert_const(sides->names, module),
			   g_string_chunk_insert_const(sides->names, canonical) };
	uint32_t at = GPOINTER_TO_UINT(g_hash_table_lookup(sides->index, &key));

	return at ? at - 1 : UINT32_MAX;
}

/* The row of a function, made when it is new. */
static uint32_t row_of(struct cf_sides *sides, const char *name, const char *module, enum cf_frame_kind kind)
{
	g_autofree char *canonical = canonical_of(name, kind);
	struct key key = { keep(sides, module), keep(sides, canonical) };
	uint32_t at = GPOINTER_TO_UINT(g_hash_table_lookup(sides->index, &key));

	if (!at) {
		const struct cf_side_row row = { .name = keep(sides, name),
						 .module = key.module,
						 .canonical = key.canonical,
						 .file = "",
						 .kind = kind };

		g_array_append_val(sides->rows, row);
		g_array_set_size(sides->last, sides->rows->len * CF_SIDES);
		at = sides->rows->len;
		g_hash_table_insert(sides->index, g_memdup2(&key, sizeof(key)), GUINT_TO_POINTER(at));
	}
	return at - 1;
}

static void add_cost(struct cf_side_cost *sum, const struct cf_side_cost *cost)
{
	cf_sum(&sum->self, cost->self);
	cf_sum(&sum->total, cost->total);
	cf_sum(&sum->self_count, cost->self_count);
	cf_sum(&sum->total_count, cost->total_count);
}

/* The cell of the row and run; several functions of a run may be one row. */
static struct cf_side_cell *cell_of(struct cf_sides *sides, int side, uint32_t at, uint32_t run)
{
	uint32_t *last = &g_array_index(sides->last, uint32_t, at * CF_SIDES + (uint32_t)side);
	const struct cf_side_cell cell = { .row = at, .run = run };
	struct cf_side_cell *known =
		*last ? &g_array_index(sides->cells[side], struct cf_side_cell, *last - 1) : NULL;

	if (known && known->run == run) {
		cf_side_row(sides, at)->merged = TRUE;
		return known;
	}
	g_array_append_val(sides->cells[side], cell);
	*last = sides->cells[side]->len;
	return &g_array_index(sides->cells[side], struct cf_side_cell, *last - 1);
}

void cf_sides_add(struct cf_sides *sides, int side, uint32_t run, const char *name, const char *module,
		  enum cf_frame_kind kind, const char *file, uint32_t line, const struct cf_side_cost *cost)
{
	uint32_t at = row_of(sides, name, module, kind);
	struct cf_side_row *row = cf_side_row(sides, at);

	if (strcmp(row->name, name) != 0)
		row->name = row->canonical;
	if (*file && (side == CF_AFTER || !*row->file)) {
		row->file = keep(sides, file);
		row->line = line;
	}
	add_cost(&row->cost[side], cost);
	add_cost(&cell_of(sides, side, at, run)->cost, cost);
}

static int by_names(const void *a, const void *b)
{
	const struct cf_side_row *x = *(struct cf_side_row *const *)a, *y = *(struct cf_side_row *const *)b;
	int order = strcmp(x->module, y->module);

	return order ? order : strcmp(x->canonical, y->canonical);
}

static int by_run(gconstpointer a, gconstpointer b)
{
	const struct cf_side_cell *x = a, *y = b;

	return x->run != y->run ? (x->run > y->run) - (x->run < y->run)
				: (x->row > y->row) - (x->row < y->row);
}

static void renumber(struct cf_sides *sides, const uint32_t *place)
{
	GHashTableIter iter;
	gpointer at;

	for (int side = 0; side < CF_SIDES; side++) {
		for (guint i = 0; i < sides->cells[side]->len; i++) {
			struct cf_side_cell *cell =
				&g_array_index(sides->cells[side], struct cf_side_cell, i);

			cell->row = place[cell->row];
		}
		g_array_sort(sides->cells[side], by_run);
	}
	g_hash_table_iter_init(&iter, sides->index);
	while (g_hash_table_iter_next(&iter, NULL, &at))
		g_hash_table_iter_replace(&iter, GUINT_TO_POINTER(place[GPOINTER_TO_UINT(at) - 1] + 1));
}

uint32_t *cf_sides_join(struct cf_sides *sides, const GArray *pairs)
{
	guint n = sides->rows->len;
	uint32_t *place = g_new(uint32_t, n + 1);
	g_autofree uint32_t *into = g_new(uint32_t, n + 1);
	GArray *rows = g_array_sized_new(FALSE, TRUE, sizeof(struct cf_side_row), n);

	for (guint i = 0; i < n; i++)
		into[i] = i;
	for (guint i = 0; i < pairs->len; i++) {
		const struct cf_side_pair *pair = &g_array_index(pairs, struct cf_side_pair, i);
		struct cf_side_row *before = cf_side_row(sides, pair->before),
				   *after = cf_side_row(sides, pair->after);

		g_assert(into[pair->before] == pair->before && into[pair->after] == pair->after &&
			 before->join == CF_JOIN_NONE && after->join == CF_JOIN_NONE);
		into[pair->before] = pair->after;
		after->cost[CF_BEFORE] = before->cost[CF_BEFORE];
		after->old_name = before->name;
		after->old_module = before->module;
		after->merged = after->merged || before->merged;
		after->join = pair->join;
	}
	for (guint i = 0; i < n; i++) {
		place[i] = rows->len;
		if (into[i] == i)
			g_array_append_val(rows, *cf_side_row(sides, i));
	}
	for (guint i = 0; i < n; i++)
		if (into[i] != i)
			place[i] = place[into[i]];
	g_array_unref(sides->rows);
	sides->rows = rows;
	renumber(sides, place);
	return place;
}

/* Rows in the order of their names, so that no order of reading shows. */
void cf_sides_settle(struct cf_sides *sides)
{
	guint n = sides->rows->len;
	g_autofree const struct cf_side_row **order = g_new(const struct cf_side_row *, n + 1);
	g_autofree uint32_t *place = g_new(uint32_t, n + 1);
	GArray *rows = g_array_sized_new(FALSE, TRUE, sizeof(struct cf_side_row), n);

	for (guint i = 0; i < n; i++)
		order[i] = cf_side_row(sides, i);
	qsort(order, n, sizeof(*order), by_names);
	for (guint i = 0; i < n; i++) {
		place[order[i] - cf_side_row(sides, 0)] = i;
		g_array_append_val(rows, *order[i]);
	}
	g_array_unref(sides->rows);
	sides->rows = rows;
	renumber(sides, place);
	for (guint i = 0; i < n; i++) {
		struct cf_side_row *row = cf_side_row(sides, i);
		gboolean there[CF_SIDES];

		for (int side = 0; side < CF_SIDES; side++)
			there[side] = row->cost[side].total_count || row->cost[side].total ||
				      row->cost[side].self || row->cost[side].self_count;
		row->join = there[CF_BEFORE] && there[CF_AFTER] ? CF_JOIN_NAME : CF_JOIN_NONE;
	}
	g_clear_pointer(&sides->last, g_array_unref);
}

/* --- from the store -------------------------------------------------------------------------------------- */

static void take_ranking(struct cf_sides *sides, int side, uint32_t run, const struct cf_ranking *ranking)
{
	for (guint i = 0; i < ranking->rows->len; i++) {
		const struct cf_ranking_row *row = cf_ranking_row(ranking, i);
		const struct cf_side_cost cost = { row->self, row->total, row->self_count, row->total_count };

		cf_sides_add(sides, side, run, row->name, row->module, row->kind, row->file, row->line,
			     &cost);
	}
	cf_sum(&sides->weight[side], ranking->weight);
	cf_sum(&sides->count[side], ranking->count);
}

/* One run of a side; those that lack the metric add nothing. */
static int load_run(struct cf_sides *sides, const struct cf_analysis *analysis, int side, const char *metric,
		    const struct cf_run *run)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new();
	struct cf_run_set set = { .runs = runs };
	struct cf_params *params = cf_params_copy(analysis->params);
	struct cf_analysis alone = *analysis;
	struct cf_ranking ranking;
	int index = cf_metric_index(analysis->store, run->id, metric, analysis->diag), result = -1;

	if (index == -1) {
		g_array_append_val(sides->lacking, run->id);
		result = 0;
		goto out;
	}
	g_ptr_array_add(runs, (gpointer)run);
	alone.current = &set;
	alone.params = params;
	if (index < 0 || cf_params_set(params, "metric", metric, NULL, analysis->diag) ||
	    cf_ranking_load(&ranking, &alone, CF_BY_FUNCTION, FALSE, 0))
		goto out;
	take_ranking(sides, side, (uint32_t)sides->runs[side]++, &ranking);
	if (!sides->hidden_text[side])
		sides->hidden_text[side] = g_strdup(ranking.hidden_text);
	for (guint i = 0; side == CF_AFTER && !sides->other_metrics->len && i < ranking.other_metrics->len;
	     i++)
		g_ptr_array_add(sides->other_metrics, g_strdup(g_ptr_array_index(ranking.other_metrics, i)));
	cf_ranking_clear(&ranking);
	result = 0;
out:
	cf_params_free(params);
	return result;
}

static int load_side(struct cf_sides *sides, const struct cf_analysis *analysis, int side)
{
	const GPtrArray *runs = (side == CF_BEFORE ? analysis->base : analysis->current)->runs;
	const char *metric = side == CF_BEFORE ? sides->metric.before : sides->metric.after;

	for (guint i = 0; i < runs->len; i++)
		if (load_run(sides, analysis, side, metric, g_ptr_array_index(runs, i)))
			return -1;
	return 0;
}

/* Only where the weights differ in unit, samples take their place. */
static void to_samples(struct cf_sides *sides)
{
	for (guint i = 0; i < sides->rows->len; i++)
		for (int side = 0; side < CF_SIDES; side++) {
			struct cf_side_cost *cost = &cf_side_row(sides, i)->cost[side];

			cost->self = cost->self_count;
			cost->total = cost->total_count;
		}
	for (int side = 0; side < CF_SIDES; side++) {
		for (guint i = 0; i < sides->cells[side]->len; i++) {
			struct cf_side_cost *cost =
				&g_array_index(sides->cells[side], struct cf_side_cell, i).cost;

			cost->self = cost->self_count;
			cost->total = cost->total_count;
		}
		sides->weight[side] = sides->count[side];
	}
}

int cf_sides_load(struct cf_sides *sides, const struct cf_analysis *analysis)
{
	const struct cf_run *before = g_ptr_array_index(analysis->base->runs, analysis->base->runs->len - 1);
	const struct cf_run *after =
		g_ptr_array_index(analysis->current->runs, analysis->current->runs->len - 1);

	cf_sides_init(sides);
	if (cf_metric_pair(&sides->metric, analysis->store, before, after,
			   cf_params_string(analysis->params, "metric"), analysis->diag) ||
	    load_side(sides, analysis, CF_BEFORE) || load_side(sides, analysis, CF_AFTER)) {
		cf_sides_clear(sides);
		return -1;
	}
	if (sides->metric.by_samples)
		to_samples(sides);
	cf_sides_settle(sides);
	return 0;
}
