/* SPDX-License-Identifier: MIT */
/* export_collapsed: stacks as flame graph tools read them, a line "thread;caller;callee WEIGHT" each. */
#include "pipelines/export.h"

#include <string.h>

#include "core/sum.h"

/* A frame's name without what would end it; the suffix says what the name doesn't. */
static void append_frame(GString *line, const struct cf_dict *dict, struct cf_stack_info frame)
{
	const struct cf_func_info func = cf_dict_func_info(dict, frame.func);
	const char *name = cf_dict_text(dict, func.name);
	const char *module = cf_dict_func_module(dict, frame.func);
	gboolean nameless = func.kind == CF_FRAME_UNRESOLVED && !strcmp(name, "[unresolved]");

	if (line->len)
		g_string_append_c(line, ';');
	if (nameless) {
		g_string_append_c(line, '[');
		name = module && *module ? module : "unknown";
	}
	for (; *name; name++)
		g_string_append_c(line, *name == ';'                            ? ':'
					: (guchar)*name < 0x20 || *name == 0x7f ? '_'
										: *name);
	if (nameless)
		g_string_append_c(line, ']');
	if (frame.kind == CF_FRAME_INLINED)
		g_string_append(line, "_[i]");
	else if (func.kind == CF_FRAME_KERNEL)
		g_string_append(line, "_[k]");
	else if (func.kind == CF_FRAME_JIT)
		g_string_append(line, "_[j]");
}

/* "main;parse;read_[k]", callers first. path is scratch space. */
static void append_stack(GString *line, const struct cf_dict *dict, struct cf_stack stack, GArray *path)
{
	g_array_set_size(path, 0);
	for (; stack.id; stack = cf_dict_stack_info(dict, stack).caller)
		g_array_append_val(path, stack);
	for (guint i = path->len; i-- > 0;)
		append_frame(line, dict, cf_dict_stack_info(dict, g_array_index(path, struct cf_stack, i)));
}

static void row_clear(gpointer data)
{
	struct cf_folded *row = data;

	g_free(row->stack);
	g_free(row->thread);
}

static gint by_thread_then_stack(gconstpointer a, gconstpointer b)
{
	const struct cf_folded *x = a, *y = b;
	int threads = strcmp(x->thread, y->thread);

	return threads ? threads : strcmp(x->stack, y->stack);
}

static char *thread_name(const struct cf_trace *trace, struct cf_group group)
{
	char *name = g_strdup(
		group.id < trace->groups->len
			? cf_dict_text(trace->dict, g_array_index(trace->groups, struct cf_str, group.id))
			: "");

	for (char *c = name; *c; c++)
		if (*c == ';' || (guchar)*c < 0x20 || *c == 0x7f)
			*c = *c == ';' ? ':' : '_';
	return name;
}

GArray *cf_export_folded(const struct cf_trace *trace, const GArray *costs)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct cf_folded));
	g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(struct cf_stack));
	guint kept = 0;

	g_array_set_clear_func(rows, row_clear);
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);
		GString *stack = g_string_new(NULL);
		struct cf_folded row = { .weight = cost->weight, .count = cost->count };

		append_stack(stack, trace->dict, cost->stack, path);
		row.stack = g_string_free(stack, FALSE);
		row.thread = thread_name(trace, cost->group);
		g_array_append_val(rows, row);
	}
	g_array_sort(rows, by_thread_then_stack);
	for (guint i = 0; i < rows->len; i++) {
		struct cf_folded *row = &g_array_index(rows, struct cf_folded, i);
		struct cf_folded *last = kept ? &g_array_index(rows, struct cf_folded, kept - 1) : NULL;

		if (last && by_thread_then_stack(last, row) == 0) {
			last->weight = cf_add_sat(last->weight, row->weight);
			last->count = cf_add_sat(last->count, row->count);
			row_clear(row);
		} else {
			g_array_index(rows, struct cf_folded, kept++) = *row;
		}
	}
	/* What lies behind was freed or moved. */
	g_array_set_clear_func(rows, NULL);
	g_array_set_size(rows, kept);
	g_array_set_clear_func(rows, row_clear);
	return rows;
}

/* Rows without weight are left out. */
static int write_collapsed(const struct cf_export *export, struct cf_out *out, struct cf_diag *diag)
{
	g_autoptr(GArray) rows = cf_export_folded(export->trace, export->costs);

	for (guint i = 0; i < rows->len; i++) {
		const struct cf_folded *row = &g_array_index(rows, struct cf_folded, i);

		if (row->weight == 0)
			continue;
		cf_out_puts(out, row->thread);
		if (*row->thread && *row->stack)
			cf_out_puts(out, ";");
		cf_out_puts(out, row->stack);
		if (!*row->thread && !*row->stack)
			cf_out_puts(out, "[unknown]");
		cf_out_printf(out, " %" G_GINT64_FORMAT "\n", row->weight);
	}
	return 0;
}

const struct cf_exporter cf_exporter_collapsed = {
	.name = "collapsed",
	.extensions = "collapsed folded txt",
	.summary = "collapsed stacks for flame graph tools",
	.write = write_collapsed,
};
