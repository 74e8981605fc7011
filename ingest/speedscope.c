/* SPDX-License-Identifier: MIT */
/* speedscope: profiles in speedscope's own file format (speedscope.app/file-format-schema.json). */
/*
 * A profile of the file is a thread of the run, called as the profile is. Its unit decides the metric: "time" in ns, "size"
 * in bytes, or "weight". The keys "metric" and "thread" of our own exports say both instead, so that the costs of several
 * metrics aren't added up.
 *
 * - sampled: stacks with weights, callers first.
 * - evented: frames are opened and closed; what passes between two events is the cost of the stack that is open. A frame
 *   is closed by the name of the innermost open one; one that isn't open is an error. What is still open at the last
 *   event stays without an end: counted.
 * - A frame's line is that of its declaration.
 *
 * Profiles may stand before the frames they refer to: then they are read when those are known.
 */
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/time_units.h"

#include <math.h>

#define DEPTH_MAX 2048
#define PROFILES_MAX 100000

struct reading {
	struct cf_trace *trace;
	GArray *frames; /* struct cf_func */
	bool shared;    /* the frames were read */
	int64_t cut, rounded, unclosed;
	GString *name, *metric_name; /* of the profile */
	enum cf_unit unit;
	struct cf_metric metric;
	double factor; /* value times this is the weight; 0: unit not known yet */
	struct cf_thread thread;
};

static void read_frame(struct cf_json_reader *json, struct reading *r)
{
	struct cf_func_info info = { .kind = CF_FRAME_NATIVE };
	struct cf_symbol symbol = { 0 };
	int64_t line = 0;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "name"))
			cf_json_get_str(json, r->trace->dict, &info.name);
		else if (cf_json_key_is(json, "file"))
			cf_json_try_str(json, r->trace->dict, &symbol.file);
		else if (cf_json_key_is(json, "line"))
			cf_json_try_int(json, &line);
	}
	symbol.func = cf_dict_func(r->trace->dict, info);
	symbol.line = line > 0 && line < UINT32_MAX ? (uint32_t)line : 0;
	if (symbol.file.id)
		cf_trace_symbol(r->trace, &symbol);
	g_array_append_val(r->frames, symbol.func);
}

static void read_shared(struct cf_json_reader *json, struct reading *r)
{
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);)
		if (cf_json_key_is(json, "frames"))
			for (unsigned list = cf_json_array(json); cf_json_item(json, list);)
				read_frame(json, r);
	r->shared = true;
}

/* --- a profile: its parts as they come, read when the unit is known */

struct parts {
	struct cf_slice samples, weights, events;
};

static void take_unit(struct cf_json_reader *json, struct reading *r)
{
	struct cf_slice unit;

	if (!cf_json_get_text(json, &unit))
		return;
	if (cf_time_unit_ns(unit, &r->factor)) {
		r->unit = CF_UNIT_NS;
	} else if (cf_slice_is(unit, "bytes")) {
		r->factor = 1;
		r->unit = CF_UNIT_BYTES;
	} else if (cf_slice_is(unit, "none")) {
		r->factor = 1;
		r->unit = CF_UNIT_COUNT;
	} else {
		cf_json_error(json, "unknown unit '%.*s', expected none, bytes or a unit of time",
			      (int)MIN(unit.len, 20), unit.data);
	}
}

/* Of metrics that have one name and two units, the later are called by their unit. */
static void take_metric(struct reading *r)
{
	const char *by_unit = r->unit == CF_UNIT_NS ? "time" : r->unit == CF_UNIT_BYTES ? "size" : "weight";

	r->metric = cf_trace_metric(r->trace, r->metric_name->len ? r->metric_name->str : by_unit, r->unit);
	if (g_array_index(r->trace->metrics, struct cf_metric_info, r->metric.id).unit != r->unit)
		r->metric = cf_trace_metric(r->trace, by_unit, r->unit);
}

static int64_t to_weight(struct reading *r, double value)
{
	double weight = rint(value * r->factor);

	r->rounded += r->factor == 1 && weight != value;
	return weight >= 9.2e18 ? INT64_MAX : weight <= -9.2e18 ? INT64_MIN : (int64_t)weight;
}

static void add(struct reading *r, struct cf_stack stack, int64_t weight, int64_t count)
{
	struct cf_group group = g_array_index(r->trace->threads, struct cf_thread_info, r->thread.id).group;

	cf_trace_cost(r->trace, &(struct cf_stack_cost){ group, r->metric, stack, weight, count });
	cf_trace_thread_cost(r->trace, &(struct cf_thread_cost){ r->thread, r->metric, weight, count });
}

/* The next value as the number of a frame; false with a message. */
static bool take_frame(struct cf_json_reader *json, const struct reading *r, struct cf_func *func)
{
	uint64_t index;

	if (!cf_json_get_uint(json, &index))
		return false;
	if (index >= r->frames->len) {
		cf_json_error(json, "frame %" G_GUINT64_FORMAT ", but there are only %u", index,
			      r->frames->len);
		return false;
	}
	*func = g_array_index(r->frames, struct cf_func, index);
	return true;
}

static struct cf_stack take_stack(struct cf_json_reader *json, struct reading *r)
{
	struct cf_stack stack = { 0 };
	unsigned depth = 0;

	for (unsigned in = cf_json_array(json); cf_json_item(json, in);) {
		struct cf_func func;

		if (take_frame(json, r, &func) && depth++ < DEPTH_MAX)
			stack = cf_dict_push(r->trace->dict, stack, func, CF_FRAME_NATIVE);
	}
	r->cut += depth > DEPTH_MAX;
	return stack;
}

/* Two lists of equal length, each read from where it stands. */
static void read_sampled(struct cf_json_reader *json, struct reading *r, const struct parts *parts)
{
	struct cf_json_reader samples, weights;
	unsigned in, list;
	double value;

	cf_json_reader_within(&samples, json, parts->samples);
	cf_json_reader_within(&weights, json, parts->weights);
	in = cf_json_array(&samples);
	list = cf_json_array(&weights);
	while (cf_json_item(&samples, in)) {
		struct cf_stack stack = take_stack(&samples, r);

		if (!cf_json_ok(&samples))
			break;
		if (!cf_json_item(&weights, list)) {
			cf_json_error(&samples, "more samples than weights");
			break;
		}
		if (!cf_json_get_double(&weights, &value))
			break;
		if (value < 0)
			cf_json_error(&weights, "a negative weight");
		else
			add(r, stack, to_weight(r, value), 1);
	}
	if (cf_json_ok(&samples) && cf_json_ok(&weights) && cf_json_item(&weights, list))
		cf_json_error(&weights, "more weights than samples");
	cf_json_reader_join(&samples, json);
	cf_json_reader_join(&weights, json);
}

struct event {
	char type;
	struct cf_func func;
	double at;
};

static bool take_event(struct cf_json_reader *json, const struct reading *r, struct event *event)
{
	struct cf_slice type;
	bool framed = false, timed = false;

	event->type = '\0';
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "type") && cf_json_get_text(json, &type))
			event->type = type.len == 1 ? (char)*type.data : '\0';
		else if (cf_json_key_is(json, "frame"))
			framed = take_frame(json, r, &event->func);
		else if (cf_json_key_is(json, "at"))
			timed = cf_json_get_double(json, &event->at);
	}
	if (!cf_json_ok(json))
		return false;
	if ((event->type != 'O' && event->type != 'C') || !framed || !timed) {
		cf_json_error(json, "expected an event with type O or C, a frame and a time");
		return false;
	}
	return true;
}

/* What is open: frames, and the stacks that they make. */
struct open {
	struct cf_func func;
	struct cf_stack stack;
};

static bool apply(struct cf_json_reader *json, struct reading *r, GArray *open, const struct event *event)
{
	struct cf_stack caller = { 0 };
	struct open frame = { .func = event->func };
	const struct open *top = open->len ? &g_array_index(open, struct open, open->len - 1) : NULL;

	if (top)
		caller = top->stack;
	if (event->type == 'O') {
		frame.stack = open->len < DEPTH_MAX
				      ? cf_dict_push(r->trace->dict, caller, event->func, CF_FRAME_NATIVE)
				      : caller;
		r->cut += open->len == DEPTH_MAX;
		g_array_append_val(open, frame);
		return true;
	}
	if (!top || top->func.id != event->func.id) {
		cf_json_error(json, "'%s' is closed, but %s%s%s is open innermost",
			      cf_dict_func_name(r->trace->dict, event->func), top ? "'" : "",
			      top ? cf_dict_func_name(r->trace->dict, top->func) : "nothing", top ? "'" : "");
		return false;
	}
	add(r, caller, 0, 1);
	g_array_set_size(open, open->len - 1);
	return true;
}

static void read_evented(struct cf_json_reader *json, struct reading *r, const struct parts *parts)
{
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(struct open));
	struct cf_json_reader events;
	struct event event;
	double last = -INFINITY;

	cf_json_reader_within(&events, json, parts->events);
	for (unsigned in = cf_json_array(&events); cf_json_item(&events, in);) {
		if (!take_event(&events, r, &event))
			break;
		if (event.at < last) {
			cf_json_error(&events, "events aren't in the order of time");
			break;
		}
		if (open->len && event.at > last)
			add(r, g_array_index(open, struct open, open->len - 1).stack,
			    to_weight(r, event.at - last), 0);
		last = event.at;
		if (!apply(&events, r, open, &event))
			break;
	}
	r->unclosed += open->len;
	cf_json_reader_join(&events, json);
}

static bool take_name(struct cf_json_reader *json, GString *name)
{
	struct cf_slice text;

	g_string_truncate(name, 0);
	if (!cf_json_try_text(json, &text))
		return false;
	g_string_append_len(name, (const char *)text.data, (gssize)text.len);
	return true;
}

static void read_profile(struct cf_json_reader *json, struct reading *r)
{
	struct parts parts = { 0 };
	g_autoptr(GString) thread = g_string_new(NULL);
	bool known = false;

	r->factor = 0;
	g_string_truncate(r->name, 0);
	g_string_truncate(r->metric_name, 0);
	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "name"))
			take_name(json, r->name);
		else if (cf_json_key_is(json, "metric"))
			take_name(json, r->metric_name);
		else if (cf_json_key_is(json, "thread"))
			known = take_name(json, thread);
		else if (cf_json_key_is(json, "unit"))
			take_unit(json, r);
		else if (cf_json_key_is(json, "samples"))
			cf_json_get_raw(json, &parts.samples);
		else if (cf_json_key_is(json, "weights"))
			cf_json_get_raw(json, &parts.weights);
		else if (cf_json_key_is(json, "events"))
			cf_json_get_raw(json, &parts.events);
	}
	if (!cf_json_ok(json))
		return;
	if (r->factor == 0) {
		cf_json_error(json, "a profile without a unit");
		return;
	}
	take_metric(r);
	/* Profiles of one thread that is named are one thread, with several metrics. */
	r->thread = known ? cf_trace_thread(r->trace, 0, 0, thread->str)
			  : cf_trace_thread(r->trace, 0, (int32_t)r->trace->threads->len + 1, r->name->str);
	if (parts.events.len)
		read_evented(json, r, &parts);
	else if (parts.samples.len && parts.weights.len)
		read_sampled(json, r, &parts);
	else
		cf_json_error(json, "a profile without samples and weights, or events");
}

static void read_profiles(struct cf_json_reader *json, struct reading *r)
{
	for (unsigned in = cf_json_array(json); cf_json_item(json, in);) {
		if (r->trace->threads->len == PROFILES_MAX) {
			cf_json_error(json, "more than %d profiles", PROFILES_MAX);
			return;
		}
		read_profile(json, r);
	}
}

static void read_file(struct cf_json_reader *json, struct reading *r)
{
	struct cf_slice early = { 0 }, text;

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		if (cf_json_key_is(json, "shared")) {
			read_shared(json, r);
		} else if (cf_json_key_is(json, "profiles") && r->shared) {
			read_profiles(json, r);
		} else if (cf_json_key_is(json, "profiles")) {
			cf_json_get_raw(json, &early);
		} else if (cf_json_key_is(json, "name") && cf_json_try_text(json, &text) &&
			   !r->trace->meta.name) {
			r->trace->meta.name = g_strndup((const char *)text.data, text.len);
		}
	}
	if (early.len && cf_json_ok(json)) {
		struct cf_json_reader profiles;

		cf_json_reader_within(&profiles, json, early);
		read_profiles(&profiles, r);
		cf_json_reader_join(&profiles, json);
	}
}

static void note_quality(const struct reading *r)
{
	if (r->unclosed)
		cf_trace_quality(r->trace, "unclosed", NULL, r->unclosed, 0, NULL,
				 "frames that are never closed were counted up to the last event");
	if (r->rounded)
		cf_trace_quality(r->trace, "rounded", NULL, r->rounded, 0, NULL,
				 "weights were rounded to whole numbers");
	if (r->cut)
		cf_trace_quality(r->trace, "cut-stacks", NULL, r->cut, 0, NULL,
				 "stacks deeper than %d frames were cut there; their cost stays with the "
				 "last frame kept",
				 DEPTH_MAX);
}

static int read_speedscope(const struct cf_input *input, const struct cf_params *params,
			   struct cf_trace *trace, struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .frames = g_array_new(FALSE, FALSE, sizeof(struct cf_func)),
			     .name = g_string_new(NULL),
			     .metric_name = g_string_new(NULL) };
	struct cf_json_reader json;
	int status;

	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	read_file(&json, &r);
	status = cf_json_finish(&json);
	if (status == 0 && !trace->threads->len)
		status = cf_error(diag, &(struct cf_loc){ .path = input->path }, "no profiles");
	if (status == 0)
		note_quality(&r);
	cf_json_reader_release(&json);
	g_array_unref(r.frames);
	g_string_free(r.name, TRUE);
	g_string_free(r.metric_name, TRUE);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	const char *schema = cf_json_shape_text(input->json, "$schema");

	*why = "no shared.frames and profiles";
	if (schema && strstr(schema, "speedscope"))
		return CF_BID_MAGIC;
	if (cf_json_shape_has(input->json, "shared.frames") && cf_json_shape_has(input->json, "profiles"))
		return CF_BID_SHAPE;
	return cf_json_shape_has(input->json, "shared.frames") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_speedscope = {
	.name = "speedscope",
	.summary = "speedscope profiles, sampled and evented",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_speedscope,
};
