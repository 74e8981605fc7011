/* SPDX-License-Identifier: MIT */
/* gnuplot: where the points, lines and ticks of a chart go, worked out by gnuplot when it is installed. */
#ifndef CF_RENDER_GNUPLOT_H
#define CF_RENDER_GNUPLOT_H

#include "core/diag.h"

/* A panel: its place in pixels from the left and the top, and the values at its edges. */
struct cf_plot_panel {
	double left, top, right, bottom;
	double least, most; /* of y, least < most */
	double step;        /* between its ticks; 0: as gnuplot likes */
};

enum cf_plot_kind {
	CF_PLOT_X, /* words of the x axis; no shapes */
	CF_PLOT_Y,
	CF_PLOT_TICK, /* from where a tick is on its axis */
	CF_PLOT_LINE, /* joins the points of a series */
	CF_PLOT_DOT,  /* one per point of a series that isn't of bars, in their order */
	CF_PLOT_BAR,  /* four corners; one per point of a series of bars */
	CF_PLOT_BAND, /* around a line of which all points have intervals */
	CF_PLOT_SPAN, /* the interval of one point */
	CF_PLOT_RULE  /* across a panel */
};
#define CF_PLOT_KINDS (CF_PLOT_RULE + 1)

struct cf_plot_point {
	double x, y;
	double low, high; /* NAN: no interval */
};

struct cf_plot_series {
	uint32_t panel;
	double bar; /* width of bars in values of x; 0: it has none */
	gboolean line;
	uint32_t first, n; /* of points */
};

struct cf_plot_rule {
	uint32_t panel;
	gboolean across; /* at a y; else at an x */
	double at;
};

/* Result: an outline, its n places from first on. */
struct cf_plot_shape {
	enum cf_plot_kind kind;
	uint32_t panel;
	uint32_t index; /* of the series or rule; 0 of ticks */
	uint32_t first, n;
};

/* Result: a tick that is labelled with its value; place is its x or y. Those of x are at the last panel, for all. */
struct cf_plot_tick {
	uint32_t panel;
	gboolean y;
	double value, place;
};

struct cf_plot_place {
	double x, y; /* pixels from the left and the top */
};

struct cf_plot {
	double width, height; /* pixels */
	double least, most;   /* of x, least < most */
	GArray *x_ticks;      /* double: where they are wanted; none: as gnuplot likes */
	GArray *panels;       /* struct cf_plot_panel, at most 32 */
	GArray *series;       /* struct cf_plot_series, at most 250 */
	GArray *points;       /* struct cf_plot_point */
	GArray *rules;        /* struct cf_plot_rule, at most 250 */
	GArray *shapes;       /* struct cf_plot_shape, result */
	GArray *ticks;        /* struct cf_plot_tick, result */
	GArray *places;       /* struct cf_plot_place, result */
};

void cf_plot_init(struct cf_plot *plot);
void cf_plot_clear(struct cf_plot *plot);

/* Is there a gnuplot to run? program NULL: the one in PATH; "": none. */
gboolean cf_gnuplot_is_there(const char *program);
/*
 * Runs it. No text is ever handed to it: it gets numbers, and gives places back. 0, or -1 with a message when it fails,
 * takes too long or answers what can't be used.
 */
int cf_gnuplot_layout(struct cf_plot *plot, const char *program, struct cf_diag *diag);

/* The two halves of it: a script for gnuplot's standard input; an answer of its svg terminal -> results, or -1. */
void cf_gnuplot_write(const struct cf_plot *plot, GString *script);
int cf_gnuplot_read(struct cf_plot *plot, const char *svg);

#endif
