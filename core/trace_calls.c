/* SPDX-License-Identifier: MIT */
/* trace_calls: gathers call edges and source lines, each summed as it comes. */
#include "core/trace_index.h"

static gboolean is_call(const struct cf_trace *trace, uint32_t row, const struct cf_call_cost *call)
{
	const struct cf_call_cost *c = &g_array_index(trace->calls, struct cf_call_cost, row);

	return c->caller.id == call->caller.id && c->callee.id == call->callee.id &&
	       c->metric.id == call->metric.id;
}

void cf_trace_call(struct cf_trace *trace, const struct cf_call_cost *call)
{
	struct cf_table *index = &trace->index->calls;
	uint32_t hash = cf_hash(((uint64_t)call->caller.id << 32) | call->callee.id, call->metric.id);
	uint32_t pos = hash, id;
	struct cf_call_cost *c;

	g_assert(call->caller.id && call->callee.id && call->metric.id < trace->metrics->len);
	while ((id = cf_table_next(index, hash, &pos)) != 0 && !is_call(trace, id - 1, call))
		;
	if (id == 0) {
		g_array_append_vals(trace->calls, call, 1);
		cf_table_add(index, hash, trace->calls->len);
		return;
	}
	c = &g_array_index(trace->calls, struct cf_call_cost, id - 1);
	cf_trace_add(trace, &c->weight, call->weight);
	cf_trace_add(trace, &c->calls, call->calls);
}

static gboolean is_line(const struct cf_trace *trace, uint32_t row, const struct cf_line_cost *line)
{
	const struct cf_line_cost *l = &g_array_index(trace->lines, struct cf_line_cost, row);

	return l->func.id == line->func.id && l->file.id == line->file.id && l->line == line->line &&
	       l->metric.id == line->metric.id;
}

void cf_trace_line(struct cf_trace *trace, const struct cf_line_cost *line)
{
	struct cf_table *index = &trace->index->lines;
	uint32_t hash = cf_hash(((uint64_t)line->func.id << 32) | line->file.id,
				((uint64_t)line->line << 32) | line->metric.id);
	uint32_t pos = hash, id;
	struct cf_line_cost *l;

	g_assert(line->func.id && line->metric.id < trace->metrics->len);
	while ((id = cf_table_next(index, hash, &pos)) != 0 && !is_line(trace, id - 1, line))
		;
	if (id == 0) {
		g_array_append_vals(trace->lines, line, 1);
		cf_table_add(index, hash, trace->lines->len);
		return;
	}
	l = &g_array_index(trace->lines, struct cf_line_cost, id - 1);
	cf_trace_add(trace, &l->weight, line->weight);
	cf_trace_add(trace, &l->count, line->count);
}
