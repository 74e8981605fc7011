/* SPDX-License-Identifier: MIT */
/* slices: what ran when, in words: equal slices of the time, each with what took most of it. */
#include "analyzers/timeline/slices.h"

#include <string.h>

#include "analyzers/profile.h"

/* Own cost of the functions in a part of the time. */
struct own {
	uint32_t func;
	int64_t weight, samples;
};

static gint by_weight(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct own *x = a, *y = b;
	const struct cf_dict *dict = data;
	int order = (x->weight < y->weight) - (x->weight > y->weight);

	if (!order)
		order = strcmp(cf_dict_func_module(dict, (struct cf_func){ x->func }),
			       cf_dict_func_module(dict, (struct cf_func){ y->func }));
	return order ? order
		     : strcmp(cf_dict_func_name(dict, (struct cf_func){ x->func }),
			      cf_dict_func_name(dict, (struct cf_func){ y->func }));
}

/* Functions that cost something themselves, heaviest first. Caller frees with g_array_unref. */
static GArray *own_costs(const struct cf_trace *trace, struct cf_window window)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct own));
	g_autoptr(GArray) moments = cf_chart_moments(trace, window);
	g_autoptr(GHashTable) index = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < moments->len; i++) {
		const struct cf_sample *sample = &g_array_index(moments, struct cf_sample, i);
		struct own fresh = { 0 }, *own;
		guint at;

		if (!sample->stack.id)
			continue;
		fresh.func = cf_dict_stack_info(trace->dict, sample->stack).func.id;
		at = GPOINTER_TO_UINT(g_hash_table_lookup(index, GUINT_TO_POINTER(fresh.func)));
		if (!at) {
			g_array_append_val(rows, fresh);
			at = rows->len;
			g_hash_table_insert(index, GUINT_TO_POINTER(fresh.func), GUINT_TO_POINTER(at));
		}
		own = &g_array_index(rows, struct own, at - 1);
		cf_sum(&own->weight, sample->weight);
		own->samples++;
	}
	g_array_sort_with_data(rows, by_weight, trace->dict);
	return rows;
}

static int64_t sum_of(const GArray *rows)
{
	int64_t sum = 0;

	for (guint i = 0; i < rows->len; i++)
		cf_sum(&sum, g_array_index(rows, struct own, i).weight);
	return sum;
}

static void add_first(struct cf_doc *doc, struct cf_node *table, const struct cf_trace *trace,
		      const GArray *rows, guint i, int64_t sum)
{
	const struct own *own = i < rows->len ? &g_array_index(rows, struct own, i) : NULL;

	cf_table_text(doc, table, own ? cf_dict_func_name(trace->dict, (struct cf_func){ own->func }) : NULL);
	if (own)
		cf_table_double(table, cf_share(own->weight, sum));
	else
		cf_table_empty(table);
}

void cf_slices_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
		       struct cf_window window, guint n)
{
	static const struct cf_column columns[] = {
		{ "start", "after", CF_UNIT_NS, CF_COLUMN_COST },
		{ "share", "of all %", CF_UNIT_RATIO, CF_COLUMN_SHARE | CF_COLUMN_BAR },
		{ "samples", "samples", CF_UNIT_COUNT, CF_COLUMN_DATA },
		{ "first", "most of it", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "first_share", "of it %", CF_UNIT_RATIO, CF_COLUMN_SHARE },
		{ "second", "then", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
		{ "second_share", "and %", CF_UNIT_RATIO, CF_COLUMN_DATA },
		{ "duration", "duration", CF_UNIT_NS, CF_COLUMN_DATA },
	};
	g_autoptr(GArray) all = own_costs(trace, window);
	double length = (double)window.to - (double)window.from;
	struct cf_node *table = cf_doc_table(analysis->doc, analysis->section, "slices", "What ran when",
					     columns, G_N_ELEMENTS(columns));

	for (guint i = 0; i < n; i++) {
		struct cf_window slice = { window.from + (int64_t)(length * i / n),
					   window.from + (int64_t)(length * (i + 1) / n) };
		g_autoptr(GArray) rows = NULL;
		int64_t sum, samples = 0;

		if (i + 1 == n)
			slice.to = window.to;
		rows = own_costs(trace, slice);
		sum = sum_of(rows);
		for (guint k = 0; k < rows->len; k++)
			samples += g_array_index(rows, struct own, k).samples;
		cf_table_int(table, slice.from - window.from);
		cf_table_double(table, cf_share(sum, sum_of(all)));
		cf_table_int(table, samples);
		add_first(analysis->doc, table, trace, rows, 0, sum);
		add_first(analysis->doc, table, trace, rows, 1, sum);
		cf_table_int(table, slice.to - slice.from);
	}
}

void cf_hotspots_present(const struct cf_analysis *analysis, const struct cf_trace *trace,
			 struct cf_window window, size_t limit)
{
	static const struct cf_column columns[] = {
		{ "share", "self %", CF_UNIT_RATIO, CF_COLUMN_SHARE | CF_COLUMN_BAR },
		{ "samples", "samples", CF_UNIT_COUNT, 0 },
		{ "function", "function", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE | CF_COLUMN_WITH },
	};
	g_autoptr(GArray) rows = own_costs(trace, window);
	guint shown = limit && limit < rows->len ? (guint)limit : rows->len;
	struct cf_node *table = cf_doc_table(analysis->doc, analysis->section, "hotspots",
					     "Hotspots in this time", columns, G_N_ELEMENTS(columns));
	int64_t sum = sum_of(rows), rest = 0, rest_samples = 0;

	for (guint i = 0; i < rows->len; i++) {
		const struct own *own = &g_array_index(rows, struct own, i);

		if (i >= shown) {
			cf_sum(&rest, own->weight);
			rest_samples += own->samples;
			continue;
		}
		cf_table_double(table, cf_share(own->weight, sum));
		cf_table_int(table, own->samples);
		cf_table_text(analysis->doc, table,
			      cf_dict_func_name(trace->dict, (struct cf_func){ own->func }));
		cf_table_text(analysis->doc, table,
			      cf_dict_func_module(trace->dict, (struct cf_func){ own->func }));
	}
	if (shown < rows->len) {
		g_autofree char *more =
			g_strdup_printf("%u more functions (-n 0 shows all)", rows->len - shown);

		cf_table_rest(table);
		cf_table_double(table, cf_share(rest, sum));
		cf_table_int(table, rest_samples);
		cf_table_text(analysis->doc, table, more);
		cf_table_empty(table);
	}
}
