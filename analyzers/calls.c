/* SPDX-License-Identifier: MIT */
/* calls: one function seen from its callers or its callees. */
#include "analyzers/calls.h"

#include "core/hash.h"

#include <string.h>

#define CANDIDATES 5

void cf_calls_clear(struct cf_calls *calls)
{
	g_free(calls->name);
	g_free(calls->target);
	g_clear_pointer(&calls->modules, g_ptr_array_unref);
	g_clear_pointer(&calls->rows, g_array_unref);
	g_clear_pointer(&calls->tree, cf_tree_free);
	*calls = (struct cf_calls){ 0 };
}

/* --- which function
 * ---------------------------------------------------------------------------------------------- */

struct candidate {
	const char *name;
	int64_t total;
};

static int by_total(gconstpointer a, gconstpointer b)
{
	const struct candidate *x = a, *y = b;

	return x->total != y->total ? (x->total > y->total ? -1 : 1) : strcmp(x->name, y->name);
}

/* The distinct names that have text in them, heaviest first. */
static GArray *candidates(const struct cf_dict *dict, const GArray *costs, const char *text)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	g_autoptr(GHashTable) known = g_hash_table_new(cf_str_hash, g_str_equal);

	for (guint i = 0; i < costs->len; i++) {
		const struct cf_key_cost *cost = &g_array_index(costs, struct cf_key_cost, i);
		const struct candidate one = { cf_dict_func_name(dict, (struct cf_func){ cost->key }),
					       cost->total };
		gpointer at;

		if (!strstr(one.name, text))
			continue;
		if (g_hash_table_lookup_extended(known, one.name, NULL, &at)) {
			cf_sum(&g_array_index(found, struct candidate, GPOINTER_TO_UINT(at)).total,
			       one.total);
			continue;
		}
		g_hash_table_insert(known, (gpointer)one.name, GUINT_TO_POINTER(found->len));
		g_array_append_val(found, one);
	}
	g_array_sort(found, by_total);
	return found;
}

static int no_function(const struct cf_dict *dict, const GArray *costs, const char *text,
		       struct cf_diag *diag)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *shown = cf_visible(text, -1, 200), *shown_nearest = NULL;
	const char *nearest;

	for (guint i = 0; i < costs->len; i++)
		g_ptr_array_add(
			names,
			(gpointer)cf_dict_func_name(
				dict, (struct cf_func){ g_array_index(costs, struct cf_key_cost, i).key }));
	nearest = cf_nearest(text, (const char *const *)names->pdata, names->len);
	if (!nearest)
		return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no function '%s' in the samples", shown);
	shown_nearest = cf_visible(nearest, -1, 200);
	return cf_error_as(diag, CF_STATUS_USAGE, NULL, "no function '%s' in the samples; did you mean '%s'?",
			   shown, shown_nearest);
}

static int several(const GArray *found, const char *text, struct cf_diag *diag)
{
	g_autoptr(GString) list = g_string_new(NULL);
	g_autofree char *shown = cf_visible(text, -1, 200);

	for (guint i = 0; i < found->len && i < CANDIDATES; i++) {
		g_autofree char *name = cf_visible(g_array_index(found, struct candidate, i).name, -1, 200);

		g_string_append_printf(list, "%s%s", i ? ", " : "", name);
	}
	if (found->len > CANDIDATES)
		g_string_append_printf(list, " and %u more", found->len - CANDIDATES);
	return cf_error_as(diag, CF_STATUS_USAGE, NULL, "'%s' is in the names of %u functions: %s", shown,
			   found->len, list->str);
}

static int text_order(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Marks the functions of this name (and module, unless NULL). FALSE when there are none. */
static gboolean mark(struct cf_calls *calls, const struct cf_dict *dict, const GArray *costs,
		     const char *name, const char *module)
{
	g_autoptr(GHashTable) known = g_hash_table_new(cf_str_hash, g_str_equal);

	for (guint i = 0; i < costs->len; i++) {
		const struct cf_func func = { g_array_index(costs, struct cf_key_cost, i).key };
		const char *of = cf_dict_func_module(dict, func);

		if (strcmp(cf_dict_func_name(dict, func), name) != 0 || (module && strcmp(of, module) != 0))
			continue;
		calls->target[func.id] = TRUE;
		if (g_hash_table_add(known, (gpointer)of))
			g_ptr_array_add(calls->modules, (gpointer)of);
	}
	if (!calls->modules->len)
		return FALSE;
	calls->name = g_strdup(name);
	g_ptr_array_sort(calls->modules, text_order);
	return TRUE;
}

/* "libc.so.6!malloc". No symbol of C, C++, Rust or D has a '!' before an operator's name, and exact names
 * win. */
static gboolean mark_qualified(struct cf_calls *calls, const struct cf_dict *dict, const GArray *costs,
			       const char *text)
{
	const char *bang = strchr(text, '!');
	g_autofree char *module = bang ? g_strndup(text, (gsize)(bang - text)) : NULL;

	return bang && mark(calls, dict, costs, bang + 1, module);
}

/* A name with bytes that can't be shown is typed as it is seen: "a\\x1bb" in a terminal, U+FFFD for what isn't UTF-8. */
static gboolean mark_shown(struct cf_calls *calls, const struct cf_dict *dict, const GArray *costs,
			   const char *text)
{
	gboolean escaped = strchr(text, '\\') != NULL, replaced = strstr(text, "\xef\xbf\xbd") != NULL;

	for (guint i = 0; (escaped || replaced) && i < costs->len; i++) {
		const struct cf_func func = { g_array_index(costs, struct cf_key_cost, i).key };
		const char *name = cf_dict_func_name(dict, func);
		g_autofree char *shown = escaped ? cf_visible(name, -1, 0) : g_utf8_make_valid(name, -1);

		if (!strcmp(shown, text))
			return mark(calls, dict, costs, name, NULL);
	}
	return FALSE;
}

int cf_calls_find(struct cf_calls *calls, const struct cf_profile *profile, const char *text,
		  struct cf_diag *diag)
{
	const struct cf_dict *dict = profile->trace->dict;
	g_autoptr(GArray) costs = cf_profile_costs(profile, NULL, 0);
	g_autoptr(GArray) found = NULL;

	*calls = (struct cf_calls){ .target = g_new0(gboolean, cf_dict_funcs(dict) + 1),
				    .modules = g_ptr_array_new() };
	if (mark(calls, dict, costs, text, NULL) || mark_qualified(calls, dict, costs, text) ||
	    mark_shown(calls, dict, costs, text))
		return 0;
	found = candidates(dict, costs, text);
	if (found->len == 1 && *text) {
		mark(calls, dict, costs, g_array_index(found, struct candidate, 0).name, NULL);
		return 0;
	}
	if (!found->len)
		no_function(dict, costs, text, diag);
	else
		several(found, text, diag);
	cf_calls_clear(calls);
	return -1;
}

/* --- its calls
 * --------------------------------------------------------------------------------------------------- */

struct sums {
	int64_t *weight, *count; /* per function id */
	uint32_t *last;          /* number, from 1, of the cost that counted it last: 0 never */
};

static void sums_add(struct sums *sums, uint32_t func, const struct cf_stack_cost *cost, uint32_t number)
{
	if (sums->last[func] == number)
		return;
	sums->last[func] = number;
	cf_sum(&sums->weight[func], cost->weight);
	cf_sum(&sums->count[func], cost->count);
}

/* One stack with its cost: every distinct call of the wanted side, self and totals. */
static void visit(struct cf_calls *calls, const struct cf_dict *dict, const struct cf_stack_cost *cost,
		  enum cf_calls_side side, struct sums *sums, uint32_t number)
{
	uint32_t callee = 0, frames = 0; /* callee: of the frame at hand; 0 at the innermost */

	for (struct cf_stack stack = cost->stack; stack.id;) {
		struct cf_stack_info info = cf_dict_stack_info(dict, stack);

		stack = info.caller;
		if (calls->target[info.func.id]) {
			frames++;
			if (side == CF_CALLERS)
				sums_add(sums, cf_dict_stack_info(dict, stack).func.id, cost, number);
			else
				sums_add(sums, callee, cost, number);
			if (!callee) {
				cf_sum(&calls->self, cost->weight);
				cf_sum(&calls->self_count, cost->count);
			}
		}
		callee = info.func.id;
	}
	if (!frames)
		return;
	cf_sum(&calls->total, cost->weight);
	cf_sum(&calls->total_count, cost->count);
	if (frames > 1)
		cf_sum(&calls->recursive, cost->weight);
}

static int by_weight(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_call *x = a, *y = b;
	const struct cf_dict *dict = data;
	int order;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (!x->func.id || !y->func.id)
		return (x->func.id > y->func.id) - (x->func.id < y->func.id);
	order = strcmp(cf_dict_func_module(dict, x->func), cf_dict_func_module(dict, y->func));
	if (!order)
		order = strcmp(cf_dict_func_name(dict, x->func), cf_dict_func_name(dict, y->func));
	return order ? order : (x->func.id > y->func.id) - (x->func.id < y->func.id);
}

void cf_calls_compute(struct cf_calls *calls, const struct cf_profile *profile, enum cf_calls_side side,
		      int64_t limit)
{
	const struct cf_dict *dict = profile->trace->dict;
	uint32_t n = cf_dict_funcs(dict);
	g_autofree int64_t *weight = g_new0(int64_t, n + 1), *count = g_new0(int64_t, n + 1);
	g_autofree uint32_t *last = g_new0(uint32_t, n + 1);
	struct sums sums = { weight, count, last };

	for (guint i = 0; i < profile->costs->len; i++)
		visit(calls, dict, &g_array_index(profile->costs, struct cf_stack_cost, i), side, &sums,
		      i + 1);
	calls->rows = g_array_new(FALSE, FALSE, sizeof(struct cf_call));
	for (uint32_t i = 0; i < n; i++) {
		const struct cf_call call = { .func = { i }, .weight = weight[i], .count = count[i] };

		if (last[i])
			g_array_append_val(calls->rows, call);
	}
	g_array_sort_with_data(calls->rows, by_weight, (gpointer)dict);
	calls->distinct = calls->rows->len;
	if (limit > 0 && calls->rows->len > limit)
		g_array_set_size(calls->rows, (guint)limit);
	calls->tree = side == CF_CALLERS ? cf_calltree_callers(profile, calls->target, calls->name)
					 : cf_calltree_calls(profile, calls->target, calls->name);
}

/* --- the document
 * ------------------------------------------------------------------------------------------------ */

static void add_rows(struct cf_doc *doc, struct cf_node *table, const struct cf_calls *calls,
		     const struct cf_profile *profile, const char *none)
{
	const struct cf_dict *dict = profile->trace->dict;

	for (guint i = 0; i < calls->rows->len; i++) {
		const struct cf_call *call = &g_array_index(calls->rows, struct cf_call, i);

		cf_table_text(doc, table, call->func.id ? cf_dict_func_name(dict, call->func) : none);
		cf_table_text(doc, table, call->func.id ? cf_dict_func_module(dict, call->func) : "");
		cf_table_int(table, call->weight);
		cf_table_double(table, cf_share(call->weight, calls->total));
		cf_table_double(table, cf_share(call->weight, profile->weight));
		cf_table_int(table, call->count);
	}
}

/* Rows of a recursive function overlap, so that the others have a number but no sum. */
static void add_rest(struct cf_doc *doc, struct cf_node *table, const struct cf_calls *calls,
		     const struct cf_profile *profile, const char *what)
{
	int64_t more = calls->distinct - calls->rows->len, rest = calls->total;
	g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT " more %s%s (-n 0 shows all)", more, what,
						more == 1 ? "" : "s");

	if (more <= 0)
		return;
	for (guint i = 0; i < calls->rows->len; i++)
		rest = cf_difference(rest, g_array_index(calls->rows, struct cf_call, i).weight);
	cf_table_rest(table);
	cf_table_text(doc, table, text);
	cf_table_text(doc, table, "");
	if (calls->recursive) {
		cf_table_empty(table);
		cf_table_empty(table);
		cf_table_empty(table);
	} else {
		cf_table_int(table, rest);
		cf_table_double(table, cf_share(rest, calls->total));
		cf_table_double(table, cf_share(rest, profile->weight));
	}
	cf_table_empty(table);
}

/* "dictFind: total 1.31 s (5.42 %), self 1.21 s (4.98 %)" with where it was found. */
static void add_sentence(struct cf_analysis *analysis, const struct cf_calls *calls,
			 const struct cf_profile *profile)
{
	g_autofree char *total = cf_cost_text(profile->unit, calls->total);
	g_autofree char *self = cf_cost_text(profile->unit, calls->self);
	g_autofree char *total_share = cf_unit_text(CF_UNIT_RATIO, cf_share(calls->total, profile->weight));
	g_autofree char *self_share = cf_unit_text(CF_UNIT_RATIO, cf_share(calls->self, profile->weight));
	g_autofree char *modules = NULL, *figures = NULL;
	struct cf_node *para = cf_doc_add(analysis->doc, analysis->section, CF_PARA, NULL);

	g_ptr_array_add(calls->modules, NULL);
	modules = g_strjoinv(", ", (char **)calls->modules->pdata);
	g_ptr_array_set_size(calls->modules, (gint)calls->modules->len - 1);
	cf_doc_add(analysis->doc, para, CF_CODE, calls->name);
	figures = g_strdup_printf(": total %s (%s), self %s (%s) of %s", total, total_share, self, self_share,
				  profile->metric_name);
	if (*modules) {
		cf_doc_add(analysis->doc, para, CF_TEXT, " in ");
		cf_doc_add(analysis->doc, para, CF_CODE, modules);
	}
	cf_doc_add(analysis->doc, para, CF_TEXT, figures);
	if (calls->recursive) {
		g_autofree char *share =
			cf_unit_text(CF_UNIT_RATIO, cf_share(calls->recursive, calls->total));

		cf_doc_para(analysis->doc, analysis->section,
			    "It recurses in %s of its cost; a call counts once per sample, so rows may add "
			    "up to more.",
			    share);
	}
}

static void present(struct cf_analysis *analysis, const struct cf_analyzer *analyzer, struct cf_calls *calls,
		    const struct cf_profile *profile, enum cf_calls_side side)
{
	const char *what = side == CF_CALLERS ? "caller" : "callee";
	const struct cf_column columns[] = {
		{ "function", side == CF_CALLERS ? "caller" : "callee", CF_UNIT_NONE,
		  CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "total", "cost", profile->unit, 0 },
		{ "function_share", "of it %", CF_UNIT_RATIO,
		  CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
		{ "total_share", "of all %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE },
		{ "total_count", "samples", CF_UNIT_COUNT, CF_COLUMN_DATA },
	};
	g_autofree char *caption = g_strdup_printf("%ss of %s", what, calls->name), *tree_caption = NULL,
			*id = NULL;
	struct cf_node *table;

	id = g_strdup_printf("direct-%ss", what);
	add_sentence(analysis, calls, profile);
	table = cf_doc_table(analysis->doc, analysis->section, id, caption, columns, G_N_ELEMENTS(columns));
	table->table->recompute = cf_analysis_command(analysis, analyzer);
	add_rows(analysis->doc, table, calls, profile,
		 side == CF_CALLERS ? "(none: the stack begins here)" : "(self)");
	add_rest(analysis->doc, table, calls, profile, what);
	tree_caption =
		g_strdup_printf(side == CF_CALLERS ? "who calls %s, up to the roots; shares of its cost"
						   : "what %s calls; shares of its cost",
				calls->name);
	calls->tree->depth = (int)cf_params_int(analysis->params, "depth");
	calls->tree->min_share = cf_params_number(analysis->params, "min-share") / 100;
	cf_doc_tree(analysis->doc, analysis->section, CF_TREE,
		    side == CF_CALLERS ? "caller-tree" : "callee-tree", tree_caption,
		    g_steal_pointer(&calls->tree));
	cf_profile_notes(profile, analysis->doc, analysis->section);
}

int cf_calls_run(struct cf_analysis *analysis, const struct cf_analyzer *analyzer, enum cf_calls_side side)
{
	struct cf_profile profile;
	struct cf_calls calls;

	if (cf_profile_load(&profile, analysis, 0))
		return -1;
	if (cf_calls_find(&calls, &profile, analysis->argument, analysis->diag)) {
		cf_profile_clear(&profile);
		return -1;
	}
	cf_calls_compute(&calls, &profile, side, cf_params_int(analysis->params, "top"));
	present(analysis, analyzer, &calls, &profile, side);
	cf_calls_clear(&calls);
	cf_profile_clear(&profile);
	return 0;
}

static const struct cf_param own[] = { { .name = "top",
					 .letter = 'n',
					 .type = CF_PARAM_INT,
					 .arg = "N",
					 .help = "rows to show, 0: all",
					 .fallback = "20",
					 .min = 0,
					 .max = INT64_MAX },
				       { 0 } };
const struct cf_param *const cf_calls_params[] = { own, cf_calltree_params, cf_filter_params, NULL };
