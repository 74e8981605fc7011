/* SPDX-License-Identifier: MIT */
/* gnuplot: a chart's script for gnuplot, and the run of it. */
#include "render/gnuplot.h"

#include <math.h>

#include "core/spawn.h"
#include "render/gnuplot_color.h"

#define SECONDS 5
#define ANSWER_BYTES (16 * 1024 * 1024)

void cf_plot_init(struct cf_plot *plot)
{
	*plot = (struct cf_plot){ .x_ticks = g_array_new(FALSE, FALSE, sizeof(double)),
				  .panels = g_array_new(FALSE, FALSE, sizeof(struct cf_plot_panel)),
				  .series = g_array_new(FALSE, FALSE, sizeof(struct cf_plot_series)),
				  .points = g_array_new(FALSE, FALSE, sizeof(struct cf_plot_point)),
				  .rules = g_array_new(FALSE, FALSE, sizeof(struct cf_plot_rule)),
				  .shapes = g_array_new(FALSE, FALSE, sizeof(struct cf_plot_shape)),
				  .ticks = g_array_new(FALSE, FALSE, sizeof(struct cf_plot_tick)),
				  .places = g_array_new(FALSE, FALSE, sizeof(struct cf_plot_place)) };
}

void cf_plot_clear(struct cf_plot *plot)
{
	g_array_unref(plot->x_ticks);
	g_array_unref(plot->panels);
	g_array_unref(plot->series);
	g_array_unref(plot->points);
	g_array_unref(plot->rules);
	g_array_unref(plot->shapes);
	g_array_unref(plot->ticks);
	g_array_unref(plot->places);
}

gboolean cf_gnuplot_is_there(const char *program)
{
	g_autofree char *path = program ? NULL : g_find_program_in_path("gnuplot");

	return program ? *program != '\0' : path != NULL;
}

/* A number as gnuplot reads it, in any locale: never an integer, whose division would be another. */
static void put(GString *script, const char *before, double value)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(number, sizeof(number), "%.16e", value);
	g_string_append_printf(script, "%s%s", before, number);
}

static void put_color(GString *script, const char *before, uint32_t panel, enum cf_plot_kind kind,
		      uint32_t index)
{
	g_string_append_printf(script, "%s'#%06x'", before, cf_plot_color(panel, kind, index));
}

static const struct cf_plot_point *point_at(const struct cf_plot *plot, const struct cf_plot_series *series,
					    uint32_t i)
{
	return &g_array_index(plot->points, struct cf_plot_point, series->first + i);
}

static gboolean has_interval(const struct cf_plot_point *point)
{
	return !isnan(point->low) && !isnan(point->high);
}

/* A band needs two points at least, and all of them; else each interval stands alone. */
static gboolean has_band(const struct cf_plot *plot, const struct cf_plot_series *series)
{
	for (uint32_t i = 0; i < series->n; i++)
		if (!has_interval(point_at(plot, series, i)))
			return FALSE;
	return series->line && series->n > 1;
}

static gboolean has_spans(const struct cf_plot *plot, const struct cf_plot_series *series)
{
	for (uint32_t i = 0; i < series->n; i++)
		if (has_interval(point_at(plot, series, i)))
			return !has_band(plot, series);
	return FALSE;
}

/* The data of a series: x, y, low, high, the length of the interval; then those of them that have an interval. */
static void put_data(GString *script, const struct cf_plot *plot, guint s)
{
	const struct cf_plot_series *series = &g_array_index(plot->series, struct cf_plot_series, s);

	for (int intervals = 0; intervals < 2; intervals++) {
		g_string_append_printf(script, "$%c%u << END\n", intervals ? 'i' : 'd', s);
		for (uint32_t i = 0; i < series->n; i++) {
			const struct cf_plot_point *point = point_at(plot, series, i);

			if (intervals && !has_interval(point))
				continue;
			put(script, "", point->x);
			put(script, " ", point->y);
			if (intervals) {
				put(script, " ", point->low);
				put(script, " ", point->high);
				put(script, " ", point->high - point->low);
			}
			g_string_append_c(script, '\n');
		}
		g_string_append(script, "END\n");
	}
}

static void put_series(GString *script, const struct cf_plot *plot, guint s, guint *n)
{
	const struct cf_plot_series *series = &g_array_index(plot->series, struct cf_plot_series, s);

#define NEXT(kind, what)                                                                              \
	do {                                                                                          \
		g_string_append_printf(script, *n ? ", $%c%u using " : "plot $%c%u using ", what, s); \
		(*n)++;                                                                               \
	} while (0)
	if (has_band(plot, series)) {
		NEXT(CF_PLOT_BAND, 'i');
		put_color(script, "1:3:4 with filledcurves fillstyle solid noborder fillcolor rgb ",
			  series->panel, CF_PLOT_BAND, s);
	}
	if (series->bar > 0) {
		NEXT(CF_PLOT_BAR, 'd');
		put(script, "1:2:(", series->bar);
		put_color(script, ") with boxes fillstyle solid noborder fillcolor rgb ", series->panel,
			  CF_PLOT_BAR, s);
	}
	if (has_spans(plot, series)) {
		NEXT(CF_PLOT_SPAN, 'i');
		put_color(script, "1:3:(0):5 with vectors nohead linecolor rgb ", series->panel, CF_PLOT_SPAN,
			  s);
	}
	if (series->line && series->n > 1) {
		NEXT(CF_PLOT_LINE, 'd');
		put_color(script, "1:2 with lines linecolor rgb ", series->panel, CF_PLOT_LINE, s);
	}
	if (!(series->bar > 0)) {
		NEXT(CF_PLOT_DOT, 'd');
		put_color(script, "1:2 with points pointtype 7 linecolor rgb ", series->panel, CF_PLOT_DOT,
			  s);
	}
#undef NEXT
}

static void put_rules(GString *script, const struct cf_plot *plot, uint32_t panel)
{
	g_string_append(script, "unset arrow\n");
	for (guint i = 0; i < plot->rules->len; i++) {
		const struct cf_plot_rule *rule = &g_array_index(plot->rules, struct cf_plot_rule, i);

		if (rule->panel != panel)
			continue;
		if (rule->across) {
			put(script, "set arrow from graph 0,first ", rule->at);
			put(script, " to graph 1,first ", rule->at);
		} else {
			put(script, "set arrow from first ", rule->at);
			put(script, ",graph 0 to first ", rule->at);
			g_string_append(script, ",graph 1");
		}
		put_color(script, " nohead linecolor rgb ", panel, CF_PLOT_RULE, i);
		g_string_append_c(script, '\n');
	}
}

static void put_panel(GString *script, const struct cf_plot *plot, uint32_t p)
{
	const struct cf_plot_panel *panel = &g_array_index(plot->panels, struct cf_plot_panel, p);
	gboolean last = p + 1 == plot->panels->len;
	guint n = 0;

	put(script, "set lmargin at screen ", panel->left / plot->width);
	put(script, "\nset rmargin at screen ", panel->right / plot->width);
	put(script, "\nset tmargin at screen ", 1 - panel->top / plot->height);
	put(script, "\nset bmargin at screen ", 1 - panel->bottom / plot->height);
	put(script, "\nset yrange [", panel->least);
	put(script, ":", panel->most);
	/* Ticks take the colour of the border, which isn't drawn. */
	put_color(script, "]\nset border 0 linecolor rgb ", p, CF_PLOT_TICK, 0);
	put_color(script, "\nset ytics nomirror scale 0.2 format '%.12g' textcolor rgb ", p, CF_PLOT_Y, 0);
	if (panel->step > 0)
		put(script, " ", panel->step);
	put_color(script, "\nset xtics nomirror scale 0.2 textcolor rgb ", p, CF_PLOT_X, 0);
	g_string_append(script, last ? " format '%.12g'" : " format ''");
	for (guint i = 0; i < plot->x_ticks->len; i++) {
		/* The label is the tick's number: its value has too many digits for the format. */
		g_string_append_printf(script, last ? "%s'%u'" : "%s''", i ? "," : " (", i);
		put(script, " ", g_array_index(plot->x_ticks, double, i));
	}
	g_string_append(script, plot->x_ticks->len ? ")" : "");
	g_string_append_c(script, '\n');
	put_rules(script, plot, p);
	for (guint s = 0; s < plot->series->len; s++) {
		const struct cf_plot_series *series = &g_array_index(plot->series, struct cf_plot_series, s);

		if (series->panel == p && series->n)
			put_series(script, plot, s, &n);
	}
	g_string_append(script, n ? "\n" : "plot $none using 1:2\n");
}

void cf_gnuplot_write(const struct cf_plot *plot, GString *script)
{
	g_string_append_printf(script,
			       "set terminal svg size %d,%d fixed noenhanced\nunset key\n"
			       "set style data points\n",
			       (int)plot->width, (int)plot->height);
	put(script, "set xrange [", plot->least);
	put(script, ":", plot->most);
	g_string_append(script, "]\n");
	for (guint s = 0; s < plot->series->len; s++)
		put_data(script, plot, s);
	/* For panels without points: one beyond any axis. */
	g_string_append(script, "$none << END\n1e300 1e300\nEND\nset multiplot\n");
	for (uint32_t p = 0; p < plot->panels->len; p++)
		put_panel(script, plot, p);
	g_string_append(script, "unset multiplot\n");
}

int cf_gnuplot_layout(struct cf_plot *plot, const char *program, struct cf_diag *diag)
{
	/* -d: no start-up files, which may hold any command. */
	const char *const argv[] = { program ? program : "gnuplot", "-d", "-", NULL };
	g_autoptr(GString) script = g_string_new(NULL);
	g_autoptr(GString) answer = g_string_new(NULL);

	cf_gnuplot_write(plot, script);
	if (cf_spawn(argv, (struct cf_slice){ .data = (const uint8_t *)script->str, .len = script->len },
		     SECONDS, ANSWER_BYTES, answer, diag) < 0)
		return -1;
	if (cf_gnuplot_read(plot, answer->str) < 0)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s answered what is no layout of the chart",
				   argv[0]);
	return 0;
}
