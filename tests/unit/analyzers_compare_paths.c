/* SPDX-License-Identifier: MIT */
/* analyzers_compare_paths: what comparisons make of call paths: causes, what carries them, what moved, what was renamed. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/compare/carried.h"
#include "analyzers/compare/match.h"

/* Both sides, made of lines "main;parse;read COUNT". */
struct bench {
	struct cf_sides sides;
	struct cf_paths paths[CF_SIDES];
	struct cf_comparison comparison;
};

struct line {
	char **frames;
	int64_t count;
};

static GArray *lines_of(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct line));

	for (char **l = lines; *l && **l; l++) {
		char *blank = strrchr(*l, ' ');
		struct line line;

		*blank = '\0';
		line = (struct line){ g_strsplit(*l, ";", -1), g_ascii_strtoll(blank + 1, NULL, 10) };
		g_array_append_val(all, line);
	}
	return all;
}

static void lines_free(GArray *lines)
{
	for (guint i = 0; i < lines->len; i++)
		g_strfreev(g_array_index(lines, struct line, i).frames);
	g_array_unref(lines);
}

static gboolean is_in(char **frames, const char *name, guint below)
{
	for (guint i = 0; i < below; i++)
		if (!strcmp(frames[i], name))
			return TRUE;
	return FALSE;
}

static void add_costs(struct cf_sides *sides, int side, const GArray *lines)
{
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);
		guint depth = g_strv_length(line->frames);

		for (guint k = 0; k < depth; k++) {
			int64_t self = k + 1 == depth ? line->count : 0;
			int64_t total = is_in(line->frames, line->frames[k], k) ? 0 : line->count;
			const struct cf_side_cost cost = { self, total, self, total };

			cf_sides_add(sides, side, 0, line->frames[k], "app", CF_FRAME_NATIVE, "", 0, &cost);
		}
		sides->weight[side] += line->count;
		sides->count[side] += line->count;
	}
	sides->runs[side] = 1;
}

/* A node per frame of each line: paths needn't share any. */
static void make_paths(struct cf_paths *paths, const struct cf_sides *sides, const GArray *lines)
{
	GArray *parents = g_array_new(FALSE, TRUE, sizeof(uint32_t)),
	       *rows = g_array_new(FALSE, TRUE, sizeof(uint32_t));
	uint32_t none = CF_NO_ROW, zero = 0;

	g_array_append_val(parents, zero);
	g_array_append_val(rows, none);
	paths->costs = g_array_new(FALSE, FALSE, sizeof(struct cf_path_cost));
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);
		struct cf_path_cost cost = { .weight = line->count, .count = line->count };
		uint32_t parent = 0;

		for (char **frame = line->frames; *frame; frame++) {
			uint32_t row = cf_sides_find(sides, *frame, "app", CF_FRAME_NATIVE);

			g_array_append_val(parents, parent);
			g_array_append_val(rows, row);
			parent = parents->len - 1;
		}
		cost.node = parent;
		g_array_append_val(paths->costs, cost);
	}
	paths->nodes = parents->len;
	paths->runs = 1;
	paths->parent = (uint32_t *)(void *)g_array_free(parents, FALSE);
	paths->row = (uint32_t *)(void *)g_array_free(rows, FALSE);
}

/* Lines share functions, which doesn't make several of one. */
static void bench_init(struct bench *b, enum cf_compare_method method, const char *before, const char *after)
{
	GArray *lines[CF_SIDES] = { lines_of(before), lines_of(after) };
	const struct cf_compare_options options = CF_COMPARE_OPTIONS;
	struct cf_flow flow;

	memset(b, 0, sizeof(*b));
	cf_sides_init(&b->sides);
	b->sides.metric = (struct cf_metric_pair){
		.before = g_strdup("m"), .after = g_strdup("m"), .unit = CF_UNIT_COUNT, .method = method
	};
	for (int side = 0; side < CF_SIDES; side++)
		add_costs(&b->sides, side, lines[side]);
	cf_sides_settle(&b->sides);
	for (guint i = 0; i < b->sides.rows->len; i++)
		cf_side_row(&b->sides, i)->merged = FALSE;
	for (int side = 0; side < CF_SIDES; side++) {
		make_paths(&b->paths[side], &b->sides, lines[side]);
		lines_free(lines[side]);
	}
	cf_match_context(&b->sides, b->paths);
	cf_compare_functions(&b->comparison, &b->sides, &options);
	cf_flow_init(&flow, &b->comparison, b->paths);
	cf_compare_find_moved(&b->comparison, &flow);
	cf_compare_carry(&b->comparison, &flow, b->paths);
	cf_flow_clear(&flow);
}

static void bench_clear(struct bench *b)
{
	cf_comparison_clear(&b->comparison);
	for (int side = 0; side < CF_SIDES; side++)
		cf_paths_clear(&b->paths[side]);
	cf_sides_clear(&b->sides);
}

static void append_rows(GString *text, const struct bench *b, const char *what, const GArray *rows)
{
	for (guint i = 0; rows && i < rows->len; i++)
		g_string_append_printf(text, "%s%s", i ? "," : what,
				       cf_side_row(&b->sides, g_array_index(rows, uint32_t, i))->name);
}

/* "name found[ of its total][ <callers][ because causes][ was old]" of what isn't noise, by name. */
static void expect(const struct bench *b, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < b->comparison.functions->len; i++) {
		const struct cf_compared *function = cf_compared_at(&b->comparison, i);

		if (function->found >= CF_FOUND_UNSURE && !function->row->old_name)
			continue;
		g_string_append_printf(text, "%s %s%s", function->row->name, cf_found_name(function->found),
				       function->by_total ? " in all" : "");
		append_rows(text, b, " <", function->callers);
		append_rows(text, b, " because ", function->causes);
		if (function->row->old_name)
			g_string_append_printf(text, " was %s", function->row->old_name);
		g_string_append_c(text, '\n');
	}
	ck_assert_str_eq(text->str, expected);
}

#define STEADY "main;idle 1000\nmain;read 1010\nmain;write 990\nmain;log 500\nmain;sort 700\n"

START_TEST(names_the_cause)
{
	struct bench b;

	bench_init(&b, CF_COMPARE_SAMPLED,
		   STEADY "main;serve;find;hash 300\nmain;serve;find 400\nmain;serve 30\n",
		   STEADY "main;serve;find;hash 900\nmain;serve;find 400\nmain;serve 30\n");
	expect(&b, "find carried because hash\n"
		   "hash regressed <find,serve,main\n"
		   "main carried because hash\n"
		   "serve carried because hash\n");
	bench_clear(&b);
	/* Of two ways to it, the one that got heavier. */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;a;hash 300\nmain;b;hash 300\n",
		   STEADY "main;a;hash 300\nmain;b;hash 900\n");
	expect(&b, "b carried because hash\n"
		   "hash regressed <b,main\n"
		   "main carried because hash\n");
	bench_clear(&b);
}
END_TEST

/* Ten callees of parse, each a little slower: no one of them stands out, together they do. */
START_TEST(sums_what_is_spread)
{
	GString *before = g_string_new(STEADY STEADY), *after = g_string_new(STEADY STEADY);
	struct bench b;

	for (int i = 0; i < 40; i++) {
		g_string_append_printf(before, "main;serve;parse;step%02d 30\n", i);
		g_string_append_printf(after, "main;serve;parse;step%02d 36\n", i);
	}
	bench_init(&b, CF_COMPARE_SAMPLED, before->str, after->str);
	expect(&b, "parse regressed in all\nserve carried because parse\n");
	bench_clear(&b);
	g_string_free(before, TRUE);
	g_string_free(after, TRUE);
}
END_TEST

/* Called from elsewhere, it has another total; nothing got slower. */
START_TEST(ignores_other_callers)
{
	struct bench b;

	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;a;work 900\nmain;b;other 100\n",
		   STEADY "main;b;work 900\nmain;b;other 100\n");
	expect(&b, "");
	bench_clear(&b);
}
END_TEST

START_TEST(knows_refactoring)
{
	struct bench b;

	/* extracted */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;score 600\n",
		   STEADY "main;score 200\nmain;score;weigh 390\n");
	expect(&b, "score moved\nweigh moved\n");
	ck_assert_str_eq(
		cf_side_row(&b.sides, cf_compared_at(&b.comparison,
						     cf_sides_find(&b.sides, "weigh", "app", CF_FRAME_NATIVE))
					      ->group)
			->name,
		"score");
	bench_clear(&b);
	/* inlined */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;score 200\nmain;score;weigh 390\n",
		   STEADY "main;score 600\n");
	expect(&b, "score moved\nweigh moved\n");
	bench_clear(&b);
	/* extracted, without the caller of a leaf in its stacks */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;run;score 600\n",
		   STEADY "main;run;score 200\nmain;run;weigh 390\n");
	expect(&b, "score moved\nweigh moved\n");
	bench_clear(&b);
	/* the same of what was such a leaf itself, and no longer is */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;score 600\n",
		   STEADY "main;run;score 200\nmain;run;weigh 390\n");
	expect(&b, "score moved\nweigh moved\n");
	bench_clear(&b);
	/* extracted, and slower */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;score 600\n",
		   STEADY "main;score 200\nmain;score;weigh 800\n");
	expect(&b, "main carried because weigh\nscore improved <main\nweigh new <score,main\n");
	bench_clear(&b);
	/* nothing gave what is new */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;score 600\n",
		   STEADY "main;score 600\nmain;score;weigh 300\n");
	expect(&b, "main carried because weigh\nscore carried because weigh\nweigh new <score,main\n");
	bench_clear(&b);
}
END_TEST

START_TEST(knows_renamed_functions)
{
	struct bench b;

	bench_init(&b, CF_COMPARE_SAMPLED,
		   STEADY "main;find 100\nmain;find;probe 300\nmain;find;compare 200\n",
		   STEADY "main;lookup 105\nmain;lookup;probe 300\nmain;lookup;compare 200\n");
	expect(&b, "lookup noise was find\n");
	bench_clear(&b);
	/* renamed and slower */
	bench_init(&b, CF_COMPARE_SAMPLED,
		   STEADY "main;find 100\nmain;find;probe 300\nmain;find;compare 200\n",
		   STEADY "main;lookup 190\nmain;lookup;probe 300\nmain;lookup;compare 200\n");
	expect(&b, "lookup regressed <main was find\n");
	bench_clear(&b);
	/* other callers: another function */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;read;find 300\n", STEADY "main;write;lookup 600\n");
	expect(&b, "find gone <read,main\nlookup new <write,main\nmain carried because lookup\n"
		   "read carried because find\nwrite carried because lookup\n");
	bench_clear(&b);
	/* a leaf, when there is no other */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;find 300\n", STEADY "main;zip 310\n");
	expect(&b, "zip noise was find\n");
	bench_clear(&b);
	/* leaves of one caller, told apart by their names */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;find_slot 300\nmain;put 200\n",
		   STEADY "main;find_place 310\nmain;zip 190\n");
	expect(&b, "find_place noise was find_slot\nzip noise was put\n");
	bench_clear(&b);
	/* leaves of one caller that have neither name nor cost in common */
	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;find 300\n", STEADY "main;zip 900\n");
	expect(&b, "find gone <main\nmain carried because zip\nzip new <main\n");
	bench_clear(&b);
}
END_TEST

/* A library of another version, and an input that knows no modules. */
START_TEST(looks_in_other_modules)
{
	struct cf_sides sides;
	const struct cf_side_cost cost = { 50, 50, 50, 50 };

	cf_sides_init(&sides);
	cf_sides_add(&sides, CF_BEFORE, 0, "malloc", "libc-2.31.so", CF_FRAME_NATIVE, "", 0, &cost);
	cf_sides_add(&sides, CF_AFTER, 0, "malloc", "libc.so.6", CF_FRAME_NATIVE, "", 0, &cost);
	cf_sides_add(&sides, CF_BEFORE, 0, "init", "a.so", CF_FRAME_NATIVE, "", 0, &cost);
	cf_sides_add(&sides, CF_BEFORE, 0, "init", "b.so", CF_FRAME_NATIVE, "", 0, &cost);
	cf_sides_add(&sides, CF_AFTER, 0, "init", "", CF_FRAME_NATIVE, "", 0, &cost);
	cf_sides_settle(&sides);
	cf_match_modules(&sides);
	ck_assert_uint_eq(sides.rows->len, 4);
	for (guint i = 0; i < sides.rows->len; i++) {
		const struct cf_side_row *row = cf_side_row(&sides, i);

		if (strcmp(row->name, "malloc") != 0) {
			ck_assert_int_eq(row->join, CF_JOIN_NONE);
			continue;
		}
		ck_assert_int_eq(row->join, CF_JOIN_MODULE);
		ck_assert_str_eq(row->module, "libc.so.6");
		ck_assert_str_eq(row->old_module, "libc-2.31.so");
		ck_assert_int_eq(row->cost[CF_BEFORE].self, 50);
		ck_assert_int_eq(row->cost[CF_AFTER].self, 50);
	}
	ck_assert_uint_eq(cf_sides_find(&sides, "malloc", "libc-2.31.so", CF_FRAME_NATIVE),
			  cf_sides_find(&sides, "malloc", "libc.so.6", CF_FRAME_NATIVE));
	ck_assert_uint_eq(cf_sides_find(&sides, "none", "", CF_FRAME_NATIVE), CF_NO_ROW);
	cf_sides_clear(&sides);
}
END_TEST

/* A function that calls itself has its cost once, and isn't its own caller. */
START_TEST(takes_recursion_once)
{
	struct bench b;

	bench_init(&b, CF_COMPARE_SAMPLED, STEADY "main;walk;walk;walk 300\n",
		   STEADY "main;walk;walk;walk 600\n");
	expect(&b, "main carried because walk\nwalk regressed <main\n");
	bench_clear(&b);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers/compare_paths");
	TCase *c = tcase_create("compare_paths");

	tcase_add_test(c, names_the_cause);
	tcase_add_test(c, sums_what_is_spread);
	tcase_add_test(c, ignores_other_callers);
	tcase_add_test(c, knows_refactoring);
	tcase_add_test(c, knows_renamed_functions);
	tcase_add_test(c, looks_in_other_modules);
	tcase_add_test(c, takes_recursion_once);
	suite_add_tcase(s, c);
	return s;
}
