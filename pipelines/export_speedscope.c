/* SPDX-License-Identifier: MIT */
/* export_speedscope: stacks in speedscope's own file format. */
/*
 * A sampled profile per metric and thread group, whose samples are the distinct stacks with their sums. Its keys "metric" and
 * "thread" are ours, and tell metrics of one unit apart when the file is read back.
 */
#include "pipelines/export.h"

#include "core/json.h"
#include "core/sum.h"

struct writer {
	const struct cf_trace *trace;
	struct cf_json json;
	GArray *path; /* scratch: struct cf_stack */
};

static const char *unit_word(enum cf_unit unit)
{
	return unit == CF_UNIT_NS ? "nanoseconds" : unit == CF_UNIT_BYTES ? "bytes" : "none";
}

static void put_text(struct writer *w, const char *key, const char *text)
{
	cf_json_key(&w->json, key);
	cf_json_string(&w->json, text);
}

/* The index of a frame is that of its function less one. */
static void put_frames(struct writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	uint32_t n = cf_dict_funcs(dict);
	g_autofree const struct cf_symbol **symbols = g_new0(const struct cf_symbol *, n);

	for (guint i = 0; i < w->trace->symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(w->trace->symbols, struct cf_symbol, i);

		symbols[symbol->func.id] = symbol;
	}
	cf_json_key(&w->json, "frames");
	cf_json_begin_array(&w->json);
	for (uint32_t i = 1; i < n; i++) {
		struct cf_func func = { i };
		/* Some have an address for a name. */
		gboolean named = cf_dict_func_info(dict, func).kind != CF_FRAME_UNRESOLVED ||
				 strcmp(cf_dict_func_name(dict, func), "[unresolved]") != 0;
		g_autofree char *unresolved = g_strdup_printf("[%s]", cf_dict_func_module(dict, func));

		cf_json_begin_object(&w->json);
		put_text(w, "name", named ? cf_dict_func_name(dict, func) : unresolved);
		if (symbols[i] && symbols[i]->file.id) {
			put_text(w, "file", cf_dict_text(dict, symbols[i]->file));
			if (symbols[i]->line) {
				cf_json_key(&w->json, "line");
				cf_json_int(&w->json, symbols[i]->line);
			}
		}
		cf_json_end_object(&w->json);
	}
	cf_json_end_array(&w->json);
}

static void put_stack(struct writer *w, struct cf_stack stack)
{
	g_array_set_size(w->path, 0);
	for (; stack.id; stack = cf_dict_stack_info(w->trace->dict, stack).caller)
		g_array_append_val(w->path, stack);
	cf_json_begin_array(&w->json);
	for (guint i = w->path->len; i-- > 0;)
		cf_json_int(&w->json, (int64_t)cf_dict_stack_info(w->trace->dict,
								  g_array_index(w->path, struct cf_stack, i))
						      .func.id -
					      1);
	cf_json_end_array(&w->json);
}

static gboolean is_of(const struct cf_stack_cost *cost, struct cf_metric metric, struct cf_group group)
{
	return cost->metric.id == metric.id && cost->group.id == group.id && cost->weight;
}

static void put_profile(struct writer *w, const GArray *costs, struct cf_metric metric, struct cf_group group,
			int64_t total)
{
	const struct cf_metric_info *info =
		&g_array_index(w->trace->metrics, struct cf_metric_info, metric.id);
	const char *thread =
		cf_dict_text(w->trace->dict, g_array_index(w->trace->groups, struct cf_str, group.id));
	const char *name = cf_dict_text(w->trace->dict, info->name);
	g_autofree char *both = g_strdup_printf("%s%s%s", thread, *thread ? ", " : "", name);

	cf_json_begin_object(&w->json);
	put_text(w, "type", "sampled");
	put_text(w, "name", both);
	put_text(w, "unit", unit_word(info->unit));
	put_text(w, "metric", name);
	put_text(w, "thread", thread);
	cf_json_key(&w->json, "startValue");
	cf_json_int(&w->json, 0);
	cf_json_key(&w->json, "endValue");
	cf_json_int(&w->json, total);
	cf_json_key(&w->json, "samples");
	cf_json_begin_array(&w->json);
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);

		if (is_of(cost, metric, group))
			put_stack(w, cost->stack);
	}
	cf_json_end_array(&w->json);
	cf_json_key(&w->json, "weights");
	cf_json_begin_array(&w->json);
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);

		if (is_of(cost, metric, group))
			cf_json_int(&w->json, cost->weight);
	}
	cf_json_end_array(&w->json);
	cf_json_end_object(&w->json);
}

/* The metric that was asked for comes first. */
static void put_metric(struct writer *w, const GArray *costs, struct cf_metric metric)
{
	g_autofree int64_t *totals = g_new0(int64_t, MAX(w->trace->groups->len, 1));

	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);

		if (cost->metric.id == metric.id)
			totals[cost->group.id] = cf_add_sat(totals[cost->group.id], cost->weight);
	}
	for (uint32_t g = 0; g < w->trace->groups->len; g++)
		if (totals[g])
			put_profile(w, costs, metric, (struct cf_group){ g }, totals[g]);
}

static int write_speedscope(const struct cf_export *export, struct cf_out *out, struct cf_diag *diag)
{
	struct writer w = { .trace = export->trace,
			    .path = g_array_new(FALSE, FALSE, sizeof(struct cf_stack)) };
	const struct cf_run_meta *meta = &export->trace->meta;

	cf_json_init(&w.json, out);
	cf_json_begin_object(&w.json);
	put_text(&w, "$schema", "https://www.speedscope.app/file-format-schema.json");
	put_text(&w, "name", meta->name ? meta->name : "profile");
	put_text(&w, "exporter", "callflow");
	cf_json_key(&w.json, "activeProfileIndex");
	cf_json_int(&w.json, 0);
	cf_json_key(&w.json, "shared");
	cf_json_begin_object(&w.json);
	put_frames(&w);
	cf_json_end_object(&w.json);
	cf_json_key(&w.json, "profiles");
	cf_json_begin_array(&w.json);
	put_metric(&w, export->costs, export->metric);
	for (uint32_t m = 0; export->all_metrics && m < export->trace->metrics->len; m++)
		if (m != export->metric.id)
			put_metric(&w, export->trace->stack_costs, (struct cf_metric){ m });
	cf_json_end_array(&w.json);
	cf_json_end_object(&w.json);
	cf_out_puts(out, "\n");
	g_array_unref(w.path);
	return 0;
}

const struct cf_exporter cf_exporter_speedscope = {
	.name = "speedscope",
	.extensions = "speedscope.json speedscope",
	.summary = "for speedscope.app",
	.write = write_speedscope,
};
