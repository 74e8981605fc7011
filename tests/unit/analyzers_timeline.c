/* SPDX-License-Identifier: MIT */
/* analyzers_timeline: samples become intervals, spans become traces. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/timeline/flamechart.h"
#include "analyzers/timeline/waterfall.h"

static void sample(struct cf_trace *trace, int tid, int64_t time, const char *stack)
{
	const struct cf_sample one = { .stack = push_stack(trace, stack),
				       .metric = cf_trace_metric(trace, "cpu-clock", CF_UNIT_NS),
				       .thread = cf_trace_thread(trace, 1, tid, "worker"),
				       .time = time,
				       .weight = 10 };

	cf_trace_sample(trace, &one);
}

/* "worker (1): main 0 10-40, f 1 20-40;" by track in the order of the timeline. Caller frees. */
static char *chart_text(const struct cf_trace *trace, struct cf_window window)
{
	g_autoptr(GArray) threads = cf_chart_threads(trace, window);
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_TRACKS, 0);
	GString *text = g_string_new(NULL);
	uint32_t track = UINT32_MAX;
	int64_t own = 0;

	for (guint i = 0; i < threads->len; i++)
		cf_chart_add(timeline, trace, &g_array_index(threads, struct cf_chart_thread, i), window, 2);
	cf_timeline_finish(timeline);
	for (guint i = 0; i < timeline->intervals->len; i++) {
		const struct cf_interval *interval = cf_interval_at(timeline, i);

		if (interval->track != track)
			g_string_append_printf(text, "%s%s:", i ? "; " : "",
					       cf_track_at(timeline, interval->track)->label);
		track = interval->track;
		g_string_append_printf(text, " %s %u %d-%d", interval->name, interval->depth,
				       (int)interval->start, (int)cf_interval_end(interval));
		own += interval->own;
	}
	g_string_append_printf(text, " = %d", (int)own);
	cf_timeline_free(timeline);
	return g_string_free(text, FALSE);
}

START_TEST(neighbours_with_equal_frames_are_one)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL, *part = NULL;

	sample(trace, 2, 1000, "main@app;f@app");
	sample(trace, 2, 1010, "main@app;f@app;g@app");
	sample(trace, 2, 1020, "main@app;h@app");
	/* Thread 1 has most, and a pause. */
	sample(trace, 1, 1000, "main@app");
	sample(trace, 1, 1010, "main@app");
	sample(trace, 1, 1100, "main@app;f@app");
	sample(trace, 1, 1110, "main@app;f@app");
	text = chart_text(trace, (struct cf_window){ 1000, 1111 });
	ck_assert_str_eq(text, "worker (1): main 0 0-20 main 0 100-120 f 1 100-120; "
			       "worker (2): main 0 0-30 f 1 0-20 g 2 10-20 h 1 20-30 = 140");
	part = chart_text(trace, (struct cf_window){ 1010, 1021 });
	ck_assert_str_eq(part,
			 "worker (2): main 0 0-20 f 1 0-10 g 2 0-10 h 1 10-20; worker (1): main 0 0-1 = 60");
	cf_trace_free(trace);
}
END_TEST

/* Recursion: the same function at two depths, and a stack that returns to an equal one. */
START_TEST(recursion_is_told_by_depth)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL;

	sample(trace, 1, 10, "f@a;f@a");
	sample(trace, 1, 20, "f@a");
	sample(trace, 1, 30, "f@a;f@a");
	text = chart_text(trace, (struct cf_window){ 10, 31 });
	ck_assert_str_eq(text, "worker (1): f 0 0-30 f 1 0-10 f 1 20-30 = 60");
	cf_trace_free(trace);
}
END_TEST

START_TEST(moments_are_bounded_and_even)
{
	struct cf_trace *trace = cf_trace_new();
	int64_t n = 3 * CF_MOMENTS_MAX + 17, step;

	for (int64_t i = 0; i < n; i++)
		sample(trace, 1, 1 + i, "f@a");
	step = trace->moment_step;
	ck_assert_int_eq(step, 4);
	ck_assert_uint_eq(trace->timed, (uint64_t)n);
	ck_assert_uint_eq(trace->moments->len, (guint)((n + step - 1) / step));
	for (guint i = 0; i < trace->moments->len; i++)
		ck_assert_int_eq(g_array_index(trace->moments, struct cf_sample, i).time, 1 + i * step);
	cf_trace_free(trace);
}
END_TEST

START_TEST(samples_without_a_time_or_of_other_metrics_have_no_moment)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_sample other;

	sample(trace, 1, 0, "f@a");
	other = (struct cf_sample){ .stack = push_stack(trace, "f@a"),
				    .metric = cf_trace_metric(trace, "faults", CF_UNIT_COUNT),
				    .thread = { 0 },
				    .time = 5,
				    .weight = 1 };
	cf_trace_sample(trace, &other);
	ck_assert_uint_eq(trace->moments->len, 0);
	sample(trace, 1, 7, "f@a");
	ck_assert_uint_eq(trace->moments->len, 1);
	cf_trace_free(trace);
}
END_TEST

/* What was kept comes back from the store, in order of thread and time. */
START_TEST(the_store_keeps_moments)
{
	struct cf_trace *trace = cf_trace_new(), *back = cf_trace_new();
	const struct cf_source source = { .path = "perf.data",
					  .hash = "00112233445566778899aabbccddeeff",
					  .format = "perf",
					  .version = 1,
					  .options = "" };
	struct messages m;
	struct cf_store *store;
	g_autofree char *before = NULL, *after = NULL;
	int64_t id;

	messages_init(&m);
	store = cf_store_open(NULL, CF_STORE_MEMORY, &m.diag);
	for (int i = 0; i < 3000; i++)
		sample(trace, 1 + i % 2, 5000 + i * 7,
		       i % 5 ? "main@app;f@app" : "main@app;write@libc;sys@k");
	trace->meta.name = g_strdup("x");
	before = chart_text(trace, (struct cf_window){ 5000, 40000 });
	ck_assert_int_eq(cf_store_put(store, &source, NULL, trace, &id, &m.diag), 0);
	ck_assert_int_eq(cf_store_load(store, id, 1, CF_LOAD_MOMENTS, back, &m.diag), 0);
	ck_assert_uint_eq(back->moments->len, 3000);
	after = chart_text(back, (struct cf_window){ 5000, 40000 });
	ck_assert_str_eq(after, before);
	ck_assert_str_eq(m.text->str, "");
	cf_trace_free(trace);
	cf_trace_free(back);
	/* Nothing is left of a run that is deleted. */
	ck_assert_int_eq(cf_store_delete(store, id, &m.diag), 0);
	ck_assert_int_eq(cf_store_close(store, &m.diag), 0);
	messages_clear(&m);
}
END_TEST

/* --- traces --------------------------------------------------------------------------------------------- */

static uint32_t span(struct cf_trace *trace, const char *id, uint32_t parent, const char *name, int64_t start,
		     int64_t duration, gboolean failed)
{
	return cf_trace_span(trace, &(struct cf_span){ .trace = cf_dict_str(trace->dict, id, -1),
						       .parent = parent,
						       .service = cf_dict_str(trace->dict, "s", -1),
						       .name = cf_dict_str(trace->dict, name, -1),
						       .peer = cf_dict_str(trace->dict, "", -1),
						       .thread = CF_NO_THREAD,
						       .status = failed ? CF_SPAN_ERROR : CF_SPAN_UNSET,
						       .start_ns = start,
						       .duration_ns = duration });
}

START_TEST(traces_by_duration)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_span_forest forest;
	g_autoptr(GArray) rows = NULL;
	const struct cf_trace_row *row;
	struct messages m;

	messages_init(&m);
	span(trace, "aa1", 2, "child", 15, 5, TRUE); /* before its parent */
	span(trace, "aa1", 0, "root", 10, 50, FALSE);
	span(trace, "aa1", 0, "second root", 70, 10, FALSE);
	span(trace, "aa2", 0, "slow", 0, 900, FALSE);
	/* Without an id, each root is a trace of its own. */
	span(trace, "", 0, "a", 0, 20, FALSE);
	span(trace, "", 5, "b", 1, 2, FALSE);
	span(trace, "", 0, "c", 5, 30, FALSE);
	cf_span_forest_init(&forest, trace);
	rows = cf_trace_rows(trace, &forest);
	ck_assert_uint_eq(rows->len, 4);
	row = &g_array_index(rows, struct cf_trace_row, 0);
	ck_assert_int_eq(row->duration, 900);
	row++;
	ck_assert_uint_eq(row->root, 2);
	ck_assert_uint_eq(row->spans, 3);
	ck_assert_uint_eq(row->errors, 1);
	row++;
	ck_assert_uint_eq(row->root, 7);
	ck_assert_uint_eq(row->spans, 1);
	row++;
	ck_assert_uint_eq(row->root, 5);
	ck_assert_uint_eq(row->spans, 2);
	ck_assert_int_eq(cf_trace_row_find(trace, &forest, rows, NULL, &m.diag), 0);
	ck_assert_int_eq(cf_trace_row_find(trace, &forest, rows, "aa1", &m.diag), 1);
	ck_assert_int_eq(cf_trace_row_find(trace, &forest, rows, "aa", &m.diag), -1);
	ck_assert_int_eq(cf_trace_row_find(trace, &forest, rows, "b", &m.diag), -1);
	ck_assert_int_eq(cf_trace_row_find(trace, &forest, rows, "", &m.diag), -1);
	ck_assert_str_eq(m.text->str,
			 "error: 2 traces begin with 'aa'; more of the id tells them apart\n"
			 "error: no trace 'b' in the run; the slowest are listed by: callflow timeline\n"
			 "error: no trace '' in the run; the slowest are listed by: callflow timeline\n");
	cf_span_forest_clear(&forest);
	cf_trace_free(trace);
	messages_clear(&m);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers_timeline");
	TCase *t = tcase_create("timeline");

	tcase_add_test(t, neighbours_with_equal_frames_are_one);
	tcase_add_test(t, recursion_is_told_by_depth);
	tcase_add_test(t, moments_are_bounded_and_even);
	tcase_add_test(t, samples_without_a_time_or_of_other_metrics_have_no_moment);
	tcase_add_test(t, the_store_keeps_moments);
	tcase_add_test(t, traces_by_duration);
	suite_add_tcase(s, t);
	return s;
}
