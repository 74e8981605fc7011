/* SPDX-License-Identifier: MIT */
/* dot: where the nodes and edges of a graph go, worked out by Graphviz. */
#include "render/dot.h"

#include <math.h>
#include <string.h>

#include "core/spawn.h"

#define INCH 72.0 /* pixels; dot computes in inches */
#define SECONDS 5
#define ANSWER_BYTES (8 * 1024 * 1024)
#define MOST_POINTS 4096    /* of an edge */
#define WIDEST (1e5 / INCH) /* inches; no picture is as large */

void cf_dot_init(struct cf_dot *dot)
{
	*dot = (struct cf_dot){ .nodes = g_array_new(FALSE, TRUE, sizeof(struct cf_dot_node)),
				.edges = g_array_new(FALSE, TRUE, sizeof(struct cf_dot_edge)),
				.cluster_labels = g_array_new(FALSE, TRUE, sizeof(double)),
				.points = g_array_new(FALSE, TRUE, sizeof(struct cf_dot_point)) };
}

void cf_dot_clear(struct cf_dot *dot)
{
	g_array_unref(dot->nodes);
	g_array_unref(dot->edges);
	g_array_unref(dot->cluster_labels);
	g_array_unref(dot->points);
}

gboolean cf_dot_is_there(const char *program)
{
	g_autofree char *path = program ? NULL : g_find_program_in_path("dot");

	return program ? *program != '\0' : path != NULL;
}

/* Inches with four decimals. */
static void put_inches(GString *text, const char *attribute, double pixels)
{
	char number[G_ASCII_DTOSTR_BUF_SIZE];

	g_ascii_formatd(number, sizeof(number), "%.4f", pixels / INCH);
	g_string_append_printf(text, "%s=%s", attribute, number);
}

/* A label that only takes up room: an empty table of that size. Fonts have no say in the layout. */
static void put_room(GString *text, double width, double height)
{
	g_string_append_printf(text,
			       "label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"%d\" HEIGHT=\"%d\">"
			       "<TR><TD></TD></TR></TABLE>>",
			       (int)ceil(width), (int)ceil(height));
}

static void put_node(GString *text, const struct cf_dot *dot, guint i)
{
	const struct cf_dot_node *node = &g_array_index(dot->nodes, struct cf_dot_node, i);

	g_string_append_printf(text, "n%u [", i + 1);
	put_inches(text, "width", node->width);
	put_inches(text, ",height", node->height);
	g_string_append(text, "]\n");
}

void cf_dot_write(const struct cf_dot *dot, GString *text)
{
	g_string_append_printf(
		text,
		"digraph g {\nrankdir=%s\nnewrank=true\nnodesep=0.3\nranksep=0.55\nsplines=spline\n"
		"node [shape=box,fixedsize=true,label=\"\"]\nedge [arrowhead=none]\n",
		dot->down ? "TB" : "LR");
	for (guint c = 1; c <= dot->cluster_labels->len; c++) {
		g_string_append_printf(text, "subgraph cluster_%u {\nlabeljust=l\nmargin=12\n", c);
		put_room(text, g_array_index(dot->cluster_labels, double, c - 1), 14);
		g_string_append_c(text, '\n');
		for (guint i = 0; i < dot->nodes->len; i++)
			if (g_array_index(dot->nodes, struct cf_dot_node, i).cluster == c)
				put_node(text, dot, i);
		g_string_append(text, "}\n");
	}
	for (guint i = 0; i < dot->nodes->len; i++)
		if (!g_array_index(dot->nodes, struct cf_dot_node, i).cluster)
			put_node(text, dot, i);
	for (guint i = 0; i < dot->edges->len; i++) {
		const struct cf_dot_edge *edge = &g_array_index(dot->edges, struct cf_dot_edge, i);

		g_string_append_printf(text, "n%u -> n%u", edge->from + 1, edge->to + 1);
		if (edge->label_width > 0) {
			g_string_append(text, " [");
			put_room(text, edge->label_width, edge->label_height);
			g_string_append_c(text, ']');
		}
		g_string_append_c(text, '\n');
	}
	g_string_append(text, "}\n");
}

/*
 * Graphviz, "Output formats", plain: numbers in inches, y upwards.
 *	graph SCALE WIDTH HEIGHT
 *	node NAME X Y WIDTH HEIGHT LABEL STYLE SHAPE COLOR FILLCOLOR
 *	edge TAIL HEAD N X1 Y1 .. XN YN [LABEL XL YL] STYLE COLOR
 *	stop
 */
static gboolean read_number(const char *word, double *value)
{
	const struct cf_slice text = { .data = (const uint8_t *)word, .len = strlen(word) };

	return cf_parse_double(text, value) && fabs(*value) <= WIDEST;
}

static gboolean read_point(const struct cf_dot *dot, char **words, struct cf_dot_point *point)
{
	if (!read_number(words[0], &point->x) || !read_number(words[1], &point->y))
		return FALSE;
	point->x *= INCH;
	point->y = dot->height - point->y * INCH;
	return TRUE;
}

/* "n12" -> 11. */
static gboolean read_name(const struct cf_dot *dot, const char *word, uint32_t *node)
{
	guint64 number;

	if (word[0] != 'n' ||
	    !g_ascii_string_to_unsigned(word + 1, 10, 1, MAX(dot->nodes->len, 1), &number, NULL))
		return FALSE;
	*node = (uint32_t)number - 1;
	return dot->nodes->len > 0;
}

static gboolean read_node(struct cf_dot *dot, char **words, guint n)
{
	struct cf_dot_point point;
	uint32_t i;

	if (n < 4 || !read_name(dot, words[1], &i) || !read_point(dot, words + 2, &point))
		return FALSE;
	g_array_index(dot->nodes, struct cf_dot_node, i).x = point.x;
	g_array_index(dot->nodes, struct cf_dot_node, i).y = point.y;
	return TRUE;
}

/* Edges come in dot's order: the first of these ends that has no points yet. */
static struct cf_dot_edge *find_edge(struct cf_dot *dot, uint32_t from, uint32_t to)
{
	for (guint i = 0; i < dot->edges->len; i++) {
		struct cf_dot_edge *edge = &g_array_index(dot->edges, struct cf_dot_edge, i);

		if (edge->from == from && edge->to == to && !edge->n)
			return edge;
	}
	return NULL;
}

static gboolean read_edge(struct cf_dot *dot, char **words, guint n)
{
	struct cf_dot_edge *edge;
	struct cf_dot_point point;
	uint32_t from, to;
	guint64 points;

	if (n < 4 || !read_name(dot, words[1], &from) || !read_name(dot, words[2], &to) ||
	    !g_ascii_string_to_unsigned(words[3], 10, 4, MOST_POINTS, &points, NULL))
		return FALSE;
	edge = find_edge(dot, from, to);
	if (!edge || points % 3 != 1 || n < 4 + 2 * points)
		return FALSE;
	edge->first = dot->points->len;
	edge->n = (uint32_t)points;
	for (guint i = 0; i < points; i++) {
		if (!read_point(dot, words + 4 + 2 * i, &point))
			return FALSE;
		g_array_append_val(dot->points, point);
	}
	if (edge->label_width <= 0)
		return TRUE;
	/* The label is before style and colour, which end the line. */
	if (n < 4 + 2 * points + 5 || !read_point(dot, words + n - 4, &point))
		return FALSE;
	edge->label_x = point.x;
	edge->label_y = point.y;
	return TRUE;
}

static gboolean read_graph(struct cf_dot *dot, char **words, guint n)
{
	if (n < 4 || !read_number(words[2], &dot->width) || !read_number(words[3], &dot->height))
		return FALSE;
	dot->width *= INCH;
	dot->height *= INCH;
	return dot->width > 0 && dot->height > 0;
}

int cf_dot_read(struct cf_dot *dot, const char *plain)
{
	g_auto(GStrv) lines = g_strsplit(plain, "\n", -1);
	guint edges = 0;
	gboolean stopped = FALSE;

	g_array_set_size(dot->points, 0);
	for (guint i = 0; i < dot->edges->len; i++)
		g_array_index(dot->edges, struct cf_dot_edge, i).n = 0;
	for (guint i = 0; i < dot->nodes->len; i++)
		g_array_index(dot->nodes, struct cf_dot_node, i).x = NAN;
	for (guint i = 0; lines[i] && !stopped; i++) {
		g_auto(GStrv) words = g_strsplit(lines[i], " ", -1);
		guint n = g_strv_length(words);

		if (!n || !*words[0])
			continue;
		if (!strcmp(words[0], "graph")  ? !read_graph(dot, words, n)
		    : !strcmp(words[0], "node") ? !read_node(dot, words, n)
		    : !strcmp(words[0], "edge") ? !read_edge(dot, words, n)
						: FALSE)
			return -1;
		edges += !strcmp(words[0], "edge");
		stopped = !strcmp(words[0], "stop");
	}
	for (guint i = 0; i < dot->nodes->len; i++)
		if (isnan(g_array_index(dot->nodes, struct cf_dot_node, i).x))
			return -1;
	return stopped && edges == dot->edges->len ? 0 : -1;
}

int cf_dot_layout(struct cf_dot *dot, const char *program, struct cf_diag *diag)
{
	const char *const argv[] = { program ? program : "dot", "-Tplain", NULL };
	g_autoptr(GString) input = g_string_new(NULL);
	g_autoptr(GString) answer = g_string_new(NULL);

	cf_dot_write(dot, input);
	if (cf_spawn(argv, (struct cf_slice){ .data = (const uint8_t *)input->str, .len = input->len },
		     SECONDS, ANSWER_BYTES, answer, diag) < 0)
		return -1;
	if (cf_dot_read(dot, answer->str) < 0)
		return cf_error_as(diag, CF_STATUS_SYSTEM, NULL, "%s answered what is no layout of the graph",
				   argv[0]);
	return 0;
}
