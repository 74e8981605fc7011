/* SPDX-License-Identifier: MIT */
/* cells: table cells as text for people, one scale per column. */
#include "render/cells.h"

#include <math.h>
#include <string.h>

#include "core/chart.h"
#include "core/graph.h"
#include "core/sequence.h"
#include "core/timeline.h"
#include "render/spark.h"

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

/* What the cells of a column are, the rest row's among them. */
struct content {
	gboolean doubles, texts, numbers, fractions;
	double largest; /* absolute value */
};

static struct content look_at(const struct cf_table *table, size_t c)
{
	size_t rows = cf_table_height(table);
	struct content content = { 0 };

	for (size_t r = 0; r < rows + (table->rest ? 1 : 0); r++) {
		const struct cf_cell *cell = r < rows ? cf_table_row(table, r) + c
						      : &g_array_index(table->rest, struct cf_cell, c);

		/* The rest row may put words where the other rows have a number. */
		content.texts |= r < rows && (cell->type == CF_CELL_TEXT || cell->type == CF_CELL_TREND);
		content.numbers |= is_number(cell);
		content.doubles |= cell->type == CF_CELL_DOUBLE;
		content.fractions |= cell->type == CF_CELL_DOUBLE && cell->d != floor(cell->d);
		if (is_number(cell) && isfinite(cf_cell_number(cell)))
			content.largest = MAX(content.largest, fabs(cf_cell_number(cell)));
	}
	return content;
}

static gboolean is_scaled(const struct cf_column *column, const struct content *content)
{
	return content->numbers && !(column->flags & CF_COLUMN_OWN_SCALE) &&
	       (column->unit == CF_UNIT_NS || column->unit == CF_UNIT_BYTES ||
		(content->doubles && (column->unit == CF_UNIT_COUNT || column->unit == CF_UNIT_NONE)));
}

static gboolean shares_scale(const struct cf_cell_format *format, enum cf_unit unit)
{
	return format->scaled && (format->column->flags & CF_COLUMN_COST) && format->column->unit == unit;
}

/*
 * One value in two columns of a row has one spelling. Where a column's own scale would be a finer one, all get a digit
 * more, so that little is lost of it.
 */
static void share_scale(GArray *formats, enum cf_unit unit, const double *largest)
{
	struct cf_scale scale;
	gboolean finer = FALSE;
	double most = 0;

	for (guint i = 0; i < formats->len; i++)
		if (shares_scale(&g_array_index(formats, struct cf_cell_format, i), unit))
			most = MAX(most, largest[i]);
	scale = cf_unit_scale(unit, most);
	for (guint i = 0; i < formats->len; i++) {
		const struct cf_cell_format *format = &g_array_index(formats, struct cf_cell_format, i);

		finer |= shares_scale(format, unit) && format->scale.divisor < scale.divisor;
	}
	scale.decimals += finer;
	for (guint i = 0; i < formats->len; i++) {
		struct cf_cell_format *format = &g_array_index(formats, struct cf_cell_format, i);

		if (shares_scale(format, unit))
			format->scale = scale;
	}
}

GArray *cf_cell_formats(const struct cf_table *table)
{
	size_t columns = table->columns->len;
	GArray *formats = g_array_sized_new(FALSE, TRUE, sizeof(struct cf_cell_format), (guint)columns);
	g_autofree double *largest = g_new0(double, columns + 1);

	for (size_t c = 0; c < columns; c++) {
		const struct cf_column *column = cf_table_column(table, c);
		const struct content content = look_at(table, c);
		struct cf_cell_format format = { .column = column };

		largest[c] = content.largest;
		format.number = !content.texts && column->unit != CF_UNIT_TIME &&
				(content.numbers || column->unit != CF_UNIT_NONE);
		format.scaled = table->style == CF_TABLE_PLAIN && is_scaled(column, &content);
		if (format.scaled)
			format.scale = cf_unit_scale(column->unit, content.largest);
		/* The largest being whole doesn't make the others so. */
		if (format.scaled && content.fractions && format.scale.divisor == 1)
			format.scale.decimals = MAX(format.scale.decimals, 2);
		g_array_append_val(formats, format);
	}
	share_scale(formats, CF_UNIT_NS, largest);
	share_scale(formats, CF_UNIT_BYTES, largest);
	return formats;
}

char *cf_share_text(double ratio)
{
	static const struct cf_scale percent = { .divisor = 0.01, .suffix = "", .decimals = 2 };

	return cf_scale_text(&percent, ratio);
}

static char *number_text(const struct cf_cell_format *format, const struct cf_cell *cell)
{
	const struct cf_column *column = format->column;

	if (column->flags & CF_COLUMN_SHARE)
		return cf_share_text(cf_cell_number(cell));
	if (format->scaled)
		return cf_scale_text(&format->scale, cf_cell_number(cell));
	return cell->type == CF_CELL_INT ? cf_unit_text_i64(column->unit, cell->i)
					 : cf_unit_text(column->unit, cell->d);
}

char *cf_cell_text(const struct cf_cell_format *format, const struct cf_cell *cell)
{
	const struct cf_column *column = format->column;
	g_autofree char *number = NULL;

	switch (cell->type) {
	case CF_CELL_EMPTY:
		return g_strdup("");
	case CF_CELL_TEXT:
		return g_strdup(cell->text);
	case CF_CELL_TREND:
		return cf_spark_text(cell->trend, TRUE);
	case CF_CELL_DOUBLE:
		if (!isfinite(cell->d))
			return g_strdup("-");
		break;
	case CF_CELL_INT:
		break;
	}
	if (column->unit == CF_UNIT_TIME && cell->type == CF_CELL_INT)
		return cf_time_short(cell->i, FALSE);
	number = number_text(format, cell);
	/* What rounds to nothing is neither more nor less. */
	if ((column->flags & CF_COLUMN_SIGNED) && cf_cell_number(cell) > 0 && strpbrk(number, "123456789"))
		return g_strconcat("+", number, NULL);
	return g_steal_pointer(&number);
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

const char *cf_node_recompute(const struct cf_node *table)
{
	const struct cf_node *next = table->next;
	const char *command = table->table->recompute;

	return next && next->kind == CF_TABLE && g_strcmp0(command, next->table->recompute) == 0 ? NULL
												 : command;
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
	case CF_CHART:
		return node->chart->note;
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
