/* SPDX-License-Identifier: MIT */
/* render_golden: one document through every renderer that writes text, compared with tests/golden/render. */
#include "render/renderer.h"

#include <stdlib.h>
#include <math.h>
#include <string.h>

#include "tests/unit/render_figures.h"
#include "tests/unit/suite.h"

#define NS G_GINT64_CONSTANT(1000000)

static const struct cf_column top_columns[] = {
	{ "function", "function", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "module", "module", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
	{ "self_share", "self %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
	{ "total_share", "total %", CF_UNIT_RATIO, CF_COLUMN_LEAD | CF_COLUMN_SHARE | CF_COLUMN_BAR },
	{ "self", "self", CF_UNIT_NS, 0 },
	{ "total", "total", CF_UNIT_NS, 0 },
	{ "self_count", "self samples", CF_UNIT_COUNT, CF_COLUMN_DATA },
};

static void top_row(struct cf_doc *doc, struct cf_node *table, const char *function, const char *module,
		    int64_t self, int64_t total)
{
	cf_table_text(doc, table, function);
	cf_table_text(doc, table, module);
	cf_table_double(table, (double)self / 24260);
	cf_table_double(table, (double)total / 24260);
	cf_table_int(table, self * NS);
	cf_table_int(table, total * NS);
	cf_table_int(table, self);
}

/* The table of targets.md, with names that try to be more than names. */
static void add_top(struct cf_doc *doc, struct cf_node *section)
{
	struct cf_node *table =
		cf_doc_table(doc, section, "functions", "cpu-clock by function, sorted by self", top_columns,
			     G_N_ELEMENTS(top_columns));

	top_row(doc, table, "siphash", "redis-server", 2270, 2270);
	top_row(doc, table, "_raw_spin_unlock_irqrestore", "[kernel]", 1900, 1900);
	top_row(doc, table, "__memcpy_avx_unaligned_erms", "libc.so.6", 1380, 1380);
	top_row(doc, table, "dictFind", "redis-server", 1210, 1310);
	top_row(doc, table, "processCommand", "redis-server", 1120, 14830);
	top_row(doc, table, "</script><script>alert(1)</script>", "libevil.so", 900, 900);
	top_row(doc, table,
		"std::map<int, std::string, std::less<int>, std::allocator<std::pair<int const, a|b> > "
		">::find",
		"/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30", 800, 800);
	top_row(doc, table, "`$(x)` \x1b[31m \xff \xe2\x80\xae =cmd() @team #12", "=1+1", 500, 500);
	cf_table_rest(table);
	cf_table_text(doc, table, "305 more functions (-n 0 shows all)");
	cf_table_empty(table);
	cf_table_double(table, 14180.0 / 24260);
	cf_table_empty(table);
	cf_table_int(table, 14180 * NS);
	cf_table_empty(table);
	cf_table_empty(table);
	table->table->recompute = g_strdup("callflow top -n 8 --focus 'a \"b' 1");
}

static void add_tiles(struct cf_doc *doc, struct cf_node *parent)
{
	static const struct cf_column columns[] = { { "label", "", CF_UNIT_NONE, 0 },
						    { "value", "value", CF_UNIT_NONE, 0 },
						    { "note", "note", CF_UNIT_NONE, 0 },
						    { "level", "level", CF_UNIT_NONE, 0 } };
	static const char *const rows[][4] = {
		{ "CPU", "24.26 s", "24183 samples on 5 threads", "info" },
		{ "Top self", "9.35 %", "siphash", "info" },
		{ "Unresolved", "3.10 %", "install liblua5.1-dbgsym", "attention" },
	};
	struct cf_node *table = cf_doc_table(doc, parent, "tiles", NULL, columns, G_N_ELEMENTS(columns));

	table->table->style = CF_TABLE_TILES;
	for (size_t r = 0; r < G_N_ELEMENTS(rows); r++)
		for (size_t c = 0; c < 4; c++)
			cf_table_text(doc, table, rows[r][c]);
}

static void add_facts(struct cf_doc *doc, struct cf_node *parent)
{
	static const struct cf_column columns[] = { { "label", "fact", CF_UNIT_NONE, 0 },
						    { "value", "value", CF_UNIT_NONE, 0 } };
	struct cf_node *table = cf_doc_table(doc, parent, "facts", NULL, columns, G_N_ELEMENTS(columns));

	table->table->style = CF_TABLE_FACTS;
	cf_table_text(doc, table, "host");
	cf_table_text(doc, table, "web1, Linux 6.1.0-40-amd64");
	cf_table_text(doc, table, "command");
	cf_table_text(doc, table,
		      "perf record -F 997 -g --call-graph fp -o perf.data -- redis-server --port 7777 "
		      "--save '' --appendonly no");
	cf_table_text(doc, table, "start");
	cf_table_text(doc, table, "2026-11-23 06:02~ (from the file's time)");
}

/* A gap, one value, none, values that are alike, and more of them than there is room for. */
static void add_trend(struct cf_node *table, int row)
{
	double values[200];
	const int n = row == 1 ? 1 : row == 2 ? 0 : row == 3 ? 200 : 12;

	for (int i = 0; i < n; i++)
		values[i] = row == 4 ? 7 : i == 5 ? NAN : (i * (row + 3) % 17) * 1048576.0;
	cf_table_trend(table, values, (size_t)n);
}

/* 25 rows of mixed units: long enough for Markdown to fold. */
static void add_threads(struct cf_doc *doc, struct cf_node *parent)
{
	static const struct cf_column columns[] = {
		{ "thread", "thread", CF_UNIT_NONE, CF_COLUMN_CODE },
		{ "tid", "tid", CF_UNIT_ID, 0 },
		{ "samples", "samples", CF_UNIT_COUNT, 0 },
		{ "rss", "rss", CF_UNIT_BYTES, 0 },
		{ "ratio", "ratio", CF_UNIT_NONE, 0 },
		{ "start", "start", CF_UNIT_TIME, 0 },
		{ "trend", "trend", CF_UNIT_BYTES, 0 },
	};
	struct cf_node *table =
		cf_doc_table(doc, parent, "threads", "Threads", columns, G_N_ELEMENTS(columns));

	for (int i = 0; i < 25; i++) {
		g_autofree char *name = g_strdup_printf("io_thd_%d", i);

		cf_table_text(doc, table, name);
		cf_table_int(table, 4711 + i);
		cf_table_int(table, 24183 / (i + 1));
		cf_table_int(table, (int64_t)(25 - i) * 1572864);
		if (i % 5 == 4)
			cf_table_empty(table);
		else
			cf_table_double(table, 1 + i * 0.25);
		cf_table_int(table, G_GINT64_CONSTANT(1763877720000000000) +
					    i * G_GINT64_CONSTANT(60000000000) + (i == 1));
		add_trend(table, i);
	}
}

/* Sentences that are wider than a terminal, in a callout. */
static void add_quality(struct cf_doc *doc, struct cf_node *parent)
{
	static const struct cf_column columns[] = {
		{ "key", "remark", CF_UNIT_NONE, 0 },
		{ "samples", "samples", CF_UNIT_COUNT, 0 },
		{ "subject", "where", CF_UNIT_NONE, CF_COLUMN_NAME | CF_COLUMN_CODE },
		{ "text", "what", CF_UNIT_NONE, CF_COLUMN_NAME },
		{ "cure", "what mends it", CF_UNIT_NONE, CF_COLUMN_NAME },
	};
	struct cf_node *table = cf_doc_table(doc, parent, "quality", NULL, columns, G_N_ELEMENTS(columns));

	cf_table_text(doc, table, "stripped");
	cf_table_int(table, 749);
	cf_table_text(doc, table, "liblua5.1.so.0");
	cf_table_text(doc, table, "the file has no symbol table, so its functions have no names");
	cf_table_text(doc, table, "install its -dbgsym package, then: callflow ingest --again perf.data");
	cf_table_text(doc, table, "start-from-mtime");
	cf_table_empty(table);
	cf_table_empty(table);
	cf_table_text(doc, table, "start taken from file time");
	cf_table_text(doc, table, "--time sets it");
}

static uint32_t add_frame(struct cf_tree *tree, uint32_t parent, const char *name, const char *module,
			  enum cf_frame_kind kind, int64_t self)
{
	struct cf_tree_node node = { .parent = parent,
				     .name = cf_tree_name(tree, name),
				     .module = cf_tree_name(tree, module),
				     .kind = kind,
				     .self = self * NS,
				     .count = self };

	g_array_append_val(tree->nodes, node);
	return tree->nodes->len - 1;
}

static struct cf_tree *make_tree(void)
{
	struct cf_tree *tree = cf_tree_new(CF_UNIT_NS, "cpu-clock", "all");
	uint32_t start = add_frame(tree, 0, "_start", "redis-server", CF_FRAME_NATIVE, 0);
	uint32_t top = add_frame(tree, start, "main", "redis-server", CF_FRAME_NATIVE, 20);
	uint32_t loop = add_frame(tree, top, "aeMain", "redis-server", CF_FRAME_NATIVE, 60);
	uint32_t read = add_frame(tree, loop, "readQueryFromClient", "redis-server", CF_FRAME_NATIVE, 690);
	uint32_t process = add_frame(tree, read, "processCommand", "redis-server", CF_FRAME_NATIVE, 1120);
	uint32_t find = add_frame(tree, process, "dictFind", "redis-server", CF_FRAME_NATIVE, 1210);
	uint32_t write = add_frame(tree, loop, "writeToClient", "redis-server", CF_FRAME_NATIVE, 2100);

	add_frame(tree, find, "siphash", "redis-server", CF_FRAME_NATIVE, 2270);
	add_frame(tree, find, "a|b</script>`x`", "libevil.so", CF_FRAME_JIT, 900);
	add_frame(tree, process, "__memcpy_avx_unaligned_erms", "libc.so.6", CF_FRAME_NATIVE, 1380);
	add_frame(tree, process, "[unresolved]", "liblua5.1.so.0", CF_FRAME_UNRESOLVED, 750);
	add_frame(tree, write, "_raw_spin_unlock_irqrestore", "[kernel]", CF_FRAME_KERNEL, 1900);
	add_frame(tree, write, "tcp_sendmsg", "[kernel]", CF_FRAME_KERNEL, 40);
	add_frame(tree, write, "tcp_push", "[kernel]", CF_FRAME_KERNEL, 30);
	cf_tree_finish(tree);
	return tree;
}

static void add_words(struct cf_doc *doc, struct cf_node *parent)
{
	struct cf_node *para = cf_doc_add(doc, parent, CF_PARA, NULL), *list, *item, *link;

	cf_doc_add(doc, para, CF_TEXT, "Each of these has a ");
	cf_doc_add(doc, cf_doc_add(doc, para, CF_STRONG, NULL), CF_TEXT, "reason");
	cf_doc_add(doc, para, CF_TEXT, " and a next step;\nsee ");
	link = cf_doc_add(doc, para, CF_LINK, "https://redis.io/docs?a=1&b=(2)");
	cf_doc_add(doc, link, CF_TEXT, "the manual");
	cf_doc_add(doc, para, CF_TEXT, " or ");
	link = cf_doc_add(doc, para, CF_LINK, "javascript:alert(1)");
	cf_doc_add(doc, link, CF_TEXT, "nothing at all");
	cf_doc_add(doc, para, CF_TEXT, ", then run ");
	cf_doc_add(doc, para, CF_CODE, "callflow tree --focus 'a|b'");
	cf_doc_add(doc, para, CF_TEXT, ".");
	list = cf_doc_add(doc, parent, CF_LIST, NULL);
	list->ordered = TRUE;
	item = cf_doc_add(doc, list, CF_ITEM, NULL);
	cf_doc_add(doc, item, CF_CODE, "siphash");
	cf_doc_add(doc, item, CF_TEXT, ": 9.35 % self");
	item = cf_doc_add(doc, list, CF_ITEM, NULL);
	cf_doc_para(doc, item,
		    "kernel spin unlock: 7.83 %%; on a virtual machine this may be interrupt time that is "
		    "counted where interrupts are switched on again");
	list = cf_doc_add(doc, item, CF_LIST, NULL);
	cf_doc_para(doc, cf_doc_add(doc, list, CF_ITEM, NULL), "1. not a list");
	cf_doc_add(doc, parent, CF_RULE, NULL);
	cf_doc_add(doc, parent, CF_CODE, "perf record -g\n\tcallflow ingest perf.data\n\n```\n")->language =
		"sh";
}

static struct cf_doc *make_doc(void)
{
	struct cf_doc *doc = cf_doc_new("redis-server, 2026-11-23 <web1>");
	struct cf_node *section, *callout;

	doc->verdict = CF_VERDICT_ATTENTION;
	cf_doc_add_input(doc, 1, "redis-server", "9f86d081884c7d659a2feaa0c55ad015",
			 "run 1  redis-server  2026-11-23 06:02~ UTC  web1  24.26 s CPU, 24183 samples");
	section = cf_doc_section(doc, doc->root, "summary", NULL);
	cf_doc_para(doc, section,
		    "redis-server used 24.3 s of CPU on 5 threads; no single function dominates.");
	add_tiles(doc, section);
	section = cf_doc_section(doc, doc->root, "look-first", "Look first");
	add_words(doc, section);
	callout = cf_doc_callout(doc, section, CF_LEVEL_ATTENTION);
	cf_doc_para(doc, callout,
		    "quality: 0 lost, 3.10 %% unresolved, start from file time  (callflow show 1)");
	add_quality(doc, callout);
	section = cf_doc_section(doc, doc->root, "where", "Where the time went");
	cf_doc_tree(doc, section, CF_FLAME, "flame", "cpu-clock, 24183 samples", make_tree());
	add_top(doc, section);
	cf_doc_tree(doc, cf_doc_section(doc, section, NULL, "By caller"), CF_TREE, "tree", NULL, make_tree())
		->tree->min_share = 0.01;
	section = cf_doc_section(doc, doc->root, "threads-section", "Threads");
	add_threads(doc, section);
	cf_doc_section(doc, doc->root, "empty", "Nothing here");
	section = cf_doc_section(doc, doc->root, "shop", "The shop");
	cf_doc_graph(doc, section, "services", "Services and their calls", figure_graph());
	cf_doc_sequence(doc, section, "get-orders", "GET /orders, 1200 traces", figure_sequence());
	cf_doc_timeline(doc, section, "trace", "Trace <4bf92f35>", figure_waterfall());
	cf_doc_timeline(doc, section, "workers", NULL, figure_tracks());
	cf_doc_chart(doc, section, "load", "Latency under load", figure_load_chart());
	cf_doc_chart(doc, section, "commits", NULL, figure_time_chart());
	section = cf_doc_section(doc, doc->root, "machine", "The machine");
	add_facts(doc, section);
	callout = cf_doc_callout(doc, section, CF_LEVEL_INFO);
	cf_doc_para(
		doc, callout,
		"One run shows where, not whether it changed: record again, then `callflow compare @~1 @`.");
	return doc;
}

/* The answer of one command: no headings, lines close together. */
static struct cf_doc *make_answer(void)
{
	struct cf_doc *doc = cf_doc_new("top");
	struct cf_node *callout;

	cf_doc_add_input(doc, 1, "redis-server", NULL,
			 "run 1  redis-server  2026-11-23 06:02~ UTC  web1  24.26 s CPU, 24183 samples");
	add_top(doc, doc->root);
	callout = cf_doc_callout(doc, doc->root, CF_LEVEL_ATTENTION);
	cf_doc_para(doc, callout,
		    "quality: 0 lost, 3.10 %% unresolved, start from file time  (callflow show 1)");
	return doc;
}

/* What has no other picture is drawn as a call graph. */
static struct cf_doc *make_calls(void)
{
	struct cf_doc *doc = cf_doc_new("tree");

	cf_doc_tree(doc, doc->root, CF_TREE, "tree", "cpu-clock by call path", make_tree());
	return doc;
}

struct golden {
	const char *file, *renderer;
	struct cf_doc *(*make)(void);
	struct cf_render_opts opts;
};

static const struct golden goldens[] = {
	{ "report-utf8.txt", "text", make_doc, { .width = 80, .utf8 = TRUE } },
	{ "report-ascii.txt", "text", make_doc, { .width = 80 } },
	{ "report-color.txt", "text", make_doc, { .width = 80, .utf8 = TRUE, .color = TRUE } },
	{ "answer.txt", "text", make_answer, { .width = 80, .utf8 = TRUE } },
	{ "answer-pipe.txt", "text", make_answer, { .utf8 = TRUE } },
	{ "report.md", "markdown", make_doc, { .version = "1.2.3" } },
	{ "answer.md", "markdown", make_answer, { .version = "1.2.3" } },
	{ "report.html",
	  "html",
	  make_doc,
	  { .version = "1.2.3",
	    .dot = "tests/unit/dot_recorded.sh",
	    .gnuplot = "tests/unit/gnuplot_recorded.sh" } },
	{ "report.json", "json", make_doc, { .version = "1.2.3" } },
	{ "report.csv", "csv", make_doc, { .version = "1.2.3" } },
	{ "answer.csv", "csv", make_answer, { .version = "1.2.3" } },
	{ "report.mmd", "mermaid", make_doc, { .version = "1.2.3" } },
	{ "calls.mmd", "mermaid", make_calls, { .version = "1.2.3" } },
	{ "report.ipynb",
	  "ipynb",
	  make_doc,
	  { .version = "1.2.3",
	    .dot = "tests/unit/dot_recorded.sh",
	    .gnuplot = "tests/unit/gnuplot_recorded.sh",
	    .store = "/srv/\"perf\"/callflow.db" } },
	{ "answer.ipynb", "ipynb", make_answer, { .version = "1.2.3" } },
};

static void reject_message(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	ck_abort_msg("unexpected message: %s", text);
}

static char *render(const struct golden *golden)
{
	struct cf_doc *doc = golden->make();
	struct cf_diag diag = { .consume = reject_message };
	struct cf_out *out = cf_out_memory();
	size_t len;
	char *text;

	ck_assert_int_eq(cf_renderer_by_name(golden->renderer)->render(doc, &golden->opts, out, &diag), 0);
	text = g_strdup(cf_out_text(out, &len));
	ck_assert_uint_eq(strlen(text), len);
	cf_out_abort(out);
	cf_doc_free(doc);
	return text;
}

/*
 * Style and script of the page are in templates/html, and the picture has goldens of its own: leaving them
 * out keeps a change of theirs from changing this file.
 */
static char *without(char *text, const char *from, const char *to)
{
	g_autofree char *whole = text;
	GString *kept = g_string_new(NULL);
	const char *p = whole, *start, *end;

	while ((start = strstr(p, from)) && (end = strstr(start, to))) {
		g_string_append_len(kept, p, start - p);
		g_string_append(kept, from);
		p = end;
	}
	g_string_append(kept, p);
	return g_string_free(kept, FALSE);
}

START_TEST(test_golden)
{
	const struct golden *golden = &goldens[_i];
	g_autofree char *path = g_strdup_printf("tests/golden/render/%s", golden->file);
	g_autofree char *want = NULL;
	char *have = render(golden);

	if (!strcmp(golden->renderer, "html")) {
		have = without(have, "<style>", "</style>");
		have = without(have, "<script>", "</script>");
		have = without(have, "<svg", "</svg>");
	}
	if (!strcmp(golden->renderer, "ipynb"))
		have = without(have, "\"image/svg+xml\":[", "],\"text/plain\"");
	if (g_getenv("CF_GOLDEN_UPDATE"))
		ck_assert(g_file_set_contents(path, have, -1, NULL));
	ck_assert_msg(g_file_get_contents(path, &want, NULL, NULL),
		      "no %s: set CF_GOLDEN_UPDATE=1 to make it", path);
	ck_assert_msg(!strcmp(have, want),
		      "%s differs: CF_GOLDEN_UPDATE=1 writes it anew, then look at git diff", path);
	g_free(have);
}
END_TEST

START_TEST(test_same_bytes)
{
	for (size_t i = 0; i < G_N_ELEMENTS(goldens); i++) {
		g_autofree char *first = render(&goldens[i]);
		g_autofree char *second = render(&goldens[i]);

		ck_assert_str_eq(first, second);
	}
}
END_TEST

/* Two of them inside another, and then 100,000 items: each counting those before it would take minutes. */
START_TEST(test_numbers_items)
{
	const struct cf_render_opts opts = { .utf8 = TRUE };
	struct cf_doc *doc = cf_doc_new(NULL);
	struct cf_node *list = cf_doc_add(doc, doc->root, CF_LIST, NULL), *item, *inner;
	struct cf_out *out = cf_out_memory();
	struct cf_diag diag = { 0 };
	size_t len;

	list->ordered = TRUE;
	item = cf_doc_add(doc, list, CF_ITEM, NULL);
	cf_doc_add(doc, item, CF_TEXT, "outer");
	inner = cf_doc_add(doc, item, CF_LIST, NULL);
	inner->ordered = TRUE;
	for (int i = 0; i < 2; i++)
		cf_doc_add(doc, cf_doc_add(doc, inner, CF_ITEM, NULL), CF_TEXT, "inner");
	for (int i = 1; i < 100000; i++)
		cf_doc_add(doc, cf_doc_add(doc, list, CF_ITEM, NULL), CF_TEXT, "x");
	ck_assert_int_eq(cf_renderer_by_name("text")->render(doc, &opts, out, &diag), 0);
	ck_assert(
		g_str_has_prefix(cf_out_text(out, &len), "1. outer\n   1. inner\n   2. inner\n2. x\n3. x\n"));
	ck_assert(g_str_has_suffix(cf_out_text(out, &len), "\n99999. x\n100000. x\n"));
	cf_out_abort(out);
	cf_doc_free(doc);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("render_golden");
	TCase *t = tcase_create("golden");

	tcase_add_loop_test(t, test_golden, 0, G_N_ELEMENTS(goldens));
	tcase_set_timeout(t, 30);
	tcase_add_test(t, test_same_bytes);
	tcase_add_test(t, test_numbers_items);
	suite_add_tcase(s, t);
	return s;
}
