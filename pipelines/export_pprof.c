/* SPDX-License-Identifier: MIT */
/* export_pprof: stacks as a profile of pprof's profile.proto. */
/*
 * A sample per thread group and stack, with the values of all metrics (or of the one that was asked for) and its group as
 * the label "thread". A location per function and kind of frame, since addresses aren't kept with stacks: a frame that was
 * inlined is one that was called. Metrics of ns and bytes say so; samples are a sample type of their own unless a metric
 * counts them already.
 */
#include "core/sum.h"
#include "pipelines/export.h"

#include "core/hash.h"
#include <stdbool.h>
#include <string.h>

/* Field numbers of Profile. */
enum {
	SAMPLE_TYPE = 1,
	SAMPLE,
	MAPPING,
	LOCATION,
	FUNCTION,
	STRING,
	TIME = 9,
	DURATION = 10,
	DEFAULT_TYPE = 14
};

struct writer {
	const struct cf_trace *trace;
	struct cf_out *out;
	GByteArray *message; /* scratch: of a field of the profile */
	GByteArray *inner;   /* scratch: of a field of that */
	GHashTable *strings; /* char * -> number */
	GPtrArray *texts;    /* in the order of their numbers */
	GArray *metrics;     /* struct cf_metric */
	bool counts;         /* the last value is the number of samples */
};

static void put_varint(GByteArray *bytes, uint64_t value)
{
	uint8_t buffer[10];
	guint n = 0;

	do {
		buffer[n] = (uint8_t)(value & 0x7f);
		value >>= 7;
		if (value)
			buffer[n] |= 0x80;
		n++;
	} while (value);
	g_byte_array_append(bytes, buffer, n);
}

/* A number that isn't 0; those that are stand for themselves. */
static void put_number(GByteArray *bytes, uint32_t field, uint64_t value)
{
	if (!value)
		return;
	put_varint(bytes, (uint64_t)field << 3);
	put_varint(bytes, value);
}

static void put_bytes(GByteArray *bytes, uint32_t field, const void *data, gsize len)
{
	put_varint(bytes, (uint64_t)field << 3 | 2);
	put_varint(bytes, len);
	g_byte_array_append(bytes, data, (guint)len);
}

/* The scratch message as a field of the profile. */
static void flush(struct writer *w, uint32_t field)
{
	g_autoptr(GByteArray) head = g_byte_array_new();

	put_varint(head, (uint64_t)field << 3 | 2);
	put_varint(head, w->message->len);
	cf_out_write(w->out, head->data, head->len);
	cf_out_write(w->out, w->message->data, w->message->len);
	g_byte_array_set_size(w->message, 0);
}

static uint64_t string_number(struct writer *w, const char *text)
{
	gpointer number;

	if (g_hash_table_lookup_extended(w->strings, text, NULL, &number))
		return GPOINTER_TO_UINT(number);
	g_ptr_array_add(w->texts, g_strdup(text));
	g_hash_table_insert(w->strings, g_ptr_array_index(w->texts, w->texts->len - 1),
			    GUINT_TO_POINTER(w->texts->len - 1));
	return w->texts->len - 1;
}

static void put_type(struct writer *w, const char *type, const char *unit)
{
	put_number(w->message, 1, string_number(w, type));
	put_number(w->message, 2, string_number(w, unit));
	flush(w, SAMPLE_TYPE);
}

static const char *unit_word(enum cf_unit unit)
{
	return unit == CF_UNIT_NS ? "nanoseconds" : unit == CF_UNIT_BYTES ? "bytes" : "count";
}

static const struct cf_metric_info *metric_info(const struct writer *w, struct cf_metric metric)
{
	return &g_array_index(w->trace->metrics, struct cf_metric_info, metric.id);
}

static void put_types(struct writer *w, struct cf_metric first)
{
	if (w->counts)
		put_type(w, "samples", "count");
	for (guint i = 0; i < w->metrics->len; i++) {
		const struct cf_metric_info *info =
			metric_info(w, g_array_index(w->metrics, struct cf_metric, i));

		put_type(w, cf_dict_text(w->trace->dict, info->name), unit_word(info->unit));
	}
	put_number(w->message, DEFAULT_TYPE,
		   string_number(w, cf_dict_text(w->trace->dict, metric_info(w, first)->name)));
	cf_out_write(w->out, w->message->data, w->message->len);
	g_byte_array_set_size(w->message, 0);
}

/* Costs of one stack and group lie together. */
static gint by_group_and_stack(gconstpointer a, gconstpointer b)
{
	const struct cf_stack_cost *x = *(const struct cf_stack_cost *const *)a,
				   *y = *(const struct cf_stack_cost *const *)b;

	if (x->group.id != y->group.id)
		return x->group.id < y->group.id ? -1 : 1;
	if (x->stack.id != y->stack.id)
		return x->stack.id < y->stack.id ? -1 : 1;
	return x->metric.id < y->metric.id ? -1 : x->metric.id > y->metric.id;
}

/* Location ids are those of functions: a function is one location, whatever it was inlined into. */
static void put_stack(struct writer *w, struct cf_stack stack)
{
	g_byte_array_set_size(w->inner, 0);
	for (; stack.id; stack = cf_dict_stack_info(w->trace->dict, stack).caller)
		put_varint(w->inner, cf_dict_stack_info(w->trace->dict, stack).func.id);
	if (w->inner->len)
		put_bytes(w->message, 1, w->inner->data, w->inner->len);
}

static void put_label(struct writer *w, struct cf_group group)
{
	const char *name =
		cf_dict_text(w->trace->dict, g_array_index(w->trace->groups, struct cf_str, group.id));

	if (!*name)
		return;
	g_byte_array_set_size(w->inner, 0);
	put_number(w->inner, 1, string_number(w, "thread"));
	put_number(w->inner, 2, string_number(w, name));
	put_bytes(w->message, 3, w->inner->data, w->inner->len);
}

/* The costs [from, to) are those of one stack and group. */
static void put_sample(struct writer *w, GPtrArray *costs, guint from, guint to)
{
	const struct cf_stack_cost *first = g_ptr_array_index(costs, from);

	put_stack(w, first->stack);
	g_byte_array_set_size(w->inner, 0);
	if (w->counts)
		put_varint(w->inner, (uint64_t)first->count);
	for (guint m = 0; m < w->metrics->len; m++) {
		struct cf_metric metric = g_array_index(w->metrics, struct cf_metric, m);
		int64_t weight = 0;

		for (guint i = from; i < to; i++) {
			const struct cf_stack_cost *cost = g_ptr_array_index(costs, i);

			if (cost->metric.id == metric.id)
				weight = cf_add_sat(weight, cost->weight);
		}
		put_varint(w->inner, (uint64_t)weight);
	}
	put_bytes(w->message, 2, w->inner->data, w->inner->len);
	put_label(w, first->group);
	flush(w, SAMPLE);
}

static void put_samples(struct writer *w, const GArray *all)
{
	g_autoptr(GPtrArray) costs = g_ptr_array_new();

	for (guint i = 0; i < all->len; i++)
		g_ptr_array_add(costs, &g_array_index(all, struct cf_stack_cost, i));
	g_ptr_array_sort(costs, by_group_and_stack);
	for (guint from = 0, to; from < costs->len; from = to) {
		const struct cf_stack_cost *first = g_ptr_array_index(costs, from);

		for (to = from + 1; to < costs->len; to++) {
			const struct cf_stack_cost *cost = g_ptr_array_index(costs, to);

			if (cost->stack.id != first->stack.id || cost->group.id != first->group.id)
				break;
		}
		put_sample(w, costs, from, to);
	}
}

static void put_mappings(struct writer *w)
{
	const struct cf_dict *dict = w->trace->dict;

	for (uint32_t i = 1; i < cf_dict_modules(dict); i++) {
		struct cf_module_info info = cf_dict_module_info(dict, (struct cf_module){ i });
		const char *path = cf_dict_text(dict, info.path);

		put_number(w->message, 1, i);
		put_number(w->message, 5, string_number(w, *path ? path : cf_dict_text(dict, info.name)));
		put_number(w->message, 6, string_number(w, cf_dict_text(dict, info.build_id)));
		/* What is resolved isn't to be resolved again. */
		for (uint32_t has = 7; has <= 10; has++)
			put_number(w->message, has, 1);
		flush(w, MAPPING);
	}
}

static void put_functions(struct writer *w)
{
	const struct cf_dict *dict = w->trace->dict;
	uint32_t n = cf_dict_funcs(dict);
	g_autofree const struct cf_symbol **symbols = g_new0(const struct cf_symbol *, n);

	for (guint i = 0; i < w->trace->symbols->len; i++) {
		const struct cf_symbol *symbol = &g_array_index(w->trace->symbols, struct cf_symbol, i);

		symbols[symbol->func.id] = symbol;
	}
	for (uint32_t i = 1; i < n; i++) {
		struct cf_func_info info = cf_dict_func_info(dict, (struct cf_func){ i });
		uint64_t name = string_number(w, cf_dict_text(dict, info.name));

		put_number(w->message, 1, i);
		put_number(w->message, 2, name);
		put_number(w->message, 3, name);
		if (symbols[i]) {
			put_number(w->message, 4, string_number(w, cf_dict_text(dict, symbols[i]->file)));
			put_number(w->message, 5, symbols[i]->line);
		}
		flush(w, FUNCTION);
		g_byte_array_set_size(w->inner, 0);
		put_number(w->inner, 1, i);
		if (symbols[i])
			put_number(w->inner, 2, symbols[i]->line);
		put_number(w->message, 1, i);
		put_number(w->message, 2, info.module.id);
		/* Some have an address for a name. */
		if (info.kind != CF_FRAME_UNRESOLVED || strcmp(cf_dict_text(dict, info.name), "[unresolved]"))
			put_bytes(w->message, 4, w->inner->data, w->inner->len);
		flush(w, LOCATION);
	}
}

static void put_rest(struct writer *w)
{
	const struct cf_run_meta *meta = &w->trace->meta;

	if (meta->start_ns > 0)
		put_number(w->message, TIME, (uint64_t)meta->start_ns);
	put_number(w->message, DURATION, (uint64_t)meta->duration_ns);
	cf_out_write(w->out, w->message->data, w->message->len);
	for (guint i = 0; i < w->texts->len; i++) {
		const char *text = g_ptr_array_index(w->texts, i);
		g_autofree char *valid = g_utf8_make_valid(text, -1);

		g_byte_array_set_size(w->message, 0);
		g_byte_array_append(w->message, (const guint8 *)valid, (guint)strlen(valid));
		flush(w, STRING);
	}
}

/* Is there a cost in a metric that counts by itself (samples, objects)? */
static bool any_counted(const struct writer *w, const GArray *costs)
{
	for (guint i = 0; i < costs->len; i++) {
		const struct cf_stack_cost *cost = &g_array_index(costs, struct cf_stack_cost, i);

		if (cost->weight && metric_info(w, cost->metric)->unit == CF_UNIT_COUNT)
			return true;
	}
	return false;
}

static int write_pprof(const struct cf_export *export, struct cf_out *out, struct cf_diag *diag)
{
	struct writer w = { .trace = export->trace,
			    .out = out,
			    .message = g_byte_array_new(),
			    .inner = g_byte_array_new(),
			    .strings = g_hash_table_new(cf_str_hash, g_str_equal),
			    .texts = g_ptr_array_new_with_free_func(g_free),
			    .metrics = g_array_new(FALSE, FALSE, sizeof(struct cf_metric)) };

	const GArray *costs = export->all_metrics ? export->trace->stack_costs : export->costs;

	/* Readers that don't know of a default show the last. */
	for (uint32_t m = 0; export->all_metrics && m < export->trace->metrics->len; m++) {
		struct cf_metric metric = { m };

		if (m != export->metric.id)
			g_array_append_val(w.metrics, metric);
	}
	g_array_append_val(w.metrics, export->metric);
	w.counts = !any_counted(&w, costs);
	string_number(&w, "");
	put_types(&w, export->metric);
	put_samples(&w, costs);
	put_mappings(&w);
	put_functions(&w);
	put_rest(&w);
	g_byte_array_unref(w.message);
	g_byte_array_unref(w.inner);
	g_hash_table_unref(w.strings);
	g_ptr_array_unref(w.texts);
	g_array_unref(w.metrics);
	return 0;
}

const struct cf_exporter cf_exporter_pprof = {
	.name = "pprof",
	.extensions = "pprof pb",
	.summary = "profile.proto for pprof",
	.binary = TRUE,
	.write = write_pprof,
};
