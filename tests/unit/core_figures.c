/* SPDX-License-Identifier: MIT */
/* core_figures: sequences and timelines: order, nesting, what is kept of the large ones, and their tables. */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "core/sequence.h"
#include "core/timeline.h"

static uint32_t say(struct cf_sequence *sequence, enum cf_step_kind kind, uint32_t from, uint32_t to,
		    const char *text)
{
	const struct cf_step step = { .kind = kind, .from = from, .to = to, .text = text, .duration = -1 };

	return cf_sequence_add(sequence, &step);
}

START_TEST(nests_loops)
{
	struct cf_sequence *sequence = cf_sequence_new(CF_UNIT_NS);
	uint32_t a = cf_sequence_participant(sequence, "a", "Alice", CF_PARTY_SERVICE);
	uint32_t b = cf_sequence_participant(sequence, "b", NULL, CF_PARTY_DATABASE), outer, inner, after;
	char text[] = "hello";
	static const uint32_t depths[] = { 0, 0, 0, 1, 1, 2, 1, 0 };
	g_autofree uint32_t *got = NULL;

	ck_assert_uint_eq(cf_sequence_participant(sequence, "a", "other", CF_PARTY_QUEUE), a);
	ck_assert_uint_eq(say(sequence, CF_STEP_CALL, a, b, text), 1);
	text[0] = 'X';
	ck_assert_str_eq(cf_step_at(sequence, 1)->text, "hello");
	ck_assert_int_eq(cf_step_at(sequence, 1)->count, 1);
	cf_sequence_begin(sequence, NULL, 12);
	outer = sequence->steps->len - 1;
	say(sequence, CF_STEP_CALL, b, b, NULL);
	cf_sequence_begin(sequence, "inner", 3);
	inner = sequence->steps->len - 1;
	say(sequence, CF_STEP_NOTE, a, b, "note");
	cf_sequence_end(sequence);
	after = say(sequence, CF_STEP_RETURN, b, a, "ok");
	cf_sequence_end(sequence);
	say(sequence, CF_STEP_ASYNC, a, b, "bye");
	ck_assert_uint_eq(cf_step_at(sequence, inner)->parent, outer);
	ck_assert_uint_eq(cf_step_at(sequence, inner + 1)->parent, inner);
	ck_assert_uint_eq(cf_step_at(sequence, after)->parent, outer);
	ck_assert_int_eq(cf_step_at(sequence, outer)->count, 12);
	got = cf_sequence_depths(sequence);
	for (guint i = 0; i < G_N_ELEMENTS(depths); i++)
		ck_assert_uint_eq(got[i], depths[i]);
	/* Parents stand before their children. */
	for (guint i = 1; i < sequence->steps->len; i++)
		ck_assert_uint_lt(cf_step_at(sequence, i)->parent, i);
	cf_sequence_free(sequence);
	cf_sequence_free(NULL);
}
END_TEST

START_TEST(fits_the_beginning)
{
	struct cf_sequence *sequence = cf_sequence_new(CF_UNIT_NS);
	uint32_t *columns, width, n;

	for (int i = 0; i < 10; i++) {
		g_autofree char *id = g_strdup_printf("p%d", i);

		cf_sequence_participant(sequence, id, NULL, CF_PARTY_PLAIN);
	}
	/* From right to left, so that columns and order of speaking differ. */
	for (uint32_t i = 9; i > 0; i--)
		say(sequence, CF_STEP_CALL, i, i - 1, NULL);
	n = cf_sequence_fit(sequence, 100, 100, &columns, &width);
	ck_assert_uint_eq(n, 9);
	ck_assert_uint_eq(width, 10);
	for (uint32_t i = 0; i < 10; i++)
		ck_assert_uint_eq(columns[i], i);
	g_free(columns);
	n = cf_sequence_fit(sequence, 100, 4, &columns, &width);
	ck_assert_uint_eq(n, 3);
	ck_assert_uint_eq(width, 4);
	ck_assert_uint_eq(columns[5], 4);
	ck_assert_uint_eq(columns[6], 0);
	ck_assert_uint_eq(columns[9], 3);
	g_free(columns);
	n = cf_sequence_fit(sequence, 2, 100, &columns, &width);
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(width, 3);
	g_free(columns);
	cf_sequence_free(sequence);
}
END_TEST

START_TEST(sequence_becomes_a_table)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_sequence *sequence = cf_sequence_new(CF_UNIT_NS);
	uint32_t a = cf_sequence_participant(sequence, "a", "Alice", CF_PARTY_SERVICE);
	struct cf_node *node;

	cf_sequence_begin(sequence, "twice", 2);
	say(sequence, CF_STEP_CALL, a, a, "x");
	cf_sequence_end(sequence);
	node = cf_doc_sequence(doc, doc->root, "op", NULL, sequence);
	ck_assert_str_eq(node->first->id, "op-steps");
	ck_assert_uint_eq(cf_table_rows(node->first), 2);
	ck_assert_str_eq(cf_table_cell(node->first, 0, 3)->text, "loop");
	ck_assert_int_eq(cf_table_cell(node->first, 0, 4)->type, CF_CELL_EMPTY);
	ck_assert_int_eq(cf_table_cell(node->first, 1, 1)->i, 1);
	ck_assert_int_eq(cf_table_cell(node->first, 1, 2)->i, 1);
	ck_assert_str_eq(cf_table_cell(node->first, 1, 5)->text, "Alice");
	ck_assert_str_eq(cf_table_cell(node->first, 1, 10)->text, "a");
	cf_doc_free(doc);
}
END_TEST

static void span(struct cf_timeline *timeline, const char *track, const char *name, int64_t start,
		 int64_t duration, uint32_t depth, unsigned marks)
{
	const struct cf_interval interval = { .track = cf_timeline_track(timeline, track, NULL),
					      .name = name,
					      .start = start,
					      .duration = duration,
					      .depth = depth,
					      .marks = marks };

	cf_timeline_add(timeline, &interval);
}

static void assert_names(const struct cf_timeline *timeline, const char *wanted)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < timeline->intervals->len; i++)
		g_string_append(names, cf_interval_at(timeline, i)->name);
	ck_assert_str_eq(names->str, wanted);
}

START_TEST(sorts_tracks_and_leaves_waterfalls)
{
	for (int style = CF_TIMELINE_WATERFALL; style <= CF_TIMELINE_TRACKS; style++) {
		struct cf_timeline *timeline = cf_timeline_new((enum cf_timeline_style)style, 0);

		span(timeline, "t1", "a", 50, 10, 0, 0);
		span(timeline, "t0", "b", 20, 5, 1, 0);
		span(timeline, "t1", "c", -10, 3, 1, 0);
		span(timeline, "t1", "d", 50, 20, 0, 0);
		span(timeline, "t0", "e", 20, -5, 0, 0);
		span(timeline, "t0", "f", 20, 5, 1, 0);
		cf_timeline_finish(timeline);
		assert_names(timeline, style == CF_TIMELINE_TRACKS ? "cdaebf" : "abcdef");
		ck_assert_int_eq(timeline->begin, -10);
		ck_assert_int_eq(timeline->end, 70);
		cf_timeline_free(timeline);
	}
	cf_timeline_free(NULL);
}
END_TEST

/* Ends never lie before beginnings, whatever the numbers. */
START_TEST(has_a_length)
{
	static const int64_t cases[][2] = {
		{ 0, 0 },         { INT64_MAX, 0 }, { INT64_MAX, INT64_MAX }, { INT64_MIN, INT64_MAX },
		{ INT64_MIN, 0 }, { 5, INT64_MIN }
	};
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_WATERFALL, 0);

	if (_i < 6)
		span(timeline, "t", "x", cases[_i][0], cases[_i][1], 0, 0);
	cf_timeline_finish(timeline);
	ck_assert(timeline->end > timeline->begin);
	cf_timeline_free(timeline);
}
END_TEST

START_TEST(keeps_marked_then_longest)
{
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_WATERFALL, 0);
	static const gboolean wanted[] = { FALSE, TRUE, FALSE, TRUE, TRUE };
	g_autofree gboolean *keep = NULL, *all = NULL;

	span(timeline, "t", "a", 0, 1, 0, 0);
	span(timeline, "t", "b", 0, 9, 0, 0);
	span(timeline, "t", "c", 1, 2, 0, 0);
	span(timeline, "t", "d", 0, 2, 0, 0);
	span(timeline, "t", "e", 0, 0, 0, CF_MARK_FAILED);
	cf_timeline_finish(timeline);
	keep = cf_timeline_keep(timeline, 3);
	all = cf_timeline_keep(timeline, 5);
	/* c and d are as long: the earlier row stays. */
	for (guint i = 0; i < 5; i++) {
		ck_assert_int_eq(keep[i], i == 2 ? TRUE : i == 3 ? FALSE : wanted[i]);
		ck_assert(all[i]);
	}
	cf_timeline_free(timeline);
}
END_TEST

START_TEST(timeline_becomes_a_table)
{
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_timeline *timeline =
		cf_timeline_new(CF_TIMELINE_WATERFALL, G_GINT64_CONSTANT(1763877720000000000));
	struct cf_node *node;

	span(timeline, "api", "GET", 250, 1000, 0, CF_MARK_HIGHLIGHT);
	cf_timeline_finish(timeline);
	node = cf_doc_timeline(doc, doc->root, "trace", NULL, timeline);
	ck_assert_str_eq(node->first->id, "trace-intervals");
	ck_assert_uint_eq(cf_table_rows(node->first), 1);
	ck_assert_str_eq(cf_table_cell(node->first, 0, 1)->text, "GET");
	ck_assert_int_eq(cf_table_cell(node->first, 0, 3)->i, 1000);
	ck_assert_str_eq(cf_table_cell(node->first, 0, 6)->text, "critical path");
	ck_assert(cf_table_cell(node->first, 0, 8)->i == G_GINT64_CONSTANT(1763877720000000250));
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("core_figures");
	TCase *t = tcase_create("figures");

	tcase_add_test(t, nests_loops);
	tcase_add_test(t, fits_the_beginning);
	tcase_add_test(t, sequence_becomes_a_table);
	tcase_add_test(t, sorts_tracks_and_leaves_waterfalls);
	tcase_add_loop_test(t, has_a_length, 0, 7);
	tcase_add_test(t, keeps_marked_then_longest);
	tcase_add_test(t, timeline_becomes_a_table);
	suite_add_tcase(s, t);
	return s;
}
