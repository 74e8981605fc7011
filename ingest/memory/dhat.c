/* SPDX-License-Identifier: MIT */
/* dhat: profiles of valgrind's DHAT and of the dhat crate for Rust (dhatFileVersion 2). */
/*
 * Specified in valgrind's dhat/dh_main.c. A program point (an item of "pps") is a stack with sums of all blocks that were
 * allocated there: "allocated" in bytes with the number of blocks as count, and where the file knows lifetimes (bklt)
 * "heap at peak" and "heap at end", where it knows accesses (bkacc) "bytes read" and "bytes written". DHAT's other modes
 * are called by their verb: "copied".
 *
 * Frames are texts in a table, "0x48417B4: malloc (vg_replace_malloc.c:393)"; a point lists them innermost first. What is
 * allocated belongs to who called malloc: it isn't a frame, as in massif and heaptrack.
 */
#include "core/json_reader.h"
#include "ingest/format.h"
#include "ingest/memory/command.h"
#include "ingest/memory/frame_text.h"
#include "ingest/time_units.h"

struct amount {
	int64_t bytes, blocks;
};

struct point {
	struct amount total, peak, end;
	int64_t read, written;
	guint first, frames; /* of the list of frames */
};

struct frame {
	struct cf_site_frame frame;
	uint64_t address;
};

struct reading {
	struct cf_trace *trace;
	GArray *points; /* struct point */
	GArray *stacks; /* uint64_t: indices of frames, of all points */
	GArray *frames; /* struct frame */
	struct cf_sites sites;
	int64_t version, pid, end_time;
	bool lifetimes, accesses;
	char *verb, *time_unit, *unit;
};

static void take_text(struct cf_json_reader *json, char **text)
{
	struct cf_slice slice;

	if (!cf_json_try_text(json, &slice))
		return;
	g_free(*text);
	*text = g_strndup((const char *)slice.data, slice.len);
}

static void read_point(struct cf_json_reader *json, struct reading *r)
{
	struct point point = { .first = r->stacks->len };
	const struct {
		const char *key;
		int64_t *value;
	} members[] = { { "tb", &point.total.bytes }, { "tbk", &point.total.blocks },
			{ "gb", &point.peak.bytes },  { "gbk", &point.peak.blocks },
			{ "eb", &point.end.bytes },   { "ebk", &point.end.blocks },
			{ "rb", &point.read },        { "wb", &point.written } };

	for (unsigned in = cf_json_object(json); cf_json_member(json, in);) {
		for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
			if (!cf_slice_is(json->key, members[i].key))
				continue;
			if (cf_json_get_int(json, members[i].value) && *members[i].value < 0)
				cf_json_error(json, "'%s' is negative", members[i].key);
			break;
		}
		if (!cf_json_key_is(json, "fs"))
			continue;
		for (unsigned list = cf_json_array(json); cf_json_item(json, list);) {
			uint64_t frame;

			if (cf_json_get_uint(json, &frame))
				g_array_append_val(r->stacks, frame);
		}
	}
	point.frames = r->stacks->len - point.first;
	if (cf_json_ok(json))
		g_array_append_val(r->points, point);
}

static void read_frames(struct cf_json_reader *json, struct reading *r)
{
	for (unsigned list = cf_json_array(json); cf_json_item(json, list);) {
		struct frame frame;
		struct cf_slice text;

		if (!cf_json_get_text(json, &text))
			continue;
		frame.address = cf_frame_from_text(r->trace->dict, text, &frame.frame);
		g_array_append_val(r->frames, frame);
	}
}

static void read_member(struct cf_json_reader *json, struct reading *r)
{
	struct cf_slice text;

	if (cf_json_key_is(json, "dhatFileVersion")) {
		cf_json_get_int(json, &r->version);
	} else if (cf_json_key_is(json, "pps")) {
		for (unsigned list = cf_json_array(json); cf_json_item(json, list);)
			read_point(json, r);
	} else if (cf_json_key_is(json, "ftbl")) {
		read_frames(json, r);
	} else if (cf_json_key_is(json, "bklt")) {
		cf_json_try_bool(json, &r->lifetimes);
	} else if (cf_json_key_is(json, "bkacc")) {
		cf_json_try_bool(json, &r->accesses);
	} else if (cf_json_key_is(json, "cmd")) {
		if (cf_json_try_text(json, &text))
			cf_command_set(r->trace, text);
	} else if (cf_json_key_is(json, "pid")) {
		cf_json_try_int(json, &r->pid);
	} else if (cf_json_key_is(json, "te")) {
		cf_json_try_int(json, &r->end_time);
	} else if (cf_json_key_is(json, "verb")) {
		take_text(json, &r->verb);
	} else if (cf_json_key_is(json, "tu")) {
		take_text(json, &r->time_unit);
	} else if (cf_json_key_is(json, "bu")) {
		take_text(json, &r->unit);
	}
}

static struct cf_site site_of(struct reading *r, const struct point *point, int64_t *missing)
{
	for (guint i = 0; i < point->frames; i++) {
		uint64_t at = g_array_index(r->stacks, uint64_t, point->first + i);
		uint64_t caller =
			i + 1 < point->frames ? g_array_index(r->stacks, uint64_t, point->first + i + 1) : at;
		struct cf_site_frame frame = { 0 };

		if (at < r->frames->len)
			frame = g_array_index(r->frames, struct frame, at).frame;
		else
			++*missing;
		if (caller < r->frames->len && at < r->frames->len) {
			const struct frame *outer = &g_array_index(r->frames, struct frame, caller);

			/* Frames of one address, but of other functions, were inlined into each other. */
			frame.inlined =
				outer->address &&
				outer->address == g_array_index(r->frames, struct frame, at).address &&
				outer->frame.name.id != frame.name.id;
		}
		cf_sites_add(&r->sites, &frame);
	}
	cf_sites_drop_allocators(&r->sites);
	return cf_sites_take(&r->sites, "(no stack)");
}

/* The duration where the clock tells time: microseconds in Rust, instructions in valgrind. */
static void set_duration(struct reading *r)
{
	double ns, all;

	if (!r->time_unit ||
	    !cf_time_unit_ns((struct cf_slice){ (const uint8_t *)r->time_unit, strlen(r->time_unit) }, &ns))
		return;
	all = (double)r->end_time * ns;
	if (all > 0 && all < 9e18)
		r->trace->meta.duration_ns = (int64_t)all;
}

static void fill(struct reading *r)
{
	struct cf_trace *trace = r->trace;
	struct cf_thread thread = cf_trace_thread(trace, (int32_t)CLAMP(r->pid, 0, INT32_MAX), 0, "");
	enum cf_unit unit = !r->unit || !strcmp(r->unit, "byte") ? CF_UNIT_BYTES : CF_UNIT_COUNT;
	g_autofree char *verb = g_ascii_strdown(r->verb && *r->verb ? r->verb : "allocated", -1);
	struct cf_metric total = cf_trace_metric(trace, verb, unit);
	struct cf_metric peak, end, read, written;
	int64_t missing = 0;

	if (r->lifetimes) {
		peak = cf_trace_metric(trace, "heap at peak", unit);
		end = cf_trace_metric(trace, "heap at end", unit);
	}
	if (r->accesses) {
		read = cf_trace_metric(trace, "bytes read", CF_UNIT_BYTES);
		written = cf_trace_metric(trace, "bytes written", CF_UNIT_BYTES);
	}
	for (guint i = 0; i < r->points->len; i++) {
		const struct point *p = &g_array_index(r->points, struct point, i);
		struct cf_site site = site_of(r, p, &missing);

		cf_site_cost(trace, &site, thread, total, p->total.bytes, p->total.blocks);
		if (r->lifetimes && (p->peak.bytes || p->peak.blocks))
			cf_site_cost(trace, &site, thread, peak, p->peak.bytes, p->peak.blocks);
		if (r->lifetimes && (p->end.bytes || p->end.blocks))
			cf_site_cost(trace, &site, thread, end, p->end.bytes, p->end.blocks);
		if (r->accesses && p->read)
			cf_site_cost(trace, &site, thread, read, p->read, p->total.blocks);
		if (r->accesses && p->written)
			cf_site_cost(trace, &site, thread, written, p->written, p->total.blocks);
	}
	set_duration(r);
	if (missing)
		cf_trace_quality(trace, "missing-frames", NULL, missing, 0, NULL,
				 "frames of stacks that aren't in the file's table have no name");
}

static int read_dhat(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		     struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .points = g_array_new(FALSE, FALSE, sizeof(struct point)),
			     .stacks = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
			     .frames = g_array_new(FALSE, FALSE, sizeof(struct frame)) };
	struct cf_loc loc = { .path = input->path };
	struct cf_json_reader json;
	int status;

	cf_sites_init(&r.sites, trace);
	cf_json_reader_init(&json, input->path, input->bytes, input->mapped ? CF_JSON_MAPPED : 0, diag);
	for (unsigned in = cf_json_object(&json); cf_json_member(&json, in);)
		read_member(&json, &r);
	status = cf_json_finish(&json);
	if (status == 0 && r.version != 2)
		status = cf_error(diag, &loc, "dhatFileVersion is %" G_GINT64_FORMAT ", expected 2",
				  r.version);
	if (status == 0 && !r.points->len)
		status = cf_error(diag, &loc, "no program points, expected \"pps\" of allocations");
	if (status == 0)
		fill(&r);
	cf_sites_release(&r.sites);
	cf_json_reader_release(&json);
	g_array_unref(r.points);
	g_array_unref(r.stacks);
	g_array_unref(r.frames);
	g_free(r.verb);
	g_free(r.time_unit);
	g_free(r.unit);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	*why = "no dhatFileVersion";
	if (cf_json_shape_has(input->json, "dhatFileVersion"))
		return CF_BID_SHAPE;
	return cf_json_shape_has(input->json, "pps[].fs") ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_dhat = {
	.name = "dhat",
	.summary = "DHAT heap profiles (valgrind --tool=dhat, Rust's dhat)",
	.json = TRUE,
	.version = 1,
	.probe = probe,
	.read = read_dhat,
};
