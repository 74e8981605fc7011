/* SPDX-License-Identifier: MIT */
/* analyzers_calls: callers and callees, recursion included, against figures added up by hand. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/calls.h"

/* "name weight; " of the rows, then self, total and what recurses. */
static char *rows_text(const struct cf_calls *calls, const struct cf_profile *profile)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < calls->rows->len; i++) {
		const struct cf_call *call = &g_array_index(calls->rows, struct cf_call, i);

		g_string_append_printf(text, "%s %d; ",
				       call->func.id ? cf_dict_func_name(profile->trace->dict, call->func)
						     : "-",
				       (int)call->weight);
	}
	g_string_append_printf(text, "self %d total %d recursive %d", (int)calls->self, (int)calls->total,
			       (int)calls->recursive);
	return g_string_free(text, FALSE);
}

static void expect(struct cf_trace *trace, const char *function, enum cf_calls_side side, const char *rows,
		   const char *tree)
{
	g_autofree char *got_rows = NULL, *got_tree = NULL;
	struct cf_profile profile;
	struct cf_calls calls;
	struct messages m;

	messages_init(&m);
	take(&profile, trace, SETTINGS());
	ck_assert_int_eq(cf_calls_find(&calls, &profile, function, &m.diag), 0);
	cf_calls_compute(&calls, &profile, side, 0);
	got_rows = rows_text(&calls, &profile);
	got_tree = tree_text(calls.tree);
	ck_assert_str_eq(got_rows, rows);
	ck_assert_str_eq(got_tree, tree);
	ck_assert_int_eq(g_array_index(calls.tree->nodes, struct cf_tree_node, 0).total, calls.total);
	ck_assert_str_eq(m.text->str, "");
	cf_calls_clear(&calls);
	cf_profile_clear(&profile);
	messages_clear(&m);
}

/* Without recursion the rows add up to the total: 20 + 20, and 40 + 10. */
START_TEST(callers_add_up)
{
	expect(server(), "malloc", CF_CALLERS, "log 20; parse 20; self 40 total 40 recursive 0",
	       "malloc 0 40 4\n log 0 20 2\n  main 20 20 2\n parse 0 20 2\n  main 20 20 2\n");
	expect(server(), "send", CF_CALLERS, "main 40; flush 10; self 0 total 50 recursive 0",
	       "send 0 50 5\n flush 0 10 1\n  main 10 10 1\n main 40 40 4\n");
	expect(server(), "main", CF_CALLERS, "- 200; self 20 total 200 recursive 0", "main 200 200 20\n");
}
END_TEST

START_TEST(callees_add_up)
{
	expect(server(), "parse", CF_CALLEES, "- 60; malloc 20; self 60 total 80 recursive 0",
	       "parse 60 80 8\n malloc 20 20 2\n");
	/* Both ways to send lead to one subtree. */
	expect(server(), "send", CF_CALLEES, "sys_send 50; self 0 total 50 recursive 0",
	       "send 0 50 5\n sys_send 0 50 5\n  tcp_send 50 50 5\n");
	expect(server(), "tcp_send", CF_CALLEES, "- 50; self 50 total 50 recursive 0", "tcp_send 50 50 5\n");
}
END_TEST

static struct cf_trace *recursive(void)
{
	struct cf_trace *trace = cf_trace_new();

	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;f@a;g@a;f@a;f@a;h@a", 10, 1);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;f@a;f@a", 4, 1);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@a;g@a;f@a", 2, 1);
	return trace;
}

/* Each distinct call once per sample; the trees begin at the outermost frame and stay exact. */
START_TEST(recursion)
{
	/* main->f: 10 + 4; g->f: 10 + 2; f->f: 10 + 4. */
	expect(recursive(), "f", CF_CALLERS, "f 14; main 14; g 12; self 6 total 16 recursive 14",
	       "f 0 16 3\n g 0 2 1\n  main 2 2 1\n main 14 14 2\n");
	/* f->f: 10 + 4; f->g: 10; f->h: 10; self: 4 + 2. */
	expect(recursive(), "f", CF_CALLEES, "f 14; g 10; h 10; - 6; self 6 total 16 recursive 14",
	       "f 2 16 3\n f 4 4 1\n g 0 10 1\n  f 0 10 1\n   f 0 10 1\n    h 10 10 1\n");
}
END_TEST

START_TEST(limit_keeps_the_heaviest)
{
	struct cf_profile profile;
	struct cf_calls calls;
	struct messages m;

	messages_init(&m);
	take(&profile, server(), SETTINGS());
	ck_assert_int_eq(cf_calls_find(&calls, &profile, "main", &m.diag), 0);
	cf_calls_compute(&calls, &profile, CF_CALLEES, 2);
	ck_assert_int_eq(calls.rows->len, 2);
	ck_assert_int_eq(calls.distinct, 5); /* parse 80, log 50, send 40, self 20, flush 10 */
	ck_assert_int_eq(g_array_index(calls.rows, struct cf_call, 1).weight, 50);
	cf_calls_clear(&calls);
	cf_profile_clear(&profile);
	messages_clear(&m);
}
END_TEST

/* What text names: "name in modules", or the message. */
static void expect_found(struct cf_trace *trace, const char *text, const char *expected)
{
	struct cf_profile profile;
	struct cf_calls calls;
	struct messages m;

	messages_init(&m);
	take(&profile, trace, SETTINGS());
	if (!cf_calls_find(&calls, &profile, text, &m.diag)) {
		g_string_append_printf(m.text, "%s in", calls.name);
		for (guint i = 0; i < calls.modules->len; i++)
			g_string_append_printf(m.text, " %s", (char *)g_ptr_array_index(calls.modules, i));
		cf_calls_clear(&calls);
	} else {
		ck_assert_int_eq(m.diag.status, CF_STATUS_USAGE);
	}
	ck_assert_str_eq(m.text->str, expected);
	cf_profile_clear(&profile);
	messages_clear(&m);
}

static struct cf_trace *names(void)
{
	static const char *const stacks[] = { "malloc@libc",
					      "malloc@ld.so",
					      "xmalloc@app",
					      "_int_malloc@libc",
					      "mallocate@app",
					      "my_malloc@app",
					      "a_malloc@app",
					      "operator new@libstdc++",
					      "a!b@app",
					      "evil\x1b[31m@x",
					      "b\xff"
					      "ad@x",
					      "in\xe2\x80\x8bvisible@x" };
	struct cf_trace *trace = cf_trace_new();

	for (size_t i = 0; i < G_N_ELEMENTS(stacks); i++)
		add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", stacks[i], 100 - (int64_t)i, 1);
	return trace;
}

START_TEST(finds_functions)
{
	expect_found(names(), "malloc", "malloc in ld.so libc");
	expect_found(names(), "ld.so!malloc", "malloc in ld.so");
	expect_found(names(), "a!b", "a!b in app");
	expect_found(names(), "tor new", "operator new in libstdc++");
	expect_found(names(), "alloc",
		     "error: 'alloc' is in the names of 6 functions: malloc, xmalloc, _int_malloc, "
		     "mallocate, my_malloc and 1 more\n");
	expect_found(names(), "_mall",
		     "error: '_mall' is in the names of 3 functions: _int_malloc, my_malloc, "
		     "a_malloc\n");
	expect_found(names(), "maloc", "error: no function 'maloc' in the samples; did you mean 'malloc'?\n");
	expect_found(names(), "somewhere", "error: no function 'somewhere' in the samples\n");
	expect_found(names(), "app!malloc",
		     "error: no function 'app!malloc' in the samples; did you mean 'a_malloc'?\n");
	/* As a terminal shows them, or a page what isn't UTF-8. */
	expect_found(names(), "evil\\x1b[31m", "evil\x1b[31m in x");
	expect_found(names(), "b\\xffad",
		     "b\xff"
		     "ad in x");
	expect_found(names(),
		     "b\xef\xbf\xbd"
		     "ad",
		     "b\xff"
		     "ad in x");
	expect_found(names(), "in\\u200bvisible", "in\xe2\x80\x8bvisible in x");
	expect_found(names(), "b\\xfead", "error: no function 'b\\xfead' in the samples\n");
	expect_found(names(), "\x1b]0;", "error: no function '\\x1b]0;' in the samples\n");
}
END_TEST

/* As many modules and thread groups as there are samples: the work must not grow with their square. */
START_TEST(many_modules_and_groups)
{
	enum { MANY = 60000 };
	struct cf_trace *trace = cf_trace_new();
	struct cf_profile profile;
	struct cf_calls calls;
	struct cf_tree *tree;
	struct messages m;

	for (int i = 0; i < MANY; i++) {
		/* Without digits: threads that differ in a number are one group. */
		const char comm[] = { (char)('a' + i / 26 / 26 / 26), (char)('a' + i / 26 / 26 % 26),
				      (char)('a' + i / 26 % 26), (char)('a' + i % 26), '\0' };
		g_autofree char *stack = g_strdup_printf("main@app;?@m%05d", i);

		add_cost(trace, "cpu-clock", CF_UNIT_NS, comm, stack, 1, 1);
	}
	messages_init(&m);
	take(&profile, trace, SETTINGS());
	ck_assert_int_eq(cf_calls_find(&calls, &profile, "[unresolved]", &m.diag), 0);
	ck_assert_uint_eq(calls.modules->len, MANY);
	ck_assert_str_eq(g_ptr_array_index(calls.modules, MANY - 1), "m59999");
	tree = cf_calltree_down(&profile);
	ck_assert_uint_eq(tree->nodes->len, 1 + 3 * MANY);
	ck_assert_int_eq(g_array_index(tree->nodes, struct cf_tree_node, 0).total, MANY);
	cf_tree_free(tree);
	cf_calls_clear(&calls);
	cf_profile_clear(&profile);
	messages_clear(&m);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/calls");
	TCase *c = tcase_create("calls");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, callers_add_up);
	tcase_add_test(c, callees_add_up);
	tcase_add_test(c, recursion);
	tcase_add_test(c, limit_keeps_the_heaviest);
	tcase_add_test(c, finds_functions);
	tcase_add_test(c, many_modules_and_groups);
	suite_add_tcase(s, c);
	return s;
}
