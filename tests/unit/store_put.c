/* SPDX-License-Identifier: MIT */
/* store_put: what was stored comes back, whatever the order and however often. */
#include "tests/unit/store_fixture.h"

#include <glib/gstdio.h>
#include <string.h>

struct collected {
	GString *text;
};

static int collect_function(void *ctx, const struct cf_func_row *row)
{
	struct collected *c = ctx;

	g_string_append_printf(c->text,
			       "%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
			       " %" G_GINT64_FORMAT " %s:%u\n",
			       row->module, row->function, row->self, row->total, row->self_count,
			       row->total_count, row->file, row->line);
	return 0;
}

static char *functions(struct cf_store *store, int64_t run, gboolean by_total, int64_t limit,
		       struct cf_diag *diag)
{
	struct collected c = { g_string_new(NULL) };

	ck_assert_int_eq(cf_store_functions(store, run, 0, by_total, limit, collect_function, &c, diag), 0);
	return g_string_free(c.text, FALSE);
}

/*
 * By hand: main -> work -> work -> leaf has 2 samples of 10, main -> work 1, main -> cold 1 (all a.out), and
 * an empty stack with 1. Recursion counts work once per sample.
 */
START_TEST(test_functions)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	g_autofree char *self = NULL, *total = NULL, *one = NULL;
	int64_t run = fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));

	ck_assert_int_eq(run, 1);
	self = functions(store, run, FALSE, 0, &f.diag);
	ck_assert_str_eq(self, "a.out leaf 20 20 2 2 :0\n"
			       "a.out cold.part.0 10 10 1 1 :0\n"
			       "a.out work 10 30 1 3 work.c:12\n"
			       "a.out main 0 40 0 4 :0\n");
	total = functions(store, run, TRUE, 0, &f.diag);
	ck_assert_str_eq(total, "a.out main 0 40 0 4 :0\n"
				"a.out work 10 30 1 3 work.c:12\n"
				"a.out leaf 20 20 2 2 :0\n"
				"a.out cold.part.0 10 10 1 1 :0\n");
	one = functions(store, run, TRUE, 1, &f.diag);
	ck_assert_str_eq(one, "a.out main 0 40 0 4 :0\n");
	fixture_close(&f, store);
}
END_TEST

static int collect_name(void *ctx, const struct cf_func_name *row)
{
	struct collected *c = ctx;

	g_string_append_printf(c->text, "%u %s %s %s\n", row->func, row->module, row->name, row->canonical);
	return 0;
}

/* The same by the store's ids, which two runs share. */
START_TEST(test_func_totals)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	int64_t run = fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));
	int64_t other = fixture_put(&f, store, "00bb", fixture_trace("nightly", 20, 1));
	g_autoptr(GArray) a = g_array_new(FALSE, FALSE, sizeof(struct cf_func_total));
	g_autoptr(GArray) b = g_array_new(FALSE, FALSE, sizeof(struct cf_func_total));
	struct collected names = { g_string_new(NULL) };
	const struct cf_func_total *row;

	ck_assert_int_eq(cf_store_func_totals(store, run, 0, a, &f.diag), 0);
	ck_assert_int_eq(cf_store_func_totals(store, other, 0, b, &f.diag), 0);
	ck_assert_uint_eq(a->len, 4);
	ck_assert_uint_eq(b->len, 5);
	row = &g_array_index(a, struct cf_func_total, 2);
	ck_assert_int_eq(row->self, 10);
	ck_assert_int_eq(row->total, 30);
	ck_assert_int_eq(row->self_count, 1);
	ck_assert_int_eq(row->total_count, 3);
	ck_assert_uint_eq(g_array_index(a, struct cf_func_total, 0).func,
			  g_array_index(b, struct cf_func_total, 0).func);
	ck_assert_int_eq(g_array_index(b, struct cf_func_total, 0).self, 40);
	ck_assert_int_eq(cf_store_func_names(store, collect_name, &names, &f.diag), 0);
	ck_assert(strstr(names.text->str, " a.out cold.part.0 cold\n") != NULL);
	ck_assert(strstr(names.text->str, " a.out work work\n") != NULL);
	g_string_free(names.text, TRUE);
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_views)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	g_autofree char *stacks = NULL, *edges = NULL, *runs = NULL, *canonical = NULL, *threads = NULL;

	fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));
	stacks = fixture_query(&f, store, "SELECT folded, weight_ns, samples FROM v_stack ORDER BY folded");
	ck_assert_str_eq(stacks, "prog-#|10|1\nprog-#;main;cold.part.0|10|1\nprog-#;main;work|10|1\n"
				 "prog-#;main;work;work;leaf|20|2\n");
	edges = fixture_query(&f, store, "SELECT caller, callee, weight_ns FROM v_edge ORDER BY 1, 2");
	ck_assert_str_eq(edges, "|main|40\nmain|cold.part.0|10\nmain|work|30\nwork|leaf|20\nwork|work|20\n");
	runs = fixture_query(
		&f, store,
		"SELECT run, name, start_utc, start_source, metric, unit, samples, weight_ns, labels, "
		"lost_samples, threads FROM v_run");
	ck_assert_str_eq(runs, "1|nightly|1970-01-01T00:00:00Z|input|cpu-clock|ns|5|50|host=web1|7|1\n");
	canonical = fixture_query(&f, store, "SELECT canonical FROM v_func WHERE function = 'cold.part.0'");
	ck_assert_str_eq(canonical, "cold\n");
	threads = fixture_query(&f, store, "SELECT thread, thread_group, pid, tid, weight_ns FROM v_thread");
	ck_assert_str_eq(threads, "prog-3|prog-#|5|6|50\n");
	fixture_close(&f, store);
}
END_TEST

static int same_costs(const struct cf_trace *a, const struct cf_trace *b)
{
	return a->stack_costs->len == b->stack_costs->len && a->thread_costs->len == b->thread_costs->len &&
	       a->symbols->len == b->symbols->len && a->quality->len == b->quality->len &&
	       a->metrics->len == b->metrics->len;
}

/* Loading a run and storing what was loaded under another hash gives the same facts. */
START_TEST(test_load_is_inverse)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_trace *trace = fixture_trace("nightly", 10, 3), *back = cf_trace_new();
	int64_t run;
	g_autofree char *first = NULL, *second = NULL;

	run = fixture_put_keep(&f, store, "00aa", trace);
	ck_assert_int_eq(cf_store_load(store, run, 1, 0, back, &f.diag), 0);
	ck_assert(same_costs(trace, back));
	ck_assert_str_eq(back->meta.name, "nightly");
	ck_assert_str_eq(g_hash_table_lookup(back->meta.labels, "host"), "web1");
	first = fixture_dump(&f, store);
	fixture_put(&f, store, "00aa", back);
	second = fixture_dump(&f, store);
	ck_assert_str_eq(first, second);
	cf_trace_free(trace);
	fixture_close(&f, store);
}
END_TEST

/* A run minus itself is zero everywhere; a run plus itself is double. */
START_TEST(test_load_sums)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_trace *zero = cf_trace_new(), *twice = cf_trace_new();
	int64_t run = fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0)), sum = 0;

	ck_assert_int_eq(cf_store_load(store, run, 1, 0, zero, &f.diag), 0);
	ck_assert_int_eq(cf_store_load(store, run, -1, 0, zero, &f.diag), 0);
	for (guint i = 0; i < zero->stack_costs->len; i++)
		ck_assert_int_eq(g_array_index(zero->stack_costs, struct cf_stack_cost, i).weight, 0);
	ck_assert_int_eq(cf_store_load(store, run, 1, 0, twice, &f.diag), 0);
	ck_assert_int_eq(cf_store_load(store, run, 1, 0, twice, &f.diag), 0);
	for (guint i = 0; i < twice->stack_costs->len; i++)
		sum += g_array_index(twice->stack_costs, struct cf_stack_cost, i).weight;
	ck_assert_int_eq(sum, 100);
	cf_trace_free(zero);
	cf_trace_free(twice);
	fixture_close(&f, store);
}
END_TEST

/* Loading several runs at once is loading one after the other. */
START_TEST(test_load_set)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_trace *together = cf_trace_new(), *apart = cf_trace_new();
	struct cf_run_set set = { 0 };
	g_autofree char *first = NULL, *second = NULL;

	fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 3));
	fixture_put(&f, store, "00bb", fixture_trace("nightly", 20, 40));
	fixture_put(&f, store, "00cc", fixture_trace("nightly", 5, 0));
	ck_assert_int_eq(cf_store_select(store, "nightly:all", NULL, 0, &set, &f.diag), 0);
	ck_assert_uint_eq(set.runs->len, 3);
	ck_assert_int_eq(cf_store_load_set(store, &set, 0, together, &f.diag), 0);
	for (guint i = 0; i < set.runs->len; i++) {
		const struct cf_run *run = g_ptr_array_index(set.runs, i);

		ck_assert_int_eq(cf_store_load(store, run->id, 1, 0, apart, &f.diag), 0);
	}
	ck_assert(same_costs(together, apart));
	fixture_put(&f, store, "00dd", together);
	first = fixture_dump(&f, store);
	fixture_put(&f, store, "00dd", apart);
	second = fixture_dump(&f, store);
	ck_assert_str_eq(first, second);
	cf_run_set_clear(&set);
	fixture_close(&f, store);
}
END_TEST

/* What a load remembers of the stacks doesn't outlive a change of the store, by this connection or another. */
START_TEST(test_load_after_change)
{
	struct fixture f;
	g_autofree char *folder = g_dir_make_tmp("callflow-put-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "store", NULL);
	struct cf_store *store, *other;

	fixture_init(&f);
	store = cf_store_open(path, CF_STORE_CREATE, &f.diag);
	ck_assert_ptr_nonnull(store);
	for (int i = 1; i < 5; i++) {
		struct cf_trace *trace = fixture_trace("nightly", i, 20 * i), *back = cf_trace_new();
		g_autofree char *hash = g_strdup_printf("00%02x", i), *first = NULL, *second = NULL;
		int64_t run;

		other = i % 2 ? store : cf_store_open(path, CF_STORE_CREATE, &f.diag);
		if (i == 4)
			ck_assert_int_eq(cf_store_delete(other, 1, &f.diag), 0);
		run = fixture_put_keep(&f, other, hash, trace);
		if (other != store)
			ck_assert_int_eq(cf_store_close(other, &f.diag), 0);
		ck_assert_int_eq(cf_store_load(store, run, 1, 0, back, &f.diag), 0);
		ck_assert(same_costs(trace, back));
		first = fixture_dump(&f, store);
		fixture_put(&f, store, hash, back);
		second = fixture_dump(&f, store);
		ck_assert_str_eq(first, second);
		cf_trace_free(trace);
	}
	f.said[0] = '\0';
	fixture_close(&f, store);
	ck_assert_int_eq(g_unlink(path), 0);
	ck_assert_int_eq(g_rmdir(folder), 0);
}
END_TEST

START_TEST(test_order_does_not_matter)
{
	struct fixture f;
	struct cf_store *ab = fixture_open_memory(&f), *ba = fixture_open_memory(&f);
	g_autofree char *one = NULL, *two = NULL, *three = NULL;

	fixture_put(&f, ab, "00aa", fixture_trace("nightly", 10, 0));
	fixture_put(&f, ab, "00bb", fixture_trace("main", 7, 4));
	fixture_put(&f, ba, "00bb", fixture_trace("main", 7, 4));
	fixture_put(&f, ba, "00aa", fixture_trace("nightly", 10, 0));
	one = fixture_dump(&f, ab);
	two = fixture_dump(&f, ba);
	ck_assert_str_eq(one, two);
	ck_assert(strstr(one, "run\t00aa\tstack\t0/0:a.out:leaf;0/0:a.out:work;0/0:a.out:work;0/"
			      "0:a.out:main\t0\tprog-#\t20\t2\n"));
	fixture_put(&f, ab, "00aa", fixture_trace("nightly", 99, 1));
	fixture_put(&f, ab, "00aa", fixture_trace("nightly", 10, 0));
	three = fixture_dump(&f, ab);
	ck_assert_str_eq(one, three);
	fixture_close(&f, ab);
	fixture_close(&f, ba);
}
END_TEST

/* Replacing keeps what the user said: id, name, labels, pin; a given start outlives the input's. */
START_TEST(test_replace_keeps_edits)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_run_flags flags = { .name = "renamed", .start_ns = 77, .start_source = CF_START_USER };
	const char *const remove[] = { "host", NULL };
	gboolean changed, pin = TRUE;
	int64_t run = fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));
	struct cf_run_set set;

	flags.labels = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(flags.labels, "channel", "beta");
	ck_assert_int_eq(cf_store_edit(store, run, &flags, &pin, remove, &changed, &f.diag), 0);
	ck_assert(changed);
	ck_assert_int_eq(cf_store_edit(store, run, &flags, &pin, remove, &changed, &f.diag), 0);
	ck_assert(!changed);
	ck_assert_int_eq(fixture_put(&f, store, "00aa", fixture_trace("nightly", 20, 0)), run);
	ck_assert_int_eq(cf_store_select(store, "renamed", NULL, 0, &set, &f.diag), 0);
	const struct cf_run *r = g_ptr_array_index(set.runs, 0);
	ck_assert_int_eq(r->id, run);
	ck_assert_int_eq(r->start_ns, 77);
	ck_assert(r->pinned);
	ck_assert_int_eq(r->weight, 100);
	ck_assert_int_eq(r->samples, 5);
	ck_assert_int_eq(g_hash_table_size(r->labels), 1);
	ck_assert_str_eq(g_hash_table_lookup(r->labels, "channel"), "beta");
	cf_run_set_clear(&set);
	g_hash_table_unref(flags.labels);
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_known)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_source source = {
		.path = "p", .hash = "00aa", .format = "perf", .version = 1, .options = ""
	};
	enum cf_known known;
	int64_t run;

	ck_assert_int_eq(cf_store_known(store, &source, &known, &run, &f.diag), 0);
	ck_assert_int_eq(known, CF_KNOWN_NO);
	fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));
	ck_assert_int_eq(cf_store_known(store, &source, &known, &run, &f.diag), 0);
	ck_assert_int_eq(known, CF_KNOWN_SAME);
	ck_assert_int_eq(run, 1);
	source.options = "symfs=/x";
	ck_assert_int_eq(cf_store_known(store, &source, &known, &run, &f.diag), 0);
	ck_assert_int_eq(known, CF_KNOWN_OTHER_READING);
	source.options = NULL;
	source.version = 2;
	ck_assert_int_eq(cf_store_known(store, &source, &known, &run, &f.diag), 0);
	ck_assert_int_eq(known, CF_KNOWN_OTHER_READING);
	fixture_close(&f, store);
}
END_TEST

/* Deleting leaves the other run as if it had always been alone, and an id is never used again. */
START_TEST(test_delete)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f), *alone = fixture_open_memory(&f);
	g_autofree char *left = NULL, *expected = NULL, *rows = NULL, *rows_alone = NULL;
	static const char count[] = "SELECT (SELECT count(*) FROM stack), (SELECT count(*) FROM func), "
				    "(SELECT count(*) FROM str), (SELECT count(*) FROM str_key), "
				    "(SELECT count(*) FROM module), (SELECT count(*) FROM source)";

	fixture_put(&f, store, "00aa", fixture_trace("nightly", 10, 0));
	ck_assert_int_eq(fixture_put(&f, store, "00bb", fixture_trace("main", 7, 4)), 2);
	ck_assert_int_eq(cf_store_delete(store, 2, &f.diag), 0);
	fixture_put(&f, alone, "00aa", fixture_trace("nightly", 10, 0));
	left = fixture_dump(&f, store);
	expected = fixture_dump(&f, alone);
	ck_assert_str_eq(left, expected);
	rows = fixture_query(&f, store, count);
	rows_alone = fixture_query(&f, alone, count);
	ck_assert_str_eq(rows, rows_alone);
	ck_assert_int_eq(fixture_put(&f, store, "00bb", fixture_trace("main", 7, 4)), 3);
	ck_assert_int_eq(cf_store_delete(store, 2, &f.diag), -1);
	fixture_said(&f, "error: no run 2");
	fixture_close(&f, store);
	fixture_close(&f, alone);
}
END_TEST

/* Names are bytes: separators, control bytes, invalid UTF-8 come back as they were and don't mix up the dump.
 */
/* A recording of 305 KB without call chains: names and numbers like those of a compiler's functions. */
static struct cf_trace *many_functions(int from, int n)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_dict *d = t->dict;
	struct cf_module module = cf_dict_module(
		d, (struct cf_module_info){ cf_dict_str(d, "cc1", -1), cf_dict_str(d, "/usr/lib/cc1", -1),
					    cf_dict_str(d, "beef", -1) });
	struct cf_metric metric = cf_trace_metric(t, "cpu-clock", CF_UNIT_NS);
	struct cf_thread thread = cf_trace_thread(t, 5, 5, "cc1");

	for (int i = from; i < from + n; i++) {
		g_autofree char *text = g_strdup_printf("dwarf2out_%d_current_fde", i);
		struct cf_func func = fixture_func(t, module, text);
		struct cf_stack stack = cf_dict_push(d, (struct cf_stack){ 0 }, func, CF_FRAME_NATIVE);

		for (int sample = 0; sample <= 100 / (1 + i - from); sample++)
			cf_trace_sample(t, &(struct cf_sample){ stack, metric, thread, 0, 1000000 });
		cf_trace_symbol(t, &(struct cf_symbol){ func, 0x800000 + 64 * (uint64_t)i,
							50 + (uint64_t)i % 999, cf_dict_str(d, "", 0), 0 });
	}
	t->meta.name = g_strdup("cc1");
	return t;
}

static int64_t ask(struct fixture *f, struct cf_store *store, const char *sql)
{
	g_autofree char *text = fixture_query(f, store, sql);

	return g_ascii_strtoll(text, NULL, 10);
}

static int64_t size_of(const char *path)
{
	GStatBuf st;

	ck_assert_int_eq(g_stat(path, &st), 0);
	return st.st_size;
}

START_TEST(test_small_store_is_small)
{
	g_autofree char *folder = g_dir_make_tmp("callflow-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "s.db", NULL);
	struct fixture f;
	struct cf_store *store;
	int64_t empty;

	fixture_init(&f);
	store = cf_store_open(path, CF_STORE_CREATE, &f.diag);
	ck_assert_ptr_nonnull(store);
	fixture_put(&f, store, "00aa", fixture_trace("tiny", 10, 0));
	ck_assert_int_eq(cf_store_delete(store, 1, &f.diag), 0);
	empty = size_of(path);
	fixture_put(&f, store, "00bb", many_functions(0, 1318));
	ck_assert_int_le(size_of(path) - empty, 305 * 1024 * 4 / 10 + 65536);
	/* The same functions and stacks again, and new ones. */
	fixture_put(&f, store, "00cc", many_functions(1000, 1000));
	ck_assert_int_eq(ask(&f, store, "SELECT count(*) FROM func"), 2000);
	ck_assert_int_eq(ask(&f, store, "SELECT count(*) FROM stack"), 2000);
	ck_assert_int_eq(
		ask(&f, store, "SELECT count(*) FROM sqlite_schema WHERE name IN ('func_key', 'stack_key')"),
		0);
	f.said[0] = '\0'; /* that the store was created */
	fixture_close(&f, store);
	g_remove(path);
	g_rmdir(folder);
}
END_TEST

START_TEST(test_large_store_has_indexes)
{
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);

	fixture_put(&f, store, "00aa", many_functions(0, 16384));
	fixture_put(&f, store, "00bb", many_functions(16000, 1000));
	fixture_put(&f, store, "00cc", many_functions(10000, 10000));
	fixture_put(&f, store, "00dd", many_functions(15000, 100));
	ck_assert_int_eq(ask(&f, store, "SELECT count(*) FROM func"), 20000);
	ck_assert_int_eq(ask(&f, store, "SELECT count(*) FROM stack"), 20000);
	ck_assert_int_eq(
		ask(&f, store, "SELECT count(*) FROM sqlite_schema WHERE name IN ('func_key', 'stack_key')"),
		2);
	ck_assert_int_eq(cf_store_delete(store, 1, &f.diag), 0);
	ck_assert_int_eq(ask(&f, store, "SELECT count(*) FROM func"), 10000);
	fixture_close(&f, store);
}
END_TEST

START_TEST(test_hostile_names)
{
	static const char *const names[] = {
		"a;b\tc\nd\\", "\xff\xfe\x80", "'; DROP TABLE run; --", "%s%n", "", "\x1b[31m"
	};
	struct fixture f;
	struct cf_store *store = fixture_open_memory(&f);
	struct cf_trace *trace = fixture_trace("nightly", 10, 0), *back = cf_trace_new();
	struct cf_metric metric = cf_trace_metric(trace, "cpu-clock", CF_UNIT_NS);
	struct cf_thread thread = cf_trace_thread(trace, 1, 1, "a;b");
	g_autofree char *dump = NULL;
	guint lines = 0;
	int64_t run;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct cf_func_info info = { .name = cf_dict_str(trace->dict, names[i], -1) };
		struct cf_stack stack = cf_dict_push(trace->dict, (struct cf_stack){ 0 },
						     cf_dict_func(trace->dict, info), CF_FRAME_NATIVE);

		cf_trace_sample(trace, &(struct cf_sample){ stack, metric, thread, 0, (int64_t)i + 1 });
	}
	run = fixture_put_keep(&f, store, "00aa", trace);
	ck_assert_int_eq(cf_store_load(store, run, 1, 0, back, &f.diag), 0);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		int64_t weight = 0;

		for (guint j = 0; j < back->stack_costs->len; j++) {
			struct cf_stack_cost *cost =
				&g_array_index(back->stack_costs, struct cf_stack_cost, j);
			struct cf_stack_info info = cf_dict_stack_info(back->dict, cost->stack);

			if (cost->stack.id && strcmp(cf_dict_func_name(back->dict, info.func), names[i]) == 0)
				weight += cost->weight;
		}
		ck_assert_int_eq(weight, (int64_t)i + 1);
	}
	dump = fixture_dump(&f, store);
	for (const char *p = dump; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	ck_assert(strstr(dump, "0/0::a\\;b\\tc\\nd\\\\\t"));
	ck_assert_uint_eq(lines, 31);
	cf_trace_free(trace);
	cf_trace_free(back);
	fixture_close(&f, store);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("store_put");
	TCase *t = tcase_create("put");

	tcase_add_test(t, test_functions);
	tcase_add_test(t, test_func_totals);
	tcase_add_test(t, test_views);
	tcase_add_test(t, test_load_is_inverse);
	tcase_add_test(t, test_load_sums);
	tcase_add_test(t, test_load_set);
	tcase_add_test(t, test_load_after_change);
	tcase_add_test(t, test_order_does_not_matter);
	tcase_add_test(t, test_replace_keeps_edits);
	tcase_add_test(t, test_known);
	tcase_add_test(t, test_delete);
	tcase_add_test(t, test_small_store_is_small);
	tcase_add_test(t, test_large_store_has_indexes);
	tcase_add_test(t, test_hostile_names);
	suite_add_tcase(s, t);
	return s;
}
