/* SPDX-License-Identifier: MIT */
/* chart: series of points over a shared x axis, in panels that stand below each other. */
#ifndef CF_CORE_CHART_H
#define CF_CORE_CHART_H

#include "core/doc.h"
#include "core/figure.h"

/* Most points of a series that are kept: more can't be told apart on a page. */
#define CF_CHART_POINTS_MAX 400
/* A chart of more series, panels or marks is no chart: what is beyond is left out, and the note says so. */
#define CF_CHART_SERIES_MAX 24
#define CF_CHART_PANELS_MAX 12
#define CF_CHART_MARKS_MAX 20

enum cf_chart_style {
	CF_CHART_LINE,   /* points joined in the order in which they were added */
	CF_CHART_POINTS, /* single measurements */
	CF_CHART_BARS    /* counts and sums of a stretch: the axis has a zero */
};

/* An axis: what it shows and in what. */
struct cf_chart_axis {
	const char *title;
	enum cf_unit unit;
	const char *words; /* the unit where it isn't ours ("1/s"), else "" */
};

struct cf_chart_panel {
	const char *title; /* "" where the axis says it all */
	struct cf_chart_axis axis;
};

struct cf_chart_point {
	double x, y;      /* finite; of a time axis x is ns since the epoch */
	double low, high; /* an interval around y, or both NAN */
};

struct cf_chart_series {
	uint32_t panel;
	const char *name; /* what readers see */
	enum cf_chart_style style;
	GArray *points; /* struct cf_chart_point */
	guint added;    /* points before they were thinned */
};

/* A line across a panel, with a word: a budget, a change point. */
struct cf_chart_mark {
	uint32_t panel;  /* CF_CHART_ALL: through all of them */
	gboolean across; /* at a y, from left to right; else at an x */
	double at;
	const char *label;
	unsigned marks; /* enum cf_mark */
};
#define CF_CHART_ALL G_MAXUINT32

struct cf_chart {
	struct cf_chart_axis x;
	GArray *panels; /* struct cf_chart_panel */
	GArray *series; /* struct cf_chart_series, owned points */
	GArray *marks;  /* struct cf_chart_mark */
	char *note;     /* stands below the picture, or NULL */
	guint left_out; /* series */
	guint marks_left_out;
	gboolean finished;
	GStringChunk *text; /* private */
};

/* Text is copied by all of these; NULL is "". */
struct cf_chart *cf_chart_new(const char *x_title, enum cf_unit x_unit, const char *x_words);
void cf_chart_free(struct cf_chart *chart);
uint32_t cf_chart_panel(struct cf_chart *chart, const char *title, const char *y_title, enum cf_unit unit,
			const char *words);
/* The series' number; CF_CHART_ALL when there are too many of them or of panels, and then it takes no points. */
uint32_t cf_chart_series(struct cf_chart *chart, uint32_t panel, const char *name, enum cf_chart_style style);
/* What isn't finite, or more than 1e300, is left out: a value that isn't there is a gap in the data, not a point. */
void cf_chart_point(struct cf_chart *chart, uint32_t series, double x, double y);
/* low <= high, both finite; else the point has no interval. */
void cf_chart_interval(struct cf_chart *chart, uint32_t series, double x, double y, double low, double high);
void cf_chart_mark(struct cf_chart *chart, const struct cf_chart_mark *mark);
/*
 * Call once, when all is added. A series of too many points is thinned to the first, the least, the greatest and the
 * last of each stretch; the note says so.
 */
void cf_chart_finish(struct cf_chart *chart);

static inline const struct cf_chart_panel *cf_chart_panel_at(const struct cf_chart *chart, uint32_t i)
{
	return &g_array_index(chart->panels, struct cf_chart_panel, i);
}
static inline const struct cf_chart_series *cf_chart_series_at(const struct cf_chart *chart, uint32_t i)
{
	return &g_array_index(chart->series, struct cf_chart_series, i);
}
static inline const struct cf_chart_point *cf_chart_point_at(const struct cf_chart_series *series, guint i)
{
	return &g_array_index(series->points, struct cf_chart_point, i);
}
static inline const struct cf_chart_mark *cf_chart_mark_at(const struct cf_chart *chart, uint32_t i)
{
	return &g_array_index(chart->marks, struct cf_chart_mark, i);
}

/* The least and greatest value of an axis, intervals and marks included. FALSE when there is none. */
gboolean cf_chart_x_range(const struct cf_chart *chart, double *least, double *most);
gboolean cf_chart_y_range(const struct cf_chart *chart, uint32_t panel, double *least, double *most);
/* Does an axis of these values begin at zero? Bars do; others where little room is lost. */
gboolean cf_chart_from_zero(const struct cf_chart *chart, uint32_t panel, double least, double most);
/* "12.5 ms", "190 1/s", "2026-11-23": a value of an axis on its own. Caller frees. */
char *cf_axis_text(const struct cf_chart_axis *axis, double value);

/*
 * A CHART node that owns the finished chart. Its children are the table ID-data, a row per x and a column per series,
 * and, where there are marks, the table ID-marks.
 */
struct cf_node *cf_doc_chart(struct cf_doc *doc, struct cf_node *parent, const char *id, const char *caption,
			     struct cf_chart *chart);

#endif
