/* SPDX-License-Identifier: MIT */
/* format_fixture: what an importer makes of a text, as text. */
#ifndef CF_TESTS_FORMAT_FIXTURE_H
#define CF_TESTS_FORMAT_FIXTURE_H

#include <math.h>
#include <string.h>

#include "core/sum.h"
#include "ingest/format.h"
#include "tests/unit/suite.h"

static inline void collect(void *ctx, enum cf_severity severity, const struct cf_loc *loc, const char *text)
{
	g_autofree char *where = cf_loc_text(loc);

	g_string_append_printf(ctx, "%s: %s%s\n", where, severity == CF_WARNING ? "warning: " : "", text);
}

static inline const char *metric_name(const struct cf_trace *t, struct cf_metric metric)
{
	return cf_dict_text(t->dict, g_array_index(t->metrics, struct cf_metric_info, metric.id).name);
}

/* "main;work[prog];malloc[libc.so.6]": kinds other than native follow the name as "/kind". */
static inline void dump_stack(GString *out, const struct cf_trace *t, struct cf_stack stack)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (struct cf_stack s = stack; s.id; s = cf_dict_stack_info(t->dict, s).caller) {
		struct cf_stack_info info = cf_dict_stack_info(t->dict, s);
		const char *module = cf_dict_func_module(t->dict, info.func);
		g_autofree char *frame = g_strdup_printf(
			"%s%s%s%s%s%s%s", cf_dict_func_name(t->dict, info.func), *module ? "[" : "", module,
			*module ? "]" : "", info.kind == CF_FRAME_NATIVE ? "" : "/",
			info.kind == CF_FRAME_NATIVE ? "" : cf_frame_kind_name(info.kind),
			text->len ? ";" : "");

		g_string_prepend(text, frame);
	}
	g_string_append(out, text->str);
}

/* "a;b metric weight count": in the order of the trace. */
static inline void dump_costs(GString *out, const struct cf_trace *t)
{
	for (guint i = 0; i < t->stack_costs->len; i++) {
		const struct cf_stack_cost *c = &g_array_index(t->stack_costs, struct cf_stack_cost, i);

		dump_stack(out, t, c->stack);
		g_string_append_printf(out, " | %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
				       metric_name(t, c->metric), c->weight, c->count);
	}
	for (guint i = 0; i < t->lines->len; i++) {
		const struct cf_line_cost *c = &g_array_index(t->lines, struct cf_line_cost, i);

		g_string_append_printf(out, "%s %s:%u | %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
				       cf_dict_func_name(t->dict, c->func), cf_dict_text(t->dict, c->file),
				       c->line, metric_name(t, c->metric), c->weight, c->count);
	}
}

/* "series (unit, better, x): x=1 2": points in their order. */
static inline void dump_points(GString *out, const struct cf_trace *t)
{
	for (guint i = 0; i < t->series->len; i++) {
		const struct cf_series_info *s = &g_array_index(t->series, struct cf_series_info, i);

		g_string_append_printf(out, "%s (%s, %s, %s):", cf_dict_text(t->dict, s->name),
				       cf_dict_text(t->dict, s->unit), cf_dict_text(t->dict, s->better),
				       cf_dict_text(t->dict, s->x));
		for (guint p = 0; p < t->points->len; p++) {
			const struct cf_point *point = &g_array_index(t->points, struct cf_point, p);

			if (point->series.id != i)
				continue;
			if (isnan(point->x))
				g_string_append_printf(out, " %.10g", point->value);
			else
				g_string_append_printf(out, " %.10g=%.10g", point->x, point->value);
		}
		g_string_append_c(out, '\n');
	}
}

static inline void dump_quality(GString *out, const struct cf_trace *t)
{
	for (guint i = 0; i < t->quality->len; i++) {
		const struct cf_quality *q = &g_array_index(t->quality, struct cf_quality, i);

		g_string_append_printf(out, "! %s %s %" G_GINT64_FORMAT "\n", q->key,
				       q->subject ? q->subject : "-", q->count);
	}
}

/* "2<1 service/name server error 10+5": number, that of its parent, start and duration. */
static inline void dump_spans(GString *out, const struct cf_trace *t)
{
	for (guint i = 0; i < t->spans->len; i++) {
		const struct cf_span *s = &g_array_index(t->spans, struct cf_span, i);
		const char *peer = cf_dict_text(t->dict, s->peer);

		g_string_append_printf(out, "%u<%u %s/%s %s%s%s %" G_GINT64_FORMAT "+%" G_GINT64_FORMAT,
				       i + 1, s->parent, cf_dict_text(t->dict, s->service),
				       cf_dict_text(t->dict, s->name), cf_span_kind_name(s->kind),
				       s->status ? " " : "", cf_span_status_name(s->status), s->start_ns,
				       s->duration_ns);
		g_string_append_printf(out, "%s%s\n", *peer ? " -> " : "", peer);
	}
}

/* "caller -> callee | metric weight calls" */
static inline void dump_calls(GString *out, const struct cf_trace *t)
{
	for (guint i = 0; i < t->calls->len; i++) {
		const struct cf_call_cost *c = &g_array_index(t->calls, struct cf_call_cost, i);

		g_string_append_printf(out, "%s -> %s | %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
				       cf_dict_func_name(t->dict, c->caller),
				       cf_dict_func_name(t->dict, c->callee), metric_name(t, c->metric),
				       c->weight, c->calls);
	}
}

/* With ' for ". */
static inline char *quoted(const char *text)
{
	return g_strdelimit(g_strdup(text), "'", '"');
}

static inline void dump_meta(GString *out, const struct cf_trace *t)
{
	if (t->meta.name)
		g_string_append_printf(out, "name %s\n", t->meta.name);
	if (t->meta.command)
		g_string_append_printf(out, "command %s\n", t->meta.command);
	if (t->meta.start_source == CF_START_INPUT)
		g_string_append_printf(out, "start %" G_GINT64_FORMAT "\n", t->meta.start_ns);
	if (t->meta.duration_ns)
		g_string_append_printf(out, "duration %" G_GINT64_FORMAT "\n", t->meta.duration_ns);
}

/* The sum of each thread's costs equals that of the stacks'. */
static inline void check_sums(const struct cf_trace *t)
{
	for (guint m = 0; m < t->metrics->len; m++) {
		int64_t stacks = 0, threads = 0;

		for (guint i = 0; i < t->stack_costs->len; i++) {
			const struct cf_stack_cost *c =
				&g_array_index(t->stack_costs, struct cf_stack_cost, i);

			stacks = cf_add_sat(stacks, c->metric.id == m ? c->weight : 0);
		}
		for (guint i = 0; i < t->thread_costs->len; i++) {
			const struct cf_thread_cost *c =
				&g_array_index(t->thread_costs, struct cf_thread_cost, i);

			threads = cf_add_sat(threads, c->metric.id == m ? c->weight : 0);
		}
		ck_assert_int_eq(stacks, threads);
	}
}

/* setting: "partial=true", or NULL. The text is copied so that a sanitizer sees any step outside. */
static inline char *read_bytes(const struct cf_format *format, const char *text, size_t len,
			       const char *setting)
{
	const struct cf_param *tables[] = { cf_format_common_params, format->params, NULL };
	g_autofree uint8_t *copy = g_malloc(MAX(len, 1));
	struct cf_input input = { .path = "f", .bytes = { copy, len } };
	GString *out = g_string_new(NULL);
	struct cf_diag diag = { .consume = collect, .ctx = out };
	struct cf_params *params = cf_params_new(tables);
	struct cf_trace *t = cf_trace_new();

	memcpy(copy, text, len);
	if (setting) {
		g_auto(GStrv) pair = g_strsplit(setting, "=", 2);

		ck_assert_int_eq(cf_params_set(params, pair[0], pair[1], NULL, &diag), 0);
	}
	if (format->read(&input, params, t, &diag) == 0) {
		ck_assert_uint_eq(diag.errors, 0);
		check_sums(t);
		dump_meta(out, t);
		dump_spans(out, t);
		dump_costs(out, t);
		dump_calls(out, t);
		dump_points(out, t);
		dump_quality(out, t);
	} else {
		ck_assert_msg(diag.errors == 1, "%u errors: %s", diag.errors, out->str);
	}
	cf_trace_free(t);
	cf_params_free(params);
	return g_string_free(out, FALSE);
}

/* The text as read is `want`, all of it. */
static inline void reads_as(const struct cf_format *format, const char *text, const char *want)
{
	g_autofree char *got = read_bytes(format, text, strlen(text), NULL);

	ck_assert_str_eq(got, want);
}

/* The same of JSON that is written with ' for ". */
static inline void reads_json(const struct cf_format *format, const char *text, const char *want)
{
	g_autofree char *json = quoted(text);

	reads_as(format, json, want);
}

static inline enum cf_bid bid(const struct cf_format *format, const char *text);

static inline enum cf_bid bid_json(const struct cf_format *format, const char *text)
{
	g_autofree char *json = quoted(text);

	return bid(format, json);
}

static inline void reads_as_set(const struct cf_format *format, const char *setting, const char *text,
				const char *want)
{
	g_autofree char *got = read_bytes(format, text, strlen(text), setting);

	ck_assert_str_eq(got, want);
}

static inline enum cf_bid bid(const struct cf_format *format, const char *text)
{
	struct cf_input input = { .path = "f", .bytes = { (const uint8_t *)text, strlen(text) } };
	struct cf_json_shape *shape = cf_json_shape_new(input.bytes);
	const char *why = NULL;
	enum cf_bid bid;

	input.json = shape;
	bid = format->probe(&input, &why);
	cf_json_shape_free(shape);
	ck_assert(bid > CF_BID_NEAR || why);
	return bid;
}

#endif
