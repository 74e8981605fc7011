/* SPDX-License-Identifier: MIT */
/* chart_plot: how a chart is laid out for gnuplot: panels, scales, legend. */
#ifndef CF_RENDER_CHART_PLOT_H
#define CF_RENDER_CHART_PLOT_H

#include "core/chart.h"
#include "render/gnuplot.h"

/* The lines above a panel. */
struct cf_chart_head {
	gboolean title, axis, legend;
	double height;
};

/* A series in the legend of its panel. */
struct cf_chart_key {
	guint series, row;
	double x;
	int columns; /* of its name */
};

struct cf_chart_plot {
	const struct cf_chart *chart; /* borrowed */
	struct cf_plot plot;
	struct cf_scale x_scale;
	GArray *y_scales;   /* struct cf_scale, one per panel */
	GArray *heads;      /* struct cf_chart_head, one per panel */
	GArray *legend;     /* struct cf_chart_key */
	GArray *marks;      /* guint: the mark that a rule is of */
	GArray *sources;    /* guint: the point of the series that a point of the plot is */
	GArray *time_ticks; /* struct cf_time_tick, where x is a time, or NULL */
};

/* Laid out and run through gnuplot; NULL with a message. width: pixels. */
struct cf_chart_plot *cf_chart_plot(const struct cf_chart *chart, double width, const char *program,
				    struct cf_diag *diag);
void cf_chart_plot_free(struct cf_chart_plot *plot);

/* "latency (ms)": a panel's y axis, or the x axis for CF_CHART_ALL. Caller frees. */
char *cf_chart_plot_axis(const struct cf_chart_plot *plot, uint32_t panel);
/* "12.5": a tick, in the scale of its axis. Caller frees. */
char *cf_chart_plot_label(const struct cf_chart_plot *plot, const struct cf_plot_tick *tick);

#endif
