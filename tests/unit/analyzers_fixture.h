/* SPDX-License-Identifier: MIT */
/* analyzers_fixture: traces written as text, settings and messages for the tests of analyses. */
#ifndef CF_TESTS_ANALYZERS_FIXTURE_H
#define CF_TESTS_ANALYZERS_FIXTURE_H

#include "analyzers/profile.h"
#include "tests/unit/suite.h"

#include <string.h>

/* Messages, one a line. */
struct messages {
	struct cf_diag diag;
	GString *text;
};

static void consume(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	GString *all = ctx;

	g_string_append_printf(all, "%s%s\n", severity == CF_ERROR ? "error: " : "", text);
}

static inline void messages_init(struct messages *m)
{
	m->text = g_string_new(NULL);
	m->diag = (struct cf_diag){ .consume = consume, .ctx = m->text };
}

static inline void messages_clear(struct messages *m)
{
	g_string_free(m->text, TRUE);
}

/*
 * "main@app;write@libc;vfs_write@k" in order from the outermost frame: function@module. Module k is the
 * kernel, ? as function: unresolved.
 */
static inline struct cf_stack push_stack(struct cf_trace *trace, const char *text)
{
	g_auto(GStrv) frames = g_strsplit(text, ";", -1);
	struct cf_stack stack = { 0 };

	for (char **frame = frames; *frame && **frame; frame++) {
		char *at = strchr(*frame, '@');
		gboolean kernel, unresolved;
		struct cf_func_info info = { 0 };
		const char *module;

		ck_assert_ptr_nonnull(at);
		*at = '\0';
		module = at + 1;
		kernel = !strcmp(module, "k");
		unresolved = !strcmp(*frame, "?");
		info.module = cf_dict_module(
			trace->dict,
			(struct cf_module_info){
				.name = cf_dict_str(trace->dict, kernel ? "[kernel]" : module, -1) });
		info.name = cf_dict_str(trace->dict, unresolved ? "[unresolved]" : *frame, -1);
		info.kind = unresolved ? CF_FRAME_UNRESOLVED : kernel ? CF_FRAME_KERNEL : CF_FRAME_NATIVE;
		stack = cf_dict_push(trace->dict, stack, cf_dict_func(trace->dict, info), info.kind);
	}
	return stack;
}

static inline void add_cost(struct cf_trace *trace, const char *metric, enum cf_unit unit, const char *comm,
			    const char *stack, int64_t weight, int64_t count)
{
	const struct cf_stack_cost cost = { .group = cf_trace_group(trace, comm),
					    .metric = cf_trace_metric(trace, metric, unit),
					    .stack = push_stack(trace, stack),
					    .weight = weight,
					    .count = count };

	cf_trace_cost(trace, &cost);
}

/* Settings of some tables, "name=value" each. Free with cf_params_free. */
static inline struct cf_params *settings(const struct cf_param *const *tables, const char *const *pairs)
{
	struct cf_params *params = cf_params_new(tables);
	struct messages m;

	messages_init(&m);
	for (; *pairs; pairs++) {
		g_auto(GStrv) parts = g_strsplit(*pairs, "=", 2);

		ck_assert_int_eq(cf_params_set(params, parts[0], parts[1], NULL, &m.diag), 0);
	}
	ck_assert_str_eq(m.text->str, "");
	messages_clear(&m);
	return params;
}

static const struct cf_param *const filter_tables[] = { cf_filter_params, NULL };

#define SETTINGS(...) settings(filter_tables, (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

/* A profile of trace, which it takes, through the filters in params. */
static inline void take(struct cf_profile *profile, struct cf_trace *trace, struct cf_params *params)
{
	struct messages m;

	messages_init(&m);
	ck_assert_int_eq(cf_profile_take(profile, trace, params, &m.diag), 0);
	ck_assert_str_eq(m.text->str, "");
	messages_clear(&m);
	cf_params_free(params);
}

/*
 * A server with two workers and a logger: 200 ns in 20 samples.
 */
static inline struct cf_trace *server(void)
{
	struct cf_trace *trace = cf_trace_new();
	static const struct {
		const char *comm, *stack;
		int64_t weight;
	} costs[] = {
		{ "worker-1", "main@app;parse@app", 60 },
		{ "worker-1", "main@app;parse@app;malloc@libc", 20 },
		{ "worker-2", "main@app;send@libc;sys_send@k;tcp_send@k", 40 },
		{ "worker-2", "main@app;flush@app;send@libc;sys_send@k;tcp_send@k", 10 },
		{ "logger", "main@app;log@app;?@liblog", 30 },
		{ "logger", "main@app;log@app;malloc@libc", 20 },
		{ "logger", "main@app", 20 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(costs); i++)
		add_cost(trace, "cpu-clock", CF_UNIT_NS, costs[i].comm, costs[i].stack, costs[i].weight,
			 costs[i].weight / 10);
	return trace;
}

/* "name self total count" of the nodes in document order, indented by depth; module after a slash. */
static inline char *tree_text(const struct cf_tree *tree)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < tree->nodes->len; i++) {
		const struct cf_tree_node *node = &g_array_index(tree->nodes, struct cf_tree_node, i);

		for (guint up = i; up; up = g_array_index(tree->nodes, struct cf_tree_node, up).parent)
			g_string_append_c(text, ' ');
		g_string_append_printf(text, "%s %d %d %d\n",
				       (char *)g_ptr_array_index(tree->names, node->name), (int)node->self,
				       (int)node->total, (int)node->count);
	}
	return g_string_free(text, FALSE);
}

#endif
