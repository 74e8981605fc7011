/* SPDX-License-Identifier: MIT */
/* collapsed: folded stacks, one "root;caller;leaf weight" per line, as flame graph tools exchange them. */
/*
 * Decisions where the format leaves room:
 *
 * - The weight is the last word of the line; the stack is what stands before the one blank in front of it and
 *   is split at every ';' (a ';' in a name can't be told from a separator). Nothing is trimmed off names;
 *   empty frames at the end are dropped.
 * - Weights may have decimals. They are kept exact, as whole thousandths, millionths or billionths; the
 *   metric is then called millisamples, microsamples or nanosamples. Only what doesn't fit is rounded, said
 *   as a row of data quality.
 * - Samples are counted by the weight; where that has decimals it is no number of samples, and each line
 *   counts as one.
 * - When every line ends in two numbers the file is a differential one: before and after. The trace then has
 *   the metrics "samples" (after) and "samples before".
 * - The suffixes _[k], _[j] and _[i] are taken off names and become frame kinds; kernel frames get the module
 *   "[kernel]". Names that stand for the lack of one ("[unknown]", "[libc.so.6]", "libart.so[+1f0]", nothing)
 *   become unresolved frames of the module that they tell; addresses are no part of a stack.
 * - The first frame is often the name of the process. It stays a frame, since that can't be known.
 */
#include "ingest/format.h"

#include <string.h>

#define DEPTH_MAX 2048 /* frames that are kept of a stack, from the root */
#define STACK_MAX (16 * 1024 * 1024)
#define PROBE_BYTES (1024 * 1024)
#define PROBE_LINES 100

/* A decimal number as it stands in the text; fraction without trailing zeros. */
struct number {
	uint64_t whole;
	struct cf_slice fraction;
};

struct entry {
	struct cf_slice stack;
	struct number before, after; /* before: only with two columns */
	int columns;
};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static struct cf_slice head(struct cf_slice s, uint64_t len)
{
	return (struct cf_slice){ s.data, len };
}

static struct cf_slice tail(struct cf_slice s, uint64_t from)
{
	return (struct cf_slice){ s.data + from, s.len - from };
}

/* digits [. digits], up to what a weight can hold. */
static bool parse_number(struct cf_slice word, struct number *number)
{
	const uint8_t *point = word.len ? memchr(word.data, '.', word.len) : NULL;
	uint64_t digits = point ? (uint64_t)(point - word.data) : word.len;

	if (!cf_parse_u64(head(word, digits), 10, &number->whole) || number->whole > INT64_MAX)
		return false;
	number->fraction = point ? tail(word, digits + 1) : (struct cf_slice){ 0 };
	for (uint64_t i = 0; i < number->fraction.len; i++)
		if (!g_ascii_isdigit((gchar)number->fraction.data[i]))
			return false;
	while (number->fraction.len && number->fraction.data[number->fraction.len - 1] == '0')
		number->fraction.len--;
	return true;
}

/* Splits the last word off text, with the one blank before it. */
static bool take_number(struct cf_slice *text, struct number *number)
{
	uint64_t i = text->len;

	while (i > 0 && !is_blank(text->data[i - 1]))
		i--;
	if (i == 0 || !parse_number(tail(*text, i), number))
		return false;
	text->len = i - 1;
	return true;
}

static bool is_empty(struct cf_slice line)
{
	for (uint64_t i = 0; i < line.len; i++)
		if (!is_blank(line.data[i]))
			return false;
	return true;
}

/* A stack of something else than separators, not longer than any real one. */
static bool is_stack(struct cf_slice stack)
{
	uint64_t last = stack.len;

	while (last && (stack.data[last - 1] == ';' || is_blank(stack.data[last - 1])))
		last--;
	return last && last <= STACK_MAX;
}

/* two: take two numbers off the line when there are two. */
static bool parse_line(struct cf_slice line, bool two, struct entry *entry)
{
	struct cf_slice rest;

	while (line.len && is_blank(line.data[line.len - 1]))
		line.len--;
	if (!take_number(&line, &entry->after) || !is_stack(line))
		return false;
	entry->stack = line;
	entry->columns = 1;
	rest = line;
	if (two && take_number(&rest, &entry->before) && is_stack(rest)) {
		entry->stack = rest;
		entry->columns = 2;
	}
	return true;
}

/* What the first pass finds out about the file as a whole. */
struct survey {
	uint64_t lines, invalid; /* lines: valid ones */
	uint32_t first_invalid;
	bool differential;
	uint64_t decimals; /* most digits after a point */
	uint64_t most;     /* no sum of a column is larger than this; saturated */
};

static void count_number(struct survey *survey, uint64_t *sum, const struct number *number)
{
	survey->decimals = MAX(survey->decimals, number->fraction.len);
	if (__builtin_add_overflow(*sum, number->whole + 1, sum))
		*sum = UINT64_MAX;
}

static struct survey look_through(const char *path, struct cf_slice text)
{
	struct survey survey = { .differential = true };
	uint64_t before = 0, after = 0;
	struct cf_lines lines;
	struct cf_slice line;
	struct entry entry;

	cf_lines_init(&lines, path, text);
	while (cf_lines_next(&lines, &line)) {
		if (is_empty(line))
			continue;
		if (!parse_line(line, true, &entry)) {
			if (!survey.invalid++)
				survey.first_invalid = lines.loc.line;
			continue;
		}
		survey.lines++;
		survey.differential &= entry.columns == 2;
		count_number(&survey, &after, &entry.after);
		if (entry.columns == 2)
			count_number(&survey, &before, &entry.before);
	}
	survey.differential &= survey.lines > 0;
	survey.most = MAX(before, after);
	return survey;
}

struct unit {
	unsigned digits;
	int64_t factor;
	const char *metric, *metric_before;
};

/* The coarsest unit in which all weights are whole, or the finest in which their sum fits. */
static const struct unit *choose_unit(const struct survey *survey)
{
	static const struct unit units[] = {
		{ 0, 1, "samples", "samples before" },
		{ 3, 1000, "millisamples", "millisamples before" },
		{ 6, 1000000, "microsamples", "microsamples before" },
		{ 9, 1000000000, "nanosamples", "nanosamples before" },
	};
	size_t i = 0;

	while (i + 1 < G_N_ELEMENTS(units) && units[i].digits < survey->decimals &&
	       survey->most <= (uint64_t)(INT64_MAX / units[i + 1].factor))
		i++;
	return &units[i];
}

struct reading {
	struct cf_trace *trace;
	struct cf_dict *dict;
	const struct unit *unit;
	bool fractional;
	struct cf_metric metric, metric_before;
	struct cf_thread thread;
	struct cf_group group;
	struct cf_slice last; /* stack text of the line before */
	GArray *nodes;        /* struct node: its frames */
	uint64_t rounded;     /* weights */
	uint64_t cut;         /* stacks deeper than DEPTH_MAX */
	struct cf_module kernel;
};

/* A frame of the line before: the stack up to the byte offset at which its text ends. */
struct node {
	uint64_t end;
	struct cf_stack stack;
};

static bool ends_with(struct cf_slice s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.len > n && !memcmp(s.data + s.len - n, suffix, n);
}

static bool is_hex(struct cf_slice s)
{
	uint64_t value;

	return cf_parse_u64(s, 16, &value);
}

static bool equals(struct cf_slice s, const char *text)
{
	return s.len == strlen(text) && !memcmp(s.data, text, s.len);
}

static struct cf_slice between(struct cf_slice s, uint64_t from, uint64_t to)
{
	return (struct cf_slice){ s.data + from, to - from };
}

/* A module's name, or a word in brackets: no blanks. */
static bool is_word(struct cf_slice s)
{
	for (uint64_t i = 0; i < s.len; i++)
		if (is_blank(s.data[i]))
			return false;
	return s.len > 0;
}

/*
 * Whether name only says that there is none; module: the module that it tells, or nothing. Known forms:
 * "[unknown]", "[redis-server]", "[[vdso]]", the same with an address "[libc.so.6 <7f01>]"
 * (stackcollapse-perf), "unknown", "libart.so[+1f0]" (simpleperf). "[GC active]" is a name. So is "[kworker]"
 * as the root: it is a process.
 */
static bool is_nameless(struct cf_slice name, bool root, struct cf_slice *module)
{
	const uint8_t *p;

	*module = (struct cf_slice){ 0 };
	if (!name.len || equals(name, "unknown") || equals(name, "[unknown]"))
		return true;
	if (name.data[name.len - 1] != ']')
		return false;
	p = memrchr(name.data, '[', name.len);
	if (p && p[1] == '+') {
		*module = head(name, (uint64_t)(p - name.data));
		return is_hex(between(name, module->len + 2, name.len - 1));
	}
	if (name.data[0] != '[')
		return false;
	*module = between(name, 1, name.len - 1);
	p = module->len ? memrchr(module->data, '<', module->len) : NULL;
	if (p && ends_with(*module, ">") && p > module->data && p[-1] == ' ') {
		uint64_t at = (uint64_t)(p - module->data);

		if (is_hex(between(*module, at + 1, module->len - 1))) {
			module->len = at - 1;
			root = false;
		}
	}
	if (root || !is_word(*module))
		return false;
	if (equals(*module, "unknown"))
		*module = (struct cf_slice){ 0 };
	return true;
}

static struct cf_stack push_frame(struct reading *reading, struct cf_stack caller, struct cf_slice name)
{
	static const struct {
		const char *suffix;
		enum cf_frame_kind kind;
	} suffixes[] = { { "_[k]", CF_FRAME_KERNEL },
			 { "_[j]", CF_FRAME_JIT },
			 { "_[i]", CF_FRAME_INLINED } };
	struct cf_func_info info = { .kind = CF_FRAME_NATIVE };
	enum cf_frame_kind kind = CF_FRAME_NATIVE;
	struct cf_slice module;

	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++)
		if (ends_with(name, suffixes[i].suffix)) {
			kind = suffixes[i].kind;
			name.len -= strlen(suffixes[i].suffix);
			break;
		}
	if (kind == CF_FRAME_KERNEL)
		info.module = reading->kernel;
	if (is_nameless(name, caller.id == 0, &module)) {
		kind = CF_FRAME_UNRESOLVED;
		if (equals(module, "[kernel.kallsyms]"))
			info.module = reading->kernel;
		else if (module.len)
			info.module = cf_dict_module(
				reading->dict,
				(struct cf_module_info){ .name = cf_dict_str(reading->dict,
									     (const char *)module.data,
									     (gssize)module.len) });
		info.name = cf_dict_str(reading->dict, "[unresolved]", -1);
	} else {
		info.name = cf_dict_str(reading->dict, (const char *)name.data, (gssize)name.len);
	}
	/* Being inlined is a property of the call, not of the function. */
	info.kind = kind == CF_FRAME_INLINED ? CF_FRAME_NATIVE : kind;
	return cf_dict_push(reading->dict, caller, cf_dict_func(reading->dict, info), kind);
}

/* How many frames of the line before stack begins with. */
static guint shared_frames(const struct reading *reading, struct cf_slice stack)
{
	uint64_t same = 0, most = MIN(stack.len, reading->last.len);
	guint n = 0;

	while (same < most && stack.data[same] == reading->last.data[same])
		same++;
	for (; n < reading->nodes->len; n++) {
		uint64_t end = g_array_index(reading->nodes, struct node, n).end;

		if (end > same || (end < stack.len && stack.data[end] != ';'))
			break;
	}
	return n;
}

/* Lines are usually sorted, so most of a stack is that of the line before. */
static struct cf_stack push_stack(struct reading *reading, struct cf_slice stack)
{
	guint shared;
	uint64_t at;

	while (stack.len && stack.data[stack.len - 1] == ';')
		stack.len--;
	shared = shared_frames(reading, stack);
	g_array_set_size(reading->nodes, shared);
	at = shared ? g_array_index(reading->nodes, struct node, shared - 1).end + 1 : 0;
	while (at < stack.len || !reading->nodes->len) {
		if (reading->nodes->len == DEPTH_MAX) {
			reading->cut++;
			break;
		}
		const uint8_t *end = memchr(stack.data + at, ';', stack.len - at);
		struct node node = { .end = end ? (uint64_t)(end - stack.data) : stack.len };

		if (reading->nodes->len)
			node.stack =
				g_array_index(reading->nodes, struct node, reading->nodes->len - 1).stack;
		node.stack = push_frame(reading, node.stack, between(stack, at, node.end));
		g_array_append_val(reading->nodes, node);
		at = node.end + 1;
	}
	reading->last = stack;
	return g_array_index(reading->nodes, struct node, reading->nodes->len - 1).stack;
}

/* The number in the file's unit; digits beyond it are rounded to nearest, halves up. */
static int64_t weigh(struct reading *reading, const struct number *number)
{
	unsigned digits = reading->unit->digits;
	int64_t whole, part = 0;

	for (unsigned i = 0; i < digits; i++)
		part = part * 10 + (i < number->fraction.len ? number->fraction.data[i] - '0' : 0);
	if (number->fraction.len > digits) {
		part += number->fraction.data[digits] >= '5';
		reading->rounded++;
	}
	if (__builtin_mul_overflow((int64_t)number->whole, reading->unit->factor, &whole) ||
	    __builtin_add_overflow(whole, part, &whole))
		return INT64_MAX;
	return whole;
}

static void add_cost(struct reading *reading, struct cf_stack stack, struct cf_metric metric,
		     const struct number *number)
{
	int64_t weight = weigh(reading, number), count = reading->fractional ? 1 : weight;
	struct cf_stack_cost cost = {
		.group = reading->group, .metric = metric, .stack = stack, .weight = weight, .count = count
	};
	struct cf_thread_cost thread = {
		.thread = reading->thread, .metric = metric, .weight = weight, .count = count
	};
	struct cf_stack_info leaf = cf_dict_stack_info(reading->dict, stack);

	cf_trace_cost(reading->trace, &cost);
	cf_trace_thread_cost(reading->trace, &thread);
	if (leaf.kind == CF_FRAME_UNRESOLVED && metric.id == reading->metric.id) {
		const char *module = cf_dict_func_module(reading->dict, leaf.func);

		cf_trace_quality(reading->trace, "unresolved", *module ? module : NULL, count, weight, NULL,
				 "the tool that collapsed the stacks found no name for the function");
	}
}

static void note_quality(const struct reading *reading, const struct survey *survey, const char *path,
			 struct cf_diag *diag)
{
	struct cf_loc loc = { .path = path, .line = survey->first_invalid };
	struct cf_trace *trace = reading->trace;

	if (survey->invalid) {
		cf_trace_quality(trace, "invalid-lines", NULL, (int64_t)survey->invalid, 0, NULL,
				 "lines that are not a stack and a weight were skipped, the first is line %u",
				 survey->first_invalid);
		cf_warn(diag, &loc,
			"%" G_GUINT64_FORMAT
			" line%s skipped, this is the first: expected a stack and a weight",
			survey->invalid, survey->invalid == 1 ? "" : "s");
	}
	if (survey->differential)
		cf_trace_quality(trace, "differential", NULL, 0, 0, NULL,
				 "two numbers a line: the second is '%s', the first '%s'",
				 reading->unit->metric, reading->unit->metric_before);
	if (reading->cut)
		cf_trace_quality(
			trace, "cut-stacks", NULL, (int64_t)reading->cut, 0, NULL,
			"stacks deeper than %d frames were cut there; their cost stays with the last "
			"frame kept",
			DEPTH_MAX);
	if (reading->rounded)
		cf_trace_quality(trace, "rounded", NULL, (int64_t)reading->rounded, 0, NULL,
				 "weights with more decimals than fit were rounded to whole %s",
				 reading->unit->metric);
}

static void read_lines(struct reading *reading, const char *path, struct cf_slice text, bool differential)
{
	struct cf_lines lines;
	struct cf_slice line;
	struct entry entry;

	cf_lines_init(&lines, path, text);
	while (cf_lines_next(&lines, &line)) {
		struct cf_stack stack;

		if (is_empty(line) || !parse_line(line, differential, &entry))
			continue;
		stack = push_stack(reading, entry.stack);
		add_cost(reading, stack, reading->metric, &entry.after);
		if (differential)
			add_cost(reading, stack, reading->metric_before, &entry.before);
	}
}

static int read_collapsed(const struct cf_input *input, const struct cf_params *params,
			  struct cf_trace *trace, struct cf_diag *diag)
{
	struct cf_loc loc = { .path = input->path, .line = 1 };
	struct reading reading = { .trace = trace, .dict = trace->dict };
	g_autofree char *owned = NULL;
	struct survey survey;
	struct cf_slice text;

	if (cf_text_utf8(input->path, input->bytes, &text, &owned, diag) < 0)
		return -1;
	survey = look_through(input->path, text);
	if (!survey.lines)
		return cf_error(diag, &loc, "no line is a collapsed stack, expected \"root;caller;leaf 12\"");
	reading.unit = choose_unit(&survey);
	reading.fractional = survey.decimals > 0;
	reading.metric = cf_trace_metric(trace, reading.unit->metric, CF_UNIT_COUNT);
	if (survey.differential)
		reading.metric_before = cf_trace_metric(trace, reading.unit->metric_before, CF_UNIT_COUNT);
	reading.thread = cf_trace_thread(trace, 0, 0, "");
	reading.group = cf_trace_group(trace, "");
	reading.kernel = cf_dict_module(
		trace->dict, (struct cf_module_info){ .name = cf_dict_str(trace->dict, "[kernel]", -1) });
	reading.nodes = g_array_new(FALSE, FALSE, sizeof(struct node));
	read_lines(&reading, input->path, text, survey.differential);
	note_quality(&reading, &survey, input->path, diag);
	g_array_unref(reading.nodes);
	return 0;
}

/*
 * Without a separator a line is any word before a number, so more is asked of it: a name without blanks,
 * assignments, keys or numbers, as in "sleep 500000".
 */
static bool is_lone_name(struct cf_slice stack)
{
	bool letter = false;

	for (uint64_t i = 0; i < stack.len; i++) {
		uint8_t c = stack.data[i];

		if (is_blank(c) || c == '=' || c == ',' || c == '"' || (c == ':' && i + 1 == stack.len))
			return false;
		letter |= g_ascii_isalpha((gchar)c) || c >= 0x80;
	}
	return letter;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = head(input->bytes, MIN(input->bytes.len, PROBE_BYTES)), text, line;
	struct cf_diag silent = { 0 };
	g_autofree char *owned = NULL;
	unsigned seen = 0, stacks = 0, names = 0;
	struct cf_lines lines;
	struct entry entry;

	if (input->json) {
		*why = "JSON";
		return CF_BID_NO;
	}
	if (cf_text_utf8(input->path, start, &text, &owned, &silent) < 0) {
		*why = "binary data";
		return CF_BID_NO;
	}
	cf_lines_init(&lines, input->path, text);
	while (seen < PROBE_LINES && cf_lines_next(&lines, &line)) {
		/* A line that the look-ahead cuts says nothing. */
		if (is_empty(line) || (start.len < input->bytes.len && lines.pos == text.len))
			continue;
		seen++;
		if (!parse_line(line, true, &entry))
			continue;
		if (memchr(entry.stack.data, ';', entry.stack.len))
			stacks++;
		else if (is_lone_name(entry.stack))
			names++;
	}
	if (!stacks && !names) {
		*why = "no line \"root;caller;leaf 12\"";
		return CF_BID_NEAR;
	}
	/* Some lines may be broken or comments; without any stack of two frames, none. */
	if (stacks ? (stacks + names) * 4 < seen * 3 : names < seen) {
		*why = "too few lines \"root;caller;leaf 12\"";
		return CF_BID_NEAR;
	}
	return CF_BID_SHAPE;
}

const struct cf_format cf_format_collapsed = {
	.name = "collapsed",
	.summary = "collapsed stacks (stackcollapse, flame graph input)",
	.version = 1,
	.probe = probe,
	.read = read_collapsed,
};
