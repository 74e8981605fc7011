/* SPDX-License-Identifier: MIT */
/* paths: the call paths of one side, by the rows of a comparison. */
#include "analyzers/compare/paths.h"

#include "analyzers/profile.h"

/* The row of each function id. */
static uint32_t *rows_of(const struct cf_sides *sides, const struct cf_dict *dict)
{
	uint32_t n = cf_dict_funcs(dict), *rows = g_new(uint32_t, (size_t)n + 1);

	rows[0] = CF_NO_ROW;
	for (uint32_t i = 1; i < n; i++) {
		const struct cf_func func = { i };

		rows[i] = cf_sides_find(sides, cf_dict_func_name(dict, func), cf_dict_func_module(dict, func),
					cf_dict_func_info(dict, func).kind);
	}
	return rows;
}

static void take(struct cf_paths *paths, const struct cf_sides *sides, const struct cf_profile *profile)
{
	const struct cf_dict *dict = profile->trace->dict;
	g_autofree uint32_t *rows = rows_of(sides, dict);

	paths->nodes = cf_dict_stacks(dict);
	paths->parent = g_new0(uint32_t, (size_t)paths->nodes + 1);
	paths->row = g_new(uint32_t, (size_t)paths->nodes + 1);
	paths->row[0] = CF_NO_ROW;
	for (uint32_t i = 1; i < paths->nodes; i++) {
		const struct cf_stack_info info = cf_dict_stack_info(dict, (struct cf_stack){ i });

		paths->parent[i] = info.caller.id;
		paths->row[i] = rows[info.func.id];
	}
	paths->costs = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_path_cost), profile->costs->len);
	for (guint i = 0; i < profile->costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(profile->costs, struct cf_stack_cost, i);
		const struct cf_path_cost path = { cost->stack.id, cost->weight, cost->count };

		g_array_append_val(paths->costs, path);
	}
}

static gboolean lacks(const struct cf_sides *sides, int64_t run)
{
	for (guint i = 0; i < sides->lacking->len; i++)
		if (g_array_index(sides->lacking, int64_t, i) == run)
			return TRUE;
	return FALSE;
}

int cf_paths_load(struct cf_paths *paths, const struct cf_sides *sides, const struct cf_analysis *analysis,
		  int side)
{
	const GPtrArray *all = (side == CF_BEFORE ? analysis->base : analysis->current)->runs;
	g_autoptr(GPtrArray) runs = g_ptr_array_new();
	struct cf_run_set set = { .runs = runs };
	struct cf_params *params = cf_params_copy(analysis->params);
	struct cf_analysis some = *analysis;
	struct cf_profile profile;
	int result;

	*paths = (struct cf_paths){ 0 };
	for (guint i = all->len; i-- > 0 && runs->len < CF_PATH_RUNS;) {
		struct cf_run *run = g_ptr_array_index(all, i);

		if (!lacks(sides, run->id))
			g_ptr_array_insert(runs, 0, run);
	}
	some.current = &set;
	some.params = params;
	paths->runs = runs->len;
	result = runs->len ? cf_params_set(params, "metric",
					   side == CF_BEFORE ? sides->metric.before : sides->metric.after,
					   NULL, analysis->diag)
			   : 0;
	if (result == 0 && runs->len) {
		result = cf_profile_load(&profile, &some, 0);
		if (result == 0) {
			take(paths, sides, &profile);
			cf_profile_clear(&profile);
		}
	}
	if (!paths->costs)
		paths->costs = g_array_new(FALSE, FALSE, sizeof(struct cf_path_cost));
	cf_params_free(params);
	if (result)
		cf_paths_clear(paths);
	return result;
}

void cf_paths_clear(struct cf_paths *paths)
{
	g_clear_pointer(&paths->parent, g_free);
	g_clear_pointer(&paths->row, g_free);
	g_clear_pointer(&paths->costs, g_array_unref);
	paths->nodes = 0;
}
