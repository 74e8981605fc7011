/* SPDX-License-Identifier: MIT */
/* heaptrack: interpreted recordings of heaptrack (heaptrack.PROG.PID.zst), file formats 1 to 3. */
/*
 * Lines of a letter and hexadecimal numbers (heaptrack's src/interpret/heaptrack_interpret.cpp writes them,
 * src/analyze/accumulatedtracedata.cpp reads them); tables grow as they are needed:
 *
 *	v 10400 3               heaptrack's version, the file format's
 *	X ./prog                command
 *	I 1000 5e2922           size of a page, number of pages
 *	s 4 main                string, from 1; its length since format 3
 *	i 55d0 1 2 3 1f         address, module, then function, file, line of the innermost frame and of those that it
 *	                        was inlined into
 *	t 2 1                   node of a stack: address, caller
 *	a 1f4 9                 kind of allocation, from 0: size, stack
 *	+ 1                     allocation of a kind
 *	- 1                     ... and its end
 *	c 3b                    milliseconds since the start
 *	R 3cf                   resident pages
 *
 * - Metrics: "heap at peak", what was alive when it was most; "leaked", what was alive at the end; "allocated" in bytes,
 *   with the number of calls as count; "temporary", the number of blocks that were freed before anything else happened.
 * - The series "heap" and "resident" have the state at each time stamp, and the peak.
 * - operator new is no frame where it is innermost, as in heaptrack: who called it is asked.
 *
 * Raw recordings (heaptrack --raw) have addresses without symbols and are refused.
 */
#include "core/sum.h"
#include "ingest/format.h"
#include "ingest/memory/command.h"
#include "ingest/memory/sites.h"

#include <math.h>

#define DEPTH_MAX 2048
#define INLINED_MAX 256
#define POINTS_MAX 4096
#define NS_PER_MS 1000000
#define NONE UINT32_MAX

struct frame {
	uint32_t function, file, line;
};

/* An address: its frames are frames[first .. first + n), innermost first. */
struct address {
	uint32_t module, first, n;
	bool is_new; /* in operator new */
};

struct node {
	struct cf_site site;
	uint32_t depth;
	uint32_t stack; /* number in stacks, NONE: nothing was allocated there */
};

/* What was allocated at one stack. */
struct stack {
	uint32_t node;
	int64_t live, live_count, all, all_count, temporary;
	int64_t peak, peak_count;
};

struct kind {
	int64_t size, live;
	uint32_t stack;
};

struct stamp {
	int64_t ms, heap, resident; /* resident: -1 unknown */
};

struct reading {
	struct cf_trace *trace;
	struct cf_diag *diag;
	const char *path;
	int64_t format, page_size;
	GArray *strings;   /* struct cf_str */
	GArray *addresses; /* struct address */
	GArray *frames;    /* struct frame */
	GArray *nodes;     /* struct node */
	GArray *stacks;    /* struct stack */
	GArray *kinds;     /* struct kind */
	GArray *stamps;    /* struct stamp */
	int64_t ms;
	int64_t live, peak, peak_ms;
	uint64_t events, peak_events; /* allocations and frees, up to and with the peak's */
	uint32_t last;                /* kind that was allocated last, NONE after a free */
	int64_t cut, unmatched, unknown;
	bool attached, ended, partial, damaged;
};

/* --- lines */

/* Takes a hexadecimal number and the blank after it. */
static bool take(struct cf_slice *line, uint64_t *value)
{
	uint64_t sum = 0, i = 0;

	for (; i < line->len; i++) {
		int digit = g_ascii_xdigit_value((char)line->data[i]);

		if (digit < 0)
			break;
		if (sum >> 60)
			return false;
		sum = sum << 4 | (unsigned)digit;
	}
	if (!i || (i < line->len && line->data[i] != ' '))
		return false;
	i += i < line->len;
	*line = (struct cf_slice){ line->data + i, line->len - i };
	*value = sum;
	return true;
}

static bool take_int(struct cf_slice *line, int64_t *value)
{
	uint64_t number;

	if (!take(line, &number) || number > INT64_MAX)
		return false;
	*value = (int64_t)number;
	return true;
}

static bool take_u32(struct cf_slice *line, uint32_t *value)
{
	uint64_t number;

	if (!take(line, &number) || number >= NONE)
		return false;
	*value = (uint32_t)number;
	return true;
}

/* A damaged line: an error, or with `partial` a warning and the end. */
static int bad(struct reading *r, const struct cf_loc *loc, const char *expected)
{
	if (!r->partial)
		return cf_error(r->diag, loc, "damaged line, expected %s", expected);
	cf_warn(r->diag, loc, "damaged line, what follows isn't read; expected %s", expected);
	r->damaged = true;
	return -1;
}

/* --- tables */

static int read_version(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	int64_t heaptrack;

	if (!take_int(&line, &heaptrack))
		return bad(r, loc, "the version of heaptrack");
	if (!take_int(&line, &r->format))
		r->format = heaptrack == 0x10200 ? 1 : 0;
	if (r->format < 1)
		return cf_error(r->diag, loc, "the file format of heaptrack before 1.0, expected 1 to 3");
	if (r->format > 3)
		return cf_error(r->diag, loc, "heaptrack file format %" G_GINT64_FORMAT ", expected 1 to 3",
				r->format);
	return 0;
}

static int read_string(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	struct cf_str str;
	uint64_t len;

	if (r->format >= 3) {
		if (!take(&line, &len) || len > line.len)
			return bad(r, loc, "the length of a string, and it");
		line.len = len;
	}
	str = cf_dict_str(r->trace->dict, (const char *)line.data, (gssize)line.len);
	g_array_append_val(r->strings, str);
	return 0;
}

static struct cf_str string_at(const struct reading *r, uint32_t number)
{
	return number && number <= r->strings->len ? g_array_index(r->strings, struct cf_str, number - 1)
						   : (struct cf_str){ 0 };
}

static bool is_new(const char *name)
{
	return !strcmp(name, "operator new(unsigned long)") ||
	       !strcmp(name, "operator new[](unsigned long)") ||
	       !strcmp(name, "operator new(unsigned int)") || !strcmp(name, "operator new[](unsigned int)");
}

static int read_address(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	struct address address = { .first = r->frames->len };
	struct frame frame = { 0 };
	uint64_t ip;

	if (!take(&line, &ip) || !take_u32(&line, &address.module))
		return bad(r, loc, "an address and its module");
	while (line.len && address.n < INLINED_MAX) {
		frame = (struct frame){ 0 };
		if (!take_u32(&line, &frame.function) ||
		    (line.len && (!take_u32(&line, &frame.file) || !take_u32(&line, &frame.line))))
			return bad(r, loc, "function, file and line of each frame");
		g_array_append_val(r->frames, frame);
		address.n++;
	}
	if (!address.n) {
		g_array_append_val(r->frames, frame);
		address.n = 1;
	}
	frame = g_array_index(r->frames, struct frame, address.first);
	address.is_new = is_new(cf_dict_text(r->trace->dict, string_at(r, frame.function)));
	g_array_append_val(r->addresses, address);
	return 0;
}

/* The site of the address, called from the node's. */
static void push_address(struct reading *r, struct node *node, const struct address *address)
{
	for (uint32_t i = address->n; i-- > 0;) {
		const struct frame *frame = &g_array_index(r->frames, struct frame, address->first + i);
		const struct cf_site_frame pushed = { .name = string_at(r, frame->function),
						      .object = string_at(r, address->module),
						      .file = string_at(r, frame->file),
						      .line = frame->line,
						      .inlined = i + 1 < address->n };

		if (node->depth >= DEPTH_MAX) {
			r->cut++;
			return;
		}
		node->site = cf_site_push(r->trace, &node->site, &pushed);
		node->depth++;
	}
}

static int read_node(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	struct node node = { .stack = NONE };
	uint32_t address, caller;

	if (!take_u32(&line, &address) || !take_u32(&line, &caller) || address > r->addresses->len ||
	    caller > r->nodes->len)
		return bad(r, loc, "an address and a caller that are known");
	if (caller) {
		node = g_array_index(r->nodes, struct node, caller - 1);
		node.stack = NONE;
	}
	if (address && !g_array_index(r->addresses, struct address, address - 1).is_new)
		push_address(r, &node, &g_array_index(r->addresses, struct address, address - 1));
	g_array_append_val(r->nodes, node);
	return 0;
}

static int read_kind(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	struct kind kind = { 0 };
	struct node *node;
	uint32_t number;

	if (!take_int(&line, &kind.size) || !take_u32(&line, &number) || number > r->nodes->len)
		return bad(r, loc, "a size and a stack that is known");
	if (!number) {
		/* Without a stack: a node of its own. */
		const struct node none = { .stack = NONE };

		g_array_append_val(r->nodes, none);
		number = r->nodes->len;
	}
	node = &g_array_index(r->nodes, struct node, number - 1);
	if (node->stack == NONE) {
		const struct stack stack = { .node = number - 1 };

		node->stack = r->stacks->len;
		g_array_append_val(r->stacks, stack);
	}
	kind.stack = node->stack;
	g_array_append_val(r->kinds, kind);
	return 0;
}

/* --- events */

static struct kind *take_kind(struct reading *r, struct cf_slice line, uint32_t *number)
{
	if (!take_u32(&line, number) || *number >= r->kinds->len)
		return NULL;
	return &g_array_index(r->kinds, struct kind, *number);
}

static int read_allocation(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	uint32_t number;
	struct kind *kind = take_kind(r, line, &number);
	struct stack *stack;

	if (!kind)
		return bad(r, loc, "a kind of allocation that is known");
	stack = &g_array_index(r->stacks, struct stack, kind->stack);
	kind->live++;
	stack->live = cf_add_sat(stack->live, kind->size);
	stack->live_count++;
	stack->all = cf_add_sat(stack->all, kind->size);
	stack->all_count++;
	r->live = cf_add_sat(r->live, kind->size);
	r->last = number;
	r->events++;
	if (r->live > r->peak) {
		r->peak = r->live;
		r->peak_ms = r->ms;
		r->peak_events = r->events;
	}
	return 0;
}

static int read_free(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	uint32_t number;
	struct kind *kind = take_kind(r, line, &number);
	struct stack *stack;

	if (!kind)
		return bad(r, loc, "a kind of allocation that is known");
	r->events++;
	if (!kind->live) {
		r->unmatched++;
		return 0;
	}
	stack = &g_array_index(r->stacks, struct stack, kind->stack);
	kind->live--;
	stack->live -= kind->size;
	stack->live_count--;
	stack->temporary += r->last == number;
	r->live -= kind->size;
	r->last = NONE;
	return 0;
}

static int read_stamp(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	struct stamp stamp = { .heap = r->live, .resident = -1 };

	if (!take_int(&line, &stamp.ms))
		return bad(r, loc, "a time in milliseconds");
	if (stamp.ms < r->ms)
		return bad(r, loc, "a time that doesn't go back");
	r->ms = stamp.ms;
	g_array_append_val(r->stamps, stamp);
	return 0;
}

/* Of the last time stamp. */
static void read_resident(struct reading *r, struct cf_slice line)
{
	struct stamp *stamp =
		r->stamps->len ? &g_array_index(r->stamps, struct stamp, r->stamps->len - 1) : NULL;
	int64_t pages, bytes;

	if (stamp && take_int(&line, &pages) && r->page_size &&
	    !__builtin_mul_overflow(pages, r->page_size, &bytes))
		stamp->resident = bytes;
}

static int read_line(struct reading *r, struct cf_slice line, const struct cf_loc *loc)
{
	char letter = line.len ? (char)line.data[0] : '#';
	struct cf_slice rest = { line.data + MIN(line.len, 2), line.len - MIN(line.len, 2) };

	if (!r->format && letter != 'v' && letter != '#')
		return bad(r, loc, "the version first, \"v 10400 3\"");
	switch (letter) {
	case 'v':
		return read_version(r, rest, loc);
	case 's':
		return read_string(r, rest, loc);
	case 'i':
		return read_address(r, rest, loc);
	case 't':
		return read_node(r, rest, loc);
	case 'a':
		return read_kind(r, rest, loc);
	case '+':
		return read_allocation(r, rest, loc);
	case '-':
		return read_free(r, rest, loc);
	case 'c':
		return read_stamp(r, rest, loc);
	case 'R':
		read_resident(r, rest);
		return 0;
	case 'X':
		cf_command_set(r->trace, rest);
		return 0;
	case 'I':
		take_int(&rest, &r->page_size);
		return 0;
	case 'A':
		r->attached = true;
		return 0;
	case 'x':
	case 'm':
		return cf_error(r->diag, loc,
				"a raw recording, which has no symbols yet: zstd -dc FILE | "
				"/usr/lib/heaptrack/libexec/heaptrack_interpret >heaptrack.txt");
	case '#':
		r->ended |= memmem(line.data, line.len, "# ips", strlen("# ips")) != NULL;
		return 0;
	case 'S':
		return 0;
	default:
		r->unknown++;
		return 0;
	}
}

/* A last line without an end is cut: a part of a number is another number. */
static int read_lines(struct reading *r, struct cf_slice text)
{
	struct cf_lines lines;
	struct cf_slice line;

	while (text.len && text.data[text.len - 1] != '\n')
		text.len--;
	cf_lines_init(&lines, r->path, text);
	while (cf_lines_next(&lines, &line))
		if (read_line(r, line, &lines.loc) < 0)
			return r->damaged ? 0 : -1;
	return 0;
}

/* What was alive at the peak: the events up to it once more. */
static void replay(struct reading *r, struct cf_slice text)
{
	struct cf_lines lines;
	struct cf_slice line;
	uint64_t events = 0;

	for (guint i = 0; i < r->kinds->len; i++)
		g_array_index(r->kinds, struct kind, i).live = 0;
	cf_lines_init(&lines, r->path, text);
	while (events < r->peak_events && cf_lines_next(&lines, &line)) {
		struct cf_slice rest = { line.data + MIN(line.len, 2), line.len - MIN(line.len, 2) };
		bool allocation = line.len && line.data[0] == '+';
		struct kind *kind;
		struct stack *stack;
		uint32_t number;

		if (!allocation && !(line.len && line.data[0] == '-'))
			continue;
		events++;
		kind = take_kind(r, rest, &number);
		if (!kind || (!allocation && !kind->live))
			continue;
		stack = &g_array_index(r->stacks, struct stack, kind->stack);
		kind->live += allocation ? 1 : -1;
		stack->peak_count += allocation ? 1 : -1;
		stack->peak = cf_add_sat(stack->peak, allocation ? kind->size : -kind->size);
	}
}

/* --- facts */

static void add_costs(struct reading *r)
{
	struct cf_trace *trace = r->trace;
	struct cf_thread thread = cf_trace_thread(trace, 0, 0, "");
	struct cf_metric peak = cf_trace_metric(trace, "heap at peak", CF_UNIT_BYTES);
	struct cf_metric leaked = cf_trace_metric(trace, "leaked", CF_UNIT_BYTES);
	struct cf_metric allocated = cf_trace_metric(trace, "allocated", CF_UNIT_BYTES);
	struct cf_metric temporary = cf_trace_metric(trace, "temporary", CF_UNIT_COUNT);

	for (guint i = 0; i < r->stacks->len; i++) {
		const struct stack *s = &g_array_index(r->stacks, struct stack, i);
		struct cf_site site = g_array_index(r->nodes, struct node, s->node).site;

		if (!site.stack.id)
			site = cf_site_named(trace, "(no stack)");
		if (s->peak_count)
			cf_site_cost(trace, &site, thread, peak, s->peak, s->peak_count);
		if (s->live_count)
			cf_site_cost(trace, &site, thread, leaked, s->live, s->live_count);
		if (s->all_count)
			cf_site_cost(trace, &site, thread, allocated, s->all, s->all_count);
		if (s->temporary)
			cf_site_cost(trace, &site, thread, temporary, s->temporary, s->temporary);
	}
}

static void add_point(struct reading *r, const char *name, int64_t ms, int64_t bytes)
{
	cf_trace_point(r->trace, cf_trace_series(r->trace, name, "bytes", "lower", "ns"),
		       (double)ms * NS_PER_MS, (double)bytes);
}

/* The largest of each `step` stamps; the peak, which lies between two, in its place. */
static void add_points(struct reading *r)
{
	guint step = (r->stamps->len + POINTS_MAX - 1) / POINTS_MAX;
	bool peak = r->peak > 0;

	for (guint i = 0; i < r->stamps->len; i += step) {
		struct stamp most = g_array_index(r->stamps, struct stamp, i);

		for (guint k = i + 1; k < MIN(i + step, r->stamps->len); k++) {
			const struct stamp *stamp = &g_array_index(r->stamps, struct stamp, k);

			if (stamp->heap > most.heap) {
				most.heap = stamp->heap;
				most.ms = stamp->ms;
			}
			most.resident = MAX(most.resident, stamp->resident);
		}
		if (peak && r->peak_ms < most.ms) {
			add_point(r, "heap", r->peak_ms, r->peak);
			peak = false;
		}
		add_point(r, "heap", most.ms, most.heap);
		if (most.resident >= 0)
			add_point(r, "resident", most.ms, most.resident);
	}
	if (peak)
		add_point(r, "heap", r->peak_ms, r->peak);
	add_point(r, "heap", r->ms, r->live);
	if (step > 1)
		cf_trace_quality(r->trace, "thinned", "heap", r->stamps->len, 0, NULL,
				 "of every %u time stamps the largest value was kept", step);
}

static void note_quality(struct reading *r, struct cf_slice text)
{
	bool whole = text.len && text.data[text.len - 1] == '\n' && r->ended;

	if (r->damaged) {
		cf_trace_quality(r->trace, "partial", NULL, 0, 0, NULL,
				 "the file is damaged; what stands before the damage was kept");
	} else if (!whole) {
		cf_trace_quality(r->trace, "unfinished", NULL, 1, 0, "let heaptrack end by itself",
				 "the recording breaks off: what wasn't freed yet counts as leaked");
		cf_warn(r->diag, &(struct cf_loc){ .path = r->path },
			"the recording breaks off; what came is kept");
	}
	if (r->attached)
		cf_trace_quality(r->trace, "attached", NULL, 0, 0, NULL,
				 "heaptrack was attached to a running process: what it had allocated before "
				 "is unknown");
	if (r->unmatched)
		cf_trace_quality(r->trace, "unmatched-frees", NULL, r->unmatched, 0, NULL,
				 "frees of blocks that weren't alive were left out");
	if (r->unknown)
		cf_trace_quality(r->trace, "unknown-lines", NULL, r->unknown, 0, NULL,
				 "lines of a kind that isn't known were skipped");
	if (r->cut)
		cf_trace_quality(
			r->trace, "cut-stacks", NULL, r->cut, 0, NULL,
			"stacks deeper than %d frames were cut there; their cost stays with the last frame "
			"kept",
			DEPTH_MAX);
}

static int fill(struct reading *r, struct cf_slice text)
{
	struct cf_loc loc = { .path = r->path };

	if (!r->format)
		return cf_error(r->diag, &loc, "no version, expected \"v 10400 3\" first");
	replay(r, text);
	add_costs(r);
	add_points(r);
	note_quality(r, text);
	if (__builtin_mul_overflow(r->ms, NS_PER_MS, &r->trace->meta.duration_ns))
		r->trace->meta.duration_ns = 0;
	return 0;
}

static int read_heaptrack(const struct cf_input *input, const struct cf_params *params,
			  struct cf_trace *trace, struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .diag = diag,
			     .path = input->path,
			     .last = NONE,
			     .partial = cf_params_bool(params, "partial"),
			     .strings = g_array_new(FALSE, FALSE, sizeof(struct cf_str)),
			     .addresses = g_array_new(FALSE, FALSE, sizeof(struct address)),
			     .frames = g_array_new(FALSE, FALSE, sizeof(struct frame)),
			     .nodes = g_array_new(FALSE, FALSE, sizeof(struct node)),
			     .stacks = g_array_new(FALSE, FALSE, sizeof(struct stack)),
			     .kinds = g_array_new(FALSE, FALSE, sizeof(struct kind)),
			     .stamps = g_array_new(FALSE, FALSE, sizeof(struct stamp)) };
	int status = read_lines(&r, input->bytes);

	if (status == 0)
		status = fill(&r, input->bytes);
	g_array_unref(r.strings);
	g_array_unref(r.addresses);
	g_array_unref(r.frames);
	g_array_unref(r.nodes);
	g_array_unref(r.stacks);
	g_array_unref(r.kinds);
	g_array_unref(r.stamps);
	return status;
}

/* "v 10400 3", then a line of another letter and a blank. */
static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, 4096) }, line;
	struct cf_lines lines;
	int64_t version;

	*why = "no line \"v 10400 3\"";
	cf_lines_init(&lines, input->path, start);
	if (!cf_lines_next(&lines, &line) || line.len < 3 || line.data[0] != 'v' || line.data[1] != ' ')
		return CF_BID_NO;
	line = (struct cf_slice){ line.data + 2, line.len - 2 };
	if (!take_int(&line, &version) || version < 0x10000)
		return CF_BID_NO;
	if (cf_lines_next(&lines, &line) && line.len > 2 && strchr("XxI", line.data[0]) &&
	    line.data[1] == ' ')
		return CF_BID_MAGIC;
	*why = "no command after the version";
	return CF_BID_NEAR;
}

const struct cf_format cf_format_heaptrack = {
	.name = "heaptrack",
	.summary = "heaptrack heap profiles, interpreted (.zst, .gz)",
	.version = 1,
	.probe = probe,
	.read = read_heaptrack,
};
