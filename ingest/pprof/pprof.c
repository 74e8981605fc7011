/* SPDX-License-Identifier: MIT */
/* pprof: profiles of pprof's profile.proto (github.com/google/pprof/blob/main/proto/profile.proto). */
/*
 * Three passes over the file, as samples stand before what they refer to. The first gathers where strings are, and what
 * functions, mappings and locations say; the second sees which sample types are used, the third adds the samples.
 *
 * - A metric per sample type, the default one first (default_sample_type, else the last
 *   that is used; pprof itself takes the last). Times
 *   are ns, sizes bytes.
 * - Samples are counted by the sample type of counts that belongs to a metric: "samples" to "cpu", "alloc_objects" to
 *   "alloc_space"; where there is none, each sample of the file counts as one.
 * - A location's lines are frames: the last is the function, the others were inlined into it. Costs per line are those of
 *   the innermost one.
 * - Labels of samples aren't kept, drop_frames and keep_frames aren't applied: said.
 * - Profiles with negative values are differences; what they were made from is what belongs here.
 */
#include <string.h>

#include "ingest/pprof/profile.h"
#include "ingest/time_units.h"

#define TYPES_MAX CF_PPROF_TYPES_MAX
#define DEPTH_MAX 2048
#define FRAMES_MAX (1 << 26)

struct frame {
	struct cf_func func;
	enum cf_frame_kind kind;
	uint64_t file; /* string */
	uint32_t line;
};

/* What becomes of a sample type. */
struct value {
	struct cf_metric metric;
	int64_t factor;   /* times this is the weight */
	unsigned counted; /* the sample type that counts its samples; TYPES_MAX: none */
};

struct reading {
	struct cf_pprof profile;
	struct cf_trace *trace;
	struct frame *frames; /* as profile.lines */
	struct value values[TYPES_MAX];
	struct cf_thread thread;
	bool used[TYPES_MAX]; /* has a value that isn't 0 */
	int64_t labelled, cut, missing;
	GArray *path; /* const struct frame *, innermost first */
};

static struct cf_str intern(const struct reading *r, uint64_t index)
{
	struct cf_slice text = cf_pprof_string(&r->profile, index);

	return cf_dict_str(r->trace->dict, text.len ? (const char *)text.data : "", (gssize)text.len);
}

static bool is(struct cf_slice text, const char *word)
{
	return text.len == strlen(word) && !memcmp(text.data, word, text.len);
}

/* --- sample types */

static enum cf_unit unit_of(struct cf_slice text, int64_t *factor)
{
	static const struct {
		const char *name;
		int64_t bytes;
	} sizes[] = { { "bytes", 1 },           { "byte", 1 },
		      { "kilobytes", 1 << 10 }, { "kb", 1 << 10 },
		      { "megabytes", 1 << 20 }, { "mb", 1 << 20 },
		      { "gigabytes", 1 << 30 }, { "gb", 1 << 30 } };
	double ns;

	*factor = 1;
	if (cf_time_unit_ns(text, &ns)) {
		*factor = (int64_t)ns;
		return CF_UNIT_NS;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		if (is(text, sizes[i].name)) {
			*factor = sizes[i].bytes;
			return CF_UNIT_BYTES;
		}
	return CF_UNIT_COUNT;
}

/* The type that counts what type weighs: X_objects counts X_space, "samples" or "contentions" all that is no count. */
static unsigned counting_type(const struct reading *r, unsigned type)
{
	struct cf_slice name = cf_pprof_string(&r->profile, r->profile.types[type].type),
			unit = cf_pprof_string(&r->profile, r->profile.types[type].unit);
	g_autofree char *objects = NULL;

	if (is(unit, "count"))
		return type;
	if (name.len > 6 && !memcmp(name.data + name.len - 6, "_space", 6))
		objects = g_strdup_printf("%.*s_objects", (int)name.len - 6, name.data);
	for (unsigned i = 0; i < r->profile.n_types; i++) {
		struct cf_slice other = cf_pprof_string(&r->profile, r->profile.types[i].type);

		if (!is(cf_pprof_string(&r->profile, r->profile.types[i].unit), "count"))
			continue;
		if (objects ? is(other, objects) : is(other, "samples") || is(other, "contentions"))
			return i;
	}
	return TYPES_MAX;
}

static void make_metric(struct reading *r, unsigned i)
{
	const struct cf_pprof_type *type = &r->profile.types[i];
	struct cf_slice name = cf_pprof_string(&r->profile, type->type);
	struct value *value = &r->values[i];
	g_autofree char *text =
		name.len ? g_strndup((const char *)name.data, name.len) : g_strdup_printf("value %u", i + 1);
	enum cf_unit unit = unit_of(cf_pprof_string(&r->profile, type->unit), &value->factor);
	guint before = r->trace->metrics->len;

	value->metric = cf_trace_metric(r->trace, text, unit);
	/* Two types of one name differ by their unit. */
	if (r->trace->metrics->len == before) {
		struct cf_slice unit_name = cf_pprof_string(&r->profile, type->unit);
		g_autofree char *both =
			g_strdup_printf("%s %.*s %u", text, (int)unit_name.len, unit_name.data, i + 1);

		value->metric = cf_trace_metric(r->trace, both, unit);
	}
	value->counted = counting_type(r, i);
}

/* The metric to look at first: the default; else the last that isn't 0 everywhere. */
static unsigned first_type(const struct reading *r, const bool *used)
{
	for (unsigned i = 0; i < r->profile.n_types && r->profile.default_type; i++)
		if (r->profile.types[i].type == r->profile.default_type)
			return i;
	for (unsigned i = r->profile.n_types; i-- > 0;)
		if (used[i])
			return i;
	return r->profile.n_types - 1;
}

static void make_metrics(struct reading *r, const bool *used)
{
	unsigned first = first_type(r, used);

	make_metric(r, first);
	for (unsigned i = 0; i < r->profile.n_types; i++)
		if (i != first)
			make_metric(r, i);
}

/* --- frames */

static void make_module(struct reading *r, struct cf_pprof_mapping *mapping)
{
	struct cf_slice path = cf_pprof_string(&r->profile, mapping->file);
	g_autofree char *text = g_strndup((const char *)path.data, path.len), *base = NULL;
	struct cf_dict *dict = r->trace->dict;

	if (!path.len)
		return;
	base = g_str_has_prefix(text, "[kernel") ? g_strdup("[kernel]") : g_path_get_basename(text);
	mapping->module =
		cf_dict_module(dict, (struct cf_module_info){ .name = cf_dict_str(dict, base, -1),
							      .path = intern(r, mapping->file),
							      .build_id = intern(r, mapping->build_id) });
}

static struct frame make_frame(struct reading *r, const struct cf_pprof_line *line,
			       const struct cf_pprof_mapping *mapping, bool inlined)
{
	const struct cf_pprof_function *function =
		line->function ? cf_pprof_function(&r->profile, line->function) : NULL;
	struct cf_func_info info = { .kind = CF_FRAME_NATIVE };
	struct frame frame = { 0 };
	const char *module;

	if (mapping)
		info.module = mapping->module;
	module = cf_dict_text(r->trace->dict, cf_dict_module_info(r->trace->dict, info.module).name);
	if (!strcmp(module, "[kernel]"))
		info.kind = CF_FRAME_KERNEL;
	if (function)
		info.name =
			intern(r, cf_pprof_string(&r->profile, function->name).len ? function->name
										   : function->system_name);
	if (!info.name.id) {
		info.name = cf_dict_str(r->trace->dict, "[unresolved]", -1);
		info.kind = CF_FRAME_UNRESOLVED;
	}
	frame.func = cf_dict_func(r->trace->dict, info);
	frame.kind = inlined ? CF_FRAME_INLINED : info.kind;
	if (function) {
		struct cf_symbol symbol = { .func = frame.func, .file = intern(r, function->file) };

		frame.file = function->file;
		frame.line = line->line > 0 && line->line <= UINT32_MAX ? (uint32_t)line->line : 0;
		if (function->line > 0 && function->line <= UINT32_MAX)
			symbol.line = (uint32_t)function->line;
		if (symbol.file.id)
			cf_trace_symbol(r->trace, &symbol);
	}
	return frame;
}

static int make_frames(struct reading *r)
{
	for (guint i = 0; i < r->profile.mappings->len; i++)
		make_module(r, &g_array_index(r->profile.mappings, struct cf_pprof_mapping, i));
	r->frames = g_try_new0(struct frame, MAX(r->profile.lines->len, 1));
	if (!r->frames)
		return cf_error_as(r->profile.diag, CF_STATUS_SYSTEM, NULL, "out of memory");
	for (guint i = 0; i < r->profile.locations->len; i++) {
		const struct cf_pprof_location *location =
			&g_array_index(r->profile.locations, struct cf_pprof_location, i);
		const struct cf_pprof_mapping *mapping = cf_pprof_mapping(&r->profile, location->mapping);

		for (uint32_t l = 0; l < location->count; l++)
			r->frames[location->first + l] = make_frame(
				r,
				&g_array_index(r->profile.lines, struct cf_pprof_line, location->first + l),
				mapping, l + 1 < location->count);
	}
	return 0;
}

/* --- samples */

struct sample {
	int64_t values[TYPES_MAX];
	unsigned n;
	bool labelled;
};

static int add_to_path(struct reading *r, uint64_t id, const uint8_t *at)
{
	const struct cf_pprof_location *location = cf_pprof_location(&r->profile, id);

	if (!location) {
		r->missing++;
		return 0;
	}
	if (location->count > FRAMES_MAX - r->path->len)
		return cf_pprof_fail(&r->profile, at, "a sample has too many frames");
	for (uint32_t l = 0; l < location->count; l++) {
		const struct frame *frame = &r->frames[location->first + l];

		g_array_append_val(r->path, frame);
	}
	return 0;
}

static int take_number(struct reading *r, struct sample *sample, uint32_t field, uint64_t number,
		       const uint8_t *at)
{
	if (field == 1)
		return add_to_path(r, number, at);
	if (sample->n == TYPES_MAX)
		return cf_pprof_fail(&r->profile, at, "a sample has more values than there are sample types");
	sample->values[sample->n++] = (int64_t)number;
	return 0;
}

/* Locations and values, packed or one by one. */
static int take_numbers(struct reading *r, struct sample *sample, const struct cf_field *field,
			const uint8_t *at)
{
	struct cf_slice packed = field->bytes;
	uint64_t number;
	int more;

	if (field->type == CF_WIRE_VARINT)
		return take_number(r, sample, field->number, field->value, at);
	while ((more = cf_wire_number(&packed, &number)) > 0)
		if (take_number(r, sample, field->number, number, at) != 0)
			return -1;
	return more < 0 ? cf_pprof_fail(&r->profile, at, CF_PPROF_NO_MESSAGE) : 0;
}

static int check_sample(const struct reading *r, const struct sample *sample, const uint8_t *at)
{
	if (sample->n != r->profile.n_types)
		return cf_pprof_fail(&r->profile, at,
				     "a sample has not as many values as there are sample types");
	for (unsigned i = 0; i < sample->n; i++)
		if (sample->values[i] < 0)
			return cf_pprof_fail(
				&r->profile, at,
				"negative values: a difference of profiles, where both profiles are needed");
	return 0;
}

/* Values into sample, frames into r->path. */
static int read_sample(struct reading *r, struct cf_slice message, struct sample *sample)
{
	const uint8_t *at = message.data;
	struct cf_field field;
	int more;

	g_array_set_size(r->path, 0);
	sample->n = 0;
	sample->labelled = false;
	while ((more = cf_wire_next(&message, &field)) > 0) {
		sample->labelled |= field.number == 3;
		if (field.number <= 2 && (field.type == CF_WIRE_VARINT || field.type == CF_WIRE_BYTES) &&
		    take_numbers(r, sample, &field, at) != 0)
			return -1;
		at = message.data;
	}
	if (more < 0)
		return cf_pprof_fail(&r->profile, at, CF_PPROF_NO_MESSAGE);
	return check_sample(r, sample, at);
}

/* Calls take for each sample. */
static int each_sample(struct reading *r, void (*take)(struct reading *r, const struct sample *sample))
{
	struct cf_slice profile = r->profile.input->bytes;
	struct cf_field field;
	struct sample sample;

	while (cf_wire_next(&profile, &field) > 0) {
		if (field.type != CF_WIRE_BYTES || field.number != CF_PPROF_SAMPLE)
			continue;
		if (read_sample(r, field.bytes, &sample) != 0)
			return -1;
		take(r, &sample);
	}
	return 0;
}

static void note_used(struct reading *r, const struct sample *sample)
{
	for (unsigned i = 0; i < sample->n; i++)
		r->used[i] |= sample->values[i] != 0;
}

static struct cf_stack push_path(struct reading *r)
{
	struct cf_stack stack = { 0 };
	guint kept = 0;

	for (guint i = r->path->len; i-- > 0 && kept < DEPTH_MAX; kept++) {
		const struct frame *frame = g_array_index(r->path, const struct frame *, i);

		stack = cf_dict_push(r->trace->dict, stack, frame->func, frame->kind);
	}
	r->cut += kept < r->path->len;
	return stack;
}

static void add_value(struct reading *r, const struct sample *sample, unsigned i, struct cf_stack stack)
{
	const struct value *value = &r->values[i];
	int64_t weight, count = value->counted < TYPES_MAX ? sample->values[value->counted] : 1;
	struct cf_group group = g_array_index(r->trace->threads, struct cf_thread_info, r->thread.id).group;
	const struct frame *leaf = r->path->len ? g_array_index(r->path, const struct frame *, 0) : NULL;

	if (!sample->values[i])
		return;
	if (__builtin_mul_overflow(sample->values[i], value->factor, &weight))
		weight = INT64_MAX;
	cf_trace_cost(r->trace, &(struct cf_stack_cost){ group, value->metric, stack, weight, count });
	cf_trace_thread_cost(r->trace, &(struct cf_thread_cost){ r->thread, value->metric, weight, count });
	if (leaf && leaf->line)
		cf_trace_line(r->trace,
			      &(struct cf_line_cost){ leaf->func, value->metric, intern(r, leaf->file),
						      leaf->line, weight, count });
}

static void add_sample(struct reading *r, const struct sample *sample)
{
	struct cf_stack stack = push_path(r);

	r->labelled += sample->labelled;
	for (unsigned i = 0; i < sample->n; i++)
		add_value(r, sample, i, stack);
}

static void note_quality(const struct reading *r)
{
	if (r->labelled)
		cf_trace_quality(r->trace, "labels", NULL, r->labelled, 0, NULL,
				 "samples have labels, which aren't kept");
	if (cf_pprof_string(&r->profile, r->profile.drop_frames).len)
		cf_trace_quality(r->trace, "drop-frames", NULL, 0, 0, NULL,
				 "the profile asks to hide frames of its own allocator; they are shown");
	if (r->missing)
		cf_trace_quality(r->trace, "missing-locations", NULL, r->missing, 0, NULL,
				 "frames whose location isn't in the profile were left out");
	if (r->cut)
		cf_trace_quality(r->trace, "cut-stacks", NULL, r->cut, 0, NULL,
				 "stacks deeper than %d frames were cut there; their cost stays with the "
				 "last frame kept",
				 DEPTH_MAX);
}

static void fill_meta(const struct reading *r)
{
	struct cf_run_meta *meta = &r->trace->meta;

	if (r->profile.mappings->len) {
		struct cf_slice path = cf_pprof_string(
			&r->profile, g_array_index(r->profile.mappings, struct cf_pprof_mapping, 0).file);
		g_autofree char *text = g_strndup((const char *)path.data, path.len);

		/* The main program is the first mapping. */
		if (path.len && *text == '/')
			meta->name = g_path_get_basename(text);
	}
	if (r->profile.time > 0) {
		meta->start_ns = r->profile.time;
		meta->start_source = CF_START_INPUT;
	}
	meta->duration_ns = MAX(r->profile.duration, 0);
}

static int read_pprof(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		      struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .path = g_array_new(FALSE, FALSE, sizeof(const struct frame *)) };
	int result = cf_pprof_gather(&r.profile, input, diag);

	if (result == 0)
		result = make_frames(&r);
	if (result == 0)
		result = each_sample(&r, note_used);
	if (result == 0) {
		r.missing = 0;
		make_metrics(&r, r.used);
		r.thread = cf_trace_thread(trace, 0, 0, "");
		result = each_sample(&r, add_sample);
	}
	if (result == 0) {
		note_quality(&r);
		fill_meta(&r);
	}
	cf_pprof_release(&r.profile);
	g_array_unref(r.path);
	g_free(r.frames);
	return result;
}

/* The legacy texts and binaries of gperftools and Go before 1.8. */
static bool is_legacy(struct cf_slice bytes)
{
	static const char *const heads[] = { "heap profile:", "--- heapz",          "--- contention",
					     "--- growthz",   "goroutine profile:", "threadcreate profile:" };

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
		if (bytes.len >= strlen(heads[i]) && !memcmp(bytes.data, heads[i], strlen(heads[i])))
			return true;
	/* A header of 0, 3, 0 in words of 64 or 32 bits, in this machine's order or the other. */
	if (bytes.len < 24 || cf_u32(bytes.data) != 0)
		return false;
	return (cf_u64(bytes.data) == 0 && (cf_le64(bytes.data + 8) == 3 || cf_be64(bytes.data + 8) == 3)) ||
	       cf_le32(bytes.data + 4) == 3 || cf_be32(bytes.data + 4) == 3;
}

/* There is no signature: the first fields have to be those of a profile, beginning with a sample type as all writers do. */
static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice profile = input->bytes;
	struct cf_field field;
	unsigned types = 0;

	if (is_legacy(input->bytes)) {
		*why = "a legacy profile: pprof -proto turns it into one that can be read";
		return CF_BID_NEAR;
	}
	*why = "no sample types of a profile.proto";
	for (int i = 0; i < 64; i++) {
		struct cf_slice inner;
		struct cf_field part;
		int more = cf_wire_next(&profile, &field);

		if (more <= 0)
			return types && more == 0 ? CF_BID_SHAPE : CF_BID_NO;
		if (field.number > 15 || (field.number >= CF_PPROF_SAMPLE_TYPE &&
					  field.number <= CF_PPROF_STRING && field.type != CF_WIRE_BYTES))
			return CF_BID_NO;
		if (field.number != CF_PPROF_SAMPLE_TYPE)
			continue;
		for (inner = field.bytes; (more = cf_wire_next(&inner, &part)) > 0;) {
			if (part.number > 2 || part.type != CF_WIRE_VARINT)
				return CF_BID_NO;
		}
		if (more < 0)
			return CF_BID_NO;
		types++;
	}
	return types ? CF_BID_SHAPE : CF_BID_NO;
}

const struct cf_format cf_format_pprof = {
	.name = "pprof",
	.summary = "pprof profiles (profile.proto)",
	.version = 1,
	.probe = probe,
	.read = read_pprof,
};
