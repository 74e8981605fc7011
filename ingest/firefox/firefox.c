/* SPDX-License-Identifier: MIT */
/* firefox: profiles of the Firefox Profiler: saved by it, by samply, and as the browser itself writes them. */
/*
 * Processed profiles of all versions (firefox-devtools/profiler, docs-developer/CHANGELOG-formats.md): tables of columns
 * per thread, strings shared since version 56, all tables since 60. And what Gecko writes, tables of rows with a schema:
 * profiles of other processes within, in "profile" where DevTools saved it, and as the scripts of perf and simpleperf do.
 *
 * - The first metric is what the samples weigh: "samples", "time" of traces in ns, or "size". Where the processor time
 *   between samples is known, it is the metric "cpu time", in ns, or "cpu cycles". Allocations have metrics of their own.
 *   Weights may be negative: a comparison.
 * - Samples without a stack count, with no function.
 * - Counters are series over the time since the start; those of memory are summed up, as changes are what they hold.
 * - Markers aren't read: counted.
 */
#include "core/sum.h"
#include "ingest/firefox/frames.h"
#include "ingest/firefox/table.h"
#include "ingest/format.h"

#include <string.h>

#define THREADS_MAX 100000
/* Weights are read as millionths: whole ones fit, and milliseconds become nanoseconds. */
#define WEIGHT_DECIMALS 6
#define WEIGHT_ONE 1000000

enum { SAMPLE_STACK, SAMPLE_TIME, SAMPLE_WEIGHT, SAMPLE_CPU, SAMPLE_COLUMNS };

struct reading {
	struct cf_json_reader *json; /* of the whole file */
	struct cf_trace *trace;
	GArray *profiles; /* struct cf_slice: to be read */
	/* Of the profile that is read. */
	struct cf_firefox_parts shared;
	struct cf_firefox_stacks shared_stacks;
	GString *product, *cpu_unit;
	int64_t first, last; /* times of samples, ns */
	bool timed;
	/* Of all of them. */
	int64_t threads, texts, markers, missing, cut;
};

/* --- the samples of a thread */

struct table {
	struct cf_slice samples, js, native, markers;
};

static const char *cpu_metric(const struct reading *r, enum cf_unit *unit, unsigned *decimals)
{
	const char *text = r->cpu_unit->str;

	*unit = CF_UNIT_NS;
	*decimals = !strcmp(text, "ns") ? 0 : 3;
	if (!strcmp(text, "ns") || !strcmp(text, "us") || !strcmp(text, "\xc2\xb5s"))
		return "cpu time";
	*unit = CF_UNIT_COUNT;
	*decimals = 0;
	return "cpu cycles";
}

/* "samples", "tracing-ms" or "bytes"; only what is known changes anything. */
static void take_weight_type(struct reading *r, struct cf_slice part, GString *type)
{
	struct cf_json_reader json;
	struct cf_slice text;

	g_string_truncate(type, 0);
	cf_json_reader_within(&json, r->json, part);
	if (cf_json_find(&json, cf_json_object(&json), "weightType") && cf_json_try_text(&json, &text))
		g_string_append_len(type, (const char *)text.data, (gssize)text.len);
	cf_json_reader_join(&json, r->json);
}

static void add(struct reading *r, struct cf_thread thread, struct cf_metric metric,
		const struct cf_firefox_stack *stack, int64_t weight, int64_t count)
{
	struct cf_trace *trace = r->trace;
	struct cf_group group = g_array_index(trace->threads, struct cf_thread_info, thread.id).group;

	cf_trace_cost(trace, &(struct cf_stack_cost){ group, metric, stack->stack, weight, count });
	cf_trace_thread_cost(trace, &(struct cf_thread_cost){ thread, metric, weight, count });
	if (stack->line && stack->file.id && stack->stack.id)
		cf_trace_line(trace,
			      &(struct cf_line_cost){ cf_dict_stack_info(trace->dict, stack->stack).func,
						      metric, stack->file, stack->line, weight, count });
}

static struct cf_firefox_stack stack_at(struct reading *r, const struct cf_firefox_stacks *stacks,
					int64_t number)
{
	if (number >= 0 && number < stacks->stacks->len)
		return g_array_index(stacks->stacks, struct cf_firefox_stack, number);
	r->missing += number != CF_FIREFOX_NONE;
	return (struct cf_firefox_stack){ 0 };
}

static void read_samples(struct reading *r, struct cf_slice part, struct cf_thread thread,
			 const struct cf_firefox_stacks *stacks)
{
	struct cf_firefox_column table[SAMPLE_COLUMNS] = { { .name = "stack" },
							   { .name = "time", .decimals = 6 },
							   { .name = "weight", .decimals = WEIGHT_DECIMALS },
							   { .name = "threadCPUDelta" } };
	g_autoptr(GString) type = g_string_new(NULL);
	struct cf_metric metric, cpu = { 0 };
	enum cf_unit unit;
	const char *cpu_name = cpu_metric(r, &unit, &table[SAMPLE_CPU].decimals);
	bool traced, sized, weighed, with_cpu = false;
	struct cf_json_reader json;

	take_weight_type(r, part, type);
	traced = !strcmp(type->str, "tracing-ms");
	sized = !strcmp(type->str, "bytes");
	cf_json_reader_within(&json, r->json, part);
	cf_firefox_table_read(&json, table, SAMPLE_COLUMNS);
	weighed = cf_firefox_length(&table[SAMPLE_WEIGHT]) != 0;
	if (cf_json_ok(&json) && weighed &&
	    cf_firefox_length(&table[SAMPLE_WEIGHT]) < cf_firefox_length(&table[SAMPLE_STACK]))
		cf_json_error(&json, "%u samples, but %u weights", cf_firefox_length(&table[SAMPLE_STACK]),
			      cf_firefox_length(&table[SAMPLE_WEIGHT]));
	cf_json_reader_join(&json, r->json);
	metric = traced  ? cf_trace_metric(r->trace, "time", CF_UNIT_NS)
		 : sized ? cf_trace_metric(r->trace, "size", CF_UNIT_BYTES)
			 : cf_trace_metric(r->trace, "samples", CF_UNIT_COUNT);
	for (guint i = 0; cf_json_ok(r->json) && i < cf_firefox_length(&table[SAMPLE_STACK]); i++) {
		struct cf_firefox_stack stack = stack_at(r, stacks, cf_firefox_at(&table[SAMPLE_STACK], i));
		int64_t weight = weighed ? cf_firefox_at(&table[SAMPLE_WEIGHT], i) : WEIGHT_ONE;
		int64_t delta = cf_firefox_at(&table[SAMPLE_CPU], i),
			time = cf_firefox_at(&table[SAMPLE_TIME], i);

		if (weight == CF_FIREFOX_NONE)
			weight = 0;
		if (!traced)
			weight /= WEIGHT_ONE;
		add(r, thread, metric, &stack, weight, 1);
		/* The first one has no sample before it. */
		if (i && delta > 0) {
			if (!with_cpu)
				cpu = cf_trace_metric(r->trace, cpu_name, unit);
			with_cpu = true;
			add(r, thread, cpu, &stack, delta, 1);
		}
		if (time != CF_FIREFOX_NONE) {
			r->first = r->timed ? MIN(r->first, time) : time;
			r->last = r->timed ? MAX(r->last, time) : time;
			r->timed = true;
		}
	}
	cf_firefox_table_release(table, SAMPLE_COLUMNS);
}

/* What was freed has a negative weight. */
static void read_allocations(struct reading *r, struct cf_slice part, struct cf_thread thread,
			     const struct cf_firefox_stacks *stacks, const char *name, const char *freed)
{
	struct cf_firefox_column table[] = { { .name = "stack" },
					     { .name = "weight" },
					     { .name = "duration" } };
	struct cf_json_reader json;

	if (!part.len)
		return;
	cf_json_reader_within(&json, r->json, part);
	cf_firefox_table_read(&json, table, G_N_ELEMENTS(table));
	cf_json_reader_join(&json, r->json);
	for (guint i = 0; cf_json_ok(r->json) && i < cf_firefox_length(&table[0]); i++) {
		struct cf_firefox_stack stack = stack_at(r, stacks, cf_firefox_at(&table[0], i));
		/* Up to version 28 the weight was called duration. */
		int64_t size = cf_firefox_at(table[1].values ? &table[1] : &table[2], i);

		if (size == CF_FIREFOX_NONE || size == 0)
			continue;
		add(r, thread, cf_trace_metric(r->trace, size < 0 ? freed : name, CF_UNIT_BYTES), &stack,
		    size < 0 ? -size : size, 1);
	}
	cf_firefox_table_release(table, G_N_ELEMENTS(table));
}

static void count_markers(struct reading *r, struct cf_slice part)
{
	struct cf_json_reader json;
	int64_t rows = 0, length = -1;

	if (!part.len)
		return;
	cf_json_reader_within(&json, r->json, part);
	for (unsigned in = cf_json_try_object(&json); cf_json_member(&json, in);) {
		if (cf_json_key_is(&json, "length"))
			cf_json_try_int(&json, &length);
		else if (cf_json_key_is(&json, "data"))
			for (unsigned list = cf_json_try_array(&json); cf_json_item(&json, list);)
				rows++;
	}
	cf_json_reader_join(&json, r->json);
	r->markers += length >= 0 ? MIN(length, rows) : rows;
}

/* --- threads */

/* Main threads are called GeckoMain: in profiles of other programs the process says more. */
static struct cf_thread thread_of(struct reading *r, GString *name, const char *process, int64_t pid,
				  int64_t tid)
{
	if (!strcmp(name->str, "GeckoMain") && *process && strcmp(r->product->str, "Firefox") != 0)
		g_string_assign(name, process);
	if (tid <= 0 || tid > INT32_MAX)
		tid = r->threads + 1;
	return cf_trace_thread(r->trace, pid > 0 && pid <= INT32_MAX ? (int32_t)pid : 0, (int32_t)tid,
			       name->str);
}

static void append_text(struct cf_json_reader *json, GString *to)
{
	struct cf_slice text;

	if (cf_json_try_text(json, &text)) {
		g_string_truncate(to, 0);
		g_string_append_len(to, (const char *)text.data, (gssize)text.len);
	}
}

static void read_thread(struct reading *r, struct cf_json_reader *json)
{
	g_autoptr(GString) name = g_string_new(NULL), process = g_string_new(NULL);
	struct cf_firefox_parts parts = r->shared;
	struct cf_firefox_stacks own = { 0 };
	struct table table = { 0 };
	int64_t pid = 0, tid = 0;
	struct cf_thread thread;

	parts.stacks = (struct cf_slice){ 0 };
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_firefox_parts_take(&parts, json))
			continue;
		if (cf_json_key_is(json, "name"))
			append_text(json, name);
		else if (cf_json_key_is(json, "processName"))
			append_text(json, process);
		else if (cf_json_key_is(json, "pid"))
			cf_json_try_int(json, &pid);
		else if (cf_json_key_is(json, "tid"))
			cf_json_try_int(json, &tid);
		else if (cf_json_key_is(json, "samples"))
			cf_json_get_raw(json, &table.samples);
		else if (cf_json_key_is(json, "jsAllocations"))
			cf_json_get_raw(json, &table.js);
		else if (cf_json_key_is(json, "nativeAllocations"))
			cf_json_get_raw(json, &table.native);
		else if (cf_json_key_is(json, "markers"))
			cf_json_get_raw(json, &table.markers);
	}
	if (!cf_json_ok(json))
		return;
	if (!table.samples.len || (!parts.stacks.len && !r->shared_stacks.stacks)) {
		cf_json_error(json, "a thread without %s", table.samples.len ? "a stackTable" : "samples");
		return;
	}
	thread = thread_of(r, name, process->str, pid, tid);
	r->threads++;
	if (parts.stacks.len)
		cf_firefox_stacks_read(&own, r->json, &parts, r->trace);
	if (cf_json_ok(r->json)) {
		const struct cf_firefox_stacks *stacks = own.stacks ? &own : &r->shared_stacks;

		read_samples(r, table.samples, thread, stacks);
		read_allocations(r, table.js, thread, stacks, "js allocations", "js frees");
		read_allocations(r, table.native, thread, stacks, "native allocations", "native frees");
		count_markers(r, table.markers);
	}
	r->cut += own.cut;
	r->missing += own.missing;
	cf_firefox_stacks_release(&own);
}

static void read_threads(struct reading *r, struct cf_slice part)
{
	struct cf_json_reader json;

	cf_json_reader_within(&json, r->json, part);
	for (unsigned list = cf_json_array(&json); cf_json_item(&json, list);) {
		/* Of Firefox up to 49: what another process wrote, as a text. */
		if (cf_json_peek(&json) == CF_JSON_STRING) {
			r->texts++;
			continue;
		}
		if (r->threads == THREADS_MAX)
			cf_json_error(&json, "more than %d threads", THREADS_MAX);
		else
			read_thread(r, &json);
		if (!cf_json_ok(r->json))
			break;
	}
	cf_json_reader_join(&json, r->json);
}

/* --- counters */

struct counter {
	GString *name, *category;
	struct cf_slice samples;
};

static void add_counter(struct reading *r, const struct counter *counter)
{
	struct cf_firefox_column table[] = { { .name = "time", .decimals = 6 }, { .name = "count" } };
	bool memory = !strcmp(counter->category->str, "Memory");
	bool bytes = memory || !strcmp(counter->category->str, "Bandwidth");
	g_autofree char *name = g_strdup_printf("%s%s%s", counter->category->str,
						*counter->category->str ? " " : "", counter->name->str);
	struct cf_series series;
	struct cf_json_reader json;
	int64_t sum = 0;

	cf_json_reader_within(&json, r->json, counter->samples);
	cf_firefox_table_read(&json, table, G_N_ELEMENTS(table));
	cf_json_reader_join(&json, r->json);
	if (!cf_json_ok(r->json) || !cf_firefox_length(&table[0]))
		goto out;
	series = cf_trace_series(r->trace, name, bytes ? "bytes" : "count", "", "ns");
	for (guint i = 0; i < cf_firefox_length(&table[0]); i++) {
		int64_t time = cf_firefox_at(&table[0], i), count = cf_firefox_at(&table[1], i);

		if (time == CF_FIREFOX_NONE || count == CF_FIREFOX_NONE)
			continue;
		sum = memory ? cf_add_sat(sum, count) : count;
		cf_trace_point(r->trace, series, (double)time, (double)sum);
	}
out:
	cf_firefox_table_release(table, G_N_ELEMENTS(table));
}

/* Samples lie in sampleGroups up to version 43: one, later a list of them. */
static void take_group(struct cf_json_reader *json, struct counter *counter)
{
	for (unsigned in = cf_json_try_object(json); cf_json_member(json, in);)
		if (cf_json_key_is(json, "samples"))
			cf_json_get_raw(json, &counter->samples);
}

static void read_counters(struct reading *r, struct cf_slice part)
{
	struct counter counter = { .name = g_string_new(NULL), .category = g_string_new(NULL) };
	struct cf_json_reader json;

	cf_json_reader_within(&json, r->json, part);
	for (unsigned list = cf_json_try_array(&json); cf_json_item(&json, list);) {
		g_string_truncate(counter.name, 0);
		g_string_truncate(counter.category, 0);
		counter.samples = (struct cf_slice){ 0 };
		for (unsigned in = cf_json_try_object(&json); cf_json_member(&json, in);) {
			if (cf_json_key_is(&json, "name"))
				append_text(&json, counter.name);
			else if (cf_json_key_is(&json, "category"))
				append_text(&json, counter.category);
			else if (cf_json_key_is(&json, "samples"))
				cf_json_get_raw(&json, &counter.samples);
			else if (cf_json_key_is(&json, "sampleGroups") &&
				 cf_json_peek(&json) == CF_JSON_ARRAY)
				for (unsigned groups = cf_json_array(&json); cf_json_item(&json, groups);)
					take_group(&json, &counter);
			else if (cf_json_key_is(&json, "sampleGroups"))
				take_group(&json, &counter);
		}
		if (cf_json_ok(&json) && counter.samples.len)
			add_counter(r, &counter);
	}
	cf_json_reader_join(&json, r->json);
	g_string_free(counter.name, TRUE);
	g_string_free(counter.category, TRUE);
}

/* --- profiles */

static char *take_copy(struct cf_json_reader *json, char *before)
{
	struct cf_slice text;

	if (before || !cf_json_try_text(json, &text) || !text.len)
		return before;
	return g_strndup((const char *)text.data, text.len);
}

static void read_meta(struct reading *r, struct cf_slice part)
{
	struct cf_run_meta *meta = &r->trace->meta;
	struct cf_json_reader json;
	int64_t start;

	g_string_assign(r->product, "");
	g_string_assign(r->cpu_unit, "");
	cf_json_reader_within(&json, r->json, part);
	for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);) {
		if (cf_json_key_is(&json, "product"))
			append_text(&json, r->product);
		else if (cf_json_key_is(&json, "oscpu"))
			meta->os = take_copy(&json, meta->os);
		else if (cf_json_key_is(&json, "CPUName"))
			meta->cpu = take_copy(&json, meta->cpu);
		else if (cf_json_key_is(&json, "startTime") && cf_json_try_scaled(&json, 6, &start) &&
			 start > 0 && meta->start_source == CF_START_NONE) {
			meta->start_ns = start;
			meta->start_source = CF_START_INPUT;
		} else if (cf_json_key_is(&json, "sampleUnits")) {
			for (unsigned units = cf_json_try_object(&json); cf_json_member(&json, units);)
				if (cf_json_key_is(&json, "threadCPUDelta"))
					append_text(&json, r->cpu_unit);
		}
	}
	cf_json_reader_join(&json, r->json);
	/* Some scripts put the whole command line there. */
	if (!meta->name && *r->product->str && !strpbrk(r->product->str, " /"))
		meta->name = g_strdup(r->product->str);
}

struct members {
	struct cf_slice meta, threads, counters;
};

static void take_members(struct reading *r, struct cf_json_reader *json, struct members *members)
{
	struct cf_slice part;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "meta")) {
			cf_json_get_raw(json, &members->meta);
		} else if (cf_json_key_is(json, "threads")) {
			cf_json_get_raw(json, &members->threads);
		} else if (cf_json_key_is(json, "counters")) {
			cf_json_get_raw(json, &members->counters);
		} else if (cf_json_key_is(json, "libs")) {
			cf_json_get_raw(json, &r->shared.libs);
		} else if (cf_json_key_is(json, "shared")) {
			for (unsigned shared = cf_json_object(json); cf_json_member(json, shared);)
				cf_firefox_parts_take(&r->shared, json);
		} else if (cf_json_key_is(json, "processes")) {
			for (unsigned list = cf_json_try_array(json); cf_json_item(json, list);)
				if (cf_json_peek(json) == CF_JSON_OBJECT && cf_json_get_raw(json, &part))
					g_array_append_val(r->profiles, part);
		} else if (cf_json_key_is(json, "profile") && cf_json_peek(json) == CF_JSON_OBJECT) {
			if (cf_json_get_raw(json, &part))
				g_array_append_val(r->profiles, part);
		}
	}
}

static void read_profile(struct reading *r, struct cf_slice profile)
{
	g_autoptr(GArray) strings = NULL;
	struct members members = { 0 };
	struct cf_json_reader json;
	int64_t duration;

	r->shared = (struct cf_firefox_parts){ 0 };
	r->timed = false;
	cf_json_reader_within(&json, r->json, profile);
	take_members(r, &json, &members);
	cf_json_reader_join(&json, r->json);
	if (members.meta.len && cf_json_ok(r->json))
		read_meta(r, members.meta);
	if (r->shared.strings.len && cf_json_ok(r->json)) {
		strings = cf_firefox_strings_read(r->json, &r->shared, r->trace);
		r->shared.strings = (struct cf_slice){ 0 };
		r->shared.read_strings = strings;
	}
	if (r->shared.stacks.len && cf_json_ok(r->json))
		cf_firefox_stacks_read(&r->shared_stacks, r->json, &r->shared, r->trace);
	if (members.threads.len && cf_json_ok(r->json))
		read_threads(r, members.threads);
	if (members.counters.len && cf_json_ok(r->json))
		read_counters(r, members.counters);
	if (r->timed && !__builtin_sub_overflow(r->last, r->first, &duration))
		r->trace->meta.duration_ns = MAX(r->trace->meta.duration_ns, duration);
	r->cut += r->shared_stacks.cut;
	r->missing += r->shared_stacks.missing;
	cf_firefox_stacks_release(&r->shared_stacks);
	r->shared_stacks = (struct cf_firefox_stacks){ 0 };
}

/* By module, what was spent at addresses without names. */
static void note_unresolved(struct cf_trace *trace)
{
	g_autoptr(GArray) costs = cf_trace_func_costs(trace);

	for (guint i = 0; i < costs->len; i++) {
		const struct cf_func_cost *cost = &g_array_index(costs, struct cf_func_cost, i);
		const char *module = cf_dict_func_module(trace->dict, cost->func);

		if (cost->metric.id || !cost->self_count ||
		    cf_dict_func_info(trace->dict, cost->func).kind != CF_FRAME_UNRESOLVED)
			continue;
		cf_trace_quality(trace, "unresolved", *module ? module : NULL, cost->self_count, cost->self,
				 "load it in profiler.firefox.com, which looks names up, and save it again; "
				 "samply: record where the program's symbols are",
				 "the profile has addresses instead of names");
	}
}

static void note_quality(const struct reading *r)
{
	struct cf_trace *trace = r->trace;

	note_unresolved(trace);
	if (r->markers)
		cf_trace_quality(trace, "markers", NULL, r->markers, 0, NULL, "markers aren't read");
	if (r->missing)
		cf_trace_quality(trace, "missing-stacks", NULL, r->missing, 0, NULL,
				 "stacks or frames that aren't in the profile were left out");
	if (r->texts)
		cf_trace_quality(trace, "text-threads", NULL, r->texts, 0, NULL,
				 "threads of other processes that stand in the file as a text aren't read");
	if (r->cut)
		cf_trace_quality(
			trace, "cut-stacks", NULL, r->cut, 0, NULL,
			"stacks deeper than 2048 frames were cut there; their cost stays with the last "
			"frame kept");
}

static int read_firefox(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
			struct cf_diag *diag)
{
	struct cf_json_reader json;
	struct reading r = { .json = &json,
			     .trace = trace,
			     .profiles = g_array_new(FALSE, FALSE, sizeof(struct cf_slice)),
			     .product = g_string_new(NULL),
			     .cpu_unit = g_string_new(NULL) };
	struct cf_slice whole;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	if (cf_json_get_raw(&json, &whole))
		g_array_append_val(r.profiles, whole);
	for (guint i = 0; i < r.profiles->len && cf_json_ok(&json); i++)
		read_profile(&r, g_array_index(r.profiles, struct cf_slice, i));
	status = cf_json_finish(&json);
	if (status == 0 && !r.threads)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path },
				  "no threads, expected a profile of the Firefox Profiler");
	if (status == 0)
		note_quality(&r);
	cf_json_reader_release(&json);
	g_array_unref(r.profiles);
	g_string_free(r.product, TRUE);
	g_string_free(r.cpu_unit, TRUE);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const struct cf_json_shape *json = input->json;

	*why = "no meta with preprocessedProfileVersion, no threads with a stackTable";
	if (cf_json_shape_has(json, "meta.preprocessedProfileVersion"))
		return CF_BID_MAGIC;
	if (cf_json_shape_has(json, "threads[].stackTable") ||
	    cf_json_shape_has(json, "profile.threads[].stackTable") ||
	    cf_json_shape_has(json, "shared.stackTable.frame") ||
	    (cf_json_shape_has(json, "meta.processType") && cf_json_shape_has(json, "meta.interval") &&
	     !cf_json_shape_has(json, "profileJSON")) ||
	    (cf_json_shape_has(json, "profile.meta.processType") &&
	     cf_json_shape_has(json, "profile.libs")) ||
	    /* A recording of DevTools, whose profile stands behind all that. */
	    (cf_json_shape_has(json, "label") && cf_json_shape_has(json, "ticks") &&
	     cf_json_shape_has(json, "memory") && cf_json_shape_has(json, "allocations")))
		return CF_BID_SHAPE;
	if (cf_json_shape_has(json, "profileJSON")) {
		*why = "a profile of before 2015; load it in profiler.firefox.com and save it again";
		return CF_BID_NEAR;
	}
	return cf_json_shape_has(json, "meta.processType") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_firefox_profile = {
	.name = "firefox-profile",
	.summary = "profiles of the Firefox Profiler, samply and Gecko",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_firefox,
};
