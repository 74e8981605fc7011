/* SPDX-License-Identifier: MIT */
/* operations: the operations of a run's spans, with their latencies. */
#include "analyzers/operations.h"

#include "analyzers/profile.h"

#include <string.h>

struct operation {
	char *service, *name;
	struct cf_operation_row row; /* numbers only */
};

static void operation_clear(gpointer data)
{
	struct operation *operation = data;

	g_free(operation->service);
	g_free(operation->name);
}

static int take_operation(void *ctx, const struct cf_operation_row *row)
{
	const struct operation operation = { g_strdup(row->service), g_strdup(row->name), *row };

	g_array_append_val((GArray *)ctx, operation);
	return 0;
}

static const struct cf_column columns[] = {
	{ "operation", "operation", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "service", "service", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "share", "time %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
	{ "count", "count", CF_UNIT_COUNT, 0 },
	{ "errors", "errors", CF_UNIT_COUNT, 0 },
	{ "p50", "p50", CF_UNIT_NS, CF_COLUMN_OWN_SCALE },
	{ "p95", "p95", CF_UNIT_NS, CF_COLUMN_OWN_SCALE },
	{ "p99", "p99", CF_UNIT_NS, CF_COLUMN_OWN_SCALE },
	{ "max", "max", CF_UNIT_NS, CF_COLUMN_OWN_SCALE },
	{ "sum", "time", CF_UNIT_NS, CF_COLUMN_DATA },
	{ "min", "min", CF_UNIT_NS, CF_COLUMN_DATA },
};

struct sums {
	int64_t count, errors, sum;
};

static void add(struct sums *sums, const struct cf_operation_row *row)
{
	cf_sum(&sums->count, row->count);
	cf_sum(&sums->errors, row->errors);
	cf_sum(&sums->sum, row->sum_ns);
}

static void add_row(struct cf_doc *doc, struct cf_node *table, const struct operation *operation,
		    int64_t whole)
{
	const struct cf_operation_row *row = &operation->row;

	cf_table_text(doc, table, operation->name);
	cf_table_text(doc, table, operation->service);
	cf_table_double(table, cf_share(row->sum_ns, whole));
	cf_table_int(table, row->count);
	cf_table_int(table, row->errors);
	cf_table_int(table, row->p50_ns);
	cf_table_int(table, row->p95_ns);
	cf_table_int(table, row->p99_ns);
	cf_table_int(table, row->max_ns);
	cf_table_int(table, row->sum_ns);
	cf_table_int(table, row->min_ns);
}

static void add_rest(struct cf_doc *doc, struct cf_node *table, guint more, const struct sums *rest,
		     int64_t whole)
{
	g_autofree char *text =
		g_strdup_printf("%u more operation%s (-n 0 shows all)", more, more == 1 ? "" : "s");

	cf_table_rest(table);
	cf_table_text(doc, table, text);
	cf_table_empty(table);
	cf_table_double(table, cf_share(rest->sum, whole));
	cf_table_int(table, rest->count);
	cf_table_int(table, rest->errors);
	for (size_t i = 5; i < G_N_ELEMENTS(columns); i++)
		cf_table_empty(table);
}

/* Services that are called nothing leave the column empty: then only data has it. */
static gboolean any_service(const GArray *operations)
{
	for (guint i = 0; i < operations->len; i++)
		if (*g_array_index(operations, struct operation, i).service)
			return TRUE;
	return FALSE;
}

int cf_operations_table(const struct cf_analysis *analysis, struct cf_node *section, const struct cf_run *run,
			int64_t limit, int64_t *errors)
{
	g_autoptr(GArray) operations = g_array_new(FALSE, FALSE, sizeof(struct operation));
	struct cf_column shown[G_N_ELEMENTS(columns)];
	struct sums all = { 0 }, rest = { 0 };
	struct cf_node *table;
	guint n;

	g_array_set_clear_func(operations, operation_clear);
	if (cf_store_operations(analysis->store, run->id, 0, take_operation, operations, analysis->diag))
		return -1;
	n = limit > 0 ? (guint)MIN(limit, operations->len) : operations->len;
	for (guint i = 0; i < operations->len; i++) {
		const struct cf_operation_row *row = &g_array_index(operations, struct operation, i).row;

		add(&all, row);
		if (i >= n)
			add(&rest, row);
	}
	memcpy(shown, columns, sizeof(columns));
	if (!any_service(operations))
		shown[1].flags |= CF_COLUMN_DATA;
	table = cf_doc_table(analysis->doc, section, "operations", "operations, by time of their spans",
			     shown, G_N_ELEMENTS(shown));
	for (guint i = 0; i < n; i++)
		add_row(analysis->doc, table, &g_array_index(operations, struct operation, i), all.sum);
	if (n < operations->len)
		add_rest(analysis->doc, table, operations->len - n, &rest, all.sum);
	*errors = all.errors;
	return 0;
}
