/* SPDX-License-Identifier: MIT */
/* flamechart: samples with times -> what was on the stack from when to when. */
#include "analyzers/timeline/flamechart.h"

#include <stdlib.h>
#include <string.h>

#include "core/sum.h"

/* A gap of more periods than this is a time in which the thread didn't run. */
#define GAP 3
/* Deeper frames are left out: nobody could see them. */
#define DEPTH_MAX 200

static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct cf_sample *x = a, *y = b;

	if (x->thread.id != y->thread.id)
		return x->thread.id < y->thread.id ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return (x->stack.id > y->stack.id) - (x->stack.id < y->stack.id);
}

GArray *cf_chart_moments(const struct cf_trace *trace, struct cf_window window)
{
	GArray *moments = g_array_new(FALSE, FALSE, sizeof(struct cf_sample));

	for (guint i = 0; i < trace->moments->len; i++) {
		const struct cf_sample *sample = &g_array_index(trace->moments, struct cf_sample, i);

		if (sample->time >= window.from && sample->time < window.to)
			g_array_append_vals(moments, sample, 1);
	}
	g_array_sort(moments, by_time);
	return moments;
}

static int rising(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The median of the times between samples[from] up to samples[to - 1]. */
static int64_t period_of(const GArray *moments, guint from, guint to)
{
	g_autofree int64_t *gaps = NULL;

	if (to - from < 2)
		return 1;
	gaps = g_new(int64_t, to - from - 1);
	for (guint i = from + 1; i < to; i++)
		gaps[i - from - 1] = g_array_index(moments, struct cf_sample, i).time -
				     g_array_index(moments, struct cf_sample, i - 1).time;
	qsort(gaps, to - from - 1, sizeof(*gaps), rising);
	return MAX(gaps[(to - from - 1) / 2], 1);
}

static gint by_weight(gconstpointer a, gconstpointer b, gpointer data)
{
	const struct cf_chart_thread *x = a, *y = b;
	const struct cf_trace *trace = data;
	const struct cf_thread_info *p = &g_array_index(trace->threads, struct cf_thread_info, x->thread);
	const struct cf_thread_info *q = &g_array_index(trace->threads, struct cf_thread_info, y->thread);

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (p->tid != q->tid)
		return p->tid < q->tid ? -1 : 1;
	return strcmp(cf_dict_text(trace->dict, p->comm), cf_dict_text(trace->dict, q->comm));
}

GArray *cf_chart_threads(const struct cf_trace *trace, struct cf_window window)
{
	g_autoptr(GArray) moments = cf_chart_moments(trace, window);
	GArray *threads = g_array_new(FALSE, FALSE, sizeof(struct cf_chart_thread));

	for (guint from = 0, to; from < moments->len; from = to) {
		struct cf_chart_thread thread = {
			.thread = g_array_index(moments, struct cf_sample, from).thread.id
		};

		for (to = from; to < moments->len &&
				g_array_index(moments, struct cf_sample, to).thread.id == thread.thread;
		     to++)
			thread.weight = cf_add_sat(thread.weight,
						   g_array_index(moments, struct cf_sample, to).weight);
		thread.samples = to - from;
		thread.period = period_of(moments, from, to);
		g_array_append_val(threads, thread);
	}
	g_array_sort_with_data(threads, by_weight, (gpointer)trace);
	return threads;
}

/* --- intervals ------------------------------------------------------------------------------------------ */

/* The frames that are on the stack now, from the outermost one. */
struct chart {
	struct cf_timeline *timeline;
	const struct cf_dict *dict;
	uint32_t track;
	uint32_t path[DEPTH_MAX], next[DEPTH_MAX]; /* nodes of the stack trie */
	int64_t since[DEPTH_MAX], own[DEPTH_MAX];
	uint32_t depth;
	int64_t origin;
};

static void close_from(struct chart *chart, uint32_t depth, int64_t at)
{
	while (chart->depth > depth) {
		uint32_t d = --chart->depth;
		const struct cf_stack_info info =
			cf_dict_stack_info(chart->dict, (struct cf_stack){ chart->path[d] });
		const struct cf_interval interval = { .track = chart->track,
						      .name = cf_dict_func_name(chart->dict, info.func),
						      .start = chart->since[d] - chart->origin,
						      .duration = at - chart->since[d],
						      .depth = d,
						      .own = chart->own[d] };

		cf_timeline_add(chart->timeline, &interval);
	}
}

/* The nodes from the root to stack, those beyond DEPTH_MAX left out; how many. */
static uint32_t unroll(const struct cf_dict *dict, struct cf_stack stack, uint32_t *path)
{
	uint32_t length = 0, n;
	struct cf_stack at = stack;

	for (; at.id; at = cf_dict_stack_info(dict, at).caller)
		length++;
	n = MIN(length, DEPTH_MAX);
	for (at = stack; length > n; length--)
		at = cf_dict_stack_info(dict, at).caller;
	for (uint32_t i = n; i-- > 0; at = cf_dict_stack_info(dict, at).caller)
		path[i] = at.id;
	return n;
}

static void show(struct chart *chart, struct cf_stack stack, int64_t at)
{
	uint32_t n = unroll(chart->dict, stack, chart->next), common = 0;

	while (common < n && common < chart->depth && chart->path[common] == chart->next[common])
		common++;
	close_from(chart, common, at);
	for (; chart->depth < n; chart->depth++) {
		chart->path[chart->depth] = chart->next[chart->depth];
		chart->since[chart->depth] = at;
		chart->own[chart->depth] = 0;
	}
}

/* "worker-3 (4711)". Caller frees. */
static char *track_name(const struct cf_trace *trace, uint32_t thread)
{
	const struct cf_thread_info *info = &g_array_index(trace->threads, struct cf_thread_info, thread);
	const char *comm = cf_dict_text(trace->dict, info->comm);

	if (!*comm && !info->tid)
		return g_strdup("all threads");
	return g_strdup_printf("%s (%d)", *comm ? comm : "thread", info->tid);
}

void cf_chart_add(struct cf_timeline *timeline, const struct cf_trace *trace,
		  const struct cf_chart_thread *thread, struct cf_window window, int64_t every)
{
	g_autoptr(GArray) moments = cf_chart_moments(trace, window);
	g_autofree char *name = track_name(trace, thread->thread);
	g_autofree char *id = g_strdup_printf("%u %s", thread->thread, name);
	g_autofree struct chart *chart = g_new0(struct chart, 1);
	int64_t longest = cf_mul_sat(thread->period, GAP), end = 0;

	chart->timeline = timeline;
	chart->dict = trace->dict;
	chart->track = cf_timeline_track(timeline, id, name);
	chart->origin = window.from;
	for (guint i = 0; i < moments->len; i++) {
		const struct cf_sample *sample = &g_array_index(moments, struct cf_sample, i);

		if (sample->thread.id != thread->thread)
			continue;
		if (chart->depth && sample->time - end > longest - thread->period)
			close_from(chart, 0, end);
		show(chart, sample->stack, sample->time);
		if (chart->depth)
			chart->own[chart->depth - 1] =
				cf_add_sat(chart->own[chart->depth - 1], cf_mul_sat(sample->weight, every));
		end = cf_add_sat(sample->time, thread->period);
	}
	close_from(chart, 0, end);
}
