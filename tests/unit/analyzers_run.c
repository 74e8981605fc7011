/* SPDX-License-Identifier: MIT */
/* analyzers_run: whole analyses on a store in memory, from settings to the document. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/analyzer.h"
#include "analyzers/runs.h"

struct bench {
	struct messages m;
	struct cf_store *store;
	struct cf_run_set set;
	struct cf_doc *doc;
	enum cf_verdict verdict;
};

static void put(struct bench *b, struct cf_trace *trace, const char *hash)
{
	const struct cf_source source = {
		.path = "perf.data", .hash = hash, .format = "perf", .version = 1, .options = ""
	};
	int64_t id;

	ck_assert_int_eq(cf_store_put(b->store, &source, NULL, trace, &id, &b->m.diag), 0);
	ck_assert_str_eq(b->m.text->str, "");
	cf_trace_free(trace);
}

/* The server of the fixture with its threads, a second metric, symbols, and a remark. */
static struct cf_trace *recording(void)
{
	struct cf_trace *trace = server();
	static const struct {
		int pid, tid;
		const char *comm;
		int64_t weight;
	} threads[] = { { 7, 7, "logger", 70 }, { 7, 8, "worker-1", 80 }, { 7, 9, "worker-2", 50 } };

	for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
		const struct cf_thread_cost cost = {
			.thread = cf_trace_thread(trace, threads[i].pid, threads[i].tid, threads[i].comm),
			.metric = cf_trace_metric(trace, "cpu-clock", CF_UNIT_NS),
			.weight = threads[i].weight,
			.count = threads[i].weight / 10
		};

		cf_trace_thread_cost(trace, &cost);
	}
	add_cost(trace, "faults", CF_UNIT_COUNT, "worker-1", "main@app;parse@app", 7, 7);
	cf_trace_symbol(
		trace,
		&(struct cf_symbol){
			.func = cf_dict_stack_info(trace->dict, push_stack(trace, "main@app;parse@app")).func,
			.file = cf_dict_str(trace->dict, "parse.c", -1),
			.line = 12 });
	cf_trace_quality(trace, "unresolved", "liblog", 3, 30, "install liblog-dbgsym", "liblog is stripped");
	trace->meta.name = g_strdup("srv");
	trace->meta.host = g_strdup("web1");
	trace->meta.start_ns = 1795413731000000000; /* 2026-11-23T06:02:11Z */
	trace->meta.start_source = CF_START_MTIME;
	return trace;
}

static void bench_init(struct bench *b)
{
	messages_init(&b->m);
	b->store = cf_store_open(NULL, CF_STORE_MEMORY, &b->m.diag);
	ck_assert_ptr_nonnull(b->store);
	b->set = (struct cf_run_set){ 0 };
	b->doc = NULL;
}

static void bench_clear(struct bench *b)
{
	cf_doc_free(b->doc);
	if (b->set.runs)
		cf_run_set_clear(&b->set);
	ck_assert_int_eq(cf_store_close(b->store, &b->m.diag), 0);
	messages_clear(&b->m);
}

/* Runs the analysis on what expr selects into a new document. */
static int analyse(struct bench *b, const char *name, const char *expr, const char *argument,
		   const char *const *pairs)
{
	const struct cf_analyzer *analyzer = cf_analyzer_by_name(name);
	struct cf_params *params = settings(analyzer->params, pairs);
	struct cf_analysis analysis = {
		.store = b->store, .argument = argument, .params = params, .diag = &b->m.diag
	};
	int result;

	cf_doc_free(b->doc);
	if (b->set.runs)
		cf_run_set_clear(&b->set);
	ck_assert_int_eq(cf_store_select(b->store, expr, NULL, 0, &b->set, &b->m.diag), 0);
	b->doc = cf_doc_new(NULL);
	analysis.current = &b->set;
	analysis.doc = b->doc;
	analysis.section = cf_doc_section(b->doc, b->doc->root, name, NULL);
	result = cf_analyzer_run(analyzer, &analysis);
	b->verdict = analysis.verdict;
	cf_params_free(params);
	return result;
}

#define ANALYSE(b, name, expr, argument, ...) \
	analyse(b, name, expr, argument, (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

static void cell_text(GString *text, const struct cf_cell *cell)
{
	switch (cell->type) {
	case CF_CELL_EMPTY:
		g_string_append_c(text, '-');
		break;
	case CF_CELL_TEXT:
		g_string_append(text, cell->text);
		break;
	case CF_CELL_INT:
		g_string_append_printf(text, "%" G_GINT64_FORMAT, cell->i);
		break;
	case CF_CELL_DOUBLE:
		g_string_append_printf(text, "%.4f", cell->d);
		break;
	case CF_CELL_TREND:
		g_string_append_printf(text, "%u values", cell->trend->n);
		break;
	}
}

/* All that the document says, without the columns named in skip ("|a|b|"): caption, rows, "..." rest, texts.
 */
static char *doc_text(const struct cf_doc *doc, const char *skip)
{
	GString *text = g_string_new(NULL);

	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node)) {
		if (node->kind == CF_PARA || node->kind == CF_ITEM)
			g_string_append(text, "\n");
		if (node->kind == CF_TEXT || node->kind == CF_CODE)
			g_string_append(text, node->text);
		if (node->kind == CF_TABLE) {
			guint n = node->table->columns->len, rows = (guint)cf_table_rows(node);

			g_string_append_printf(text, "\n%s: %s", node->id, node->text ? node->text : "");
			for (guint i = 0; i < rows + (node->table->rest ? 1 : 0); i++) {
				g_string_append(text, i < rows ? "\n" : "\n...");
				for (guint k = 0; k < n; k++) {
					const struct cf_column *column =
						&g_array_index(node->table->columns, struct cf_column, k);
					g_autofree char *name = g_strdup_printf("|%s|", column->id);

					if (strstr(skip, name))
						continue;
					g_string_append_c(text, ' ');
					cell_text(text, i < rows ? cf_table_cell(node, i, k)
								 : &g_array_index(node->table->rest,
										  struct cf_cell, k));
				}
			}
		}
	}
	return g_string_free(text, FALSE);
}

static void expect_doc(struct bench *b, const char *skip, const char *expected)
{
	g_autofree char *text = doc_text(b->doc, skip);

	ck_assert_str_eq(text, expected);
	ck_assert_str_eq(b->m.text->str, "");
}

START_TEST(top_functions)
{
	struct bench b;

	bench_init(&b);
	put(&b, recording(), "00");
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "top=3"), 0);
	expect_doc(&b, "",
		   "\nfunctions: cpu-clock by function, sorted by self"
		   "\n parse app 60 80 0.3000 0.4000 6 8 parse.c 12"
		   "\n tcp_send [kernel] 50 50 0.2500 0.2500 5 5  0"
		   "\n malloc libc 40 40 0.2000 0.2000 4 4  0"
		   "\n... 6 more functions (-n 0 shows all) - 50 - 0.2500 - - - - -"
		   "\nother metrics: faults  (--metric NAME)"
		   "\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "metric=faults"), 0);
	expect_doc(&b, "",
		   "\nfunctions: faults by function, sorted by self"
		   "\n parse app 7 7 1.0000 1.0000 7 7 parse.c 12"
		   "\n main app 0 7 0.0000 1.0000 0 7  0"
		   "\nother metrics: cpu-clock  (--metric NAME)"
		   "\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	bench_clear(&b);
}
END_TEST

/* The sums that the store keeps and those of the stacks are the same, in every order and for every limit. */
START_TEST(fast_equals_slow)
{
	static const char *const sorts[] = { "sort=self", "sort=total" };
	static const char *const limits[] = { "top=0", "top=1", "top=4", "top=9" };
	struct bench b;

	bench_init(&b);
	put(&b, recording(), "00");
	for (size_t s = 0; s < G_N_ELEMENTS(sorts); s++) {
		for (size_t l = 0; l < G_N_ELEMENTS(limits); l++) {
			g_autofree char *fast = NULL, *slow = NULL, *cut = NULL;
			const char *hidden;

			ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, sorts[s], limits[l]), 0);
			fast = doc_text(b.doc, "");
			ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, sorts[s], limits[l], "ignore=^none$"),
					 0);
			slow = doc_text(b.doc, "");
			hidden = strstr(slow, "\n0.00 % (");
			ck_assert_ptr_nonnull(hidden);
			cut = g_strdup_printf("%.*s%s", (int)(hidden - slow), slow, strchr(hidden + 1, '\n'));
			ck_assert_str_eq(fast, cut);
		}
	}
	bench_clear(&b);
}
END_TEST

START_TEST(top_of_others)
{
	struct bench b;

	bench_init(&b);
	put(&b, recording(), "00");
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "by=thread", "top=2"), 0);
	expect_doc(&b, "",
		   "\nthreads: cpu-clock by thread, sorted by self\n worker-1 7 8 80 0.4000 8 -\n logger 7 7 "
		   "70 0.3500 7 -"
		   "\n... 1 more thread (-n 0 shows all) - - 50 0.2500 - -"
		   "\nother metrics: faults  (--metric NAME)"
		   "\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "by=thread", "thread=worker"), 0);
	expect_doc(&b, "",
		   "\nthreads: cpu-clock by thread, sorted by self\n worker-# - - 130 0.6500 13 -"
		   "\n35.00 % (70 ns, 7 samples) hidden by --thread worker; shares are of the whole"
		   "\nother metrics: faults  (--metric NAME)"
		   "\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "by=file"), 0);
	expect_doc(
		&b, "",
		"\nfiles: cpu-clock by file, sorted by self\n [no source known] 140 200 0.7000 1.0000 14 20"
		"\n parse.c 60 80 0.3000 0.4000 6 8"
		"\nother metrics: faults  (--metric NAME)"
		"\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	bench_clear(&b);
}
END_TEST

/* Two runs of one name are one set: twice of everything. */
START_TEST(sets_are_summed)
{
	struct cf_trace *later = recording();
	struct bench b;

	bench_init(&b);
	later->meta.start_ns += 60000000000;
	put(&b, recording(), "00");
	put(&b, later, "01");
	ck_assert_int_eq(ANALYSE(&b, "top", "srv:2", NULL, "top=1"), 0);
	ck_assert_int_eq(b.set.runs->len, 2);
	expect_doc(&b, "",
		   "\nfunctions: cpu-clock by function, sorted by self"
		   "\n parse app 120 160 0.3000 0.4000 12 16 parse.c 12"
		   "\n... 8 more functions (-n 0 shows all) - 280 - 0.7000 - - - - -"
		   "\nother metrics: faults  (--metric NAME)"
		   "\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	ck_assert_int_eq(ANALYSE(&b, "top", "srv:2", NULL, "top=1", "focus=parse"), 0);
	expect_doc(&b, "",
		   "\nfunctions: cpu-clock by function, sorted by self"
		   "\n parse app 120 160 0.3000 0.4000 12 16 parse.c 12"
		   "\n... 2 more functions (-n 0 shows all) - 40 - 0.1000 - - - - -"
		   "\n60.00 % (240 ns, 24 samples) hidden by --focus parse; shares are of the whole"
		   "\nother metrics: faults  (--metric NAME)"
		   "\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	bench_clear(&b);
}
END_TEST

static const struct cf_node *first_of(const struct cf_doc *doc, enum cf_kind kind)
{
	const struct cf_node *node = doc->root;

	while (node && node->kind != kind)
		node = cf_node_walk(doc->root, node);
	return node;
}

/* What runs lack is said, and they count for nothing: neither for the lost share nor for threads. */
START_TEST(sets_of_several_metrics)
{
	struct cf_trace *switches = cf_trace_new();
	struct bench b;

	bench_init(&b);
	switches->meta.name = g_strdup("srv");
	switches->meta.start_ns = 1795413732000000000;
	switches->meta.start_source = CF_START_INPUT;
	add_cost(switches, "context-switches", CF_UNIT_COUNT, "worker-1", "main@app", 5, 5);
	cf_trace_quality(switches, "lost", NULL, 45, 0, "record less", "45 events were lost");
	put(&b, recording(), "00");
	put(&b, switches, "01");
	ck_assert_int_eq(ANALYSE(&b, "top", "1,2", NULL, "top=1"), 0);
	expect_doc(&b, "",
		   "\nfunctions: cpu-clock by function, sorted by self"
		   "\n parse app 60 80 0.3000 0.4000 6 8 parse.c 12"
		   "\n... 8 more functions (-n 0 shows all) - 140 - 0.7000 - - - - -"
		   "\nrun 2 has no cpu-clock and adds nothing here"
		   "\nother metrics: faults, context-switches  (--metric NAME)"
		   "\nquality: 0 lost, 15.00 % unresolved, start from file time  (callflow show 1)");
	for (int filtered = 0; filtered < 2; filtered++) {
		ck_assert_int_eq(
			filtered ? ANALYSE(&b, "top", "srv:2", NULL, "metric=context-switches", "focus=.")
				 : ANALYSE(&b, "top", "srv:2", NULL, "metric=context-switches"),
			0);
		expect_doc(&b, "",
			   filtered ? "\nfunctions: context-switches by function, sorted by self"
				      "\n main app 5 5 1.0000 1.0000 5 5  0"
				      "\n0.00 % (0, 0 samples) hidden by --focus .; shares are of the whole"
				      "\nrun 1 has no context-switches and adds nothing here"
				      "\nother metrics: cpu-clock, faults  (--metric NAME)"
				      "\nquality: 45 lost (90.00 %), 0.00 % unresolved  (callflow show 2)"
				    : "\nfunctions: context-switches by function, sorted by self"
				      "\n main app 5 5 1.0000 1.0000 5 5  0"
				      "\nrun 1 has no context-switches and adds nothing here"
				      "\nother metrics: cpu-clock, faults  (--metric NAME)"
				      "\nquality: 45 lost (90.00 %), 0.00 % unresolved  (callflow show 2)");
	}
	ck_assert_int_eq(ANALYSE(&b, "tree", "srv:2", NULL), 0);
	ck_assert_str_eq(first_of(b.doc, CF_PARA)->first->text,
			 "run 2 has no cpu-clock and adds nothing here");
	ck_assert_int_eq(ANALYSE(&b, "summary", "srv:2", NULL, "metric=context-switches"), 0);
	expect_doc(&b, "",
		   "\nsrv: 5 context-switches; main alone takes 100 %"
		   "\nfigures: \n context-switches 5 - info\n top self 100.00 % main info\n unresolved 0.00 "
		   "% - info"
		   "\n lost samples 90.00 % 45 lost attention"
		   "\nrun 1 has no context-switches and adds nothing here\nLook first at:"
		   "\nmain in app takes 100.00 % itself. Who calls it: callflow callers main 1,2"
		   "\n45 samples (90.00 %) were lost while recording: record less"
		   "\nother metrics: cpu-clock, faults  (--metric NAME)");
	ck_assert_int_eq(ANALYSE(&b, "top", "srv:2", NULL, "metric=cycles"), -1);
	ck_assert_str_eq(b.m.text->str, "error: no metric 'cycles' in the run; it has cpu-clock, faults, "
					"context-switches\n");
	g_string_truncate(b.m.text, 0);
	bench_clear(&b);
}
END_TEST

START_TEST(summary_of_a_set)
{
	struct cf_trace *later = recording();
	struct bench b;
	g_autofree char *text = NULL;

	bench_init(&b);
	later->meta.start_ns += 60000000000;
	put(&b, recording(), "00");
	put(&b, later, "01");
	ck_assert_int_eq(ANALYSE(&b, "summary", "srv:2", NULL), 0);
	text = doc_text(b.doc, "");
	ck_assert(g_str_has_prefix(text, "\nsrv in 2 runs used 400 ns of CPU on 6 threads; parse alone takes "
					 "30 %, and 15 % is in functions without names\n"));
	ck_assert_int_eq(ANALYSE(&b, "summary", "srv:2", NULL, "metric=faults"), 0);
	g_free(text);
	text = doc_text(b.doc, "");
	ck_assert(g_str_has_prefix(text, "\nsrv in 2 runs: 14 faults; parse alone takes 100 %\n"));
	bench_clear(&b);
}
END_TEST

/* One row per thread, whatever it was called; of several runs one per name, since numbers have nothing in common. */
START_TEST(renamed_threads)
{
	static const char *const comms[] = { "sh", "srv", "a", "b", "c", "d" };
	struct bench b;

	bench_init(&b);
	for (int i = 0; i < 2; i++) {
		struct cf_trace *trace = cf_trace_new();

		trace->meta.name = g_strdup("srv");
		trace->meta.start_ns = i;
		trace->meta.start_source = CF_START_INPUT;
		for (int k = 0; k < 6; k++) {
			const struct cf_thread_cost cost = { .thread = cf_trace_thread(trace, 7, 7, comms[k]),
							     .metric = cf_trace_metric(trace, "cpu-clock",
										       CF_UNIT_NS),
							     .weight = k == 1 ? 50 : 10 - k,
							     .count = 1 };

			cf_trace_thread_cost(trace, &cost);
			add_cost(trace, "cpu-clock", CF_UNIT_NS, comms[k], "main@app", cost.weight, 1);
		}
		put(&b, trace, i ? "01" : "00");
	}
	ck_assert_int_eq(ANALYSE(&b, "top", "1", NULL, "by=thread"), 0);
	ck_assert_int_eq(((struct cf_run *)g_ptr_array_index(b.set.runs, 0))->threads, 1);
	expect_doc(&b, "",
		   "\nthreads: cpu-clock by thread, sorted by self\n srv 7 7 86 1.0000 6 sh, a, b and 2 more"
		   "\nquality: 0 lost, 0.00 % unresolved  (callflow show 1)");
	ck_assert_int_eq(ANALYSE(&b, "top", "1,2", NULL, "by=thread", "top=2"), 0);
	expect_doc(&b, "",
		   "\nthreads: cpu-clock by thread, sorted by self\n srv - - 100 0.5814 2 -\n sh - - 20 "
		   "0.1163 2 -"
		   "\n... 4 more threads (-n 0 shows all) - - 52 0.3023 - -"
		   "\nquality: 0 lost, 0.00 % unresolved  (callflow show 1)");
	ck_assert_int_eq(ANALYSE(&b, "summary", "1", NULL), 0);
	ck_assert_str_eq(first_of(b.doc, CF_TEXT)->text,
			 "srv used 86 ns of CPU on 1 thread; main alone takes 100 %");
	bench_clear(&b);
}
END_TEST

/* An event's modifiers say which part of the time on the processor it counts. */
START_TEST(names_cpu_time)
{
	static const struct {
		const char *metric, *cpu;
	} cases[] = { { "cpu-clock", "CPU" },
		      { "cpu-clock:pppH", "CPU" },
		      { "cpu-clock:uk", "CPU" },
		      { "cpu-clock:u", "user CPU" },
		      { "task-clock:uppp", "user CPU" },
		      { "cpu-clock/freq=99/u", "user CPU" },
		      { "cpu-clock/freq=99/", "CPU" },
		      { "task-clock:k", "kernel CPU" },
		      { "cpu-clock:G", NULL },
		      { "cpu-clocks", NULL },
		      { "cycles:u", NULL },
		      { NULL, NULL } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		ck_assert_pstr_eq(cf_metric_cpu(cases[i].metric), cases[i].cpu);
}
END_TEST

START_TEST(says_how_to_compute_it_again)
{
	struct bench b;
	const struct cf_node *table;

	bench_init(&b);
	put(&b, recording(), "00");
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "by=module", "focus=a b'c", "user=true"), 0);
	table = b.doc->root->first->first;
	ck_assert_str_eq(table->table->recompute, "callflow top --by module --focus 'a b'\\''c' --user 1");
	ck_assert_int_eq(ANALYSE(&b, "callers", "@", "malloc", "top=5"), 0);
	for (table = b.doc->root->first->first; table->kind != CF_TABLE;)
		table = table->next;
	ck_assert_str_eq(table->table->recompute, "callflow callers --top 5 malloc 1");
	put(&b, recording(), "01");
	ck_assert_int_eq(ANALYSE(&b, "top", "srv:2", NULL, "top=5"), 0);
	ck_assert_str_eq(first_of(b.doc, CF_TABLE)->table->recompute, "callflow top --top 5 1,2");
	bench_clear(&b);
}
END_TEST

/* Rows of a query beside those of a table: names, and the numbers in the columns that both have. */
struct comparison {
	const struct cf_node *table;
	size_t row;
};

static int same_row(void *ctx, int columns, const char *const *names, const char *const *values,
		    const int *types)
{
	struct comparison *c = ctx;
	const struct cf_table *table = c->table->table;

	if (!values)
		return 0;
	for (int i = 0; i < columns; i++)
		for (guint k = 0; k < table->columns->len; k++) {
			const struct cf_cell *cell = cf_table_cell(c->table, c->row, k);
			g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)cell->i);
			const char *id = g_array_index(table->columns, struct cf_column, k).id;
			gboolean same =
				!strcmp(id, names[i]) || (!strcmp(id, "self") && !strcmp(names[i], "weight"));

			if (same && cell->type == CF_CELL_TEXT)
				ck_assert_str_eq(cell->text, values[i] ? values[i] : "");
			else if (same && cell->type == CF_CELL_INT && values[i])
				ck_assert_str_eq(number, values[i]);
		}
	c->row++;
	return 0;
}

START_TEST(says_it_in_sql)
{
	static const char *const by[] = { "by=function", "by=thread" }, *const sort[] = { "sort=self",
											  "sort=total" };
	struct bench b;

	bench_init(&b);
	put(&b, recording(), "00");
	for (size_t i = 0; i < 6; i++) {
		struct comparison c = { 0 };

		ck_assert_int_eq(
			ANALYSE(&b, "top", "@", NULL, by[i / 2 % 2], sort[i % 2], i < 4 ? "top=0" : "top=2"),
			0);
		c.table = b.doc->root->first->first;
		ck_assert_ptr_nonnull(c.table->table->sql);
		ck_assert_int_eq(cf_store_query(b.store, c.table->table->sql, same_row, &c, &b.m.diag), 0);
		ck_assert_uint_eq(c.row, cf_table_rows(c.table));
		ck_assert_uint_gt(c.row, 1);
	}
	/* What the views can't say. */
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "by=module"), 0);
	ck_assert_ptr_null(b.doc->root->first->first->table->sql);
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "focus=malloc"), 0);
	ck_assert_ptr_null(b.doc->root->first->first->table->sql);
	ck_assert_str_eq(b.m.text->str, "");
	bench_clear(&b);
}
END_TEST

START_TEST(callers_and_callees)
{
	struct bench b;

	bench_init(&b);
	put(&b, recording(), "00");
	ck_assert_int_eq(ANALYSE(&b, "callers", "@", "mall", "top=1"), 0);
	expect_doc(&b, "|cycle|",
		   "\nmalloc in libc: total 40 ns (20.00 %), self 40 ns (20.00 %) of cpu-clock"
		   "\ndirect-callers: callers of malloc\n log app 20 0.5000 0.1000 2"
		   "\n... 1 more caller (-n 0 shows all)  20 0.5000 0.1000 -"
		   "\nother metrics: faults  (--metric NAME)");
	ck_assert_int_eq(ANALYSE(&b, "callees", "@", "parse"), 0);
	expect_doc(&b, "|cycle|",
		   "\nparse in app: total 80 ns (40.00 %), self 60 ns (30.00 %) of cpu-clock"
		   "\ndirect-callees: callees of parse\n (self)  60 0.7500 0.3000 6\n malloc libc 20 0.2500 "
		   "0.1000 2"
		   "\nother metrics: faults  (--metric NAME)");
	ck_assert_int_eq(ANALYSE(&b, "callers", "@", "nothing"), -1);
	ck_assert_str_eq(b.m.text->str, "error: no function 'nothing' in the run\n");
	bench_clear(&b);
}
END_TEST

START_TEST(trees)
{
	struct bench b;
	const struct cf_node *tree;

	bench_init(&b);
	put(&b, recording(), "00");
	ck_assert_int_eq(ANALYSE(&b, "tree", "@", NULL, "depth=3", "min-share=2.5"), 0);
	tree = first_of(b.doc, CF_TREE);
	ck_assert_int_eq(tree->tree->depth, 3);
	ck_assert(tree->tree->min_share == 0.025);
	ck_assert_int_eq(tree->tree->nodes->len, 17);
	ck_assert_int_eq(ANALYSE(&b, "flamegraph", "@", NULL), 0);
	tree = first_of(b.doc, CF_FLAME);
	ck_assert_int_eq(g_array_index(tree->tree->nodes, struct cf_tree_node, 0).total, 200);
	ck_assert(!tree->tree->inverted);
	ck_assert_str_eq(tree->tree->metric, "cpu-clock");
	ck_assert_str_eq(tree->tree->recompute, "callflow flamegraph 1");
	ck_assert(tree->tree->threads);
	ck_assert_ptr_nonnull(tree->tree->next); /* to choose from in the picture */
	ck_assert_str_eq(tree->tree->next->metric, "faults");
	ck_assert_int_eq(g_array_index(tree->tree->next->nodes, struct cf_tree_node, 0).total, 7);
	ck_assert_ptr_null(tree->tree->next->next);
	ck_assert_int_eq(ANALYSE(&b, "flamegraph", "@", NULL, "inverted=true"), 0);
	ck_assert(first_of(b.doc, CF_FLAME)->tree->inverted);
	ck_assert(!first_of(b.doc, CF_FLAME)->tree->threads);
	ck_assert(first_of(b.doc, CF_FLAME)->tree->next->inverted);
	ck_assert_int_eq(ANALYSE(&b, "flamegraph", "@", NULL, "metric=faults"), 0);
	tree = first_of(b.doc, CF_FLAME);
	ck_assert_str_eq(tree->tree->metric, "faults");
	ck_assert_ptr_null(tree->tree->next);
	bench_clear(&b);
}
END_TEST

START_TEST(runs_and_show)
{
	struct bench b;

	bench_init(&b);
	put(&b, recording(), "0123");
	ck_assert_int_eq(ANALYSE(&b, "runs", "@", NULL), 0);
	expect_doc(
		&b, "|source|",
		"\nrun-list: \n 1 srv 2026-11-23 06:02~ 20 0 3 0.1500 samples  1795413731000000000 0 web1 - "
		"cpu-clock "
		"200 ns perf "
		"0123");
	ck_assert_int_eq(ANALYSE(&b, "show", "@", NULL), 0);
	expect_doc(&b, "|path|",
		   "\nrun: \n run 1\n name srv\n start 2026-11-23T06:02:11Z (taken from the file's time)\n "
		   "host web1"
		   "\n threads 3\n source perf.data\n format perf\n content hash 0123"
		   "\nmetrics: \n cpu-clock 200 ns 20 9 200 ns\n faults 7 7 2 7 count"
		   "\nmodules: \n 0.4000 80 app \n 0.2500 50 [kernel] \n 0.2000 40 libc \n 0.1500 30 liblog "
		   "\nData quality: 0 lost, 15.00 % unresolved, start from file time."
		   "\nquality: \n unresolved 3 0.1500 liblog liblog is stripped install liblog-dbgsym");
	ck_assert_int_eq(b.verdict, CF_VERDICT_ATTENTION);
	bench_clear(&b);
}
END_TEST

START_TEST(summary)
{
	struct bench b;

	bench_init(&b);
	put(&b, recording(), "00");
	ck_assert_int_eq(ANALYSE(&b, "summary", "@", NULL), 0);
	expect_doc(&b, "",
		   "\nsrv used 200 ns of CPU on 3 threads; parse alone takes 30 %, and 15 % is in functions "
		   "without names"
		   "\nfigures: \n CPU 200 ns 20 samples info\n top self 30.00 % parse info"
		   "\n unresolved 15.00 % install liblog-dbgsym attention"
		   "\nLook first at:"
		   "\nparse in app takes 30.00 % itself. Who calls it: callflow callers parse 1"
		   "\ntcp_send in [kernel] takes 25.00 % itself. Who calls it: callflow callers tcp_send 1"
		   "\nmalloc in libc takes 20.00 % itself. Who calls it: callflow callers malloc 1"
		   "\nmain in app takes 10.00 % itself. Who calls it: callflow callers main 1"
		   "\n15.00 % is spent in liblog, in functions without names: install liblog-dbgsym"
		   "\nother metrics: faults  (--metric NAME)");
	ck_assert_int_eq(b.verdict, CF_VERDICT_ATTENTION);
	bench_clear(&b);
}
END_TEST

/* Inputs that know neither modules nor threads show none. */
START_TEST(folded)
{
	struct cf_trace *trace = cf_trace_new();
	struct bench b;

	bench_init(&b);
	trace->meta.name = g_strdup("f");
	add_cost(trace, "samples", CF_UNIT_COUNT, "", "a@;b@", 9, 9);
	cf_trace_thread_cost(
		trace, &(struct cf_thread_cost){ .thread = cf_trace_thread(trace, 0, 0, ""),
						 .metric = cf_trace_metric(trace, "samples", CF_UNIT_COUNT),
						 .weight = 9,
						 .count = 9 });
	put(&b, trace, "00");
	ck_assert_int_eq(ANALYSE(&b, "summary", "@", NULL), 0);
	expect_doc(
		&b, "",
		"\nf: 9 samples; b alone takes 100 %\nfigures: \n samples 9 - info\n top self 100.00 % b info"
		"\n unresolved 0.00 % - info\nLook first at:\nb takes 100.00 % itself. Who calls it: "
		"callflow callers b 1");
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL), 0);
	ck_assert(g_array_index(first_of(b.doc, CF_TABLE)->table->columns, struct cf_column, 1).flags &
		  CF_COLUMN_DATA);
	ck_assert_int_eq(ANALYSE(&b, "top", "@", NULL, "by=thread"), 0);
	expect_doc(&b, "",
		   "\nthreads: samples by thread, sorted by self\n [unknown thread] - - 9 1.0000 9 -"
		   "\nquality: 0 lost, 0.00 % unresolved  (callflow show 1)");
	ck_assert_int_eq(ANALYSE(&b, "flamegraph", "@", NULL), 0);
	ck_assert_int_eq(first_of(b.doc, CF_FLAME)->tree->nodes->len, 3);
	bench_clear(&b);
}
END_TEST

START_TEST(names_runs)
{
	struct cf_run run = { .id = 1,
			      .name = (char *)"redis-server",
			      .host = (char *)"web1",
			      .start_ns = 1795413731000000000,
			      .start_source = CF_START_MTIME,
			      .metric = (char *)"cpu-clock",
			      .unit = CF_UNIT_NS,
			      .samples = 24183,
			      .facts = CF_FACTS_SAMPLES,
			      .weight = 24260000000 };
	g_autofree char *mtime = cf_run_line(&run), *input = NULL, *plain = NULL, *empty = NULL;

	ck_assert_str_eq(mtime,
			 "run 1  redis-server  2026-11-23 06:02~ UTC  web1  24.26 s CPU, 24183 samples");
	run.start_source = CF_START_INPUT;
	run.commit = (char *)"1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
	run.metric = (char *)"cycles";
	run.unit = CF_UNIT_COUNT;
	run.samples = 1;
	input = cf_run_line(&run);
	ck_assert_str_eq(input, "run 1  redis-server  2026-11-23 06:02Z  web1  1a2b3c4d5e6f  24.26 G cycles, "
				"1 sample");
	run.host = run.commit = NULL;
	run.start_source = CF_START_NONE;
	run.samples = run.weight;
	plain = cf_run_line(&run);
	ck_assert_str_eq(plain, "run 1  redis-server  24260000000 samples");
	run.metric = NULL;
	run.facts = 0;
	empty = cf_run_line(&run);
	ck_assert_str_eq(empty, "run 1  redis-server  no samples");
}
END_TEST

START_TEST(registry)
{
	static const char *const names[] = { "runs", "top", "flamegraph", "churn" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		ck_assert_ptr_nonnull(cf_analyzer_by_name(names[i]));
	for (size_t i = 0; cf_analyzers[i]; i++) { /* no name twice, and help for all */
		ck_assert(cf_analyzer_by_name(cf_analyzers[i]->name) == cf_analyzers[i]);
		ck_assert_ptr_nonnull(cf_analyzers[i]->examples[0]);
	}
	ck_assert_ptr_null(cf_analyzer_by_name("topp"));
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/run");
	TCase *c = tcase_create("run");

	tcase_add_test(c, top_functions);
	tcase_add_test(c, fast_equals_slow);
	tcase_add_test(c, top_of_others);
	tcase_add_test(c, sets_are_summed);
	tcase_add_test(c, sets_of_several_metrics);
	tcase_add_test(c, summary_of_a_set);
	tcase_add_test(c, renamed_threads);
	tcase_add_test(c, names_cpu_time);
	tcase_add_test(c, says_how_to_compute_it_again);
	tcase_add_test(c, says_it_in_sql);
	tcase_add_test(c, callers_and_callees);
	tcase_add_test(c, trees);
	tcase_add_test(c, runs_and_show);
	tcase_add_test(c, summary);
	tcase_add_test(c, folded);
	tcase_add_test(c, names_runs);
	tcase_add_test(c, registry);
	suite_add_tcase(s, c);
	return s;
}
