/* SPDX-License-Identifier: MIT */
/* cells: table cells as text for people, one scale per column; shared by text, markdown and html. */
#ifndef CF_RENDER_CELLS_H
#define CF_RENDER_CELLS_H

#include "core/doc.h"

/* How the cells of one column are written. */
struct cf_cell_format {
	const struct cf_column *column; /* borrowed */
	gboolean number;                /* set flush right */
	gboolean scaled;                /* by scale; else each value picks its own */
	struct cf_scale scale;
};

/* One format per column, in the order of the table; free with g_array_unref. */
GArray *cf_cell_formats(const struct cf_table *table); /* struct cf_cell_format */

/*
 * Plain, unescaped text of a cell: "" for an empty one. Facts and tiles, whose values differ in kind, take
 * their own scale. Caller frees.
 */
char *cf_cell_text(const struct cf_cell_format *format, const struct cf_cell *cell);

/* Shares as bare percentages "9.35", whole values as "14.94 s". Caller frees. */
char *cf_share_text(double ratio);

/* A moment as data: RFC 3339, with nanoseconds where there are any. Caller frees. */
char *cf_moment_text(int64_t ns);

/* The cells of row (0 .. rows-1), or of the rest row. */
const struct cf_cell *cf_table_row(const struct cf_table *table, size_t row);
size_t cf_table_height(const struct cf_table *table);

static inline const struct cf_column *cf_table_column(const struct cf_table *table, size_t i)
{
	return &g_array_index(table->columns, struct cf_column, i);
}

static inline double cf_cell_number(const struct cf_cell *cell)
{
	return cell->type == CF_CELL_INT ? (double)cell->i : cell->type == CF_CELL_DOUBLE ? cell->d : 0;
}

/* Level of a tile's fourth cell: its name, or its number. */
enum cf_level cf_tile_level(const struct cf_cell *cell);

/* All text below node on one line, as it is: for notes, labels, plain output. Caller frees. */
char *cf_node_plain(const struct cf_node *node);

/* The command to name below a table: NULL where the next one has the same, so that neighbours name it once. */
const char *cf_node_recompute(const struct cf_node *table);

/* What a graph, sequence or timeline remarks, or NULL. Borrowed. */
const char *cf_node_remark(const struct cf_node *node);

/* Is there anything below node to show? */
gboolean cf_node_has_content(const struct cf_node *node);

#endif
