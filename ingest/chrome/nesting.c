/* SPDX-License-Identifier: MIT */
/* nesting: calls of a thread in the order of time -> spans with parents, and what each took itself. */
#include "ingest/chrome/nesting.h"

#include "core/sum.h"

#define DEPTH_MAX 2048

struct open_call {
	struct cf_call call;
	int64_t end_ns; /* INT64_MAX: not known yet */
	int64_t since;  /* what passes from here on is its own */
	int64_t self;
	struct cf_stack stack;
	uint32_t
		children; /* number of the last span that waits for this one's; each has the one before as its parent */
};

void cf_nesting_init(struct cf_nesting *nesting, struct cf_trace *trace, const GArray *threads)
{
	*nesting = (struct cf_nesting){ .trace = trace, .threads = threads, .thread = UINT32_MAX };
	nesting->metric = cf_trace_metric(trace, "span time", CF_UNIT_NS);
	nesting->open = g_array_new(FALSE, FALSE, sizeof(struct open_call));
}

static struct open_call *top(const struct cf_nesting *nesting)
{
	return nesting->open->len ? &g_array_index(nesting->open, struct open_call, nesting->open->len - 1)
				  : NULL;
}

static const struct cf_chrome_thread *thread_of(const struct cf_nesting *nesting)
{
	return &g_array_index(nesting->threads, struct cf_chrome_thread, nesting->thread);
}

static struct cf_span *span_at(const struct cf_nesting *nesting, uint32_t number)
{
	return &g_array_index(nesting->trace->spans, struct cf_span, number - 1);
}

static int64_t difference(int64_t to, int64_t from)
{
	int64_t result;

	return __builtin_sub_overflow(to, from, &result) ? INT64_MAX : MAX(result, 0);
}

/* The spans that waited for their parent have it. parent 0: they are roots. */
static void adopt(const struct cf_nesting *nesting, uint32_t child, uint32_t parent)
{
	while (child) {
		struct cf_span *span = span_at(nesting, child);

		child = span->parent;
		span->parent = parent;
	}
}

static uint32_t add_span(struct cf_nesting *nesting, const struct open_call *open, int64_t duration)
{
	const struct cf_chrome_thread *thread = thread_of(nesting);

	if (duration < nesting->shortest_ns) {
		nesting->shorter++;
		cf_trace_operation(nesting->trace, thread->service, open->call.name, duration,
				   open->call.failed);
		return 0;
	}
	return cf_trace_span(nesting->trace,
			     &(struct cf_span){ .service = thread->service,
						.name = open->call.name,
						.thread = thread->thread.id,
						.status = open->call.failed ? CF_SPAN_ERROR : CF_SPAN_UNSET,
						.start_ns = open->call.start_ns,
						.duration_ns = duration });
}

static void add_cost(const struct cf_nesting *nesting, const struct open_call *open)
{
	cf_trace_sample(nesting->trace, &(struct cf_sample){ .stack = open->stack,
							     .metric = nesting->metric,
							     .thread = thread_of(nesting)->thread,
							     .weight = open->self });
}

/* Closes the innermost call at end. finished: it is a span. */
static void pop(struct cf_nesting *nesting, int64_t end, bool finished)
{
	struct open_call closed = *top(nesting);
	struct open_call *parent;
	uint32_t number = 0;

	closed.self = cf_add_sat(closed.self, difference(end, closed.since));
	if (finished)
		number = add_span(nesting, &closed,
				  closed.call.type == CF_CALL_WHOLE ? closed.call.duration_ns
								    : difference(end, closed.call.start_ns));
	else
		nesting->unfinished++;
	add_cost(nesting, &closed);
	g_array_set_size(nesting->open, nesting->open->len - 1);
	parent = top(nesting);
	if (parent)
		parent->since = MAX(parent->since, end);
	adopt(nesting, closed.children, number);
	if (number && parent) {
		span_at(nesting, number)->parent = parent->children;
		parent->children = number;
	}
}

/* Closes what has ended at that time. A whole call that lasts on keeps what was begun around it open. */
static void pop_ended(struct cf_nesting *nesting, int64_t now)
{
	struct open_call *open;

	while ((open = top(nesting)) != NULL && open->end_ns <= now)
		pop(nesting, open->end_ns, true);
}

static struct cf_stack push_frame(struct cf_nesting *nesting, const struct open_call *caller,
				  struct cf_str name)
{
	struct cf_dict *dict = nesting->trace->dict;
	struct cf_func_info info = { .name = name, .kind = CF_FRAME_SERVICE };
	struct cf_str service = thread_of(nesting)->service;

	if (nesting->open->len >= DEPTH_MAX) {
		nesting->cut++;
		return caller->stack;
	}
	if (service.id)
		info.module = cf_dict_module(dict, (struct cf_module_info){ .name = service });
	return cf_dict_push(dict, caller ? caller->stack : (struct cf_stack){ 0 }, cf_dict_func(dict, info),
			    CF_FRAME_SERVICE);
}

static void push(struct cf_nesting *nesting, const struct cf_call *call)
{
	struct open_call *caller = top(nesting);
	struct open_call open = { .call = *call, .end_ns = INT64_MAX, .since = call->start_ns };

	if (call->type == CF_CALL_WHOLE)
		open.end_ns = cf_add_sat(call->start_ns, call->duration_ns);
	open.stack = push_frame(nesting, caller, call->name);
	if (caller) {
		caller->self = cf_add_sat(caller->self, difference(call->start_ns, caller->since));
		caller->since = call->start_ns;
		/* What outlasts its caller is counted as long as that lasts. */
		if (call->type == CF_CALL_WHOLE && open.end_ns > caller->end_ns) {
			nesting->overlapping++;
			open.end_ns = caller->end_ns;
		}
	}
	g_array_append_val(nesting->open, open);
}

/* Whole calls within the one that is closed end with it. */
static void close_innermost(struct cf_nesting *nesting, int64_t now)
{
	guint i = nesting->open->len;

	while (i > 0 && g_array_index(nesting->open, struct open_call, i - 1).call.type != CF_CALL_BEGIN)
		i--;
	if (!i) {
		nesting->unmatched++;
		return;
	}
	while (nesting->open->len > i) {
		nesting->overlapping++;
		pop(nesting, now, true);
	}
	pop(nesting, now, true);
}

static void close_thread(struct cf_nesting *nesting)
{
	struct open_call *open;
	int64_t end = nesting->now;

	/* The thread lasts until its last call has ended. */
	for (guint i = 0; i < nesting->open->len; i++) {
		open = &g_array_index(nesting->open, struct open_call, i);
		if (open->call.type == CF_CALL_WHOLE && open->end_ns != INT64_MAX)
			end = MAX(end, open->end_ns);
	}
	while ((open = top(nesting)) != NULL)
		pop(nesting, MIN(open->end_ns, end), open->call.type == CF_CALL_WHOLE);
}

void cf_nesting_take(void *data, const struct cf_call *call)
{
	struct cf_nesting *nesting = data;

	if (call->thread != nesting->thread) {
		close_thread(nesting);
		nesting->thread = call->thread;
	}
	nesting->now = call->start_ns;
	pop_ended(nesting, call->start_ns);
	if (call->type == CF_CALL_END)
		close_innermost(nesting, call->start_ns);
	else
		push(nesting, call);
}

void cf_nesting_finish(struct cf_nesting *nesting)
{
	struct cf_trace *trace = nesting->trace;

	close_thread(nesting);
	g_array_unref(nesting->open);
	if (nesting->shorter)
		cf_trace_quality(trace, "short-spans", NULL, nesting->shorter, 0, NULL,
				 "calls shorter than %" G_GINT64_FORMAT
				 " ns are in stacks and operations, but are no spans",
				 nesting->shortest_ns);
	if (nesting->unfinished)
		cf_trace_quality(trace, "unfinished-calls", NULL, nesting->unfinished, 0, NULL,
				 "calls that never end are in stacks up to their thread's last event, but "
				 "are no spans");
	if (nesting->unmatched)
		cf_trace_quality(trace, "unmatched-ends", NULL, nesting->unmatched, 0, NULL,
				 "ends without a beginning were left out");
	if (nesting->overlapping)
		cf_trace_quality(
			trace, "overlapping-calls", NULL, nesting->overlapping, 0, NULL,
			"calls that outlast the call around them are in stacks as long as that lasts");
	if (nesting->cut)
		cf_trace_quality(trace, "cut-stacks", NULL, nesting->cut, 0, NULL,
				 "calls nested deeper than %d were counted to the one at that depth",
				 DEPTH_MAX);
}
