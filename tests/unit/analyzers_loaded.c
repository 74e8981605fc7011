/* SPDX-License-Identifier: MIT */
/* analyzers_loaded: which traces are kept for the next analysis, and for which. */
#include "analyzers/loaded.h"
#include "tests/unit/store_fixture.h"

#include <string.h>

static void select_run(struct fixture *f, struct cf_store *store, const char *expr, struct cf_run_set *set)
{
	ck_assert_int_eq(cf_store_select(store, expr, NULL, 0, set, &f->diag), 0);
}

static struct cf_loaded_trace take(struct fixture *f, struct cf_loaded *loaded, struct cf_store *store,
				   const struct cf_run_set *set, unsigned facts)
{
	struct cf_loaded_trace trace;

	ck_assert_int_eq(cf_loaded_take(loaded, &trace, store, set, facts, &f->diag), 0);
	ck_assert_uint_gt(trace.trace->stack_costs->len, 0);
	return trace;
}

static struct cf_store *three_runs(struct fixture *f)
{
	struct cf_store *store = fixture_open_memory(f);

	fixture_put(f, store, "00aa", fixture_trace("one", 10, 0));
	fixture_put(f, store, "00bb", fixture_trace("two", 10, 1));
	fixture_put(f, store, "00cc", fixture_trace("three", 10, 2));
	return store;
}

/* The same runs and facts get the same trace, once it is given back; others don't. */
START_TEST(test_kept)
{
	struct fixture f;
	struct cf_store *store = three_runs(&f);
	struct cf_run_set one = { 0 }, both = { 0 };
	struct cf_loaded loaded = { 0 };
	struct cf_loaded_trace a, b;
	const struct cf_trace *first;

	select_run(&f, store, "1", &one);
	select_run(&f, store, "1,2", &both);
	a = take(&f, &loaded, store, &one, 0);
	b = take(&f, &loaded, store, &one, 0);
	first = a.trace;
	ck_assert_ptr_ne(first, b.trace);
	cf_loaded_give(&loaded, &b);
	cf_loaded_give(&loaded, &a);
	ck_assert_ptr_null(a.trace);
	b = take(&f, &loaded, store, &one, CF_FACTS_SPANS);
	ck_assert_ptr_ne(b.trace, first);
	cf_loaded_give(NULL, &b);
	b = take(&f, &loaded, store, &both, 0);
	ck_assert_uint_ne(b.trace->stack_costs->len, first->stack_costs->len);
	cf_loaded_give(NULL, &b);
	a = take(&f, &loaded, store, &one, 0);
	ck_assert_ptr_eq(a.trace, first);
	cf_loaded_give(&loaded, &a);
	cf_loaded_clear(&loaded);
	cf_run_set_clear(&one);
	cf_run_set_clear(&both);
	fixture_close(&f, store);
}
END_TEST

/* What somebody added to isn't what was loaded. */
START_TEST(test_changed)
{
	struct fixture f;
	struct cf_store *store = three_runs(&f);
	struct cf_run_set one = { 0 };
	struct cf_loaded loaded = { 0 };
	struct cf_loaded_trace a;
	guint costs, stacks;

	select_run(&f, store, "1", &one);
	a = take(&f, &loaded, store, &one, 0);
	costs = a.trace->stack_costs->len;
	stacks = cf_dict_stacks(a.trace->dict);
	cf_dict_push(a.trace->dict, (struct cf_stack){ stacks - 1 }, (struct cf_func){ 1 }, CF_FRAME_KERNEL);
	cf_loaded_give(&loaded, &a);
	a = take(&f, &loaded, store, &one, 0);
	ck_assert_uint_eq(cf_dict_stacks(a.trace->dict), stacks);
	ck_assert_uint_eq(a.trace->stack_costs->len, costs);
	cf_loaded_give(&loaded, &a);
	cf_loaded_clear(&loaded);
	cf_run_set_clear(&one);
	fixture_close(&f, store);
}
END_TEST

/* The two that were used last stay. */
START_TEST(test_oldest_goes)
{
	struct fixture f;
	struct cf_store *store = three_runs(&f);
	static const char *const names[] = { "1", "2", "3" };
	const struct cf_trace *traces[G_N_ELEMENTS(names)];
	struct cf_loaded loaded = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct cf_run_set set = { 0 };
		struct cf_loaded_trace trace;

		select_run(&f, store, names[i], &set);
		trace = take(&f, &loaded, store, &set, 0);
		traces[i] = trace.trace;
		cf_loaded_give(&loaded, &trace);
		cf_run_set_clear(&set);
	}
	ck_assert_ptr_eq(loaded.traces[0].trace, traces[2]);
	ck_assert_ptr_eq(loaded.traces[1].trace, traces[1]);
	cf_loaded_clear(&loaded);
	ck_assert_ptr_null(loaded.traces[0].trace);
	fixture_close(&f, store);
}
END_TEST

/* A run that isn't there: said, and nothing is owed. */
START_TEST(test_missing)
{
	struct fixture f;
	struct cf_store *store = three_runs(&f);
	struct cf_run_set one = { 0 };
	struct cf_loaded loaded = { 0 };
	struct cf_loaded_trace a;

	select_run(&f, store, "1", &one);
	ck_assert_int_eq(cf_store_delete(store, 1, &f.diag), 0);
	f.said[0] = '\0';
	ck_assert_int_eq(cf_loaded_take(&loaded, &a, store, &one, 0, &f.diag), -1);
	ck_assert_ptr_null(a.trace);
	ck_assert_ptr_nonnull(strstr(f.said, "error: "));
	f.said[0] = '\0';
	cf_run_set_clear(&one);
	fixture_close(&f, store);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers_loaded");
	TCase *t = tcase_create("loaded");

	tcase_add_test(t, test_kept);
	tcase_add_test(t, test_changed);
	tcase_add_test(t, test_oldest_goes);
	tcase_add_test(t, test_missing);
	suite_add_tcase(s, t);
	return s;
}
