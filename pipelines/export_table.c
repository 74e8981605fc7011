/* SPDX-License-Identifier: MIT */
/* export_table: stacks as a table of a document. */
#include "pipelines/export.h"

void cf_export_table(const struct cf_trace *trace, const GArray *costs, enum cf_unit unit, struct cf_doc *doc,
		     struct cf_node *section)
{
	const struct cf_column columns[] = {
		{ "stack", "stack", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "thread", "thread", CF_UNIT_NONE, CF_COLUMN_CODE },
		{ "weight", "weight", unit, 0 },
		{ "samples", "samples", CF_UNIT_COUNT, 0 },
	};
	struct cf_node *table = cf_doc_table(doc, section, "stacks", NULL, columns, G_N_ELEMENTS(columns));
	g_autoptr(GArray) rows = cf_export_folded(trace, costs);

	for (guint i = 0; i < rows->len; i++) {
		const struct cf_folded *row = &g_array_index(rows, struct cf_folded, i);

		cf_table_text(doc, table, row->stack);
		cf_table_text(doc, table, row->thread);
		cf_table_int(table, row->weight);
		cf_table_int(table, row->count);
	}
}
