/* SPDX-License-Identifier: MIT */
/* cells: table cells as text for people, one scale per column. */
#include "render/cells.h"

#include <math.h>
#include <string.h>

#include "core/graph.h"
#include "core/sequence.h"
#include "core/timeline.h"

size_t cf_table_height(const struct cf_table *table)
{
	return table->columns->len ? table->cells->len / table->columns->len : 0;
}

const struct cf_cell *cf_table_row(const struct cf_table *table, size_t row)
{
	return &g_array_index(table->cells, struct cf_cell, row * table->columns->len);
}

static gboolean is_number(const struct cf_cell *cell)
{
	return cell->type == CF_CELL_INT || cell->type == CF_CELL_DOUBLE;
}

GArray *cf_cell_formats(const struct cf_table *table)
{
	size_t columns = table->columns->len, rows = cf_table_height(table);
	GArray *formats = g_array_sized_new(FALSE, TRUE, sizeof(struct cf_cell_format), (guint)columns);

	for (size_t c = 0; c < columns; c++) {
		const struct cf_column *column = cf_table_column(table, c);
		struct cf_cell_format format = { .column = column };
		gboolean doubles = FALSE, texts = FALSE, numbers = FALSE, fractions = FALSE;
		double largest = 0;

		for (size_t r = 0; r <= rows; r++) {
			const struct cf_cell *cell;

			if (r == rows && !table->rest)
				break;
			cell = r < rows ? cf_table_row(table, r) + c
					: &g_array_index(table->rest, struct cf_cell, c);
			/* The rest row may put words where the other rows have a number. */
			texts |= r < rows && cell->type == CF_CELL_TEXT;
			numbers |= is_number(cell);
			doubles |= cell->type == CF_CELL_DOUBLE;
			fractions |= cell->type == CF_CELL_DOUBLE && cell->d != floor(cell->d);
			if (is_number(cell) && isfinite(cf_cell_number(cell)))
				largest = MAX(largest, fabs(cf_cell_number(cell)));
		}
		format.number =
			!texts && column->unit != CF_UNIT_TIME && (numbers || column->unit != CF_UNIT_NONE);
		if (table->style == CF_TABLE_PLAIN && numbers) {
			format.scaled = !(column->flags & CF_COLUMN_OWN_SCALE) &&
					(column->unit == CF_UNIT_NS || column->unit == CF_UNIT_BYTES ||
					 (doubles &&
					  (column->unit == CF_UNIT_COUNT || column->unit == CF_UNIT_NONE)));
			if (format.scaled)
				format.scale = cf_unit_scale(column->unit, largest);
			/* The largest being whole doesn't make the others so. */
			if (format.scaled && fractions && format.scale.divisor == 1)
				format.scale.decimals = MAX(format.scale.decimals, 2);
		}
		g_array_append_val(formats, format);
	}
	return formats;
}

char *cf_share_text(double ratio)
{
	static const struct cf_scale percent = { .divisor = 0.01, .suffix = "", .decimals = 2 };

	return cf_scale_text(&percent, ratio);
}

char *cf_cell_text(const struct cf_cell_format *format, const struct cf_cell *cell)
{
	const struct cf_column *column = format->column;

	switch (cell->type) {
	case CF_CELL_EMPTY:
		return g_strdup("");
	case CF_CELL_TEXT:
		return g_strdup(cell->text);
	case CF_CELL_DOUBLE:
		if (!isfinite(cell->d))
			return g_strdup("-");
		break;
	case CF_CELL_INT:
		break;
	}
	if (column->unit == CF_UNIT_TIME && cell->type == CF_CELL_INT)
		return cf_time_short(cell->i, FALSE);
	if (column->flags & CF_COLUMN_SHARE)
		return cf_share_text(cf_cell_number(cell));
	if (format->scaled)
		return cf_scale_text(&format->scale, cf_cell_number(cell));
	return cell->type == CF_CELL_INT ? cf_unit_text_i64(column->unit, cell->i)
					 : cf_unit_text(column->unit, cell->d);
}

char *cf_moment_text(int64_t ns)
{
	char *text = cf_time_text(ns);
	int64_t fraction = ns % 1000000000;
	size_t len = strlen(text);

	if (fraction && len && text[len - 1] == 'Z') {
		g_autofree char *whole = text;

		fraction += fraction < 0 ? 1000000000 : 0;
		whole[len - 1] = '\0';
		text = g_strdup_printf("%s.%09" G_GINT64_FORMAT "Z", whole, (gint64)fraction);
	}
	return text;
}

enum cf_level cf_tile_level(const struct cf_cell *cell)
{
	if (cell->type == CF_CELL_INT && cell->i >= CF_LEVEL_INFO && cell->i <= CF_LEVEL_FAIL)
		return (enum cf_level)cell->i;
	if (cell->type == CF_CELL_TEXT && !strcmp(cell->text, "attention"))
		return CF_LEVEL_ATTENTION;
	if (cell->type == CF_CELL_TEXT && !strcmp(cell->text, "fail"))
		return CF_LEVEL_FAIL;
	return CF_LEVEL_INFO;
}

char *cf_node_plain(const struct cf_node *root)
{
	GString *plain = g_string_new(NULL);

	for (const struct cf_node *node = root; node; node = cf_node_walk(root, node)) {
		gboolean block = node->kind == CF_PARA || node->kind == CF_ITEM || node->kind == CF_LIST ||
				 (node->kind == CF_CODE && node->parent && node->parent->kind == CF_CALLOUT);

		if (block && plain->len && plain->str[plain->len - 1] != ' ')
			g_string_append_c(plain, ' ');
		if ((node->kind == CF_TEXT || node->kind == CF_CODE) && node->text)
			g_string_append(plain, node->text);
	}
	g_strdelimit(plain->str, "\n", ' ');
	return g_strchomp(g_string_free(plain, FALSE));
}

const char *cf_node_remark(const struct cf_node *node)
{
	switch (node->kind) {
	case CF_GRAPH:
		return node->graph->note;
	case CF_SEQUENCE:
		return node->sequence->note;
	case CF_TIMELINE:
		return node->timeline->note;
	default:
		return NULL;
	}
}

gboolean cf_node_has_content(const struct cf_node *root)
{
	for (const struct cf_node *node = root; node; node = cf_node_walk(root, node)) {
		switch (node->kind) {
		case CF_TEXT:
		case CF_CODE:
			if (node->text && *node->text)
				return TRUE;
			break;
		case CF_TABLE:
			if (node->table->cells->len || (node->table->rest && node->table->rest->len))
				return TRUE;
			break;
		case CF_TREE:
		case CF_FLAME:
			return TRUE;
		default:
			break;
		}
	}
	return FALSE;
}
