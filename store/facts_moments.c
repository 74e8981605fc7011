/* SPDX-License-Identifier: MIT */
/* facts_moments: when samples were taken, into the store and back. */
#include "store/facts.h"

#include "core/digits.h"

/* Samples of one row: a row of a few KiB fits into few pages, and a look at a part reads few rows. */
#define CHUNK 1024

static gint by_place(gconstpointer a, gconstpointer b)
{
	const struct cf_sample *x = a, *y = b;

	if (x->metric.id != y->metric.id)
		return x->metric.id < y->metric.id ? -1 : 1;
	if (x->thread.id != y->thread.id)
		return x->thread.id < y->thread.id ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	if (x->stack.id != y->stack.id)
		return x->stack.id < y->stack.id ? -1 : 1;
	return (x->weight > y->weight) - (x->weight < y->weight);
}

/* A hundred thousand of these are written for a long recording; printf would take a sixth of its ingest. */
static void append(GString *list, int64_t value)
{
	char text[CF_DIGITS_MAX], *end = text + sizeof(text), *at = cf_digits(end, value);

	*--at = list->len ? ',' : '[';
	g_string_append_len(list, at, end - at);
}

/* samples[from] up to samples[to - 1], of one metric and thread. */
static int put_chunk(const struct cf_fact_writer *w, struct cf_stmt *stmt, const GArray *samples, guint from,
		     guint to, int64_t chunk)
{
	const struct cf_sample *first = &g_array_index(samples, struct cf_sample, from);
	g_autoptr(GString) times = g_string_new(NULL), stacks = g_string_new(NULL),
			   weights = g_string_new(NULL);
	int64_t last = first->time;

	for (guint i = from; i < to; i++) {
		const struct cf_sample *sample = &g_array_index(samples, struct cf_sample, i);

		append(times, sample->time - last);
		append(stacks, w->ids->stacks[sample->stack.id]);
		append(weights, sample->weight);
		last = sample->time;
	}
	g_string_append_c(times, ']');
	g_string_append_c(stacks, ']');
	g_string_append_c(weights, ']');
	cf_stmt_bind_int(stmt, w->run);
	cf_stmt_bind_int(stmt, first->metric.id);
	cf_stmt_bind_int(stmt, first->thread.id);
	cf_stmt_bind_int(stmt, chunk);
	cf_stmt_bind_int(stmt, first->time);
	cf_stmt_bind_text(stmt, times->str, (int)times->len);
	cf_stmt_bind_text(stmt, stacks->str, (int)stacks->len);
	cf_stmt_bind_text(stmt, weights->str, (int)weights->len);
	return cf_stmt_run(stmt);
}

int cf_store_put_moments(const struct cf_fact_writer *w)
{
	const GArray *moments = w->trace->moments;
	g_autoptr(GArray) sorted = g_array_sized_new(FALSE, FALSE, sizeof(struct cf_sample), moments->len);
	struct cf_stmt stmt;
	int64_t chunk = 0;
	int result;

	if (!moments->len)
		return 0;
	g_array_append_vals(sorted, moments->data, moments->len);
	g_array_sort(sorted, by_place);
	result = cf_stmt_open(&stmt, w->store, CF_SQL_ADD_SAMPLES, w->diag);
	for (guint from = 0, to; result == 0 && from < sorted->len; from = to, chunk++) {
		const struct cf_sample *first = &g_array_index(sorted, struct cf_sample, from);

		for (to = from + 1; to < sorted->len && to - from < CHUNK; to++) {
			const struct cf_sample *sample = &g_array_index(sorted, struct cf_sample, to);

			if (sample->metric.id != first->metric.id || sample->thread.id != first->thread.id)
				break;
		}
		result = put_chunk(w, &stmt, sorted, from, to, chunk);
	}
	cf_stmt_close(&stmt);
	return result;
}

/* "[1,-2,3]" as such lists are written. FALSE: it's something else. */
static gboolean read_list(const char *text, GArray *values)
{
	g_array_set_size(values, 0);
	if (*text++ != '[')
		return FALSE;
	for (;;) {
		char *end;
		int64_t value;

		if (*text != '-' && !g_ascii_isdigit(*text))
			return FALSE;
		value = g_ascii_strtoll(text, &end, 10);
		if (end == text || values->len == CHUNK)
			return FALSE;
		g_array_append_val(values, value);
		text = end + 1;
		if (*end == ']')
			return *text == '\0';
		if (*end != ',')
			return FALSE;
	}
}

struct lists {
	GArray *times, *stacks, *weights; /* int64_t */
};

static int damaged(struct cf_fact_loader *l)
{
	return cf_store_damaged(l->store, "the times of samples can't be read", l->diag);
}

/* One row, of which the lists are read. */
static int add_chunk(struct cf_fact_loader *l, struct cf_sample sample, const struct lists *lists,
		     int (*stack)(void *ctx, uint32_t id, struct cf_stack *out), void *ctx)
{
	if (lists->times->len != lists->stacks->len || lists->times->len != lists->weights->len)
		return damaged(l);
	for (guint i = 0; i < lists->times->len; i++) {
		int64_t step = g_array_index(lists->times, int64_t, i),
			id = g_array_index(lists->stacks, int64_t, i);

		sample.weight = g_array_index(lists->weights, int64_t, i);
		if (step < 0 || __builtin_add_overflow(sample.time, step, &sample.time) || id < 0 ||
		    id > G_MAXUINT32 || sample.weight < 0)
			return damaged(l);
		if (stack(ctx, (uint32_t)id, &sample.stack) != 0)
			return -1;
		g_array_append_val(l->trace->moments, sample);
	}
	return 0;
}

int cf_store_load_moments(struct cf_fact_loader *l,
			  int (*stack)(void *ctx, uint32_t id, struct cf_stack *out), void *ctx)
{
	const struct lists lists = { g_array_new(FALSE, FALSE, sizeof(int64_t)),
				     g_array_new(FALSE, FALSE, sizeof(int64_t)),
				     g_array_new(FALSE, FALSE, sizeof(int64_t)) };
	struct cf_stmt stmt;
	int step = -1;

	if (cf_fact_begin(l, &stmt, CF_SQL_LOAD_SAMPLES) == 0)
		while ((step = cf_stmt_step(&stmt)) > 0) {
			uint32_t metric = cf_stmt_id(&stmt), thread = cf_stmt_id(&stmt);
			struct cf_sample sample = { .time = cf_stmt_int(&stmt) };
			gboolean fine = metric < l->metrics->len && thread < l->threads->len;

			fine = read_list(cf_stmt_text(&stmt), lists.times) && fine;
			fine = read_list(cf_stmt_text(&stmt), lists.stacks) && fine;
			fine = read_list(cf_stmt_text(&stmt), lists.weights) && fine;
			if (!fine) {
				step = damaged(l);
				break;
			}
			sample.metric = g_array_index(l->metrics, struct cf_metric, metric);
			sample.thread = g_array_index(l->threads, struct cf_thread, thread);
			if (add_chunk(l, sample, &lists, stack, ctx) != 0) {
				step = -1;
				break;
			}
		}
	cf_stmt_close(&stmt);
	g_array_unref(lists.times);
	g_array_unref(lists.stacks);
	g_array_unref(lists.weights);
	return step;
}
