/* SPDX-License-Identifier: MIT */
/* render_gnuplot: what gnuplot is told, what it may answer, and where the gnuplot that is installed puts things. */
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/chart_plot.h"
#include "tests/unit/render_figures.h"

static void reject_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_abort_msg("unexpected message: %s", text);
}

/* The plot of the load test, laid out from the recorded answer; free both. */
static struct cf_chart_plot *make(struct cf_chart **chart)
{
	struct cf_diag diag = { .consume = reject_message };
	struct cf_chart_plot *plot;

	*chart = figure_load_chart();
	plot = cf_chart_plot(*chart, 760, "tests/unit/gnuplot_recorded.sh", &diag);
	ck_assert_ptr_nonnull(plot);
	return plot;
}

static char *recorded(void)
{
	char *answer = NULL;

	ck_assert(g_file_get_contents("tests/golden/render/chart-760x417.gnuplot", &answer, NULL, NULL));
	return answer;
}

/* Names could be commands; numbers and words of the script are all that there is. */
START_TEST(is_told_numbers_only)
{
	struct cf_chart *chart;
	struct cf_chart_plot *plot = make(&chart);
	g_autoptr(GString) script = g_string_new(NULL);

	cf_gnuplot_write(&plot->plot, script);
	ck_assert_ptr_nonnull(strstr(script->str, "set terminal svg size 760,417 fixed noenhanced\n"));
	for (size_t i = 0; i < G_N_ELEMENTS(hostile_names); i++)
		ck_assert_ptr_null(strstr(script->str, hostile_names[i]));
	for (const char *word = "`!\\\"@"; *word; word++)
		ck_assert_ptr_null(strchr(script->str, *word));
	ck_assert_ptr_null(strstr(script->str, "latency"));
	ck_assert_ptr_null(strstr(script->str, "system"));
	ck_assert_ptr_null(strstr(script->str, "alert"));
	cf_chart_plot_free(plot);
	cf_chart_free(chart);
}
END_TEST

/* Whatever is in PATH under the name of gnuplot: nothing that it says is taken on trust. */
START_TEST(refuses_what_is_no_layout)
{
	static const struct {
		const char *from, *to;
	} damage[] = {
		{ "</svg>", "" },
		{ "<use xlink:href", "<b xlink:href" },
		{ "translate(65.42,191.84)", "translate(65.42)" },
		{ "translate(65.42,191.84)", "translate(1e9,191.84)" },
		{ "translate(65.42,191.84)", "translate(nan,191.84)" },
		{ "translate(65.42,191.84)", "translate(65.42,191.84" },
		{ "translate(65.42,191.84)", "rotate(65.42,191.84)" },
		{ "color='rgb(  1,   5,   1)'", "color='rgb(  1,   4,   9)'" },
		{ "color='rgb(  1,   5,   1)'", "color='rgb(  0,   4,   1)'" },
		{ "color='rgb(  1,   5,   1)'", "color='rgb(  1,   4,   2)'" },
		{ "color='rgb(  1,   5,   1)'", "color=rgb(  1,   5,   1)" },
		{ "color='rgb(  1,   5,   1)'", "color='rgb(  1,   5,   1)" },
		{ "<text>0</text>", "<text>zero</text>" },
		{ "<text>0</text>", "<text>inf</text>" },
		{ "M65.42,191.84 L", "M65.42,191.84 Q" },
		{ "M65.42,191.84 L", "M65.42 L" },
		{ "M65.42,191.84 L", "M65.42,-300 L" },
	};
	g_autofree char *whole = recorded();
	g_auto(GStrv) parts = g_strsplit(whole, damage[_i].from, 2);
	g_autofree char *answer = NULL;
	struct cf_chart *chart;
	struct cf_chart_plot *plot = make(&chart);

	ck_assert_uint_eq(g_strv_length(parts), 2);
	answer = g_strconcat(parts[0], damage[_i].to, parts[1], NULL);
	ck_assert_int_eq(cf_gnuplot_read(&plot->plot, answer), -1);
	ck_assert_int_eq(cf_gnuplot_read(&plot->plot, ""), -1);
	ck_assert_int_eq(cf_gnuplot_read(&plot->plot, whole), 0);
	cf_chart_plot_free(plot);
	cf_chart_free(chart);
}
END_TEST

START_TEST(reads_any_prefix)
{
	g_autofree char *answer = recorded();
	size_t len = strlen(g_strchomp(answer));
	struct cf_chart *chart;
	struct cf_chart_plot *plot = make(&chart);

	for (size_t n = 0; n < len - 1; n++) {
		g_autofree char *part = g_strndup(answer, n);

		ck_assert_int_eq(cf_gnuplot_read(&plot->plot, part), -1);
	}
	cf_chart_plot_free(plot);
	cf_chart_free(chart);
}
END_TEST

/* Any byte may be another: it is refused, or all that is read is within the picture. */
START_TEST(reads_any_byte)
{
	g_autofree char *answer = recorded();
	size_t len = strlen(answer);
	struct cf_chart *chart;
	struct cf_chart_plot *plot = make(&chart);

	for (size_t n = 0; n < len; n++) {
		char was = answer[n];

		answer[n] = "<>'\"9 -"[n % 7];
		if (cf_gnuplot_read(&plot->plot, answer) == 0)
			for (guint i = 0; i < plot->plot.places->len; i++) {
				const struct cf_plot_place *place =
					&g_array_index(plot->plot.places, struct cf_plot_place, i);

				ck_assert(place->x > -20 && place->x < 780);
				ck_assert(place->y > -20 && place->y < 437);
			}
		answer[n] = was;
	}
	cf_chart_plot_free(plot);
	cf_chart_free(chart);
}
END_TEST

static void count_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_assert_int_eq(severity, CF_ERROR);
	++*(int *)ctx;
}

START_TEST(says_what_failed)
{
	static const char *const programs[] = { "/nowhere/gnuplot", "false", "true", "echo" };
	int messages = 0;
	struct cf_diag diag = { .consume = count_message, .ctx = &messages };
	struct cf_chart *chart = figure_load_chart();

	ck_assert_ptr_null(cf_chart_plot(chart, 760, programs[_i], &diag));
	ck_assert_int_eq(messages, 1);
	ck_assert(!cf_gnuplot_is_there(""));
	ck_assert(cf_gnuplot_is_there("anything"));
	cf_chart_free(chart);
}
END_TEST

/* The installed one puts every point where a ruler would: to a tenth of a pixel. */
START_TEST(lays_out)
{
	struct cf_diag diag = { .consume = reject_message };
	struct cf_chart *chart = _i ? figure_time_chart() : figure_load_chart();
	struct cf_chart_plot *cp;
	guint at = 0;

	if (!cf_gnuplot_is_there(NULL)) {
		printf("skipped: no gnuplot\n");
		cf_chart_free(chart);
		return;
	}
	cp = cf_chart_plot(chart, 760, NULL, &diag);
	ck_assert_ptr_nonnull(cp);
	for (guint i = 0; i < cp->plot.shapes->len; i++) {
		const struct cf_plot_shape *shape = &g_array_index(cp->plot.shapes, struct cf_plot_shape, i);
		const struct cf_plot_place *place =
			&g_array_index(cp->plot.places, struct cf_plot_place, shape->first);
		const struct cf_plot_panel *panel =
			&g_array_index(cp->plot.panels, struct cf_plot_panel, shape->panel);
		const struct cf_plot_point *point;
		double x, y;

		if (shape->kind != (_i ? CF_PLOT_BAR : CF_PLOT_DOT))
			continue;
		point = &g_array_index(cp->plot.points, struct cf_plot_point, at++);
		x = _i ? (place[0].x + place[2].x) / 2 : place->x;
		y = _i ? place[2].y : place->y;
		ck_assert_double_eq_tol(x,
					panel->left + (point->x - cp->plot.least) /
							      (cp->plot.most - cp->plot.least) *
							      (panel->right - panel->left),
					0.1);
		ck_assert_double_eq_tol(y,
					panel->bottom - (point->y - panel->least) /
								(panel->most - panel->least) *
								(panel->bottom - panel->top),
					0.1);
	}
	ck_assert_uint_eq(at, cp->plot.points->len);
	cf_chart_plot_free(cp);
	cf_chart_free(chart);
}
END_TEST

/* Ranges of nothing, of one value, and of values that no axis can tell apart. */
START_TEST(lays_out_what_is_odd)
{
	static const double ys[][2] = { { 0, 0 },       { 5, 5 },      { -3, -3 },       { 1e-300, 1e-300 },
					{ 1e15, 1e15 }, { -1e9, 1e9 }, { 1e300, 1e-300 } };
	struct cf_diag diag = { .consume = reject_message };

	if (!cf_gnuplot_is_there(NULL)) {
		printf("skipped: no gnuplot\n");
		return;
	}
	for (int style = CF_CHART_LINE; style <= CF_CHART_BARS; style++)
		for (int n = 1; n <= 2; n++) {
			struct cf_chart *chart = cf_chart_new("x", n == 1 ? CF_UNIT_TIME : CF_UNIT_COUNT, "");
			uint32_t panel = cf_chart_panel(chart, "", "y", CF_UNIT_NONE, "");
			uint32_t series = cf_chart_series(chart, panel, "", (enum cf_chart_style)style);
			struct cf_chart_plot *plot;

			cf_chart_panel(chart, "", "nothing", CF_UNIT_COUNT, "");
			for (int i = 0; i < n; i++)
				cf_chart_point(chart, series, 1e9 * i, ys[_i][i]);
			cf_chart_finish(chart);
			plot = cf_chart_plot(chart, 344, NULL, &diag);
			ck_assert_ptr_nonnull(plot);
			cf_chart_plot_free(plot);
			cf_chart_free(chart);
		}
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_gnuplot");
	TCase *t = tcase_create("gnuplot");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, is_told_numbers_only);
	tcase_add_loop_test(t, refuses_what_is_no_layout, 0, 17);
	tcase_add_test(t, reads_any_prefix);
	tcase_add_test(t, reads_any_byte);
	tcase_add_loop_test(t, says_what_failed, 0, 4);
	tcase_add_loop_test(t, lays_out, 0, 2);
	tcase_add_loop_test(t, lays_out_what_is_odd, 0, 7);
	suite_add_tcase(s, t);
	return s;
}
