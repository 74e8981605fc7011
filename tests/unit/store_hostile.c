/* SPDX-License-Identifier: MIT */
/* store_hostile: what a store says that holds anything at all in any column. */
#include "store/statement.h"
#include "tests/unit/store_fixture.h"

#include <string.h>

static char *one_text(struct cf_store *store, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	char *text = NULL;

	ck_assert_int_eq(sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		text = g_strdup((const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

static void run(struct cf_store *store, const char *sql)
{
	ck_assert_msg(sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql,
		      sqlite3_errmsg(store->db));
}

/* The tables take everything: no NOT NULL, no STRICT. */
static struct cf_store *open_lax(struct fixture *f)
{
	struct cf_store *store = fixture_open_memory(f);

	fixture_put(f, store, "00aa", fixture_trace("nightly", 10, 3));
	fixture_put(f, store, "00bb", fixture_trace("nightly", 20, 0));
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	run(store, "PRAGMA writable_schema=ON;"
		   "UPDATE sqlite_schema SET sql = replace(replace(replace(sql, ' NOT NULL', ''), "
		   "') STRICT, WITHOUT', ') WITHOUT'), ') STRICT', ')') WHERE type = 'table';"
		   "PRAGMA writable_schema=RESET");
	return store;
}

static int on_func(void *ctx, const struct cf_func_row *row)
{
	*(size_t *)ctx += strlen(row->function) + strlen(row->module) + strlen(row->file);
	return 0;
}

static int on_metric(void *ctx, const struct cf_metric_row *row)
{
	*(size_t *)ctx += strlen(row->name);
	return 0;
}

static int on_thread(void *ctx, const struct cf_thread_row *row)
{
	*(size_t *)ctx += strlen(row->comm);
	return 0;
}

static int on_quality(void *ctx, const struct cf_quality_row *row)
{
	*(size_t *)ctx += strlen(row->key) + strlen(row->text);
	return 0;
}

static int on_module(void *ctx, const struct cf_module_row *row)
{
	*(size_t *)ctx += strlen(row->name) + strlen(row->path) + strlen(row->build_id);
	return 0;
}

static int on_name(void *ctx, const struct cf_func_name *row)
{
	*(size_t *)ctx += strlen(row->name) + strlen(row->canonical) + strlen(row->module);
	return 0;
}

/* Every reader there is. Each answers or says an error, which is never one of bad input. */
static void read_all(struct cf_store *store, struct fixture *f)
{
	static const char *const operands[] = { "@",    "1",         "nightly:all", "nightly~1",
						"1..2", "host=web1", "nihtly" };
	struct cf_diag *diag = &f->diag;
	g_autoptr(GArray) totals = g_array_new(FALSE, FALSE, sizeof(struct cf_func_total));
	size_t length = 0;

	cf_store_func_names(store, on_name, &length, diag);
	for (int64_t id = 1; id <= 2; id++) {
		struct cf_trace *trace = cf_trace_new();
		int before = diag->errors;

		if (cf_store_load(store, id, 1, 0, trace, diag) == 0 &&
		    cf_store_load(store, id, -1, 0, trace, diag) == 0) {
			g_autoptr(GArray) costs = cf_trace_func_costs(trace);

			ck_assert_int_eq(diag->errors, before);
			for (guint i = 0; i < costs->len; i++)
				ck_assert_int_eq(g_array_index(costs, struct cf_func_cost, i).self, 0);
		} else {
			ck_assert_int_gt(diag->errors, before);
		}
		cf_trace_free(trace);
		cf_store_functions(store, id, 0, FALSE, 0, on_func, &length, diag);
		cf_store_functions(store, id, 0, TRUE, 0, on_func, &length, diag);
		cf_store_func_totals(store, id, 0, totals, diag);
		cf_store_metrics(store, id, on_metric, &length, diag);
		cf_store_threads(store, id, 0, on_thread, &length, diag);
		cf_store_quality(store, id, on_quality, &length, diag);
		cf_store_modules(store, id, on_module, &length, diag);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(operands); i++) {
		struct cf_run_set set = { 0 };

		if (cf_store_select(store, operands[i], "name=nightly", 0, &set, diag) == 0)
			ck_assert_uint_gt(set.runs->len, 0);
		cf_run_set_clear(&set);
	}
	if (sqlite3_get_autocommit(store->db)) {
		struct cf_out *out = cf_out_memory();

		cf_store_dump_logical(store, out, diag);
		cf_out_abort(out);
	}
}

static const char *const values[] = { "NULL",
				      "-1",
				      "0",
				      "1099511627776",
				      "4294967295",
				      "-9223372036854775808",
				      "9223372036854775807",
				      "'x'",
				      "x'00ff'",
				      "1e300" };

static char *next_column(struct cf_store *store, int index)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT m.name || '\" SET \"' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c "
		"WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%%' ORDER BY m.name, c.cid LIMIT 1 OFFSET "
		"%d",
		index);

	return one_text(store, sql);
}

/* Each column of each table, with each of the values in all rows or, where they must differ, in one. */
START_TEST(test_any_value)
{
	struct fixture f;
	struct cf_store *store = open_lax(&f);
	int columns = 0;

	for (;; columns++) {
		g_autofree char *column = next_column(store, columns);

		if (!column)
			break;
		for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
			g_autofree char *all =
				g_strdup_printf("UPDATE OR REPLACE \"%s\" = %s", column, values[i]);

			f.said[0] = '\0';
			f.diag = (struct cf_diag){ .consume = f.diag.consume, .ctx = &f };
			run(store, "SAVEPOINT before");
			/* A WITHOUT ROWID key takes no NULL whatever the schema says. */
			sqlite3_exec(store->db, all, NULL, NULL, NULL);
			read_all(store, &f);
			run(store, "ROLLBACK TO before; RELEASE before");
		}
	}
	ck_assert_int_gt(columns, 100);
	f.said[0] = '\0';
	fixture_close(&f, store);
}
END_TEST

/* sql breaks the store; loading run 1 says what, with the status of a system error. */
static void check_load(const char *sql, const char *said)
{
	struct fixture f;
	struct cf_store *store = open_lax(&f);
	struct cf_trace *trace = cf_trace_new();
	struct cf_out *out = cf_out_memory();

	run(store, sql);
	ck_assert_int_eq(cf_store_load(store, 1, 1, 0, trace, &f.diag), -1);
	fixture_said(&f, said);
	ck_assert_int_eq(f.diag.status, CF_STATUS_SYSTEM);
	cf_store_dump_logical(store, out, &f.diag);
	f.said[0] = '\0';
	cf_out_abort(out);
	cf_trace_free(trace);
	fixture_close(&f, store);
}

START_TEST(test_load_refuses)
{
	check_load("UPDATE stack SET parent = id + 100 WHERE id = 2",
		   "error: :memory:: damaged store: a stack is missing or its own caller");
	check_load("UPDATE stack SET parent = id + 1 WHERE id = 1",
		   "error: :memory:: damaged store: a stack is missing or its own caller");
	check_load("UPDATE stack SET func = 1 << 29 WHERE id = 2",
		   "error: :memory:: damaged store: a stack is missing or its own caller");
	check_load("UPDATE stack SET func = 4000 WHERE id = 2",
		   "error: :memory:: damaged store: a stack names an unknown function");
	check_load("UPDATE run_stack SET count = -1, weight = 5",
		   "error: :memory:: damaged store: a stack's cost is negative");
	check_load("UPDATE run_stack SET weight = -9223372036854775808",
		   "error: :memory:: damaged store: a stack's cost is negative");
	check_load("UPDATE run_thread_cost SET count = -1",
		   "error: :memory:: damaged store: a thread's cost is negative");
	check_load("UPDATE run_stack SET metric = 7",
		   "error: :memory:: damaged store: a stack's cost has no metric");
	check_load("UPDATE run_quality SET count = -1",
		   "error: :memory:: damaged store: a count of lost data is negative");
	check_load("UPDATE run_metric SET count = -1",
		   "error: :memory:: damaged store: a run's sum is negative");
	check_load("DROP TABLE run_stack", "error: :memory:: store: no such table: run_stack");
}
END_TEST

/* Texts that are null are empty ones. */
START_TEST(test_null_texts)
{
	struct fixture f;
	struct cf_store *store = open_lax(&f);
	struct cf_trace *trace = cf_trace_new();

	run(store,
	    "UPDATE str SET text = NULL; UPDATE run SET name = NULL; UPDATE run_label SET value = NULL");
	ck_assert_int_eq(cf_store_load(store, 1, 1, 0, trace, &f.diag), 0);
	ck_assert_str_eq(trace->meta.name, "");
	ck_assert_str_eq(cf_dict_func_name(trace->dict, (struct cf_func){ 1 }), "");
	cf_trace_free(trace);
	fixture_close(&f, store);
}
END_TEST

Suite *suite(void)
{
	Suite *suite = suite_create("store_hostile");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_any_value);
	tcase_add_test(tc, test_load_refuses);
	tcase_add_test(tc, test_null_texts);
	suite_add_tcase(suite, tc);
	return suite;
}
