/* SPDX-License-Identifier: MIT */
/* render_anything: pictures of any names and numbers go through every renderer, and come out as what they should be. */
#include "tests/unit/suite.h"

#include <libxml/parser.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/finding.h"
#include "render/dot.h"
#include "render/gnuplot.h"
#include "render/svg.h"
#include "tests/unit/render_figures.h"

/* The same numbers in each run (Numerical Recipes' LCG). */
struct chance {
	uint64_t state;
};

static uint32_t chance(struct chance *c, uint32_t below)
{
	c->state =
		c->state * G_GUINT64_CONSTANT(6364136223846793005) + G_GUINT64_CONSTANT(1442695040888963407);
	return (uint32_t)(c->state >> 33) % below;
}

static int64_t number(struct chance *c)
{
	static const int64_t numbers[] = {
		0,    1, -1, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1, INT64_MAX / 2, 999999999999,
		1000, 37
	};

	return chance(c, 3) ? numbers[chance(c, G_N_ELEMENTS(numbers))] : (int64_t)chance(c, 1000000);
}

/* Bytes that mean something somewhere, and any others. Caller frees. */
static char *name(struct chance *c)
{
	/* clang-format off */
	static const char *const parts[] = {
		"<", ">", "&", "\"", "'", "`", "%%{", "}%%", "#quot;", "-->", "|", "[", "]", "\n", "\r", "\t",
		"\x1b", "\xff", "\xe2\x80\xae", "```", "$", "end ", "::", "</svg>", "<!--", "]]>", "@", "=", ";",
		"\\", "*", "_", "\xe6\xbc\xa2", "\xef\xbf\xbf", "\xed\xa0\x80", "a", "foo", " ", "click ",
		"section ", "title ", "wrap:", "call ", "style ", "Note over ", "0",
	};
	/* clang-format on */
	GString *text = g_string_new(NULL);

	for (uint32_t n = chance(c, 9); n; n--)
		g_string_append(text, parts[chance(c, G_N_ELEMENTS(parts))]);
	if (!chance(c, 40))
		for (int i = 0; i < 500; i++)
			g_string_append(text, parts[chance(c, G_N_ELEMENTS(parts))]);
	return g_string_free(text, FALSE);
}

static struct cf_graph *any_graph(struct chance *c)
{
	struct cf_graph *graph = cf_graph_new((enum cf_unit)chance(c, CF_UNIT_RATIO), NULL, NULL);

	graph->down = (gboolean)chance(c, 2);
	for (uint32_t n = chance(c, 2) ? chance(c, 6) : chance(c, 120); n; n--) {
		g_autofree char *id = name(c), *label = name(c), *group = name(c);
		struct cf_graph_node *node =
			cf_graph_at(graph, cf_graph_node(graph, id, label,
							 cf_graph_group(graph, chance(c, 2) ? group : NULL)));

		node->kind = (enum cf_party)chance(c, CF_PARTIES);
		node->marks = chance(c, 3) ? 0 : chance(c, 16);
		node->weight = number(c);
		node->count = number(c);
	}
	for (uint32_t n = graph->nodes->len ? chance(c, 200) : 0; n; n--) {
		g_autofree char *label = chance(c, 2) ? name(c) : NULL;
		const struct cf_graph_edge edge = { .from = chance(c, graph->nodes->len),
						    .to = chance(c, graph->nodes->len),
						    .label = label,
						    .marks = chance(c, 3) ? 0 : chance(c, 16),
						    .weight = number(c),
						    .count = number(c) };

		cf_graph_edge(graph, &edge);
	}
	cf_graph_finish(graph);
	return graph;
}

static struct cf_sequence *any_sequence(struct chance *c)
{
	struct cf_sequence *sequence = cf_sequence_new((enum cf_unit)chance(c, CF_UNIT_RATIO));

	for (uint32_t n = chance(c, 40); n; n--) {
		g_autofree char *id = name(c);

		cf_sequence_participant(sequence, id, NULL, (enum cf_party)chance(c, CF_PARTIES));
	}
	for (uint32_t n = sequence->participants->len ? chance(c, 300) : 0; n; n--) {
		g_autofree char *text = name(c);
		const struct cf_step step = { .kind = (enum cf_step_kind)chance(c, CF_STEP_LOOP),
					      .from = chance(c, sequence->participants->len),
					      .to = chance(c, sequence->participants->len),
					      .text = chance(c, 4) ? text : NULL,
					      .count = number(c),
					      .duration = number(c),
					      .marks = chance(c, 3) ? 0 : chance(c, 16) };

		if (!chance(c, 6))
			cf_sequence_begin(sequence, text, number(c));
		cf_sequence_add(sequence, &step);
		if (sequence->open && !chance(c, 5))
			cf_sequence_end(sequence);
	}
	while (sequence->open)
		cf_sequence_end(sequence);
	return sequence;
}

static struct cf_timeline *any_timeline(struct chance *c)
{
	struct cf_timeline *timeline = cf_timeline_new((enum cf_timeline_style)chance(c, 2), number(c));

	for (uint32_t n = chance(c, 400); n; n--) {
		g_autofree char *track = name(c), *its = name(c), *status = name(c);
		const struct cf_interval interval = { .track = cf_timeline_track(timeline, track, NULL),
						      .name = its,
						      .status = chance(c, 2) ? status : NULL,
						      .start = number(c),
						      .duration = number(c),
						      .depth = chance(c, 5) ? chance(c, 5)
									    : (uint32_t)number(c),
						      .marks = chance(c, 3) ? 0 : chance(c, 16) };

		cf_timeline_add(timeline, &interval);
	}
	cf_timeline_finish(timeline);
	return timeline;
}

static double value(struct chance *c)
{
	static const double values[] = { 0, -1, 1e-300, 1e299, -1e299, 1e18, 0.1, 2.5, NAN, INFINITY };

	return chance(c, 2) ? values[chance(c, G_N_ELEMENTS(values))] : (double)chance(c, 1000) / 8;
}

static struct cf_chart *any_chart(struct chance *c)
{
	g_autofree char *title = name(c), *words = name(c);
	struct cf_chart *chart =
		cf_chart_new(title, (enum cf_unit)chance(c, CF_UNIT_RAW + 1), chance(c, 2) ? words : NULL);

	for (uint32_t p = chance(c, 4) + 1; p; p--) {
		g_autofree char *head = name(c), *axis = name(c);
		uint32_t panel = cf_chart_panel(chart, head, axis, (enum cf_unit)chance(c, CF_UNIT_RAW + 1),
						chance(c, 2) ? words : NULL);
		struct cf_chart_mark mark = { .panel = chance(c, 2) ? panel : CF_CHART_ALL,
					      .across = (gboolean)chance(c, 2),
					      .at = value(c),
					      .label = head };

		for (uint32_t s = chance(c, 4); s; s--) {
			g_autofree char *its = name(c);
			uint32_t series =
				cf_chart_series(chart, panel, its, (enum cf_chart_style)chance(c, 3));

			for (uint32_t n = chance(c, 5) ? chance(c, 30) : chance(c, 3000); n; n--)
				cf_chart_interval(chart, series, value(c), value(c), value(c), value(c));
		}
		if (chance(c, 2))
			cf_chart_mark(chart, &mark);
	}
	cf_chart_finish(chart);
	return chart;
}

static void add_findings(struct chance *c, struct cf_doc *doc)
{
	struct cf_node *node = cf_doc_findings(doc, doc->root, "f");

	for (uint32_t n = chance(c, 40); n; n--) {
		g_autofree char *own = name(c), *module = name(c), *metric = name(c), *file = name(c);
		struct cf_finding finding =
			cf_finding_init((enum cf_finding_kind)chance(c, CF_FINDING_KINDS),
					(enum cf_finding_subject)chance(c, CF_FINDING_SUBJECTS), "any", own);

		finding.severity = (enum cf_finding_severity)chance(c, CF_FINDING_SEVERITIES);
		finding.state = (enum cf_finding_state)chance(c, CF_FINDING_STATES);
		finding.module = chance(c, 2) ? module : NULL;
		finding.metric = chance(c, 2) ? metric : NULL;
		finding.file = chance(c, 2) ? file : NULL;
		finding.line = chance(c, 3);
		finding.reason = chance(c, 2) ? file : NULL;
		finding.suspect = chance(c, 2) ? metric : NULL;
		finding.next = chance(c, 2) ? module : NULL;
		finding.before = (double)number(c);
		finding.after = (double)number(c);
		finding.ratio = finding.after / finding.before;
		cf_doc_finding(doc, node, &finding);
	}
	cf_findings_sort(node);
}

static void ignore_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	/* A document without anything to draw is an error for Mermaid, and all that may be said. */
	ck_assert_int_eq(severity, CF_ERROR);
	ck_assert_ptr_nonnull(strstr(text, "to draw in this document"));
}

static void check_svg(const struct cf_node *node, const char *dot, const char *gnuplot)
{
	const struct cf_render_opts opts = { .dot = dot, .gnuplot = gnuplot };
	struct cf_diag diag = { .consume = ignore_message };
	struct cf_html html = {
		.out = cf_out_memory(), .opts = &opts, .diag = &diag, .open = g_ptr_array_new()
	};
	g_autofree char *note = NULL;

	if (cf_html_picture(&html, node, TRUE, &note) == 0) {
		size_t len;
		const char *text = cf_out_text(html.out, &len);
		xmlDoc *xml = xmlReadMemory(text, (int)len, NULL, NULL, XML_PARSE_NONET);

		ck_assert_msg(xml != NULL, "not well-formed: %s", text);
		xmlFreeDoc(xml);
	}
	cf_out_abort(html.out);
	g_ptr_array_unref(html.open);
}

/* For Mermaid's own parser, where one asks for it. */
static void dump_mermaid(const struct cf_doc *doc, int i)
{
	const char *folder = g_getenv("CF_DIAGRAMS");
	g_autofree char *path = folder ? g_strdup_printf("%s/any-%02d.mmd", folder, i) : NULL;
	const struct cf_render_opts opts = { 0 };
	struct cf_diag diag = { .consume = ignore_message };
	struct cf_out *out = path ? cf_out_file(path, &diag) : NULL;

	if (!out)
		return;
	if (cf_renderer_by_name("mermaid")->render(doc, &opts, out, &diag) == 0)
		ck_assert_int_eq(cf_out_close(out, &diag), 0);
	else
		cf_out_abort(out);
}

START_TEST(anything_goes)
{
	struct chance c = { .state = (uint64_t)_i * 7919 + 1 };
	struct cf_doc *doc = cf_doc_new("anything");
	g_autofree char *caption = name(&c);
	const char *dot = cf_dot_is_there(NULL) && _i % 8 == 0 ? NULL : "";
	const char *gnuplot = cf_gnuplot_is_there(NULL) && _i % 8 < 4 ? NULL : "";

	cf_doc_graph(doc, doc->root, "g", caption, any_graph(&c));
	cf_doc_sequence(doc, doc->root, "s", caption, any_sequence(&c));
	cf_doc_timeline(doc, doc->root, "t", NULL, any_timeline(&c));
	cf_doc_chart(doc, doc->root, "c", caption, any_chart(&c));
	for (const struct cf_node *node = doc->root->first; node; node = node->next)
		check_svg(node, dot, gnuplot);
	add_findings(&c, doc);
	/* Only the first, text, knows a width. */
	ck_assert_str_eq(cf_renderers[0]->name, "text");
	for (size_t i = 0; cf_renderers[i]; i++)
		for (int width = 0; width <= (i ? 0 : 60) && !cf_renderers[i]->picture; width += 30) {
			const struct cf_render_opts opts = {
				.width = width, .utf8 = width != 30, .dot = dot, .gnuplot = gnuplot
			};
			struct cf_diag diag = { .consume = ignore_message };
			struct cf_out *out = cf_out_memory();
			size_t len;

			cf_renderers[i]->render(doc, &opts, out, &diag);
			ck_assert(g_utf8_validate(cf_out_text(out, &len), -1, NULL));
			/* No NUL, no escape sequence, no line end that a name made. */
			ck_assert_uint_eq(strlen(cf_out_text(out, NULL)), len);
			ck_assert_ptr_null(memchr(cf_out_text(out, NULL), 0x1b, len));
			ck_assert_ptr_null(memchr(cf_out_text(out, NULL), '\r', len));
			if (!strcmp(cf_renderers[i]->name, "junit")) {
				xmlDoc *xml = xmlReadMemory(cf_out_text(out, NULL), (int)len, NULL, NULL,
							    XML_PARSE_NONET);

				ck_assert_ptr_nonnull(xml);
				xmlFreeDoc(xml);
			}
			cf_out_abort(out);
		}
	dump_mermaid(doc, _i);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_anything");
	TCase *t = tcase_create("anything");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, anything_goes, 0, 24);
	suite_add_tcase(s, t);
	return s;
}
