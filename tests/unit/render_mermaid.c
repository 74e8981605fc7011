/* SPDX-License-Identifier: MIT */
/* render_mermaid: Mermaid text stays within its limits, and no name is anything but a label. */
#include "render/mermaid.h"

#include <stdlib.h>
#include <string.h>

#include "render/call_graph.h"
#include "render/escape.h"
#include "tests/unit/render_figures.h"
#include "tests/unit/suite.h"

#define CHARS 50000
#define EDGES 500

static const struct cf_mermaid_limits limits = { .chars = CHARS, .edges = EDGES };

static guint count(const char *text, const char *what)
{
	guint n = 0;

	for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
		n++;
	return n;
}

static void escaped(const char *text, int columns, const char *wanted)
{
	struct cf_out *out = cf_out_memory();

	cf_escape_mermaid(out, text, columns);
	ck_assert_str_eq(cf_out_text(out, NULL), wanted);
	cf_out_abort(out);
}

START_TEST(escapes_labels)
{
	escaped("operator new[](unsigned long)", 0, "operator new#91;#93;#40;unsigned long#41;");
	escaped("a\"b#c;d%%{init}", 0, "a#34;b#35;c#59;d#37;#37;#123;init#125;");
	escaped("\x1b[31m\xff\n", 0, "#92;x1b#91;31m#92;xff#92;x0a");
	escaped("\xe2\x80\xae", 0, "#92;u202e");
	/* Mermaid's own stand-ins for # and ; */
	escaped("\xef\xac\x82\xc2\xb0\xc2\xb6\xc3\x9f", 0, "#64258;\xc2\xb0#182;\xc3\x9f");
	escaped("\xe2\x80\x83"
		"click\xc2\xa0",
		0, "#8195;click#160;");
	escaped("", 0, "#40;no name#41;");
	escaped("abcdef", 6, "abcdef");
	escaped("abcdefg", 6, "abcde\xe2\x80\xa6");
	escaped("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 4, "\xe6\xbc\xa2\xe2\x80\xa6");
}
END_TEST

/* No byte of a name can end a label, begin a directive or be an entity that we didn't write. */
START_TEST(escapes_any_character)
{
	for (guint c = 1; c < 0x3000; c++) {
		struct cf_out *out = cf_out_memory();
		char text[8] = { 0 };

		g_unichar_to_utf8(c, text);
		cf_escape_mermaid(out, text, 0);
		for (const char *p = cf_out_text(out, NULL); *p; p++)
			if (*p == '#') {
				guint64 code;
				const char *end = strchr(p, ';');
				g_autofree char *number = g_strndup(p + 1, end ? (gsize)(end - p - 1) : 0);

				ck_assert(g_ascii_string_to_unsigned(number, 10, 1, 0x10ffff, &code, NULL));
				p = end;
			} else {
				ck_assert((guchar)*p >= 0x80 || g_ascii_isalnum(*p) || strchr(" _./-,", *p));
			}
		cf_out_abort(out);
	}
}
END_TEST

static struct cf_graph *large_graph(guint nodes, guint edges, guint groups)
{
	struct cf_graph *graph = cf_graph_new(CF_UNIT_NS, "cpu", "calls");

	for (guint i = 0; i < nodes; i++) {
		g_autofree char *id =
			g_strdup_printf("%05u %s %s", i, hostile_names[i % 5], hostile_names[i / 5 % 5]);
		g_autofree char *group = g_strdup_printf("%u %s", i % groups, hostile_names[i % 5]);

		figure_node(graph, id, group, CF_PARTY_SERVICE, i % 997, i % 500 == 3 ? CF_MARK_NEW : 0);
	}
	for (guint i = 0; i < edges; i++)
		figure_edge(graph, i * 31 % nodes, i * 17 % (nodes - 1), hostile_names[i % 5], i % 1009, i,
			    i % 400 == 7 ? CF_MARK_HIGHLIGHT : 0);
	cf_graph_finish(graph);
	return graph;
}

START_TEST(graphs_stay_within_limits)
{
	static const struct {
		guint nodes, edges, groups;
		struct cf_mermaid_limits limits;
	} cases[] = {
		{ 5000, 20000, 40, { CHARS, EDGES } }, { 5000, 20000, 5000, { CHARS, EDGES } },
		{ 90, 4000, 3, { CHARS, EDGES } },     { 2000, 3000, 9, { 5000, 100 } }, /* Gitea */
		{ 2000, 3000, 9, { 2000, 20 } },
	};
	struct cf_graph *graph = large_graph(cases[_i].nodes, cases[_i].edges, cases[_i].groups);
	g_autofree char *note = NULL;
	g_autofree char *text = cf_mermaid_graph(graph, hostile_names[2], cases[_i].limits, &note);

	ck_assert_ptr_nonnull(text);
	ck_assert_uint_le(strlen(text), cases[_i].limits.chars);
	ck_assert_uint_le(count(text, "-->") + count(text, "==>") + count(text, "-.->"),
			  cases[_i].limits.edges);
	ck_assert_uint_gt(count(text, "-->"), 0);
	ck_assert_ptr_nonnull(note);
	ck_assert(strstr(note, "left out") || strstr(note, "nodes are drawn as"));
	ck_assert_uint_eq(count(text, "%%"), 0);
	ck_assert_uint_eq(count(text, "click n1 \""), 0);
	cf_graph_free(graph);
}
END_TEST

/* Too little room for anything: no diagram rather than a broken one. */
START_TEST(gives_up)
{
	const struct cf_mermaid_limits none = { .chars = 20, .edges = 5 };
	struct cf_graph *graph = figure_graph();
	struct cf_sequence *sequence = figure_sequence();
	struct cf_timeline *timeline = figure_waterfall();
	char *note;

	ck_assert_ptr_null(cf_mermaid_graph(graph, NULL, none, &note));
	ck_assert_ptr_null(note);
	ck_assert_ptr_null(cf_mermaid_sequence(sequence, NULL, none, &note));
	ck_assert_ptr_null(note);
	ck_assert_ptr_null(cf_mermaid_timeline(timeline, NULL, none, &note));
	ck_assert_ptr_null(note);
	cf_graph_free(graph);
	cf_sequence_free(sequence);
	cf_timeline_free(timeline);
}
END_TEST

START_TEST(long_sequences_are_cut)
{
	struct cf_sequence *sequence = cf_sequence_new(CF_UNIT_NS);
	g_autofree char *note = NULL, *text = NULL;

	for (int i = 0; i < 3000; i++) {
		g_autofree char *id = g_strdup_printf("p%d", i % 30);
		uint32_t who = cf_sequence_participant(sequence, id, NULL, CF_PARTY_PLAIN);

		if (i % 7 == 0)
			cf_sequence_begin(sequence, hostile_names[i % 5], i + 1);
		figure_step(sequence, (enum cf_step_kind)(i % 4), who, who / 2, hostile_names[i % 5], i, 0);
		if (i % 9 == 8 && sequence->open)
			cf_sequence_end(sequence);
	}
	while (sequence->open)
		cf_sequence_end(sequence);
	text = cf_mermaid_sequence(sequence, NULL, limits, &note);
	ck_assert_uint_le(strlen(text), CHARS);
	ck_assert_uint_le(count(text, "->>") + count(text, "-)") + count(text, "Note over"), EDGES);
	/* Every loop that was begun is ended. */
	ck_assert_uint_gt(count(text, "loop "), 5);
	ck_assert_uint_eq(count(text, "loop "), count(text, "  end\n"));
	ck_assert_ptr_nonnull(strstr(note, "steps are left out"));
	cf_sequence_free(sequence);
}
END_TEST

START_TEST(long_timelines_are_cut)
{
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_WATERFALL, 0);
	g_autofree char *note = NULL, *text = NULL;

	for (int i = 0; i < 3000; i++)
		figure_span(timeline, hostile_names[i % 5], hostile_names[i / 5 % 5], i, i % 11, 0, NULL, 0);
	cf_timeline_finish(timeline);
	text = cf_mermaid_timeline(timeline, NULL, limits, &note);
	ck_assert_uint_le(strlen(text), CHARS);
	ck_assert_uint_le(count(text, "ms\n"), EDGES);
	/* A section per track, of one piece. */
	ck_assert_uint_eq(count(text, "  section "), 5);
	ck_assert_ptr_nonnull(strstr(note, "intervals are left out"));
	cf_timeline_free(timeline);
}
END_TEST

/* Names that a line of a gantt chart may begin with; Mermaid's parser sees the golden file, too. */
START_TEST(gantt_words_are_names)
{
	static const char *const words[] = { "title x",
					     "section x",
					     "dateFormat YYYY",
					     "axisFormat %H",
					     "tickInterval 1day",
					     "excludes monday",
					     "includes 2026-11-23",
					     "todayMarker off",
					     "inclusiveEndDates",
					     "topAxis",
					     "weekday monday",
					     "weekend friday",
					     "click t1 call f()",
					     "href \"x\"",
					     "call f()",
					     "gantt",
					     "accTitle: x",
					     "accDescr: x",
					     "accDescr {x",
					     "2026-11-23",
					     " click t1",
					     "%% x",
					     "vert",
					     ": x",
					     "" };
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_TRACKS, 0);
	g_autofree char *note = NULL, *text = NULL, *want = NULL;
	const char *path = "tests/golden/render/gantt.mmd";

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		figure_span(timeline, words[i], words[i], (int64_t)i, 1, 0, NULL, 0);
		figure_span(timeline, words[i], words[i], (int64_t)i + 2, 1, 0, words[i], 0);
	}
	cf_timeline_finish(timeline);
	text = cf_mermaid_timeline(timeline, words[0], limits, &note);
	for (size_t i = 0; i < G_N_ELEMENTS(words) - 1; i++) {
		g_autofree char *line = g_strdup_printf("    %s", words[i]);

		ck_assert_msg(!strstr(text, line), "%s begins a line", words[i]);
	}
	if (g_getenv("CF_GOLDEN_UPDATE"))
		ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert(g_file_get_contents(path, &want, NULL, NULL));
	ck_assert_str_eq(text, want);
	cf_timeline_free(timeline);
}
END_TEST

/* Whole units of the axis: a trace of hours and one of nanoseconds are both resolved. */
START_TEST(times_are_resolved)
{
	static const struct {
		int64_t length;
		const char *unit, *end;
	} cases[] = {
		{ 900, "ns", "0, 900ms" },
		{ 5 * MS, "us", "0, 5000ms" },
		{ 5000 * MS, "ms", "0, 5000ms" },
		{ 36000 * G_GINT64_CONSTANT(1000) * MS, "s", "0, 36000ms" },
	};
	const struct cf_interval interval = { .name = "x", .start = 123456789, .duration = cases[_i].length };
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_WATERFALL, 0);
	g_autofree char *title = g_strdup_printf("title caption, time in %s\n", cases[_i].unit);
	g_autofree char *note = NULL, *text = NULL;

	cf_timeline_track(timeline, "t", NULL);
	cf_timeline_add(timeline, &interval);
	cf_timeline_finish(timeline);
	text = cf_mermaid_timeline(timeline, "caption", limits, &note);
	ck_assert_ptr_nonnull(strstr(text, title));
	ck_assert_ptr_nonnull(strstr(text, cases[_i].end));
	cf_timeline_free(timeline);
}
END_TEST

static uint32_t frame(struct cf_tree *tree, uint32_t parent, const char *name, int64_t self)
{
	const struct cf_tree_node node = { .parent = parent,
					   .name = cf_tree_name(tree, name),
					   .module = cf_tree_name(tree, "m"),
					   .self = self,
					   .count = self };

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

static int64_t edge_weight(const struct cf_graph *graph, const char *from, const char *to)
{
	for (guint i = 0; i < graph->edges->len; i++) {
		const struct cf_graph_edge *edge = cf_graph_edge_at(graph, i);

		if (!strcmp(cf_graph_at(graph, edge->from)->label, from) &&
		    !strcmp(cf_graph_at(graph, edge->to)->label, to))
			return edge->weight;
	}
	return -1;
}

static int64_t node_weight(const struct cf_graph *graph, const char *label)
{
	for (guint i = 0; i < graph->nodes->len; i++)
		if (!strcmp(cf_graph_at(graph, i)->label, label))
			return cf_graph_at(graph, i)->weight;
	return -1;
}

/* main > f > g > f > g and main > g; and the same upside down. A sample counts once for each function and call. */
START_TEST(recursion_counts_once)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_COUNT, "samples", "all");
	uint32_t at = frame(tree, 0, "main", 1);
	struct cf_graph *graph;

	tree->inverted = _i;
	if (_i) {
		/* Innermost first: g(8) < f < g < f < main, g(16) < main, f(4) < g < f < main, f(2) < main, main(1). */
		at = frame(tree, frame(tree, frame(tree, frame(tree, 0, "g", 0), "f", 0), "g", 0), "f", 0);
		frame(tree, at, "main", 8);
		frame(tree, 2, "main", 16);
		at = frame(tree, frame(tree, frame(tree, 0, "f", 0), "g", 0), "f", 0);
		frame(tree, at, "main", 4);
		frame(tree, at - 2, "main", 2);
	} else {
		uint32_t f = frame(tree, at, "f", 2), g = frame(tree, f, "g", 0);

		frame(tree, frame(tree, g, "f", 4), "g", 8);
		frame(tree, at, "g", 16);
	}
	cf_tree_finish(tree);
	graph = cf_call_graph(tree);
	ck_assert_int_eq(node_weight(graph, "main"), 31);
	ck_assert_int_eq(node_weight(graph, "f"), 14);
	ck_assert_int_eq(node_weight(graph, "g"), 28);
	ck_assert_int_eq(edge_weight(graph, "main", "f"), 14);
	ck_assert_int_eq(edge_weight(graph, "main", "g"), 16);
	ck_assert_int_eq(edge_weight(graph, "f", "g"), 12);
	ck_assert_int_eq(edge_weight(graph, "g", "f"), 12);
	ck_assert_int_eq(edge_weight(graph, "f", "main"), -1);
	cf_graph_free(graph);
	cf_tree_free(tree);
}
END_TEST

static void expect_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_assert_str_eq(text, "no graph, sequence, timeline or call tree to draw in this document");
	++*(int *)ctx;
}

START_TEST(nothing_to_draw_is_an_error)
{
	int messages = 0;
	struct cf_diag diag = { .consume = expect_message, .ctx = &messages };
	struct cf_doc *doc = cf_doc_new("words");
	struct cf_out *out = cf_out_memory();
	const struct cf_render_opts opts = { 0 };

	cf_doc_para(doc, doc->root, "words");
	ck_assert_int_eq(cf_renderer_by_path("x.mmd")->render(doc, &opts, out, &diag), -1);
	ck_assert_int_eq(messages, 1);
	ck_assert_int_eq(diag.status, CF_STATUS_USAGE);
	cf_out_abort(out);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_mermaid");
	TCase *t = tcase_create("mermaid");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, escapes_labels);
	tcase_add_test(t, escapes_any_character);
	tcase_add_loop_test(t, graphs_stay_within_limits, 0, 5);
	tcase_add_test(t, gives_up);
	tcase_add_test(t, long_sequences_are_cut);
	tcase_add_test(t, long_timelines_are_cut);
	tcase_add_test(t, gantt_words_are_names);
	tcase_add_loop_test(t, times_are_resolved, 0, 4);
	tcase_add_loop_test(t, recursion_counts_once, 0, 2);
	tcase_add_test(t, nothing_to_draw_is_an_error);
	suite_add_tcase(s, t);
	return s;
}
