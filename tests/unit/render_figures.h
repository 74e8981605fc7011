/* SPDX-License-Identifier: MIT */
/* render_figures: a graph, a sequence, two timelines and two charts of a shop, with names that try to be more than names. */
#ifndef CF_TESTS_RENDER_FIGURES_H
#define CF_TESTS_RENDER_FIGURES_H

#include "core/chart.h"
#include "core/graph.h"
#include "core/sequence.h"
#include "core/timeline.h"

#include <math.h>

#define MS G_GINT64_CONSTANT(1000000)

/* Each of them means something to one of the outputs. */
static const char *const hostile_names[] = {
	"</svg><script>alert(1)</script>",
	"a\"]; click n1 \"javascript:alert(1)\"; n2[\"b",
	"%%{init: {'theme':'dark'}}%% `code`; end",
	"x -->|y| z\nsubgraph s; style n1 fill:#f00;",
	"#quot; #35; &lt; \x1b[31m \xff \xe2\x80\xae =cmd()",
};

static inline uint32_t figure_node(struct cf_graph *graph, const char *id, const char *group,
				   enum cf_party kind, int64_t weight, unsigned marks)
{
	uint32_t at = cf_graph_node(graph, id, NULL, cf_graph_group(graph, group));
	struct cf_graph_node *node = cf_graph_at(graph, at);

	node->kind = kind;
	node->weight = weight * MS;
	node->marks = marks;
	return at;
}

static inline void figure_edge(struct cf_graph *graph, uint32_t from, uint32_t to, const char *label,
			       int64_t weight, int64_t count, unsigned marks)
{
	const struct cf_graph_edge edge = {
		.from = from, .to = to, .label = label, .weight = weight * MS, .count = count, .marks = marks
	};

	cf_graph_edge(graph, &edge);
}

static inline struct cf_graph *figure_graph(void)
{
	struct cf_graph *graph = cf_graph_new(CF_UNIT_NS, "time", "calls");
	uint32_t web = figure_node(graph, "web", NULL, CF_PARTY_EXTERNAL, 0, 0);
	uint32_t api = figure_node(graph, "api", "shop", CF_PARTY_SERVICE, 912, 0);
	uint32_t orders = figure_node(graph, "orders", "shop", CF_PARTY_SERVICE, 640, CF_MARK_HIGHLIGHT);
	uint32_t stock = figure_node(graph, "stock", "shop", CF_PARTY_SERVICE, 210, CF_MARK_HIGHLIGHT);
	uint32_t billing = figure_node(graph, "billing", "money", CF_PARTY_SERVICE, 120, CF_MARK_NEW);
	uint32_t legacy = figure_node(graph, "legacy-billing", "money", CF_PARTY_SERVICE, 0, CF_MARK_GONE);
	uint32_t db = figure_node(graph, "orders-db", NULL, CF_PARTY_DATABASE, 410, 0);
	uint32_t queue = figure_node(graph, "events", NULL, CF_PARTY_QUEUE, 35, 0);

	figure_edge(graph, web, api, "GET /orders", 900, 1200, 0);
	figure_edge(graph, api, orders, "List", 640, 1200, 0);
	figure_edge(graph, orders, db, "SELECT", 400, 14400, 0);
	figure_edge(graph, orders, db, "SELECT", 10, 12, 0);
	figure_edge(graph, orders, stock, "Check", 190, 1100, CF_MARK_HIGHLIGHT);
	figure_edge(graph, stock, orders, "Reserve", 20, 40, CF_MARK_HIGHLIGHT);
	figure_edge(graph, api, billing, "Charge", 120, 80, CF_MARK_NEW);
	figure_edge(graph, api, legacy, "Charge", 0, 0, CF_MARK_GONE);
	figure_edge(graph, billing, billing, "retry", 3, 9, CF_MARK_FAILED);
	figure_edge(graph, orders, queue, NULL, 0, 1100, 0);
	for (size_t i = 0; i < G_N_ELEMENTS(hostile_names); i++) {
		uint32_t node = figure_node(graph, hostile_names[i], i == 1 ? hostile_names[1] : NULL,
					    CF_PARTY_PLAIN, (int64_t)(9 - i), 0);

		figure_edge(graph, queue, node, hostile_names[G_N_ELEMENTS(hostile_names) - 1 - i],
			    (int64_t)(9 - i), 7, 0);
	}
	graph->note = g_strdup("traces of one hour");
	g_free(graph->highlight);
	graph->highlight = g_strdup("cycle");
	cf_graph_finish(graph);
	return graph;
}

static inline void figure_step(struct cf_sequence *sequence, enum cf_step_kind kind, uint32_t from,
			       uint32_t to, const char *text, int64_t duration, unsigned marks)
{
	const struct cf_step step = { .kind = kind,
				      .from = from,
				      .to = to,
				      .text = text,
				      .duration = duration < 0 ? -1 : duration * 100000,
				      .marks = marks };

	cf_sequence_add(sequence, &step);
}

static inline struct cf_sequence *figure_sequence(void)
{
	struct cf_sequence *sequence = cf_sequence_new(CF_UNIT_NS);
	uint32_t web = cf_sequence_participant(sequence, "web", NULL, CF_PARTY_EXTERNAL);
	uint32_t api = cf_sequence_participant(sequence, "api", NULL, CF_PARTY_SERVICE);
	uint32_t orders = cf_sequence_participant(sequence, "orders", NULL, CF_PARTY_SERVICE);
	uint32_t db = cf_sequence_participant(sequence, "orders-db", NULL, CF_PARTY_DATABASE);
	uint32_t evil = cf_sequence_participant(sequence, hostile_names[0], NULL, CF_PARTY_PLAIN);

	figure_step(sequence, CF_STEP_CALL, web, api, "GET /orders", 452, CF_MARK_HIGHLIGHT);
	figure_step(sequence, CF_STEP_CALL, api, orders, "List", 380, CF_MARK_HIGHLIGHT);
	cf_sequence_begin(sequence, "for each order", 12);
	figure_step(sequence, CF_STEP_CALL, orders, db, "SELECT item", 21, CF_MARK_HIGHLIGHT);
	cf_sequence_begin(sequence, "end; until %% found", 3);
	figure_step(sequence, CF_STEP_CALL, orders, orders, "parse", 4, 0);
	figure_step(sequence, CF_STEP_NOTE, orders, db, "one row at a time", -1, 0);
	cf_sequence_end(sequence);
	figure_step(sequence, CF_STEP_RETURN, db, orders, NULL, -1, 0);
	cf_sequence_end(sequence);
	figure_step(sequence, CF_STEP_RETURN, orders, api, "12 orders", -1, 0);
	figure_step(sequence, CF_STEP_ASYNC, api, evil, hostile_names[1], -1, CF_MARK_NEW);
	figure_step(sequence, CF_STEP_ASYNC, api, evil, hostile_names[4], -1, CF_MARK_FAILED);
	figure_step(sequence, CF_STEP_NOTE, evil, evil, hostile_names[3], -1, 0);
	figure_step(sequence, CF_STEP_RETURN, api, web, hostile_names[2], -1, 0);
	return sequence;
}

static inline void figure_span(struct cf_timeline *timeline, const char *track, const char *name,
			       int64_t start, int64_t duration, uint32_t depth, const char *status,
			       unsigned marks)
{
	const struct cf_interval interval = { .track = cf_timeline_track(timeline, track, NULL),
					      .name = name,
					      .start = start * 100000,
					      .duration = duration * 100000,
					      .depth = depth,
					      .status = status,
					      .marks = marks };

	cf_timeline_add(timeline, &interval);
}

static inline struct cf_timeline *figure_waterfall(void)
{
	struct cf_timeline *timeline =
		cf_timeline_new(CF_TIMELINE_WATERFALL, G_GINT64_CONSTANT(1763877720000000000));

	figure_span(timeline, "api", "GET /orders", 0, 452, 0, "200", CF_MARK_HIGHLIGHT);
	figure_span(timeline, "orders", "List", 21, 380, 1, NULL, CF_MARK_HIGHLIGHT);
	figure_span(timeline, "orders-db", "SELECT order", 30, 95, 2, NULL, 0);
	figure_span(timeline, "orders-db", "SELECT item", 130, 252, 2, NULL, CF_MARK_HIGHLIGHT);
	figure_span(timeline, "stock", "Check", 131, 40, 2, "DEADLINE_EXCEEDED", CF_MARK_FAILED);
	figure_span(timeline, "stock", "title click section: 2026-11-23", 404, 0, 1, NULL, CF_MARK_NEW);
	for (size_t i = 0; i < G_N_ELEMENTS(hostile_names); i++)
		figure_span(timeline, i < 2 ? hostile_names[i] : "api", hostile_names[i],
			    410 + (int64_t)i * 6, 5, 1, hostile_names[4 - i], 0);
	cf_timeline_finish(timeline);
	return timeline;
}

static inline struct cf_timeline *figure_tracks(void)
{
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_TRACKS, 0);

	for (int i = 0; i < 6; i++) {
		figure_span(timeline, "worker-1", "handle_batch", i * 70, 60, 0, NULL, 0);
		figure_span(timeline, "worker-1", "find_customer", i * 70 + 5, 40, 1, NULL,
			    i == 2 ? CF_MARK_HIGHLIGHT : 0);
		figure_span(timeline, "worker-1", "checksum", i * 70 + 46, 10, 1, NULL, 0);
		figure_span(timeline, "worker-2", "sort_orders", i * 75 + 12, 30, 0, NULL,
			    i == 4 ? CF_MARK_FAILED : 0);
	}
	figure_span(timeline, "worker-2", "overlapping", 20, 200, 0, NULL, 0);
	figure_span(timeline, hostile_names[0], hostile_names[1], 100, 250, 0, NULL, 0);
	cf_timeline_finish(timeline);
	return timeline;
}

/* A load test: percentiles over throughput, bending back where it saturates, and errors. */
static inline struct cf_chart *figure_load_chart(void)
{
	static const double rates[] = { 50, 100, 150, 190, 205, 198 };
	static const char *const names[] = { "p50", "p99", "</svg><script>alert(1)</script>" };
	static const double ms[][6] = { { 8, 8.2, 8.9, 12, 26, 41 },
					{ 14, 15, 19, 36, 88, 140 },
					{ 20, 22, 31, 60, 120, 190 } };
	struct cf_chart *chart = cf_chart_new("throughput", CF_UNIT_NONE, "1/s");
	uint32_t latency = cf_chart_panel(chart, "Latency", "latency", CF_UNIT_NS, "");
	uint32_t errors = cf_chart_panel(chart, hostile_names[1], "errors", CF_UNIT_RATIO, "");
	struct cf_chart_mark mark = { .panel = latency, .across = TRUE, .at = 100e6, .label = "budget" };
	uint32_t series;

	for (size_t s = 0; s < G_N_ELEMENTS(names); s++) {
		series = cf_chart_series(chart, latency, names[s], CF_CHART_LINE);
		for (size_t i = 0; i < G_N_ELEMENTS(rates); i++)
			cf_chart_interval(chart, series, rates[i], ms[s][i] * 1e6,
					  s == 1 ? ms[s][i] * 0.9e6 : NAN, s == 1 ? ms[s][i] * 1.2e6 : NAN);
	}
	series = cf_chart_series(chart, errors, "errors", CF_CHART_POINTS);
	for (size_t i = 0; i < G_N_ELEMENTS(rates); i++)
		cf_chart_interval(chart, series, rates[i], i * 0.004, i == 4 ? 0.01 : NAN,
				  i == 4 ? 0.02 : NAN);
	cf_chart_mark(chart, &mark);
	mark = (struct cf_chart_mark){ .panel = CF_CHART_ALL, .at = 190, .label = hostile_names[4] };
	cf_chart_mark(chart, &mark);
	chart->note = g_strdup(hostile_names[2]);
	cf_chart_finish(chart);
	return chart;
}

/* Commits a month, and those of one person; a month has none. */
static inline struct cf_chart *figure_time_chart(void)
{
	static const char *const months[] = { "2026-01-01", "2026-02-01", "2026-03-01",
					      "2026-05-01", "2026-06-01", "2026-07-01" };
	static const double counts[][6] = { { 12, 30, 3, 18, 0, 41 }, { 2, 1, 3, 0, 0, 12 } };
	struct cf_chart *chart = cf_chart_new("month", CF_UNIT_TIME, "");
	uint32_t panel = cf_chart_panel(chart, "", "commits", CF_UNIT_COUNT, "");
	struct cf_chart_mark mark = { .panel = panel, .label = "change" };

	for (int s = 0; s < 2; s++) {
		uint32_t series = cf_chart_series(chart, panel, s ? hostile_names[3] : "all", CF_CHART_BARS);

		for (size_t i = 0; i < G_N_ELEMENTS(months); i++) {
			int64_t at;

			if (cf_time_parse(months[i], &at))
				cf_chart_point(chart, series, (double)at, counts[s][i]);
			mark.at = i == 3 ? (double)at : mark.at;
		}
	}
	cf_chart_mark(chart, &mark);
	cf_chart_finish(chart);
	return chart;
}

#endif
