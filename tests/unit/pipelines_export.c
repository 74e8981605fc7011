/* SPDX-License-Identifier: MIT */
/* pipelines_export: collapsed stacks that other tools, and we, read back. */
#include "pipelines/export.h"

#include <string.h>

#include "tests/unit/suite.h"

static struct cf_stack push(struct cf_trace *t, struct cf_stack caller, const char *module, const char *name,
			    enum cf_frame_kind kind, enum cf_frame_kind node_kind)
{
	struct cf_module_info m = { .name = cf_dict_str(t->dict, module, -1),
				    .path = cf_dict_str(t->dict, module, -1) };
	struct cf_func_info f = { .module = cf_dict_module(t->dict, m),
				  .name = cf_dict_str(t->dict, name, -1),
				  .kind = kind };

	return cf_dict_push(t->dict, caller, cf_dict_func(t->dict, f), node_kind);
}

static void write_collapsed(const struct cf_trace *t, struct cf_out *out)
{
	struct cf_export export = { .trace = t, .costs = t->stack_costs };

	ck_assert_int_eq(cf_exporter_by_name("collapsed")->write(&export, out, NULL), 0);
}

static void cost(struct cf_trace *t, const char *comm, struct cf_stack stack, int64_t weight)
{
	struct cf_stack_cost c = { .group = cf_trace_group(t, comm),
				   .metric = cf_trace_metric(t, "cpu-clock", CF_UNIT_NS),
				   .stack = stack,
				   .weight = weight,
				   .count = 1 };

	cf_trace_cost(t, &c);
}

static struct cf_trace *sample_trace(void)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_stack none = { 0 }, main_, parse, inlined, kernel, hostile, unresolved;

	main_ = push(t, none, "app", "main", CF_FRAME_NATIVE, CF_FRAME_NATIVE);
	parse = push(t, main_, "app", "parse<a, b>(x)", CF_FRAME_NATIVE, CF_FRAME_NATIVE);
	inlined = push(t, parse, "app", "peek", CF_FRAME_NATIVE, CF_FRAME_INLINED);
	kernel = push(t, parse, "[kernel]", "do_sys_read", CF_FRAME_KERNEL, CF_FRAME_KERNEL);
	hostile = push(t, main_, "app", "a;b\nc", CF_FRAME_NATIVE, CF_FRAME_NATIVE);
	unresolved = push(t, main_, "libz.so.1", "[unresolved]", CF_FRAME_UNRESOLVED, CF_FRAME_UNRESOLVED);
	cost(t, "worker-7", parse, 40);
	cost(t, "app", unresolved, 7);
	cost(t, "app", hostile, 5);
	cost(t, "app", kernel, 30);
	cost(t, "app", inlined, 20);
	cost(t, "app", none, 3);
	return t;
}

START_TEST(collapsed)
{
	struct cf_trace *t = sample_trace();
	struct cf_out *out = cf_out_memory();

	write_collapsed(t, out);
	ck_assert_str_eq(cf_out_text(out, NULL), "app 3\n"
						 "app;main;[libz.so.1] 7\n"
						 "app;main;a:b_c 5\n"
						 "app;main;parse<a, b>(x);do_sys_read_[k] 30\n"
						 "app;main;parse<a, b>(x);peek_[i] 20\n"
						 "worker-#;main;parse<a, b>(x) 40\n");
	cf_out_abort(out);
	cf_trace_free(t);
}
END_TEST

/* Stacks that differ only in what the text doesn't show are one line. */
START_TEST(equal_lines_are_summed)
{
	struct cf_trace *t = cf_trace_new();
	struct cf_stack none = { 0 };
	struct cf_out *out = cf_out_memory();

	cost(t, "app", push(t, none, "one", "f", CF_FRAME_NATIVE, CF_FRAME_NATIVE), 2);
	cost(t, "app", push(t, none, "two", "f", CF_FRAME_NATIVE, CF_FRAME_NATIVE), 3);
	cost(t, "app", push(t, none, "two", "g", CF_FRAME_NATIVE, CF_FRAME_NATIVE), 0);
	write_collapsed(t, out);
	ck_assert_str_eq(cf_out_text(out, NULL), "app;f 5\n");
	cf_out_abort(out);
	cf_trace_free(t);
}
END_TEST

/* Sums of what a hostile file says stop at the end of the range. */
START_TEST(sums_beyond_the_range)
{
	static const char *const names[] = { "collapsed", "speedscope", "pprof", "chrome" };
	struct cf_trace *t = cf_trace_new();
	struct cf_stack none = { 0 };

	cost(t, "app", push(t, none, "one", "f", CF_FRAME_NATIVE, CF_FRAME_NATIVE), INT64_MAX);
	cost(t, "app", push(t, none, "two", "f", CF_FRAME_NATIVE, CF_FRAME_NATIVE), INT64_MAX);
	cost(t, "app", push(t, none, "two", "g", CF_FRAME_NATIVE, CF_FRAME_NATIVE), INT64_MAX);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct cf_export export = { .trace = t, .costs = t->stack_costs };
		struct cf_out *out = cf_out_memory();

		ck_assert_int_eq(cf_exporter_by_name(names[i])->write(&export, out, NULL), 0);
		if (i == 0)
			ck_assert_str_eq(cf_out_text(out, NULL),
					 "app;f 9223372036854775807\napp;g 9223372036854775807\n");
		if (i == 1)
			ck_assert_ptr_nonnull(
				strstr(cf_out_text(out, NULL), "\"endValue\":9223372036854775807,"));
		cf_out_abort(out);
	}
	cf_trace_free(t);
}
END_TEST

START_TEST(table)
{
	struct cf_trace *t = sample_trace();
	struct cf_doc *doc = cf_doc_new(NULL);
	const struct cf_node *node;

	cf_export_table(t, t->stack_costs, CF_UNIT_NS, doc, doc->root);
	node = doc->root->first;
	ck_assert_str_eq(node->id, "stacks");
	ck_assert_uint_eq(cf_table_rows(node), 6);
	ck_assert_str_eq(cf_table_cell(node, 5, 0)->text, "main;parse<a, b>(x)");
	ck_assert_str_eq(cf_table_cell(node, 5, 1)->text, "worker-#");
	ck_assert_int_eq(cf_table_cell(node, 5, 2)->i, 40);
	ck_assert_int_eq(cf_table_cell(node, 5, 3)->i, 1);
	cf_doc_free(doc);
	cf_trace_free(t);
}
END_TEST

Suite *suite(void)
{
	Suite *s = suite_create("pipelines_export");
	TCase *c = tcase_create("export");

	tcase_add_test(c, collapsed);
	tcase_add_test(c, equal_lines_are_summed);
	tcase_add_test(c, sums_beyond_the_range);
	tcase_add_test(c, table);
	suite_add_tcase(s, c);
	return s;
}
