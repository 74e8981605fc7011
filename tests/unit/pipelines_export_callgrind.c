/* SPDX-License-Identifier: MIT */
/* pipelines_export_callgrind: calls and stacks as callgrind writes them, and as its importer reads them back. */
#include "pipelines/export.h"

#include "ingest/format.h"
#include "tests/unit/suite.h"

static struct cf_trace *trace;

static void setup(void)
{
	trace = cf_trace_new();
	cf_trace_metric(trace, "Ir", CF_UNIT_COUNT);
}

static void teardown(void)
{
	cf_trace_free(trace);
}

static struct cf_func func(const char *path, const char *name, enum cf_frame_kind kind)
{
	const char *slash = strrchr(path, '/');
	struct cf_module_info module = { .name = cf_dict_str(trace->dict, slash ? slash + 1 : path, -1),
					 .path = cf_dict_str(trace->dict, slash ? path : "", -1) };

	return cf_dict_func(trace->dict, (struct cf_func_info){ cf_dict_module(trace->dict, module),
								cf_dict_str(trace->dict, name, -1), kind });
}

static void symbol(struct cf_func f, const char *file, uint32_t line)
{
	cf_trace_symbol(trace, &(struct cf_symbol){
				       .func = f, .file = cf_dict_str(trace->dict, file, -1), .line = line });
}

static void self(struct cf_func f, const char *file, uint32_t line, uint32_t metric, int64_t weight)
{
	cf_trace_line(trace, &(struct cf_line_cost){
				     f, { metric }, cf_dict_str(trace->dict, file, -1), line, weight, 0 });
}

static void stack(const struct cf_func *frames, size_t n, uint32_t metric, int64_t weight, int64_t count)
{
	struct cf_stack_cost cost = { cf_trace_group(trace, "t"), { metric }, { 0 }, weight, count };

	for (size_t i = 0; i < n; i++)
		cost.stack = cf_dict_push(trace->dict, cost.stack, frames[i], CF_FRAME_NATIVE);
	cf_trace_cost(trace, &cost);
}

static char *written(const struct cf_export *export)
{
	struct cf_out *out = cf_out_memory();
	struct cf_diag diag = { 0 };
	char *text;

	ck_assert_int_eq(cf_exporter_by_name("callgrind")->write(export, out, &diag), 0);
	text = g_strdup(cf_out_text(out, NULL));
	cf_out_abort(out);
	return text;
}

static void expect(const char *want)
{
	const struct cf_export export = { .trace = trace, .costs = trace->stack_costs, .all_metrics = TRUE };
	g_autofree char *have = written(&export);

	ck_assert_str_eq(have, want);
}

#define HEAD "# callgrind format\nversion: 1\ncreator: callflow " CF_VERSION "\n"

/* Lines of the function's own file, its calls, then what is inlined; callgrind_annotate needs a call to be made. */
START_TEST(calls)
{
	struct cf_func main_ = func("/bin/app", "main", CF_FRAME_NATIVE);
	struct cf_func work = func("/lib/libw.so.1", "work(int)", CF_FRAME_NATIVE);
	struct cf_func none = func("", "[unresolved]", CF_FRAME_UNRESOLVED);

	cf_trace_metric(trace, "Dr", CF_UNIT_COUNT);
	trace->meta.command = g_strdup("app -x");
	cf_trace_thread(trace, 77, 0, "");
	symbol(main_, "/src/app.c", 10);
	symbol(work, "/src/w.c", 3);
	self(main_, "/src/app.h", 2, 0, 5);
	self(main_, "/src/app.c", 12, 0, 7);
	self(main_, "/src/app.c", 11, 0, 1);
	self(main_, "/src/app.c", 11, 1, 4);
	self(work, "/src/w.c", 3, 0, 20);
	self(none, "", 0, 0, 9);
	cf_trace_call(trace, &(struct cf_call_cost){ main_, work, { 0 }, 20, 2 });
	cf_trace_call(trace, &(struct cf_call_cost){ work, none, { 0 }, 9, 0 });
	expect(HEAD "pid: 77\ncmd: app -x\n\npositions: line\nevents: Ir Dr\nsummary: 42 4\n"
		    "\nob=(1) ???\nfl=(1) ???\nfn=(1) ???\n0 9 0\n"
		    "\nob=(2) /bin/app\nfl=(2) /src/app.c\nfn=(2) main\n11 1 4\n12 7 0\n"
		    "cob=(3) /lib/libw.so.1\ncfi=(3) /src/w.c\ncfn=(3) work(int)\ncalls=2 3\n10 20 0\n"
		    "fi=(4) /src/app.h\n2 5 0\n"
		    "\nob=(3)\nfl=(3)\nfn=(3)\n3 20 0\ncob=(1)\ncfi=(1)\ncfn=(1)\ncalls=1 0\n3 9 0\n"
		    "\ntotals: 42 4\n");
}
END_TEST

/* A call counts once per sample however deep it recurses; lines take of a function's own cost what they know. */
START_TEST(stacks)
{
	struct cf_func main_ = func("app", "main", CF_FRAME_NATIVE),
		       fib = func("app", "fib", CF_FRAME_NATIVE);

	stack((const struct cf_func[]){ main_, fib, fib, fib }, 4, 0, 30, 3);
	stack((const struct cf_func[]){ main_, fib }, 2, 0, 10, 1);
	stack((const struct cf_func[]){ main_ }, 1, 0, 5, 1);
	stack(NULL, 0, 0, 2, 1);
	symbol(fib, "fib.c", 4);
	self(fib, "fib.c", 6, 0, 25);
	expect(HEAD "\npositions: line\nevents: Ir\nsummary: 47\n"
		    "\nob=(1) ???\nfl=(1) ???\nfn=(1) ???\n0 2\n"
		    "\nob=(2) app\nfl=(1)\nfn=(2) main\n0 5\ncob=(2)\ncfi=(2) fib.c\ncfn=(3) fib\ncalls=4 "
		    "4\n0 40\n"
		    "\nob=(2)\nfl=(2)\nfn=(3)\n4 15\n6 25\ncob=(2)\ncfi=(2)\ncfn=(3)\ncalls=3 4\n4 30\n"
		    "\ntotals: 47\n");
}
END_TEST

/* One metric, and what filters keep. */
START_TEST(one_metric)
{
	struct cf_func main_ = func("app", "main", CF_FRAME_NATIVE);
	struct cf_export export = { .trace = trace, .metric = { 1 } };
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(struct cf_stack_cost));
	g_autofree char *text = NULL;

	cf_trace_metric(trace, "wall clock\t", CF_UNIT_NS);
	stack(&main_, 1, 0, 5, 1);
	stack(&main_, 1, 1, 8, 1);
	g_array_append_val(kept, g_array_index(trace->stack_costs, struct cf_stack_cost, 1));
	export.costs = kept;
	text = written(&export);
	ck_assert_str_eq(text, HEAD "\npositions: line\nevents: wall_clock_\nsummary: 8\n"
				    "\nob=(1) app\nfl=(1) ???\nfn=(1) main\n0 8\n\ntotals: 8\n");
}
END_TEST

/* Names are names: no line, number or key comes of them. */
START_TEST(hostile_names)
{
	struct cf_func odd = func("/x/a\nfn=b", "(5) f\nevents: Zz\r\x1b[2J", CF_FRAME_NATIVE);

	symbol(odd, "(1)\n1 1", 2);
	self(odd, "(1)\n1 1", 2, 0, 6);
	trace->meta.command = g_strdup("x\nsummary: 1");
	expect(HEAD "cmd: x?summary: 1\n\npositions: line\nevents: Ir\nsummary: 6\n"
		    "\nob=(1) /x/a?fn=b\nfl=(1) (1)?1 1\nfn=(1) (5) f?events: Zz??[2J\n2 6\n\ntotals: 6\n");
}
END_TEST

/* What told functions of one name apart is said by their files; but two of one file stay two. */
START_TEST(names_with_files)
{
	static const struct {
		const char *name, *file;
	} funcs[] = { { "f (a.c)", "x/a.c" },     { "f (b.c)", "y/b.c" },   { "f (b.c) (2)", "z/b.c" },
		      { "f (b.c) (3)", "z/b.c" }, { "f (c.c)", "other.c" }, { "f (2)", "x/a.c" } };

	for (size_t i = 0; i < G_N_ELEMENTS(funcs); i++) {
		struct cf_func f = func("app", funcs[i].name, CF_FRAME_NATIVE);

		symbol(f, funcs[i].file, 1);
		self(f, funcs[i].file, 1, 0, 1);
	}
	expect(HEAD "\npositions: line\nevents: Ir\nsummary: 6\n"
		    "\nob=(1) app\nfl=(1) other.c\nfn=(1) f (c.c)\n1 1\n"
		    "\nob=(1)\nfl=(2) x/a.c\nfn=(2) f (2)\n1 1\n"
		    "\nob=(1)\nfl=(2)\nfn=(3) f\n1 1\n"
		    "\nob=(1)\nfl=(3) y/b.c\nfn=(4) f\n1 1\n"
		    "\nob=(1)\nfl=(4) z/b.c\nfn=(5) f\n1 1\n"
		    "\nob=(1)\nfl=(4)\nfn=(6) f (b.c) (3)\n1 1\n"
		    "\ntotals: 6\n");
}
END_TEST

START_TEST(too_many_events)
{
	const struct cf_export export = { .trace = trace, .costs = trace->stack_costs, .all_metrics = TRUE };
	struct cf_out *out = cf_out_memory();
	struct cf_diag diag = { 0 };

	for (int i = 0; i < 64; i++) {
		g_autofree char *name = g_strdup_printf("e%d", i);

		cf_trace_metric(trace, name, CF_UNIT_COUNT);
	}
	ck_assert_int_eq(cf_exporter_by_name("callgrind")->write(&export, out, &diag), -1);
	ck_assert_int_eq(diag.status, CF_STATUS_USAGE);
	cf_out_abort(out);
}
END_TEST

/* What was read and is written is read as the same. */
START_TEST(round_trip)
{
	const struct cf_format *format = cf_format_by_name("callgrind");
	struct cf_diag diag = { 0 };
	struct cf_file file;
	g_autofree char *once = NULL, *twice = NULL;

	ck_assert_int_eq(cf_file_open(&file, "tests/data/callgrind/full.callgrind", UINT64_MAX, &diag), 0);
	for (int round = 0; round < 2; round++) {
		struct cf_input input = { .path = "in", .bytes = file.bytes };
		struct cf_trace *read = cf_trace_new();
		struct cf_export export = { .trace = read, .costs = read->stack_costs, .all_metrics = TRUE };

		if (round)
			input.bytes = (struct cf_slice){ (const uint8_t *)once, strlen(once) };
		ck_assert_int_eq(format->read(&input, NULL, read, &diag), 0);
		ck_assert_uint_eq(diag.warnings, 0);
		*(round ? &twice : &once) = written(&export);
		cf_trace_free(read);
	}
	ck_assert_str_eq(once, twice);
	cf_file_release(&file);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("pipelines_export_callgrind");
	TCase *c = tcase_create("export");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_add_test(c, calls);
	tcase_add_test(c, stacks);
	tcase_add_test(c, one_metric);
	tcase_add_test(c, hostile_names);
	tcase_add_test(c, names_with_files);
	tcase_add_test(c, too_many_events);
	tcase_add_test(c, round_trip);
	suite_add_tcase(s, c);
	return s;
}
