/* SPDX-License-Identifier: MIT */
/* functions: which functions change, as far as the importer could tell them. */
#include "analyzers/churn/functions.h"

#include <string.h>

#include "core/hash.h"
#include "core/sum.h"
#include "core/table.h"

struct counting {
	const struct cf_churn *churn;
	struct cf_churn_funcs *funcs;
	struct cf_table table; /* by path and name: row + 1 */
};

static struct cf_churn_func *row_of(struct counting *c, uint32_t path, struct cf_str name, gboolean add)
{
	struct cf_churn_func fresh = { .path = path, .name = name };
	uint32_t hash = cf_hash(path, name.id), pos, id;

	for (pos = hash; (id = cf_table_next(&c->table, hash, &pos)) != 0;) {
		struct cf_churn_func *row = &g_array_index(c->funcs->rows, struct cf_churn_func, id - 1);

		if (row->path == path && row->name.id == name.id)
			return row;
	}
	if (!add)
		return NULL;
	g_array_append_val(c->funcs->rows, fresh);
	cf_table_add(&c->table, hash, c->funcs->rows->len);
	return &g_array_index(c->funcs->rows, struct cf_churn_func, c->funcs->rows->len - 1);
}

static void count_changes(struct counting *c)
{
	const struct cf_history *h = c->churn->history;

	for (guint i = 0; i < c->churn->commits->len; i++) {
		const struct cf_churn_commit *commit = cf_churn_commit(c->churn, i);
		const struct cf_commit *from = &g_array_index(h->commits, struct cf_commit, commit->source);

		if (!(from->flags & CF_COMMIT_FUNCTIONS))
			continue;
		c->funcs->first_day =
			c->funcs->commits++ ? MIN(c->funcs->first_day, commit->day) : commit->day;
		for (uint32_t f = 0; f < from->funcs; f++) {
			const struct cf_func_change *change =
				&g_array_index(h->func_changes, struct cf_func_change, from->first_func + f);
			struct cf_churn_func *row;

			if (c->churn->entity_of[change->path] == CF_NONE)
				continue;
			row = row_of(c, change->path, change->name, TRUE);
			row->revs++;
			row->added = cf_add_sat(row->added, change->added);
			row->deleted = cf_add_sat(row->deleted, change->deleted);
		}
	}
}

/* Overloads share a name: their lines and complexities are one. */
static void measure(struct counting *c)
{
	const struct cf_history *h = c->churn->history;

	for (guint i = 0; i < h->code_funcs->len; i++) {
		const struct cf_code_func *func = &g_array_index(h->code_funcs, struct cf_code_func, i);
		struct cf_churn_func *row = row_of(c, func->path, func->name, FALSE);

		if (!row)
			continue;
		row->at_head = TRUE;
		row->lines +=
			func->last_line >= func->first_line ? func->last_line - func->first_line + 1 : 0;
		row->complexity += func->complexity;
	}
}

/* Rows by the last part of their names, then each function of the run to the one of its file and name. */
static void add_cost(struct counting *c, const struct cf_cost_join *cost)
{
	g_autoptr(GHashTable) costs = g_hash_table_new(cf_str_hash, g_str_equal); /* -> GArray * of indices */
	g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);

	for (guint i = 0; i < c->funcs->rows->len; i++) {
		const struct cf_churn_func *row = &g_array_index(c->funcs->rows, struct cf_churn_func, i);
		char *bare = cf_cost_bare_name(cf_history_text(c->churn->history, row->name));
		const char *last = cf_cost_last_part(bare);
		GArray *list = g_hash_table_lookup(costs, last);

		g_ptr_array_add(owned, bare);
		if (!list) {
			list = g_array_new(FALSE, FALSE, sizeof(guint));
			g_ptr_array_add(lists, list);
			g_hash_table_insert(costs, (gpointer)last, list);
		}
		g_array_append_val(list, i);
	}
	for (guint i = 0; i < cost->funcs->len; i++) {
		const struct cf_cost_func *func = &g_array_index(cost->funcs, struct cf_cost_func, i);
		g_autofree char *bare = cf_cost_bare_name(func->name);
		const GArray *list = g_hash_table_lookup(costs, cf_cost_last_part(bare));

		for (guint n = 0; list && n < list->len; n++) {
			guint at = g_array_index(list, guint, n);
			struct cf_churn_func *row = &g_array_index(c->funcs->rows, struct cf_churn_func, at);

			if (row->path != func->path || !cf_cost_same_name(bare, g_ptr_array_index(owned, at)))
				continue;
			row->self = cf_add_sat(row->self, func->self);
			break;
		}
	}
}

static void score(struct cf_churn_funcs *funcs)
{
	uint32_t most = 0, greatest = 0;
	int64_t dearest = 0;

	for (guint i = 0; i < funcs->rows->len; i++) {
		const struct cf_churn_func *row = &g_array_index(funcs->rows, struct cf_churn_func, i);

		if (!row->at_head)
			continue;
		most = MAX(most, row->revs);
		greatest = MAX(greatest, row->complexity);
		dearest = MAX(dearest, row->self);
	}
	for (guint i = 0; i < funcs->rows->len; i++) {
		struct cf_churn_func *row = &g_array_index(funcs->rows, struct cf_churn_func, i);

		if (row->at_head && greatest)
			row->score = (double)row->revs / most * row->complexity / greatest;
		if (row->at_head && dearest)
			row->hot = (double)row->revs / most * ((double)row->self / (double)dearest);
	}
}

static int compare_funcs(const void *a, const void *b, void *data)
{
	const struct cf_churn_func *x = a, *y = b;
	const struct cf_history *history = data;
	int paths;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	paths = strcmp(cf_history_path_text(history, x->path), cf_history_path_text(history, y->path));
	return paths ? paths : strcmp(cf_history_text(history, x->name), cf_history_text(history, y->name));
}

struct cf_churn_funcs cf_churn_funcs(const struct cf_churn *churn, const struct cf_cost_join *cost)
{
	struct cf_churn_funcs funcs = { .rows = g_array_new(FALSE, FALSE, sizeof(struct cf_churn_func)) };
	struct counting c = { .churn = churn, .funcs = &funcs };

	count_changes(&c);
	measure(&c);
	if (cost)
		add_cost(&c, cost);
	score(&funcs);
	g_array_sort_with_data(funcs.rows, compare_funcs, (void *)churn->history);
	cf_table_release(&c.table);
	return funcs;
}

void cf_churn_funcs_clear(struct cf_churn_funcs *funcs)
{
	g_clear_pointer(&funcs->rows, g_array_unref);
}
