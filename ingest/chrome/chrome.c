/* SPDX-License-Identifier: MIT */
/* chrome: the Trace Event Format of Chrome, Perfetto's JSON, clang -ftime-trace and many others. */
/*
 * "Trace Event Format", Google, 2016; the array form and the object with traceEvents. The array may lack its end, and end in
 * a comma.
 *
 * - X, B and E: calls of threads, sorted by time, become spans (service: the process's name) and the self cost of stacks.
 * - b and e, and the old S and F: asynchronous spans.
 * - C: counters become series, x in ns since the first event.
 * - M: names of processes and threads, wherever they stand.
 * - P with sf, and the list "samples": samples of stackFrames, metric "samples".
 *
 * Other phases (instants, flows, objects, memory dumps, marks, V8's profile chunks) are counted and left out.
 */
#include "core/hash.h"
#include "core/sum.h"
#include "core/table.h"
#include "ingest/chrome/async.h"
#include "ingest/chrome/event.h"
#include "ingest/chrome/nesting.h"
#include "ingest/chrome/sorter.h"
#include "ingest/format.h"

#include <math.h>

#define POINTS_MAX 1000000
/* Of more calls the longest are kept as spans. */
#define SPANS_KEPT 250000
#define SAMPLES_MAX 10000000
#define STACK_MAX 2048

struct process {
	struct cf_str name;
};

struct thread {
	int64_t pid, tid;
	struct cf_str name;
};

struct sample {
	uint32_t thread;
	struct cf_str frame;
	int64_t weight;
};

/* A row of stackFrames. */
struct frame {
	struct cf_str parent, name;
	struct cf_stack stack;
	bool done;
};

struct reading {
	struct cf_json_reader *json;
	struct cf_trace *trace;
	struct cf_sorter *sorter;
	struct cf_async async;
	GArray *threads; /* struct thread */
	struct cf_table thread_ids;
	GHashTable *processes; /* int64_t pid -> struct process */
	GArray *samples;       /* struct sample */
	GHashTable *frames;    /* str id -> struct frame */
	uint32_t last_thread;  /* of the event before, + 1; 0: none */
	int64_t first_ns, last_ns;
	int64_t lengths[64 * 8]; /* complete events by duration: eighths of powers of two */
	int64_t left_out[128], untimed, negative, durationless, points;
	bool failed;
};

/* --- who */

/* Texts instead of numbers get numbers of their own, below those that systems use. */
static void number_texts(struct cf_event *event)
{
	if (event->pid_text.id)
		event->pid = -(int64_t)event->pid_text.id - 1;
	if (event->tid_text.id)
		event->tid = -(int64_t)event->tid_text.id - 1;
}

static struct process *process_of(struct reading *r, int64_t pid)
{
	struct process *process = g_hash_table_lookup(r->processes, &pid);
	int64_t *key;

	if (process)
		return process;
	process = g_new0(struct process, 1);
	key = g_new(int64_t, 1);
	*key = pid;
	g_hash_table_insert(r->processes, key, process);
	return process;
}

static uint32_t thread_of(struct reading *r, const struct cf_event *event)
{
	const struct thread *last;
	struct thread thread = { event->pid, event->tid, event->tid_text };
	uint32_t hash, pos, row;

	if (r->last_thread) {
		last = &g_array_index(r->threads, struct thread, r->last_thread - 1);
		if (last->pid == event->pid && last->tid == event->tid)
			return r->last_thread - 1;
	}
	hash = cf_hash((uint64_t)event->pid, (uint64_t)event->tid);
	for (pos = hash; (row = cf_table_next(&r->thread_ids, hash, &pos)) != 0;) {
		const struct thread *t = &g_array_index(r->threads, struct thread, row - 1);

		if (t->pid == event->pid && t->tid == event->tid)
			break;
	}
	if (!row) {
		if (event->pid_text.id)
			process_of(r, event->pid)->name = event->pid_text;
		g_array_append_val(r->threads, thread);
		row = r->threads->len;
		cf_table_add(&r->thread_ids, hash, row);
	}
	r->last_thread = row;
	return row - 1;
}

static struct cf_str service_of(struct reading *r, int64_t pid)
{
	const struct process *process = g_hash_table_lookup(r->processes, &pid);

	return process ? process->name : (struct cf_str){ 0 };
}

/* --- events */

/* Looks for one text in args. */
static struct cf_str arg_text(struct reading *r, const struct cf_event *event, const char *key)
{
	struct cf_str text = { 0 };
	struct cf_json_reader args;

	if (!event->args.len)
		return text;
	cf_json_reader_within(&args, r->json, event->args);
	for (unsigned in = cf_json_try_object(&args); cf_json_member(&args, in);)
		if (cf_json_key_is(&args, key))
			cf_json_try_str(&args, r->trace->dict, &text);
	cf_json_reader_join(&args, r->json);
	return text;
}

static void add_metadata(struct reading *r, const struct cf_event *event)
{
	const char *what = cf_dict_text(r->trace->dict, event->name);
	struct cf_str name;

	if (!strcmp(what, "process_name")) {
		name = arg_text(r, event, "name");
		if (name.id)
			process_of(r, event->pid)->name = name;
	} else if (!strcmp(what, "thread_name")) {
		name = arg_text(r, event, "name");
		if (name.id) {
			uint32_t thread = thread_of(r, event);

			g_array_index(r->threads, struct thread, thread).name = name;
		}
	}
}

/* Each number in args is a series, "NAME.KEY"; one called as the counter or "value" is just NAME. */
static void add_counter(struct reading *r, const struct cf_event *event)
{
	const char *name = cf_dict_text(r->trace->dict, event->name);
	struct cf_json_reader args;

	if (!event->args.len || r->points >= POINTS_MAX) {
		r->points += event->args.len != 0;
		return;
	}
	cf_json_reader_within(&args, r->json, event->args);
	for (unsigned in = cf_json_try_object(&args); cf_json_member(&args, in);) {
		g_autofree char *key = g_strndup((const char *)args.key.data, MIN(args.key.len, 256));
		bool plain = !strcmp(key, "value") || !strcmp(key, name);
		g_autofree char *series = g_strconcat(name, plain ? "" : ".", plain ? "" : key, NULL);
		double value;

		if (!cf_json_try_double(&args, &value))
			continue;
		cf_trace_point(r->trace, cf_trace_series(r->trace, series, "", "", "ns"),
			       (double)(event->ts_ns - MIN(event->ts_ns, r->first_ns)), value);
		r->points++;
	}
	cf_json_reader_join(&args, r->json);
}

/* Eighths of powers of two; what is shorter than 8 ns is one class. */
static unsigned length_class(int64_t duration)
{
	unsigned power;

	if (duration < 8)
		return 0;
	power = 63 - (unsigned)__builtin_clzll((uint64_t)duration);
	return power * 8 + (unsigned)((duration >> (power - 3)) & 7);
}

/* The least duration that leaves at most SPANS_KEPT, about. 0: all. */
static int64_t shortest_kept(const struct reading *r)
{
	int64_t kept = 0;

	for (unsigned c = G_N_ELEMENTS(r->lengths); c-- > 0;) {
		kept += r->lengths[c];
		if (kept > SPANS_KEPT)
			return (int64_t)(8 + c % 8 + 1) << MAX((int)(c / 8) - 3, 0);
	}
	return 0;
}

static void add_call(struct reading *r, const struct cf_event *event, enum cf_call_type type)
{
	struct cf_call call = { .start_ns = event->ts_ns,
				.duration_ns = MAX(event->duration_ns, 0),
				.name = event->name,
				.thread = thread_of(r, event),
				.type = (uint8_t)type };

	if (type == CF_CALL_WHOLE) {
		r->lengths[length_class(call.duration_ns)]++;
		r->durationless += !event->lasts;
		r->negative += event->duration_ns < 0;
	}
	if (cf_sorter_add(r->sorter, &call) != 0)
		r->failed = true;
}

static void add_sample(struct reading *r, const struct cf_event *event, int64_t weight)
{
	const struct sample sample = { thread_of(r, event), event->stack_frame, weight };

	if (r->samples->len < SAMPLES_MAX)
		g_array_append_val(r->samples, sample);
}

static void leave_out(struct reading *r, char phase)
{
	r->left_out[(unsigned char)phase < 128 ? (unsigned char)phase : 0]++;
}

static void add_event(struct reading *r, struct cf_event *event)
{
	number_texts(event);
	if (event->phase == 'M') {
		add_metadata(r, event);
		return;
	}
	if (!event->timed) {
		r->untimed++;
		return;
	}
	r->first_ns = MIN(r->first_ns, event->ts_ns);
	r->last_ns =
		MAX(r->last_ns, event->phase == 'X' ? cf_add_sat(event->ts_ns, MAX(event->duration_ns, 0))
						    : event->ts_ns);
	switch (event->phase) {
	case 'X':
		add_call(r, event, CF_CALL_WHOLE);
		break;
	case 'B':
		add_call(r, event, CF_CALL_BEGIN);
		break;
	case 'E':
		add_call(r, event, CF_CALL_END);
		break;
	case 'b':
	case 'S':
		cf_async_begin(&r->async, event);
		break;
	case 'e':
	case 'F':
		cf_async_end(&r->async, event, service_of(r, event->pid));
		break;
	case 'C':
		add_counter(r, event);
		break;
	case 'P':
		if (event->stack_frame.id)
			add_sample(r, event, 1);
		else
			leave_out(r, 'P');
		break;
	default:
		leave_out(r, event->phase);
	}
}

static void read_events(struct reading *r)
{
	struct cf_event event;

	for (unsigned in = cf_json_array(r->json); cf_json_item(r->json, in) && !r->failed;) {
		cf_event_read(r->json, r->trace->dict, &event);
		if (cf_json_ok(r->json))
			add_event(r, &event);
	}
}

/* --- samples */

static void frame_free(gpointer frame)
{
	g_free(frame);
}

/* {"1": {"category": "lib", "name": "main", "parent": "0"}, ...} */
static void read_stack_frames(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
		struct cf_str id =
			cf_dict_str(r->trace->dict, (const char *)json->key.data, (gssize)json->key.len);
		struct frame *frame = g_new0(struct frame, 1);

		for (unsigned members = cf_json_try_object(json); cf_json_member(json, members);) {
			if (cf_json_key_is(json, "name"))
				cf_json_try_str(json, r->trace->dict, &frame->name);
			else if (cf_json_key_is(json, "parent"))
				cf_json_try_str(json, r->trace->dict, &frame->parent);
		}
		g_hash_table_replace(r->frames, GUINT_TO_POINTER(id.id), frame);
	}
}

/* {"cpu": 0, "tid": 1, "ts": 1000.0, "name": "cycles:HG", "sf": 3, "weight": 1} */
static void read_samples(struct reading *r)
{
	struct cf_json_reader *json = r->json;

	for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);) {
		struct cf_event event = { 0 };
		int64_t weight = 1;

		for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);) {
			if (cf_json_key_is(json, "tid"))
				cf_json_try_int(json, &event.tid);
			else if (cf_json_key_is(json, "pid"))
				cf_json_try_int(json, &event.pid);
			else if (cf_json_key_is(json, "sf"))
				cf_json_try_str(json, r->trace->dict, &event.stack_frame);
			else if (cf_json_key_is(json, "weight"))
				cf_json_try_int(json, &weight);
		}
		if (cf_json_ok(json) && event.stack_frame.id)
			add_sample(r, &event, MAX(weight, 0));
	}
}

/* Frames up to the root that aren't done yet; a circle ends where it closes. */
static struct cf_stack stack_of(struct reading *r, struct cf_str id, GPtrArray *path)
{
	struct frame *frame = g_hash_table_lookup(r->frames, GUINT_TO_POINTER(id.id));
	struct cf_stack stack = { 0 };

	g_ptr_array_set_size(path, 0);
	for (; frame && !frame->done;
	     frame = g_hash_table_lookup(r->frames, GUINT_TO_POINTER(frame->parent.id))) {
		frame->done = true;
		g_ptr_array_add(path, frame);
	}
	if (frame)
		stack = frame->stack;
	for (guint i = path->len; i-- > 0;) {
		struct frame *f = g_ptr_array_index(path, i);
		struct cf_func_info info = { .name = f->name, .kind = CF_FRAME_NATIVE };

		if (path->len - i <= STACK_MAX)
			stack = cf_dict_push(r->trace->dict, stack, cf_dict_func(r->trace->dict, info),
					     CF_FRAME_NATIVE);
		f->stack = stack;
	}
	return stack;
}

static void add_samples(struct reading *r, const GArray *threads)
{
	g_autoptr(GPtrArray) path = g_ptr_array_new();
	struct cf_metric metric;

	if (!r->samples->len)
		return;
	metric = cf_trace_metric(r->trace, "samples", CF_UNIT_COUNT);
	for (guint i = 0; i < r->samples->len; i++) {
		const struct sample *sample = &g_array_index(r->samples, struct sample, i);

		cf_trace_sample(r->trace,
				&(struct cf_sample){ .stack = stack_of(r, sample->frame, path),
						     .metric = metric,
						     .thread = g_array_index(threads, struct cf_chrome_thread,
									     sample->thread)
								       .thread,
						     .weight = sample->weight });
	}
}

/* --- the file */

static void read_object(struct reading *r)
{
	for (unsigned in = cf_json_object(r->json); cf_json_member(r->json, in);) {
		if (cf_json_key_is(r->json, "traceEvents"))
			read_events(r);
		else if (cf_json_key_is(r->json, "stackFrames"))
			read_stack_frames(r);
		else if (cf_json_key_is(r->json, "samples"))
			read_samples(r);
	}
}

/* Threads under their final names. */
static GArray *name_threads(struct reading *r)
{
	GArray *threads = g_array_new(FALSE, FALSE, sizeof(struct cf_chrome_thread));

	for (guint i = 0; i < r->threads->len; i++) {
		const struct thread *thread = &g_array_index(r->threads, struct thread, i);
		struct cf_chrome_thread named = { .service = service_of(r, thread->pid) };

		named.thread = cf_trace_thread(r->trace, (int32_t)CLAMP(thread->pid, INT32_MIN, INT32_MAX),
					       (int32_t)CLAMP(thread->tid, INT32_MIN, INT32_MAX),
					       cf_dict_text(r->trace->dict, thread->name));
		g_array_append_val(threads, named);
	}
	return threads;
}

static void note_left_out(struct reading *r)
{
	static const struct {
		char phase;
		const char *what;
	} phases[] = { { 'i', "instants" },       { 'I', "instants" },     { 'R', "marks" },
		       { 's', "flows" },          { 't', "flows" },        { 'f', "flows" },
		       { 'n', "async instants" }, { 'T', "async steps" },  { 'p', "async steps" },
		       { 'N', "objects" },        { 'O', "objects" },      { 'D', "objects" },
		       { 'v', "memory dumps" },   { 'V', "memory dumps" }, { 'P', "profile chunks" },
		       { 'c', "clock marks" },    { '(', "contexts" },     { ')', "contexts" },
		       { '=', "links" } };

	for (unsigned c = 0; c < G_N_ELEMENTS(r->left_out); c++) {
		const char *what = "events of unknown phases";

		for (size_t i = 0; i < G_N_ELEMENTS(phases); i++)
			if (phases[i].phase == (char)c)
				what = phases[i].what;
		if (r->left_out[c])
			cf_trace_quality(r->trace, "events-left-out", what, r->left_out[c], 0, NULL,
					 "%s aren't kept", what);
	}
	if (r->untimed)
		cf_trace_quality(r->trace, "events-without-time", NULL, r->untimed, 0, NULL,
				 "events without a time were left out");
	if (r->durationless)
		cf_trace_quality(r->trace, "calls-without-duration", NULL, r->durationless, 0, NULL,
				 "complete events without a duration last no time");
	if (r->negative)
		cf_trace_quality(r->trace, "negative-durations", NULL, r->negative, 0, NULL,
				 "complete events with a negative duration last no time");
	if (r->points > POINTS_MAX)
		cf_trace_quality(r->trace, "points-capped", NULL, r->points - POINTS_MAX, 0, NULL,
				 "counter values beyond the first %d were left out", POINTS_MAX);
	if (r->json->cut != CF_JSON_WHOLE)
		cf_trace_quality(r->trace, "cut", NULL, 0, 0, NULL,
				 "the file ends before its list of events does");
}

static int finish(struct reading *r, const struct cf_input *input, struct cf_diag *diag)
{
	GArray *threads = name_threads(r);
	struct cf_nesting nesting;
	int result;

	cf_nesting_init(&nesting, r->trace, threads);
	nesting.shortest_ns = shortest_kept(r);
	result = cf_sorter_each(r->sorter, cf_nesting_take, &nesting);
	cf_nesting_finish(&nesting);
	add_samples(r, threads);
	note_left_out(r);
	if (r->first_ns <= r->last_ns &&
	    __builtin_sub_overflow(r->last_ns, r->first_ns, &r->trace->meta.duration_ns))
		r->trace->meta.duration_ns = INT64_MAX;
	g_array_unref(threads);
	/* Of some events all there is to say is that they were left out. */
	if (result == 0 && !cf_trace_facts(r->trace) &&
	    r->trace->quality->len == (r->json->cut != CF_JSON_WHOLE))
		return cf_error(diag, &(struct cf_loc){ .path = input->path }, "no events");
	return result;
}

static int read_chrome(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		       struct cf_diag *diag)
{
	struct cf_json_reader json;
	struct reading r = { .json = &json,
			     .trace = trace,
			     .sorter = cf_sorter_new(diag),
			     .threads = g_array_new(FALSE, FALSE, sizeof(struct thread)),
			     .processes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free),
			     .samples = g_array_new(FALSE, FALSE, sizeof(struct sample)),
			     .frames = g_hash_table_new_full(NULL, NULL, NULL, frame_free),
			     .first_ns = INT64_MAX,
			     .last_ns = INT64_MIN };
	int status;

	cf_json_reader_init(&json, input->path, input->bytes,
			    CF_JSON_NOT_FINITE | CF_JSON_TRAILING_COMMA | CF_JSON_MAY_BE_CUT |
				    (input->mapped ? CF_JSON_MAPPED : 0),
			    diag);
	cf_async_init(&r.async, trace);
	if (cf_json_peek(&json) == CF_JSON_ARRAY)
		read_events(&r);
	else
		read_object(&r);
	status = r.failed ? -1 : cf_json_finish(&json);
	cf_async_finish(&r.async);
	if (status == 0)
		status = finish(&r, input, diag);
	cf_json_reader_release(&json);
	cf_sorter_free(r.sorter);
	cf_table_release(&r.thread_ids);
	g_array_unref(r.threads);
	g_array_unref(r.samples);
	g_hash_table_unref(r.processes);
	g_hash_table_unref(r.frames);
	return status;
}

/* A list of packets, and nothing else: pprof's profiles begin alike, but have other members soon. */
#define PACKETS 32

static bool is_perfetto(struct cf_slice bytes)
{
	uint64_t at = 0;

	for (unsigned packets = 0; packets < PACKETS; packets++) {
		uint64_t length = 0;

		if (at >= bytes.len || bytes.data[at++] != 0x0a)
			return false;
		for (unsigned shift = 0; at < bytes.len && shift < 35; shift += 7) {
			length |= (uint64_t)(bytes.data[at] & 0x7f) << shift;
			if (!(bytes.data[at++] & 0x80))
				break;
		}
		if (length > bytes.len - at)
			return false;
		at += length;
	}
	return true;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	if (!json && is_perfetto(input->bytes)) {
		*why = "a Perfetto trace in protobuf; traceconv json FILE writes it as JSON";
		return CF_BID_NEAR;
	}

	*why = "no events with ph";
	if (cf_json_shape_has(json, "traceEvents[].ph") || cf_json_shape_has(json, "[].ph"))
		return CF_BID_SHAPE;
	return cf_json_shape_has(json, "traceEvents") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_chrome_trace = {
	.name = "chrome-trace",
	.summary = "Chrome trace events (Perfetto JSON, clang -ftime-trace)",
	.json = TRUE,
	.version = 2,
	.probe = probe,
	.read = read_chrome,
};
