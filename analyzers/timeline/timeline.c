/* SPDX-License-Identifier: MIT */
/* timeline: what ran when: samples by thread, or spans and one trace of them. */
#include "analyzers/analyzer.h"

#include <string.h>

#include "analyzers/profile.h"
#include "analyzers/timeline/slices.h"
#include "analyzers/timeline/waterfall.h"

#define SLICES 12
#define TRACKS_SHOWN 12

/* --- the window ----------------------------------------------------------------------------------------- */

/* From --from and --to, in seconds after begin. -1 with a message. */
static int cut(const struct cf_analysis *analysis, struct cf_window whole, struct cf_window *window)
{
	double from = cf_params_number(analysis->params, "from"),
	       to = cf_params_number(analysis->params, "to");
	double length = ((double)whole.to - (double)whole.from) / 1e9;

	*window = whole;
	if (cf_params_is_set(analysis->params, "from"))
		window->from = whole.from + (int64_t)(CLAMP(from, 0, length) * 1e9);
	if (cf_params_is_set(analysis->params, "to"))
		window->to = whole.from + (int64_t)(CLAMP(to, 0, length) * 1e9);
	if (window->from < window->to)
		return 0;
	return cf_error_as(analysis->diag, CF_STATUS_USAGE, NULL,
			   "nothing lies between --from and --to: the recording is %.3f s long", length);
}

/* --- samples -------------------------------------------------------------------------------------------- */

static struct cf_window span_of_moments(const struct cf_trace *trace)
{
	struct cf_window window = { INT64_MAX, INT64_MIN };

	for (guint i = 0; i < trace->moments->len; i++) {
		int64_t time = g_array_index(trace->moments, struct cf_sample, i).time;

		window.from = MIN(window.from, time);
		window.to = MAX(window.to, time);
	}
	if (window.to < INT64_MAX)
		window.to++;
	return window;
}

/* Each moment stands for one, two, four, ... samples. */
static int64_t samples_of_each(const struct cf_trace *trace, const struct cf_run *run)
{
	int64_t every = 1;

	while (run->samples / every > (int64_t)trace->moments->len && every < G_MAXINT64 / 2)
		every *= 2;
	return every;
}

static void present_threads(const struct cf_analysis *analysis, const struct cf_trace *trace,
			    const struct cf_run *run, struct cf_window window)
{
	int64_t every = samples_of_each(trace, run);
	g_autoptr(GArray) threads = cf_chart_threads(trace, window);
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_TRACKS, 0);
	size_t limit = (size_t)cf_params_int(analysis->params, "top");
	guint shown = limit && limit < threads->len ? (guint)limit : threads->len;
	GString *note = g_string_new(NULL);

	timeline->unit = g_array_index(trace->metrics, struct cf_metric_info, 0).unit;
	for (guint i = 0; i < shown; i++)
		cf_chart_add(timeline, trace, &g_array_index(threads, struct cf_chart_thread, i), window,
			     every);
	if (shown < threads->len)
		g_string_append_printf(note, "%u threads with less cost aren't shown", threads->len - shown);
	if (every > 1)
		g_string_append_printf(note, "%s1 of %" G_GINT64_FORMAT " samples is kept with its time",
				       note->len ? "; " : "", every);
	timeline->note = note->len ? g_strdup(note->str) : NULL;
	g_string_free(note, TRUE);
	cf_timeline_finish(timeline);
	cf_doc_timeline(analysis->doc, analysis->section, "threads", "Threads: what was on the stack when",
			timeline);
}

static int no_moments(const struct cf_analysis *analysis, const struct cf_run *run)
{
	return cf_error(analysis->diag, NULL,
			"run %" G_GINT64_FORMAT
			" has no times: its format has none, or it was ingested before they "
			"were kept; then: callflow ingest --again FILE",
			run->id);
}

static int present_samples(const struct cf_analysis *analysis, const struct cf_trace *trace,
			   const struct cf_run *run)
{
	struct cf_window window, whole = span_of_moments(trace);
	g_autofree char *length = NULL, *begin = NULL;

	if (!trace->moments->len)
		return no_moments(analysis, run);
	if (cf_params_is_set(analysis->params, "trace"))
		return cf_error_as(analysis->diag, CF_STATUS_USAGE, NULL,
				   "--trace: run %" G_GINT64_FORMAT " has no traces", run->id);
	if (cut(analysis, whole, &window))
		return -1;
	length = cf_unit_text_i64(CF_UNIT_NS, window.to - window.from);
	begin = cf_unit_text_i64(CF_UNIT_NS, window.from - whole.from);
	cf_doc_para(analysis->doc, analysis->section, "%s of %s, from %s after the first sample on", length,
		    cf_dict_text(trace->dict, g_array_index(trace->metrics, struct cf_metric_info, 0).name),
		    begin);
	present_threads(analysis, trace, run, window);
	cf_slices_present(analysis, trace, window, SLICES);
	cf_hotspots_present(analysis, trace, window, (size_t)cf_params_int(analysis->params, "top"));
	return 0;
}

/* --- spans ---------------------------------------------------------------------------------------------- */

static struct cf_window span_of_spans(const struct cf_span_forest *forest)
{
	struct cf_window window = { INT64_MAX, INT64_MIN };

	for (uint32_t number = 1; number <= forest->n; number++) {
		window.from = MIN(window.from, cf_span_at(forest, number)->start_ns);
		window.to = MAX(window.to, cf_span_end(cf_span_at(forest, number)));
	}
	if (window.to < INT64_MAX)
		window.to++;
	return window;
}

static char *track_of(const struct cf_trace *trace, const struct cf_span *span)
{
	const char *service = cf_dict_text(trace->dict, span->service);
	const struct cf_thread_info *thread;
	const char *comm;

	if (span->thread == CF_NO_THREAD)
		return g_strdup(*service ? service : "[unnamed service]");
	thread = &g_array_index(trace->threads, struct cf_thread_info, span->thread);
	comm = cf_dict_text(trace->dict, thread->comm);
	return g_strdup_printf("%s (%d)", *comm ? comm : "thread", thread->tid);
}

/* Spans around each of the same track. Parents may stand behind their children. */
static uint32_t depth_of(const struct cf_span_forest *forest, uint32_t number)
{
	const struct cf_span *span = cf_span_at(forest, number);
	uint32_t depth = 0;

	for (uint32_t up = forest->parent[number]; up && depth < 64; up = forest->parent[up])
		depth += cf_span_at(forest, up)->service.id == span->service.id &&
			 cf_span_at(forest, up)->thread == span->thread;
	return depth;
}

static void present_services(const struct cf_analysis *analysis, const struct cf_trace *trace,
			     const struct cf_span_forest *forest, struct cf_window window)
{
	struct cf_timeline *timeline = cf_timeline_new(CF_TIMELINE_TRACKS, window.from > 0 ? window.from : 0);

	for (uint32_t number = 1; number <= forest->n; number++) {
		const struct cf_span *span = cf_span_at(forest, number);
		g_autofree char *track = track_of(trace, span);
		struct cf_interval interval = { .name = cf_dict_text(trace->dict, span->name),
						.start = cf_difference(span->start_ns, window.from),
						.duration = span->duration_ns };

		if (span->start_ns >= window.to || cf_span_end(span) < window.from)
			continue;
		/* What reaches over the edges of the window is cut off there. */
		if (interval.start < 0) {
			interval.duration = cf_span_end(span) - window.from;
			interval.start = 0;
		}
		interval.duration = MIN(interval.duration, window.to - window.from - interval.start);
		interval.track = cf_timeline_track(timeline, track, NULL);
		interval.depth = depth_of(forest, number);
		if (span->status == CF_SPAN_ERROR)
			interval.marks |= CF_MARK_FAILED;
		cf_timeline_add(timeline, &interval);
	}
	cf_timeline_finish(timeline);
	cf_doc_timeline(analysis->doc, analysis->section, "spans", "All spans", timeline);
}

static int present_spans(const struct cf_analysis *analysis, const struct cf_trace *trace)
{
	struct cf_span_forest forest;
	struct cf_window window;
	g_autoptr(GArray) rows = NULL;
	int row, result = -1;

	cf_span_forest_init(&forest, trace);
	rows = cf_trace_rows(trace, &forest);
	row = cf_trace_row_find(trace, &forest, rows, cf_params_string(analysis->params, "trace"),
				analysis->diag);
	if (row >= 0 && cut(analysis, span_of_spans(&forest), &window) == 0) {
		cf_waterfall_present(analysis, trace, &forest,
				     &g_array_index(rows, struct cf_trace_row, row));
		/* Who asks for one trace doesn't ask for the others. */
		if (!cf_params_is_set(analysis->params, "trace")) {
			cf_trace_rows_present(analysis, trace, &forest, rows,
					      (size_t)cf_params_int(analysis->params, "top"));
			present_services(analysis, trace, &forest, window);
		}
		result = 0;
	}
	cf_span_forest_clear(&forest);
	return result;
}

static int run(struct cf_analysis *analysis)
{
	const struct cf_run *run = g_ptr_array_index(analysis->current->runs, 0);
	struct cf_trace *trace;
	int result;

	if (analysis->current->runs->len > 1)
		return cf_error_as(analysis->diag, CF_STATUS_USAGE, NULL,
				   "times are those of one run, not of %u: name one",
				   analysis->current->runs->len);
	if (analysis->reader == CF_READER_PAGE && !analysis->in_report) {
		g_autofree char *title = g_strconcat(run->name, ": timeline", NULL);

		cf_doc_set_title(analysis->doc, title);
	}
	trace = cf_trace_new();
	result = cf_store_load(analysis->store, run->id, 1, CF_FACTS_SPANS | CF_LOAD_MOMENTS, trace,
			       analysis->diag);
	if (result == 0)
		result = trace->spans->len ? present_spans(analysis, trace)
					   : present_samples(analysis, trace, run);
	cf_trace_free(trace);
	return result;
}

static const struct cf_param own[] = {
	{ .name = "trace",
	  .type = CF_PARAM_STRING,
	  .arg = "ID",
	  .help = "the trace to show, by its id or the beginning of it (else the slowest)" },
	{ .name = "from",
	  .type = CF_PARAM_NUMBER,
	  .arg = "SECONDS",
	  .help = "begin so long after the first" },
	{ .name = "to", .type = CF_PARAM_NUMBER, .arg = "SECONDS", .help = "end so long after the first" },
	{ .name = "top",
	  .letter = 'n',
	  .type = CF_PARAM_INT,
	  .arg = "N",
	  .help = "threads, traces and functions to show, 0: all",
	  .fallback = "12",
	  .min = 0,
	  .max = 1000000 },
	{ .name = NULL },
};
static const struct cf_param *const params[] = { own, NULL };
static const char *const examples[] = { "callflow timeline",
					"callflow timeline --from 0.5 --to 0.6 -o timeline.html",
					"callflow timeline --trace 4bf92f35 traces", NULL };

const struct cf_analyzer cf_analyzer_timeline = {
	.name = "timeline",
	.group = "Look at a run",
	.summary = "what ran when; one trace with its critical path",
	.synopsis = "[RUN]",
	.examples = examples,
	.needs = CF_NEEDS_RUN,
	.facts = CF_FACTS_SAMPLES | CF_FACTS_SPANS,
	.params = params,
	.format = "text",
	.run = run,
};
