/* SPDX-License-Identifier: MIT */
/* csv: the tables of a document, raw values under stable ids. */
#include "core/files.h"

#include "render/cells.h"
#include "render/escape.h"
#include "render/renderer.h"
#include "render/spark.h"
#include "render/tree_table.h"

#include <math.h>

/*
 * RFC 4180 with a header of column ids and \n line ends. One table stands alone, so that spreadsheets and
 * data frames take the file as it is; several are separated by a blank line and headed by "# id".
 * Trees are tables of their nodes. Empty cells and numbers that aren't finite are empty.
 */

static void write_double(struct cf_out *out, double value)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	if (!isfinite(value))
		return;
	/* The shortest of the usual precisions that reads back equal, as the JSON writer does. */
	for (int digits = 15; digits <= 17; digits++) {
		char format[8];

		g_snprintf(format, sizeof(format), "%%.%dg", digits);
		g_ascii_formatd(text, sizeof(text), format, value);
		if (digits == 17 || g_ascii_strtod(text, NULL) == value)
			break;
	}
	cf_out_puts(out, text);
}

static void write_cell(struct cf_out *out, const struct cf_column *column, const struct cf_cell *cell)
{
	switch (cell->type) {
	case CF_CELL_EMPTY:
		break;
	case CF_CELL_TEXT:
		cf_escape_csv(out, cell->text);
		break;
	case CF_CELL_INT:
		if (column->unit == CF_UNIT_TIME) {
			g_autofree char *moment = cf_moment_text(cell->i);

			cf_out_puts(out, moment);
		} else {
			cf_out_printf(out, "%" G_GINT64_FORMAT, (gint64)cell->i);
		}
		break;
	case CF_CELL_DOUBLE:
		write_double(out, cell->d);
		break;
	case CF_CELL_TREND: {
		g_autofree char *values = cf_spark_values(cell->trend);

		cf_escape_csv(out, values);
		break;
	}
	}
}

static void write_table(struct cf_out *out, const struct cf_table *table)
{
	size_t rows = cf_table_height(table), columns = table->columns->len;

	for (size_t c = 0; c < columns; c++) {
		cf_out_puts(out, c ? "," : "");
		cf_escape_csv(out, cf_table_column(table, c)->id);
	}
	cf_out_puts(out, "\n");
	for (size_t r = 0; r < rows; r++) {
		for (size_t c = 0; c < columns; c++) {
			cf_out_puts(out, c ? "," : "");
			write_cell(out, cf_table_column(table, c), cf_table_row(table, r) + c);
		}
		cf_out_puts(out, "\n");
	}
}

static void write_tree(struct cf_out *out, const struct cf_tree *tree)
{
	g_autofree uint32_t *depths = cf_tree_depths(tree);
	struct cf_column columns[CF_TREE_FIELDS];

	for (int f = 0; f < CF_TREE_FIELDS; f++) {
		columns[f] = cf_tree_column(tree, (enum cf_tree_field)f);
		cf_out_puts(out, f ? "," : "");
		cf_out_puts(out, columns[f].id);
	}
	cf_out_puts(out, "\n");
	for (uint32_t i = 0; i < tree->nodes->len; i++) {
		for (int f = 0; f < CF_TREE_FIELDS; f++) {
			struct cf_cell cell = cf_tree_cell(tree, depths, i, (enum cf_tree_field)f);

			cf_out_puts(out, f ? "," : "");
			write_cell(out, &columns[f], &cell);
		}
		cf_out_puts(out, "\n");
	}
}

static gboolean is_tabular(const struct cf_node *node)
{
	return node->kind == CF_TABLE || node->kind == CF_TREE || node->kind == CF_FLAME;
}

static int render(const struct cf_doc *doc, const struct cf_render_opts *opts, struct cf_out *out,
		  struct cf_diag *diag)
{
	size_t tables = 0, written = 0;

	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node))
		tables += is_tabular(node);
	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node)) {
		if (!is_tabular(node))
			continue;
		if (tables > 1) {
			cf_out_puts(out, written++ ? "\n# " : "# ");
			cf_escape_csv(out, cf_node_table_id(node));
			cf_out_puts(out, "\n");
		}
		if (node->kind == CF_TABLE)
			write_table(out, node->table);
		else
			write_tree(out, node->tree);
	}
	return 0;
}

const struct cf_renderer cf_renderer_csv = {
	.name = "csv",
	.extensions = "csv",
	.summary = "the tables, raw values for spreadsheets",
	.data = TRUE,
	.render = render,
};
