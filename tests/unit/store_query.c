/* SPDX-License-Identifier: MIT */
/* store_query: every statement compiles, the hot ones use the clustered keys, users can only read. */
#include "store/intern.h"
#include "tests/unit/store_fixture.h"

#include <string.h>

START_TEST(test_every_statement)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);

	for (int i = 0; i < CF_SQL_COUNT; i++) {
		struct cf_stmt stmt;

		ck_assert_msg(cf_stmt_open(&stmt, store, (enum cf_sql)i, &f.diag) == 0, "%s",
			      cf_sql_text((enum cf_sql)i));
		cf_stmt_close(&stmt);
	}
	fixture_close(&f, store);
}
END_TEST

static char *plan(struct cf_store *store, enum cf_sql sql, struct cf_diag *diag)
{
	g_autofree char *text = g_strconcat("EXPLAIN QUERY PLAN ", cf_sql_text(sql), NULL);
	GString *lines = g_string_new(NULL);
	struct cf_stmt stmt;

	ck_assert_int_eq(cf_stmt_open_text(&stmt, store, text, diag), 0);
	while (cf_stmt_step(&stmt) > 0) {
		stmt.column = 3;
		g_string_append_printf(lines, "%s\n", cf_stmt_text(&stmt));
	}
	cf_stmt_close(&stmt);
	return g_string_free(lines, FALSE);
}

/* No hot statement scans a table or sorts. */
START_TEST(test_plans)
{
	static const enum cf_sql hot[] = {
		CF_SQL_FIND_STR,         CF_SQL_FIND_FUNC,    CF_SQL_FIND_STACK,
		CF_SQL_FIND_SOURCE,      CF_SQL_FUNCTIONS,    CF_SQL_METRICS,
		CF_SQL_QUALITY,          CF_SQL_MODULES,      CF_SQL_LOAD_METRICS,
		CF_SQL_LOAD_MODULES,     CF_SQL_LOAD_THREADS, CF_SQL_LOAD_THREAD_COSTS,
		CF_SQL_LOAD_STACK_COSTS, CF_SQL_LOAD_STACK,   CF_SQL_LOAD_STACK_RANGE,
		CF_SQL_LOAD_FUNC,        CF_SQL_LOAD_SYMBOLS, CF_SQL_RUN_BY_ID,
		CF_SQL_LABELS,           CF_SQL_CLEAR_STACKS,
	};
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	g_autofree char *by_total = NULL;

	/* As in a store whose tables aren't read whole instead. */
	ck_assert_int_eq(cf_store_run_sql(store, CF_SQL_INDEX_FUNCS, 0, &f.diag), 0);
	ck_assert_int_eq(cf_store_run_sql(store, CF_SQL_INDEX_STACKS, 0, &f.diag), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(hot); i++) {
		g_autofree char *lines = plan(store, hot[i], &f.diag);

		ck_assert_msg(!strstr(lines, "SCAN ") && !strstr(lines, "TEMP B-TREE"), "%s\n%s",
			      cf_sql_text(hot[i]), lines);
	}
	/* By total: one range of the run's functions, names only of the winners, which alone are sorted. */
	by_total = plan(store, CF_SQL_FUNCTIONS_BY_TOTAL, &f.diag);
	ck_assert_msg(!strstr(by_total, "SCAN ") &&
			      strstr(by_total, "SEARCH run_func USING PRIMARY KEY (run=? AND metric=?)") &&
			      strstr(by_total, "SEARCH rf USING PRIMARY KEY (run=? AND metric=? AND rank=?)"),
		      "%s", by_total);
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_views_exist)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	g_autofree char *views =
		fixture_query(&f, store, "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY 1");

	ck_assert_str_eq(views, "v_change\nv_coauthor\nv_commit\nv_edge\nv_finding\nv_func\nv_func_change\nv_"
				"line\nv_module\nv_"
				"operation\nv_repo\nv_repo_file\nv_repo_func\nv_run\nv_sample\nv_series\n"
				"v_span\nv_stack\nv_thread\n");
	fixture_close(&f, store);
}
END_TEST

/* The views of facts that no importer has yet, filled by hand. */
START_TEST(test_laid_out_views)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	g_autofree char *samples = NULL, *findings = NULL;

	fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));
	ck_assert_int_eq(
		cf_store_exec(store,
			      "INSERT INTO sample_chunk VALUES (1, 0, 0, 0, 1000, '[5,7,0]', '[3,1,3]', "
			      "'[10,10,20]');"
			      "INSERT INTO str VALUES (900, 'x.c'), (901, 'api'), (902, 'GET /'), (903, "
			      "'rps'), (904, 'Ann');"
			      "INSERT INTO finding VALUES ('compare', 'main', '', '00aa', 'slower', 1.5, "
			      "'ratio', 'text')",
			      &f.diag),
		0);
	samples =
		fixture_query(&f, store, "SELECT run, metric, thread, time_ns, stack, weight FROM v_sample");
	ck_assert_str_eq(
		samples,
		"1|cpu-clock|prog-3|1005|3|10\n1|cpu-clock|prog-3|1012|1|10\n1|cpu-clock|prog-3|1012|3|20\n");
	findings = fixture_query(&f, store,
				 "SELECT analyzer, subject, base_run, current_run, verdict FROM v_finding");
	ck_assert_str_eq(findings, "compare|main|NULL|1|slower\n");
	fixture_close(&f, store);
}
END_TEST

static int count_row(void *ctx, int columns, const char *const *names, const char *const *values,
		     const int *types)
{
	++*(int *)ctx;
	return 0;
}

START_TEST(test_query_only_reads)
{
	static const struct {
		const char *sql, *said;
	} cases[] = {
		{ "DELETE FROM run", "error: query: only statements that read are allowed" },
		{ "ATTACH '/tmp/x' AS y", "error: query: only statements that read are allowed" },
		{ "PRAGMA user_version=3", "error: query: only statements that read are allowed" },
		{ "PRAGMA journal_mode=WAL", "error: query: only statements that read are allowed" },
		{ "VACUUM INTO '/tmp/x'", "error: query: only statements that read are allowed" },
		{ "BEGIN", "error: query: only statements that read are allowed" },
		{ "SELECT load_extension('x')",
		  "error: query:1:8: not authorized to use function: load_extension" },
		{ "SELECT 1; SELECT 2", "error: query: one statement at a time" },
		{ "-- nothing", "error: query: no statement" },
		{ "SELECT 1,\n  FROM run", "error: query:2:3: near \"FROM\": syntax error" },
		{ "SELECT nam FROM run", "error: query:1:8: no such column: nam" },
		{ "SELECT run, commit FROM v_run",
		  "error: query:1:13: near \"commit\": syntax error; the column is "
		  "written \"commit\", in double quotes" },
	};
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	int rows = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		f.diag.errors = 0;
		ck_assert_int_eq(cf_store_query(store, cases[i].sql, count_row, &rows, &f.diag), -1);
		fixture_said(&f, cases[i].said);
		ck_assert_int_eq(f.diag.status, CF_STATUS_USAGE);
	}
	ck_assert_int_eq(rows, 0);
	ck_assert_int_eq(cf_store_query(store, "PRAGMA table_info(run);", count_row, &rows, &f.diag), 0);
	ck_assert_int_eq(rows, 18);
	/* The store is ours again. */
	fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));
	fixture_close(&f, store);
}
END_TEST

static int collect_view(void *ctx, int columns, const char *const *names, const char *const *values,
			const int *types)
{
	ck_assert_int_eq(columns, 2);
	g_string_append_printf(ctx, "SELECT %s FROM %s LIMIT 0\n", values[1], values[0]);
	return 0;
}

/* The columns of views can be named in a query as they are listed: the one that is a word of SQL in quotes. */
START_TEST(test_columns_of_views)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	g_autoptr(GString) views = g_string_new(NULL);
	g_autofree char *blob = fixture_query(&f, store, "SELECT x'00ff', x'', 'x', NULL, 7");
	g_auto(GStrv) selects = NULL;

	ck_assert_int_eq(cf_store_views(store, collect_view, views, &f.diag), 0);
	ck_assert_ptr_nonnull(strstr(views->str, " \"commit\" "));
	g_string_replace(views, " ", ", ", 0);
	g_string_replace(views, "SELECT, ", "SELECT ", 0);
	g_string_replace(views, ", FROM, ", " FROM ", 0);
	g_string_replace(views, ", LIMIT, ", " LIMIT ", 0);
	selects = g_strsplit(g_strchomp(views->str), "\n", -1);
	for (char **select = selects; *select; select++) {
		g_autofree char *rows = fixture_query(&f, store, *select);

		ck_assert_str_eq(rows, "");
	}
	ck_assert_str_eq(blob, "x'00ff'|x''|x|NULL|7\n");
	fixture_close(&f, store);
}
END_TEST

/* Python 3.11 hashes bytes with SipHash-1-3 and, with PYTHONHASHSEED=0, the same key: hash(b'...') & 2**64-1
 * >> 16. */
START_TEST(test_hash)
{
	ck_assert_int_eq(cf_intern_hash("a", 1), 1081362642);
	ck_assert_int_eq(cf_intern_hash("callflow", 8), -576290508);
	ck_assert_int_eq(cf_intern_hash("__memcpy_avx_unaligned_erms", 27), 1690028350);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("store_query");
	TCase *t = tcase_create("query");

	tcase_add_test(t, test_every_statement);
	tcase_add_test(t, test_plans);
	tcase_add_test(t, test_views_exist);
	tcase_add_test(t, test_laid_out_views);
	tcase_add_test(t, test_query_only_reads);
	tcase_add_test(t, test_columns_of_views);
	tcase_add_test(t, test_hash);
	suite_add_tcase(s, t);
	return s;
}
