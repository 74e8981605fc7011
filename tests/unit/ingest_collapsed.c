/* SPDX-License-Identifier: MIT */
/* ingest_collapsed: collapsed stacks, small ones by hand and the corpus against its expected facts. */
#include "tests/unit/suite.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/format.h"

extern const struct cf_format cf_format_collapsed;

/* Messages as "severity path:line: text" lines. */
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

static struct cf_input input_of(const char *bytes, size_t len)
{
	return (struct cf_input){ .path = "in", .bytes = { (const uint8_t *)bytes, len } };
}

static struct result read_bytes(const char *bytes, size_t len)
{
	struct cf_input input = input_of(bytes, len);
	struct result r = { .trace = cf_trace_new(), .messages = g_string_new(NULL) };

	r.diag = (struct cf_diag){ .consume = collect, .ctx = r.messages };
	r.rc = cf_format_collapsed.read(&input, NULL, r.trace, &r.diag);
	return r;
}

static struct result read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void result_clear(struct result *r)
{
	cf_trace_free(r->trace);
	g_string_free(r->messages, TRUE);
}

/* A frame as "name", "name{kind}" or "name{kind module}". */
static void frame_text(const struct cf_dict *dict, struct cf_stack_info info, GString *out)
{
	const char *module = cf_dict_func_module(dict, info.func);

	g_string_append(out, cf_dict_func_name(dict, info.func));
	if (info.kind != CF_FRAME_NATIVE)
		g_string_append_printf(out, "{%s%s%s}", cf_frame_kind_name(info.kind), *module ? " " : "",
				       module);
}

static char *stack_text(const struct cf_dict *dict, struct cf_stack stack)
{
	GPtrArray *frames = g_ptr_array_new_with_free_func(g_free);
	GString *out = g_string_new(NULL);

	for (; stack.id; stack = cf_dict_stack_info(dict, stack).caller) {
		GString *frame = g_string_new(NULL);

		frame_text(dict, cf_dict_stack_info(dict, stack), frame);
		g_ptr_array_add(frames, g_string_free(frame, FALSE));
	}
	for (guint i = frames->len; i-- > 0;)
		g_string_append_printf(out, "%s%s", (char *)frames->pdata[i], i ? ";" : "");
	g_ptr_array_unref(frames);
	return g_string_free(out, FALSE);
}

/* All costs, one "metric stack weight/count" a line. */
static char *costs_text(const struct cf_trace *trace)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < trace->stack_costs->len; i++) {
		struct cf_stack_cost c = g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		struct cf_metric_info m = g_array_index(trace->metrics, struct cf_metric_info, c.metric.id);
		g_autofree char *stack = stack_text(trace->dict, c.stack);

		g_string_append_printf(out, "%s %s %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "\n",
				       cf_dict_text(trace->dict, m.name), stack, c.weight, c.count);
	}
	return g_string_free(out, FALSE);
}

static const struct cf_quality *quality(const struct cf_trace *trace, const char *key, const char *subject)
{
	for (guint i = 0; i < trace->quality->len; i++) {
		const struct cf_quality *q = &g_array_index(trace->quality, struct cf_quality, i);

		if (!strcmp(q->key, key) && !g_strcmp0(q->subject, subject))
			return q;
	}
	return NULL;
}

static void expect(const char *text, size_t len, const char *costs, const char *messages)
{
	struct result r = read_bytes(text, len);
	g_autofree char *got = costs_text(r.trace);

	ck_assert_str_eq(r.messages->str, messages);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(got, costs);
	result_clear(&r);
}

#define EXPECT(text, costs) expect(text, sizeof(text) - 1, costs, "")

START_TEST(sums_equal_stacks)
{
	EXPECT("a;b;c 1\na;b;c 1\na;b;d 4\na;b;c 3\na;b 5",
	       "samples a;b;c 5/5\nsamples a;b;d 4/4\nsamples a;b 5/5\n");
	/* A name that begins like the one before shares nothing with it. */
	EXPECT("a;bc 1\na;b 2\na;bc;d 3\nab 4\n",
	       "samples a;bc 1/1\nsamples a;b 2/2\nsamples a;bc;d 3/3\nsamples ab 4/4\n");
	EXPECT("a 0\n\n  \nb;a\t7\n", "samples a 0/0\nsamples b;a 7/7\n");
}
END_TEST

START_TEST(reads_encodings)
{
	static const char costs[] = "samples a;b\xc3\xa9 5/5\n";

	EXPECT("a;b\xc3\xa9 2\r\na;b\xc3\xa9 3\r\n", costs);
	EXPECT("\xef\xbb\xbf"
	       "a;b\xc3\xa9 5\n",
	       costs);
	EXPECT("\xff\xfe"
	       "a\0;\0b\0\xe9\0 \0"
	       "5\0\r\0\n\0",
	       costs);
	EXPECT("\xfe\xff"
	       "\0a\0;\0b\0\xe9\0 \0"
	       "5",
	       costs);
}
END_TEST

START_TEST(keeps_names)
{
	EXPECT("a b;c  d ;operator new(unsigned long) 12\n",
	       "samples a b;c  d ;operator new(unsigned long) 12/12\n");
	EXPECT("main;<impl Default for [T; _]>::default 19\n",
	       "samples main;<impl Default for [T; _]>::default 19/19\n");
	EXPECT("a;x 1;y 3\n", "samples a;x 1;y 3/3\n");
	EXPECT("a;[GC active];.. [kernel] 3\n", "samples a;[GC active];.. [kernel] 3/3\n");
}
END_TEST

START_TEST(knows_kinds)
{
	EXPECT("j;run_[j];get_[i];sys_read_[k];x_[w] 2\n",
	       "samples j;run{jit};get{inlined};sys_read{kernel [kernel]};x_[w] 2/2\n");
	/* A suffix alone is a name. */
	EXPECT("_[k] 2\n", "samples _[k] 2/2\n");
}
END_TEST

START_TEST(knows_nameless_frames)
{
	struct result r;

	EXPECT("a;[unknown];b;unknown 1\n",
	       "samples a;[unresolved]{unresolved};b;[unresolved]{unresolved} 1/1\n");
	EXPECT("a;[unknown <7f01>] 1\na;[unknown <7f02>] 2\n", "samples a;[unresolved]{unresolved} 3/3\n");
	EXPECT("a;[libc-2.19.so <f35d>];[libc.so.6] 1\n",
	       "samples a;[unresolved]{unresolved libc-2.19.so};[unresolved]{unresolved libc.so.6} 1/1\n");
	EXPECT("a;[perf-12.map];libart.so[+1f0];[+ff] 1\n",
	       "samples a;[unresolved]{unresolved perf-12.map};[unresolved]{unresolved libart.so};"
	       "[unresolved]{unresolved} 1/1\n");
	EXPECT("a;[[vdso]];[[kernel.kallsyms]];[redis-server] 1\n",
	       "samples a;[unresolved]{unresolved [vdso]};[unresolved]{unresolved [kernel]};"
	       "[unresolved]{unresolved redis-server} 1/1\n");
	/* Kernel threads as roots, and markers. */
	EXPECT("[kworker];a;[Missed User Stack] 1\n", "samples [kworker];a;[Missed User Stack] 1/1\n");
	EXPECT("a;[];[ x] 1\n", "samples a;[];[ x] 1/1\n");
	EXPECT("a;;b 1\n", "samples a;[unresolved]{unresolved};b 1/1\n");
	EXPECT(";a 1\n", "samples [unresolved]{unresolved};a 1/1\n");
	EXPECT("a;b;; 1\n", "samples a;b 1/1\n");
	EXPECT("a;x[+];y[1];] 1\n", "samples a;x[+];y[1];] 1/1\n");

	r = read_text("a;[libc.so.6] 4\na;[libc.so.6];b 3\na;[unknown] 2\nb;[libc.so.6] 1\n");
	ck_assert_int_eq(quality(r.trace, "unresolved", "libc.so.6")->count, 5);
	ck_assert_int_eq(quality(r.trace, "unresolved", NULL)->count, 2);
	result_clear(&r);
}
END_TEST

START_TEST(keeps_decimals_exact)
{
	struct result r;

	EXPECT("a 31.23\na 6.1\nb 2.567\n", "millisamples a 37330/2\nmillisamples b 2567/1\n");
	EXPECT("a 0.1234\n", "microsamples a 123400/1\n");
	EXPECT("a 12.000\nb 3.\n", "samples a 12/12\nsamples b 3/3\n");
	EXPECT("a 0.123456789\n", "nanosamples a 123456789/1\n");

	/* Rounded only when the digits don't fit: more than nine, or a sum beyond 64 bits. */
	r = read_text("a 0.1234567895\nb 1\n");
	{
		g_autofree char *costs = costs_text(r.trace);

		ck_assert_str_eq(costs, "nanosamples a 123456790/1\nnanosamples b 1000000000/1\n");
	}
	ck_assert_int_eq(quality(r.trace, "rounded", NULL)->count, 1);
	result_clear(&r);
	r = read_text("a 9000000000000000.4567\n");
	{
		g_autofree char *costs = costs_text(r.trace);

		ck_assert_str_eq(costs, "millisamples a 9000000000000000457/1\n");
	}
	ck_assert_ptr_nonnull(quality(r.trace, "rounded", NULL));
	result_clear(&r);
}
END_TEST

START_TEST(reads_differential)
{
	struct result r;

	EXPECT("a;b 31 56\na;c 1.5 0\n", "millisamples a;b 56000/1\nmillisamples before a;b 31000/1\n"
					 "millisamples a;c 0/1\nmillisamples before a;c 1500/1\n");
	/* Only when all lines are; else the first number belongs to the name. */
	EXPECT("a;thread 1 56\na;c 2\n", "samples a;thread 1 56/56\nsamples a;c 2/2\n");
	r = read_text("a;b 1 2\n");
	ck_assert_ptr_nonnull(quality(r.trace, "differential", NULL));
	result_clear(&r);
}
END_TEST

START_TEST(skips_invalid_lines)
{
	static const char text[] =
		"a;b 1\nnonsense\na;b\n 5\n;;; 5\na -1\na 1e3\na 99999999999999999999\na 0x5\na;b 2 \n";
	struct result r = read_bytes(text, sizeof(text) - 1);
	g_autofree char *costs = costs_text(r.trace);

	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(costs, "samples a;b 3/3\n");
	ck_assert_str_eq(r.messages->str,
			 "warning in:2: 8 lines skipped, this is the first: expected a stack and a weight\n");
	ck_assert_int_eq(quality(r.trace, "invalid-lines", NULL)->count, 8);
	result_clear(&r);
}
END_TEST

START_TEST(refuses_other_things)
{
	struct result r = read_text("hello\nworld\n");

	ck_assert_int_eq(r.rc, -1);
	ck_assert_str_eq(r.messages->str,
			 "error in:1: no line is a collapsed stack, expected \"root;caller;leaf 12\"\n");
	ck_assert_int_eq(r.diag.status, CF_STATUS_INPUT);
	result_clear(&r);
	r = read_bytes("", 0);
	ck_assert_int_eq(r.rc, -1);
	result_clear(&r);
	r = read_bytes("a;b 1\nc\0d 2\n", 12);
	ck_assert_int_eq(r.rc, -1);
	ck_assert_str_eq(r.messages->str, "error in@0x7: binary data: found a NUL byte, expected text\n");
	result_clear(&r);
}
END_TEST

START_TEST(saturates)
{
	struct result r = read_text("a 9223372036854775807\na 9223372036854775807\n");
	struct cf_stack_cost cost = g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0);

	ck_assert_int_eq(r.rc, 0);
	ck_assert(cost.weight == INT64_MAX);
	result_clear(&r);
}
END_TEST

/* Depth must cost neither stack space nor quadratic time. */
START_TEST(bounds_depth)
{
	GString *text = g_string_new("r");
	struct result r;

	for (int i = 1; i < 2048; i++)
		g_string_append(text, ";f");
	g_string_append(text, " 1\n");
	r = read_bytes(text->str, text->len);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_uint_eq(cf_dict_stacks(r.trace->dict), 2048 + 1);
	ck_assert_uint_eq(r.trace->quality->len, 0);
	result_clear(&r);
	/* One frame more: the innermost one is cut, the cost is not. */
	g_string_prepend(text, "x;");
	r = read_bytes(text->str, text->len);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_uint_eq(cf_dict_stacks(r.trace->dict), 2048 + 1);
	ck_assert_uint_eq(r.trace->quality->len, 1);
	ck_assert_str_eq(g_array_index(r.trace->quality, struct cf_quality, 0).key, "cut-stacks");
	ck_assert_int_eq(g_array_index(r.trace->quality, struct cf_quality, 0).count, 1);
	ck_assert_int_eq(g_array_index(r.trace->stack_costs, struct cf_stack_cost, 0).weight, 1);
	result_clear(&r);
	g_string_free(text, TRUE);
}
END_TEST

static enum cf_bid bid(const char *text, size_t len)
{
	struct cf_input input = input_of(text, len);
	const char *why = NULL;
	enum cf_bid got = cf_format_collapsed.probe(&input, &why);

	ck_assert(got != CF_BID_NO || why);
	return got;
}

#define BID(text) bid(text, sizeof(text) - 1)

START_TEST(probes_shape)
{
	ck_assert_int_eq(BID("a;b 1\n"), CF_BID_SHAPE);
	ck_assert_int_eq(BID("sleep 500000\n"), CF_BID_SHAPE);
	ck_assert_int_eq(BID("\xff\xfe"
			     "a\0;\0b\0 \0"
			     "5\0"),
			 CF_BID_SHAPE);
	ck_assert_int_eq(BID("# made by hand\na;b 1\na;c 2\nd 3\n"), CF_BID_SHAPE);
	ck_assert_int_le(BID(""), CF_BID_NEAR);
	ck_assert_int_le(BID("a;b\n"), CF_BID_NEAR);
	ck_assert_int_le(BID("a;b 1\0"), CF_BID_NEAR);
	ck_assert_int_le(BID("# callgrind format\nevents: Ir\nfn=(1) main\n16 400\n17 3\n"), CF_BID_NEAR);
	ck_assert_int_le(BID("16 400\n17 3\n"), CF_BID_NEAR);
	ck_assert_int_le(BID("cpu MHz: 12\n"), CF_BID_NEAR);
	ck_assert_int_le(BID("{\"a;b\": 1\n}"), CF_BID_NEAR);
	ck_assert_int_le(BID("perf 123 4.5: 1 cycles:\n\t7f01 main+0x1 (a;b)\n"), CF_BID_NEAR);
}
END_TEST

/*
 * The corpus. facts is what a naive reader finds with plain string tables: it is first compared with the
 * expected facts, then, with names brought to the importer's rules, with the trace.
 */
struct facts {
	GHashTable *self, *inclusive; /* name -> double */
	GHashTable *stacks;
	double total;
	int max_depth, invalid;
};

static struct facts facts_new(void)
{
	return (struct facts){ .self = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
			       .inclusive = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
			       .stacks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };
}

static void facts_clear(struct facts *facts)
{
	g_hash_table_destroy(facts->self);
	g_hash_table_destroy(facts->inclusive);
	g_hash_table_destroy(facts->stacks);
}

static void bump(GHashTable *table, const char *name, double by)
{
	double *value = g_hash_table_lookup(table, name);

	if (!value) {
		value = g_new0(double, 1);
		g_hash_table_insert(table, g_strdup(name), value);
	}
	*value += by;
}

/* The importer's name of a frame, by regular expressions: "module|name". */
static char *rename_frame(const char *name)
{
	static const char *const rules[][2] = {
		{ "^(?:\\[unknown\\]|unknown)_\\[k\\]$", "[kernel]|[unresolved]" },
		{ "^(?:\\[unknown(?: <[0-9a-f]+>)?\\]|unknown|)$", "|[unresolved]" },
		{ "^\\[([^\\]]+) <[0-9a-f]+>\\]$", "\\1|[unresolved]" },
		{ "^\\[([^\\] ]+)\\]$", "\\1|[unresolved]" },
		{ "^\\[kernel.kallsyms\\]\\[\\+[0-9a-f]+\\]$", "[kernel]|[unresolved]" },
		{ "^(.*)\\[\\+[0-9a-f]+\\]$", "\\1|[unresolved]" },
		{ "^(.+)_\\[k\\]$", "[kernel]|\\1" },
		{ "^(.+)_\\[[ij]\\]$", "|\\1" },
		{ "^(.*)$", "|\\1" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		g_autoptr(GRegex) regex = g_regex_new(rules[i][0], 0, 0, NULL);

		ck_assert_ptr_nonnull(regex);
		if (g_regex_match(regex, name, 0, NULL))
			return g_regex_replace(regex, name, -1, 0, rules[i][1], 0, NULL);
	}
	return NULL;
}

static void naive_line(struct facts *facts, char *line, gboolean importer, gboolean differential)
{
	g_auto(GStrv) frames = NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *joined = NULL;
	char *blank = strrchr(line, ' ');
	double weight;
	int depth;

	if (!blank) {
		facts->invalid++;
		return;
	}
	*blank = '\0';
	weight = g_ascii_strtod(blank + 1, NULL);
	if (importer && differential)
		*strrchr(line, ' ') = '\0';
	frames = g_strsplit(line, ";", -1);
	for (depth = 0; frames[depth]; depth++)
		if (importer) {
			char *renamed = rename_frame(frames[depth]);

			g_free(frames[depth]);
			frames[depth] = renamed;
		}
	facts->total += weight;
	facts->max_depth = MAX(facts->max_depth, depth);
	joined = g_strjoinv(";", frames);
	g_hash_table_add(facts->stacks, g_strdup(joined));
	bump(facts->self, frames[depth - 1], weight);
	for (int i = 0; i < depth; i++)
		if (g_hash_table_add(seen, frames[i]))
			bump(facts->inclusive, frames[i], weight);
}

static struct facts naive(const char *text, gboolean importer, gboolean differential)
{
	struct facts facts = facts_new();
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		g_strchomp(*line);
		if (**line)
			naive_line(&facts, *line, importer, differential);
	}
	return facts;
}

/* The number after "key": in JSON written one member a line. */
static double json_number(const char *json, const char *key)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\": ", key);
	const char *at = strstr(json, quoted);

	ck_assert_ptr_nonnull(at);
	return g_ascii_strtod(at + strlen(quoted), NULL);
}

/* Compares the [name, number] pairs of an array with table. */
static void check_top(const char *file, const char *json, const char *key, GHashTable *table)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\": [", key);
	const char *at = strstr(json, quoted), *end;
	int pairs = 0;

	ck_assert_ptr_nonnull(at);
	end = strstr(at, "\n ]");
	ck_assert_ptr_nonnull(end);
	for (at = strstr(at, "\n   \""); at && at < end; at = strstr(at, "\n   \"")) {
		const char *close = strstr(at + 5, "\",\n");
		g_autofree char *escaped = g_strndup(at + 5, (gsize)(close - at - 5));
		g_autofree char *name = g_strcompress(escaped);
		double *got = g_hash_table_lookup(table, name);

		ck_assert_msg(got, "%s: %s lacks %s", file, key, name);
		ck_assert_msg(fabs(*got - g_ascii_strtod(close + 2, NULL)) < 1e-6, "%s: %s %s is %f", file,
			      key, name, *got);
		pairs++;
		at = close;
	}
	ck_assert_int_gt(pairs, 0);
}

static void check_tables(const char *file, const char *what, GHashTable *want, GHashTable *got)
{
	GHashTableIter iter;
	gpointer name, value;

	ck_assert_msg(g_hash_table_size(want) == g_hash_table_size(got), "%s: %u %s, wanted %u", file,
		      g_hash_table_size(got), what, g_hash_table_size(want));
	g_hash_table_iter_init(&iter, want);
	while (g_hash_table_iter_next(&iter, &name, &value)) {
		double *weight = g_hash_table_lookup(got, name);

		ck_assert_msg(weight && fabs(*weight - *(double *)value) < 1e-6, "%s: %s of %s", file, what,
			      (char *)name);
	}
}

/* Self and total per "module|name" of the first metric, as whole samples. */
static void check_trace(const char *file, const struct cf_trace *trace, const struct facts *want)
{
	struct cf_metric_info metric = g_array_index(trace->metrics, struct cf_metric_info, 0);
	double scale = !strcmp(cf_dict_text(trace->dict, metric.name), "millisamples") ? 1000 : 1, total = 0;
	g_autoptr(GArray) costs = cf_trace_func_costs(trace);
	struct facts got = facts_new();
	int max_depth = 0;
	guint stacks = 0;

	for (guint i = 0; i < costs->len; i++) {
		struct cf_func_cost c = g_array_index(costs, struct cf_func_cost, i);
		g_autofree char *name = NULL;

		if (c.metric.id)
			continue;
		name = g_strdup_printf("%s|%s", cf_dict_func_module(trace->dict, c.func),
				       cf_dict_func_name(trace->dict, c.func));
		if (g_hash_table_contains(want->self, name) || c.self)
			bump(got.self, name, (double)c.self / scale);
		bump(got.inclusive, name, (double)c.total / scale);
	}
	for (guint i = 0; i < trace->stack_costs->len; i++) {
		struct cf_stack_cost c = g_array_index(trace->stack_costs, struct cf_stack_cost, i);
		int depth = 0;

		if (c.metric.id)
			continue;
		stacks++;
		total += (double)c.weight / scale;
		for (struct cf_stack s = c.stack; s.id; s = cf_dict_stack_info(trace->dict, s).caller)
			depth++;
		max_depth = MAX(max_depth, depth);
	}
	ck_assert_msg(fabs(total - want->total) < 1e-6, "%s: total %f, wanted %f", file, total, want->total);
	ck_assert_msg(stacks == g_hash_table_size(want->stacks), "%s: %u stacks, wanted %u", file, stacks,
		      g_hash_table_size(want->stacks));
	ck_assert_msg(max_depth == want->max_depth, "%s: depth %d", file, max_depth);
	check_tables(file, "self", want->self, got.self);
	check_tables(file, "total", want->inclusive, got.inclusive);
	facts_clear(&got);
}

static char *corpus_folder(void)
{
	const char *shared = g_getenv("CF_SHARED");

	return g_build_filename(shared ? shared : "../shared", "corpus", NULL);
}

static char *slurp(const char *folder, const char *name, gsize *len)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;

	ck_assert_msg(g_file_get_contents(path, &text, len, NULL), "%s", path);
	return text;
}

static void check_file(const char *folder, const char *name)
{
	g_autofree char *facts_name = g_strconcat(name, ".expect.json", NULL);
	g_autofree char *json = slurp(folder, facts_name, NULL);
	gsize len;
	g_autofree char *bytes = slurp(folder, name, &len);
	g_autofree char *text = NULL;
	gboolean differential = g_str_has_suffix(name, "-diff.txt");
	struct facts raw, ours;
	struct result r;

	if (len > 1 && !memcmp(bytes, "\xff\xfe", 2))
		text = g_convert(bytes + 2, (gssize)len - 2, "UTF-8", "UTF-16LE", NULL, NULL, NULL);
	else
		text = g_strdup(bytes);
	raw = naive(text, FALSE, FALSE);
	ck_assert_msg(fabs(raw.total - json_number(json, "total")) < 1e-6, "%s", name);
	ck_assert_int_eq(raw.max_depth, (int)json_number(json, "max_depth"));
	ck_assert_int_eq(raw.invalid, (int)json_number(json, "invalid_lines"));
	ck_assert_int_eq((int)g_hash_table_size(raw.stacks), (int)json_number(json, "distinct_stacks"));
	check_top(name, json, "top10_self", raw.self);
	check_top(name, json, "top10_inclusive", raw.inclusive);

	r = read_bytes(bytes, len);
	ck_assert_int_eq(r.rc, 0);
	ck_assert_str_eq(r.messages->str, "");
	ours = naive(text, TRUE, differential);
	check_trace(name, r.trace, &ours);
	ck_assert_int_eq(bid(bytes, len), CF_BID_SHAPE);
	result_clear(&r);
	facts_clear(&raw);
	facts_clear(&ours);
}

START_TEST(agrees_with_corpus)
{
	g_autofree char *corpus = corpus_folder();
	g_autofree char *folder = g_build_filename(corpus, "collapsed", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *name;
	int files = 0;

	if (!dir) {
		printf("corpus: skipped, %s is not there\n", folder);
		return;
	}
	while ((name = g_dir_read_name(dir)))
		if (!g_str_has_suffix(name, ".expect.json")) {
			check_file(folder, name);
			files++;
		}
	ck_assert_int_gt(files, 0);
}
END_TEST

/* No file of any other format is taken for collapsed stacks. */
START_TEST(leaves_the_others)
{
	g_autofree char *corpus = corpus_folder();
	g_autoptr(GDir) dir = g_dir_open(corpus, 0, NULL);
	const char *format, *name;

	while (dir && (format = g_dir_read_name(dir))) {
		g_autofree char *folder = g_build_filename(corpus, format, NULL);
		g_autoptr(GDir) files = strcmp(format, "collapsed") ? g_dir_open(folder, 0, NULL) : NULL;

		while (files && (name = g_dir_read_name(files))) {
			g_autofree char *path = g_build_filename(folder, name, NULL);
			g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, NULL);

			if (map)
				ck_assert_msg(bid(g_mapped_file_get_contents(map),
						  g_mapped_file_get_length(map)) <= CF_BID_NEAR,
					      "%s is taken for collapsed stacks", path);
		}
	}
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("ingest/collapsed");
	TCase *lines = tcase_create("lines"), *corpus = tcase_create("corpus");

	tcase_add_test(lines, sums_equal_stacks);
	tcase_add_test(lines, reads_encodings);
	tcase_add_test(lines, keeps_names);
	tcase_add_test(lines, knows_kinds);
	tcase_add_test(lines, knows_nameless_frames);
	tcase_add_test(lines, keeps_decimals_exact);
	tcase_add_test(lines, reads_differential);
	tcase_add_test(lines, skips_invalid_lines);
	tcase_add_test(lines, refuses_other_things);
	tcase_add_test(lines, saturates);
	tcase_add_test(lines, bounds_depth);
	tcase_add_test(lines, probes_shape);
	suite_add_tcase(s, lines);
	tcase_set_timeout(corpus, 60);
	tcase_add_test(corpus, agrees_with_corpus);
	tcase_add_test(corpus, leaves_the_others);
	suite_add_tcase(s, corpus);
	return s;
}
