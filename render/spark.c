/* SPDX-License-Identifier: MIT */
/* spark: the trend of a cell as a few characters or a small picture. */
#include "render/spark.h"

#include <math.h>

#include "render/svg.h"

#define COLUMNS 16
#define WIDTH 88
#define HEIGHT 20
#define EDGE 3

struct range {
	double least, most;
	guint known;
};

static struct range range_of(const double *values, guint n)
{
	struct range range = { 0 };

	for (guint i = 0; i < n; i++) {
		if (!isfinite(values[i]))
			continue;
		range.least = range.known ? MIN(range.least, values[i]) : values[i];
		range.most = range.known ? MAX(range.most, values[i]) : values[i];
		range.known++;
	}
	return range;
}

/* 0 to 1; one half where all are alike, but for nothing at all. Halves first, since a difference of doubles may not be one. */
static double level(const struct range *range, double value)
{
	double length = range->most / 2 - range->least / 2;

	return length > 0 ? (value / 2 - range->least / 2) / length : value == 0 ? 0 : 0.5;
}

/* The mean of the values that are shown in a column. */
static double column_value(const struct cf_trend *trend, guint column, guint columns)
{
	double sum = 0;
	guint known = 0;

	for (guint i = trend->n * column / columns; i < trend->n * (column + 1) / columns; i++)
		if (isfinite(trend->values[i])) {
			known++;
			sum += (trend->values[i] - sum) / known;
		}
	return known ? sum : NAN;
}

char *cf_spark_text(const struct cf_trend *trend, gboolean utf8)
{
	static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const marks[] = { "_", ".", "-", "=", "#" };
	const guint columns = MIN(trend->n, COLUMNS),
		    levels = utf8 ? G_N_ELEMENTS(blocks) : G_N_ELEMENTS(marks);
	double values[COLUMNS];
	struct range range;
	GString *text = g_string_new(NULL);

	for (guint c = 0; c < columns; c++)
		values[c] = column_value(trend, c, columns);
	range = range_of(values, columns);
	for (guint c = 0; c < columns; c++) {
		guint at = isnan(values[c]) ? 0 : (guint)MIN(level(&range, values[c]) * levels, levels - 1);

		g_string_append(text, isnan(values[c]) ? " " : utf8 ? blocks[at] : marks[at]);
	}
	return g_string_free(text, FALSE);
}

char *cf_spark_values(const struct cf_trend *trend)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < trend->n; i++) {
		g_autofree char *number = isfinite(trend->values[i])
						  ? cf_unit_text(CF_UNIT_RAW, trend->values[i])
						  : g_strdup("-");

		g_string_append_printf(text, "%s%s", i ? " " : "", number);
	}
	return g_string_free(text, FALSE);
}

char *cf_spark_words(const struct cf_trend *trend, enum cf_unit unit)
{
	const struct range range = range_of(trend->values, trend->n);
	guint first = 0, last = trend->n;
	g_autofree char *first_text = NULL, *last_text = NULL, *least = NULL, *most = NULL;

	if (!range.known)
		return g_strdup("");
	while (!isfinite(trend->values[first]))
		first++;
	while (!isfinite(trend->values[last - 1]))
		last--;
	first_text = cf_unit_text(unit, trend->values[first]);
	last_text = cf_unit_text(unit, trend->values[last - 1]);
	least = cf_unit_text(unit, range.least);
	most = cf_unit_text(unit, range.most);
	return g_strdup_printf("%u values: first %s, last %s, least %s, greatest %s", range.known, first_text,
			       last_text, least, most);
}

static double x_of(const struct cf_trend *trend, guint i)
{
	return trend->n > 1 ? EDGE + (WIDTH - 2.0 * EDGE) * i / (trend->n - 1) : WIDTH / 2.0;
}

static double y_of(const struct range *range, double value)
{
	return EDGE + (HEIGHT - 2.0 * EDGE) * (1 - level(range, value));
}

void cf_spark_html(struct cf_html *html, const struct cf_trend *trend, enum cf_unit unit)
{
	const struct cf_svg svg = { .html = html };
	const struct range range = range_of(trend->values, trend->n);
	g_autofree char *words = cf_spark_words(trend, unit);
	gboolean down = FALSE;
	guint last = 0;

	if (!range.known)
		return;
	cf_html_open(html, "svg", "class", "spark", "role", "img", "viewBox", "0 0 88 20", "width", "88",
		     "height", "20", NULL);
	cf_html_element(html, "title", NULL, words);
	cf_out_puts(html->out, "<path d=\"");
	for (guint i = 0; i < trend->n; i++) {
		gboolean known = isfinite(trend->values[i]);

		if (known) {
			cf_out_puts(html->out, down ? "L" : "M");
			cf_svg_value(&svg, x_of(trend, i));
			cf_svg_value(&svg, y_of(&range, trend->values[i]));
			/* A value between two gaps is a dot. */
			cf_out_puts(html->out, down ? "" : "h0");
			last = i;
		}
		down = known;
	}
	cf_out_puts(html->out, "\"/><path class=\"end\" d=\"M");
	cf_svg_value(&svg, x_of(trend, last));
	cf_svg_value(&svg, y_of(&range, trend->values[last]));
	cf_out_puts(html->out, "h0\"/>");
	cf_html_close(html, "svg");
}
