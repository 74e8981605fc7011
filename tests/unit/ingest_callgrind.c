/* SPDX-License-Identifier: MIT */
/* ingest_callgrind: profiles written by hand, good, bad and hostile, and the recordings of the tree. */
#include "tests/unit/suite.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/format.h"

extern const struct cf_format cf_format_callgrind;

static void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	static const char *const words[] = { "note", "warning", "error" };
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s %s: %s\n", words[severity], where, text);
}

struct result {
	struct cf_trace *trace;
	GString *messages;
	struct cf_diag diag;
	int rc;
};

static struct cf_input input_of(const char *path, const char *bytes, size_t len)
{
	return (struct cf_input){ .path = path, .bytes = { (const uint8_t *)bytes, len } };
}

static struct result read_input(const struct cf_input *input, gboolean partial)
{
	const struct cf_param *tables[] = { cf_format_common_params, NULL };
	struct cf_params *params = cf_params_new(tables);
	struct result r = { .trace = cf_trace_new(), .messages = g_string_new(NULL) };

	r.diag = (struct cf_diag){ .consume = collect, .ctx = r.messages };
	if (partial)
		ck_assert_int_eq(cf_params_set(params, "partial", "true", NULL, &r.diag), 0);
	r.rc = cf_format_callgrind.read(input, params, r.trace, &r.diag);
	cf_params_free(params);
	return r;
}

static struct result read_text(const char *text, gboolean partial)
{
	struct cf_input input = input_of("in", text, strlen(text));

	return read_input(&input, partial);
}

static void result_clear(struct result *r)
{
	cf_trace_free(r->trace);
	g_string_free(r->messages, TRUE);
}

static void put_func(GString *out, const struct cf_dict *dict, struct cf_func func)
{
	g_string_append(out, cf_dict_func_name(dict, func));
	if (*cf_dict_func_module(dict, func))
		g_string_append_printf(out, "@%s", cf_dict_func_module(dict, func));
	if (cf_dict_func_info(dict, func).kind == CF_FRAME_UNRESOLVED)
		g_string_append(out, "?");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static const char *metric_name(const struct cf_trace *t, struct cf_metric metric)
{
	return cf_dict_text(t->dict, g_array_index(t->metrics, struct cf_metric_info, metric.id).name);
}

/* "main@app a.c:3 Ir 12" and "main@app -> f@app 2x Ir 40", sorted. */
static char *facts(const struct cf_trace *t)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < t->lines->len; i++) {
		const struct cf_line_cost *l = &g_array_index(t->lines, struct cf_line_cost, i);
		GString *row = g_string_new(NULL);

		put_func(row, t->dict, l->func);
		g_string_append_printf(row, " %s:%u %s %" G_GINT64_FORMAT "\n",
				       cf_dict_text(t->dict, l->file), l->line, metric_name(t, l->metric),
				       l->weight);
		g_ptr_array_add(rows, g_string_free(row, FALSE));
	}
	for (guint i = 0; i < t->calls->len; i++) {
		const struct cf_call_cost *c = &g_array_index(t->calls, struct cf_call_cost, i);
		GString *row = g_string_new(NULL);

		put_func(row, t->dict, c->caller);
		g_string_append(row, " -> ");
		put_func(row, t->dict, c->callee);
		g_string_append_printf(row, " %" G_GINT64_FORMAT "x %s %" G_GINT64_FORMAT "\n", c->calls,
				       metric_name(t, c->metric), c->weight);
		g_ptr_array_add(rows, g_string_free(row, FALSE));
	}
	qsort(rows->pdata, rows->len, sizeof(gpointer), by_text);
	for (guint i = 0; i < rows->len; i++)
		g_string_append(all, g_ptr_array_index(rows, i));
	return g_string_free(all, FALSE);
}

static void expect(const char *text, const char *want)
{
	struct result r = read_text(text, FALSE);
	g_autofree char *have = NULL;

	ck_assert_str_eq(r.messages->str, "");
	ck_assert_int_eq(r.rc, 0);
	have = facts(r.trace);
	ck_assert_str_eq(have, want);
	result_clear(&r);
}

static void expect_error(const char *text, const char *message)
{
	struct result r = read_text(text, FALSE);

	ck_assert_str_eq(r.messages->str, message);
	ck_assert_int_eq(r.rc, -1);
	ck_assert_uint_eq(r.diag.errors, 1);
	result_clear(&r);
}

static const struct cf_quality *quality(const struct cf_trace *t, const char *key)
{
	for (guint i = 0; i < t->quality->len; i++)
		if (!strcmp(g_array_index(t->quality, struct cf_quality, i).key, key))
			return &g_array_index(t->quality, struct cf_quality, i);
	return NULL;
}

/* --- the format ----------------------------------------------------------------------------------------- */

static const char specification[] = "main -> func1 1x Instructions 400\n"
				    "main -> func2 3x Instructions 400\n"
				    "main file1.c:16 Instructions 20\n";

/* The examples of the specification, plain and compressed, and with the names defined first. */
START_TEST(examples)
{
	g_autofree char *want = g_strconcat("func1 -> func2 2x Instructions 300\n"
					    "func1 file1.c:51 Instructions 100\n"
					    "func2 file2.c:20 Instructions 700\n",
					    specification, NULL);

	expect("# callgrind format\nevents: Cycles Instructions Flops\nfl=file.f\nfn=main\n15 90 14 2\n16 20 "
	       "12\n",
	       "main file.f:15 Cycles 90\nmain file.f:15 Flops 2\nmain file.f:15 Instructions 14\n"
	       "main file.f:16 Cycles 20\nmain file.f:16 Instructions 12\n");
	expect("# callgrind format\nevents: Instructions\n\nfl=file1.c\nfn=main\n16 20\ncfn=func1\ncalls=1 "
	       "50\n16 400\n"
	       "cfi=file2.c\ncfn=func2\ncalls=3 20\n16 400\n\nfn=func1\n51 "
	       "100\ncfi=file2.c\ncfn=func2\ncalls=2 20\n"
	       "51 300\n\nfl=file2.c\nfn=func2\n20 700\n",
	       want);
	expect("# callgrind format\nevents: Instructions\n\nfl=(1) file1.c\nfn=(1) main\n16 20\ncfn=(2) "
	       "func1\n"
	       "calls=1 50\n16 400\ncfi=(2) file2.c\ncfn=(3) func2\ncalls=3 20\n16 400\n\nfn=(2)\n51 "
	       "100\ncfi=(2)\n"
	       "cfn=(3)\ncalls=2 20\n51 300\n\nfl=(2)\nfn=(3)\n20 700\n",
	       want);
	expect("# callgrind format\r\nevents: Instructions\r\n# define file ID mapping\r\nfl=(1) file1.c\r\n"
	       "fl=(2) file2.c\r\n# define function ID mapping\r\nfn=(1) main\r\nfn=(2) func1\r\nfn=(3) "
	       "func2\r\n\r\n"
	       "fl=(1)\r\nfn=(1)\r\n16 20\r\ncfn=(2)\r\ncalls=1 50\r\n16 "
	       "400\r\ncfi=(2)\r\ncfn=(3)\r\ncalls=3 20\r\n"
	       "16 400\r\n\r\nfn=(2)\r\n51 100\r\ncfi=(2)\r\ncfn=(3)\r\ncalls=2 20\r\n51 "
	       "300\r\n\r\nfl=(2)\r\n"
	       "fn=(3)\r\n20 700\r\n",
	       want);
}
END_TEST

START_TEST(positions)
{
	/* The same lines in all ways to say where they are. */
	static const char want[] = "func :90 ticks 6\nfunc :91 ticks 6\n";

	expect("positions: instr line\nevents: ticks\nfn=func\n0x80001234 90 1\n0x80001237 90 5\n0x80001238 "
	       "91 6\n",
	       want);
	expect("positions: instr line\nevents: ticks\nfn=func\n0x80001234 90 1\n+3 * 5\n+1 +1 6\n", want);
	expect("positions: instr bb line\nevents: ticks\nfn=func\n0x80001234 7 0x5a 1\n+3 * * 5\n-0x10 +1 "
	       "+0x1 6\n",
	       want);
	expect("positions: line\nevents: ticks\nfn=func\n91 6\n-1 1\n* 5\n", want);
	expect("events: ticks\nfn=func\n\t91 6\n90\t1\n90  5  \n", want);
	/* KCachegrind's ranges, of which the start counts. */
	expect("positions: instr line\nevents: ticks\nfn=func\n0x10:0x20 90+3 6\n0x10-0x12 91 6\n", want);
	expect("positions: instr\nevents: ticks\nfn=func\n0x80001234 1\n+3 5\n", "func :0 ticks 6\n");
	/* Costs that are left out are 0, and so is cachegrind's dot. */
	expect("events: a b c\nfn=f\n1\n2 . 5\n3 1 2 3\n",
	       "f :1 a 0\nf :2 b 5\nf :3 a 1\nf :3 b 2\nf :3 c 3\n");
}
END_TEST

/* Lines of a call count for what follows, targets of calls and jumps don't, and nothing of it is self cost. */
START_TEST(relative_to_cost_lines)
{
	expect("positions: line\nevents: Ir\nfl=a.c\nfn=f\n10 1\ncfn=g\ncalls=1 +500\n+2 70\n+1 3\n"
	       "jcnd=41/574 +90\n*\n+1 5\njump=3 -7\n+4\n* 9\njcnd=1/1 900\n20\n+1 1\n",
	       "f -> g 1x Ir 70\nf a.c:10 Ir 1\nf a.c:13 Ir 3\nf a.c:14 Ir 5\nf a.c:18 Ir 9\nf a.c:21 Ir "
	       "1\n");
	/* jfi and jfn name where a jump goes, and may define a number. */
	expect("events: Ir\nfl=a.c\nfn=f\njfi=(1) b.c\njfn=(2) g\njump=1 5\n7\n8 1\nfl=(1)\nfn=(2)\n9 1\n",
	       "f a.c:8 Ir 1\ng b.c:9 Ir 1\n");
}
END_TEST

/* fi= and fe= say where a line is, fn= returns to fl=; ob=, fl= and fn= have numbers of their own. */
START_TEST(names)
{
	expect("events: Ir\nob=(1) /lib/libx.so.1\nfl=(1) a.c\nfn=(1) f\n1 1\nfi=(2) b.h\n2 2\nfe=(1)\n3 "
	       "3\nfi=(2)\n4 4\n"
	       "fn=(2) g\n5 5\n",
	       "f@libx.so.1 a.c:1 Ir 1\nf@libx.so.1 a.c:3 Ir 3\nf@libx.so.1 b.h:2 Ir 2\nf@libx.so.1 b.h:4 Ir "
	       "4\n"
	       "g@libx.so.1 a.c:5 Ir 5\n");
	/* cob= and cfi= hold for one call. */
	expect("events: Ir\nob=app\nfl=a.c\nfn=f\ncob=lib\ncfi=l.c\ncfn=g\ncalls=1 1\n1 5\ncfn=h\ncalls=1 "
	       "1\n2 6\n",
	       "f@app -> g@lib 1x Ir 5\nf@app -> h@app 1x Ir 6\n");
	/* A number that is defined again; (below main) is a name. */
	expect("events: Ir\nfn=(1) f\n1 1\nfn=(1) (below main)\n2 2\nfn=(1)\n3 3\n",
	       "(below main) :2 Ir 2\n(below main) :3 Ir 3\nf :1 Ir 1\n");
	/* Unknown names; addresses stand for functions without one. */
	expect("events: Ir\nob=???\nfl=???\nfn=???\n1 1\nfn=0x0000000000401000\n2 2\nfn=0x401000'2\n3 "
	       "3\nfn=0x\n4 4\n",
	       "0x :4 Ir 4\n0x0000000000401000? :2 Ir 2\n0x401000'2? :3 Ir 3\n[unresolved]? :1 Ir 1\n");
}
END_TEST

/* Writers of old left numbers undefined: what they name is unknown, not the end of it. */
START_TEST(undefined_numbers)
{
	struct result r =
		read_text("events: Ir\nob=(8)\nfl=(3)\nfn=(7)\n1 1\nfn=(9)\n1 2\nfn=(7) late\n2 3\n", FALSE);
	g_autofree char *have = facts(r.trace);

	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(have, "(7)? :1 Ir 1\n(9)? :1 Ir 2\nlate :2 Ir 3\n");
	ck_assert_str_eq(r.messages->str,
			 "warning in:2: the number stands for no name yet; what it names is unknown\n");
	ck_assert_int_eq(quality(r.trace, "undefined-names")->count, 4);
	result_clear(&r);
}
END_TEST

START_TEST(recursion)
{
	expect("events: Ir\nfn=fib\n1 10\ncfn=fib\ncalls=7 1\n2 900\ncfn=fib'2\ncalls=1 1\n2 5\n",
	       "fib -> fib 7x Ir 900\nfib -> fib'2 1x Ir 5\nfib :1 Ir 10\n");
}
END_TEST

START_TEST(derived_events)
{
	struct result r;

	expect("event: Sum = Ir + 10 Dr : all of it\nevent: Ir : Instruction Fetches\nevents: Ir Dr\n"
	       "event: Twice = 2 * Sum\nfn=f\n1 3 4\ncfn=g\ncalls=1 1\n1 5\n",
	       "f -> g 1x Ir 5\nf -> g 1x Sum 5\nf -> g 1x Twice 10\nf :1 Dr 4\nf :1 Ir 3\nf :1 Sum 43\nf :1 "
	       "Twice 86\n");
	/* Of unknown events, in a circle, or with what would make costs negative. */
	r = read_text(
		"event: A = Ir + Bogus\nevent: B = C\nevent: C = B\nevent: D = Ir - Dr\nevent: Ir = Dr\n"
		"events: Ir Dr\nfn=f\n1 3 4\n",
		FALSE);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_uint_eq(r.trace->metrics->len, 2);
	ck_assert_str_eq(quality(r.trace, "derived-event")->subject, "A");
	result_clear(&r);
}
END_TEST

/* Parts: their numbers go on, positions and functions start anew, costs are summed; events may be others. */
START_TEST(parts)
{
	struct result r =
		read_text("version: 1\ncreator: callgrind-3.19.0\npid: 77\ncmd:  ./dir/app -x 1\npart: 1\n\n"
			  "desc: I1 cache: \ndesc: Trigger: x\n\npositions: line\nevents: Ir\nsummary: 9\n\n"
			  "fn=(1) main\n5 4\n+1 5\n\ntotals: 9\n\npart: 2\n\ndesc: Trigger: end\n\n"
			  "events: Ir Dr\nsummary: 7 1\n\nfn=(1)\n+5 7 1\n\ntotals: 7 1\n",
			  FALSE);
	g_autofree char *have = facts(r.trace);

	ck_assert_str_eq(r.messages->str, "");
	ck_assert_str_eq(have, "main :5 Dr 1\nmain :5 Ir 11\nmain :6 Ir 5\n");
	ck_assert_str_eq(r.trace->meta.name, "app");
	ck_assert_str_eq(r.trace->meta.command, "./dir/app -x 1");
	ck_assert_int_eq(r.trace->meta.start_source, CF_START_NONE);
	ck_assert_uint_eq(r.trace->threads->len, 1);
	ck_assert_int_eq(g_array_index(r.trace->threads, struct cf_thread_info, 0).pid, 77);
	result_clear(&r);
}
END_TEST

/* Threads in one file and in several; what a file says of its numbers is no business of the next. */
START_TEST(threads)
{
	static const char one[] =
		"pid: 3\ncmd: app\nthread: 1\nevents: Ir\nfn=(1) main\n1 10\nthread: 2\nevents: Ir\n"
		"fn=(1)\n2 5\n";
	static const char two[] = "pid: 3\ncmd: app\nthread: 3\nevents: Ir\nfn=(1) other\n1 7\n";
	struct cf_input second = input_of("two", two, strlen(two));
	struct cf_input first = input_of("one", one, strlen(one));
	const struct cf_thread_cost *costs;
	struct result r;
	g_autofree char *have = NULL;

	first.next = &second;
	r = read_input(&first, FALSE);
	have = facts(r.trace);
	ck_assert_str_eq(have, "main :1 Ir 10\nmain :2 Ir 5\nother :1 Ir 7\n");
	ck_assert_uint_eq(r.trace->threads->len, 3);
	ck_assert_uint_eq(r.trace->thread_costs->len, 3);
	costs = (const struct cf_thread_cost *)(const void *)r.trace->thread_costs->data;
	ck_assert_int_eq(costs[0].weight, 10);
	ck_assert_int_eq(costs[1].weight, 5);
	ck_assert_int_eq(costs[2].weight, 7);
	ck_assert_int_eq(g_array_index(r.trace->threads, struct cf_thread_info, 2).tid, 3);
	ck_assert_str_eq(
		cf_dict_text(r.trace->dict, g_array_index(r.trace->threads, struct cf_thread_info, 2).comm),
		"app");
	result_clear(&r);
}
END_TEST

START_TEST(symbols)
{
	struct result r = read_text(
		"events: Ir\nfl=a.c\nfn=main\n3 1\ncfi=b.c\ncfn=f\ncalls=1 40\n4 9\ncfn=g\ncalls=2 7\n"
		"5 1\nfl=c.c\nfn=main\n9 1\n",
		FALSE);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < r.trace->symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(r.trace->symbols, struct cf_symbol, i);

		g_string_append_printf(text, "%s %s:%u\n", cf_dict_func_name(r.trace->dict, symbol->func),
				       cf_dict_text(r.trace->dict, symbol->file), symbol->line);
	}
	ck_assert_str_eq(text->str, "main a.c:0\nf b.c:40\ng a.c:7\n");
	result_clear(&r);
}
END_TEST

/* Static functions of one name in several files, in whatever order they come; of cachegrind they are one. */
START_TEST(same_names)
{
	static const char want[] =
		"init (a.c)@x -> init (b.c)@x 1x Ir 4\ninit (a.c)@x a.c:1 Ir 1\ninit (b.c) (2)@x z/b.c:3 Ir "
		"3\ninit (b.c)@x y/b.c:2 Ir 2\ninit@lib a.c:5 Ir 5\n";

	expect("version: 1\nevents: Ir\nob=/x\nfl=a.c\nfn=(1) init\n1 1\nfl=y/b.c\nfn=(2) init\n2 "
	       "2\nfl=z/b.c\nfn=init\n"
	       "3 3\nfl=a.c\nfn=init\ncfi=y/b.c\ncfn=(2)\ncalls=1 2\n1 4\nob=/lib\nfl=a.c\nfn=init\n5 5\n",
	       want);
	expect("version: 1\nevents: Ir\nob=/x\nfl=z/b.c\nfn=init\n3 3\nfl=y/b.c\nfn=init\n2 "
	       "2\nfl=a.c\nfn=init\n1 1\n"
	       "cfi=y/b.c\ncfn=init\ncalls=1 2\n1 4\nob=/lib\nfl=a.c\nfn=init\n5 5\n",
	       want);
	/* A name that is there already, and a file that isn't known. */
	expect("version: 1\nevents: Ir\nfl=a.c\nfn=f (b.c)\n1 1\nfl=b.c\nfn=f\n2 2\nfl=???\nfn=f\n3 3\n",
	       "f (b.c) (2) b.c:2 Ir 2\nf (b.c) a.c:1 Ir 1\nf :3 Ir 3\n");
	expect("desc: x\ncmd: x\nevents: Ir\nfl=a.c\nfn=main\n1 1\nfl=a.h\nfn=main\n2 2\n",
	       "main a.c:1 Ir 1\nmain a.h:2 Ir 2\n");
}
END_TEST

/* --- sums ----------------------------------------------------------------------------------------------- */

START_TEST(sums_that_differ)
{
	struct result r = read_text("events: Ir Dr\nsummary: 12 3\nfn=f\n1 10 3\n\ntotals: 11 3\n", FALSE);

	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(
		r.messages->str,
		"warning in:6: the cost lines add up to 10 Ir, \"totals:\" says 11; the lines count\n"
		"warning in:6: the cost lines add up to 10 Ir, \"summary:\" says 12; the lines count\n");
	ck_assert_str_eq(quality(r.trace, "totals-mismatch")->text,
			 "the cost lines of a part add up to 10, its line \"totals:\" says 11");
	ck_assert_str_eq(quality(r.trace, "summary-mismatch")->subject, "Ir");
	result_clear(&r);
	/* Zeros are what writers leave in that don't sum up. */
	expect("events: Ir\nsummary: 0\nfn=f\n1 10\n", "f :1 Ir 10\n");
}
END_TEST

START_TEST(saturation)
{
	struct result r = read_text("events: Ir\nfn=f\n1 9223372036854775807\n1 "
				    "99999999999999999999999999\n2 0x7fffffffffffffff\n",
				    FALSE);
	g_autofree char *have = facts(r.trace);

	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(have, "f :1 Ir 9223372036854775807\nf :2 Ir 9223372036854775807\n");
	ck_assert_ptr_nonnull(quality(r.trace, "saturated"));
	result_clear(&r);
}
END_TEST

/* --- what is refused ------------------------------------------------------------------------------------ */

START_TEST(refused)
{
	expect_error("fn=f\n1 2\n", "error in:2: costs before the line \"events:\"\n");
	expect_error("fn=f\n", "error in:1: there is no line \"events:\"\n");
	expect_error("", "error in: there is no line \"events:\"\n");
	expect_error("summary: 3\nevents: Ir\n", "error in:1: a sum before the line \"events:\"\n");
	expect_error("events: Ir\nfn=f\n1 2 3\n", "error in:3: more costs than events\n");
	expect_error("events: Ir\nfn=f\n1 2x\n", "error in:3: expected a cost: a whole number\n");
	expect_error("events: Ir\nfn=f\n1 -2\n", "error in:3: expected a cost: a whole number\n");
	expect_error("events: Ir\nfn=f\n+ 2\n", "error in:3: expected a position: a number, +N, -N or *\n");
	expect_error("events: Ir\nfn=f\n3 2\n-4 2\n",
		     "error in:4: the line number is negative or too large\n");
	expect_error("events: Ir\nfn=f\n4294967296 2\n",
		     "error in:3: the line number is negative or too large\n");
	expect_error("positions: line instr\nevents: Ir\n",
		     "error in:1: expected a list of \"instr\", \"bb\" and \"line\", in this order, after "
		     "positions:\n");
	expect_error("positions:\nevents: Ir\n", "error in:1: positions: names no position\n");
	expect_error("events:\n", "error in:1: events: names no event\n");
	expect_error("events: Ir Ir\n", "error in:1: events: names an event twice\n");
	expect_error("version: 2\nevents: Ir\n",
		     "error in:1: this is a later version of the format, expected version 1\n");
	expect_error("events: Ir\nfn=(1 f\n1 1\n",
		     "error in:2: the number in front of a name isn't closed: expected \"(12) name\"\n");
	expect_error("events: Ir\nfn=f\ncalls=1 1\n1 1\n", "error in:3: calls= without a cfn= before it\n");
	expect_error("events: Ir\nfn=f\ncfn=g\ncalls=x\n1 1\n",
		     "error in:4: expected the number of calls after calls=\n");
	expect_error("events: Ir\nfn=f\ncfn=g\ncalls=1 1\nfn=h\n1 1\n",
		     "error in:5: expected the cost line of the call or jump before\n");
	expect_error("events: Ir\nfn=f\ncfn=g\ncalls=1 1\n",
		     "error in:4: the file ends after a call or jump, expected its cost line\n");
	expect_error("events: Ir\nfn=f\njump=1 1\n1 1\n",
		     "error in:4: costs after a jump: expected its position only\n");
	expect_error("events: Ir\nfn=f\n<html>\n",
		     "error in:3: expected a cost line, a position such as \"fn=name\", or a header line\n");
	expect_error("events: Ir\nsummary: 50\nfn=f\n1 20\n",
		     "error in:4: the file ends with 20 of 50 Ir that its summary: states, and without a "
		     "line totals:; "
		     "--partial keeps what is there\n");
}
END_TEST

/* What is whole is kept on demand, and the run marked. */
START_TEST(partial)
{
	struct result r = read_text("events: Ir\nsummary: 50\nfn=f\n1 20\n2 x\ncfn=g\ncalls=1 2\n", TRUE);
	g_autofree char *have = facts(r.trace);

	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(have, "f :1 Ir 20\n");
	ck_assert_int_eq(quality(r.trace, "partial")->count, 2);
	ck_assert_str_eq(r.messages->str,
			 "warning in:5: left out: expected a cost: a whole number\n"
			 "warning in:7: the cost lines add up to 20 Ir, \"summary:\" says 50; the "
			 "lines count\n");
	result_clear(&r);
}
END_TEST

/* Keys that later versions may bring are skipped, counted. */
START_TEST(unknown_keys)
{
	struct result r =
		read_text("arch: arm\ntimeframe (BB): 1-2\nevents: Ir\nfn=f\nxyz=(1) a\n1 2\n", FALSE);
	g_autofree char *have = facts(r.trace);

	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(have, "f :1 Ir 2\n");
	ck_assert_int_eq(quality(r.trace, "unknown-lines")->count, 3);
	result_clear(&r);
}
END_TEST

START_TEST(no_function)
{
	struct result r = read_text("events: Ir\n1 2\nob=x\n2 3\n", FALSE);
	g_autofree char *have = facts(r.trace);

	ck_assert_str_eq(have, "[unresolved]? :1 Ir 2\n[unresolved]@x? :2 Ir 3\n");
	ck_assert_int_eq(quality(r.trace, "no-function")->count, 2);
	result_clear(&r);
}
END_TEST

/* --- hostile input -------------------------------------------------------------------------------------- */

/* A name of 64 MB is cut, not copied about. */
START_TEST(long_line)
{
	GString *text = g_string_new("events: Ir\nfn=");
	struct cf_input input;
	struct result r;

	g_string_set_size(text, (64 << 20) + 14);
	memset(text->str + 14, 'x', 64 << 20);
	g_string_append(text, "\n1 2\n");
	input = input_of("in", text->str, text->len);
	r = read_input(&input, FALSE);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_uint_eq(strlen(cf_dict_func_name(r.trace->dict, (struct cf_func){ 1 })), 65536);
	ck_assert_int_eq(quality(r.trace, "cut-names")->count, 1);
	result_clear(&r);
	g_string_free(text, TRUE);
}
END_TEST

/* Many events and few costs: memory goes by the costs. */
START_TEST(wide_and_sparse)
{
	GString *text = g_string_new("events:");
	struct result r;

	for (int i = 0; i < 64; i++)
		g_string_append_printf(text, " e%d", i);
	g_string_append(text, "\nfn=f\n");
	for (int i = 0; i < 100000; i++)
		g_string_append(text, "+1 1\n");
	g_string_append(text, "-5 0 2\n* 3\n");
	r = read_text(text->str, FALSE);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_uint_eq(r.trace->lines->len, 100001);
	result_clear(&r);
	g_string_assign(text, "events:");
	for (int i = 0; i < 65; i++)
		g_string_append_printf(text, " e%d", i);
	expect_error(text->str, "error in:1: more than 64 events\n");
	g_string_free(text, TRUE);
}
END_TEST

/* Bytes that aren't text, in every place where a name may be. */
START_TEST(odd_bytes)
{
	static const char nul[] = "events: Ir\nfn=a\0b\n1 1\n";
	struct cf_input input = input_of("in", nul, sizeof(nul) - 1);
	struct result r = read_input(&input, FALSE);

	ck_assert_int_eq(r.rc, -1);
	result_clear(&r);
	expect("events: I\xff\x1b[2J\nob=/x/\x07y\nfl=\xfe\nfn=<script>\x1b]0;x\n1 1\n",
	       "<script>\x1b]0;x@\x07y \xfe:1 I\xff\x1b[2J 1\n");
	expect("\xef\xbb\xbf"
	       "events: Ir\nfn=f\n1 1",
	       "f :1 Ir 1\n");
}
END_TEST

/* --- recognising it ------------------------------------------------------------------------------------- */

static enum cf_bid bid(const char *text)
{
	struct cf_input input = input_of("in", text, strlen(text));
	const char *why = NULL;
	enum cf_bid bid = cf_format_callgrind.probe(&input, &why);

	ck_assert(bid > CF_BID_NEAR || why);
	return bid;
}

START_TEST(probes)
{
	ck_assert_int_eq(bid("# callgrind format\n"), CF_BID_MAGIC);
	ck_assert_int_eq(bid("version: 1\ncreator: xdebug 3\ncmd: x\npositions: line\n\nevents: Time\n"),
			 CF_BID_MAGIC);
	ck_assert_int_eq(bid("events: process_time\n\nfl=x\nfn=y\n1 2\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid("desc: I1 cache: 1\ncmd: x\nevents: Ir\nfl=a\nfn=b\n1 2\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid("positions: instr line\nevents: cpu(ms)\n"), CF_BID_SHAPE);
	ck_assert_int_eq(bid("events: a\nsomething else\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid("version: 1\ncreator: x\n"), CF_BID_NEAR);
	ck_assert_int_eq(bid("digraph {\n"), CF_BID_NO);
	ck_assert_int_eq(bid("main;read 12\n"), CF_BID_NO);
	ck_assert_int_eq(bid(""), CF_BID_NO);
}
END_TEST

/* --- recordings ----------------------------------------------------------------------------------------- */

static struct result read_recording(const char *name, struct cf_file *file)
{
	struct cf_diag diag = { 0 };
	g_autofree char *path = g_strdup_printf("tests/data/callgrind/%s", name);
	struct cf_input input;

	ck_assert_int_eq(cf_file_open(file, path, UINT64_MAX, &diag), 0);
	input = (struct cf_input){ .path = name, .bytes = file->bytes, .mapped = TRUE };
	return read_input(&input, FALSE);
}

static int64_t self_of(const struct cf_trace *t, const char *function, uint32_t metric)
{
	int64_t sum = 0;

	for (guint i = 0; i < t->lines->len; i++) {
		const struct cf_line_cost *l = &g_array_index(t->lines, struct cf_line_cost, i);

		if (l->metric.id == metric &&
		    (!function || !strcmp(cf_dict_func_name(t->dict, l->func), function)))
			sum += l->weight;
	}
	return sum;
}

/* What callgrind says at the end of each file, and the same program cut in three ways. */
START_TEST(recordings)
{
	struct cf_file file;
	struct result r = read_recording("full.callgrind", &file);
	static const int64_t totals[] = { 21771, 465, 462, 5, 0, 3, 5, 0, 3, 4029, 219 };

	ck_assert_str_eq(r.messages->str, "");
	ck_assert_uint_eq(r.trace->metrics->len, 13);
	for (uint32_t m = 0; m < G_N_ELEMENTS(totals); m++)
		ck_assert_int_eq(self_of(r.trace, NULL, m), totals[m]);
	ck_assert_int_eq(self_of(r.trace, "checksum", 0), 19116);
	result_clear(&r);
	cf_file_release(&file);
	r = read_recording("parts.callgrind", &file);
	ck_assert_str_eq(r.messages->str, "");
	ck_assert_int_eq(self_of(r.trace, NULL, 0), 21771);
	ck_assert_int_eq(self_of(r.trace, "checksum", 0), 19116);
	result_clear(&r);
	cf_file_release(&file);
	r = read_recording("shop.cachegrind", &file);
	ck_assert_str_eq(r.messages->str, "");
	ck_assert_int_eq(self_of(r.trace, "checksum", 0), 19116);
	ck_assert_uint_eq(r.trace->calls->len, 0);
	result_clear(&r);
	cf_file_release(&file);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest_callgrind");
	TCase *t = tcase_create("callgrind");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, examples);
	tcase_add_test(t, positions);
	tcase_add_test(t, relative_to_cost_lines);
	tcase_add_test(t, names);
	tcase_add_test(t, undefined_numbers);
	tcase_add_test(t, recursion);
	tcase_add_test(t, derived_events);
	tcase_add_test(t, parts);
	tcase_add_test(t, threads);
	tcase_add_test(t, symbols);
	tcase_add_test(t, same_names);
	tcase_add_test(t, sums_that_differ);
	tcase_add_test(t, saturation);
	tcase_add_test(t, refused);
	tcase_add_test(t, partial);
	tcase_add_test(t, unknown_keys);
	tcase_add_test(t, no_function);
	tcase_add_test(t, long_line);
	tcase_add_test(t, wide_and_sparse);
	tcase_add_test(t, odd_bytes);
	tcase_add_test(t, probes);
	tcase_add_test(t, recordings);
	suite_add_tcase(s, t);
	return s;
}
