/* SPDX-License-Identifier: MIT */
/* render_dot: what dot is told, what it may answer, and the layout of the dot that is installed. */
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/dot.h"

/* Two nodes in a cluster and one outside, an edge with a label, one without and one to oneself. */
static void make(struct cf_dot *dot)
{
	static const struct cf_dot_node nodes[] = { { .width = 108, .height = 29, .cluster = 1 },
						    { .width = 144, .height = 44, .cluster = 1 },
						    { .width = 72, .height = 36 } };
	static const struct cf_dot_edge edges[] = {
		{ .from = 0, .to = 1, .label_width = 60, .label_height = 17 },
		{ .from = 1, .to = 2 },
		{ .from = 2, .to = 2 },
	};
	const double label = 40;

	cf_dot_init(dot);
	g_array_append_vals(dot->nodes, nodes, G_N_ELEMENTS(nodes));
	g_array_append_vals(dot->edges, edges, G_N_ELEMENTS(edges));
	g_array_append_val(dot->cluster_labels, label);
}

static const char plain[] =
	"graph 1 5.5 2\n"
	"node n1 1 1.5 1.5 0.40278 \"\" solid box black lightgrey\n"
	"node n2 4 1.5 2 0.61111 \"\" solid box black lightgrey\n"
	"node n3 4 0.25 1 0.5 \"\" solid box black lightgrey\n"
	"edge n1 n2 4 1.75 1.5 2 1.5 2.5 1.5 3 1.5 \"<TABLE>\" 2.5 1.75 solid black\n"
	"edge n2 n3 4 4 1.2 4 1 4 0.8 4 0.5 solid black\n"
	"edge n3 n3 7 4.5 0.25 4.7 0.25 4.9 0.3 4.9 0.4 4.9 0.5 4.7 0.5 4.5 0.4 solid black\n"
	"stop\n";

START_TEST(reads_an_answer)
{
	struct cf_dot dot;
	const struct cf_dot_edge *edge;
	const struct cf_dot_point *point;

	make(&dot);
	ck_assert_int_eq(cf_dot_read(&dot, plain), 0);
	ck_assert_double_eq(dot.width, 396);
	ck_assert_double_eq(dot.height, 144);
	/* Inches from the bottom become pixels from the top. */
	ck_assert_double_eq(g_array_index(dot.nodes, struct cf_dot_node, 2).x, 288);
	ck_assert_double_eq(g_array_index(dot.nodes, struct cf_dot_node, 2).y, 126);
	edge = &g_array_index(dot.edges, struct cf_dot_edge, 0);
	ck_assert_uint_eq(edge->n, 4);
	ck_assert_double_eq(edge->label_x, 180);
	ck_assert_double_eq(edge->label_y, 18);
	edge = &g_array_index(dot.edges, struct cf_dot_edge, 2);
	ck_assert_uint_eq(edge->n, 7);
	point = &g_array_index(dot.points, struct cf_dot_point, edge->first + 6);
	ck_assert_double_eq(point->x, 324);
	/* An answer replaces the one before. */
	ck_assert_int_eq(cf_dot_read(&dot, plain), 0);
	ck_assert_uint_eq(dot.points->len, 15);
	cf_dot_clear(&dot);
}
END_TEST

/* Whatever is in PATH under the name of dot: nothing that it says is taken on trust. */
START_TEST(refuses_what_is_no_layout)
{
	static const struct {
		const char *from, *to;
	} damage[] = {
		{ "stop\n", "" },
		{ "graph 1 5.5 2", "graph 1 5.5" },
		{ "graph 1 5.5 2", "graph 1 5.5 0" },
		{ "graph 1 5.5 2", "graph 1 1e99 2" },
		{ "graph 1 5.5 2", "graph 1 nan 2" },
		{ "node n3", "node n4" },
		{ "node n3", "node n0" },
		{ "node n3", "node x3" },
		{ "node n3", "node n1" },
		{ "node n3 4 0.25", "node n3 4 inf" },
		{ "node n3 4 0.25", "node n3 4 0x10" },
		{ "edge n2 n3 4", "edge n2 n3 5" },
		{ "edge n2 n3 4", "edge n2 n3 1" },
		{ "edge n2 n3 4", "edge n2 n3 4000000000" },
		{ "edge n2 n3 4", "edge n2 n3 -4" },
		{ "edge n2 n3 4", "edge n2 n3" },
		{ "edge n2 n3", "edge n1 n2" },
		{ "edge n2 n3", "edge n3 n1" },
		{ " \"<TABLE>\" 2.5 1.75", "" },
		{ "1.2 4 1 4 0.8 4 0.5", "1.2" },
	};
	g_auto(GStrv) parts = g_strsplit(plain, damage[_i].from, 2);
	g_autofree char *answer = NULL;
	struct cf_dot dot;

	ck_assert_uint_eq(g_strv_length(parts), 2);
	answer = g_strconcat(parts[0], damage[_i].to, parts[1], NULL);
	make(&dot);
	ck_assert_int_eq(cf_dot_read(&dot, answer), -1);
	ck_assert_int_eq(cf_dot_read(&dot, ""), -1);
	cf_dot_clear(&dot);
}
END_TEST

START_TEST(reads_any_prefix)
{
	struct cf_dot dot;

	make(&dot);
	/* All but the last line end is needed. */
	for (size_t n = 0; n < strlen(plain) - 1; n++) {
		g_autofree char *part = g_strndup(plain, n);

		ck_assert_int_eq(cf_dot_read(&dot, part), -1);
	}
	cf_dot_clear(&dot);
}
END_TEST

START_TEST(is_told_sizes_only)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct cf_dot dot;

	make(&dot);
	cf_dot_write(&dot, text);
	ck_assert_str_eq(text->str,
			 "digraph g {\nrankdir=LR\nnewrank=true\nnodesep=0.3\nranksep=0.55\nsplines=spline\n"
			 "node [shape=box,fixedsize=true,label=\"\"]\nedge [arrowhead=none]\n"
			 "subgraph cluster_1 {\nlabeljust=l\nmargin=12\n"
			 "label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"40\" HEIGHT=\"14\">"
			 "<TR><TD></TD></TR></TABLE>>\n"
			 "n1 [width=1.5000,height=0.4028]\nn2 [width=2.0000,height=0.6111]\n}\n"
			 "n3 [width=1.0000,height=0.5000]\n"
			 "n1 -> n2 [label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"60\" HEIGHT=\"17\">"
			 "<TR><TD></TD></TR></TABLE>>]\n"
			 "n2 -> n3\nn3 -> n3\n}\n");
	cf_dot_clear(&dot);
}
END_TEST

static void count_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_assert_int_eq(severity, CF_ERROR);
	++*(int *)ctx;
}

START_TEST(says_what_failed)
{
	static const char *const programs[] = { "/nowhere/dot", "false", "true" };
	int messages = 0;
	struct cf_diag diag = { .consume = count_message, .ctx = &messages };
	struct cf_dot dot;

	make(&dot);
	ck_assert_int_eq(cf_dot_layout(&dot, programs[_i], &diag), -1);
	ck_assert_int_eq(messages, 1);
	ck_assert(!cf_dot_is_there(""));
	ck_assert(cf_dot_is_there("anything"));
	cf_dot_clear(&dot);
}
END_TEST

static void reject_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_abort_msg("unexpected message: %s", text);
}

/* The real one: boxes don't overlap, and curves lead from the outline of one box to that of the other. */
START_TEST(lays_out)
{
	struct cf_diag diag = { .consume = reject_message };
	struct cf_dot dot;

	if (!cf_dot_is_there(NULL)) {
		printf("skipped: no dot\n");
		return;
	}
	make(&dot);
	dot.down = _i;
	ck_assert_int_eq(cf_dot_layout(&dot, NULL, &diag), 0);
	for (guint i = 0; i < dot.nodes->len; i++)
		for (guint k = 0; k < i; k++) {
			const struct cf_dot_node *a = &g_array_index(dot.nodes, struct cf_dot_node, i);
			const struct cf_dot_node *b = &g_array_index(dot.nodes, struct cf_dot_node, k);

			ck_assert(fabs(a->x - b->x) >= (a->width + b->width) / 2 ||
				  fabs(a->y - b->y) >= (a->height + b->height) / 2);
			ck_assert(a->x > 0 && a->x < dot.width && a->y > 0 && a->y < dot.height);
		}
	for (guint i = 0; i < dot.edges->len; i++) {
		const struct cf_dot_edge *edge = &g_array_index(dot.edges, struct cf_dot_edge, i);
		const struct cf_dot_node *to = &g_array_index(dot.nodes, struct cf_dot_node, edge->to);
		const struct cf_dot_point *end =
			&g_array_index(dot.points, struct cf_dot_point, edge->first + edge->n - 1);

		ck_assert_double_le(fabs(end->x - to->x), to->width / 2 + 2);
		ck_assert_double_le(fabs(end->y - to->y), to->height / 2 + 2);
	}
	cf_dot_clear(&dot);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_dot");
	TCase *t = tcase_create("dot");

	tcase_add_test(t, reads_an_answer);
	tcase_add_loop_test(t, refuses_what_is_no_layout, 0, 20);
	tcase_add_test(t, reads_any_prefix);
	tcase_add_test(t, is_told_sizes_only);
	tcase_add_loop_test(t, says_what_failed, 0, 3);
	tcase_add_loop_test(t, lays_out, 0, 2);
	suite_add_tcase(s, t);
	return s;
}
