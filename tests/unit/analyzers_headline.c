/* SPDX-License-Identifier: MIT */
/* analyzers_headline: what the summary says of made-up runs. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/headline.h"

static struct cf_run run = { .id = 1, .name = (char *)"srv", .metric = (char *)"cpu-clock" };

/* The headline, then "kind name module cure share" per look; of costs in ns. */
static char *judged(struct cf_trace *trace, struct cf_remark *remarks, guint n)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GPtrArray) list = g_ptr_array_new(), runs = g_ptr_array_new();
	struct cf_run_set set = { .runs = runs };
	g_autofree char *line = NULL;
	struct cf_headline headline;
	struct cf_ranking ranking;
	struct cf_profile profile;

	g_ptr_array_add(runs, &run);
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(list, &remarks[i]);
	take(&profile, trace, SETTINGS());
	cf_ranking_of_profile(&ranking, &profile, CF_BY_FUNCTION, FALSE, 0);
	cf_headline_compute(&headline, &ranking, &set, 3, list);
	line = cf_headline_text(&headline, "srv", &ranking);
	g_string_append_printf(text, "%s\n", line);
	for (guint i = 0; i < headline.looks->len; i++) {
		const struct cf_look *one = &g_array_index(headline.looks, struct cf_look, i);

		g_string_append_printf(text, "%d %s %s %s %.2f\n", one->kind, one->name ? one->name : "-",
				       one->module ? one->module : "-", one->cure ? one->cure : "-",
				       one->share * 100);
	}
	cf_headline_clear(&headline);
	cf_ranking_clear(&ranking);
	cf_profile_clear(&profile);
	return g_string_free(text, FALSE);
}

static void cost(struct cf_trace *trace, const char *frame, int64_t ms)
{
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", frame, ms * 1000000, ms);
}

START_TEST(one_function_dominates)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL;

	cost(trace, "hash@app", 410);
	cost(trace, "small@app", 29);
	for (int i = 0; i < 56; i++) {
		g_autofree char *name = g_strdup_printf("f%d@app", i);

		cost(trace, name, 10);
	}
	cost(trace, "last@app", 1);
	text = judged(trace, NULL, 0);
	ck_assert_str_eq(text,
			 "srv used 1.00 s of CPU on 3 threads; hash alone takes 41 %\n0 hash app - 41.00\n");
}
END_TEST

START_TEST(nothing_dominates)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_remark remark = { .key = (char *)"unresolved",
				    .subject = (char *)"liblua",
				    .text = (char *)"stripped",
				    .cure = (char *)"install liblua-dbgsym" };
	g_autofree char *text = NULL;

	cost(trace, "siphash@app", 190);
	cost(trace, "_raw_spin_unlock_irqrestore@k", 100);
	cost(trace, "?@liblua", 50);
	cost(trace, "?@other", 9);
	for (int i = 0; i < 65; i++) {
		g_autofree char *name = g_strdup_printf("f%d@app", i);

		cost(trace, name, 10);
	}
	cost(trace, "last@app", 1);
	text = judged(trace, &remark, 1);
	ck_assert_str_eq(text, "srv used 1.00 s of CPU on 3 threads; no single function dominates\n"
			       "0 siphash app - 19.00\n"
			       "1 _raw_spin_unlock_irqrestore [kernel] - 10.00\n"
			       "2 - liblua install liblua-dbgsym 5.00\n");
}
END_TEST

/* What has no name can take most of it. */
START_TEST(a_nameless_module_leads)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_remark remark = { .key = (char *)"unresolved",
				    .subject = (char *)"libgcc",
				    .text = (char *)"stripped",
				    .cure = (char *)"install libgcc-dbgsym" };
	g_autofree char *text = NULL;

	cost(trace, "?@libgcc", 420);
	cost(trace, "hash@app", 300);
	cost(trace, "main@app", 280);
	text = judged(trace, &remark, 1);
	ck_assert_str_eq(text,
			 "srv used 1.00 s of CPU on 3 threads; 42 % of it is spent in libgcc, in functions "
			 "without names\n"
			 "2 - libgcc install libgcc-dbgsym 42.00\n"
			 "0 hash app - 30.00\n"
			 "0 main app - 28.00\n");
}
END_TEST

START_TEST(much_is_nameless)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL;

	cost(trace, "hash@app", 600);
	cost(trace, "?@a", 150);
	cost(trace, "?@b", 150);
	cost(trace, "main@app", 100);
	text = judged(trace, NULL, 0);
	ck_assert(g_str_has_prefix(
		text, "srv used 1.00 s of CPU on 3 threads; hash alone takes 60 %, and 30 % is in "
		      "functions without names\n"));
}
END_TEST

START_TEST(blind)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL;

	run.lost = 50;
	run.samples = 950;
	run.partial = TRUE;
	cost(trace, "?@", 600);
	cost(trace, "main@app", 400);
	text = judged(trace, NULL, 0);
	run.lost = 0;
	run.partial = FALSE;
	ck_assert_str_eq(text, "srv used 1.00 s of CPU on 3 threads; 60 % of it has no function names\n"
			       "2 -  - 60.00\n0 main app - 40.00\n3 - - - 5.00\n4 - - - 0.00\n");
}
END_TEST

/* Counters are read in non-maskable interrupts: a hot unlock there is one. */
START_TEST(spin_locks_of_counters_are_functions)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL;

	add_cost(trace, "cycles", CF_UNIT_COUNT, "t", "_raw_spin_unlock_irqrestore@k", 300, 3);
	add_cost(trace, "cycles", CF_UNIT_COUNT, "t", "main@app", 100, 1);
	text = judged(trace, NULL, 0);
	ck_assert_str_eq(text, "srv: 400 cycles on 3 threads; _raw_spin_unlock_irqrestore alone takes 75 %\n"
			       "0 _raw_spin_unlock_irqrestore [kernel] - 75.00\n0 main app - 25.00\n");
}
END_TEST

START_TEST(irq_release)
{
	ck_assert(cf_is_irq_release("_raw_spin_unlock_irqrestore"));
	ck_assert(cf_is_irq_release("finish_task_switch.isra.0"));
	ck_assert(!cf_is_irq_release("_raw_spin_lock"));
	ck_assert(!cf_is_irq_release("my_finish_task_switch"));
}
END_TEST

START_TEST(quality)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new();
	const struct cf_run_set set = { .runs = runs };
	struct cf_run a = {
		.id = 3, .facts = CF_FACTS_SAMPLES, .samples = 990, .weight = 1000, .unresolved = 31
	};
	struct cf_run b = { .id = 4,
			    .facts = CF_FACTS_SAMPLES,
			    .samples = 1000,
			    .weight = 1000,
			    .start_source = CF_START_MTIME };
	struct cf_quality_sum sum;
	g_autofree char *clean = NULL, *both = NULL;

	g_ptr_array_add(runs, &b);
	sum = cf_quality_of(&set, NULL);
	clean = cf_quality_line(&sum);
	ck_assert_str_eq(clean,
			 "quality: 0 lost, 0.00 % unresolved, start from file time  (callflow show 4)");
	ck_assert_int_eq(cf_quality_verdict(&sum), CF_VERDICT_PASS);
	a.lost = 10;
	g_ptr_array_add(runs, &a);
	sum = cf_quality_of(&set, NULL);
	both = cf_quality_line(&sum);
	ck_assert_str_eq(
		both,
		"quality: 10 lost (0.50 %), 1.55 % unresolved, start from file time  (callflow show 3)");
	ck_assert_int_eq(cf_quality_verdict(&sum), CF_VERDICT_PASS);
	/* The limits: more than 1 % lost, more than 10 % unresolved. */
	a.lost = 21;
	sum = cf_quality_of(&set, NULL);
	ck_assert_int_eq(cf_quality_verdict(&sum), CF_VERDICT_ATTENTION);
	a.lost = 0;
	a.unresolved = 200;
	sum = cf_quality_of(&set, NULL);
	ck_assert_int_eq(cf_quality_verdict(&sum), CF_VERDICT_PASS);
	a.unresolved = 201;
	sum = cf_quality_of(&set, NULL);
	ck_assert_int_eq(cf_quality_verdict(&sum), CF_VERDICT_ATTENTION);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/headline");
	TCase *c = tcase_create("headline");

	tcase_add_test(c, one_function_dominates);
	tcase_add_test(c, nothing_dominates);
	tcase_add_test(c, a_nameless_module_leads);
	tcase_add_test(c, much_is_nameless);
	tcase_add_test(c, blind);
	tcase_add_test(c, spin_locks_of_counters_are_functions);
	tcase_add_test(c, irq_release);
	tcase_add_test(c, quality);
	suite_add_tcase(s, c);
	return s;
}
