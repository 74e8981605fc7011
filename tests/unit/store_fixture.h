/* SPDX-License-Identifier: MIT */
/* store_fixture: a small trace, a store to put it into and the messages that were emitted. */
#ifndef CF_TESTS_STORE_FIXTURE_H
#define CF_TESTS_STORE_FIXTURE_H

#include "store/store.h"
#include "tests/unit/suite.h"

struct fixture {
	struct cf_diag diag;
	char said[65536]; /* "error: text\n" each */
};

static void fixture_consume(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	static const char *const words[] = { "note", "warning", "error" };
	struct fixture *f = ctx;
	g_autofree char *where = loc ? cf_loc_text(loc) : g_strdup("");
	g_autofree char *base = g_path_get_basename(where);

	g_autofree char *line = g_strdup_printf("%s: %s%s%s\n", words[severity], *where ? base : "",
						*where ? ": " : "", text);

	g_strlcat(f->said, line, sizeof(f->said));
}

static inline void fixture_init(struct fixture *f)
{
	f->said[0] = '\0';
	f->diag = (struct cf_diag){ .consume = fixture_consume, .ctx = f };
}

/* Exactly this was said since the last time. */
static inline void fixture_said(struct fixture *f, const char *lines)
{
	g_autofree char *expected = *lines ? g_strconcat(lines, "\n", NULL) : g_strdup("");

	ck_assert_str_eq(f->said, expected);
	f->said[0] = '\0';
}

static inline struct cf_store *fixture_open_memory(struct fixture *f)
{
	struct cf_store *store;

	fixture_init(f);
	store = cf_store_open(NULL, CF_STORE_MEMORY, &f->diag);
	ck_assert_ptr_nonnull(store);
	return store;
}

/* Nothing may be left unsaid by the test. The messages of a fixture that was opened twice are the last one's.
 */
static inline void fixture_close(struct fixture *f, struct cf_store *store)
{
	ck_assert_int_eq(cf_store_close(store, &f->diag), 0);
	ck_assert_str_eq(f->said, "");
}

static inline struct cf_func fixture_func(struct cf_trace *trace, struct cf_module module, const char *name)
{
	struct cf_func_info info = { module, cf_dict_str(trace->dict, name, -1), CF_FRAME_NATIVE };

	return cf_dict_func(trace->dict, info);
}

/* weight per sample; extra: that many more functions, each called by main once. Starts at 1 s + extra. */
static inline struct cf_trace *fixture_trace(const char *name, int64_t weight, int extra)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_dict *d = t->dict;
	struct cf_module module = cf_dict_module(d, (struct cf_module_info){ cf_dict_str(d, "a.out", -1),
									     cf_dict_str(d, "/bin/a.out", -1),
									     cf_dict_str(d, "beef", -1) });
	struct cf_func main_func = fixture_func(t, module, "main"), work = fixture_func(t, module, "work");
	struct cf_func leaf = fixture_func(t, module, "leaf"), cold = fixture_func(t, module, "cold.part.0");
	struct cf_metric metric = cf_trace_metric(t, "cpu-clock", CF_UNIT_NS);
	struct cf_thread thread = cf_trace_thread(t, 5, 6, "prog-3");
	struct cf_stack s_main = cf_dict_push(d, (struct cf_stack){ 0 }, main_func, CF_FRAME_NATIVE);
	struct cf_stack s_work = cf_dict_push(d, s_main, work, CF_FRAME_NATIVE);
	struct cf_stack s_again = cf_dict_push(d, s_work, work, CF_FRAME_NATIVE);
	struct cf_stack s_leaf = cf_dict_push(d, s_again, leaf, CF_FRAME_NATIVE);
	struct cf_stack s_cold = cf_dict_push(d, s_main, cold, CF_FRAME_NATIVE);
	struct cf_stack stacks[] = { s_leaf, s_work, s_leaf, s_cold, { 0 } };

	for (size_t i = 0; i < G_N_ELEMENTS(stacks); i++)
		cf_trace_sample(t, &(struct cf_sample){ stacks[i], metric, thread, 0, weight });
	for (int i = 0; i < extra; i++) {
		g_autofree char *text = g_strdup_printf("extra%d", i);
		struct cf_stack s = cf_dict_push(d, s_main, fixture_func(t, module, text), CF_FRAME_NATIVE);

		cf_trace_sample(t, &(struct cf_sample){ s, metric, thread, 0, weight });
	}
	cf_trace_symbol(t, &(struct cf_symbol){ work, 0x40, 16, cf_dict_str(d, "work.c", -1), 12 });
	cf_trace_quality(t, "lost", NULL, 7, 0, "record with a larger buffer", "7 samples were lost");
	t->meta.name = g_strdup(name);
	t->meta.start_source = CF_START_INPUT;
	g_hash_table_insert(t->meta.labels, g_strdup("host"), g_strdup("web1"));
	return t;
}

static inline int64_t fixture_put_keep(struct fixture *f, struct cf_store *store, const char *hash,
				       const struct cf_trace *trace)
{
	struct cf_source source = {
		.path = "p", .hash = hash, .size = 100, .format = "perf", .version = 1, .options = ""
	};
	int64_t run = 0;

	ck_assert_int_eq(cf_store_put(store, &source, NULL, trace, &run, &f->diag), 0);
	return run;
}

static inline int64_t fixture_put(struct fixture *f, struct cf_store *store, const char *hash,
				  struct cf_trace *trace)
{
	int64_t run = fixture_put_keep(f, store, hash, trace);

	cf_trace_free(trace);
	return run;
}

static inline char *fixture_dump(struct fixture *f, struct cf_store *store)
{
	struct cf_out *out = cf_out_memory();
	char *text;

	ck_assert_int_eq(cf_store_dump_logical(store, out, &f->diag), 0);
	text = g_strdup(cf_out_text(out, NULL));
	cf_out_close(out, &f->diag);
	return text;
}

static int fixture_row(void *ctx, int columns, const char *const *names, const char *const *values,
		       const int *types)
{
	for (int i = 0; values && i < columns; i++)
		g_string_append_printf(ctx, "%s%s", i ? "|" : "", values[i] ? values[i] : "NULL");
	if (values)
		g_string_append_c(ctx, '\n');
	return 0;
}

/* Rows as a|b lines. */
static inline char *fixture_query(struct fixture *f, struct cf_store *store, const char *sql)
{
	GString *text = g_string_new(NULL);

	ck_assert_int_eq(cf_store_query(store, sql, fixture_row, text, &f->diag), 0);
	return g_string_free(text, FALSE);
}

#endif
