/* SPDX-License-Identifier: MIT */
/* facts_points: measurements in series, into the store and back. */
#include "store/facts.h"

#include <math.h>

/* The store's series by those of the trace. */
static int intern_series(const struct cf_fact_writer *w, int64_t *ids)
{
	struct cf_stmt find = { 0 }, add = { 0 };
	int result = -1;

	if (cf_stmt_open(&find, w->store, CF_SQL_FIND_SERIES, w->diag) != 0 ||
	    cf_stmt_open(&add, w->store, CF_SQL_ADD_SERIES, w->diag) != 0)
		goto out;
	for (guint i = 0; i < w->trace->series->len; i++) {
		const struct cf_series_info *info =
			&g_array_index(w->trace->series, struct cf_series_info, i);
		const int64_t key[] = { w->ids->strs[info->name.id], w->ids->strs[info->unit.id],
					w->ids->strs[info->better.id], w->ids->strs[info->x.id] };
		int found;

		for (size_t k = 0; k < G_N_ELEMENTS(key); k++)
			cf_stmt_bind_int(&find, key[k]);
		found = cf_stmt_step(&find);
		if (found < 0)
			goto out;
		if (found) {
			ids[i] = cf_stmt_int(&find);
			cf_stmt_reset(&find);
			continue;
		}
		for (size_t k = 0; k < G_N_ELEMENTS(key); k++)
			cf_stmt_bind_int(&add, key[k]);
		if (cf_stmt_run(&add) != 0)
			goto out;
		ids[i] = sqlite3_last_insert_rowid(w->store->db);
	}
	result = 0;
out:
	cf_stmt_close(&find);
	cf_stmt_close(&add);
	return result;
}

int cf_store_put_points(const struct cf_fact_writer *w)
{
	const GArray *points = w->trace->points;
	g_autofree int64_t *ids = g_new0(int64_t, MAX(w->trace->series->len, 1));
	g_autofree int64_t *seq = g_new0(int64_t, MAX(w->trace->series->len, 1));
	struct cf_stmt stmt = { 0 };
	int result = -1;

	if (intern_series(w, ids) != 0 || cf_stmt_open(&stmt, w->store, CF_SQL_ADD_POINT, w->diag) != 0)
		goto out;
	for (guint i = 0; i < points->len; i++) {
		const struct cf_point *point = &g_array_index(points, struct cf_point, i);

		cf_stmt_bind_int(&stmt, w->run);
		cf_stmt_bind_int(&stmt, ids[point->series.id]);
		cf_stmt_bind_int(&stmt, seq[point->series.id]++);
		cf_stmt_bind_double(&stmt, point->x);
		cf_stmt_bind_double(&stmt, point->value);
		if (cf_stmt_run(&stmt) != 0)
			goto out;
	}
	result = 0;
out:
	cf_stmt_close(&stmt);
	return result;
}

int cf_store_load_points(struct cf_fact_loader *l)
{
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_POINTS) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			const char *name = cf_stmt_text(&stmt), *unit = cf_stmt_text(&stmt);
			const char *better = cf_stmt_text(&stmt), *x = cf_stmt_text(&stmt);
			struct cf_series series = cf_trace_series(l->trace, name, unit, better, x);
			double at = cf_stmt_double(&stmt);

			cf_trace_point(l->trace, series, at, cf_stmt_double(&stmt));
		}
	cf_stmt_close(&stmt);
	return step;
}
