/* SPDX-License-Identifier: MIT */
/* massif: heap profiles of valgrind's massif (massif.out.PID). */
/*
 *	desc: --time-unit=B
 *	cmd: ./prog
 *	time_unit: B
 *	#-----------
 *	snapshot=3
 *	#-----------
 *	time=6101184
 *	mem_heap_B=405120
 *	mem_heap_extra_B=6464
 *	mem_stacks_B=0
 *	heap_tree=detailed
 *	n2: 405120 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.
 *	 n1: 400000 0x109173: fill_cache (grow.c:5)
 *	  n0: 400000 0x109253: main (grow.c:8)
 *	 n0: 5120 in 3 places, all below massif's threshold (01.00%)
 *
 * - Snapshots are points of the series "heap", "heap extra", "stacks" and "total". x is the time: in ns, or instructions or
 *   allocated bytes, whatever the file counts.
 * - Trees go from the allocation to its callers. Each detailed one is a metric, the peak's the first; the stack of a node
 *   is the way back to the root, and its cost what its children leave of it, so that the stacks sum to the root exactly.
 */
#include "core/sum.h"
#include "ingest/format.h"
#include "ingest/memory/command.h"
#include "ingest/memory/frame_text.h"

#include <math.h>

#define NS_PER_MS 1000000
#define METRICS_MAX 64
#define PROBE_BYTES 4096

enum tree { TREE_NONE, TREE_DETAILED, TREE_PEAK };

struct snapshot {
	int64_t number, time, heap, extra, stacks;
	enum tree tree;
	struct cf_slice text; /* of the tree's lines */
	struct cf_loc loc;    /* of the first of them */
};

/* A node that lies on the way to the one that was read last. */
struct node {
	struct cf_site_frame frame;
	uint64_t address;
	int64_t left; /* bytes less those of its children */
};

struct reading {
	struct cf_trace *trace;
	struct cf_diag *diag;
	const char *path;
	char *unit;        /* "i", "ms" or "B" */
	GArray *snapshots; /* struct snapshot */
	GArray *nodes;     /* struct node, from the root of the tree */
	struct cf_sites sites;
	struct cf_thread thread;
};

static bool starts(struct cf_slice line, const char *word)
{
	size_t n = strlen(word);

	return line.len >= n && !memcmp(line.data, word, n);
}

static struct cf_slice tail(struct cf_slice line, size_t from)
{
	return (struct cf_slice){ line.data + from, line.len - from };
}

static bool number_after(struct cf_slice line, const char *key, int64_t *value)
{
	return starts(line, key) && cf_parse_i64(tail(line, strlen(key)), value) && *value >= 0;
}

/* --- trees */

/* "  n2: 317637 0x6F675AB: name (place)": depth is the number of blanks. */
static bool parse_node(struct cf_slice line, unsigned *depth, int64_t *bytes, struct cf_slice *text)
{
	uint64_t at = 0, colon, end, children;
	const uint8_t *p;

	while (at < line.len && line.data[at] == ' ')
		at++;
	*depth = (unsigned)MIN(at, UINT32_MAX);
	if (at == line.len || line.data[at] != 'n' || !(p = memchr(line.data + at, ':', line.len - at)))
		return false;
	colon = (uint64_t)(p - line.data);
	if (!cf_parse_u64((struct cf_slice){ line.data + at + 1, colon - at - 1 }, 10, &children) ||
	    colon + 2 > line.len || line.data[colon + 1] != ' ')
		return false;
	p = memchr(line.data + colon + 2, ' ', line.len - colon - 2);
	end = p ? (uint64_t)(p - line.data) : line.len;
	if (!cf_parse_i64((struct cf_slice){ line.data + colon + 2, end - colon - 2 }, bytes) || *bytes < 0)
		return false;
	*text = p ? tail(line, end + 1) : (struct cf_slice){ line.data + line.len, 0 };
	return true;
}

/* "in 5 places, all below massif's threshold (01.00%)", "in 1 place, below ...". */
static bool is_below_threshold(struct cf_slice text)
{
	return starts(text, "in ") && text.len > 3 && g_ascii_isdigit((char)text.data[3]) &&
	       memmem(text.data, text.len, "threshold", strlen("threshold"));
}

static struct node make_node(struct reading *r, struct cf_slice text, unsigned depth, int64_t bytes)
{
	struct cf_dict *dict = r->trace->dict;
	struct node node = { .left = bytes };

	if (is_below_threshold(text))
		node.frame.name = cf_dict_str(dict, "[below threshold]", -1);
	else if (depth)
		node.address = cf_frame_from_text(dict, text, &node.frame);
	return node;
}

/* The cost of the innermost `depth` nodes' last one, which has no more children. */
static void close_node(struct reading *r, struct cf_metric metric)
{
	guint depth = r->nodes->len - 1;
	const struct node *last = &g_array_index(r->nodes, struct node, depth);

	if (last->left < 0)
		cf_trace_quality(r->trace, "inconsistent-tree", NULL, 1, 0, NULL,
				 "callers hold more bytes than what they called; their stack is negative");
	if (last->left) {
		/* The root is no frame: it stands for malloc and the like. */
		for (guint i = 1; i <= depth; i++) {
			const struct node *node = &g_array_index(r->nodes, struct node, i);
			struct cf_site_frame frame = node->frame;

			frame.inlined =
				i < depth && node->address &&
				node->address == g_array_index(r->nodes, struct node, i + 1).address &&
				node->frame.name.id !=
					g_array_index(r->nodes, struct node, i + 1).frame.name.id;
			cf_sites_add(&r->sites, &frame);
		}
		struct cf_site site = cf_sites_take(&r->sites, "[no callers]");

		cf_site_cost(r->trace, &site, r->thread, metric, last->left, 1);
	}
	g_array_set_size(r->nodes, depth);
}

static int read_tree(struct reading *r, const struct snapshot *snapshot, struct cf_metric metric)
{
	struct cf_lines lines;
	struct cf_slice line, text;
	int64_t bytes, root = 0;
	unsigned depth;

	cf_lines_init(&lines, r->path, snapshot->text);
	g_array_set_size(r->nodes, 0);
	while (cf_lines_next(&lines, &line)) {
		struct cf_loc loc = lines.loc;
		struct node node;

		loc.line += snapshot->loc.line - 1;
		loc.offset += snapshot->loc.offset;
		if (!line.len)
			continue;
		if (!parse_node(line, &depth, &bytes, &text))
			return cf_error(r->diag, &loc,
					"expected a node of the tree, \"n2: 1024 0x1234: name (place)\"");
		if (depth > r->nodes->len || (r->nodes->len && !depth))
			return cf_error(r->diag, &loc, "a node of depth %u below one of depth %u", depth,
					r->nodes->len - 1);
		while (r->nodes->len > depth)
			close_node(r, metric);
		if (depth) {
			int64_t *left = &g_array_index(r->nodes, struct node, depth - 1).left;

			*left = cf_add_sat(*left, -bytes);
		} else {
			root = bytes;
		}
		node = make_node(r, text, depth, bytes);
		g_array_append_val(r->nodes, node);
	}
	while (r->nodes->len)
		close_node(r, metric);
	if (root != snapshot->heap)
		cf_trace_quality(r->trace, "tree-differs", NULL, 1, 0, NULL,
				 "a tree's total isn't the heap size of its snapshot");
	return 0;
}

/* --- snapshots */

static int read_tree_kind(struct reading *r, struct cf_slice kind, const struct cf_loc *loc, enum tree *tree)
{
	if (cf_slice_is(kind, "empty"))
		*tree = TREE_NONE;
	else if (cf_slice_is(kind, "detailed"))
		*tree = TREE_DETAILED;
	else if (cf_slice_is(kind, "peak"))
		*tree = TREE_PEAK;
	else
		return cf_error(r->diag, loc, "heap_tree is '%.*s', expected empty, detailed or peak",
				(int)MIN(kind.len, 40), kind.data);
	return 0;
}

/* The lines between "snapshot=" and "heap_tree=". A tree's lines end where the next comment begins. */
static int read_field(struct reading *r, struct cf_slice line, const struct cf_loc *loc,
		      struct snapshot *snapshot)
{
	static const struct {
		const char *key;
		size_t at;
	} fields[] = { { "snapshot=", offsetof(struct snapshot, number) },
		       { "time=", offsetof(struct snapshot, time) },
		       { "mem_heap_B=", offsetof(struct snapshot, heap) },
		       { "mem_heap_extra_B=", offsetof(struct snapshot, extra) },
		       { "mem_stacks_B=", offsetof(struct snapshot, stacks) } };

	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (!starts(line, fields[i].key))
			continue;
		if (number_after(line, fields[i].key, (int64_t *)((char *)snapshot + fields[i].at)))
			return 0;
		return cf_error(r->diag, loc, "expected a number after '%s'", fields[i].key);
	}
	if (starts(line, "heap_tree="))
		return read_tree_kind(r, tail(line, strlen("heap_tree=")), loc, &snapshot->tree);
	return 0;
}

static void read_header(struct reading *r, struct cf_slice line)
{
	if (starts(line, "cmd: "))
		cf_command_set(r->trace, tail(line, strlen("cmd: ")));
	else if (starts(line, "time_unit: ") && !r->unit)
		r->unit = g_strndup((const char *)line.data + 11, line.len - 11);
}

static int read_snapshots(struct reading *r, struct cf_slice text)
{
	struct snapshot *snapshot = NULL;
	struct cf_lines lines;
	struct cf_slice line;
	bool in_tree = false;

	cf_lines_init(&lines, r->path, text);
	while (cf_lines_next(&lines, &line)) {
		const struct snapshot none = { 0 };

		if (starts(line, "#")) {
			in_tree = false;
		} else if (in_tree) {
			snapshot->text.len = (uint64_t)(line.data + line.len - snapshot->text.data);
		} else if (starts(line, "snapshot=") || snapshot) {
			if (starts(line, "snapshot=")) {
				g_array_append_val(r->snapshots, none);
				snapshot =
					&g_array_index(r->snapshots, struct snapshot, r->snapshots->len - 1);
			}
			if (read_field(r, line, &lines.loc, snapshot) < 0)
				return -1;
			if (starts(line, "heap_tree=") && snapshot->tree != TREE_NONE) {
				in_tree = true;
				snapshot->text = (struct cf_slice){ text.data + lines.pos, 0 };
				snapshot->loc = lines.loc;
				snapshot->loc.line++;
				snapshot->loc.offset = lines.pos;
			}
		} else {
			read_header(r, line);
		}
	}
	return 0;
}

/* --- facts */

static const char *x_word(const struct reading *r)
{
	return !strcmp(r->unit, "ms") ? "ns" : !strcmp(r->unit, "i") ? "instructions" : "allocated bytes";
}

/* With --stacks=yes the peak is one of heap and stacks together, at which there may be no heap at all. */
static bool has_stacks(const struct reading *r)
{
	for (guint i = 0; i < r->snapshots->len; i++)
		if (g_array_index(r->snapshots, struct snapshot, i).stacks)
			return true;
	return false;
}

static void add_points(struct reading *r)
{
	double factor = !strcmp(r->unit, "ms") ? NS_PER_MS : 1;
	const bool stacks = has_stacks(r);

	for (guint i = 0; i < r->snapshots->len; i++) {
		const struct snapshot *s = &g_array_index(r->snapshots, struct snapshot, i);
		const struct {
			const char *name;
			int64_t bytes;
			bool there;
		} series[] = { { "total", cf_add_sat(cf_add_sat(s->heap, s->extra), s->stacks), true },
			       { "heap", s->heap, true },
			       { "heap extra", s->extra, true },
			       { "stacks", s->stacks, stacks } };

		for (size_t k = 0; k < G_N_ELEMENTS(series); k++)
			if (series[k].there)
				cf_trace_point(r->trace,
					       cf_trace_series(r->trace, series[k].name, "bytes", "lower",
							       x_word(r)),
					       (double)s->time * factor, (double)series[k].bytes);
	}
}

/* The tree to look at first: the peak, unless that has stacks in it, else the largest; -1: there is none. */
static int first_tree(const struct reading *r)
{
	const bool by_size = has_stacks(r);
	int best = -1;

	for (guint i = 0; i < r->snapshots->len; i++) {
		const struct snapshot *s = &g_array_index(r->snapshots, struct snapshot, i), *b;

		if (s->tree == TREE_NONE)
			continue;
		b = best < 0 ? NULL : &g_array_index(r->snapshots, struct snapshot, best);
		if (!b || (!by_size && s->tree > b->tree) ||
		    ((by_size || s->tree == b->tree) && s->heap > b->heap))
			best = (int)i;
	}
	return best;
}

/* "1.20 s", "294 M instructions", "16.2 KiB allocated" */
static char *time_text(const struct reading *r, int64_t time)
{
	struct cf_scale scale = cf_unit_scale(CF_UNIT_COUNT, (double)time);
	g_autofree char *number = cf_scale_text(&scale, (double)time),
			*bytes = cf_unit_text(CF_UNIT_BYTES, (double)time);

	if (!strcmp(r->unit, "ms"))
		return cf_unit_text(CF_UNIT_NS, (double)time * NS_PER_MS);
	return !strcmp(r->unit, "B") ? g_strconcat(bytes, " allocated", NULL)
				     : g_strconcat(number, " instructions", NULL);
}

/* "heap at peak", "heap at 1.20 s"; with the snapshot's number where that isn't unique. */
static struct cf_metric metric_of(struct reading *r, const struct snapshot *s, bool peak)
{
	g_autofree char *time = time_text(r, s->time);
	g_autofree char *name = peak ? g_strdup("heap at peak") : g_strdup_printf("heap at %s", time);
	struct cf_str str = cf_dict_str(r->trace->dict, name, -1);

	for (guint i = 0; i < r->trace->metrics->len; i++)
		if (g_array_index(r->trace->metrics, struct cf_metric_info, i).name.id == str.id) {
			g_autofree char *numbered =
				g_strdup_printf("%s (snapshot %" G_GINT64_FORMAT ")", name, s->number);

			return cf_trace_metric(r->trace, numbered, CF_UNIT_BYTES);
		}
	return cf_trace_metric(r->trace, name, CF_UNIT_BYTES);
}

/* Has it a tree that is worth a metric besides the first? */
static bool is_other(const struct snapshot *s)
{
	return s->tree != TREE_NONE && s->heap;
}

/* The first one, then the others in their order; of too many, those at even distances. */
static int add_trees(struct reading *r)
{
	int first = first_tree(r);
	const bool stacks = has_stacks(r);
	guint others = 0, seen = 0, kept = 0;
	const struct snapshot *s;

	if (first < 0)
		return 0;
	for (guint i = 0; i < r->snapshots->len; i++)
		others += (int)i != first && is_other(&g_array_index(r->snapshots, struct snapshot, i));
	if (stacks)
		cf_trace_quality(
			r->trace, "peak-with-stacks", NULL, 0, 0, NULL,
			"massif's peak is one of heap and stacks together; \"heap at peak\" is the largest "
			"detailed heap");
	s = &g_array_index(r->snapshots, struct snapshot, first);
	if (read_tree(r, s, metric_of(r, s, stacks || s->tree == TREE_PEAK)) < 0)
		return -1;
	for (guint i = 0; i < r->snapshots->len; i++) {
		s = &g_array_index(r->snapshots, struct snapshot, i);
		if ((int)i == first || !is_other(s))
			continue;
		seen++;
		if (others >= METRICS_MAX && (uint64_t)seen * (METRICS_MAX - 1) / others == kept)
			continue;
		kept++;
		if (read_tree(r, s, metric_of(r, s, !stacks && s->tree == TREE_PEAK)) < 0)
			return -1;
	}
	if (kept < others)
		cf_trace_quality(
			r->trace, "left-out-trees", NULL, others - kept, 0, NULL,
			"of more than %d trees those at even distances were kept; the series have all "
			"snapshots",
			METRICS_MAX);
	return 0;
}

static int fill(struct reading *r)
{
	struct cf_loc loc = { .path = r->path };
	const struct snapshot *last;

	if (!r->snapshots->len)
		return cf_error(r->diag, &loc, "no snapshots, expected \"snapshot=0\"");
	if (!r->unit || (strcmp(r->unit, "ms") && strcmp(r->unit, "i") && strcmp(r->unit, "B")))
		return cf_error(r->diag, &loc, "time_unit is '%.40s', expected i, ms or B",
				r->unit ? r->unit : "");
	last = &g_array_index(r->snapshots, struct snapshot, r->snapshots->len - 1);
	if (!strcmp(r->unit, "ms") &&
	    __builtin_mul_overflow(last->time, NS_PER_MS, &r->trace->meta.duration_ns))
		r->trace->meta.duration_ns = 0;
	r->thread = cf_trace_thread(r->trace, 0, 0, "");
	add_points(r);
	return add_trees(r);
}

static int read_massif(const struct cf_input *input, const struct cf_params *params, struct cf_trace *trace,
		       struct cf_diag *diag)
{
	struct reading r = { .trace = trace,
			     .diag = diag,
			     .path = input->path,
			     .snapshots = g_array_new(FALSE, FALSE, sizeof(struct snapshot)),
			     .nodes = g_array_new(FALSE, FALSE, sizeof(struct node)) };
	g_autofree char *owned = NULL;
	struct cf_slice text;
	int status = cf_text_utf8(input->path, input->bytes, &text, &owned, diag);

	cf_sites_init(&r.sites, trace);
	if (status == 0)
		status = read_snapshots(&r, text);
	if (status == 0)
		status = fill(&r);
	cf_sites_release(&r.sites);
	g_array_unref(r.snapshots);
	g_array_unref(r.nodes);
	g_free(r.unit);
	return status;
}

static enum cf_bid probe(const struct cf_input *input, const char **why)
{
	struct cf_slice start = { input->bytes.data, MIN(input->bytes.len, PROBE_BYTES) }, line;
	struct cf_lines lines;
	bool command = false;

	*why = "no desc:, cmd: and time_unit: lines";
	cf_lines_init(&lines, input->path, start);
	while (cf_lines_next(&lines, &line) && !starts(line, "#")) {
		if (starts(line, "time_unit: "))
			return CF_BID_SHAPE;
		command |= starts(line, "cmd: ");
	}
	return starts(start, "desc: ") && command ? CF_BID_NEAR : CF_BID_NO;
}

const struct cf_format cf_format_massif = {
	.name = "massif",
	.summary = "valgrind massif heap profiles",
	.version = 1,
	.probe = probe,
	.read = read_massif,
};
