/* SPDX-License-Identifier: MIT */
/* costs: sums up cost lines by function and source line, and calls by caller and callee. */
#include "ingest/callgrind/costs.h"

#include "core/sum.h"

static void rows_init(struct cf_callgrind_rows *rows, guint key_size)
{
	rows->keys = g_array_new(FALSE, FALSE, key_size);
	rows->spans = g_array_new(FALSE, FALSE, sizeof(struct cf_callgrind_span));
	rows->costs = g_array_sized_new(FALSE, TRUE, sizeof(int64_t), 64);
}

static void rows_release(struct cf_callgrind_rows *rows)
{
	g_array_unref(rows->keys);
	g_array_unref(rows->spans);
	g_array_unref(rows->costs);
	cf_table_release(&rows->index);
}

void cf_callgrind_costs_init(struct cf_callgrind_costs *costs, struct cf_trace *trace)
{
	*costs = (struct cf_callgrind_costs){ .trace = trace };
	rows_init(&costs->lines, sizeof(struct cf_callgrind_line));
	rows_init(&costs->calls, sizeof(struct cf_callgrind_call));
}

void cf_callgrind_costs_release(struct cf_callgrind_costs *costs)
{
	rows_release(&costs->lines);
	rows_release(&costs->calls);
}

/* Appends a row without costs; its number + 1. */
static uint32_t append(struct cf_callgrind_rows *rows, const void *key, uint32_t hash)
{
	const struct cf_callgrind_span none = { rows->costs->len, 0 };

	g_array_append_vals(rows->keys, key, 1);
	g_array_append_val(rows->spans, none);
	cf_table_add(&rows->index, hash, rows->keys->len);
	return rows->keys->len;
}

static int64_t *costs_at(const struct cf_callgrind_rows *rows, const struct cf_callgrind_span *span)
{
	return (int64_t *)(void *)rows->costs->data + span->at;
}

/* Gives the row room for width costs: where it is when it is the last one, else at the end. */
static void widen(struct cf_callgrind_rows *rows, struct cf_callgrind_span *span, uint32_t width)
{
	const struct cf_callgrind_span old = *span;
	uint64_t end = rows->costs->len;

	if (old.at + old.width != end)
		span->at = (uint32_t)end;
	span->width = MAX(width, MIN(2 * old.width, CF_CALLGRIND_EVENTS_MAX));
	g_assert((uint64_t)span->at + span->width <= G_MAXUINT32);
	g_array_set_size(rows->costs, span->at + span->width);
	if (span->at != old.at)
		memcpy(costs_at(rows, span), costs_at(rows, &old), old.width * sizeof(int64_t));
}

static void add(struct cf_callgrind_costs *costs, struct cf_callgrind_rows *rows, const int64_t *values,
		const uint32_t *columns, unsigned n)
{
	struct cf_callgrind_span *span =
		&g_array_index(rows->spans, struct cf_callgrind_span, rows->last - 1);
	uint32_t width = 0;
	int64_t *sums;

	for (unsigned i = 0; i < n; i++)
		if (values[i])
			width = MAX(width, columns[i] + 1);
	if (width > span->width)
		widen(rows, span, width);
	sums = costs_at(rows, span);
	for (unsigned i = 0; i < n; i++) {
		int64_t *sum = &sums[columns[i]];

		if (values[i] && G_UNLIKELY(__builtin_add_overflow(*sum, values[i], sum))) {
			*sum = INT64_MAX;
			costs->capped++;
		}
	}
}

static bool is_line(const struct cf_callgrind_rows *rows, uint32_t id, const struct cf_callgrind_line *key)
{
	const struct cf_callgrind_line *l = &g_array_index(rows->keys, struct cf_callgrind_line, id - 1);

	return l->func.id == key->func.id && l->line == key->line && l->file.id == key->file.id;
}

void cf_callgrind_add_line(struct cf_callgrind_costs *costs, const struct cf_callgrind_line *line,
			   const int64_t *values, const uint32_t *columns, unsigned n)
{
	struct cf_callgrind_rows *rows = &costs->lines;

	/* Instructions that follow each other are mostly of one line. */
	if (!rows->last || !is_line(rows, rows->last, line)) {
		/* Eight lines in a row lie side by side in the table. */
		uint32_t hash = cf_hash(((uint64_t)line->func.id << 32) | line->file.id, line->line >> 3) +
				(line->line & 7);
		uint32_t pos = hash, id;

		while ((id = cf_table_next(&rows->index, hash, &pos)) != 0 && !is_line(rows, id, line))
			;
		rows->last = id ? id : append(rows, line, hash);
	}
	add(costs, rows, values, columns, n);
}

static bool is_call(const struct cf_callgrind_rows *rows, uint32_t id, const struct cf_callgrind_call *key)
{
	const struct cf_callgrind_call *c = &g_array_index(rows->keys, struct cf_callgrind_call, id - 1);

	return c->caller.id == key->caller.id && c->callee.id == key->callee.id;
}

void cf_callgrind_add_call(struct cf_callgrind_costs *costs, const struct cf_callgrind_call *call,
			   const int64_t *values, const uint32_t *columns, unsigned n)
{
	struct cf_callgrind_rows *rows = &costs->calls;
	const struct cf_callgrind_call key = { call->caller, call->callee, 0 };
	uint32_t hash = cf_hash(call->caller.id, call->callee.id), pos = hash, id;
	struct cf_callgrind_call *row;

	while ((id = cf_table_next(&rows->index, hash, &pos)) != 0 && !is_call(rows, id, call))
		;
	rows->last = id ? id : append(rows, &key, hash);
	row = &g_array_index(rows->keys, struct cf_callgrind_call, rows->last - 1);
	row->calls = cf_add_sat(row->calls, call->calls);
	add(costs, rows, values, columns, n);
}

/* A metric of the trace: the cost of a row in it is the sum of its events' costs by factors. */
struct column {
	struct cf_metric metric;
	int event;                                  /* that it is, or -1 */
	const struct cf_callgrind_derived *derived; /* else */
};

static GArray *make_columns(struct cf_trace *trace, const struct cf_callgrind_events *events)
{
	GArray *columns = g_array_new(FALSE, FALSE, sizeof(struct column));

	for (guint i = 0; i < events->names->len; i++) {
		const struct column column = { cf_trace_metric(trace, g_ptr_array_index(events->names, i),
							       CF_UNIT_COUNT),
					       (int)i, NULL };

		g_array_append_val(columns, column);
	}
	for (guint i = 0; i < events->derived->len; i++) {
		const struct cf_callgrind_derived *one =
			&g_array_index(events->derived, struct cf_callgrind_derived, i);
		guint before = trace->metrics->len;
		const struct column column = { one->resolved
						       ? cf_trace_metric(trace, one->name, CF_UNIT_COUNT)
						       : (struct cf_metric){ 0 },
					       -1, one };

		/* What is counted isn't computed. */
		if (one->resolved && trace->metrics->len > before)
			g_array_append_val(columns, column);
	}
	return columns;
}

/* costs: of a row, n of them. */
static int64_t cost_of(const struct column *column, const int64_t *costs, unsigned n)
{
	int64_t sum = 0;

	if (column->event >= 0)
		return (unsigned)column->event < n ? costs[column->event] : 0;
	for (unsigned i = 0; i < n; i++)
		if (column->derived->factors[i] && costs[i])
			sum = cf_add_sat(sum, cf_mul_sat(column->derived->factors[i], costs[i]));
	return sum;
}

static bool is_zero(const int64_t *costs, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (costs[i])
			return false;
	return true;
}

/* What costs nothing at all is kept in the first metric, so that it isn't lost. */
static void pour_lines(struct cf_callgrind_costs *costs, const GArray *columns)
{
	const struct cf_callgrind_rows *rows = &costs->lines;

	for (guint i = 0; i < rows->keys->len; i++) {
		const struct cf_callgrind_line *key = &g_array_index(rows->keys, struct cf_callgrind_line, i);
		const struct cf_callgrind_span *span =
			&g_array_index(rows->spans, struct cf_callgrind_span, i);
		const int64_t *values = costs_at(rows, span);

		for (guint c = 0; c < columns->len; c++) {
			const struct column *column = &g_array_index(columns, struct column, c);
			const struct cf_line_cost line = { key->func,
							   column->metric,
							   key->file,
							   key->line,
							   cost_of(column, values, span->width),
							   0 };

			if (line.weight || (c == 0 && is_zero(values, span->width)))
				cf_trace_new_line(costs->trace, &line);
		}
	}
}

/* All calls are in the first metric: there they are counted, whatever they cost. */
static void pour_calls(struct cf_callgrind_costs *costs, const GArray *columns)
{
	const struct cf_callgrind_rows *rows = &costs->calls;

	for (guint i = 0; i < rows->keys->len; i++) {
		const struct cf_callgrind_call *key = &g_array_index(rows->keys, struct cf_callgrind_call, i);
		const struct cf_callgrind_span *span =
			&g_array_index(rows->spans, struct cf_callgrind_span, i);
		const int64_t *values = costs_at(rows, span);

		for (guint c = 0; c < columns->len; c++) {
			const struct column *column = &g_array_index(columns, struct column, c);
			const struct cf_call_cost call = { key->caller, key->callee, column->metric,
							   cost_of(column, values, span->width), key->calls };

			if (call.weight || c == 0)
				cf_trace_new_call(costs->trace, &call);
		}
	}
}

void cf_callgrind_costs_pour(struct cf_callgrind_costs *costs, const struct cf_callgrind_events *events)
{
	g_autoptr(GArray) columns = make_columns(costs->trace, events);

	pour_lines(costs, columns);
	pour_calls(costs, columns);
}
