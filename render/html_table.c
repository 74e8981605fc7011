/* SPDX-License-Identifier: MIT */
/* html_table: tables, facts and tiles of the page. */
#include "render/html.h"

#include <math.h>
#include <string.h>

#include "render/cells.h"
#include "render/escape.h"
#include "render/spark.h"

#define TALL_ROWS 25  /* from here on a table scrolls under its own head */
#define LONG_NAME 160 /* bytes; longer names are folded to a few lines */

void cf_html_scroller(struct cf_html *html, const char *label, gboolean tall)
{
	cf_html_open(html, "div", "class", tall ? "scroll tall" : "scroll", "role", "region", "aria-label",
		     label && *label ? label : "table", "tabindex", "0", NULL);
}

void cf_html_recompute(struct cf_html *html, const char *command)
{
	if (!command)
		return;
	cf_html_open(html, "p", "class", "recompute", NULL);
	cf_html_text(html, "recompute ");
	cf_html_element(html, "code", NULL, command);
	cf_html_close(html, "p");
	cf_html_newline(html);
}

/* The largest share of all columns with bars: bars of one table are drawn to one scale. */
static double largest_share(const struct cf_table *table)
{
	double largest = 0;

	for (size_t r = 0; r < cf_table_height(table); r++)
		for (size_t c = 0; c < table->columns->len; c++)
			if (cf_table_column(table, c)->flags & CF_COLUMN_BAR)
				largest = MAX(largest, fabs(cf_cell_number(cf_table_row(table, r) + c)));
	return largest;
}

/*
 * Words beside labels, with nothing to sort by, read as facts even where the table doesn't ask for that style:
 * two columns that are seen, a label that is no name and a value that is text of any width.
 */
static gboolean is_facts(const struct cf_table *table)
{
	const struct cf_column *seen[2] = { NULL };
	guint n = 0;

	if (table->style == CF_TABLE_FACTS)
		return TRUE;
	for (guint c = 0; c < table->columns->len; c++) {
		const struct cf_column *column = cf_table_column(table, c);

		if (column->flags & CF_COLUMN_DATA)
			continue;
		if (n < G_N_ELEMENTS(seen))
			seen[n] = column;
		n++;
	}
	return n == 2 && !table->rest && seen[0]->flags == 0 && seen[0]->unit == CF_UNIT_NONE &&
	       seen[1]->flags == CF_COLUMN_NAME && seen[1]->unit == CF_UNIT_NONE;
}

/* The shortest text that reads back equal, as the CSV and JSON renderers write it. Caller frees. */
static char *number_text(double value)
{
	static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
	char text[G_ASCII_DTOSTR_BUF_SIZE];

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_ascii_formatd(text, sizeof(text), formats[i], value);
		if (g_ascii_strtod(text, NULL) == value)
			break;
	}
	return g_strdup(text);
}

/* The value that sorting and copying use. NULL for text. Caller frees. */
static char *raw_value(const struct cf_column *column, const struct cf_cell *cell)
{
	if (cell->type == CF_CELL_INT && column->unit == CF_UNIT_TIME)
		return cf_moment_text(cell->i);
	if (cell->type == CF_CELL_INT)
		return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)cell->i);
	if (cell->type == CF_CELL_DOUBLE && isfinite(cell->d))
		return number_text(cell->d);
	if (cell->type == CF_CELL_TREND)
		return cf_spark_values(cell->trend);
	return NULL;
}

static void put_value(struct cf_html *html, const struct cf_cell_format *format, const struct cf_cell *cell,
		      gboolean rest)
{
	g_autofree char *text = cf_cell_text(format, cell);
	gboolean code = format->column->flags & CF_COLUMN_CODE && cell->type == CF_CELL_TEXT && !rest;

	if (cell->type == CF_CELL_TREND)
		cf_spark_html(html, cell->trend, format->column->unit);
	else if (!*text)
		cf_html_text(html, format->number && !rest ? "-" : "");
	else if (code && strlen(text) > LONG_NAME) {
		cf_html_open(html, "code", "class", "long", "tabindex", "0", NULL);
		cf_html_text(html, text);
		cf_html_close(html, "code");
	} else if (code)
		cf_html_element(html, "code", NULL, text);
	else
		cf_html_text(html, text);
}

/* The heading of a row: the first column that is seen, which is mostly the name. */
static void put_cell(struct cf_html *html, const struct cf_cell_format *format, const struct cf_cell *cell,
		     double largest, gboolean head, gboolean rest)
{
	const struct cf_column *column = format->column;
	gboolean barred =
		column->flags & CF_COLUMN_BAR && cell->type != CF_CELL_EMPTY && !rest && largest > 0;
	gboolean bar = barred && cf_cell_number(cell) != 0;
	g_autofree char *value = rest ? NULL : raw_value(column, cell);
	g_autofree char *style = NULL;
	const char *class_name = barred ? "num bar" : format->number ? "num" : NULL;
	const char *element = head ? "th" : "td";

	if (!class_name && column->flags & CF_COLUMN_SOURCE)
		class_name = "source";
	else if (!class_name && column->flags & (CF_COLUMN_NAME | CF_COLUMN_ELIDE))
		class_name = "name";
	else if (!class_name && column->unit == CF_UNIT_TIME)
		class_name = "moment";
	if (bar) {
		char width[16];

		g_ascii_formatd(width, sizeof(width), "%.3f", MIN(fabs(cf_cell_number(cell)) / largest, 1));
		style = g_strdup_printf("--w:%s", width);
	}
	cf_html_open(html, element, "class", class_name, "scope", head ? "row" : NULL, "data-v", value,
		     "style", style, NULL);
	put_value(html, format, cell, rest);
	cf_html_close(html, element);
}

/*
 * The columns that are seen, in reading order: up to the first name as they stand, then what leads, the
 * rest, and further names last, so that a narrow screen shows a name beside its weight.
 */
static GArray *reading_order(const struct cf_table *table)
{
	GArray *order = g_array_new(FALSE, FALSE, sizeof(guint));
	guint columns = table->columns->len, first = 0;

	while (first < columns && !(cf_table_column(table, first)->flags & CF_COLUMN_NAME))
		first++;
	while (first + 1 < columns && cf_table_column(table, first + 1)->flags & CF_COLUMN_WITH)
		first++;
	for (int rank = 0; rank <= 3; rank++)
		for (guint c = 0; c < columns; c++) {
			unsigned flags = cf_table_column(table, c)->flags;
			int its = c <= first               ? 0
				  : flags & CF_COLUMN_LEAD ? 1
				  : flags & CF_COLUMN_NAME ? 3
							   : 2;

			if (its == rank && !(flags & CF_COLUMN_DATA))
				g_array_append_val(order, c);
		}
	return order;
}

static void put_row(struct cf_html *html, const GArray *formats, const GArray *order,
		    const struct cf_cell *cells, double largest, gboolean rest)
{
	cf_html_open(html, "tr", NULL);
	for (guint i = 0; i < order->len; i++) {
		guint c = g_array_index(order, guint, i);

		put_cell(html, &g_array_index(formats, struct cf_cell_format, c), &cells[c], largest, i == 0,
			 rest);
	}
	cf_html_close(html, "tr");
	cf_html_newline(html);
}

static void put_plain(struct cf_html *html, const struct cf_node *node)
{
	const struct cf_table *table = node->table;
	g_autoptr(GArray) formats = cf_cell_formats(table);
	g_autoptr(GArray) order = reading_order(table);
	double largest = largest_share(table);
	size_t rows = cf_table_height(table);

	cf_html_scroller(html, node->text && *node->text ? node->text : node->id, rows > TALL_ROWS);
	cf_html_open(html, "table", "class", "data", NULL);
	cf_html_open(html, "thead", NULL);
	cf_html_open(html, "tr", NULL);
	for (guint i = 0; i < order->len; i++) {
		const struct cf_cell_format *format =
			&g_array_index(formats, struct cf_cell_format, g_array_index(order, guint, i));

		cf_html_open(html, "th", "scope", "col", "class", format->number ? "num" : NULL, "data-id",
			     format->column->id, NULL);
		cf_html_text(html, format->column->title);
		cf_html_close(html, "th");
	}
	cf_html_close(html, "tr");
	cf_html_close(html, "thead");
	cf_html_newline(html);
	cf_html_open(html, "tbody", NULL);
	cf_html_newline(html);
	for (size_t r = 0; r < rows; r++)
		put_row(html, formats, order, cf_table_row(table, r), largest, FALSE);
	cf_html_close(html, "tbody");
	if (table->rest) {
		cf_html_open(html, "tfoot", NULL);
		put_row(html, formats, order, &g_array_index(table->rest, struct cf_cell, 0), largest, TRUE);
		cf_html_close(html, "tfoot");
	}
	cf_html_close(html, "table");
	cf_html_close(html, "div");
	cf_html_newline(html);
}

static void put_facts(struct cf_html *html, const struct cf_table *table)
{
	g_autoptr(GArray) formats = cf_cell_formats(table);

	cf_html_open(html, "dl", "class", "facts", NULL);
	for (size_t r = 0; r < cf_table_height(table); r++) {
		const struct cf_cell *cells = cf_table_row(table, r);

		cf_html_open(html, "div", NULL);
		for (guint c = 0; c < formats->len; c++) {
			const struct cf_cell_format *format =
				&g_array_index(formats, struct cf_cell_format, c);

			if (format->column->flags & CF_COLUMN_DATA)
				continue;
			cf_html_open(html, c ? "dd" : "dt", NULL);
			put_value(html, format, &cells[c], TRUE);
			cf_html_close(html, c ? "dd" : "dt");
		}
		cf_html_close(html, "div");
		cf_html_newline(html);
	}
	cf_html_close(html, "dl");
	cf_html_newline(html);
}

static void put_tiles(struct cf_html *html, const struct cf_table *table)
{
	static const char *const classes[] = { "tile", "tile attention", "tile fail" };
	g_autoptr(GArray) formats = cf_cell_formats(table);
	size_t columns = table->columns->len;

	cf_html_open(html, "dl", "class", "tiles", NULL);
	for (size_t r = 0; r < cf_table_height(table); r++) {
		const struct cf_cell *cells = cf_table_row(table, r);
		enum cf_level level = columns > 3 ? cf_tile_level(&cells[3]) : CF_LEVEL_INFO;

		cf_html_open(html, "div", "class", classes[level], NULL);
		for (guint c = 0; c < MIN(columns, 3); c++) {
			const char *element = c == 0 ? "dt" : "dd";

			if (cells[c].type == CF_CELL_EMPTY && c == 2)
				continue;
			cf_html_open(html, element, "class", c == 1 ? "value" : c == 2 ? "note" : NULL, NULL);
			if (c == 0 && level != CF_LEVEL_INFO)
				cf_html_element(html, "span", "mark",
						level == CF_LEVEL_FAIL ? "fail" : "attention");
			put_value(html, &g_array_index(formats, struct cf_cell_format, c), &cells[c], TRUE);
			cf_html_close(html, element);
		}
		cf_html_close(html, "div");
		cf_html_newline(html);
	}
	cf_html_close(html, "dl");
	cf_html_newline(html);
}

void cf_html_table(struct cf_html *html, const struct cf_node *node)
{
	g_autofree char *id = cf_html_id(node->id);

	cf_html_open(html, "figure", "id", id, NULL);
	if (node->text && *node->text)
		cf_html_element(html, "figcaption", NULL, node->text);
	cf_html_newline(html);
	if (node->table->style == CF_TABLE_TILES)
		put_tiles(html, node->table);
	else if (is_facts(node->table))
		put_facts(html, node->table);
	else
		put_plain(html, node);
	cf_html_recompute(html, cf_node_recompute(node));
	cf_html_close(html, "figure");
	cf_html_newline(html);
}
