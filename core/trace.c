/* SPDX-License-Identifier: MIT */
/* trace: gathers the facts of one run, each interned and summed as it comes. */
#include "core/trace.h"

#include <string.h>

#include "core/trace_index.h"

static void clear_quality(gpointer data)
{
	struct cf_quality *q = data;

	g_free(q->key);
	g_free(q->subject);
	g_free(q->text);
	g_free(q->cure);
}

struct cf_trace *cf_trace_new(void)
{
	struct cf_trace *trace = g_new0(struct cf_trace, 1);

	trace->dict = cf_dict_new();
	trace->meta.labels = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, g_free);
	trace->metrics = g_array_new(FALSE, FALSE, sizeof(struct cf_metric_info));
	trace->threads = g_array_new(FALSE, FALSE, sizeof(struct cf_thread_info));
	trace->groups = g_array_new(FALSE, FALSE, sizeof(struct cf_str));
	trace->stack_costs = g_array_new(FALSE, FALSE, sizeof(struct cf_stack_cost));
	trace->thread_costs = g_array_new(FALSE, FALSE, sizeof(struct cf_thread_cost));
	trace->symbols = g_array_new(FALSE, FALSE, sizeof(struct cf_symbol));
	trace->calls = g_array_new(FALSE, FALSE, sizeof(struct cf_call_cost));
	trace->lines = g_array_new(FALSE, FALSE, sizeof(struct cf_line_cost));
	trace->spans = g_array_new(FALSE, FALSE, sizeof(struct cf_span));
	trace->series = g_array_new(FALSE, FALSE, sizeof(struct cf_series_info));
	trace->points = g_array_new(FALSE, FALSE, sizeof(struct cf_point));
	trace->quality = g_array_new(FALSE, FALSE, sizeof(struct cf_quality));
	trace->moments = g_array_new(FALSE, FALSE, sizeof(struct cf_sample));
	trace->moment_step = 1;
	g_array_set_clear_func(trace->quality, clear_quality);
	trace->index = g_new0(struct cf_trace_index, 1);
	trace->index->quality = g_hash_table_new_full(cf_str_hash, g_str_equal, g_free, NULL);
	trace->index->group_of_comm = g_array_new(FALSE, TRUE, sizeof(uint32_t));
	trace->index->described = g_byte_array_new();
	return trace;
}

void cf_trace_free(struct cf_trace *trace)
{
	if (!trace)
		return;
	cf_dict_free(trace->dict);
	g_free(trace->meta.name);
	g_free(trace->meta.command);
	g_free(trace->meta.host);
	g_free(trace->meta.os);
	g_free(trace->meta.cpu);
	g_free(trace->meta.commit);
	g_hash_table_unref(trace->meta.labels);
	g_array_unref(trace->metrics);
	g_array_unref(trace->threads);
	g_array_unref(trace->groups);
	g_array_unref(trace->stack_costs);
	g_array_unref(trace->thread_costs);
	g_array_unref(trace->symbols);
	g_array_unref(trace->calls);
	g_array_unref(trace->lines);
	g_array_unref(trace->spans);
	g_array_unref(trace->series);
	g_array_unref(trace->points);
	g_array_unref(trace->quality);
	g_array_unref(trace->moments);
	cf_table_release(&trace->index->threads);
	cf_table_release(&trace->index->stack_costs);
	cf_table_release(&trace->index->thread_costs);
	cf_table_release(&trace->index->calls);
	cf_table_release(&trace->index->lines);
	cf_table_release(&trace->index->series);
	cf_table_release(&trace->index->operations);
	cf_trace_tallies_free(trace->index->tallies);
	g_hash_table_unref(trace->index->quality);
	g_array_unref(trace->index->group_of_comm);
	g_byte_array_unref(trace->index->described);
	g_free(trace->index);
	g_free(trace);
}

unsigned cf_trace_facts(const struct cf_trace *trace)
{
	return (trace->stack_costs->len ? CF_FACTS_SAMPLES : 0) | (trace->calls->len ? CF_FACTS_CALLS : 0) |
	       (trace->lines->len ? CF_FACTS_LINES : 0) | (trace->spans->len ? CF_FACTS_SPANS : 0) |
	       (trace->points->len ? CF_FACTS_POINTS : 0);
}

char *cf_facts_text(unsigned facts)
{
	static const char *const names[] = { "samples", "calls", "lines", "spans", "points" };
	GString *text = g_string_new(NULL);

	for (unsigned i = 0, left = facts; i < G_N_ELEMENTS(names); i++) {
		if (!(facts & (1u << i)))
			continue;
		left &= ~(1u << i);
		g_string_append_printf(text, "%s%s", !text->len ? "" : left ? ", " : " or ", names[i]);
	}
	return g_string_free(text->len ? text : g_string_append(text, "facts"), FALSE);
}

gboolean cf_trace_is_call_graph(const struct cf_trace *trace)
{
	return !trace->stack_costs->len && (trace->calls->len || trace->lines->len);
}

struct cf_metric cf_trace_metric(struct cf_trace *trace, const char *name, enum cf_unit unit)
{
	struct cf_metric_info info = { cf_dict_str(trace->dict, name, -1), unit };

	for (uint32_t i = 0; i < trace->metrics->len; i++)
		if (g_array_index(trace->metrics, struct cf_metric_info, i).name.id == info.name.id)
			return (struct cf_metric){ i };
	g_array_append_val(trace->metrics, info);
	return (struct cf_metric){ trace->metrics->len - 1 };
}

/* The group of a comm that is interned as comm: "worker-12" and "worker-3" are both "worker-#". */
static struct cf_group group_of(struct cf_trace *trace, struct cf_str comm)
{
	GArray *known = trace->index->group_of_comm;
	g_autoptr(GString) folded = NULL;
	struct cf_str name;
	uint32_t group;

	if (comm.id >= known->len)
		g_array_set_size(known, comm.id + 1);
	group = g_array_index(known, uint32_t, comm.id);
	if (group)
		return (struct cf_group){ group - 1 };
	folded = g_string_new(NULL);
	for (const char *p = cf_dict_text(trace->dict, comm); *p;) {
		if (!g_ascii_isdigit(*p)) {
			g_string_append_c(folded, *p++);
			continue;
		}
		g_string_append_c(folded, '#');
		while (g_ascii_isdigit(*p))
			p++;
	}
	name = cf_dict_str(trace->dict, folded->str, (gssize)folded->len);
	if (name.id >= known->len)
		g_array_set_size(known, name.id + 1);
	group = g_array_index(known, uint32_t, name.id);
	if (!group) {
		g_array_append_val(trace->groups, name);
		group = trace->groups->len;
		/* Folding a folded name changes nothing. */
		g_array_index(known, uint32_t, name.id) = group;
	}
	g_array_index(known, uint32_t, comm.id) = group;
	return (struct cf_group){ group - 1 };
}

struct cf_group cf_trace_group(struct cf_trace *trace, const char *comm)
{
	return group_of(trace, cf_dict_str(trace->dict, comm, -1));
}

struct cf_thread cf_trace_thread(struct cf_trace *trace, int32_t pid, int32_t tid, const char *comm)
{
	struct cf_str name = cf_dict_str(trace->dict, comm, -1);
	struct cf_thread_info info = { pid, tid, name, { 0 } };
	uint32_t hash = cf_hash(((uint64_t)(uint32_t)pid << 32) | (uint32_t)tid, name.id), pos, id;

	for (pos = hash; (id = cf_table_next(&trace->index->threads, hash, &pos)) != 0;) {
		const struct cf_thread_info *t =
			&g_array_index(trace->threads, struct cf_thread_info, id - 1);

		if (t->pid == pid && t->tid == tid && t->comm.id == name.id)
			return (struct cf_thread){ id - 1 };
	}
	info.group = group_of(trace, name);
	g_array_append_val(trace->threads, info);
	cf_table_add(&trace->index->threads, hash, trace->threads->len);
	return (struct cf_thread){ trace->threads->len - 1 };
}

void cf_trace_add(struct cf_trace *trace, int64_t *sum, int64_t value)
{
	if (G_LIKELY(!__builtin_add_overflow(*sum, value, sum)))
		return;
	*sum = value > 0 ? INT64_MAX : INT64_MIN;
	cf_trace_quality(trace, "saturated", NULL, 1, 0, NULL, "a sum of weights passed 2^63 and was capped");
}

static gboolean is_cost(const struct cf_trace *trace, uint32_t row, const struct cf_stack_cost *cost)
{
	const struct cf_stack_cost *c;

	if (row >= trace->stack_costs->len)
		return FALSE;
	c = &g_array_index(trace->stack_costs, struct cf_stack_cost, row);
	return c->stack.id == cost->stack.id && c->group.id == cost->group.id &&
	       c->metric.id == cost->metric.id;
}

static void add_cost(struct cf_trace *trace, const struct cf_stack_cost *cost, uint32_t *row)
{
	struct cf_table *index = &trace->index->stack_costs;
	struct cf_stack_cost *c;

	if (!is_cost(trace, *row, cost)) {
		uint32_t hash = cf_hash(((uint64_t)cost->group.id << 32) | cost->metric.id, cost->stack.id);
		uint32_t pos = hash, id;

		g_assert(cost->group.id < trace->groups->len && cost->metric.id < trace->metrics->len &&
			 cost->stack.id < cf_dict_stacks(trace->dict));
		while ((id = cf_table_next(index, hash, &pos)) != 0 && !is_cost(trace, id - 1, cost))
			;
		if (id == 0) {
			*row = trace->stack_costs->len;
			g_array_append_vals(trace->stack_costs, cost, 1);
			cf_table_add(index, hash, trace->stack_costs->len);
			return;
		}
		*row = id - 1;
	}
	c = &g_array_index(trace->stack_costs, struct cf_stack_cost, *row);
	cf_trace_add(trace, &c->weight, cost->weight);
	cf_trace_add(trace, &c->count, cost->count);
}

void cf_trace_cost(struct cf_trace *trace, const struct cf_stack_cost *cost)
{
	add_cost(trace, cost, &(uint32_t){ 0 });
}

static gboolean is_thread_cost(const struct cf_trace *trace, uint32_t row, const struct cf_thread_cost *cost)
{
	const struct cf_thread_cost *c;

	if (row >= trace->thread_costs->len)
		return FALSE;
	c = &g_array_index(trace->thread_costs, struct cf_thread_cost, row);
	return c->thread.id == cost->thread.id && c->metric.id == cost->metric.id;
}

static void add_thread_cost(struct cf_trace *trace, const struct cf_thread_cost *cost, uint32_t *row)
{
	struct cf_table *index = &trace->index->thread_costs;
	struct cf_thread_cost *c;

	if (!is_thread_cost(trace, *row, cost)) {
		uint32_t hash = cf_hash(cost->thread.id, cost->metric.id), pos = hash, id;

		g_assert(cost->thread.id < trace->threads->len && cost->metric.id < trace->metrics->len);
		while ((id = cf_table_next(index, hash, &pos)) != 0 && !is_thread_cost(trace, id - 1, cost))
			;
		if (id == 0) {
			*row = trace->thread_costs->len;
			g_array_append_vals(trace->thread_costs, cost, 1);
			cf_table_add(index, hash, trace->thread_costs->len);
			return;
		}
		*row = id - 1;
	}
	c = &g_array_index(trace->thread_costs, struct cf_thread_cost, *row);
	cf_trace_add(trace, &c->weight, cost->weight);
	cf_trace_add(trace, &c->count, cost->count);
}

void cf_trace_thread_cost(struct cf_trace *trace, const struct cf_thread_cost *cost)
{
	add_thread_cost(trace, cost, &(uint32_t){ 0 });
}

void cf_trace_sample_at(struct cf_trace *trace, const struct cf_sample *sample, uint32_t *stack_row,
			uint32_t *thread_row)
{
	struct cf_group group;

	g_assert(sample->thread.id < trace->threads->len);
	group = g_array_index(trace->threads, struct cf_thread_info, sample->thread.id).group;
	add_cost(trace, &(struct cf_stack_cost){ group, sample->metric, sample->stack, sample->weight, 1 },
		 stack_row);
	add_thread_cost(trace, &(struct cf_thread_cost){ sample->thread, sample->metric, sample->weight, 1 },
			thread_row);
	if (sample->time && !sample->metric.id)
		cf_trace_keep_moment(trace, sample);
}

void cf_trace_sample(struct cf_trace *trace, const struct cf_sample *sample)
{
	cf_trace_sample_at(trace, sample, &(uint32_t){ 0 }, &(uint32_t){ 0 });
}

void cf_trace_symbol(struct cf_trace *trace, const struct cf_symbol *symbol)
{
	GByteArray *described = trace->index->described;
	guint before = described->len;

	g_assert(symbol->func.id < cf_dict_funcs(trace->dict));
	if (symbol->func.id >= before) {
		g_byte_array_set_size(described, symbol->func.id + 1);
		memset(described->data + before, 0, described->len - before);
	}
	if (described->data[symbol->func.id])
		return;
	described->data[symbol->func.id] = 1;
	g_array_append_vals(trace->symbols, symbol, 1);
}

void cf_trace_quality(struct cf_trace *trace, const char *key, const char *subject, int64_t count,
		      int64_t weight, const char *cure, const char *fmt, ...)
{
	g_autofree char *both = g_strconcat(key, "\n", subject ? subject : "", NULL);
	guint id = GPOINTER_TO_UINT(g_hash_table_lookup(trace->index->quality, both));
	struct cf_quality row = { 0 };
	va_list ap;

	if (id) {
		struct cf_quality *q = &g_array_index(trace->quality, struct cf_quality, id - 1);

		if (__builtin_add_overflow(q->count, count, &q->count))
			q->count = count > 0 ? INT64_MAX : INT64_MIN;
		if (__builtin_add_overflow(q->weight, weight, &q->weight))
			q->weight = weight > 0 ? INT64_MAX : INT64_MIN;
		return;
	}
	row.key = g_strdup(key);
	row.subject = g_strdup(subject);
	row.count = count;
	row.weight = weight;
	va_start(ap, fmt);
	row.text = g_strdup_vprintf(fmt, ap);
	va_end(ap);
	row.cure = g_strdup(cure);
	g_array_append_val(trace->quality, row);
	g_hash_table_insert(trace->index->quality, g_steal_pointer(&both),
			    GUINT_TO_POINTER(trace->quality->len));
}
