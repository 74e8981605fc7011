/* SPDX-License-Identifier: MIT */
/* analyzers_graph: what analyses say of a run that has calls instead of samples, and of its source lines. */
#include "tests/unit/analyzers_fixture.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <utime.h>

#include "analyzers/analyzer.h"
#include "analyzers/calls.h"
#include "analyzers/calltree.h"
#include "analyzers/graphtree.h"
#include "analyzers/source.h"

static struct cf_func function(struct cf_trace *trace, const char *name)
{
	g_autofree char *text = strchr(name, '@') ? g_strdup(name) : g_strconcat(name, "@app", NULL);

	return cf_dict_stack_info(trace->dict, push_stack(trace, text)).func;
}

static void line(struct cf_trace *trace, const char *name, const char *file, uint32_t number, uint32_t metric,
		 int64_t weight)
{
	const struct cf_line_cost cost = { .func = function(trace, name),
					   .metric = { metric },
					   .file = cf_dict_str(trace->dict, file, -1),
					   .line = number,
					   .weight = weight };

	cf_trace_line(trace, &cost);
}

static void call(struct cf_trace *trace, const char *caller, const char *callee, int64_t calls,
		 int64_t weight)
{
	const struct cf_call_cost cost = {
		function(trace, caller), function(trace, callee), { 0 }, weight, calls
	};

	cf_trace_call(trace, &cost);
}

/* The example of the format's specification, with a cycle and a function that recurses: 890 Ir. */
static struct cf_trace *profile_of_calls(void)
{
	struct cf_trace *t = cf_trace_new();

	cf_trace_metric(t, "Ir", CF_UNIT_COUNT);
	cf_trace_metric(t, "Dr", CF_UNIT_COUNT);
	line(t, "main", "file1.c", 16, 0, 20);
	call(t, "main", "func1", 1, 400);
	call(t, "main", "func2@lib", 3, 400);
	call(t, "main", "ping", 1, 60);
	call(t, "main", "fib", 1, 10);
	line(t, "func1", "file1.c", 51, 0, 100);
	call(t, "func1", "func2@lib", 2, 300);
	line(t, "func2@lib", "file2.c", 20, 0, 500);
	line(t, "func2@lib", "inline.h", 5, 0, 200);
	line(t, "func2@lib", "file2.c", 20, 1, 7);
	line(t, "ping", "file1.c", 60, 0, 20);
	call(t, "ping", "pong", 5, 50);
	line(t, "pong", "file1.c", 70, 0, 40);
	call(t, "pong", "ping", 4, 30);
	line(t, "fib", "file1.c", 80, 0, 10);
	call(t, "fib", "fib", 9, 40);
	t->meta.name = g_strdup("app");
	return t;
}

static void take_calls(struct cf_profile *profile, struct cf_params *params)
{
	struct messages m;

	messages_init(&m);
	ck_assert_int_eq(cf_profile_take_calls(profile, profile_of_calls(), params, &m.diag), 0);
	ck_assert_str_eq(m.text->str, "");
	ck_assert_ptr_nonnull(profile->graph);
	messages_clear(&m);
	cf_params_free(params);
}

static void expect_tree(struct cf_tree *tree, const char *want)
{
	g_autofree char *have = tree_text(tree);

	ck_assert_str_eq(have, want);
	cf_tree_free(tree);
}

/* func2 costs 400 of main's calls and 300 of func1's, as stated; the cycle is one node. */
START_TEST(tree_down)
{
	struct cf_profile profile;

	take_calls(&profile, SETTINGS());
	expect_tree(cf_graphtree_down(&profile), "all 0 890 0\n"
						 " main 20 890 0\n"
						 "  <cycle 1> 0 60 0\n"
						 "   ping 20 20 0\n"
						 "   pong 40 40 0\n"
						 "  fib 10 10 0\n"
						 "  func1 100 400 0\n"
						 "   func2 300 300 0\n"
						 "  func2 400 400 0\n");
	ck_assert(cf_graphtree_is_split(profile.graph) == FALSE);
	cf_profile_clear(&profile);
}
END_TEST

static gboolean *target(const struct cf_profile *profile, const char *name)
{
	gboolean *flags = g_new0(gboolean, cf_dict_funcs(profile->trace->dict) + 1);

	flags[function(profile->trace, name).id] = TRUE;
	return flags;
}

START_TEST(trees_of_functions)
{
	struct cf_profile profile;
	g_autofree gboolean *func2 = NULL, *pong = NULL, *func1 = NULL;

	take_calls(&profile, SETTINGS());
	func2 = target(&profile, "func2@lib");
	pong = target(&profile, "pong");
	func1 = target(&profile, "func1");
	expect_tree(cf_graphtree_callers(&profile, func2, 700, "func2"), "func2 0 700 0\n"
									 " func1 0 300 0\n"
									 "  main 300 300 0\n"
									 " main 400 400 0\n");
	expect_tree(cf_graphtree_calls(&profile, func1, 400, "func1"), "func1 100 400 0\n func2 300 300 0\n");
	expect_tree(cf_graphtree_callers(&profile, pong, 40, "pong"), "pong 0 40 0\n"
								      " <cycle 1> 0 40 0\n"
								      "  main 40 40 0\n");
	cf_profile_clear(&profile);
}
END_TEST

/* Shares where a function has several callers, of largest remainder: 2/3 of 10 is 7, and all is there. */
START_TEST(shares)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_profile profile;
	struct cf_params *params = SETTINGS();
	struct messages m;

	messages_init(&m);
	cf_trace_metric(t, "Ir", CF_UNIT_COUNT);
	call(t, "a", "mid", 1, 20);
	call(t, "b", "mid", 1, 10);
	call(t, "mid", "leaf", 1, 10);
	line(t, "mid", "", 0, 0, 20);
	line(t, "leaf", "", 0, 0, 10);
	ck_assert_int_eq(cf_profile_take_calls(&profile, t, params, &m.diag), 0);
	expect_tree(cf_graphtree_down(&profile), "all 0 30 0\n"
						 " a 0 20 0\n"
						 "  mid 13 20 0\n"
						 "   leaf 7 7 0\n"
						 " b 0 10 0\n"
						 "  mid 7 10 0\n"
						 "   leaf 3 3 0\n");
	ck_assert(cf_graphtree_is_split(profile.graph));
	cf_profile_clear(&profile);
	cf_params_free(params);
	messages_clear(&m);
}
END_TEST

/* 2^40 ways: nodes below a share are summed, and no cost is lost. */
START_TEST(no_explosion)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_profile profile;
	struct cf_params *params = SETTINGS();
	struct messages m;
	struct cf_tree *tree;

	messages_init(&m);
	cf_trace_metric(t, "Ir", CF_UNIT_COUNT);
	for (int i = 0; i < 40; i++) {
		g_autofree char *from = g_strdup_printf("f%d@app", i), *left = g_strdup_printf("l%d@app", i),
				*right = g_strdup_printf("r%d@app", i),
				*to = g_strdup_printf("f%d@app", i + 1);

		call(t, from, left, 1, 500);
		call(t, from, right, 1, 500);
		call(t, left, to, 1, 500);
		call(t, right, to, 1, 500);
	}
	line(t, "f40", "", 0, 0, 1000000);
	ck_assert_int_eq(cf_profile_take_calls(&profile, t, params, &m.diag), 0);
	tree = cf_graphtree_down(&profile);
	ck_assert_uint_lt(tree->nodes->len, 200000);
	ck_assert_int_eq(g_array_index(tree->nodes, struct cf_tree_node, 0).total, 1000000);
	cf_tree_free(tree);
	cf_profile_clear(&profile);
	cf_params_free(params);
	messages_clear(&m);
}
END_TEST

static void expect_calls(const char *name, enum cf_calls_side side, int64_t limit, const char *want)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct cf_profile profile;
	struct cf_calls calls;
	struct messages m;

	messages_init(&m);
	take_calls(&profile, SETTINGS());
	ck_assert_int_eq(cf_calls_find(&calls, &profile, name, &m.diag), 0);
	cf_calls_compute(&calls, &profile, side, limit);
	g_string_append_printf(text, "%d %d x%d self-calls %d cycle %u/%u\n", (int)calls.self,
			       (int)calls.total, (int)calls.total_count, (int)calls.itself, calls.cycle,
			       calls.members);
	for (guint i = 0; i < calls.rows->len; i++) {
		const struct cf_call *row = &g_array_index(calls.rows, struct cf_call, i);

		g_string_append_printf(text, "%s %d x%d%s\n",
				       row->func.id ? cf_dict_func_name(profile.trace->dict, row->func) : "-",
				       (int)row->weight, (int)row->count, row->cycle ? " within" : "");
	}
	if (calls.rest)
		g_string_append_printf(text, "rest %d\n", (int)calls.rest);
	ck_assert_str_eq(text->str, want);
	cf_calls_clear(&calls);
	cf_profile_clear(&profile);
	messages_clear(&m);
}

START_TEST(exact_calls)
{
	expect_calls("func2", CF_CALLERS, 0,
		     "700 700 x5 self-calls 0 cycle 0/0\nmain 400 x3\nfunc1 300 x2\n");
	expect_calls("main", CF_CALLERS, 0, "20 890 x0 self-calls 0 cycle 0/0\n- 890 x0\n");
	expect_calls("main", CF_CALLEES, 2,
		     "20 890 x0 self-calls 0 cycle 0/0\nfunc1 400 x1\nfunc2 400 x3\nrest 90\n");
	expect_calls("fib", CF_CALLERS, 0, "10 10 x1 self-calls 9 cycle 0/0\nmain 10 x1\n");
	expect_calls("fib", CF_CALLEES, 0, "10 10 x1 self-calls 9 cycle 0/0\n- 10 x0\n");
	expect_calls("ping", CF_CALLERS, 0,
		     "20 20 x5 self-calls 0 cycle 1/2\nmain 60 x1\npong 30 x4 within\n");
	expect_calls("pong", CF_CALLEES, 0, "40 40 x5 self-calls 0 cycle 1/2\n- 40 x0\nping 30 x4 within\n");
}
END_TEST

/* Filters look at functions while it is a graph, at the stacks that are made of it later. */
START_TEST(filters)
{
	struct cf_profile profile;
	struct cf_params *params;
	struct messages m;
	g_autofree char *hidden = NULL, *note = NULL;

	take_calls(&profile, SETTINGS("focus=func"));
	ck_assert_int_eq(profile.weight, 890);
	ck_assert_int_eq(profile.hidden, 90);
	hidden = cf_profile_hidden_text(&profile);
	ck_assert_str_eq(hidden, "10.11 % (90) hidden by --focus func");
	cf_profile_unfold(&profile, FALSE);
	ck_assert_ptr_null(profile.graph);
	ck_assert_int_eq(profile.weight, 890);
	ck_assert_int_eq(profile.hidden, 90);
	note = cf_profile_picture_note(&profile);
	ck_assert_str_eq(note, "reconstructed, proportional split; 10.11 % (90) hidden by --focus func");
	cf_profile_clear(&profile);
	take_calls(&profile, SETTINGS("module=lib"));
	ck_assert_int_eq(profile.hidden, 190);
	cf_profile_clear(&profile);
	for (const char *const *setting =
		     (const char *const[]){ "thread=x", "user=true", "kernel=true", NULL };
	     *setting; setting++) {
		messages_init(&m);
		params = SETTINGS(*setting);
		ck_assert_int_eq(cf_profile_take_calls(&profile, profile_of_calls(), params, &m.diag), -1);
		ck_assert_ptr_nonnull(
			strstr(m.text->str, "can't be applied: the run has calls, not samples"));
		ck_assert_int_eq(m.diag.status, CF_STATUS_USAGE);
		cf_params_free(params);
		messages_clear(&m);
	}
}
END_TEST

/* Those that know nothing of calls get stacks. */
START_TEST(stacks_for_others)
{
	struct cf_profile profile;

	take(&profile, profile_of_calls(), SETTINGS());
	ck_assert_ptr_null(profile.graph);
	ck_assert(profile.unfolded);
	ck_assert_int_eq(profile.pruned, 0);
	expect_tree(cf_calltree_down(&profile), "all 0 890 0\n"
						" main 20 890 0\n"
						"  fib 10 10 0\n"
						"  func1 100 400 0\n"
						"   func2 300 300 0\n"
						"  func2 400 400 0\n"
						"  ping 20 60 0\n"
						"   pong 40 40 0\n");
	cf_profile_clear(&profile);
}
END_TEST

/* --- whole analyses ------------------------------------------------------------------------------------- */

static void append_cell(GString *text, const struct cf_cell *cell)
{
	if (cell->type == CF_CELL_EMPTY)
		g_string_append(text, " -");
	else if (cell->type == CF_CELL_TEXT)
		g_string_append_printf(text, " %s", cell->text);
	else if (cell->type == CF_CELL_INT)
		g_string_append_printf(text, " %" G_GINT64_FORMAT, cell->i);
	else
		g_string_append_printf(text, " %.4f", cell->d);
}

/* Paragraphs, and tables by the columns that are seen. */
static char *seen(const struct cf_doc *doc)
{
	GString *text = g_string_new(NULL);

	for (const struct cf_node *node = doc->root; node; node = cf_node_walk(doc->root, node)) {
		if (node->kind == CF_PARA)
			g_string_append(text, "\n");
		if (node->kind == CF_TEXT || node->kind == CF_CODE)
			g_string_append(text, node->text);
		if (node->kind != CF_TABLE)
			continue;
		g_string_append_printf(text, "\n%s: %s", node->id, node->text ? node->text : "");
		for (guint i = 0; i < cf_table_rows(node); i++) {
			g_string_append(text, "\n");
			for (guint k = 0; k < node->table->columns->len; k++)
				if (!(g_array_index(node->table->columns, struct cf_column, k).flags &
				      CF_COLUMN_DATA))
					append_cell(text, cf_table_cell(node, i, k));
		}
	}
	return g_string_free(text, FALSE);
}

/* What the analysis says of the profile, stored; or its error. */
static char *answer(const char *name, const char *argument, const char *const *pairs, int64_t start)
{
	const struct cf_analyzer *analyzer = cf_analyzer_by_name(name);
	const struct cf_source source = {
		.path = "x", .hash = "00", .format = "callgrind", .version = 1, .options = ""
	};
	struct cf_params *params = settings(analyzer->params, pairs);
	struct cf_run_set set = { 0 };
	struct cf_trace *trace = profile_of_calls();
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_analysis analysis = { .argument = argument, .params = params, .current = &set, .doc = doc };
	struct messages m;
	char *text;
	int64_t id;

	messages_init(&m);
	trace->meta.start_ns = start;
	trace->meta.start_source = CF_START_MTIME;
	analysis.diag = &m.diag;
	analysis.store = cf_store_open(NULL, CF_STORE_MEMORY, &m.diag);
	analysis.section = cf_doc_section(doc, doc->root, name, NULL);
	ck_assert_int_eq(cf_store_put(analysis.store, &source, NULL, trace, &id, &m.diag), 0);
	ck_assert_int_eq(cf_store_select(analysis.store, "@", NULL, 0, &set, &m.diag), 0);
	text = analyzer->run(&analysis) == 0 ? seen(doc) : g_strdup(m.text->str);
	cf_run_set_clear(&set);
	cf_trace_free(trace);
	cf_params_free(params);
	cf_doc_free(doc);
	ck_assert_int_eq(cf_store_close(analysis.store, &m.diag), 0);
	messages_clear(&m);
	return text;
}

static void expect_answer(const char *name, const char *argument, const char *const *pairs, const char *want)
{
	g_autofree char *have = answer(name, argument, pairs, 0);

	ck_assert_str_eq(have, want);
}

#define PAIRS(...) ((const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

START_TEST(top)
{
	expect_answer("top", NULL, PAIRS("top=3"),
		      "\nfunctions: Ir by function, sorted by self"
		      "\n func2 lib 700 700 0.7865 0.7865 5"
		      "\n func1 app 100 400 0.1124 0.4494 1"
		      "\n pong app 40 40 0.0449 0.0449 5"
		      "\nother metrics: Dr  (--metric NAME)"
		      "\nquality: 0.00 % unresolved, start from file time  (callflow show 1)");
	expect_answer("top", NULL, PAIRS("by=module"),
		      "\nmodules: Ir by module, sorted by self\n lib 700 0.7865\n app 190 0.2135"
		      "\nother metrics: Dr  (--metric NAME)"
		      "\nquality: 0.00 % unresolved, start from file time  (callflow show 1)");
	/* By where the lines are. */
	expect_answer("top", NULL, PAIRS("by=file", "sort=total"),
		      "\nfiles: Ir by file, sorted by self\n file2.c 500 0.5618\n inline.h 200 0.2247\n "
		      "file1.c 190 "
		      "0.2135"
		      "\nother metrics: Dr  (--metric NAME)"
		      "\nquality: 0.00 % unresolved, start from file time  (callflow show 1)");
	expect_answer("top", NULL, PAIRS("by=file", "module=lib"),
		      "\nfiles: Ir by file, sorted by self\n file2.c 500 0.5618\n inline.h 200 0.2247"
		      "\n21.35 % (190) hidden by --module lib; shares are of the whole"
		      "\nother metrics: Dr  (--metric NAME)"
		      "\nquality: 0.00 % unresolved, start from file time  (callflow show 1)");
	expect_answer("top", NULL, PAIRS("by=thread", "module=lib"),
		      "error: the run's costs of threads aren't kept by function: --by thread takes no "
		      "filter here\n");
	expect_answer("top", NULL, PAIRS("focus=^p"),
		      "\nfunctions: Ir by function, sorted by self"
		      "\n pong app 40 40 0.0449 0.0449 5\n ping app 20 20 0.0225 0.0225 5"
		      "\n93.26 % (830) hidden by --focus ^p; shares are of the whole"
		      "\nother metrics: Dr  (--metric NAME)"
		      "\nquality: 0.00 % unresolved, start from file time  (callflow show 1)");
}
END_TEST

START_TEST(callers_with_notes)
{
	expect_answer("callers", "ping", PAIRS(),
		      "\nping in app: total 20 (2.25 %), self 20 (2.25 %) of Ir, called 5 times"
		      "\ndirect-callers: callers of ping"
		      "\n main app 60 3.0000 0.0674 1 -\n pong app 30 1.5000 0.0337 4 <cycle 1>"
		      "\nIt is one of 2 functions in <cycle 1>: what a call within the cycle costs counts "
		      "its own callers "
		      "again, so rows may add up to more than the total, which is without such calls."
		      "\nother metrics: Dr  (--metric NAME)");
	expect_answer("callees", "fib", PAIRS(),
		      "\nfib in app: total 10 (1.12 %), self 10 (1.12 %) of Ir, called 1 time"
		      "\ndirect-callees: callees of fib\n (self)  10 1.0000 0.0112 -"
		      "\nIt calls itself 9 times; that is in no row."
		      "\nother metrics: Dr  (--metric NAME)");
}
END_TEST

START_TEST(summary)
{
	g_autofree char *text = answer("summary", NULL, PAIRS(), 0);

	ck_assert_ptr_nonnull(strstr(text, "app: 890 Ir; func2 alone takes 79 %"));
	ck_assert_ptr_null(strstr(text, "sample"));
}
END_TEST

/* --- annotate ------------------------------------------------------------------------------------------- */

static char *folder;

static void make_folder(void)
{
	folder = g_dir_make_tmp("callflow-source-XXXXXX", NULL);
	ck_assert_ptr_nonnull(folder);
}

static void put_file(const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void make_pipe(const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);

	ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static void remove_folder(void)
{
	GDir *dir = g_dir_open(folder, 0, NULL);

	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_remove(path);
	}
	g_dir_close(dir);
	g_rmdir(folder);
	g_clear_pointer(&folder, g_free);
}

START_TEST(annotate)
{
	g_autofree char *root = NULL, *want = NULL;

	expect_answer("annotate", "func2", PAIRS(),
		      "\nfunc2 in lib: its lines cost 700 (78.65 %) of Ir"
		      "\nlines: file2.c\n 20 0.7143 500 7\nlines-2: inline.h\n 5 0.2857 200 -"
		      "\nThe text of the lines: --source-root DIR, with the folder of the source files");
	expect_answer("annotate", "func2", PAIRS("metric=Dr"),
		      "\nfunc2 in lib: its lines cost 7 (100.00 %) of Dr"
		      "\nlines: file2.c\n 20 1.0000 7 500\nlines-2: inline.h\n 5 0.0000 - 200"
		      "\nThe text of the lines: --source-root DIR, with the folder of the source files");
	expect_answer("annotate", "func3", PAIRS(),
		      "error: no function 'func3' in the run; did you mean 'func2'?\n");
	make_folder();
	put_file("inline.h", "one\n\ttwo\r\n\n\x01"
			     "four\nfive");
	root = g_strconcat("source-root=", folder, NULL);
	want = g_strdup_printf("\nfunc2 in lib: its lines cost 700 (78.65 %%) of Ir"
			       "\nlines: file2.c\n 20 0.7143 500 7"
			       "\n%s/inline.h was changed after the run began: its lines may be others by now"
			       "\nlines-2: inline.h, as it is in %s/inline.h\n 3 - - - \n 4 - - - \x01"
			       "four"
			       "\n 5 0.2857 200 - five",
			       folder, folder);
	expect_answer("annotate", "func2", PAIRS(root), want);
	remove_folder();
}
END_TEST

/* A source that is older than the run isn't remarked on, nor one that was written together with its file. */
START_TEST(source_times)
{
	g_autofree char *root = NULL, *text = NULL, *together = NULL, *newer = NULL, *path = NULL;
	const struct utimbuf old = { 1000, 1000 };

	make_folder();
	put_file("inline.h", "x\n");
	path = g_build_filename(folder, "inline.h", NULL);
	ck_assert_int_eq(g_utime(path, (struct utimbuf *)&old), 0);
	root = g_strconcat("source-root=", folder, NULL);
	text = answer("annotate", "func2", PAIRS(root), G_GINT64_CONSTANT(1000000000001));
	ck_assert_ptr_null(strstr(text, "was changed"));
	together = answer("annotate", "func2", PAIRS(root), G_GINT64_CONSTANT(995000000000));
	ck_assert_ptr_null(strstr(together, "was changed"));
	newer = answer("annotate", "func2", PAIRS(root), G_GINT64_CONSTANT(994999999999));
	ck_assert_ptr_nonnull(strstr(newer, "was changed"));
	remove_folder();
}
END_TEST

/* The longest end of a path that there is, below the roots only, regular files only. */
START_TEST(finding_sources)
{
	struct cf_source_text source;
	g_autofree char *sub = NULL, *deep = NULL, *text = NULL, *link = NULL;
	const char *roots[] = { "/nonexistent", NULL, NULL };

	make_folder();
	roots[1] = folder;
	sub = g_build_filename(folder, "src", NULL);
	deep = g_build_filename(sub, "a.c", NULL);
	ck_assert_int_eq(g_mkdir(sub, 0700), 0);
	ck_assert(g_file_set_contents(deep, "deep\n", -1, NULL));
	put_file("a.c", "flat\n");
	make_pipe("pipe.c");
	link = g_build_filename(folder, "out.c", NULL);
	ck_assert_int_eq(symlink("/etc/passwd", link), 0);

	ck_assert(cf_source_find(&source, roots, "/build/shop/src/a.c"));
	text = cf_source_line(&source, 1);
	ck_assert_str_eq(text, "deep");
	ck_assert_str_eq(source.file.path, "src/a.c");
	ck_assert_ptr_null(cf_source_line(&source, 0));
	ck_assert_ptr_null(cf_source_line(&source, 2));
	cf_source_clear(&source);
	ck_assert(cf_source_find(&source, roots, "./x/../src/./other/../a.c"));
	ck_assert_str_eq(source.file.path, "src/a.c");
	cf_source_clear(&source);
	ck_assert(cf_source_find(&source, roots, "/elsewhere/a.c"));
	ck_assert_str_eq(source.file.path, "a.c");
	cf_source_clear(&source);
	/* A pipe would block or let its writer go on, a link may lead anywhere. */
	ck_assert(!cf_source_find(&source, roots, "/x/pipe.c"));
	ck_assert(!cf_source_find(&source, roots, "out.c"));
	ck_assert(!cf_source_find(&source, roots, "/dev/zero"));
	ck_assert(!cf_source_find(&source, roots, "src"));
	ck_assert(!cf_source_find(&source, roots, "../../../../../etc/passwd"));
	ck_assert(!cf_source_find(&source, roots, ""));
	ck_assert(!cf_source_find(&source, roots, "///"));
	g_remove(deep);
	g_rmdir(sub);
	remove_folder();
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/graph");
	TCase *t = tcase_create("graph");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, tree_down);
	tcase_add_test(t, trees_of_functions);
	tcase_add_test(t, shares);
	tcase_add_test(t, no_explosion);
	tcase_add_test(t, exact_calls);
	tcase_add_test(t, filters);
	tcase_add_test(t, stacks_for_others);
	tcase_add_test(t, top);
	tcase_add_test(t, callers_with_notes);
	tcase_add_test(t, summary);
	tcase_add_test(t, annotate);
	tcase_add_test(t, source_times);
	tcase_add_test(t, finding_sources);
	suite_add_tcase(s, t);
	return s;
}
