/* SPDX-License-Identifier: MIT */
/* svg_graph: a graph as boxes and arrows. */
#include "render/svg.h"

#include <math.h>
#include <string.h>

#include "render/dot.h"

#define MOST_NODES 40 /* more can't be taken in at a look */
#define MOST_EDGES 70
#define FEW_EDGES 30 /* with more, only the heaviest have their weight written */
#define LABELLED_EDGES 12
#define LABEL_COLUMNS 38 /* of a node; longer names are cut, with the whole in a tooltip */
#define EDGE_COLUMNS 26
#define PAD 12    /* inside a node, left and right */
#define LINE 15   /* from one line of words to the next */
#define MARGIN 14 /* around the picture */
#define WIDE 1180 /* from here on the other direction may fit better */

/* What is written in a node or at an edge. */
struct words {
	char *first, *second; /* NULL: none */
};

struct drawing {
	const struct cf_svg *svg;
	const struct cf_graph *graph; /* reduced */
	struct cf_dot dot;
	struct words *nodes, *edges;
	uint32_t *cluster; /* per group: number from 1, 0 for none */
	int64_t heaviest_node, heaviest_edge;
};

static int64_t magnitude(int64_t v)
{
	return v == INT64_MIN ? INT64_MAX : v < 0 ? -v : v;
}

static void append_word(GString *line, const char *word)
{
	if (*word)
		g_string_append_printf(line, "%s%s", line->len ? " · " : "", word);
}

static void append_weight(GString *line, const struct cf_graph *graph, int64_t weight, int64_t count)
{
	g_autofree char *weight_text = cf_unit_text_i64(graph->unit, weight);
	g_autofree char *count_text = cf_unit_text_i64(CF_UNIT_COUNT, count);

	if (weight)
		append_word(line, weight_text);
	if (count) {
		g_autofree char *words = g_strdup_printf("%s %s", count_text, graph->counted);

		append_word(line, words);
	}
}

static char *line_or_null(GString *line)
{
	gboolean empty = !line->len;
	char *text = g_string_free(line, empty);

	return empty ? NULL : text;
}

/* A group of one needs no frame: its name stands in the node. */
static struct words node_words(const struct drawing *d, const struct cf_graph_node *node)
{
	const char *group = g_ptr_array_index(d->graph->groups, node->group);
	GString *second = g_string_new(NULL);

	append_word(second, cf_mark_word(node->marks, d->graph->highlight));
	if (node->kind == CF_PARTY_DATABASE || node->kind == CF_PARTY_QUEUE ||
	    node->kind == CF_PARTY_EXTERNAL)
		append_word(second, cf_party_name(node->kind));
	if (!d->cluster[node->group])
		append_word(second, group);
	if (node->kind != CF_PARTY_OTHERS)
		append_weight(second, d->graph, node->weight, 0);
	return (struct words){ g_strdup(node->label), line_or_null(second) };
}

static struct words edge_words(const struct drawing *d, guint i)
{
	const struct cf_graph_edge *edge = cf_graph_edge_at(d->graph, i);
	GString *second = g_string_new(NULL);

	if (d->graph->edges->len > FEW_EDGES && i >= LABELLED_EDGES && !edge->marks) {
		g_string_free(second, TRUE);
		return (struct words){ NULL, NULL };
	}
	append_word(second, cf_mark_word(edge->marks, d->graph->highlight));
	append_weight(second, d->graph, edge->weight, edge->weight ? 0 : edge->count);
	return (struct words){ *edge->label ? g_strdup(edge->label) : NULL, line_or_null(second) };
}

static double words_width(const struct words *words, int most)
{
	double width = 0;

	if (words->first)
		width = cf_svg_columns(words->first, most) * CF_SVG_CHAR;
	if (words->second)
		width = MAX(width, cf_svg_columns(words->second, most + 6) * CF_SVG_SMALL);
	return width;
}

/* Groups with two or more nodes are framed; they are numbered in order of their heaviest node. */
static void find_clusters(struct drawing *d)
{
	g_autofree uint32_t *members = g_new0(uint32_t, d->graph->groups->len);

	d->cluster = g_new0(uint32_t, d->graph->groups->len);
	for (guint i = 0; i < d->graph->nodes->len; i++)
		members[cf_graph_at(d->graph, i)->group]++;
	for (guint i = 0; i < d->graph->nodes->len; i++) {
		uint32_t group = cf_graph_at(d->graph, i)->group;

		if (group && members[group] > 1 && !d->cluster[group]) {
			double width =
				cf_svg_columns(g_ptr_array_index(d->graph->groups, group), LABEL_COLUMNS) *
				CF_SVG_SMALL;

			g_array_append_val(d->dot.cluster_labels, width);
			d->cluster[group] = d->dot.cluster_labels->len;
		}
	}
}

static void measure(struct drawing *d)
{
	find_clusters(d);
	d->nodes = g_new0(struct words, d->graph->nodes->len + 1);
	d->edges = g_new0(struct words, d->graph->edges->len + 1);
	for (guint i = 0; i < d->graph->nodes->len; i++) {
		const struct cf_graph_node *node = cf_graph_at(d->graph, i);
		struct cf_dot_node place = { .cluster = d->cluster[node->group] };

		d->nodes[i] = node_words(d, node);
		place.width = MAX(words_width(&d->nodes[i], LABEL_COLUMNS) + 2 * PAD, 56);
		place.height = (d->nodes[i].second ? 2 : 1) * LINE + 14;
		if (node->kind != CF_PARTY_OTHERS)
			d->heaviest_node = MAX(d->heaviest_node, magnitude(node->weight));
		g_array_append_val(d->dot.nodes, place);
	}
	for (guint i = 0; i < d->graph->edges->len; i++) {
		const struct cf_graph_edge *edge = cf_graph_edge_at(d->graph, i);
		struct cf_dot_edge place = { .from = edge->from, .to = edge->to };

		d->edges[i] = edge_words(d, i);
		if (d->edges[i].first || d->edges[i].second) {
			place.label_width = words_width(&d->edges[i], EDGE_COLUMNS) + 10;
			place.label_height =
				(d->edges[i].first && d->edges[i].second ? 2 : 1) * (LINE - 2) + 4;
		}
		d->heaviest_edge =
			MAX(d->heaviest_edge, magnitude(edge->weight ? edge->weight : edge->count));
		g_array_append_val(d->dot.edges, place);
	}
}

/* The direction that the graph asks for, unless it comes out too wide and the other one is narrower. */
static int lay_out(struct drawing *d, struct cf_diag *diag)
{
	const char *program = d->svg->html->opts->dot;
	double width;

	d->dot.down = d->graph->down;
	if (cf_dot_layout(&d->dot, program, diag) < 0)
		return -1;
	width = d->dot.width;
	if (width <= WIDE)
		return 0;
	d->dot.down = !d->dot.down;
	if (cf_dot_layout(&d->dot, program, diag) < 0)
		return -1;
	if (d->dot.width < 0.8 * width)
		return 0;
	d->dot.down = !d->dot.down;
	return cf_dot_layout(&d->dot, program, diag);
}

/* Some releases of dot give up ("trouble in init_rank") on frames together with labels: then without frames. */
static int lay_out_somehow(struct drawing *d, struct cf_diag *diag)
{
	struct cf_diag silent = { 0 };

	if (!d->dot.cluster_labels->len)
		return lay_out(d, diag);
	if (lay_out(d, &silent) == 0)
		return 0;
	g_array_set_size(d->dot.cluster_labels, 0);
	memset(d->cluster, 0, d->graph->groups->len * sizeof(*d->cluster));
	for (guint i = 0; i < d->dot.nodes->len; i++)
		g_array_index(d->dot.nodes, struct cf_dot_node, i).cluster = 0;
	return lay_out(d, diag);
}

static const char *mark_class(unsigned marks)
{
	if (marks & CF_MARK_FAILED)
		return " cf-failed";
	if (marks & CF_MARK_GONE)
		return " cf-gone";
	if (marks & CF_MARK_NEW)
		return " cf-new";
	return marks & CF_MARK_HIGHLIGHT ? " cf-high" : "";
}

struct box {
	double left, top, right, bottom;
};

static void include(struct box *box, double x, double y, double width, double height)
{
	box->left = MIN(box->left, x - width / 2);
	box->right = MAX(box->right, x + width / 2);
	box->top = MIN(box->top, y - height / 2);
	box->bottom = MAX(box->bottom, y + height / 2);
}

static void include_edge(struct box *box, const struct drawing *d, const struct cf_dot_edge *edge)
{
	for (uint32_t k = 0; k < edge->n; k++) {
		const struct cf_dot_point *point =
			&g_array_index(d->dot.points, struct cf_dot_point, edge->first + k);

		include(box, point->x, point->y, 4, 4);
	}
	if (edge->label_width > 0)
		include(box, edge->label_x, edge->label_y, edge->label_width, edge->label_height);
}

/* The frame of a cluster: its nodes, the edges within it, and a line on top for its name. */
static struct box cluster_box(const struct drawing *d, uint32_t cluster)
{
	struct box box = { INFINITY, INFINITY, -INFINITY, -INFINITY };

	for (guint i = 0; i < d->dot.nodes->len; i++) {
		const struct cf_dot_node *node = &g_array_index(d->dot.nodes, struct cf_dot_node, i);

		if (node->cluster == cluster)
			include(&box, node->x, node->y, node->width, node->height);
	}
	for (guint i = 0; i < d->dot.edges->len; i++) {
		const struct cf_dot_edge *edge = &g_array_index(d->dot.edges, struct cf_dot_edge, i);

		if (g_array_index(d->dot.nodes, struct cf_dot_node, edge->from).cluster == cluster &&
		    g_array_index(d->dot.nodes, struct cf_dot_node, edge->to).cluster == cluster)
			include_edge(&box, d, edge);
	}
	box.right = MAX(box.right, box.left + g_array_index(d->dot.cluster_labels, double, cluster - 1));
	return (struct box){ box.left - 10, box.top - 26, box.right + 10, box.bottom + 10 };
}

static void draw_clusters(const struct drawing *d, gboolean labels)
{
	for (guint g = 1; g < d->graph->groups->len; g++) {
		struct box box;

		if (!d->cluster[g])
			continue;
		box = cluster_box(d, d->cluster[g]);
		if (labels)
			cf_svg_text(d->svg, "cf-small cf-soft cf-halo", box.left + 8, box.top + 14,
				    g_ptr_array_index(d->graph->groups, g), LABEL_COLUMNS);
		else
			cf_svg_rect(d->svg, "cf-cluster", box.left, box.top, box.right - box.left,
				    box.bottom - box.top, 6);
	}
}

static void draw_curve(const struct drawing *d, const struct cf_dot_edge *place, const char *class_name,
		       double width)
{
	cf_out_printf(d->svg->html->out, "<path class=\"%s\"", class_name);
	cf_svg_number(d->svg, "stroke-width", width);
	cf_out_puts(d->svg->html->out, " d=\"M");
	for (guint i = 0; i < place->n; i++) {
		const struct cf_dot_point *point =
			&g_array_index(d->dot.points, struct cf_dot_point, place->first + i);

		if (i % 3 == 1)
			cf_out_puts(d->svg->html->out, "C");
		cf_svg_value(d->svg, point->x);
		cf_svg_value(d->svg, point->y);
	}
	cf_out_puts(d->svg->html->out, "\"/>\n");
}

/* "a → b: 1.21 s · 12 calls", for the tooltip: all that is known of the edge. */
static char *edge_title(const struct drawing *d, const struct cf_graph_edge *edge)
{
	g_autoptr(GString) line = g_string_new(NULL);

	append_word(line, edge->label);
	append_word(line, cf_mark_word(edge->marks, d->graph->highlight));
	append_weight(line, d->graph, edge->weight, edge->count);
	return g_strdup_printf("%s → %s%s%s", cf_graph_at(d->graph, edge->from)->label,
			       cf_graph_at(d->graph, edge->to)->label, line->len ? ": " : "", line->str);
}

static void draw_edge(const struct drawing *d, guint i)
{
	const struct cf_graph_edge *edge = cf_graph_edge_at(d->graph, i);
	const struct cf_dot_edge *place = &g_array_index(d->dot.edges, struct cf_dot_edge, i);
	const struct cf_dot_point *end =
		&g_array_index(d->dot.points, struct cf_dot_point, place->first + place->n - 1);
	int64_t weight = magnitude(edge->weight ? edge->weight : edge->count);
	double share = d->heaviest_edge > 0 ? (double)weight / (double)d->heaviest_edge : 0;
	g_autofree char *class_name = g_strdup_printf("cf-edge%s", mark_class(edge->marks));
	g_autofree char *head = g_strdup_printf("cf-tip%s", mark_class(edge->marks));
	g_autofree char *title = edge_title(d, edge);

	cf_html_open(d->svg->html, "g", NULL);
	cf_html_element(d->svg->html, "title", NULL, title);
	draw_curve(d, place, class_name, 1.2 + 3.3 * sqrt(share));
	cf_svg_arrow(d->svg, head, end->x, end->y, end->x - end[-1].x, end->y - end[-1].y);
	cf_html_close(d->svg->html, "g");
	cf_html_newline(d->svg->html);
}

static void draw_edge_words(const struct drawing *d, guint i)
{
	const struct cf_dot_edge *place = &g_array_index(d->dot.edges, struct cf_dot_edge, i);
	const struct words *words = &d->edges[i];
	double y = place->label_y + 4;

	if (words->first && words->second)
		y -= (LINE - 2) / 2.0;
	if (words->first) {
		cf_svg_text(d->svg, "cf-mid cf-halo", place->label_x, y, words->first, EDGE_COLUMNS);
		y += LINE - 2;
	}
	if (words->second)
		cf_svg_text(d->svg, "cf-mid cf-small cf-soft cf-halo", place->label_x, y, words->second,
			    EDGE_COLUMNS + 6);
}

/* A cylinder for what stores; plain boxes differ by corners and outline. */
static void draw_shape(const struct drawing *d, const struct cf_graph_node *node,
		       const struct cf_dot_node *place)
{
	static const char *const classes[CF_PARTIES] = {
		[CF_PARTY_PLAIN] = "cf-node",
		[CF_PARTY_SERVICE] = "cf-node cf-service",
		[CF_PARTY_DATABASE] = "cf-node",
		[CF_PARTY_QUEUE] = "cf-node",
		[CF_PARTY_EXTERNAL] = "cf-node cf-external",
		[CF_PARTY_OTHERS] = "cf-node cf-others",
	};
	g_autofree char *class_name = g_strconcat(classes[node->kind], mark_class(node->marks), NULL);
	double w = place->width, h = place->height, x = place->x - w / 2, y = place->y - h / 2;

	if (node->kind == CF_PARTY_OTHERS)
		cf_svg_rect(d->svg, class_name, x + 4, y - 4, w, h, 4);
	cf_svg_rect(d->svg, class_name, x, y, w, h,
		    node->kind == CF_PARTY_SERVICE    ? 12
		    : node->kind == CF_PARTY_DATABASE ? 0
						      : 4);
	if (node->kind == CF_PARTY_DATABASE) {
		cf_svg_line(d->svg, class_name, x, y + 4, x + w, y + 4);
		cf_svg_line(d->svg, class_name, x, y + h - 4, x + w, y + h - 4);
	} else if (node->kind == CF_PARTY_QUEUE) {
		cf_svg_line(d->svg, class_name, x + 5, y, x + 5, y + h);
		cf_svg_line(d->svg, class_name, x + w - 5, y, x + w - 5, y + h);
	}
}

static void draw_node(const struct drawing *d, guint i)
{
	const struct cf_graph_node *node = cf_graph_at(d->graph, i);
	const struct cf_dot_node *place = &g_array_index(d->dot.nodes, struct cf_dot_node, i);
	const struct words *words = &d->nodes[i];
	double share = d->heaviest_node > 0 ? (double)magnitude(node->weight) / (double)d->heaviest_node : 0;
	double y = place->y + (words->second ? -2 : 4.5);

	cf_html_open(d->svg->html, "g", NULL);
	cf_html_newline(d->svg->html);
	draw_shape(d, node, place);
	if (share > 0 && node->kind != CF_PARTY_OTHERS)
		cf_svg_rect(d->svg, "cf-heat", place->x - place->width / 2 + 6,
			    place->y + place->height / 2 - 6, MAX((place->width - 12) * share, 1), 3, 0);
	cf_svg_text(d->svg, "cf-mid", place->x, y, words->first, LABEL_COLUMNS);
	if (words->second)
		cf_svg_text(d->svg, "cf-mid cf-small cf-soft", place->x, y + LINE - 1, words->second,
			    LABEL_COLUMNS + 6);
	cf_html_close(d->svg->html, "g");
	cf_html_newline(d->svg->html);
}

static char *describe(const struct cf_graph *graph)
{
	GString *text = g_string_new(NULL);

	g_string_printf(text, "Directed graph of %u nodes and %u edges.", graph->nodes->len,
			graph->edges->len);
	if (graph->edges->len) {
		const struct cf_graph_edge *edge = cf_graph_edge_at(graph, 0);
		g_autoptr(GString) weight = g_string_new(NULL);

		append_weight(weight, graph, edge->weight, edge->count);
		g_string_append_printf(text, " The heaviest edge leads from %s to %s%s%s.",
				       cf_graph_at(graph, edge->from)->label,
				       cf_graph_at(graph, edge->to)->label, weight->len ? ", " : "",
				       weight->str);
	}
	return g_string_free(text, FALSE);
}

/* What is really drawn: dot leaves more room around it than it needs. Curves stay within their control points. */
static struct box find_bounds(const struct drawing *d)
{
	struct box box = { INFINITY, INFINITY, -INFINITY, -INFINITY };

	for (guint i = 0; i < d->dot.nodes->len; i++) {
		const struct cf_dot_node *node = &g_array_index(d->dot.nodes, struct cf_dot_node, i);

		include(&box, node->x + 2, node->y - 2, node->width + 4, node->height + 4);
	}
	for (guint i = 0; i < d->dot.edges->len; i++)
		include_edge(&box, d, &g_array_index(d->dot.edges, struct cf_dot_edge, i));
	for (uint32_t c = 1; c <= d->dot.cluster_labels->len; c++) {
		struct box cluster = cluster_box(d, c);

		include(&box, (cluster.left + cluster.right) / 2, (cluster.top + cluster.bottom) / 2,
			cluster.right - cluster.left, cluster.bottom - cluster.top);
	}
	return box;
}

static void draw(const struct drawing *d)
{
	g_autofree char *desc = describe(d->graph);
	struct box box = find_bounds(d);

	cf_svg_begin(d->svg, "graph", desc, box.right - box.left + 2 * MARGIN,
		     box.bottom - box.top + 2 * MARGIN);
	cf_out_printf(d->svg->html->out, "<g transform=\"translate(%ld %ld)\">\n", lround(MARGIN - box.left),
		      lround(MARGIN - box.top));
	draw_clusters(d, FALSE);
	for (guint i = 0; i < d->graph->edges->len; i++)
		draw_edge(d, i);
	for (guint i = 0; i < d->graph->nodes->len; i++)
		draw_node(d, i);
	for (guint i = 0; i < d->graph->edges->len; i++)
		draw_edge_words(d, i);
	draw_clusters(d, TRUE);
	cf_out_puts(d->svg->html->out, "</g>\n");
	cf_svg_end(d->svg);
}

static void free_words(struct words *words, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_free(words[i].first);
		g_free(words[i].second);
	}
	g_free(words);
}

/* What dot complains of costs the picture, not the report: the table is there. */
static void soften(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	cf_warn(ctx, loc, "a graph is shown as a table only: %s", text);
}

int cf_svg_graph(const struct cf_svg *svg, const struct cf_graph *graph, char **note)
{
	struct cf_diag soft = { .consume = soften, .ctx = svg->html->diag };
	struct drawing d = { .svg = svg };
	struct cf_graph *reduced;
	int result;

	*note = NULL;
	if (!graph->nodes->len || !cf_dot_is_there(svg->html->opts->dot))
		return -1;
	reduced = cf_graph_reduce(graph, MOST_NODES, MOST_EDGES);
	d.graph = reduced;
	cf_dot_init(&d.dot);
	measure(&d);
	result = lay_out_somehow(&d, &soft);
	if (result == 0) {
		draw(&d);
		*note = g_strdup(reduced->note);
	}
	free_words(d.nodes, reduced->nodes->len);
	free_words(d.edges, reduced->edges->len);
	g_free(d.cluster);
	cf_dot_clear(&d.dot);
	cf_graph_free(reduced);
	return result;
}
