/* SPDX-License-Identifier: MIT */
/* dot: where the nodes and edges of a graph go, worked out by Graphviz when it is installed. */
#ifndef CF_RENDER_DOT_H
#define CF_RENDER_DOT_H

#include "core/diag.h"

struct cf_dot_node {
	double width, height; /* pixels */
	uint32_t cluster;     /* 0: none; nodes of one cluster stand together */
	double x, y;          /* result: the middle, pixels from the left and the top */
};

struct cf_dot_edge {
	uint32_t from, to;
	double label_width, label_height; /* room for its label, 0: none */
	uint32_t first, n; /* result: its n points from first on: a start, then triples of a Bezier curve */
	double label_x, label_y; /* result: the middle of the label */
};

struct cf_dot_point {
	double x, y;
};

struct cf_dot {
	gboolean down;          /* from top to bottom; else from left to right */
	GArray *nodes, *edges;  /* struct cf_dot_node, struct cf_dot_edge */
	GArray *cluster_labels; /* double: width of the label of cluster i + 1 */
	GArray *points;         /* struct cf_dot_point, result */
	double width, height;   /* result */
};

void cf_dot_init(struct cf_dot *dot);
void cf_dot_clear(struct cf_dot *dot);

/* Is there a dot to run? program NULL: the one in PATH; "": none. */
gboolean cf_dot_is_there(const char *program);
/*
 * Runs it. No name is ever handed to it: it gets numbers and sizes, and gives places back. 0, or -1 with a message
 * when it fails, takes too long or answers what can't be used.
 */
int cf_dot_layout(struct cf_dot *dot, const char *program, struct cf_diag *diag);

/* The two halves of it: the graph in the DOT language; an answer in dot's plain format -> results, or -1. */
void cf_dot_write(const struct cf_dot *dot, GString *text);
int cf_dot_read(struct cf_dot *dot, const char *plain);

#endif
