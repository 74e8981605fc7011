/* SPDX-License-Identifier: MIT */
/* analyzers_profile: filters, sums and call trees against figures added up by hand. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/calltree.h"
#include "analyzers/ranking.h"

/* "name self total; " of functions with cost, heaviest first. */
static char *ranked(const struct cf_profile *profile, enum cf_ranking_by by, gboolean by_total, int64_t limit)
{
	GString *text = g_string_new(NULL);
	struct cf_ranking ranking;

	cf_ranking_of_profile(&ranking, profile, by, by_total, limit);
	for (guint i = 0; i < ranking.rows->len; i++) {
		const struct cf_ranking_row *row = cf_ranking_row(&ranking, i);

		g_string_append_printf(text, "%s %d %d; ", row->name, (int)row->self, (int)row->total);
	}
	g_string_append_printf(text, "rest %d of %d, hidden %d", (int)cf_ranking_rest(&ranking),
			       (int)ranking.distinct, (int)ranking.hidden);
	cf_ranking_clear(&ranking);
	return g_string_free(text, FALSE);
}

static void expect_ranked(struct cf_params *params, enum cf_ranking_by by, gboolean by_total, int64_t limit,
			  const char *expected)
{
	g_autofree char *text = NULL;
	struct cf_profile profile;

	take(&profile, server(), params);
	ck_assert_int_eq(profile.weight, 200);
	ck_assert_int_eq(profile.count, 20);
	text = ranked(&profile, by, by_total, limit);
	ck_assert_str_eq(text, expected);
	cf_profile_clear(&profile);
}

START_TEST(ranks_functions)
{
	expect_ranked(
		SETTINGS(), CF_BY_FUNCTION, FALSE, 0,
		"parse 60 80; tcp_send 50 50; malloc 40 40; [unresolved] 30 30; main 20 200; sys_send 0 50; "
		"flush 0 10; log 0 50; send 0 50; rest 0 of 9, hidden 0");
	expect_ranked(SETTINGS(), CF_BY_FUNCTION, FALSE, 2,
		      "parse 60 80; tcp_send 50 50; rest 90 of 9, hidden 0");
	expect_ranked(SETTINGS(), CF_BY_FUNCTION, TRUE, 3,
		      "main 20 200; parse 60 80; sys_send 0 50; rest 120 of 9, hidden 0");
}
END_TEST

START_TEST(ranks_modules_and_threads)
{
	expect_ranked(SETTINGS(), CF_BY_MODULE, FALSE, 0,
		      "app 80 200; [kernel] 50 50; libc 40 90; liblog 30 30; rest 0 of 4, hidden 0");
	expect_ranked(SETTINGS(), CF_BY_THREAD, FALSE, 0,
		      "worker-# 130 130; logger 70 70; rest 0 of 2, hidden 0");
	expect_ranked(SETTINGS(), CF_BY_FILE, FALSE, 0, "[no source known] 200 200; rest 0 of 1, hidden 0");
}
END_TEST

START_TEST(filters_hide_and_say_so)
{
	expect_ranked(SETTINGS("focus=^log$"), CF_BY_FUNCTION, FALSE, 0,
		      "[unresolved] 30 30; malloc 20 20; log 0 50; main 0 50; rest 0 of 4, hidden 150");
	expect_ranked(SETTINGS("ignore=malloc|send"), CF_BY_FUNCTION, FALSE, 0,
		      "parse 60 60; [unresolved] 30 30; main 20 110; log 0 30; rest 0 of 4, hidden 90");
	expect_ranked(SETTINGS("thread=logger", "focus=malloc"), CF_BY_FUNCTION, FALSE, 1,
		      "malloc 20 20; rest 0 of 3, hidden 180");
	expect_ranked(SETTINGS("thread=worker-7"), CF_BY_THREAD, FALSE, 0,
		      "worker-# 130 130; rest 0 of 1, hidden 70");
	expect_ranked(SETTINGS("thread=*er"), CF_BY_THREAD, FALSE, 0,
		      "logger 70 70; rest 0 of 1, hidden 130");
	expect_ranked(SETTINGS("focus=nowhere"), CF_BY_FUNCTION, FALSE, 0, "rest 0 of 0, hidden 200");
}
END_TEST

/* Self is that of the module, and its total is what the samples spent in the module pass through. */
START_TEST(module_is_the_innermost)
{
	expect_ranked(SETTINGS("module=libc"), CF_BY_FUNCTION, FALSE, 0,
		      "malloc 40 40; rest 0 of 1, hidden 160");
	expect_ranked(SETTINGS("module=app"), CF_BY_FUNCTION, FALSE, 0,
		      "parse 60 60; main 20 80; rest 0 of 2, hidden 120");
	/* Equal names win over parts of names; a part serves where nothing is equal; a glob is a glob. */
	expect_ranked(SETTINGS("module=lib"), CF_BY_MODULE, FALSE, 0,
		      "libc 40 40; liblog 30 30; app 0 70; rest 0 of 3, hidden 130");
	expect_ranked(SETTINGS("module=lib?"), CF_BY_MODULE, FALSE, 0,
		      "libc 40 40; app 0 40; rest 0 of 2, hidden 160");
	expect_ranked(SETTINGS("module=[kernel]"), CF_BY_FUNCTION, FALSE, 0,
		      "tcp_send 50 50; sys_send 0 50; rest 0 of 2, hidden 150");
}
END_TEST

START_TEST(user_and_kernel_add_up)
{
	expect_ranked(SETTINGS("user=true"), CF_BY_FUNCTION, FALSE, 0,
		      "parse 60 80; malloc 40 40; [unresolved] 30 30; main 20 150; log 0 50; rest 0 of 5, "
		      "hidden 50");
	expect_ranked(SETTINGS("kernel=true"), CF_BY_FUNCTION, FALSE, 0,
		      "tcp_send 50 50; sys_send 0 50; rest 0 of 2, hidden 150");
}
END_TEST

START_TEST(kernel_frames_are_known)
{
	static const struct {
		const char *module;
		gboolean kernel;
	} cases[] = {
		{ "k", TRUE },        { "[ext4]", TRUE },  { "ext4.ko", TRUE },
		{ "nf.ko.xz", TRUE }, { "[vdso]", FALSE }, { "[heap]", FALSE },
		{ "libko", FALSE },   { "a.kop", FALSE },  { "", FALSE },
	};
	struct cf_trace *trace = cf_trace_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *frame = g_strdup_printf("?@%s", cases[i].module);
		struct cf_stack stack = push_stack(trace, frame);

		ck_assert_int_eq(cf_func_is_kernel(trace->dict, cf_dict_stack_info(trace->dict, stack).func),
				 cases[i].kernel);
	}
	cf_trace_free(trace);
}
END_TEST

START_TEST(refuses_settings_that_make_no_sense)
{
	struct cf_params *params = SETTINGS("user=true", "kernel=true");
	struct cf_profile profile;
	struct messages m;

	messages_init(&m);
	ck_assert_int_eq(cf_profile_take(&profile, server(), params, &m.diag), -1);
	ck_assert_str_eq(m.text->str,
			 "error: --user and --kernel exclude each other; without both all samples are "
			 "shown\n");
	ck_assert_int_eq(m.diag.status, CF_STATUS_USAGE);
	cf_params_free(params);

	g_string_truncate(m.text, 0);
	params = SETTINGS("metric=cycles");
	ck_assert_int_eq(cf_profile_take(&profile, server(), params, &m.diag), -1);
	ck_assert_str_eq(m.text->str, "error: no metric 'cycles' in the run; it has cpu-clock\n");
	cf_params_free(params);

	g_string_truncate(m.text, 0);
	params = SETTINGS();
	ck_assert_int_eq(cf_profile_take(&profile, cf_trace_new(), params, &m.diag), -1);
	ck_assert_str_eq(m.text->str, "error: the run has no samples\n");
	cf_params_free(params);
	messages_clear(&m);
}
END_TEST

/* Expressions that make a backtracking matcher run for ages, on names made for it. */
START_TEST(matching_is_linear)
{
	static const char *const patterns[] = { "focus=(a+)+$", "focus=(a|aa)+$", "focus=(a*)*b$",
						"focus=(a|b)*a(a|b){200}$" };
	GString *name = g_string_new(NULL);

	for (int i = 0; i < 4000; i++)
		g_string_append_c(name, i % 7 ? 'a' : 'b');
	g_string_append(name, "c@m");
	for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
		struct cf_trace *trace = cf_trace_new();
		struct cf_profile profile;
		gint64 begin = g_get_monotonic_time();

		add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", name->str, 5, 1);
		take(&profile, trace, SETTINGS(patterns[i]));
		ck_assert_int_eq(profile.hidden, 5);
		cf_profile_clear(&profile);
		ck_assert_int_lt(g_get_monotonic_time() - begin, 3000000);
	}
	g_string_free(name, TRUE);
}
END_TEST

/* What is bound to the start or the end stays so, also inside of an alternative. */
START_TEST(anchors)
{
	static const struct {
		const char *pattern, *name;
		gboolean matches;
	} cases[] = {
		{ "^ab", "abc", TRUE },
		{ "^bc", "abc", FALSE },
		{ "bc$", "abc", TRUE },
		{ "ab$", "abc", FALSE },
		{ "x|^b", "abc", FALSE },
		{ "x|^a", "abc", TRUE },
		{ "x|c$|y", "abc", TRUE },
		{ "b", "abc", TRUE },
		{ "^abc$", "abc", TRUE },
		{ "^(b|c)", "abc", FALSE },
		{ "a.c", "a\nc", TRUE },
		{ "a.c",
		  "a\xff"
		  "c",
		  TRUE },
		{ "[[:digit:]]+", "a12", TRUE },
		{ "op\\(\\)", "op()", TRUE },
		{ "A", "abc", FALSE },
		{ "", "abc", TRUE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct cf_trace *trace = cf_trace_new();
		g_autofree char *frame = g_strconcat(cases[i].name, "@m", NULL);
		g_autofree char *pair = g_strconcat("focus=", cases[i].pattern, NULL);
		struct cf_profile profile;

		add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", frame, 5, 1);
		take(&profile, trace, SETTINGS(pair));
		ck_assert_msg((profile.hidden == 0) == cases[i].matches, "%s on %s", cases[i].pattern,
			      cases[i].name);
		cf_profile_clear(&profile);
	}
}
END_TEST

START_TEST(metrics_are_apart)
{
	struct cf_trace *trace = server();
	struct cf_profile profile;

	add_cost(trace, "faults", CF_UNIT_COUNT, "worker-1", "main@app;parse@app", 7, 7);
	take(&profile, trace, SETTINGS("metric=faults"));
	ck_assert_int_eq(profile.weight, 7);
	ck_assert_int_eq(profile.costs->len, 1);
	ck_assert_int_eq(profile.unit, CF_UNIT_COUNT);
	ck_assert_int_eq(profile.other_metrics->len, 1);
	ck_assert_str_eq(g_ptr_array_index(profile.other_metrics, 0), "cpu-clock");
	cf_profile_clear(&profile);
}
END_TEST

/* A function counts once per sample, however often it is in the stack. */
START_TEST(recursion_counts_once)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL;
	struct cf_profile profile;

	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;f@a;g@a;f@a;f@a", 10, 1);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;f@a", 5, 1);
	take(&profile, trace, SETTINGS());
	text = ranked(&profile, CF_BY_FUNCTION, FALSE, 0);
	ck_assert_str_eq(text, "f 15 15; g 0 10; main 0 15; rest 0 of 3, hidden 0");
	cf_profile_clear(&profile);
}
END_TEST

START_TEST(samples_without_frames_are_the_rest)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL, *tree_lines = NULL;
	struct cf_profile profile;
	struct cf_tree *tree;

	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "", 4, 1);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a", 6, 1);
	take(&profile, trace, SETTINGS());
	text = ranked(&profile, CF_BY_FUNCTION, FALSE, 0);
	ck_assert_str_eq(text, "main 6 6; rest 4 of 1, hidden 0");
	tree = cf_calltree_down(&profile);
	tree_lines = tree_text(tree);
	ck_assert_str_eq(tree_lines, "all 0 10 2\n t 4 10 2\n  main 6 6 1\n");
	cf_tree_free(tree);
	cf_profile_clear(&profile);
}
END_TEST

START_TEST(sums_saturate)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_profile profile;
	struct cf_tree *tree;
	struct cf_ranking ranking;

	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;f@a", INT64_MAX, 1);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;g@a", INT64_MAX, 1);
	take(&profile, trace, SETTINGS());
	ck_assert(profile.weight == INT64_MAX);
	tree = cf_calltree_down(&profile);
	ck_assert(g_array_index(tree->nodes, struct cf_tree_node, 0).total == INT64_MAX);
	cf_tree_free(tree);
	tree = cf_calltree_up(&profile);
	ck_assert(g_array_index(tree->nodes, struct cf_tree_node, 0).total == INT64_MAX);
	cf_tree_free(tree);
	cf_ranking_of_profile(&ranking, &profile, CF_BY_FUNCTION, FALSE, 1);
	ck_assert(cf_ranking_rest(&ranking) == 0);
	cf_ranking_clear(&ranking);
	cf_profile_clear(&profile);
}
END_TEST

START_TEST(tree_goes_down)
{
	struct cf_profile profile;
	struct cf_tree *tree;
	g_autofree char *text = NULL;

	take(&profile, server(), SETTINGS());
	tree = cf_calltree_down(&profile);
	text = tree_text(tree);
	ck_assert_str_eq(text, "all 0 200 20\n"
			       " logger 0 70 7\n"
			       "  main 20 70 7\n"
			       "   log 0 50 5\n"
			       "    [unresolved] 30 30 3\n"
			       "    malloc 20 20 2\n"
			       " worker-# 0 130 13\n"
			       "  main 0 130 13\n"
			       "   flush 0 10 1\n"
			       "    send 0 10 1\n"
			       "     sys_send 0 10 1\n"
			       "      tcp_send 10 10 1\n"
			       "   parse 60 80 8\n"
			       "    malloc 20 20 2\n"
			       "   send 0 40 4\n"
			       "    sys_send 0 40 4\n"
			       "     tcp_send 40 40 4\n");
	ck_assert_ptr_null(tree->note);
	cf_tree_free(tree);
	cf_profile_clear(&profile);
}
END_TEST

START_TEST(tree_keeps_the_whole)
{
	struct cf_profile profile;
	struct cf_tree *tree;
	g_autofree char *text = NULL;

	take(&profile, server(), SETTINGS("kernel=true"));
	tree = cf_calltree_down(&profile);
	text = tree_text(tree);
	/* Both ways to send are one: the user frames are gone. */
	ck_assert_str_eq(text, "all 0 200 20\n"
			       " (hidden by --kernel) 150 150 15\n"
			       " worker-# 0 50 5\n"
			       "  sys_send 0 50 5\n"
			       "   tcp_send 50 50 5\n");
	ck_assert_str_eq(tree->note, "75.00 % (150 ns, 15 samples) hidden by --kernel");
	cf_tree_free(tree);
	cf_profile_clear(&profile);
}
END_TEST

START_TEST(tree_goes_up)
{
	struct cf_profile profile;
	struct cf_tree *tree;
	g_autofree char *text = NULL;

	take(&profile, server(), SETTINGS());
	tree = cf_calltree_up(&profile);
	text = tree_text(tree);
	ck_assert(tree->inverted);
	ck_assert_str_eq(text, "all 0 200 20\n"
			       " [unresolved] 0 30 3\n"
			       "  log 0 30 3\n"
			       "   main 30 30 3\n"
			       " main 20 20 2\n"
			       " malloc 0 40 4\n"
			       "  log 0 20 2\n"
			       "   main 20 20 2\n"
			       "  parse 0 20 2\n"
			       "   main 20 20 2\n"
			       " parse 0 60 6\n"
			       "  main 60 60 6\n"
			       " tcp_send 0 50 5\n"
			       "  sys_send 0 50 5\n"
			       "   send 0 50 5\n"
			       "    flush 0 10 1\n"
			       "     main 10 10 1\n"
			       "    main 40 40 4\n");
	cf_tree_free(tree);
	cf_profile_clear(&profile);
}
END_TEST

/* What is too light to be seen isn't followed, but counted. */
START_TEST(light_paths_end_early)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_profile profile;
	struct cf_tree *tree;
	g_autofree char *text = NULL;

	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;f@a", 1000000, 1);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;g@a;h@a", 9, 1);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;g@a;i@a", 11, 1);
	take(&profile, trace, SETTINGS());
	tree = cf_calltree_up(&profile);
	text = tree_text(tree);
	ck_assert_str_eq(text,
			 "all 0 1000020 3\n f 0 1000000 1\n  main 1000000 1000000 1\n h 9 9 1\n i 0 11 1\n"
			 "  g 0 11 1\n   main 11 11 1\n");
	cf_tree_free(tree);
	cf_profile_clear(&profile);
}
END_TEST

/* 200000 frames deep: neither a stack overflow nor quadratic time. */
START_TEST(depth_is_no_problem)
{
	struct cf_trace *trace = cf_trace_new();
	const struct cf_func_info info = { .name = cf_dict_str(trace->dict, "f", -1) };
	struct cf_func func = cf_dict_func(trace->dict, info);
	struct cf_stack stack = { 0 };
	struct cf_profile profile;
	struct cf_tree *tree;

	for (int i = 0; i < 200000; i++)
		stack = cf_dict_push(trace->dict, stack, func, CF_FRAME_NATIVE);
	cf_trace_cost(trace,
		      &(struct cf_stack_cost){ .group = cf_trace_group(trace, "t"),
					       .metric = cf_trace_metric(trace, "cpu-clock", CF_UNIT_NS),
					       .stack = stack,
					       .weight = 3,
					       .count = 1 });
	take(&profile, trace, SETTINGS("focus=f"));
	tree = cf_calltree_down(&profile);
	ck_assert_int_eq(tree->nodes->len, 200002);
	cf_tree_free(tree);
	tree = cf_calltree_up(&profile);
	ck_assert_int_eq(tree->nodes->len, 200001);
	cf_tree_free(tree);
	cf_profile_clear(&profile);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/profile");
	TCase *sums = tcase_create("sums"), *trees = tcase_create("trees");

	tcase_add_test(sums, ranks_functions);
	tcase_add_test(sums, ranks_modules_and_threads);
	tcase_add_test(sums, filters_hide_and_say_so);
	tcase_add_test(sums, module_is_the_innermost);
	tcase_add_test(sums, user_and_kernel_add_up);
	tcase_add_test(sums, kernel_frames_are_known);
	tcase_add_test(sums, refuses_settings_that_make_no_sense);
	tcase_add_test(sums, matching_is_linear);
	tcase_add_test(sums, anchors);
	tcase_add_test(sums, metrics_are_apart);
	tcase_add_test(sums, recursion_counts_once);
	tcase_add_test(sums, samples_without_frames_are_the_rest);
	tcase_add_test(sums, sums_saturate);
	suite_add_tcase(s, sums);
	tcase_add_test(trees, tree_goes_down);
	tcase_add_test(trees, tree_keeps_the_whole);
	tcase_add_test(trees, tree_goes_up);
	tcase_add_test(trees, light_paths_end_early);
	tcase_add_test(trees, depth_is_no_problem);
	suite_add_tcase(s, trees);
	return s;
}
