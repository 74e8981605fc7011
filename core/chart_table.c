/* SPDX-License-Identifier: MIT */
/* chart_table: a chart's points as tables. */
#include "core/chart.h"

#include <math.h>
#include <string.h>

/* A point and where it goes: the nth of its series at this x. */
struct place {
	double x;
	guint nth;
	guint series, point;
};

static gboolean same_xs(const struct cf_chart *chart)
{
	const struct cf_chart_series *first = cf_chart_series_at(chart, 0);

	for (guint s = 1; s < chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, s);

		if (series->points->len != first->points->len)
			return FALSE;
		for (guint p = 0; p < series->points->len; p++)
			if (cf_chart_point_at(series, p)->x != cf_chart_point_at(first, p)->x)
				return FALSE;
	}
	return TRUE;
}

static gint by_x(gconstpointer a, gconstpointer b)
{
	const struct place *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return p->series != q->series ? (p->series > q->series) - (p->series < q->series)
				      : (p->point > q->point) - (p->point < q->point);
}

static gint by_row(gconstpointer a, gconstpointer b)
{
	const struct place *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	if (p->nth != q->nth)
		return p->nth < q->nth ? -1 : 1;
	return (p->series > q->series) - (p->series < q->series);
}

/* Series of one set of xs keep its order, by which a curve may bend back; others are joined by x. */
static GArray *rows_of(const struct cf_chart *chart)
{
	GArray *places = g_array_new(FALSE, FALSE, sizeof(struct place));
	gboolean same = chart->series->len && same_xs(chart);

	for (guint s = 0; s < chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, s);

		for (guint p = 0; p < series->points->len; p++) {
			const struct place place = { same ? p : cf_chart_point_at(series, p)->x, 0, s, p };

			g_array_append_val(places, place);
		}
	}
	g_array_sort(places, by_x);
	for (guint i = 1; i < places->len; i++) {
		struct place *place = &g_array_index(places, struct place, i);
		const struct place *before = place - 1;

		if (place->series == before->series && place->x == before->x)
			place->nth = before->nth + 1;
	}
	g_array_sort(places, by_row);
	return places;
}

static gboolean has_interval(const struct cf_chart_series *series)
{
	for (guint p = 0; p < series->points->len; p++)
		if (!isnan(cf_chart_point_at(series, p)->low))
			return TRUE;
	return FALSE;
}

/* "p99, GET /" -> "p99_get"; names that are alike get a number. */
static char *column_id(GHashTable *taken, const char *name, const char *suffix)
{
	g_autoptr(GString) id = g_string_new(NULL);

	for (; *name && id->len < 40; name++) {
		if (g_ascii_isalnum(*name))
			g_string_append_c(id, g_ascii_tolower(*name));
		else if (id->len && id->str[id->len - 1] != '_')
			g_string_append_c(id, '_');
	}
	while (id->len && id->str[id->len - 1] == '_')
		g_string_truncate(id, id->len - 1);
	if (!id->len)
		g_string_append(id, "value");
	g_string_append(id, suffix);
	if (!g_hash_table_add(taken, g_strdup(id->str))) {
		gsize len = id->len;

		for (guint n = 2; g_hash_table_contains(taken, id->str); n++) {
			g_string_truncate(id, len);
			g_string_append_printf(id, "_%u", n);
		}
		g_hash_table_add(taken, g_strdup(id->str));
	}
	return g_strdup(id->str);
}

static void add_column(GArray *columns, GStringChunk *text, char *id, char *title, enum cf_unit unit)
{
	const struct cf_column column = { g_string_chunk_insert(text, id), g_string_chunk_insert(text, title),
					  unit, 0 };

	g_array_append_val(columns, column);
	g_free(id);
	g_free(title);
}

/* "throughput (1/s)". */
static char *titled(const char *name, const struct cf_chart_axis *axis)
{
	return *axis->words ? g_strdup_printf("%s (%s)", name, axis->words) : g_strdup(name);
}

static void add_series_columns(const struct cf_chart *chart, GArray *columns, GStringChunk *text,
			       GHashTable *taken)
{
	for (guint s = 0; s < chart->series->len; s++) {
		const struct cf_chart_series *series = cf_chart_series_at(chart, s);
		const struct cf_chart_axis *axis = &cf_chart_panel_at(chart, series->panel)->axis;
		const char *name = *series->name ? series->name : axis->title;

		add_column(columns, text, column_id(taken, name, ""), titled(name, axis), axis->unit);
		if (!has_interval(series))
			continue;
		add_column(columns, text, column_id(taken, name, "_low"), g_strdup("from"), axis->unit);
		add_column(columns, text, column_id(taken, name, "_high"), g_strdup("to"), axis->unit);
	}
}

static void put_x(struct cf_node *table, const struct cf_chart *chart, double x)
{
	if (chart->x.unit == CF_UNIT_TIME)
		cf_table_int(table, (int64_t)x);
	else if (x == floor(x) && fabs(x) < 9007199254740992.0)
		cf_table_int(table, (int64_t)x);
	else
		cf_table_double(table, x);
}

/* Whole values of every point of the series: written without decimals. */
static gboolean is_whole(const struct cf_chart_series *series)
{
	for (guint p = 0; p < series->points->len; p++) {
		double y = cf_chart_point_at(series, p)->y;

		if (y != floor(y) || fabs(y) >= 9007199254740992.0)
			return FALSE;
	}
	return TRUE;
}

static void put_value(struct cf_node *table, const struct cf_chart_series *series,
		      const struct cf_chart_point *point, gboolean whole)
{
	gboolean interval = has_interval(series);

	if (!point)
		cf_table_empty(table);
	else if (whole)
		cf_table_int(table, (int64_t)point->y);
	else
		cf_table_double(table, point->y);
	for (int side = 0; interval && side < 2; side++) {
		if (!point || isnan(point->low))
			cf_table_empty(table);
		else
			cf_table_double(table, side ? point->high : point->low);
	}
}

static void fill(struct cf_node *table, const struct cf_chart *chart, const GArray *places)
{
	g_autofree gboolean *whole = g_new0(gboolean, chart->series->len + 1);

	for (guint s = 0; s < chart->series->len; s++)
		whole[s] = is_whole(cf_chart_series_at(chart, s));
	for (guint i = 0; i < places->len;) {
		const struct place *first = &g_array_index(places, struct place, i);

		put_x(table, chart,
		      cf_chart_point_at(cf_chart_series_at(chart, first->series), first->point)->x);
		for (guint s = 0; s < chart->series->len; s++) {
			const struct cf_chart_series *series = cf_chart_series_at(chart, s);
			const struct place *place =
				i < places->len ? &g_array_index(places, struct place, i) : NULL;
			gboolean here = place && place->series == s && place->x == first->x &&
					place->nth == first->nth;

			put_value(table, series, here ? cf_chart_point_at(series, place->point) : NULL,
				  whole[s]);
			i += here;
		}
	}
}

static void add_data(struct cf_doc *doc, struct cf_node *parent, const char *id, const struct cf_chart *chart)
{
	g_autofree char *table_id = g_strconcat(id, "-data", NULL);
	g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(struct cf_column));
	g_autoptr(GArray) places = rows_of(chart);
	g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GStringChunk *text = g_string_chunk_new(1024);
	const char *x_title = *chart->x.title ? chart->x.title : "x";

	add_column(columns, text, column_id(taken, x_title, ""), titled(x_title, &chart->x), chart->x.unit);
	add_series_columns(chart, columns, text, taken);
	fill(cf_doc_table(doc, parent, table_id, NULL, (const struct cf_column *)(gpointer)columns->data,
			  columns->len),
	     chart, places);
	g_string_chunk_free(text);
}

static void add_marks(struct cf_doc *doc, struct cf_node *parent, const char *id,
		      const struct cf_chart *chart)
{
	static const struct cf_column columns[] = {
		{ "mark", "mark", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "axis", "axis", CF_UNIT_NONE, 0 },
		{ "at", "at", CF_UNIT_NONE, 0 },
		{ "value", "value", CF_UNIT_RAW, CF_COLUMN_DATA },
	};
	g_autofree char *table_id = g_strconcat(id, "-marks", NULL);
	struct cf_node *table;

	if (!chart->marks->len)
		return;
	table = cf_doc_table(doc, parent, table_id, NULL, columns, G_N_ELEMENTS(columns));
	for (guint i = 0; i < chart->marks->len; i++) {
		const struct cf_chart_mark *mark = cf_chart_mark_at(chart, i);
		const uint32_t panel = mark->panel == CF_CHART_ALL ? 0 : mark->panel;
		const struct cf_chart_axis *axis =
			mark->across ? &cf_chart_panel_at(chart, panel)->axis : &chart->x;
		g_autofree char *at = cf_axis_text(axis, mark->at);

		cf_table_text(doc, table, mark->label);
		cf_table_text(doc, table, axis->title);
		cf_table_text(doc, table, at);
		cf_table_double(table, mark->at);
	}
}

struct cf_node *cf_doc_chart(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *caption,
			     struct cf_chart *chart)
{
	struct cf_node *node = cf_doc_add(doc, parent, CF_CHART, caption);

	g_assert(chart->finished);
	node->id = cf_doc_id(doc, id);
	node->chart = chart;
	add_data(doc, node, node->id, chart);
	add_marks(doc, node, node->id, chart);
	return node;
}
