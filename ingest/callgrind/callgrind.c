/* SPDX-License-Identifier: MIT */
/* callgrind: reads profiles of callgrind and cachegrind, and of others that write their format. */
/*
 * The format is specified in valgrind's callgrind/docs/cl-format.xml. Where that leaves something open, this follows
 * KCachegrind's reader (libcore/cachegrindloader.cpp):
 *
 *	A part begins with the first header line after a body; relative positions and the current function start anew.
 *	"fn=" returns from an inlined file (fi=) to that of the functions (fl=); "ob=" ends the current function.
 *	cob= and cfi= hold for one call; without them the callee is in the current object.
 *	The position line after jump= and jcnd= has no costs, and is what the next is relative to; jump targets aren't.
 *
 * A function is its object, name and the file at "fn=" or "cfi=". Cachegrind, which writes no calls, changes fl= for
 * inlined code as well: there the file says nothing of the function.
 */
#include "core/call_graph.h"
#include "ingest/callgrind/costs.h"
#include "ingest/callgrind/functions.h"
#include "ingest/callgrind/keys.h"
#include "ingest/callgrind/names.h"
#include "ingest/callgrind/part.h"
#include "ingest/callgrind/position.h"
#include "ingest/callgrind/probe.h"
#include "ingest/format.h"

/* What is known of a function besides its costs. */
struct place {
	uint32_t file, line; /* cf_str id of the file that has it, 0 unknown; of its first instruction */
	bool defined;        /* file comes from fl=, not from a call */
};

enum expect { EXPECT_COST, EXPECT_CALL, EXPECT_JUMP };

struct reading {
	struct cf_trace *trace;
	struct cf_diag *diag;
	struct cf_loc loc; /* of the line at hand */
	struct cf_callgrind_names names;
	struct cf_callgrind_functions functions;
	bool by_file; /* functions are told apart by their file */
	struct cf_callgrind_events events;
	struct cf_callgrind_costs costs;
	struct cf_callgrind_part part;
	struct cf_callgrind_position position;
	GArray *places; /* struct place, by function id */
	char *program;  /* base name, or NULL */

	struct cf_callgrind_line
		at; /* the function, file and line of cost lines; func.id 0: not looked up yet */
	struct cf_callgrind_name name; /* of the function, from fn= on, and the file that stood there */
	struct cf_str name_file;
	bool named;
	struct cf_module object;
	struct cf_str file; /* of fl= */

	enum expect expect;
	struct cf_callgrind_call call;
	struct cf_callgrind_name call_name; /* of cfn= */
	bool call_named;
	bool has_object, has_file; /* cob=, cfi= were given for the next call */
	struct cf_module call_object;
	struct cf_str call_file;

	bool partial;      /* lines that can't be read are left out instead of refusing the file */
	uint64_t damaged;  /* such lines */
	uint64_t unknown;  /* lines of a key that isn't known */
	uint64_t homeless; /* cost lines before any fn= */
	uint64_t capped;
	uint32_t first_damaged, first_unknown;
};

static struct cf_slice behind(struct cf_slice line, uint64_t n)
{
	struct cf_slice rest = { line.data + n, line.len - n };

	while (rest.len && (rest.data[0] == ' ' || rest.data[0] == '\t'))
		rest = (struct cf_slice){ rest.data + 1, rest.len - 1 };
	return rest;
}

/* --- functions ------------------------------------------------------------------------------------------ */

static struct place *place_of(struct reading *r, struct cf_func func)
{
	if (func.id >= r->places->len)
		g_array_set_size(r->places, func.id + 1);
	return &g_array_index(r->places, struct place, func.id);
}

static struct cf_func function(struct reading *r, const struct cf_callgrind_name *name,
			       struct cf_module object, struct cf_str file)
{
	return cf_callgrind_function(&r->functions, object, name, r->by_file ? file : (struct cf_str){ 0 });
}

/*
 * Names alone say nothing: a list of them may stand before the first costs, to define their numbers. So functions are
 * looked up when something is said of them.
 */
static void enter_function(struct reading *r)
{
	struct cf_str file = r->name_file;
	struct place *place;

	r->at.func = function(r, &r->name, r->object, file);
	place = place_of(r, r->at.func);
	if (!file.id)
		return;
	if (!place->defined && place->file != file.id)
		place->line = 0;
	if (!place->defined)
		place->file = file.id;
	place->defined = true;
}

/* The callee of a call, with its place. */
static struct place *enter_callee(struct reading *r)
{
	struct cf_str file = r->has_file ? r->call_file : r->at.file;
	struct place *place;

	r->call.callee = function(r, &r->call_name, r->has_object ? r->call_object : r->object, file);
	place = place_of(r, r->call.callee);
	if (!place->file)
		place->file = file.id;
	return place;
}

/* A name that valgrind doesn't give: costs before the first fn=. */
static struct cf_func no_function(struct reading *r)
{
	const struct cf_callgrind_name name = { .text = cf_dict_str(r->trace->dict, "[unresolved]", -1),
						.kind = CF_FRAME_UNRESOLVED };

	return function(r, &name, r->object, (struct cf_str){ 0 });
}

/* --- cost lines ----------------------------------------------------------------------------------------- */

static void find_function(struct reading *r)
{
	if (r->named) {
		enter_function(r);
		return;
	}
	r->at.func = no_function(r);
	r->homeless++;
}

static void add_self(struct reading *r, const int64_t *values)
{
	if (!r->at.func.id)
		find_function(r);
	cf_callgrind_part_add(&r->part, values, &r->capped);
	cf_callgrind_add_line(&r->costs, &r->at, values, r->part.events, r->part.columns);
}

static void add_call(struct reading *r, const int64_t *values)
{
	if (!r->at.func.id)
		find_function(r);
	r->call.caller = r->at.func;
	cf_callgrind_add_call(&r->costs, &r->call, values, r->part.events, r->part.columns);
	r->has_object = r->has_file = false;
}

static const char *read_cost(struct reading *r, struct cf_slice line)
{
	int64_t values[CF_CALLGRIND_EVENTS_MAX];
	enum expect expect = r->expect;
	const char *why;

	if (!r->part.columns)
		return "costs before the line \"events:\"";
	r->expect = EXPECT_COST;
	why = cf_callgrind_take_position(&r->position, &line, &r->at.line);
	if (why)
		return why;
	r->position.line = r->at.line;
	if (expect == EXPECT_JUMP)
		return line.len ? "costs after a jump: expected its position only" : NULL;
	why = cf_callgrind_take_costs(line, values, r->part.columns, &r->capped);
	if (why)
		return why;
	if (expect == EXPECT_CALL)
		add_call(r, values);
	else
		add_self(r, values);
	return NULL;
}

/* Lines of costs from where lines stands on, as long as they are plain. */
static void read_plain_costs(struct reading *r, struct cf_lines *lines)
{
	const uint8_t *at = lines->text.data + lines->pos, *end = lines->text.data + lines->text.len, *next;
	int64_t values[CF_CALLGRIND_EVENTS_MAX];

	if (!r->part.columns || r->expect == EXPECT_JUMP)
		return;
	while (at < end && *at <= '9' &&
	       (next = cf_callgrind_plain_line(&r->position, at, end, values, r->part.columns,
					       &r->at.line))) {
		at = next;
		if (lines->loc.line < UINT32_MAX)
			lines->loc.line++;
		r->position.line = r->at.line;
		if (r->expect == EXPECT_CALL)
			add_call(r, values);
		else
			add_self(r, values);
		r->expect = EXPECT_COST;
	}
	lines->pos = (uint64_t)(at - lines->text.data);
}

/* "calls=3 0x1234 20": how often, and where the callee begins. */
static const char *read_calls(struct reading *r, struct cf_slice text)
{
	struct place *place;
	uint32_t line;

	if (!r->call_named)
		return "calls= without a cfn= before it";
	if (!cf_callgrind_take_number(&text, &r->call.calls))
		return "expected the number of calls after calls=";
	r->expect = EXPECT_CALL;
	place = enter_callee(r);
	text = behind(text, 0);
	/* Some writers leave the target out. */
	if (!text.len || cf_callgrind_take_position(&r->position, &text, &line))
		return NULL;
	if (!place->line && place->file == (r->has_file ? r->call_file : r->at.file).id)
		place->line = line;
	return NULL;
}

/* --- headers -------------------------------------------------------------------------------------------- */

/* The first header line after a body ends the part, and so does the end of the file. */
static void end_part(struct reading *r)
{
	if (!r->part.columns)
		return;
	cf_callgrind_part_end(&r->part, &r->events, r->program ? r->program : "", r->trace, &r->loc, r->diag);
	cf_callgrind_part_begin(&r->part);
	r->position.line = 0;
	r->at = (struct cf_callgrind_line){ 0 };
	r->object = (struct cf_module){ 0 };
	r->file = (struct cf_str){ 0 };
	r->named = r->call_named = r->has_object = r->has_file = false;
}

static const char *read_events(struct reading *r, struct cf_slice text)
{
	const char *why = cf_callgrind_events_columns(&r->events, text, r->part.events, &r->part.columns);

	if (why)
		r->part.columns = 0;
	return why;
}

static const char *read_sums(struct reading *r, struct cf_slice text, struct cf_callgrind_sums *sums)
{
	uint64_t capped = 0;

	if (!r->part.columns)
		return "a sum before the line \"events:\"";
	sums->given = true;
	return cf_callgrind_take_costs(text, sums->values, r->part.columns, &capped);
}

/* The command of the first part, and the base name of its first word. */
static void read_command(struct reading *r, struct cf_slice text)
{
	struct cf_run_meta *meta = &r->trace->meta;
	uint64_t word = 0;

	text.len = MIN(text.len, CF_CALLGRIND_NAME_MAX);
	if (meta->command || !text.len)
		return;
	meta->command = g_strndup((const char *)text.data, text.len);
	while (word < text.len && text.data[word] != ' ')
		word++;
	g_autofree char *path = g_strndup((const char *)text.data, word);

	r->program = g_path_get_basename(path);
	if (!meta->name)
		meta->name = g_strdup(r->program);
}

static void read_id(struct cf_slice text, int32_t *id)
{
	int64_t number;

	if (cf_callgrind_take_number(&text, &number) && number <= INT32_MAX)
		*id = (int32_t)number;
}

static const char *read_version(struct cf_slice text)
{
	int64_t version;

	if (cf_callgrind_take_number(&text, &version) && version > 1)
		return "this is a later version of the format, expected version 1";
	return NULL;
}

static const char *read_header(struct reading *r, enum cf_callgrind_key key, struct cf_slice text)
{
	switch (key) {
	case CF_CALLGRIND_KEY_EVENTS:
		end_part(r);
		return read_events(r, text);
	case CF_CALLGRIND_KEY_POSITIONS:
		r->by_file = true;
		end_part(r);
		return cf_callgrind_positions(&r->position, text);
	case CF_CALLGRIND_KEY_PART:
		end_part(r);
		return NULL;
	case CF_CALLGRIND_KEY_THREAD:
		end_part(r);
		read_id(text, &r->part.thread);
		return NULL;
	case CF_CALLGRIND_KEY_PID:
		end_part(r);
		read_id(text, &r->part.pid);
		return NULL;
	case CF_CALLGRIND_KEY_EVENT:
		return cf_callgrind_events_define(&r->events, text);
	case CF_CALLGRIND_KEY_SUMMARY:
		return read_sums(r, text, &r->part.summary);
	case CF_CALLGRIND_KEY_TOTALS:
		return read_sums(r, text, &r->part.totals);
	case CF_CALLGRIND_KEY_CMD:
		read_command(r, text);
		return NULL;
	case CF_CALLGRIND_KEY_VERSION:
	case CF_CALLGRIND_KEY_CREATOR:
		r->by_file = true;
		return key == CF_CALLGRIND_KEY_VERSION ? read_version(text) : NULL;
	default:
		return NULL;
	}
}

/* --- lines ---------------------------------------------------------------------------------------------- */

static enum cf_callgrind_space space_of(enum cf_callgrind_key key)
{
	switch (key) {
	case CF_CALLGRIND_KEY_OB:
	case CF_CALLGRIND_KEY_COB:
		return CF_CALLGRIND_OBJECT;
	case CF_CALLGRIND_KEY_FN:
	case CF_CALLGRIND_KEY_CFN:
	case CF_CALLGRIND_KEY_JFN:
		return CF_CALLGRIND_FUNCTION;
	default:
		return CF_CALLGRIND_FILE;
	}
}

static const char *read_name(struct reading *r, enum cf_callgrind_key key, struct cf_slice text)
{
	uint64_t undefined = r->names.undefined;
	struct cf_callgrind_name name;
	const char *why = cf_callgrind_name(&r->names, space_of(key), text, &name);

	if (why)
		return why;
	if (!undefined && r->names.undefined)
		cf_warn(r->diag, &r->loc, "the number stands for no name yet; what it names is unknown");
	switch (key) {
	case CF_CALLGRIND_KEY_FL:
		r->file = r->at.file = name.text;
		break;
	case CF_CALLGRIND_KEY_FI:
	case CF_CALLGRIND_KEY_FE:
		r->at.file = name.text;
		break;
	case CF_CALLGRIND_KEY_FN:
		r->name = name;
		r->name_file = r->at.file = r->file;
		r->named = true;
		r->at.func = (struct cf_func){ 0 };
		break;
	case CF_CALLGRIND_KEY_OB:
		r->object = name.module;
		r->named = false;
		r->at.func = (struct cf_func){ 0 };
		break;
	case CF_CALLGRIND_KEY_COB:
		r->call_object = name.module;
		r->has_object = true;
		break;
	case CF_CALLGRIND_KEY_CFI:
	case CF_CALLGRIND_KEY_CFL:
		r->call_file = name.text;
		r->has_file = true;
		break;
	case CF_CALLGRIND_KEY_CFN:
		r->call_name = name;
		r->call_named = true;
		break;
	default:
		break;
	}
	return NULL;
}

/* NULL, or what is wrong with the line. */
static const char *read_line(struct reading *r, struct cf_slice line)
{
	enum cf_callgrind_key key;

	line = behind(line, 0);
	if (!line.len)
		return NULL;
	if (line.data[0] == '#') {
		r->by_file |= cf_callgrind_is_mark(line);
		return NULL;
	}
	if (line.data[0] <= '9')
		return read_cost(r, line);
	key = cf_callgrind_key(line);
	/* A call without its cost line: what follows would be taken for it. */
	if (r->expect != EXPECT_COST && key != CF_CALLGRIND_KEY_JFI && key != CF_CALLGRIND_KEY_JFN) {
		r->expect = EXPECT_COST;
		return "expected the cost line of the call or jump before";
	}
	switch (key) {
	case CF_CALLGRIND_KEY_JUMP:
	case CF_CALLGRIND_KEY_JCND:
		r->expect = EXPECT_JUMP;
		return NULL;
	case CF_CALLGRIND_KEY_CALLS:
	case CF_CALLGRIND_KEY_RCALLS:
		return read_calls(r, behind(line, cf_callgrind_key_len(key)));
	case CF_CALLGRIND_KEY_NONE:
		if (!cf_callgrind_looks_like_key(line))
			return "expected a cost line, a position such as \"fn=name\", or a header line";
		if (!r->unknown++)
			r->first_unknown = r->loc.line;
		return NULL;
	default:
		break;
	}
	if (key >= CF_CALLGRIND_KEY_EVENTS)
		return read_header(r, key, behind(line, cf_callgrind_key_len(key)));
	return read_name(r, key, behind(line, cf_callgrind_key_len(key)));
}

static int damaged(struct reading *r, const char *why)
{
	if (!r->partial)
		return cf_error(r->diag, &r->loc, "%s", why);
	if (!r->damaged++) {
		r->first_damaged = r->loc.line;
		cf_warn(r->diag, &r->loc, "left out: %s", why);
	}
	return 0;
}

/* The file ended in the middle of something. */
static int check_end(struct reading *r)
{
	if (!r->part.columns)
		return damaged(r, "there is no line \"events:\"");
	if (r->expect != EXPECT_COST)
		return damaged(r, "the file ends after a call or jump, expected its cost line");
	if (cf_callgrind_part_is_cut(&r->part)) {
		if (!r->partial)
			return cf_error(r->diag, &r->loc,
					"the file ends with %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
					" %s that its summary: states, and without a line totals:; --partial "
					"keeps what is there",
					r->part.self[0], r->part.summary.values[0],
					(const char *)g_ptr_array_index(r->events.names, r->part.events[0]));
		r->damaged++;
		r->first_damaged = r->loc.line;
	}
	return 0;
}

static int read_file(struct reading *r, const struct cf_input *input)
{
	g_autofree char *owned = NULL;
	struct cf_lines lines;
	struct cf_slice text, line;

	if (cf_text_utf8(input->path, input->bytes, &text, &owned, r->diag) < 0)
		return -1;
	cf_callgrind_names_reset(&r->names);
	r->position = (struct cf_callgrind_position){ .n = 1, .line_at = 0 };
	r->expect = EXPECT_COST;
	cf_lines_init(&lines, input->path, text);
	while (read_plain_costs(r, &lines), cf_lines_next(&lines, &line)) {
		const char *why;

		r->loc = lines.loc;
		why = read_line(r, line);
		if (G_UNLIKELY(why) && damaged(r, why) < 0)
			return -1;
	}
	/* Plain costs are read without saying where. */
	r->loc = lines.loc;
	return check_end(r);
}

/* --- the run -------------------------------------------------------------------------------------------- */

static void add_symbols(struct reading *r)
{
	for (guint i = 1; i < r->places->len; i++) {
		const struct place *place = &g_array_index(r->places, struct place, i);
		const struct cf_symbol symbol = { .func = { i },
						  .file = { place->file },
						  .line = place->line };

		if (place->file)
			cf_trace_symbol(r->trace, &symbol);
	}
}

/* By module, what is spent in functions without names. */
static void note_unresolved(struct reading *r)
{
	g_autoptr(GArray) costs = cf_call_graph_func_costs(r->trace);

	for (guint i = 0; i < costs->len; i++) {
		const struct cf_func_cost *cost = &g_array_index(costs, struct cf_func_cost, i);
		const char *module = cf_dict_func_module(r->trace->dict, cost->func);

		if (cost->metric.id ||
		    cf_dict_func_info(r->trace->dict, cost->func).kind != CF_FRAME_UNRESOLVED)
			continue;
		cf_trace_quality(r->trace, "unresolved", *module ? module : NULL, 1, cost->self,
				 "install its debug symbols and profile again",
				 "functions for which valgrind found no name are shown by address");
	}
}

static void note_events(struct reading *r)
{
	for (guint i = 0; i < r->events.derived->len; i++) {
		const struct cf_callgrind_derived *one =
			&g_array_index(r->events.derived, struct cf_callgrind_derived, i);

		if (!one->resolved)
			cf_trace_quality(
				r->trace, "derived-event", one->name, 0, 0, NULL,
				"its formula can't be computed from the events of the file: it was left "
				"out");
	}
}

static void note_quality(struct reading *r)
{
	struct cf_trace *trace = r->trace;

	note_unresolved(r);
	note_events(r);
	if (r->damaged)
		cf_trace_quality(trace, "partial", NULL, (int64_t)r->damaged, 0, NULL,
				 "lines that are damaged, or the end, are missing; the first is line %u",
				 r->first_damaged);
	if (r->unknown)
		cf_trace_quality(trace, "unknown-lines", NULL, (int64_t)r->unknown, 0, NULL,
				 "lines of a kind that isn't known were skipped, the first is line %u",
				 r->first_unknown);
	if (r->homeless)
		cf_trace_quality(trace, "no-function", NULL, (int64_t)r->homeless, 0, NULL,
				 "costs that belong to no function are shown as [unresolved]");
	if (r->names.undefined)
		cf_trace_quality(
			trace, "undefined-names", NULL, (int64_t)r->names.undefined, 0, NULL,
			"numbers were used that stand for no name: objects and files are unknown there, "
			"functions called by their number");
	if (r->names.cut)
		cf_trace_quality(trace, "cut-names", NULL, (int64_t)r->names.cut, 0, NULL,
				 "names were cut at %d bytes", CF_CALLGRIND_NAME_MAX);
	if (r->capped + r->costs.capped)
		cf_trace_quality(trace, "saturated", NULL, (int64_t)(r->capped + r->costs.capped), 0, NULL,
				 "costs passed 2^63 and were capped");
}

static int read_callgrind(const struct cf_input *input, const struct cf_params *params,
			  struct cf_trace *trace, struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .diag = diag,
			     .partial = params && cf_params_bool(params, "partial"),
			     .names = { .dict = trace->dict },
			     .functions = { .dict = trace->dict } };
	int result = 0;

	r.places = g_array_new(FALSE, TRUE, sizeof(struct place));
	cf_callgrind_events_init(&r.events);
	cf_callgrind_costs_init(&r.costs, trace);
	for (; input && result == 0; input = input->next) {
		r.part = (struct cf_callgrind_part){ 0 };
		result = read_file(&r, input);
		if (result == 0)
			end_part(&r);
	}
	if (result == 0) {
		cf_callgrind_events_resolve(&r.events);
		cf_callgrind_costs_pour(&r.costs, &r.events);
		cf_callgrind_functions_name(&r.functions);
		add_symbols(&r);
		note_quality(&r);
	}
	cf_callgrind_costs_release(&r.costs);
	cf_callgrind_events_release(&r.events);
	cf_callgrind_names_release(&r.names);
	cf_callgrind_functions_release(&r.functions);
	g_array_unref(r.places);
	g_free(r.program);
	return result;
}

const struct cf_format cf_format_callgrind = {
	.name = "callgrind",
	.summary = "profiles of callgrind and cachegrind, in one file or several parts",
	.parts = TRUE,
	.version = 1,
	.probe = cf_callgrind_probe,
	.read = read_callgrind,
};
