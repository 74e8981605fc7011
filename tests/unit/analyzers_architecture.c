/* SPDX-License-Identifier: MIT */
/* analyzers_architecture: parts, coupling, critical paths and changes against values found by other means. */
#include "tests/unit/analyzers_fixture.h"

#include "analyzers/architecture/builder.h"
#include "analyzers/architecture/changes.h"
#include "analyzers/critical_path.h"

/* --- coupling ------------------------------------------------------------------------------------------- */

static struct cf_arch_part *part_named(const struct cf_architecture *arch, const char *name)
{
	for (guint i = 0; i < arch->parts->len; i++)
		if (!strcmp(cf_arch_part_at(arch, i)->name, name))
			return cf_arch_part_at(arch, i);
	ck_abort_msg("no part %s", name);
}

/* Stacks of one sample and two frames: an architecture with these calls. */
static struct cf_architecture *of_edges(const char *edges)
{
	struct cf_trace *trace = cf_trace_new();
	g_auto(GStrv) pairs = g_strsplit(edges, " ", -1);
	struct cf_profile profile;
	struct cf_architecture *arch;

	for (char **pair = pairs; *pair; pair++) {
		g_auto(GStrv) ends = g_strsplit(*pair, ">", 2);
		g_autofree char *stack = g_strdup_printf("f@%s;f@%s", ends[0], ends[1]);

		add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", stack, 10, 10);
	}
	take(&profile, trace, SETTINGS());
	arch = cf_architecture_new(&profile, "module");
	cf_profile_clear(&profile);
	return arch;
}

/* Found by networkx, except for the instabilities, which are counted by hand. */
START_TEST(coupling_equals_what_others_find)
{
	static const struct {
		const char *name;
		uint32_t afferent, efferent, level;
		double instability;
		gboolean cyclic;
	} expected[] = {
		{ "ui", 0, 2, 3, 1, FALSE },         { "core", 2, 2, 1, 0.5, TRUE },
		{ "db", 2, 2, 1, 0.5, TRUE },        { "net", 1, 2, 1, 2.0 / 3, FALSE },
		{ "util", 2, 1, 0, 1.0 / 3, TRUE },  { "log", 4, 1, 0, 0.2, TRUE },
		{ "auth", 1, 2, 2, 2.0 / 3, FALSE },
	};
	struct cf_architecture *arch = of_edges(
		"auth>db auth>net core>db core>log db>core db>log log>util net>log net>util ui>auth ui>core "
		"util>log core>core");

	ck_assert_uint_eq(arch->parts->len, 7);
	ck_assert_uint_eq(arch->edges->len, 12);
	for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
		const struct cf_arch_part *part = part_named(arch, expected[i].name);

		ck_assert_uint_eq(part->afferent, expected[i].afferent);
		ck_assert_uint_eq(part->efferent, expected[i].efferent);
		ck_assert_uint_eq(part->level, expected[i].level);
		ck_assert_double_eq_tol(cf_arch_instability(part), expected[i].instability, 1e-12);
		ck_assert_int_eq(part->cycle != 0, expected[i].cyclic);
	}
	ck_assert_uint_eq(arch->cycles, 2);
	ck_assert_uint_eq(part_named(arch, "core")->cycle, part_named(arch, "db")->cycle);
	ck_assert_uint_eq(part_named(arch, "log")->cycle, part_named(arch, "util")->cycle);
	ck_assert_uint_ne(part_named(arch, "log")->cycle, part_named(arch, "db")->cycle);
	ck_assert_double_eq_tol(arch->propagation, 0.5714285714285714, 1e-12);
	ck_assert_uint_eq(arch->edges_against, 1); /* log -> util */
	cf_architecture_free(arch);
}
END_TEST

/* --- samples -------------------------------------------------------------------------------------------- */

START_TEST(samples_count_once)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_profile profile;
	struct cf_architecture *arch;
	const struct cf_arch_call *edge;

	/* Out and back twice: app calls libc, which calls app. */
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@app;qsort@libc;less@app;qsort@libc;less@app", 70,
		 7);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@app;read@libc", 30, 3);
	take(&profile, trace, SETTINGS());
	arch = cf_architecture_new(&profile, NULL);
	ck_assert_int_eq(arch->by, CF_ARCH_MODULE);
	ck_assert_int_eq(part_named(arch, "app")->total, 100);
	ck_assert_int_eq(part_named(arch, "app")->self, 70);
	ck_assert_int_eq(part_named(arch, "libc")->total, 100);
	ck_assert_int_eq(part_named(arch, "libc")->self, 30);
	ck_assert_uint_eq(arch->edges->len, 2);
	edge = cf_arch_edge_at(arch, 0);
	ck_assert_str_eq(cf_arch_part_at(arch, edge->from)->name, "app");
	ck_assert_int_eq(edge->weight, 100);
	ck_assert_int_eq(edge->count, 10);
	ck_assert_int_eq(cf_arch_edge_at(arch, 1)->weight, 70);
	ck_assert_uint_eq(arch->cycles, 1);
	ck_assert_uint_eq(arch->calls->len, 4); /* main>qsort qsort>less less>qsort main>read */
	cf_architecture_free(arch);
	cf_profile_clear(&profile);
}
END_TEST

START_TEST(parts_are_files_where_those_are_known)
{
	static const char *const paths[] = { "/src/shop/main.c", "/src/shop/db/table.c",
					     "/src/shop/ui/table.c" };
	static const char *const stacks[] = { "main@app", "main@app;find@app", "main@app;draw@app" };
	struct cf_trace *trace = cf_trace_new();
	struct cf_profile profile;
	struct cf_architecture *arch;

	for (size_t i = 0; i < G_N_ELEMENTS(stacks); i++) {
		add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", stacks[i], 10, 1);
		cf_trace_symbol(
			trace,
			&(struct cf_symbol){
				.func = cf_dict_stack_info(trace->dict, push_stack(trace, stacks[i])).func,
				.file = cf_dict_str(trace->dict, paths[i], -1) });
	}
	take(&profile, trace, SETTINGS());
	arch = cf_architecture_new(&profile, "auto");
	ck_assert_int_eq(arch->by, CF_ARCH_FILE);
	ck_assert_str_eq(part_named(arch, "main.c")->group, "app");
	part_named(arch, "db/table.c");
	part_named(arch, "ui/table.c");
	cf_architecture_free(arch);
	/* Without the names of modules or files the functions are what there is. */
	cf_profile_clear(&profile);
	trace = cf_trace_new();
	add_cost(trace, "samples", CF_UNIT_COUNT, "t", "a@;b@", 1, 1);
	take(&profile, trace, SETTINGS());
	arch = cf_architecture_new(&profile, NULL);
	ck_assert_int_eq(arch->by, CF_ARCH_FUNCTION);
	ck_assert_uint_eq(arch->parts->len, 2);
	cf_architecture_free(arch);
	cf_profile_clear(&profile);
}
END_TEST

/* --- calls ---------------------------------------------------------------------------------------------- */

START_TEST(counted_calls_are_exact)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_metric metric = cf_trace_metric(trace, "Ir", CF_UNIT_COUNT);
	struct cf_func main_func = cf_dict_stack_info(trace->dict, push_stack(trace, "main@app")).func;
	struct cf_func sum = cf_dict_stack_info(trace->dict, push_stack(trace, "sum@libsum")).func;
	struct cf_profile profile;
	struct cf_architecture *arch;

	cf_trace_call(trace, &(struct cf_call_cost){ main_func, sum, metric, 60, 3 });
	cf_trace_line(trace, &(struct cf_line_cost){
				     .func = main_func, .metric = metric, .weight = 40, .count = 1 });
	cf_trace_line(trace,
		      &(struct cf_line_cost){ .func = sum, .metric = metric, .weight = 60, .count = 3 });
	{
		struct cf_params *params = SETTINGS();
		struct messages m;

		messages_init(&m);
		ck_assert_int_eq(cf_profile_take_calls(&profile, trace, params, &m.diag), 0);
		messages_clear(&m);
		cf_params_free(params);
	}
	arch = cf_architecture_new(&profile, NULL);
	ck_assert(!arch->sampled);
	ck_assert_str_eq(arch->counted, "calls");
	ck_assert_uint_eq(arch->edges->len, 1);
	ck_assert_int_eq(cf_arch_edge_at(arch, 0)->weight, 60);
	ck_assert_int_eq(cf_arch_edge_at(arch, 0)->count, 3);
	ck_assert_int_eq(part_named(arch, "app")->self, 40);
	cf_architecture_free(arch);
	cf_profile_clear(&profile);
}
END_TEST

/* --- spans ---------------------------------------------------------------------------------------------- */

static uint32_t add_span(struct cf_trace *trace, uint32_t parent, const char *service, const char *name,
			 int64_t start, int64_t end, enum cf_span_kind kind, const char *peer)
{
	const struct cf_span span = { .trace = cf_dict_str(trace->dict, "t", -1),
				      .parent = parent,
				      .service = cf_dict_str(trace->dict, service, -1),
				      .name = cf_dict_str(trace->dict, name, -1),
				      .peer = cf_dict_str(trace->dict, peer, -1),
				      .thread = CF_NO_THREAD,
				      .kind = (uint8_t)kind,
				      .start_ns = start,
				      .duration_ns = end - start };

	return cf_trace_span(trace, &span);
}

/* "A 0-10, B 10-40": the path of span 1, spans by their names. */
static char *path_text(struct cf_trace *trace)
{
	struct cf_span_forest forest;
	g_autoptr(GArray) path = NULL;
	GString *text = g_string_new(NULL);

	cf_span_forest_init(&forest, trace);
	path = cf_critical_path(&forest, 1);
	for (guint i = 0; i < path->len; i++) {
		const struct cf_path_piece *piece = &g_array_index(path, struct cf_path_piece, i);

		g_string_append_printf(text, "%s%s %d-%d", i ? ", " : "",
				       cf_dict_text(trace->dict, cf_span_at(&forest, piece->span)->name),
				       (int)piece->start, (int)piece->end);
	}
	cf_span_forest_clear(&forest);
	cf_trace_free(trace);
	return g_string_free(text, FALSE);
}

struct one_span {
	const char *name;
	uint32_t parent;
	int start, end;
	gboolean async;
};

static const struct {
	struct one_span spans[5];
	const char *path;
} paths[] = {
	{ { { "A", 0, 0, 100, 0 }, { "B", 1, 10, 40, 0 }, { "C", 1, 50, 90, 0 } },
	  "A 0-10, B 10-40, A 40-50, C 50-90, A 90-100" },
	{ { { "A", 0, 0, 100, 0 }, { "B", 1, 10, 60, 0 }, { "C", 1, 10, 90, 0 }, { "D", 3, 20, 80, 0 } },
	  "A 0-10, C 10-20, D 20-80, C 80-90, A 90-100" },
	{ { { "A", 0, 0, 100, 0 }, { "B", 1, 10, 300, 1 }, { "C", 1, 20, 70, 0 }, { "D", 2, 50, 250, 0 } },
	  "A 0-20, C 20-70, A 70-100" },
	{ { { "A", 0, 0, 50, 0 }, { "B", 1, 10, 10, 0 }, { "C", 1, 10, 30, 0 }, { "D", 1, 20, 30, 0 } },
	  "A 0-10, C 10-30, A 30-50" },
	/* A child that outlives its parent counts as far as that goes. */
	{ { { "A", 0, 0, 50, 0 }, { "B", 1, 30, 90, 0 }, { "C", 2, 60, 80, 0 } }, "A 0-30, B 30-50" },
	{ { { "A", 0, 5, 5, 0 } }, "" },
};

START_TEST(critical_paths)
{
	struct cf_trace *trace = cf_trace_new();
	g_autofree char *text = NULL;

	for (const struct one_span *s = paths[_i].spans; s < paths[_i].spans + 5 && s->name; s++)
		add_span(trace, s->parent, "s", s->name, s->start, s->end,
			 s->async ? CF_SPAN_ASYNC : CF_SPAN_INTERNAL, "");
	text = path_text(trace);
	ck_assert_str_eq(text, paths[_i].path);
}
END_TEST

/* A deep and wide trace: the pieces follow each other without gaps and add up to the root. */
START_TEST(a_critical_path_covers_its_root)
{
	struct cf_trace *trace = cf_trace_new();
	g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
	struct cf_span_forest forest;
	g_autoptr(GArray) path = NULL;
	int64_t at = 0;

	add_span(trace, 0, "s", "r", 0, 1000000, CF_SPAN_SERVER, "");
	for (uint32_t i = 1; i < 3000; i++) {
		uint32_t parent = i % 2 ? i : (uint32_t)g_rand_int_range(random, 1, (gint32)i + 1);
		int64_t start = g_rand_int_range(random, 0, 900000);

		add_span(trace, parent, "s", "x", start, start + g_rand_int_range(random, 0, 200000),
			 i % 7 ? CF_SPAN_INTERNAL : CF_SPAN_ASYNC, "");
	}
	cf_span_forest_init(&forest, trace);
	path = cf_critical_path(&forest, 1);
	for (guint i = 0; i < path->len; i++) {
		const struct cf_path_piece *piece = &g_array_index(path, struct cf_path_piece, i);

		ck_assert_int_eq(piece->start, at);
		ck_assert_int_gt(piece->end, piece->start);
		at = piece->end;
	}
	ck_assert_int_eq(at, 1000000);
	cf_span_forest_clear(&forest);
	cf_trace_free(trace);
}
END_TEST

static struct cf_trace *shop(const char *billed_by)
{
	struct cf_trace *trace = cf_trace_new();

	for (int i = 0; i < 10; i++) {
		int64_t t = i * 1000;
		uint32_t root = add_span(trace, 0, "gateway", "GET /", t, t + 100, CF_SPAN_SERVER, "");
		uint32_t orders = add_span(trace, root, "orders", "list", t + 10, t + 60, CF_SPAN_SERVER, "");

		add_span(trace, orders, "orders", "SELECT", t + 20, t + 30, CF_SPAN_CLIENT, "mysql");
		add_span(trace, strcmp(billed_by, "orders") ? root : orders, "billing", "charge", t + 40,
			 t + 50, CF_SPAN_SERVER, "");
	}
	cf_trace_span_stacks(trace);
	return trace;
}

START_TEST(services_and_what_they_call)
{
	struct cf_profile profile;
	struct cf_architecture *arch;

	take(&profile, shop("orders"), SETTINGS());
	arch = cf_architecture_new(&profile, NULL);
	ck_assert_int_eq(arch->by, CF_ARCH_SERVICE);
	ck_assert_uint_eq(arch->parts->len, 4);
	ck_assert_int_eq(part_named(arch, "mysql")->kind, CF_PARTY_DATABASE);
	ck_assert_int_eq(part_named(arch, "mysql")->total, 100);
	ck_assert_int_eq(part_named(arch, "orders")->self, 400);
	ck_assert_int_eq(part_named(arch, "gateway")->self, 500);
	ck_assert_int_eq(part_named(arch, "gateway")->total, 1000);
	ck_assert_int_eq(arch->weight, 1000);
	ck_assert_int_eq(arch->count, 10);
	ck_assert_uint_eq(arch->edges->len, 3);
	ck_assert_int_eq(cf_arch_edge_at(arch, 0)->weight, 500);
	cf_architecture_strip(arch);
	ck_assert_str_eq(cf_arch_part_at(arch, 0)->name, "billing");
	ck_assert_uint_eq(part_named(arch, "orders")->efferent, 2);
	cf_architecture_free(arch);
	cf_profile_clear(&profile);
}
END_TEST

/* --- changes -------------------------------------------------------------------------------------------- */

static char *changes_text(struct cf_architecture *now, struct cf_architecture *before, guint *rare)
{
	struct cf_arch_changes *changes = cf_arch_changes_new(now, before, "run 1");
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < changes->rows->len; i++) {
		const struct cf_arch_change *change = &g_array_index(changes->rows, struct cf_arch_change, i);
		g_autofree char *word = cf_arch_change_word(change, now);

		g_string_append_printf(text, "%s: %s%s%s\n", word, change->from, change->to ? " -> " : "",
				       change->to ? change->to : "");
	}
	*rare = changes->rare;
	cf_arch_changes_free(changes);
	return g_string_free(text, FALSE);
}

START_TEST(changes_in_words)
{
	struct cf_profile now_profile, before_profile;
	struct cf_architecture *now, *before;
	g_autofree char *text = NULL, *none = NULL;
	guint rare;

	take(&now_profile, shop("gateway"), SETTINGS());
	take(&before_profile, shop("orders"), SETTINGS());
	now = cf_architecture_new(&now_profile, NULL);
	before = cf_architecture_new(&before_profile, NULL);
	text = changes_text(now, before, &rare);
	ck_assert_str_eq(text, "new edge: gateway -> billing\ngone edge: orders -> billing\n");
	ck_assert_uint_eq(rare, 0);
	none = changes_text(before, before, &rare);
	ck_assert_str_eq(none, "");
	for (guint i = 0; i < now->edges->len; i++)
		ck_assert_int_eq((cf_arch_edge_at(now, i)->marks & CF_MARK_NEW) != 0,
				 !strcmp(cf_arch_part_at(now, cf_arch_edge_at(now, i)->to)->name, "billing"));
	cf_architecture_free(now);
	cf_architecture_free(before);
	cf_profile_clear(&now_profile);
	cf_profile_clear(&before_profile);
}
END_TEST

/* Of samples, what was seen four times here may well be missing there by chance: exp(-4) is 2 %. */
START_TEST(rare_differences_are_no_changes)
{
	struct cf_profile profiles[2];
	struct cf_architecture *archs[2];
	g_autofree char *text = NULL;
	guint rare;

	for (int i = 0; i < 2; i++) {
		struct cf_trace *trace = cf_trace_new();

		add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@app;read@libc", 1000,
			 1000 - (i ? 0 : _i));
		if (!i)
			add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@app;deflate@libz", _i, _i);
		take(&profiles[i], trace, SETTINGS());
		archs[i] = cf_architecture_new(&profiles[i], "module");
	}
	text = changes_text(archs[0], archs[1], &rare);
	ck_assert_str_eq(text, _i < 5 ? "" : "new module: libz\nnew edge: app -> libz\n");
	ck_assert_uint_eq(rare, _i < 5 ? 2 : 0);
	for (int i = 0; i < 2; i++) {
		cf_architecture_free(archs[i]);
		cf_profile_clear(&profiles[i]);
	}
}
END_TEST

START_TEST(pruning_keeps_what_costs)
{
	struct cf_trace *trace = cf_trace_new();
	struct cf_profile profile;
	struct cf_architecture *arch;

	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@app;read@libc", 990, 99);
	add_cost(trace, "cpu-clock", CF_UNIT_NS, "t", "main@app;deflate@libz", 10, 1);
	take(&profile, trace, SETTINGS());
	arch = cf_architecture_new(&profile, "module");
	cf_architecture_prune(arch, 0.02);
	ck_assert_uint_eq(arch->parts->len, 2);
	ck_assert_uint_eq(arch->members->len, 2);
	ck_assert_uint_eq(arch->edges->len, 1);
	ck_assert_uint_eq(part_named(arch, "app")->efferent, 1);
	ck_assert_uint_eq(part_named(arch, "libc")->members, 1);
	cf_architecture_free(arch);
	cf_profile_clear(&profile);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("analyzers_architecture");
	TCase *t = tcase_create("architecture");

	tcase_add_test(t, coupling_equals_what_others_find);
	tcase_add_test(t, samples_count_once);
	tcase_add_test(t, parts_are_files_where_those_are_known);
	tcase_add_test(t, counted_calls_are_exact);
	tcase_add_loop_test(t, critical_paths, 0, G_N_ELEMENTS(paths));
	tcase_add_loop_test(t, a_critical_path_covers_its_root, 0, 10);
	tcase_add_test(t, services_and_what_they_call);
	tcase_add_test(t, changes_in_words);
	tcase_add_loop_test(t, rare_differences_are_no_changes, 3, 7);
	tcase_add_test(t, pruning_keeps_what_costs);
	suite_add_tcase(s, t);
	return s;
}
