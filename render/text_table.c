/* SPDX-License-Identifier: MIT */
/* text_table: aligned columns for the terminal. */
#include "render/text.h"

#include "render/cells.h"
#include "render/escape.h"
#include "render/spark.h"

#include <string.h>

#define GAP 2       /* between columns */
#define INDENT 1    /* before the first */
#define LEAST 12    /* a name is never cut below this */
#define SENTENCE 40 /* texts from here on may stand below their row */
#define FLOW 30     /* columns that are enough to wrap them in place */
#define BELOW 6     /* their indent */
#define HOT 0.05    /* shares from here on are coloured */

/* A column as it is shown: place in the table, text of each row, width. */
struct shown {
	size_t at;
	const struct cf_cell_format *format;
	char **cells; /* one per row; the rest row, when there is one, comes last */
	char *title;
	int width;
	gboolean flows; /* the last column, of sentences: wrapped at its own edge */
	gboolean below; /* sentences that don't fit: on lines of their own, under their row */
};

static gboolean is_name(const struct shown *column)
{
	unsigned flags = column->format->column->flags;

	return (flags & CF_COLUMN_NAME) || ((flags & CF_COLUMN_ELIDE) && !column->format->number);
}

/* Leading columns first, names last, else as they stand. */
static int rank(const struct cf_column *column)
{
	if (column->flags & CF_COLUMN_LEAD)
		return 0;
	return column->flags & CF_COLUMN_NAME ? 2 : 1;
}

static char *cell_text(const struct cf_text *text, const struct cf_cell_format *format,
		       const struct cf_cell *cell, gboolean in_rest)
{
	g_autofree char *raw = NULL;

	if (cell->type == CF_CELL_EMPTY)
		return g_strdup(format->number && !in_rest ? "-" : "");
	if (cell->type == CF_CELL_TREND)
		return cf_spark_text(cell->trend, text->opts->utf8);
	raw = cf_cell_text(format, cell);
	return cf_text_safe(text, raw);
}

static GArray *shown_columns(const struct cf_text *text, const struct cf_table *table, const GArray *formats)
{
	GArray *columns = g_array_new(FALSE, TRUE, sizeof(struct shown));
	size_t rows = cf_table_height(table);

	for (int r = 0; r <= 2; r++)
		for (size_t c = 0; c < table->columns->len; c++) {
			const struct cf_column *column = cf_table_column(table, c);
			struct shown shown = { .at = c,
					       .format = &g_array_index(formats, struct cf_cell_format, c) };

			if (rank(column) != r || column->flags & CF_COLUMN_DATA)
				continue;
			shown.title = cf_text_safe(text, column->title);
			shown.width = cf_display_width(shown.title);
			shown.cells = g_new0(char *, rows + 2);
			for (size_t i = 0; i < rows; i++) {
				shown.cells[i] =
					cell_text(text, shown.format, cf_table_row(table, i) + c, FALSE);
				shown.width = MAX(shown.width, cf_display_width(shown.cells[i]));
			}
			if (table->rest)
				shown.cells[rows] =
					cell_text(text, shown.format,
						  &g_array_index(table->rest, struct cf_cell, c), TRUE);
			g_array_append_val(columns, shown);
		}
	/* Words of the rest row run on over the columns after them: they widen nothing. */
	for (guint i = 0; table->rest && i < columns->len; i++) {
		struct shown *shown = &g_array_index(columns, struct shown, i);

		if (shown->format->number || !is_name(shown))
			shown->width = MAX(shown->width, cf_display_width(shown->cells[rows]));
	}
	return columns;
}

static void free_columns(GArray *columns)
{
	for (guint i = 0; i < columns->len; i++) {
		struct shown *shown = &g_array_index(columns, struct shown, i);

		g_strfreev(shown->cells);
		g_free(shown->title);
	}
	g_array_unref(columns);
}

static int line_width(const GArray *columns)
{
	int total = INDENT - GAP;

	for (guint i = 0; i < columns->len; i++)
		if (!g_array_index(columns, struct shown, i).below)
			total += g_array_index(columns, struct shown, i).width + GAP;
	return total;
}

static gboolean has_sentences(const struct shown *column)
{
	return is_name(column) && !(column->format->column->flags & (CF_COLUMN_CODE | CF_COLUMN_ELIDE)) &&
	       column->width > SENTENCE;
}

/* A sentence cut off says nothing, a cure least of all: it is wrapped in the last column, or below its row.
 */
static void move_sentences(GArray *columns, int width)
{
	for (guint i = columns->len; i-- > 1 && line_width(columns) > width;) {
		struct shown *shown = &g_array_index(columns, struct shown, i);
		int room = width - line_width(columns) + shown->width;

		if (!has_sentences(shown))
			continue;
		if (i + 1 == columns->len && room >= FLOW) {
			shown->flows = TRUE;
			shown->width = room;
		} else {
			shown->below = TRUE;
		}
	}
}

/* Names after the first narrow first, down to a quarter of the room; then the widest, until the line fits. */
static void fit_names(GArray *columns, int width)
{
	int total = line_width(columns), names = 0, later, seen = 0;

	for (guint i = 0; i < columns->len; i++) {
		const struct shown *shown = &g_array_index(columns, struct shown, i);

		names += is_name(shown) && !shown->below ? shown->width : 0;
	}
	later = MAX((width - total + names) / 4, LEAST);
	for (guint i = 0; i < columns->len && total > width; i++) {
		struct shown *shown = &g_array_index(columns, struct shown, i);
		int cut = is_name(shown) && !shown->below && seen++
				  ? CLAMP(shown->width - later, 0, total - width)
				  : 0;

		shown->width -= cut;
		total -= cut;
	}
	while (total > width) {
		struct shown *widest = NULL;

		for (guint i = 0; i < columns->len; i++) {
			struct shown *shown = &g_array_index(columns, struct shown, i);

			if (is_name(shown) && !shown->below && shown->width > LEAST &&
			    (!widest || shown->width > widest->width))
				widest = shown;
		}
		if (!widest)
			return;
		widest->width--;
		total--;
	}
}

/* A user's many columns may not fit even when they are cut: then nothing is, and the terminal wraps. */
static void fit(GArray *columns, int width)
{
	g_autofree int *natural = g_new(int, columns->len + 1);
	gboolean users = FALSE;

	for (guint i = 0; i < columns->len; i++) {
		const struct shown *shown = &g_array_index(columns, struct shown, i);

		natural[i] = shown->width;
		users |= (shown->format->column->flags & CF_COLUMN_ELIDE) != 0;
	}
	fit_names(columns, width);
	users = users && line_width(columns) > width;
	for (guint i = 0; users && i < columns->len; i++)
		g_array_index(columns, struct shown, i).width = natural[i];
}

/* Writes one line with its end; cells are padded only when something follows. */
static void write_row(const struct cf_text *text, const GArray *columns, size_t row, gboolean head,
		      gboolean rest, const char *color)
{
	int limit = cf_text_columns(text), at = 0, pad = INDENT;

	cf_text_begin(text);
	cf_text_color(text, color);
	for (guint i = 0; i < columns->len; i++) {
		const struct shown *shown = &g_array_index(columns, struct shown, i);
		const char *cell = head ? shown->title : shown->cells[row];
		int width = cf_display_width(cell), spare;
		g_autofree char *cut = NULL;

		if (shown->below && !rest)
			continue;
		if (!*cell) {
			pad += shown->width + GAP;
			continue;
		}
		if (limit && is_name(shown) && !shown->flows && width > shown->width && !rest) {
			cut = cf_text_elide(text, cell, shown->width, cf_text_is_path(cell));
			cell = cut;
			width = cf_display_width(cell);
		} else if (limit && rest && at + pad + width > limit && width > LEAST) {
			cut = cf_text_elide(text, cell, MAX(limit - at - pad, LEAST), FALSE);
			cell = cut;
			width = cf_display_width(cell);
		}
		spare = MAX(shown->width - width, 0);
		if (shown->format->number)
			pad += spare;
		cf_text_spaces(text, pad);
		if (shown->flows && !rest) {
			cf_text_wrap(text, cell, shown->width, at + pad);
			if (*color)
				cf_text_plain(text);
			return;
		}
		cf_out_puts(text->out, cell);
		at += pad + width;
		pad = GAP + (shown->format->number ? 0 : spare);
	}
	if (*color)
		cf_text_plain(text);
	cf_out_puts(text->out, "\n");
}

static void write_below(const struct cf_text *text, const GArray *columns, size_t row)
{
	for (guint i = 0; i < columns->len; i++) {
		const struct shown *shown = &g_array_index(columns, struct shown, i);

		if (!shown->below || !*shown->cells[row])
			continue;
		cf_text_begin(text);
		cf_text_spaces(text, BELOW);
		cf_text_wrap(text, shown->cells[row], cf_text_columns(text) - BELOW, BELOW);
	}
}

static const char *row_color(const struct cf_table *table, const GArray *columns, size_t row)
{
	for (guint i = 0; i < columns->len; i++) {
		const struct shown *shown = &g_array_index(columns, struct shown, i);

		if (shown->format->column->flags & CF_COLUMN_SHARE)
			return cf_cell_number(cf_table_row(table, row) + shown->at) >= HOT ? "33" : "";
	}
	return "";
}

static void write_plain(const struct cf_text *text, const struct cf_table *table)
{
	g_autoptr(GArray) formats = cf_cell_formats(table);
	GArray *columns = shown_columns(text, table, formats);
	size_t rows = cf_table_height(table);

	if (cf_text_columns(text)) {
		move_sentences(columns, cf_text_columns(text));
		fit(columns, cf_text_columns(text));
	}
	write_row(text, columns, 0, TRUE, FALSE, "4");
	for (size_t r = 0; r < rows; r++) {
		write_row(text, columns, r, FALSE, FALSE, row_color(table, columns, r));
		write_below(text, columns, r);
	}
	if (table->rest)
		write_row(text, columns, rows, FALSE, TRUE, "2");
	free_columns(columns);
}

/* Facts and tiles: the label, then whatever else the row has. */
static void write_facts(const struct cf_text *text, const struct cf_table *table)
{
	g_autoptr(GArray) formats = cf_cell_formats(table);
	size_t rows = cf_table_height(table), columns = table->columns->len;
	size_t last = table->style == CF_TABLE_TILES ? MIN(columns, 3) : columns;
	int label_width = 0, limit = cf_text_columns(text);

	for (size_t r = 0; r < rows; r++) {
		g_autofree char *label = cell_text(text, &g_array_index(formats, struct cf_cell_format, 0),
						   cf_table_row(table, r), TRUE);

		label_width = MAX(label_width, cf_display_width(label));
	}
	for (size_t r = 0; r < rows; r++) {
		g_autoptr(GString) value = g_string_new(NULL);
		g_autofree char *label = cell_text(text, &g_array_index(formats, struct cf_cell_format, 0),
						   cf_table_row(table, r), TRUE);
		enum cf_level level = CF_LEVEL_INFO;

		for (size_t c = 1; c < last; c++) {
			g_autofree char *cell = NULL;

			if (cf_table_column(table, c)->flags & CF_COLUMN_DATA)
				continue;
			cell = cell_text(text, &g_array_index(formats, struct cf_cell_format, c),
					 cf_table_row(table, r) + c, TRUE);
			if (*cell && value->len)
				g_string_append(value, "  ");
			g_string_append(value, cell);
		}
		if (table->style == CF_TABLE_TILES && columns > 3)
			level = cf_tile_level(cf_table_row(table, r) + 3);
		cf_text_begin(text);
		cf_text_spaces(text, INDENT);
		cf_text_color(text, "2");
		cf_out_puts(text->out, label);
		cf_text_plain(text);
		if (value->len)
			cf_text_spaces(text, label_width - cf_display_width(label) + GAP);
		if (level != CF_LEVEL_INFO)
			cf_text_color(text, level == CF_LEVEL_FAIL ? "31" : "33");
		if (limit)
			cf_text_wrap(text, value->str, limit - INDENT - label_width - GAP,
				     INDENT + label_width + GAP);
		else
			cf_out_printf(text->out, "%s\n", value->str);
		if (level != CF_LEVEL_INFO)
			cf_text_plain(text);
	}
}

void cf_text_table(struct cf_text *text, const struct cf_node *node)
{
	if (node->table->style == CF_TABLE_PLAIN)
		write_plain(text, node->table);
	else
		write_facts(text, node->table);
}
